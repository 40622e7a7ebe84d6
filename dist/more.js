"use strict";var B1=Object.create;var Rl=Object.defineProperty;var K1=Object.getOwnPropertyDescriptor;var V1=Object.getOwnPropertyNames;var z1=Object.getPrototypeOf,J1=Object.prototype.hasOwnProperty;var O=(e,t)=>()=>{try{return t||e((t={exports:{}}).exports,t),t.exports}catch(n){throw t=0,n}},Y1=(e,t)=>{for(var n in t)
Rl(e,n,{get:t[n],enumerable:!0})},bw=(e,t,n,r)=>{if(t&&typeof t=="object"||typeof t=="function")for(let o of V1(t))!J1.call(
e,o)&&o!==n&&Rl(e,o,{get:()=>t[o],enumerable:!(r=K1(t,o))||r.enumerable});return e};var ki=(e,t,n)=>(n=e!=null?B1(z1(e)):{},bw(t||!e||!e.__esModule?Rl(n,"default",{value:e,enumerable:!0}):n,e)),Z1=e=>bw(Rl(
{},"__esModule",{value:!0}),e);var ek=O((SJ,Qw)=>{"use strict";var Ff=class{constructor(){this.max=1e3,this.map=new Map}get(t){let n=this.map.get(t);if(n!==
void 0)return this.map.delete(t),this.map.set(t,n),n}delete(t){return this.map.delete(t)}set(t,n){if(!this.delete(t)&&n!==
void 0){if(this.map.size>=this.max){let o=this.map.keys().next().value;this.delete(o)}this.map.set(t,n)}return this}};Qw.
exports=Ff});var Cl=O((RJ,tk)=>{"use strict";var WP=Object.freeze({loose:!0}),GP=Object.freeze({}),HP=e=>e?typeof e!="object"?WP:e:GP;
tk.exports=HP});var Ri=O((EJ,nk)=>{"use strict";var BP="2.0.0",KP=Number.MAX_SAFE_INTEGER||9007199254740991,VP=16,zP=250,JP=["	",`
`,"\v","\f","\r"," ","\xA0","\u1680","\u2000","\u2001","\u2002","\u2003","\u2004","\u2005","\u2006","\u2007","\u2008","\u2009",
"\u200A","\u2028","\u2029","\u202F","\u205F","\u3000","\uFEFF"],YP=["major","premajor","minor","preminor","patch","prepa\
tch","prerelease"];nk.exports={MAX_LENGTH:256,MAX_SAFE_COMPONENT_LENGTH:VP,MAX_SAFE_BUILD_LENGTH:zP,MAX_SAFE_INTEGER:KP,
WHITESPACE_CHARACTERS:JP,RELEASE_TYPES:YP,SEMVER_SPEC_VERSION:BP,FLAG_INCLUDE_PRERELEASE:1,FLAG_LOOSE:2}});var Ei=O((TJ,rk)=>{"use strict";var ZP=typeof process=="object"&&process.env&&process.env.NODE_DEBUG&&/\bsemver\b/i.test(
process.env.NODE_DEBUG)?(...e)=>console.error("SEMVER",...e):()=>{};rk.exports=ZP});var Ll=O((En,ok)=>{"use strict";var{MAX_SAFE_COMPONENT_LENGTH:Mf,MAX_SAFE_BUILD_LENGTH:XP,MAX_LENGTH:QP}=Ri(),eI=Ei();En=
ok.exports={};var tI=En.re=[],nI=En.safeRe=[],L=En.src=[],rI=En.safeSrc=[],j=En.t={},oI=0,Df="[a-zA-Z0-9-]",sI=[["\\s",1],
["\\d",QP],[Df,XP]],iI=e=>{for(let[t,n]of sI)e=e.split(`${t}*`).join(`${t}{0,${n}}`).split(`${t}+`).join(`${t}{1,${n}}`);
return e},H=(e,t,n)=>{let r=iI(t),o=oI++;eI(e,o,t),j[e]=o,L[o]=t,rI[o]=r,tI[o]=new RegExp(t,n?"g":void 0),nI[o]=new RegExp(
r,n?"g":void 0)};H("NUMERICIDENTIFIER","0|[1-9]\\d*");H("NUMERICIDENTIFIERLOOSE","\\d+");H("NONNUMERICIDENTIFIER",`\\d*[a\
-zA-Z-]${Df}*`);H("MAINVERSION",`(${L[j.NUMERICIDENTIFIER]})\\.(${L[j.NUMERICIDENTIFIER]})\\.(${L[j.NUMERICIDENTIFIER]})`);
H("MAINVERSIONLOOSE",`(${L[j.NUMERICIDENTIFIERLOOSE]})\\.(${L[j.NUMERICIDENTIFIERLOOSE]})\\.(${L[j.NUMERICIDENTIFIERLOOSE]}\
)`);H("PRERELEASEIDENTIFIER",`(?:${L[j.NONNUMERICIDENTIFIER]}|${L[j.NUMERICIDENTIFIER]})`);H("PRERELEASEIDENTIFIERLOOSE",
`(?:${L[j.NONNUMERICIDENTIFIER]}|${L[j.NUMERICIDENTIFIERLOOSE]})`);H("PRERELEASE",`(?:-(${L[j.PRERELEASEIDENTIFIER]}(?:\\\
.${L[j.PRERELEASEIDENTIFIER]})*))`);H("PRERELEASELOOSE",`(?:-?(${L[j.PRERELEASEIDENTIFIERLOOSE]}(?:\\.${L[j.PRERELEASEIDENTIFIERLOOSE]}\
)*))`);H("BUILDIDENTIFIER",`${Df}+`);H("BUILD",`(?:\\+(${L[j.BUILDIDENTIFIER]}(?:\\.${L[j.BUILDIDENTIFIER]})*))`);H("FUL\
LPLAIN",`v?${L[j.MAINVERSION]}${L[j.PRERELEASE]}?${L[j.BUILD]}?`);H("FULL",`^${L[j.FULLPLAIN]}$`);H("LOOSEPLAIN",`[v=\\s]\
*${L[j.MAINVERSIONLOOSE]}${L[j.PRERELEASELOOSE]}?${L[j.BUILD]}?`);H("LOOSE",`^${L[j.LOOSEPLAIN]}$`);H("GTLT","((?:<|>)?=\
?)");H("XRANGEIDENTIFIERLOOSE",`${L[j.NUMERICIDENTIFIERLOOSE]}|x|X|\\*`);H("XRANGEIDENTIFIER",`${L[j.NUMERICIDENTIFIER]}\
|x|X|\\*`);H("XRANGEPLAIN",`[v=\\s]*(${L[j.XRANGEIDENTIFIER]})(?:\\.(${L[j.XRANGEIDENTIFIER]})(?:\\.(${L[j.XRANGEIDENTIFIER]}\
)(?:${L[j.PRERELEASE]})?${L[j.BUILD]}?)?)?`);H("XRANGEPLAINLOOSE",`[v=\\s]*(${L[j.XRANGEIDENTIFIERLOOSE]})(?:\\.(${L[j.XRANGEIDENTIFIERLOOSE]}\
)(?:\\.(${L[j.XRANGEIDENTIFIERLOOSE]})(?:${L[j.PRERELEASELOOSE]})?${L[j.BUILD]}?)?)?`);H("XRANGE",`^${L[j.GTLT]}\\s*${L[j.
XRANGEPLAIN]}$`);H("XRANGELOOSE",`^${L[j.GTLT]}\\s*${L[j.XRANGEPLAINLOOSE]}$`);H("COERCEPLAIN",`(^|[^\\d])(\\d{1,${Mf}})\
(?:\\.(\\d{1,${Mf}}))?(?:\\.(\\d{1,${Mf}}))?`);H("COERCE",`${L[j.COERCEPLAIN]}(?:$|[^\\d])`);H("COERCEFULL",L[j.COERCEPLAIN]+
`(?:${L[j.PRERELEASE]})?(?:${L[j.BUILD]})?(?:$|[^\\d])`);H("COERCERTL",L[j.COERCE],!0);H("COERCERTLFULL",L[j.COERCEFULL],
!0);H("LONETILDE","(?:~>?)");H("TILDETRIM",`(\\s*)${L[j.LONETILDE]}\\s+`,!0);En.tildeTrimReplace="$1~";H("TILDE",`^${L[j.
LONETILDE]}${L[j.XRANGEPLAIN]}$`);H("TILDELOOSE",`^${L[j.LONETILDE]}${L[j.XRANGEPLAINLOOSE]}$`);H("LONECARET","(?:\\^)");
H("CARETTRIM",`(\\s*)${L[j.LONECARET]}\\s+`,!0);En.caretTrimReplace="$1^";H("CARET",`^${L[j.LONECARET]}${L[j.XRANGEPLAIN]}\
$`);H("CARETLOOSE",`^${L[j.LONECARET]}${L[j.XRANGEPLAINLOOSE]}$`);H("COMPARATORLOOSE",`^${L[j.GTLT]}\\s*(${L[j.LOOSEPLAIN]}\
)$|^$`);H("COMPARATOR",`^${L[j.GTLT]}\\s*(${L[j.FULLPLAIN]})$|^$`);H("COMPARATORTRIM",`(\\s*)${L[j.GTLT]}\\s*(${L[j.LOOSEPLAIN]}\
|${L[j.XRANGEPLAIN]})`,!0);En.comparatorTrimReplace="$1$2$3";H("HYPHENRANGE",`^\\s*(${L[j.XRANGEPLAIN]})\\s+-\\s+(${L[j.
XRANGEPLAIN]})\\s*$`);H("HYPHENRANGELOOSE",`^\\s*(${L[j.XRANGEPLAINLOOSE]})\\s+-\\s+(${L[j.XRANGEPLAINLOOSE]})\\s*$`);H(
"STAR","(<|>)?=?\\s*\\*");H("GTE0","^\\s*>=\\s*0\\.0\\.0\\s*$");H("GTE0PRE","^\\s*>=\\s*0\\.0\\.0-0\\s*$")});var lk=O((AJ,ak)=>{"use strict";var sk=/^[0-9]+$/,ik=(e,t)=>{if(typeof e=="number"&&typeof t=="number")return e===t?0:e<
t?-1:1;let n=sk.test(e),r=sk.test(t);return n&&r&&(e=+e,t=+t),e===t?0:n&&!r?-1:r&&!n?1:e<t?-1:1},aI=(e,t)=>ik(t,e);ak.exports=
{compareIdentifiers:ik,rcompareIdentifiers:aI}});var Ul=O((OJ,uk)=>{"use strict";var jl=Ei(),{MAX_LENGTH:ck,MAX_SAFE_INTEGER:Fl}=Ri(),{safeRe:Ml,t:Dl}=Ll(),lI=Cl(),{compareIdentifiers:Uf}=lk(),
cI=(e,t)=>{let n=t.split(".");if(n.length>e.length)return!1;for(let r=0;r<n.length;r++)if(Uf(e[r],n[r])!==0)return!1;return!0},
qf=class e{constructor(t,n){if(n=lI(n),t instanceof e){if(t.loose===!!n.loose&&t.includePrerelease===!!n.includePrerelease)
return t;t=t.version}else if(typeof t!="string")throw new TypeError(`Invalid version. Must be a string. Got type "${typeof t}\
".`);if(t.length>ck)throw new TypeError(`version is longer than ${ck} characters`);jl("SemVer",t,n),this.options=n,this.
loose=!!n.loose,this.includePrerelease=!!n.includePrerelease;let r=t.trim().match(n.loose?Ml[Dl.LOOSE]:Ml[Dl.FULL]);if(!r)
throw new TypeError(`Invalid Version: ${t}`);if(this.raw=t,this.major=+r[1],this.minor=+r[2],this.patch=+r[3],this.major>
Fl||this.major<0)throw new TypeError("Invalid major version");if(this.minor>Fl||this.minor<0)throw new TypeError("Invali\
d minor version");if(this.patch>Fl||this.patch<0)throw new TypeError("Invalid patch version");r[4]?this.prerelease=r[4].
split(".").map(o=>{if(/^[0-9]+$/.test(o)){let s=+o;if(s>=0&&s<Fl)return s}return o}):this.prerelease=[],this.build=r[5]?
r[5].split("."):[],this.format()}format(){return this.version=`${this.major}.${this.minor}.${this.patch}`,this.prerelease.
length&&(this.version+=`-${this.prerelease.join(".")}`),this.version}toString(){return this.version}compare(t){if(jl("Se\
mVer.compare",this.version,this.options,t),!(t instanceof e)){if(typeof t=="string"&&t===this.version)return 0;t=new e(t,
this.options)}return t.version===this.version?0:this.compareMain(t)||this.comparePre(t)}compareMain(t){return t instanceof
e||(t=new e(t,this.options)),this.major<t.major?-1:this.major>t.major?1:this.minor<t.minor?-1:this.minor>t.minor?1:this.
patch<t.patch?-1:this.patch>t.patch?1:0}comparePre(t){if(t instanceof e||(t=new e(t,this.options)),this.prerelease.length&&
!t.prerelease.length)return-1;if(!this.prerelease.length&&t.prerelease.length)return 1;if(!this.prerelease.length&&!t.prerelease.
length)return 0;let n=0;do{let r=this.prerelease[n],o=t.prerelease[n];if(jl("prerelease compare",n,r,o),r===void 0&&o===
void 0)return 0;if(o===void 0)return 1;if(r===void 0)return-1;if(r===o)continue;return Uf(r,o)}while(++n)}compareBuild(t){
t instanceof e||(t=new e(t,this.options));let n=0;do{let r=this.build[n],o=t.build[n];if(jl("build compare",n,r,o),r===void 0&&
o===void 0)return 0;if(o===void 0)return 1;if(r===void 0)return-1;if(r===o)continue;return Uf(r,o)}while(++n)}inc(t,n,r){
if(t.startsWith("pre")){if(!n&&r===!1)throw new Error("invalid increment argument: identifier is empty");if(n){let o=`-${n}`.
match(this.options.loose?Ml[Dl.PRERELEASELOOSE]:Ml[Dl.PRERELEASE]);if(!o||o[1]!==n)throw new Error(`invalid identifier: ${n}`)}}
switch(t){case"premajor":this.prerelease.length=0,this.patch=0,this.minor=0,this.major++,this.inc("pre",n,r);break;case"\
preminor":this.prerelease.length=0,this.patch=0,this.minor++,this.inc("pre",n,r);break;case"prepatch":this.prerelease.length=
0,this.inc("patch",n,r),this.inc("pre",n,r);break;case"prerelease":this.prerelease.length===0&&this.inc("patch",n,r),this.
inc("pre",n,r);break;case"release":if(this.prerelease.length===0)throw new Error(`version ${this.raw} is not a prereleas\
e`);this.prerelease.length=0;break;case"major":(this.minor!==0||this.patch!==0||this.prerelease.length===0)&&this.major++,
this.minor=0,this.patch=0,this.prerelease=[];break;case"minor":(this.patch!==0||this.prerelease.length===0)&&this.minor++,
this.patch=0,this.prerelease=[];break;case"patch":this.prerelease.length===0&&this.patch++,this.prerelease=[];break;case"\
pre":{let o=Number(r)?1:0;if(this.prerelease.length===0)this.prerelease=[o];else{let s=this.prerelease.length;for(;--s>=
0;)typeof this.prerelease[s]=="number"&&(this.prerelease[s]++,s=-2);if(s===-1){if(n===this.prerelease.join(".")&&r===!1)
throw new Error("invalid increment argument: identifier already exists");this.prerelease.push(o)}}if(n){let s=[n,o];if(r===
!1&&(s=[n]),cI(this.prerelease,n)){let i=this.prerelease[n.split(".").length];isNaN(i)&&(this.prerelease=s)}else this.prerelease=
s}break}default:throw new Error(`invalid increment argument: ${t}`)}return this.raw=this.format(),this.build.length&&(this.
raw+=`+${this.build.join(".")}`),this}};uk.exports=qf});var mo=O((_J,fk)=>{"use strict";var dk=Ul(),uI=(e,t,n)=>new dk(e,n).compare(new dk(t,n));fk.exports=uI});var mk=O((PJ,pk)=>{"use strict";var dI=mo(),fI=(e,t,n)=>dI(e,t,n)===0;pk.exports=fI});var gk=O((IJ,hk)=>{"use strict";var pI=mo(),mI=(e,t,n)=>pI(e,t,n)!==0;hk.exports=mI});var wk=O((NJ,yk)=>{"use strict";var hI=mo(),gI=(e,t,n)=>hI(e,t,n)>0;yk.exports=gI});var bk=O((CJ,kk)=>{"use strict";var yI=mo(),wI=(e,t,n)=>yI(e,t,n)>=0;kk.exports=wI});var xk=O((LJ,vk)=>{"use strict";var kI=mo(),bI=(e,t,n)=>kI(e,t,n)<0;vk.exports=bI});var Sk=O((jJ,$k)=>{"use strict";var vI=mo(),xI=(e,t,n)=>vI(e,t,n)<=0;$k.exports=xI});var Ek=O((FJ,Rk)=>{"use strict";var $I=mk(),SI=gk(),RI=wk(),EI=bk(),TI=xk(),AI=Sk(),OI=(e,t,n,r)=>{switch(t){case"===":return typeof e==
"object"&&(e=e.version),typeof n=="object"&&(n=n.version),e===n;case"!==":return typeof e=="object"&&(e=e.version),typeof n==
"object"&&(n=n.version),e!==n;case"":case"=":case"==":return $I(e,n,r);case"!=":return SI(e,n,r);case">":return RI(e,n,r);case"\
>=":return EI(e,n,r);case"<":return TI(e,n,r);case"<=":return AI(e,n,r);default:throw new TypeError(`Invalid operator: ${t}`)}};
Rk.exports=OI});var Nk=O((MJ,Ik)=>{"use strict";var Ti=Symbol("SemVer ANY"),Hf=class e{static get ANY(){return Ti}constructor(t,n){if(n=
Tk(n),t instanceof e){if(t.loose===!!n.loose)return t;t=t.value}t=t.trim().split(/\s+/).join(" "),Gf("comparator",t,n),this.
options=n,this.loose=!!n.loose,this.parse(t),this.semver===Ti?this.value="":this.value=this.operator+this.semver.version,
Gf("comp",this)}parse(t){let n=this.options.loose?Ak[Ok.COMPARATORLOOSE]:Ak[Ok.COMPARATOR],r=t.match(n);if(!r)throw new TypeError(
`Invalid comparator: ${t}`);this.operator=r[1]!==void 0?r[1]:"",this.operator==="="&&(this.operator=""),r[2]?this.semver=
new _k(r[2],this.options.loose):this.semver=Ti}toString(){return this.value}test(t){if(Gf("Comparator.test",t,this.options.
loose),this.semver===Ti||t===Ti)return!0;if(typeof t=="string")try{t=new _k(t,this.options)}catch{return!1}return Wf(t,this.
operator,this.semver,this.options)}intersects(t,n){if(!(t instanceof e))throw new TypeError("a Comparator is required");
return this.operator===""?this.value===""?!0:new Pk(t.value,n).test(this.value):t.operator===""?t.value===""?!0:new Pk(this.
value,n).test(t.semver):(n=Tk(n),n.includePrerelease&&(this.value==="<0.0.0-0"||t.value==="<0.0.0-0")||!n.includePrerelease&&
(this.value.startsWith("<0.0.0")||t.value.startsWith("<0.0.0"))?!1:!!(this.operator.startsWith(">")&&t.operator.startsWith(
">")||this.operator.startsWith("<")&&t.operator.startsWith("<")||this.semver.version===t.semver.version&&this.operator.includes(
"=")&&t.operator.includes("=")||Wf(this.semver,"<",t.semver,n)&&this.operator.startsWith(">")&&t.operator.startsWith("<")||
Wf(this.semver,">",t.semver,n)&&this.operator.startsWith("<")&&t.operator.startsWith(">")))}};Ik.exports=Hf;var Tk=Cl(),
{safeRe:Ak,t:Ok}=Ll(),Wf=Ek(),Gf=Ei(),_k=Ul(),Pk=ql()});var Bk=O((DJ,Hk)=>{"use strict";var{MAX_LENGTH:Kf,MAX_SAFE_BUILD_LENGTH:Fk,WHITESPACE_CHARACTERS:_I}=Ri(),Mk=new Uint8Array(
65536);for(let e of _I)Mk[e.charCodeAt(0)]=1;var Vf=e=>e!==void 0&&Mk[e.charCodeAt(0)]===1,Ck=e=>e==="v"||e==="="||Vf(e),
Ai=e=>e!==void 0&&e>="0"&&e<="9",Dk=e=>e!==void 0&&(e>="a"&&e<="z"||e>="A"&&e<="Z"),Uk=e=>Ai(e)||Dk(e)||e==="-",zf=e=>Ai(
e)||e==="x"||e==="X"||e==="*",qk=(e,t,n,r)=>{if(!Ai(e[t]))return t;if(t>=r.start&&t<r.end)return Math.min(t+n,r.end);if(t>=
r.previousStart&&t<r.previousEnd)return Math.min(t+n,r.previousEnd);let o=t+1;for(;Ai(e[o]);)o++;return r.previousStart=
r.start,r.previousEnd=r.end,r.start=t,r.end=o,Math.min(t+n,o)},Jf=(e,t,n,r)=>!n&&e[t]==="0"?t+1:qk(e,t,n?Kf:Kf+1,r),Bf=(e,t,n,r)=>{
let o=qk(e,t,Kf,r);if(Dk(e[o])||e[o]==="-"){let s=o+1,i=s+Fk;for(;s<i&&Uk(e[s]);)s++;return s}return Jf(e,t,n,r)},Wk=(e,t,n,r)=>{
let o=e[t]==="-";if(!n&&!o)return t;let s=t+(o?1:0),i=Bf(e,s,n,r);if(i===s){if(!n||!o)return t;i=Bf(e,t,n,r)}for(;e[i]===
".";){let a=Bf(e,i+1,n,r);if(a===i+1)break;i=a}return i},Lk=(e,t)=>{let n=t;for(;n-t<Fk&&Uk(e[n]);)n++;return n},Gk=(e,t)=>{
if(e[t]!=="+")return t;let n=Lk(e,t+1);if(n===t+1)return t;for(;e[n]===".";){let r=Lk(e,n+1);if(r===n+1)break;n=r}return n},
PI=(e,t,n)=>{let r=t;for(let s=0;s<3;s++){let i=Jf(e,r,!0,n);if(i===r)return t;if(r=i,s<2){if(e[r]!==".")return t;r++}}let o=Wk(
e,r,!0,n);return Gk(e,o)},jk=(e,t,n)=>Ai(e[t])?Jf(e,t,!1,n):zf(e[t])?t+1:t,II=(e,t,n)=>{let r=jk(e,t,n);for(let s=0;s<2;s++){
if(e[r]!==".")return r;let i=jk(e,r+1,n);if(i===r+1)return r;r=i}let o=Wk(e,r,!1,n);return Gk(e,o)},NI=(e,t,n)=>{let r=PI(
e,t,n);return r!==t?r:II(e,t,n)},CI=(e,t)=>{let n=t;return Vf(e[n])&&n++,(e[n]==="<"||e[n]===">")&&n++,e[n]==="="&&n++,Vf(
e[n])?n:-1},LI=e=>{let t="",n=0,r=0,o={start:-1,end:-1,previousStart:-1,previousEnd:-1};for(;r<e.length;){let s=r;if(e[r]===
"<"||e[r]===">")r++;else if(!Ck(e[r])&&!zf(e[r])){r++;continue}for(;r<e.length&&Ck(e[r]);)r++;if(!zf(e[r]))continue;let i=CI(
e,s);i!==-1&&(t+=e.slice(n,i),n=i+1),r=NI(e,r,o)}return t+e.slice(n)};Hk.exports=LI});var ql=O((UJ,Jk)=>{"use strict";var jI=/\s+/g,Yf=class e{constructor(t,n){if(n=MI(n),t instanceof e)return t.loose===!!n.
loose&&t.includePrerelease===!!n.includePrerelease?t:new e(t.raw,n);if(t instanceof Zf)return this.raw=t.value,this.set=
[[t]],this.formatted=void 0,this;if(this.options=n,this.loose=!!n.loose,this.includePrerelease=!!n.includePrerelease,this.
raw=t.trim().replace(jI," "),this.set=this.raw.split("||").map(r=>this.parseRange(r.trim())).filter(r=>r.length),!this.set.
length)throw new TypeError(`Invalid SemVer Range: ${this.raw}`);if(this.set.length>1){let r=this.set[0];if(this.set=this.
set.filter(o=>!Vk(o[0])),this.set.length===0)this.set=[r];else if(this.set.length>1){for(let o of this.set)if(o.length===
1&&VI(o[0])){this.set=[o];break}}}this.formatted=void 0}get range(){if(this.formatted===void 0){this.formatted="";for(let t=0;t<
this.set.length;t++){t>0&&(this.formatted+="||");let n=this.set[t];for(let r=0;r<n.length;r++)r>0&&(this.formatted+=" "),
this.formatted+=n[r].toString().trim()}}return this.formatted}format(){return this.range}toString(){return this.range}parseRange(t){
t=t.replace(KI,"");let r=((this.options.includePrerelease&&HI)|(this.options.loose&&BI))+":"+t,o=Kk.get(r);if(o)return o;
let s=this.options.loose,i=s?bt[rt.HYPHENRANGELOOSE]:bt[rt.HYPHENRANGE];t=t.replace(i,oN(this.options.includePrerelease)),
ve("hyphen replace",t),t=UI(t),ve("comparator trim",t),t=t.replace(bt[rt.TILDETRIM],WI),ve("tilde trim",t),t=t.replace(bt[rt.
CARETTRIM],GI),ve("caret trim",t);let a=t.split(" ").map(d=>zI(d,this.options)).join(" ").split(/\s+/).map(d=>rN(d,this.
options));s&&(a=a.filter(d=>(ve("loose invalid filter",d,this.options),!!d.match(bt[rt.COMPARATORLOOSE])))),ve("range li\
st",a);let l=new Map,c=a.map(d=>new Zf(d,this.options));for(let d of c){if(Vk(d))return[d];l.set(d.value,d)}l.size>1&&l.
has("")&&l.delete("");let u=[...l.values()];return Kk.set(r,u),u}intersects(t,n){if(!(t instanceof e))throw new TypeError(
"a Range is required");return this.set.some(r=>zk(r,n)&&t.set.some(o=>zk(o,n)&&r.every(s=>o.every(i=>s.intersects(i,n)))))}test(t){
if(!t)return!1;if(typeof t=="string")try{t=new DI(t,this.options)}catch{return!1}for(let n=0;n<this.set.length;n++)if(sN(
this.set[n],t,this.options))return!0;return!1}};Jk.exports=Yf;var FI=ek(),Kk=new FI,MI=Cl(),Zf=Nk(),ve=Ei(),DI=Ul(),UI=Bk(),
{safeRe:bt,src:qI,t:rt,tildeTrimReplace:WI,caretTrimReplace:GI}=Ll(),{FLAG_INCLUDE_PRERELEASE:HI,FLAG_LOOSE:BI}=Ri(),KI=new RegExp(
qI[rt.BUILD],"g"),Vk=e=>e.value==="<0.0.0-0",VI=e=>e.value==="",zk=(e,t)=>{let n=!0,r=e.slice(),o=r.pop();for(;n&&r.length;)
n=r.every(s=>o.intersects(s,t)),o=r.pop();return n},zI=(e,t)=>(e=e.replace(bt[rt.BUILD],""),ve("comp",e,t),e=XI(e,t),ve(
"caret",e),e=YI(e,t),ve("tildes",e),e=eN(e,t),ve("xrange",e),e=nN(e,t),ve("stars",e),e),Fe=e=>!e||e.toLowerCase()==="x"||
e==="*",JI=(e,t,n)=>Fe(e)&&!Fe(t)||Fe(t)&&n&&!Fe(n),YI=(e,t)=>e.trim().split(/\s+/).map(n=>ZI(n,t)).join(" "),ZI=(e,t)=>{
let n=t.loose?bt[rt.TILDELOOSE]:bt[rt.TILDE],r=t.includePrerelease?"-0":"";return e.replace(n,(o,s,i,a,l)=>{ve("tilde",e,
o,s,i,a,l);let c;return Fe(s)?c="":Fe(i)?c=`>=${s}.0.0${r} <${+s+1}.0.0-0`:Fe(a)?c=`>=${s}.${i}.0${r} <${s}.${+i+1}.0-0`:
l?(ve("replaceTilde pr",l),c=`>=${s}.${i}.${a}-${l} <${s}.${+i+1}.0-0`):c=`>=${s}.${i}.${a} <${s}.${+i+1}.0-0`,ve("tilde\
 return",c),c})},XI=(e,t)=>e.trim().split(/\s+/).map(n=>QI(n,t)).join(" "),QI=(e,t)=>{ve("caret",e,t);let n=t.loose?bt[rt.
CARETLOOSE]:bt[rt.CARET],r=t.includePrerelease?"-0":"";return e.replace(n,(o,s,i,a,l)=>{ve("caret",e,o,s,i,a,l);let c;return Fe(
s)?c="":Fe(i)?c=`>=${s}.0.0${r} <${+s+1}.0.0-0`:Fe(a)?s==="0"?c=`>=${s}.${i}.0${r} <${s}.${+i+1}.0-0`:c=`>=${s}.${i}.0${r}\
 <${+s+1}.0.0-0`:l?(ve("replaceCaret pr",l),s==="0"?i==="0"?c=`>=${s}.${i}.${a}-${l} <${s}.${i}.${+a+1}-0`:c=`>=${s}.${i}\
.${a}-${l} <${s}.${+i+1}.0-0`:c=`>=${s}.${i}.${a}-${l} <${+s+1}.0.0-0`):(ve("no pr"),s==="0"?i==="0"?c=`>=${s}.${i}.${a}\
 <${s}.${i}.${+a+1}-0`:c=`>=${s}.${i}.${a} <${s}.${+i+1}.0-0`:c=`>=${s}.${i}.${a} <${+s+1}.0.0-0`),ve("caret return",c),
c})},eN=(e,t)=>(ve("replaceXRanges",e,t),e.split(/\s+/).map(n=>tN(n,t)).join(" ")),tN=(e,t)=>{e=e.trim();let n=t.loose?bt[rt.
XRANGELOOSE]:bt[rt.XRANGE];return e.replace(n,(r,o,s,i,a,l)=>{if(ve("xRange",e,r,o,s,i,a,l),JI(s,i,a))return e;let c=Fe(
s),u=c||Fe(i),d=u||Fe(a),f=d;return o==="="&&f&&(o=""),l=t.includePrerelease?"-0":"",c?o===">"||o==="<"?r="<0.0.0-0":r="\
*":o&&f?(u&&(i=0),a=0,o===">"?(o=">=",u?(s=+s+1,i=0,a=0):(i=+i+1,a=0)):o==="<="&&(o="<",u?s=+s+1:i=+i+1),o==="<"&&(l="-0"),
r=`${o+s}.${i}.${a}${l}`):u?r=`>=${s}.0.0${l} <${+s+1}.0.0-0`:d&&(r=`>=${s}.${i}.0${l} <${s}.${+i+1}.0-0`),ve("xRange re\
turn",r),r})},nN=(e,t)=>(ve("replaceStars",e,t),e.trim().replace(bt[rt.STAR],"")),rN=(e,t)=>(ve("replaceGTE0",e,t),e.trim().
replace(bt[t.includePrerelease?rt.GTE0PRE:rt.GTE0],"")),oN=e=>(t,n,r,o,s,i,a,l,c,u,d,f)=>(Fe(r)?n="":Fe(o)?n=`>=${r}.0.0${e?
"-0":""}`:Fe(s)?n=`>=${r}.${o}.0${e?"-0":""}`:i?n=`>=${n}`:n=`>=${n}${e?"-0":""}`,Fe(c)?l="":Fe(u)?l=`<${+c+1}.0.0-0`:Fe(
d)?l=`<${c}.${+u+1}.0-0`:f?l=`<=${c}.${u}.${d}-${f}`:e?l=`<${c}.${u}.${+d+1}-0`:l=`<=${l}`,`${n} ${l}`.trim()),sN=(e,t,n)=>{
for(let r=0;r<e.length;r++)if(!e[r].test(t))return!1;if(t.prerelease.length&&!n.includePrerelease){for(let r=0;r<e.length;r++)
if(ve(e[r].semver),e[r].semver!==Zf.ANY&&e[r].semver.prerelease.length>0){let o=e[r].semver;if(o.major===t.major&&o.minor===
t.minor&&o.patch===t.patch)return!0}return!1}return!0}});var Xk=O((qJ,Zk)=>{"use strict";var Yk=ql(),iN=(e,t,n)=>(e=new Yk(e,n),t=new Yk(t,n),e.intersects(t,n));Zk.exports=iN});var Z=O(Xe=>{"use strict";var rm=Symbol.for("yaml.alias"),tx=Symbol.for("yaml.document"),Tc=Symbol.for("yaml.map"),nx=Symbol.
for("yaml.pair"),om=Symbol.for("yaml.scalar"),Ac=Symbol.for("yaml.seq"),sr=Symbol.for("yaml.node.type"),t2=e=>!!e&&typeof e==
"object"&&e[sr]===rm,n2=e=>!!e&&typeof e=="object"&&e[sr]===tx,r2=e=>!!e&&typeof e=="object"&&e[sr]===Tc,o2=e=>!!e&&typeof e==
"object"&&e[sr]===nx,rx=e=>!!e&&typeof e=="object"&&e[sr]===om,s2=e=>!!e&&typeof e=="object"&&e[sr]===Ac;function ox(e){
if(e&&typeof e=="object")switch(e[sr]){case Tc:case Ac:return!0}return!1}function i2(e){if(e&&typeof e=="object")switch(e[sr]){case rm:case Tc:case om:case Ac:
return!0}return!1}var a2=e=>(rx(e)||ox(e))&&!!e.anchor;Xe.ALIAS=rm;Xe.DOC=tx;Xe.MAP=Tc;Xe.NODE_TYPE=sr;Xe.PAIR=nx;Xe.SCALAR=
om;Xe.SEQ=Ac;Xe.hasAnchor=a2;Xe.isAlias=t2;Xe.isCollection=ox;Xe.isDocument=n2;Xe.isMap=r2;Xe.isNode=i2;Xe.isPair=o2;Xe.
isScalar=rx;Xe.isSeq=s2});var Ji=O(sm=>{"use strict";var Me=Z(),$t=Symbol("break visit"),sx=Symbol("skip children"),Pn=Symbol("remove node");function Oc(e,t){
let n=ix(t);Me.isDocument(e)?Es(null,e.contents,n,Object.freeze([e]))===Pn&&(e.contents=null):Es(null,e,n,Object.freeze(
[]))}Oc.BREAK=$t;Oc.SKIP=sx;Oc.REMOVE=Pn;function Es(e,t,n,r){let o=ax(e,t,n,r);if(Me.isNode(o)||Me.isPair(o))return lx(
e,r,o),Es(e,o,n,r);if(typeof o!="symbol"){if(Me.isCollection(t)){r=Object.freeze(r.concat(t));for(let s=0;s<t.items.length;++s){
let i=Es(s,t.items[s],n,r);if(typeof i=="number")s=i-1;else{if(i===$t)return $t;i===Pn&&(t.items.splice(s,1),s-=1)}}}else if(Me.
isPair(t)){r=Object.freeze(r.concat(t));let s=Es("key",t.key,n,r);if(s===$t)return $t;s===Pn&&(t.key=null);let i=Es("val\
ue",t.value,n,r);if(i===$t)return $t;i===Pn&&(t.value=null)}}return o}async function _c(e,t){let n=ix(t);Me.isDocument(e)?
await Ts(null,e.contents,n,Object.freeze([e]))===Pn&&(e.contents=null):await Ts(null,e,n,Object.freeze([]))}_c.BREAK=$t;
_c.SKIP=sx;_c.REMOVE=Pn;async function Ts(e,t,n,r){let o=await ax(e,t,n,r);if(Me.isNode(o)||Me.isPair(o))return lx(e,r,o),
Ts(e,o,n,r);if(typeof o!="symbol"){if(Me.isCollection(t)){r=Object.freeze(r.concat(t));for(let s=0;s<t.items.length;++s){
let i=await Ts(s,t.items[s],n,r);if(typeof i=="number")s=i-1;else{if(i===$t)return $t;i===Pn&&(t.items.splice(s,1),s-=1)}}}else if(Me.
isPair(t)){r=Object.freeze(r.concat(t));let s=await Ts("key",t.key,n,r);if(s===$t)return $t;s===Pn&&(t.key=null);let i=await Ts(
"value",t.value,n,r);if(i===$t)return $t;i===Pn&&(t.value=null)}}return o}function ix(e){return typeof e=="object"&&(e.Collection||
e.Node||e.Value)?Object.assign({Alias:e.Node,Map:e.Node,Scalar:e.Node,Seq:e.Node},e.Value&&{Map:e.Value,Scalar:e.Value,Seq:e.
Value},e.Collection&&{Map:e.Collection,Seq:e.Collection},e):e}function ax(e,t,n,r){var o,s,i,a,l;if(typeof n=="function")
return n(e,t,r);if(Me.isMap(t))return(o=n.Map)==null?void 0:o.call(n,e,t,r);if(Me.isSeq(t))return(s=n.Seq)==null?void 0:
s.call(n,e,t,r);if(Me.isPair(t))return(i=n.Pair)==null?void 0:i.call(n,e,t,r);if(Me.isScalar(t))return(a=n.Scalar)==null?
void 0:a.call(n,e,t,r);if(Me.isAlias(t))return(l=n.Alias)==null?void 0:l.call(n,e,t,r)}function lx(e,t,n){let r=t[t.length-
1];if(Me.isCollection(r))r.items[e]=n;else if(Me.isPair(r))e==="key"?r.key=n:r.value=n;else if(Me.isDocument(r))r.contents=
n;else{let o=Me.isAlias(r)?"alias":"scalar";throw new Error(`Cannot replace node with ${o} parent`)}}sm.visit=Oc;sm.visitAsync=
_c});var im=O(ux=>{"use strict";var cx=Z(),l2=Ji(),c2={"!":"%21",",":"%2C","[":"%5B","]":"%5D","{":"%7B","}":"%7D"},u2=e=>e.replace(
/[!,[\]{}]/g,t=>c2[t]),Yi=class e{constructor(t,n){this.docStart=null,this.docEnd=!1,this.yaml=Object.assign({},e.defaultYaml,
t),this.tags=Object.assign({},e.defaultTags,n)}clone(){let t=new e(this.yaml,this.tags);return t.docStart=this.docStart,
t}atDocument(){let t=new e(this.yaml,this.tags);switch(this.yaml.version){case"1.1":this.atNextDocument=!0;break;case"1.\
2":this.atNextDocument=!1,this.yaml={explicit:e.defaultYaml.explicit,version:"1.2"},this.tags=Object.assign({},e.defaultTags);
break}return t}add(t,n){this.atNextDocument&&(this.yaml={explicit:e.defaultYaml.explicit,version:"1.1"},this.tags=Object.
assign({},e.defaultTags),this.atNextDocument=!1);let r=t.trim().split(/[ \t]+/),o=r.shift();switch(o){case"%TAG":{if(r.length!==
2&&(n(0,"%TAG directive should contain exactly two parts"),r.length<2))return!1;let[s,i]=r;return this.tags[s]=i,!0}case"\
%YAML":{if(this.yaml.explicit=!0,r.length!==1)return n(0,"%YAML directive should contain exactly one part"),!1;let[s]=r;
if(s==="1.1"||s==="1.2")return this.yaml.version=s,!0;{let i=/^\d+\.\d+$/.test(s);return n(6,`Unsupported YAML version ${s}`,
i),!1}}default:return n(0,`Unknown directive ${o}`,!0),!1}}tagName(t,n){if(t==="!")return"!";if(t[0]!=="!")return n(`Not\
 a valid tag: ${t}`),null;if(t[1]==="<"){let i=t.slice(2,-1);return i==="!"||i==="!!"?(n(`Verbatim tags aren't resolved,\
 so ${t} is invalid.`),null):(t[t.length-1]!==">"&&n("Verbatim tags must end with a >"),i)}let[,r,o]=t.match(/^(.*!)([^!]*)$/s);
o||n(`The ${t} tag has no suffix`);let s=this.tags[r];if(s)try{return s+decodeURIComponent(o)}catch(i){return n(String(i)),
null}return r==="!"?t:(n(`Could not resolve tag: ${t}`),null)}tagString(t){for(let[n,r]of Object.entries(this.tags))if(t.
startsWith(r))return n+u2(t.substring(r.length));return t[0]==="!"?t:`!<${t}>`}toString(t){let n=this.yaml.explicit?[`%Y\
AML ${this.yaml.version||"1.2"}`]:[],r=Object.entries(this.tags),o;if(t&&r.length>0&&cx.isNode(t.contents)){let s={};l2.
visit(t.contents,(i,a)=>{cx.isNode(a)&&a.tag&&(s[a.tag]=!0)}),o=Object.keys(s)}else o=[];for(let[s,i]of r)s==="!!"&&i===
"tag:yaml.org,2002:"||(!t||o.some(a=>a.startsWith(i)))&&n.push(`%TAG ${s} ${i}`);return n.join(`
`)}};Yi.defaultYaml={explicit:!1,version:"1.2"};Yi.defaultTags={"!!":"tag:yaml.org,2002:"};ux.Directives=Yi});var Pc=O(Zi=>{"use strict";var dx=Z(),d2=Ji();function f2(e){if(/[\x00-\x19\s,[\]{}]/.test(e)){let n=`Anchor must not co\
ntain whitespace or control characters: ${JSON.stringify(e)}`;throw new Error(n)}return!0}function fx(e){let t=new Set;return d2.
visit(e,{Value(n,r){r.anchor&&t.add(r.anchor)}}),t}function px(e,t){for(let n=1;;++n){let r=`${e}${n}`;if(!t.has(r))return r}}
function p2(e,t){let n=[],r=new Map,o=null;return{onAnchor:s=>{n.push(s),o??(o=fx(e));let i=px(t,o);return o.add(i),i},setAnchors:()=>{
for(let s of n){let i=r.get(s);if(typeof i=="object"&&i.anchor&&(dx.isScalar(i.node)||dx.isCollection(i.node)))i.node.anchor=
i.anchor;else{let a=new Error("Failed to resolve repeated object (this should not happen)");throw a.source=s,a}}},sourceObjects:r}}
Zi.anchorIsValid=f2;Zi.anchorNames=fx;Zi.createNodeAnchors=p2;Zi.findNewAnchor=px});var am=O(mx=>{"use strict";function Xi(e,t,n,r){if(r&&typeof r=="object")if(Array.isArray(r))for(let o=0,s=r.length;o<s;++o){
let i=r[o],a=Xi(e,r,String(o),i);a===void 0?delete r[o]:a!==i&&(r[o]=a)}else if(r instanceof Map)for(let o of Array.from(
r.keys())){let s=r.get(o),i=Xi(e,r,o,s);i===void 0?r.delete(o):i!==s&&r.set(o,i)}else if(r instanceof Set)for(let o of Array.
from(r)){let s=Xi(e,r,o,o);s===void 0?r.delete(o):s!==o&&(r.delete(o),r.add(s))}else for(let[o,s]of Object.entries(r)){let i=Xi(
e,r,o,s);i===void 0?delete r[o]:i!==s&&(r[o]=i)}return e.call(t,n,r)}mx.applyReviver=Xi});var Er=O(gx=>{"use strict";var m2=Z();function hx(e,t,n){if(Array.isArray(e))return e.map((r,o)=>hx(r,String(o),n));if(e&&
typeof e.toJSON=="function"){if(!n||!m2.hasAnchor(e))return e.toJSON(t,n);let r={aliasCount:0,count:1,res:void 0};n.anchors.
set(e,r),n.onCreate=s=>{r.res=s,delete n.onCreate};let o=e.toJSON(t,n);return n.onCreate&&n.onCreate(o),o}return typeof e==
"bigint"&&!(n!=null&&n.keep)?Number(e):e}gx.toJS=hx});var Ic=O(wx=>{"use strict";var h2=am(),yx=Z(),g2=Er(),lm=class{constructor(t){Object.defineProperty(this,yx.NODE_TYPE,{value:t})}clone(){
let t=Object.create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return this.range&&(t.range=this.
range.slice()),t}toJS(t,{mapAsMap:n,maxAliasCount:r,onAnchor:o,reviver:s}={}){if(!yx.isDocument(t))throw new TypeError("\
A document argument is required");let i={anchors:new Map,doc:t,keep:!0,mapAsMap:n===!0,mapKeyWarned:!1,maxAliasCount:typeof r==
"number"?r:100},a=g2.toJS(this,"",i);if(typeof o=="function")for(let{count:l,res:c}of i.anchors.values())o(c,l);return typeof s==
"function"?h2.applyReviver(s,{"":a},"",a):a}};wx.NodeBase=lm});var Qi=O(kx=>{"use strict";var y2=Pc(),w2=Ji(),As=Z(),k2=Ic(),b2=Er(),cm=class extends k2.NodeBase{constructor(t){super(
As.ALIAS),this.source=t,Object.defineProperty(this,"tag",{set(){throw new Error("Alias nodes cannot have tags")}})}resolve(t,n){
if((n==null?void 0:n.maxAliasCount)===0)throw new ReferenceError("Alias resolution is disabled");let r;n!=null&&n.aliasResolveCache?
r=n.aliasResolveCache:(r=[],w2.visit(t,{Node:(s,i)=>{(As.isAlias(i)||As.hasAnchor(i))&&r.push(i)}}),n&&(n.aliasResolveCache=
r));let o;for(let s of r){if(s===this)break;s.anchor===this.source&&(o=s)}if(o&&n){let{anchors:s,doc:i,maxAliasCount:a}=n,
l=s.get(o);if(l||(b2.toJS(o,null,n),l=s.get(o)),(l==null?void 0:l.res)===void 0){let c="This should not happen: Alias an\
chor was not resolved?";throw new ReferenceError(c)}if(a>=0&&(l.count+=1,l.aliasCount===0&&(l.aliasCount=Nc(i,o,s)),l.count*
l.aliasCount>a)){let c="Excessive alias count indicates a resource exhaustion attack";throw new ReferenceError(c)}}return o}toJSON(t,n){
if(!n)return{source:this.source};let r=this.resolve(n.doc,n);if(!r){let o=`Unresolved alias (the anchor must be set befo\
re the alias): ${this.source}`;throw new ReferenceError(o)}return n.anchors.get(r).res}toString(t,n,r){let o=`*${this.source}`;
if(t){if(y2.anchorIsValid(this.source),t.options.verifyAliasOrder&&!t.anchors.has(this.source)){let s=`Unresolved alias \
(the anchor must be set before the alias): ${this.source}`;throw new Error(s)}if(t.implicitKey)return`${o} `}return o}};
function Nc(e,t,n){if(As.isAlias(t)){let r=t.resolve(e),o=n&&r&&n.get(r);return o?o.count*o.aliasCount:0}else if(As.isCollection(
t)){let r=0;for(let o of t.items){let s=Nc(e,o,n);s>r&&(r=s)}return r}else if(As.isPair(t)){let r=Nc(e,t.key,n),o=Nc(e,t.
value,n);return Math.max(r,o)}return 1}kx.Alias=cm});var Pe=O(um=>{"use strict";var v2=Z(),x2=Ic(),$2=Er(),S2=e=>!e||typeof e!="function"&&typeof e!="object",Tr=class extends x2.
NodeBase{constructor(t){super(v2.SCALAR),this.value=t}toJSON(t,n){return n!=null&&n.keep?this.value:$2.toJS(this.value,t,
n)}toString(){return String(this.value)}};Tr.BLOCK_FOLDED="BLOCK_FOLDED";Tr.BLOCK_LITERAL="BLOCK_LITERAL";Tr.PLAIN="PLAI\
N";Tr.QUOTE_DOUBLE="QUOTE_DOUBLE";Tr.QUOTE_SINGLE="QUOTE_SINGLE";um.Scalar=Tr;um.isScalarValue=S2});var ea=O(vx=>{"use strict";var R2=Qi(),Oo=Z(),bx=Pe(),E2="tag:yaml.org,2002:";function T2(e,t,n){if(t){let r=n.filter(s=>s.
tag===t),o=r.find(s=>!s.format)??r[0];if(!o)throw new Error(`Tag ${t} not found`);return o}return n.find(r=>{var o;return((o=
r.identify)==null?void 0:o.call(r,e))&&!r.format})}function A2(e,t,n){var d,f,p;if(Oo.isDocument(e)&&(e=e.contents),Oo.isNode(
e))return e;if(Oo.isPair(e)){let g=(f=(d=n.schema[Oo.MAP]).createNode)==null?void 0:f.call(d,n.schema,null,n);return g.items.
push(e),g}(e instanceof String||e instanceof Number||e instanceof Boolean||typeof BigInt<"u"&&e instanceof BigInt)&&(e=e.
valueOf());let{aliasDuplicateObjects:r,onAnchor:o,onTagObj:s,schema:i,sourceObjects:a}=n,l;if(r&&e&&typeof e=="object"){
if(l=a.get(e),l)return l.anchor??(l.anchor=o(e)),new R2.Alias(l.anchor);l={anchor:null,node:null},a.set(e,l)}t!=null&&t.
startsWith("!!")&&(t=E2+t.slice(2));let c=T2(e,t,i.tags);if(!c){if(e&&typeof e.toJSON=="function"&&(e=e.toJSON()),!e||typeof e!=
"object"){let g=new bx.Scalar(e);return l&&(l.node=g),g}c=e instanceof Map?i[Oo.MAP]:Symbol.iterator in Object(e)?i[Oo.SEQ]:
i[Oo.MAP]}s&&(s(c),delete n.onTagObj);let u=c!=null&&c.createNode?c.createNode(n.schema,e,n):typeof((p=c==null?void 0:c.
nodeClass)==null?void 0:p.from)=="function"?c.nodeClass.from(n.schema,e,n):new bx.Scalar(e);return t?u.tag=t:c.default||
(u.tag=c.tag),l&&(l.node=u),u}vx.createNode=A2});var Lc=O(Cc=>{"use strict";var O2=ea(),In=Z(),_2=Ic();function dm(e,t,n){let r=n;for(let o=t.length-1;o>=0;--o){let s=t[o];
if(typeof s=="number"&&Number.isInteger(s)&&s>=0){let i=[];i[s]=r,r=i}else r=new Map([[s,r]])}return O2.createNode(r,void 0,
{aliasDuplicateObjects:!1,keepUndefined:!1,onAnchor:()=>{throw new Error("This should not happen, please report a bug.")},
schema:e,sourceObjects:new Map})}var xx=e=>e==null||typeof e=="object"&&!!e[Symbol.iterator]().next().done,fm=class extends _2.
NodeBase{constructor(t,n){super(t),Object.defineProperty(this,"schema",{value:n,configurable:!0,enumerable:!1,writable:!0})}clone(t){
let n=Object.create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return t&&(n.schema=t),n.items=n.
items.map(r=>In.isNode(r)||In.isPair(r)?r.clone(t):r),this.range&&(n.range=this.range.slice()),n}addIn(t,n){if(xx(t))this.
add(n);else{let[r,...o]=t,s=this.get(r,!0);if(In.isCollection(s))s.addIn(o,n);else if(s===void 0&&this.schema)this.set(r,
dm(this.schema,o,n));else throw new Error(`Expected YAML collection at ${r}. Remaining path: ${o}`)}}deleteIn(t){let[n,...r]=t;
if(r.length===0)return this.delete(n);let o=this.get(n,!0);if(In.isCollection(o))return o.deleteIn(r);throw new Error(`E\
xpected YAML collection at ${n}. Remaining path: ${r}`)}getIn(t,n){let[r,...o]=t,s=this.get(r,!0);return o.length===0?!n&&
In.isScalar(s)?s.value:s:In.isCollection(s)?s.getIn(o,n):void 0}hasAllNullValues(t){return this.items.every(n=>{if(!In.isPair(
n))return!1;let r=n.value;return r==null||t&&In.isScalar(r)&&r.value==null&&!r.commentBefore&&!r.comment&&!r.tag})}hasIn(t){
let[n,...r]=t;if(r.length===0)return this.has(n);let o=this.get(n,!0);return In.isCollection(o)?o.hasIn(r):!1}setIn(t,n){
let[r,...o]=t;if(o.length===0)this.set(r,n);else{let s=this.get(r,!0);if(In.isCollection(s))s.setIn(o,n);else if(s===void 0&&
this.schema)this.set(r,dm(this.schema,o,n));else throw new Error(`Expected YAML collection at ${r}. Remaining path: ${o}`)}}};
Cc.Collection=fm;Cc.collectionFromPath=dm;Cc.isEmptyPath=xx});var ta=O(jc=>{"use strict";var P2=e=>e.replace(/^(?!$)(?: $)?/gm,"#");function pm(e,t){return/^\n+$/.test(e)?e.substring(
1):t?e.replace(/^(?! *$)/gm,t):e}var I2=(e,t,n)=>e.endsWith(`
`)?pm(n,t):n.includes(`
`)?`
`+pm(n,t):(e.endsWith(" ")?"":" ")+n;jc.indentComment=pm;jc.lineComment=I2;jc.stringifyComment=P2});var Sx=O(na=>{"use strict";var N2="flow",mm="block",Fc="quoted";function C2(e,t,n="flow",{indentAtStart:r,lineWidth:o=80,
minContentWidth:s=20,onFold:i,onOverflow:a}={}){if(!o||o<0)return e;o<s&&(s=0);let l=Math.max(1+s,1+o-t.length);if(e.length<=
l)return e;let c=[],u={},d=o-t.length;typeof r=="number"&&(r>o-Math.max(2,s)?c.push(0):d=o-r);let f,p,g=!1,m=-1,h=-1,w=-1;
n===mm&&(m=$x(e,m,t.length),m!==-1&&(d=m+l));for(let b;b=e[m+=1];){if(n===Fc&&b==="\\"){switch(h=m,e[m+1]){case"x":m+=3;
break;case"u":m+=5;break;case"U":m+=9;break;default:m+=1}w=m}if(b===`
`)n===mm&&(m=$x(e,m,t.length)),d=m+t.length+l,f=void 0;else{if(b===" "&&p&&p!==" "&&p!==`
`&&p!=="	"){let R=e[m+1];R&&R!==" "&&R!==`
`&&R!=="	"&&(f=m)}if(m>=d)if(f)c.push(f),d=f+l,f=void 0;else if(n===Fc){for(;p===" "||p==="	";)p=b,b=e[m+=1],g=!0;let R=m>
w+1?m-2:h-1;if(u[R])return e;c.push(R),u[R]=!0,d=R+l,f=void 0}else g=!0}p=b}if(g&&a&&a(),c.length===0)return e;i&&i();let k=e.
slice(0,c[0]);for(let b=0;b<c.length;++b){let R=c[b],$=c[b+1]||e.length;R===0?k=`
${t}${e.slice(0,$)}`:(n===Fc&&u[R]&&(k+=`${e[R]}\\`),k+=`
${t}${e.slice(R+1,$)}`)}return k}function $x(e,t,n){let r=t,o=t+1,s=e[o];for(;s===" "||s==="	";)if(t<o+n)s=e[++t];else{do
s=e[++t];while(s&&s!==`
`);r=t,o=t+1,s=e[o]}return r}na.FOLD_BLOCK=mm;na.FOLD_FLOW=N2;na.FOLD_QUOTED=Fc;na.foldFlowLines=C2});var oa=O(Rx=>{"use strict";var pn=Pe(),Ar=Sx(),Dc=(e,t)=>({indentAtStart:t?e.indent.length:e.indentAtStart,lineWidth:e.options.
lineWidth,minContentWidth:e.options.minContentWidth}),Uc=e=>/^(%|---|\.\.\.)/m.test(e);function L2(e,t,n){if(!t||t<0)return!1;
let r=t-n,o=e.length;if(o<=r)return!1;for(let s=0,i=0;s<o;++s)if(e[s]===`
`){if(s-i>r)return!0;if(i=s+1,o-i<=r)return!1}return!0}function ra(e,t){let n=JSON.stringify(e);if(t.options.doubleQuotedAsJSON)
return n;let{implicitKey:r}=t,o=t.options.doubleQuotedMinMultiLineLength,s=t.indent||(Uc(e)?"  ":""),i="",a=0;for(let l=0,
c=n[l];c;c=n[++l])if(c===" "&&n[l+1]==="\\"&&n[l+2]==="n"&&(i+=n.slice(a,l)+"\\ ",l+=1,a=l,c="\\"),c==="\\")switch(n[l+1]){case"\
u":{i+=n.slice(a,l);let u=n.substr(l+2,4);switch(u){case"0000":i+="\\0";break;case"0007":i+="\\a";break;case"000b":i+="\\\
v";break;case"001b":i+="\\e";break;case"0085":i+="\\N";break;case"00a0":i+="\\_";break;case"2028":i+="\\L";break;case"20\
29":i+="\\P";break;default:u.substr(0,2)==="00"?i+="\\x"+u.substr(2):i+=n.substr(l,6)}l+=5,a=l+1}break;case"n":if(r||n[l+
2]==='"'||n.length<o)l+=1;else{for(i+=n.slice(a,l)+`

`;n[l+2]==="\\"&&n[l+3]==="n"&&n[l+4]!=='"';)i+=`
`,l+=2;i+=s,n[l+2]===" "&&(i+="\\"),l+=1,a=l+1}break;default:l+=1}return i=a?i+n.slice(a):n,r?i:Ar.foldFlowLines(i,s,Ar.
FOLD_QUOTED,Dc(t,!1))}function hm(e,t){if(t.options.singleQuote===!1||t.implicitKey&&e.includes(`
`)||/[ \t]\n|\n[ \t]/.test(e))return ra(e,t);let n=t.indent||(Uc(e)?"  ":""),r="'"+e.replace(/'/g,"''").replace(/\n+/g,`\
$&
${n}`)+"'";return t.implicitKey?r:Ar.foldFlowLines(r,n,Ar.FOLD_FLOW,Dc(t,!1))}function Os(e,t){let{singleQuote:n}=t.options,
r;if(n===!1)r=ra;else{let o=e.includes('"'),s=e.includes("'");o&&!s?r=hm:s&&!o?r=ra:r=n?hm:ra}return r(e,t)}var gm;try{gm=
new RegExp(`(^|(?<!
))
+(?!
|$)`,"g")}catch{gm=/\n+(?!\n|$)/g}function Mc({comment:e,type:t,value:n},r,o,s){let{blockQuote:i,commentString:a,lineWidth:l}=r.
options;if(!i||/\n[\t ]+$/.test(n))return Os(n,r);let c=r.indent||(r.forceBlockIndent||Uc(n)?"  ":""),u=i==="literal"?!0:
i==="folded"||t===pn.Scalar.BLOCK_FOLDED?!1:t===pn.Scalar.BLOCK_LITERAL?!0:!L2(n,l,c.length);if(!n)return u?`|
`:`>
`;let d,f;for(f=n.length;f>0;--f){let $=n[f-1];if($!==`
`&&$!=="	"&&$!==" ")break}let p=n.substring(f),g=p.indexOf(`
`);g===-1?d="-":n===p||g!==p.length-1?(d="+",s&&s()):d="",p&&(n=n.slice(0,-p.length),p[p.length-1]===`
`&&(p=p.slice(0,-1)),p=p.replace(gm,`$&${c}`));let m=!1,h,w=-1;for(h=0;h<n.length;++h){let $=n[h];if($===" ")m=!0;else if($===
`
`)w=h;else break}let k=n.substring(0,w<h?w+1:h);k&&(n=n.substring(k.length),k=k.replace(/\n+/g,`$&${c}`));let R=(m?c?"2":
"1":"")+d;if(e&&(R+=" "+a(e.replace(/ ?[\r\n]+/g," ")),o&&o()),!u){let $=n.replace(/\n+/g,`
$&`).replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g,"$1$2").replace(/\n+/g,`$&${c}`),P=!1,I=Dc(r,!0);i!=="fold\
ed"&&t!==pn.Scalar.BLOCK_FOLDED&&(I.onOverflow=()=>{P=!0});let S=Ar.foldFlowLines(`${k}${$}${p}`,c,Ar.FOLD_BLOCK,I);if(!P)
return`>${R}
${c}${S}`}return n=n.replace(/\n+/g,`$&${c}`),`|${R}
${c}${k}${n}${p}`}function j2(e,t,n,r){let{type:o,value:s}=e,{actualString:i,implicitKey:a,indent:l,indentStep:c,inFlow:u}=t;
if(a&&s.includes(`
`)||u&&/[[\]{},]/.test(s))return Os(s,t);if(/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.
test(s))return a||u||!s.includes(`
`)?Os(s,t):Mc(e,t,n,r);if(!a&&!u&&o!==pn.Scalar.PLAIN&&s.includes(`
`))return Mc(e,t,n,r);if(Uc(s)){if(l==="")return t.forceBlockIndent=!0,Mc(e,t,n,r);if(a&&l===c)return Os(s,t)}let d=s.replace(
/\n+/g,`$&
${l}`);if(i){let f=m=>{var h;return m.default&&m.tag!=="tag:yaml.org,2002:str"&&((h=m.test)==null?void 0:h.test(d))},{compat:p,
tags:g}=t.doc.schema;if(g.some(f)||p!=null&&p.some(f))return Os(s,t)}return a?d:Ar.foldFlowLines(d,l,Ar.FOLD_FLOW,Dc(t,!1))}
function F2(e,t,n,r){let{implicitKey:o,inFlow:s}=t,i=typeof e.value=="string"?e:Object.assign({},e,{value:String(e.value)}),
{type:a}=e;a!==pn.Scalar.QUOTE_DOUBLE&&/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(i.value)&&(a=pn.Scalar.QUOTE_DOUBLE);
let l=u=>{switch(u){case pn.Scalar.BLOCK_FOLDED:case pn.Scalar.BLOCK_LITERAL:return o||s?Os(i.value,t):Mc(i,t,n,r);case pn.
Scalar.QUOTE_DOUBLE:return ra(i.value,t);case pn.Scalar.QUOTE_SINGLE:return hm(i.value,t);case pn.Scalar.PLAIN:return j2(
i,t,n,r);default:return null}},c=l(a);if(c===null){let{defaultKeyType:u,defaultStringType:d}=t.options,f=o&&u||d;if(c=l(
f),c===null)throw new Error(`Unsupported default string type ${f}`)}return c}Rx.stringifyString=F2});var sa=O(ym=>{"use strict";var M2=Pc(),Or=Z(),D2=ta(),U2=oa();function q2(e,t){let n=Object.assign({blockQuote:!0,commentString:D2.
stringifyComment,defaultKeyType:null,defaultStringType:"PLAIN",directives:null,doubleQuotedAsJSON:!1,doubleQuotedMinMultiLineLength:40,
falseStr:"false",flowCollectionPadding:!0,indentSeq:!0,lineWidth:80,minContentWidth:20,nullStr:"null",simpleKeys:!1,singleQuote:null,
trailingComma:!1,trueStr:"true",verifyAliasOrder:!0},e.schema.toStringOptions,t),r;switch(n.collectionStyle){case"block":
r=!1;break;case"flow":r=!0;break;default:r=null}return{anchors:new Set,doc:e,flowCollectionPadding:n.flowCollectionPadding?
" ":"",indent:"",indentStep:typeof n.indent=="number"?" ".repeat(n.indent):"  ",inFlow:r,options:n}}function W2(e,t){var o;
if(t.tag){let s=e.filter(i=>i.tag===t.tag);if(s.length>0)return s.find(i=>i.format===t.format)??s[0]}let n,r;if(Or.isScalar(
t)){r=t.value;let s=e.filter(i=>{var a;return(a=i.identify)==null?void 0:a.call(i,r)});if(s.length>1){let i=s.filter(a=>a.
test);i.length>0&&(s=i)}n=s.find(i=>i.format===t.format)??s.find(i=>!i.format)}else r=t,n=e.find(s=>s.nodeClass&&r instanceof
s.nodeClass);if(!n){let s=((o=r==null?void 0:r.constructor)==null?void 0:o.name)??(r===null?"null":typeof r);throw new Error(
`Tag not resolved for ${s} value`)}return n}function G2(e,t,{anchors:n,doc:r}){if(!r.directives)return"";let o=[],s=(Or.
isScalar(e)||Or.isCollection(e))&&e.anchor;s&&M2.anchorIsValid(s)&&(n.add(s),o.push(`&${s}`));let i=e.tag??(t.default?null:
t.tag);return i&&o.push(r.directives.tagString(i)),o.join(" ")}function H2(e,t,n,r){var l;if(Or.isPair(e))return e.toString(
t,n,r);if(Or.isAlias(e)){if(t.doc.directives)return e.toString(t);if((l=t.resolvedAliases)!=null&&l.has(e))throw new TypeError(
"Cannot stringify circular structure without alias nodes");t.resolvedAliases?t.resolvedAliases.add(e):t.resolvedAliases=
new Set([e]),e=e.resolve(t.doc)}let o,s=Or.isNode(e)?e:t.doc.createNode(e,{onTagObj:c=>o=c});o??(o=W2(t.doc.schema.tags,
s));let i=G2(s,o,t);i.length>0&&(t.indentAtStart=(t.indentAtStart??0)+i.length+1);let a=typeof o.stringify=="function"?o.
stringify(s,t,n,r):Or.isScalar(s)?U2.stringifyString(s,t,n,r):s.toString(t,n,r);return i?Or.isScalar(s)||a[0]==="{"||a[0]===
"["?`${i} ${a}`:`${i}
${t.indent}${a}`:a}ym.createStringifyContext=q2;ym.stringify=H2});var Ox=O(Ax=>{"use strict";var ir=Z(),Ex=Pe(),Tx=sa(),ia=ta();function B2({key:e,value:t},n,r,o){let{allNullValues:s,doc:i,
indent:a,indentStep:l,options:{commentString:c,indentSeq:u,simpleKeys:d}}=n,f=ir.isNode(e)&&e.comment||null;if(d){if(f)throw new Error(
"With simple keys, key nodes cannot have comments");if(ir.isCollection(e)||!ir.isNode(e)&&typeof e=="object"){let I="Wit\
h simple keys, collection cannot be used as a key value";throw new Error(I)}}let p=!d&&(!e||f&&t==null&&!n.inFlow||ir.isCollection(
e)||(ir.isScalar(e)?e.type===Ex.Scalar.BLOCK_FOLDED||e.type===Ex.Scalar.BLOCK_LITERAL:typeof e=="object"));n=Object.assign(
{},n,{allNullValues:!1,implicitKey:!p&&(d||!s),indent:a+l});let g=!1,m=!1,h=Tx.stringify(e,n,()=>g=!0,()=>m=!0);if(!p&&!n.
inFlow&&h.length>1024){if(d)throw new Error("With simple keys, single line scalar must not span more than 1024 character\
s");p=!0}if(n.inFlow){if(s||t==null)return g&&r&&r(),h===""?"?":p?`? ${h}`:h}else if(s&&!d||t==null&&p)return h=`? ${h}`,
f&&!g?h+=ia.lineComment(h,n.indent,c(f)):m&&o&&o(),h;g&&(f=null),p?(f&&(h+=ia.lineComment(h,n.indent,c(f))),h=`? ${h}
${a}:`):(h=`${h}:`,f&&(h+=ia.lineComment(h,n.indent,c(f))));let w,k,b;ir.isNode(t)?(w=!!t.spaceBefore,k=t.commentBefore,
b=t.comment):(w=!1,k=null,b=null,t&&typeof t=="object"&&(t=i.createNode(t))),n.implicitKey=!1,!p&&!f&&ir.isScalar(t)&&(n.
indentAtStart=h.length+1),m=!1,!u&&l.length>=2&&!n.inFlow&&!p&&ir.isSeq(t)&&!t.flow&&!t.tag&&!t.anchor&&(n.indent=n.indent.
substring(2));let R=!1,$=Tx.stringify(t,n,()=>R=!0,()=>m=!0),P=" ";if(f||w||k){if(P=w?`
`:"",k){let I=c(k);P+=`
${ia.indentComment(I,n.indent)}`}$===""&&!n.inFlow?P===`
`&&b&&(P=`

`):P+=`
${n.indent}`}else if(!p&&ir.isCollection(t)){let I=$[0],S=$.indexOf(`
`),C=S!==-1,q=n.inFlow??t.flow??t.items.length===0;if(C||!q){let me=!1;if(C&&(I==="&"||I==="!")){let X=$.indexOf(" ");I===
"&"&&X!==-1&&X<S&&$[X+1]==="!"&&(X=$.indexOf(" ",X+1)),(X===-1||S<X)&&(me=!0)}me||(P=`
${n.indent}`)}}else($===""||$[0]===`
`)&&(P="");return h+=P+$,n.inFlow?R&&r&&r():b&&!R?h+=ia.lineComment(h,n.indent,c(b)):m&&o&&o(),h}Ax.stringifyPair=B2});var km=O(wm=>{"use strict";var _x=require("process");function K2(e,...t){e==="debug"&&console.log(...t)}function V2(e,t){
(e==="debug"||e==="warn")&&(typeof _x.emitWarning=="function"?_x.emitWarning(t):console.warn(t))}wm.debug=K2;wm.warn=V2});var Bc=O(Hc=>{"use strict";var Gc=Z(),Px=Pe(),qc="<<",Wc={identify:e=>e===qc||typeof e=="symbol"&&e.description===qc,default:"\
key",tag:"tag:yaml.org,2002:merge",test:/^<<$/,resolve:()=>Object.assign(new Px.Scalar(Symbol(qc)),{addToJSMap:Ix}),stringify:()=>qc},
z2=(e,t)=>(Wc.identify(t)||Gc.isScalar(t)&&(!t.type||t.type===Px.Scalar.PLAIN)&&Wc.identify(t.value))&&(e==null?void 0:e.
doc.schema.tags.some(n=>n.tag===Wc.tag&&n.default));function Ix(e,t,n){let r=Nx(e,n);if(Gc.isSeq(r))for(let o of r.items)
bm(e,t,o);else if(Array.isArray(r))for(let o of r)bm(e,t,o);else bm(e,t,r)}function bm(e,t,n){let r=Nx(e,n);if(!Gc.isMap(
r))throw new Error("Merge sources must be maps or map aliases");let o=r.toJSON(null,e,Map);for(let[s,i]of o)t instanceof
Map?t.has(s)||t.set(s,i):t instanceof Set?t.add(s):Object.prototype.hasOwnProperty.call(t,s)||Object.defineProperty(t,s,
{value:i,writable:!0,enumerable:!0,configurable:!0});return t}function Nx(e,t){return e&&Gc.isAlias(t)?t.resolve(e.doc,e):
t}Hc.addMergeToJSMap=Ix;Hc.isMergeKey=z2;Hc.merge=Wc});var xm=O(jx=>{"use strict";var J2=km(),Cx=Bc(),Y2=sa(),Lx=Z(),vm=Er();function Z2(e,t,{key:n,value:r}){if(Lx.isNode(n)&&
n.addToJSMap)n.addToJSMap(e,t,r);else if(Cx.isMergeKey(e,n))Cx.addMergeToJSMap(e,t,r);else{let o=vm.toJS(n,"",e);if(t instanceof
Map)t.set(o,vm.toJS(r,o,e));else if(t instanceof Set)t.add(o);else{let s=X2(n,o,e),i=vm.toJS(r,s,e);s in t?Object.defineProperty(
t,s,{value:i,writable:!0,enumerable:!0,configurable:!0}):t[s]=i}}return t}function X2(e,t,n){if(t===null)return"";if(typeof t!=
"object")return String(t);if(Lx.isNode(e)&&(n!=null&&n.doc)){let r=Y2.createStringifyContext(n.doc,{});r.anchors=new Set;
for(let s of n.anchors.keys())r.anchors.add(s.anchor);r.inFlow=!0,r.inStringifyKey=!0;let o=e.toString(r);if(!n.mapKeyWarned){
let s=JSON.stringify(o);s.length>40&&(s=s.substring(0,36)+'..."'),J2.warn(n.doc.options.logLevel,`Keys with collection v\
alues will be stringified due to JS Object restrictions: ${s}. Set mapAsMap: true to use object keys.`),n.mapKeyWarned=!0}
return o}return JSON.stringify(t)}jx.addPairToJSMap=Z2});var _r=O($m=>{"use strict";var Fx=ea(),Q2=Ox(),eD=xm(),Kc=Z();function tD(e,t,n){let r=Fx.createNode(e,void 0,n),o=Fx.createNode(
t,void 0,n);return new Vc(r,o)}var Vc=class e{constructor(t,n=null){Object.defineProperty(this,Kc.NODE_TYPE,{value:Kc.PAIR}),
this.key=t,this.value=n}clone(t){let{key:n,value:r}=this;return Kc.isNode(n)&&(n=n.clone(t)),Kc.isNode(r)&&(r=r.clone(t)),
new e(n,r)}toJSON(t,n){let r=n!=null&&n.mapAsMap?new Map:{};return eD.addPairToJSMap(n,r,this)}toString(t,n,r){return t!=
null&&t.doc?Q2.stringifyPair(this,t,n,r):JSON.stringify(this)}};$m.Pair=Vc;$m.createPair=tD});var Sm=O(Dx=>{"use strict";var _o=Z(),Mx=sa(),zc=ta();function nD(e,t,n){return(t.inFlow??e.flow?oD:rD)(e,t,n)}function rD({
comment:e,items:t},n,{blockItemPrefix:r,flowChars:o,itemIndent:s,onChompKeep:i,onComment:a}){let{indent:l,options:{commentString:c}}=n,
u=Object.assign({},n,{indent:s,type:null}),d=!1,f=[];for(let g=0;g<t.length;++g){let m=t[g],h=null;if(_o.isNode(m))!d&&m.
spaceBefore&&f.push(""),Jc(n,f,m.commentBefore,d),m.comment&&(h=m.comment);else if(_o.isPair(m)){let k=_o.isNode(m.key)?
m.key:null;k&&(!d&&k.spaceBefore&&f.push(""),Jc(n,f,k.commentBefore,d))}d=!1;let w=Mx.stringify(m,u,()=>h=null,()=>d=!0);
h&&(w+=zc.lineComment(w,s,c(h))),d&&h&&(d=!1),f.push(r+w)}let p;if(f.length===0)p=o.start+o.end;else{p=f[0];for(let g=1;g<
f.length;++g){let m=f[g];p+=m?`
${l}${m}`:`
`}}return e?(p+=`
`+zc.indentComment(c(e),l),a&&a()):d&&i&&i(),p}function oD({items:e},t,{flowChars:n,itemIndent:r}){let{indent:o,indentStep:s,
flowCollectionPadding:i,options:{commentString:a}}=t;r+=s;let l=Object.assign({},t,{indent:r,inFlow:!0,type:null}),c=!1,
u=0,d=[];for(let g=0;g<e.length;++g){let m=e[g],h=null;if(_o.isNode(m))m.spaceBefore&&d.push(""),Jc(t,d,m.commentBefore,
!1),m.comment&&(h=m.comment);else if(_o.isPair(m)){let k=_o.isNode(m.key)?m.key:null;k&&(k.spaceBefore&&d.push(""),Jc(t,
d,k.commentBefore,!1),k.comment&&(c=!0));let b=_o.isNode(m.value)?m.value:null;b?(b.comment&&(h=b.comment),b.commentBefore&&
(c=!0)):m.value==null&&(k!=null&&k.comment)&&(h=k.comment)}h&&(c=!0);let w=Mx.stringify(m,l,()=>h=null);c||(c=d.length>u||
w.includes(`
`)),g<e.length-1?w+=",":t.options.trailingComma&&(t.options.lineWidth>0&&(c||(c=d.reduce((k,b)=>k+b.length+2,2)+(w.length+
2)>t.options.lineWidth)),c&&(w+=",")),h&&(w+=zc.lineComment(w,r,a(h))),d.push(w),u=d.length}let{start:f,end:p}=n;if(d.length===
0)return f+p;if(!c){let g=d.reduce((m,h)=>m+h.length+2,2);c=t.options.lineWidth>0&&g>t.options.lineWidth}if(c){let g=f;for(let m of d)
g+=m?`
${s}${o}${m}`:`
`;return`${g}
${o}${p}`}else return`${f}${i}${d.join(" ")}${i}${p}`}function Jc({indent:e,options:{commentString:t}},n,r,o){if(r&&o&&(r=
r.replace(/^\n+/,"")),r){let s=zc.indentComment(t(r),e);n.push(s.trimStart())}}Dx.stringifyCollection=nD});var Ir=O(Em=>{"use strict";var sD=Sm(),iD=xm(),aD=Lc(),Pr=Z(),Yc=_r(),lD=Pe();function aa(e,t){let n=Pr.isScalar(t)?t.value:
t;for(let r of e)if(Pr.isPair(r)&&(r.key===t||r.key===n||Pr.isScalar(r.key)&&r.key.value===n))return r}var Rm=class extends aD.
Collection{static get tagName(){return"tag:yaml.org,2002:map"}constructor(t){super(Pr.MAP,t),this.items=[]}static from(t,n,r){
let{keepUndefined:o,replacer:s}=r,i=new this(t),a=(l,c)=>{if(typeof s=="function")c=s.call(n,l,c);else if(Array.isArray(
s)&&!s.includes(l))return;(c!==void 0||o)&&i.items.push(Yc.createPair(l,c,r))};if(n instanceof Map)for(let[l,c]of n)a(l,
c);else if(n&&typeof n=="object")for(let l of Object.keys(n))a(l,n[l]);return typeof t.sortMapEntries=="function"&&i.items.
sort(t.sortMapEntries),i}add(t,n){var i;let r;Pr.isPair(t)?r=t:!t||typeof t!="object"||!("key"in t)?r=new Yc.Pair(t,t==null?
void 0:t.value):r=new Yc.Pair(t.key,t.value);let o=aa(this.items,r.key),s=(i=this.schema)==null?void 0:i.sortMapEntries;
if(o){if(!n)throw new Error(`Key ${r.key} already set`);Pr.isScalar(o.value)&&lD.isScalarValue(r.value)?o.value.value=r.
value:o.value=r.value}else if(s){let a=this.items.findIndex(l=>s(r,l)<0);a===-1?this.items.push(r):this.items.splice(a,0,
r)}else this.items.push(r)}delete(t){let n=aa(this.items,t);return n?this.items.splice(this.items.indexOf(n),1).length>0:
!1}get(t,n){let r=aa(this.items,t),o=r==null?void 0:r.value;return(!n&&Pr.isScalar(o)?o.value:o)??void 0}has(t){return!!aa(
this.items,t)}set(t,n){this.add(new Yc.Pair(t,n),!0)}toJSON(t,n,r){let o=r?new r:n!=null&&n.mapAsMap?new Map:{};n!=null&&
n.onCreate&&n.onCreate(o);for(let s of this.items)iD.addPairToJSMap(n,o,s);return o}toString(t,n,r){if(!t)return JSON.stringify(
this);for(let o of this.items)if(!Pr.isPair(o))throw new Error(`Map items must all be pairs; found ${JSON.stringify(o)} \
instead`);return!t.allNullValues&&this.hasAllNullValues(!1)&&(t=Object.assign({},t,{allNullValues:!0})),sD.stringifyCollection(
this,t,{blockItemPrefix:"",flowChars:{start:"{",end:"}"},itemIndent:t.indent||"",onChompKeep:r,onComment:n})}};Em.YAMLMap=
Rm;Em.findPair=aa});var _s=O(qx=>{"use strict";var cD=Z(),Ux=Ir(),uD={collection:"map",default:!0,nodeClass:Ux.YAMLMap,tag:"tag:yaml.org,200\
2:map",resolve(e,t){return cD.isMap(e)||t("Expected a mapping for this tag"),e},createNode:(e,t,n)=>Ux.YAMLMap.from(e,t,
n)};qx.map=uD});var Nr=O(Wx=>{"use strict";var dD=ea(),fD=Sm(),pD=Lc(),Xc=Z(),mD=Pe(),hD=Er(),Tm=class extends pD.Collection{static get tagName(){
return"tag:yaml.org,2002:seq"}constructor(t){super(Xc.SEQ,t),this.items=[]}add(t){this.items.push(t)}delete(t){let n=Zc(
t);return typeof n!="number"?!1:this.items.splice(n,1).length>0}get(t,n){let r=Zc(t);if(typeof r!="number")return;let o=this.
items[r];return!n&&Xc.isScalar(o)?o.value:o}has(t){let n=Zc(t);return typeof n=="number"&&n<this.items.length}set(t,n){let r=Zc(
t);if(typeof r!="number")throw new Error(`Expected a valid index, not ${t}.`);let o=this.items[r];Xc.isScalar(o)&&mD.isScalarValue(
n)?o.value=n:this.items[r]=n}toJSON(t,n){let r=[];n!=null&&n.onCreate&&n.onCreate(r);let o=0;for(let s of this.items)r.push(
hD.toJS(s,String(o++),n));return r}toString(t,n,r){return t?fD.stringifyCollection(this,t,{blockItemPrefix:"- ",flowChars:{
start:"[",end:"]"},itemIndent:(t.indent||"")+"  ",onChompKeep:r,onComment:n}):JSON.stringify(this)}static from(t,n,r){let{
replacer:o}=r,s=new this(t);if(n&&Symbol.iterator in Object(n)){let i=0;for(let a of n){if(typeof o=="function"){let l=n instanceof
Set?a:String(i++);a=o.call(n,l,a)}s.items.push(dD.createNode(a,void 0,r))}}return s}};function Zc(e){let t=Xc.isScalar(e)?
e.value:e;return t&&typeof t=="string"&&(t=Number(t)),typeof t=="number"&&Number.isInteger(t)&&t>=0?t:null}Wx.YAMLSeq=Tm});var Ps=O(Hx=>{"use strict";var gD=Z(),Gx=Nr(),yD={collection:"seq",default:!0,nodeClass:Gx.YAMLSeq,tag:"tag:yaml.org,200\
2:seq",resolve(e,t){return gD.isSeq(e)||t("Expected a sequence for this tag"),e},createNode:(e,t,n)=>Gx.YAMLSeq.from(e,t,
n)};Hx.seq=yD});var la=O(Bx=>{"use strict";var wD=oa(),kD={identify:e=>typeof e=="string",default:!0,tag:"tag:yaml.org,2002:str",resolve:e=>e,
stringify(e,t,n,r){return t=Object.assign({actualString:!0},t),wD.stringifyString(e,t,n,r)}};Bx.string=kD});var Qc=O(zx=>{"use strict";var Kx=Pe(),Vx={identify:e=>e==null,createNode:()=>new Kx.Scalar(null),default:!0,tag:"tag:ya\
ml.org,2002:null",test:/^(?:~|[Nn]ull|NULL)?$/,resolve:()=>new Kx.Scalar(null),stringify:({source:e},t)=>typeof e=="stri\
ng"&&Vx.test.test(e)?e:t.options.nullStr};zx.nullTag=Vx});var Am=O(Yx=>{"use strict";var bD=Pe(),Jx={identify:e=>typeof e=="boolean",default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
resolve:e=>new bD.Scalar(e[0]==="t"||e[0]==="T"),stringify({source:e,value:t},n){if(e&&Jx.test.test(e)){let r=e[0]==="t"||
e[0]==="T";if(t===r)return e}return t?n.options.trueStr:n.options.falseStr}};Yx.boolTag=Jx});var Is=O(Zx=>{"use strict";function vD({format:e,minFractionDigits:t,tag:n,value:r}){if(typeof r=="bigint")return String(
r);let o=typeof r=="number"?r:Number(r);if(!isFinite(o))return isNaN(o)?".nan":o<0?"-.inf":".inf";let s=Object.is(r,-0)?
"-0":JSON.stringify(r);if(!e&&t&&(!n||n==="tag:yaml.org,2002:float")&&/^-?\d/.test(s)&&!s.includes("e")){let i=s.indexOf(
".");i<0&&(i=s.length,s+=".");let a=t-(s.length-i-1);for(;a-- >0;)s+="0"}return s}Zx.stringifyNumber=vD});var _m=O(eu=>{"use strict";var xD=Pe(),Om=Is(),$D={identify:e=>typeof e=="number",default:!0,tag:"tag:yaml.org,2002:floa\
t",test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:e=>e.slice(-3).toLowerCase()==="nan"?NaN:e[0]==="-"?Number.
NEGATIVE_INFINITY:Number.POSITIVE_INFINITY,stringify:Om.stringifyNumber},SD={identify:e=>typeof e=="number",default:!0,tag:"\
tag:yaml.org,2002:float",format:"EXP",test:/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,resolve:e=>parseFloat(
e),stringify(e){let t=Number(e.value);return isFinite(t)?t.toExponential():Om.stringifyNumber(e)}},RD={identify:e=>typeof e==
"number",default:!0,tag:"tag:yaml.org,2002:float",test:/^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,resolve(e){let t=new xD.Scalar(
parseFloat(e)),n=e.indexOf(".");return n!==-1&&e[e.length-1]==="0"&&(t.minFractionDigits=e.length-n-1),t},stringify:Om.stringifyNumber};
eu.float=RD;eu.floatExp=SD;eu.floatNaN=$D});var Im=O(nu=>{"use strict";var Xx=Is(),tu=e=>typeof e=="bigint"||Number.isInteger(e),Pm=(e,t,n,{intAsBigInt:r})=>r?BigInt(
e):parseInt(e.substring(t),n);function Qx(e,t,n){let{value:r}=e;return tu(r)&&r>=0?n+r.toString(t):Xx.stringifyNumber(e)}
var ED={identify:e=>tu(e)&&e>=0,default:!0,tag:"tag:yaml.org,2002:int",format:"OCT",test:/^0o[0-7]+$/,resolve:(e,t,n)=>Pm(
e,2,8,n),stringify:e=>Qx(e,8,"0o")},TD={identify:tu,default:!0,tag:"tag:yaml.org,2002:int",test:/^[-+]?[0-9]+$/,resolve:(e,t,n)=>Pm(
e,0,10,n),stringify:Xx.stringifyNumber},AD={identify:e=>tu(e)&&e>=0,default:!0,tag:"tag:yaml.org,2002:int",format:"HEX",
test:/^0x[0-9a-fA-F]+$/,resolve:(e,t,n)=>Pm(e,2,16,n),stringify:e=>Qx(e,16,"0x")};nu.int=TD;nu.intHex=AD;nu.intOct=ED});var t$=O(e$=>{"use strict";var OD=_s(),_D=Qc(),PD=Ps(),ID=la(),ND=Am(),Nm=_m(),Cm=Im(),CD=[OD.map,PD.seq,ID.string,_D.nullTag,
ND.boolTag,Cm.intOct,Cm.int,Cm.intHex,Nm.floatNaN,Nm.floatExp,Nm.float];e$.schema=CD});var o$=O(r$=>{"use strict";var LD=Pe(),jD=_s(),FD=Ps();function n$(e){return typeof e=="bigint"||Number.isInteger(e)}var ru=({
value:e})=>JSON.stringify(e),MD=[{identify:e=>typeof e=="string",default:!0,tag:"tag:yaml.org,2002:str",resolve:e=>e,stringify:ru},
{identify:e=>e==null,createNode:()=>new LD.Scalar(null),default:!0,tag:"tag:yaml.org,2002:null",test:/^null$/,resolve:()=>null,
stringify:ru},{identify:e=>typeof e=="boolean",default:!0,tag:"tag:yaml.org,2002:bool",test:/^true$|^false$/,resolve:e=>e===
"true",stringify:ru},{identify:n$,default:!0,tag:"tag:yaml.org,2002:int",test:/^-?(?:0|[1-9][0-9]*)$/,resolve:(e,t,{intAsBigInt:n})=>n?
BigInt(e):parseInt(e,10),stringify:({value:e})=>n$(e)?e.toString():JSON.stringify(e)},{identify:e=>typeof e=="number",default:!0,
tag:"tag:yaml.org,2002:float",test:/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,resolve:e=>parseFloat(e),stringify:ru}],
DD={default:!0,tag:"",test:/^/,resolve(e,t){return t(`Unresolved plain scalar ${JSON.stringify(e)}`),e}},UD=[jD.map,FD.seq].
concat(MD,DD);r$.schema=UD});var jm=O(s$=>{"use strict";var ca=require("buffer"),Lm=Pe(),qD=oa(),WD={identify:e=>e instanceof Uint8Array,default:!1,tag:"\
tag:yaml.org,2002:binary",resolve(e,t){if(typeof ca.Buffer=="function")return ca.Buffer.from(e,"base64");if(typeof atob==
"function"){let n=atob(e.replace(/[\n\r]/g,"")),r=new Uint8Array(n.length);for(let o=0;o<n.length;++o)r[o]=n.charCodeAt(
o);return r}else return t("This environment does not support reading binary tags; either Buffer or atob is required"),e},
stringify({comment:e,type:t,value:n},r,o,s){if(!n)return"";let i=n,a;if(typeof ca.Buffer=="function")a=i instanceof ca.Buffer?
i.toString("base64"):ca.Buffer.from(i.buffer).toString("base64");else if(typeof btoa=="function"){let l="";for(let c=0;c<
i.length;++c)l+=String.fromCharCode(i[c]);a=btoa(l)}else throw new Error("This environment does not support writing bina\
ry tags; either Buffer or btoa is required");if(t??(t=Lm.Scalar.BLOCK_LITERAL),t!==Lm.Scalar.QUOTE_DOUBLE){let l=Math.max(
r.options.lineWidth-r.indent.length,r.options.minContentWidth),c=Math.ceil(a.length/l),u=new Array(c);for(let d=0,f=0;d<
c;++d,f+=l)u[d]=a.substr(f,l);a=u.join(t===Lm.Scalar.BLOCK_LITERAL?`
`:" ")}return qD.stringifyString({comment:e,type:t,value:a},r,o,s)}};s$.binary=WD});var iu=O(su=>{"use strict";var ou=Z(),Fm=_r(),GD=Pe(),HD=Nr();function i$(e,t){if(ou.isSeq(e))for(let n=0;n<e.items.length;++n){
let r=e.items[n];if(!ou.isPair(r)){if(ou.isMap(r)){r.items.length>1&&t("Each pair must have its own sequence indicator");
let o=r.items[0]||new Fm.Pair(new GD.Scalar(null));if(r.commentBefore&&(o.key.commentBefore=o.key.commentBefore?`${r.commentBefore}\

${o.key.commentBefore}`:r.commentBefore),r.comment){let s=o.value??o.key;s.comment=s.comment?`${r.comment}
${s.comment}`:r.comment}r=o}e.items[n]=ou.isPair(r)?r:new Fm.Pair(r)}}else t("Expected a sequence for this tag");return e}
function a$(e,t,n){let{replacer:r}=n,o=new HD.YAMLSeq(e);o.tag="tag:yaml.org,2002:pairs";let s=0;if(t&&Symbol.iterator in
Object(t))for(let i of t){typeof r=="function"&&(i=r.call(t,String(s++),i));let a,l;if(Array.isArray(i))if(i.length===2)
a=i[0],l=i[1];else throw new TypeError(`Expected [key, value] tuple: ${i}`);else if(i&&i instanceof Object){let c=Object.
keys(i);if(c.length===1)a=c[0],l=i[a];else throw new TypeError(`Expected tuple with one key, not ${c.length} keys`)}else
a=i;o.items.push(Fm.createPair(a,l,n))}return o}var BD={collection:"seq",default:!1,tag:"tag:yaml.org,2002:pairs",resolve:i$,
createNode:a$};su.createPairs=a$;su.pairs=BD;su.resolvePairs=i$});var Um=O(Dm=>{"use strict";var l$=Z(),Mm=Er(),ua=Ir(),KD=Nr(),c$=iu(),Po=class e extends KD.YAMLSeq{constructor(){super(),
this.add=ua.YAMLMap.prototype.add.bind(this),this.delete=ua.YAMLMap.prototype.delete.bind(this),this.get=ua.YAMLMap.prototype.
get.bind(this),this.has=ua.YAMLMap.prototype.has.bind(this),this.set=ua.YAMLMap.prototype.set.bind(this),this.tag=e.tag}toJSON(t,n){
if(!n)return super.toJSON(t);let r=new Map;n!=null&&n.onCreate&&n.onCreate(r);for(let o of this.items){let s,i;if(l$.isPair(
o)?(s=Mm.toJS(o.key,"",n),i=Mm.toJS(o.value,s,n)):s=Mm.toJS(o,"",n),r.has(s))throw new Error("Ordered maps must not incl\
ude duplicate keys");r.set(s,i)}return r}static from(t,n,r){let o=c$.createPairs(t,n,r),s=new this;return s.items=o.items,
s}};Po.tag="tag:yaml.org,2002:omap";var VD={collection:"seq",identify:e=>e instanceof Map,nodeClass:Po,default:!1,tag:"t\
ag:yaml.org,2002:omap",resolve(e,t){let n=c$.resolvePairs(e,t),r=[];for(let{key:o}of n.items)l$.isScalar(o)&&(r.includes(
o.value)?t(`Ordered maps must not include duplicate keys: ${o.value}`):r.push(o.value));return Object.assign(new Po,n)},
createNode:(e,t,n)=>Po.from(e,t,n)};Dm.YAMLOMap=Po;Dm.omap=VD});var m$=O(qm=>{"use strict";var u$=Pe();function d$({value:e,source:t},n){return t&&(e?f$:p$).test.test(t)?t:e?n.options.
trueStr:n.options.falseStr}var f$={identify:e=>e===!0,default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
resolve:()=>new u$.Scalar(!0),stringify:d$},p$={identify:e=>e===!1,default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
resolve:()=>new u$.Scalar(!1),stringify:d$};qm.falseTag=p$;qm.trueTag=f$});var h$=O(au=>{"use strict";var zD=Pe(),Wm=Is(),JD={identify:e=>typeof e=="number",default:!0,tag:"tag:yaml.org,2002:floa\
t",test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:e=>e.slice(-3).toLowerCase()==="nan"?NaN:e[0]==="-"?Number.
NEGATIVE_INFINITY:Number.POSITIVE_INFINITY,stringify:Wm.stringifyNumber},YD={identify:e=>typeof e=="number",default:!0,tag:"\
tag:yaml.org,2002:float",format:"EXP",test:/^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,resolve:e=>parseFloat(
e.replace(/_/g,"")),stringify(e){let t=Number(e.value);return isFinite(t)?t.toExponential():Wm.stringifyNumber(e)}},ZD={
identify:e=>typeof e=="number",default:!0,tag:"tag:yaml.org,2002:float",test:/^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,resolve(e){
let t=new zD.Scalar(parseFloat(e.replace(/_/g,""))),n=e.indexOf(".");if(n!==-1){let r=e.substring(n+1).replace(/_/g,"");
r[r.length-1]==="0"&&(t.minFractionDigits=r.length)}return t},stringify:Wm.stringifyNumber};au.float=ZD;au.floatExp=YD;au.
floatNaN=JD});var y$=O(fa=>{"use strict";var g$=Is(),da=e=>typeof e=="bigint"||Number.isInteger(e);function lu(e,t,n,{intAsBigInt:r}){
let o=e[0];if((o==="-"||o==="+")&&(t+=1),e=e.substring(t).replace(/_/g,""),r){switch(n){case 2:e=`0b${e}`;break;case 8:e=
`0o${e}`;break;case 16:e=`0x${e}`;break}let i=BigInt(e);return o==="-"?BigInt(-1)*i:i}let s=parseInt(e,n);return o==="-"?
-1*s:s}function Gm(e,t,n){let{value:r}=e;if(da(r)){let o=r.toString(t);return r<0?"-"+n+o.substr(1):n+o}return g$.stringifyNumber(
e)}var XD={identify:da,default:!0,tag:"tag:yaml.org,2002:int",format:"BIN",test:/^[-+]?0b[0-1_]+$/,resolve:(e,t,n)=>lu(e,
2,2,n),stringify:e=>Gm(e,2,"0b")},QD={identify:da,default:!0,tag:"tag:yaml.org,2002:int",format:"OCT",test:/^[-+]?0[0-7_]+$/,
resolve:(e,t,n)=>lu(e,1,8,n),stringify:e=>Gm(e,8,"0")},eU={identify:da,default:!0,tag:"tag:yaml.org,2002:int",test:/^[-+]?[0-9][0-9_]*$/,
resolve:(e,t,n)=>lu(e,0,10,n),stringify:g$.stringifyNumber},tU={identify:da,default:!0,tag:"tag:yaml.org,2002:int",format:"\
HEX",test:/^[-+]?0x[0-9a-fA-F_]+$/,resolve:(e,t,n)=>lu(e,2,16,n),stringify:e=>Gm(e,16,"0x")};fa.int=eU;fa.intBin=XD;fa.intHex=
tU;fa.intOct=QD});var Bm=O(Hm=>{"use strict";var du=Z(),cu=_r(),uu=Ir(),Io=class e extends uu.YAMLMap{constructor(t){super(t),this.tag=e.tag}add(t){
let n;du.isPair(t)?n=t:t&&typeof t=="object"&&"key"in t&&"value"in t&&t.value===null?n=new cu.Pair(t.key,null):n=new cu.
Pair(t,null),uu.findPair(this.items,n.key)||this.items.push(n)}get(t,n){let r=uu.findPair(this.items,t);return!n&&du.isPair(
r)?du.isScalar(r.key)?r.key.value:r.key:r}set(t,n){if(typeof n!="boolean")throw new Error(`Expected boolean value for se\
t(key, value) in a YAML set, not ${typeof n}`);let r=uu.findPair(this.items,t);r&&!n?this.items.splice(this.items.indexOf(
r),1):!r&&n&&this.items.push(new cu.Pair(t))}toJSON(t,n){return super.toJSON(t,n,Set)}toString(t,n,r){if(!t)return JSON.
stringify(this);if(this.hasAllNullValues(!0))return super.toString(Object.assign({},t,{allNullValues:!0}),n,r);throw new Error(
"Set items must all have null values")}static from(t,n,r){let{replacer:o}=r,s=new this(t);if(n&&Symbol.iterator in Object(
n))for(let i of n)typeof o=="function"&&(i=o.call(n,i,i)),s.items.push(cu.createPair(i,null,r));return s}};Io.tag="tag:y\
aml.org,2002:set";var nU={collection:"map",identify:e=>e instanceof Set,nodeClass:Io,default:!1,tag:"tag:yaml.org,2002:s\
et",createNode:(e,t,n)=>Io.from(e,t,n),resolve(e,t){if(du.isMap(e)){if(e.hasAllNullValues(!0))return Object.assign(new Io,
e);t("Set items must all have null values")}else t("Expected a mapping for this tag");return e}};Hm.YAMLSet=Io;Hm.set=nU});var Vm=O(fu=>{"use strict";var rU=Is();function Km(e,t){let n=e[0],r=n==="-"||n==="+"?e.substring(1):e,o=i=>t?BigInt(i):
Number(i),s=r.replace(/_/g,"").split(":").reduce((i,a)=>i*o(60)+o(a),o(0));return n==="-"?o(-1)*s:s}function w$(e){let{value:t}=e,
n=i=>i;if(typeof t=="bigint")n=i=>BigInt(i);else if(isNaN(t)||!isFinite(t))return rU.stringifyNumber(e);let r="";t<0&&(r=
"-",t*=n(-1));let o=n(60),s=[t%o];return t<60?s.unshift(0):(t=(t-s[0])/o,s.unshift(t%o),t>=60&&(t=(t-s[0])/o,s.unshift(t))),
r+s.map(i=>String(i).padStart(2,"0")).join(":").replace(/000000\d*$/,"")}var oU={identify:e=>typeof e=="bigint"||Number.
isInteger(e),default:!0,tag:"tag:yaml.org,2002:int",format:"TIME",test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,resolve:(e,t,{
intAsBigInt:n})=>Km(e,n),stringify:w$},sU={identify:e=>typeof e=="number",default:!0,tag:"tag:yaml.org,2002:float",format:"\
TIME",test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,resolve:e=>Km(e,!1),stringify:w$},k$={identify:e=>e instanceof
Date,default:!0,tag:"tag:yaml.org,2002:timestamp",test:RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0\
-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),resolve(e){let t=e.match(
k$.test);if(!t)throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");let[,n,r,o,s,i,a]=t.map(Number),l=t[7]?
Number((t[7]+"00").substr(1,3)):0,c=Date.UTC(n,r-1,o,s||0,i||0,a||0,l),u=t[8];if(u&&u!=="Z"){let d=Km(u,!1);Math.abs(d)<
30&&(d*=60),c-=6e4*d}return new Date(c)},stringify:({value:e})=>(e==null?void 0:e.toISOString().replace(/(T00:00:00)?\.000Z$/,
""))??""};fu.floatTime=sU;fu.intTime=oU;fu.timestamp=k$});var x$=O(v$=>{"use strict";var iU=_s(),aU=Qc(),lU=Ps(),cU=la(),uU=jm(),b$=m$(),zm=h$(),pu=y$(),dU=Bc(),fU=Um(),pU=iu(),mU=Bm(),
Jm=Vm(),hU=[iU.map,lU.seq,cU.string,aU.nullTag,b$.trueTag,b$.falseTag,pu.intBin,pu.intOct,pu.int,pu.intHex,zm.floatNaN,zm.
floatExp,zm.float,uU.binary,dU.merge,fU.omap,pU.pairs,mU.set,Jm.intTime,Jm.floatTime,Jm.timestamp];v$.schema=hU});var I$=O(Xm=>{"use strict";var E$=_s(),gU=Qc(),T$=Ps(),yU=la(),wU=Am(),Ym=_m(),Zm=Im(),kU=t$(),bU=o$(),A$=jm(),pa=Bc(),O$=Um(),
_$=iu(),$$=x$(),P$=Bm(),mu=Vm(),S$=new Map([["core",kU.schema],["failsafe",[E$.map,T$.seq,yU.string]],["json",bU.schema],
["yaml11",$$.schema],["yaml-1.1",$$.schema]]),R$={binary:A$.binary,bool:wU.boolTag,float:Ym.float,floatExp:Ym.floatExp,floatNaN:Ym.
floatNaN,floatTime:mu.floatTime,int:Zm.int,intHex:Zm.intHex,intOct:Zm.intOct,intTime:mu.intTime,map:E$.map,merge:pa.merge,
null:gU.nullTag,omap:O$.omap,pairs:_$.pairs,seq:T$.seq,set:P$.set,timestamp:mu.timestamp},vU={"tag:yaml.org,2002:binary":A$.
binary,"tag:yaml.org,2002:merge":pa.merge,"tag:yaml.org,2002:omap":O$.omap,"tag:yaml.org,2002:pairs":_$.pairs,"tag:yaml.\
org,2002:set":P$.set,"tag:yaml.org,2002:timestamp":mu.timestamp};function xU(e,t,n){let r=S$.get(t);if(r&&!e)return n&&!r.
includes(pa.merge)?r.concat(pa.merge):r.slice();let o=r;if(!o)if(Array.isArray(e))o=[];else{let s=Array.from(S$.keys()).
filter(i=>i!=="yaml11").map(i=>JSON.stringify(i)).join(", ");throw new Error(`Unknown schema "${t}"; use one of ${s} or \
define customTags array`)}if(Array.isArray(e))for(let s of e)o=o.concat(s);else typeof e=="function"&&(o=e(o.slice()));return n&&
(o=o.concat(pa.merge)),o.reduce((s,i)=>{let a=typeof i=="string"?R$[i]:i;if(!a){let l=JSON.stringify(i),c=Object.keys(R$).
map(u=>JSON.stringify(u)).join(", ");throw new Error(`Unknown custom tag ${l}; use one of ${c}`)}return s.includes(a)||s.
push(a),s},[])}Xm.coreKnownTags=vU;Xm.getTags=xU});var th=O(N$=>{"use strict";var Qm=Z(),$U=_s(),SU=Ps(),RU=la(),hu=I$(),EU=(e,t)=>e.key<t.key?-1:e.key>t.key?1:0,eh=class e{constructor({
compat:t,customTags:n,merge:r,resolveKnownTags:o,schema:s,sortMapEntries:i,toStringDefaults:a}){this.compat=Array.isArray(
t)?hu.getTags(t,"compat"):t?hu.getTags(null,t):null,this.name=typeof s=="string"&&s||"core",this.knownTags=o?hu.coreKnownTags:
{},this.tags=hu.getTags(n,this.name,r),this.toStringOptions=a??null,Object.defineProperty(this,Qm.MAP,{value:$U.map}),Object.
defineProperty(this,Qm.SCALAR,{value:RU.string}),Object.defineProperty(this,Qm.SEQ,{value:SU.seq}),this.sortMapEntries=typeof i==
"function"?i:i===!0?EU:null}clone(){let t=Object.create(e.prototype,Object.getOwnPropertyDescriptors(this));return t.tags=
this.tags.slice(),t}};N$.Schema=eh});var L$=O(C$=>{"use strict";var TU=Z(),nh=sa(),ma=ta();function AU(e,t){var l;let n=[],r=t.directives===!0;if(t.directives!==
!1&&e.directives){let c=e.directives.toString(e);c?(n.push(c),r=!0):e.directives.docStart&&(r=!0)}r&&n.push("---");let o=nh.
createStringifyContext(e,t),{commentString:s}=o.options;if(e.commentBefore){n.length!==1&&n.unshift("");let c=s(e.commentBefore);
n.unshift(ma.indentComment(c,""))}let i=!1,a=null;if(e.contents){if(TU.isNode(e.contents)){if(e.contents.spaceBefore&&r&&
n.push(""),e.contents.commentBefore){let d=s(e.contents.commentBefore);n.push(ma.indentComment(d,""))}o.forceBlockIndent=
!!e.comment,a=e.contents.comment}let c=a?void 0:()=>i=!0,u=nh.stringify(e.contents,o,()=>a=null,c);a&&(u+=ma.lineComment(
u,"",s(a))),(u[0]==="|"||u[0]===">")&&n[n.length-1]==="---"?n[n.length-1]=`--- ${u}`:n.push(u)}else n.push(nh.stringify(
e.contents,o));if((l=e.directives)!=null&&l.docEnd)if(e.comment){let c=s(e.comment);c.includes(`
`)?(n.push("..."),n.push(ma.indentComment(c,""))):n.push(`... ${c}`)}else n.push("...");else{let c=e.comment;c&&i&&(c=c.
replace(/^\n+/,"")),c&&((!i||a)&&n[n.length-1]!==""&&n.push(""),n.push(ma.indentComment(s(c),"")))}return n.join(`
`)+`
`}C$.stringifyDocument=AU});var ha=O(j$=>{"use strict";var OU=Qi(),Ns=Lc(),Jt=Z(),_U=_r(),PU=Er(),IU=th(),NU=L$(),rh=Pc(),CU=am(),LU=ea(),oh=im(),sh=class e{constructor(t,n,r){
this.commentBefore=null,this.comment=null,this.errors=[],this.warnings=[],Object.defineProperty(this,Jt.NODE_TYPE,{value:Jt.
DOC});let o=null;typeof n=="function"||Array.isArray(n)?o=n:r===void 0&&n&&(r=n,n=void 0);let s=Object.assign({intAsBigInt:!1,
keepSourceTokens:!1,logLevel:"warn",prettyErrors:!0,strict:!0,stringKeys:!1,uniqueKeys:!0,version:"1.2"},r);this.options=
s;let{version:i}=s;r!=null&&r._directives?(this.directives=r._directives.atDocument(),this.directives.yaml.explicit&&(i=
this.directives.yaml.version)):this.directives=new oh.Directives({version:i}),this.setSchema(i,r),this.contents=t===void 0?
null:this.createNode(t,o,r)}clone(){let t=Object.create(e.prototype,{[Jt.NODE_TYPE]:{value:Jt.DOC}});return t.commentBefore=
this.commentBefore,t.comment=this.comment,t.errors=this.errors.slice(),t.warnings=this.warnings.slice(),t.options=Object.
assign({},this.options),this.directives&&(t.directives=this.directives.clone()),t.schema=this.schema.clone(),t.contents=
Jt.isNode(this.contents)?this.contents.clone(t.schema):this.contents,this.range&&(t.range=this.range.slice()),t}add(t){Cs(
this.contents)&&this.contents.add(t)}addIn(t,n){Cs(this.contents)&&this.contents.addIn(t,n)}createAlias(t,n){if(!t.anchor){
let r=rh.anchorNames(this);t.anchor=!n||r.has(n)?rh.findNewAnchor(n||"a",r):n}return new OU.Alias(t.anchor)}createNode(t,n,r){
let o;if(typeof n=="function")t=n.call({"":t},"",t),o=n;else if(Array.isArray(n)){let h=k=>typeof k=="number"||k instanceof
String||k instanceof Number,w=n.filter(h).map(String);w.length>0&&(n=n.concat(w)),o=n}else r===void 0&&n&&(r=n,n=void 0);
let{aliasDuplicateObjects:s,anchorPrefix:i,flow:a,keepUndefined:l,onTagObj:c,tag:u}=r??{},{onAnchor:d,setAnchors:f,sourceObjects:p}=rh.
createNodeAnchors(this,i||"a"),g={aliasDuplicateObjects:s??!0,keepUndefined:l??!1,onAnchor:d,onTagObj:c,replacer:o,schema:this.
schema,sourceObjects:p},m=LU.createNode(t,u,g);return a&&Jt.isCollection(m)&&(m.flow=!0),f(),m}createPair(t,n,r={}){let o=this.
createNode(t,null,r),s=this.createNode(n,null,r);return new _U.Pair(o,s)}delete(t){return Cs(this.contents)?this.contents.
delete(t):!1}deleteIn(t){return Ns.isEmptyPath(t)?this.contents==null?!1:(this.contents=null,!0):Cs(this.contents)?this.
contents.deleteIn(t):!1}get(t,n){return Jt.isCollection(this.contents)?this.contents.get(t,n):void 0}getIn(t,n){return Ns.
isEmptyPath(t)?!n&&Jt.isScalar(this.contents)?this.contents.value:this.contents:Jt.isCollection(this.contents)?this.contents.
getIn(t,n):void 0}has(t){return Jt.isCollection(this.contents)?this.contents.has(t):!1}hasIn(t){return Ns.isEmptyPath(t)?
this.contents!==void 0:Jt.isCollection(this.contents)?this.contents.hasIn(t):!1}set(t,n){this.contents==null?this.contents=
Ns.collectionFromPath(this.schema,[t],n):Cs(this.contents)&&this.contents.set(t,n)}setIn(t,n){Ns.isEmptyPath(t)?this.contents=
n:this.contents==null?this.contents=Ns.collectionFromPath(this.schema,Array.from(t),n):Cs(this.contents)&&this.contents.
setIn(t,n)}setSchema(t,n={}){typeof t=="number"&&(t=String(t));let r;switch(t){case"1.1":this.directives?this.directives.
yaml.version="1.1":this.directives=new oh.Directives({version:"1.1"}),r={resolveKnownTags:!1,schema:"yaml-1.1"};break;case"\
1.2":case"next":this.directives?this.directives.yaml.version=t:this.directives=new oh.Directives({version:t}),r={resolveKnownTags:!0,
schema:"core"};break;case null:this.directives&&delete this.directives,r=null;break;default:{let o=JSON.stringify(t);throw new Error(
`Expected '1.1', '1.2' or null as first argument, but found: ${o}`)}}if(n.schema instanceof Object)this.schema=n.schema;else if(r)
this.schema=new IU.Schema(Object.assign(r,n));else throw new Error("With a null YAML version, the { schema: Schema } opt\
ion is required")}toJS({json:t,jsonArg:n,mapAsMap:r,maxAliasCount:o,onAnchor:s,reviver:i}={}){let a={anchors:new Map,doc:this,
keep:!t,mapAsMap:r===!0,mapKeyWarned:!1,maxAliasCount:typeof o=="number"?o:100},l=PU.toJS(this.contents,n??"",a);if(typeof s==
"function")for(let{count:c,res:u}of a.anchors.values())s(u,c);return typeof i=="function"?CU.applyReviver(i,{"":l},"",l):
l}toJSON(t,n){return this.toJS({json:!0,jsonArg:t,mapAsMap:!1,onAnchor:n})}toString(t={}){if(this.errors.length>0)throw new Error(
"Document with errors cannot be stringified");if("indent"in t&&(!Number.isInteger(t.indent)||Number(t.indent)<=0)){let n=JSON.
stringify(t.indent);throw new Error(`"indent" option must be a positive integer, not ${n}`)}return NU.stringifyDocument(
this,t)}};function Cs(e){if(Jt.isCollection(e))return!0;throw new Error("Expected a YAML collection as document contents")}
j$.Document=sh});var wa=O(ya=>{"use strict";var ga=class extends Error{constructor(t,n,r,o){super(),this.name=t,this.code=r,this.message=
o,this.pos=n}},ih=class extends ga{constructor(t,n,r){super("YAMLParseError",t,n,r)}},ah=class extends ga{constructor(t,n,r){
super("YAMLWarning",t,n,r)}},jU=(e,t)=>n=>{if(n.pos[0]===-1)return;n.linePos=n.pos.map(a=>t.linePos(a));let{line:r,col:o}=n.
linePos[0];n.message+=` at line ${r}, column ${o}`;let s=o-1,i=e.substring(t.lineStarts[r-1],t.lineStarts[r]).replace(/[\n\r]+$/,
"");if(s>=60&&i.length>80){let a=Math.min(s-39,i.length-79);i="\u2026"+i.substring(a),s-=a-1}if(i.length>80&&(i=i.substring(
0,79)+"\u2026"),r>1&&/^ *$/.test(i.substring(0,s))){let a=e.substring(t.lineStarts[r-2],t.lineStarts[r-1]);a.length>80&&
(a=a.substring(0,79)+`\u2026
`),i=a+i}if(/[^ ]/.test(i)){let a=1,l=n.linePos[1];(l==null?void 0:l.line)===r&&l.col>o&&(a=Math.max(1,Math.min(l.col-o,
80-s)));let c=" ".repeat(s)+"^".repeat(a);n.message+=`:

${i}
${c}
`}};ya.YAMLError=ga;ya.YAMLParseError=ih;ya.YAMLWarning=ah;ya.prettifyError=jU});var ka=O(F$=>{"use strict";function FU(e,{flow:t,indicator:n,next:r,offset:o,onError:s,parentIndent:i,startOnNewline:a}){
let l=!1,c=a,u=a,d="",f="",p=!1,g=!1,m=null,h=null,w=null,k=null,b=null,R=null,$=null;for(let S of e)switch(g&&(S.type!==
"space"&&S.type!=="newline"&&S.type!=="comma"&&s(S.offset,"MISSING_CHAR","Tags and anchors must be separated from the ne\
xt token by white space"),g=!1),m&&(c&&S.type!=="comment"&&S.type!=="newline"&&s(m,"TAB_AS_INDENT","Tabs are not allowed\
 as indentation"),m=null),S.type){case"space":!t&&(n!=="doc-start"||(r==null?void 0:r.type)!=="flow-collection")&&S.source.
includes("	")&&(m=S),u=!0;break;case"comment":{u||s(S,"MISSING_CHAR","Comments must be separated from other tokens by wh\
ite space characters");let C=S.source.substring(1)||" ";d?d+=f+C:d=C,f="",c=!1;break}case"newline":c?d?d+=S.source:(!R||
n!=="seq-item-ind")&&(l=!0):f+=S.source,c=!0,p=!0,(h||w)&&(k=S),u=!0;break;case"anchor":h&&s(S,"MULTIPLE_ANCHORS","A nod\
e can have at most one anchor"),S.source.endsWith(":")&&s(S.offset+S.source.length-1,"BAD_ALIAS","Anchor ending in : is \
ambiguous",!0),h=S,$??($=S.offset),c=!1,u=!1,g=!0;break;case"tag":{w&&s(S,"MULTIPLE_TAGS","A node can have at most one t\
ag"),w=S,$??($=S.offset),c=!1,u=!1,g=!0;break}case n:(h||w)&&s(S,"BAD_PROP_ORDER",`Anchors and tags must be after the ${S.
source} indicator`),R&&s(S,"UNEXPECTED_TOKEN",`Unexpected ${S.source} in ${t??"collection"}`),R=S,c=n==="seq-item-ind"||
n==="explicit-key-ind",u=!1;break;case"comma":if(t){b&&s(S,"UNEXPECTED_TOKEN",`Unexpected , in ${t}`),b=S,c=!1,u=!1;break}default:
s(S,"UNEXPECTED_TOKEN",`Unexpected ${S.type} token`),c=!1,u=!1}let P=e[e.length-1],I=P?P.offset+P.source.length:o;return g&&
r&&r.type!=="space"&&r.type!=="newline"&&r.type!=="comma"&&(r.type!=="scalar"||r.source!=="")&&s(r.offset,"MISSING_CHAR",
"Tags and anchors must be separated from the next token by white space"),m&&(c&&m.indent<=i||(r==null?void 0:r.type)==="\
block-map"||(r==null?void 0:r.type)==="block-seq")&&s(m,"TAB_AS_INDENT","Tabs are not allowed as indentation"),{comma:b,
found:R,spaceBefore:l,comment:d,hasNewline:p,anchor:h,tag:w,newlineAfterProp:k,end:I,start:$??I}}F$.resolveProps=FU});var gu=O(M$=>{"use strict";function lh(e){if(!e)return null;switch(e.type){case"alias":case"scalar":case"double-quoted-s\
calar":case"single-quoted-scalar":if(e.source.includes(`
`))return!0;if(e.end){for(let t of e.end)if(t.type==="newline")return!0}return!1;case"flow-collection":for(let t of e.items){
for(let n of t.start)if(n.type==="newline")return!0;if(t.sep){for(let n of t.sep)if(n.type==="newline")return!0}if(lh(t.
key)||lh(t.value))return!0}return!1;default:return!0}}M$.containsNewline=lh});var ch=O(D$=>{"use strict";var MU=gu();function DU(e,t,n){if((t==null?void 0:t.type)==="flow-collection"){let r=t.end[0];
r.indent===e&&(r.source==="]"||r.source==="}")&&MU.containsNewline(t)&&n(r,"BAD_INDENT","Flow end indicator should be mo\
re indented than parent",!0)}}D$.flowIndentCheck=DU});var uh=O(q$=>{"use strict";var U$=Z();function UU(e,t,n){let{uniqueKeys:r}=e.options;if(r===!1)return!1;let o=typeof r==
"function"?r:(s,i)=>s===i||U$.isScalar(s)&&U$.isScalar(i)&&s.value===i.value;return t.some(s=>o(s.key,n))}q$.mapIncludes=
UU});var V$=O(K$=>{"use strict";var W$=_r(),qU=Ir(),G$=ka(),WU=gu(),H$=ch(),GU=uh(),B$="All mapping items must start at the s\
ame column";function HU({composeNode:e,composeEmptyNode:t},n,r,o,s){var u;let i=(s==null?void 0:s.nodeClass)??qU.YAMLMap,
a=new i(n.schema);n.atRoot&&(n.atRoot=!1);let l=r.offset,c=null;for(let d of r.items){let{start:f,key:p,sep:g,value:m}=d,
h=G$.resolveProps(f,{indicator:"explicit-key-ind",next:p??(g==null?void 0:g[0]),offset:l,onError:o,parentIndent:r.indent,
startOnNewline:!0}),w=!h.found;if(w){if(p&&(p.type==="block-seq"?o(l,"BLOCK_AS_IMPLICIT_KEY","A block sequence may not b\
e used as an implicit map key"):"indent"in p&&p.indent!==r.indent&&o(l,"BAD_INDENT",B$)),!h.anchor&&!h.tag&&!g){c=h.end,
h.comment&&(a.comment?a.comment+=`
`+h.comment:a.comment=h.comment);continue}(h.newlineAfterProp||WU.containsNewline(p))&&o(p??f[f.length-1],"MULTILINE_IMP\
LICIT_KEY","Implicit keys need to be on a single line")}else((u=h.found)==null?void 0:u.indent)!==r.indent&&o(l,"BAD_IND\
ENT",B$);n.atKey=!0;let k=h.end,b=p?e(n,p,h,o):t(n,k,f,null,h,o);n.schema.compat&&H$.flowIndentCheck(r.indent,p,o),n.atKey=
!1,GU.mapIncludes(n,a.items,b)&&o(k,"DUPLICATE_KEY","Map keys must be unique");let R=G$.resolveProps(g??[],{indicator:"m\
ap-value-ind",next:m,offset:b.range[2],onError:o,parentIndent:r.indent,startOnNewline:!p||p.type==="block-scalar"});if(l=
R.end,R.found){w&&((m==null?void 0:m.type)==="block-map"&&!R.hasNewline&&o(l,"BLOCK_AS_IMPLICIT_KEY","Nested mappings ar\
e not allowed in compact mappings"),n.options.strict&&h.start<R.found.offset-1024&&o(b.range,"KEY_OVER_1024_CHARS","The \
: indicator must be at most 1024 chars after the start of an implicit block mapping key"));let $=m?e(n,m,R,o):t(n,l,g,null,
R,o);n.schema.compat&&H$.flowIndentCheck(r.indent,m,o),l=$.range[2];let P=new W$.Pair(b,$);n.options.keepSourceTokens&&(P.
srcToken=d),a.items.push(P)}else{w&&o(b.range,"MISSING_CHAR","Implicit map keys need to be followed by map values"),R.comment&&
(b.comment?b.comment+=`
`+R.comment:b.comment=R.comment);let $=new W$.Pair(b);n.options.keepSourceTokens&&($.srcToken=d),a.items.push($)}}return c&&
c<l&&o(c,"IMPOSSIBLE","Map comment with trailing content"),a.range=[r.offset,l,c??l],a}K$.resolveBlockMap=HU});var J$=O(z$=>{"use strict";var BU=Nr(),KU=ka(),VU=ch();function zU({composeNode:e,composeEmptyNode:t},n,r,o,s){let i=(s==
null?void 0:s.nodeClass)??BU.YAMLSeq,a=new i(n.schema);n.atRoot&&(n.atRoot=!1),n.atKey&&(n.atKey=!1);let l=r.offset,c=null;
for(let{start:u,value:d}of r.items){let f=KU.resolveProps(u,{indicator:"seq-item-ind",next:d,offset:l,onError:o,parentIndent:r.
indent,startOnNewline:!0});if(!f.found)if(f.anchor||f.tag||d)(d==null?void 0:d.type)==="block-seq"?o(f.end,"BAD_INDENT",
"All sequence items must start at the same column"):o(l,"MISSING_CHAR","Sequence item without - indicator");else{c=f.end,
f.comment&&(a.comment=f.comment);continue}let p=d?e(n,d,f,o):t(n,f.end,u,null,f,o);n.schema.compat&&VU.flowIndentCheck(r.
indent,d,o),l=p.range[2],a.items.push(p)}return a.range=[r.offset,l,c??l],a}z$.resolveBlockSeq=zU});var Ls=O(Y$=>{"use strict";function JU(e,t,n,r){let o="";if(e){let s=!1,i="";for(let a of e){let{source:l,type:c}=a;switch(c){case"\
space":s=!0;break;case"comment":{n&&!s&&r(a,"MISSING_CHAR","Comments must be separated from other tokens by white space \
characters");let u=l.substring(1)||" ";o?o+=i+u:o=u,i="";break}case"newline":o&&(i+=l),s=!0;break;default:r(a,"UNEXPECTE\
D_TOKEN",`Unexpected ${c} at node end`)}t+=l.length}}return{comment:o,offset:t}}Y$.resolveEnd=JU});var eS=O(Q$=>{"use strict";var YU=Z(),ZU=_r(),Z$=Ir(),XU=Nr(),QU=Ls(),X$=ka(),eq=gu(),tq=uh(),dh="Block collections are \
not allowed within flow collections",fh=e=>e&&(e.type==="block-map"||e.type==="block-seq");function nq({composeNode:e,composeEmptyNode:t},n,r,o,s){
var h;let i=r.start.source==="{",a=i?"flow map":"flow sequence",l=(s==null?void 0:s.nodeClass)??(i?Z$.YAMLMap:XU.YAMLSeq),
c=new l(n.schema);c.flow=!0;let u=n.atRoot;u&&(n.atRoot=!1),n.atKey&&(n.atKey=!1);let d=r.offset+r.start.source.length;for(let w=0;w<
r.items.length;++w){let k=r.items[w],{start:b,key:R,sep:$,value:P}=k,I=X$.resolveProps(b,{flow:a,indicator:"explicit-key\
-ind",next:R??($==null?void 0:$[0]),offset:d,onError:o,parentIndent:r.indent,startOnNewline:!1});if(!I.found){if(!I.anchor&&
!I.tag&&!$&&!P){w===0&&I.comma?o(I.comma,"UNEXPECTED_TOKEN",`Unexpected , in ${a}`):w<r.items.length-1&&o(I.start,"UNEXP\
ECTED_TOKEN",`Unexpected empty item in ${a}`),I.comment&&(c.comment?c.comment+=`
`+I.comment:c.comment=I.comment),d=I.end;continue}!i&&n.options.strict&&eq.containsNewline(R)&&o(R,"MULTILINE_IMPLICIT_K\
EY","Implicit keys of flow sequence pairs need to be on a single line")}if(w===0)I.comma&&o(I.comma,"UNEXPECTED_TOKEN",`\
Unexpected , in ${a}`);else if(I.comma||o(I.start,"MISSING_CHAR",`Missing , between ${a} items`),I.comment){let S="";e:for(let C of b)
switch(C.type){case"comma":case"space":break;case"comment":S=C.source.substring(1);break e;default:break e}if(S){let C=c.
items[c.items.length-1];YU.isPair(C)&&(C=C.value??C.key),C.comment?C.comment+=`
`+S:C.comment=S,I.comment=I.comment.substring(S.length+1)}}if(!i&&!$&&!I.found){let S=P?e(n,P,I,o):t(n,I.end,$,null,I,o);
c.items.push(S),d=S.range[2],fh(P)&&o(S.range,"BLOCK_IN_FLOW",dh)}else{n.atKey=!0;let S=I.end,C=R?e(n,R,I,o):t(n,S,b,null,
I,o);fh(R)&&o(C.range,"BLOCK_IN_FLOW",dh),n.atKey=!1;let q=X$.resolveProps($??[],{flow:a,indicator:"map-value-ind",next:P,
offset:C.range[2],onError:o,parentIndent:r.indent,startOnNewline:!1});if(q.found){if(!i&&!I.found&&n.options.strict){if($)
for(let ke of $){if(ke===q.found)break;if(ke.type==="newline"){o(ke,"MULTILINE_IMPLICIT_KEY","Implicit keys of flow sequ\
ence pairs need to be on a single line");break}}I.start<q.found.offset-1024&&o(q.found,"KEY_OVER_1024_CHARS","The : indi\
cator must be at most 1024 chars after the start of an implicit flow sequence key")}}else P&&("source"in P&&((h=P.source)==
null?void 0:h[0])===":"?o(P,"MISSING_CHAR",`Missing space after : in ${a}`):o(q.start,"MISSING_CHAR",`Missing , or : bet\
ween ${a} items`));let me=P?e(n,P,q,o):q.found?t(n,q.end,$,null,q,o):null;me?fh(P)&&o(me.range,"BLOCK_IN_FLOW",dh):q.comment&&
(C.comment?C.comment+=`
`+q.comment:C.comment=q.comment);let X=new ZU.Pair(C,me);if(n.options.keepSourceTokens&&(X.srcToken=k),i){let ke=c;tq.mapIncludes(
n,ke.items,C)&&o(S,"DUPLICATE_KEY","Map keys must be unique"),ke.items.push(X)}else{let ke=new Z$.YAMLMap(n.schema);ke.flow=
!0,ke.items.push(X);let $e=(me??C).range;ke.range=[C.range[0],$e[1],$e[2]],c.items.push(ke)}d=me?me.range[2]:q.end}}let f=i?
"}":"]",[p,...g]=r.end,m=d;if((p==null?void 0:p.source)===f)m=p.offset+p.source.length;else{let w=a[0].toUpperCase()+a.substring(
1),k=u?`${w} must end with a ${f}`:`${w} in block collection must be sufficiently indented and end with a ${f}`;o(d,u?"M\
ISSING_CHAR":"BAD_INDENT",k),p&&p.source.length!==1&&g.unshift(p)}if(g.length>0){let w=QU.resolveEnd(g,m,n.options.strict,
o);w.comment&&(c.comment?c.comment+=`
`+w.comment:c.comment=w.comment),c.range=[r.offset,m,w.offset]}else c.range=[r.offset,m,m];return c}Q$.resolveFlowCollection=
nq});var nS=O(tS=>{"use strict";var rq=Z(),oq=Pe(),sq=Ir(),iq=Nr(),aq=V$(),lq=J$(),cq=eS();function ph(e,t,n,r,o,s){let i=n.type===
"block-map"?aq.resolveBlockMap(e,t,n,r,s):n.type==="block-seq"?lq.resolveBlockSeq(e,t,n,r,s):cq.resolveFlowCollection(e,
t,n,r,s),a=i.constructor;return o==="!"||o===a.tagName?(i.tag=a.tagName,i):(o&&(i.tag=o),i)}function uq(e,t,n,r,o){var f;
let s=r.tag,i=s?t.directives.tagName(s.source,p=>o(s,"TAG_RESOLVE_FAILED",p)):null;if(n.type==="block-seq"){let{anchor:p,
newlineAfterProp:g}=r,m=p&&s?p.offset>s.offset?p:s:p??s;m&&(!g||g.offset<m.offset)&&o(m,"MISSING_CHAR","Missing newline \
after block sequence props")}let a=n.type==="block-map"?"map":n.type==="block-seq"?"seq":n.start.source==="{"?"map":"seq";
if(!s||!i||i==="!"||i===sq.YAMLMap.tagName&&a==="map"||i===iq.YAMLSeq.tagName&&a==="seq")return ph(e,t,n,o,i);let l=t.schema.
tags.find(p=>p.tag===i&&p.collection===a);if(!l){let p=t.schema.knownTags[i];if((p==null?void 0:p.collection)===a)t.schema.
tags.push(Object.assign({},p,{default:!1})),l=p;else return p?o(s,"BAD_COLLECTION_TYPE",`${p.tag} used for ${a} collecti\
on, but expects ${p.collection??"scalar"}`,!0):o(s,"TAG_RESOLVE_FAILED",`Unresolved tag: ${i}`,!0),ph(e,t,n,o,i)}let c=ph(
e,t,n,o,i,l),u=((f=l.resolve)==null?void 0:f.call(l,c,p=>o(s,"TAG_RESOLVE_FAILED",p),t.options))??c,d=rq.isNode(u)?u:new oq.
Scalar(u);return d.range=c.range,d.tag=i,l!=null&&l.format&&(d.format=l.format),d}tS.composeCollection=uq});var hh=O(rS=>{"use strict";var mh=Pe();function dq(e,t,n){let r=t.offset,o=fq(t,e.options.strict,n);if(!o)return{value:"",
type:null,comment:"",range:[r,r,r]};let s=o.mode===">"?mh.Scalar.BLOCK_FOLDED:mh.Scalar.BLOCK_LITERAL,i=t.source?pq(t.source):
[],a=i.length;for(let m=i.length-1;m>=0;--m){let h=i[m][1];if(h===""||h==="\r")a=m;else break}if(a===0){let m=o.chomp===
"+"&&i.length>0?`
`.repeat(Math.max(1,i.length-1)):"",h=r+o.length;return t.source&&(h+=t.source.length),{value:m,type:s,comment:o.comment,
range:[r,h,h]}}let l=t.indent+o.indent,c=t.offset+o.length,u=0;for(let m=0;m<a;++m){let[h,w]=i[m];if(w===""||w==="\r")o.
indent===0&&h.length>l&&(l=h.length);else{h.length<l&&n(c+h.length,"MISSING_CHAR","Block scalars with more-indented lead\
ing empty lines must use an explicit indentation indicator"),o.indent===0&&(l=h.length),u=m,l===0&&!e.atRoot&&n(c,"BAD_I\
NDENT","Block scalar values in collections must be indented");break}c+=h.length+w.length+1}for(let m=i.length-1;m>=a;--m)
i[m][0].length>l&&(a=m+1);let d="",f="",p=!1;for(let m=0;m<u;++m)d+=i[m][0].slice(l)+`
`;for(let m=u;m<a;++m){let[h,w]=i[m];c+=h.length+w.length+1;let k=w[w.length-1]==="\r";if(k&&(w=w.slice(0,-1)),w&&h.length<
l){let R=`Block scalar lines must not be less indented than their ${o.indent?"explicit indentation indicator":"first lin\
e"}`;n(c-w.length-(k?2:1),"BAD_INDENT",R),h=""}s===mh.Scalar.BLOCK_LITERAL?(d+=f+h.slice(l)+w,f=`
`):h.length>l||w[0]==="	"?(f===" "?f=`
`:!p&&f===`
`&&(f=`

`),d+=f+h.slice(l)+w,f=`
`,p=!0):w===""?f===`
`?d+=`
`:f=`
`:(d+=f+w,f=" ",p=!1)}switch(o.chomp){case"-":break;case"+":for(let m=a;m<i.length;++m)d+=`
`+i[m][0].slice(l);d[d.length-1]!==`
`&&(d+=`
`);break;default:d+=`
`}let g=r+o.length+t.source.length;return{value:d,type:s,comment:o.comment,range:[r,g,g]}}function fq({offset:e,props:t},n,r){
if(t[0].type!=="block-scalar-header")return r(t[0],"IMPOSSIBLE","Block scalar header not found"),null;let{source:o}=t[0],
s=o[0],i=0,a="",l=-1;for(let f=1;f<o.length;++f){let p=o[f];if(!a&&(p==="-"||p==="+"))a=p;else{let g=Number(p);!i&&g?i=g:
l===-1&&(l=e+f)}}l!==-1&&r(l,"UNEXPECTED_TOKEN",`Block scalar header includes extra characters: ${o}`);let c=!1,u="",d=o.
length;for(let f=1;f<t.length;++f){let p=t[f];switch(p.type){case"space":c=!0;case"newline":d+=p.source.length;break;case"\
comment":n&&!c&&r(p,"MISSING_CHAR","Comments must be separated from other tokens by white space characters"),d+=p.source.
length,u=p.source.substring(1);break;case"error":r(p,"UNEXPECTED_TOKEN",p.message),d+=p.source.length;break;default:{let g=`\
Unexpected token in block scalar header: ${p.type}`;r(p,"UNEXPECTED_TOKEN",g);let m=p.source;m&&typeof m=="string"&&(d+=
m.length)}}}return{mode:s,indent:i,chomp:a,comment:u,length:d}}function pq(e){let t=e.split(/\n( *)/),n=t[0],r=n.match(/^( *)/),
s=[r!=null&&r[1]?[r[1],n.slice(r[1].length)]:["",n]];for(let i=1;i<t.length;i+=2)s.push([t[i],t[i+1]]);return s}rS.resolveBlockScalar=
dq});var yh=O(sS=>{"use strict";var gh=Pe(),mq=Ls();function hq(e,t,n){let{offset:r,type:o,source:s,end:i}=e,a,l,c=(f,p,g)=>n(
r+f,p,g);switch(o){case"scalar":a=gh.Scalar.PLAIN,l=gq(s,c);break;case"single-quoted-scalar":a=gh.Scalar.QUOTE_SINGLE,l=
yq(s,c);break;case"double-quoted-scalar":a=gh.Scalar.QUOTE_DOUBLE,l=wq(s,c);break;default:return n(e,"UNEXPECTED_TOKEN",
`Expected a flow scalar value, but found: ${o}`),{value:"",type:null,comment:"",range:[r,r+s.length,r+s.length]}}let u=r+
s.length,d=mq.resolveEnd(i,u,t,n);return{value:l,type:a,comment:d.comment,range:[r,u,d.offset]}}function gq(e,t){let n="";
switch(e[0]){case"	":n="a tab character";break;case",":n="flow indicator character ,";break;case"%":n="directive indicat\
or character %";break;case"|":case">":{n=`block scalar indicator ${e[0]}`;break}case"@":case"`":{n=`reserved character ${e[0]}`;
break}}return n&&t(0,"BAD_SCALAR_START",`Plain value cannot start with ${n}`),oS(e)}function yq(e,t){return(e[e.length-1]!==
"'"||e.length===1)&&t(e.length,"MISSING_CHAR","Missing closing 'quote"),oS(e.slice(1,-1)).replace(/''/g,"'")}function oS(e){
let t=/(.*?)\r?\n/sy,n=t.exec(e);if(!n)return e;let r,o;try{r=new RegExp("(?<![ 	])[ 	]+$"),o=new RegExp("^[ 	]+|(?<![ 	\
])[ 	]+$","g")}catch{r=/[ \t]+$/,o=/^[ \t]+|[ \t]+$/g}let s=n[1].replace(r,""),i=" ",a=t.lastIndex;for(;n=t.exec(e);){let c=n[1].
replace(o,"");c===""?i===`
`?s+=i:i=`
`:(s+=i+c,i=" "),a=t.lastIndex}let l=/[ \t]*(.*)/sy;return l.lastIndex=a,n=l.exec(e),s+i+((n==null?void 0:n[1])??"")}function wq(e,t){
let n="";for(let r=1;r<e.length-1;++r){let o=e[r];if(!(o==="\r"&&e[r+1]===`
`))if(o===`
`){let{fold:s,offset:i}=kq(e,r);n+=s,r=i}else if(o==="\\"){let s=e[++r],i=bq[s];if(i)n+=i;else if(s===`
`)for(s=e[r+1];s===" "||s==="	";)s=e[++r+1];else if(s==="\r"&&e[r+1]===`
`)for(s=e[++r+1];s===" "||s==="	";)s=e[++r+1];else if(s==="x"||s==="u"||s==="U"){let a=s==="x"?2:s==="u"?4:8;n+=vq(e,r+1,
a,t),r+=a}else{let a=e.substr(r-1,2);t(r-1,"BAD_DQ_ESCAPE",`Invalid escape sequence ${a}`),n+=a}}else if(o===" "||o==="	"){
let s=r,i=e[r+1];for(;i===" "||i==="	";)i=e[++r+1];i!==`
`&&!(i==="\r"&&e[r+2]===`
`)&&(n+=r>s?e.slice(s,r+1):o)}else n+=o}return(e[e.length-1]!=='"'||e.length===1)&&t(e.length,"MISSING_CHAR",'Missing cl\
osing "quote'),n}function kq(e,t){let n="",r=e[t+1];for(;(r===" "||r==="	"||r===`
`||r==="\r")&&!(r==="\r"&&e[t+2]!==`
`);)r===`
`&&(n+=`
`),t+=1,r=e[t+1];return n||(n=" "),{fold:n,offset:t}}var bq={0:"\0",a:"\x07",b:"\b",e:"\x1B",f:"\f",n:`
`,r:"\r",t:"	",v:"\v",N:"\x85",_:"\xA0",L:"\u2028",P:"\u2029"," ":" ",'"':'"',"/":"/","\\":"\\","	":"	"};function vq(e,t,n,r){
let o=e.substr(t,n),i=o.length===n&&/^[0-9a-fA-F]+$/.test(o)?parseInt(o,16):NaN;try{return String.fromCodePoint(i)}catch{
let a=e.substr(t-2,n+2);return r(t-2,"BAD_DQ_ESCAPE",`Invalid escape sequence ${a}`),a}}sS.resolveFlowScalar=hq});var lS=O(aS=>{"use strict";var No=Z(),iS=Pe(),xq=hh(),$q=yh();function Sq(e,t,n,r){let{value:o,type:s,comment:i,range:a}=t.
type==="block-scalar"?xq.resolveBlockScalar(e,t,r):$q.resolveFlowScalar(t,e.options.strict,r),l=n?e.directives.tagName(n.
source,d=>r(n,"TAG_RESOLVE_FAILED",d)):null,c;e.options.stringKeys&&e.atKey?c=e.schema[No.SCALAR]:l?c=Rq(e.schema,o,l,n,
r):t.type==="scalar"?c=Eq(e,o,t,r):c=e.schema[No.SCALAR];let u;try{let d=c.resolve(o,f=>r(n??t,"TAG_RESOLVE_FAILED",f),e.
options);u=No.isScalar(d)?d:new iS.Scalar(d)}catch(d){let f=d instanceof Error?d.message:String(d);r(n??t,"TAG_RESOLVE_F\
AILED",f),u=new iS.Scalar(o)}return u.range=a,u.source=o,s&&(u.type=s),l&&(u.tag=l),c.format&&(u.format=c.format),i&&(u.
comment=i),u}function Rq(e,t,n,r,o){var a;if(n==="!")return e[No.SCALAR];let s=[];for(let l of e.tags)if(!l.collection&&
l.tag===n)if(l.default&&l.test)s.push(l);else return l;for(let l of s)if((a=l.test)!=null&&a.test(t))return l;let i=e.knownTags[n];
return i&&!i.collection?(e.tags.push(Object.assign({},i,{default:!1,test:void 0})),i):(o(r,"TAG_RESOLVE_FAILED",`Unresol\
ved tag: ${n}`,n!=="tag:yaml.org,2002:str"),e[No.SCALAR])}function Eq({atKey:e,directives:t,schema:n},r,o,s){let i=n.tags.
find(a=>{var l;return(a.default===!0||e&&a.default==="key")&&((l=a.test)==null?void 0:l.test(r))})||n[No.SCALAR];if(n.compat){
let a=n.compat.find(l=>{var c;return l.default&&((c=l.test)==null?void 0:c.test(r))})??n[No.SCALAR];if(i.tag!==a.tag){let l=t.
tagString(i.tag),c=t.tagString(a.tag),u=`Value may be parsed as either ${l} or ${c}`;s(o,"TAG_RESOLVE_FAILED",u,!0)}}return i}
aS.composeScalar=Sq});var uS=O(cS=>{"use strict";function Tq(e,t,n){if(t){n??(n=t.length);for(let r=n-1;r>=0;--r){let o=t[r];switch(o.type){case"\
space":case"comment":case"newline":e-=o.source.length;continue}for(o=t[++r];(o==null?void 0:o.type)==="space";)e+=o.source.
length,o=t[++r];break}}return e}cS.emptyScalarPosition=Tq});var pS=O(kh=>{"use strict";var Aq=Qi(),Oq=Z(),_q=nS(),dS=lS(),Pq=Ls(),Iq=uS(),Nq={composeNode:fS,composeEmptyNode:wh};function fS(e,t,n,r){
let o=e.atKey,{spaceBefore:s,comment:i,anchor:a,tag:l}=n,c,u=!0;switch(t.type){case"alias":c=Cq(e,t,r),(a||l)&&r(t,"ALIA\
S_PROPS","An alias node must not specify any properties");break;case"scalar":case"single-quoted-scalar":case"double-quot\
ed-scalar":case"block-scalar":c=dS.composeScalar(e,t,l,r),a&&(c.anchor=a.source.substring(1));break;case"block-map":case"\
block-seq":case"flow-collection":try{c=_q.composeCollection(Nq,e,t,n,r),a&&(c.anchor=a.source.substring(1))}catch(d){let f=d instanceof
Error?d.message:String(d);r(t,"RESOURCE_EXHAUSTION",f)}break;default:{let d=t.type==="error"?t.message:`Unsupported toke\
n (type: ${t.type})`;r(t,"UNEXPECTED_TOKEN",d),u=!1}}return c??(c=wh(e,t.offset,void 0,null,n,r)),a&&c.anchor===""&&r(a,
"BAD_ALIAS","Anchor cannot be an empty string"),o&&e.options.stringKeys&&(!Oq.isScalar(c)||typeof c.value!="string"||c.tag&&
c.tag!=="tag:yaml.org,2002:str")&&r(l??t,"NON_STRING_KEY","With stringKeys, all keys must be strings"),s&&(c.spaceBefore=
!0),i&&(t.type==="scalar"&&t.source===""?c.comment=i:c.commentBefore=i),e.options.keepSourceTokens&&u&&(c.srcToken=t),c}
function wh(e,t,n,r,{spaceBefore:o,comment:s,anchor:i,tag:a,end:l},c){let u={type:"scalar",offset:Iq.emptyScalarPosition(
t,n,r),indent:-1,source:""},d=dS.composeScalar(e,u,a,c);return i&&(d.anchor=i.source.substring(1),d.anchor===""&&c(i,"BA\
D_ALIAS","Anchor cannot be an empty string")),o&&(d.spaceBefore=!0),s&&(d.comment=s,d.range[2]=l),d}function Cq({options:e},{
offset:t,source:n,end:r},o){let s=new Aq.Alias(n.substring(1));s.source===""&&o(t,"BAD_ALIAS","Alias cannot be an empty \
string"),s.source.endsWith(":")&&o(t+n.length-1,"BAD_ALIAS","Alias ending in : is ambiguous",!0);let i=t+n.length,a=Pq.resolveEnd(
r,i,e.strict,o);return s.range=[t,i,a.offset],a.comment&&(s.comment=a.comment),s}kh.composeEmptyNode=wh;kh.composeNode=fS});var gS=O(hS=>{"use strict";var Lq=ha(),mS=pS(),jq=Ls(),Fq=ka();function Mq(e,t,{offset:n,start:r,value:o,end:s},i){let a=Object.
assign({_directives:t},e),l=new Lq.Document(void 0,a),c={atKey:!1,atRoot:!0,directives:l.directives,options:l.options,schema:l.
schema},u=Fq.resolveProps(r,{indicator:"doc-start",next:o??(s==null?void 0:s[0]),offset:n,onError:i,parentIndent:0,startOnNewline:!0});
u.found&&(l.directives.docStart=!0,o&&(o.type==="block-map"||o.type==="block-seq")&&!u.hasNewline&&i(u.end,"MISSING_CHAR",
"Block collection cannot start on same line with directives-end marker")),l.contents=o?mS.composeNode(c,o,u,i):mS.composeEmptyNode(
c,u.end,r,null,u,i);let d=l.contents.range[2],f=jq.resolveEnd(s,d,!1,i);return f.comment&&(l.comment=f.comment),l.range=
[n,d,f.offset],l}hS.composeDoc=Mq});var vh=O(kS=>{"use strict";var Dq=require("process"),Uq=im(),qq=ha(),ba=wa(),yS=Z(),Wq=gS(),Gq=Ls();function va(e){if(typeof e==
"number")return[e,e+1];if(Array.isArray(e))return e.length===2?e:[e[0],e[1]];let{offset:t,source:n}=e;return[t,t+(typeof n==
"string"?n.length:1)]}function wS(e){var o;let t="",n=!1,r=!1;for(let s=0;s<e.length;++s){let i=e[s];switch(i[0]){case"#":
t+=(t===""?"":r?`

`:`
`)+(i.substring(1)||" "),n=!0,r=!1;break;case"%":((o=e[s+1])==null?void 0:o[0])!=="#"&&(s+=1),n=!1;break;default:n||(r=!0),
n=!1}}return{comment:t,afterEmptyLine:r}}var bh=class{constructor(t={}){this.doc=null,this.atDirectives=!1,this.prelude=
[],this.errors=[],this.warnings=[],this.onError=(n,r,o,s)=>{let i=va(n);s?this.warnings.push(new ba.YAMLWarning(i,r,o)):
this.errors.push(new ba.YAMLParseError(i,r,o))},this.directives=new Uq.Directives({version:t.version||"1.2"}),this.options=
t}decorate(t,n){let{comment:r,afterEmptyLine:o}=wS(this.prelude);if(r){let s=t.contents;if(n)t.comment=t.comment?`${t.comment}\

${r}`:r;else if(o||t.directives.docStart||!s)t.commentBefore=r;else if(yS.isCollection(s)&&!s.flow&&s.items.length>0){let i=s.
items[0];yS.isPair(i)&&(i=i.key);let a=i.commentBefore;i.commentBefore=a?`${r}
${a}`:r}else{let i=s.commentBefore;s.commentBefore=i?`${r}
${i}`:r}}if(n){for(let s=0;s<this.errors.length;++s)t.errors.push(this.errors[s]);for(let s=0;s<this.warnings.length;++s)
t.warnings.push(this.warnings[s])}else t.errors=this.errors,t.warnings=this.warnings;this.prelude=[],this.errors=[],this.
warnings=[]}streamInfo(){return{comment:wS(this.prelude).comment,directives:this.directives,errors:this.errors,warnings:this.
warnings}}*compose(t,n=!1,r=-1){for(let o of t)yield*this.next(o);yield*this.end(n,r)}*next(t){switch(Dq.env.LOG_STREAM&&
console.dir(t,{depth:null}),t.type){case"directive":this.directives.add(t.source,(n,r,o)=>{let s=va(t);s[0]+=n,this.onError(
s,"BAD_DIRECTIVE",r,o)}),this.prelude.push(t.source),this.atDirectives=!0;break;case"document":{let n=Wq.composeDoc(this.
options,this.directives,t,this.onError);this.atDirectives&&!n.directives.docStart&&this.onError(t,"MISSING_CHAR","Missin\
g directives-end/doc-start indicator line"),this.decorate(n,!1),this.doc&&(yield this.doc),this.doc=n,this.atDirectives=
!1;break}case"byte-order-mark":case"space":break;case"comment":case"newline":this.prelude.push(t.source);break;case"erro\
r":{let n=t.source?`${t.message}: ${JSON.stringify(t.source)}`:t.message,r=new ba.YAMLParseError(va(t),"UNEXPECTED_TOKEN",
n);this.atDirectives||!this.doc?this.errors.push(r):this.doc.errors.push(r);break}case"doc-end":{if(!this.doc){let r="Un\
expected doc-end without preceding document";this.errors.push(new ba.YAMLParseError(va(t),"UNEXPECTED_TOKEN",r));break}this.
doc.directives.docEnd=!0;let n=Gq.resolveEnd(t.end,t.offset+t.source.length,this.doc.options.strict,this.onError);if(this.
decorate(this.doc,!0),n.comment){let r=this.doc.comment;this.doc.comment=r?`${r}
${n.comment}`:n.comment}this.doc.range[2]=n.offset;break}default:this.errors.push(new ba.YAMLParseError(va(t),"UNEXPECTE\
D_TOKEN",`Unsupported token ${t.type}`))}}*end(t=!1,n=-1){if(this.doc)this.decorate(this.doc,!0),yield this.doc,this.doc=
null;else if(t){let r=Object.assign({_directives:this.directives},this.options),o=new qq.Document(void 0,r);this.atDirectives&&
this.onError(n,"MISSING_CHAR","Missing directives-end indicator line"),o.range=[0,n,n],this.decorate(o,!1),yield o}}};kS.
Composer=bh});var xS=O(yu=>{"use strict";var Hq=hh(),Bq=yh(),Kq=wa(),bS=oa();function Vq(e,t=!0,n){if(e){let r=(o,s,i)=>{let a=typeof o==
"number"?o:Array.isArray(o)?o[0]:o.offset;if(n)n(a,s,i);else throw new Kq.YAMLParseError([a,a+1],s,i)};switch(e.type){case"\
scalar":case"single-quoted-scalar":case"double-quoted-scalar":return Bq.resolveFlowScalar(e,t,r);case"block-scalar":return Hq.
resolveBlockScalar({options:{strict:t}},e,r)}}return null}function zq(e,t){let{implicitKey:n=!1,indent:r,inFlow:o=!1,offset:s=-1,
type:i="PLAIN"}=t,a=bS.stringifyString({type:i,value:e},{implicitKey:n,indent:r>0?" ".repeat(r):"",inFlow:o,options:{blockQuote:!0,
lineWidth:-1}}),l=t.end??[{type:"newline",offset:-1,indent:r,source:`
`}];switch(a[0]){case"|":case">":{let c=a.indexOf(`
`),u=a.substring(0,c),d=a.substring(c+1)+`
`,f=[{type:"block-scalar-header",offset:s,indent:r,source:u}];return vS(f,l)||f.push({type:"newline",offset:-1,indent:r,
source:`
`}),{type:"block-scalar",offset:s,indent:r,props:f,source:d}}case'"':return{type:"double-quoted-scalar",offset:s,indent:r,
source:a,end:l};case"'":return{type:"single-quoted-scalar",offset:s,indent:r,source:a,end:l};default:return{type:"scalar",
offset:s,indent:r,source:a,end:l}}}function Jq(e,t,n={}){let{afterKey:r=!1,implicitKey:o=!1,inFlow:s=!1,type:i}=n,a="ind\
ent"in e?e.indent:null;if(r&&typeof a=="number"&&(a+=2),!i)switch(e.type){case"single-quoted-scalar":i="QUOTE_SINGLE";break;case"\
double-quoted-scalar":i="QUOTE_DOUBLE";break;case"block-scalar":{let c=e.props[0];if(c.type!=="block-scalar-header")throw new Error(
"Invalid block scalar header");i=c.source[0]===">"?"BLOCK_FOLDED":"BLOCK_LITERAL";break}default:i="PLAIN"}let l=bS.stringifyString(
{type:i,value:t},{implicitKey:o||a===null,indent:a!==null&&a>0?" ".repeat(a):"",inFlow:s,options:{blockQuote:!0,lineWidth:-1}});
switch(l[0]){case"|":case">":Yq(e,l);break;case'"':xh(e,l,"double-quoted-scalar");break;case"'":xh(e,l,"single-quoted-sc\
alar");break;default:xh(e,l,"scalar")}}function Yq(e,t){let n=t.indexOf(`
`),r=t.substring(0,n),o=t.substring(n+1)+`
`;if(e.type==="block-scalar"){let s=e.props[0];if(s.type!=="block-scalar-header")throw new Error("Invalid block scalar h\
eader");s.source=r,e.source=o}else{let{offset:s}=e,i="indent"in e?e.indent:-1,a=[{type:"block-scalar-header",offset:s,indent:i,
source:r}];vS(a,"end"in e?e.end:void 0)||a.push({type:"newline",offset:-1,indent:i,source:`
`});for(let l of Object.keys(e))l!=="type"&&l!=="offset"&&delete e[l];Object.assign(e,{type:"block-scalar",indent:i,props:a,
source:o})}}function vS(e,t){if(t)for(let n of t)switch(n.type){case"space":case"comment":e.push(n);break;case"newline":
return e.push(n),!0}return!1}function xh(e,t,n){switch(e.type){case"scalar":case"double-quoted-scalar":case"single-quote\
d-scalar":e.type=n,e.source=t;break;case"block-scalar":{let r=e.props.slice(1),o=t.length;e.props[0].type==="block-scala\
r-header"&&(o-=e.props[0].source.length);for(let s of r)s.offset+=o;delete e.props,Object.assign(e,{type:n,source:t,end:r});
break}case"block-map":case"block-seq":{let o={type:"newline",offset:e.offset+t.length,indent:e.indent,source:`
`};delete e.items,Object.assign(e,{type:n,source:t,end:[o]});break}default:{let r="indent"in e?e.indent:-1,o="end"in e&&
Array.isArray(e.end)?e.end.filter(s=>s.type==="space"||s.type==="comment"||s.type==="newline"):[];for(let s of Object.keys(
e))s!=="type"&&s!=="offset"&&delete e[s];Object.assign(e,{type:n,indent:r,source:t,end:o})}}}yu.createScalarToken=zq;yu.
resolveAsScalar=Vq;yu.setScalarValue=Jq});var SS=O($S=>{"use strict";var Zq=e=>"type"in e?ku(e):wu(e);function ku(e){switch(e.type){case"block-scalar":{let t="";for(let n of e.
props)t+=ku(n);return t+e.source}case"block-map":case"block-seq":{let t="";for(let n of e.items)t+=wu(n);return t}case"f\
low-collection":{let t=e.start.source;for(let n of e.items)t+=wu(n);for(let n of e.end)t+=n.source;return t}case"documen\
t":{let t=wu(e);if(e.end)for(let n of e.end)t+=n.source;return t}default:{let t=e.source;if("end"in e&&e.end)for(let n of e.
end)t+=n.source;return t}}}function wu({start:e,key:t,sep:n,value:r}){let o="";for(let s of e)o+=s.source;if(t&&(o+=ku(t)),
n)for(let s of n)o+=s.source;return r&&(o+=ku(r)),o}$S.stringify=Zq});var AS=O(TS=>{"use strict";var $h=Symbol("break visit"),Xq=Symbol("skip children"),RS=Symbol("remove item");function Co(e,t){
"type"in e&&e.type==="document"&&(e={start:e.start,value:e.value}),ES(Object.freeze([]),e,t)}Co.BREAK=$h;Co.SKIP=Xq;Co.REMOVE=
RS;Co.itemAtPath=(e,t)=>{let n=e;for(let[r,o]of t){let s=n==null?void 0:n[r];if(s&&"items"in s)n=s.items[o];else return}
return n};Co.parentCollection=(e,t)=>{let n=Co.itemAtPath(e,t.slice(0,-1)),r=t[t.length-1][0],o=n==null?void 0:n[r];if(o&&
"items"in o)return o;throw new Error("Parent collection not found")};function ES(e,t,n){let r=n(t,e);if(typeof r=="symbo\
l")return r;for(let o of["key","value"]){let s=t[o];if(s&&"items"in s){for(let i=0;i<s.items.length;++i){let a=ES(Object.
freeze(e.concat([[o,i]])),s.items[i],n);if(typeof a=="number")i=a-1;else{if(a===$h)return $h;a===RS&&(s.items.splice(i,1),
i-=1)}}typeof r=="function"&&o==="key"&&(r=r(t,e))}}return typeof r=="function"?r(t,e):r}TS.visit=Co});var bu=O(St=>{"use strict";var Sh=xS(),Qq=SS(),e4=AS(),Rh="\uFEFF",Eh="",Th="",Ah="",t4=e=>!!e&&"items"in e,n4=e=>!!e&&
(e.type==="scalar"||e.type==="single-quoted-scalar"||e.type==="double-quoted-scalar"||e.type==="block-scalar");function r4(e){
switch(e){case Rh:return"<BOM>";case Eh:return"<DOC>";case Th:return"<FLOW_END>";case Ah:return"<SCALAR>";default:return JSON.
stringify(e)}}function o4(e){switch(e){case Rh:return"byte-order-mark";case Eh:return"doc-mode";case Th:return"flow-erro\
r-end";case Ah:return"scalar";case"---":return"doc-start";case"...":return"doc-end";case"":case`
`:case`\r
`:return"newline";case"-":return"seq-item-ind";case"?":return"explicit-key-ind";case":":return"map-value-ind";case"{":return"\
flow-map-start";case"}":return"flow-map-end";case"[":return"flow-seq-start";case"]":return"flow-seq-end";case",":return"\
comma"}switch(e[0]){case" ":case"	":return"space";case"#":return"comment";case"%":return"directive-line";case"*":return"\
alias";case"&":return"anchor";case"!":return"tag";case"'":return"single-quoted-scalar";case'"':return"double-quoted-scal\
ar";case"|":case">":return"block-scalar-header"}return null}St.createScalarToken=Sh.createScalarToken;St.resolveAsScalar=
Sh.resolveAsScalar;St.setScalarValue=Sh.setScalarValue;St.stringify=Qq.stringify;St.visit=e4.visit;St.BOM=Rh;St.DOCUMENT=
Eh;St.FLOW_END=Th;St.SCALAR=Ah;St.isCollection=t4;St.isScalar=n4;St.prettyToken=r4;St.tokenType=o4});var Ph=O(_S=>{"use strict";var xa=bu();function mn(e){switch(e){case void 0:case" ":case`
`:case"\r":case"	":return!0;default:return!1}}var OS=new Set("0123456789ABCDEFabcdef"),s4=new Set("0123456789ABCDEFGHIJK\
LMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()"),vu=new Set(",[]{}"),i4=new Set(` ,[]{}
\r	`),Oh=e=>!e||i4.has(e),_h=class{constructor(){this.atEnd=!1,this.blockScalarIndent=-1,this.blockScalarKeep=!1,this.buffer=
"",this.flowKey=!1,this.flowLevel=0,this.indentNext=0,this.indentValue=0,this.lineEndPos=null,this.next=null,this.pos=0}*lex(t,n=!1){
if(t){if(typeof t!="string")throw TypeError("source is not a string");this.buffer=this.buffer?this.buffer+t:t,this.lineEndPos=
null}this.atEnd=!n;let r=this.next??"stream";for(;r&&(n||this.hasChars(1));)r=yield*this.parseNext(r)}atLineEnd(){let t=this.
pos,n=this.buffer[t];for(;n===" "||n==="	";)n=this.buffer[++t];return!n||n==="#"||n===`
`?!0:n==="\r"?this.buffer[t+1]===`
`:!1}charAt(t){return this.buffer[this.pos+t]}continueScalar(t){let n=this.buffer[t];if(this.indentNext>0){let r=0;for(;n===
" ";)n=this.buffer[++r+t];if(n==="\r"){let o=this.buffer[r+t+1];if(o===`
`||!o&&!this.atEnd)return t+r+1}return n===`
`||r>=this.indentNext||!n&&!this.atEnd?t+r:-1}if(n==="-"||n==="."){let r=this.buffer.substr(t,3);if((r==="---"||r==="...")&&
mn(this.buffer[t+3]))return-1}return t}getLine(){let t=this.lineEndPos;return(typeof t!="number"||t!==-1&&t<this.pos)&&(t=
this.buffer.indexOf(`
`,this.pos),this.lineEndPos=t),t===-1?this.atEnd?this.buffer.substring(this.pos):null:(this.buffer[t-1]==="\r"&&(t-=1),this.
buffer.substring(this.pos,t))}hasChars(t){return this.pos+t<=this.buffer.length}setNext(t){return this.buffer=this.buffer.
substring(this.pos),this.pos=0,this.lineEndPos=null,this.next=t,null}peek(t){return this.buffer.substr(this.pos,t)}*parseNext(t){
switch(t){case"stream":return yield*this.parseStream();case"line-start":return yield*this.parseLineStart();case"block-st\
art":return yield*this.parseBlockStart();case"doc":return yield*this.parseDocument();case"flow":return yield*this.parseFlowCollection();case"\
quoted-scalar":return yield*this.parseQuotedScalar();case"block-scalar":return yield*this.parseBlockScalar();case"plain-\
scalar":return yield*this.parsePlainScalar()}}*parseStream(){let t=this.getLine();if(t===null)return this.setNext("strea\
m");if(t[0]===xa.BOM&&(yield*this.pushCount(1),t=t.substring(1)),t[0]==="%"){let n=t.length,r=t.indexOf("#");for(;r!==-1;){
let s=t[r-1];if(s===" "||s==="	"){n=r-1;break}else r=t.indexOf("#",r+1)}for(;;){let s=t[n-1];if(s===" "||s==="	")n-=1;else
break}let o=(yield*this.pushCount(n))+(yield*this.pushSpaces(!0));return yield*this.pushCount(t.length-o),this.pushNewline(),
"stream"}if(this.atLineEnd()){let n=yield*this.pushSpaces(!0);return yield*this.pushCount(t.length-n),yield*this.pushNewline(),
"stream"}return yield xa.DOCUMENT,yield*this.parseLineStart()}*parseLineStart(){let t=this.charAt(0);if(!t&&!this.atEnd)
return this.setNext("line-start");if(t==="-"||t==="."){if(!this.atEnd&&!this.hasChars(4))return this.setNext("line-start");
let n=this.peek(3);if((n==="---"||n==="...")&&mn(this.charAt(3)))return yield*this.pushCount(3),this.indentValue=0,this.
indentNext=0,n==="---"?"doc":"stream"}return this.indentValue=yield*this.pushSpaces(!1),this.indentNext>this.indentValue&&
!mn(this.charAt(1))&&(this.indentNext=this.indentValue),yield*this.parseBlockStart()}*parseBlockStart(){let[t,n]=this.peek(
2);if(!n&&!this.atEnd)return this.setNext("block-start");if((t==="-"||t==="?"||t===":")&&mn(n)){let r=(yield*this.pushCount(
1))+(yield*this.pushSpaces(!0));return this.indentNext=this.indentValue+1,this.indentValue+=r,"block-start"}return"doc"}*parseDocument(){
yield*this.pushSpaces(!0);let t=this.getLine();if(t===null)return this.setNext("doc");let n=yield*this.pushIndicators();
switch(t[n]){case"#":yield*this.pushCount(t.length-n);case void 0:return yield*this.pushNewline(),yield*this.parseLineStart();case"\
{":case"[":return yield*this.pushCount(1),this.flowKey=!1,this.flowLevel=1,"flow";case"}":case"]":return yield*this.pushCount(
1),"doc";case"*":return yield*this.pushUntil(Oh),"doc";case'"':case"'":return yield*this.parseQuotedScalar();case"|":case"\
>":return n+=yield*this.parseBlockScalarHeader(),n+=yield*this.pushSpaces(!0),yield*this.pushCount(t.length-n),yield*this.
pushNewline(),yield*this.parseBlockScalar();default:return yield*this.parsePlainScalar()}}*parseFlowCollection(){let t,n,
r=-1;do t=yield*this.pushNewline(),t>0?(n=yield*this.pushSpaces(!1),this.indentValue=r=n):n=0,n+=yield*this.pushSpaces(!0);while(t+
n>0);let o=this.getLine();if(o===null)return this.setNext("flow");if((r!==-1&&r<this.indentNext&&o[0]!=="#"||r===0&&(o.startsWith(
"---")||o.startsWith("..."))&&mn(o[3]))&&!(r===this.indentNext-1&&this.flowLevel===1&&(o[0]==="]"||o[0]==="}")))return this.
flowLevel=0,yield xa.FLOW_END,yield*this.parseLineStart();let s=0;for(;o[s]===",";)s+=yield*this.pushCount(1),s+=yield*this.
pushSpaces(!0),this.flowKey=!1;switch(s+=yield*this.pushIndicators(),o[s]){case void 0:return"flow";case"#":return yield*this.
pushCount(o.length-s),"flow";case"{":case"[":return yield*this.pushCount(1),this.flowKey=!1,this.flowLevel+=1,"flow";case"\
}":case"]":return yield*this.pushCount(1),this.flowKey=!0,this.flowLevel-=1,this.flowLevel?"flow":"doc";case"*":return yield*this.
pushUntil(Oh),"flow";case'"':case"'":return this.flowKey=!0,yield*this.parseQuotedScalar();case":":{let i=this.charAt(1);
if(this.flowKey||mn(i)||i===",")return this.flowKey=!1,yield*this.pushCount(1),yield*this.pushSpaces(!0),"flow"}default:
return this.flowKey=!1,yield*this.parsePlainScalar()}}*parseQuotedScalar(){let t=this.charAt(0),n=this.buffer.indexOf(t,
this.pos+1);if(t==="'")for(;n!==-1&&this.buffer[n+1]==="'";)n=this.buffer.indexOf("'",n+2);else for(;n!==-1;){let s=0;for(;this.
buffer[n-1-s]==="\\";)s+=1;if(s%2===0)break;n=this.buffer.indexOf('"',n+1)}let r=this.buffer.substring(0,n),o=r.indexOf(
`
`,this.pos);if(o!==-1){for(;o!==-1;){let s=this.continueScalar(o+1);if(s===-1)break;o=r.indexOf(`
`,s)}o!==-1&&(n=o-(r[o-1]==="\r"?2:1))}if(n===-1){if(!this.atEnd)return this.setNext("quoted-scalar");n=this.buffer.length}
return yield*this.pushToIndex(n+1,!1),this.flowLevel?"flow":"doc"}*parseBlockScalarHeader(){this.blockScalarIndent=-1,this.
blockScalarKeep=!1;let t=this.pos;for(;;){let n=this.buffer[++t];if(n==="+")this.blockScalarKeep=!0;else if(n>"0"&&n<="9")
this.blockScalarIndent=Number(n)-1;else if(n!=="-")break}return yield*this.pushUntil(n=>mn(n)||n==="#")}*parseBlockScalar(){
let t=this.pos-1,n=0,r;e:for(let s=this.pos;r=this.buffer[s];++s)switch(r){case" ":n+=1;break;case`
`:t=s,n=0;break;case"\r":{let i=this.buffer[s+1];if(!i&&!this.atEnd)return this.setNext("block-scalar");if(i===`
`)break}default:break e}if(!r&&!this.atEnd)return this.setNext("block-scalar");if(n>=this.indentNext){this.blockScalarIndent===
-1?this.indentNext=n:this.indentNext=this.blockScalarIndent+(this.indentNext===0?1:this.indentNext);do{let s=this.continueScalar(
t+1);if(s===-1)break;t=this.buffer.indexOf(`
`,s)}while(t!==-1);if(t===-1){if(!this.atEnd)return this.setNext("block-scalar");t=this.buffer.length}}let o=t+1;for(r=this.
buffer[o];r===" ";)r=this.buffer[++o];if(r==="	"){for(;r==="	"||r===" "||r==="\r"||r===`
`;)r=this.buffer[++o];t=o-1}else if(!this.blockScalarKeep)do{let s=t-1,i=this.buffer[s];i==="\r"&&(i=this.buffer[--s]);let a=s;
for(;i===" ";)i=this.buffer[--s];if(i===`
`&&s>=this.pos&&s+1+n>a)t=s;else break}while(!0);return yield xa.SCALAR,yield*this.pushToIndex(t+1,!0),yield*this.parseLineStart()}*parsePlainScalar(){
let t=this.flowLevel>0,n=this.pos-1,r=this.pos-1,o;for(;o=this.buffer[++r];)if(o===":"){let s=this.buffer[r+1];if(mn(s)||
t&&vu.has(s))break;n=r}else if(mn(o)){let s=this.buffer[r+1];if(o==="\r"&&(s===`
`?(r+=1,o=`
`,s=this.buffer[r+1]):n=r),s==="#"||t&&vu.has(s))break;if(o===`
`){let i=this.continueScalar(r+1);if(i===-1)break;r=Math.max(r,i-2)}}else{if(t&&vu.has(o))break;n=r}return!o&&!this.atEnd?
this.setNext("plain-scalar"):(yield xa.SCALAR,yield*this.pushToIndex(n+1,!0),t?"flow":"doc")}*pushCount(t){return t>0?(yield this.
buffer.substr(this.pos,t),this.pos+=t,t):0}*pushToIndex(t,n){let r=this.buffer.slice(this.pos,t);return r?(yield r,this.
pos+=r.length,r.length):(n&&(yield""),0)}*pushIndicators(){let t=0;e:for(;;){switch(this.charAt(0)){case"!":t+=yield*this.
pushTag(),t+=yield*this.pushSpaces(!0);continue e;case"&":t+=yield*this.pushUntil(Oh),t+=yield*this.pushSpaces(!0);continue e;case"\
-":case"?":case":":{let n=this.flowLevel>0,r=this.charAt(1);if(mn(r)||n&&vu.has(r)){n?this.flowKey&&(this.flowKey=!1):this.
indentNext=this.indentValue+1,t+=yield*this.pushCount(1),t+=yield*this.pushSpaces(!0);continue e}}}break e}return t}*pushTag(){
if(this.charAt(1)==="<"){let t=this.pos+2,n=this.buffer[t];for(;!mn(n)&&n!==">";)n=this.buffer[++t];return yield*this.pushToIndex(
n===">"?t+1:t,!1)}else{let t=this.pos+1,n=this.buffer[t];for(;n;)if(s4.has(n))n=this.buffer[++t];else if(n==="%"&&OS.has(
this.buffer[t+1])&&OS.has(this.buffer[t+2]))n=this.buffer[t+=3];else break;return yield*this.pushToIndex(t,!1)}}*pushNewline(){
let t=this.buffer[this.pos];return t===`
`?yield*this.pushCount(1):t==="\r"&&this.charAt(1)===`
`?yield*this.pushCount(2):0}*pushSpaces(t){let n=this.pos-1,r;do r=this.buffer[++n];while(r===" "||t&&r==="	");let o=n-this.
pos;return o>0&&(yield this.buffer.substr(this.pos,o),this.pos=n),o}*pushUntil(t){let n=this.pos,r=this.buffer[n];for(;!t(
r);)r=this.buffer[++n];return yield*this.pushToIndex(n,!1)}};_S.Lexer=_h});var Nh=O(PS=>{"use strict";var Ih=class{constructor(){this.lineStarts=[],this.addNewLine=t=>this.lineStarts.push(t),this.
linePos=t=>{let n=0,r=this.lineStarts.length;for(;n<r;){let s=n+r>>1;this.lineStarts[s]<t?n=s+1:r=s}if(this.lineStarts[n]===
t)return{line:n+1,col:1};if(n===0)return{line:0,col:t};let o=this.lineStarts[n-1];return{line:n,col:t-o+1}}}};PS.LineCounter=
Ih});var Lh=O(jS=>{"use strict";var a4=require("process"),IS=bu(),l4=Ph();function Cr(e,t){for(let n=0;n<e.length;++n)if(e[n].
type===t)return!0;return!1}function NS(e){for(let t=0;t<e.length;++t)switch(e[t].type){case"space":case"comment":case"ne\
wline":break;default:return t}return-1}function LS(e){switch(e==null?void 0:e.type){case"alias":case"scalar":case"single\
-quoted-scalar":case"double-quoted-scalar":case"flow-collection":return!0;default:return!1}}function xu(e){switch(e.type){case"\
document":return e.start;case"block-map":{let t=e.items[e.items.length-1];return t.sep??t.start}case"block-seq":return e.
items[e.items.length-1].start;default:return[]}}function js(e){var n;if(e.length===0)return[];let t=e.length;e:for(;--t>=
0;)switch(e[t].type){case"doc-start":case"explicit-key-ind":case"map-value-ind":case"seq-item-ind":case"newline":break e}
for(;((n=e[++t])==null?void 0:n.type)==="space";);return e.splice(t,e.length)}function $u(e,t){if(t.length<1e5)Array.prototype.
push.apply(e,t);else for(let n=0;n<t.length;++n)e.push(t[n])}function CS(e){if(e.start.type==="flow-seq-start")for(let t of e.
items)t.sep&&!t.value&&!Cr(t.start,"explicit-key-ind")&&!Cr(t.sep,"map-value-ind")&&(t.key&&(t.value=t.key),delete t.key,
LS(t.value)?t.value.end?$u(t.value.end,t.sep):t.value.end=t.sep:$u(t.start,t.sep),delete t.sep)}var Ch=class{constructor(t){
this.atNewLine=!0,this.atScalar=!1,this.indent=0,this.offset=0,this.onKeyLine=!1,this.stack=[],this.source="",this.type=
"",this.lexer=new l4.Lexer,this.onNewLine=t}*parse(t,n=!1){this.onNewLine&&this.offset===0&&this.onNewLine(0);for(let r of this.
lexer.lex(t,n))yield*this.next(r);n||(yield*this.end())}*next(t){if(this.source=t,a4.env.LOG_TOKENS&&console.log("|",IS.
prettyToken(t)),this.atScalar){this.atScalar=!1,yield*this.step(),this.offset+=t.length;return}let n=IS.tokenType(t);if(n)
if(n==="scalar")this.atNewLine=!1,this.atScalar=!0,this.type="scalar";else{switch(this.type=n,yield*this.step(),n){case"\
newline":this.atNewLine=!0,this.indent=0,this.onNewLine&&this.onNewLine(this.offset+t.length);break;case"space":this.atNewLine&&
t[0]===" "&&(this.indent+=t.length);break;case"explicit-key-ind":case"map-value-ind":case"seq-item-ind":this.atNewLine&&
(this.indent+=t.length);break;case"doc-mode":case"flow-error-end":return;default:this.atNewLine=!1}this.offset+=t.length}else{
let r=`Not a YAML token: ${t}`;yield*this.pop({type:"error",offset:this.offset,message:r,source:t}),this.offset+=t.length}}*end(){
for(;this.stack.length>0;)yield*this.pop()}get sourceToken(){return{type:this.type,offset:this.offset,indent:this.indent,
source:this.source}}*step(){let t=this.peek(1);if(this.type==="doc-end"&&(t==null?void 0:t.type)!=="doc-end"){for(;this.
stack.length>0;)yield*this.pop();this.stack.push({type:"doc-end",offset:this.offset,source:this.source});return}if(!t)return yield*this.
stream();switch(t.type){case"document":return yield*this.document(t);case"alias":case"scalar":case"single-quoted-scalar":case"\
double-quoted-scalar":return yield*this.scalar(t);case"block-scalar":return yield*this.blockScalar(t);case"block-map":return yield*this.
blockMap(t);case"block-seq":return yield*this.blockSequence(t);case"flow-collection":return yield*this.flowCollection(t);case"\
doc-end":return yield*this.documentEnd(t)}yield*this.pop()}peek(t){return this.stack[this.stack.length-t]}*pop(t){let n=t??
this.stack.pop();if(!n)yield{type:"error",offset:this.offset,source:"",message:"Tried to pop an empty stack"};else if(this.
stack.length===0)yield n;else{let r=this.peek(1);switch(n.type==="block-scalar"?n.indent="indent"in r?r.indent:0:n.type===
"flow-collection"&&r.type==="document"&&(n.indent=0),n.type==="flow-collection"&&CS(n),r.type){case"document":r.value=n;
break;case"block-scalar":r.props.push(n);break;case"block-map":{let o=r.items[r.items.length-1];if(o.value){r.items.push(
{start:[],key:n,sep:[]}),this.onKeyLine=!0;return}else if(o.sep)o.value=n;else{Object.assign(o,{key:n,sep:[]}),this.onKeyLine=
!o.explicitKey;return}break}case"block-seq":{let o=r.items[r.items.length-1];o.value?r.items.push({start:[],value:n}):o.
value=n;break}case"flow-collection":{let o=r.items[r.items.length-1];!o||o.value?r.items.push({start:[],key:n,sep:[]}):o.
sep?o.value=n:Object.assign(o,{key:n,sep:[]});return}default:yield*this.pop(),yield*this.pop(n)}if((r.type==="document"||
r.type==="block-map"||r.type==="block-seq")&&(n.type==="block-map"||n.type==="block-seq")){let o=n.items[n.items.length-
1];o&&!o.sep&&!o.value&&o.start.length>0&&NS(o.start)===-1&&(n.indent===0||o.start.every(s=>s.type!=="comment"||s.indent<
n.indent))&&(r.type==="document"?r.end=o.start:r.items.push({start:o.start}),n.items.splice(-1,1))}}}*stream(){switch(this.
type){case"directive-line":yield{type:"directive",offset:this.offset,source:this.source};return;case"byte-order-mark":case"\
space":case"comment":case"newline":yield this.sourceToken;return;case"doc-mode":case"doc-start":{let t={type:"document",
offset:this.offset,start:[]};this.type==="doc-start"&&t.start.push(this.sourceToken),this.stack.push(t);return}}yield{type:"\
error",offset:this.offset,message:`Unexpected ${this.type} token in YAML stream`,source:this.source}}*document(t){if(t.value)
return yield*this.lineEnd(t);switch(this.type){case"doc-start":{NS(t.start)!==-1?(yield*this.pop(),yield*this.step()):t.
start.push(this.sourceToken);return}case"anchor":case"tag":case"space":case"comment":case"newline":t.start.push(this.sourceToken);
return}let n=this.startBlockValue(t);n?this.stack.push(n):yield{type:"error",offset:this.offset,message:`Unexpected ${this.
type} token in YAML document`,source:this.source}}*scalar(t){if(this.type==="map-value-ind"){let n=xu(this.peek(2)),r=js(
n),o;t.end?(o=t.end,o.push(this.sourceToken),delete t.end):o=[this.sourceToken];let s={type:"block-map",offset:t.offset,
indent:t.indent,items:[{start:r,key:t,sep:o}]};this.onKeyLine=!0,this.stack[this.stack.length-1]=s}else yield*this.lineEnd(
t)}*blockScalar(t){switch(this.type){case"space":case"comment":case"newline":t.props.push(this.sourceToken);return;case"\
scalar":if(t.source=this.source,this.atNewLine=!0,this.indent=0,this.onNewLine){let n=this.source.indexOf(`
`)+1;for(;n!==0;)this.onNewLine(this.offset+n),n=this.source.indexOf(`
`,n)+1}yield*this.pop();break;default:yield*this.pop(),yield*this.step()}}*blockMap(t){var r;let n=t.items[t.items.length-
1];switch(this.type){case"newline":if(this.onKeyLine=!1,n.value){let o="end"in n.value?n.value.end:void 0,s=Array.isArray(
o)?o[o.length-1]:void 0;(s==null?void 0:s.type)==="comment"?o==null||o.push(this.sourceToken):t.items.push({start:[this.
sourceToken]})}else n.sep?n.sep.push(this.sourceToken):n.start.push(this.sourceToken);return;case"space":case"comment":if(n.
value)t.items.push({start:[this.sourceToken]});else if(n.sep)n.sep.push(this.sourceToken);else{if(this.atIndentedComment(
n.start,t.indent)){let o=t.items[t.items.length-2],s=(r=o==null?void 0:o.value)==null?void 0:r.end;if(Array.isArray(s)){
$u(s,n.start),s.push(this.sourceToken),t.items.pop();return}}n.start.push(this.sourceToken)}return}if(this.indent>=t.indent){
let o=!this.onKeyLine&&this.indent===t.indent,s=o&&(n.sep||n.explicitKey)&&this.type!=="seq-item-ind",i=[];if(s&&n.sep&&
!n.value){let a=[];for(let l=0;l<n.sep.length;++l){let c=n.sep[l];switch(c.type){case"newline":a.push(l);break;case"spac\
e":break;case"comment":c.indent>t.indent&&(a.length=0);break;default:a.length=0}}a.length>=2&&(i=n.sep.splice(a[1]))}switch(this.
type){case"anchor":case"tag":s||n.value?(i.push(this.sourceToken),t.items.push({start:i}),this.onKeyLine=!0):n.sep?n.sep.
push(this.sourceToken):n.start.push(this.sourceToken);return;case"explicit-key-ind":!n.sep&&!n.explicitKey?(n.start.push(
this.sourceToken),n.explicitKey=!0):s||n.value?(i.push(this.sourceToken),t.items.push({start:i,explicitKey:!0})):this.stack.
push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:[this.sourceToken],explicitKey:!0}]}),this.onKeyLine=
!0;return;case"map-value-ind":if(n.explicitKey)if(n.sep)if(n.value)t.items.push({start:[],key:null,sep:[this.sourceToken]});else if(Cr(
n.sep,"map-value-ind"))this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:i,key:null,
sep:[this.sourceToken]}]});else if(LS(n.key)&&!Cr(n.sep,"newline")){let a=js(n.start),l=n.key,c=n.sep;c.push(this.sourceToken),
delete n.key,delete n.sep,this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:a,key:l,
sep:c}]})}else i.length>0?n.sep=n.sep.concat(i,this.sourceToken):n.sep.push(this.sourceToken);else if(Cr(n.start,"newlin\
e"))Object.assign(n,{key:null,sep:[this.sourceToken]});else{let a=js(n.start);this.stack.push({type:"block-map",offset:this.
offset,indent:this.indent,items:[{start:a,key:null,sep:[this.sourceToken]}]})}else n.sep?n.value||s?t.items.push({start:i,
key:null,sep:[this.sourceToken]}):Cr(n.sep,"map-value-ind")?this.stack.push({type:"block-map",offset:this.offset,indent:this.
indent,items:[{start:[],key:null,sep:[this.sourceToken]}]}):n.sep.push(this.sourceToken):Object.assign(n,{key:null,sep:[
this.sourceToken]});this.onKeyLine=!0;return;case"alias":case"scalar":case"single-quoted-scalar":case"double-quoted-scal\
ar":{let a=this.flowScalar(this.type);s||n.value?(t.items.push({start:i,key:a,sep:[]}),this.onKeyLine=!0):n.sep?this.stack.
push(a):(Object.assign(n,{key:a,sep:[]}),this.onKeyLine=!0);return}default:{let a=this.startBlockValue(t);if(a){if(a.type===
"block-seq"){if(!n.explicitKey&&n.sep&&!Cr(n.sep,"newline")){yield*this.pop({type:"error",offset:this.offset,message:"Un\
expected block-seq-ind on same line with key",source:this.source});return}}else o&&t.items.push({start:i});this.stack.push(
a);return}}}}yield*this.pop(),yield*this.step()}*blockSequence(t){var r;let n=t.items[t.items.length-1];switch(this.type){case"\
newline":if(n.value){let o="end"in n.value?n.value.end:void 0,s=Array.isArray(o)?o[o.length-1]:void 0;(s==null?void 0:s.
type)==="comment"?o==null||o.push(this.sourceToken):t.items.push({start:[this.sourceToken]})}else n.start.push(this.sourceToken);
return;case"space":case"comment":if(n.value)t.items.push({start:[this.sourceToken]});else{if(this.atIndentedComment(n.start,
t.indent)){let o=t.items[t.items.length-2],s=(r=o==null?void 0:o.value)==null?void 0:r.end;if(Array.isArray(s)){$u(s,n.start),
s.push(this.sourceToken),t.items.pop();return}}n.start.push(this.sourceToken)}return;case"anchor":case"tag":if(n.value||
this.indent<=t.indent)break;n.start.push(this.sourceToken);return;case"seq-item-ind":if(this.indent!==t.indent)break;n.value||
Cr(n.start,"seq-item-ind")?t.items.push({start:[this.sourceToken]}):n.start.push(this.sourceToken);return}if(this.indent>
t.indent){let o=this.startBlockValue(t);if(o){this.stack.push(o);return}}yield*this.pop(),yield*this.step()}*flowCollection(t){
let n=t.items[t.items.length-1];if(this.type==="flow-error-end"){let r;do yield*this.pop(),r=this.peek(1);while((r==null?
void 0:r.type)==="flow-collection")}else if(t.end.length===0){switch(this.type){case"comma":case"explicit-key-ind":!n||n.
sep?t.items.push({start:[this.sourceToken]}):n.start.push(this.sourceToken);return;case"map-value-ind":!n||n.value?t.items.
push({start:[],key:null,sep:[this.sourceToken]}):n.sep?n.sep.push(this.sourceToken):Object.assign(n,{key:null,sep:[this.
sourceToken]});return;case"space":case"comment":case"newline":case"anchor":case"tag":!n||n.value?t.items.push({start:[this.
sourceToken]}):n.sep?n.sep.push(this.sourceToken):n.start.push(this.sourceToken);return;case"alias":case"scalar":case"si\
ngle-quoted-scalar":case"double-quoted-scalar":{let o=this.flowScalar(this.type);!n||n.value?t.items.push({start:[],key:o,
sep:[]}):n.sep?this.stack.push(o):Object.assign(n,{key:o,sep:[]});return}case"flow-map-end":case"flow-seq-end":t.end.push(
this.sourceToken);return}let r=this.startBlockValue(t);r?this.stack.push(r):(yield*this.pop(),yield*this.step())}else{let r=this.
peek(2);if(r.type==="block-map"&&(this.type==="map-value-ind"&&r.indent===t.indent||this.type==="newline"&&!r.items[r.items.
length-1].sep))yield*this.pop(),yield*this.step();else if(this.type==="map-value-ind"&&r.type!=="flow-collection"){let o=xu(
r),s=js(o);CS(t);let i=t.end.splice(1,t.end.length);i.push(this.sourceToken);let a={type:"block-map",offset:t.offset,indent:t.
indent,items:[{start:s,key:t,sep:i}]};this.onKeyLine=!0,this.stack[this.stack.length-1]=a}else yield*this.lineEnd(t)}}flowScalar(t){
if(this.onNewLine){let n=this.source.indexOf(`
`)+1;for(;n!==0;)this.onNewLine(this.offset+n),n=this.source.indexOf(`
`,n)+1}return{type:t,offset:this.offset,indent:this.indent,source:this.source}}startBlockValue(t){switch(this.type){case"\
alias":case"scalar":case"single-quoted-scalar":case"double-quoted-scalar":return this.flowScalar(this.type);case"block-s\
calar-header":return{type:"block-scalar",offset:this.offset,indent:this.indent,props:[this.sourceToken],source:""};case"\
flow-map-start":case"flow-seq-start":return{type:"flow-collection",offset:this.offset,indent:this.indent,start:this.sourceToken,
items:[],end:[]};case"seq-item-ind":return{type:"block-seq",offset:this.offset,indent:this.indent,items:[{start:[this.sourceToken]}]};case"\
explicit-key-ind":{this.onKeyLine=!0;let n=xu(t),r=js(n);return r.push(this.sourceToken),{type:"block-map",offset:this.offset,
indent:this.indent,items:[{start:r,explicitKey:!0}]}}case"map-value-ind":{this.onKeyLine=!0;let n=xu(t),r=js(n);return{type:"\
block-map",offset:this.offset,indent:this.indent,items:[{start:r,key:null,sep:[this.sourceToken]}]}}}return null}atIndentedComment(t,n){
return this.type!=="comment"||this.indent<=n?!1:t.every(r=>r.type==="newline"||r.type==="space")}*documentEnd(t){this.type!==
"doc-mode"&&(t.end?t.end.push(this.sourceToken):t.end=[this.sourceToken],this.type==="newline"&&(yield*this.pop()))}*lineEnd(t){
switch(this.type){case"comma":case"doc-start":case"doc-end":case"flow-seq-end":case"flow-map-end":case"map-value-ind":yield*this.
pop(),yield*this.step();break;case"newline":this.onKeyLine=!1;default:t.end?t.end.push(this.sourceToken):t.end=[this.sourceToken],
this.type==="newline"&&(yield*this.pop())}}};jS.Parser=Ch});var qS=O(Sa=>{"use strict";var FS=vh(),c4=ha(),$a=wa(),u4=km(),d4=Z(),f4=Nh(),MS=Lh();function DS(e){let t=e.prettyErrors!==
!1;return{lineCounter:e.lineCounter||t&&new f4.LineCounter||null,prettyErrors:t}}function p4(e,t={}){let{lineCounter:n,prettyErrors:r}=DS(
t),o=new MS.Parser(n==null?void 0:n.addNewLine),s=new FS.Composer(t),i=Array.from(s.compose(o.parse(e)));if(r&&n)for(let a of i)
a.errors.forEach($a.prettifyError(e,n)),a.warnings.forEach($a.prettifyError(e,n));return i.length>0?i:Object.assign([],{
empty:!0},s.streamInfo())}function US(e,t={}){let{lineCounter:n,prettyErrors:r}=DS(t),o=new MS.Parser(n==null?void 0:n.addNewLine),
s=new FS.Composer(t),i=null;for(let a of s.compose(o.parse(e),!0,e.length))if(!i)i=a;else if(i.options.logLevel!=="silen\
t"){i.errors.push(new $a.YAMLParseError(a.range.slice(0,2),"MULTIPLE_DOCS","Source contains multiple documents; please u\
se YAML.parseAllDocuments()"));break}return r&&n&&(i.errors.forEach($a.prettifyError(e,n)),i.warnings.forEach($a.prettifyError(
e,n))),i}function m4(e,t,n){let r;typeof t=="function"?r=t:n===void 0&&t&&typeof t=="object"&&(n=t);let o=US(e,n);if(!o)
return null;if(o.warnings.forEach(s=>u4.warn(o.options.logLevel,s)),o.errors.length>0){if(o.options.logLevel!=="silent")
throw o.errors[0];o.errors=[]}return o.toJS(Object.assign({reviver:r},n))}function h4(e,t,n){let r=null;if(typeof t=="fu\
nction"||Array.isArray(t)?r=t:n===void 0&&t&&(n=t),typeof n=="string"&&(n=n.length),typeof n=="number"){let o=Math.round(
n);n=o<1?void 0:o>8?{indent:8}:{indent:o}}if(e===void 0){let{keepUndefined:o}=n??t??{};if(!o)return}return d4.isDocument(
e)&&!r?e.toString(n):new c4.Document(e,r,n).toString(n)}Sa.parse=m4;Sa.parseAllDocuments=p4;Sa.parseDocument=US;Sa.stringify=
h4});var Ru=O(le=>{"use strict";var g4=vh(),y4=ha(),w4=th(),jh=wa(),k4=Qi(),Lr=Z(),b4=_r(),v4=Pe(),x4=Ir(),$4=Nr(),S4=bu(),R4=Ph(),
E4=Nh(),T4=Lh(),Su=qS(),WS=Ji();le.Composer=g4.Composer;le.Document=y4.Document;le.Schema=w4.Schema;le.YAMLError=jh.YAMLError;
le.YAMLParseError=jh.YAMLParseError;le.YAMLWarning=jh.YAMLWarning;le.Alias=k4.Alias;le.isAlias=Lr.isAlias;le.isCollection=
Lr.isCollection;le.isDocument=Lr.isDocument;le.isMap=Lr.isMap;le.isNode=Lr.isNode;le.isPair=Lr.isPair;le.isScalar=Lr.isScalar;
le.isSeq=Lr.isSeq;le.Pair=b4.Pair;le.Scalar=v4.Scalar;le.YAMLMap=x4.YAMLMap;le.YAMLSeq=$4.YAMLSeq;le.CST=S4;le.Lexer=R4.
Lexer;le.LineCounter=E4.LineCounter;le.Parser=T4.Parser;le.parse=Su.parse;le.parseAllDocuments=Su.parseAllDocuments;le.parseDocument=
Su.parseDocument;le.stringify=Su.stringify;le.visit=WS.visit;le.visitAsync=WS.visitAsync});var Sz={};Y1(Sz,{differenceOf:()=>sg,expectableOf:()=>nE,explain:()=>iE,filesMatching:()=>yT,fleetFormats:()=>ai,fleetInputNames:()=>TA,
fleetOfFolders:()=>SA,fleetOptions:()=>AA,forForeignFacts:()=>xi,help:()=>pE,helpFor:()=>mE,isPattern:()=>gT,isSick:()=>ze,
lintChecks:()=>P_,lintFormats:()=>s1,loadRunnerConfig:()=>ri,lookAgain:()=>D0,maxReportSize:()=>Ua,maxYamlSize:()=>Lt,mistakeInExpectations:()=>ug,
mistakeInHead:()=>Of,otherChecks:()=>_R,parseYaml:()=>jt,policyFor:()=>hE,postureBlock:()=>f1,publishedAfter:()=>hA,publishedReport:()=>mA,
readEither:()=>kE,readListInput:()=>j1,readPolicy:()=>L1,readReport:()=>Ys,readToolsInput:()=>M1,readWorkflow:()=>mr,renderAfterJson:()=>YR,
renderAfterLog:()=>Vu,renderAfterPrometheus:()=>q1,renderAfterSummary:()=>VR,renderFleetText:()=>_d,renderList:()=>Ju,renderPolicy:()=>AE,
renderReportPage:()=>oA,runLint:()=>i1,runnerTemplate:()=>I_,sickLines:()=>aA,watchFleet:()=>tO});module.exports=Z1(Sz);var Sn,X1={lang:void 0,message:void 0,abortEarly:void 0,abortPipeEarly:void 0};function xw(e){return!e&&!Sn?X1:{lang:(e==null?void 0:e.lang)??(Sn==null?void 0:Sn.lang),message:e==null?void 0:e.message,
abortEarly:(e==null?void 0:e.abortEarly)??(Sn==null?void 0:Sn.abortEarly),abortPipeEarly:(e==null?void 0:e.abortPipeEarly)??
(Sn==null?void 0:Sn.abortPipeEarly)}}var ff;function Q1(e){return ff==null?void 0:ff.get(e)}var pf;function eP(e){return pf==null?void 0:pf.get(e)}var mf;function tP(e,t){var n;return(n=mf==null?void 0:mf.get(e))==null?void 0:n.get(t)}function lo(e){var n,r;let t=typeof e;return t==="string"?`"${e}"`:t==="number"||t==="bigint"||t==="boolean"?`${e}`:t===
"object"||t==="function"?(e&&((r=(n=Object.getPrototypeOf(e))==null?void 0:n.constructor)==null?void 0:r.name))??"null":
t}function se(e,t,n,r,o){let s=o&&"input"in o?o.input:n.value,i=(o==null?void 0:o.expected)??e.expects??null,a=(o==null?
void 0:o.received)??lo(s),l={kind:e.kind,type:e.type,input:s,expected:i,received:a,message:`Invalid ${t}: ${i?`Expected ${i}\
 but r`:"R"}eceived ${a}`,requirement:e.requirement,path:o==null?void 0:o.path,issues:o==null?void 0:o.issues,lang:r.lang,
abortEarly:r.abortEarly,abortPipeEarly:r.abortPipeEarly},c=e.kind==="schema",u=(o==null?void 0:o.message)??e.message??tP(
e.reference,l.lang)??(c?eP(l.lang):null)??r.message??Q1(l.lang);u!==void 0&&(l.message=typeof u=="function"?u(l):u),c&&(n.
typed=!1),n.issues?n.issues.push(l):n.issues=[l]}function nP(e,t){return e===t||Number.isNaN(e)&&Number.isNaN(t)}function $w(e,t){return Object.prototype.hasOwnProperty.
call(e,t)&&t!=="__proto__"&&t!=="prototype"&&t!=="constructor"}function hf(e,t){let n=[...new Set(e)];return n.length>1?`(${n.join(` ${t} `)})`:n[0]??"never"}function Je(e){return e["\
~standard"]={version:1,vendor:"valibot",validate:t=>e["~run"]({value:t},xw())},e}var Ez=new RegExp("^(?:[\\u{1F1E6}-\\u{1F1FF}]{2}|\\u{1F3F4}[\\u{E0061}-\\u{E007A}]{2}[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}\
]{1,3}\\u{E007F}|(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|(?![\\p{Emoji_Modifier_Base}\\u{1F1E6\
}-\\u{1F1FF}])\\p{Emoji_Presentation})(?:\\u200D(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|(?![\\p\
{Emoji_Modifier_Base}\\u{1F1E6}-\\u{1F1FF}])\\p{Emoji_Presentation}))*)+$","u");function co(e,t){return{kind:"validation",type:"check",reference:co,async:!1,expects:null,requirement:e,message:t,"~run"(n,r){
return n.typed&&!this.requirement(n.value)&&se(this,"input",n,r),n}}}function gf(e){return{kind:"validation",type:"finite",reference:gf,async:!1,expects:null,requirement:Number.isFinite,message:e,
"~run"(t,n){return t.typed&&!this.requirement(t.value)&&se(this,"finite",t,n),t}}}function bi(e){return{kind:"validation",type:"integer",reference:bi,async:!1,expects:null,requirement:Number.isInteger,message:e,
"~run"(t,n){return t.typed&&!this.requirement(t.value)&&se(this,"integer",t,n),t}}}function El(e,t){return{kind:"validation",type:"max_length",reference:El,async:!1,expects:`<=${e}`,requirement:e,message:t,
"~run"(n,r){return n.typed&&n.value.length>this.requirement&&se(this,"length",n,r,{received:`${n.value.length}`}),n}}}function yf(e,t){return{kind:"validation",type:"max_value",reference:yf,async:!1,expects:`<=${e instanceof Date?e.toJSON():
lo(e)}`,requirement:e,message:t,"~run"(n,r){return n.typed&&!(n.value<=this.requirement)&&se(this,"value",n,r,{received:n.
value instanceof Date?n.value.toJSON():lo(n.value)}),n}}}function Tl(e,t){return{kind:"validation",type:"min_length",reference:Tl,async:!1,expects:`>=${e}`,requirement:e,message:t,
"~run"(n,r){return n.typed&&n.value.length<this.requirement&&se(this,"length",n,r,{received:`${n.value.length}`}),n}}}function uo(e,t){return{kind:"validation",type:"min_value",reference:uo,async:!1,expects:`>=${e instanceof Date?e.toJSON():
lo(e)}`,requirement:e,message:t,"~run"(n,r){return n.typed&&!(n.value>=this.requirement)&&se(this,"value",n,r,{received:n.
value instanceof Date?n.value.toJSON():lo(n.value)}),n}}}function wf(e){return{kind:"validation",type:"non_empty",reference:wf,async:!1,expects:"!0",message:e,"~run"(t,n){return t.
typed&&t.value.length===0&&se(this,"length",t,n,{received:"0"}),t}}}function Le(e,t){return{kind:"validation",type:"regex",reference:Le,async:!1,expects:`${e}`,requirement:e,message:t,"~ru\
n"(n,r){return n.typed&&!this.requirement.test(n.value)&&se(this,"format",n,r),n}}}function kf(e){return{kind:"validation",type:"safe_integer",reference:kf,async:!1,expects:null,requirement:Number.isSafeInteger,
message:e,"~run"(t,n){return t.typed&&!this.requirement(t.value)&&se(this,"safe integer",t,n),t}}}var Sw={abortEarly:!0};function bf(e,t,n){return typeof e.fallback=="function"?e.fallback(t,n):e.fallback}function Al(e,t,n){return typeof e.default=="function"?e.default(t,n):e.default}function Rw(e,t){return!e["~run"]({value:t},Sw).issues}function Q(e,t){return Je({kind:"schema",type:"array",reference:Q,expects:"Array",async:!1,item:e,message:t,"~run"(n,r){
var s;let o=n.value;if(Array.isArray(o)){n.typed=!0,n.value=[];for(let i=0;i<o.length;i++){let a=o[i],l=this.item["~run"](
{value:a},r);if(l.issues){let c={type:"array",origin:"value",input:o,key:i,value:a};for(let u of l.issues)u.path?u.path.
unshift(c):u.path=[c],(s=n.issues)==null||s.push(u);if(n.issues||(n.issues=l.issues),r.abortEarly){n.typed=!1;break}}l.typed||
(n.typed=!1),n.value.push(l.value)}}else se(this,"type",n,r);return n}})}function yr(e){return Je({kind:"schema",type:"boolean",reference:yr,expects:"boolean",async:!1,message:e,"~run"(t,n){return typeof t.
value=="boolean"?t.typed=!0:se(this,"type",t,n),t}})}function je(e,t){return Je({kind:"schema",type:"literal",reference:je,expects:lo(e),async:!1,literal:e,message:t,"~run"(n,r){
return nP(n.value,this.literal)?n.typed=!0:se(this,"type",n,r),n}})}function W(e,t){return Je({kind:"schema",type:"loose\
_object",reference:W,expects:"Object",async:!1,entries:e,message:t,"~run"(n,r){var s;let o=n.value;if(o&&typeof o=="obje\
ct"){n.typed=!0,n.value={};for(let i in this.entries){let a=this.entries[i];if(i in o||(a.type==="exact_optional"||a.type===
"optional"||a.type==="nullish")&&a.default!==void 0){let l=i in o?o[i]:Al(a),c=a["~run"]({value:l},r);if(c.issues){let u={
type:"object",origin:"value",input:o,key:i,value:l};for(let d of c.issues)d.path?d.path.unshift(u):d.path=[u],(s=n.issues)==
null||s.push(d);if(n.issues||(n.issues=c.issues),r.abortEarly){n.typed=!1;break}}c.typed||(n.typed=!1),n.value[i]=c.value}else if(a.
fallback!==void 0)n.value[i]=bf(a);else if(a.type!=="exact_optional"&&a.type!=="optional"&&a.type!=="nullish"&&(se(this,
"key",n,r,{input:void 0,expected:`"${i}"`,path:[{type:"object",origin:"key",input:o,key:i,value:o[i]}]}),r.abortEarly))break}
if(!n.issues||!r.abortEarly)for(let i in o)$w(o,i)&&!Object.prototype.hasOwnProperty.call(this.entries,i)&&(n.value[i]=o[i])}else
se(this,"type",n,r);return n}})}function vf(e,t,n){return Je({kind:"schema",type:"map",reference:vf,expects:"Map",async:!1,key:e,value:t,message:n,"~run"(r,o){
var i,a;let s=r.value;if(s instanceof Map){r.typed=!0,r.value=new Map;for(let[l,c]of s){let u=this.key["~run"]({value:l},
o);if(u.issues){let f={type:"map",origin:"key",input:s,key:l,value:c};for(let p of u.issues)p.path?p.path.unshift(f):p.path=
[f],(i=r.issues)==null||i.push(p);if(r.issues||(r.issues=u.issues),o.abortEarly){r.typed=!1;break}}let d=this.value["~ru\
n"]({value:c},o);if(d.issues){let f={type:"map",origin:"value",input:s,key:l,value:c};for(let p of d.issues)p.path?p.path.
unshift(f):p.path=[f],(a=r.issues)==null||a.push(p);if(r.issues||(r.issues=d.issues),o.abortEarly){r.typed=!1;break}}(!u.
typed||!d.typed)&&(r.typed=!1),r.value.set(u.value,d.value)}}else se(this,"type",r,o);return r}})}function be(e){return Je({kind:"schema",type:"number",reference:be,expects:"number",async:!1,message:e,"~run"(t,n){return typeof t.
value=="number"&&!isNaN(t.value)?t.typed=!0:se(this,"type",t,n),t}})}function fo(e,t){return Je({kind:"schema",type:"obj\
ect",reference:fo,expects:"Object",async:!1,entries:e,message:t,"~run"(n,r){var s;let o=n.value;if(o&&typeof o=="object"){
n.typed=!0,n.value={};for(let i in this.entries){let a=this.entries[i];if(i in o||(a.type==="exact_optional"||a.type==="\
optional"||a.type==="nullish")&&a.default!==void 0){let l=i in o?o[i]:Al(a),c=a["~run"]({value:l},r);if(c.issues){let u={
type:"object",origin:"value",input:o,key:i,value:l};for(let d of c.issues)d.path?d.path.unshift(u):d.path=[u],(s=n.issues)==
null||s.push(d);if(n.issues||(n.issues=c.issues),r.abortEarly){n.typed=!1;break}}c.typed||(n.typed=!1),n.value[i]=c.value}else if(a.
fallback!==void 0)n.value[i]=bf(a);else if(a.type!=="exact_optional"&&a.type!=="optional"&&a.type!=="nullish"&&(se(this,
"key",n,r,{input:void 0,expected:`"${i}"`,path:[{type:"object",origin:"key",input:o,key:i,value:o[i]}]}),r.abortEarly))break}}else
se(this,"type",n,r);return n}})}function E(e,t){return Je({kind:"schema",type:"optional",reference:E,expects:`(${e.expects} | undefined)`,async:!1,wrapped:e,
default:t,"~run"(n,r){return n.value===void 0&&(this.default!==void 0&&(n.value=Al(this,n,r)),n.value===void 0)?(n.typed=
!0,n):this.wrapped["~run"](n,r)}})}function re(e,t){return Je({kind:"schema",type:"picklist",reference:re,expects:hf(e.map(lo),"|"),async:!1,options:e,message:t,
"~run"(n,r){return this.options.includes(n.value)?n.typed=!0:se(this,"type",n,r),n}})}function dt(e,t,n){return Je({kind:"schema",type:"record",reference:dt,expects:"Object",async:!1,key:e,value:t,message:n,
"~run"(r,o){var i,a;let s=r.value;if(s&&typeof s=="object"){r.typed=!0,r.value={};for(let l in s)if($w(s,l)){let c=s[l],
u=this.key["~run"]({value:l},o);if(u.issues){let f={type:"object",origin:"key",input:s,key:l,value:c};for(let p of u.issues)
p.path=[f],(i=r.issues)==null||i.push(p);if(r.issues||(r.issues=u.issues),o.abortEarly){r.typed=!1;break}}let d=this.value["\
~run"]({value:c},o);if(d.issues){let f={type:"object",origin:"value",input:s,key:l,value:c};for(let p of d.issues)p.path?
p.path.unshift(f):p.path=[f],(a=r.issues)==null||a.push(p);if(r.issues||(r.issues=d.issues),o.abortEarly){r.typed=!1;break}}
(!u.typed||!d.typed)&&(r.typed=!1),u.typed&&(r.value[u.value]=d.value)}}else se(this,"type",r,o);return r}})}function Ot(e,t){return Je({kind:"schema",type:"strict_object",reference:Ot,expects:"Object",async:!1,entries:e,message:t,
"~run"(n,r){var s;let o=n.value;if(o&&typeof o=="object"){n.typed=!0,n.value={};for(let i in this.entries){let a=this.entries[i];
if(i in o||(a.type==="exact_optional"||a.type==="optional"||a.type==="nullish")&&a.default!==void 0){let l=i in o?o[i]:Al(
a),c=a["~run"]({value:l},r);if(c.issues){let u={type:"object",origin:"value",input:o,key:i,value:l};for(let d of c.issues)
d.path?d.path.unshift(u):d.path=[u],(s=n.issues)==null||s.push(d);if(n.issues||(n.issues=c.issues),r.abortEarly){n.typed=
!1;break}}c.typed||(n.typed=!1),n.value[i]=c.value}else if(a.fallback!==void 0)n.value[i]=bf(a);else if(a.type!=="exact_\
optional"&&a.type!=="optional"&&a.type!=="nullish"&&(se(this,"key",n,r,{input:void 0,expected:`"${i}"`,path:[{type:"obje\
ct",origin:"key",input:o,key:i,value:o[i]}]}),r.abortEarly))break}if(!n.issues||!r.abortEarly){for(let i in o)if(!Object.
prototype.hasOwnProperty.call(this.entries,i)){se(this,"key",n,r,{input:i,expected:"never",path:[{type:"object",origin:"\
key",input:o,key:i,value:o[i]}]});break}}}else se(this,"type",n,r);return n}})}function T(e){return Je({kind:"schema",type:"string",reference:T,expects:"string",async:!1,message:e,"~run"(t,n){return typeof t.
value=="string"?t.typed=!0:se(this,"type",t,n),t}})}function xf(e,t){return Je({kind:"schema",type:"tuple",reference:xf,expects:"Array",async:!1,items:e,message:t,"~run"(n,r){
var s;let o=n.value;if(Array.isArray(o)){n.typed=!0,n.value=[];for(let i=0;i<this.items.length;i++){let a=o[i],l=this.items[i]["\
~run"]({value:a},r);if(l.issues){let c={type:"array",origin:"value",input:o,key:i,value:a};for(let u of l.issues)u.path?
u.path.unshift(c):u.path=[c],(s=n.issues)==null||s.push(u);if(n.issues||(n.issues=l.issues),r.abortEarly){n.typed=!1;break}}
l.typed||(n.typed=!1),n.value.push(l.value)}}else se(this,"type",n,r);return n}})}function vw(e){let t;if(e)for(let n of e)if(t)for(let r of n.issues)t.push(r);else t=n.issues;return t}function ht(e,t){
return Je({kind:"schema",type:"union",reference:ht,expects:hf(e.map(n=>n.expects),"|"),async:!1,options:e,message:t,"~ru\
n"(n,r){let o,s,i;for(let a of this.options){let l=a["~run"]({value:n.value},r);if(l.typed)if(l.issues)s?s.push(l):s=[l];else{
o=l;break}else i?i.push(l):i=[l]}if(o)return o;if(s){if(s.length===1)return s[0];se(this,"type",n,r,{issues:vw(s)}),n.typed=
!0}else{if((i==null?void 0:i.length)===1)return i[0];se(this,"type",n,r,{issues:vw(i)})}return n}})}function vi(){return Je({kind:"schema",type:"unknown",reference:vi,expects:"unknown",async:!1,"~run"(e){return e.typed=!0,
e}})}function $f(e,t,n){return Je({kind:"schema",type:"variant",reference:$f,expects:"Object",async:!1,key:e,options:t,message:n,
"~run"(r,o){let s=r.value;if(s&&typeof s=="object"){let i,a=0,l=this.key,c=[],u=(d,f)=>{for(let p of d.options){if(p.type===
"variant")u(p,new Set(f).add(p.key));else{let g=!0,m=0;for(let h of f){let w=p.entries[h];if(h in s?w["~run"]({typed:!1,
value:s[h]},Sw).issues:w.type!=="exact_optional"&&w.type!=="optional"&&w.type!=="nullish"){g=!1,l!==h&&(a<m||a===m&&h in
s&&!(l in s))&&(a=m,l=h,c=[]),l===h&&c.push(p.entries[h].expects);break}m++}if(g){let h=p["~run"]({value:s},o);(!i||!i.typed&&
h.typed)&&(i=h)}}if(i&&!i.issues)break}};if(u(this,new Set([this.key])),i)return i;se(this,"type",r,o,{input:s[l],expected:hf(
c,"|"),path:[{type:"object",origin:"value",input:s,key:l,value:s[l]}]})}else se(this,"type",r,o);return r}})}function ue(...e){return Je({...e[0],pipe:e,"~run"(t,n){for(let r of e)if(r.kind!=="metadata"){if(t.issues&&(r.kind==="s\
chema"||r.kind==="transformation")){t.typed=!1;break}(!t.issues||!n.abortEarly&&!n.abortPipeEarly)&&(t=r["~run"](t,n))}return t}})}function Ht(e,t,n){let r=e["~run"]({value:t},xw(n));return{typed:r.typed,success:!r.issues,output:r.value,issues:r.issues}}function y(e){return`\`${e.split("`").join("'")}\``}function G(e){return/^[\w@%+=:,./-]+$/.test(e)?e:/[\u0000-\u001f\u007f]/.
test(e)?`$'${e.replace(/[\\']/g,"\\$&").replace(/[\u0000-\u001f\u007f]/g,rP)}'`:`'${e.split("'").join("'\\''")}'`}function rP(e){
return`\\${e.charCodeAt(0).toString(8).padStart(3,"0")}`}function gt(e){return G(e.startsWith("-")?`./${e}`:e)}function kr(e){
return e.startsWith("-")?`-- ${G(e)}`:G(e)}function v(e,t=120){return e.length<=t?e:`${e.slice(0,t-1)}\u2026`}function ee(e){
return e.length<2?e.join(""):`${e.slice(0,-1).join(", ")} and ${e[e.length-1]}`}function br(e){return e.toString(8).padStart(
4,"0")}function he(e){return/^(?:[a-z/]|--?[a-z])[\w./:@= -]*$/i.test(e)&&!/: |[: ]$|^(true|false|yes|no|on|off|null)$/i.
test(e)?e:JSON.stringify(e).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g,oP)}function oP(e){return`\\u${e.charCodeAt(0).
toString(16).padStart(4,"0")}`}function ft(e){return e.charAt(0).toUpperCase()+e.slice(1)}function Vn(e){return e.charAt(
0).toLowerCase()+e.slice(1)}function Ol(e,t){return e.length<=60?e:t}function A(e,t,n=""){return e+y(v(t,58-e.length-n.length))+
n}function zn(e){return e.replace(/[\u0000-\u001f\u007f]/g,"?")}function Ew(e){return zn(e).replace(/["\\]/g,"\\$&").split(
"%").join("%%")}function x(e,t,n,r){return Sf(t,e[t],n,r)}function Sf(e,t,n,r){let{level:o,by:s,edits:i}=r;return{kind:"finding",reason:e,
...Aw(t,n,r),...o&&{level:o},...s&&{by:s},...i&&{edits:i}}}function Ee(e,t,n,r){return yt(e[t],n,r)}function yt(e,t,n){return{
kind:"undecided",...Aw(e,t,n)}}function Aw(e,t,{observed:n,evidence:r,location:o}){var a;let{what:s,fix:i}=e.tell(t);return{
title:((a=e.headline)==null?void 0:a.call(e,t))??e.title,message:s,why:Tw(e.why,t),expected:Tw(e.expected,t),observed:n,
evidence:r,remedy:i,...o&&{location:o}}}function Tw(e,t){return typeof e=="string"?e:e(t)}function on(e){return e instanceof Error?e.message:String(e)}function Ow(e,t){return`runner-check could not write ${e}: ${String(
t)}`}var Jn=ue(be(),bi(),uo(0)),sP=re(["pass","warn","fail","error","skip"]),iP=W({source:T(),text:T()}),_w={text:T(),commands:E(
Q(T())),config:E(W({file:T(),language:T(),text:T()})),kind:re(["image","host","runner","workflow","forge"])},aP=W({..._w,
otherwise:E(W(_w))}),lP=W({file:T(),line:E(Jn),column:E(Jn)}),Rf=W({id:ue(T(),Le(/^[a-z]+\/.+$/)),status:sP,reason:E(T()),
title:T(),message:T(),why:E(T()),expected:E(T()),observed:E(T()),evidence:Q(iP),remedy:E(aP),docs:T(),duration_ms:be(),location:E(
lP),by:E(je("job")),accepted:E(W({reason:T(),until:T()})),acceptance_expired:E(T())}),Ef=ht([W({ok:je(!0),value:vi(),ms:be()}),
W({ok:je(!1),reason:re(["timeout","crashed","mount"]),message:T(),ms:be()})]),wt=W({version:je(1),id:E(T()),generator:W(
{name:je("runner-check"),version:T()}),started:ue(T(),Le(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)),duration_ms:be(),
runner:W({name:T(),system:re(["gitea","forgejo","github","act","none"]),version:E(T()),mode:re(["container","host","unkn\
own"]),os:T(),arch:T(),image:E(T()),user:T()}),job:E(W({repository:E(T()),workflow:E(T()),job:E(T()),run_id:E(T()),event:E(
T())})),profile:W({name:T(),decided_by:T(),policy:E(T()),unused:E(W({files:Q(T()),why:re(["other-commit","unknown-commit"]),
wanted:T(),found:E(T())}))}),verdict:re(["healthy","degraded","misconfigured","unknown"]),counts:W({pass:Jn,warn:Jn,fail:Jn,
error:Jn,skip:Jn}),switched_off:E(W({count:Jn,of:Jn})),results:Q(Rf),expectations:W({profile:T()}),facts:dt(T(),Ef)});var Tf="a report of runner-check, version 1";function os(e,t){let n=(e.path??[]).map(o=>String(o.key)).join("."),r=e.expected===
"Map"?"Object":e.expected??e.message;return{place:t(n),found:e.received,allowed:`${r}: ${Tf}`}}function xi(e){return{...e,judge(t,n,r){var i;let o=Object.entries(t).find(([a,l])=>typeof l!="object"||Iw(l)&&!fP(e,a,l));
if(o)return Af(e.id,[((i=e.needs[o[0]])==null?void 0:i.name)??o[0]]);let s=Object.values(e.needs).map(a=>a.name);try{let a=e.
judge(t,n,r);return dP(a)&&!pP(a,t)?a:Af(e.id,s)}catch(a){return Af(e.id,s,on(a))}}}}var cP={title:"Facts of the report \
have another form",headline:({id:e})=>A("Unusable facts for ",e),why:"The report comes from another version of runner-ch\
eck, or was edited. What it says about this runner is unknown.",expected:"facts in the form that this version writes",tell:({
names:e})=>({what:`The facts ${ee(e.map(y))} of this report have another form than this check reads.`,fix:{text:"Run thi\
s version of runner-check on the runner again, or replay the report with the version that wrote it: `generator` in the r\
eport names it. If this version wrote it, and nobody edited it, please report the bug.",kind:"workflow"}})};function Af(e,t,n){
let r=n===void 0?[]:[{source:e,text:n}],o=[...t.map(s=>({source:"facts",text:s})),...r];return yt(cP,{id:e,names:t},{observed:n??
"another form",evidence:o})}var uP=wt.entries.results.item;function dP(e){let t=e.kind==="finding"?e.level:void 0;if(!Rw(
uP,{...{id:"a/check",title:"",docs:"",duration_ms:0,evidence:[]},...e,status:t??"pass"}))return!1;if(e.kind!=="finding"&&
e.kind!=="undecided")return!0;let{message:r,why:o,expected:s,observed:i,remedy:a}=e;return[r,o,s,i,a.text].every(l=>l!==
"")}function Iw(e){return typeof e!="object"?!1:e===null||Object.values(e).some(Iw)}function fP({needs:e},t,n){var r;return n===
null&&((r=e[t])==null?void 0:r.unnamed)===null}var Pw=/\b(?:undefined|NaN)\b|\[object Object\]/;function pP(e,t){return e.
kind!=="pass"?!1:[e.message,...e.evidence.flatMap(({source:r,text:o})=>[r,o])].some(r=>Pw.test(r))&&!Pw.test(JSON.stringify(
t))}function Of(e,{runner:t,job:n}){let r=Ht(mP,{runner:t,job:n});if(!r.success)return os(r.issues[0],o=>`${e}, facts th\
at tell ${o}`)}var mP=fo({runner:wt.entries.runner,job:wt.entries.job});function Rn(){let[e,t]=process.hrtime();return e*1e3+t/1e6}function vr(e){return Math.round(Rn()-e)}var hP=100;function Nw(e,t){
let n=Math.ceil((e-vr(t))/100)*100;return Math.min(e,Math.max(n,hP))}var _l=class extends Error{name="DeadMount"};function ss(e){return e instanceof Error&&e.name==="DeadMount"}async function ge(e,t){
try{return await e}catch(n){if(ss(n))return t(n);throw n}}var gP=600;async function Cw(e,t,n,r,o,s={}){let i=Rn()+n.timeoutMs,a=new Map(Object.entries(s).map(([p,g])=>[p,Promise.
resolve(g)])),l=new Map,c=()=>{for(let p of l.values())p.abort()};o==null||o.addEventListener("abort",c);let u=p=>{let g=a.
get(p.name);if(g)return g;let m=new AbortController;o!=null&&o.aborted&&m.abort(),l.set(p.name,m);let h=wP(p,t,n,d,{controller:m,
end:i}).finally(()=>l.delete(p.name));return a.set(p.name,h),h},d=async p=>{let g=await u(p);if(!g.ok&&g.reason==="mount")
throw new _l(g.message);if(!g.ok)throw new $i(g.reason,g.message);return g.value},f=r&&setInterval(()=>r([...l.keys()].sort()),
1e3);try{await Promise.all(e.filter(({last:g})=>!g).map(u)),await Promise.all(e.filter(({last:g})=>g).map(u));let p=await Promise.
all([...a].map(async([g,m])=>[g,await m]));return Object.fromEntries(p.sort(([g],[m])=>g<m?-1:1))}finally{clearInterval(
f),o==null||o.removeEventListener("abort",c)}}var yP="the probe is over",$i=class extends Error{reason;constructor(t,n){
super(n),this.reason=t}};async function wP(e,t,n,r,{controller:o,end:s}){let i=Rn(),a=Math.max(0,s-i),l=setTimeout(()=>o.
abort(),a),c,u=new Promise((d,f)=>{c=setTimeout(()=>{f(new $i("timeout",`no answer within ${n.timeoutMs/1e3} s`))},a+gP)});
try{return{ok:!0,value:await Promise.race([e.collect(t,n,o.signal,r),u]),ms:vr(i)}}catch(d){let f=o.signal.aborted?"time\
out":"crashed";return{ok:!1,reason:d instanceof $i?d.reason:ss(d)?"mount":f,message:on(d),ms:vr(i)}}finally{clearTimeout(
l),clearTimeout(c),o.abort(yP)}}function an(e,t){let[n="",...r]=e.split("*"),o=r.pop();if(o===void 0)return e===t;if(!t.startsWith(n))return!1;let s=n.length;
for(let i of r){let a=t.indexOf(i,s);if(a<0)return!1;s=a+i.length}return s+o.length<=t.length&&t.endsWith(o)}function po(e,t,n){if(an(e,t))return!0;let r=`:${n}`;return n!==void 0&&e.endsWith(r)&&an(e.slice(0,-r.length),t)}var kP={EACCES:"permission denied",EPERM:"permission denied",EISDIR:"it is a directory",ENOTDIR:"a part of the path is n\
ot a directory",ENOENT:"it does not exist",ELOOP:"too many symbolic links",ENAMETOOLONG:"the name is too long",EROFS:"th\
e file system is read-only",ENOSPC:"no space left on device",EEXIST:"a file of that name exists",EFBIG:"it is too long",
ENXIO:"it is a socket or a device without a driver",EIO:"input/output error",EUNTRUSTED:"it leads out of the workspace o\
r is not a regular file, and was not read"};function kt(e){return kP[e]??e}var Lw=["EMFILE","ENFILE","EAGAIN","ENOMEM"];function bP(e){return Lw.includes(e)}function jw(e){return Lw.find(t=>new RegExp(
`\\b${t}\\b`).test(e))}function _f(e){switch(e){case"EMFILE":return{text:"Raise the limit of open files for jobs: `Limit\
NOFILE=` in the unit of the runner's service, or `--ulimit nofile=65536:65536` for job containers. The first command sho\
ws the limit.",commands:["ulimit -n","ls /proc/self/fd | wc -l"],kind:"host"};case"ENFILE":return{text:"The whole machin\
e is out of open files. Find the process that keeps most of them open, or raise `fs.file-max`.",commands:["cat /proc/sys\
/fs/file-nr","sudo lsof 2>/dev/null | awk '{print $1}' | sort | uniq -c | sort -rn | head"],kind:"host"};case"EAGAIN":return{
text:"This user or its control group has no process left. Find what started so many, or raise `TasksMax=` of the runner'\
s service or `--pids-limit` of job containers.",commands:["ulimit -u","ps -eo user= | sort | uniq -c | sort -rn | head",
"cat /sys/fs/cgroup/pids.max"],kind:"host"};default:return{text:"The machine is out of memory. Find what uses it, or run\
 fewer jobs at a time (`runner.capacity`).",commands:["free -m","ps -eo rss=,comm= --sort=-rss | head"],kind:"host"}}}function Fw(e,t){
var o;if(bP(t))return _f(t);let n=gt(e),r=(o=/^\/(?:proc|sys)(?=\/|$)/.exec(e))==null?void 0:o[0];switch(t){case"EACCES":case"\
EPERM":return r!==void 0?{text:`Let jobs read ${y(e)}: something masks it. Usual causes are a sandbox around the runner${r===
"/proc"?", `hidepid` on `/proc`,":""} and an AppArmor, SELinux or seccomp profile of the container.`,commands:[`head -n \
3 ${n}`,`findmnt --submounts ${r}`,"cat /proc/self/attr/current"],kind:"host"}:{text:`Let the job's user read ${y(e)}, a\
nd enter each directory above it. The commands show that user, and who may.`,commands:["id",...vP(e).map(s=>`ls -ld ${gt(
s)}`)],kind:"host"};case"ETIMEDOUT":return{text:`Find out which file system holds ${y(e)}, and why it does not answer. U\
sual causes are a network file system (NFS, SMB, FUSE) whose server is gone, and a disk with I/O errors.`,commands:[`tim\
eout 5 stat ${n}`,"findmnt --types nfs,nfs4,cifs,fuse,fuse.sshfs"],kind:"host"};case"EIO":case"ESTALE":case"ENOTCONN":return{
text:`Repair or remount the file system that holds ${y(e)}: its disk fails, or its server is gone.`,commands:[`findmnt -\
-target ${n}`,"sudo dmesg --level=err,warn | tail -n 20"],kind:"host"};default:return{text:r?`Make ${y(e)} available: ${kt(
t)}. Mount \`/proc\` and \`/sys\` where the job runs.`:`Find out what is at ${y(e)}: ${kt(t)}.`,commands:[`ls -ld ${n}`,
`findmnt --target ${n}`],kind:"host"}}}function vP(e){let t=e.split("/").filter(r=>r!==""),n=t.map((r,o)=>`/${t.slice(0,
o+1).join("/")}`).reverse();return e.startsWith("/")?n.slice(0,4):[e]}var xP=600;function Pl(e=1e4){return{text:"If it a\
nswers, only late, give the run more time.",config:{file:"the workflow's step",language:"yaml",text:`with:
  timeout: ${Math.min(xP,Math.max(30,Math.ceil(e*3/1e4)*10))}s`},kind:"workflow"}}function D(e,t){var n;return(n=Object.getOwnPropertyDescriptor(e,t))==null?void 0:n.value}var is="Usual causes are a daemon that is overloaded or deadlocked, a storage disk that does not answer, and a proxy in \
front of the socket.",Pf="Every `docker` command of a job hangs in the same way, and a runner cannot start job container\
s.",as="sudo journalctl --unit docker --since -10min | tail -n 50",$P="Usual causes are a network file system (NFS, SMB,\
 FUSE) whose server is gone, and a disk with I/O errors.",Mw="findmnt --types nfs,nfs4,cifs,fuse,fuse.sshfs";function nt(e,t,...n){
return{for:e,why:t,cause:$P,commands:[...n.map(r=>`timeout 5 ls -ld ${r}`),Mw]}}function _t(e,t,n){return{for:e,why:t,cause:"\
The kernel answers at once unless the machine is overloaded: look for a full CPU, swapping, or a stopped control group.",
commands:[`timeout 5 head -n 5 ${n}`,"uptime","free -m"]}}var Dw="Usual causes are a wrapper that asks the network for a\
 release, a lock that another job holds, and a program on a file system that does not answer.",SP={account:_t("this proc\
ess's user and groups","Jobs run as this user.","/proc/self/status"),"cache-server":{for:"the runner's cache server",why:"\
Every `actions/cache` step waits for it in the same way, then goes on without a cache.",cause:"Usual causes are a firewa\
ll that drops packets from job containers, and `cache.host` with an address that they cannot reach.",commands:['curl --m\
ax-time 10 --verbose "$ACTIONS_CACHE_URL"']},cgroups:_t("the control groups of this process","Limits on memory and CPUs \
decide how much a job gets.","/proc/self/cgroup"),container:_t("the kernel's description of this process","It decides wh\
ether the job is isolated from the machine, and which fixes apply.","/proc/self/mountinfo"),cpu:_t("the kernel's list of\
 CPUs","Builds start as many processes as they find CPUs.","/proc/self/status"),disks:nt("the disks of the profile","Eve\
ry step that uses such a disk hangs in the same way.",'"$PWD"','"$HOME"',"/tmp"),"docker-cli":{for:"`docker version`",why:"\
Every `docker` command of a job hangs in the same way.",cause:"Usual causes are a daemon that does not answer, and a CLI\
 plugin on a file system that does not answer.",commands:["timeout 10 docker --version","timeout 10 docker version"]},"d\
ocker-client":nt("the Docker CLI's configuration and the directories of PATH","Every `docker` command of a job reads its\
 configuration first.",'"${DOCKER_CONFIG:-$HOME/.docker}"'),"docker-endpoint":nt("the Docker CLI's configuration","Every\
 `docker` command of a job reads it first.",'"${DOCKER_CONFIG:-$HOME/.docker}"'),"docker-engine":{for:"the Docker daemon",
why:Pf,cause:is,commands:["timeout 10 docker version",as]},"docker-other-sockets":{for:"the daemons behind the other Doc\
ker sockets",why:"A daemon that hangs exists all the same: a job that reaches it controls the machine.",cause:is,commands:[
"ls -l /var/run/docker.sock /run/podman/podman.sock","timeout 10 docker --host unix:///var/run/docker.sock version"]},"d\
ocker-socket":nt("the Docker socket's directory","Every `docker` command of a job opens this socket first.","/var/run/do\
cker.sock"),"docker-storage":{for:"the Docker daemon's storage",why:"If its disk is full, pulls and builds of jobs fail \
with `no space left on device`.",cause:is,commands:["timeout 60 docker system df",as]},forge:{for:"the forge",why:"Check\
outs, artifacts and the job's own status go to this server.",cause:"Usual causes are a firewall that drops packets, DNS \
that does not answer, and a forge that is restarting or overloaded.",commands:['curl --max-time 10 --verbose --output /d\
ev/null "$GITHUB_SERVER_URL"']},"git-workspace":nt("the workspace and git","git works in the workspace in most steps of \
a job.",'"$PWD"'),"gpu-request":{for:"the Docker daemon's answer about GPUs",why:"It says whether this job's container w\
as given a GPU.",cause:is,commands:["timeout 10 docker info",as]},job:nt("the event file of this job","It says whether t\
his run comes from a fork.",'"$GITHUB_EVENT_PATH"'),"labelled-tools":{for:"the versions of the tools that the image name\
s",why:"Steps that call such a tool hang in the same way.",cause:Dw,commands:["timeout 10 rustc --version","timeout 10 n\
ode --version"]},"gpu-holders":{for:"the list of programs that use the GPU",why:"Programs that use the GPU hang in the s\
ame way.",cause:"Usual causes are a GPU that fell off the bus, and a driver that was updated without a reboot.",commands:[
"timeout 60 nvidia-smi --query-compute-apps=pid,process_name --format=csv"]},limits:_t("the limits of this process","A j\
ob with too few open files fails in the middle.","/proc/self/limits"),memory:_t("the kernel's count of memory","A job wi\
th too little memory is killed.","/proc/meminfo"),mounts:_t("the list of mounts","A process that touches a mount that do\
es not answer hangs.","/proc/self/mountinfo"),"node-runtime":_t("the Node that runs this","Every JavaScript action runs \
on it.","/proc/self/status"),nvidia:{for:"`nvidia-smi`",why:"Programs that use the GPU hang in the same way.",cause:"Usu\
al causes are a GPU that fell off the bus, a driver that was updated without a reboot, and a machine with many GPUs with\
out persistence mode.",commands:["timeout 60 nvidia-smi","sudo dmesg | grep -i -e nvrm -e xid | tail -n 20"]},os:nt("the\
 name of this system","It decides which fixes apply.","/etc/os-release","/etc/passwd"),"profile-choice":_t("the choice o\
f the profile","The profile says what is checked.","/proc/self/status"),links:_t("the network interfaces","Their MTU dec\
ides which packets get through.","/proc/net/route"),"proxy-reach":{for:"the proxy",why:"Every request that goes through \
it waits in the same way.",cause:"Usual causes are a firewall that drops packets, DNS that does not answer, and a proxy \
that is overloaded.",commands:['curl --max-time 10 --verbose --output /dev/null "$GITHUB_SERVER_URL"']},proxy:_t("the pr\
oxy variables","Every request of a job may go through the proxy.","/proc/self/status"),registration:nt("the runner's reg\
istration file","Anyone who reads it can impersonate this runner and receive its jobs and their secrets.",'"$HOME"',"/da\
ta","/var/lib/gitea-runner"),"runner-config":nt("the runner's configuration","The runner reads it at every start.","/etc\
/systemd/system","/etc/gitea-runner"),rust:nt("the directories of cargo and rustup","`cargo` and `rustc` hang in the sam\
e way.",'"${CARGO_HOME:-$HOME/.cargo}"','"${RUSTUP_HOME:-$HOME/.rustup}"'),"rust-build":nt("cargo's configuration, and t\
he directories of PATH","`cargo` hangs in the same way.",'"$GITHUB_WORKSPACE/.cargo"','"${CARGO_HOME:-$HOME/.cargo}"'),"\
self-container":{for:"the Docker daemon's description of this container",why:Pf,cause:is,commands:['timeout 10 docker in\
spect "$(hostname)"',as]},shm:nt("the size of `/dev/shm`","Browsers and databases in jobs use shared memory.","/dev/shm"),
"space-users":nt("the sizes of what fills the disk","A full disk stops every build.",'"$PWD"','"$HOME"',"/tmp"),smoke:{for:"\
the container that `smoke` starts",why:"Containers that a job starts hang in the same way.",cause:"Usual causes are a da\
emon under load and a slow disk: a start takes some seconds there.",commands:["docker ps --all --last 5",as]},"smoke-ima\
ge":{for:"the list of images",why:Pf,cause:is,commands:["timeout 10 docker image ls",as]},"smoke-steps":{for:"the work t\
hat `smoke` does",why:"The same work hangs in a job.",cause:"Usual causes are a machine under load, a file system that d\
oes not answer, and a daemon that does not.",commands:["uptime","docker ps --all --last 5"]},"socket-mount":_t("the moun\
ts of this process","They say how the Docker socket got into this job.","/proc/self/mountinfo"),"tool-cache":nt("the too\
l cache","Every `setup-*` action of a job hangs in the same way.",'"${RUNNER_TOOL_CACHE:-/opt/hostedtoolcache}"'),workflows:nt(
"the workflow files","They say which labels the jobs ask for.",".gitea/workflows"),writable:nt("the directories that job\
s write to","Every step that writes there hangs in the same way.",'"$PWD"','"$HOME"',"/tmp")};function Si(e){let t=D(SP,
e);if(t)return t;let n=e.indexOf(":"),r=e.slice(0,Math.max(0,n)),o=e.slice(n+1);switch(r){case"tool":return{for:y(o),why:`\
Every step that calls ${y(o)} hangs in the same way.`,cause:Dw,commands:[`command -v ${G(o)}`,`time timeout 60 ${G(o)} -\
-version`]};case"registry":return{for:`the registry ${y(o)}`,why:"Pulls from it hang in the same way, and jobs fail in t\
heir setup.",cause:"Usual causes are a firewall that drops packets, DNS that does not answer, and a wrong proxy.",commands:[
`curl --max-time 10 --verbose --output /dev/null ${G(`https://${o}/v2/`)}`]};case"service":return{for:`the service ${y(o)}`,
why:"Steps that use it hang in the same way.",cause:"Usual causes are a service under load, a firewall that drops packet\
s, and DNS that does not answer. Ask the address that the policy has for it with `curl --max-time 10`.",commands:[]};case"\
expect":return{for:`what the policy expects as ${y(o)}`,why:"Jobs that rely on it hang in the same way.",cause:"Usual ca\
uses are a command that waits for the network or a lock, and a file system that does not answer.",commands:[Mw]};default:
return _t(`the probe ${y(e)}`,"What it looks at is unknown.","/proc/self/status")}}var RP={title:"An answer did not come in time",headline:({check:{id:e},probe:t})=>Ol(`${y(e)} timed out waiting for ${Si(
t).for}`,A("",e," timed out")),why:({probe:e})=>Si(e).why,expected:({probe:e})=>`an answer of ${Si(e).for} before the de\
adline`,tell:({check:e,probe:t,ms:n})=>{let r=Si(t);return{what:`${ft(r.for)} did not answer within ${Bw(n)}, so it is u\
nknown whether this holds: ${Vn(e.title)}.`,fix:{text:`Ask by hand, as the job's user, to see what hangs. ${r.cause}`,...r.
commands.length>0&&{commands:r.commands},kind:"host",otherwise:Pl(n)}}}};function Ww(e,t,{ms:n,message:r}){return yt(RP,
{check:e,probe:t,ms:n},{observed:`no answer within ${Bw(n)}`,evidence:[{source:`probe ${t}`,text:r}]})}var EP={title:"A \
check crashed, which is a bug in runner-check",headline:({check:{id:e}})=>A("",e," crashed"),why:({check:e})=>`It is unk\
nown whether this holds, and jobs may depend on it: ${Vn(e.title)}.`,expected:"a verdict",tell:({check:{id:e},probe:t,message:n})=>{
let r=jw(n);return r!==void 0?{what:`${qw(t)} could not be run: ${n}.`,fix:{..._f(r),otherwise:Uw(e)}}:{what:`${qw(t)} c\
rashed, which is a bug in runner-check, not in this runner: ${n}`,fix:Uw(e)}}};function If(e,{message:t},n){let r=[{source:n===
void 0?e.id:`probe ${n}`,text:t}];return yt(EP,{check:e,probe:n,message:t},{observed:t,evidence:r})}var TP={title:"A rep\
ort has no facts for a check",headline:({check:{id:e}})=>A("The report has no facts for ",e),why:({check:e})=>`It is unk\
nown whether this holds, and jobs may depend on it: ${Vn(e.title)}.`,expected:({probe:e})=>`the facts of the probe ${y(e)}`,
tell:({probe:e})=>({what:`This report has no facts of the probe ${y(e)}. It comes from another version of runner-check, \
from a run with another profile, or was edited.`,fix:{text:"Run runner-check on the runner again, with the version and t\
he profile that should judge. `replay` judges only what a run has looked at.",kind:"workflow"}})};function Gw(e,t){return yt(
TP,{check:e,probe:t},{observed:"none",evidence:[{source:"facts",text:`no ${t}`}]})}var AP={title:"A check needs a mount \
that does not answer",headline:({check:{id:e}})=>A("",e," needs a mount that does not answer"),why:({check:e})=>`It is u\
nknown whether this holds, and jobs may depend on it: ${Vn(e.title)}.`,expected:"an answer of the mount",tell:({message:e})=>({
what:e,fix:{text:"Switch `fs/mount` on again in `skip` and in the policy's `severity`: it names the mount, and says how \
to fix it.",kind:"workflow"}})};function Hw(e,t){return yt(AP,{check:e,message:t},{observed:"no answer",evidence:[{source:"\
fs/mount",text:"reports nothing"}]})}var OP="https://github.com/fortemi/runner-check";function Uw(e){return{text:`Report\
 the crash at ${OP}, with \`report.json\` (secrets are already removed). Until it is fixed, leave the check out.`,config:{
file:"the workflow's step",language:"yaml",text:`with:
  skip: ${JSON.stringify(e)}`},kind:"workflow"}}function qw(e){return e===void 0?"The check":`The probe ${y(e)}`}function Bw(e){
return`${Math.max(.1,Math.round(e/100)/10)} s`}var _P={title:"The facts of a check show nothing",headline:({id:e})=>A("The facts show nothing for ",e),why:({id:e})=>`I\
t is unknown whether ${y(e)} holds. Jobs may depend on it.`,expected:"facts that show how it is",tell:({id:e})=>({what:`\
The facts that ${y(e)} needs are empty or cut off, so nothing shows that it holds.`,fix:{text:"Run runner-check on the r\
unner again. If its new report says the same, report it as a bug, with `report.json` (secrets are already removed).",kind:"\
workflow"}})};function Kw(e,t){return yt(_P,{id:e},{observed:"nothing",evidence:[{source:"facts",text:`${t}: empty`}]})}function Yn(e){let[t="",n=""]=e.split("/");return["tool","registry","service"].includes(t)?`docs/checks/${t}.md`:`docs/c\
hecks/${t}.md#${n}`}var Nf="fs/mount";function PP(e,t){var r;return t.skip.some(o=>an(o,e.id))?["disabled","Switched off by the input `skip`."]:zw(e.id,void 0,
t)==="off"?["disabled","Switched off by the policy's `severity`."]:!e.applies||e.applies(t)?void 0:["not-in-profile",((r=
e.notAsked)==null?void 0:r.call(e,t))??`The profile \`${t.profile}\` does not ask for this.`]}function IP(e){let t=new Map;
for(let n of e)for(let r of Object.values(n.needs))t.set(r.name,r);return[...t.values()]}function Vw(e,t,n,r){let o=e.filter(
({details:a})=>a!==void 0),s=Il(o,t,n,r),i=o.filter(({details:a},l)=>{let{status:c,reason:u=""}=s[l]??{};return(c==="fai\
l"||c==="warn")&&(a==null?void 0:a.of.includes(u))});return IP(i.map(({details:a})=>({needs:(a==null?void 0:a.needs)??{}})))}
function Il(e,t,n,r){let o=new Map(e.map(l=>[l.id,l])),s=new Map,i=l=>{for(let c of l){let u=o.get(c),d=u&&NP(a(u),u);if(d!==
void 0)return d}},a=l=>{let c=s.get(l.id);if(c)return c;let u=CP(l,t,n,r,i);return s.set(l.id,u),u};return e.map(a)}function NP(e,t){
var r,o;return e.status==="fail"||e.status==="error"?e.id:e.status==="skip"&&((r=e.reason)!=null&&r.startsWith("needs:"))?
e.reason.slice(6):(e.status==="warn"||e.accepted!==void 0)&&((o=t.reasons[e.reason??""])==null?void 0:o.level)==="fail"?
e.id:void 0}function CP(e,t,n,r,o){var g;let s={id:e.id,title:e.title,evidence:[],docs:Yn(e.id),duration_ms:Math.max(0,...Object.
values(e.needs).map(m=>{var h;return((h=t[m.name])==null?void 0:h.ms)??0}))},i=(m,h)=>({...s,status:"skip",reason:m,message:h}),
a=(m,{kind:h,...w})=>({...s,status:"error",reason:m,...w}),l=m=>e.id===Nf||o([Nf])===void 0?a("undecided",Hw(e,m)):i(`ne\
eds:${Nf}`,m),c=PP(e,n);if(c)return i(...c);let u=o(e.after??[]);if(u!==void 0)return i(`needs:${u}`,`Cannot be judged u\
ntil \`${u}\` passes.`);let d={};for(let[m,h]of Object.entries(e.needs)){let{unnamed:w}=h,k=t[h.name]??(w===void 0?void 0:
{ok:!0,value:w});if(!k)return a("no-facts",Gw(e,h.name));if(!k.ok&&k.reason==="mount")return l(`Cannot be judged: ${k.message}\
.`);if(!k.ok){let b=k.reason==="timeout"?Ww(e,h.name,k):If(e,k,h.name);return a(k.reason,b)}d[m]=k.value}for(let[m,h]of Object.
entries(((g=e.details)==null?void 0:g.needs)??{})){let w=t[h.name];w!=null&&w.ok&&(d[m]=w.value)}let f=()=>a("undecided",
Kw(e.id,Object.keys(e.needs).join(", "))),p;try{p=e.judge(d,n,r)}catch(m){return a("crashed",If(e,{message:on(m)}))}switch(p==
null?void 0:p.kind){case void 0:return f();case"pass":return LP(p.evidence)?{...s,status:"pass",message:p.message,evidence:p.
evidence}:f();case"skip":return i(p.reason,p.message);case"waits-for-mount":return l(p.message);case"undecided":return a(
"undecided",p);case"finding":return jP(Cf(e,p,s.duration_ms),n,r)}}function LP(e){let t=n=>typeof n=="string"&&n.trim()!==
"";return Array.isArray(e)&&e.length>0&&e.every(({source:n,text:r})=>t(n)&&t(r))}function Cf(e,t,n=0){let{reason:r,message:o,
why:s,expected:i,observed:a,evidence:l,remedy:c,location:u,by:d}=t,f=e.reasons[r];return{id:e.id,status:t.level??(f==null?
void 0:f.level)??"fail",reason:r,title:t.title??(f==null?void 0:f.title)??e.title,message:o,why:s,expected:i,observed:a,
evidence:l,remedy:c,docs:Yn(e.id),duration_ms:n,...u&&{location:u},...d&&{by:d}}}function jP(e,t,n){let r=zw(e.id,e.reason,
t);if(r==="off")return{...e,status:"skip",reason:"disabled",message:`Switched off by the policy's \`severity\`: ${e.message}`};
let o=r?{...e,status:r}:e,s=t.accept.find(i=>po(i.check,e.id,e.reason));return s?n.started.slice(0,10)>s.until?{...o,acceptance_expired:s.
until}:{...o,status:"skip",accepted:{reason:s.reason,until:s.until}}:o}function zw(e,t,n){let r=t===void 0?void 0:n.severity[`${e}\
:${t}`];if(r)return r;if(n.severity[e])return n.severity[e];let o=Object.keys(n.severity).filter(i=>i.includes("*")),s=o.
find(i=>!an(i,e)&&po(i,e,t))??o.find(i=>an(i,e));return s===void 0?void 0:n.severity[s]}function Yw(e,t){return Object.create(e,{request:{value:r=>{for(let o of FP(r))t.add(o);return e.request(r)}}})}function FP({
headers:e={},proxy:t,body:n}){return[...Jw(e.authorization),...Jw(t==null?void 0:t.authorization),...MP(n)]}function Jw(e){
let[,t,n]=/^(\S+) +(\S+)$/.exec(e??"")??[];if(t===void 0||n===void 0)return[];if(t.toLowerCase()!=="basic")return[n];let r=Buffer.
from(n,"base64").toString();return[n,r,r.slice(r.indexOf(":")+1)]}function MP(e){return e!=null&&e.includes("refresh_tok\
en=")?new URLSearchParams(e).getAll("refresh_token"):[]}var DP={"cargo-hack":["hack","--version"],"cargo-llvm-cov":["llvm-cov","--version"],ffmpeg:["-version"],ffplay:["-versio\
n"],ffprobe:["-version"],go:["version"],helm:["version"],java:["-version"],javac:["-version"],kubectl:["version","--clie\
nt"],lua:["-v"],openssl:["version"],ssh:["-V"],tmux:["-V"],unzip:["-v"],zip:["-v"]};function Lf(e,t){let r=t.length===2&&
t[0]===e&&t[1]==="--version"?D(DP,e):void 0;return r?[e,...r]:t}var UP={"":1,b:1,kb:1e3,mb:1e6,gb:1e9,tb:1e12,kib:1024,mib:1048576,gib:1073741824,tib:1099511627776},Nl="a size with a u\
nit such as `40GiB` or `500MB`, or a plain number of bytes";function jf(e){let t=/^(\d{1,15}(?:\.\d{1,6})?)\s*([kmgt]?i?b)?$/i.
exec(e.trim()),n=UP[((t==null?void 0:t[2])??"").toLowerCase()];if(!t||n===void 0)return;let r=Math.round(Number(t[1])*n);
return Number.isSafeInteger(r)?r:void 0}var Zn="a duration such as `500ms`, `10s` or `2m`",qP={ms:1,s:1e3,m:6e4,h:36e5,d:864e5};
function Pt(e){let t=/^(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d)$/.exec(e.trim()),n=qP[(t==null?void 0:t[2])??""];return t&&
n!==void 0?Math.round(Number(t[1])*n):void 0}function Zw(e){let t=e.trim().replace(/(?<=\d)[_,](?=\d{3}(?!\d))/g,"");return/^\d{1,15}$/.
test(t)?Number(t):void 0}function ln(e){for(let[t,n]of[["TiB",2**40],["GiB",2**30],["MiB",2**20],["KiB",2**10],["TB",1e12],
["GB",1e9],["MB",1e6]])if(e>=n&&e%n===0)return`${e/n}${t}`;return`${e}B`}var Xw={version:1,profiles:{"matric-builder":{labels:["matric-builder"],"runs-in":"container",image:"ghcr.io/fortemi/for\
temi/builder:latest",privileged:"forbidden",tools:{rustc:"*",cargo:"*",docker:"*",node:"*",git:"*"},docker:{require:"req\
uired",plugins:["buildx"]},gpu:"optional",memory:"1GiB","open-files":1024,disk:[{path:"workspace",free:"40GiB",inodes:1e6}]},
"matric-builder-gpu":{labels:["matric-builder-gpu"],"runs-in":"container",image:"ghcr.io/fortemi/fortemi/builder:gpu",tools:{
rustc:"*",cargo:"*",docker:"*",node:"*",git:"*"},docker:{require:"required",plugins:["buildx"]},gpu:"required",memory:"1\
GiB","open-files":1024,disk:[{path:"workspace",free:"40GiB",inodes:1e6}]},titan:{labels:["titan"],"runs-in":"host",tools:{
rustc:"*",cargo:"*",docker:"*",node:"*",git:"*"},docker:"optional",gpu:"optional",memory:"1GiB","open-files":1024,disk:[
{path:"workspace",free:"40GiB",inodes:1e6}]},gpu:{labels:["gpu"],"runs-in":"host",tools:{rustc:"*",cargo:"*",docker:"*",
node:"*",git:"*"},docker:"optional",gpu:"required",memory:"1GiB","open-files":1024,disk:[{path:"workspace",free:"40GiB",
inodes:1e6}]},generic:{"runs-in":"any",tools:{rustc:{version:"*",optional:!0},cargo:{version:"*",optional:!0},docker:{version:"\
*",optional:!0},node:"*",git:"*"},docker:"optional",gpu:"optional",memory:"1GiB","open-files":1024,disk:[{path:"workspac\
e",free:"2GiB",inodes:5e4}]}}};var tb=ki(ql(),1),mN=ki(Xk(),1);var Qk={text:"*",anyOf:[[]]},aN=/(?<![\w.]|\d:|:\/\/)(?:[a-z]{1,12}_?)?((\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:\.\d{1,6})*)(?!\.?\d|\/|:\d)(?:-((?:alpha|beta|rc|nightly|devel|dev|preview|pre|ea|canary|next|snapshot)(?![a-z])[\w.-]*)|\.?((?:alpha|beta|rc|a|b)\d{1,6})(?!\w))?/i,
lN=/^(?:\S{1,40} (?:version )?)?"?v?(\d{1,5})"?(?=[\s,(]|$)/,eb=/^\W*(?:[\w.-]{1,20}:? |node:\d+\) )?(?:warn|warning|info|note|notice|hint|help|debug|error|fatal)\b|^Picked up /i;
function ce(e){let t=e.replace(/\u001b\[[\d;]*m/g,"").split(/\r\n?|\n/),n=t.filter(o=>!eb.test(o)),r=cN(n.find(o=>o.trim()!==
"")??"");return r!==void 0?{text:r,numbers:[0,0,0],prerelease:[],unnumbered:!0}:Xf(n,Qf)??Xf(n,fN)??Xf(t.filter(uN),Qf)}
function cN(e){var t;return Qf(e)||(t=/^\S{1,40} version (?=\S{0,60}-g?[\da-f]{6})([a-z][\w-]{0,80})(?=\s|$)/i.exec(e))==
null?void 0:t[1]}function uN(e){return eb.test(e)&&/\bversion is\b/i.test(e)}function Xf(e,t){for(let n of e){let r=t(n);
if(r)return r}}var dN=/^\s*(?:[a-z][\w+-]* ){1,3}\([^()]*\) (?=v?\d)/i;function Qf(e){let t=e.includes("(")?e.replace(dN,
""):e,n=aN.exec(t.includes("://")?t.replace(/\w+:\/\/\S+/g,""):t);if(!n)return;let[,r="",o,s,i="0",a,l]=n,c=a??l,u=(c==null?
void 0:c.split(".").map(d=>/^\d+$/.test(d)?Number(d):d))??[];return{text:c===void 0?r:`${r}-${c}`,numbers:[Number(o),Number(
s),Number(i)],prerelease:u}}function fN(e){var n;let t=(n=lN.exec(e))==null?void 0:n[1];return t===void 0?void 0:{text:t,
numbers:[Number(t),0,0],prerelease:[]}}function pt(e,t){for(let n of[0,1,2]){let r=e.numbers[n]-t.numbers[n];if(r!==0)return r}
if(e.prerelease.length===0||t.prerelease.length===0)return t.prerelease.length-e.prerelease.length;for(let n=0;n<Math.max(
e.prerelease.length,t.prerelease.length);n++){let r=pN(e.prerelease[n],t.prerelease[n]);if(r!==0)return r}return 0}function pN(e,t){
return e===t?0:e===void 0?-1:t===void 0?1:typeof e=="number"&&typeof t=="number"?e-t:typeof e=="number"?-1:typeof t=="nu\
mber"?1:e<t?-1:1}var ho="a version range such as `1.92`, `>=1.92 <2`, `~0.8`, `^22` or `*`";function Oi(e){let t=e.trim();if(t==="*")return Qk;
if(!(t===""||t.length>200))try{let n=new tb.default(t);return{text:t,anyOf:n.set.map(r=>r.flatMap(hN))}}catch{return}}function hN(e){
let{operator:t,semver:n}=e;if((n==null?void 0:n.major)===void 0)return[];let r=[n.major,n.minor,n.patch];return[{operator:t,
numbers:r,prerelease:n.prerelease}]}var Wl=Xw.profiles;function Gl(e){return[...new Set([...Object.keys((e==null?void 0:e.source.profiles)??{}),...Object.keys(
Wl)])]}function ls(e,t){var n,r;return((n=D((t==null?void 0:t.source.profiles)??{},e))==null?void 0:n.labels)??((r=D(Wl,
e))==null?void 0:r.labels)??[]}function Xn(e,t){let n=e.startsWith(t)?0:e.indexOf(`
${t}`)+1;if(n===0&&!e.startsWith(t))return;let r=n+t.length,o=e.indexOf(`
`,r);return e.slice(r,o<0?void 0:o).trim()}var gN=1024*1024,rb=512,Qn={name:"job",async collect(e){let{env:t}=e,n=go(t),r=n!=="none"&&!ep(t);return{inJob:r,system:n,
capabilities:(t.GITEA_ACTIONS_CAPABILITIES??"").slice(0,rb).split(/[\s,]+/).filter(Boolean),summaryFile:ot(t.GITHUB_STEP_SUMMARY)!==
void 0,...vN({runnerName:ot(t.RUNNER_NAME)??ot(t.GITEA_RUNNER_NAME),runnerVersion:n==="forgejo"?ot(t.FORGEJO_ACTIONS_RUNNER_VERSION)??
ot(t.GITEA_ACTIONS_RUNNER_VERSION):ot(t.GITEA_ACTIONS_RUNNER_VERSION),containerName:ot(t.JOB_CONTAINER_NAME),repository:ot(
t.GITHUB_REPOSITORY),workflow:ot(t.GITHUB_WORKFLOW),job:ot(t.GITHUB_JOB),runId:ot(t.GITHUB_RUN_ID),event:ot(t.GITHUB_EVENT_NAME),
serverUrl:yN(t.GITHUB_SERVER_URL),fromFork:r?await wN(e):!1})}}};function go(e){return cs(e.FORGEJO_ACTIONS)||ot(e.FORGEJO_ACTIONS_RUNNER_VERSION)||
ot(e.FORGEJO_RUN_ID)?"forgejo":cs(e.GITEA_ACTIONS)?"gitea":cs(e.ACT_EXEC)||cs(e.ACT)?"act":cs(e.GITHUB_ACTIONS)?"github":
"none"}function ep(e){return cs(e.GITEA_RUNNER_HEALTH_CHECK)}function cs(e){return!["","0","false"].includes((e??"").trim().toLowerCase())}function ot(e){return(e==null?void 0:e.trim().
slice(0,rb))||void 0}function yN(e){var n;let t=/^\s*(https?:\/\/)(?:.*@)?([^/?#@\s]+)([^?#]*)/is.exec(e??"");return t?(n=
ot(`${t[1]}${t[2]}${t[3]}`))==null?void 0:n.replace(/\/+$/,""):void 0}async function wN(e){let t=ot(e.env.GITHUB_EVENT_NAME);
if(t===void 0)return;if(!t.startsWith("pull_request"))return!1;let n=e.env.GITHUB_EVENT_PATH,r=n?await ge(e.readText(n,gN),
()=>{}):void 0;return(r==null?void 0:r.kind)==="ok"?kN(bN(r.value)):void 0}function kN(e){let t=Bt(Bt(e,"pull_request"),
"head"),n=Bt(Bt(e,"pull_request"),"base");if(t===void 0||n===void 0)return;let r=nb(t),o=nb(n);if(r!==void 0&&o!==void 0)
return r!==o;if(Bt(t,"repo")===null)return!0;let s=Bt(Bt(t,"repo"),"full_name"),i=Bt(Bt(n,"repo"),"full_name");return typeof s==
"string"&&typeof i=="string"?s!==i:void 0}function nb(e){return Bt(Bt(e,"repo"),"id")??Bt(e,"repo_id")??void 0}function Bt(e,t){
return typeof e=="object"&&e!==null?e[t]:void 0}function bN(e){try{return JSON.parse(e)}catch{return}}function vN(e){return Object.
fromEntries(Object.entries(e).filter(([,t])=>t!==void 0))}var xN=256*1024,_e={name:"container",async collect(e){var w,k;let{env:t}=e,[n,r,o,s]=await Promise.all([e.lstat("/run/.c\
ontainerenv"),e.readText("/proc/self/cgroup"),e.readText("/proc/self/mountinfo",xN),e.readText("/proc/self/status")]),i=SN(
t),a=i===void 0?(w=t.JOB_CONTAINER_NAME)==null?void 0:w.trim():void 0,l=EN(_i(r)),c=PN(_i(o)),u=tp(!!a,"JOB_CONTAINER_NA\
ME")??tp(NN(n),"/run/.containerenv")??l??c??tp(((k=t.GITHUB_EVENT_PATH)==null?void 0:k.startsWith("/var/run/act/"))===!0,
"GITHUB_EVENT_PATH is below /var/run/act/"),d=o.kind==="ok"||/^\d+:[^:]*:\/./m.test(_i(r)),f=[...n.kind==="unreadable"?[
"/run/.containerenv"]:[],...d?[]:["/proc/self/cgroup and /proc/self/mountinfo"]],p=$N(i,u,e.platform,f),g=[a,l==null?void 0:
l.id,c==null?void 0:c.id,e.hostname],m=ob("CapEff",_i(s)),h=ob("CapBnd",_i(s));return{...p,...p.mode==="host"&&u&&{insideContainer:u.
witness},...m!==void 0&&{capabilities:m},...h!==void 0&&{boundingCapabilities:h},names:p.mode==="host"?[]:[...new Set(g.
filter(IN))]}}};function $N(e,t,n,r){return e!==void 0?{mode:"host",witness:e}:t?{mode:"container",witness:t.witness}:n!==
"linux"?{mode:"host",witness:`platform ${n}`}:r.length===0?{mode:"host",witness:"no sign of a container in /proc/self/cg\
roup and /proc/self/mountinfo"}:{mode:"unknown",witness:`${r.join(", ")} cannot be read`}}function SN(e){return ep(e)?"G\
ITEA_RUNNER_HEALTH_CHECK: the runner's own process":RN(e)}function RN(e){if(/\/[0-9a-f]{16}\/hostexecutor(?:\/|$)/.test(
e.GITHUB_WORKSPACE??""))return"GITHUB_WORKSPACE is a host-mode path";if(/\/[0-9a-f]{16}\/act\/workflow\/event\.json$/.test(
e.GITHUB_EVENT_PATH??""))return"GITHUB_EVENT_PATH is a host-mode path"}function EN(e){var t;for(let n of e.split(`
`)){let r=n.split(":").slice(2).join(":");if(r.includes("conmon"))continue;let o=r.length<64?[]:[...r.matchAll(/(?:^|[/-])([0-9a-f]{64})(?=[./]|$)/g)],
s=(t=o[o.length-1])==null?void 0:t[1];if(s!==void 0)return{witness:"/proc/self/cgroup",id:s};if(r.includes("/kubepods")||
r.includes("/docker/"))return{witness:"/proc/self/cgroup"}}}var TN=["/etc/hostname","/etc/hosts","/etc/resolv.conf"],AN=/squashfs|root-ro|root-rw|rofs|\/cow\b|\/live\b|overlayroot/;
function ON(e){return/^(?:fuse\.fuse-)?overlay(?:fs)?\b/.test(e)&&!AN.test(e)&&!_N(e)}function _N(e){let[,t="",n=""]=e.split(
" ");return t.startsWith("composefs")?!0:/^ro,(?:.*,)?lowerdir\+?=/.test(n)&&!n.includes("upperdir=")}function PN(e){var n;
let t;for(let r of e.split(`
`)){let[o="",s=""]=r.split(" - "),[,,,i="",a=""]=o.split(" ");if(TN.includes(a)){let u=(n=/\/(?:overlay-)?containers\/([0-9a-f]{64})\//.
exec(i))==null?void 0:n[1];if(u!==void 0)return{witness:`mount of ${a}`,id:u};if(/\/(?:kubelet\/pods|sandboxes)\//.test(
i))return{witness:`mount of ${a}`}}if(a!=="/")continue;let l=ON(s),c=/\/(?:docker|containers)\/.*\/[0-9a-f]{64}(?:\/|$)/.
test(i);(l||c)&&(t={witness:l?"overlay root in /proc/self/mountinfo":"root in /proc/self/mountinfo"})}return t}function ob(e,t){
var r;let n=((r=Xn(t,`${e}:`))==null?void 0:r.toLowerCase())??"";return/^[0-9a-f]{1,16}$/.test(n)?n:void 0}function IN(e){
return e!==void 0&&e.length<=200&&/^[a-z0-9][\w.-]*$/i.test(e)}function NN(e){return e.kind!=="absent"&&e.kind!=="unread\
able"}function tp(e,t){return e?{witness:t}:void 0}function _i(e){return e.kind==="ok"?e.value:""}function Hl(e){return e.split(`
`).flatMap(t=>{let[n="",r=""]=t.split(" - "),[,,o="",s,i,a]=n.split(" "),[l,c="",u=""]=r.split(" ");if(!s||!i||!a||!l)return[];
let d={root:np(s),target:np(i),source:np(c)};return[{device:o,...d,options:a,fsType:l,superOptions:u}]})}function np(e){
return e.includes("\\")?e.replace(/\\([0-7]{3})/g,(t,n)=>String.fromCharCode(Number.parseInt(n,8))):e}var Kl="/var/run/docker.sock";var cn={name:"docker-endpoint",async collect(e){var a;let t=ab(e),n=await lb(e,t),r=await CN(e,t,n.currentContext),o=await FN(
e,r,t),s=r.shown??ib(o),i=r.source==="DOCKER_HOST"?N(xr(((a=e.env.DOCKER_HOST)==null?void 0:a.trim())??""),200):s;return{
endpoint:o,address:s,...i!==s&&{written:i},source:r.source,...r.context!==void 0&&{context:N(r.context,200)},config:{path:`${t}\
/config.json`,state:n.state},elsewhere:await MN(e,o)}}};function ib(e){switch(e.kind){case"unix":return`unix://${e.path}`;case"\
tcp":return`tcp://${e.host.includes(":")?`[${e.host}]`:e.host}:${e.port}`;case"ssh":return`ssh://${e.host}`;case"invalid":
return"nowhere"}}function ab(e){let t=e.env.DOCKER_CONFIG;return t?t.replace(/\/+$/,"")||"/":`${(e.env.HOME||e.userHome||
"").replace(/\/+$/,"")}/.docker`}async function lb(e,t){let n=await e.readText(`${t}/config.json`,1048576);if(n.kind!=="\
ok")return{state:n.kind,pluginDirectories:[]};let r=ub(n.value);if(!r)return{state:"invalid",pluginDirectories:[]};let{currentContext:o,
cliPluginsExtraDirs:s}=r;return{state:"ok",...typeof o=="string"&&{currentContext:o},pluginDirectories:Array.isArray(s)?
s.filter(i=>typeof i=="string"):[]}}async function CN(e,t,n){var a;let r=(a=e.env.DOCKER_HOST)==null?void 0:a.trim();if(r)
return{...cb(r),source:"DOCKER_HOST"};let o=e.env.DOCKER_CONTEXT,s=o||n;if(!s||s==="default")return{endpoint:LN(e),source:"\
default"};let i=o?"DOCKER_CONTEXT":"config";return{...await jN(e,t,s),source:i,context:s}}function LN({env:e}){return!!(e.
DOCKER_TLS_VERIFY||e.DOCKER_TLS)?{kind:"tcp",host:"localhost",port:2376,tls:"none"}:{kind:"unix",path:Kl}}function cb(e){
let t=e.startsWith("/")?N(e,200):N(xr(e),200),n=(a,l)=>({endpoint:{kind:"invalid",why:a,...l!==void 0&&{meant:l}},shown:t}),
r=e.indexOf("://");if(r<0&&e.startsWith("/"))return n("Docker reads a path without `unix://` as a TCP address",`unix://${t}`);
if(r<0&&/^unix:/i.test(e)){let a=`/${t.slice(5).replace(/^\/+/,"")}`;return n("without two slashes, Docker reads `unix` \
as the name of a host",`unix://${a}`)}let o=r<0?/^(tcp|ssh|https?|npipe|fd):(?!\d+(?:\/|$))\/?(.*)$/is.exec(e):void 0;if(o){
let[,a="",l=""]=o,u=/^(?:tcp|ssh)$/i.test(a)&&Bl(l)!==void 0?`${a.toLowerCase()}://${N(xr(l),200)}`:void 0;return n(`wit\
hout two slashes, Docker reads \`${a}\` as the name of a host`,u)}let s=r<0?"tcp":e.slice(0,r),i=r<0?e:e.slice(r+3);switch(s){case"\
unix":return{endpoint:{kind:"unix",path:i||Kl}};case"tcp":{let a=Bl(i);return a?{endpoint:{kind:"tcp",...a,tls:"none"}}:
n("it has no valid host and port")}case"ssh":{let a=i===""?void 0:Bl(i);return a?{endpoint:{kind:"ssh",host:a.host}}:n("\
it has no valid host")}case"http":case"https":{let a=Bl(i),l=a&&ib({kind:"tcp",...a,tls:"none"});return n(`the Docker CL\
I does not support the scheme \`${s}\``,l)}case"npipe":return n("named pipes exist on Windows only");case"fd":return n("\
`fd://` is for the daemon's socket activation, not for clients");default:return n("the Docker CLI does not support this \
scheme")}}function Bl(e){let t=N(xr(e),200).split("/")[0]??"";if(/^[0-9a-f]*(:[0-9a-f]*){2,}$/i.test(t))return{host:t,port:2375};
let n=/^(?:\[([0-9a-f:.%]+)\]|([^:[\]\s]*))(?::(\d{0,5}))?$/i.exec(t);if(!n)return;let r=Number(n[3]||2375);if(!(r<1||r>
65535))return{host:n[1]??(n[2]||"localhost"),port:r}}function xr(e){return e.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is,"$1").
replace(/[?#].*$/s,"")}async function jN(e,t,n){var d,f;let r=`context ${N(n,200)}`,o=p=>({endpoint:{kind:"invalid",why:p},
shown:r}),s=`${t}/contexts/meta`,i=await e.list(s);if(i.kind==="unreadable")return o(`\`${s}\` cannot be read (${i.code}\
)`);if(i.kind==="absent")return o(`\`${s}\` does not exist`);let a=await Promise.all(i.value.map(async p=>{let g=await e.
readText(`${s}/${p}/meta.json`),m=g.kind==="unreadable"?g.code:void 0;return{id:p,code:m,meta:g.kind==="ok"?ub(g.value):
void 0}})),l=a.find(({meta:p})=>(p==null?void 0:p.Name)===n);if(!l){let p=a.find(({code:g})=>g!==void 0);return o(p?`\`${s}\
/${p.id}/meta.json\`, which may describe it, cannot be read (${p.code})`:`\`${s}\` does not contain it`)}let c=V((f=V((d=
l.meta)==null?void 0:d.Endpoints))==null?void 0:f.docker),u=c==null?void 0:c.Host;return typeof u!="string"||u===""?o("i\
t has no Docker endpoint"):{...cb(u),contextTls:{directory:`${t}/contexts/tls/${l.id}/docker`,skipVerify:(c==null?void 0:
c.SkipTLSVerify)===!0}}}async function FN(e,t,n){let{endpoint:r,contextTls:o}=t;if(r.kind!=="tcp"&&r.kind!=="unix")return r;
if(o){if(r.kind==="unix")return r;let a=await sb(e,o.directory);return o.skipVerify?{...r,tls:"no-verify",files:a}:a.some(
l=>l.state!=="absent")?{...r,tls:"verify",files:a}:r}let s=!!e.env.DOCKER_TLS_VERIFY;if(!s&&!e.env.DOCKER_TLS)return r;let i=await sb(
e,e.env.DOCKER_CERT_PATH||n);return r.kind==="unix"?{...r,files:i}:{...r,tls:s?"verify":"no-verify",files:i}}async function sb(e,t){
return Promise.all(["ca","cert","key"].map(async n=>{let r=`${t.replace(/\/+$/,"")}/${n}.pem`;return(await e.stat(r)).kind===
"absent"?{role:n,path:r,state:"absent"}:{role:n,path:r,state:(await e.access(r,"r")).kind==="granted"?"present":"unreada\
ble"}}))}async function MN(e,t){return t.kind!=="unix"||t.path!==Kl?[]:(await e.lstat(Kl)).kind!=="absent"?[]:DN(e)}async function DN(e){
let t=e.env.HOME||e.userHome,n=e.env.XDG_RUNTIME_DIR||(e.uid?`/run/user/${e.uid}`:void 0),r=["/run/docker.sock","/run/po\
dman/podman.sock",...n?[`${n}/docker.sock`,`${n}/podman/podman.sock`]:[],...t?[`${t}/.docker/run/docker.sock`,`${t}/.doc\
ker/desktop/docker.sock`,`${t}/.colima/docker.sock`,`${t}/.colima/default/docker.sock`,`${t}/.rd/docker.sock`]:[]],o=await Promise.
all(r.map(async s=>(await e.stat(s)).kind));return r.filter((s,i)=>o[i]==="socket")}function ub(e){try{return V(JSON.parse(
e))}catch{return}}function V(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)?e:void 0}function N(e,t=2048){return e.
length<=t?e:`${e.slice(0,t)}\u2026`}var UN=1024*1024;async function us(e){let t=await e.readText("/proc/self/mountinfo",UN);return t.kind==="ok"?Hl(t.value).
map(qN):void 0}function rp(e,t){return e.filter(({target:r})=>r==="/"||t===r||t.startsWith(`${r}/`)).reduce((r,o)=>r&&r.
target.length>o.target.length?r:o,void 0)}function qN(e){var l;let{root:t,target:n,fsType:r,source:o,superOptions:s}=e,i=e.
options.split(","),a=r==="overlay"?(l=/(?:^|,)upperdir=([^,]+)/.exec(s))==null?void 0:l[1]:void 0;return{target:N(n,1e3),
root:N(t,1e3),fsType:N(r,50),readOnly:i.includes("ro"),...a!==void 0&&{upper:N(a,1e3)},...i.includes("noexec")&&{noExec:{
source:N(o,500)}},...r==="cgroup"&&{controllers:N(s,1e3).split(",")}}}async function db(e,t){let n=t;for(;;){let r=await e.realPath(n);if(r.kind==="ok")return{kind:"found",path:r.value,exists:n===
t};if(r.kind==="unreadable")return r;let o=n.replace(/\/+[^/]*\/*$/,"")||"/";if(o===n)return{kind:"unreadable",code:"ENO\
ENT"};n=o}}function Pi(e){return It(e.RUNNER_TEMP)??"/tmp"}function Vl(e){let t=It(e.env.HOME)??It(e.userHome);return t===
"/"?void 0:t}function It(e){return e!=null&&e.startsWith("/")?e:void 0}function zl(e){return new Promise(t=>{e.aborted?t():
e.addEventListener("abort",()=>t(),{once:!0})})}var yo={name:"disks",async collect(e,t,n,r){let o=zl(n),s=await us(e)??[],i=["workspace","temp","home","tool-cache","doc\
ker-root"],l=[...new Set([...i,...t.policy.disk.map(c=>c.path)])].map(async c=>{let u=await HN(c,e,t,s,r);if(typeof u!="\
string")return[c,u];let d={kind:"unreadable",path:u,code:"ETIMEDOUT"},f=ge(zN(e,u,s,n),()=>({kind:"dead-mount",path:u})),
p=await Promise.race([f,o.then(()=>d)]);return c==="docker-root"?[c,GN(p)]:[c,i.includes(c)?p:WN(p)]});return{places:Object.
fromEntries(await Promise.all(l))}}};function WN(e){return e.kind==="measured"&&e.measuredAt!==void 0?{kind:"unreadable",
path:e.path,code:"ENOENT"}:e}function GN(e){return e.kind==="measured"&&e.measuredAt!==void 0?{kind:"not-visible",why:`\`${e.
path}\` does not exist`}:e}async function HN(e,t,n,r,o){switch(e){case"workspace":return n.workspace;case"temp":return Pi(
t.env);case"home":return Vl(t)??{kind:"not-visible",why:"this user has no home directory"};case"tool-cache":return It(t.
env.RUNNER_TOOL_CACHE)??{kind:"not-visible",why:"`RUNNER_TOOL_CACHE` is not set"};case"docker-root":return KN(t,r,o);default:
return It(e)??`${n.workspace}/${e}`}}var BN=/\/(?:overlay2?|io\.containerd\.snapshotter\.v1\.\w+|fuse-overlayfs)\//;async function KN(e,t,n){
var i;let{mode:r,insideContainer:o}=await n(_e);if(r!=="host"||o!==void 0)return BN.test(((i=rp(t,"/"))==null?void 0:i.upper)??
"")?"/":{kind:"not-visible",why:"Docker's data directory is on the host and not visible in this container"};let s=await e.
readText("/etc/docker/daemon.json");return s.kind==="unreadable"?{kind:"not-visible",why:`\`/etc/docker/daemon.json\`, whi\
ch may name it, cannot be read (${s.code})`}:It(VN(s))??"/var/lib/docker"}function VN(e){let t=e.kind==="ok"?/"data-root"\s*:\s*"([^"\\]{1,1024})"/.
exec(e.value):void 0;return t==null?void 0:t[1]}async function zN(e,t,n,r){let o=await db(e,t);if(o.kind==="unreadable")
return{kind:"unreadable",path:t,code:o.code};let s=await e.space(o.path,r);if(s.kind==="absent")return{kind:"unreadable",
path:t,code:"ENOENT"};if(s.kind==="unreadable")return{kind:"unreadable",path:t,code:s.code};let{freeBytes:i,totalBytes:a,
freeInodes:l,totalInodes:c,source:u}=s.value;if(a===0)return{kind:"unreadable",path:t,code:"ENODATA"};let d=rp(n,o.path);
return{kind:"measured",path:t,...!o.exists&&{measuredAt:o.path},freeBytes:i,totalBytes:a,...l!==void 0&&{freeInodes:l},...c!==
void 0&&{totalInodes:c},source:u,...d&&{mount:{target:d.target,fsType:d.fsType}}}}async function ye(e,t,n){let r=new AbortController,o=()=>r.abort(),s=setTimeout(o,e);t.aborted&&o(),t.addEventListener("\
abort",o,{once:!0});try{return await n(r.signal)}finally{clearTimeout(s),t.removeEventListener("abort",o)}}function op(e,t){return ye(e,t,n=>new Promise(r=>{n.aborted?r():n.addEventListener("abort",()=>r(),{once:!0})}))}function vt(){
return new Promise(e=>setImmediate(e))}var JN={create:{method:"POST",path:"/containers/create",body:"{"},session:{method:"POST",path:"/session"},grpc:{method:"\
GET",path:"/grpc"},build:{method:"POST",path:"/build?buildargs=%7B",body:"{"},pull:{method:"POST",path:"/images/create?f\
romImage=:"},containers:{method:"GET",path:"/containers/json?limit=1"},images:{method:"GET",path:`/images/json?filters=${encodeURIComponent(
'{"reference":["runner-check/none"]}')}`}},YN=["create","session","grpc","build","pull"],ZN=["containers","images"],XN="\
/v1.44",QN=2e3,ap={name:"docker-engine",async collect(e,t,n,r){let{endpoint:o,address:s}=await r(cn),i=Math.min(QN,t.timeoutMs),
a=(C,q="",me={})=>ye(i,n,async X=>(await Promise.all(C.map($e=>{let Kn=JN[$e],df={name:$e,...Kn,method:me[$e]??Kn.method,
path:`${q}${Kn.path}`};return nC(e,o,df,X)}))).filter($e=>$e!==void 0)),l=C=>Promise.all([oC(e,o,n,C),up(e,o,`${C}/info`,
n,cp).then(q=>dp(q,iC))]),[[c,u],d]=await Promise.all([l(""),a(YN)]),f=fb(c),p=f?await tC(e,o,n):void 0,[g,m]=p===void 0?
[c,u]:await l(p),h=g.kind==="ok"&&lp(g.value),w=C=>!eC(C)||C.by==="proxy"&&!h,k=d.filter(w),b=f||k.some(ip)||fb(m),R=g.kind===
"ok"&&b?await a(ZN):[],$=[...k,...R],P=g.kind==="ok"?$.filter(ip).map(({name:C})=>C):[],I=P.length>0?await a(P,p??XN,{grpc:"\
POST"}):[],S=$.map(C=>I.find(({name:q})=>q===C.name)??C).filter(w);return{endpoint:s,version:g,info:m,...S.length>0&&{requests:S}}}};
function ip({status:e,by:t}){return[401,403,407].includes(e)?!0:t===void 0?[404,405,501].includes(e):t==="proxy"}function eC({
name:e,status:t}){return t===404&&(e==="session"||e==="grpc")}function fb(e){return e.kind==="http-error"&&ip({status:e.
status})}async function tC(e,t,n){var i;let r=wo(t),o=r&&await e.request({to:r,method:"HEAD",path:"/_ping",signal:n,maxBody:1024});
if((o==null?void 0:o.kind)!=="answered"||o.status!==200)return;let s=(i=/^\d+\.\d+$/.exec(o.headers["api-version"]??""))==
null?void 0:i[0];return s&&`/v${s}`}async function nC(e,t,{name:n,method:r,path:o,body:s},i){let a=wo(t);if(!a)return;let l=r===
"POST"?{"content-type":"text/plain"}:{},c=s===void 0?{}:{body:s},u=await e.request({to:a,method:r,path:o,headers:l,...c,
signal:i,maxBody:64*1024});if(u.kind!=="answered")return;let{status:d,body:f}=u,p=d===200?"":N(fp(f),500),g=rC(u)?"engin\
e":"proxy";return{name:n,request:`${r} ${o.replace(/^\/v\d[\d.]*|\?.*$/g,"")}`,status:d,body:p,by:g}}function rC({status:e,
headers:t,body:n}){var r;return e<400||t["api-version"]!==void 0?!0:typeof((r=V(pp(n)))==null?void 0:r.message)=="string"}
function lp({components:e,server:t}){return/^libpod\//i.test(t??"")||e.some(({name:n})=>/^podman/i.test(n))}async function oC(e,t,n,r=""){
return dp(await up(e,t,`${r}/version`,n,cp),sC)}var cp=512*1024;async function Jl(e,t,n,r,o={}){return dp(await up(e,t,n,
r,o.maxBody??cp),s=>s)}async function up(e,t,n,r,o){let s=wo(t);return s&&e.request({to:s,path:n,signal:r,maxBody:o})}function wo(e){
if(e.kind==="unix")return{socket:e.path};if(e.kind!=="tcp")return;let{host:t,port:n,tls:r,files:o=[]}=e;if(r==="none")return{
host:t,port:n};let s=o.filter(a=>a.state==="present").map(a=>[a.role,a.path]),i={verify:r==="verify",...Object.fromEntries(
s)};return{host:t,port:n,tls:i}}function dp(e,t){if(!e)return{kind:"no-endpoint"};if(e.kind==="timed-out")return e;if(e.
kind==="failed")return e.code.startsWith("HPE_")?{kind:"not-docker",body:N(e.message)}:{kind:"failed",code:e.code,message:N(
e.message)};if(e.status!==200)return{kind:"http-error",status:e.status,body:N(fp(e.body))};if(e.truncated)return{kind:"f\
ailed",code:"EMSGSIZE",message:"the answer is too long to be read"};let n=pp(e.body),r=n===void 0?void 0:t(n,e.headers);
return r===void 0?{kind:"not-docker",body:N(e.body)}:{kind:"ok",value:r}}function fp(e){var n;let t=(n=V(pp(e)))==null?void 0:
n.message;return typeof t=="string"?t:e}function pp(e){try{return JSON.parse(e)}catch{return}}function sC(e,t){let n=V(e),
r=xt(n==null?void 0:n.Version),o=xt(n==null?void 0:n.ApiVersion);if(!(!r||!o))return{version:r,apiVersion:o,minApiVersion:xt(
n==null?void 0:n.MinAPIVersion)||void 0,components:ds(n==null?void 0:n.Components).flatMap(s=>{let i=V(s),a=xt(i==null?void 0:
i.Name);return a?[{name:a,version:xt(i==null?void 0:i.Version)}]:[]}),server:t.server&&N(t.server,200)}}function iC(e){let t=V(
e);if(!t||typeof t.Driver!="string")return;let n=aC(V(t.RegistryConfig)),r=lC(V(t.RegistryConfig));return{name:xt(t.Name),
operatingSystem:xt(t.OperatingSystem),driver:xt(t.Driver),dockerRootDir:xt(t.DockerRootDir),warnings:sp(t.Warnings),runtimes:Object.
keys(V(t.Runtimes)??{}).slice(0,100).map(o=>xt(o)),defaultRuntime:xt(t.DefaultRuntime),cdiDevices:[...sp(t.CDISpecDirs),
...ds(t.DiscoveredDevices).flatMap(o=>{var s;return xt((s=V(o))==null?void 0:s.ID)||[]})],securityOptions:sp(t.SecurityOptions),
cgroupDriver:xt(t.CgroupDriver),...n&&{insecureRegistries:n},...r.length>0&&{mirrors:r}}}var pb=50;function aC(e){let t=Object.
entries(V(e==null?void 0:e.IndexConfigs)??{}).filter(([r,o])=>{var s;return((s=V(o))==null?void 0:s.Secure)===!1&&cC(r)}).
slice(0,pb).map(([r])=>r),n=ds(e==null?void 0:e.InsecureRegistryCIDRs).filter(r=>typeof r=="string"&&/^[\da-f.:]{2,45}\/\d{1,3}$/i.
test(r)).slice(0,pb);return t.length+n.length===0?void 0:{names:t,networks:n}}function lC(e){var r,o;let t=ds((o=V((r=V(
e==null?void 0:e.IndexConfigs))==null?void 0:r["docker.io"]))==null?void 0:o.Mirrors);return(t.length>0?t:ds(e==null?void 0:
e.Mirrors)).filter(s=>typeof s=="string"&&/^https?:\/\/[^@?#\s]{1,200}$/i.test(s)).slice(0,5).map(s=>s.replace(/\/+$/,""))}
function cC(e){return e.length<300&&/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(e)}function xt(e){return typeof e==
"string"?N(e,500):""}function ds(e){return Array.isArray(e)?e.slice(0,100):[]}function sp(e){return ds(e).map(xt).filter(
t=>t!=="")}var uC=["create","oom","die","kill","reload","destroy","disconnect"],dC=100,fC=10,pC=2e3;function hb(e){return{name:"doc\
ker-since",async collect(t,n,r,o){let[{endpoint:s,address:i},a]=await Promise.all([o(cn),o(_e).catch(()=>{})]);return ye(
Math.min(pC,n.timeoutMs),r,async l=>{let c=await mC(t,s,l);return c.kind==="ok"?{address:i,answer:c,...await hC(t,s,a,e,
l)}:{address:i,answer:c,...await kC(t,s)}})}}}async function mC(e,t,n){let r=wo(t);if(!r)return{kind:"no-endpoint"};let o=await e.
request({to:r,path:"/_ping",signal:n,maxBody:4096});if(o.kind==="timed-out")return o;if(o.kind==="failed")return{kind:"f\
ailed",code:o.code,message:N(o.message,300)};let{status:s,body:i}=o;return s===200?{kind:"ok",value:N(i,50)}:{kind:"http\
-error",status:s,body:N(i,300)}}async function hC(e,t,n,r,o){var g;let s=m=>Jl(e,t,m,o),i=(n==null?void 0:n.mode)==="con\
tainer"?n.names.slice(0,2):[],[a,l,c,u]=await Promise.all([gC(e,t,r,o),s("/networks/bridge"),s("/containers/json?all=1"),
Promise.all(i.map(m=>s(`/containers/${encodeURIComponent(m)}/json`)))]),d=l.kind==="ok"?gb((g=V(l.value))==null?void 0:g.
Created):void 0,f=u.map(m=>{var h;return m.kind==="ok"?er((h=V(m.value))==null?void 0:h.Id):""}).find(Boolean),p=c.kind===
"ok"?await wC(s,c.value,r):void 0;return{...a&&{events:a},...d!==void 0&&{bridgeCreated:d},...p&&{containers:p},...f&&{self:f}}}
async function gC(e,t,n,r){var u;let o=wo(t);if(!o)return;let s=`/events?since=${(n/1e3).toFixed(3)}&until=${(Date.now()/
1e3).toFixed(3)}`,i=await e.request({to:o,path:s,signal:r,maxBody:512*1024});if(i.kind!=="answered"||i.status!==200)return;
let l=i.body.split(`
`).filter(d=>d.trim()!=="").flatMap(d=>yC(d)??[]),c=(u=l[0])==null?void 0:u.time;return{count:l.length,...c!==void 0&&{oldest:c},
told:l.filter(({action:d})=>uC.includes(d)).slice(-dC)}}function yC(e){let t=V(vC(e)),n=V(t==null?void 0:t.Actor),r=V(n==
null?void 0:n.Attributes),o=t==null?void 0:t.timeNano;if(!t||typeof t.Action!="string"||typeof o!="number")return;let s=mb(
r==null?void 0:r.exitCode),i=mb(r==null?void 0:r.signal),a=er(r==null?void 0:r.container);return{time:Math.round(o/1e6),
action:N(t.Action,50),type:N(er(t.Type),50),id:N(er(n==null?void 0:n.ID),100),name:N(er(r==null?void 0:r.name),200),...s!==
void 0&&{exitCode:s},...i!==void 0&&{signal:i},...a!==""&&{container:N(a,100)}}}async function wC(e,t,n){let r=(Array.isArray(
t)?t:[]).slice(0,1e3).flatMap(s=>{let i=V(s),a=typeof(i==null?void 0:i.Created)=="number"?(i.Created+1)*1e3:0,l=er(i==null?
void 0:i.Id);return a>=n&&/^[\da-f]{12,64}$/.test(l)?[l]:[]});return(await Promise.all(r.slice(0,fC).map(s=>e(`/containe\
rs/${s}/json`)))).flatMap(s=>{var u;let i=s.kind==="ok"?V(s.value):void 0,a=gb(i==null?void 0:i.Created),l=V(i==null?void 0:
i.State);if(!i||!l||a===void 0||a<n)return[];let c=(u=V(i.HostConfig))==null?void 0:u.Memory;return[{id:N(er(i.Id),100),
name:N(er(i.Name).replace(/^\//,""),200),created:a,oomKilled:l.OOMKilled===!0,exitCode:typeof l.ExitCode=="number"?l.ExitCode:
0,running:l.Running===!0,memory:typeof c=="number"?c:0}]})}async function kC(e,t){if(t.kind!=="unix"||e.platform!=="linu\
x")return{};let[n,r]=await Promise.all([e.lstat(t.path).catch(()=>{}),e.readText("/proc/net/unix",1024*1024)]),o=r.kind===
"ok"&&bC(r.value,t.path);return(n==null?void 0:n.kind)==="absent"&&o?{listensUnseen:!0}:{}}function bC(e,t){let n=r=>r.replace(
/^\/var\/run\//,"/run/");return e.split(`
`).some(r=>{let[,,,o,,,,s]=r.trim().split(/\s+/);return o==="00010000"&&s!==void 0&&n(s)===n(t)})}function gb(e){let t=Date.
parse(er(e));return Number.isFinite(t)?t:void 0}function er(e){return typeof e=="string"?e:""}function mb(e){return typeof e==
"string"&&/^\d{1,9}$/.test(e)?Number(e):void 0}function vC(e){try{return JSON.parse(e)}catch{return}}function Oe(e){if(/^https?:\/\/[^/]/i.test(e??""))try{return new URL(e??"")}catch{return}}function Ye(e){return e.hostname.
replace(/^\[(.*)\]$/,"$1")}function fs(e,t,n="direct"){let r=t.protocol==="https:"?"https_proxy":"http_proxy",o=mp(e,r)??mp(e,"all_proxy"),s=Ye(t);
if(o===void 0||n==="direct"&&Ii(s))return;let i=Number(t.port)||(t.protocol==="https:"?443:80);if(!$C(mp(e,"no_proxy")??
"",s,i))return xC(o)}function mp(e,t){var n,r;return((n=e[t])==null?void 0:n.trim())||((r=e[t.toUpperCase()])==null?void 0:
r.trim())||void 0}function xC(e){let t=/^[a-z][\w+.-]*:\/\//i.test(e)?e:`http://${e}`,n=N(xr(t),300),r=Oe(t);if(!r)return{
shown:n,target:void 0};let o=r.protocol==="https:",s=hp(r);return{shown:n,target:{host:Ye(r),port:Number(r.port)||(o?443:
80),...o&&{tls:o},...s!==void 0&&{authorization:s}}}}function hp({username:e,password:t}){if(!(e===""&&t===""))return`Ba\
sic ${Buffer.from(`${yb(e)}:${yb(t)}`).toString("base64")}`}function yb(e){try{return decodeURIComponent(e)}catch{return e}}
function Ii(e){return/^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|::1|::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4})$/i.test(e)}
function $C(e,t,n){let r=t.toLowerCase();return e.toLowerCase().split(/[\s,]+/).filter(Boolean).some(o=>{if(o==="*")return!0;
let[,s=o,i]=/^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(o)??[];if(i!==void 0&&Number(i)!==n)return!1;let a=s.replace(/^\[(.*)\]$/,
"$1").replace(/^\*?\./,"");return r===a||r.endsWith(`.${a}`)||SC(r,a)})}function SC(e,t){let[n="",r=""]=t.split("/"),[o,
s]=[wb(e),wb(n)],i=Number(r);if(o===void 0||s===void 0||!/^\d{1,2}$/.test(r)||i>32)return!1;let a=2**(32-i);return Math.
floor(o/a)===Math.floor(s/a)}function wb(e){var n;let t=(n=/^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(e))==null?
void 0:n.slice(1).map(Number);return t!=null&&t.every(r=>r<256)?t.reduce((r,o)=>r*256+o,0):void 0}var RC=/^(?:UNABLE_TO_(?:GET_ISSUER_CERT(?:_LOCALLY)?|VERIFY_LEAF_SIGNATURE)|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT)$/;
async function Yl(e,t,n){let r=fs(e.env,t);if(r&&!r.target)return{kind:"other-proxy",via:r.shown};let o=t.protocol==="ht\
tps:",{authorities:s=[],verify:i=!0,headers:a,...l}=n,c=f=>{let p={host:Ye(t),port:Number(t.port)||(o?443:80)},g={...l,to:o?
{...p,tls:{verify:i,...f!==void 0&&{ca:f}}}:p,...(r==null?void 0:r.target)&&{proxy:r.target},path:`${t.pathname}${t.search}`,
headers:{"user-agent":"runner-check",...a}};return e.request(g)},u=r&&{via:r.shown},d=await c();if(d.kind==="failed"&&RC.
test(d.code))for(let f of s){if((await e.stat(f)).kind!=="file")continue;let p=await c(f);if(p.kind==="answered")return{
...p,...u,trustedBy:f,untrusted:d.code}}return{...EC(d,r!==void 0),...u}}function EC(e,t){return t&&e.kind==="answered"&&
e.status===407?{kind:"failed",code:"HTTP_407",message:"the proxy answers 407",at:"proxy"}:e.kind==="failed"?{...e,message:N(
e.message,300)}:e}var gp=["/etc/ssl/certs/ca-certificates.crt","/etc/pki/tls/certs/ca-bundle.crt","/etc/ssl/ca-bundle.pe\
m","/etc/ssl/cert.pem"];function kb({env:e}){var n;let t=(n=e.SSL_CERT_FILE)!=null&&n.startsWith("/")?[e.SSL_CERT_FILE]:
[];return[...new Set([...t,...gp])]}function Zl(e){return N(`${e.protocol}//${e.host}${e.pathname}`,300)}var Xl=require("node:path");function bb(e,t){let n=e.GITHUB_WORKSPACE??"";return(0,Xl.isAbsolute)(n)?n:t}function TC(e){
return e.GITHUB_WORKSPACE!==void 0||e.GITEA_RUNNER_HEALTH_CHECK!=="true"}function ps(e,t){let n=t.replace(/(?<=.)\/+$/,"");return e===n||e.startsWith(n==="/"?"/":`${n}/`)}async function un(e,t,n){
if(!TC(e.env))return!1;let[r,o,s]=await Promise.all([t,n,e.userHome??"/"].map(i=>AC(e,i)));return ps(s??"/",o??n)?!1:[(0,Xl.resolve)(
t),r??t].some(i=>ps(i,n)||ps(i,o??n))}function yp(e){return Object.create(e,{run:{value:(n,r)=>e.run(n,{...r,isTrusted:!0})}})}
async function Ni(e,t,n,r,o="utf8"){return await un(e,n,t)?e.readInside(t,n,r,o):e.readText(n,r,o)}async function AC(e,t){
let n=await e.realPath(t);return n.kind==="ok"?n.value:t}var OC=/^GIT_(?:CONFIG_(?:NOSYSTEM|SYSTEM|GLOBAL)|SSL_(?:CAINFO|CAPATH|NO_VERIFY))$/,_C=/^(?:safe\.directory|http\.(?:.*\.)?ssl(?:CAInfo|CAPath|Verify|Backend))$/i;
async function vb(e,t,n,r){let o={...PC(e.env,n),GIT_TERMINAL_PROMPT:"0",GIT_ALLOW_PROTOCOL:"https",LC_ALL:"C",LANGUAGE:""},
s={kind:"not-started",code:"ETIMEDOUT",stdout:"",stderr:"",ms:0};return ge(e.run(["git",...t],{signal:r,env:o,maxOutput:16*
1024}),()=>s)}function PC(e,t){let n=Object.entries(e).filter(([o,s=""])=>OC.test(o)&&!(s.startsWith("/")&&ps(s,t))),r=Array.
from({length:Math.min(Number(e.GIT_CONFIG_COUNT)||0,100)},(o,s)=>[e[`GIT_CONFIG_KEY_${s}`]??"",e[`GIT_CONFIG_VALUE_${s}`]??
""]).filter(([o=""])=>_C.test(o));return{...Object.fromEntries(n),GIT_CONFIG_COUNT:String(r.length),...Object.fromEntries(
r.flatMap(([o,s],i)=>[[`GIT_CONFIG_KEY_${i}`,o],[`GIT_CONFIG_VALUE_${i}`,s]]))}}var xb=4*1024*1024;function Sb(e){return ge(IC(e),()=>{})}async function IC(e){let{env:t}=e,n=await NC(e,gp),r=/--use-openssl-ca/.
test(t.NODE_OPTIONS??""),o=[t.NODE_EXTRA_CA_CERTS,r?t.SSL_CERT_FILE:void 0].flatMap(l=>It(l)??[]),i=["GIT_SSL_CAINFO","G\
IT_SSL_CAPATH"].find(l=>t[l])??(await CC(e)?"configuration":void 0),a={...o[0]!==void 0&&{extra:N(o[0],500)},...n!==void 0&&
{bundle:n},...i!==void 0&&{named:i}};if(n===void 0||i!==void 0||r&&t.SSL_CERT_DIR)return a;for(let l of o)if(!await LC(e,
l,n))return a}async function NC(e,t){for(let n of t){let r=await e.stat(n);if(r.kind==="file"&&r.size>0)return n}}async function CC({
env:e,readText:t}){let n=It(e.HOME),r=It(e.XDG_CONFIG_HOME)??(n===void 0?void 0:`${n}/.config`),o=[It(e.GIT_CONFIG_SYSTEM)??
"/etc/gitconfig",...n===void 0?[]:[`${n}/.gitconfig`],...r===void 0?[]:[`${r}/git/config`],...It(e.GIT_CONFIG_GLOBAL)===
void 0?[]:[e.GIT_CONFIG_GLOBAL??""]],s=await Promise.all(o.map(a=>t(a))),i=Object.entries(e).filter(([a])=>/^GIT_CONFIG_KEY_\d+$/.
test(a));return s.some(a=>a.kind==="ok"&&/^\s*(?:sslCA(?:Info|Path)|\[include)/im.test(a.value))||i.some(([,a=""])=>/\.sslCA(?:Info|Path)$/i.
test(a))}async function LC(e,t,n){if(t===n)return!0;let[r,o]=await Promise.all([e.readText(t,xb),e.readText(n,xb)]);if(r.
kind!=="ok")return!0;let s=new Set(o.kind==="ok"?$b(o.value):[]);return $b(r.value).every(i=>s.has(i))}function $b(e){return[
...e.matchAll(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----([\w+/=\s]*)-----END/g)].map(([,n=""])=>n.replace(/\s/g,""))}var jC=/certificate verification failed|SSL certificate problem|problem with the SSL CA cert|error setting certificate|certificate verify failed|SSL peer certificate/i;
async function Rb(e,t,n,r,o){let s=["credential.helper=","core.askPass=","http.followRedirects=false"].flatMap(c=>["-c",
c]),i=await vb(e,[...s,"ls-remote",`${t.replace(/\/$/,"")}/`],r,o);if(i.kind!=="exited")return{kind:"unknown"};let a=i.stderr.
split(`
`).find(c=>jC.test(c));return a!==void 0?{kind:"distrusts",message:N(a.trim(),500),...n}:{kind:i.code===0||/not found|could not read Username|Authentication failed|returned error: \d/i.
test(i.stderr)?"trusts":"unknown"}}var Ql=3e3,ko={name:"forge",async collect(e,t,n,r){let{env:o}=e,s=Oe(o.GITHUB_SERVER_URL),i=s&&{url:Zl(s).replace(/\/$/,
""),host:Ye(s),isLoopback:Ii(Ye(s))},{inJob:a,system:l}=await r(Qn),c=l==="gitea"||l==="forgejo"||l==="act"&&(i==null?void 0:
i.isLoopback)===!0;if(!a||!c)return{...i,answer:{kind:"not-asked"}};let u=["GITHUB_SERVER_URL","GITHUB_API_URL"].find(b=>wp(
o[b]));if(u!==void 0)return FC(u,o[u]);if(!i)return{answer:{kind:"not-asked"}};let d=Oe(o.GITHUB_API_URL)??new URL(`${i.
url}/api/v1`),f=new URL(`${d.origin}${d.pathname.replace(/\/$/,"")}/version`),p=(s==null?void 0:s.protocol)==="https:"?Sb(
e):void 0,g=Rn(),m=await ye(Math.min(t.timeoutMs,Ql),n,b=>Yl(e,f,{headers:{accept:"application/json"},authorities:kb(e),
maxBody:16*1024,signal:b})),h=MC(m,f.protocol==="https:",Date.now(),vr(g)),w=m.kind==="answered"&&m.untrusted===void 0?await p:
void 0,k=w&&await ye(Math.min(t.timeoutMs,Ql),n,b=>Rb(e,i.url,w,t.workspace,b));return{...i,asked:Zl(f),...h,...k&&{git:k}}}};
function wp(e=""){return e!==""&&!/^https?:\/\/(?:\/|$)/i.test(e)&&Oe(e)===void 0}function FC(e,t=""){let n=`${e} is not\
 a valid address`;return{url:N(xr(t),300),answer:{kind:"failed",code:"ERR_INVALID_URL",message:n}}}function MC({via:e,trustedBy:t,
untrusted:n,...r},o,s,i){let a={...e!==void 0&&{via:e},...t!==void 0&&{trustedBy:t},...n!==void 0&&{untrusted:n}};if(r.kind!==
"answered")return{...a,answer:r};let{status:l,headers:c,body:u,certificate:d}=r,f=V(qC(u));if(l===403&&e!==void 0&&!o&&!UC(
f))return{...a,answer:{kind:"failed",code:"HTTP_403",message:"the proxy answers 403",at:"proxy"}};let p=typeof(f==null?void 0:
f.version)=="string"?N(f.version,100):void 0,g=Oe(c.location),m=DC(c,s,i);return{...a,answer:{kind:"answered",status:l,isJson:f!==
void 0,...p===void 0?{body:N(u.trim(),300)}:{version:p},...g&&{location:Zl(g)},...m!==void 0&&{clockAheadSeconds:m},...d&&
{certificate:d}}}}function DC(e,t,n){let r=t-n,o=Date.parse(e.date??"");if(Number.isNaN(o)||e.age!==void 0)return;let s=r>
o+1e3?r-o-1e3:t<o?t-o:0;return Math.round(s/100)/10}function UC(e){let{message:t,url:n}=e??{};return typeof t!="string"?
!1:typeof n=="string"&&n.includes("/api/swagger")||/signed in|sign in|token|log ?in/i.test(t)}function qC(e){try{return JSON.
parse(e)}catch{return}}function bo({GITHUB_API_URL:e,GITHUB_SERVER_URL:t}){let n=Oe(e);if(!n)return{kind:"none"};if(!Ci(n))return{kind:"refused",
why:"insecure"};let r=Oe(t);return(r?[r.origin,`${r.protocol}//api.${r.host}`]:[]).includes(n.origin)?{kind:"trusted",api:n}:
{kind:"refused",why:"foreign"}}function Ci(e){return e.protocol==="https:"||/^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(
Ye(e))}function vo(e,t,n,r){let o=e.protocol==="https:";return{to:{host:Ye(e),port:Number(e.port)||(o?443:80),...o&&{tls:{
verify:!0}}},path:`${e.pathname.replace(/\/+$/,"")}${t}`,headers:{host:e.host,accept:"application/json",authorization:`t\
oken ${n}`,"user-agent":"runner-check"},signal:r}}var WC="_apis/artifactcache/cache?keys=runner-check-looks-here&version=0000000000000000",Li={name:"cache-server",async collect(e,t,n,r){
let o=Oe(e.env.ACTIONS_CACHE_URL),{inJob:s,system:i}=await r(Qn);if(!o||!s||i!=="gitea"&&i!=="forgejo")return{answer:{kind:"\
not-asked"}};let a=new URL(`${o.origin}${o.pathname.replace(/\/$/,"")}/${WC}`),l=Ci(o)||GC(Ye(o)),c=l?e.env.ACTIONS_RUNTIME_TOKEN:
void 0,{via:u,trustedBy:d,untrusted:f,...p}=await ye(Math.min(t.timeoutMs,Ql),n,g=>Yl(e,a,{headers:{accept:"application/\
json;api-version=6.0-preview.1",...c&&{authorization:`Bearer ${c}`}},maxBody:16*1024,signal:g}));return{url:`${o.protocol}\
//${o.host}`,isLoopback:Ii(Ye(o)),hadToken:!!c,...!l&&{isPublic:!0},...u!==void 0&&{via:u},answer:p.kind==="answered"?{kind:"\
answered",status:p.status,body:N(p.body.trim(),200)}:p}}};function GC(e){return/^(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3})+$/.
test(e)||e.includes(":")&&/^(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/.test(e)}function ms(e){let t=[".gitea/workflows",".github/workflows"];switch(go(e)){case"forgejo":return[".forgejo/workflows",...t];case"\
github":return[".github/workflows"];case"act":return e.ACT_EXEC?t:[".github/workflows"];default:return t}}function ie(e){return e.kind==="scalar"&&e.plain&&["","~","null","Null","NULL"].includes(e.text)}function Nt(e){return!e||
ie(e)?[]:e.kind==="scalar"?[e]:e.kind==="list"?e.items.filter(t=>t.kind==="scalar"):[]}function F(e,t){return(e==null?void 0:
e.kind)==="map"?e.entries.find(n=>n.key===t):void 0}function U(e,...t){let n=e,r;for(let o of t)r=F(n,o),n=r==null?void 0:
r.value;return r}function B(e,...t){var r;let n=(r=U(e,...t))==null?void 0:r.value;return(n==null?void 0:n.kind)==="scal\
ar"&&!ie(n)?n:void 0}function kp(e,t){var i;let n=e.words??[],r=0,o=n.length;for(;r<o;){let a=r+o>>1;(((i=n[a])==null?void 0:
i[0])??0)<=t?r=a+1:o=a}let s=n[r-1];return s?{line:s[1],column:s[2]+(t-s[0])}:{line:e.line,column:e.column}}var dY=256*1024;function Eb(e){let t=e==null?void 0:e.split(".")[1];if(t===void 0||t.length>16384)return;let n=HC(Buffer.from(t.replace(
/-/g,"+").replace(/_/g,"/"),"base64").toString("utf8")),r=n==null?void 0:n.JobID;return Number.isSafeInteger(r)&&r>0?String(
r):void 0}function HC(e){try{return JSON.parse(e)}catch{return}}var BC=2e3,KC=5500,VC=2e3,zC=200;function Tb(e){return{name:"own-job",collect:(t,n,r)=>JC(t,n,r,e)}}async function JC(e,t,n,r){
var c;let o=bp(e.env);if("why"in o)return{kind:"not-asked",why:o.why};let s=u=>ye(Math.min(BC,t.timeoutMs),n,d=>ZC(e,o,d,
u)),i=await s(1);if(((c=hs(i))==null?void 0:c.status)!=="in_progress")return i;if(!r)return i.kind==="known"?{...i,inStep:!0}:
i;let a=Math.min(KC,t.timeoutMs/3);if(a<VC)return i;await op(a,n);let l=await s(2);return l.kind==="no-answer"?i:l}function bp(e){
let{ACTIONS_RUNTIME_TOKEN:t,GITHUB_REPOSITORY:n}=e,r=Eb(t);if(t===void 0||r===void 0||!n)return{why:"no-job"};let o=bo(e);
if(o.kind==="none")return{why:"no-api"};if(o.kind==="refused")return{why:o.why};let s=["repos",...n.split("/"),"actions",
"jobs",r].map(encodeURIComponent);return{api:o.api,path:`/${s.join("/")}`,token:t}}function vp({api:e,path:t,token:n},r,o){
let s=vo(e,`${t}${r}`,n,o);return{...s,headers:{...s.headers,authorization:`Bearer ${n}`}}}function hs(e){if(e.kind!=="k\
nown")return;let t=e.steps.filter(({status:n,conclusion:r})=>YC(n)&&r!=="skipped");return t[t.length-1]}function YC(e){return e===
"in_progress"||e==="completed"}async function ZC(e,t,n,r){let o=await e.request(vp(t,"",n));if(o.kind==="timed-out")return{
kind:"no-answer",code:"ETIMEDOUT"};if(o.kind==="failed")return{kind:"no-answer",code:N(o.code,50)};if(o.status!==200)return{
kind:"refused",status:o.status};let s=V(QC(o.body));if(!s||typeof s.status!="string")return{kind:"no-answer",code:"ENODA\
TA"};let i=typeof s.started_at=="string"?Date.parse(s.started_at):0;return{kind:"known",...Ab(s),...i>0&&{startedAt:i},steps:XC(
s.steps),asked:r}}function Ab(e){let{status:t,conclusion:n}=e;return{status:typeof t=="string"?N(t,50):"",...typeof n=="\
string"&&n!==""&&{conclusion:N(n,50)}}}function XC(e){return(Array.isArray(e)?e:[]).slice(0,zC).flatMap(t=>{let n=V(t),r=typeof(n==
null?void 0:n.name)=="string"?N(n.name,200):"";return n?[{name:r,...Ab(n)}]:[]})}function QC(e){try{return JSON.parse(e)}catch{
return}}var eL=2e3,Ob=1024*1024,tL=3,nL=/(?:[:(] ?|\[Errno 28\] )no space left on device(?:$|[,:)\s])/i,ec={name:"job-log",async collect(e,t,n){
let r=bp(e.env);return"why"in r?{}:ye(Math.min(eL,t.timeoutMs),n,async o=>{let s=vp(r,"/logs",o),i={...s.headers,accept:"\
text/plain",range:`bytes=-${Ob}`},a=await e.request({...s,headers:i,maxBody:Ob});return a.kind!=="answered"||a.status!==
200&&a.status!==206?{}:{noSpace:rL(a.body)}})}};function rL(e){return e.split(`
`).filter(n=>n.length<1e4&&nL.test(n)).filter(n=>!n.includes("runner-check: ")).slice(-tL).map(oL)}function oL(e){let[,t,
n=e]=/^(\d{4}-\d\d-\d\dT[\d:.]+Z) (.*)$/.exec(e.trimEnd())??[],r=Date.parse(t??"");return{...Number.isFinite(r)&&{time:r},
text:N(n,300)}}var sL=50;function _b(e){return{name:"kernel-messages",async collect(t){let n=await t.kernelLog();return n.kind!=="ok"?n:
{kind:"read",messages:n.value.flatMap(o=>iL(o)??[]).filter(({uptime:o})=>e!==void 0&&o>=e).slice(-sL)}}}}function iL(e){
let t=/^(\d+),\d+,(\d+),[^;]*;([^\n]*)/.exec(e);if(!t||Number(t[1])>>3!==0)return;let n=Math.round(Number(t[2])/1e3),r=N(
t[3]??"",500),o=aL(r);return o&&{...o,uptime:n,text:r}}function aL(e){var r;if(e.startsWith("oom-kill:")){let o=cL(e);return{
about:"oom",...o&&{oom:o}}}let t=(r=/^NVRM: Xid \([^)]*\): (\d{1,4})\b/.exec(e))==null?void 0:r[1];if(t!==void 0)return{
about:"xid",xid:Number(t)};let n=/^(?:\w+: )?I\/O error, dev ([\w-]+), sector \d/.exec(e)??/^EXT4-fs error \(device ([\w-]+)\)/.
exec(e)??/^EXT4-fs \(([\w-]+)\): Remounting filesystem read-only/.exec(e)??/^XFS \(([\w-]+)\): .*(?:[Cc]orruption|I\/O error|Shutting down)/.
exec(e)??/^BTRFS (?:error|critical) \(device ([\w-]+)/.exec(e);return n?{about:"io",device:N(n[1]??"",50)}:void 0}var lL={
CONSTRAINT_MEMCG:"group",CONSTRAINT_NONE:"machine"};function cL(e){let t=i=>{var a;return(a=new RegExp(`(?:[:,])${i}=([^\
,]*)`).exec(e))==null?void 0:a[1]},n=lL[t("constraint")??""];if(!n)return;let[r,o,s]=[t("oom_memcg"),t("task_memcg"),t("\
task")];return{of:n,...r&&{limitGroup:N(r,300)},...o&&{group:N(o,300)},...s&&{program:N(s,100)}}}var uL=32,xp={name:"cgroups",async collect(e){let[t,n]=await Promise.all([e.readText("/proc/self/cgroup"),us(e)]),r=t.kind===
"ok"?t.value.split(`
`).flatMap(fL):[],o=dL(t,n);return{memory:Pb("memory",r,n??[]),cpu:Pb("cpu",r,n??[]),...o&&{unread:o}}}};function dL(e,t){
return e.kind==="unreadable"?{path:"/proc/self/cgroup",code:e.code}:e.kind==="ok"&&t===void 0?{path:"/proc/self/mountinf\
o",code:"EACCES"}:void 0}function fL(e){let[t,n,...r]=e.split(":");return t===void 0||n===void 0||r.length===0?[]:{controllers:n===
""?[]:n.split(","),path:r.join(":")}}function Pb(e,t,n){let r=t.find(({controllers:i})=>i.includes(e));if(r){let i=n.filter(
({controllers:a})=>a==null?void 0:a.includes(e));return{version:1,directories:Ib(r.path,i)}}let o=t.find(({controllers:i})=>i.
length===0),s=n.filter(({fsType:i})=>i==="cgroup2");return{version:2,directories:o?Ib(o.path,s):[]}}function Ib(e,t){let n=t.
find(({root:a})=>Nb(a,e)!==void 0)??t[0];if(!n)return[];let r=(Nb(n.root,e)??"").split("/").filter(a=>a!==""),o=r.includes(
"..")?[]:r.slice(0,uL),i=[n.target.replace(/\/$/,"")];for(let a of o)i.unshift(N(`${i[0]}/${a}`,2e3));return i}function Nb(e,t){
return e==="/"?t:t===e||t.startsWith(`${e}/`)?t.slice(e.length):void 0}var pL=4,mL=32,ae={name:"machine-state",async collect(e,t,n,r){let o=Date.now();if(e.platform!=="linux")return{time:o,pressure:{},
groups:[],mounts:[],ext4:{}};let s=async(S,C=4096)=>{let q=await e.readText(S,C);return q.kind==="ok"?q.value:void 0},[i,
a,l,c,u,d,f,p,g,m,h,w,k]=await Promise.all([s("/proc/uptime"),s("/proc/sys/kernel/random/boot_id"),s("/proc/vmstat",64*1024),
s("/proc/pressure/cpu"),s("/proc/pressure/memory"),s("/proc/pressure/io"),s("/proc/self/net/dev",64*1024),s("/proc/self/\
mountinfo",1024*1024),r(xp).then(S=>gL(S,s),()=>[]),r(yo).catch(()=>({places:{}})),bL(e,s),vL(e,r),Promise.all(["/etc/re\
solv.conf","/etc/hosts"].map(S=>e.stat(S)))]),b=k.flatMap(S=>"modified"in S?S.modified??[]:[]),R=Number.parseFloat(i??""),
$=$r(Xn(l??"","oom_kill ")),P=a==null?void 0:a.trim(),I={cpu:$p(c),memory:$p(u),io:$p(d)};return{time:o,...Number.isFinite(
R)&&{uptime:Math.round(R*1e3)},...P&&/^[\da-f-]{36}$/.test(P)&&{bootId:P},...$!==void 0&&{oomKills:$},pressure:Object.fromEntries(
Object.entries(I).filter(([,S])=>S!==void 0)),groups:g,mounts:await kL(e,m,Hl(p??"")),ext4:h,...f!==void 0&&{interfaces:hL(
f)},...w&&{socket:w},...b.length>0&&{resolverChanged:b.reduce((S,C)=>Math.max(S,C))}}}};function $r(e){return e!==void 0&&
/^\d{1,20}$/.test(e.trim())?Number(e):void 0}function $p(e){let t=o=>{var s;return $r((s=new RegExp(`^${o} .*total=(\\d{1\
,16})`,"m").exec(e??""))==null?void 0:s[1])},[n,r]=[t("some"),t("full")];return n===void 0?void 0:{some:n,...r!==void 0&&
{full:r}}}function hL(e){return e.split(`
`).flatMap(n=>{var r;return((r=/^\s*([^\s:]{1,15}):/.exec(n))==null?void 0:r[1])??[]}).filter(n=>n!=="lo").sort().slice(
0,64)}async function gL({memory:e,cpu:t},n){let r=(a,l)=>a.slice(0,pL).map(c=>({path:c,version:l})),o=t.version===1?r(t.
directories,1):[],s=[...r(e.directories,e.version),...o];return(await Promise.all(s.map(({path:a,version:l})=>wL(a,l,n)))).
filter(a=>Object.keys(a).length>2)}var yL=2**60;async function wL(e,t,n){let r=t===2?{events:"memory.events",limit:"memo\
ry.max",peak:"memory.peak"}:{events:"memory.oom_control",limit:"memory.limit_in_bytes",peak:"memory.max_usage_in_bytes"},
[o="",s,i,a=""]=await Promise.all([n(`${e}/${r.events}`),n(`${e}/${r.limit}`),n(`${e}/${r.peak}`),n(`${e}/cpu.stat`)]),l=$r(
Xn(o,"oom_kill ")),c=t===2?$r(Xn(o,"oom ")):void 0,u=$r(s),d=$r(i),[f,p,g,m]=["nr_periods","nr_throttled","throttled_use\
c","throttled_time"].map(h=>$r(Xn(a,`${h} `)));return{path:N(e,500),version:t,...l!==void 0&&{oomKills:l},...c!==void 0&&
{ooms:c},...u!==void 0&&u<yL&&{limitBytes:u},...d!==void 0&&{peakBytes:d},...f!==void 0&&p!==void 0&&{cpu:{periods:f,throttled:p,
throttledUs:g??Math.round((m??0)/1e3)}}}}async function kL(e,{places:t},n){let o=[...new Set(Object.values(t).flatMap(s=>s.
kind==="measured"&&s.mount?s.mount.target:[]))].flatMap(s=>n.filter(i=>i.target===s).slice(-1));return Promise.all(o.map(
async({target:s,fsType:i,device:a,options:l,superOptions:c})=>{let u=/^\d+:\d+$/.test(a)?await e.readLink(`/sys/dev/bloc\
k/${a}`):void 0,d=(u==null?void 0:u.kind)==="ok"?u.value.split("/").pop():void 0,f=[...l.split(","),...c.split(",")];return{
target:N(s,500),fsType:N(i,50),device:a,...d&&{name:N(d,100)},readOnly:f.includes("ro")||f.includes("emergency_ro"),options:i===
"overlay"?"":N(c,300)}}))}async function bL(e,t){let n=await e.list("/sys/fs/ext4");if(n.kind!=="ok")return{};let r=n.value.
filter(s=>s!=="features").slice(0,mL),o=await Promise.all(r.map(async s=>{let[i,a,l]=await Promise.all(["errors_count","\
last_error_time","session_write_kbytes"].map(c=>t(`/sys/fs/ext4/${s}/${c}`,64).then($r)));return i===void 0?[]:[N(s,100),
{errors:i,...a&&{lastError:a},...l!==void 0&&{writtenKiB:l}}]}));return Object.fromEntries(o.filter(s=>s.length===2))}async function vL(e,t){
let{endpoint:n}=await t(cn).catch(()=>({endpoint:void 0}));if((n==null?void 0:n.kind)!=="unix")return;let r=await e.stat(
n.path).catch(()=>{});if(!((r==null?void 0:r.kind)!=="socket"||r.inode===void 0))return{path:N(n.path,500),inode:r.inode}}async function Cb(e){let t=await e.readText("/proc/meminfo",16384);if(t.kind!=="ok")return{kind:"unreadable",code:t.kind===
"absent"?"ENOENT":t.code};let n=s=>{var a;let i=(a=/^(\d{1,15}) kB$/.exec(Xn(t.value,`${s}:`)??""))==null?void 0:a[1];return i===
void 0?void 0:Number(i)*1024},r=n("MemAvailable"),o=n("MemTotal");return r===void 0||o===void 0?{kind:"unreadable",code:"\
ENODATA"}:{kind:"read",availableBytes:r,totalBytes:o}}function Sp(e,t){var s,i,a;let n=e.split(/\r?\n/).map(l=>l.slice(0,400)),r=n.filter(Lb);if(r.length>0){let l=r.slice(0,64).
map(u=>xL(u,t)),c=(s=l.find(u=>u.driver!==void 0))==null?void 0:s.driver;return gs("csv",l,c,n.filter(u=>!Lb(u)))}let o=/^\| NVIDIA-SMI\b.*?\b(?:Driver|KMD) Version:\s*([\w.]+)/m.
exec(e);if(o||/^\| NVIDIA-SMI\b/m.test(e))return gs("table",AL(n,o==null?void 0:o[1]),o==null?void 0:o[1],n.filter(OL));
if(/^GPU \d+: .*\(UUID: /m.test(e))return gs("list",PL(n),void 0,n.filter(l=>!_L(l)));if(/^<nvidia_smi_log>/m.test(e)||/=NVSMI LOG=/.
test(e)){let l=(i=/(?:<driver_version>|^Driver Version\s*:\s*)([\w.]+)/m.exec(e))==null?void 0:i[1];return gs("log",IL(e),
l,[])}if(/^NVIDIA-SMI version\s*:/m.test(e)){let l=(a=/^(?:KMD|DRIVER) version\s*:\s*(\d[\w.]*)/im.exec(e))==null?void 0:
a[1];return gs("version",[],l,[])}return gs("other",[],void 0,n)}function gs(e,t,n,r){let o=r.map(s=>s.trim()).filter(s=>s!==
"").join(`
`);return{form:e,gpus:t,...n!==void 0&&{driver:n},messages:o.slice(0,2048)}}function Lb(e){return/^\s*(?:\d+|\[[^\]]+\]|N\/A|ERR!)\s*,/.
test(e)&&e.split(",").length>=4}function xL(e,t){let n=e.split(",").map(s=>s.trim().slice(0,160)),r=new Map,o={};for(let[
s,i]of t.entries()){let a=n[s];if(a===void 0||$L(a))continue;let l=EL(a);l===void 0?r.set(i,a):o[i]=l}return nc({index:ys(
r.get("index")),name:r.get("name"),uuid:r.get("uuid"),driver:r.get("driver_version"),memoryTotal:ji(r.get("memory.total")),
memoryUsed:ji(r.get("memory.used")),memoryFree:ji(r.get("memory.free")),temperature:ys(r.get("temperature.gpu")),computeCapability:r.
get("compute_cap"),eccErrors:ys(r.get("ecc.errors.uncorrected.volatile.total")),mig:tc(r.get("mig.mode.current"),"Enable\
d"),pciBusId:r.get("pci.bus_id"),prohibited:/^prohibited$/i.test(r.get("compute_mode")??"")||void 0,thermalSlowdown:tc(r.
get("clocks_throttle_reasons.hw_thermal_slowdown"),"Active"),hardwareSlowdown:tc(r.get("clocks_throttle_reasons.hw_slowd\
own"),"Active"),powerBrake:tc(r.get("clocks_throttle_reasons.hw_power_brake_slowdown"),"Active"),rowRemapPending:SL(r.get(
"remapped_rows.pending")),recoveryAction:RL(r.get("gpu_recovery_action"))?void 0:r.get("gpu_recovery_action"),fabricState:r.
get("fabric.state"),fabricStatus:r.get("fabric.status"),troubles:Object.keys(o).length>0?o:void 0})}function $L(e){return e===
""||/^\[?(?:N\/A|Not Supported|Not Available|Requested functionality has been deprecated)\]?$/i.test(e)}function SL(e){return e===
void 0?void 0:/^(?:yes|[1-9]\d*)$/i.test(e)}function RL(e){return/^none$/i.test(e??"")}function EL(e){var t,n;return((t=
/^\[(.+)\]$/.exec(e))==null?void 0:t[1])??((n=/^(?:ERR!|Unknown Error|GPU is lost)$/i.exec(e))==null?void 0:n[0])}function ys(e){
var n;let t=(n=/^(\d{1,12}(?:\.\d+)?)(?:\s|$)/.exec(e??""))==null?void 0:n[1];return t===void 0?void 0:Number(t)}function ji(e){
let t=ys(e);return t===void 0?void 0:t*1048576}function tc(e,t){return e===void 0?void 0:e.toLowerCase()===t.toLowerCase()}
var TL=/^\|\s+(\d+)\s+(\S.*?)\s+(?:On|Off|N\/A|ERR!|WDDM|TCC|MCDM)\s+\|\s+([0-9A-F]{4,8}:[0-9A-F]{2}:[0-9A-F]{2}\.\d)\s.*\|\s+(\S+)\s+\|$/i;
function AL(e,t){var r,o,s;let n=[];for(let[i,a]of e.entries()){let l=TL.exec(a);if(!l||n.length===64)continue;let c=e.slice(
i+1,i+4),u=c.findIndex(g=>!g.startsWith("|")),d=[a,...c.slice(0,u<0?void 0:u)].join(`
`),f=/(\d+)MiB\s*\/\s*(\d+)MiB/.exec(d),p=(r=/ERR!|Unknown Error|GPU is lost|GPU requires reset/i.exec(d))==null?void 0:
r[0];n.push(nc({index:Number(l[1]),name:(o=l[2])==null?void 0:o.slice(0,160),driver:t,pciBusId:l[3],eccErrors:ys(l[4]),memoryUsed:ji(
f==null?void 0:f[1]),memoryTotal:ji(f==null?void 0:f[2]),temperature:ys((s=/\s(\d+)C\s/.exec(d))==null?void 0:s[1]),mig:/\|\s+Enabled\s+\|$/m.
test(d)?!0:void 0,troubles:p===void 0?void 0:{table:p}}))}return n}function OL(e){return!/^[|+]/.test(e)&&!/^\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4}\s*$/.
test(e)}function _L(e){return/^GPU \d+: .*\(UUID: /.test(e)||jb(e)}function jb(e){return/^\s+MIG .*Device\s+\d+: \(UUID: /.
test(e)}function PL(e){return e.flatMap((t,n)=>{var s;let r=/^GPU (\d+): (.*) \(UUID: ([\w-]+)\)/.exec(t);if(!r)return[];
let o=jb(e[n+1]??"")||void 0;return[nc({index:Number(r[1]),name:(s=r[2])==null?void 0:s.slice(0,160),uuid:r[3],mig:o})]}).
slice(0,64)}function IL(e){return[...e.matchAll(/(?:<product_name>|^[ \t]+Product Name\s*:\s*)([^<\n]+)/gm)].slice(0,64).
map((n,r)=>{var o;return nc({index:r,name:(o=n[1])==null?void 0:o.trim().slice(0,160)})})}function nc(e){return Object.fromEntries(
Object.entries(e).filter(([,t])=>t!==void 0))}var NL=[{name:"index"},{name:"name"},{name:"uuid"},{name:"driver_version"},{name:"memory.total"},{name:"memory.used"},{name:"\
temperature.gpu"},{name:"utilization.gpu"},{name:"compute_cap",since:510},{name:"ecc.errors.uncorrected.volatile.total"},
{name:"mig.mode.current"},{name:"pci.bus_id"},{name:"memory.free"},{name:"clocks_throttle_reasons.hw_thermal_slowdown"},
{name:"clocks_throttle_reasons.hw_slowdown"},{name:"clocks_throttle_reasons.hw_power_brake_slowdown"},{name:"fabric.stat\
e",since:525},{name:"fabric.status",since:525},{name:"remapped_rows.pending",since:570},{name:"gpu_recovery_action",since:570},
{name:"compute_mode"}];async function Db(e,t,n,r){let o=n===void 0?Number.POSITIVE_INFINITY:Number.parseInt(n,10),s=NL.filter(
({since:c=0})=>!(c>o)),i=await Mb(e,t,s,r),a=Fb(i);if(a===void 0)return i;let l=await Mb(e,t,CL(a,s),r);return Fb(l)===void 0?
l:Ub(["nvidia-smi"],await e.run([t],{signal:r}),[])}function CL(e,t){var r;let n=((r=t.find(({name:o})=>o===e))==null?void 0:
r.since)??1;return t.filter(({name:o,since:s=0})=>o!==e&&s<n)}function Fb(e){var t;return(t=/field "([\w.]+)" is not a valid field to query/i.
exec(e.messages))==null?void 0:t[1]}async function Mb(e,t,n,r){let o=n.map(({name:i})=>i),s=[`--query-gpu=${o.join(",")}`,
"--format=csv,noheader,nounits"];return Ub(["nvidia-smi",...s],await e.run([t,...s],{signal:r}),o)}function Ub(e,t,n){let{
stdout:r,stderr:o,ms:s,...i}=t,a=Sp(r,n),l=i.kind==="exited"&&i.code===0&&a.gpus.length>0,{form:c,gpus:u,driver:d,messages:f}=l?
a:Sp(`${r}
${o}`,n);return{command:e.join(" "),ms:s,form:c,gpus:u,...d!==void 0&&{driver:d},messages:f,...i}}async function qb(e){let t=await e.readText("/proc/bus/pci/devices",1048576);return t.kind==="ok"?LL(t.value):void 0}function LL(e){
return e.split(`
`).flatMap(t=>{var i,a;let n=t.split("	"),r=Number.parseInt(n[0]??"",16);if(!((i=n[1])!=null&&i.startsWith("10de"))||Number.
isNaN(r)||(r&7)!==0)return[];let o=(r>>8).toString(16).padStart(2,"0"),s=(r>>3&31).toString(16).padStart(2,"0");return[{
address:`${o}:${s}.0`,driver:((a=n[17])==null?void 0:a.trim())??""}]})}async function Wb(e,t){let n=await e.list("/sys/b\
us/pci/devices");if(n.kind!=="ok"||t.length>64)return t;let r=new Set(t.map(({address:a})=>a)),o=n.value.filter(a=>r.has(
a.slice(a.indexOf(":")+1))).map(a=>`/sys/bus/pci/devices/${a}`),i=(await Promise.all(o.map(async a=>{let[l,c,u]=await Promise.
all([e.readText(`${a}/vendor`,16),e.readText(`${a}/class`,16),e.lstat(`${a}/physfn`)]);if(!(l.kind==="ok"&&l.value.trim()===
"0x10de")||c.kind!=="ok")return;let f=c.value.trim().replace(/^0x/,"");return{path:a,class:f,...u.kind==="link"&&{virtual:!0}}}))).
filter(a=>a!==void 0);return t.map(a=>{let l=i.findIndex(({path:d})=>d.endsWith(`:${a.address}`));if(l<0)return a;let[{path:c,
...u}={path:"",class:""}]=i.splice(l,1);return{...a,...u}})}var Gb="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";function rc(e,t){let n=(e.env.PATH??Gb).split(":").
map(r=>dn(r,t));return[...new Set(n)]}function oc(e){return(e.env.PATH??"").split(":").flatMap(n=>n.split(";").flatMap(r=>{
let o=r.trim().replace(/^["']|["']$/g,"");return/^\/[^$]+$/.test(o)?[o]:jL(e,o)}).filter(r=>r!==n).map(r=>({entry:n.slice(
0,200),meant:dn(r,"/").slice(0,200)})))}function jL(e,t){if(!/^(?:~|%h)|\$/.test(t))return[];let n=[e.env.HOME,e.userHome].
filter(r=>/^\/./.test(r??""));return[...new Set(n)].flatMap(r=>{let o=t.replace(/^(?:~|%h)(?=\/|$)/,r).replace(/\$(?:\{(\w+)\}|(\w+))/g,
(s,i,a)=>{let l=i??a;return l==="HOME"?r:e.env[l]??s});return/^\/[^$:]*$/.test(o)?[o]:[]})}function Hb({env:e},t){let n=(e.
PATH??"").split(":").find(o=>/^["']?(?:\$PATH|\$\{PATH\}|%PATH%)["']?$/.test(o)),r=Gb.split(":").includes(t);return n!==
void 0&&r?{entry:n,meant:t}:void 0}function dn(e,t){let n=e.startsWith("/")?e:e===""||e==="."?t:`${t}/${e.replace(/^\.\//,
"")}`;return n.endsWith("/")?n.replace(/(?<=.)\/+$/,""):n}function te(e,t){return e.endsWith("/")?e+t:`${e}/${t}`}async function tr(e,t,n,r=()=>{}){
let o=[],s;for(let i of n){r(i);let a=te(i,t),l=await ge(FL(e,a),c=>(s??=c,"absent"));if(l==="executable")return{found:a,
unusable:o};l!=="absent"&&o.push(l)}if(s)throw s;return{unusable:o}}async function FL(e,t){let n=await e.lstat(t),r=n.kind===
"link"?await e.stat(t):n;switch(r.kind){case"absent":return n.kind==="link"?{path:t,kind:"dangling-link"}:"absent";case"\
unreadable":return r.code==="ELOOP"?{path:t,kind:"dangling-link"}:{path:t,kind:r.code==="EACCES"?"closed":"unreadable",code:r.
code};case"file":{let o=await e.access(t,"x");return o.kind==="granted"?"executable":o.kind==="unreadable"?{path:t,kind:"\
unreadable",code:o.code}:{path:t,kind:"not-executable",mode:r.mode,uid:r.uid,gid:r.gid}}default:return"absent"}}var ML={
unusable:[]};async function Rp(e,t,n){let s=[...oc(e).map(l=>l.meant),...await WL(e,t)].filter(l=>!n.includes(l)),i=await Promise.
all([...new Set(s)].map(async l=>{let{found:c}=await ge(tr(e,t,[l]),()=>ML);if(c===void 0)return;let u=await e.realPath(
c);return{found:c,real:u.kind==="ok"?u.value:c}})),a=new Map;for(let l of i)l&&!a.has(l.real)&&a.set(l.real,l.found);return[
...a.values()].slice(0,8)}var DL={CARGO_HOME:"bin",VOLTA_HOME:"bin",GOROOT:"bin",GOPATH:"bin",JAVA_HOME:"bin",PNPM_HOME:"",
BUN_INSTALL:"bin",ASDF_DATA_DIR:"shims",MISE_DATA_DIR:"shims",PYENV_ROOT:"shims",RBENV_ROOT:"shims",NODENV_ROOT:"shims",
GOENV_ROOT:"shims"},UL=[".cargo/bin",".volta/bin",".local/share/fnm/aliases/default/bin",".local/share/mise/shims",".asd\
f/shims",".pyenv/shims",".rbenv/shims",".nodenv/shims",".goenv/shims",".sdkman/candidates/java/current/bin",".bun/bin","\
.deno/bin",".local/bin",".npm-global/bin","go/bin","bin"],qL=["/usr/local/cargo/bin","/opt/cargo/bin","/usr/local/bin","\
/usr/bin","/bin","/usr/local/sbin","/usr/sbin","/sbin","/usr/local/go/bin","/usr/local/node/bin","/usr/local/cuda/bin","\
/usr/local/nvidia/bin","/usr/lib/cargo/bin","/snap/bin","/opt/homebrew/bin","/home/linuxbrew/.linuxbrew/bin"];async function WL(e,t){
let{HOME:n,NVM_DIR:r}=e.env,o=[n,e.userHome,"/root"].filter(l=>!!(l!=null&&l.startsWith("/"))),s=Object.entries(DL).flatMap(
([l,c])=>{let u=e.env[l];return u!=null&&u.startsWith("/")?[dn(c===""?u:`${u}/${c}`,"/")]:[]}),i=[r,...o.map(l=>te(l,".n\
vm"))].filter(l=>!!(l!=null&&l.startsWith("/"))),a=await Promise.all([...i.map(l=>ws(e,te(l,"versions/node"),"bin")),...o.
map(l=>ws(e,te(l,".local/share/fnm/node-versions"),"installation/bin")),ws(e,"/opt","bin"),ws(e,"/opt",""),ws(e,"/usr/li\
b/postgresql","bin"),ws(e,"/usr/lib/jvm","bin")]);return[...s,...o.flatMap(l=>UL.map(c=>te(l,c))),...a.flat(),...qL,`/op\
t/${t}/bin`]}async function ws(e,t,n){let r=await ge(e.list(t),()=>{});if((r==null?void 0:r.kind)!=="ok")return[];let o=r.
value.slice(0,50).map(s=>({entry:s,version:ce(s)}));return o.sort((s,i)=>s.version&&i.version?pt(i.version,s.version):0),
o.map(({entry:s})=>te(te(t,s),n).replace(/\/$/,""))}var Bb=/^nv(?:map|host-gpu|host-ctrl-gpu)$/;async function Kb(e){var i;let[t,n,r]=await Promise.all(["/etc/nv_tegra_rele\
ase","/proc/device-tree/compatible","/proc/sys/kernel/osrelease"].map(async a=>{let l=await e.readText(a,4096);return l.
kind==="ok"?l.value:void 0})),o=(i=/^#?\s*(R\d+ [^,\n]*, REVISION: [\d.]+)/m.exec(t??""))==null?void 0:i[1],s=t!==void 0&&
"/etc/nv_tegra_release"||/nvidia,tegra/.test(n??"")&&"/proc/device-tree/compatible"||/-tegra\b/.test(r??"")&&"/proc/sys/\
kernel/osrelease";return s?{sign:s,...o!==void 0&&{release:o}}:void 0}var GL=["/usr/bin","/usr/local/bin","/bin","/usr/local/nvidia/bin","/usr/lib/wsl/lib","/opt/bin","/run/current-system/sw\
/bin","/run/nvidia/driver/usr/bin"],HL=["/usr/lib/x86_64-linux-gnu","/usr/lib/aarch64-linux-gnu","/usr/lib64","/usr/lib",
"/usr/local/nvidia/lib64","/usr/lib/wsl/lib"],ks={name:"nvidia",async collect(e,t,n){var I,S,C;let r=rc(e,t.workspace),o=await e.
readText("/proc/driver/nvidia/version",4096),s=o.kind==="ok"?o.value:void 0,i=s===void 0?void 0:QL(s),[{smi:a,untrusted:l,
unusable:c,run:u,offPath:d},f,p,g]=await Promise.all([BL(e,r,i,n,t),KL(e),qb(e),Kb(e)]),m=f==null?void 0:f.find(q=>VL(q)),
h=g??(m&&{sign:m.path}),w=(u==null?void 0:u.gpus)??[],[k,b,R,$]=await Promise.all([p&&w.length>0&&w.length<p.length?Wb(e,
p):p,zL(u,m!==void 0)?JL(e):void 0,(f??[]).length>0?YL(e):void 0,a!==void 0&&(u==null?void 0:u.form)==="other"&&u.messages===
""?ZL(e,a):!1]),P={smi:a,smiUntrusted:l,smiUnusable:c,smiOffPath:d,smiEmpty:$||void 0,run:u,nodes:f,kernelDriver:i,openModule:/Open Kernel Module/.
test(s??"")||void 0,pciDevices:k,tegra:h,systemMemory:b,cudaLibrary:R,cudaVisibleDevices:(I=e.env.CUDA_VISIBLE_DEVICES)==
null?void 0:I.slice(0,512),visibleDevices:(S=e.env.NVIDIA_VISIBLE_DEVICES)==null?void 0:S.slice(0,512),driverCapabilities:(C=
e.env.NVIDIA_DRIVER_CAPABILITIES)==null?void 0:C.slice(0,512)};return Object.fromEntries(Object.entries(P).filter(([,q])=>q!==
void 0))}};async function BL(e,t,n,r,{workspace:o,trusts:s}){let{found:i,unusable:a}=await tr(e,"nvidia-smi",t),l=i!==void 0&&
await un(e,i,o);if(l&&!s)return{smi:i,untrusted:!0};if(i!==void 0)return{smi:i,run:await Db(l?yp(e):e,i,n,r)};let c=GL.filter(
d=>!t.includes(d)),{found:u}=await tr(e,"nvidia-smi",c);return{...a[0]&&{unusable:a[0]},...u!==void 0&&{offPath:u}}}async function KL(e){
let t=await e.list("/dev");if(t.kind!=="ok")return;let n=/^(?:nvidia(?:\d+|ctl|-uvm|-uvm-tools|-modeset)|dxg)$/,r=t.value.
filter(s=>n.test(s)||Bb.test(s)).sort();return t.value.includes("nvgpu")&&r.push("nvgpu/igpu0/ctrl"),(await Promise.all(
r.map(async s=>{let i=`/dev/${s}`,[a,l,c]=await Promise.all([e.stat(i),e.access(i,"r"),e.access(i,"w")]);return XL(i,a,l.
kind!=="denied"&&c.kind!=="denied")}))).filter(s=>s!==void 0)}function VL({path:e}){return/^\/dev\/nv(?:map|host-gpu|host-ctrl-gpu|gpu\/)/.
test(e)}function zL(e,t){let n=(e==null?void 0:e.form)==="csv"?e.gpus:[];return e===void 0&&t||n.some(r=>{var o;return r.
name!==void 0&&r.memoryTotal===void 0&&!((o=r.troubles)!=null&&o["memory.total"])})}async function JL(e){let t=await Cb(
e);return t.kind!=="read"?{totalBytes:e.totalMemory}:{totalBytes:t.totalBytes,availableBytes:t.availableBytes}}async function YL(e){
let t=[...HL,...(e.env.LD_LIBRARY_PATH??"").split(":").filter(Boolean).slice(0,16)];return(await Promise.all(t.map(async r=>{
let o=te(r,"libcuda.so.1"),s=await e.stat(o);return s.kind==="file"&&s.size>0?o:void 0}))).find(r=>r!==void 0)}async function ZL(e,t){
let n=await e.stat(t);return n.kind==="file"&&n.size===0}function XL(e,t,n){if(!(t.kind==="absent"||t.kind==="unreadable"))
return{path:e,mode:t.mode,gid:t.gid,usable:n}}function QL(e){var t,n;return((t=/Kernel Module(?: for \S+)?\s+(\d+(?:\.\d+)+)/.
exec(e))==null?void 0:t[1])??((n=e.split(`
`,1)[0])==null?void 0:n.slice(0,200))??""}var ej={3:"ia32",8:"mips",20:"ppc",21:"ppc64",22:"s390x",40:"arm",62:"x64",183:"arm64",243:"riscv64",258:"loong64"};async function Vb(e,t){
let n=await e.readText(t,8192,"latin1");if(n.kind!=="ok")return{format:"unreadable"};let r=tj(n.value);if(r.interpreter===
void 0)return r;let{kind:o}=await e.stat(r.interpreter);return o==="unreadable"?r:{...r,interpreterFound:o!=="absent"}}function tj(e){var t;if(e==="")return{format:"empty"};if(e.startsWith("\x7FELF"))return nj(e);if(e.startsWith("#!")){let n=(t=
/^#![ \t]*([^\s\0]{1,200})/.exec(e))==null?void 0:t[1],r=/^[^\n]*\r\n/.test(e);return{format:"script",...n!==void 0&&{interpreter:n},
...r&&{windowsLines:r}}}return/^(?:\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/.test(e)?{format:"mac\
h-o"}:e.startsWith("MZ")?{format:"windows"}:{format:"other"}}function nj(e){let t=e.charCodeAt(4)===2,n=e.charCodeAt(5)===
2,r=(i,a)=>{let l=0;for(let c=0;c<a;c++){let u=n?i+c:i+a-1-c;l=l*256+(e.charCodeAt(u)||0)}return l},o=r(18,2),s=rj(e,t,r);
return{format:"elf",machine:ej[o]??`machine ${o}`,...s!==void 0&&{interpreter:s}}}function rj(e,t,n){let[r,o,s]=t?[n(32,
8),n(54,2),n(56,2)]:[n(28,4),n(42,2),n(44,2)];for(let i=0;i<Math.min(s,64);i++){let a=r+i*o;if(n(a,4)!==3)continue;let[l,
c]=t?[n(a+8,8),n(a+32,8)]:[n(a+4,4),n(a+16,4)],u=e.slice(l,l+Math.min(c,200)).split("\0")[0]??"";return/^\/[\x20-\x7e]+$/.
test(u)?u:void 0}}function sc(e){let t=new Tp(e.replace(/^\uFEFF/,""));try{return t.readFile(),{entries:t.entries}}catch{return{entries:t.
entries,brokenAt:t.line()}}}var Ep=Symbol("another kind of value"),Tp=class{entries=[];text;at=0;counted={to:0,line:1};constructor(t){
this.text=t}line(){let t=this.text.slice(this.counted.to,this.at).split(`
`).length-1;return this.counted={to:this.at,line:this.counted.line+t},this.counted.line}readFile(){let t=[];for(this.skipBlank();this.
at<this.text.length;this.skipBlank()){if(this.takes("[")){let n=this.takes("[");t=this.readKey(),this.expect(n?"]]":"]")}else
this.readPair(t,0);this.match(/[ \t]*(?:#[^\n]*)?/y),this.at<this.text.length&&this.match(/\r?\n/y)}}readPair(t,n){let r=this.
line(),o=[...t,...this.readKey()];this.expect("=");let s=this.readValue(o,n);typeof s=="string"?this.entries.push({path:o,
value:s,line:r}):s!==Ep&&this.entries.push({path:o,value:s.filter(i=>typeof i=="string"),line:r})}readKey(){let t=[];do{
this.skipSpace();let n=this.text[this.at];t.push(n==='"'||n==="'"?this.readText():this.match(/[\w-]+/y)),this.skipSpace()}while(this.
takes("."));return t}readValue(t,n){if(n>20)throw new Error("too deep");this.skipSpace();let r=this.text[this.at];return r===
'"'||r==="'"?this.readText():this.takes("[")?this.readList(t,n):this.takes("{")?this.readTable(t,n):(this.match(/[^\s,#\]}]+(?: [\d:.]+)?/y),
Ep)}readList(t,n){let r=[];for(this.skipBlank();!this.takes("]");this.skipBlank())if(r.push(this.readValue(t,n+1)),this.
skipBlank(),!this.takes(",")&&this.text[this.at]!=="]")throw new Error("a list without end");return r}readTable(t,n){for(this.
skipBlank();!this.takes("}");this.skipBlank())if(this.readPair(t,n+1),this.skipBlank(),!this.takes(",")&&this.text[this.
at]!=="}")throw new Error("a table without end");return Ep}readText(){return this.takes("'''")?this.until("'''"):this.takes(
"'")?this.closed(/[^'\n]*/y,"'"):this.takes('"""')?zb(this.closed(/(?:[^"\\]|\\[\s\S]|"(?!""))*/y,'"""')):(this.expect('\
"'),zb(this.closed(/(?:[^"\\\n]|\\.)*/y,'"')))}closed(t,n){let r=this.match(t);return this.expect(n),r}until(t){let n=this.
text.indexOf(t,this.at);if(n<0)throw new Error("a text without end");let r=this.text.slice(this.at,n);return this.at=n+t.
length,r.replace(/^\r?\n/,"")}skipSpace(){this.match(/[ \t]*/y)}skipBlank(){this.match(/(?:\s|#[^\n]*)*/y)}takes(t){return this.
text.startsWith(t,this.at)?(this.at+=t.length,!0):!1}expect(t){if(!this.takes(t))throw new Error(`no ${t}`)}match(t){var r;
t.lastIndex=this.at;let n=(r=t.exec(this.text))==null?void 0:r[0];if(n===void 0)throw new Error("not TOML");return this.
at+=n.length,n}},oj={b:"\b",t:"	",n:`
`,f:"\f",r:"\r",e:"\x1B"};function zb(e){return e.replace(/^\r?\n/,"").replace(/\\(?:u([\da-f]{4})|U([\da-f]{8})|([ \t]*\r?\n\s*)|([\s\S]))/gi,
(t,n,r,o,s)=>{if(o!==void 0)return"";let i=Number.parseInt(n??r??"",16);return Number.isNaN(i)?oj[s]??s:i<=1114111?String.
fromCodePoint(i):"?"})}var sj=["rust-toolchain","rust-toolchain.toml"],Jb=16*1024,Op=/^[A-Za-z0-9][\w.-]{0,99}$/,Ap={kind:"default"};async function _p(e,{
workspace:t,usesWorkspace:n},r){if(r!==void 0&&await un(e,r,t))return{kind:"untrusted",by:e.env.RUSTUP_HOME?"RUSTUP_HOME":
"HOME"};let o=r===void 0?void 0:await lj(e,r,t);if(o!==void 0)return{kind:"untrusted",by:o};let{RUSTUP_TOOLCHAIN:s}=e.env;
if(s)return s.includes("/")&&await un(e,dn(s,t),t)?{kind:"untrusted",by:"RUSTUP_TOOLCHAIN"}:Ap;let i=r===void 0?{}:await cj(
e,te(r,"settings.toml"));for(let a=t;;a=uj(a)){let l=i[a];if(l)return Op.test(l.name)?{kind:"named",...l}:Ap;let u=a===t&&
!n?void 0:await ij(e,a,a===t?"":a);if(u)return u;if(a==="/")return Ap}}async function ij(e,t,n){for(let r of sj){let o=await e.
readInside(t,te(t,r),Jb);if(o.kind==="absent")continue;let s=o.kind==="ok"?aj(o.value):void 0;if(s==="none")return;let i={
file:n===""?r:te(n,r),line:(s==null?void 0:s.line)??1};return s?{kind:"named",name:s.channel,at:i}:{kind:"untrusted",by:r}}}
function aj(e){var s,i,a;let t=e.split(/\r?\n/).map(l=>l.replace(/^\uFEFF|\s*#.*$/g,""));if(e.length>=Jb||t.some(l=>/\bpath\b|\\/.
test(l)))return;let n=t.filter(l=>l.trim()!==""),r=((s=n[0])==null?void 0:s.trim())??"";if(n.length===1&&Op.test(r))return{
channel:r,line:1+t.indexOf(n[0]??"")};let o="";for(let[l,c]of t.entries()){let u=(i=/^\s*\[\s*([\w.-]+)\s*\]\s*$/.exec(c))==
null?void 0:i[1];if(u!==void 0)o=u;else if(o===""&&c.trim()!=="")return;let d=o==="toolchain"?(a=/^\s*channel\s*=\s*["']([^"']*)["']\s*$/.
exec(c))==null?void 0:a[1]:void 0;if(d!==void 0)return Op.test(d)?{channel:d,line:l+1}:void 0}return"none"}async function lj(e,t,n){
let r=await e.list(te(t,"toolchains"));if(r.kind!=="ok")return;let o=r.value.slice(0,100).map(l=>te(te(t,"toolchains"),l)),
s=await Promise.all(o.map(async l=>(await e.lstat(l)).kind==="link")),i=o.filter((l,c)=>s[c]),a=await Promise.all(i.map(
l=>un(e,l,n)));return i.find((l,c)=>a[c])}async function cj(e,t){let n=await e.readText(t);if(n.kind!=="ok")return{};let r=sc(
n.value).entries.flatMap(({path:o,value:s,line:i})=>{let[a,l,...c]=o;return a!=="overrides"||l===void 0||c.length>0||typeof s!=
"string"?[]:[[l,{name:s,at:{file:t,line:i}}]]});return Object.fromEntries(r)}async function Yb(e,t){let n=te(t,"settings\
.toml"),r=await e.readText(n);if(r.kind!=="ok")return;let o=sc(r.value).entries.find(({path:s})=>s.join(".")==="default_\
toolchain");return o&&{file:n,line:o.line,isDefault:!0}}function uj(e){return e.slice(0,Math.max(1,e.lastIndexOf("/")))}var Zb={".python-version":"PYENV_VERSION",".ruby-version":"RBENV_VERSION",".node-version":"NODENV_VERSION",".go-version":"\
GOENV_VERSION",".perl-version":"PLENV_VERSION",".java-version":"JENV_VERSION"},dj=".tool-versions",fj=/^[A-Za-z0-9][\w.+-]{0,63}$/;
async function Xb(e,t){let n=async a=>{let l=await e.readInside(t,te(t,a),16384);return l.kind==="ok"?l.value:""},[r,...o]=await Promise.
all([dj,...Object.keys(Zb)].map(n)),s={},i=(a,l)=>{l!==void 0&&fj.test(l)&&!e.env[a]&&(s[a]=l)};for(let[a,l]of Object.values(
Zb).entries())i(l,pj(o[a]??""));for(let a of(r??"").split(`
`)){let[l="",c]=a.replace(/#.*/,"").trim().split(/\s+/);if(!/^[a-z][\w-]{0,40}$/i.test(l))continue;let u=l.toUpperCase().
replace(/-/g,"_");i(`ASDF_${u}_VERSION`,c),i(`MISE_${u}_VERSION`,c)}return s}function pj(e){var t;return(t=/^\s*(\S+)/.exec(
e))==null?void 0:t[1]}var mj="/dev/null/rustup",hj=2e3,gj=4096,yj=new Set(["cargo","cargo-clippy","cargo-fmt","cargo-miri","clippy-driver","rl\
s","rust-analyzer","rust-gdb","rust-gdbgui","rust-lldb","rustc","rustdoc","rustfmt","rustup"]),wj={LC_ALL:"C",RUSTUP_AUTO_INSTALL:"\
0",RUSTUP_DIST_SERVER:"file:///dev/null",GOTOOLCHAIN:"local",COREPACK_ENABLE_NETWORK:"0",CHECKPOINT_DISABLE:"1"};function Sr(e,t){
return{name:`tool:${e}`,async collect(n,r,o,s){let i=zl(o);return{...await kj(n,r,o,i,e,t),mode:await Ct(Ej(s),i,"unknow\
n")}}}}async function kj(e,t,n,r,o,s){var kw;let[i=o,...a]=s,l=await Ct(Tj(e,t.workspace),r,void 0),c=l??e.cwd(),u=rc(e,
c),d={name:o,command:s,arch:e.arch,...e.uid!==void 0&&{uid:e.uid},path:u,...e.env.PATH===void 0?{pathUnset:!0}:{pathText:e.
env.PATH.slice(0,hj)}},f=(kw=D(t.policy.tools,o))==null?void 0:kw.commandFrom;if(f==="untrusted"){let $n=s.join(" ").slice(
0,200);return{...d,unusable:[],elsewhere:[],run:{kind:"untrusted",why:"command",by:$n}}}let p="",g=yj.has(Qb(i)),m=Fi(e,
c),h=$n=>g?Ct(ge($n(),()=>{}),r,void 0):void 0,[w,k,b,R]=await Promise.all([Ct($j(e,i,u,c,$n=>{p=$n}),r,void 0),h(()=>Aj(
e,c)),h(()=>_p(e,{...t,workspace:c},m)),t.usesWorkspace?Ct(Xb(e,c),r,{}):{}]);if(!w)return{...d,unusable:[],elsewhere:[],
run:{kind:"search-timed-out",directory:p}};let{found:$,unusable:P}=w;if($===void 0){let $n=i.includes("/")?{}:await Ct(bj(
e,t,o,i,u),r,{});return{...d,unusable:P,elsewhere:[],...$n,run:{kind:"not-found"}}}let I=o==="node"&&Sj(a)?await Ct(Rj(e,
$),r,void 0):void 0;if(I!==void 0)return{...d,found:{path:$,realPath:I},unusable:P,elsewhere:[],run:{kind:"own-node",version:e.
nodeVersion}};let[S,C,q]=await Promise.all([Ct(e.realPath($),r,void 0),Ct(un(e,$,c),r,!0),g?Ct(xj(e,$),r,!1):!1]),me=(S==
null?void 0:S.kind)==="ok"?S.value:void 0,X=/\/rustup(?:-init)?$/.test(me??"")&&Qb(i)!=="rustup",ke=await Ct(vj(e,i,$),r,
void 0),$e={...d,...ke&&{unexpanded:ke},found:{path:$,...me!==void 0&&{realPath:me}},unusable:P,elsewhere:[]},Kn=C?{why:"\
program",by:$}:(b==null?void 0:b.kind)==="untrusted"&&(X||q)?{why:"toolchain",by:b.by}:void 0;if(Kn&&!t.trusts)return{...$e,
run:{kind:"untrusted",...Kn}};let df=(b==null?void 0:b.kind)==="named"?{RUSTUP_TOOLCHAIN:b.name}:{},gw=l!==void 0&&(f===
"workspace"||Kn!==void 0),W1=gw?{cwd:l,isTrusted:!0}:{},yw=$n=>{let H1={...wj,...R,...$n,...k&&{RUSTUP_HOME:mj}};return e.
run([$,...a],{signal:n,env:H1,maxOutput:gj,...W1})},Sl=await yw(gw?{}:df),ww=Sl.kind!=="exited"||Sl.code!==0,G1={link:X,
...k&&{neverSetUp:k},...ww&&g&&await Ct(_j(e,c,b,$e.found),r,{}),...(b==null?void 0:b.kind)==="named"&&Ij(Sl)&&{outsideWorkspace:await yw(
{})}};return{...$e,run:{kind:"ran",outcome:Sl},...ww&&{file:await Ct(Vb(e,$),r,{format:"unreadable"})},...(g||X)&&{rustup:G1}}}
async function bj(e,t,n,r,o){var d;let s=await Rp(e,r,o),i=(d=s[0])==null?void 0:d.replace(/\/[^/]*$/,"");if(i===void 0)
return{elsewhere:s};let a=oc(e).find(({meant:f})=>f===i)??Hb(e,i),l=Object.entries(t.policy.tools).filter(([f,{commandFrom:p}])=>f!==
n&&p!=="untrusted"),u=(await Promise.all(l.map(async([f,{command:p}])=>{let g=p[0]??f;if(g.includes("/")||!(await tr(e,g,
[i])).found)return[];let{found:m,unusable:h}=await tr(e,g,o);if(m||h.some(({kind:k})=>k==="not-executable"||k==="unreada\
ble"))return[];let[w]=await Rp(e,g,o);return w===te(i,g)?[f]:[]}))).flat();return{elsewhere:s,...a&&{unexpanded:a},...u.
length>0&&{sameDirectory:u}}}async function vj(e,t,n){let r=oc(e);if(r.length===0||t.includes("/"))return;let o=(e.env.PATH??
"").split(":"),s=o.indexOf(n.slice(0,n.lastIndexOf("/")));for(let i of r)if(!(o.indexOf(i.entry)>s)&&(await tr(e,t,[i.meant])).
found)return i}async function xj(e,t){return(await e.stat(te(t.slice(0,t.lastIndexOf("/")),"rustup"))).kind==="file"}async function $j(e,t,n,r,o){
let s=t.lastIndexOf("/"),i=s<0?n:[dn(t.slice(0,s)||"/",r)];return tr(e,t.slice(s+1),i,o)}function Sj(e){return e.length===
1&&(e[0]==="--version"||e[0]==="-v")}async function Rj(e,t){let[n,r]=await Promise.all([e.realPath(t),e.realPath(e.execPath)]);
return n.kind==="ok"&&r.kind==="ok"&&n.value===r.value?n.value:void 0}async function Ej(e){try{return(await e(_e)).mode}catch{
return"unknown"}}async function Tj(e,t){let n=await ge(e.stat(t),()=>{});return n===void 0?"/":n.kind==="directory"?t:void 0}
function Fi(e,t){let{RUSTUP_HOME:n,HOME:r}=e.env;if(n)return dn(n,t);let o=r||e.userHome;return o?te(dn(o,t),".rustup"):
void 0}async function Aj(e,t){let n=Fi(e,t);if(n===void 0||(await e.stat(te(n,"settings.toml"))).kind!=="absent")return;
let[r,...o]=await Promise.all([e.list(te(n,"toolchains")),e.stat(te(t,"rust-toolchain.toml")),e.stat(te(t,"rust-toolchai\
n")),e.stat("/etc/rustup/settings.toml")]),s=r.kind==="ok"&&r.value.length>0,i=!!e.env.RUSTUP_TOOLCHAIN||o.some(a=>a.kind!==
"absent");return s&&i?void 0:{home:n}}async function Oj(e,t){if(e.env.RUSTUP_AUTO_INSTALL!==void 0)return e.env.RUSTUP_AUTO_INSTALL!==
"0";let n=Fi(e,t);if(n===void 0)return!0;let r=await e.readText(te(n,"settings.toml"));return r.kind!=="ok"||!/^\s*auto_install\s*=\s*["']disable["']/m.
test(r.value)}async function _j(e,t,n,{path:r,realPath:o}){let s=Fi(e,t),[i,a,l]=await Promise.all([Oj(e,t),s===void 0?void 0:
Yb(e,s),Pj(e,s,[r,o??r])]),u=(e.env.RUSTUP_TOOLCHAIN?"RUSTUP_TOOLCHAIN":void 0)??((n==null?void 0:n.kind)==="named"?n.at:
a);return{autoInstall:i,...u&&{chosenBy:u},...l.length>0&&{otherHomes:l}}}async function Pj(e,t,n){var l;let r=n.flatMap(
c=>{let u=/^(.*\/)(\.?)cargo\/bin\/[^/]+$/.exec(c);return u?[`${u[1]}${u[2]}rustup`]:[]}),o=["/usr/local/rustup","/opt/r\
ustup","/opt/rust/rustup","/root/.rustup"],s=(l=e.userHome)!=null&&l.startsWith("/")?[te(e.userHome,".rustup")]:[],i=[...new Set(
[...r,...s,...o])].filter(c=>c!==t);return(await Promise.all(i.map(async c=>{let u=await ge(e.list(te(c,"toolchains")),()=>{});
return(u==null?void 0:u.kind)==="ok"&&u.value.length>0?[{path:c,toolchains:u.value.slice(0,8)}]:[]}))).flat().slice(0,4)}
function Ij(e){return/toolchain '[^'\n]+'[^\n]* is not installed|syncing channel updates for/.test(e.stdout+e.stderr)}function Qb(e){
return e.slice(e.lastIndexOf("/")+1)}function Ct(e,t,n){return Promise.race([e,t.then(Nj).then(()=>n)])}function Nj(){return new Promise(
e=>setImmediate(e))}var Cj=6e4,ev=256;async function nv(e,t,n,r,o){let s=0,i=t.map(c=>({path:c,bytes:0,files:0,isCut:!1,isFile:!1,left:[c]})),
a=()=>r.aborted||s>=Cj,l=async c=>{let u=c.left.pop();if(u===void 0)return;let d=await ge(e.list(u),()=>{});if((d==null?
void 0:d.kind)==="absent"&&o!==void 0&&u===c.path){let f=await ge(e.lstat(u),()=>{});(f==null?void 0:f.kind)==="file"&&Object.
assign(c,{isFile:!0,...tv(f,o)});return}if((d==null?void 0:d.kind)!=="ok"){c.isCut||=(d==null?void 0:d.kind)!=="absent";
return}for(let f=0;f<d.value.length;f+=ev){if(a()){c.isCut=!0;return}let p=d.value.slice(f,f+ev).map(m=>`${u}/${m}`);s+=
p.length;let g=await Promise.all(p.map(m=>n.has(m)?void 0:ge(e.lstat(m),()=>{})));for(let[m,h]of g.entries()){(h==null?void 0:
h.kind)==="directory"&&c.left.push(p[m]??"");let{bytes:w,files:k}=tv(h,o);c.bytes+=w,c.files+=k}await vt()}};for(;!a()&&
i.some(({left:c})=>c.length>0);)await Promise.all(i.map(l));return i.map(({bytes:c,files:u,isCut:d,isFile:f,left:p})=>({
bytes:c,files:u,isCut:d||p.length>0,...f&&{isFile:!0}}))}function tv(e,t){let n=e&&"changed"in e?e.changed??0:0;return t!==
void 0&&n<t?{bytes:0,files:0}:{bytes:(e==null?void 0:e.kind)==="file"?e.size:0,files:1}}var Lj=200,jj=5,Fj=2e3;function rv(e){return{name:"written-since",async collect(t,n,r){let{workspace:o}=n,s=Pi(t.env),[i,
a]=await Promise.all([t.list(o),us(t)]);if(!a)return{written:[]};let c=(i.kind==="ok"?i.value.slice(0,Lj):[]).map(h=>({path:`${o}\
/${h}`,shown:`${h}/`})),u=s!==o&&!s.startsWith(`${o}/`)&&!o.startsWith(`${s}/`),d=[...c,...u?[{path:s,shown:s}]:[]],f=await ye(
Math.min(Fj,n.timeoutMs),r,h=>nv(t,d.map(({path:w})=>w),new Set(a.map(({target:w})=>w)),h,e)),p=d.map(({path:h,shown:w},k)=>{
let{bytes:b=0,files:R=0,isCut:$=!0,isFile:P=!1}=f[k]??{},I=P?w.replace(/\/$/,""):w;return{path:h,shown:I,bytes:b,files:R,
...$&&{atLeast:!0}}}),g=h=>[...p].sort((w,k)=>k[h]-w[h]).slice(0,jj);return{written:[...new Set([...g("bytes"),...g("fil\
es")])].filter(({bytes:h,files:w})=>h>0||w>0)}}}}var Mi=[{what:"Tokens",words:"token tokens jwt pat bearer otp totp",pattern:/tokens?$/,hidden:["GITHUB_TOKEN","accessTok\
en","_authToken","NPMTOKEN","CI_JWT","GH_PAT_2","splunk-token"],shown:["TOKENIZERS_PARALLELISM","TOKENIZER","PATH","PATT\
ERN","SPATULA"]},{what:"Passwords",words:"pass passwd pwd pw psw pin pincode",pattern:/passw(?:or)?ds?$|^passw(?:or)?d|passphrases?$|passcodes?$|pwds?$|(?<!by|com|tres|sur|under|over)pass$/,
hidden:["DB_PASSWORD","MYSQL_PWD","SSHPASS","Pwd","keystorePass","GPG_PASSPHRASE","CARD_PIN"],shown:["BYPASS","COMPASS",
"PINNED","SPINNER","PASSED","PASSENGERS","OLDPWD"]},{what:"Secrets and credentials",words:"cred creds credential credent\
ials private salt hmac sas",pattern:/secrets?$|^secret(?:key|access)|credentials?$/,hidden:["MY_SECRET","clientSecret","\
AWS_CREDS","GOOGLE_CREDENTIALS","WEBHOOK_HMAC","AZURE_SAS","HASH_SALT"],shown:["SECRETARY","SACRED","CREDITS","SASS_PATH",
"SALTED"]},{what:"Keys",pairs:"access key|account key|api key|auth key|private key|secret key|shared key",pattern:/(?:access|account|api|app|auth|client|deploy|encryption|gpg|license|master|pgp|private|secret|service|shared|sign|signing|ssh|storage)keys?$/,
last:"key keys",hidden:["AWS_ACCESS_KEY_ID","SSH_KEY","SIGNING_KEY_BASE64","AccountKey","apikey","X-Api-Key","KEY_PEM"],
shown:["KEYBOARD","MONKEY","PUBLIC_KEY","CACHE_KEY","PRIMARY_KEY","KEYRING","TURKEY"]},{what:"Logins and sessions",words:"\
auth auths oauth authorization session sessions sessid cookie cookies",pattern:/sessid$|^oauth/,hidden:["NPM_AUTH","_aut\
h","Proxy-Authorization","SESSION_ID","PHPSESSID","COOKIE","DOCKER_AUTH_CONFIG"],shown:["GIT_AUTHOR_NAME","AUTHOR","AUTH\
ORITY","OBSESSION","COOKIECUTTER"]},{what:"Signatures",words:"sig signature signatures",hidden:["sig","X-Amz-Signature"],
shown:["SIGNAL","DESIGN"]},{what:"Addresses that are secrets",words:"dsn webhook webhooks connstr connectionstring conne\
ctionstrings",pairs:"connection string|connection strings|conn str",hidden:["SENTRY_DSN","SLACK_WEBHOOK_URL","CONNECTION\
_STRING","ConnectionStrings__Default"],shown:["CONNECTION_TIMEOUT","STRING"]}],ov="base64 b64 pem json hex raw data valu\
e",sv="github_actor git_author_name git_author_email git_author_date session_manager desktop_session gdmsession oldpwd i\
nit_cwd xdg_session_id xdg_session_type xdg_session_class xdg_session_desktop xdg_session_path dbus_session_bus_address",
iv="public key|cache key|primary key|foreign key|partition key|sort key|host key|restore key|cache keys|public keys|rest\
ore keys|token type|token expires|auth method|auth type",av="true false none null nil yes off on no empty incorrect inva\
lid expired denied rejected unauthorized prompt stdin argument via flag option cannot instead requires unset unknown def\
ault auto always never optional required forbidden allowed enabled disabled enable disable changeme change example sampl\
e test tests testing debug info warn warning error errors fail failed failure pass passed skip skipped healthy degraded \
about above access action actions after again against all allow also another answer answers any are asked because been b\
efore below between both branch build builder builds cache cannot case change changed check checks class code command co\
mmands commit config configuration connect connection container containers control could current daemon data deploy depl\
oyment described desktop device devices disk docker does done driver each else environment every exit expected file file\
s first fix for forge found from full git gitea github group groups guest has have here home host hosts http https image\
 images inside install installed into job jobs kernel key keys label labels last latest less library like line linux lis\
t local localhost login machine main make many master memory message minute minutes missing mode model more most mount m\
ounted name names needs network new next node not nothing now number only open other output over owner page password pat\
h permission place plugin policy port private process production profile program proxy public read reason refused regist\
ry release remote report reports repository request required result results root run runner runners running runs same sa\
y says second seconds secret secrets see server service services set shell should side size socket some source space sta\
ging start started state status step steps stop such summary support system table tag than that the their them then ther\
e these they this time timeout token tokens tool tools toolchain two type ubuntu under unit update url use used user use\
rs uses value values variable version versions very volume wait want was what when where which while why will with withi\
n without work worker workflow workflows workspace would write written your";var xo=(e="",t=" ")=>e.split(t).filter(n=>n!==""),Mj=new Set(Mi.flatMap(e=>xo(e.words))),Dj=new Set(Mi.flatMap(e=>xo(e.last))),
Uj=new Set(Mi.flatMap(e=>xo(e.pairs,"|"))),qj=Mi.flatMap(({pattern:e})=>e??[]),Wj=new Set(xo(ov)),Gj=new Set(xo(sv)),lv=new Set(
xo(iv,"|")),Hj=new Set(xo(av)),Bj=200,Pp=new Map;function Se(e){let t=Pp.get(e);if(t!==void 0)return t;let n=Kj(e.slice(
-Bj));return Pp.size<5e3&&Pp.set(e,n),n}function Kj(e){let t=e.toLowerCase();if(Gj.has(t)||e==="PWD")return!1;let n=Vj(e);
if(n.some(r=>Mj.has(r)||qj.some(o=>o.test(r))))return!lv.has(n.slice(-2).join(" "));if(n.some((r,o)=>Uj.has(`${r} ${n[o+
1]}`)))return!0;for(;n.length>1&&(Wj.has(n[n.length-1]??"")||/^\d+$/.test(n[n.length-1]??""));)n.pop();return Dj.has(n[n.
length-1]??"")&&!lv.has(n.slice(-2).join(" "))}function Vj(e){return e.replace(/([a-z0-9])([A-Z])/g,"$1_$2").replace(/([A-Z])([A-Z][a-z])/g,
"$1_$2").toLowerCase().split(/[^a-z0-9]+/).filter(t=>t!=="")}var zj=/[_-](?:FILE|PATH|DIR|DIRECTORY|FOLDER|HOME|SOCK|SOCKET)$|^(?:GOOGLE_APPLICATION_CREDENTIALS|XAUTHORITY)$/i,
Jj=/[_-](?:URL|URI|ENDPOINT|HOST|SERVER|ISSUER|DOMAIN)$/i,Yj=/hook|dsn|conn/i,Zj=/^(?:[A-Z]?[a-z]{1,10}|[A-Z]{1,6}|\d{1,15}(?:\.\d{1,15})?)$/,
Xj=/passw|passphrase|passcode|pwd|secret|pass$|cred|(?:^|[^a-z])(?:pw|psw|pin)(?:[^a-z]|$)/i,Ip=4,Qj=6;function Tn(e){return Zj.
test(e)}function Di(e){return Hj.has(e.toLowerCase())}function ic(e,t){return t.length<Ip||/^[*\u2022\u2026\s.]*$/.test(t)?!0:
Tn(t)?!Xj.test(e)||Di(t)?!0:/^[\d.]+$/.test(t)&&t.length<Qj:zj.test(e)?/^(?:~|\.{0,2})\/[\w./@ -]*$/.test(t):Jj.test(e)&&
!Yj.test(e)&&/^https?:\/\/[^/?#@\s]+(?:\/[\w.-]{0,20}){0,5}$/.test(t)}var cv=[{what:"GitHub",pattern:/gh[opsur]_[A-Za-z0-9_]{10,255}|github_pat_[A-Za-z0-9_]{10,255}/,hidden:["ghp_{a36}","gho\
_{a36}","ghs_{a36}","github_pat_{a22}_{a59}"],shown:["ghp_short","github_path_of_a_file"]},{what:"GitLab",pattern:/gl(?:pat|dt|rtr?|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-[A-Za-z0-9_.-]{10,300}|GR1348941[A-Za-z0-9_-]{20,50}/,
hidden:["glpat-{a20}","glrt-{a20}","GR1348941{a20}"],shown:["glob-pattern-of-a-label","glibc-minimal-langpack"]},{what:"\
Bitbucket and Atlassian",pattern:/ATBB[A-Za-z0-9]{28,40}|AT(?:ATT|CTT)3[A-Za-z0-9_=-]{40,400}/,hidden:["ATBB{a32}","ATAT\
T3{a180}={h8}"],shown:["ATTACHMENT"]},{what:"Slack",pattern:/xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,300}|xapp-\d-[A-Za-z0-9-]{10,300}/,
hidden:["xoxb-{d12}-{d12}-{a24}","xapp-1-{u11}-{d13}-{h64}"],shown:["xoxo-hugs"]},{what:"Amazon Web Services",pattern:/(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{10,20}|ABSK[A-Za-z0-9+/]{60,300}={0,2}|bedrock-api-key-[A-Za-z0-9+/=]{20,4000}/,
hidden:["AKIA{u16}","ASIA{u16}","ABSK{a128}"],shown:["ASIATIC","Asia/Tokyo"]},{what:"Google",pattern:/AIza[A-Za-z0-9_-]{30,45}|ya29\.[A-Za-z0-9_-]{20,2000}|GOCSPX-[A-Za-z0-9_-]{20,40}|1\/\/0[A-Za-z0-9_-]{30,200}/,
hidden:["AIza{a35}","ya29.{a60}","GOCSPX-{a28}","1//0{a50}"],shown:["ya29.txt"]},{what:"Azure",pattern:/[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}|[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}/,
hidden:["{a3}8Q~{a34}","{a76}AZDO{a4}"]},{what:"Package registries: npm, PyPI, RubyGems, crates.io, NuGet, Clojars",pattern:/npm_[A-Za-z0-9]{10,250}|pypi-[A-Za-z0-9_-]{10,500}|rubygems_[0-9a-f]{40,60}|cio[A-Za-z0-9]{32}(?![A-Za-z0-9])|oy2[a-z0-9]{43}|CLOJARS_[a-z0-9]{50,70}/,
hidden:["npm_{a36}","pypi-{a85}","rubygems_{h48}","cio{a32}","oy2{l43}","CLOJARS_{l60}"],shown:["npm_config_cache","npm_\
config_user_agent","npm_package_json","npm_lifecycle_event","npm_execpath"]},{what:"Docker Hub",pattern:/dckr_[po]at_[A-Za-z0-9_-]{10,100}/,
hidden:["dckr_pat_{a27}","dckr_oat_{a32}"]},{what:"Docker Swarm, K3s",pattern:/SWM(?:TKN|KEY)-1-[A-Za-z0-9+/-]{30,120}|K10[0-9a-f]{40,64}::[A-Za-z0-9:._-]{10,200}/,
hidden:["SWMTKN-1-{l50}-{l25}","SWMKEY-1-{a43}","K10{h64}::server:{h32}"]},{what:"Artifactory",pattern:/AKCp[A-Za-z0-9]{60,100}|cmVmdGtu[A-Za-z0-9]{50,80}/,
hidden:["AKCp{a69}","cmVmdGtu{a56}"]},{what:"Models: OpenAI, Anthropic, OpenRouter, Hugging Face, Groq, xAI, Perplexity,\
 Replicate, NVIDIA, LangSmith",pattern:/sk-(?=[A-Za-z0-9_-]{0,250}\d)[A-Za-z0-9_-]{10,250}|hf_[A-Za-z0-9]{10,60}|api_org_[A-Za-z0-9]{30,40}|gsk_[A-Za-z0-9]{40,60}|xai-[A-Za-z0-9]{40,100}|pplx-[A-Za-z0-9]{40,60}|r8_[A-Za-z0-9]{30,45}|nvapi-[A-Za-z0-9_-]{40,80}|lsv2_[ps][tk]_[A-Za-z0-9_]{30,50}/,
hidden:["sk-proj-{a64}","sk-ant-api03-{a93}AA","hf_{a34}","gsk_{a52}","xai-{a80}","r8_{a37}","nvapi-{a64}"],shown:["sk-l\
earn-contributors","task-force-one","disk-usage-report-1","hf_cache"]},{what:"Stripe and other payments",pattern:/[sr]k_(?:live|test)_[A-Za-z0-9]{10,250}|whsec_[A-Za-z0-9+/=]{20,100}|sq0[a-z]{3}-[A-Za-z0-9_-]{20,50}|shp(?:at|ca|pa|ss)_[0-9a-f]{32}|FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,50}/,
hidden:["sk_live_{a24}","rk_test_{a24}","whsec_{a32}","sq0atp-{a22}","shpat_{h32}"],shown:["pk_live_page","risk_test_pla\
n"]},{what:"Mail and messages: SendGrid, Mailgun, Mailchimp, Brevo, Twilio, Telegram, Discord",pattern:/SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}|key-[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2}|xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}|SK[0-9a-f]{32}|\d{8,10}:AA[A-Za-z0-9_-]{32,35}|[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}/,
hidden:["SG.{a22}.{a43}","key-{h32}","{h32}-us12","xkeysib-{h64}-{a16}","SK{h32}","{d9}:AA{a33}","M{a23}.{a6}.{a38}"],shown:[
"SG.example.com","key-value"]},{what:"Clouds and hosts: DigitalOcean, Heroku, Fly.io, Netlify, PlanetScale, Supabase, Cl\
oudflare, Alibaba, Aiven",pattern:/do[opr]_v1_[0-9a-f]{10,64}|HRKU-[A-Za-z0-9_-]{30,70}|fm[12][ar]?_[A-Za-z0-9+/=_-]{40,2000}|fo1_[A-Za-z0-9_-]{40,60}|nfp_[A-Za-z0-9_]{30,60}|pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_.=-]{30,70}|sbp_[0-9a-f]{40}|sb_secret_[A-Za-z0-9_-]{20,60}|v1\.0-[0-9a-f]{24}-[0-9a-f]{146}|LTAI[A-Za-z0-9]{12,24}|AVNS_[A-Za-z0-9_-]{12,60}/,
hidden:["dop_v1_{h64}","HRKU-{a60}","fo1_{a43}","nfp_{a40}","pscale_tkn_{a43}","sbp_{h40}","LTAI{a20}"],shown:["dop_v2",
"v1.0-beta"]},{what:"Infrastructure: HashiCorp Vault and Terraform, Pulumi, Doppler, Tailscale, 1Password, Databricks, I\
nfracost",pattern:/hv[sbr]\.[A-Za-z0-9_-]{20,300}|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}|pul-[0-9a-f]{40}|dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.-]{30,60}|tskey-[a-z]{2,10}-[A-Za-z0-9_-]{10,100}|ops_eyJ[A-Za-z0-9_=-]{40,2000}|A3-[A-Z0-9]{6}(?:-[A-Z0-9]{5,11}){4,6}|dapi[0-9a-f]{32}(?:-\d)?|ico-[A-Za-z0-9]{32}/,
hidden:["hvs.{a24}","{a14}.atlasv1.{a64}","pul-{h40}","dp.st.prd.{a43}","tskey-auth-{a12}-{a32}","ops_eyJ{a200}","A3-{u6\
}-{u6}-{u5}-{u5}-{u5}-{u5}","dapi{h32}"],shown:["tskey-file","hvs.conf"]},{what:"Observability: Grafana, Sentry, New Rel\
ic, Dynatrace, SonarQube",pattern:/gl(?:c|sa)_[A-Za-z0-9+/=_]{30,400}|sntr(?:ys|yu)_[A-Za-z0-9+/=_]{40,400}|NR(?:AK|II|JS)-[A-Za-z0-9_-]{19,42}|dt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}|sq[pau]_[0-9a-f]{40}/,
hidden:["glc_{a60}","glsa_{a32}_{h8}","sntrys_{a80}","NRAK-{u27}","dt0c01.{u24}.{u64}","squ_{h40}"]},{what:"Continuous i\
ntegration and tools: CircleCI, Buildkite, Harness, Postman, Linear, Notion, Figma, Sourcegraph, EasyPost, Shippo",pattern:/CCI(?:PAT|PRJ)_[A-Za-z0-9_]{30,80}|bk[upac]a?_[0-9a-f]{30,60}|[ps]at\.[A-Za-z0-9_-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}|PMAK-[0-9a-f]{24}-[0-9a-f]{34}|lin_api_[A-Za-z0-9]{40}|(?:ntn|secret)_[A-Za-z0-9]{40,50}|figd_[A-Za-z0-9_-]{40,60}|sgp_[0-9a-f_]{40,70}|EZ[AT]K[A-Za-z0-9]{54}|shippo_(?:live|test)_[0-9a-f]{40}/,
hidden:["CCIPAT_{a22}_{h40}","bkua_{h40}","pat.{a22}.{h24}.{a20}","PMAK-{h24}-{h34}","lin_api_{a40}","figd_{a40}"]},{what:"\
Others: Adafruit, Airtable, Duffel, Frame.io, OpenShift, Octopus Deploy, Prefect, ReadMe, Scalingo, Typeform, Defined Ne\
tworking, MaxMind, Adobe",pattern:/aio_[A-Za-z0-9]{28}|pat[A-Za-z0-9]{14}\.[0-9a-f]{64}|duffel_(?:test|live)_[A-Za-z0-9_=-]{40,50}|fio-u-[A-Za-z0-9_=-]{60,70}|sha256~[A-Za-z0-9_-]{40,50}|API-[A-Z0-9]{25,34}(?![A-Z0-9])|pn[bu]_[A-Za-z0-9]{36}|rdme_[a-z0-9]{70}|tk-us-[A-Za-z0-9_-]{48}|tfp_[A-Za-z0-9_.=-]{50,70}|dnkey-[A-Za-z0-9_=-]{26}-[A-Za-z0-9_=-]{52}|[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk|p8e-[A-Za-z0-9]{32}/,
hidden:["aio_{a28}","pat{a14}.{h64}","duffel_test_{a43}","fio-u-{a64}","sha256~{a43}","API-{u26}","pnu_{a36}","rdme_{l70\
}","tk-us-{a48}","tfp_{a44}_{a14}","dnkey-{a26}-{a52}","{a6}_{a29}_mmk","p8e-{a32}"],shown:["sha256:{h64}","API-VERSION",
"path.{h64}","pnu_short"]},{what:"age keys",pattern:/AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{50,2000}/i,hidden:["AGE-SECRET-KEY\
-1{u58}"],shown:["age1{l58}"]},{what:"JSON Web Tokens",pattern:/eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,8000}(?:\.[A-Za-z0-9_-]{0,2000}){0,3}/,
hidden:["eyJ{a33}.eyJ{a40}.{a43}"],shown:["eyJ.json"]}],uv=[{what:"Private keys (PEM, OpenSSH, PGP, PuTTY), also if thei\
r end was cut off",pattern:/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,16384}?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)|(?<=Private-Lines: \d{1,3}\s{1,2})(?:[A-Za-z0-9+/=]{20,64}\s{0,2}){1,100}/g,
hidden:[`-----BEGIN OPENSSH PRIVATE KEY-----
{a64}
-----END OPENSSH PRIVATE KEY-----`,`-----BEGIN PGP PRIVATE KEY BLOCK-----

{a64}`,`-----BEGIN EC PRIVATE KEY-----
{a64}`],shown:[`-----BEGIN CERTIFICATE-----
{a64}`]},{what:"Headers with a login or a cookie",pattern:/(\b(?:proxy-)?authorization["']?\s{0,3}[=:]\s{0,3}["']?(?:(?:basic|bearer|digest|token|negotiate|ntlm|apikey|aws4-hmac-sha256|ssws|splunk)\s+)?)[^\s"',;]{4,4000}/gi,
hidden:["Authorization: Basic {a16}","authorization: token {a40}",'"Proxy-Authorization": "Basic {a16}"'],shown:["author\
ization failed for this user"]},{what:"Cookies",pattern:/(\b(?:set-)?cookie["']?:\s{0,3}["']?)[^\s"'][^\n"']{3,4000}/gi,
hidden:["Set-Cookie: i_like_gitea={h16}; Path=/","Cookie: sid={a20}"]},{what:"Bearer tokens",pattern:/(\bbearer\s+)[A-Za-z0-9+/=._~-]{16,4000}/gi,
hidden:["Bearer {a32}"],shown:["bearer of news"]},{what:"netrc",pattern:/(\b(?:login|user|account)\s+\S{1,200}\s+password\s+)\S{1,1000}/g,
hidden:["machine git.example login joe password {a12}",`default login joe
	password {a12}`],shown:["login with a password works"]},{what:"Logins of curl and of database clients",pattern:/((?:^|[\s"'`])(?:-[A-Za-z]{0,4}[uU]|--(?:proxy-)?user|--userpwd)[\s=]{0,9}["']?(?!\d{1,7}:\d{1,7}(?:["'\s]|$))[^\s:"'/%]{1,100}[:%])[^\s"']{1,500}/g,
hidden:["curl -u joe:{a12} https://git.example","curl --proxy-user 'joe:{a12}'","smbclient -U joe%{a12}"],shown:["docker\
 run -u 1000:1000 alpine","docker run --user 0:0 alpine"]},{what:"Passwords that a command takes in a short flag",pattern:/(\b(?:sshpass|login|mysql\w{0,8}|mariadb\w{0,8}|redis-cli|ldap\w{2,8}|bsdtar|7z\w?|unzip|zip|mongo\w{0,8})\s(?:[^\n|;&]{0,200}\s)?(?:-p|-a|-w|-P)\s?["']?)(?=\S{4})(?!\d{1,5}(?:[\s:]|$))[^\s"'=-][^\s"']{3,500}/g,
hidden:["sshpass -p {a12} ssh joe@host","docker login -u joe -p {a12} registry.example","mysql -uroot -p{a12} db"],shown:[
"docker run -p 8080:80 nginx","ssh -p 2222 host","mysql -h db -P 3306 x"]},{what:"Passwords of OpenSSL",pattern:/(\bpass(?:in|out)?\s{1,3}["']?pass:)[^\s"']{1,500}/g,
hidden:["openssl rsa -passin pass:{a12}"]},{what:"Values in XML",pattern:/(<(?:[\w-]{1,40}:)?(?:\w{0,40}(?:password|passphrase|passwd|secret|token|apikey|privateKey))>|<add\s{1,9}key="\w{0,40}(?:password|apikey|secret|token)"\s{1,9}value=")[^<>"\n]{4,2000}/gi,
hidden:["<password>{a12}</password>","<server:authToken>{a20}</server:authToken>",'<add key="ClearTextPassword" value="{\
a12}" />'],shown:["<username>joe</username>"]},{what:"Passwords in SQL",pattern:/(\b(?:identified\s(?:with\s\w{1,40}\s)?by|password)\s{1,3}')[^'\n]{4,500}/gi,
hidden:["CREATE USER joe IDENTIFIED BY '{a12}'","ALTER ROLE joe PASSWORD '{a12}'"]},{what:"Password hashes",pattern:/\$(?:2[abxy]\$\d\d|[156y]|7|argon2(?:id?|d)\$v=\d{1,3}|scrypt|apr1)\$[A-Za-z0-9./+=,$-]{8,300}/g,
hidden:["joe:$6${a8}${a86}","$2y$10${a53}","$apr1${a8}${a22}"],shown:["costs $5 or $6","echo $1$2"]},{what:"Webhooks: Sl\
ack, Discord, Microsoft Teams, Google Chat",pattern:/(\bhttps:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/|\bhttps:\/\/(?:\w{1,20}\.)?discord(?:app)?\.com\/api\/webhooks\/|\bhttps:\/\/[\w.-]{1,80}\.office\.com\/webhook\w{0,4}\/|\bhttps:\/\/chat\.googleapis\.com\/v1\/spaces\/)[\w/@.?=&%-]{8,500}/g,
hidden:["https://hooks.slack.com/services/T{u8}/B{u8}/{a24}","https://discord.com/api/webhooks/{d18}/{a68}","https://acm\
e.webhook.office.com/webhookb2/{h32}"],shown:["https://hooks.slack.com/","https://discord.com/channels"]}];var eF=new RegExp(`(?<![A-Za-z0-9])(?:${cv.map(({pattern:e})=>e.source).join("|")})`,"g"),tF=/gh[opsur]_|github_pat_|gl[a-z]{1,6}[-_]|GR1348941|ATBB|AT(?:ATT|CTT)3|xox|xapp-|AKIA|ASIA|ABIA|ACCA|ABSK|bedrock-api-key-|AIza|ya29\.|GOCSPX-|1\/\/0|\dQ~|AZDO|npm_|pypi-|rubygems_|cio|oy2|CLOJARS_|dckr_|SWM|K10|AKCp|cmVmdGtu|sk-|hf_|api_org_|gsk_|xai-|pplx-|r8_|nvapi-|lsv2_|[sr]k_|whsec_|sq0|shp|FLWSECK|SG\.|key-|-us\d|xkeysib-|SK[0-9a-f]|:AA|[MNO][\w-]{23,27}\.|do[opr]_v1_|HRKU-|fm[12]|fo1_|nfp_|pscale_|sb[p_]|v1\.0-|LTAI|AVNS_|hv[sbr]\.|atlasv1|pul-|dp\.|tskey-|ops_eyJ|A3-|dapi|ico-|sntr|NR[AIJ]|dt0c01|sq[pau]_|CCIP|bk[upac]|[ps]at\.|PMAK-|lin_api_|ntn_|secret_|figd_|sgp_|EZ[AT]K|shippo_|aio_|pat[A-Za-z0-9]{14}\.|duffel_|fio-u-|sha256~|API-|pn[bu]_|rdme_|tk-us-|tfp_|dnkey-|_mmk|p8e-|age-secret|eyJ/i,
nF=/-----BEGIN|Private-Lines|authorization|cookie|bearer\s|password\s|\s-[A-Za-z]{0,4}[uU][\s=]|user(?:pass|pwd)?[\s=]|\s-[paw]|pass:|>[^<]{4,2000}<\/|<add\s|'|\$\w{1,8}\$|https:\/\//i,
rF=/(?<![\w.-])([\w.-]{1,200})\\{0,7}["']?\]?\s{0,3}(=>|:=|==?|:(?!\/\/))\s{0,3}/g,oF=/(?<![\w-])--?([A-Za-z_][\w-]{1,60})\s{1,3}(?=[^\s-])/g,
dv=/\\{0,7}["'`]/y,sF=/(?:[^\s"'`,;&]|[,;&](?!\s|$|[\w.-]{1,60}=)|["'`](?![\s,;:)}\]>]|$)){1,4000}/y,iF=/[^\n]{1,4000}/y,
aF=/^\$\{\w{1,100}\}$/,lF=new Set("key keys auth session sessions pass pin pw sig signature salt private cookie".split("\
 ")),cF=4e3;function An(e,t=!0){let n=Np(e);return uF(n,e,t),n}function Np(e){let t=[];if(tF.test(e)&&fv(t,e,eF),nF.test(
e))for(let{pattern:n}of uv)fv(t,e,n);return t}function fv(e,t,n){var r;for(let o of t.matchAll(n)){let s=o.index+(((r=o[1])==
null?void 0:r.length)??0),i=o.index+o[0].length;/^[*\u2026]+$/.test(t.slice(s,i))||e.push([s,i])}}function uF(e,t,n){if(/[=:]/.
test(t))for(let r of t.matchAll(rF)){let[o,s="",i=""]=r;if(!Se(s))continue;let a=r.index+o.length,l=n&&i==="="&&/^[A-Z_][A-Z0-9_]*$/.
test(s)&&dF(t,r.index),c=pv(t,a,l);c&&!mv(s,i,t.slice(...c),c[0]>a)&&e.push(c)}if(t.includes("-"))for(let r of t.matchAll(
oF)){let o=r[1]??"";if(!Se(o))continue;let s=pv(t,r.index+r[0].length,!1);s&&!mv(o," ",t.slice(...s),!0)&&e.push(s)}}function dF(e,t){
let n=e.slice(Math.max(0,t-20),t);return/(?:^|\n)[ \t]*(?:export |declare -x |- )?$/.test(n)&&(t<20||n.includes(`
`)||t===0)}function pv(e,t,n){var i,a;dv.lastIndex=t;let r=(i=dv.exec(e))==null?void 0:i[0];if(r!==void 0){let l=t+r.length;
return l<e.length?[l,fF(e,l,r)]:void 0}let o=n?iF:sF;o.lastIndex=t;let s=(a=o.exec(e))==null?void 0:a[0].replace(/[\u2026\s]+$/,
"");return s?[t,t+s.length]:void 0}function fF(e,t,n){let r=Math.min(e.length,t+cF);for(let o=t;o<r;o++){if(e[o]===`
`||e[o]==="\u2026"||e.startsWith(n,o))return o;e[o]==="\\"&&n.length===1&&o++}return r}function mv(e,t,n,r){if(aF.test(n)||
ic(e,n)||Tn(n)&&Di(n))return!0;let o=e.replace(/^[-.]+/,"").toLowerCase();return lF.has(o)?o.startsWith("key")?t!=="="||
o==="keys":t!=="="&&!r&&(Tn(n)||!/\d/.test(n)):!1}var hv=[/\b([a-z][a-z0-9+.-]{0,20}:\/{2,4})([^\s/?#"'<>]{1,500})@(?!sha\d{3}:)/gi,/\b([a-z][a-z0-9+.-]{0,20}:\/{2,4})([^\s/?#"'<>:@]{0,200}:(?!\d{1,5}[/?#])[^\s"'<>]{1,500})@(?!sha\d{3}:)/gi,
/(?<![\w/.:@%+~-])()([\w.%+~-]{1,64}:[^\s/@"'<>`,;|()]{1,200})@(?!sha\d{3}:)(?=[a-z_]|\d{1,3}(?:\.\d{1,3}){3})/gi],gv=/@(?!sha\d{3}:)/;
function Ui(e,t){return Cp(e,()=>t)}function Cp(e,t){if(!gv.test(e))return e;let n=(r,o,s)=>o+t(s);return hv.reduce((r,o)=>r.
replace(o,n),e)}function ac(e){return gv.test(e)?hv.flatMap(t=>[...e.matchAll(t)].map(n=>n[2]??"")):[]}function lc(e){return e.
slice(e.indexOf(":")+1)}function bs(e){try{return decodeURIComponent(e)}catch{return e}}var pF=12,mF=6,hF="USER LOGNAME HOSTNAME HOME SHELL LANG TERM RUNNER_NAME RUNNER_OS RUNNER_ARCH GITHUB_ACTOR GITHUB_JOB \
GITHUB_WORKFLOW GITHUB_REPOSITORY GITHUB_REF_NAME GITHUB_SERVER_URL".split(" ");function yv(e,t){var s;let n=new Map,r=wF(
e),o=i=>{for(let a of[i,...yF(i)])a.length<Ip||Tn(a)&&(Di(a)||r.has(a))||n.set(a,{text:a,match:gF(a)})};for(let[i,a=""]of Object.
entries(e)){Se(i)&&!ic(i,a)&&o(a);for(let[l,c]of An(a))o(a.slice(l,c));i==="ACTIONS_CACHE_URL"&&o(((s=/^https?:\/\/[^/]+\/+(.*?)\/*$/.
exec(a))==null?void 0:s[1])??"");for(let l of kF(i,a)){let c=lc(l);c===l&&Tn(l)||(o(c),o(bs(c)))}}for(let i of t)o(i);return[
...n.values()]}function gF(e){return Tn(e)?"word":e.length<mF?"token":"anywhere"}function yF(e){return e.includes(`
`)?e.split(`
`).map(t=>t.trim()).filter(t=>t.length>=pF):[]}function wF(e){return new Set(hF.flatMap(t=>(e[t]??"").split(/[^\w-]+/)).
filter(t=>t!==""))}function kF(e,t){var r;if(!t.includes("@"))return[];let n=/proxy$/i.test(e)?(r=/^\s*(?:[a-z][\w+.-]*:\/\/)?(.*)@/is.
exec(t))==null?void 0:r[1]:void 0;return n===void 0?ac(t):[n]}function wv(e){return[0,1,2].flatMap(t=>{let r=Buffer.concat([Buffer.alloc(t),e]).toString("base64").slice(t===0?0:t+1,Math.
floor((t+e.length)*8/6));return r.length>=5&&!/^(?:[a-z]*|[A-Z]*|\d*)$/.test(r)?[r,r.replace(/\+/g,"-").replace(/\//g,"_")]:
[]})}function xv(e){let t=kv(e),n=t.toString("hex"),r=jp(e);return[...wv(t),...r===e?[]:wv(kv(r)),n,n.toUpperCase()]}function kv(e){
return Buffer.from(e).subarray(0,2048)}function $v(e){var o;if(/^[\w.~-]*$/.test(e))return[];let t=jp(e),n=bF(e),r=[t,jp(
t),n,n.replace(/%../g,s=>s.toLowerCase()),n.replace(/%20/g,"+"),e.replace(/ /g,"+"),e.replace(/&/g,"&amp;").replace(/</g,
"&lt;").replace(/>/g,"&gt;").replace(/"/g,"&quot;"),e.replace(/'/g,"'\\''"),e.replace(/'/g,"''"),e.replace(/[^\w.~-]/g,"\
\\$&")];for(let s=0,i=e;s<Sv;s++){let a=(o=Up(i))==null?void 0:o.text;if(a===void 0)break;i=a,r.push(i)}return r}function jp(e){
return JSON.stringify(e).slice(1,-1)}function bF(e){try{return encodeURIComponent(e).replace(/[!'()*]/g,t=>`%${vF(t)}`)}catch{
return e}}function vF(e){return e.charCodeAt(0).toString(16).toUpperCase()}var Sv=5;function Rv(e){let t=[{text:e,places:void 0}];
for(let r=t[0];t.length<=Sv;){let o=Up(r.text);if(!o)break;r={text:o.text,places:Tv(r.places,o.places)},t.push(r)}let n=$F(
t[t.length-1]);return n?[...t,n]:t}function Ev(e){return Up(e)}function Tv(e,t){return e?t.map(n=>e[n]??0):t}var xF=/[A-Za-z0-9+/=_-]\s+[A-Za-z0-9+/=_-]/;
function $F(e){if(!xF.test(e.text))return;let t=new cc(e.text);for(let o=0;o<e.text.length;o++){let s=e.text.charCodeAt(
o);s!==SF&&(s>13||s<9)&&t.write(s,o)}let{text:n,places:r}=t.done();return{text:n,places:Tv(e.places,r),isJoined:!0}}var cc=class{source;codes;places;length=0;constructor(t){
this.source=t,this.codes=new Uint16Array(t.length),this.places=new Int32Array(t.length+1)}write(t,n){this.codes[this.length]=
t,this.places[this.length++]=n}done(){this.places[this.length]=this.source.length;let{buffer:t}=this.codes;return{text:Buffer.
from(t,0,this.length*2).toString("utf16le"),places:this.places.subarray(0,this.length+1)}}},[SF,Dp,RF,Lp,Fp]=[32,37,38,39,
92],EF=/%[0-9A-Fa-f]{2}|\\|&[#A-Za-z]|''|'"'"'/,TF=/&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/y,
AF={amp:38,lt:60,gt:62,quot:34,apos:39,nbsp:32},OF=/\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2}))/y,
_F=/\\([0-3][0-7]{2})/y,PF={n:10,r:13,t:9,b:8,f:12,v:11};function Up(e){if(!EF.test(e))return;let t=new cc(e);for(let n=0;n<
e.length;)n=IF(e,n,t);return t.done()}function IF(e,t,n){let r=e.charCodeAt(t);switch(r){case Dp:return CF(e,t,n);case Fp:
return NF(e,t,n);case RF:{let[o,s,i,a]=Mp(TF,e,t)??[];if(o===void 0)break;let l=a!==void 0?AF[a]??0:Number.parseInt(s??i??
"",s?10:16);return Av(l,t,n),t+o.length}case Lp:{let o=e.charCodeAt(t+1),s=o===Fp&&e.startsWith("'\\''",t)?4:e.startsWith(
`'"'"'`,t)?5:o===Lp?2:1;return n.write(Lp,t),t+s}}return n.write(r,t),t+1}function NF(e,t,n){var s;let r=e[t+1]??"";if(r===
"")return n.write(Fp,t),t+1;if(r===`
`)return t+2;if(r==="u"||r==="U"||r==="x"){let[i,...a]=Mp(OF,e,t)??[];if(i!==void 0)return Av(Number.parseInt(a.find(l=>l!==
void 0)??"",16),t,n),t+i.length}let o=r>="0"&&r<="3"?(s=Mp(_F,e,t))==null?void 0:s[1]:void 0;return o!==void 0?(n.write(
Number.parseInt(o,8),t),t+4):(n.write(PF[r]??e.charCodeAt(t+1),t),t+2)}function CF(e,t,n){let r=bv(e,t);if(r===void 0)return n.
write(Dp,t),t+1;let o=r<192?1:r<224?2:r<240?3:4,i=Array.from({length:o},(l,c)=>c===0?r:bv(e,t+3*c)).filter(l=>l!==void 0);
if(o===1||i.length<o)return n.write(r,t),t+3;let a=Buffer.from(i).toString();for(let l=0;l<a.length;l++)n.write(a.charCodeAt(
l),t);return t+3*o}function bv(e,t){if(e.charCodeAt(t)!==Dp)return;let[n,r]=[vv(e.charCodeAt(t+1)),vv(e.charCodeAt(t+2))];
return n===void 0||r===void 0?void 0:n*16+r}function vv(e){if(e>=48&&e<=57)return e-48;let t=e|32;return t>=97&&t<=102?t-
87:void 0}function Mp(e,t,n){return e.lastIndex=n,e.exec(t)}function Av(e,t,n){if(!(e<=1114111))return;let r=String.fromCodePoint(
e);for(let o=0;o<r.length;o++)n.write(r.charCodeAt(o),t)}var $o=4,LF=8,jF=64,FF=6,MF=12,Pv=65536,uc=class{filter=new Uint8Array(Pv);byHead=new Map;constructor(t){let n=new Map,r=(s,i,a)=>{
s.length>=$o&&!n.has(s)&&n.set(s,{text:s,match:i,isEncoded:a})};for(let{text:s,match:i}of t){r(s,i,!1);for(let a of $v(s))
a.length>=Math.min(s.length,FF)&&r(a,i,!1);for(let a of xv(s))r(a,"anywhere",!0)}let o=new Map;for(let s of n.values()){
let i=s.text.slice(0,$o);this.filter[Ov(i,0)]=1;let a=o.get(i);a?a.push(s):o.set(i,[s])}for(let[s,i]of o)this.byHead.set(
s,new qp(i))}find(t){if(this.byHead.size===0||t.length<$o)return[];let n=[];for(let r of Rv(t)){let{places:o,isJoined:s=!1}=r,
i=0;this.look(r.text,s,(a,l,c)=>{if(c&&a<i)return;let[u,d]=c&&!s?_v(r.text,a,l):[a,l];c&&(i=d);let[f,p]=o?[o[u]??0,o[d]??
t.length]:[u,d],g=s?f+t.slice(f,p).trimEnd().length:p;n.push(c&&s?_v(t,f,g):[f,g])})}return vs(n)}look(t,n,r){var i;let{
filter:o}=this,s=t.length-$o;for(let a=0;a<=s;a++){if(o[Ov(t,a)]===0)continue;let[l,c]=((i=this.byHead.get(t.slice(a,a+$o)))==
null?void 0:i.at(t,a,n))??[];l&&c!==void 0&&r(a,c,l.isEncoded)}}},qp=class{sorted;shorter;constructor(t){this.sorted=[...t].
sort((r,o)=>r.text<o.text?-1:1);let n=[];this.sorted.forEach(({text:r},o)=>{var i;let s=o-1;for(;s>=0&&!r.startsWith(((i=
this.sorted[s])==null?void 0:i.text)??"");)s=n[s]??-1;n.push(s)}),this.shorter=n}at(t,n,r){var i;let[o,s]=[0,this.sorted.
length];for(;o<s;){let a=o+s>>>1;DF(((i=this.sorted[a])==null?void 0:i.text)??"",t,n)?s=a:o=a+1}for(let a=o-1;a>=0;a=this.
shorter[a]??-1){let l=this.sorted[a],c=n+l.text.length;if((!r||l.isEncoded||l.match==="anywhere"&&l.text.length>=MF)&&t.
startsWith(l.text,n)&&qF(t,n,c,l.match))return[l,c]}for(let a of[this.sorted[o-1],this.sorted[o]]){let l=a&&UF(t,n,a.text);
if(l!==void 0)return[a,l]}}};function DF(e,t,n){for(let r=$o;r<e.length;r++){let o=e.charCodeAt(r)-t.charCodeAt(n+r);if(o!==
0)return!(o<0)}return!1}function Ov(e,t){let n=e.charCodeAt(t)|e.charCodeAt(t+1)<<8,r=e.charCodeAt(t+2)|e.charCodeAt(t+3)<<
8;return(Math.imul(n,40503)^Math.imul(r,34283)^n>>>7)&Pv-1}function UF(e,t,n){let r=$o;for(;r<n.length&&t+r<e.length&&e[t+
r]===n[r];)r++;let o=t+r;return r<LF||r===n.length?void 0:e[o]==="\u2026"||e.startsWith("...",o)?o:o<e.length||o<jF&&/^[a-z ._/-]*$/i.
test(e.slice(t))?void 0:o}function qF(e,t,n,r){if(r==="anywhere")return!0;let[o,s]=[e[t-1]??"",e.slice(n,n+2)];return r===
"token"?!/[A-Za-z0-9]/.test(o)&&!/^[A-Za-z0-9]/.test(s):!/[\w./@-]/.test(o)&&!/^(?:[\w/-]|\.\w)/.test(s)}function _v(e,t,n){
let r=i=>/[A-Za-z0-9+/=_-]/.test(e[i]??""),[o,s]=[t,n];for(;o>0&&e[o-1]!=="="&&r(o-1);)o--;for(;s<e.length&&r(s);)s++;return[
o,s]}function vs(e){let t=[];for(let[n,r]of[...e].sort((o,s)=>o[0]-s[0])){let o=t[t.length-1];o&&n<=o[1]?o[1]=Math.max(o[1],
r):t.push([n,r])}return t}function So(e,t,n){if(t.length===0)return e;let r=[],o=0;for(let[s,i]of t)r.push(e.slice(o,s),
n(e.slice(s,i))),o=i;return r.join("")+e.slice(o)}var Iv=4096,WF=16*1024,Wp="***",GF=/\b((?:https?|ftps?|ssh|git|tcp|wss?|socks\w{0,2}|postgres(?:ql)?|mysql|mongodb|rediss?|amqps?)(?:\+\w{1,10})?:\/\/)[^\s/?#@:"'<>[\]]{0,200}:(?!\d{0,5}(?:\u2026|$))[^\s/?#@"'<>`\u2026]{1,4000}(?=\u2026|$)/gi,
HF=/^(?:\d+|stdout|stderr|text|message|body|output|line|what|found|observed|title|headline|why|version|value|name|names|labels?|error|log)$/i,
BF=/[^\n\t -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff]/,KF=/\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g,
VF=/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;function Ro(e,t=[]){let n=yv(e,t).map(
d=>({...d,text:Cv(d.text)})),r=new uc(n),o=new Set(n.map(({text:d})=>d).filter(Tn)),s=d=>{let f=Cv(d);return Ui(So(f,r.find(
f),Lv),`${Wp}@`)},i=d=>zF(s(d)),a=d=>{let f=i(d.slice(0,WF));return f.length>Iv?`${f.slice(0,Iv)}\u2026`:f},l=d=>!d.includes(
"@")&&r.find(d).length===0,c=d=>l(JSON.stringify(d))?d:Nv(s,o)(d),u=d=>So(d,r.find(d),f=>f.replace(/\S/g,"*"));return{text:a,
whole:i,deep:Nv(a,o),again:c,stars:u}}function Lv(){return Wp}function zF(e){let t=An(e),n=Ev(e),{places:r}=n??{};if(n&&
r)for(let[o,s]of An(n.text))t.push([r[o]??0,r[s]??0]);return So(e,vs(t),Lv).replace(GF,`$1${Wp}`)}function Nv(e,t){let n=new Map,
r=s=>{let i=n.get(s)??e(s);return n.set(s,i),i},o=(s,i)=>typeof s=="string"?t.has(s)&&!HF.test(i)?s:r(s):Array.isArray(s)?
s.map((a,l)=>o(a,String(l))):s===null||typeof s!="object"?s:Object.fromEntries(Object.entries(s).map(([a,l])=>[t.has(a)?
a:r(a),o(l,a)]));return s=>o(s,"0")}function Cv(e){return BF.test(e)?e.replace(/\r\n?/g,`
`).replace(KF,"").replace(VF,""):e}var JF=4096;function Eo({expectations:e,facts:t}){let n=new Map;for(let r of Object.keys(e.tools)){let o=t[`tool:${r}`],
s=o!=null&&o.ok?YF(o.value):void 0;s!==void 0&&n.set(r,s)}return n}function YF(e){var o,s;let t=e==null?void 0:e.run;if((t==
null?void 0:t.kind)==="own-node")return typeof t.version=="string"?t.version:void 0;if((t==null?void 0:t.kind)!=="ran"||
((o=t.outcome)==null?void 0:o.kind)!=="exited"||t.outcome.code!==0)return;let{stdout:n,stderr:r}=t.outcome;return(s=jv(n)??
jv(r))==null?void 0:s.text}function jv(e){return typeof e=="string"?ce(e.slice(0,JF)):void 0}var dc="1.0.0";function st(e){return e.length>0}var Fv="start:";function we(e){return{...nr(`${Fv}${e.name}`),unnamed:null}}function fn(e){return{...nr(e.name),unnamed:null}}
function nr(e){return{name:e,collect:()=>Promise.reject(new Error(`nobody collected ${e}`))}}function Mv(e,t){let n=Object.
entries(e.facts).filter(([,{ok:r}])=>r);return{...Object.fromEntries(n.map(([r,o])=>[`${Fv}${r}`,o])),...t}}var Dv="Asks the tools of the profile for their versions once more. In a container, or if another program comes first on\
 PATH, the job itself changed it; on a host, somebody may have upgraded it in the middle of the job.",Gp={changed:{level:"\
warn",title:"A tool has another version than at the start",headline:({name:e})=>`${v(e,24)} has another version than at \
the start`,why:"What was built before and after does not fit together: `found crate compiled by an incompatible version`\
, or tests see another version than the build. That alone fails no job.",expected:"the version of the start",tell:({name:e,
was:t,is:n,isOwn:r})=>({what:`${y(v(e,60))} was ${t.version} at the start and is ${n.version} now (${y(v(n.path,100))})${r?
", which the job changed itself":""}.`,fix:r?{text:"If that is on purpose, nothing is to be done. Else set the version u\
p in the first step.",kind:"workflow"}:{text:"Upgrade tools of a runner when no job runs on it.",kind:"host"}})}};function Te(e){return{kind:"skip",reason:"not-applicable",message:`The report of the start does not have ${e}.`}}var Kt={
kind:"skip",reason:"needs:after/runner",message:"The machine was started again, so nothing can be compared."},fc={kind:"\
skip",reason:"needs:after/runner",message:"This is another machine than that of the report."};var pc=nr("tool-versions"),Uv={id:"after/tools",title:"The tools have the versions of the start",intro:Dv,reasons:Gp,needs:{
before:we(pc),now:fn(pc),container:_e},judge({before:e,now:t,container:n}){let r=Object.entries(e??{}).flatMap(([c,u])=>{
let d=t==null?void 0:t[c];return d?[{name:c,was:u,is:d}]:[]});if(r.length===0)return Te("versions of tools");let o=r.map(
({name:c,was:u,is:d})=>({source:`${c} --version`,text:u.version===d.version?`${d.version}, as at the start`:`${u.version}\
 at the start, ${d.version} now`})),s=r.filter(({was:c,is:u})=>c.version!==u.version),[i]=s;if(!i)return st(o)?{kind:"pa\
ss",message:"The tools are as they were",evidence:o}:Te("versions of tools");let a=n.mode==="container"||s.every(({was:c,
is:u})=>c.path!==u.path),l=`${i.name} ${i.is.version}`;return x(Gp,"changed",{...i,isOwn:a},{observed:l,evidence:o.filter(
({text:c})=>c.includes("now")),...a&&{by:"job"}})}};var mc=nr("docker-since"),xs=nr("kernel-messages"),qi=nr("own-job"),qv=nr("written-since");function oe(e,t){let[n,r]=[rr(e.time),rr(t.time)];return n===r?`at ${r} UTC`:`between ${n} and ${r} UTC`}function rr(e){
return new Date(e).toISOString().slice(11,16)}function mt(e,t){return e.bootId===void 0||e.bootId===t.bootId}function On(e,t){
return e===void 0||t===void 0?void 0:t-e}function $s(e,t){return!mt(e,t)&&t.uptime!==void 0&&t.uptime>t.time-e.time+1e3}
var ZF=/^(?:tunl|gre|gretap|erspan|ip_vti|ip6_vti|sit|ip6tnl|ip6gre)0$/;function hc(e,t){let[n,r]=[e,t].map(({interfaces:o})=>o==
null?void 0:o.filter(s=>!ZF.test(s)));return n&&(r==null?void 0:r.length)===0?n:[]}var Wv="Compares how far the clock and the time since the machine was started went on. They differ if the clock was set.\
 A virtual machine that was paused has both wrong, which nothing here shows.",Hp={jumped:{level:"warn",title:"The clock \
was set during the job",why:"Tokens and certificates are refused, `make` builds too much or too little, and tests that m\
easure time fail. That alone fails no job.",expected:"a difference of less than a second",tell:({seconds:e})=>({what:`Th\
e clock was set ${e>0?"forward":"back"} by ${Math.abs(e)} s during the job.`,fix:{text:"Let a time service keep the cloc\
k, which adjusts it in small steps.",commands:["timedatectl","chronyc tracking"],kind:"host"}})}};var XF=1e3,Gv={id:"after/clock",title:"The clock was not set",intro:Wv,reasons:Hp,needs:{before:we(ae),now:ae},judge({before:e,
now:t}){if(!e)return Te("the clock");if(!mt(e,t))return Kt;if(e.uptime===void 0||t.uptime===void 0)return{kind:"skip",reason:"\
not-applicable",message:"The time since the machine was started is not known."};let[n,r]=[t.time-e.time,t.uptime-e.uptime],
o=n-r,s=[{source:"/proc/uptime",text:`${r} ms since the start, ${n} ms by the clock`}];if(Math.abs(o)<XF)return{kind:"pa\
ss",message:"The clock went on evenly",evidence:s};let i=Math.round(o/1e3);return x(Hp,"jumped",{seconds:i},{observed:`${i}\
 s`,evidence:s})}};var Hv="Compares `cpu.stat` of the job's control groups: in how many periods of its quota the job was stopped because th\
e quota was used up. That a job was slow is certain then; that it failed for that is not. So this alone is never the run\
ner's fault. How long programs waited for a CPU or a disk (`/proc/pressure`) is told next to it, and is never a finding:\
 every parallel build waits for a CPU.",Bp={starved:{level:"warn",title:"A CPU quota slowed the job down",why:"Tests wit\
h a time limit fail that pass elsewhere, and everything takes several times as long. That alone fails no job.",expected:"\
throttled in less than half of the periods",tell:({periods:e,throttled:t,throttledUs:n,before:r,now:o})=>({what:`The job\
's CPU quota was used up in ${t} of ${e} periods ${oe(r,o)}, and its processes were stopped for ${(n/1e6).toFixed(0)} s \
in all.`,fix:{text:"Raise `--cpus` where it is set, in `container.options` of the job or in the options of the runner's \
label (`CPUQuota=` of the runner's unit for host jobs), and raise time limits of tests that depend on speed.",kind:"runn\
er"}})}};var QF=20,eM=.5,tM=5e3,Bv={id:"after/cpu",title:"No CPU quota starved the job",intro:Hv,reasons:Bp,needs:{before:we(ae),
now:ae},judge({before:e,now:t}){if(!e)return Te("what the kernel counts");if(!mt(e,t))return Kt;let n=t.groups.flatMap(i=>{
let a=e.groups.find(({path:l})=>l===i.path);return a?rM(a,i):[]}),[r]=[...n].sort((i,a)=>a.throttled/a.periods-i.throttled/
i.periods);if(!r)return{kind:"skip",reason:"not-applicable",message:`No control group of this process had a CPU quota in\
 use.${nM(e,t)}`};let o=[{source:`${r.path}/cpu.stat`,text:`${r.throttled} of ${r.periods} periods throttled, for ${(r.throttledUs/
1e6).toFixed(1)} s`},...Kv(e,t)];if(r.periods<QF||r.throttled<r.periods*eM)return{kind:"pass",message:"The CPU quota lef\
t the job most of its time",evidence:o};let s=`${r.throttled} of ${r.periods} periods throttled`;return x(Bp,"starved",{
...r,before:e,now:t},{observed:s,evidence:o})}};function Kv(e,t){var i,a,l,c;let n=t.time-e.time,r=u=>u===void 0||n<tM?void 0:
`${Math.min(100,Math.round(u/n/10))} %`,o=r(On((i=e.pressure.cpu)==null?void 0:i.some,(a=t.pressure.cpu)==null?void 0:a.
some)),s=r(On((l=e.pressure.io)==null?void 0:l.full,(c=t.pressure.io)==null?void 0:c.full));return[...o?[{source:"/proc/\
pressure/cpu",text:`some program waited for a CPU during ${o} of the time`}]:[],...s?[{source:"/proc/pressure/io",text:`\
every program waited for a disk during ${s} of the time`}]:[]]}function nM(e,t){let n=Kv(e,t).map(({text:r})=>r);return n.
length>0?` ${ft(n.join(", and "))}.`:""}function rM(e,t){if(!e.cpu||!t.cpu)return[];let n=t.cpu.periods-e.cpu.periods;return n<=
0?[]:{path:t.path,periods:n,throttled:t.cpu.throttled-e.cpu.throttled,throttledUs:t.cpu.throttledUs-e.cpu.throttledUs}}var Vv="Asks the daemon of the start once more. It was started again if its socket is another file, or if the network `b\
ridge` is younger than the job; its id stays the same. If it does not answer, a job on the host also sees whether someth\
ing still listens at the path of a socket whose file was removed. In a container job, everything that stops `docker exec\
` takes the post step away, too: the cause is in the job's log then. Docker remembers 256 events, which are about three \
steps of a container job, so that a list without an event proves nothing.",zv="Every `docker` command fails with `Cannot\
 connect to the Docker daemon`.",Wi={restarted:{level:"fail",title:"The Docker daemon was started again during the job",
why:"Containers, builds and pulls that were running end when the daemon stops, and commands fail with `Cannot connect to\
 the Docker daemon` or `unexpected EOF`.",expected:"the daemon of the start",tell:({before:e,now:t,docker:{bridgeCreated:n=0}})=>({
what:n>e.time&&n<=t.time?`The Docker daemon was started again at ${rr(n)} UTC.`:`The Docker daemon was started again ${oe(
e,t)}.`,fix:{text:"Find out what restarted it, such as an unattended upgrade, and let it wait until no job runs. With `l\
ive-restore`, containers of jobs survive a restart.",commands:["sudo journalctl --unit docker --since -2h | grep -E 'Sta\
rting|Stopping|Started|Stopped|killed'"],kind:"host"}})},gone:{level:"fail",title:"The Docker daemon is gone",headline:({
docker:e})=>e.listensUnseen?"The Docker socket was removed while the daemon runs":"The Docker daemon is gone",why:zv,expected:"\
an answer, as at the start",tell:({before:e,now:t,address:n,docker:r})=>r.listensUnseen?{what:`The file of the Docker so\
cket ${y(n)} was removed ${oe(e,t)}, while the daemon goes on listening there.`,fix:{text:"Let no step remove it. A rest\
art of the daemon makes it again; it stops containers unless `live-restore` is set.",commands:["sudo systemctl restart d\
ocker.socket docker"],kind:"host"}}:{what:`The Docker daemon at ${y(n)} went away ${oe(e,t)} and does not answer.`,fix:{
text:"Find out why it ended, then start it.",commands:["sudo journalctl --unit docker --since -2h | tail -n 50","sudo sy\
stemctl start docker"],kind:"host"}}},"network-removed":{level:"fail",title:"The network of the job's container was remo\
ved",why:"Nothing can be reached from the container any more: names do not resolve, and connections fail with `Network i\
s unreachable`.",expected:"the network interfaces of the start",tell:({before:e,now:t,lost:n})=>({what:`The job's contai\
ner lost its network (${y(v(ee(n),60))}) ${oe(e,t)}.`,fix:{text:"Find out what removed it: a `docker network rm` or `doc\
ker network disconnect --force` of another job, or a clean-up script. Clean up only what belongs to a job that has ended\
.",commands:["docker events --since 2h --until 0s --filter type=network"],kind:"host"}})}},Kp={"no-answer":{title:"It is\
 unknown what became of the Docker daemon",why:zv,expected:"an answer, as at the start",tell:({address:e,observed:t})=>({
what:`The Docker daemon at ${y(e)} answered at the start, and now gives ${y(v(t,60))}.`,fix:{text:"Ask it by hand. If it\
 hangs, its log says since when.",commands:["timeout 10 docker version","sudo journalctl --unit docker --since -1h | tai\
l -n 50"],kind:"host"}})}};var Yv={id:"after/docker",title:"The Docker daemon and the job's network stayed",intro:Vv,reasons:Wi,needs:{before:we(ae),
now:ae,engine:we(ap),endpoint:we(cn),docker:mc,container:_e},judge({before:e,now:t,engine:n,endpoint:r,docker:o,container:s}){
if(!e)return Te("what the kernel counts");if(!mt(e,t))return Kt;let i={before:e,now:t},a=hc(e,t);if(s.mode==="container"&&
a.length>0){let g=[{source:"/proc/self/net/dev",text:`${ee([...e.interfaces??[]])} at the start, ${ee([...t.interfaces??
[]])||"lo alone"} now`},...sM(o,e)];return x(Wi,"network-removed",{...i,lost:a},{observed:`${ee(a)} is gone`,evidence:g})}
if((n==null?void 0:n.version.kind)!=="ok")return{kind:"skip",reason:"not-applicable",message:"No Docker daemon answered \
at the start."};let{address:l,answer:c}=o;if(n.endpoint!==l)return{kind:"skip",reason:"not-applicable",message:`The job \
changed where Docker is reached, from ${y(n.endpoint)} to ${y(l)}.`};let u=lM(o,i),d=(r==null?void 0:r.endpoint.kind)===
"unix",f={...i,address:l,docker:o};switch(c.kind){case"ok":break;case"failed":return!d||c.code==="EACCES"||c.code==="ENO\
ENT"&&s.mode!=="host"?Ee(Kp,"no-answer",{...f,observed:c.code},{observed:c.code,evidence:u}):x(Wi,"gone",f,{observed:c.code,
evidence:u,...o.listensUnseen&&{level:"warn",by:"job"}});default:{let g=c.kind==="http-error"?`HTTP ${c.status}`:c.kind.
replace("-"," ");return Ee(Kp,"no-answer",{...f,observed:g},{observed:g,evidence:u})}}let p=d?oM(o,i,lp(n.version.value)):
[];return p.length>0?x(Wi,"restarted",f,{observed:"another daemon than at the start",evidence:[...p,...u]}):st(u)?{kind:"\
pass",message:aM(o,e),evidence:u}:{kind:"skip",reason:"not-applicable",message:"Nothing shows since when the daemon runs\
."}}},Jv=1e3;function oM(e,{before:t,now:n},r){let{bridgeCreated:o}=e,s=a=>a>t.time+Jv&&a<n.time+Jv,i=[];return t.socket&&
n.socket&&t.socket.path===n.socket.path&&t.socket.inode!==n.socket.inode&&i.push({source:n.socket.path,text:`the socket \
is another file: inode ${t.socket.inode} at the start, ${n.socket.inode} now`}),!r&&o!==void 0&&s(o)&&i.push({source:"GE\
T /networks/bridge",text:`created ${new Date(o).toISOString()}, which the daemon does when it starts`}),i}function sM({events:e,
self:t},{time:n}){return((e==null?void 0:e.told)??[]).filter(r=>r.type==="network"&&r.time>=n).filter(({action:r,container:o})=>r===
"destroy"||r==="disconnect"&&o===t).slice(-4).map(r=>({source:"GET /events",text:`${new Date(r.time).toISOString()} netw\
ork ${r.action} ${r.name}`}))}function iM({events:e},{time:t}){let n=((e==null?void 0:e.told)??[]).filter(s=>s.type==="c\
ontainer"&&s.time>=t),r=new Set(n.filter(({action:s})=>s==="oom").map(({id:s})=>s)),o=n.filter(({action:s,signal:i,id:a})=>s===
"kill"&&i===9&&!r.has(a));return[...new Set(o.map(({name:s})=>s))].slice(0,5)}function aM(e,t){let n=iM(e,t);return n.length===
0?"The Docker daemon answers, and nothing shows that it was started again":`The Docker daemon answers. ${ee(n.map(y))} e\
nded by \`docker kill\`, not for lack of memory`}function lM({address:e,answer:t,events:n},{before:r,now:o}){let s=t.kind===
"ok"?"answers":t.kind==="failed"?t.message:t.kind;return[{source:`GET /_ping of ${e}`,text:s},...r.socket&&o.socket&&r.socket.
inode===o.socket.inode?[{source:o.socket.path,text:`the same socket as at the start, inode ${o.socket.inode}`}]:[],...n?
[{source:"GET /events",text:`${n.count} since the start${cM(n.count,n.oldest)}`}]:[]]}function cM(e,t){return e>=250&&t!==
void 0?`; Docker remembers since ${new Date(t).toISOString().slice(11,19)}`:""}var Zv="Compares the mounts of the job's places with the start: the options of the mount and of the file system itself, \
which show `emergency_ro` after an error while the mount still says `rw`. On ext4, `/sys/fs/ext4/<device>/errors_count` \
counts errors; on the host, the kernel's log names those of other file systems and of disks. Only devices that a place o\
f the job is on count.",gc={"read-only":{level:"fail",title:"A file system became read-only during the job",headline:({mount:{
target:e}})=>`${y(v(e,30))} became read-only`,why:"Writes fail with `Read-only file system`.",expected:"writable, as at \
the start",tell:({mount:{target:e,fsType:t},errors:n,before:r,now:o})=>({what:`The file system at ${y(e)} (${t}) became \
read-only ${oe(r,o)}${n.length>0?", after an error of the disk or of the file system":""}.`,fix:{text:n.length>0?"Back u\
p what is on the disk, and check it and its file system before jobs use it again. `fsck` needs the file system unmounted\
.":"Find out who remounted it, then make it writable again.",commands:n.length>0?["sudo dmesg --ctime | grep -E 'I/O err\
or|EXT4-fs|XFS|BTRFS' | tail -n 20"]:[`findmnt ${G(e)}`,`sudo mount -o remount,rw ${G(e)}`],kind:"host"}})},"io-error":{
level:"fail",title:"A disk or its file system reported errors",headline:({mount:{target:e}})=>`The disk at ${y(v(e,25))}\
 reported errors`,why:"Reads and writes fail with `Input/output error`, or files have the wrong content.",expected:"no e\
rrors since the start",tell:({mount:{target:e,name:t=""},before:n,now:r})=>({what:`The disk ${y(t)} at ${y(e)} reported \
errors ${oe(n,r)}.`,fix:{text:"Back up what is on it, and check the disk before jobs use it again.",commands:["sudo dmes\
g --ctime | grep -E 'I/O error|EXT4-fs|XFS|BTRFS' | tail -n 20",`sudo smartctl -a ${G(`/dev/${t}`)}`],kind:"host"}})}};var Xv={id:"after/filesystem",title:"No file system of the job failed",intro:Zv,reasons:gc,needs:{before:we(ae),now:ae,kernel:xs},
judge({before:e,now:t,kernel:n}){var a;if(!e)return Te("the mounts");if(!mt(e,t))return Kt;let r=t.mounts.flatMap(l=>{let c=e.
mounts.find(({target:u,device:d})=>u===l.target&&d===l.device);return c?[{was:c,is:l,errors:uM(l,e,t,n)}]:[]}),o=r.map(({
is:l})=>({source:"/proc/self/mountinfo",text:`${l.target} (${l.fsType}): ${l.readOnly?`read-only ${l.options}`.trim():"w\
ritable"}`})),s=r.find(({was:l,is:c})=>c.readOnly&&!l.readOnly);if(s){let l={mount:s.is,errors:s.errors,before:e,now:t},
c=o.filter(({text:d})=>d.startsWith(`${s.is.target} `)),u=`read-only ${s.is.options}`.trim();return x(gc,"read-only",l,{
observed:u,evidence:[...c,...s.errors]})}let i=r.find(({errors:l})=>l.length>0);if(i){let l={mount:i.is,before:e,now:t};
return x(gc,"io-error",l,{observed:((a=i.errors[0])==null?void 0:a.text)??"",evidence:i.errors})}return st(o)?{kind:"pas\
s",message:"The file systems of the job are as they were",evidence:o}:{kind:"skip",reason:"not-applicable",message:"No m\
ount of the start is here any more."}}};function uM({name:e},t,n,r){if(e===void 0)return[];let[o,s]=[t.ext4[e],n.ext4[e]],
i=o&&s&&s.errors>o.errors?[{source:`/sys/fs/ext4/${e}`,text:`errors_count ${o.errors} at the start, ${s.errors} now${s.lastError?
`, the last at ${new Date(s.lastError*1e3).toISOString()}`:""}`}]:[],l=(r.kind==="read"?r.messages:[]).filter(({about:c,
device:u})=>c==="io"&&u===e).slice(-3).map(({text:c})=>({source:"/dev/kmsg",text:c}));return[...i,...l]}var Qv=["bytes","KiB","MiB","GiB","TiB","PiB"];function it(e){let t=e,n=0;for(;t>=1024&&n<Qv.length-1;)t/=1024,n++;if(n===
0)return`${t} ${t===1?"byte":"bytes"}`;let r=Math.floor(t*10)/10;return`${t<100&&!Number.isInteger(r)?r.toFixed(1):Math.
floor(t)} ${Qv[n]}`}function yc(e){return String(e).replace(/\B(?=(\d{3})+$)/g,",")}var e0="Compares `nvidia-smi` with the start, if it listed a GPU then, and reads Xid errors in the kernel's log on the h\
ost. Xids of programs (13, 31, 43, 45, 68, 69) are the job's doing; those of the hardware are not.",To={lost:{level:"fai\
l",title:"A GPU was lost during the job",why:"Programs fail with `CUDA error: unspecified launch failure`, `no CUDA-capa\
ble device is detected`, or hang.",expected:"the GPUs of the start",tell:({lost:e,of:t,start:n,state:r})=>({what:`${ft(ee(
e.slice(0,4).map(o=>y(v(kc(o),60)))))} of ${t} ${t===1?"GPU":"GPUs"} went away ${oe(n,r)}.`,fix:{text:"The kernel's log \
says why. A card that fell off the bus needs a restart of the machine; a container that lost access needs to be created \
again.",commands:["sudo dmesg --ctime | grep -E 'NVRM|Xid' | tail -n 20","nvidia-smi"],kind:"host"}})},xid:{level:"fail",
title:"The driver reported a fault of the GPU",headline:({xid:e,isOfProgram:t})=>t?`A program caused the GPU error Xid ${e}`:
`The GPU failed with Xid ${e}`,why:"CUDA programs fail with `unspecified launch failure`, `an illegal memory access was \
encountered`, or an ECC error.",expected:"no Xid since the start",tell:({xid:e,isOfProgram:t,start:n,state:r})=>({what:t?
`A CUDA program made the driver report Xid ${e} ${oe(n,r)}, which is an error of the program.`:`The driver reported Xid ${e}\
, a fault of the hardware or its firmware, ${oe(n,r)}.`,fix:t?{text:"Run the program under `compute-sanitizer` to find t\
he bad access.",kind:"workflow"}:{text:"Look the number up in NVIDIA's list of Xid errors, and take the card out of use \
until it is clear.",commands:["sudo dmesg --ctime | grep Xid | tail -n 20","nvidia-smi -q | grep -A8 -i 'remapped\\|recov\
ery'"],kind:"host"}})},"memory-taken":{level:"warn",title:"The memory of a GPU was taken during the job",why:"Programs f\
ail with `CUDA out of memory`, or move to the CPU. The job's own programs count too while they run. That alone fails no \
job.",expected:"most of the memory that was free at the start",tell:({name:e,was:t,free:n,start:r,state:o})=>({what:`${y(
v(e,60))} had ${it(t)} of free memory at the start and has ${it(n)} now (${oe(r,o)}).`,fix:{text:"See which programs hol\
d it.",commands:["nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv"],kind:"host"}})},throttled:{
level:"warn",title:"A GPU was slowed down during the job",why:"It runs at a part of its speed, so that tests time out. T\
hat alone fails no job.",expected:"full clocks, as at the start",tell:({name:e,start:t,state:n})=>({what:`${y(v(e,60))} \
was slowed down by its hardware, by heat or by its power supply (${oe(t,n)}).`,fix:{text:"Check cooling and power of the\
 machine.",commands:["nvidia-smi -q -d PERFORMANCE,TEMPERATURE,POWER"],kind:"host"}})}},wc={"no-answer":{title:"It is un\
known what became of the GPUs",why:"If a card went away, every CUDA program fails or hangs.",expected:"a list of GPUs, a\
s at the start",tell:({observed:e})=>({what:`\`nvidia-smi\` listed GPUs at the start, and now: ${v(e,120)}.`,fix:{text:"\
Ask by hand on the runner's host.",commands:["timeout 20 nvidia-smi"],kind:"host"}})},xid:{title:"It is unknown whether \
an Xid was the program's fault",why:"CUDA programs fail when the driver reports one.",expected:"an Xid that only hardwar\
e, or only programs cause",tell:({xid:e})=>({what:`The driver reported Xid ${e}, which programs and hardware can cause.`,
fix:{text:"Look the number up in NVIDIA's list of Xid errors.",commands:["sudo dmesg --ctime | grep Xid | tail -n 20"],kind:"\
host"}})}};var o0=[13,31,43,45,68,69],s0=[48,61,62,63,64,74,79,92,94,95,119,120],dM=/GPU is lost|No devices were found|Unable to determine the device handle|Failed to initialize NVML|couldn't communicate with the NVIDIA driver/i,
i0={id:"after/gpu",title:"The GPUs stayed and kept their memory",intro:e0,reasons:To,needs:{before:we(ks),now:fn(ks),start:we(
ae),state:ae,kernel:xs},judge({before:e,now:t,start:n,state:r,kernel:o}){var h,w;if(!n)return Te("the GPUs");if(!mt(n,r))
return Kt;let s=t0(e);if(s.length===0||!e)return{kind:"skip",reason:"not-applicable",message:"No GPU was listed at the s\
tart."};let i={start:n,state:r},a=o.kind==="read"?o.messages.filter(({about:k})=>k==="xid"):[],l=a.slice(-3).map(({text:k})=>({
source:"/dev/kmsg",text:k})),c=t==null?void 0:t.run;if(!t||!c||c.kind!=="exited"){let k=(c==null?void 0:c.kind)==="timed\
-out"?"`nvidia-smi` did not answer":"`nvidia-smi` was not run";return Ee(wc,"no-answer",{observed:k},{observed:k,evidence:[
{source:((h=e.run)==null?void 0:h.command)??"nvidia-smi",text:k},...l]})}let u=t0(t),d=s.filter(k=>!u.some(b=>bc(b,k)&&!n0(
b))),f=[{source:c.command,text:`${s.length} GPUs at the start, ${u.length-u.filter(n0).length} now. ${c.messages}`.trim().
slice(0,300)}];if(d.length>0&&(u.length>0||dM.test(c.messages)))return x(To,"lost",{...i,lost:d,of:s.length},{observed:`${d.
length} of ${s.length} GPUs are gone`,evidence:[...f,...l]});if(d.length>0)return Ee(wc,"no-answer",{observed:c.messages||
`exit code ${c.code}`},{observed:`exit code ${c.code}`,evidence:f});let p=pM(a);if(p!==void 0){let k={...i,xid:p};return s0.
includes(p)?x(To,"xid",k,{observed:`Xid ${p}`,evidence:l}):o0.includes(p)?x(To,"xid",{...k,isOfProgram:!0},{observed:`Xi\
d ${p}`,evidence:l,level:"warn",by:"job"}):Ee(wc,"xid",k,{observed:`Xid ${p}`,evidence:l})}let g=s.find(k=>fM(k,u.find(b=>bc(
b,k))));if(g){let k=((w=u.find(R=>bc(R,g)))==null?void 0:w.memoryFree)??0,b=`${it(k)} free`;return x(To,"memory-taken",{
...i,name:kc(g),was:g.memoryFree??0,free:k},{observed:b,evidence:[{source:c.command,text:b}]})}let m=u.find(k=>r0(k)&&!s.
some(b=>bc(b,k)&&r0(b)));return m?x(To,"throttled",{...i,name:kc(m)},{observed:"slowed down by its hardware",evidence:f}):
st(f)?{kind:"pass",message:`All ${s.length} GPUs of the start are listed`,evidence:f}:Te("the GPUs")}};function t0(e){var t;
return((t=e==null?void 0:e.run)==null?void 0:t.form)==="csv"?e.run.gpus:[]}function bc(e,t){return e.uuid!==void 0&&t.uuid!==
void 0?e.uuid===t.uuid:e.index===t.index}function n0({troubles:e={}}){return Object.values(e).some(t=>/GPU is lost|GPU requires reset/i.
test(t))}function r0({thermalSlowdown:e,hardwareSlowdown:t,powerBrake:n}){return e===!0||t===!0||n===!0}function fM(e,t){
return e.memoryFree!==void 0&&(t==null?void 0:t.memoryFree)!==void 0&&t.memoryFree<e.memoryFree/2}function pM(e){let t=e.
flatMap(({xid:n})=>n??[]);return t.find(n=>s0.includes(n))??t.find(n=>!o0.includes(n))??t[t.length-1]}function kc({name:e,
index:t}){return[e??"GPU",t===void 0?"":`(${t})`].join(" ").trim()}var a0="Compares the kernel's counters: of the job's own control group (`memory.events` on cgroup v2, `memory.oom_contro\
l` on v1), and of the machine (`/proc/vmstat`). Docker's events and the containers that were created since the start tel\
l whether it was one of them, and the kernel's log, if it can be read, names the victim. A job container that met its ow\
n limit is the job's doing, and so is a container with a limit that the job started. A kill that nobody claims is `unkno\
wn`.",vc={"oom-killed":{level:"fail",title:"A process was killed for lack of memory",headline:({who:e,container:t})=>{var n;
return((n=Vp[e])==null?void 0:n.call(Vp,t))??"A process was killed for lack of memory"},why:"The kernel ends the process\
 with SIGKILL: the step exits with 137, or the program reports `Killed`, `signal: 9` or a lost worker.",expected:"no pro\
cess killed by the kernel",tell:e=>({what:`${ft(c0(e))} ${oe(e.before,e.now)}.`,fix:gM(e)})},pressure:{level:"warn",title:"\
The machine was short of memory during the job",why:"Programs wait for memory and disk instead of running, so that tests\
 time out. That alone fails no job.",expected:"all processes waiting for memory less than 20 % of the time",tell:({share:e,
before:t,now:n})=>({what:`All processes of this machine waited for memory ${e} % of the time ${oe(t,n)}.`,fix:{text:"Run\
 fewer jobs at a time on this runner (`runner.capacity`), or give the machine more memory.",commands:["free -m","ps -eo \
rss,comm --sort=-rss | head"],kind:"host"}})}},l0={whose:{title:"It is unknown whose process was killed for lack of memo\
ry",why:"If it was a process of this job, the step exits with 137, or the program reports `Killed`.",expected:"no kill, \
or one whose victim can be told",tell:e=>({what:`${ft(c0(e))} ${oe(e.before,e.now)}. ${mM(e)}`,fix:hM})}},Vp={"own-limit":()=>"\
The job's container ran into its own memory limit","own-container":()=>"The machine ran out of memory",machine:()=>"The \
machine ran out of memory","runner-limit":()=>"The runner's service ran into its memory limit",container:(e="")=>`The co\
ntainer ${y(v(e,24))} ran out of memory`};function c0({who:e,kills:t,limitBytes:n,program:r,container:o=""}){let s=t===1?
"a process":`${t} processes`,i=r===void 0?s:y(v(r,40)),a=n===void 0||n<1024?"":` of ${it(n)}`;switch(e){case"own-limit":
return n===void 0?`the kernel killed ${s} of the job's container at a memory limit that was set inside of it`:`the kerne\
l killed ${s} of the job's container at its own memory limit${a}`;case"own-container":return`the kernel killed ${s} of t\
he job's container, which had not met a limit of its own: the machine, or a control group around the container, had no m\
emory left`;case"machine":return`the machine ran out of memory, and the kernel killed ${i} of the runner's control group`;case"\
runner-limit":return`the runner's control group met its memory limit, and the kernel killed ${i}`;case"runner-group":return`\
the kernel killed ${s} of the runner's control group`;case"container":return n===void 0?`the kernel killed a process of \
the container ${y(o)} for lack of memory`:`the container ${y(o)} met its own memory limit${a}, and the kernel killed a p\
rocess in it`;case"other":return`the machine ran out of memory, and the kernel killed ${i} outside of the runner's contr\
ol group`;case"somewhere":return`the kernel killed ${s} somewhere on this machine for lack of memory`}}function mM({who:e,
isNew:t}){return e==="container"?t?"The container is gone, and with it whether it had a limit of its own.":"The containe\
r is older than this job.":e==="runner-group"?"Other jobs of this runner are in the same group.":e==="other"?"It may hav\
e been a program that the job needs.":"Neither Docker's events nor a container nor the kernel's log says which."}var hM={
text:"Read the kernel's log on the runner's host as root: it names the program, its control group and whose limit was me\
t.",commands:["sudo dmesg --ctime | grep -A1 'oom-kill:'"],kind:"host"};function gM({who:e,container:t=""}){return e==="\
own-limit"?{text:"Raise `--memory` where it is set, in `container.options` of the job or in the options of the runner's \
label, or have the job need less, for example with fewer parallel compilers.",kind:"workflow"}:e==="container"?{text:`Ra\
ise \`--memory\` of ${y(t)} (\`mem_limit\` in a compose file), or have it need less.`,kind:"workflow"}:e==="runner-limit"?
{text:"Raise `MemoryMax=` of the runner's unit, or run fewer jobs at a time (`runner.capacity`).",commands:["systemctl s\
how -p MemoryMax gitea-runner","sudo systemctl edit gitea-runner"],kind:"host"}:{text:"Run fewer jobs at a time on this \
machine (`runner.capacity`), give it more memory, or limit what else runs on it.",commands:["free -m","ps -eo rss,comm -\
-sort=-rss | head","sudo dmesg --ctime | grep -A1 'oom-kill:'"],kind:"host"}}var u0={id:"after/memory",title:"No process was killed for lack of memory",intro:a0,reasons:vc,needs:{before:we(ae),now:ae,
container:_e,docker:mc,kernel:xs},judge({before:e,now:t,container:n,docker:r,kernel:o}){if(!e)return Te("what the kernel\
 counts");if(!mt(e,t))return Kt;let s=EM(e,t),a=(n.mode==="container"?yM(e,t):wM(e,t,o))??kM(r,o,e)??xM(e,t);if((a==null?
void 0:a.kind)==="unknown")return Ee(l0,"whose",{...a.killed,before:e,now:t},{observed:a.killed.observed,evidence:[...a.
evidence,...s]});if(a)return x(vc,"oom-killed",{...a.killed,before:e,now:t},{observed:a.killed.observed,evidence:[...a.evidence,
...s],...a.kind==="job"&&{level:"warn",by:"job"}});let l=RM(e,t);return l!==void 0?x(vc,"pressure",{share:l,before:e,now:t},
{observed:`all processes waited for memory ${l} % of the time`,evidence:s}):!(On(e.oomKills,t.oomKills)!==void 0||t.groups.
some(({oomKills:u})=>u!==void 0))||!st(s)?{kind:"skip",reason:"not-applicable",message:"The kernel does not count such k\
ills here."}:{kind:"pass",message:"The kernel killed no process for lack of memory",evidence:s}}};function zp(e,t){return t.
groups.flatMap(n=>{let r=e.groups.find(({path:o})=>o===n.path);return r&&n.oomKills!==void 0&&r.oomKills!==void 0?[{was:r,
is:n}]:[]})}function yM(e,t){let[n]=zp(e,t),r=n?(n.is.oomKills??0)-(n.was.oomKills??0):0;if(!n||r<=0)return;let{limitBytes:o,
peakBytes:s=0,path:i,version:a}=n.is,c=a===2?(On(n.was.ooms,n.is.ooms)??0)>0:o!==void 0&&s>=o*.98,u={who:c?"own-limit":"\
own-container",kills:r,...o!==void 0&&{limitBytes:o},observed:`${r} killed in the job's container`},d=o===void 0?"no lim\
it of its own":`a limit of ${it(o)}`;return{kind:c?"job":"machine",killed:u,evidence:[{source:i,text:`oom_kill ${n.was.oomKills}\
 at the start, ${n.is.oomKills} now; ${d}, at most ${it(s)} used`}]}}function wM(e,t,n){var u;let[r]=zp(e,t),o=(u=t.groups[0])==
null?void 0:u.path,s=d0(n),i=d=>d!==void 0&&d!=="/"&&o!==void 0&&(o.endsWith(d)||o.includes(`${d}/`)),a=s.find(({oom:d})=>i(
d.group)&&(d.of==="machine"||i(d.limitGroup)));if(a){let{program:d}=a.oom;return{kind:"machine",killed:{who:a.oom.of==="\
machine"?"machine":"runner-limit",kills:1,...d!==void 0&&{program:d},observed:`${d??"a process"} of the runner's control\
 group was killed`},evidence:[{source:"/dev/kmsg",text:a.text}]}}let l=s.find(({oom:d})=>d.of==="machine");if(l)return{kind:"\
unknown",killed:{who:"other",kills:1,...l.oom.program&&{program:l.oom.program},observed:"a process outside of the runner\
's control group was killed"},evidence:[{source:"/dev/kmsg",text:l.text}]};let c=r?(r.is.oomKills??0)-(r.was.oomKills??0):
0;if(!(!r||c<=0))return{kind:"unknown",killed:{who:"runner-group",kills:c,observed:`${c} killed in the runner's control \
group`},evidence:[{source:r.is.path,text:`oom_kill ${r.was.oomKills} at the start, ${r.is.oomKills} now`}]}}function d0(e){
return e.kind!=="read"?[]:e.messages.filter(t=>t.oom!==void 0)}function kM(e,t,{time:n}){var m,h;let r=(((m=e.events)==null?
void 0:m.told)??[]).filter(w=>w.type==="container"&&w.time>=n),o=w=>w!==e.self,s=r.find(({action:w,id:k})=>w==="oom"&&o(
k)),i=(e.containers??[]).find(({id:w,oomKilled:k})=>k&&o(w)&&(s===void 0||s.id===w)),a=(i==null?void 0:i.id)??(s==null?void 0:
s.id);if(a===void 0)return;let l=i??((h=e.containers)==null?void 0:h.find(w=>w.id===a)),c=l!==void 0||r.some(({action:w,
id:k})=>w==="create"&&k===a),u=(l==null?void 0:l.name)??(s==null?void 0:s.name)??a.slice(0,12),d=d0(t).some(({oom:w})=>{
var k;return w.of==="group"&&((k=w.limitGroup)==null?void 0:k.includes(a))}),f=bM(l,d),p={who:"container",kills:1,container:u,
...f!==void 0&&f>0&&{limitBytes:f},observed:`the container ${u} was killed for lack of memory`},g=vM(s,l);return!c||f===
void 0?{kind:"unknown",killed:{...p,isNew:c},evidence:g}:{kind:f===0?"machine":"job",killed:p,evidence:g}}function bM(e,t){
return e?e.memory:t?1:void 0}function vM(e,t){return[...e?[{source:"GET /events",text:`${new Date(e.time).toISOString()}\
 container oom ${e.name}`}]:[],...t?[{source:`GET /containers/${t.name}/json`,text:`OOMKilled ${t.oomKilled}, ExitCode ${t.
exitCode}, HostConfig.Memory ${t.memory}`}]:[]]}function xM(e,t){let n=On(e.oomKills,t.oomKills)??0;if(!(n<=0))return{kind:"\
unknown",killed:{who:"somewhere",kills:n,observed:`${n} killed somewhere on this machine`},evidence:[]}}var $M=5e3,SM=20;
function RM(e,t){var s,i;let n=On((s=e.pressure.memory)==null?void 0:s.full,(i=t.pressure.memory)==null?void 0:i.full),r=t.
time-e.time;if(n===void 0||r<$M)return;let o=Math.round(n/r/10);return o>=SM?o:void 0}function EM(e,t){let[n]=zp(e,t);return[
...e.oomKills!==void 0&&t.oomKills!==void 0?[{source:"/proc/vmstat",text:`oom_kill ${e.oomKills} at the start, ${t.oomKills}\
 now`}]:[],...n?[{source:n.is.path,text:`oom_kill ${n.was.oomKills} at the start, ${n.is.oomKills} now`}]:[]]}var f0="Asks the forge and the runner's cache server once more, as at the start. It shows the end of the job only: what \
was away in the middle and is back leaves no trace here. If the job itself changed the way to the forge (a proxy, anothe\
r address), the two looks cannot be compared. If it may have (a new `/etc/resolv.conf` or `/etc/hosts`), the answer is `\
undecided`.",p0="Checkouts, pushes, and calls of the forge's API fail with a connection error.",Gi={"forge-lost":{level:"\
fail",title:"The forge is not reachable any more",why:p0,expected:"an answer, as at the start",tell:({address:e,observed:t,
start:n,state:r})=>({what:`The forge ${y(v(e,100))} became unreachable ${oe(n,r)} (${v(t,60)}).`,fix:{text:"Look whether\
 the forge was restarted, or whether the way to it broke, from the runner's host.",commands:[`curl --max-time 10 --verbo\
se ${G(`${e}/api/v1/version`)}`],kind:"forge"}})},"dns-lost":{level:"fail",title:"The name of the forge does not resolve\
 any more",why:"Every connection by name fails, to the forge, to registries and to package servers: `Could not resolve h\
ost`.",expected:"an address, as at the start",tell:({host:e,observed:t,start:n,state:r})=>({what:`The name ${y(v(e,100))}\
 stopped resolving ${oe(n,r)} (${v(t,60)}).`,fix:{text:"Ask the name servers of the machine by hand.",commands:["cat /et\
c/resolv.conf",`getent hosts ${G(e)}`],kind:"host"}})},"cache-lost":{level:"warn",title:"The cache server is not reachab\
le any more",why:"`actions/cache` goes on without a cache, so jobs take longer. That alone fails no job.",expected:"an a\
nswer, as at the start",tell:({address:e,observed:t,start:n,state:r})=>({what:`The runner's cache server ${y(v(e,100))} \
became unreachable ${oe(n,r)} (${v(t,60)}).`,fix:{text:"The runner itself serves it: look whether the runner was stopped\
, and what its log says.",commands:["sudo journalctl --unit gitea-runner --since -1h | tail -n 50"],kind:"runner"}})}},Jp={
forge:{title:"It is unknown whether the way to the forge broke",why:p0,expected:"an answer in the same way as at the sta\
rt",tell:({address:e,observed:t,isChanged:n})=>({what:`The forge ${y(v(e,100))} answered at the start, and now: ${v(t,60)}\
.${n?" `/etc/resolv.conf` or `/etc/hosts` was changed meanwhile, perhaps by the job itself.":""}`,fix:{text:"Ask it by h\
and from the runner's host.",commands:[`curl --max-time 10 --verbose ${G(`${e}/api/v1/version`)}`],kind:"host"}})}};var TM=["ECONNREFUSED","ECONNRESET","ECONNABORTED","EPIPE","EHOSTUNREACH","EHOSTDOWN","ENETUNREACH","ENETDOWN"],AM=["EAI\
_AGAIN","ENOTFOUND","EAI_FAIL","EAI_NODATA"],g0={id:"after/network",title:"The forge and the cache server still answer",
intro:f0,reasons:Gi,needs:{before:we(ko),now:fn(ko),cacheBefore:we(Li),cacheNow:fn(Li),start:we(ae),state:ae,container:_e},
judge({before:e,now:t,cacheBefore:n,cacheNow:r,start:o,state:s,container:i}){if(!o||!e||!t)return Te("how the forge answ\
ers");if($s(o,s))return fc;if(i.mode==="container"&&hc(o,s).length>0)return{kind:"skip",reason:"needs:after/docker",message:"\
The job's container lost its network."};if(!h0(e)||t.answer.kind==="not-asked")return{kind:"skip",reason:"not-applicable",
message:"The forge did not answer at the start, or was not asked."};let a=[{source:`GET ${t.asked??t.url??"the forge"}`,
text:Hi(t.answer)}],l={address:t.url??"?",host:t.host??"?",start:o,state:s,observed:Hi(t.answer)},c=o.resolverChanged!==
s.resolverChanged;if(!h0(t)){let{answer:u}=t,d=l.observed;return t.url!==e.url||t.via!==e.via?{kind:"skip",reason:"not-a\
pplicable",message:`The job changed how the forge is reached, from ${m0(e)} to ${m0(t)}, where it does not answer (${d})\
.`}:c||u.kind==="other-proxy"||u.kind==="timed-out"||u.kind==="failed"&&u.at?Ee(Jp,"forge",{...l,isChanged:c},{observed:d,
evidence:a}):u.kind==="failed"&&AM.includes(u.code)?x(Gi,"dns-lost",l,{observed:d,evidence:a}):u.kind==="failed"&&!/^HTTP_\d+$/.
test(u.code)&&!TM.includes(u.code)?Ee(Jp,"forge",{...l,isChanged:c},{observed:d,evidence:a}):x(Gi,"forge-lost",l,{observed:d,
evidence:a})}if((n==null?void 0:n.answer.kind)==="answered"&&r&&r.url===n.url){let{answer:u}=r,d=[{source:`GET ${r.url}`,
text:Hi(u)}];return u.kind==="failed"||u.kind==="timed-out"?x(Gi,"cache-lost",{...l,address:r.url??"?",observed:Hi(u)},{
observed:Hi(u),evidence:[...d,...a]}):{kind:"pass",message:"The forge and the cache server answer",evidence:[a[0],...d]}}
return{kind:"pass",message:"The forge answers",evidence:a}}};function m0({url:e="?",via:t}){return y(v(e,100))+(t===void 0?
"":` through ${y(v(t,100))}`)}function h0({answer:e}){return e.kind==="answered"&&e.status<500}function Hi(e){return e.kind===
"answered"?`HTTP ${e.status}`:e.kind==="failed"?e.code:e.kind.replace("-"," ")}var y0="Compares the machine's `boot_id` with the start, and reads this job's own record from the forge with the job's o\
wn token (`actions: read` in private repositories). After a step that failed, the record has its end. If the runner itse\
lf was stopped, the step that it cut off is still in progress there: Gitea's runner then goes on with the post steps, an\
d **log, job and run say success**. The same record is left by a job that meets the runner's own limit (`runner.timeout`\
): if it took a multiple of five minutes, the answer is `undecided`.",xc="sudo journalctl --unit gitea-runner --since -2\
h | tail -n 50",$c={restarted:{level:"fail",title:"The runner was stopped in the middle of this job",why:"The runner cut\
 the step off. Gitea may nevertheless show this job and its run as a success, although the step did not end.",expected:"\
a runner that lets its jobs end",tell:({step:e,before:t,now:n})=>({what:`The runner was stopped ${oe(t,n)} and cut the s\
tep ${y(v(e,80))} off. If this job is shown as a success, it is not one.`,fix:{text:"Let the runner wait for its jobs wh\
en it is stopped, with `shutdown_timeout` in its configuration, and let its service manager wait as long (`TimeoutStopSe\
c=`). Then run the job again.",config:{file:"config.yaml",language:"yaml",text:`runner:
  shutdown_timeout: 3h`},commands:[xc],kind:"runner"}})},rebooted:{level:"fail",title:"The machine was started again dur\
ing the job",why:"Everything that was running ended.",expected:"the `boot_id` of the start",tell:({before:e,now:t})=>({what:`\
The machine was started again ${oe(e,t)}.`,fix:{text:"Find out why: an update, a watchdog, a power failure or a kernel p\
anic.",commands:["last -x reboot shutdown | head","sudo journalctl --boot -1 | tail -n 50"],kind:"host"}})}},Bi={machine:{
title:"This is not the machine of the report",why:"What differs between two machines says nothing about what made the jo\
b fail.",expected:"the machine where the report was written",tell:()=>({what:"This machine has another `boot_id` than th\
e report, and it has been running since before the report was written.",fix:{text:"Run `runner-check after` on the machi\
ne, and in the container, where the report was written.",kind:"host"}})},limit:{title:"It is unknown why the runner cut \
the step off",why:"A runner that is stopped cuts the step off, and so does one whose limit for a job is reached, which e\
very job that hangs reaches.",expected:"a record in which every step has ended",tell:({step:e,minutes:t})=>({what:`The r\
unner cut the step ${y(v(e,80))} off ${t%60===0?`${t/60} h`:`${t} min`} after the job began. Either the job met the limi\
t \`runner.timeout\`, which is 3 h unless it is set, or the runner was stopped.`,fix:{text:"Look at the last lines of th\
e step: if it hung, fix that, and let `timeout-minutes` end it sooner. If it needs so long, raise the runner's limit. Th\
e runner's log says whether it was stopped.",config:{file:"config.yaml",language:"yaml",text:`runner:
  timeout: 6h`},commands:[xc],kind:"runner"}})},late:{title:"It is unknown whether the runner was stopped",why:"A runner\
 that is stopped cuts the step off, and Gitea may show the job as a success.",expected:"a record in which every step has\
 ended",tell:({step:e})=>({what:`The forge's record of this job has the step ${y(v(e,80))} still in progress, and the fo\
rge could not be asked again. The runner may have been stopped, or it may report late.`,fix:{text:"Look whether the runn\
er's log says that it was stopped. With a `timeout` of `10s` or more, there is time to ask again.",commands:[xc],kind:"r\
unner"}})},record:{title:"It is unknown whether the runner was stopped",why:"A runner that is stopped cuts the step off,\
 and Gitea may show the job as a success.",expected:"the record of this job",tell:({said:e})=>({what:`The forge did not \
give the record of this job: ${v(e,200)}.`,fix:{text:"Let the job's token read it, and look at the runner's log meanwhil\
e.",config:{file:"the workflow's job",language:"yaml",text:`permissions:
  contents: read
  actions: read`},commands:[xc],kind:"workflow"}})}};var k0={id:"after/runner",title:"Runner and machine ran on",intro:y0,reasons:$c,needs:{before:we(ae),now:ae,record:qi,job:Qn,
forge:fn(ko)},judge({before:e,now:t,record:n,job:r,forge:o}){if(!e)return Te("what tells one start of the machine from a\
nother");let s=[];if(e.bootId!==void 0&&t.bootId!==void 0){let l=e.bootId===t.bootId;if(s.push({source:"/proc/sys/kernel\
/random/boot_id",text:l?`${t.bootId}, as at the start`:`${e.bootId} at the start, ${t.bootId} now`}),$s(e,t))return Ee(Bi,
"machine",{},{observed:"another boot_id",evidence:s});if(!l)return x($c,"rebooted",{before:e,now:t},{observed:"another b\
oot_id",evidence:s})}s.push({source:"GET /repos/{owner}/{repo}/actions/jobs/{id}",text:Zp(n)});let i=hs(n);if((i==null?void 0:
i.status)==="in_progress"&&n.kind==="known"&&!n.inStep){let l=`the step is still in progress: ${i.name}`,c=OM(n.startedAt,
t);return c!==void 0?Ee(Bi,"limit",{step:i.name,minutes:c},{observed:l,evidence:s}):n.asked>1?x($c,"restarted",{before:e,
now:t,step:i.name},{observed:l,evidence:s}):Ee(Bi,"late",{step:i.name},{observed:l,evidence:s})}return n.kind==="no-answ\
er"&&o&&o.answer.kind!=="answered"?{kind:"skip",reason:"needs:after/network",message:"The forge, which has the record of\
 this job, does not answer."}:r.system==="gitea"&&(n.kind==="no-answer"||n.kind==="refused"&&n.status!==401)?Ee(Bi,"reco\
rd",{said:Zp(n)},{observed:Zp(n),evidence:s}):st(s)?{kind:"pass",message:"Nothing shows that the runner or the machine w\
as stopped",evidence:s}:Te("what tells one start of the machine from another")}},Yp=5*6e4,w0={earlyMs:2e3,lateMs:15e3};function OM(e,{
time:t}){if(e===void 0)return;let n=t-e,r=Math.floor((n+w0.earlyMs)/Yp);return r>0&&n-r*Yp<=w0.lateMs?r*Yp/6e4:void 0}function Zp(e){
switch(e.kind){case"not-asked":return"not asked: this is not a job of Gitea's runner, or its token may not be sent to th\
at address";case"no-answer":return`no answer (${e.code})`;case"refused":return e.status===401?"HTTP 401: the job's token\
 is not valid any more, as after a cancel":`HTTP ${e.status}`;case"known":{let t=hs(e),n=[t==null?void 0:t.status,t==null?
void 0:t.conclusion].filter(Boolean).join(", ");return`the job is ${[e.status,e.conclusion].filter(Boolean).join(", ")};\
 last step: ${t?`${t.name} (${n})`:"none"}`}}}var _M={workspace:"the workspace",temp:"the temporary directory",home:"the home directory","tool-cache":"the tool cache",
"cargo-target":"cargo's target directory","docker-root":"Docker's data directory"};function b0(e){return D(_M,e)??y(e)}var v0="Compares the free space of the places of the start with what is free at the end. A disk counts as full below 16 \
MiB, or below 2 % of a small one. If it filled up, what was written below the workspace and the temporary directory sinc\
e the start is added up. A disk that was filled and freed again leaves no trace on the machine: nothing in Linux remembe\
rs how little was free. After the job, its own log is read if the forge gives it: `No space left on device` there makes \
the verdict `unknown`, never `runner`, as a job can print anything.",x0="The same for inodes: used up below 64, or below\
 2 % of a small file system. Inodes that were used up and freed again leave no trace.",Ki="Writes fail with `No space le\
ft on device`, and compilers and linkers report a bus error or an I/O error.",$0={filled:{level:"fail",title:"The disk f\
illed up during the job",headline:({name:e,isOwn:t})=>t?"The job filled its own tmpfs":`The disk of ${v(e,30)} filled up`,
why:Ki,expected:({was:e})=>`free space, as at the start (${e})`,tell:e=>({what:PM(e),fix:e.isOwn?O0(e.path):IM(e)})}},S0={
"used-up":{level:"fail",title:"The inodes were used up during the job",headline:({name:e,isOwn:t})=>t?"The job used up t\
he inodes of its own tmpfs":`The inodes of ${v(e,26)} were used up`,why:"Every file takes an inode. Without any, writes \
fail with `No space left on device` although `df -h` shows free space.",expected:({was:e})=>`free inodes, as at the star\
t (${e})`,tell:e=>({what:`${ft(Vi(e))} ran out of inodes ${oe(e.start,e.state)}${Xp(e,!0)}.`,fix:e.isOwn?O0(e.path):{text:"\
Find what has the most files, and remove it or move it to a file system with more inodes. What a container of this job w\
rote is freed with the container.",commands:[`df -i ${G(e.path)}`,`sudo du --inodes -x -d 3 ${G(e.path)} | sort -n | tai\
l -n 20`],kind:"host"}})}},R0=A0("free space","The disk"),E0=A0("free inodes","The file system"),T0={said:{title:"The jo\
b's log says that a disk was full",why:Ki,expected:"no such message in the job's log",tell:({last:e,start:t,state:n})=>({
what:`The job's log says ${y(v(e.text,160))}, ${e.time===void 0?oe(t,n):`at ${rr(e.time)} UTC`}, and no disk that was lo\
oked at is full now.`,fix:{text:"Look in the log which file could not be written, and how large its file system is. What\
 filled it may have been removed since. If it is the runner's disk, give it more room, or set a floor in the policy (`di\
sk`); if it is a tmpfs of the job's own, make that larger.",commands:["df -h","df -i"],kind:"host"}})}};function A0(e,t){
return{little:{title:`${t} has almost no ${e}`,why:Ki,expected:({was:n})=>`about as much as at the start (${n}), or none`,
tell:n=>({what:`${ft(Vi(n))} has little left: ${n.is}, after ${n.was} at the start${Xp(n,e==="free inodes")}. Something \
that failed for lack of space may have removed its files since.`,fix:{text:"Look for `No space left on device` in the jo\
b's log. If the log has it, the disk is too small for this job.",commands:[`df -h ${G(n.path)}`,`df -i ${G(n.path)}`],kind:"\
host"}})},"was-out":{title:`${t} had almost no ${e} before the job`,why:Ki,expected:()=>`${e} at the start of the job`,tell:n=>({
what:`${ft(Vi(n))} had too little already at the start: ${n.was}, and ${n.is} now. Whether the job failed for that canno\
t be seen.`,fix:{text:"Free the disk, then run the job again. A floor in the policy (`disk`) reports this at the start.",
commands:[`df -h ${G(n.path)}`,`df -i ${G(n.path)}`],kind:"host"}})},unreadable:{title:`${t} could not be measured for ${e}`,
why:Ki,expected:()=>"an answer of the file system, as at the start",tell:n=>({what:`${ft(Vi(n))} was measured at the sta\
rt (${n.was}), and now it answers ${n.is}.`,fix:{text:"Ask the file system by hand.",commands:[`timeout 5 df -h ${G(n.path)}`],
kind:"host"}})}}}function Vi({name:e,path:t}){return e===y(t)?`the disk of ${e}`:`the disk of ${e} (${y(t)})`}function PM(e){
let t=e.isOwn?`the tmpfs ${y(e.path)} of the job's container`:Vi(e);return`${ft(t)} filled up ${oe(e.start,e.state)}${Xp(
e,!1)}.`}function Xp({written:e,lost:t,onDevice:n},r){let o=d=>r?d.files:d.bytes,[s]=[...e??[]].sort((d,f)=>o(f)-o(d));if(!s)
return r||n===void 0?"":`: ${it(n)} written to it, by whom is unknown`;let i=r?`${yc(s.files)} ${s.files===1?"file":"fil\
es"}`:it(s.bytes),a=s.atLeast?"at least ":"",l=s.shown.endsWith("/")||s.shown.startsWith("/")?"written below":"written t\
o",c=(e??[]).reduce((d,f)=>d+o(f),0),u=s.atLeast||c*2>t?"":"; most of what is gone was not written by this job";return`:\
 ${a}${i} ${l} ${y(v(s.shown,80))}${u}`}function IM({path:e,lost:t}){return{text:"Give this disk more room than the job \
needs, or have the job write less. A floor in the policy (`disk`) stops a job before it starts on a disk that is too ful\
l.",commands:[`df -h ${G(e)}`,`sudo du -xh -d 2 ${G(e)} | sort -h | tail -n 20`],kind:"host",otherwise:{text:"Raise the \
floor to what the job needs, so that a disk with less fails at the start.",config:{file:".gitea/runner-check.yml",language:"\
yaml",text:`disk:
  - path: ${he(e)}
    free: ${Math.ceil(t/2**30)+1}GiB`},kind:"workflow"}}}function O0(e){return{text:`Write less to ${y(e)}, or give the \
container a larger tmpfs there in \`container.options\` of the job or in the options of the runner's label.`,kind:"workf\
low"}}var _0=2**20,NM={free:({freeBytes:e})=>e,total:({totalBytes:e})=>e,least:16*_0,little:1024*_0,format:e=>`${it(e)} free`,
what:"free space",toDevices:LM,saidIn:(e,{time:t})=>((e==null?void 0:e.noSpace)??[]).filter(n=>n.time===void 0||n.time>=
t)},CM={free:({freeInodes:e})=>e,total:({totalInodes:e})=>e,least:64,little:1e3,format:e=>`${yc(e)} inodes free`,what:"f\
ree inodes",toDevices:()=>[],saidIn:()=>[]};function LM(e,t){return[...new Set(t.mounts.flatMap(({name:r})=>r??[]))].flatMap(
r=>{let o=N0(r,e,t);if(o===void 0)return[];let s=`${it(o)} written since the start, by any program`;return[{source:`/sys\
/fs/ext4/${r}/session_write_kbytes`,text:s}]})}function N0(e,t,n){var o,s;if(e===void 0||!mt(t,n))return;let r=On((o=D(t.
ext4,e))==null?void 0:o.writtenKiB,(s=D(n.ext4,e))==null?void 0:s.writtenKiB);return r===void 0||r<jM?void 0:r*1024}var jM=100*
1024,P0=.02;function I0(e,t,n){return t<Math.min(e.least,n*P0)?"out":t<Math.min(e.little,n*P0*2)?"little":"well"}function C0(e){
let{id:t,title:n,intro:r,reason:o,words:s,unknowns:i,quantity:a,after:l=[]}=e;return{id:t,title:n,intro:r,reasons:s,needs:{
before:we(yo),now:yo,start:we(ae),state:ae,container:_e,log:fn(ec)},details:{of:[o],needs:{written:qv}},after:l,judge({before:c,
now:u,start:d,state:f,container:p,log:g,written:m}){var I;if(!c||!d)return Te("the disks");if($s(d,f))return fc;let h=DM(
a,c.places,u.places,p.mode),w=[...h.evidence,...a.toDevices(d,f)];if(h.kind==="well"){let S=a.saidIn(g,d),[C]=S.slice(-1);
if(!C)return FM(a,w);let q=S.map(({text:me})=>({source:"the job's log",text:me}));return Ee(T0,"said",{last:C,start:d,state:f},
{observed:C.text,evidence:[...q,...w]})}let{worst:k}=h,b=(I=f.mounts.find(({target:S})=>S===k.target))==null?void 0:I.name,
R=N0(b,d,f),$={...k,start:d,state:f,written:m==null?void 0:m.written,onDevice:R};if(h.kind!=="out")return yt(i[h.kind],$,
{observed:k.is,evidence:w});let P=k.isOwn?{level:"warn",by:"job"}:{};return Sf(o,s[o],$,{observed:k.is,evidence:w,...P})}}}
var L0=C0({id:"after/disk",title:"No disk of the job filled up",intro:v0,reason:"filled",words:$0,unknowns:R0,quantity:NM}),
j0=C0({id:"after/inodes",title:"No disk of the job ran out of inodes",intro:x0,reason:"used-up",words:S0,unknowns:E0,quantity:CM,
after:["after/disk"]});function FM({what:e},t){return st(t)?{kind:"pass",message:`The disks of the job have ${e}`,evidence:t}:
{kind:"skip",reason:"not-applicable",message:`No disk whose ${e} could be counted at the start can be compared.`}}var MM=[
"out","was-out","unreadable","little"];function DM(e,t,n,r){var l,c,u,d,f,p,g;let o=[],s=[],i=new Set;for(let[m,h]of Object.
entries(t??{})){let w=n[m];if((h==null?void 0:h.kind)!=="measured"||w===void 0)continue;let k=e.free(h),b=e.total(h);if(k===
void 0||b===void 0)continue;let $={...{name:b0(m),path:h.path,target:(l=h.mount)==null?void 0:l.target},was:e.format(k),
lost:0,isOwn:!1};if(w.kind!=="measured"){let X=w.kind==="unreadable"?w.code:w.kind;if(X==="ENOENT"||w.kind==="not-visibl\
e")continue;o.push({source:`statfs ${h.path}`,text:`${$.was} at the start, ${X} now`}),s.push({kind:"unreadable",worst:{
...$,is:X}});continue}let P=e.free(w),I=((c=w.mount)==null?void 0:c.target)===((u=h.mount)==null?void 0:u.target)&&((d=w.
mount)==null?void 0:d.fsType)===((f=h.mount)==null?void 0:f.fsType);if(P===void 0||!I)continue;let S=`${((p=h.mount)==null?
void 0:p.target)??h.path} ${e.total(w)}`;if(i.has(S))continue;i.add(S);let C={...$,is:e.format(P),lost:k-P,isOwn:r==="co\
ntainer"&&((g=h.mount)==null?void 0:g.fsType)==="tmpfs"};o.push({source:`statfs ${h.path}`,text:`${C.was} at the start, ${C.
is} now`});let[q,me]=[I0(e,k,b),I0(e,P,e.total(w)??b)];me==="out"?s.push({kind:q==="well"?"out":"was-out",worst:C}):me===
"little"&&P<k/2&&s.push({kind:"little",worst:C})}let a=MM.flatMap(m=>s.filter(h=>h.kind===m))[0];return a?{...a,evidence:o}:
{kind:"well",evidence:o}}var Sc=[k0,Xv,L0,j0,u0,Yv,i0,g0,Bv,Gv,Uv];function Qp(e,t,n,r){let o=WM(t,e,r),s=(f,p,g)=>({caused_by:f,outcome:o,sentence:`${p}: ${Vn(g.message.replace(/\.$/,""))}`,
because:`${g.id}:${g.reason??g.status}`}),i=(f,p)=>({caused_by:f,outcome:o,sentence:p}),a=o==="succeeded",l=e.find(({status:f})=>f===
"fail");if(l)return s("runner",UM[o]??"The runner caused this",l);if(a)return i("job","Nothing that this job ran on gave\
 out");let c=e.find(({by:f,id:p})=>f==="job"&&p!=="after/tools");if(c)return s("job","The job caused this",c);if(o==="ca\
nceled")return i("job","The job was canceled, and nothing that it ran on gave out before");let u=e.find(({status:f,by:p})=>f===
"error"||f==="warn"&&p===void 0);if(u)return s("unknown","It is unknown whether the runner caused this",u);let d=n.results.
filter(({status:f})=>f==="fail"||f==="error");return n.verdict==="misconfigured"&&d.length>0?i("unknown",`It is unknown \
whether the runner caused this: nothing changed during the job, but ${qM(d)} failed at the start already`):e.some(({status:f})=>f===
"pass")?i("job","Nothing shows that the runner caused this: what was looked at was well at the start and at the end"):i(
"unknown","It is unknown whether the runner caused this: nothing could be compared with the start")}var UM={succeeded:"T\
he job succeeded, but the runner gave out",unknown:"The runner gave out during this job"};function qM(e){return e.slice(
0,3).map(({id:n,reason:r})=>`\`${r===void 0?n:`${n}:${r}`}\``).join(", ")+(e.length>3?` and ${e.length-3} more`:"")}function WM(e,t,n){
if((e==null?void 0:e.kind)==="refused"&&e.status===401)return"canceled";if(t.some(({id:s,reason:i})=>s==="after/runner"&&
i==="restarted"))return"stopped";let r=e&&hs(e);return n?"failed":(e==null?void 0:e.kind)!=="known"||!r?"unknown":e.steps.
some(({conclusion:s})=>s==="failure")?"failed":r.status==="completed"?"succeeded":"unknown"}function F0(e){return e==="s\
topped"?"after the runner was stopped":e==="unknown"?"after the job":`after the job ${e==="canceled"?"was canceled":e}`}var em=Sc.map(xi);async function D0(e,t,n){let r=new Date().toISOString(),o=Rn(),{timeoutMs:s,signal:i,hasFailed:a,isOver:l}=n,
c=zi(t.facts,ae),u=GM(c==null?void 0:c.time)?c.time:Date.parse(t.started),d={...t.expectations,skip:[],severity:{},accept:[]},
f={policy:d,profileChoice:{decidedBy:"input"},workspace:n.workspace,usesWorkspace:!1,trusts:!1,timeoutMs:s,failOn:"never",
reportDir:void 0,formats:[],publish:"none",after:"never",summary:!1,runnerConfig:void 0,workflows:[]},p=new Set,g=Yw(e,p),
m=(ke,$e,Kn)=>Cw(ke,g,{...f,timeoutMs:$e},void 0,i,Kn),h=await m(HM(t,u,c,l),s),w={started:r},k=ke=>Mv(M0(t),M0({...t,facts:ke}).
facts),b=new Set(Vw(em,k(h),d,w).map(({name:ke})=>ke)),R=Qp(Il(em,k(h),d,w),zi(h,qi),t,a),$=l&&R.caused_by!=="runner"&&(R.
outcome==="failed"||R.outcome==="unknown"),P=[...[rv(u)].filter(({name:ke})=>b.has(ke)),...$?[ec]:[]],I=P.length>0?await m(
P,Nw(s,o),h):h,{deep:S,again:C}=Ro(e.env,[...p]),q=S(I),me=C(Il(em,S(k(q)),d,w)),X=Qp(me,zi(q,qi),t,a);return C({version:1,
generator:{name:"runner-check",version:dc},...t.id!==void 0&&{report:t.id},...X,started:r,duration_ms:vr(o),since:new Date(
u).toISOString(),runner:t.runner,...t.job&&{job:t.job},profile:t.profile,results:me,facts:q})}function GM(e){return typeof e==
"number"&&e>=0&&e<=Date.now()+864e5}function HM({facts:e,expectations:t},n,r,o){var i;let s=zi(e,ks);return[ae,yo,_e,Qn,
Tb(o),hb(n),_b(typeof(r==null?void 0:r.uptime)=="number"?r.uptime:void 0),...[ko,Li].filter(({name:a})=>a in e),...(((i=
s==null?void 0:s.run)==null?void 0:i.gpus)??[]).length>0?[ks]:[],...U0.filter(a=>`tool:${a}`in e&&D(t.tools,a)!==void 0).
map(a=>Sr(a,Lf(a,[a,"--version"])))]}var U0=[...new Set(Object.values(Wl).flatMap(({tools:e={}})=>Object.keys(e)))];function zi(e,{
name:t}){let n=D(e,t);return n!=null&&n.ok?n.value:void 0}function M0(e){let t=[...Eo(e)].filter(([r])=>U0.includes(r)).
map(([r,o])=>{var a;let s=zi(e.facts,Sr(r,[])),i=(a=s==null?void 0:s.found)==null?void 0:a.path;return[r,{version:o,path:typeof i==
"string"?i:r}]}),n=Object.fromEntries(t);return{facts:{...e.facts,[pc.name]:{ok:!0,value:n,ms:0}}}}function xe(e,t){let n;for(let r of t){let o=Ze(e.toLowerCase(),r.toLowerCase());o<=Math.max(2,Math.floor(r.length/3))&&
o<r.length&&(!n||o<n.distance)&&(n={word:r,distance:o})}return n==null?void 0:n.word}function Ze(e,t){let n=e.slice(0,80),
r=t.slice(0,80),o=Array.from({length:r.length+1},(s,i)=>i);for(let s=1;s<=n.length;s++){let i=[s];for(let a=1;a<=r.length;a++){
let l=(o[a-1]??0)+(n[s-1]===r[a-1]?0:1);i.push(Math.min(l,(o[a]??0)+1,(i[a-1]??0)+1))}o=i}return o[r.length]??0}var tm=["http","https","vm","podman","oci","image","container","shell","lxc","kubernetes","k8s"];function Ge(e,t){let[n="",
r,o]=BM(e);if(n.trim()==="")return{kind:"empty"};if(r===void 0){let a=t==="gitea"?"host":"docker";return{kind:"label",label:{
name:n,kind:a,image:a==="docker"?q0:""}}}let s=(o??"").replace(/^\/\//,"");if(r==="host")return{kind:"label",label:{name:n,
kind:"host",image:""}};if(r==="docker")return{kind:"label",label:{name:n,kind:"docker",image:s===""?t==="forgejo"?q0:"":
s}};if(r==="lxc"&&t==="forgejo")return{kind:"label",label:{name:n,kind:"lxc",image:s}};let i=KM(r,o);return i===null?{kind:"\
opaque",scheme:r}:{kind:"unknown-scheme",scheme:r,meant:i}}var q0="node:22-bookworm";function BM(e){let t=e.indexOf(":");
if(t<0)return[e];let n=e.indexOf(":",t+1);return n<0?[e.slice(0,t),e.slice(t+1)]:[e.slice(0,t),e.slice(t+1,n),e.slice(n+
1)]}function KM(e,t){let n=e.trim();if(n.startsWith("docker/")||n.startsWith("//"))return"docker";for(let r of["docker",
"host"])if(n!==""&&Ze(n.toLowerCase(),r)<=(r==="host"?1:2))return r;return tm.includes(n.toLowerCase())?t===void 0?void 0:
"docker":/^[\w.-]+\.[a-z]{2,}\//.test(n)||t!=null&&t.startsWith("//")||/^[\w.-]+$/.test(t??"")?"docker":t===void 0?null:
void 0}var VM=/^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?$/;
function Rr(e){return e.length<=512&&VM.test(e)}function W0(e){let t=e.split("@")[0]??"",n=t.slice(t.lastIndexOf("/")+1),
r=n.indexOf(":");return r<0?void 0:n.slice(r+1)}function G0(e){if(e.includes("@"))return!1;let t=W0(e);return t===void 0||
t==="latest"}function H0(e){var n;let t=[];for(let r of e.matchAll(/(?<![A-Za-z0-9])[A-Za-z0-9]{40}(?![A-Za-z0-9])/g)){let o=/^[0-9a-f]+$/.
test(r[0]),s=!e.slice(0,r.index).includes(":");/\d/.test(r[0])&&/[A-Za-z]/.test(r[0])&&(!o||s)&&t.push({from:r.index,to:r.
index+40})}for(let r of e.matchAll(/\b(?:gh[pousr]|github_pat|glpat)[_-][A-Za-z0-9_-]{16,}/g))t.push({from:r.index,to:r.
index+r[0].length});for(let r of e.matchAll(/\/\/([^/@\s]*:[^/@\s]*)@(?!sha256:)/g)){let o=r.index+2;t.push({from:o,to:o+
(((n=r[1])==null?void 0:n.length)??0)})}return t}function B0(e){return/^(?:(?:ubuntu|debian|alpine|fedora|centos|rocky(?:linux)?|alma(?:linux)?|archlinux)(?:[-_.]?(?:latest|slim|\d[\w.]*))?|node(?:js)?(?:[-_.]?(?:latest|lts|\d[\w.]*))?|docker)$/i.
test(e)}var zM=new Set("almalinux alpine amazonlinux archlinux bash buildpack-deps busybox centos clojure composer dart \
debian docker eclipse-temurin elixir erlang fedora gcc golang gradle haskell julia maven openjdk oraclelinux perl php py\
thon r-base rockylinux ruby rust sapmachine scratch swift ubuntu".split(" "));function K0(e){let t=e.replace(/^(?:(?:index\.|registry-1\.)?docker\.io\/)?(?:library\/)?/,
""),[n=""]=t.split(/[:@]/);return zM.has(n)&&!/node/i.test(W0(t)??"")}var V0={$schema:"./runner-versions.schema.json",entries:{"gpu-option-dropped":{of:"gitea-runner",what:"without `privileg\
ed: true`, the runner drops `--gpus`, `--device` and `--runtime` from `container.options`, even from its own configurati\
on",ranges:[{from:"3.0.0",upTo:"3.3.0"}],source:"runner commit 14ec00b6, sanitizeOptionsHostConfig in act/container/dock\
er_run.go",examples:{"v2.3.0":"no","v3.0.0":"yes","3.1.0":"yes","v3.3.0":"yes","v3.3.1":"no","v4.1.0":"no","v2.3.0-9-g0a\
2f2824":"unknown","v3.1.0-4-g0a2f2824":"yes","v3.3.0-5-g0a2f2824":"unknown","v4.0.0-1-g0a2f2824":"no",dev:"unknown"}},"w\
orkflow-gpu-option-dropped":{of:"gitea-runner",what:"without `privileged: true`, the runner drops `--gpus`, `--device` a\
nd `--runtime` from a workflow's `container.options`",ranges:[{from:"3.0.0"}],source:"runner commit 14ec00b6; config.exa\
mple.yaml of later releases keeps it for workflows",examples:{"v2.3.0":"no","v3.0.0":"yes","v4.1.0":"yes"}},"duplicate-s\
ocket-mount":{of:"gitea-runner",what:"the runner mounts the Docker socket itself, and a second mount of it in `container\
.options` makes every job fail with `Duplicate mount point: /var/run/docker.sock`",ranges:[{upTo:"2.3.0"}],source:"runne\
r commit 01928611 (3.0.0 lets a mount of the options replace its own)",examples:{"v0.2.11":"yes","v2.3.0":"yes","v3.0.0":"\
no"}},"option-volume-displaces-mount":{of:"gitea-runner",what:"a volume in `container.options` displaces the runner's ow\
n mount at the same target even if `valid_volumes` then rejects it, so neither is mounted",ranges:[{from:"3.0.0",upTo:"3\
.3.0"}],source:"overlayVolumes and sanitizeConfig in act/container/docker_run.go",examples:{"v2.3.0":"no","v3.2.0":"yes",
"v4.0.0":"no"}},"socket-directory":{of:"gitea-runner",what:"the runner mounts a socket path that does not exist on the d\
aemon's host, and the engine creates a directory there",ranges:[{before:"0.3.0"}],source:"runner commit 50e05090, act_ru\
nner#750",examples:{"v0.2.13":"yes","v0.3.0":"no"}},"service-volumes-dropped":{of:"gitea-runner",what:"volumes of servic\
e containers are silently dropped",ranges:[{from:"0.5.0",upTo:"3.3.0"}],source:"sanitizeConfig in act/container/docker_r\
un.go: services get no valid_volumes",examples:{"v0.4.0":"no","v0.5.0":"yes","v3.3.0":"yes","v3.3.1":"no"}},"network-fal\
se-warning":{of:"gitea-runner",what:"the job's log warns that `--network` in the options is ignored although the options\
 do not have it: a false alarm",ranges:[{upTo:"3.3.0"}],source:"act/container/docker_run.go:582-586, 632-634 at 3.3.0",examples:{
"v3.3.0":"yes","v3.3.1":"no"}},"network-option-ignored":{of:"gitea-runner",what:"`--network` in `container.options` is i\
gnored; `container.network` sets the network",ranges:[{}],source:"act/container/docker_run.go",examples:{"v0.2.6":"yes",
"v4.1.0":"yes",dev:"yes"}},"summary-not-uploaded":{of:"gitea-runner",what:"the runner does not send job summaries to Git\
ea (2.0.0 and later do, and Gitea 1.27 and later show them)",ranges:[{before:"2.0.0"}],source:"runner commit 53c4db6a, g\
itea pull request 37500",examples:{"v1.0.8":"yes","v2.0.0":"no"}},"annotation-place-lost":{of:"gitea-runner",what:"in Gi\
tea's log, an annotation shows neither its file nor its line",ranges:[{before:"3.1.0"}],source:"runner commit 8700adc9, \
formatAnnotation in internal/pkg/report/reporter.go",examples:{"v3.0.0":"yes","v3.1.0":"no"}},"tool-cache-not-kept":{of:"\
gitea-runner",what:"nothing is mounted at `/opt/hostedtoolcache` unless `runner.tool_cache_mode` is `shared`",ranges:[{from:"\
3.2.0"}],source:"runner commit 3f708224",examples:{"v3.1.0":"no","v3.2.0":"yes"}},"labels-of-environment":{of:"gitea-run\
ner",what:"`GITEA_RUNNER_LABELS` replaces the labels of the configuration at every start of the daemon",ranges:[{from:"2\
.1.0"}],source:"runner commit 58c5eb8d, resolveLabels in internal/app/cmd/daemon.go and scripts/run.sh",examples:{"v2.0.\
1":"no","v2.1.0":"yes","v3.3.0":"yes",dev:"unknown"}},"opaque-labels":{of:"gitea-runner",what:"a label with an unknown s\
cheme (`gpu:dokcer://image`) is not an error: it becomes a `host` label whose name is the whole text",ranges:[{from:"2.1\
.0"}],source:"runner commit 58c5eb8d, internal/pkg/labels/labels.go",examples:{"v2.0.0":"no","v2.1.0":"yes"}},"unknown-l\
abel-schema-ignored":{of:"gitea-runner",what:"a label with an unknown scheme (`gpu:dokcer://image`) is ignored with a wa\
rning",ranges:[{before:"2.1.0"}],source:"internal/pkg/labels/labels.go before commit 58c5eb8d",examples:{"v2.0.0":"yes",
"v2.1.0":"no"}},"unknown-keys-silent":{of:"gitea-runner",what:"unknown keys of the configuration are silently ignored (3\
.0.0 and later warn about them)",ranges:[{before:"3.0.0"}],source:"runner commit 01928611, config.go",examples:{"v2.3.0":"\
yes","v3.0.0":"no"}},"old-name":{of:"gitea-runner",what:"this is `act_runner`, as Gitea's runner was called before 1.0.0\
; it gets no more fixes",ranges:[{before:"1.0.0"}],source:"runner commit 13dc9386",examples:{"v0.6.1":"yes","v1.0.0":"no",
"v0.6.1-7-g0a2f2824":"unknown","v1.0.2-7-g0a2f2824":"no"}},"implicit-pull-credentials":{of:"gitea-runner",what:"the secr\
ets `DOCKER_USERNAME` and `DOCKER_PASSWORD` are used to pull the job's image",ranges:[{before:"2.0.0"}],source:"runner c\
ommit 0a2f2824",examples:{"v1.0.8":"yes","v2.0.0":"no"}},"patch-actions":{of:"gitea-runner",what:"the runner patches the\
 bundles of remote actions so that the stock artifact and cache actions work (`runner.patch_actions`)",ranges:[{from:"3.\
0.0"}],source:"runner commit e6c7ba3a, patch_actions.go",examples:{"v2.3.0":"no","v3.0.0":"yes"}},"default-image-key":{of:"\
gitea-runner",what:"`runner.default_image` names the image of jobs that match no label",ranges:[{from:"3.3.0"}],source:"\
runner commit 11ac12ef",examples:{"v3.2.0":"no","v3.3.0":"yes"}},"default-image-always":{of:"gitea-runner",what:"a job t\
hat matches no label runs in `docker.gitea.com/runner-images:ubuntu-latest`, even on a runner without Docker",ranges:[{before:"\
3.3.0"}],source:"runner.go before commit 11ac12ef",examples:{"v3.2.0":"yes","v3.3.0":"no"}},"job-hooks":{of:"gitea-runne\
r",what:"`hooks.job_started` and `hooks.job_completed` run a script in every job",ranges:[{from:"3.0.0"}],source:"runner\
 commits 47d5b5ad, 0cd0e52a",examples:{"v2.3.0":"no","v3.0.0":"yes"}},"health-check":{of:"gitea-runner",what:"`health_ch\
eck` keeps an unhealthy host from taking jobs",ranges:[{from:"2.2.0"}],source:"runner commit c43cbe87",examples:{"v2.1.0":"\
no","v2.2.0":"yes"}},"api-client-too-old":{of:"gitea-runner",what:"the runner's own Docker client speaks API 1.43, which\
 Docker 29.0 to 29.2 (API 1.44 and newer) refuse",ranges:[{upTo:"0.2.6"}],source:"act_runner#768, #769",examples:{"v0.2.\
6":"yes","v0.2.7":"no"}},"needs-bin-sleep":{of:"gitea-runner",what:"the job's image must have `/bin/sleep`: without it, \
the container does not start",ranges:[{upTo:"3.3.0"}],source:"act/runner/run_context.go at 3.3.0",examples:{"v3.3.0":"ye\
s","v3.3.1":"no"}},"labels-variable-wins":{of:"gitea-runner",what:"`GITEA_RUNNER_LABELS` in the daemon's environment rep\
laces `runner.labels` and the labels of the registration",ranges:[{from:"2.1.0"}],source:"runner commit 65756d60, resolv\
eLabels in internal/app/cmd/daemon.go",examples:{"v2.0.0":"no","v2.1.0":"yes",dev:"unknown"}},"bind-workdir-needs-valid-\
volume":{of:"gitea-runner",what:"with `container.bind_workdir`, the runner drops the mount of the workspace unless `cont\
ainer.valid_volumes` allows it",ranges:[{from:"0.3.1",upTo:"3.3.0"}],source:"sanitizeConfig in act/container/docker_run.\
go at 3.3.0",examples:{"v0.3.0":"no","v3.3.0":"yes","v3.3.1":"no"}},"kubernetes-labels":{of:"gitea-runner",what:"a label\
 with the scheme `kubernetes` runs its jobs in pods",ranges:[{from:"3.3.1"}],source:"config.example.yaml and labels.go o\
f 4.x; not in 3.3.0, and the first release with it is not known",examples:{"v3.3.0":"no","v4.0.0":"yes"}},"external-cach\
e-needs-secret":{of:"gitea-runner",what:"with `cache.external_server` and no shared secret, the runner does not start",ranges:[
{from:"0.6.0"}],source:"internal/pkg/config/config.go",examples:{"v0.5.0":"no","v0.6.0":"yes"}},"external-secret-file":{
of:"gitea-runner",what:"`cache.external_secret_file` names a file with the secret of the cache server",ranges:[{from:"2.\
3.0"}],source:"internal/pkg/config/config.go",examples:{"v2.2.0":"no","v2.3.0":"yes"}},"volume-glob-stops-at-slash":{of:"\
gitea-runner",what:"a `*` in `container.valid_volumes` does not match a slash: deeper paths need `**`",ranges:[{from:"4.\
0.0"}],source:"config.example.yaml of 4.0",examples:{"v3.3.1":"no","v4.0.0":"yes"}},"setup-job-broken":{of:"docker-engin\
e",what:"the engine refuses to copy files below `/var/run` into a container (`path escapes from parent`, `mkdirat var/ru\
n: file exists`), so every container job fails during setup",ranges:[{from:"29.5.0",before:"29.5.2"},{from:"29.7.0",before:"\
29.7.1"}],source:"moby#53258, fixed by moby#53260 and moby#53261; gitea#37793",examples:{"29.4.9":"no","29.5.0":"yes","2\
9.5.1-1~debian.12~bookworm":"yes","29.5.2":"no","29.7.0":"yes","29.7.1":"no"}}}};var z0=V0.entries,Hee=Object.keys(z0);function or(e){return z0[e]}function Ao(e,t){let n=t===void 0?void 0:ce(t);if(!n)return e.
ranges.some(YM)?"yes":"unknown";let r=/-\d+-g[0-9a-f]{4,}/.test(t??""),o=e.ranges.map(s=>r?ZM(s,n):J0(s,n));return o.includes(
"yes")?"yes":o.includes("unknown")?"unknown":"no"}function YM(e){return e.from===void 0&&e.upTo===void 0&&e.before===void 0}
function J0(e,t){return e.from!==void 0&&Ss(t,e.from)<0||e.upTo!==void 0&&Ss(t,e.upTo)>0||e.before!==void 0&&Ss(t,e.before)>=
0?"no":"yes"}function ZM(e,t){let n=e.from!==void 0&&Ss(t,e.from)<0,r=e.upTo!==void 0&&Ss(t,e.upTo)===0,o=e.before!==void 0&&
Ss(t,e.before)<0;return n||r||o?"unknown":J0(e,t)}function Ss(e,t){let n=ce(t);return n?pt(e,n):0}function Rc(e){return e.
ranges.map(XM).join(" and ")}function XM({from:e,upTo:t,before:n}){return e!==void 0&&t!==void 0?e===t?e:`${e} to ${t}`:
e!==void 0&&n!==void 0?`from ${e}, fixed in ${n}`:t!==void 0?`up to ${t}`:n!==void 0?`before ${n}`:e===void 0?"all versi\
ons":`${e} and later`}function M(e,{line:t,column:n}){return{file:e,line:t,column:n}}function _(e,t,n){return{location:e,observed:t,evidence:[],
...n&&{level:n}}}function zt({file:e,line:t,column:n}){return[e,t,n].filter(r=>r!==void 0).join(":")}function He(e,t,n){
if(t.system==="forgejo")return;let r=or(e);switch(Ao(r,n.version)){case"no":return;case"unknown":return{versions:Rc(r)};case"\
yes":return{}}}function _n(e){return e===void 0?"":` This applies to runners ${e}.`}function Rs(e,t){return e.system==="gitea"?t.version??e.version:void 0}var Y0={$schema:"./runner-images.schema.json",images:{gitea:{system:"gitea",names:["gitea/runner","gitea/act_runner"],renamed:{
from:"gitea/act_runner",to:"gitea/runner",since:"1.0.0"},command:"ignored",data:"/data",user:"root",config:{variable:"CO\
NFIG_FILE"},variables:{CONFIG_FILE:{role:"config"},GITEA_INSTANCE_URL:{role:"instance"},GITEA_RUNNER_REGISTRATION_TOKEN:{
role:"token"},GITEA_RUNNER_REGISTRATION_TOKEN_FILE:{since:"0.2.6"},GITEA_RUNNER_NAME:{},GITEA_RUNNER_LABELS:{role:"label\
s"},GITEA_RUNNER_EPHEMERAL:{since:"0.2.12"},GITEA_RUNNER_ONCE:{since:"0.2.12"},GITEA_MAX_REG_ATTEMPTS:{},RUNNER_STATE_FILE:{
since:"0.2.7",role:"state"},GITEA_DEBUG:{before:"1.0.5",instead:"log.level"},GITEA_TRACE:{before:"1.0.5",instead:"log.le\
vel"},GITEA_RUNNER_CAPACITY:{before:"1.0.5",instead:"runner.capacity"},GITEA_RUNNER_FILE:{before:"1.0.5",instead:"runner\
.file"},GITEA_RUNNER_ENVIRON:{before:"1.0.5",instead:"runner.envs"},GITEA_RUNNER_ENV_FILE:{before:"1.0.5",instead:"runne\
r.env_file"}},variants:{dind:"(?:^|-)dind$","dind-rootless":"(?:^|-)dind-rootless$"},source:"Dockerfile, scripts/run.sh \
and internal/pkg/config/deprecated.go of every release of gitea.com/gitea/runner",examples:{"gitea/runner":"basic","dock\
er.io/gitea/act_runner:0.2.11":"basic","registry.example:5000/mirror/gitea/runner:3.3.0-dind":"dind","gitea/act_runner:l\
atest-dind-rootless":"dind-rootless","gitea/runner:3.3.0@sha256:00000000000000000000000000000000000000000000000000000000\
00000000":"basic"}},vegardit:{system:"gitea",names:["vegardit/gitea-act-runner","vegardit/gitea-runner"],command:"replac\
es",data:"/data",user:"adapts",config:{variable:"GITEA_RUNNER_CONFIG_TEMPLATE_FILE"},variables:{INIT_SH_FILE:{},GITEA_INSTANCE_URL:{
role:"instance"},GITEA_INSTANCE_INSECURE:{},GITEA_RUNNER_CONFIG_TEMPLATE_FILE:{role:"config"},GITEA_RUNNER_REGISTRATION_FILE:{
role:"state"},GITEA_RUNNER_REGISTRATION_TOKEN:{role:"token"},GITEA_RUNNER_REGISTRATION_TOKEN_FILE:{},GITEA_RUNNER_REGISTRATION_TIMEOUT:{},
GITEA_RUNNER_REGISTRATION_RETRY_INTERVAL:{},GITEA_RUNNER_NAME:{},GITEA_RUNNER_LABELS:{role:"labels"},GITEA_RUNNER_LABELS_DEFAULT:{},
GITEA_RUNNER_UID:{},GITEA_RUNNER_GID:{},GITEA_RUNNER_EPHEMERAL:{},GITEA_RUNNER_LOG_EFFECTIVE_CONFIG:{},GITEA_RUNNER_LOG_LEVEL:{},
GITEA_RUNNER_MAX_PARALLEL_JOBS:{},GITEA_RUNNER_ENV_FILE:{},GITEA_RUNNER_JOB_TIMEOUT:{},GITEA_RUNNER_SHUTDOWN_TIMEOUT:{},
GITEA_RUNNER_FETCH_TIMEOUT:{},GITEA_RUNNER_FETCH_INTERVAL:{},GITEA_RUNNER_FETCH_INTERVAL_MAX:{},GITEA_RUNNER_WORKDIR_CLEANUP_AGE:{},
GITEA_RUNNER_IDLE_CLEANUP_INTERVAL:{},GITEA_RUNNER_LOG_REPORT_INTERVAL:{},GITEA_RUNNER_LOG_MAX_LATENCY:{},GITEA_RUNNER_BATCH_SIZE:{},
GITEA_RUNNER_STATE_REPORT_INTERVAL:{},GITEA_RUNNER_GITHUB_MIRROR:{},GITEA_RUNNER_JOB_CONTAINER_NETWORK:{role:"network"},
GITEA_RUNNER_JOB_CONTAINER_PRIVILEGED:{role:"privileged"},GITEA_RUNNER_JOB_CONTAINER_OPTIONS:{},GITEA_RUNNER_JOB_CONTAINER_WORKDIR_PARENT:{},
GITEA_RUNNER_JOB_CONTAINER_DOCKER_HOST:{role:"docker-host"},GITEA_RUNNER_JOB_CONTAINER_FORCE_PULL:{},GITEA_RUNNER_JOB_CONTAINER_FORCE_REBUILD:{},
GITEA_RUNNER_JOB_REQUIRE_DOCKER:{},GITEA_RUNNER_JOB_CONTAINER_TIMEOUT:{},GITEA_RUNNER_JOB_CONTAINER_BIND_WORKDIR:{},GITEA_RUNNER_HOST_WORKDIR_PARENT:{},
GITEA_RUNNER_METRICS_ENABLED:{},GITEA_RUNNER_METRICS_ADDR:{},ACT_CACHE_SERVER_ENABLED:{role:"cache-enabled"},ACT_CACHE_SERVER_DIR:{},
ACT_CACHE_SERVER_HOST:{role:"cache-host"},ACT_CACHE_SERVER_PORT:{role:"cache-port"},ACT_CACHE_SERVER_EXTERNAL_URL:{role:"\
cache-external"},ACT_CACHE_SERVER_EXTERNAL_SECRET:{role:"secret"}},numbered:["GITEA_RUNNER_ENV_VAR_","GITEA_RUNNER_VALID\
_VOLUME_"],network:"bridge",variants:{dind:"^dind(?:-(?!rootless)|$)","dind-rootless":"^dind-rootless(?:-|$)"},source:"i\
mage/Dockerfile, image/run.sh, image/run_runner.sh and image/config.template.yaml of vegardit/docker-gitea-act-runner, J\
une 2026",examples:{"vegardit/gitea-act-runner:latest":"basic","ghcr.io/vegardit/gitea-act-runner:dind-latest":"dind","v\
egardit/gitea-act-runner:dind-rootless-latest":"dind-rootless"}},forgejo:{system:"forgejo",names:["forgejo/runner"],command:"\
required",data:"/data",user:"1000:1000",config:{flag:"--config"},variables:{GITEA_DEBUG:{},GITEA_TRACE:{},GITEA_RUNNER_CAPACITY:{},
GITEA_RUNNER_FILE:{},GITEA_RUNNER_ENVIRON:{},GITEA_RUNNER_ENV_FILE:{}},variants:{},source:"Dockerfile, internal/app/cmd \
and internal/pkg/config of code.forgejo.org/forgejo/runner, release 12",examples:{"code.forgejo.org/forgejo/runner:12.0.\
1":"basic","data.forgejo.org/forgejo/runner:11":"basic"}}}};var nm=Y0.images;function Ec(e){let{repository:t,tag:n}=e2(e);for(let r of Object.values(nm)){let o=r.names.find(i=>t===
i||t.endsWith(`/${i}`));if(o===void 0)continue;let s=["dind-rootless","dind"].find(i=>{let a=r.variants[i];return a!==void 0&&
new RegExp(a).test(n)});return{image:r,variant:s??"basic",name:o,registry:t.slice(0,-o.length)}}}function e2(e){let t=e.
split("@")[0]??"",n=t.lastIndexOf(":");return n>t.lastIndexOf("/")?{repository:t.slice(0,n),tag:t.slice(n+1)}:{repository:t,
tag:""}}function Z0(e,t){var n;return(n=Object.entries(e.variables).find(([,r])=>r.role===t))==null?void 0:n[0]}function X0(e,t){
return D(e.variables,t)!==void 0||(e.numbered??[]).some(n=>t.startsWith(n)&&/^\d/.test(t.slice(n.length)))}function ex(e){return/^(?:[./~]|\\\\|[A-Za-z]:)/.test(e)}function Be(e,t){return/^(?:[~/]|\\\\|[A-Za-z]:)/.test(t)?t.startsWith(
"/")?Q0(t):t:Q0(e===""||e==="."?t:`${e}/${t}`)}function Q0(e){let t=[];for(let n of e.split("/"))n===""||n==="."||(n==="\
.."&&t.length>0&&t[t.length-1]!==".."?t.pop():(n!==".."||!e.startsWith("/"))&&t.push(n));return`${e.startsWith("/")?"/":
""}${t.join("/")}`||"."}function at(e){let t=e.lastIndexOf("/");return t<0?".":e.slice(0,Math.max(1,t))}function Ke(e){return e.
slice(e.lastIndexOf("/")+1)}var De=ki(Ru(),1);var GS=40,Lt=256*1024,HS=20,BS=1e4;function jt(e){let t=KS(e,"first");return t.kind==="ok"?{kind:"ok",root:t.roots[0]}:t}
function Eu(e){return KS(e,"all")}function KS(e,t){let n=_4(e);if(n)return{kind:"broken",problem:n};let r=new De.LineCounter,
o=s=>{let{line:i,col:a}=r.linePos(s);return{line:Math.max(1,i),column:Math.max(1,a)}};try{let s=(0,De.parseAllDocuments)(
e,{lineCounter:r,schema:"failsafe",prettyErrors:!1,uniqueKeys:!1,logLevel:"silent"}),i="empty"in s?[]:s,a=t==="all"?i:i.
slice(0,1),l=a[HS];if(l)throw new Nn(o(l.range[0]),`it has more than ${HS} documents`);for(let{errors:u,contents:d}of a){
let[f]=u;if(!f)continue;let p=f.code==="MISSING_CHAR"?A4(d):void 0,g=O4(f.code,f.message);return{kind:"broken",problem:{
...o(p??f.pos[0]),message:g}}}return{kind:"ok",roots:a.flatMap(({contents:u})=>u?[new Fh(e,o).read(u,0)]:[])}}catch(s){return s instanceof
Nn?{kind:"broken",problem:s.problem}:{kind:"broken",problem:{line:1,column:1,message:s instanceof Error?s.message.slice(
0,200):"it cannot be read"}}}}function A4(e){let t;if(e)return(0,De.visit)(e,(n,r)=>{var s;((0,De.isScalar)(r)&&(r.type===
"QUOTE_DOUBLE"||r.type==="QUOTE_SINGLE")||(0,De.isCollection)(r)&&r.flow===!0)&&(0,De.isNode)(r)&&(t=(s=r.range)==null?void 0:
s[0])}),t}function O4(e,t){switch(e){case"TAB_AS_INDENT":return"the line is indented with a tab, and YAML allows only sp\
aces";case"MISSING_CHAR":return/quote/.test(t)?"the quote that is opened here is never closed":"the bracket that is open\
ed here is never closed";case"BAD_INDENT":return/flow|end with/.test(t)?"a bracket before this place is not closed":"the\
 indentation does not match any line above";case"UNEXPECTED_TOKEN":case"IMPOSSIBLE":return"unexpected text: a quote, a b\
racket or a colon is missing or superfluous";case"BLOCK_IN_FLOW":return"a bracket before this place is not closed";case"\
BLOCK_AS_IMPLICIT_KEY":return"the next line continues this value: it may be indented too far, or a value with a colon ma\
y lack its quotes";case"MULTILINE_IMPLICIT_KEY":return"this is not a key: a colon must be followed by a space, and the k\
eys of a section must start in the same column";case"BAD_SCALAR_START":return"a value cannot start with this character u\
nless it is in quotes";default:return Vn(t.replace(/:\s.*$/s,"")).slice(0,200)}}function _4(e){if(e.length>Lt)return{line:1,
column:1,message:"it is longer than 256 KiB"};let t=/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/.exec(e);if(!t)
return;let n=e.slice(0,t.index),r=n.split(/\r\n|\r|\n/).length,o=t.index-Math.max(n.lastIndexOf(`
`),n.lastIndexOf("\r")),s=t[0]==="\uFFFD"?"it is not UTF-8":"it contains a control character, which YAML does not allow";
return{line:r,column:o,message:s}}var Nn=class extends Error{problem;constructor(t,n){super(n),this.problem={...t,message:n}}},
Fh=class{anchors=new Map;size=0;copied=0;text;at;constructor(t,n){this.text=t,this.at=n}read(t,n){var i;let r=this.at(((i=
t==null?void 0:t.range)==null?void 0:i[0])??0);if(n>GS)throw new Nn(r,`it is nested more than ${GS} levels deep`);if((0,De.isAlias)(
t))return this.follow(t,r);if((t==null?void 0:t.anchor)===void 0)return this.readHere(t,n,r);this.anchors.set(t.anchor,void 0);
let o=this.size,s=this.readHere(t,n,r);return this.anchors.set(t.anchor,{tree:s,size:this.size-o}),s}readHere(t,n,r){this.
size++;let o=P4(t);if((0,De.isMap)(t))return{kind:"map",...r,...o,entries:this.entries(t.items,n)};if((0,De.isSeq)(t)){let s=t.
items.map(i=>this.read(i,n+1));return{kind:"list",...r,...o,items:s}}return{...this.scalar(t,r),...o}}follow(t,n){let r=this.
anchors.get(t.source);if(!r){let o=this.anchors.has(t.source);throw new Nn(n,o?"the alias is inside the value that it re\
fers to":"the alias refers to an anchor that is not defined above")}if(this.size+=r.size,this.copied+=r.size,this.copied>
BS)throw new Nn(n,`aliases expand to more than ${BS} values`);return r.tree}entries(t,n){var a,l;let r=[],o=[],s=new Map;
for(let c of t){let u=c.key,d=this.at(((a=u==null?void 0:u.range)==null?void 0:a[0])??0);if(!(0,De.isScalar)(u))throw new Nn(
d,"a key must be a word, not a list or a map");let f=String(u.source??u.value??""),p=this.read(c.value,n+1),g=s.get(f);if(g!==
void 0)throw new Nn(d,`the key occurs twice, first on line ${g}`);if(s.set(f,d.line),f==="<<"&&u.type==="PLAIN"){for(let w of I4(
p,d))for(let k of w.entries)o.push(k);continue}let h=p.kind==="scalar"&&p.plain&&p.text===""?{...p,...this.at((((l=u.range)==
null?void 0:l[1])??0)+1)}:p;r.push({key:f,...d,value:h})}let i=new Set(r.map(({key:c})=>c));for(let c of o)i.has(c.key)||
(i.add(c.key),r.push(c));return r}scalar(t,n){let r=String((t==null?void 0:t.value)??""),o=(t==null?void 0:t.type)===void 0||
t.type==="PLAIN",s=(t==null?void 0:t.tag)===void 0?o:/^tag:yaml\.org,2002:(?:int|float|bool|null)$/.test(t.tag),i=/\s/.test(
r)&&(t!=null&&t.range)?this.words(r,t.range[0],t.range[2]):void 0;return{kind:"scalar",text:r,plain:s,...n,...i&&{words:i}}}words(t,n,r){
let o=this.text.slice(n,r),s=[],i=0,a=0;for(let l of t.matchAll(/\S+/g)){let c=o.indexOf(l[0],i);if(c<0&&++a>100)break;if(c<
0)continue;i=c+l[0].length;let{line:u,column:d}=this.at(n+c);s.push([l.index,u,d])}return s}};function P4(e){let t=e&&"t\
ag"in e?e.tag:void 0;return t==="!reset"||t==="!override"?{tag:t==="!reset"?"reset":"override"}:{}}function I4(e,t){return(e.
kind==="list"?e.items:[e]).map(r=>{if(r.kind!=="map")throw new Nn(t,"`<<` takes a map, or a list of maps");return r})}var Mh={$schema:"./config-keys.schema.json",gitea:{upTo:"3.3.0",source:"internal/pkg/config/config.go of every release",
otherSections:["kubernetes","telemetry","otel","tracing"],keys:{"log.level":{type:"text",oneOf:["trace","debug","info","\
warn","warning","error","fatal","panic"],example:"debug"},"log.job.dir":{type:"text",since:"3.3.0",example:"/var/log/git\
ea-runner/jobs"},"log.job.retention":{type:"duration",since:"3.3.0",example:"168h"},"log.job.max_size":{type:"size",since:"\
3.3.0",example:"50MB"},"runner.file":{type:"text",example:"/var/lib/gitea-runner/.runner"},"runner.capacity":{type:"numb\
er",example:2},"runner.envs":{type:"environment",example:{RUST_BACKTRACE:"1"}},"runner.env_file":{type:"text",example:"/\
etc/gitea-runner/environment"},"runner.timeout":{type:"duration",example:"3h"},"runner.shutdown_timeout":{type:"duration",
since:"0.2.11",example:"3h"},"runner.insecure":{type:"flag",example:!1},"runner.fetch_timeout":{type:"duration",example:"\
5s"},"runner.fetch_interval":{type:"duration",example:"2s"},"runner.fetch_interval_max":{type:"duration",since:"0.4.0",example:"\
5s"},"runner.workdir_cleanup_age":{type:"duration",since:"1.0.0",example:"24h"},"runner.idle_cleanup_interval":{type:"du\
ration",since:"1.0.0",example:"10m"},"runner.log_report_interval":{type:"duration",since:"0.4.0",example:"3s"},"runner.l\
og_report_max_latency":{type:"duration",since:"0.4.0",example:"3s"},"runner.log_report_batch_size":{type:"number",since:"\
0.4.0",example:100},"runner.state_report_interval":{type:"duration",since:"0.4.0",example:"5s"},"runner.report_close_tim\
eout":{type:"duration",since:"1.0.7",example:"10s"},"runner.labels":{type:"texts",example:["builder:docker://ghcr.io/tea\
m/builder:1.0","titan:host"]},"runner.github_mirror":{type:"text",since:"0.2.13",example:"https://github.mirror.example"},
"runner.action_shallow_clone":{type:"flag",since:"2.0.0",example:!0},"runner.set_act_env":{type:"flag",since:"2.1.0",example:!0},
"runner.patch_actions":{type:"flag",since:"3.3.0",example:!0},"runner.allocate_pty":{type:"flag",since:"1.0.4",example:!1},
"runner.default_image":{type:"text",since:"3.3.0",example:"ghcr.io/team/builder:1.0"},"runner.tool_cache_mode":{type:"te\
xt",since:"3.2.0",oneOf:["none","shared"],example:"shared"},"runner.post_task_script":{type:"text",since:"2.0.0",example:"\
/etc/gitea-runner/after-job.sh"},"runner.post_task_script_timeout":{type:"duration",since:"2.0.0",example:"1m"},"runner.\
hooks.job_started":{type:"text",since:"3.0.0",example:"/etc/gitea-runner/job-started.sh"},"runner.hooks.job_completed":{
type:"text",since:"3.0.0",example:"/etc/gitea-runner/job-completed.sh"},"cache.enabled":{type:"flag",example:!0},"cache.\
dir":{type:"text",example:"/var/lib/gitea-runner/cache"},"cache.host":{type:"text",example:"10.0.0.5"},"cache.port":{type:"\
port",example:8088},"cache.external_server":{type:"text",since:"0.2.4",example:"http://cache.example:8088/"},"cache.exte\
rnal_secret":{type:"text",since:"0.6.0",secret:!0,example:"7f3a9c0b5d"},"cache.external_secret_file":{type:"text",since:"\
2.3.0",example:"/etc/gitea-runner/cache-secret"},"cache.offline_mode":{type:"flag",since:"1.0.5",example:!1},"cache.v2":{
type:"flag",since:"3.0.0",example:!0},"cache.retention":{type:"duration",since:"3.2.0",example:"720h"},"cache.repo_size_\
limit":{type:"size",since:"3.2.0",example:"10GB"},"cache.size_limit":{type:"size",since:"3.2.0",example:"50GB"},"cache.s\
weep_interval":{type:"duration",since:"3.2.0",example:"1h"},"container.network":{type:"text",example:"builds"},"containe\
r.network_create_options.enable_ipv4":{type:"flag",since:"2.0.0",example:!0},"container.network_create_options.enable_ip\
v6":{type:"flag",since:"2.0.0",example:!1},"container.network_mode":{type:"text",insteadOf:"container.network",example:"\
host"},"container.privileged":{type:"flag",example:!1},"container.options":{type:"text",example:"--shm-size=8g"},"contai\
ner.workdir_parent":{type:"text",example:"workspace"},"container.valid_volumes":{type:"texts",since:"0.2.1",example:["/s\
rv/models"]},"container.docker_host":{type:"text",since:"0.2.1",example:"unix:///var/run/docker.sock"},"container.force_\
pull":{type:"flag",since:"0.2.6",example:!0},"container.force_rebuild":{type:"flag",since:"0.2.7",example:!1},"container\
.require_docker":{type:"flag",since:"0.2.13",example:!0},"container.docker_timeout":{type:"duration",since:"0.2.13",example:"\
2m"},"container.bind_workdir":{type:"flag",since:"0.3.1",example:!1},"container.service_ready_timeout":{type:"duration",
since:"3.1.0",example:"5m"},"host.workdir_parent":{type:"text",since:"0.2.1",example:"/var/lib/gitea-runner/work"},"metr\
ics.enabled":{type:"flag",since:"0.4.0",example:!0},"metrics.addr":{type:"text",since:"0.4.0",example:"127.0.0.1:9101"},
"metrics.readiness_grace":{type:"duration",since:"2.2.0",example:"30s"},"health_check.enabled":{type:"flag",since:"2.2.0",
example:!0},"health_check.min_free_disk_space_mb":{type:"number",since:"2.2.0",example:1024},"health_check.script":{type:"\
text",since:"2.2.0",example:"/etc/gitea-runner/healthy.sh"},"health_check.interval":{type:"duration",since:"2.2.0",example:"\
30s"},"health_check.timeout":{type:"duration",since:"2.2.0",example:"10s"}}},forgejo:{upTo:"12.0.0",source:"internal/pkg\
/config/config.go of release 12",otherSections:[],keys:{"log.level":{type:"text",oneOf:["trace","debug","info","warn","w\
arning","error","fatal","panic"],example:"debug"},"log.job_level":{type:"text",oneOf:["trace","debug","info","warn","war\
ning","error","fatal","panic"],example:"info"},"runner.file":{type:"text",example:"/var/lib/gitea-runner/.runner"},"runn\
er.capacity":{type:"number",example:2},"runner.envs":{type:"environment",example:{RUST_BACKTRACE:"1"}},"runner.env_file":{
type:"text",example:"/etc/gitea-runner/environment"},"runner.timeout":{type:"duration",example:"3h"},"runner.shutdown_ti\
meout":{type:"duration",example:"3h"},"runner.insecure":{type:"flag",example:!1},"runner.fetch_timeout":{type:"duration",
example:"5s"},"runner.fetch_interval":{type:"duration",example:"2s"},"runner.report_interval":{type:"duration",example:"\
1s"},"runner.report_retry.max_retries":{type:"number",example:10},"runner.report_retry.initial_delay":{type:"duration",example:"\
100ms"},"runner.report_retry.max_delay":{type:"duration",example:"10s"},"runner.labels":{type:"texts",example:["builder:\
docker://ghcr.io/team/builder:1.0","titan:host"]},"cache.enabled":{type:"flag",example:!0},"cache.dir":{type:"text",example:"\
/var/lib/gitea-runner/cache"},"cache.host":{type:"text",example:"10.0.0.5"},"cache.port":{type:"port",example:8088},"cac\
he.proxy_port":{type:"port",example:8089},"cache.external_server":{type:"text",example:"http://cache.example:8088/"},"ca\
che.actions_cache_url_override":{type:"text",example:"http://cache.example:8088/"},"cache.secret":{type:"text",secret:!0,
example:"7f3a9c0b5d"},"cache.secret_url":{type:"text",example:"file:/etc/forgejo-runner/cache-secret"},"server.connectio\
ns.*.url":{type:"text",example:"https://forge.example/"},"server.connections.*.uuid":{type:"text",example:"00000000-0000\
-4000-8000-000000000001"},"server.connections.*.token":{type:"text",secret:!0,example:"7f3a9c0b5d"},"server.connections.\
*.token_url":{type:"text",example:"file:/etc/forgejo-runner/token"},"server.connections.*.fetch_interval":{type:"duratio\
n",example:"30s"},"server.connections.*.labels":{type:"texts",example:["titan:host"]},"container.network":{type:"text",example:"\
builds"},"container.network_mode":{type:"text",insteadOf:"container.network",example:"host"},"container.enable_ipv6":{type:"\
flag",example:!1},"container.privileged":{type:"flag",example:!1},"container.options":{type:"text",example:"--shm-size=8\
g"},"container.workdir_parent":{type:"text",example:"workspace"},"container.valid_volumes":{type:"texts",example:["/srv/\
models"]},"container.docker_host":{type:"text",example:"unix:///var/run/docker.sock"},"container.force_pull":{type:"flag",
example:!0},"container.force_rebuild":{type:"flag",example:!1},"host.workdir_parent":{type:"text",example:"/var/lib/gite\
a-runner/work"}}}};var Ra={gitea:Mh.gitea,forgejo:Mh.forgejo},Yt=Ra.gitea.keys,Zt=Ra.forgejo.keys,jr=Ra.gitea.upTo;function Cn(e){return Ra[e].
keys}function Tu(e,t){return Ra[e].otherSections.includes(t)}var C4=new Map([Yt,Zt].map(e=>[e,new Set(Object.keys(e).flatMap(
L4))]));function L4(e){let t=e.split(".");return t.slice(1).map((n,r)=>t.slice(0,r+1).join("."))}function Fr(e,t){var n;
return((n=C4.get(e))==null?void 0:n.has(zS(t)))??!1}function Ln(e,t){return D(e,zS(t))}function Fs(e,t){return e===""?t:
`${e}.${e===VS?t.split(".").join("\xB7"):t}`}var VS="server.connections";function zS(e){return e.startsWith(`${VS}.`)?e.
replace(/^(server\.connections\.)[^.]+/,"$1*"):e}var Lo="a compose file";function YS(e){let t=e.slice(0,65536);if(/^#!\s*\S*(?:sh|python3?|node|perl|ruby)\b/.test(t))return"\
a script";if(/^\s*<(?:!doctype|html|\?xml)/i.test(t))return"a page of HTML or XML";if(/^\[\[runners\]\]\s*$/m.test(t))return"\
a configuration of GitLab Runner";if(/^FROM\s+\S+/m.test(t)&&/^(?:RUN|COPY|CMD|ENTRYPOINT|USER|WORKDIR)\s/m.test(t))return"\
a Dockerfile";let n=t.split(/\r?\n/).filter(o=>o.trim()!==""&&!/^\s*[#;]/.test(o));if(n.length===0)return;if((o=>n.every(
s=>o.test(s)))(/^\s*(?:export\s+)?[A-Za-z_]\w*=.*$/))return"a file of environment variables";if(/^\s*\[[\w."-]+\]\s*$/.test(
n[0]??"")&&n.slice(1).some(o=>/^\s*[\w.-]+\s*=/.test(o)))return"an INI or TOML file"}var j4=[["a Kubernetes manifest","a\
piVersion","kind"],["the description of a Helm chart","apiVersion","name","version"],["a policy of runner-check","profil\
es","version"],["the manifest of a Home Assistant add-on","slug","name"],["a description of an action","runs","name"],["\
the values of a Helm chart","replicaCount"],["the values of a Helm chart","fullnameOverride"],["the values of a Helm cha\
rt","nameOverride"],["the values of a Helm chart","imagePullSecrets"],["the values of a Helm chart","nodeSelector"],["th\
e values of a Helm chart","tolerations"],["the values of a Helm chart","serviceAccount"],["a configuration of pre-commit",
"repos"],["a configuration of Dependabot","updates","version"],["a configuration of Prometheus","scrape_configs"],["a pi\
peline of GitLab CI","stages"],["a pipeline of Woodpecker or Drone","steps"],["a pipeline of Woodpecker or Drone","pipel\
ine"]];function Ta(e){var o;if((e==null?void 0:e.kind)==="list")return e.items.some(i=>F(i,"hosts")||F(i,"tasks"))?"a pl\
aybook of Ansible":void 0;if((e==null?void 0:e.kind)!=="map")return;let t=new Set(e.entries.map(({key:s})=>s));if(Dh(e))
return;if(((o=F(e,"services"))==null?void 0:o.value.kind)==="map")return Lo;let n=j4.find(([,...s])=>s.every(i=>t.has(i)));
return n?n[0]:e.entries.filter(({value:s})=>F(s,"script")).length>0?"a pipeline of GitLab CI":"a configuration of anothe\
r program"}var F4=new Set([Yt,Zt].flatMap(e=>Object.keys(e)).flatMap(e=>e.split(".").slice(1))),Ea=[...new Set([Yt,Zt].flatMap(
e=>Object.keys(e)).map(e=>e.split(".")[0]??""))];function Dh(e){if((e==null?void 0:e.kind)!=="map")return!1;let t=0,n=0,
r=0;for(let{key:o,value:s}of e.entries)o.startsWith("x-")||o.startsWith(".")||(D4(o,s)?n++:o==="runner"||o==="container"||
F4.has(o)||M4(o)||Ea.includes(o)&&s.kind!=="map"?r++:Ea.includes(o)||t++);return t>n?!1:n>0||r>0||e.entries.every(({value:o})=>ie(
o))}function M4(e){if(Ea.includes(e))return!1;let t=n=>n.replace(/[_-]/g,"").toLowerCase();return Ea.some(n=>t(n)===t(e)||
n.length>4&&Ze(n,e.toLowerCase())<=2)}function D4(e,t){return e==="server"?F(t,"connections")!==void 0:Tu("gitea",e)?t.kind===
"map":Ea.includes(e)?ie(t)?!0:t.kind!=="map"?!1:t.entries.length===0||t.entries.some(({key:n})=>[Yt,Zt].some(r=>`${e}.${n}`in
r||Fr(r,`${e}.${n}`))):!1}var U4=/^\s*(?:\{%[-+]?.*%\}|\{#.*#\}|\{\{[-~]?\s*(?:if|else|end|range|with|define|include|toYaml|tpl)\b.*\}\}|<%.*%>)\s*$/,
q4=/^(?:\s*(?:-\s+)?(?:[\w.-]+\s*:\s+)?|\s*-\s+)["']?(\{\{[-~]?\s*[^{}]*\}\}|<%=.*?%>)/,W4=/^\s*(?:-\s+)?[\w.-]+\s*:\s+["']?(\$\{\w+(?::?[-=?+][^{}]*)?\}|\$\w+|@\w+@|__[A-Z]\w*__|%\w+%|<[A-Z][A-Z0-9_-]*>)["']?\s*(?:#.*)?$/,
G4=3;function ZS(e){var r,o;let t=[],n;for(let[s,i]of e.slice(0,262144).split(/\r?\n/).entries()){if(!/[{<$@_%]/.test(i)||
/^\s*#/.test(i)){n=JS(i,n);continue}n=JS(i,n);let a=u=>({line:s+1,column:i.indexOf(u)+1,form:QS(u)});if(U4.test(i))return a(
i.trim());let l=(r=q4.exec(i))==null?void 0:r[1];if(l!==void 0)return a(l);let c=n===void 0?(o=W4.exec(i))==null?void 0:
o[1]:void 0;c!==void 0&&t.push(a(c))}return t.length>=G4?t[0]:void 0}function XS(e){for(let[t,n]of e.slice(0,262144).split(
/\r?\n/).entries()){if(!n.includes("{")||/^\s*[#;]/.test(n)||/--format\b/.test(n))continue;let r=/\{%[-+]?\s*\w[^%]*%\}|\{#.*#\}|\{\{[-~]?\s*(?!json\b)[A-Za-z_][^{}]*\}\}/.
exec(n);if(r)return{line:t+1,column:r.index+1,form:QS(r[0])}}}function QS(e){let t=/^(\{[{%#][-~+]?).*?([-~+]?[}%#]\})$/.
exec(e);return t?`${t[1]} \u2026 ${t[2]}`:/^\$\w/.test(e)?"$\u2026":e.replace(/\w.*\w|\w/,"\u2026").replace(/^(\W*?)\s*\u2026\s*(\W*)$/,
"$1 \u2026 $2")}function JS(e,t){var r;let n=((r=/^\s*/.exec(e))==null?void 0:r[0].length)??0;return/^\s*(?:envs|environment|env)\s*:/.
test(e)?n:t===void 0||e.trim()===""||n>t?t:void 0}function ar(e){var t;return(t=/\$\{[A-Za-z_][^}\s]*\}|\$\([^)]*\)|(?<![\w$\\])\$[A-Za-z_]\w*/.
exec(e))==null?void 0:t[0]}var Mr=(e,t)=>({instead:`Remove the key. Give it when the runner is registered: ${e}, or the variable \`${t}\` of its con\
tainer.`}),Dr=e=>({instead:`Remove the key, and give it as an option of the job containers in \`container.options\`: \`${e}\
\`.`}),Uh={instead:"Remove the key. Write each mount as `-v SOURCE:TARGET` into `container.options`, and its source into\
 `container.valid_volumes`."},pe=e=>({meant:e}),H4={"runner.name":Mr("`register --name`","GITEA_RUNNER_NAME"),"runner.to\
ken":Mr("`register --token`","GITEA_RUNNER_REGISTRATION_TOKEN"),"runner.registration_token":Mr("`register --token`","GIT\
EA_RUNNER_REGISTRATION_TOKEN"),"runner.url":Mr("`register --instance`","GITEA_INSTANCE_URL"),"runner.instance":Mr("`regi\
ster --instance`","GITEA_INSTANCE_URL"),"runner.instance_url":Mr("`register --instance`","GITEA_INSTANCE_URL"),"runner.a\
ddress":Mr("`register --instance`","GITEA_INSTANCE_URL"),"runner.ephemeral":Mr("`register --ephemeral`","GITEA_RUNNER_EP\
HEMERAL"),"runner.job_timeout":pe("runner.timeout"),"runner.work_dir":pe("host.workdir_parent"),"runner.workdir":pe("hos\
t.workdir_parent"),"runner.workdir_parent":pe("host.workdir_parent"),"host.workdir":pe("host.workdir_parent"),"host.work\
_dir":pe("host.workdir_parent"),"container.workdir":pe("container.workdir_parent"),"container.work_dir":pe("container.wo\
rkdir_parent"),"container.pull_policy":{meant:"container.force_pull",instead:"Write `container.force_pull`: `true` pulls\
 the image before every job, `false` only if it is missing."},"container.pull":pe("container.force_pull"),"container.alw\
ays_pull":pe("container.force_pull"),"runner.concurrency":pe("runner.capacity"),"runner.concurrent":pe("runner.capacity"),
"runner.parallel":pe("runner.capacity"),"runner.max_parallel":pe("runner.capacity"),"runner.max_jobs":pe("runner.capacit\
y"),"runner.max_concurrent_jobs":pe("runner.capacity"),"runner.log_level":pe("log.level"),"runner.tags":pe("runner.label\
s"),"runner.env":pe("runner.envs"),"runner.environment":pe("runner.envs"),"container.env":pe("runner.envs"),"container.e\
nvs":pe("runner.envs"),"container.environment":pe("runner.envs"),"cache.path":pe("cache.dir"),"cache.directory":pe("cach\
e.dir"),"cache.server":pe("cache.external_server"),"cache.url":pe("cache.external_server"),"runner.volumes":Uh,"containe\
r.volumes":Uh,"container.mounts":Uh,"container.image":{instead:"Remove the key. Each label names its own image: `name:do\
cker://IMAGE` in `runner.labels`."},"runner.image":{instead:"Remove the key. Each label names its own image: `name:docke\
r://IMAGE` in `runner.labels`."},"container.gpus":Dr("--gpus all"),"container.memory":Dr("--memory=8g"),"container.cpus":Dr(
"--cpus=4"),"container.shm_size":Dr("--shm-size=8g"),"container.dns":Dr("--dns=10.0.0.1"),"container.extra_hosts":Dr("--\
add-host=forge.example:10.0.0.5"),"container.add_hosts":Dr("--add-host=forge.example:10.0.0.5"),"container.user":Dr("--u\
ser=1000:1000")};function Aa(e,t){let n=D(H4,e);return t==="gitea"||(n==null?void 0:n.instead)===void 0?n:{...n,instead:n.
instead.replace(/, or the variable `\w+` of its container/,"")}}function Ur(e){let t=[],n="",r=-1,o=0,s=()=>{r<0&&(r=o)};for(;o<e.length;){let i=e[o]??"";if(` 
	`.includes(i))r>=0&&t.push({text:n,offset:r}),n="",r=-1,o++;else if(i==="\\"){if(o+1>=e.length)return{kind:"unterminate\
d",what:"\\",offset:o};e[o+1]!==`
`&&(s(),n+=e[o+1]),o+=2}else if(i==="'"){s();let a=e.indexOf("'",o+1);if(a<0)return{kind:"unterminated",what:"'",offset:o};
n+=e.slice(o+1,a),o=a+1}else if(i==='"'){s();let a=B4(e,o+1);if(!a)return{kind:"unterminated",what:'"',offset:o};n+=a.text,
o=a.end}else s(),n+=i,o++}return r>=0&&t.push({text:n,offset:r}),{kind:"ok",words:t}}function B4(e,t){let n="";for(let r=t;r<
e.length;r++){let o=e[r]??"";if(o==='"')return{text:n,end:r+1};let s=e[r+1];o==="\\"&&s!==void 0&&'$`"\n\\'.includes(s)?
(s!==`
`&&(n+=s),r++):n+=o}}function Ie(e){return e.replace(/\S/g,"*")}function jn(e){return e.replace(/[^\s"'\\]/g,"*")}var K4=new Set(["CI","CONFI\
G_FILE","CUDA_VISIBLE_DEVICES","DOCKER_HOST","GITEA_RUNNER_LABELS","HOME","LANG","NVIDIA_DISABLE_REQUIRE","NVIDIA_DRIVER\
_CAPABILITIES","NVIDIA_VISIBLE_DEVICES","PATH","TZ","XDG_RUNTIME_DIR"]);function Oa(e){return!K4.has(e)}function Au(e){return/^-..|[:=]$/.
test(e)&&Se(e)}var V4=/(?:^|[\s"'])(?:-[A-Za-z]{0,3}u|--(?:proxy-)?user)[\s=]{0,9}["']?(?!\d+:\d+(?:["'\s]|$))[^\s:"']{1,100}:/,
z4=/(?<![\w.-])([\w.-]+)["']?\s{0,9}(=|:(?!\/))\s*/g,J4=/(?:^|[\s"'])--?([A-Za-z][\w-]*)\s+["']?(?=[^\s-])/g;function Ou(e){
if(!/[=\s]|:(?!\/)|^["']?-/.test(e))return;let t=[qh(V4.exec(e)),Y4(e),Z4(e)].filter(n=>n!==void 0);return t.length===0?
void 0:Math.min(...t)}function Y4(e){for(let t of e.matchAll(z4)){let[,n="",r]=t,o=n.replace(/^[-.\d]+/,"");if(r==="="&&
/^[A-Z_][A-Z0-9_]*$/.test(o)&&Oa(o)||Se(o))return qh(t)}}function Z4(e){for(let t of e.matchAll(J4))if(Se(t[1]??""))return qh(
t)}function eR(e){let t=Cp(e,n=>`${jn(n)}@`);return t.includes("//")?t.replace(/(?<=\/\/)[^\s/]+(?=@(?!sha256:))/g,jn).replace(
/(?<=\/\/)[^\s/:@]{1,200}:(?!\d*\/|\/\/)[^\s@]{1,500}(?=@(?!sha256:))/g,jn).replace(/(:\/\/[^\s?"']{1,2000}\?)([^\s"']+)/g,
(n,r,o)=>r+jn(o)):t}function tR(e){return So(e,vs(Np(e)),jn)}function jo(e){return So(e,vs(An(e,!1)),jn)}function lr(e){
let t=[Ou(e),...An(e).map(([r])=>r)].filter(r=>r!==void 0);if(t.length===0)return e;let n=t.reduce((r,o)=>Math.min(r,o));
return e.slice(0,n)+Ie(e.slice(n))}function qh(e){return e?e.index+e[0].length:void 0}function Fo(e,t=!1){if(!/[\s=:]/.test(e))return e;let n="",r=0,o=t?"-e":"";for(let s of nR(e)){let i=e.slice(s.from,s.to),
a=Q4(i,s.text,o),l=o==="--mount"||s.text.startsWith("--mount="),c=a===0&&/^(?:basic|bearer|digest|token)$/i.test(s.text);
if(!t&&!c&&(o=s.text),a===void 0)continue;let u=s.open?e.length:l?s.from+X4(i,a):s.to;if(n+=e.slice(r,s.from+a)+jn(e.slice(
s.from+a,u)),r=u,s.open)break}return n+e.slice(r)}function X4(e,t){let n=e.slice(t).search(/,(?:type|source|src|target|dst|destination|readonly|ro)\b/);
return n<0?e.length:t+n}function Q4(e,t,n){var s;if(n==="--health-cmd")return 0;if(t.startsWith("--health-cmd="))return Wh(
e,"--health-cmd=");if(Au(n)&&!t.startsWith("-"))return eW(t)?void 0:0;let r=tW(t,n);if(r!==void 0&&Oa(r))return Wh(e,`${r}\
=`);if(/^(?:-[A-Za-z]{0,3}u|--(?:proxy-)?user)$/.test(n)&&!/^\d+:\d+$/.test(t)){let i=(s=/^[^:]+:/.exec(t))==null?void 0:
s[0];if(i!==void 0)return Wh(e,i)}return Ou(e)??(Ou(t)===void 0?void 0:0)}function eW(e){return/^\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\});?$/.
test(e)}function tW(e,t){var r,o;if(!e.includes("="))return;let n=(r=/^(?:-[A-Za-z]*?e=?|--?env\w*=)([^\s=]+)=/.exec(e))==
null?void 0:r[1];if(n!==void 0)return n;if(/^(?:-[A-Za-z]*e|--?env\w*)=?$/.test(t))return(o=/^([^\s=-][^\s=]*)=/.exec(e))==
null?void 0:o[1]}function Wh(e,t){let n=e.indexOf(t);return n<0?0:n+t.length}function nR(e){let t=Ur(e);if(t.kind==="ok")
return t.words.map((l,c)=>{var u;return nW(e,l,(u=t.words[c+1])==null?void 0:u.offset)});let{offset:n}=t,[r,...o]=[...e.
slice(n).matchAll(/\S+/g)].map(l=>{let c=n+l.index;return{text:l[0],from:c,to:c+l[0].length,open:!1}}),s=nR(e.slice(0,n)),
i=s[s.length-1];if(!r)return s;if((i==null?void 0:i.to)!==r.from)return[...s,{...r,text:r.text.slice(1),open:!0},...o];let a={
text:i.text+r.text.slice(1),from:i.from,to:r.to,open:!0};return[...s.slice(0,-1),a,...o]}function nW(e,{text:t,offset:n},r){
return{text:t,from:n,to:n+e.slice(n,r).trimEnd().length,open:!1}}function Ve(e){let t=tR(eR(e));for(let{from:n,to:r}of H0(t))t=t.slice(0,n)+jn(t.slice(n,r))+t.slice(r);return t}function Mo(e,t){
let n=new Hh(Cn(t));return n.maskAliases(n.maskSection(e,""))}var rW=100,Hh=class{table;harmless=new Map;names;guesses=0;secrets=new Set;constructor(t){
this.table=t;for(let[n,r]of Object.entries(t)){let o=oR(n.slice(n.lastIndexOf(".")+1)),s=!r.secret&&r.type!=="environmen\
t";this.harmless.set(o,s&&this.harmless.get(o)!==!1)}this.names=[...this.harmless.keys()]}maskSection(t,n){return t.kind===
"map"?this.maskAt(t,n):this.hide(t)}maskAliases(t){switch(t.kind){case"map":return{...t,entries:t.entries.map(n=>({...n,
value:this.maskAliases(n.value)}))};case"list":return{...t,items:t.items.map(n=>this.maskAliases(n))};case"scalar":return this.
secrets.has(rR(t))?this.hide(t):t}}maskAt(t,n){if(t.kind!=="map")return t.kind==="scalar"?Gh(t,n):this.maskItems(t,n);let r=t.
entries.map(o=>{var u;let s=Fs(n,o.key),i=Ln(this.table,s);if(Fr(this.table,s))return{...o,value:this.maskSection(o.value,
s)};if(i!=null&&i.secret||(i==null?void 0:i.type)==="environment")return{...o,value:this.hide(o.value,!0)};if(i)return{...o,
value:this.maskAt(o.value,s)};let a=Ln(this.table,((u=Aa(s,"gitea"))==null?void 0:u.meant)??""),l=a!==void 0&&!a.secret&&
a.type!=="environment",c=o.value.kind!=="map"&&(l||this.isHarmless(o.key));return{...o,key:lr(Ve(o.key)),value:c?this.maskAt(
o.value,s):this.hide(o.value,Se(o.key))}});return{...t,entries:r}}isHarmless(t){if(t.length>40||Se(t)||/cred|auth|key/i.
test(t))return!1;let n=oR(t),r=this.harmless.get(n);if(r!==void 0)return r;let o=++this.guesses>rW?void 0:xe(n,this.names);
return o!==void 0&&this.harmless.get(o)===!0}maskItems(t,n){return{...t,items:t.items.map(r=>{if(r.kind==="scalar")return Gh(
r,n,!0);if(r.kind!=="map")return this.hide(r);let o=r.entries.map(s=>{let{value:i}=s;return{...s,value:i.kind==="scalar"&&
sR(n)?Gh(i,n):this.hide(i)}});return{...r,entries:o}})}}hide(t,n=!1){switch(t.kind){case"map":{let r=s=>n||Se(s),o=t.entries.
map(s=>({...s,value:this.hide(s.value,r(s.key))}));return{...t,entries:o}}case"list":return{...t,items:t.items.map(r=>this.
hide(r,n))};case"scalar":return ie(t)||t.text===""?t:(n&&this.secrets.add(rR(t)),{...t,text:Ie(t.text)})}}};function rR({
line:e,column:t}){return`${e}:${t}`}function oR(e){return e.replace(/[_-]/g,"").toLowerCase()}function sR(e){return/labels?$/i.
test(e)}function Gh(e,t,n=!1){let r=Ve(e.text),o=sR(t)?r:Fo(jo(r),n);return o===e.text?e:{...e,text:o}}function _u(e,t){
if(Se(e)||/^SetCredential/i.test(e))return Ie(t);let n=oW.test(e)?t:t.replace(/(?<=\s[#;]).*$/,Ie);return Fo(jo(Ve(n)),e===
"Environment")}var oW=/^(?:Exec|Environment$|Description$|Documentation$|Condition|Assert)/;var sW=/(?:^|[/\s;&|('"])(?:gitea|act|forgejo)[-_]runner(?=$|[\s;&|)'"])/,iW=/runner["']?\s+(?:-\S+\s+\S+\s+)*(?:register|create-runner-file|generate-config|config|cache-server|exec)\b/;
async function cR(e,t){return(await Promise.all(e.services.map(r=>aW(e,r,t)))).filter(r=>r!==void 0)}function Ft({entrypoint:e,
command:t}){return[...(e==null?void 0:e.words)??[],...(t==null?void 0:t.words)??[]].join(" ")}async function aW(e,t,n){var m,
h,w,k;let r=t.image&&Ec(t.image.text),o=Ft(t),s=/\b(?:daemon|one-job)\b/.test(o);if(iW.test(o)&&!s&&(r==null?void 0:r.image.
command)!=="ignored")return;let i=t.environment.has("GITEA_INSTANCE_URL")&&t.environment.size>1;if(!(r!==void 0||sW.test(
o)&&s||i&&(uW(t)||fW(t))||dW.test(((m=t.image)==null?void 0:m.text)??"")))return;let l=r&&(t.entrypoint===void 0||t.entrypoint.
empty)?r:void 0,c=`${o} ${((h=t.image)==null?void 0:h.text)??""}`,u=(r==null?void 0:r.image.system)??(/forgejo[-_]runner/.
test(c)?"forgejo":"gitea"),d=(k=/:v?(\d+\.\d+\.\d+)/.exec(((w=t.image)==null?void 0:w.text.split("@")[0])??""))==null?void 0:
k[1],f=d!==void 0&&ce(d)&&(r==null?void 0:r.image.names[0])!=="vegardit/gitea-act-runner"?d:void 0,p=await mW(e,t,pW(t,l,
o),u,n),g=await yW(t,u,n);return{project:e,service:t,system:u,...l&&{image:l},...f!==void 0&&{version:f},config:p,intended:p.
kind==="none"?cW(g):p,idle:(l==null?void 0:l.image.command)==="required"&&lW(t),configMounts:g}}function lW({command:e,entrypoint:t}){
if(t&&!t.empty)return!1;let[n="",...r]=(e==null?void 0:e.words)??[];return/^(?:daemon|one-job|register|-.*|)$/.test(n)?!0:
r.length===0&&/(?:^|\/)forgejo-runner$/.test(n)}function cW([e]){if(!e)return{kind:"none"};let{path:t,found:n}=e;return n?
{kind:"read",path:t,...n}:{kind:"unread",path:t,mounted:!0}}function uW({name:e,image:t}){let n=/(?:act|gitea|forgejo)[-_]?runner/;
return n.test((t==null?void 0:t.text)??"")||n.test(e)&&!/gitea\/gitea|forgejo\/forgejo/.test((t==null?void 0:t.text)??"")}
var dW=/(?:^|\/)(?:gitea[-_]act|act|gitea|forgejo)[-_]runner(?:[:@]|$)/;function fW({environment:e}){return["GITEA_RUNNE\
R_REGISTRATION_TOKEN","GITEA_RUNNER_REGISTRATION_TOKEN_FILE"].some(t=>e.has(t))}function pW(e,t,n){let r=t?t.image.config.
variable:"CONFIG_FILE",o=r===void 0?void 0:e.environment.get(r);if(o!=null&&o.filled)return o.unset.length>0?"open":iR(o.
text);if(o&&(o.passed||o.unset.length>0))return"open";if((t==null?void 0:t.image.command)==="ignored")return e.openEnvironment?
"open":void 0;let i=[...n.matchAll(/(?:^|\s)(?:--config|-c)(?:\s+|=)["']?([^\s"';]+)/g)].map(a=>a[1]??"").find(a=>/^[\w./-]+\.(?:ya?ml|conf)$|^\//.
test(a));return i!==void 0?iR(i):(t==null?void 0:t.image.config.flag)===void 0&&!t||e.openEnvironment&&r!==void 0?"open":
void 0}function iR(e){return e.startsWith("/")?e:Be("/data",e)}async function mW(e,t,n,r,o){if(n===void 0)return{kind:"n\
one"};if(n==="open")return{kind:"unread",path:"",mounted:!0};let s=Ms(t,n),i=(s==null?void 0:s.type)==="file"?e.files.get(
s.source):void 0,a=i&&"path"in i?i.path:s&&uR(s,n);return i&&"text"in i?aR(i.text,n,e.path,r):a===void 0?{kind:"unread",
path:n,mounted:s!==void 0}:aR(await o(a),n,a,r)}function aR(e,t,n,r){let o=e===void 0?void 0:jt(e);return(o==null?void 0:
o.kind)!=="ok"||/\$\{/.test(e??"")?{kind:"unread",path:t,mounted:!0}:{kind:"read",path:t,file:n,root:o.root&&Mo(o.root,r)}}
function Ms({mounts:e,placed:t},n){return[...e,...t].filter(({target:o})=>hW(n,o)).sort((o,s)=>s.target.length-o.target.
length)[0]}function hW(e,t){let n=t.replace(/\/+$/,"");return e===n||e.startsWith(`${n}/`)}function uR({type:e,source:t,
target:n,unset:r},o){if(e!=="bind"||r.length>0||t.startsWith("~"))return;let s=o.slice(n.replace(/\/+$/,"").length);return s===
""?t:Be(t,s.slice(1))}var gW=/^(?:.*[-_.])?(?:config|act[-_]?runner|gitea[-_]?runner|forgejo[-_]?runner|runner)(?:[-_.].*)?\.ya?ml$/i;
async function yW(e,t,n){let r=[];for(let o of[...e.mounts,...e.placed]){let s=/\.ya?ml$/.test(o.target),i=s?[o.target]:
["config.yaml","config.yml"].map(a=>Be(o.target,a));for(let a of i){let l=uR(o,a),c=l===void 0?void 0:await n(l);if(l!==
void 0&&c!==void 0){let u=wW(c);u&&r.push({mount:o,path:a,found:{file:l,root:Mo(u,t)}})}else s&&gW.test(Ke(a))&&r.push({
mount:o,path:a})}}return r}function wW(e){var r;let t=jt(e);return t.kind!=="ok"||((r=t.root)==null?void 0:r.kind)!=="ma\
p"||Ta(t.root)?void 0:t.root.entries.some(({key:o})=>o==="runner"||o==="container"||o==="cache")?t.root:void 0}function _a({
image:e,service:t},n){let o=e?Z0(e.image,n):{instance:"GITEA_INSTANCE_URL",labels:"GITEA_RUNNER_LABELS",token:"GITEA_RUN\
NER_REGISTRATION_TOKEN"}[n];return o===void 0?void 0:{name:o,variable:t.environment.get(o)}}function Pa(e,t){var r;let n=(r=
_a(e,t))==null?void 0:r.variable;return n!=null&&n.filled&&n.unset.length===0?n:void 0}function lt(e,t,n){var s;let{intended:r}=e;
if(r.kind==="unread")return;if(r.kind==="read")return((s=B(r.root,...t))==null?void 0:s.text)??"";let o=n&&_a(e,n);return o!=
null&&o.variable?o.variable.unset.length>0||o.variable.passed?void 0:o.variable.text:o&&e.service.openEnvironment?void 0:
""}function Pu({project:e,service:t}){return[...t.networks.keys()].flatMap(n=>{let r=e.networks.get(n);return(r==null?void 0:
r.name)!==void 0?[r.name]:r!=null&&r.external?[n]:e.name===void 0?[]:[`${e.name}_${n}`]})}var lR=/^(?:\/var)?\/run\/docker\.sock$/;
function Ia({service:e}){return e.mounts.find(({target:t,source:n})=>lR.test(t)||lR.test(n))}function qr(e){let{image:t,
service:n,project:r}=e;if(t&&t.variant!=="basic")return{kind:"own"};let o=lt(e,["container","docker_host"],"docker-host"),
s=n.environment.get("DOCKER_HOST");if(o===void 0||s&&(s.unset.length>0||s.passed&&!s.filled))return{kind:"unknown"};let i=/^(?:-|automount|)$/.
test(o)?(s==null?void 0:s.text)??"":o,[,a,l="",c=""]=/^(\w+):\/\/([^/:]*)(?::(\d+))?/.exec(i)??[];if(a==="tcp"){let u=r.
services.find(d=>Na(d,l));return u?{kind:"service",service:u,host:l,port:c}:{kind:"unknown"}}return Ia(e)&&(a===void 0||
a==="unix")?{kind:"machine"}:{kind:"unknown"}}function Na({name:e,hostname:t,containerName:n,networks:r,links:o},s){let i=[
...r.values()].flat();return[e,t==null?void 0:t.text,n==null?void 0:n.text,...i].includes(s)||o.some(({text:a})=>a.endsWith(
`:${s}`))}function Re({name:e,place:t},n,r=[]){let o=["services:",`  ${Wr(e)}:`,...n.map(s=>`    ${s}`),...r];return{file:t.file,language:"\
yaml",text:o.join(`
`)}}function Bh(e,t,n=[]){let r=t.flatMap(([o,s])=>[`  ${Wr(o)}:`,...s.map(i=>`    ${i}`)]);return{file:e,language:"yaml",
text:["services:",...r,...n].join(`
`)}}function hn(e){return["environment:",...Object.entries(e).map(([t,n])=>`  ${t}: ${kW(n)}`)]}function Xt(e){return he(
e.split("$").join("$$"))}function kW(e){return/^\$\{\w+\}$/.test(e)?e:Xt(e)}function Wr(e){return/^[A-Za-z][\w.-]*$/.test(
e)?e:JSON.stringify(e)}function K(e,t){return{file:e,language:"yaml",text:t}}function ct(e,t){return{file:e,language:"ini",text:t}}function Ue(e){
return/\*{3,}/.test(e)}function Ds(e){return e===void 0?" It has to belong to the user that the runner runs as.":""}function Iu(e){
return{config:{file:".gitea/runner-check.yml",language:"yaml",text:`severity:
  ${e}: off`},kind:"workflow"}}function Us(e){var n;let t=(n=/([^/]+)\.service(?:\.d\/[^/]+)?$/.exec(e))==null?void 0:n[1];
return t&&/^[\w@.-]+$/.test(t)?t:"gitea-runner"}function Do(e){return e==="forgejo"?"forgejo-runner":"gitea-runner"}var Qe="\
Restart the runner while no job runs.",Nu="The runner exits at startup with `permission denied while trying to connect t\
o the Docker daemon socket`.";function qs(e){return["sudo systemctl daemon-reload",`sudo systemctl restart ${G(Us(e))}`]}
var Ws="sudo systemctl restart docker";function Cu(e){return e===""||e==="bridge"?"networks of their own":`the network ${y(e)}`}function Ca(e,t){return K(e,`co\
ntainer:
  network: ${he(t)}`)}var Lu=["environment:","  CONFIG_FILE: /config.yaml","configs:","  - source: runner-config","    t\
arget: /config.yaml"];function ju(e){return["configs:","  runner-config:","    content: |","      container:",`        n\
etwork: ${he(e)}`]}var dR="Looks at a runner in a container whose jobs run in containers next to it: can they connect to its cache server? \
A runner that shares the machine's network, or whose jobs join one of its networks, is fine.",Kh={"unreachable-from-jobs":{
level:"warn",title:"Job containers cannot connect to the runner's cache",headline:({service:e})=>A("Jobs cannot connect \
to the cache of ",e.name),why:"Docker keeps networks apart. Each `actions/cache` step waits for its timeout, continues w\
ithout a cache, and prints `getCacheEntry failed: connect ETIMEDOUT`.",expected:"jobs that join a network of the runner,\
 or an address of the machine with a published port",tell:e=>({what:bW(e),fix:vW(e)})}};function bW({service:e,host:t,network:n}){
let r=Cu(n);return t===""?`The runner in ${y(e.name)} tells jobs the address of its own container, and its jobs run in ${r}\
.`:`The cache of ${y(e.name)} is announced as ${y(t)}, and no published port leads there from jobs in ${r}.`}function vW({
service:e,configFile:t,join:n,system:r}){let o="Restart the runner while no job runs.";if(t!==void 0&&n!==void 0)return{
text:`Let jobs join the runner's network. They can then reach every service in it. ${o}`,config:Ca(t,n),kind:"runner"};let s=r===
"forgejo"?"`--config /config.yaml`":"`CONFIG_FILE`",i=`${e.name}-jobs`;if(t===void 0&&r==="gitea"){let a=[...e.networks.
keys()].map(Wr),l=e.networks.has("default");return{text:`Give the runner a network that its jobs join, and a configurati\
on that names it (${s}; Compose 2.23.1 or later). ${o}`,config:Re(e,[...Lu,`networks: [${[...a,"jobs"].join(", ")}]`],[...ju(
i),"networks:","  jobs:",`    name: ${Xt(i)}`,...l?["  default:"]:[]]),kind:"runner"}}return{text:`Write a configuration\
 (${s}) with \`cache.host\`, an address of the machine, and with a fixed port, and publish that port. ${o}`,config:Re(e,
["ports:",'  - "8088:8088"']),kind:"runner"}}var fR="Looks at the labels in the environment of the service: do they name images, and are they those of the runner's c\
onfiguration?";function xW(e){var n;let t=(n=/^ubuntu-(latest|\d\d\.\d\d)$/.exec(e))==null?void 0:n[1];return t===void 0?
"node:22-bookworm":`docker.gitea.com/runner-images:ubuntu-${t}`}var Vh=e=>ee(e.slice(0,5).map(y)),Fu={"no-image-named":{
level:"warn",title:"Labels of the service name no image",headline:({labels:e})=>A("The label ",e[0]??""," of the service\
 names no image"),why:"Such jobs run in the runner's own container, an Alpine Linux without Node.js: `actions/checkout` \
ends with `Cannot find: node in PATH`. This applies to Gitea's runner; Forgejo's runs such a label in Docker.",expected:"\
labels such as `ubuntu-latest:docker://IMAGE`, or `ubuntu-latest:host` if that is intended",tell:({service:e,variable:t,
labels:n,all:r})=>({what:`${y(t)} of ${y(e.name)} has ${n.length===1?"the label":"the labels"} ${Vh(n)} without an image\
.`,fix:{text:`Name the image that jobs of the label run in. A runner that is registered already takes new labels from th\
e variable in 2.1.0 and later. ${Qe}`,config:Re(e,hn({[t]:r.map(o=>n.includes(o)?`${o}:docker://${xW(o)}`:o).join(",")})),
kind:"runner"}})},"differ-from-config":{level:"warn",title:"The variable and the configuration have other labels",headline:({
variable:e})=>A("",e," and the configuration differ"),why:({wins:e})=>e==="yes"?"The variable wins, so the labels of the\
 configuration serve no job.":e==="no"?"The labels of the configuration win in this release; from 2.1.0 on, the variable\
 does. An upgrade alone changes which jobs the runner takes.":"Before 2.1.0 the labels of the configuration win, from 2.\
1.0 on the variable does. An upgrade alone changes which jobs the runner takes.",expected:"the labels in one place",tell:({
service:e,variable:t,here:n,inConfig:r,file:o})=>({what:`${y(t)} of ${y(e.name)} has ${Vh(n)}; \`runner.labels\` in ${y(
o)} has ${Vh(r)}.`,fix:{text:`Keep the labels in the configuration, and remove ${y(t)} from the service. If the labels o\
f the variable are the right ones, these are the lines. ${Qe}`,config:K(o,`runner:
  labels:
${n.map(s=>`    - ${JSON.stringify(s)}`).join(`
`)}`),kind:"runner"}})}};var pR={id:"compose/labels",title:"The labels of the service name images, and agree with the configuration",intro:fR,reasons:Fu,
find(e,t){let n=Pa(e,"labels");return n?[...SW(e,n),...RW(e,n,Rs(e,t))]:[]}};function Du(e){let t=Pa(e,"labels");if(t)return Mu(
t.text).map(r=>({text:r,place:t.place}));let{intended:n}=e;return n.kind!=="read"?[]:mR(e).map(({text:r,line:o,column:s})=>({
text:r,place:{file:n.file,line:o,column:s}}))}function Mu(e){return e.split(",").map(t=>t.trim()).filter(t=>t!=="")}function mR({
intended:e}){var n;let t=e.kind==="read"?(n=U(e.root,"runner","labels"))==null?void 0:n.value:void 0;return(t==null?void 0:
t.kind)==="list"?t.items.flatMap(r=>r.kind==="scalar"?[r]:[]):[]}var hR="GITEA_RUNNER_LABELS",$W=/^(?:ubuntu|debian|alpine|fedora|node|docker|linux[-_]?docker)(?:$|[-_:.\d])/i;
function SW(e,t){if(e.system==="forgejo")return[];let n=Mu(t.text).filter(o=>{let s=Ge(o,e.system);return!o.includes(":")&&
s.kind==="label"&&$W.test(o)});if(n.length===0)return[];let r={service:e.service,labels:n,all:Mu(t.text),variable:hR};return[
x(Fu,"no-image-named",r,_(t.place,n.slice(0,5).map(o=>`\`${o}\``).join(", ")))]}function RW(e,t,n){let r=mR(e).map(({text:c})=>c),
{intended:o,image:s}=e;if(r.length===0||o.kind!=="read"||s!=null&&s.name.startsWith("vegardit/"))return[];let i=Mu(t.text),
a=c=>c.map(u=>u.replace(/^([^:]*)$/,"$1:host")).sort();if(a(i).join()===a(r).join())return[];let l={service:e.service,variable:hR,
here:i,inConfig:r,file:o.file,wins:Ao(or("labels-of-environment"),n)};return[x(Fu,"differ-from-config",l,_(t.place,`${i.
length} labels, and ${r.length} in the configuration`))]}var gR={id:"compose/cache",title:"Job containers can connect to the runner's cache server",intro:dR,reasons:Kh,find(e){var l;
let{service:t,intended:n,project:r}=e;if(!e.image||e.idle||t.networkMode||qr(e).kind!=="machine")return[];if([...t.networks.
keys()].some(c=>{var u;return(((u=r.networks.get(c))==null?void 0:u.driver)??"bridge")!=="bridge"}))return[];if(!EW(e)||
TW(e))return[];let o=lt(e,["container","network"],"network");if(o===void 0||o==="host")return[];if(o!==""&&o!=="bridge")
return[];let s=lt(e,["cache","host"],"cache-host"),i=lt(e,["cache",e.system==="forgejo"?"proxy_port":"port"],"cache-port");
if(s===void 0||i===void 0)return[];if(s!==""&&AW(e,i)&&!r.services.some(c=>Na(c,s)))return[];let a={service:t,system:e.system,
host:s,network:o,configFile:n.kind==="read"?n.file:void 0,join:(l=r.networks.get([...t.networks.keys()][0]??""))!=null&&
l.external?void 0:Pu(e)[0]};return[x(Kh,"unreachable-from-jobs",a,_(t.place,s===""?"the address of the container":`\`${s}\
\``))]}};function EW(e){let t=lt(e,["cache","enabled"],"cache-enabled"),n=lt(e,["cache","external_server"],"cache-extern\
al"),r=lt(e,["cache","actions_cache_url_override"]);return t!==void 0&&!/^(?:false|no|off|n)$/i.test(t)&&n===""&&(r??"")===
""}function TW(e){let t=Du(e).map(({text:n})=>Ge(n,e.system));return t.length>0&&t.every(n=>n.kind==="label"&&n.label.kind===
"host")}function AW({service:e},t){return t===""||t==="0"?!1:e.ports.some(({text:n,unset:r})=>{var i;if(r.length>0)return!0;
let[o="",s]=((i=n.split("/")[0])==null?void 0:i.split(":").reverse())??[];return o===t&&s===t&&!/^(?:127\.|localhost|\[?::1)/.
test(n)})}function wR(e){let t={...e};for(let[r,o]of Object.entries(e))Array.isArray(o)?t[r]=o.map(s=>yR(s)):r==="command"||r==="e\
ntrypoint"?t[r]=PW(o):IW(o)&&(t[r]=yR(o));let n=[...e.environment].map(([r,o])=>[r,OW(r,o)]);return{...t,environment:new Map(
n)}}function Gs(e){return Se(e)?!1:!Oa(e)||/_LABELS?$|_INSTANCE(?:_URL)?$|^INSTANCE_URL$/.test(e)||/^DOCKER_(?:HOST|TLS_CERTDIR|TLS_VERIFY|CERT_PATH|CONTEXT)$/.
test(e)?!0:Object.values(nm).some(({variables:t})=>{var r;let n=(r=D(t,e))==null?void 0:r.role;return n!==void 0&&n!=="t\
oken"&&n!=="secret"})}function OW(e,t){let{text:n}=t;return{...t,literal:t.literal&&!_W(n),text:Gs(e)?Ve(n):Ie(n)}}function _W(e){
return!/^[A-Za-z0-9_-]{20,}$/.test(e)||!/\d/.test(e)||!/[A-Za-z]/.test(e)?!0:/^[A-Za-z0-9]{40}$/.test(e)?new Set(e).size<
8:/your|change|example|replace|token|placeholder|todo|here|secret|fill|insert/i.test(e)}function PW(e){let t=e.words.map(
(n,r)=>Au(e.words[r-1]??"")&&!n.startsWith("-")?Ie(n):Fo(jo(Ve(n))));return{...e,words:t}}function IW(e){return typeof e==
"object"&&e!==null&&"text"in e}function yR(e){if(typeof e=="string")return Ve(e);if(typeof e!="object"||e===null)return e;
let t=Object.entries(e).map(([n,r])=>[n,typeof r=="string"?Ve(r):r]);return Object.fromEntries(t)}var bR="Looks at what the service hands to the runner, and whether the image reads that. Gitea's image reads a fixed set\
 of variables and drops a command; Forgejo's image needs a command and reads no variables of its own.",Uu="Start the ser\
vice again while no job runs.",Uo={"not-used":{level:"fail",title:"The runner does not read its configuration",headline:({
path:e,named:t,service:n})=>t===void 0?A("The runner does not read ",e??""):A("The configuration of ",n.name," is not mo\
unted"),why:({named:e})=>e===void 0?"Every setting of the file is ignored: labels, capacity, the cache, the network. The\
 runner reports nothing.":"The runner exits at startup with `open config file: no such file or directory`.",expected:({variable:e,
flag:t})=>e===void 0?`\`${t}\` with the path in the container`:`\`${e}\` with the path in the container`,tell:({service:e,
path:t,named:n,variable:r,flag:o,command:s})=>({what:n===void 0?`${y(e.name)} mounts a configuration at ${y(t??"")}, and\
 nothing tells the runner: ${r===void 0?`its command has no \`${o}\``:`\`${r}\` is not set`}.`:`${y(e.name)} names the c\
onfiguration ${y(n)}, and nothing is mounted there${t===void 0?"":`; one is at ${y(t)}`}.`,fix:t===void 0?{text:`Mount t\
he configuration at that path. ${Uu}`,config:Re(e,["volumes:",`  - ${Xt(`./config.yaml:${n??""}:ro`)}`]),kind:"runner"}:
{text:`Name the path that the file has in the container. ${Uu}`,config:r===void 0?Re(e,[`command: ${kR(s,t)}`]):Re(e,hn(
{[r]:t})),kind:"runner"}})},"ignored-command":{level:"warn",title:"The image ignores the command of the service",headline:({
service:e})=>A("The image ignores the command of ",e.name),why:"The entrypoint of Gitea's image registers the runner and\
 starts the daemon by itself. It passes no arguments on.",expected:"no `command`; variables such as `CONFIG_FILE`",tell:({
service:e,command:t,config:n,variable:r})=>({what:`${y(e.name)} has the command ${y(t.slice(0,200))}, which the image dr\
ops.`,fix:n===void 0?{text:"Remove `command` from the service.",kind:"runner"}:{text:`Remove \`command\` from the service,\
 and name the configuration by the variable. ${Uu}`,config:Re(e,hn({[r]:n})),kind:"runner"}})},"unread-variable":{level:"\
warn",title:"The image reads no such variable",headline:({names:e})=>A("The image does not read ",e.join(", ")),why:({since:e})=>e===
void 0?"The value has no effect, and the runner reports nothing.":`Releases from ${e} on ignore it, so the runner falls \
back to its default.`,expected:"variables that the entrypoint of the image reads",tell:({service:e,names:t,meant:n,instead:r,
since:o,value:s})=>({what:`${y(e.name)} sets ${ee(t.map(y))}, which ${o===void 0?"the image does not know":`the runner r\
ead before ${o} only`}.`,fix:n!==void 0?{text:`Rename it to ${y(n)}. ${Uu}`,...s!==void 0&&{config:Re(e,hn({[n]:s}))},kind:"\
runner"}:r!==void 0?{text:`Remove it, and set ${y(r)} in the runner's configuration.`,kind:"runner"}:{text:`Remove ${t.length===
1?"it":"them"}. Such settings belong in the runner's configuration.`,kind:"runner"}})},"no-command":{level:"fail",title:"\
Forgejo's image starts no runner without a command",headline:({service:e})=>A("The command of ",e.name," starts no runne\
r"),why:({service:e})=>e.command&&!e.command.empty&&!/forgejo-runner$/.test(e.command.words[0]??"")?"The image has no en\
trypoint, so the first word has to be a program: `exec: executable file not found in $PATH`.":"Without a command the ima\
ge prints the runner's help and exits; with a restart policy it does so forever.",expected:"`command: forgejo-runner dae\
mon`, with `--config` if there is a configuration",tell:({service:e,config:t})=>({what:`${y(e.name)} has the image of Fo\
rgejo's runner and ${e.command?`the command ${y(e.command.words.join(" "))}`:"no command"}.`,fix:{text:"Start the daemon\
.",config:Re(e,[`command: ${t===void 0?"forgejo-runner daemon":kR(["forgejo-runner","daemon"],t)}`]),kind:"runner"}})}};
function kR(e,t){let n=e.findIndex(o=>o==="daemon"||o==="one-job"),r=o=>JSON.stringify(o.split("$").join("$$"));return n<
0?`[${["forgejo-runner","daemon","--config",t].map(r).join(", ")}]`:`[${[...e.slice(0,n+1),"--config",t,...e.slice(n+1)].
map(r).join(", ")}]`}var vR={id:"compose/config",title:"The image reads the configuration, command and variables of the service",intro:bR,reasons:Uo,
find(e,t){return[...NW(e),...CW(e),...LW(e),...FW(e,Rs(e,t))]}};function NW(e){var p,g,m;let{service:t,image:n,config:r,
configMounts:o,system:s}=e;if(!n||e.idle)return[];let{variable:i,flag:a}=n.image.config,[l]=o;if(r.kind==="none"&&l){let h={
service:t,system:s,path:l.path,variable:i,flag:a,command:((p=t.command)==null?void 0:p.words)??[]},w=i===void 0?`no \`${a}\
\``:`no \`${i}\``;return[x(Uo,"not-used",h,_(l.mount.place,w))]}if(!(r.kind==="unread"&&!r.mounted&&r.path!==""&&!t.build)||
r.kind!=="unread")return[];let u=i===void 0?void 0:t.environment.get(i),d=(u==null?void 0:u.place)??((g=t.command)==null?
void 0:g.place)??t.place,f={service:t,system:s,path:l==null?void 0:l.path,named:r.path,variable:i,flag:a,command:((m=t.command)==
null?void 0:m.words)??[]};return[x(Uo,"not-used",f,_(d,`\`${r.path}\``))]}function CW({service:e,image:t}){var a;let{command:n}=e;
if((t==null?void 0:t.image.command)!=="ignored"||!n||n.empty||e.entrypoint)return[];let r=n.words.join(" "),o=(a=/(?:^|\s)(?:--config|-c)(?:\s+|=)(\S+)/.
exec(r))==null?void 0:a[1],s=t.image.config.variable??"",i={service:e,command:r,config:e.environment.get(s)?void 0:o,variable:s};
return[x(Uo,"ignored-command",i,_(n.place,`\`${r.slice(0,80)}\``))]}function LW({service:e,idle:t,configMounts:n}){var i;
if(!t)return[];let{command:r}=e,o=r&&!r.empty,s={service:e,config:(i=n[0])==null?void 0:i.path};return[x(Uo,"no-command",
s,_((r==null?void 0:r.place)??e.place,o?"no `daemon`":"no `command`"))]}var jW=/^(?:(?:GITEA|FORGEJO|ACT)_(?:ACT_)?RUNNER_|(?:GITEA|FORGEJO)_(?:INSTANCE|URL|TOKEN|SERVER)|RUNNER_(?:NAME|TOKEN|LABELS?|URL|CONFIG)|(?:GITEA_)?CONFIG(?:_FILE|_PATH)?$|INSTANCE_URL$)/;
function FW({service:e,image:t},n){if(!t||t.image.command!=="ignored"&&Ft(e).includes("$"))return[];if(t.image.command===
"replaces"&&e.command)return[];let r=[...e.environment].flatMap(([a,{place:l}])=>{let c=D(t.image.variables,a);if((c==null?
void 0:c.before)!==void 0&&UW(n,c.before))return[{place:l,seen:{service:e,names:[a],meant:void 0,instead:c.instead,since:c.
before,value:void 0}}];if(!jW.test(a)||X0(t.image,a)||Ft(e).includes(a))return[];let u=DW(a,t.image,e.environment),d=e.environment.
get(a),p=u!==void 0&&(d==null?void 0:d.unset.length)===0&&Gs(a)?d.text:void 0;return[{place:l,seen:{service:e,names:[a],
meant:u,instead:void 0,since:void 0,value:p}}]}),[o]=r;return(t.image.command==="required"&&o&&r.every(({seen:a})=>a.meant===
void 0)?[{...o,seen:{...o.seen,names:r.flatMap(({seen:a})=>a.names)}}]:r).map(({place:a,seen:l})=>x(Uo,"unread-variable",
l,_(a,l.names.map(c=>`\`${c}\``).join(", "))))}var MW={GITEA_RUNNER_TOKEN:"GITEA_RUNNER_REGISTRATION_TOKEN",GITEA_TOKEN:"\
GITEA_RUNNER_REGISTRATION_TOKEN",RUNNER_TOKEN:"GITEA_RUNNER_REGISTRATION_TOKEN",GITEA_RUNNER_CONFIG:"CONFIG_FILE",GITEA_RUNNER_CONFIG_FILE:"\
CONFIG_FILE",GITEA_CONFIG_FILE:"CONFIG_FILE",CONFIG_PATH:"CONFIG_FILE",CONFIG:"CONFIG_FILE",GITEA_URL:"GITEA_INSTANCE_UR\
L",GITEA_SERVER_URL:"GITEA_INSTANCE_URL",INSTANCE_URL:"GITEA_INSTANCE_URL",RUNNER_NAME:"GITEA_RUNNER_NAME",RUNNER_LABELS:"\
GITEA_RUNNER_LABELS"};function DW(e,t,n){let r=Object.entries(t.variables).flatMap(([s,{before:i}])=>i===void 0?[s]:[]),
o=D(MW,e)??xe(e,r);return o!==void 0&&r.includes(o)&&!n.has(o)?o:void 0}function UW(e,t){let n=e===void 0?void 0:ce(e),r=ce(
t);return n!==void 0&&r!==void 0&&pt(n,r)>=0}var xR="Looks at how the service comes to a Docker daemon: may its user open the mounted socket, does a daemon in anothe\
r service agree on TLS, and is it awaited?",ja={"socket-without-group":{level:"fail",title:"The service's user may not o\
pen the Docker socket",headline:({user:e})=>A("The user ",e," may not open the Docker socket"),why:Nu,expected:"a user i\
n the group of the socket, by `group_add`",tell:({service:e,user:t,source:n})=>({what:`${y(e.name)} runs as ${y(t)} and \
mounts ${y(n)}, which belongs to root and its group.`,fix:{text:"Add the socket's group by its number, which the command\
 writes to `.env`. Then start the service again.",commands:['echo "DOCKER_GID=$(stat -c %g /var/run/docker.sock)" >> .en\
v'],config:Re(e,["group_add:",'  - "${DOCKER_GID}"']),kind:"runner"}})},"tls-mismatch":{level:"fail",title:"The runner a\
nd its Docker daemon do not agree on TLS",headline:({daemon:e})=>A("The runner and ",e.name," do not agree on TLS"),why:"\
The runner cannot connect to the daemon and exits at startup: `cannot ping the docker daemon`.",expected:"TLS with share\
d certificates on port 2376, or no TLS on port 2375",tell:({service:e,daemon:t,mismatch:n,host:r,port:o})=>({what:qW[n](
e,t,r,o),fix:{text:"Let both use TLS with certificates in a shared volume, and start both services again while no job ru\
ns.",config:Bh(e.place.file,[[t.name,[...r==="docker"?[]:[`hostname: ${Xt(r)}`],"environment:","  DOCKER_TLS_CERTDIR: /c\
erts","volumes:","  - docker-certs:/certs"]],[e.name,["environment:",`  DOCKER_HOST: ${Xt(`tcp://${r}:2376`)}`,"  DOCKER\
_CERT_PATH: /certs/client",'  DOCKER_TLS_VERIFY: "1"',"volumes:","  - docker-certs:/certs:ro"]]],["volumes:","  docker-c\
erts:"]),kind:"runner"}})},"not-waiting":{level:"warn",title:"The runner does not wait for its Docker daemon",headline:({
daemon:e})=>A("The runner does not wait for ",e.name),why:"A daemon needs some seconds to start. A runner that asks earl\
ier exits with `cannot ping the docker daemon`, and nothing starts it again until the daemon answers.",expected:"`depend\
s_on` with `condition: service_healthy`, and a `healthcheck` of the daemon",tell:({service:e,daemon:t})=>({what:`${y(e.name)}\
 starts without waiting until the daemon in ${y(t.name)} answers.`,fix:{text:"Give the daemon a health check, and let th\
e runner wait for it.",config:Bh(e.place.file,[[t.name,["healthcheck:",'  test: ["CMD", "docker", "info"]',"  interval: \
5s","  retries: 12"]],[e.name,["depends_on:",`  ${Wr(t.name)}:`,"    condition: service_healthy"]]]),kind:"runner"}}),more:"\
With `restart: always`, `unless-stopped` or `on-failure`, Docker starts the runner again until the daemon answers, and n\
othing is reported."}},qW={"plain-client":(e,t,n,r)=>`The daemon in ${y(t.name)} listens with TLS on port 2376, and ${y(
e.name)} asks ${y(`tcp://${n}:${r}`)}.`,"tls-client":(e,t,n,r)=>`The daemon in ${y(t.name)} listens without TLS, and ${y(
e.name)} asks ${y(`tcp://${n}:${r}`)} with TLS.`,"no-certificates":(e,t)=>`The daemon in ${y(t.name)} wants TLS, and ${y(
e.name)} has no \`DOCKER_CERT_PATH\`.`,"certificates-not-shared":(e,t)=>`The certificates that ${y(t.name)} makes are in\
 no volume that ${y(e.name)} mounts at its \`DOCKER_CERT_PATH\`.`,"other-name":(e,t,n)=>`The certificate of ${y(t.name)}\
 is made for \`docker\` and \`localhost\`, and ${y(e.name)} asks ${y(n)}.`};var $R={id:"compose/docker",title:"The service can use the Docker daemon that it is given",intro:xR,reasons:ja,find(e){return[
...WW(e),...GW(e)]}};function WW(e){let{image:t,service:n}=e,r=Ia(e),o=n.user??(t&&{text:t.image.user,unset:[],place:n.place});
if(!r||r.unset.length>0||!o||o.unset.length>0||(t==null?void 0:t.image.user)==="adapts")return[];if(t&&t.variant!=="basi\
c")return[];let[s="",i]=o.text.split(":");if(/^(?:root|0+)$/.test(s)||s===""||n.groups.length>0)return[];if(i!==void 0&&
i!==s)return[];let a=n.environment.get("DOCKER_HOST");if(a&&!/^(?:unix:|$)/.test(a.text))return[];if(!t)return[];let l={
service:n,user:o.text,source:r.source||"/var/run/docker.sock"};return[x(ja,"socket-without-group",l,_(r.place,`user \`${o.
text}\`, no \`group_add\``))]}function GW(e){let t=qr(e);if(t.kind!=="service"||!HW(t.service))return[];let n=VW(e,t.service,
t.host,t.port),{service:r}=e,o=r.environment.get("DOCKER_HOST"),s=(o==null?void 0:o.place)??r.place,i=[];if(n){let a={service:r,
daemon:t.service,mismatch:n,host:t.host,port:t.port};i.push(x(ja,"tls-mismatch",a,_(s,n)))}if(!BW(e,t.service)){let a={service:r,
daemon:t.service},l=r.dependsOn.find(c=>c.service===t.service.name);i.push(x(ja,"not-waiting",a,_((l==null?void 0:l.place)??
r.place,l?`\`${l.condition}\``:"no `depends_on`")))}return i}function HW({image:e}){return/(?:^|\/)docker:[\w.-]*dind/.test(
(e==null?void 0:e.text)??"")&&(e==null?void 0:e.unset.length)===0}function BW(e,t){let{service:n}=e;if(KW(n))return!0;let r=Ft(
n);if(/\b(?:while|until|sleep|wait|for)\b/.test(r))return!0;let o=lt(e,["container","docker_timeout"]);return o===void 0||
o!==""&&!/^0+[a-z]*$/.test(o)?!0:n.dependsOn.some(({service:s,condition:i})=>s===t.name&&i==="service_healthy")}function KW({
restart:e,restartPolicy:t}){if(t||e&&e.unset.length>0)return!0;let[n,r]=((e==null?void 0:e.text)??"no").split(":");return n===
"on-failure"?r===void 0||Number(r)===0||Number(r)>=9:n==="always"||n==="unless-stopped"}function VW(e,t,n,r){var k;let{service:o}=e,
s=[o,t].some(({openEnvironment:b})=>b),i=t.environment.get("DOCKER_TLS_CERTDIR"),a=o.environment.get("DOCKER_CERT_PATH"),
l=o.environment.get("DOCKER_TLS_VERIFY");if(s||[i,a,l].some(b=>b&&b.unset.length>0))return;let c=zW(t,i===void 0||i.filled);
if(c===void 0)return;let u=(a==null?void 0:a.filled)===!0,d=r===""?"2375":r;if(!c.has(d))return d==="2375"||d==="2376"?c.
has("2376")?"plain-client":"tls-client":void 0;let f=c.get(d)===!0;if(f&&!u)return"no-certificates";if(!f&&u)return"tls-\
client";if(!f)return;let p=(i==null?void 0:i.text)||"/certs",g=Ms(t,`${p}/client`),m=Ms(o,(a==null?void 0:a.text)??"");if(!g||
!m||g.source!==m.source||g.source==="")return"certificates-not-shared";let h=["docker","localhost",(k=t.hostname)==null?
void 0:k.text],w=t.environment.get("DOCKER_TLS_SAN");return l!=null&&l.filled&&!h.includes(n)&&!w?"other-name":void 0}function zW({
command:e,entrypoint:t},n){if(t)return;let r=(e==null?void 0:e.words.join(" "))??"";if(r==="")return new Map(n?[["2376",
!0]]:[["2375",!1]]);if(/--tls(?:verify|=true|cacert)|\$/.test(r))return;let o=[...r.matchAll(/tcp:\/\/[^\s:]*:(\d+)/g)].
map(s=>s[1]??"");if(o.length>0)return new Map(o.map(s=>[s,!1]))}var SR="Looks at the address of the forge that the service gets: can the runner's container connect to it, and the conta\
iners of its jobs, which are in networks of their own?",qu={"unreachable-from-jobs":{level:"fail",title:"Job containers \
cannot resolve the name of the forge",headline:({host:e})=>A("Job containers cannot resolve ",e),why:"The runner passes \
the address on to its jobs. `actions/checkout` fails with `Could not resolve host`, and artifacts with `getaddrinfo ENOT\
FOUND`.",expected:"an address that every container of the machine can resolve, or jobs in the forge's network",tell:e=>({
what:`${y(e.variable)} of ${y(e.service.name)} is ${y(e.url)}. Only containers of the file's networks resolve ${y(e.host)}\
, and jobs run in ${Cu(e.network)}.`,fix:{...JW(e),otherwise:{text:"Give the runner the address that people use in their\
 browsers, and register it again: the address is kept in `.runner`.",kind:"runner"}}})},localhost:{level:"fail",title:"T\
he runner looks for the forge in its own container",headline:({url:e})=>A("",e," is the runner's own container"),why:"In\
 a container, `localhost` is the container itself. The runner cannot register: `Cannot ping the Gitea instance server`, \
`connection refused`.",expected:"an address of the forge that other containers can connect to",tell:({service:e,url:t,variable:n,
forge:r,port:o})=>{let s=/^[A-Z_]+$/.test(n);return{what:`${y(n)} of ${y(e.name)} is ${y(t)}, which is the runner's own \
container.`,fix:{text:"Give the runner the address that people use in their browsers, so that jobs can use it as well.",
...r!==void 0&&s&&{otherwise:{text:"In the network of this file, the name of the forge's service works for the runner. I\
ts jobs have to join that network.",config:Re(e,hn({[n]:`http://${r}:${o}`})),kind:"runner"}},kind:"runner"}}}}};function JW({
service:e,system:t,join:n,configFile:r}){let o="Restart the runner while no job runs.";return n===void 0?{text:"Let jobs\
 join a network of the forge: `container.network` of the configuration names it.",kind:"runner"}:r!==void 0?{text:`Let j\
obs join the forge's network. They can then reach every service in it. ${o}`,config:Ca(r,n),kind:"runner"}:t==="forgejo"?
{text:`Let jobs join the forge's network: start the runner with \`--config\`, and write this configuration. ${o}`,config:Ca(
"config.yaml",n),kind:"runner"}:{text:`Let jobs join the forge's network (Compose 2.23.1 or later). They can then reach \
every service in it. ${o}`,config:Re(e,Lu,ju(n)),kind:"runner"}}var RR={id:"compose/instance",title:"The runner and its jobs can connect to the address of the forge",intro:SR,reasons:qu,
find(e){if(e.idle)return[];let t=lt(e,["container","network"],"network"),[n]=XW(e).flatMap(r=>{let o=QW(r.text);return o===
void 0?[]:YW(e,{...r,host:o},t)});return n?[n]:[]}};function YW(e,t,n){let{service:r,project:o}=e,{host:s,text:i,place:a,
written:l}=t,c=r.networkMode;if(tG(s)){if(c&&(c.text!=="host"||n===void 0||n==="host"))return[];let h=o.services.find(({
image:k})=>nG((k==null?void 0:k.text)??"")),w={service:r,url:i,variable:l,forge:h==null?void 0:h.name,port:eG(i)};return[
x(qu,"localhost",w,_(a,`\`${s}\``))]}if(c||n===void 0||qr(e).kind!=="machine")return[];let u=o.services.find(h=>h.name!==
r.name&&Na(h,s)),d=!u&&ZW(e,s);if(!u&&!d||r.extraHosts.some(h=>h.text.startsWith(s)))return[];if(!["","bridge","host"].includes(
n))return[];let f=lt(e,["container","options"]);if(f===void 0||new RegExp(`add-host[= ]+["']?${rG(s)}[:=]`).test(f))return[];
let p=new Map([...(u==null?void 0:u.networks)??[]].filter(([h])=>r.networks.has(h))),[g]=Pu({...e,service:{...r,networks:p}}),
m={service:r,system:e.system,url:i,host:s,variable:l,network:n,join:g,configFile:e.intended.kind==="read"?e.intended.file:
void 0};return[x(qu,"unreachable-from-jobs",m,_(a,`\`${s}\``))]}function ZW({service:e,project:t},n){return/^(?:gitea|forgejo)[\w-]*$/i.
test(n)&&[...e.networks.keys()].some(r=>{var o;return(o=t.networks.get(r))==null?void 0:o.external})}function XW(e){var a,
l,c;let t=Pa(e,"instance"),n=t?[{text:t.text,place:t.place,written:"GITEA_INSTANCE_URL"}]:[],{service:r,intended:o,project:s}=e;
for(let u of e.system==="forgejo"?s.services:[r]){let d=(a=/\s--(?:instance|url)[\s=]+["']?([^\s"';]+)/.exec(Ft(u)))==null?
void 0:a[1];d!==void 0&&u.command&&n.push({text:d,place:u.command.place,written:"--instance"})}let i=o.kind==="read"?(l=
U(o.root,"server","connections"))==null?void 0:l.value:void 0;for(let{value:u}of(i==null?void 0:i.kind)==="map"?i.entries:
[]){let d=(c=U(u,"url"))==null?void 0:c.value;if(o.kind==="read"&&(d==null?void 0:d.kind)==="scalar"){let f={file:o.file,
line:d.line,column:d.column};n.push({text:d.text,place:f,written:"url"})}}return n}function QW(e){var t;return(t=/^https?:\/\/(?:[^/@\s]*@)?(\[[0-9a-f:]+\]|[\w.-]+)(?::\d+)?(?:\/|$)/i.
exec(e.trim()))==null?void 0:t[1]}function eG(e){var t;return((t=/^https?:\/\/[^/]*?:(\d+)(?:\/|$)/.exec(e.trim()))==null?
void 0:t[1])??"3000"}function tG(e){return/^(?:localhost|(?:.+\.)?localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/i.test(
e)}function nG(e){return/(?:^|\/)(?:gitea\/gitea|gitea|forgejo\/forgejo|forgejo)(?:[:@]|$)/.test(e)}function rG(e){return e.
replace(/[.*+?^${}()|[\]\\]/g,"\\$&")}var TR="Looks at how the service is run: whether its registration outlives the container, what restarts it, whether its \
token is in the file, and which release its image is.",ER=e=>e==="basic"?"":`-${e}`,zh="Start the service again while no\
 job runs.",Gr={"nothing-kept":{level:"warn",title:"The registration is lost with the container",headline:({service:e})=>A(
"The registration of ",e.name," is lost with it"),why:"After `docker compose down` the runner registers again: the old o\
ne stays in the forge as offline, and a token for one runner is used up.",expected:"a volume or a directory of the machi\
ne for the registration",tell:({service:e,folder:t,path:n,volume:r})=>({what:`${y(e.name)} keeps its registration in ${y(
n)}, and nothing is mounted there.`,fix:{text:`Keep ${y(t)} in a volume. The runner registers once more, so it needs a v\
alid token for that. ${zh}`,config:Re(e,["volumes:",`  - ${Xt(`${r}:${t}`)}`],["volumes:",`  ${Wr(r)}:`]),kind:"runner"}})},
"no-restart":{level:"warn",title:"Nothing starts the runner's service again",headline:({service:e})=>A("Nothing starts ",
e.name," again"),why:"After a restart of the machine or of Docker, and after an error, the runner stays offline and jobs\
 wait.",expected:"`restart: always` or `restart: unless-stopped`",tell:({service:e})=>({what:`${y(e.name)} has no restar\
t policy.`,fix:{text:"Let Docker start it again. `docker compose up -d` recreates the service, so do that while no job r\
uns.",config:Re(e,["restart: unless-stopped"]),kind:"runner"}})},"token-in-file":{level:"warn",title:"The compose file h\
as a token in it",headline:({written:e})=>A("The compose file has a token in ",e),why:"Compose files are committed and c\
opied. With the token, anyone can register a runner that receives jobs and their secrets.",expected:"a variable that Com\
pose takes from `.env`, or a file",tell:({service:e,written:t,knowsFile:n})=>({what:`${y(t)} of ${y(e.name)} is written \
out in the file.`,fix:t.startsWith("-")?{text:"Write `${RUNNER_TOKEN}` there, and set `RUNNER_TOKEN` in `.env` next to t\
he file, which is not committed. Reset the token in the forge if the file was.",kind:"runner"}:{text:"Move the token to \
`.env` next to the file, which is not committed. Reset the token in the forge if the file was.",config:Re(e,hn({[t]:`\${${t}\
}`})),kind:"runner",...n&&{otherwise:{text:"Keep it in a file of its own, as a secret of Compose, and remove the variabl\
e.",config:Re(e,[...hn({[`${t}_FILE`]:"/run/secrets/runner-token"}),"secrets: [runner-token]"],["secrets:","  runner-tok\
en:","    file: ./runner-token"]),kind:"runner"}}}})},"renamed-image":{level:"warn",title:"The runner's image has anothe\
r name now",headline:({image:e})=>A("The image ",e," has a new name"),why:({since:e})=>`Releases from ${e} on are publis\
hed under the new name only, so this image gets no fixes.`,expected:({to:e})=>`the image \`${e}\``,tell:({service:e,image:t,
to:n,variant:r})=>({what:`${y(e.name)} uses ${y(t)}; the runner is published as ${y(n)}.`,fix:{text:"Use the new name wi\
th the tag of a release. Configuration, variables and the registration stay as they are; read the release notes first. T\
he runner restarts, so do it while no job runs.",config:Re(e,[`image: ${Xt(`${n}:${jr}${ER(r)}`)}`]),kind:"runner"}})},"\
floating-tag":{level:"warn",title:"The runner's image names no release",headline:({image:e})=>A("The runner's image ",e,
" names no release"),why:"The next pull may bring another generation of the runner, which reads its options and labels d\
ifferently.",expected:"the tag of a release, or a digest",tell:({service:e,image:t,name:n,renamed:r,system:o,variant:s,vegardit:i})=>({
what:`${y(e.name)} uses ${y(t)}, whose content changes with every release.`,fix:o==="gitea"&&!i?{text:`Name a release. ${zh}`,
config:Re(e,[`image: ${Xt(`${r??n}:${jr}${ER(s)}`)}`]),kind:"runner"}:{text:`Name a release, or append today's digest to\
 the image: \`image@sha256:digest\`. The command prints it. ${zh}`,commands:[`docker buildx imagetools inspect --format \
'{{.Manifest.Digest}}' ${G(t)}`],kind:"runner"}})}};var AR={id:"compose/service",title:"The service keeps its registration, restarts, and names a release",intro:TR,reasons:Gr,
find(e,t){return[...oG(e),...iG(e),...aG(e,Rs(e,t)),...cG(e),...uG(e)]}};function OR({service:e}){let t=n=>{let r=e.environment.
get(n);return r!==void 0&&!/^(?:false|0|)$/i.test(r.text)};return t("GITEA_RUNNER_EPHEMERAL")||t("GITEA_RUNNER_ONCE")||/\bone-job\b|--ephemeral|--once/.
test(Ft(e))}function oG(e){var g,m;let{service:t,image:n,config:r,project:o}=e;if(!n||OR(e)||o.missing.length>0)return[];
if(/--token-url|--uuid/.test(Ft(t)))return[];if(r.kind==="unread"||r.kind==="read"&&U(r.root,"server","connections"))return[];
let s=n.image.data,i=(g=_a(e,"state"))==null?void 0:g.variable;if(i&&i.unset.length>0)return[];let a=r.kind==="read"?(m=
B(r.root,"runner","file"))==null?void 0:m.text:void 0,l=(i==null?void 0:i.text)||a||".runner",c=l.startsWith("/")?l:`${s}\
/${l}`,u=Ms(t,c);if(u?u.source!=="":t.mounts.some(({unset:h})=>h.length>0))return[];let d=c.slice(0,c.lastIndexOf("/")),
f=o.volumes.has("runner-data")||o.services.some(h=>h!==t&&sG(h,t)),p={service:t,folder:d,path:c,volume:f?`${t.name}-data`:
"runner-data"};return[x(Gr,"nothing-kept",p,_(t.place,`nothing mounted at \`${d}\``))]}function sG(e,t){let n=({image:r})=>{
var o;return r&&((o=Ec(r.text))==null?void 0:o.name)};return n(e)!==void 0&&n(e)===n(t)}function iG(e){let{service:t}=e,
{restart:n}=t;return OR(e)||t.restartPolicy||n&&n.unset.length>0?[]:n&&!/^(?:no|false|)$/i.test(n.text)?[]:/\b(?:while|until)\b/.
test(Ft(t))?[]:[x(Gr,"no-restart",{service:t},_((n==null?void 0:n.place)??t.place,n?"`no`":"no `restart`"))]}function aG(e,t){
var i,a;let{service:n,image:r}=e,o=_a(e,"token");if((i=o==null?void 0:o.variable)!=null&&i.literal&&o.variable.filled){let l=r!==
void 0&&`${o.name}_FILE`in r.image.variables&&lG(t,"0.2.6"),c={service:n,written:o.name,knowsFile:l};return[x(Gr,"token-\
in-file",c,_(o.variable.place,"a token"))]}let s=(a=/(--(?:token|secret))[\s=]+["']?\*{20,}/.exec(Ft(n)))==null?void 0:a[1];
return s===void 0||!n.command||n.command.unset.length>0?[]:[x(Gr,"token-in-file",{service:n,written:s,knowsFile:!1},_(n.
command.place,"a token"))]}function lG(e,t){let n=e===void 0?void 0:ce(e),r=ce(t);return!n||!r||pt(n,r)>=0}function cG({
service:e,image:t}){let{renamed:n}=(t==null?void 0:t.image)??{};if(!t||!n||t.name!==n.from||!e.image)return[];let r={service:e,
image:e.image.text,to:t.registry+n.to,since:n.since,variant:t.variant};return[x(Gr,"renamed-image",r,_(e.image.place,`\`${e.
image.text}\``))]}function uG({service:e,image:t}){var i;if(!t||!e.image||e.image.unset.length>0)return[];let{text:n}=e.
image,r=dG(e);if(n.includes("@")||r!==void 0&&!/(?:^|-)(?:latest|nightly)(?:-|$)/.test(r)&&!/^dind(?:-rootless)?$/.test(
r))return[];let o=n.split(":").slice(0,r===void 0?void 0:-1).join(":"),s={service:e,image:n,name:o,renamed:((i=t.image.renamed)==
null?void 0:i.from)===t.name?t.registry+t.image.renamed.to:void 0,system:t.image.system,variant:t.variant,vegardit:t.image.
command==="replaces"};return[x(Gr,"floating-tag",s,_(e.image.place,r===void 0?"no tag":`\`${r}\``))]}function dG({image:e}){
var t;return(t=/:([\w.-]+)$/.exec(((e==null?void 0:e.text)??"").split("@")[0]??""))==null?void 0:t[1]}var Wu=[gR,vR,pR,RR,$R,AR];var _R=[...Wu,...Sc];function fG({place:e,found:t,allowed:n}){return`${e}: found ${PR(t)}; allowed: ${n}`}function PR(e){return e.replace(/(:\/\/[^\s?"'`]*\?)[^\s"'`]+/g,
"$1\u2026")}function cr(e){return`\`${(e.length>200?`${e.slice(0,200)}\u2026`:e).replace(/\s+/g," ")}\``}var Hs=class extends Error{mistakes;name="\
ConfigurationError";constructor(t){super(t.map(fG).join(`
`)),this.mistakes=t}};function Jh(e,t,n){return n.skip.some(r=>an(r,e))?!0:Object.entries(n.severity).some(([r,o])=>o==="off"&&po(r,e,t))}var IR=["docker","rust","git","gpu"],tse=`off, all, or a list of ${IR.join(", ")}`;var NR={$schema:"./docker-cli-releases.schema.json",releases:[{from:"29.7",upTo:"29.7",newestApi:"1.55",oldestEngineApi:"\
1.40",examples:{"29.7.2":"1.55","29.8.0":"1.55 or newer","31.0.0":"1.55 or newer"}},{from:"29.3",upTo:"29.5",newestApi:"\
1.54",oldestEngineApi:"1.40",examples:{"29.3.0":"1.54","29.5.1":"1.54","29.6.0":"1.54 or newer"}},{from:"29.2",newestApi:"\
1.53",oldestEngineApi:"1.44",examples:{"29.2.0":"1.53"}},{from:"29.0",newestApi:"1.52",oldestEngineApi:"1.44",examples:{
"29.0.0":"1.52","29.1.2":"1.52"}},{from:"28.3",newestApi:"1.51",oldestEngineApi:"1.24",examples:{"28.5.2":"1.51"}},{from:"\
28.2",newestApi:"1.50",oldestEngineApi:"1.24",examples:{"28.2.2":"1.50"}},{from:"28.1",newestApi:"1.49",oldestEngineApi:"\
1.24",examples:{"28.1.1":"1.49"}},{from:"28.0",newestApi:"1.48",oldestEngineApi:"1.24",examples:{"28.0.4":"1.48"}},{from:"\
27.2",newestApi:"1.47",oldestEngineApi:"1.24",examples:{"27.2.0":"1.47","27.5.1":"1.47"}},{from:"27.0",newestApi:"1.46",
oldestEngineApi:"1.24",examples:{"27.1.2":"1.46"}},{from:"26.0",newestApi:"1.45",oldestEngineApi:"1.24",examples:{"26.1.\
5":"1.45"}},{from:"25.0",newestApi:"1.44",oldestEngineApi:"1.24",examples:{"25.0.3":"1.44"}},{from:"24.0",newestApi:"1.4\
3",oldestEngineApi:"1.24",examples:{"24.0.9":"1.43"}},{from:"23.0",newestApi:"1.42",oldestEngineApi:"1.24",examples:{"23\
.0.6":"1.42"}},{from:"20.10",newestApi:"1.41",oldestEngineApi:"1.24",examples:{"20.10.24+dfsg1":"1.41"}},{from:"19.03",newestApi:"\
1.40",oldestEngineApi:"1.24",examples:{"19.03.15":"1.40"}},{from:"18.09",newestApi:"1.39",oldestEngineApi:"1.24",examples:{
"18.09.9":"1.39"}},{from:"18.06",newestApi:"1.38",oldestEngineApi:"1.24",examples:{"18.06.3-ce":"1.38"}},{from:"18.03",newestApi:"\
1.37",oldestEngineApi:"1.24",examples:{"18.03.1-ce":"1.37"}},{from:"18.02",newestApi:"1.36",oldestEngineApi:"1.24",examples:{
"18.02.0-ce":"1.36"}},{from:"17.12",newestApi:"1.35",oldestEngineApi:"1.24",examples:{"17.12.1-ce":"1.35"}},{from:"17.11",
newestApi:"1.34",oldestEngineApi:"1.24",examples:{"17.11.0-ce":"1.34"}},{from:"17.10",newestApi:"1.33",oldestEngineApi:"\
1.24",examples:{"17.10.0-ce":"1.33"}},{from:"17.09",newestApi:"1.32",oldestEngineApi:"1.24",examples:{"17.09.1-ce":"1.32"}},
{from:"17.07",newestApi:"1.31",oldestEngineApi:"1.24",examples:{"17.07.0-ce":"1.31"}},{from:"17.06",newestApi:"1.30",oldestEngineApi:"\
1.24",examples:{"17.06.2-ce":"1.30"}},{from:"17.05",newestApi:"1.29",oldestEngineApi:"1.24",examples:{"17.05.0-ce":"1.29"}},
{from:"17.04",newestApi:"1.28",oldestEngineApi:"1.24",examples:{"17.04.0-ce":"1.28"}},{from:"17.03",newestApi:"1.27",oldestEngineApi:"\
1.24",examples:{"17.03.3-ce":"1.27"}}]};var ise=NR.releases;var mG=Sr("docker",["docker","--version"]);var Jse=Object.entries({"user.name":"runner-check","user.email":"runner-check@localhost","commit.gpgSign":"false","core.\
hooksPath":"/dev/null","core.fsmonitor":"false","gc.auto":"0","maintenance.auto":"false","protocol.file.allow":"always",
"init.defaultBranch":"main"}).flatMap(([e,t])=>["-c",`${e}=${t}`]);var hG=/\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g,
gG=/\r\n?|[\v\f\u0085\u2028\u2029]/g,yG=/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu,wG=/[^\n\t -~]/;function Fn(e,t=4e3){
let n=e.slice(0,t*4),r=wG.test(n)?kG(n):n;if(r.length<=t&&n.length===e.length)return r;let o=r.slice(0,t).replace(new RegExp(
"\\p{Cs}","gu"),"");return t<1e3?`${o}\u2026`:`${o} \u2026 (${e.length-o.length} characters more)`}function kG(e){return e.
replace(hG,"").replace(gG,`
`).replace(yG,t=>t===`
`||t==="	"?t:"")}function J(e,t=4e3){return Fn(e,t).replace(/\s{2,}|[^\S ]/g," ").trim()}function Qt(e){return e.replace(
/##(?=(?:\u001b\[\d*m)*\[)/g,"# #").replace(/^((?:\s|\u001b\[\d*m)*):(?=:)/,"$1: ")}function gn(e,t){return Fn(e,t).split(
`
`).map(Qt).join(`
`)}function Gu(e){let t=e.split("`");if(t.length%2===0){let n=t.pop();t[t.length-1]+=`\`${n}`}return t.map((n,r)=>({code:r%
2===1,text:n})).filter(n=>n.text!=="")}var bG={bold:"1",dim:"2",red:"31",green:"32",yellow:"33",cyan:"36"},vG={"\u2714":"ok","\u2716":"x","\u25B2":"!","\xB7":"\
-","\u2014":"-","\u2013":"-","\u2026":"...","\u2265":">=","\u2264":"<=","\u2019":"'","\u201C":'"',"\u201D":'"',"\u2192":"\
->"};function qo(e){let t=[],n=i=>{t.push(Qt(i).trimEnd())},r=(i,a)=>e.color&&a&&i!==""?`\x1B[${bG[a]}m${i}\x1B[0m`:i,o=i=>e.
unicode?i:i.replace(/[^\t\n -~]/gu,a=>vG[a]??"?"),s=(i,a)=>{let l=[],c=!1;for(let u of Gu(i)){let d=u.code&&!e.color?`\`${u.
text}\``:u.text,f=o(d).split(" ");f.forEach((p,g)=>{if(p==="")return;let m={plain:p,painted:r(p,u.code?"cyan":a)},h=g===
0&&c?l.pop():void 0;l.push(h?{plain:h.plain+m.plain,painted:h.painted+m.painted}:m)}),c=f[f.length-1]!==""}return l};return{
toString:()=>`${t.join(`
`)}
`,text(i,{prefix:a="",prefixStyle:l,style:c,limit:u}={}){let d=o(a),f=r(d,l),p=d.length,g=!0;for(let m of s(J(i,u),c))!g&&
p+1+m.plain.length>e.width&&(n(f),f=" ".repeat(d.length),p=d.length,g=!0),f+=g?m.painted:` ${m.painted}`,p+=m.plain.length+
(g?0:1),g=!1;f.trim()!==""&&n(f)},verbatim(i,a,l="cyan"){let c=o(Fn(i)).trimEnd();for(let u of c.split(`
`))n(" ".repeat(a)+r(u,l))},gap(){t.length>0&&t[t.length-1]!==""&&t.push("")},endGroup(){e.groups&&t.push("::endgroup::")},
group(i,a){t.push(e.groups?`::group::${o(i)}`:r(o(i),"bold")),a(),e.groups&&t.push("::endgroup::")}}}function Bs({kind:e}){switch(e){case"image":return"in the image";case"host":return"on the host";case"runner":return"in t\
he runner's configuration";case"workflow":return"in the workflow";case"forge":return"on the forge"}}var CR={pass:"\u2705",warn:"\u26A0\uFE0F",fail:"\u274C",error:"\u2753",skip:"\u2796"},xG="https://github.com/fortemi/run\
ner-check/blob/main/";function Mn(e){return/^docs\/[\w./-]{1,100}(?:#[\w-]{1,100})?$/.test(e)&&!e.includes("..")?xG+e:void 0}function Hu(e){let t=o=>e.results.filter(s=>s.status===o),n=t("skip"),r=new Map;for(let{id:o,reason:s}of n){let i=LR(s);
i!==void 0&&r.set(i,[...r.get(i)??[],o])}return{findings:[...t("fail"),...t("error"),...t("warn")],accepted:n.filter(o=>o.
accepted!==void 0),passed:t("pass"),skipped:n.filter(o=>o.accepted===void 0),waiting:r}}function LR(e){return e!=null&&e.
startsWith("needs:")?e.slice(6):void 0}function Bu(e){return e.verdict==="healthy"?{mark:"pass",text:"Runner healthy"}:e.
verdict==="degraded"?{mark:"warn",text:"Runner degraded"}:e.counts.fail===0?{mark:"error",text:"Runner could not be veri\
fied"}:{mark:"fail",text:"Runner misconfigured"}}function $G({switched_off:e}){if(!(!e||e.count===0))return`${e.count} o\
f ${e.of} checks switched off`}function Wo(e){return e.status==="error"&&e.why===void 0?`Could not decide: ${e.title}`:J(e.title,300).replace(/\.$/,"")}
function Hr(e){let t=J(e.message,1500),n=J(`${e.why??""}${e.status==="error"&&!SG(e)?RG:""}`,1e3),r=/[.!?:]$/.test(t)||n===
""?"":".";return`${t}${r} ${n}`.trim()}function SG({id:e}){return e.startsWith("after/")}var RG=" An undecided check cou\
nts as a failure.";function Go({location:e}){if(!e)return;let{file:t,line:n,column:r}=e;return[t,n,n===void 0?void 0:r].
filter(o=>o!==void 0).join(":")}function Zh(e){let{pass:t,warn:n,fail:r,error:o,skip:s}=e.counts,i=e.results.filter(u=>u.
accepted!==void 0).length,a=[{count:r,text:`${r} failed`,severe:!0},{count:o,text:`${o} undecided`,severe:!0},{count:n,text:`${n}\
 warning${n===1?"":"s"}`,severe:!1},{count:i,text:`${i} accepted`,severe:!1},{count:t,text:`${t} passed`,severe:!1},{count:s-
i,text:`${s-i} skipped`,severe:!1}],l=$G(e),c=a.filter(({count:u})=>u>0);return l===void 0?c:[...c,{text:l,severe:!1}]}function Xh(e){
return e<1e3?`${Math.round(e)} ms`:`${(e/1e3).toFixed(1)} s`}function Qh(e){let t=LR(e.reason);if(t!==void 0)return`waits for \`${t}\``;switch(e.reason){case"not-in-profile":return"\
not in the profile";case"absent":return"optional and not installed";case"untrusted":return"from the workspace, which is \
untrusted";case"not-applicable":return"not applicable";default:return J(e.message,300)}}var EG={pass:{sign:"\u2714 ",style:"green"},warn:{sign:"\u25B2 ",style:"yellow"},fail:{sign:"\u2716 ",style:"red"},error:{
sign:"? ",style:"red"},skip:{sign:"\xB7 ",style:"dim"}};var TG=6,eg=30;function AG(e,t){let{sign:n,style:r}=EG[t.status],o=t.reason===void 0?t.id:`${t.id}:${t.reason}`;e.text(`${Wo(t)} [${o}]`,
{prefix:n,prefixStyle:r,style:"bold",limit:300})}function MR(e,t,n){e.gap(),AG(e,t);let r=Go(t);r!==void 0&&e.text(r,{prefix:"\
  at ",limit:300}),e.text(Hr(t),{prefix:"  ",limit:2500}),t.acceptance_expired!==void 0&&e.text(`This finding was accept\
ed until ${t.acceptance_expired}. The acceptance has expired, so it counts again.`,{prefix:"  "}),t.expected!==void 0&&e.
text(t.expected,{prefix:"  expected: ",limit:400}),t.observed!==void 0&&e.text(t.observed,{prefix:"  found:    ",limit:400});
for(let{source:s,text:i}of t.evidence.slice(0,TG))e.text(`${i} (${s})`,OG);t.remedy&&tg(e,t.remedy),n.length>0&&e.text(`\
Waiting for this: ${n.join(", ")}`,{prefix:"  ",limit:1e3});let o=Mn(t.docs);o!==void 0&&e.text(o,{prefix:"  More: ",style:"\
dim"})}var OG={prefix:"  seen:     ",style:"dim",limit:500};function tg(e,t){jR(e,t,"Fix it"),t.otherwise&&jR(e,t.otherwise,
"Or")}function jR(e,t,n){e.text(`${n} ${Bs(t)}: ${t.text}`,{prefix:"  ",limit:1500});let{commands:r=[],config:o}=t;o&&(e.
text(`in ${o.file}:`,{prefix:"    ",limit:300}),e.verbatim(o.text,6),r.length>0&&e.text("then run:",{prefix:"    "}));for(let s of r.
slice(0,eg))e.verbatim(s,6);r.length>eg&&e.text(`\u2026 and ${r.length-eg} more lines`,{prefix:"      "})}var _G=/[&<>\\`*_[\]{}|~$]|@(?=\S)|#(?=\w)|!(?=\d)|\bGH(?=-\d)|:(?=\/\/)|:(?=[\w+-]+:)|\bwww(?=\.)|\bmailto(?=:)|\bxmpp(?=:)/gi,
PG=/^(?:[#+\-=:]|\d{1,9}(?=[.)](?:\s|$)))/;function Ku(e){return e.replace(_G,NG)}function IG(e){var r;let t=((r=PG.exec(
e))==null?void 0:r[0])??"";return(t===""?"":/^\d/.test(t)?`${t}&#8203;`:UR(t))+Ku(e.slice(t.length))}function NG(e){return/^[@#!:\w]/.
test(e)&&e!=="_"?`${e}&#8203;`:UR(e)}function UR(e){return e==="&"?"&amp;":e==="<"?"&lt;":e===">"?"&gt;":`&#${e.charCodeAt(
0)};`}function ng(e){return`<code>${Ku(e)}</code>`}function qR(e){let t=e.trim();return t===""?"":/[`|\\]/.test(t)?ng(t):
`\`${t}\``}var DR=/\bhttps?:\/\/[^\s<>"'|]*[^\s<>"'|.,;:!?)\]]/gi;function WR(e){return Gu(e).flatMap(t=>{if(t.code||!t.
text.includes("://"))return[t];let n=(t.text.match(DR)??[]).map(o=>({code:!0,text:o}));return t.text.split(DR).map(o=>({
code:!1,text:o})).flatMap((o,s)=>[o,...n.slice(s,s+1)])})}function ne(e,t){let n="";for(let r of WR(J(e,t))){let o=n===""?
IG:Ku,s=r.code?qR(r.text):o(r.text);n+=n.endsWith("`")&&s.startsWith("`")?ng(r.text.trim()):s}return n}function Ks(e,t){
return WR(J(e,t)).map(n=>n.code?ng(n.text):Ku(n.text)).join("")}function de(e,t=300){return qR(J(e,t))}var CG=["sh","yam\
l","json","ini","toml","dockerfile"];function Vs(e,t){let n=Fn(e).trimEnd(),r=(n.match(/`+/g)??[]).reduce((s,i)=>Math.max(
s,i.length),2),o="`".repeat(r+1);return`${o}${CG.includes(t)?t:""}
${n}
${o}`}function zs(e,t){let n=r=>`| ${r.join(" | ")} |`;return[n(e),`|${" --- |".repeat(e.length)}`,...t.map(n)].join(`
`)}function Br(e,t){return`<details><summary>${e}</summary>

${t}

</details>`}var LG=15,rg=30,jG=40;function HR(e,t){var n;return[FG(e),MG(e),DG(e),...e.remedy?GR(e.remedy,"Fix it"):[],...(n=e.remedy)!=
null&&n.otherwise?GR(e.remedy.otherwise,"Or"):[],qG(t),GG(e),WG(e)].filter(r=>r!=="").join(`

`)}function FG(e){return`### ${CR[e.status]} ${ne(Wo(e),160)} \u2014 ${de(e.id,120)}`}function MG(e){let t=Go(e);return`${t===
void 0||e.message.includes(t)?"":`${de(t)}: `}${ne(Hr(e),2500)}`}function DG({acceptance_expired:e}){return e===void 0?"":
`**This finding was accepted until ${ne(e,40)}. The acceptance has expired, so it counts again.**`}function GR(e,t){let{
commands:n,config:r}=e,o=`**${`${t} ${Bs(e)}`.trim()}:** ${ne(e.text,1500)}`,s=n&&n.length>rg?`
# \u2026 and ${n.length-rg} more lines`:"";return[o,r?`In ${UG(r.file)}:

${Vs(r.text,r.language)}`:"",n&&n.length>0?Vs(n.slice(0,rg).join(`
`)+s,"sh"):""]}function UG(e){return/^[\w.'`/-]+(?: [\w.'`/-]+)+$/.test(e)?ne(e):de(e)}function qG(e){if(e.length===0)return"";
let t=e.slice(0,jG).map(r=>de(r,120)),n=e.length-t.length;return`Waiting for this: ${t.join(", ")}${n>0?` and ${n} more`:
""}.`}function WG(e){let t=Mn(e.docs);return t===void 0?"":`[More about ${de(`${e.id}:${e.reason??""}`,160)}](${t})`}function GG({
evidence:e,expected:t,observed:n}){let r=[t===void 0?"":`expected ${Ks(t,200)}`,n===void 0?"":`found ${Ks(n,200)}`].filter(
i=>i!=="");if(e.length===0)return r.length===0?"":`${HG(r.join(", "))}.`;let o=e.slice(0,LG).map(({source:i,text:a})=>[ne(
a,500),ne(i,200)]),s=e.length-o.length;return s>0&&o.push([`\u2026 and ${s} more`,""]),Br(["Evidence",r.join(", ")].filter(
i=>i!=="").join(": "),zs(["seen","where"],o))}function HG(e){return e.charAt(0).toUpperCase()+e.slice(1)}var BR={runner:{sign:"\u2716 ",style:"red",mark:"\u274C"},unknown:{sign:"? ",style:"yellow",mark:"\u2753"},job:{sign:"\xB7 ",
style:"cyan",mark:"\u2139\uFE0F"}},KR=10;function Vu(e,t,n){let r=qo(t);r.endGroup();let{sign:o,style:s}=BR[e.caused_by];
r.text(e.sentence,{prefix:o,prefixStyle:s,style:"bold",limit:1e3}),r.text(zR(e),{prefix:"  ",style:"dim"}),n&&r.text(BG(
n),{prefix:"  ",limit:1e3});let i=JR(e);for(let a of i.slice(0,KR))MR(r,a,[]);return r.gap(),r.group("What was compared",
()=>{for(let{id:a,message:l}of Kr(e,"pass"))r.text(`${a}: ${l}`,{prefix:"  \u2714 ",prefixStyle:"green",limit:300});for(let{
id:a,evidence:l}of Kr(e,"pass"))for(let{source:c,text:u}of l.slice(0,6))r.text(`${a}: ${u} (${c})`,{prefix:"    ",limit:400});
for(let a of Kr(e,"skip"))r.text(`${a.id}: ${a.message||Qh(a)}`,{prefix:"  \xB7 ",limit:400})}),r.toString()}function VR(e){
let{mark:t}=BR[e.caused_by],n=Kr(e,"pass").map(({id:i,message:a})=>`- \u2705 ${de(i,120)}: ${ne(a,300)}`),r=Kr(e,"skip").
map(i=>`- \u2796 ${de(i.id,120)}: ${ne(i.message||Qh(i),300)}`);return`${[`## ${t} ${ne(e.sentence,1e3)}`,ne(zR(e),300),
...JR(e).slice(0,KR).map(i=>HR(i,[])),Br("What was compared",[...n,...r].join(`
`))].filter(i=>i!=="").join(`

`).split(`
`).map(Qt).join(`
`)}
`}function zR({outcome:e,since:t,started:n,duration_ms:r}){let[o,s]=[Date.parse(t),Date.parse(n)],i=Number.isFinite(o)&&
Number.isFinite(s)?`${rr(o)}\u2013${rr(s)} UTC, `:"";return`runner-check looked again ${F0(e)}: ${i}${Xh(r)}`}function BG(e){
let{runner:t,profile:n}=e,r=Hu(e).findings.map(({id:i,reason:a})=>a===void 0?i:`${i}:${a}`),o=Zh(e).map(({text:i})=>i);return`\
At the start: ${[`${Bu(e).text}: ${t.name.slice(0,200)}`,n.name.slice(0,100),o.join(", ")].join(" \xB7 ")}${r.length>0?`\
: ${r.join(", ")}`:""}`}function JR(e){return[...Kr(e,"fail"),...Kr(e,"error"),...Kr(e,"warn")]}function Kr({results:e},t){
return e.filter(n=>n.status===t)}function YR(e){let t=e.results.map(n=>VG(n,KG));return`${Rt(JSON.stringify({...e,results:t},null,2))}
`}var KG=["id","status","reason","title","message","why","expected","observed","evidence","remedy","docs","duration_ms","l\
ocation","by","accepted","acceptance_expired"];function VG(e,t){return{...Object.fromEntries(t.map(r=>[r,e[r]])),...e}}function Rt(e){
return e.replace(/##(?=\[)/g,"#\\u0023").replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu,t=>t.split("").map(zG).join(""))}
function zG(e){return`\\u${e.charCodeAt(0).toString(16).padStart(4,"0")}`}function sg(e,t,n){let[r,o]=[e.report,t.report];if(og(r))return og(o)?{place:t.path,found:"a second look, like the other\
 file",allowed:"two reports, or a report and its `after.json`"}:sg(t,e,n);if(!og(o)){let i=YG(r,o);return{text:i,isAny:i!==
""}}if(r.id!==o.report){let i=`the id of ${e.path}, ${r.id===void 0?"which has none":cr(r.id)}`;return{place:`${t.path},\
 report`,found:o.report===void 0?"nothing":cr(o.report),allowed:i}}let s=o.results.some(({status:i})=>i!=="pass"&&i!=="s\
kip");return{text:Vu(o,n,r),isAny:s}}var og=e=>"caused_by"in e,JG=[/\.ms$/,/\.(?:free|used)(?:Bytes|Inodes|MiB)?$/i,/(?:freeBytes|freeInodes|memoryFree|memoryUsed|temperature|utilization)/i,
/^facts\.(?:job|process|machine-state)\./,/^facts\.self-container\.value\.(?:id|names)\b/,/^facts\.container\.value\.names\b/,
/^facts\.os\.value\.hostname$/,/^facts\.memory\.value\..*\.(?:available|cache)Bytes$/,/^facts\.cgroups\./,/^facts\.(?:memory|cpu)\.value\.(?:groups|quotas)\.\d+\.source$/];
function YG(e,t){let n=QR(e),r=QR(t),s=[...new Set([...n.keys(),...r.keys()])].filter(l=>!JG.some(c=>c.test(l))).filter(
l=>n.get(l)!==r.get(l)).map(l=>`${l}: ${n.get(l)??"(nothing)"} -> ${r.get(l)??"(nothing)"}`),a=[...e.verdict===t.verdict?
[]:[`verdict: ${e.verdict} -> ${t.verdict}`],...ZG(e,t),...s].map(l=>gn(Rt(l)));return a.length===0?"":`${a.join(`
`)}
`}var ZR={pass:"passed",warn:"warned",fail:"failed",error:"undecided",skip:"skipped"};function ZG(e,t){let[n,r]=[e,t].map(
({results:s})=>new Map(s.map(i=>[i.id,i])));return[...new Set([...(n==null?void 0:n.keys())??[],...(r==null?void 0:r.keys())??
[]])].flatMap(s=>{let[i,a]=[n==null?void 0:n.get(s),r==null?void 0:r.get(s)];if((i==null?void 0:i.status)===(a==null?void 0:
a.status)&&(i==null?void 0:i.reason)===(a==null?void 0:a.reason))return[];let l=a&&a.status!=="pass"&&a.status!=="skip"?
`: ${a.title}`:"";return[`${s}: ${XR(i)} -> ${XR(a)}${l}`]})}function XR(e){return e?e.reason===void 0?ZR[e.status]:`${ZR[e.
status]} (${e.reason})`:"not in the report"}function QR({runner:e,profile:t,facts:n}){let r=new Map,o=(s,i)=>{if(typeof i!=
"object"||i===null){r.set(s,JSON.stringify(i)??"");return}for(let[a,l]of Object.entries(i)){let c=JSON.stringify(a).slice(
1,-1);o(s===""?c:`${s}.${c}`,l)}};return o("",{runner:e,profile:t,facts:n}),r}var ig={native:["arm","arm64"],elf:{class:"01",machine:"2800"},handler:"qemu-arm"},eE={native:["arm64"],elf:{class:"02",
machine:"b700"},handler:"qemu-aarch64"},XG={"linux/amd64":{native:["x64"],elf:{class:"02",machine:"3e00"},handler:"qemu-\
x86_64"},"linux/386":{native:["ia32","x64"],elf:{class:"01",machine:"0300"},handler:"qemu-i386"},"linux/arm64":eE,"linux\
/arm64/v8":eE,"linux/arm":ig,"linux/arm/v6":ig,"linux/arm/v7":ig,"linux/ppc64le":{native:["ppc64"],elf:{class:"02",machine:"\
1500"},handler:"qemu-ppc64le"},"linux/s390x":{native:["s390x"],elf:{class:"02",machine:"0016"},handler:"qemu-s390x"},"li\
nux/riscv64":{native:["riscv64"],elf:{class:"02",machine:"f300"},handler:"qemu-riscv64"},"linux/loong64":{native:["loong\
64"],elf:{class:"02",machine:"0201"},handler:"qemu-loongarch64"}},Fa=XG,Ma=Object.keys(Fa);var ag="/proc/sys/fs/binfmt_misc",QG=100;async function tE(e,t){let n=await e.list(ag);if(n.kind==="unreadable")return n;
let r=n.kind==="ok"?n.value:[];if(!r.includes("status"))return{kind:"hidden"};let o=await e.readText(`${ag}/status`);if(o.
kind==="unreadable")return o;if(o.kind==="absent")return{kind:"hidden"};let s=await Promise.all(r.filter(i=>i!=="status"&&
i!=="register").slice(0,QG).map(i=>eH(e,i,t)));return{kind:"seen",isOn:o.value.trim()==="enabled",handlers:s.flat()}}async function eH(e,t,n){
var a,l;let r=await e.readText(`${ag}/${t}`,4096);if(r.kind!=="ok"||!tH(r.value,n))return[];let o=((a=/^interpreter (.*)$/m.
exec(r.value))==null?void 0:a[1])??"",s=((l=/^flags: ?(\S*)$/m.exec(r.value))==null?void 0:l[1])??"",i=s.includes("F")?void 0:
(await e.stat(o)).kind==="file";return[{name:t,enabled:/^enabled$/m.test(r.value),interpreter:o,flags:s,...i!==void 0&&{
isThere:i}}]}function tH(e,t){var o;let n=((o=/^magic ([0-9a-f]+)$/m.exec(e))==null?void 0:o[1])??"",{elf:r}=Fa[t];return n.
startsWith(`7f454c46${r.class}`)&&n.slice(36,40)===r.machine}var nH=[{name:"inotify-watches",setting:"fs.inotify.max_user_watches",least:524288},{name:"inotify-instances",setting:"f\
s.inotify.max_user_instances",least:512},{name:"map-count",setting:"vm.max_map_count",least:262144}],rH=["linux/amd64","\
linux/arm64","linux/arm/v7","linux/riscv64"];async function nE(e){let t=nH.map(async({name:r,setting:o,least:s})=>{let i=await e.
readText(`/proc/sys/${o.split(".").join("/")}`,100),a=i.kind==="ok"&&/^\d{1,15}\s*$/.test(i.value)?Number(i.value):0;return a<
s?[]:[`  ${r}: { sysctl: ${o}, is: ">=${s}" }  # found ${a}`]}),n=rH.map(async r=>{if(Fa[r].native.includes(e.arch))return[];
let o=await tE(e,r);return o.kind==="seen"&&o.isOn&&o.handlers.some(i=>i.enabled&&i.isThere!==!1)?[`  ${r.split("/").slice(
1).join("-")}: { platform: ${r} }`]:[]});return(await Promise.all([...t,...n])).flat()}var rE=re(["required","optional","forbidden"]),Ho=Q(T()),yn=E(be()),oH=W({operator:re(["","<","<=",">",">="]),numbers:xf(
[be(),be(),be()]),prerelease:Q(ht([T(),be()]))}),zu=W({text:T(),anyOf:Q(Q(oH))}),sH=W({version:zu,command:Ho,optional:yr(),
alsoWanted:E(Q(W({version:zu,source:T(),contradicts:E(T())})))}),Vr=E(T()),iH=$f("kind",[W({kind:je("file"),path:T(),exists:yr(),
type:Vr,mode:yn,owner:E(ht([T(),be()])),contains:Vr}),W({kind:je("env"),variable:T(),set:yr(),is:Vr,matches:Vr}),W({kind:je(
"command"),command:Ho,exit:be(),stdout:Vr,timeoutMs:be()}),W({kind:je("sysctl"),setting:T(),is:Vr}),W({kind:je("platform"),
platform:re(Ma)})]),lg=e=>vf(T(),e),aH=W({profile:T(),runsIn:re(["container","host","any"]),tools:lg(sH),docker:W({require:rE,
plugins:Ho}),gpu:W({require:rE,count:yn,memory:yn,freeMemory:yn,driver:E(zu),computeCapability:E(zu)}),image:E(T()),imageMaxAgeDays:yn,
toolCache:E(T()),privileged:re(["allowed","forbidden"]),disk:Q(W({path:T(),free:yn,inodes:yn})),memory:yn,cpus:yn,shm:yn,
openFiles:yn,registries:Ho,services:Q(W({name:T(),url:T(),models:Ho})),expect:E(Q(W({name:T(),wants:iH,why:Vr,fix:Vr}))),
smoke:E(W({parts:Ho,all:yr()})),skip:Ho,severity:lg(re(["off","warn","fail"])),accept:Q(W({check:T(),reason:T(),until:T()})),
sources:lg(T())});function ug(e,t){let{tools:n,severity:r,sources:o}=t,s=Ht(aH,{...t,tools:cg(n),severity:cg(r),sources:cg(
o)});return s.success?void 0:os(s.issues[0],i=>`${e}, expectations.${i}`)}function cg(e){return typeof e=="object"&&e!==
null&&!Array.isArray(e)?new Map(Object.entries(e)):e}var en=class extends Error{name="UsageError"};var oE=new Set(["posture","skip-others","fix","dry-run"]);function Ju(e,t){return t==="json"?`${JSON.stringify({version:1,checks:e.map(sE)},null,2)}
`:`${e.map(sE).map(({id:r,title:o,reasons:s})=>{let i=Math.max(0,...s.map(({reason:l})=>l.length)),a=s.map(({reason:l,level:c,
title:u})=>`  ${l.padEnd(i)}  ${c.padEnd(4)}  ${u}`);return[`${r}  ${o}`,...a].join(`
`)}).join(`

`)}
`}function sE(e){let t=Object.entries(e.reasons).map(([n,{level:r,title:o}])=>({reason:n,level:r,title:o}));return{id:e.
id,title:e.title,docs:Yn(e.id),reasons:t}}function Dn(e,t,n=""){let r=[],o="";for(let s of e.split(/\s+/))o!==""&&n.length+o.length+1+s.length>t?(r.push(n+o),o=s):
o=o===""?s:`${o} ${s}`;return o!==""&&r.push(n+o),r.join(`
`)}function Js(e,t){let n=!1;return e.split(`
`).map(o=>{if(o.startsWith("```")&&(n=!n),n||/^(?:```|#|\|)/.test(o))return o;let[s=""]=/^\s*(?:(?:[-*>]|\d+\.)\s+)?/.exec(
o)??[],i=Dn(o.slice(s.length),t," ".repeat(s.length));return s+i.slice(s.length)}).join(`
`)}var dg={"not-applicable":"skip: There is nothing to judge here, for example no job container on a host label, or no `/de\
v/shm` outside Linux. It has no effect on the verdict.","not-in-profile":"skip: The profile does not ask for this check.\
 `runner-check policy --profile NAME` prints what it asks for.",disabled:"skip: The input `skip`, or `severity: off` in \
the policy, switched the check off. The report still lists it.",absent:"skip: The profile makes it optional, and it is n\
ot installed.",untrusted:"skip: A file in the workspace asks for this, and files in a workspace are not trusted to do so\
.","needs:":"skip: `needs:ID` means that the check ID failed first. Fix that one; this check is judged in the next run.",
timeout:"error: The check could not decide before the deadline, so it counts as a failure. The finding says what did not\
 answer, and how to ask by hand. If the machine is only slow, raise the input `timeout`. Some checks have their own reas\
on `timeout`: name the check to explain it.",crashed:"error: The check crashed, which is a bug in runner-check. It count\
s as a failure. Please report it with the JSON report.",undecided:"error: The check could not find out. It counts as a f\
ailure, and its message says why. `explain ID:undecided` has the cases of one check.","no-facts":"error: The report come\
s from a version of runner-check that did not collect these facts. Run the check again."};function iE(e,t,n,r){let o=t.filter(
({id:w})=>w.startsWith(`${e}/`));if(o.length>0)return Ju(o,"text");let s=D(dg,e.startsWith("needs:")?"needs:":e);if(s!==
void 0)return`${Js(s,r)}
`;let i=e.lastIndexOf(":"),a=i>0&&!/^\d+$/.test(e.slice(i+1)),[l,c]=a?[e.slice(0,i),e.slice(i+1)]:[e,void 0],u=t.find(w=>w.
id===l||w.id.endsWith("/*")&&an(w.id,l));if(!u){let w=[...new Set(t.map(b=>b.id.split("/")[0]??""))],k=xe(l,[...t.map(b=>b.
id),...w,...Object.keys(dg)]);throw new en(`there is no check \`${l}\`${k===void 0?"":`, did you mean \`${k}\`?`} \`list\`\
 prints them all`)}let d=n[Yn(u.id).split("#")[0]??""]??"",f=u.id.endsWith("/*")?d:fg(d,2,u.id.split("/")[1]??"");if(c===
void 0)return`${u.id}: ${u.title}

${Js(pg(f),r)}
`;let p=D(u.reasons,c),g=D(dg,c.startsWith("needs")?"needs:":c),m=c==="undecided"?pg(fg(f,3,c)):"";if(m!=="")return`${u.
id}:${c}

${Js(m,r)}
`;if(!p&&g!==void 0)return`${Js(g,r)}
`;if(!p)throw new en(`\`${u.id}\` has no reason \`${c}\`; it has: ${Object.keys(u.reasons).join(", ")}`);let h=Js(pg(fg(
f,3,c)),r);return`${u.id}:${c}

${h}
`}function fg(e,t,n){let r=e.split(`
`),o=r.indexOf(`${"#".repeat(t)} ${n}`);if(o<0)return"";let s=!1,i=r.slice(o+1).findIndex(a=>{a.startsWith("```")&&(s=!s);
let l=/^(#+) /.exec(a);return!s&&l!==null&&(l[1]??"").length<=t});return r.slice(o,i<0?void 0:o+1+i).join(`
`)}function pg(e){return e.replace(/^#.*\n/,"").trim()}var aE={name:"runner-check",description:"Checks that a self-hosted runner is set up correctly: toolchain, Docker socket,\
 GPU, disk. Reports what is wrong, why, and how to fix it.",author:"Fortemi",branding:{icon:"check-circle",color:"green"},
inputs:{profile:{description:"What this runner must be: `matric-builder`, `matric-builder-gpu`, `titan`, `gpu`, `generic\
`, a profile of the policy, or `auto`. `auto` decides by the job's `runs-on`, then by the job's labels from the forge's \
API (in a private repository, the token needs `actions: read` or `contents: read`), then by the environment, which is a \
guess and a warning.",default:"auto"},policy:{description:"Path of a policy file. Default: `.gitea/runner-check.yml`, el\
se `.github/runner-check.yml`, if it exists in the workspace.",default:""},tools:{description:'YAML mapping of tool to v\
ersion range, merged over the profile: `rustc: ">=1.92"`.',default:""},docker:{description:"Whether the job needs Docker\
: `required`, `optional` or `forbidden`. Default: the profile's.",default:""},gpu:{description:"Whether the job needs NV\
IDIA GPUs: `required`, `optional` or `forbidden`. Default: the profile's.",default:""},"min-free-disk":{description:"Min\
imum free disk space for the workspace: `40GiB`, `500MB`; a plain number is bytes. Default: the profile's.",default:""},
"min-free-inodes":{description:"Minimum number of free inodes for the workspace. Default: the profile's.",default:""},image:{
description:"Image that the job container must be created from. Default: the profile's.",default:""},registries:{description:"\
YAML list of registry hosts or image references that jobs must be able to pull. Nothing is pulled.",default:""},services:{
description:'YAML list of services that must answer: `- { name: ollama, url: "http://localhost:11434/api/tags", models: \
[qwen3.5:9b] }`.',default:""},"runner-config":{description:"Path of the runner's `config.yaml`, to lint it as well, with\
 the `.runner` file next to it.",default:""},workflows:{description:"Globs of workflow files whose `runs-on` is checked \
against the labels of `runner-config`, separated by commas or newlines.",default:""},skip:{description:"Check ids or glo\
bs (`docker/*`), separated by commas or newlines. They are shown as skipped, never hidden.",default:""},"fail-on":{description:"\
Which verdict fails the step: `fail`, `warn` or `never`. A check that could not decide counts as a failure, and so does \
a run in which nothing was judged.",default:"fail"},timeout:{description:"Deadline of the whole run: `500ms`, `10s`, `2m\
`. Reporting may take 1.5 s more. Default: `10s`, or `60s` with `smoke`.",default:""},token:{description:"Token for the \
forge's API, used only if `profile: auto` cannot decide from the workflow. It is never printed and is sent to the forge \
only.",default:"${{ github.token }}"},smoke:{description:"Also do what jobs do, and diagnose what fails: `docker` (start\
 a container), `rust` (build and run a crate), `git` (commit, clone and check out in the workspace), `gpu` (run a CUDA p\
rogram), a list of them, or `all`. `true` means `docker`.",default:"off"},after:{description:"Look again at the end of a\
 failed or canceled job, and say whether the runner caused it: `failure` or `never`. Nothing runs after a job that succe\
eded.",default:"failure"},"trust-policy":{description:"Trust what is in the workspace: `true` or `false`. Only then may \
its policy run a `command`, may tools that are files of the workspace be run, and does a registry or service that its po\
licy names get a login in a pull request from a fork.",default:"false"},publish:{description:"`log`: also print the repo\
rt for the fleet into the log, as one folded line. `none`: do not.",default:"none"},summary:{description:"Write the job \
summary: `true` or `false`.",default:"true"},"report-dir":{description:"Directory for report files. Default: `$RUNNER_TE\
MP/runner-check`.",default:""},formats:{description:"Report formats to write: any of `json`, `junit`, `prometheus`, `htm\
l`, `markdown`, comma-separated. `html` is one page that loads nothing.",default:"json"}},outputs:{verdict:{description:"\
`healthy`, `degraded` (warnings), `misconfigured` (failures or undecided checks) or `unknown` (nothing was judged)."},passed:{
description:"Number of checks that passed."},warned:{description:"Number of checks with a warning."},failed:{description:"\
Number of checks that failed."},errored:{description:"Number of checks that could not decide."},skipped:{description:"Nu\
mber of checks that were skipped, each with its reason in the report."},failures:{description:"JSON array of `id:reason`\
 of every check that failed or could not decide."},versions:{description:"JSON object: tool to version found."},profile:{
description:"The profile used."},report:{description:"Path of `report.json`."},summary:{description:"Path of the Markdow\
n summary written."}},runs:{using:"node20",main:"dist/main.js",post:"dist/post.js","post-if":"failure() || cancelled()"}};var lH=aE.inputs,lE="How to print the report: `text`, `lines` (one line for each finding), `json`, `markdown`, `html`, `\
junit` or `prometheus`. Default: `text`.",cE="File for the report, instead of stdout. It is replaced at once: nobody rea\
ds a part of it, nor does a textfile collector.",cH="Whether files of the workspace say what is expected: `use` or `igno\
re`, as the runner's hooks do. Default: `use`.",uE="Version of the runner that reads the files, such as `3.3.0`. Default\
: the one on this machine.",dE={check:{words:"",summary:"checks this machine and prints the report",flags:{workspace:cH,
format:lE,output:cE}},list:{words:"",summary:"prints every check with its reasons",flags:{format:"`text` or `json`. Defa\
ult: `text`."}},explain:{words:"AREA | ID[:REASON]",summary:"explains a check, one of its reasons, or all checks of an a\
rea",more:["Examples: `explain docker`, `explain docker/socket`, `explain docker/socket:missing`, `explain not-applicabl\
e`."]},policy:{words:"",summary:"prints what a profile expects, and which line of which file says so"},init:{words:"",summary:"\
prints a policy that expects what this machine has",more:["With `--runner`, it prints a `config.yaml` for a runner with \
these labels instead."],flags:{runner:"Labels, separated by commas: `titan:host,builder:docker://image:1`.","runner-vers\
ion":uE}},replay:{words:"REPORT",summary:"judges a recorded report again",flags:{format:lE,output:cE}},diff:{words:"REPO\
RT REPORT",summary:"prints the differences between two reports, or between the start and the end of a job",more:["The se\
cond one may be the `after.json` of the first. Exit code 1: something differs, or gave out."]},after:{words:"REPORT",summary:"\
looks at this machine again, and says whether it made a job fail since the report",more:["REPORT is the `report.json` of\
 the start. The exit code is 0, whatever it says."],flags:{format:"`text` or `json`. Default: `text`.",timeout:"Deadline\
 of the look: `500ms`, `10s`. Default: `10s`."}},fleet:{words:"DIR\u2026",summary:"reads folders of reports and tells wh\
ich runner is healthy, sick, silent or different",more:["Exit code 0: the fleet is healthy or degraded. The workflow act\
ion `fortemi/runner-check/fleet@v1` reads runs of the health check instead of folders."],flags:{format:"How to print the\
 fleet: `text`, `json`, `markdown`, `html` or `prometheus`. Default: `text`.",policy:"Path of a policy file, whose `flee\
t.runners` are expected. Default: `.gitea/runner-check.yml`, else `.github/runner-check.yml`, if it exists in the worksp\
ace.","max-age":"Age from which on a runner without a newer report is silent. Default: the policy's, else `26h`.",now:"T\
he time to judge by, such as `2026-11-24T06:00:00Z`. Default: now.",out:"Directory to write the fleet into, in every for\
mat: `fleet.json`, `fleet.html`, `fleet.md`, `fleet.prom`."}},lint:{words:"[FILE|FOLDER|PATTERN\u2026]",summary:"checks \
a runner's config.yaml, .runner, systemd units, compose files and workflows",more:["Without FILE, it looks where runners\
 keep their files. `-` is standard input. Of a folder, it reads the files of runners at any depth, except in `node_modul\
es` and `.git`. A pattern such as `'deploy/**/*.yml'` needs no shell that expands it."],flags:{"runner-version":uE,format:"\
`text`, `json`, `github`, `sarif` or `junit`. Default: `text`.","skip-others":"Skips named files that are not a runner's\
, such as compose files of other programs, instead of reporting them. Exit code 0 if no file is left.",fix:"Writes the f\
ixes that are certain into the files, and reports what is left. A secret, an image, or what a person has to decide is ne\
ver changed.","dry-run":"With `--fix`: writes nothing, and shows what it would change as a unified diff.",posture:"Also \
shows what strangers reach: which event that anyone can cause starts which job, on which label, and what that gives."}}},
fE="Exit code: 0 meets --fail-on, 1 findings, 2 usage or policy error (a missing file too), 3 internal error.";function pE(e){
let t=Object.entries(dE).map(([n,{words:r,summary:o}])=>`${`  ${`runner-check ${n} ${r}`.trimEnd()}`}
${Dn(o,e,"      ")}`);return`${[Dn("runner-check checks that this machine is a correctly configured runner. `check` is t\
he default command.",e),t.join(`
`),Dn("`runner-check COMMAND --help` describes the flags of a command. `--version` prints the version.",e),Dn(fE,e)].join(
`

`)}
`}function mE(e,t,n){let{words:r,summary:o,more:s=[],flags:i={}}=dE[e]??{words:"",summary:""},a=t.map(l=>{var u;let c=i[l]??
((u=lH[l])==null?void 0:u.description)??"";return`  --${l}${oE.has(l)?"":" VALUE"}
${Dn(c,n,"      ")}`});return`${[`runner-check ${e} ${r}${t.length>0?" [FLAG\u2026]":""}`.replace(/ +/g," ").trimEnd(),Dn(
`${o.charAt(0).toUpperCase()}${o.slice(1)}.`,n,"  "),...s.map(l=>Dn(l,n,"  ")),...a.length>0?[`Flags
${a.join(`
`)}`]:[],Dn(fE,n)].join(`

`)}
`}function hE(e,t=[]){var p,g;let{profile:n,expectations:r,results:o,verdict:s,runner:i}=e,a=m=>o.find(h=>h.id===m),l=Eo(e),
c=Object.keys(r.tools).map(m=>{var k,b;let h=l.get(m),w=h===void 0||(k=/^\d+(?:\.\d+)?/.exec(h))==null?void 0:k[0];return w!==
void 0&&((b=a(`tool/${m}`))==null?void 0:b.status)==="pass"?`      ${Da(m)}: ">=${w}"  # found ${h}`:`      ${Da(m)}: { \
version: "*", optional: true }  # missing or broken`}),u=((p=a("docker/daemon"))==null?void 0:p.status)==="pass",d=((g=a(
"gpu/driver"))==null?void 0:g.status)==="pass",f=o.filter(({status:m})=>m==="fail"||m==="error"||m==="warn");return["# W\
hat a runner of this class must be. Written by `runner-check init` on such a runner.","# yaml-language-server: $schema=h\
ttps://raw.githubusercontent.com/fortemi/runner-check/v1/schema/policy.schema.json",...s==="healthy"?[]:["#","# This mac\
hine was not healthy. Fix it, or state in `accept` how long you accept it:"],...f.map(({id:m,reason:h})=>`#   ${J(`${m}:${h}`)}`),
"version: 1","profiles:",`  ${Da(n.name)}:`,"    # `runs-on` labels that select this profile under `profile: auto`:",`  \
  # labels: [${Da(n.name)}]`,`    runs-in: ${i.mode==="unknown"?"any":i.mode}`,"    tools:",...c,`    docker: ${u?"requi\
red":"optional"}`,`    gpu: ${d?"required":"optional"}`,"    disk:",...r.disk.map(({path:m,free:h,inodes:w})=>`      - {\
 path: ${Da(m)}${h===void 0?"":`, free: ${ln(h)}`}${w===void 0?"":`, inodes: ${w}`} }`),...t.length===0?[]:["# Each is a\
 check of its own, `expect/<name>`, for every profile:","expect:",...t],"# severity:","#   docker/socket-exposure: off",
"# accept:","#   - { check: disk/free, reason: bigger disk is ordered, until: 2026-12-31 }",""].map(Qt).join(`
`)}function Da(e){return/^(?:[A-Za-z_][\w.-]*|\/[\w./-]*)$/.test(e)&&!/^(?:true|false|yes|no|on|off|y|n|null)$/i.test(e)?
e:Rt(JSON.stringify(e))}var gE=ue(T(),Le(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)),yE=W({version:je(1),generator:wt.entries.generator,report:E(
T()),caused_by:re(["runner","job","unknown"]),outcome:re(["failed","canceled","stopped","succeeded","unknown"]),sentence:T(),
because:E(T()),started:gE,duration_ms:be(),since:gE,runner:wt.entries.runner,job:wt.entries.job,profile:wt.entries.profile,
results:Q(Rf),facts:dt(T(),Ef)});var Ua=16*1024*1024,wE=100;function Ys(e,t){let n=xE(e,t);return"mistake"in n?n.mistake:bE(e,n.value)}function kE(e,t){let n=xE(
e,t);if("mistake"in n)return n.mistake;let{value:r}=n;if(typeof r!="object"||r===null||!("caused_by"in r))return bE(e,r);
let o=Ht(yE,r);return o.success?r:vE(e,o.issues[0])}function bE(e,t){let n=Ht(wt,t);return n.success?t:vE(e,n.issues[0])}
function vE(e,t){return os(t,n=>n===""?e:`${e}, ${n}`)}function xE(e,t){let n=o=>({mistake:{place:e,found:o,allowed:Tf}});
if(t.length>Ua)return n("a file of more than 16 MiB");let r;try{r=JSON.parse(t)}catch(o){let s=o instanceof Error?o.message.
slice(0,200):"unreadable";return n(`no JSON (${s})`)}return $E(r,wE)?{value:r}:n(`more than ${wE} levels`)}function $E(e,t){
return typeof e!="object"||e===null?!0:t>0&&Object.values(e).every(n=>$E(n,t-1))}function uH(e){return e.map(G).join(" ")}function dH(e){switch(e.kind){case"file":return e.path;case"env":return e.variable;case"\
command":return zn(uH(e.command));case"sysctl":return e.setting;case"platform":return e.platform}}function SE(e){let t=v(
dH(e));switch(e.kind){case"file":{if(!e.exists)return`nothing at ${t}`;let{type:n,mode:r,owner:o,contains:s}=e,i=[...r===
void 0?[]:[`mode ${br(r)}`],...o===void 0?[]:[`owner ${o}`],...s===void 0?[]:[`the text ${v(zn(s))}`]],a=n===void 0?t:`${n}\
 ${t}`;return n===void 0&&i.length===0?`${t} exists`:`${a}${i.length===0?"":` with ${ee(i)}`}`}case"env":return e.set?e.
is!==void 0?`${t} is ${v(zn(e.is))}`:e.matches===void 0?`${t} is set`:`${t} matches ${v(zn(e.matches))}`:`${t} is not se\
t`;case"command":{let n=e.stdout===void 0?"":`, stdout has ${v(zn(e.stdout))}`;return`${t}: exit code ${e.exit} within ${fH(
e.timeoutMs)}${n}`}case"sysctl":return e.is===void 0?`${t} exists`:`${t} ${v(zn(e.is))}`;case"platform":return`programs \
for ${t} run`}}function fH(e){return e<1e3?`${e} ms`:`${Math.round(e/100)/10} s`}var pH=20;function RE(e){let{registries:t,services:n,image:r=""}=e,o=[r,...t].flatMap(gH),s=n.map(({url:c})=>c),a=[...o,
...s.flatMap(ac)].flatMap(c=>{let u=lc(c);return[c,u,bs(u)]}),l=EE(e).flatMap(c=>An(c).map(([u,d])=>c.slice(u,d)));return[
...a,...s.flatMap(yH),...[r,...t].flatMap(mH),...l]}function mH(e){var n;let t=(n=/\?[^=]*=(.*)/s.exec(e))==null?void 0:
n[1];return t===void 0?[]:[t]}function EE(e){return typeof e=="string"?[e]:Array.isArray(e)&&e.every(t=>typeof t=="strin\
g")?[e.join(" ")]:typeof e=="object"&&e!==null?Object.values(e).flatMap(EE):[]}function TE(e){let t=e.services.map(n=>({
...n,url:hH(n.url)}));return{...e,services:t}}function hH(e){let t=Ui(e,"").replace(/[?#].*$/s,"");return Oe(t)?t:t.replace(
/\/\/.*@/s,"//")}function gH(e){var n;let t=(n=/^\s*(?:[a-z][\w+.-]*:\/\/)?(.*:(?!\d{1,5}\/).*)@(?!sha\d{3}:)/is.exec(e))==
null?void 0:n[1];return t===void 0?[]:[t]}function yH(e){let[,t=""]=/\?([^#]*)/.exec(Ui(e,""))??[];return t.split("&").map(
r=>r.split(/=(.*)/s)).flatMap(([r="",o=""])=>Se(r)?[o,bs(o)]:[r,o].filter(s=>s.length>=pH).flatMap(s=>[s,bs(s)]))}function AE(e,t){let n=Ro(t,RE(e)).deep(TE(e)),r=[...wH(n)].map(([i,a,l])=>[J(i),J(a),J(l)]),o=i=>r.reduce((a,l)=>Math.min(
60,Math.max(a,l[i].length)),0),s=r.map(([i,a,l])=>Qt(`${i.padEnd(o(0))}  ${a.padEnd(o(1))}  ${l}`.trimEnd()));return`${Qt(
`profile ${J(n.profile)}`)}

${s.join(`
`)}
`}function*wH(e){let t=c=>e.sources[c]??"built in";yield["runs-in",e.runsIn,t("runsIn")],yield["privileged",e.privileged,
t("privileged")],e.image!==void 0&&(yield["image",e.image,t("image")]),e.imageMaxAgeDays!==void 0&&(yield["image-max-age",
`${e.imageMaxAgeDays}d`,t("imageMaxAgeDays")]),e.toolCache!==void 0&&(yield["tool-cache",e.toolCache,t("toolCache")]);for(let[
c,u]of Object.entries(e.tools)){let d=`tools.${c}`;yield[d,`${u.version.text}${u.optional?" (optional)":""}`,t(d)];for(let{
version:f,source:p}of u.alsoWanted??[])yield[d,f.text,p]}let{require:n,plugins:r}=e.docker;yield["docker",[n,...r.map(c=>`\
with ${c}`)].join(", "),t("docker")];let{require:o,driver:s,computeCapability:i,...a}=e.gpu,l=Object.entries({count:a.count,
memory:a.memory===void 0?void 0:ln(a.memory),"free-memory":a.freeMemory===void 0?void 0:ln(a.freeMemory),driver:s==null?
void 0:s.text,"compute-capability":i==null?void 0:i.text});yield["gpu",[o,...l.filter(([,c])=>c!==void 0).map(([c,u])=>`${c}\
 ${u}`)].join(", "),t("gpu")],e.memory!==void 0&&(yield["memory",ln(e.memory),t("memory")]),e.cpus!==void 0&&(yield["cpu\
s",String(e.cpus),t("cpus")]),e.shm!==void 0&&(yield["shm",ln(e.shm),t("shm")]),e.openFiles!==void 0&&(yield["open-files",
String(e.openFiles),t("openFiles")]);for(let{path:c,free:u,inodes:d}of e.disk)u!==void 0&&(yield[`disk.${c}.free`,ln(u),
t(`disk.${c}.free`)]),d!==void 0&&(yield[`disk.${c}.inodes`,String(d),t(`disk.${c}.inodes`)]);for(let c of e.registries)
yield["registries",c,t("registries")];for(let c of e.services)yield["services",`${c.name} ${c.url}`,t("services")];for(let{
name:c,wants:u}of e.expect??[])yield[`expect.${c}`,SE(u),t(`expect.${c}`)];for(let[c,u]of Object.entries(e.severity))yield[
"severity",`${c}: ${u}`,"policy"];for(let{check:c,until:u,reason:d}of e.accept)yield["accept",`${c} until ${u}`,d]}function OE(e,t,n="format"){let r=t.find(o=>o===e);if(r===void 0)throw new en(`the flag \`--${n}\`: found \`${e}\`; allow\
ed: ${t.join(", ")}`);return r}var qa=class extends Error{name="OutputError";isUnwanted;constructor(t,n){super(`could not write ${t}: ${on(n)}`),this.isUnwanted=
(n==null?void 0:n.code)==="EPIPE"}};async function _E(e){let{stdout:t}=process;return await new Promise((n,r)=>{let o=s=>r(
new qa("the output",s));t.once("error",o),t.write(e,s=>{if(s)return o(s);t.off("error",o),n()})}),0}function PE(){return Math.max(40,Math.min(process.stdout.columns||100,120))}function IE(){let{LC_ALL:e,LC_CTYPE:t,LANG:n}=process.
env;return/utf-?8/i.test(e||t||n||"")}function NE(){let{NO_COLOR:e,FORCE_COLOR:t}=process.env;return e||kH()?!1:t!==void 0?
t!=="0"&&t!=="false":!!process.stdout.isTTY}function kH(){return process.env.TERM==="dumb"}var CE=require("node:crypto"),Mt=require("node:fs"),ur=require("node:path");function Yu(e,t,n){bH(e);let r=(0,ur.join)(e,
t),o=(0,ur.join)(e,`.${t}.${(0,CE.randomBytes)(16).toString("hex")}`);try{(0,Mt.writeFileSync)(o,n,{flag:"wx"}),(0,Mt.renameSync)(
o,r)}catch(s){throw $H(o),s}return r}function bH(e){let t=[e];for(let n=(0,ur.dirname)(e);vH(n)&&n!==(0,ur.dirname)(n);n=(0,ur.dirname)(n))t.unshift(n);for(let n of t)
try{(0,Mt.mkdirSync)(n)}catch(r){if(!xH(n))throw r}}function vH(e){try{return(0,Mt.statSync)(e),!1}catch(t){return t.code===
"ENOENT"}}function xH(e){try{return(0,Mt.statSync)(e).isDirectory()}catch{return!1}}function $H(e){try{(0,Mt.unlinkSync)(e)}catch{}}function Dt(e){return e.replace("T"," ").replace(/:\d\d(?:\.\d+)?Z$/," UTC")}var Zs=class{#e=new Map;add(t){let n=JSON.stringify([t.name,t.profile]),r=this.#e.get(n),o=r??{past:[],newest:t};r||this.#e.
set(n,o);let s=({at:i,status:a,verdict:l})=>i===t.at&&a===t.status&&l===t.verdict;if(!o.past.some(s)){if(o.past.push(SH(
t)),t.at>o.newest.at&&(o.newest=t),t.status==="reported"&&(!o.report||t.at>=o.report.at)&&(o.report=t),t.after){o.after??=
{runner:0,job:0,unknown:0};for(let i of["runner","job","unknown"])o.after[i]+=t.after[i]}o.past.length>120&&(o.past=LE(o.
past))}}all(){return[...this.#e.values()].map(({past:n,newest:r,report:o,after:s})=>{let{name:i,profile:a}=r;return{name:i,
...a!==void 0&&{profile:a},past:LE(n),newest:r,...o&&{report:o},...s&&{after:s}}}).sort((n,r)=>Ut(n.name,r.name)||Ut(n.profile??
"",r.profile??""))}};function SH({at:e,status:t,verdict:n,failures:r,warnings:o,url:s,versions:i,labels:a}){return{at:e,
status:t,...n&&{verdict:n},failures:r,warnings:o,...s&&{url:s},versions:i,labels:a}}function LE(e){return[...e].sort((t,n)=>Ut(
t.at,n.at)).slice(-60)}function Ut(e,t){return e<t?-1:e>t?1:0}function jE(e){let t=new Map;for(let n of e){let{profile:r}=n;if(r===void 0||!n.report)continue;let o=t.get(r);o?o.push(
n):t.set(r,[n])}return[...t].sort(([n],[r])=>Ut(n,r)).flatMap(([n,r])=>RH(n,r))}function RH(e,t){return[...new Set(t.flatMap(
({report:r})=>Object.keys((r==null?void 0:r.versions)??{})))].sort().flatMap(r=>{let o=new Map;for(let{name:a,report:l}of t){
let c=FE(l==null?void 0:l.versions,r);if(c===void 0)continue;let u=o.get(c);u?u.push(a):o.set(c,[a])}if(o.size<2)return[];
let s=[...o].map(([a,l])=>({value:a,runners:l}));s.sort((a,l)=>l.runners.length-a.runners.length||Ut(a.value,l.value));let i=EH(
t,r);return[{profile:e,what:r,values:s,...i!==void 0&&{since:i}}]})}function FE(e,t){var n;return e&&((n=Object.getOwnPropertyDescriptor(
e,t))==null?void 0:n.value)}function EH(e,t){let n=e.flatMap(({name:i,past:a})=>a.flatMap(({at:l,versions:c})=>{let u=FE(
c,t);return u===void 0?[]:[{at:l,name:i,value:u}]}));n.sort((i,a)=>Ut(i.at,a.at));let r=new Map,o=new Map,s;for(let{at:i,
name:a,value:l}of n){let c=r.get(a);if(c!==void 0){let u=(o.get(c)??1)-1;u===0?o.delete(c):o.set(c,u)}r.set(a,l),o.set(l,
(o.get(l)??0)+1),o.size<2?s=void 0:s??=i}return s}function UE(e){let t=e.looks.all(),n=[...e.notes],{asked:r,skipped:o}=AH(t,e);for(let{name:u,labels:d,by:f}of o)n.push(`${u}\
 was not checked: other runners (${f.join(", ")}) took the jobs with its label ${d.join(", ")}. Name it in \`fleet.runner\
s\` of the policy, or give each runner a label of its own.`);let s=r.map(u=>OH(u,e)),i=NH(t,e),a=CH([...s,...i],e),l=[...s,
...i,...a].sort((u,d)=>Ut(u.name,d.name)||Ut(u.profile??"",d.profile??"")),c=r.filter(({report:u})=>u&&Wa(u.at,e)<=e.maxAgeMs);
return{version:1,generated:e.now,verdict:TH(l),runners:l,drift:jE(c),unserved:e.unserved,rejected:e.rejected,changes:LH(
r,l,e),notes:n}}function Et({status:e,verdict:t}){return e==="reported"?t??"unknown":e}function ze({status:e,verdict:t}){
return e!=="reported"||t!=="healthy"&&t!=="degraded"}var ME={healthy:0,degraded:1,unknown:2,misconfigured:3};function TH(e){
if(e.length===0)return"unknown";let t="healthy";for(let{status:n,verdict:r="unknown"}of e){let o=n==="reported"?r:"misco\
nfigured";ME[o]>ME[t]&&(t=o)}return t}function Wa(e,{now:t}){return Date.parse(t)-Date.parse(e)}function AH(e,t){let n=e.
filter(({newest:i})=>Wa(i.at,t)<=t.maxAgeMs),r=new Map;for(let{newest:i}of n){if(i.labels.length===0)continue;let a=Un(i.
labels);r.set(a,(r.get(a)??new Set).add(i.name))}let o=[];return{asked:e.filter(i=>{let{newest:a,name:l}=i;if(Wa(a.at,t)<=
t.maxAgeMs||a.labels.length===0||t.expected.some(u=>qE(u,i)))return!0;let c=[...r.get(Un(a.labels))??[]].filter(u=>u!==l);
return c.length===0?!0:(o.push({name:l,labels:a.labels,by:c}),!1)}),skipped:o}}function Un(e){return JSON.stringify([...e].
sort())}function qE(e,{name:t,profile:n}){return e.name===t&&(e.profile===void 0||e.profile===n)}function OH(e,t){var w;
let{name:n,profile:r,past:o,newest:s,report:i,after:a}=e,l=s.labels.length>0||r===void 0?s.labels:t.labelsOf(r),c=(t.waiting??
[]).find(k=>WE(k.labels,l)&&k.since>s.at),{status:u,why:d}=_H(e,c,t),f=(w=t.listed)==null?void 0:w.get(n),p=o.map(({at:k,
status:b,verdict:R,failures:$,warnings:P,url:I})=>({at:k,status:b,...R&&{verdict:R},failures:$,warnings:P,...I&&{url:I}})),
g=IH(o,u,c),m=(c==null?void 0:c.url)??s.url,h=u==="set-up-failed"?s:i??s;return{name:n,...r!==void 0&&{profile:r},labels:l,
status:u,...(i==null?void 0:i.verdict)&&{verdict:i.verdict},...i&&{last_report:i.at},failures:(i==null?void 0:i.failures)??
[],warnings:(i==null?void 0:i.warnings)??[],...d!==void 0&&{why:d},...(f==null?void 0:f.busy)&&{busy:!0},...g!==void 0&&
{since:g},...m!==void 0&&{url:m},...(i==null?void 0:i.runner)&&{runner:i.runner},results:h.results,versions:(i==null?void 0:
i.versions)??{},...(i==null?void 0:i.disks)&&{disks:i.disks},history:p,failed:o.filter(ze).length,...a&&{after:a}}}function WE(e,t){
return e.length>0&&Un(e)===Un(t)}function _H({name:e,newest:t,report:n},r,o){var l;let s=(l=o.listed)==null?void 0:l.get(
e);if(s!=null&&s.disabled)return{status:"disabled",why:"The forge lists this runner as disabled."};if(s&&!s.online)return{
status:"offline",why:"The forge lists this runner as offline."};if(r)return{status:"waiting",why:`The job of the health \
check has been waiting since ${Dt(r.since)}: no runner takes jobs with the label ${r.labels.join(", ")}.`};if(Wa(t.at,o)<=
o.maxAgeMs&&t.status==="set-up-failed")return{status:"set-up-failed",why:t.why??"The job failed before it reported."};if(n&&
Wa(n.at,o)<=o.maxAgeMs)return{status:"reported"};let a=n?`the last one is of ${Dt(n.at)}`:"there never was one";return{status:"\
silent",why:`No report within ${PH(o.maxAgeMs)}: ${a}.`}}function PH(e){return e%36e5===0?`${e/36e5} h`:`${Math.round(e/
6e4)} min`}function IH(e,t,n){let r=e[e.length-1];if(t==="reported"&&r&&!ze(r))return;let o;for(let s=e.length-1;s>=0;s--){
let i=e[s];if(!i||!ze(i))break;o=i.at}return o!==void 0?o:n?n.since:t==="silent"?r==null?void 0:r.at:void 0}function NH(e,t){
let n=new Map;for(let r of t.expected){if(e.some(s=>qE(r,s)))continue;let o=JSON.stringify([r.name,r.profile]);n.has(o)||
n.set(o,r)}return[...n.values()].map(({name:r,profile:o,by:s})=>{var d;let i=o===void 0?[]:t.labelsOf(o),a=(t.waiting??[]).
find(f=>WE(f.labels,i)),l=(d=t.listed)==null?void 0:d.get(r),c=l!=null&&l.disabled?"disabled":l&&!l.online?"offline":a?"\
waiting":"silent",u={disabled:"the forge lists it as disabled",offline:"the forge lists it as offline",waiting:`no runne\
r takes jobs with the label ${i.join(", ")}, since ${Dt((a==null?void 0:a.since)??"")}`,silent:"it never sent a report"}[c];
return{name:r,...o!==void 0&&{profile:o},labels:i,status:c,failures:[],warnings:[],why:`${s}, and ${u}.`.replace(/^./,f=>f.
toUpperCase()),...(l==null?void 0:l.busy)&&{busy:!0},...a&&{since:a.since},...(a==null?void 0:a.url)!==void 0&&{url:a.url},
results:[],versions:{},history:[],failed:0}})}function CH(e,t){let n=new Set(e.map(({labels:o})=>Un(o))),r=new Map;for(let o of t.
waiting??[]){let s=Un(o.labels),i=r.get(s);!n.has(s)&&(!i||o.since<i.since)&&r.set(s,o)}return[...r.values()].map(({labels:o,
since:s,url:i})=>({name:o.join(", "),labels:o,status:"waiting",failures:[],warnings:[],why:`The job of the health check \
has been waiting since ${Dt(s)}: no runner takes jobs with the label ${o.join(", ")}.`,since:s,...i!==void 0&&{url:i},results:[],
versions:{},history:[],failed:0}))}function LH(e,t,n){let r=e.flatMap(({past:s})=>{var i;return((i=s[s.length-2])==null?
void 0:i.at)??[]}).sort(Ut).pop();if(r===void 0)return[];let o=new Map(e.map(s=>[JSON.stringify([s.name,s.profile]),s]));
return t.flatMap(s=>{var h;let{name:i,profile:a,status:l}=s,c=((h=o.get(JSON.stringify([i,a])))==null?void 0:h.past)??[],
u=c[c.length-1],d=l==="reported"||l==="set-up-failed";if(!d&&u&&l==="silent"&&Date.parse(u.at)+n.maxAgeMs<=Date.parse(r))
return[];let f=d?c[c.length-2]:u;if(!f&&!(u??s.since))return[];let[p,g]=[DE(f),DE(d?u:f)],m={name:i,...a!==void 0&&{profile:a},
...f&&{before:Et(f)},now:Et(s),came:[...g].filter(w=>!p.has(w)),went:[...p].filter(w=>!g.has(w))};return m.before===m.now&&
m.came.length+m.went.length===0?[]:[m]})}function DE(e){return new Set([...(e==null?void 0:e.failures)??[],...(e==null?void 0:
e.warnings)??[]])}var jH=/(?:^|\s)#\s*runner-check:\s*ignore\b(.*)$/;function GE(e,t){let n=[...t].flatMap(([i,a])=>BE(i,a));if(n.length===
0)return{results:e,notes:[]};let r=new Set,o=e.filter(i=>{let a=n.filter(l=>l.reason!==""&&mg(i,l));for(let l of a)r.add(
l);return a.length===0}),s=n.flatMap(i=>{let a=`${i.file}:${i.line}`,l=i.patterns.map(c=>y(c.slice(0,80))).join(", ")||"\
nothing";return i.reason===""?[`Not ignored: ${l} at ${a}. Add a reason to the comment, after \`--\`.`]:r.has(i)?[]:[`No\
thing to ignore: ${l} at ${a}. Remove the comment.`]});return{results:o,notes:s}}var[FH,MH]=[200,20],DH=/^(?:config|\*)\/[a-z*-]{1,40}(?::[a-z*-]{1,40})?$/;
function HE(e){return[...e].flatMap(([t,n])=>BE(t,n)).filter(({reason:t})=>t!=="").slice(0,FH).map(({file:t,target:n,patterns:r})=>({
file:t,target:n,patterns:r.slice(0,MH).filter(o=>DH.test(o))}))}function mg({id:e,reason:t,location:n},{file:r,target:o,
patterns:s}){return(n==null?void 0:n.file)===r&&n.line===o&&s.some(i=>po(i,e,t))}function BE(e,t){if(!t.includes("runner\
-check:"))return[];let n=t.split(/\r?\n/);return n.flatMap((r,o)=>{let s=jH.exec(r);if(!s)return[];let[i="",a=""]=(s[1]??
"").split(/\s--\s*(.*)$/),l=i.split(/[\s,]+/).filter(d=>d!==""),c=r.trimStart().startsWith("#"),u=n.findIndex((d,f)=>f>o&&
d.trim()!==""&&!d.trimStart().startsWith("#"));return[{file:e,line:o+1,target:c?u+1:o+1,patterns:l,reason:a.trim()}]})}async function KE(e,t){let n=t.split("/").slice(1,-1),r=n.map((s,i)=>`/${n.slice(0,i+1).join("/")}`);return(await Promise.
all(r.map(s=>e.stat(s)))).every(s=>!("mode"in s)||(s.mode&1)!==0)}var UH=/\$(?:(\$)|([_a-z][_a-z0-9]*)|\{(?:([_a-z][_a-z0-9]*(?::?[-+?].*)?)\}|()))/gi;function zr(e,t){let n=new hg(t);return{text:n.replace(e,0),unset:[...n.unset],used:[...n.used],invalid:n.invalid}}var hg=class{unset=new Set;used=new Set;invalid=!1;lookup;constructor(t){
this.lookup=t}replace(t,n){return!t.includes("$")||n>20?t:t.replace(UH,(r,o,s,i)=>{if(o!==void 0)return"$";if(s!==void 0)
return this.value(s);if(i===void 0)return this.invalid=!0,"";let a=qH(r),l=this.replace(r.slice(a+1),n+1);return this.substitute(
r.slice(2,a),n)+l})}substitute(t,n){let[,r="",o,s=""]=/^([_a-z][_a-z0-9]*)(?:(:?[-+?])(.*))?$/is.exec(t)??[];if(o===void 0)
return this.value(r);let i=this.lookup(r),a=i!==void 0&&(!o.startsWith(":")||i!=="");switch(o.slice(-1)){case"-":return a?
this.value(r):this.replace(s,n+1);case"+":return a?this.replace(s,n+1):i??"";default:return a?this.value(r):this.unknown(
r)}}value(t){let n=this.lookup(t);return n===void 0?this.unknown(t):(this.used.add(t),n)}unknown(t){return this.unset.add(
t),""}};function qH(e){let t=0;for(let n=0;n<e.length;n++)if(e[n]==="{"&&t++,e[n]==="}"&&--t===0)return n;return e.length-
1}var WH=/^(?:export\s+)?([\p{L}\p{N}_.[\]\-\t ]*?)[\t\v\f\r ]*(=|:|\n|$)[\t\v\f\r ]*/u;function VE(e,t){var a;let n=new Map,
r=l=>{var c;return t(l)??((c=n.get(l))==null?void 0:c.text)},o=e.replace(/^\ufeff/,""),s=1,i=l=>{let c=o.slice(0,l);return s+=
c.split(`
`).length-1,o=o.slice(l),c};for(;;){if(i(((a=/^(?:\s|#[^\n]*)*/.exec(o))==null?void 0:a[0].length)??0),o==="")return n;let l=s,
c=WH.exec(o),u=(c==null?void 0:c[1])??"";if(!c||u===""||/\s/.test(u))return;if(i(c[0].length),c[2]!=="="&&c[2]!==":"){let p=t(
u);p!==void 0&&n.set(u,{text:p,unset:[],line:l});continue}let d=GH(o);if(!d)return;if(i(d.length),d.literal){n.set(u,{text:d.
text,unset:[],line:l});continue}let f=zr(d.text,r);if(f.invalid)return;n.set(u,{text:f.text,unset:f.unset,line:l})}}function GH(e){
var r;let t=e[0];if(t!=="'"&&t!=='"'){let o=((r=/^[^\n]*/.exec(e))==null?void 0:r[0])??"";return{text:(o.split(" #")[0]??
"").trimEnd(),literal:!1,length:Math.min(o.length+1,e.length)}}let n="";for(let o=1;o<e.length;o++){let s=e[o]??"";if(s===
t)return{text:t==='"'?BH(n):n,literal:t==="'",length:o+1};if(s==="\\"&&o+1<e.length){o++,n+=e[o]===t?t:`\\${e[o]}`;continue}
n+=s}}var HH={a:"\x07",b:"\b",f:"\f",n:`
`,r:"\r",t:"	",v:"\v","\\":"\\",'"':'"',$:"$$"};function BH(e){return e.replace(/\\([abfnrtv$"\\])/g,(t,n)=>HH[n]??n)}function gg(e,t){return{...e,...t,file:e.file,entry:e.entry,environment:new Map([...e.environment,...t.environment]),envFiles:[
...e.envFiles.filter(({path:n})=>!t.envFiles.some(r=>r.path===n)),...t.envFiles],mounts:Xu([...e.mounts,...t.mounts]),placed:Xu(
[...e.placed,...t.placed]),ports:Zu([...e.ports,...t.ports]),dependsOn:yg([...e.dependsOn,...t.dependsOn],({service:n})=>n),
networks:e.networks&&t.networks?new Map([...e.networks,...t.networks]):t.networks??e.networks,restartPolicy:e.restartPolicy||
t.restartPolicy,groups:Zu([...e.groups,...t.groups]),extraHosts:Zu([...e.extraHosts,...t.extraHosts]),links:Zu([...e.links,
...t.links]),profiles:[...new Set([...e.profiles,...t.profiles])]}}function Xu(e){return yg(e,({target:t})=>t.replace(/(?<=.)\/+$/,
""))}function Zu(e){return yg(e,({text:t})=>t)}function yg(e,t){let n=new Map;for(let r of e)n.set(t(r),r);return[...n.values()]}function Qu(e){return/^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/.test(e)}var KH={ns:1e-9,us:1e-6,\u00B5s:1e-6,
\u03BCs:1e-6,ms:.001,s:1,m:60,h:3600};function ed(e){if(!Qu(e))return;let n=[...e.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g)].
reduce((r,[,o,s])=>r+Number(o)*(KH[s??""]??0),0);return e.startsWith("-")?-n:n}function wn(e){if(!/^[+-]?[\d.]/.test(e))
return;let t=e.replace(/_/g,""),n=/^[+-]?0[0-7]+$/.test(t)?Number.parseInt(t,8):/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.
test(t)||/^0(?:x[\da-fA-F]+|o[0-7]+|b[01]+)$/.test(t)?Math.trunc(Number(t)):Number.NaN;return Math.abs(n)<2**63?n:void 0}
function Xs(e){return/^(?:true|yes|on|y)$/i.test(e)}function VH(e,t){return/^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|y|Y|n|N)$/.
test(e)?!0:t&&/^(?:true|True|TRUE|false|False|FALSE)$/.test(e)}function zH(e){return/^\s*\d+(?:\.\d*)?\s*[kmgtpKMGTP]?[iI]?[bB]?\s*$/.
test(e)}function Qs({text:e,plain:t},n){switch(n){case"flag":return VH(e,t);case"number":return t&&wn(e)!==void 0;case"p\
ort":{let r=t?wn(e):void 0;return r!==void 0&&r>=0&&r<=65535}case"duration":return(t||e!=="0")&&Qu(e)&&!(t&&wn(e)!==void 0);case"\
size":return zH(e);default:return!0}}function YE(e,t){var c,u,d,f,p,g,m,h,w;let{key:n,value:r}=e,o=k=>{let b=B(r,k);return b&&qe(b,t)},s=k=>{var b;return Nt(
(b=F(r,k))==null?void 0:b.value).map(R=>qe(R,t))},i=(k,b)=>b===void 0?{}:{[k]:b},a=o("privileged"),l=F(r,"build");return{
name:n,file:t.file,entry:e,...i("image",o("image")),...i("build",l&&{text:"",unset:[],literal:!0,place:dr(l,t)}),...i("c\
ommand",zE(r,"command",t)),...i("entrypoint",zE(r,"entrypoint",t)),environment:JH((c=F(r,"environment"))==null?void 0:c.
value,t),envFiles:YH((u=F(r,"env_file"))==null?void 0:u.value,t),mounts:ZH((d=F(r,"volumes"))==null?void 0:d.value,t),ports:e3(
(f=F(r,"ports"))==null?void 0:f.value,t),dependsOn:t3((p=F(r,"depends_on"))==null?void 0:p.value,t),networks:n3((g=F(r,"\
networks"))==null?void 0:g.value),...i("networkMode",o("network_mode")),...i("restart",o("restart")),restartPolicy:U(r,"\
deploy","restart_policy")!==void 0,...a&&{privileged:Xs(a.text)},...i("user",o("user")),groups:s("group_add"),...i("host\
name",o("hostname")),...i("containerName",o("container_name")),extraHosts:r3((m=F(r,"extra_hosts"))==null?void 0:m.value,
t),links:s("links"),profiles:s("profiles").map(({text:k})=>k),placed:[...JE((h=F(r,"secrets"))==null?void 0:h.value,"/ru\
n/secrets/",t),...JE((w=F(r,"configs"))==null?void 0:w.value,"/",t)]}}function dr({line:e,column:t},{file:n}){return{file:n,
line:e,column:t}}function qe(e,t){let{text:n,unset:r,used:o}=zr(e.text,t.lookup);return{text:n,unset:r,literal:r.length===
0&&o.length===0,place:dr(e,t)}}function ZE(e,t){var s;let n=(s=F(e,"extends"))==null?void 0:s.value;if((n==null?void 0:n.
kind)==="scalar")return{service:qe(n,t).text};let r=B(n,"service");if(!r)return;let o=B(n,"file");return{service:qe(r,t).
text,...o&&{file:Be(t.directory,qe(o,t).text)}}}function zE(e,t,n){let r=F(e,t);if(!r||ie(r.value))return;let o=dr(r,n);
if(r.value.kind==="list"){let c=Nt(r.value).map(u=>qe(u,n));return{words:c.map(({text:u})=>u),unset:c.flatMap(({unset:u})=>u),
place:o,empty:c.length===0}}if(r.value.kind!=="scalar")return;let{text:s,unset:i}=qe(r.value,n),a=Ur(s),l=a.kind==="ok"?
a.words.map(c=>c.text):s.split(/\s+/).filter(Boolean);return{words:l,unset:i,place:o,empty:l.length===0}}function JH(e,t){
let n=new Map;if((e==null?void 0:e.kind)==="map")for(let{key:r,value:o,...s}of e.entries){let i=dr(s,t);o.kind==="scalar"&&
n.set(r,{value:ie(o)?void 0:{...qe(o,t),place:i},place:i})}for(let r of(e==null?void 0:e.kind)==="list"?Nt(e):[]){let{text:o,
...s}=qe(r,t),{place:i}=s,a=o.indexOf("="),l=a<0?o:o.slice(0,a);n.set(l,{value:a<0?void 0:{...s,text:o.slice(a+1)},place:i})}
return n}function YH(e,t){return((e==null?void 0:e.kind)==="list"?e.items:e?[e]:[]).flatMap(r=>{var l;let o=r.kind==="sc\
alar"?r:B(r,"path");if(!o||ie(o))return[];let{text:s,unset:i}=qe(o,t),a=((l=B(r,"required"))==null?void 0:l.text)!=="fal\
se";return[{path:Be(t.directory,s),required:a,open:i.length>0}]})}function ZH(e,t){return((e==null?void 0:e.kind)==="lis\
t"?e.items:[]).flatMap(r=>r.kind==="map"?XH(r,t):r.kind==="scalar"?QH(qe(r,t),t):[])}function XH(e,t){var i,a;let n=l=>{
let c=B(e,l);return c&&qe(c,t)},r=n("target");if(!r)return[];let o=n("source"),s=((i=n("type"))==null?void 0:i.text)??"v\
olume";return[{type:s,source:s==="bind"&&o?Be(t.directory,o.text):(o==null?void 0:o.text)??"",written:(o==null?void 0:o.
text)??"",target:r.text,readOnly:/^true$/i.test(((a=n("read_only"))==null?void 0:a.text)??""),unset:[...r.unset,...(o==null?
void 0:o.unset)??[]],place:dr(e,t)}]}function QH({text:e,unset:t,place:n},r){let o=e.split(/(?<!^[A-Za-z]|:[A-Za-z]):/);
if(e===""||o.length>3||o.includes(""))return[];let[s="",i,a=""]=o;if(i===void 0)return[{type:"volume",source:"",written:"",
target:s,readOnly:!1,unset:t,place:n}];let l=ex(s);return[{type:l?"bind":"volume",source:l?Be(r.directory,s):s,written:s,
target:i,readOnly:a.split(",").includes("ro"),unset:t,place:n}]}function e3(e,t){return((e==null?void 0:e.kind)==="list"?
e.items:[]).flatMap(r=>{if(r.kind==="scalar")return[qe(r,t)];let[o,s,i]=["published","target","host_ip"].map(a=>{let l=B(
r,a);return l&&qe(l,t)});return s?[{text:[i==null?void 0:i.text,o==null?void 0:o.text,s.text].filter(a=>a!==void 0).join(
":"),unset:[...s.unset,...(o==null?void 0:o.unset)??[]],literal:s.literal,place:dr(r,t)}]:[]})}function t3(e,t){return(e==
null?void 0:e.kind)==="map"?e.entries.map(({key:n,value:r,...o})=>{var s;return{service:n,condition:((s=B(r,"condition"))==
null?void 0:s.text)??"service_started",place:dr(o,t)}}):Nt(e).map(n=>{let{text:r,place:o}=qe(n,t);return{service:r,condition:"\
service_started",place:o}})}function n3(e){if(!(!e||ie(e)))return e.kind==="map"?new Map(e.entries.map(({key:t,value:n})=>{
var r;return[t,Nt((r=F(n,"aliases"))==null?void 0:r.value).map(({text:o})=>o)]})):new Map(Nt(e).map(({text:t})=>[t,[]]))}
function r3(e,t){return(e==null?void 0:e.kind)!=="map"?Nt(e).map(n=>qe(n,t)):e.entries.flatMap(({key:n,value:r,...o})=>r.
kind==="scalar"?[{...qe(r,t),text:`${n}=${r.text}`,place:dr(o,t)}]:[])}function JE(e,t,n){return((e==null?void 0:e.kind)===
"list"?e.items:[]).flatMap(o=>{let s=o.kind==="scalar"?o:B(o,"source");if(!s)return[];let i=qe(s,n),a=B(o,"target"),l=a?
qe(a,n).text:i.text,c=l.startsWith("/")?l:t+l;return[{type:"file",source:i.text,written:i.text,target:c,readOnly:!0,unset:i.
unset,place:dr(o,n)}]})}function kg(e){var a;let{tree:t,replaced:n}=wg(e,[]),r=(a=F(t,"services"))==null?void 0:a.value,o=ei(n).get("services")??
[],s=ei(o),i=(r==null?void 0:r.kind)==="map"?r.entries:[];return{tree:t,replaced:n,services:new Map(i.map(l=>[l.key,{entry:l,
replaced:s.get(l.key)??[]}]))}}function wg(e,t){if(e.tag==="reset")return{tree:void 0,replaced:[t]};if(e.tag==="override")
return{tree:e,replaced:[t]};if(e.kind==="scalar")return{tree:e,replaced:[]};if(e.kind==="list"){let o=e.items.map(s=>wg(
s,t).tree).filter(s=>s!==void 0);return{tree:{...e,items:o},replaced:[]}}let n=e.entries.map(o=>({entry:o,inside:wg(o.value,
[...t,o.key])})),r=n.flatMap(({entry:o,inside:s})=>s.tree?[{...o,value:s.tree}]:[]);return{tree:{...e,entries:r},replaced:n.
flatMap(({inside:o})=>o.replaced)}}function ei(e){let t=new Map;for(let[n,...r]of e){if(n===void 0)continue;let o=t.get(
n);o?o.push(r):t.set(n,[r])}return t}function Ga(e,t){if(t.length===0||e.length===0)return e;let r=XE(e).filter(({entry:s})=>F(
s.value,"environment")).length>1?t.filter(([s,...i])=>s!=="environment"||i.length===0):t,o=s=>({...s,entry:{...s.entry,value:QE(
s.entry.value,r)},base:s.base.map(o)});return e.map(o)}function XE(e){return e.flatMap(t=>[t,...XE(t.base)])}var o3=new Set(
["depends_on","networks"]);function QE(e,t){if(e.kind!=="map"||t.length===0)return e;let n=ei(t),r=e.entries.flatMap(o=>{
let s=n.get(o.key);if(!s)return[o];if(s.some(c=>c.length===0))return[];let{value:i}=o;if(i.kind!=="list"||!o3.has(o.key))
return[{...o,value:QE(i,s)}];let a=new Set(s.map(([c])=>c)),l=i.items.filter(c=>c.kind!=="scalar"||!a.has(c.text));return[
{...o,value:{...i,items:l}}]});return{...e,entries:r}}function bg(e){let[t,...n]=e.map(s3);return t&&n.reduce(gg,t)}function s3({
entry:e,where:t,base:n}){let r=YE(e,t),o=bg(n);return o?{...gg(o,r),name:r.name,file:r.file,entry:r.entry}:r}var i3=/^(?:docker-)?compose\.ya?ml$/,a3=["compose.override.yml","compose.override.yaml","docker-compose.override.yml","\
docker-compose.override.yaml"],l3=30,c3=8;async function tT(e,t,n,{hide:r=!0,base:o=""}={}){let s=Eu(t);if(s.kind==="bro\
ken")return s;let i=new vg(n),a=at(e),l=u3(await i.environmentOf(Be(a,".env"),()=>{}));await i.readFile(s.roots,{file:e,
directory:a,lookup:l}),i3.test(Ke(e))&&await i.readOverride(a,l);let c=await Promise.all([...i.services.values()].map(async({
layers:h,lookup:w})=>{let k=bg(h),b=k&&await i.finished(k,w);return b&&r?wR(b):b})),{volumes:u,networks:d,files:f}=i,p=s.
roots.map(h=>{var w;return(w=B(h,"name"))==null?void 0:w.text}),g=l("COMPOSE_PROJECT_NAME")??p.filter(h=>h!==void 0).pop(),
m=f3(g??Ke(Be(o,a)));return{kind:"ok",project:{path:e,services:c.filter(h=>h!==void 0),volumes:u,networks:d,files:f,missing:[
...i.missing],...m!==""&&{name:m}}}}function u3(e,t=()=>{}){return n=>{var r;return t(n)??((r=e==null?void 0:e.get(n))==
null?void 0:r.text)}}var vg=class{services=new Map;volumes=new Map;networks=new Map;files=new Map;missing=new Set;read;count=0;constructor(t){
this.read=t}async environmentOf(t,n){let r=await this.read(t);return r===void 0?void 0:VE(r,n)}async readFile(t,n){for(let r of t)
await this.readDocument(r,n)}async readDocument(t,n){var s,i,a,l,c;let r=kg(t),{tree:o}=r;this.takeAway(r),await this.include(
(s=F(o,"include"))==null?void 0:s.value,n);for(let[u,{replaced:d}]of r.services){let p=[...Ga(((i=this.services.get(u))==
null?void 0:i.layers)??[],d),...await this.layersOf(u,[r],n,[])];this.services.set(u,{layers:p,lookup:n.lookup})}for(let{
key:u,value:d}of td(o,"volumes"))this.volumes.set(u,eT(d));for(let{key:u,value:d}of td(o,"networks")){let f=(a=B(d,"name"))==
null?void 0:a.text,p=((l=B(d,"driver"))==null?void 0:l.text)??"bridge";this.networks.set(u,{external:eT(d),driver:p,...f!==
void 0&&{name:f}})}for(let{key:u,value:d}of[...td(o,"configs"),...td(o,"secrets")]){let f=B(d,"file"),p=B(d,"content"),{
text:g,unset:m}=zr(((c=f??p)==null?void 0:c.text)??"",n.lookup);m.length>0||!f&&!p||this.files.set(u,f?{path:Be(n.directory,
g)}:{text:g})}}takeAway({replaced:t}){if(t.length===0)return;let n=ei(t),r=[["services",this.services],["volumes",this.volumes],
["networks",this.networks],["configs",this.files],["secrets",this.files]];for(let[o,s]of r){let i=n.get(o)??[];i.some(a=>a.
length===0)&&s.clear();for(let[a,...l]of i)l.length===0&&s.delete(a??"")}for(let[o,s]of ei(n.get("services")??[])){let i=this.
services.get(o);i&&this.services.set(o,{...i,layers:Ga(i.layers,s)})}}async readOverride(t,n){for(let r of a3){let o=Be(
t,r),s=await this.read(o);if(s===void 0)continue;let i=Eu(s);i.kind==="ok"?await this.readFile(i.roots,{file:o,directory:t,
lookup:n}):this.missing.add(o);return}}async include(t,n){let r=(o,s)=>{var i;return Nt((i=F(o,s))==null?void 0:i.value).
map(({text:a})=>zr(a,n.lookup).text)};for(let o of(t==null?void 0:t.kind)==="list"?t.items:[]){let i=(o.kind==="scalar"?
[zr(o.text,n.lookup).text]:r(o,"path")).map(f=>Be(n.directory,f)),[a]=r(o,"project_directory"),l=a===void 0?at(i[0]??""):
Be(n.directory,a),c=r(o,"env_file"),u=c.length>0?c.map(f=>Be(n.directory,f)):[Be(l,".env")],d=await this.lookupWith(u,n.
lookup);for(let f of i)await this.readFile(await this.rootsOf(f),{file:f,directory:l,lookup:d})}}async lookupWith(t,n){let r=new Map;
for(let o of t){let s=await this.environmentOf(o,i=>n(i)??r.get(i));for(let[i,{text:a}]of s??[])r.set(i,a)}return o=>n(o)??
r.get(o)}async rootsOf(t){let n=++this.count>l3?void 0:await this.read(t),r=n===void 0?void 0:Eu(n);return(r==null?void 0:
r.kind)==="ok"&&r.roots.length>0?r.roots:(this.missing.add(t),[])}async layersOf(t,n,r,o){let s=[];for(let{services:i}of n){
let a=i.get(t);if(!a)continue;let{entry:l,replaced:c}=a,u=Ga(await this.extended(l,n,r,o),c);s=[...Ga(s,c),{entry:l,where:r,
base:u}]}return s}async extended({value:t},n,r,o){var p;let s=ZE(t,r);if(!s)return[];let{service:i,file:a}=s,l=`${a??r.file}\
:${i}`;if(o.includes(l)||o.length>c3)return[];let c=a===void 0?n:(await this.rootsOf(a)).map(kg),u=a===void 0?r:{...r,file:a,
directory:at(a)},d=await this.layersOf(i,c,u,[...o,l]);if(d.length>0)return d;let f=a===void 0?(p=this.services.get(i))==
null?void 0:p.layers:void 0;return f||this.missing.add(`${i} in ${a??r.file}`),f??[]}async finished(t,n){let r=new Map,o=!1;
for(let{path:f,open:p}of t.envFiles){let g=h=>{var w;return n(h)??((w=r.get(h))==null?void 0:w.text)},m=p?void 0:await this.
environmentOf(f,g);m||(o=!0);for(let[h,{text:w,unset:k,line:b}]of m??[]){let R={file:f,line:b,column:1};r.set(h,{text:w,
unset:k,literal:!1,place:R,passed:!1,filled:w!==""})}}for(let[f,{value:p,place:g}]of t.environment){let m=p??p3(f,n,g);r.
set(f,{...m,passed:p===void 0,filled:m.text!==""})}let{entry:s,envFiles:i,networks:a,privileged:l=!1,mounts:c,file:u,...d}=t;
return{...d,place:{file:u,line:s.line,column:s.column},environment:r,openEnvironment:o,mounts:Xu(c),dependsOn:[...t.dependsOn,
...d3(t)],networks:a??(t.networkMode?new Map:new Map([["default",[]]])),privileged:l}}};function d3({links:e,networkMode:t,
dependsOn:n}){var s;let r=(s=/^service:(.+)$/.exec((t==null?void 0:t.text)??""))==null?void 0:s[1];return[...e.map(({text:i,
place:a})=>({service:i.split(":")[0]??"",place:a})),...t&&r!==void 0?[{service:r,place:t.place}]:[]].filter(({service:i})=>!n.
some(a=>a.service===i)).map(i=>({...i,condition:"service_started"}))}function f3(e){return e.toLowerCase().replace(/[^a-z0-9_-]/g,
"").replace(/^[_-]+/,"")}function p3(e,t,n){let r=t(e);return{text:r??"",unset:r===void 0?[e]:[],literal:!1,place:n}}function td(e,t){
var r;let n=(r=F(e,t))==null?void 0:r.value;return(n==null?void 0:n.kind)==="map"?n.entries:[]}function eT(e){var n;let t=(n=
F(e,"external"))==null?void 0:n.value;return t!==void 0&&!(t.kind==="scalar"&&/^(?:false|no|off|n|)$/i.test(t.text))}async function nT(e,t,n,r){let o=await tT(e,t,n,{base:r});if(o.kind==="broken")return{path:e,runners:[],problem:o.problem};
let s=await cR(o.project,n);return s.length===0?void 0:{path:e,runners:s}}function rT(e,t){let n=Ke(e);if(Ha(n))return"registration";if(/\.(?:service|timer|socket)$/.test(n)||/\.service\.d\/[^/]*\.conf$/.
test(e))return"unit";let r=t.slice(0,65536);return/^\s*\{(?![{%#])/.test(r)?/"(?:uuid|labels|address)"\s*:/.test(r)?"reg\
istration":"config":/^\[(?:Unit|Service|Install)\]\s*$/m.test(r)?"unit":/^jobs\s*:/m.test(r)&&/^["']?on["']?\s*:/m.test(
r)?"workflow":"config"}function xg(e,t,n){var s;let r={gitea:0,forgejo:0};for(let i of Object.keys(Yt))D(Zt,i)===void 0&&
U(t,...i.split("."))&&r.gitea++;for(let i of Object.keys(Zt))D(Yt,i)===void 0&&U(t,...i.split("."))&&r.forgejo++;U(t,"se\
rver","connections")&&r.forgejo++;let o=(s=U(t,"container","docker_host"))==null?void 0:s.value;return(o==null?void 0:o.
kind)==="scalar"&&o.text==="automount"&&r.gitea===0&&r.forgejo++,r.forgejo!==r.gitea?r.forgejo>r.gitea?"forgejo":"gitea":
/forgejo/i.test(e)||/forgejo/i.test(n)&&!/gitea|act[-_]runner/i.test(`${e}
${n}`)?"forgejo":"gitea"}function Ha(e){return/\.runner$/.test(e)}var m3=new Set("TimeoutStopSec TimeoutStartSec TimeoutSec TimeoutAbortSec RestartSec RuntimeMaxSec WatchdogSec StartLimi\
tIntervalSec StartLimitInterval JobTimeoutSec".split(" ")),h3=new Set("DynamicUser GuessMainPID LockPersonality NoNewPri\
vileges PrivateDevices PrivateTmp RemainAfterExit RestrictRealtime RestrictSUIDSGID SendSIGHUP SendSIGKILL".split(" ")),
g3=new Set("StartLimitBurst Nice OOMScoreAdjust RestartSteps".split(" ")),y3={Restart:["no","always","on-success","on-fa\
ilure","on-abnormal","on-abort","on-watchdog"],KillMode:["control-group","mixed","process","none"],Type:["simple","exec",
"forking","oneshot","dbus","notify","notify-reload","idle"]};function Ba(e,t){var r;if(t===""||t.includes("%"))return;if(m3.
has(e))return Ka(t)===void 0?"a time such as `30s`, `5min` or `3h`":void 0;if(h3.has(e))return/^(?:1|0|yes|no|y|n|true|false|t|f|on|off)$/i.
test(t)?void 0:"`yes` or `no`";if(g3.has(e))return/^[+-]?\d+$/.test(t)?void 0:"a whole number";if(/^Limit[A-Z]/.test(e))
return/^(?:infinity|\d+\s*[A-Za-z]*)(?::(?:infinity|\d+\s*[A-Za-z]*))?$/.test(t)?void 0:"a number";if(e==="EnvironmentFi\
le")return/^-?\//.test(t)?void 0:"an absolute path";let n=(r=Object.entries(y3).find(([o])=>o===e))==null?void 0:r[1];return!n||
n.includes(t)?void 0:n.map(o=>`\`${o}\``).join(", ")}function Jr(e){var n;let t=(n=/^(.*?)\s+[#;]/.exec(e))==null?void 0:
n[1];return t===void 0||t===""?void 0:t.trim()}var w3={us:1e-6,usec:1e-6,\u00B5s:1e-6,ms:.001,msec:.001,s:1,sec:1,second:1,
seconds:1,m:60,min:60,minute:60,minutes:60,h:3600,hr:3600,hour:3600,hours:3600,d:86400,day:86400,days:86400,w:604800,week:604800,
weeks:604800,M:2629800,month:2629800,months:2629800,y:31557600,year:31557600,years:31557600};function Ka(e){if(e==="infi\
nity")return Number.POSITIVE_INFINITY;let t=0,n=e.trim();if(!(n===""||n.length>200)){for(;n!=="";){let r=/^(\d+(?:\.\d*)?|\.\d+)\s*([A-Za-z\u00b5]*)\s*/.
exec(n),o=(r==null?void 0:r[2])===""?1:w3[(r==null?void 0:r[2])??""];if(!r||o===void 0)return;t+=Number(r[1])*o,n=n.slice(
r[0].length)}return t}}function kn(e){var n;let t=(n=e.runnerVersion)==null?void 0:n.text;return k3(e).map(r=>t===void 0?r:{...r,version:t})}function k3(e){
let t=e.files.filter(l=>l.kind==="config"),n=e.files.filter(l=>l.kind==="registration"),r=e.files.filter(l=>l.kind==="un\
it"),o=e.files.filter(l=>l.kind!=="config"&&l.kind!=="registration"&&l.kind!=="unit"),s=[...new Set(r.map(l=>l.unit))];if(t.
length<=1&&n.length<=1&&s.length<=1){let[l]=t,[c]=n,u={system:Sg(l,r),units:$g(r),others:o};return e.files.length===0?[]:
[{...u,...l&&{config:l},...c&&{registration:c}}]}let i=[],a=new Set;for(let l of t){let c=r.filter(f=>f.settings.some(p=>p.
value.includes(l.path))),u=r.filter(f=>c.some(p=>p.unit===f.unit)),d=n.find(f=>!a.has(f)&&b3(f,l,u));for(let f of[l,...u,
...d?[d]:[]])a.add(f);i.push({system:Sg(l,u),config:l,units:$g(u),others:[],...d&&{registration:d}})}for(let l of n)a.has(
l)||i.push({system:"gitea",registration:l,units:[],others:[]});for(let l of s){let c=r.filter(u=>u.unit===l&&!a.has(u));
c.length>0&&i.push({system:Sg(void 0,c),units:$g(c),others:[]})}return o.length>0&&i.push({system:"gitea",units:[],others:o}),
i}function b3(e,t,n){var r;return((r=t.registration)==null?void 0:r.path)===e.path||n.some(o=>{var s,i;return((i=(s=o.machine)==
null?void 0:s.registration)==null?void 0:i.path)===e.path})?!0:at(e.path)===at(t.path)}function $g(e){return[...e].sort(
(t,n)=>Number(t.dropIn)-Number(n.dropIn)||(t.path<n.path?-1:1))}function Sg(e,t){if(e)return e.system;let n=({unit:r,settings:o})=>r.
startsWith("forgejo")||o.some(({name:s,value:i})=>s==="ExecStart"&&/forgejo[-_]?runner/.test(i));return t.some(n)?"forge\
jo":"gitea"}function rd(e){var n,r;let t=(r=U((n=e.config)==null?void 0:n.root,"runner","labels"))==null?void 0:r.value;
return(t==null?void 0:t.kind)==="list"&&t.items.length>0}function fr(e){let{registration:t}=e,n=sd(e);if(n.length>0&&od(
e)!=="no")return n;let r=Yr(e).flatMap(({key:o,value:s})=>iT(s,"labels").map(i=>({text:i,connection:o})));if(e.config&&r.
length>0){let o=e.config.path;return[...r.map(s=>({...s,file:o})),...nd(e)]}return rd(e)?nd(e):((t==null?void 0:t.labels)??
[]).map(o=>({text:o,file:(t==null?void 0:t.path)??""}))}function od({system:e,version:t}){return e==="forgejo"?"no":Ao(or(
"labels-variable-wins"),t)}function nd({config:e}){return e?iT(e.root,"runner","labels").map(t=>({text:t,file:e.path})):
[]}function sd(e){let t=Zr(e,oT)??"",n=qt(e,"Service","Environment").filter(({value:a})=>a.includes(oT)),r=n[n.length-1];
if(!r)return[];let{file:o,line:s,column:i}=r;return t.split(",").map(a=>a.trim()).filter(a=>a!=="").map(a=>({text:{kind:"\
scalar",text:a,plain:!1,line:s,column:i},file:o}))}var oT="GITEA_RUNNER_LABELS";function Yr({config:e,system:t}){var r;let n=t===
"forgejo"?(r=U(e==null?void 0:e.root,"server","connections"))==null?void 0:r.value:void 0;return(n==null?void 0:n.kind)===
"map"?n.entries:[]}function iT(e,...t){var r;let n=(r=U(e,...t))==null?void 0:r.value;return(n==null?void 0:n.kind)==="l\
ist"?n.items.filter(o=>o.kind==="scalar"):[]}var sT=new WeakMap;function ti(e){let t=sT.get(e);if(t)return t;let n=fr(e).
flatMap(r=>{let o=Ge(r.text.text,e.system);return o.kind==="label"?[{...r,label:o.label}]:[]});return sT.set(e,n),n}function tn(e){
var n;if(qn((n=e.config)==null?void 0:n.root,"container","require_docker"))return"yes";let t=ti(e);return t.length===0?"\
unknown":t.some(({label:r})=>r.kind==="docker")?"yes":"no"}function Rg(e){return ti(e).some(({label:t})=>t.kind==="host")}
function qn(e,...t){let n=B(e,...t);return n?Xs(n.text)&&(n.plain||!/^true$/i.test(n.text)):!1}function Y(e,...t){var n;
return((n=B(e,...t))==null?void 0:n.text)??""}function ni(e,...t){var r;let n=(r=U(e,...t))==null?void 0:r.value;return(n==
null?void 0:n.kind)==="list"?n.items.flatMap(o=>o.kind==="scalar"?[o.text]:[]):[]}function Bo(e,...t){let n=B(e,...t),r=n!=
null&&n.plain?Number(n.text.split("_").join("")):Number.NaN;return Number.isFinite(r)?Math.trunc(r):void 0}function Ko(e,t){
var r,o;let n=(o=U((r=e.config)==null?void 0:r.root,"runner","envs"))==null?void 0:o.value;return(n==null?void 0:n.kind)===
"map"&&n.entries.some(s=>s.key===t)}function qt(e,t,n){let r=[];for(let o of e.units)for(let s of o.settings)s.section!==
t||s.name!==n||(s.value===""?r=[]:r.push({...s,file:o.path}));return r}function Ne(e,t,n){let r=qt(e,t,n);return r[r.length-
1]}function pr(e){var n;let t=(n=Ne(e,"Service","User"))==null?void 0:n.value;return t&&(Jr(t)??t)}function Zr(e,t){let n;
for(let r of qt(e,"Service","Environment")){if(!r.value.includes(t))continue;let o=Ur(r.value);for(let s of o.kind==="ok"?
o.words:[])s.text.startsWith(`${t}=`)&&(n=s.text.slice(t.length+1))}return n}var et={seen({config:e}){let t=e!=null&&e.root&&!e.problem?cT(e.root):0;return e&&t>0?[{source:e.path,text:tt(t,"setting")}]:
[]},missing:"No configuration (`config.yaml`) with settings was read."},aT={seen(e){let t=fr(e),n=t.slice(0,5).map(({text:o})=>v(
o.text,100)),r=t.length>n.length?` and ${t.length-n.length} more`:"";return t.slice(0,1).map(({file:o})=>({source:o,text:`\
labels ${n.join(", ")}${r}`}))},missing:"No file that was read has the labels of the runner."},Eg={seen({registration:e}){
if(!e||e.problem)return[];let{path:t,labels:n,mode:r}=e;return[{source:t,text:`${tt(n.length,"label")}, mode ${r.toString(
8).padStart(4,"0")}`}]},missing:"No registration (`.runner`) was read."},lT={seen(e){let t=e.units.some(({dropIn:n})=>!n)&&
Ne(e,"Service","ExecStart");return t&&za(t.value)?[{source:t.file,text:`ExecStart=${v(t.value,200)}`}]:[]},missing:"No u\
nit that starts a runner was read."},Va={seen:e=>[...et.seen(e),...Eg.seen(e),...e.units.flatMap(v3)],missing:"Every fil\
e that was read is empty."};function v3({path:e,settings:t}){return t.length===0?[]:[{source:e,text:tt(t.length,"setting")}]}
var x3=/^(?:gitea|act|forgejo)[-_]?runner(?:[-_.]v?\d[\w.+~-]*|[-_](?:current|latest|stable|nightly|main|dev|linux|darwin|freebsd|windows)[\w.+-]*)?$/i;
function za(e){if(/\b(?:docker|podman|nerdctl)\s+(?:run|compose|start)\b/.test(e))return!1;let t=e.split(/[\s"';]+/).map(
n=>n.replace(/^[-@:+!|]*/,"").replace(/^.*\//,""));return t.some((n,r)=>x3.test(n)&&(r===0||t.includes("daemon")))}function cT(e){
switch(e.kind){case"scalar":return 1;case"list":return Math.max(1,e.items.length);case"map":return e.entries.reduce((t,{
value:n})=>t+cT(n),0)}}function tt(e,t){return`${e} ${t}${e===1?"":"s"}`}async function id(e,t){if((await e.stat(at(t))).kind!=="directory"||(await e.access(at(t),"x")).kind!=="granted")return;
let r=await e.stat(t);if(r.kind!=="unreadable")return{path:t,found:r.kind==="absent"?"no":"yes"}}var ad={Unit:new Set("After AllowIsolate AssertACPower AssertArchitecture AssertCPUFeature AssertCPUPressure AssertCPUs \
AssertCapability AssertControlGroupController AssertCredential AssertDirectoryNotEmpty AssertEnvironment AssertFileIsExe\
cutable AssertFileNotEmpty AssertFirstBoot AssertGroup AssertHost AssertIOPressure AssertKernelCommandLine AssertKernelV\
ersion AssertMemory AssertMemoryPressure AssertNeedsUpdate AssertOSRelease AssertPathExists AssertPathExistsGlob AssertP\
athIsDirectory AssertPathIsEncrypted AssertPathIsMountPoint AssertPathIsReadWrite AssertPathIsSymbolicLink AssertSecurit\
y AssertUser AssertVirtualization Before BindTo BindsTo CollectMode ConditionACPower ConditionArchitecture ConditionCPUF\
eature ConditionCPUPressure ConditionCPUs ConditionCapability ConditionControlGroupController ConditionCredential Condit\
ionDirectoryNotEmpty ConditionEnvironment ConditionFileIsExecutable ConditionFileNotEmpty ConditionFirmware ConditionFir\
stBoot ConditionGroup ConditionHost ConditionIOPressure ConditionKernelCommandLine ConditionKernelVersion ConditionMemor\
y ConditionMemoryPressure ConditionNeedsUpdate ConditionOSRelease ConditionPathExists ConditionPathExistsGlob ConditionP\
athIsDirectory ConditionPathIsEncrypted ConditionPathIsMountPoint ConditionPathIsReadWrite ConditionPathIsSymbolicLink C\
onditionSecurity ConditionUser ConditionVirtualization Conflicts DefaultDependencies Description Documentation FailureAc\
tion FailureActionExitStatus IgnoreOnIsolate JobRunningTimeoutSec JobTimeoutAction JobTimeoutRebootArgument JobTimeoutSe\
c JoinsNamespaceOf OnFailure OnFailureIsolate OnFailureJobMode OnSuccess OnSuccessJobMode PartOf PropagateReloadFrom Pro\
pagateReloadTo PropagatesReloadTo PropagatesStopTo RebootArgument RefuseManualStart RefuseManualStop ReloadPropagatedFro\
m Requires RequiresMountsFor RequiresOverridable Requisite RequisiteOverridable SourcePath StartLimitAction StartLimitBu\
rst StartLimitInterval StartLimitIntervalSec StopPropagatedFrom StopWhenUnneeded SuccessAction SuccessActionExitStatus U\
pholds Wants".split(" ")),Service:new Set("AllowedCPUs AllowedMemoryNodes AmbientCapabilities AppArmorProfile BPFProgram\
 BindPaths BindReadOnlyPaths BlockIOAccounting BlockIODeviceWeight BlockIOReadBandwidth BlockIOWeight BlockIOWriteBandwi\
dth BusName CPUAccounting CPUAffinity CPUQuota CPUQuotaPeriodSec CPUSchedulingPolicy CPUSchedulingPriority CPUScheduling\
ResetOnFork CPUShares CPUWeight CacheDirectory CacheDirectoryMode CapabilityBoundingSet ConfigurationDirectory Configura\
tionDirectoryMode CoredumpFilter DefaultMemoryLow DefaultMemoryMin Delegate DeviceAllow DevicePolicy DisableControllers \
DynamicUser Environment EnvironmentFile ExecCondition ExecPaths ExecReload ExecSearchPath ExecStart ExecStartPost ExecSt\
artPre ExecStop ExecStopPost ExitType ExtensionDirectories ExtensionImages FailureAction FileDescriptorStoreMax FinalKil\
lSignal Group GuessMainPID IOAccounting IODeviceLatencyTargetSec IODeviceWeight IOReadBandwidthMax IOReadIOPSMax IOSched\
ulingClass IOSchedulingPriority IOWeight IOWriteBandwidthMax IOWriteIOPSMax IPAccounting IPAddressAllow IPAddressDeny IP\
CNamespacePath IPEgressFilterPath IPIngressFilterPath IgnoreSIGPIPE InaccessibleDirectories InaccessiblePaths KeyringMod\
e KillMode KillSignal LimitAS LimitCORE LimitCPU LimitDATA LimitFSIZE LimitLOCKS LimitMEMLOCK LimitMSGQUEUE LimitNICE Li\
mitNOFILE LimitNPROC LimitRSS LimitRTPRIO LimitRTTIME LimitSIGPENDING LimitSTACK LoadCredential LoadCredentialEncrypted \
LockPersonality LogExtraFields LogLevelMax LogNamespace LogRateLimitBurst LogRateLimitIntervalSec LogsDirectory LogsDire\
ctoryMode ManagedOOMMemoryPressure ManagedOOMMemoryPressureLimit ManagedOOMPreference ManagedOOMSwap MemoryAccounting Me\
moryDenyWriteExecute MemoryHigh MemoryLimit MemoryLow MemoryMax MemoryMin MemorySwapMax MountAPIVFS MountFlags MountImag\
es NUMAMask NUMAPolicy NetworkNamespacePath Nice NoExecPaths NoNewPrivileges NonBlocking NotifyAccess OOMPolicy OOMScore\
Adjust PAMName PIDFile PassEnvironment PermissionsStartOnly Personality PrivateDevices PrivateIPC PrivateMounts PrivateN\
etwork PrivateTmp PrivateUsers ProcSubset ProtectClock ProtectControlGroups ProtectHome ProtectHostname ProtectKernelLog\
s ProtectKernelModules ProtectKernelTunables ProtectProc ProtectSystem ReadOnlyDirectories ReadOnlyPaths ReadWriteDirect\
ories ReadWritePaths RebootArgument RemainAfterExit RemoveIPC Restart RestartForceExitStatus RestartKillSignal RestartPr\
eventExitStatus RestartSec RestrictAddressFamilies RestrictFileSystems RestrictNamespaces RestrictNetworkInterfaces Rest\
rictRealtime RestrictSUIDSGID RootDirectory RootDirectoryStartOnly RootHash RootHashSignature RootImage RootImageOptions\
 RootVerity RuntimeDirectory RuntimeDirectoryMode RuntimeDirectoryPreserve RuntimeMaxSec RuntimeRandomizedExtraSec SELin\
uxContext SecureBits SendSIGHUP SendSIGKILL SetCredential SetCredentialEncrypted Slice SmackProcessLabel SocketBindAllow\
 SocketBindDeny Sockets StandardError StandardInput StandardInputData StandardInputText StandardOutput StartLimitAction \
StartLimitBurst StartLimitInterval StartupAllowedCPUs StartupAllowedMemoryNodes StartupBlockIOWeight StartupCPUShares St\
artupCPUWeight StartupIOWeight StateDirectory StateDirectoryMode SuccessExitStatus SupplementaryGroups SyslogFacility Sy\
slogIdentifier SyslogLevel SyslogLevelPrefix SystemCallArchitectures SystemCallErrorNumber SystemCallFilter SystemCallLo\
g TTYColumns TTYPath TTYReset TTYRows TTYVHangup TTYVTDisallocate TasksAccounting TasksMax TemporaryFileSystem TimeoutAb\
ortSec TimeoutCleanSec TimeoutSec TimeoutStartFailureMode TimeoutStartSec TimeoutStopFailureMode TimeoutStopSec TimerSla\
ckNSec Type UMask USBFunctionDescriptors USBFunctionStrings UnsetEnvironment User UtmpIdentifier UtmpMode WatchdogSec Wa\
tchdogSignal WorkingDirectory".split(" ")),Install:new Set("Alias Also DefaultInstance RequiredBy WantedBy".split(" "))};var $3=20;function Tg(e){let t=[],n=[],r=e.split(/\r\n|\n/),o="",s=!1;for(let i=0;i<r.length;i++){let a=r[i]??"",l=a.trim();
if(l===""||/^[#;]/.test(l))continue;let c={line:i+1,column:a.length-a.trimStart().length+1},u=g=>{n.length<$3&&n.push({...c,
...g})};if(l.startsWith("[")){if(!l.endsWith("]"))return{settings:t,ignored:n,brokenHeader:c};o=l.slice(1,-1),s=o.startsWith(
"X-"),!s&&!/^(?:Unit|Service|Install|Timer|Socket|Path|Mount|Slice|Scope)$/.test(o)&&(u({why:"section",name:o.slice(0,60)}),
s=!0);continue}let d=a.indexOf("="),f=a.slice(d+1);for(;f.endsWith("\\")&&i+1<r.length;){i++;let g=r[i]??"";f=`${f.slice(
0,-1)} ${/^\s*[#;]/.test(g)?"\\":g.trim()}`}let p=a.slice(0,Math.max(0,d)).trim();if(o==="")u({why:"outside"});else{if(s)
continue;if(d<0)u({why:"no-equals"});else if(p==="")u({why:"no-name"});else{let g={section:o,name:p,value:_u(p,f.trim()).
slice(0,4096),...c},m=p.startsWith("X-")?void 0:S3(g,f.trim());m?u(m):t.push(g)}}}return{settings:t,ignored:n}}function S3({
section:e,name:t,value:n},r){let o=ad[e];if(o&&!o.has(t)){let a=Object.keys(ad).find(c=>{var u;return(u=ad[c])==null?void 0:
u.has(t)}),l=a?void 0:[...o].find(c=>R3(t,c));return a!==void 0?{why:"wrong-section",name:t,section:e,right:a}:l===void 0?
void 0:{why:"unknown-key",name:t,section:e,meant:l}}let s=Ba(t,r);if(s===void 0)return;let i=Jr(r);return i!==void 0&&Ba(
t,i)===void 0?{why:"remark",name:t,bare:n.slice(0,i.length)}:{why:"value",name:t,value:n.slice(0,200),expected:s}}function R3(e,t){
return e.toLowerCase()===t.toLowerCase()||t.length>5&&Ze(e,t)<=1}var ld=["gitea-runner","act_runner","act-runner","forgejo-runner"];function cd(e){let t=Vl(e),n=e.env.XDG_CONFIG_HOME||t&&
`${t}/.config`,r=[...ld.map(s=>`/etc/${s}`),...n?ld.map(s=>`${n}/${s}`):[],"/data"],o=["/etc/systemd/system","/usr/local\
/lib/systemd/system","/usr/lib/systemd/system","/lib/systemd/system",...n?[`${n}/systemd/user`]:[]];return{configs:[...e.
env.CONFIG_FILE?[e.env.CONFIG_FILE]:[],...r.flatMap(s=>[`${s}/config.yaml`,`${s}/config.yml`])],registrations:[...ld.map(
s=>`/var/lib/${s}/.runner`),"/data/.runner"],units:o.flatMap(s=>ld.map(i=>`${s}/${i}.service`))}}var E3=["~/.cargo/bin","/usr/local/cargo/bin","~/.volta/bin","~/.nvm/versions/node"];async function dT(e,t){var h;let n=w=>{
var k;return(k=[...t].reverse().find(b=>b.section==="Service"&&b.name===w))==null?void 0:k.value},[r,o]=await Promise.all(
[e.readText("/etc/passwd"),e.readText("/etc/group")]),s=n("User")??"root",i=r.kind==="ok"?uT(r.value,s):void 0,a=i==null?
void 0:i[5],l=o.kind==="ok"?uT(o.value,"docker"):void 0,c=i&&l?i[3]===l[2]||(l[3]??"").split(",").includes(i[0]??""):void 0,
u=(await Promise.all(cd(e).configs.map(async w=>(await e.stat(w)).kind==="file"?[w]:[]))).flat(),d=(h=n("WorkingDirector\
y"))==null?void 0:h.replace(/^-/,"").replace(/^~$/,a??"~"),p=await T3(e,t,u)&&(d!=null&&d.startsWith("/"))?await id(e,`${d.
replace(/\/+$/,"")}/.runner`):void 0,g=E3.flatMap(w=>w.startsWith("~")?a?[`${a}${w.slice(1)}`]:[]:[w]),m=await Promise.all(
g.map(async w=>(await e.stat(w)).kind==="directory"?[w]:[]));if(!(r.kind!=="ok"&&!p&&u.length===0))return{configs:u,userKnown:i!==
void 0,...c!==void 0&&{inDockerGroup:c},toolchains:i?m.flat():[],...p&&{registration:p}}}async function T3(e,t,n){var a;
if(n.length>0)return!0;let s=(((a=[...t].reverse().find(({name:l})=>l==="ExecStart"))==null?void 0:a.value)??"").split(/[\s="']+/).
map(l=>l.replace(/^[-@:+!|]+(?=\/)/,"")).filter(l=>l.startsWith("/")&&/runner|config/.test(l)).slice(0,10);return(await Promise.
all(s.map(async l=>(await e.stat(l)).kind==="file"))).includes(!0)}function uT(e,t){let n=e.split(`
`).map(r=>r.split(":"));return n.find(r=>r[0]===t)??n.find(r=>r.length>3&&r[2]===t)}function pT(e,t,n){return mT(e,n)(t)}function mT(e,t){if(e.length>4096)return()=>!1;let n=hT(e).map(r=>O3(r,t));return r=>r.
length<=4096&&n.some(o=>A3(o,r))}function ud(e){return mT(e.replace(/(^|\/)(?:\*\*\/)+/g,"$1{,**/}"),!0)}function A3(e,t){
let n=fT(new Set([0]),e);for(let r of t){let o=new Set;for(let s of n){let i=e[s];(i==null?void 0:i.kind)==="one"&&i.passes(
r)&&o.add(s+1),(i==null?void 0:i.kind)==="many"&&(i.crossing||r!=="/")&&o.add(s)}if(o.size===0)return!1;n=fT(o,e)}return n.
has(e.length)}function fT(e,t){var n;for(let r of e)((n=t[r])==null?void 0:n.kind)==="many"&&e.add(r+1);return e}function O3(e,t){
let n=[];for(let r=0;r<e.length;r++){let o=e[r]??"";if(o==="*"){let s=e[r+1]==="*";for(;e[r+1]==="*";)r++;n.push({kind:"\
many",crossing:s||!t})}else if(o==="?")n.push({kind:"one",passes:s=>!t||s!=="/"});else if(o==="["&&e.indexOf("]",r+2)>0){
let s=e.indexOf("]",r+2);n.push({kind:"one",passes:_3(e.slice(r+1,s))}),r=s}else{let s=o==="\\"?e[++r]??"\\":o;n.push({kind:"\
one",passes:i=>i===s})}}return n}function _3(e){let t=/^[!^]/.test(e),n=t?e.slice(1):e;return r=>{for(let o=0;o<n.length;o++){
let s=n[o]??"",i=n[o+1]==="-"?n[o+2]:void 0;if(i!==void 0&&(o+=2),r>=s&&r<=(i??s))return!t}return t}}function hT(e){let t=e.
indexOf("{"),n=e.indexOf("}",t);if(t<0||n<0)return[e];let r=e.slice(0,t),o=hT(e.slice(n+1));return e.slice(t+1,n).split(
",").flatMap(s=>o.map(i=>r+s+i)).slice(0,64)}var P3=1e5,I3=/^\.runner$|\.(?:ya?ml|service|md|txt|json|ts|go|rs|py)$/i,N3=new Set([".git","node_modules"]);async function Ag(e,t,n,r=P3){
let o=[],s=[],i=[n],a=0;for(let l=i.pop();l!==void 0;l=i.pop()){let c=l.startsWith("/")?l:l===""?t:`${t}/${l}`,u=await e.
list(c);if(u.kind==="unreadable"&&s.push({path:l===""?".":l,code:u.code}),u.kind!=="ok")continue;let d=[],f=l===""||l.endsWith(
"/")?l:`${l}/`,p=[...u.value].sort();for(let g=0;g<p.length;g+=200){let m=p.slice(g,g+200),h=await Promise.all(m.map(async w=>I3.
test(w)?"file":(await e.lstat(`${c}/${w}`)).kind));for(let[w,k]of m.entries()){if(++a>r)return{files:o,closed:s,isCut:!0};
h[w]!=="directory"?o.push(`${f}${k}`):N3.has(k)||d.push(`${f}${k}`)}await vt()}for(let g of d.reverse())i.push(g)}return{
files:o,closed:s,isCut:!1}}function gT(e){return/[*?[{]/.test(e)}async function yT(e,t,n){let r=n.slice(0,n.search(/[*?[{]/)),
o=r.slice(0,r.lastIndexOf("/")+1).replace(/(?<=.)\/+$/,""),s=await Ag(e,t,o);return{matching:s.files.filter(ud(n)),folder:o,
walked:s}}async function ri(e,t,n){let r=new _g(e,t.directory);t.files.length>0?await r.readNamed(t.files,t.skipOthers===!0):await r.
search();let o=r.files.length>0?await V3(e,t,r.files,n):void 0;return{facts:{files:r.files,...o&&{runnerVersion:o}},workflows:r.
workflows,composes:r.composes,texts:r.texts,notes:r.notes}}var _g=class{files=[];workflows=[];composes=[];notes=[];texts=new Map;seen=new Set;host;directory;constructor(t,n){
this.host=t,this.directory=n}async readNamed(t,n){let r=[];for(let o of t){let s=o.replace(/(?<=.)\/+$/,"");if((await this.
host.stat(this.full(s))).kind==="directory"){await this.readFolder(s);continue}let a=await this.read(s,!0,n?"runner":"an\
y");(a==null?void 0:a.kind)==="config"&&r.push(Og(s,".runner")),(a==null?void 0:a.kind)==="unit"&&!a.dropIn&&await this.
readDropIns(s)}for(let o of r)await this.read(o,!1)}async readFolder(t){let{files:n,closed:r,isCut:o}=await Ag(this.host,
this.directory,t);for(let{path:l,code:c}of r)l===t?this.files.push({kind:"unreadable",path:l,code:c}):this.notes.push(`N\
ot checked: \`${l}\`, which cannot be listed: ${kt(c)} (${c}).`);o&&this.notes.push(`Not checked: a part of \`${t}\`, whi\
ch has more than 100,000 files.`);let s=()=>this.files.length+this.workflows.length+this.composes.length,i=s(),a=[];for(let l of n){
let c=l.slice(l.lastIndexOf("/")+1);if(!C3.test(c))continue;let u=at(l)===t&&L3.test(c),d=await this.read(l,!0,u?"any":"\
readable-runner");(d==null?void 0:d.kind)==="config"&&a.push(Og(l,".runner")),(d==null?void 0:d.kind)==="unit"&&await this.
readDropIns(l)}for(let l of a)await this.read(l,!1);s()===i&&this.files.push({kind:"other",path:t,what:"a directory with\
out a configuration"})}full(t){return t.startsWith("/")?t:`${this.directory}/${t}`}async search(){var n,r;let t=cd(this.
host);for(let o of t.units){let s=await this.read(o,!1);if((s==null?void 0:s.kind)!=="unit")continue;await this.readDropIns(
o);let i=K3(s);i&&await this.read(i,!0),((r=(n=s.machine)==null?void 0:n.registration)==null?void 0:r.found)==="yes"&&await this.
read(s.machine.registration.path,!1)}for(let o of[...t.configs,...t.registrations]){let s=await this.read(o,!1);(s==null?
void 0:s.kind)==="config"&&await this.read(Og(o,".runner"),!1)}}async read(t,n,r="any"){let{host:o}=this,s=this.full(t),
i=await o.realPath(s),a=i.kind==="ok"?i.value:s;if(this.seen.has(a))return;this.seen.add(a);let l=await this.contentOf(s);
if(r==="readable-runner"&&l.kind!=="ok")return;if(l.kind==="refused")return this.keep({kind:"unreadable",path:t,code:"EU\
NTRUSTED"},!0);if(l.kind==="absent")return this.keep({kind:"absent",path:t},n);if(l.kind==="unreadable")return this.keep(
{kind:"unreadable",path:t,code:l.code},!0);let c=l.value.replace(/^\ufeff/,""),u=await o.stat(s);if(c===""&&u.kind!=="fi\
le")return this.keep({kind:"other",path:t,what:D3[u.kind]??"empty"},!0);let d=rT(t,c);if(!(r!=="any"&&!F3(t,d,c)))switch(this.
texts.set(t,c),d){case"workflow":this.workflows.push(t);return;case"registration":return this.keep(await W3(o,t,a,c,u),!0);case"\
unit":{if(c.length>Lt)return this.keep({kind:"unreadable",path:t,code:"EFBIG"},!0);let f=XS(c);return f?this.keep({kind:"\
template",path:t,...f},!0):this.keep(await H3(o,t,c),!0)}case"config":{let f=await U3(o,t,c,u);return f.kind!=="foreign"||
f.what!==Lo?this.keep(f,!0):await this.readCompose(t,c,r!=="any")||r!=="any"?void 0:this.keep(f,!0)}}}async readCompose(t,n,r){
let s=await nT(t,n,async i=>{let a=await this.contentOf(this.full(i)),l=a.kind==="ok"&&a.value.length<=Lt?a.value:void 0;
return l!==void 0&&!this.texts.has(i)&&this.texts.set(i,l),l},this.directory);return s===void 0||s.problem&&r?!1:(this.composes.
push(s),!0)}async contentOf(t){let n=go(this.host.env)==="none",r=i=>n?this.host.readText(t,Lt+1,i):Ni(this.host,this.directory,
t,Lt+1,i),o=await r("utf8");if(o.kind!=="ok"||!o.value.startsWith("\uFFFD\uFFFD"))return o;let s=await r("latin1");return{
kind:"ok",value:s.kind==="ok"&&M3(s.value)||o.value}}async readDropIns(t){let n=await this.host.list(`${this.full(t)}.d`);
n.kind==="unreadable"&&this.files.push({kind:"unreadable",path:`${t}.d`,code:n.code});for(let r of n.kind==="ok"?[...n.value].
sort():[])r.endsWith(".conf")&&await this.read(`${t}.d/${r}`,!1)}keep(t,n){return n&&this.files.push(t),t}},C3=/^\.runner$|\.service$|\.ya?ml$/i,
L3=/^config\.ya?ml$|^\.runner$/,j3=/(?:act|gitea|forgejo)[-_]runner[^/]*\.service\.d\//;function F3(e,t,n){switch(t){case"\
unit":return j3.test(e)?!0:Tg(n).settings.some(({name:r,value:o})=>r==="ExecStart"&&za(o));case"config":{let r=jt(n);if(r.
kind==="ok")return Dh(r.root)||Ta(r.root)===Lo;let o=n.match(/^(?:log|runner|cache|container|host|metrics|health_check):\s*$/gm)??
[];return new Set(o).size>1}case"workflow":return/(?:^|\/)\.(?:gitea|forgejo)\/workflows\//.test(e);case"registration":return!0}}
function M3(e){let t=e.startsWith("\xFF\xFE")?"utf-16le":e.startsWith("\xFE\xFF")?"utf-16be":void 0;return t&&new TextDecoder(
t).decode(Uint8Array.from(e,n=>n.charCodeAt(0)))}var D3={other:"a FIFO that nothing was read from",device:"a device that\
 nothing was read from"};function Og(e,t){let n=at(e);return e.includes("/")?`${n==="/"?"":n}/${t}`:t}async function U3(e,t,n,r){
var d;let o=wT(r),s=jt(n),i=s.kind==="ok"?Ta(s.root):void 0;if(i===Lo)return{kind:"foreign",path:t,what:i};let a=ZS(n);if(a)
return{kind:"template",path:t,...a};if(s.kind==="broken"||((d=s.root)==null?void 0:d.kind)==="scalar"){let f=YS(n);if(f!==
void 0)return{kind:"foreign",path:t,what:f}}if(s.kind==="broken")return{kind:"config",path:t,system:xg(t,void 0,n),problem:s.
problem,mode:o};if(i)return{kind:"foreign",path:t,what:i};let l=xg(t,s.root,n),c={kind:"config",path:t,system:l,mode:o};
if(!s.root)return c;let u=await q3(e,s.root);return{...c,root:Mo(s.root,l),...u&&{registration:u}}}async function q3(e,t){
var r;let n=(r=B(t,"runner","file"))==null?void 0:r.text;if(n!=null&&n.startsWith("/"))return id(e,n)}async function W3(e,t,n,r,o){
var f,p;let s=await B3(e,n,o),i=wT(o),a={kind:"registration",path:t,labels:[],readableByAll:s,mode:i},l=jt(r);if(l.kind===
"broken")return{...a,problem:l.problem};if(!G3(r)||((f=l.root)==null?void 0:f.kind)!=="map")return{...a,problem:{line:1,
column:1,message:"it is not the JSON that the runner writes"}};if(F(l.root,"agentId"))return{kind:"foreign",path:t,what:"\
a registration of GitHub's runner"};let c=(p=F(l.root,"labels"))==null?void 0:p.value,d=((c==null?void 0:c.kind)==="list"?
c.items:[]).filter(g=>g.kind==="scalar");return{...a,labels:d.map(g=>({...g,text:Ve(g.text).slice(0,4096)}))}}function G3(e){
try{return JSON.parse(e),!0}catch{return!1}}async function H3(e,t,n){let r=at(t),o=r.endsWith(".d"),s=o?Ke(r).slice(0,-2):
Ke(t),i=Tg(n),a=await dT(e,i.settings);return{kind:"unit",path:t,unit:s,dropIn:o,ofUser:/\/systemd\/user\//.test(t),settings:i.
settings,ignored:i.ignored,...i.brokenHeader&&{brokenHeader:i.brokenHeader},...a&&{machine:a}}}function wT(e){return"mod\
e"in e?e.mode&4095:0}async function B3(e,t,n){return!("mode"in n)||(n.mode&4)===0?!1:KE(e,t)}function K3(e){for(let t of e.
settings){if(t.name!=="ExecStart")continue;let n=/(?:^|\s)(?:--config|-c)(?:\s+|=)("?)([^"\s]+)\1/.exec(t.value);if(n)return n[2]}}
async function V3(e,{runnerVersion:t},n,r){var a;if(t)return{text:t,source:"--runner-version"};if(n.every(l=>l.kind!=="c\
onfig"||l.system==="forgejo"))return;let{env:o}=e,s=o.GITEA_ACTIONS_RUNNER_VERSION;if(s&&!o.FORGEJO_ACTIONS&&!o.FORGEJO_ACTIONS_RUNNER_VERSION)
return{text:s.slice(0,100),source:"GITEA_ACTIONS_RUNNER_VERSION"};let i=await Promise.all(["gitea-runner","act_runner"].
map(async l=>({program:l,outcome:await e.run([l,"--version"],{signal:r})})));for(let{program:l,outcome:c}of i){let u=(a=
/\bversion\s+(v?\d+\.\d+\.\d+\S*)/.exec(c.stdout))==null?void 0:a[1];if(c.kind==="exited"&&u)return{text:u.slice(0,100),
source:`${l} --version`}}}var kT={files:[]},Xr={name:"runner-config",unnamed:kT,async collect(e,t,n){if(t.runnerConfig===void 0)return kT;let r={files:[
t.runnerConfig],directory:t.workspace},{facts:o,workflows:s,composes:i,texts:a}=await ri(e,r,n),l=s.map(d=>({kind:"forei\
gn",path:d,what:"a workflow"})),c=i.map(({path:d})=>({kind:"foreign",path:d,what:Lo})),u=HE(a);return{...o,files:[...o.files,
...l,...c],...u.length>0&&{ignores:u}}}};function bT(e){let{id:t,title:n,intro:r,reasons:o,subject:s,fine:i}=e;return{id:t,title:n,...r!==void 0&&{intro:r},reasons:o,
needs:{config:Xr},...t!=="config/syntax"&&{after:["config/syntax"]},judge({config:a},l){if(a.files.length===0)return{kind:"\
skip",reason:"not-applicable",message:"No configuration of a runner was named."};let c=Ig(a,l),u=kn(a),d=u.flatMap(b=>e.
find(b,c)),f=d.filter(({reason:b,location:R})=>{var $;return!(($=a.ignores)!=null&&$.some(P=>mg({id:t,reason:b,...R&&{location:R}},
P)))}),p=d.length-f.length,[g]=u.flatMap(b=>{var R;return((R=e.waitsFor)==null?void 0:R.call(e,b,c))??[]});if(f.length===
0&&g!==void 0)return{kind:"skip",reason:`needs:${g}`,message:`Not judged before \`${g}\` passes.`};let m=u.flatMap(b=>s.
seen(b)).slice(0,Pg),h=a.files.map(b=>b.path);if(f.length===0&&m.length===0&&e.nothingIn)return e.nothingIn(h);let w=p===
0?"":`, apart from ${tt(p,"finding")} that a comment ignores`,k=oi(o,f,`${h.join(", ")}: ${i}${w}.`,m,s.missing);return p===
0||k.kind!=="finding"?k:{...k,message:`${k.message} (${tt(p,"more finding")} ignored by a comment.)`}}}}function Ig(e,t){
return{...e.runnerVersion&&{version:e.runnerVersion.text},...(t==null?void 0:t.docker.require)==="required"&&{dockerRequired:!0}}}
function z3(e,{reason:t,level:n}){var r;return n??(((r=e[t])==null?void 0:r.level)==="warn"?"warn":"fail")}var Pg=20;function oi(e,t,n,r,o){
var u;let s=t.find(d=>z3(e,d)==="fail")??t[0];if(!s)return st(r)?{kind:"pass",message:n,evidence:r}:{kind:"skip",reason:"\
not-applicable",message:o};let i=t.slice(0,Pg).map(d=>({source:d.location?zt(d.location):"",text:`${d.reason}: ${d.message}`})),
a=t.length-Pg;a>0&&i.push({source:((u=s.location)==null?void 0:u.file)??"",text:`and ${a} more`});let l=t.length-1,c=l>0?
`${s.message} (${l} more in the evidence.)`:s.message;return{...s,message:c,evidence:i}}var vT=50,J3=40;async function dd(e,t,n,r=["repository","organization","user","instance"]){let{GITHUB_API_URL:o,GITHUB_REPOSITORY:s=""}=e.
env,i=bo(e.env),[a="",l=""]=s.split("/");if(i.kind==="none"&&!wp(o)||a===""||l==="")return;let c=(...m)=>m.map(encodeURIComponent).
join("/"),d=[{name:"repository",path:`/repos/${c(a,l)}/actions/runners`},{name:"organization",path:`/orgs/${c(a)}/action\
s/runners`},{name:"user",path:"/user/actions/runners"},{name:"instance",path:"/admin/actions/runners"}].filter(m=>r.includes(
m.name)),f=await Promise.all(d.map(m=>i.kind==="trusted"?Z3(e,i.api,m,t,n):Y3[i.kind==="none"?"malformed":i.why])),p=new Map;
for(let m of f)if(m.kind==="ok")for(let h of m.runners)p.set(`${h.id} ${h.name}`,h);let g=d.filter((m,h)=>{var w;return((w=
f[h])==null?void 0:w.kind)==="ok"}).map(m=>m.name);return{scopes:g,runners:[...p.values()].map(({name:m,labels:h,online:w,
disabled:k,busy:b})=>({name:m,labels:h,online:w,disabled:k,...b&&{busy:b}})),refused:d.flatMap((m,h)=>{let w=f[h];return(w==
null?void 0:w.kind)==="refused"?[{scope:m.name,why:w.why}]:[]}),complete:g.includes("instance")}}var Y3={malformed:Ng("n\
ot asked: GITHUB_API_URL is not a URL"),insecure:Ng("not asked: GITHUB_API_URL does not use TLS, so the token is not sen\
t there"),foreign:Ng("not asked: GITHUB_API_URL is not on the forge of GITHUB_SERVER_URL, so the token is not sent there")};
function Ng(e){return{kind:"refused",why:e}}async function Z3(e,t,n,r,o){let s=[];for(let i=1;i<=J3;i++){let a=`${n.path}\
?page=${i}&limit=${vT}&per_page=${vT}`,l=await e.request(vo(t,a,r,o));if(l.kind==="timed-out")return{kind:"refused",why:"\
no answer in time"};if(l.kind==="failed")return{kind:"refused",why:`no connection (${l.code})`};if(l.status!==200)return{
kind:"refused",why:X3(l.status)};let c=Q3(l.body);if(!c)return{kind:"refused",why:"the answer is not a list of runners"};
for(let u of c.runners)s.push(u);if(c.runners.length===0||s.length>=c.total)break}return{kind:"ok",runners:s}}function X3(e){
switch(e){case 401:return"401: the token is not valid";case 403:return"403: the token cannot list them; a job's own toke\
n never can, an owner's with the right scope can";case 404:return"404: this scope does not exist, or the forge is too ol\
d to list runners (Gitea before 1.25)";default:return`HTTP status ${e}`}}function Q3(e){let t;try{t=JSON.parse(e)}catch{
return}if(typeof t!="object"||t===null)return;let{runners:n,total_count:r}=t;if(Array.isArray(n))return{runners:n.map(eB),
total:typeof r=="number"?r:Number.POSITIVE_INFINITY}}function eB(e){let{id:t,name:n,status:r,disabled:o,busy:s,labels:i}=e??
{};return{id:String(t),name:typeof n=="string"?n.slice(0,200):"",online:r==="online"||r==="active"||r==="idle",disabled:o===
!0,...s===!0&&{busy:!0},labels:Array.isArray(i)?i.slice(0,200).flatMap(tB):[]}}function tB(e){if(typeof e=="string")return[
e.slice(0,200)];let t=e==null?void 0:e.name;return typeof t=="string"?[t.slice(0,200)]:[]}var xT=256;function mr(e,t){var a,l,c;let n=jt(t);if(n.kind==="broken")return{path:e,problem:n.problem,events:[],jobs:[]};
let{root:r}=n,o=(a=F(r,"jobs"))==null?void 0:a.value,s={secrets:Vo((l=F(r,"env"))==null?void 0:l.value),token:RT((c=F(r,
"permissions"))==null?void 0:c.value)},i=nB(F(r,"on"));return{path:e,events:i.map(({event:u})=>u),triggers:i,jobs:(o==null?
void 0:o.kind)==="map"?o.entries.map(u=>rB(u.key,u,u.value,s)):[]}}function nB(e){let{value:t}=e??{};return!e||!t||ie(t)?
[]:t.kind==="scalar"?[{event:t.text,line:t.line,column:t.column}]:t.kind==="list"?t.items.flatMap(n=>n.kind==="scalar"?[
{event:n.text,line:n.line,column:n.column}]:[]):t.entries.map(({key:n,line:r,column:o,value:s})=>{var a;let i=Nt((a=F(s,
"types"))==null?void 0:a.value).map(({text:l})=>l);return{event:n,line:r,column:o,...i.length>0&&{types:i}}})}function rB(e,{
line:t,column:n},r,o){var w,k,b,R,$,P,I;let s=(w=F(r,"runs-on"))==null?void 0:w.value,i=s?lB(s,(k=U(r,"strategy","matrix"))==
null?void 0:k.value):{wants:[],unknown:!1},{always:a,conditional:l}=aB(r),c=(b=B(r,"uses"))==null?void 0:b.text,u=c===void 0?
o.secrets:[],d=[...new Set([...u,...a])].slice(0,20),f=(R=B(r,"if"))==null?void 0:R.text,p=Nt(($=F(r,"needs"))==null?void 0:
$.value).map(({text:S})=>S),g=B(r,"environment")??B(r,"environment","name"),m=RT((P=F(r,"permissions"))==null?void 0:P.value)??
o.token,h=!s&&c===void 0&&r.kind==="map"?iB(r):void 0;return{id:e,line:t,column:n,...i,secrets:d,...l.length>0&&{conditionalSecrets:l},
...f!==void 0&&{condition:f.slice(0,ST)},...p.length>0&&{needs:p},...c!==void 0&&{uses:c.slice(0,300),passes:oB((I=F(r,"\
secrets"))==null?void 0:I.value)},...h&&{withoutRunsOn:h},...g&&{environment:g.text.slice(0,100)},...m&&{token:m}}}function oB(e){
return(e==null?void 0:e.kind)!=="map"?[]:e.entries.slice(0,50).map(({key:t,value:n})=>({name:t.slice(0,100),secrets:[...new Set(
Vo(n))].slice(0,20)}))}var ST=4001,sB=new Set(["concurrency","container","continue-on-error","defaults","env","environme\
nt","if","name","needs","outputs","permissions","secrets","services","steps","strategy","timeout-minutes","uses","with"]);
function iB(e){let n=e.entries.map(({key:r})=>r).filter(r=>!sB.has(r)).find(r=>xe(r,["runs-on"])!==void 0);return n===void 0?
{}:{meant:n.slice(0,40)}}function RT(e){if(!(!e||ie(e))){if(e.kind==="scalar")return e.text==="write-all"?"write":"read";
if(e.kind==="map")return e.entries.some(({value:t})=>t.kind==="scalar"&&t.text==="write")?"write":"read"}}function aB(e){
var a;if(e.kind!=="map")return{always:[],conditional:[]};let t=(a=F(e,"steps"))==null?void 0:a.value,n=e.entries.filter(
({key:l})=>l!=="steps"),r=Vo({...e,entries:n});if((t==null?void 0:t.kind)!=="list")return{always:[...r,...Vo(t)],conditional:[]};
let o=t.items.map(l=>{var c;return{condition:(c=B(l,"if"))==null?void 0:c.text,secrets:Vo(l)}}),s=o.flatMap(({condition:l,
secrets:c})=>l!==void 0&&c.length>0?[{condition:l.slice(0,ST),secrets:[...new Set(c)].slice(0,20)}]:[]),i=o.flatMap(({condition:l,
secrets:c})=>l===void 0?c:[]);return{always:[...r,...i],conditional:s.slice(0,50)}}function lB(e,t){let n=Lg(e);if(!n)return{
wants:[],unknown:!0};let r=n.flatMap(({text:i})=>[...i.matchAll(/\$\{\{\s*(.*?)\s*\}\}/g)].map(a=>a[1]??""));if(r.length===
0)return{wants:[n.map(Cg)],unknown:!1};let o=[...new Set(r.map(i=>{var a;return(a=/^matrix\.([\w.-]+)$/.exec(i))==null?void 0:
a[1]}))];if(o.includes(void 0))return{wants:[],unknown:!0};let s=cB(t,o);return s?{wants:s.map(i=>n.flatMap(a=>uB(a,i))),
unknown:!1}:{wants:[],unknown:!0}}function Lg(e){var t;if(e.kind==="scalar")return ie(e)?[]:[e];if(e.kind==="map"){let n=(t=
F(e,"labels"))==null?void 0:t.value;return n&&!F(e,"group")?Lg(n):void 0}return e.items.every(n=>n.kind==="scalar")?e.items:
void 0}function Cg({text:e,line:t,column:n}){return{text:e.slice(0,200),line:t,column:n}}function cB(e,t){var a,l;if((e==
null?void 0:e.kind)!=="map")return;let n=(a=F(e,"include"))==null?void 0:a.value;if(n&&n.kind!=="list")return;let r=[new Map];
for(let c of t){let[u="",...d]=c.split("."),f=(l=F(e,u))==null?void 0:l.value;if(!f)continue;if(f.kind!=="list")return;let p=f.
items.map(g=>$T(g,d));if(r=r.flatMap(g=>p.flatMap(m=>m?[new Map([...g,[c,m]])]:[])),r.length>xT)return}let o=((n==null?void 0:
n.items)??[]).flatMap(c=>{let u=t.map(d=>[d,$T(c,d.split("."))]);return u.some(([,d])=>d)?[new Map(u.flatMap(([d,f])=>f?
[[d,f]]:[]))]:[]}),s=[...r,...o].filter(c=>t.every(u=>c.has(u))),i=s.some(c=>[...c.values()].flat().some(({text:u})=>u.includes(
"${{")));return s.length===0||s.length>xT||i?void 0:s}function $T(e,t){var r;let n=t.length===0?e:(r=U(e,...t))==null?void 0:
r.value;return n?Lg(n):void 0}function uB(e,t){var o;let n=(o=/^\$\{\{\s*matrix\.([\w.-]+)\s*\}\}$/.exec(e.text.trim()))==
null?void 0:o[1];if(n!==void 0)return(t.get(n)??[]).map(Cg);let r=e.text.replace(/\$\{\{\s*matrix\.([\w.-]+)\s*\}\}/g,(s,i)=>{
var a,l;return((l=(a=t.get(i))==null?void 0:a[0])==null?void 0:l.text)??""});return[{...Cg(e),text:r.slice(0,200)}]}function Vo(e){
if(!e)return[];switch(e.kind){case"map":return e.entries.flatMap(t=>t.key==="secrets"&&t.value.kind==="scalar"&&t.value.
text==="inherit"?["inherit"]:Vo(t.value));case"list":return e.items.flatMap(Vo);case"scalar":return dB(e.text)}}function dB(e){
let t=[...e.matchAll(/(?<![\w.-])secrets(?:\.([A-Za-z_]\w*)|\[\s*'([^']*)'\s*\])/g)].map(r=>r[1]??r[2]??""),n=/\btojson\(\s*secrets\s*\)|\bsecrets\.\*|\bsecrets\[\s*[^'\s]/i.
test(e);return[...t.filter(r=>!/^(?:GITHUB|GITEA|FORGEJO)_TOKEN$/i.test(r)),...n?["inherit"]:[]]}var TT=200,fB=5e4,ET={files:[]},si={name:"workflows",unnamed:ET,async collect(e,t,n){if(t.workflows.length===0)return ET;
let[r,o]=await Promise.all([t.token===void 0?void 0:dd(e,t.token,n),mB(e,t,n)]);return{files:o,...r&&{forge:r}}}};function pB(e){
return e.kind==="absent"?"the file does not exist":e.kind==="refused"?"it leads out of the workspace or is not a regular\
 file, and was not read":`${kt(e.code)} (${e.code})`}async function mB(e,t,n){let{paths:r,unread:o}=await gB(e,t,n),{workspace:s}=t,
i=[];for(let a of r){if(await vt(),n.aborted)return[...i,...o,fd(a,"late")];let l=await Ni(e,s,AT(s,a),Lt+1);i.push(l.kind===
"ok"?mr(a,l.value):jg(a,pB(l)))}return[...i,...o]}function jg(e,t){return{path:e,problem:{line:1,column:1,message:t},events:[],
jobs:[]}}function fd(e,t){return{...jg(e,hB[t]),unread:t}}var hB={late:"the deadline came before it was read","too-many":`\
it matches more than the ${TT} files that are read`,"no-match":"it matches no file"};function AT(e,t){return t.startsWith(
"/")?t:`${e}/${t}`}async function gB(e,{workspace:t,workflows:n},r){let o=new Set,s=[];for(let i of n){if(!/[*?[{]/.test(
i)){o.add(i);continue}let a=ud(i),l=i.slice(0,i.search(/[*?[{]/)),c=l.slice(0,Math.max(0,l.lastIndexOf("/"))),u=i.slice(
c.length+1),d=u.includes("**")?2:Math.min(2,u.split("/").length-1),f=s.length,p=(h,w)=>{s.push(jg(h,`${kt(w)} (${w})`))},
g=0,m=!1;for await(let h of OT(e,t,c,d,p)){if(++g%200===0&&await vt(),r.aborted){s.push(fd(i,"late"));break}if(g>fB||o.size>=
TT&&/\.ya?ml$/.test(h)&&a(h)&&!o.has(h)){s.push(fd(i,"too-many"));break}/\.ya?ml$/.test(h)&&a(h)&&(o.add(h),m=!0)}!m&&s.
length===f&&s.push(fd(i,"no-match"))}return{paths:[...o].sort(),unread:s}}async function*OT(e,t,n,r,o){let s=await e.list(
n===""?t:AT(t,n));if(s.kind==="unreadable"&&o(n===""?t:n,s.code),s.kind!=="ok")return;let i=[...s.value].sort().map(l=>n===
""?l:`${n}/${l}`);yield*i;let a=r>0?i.filter(l=>!/\.\w+$/.test(l)):[];for(let l of a)yield*OT(e,t,l,r-1,o)}var yB={title:"A workflow cannot be read",headline:({lookedFor:e,path:t})=>Ol(`The ${e} of ${y(v(t.slice(t.lastIndexOf("\
/")+1),26))} are unknown`,"A workflow cannot be read"),why:({lookedFor:e})=>e==="labels"?"If one of its jobs asks for a \
label that no runner has, it waits without a message.":"If one of its jobs has the Docker socket and secrets, a pull req\
uest can take both.",expected:"a workflow in YAML",tell:({path:e,line:t,message:n,unread:r})=>({what:`${y(e)} ${r?"was n\
ot read":"cannot be read"}: ${n}.`,fix:r?kB(r):_T(n)?Fw(e,_T(n)):wB(e,t)})};function wB(e,t){return{text:`Correct ${y(e)}\
 at line ${t}, then check it again with \`lint\`.`,kind:"workflow"}}function kB(e){return e==="no-match"?{text:"Correct \
the pattern in the input `workflows`. It is relative to the workspace, which holds the files only after checkout.",commands:[
"ls -l .gitea/workflows .github/workflows"],kind:"workflow"}:{text:"Name fewer files in the input `workflows`, such as t\
hose that this repository's runners serve.",kind:"workflow",...e==="late"&&{otherwise:Pl()}}}function _T(e){var t;return((t=
/\((E[A-Z]+)\)$/.exec(e))==null?void 0:t[1])??""}function pd({files:e},t){let n=e.flatMap(({path:f,problem:p,unread:g})=>p?
[{path:f,problem:p,unread:g}]:[]),[r]=n;if(!r)return;let{path:o,problem:s,unread:i}=r,{line:a,column:l,message:c}=s,u=n.
map(({path:f,problem:p})=>({source:zt({file:f,line:p.line,column:p.column}),text:p.message}));return yt(yB,{lookedFor:t,
path:o,line:a,message:c,unread:i},{observed:c,evidence:u,location:{file:o,line:a,column:l}})}var PT=20;function md(e){let t=e.
flatMap(({path:r,jobs:o,events:s})=>o.length===0?[]:[{source:r,text:`${tt(o.length,"job")}, on ${s.slice(0,10).join(", ")||
"no event"}`}]),n=t.length-PT;return[...t.slice(0,PT),...n>0?[{source:"workflows",text:`and ${n} more`}]:[]]}var IT="Takes `runs-on` as a string, as a list, or from a matrix in the workflow (with `include`), and looks for a runne\
r with all of the labels. What depends on inputs, variables or other jobs is not judged: only the run knows it.",Fg="The\
 job stays in `Waiting` and is canceled after a day. Only the list of runs shows `No matching online runner with label`.",
hr={"no-runner-with-label":{level:"fail",title:"No runner has a label that a job asks for",headline:({labels:e,job:t})=>e.
length===1?A("No runner has the label ",e[0]??""):A("No single runner has all labels of ",t),why:Fg,expected:({labels:e,
known:t})=>e.length===1?`one of ${NT(t).join(", ")}`:"one runner with all of them",tell:({job:e,labels:t})=>t.length===1?
{what:`The job ${y(e)} asks for the label ${hd(t)}, which no runner has.`,fix:{text:"Ask for a label that exists, or add\
 it to `runner.labels` of a runner and restart that runner.",kind:"workflow"}}:{what:`The job ${y(e)} asks for ${hd(t)}.\
 Runners have each of these labels, but no runner has all of them.`,fix:{text:"Ask for one label, or give all of them to\
 one runner. The first label decides where the job runs.",kind:"workflow"}}},missing:{level:"warn",title:"A job says now\
here which runner it needs",headline:({job:e})=>A("The job ",e," has no `runs-on`"),why:"On Gitea any runner takes the j\
ob, in its default image or on its machine. Forgejo's runner and GitHub refuse the workflow.",expected:"`runs-on` with a\
 label",tell:({job:e,meant:t})=>({what:`The job ${y(e)} has no \`runs-on\`${t===void 0?"":`; it has ${y(t)}, which may b\
e meant`}.`,fix:{text:t===void 0?"Name the label of the runner that the job needs in `runs-on`.":`Rename ${y(t)} to \`run\
s-on\`.`,kind:"workflow"}})},"all-offline":{level:"fail",title:"Every runner with a label is offline or disabled",headline:({
labels:e})=>A("Every runner with ",e.join(", ")," is offline or disabled"),why:Fg,expected:"a runner that is online",tell:({
job:e,labels:t,runners:n})=>({what:`The job ${y(e)} asks for ${hd(t)}. The forge lists these runners as offline or disab\
led: ${hd(n)}.`,fix:{text:"Check the runner's service on its machine.",commands:["systemctl status '*runner*.service'","\
sudo journalctl -u '*runner*.service' -n 100 --no-pager"],kind:"host",otherwise:{text:"If the runner is disabled, enable\
 it in the settings of the repository, organization or instance.",kind:"forge"}}})},"near-miss":{level:"fail",title:"A j\
ob asks for a label that is nearly one of a runner",headline:({label:e,meant:t})=>A("",v(e,18),` is not a label; \`${v(t,
18)}\` is`),why:Fg,expected:({meant:e})=>y(e),tell:({job:e,label:t,meant:n,file:r,line:o})=>({what:`The job ${y(e)} asks\
 for the label ${y(t)}, which no runner has. Did you mean ${y(n)}?`,fix:{text:`Write ${y(n)} on line ${o} of ${y(r)}. La\
bels are compared letter by letter, including case.`,kind:"workflow"}})}};function hd(e){return ee(NT(e))}function NT(e){
let t=e.slice(0,20).map(n=>y(v(n)));return e.length>t.length?[...t,`${e.length-t.length} more`]:t}var CT="The labels of \
the runners are unknown: set `runner-config` to the runner's configuration, or pass a `token` that can list runners.",LT={
"no-runners":{title:"The forge does not tell which runners there are",why:"A job whose label has no runner waits without\
 a message, until the forge cancels it after a day or more.",expected:"the list of runners and their labels",tell:({scopes:e})=>({
what:e.length>0?`The forge lists no runner for the ${e.join(" or ")}, and does not answer for the others.`:"The forge do\
es not list its runners: a job's own token cannot do that.",fix:{text:"Let the check read the labels from the runner's o\
wn configuration.",config:{file:"the workflow's step",language:"yaml",text:`with:
  runner-config: /etc/gitea-runner/config.yaml`},kind:"workflow",otherwise:{text:"Pass the token of an owner, with a sco\
pe that may list runners (`read:repository`, `read:organization` or `read:admin`), in the input `token`.",kind:"workflow"}}})}};
function jT(e,t){let n=t>0?`; ${FT(t)}`:"";return`${e} ${e===1?"job has a runner":"jobs have runners"}${n}.`}function Mg(e){
return e>0?`The workflows state no labels: ${FT(e)}.`:"The workflows have no job that runs on a runner."}function FT(e){
return`${e} ${e===1?"job chooses its runner":"jobs choose their runners"} only when ${e===1?"it runs":"they run"}`}var gd={id:"workflow/runs-on",title:"Every label that the workflows ask for has a runner",intro:IT,reasons:hr,needs:{workflows:si,
config:Xr},after:["config/syntax"],judge({workflows:e,config:t}){if(e.files.length===0)return{kind:"skip",reason:"not-ap\
plicable",message:"No workflows were named."};let n=pd(e,"labels");if(n)return n;let r=yd(t,e),o=Ug(e.files);if(o.length>
0&&r.length===0)return oi(hr,o,"",[],"");if(r.length===0)return vB(e.forge);let s=e.files.flatMap(u=>u.jobs),i=s.filter(
u=>u.wants.length>0).length,a=s.filter(u=>u.unknown).length;if(i===0&&o.length===0)return{kind:"skip",reason:"not-applic\
able",message:Mg(a)};let l=[...Ja(e.files,r),...o],c=[...md(e.files),...bB(r)];return oi(hr,l,jT(i,a),c,Mg(a))}};function bB(e){
return e.slice(0,20).map(({name:t,labels:n})=>{let r=n.slice(0,10).join(", ");return{source:`runner ${t}`,text:`labels ${r}${n.
length>10?", \u2026":""}`}})}function vB(e){if(!e)return{kind:"skip",reason:"not-applicable",message:CT};let t=e.refused.
map(({scope:r,why:o})=>({source:`runners of the ${r}`,text:o})),n=e.scopes.length>0?"no runner":"no list of runners";return Ee(
LT,"no-runners",{scopes:e.scopes},{observed:n,evidence:t})}function yd(e,t){var o;let n=kn(e).flatMap(s=>{var l,c;let i=fr(
s).map(({text:u})=>xB(u.text,s.system)),a=((l=s.config)==null?void 0:l.path)??((c=s.registration)==null?void 0:c.path)??
"";return i.length===0?[]:[{name:a,labels:i}]}),r=(((o=t.forge)==null?void 0:o.runners)??[]).map(s=>({name:s.name,labels:s.
labels,online:s.online&&!s.disabled}));return[...n,...r]}function xB(e,t){let n=Ge(e,t);return n.kind==="label"?n.label.
name:e}function Ug(e){return e.flatMap(t=>t.jobs.flatMap(n=>{if(!n.withoutRunsOn)return[];let r={job:n.id,meant:n.withoutRunsOn.
meant};return[x(hr,"missing",r,{location:M(t.path,n),observed:"no `runs-on`",evidence:[]})]}))}function Ja(e,t){let n=[...new Set(
t.flatMap(r=>r.labels))].sort();return e.flatMap(r=>r.jobs.flatMap(o=>{let s=o.wants.flatMap(a=>$B(r,o,a,t,n)),i=s.map(({
location:a})=>`${a==null?void 0:a.line}:${a==null?void 0:a.column}`);return s.filter((a,l)=>i.indexOf(i[l]??"")===l)}))}
function $B(e,t,n,r,o){let s=n.filter(({text:u})=>!o.includes(u));if(s.length>0)return s.map(u=>SB(e,t,u,o));let[i]=n;if(!i)
return[];let a=n.map(({text:u})=>u),l=r.filter(u=>a.every(d=>u.labels.includes(d)));if(l.length===0){let u=Dg(e,i,"no ru\
nner with all of them");return[x(hr,"no-runner-with-label",{job:t.id,labels:a,known:o},u)]}if(l.some(u=>u.online!==!1))return[];
let c={job:t.id,labels:a,runners:l.map(({name:u})=>u)};return[x(hr,"all-offline",c,Dg(e,i,"offline or disabled"))]}function SB(e,t,n,r){
let o=Dg(e,n,`\`${n.text}\``),s=RB(n.text,r);if(s===void 0)return x(hr,"no-runner-with-label",{job:t.id,labels:[n.text],
known:r},o);let i={job:t.id,label:n.text,meant:s,file:e.path,line:n.line};return x(hr,"near-miss",i,o)}function RB(e,t){
let n=e.toLowerCase(),r=(i,a)=>i.startsWith(`${a}-`)||i.endsWith(`-${a}`),o=i=>i.replace(/[\d.]+/g,""),s=t.filter(i=>{let a=i.
toLowerCase();return o(a)===o(n)?!1:!r(n,a)&&!r(a,n)});return t.find(i=>i.toLowerCase()===n)??xe(e,s)}function Dg(e,t,n){
return _(M(e.path,t),n)}var EB=200;async function DT(e,t,n){for(let r of ms(e.env)){let o=await e.list(`${t}/${r}`);if(o.kind!=="ok")continue;let s=[],
i=[...o.value].sort().filter(a=>/\.ya?ml$/.test(a));for(let a of i.slice(0,EB)){if(await vt(),n.aborted)return s;let l=`${r}\
/${a}`,c=await e.readInside(t,`${t}/${l}`,Lt+1);c.kind==="ok"&&s.push(mr(l,c.value))}return s}return[]}function UT(e,t,n){
if(t.length===0)return[];let r=new Map;for(let{path:o,jobs:s}of e)for(let i of s.flatMap(({wants:a})=>a.flat()))r.set(MT(
o,i),i);return Ja(e,t).flatMap(({location:o})=>{let{file:s="",line:i=0,column:a=0}=o??{},l=r.get(MT(s,{line:i,column:a}));
return l&&n(l.text)?[{label:l.text,file:s,line:i}]:[]})}function MT(e,{line:t,column:n}){return`${e}:${t}:${n}`}async function qT(e,t,n,r){
for(let o of n){let s=`${o}/${r}`,i=await e.readInside(t,`${t}/${s}`,Lt+1);if(i.kind!=="ok")continue;return mr(s,i.value).
jobs.flatMap(l=>l.wants).map(l=>l.map(c=>c.text))}return[]}var TB=26*36e5,WT=1e3,AB=300;function qg(e){var t;return Pt(((t=e==null?void 0:e.source.fleet)==null?void 0:t["max-age"])??
"")??TB}async function wd(e,t,n){let{looks:r,policy:o,listed:s,rejected:i,notes:a=[],workspace:l,now:c,waiting:u}=t,d=o==
null?void 0:o.source.fleet,f=t.maxAgeMs??qg(o),p=((d==null?void 0:d.runners)??[]).map(({name:$,profile:P})=>({name:$,...P!==
void 0&&{profile:P},by:"the policy expects this runner"})),g=i.length-WT,m=UE({looks:r,expected:[...p,...t.expected??[]],
...u&&{waiting:u},...s&&{listed:s},labelsOf:$=>ls($,o),now:c,maxAgeMs:f,unserved:[],rejected:i.slice(0,WT).map(({file:$,
reason:P})=>({file:$,reason:v(P,AB)})),notes:[...a,...g>0?[`${g} more files are not reports.`]:[]]}),h=await ge(DT(e,l,n),
()=>[]),w=[...m.runners.filter(({status:$})=>$!=="waiting"),...(s==null?void 0:s.values())??[]],k=new Set(Gl(o).flatMap(
$=>ls($,o))),b=$=>t.isListComplete===!0||k.has($),R=UT(h,w.map(({name:$,labels:P})=>({name:$,labels:P})),b);return Ro(e.
env,t.secrets).deep({...m,unserved:R})}var GT={runner_check_info:"What was checked, and by which version.",runner_check_healthy:"Whether the verdict is healthy\
 (1) or not (0).",runner_check_degraded:"Whether some check warned and none failed (1) or not (0).",runner_check_misconfigured:"\
Whether some check failed or could not decide (1) or not (0).",runner_check_unknown:"Whether no check passed, warned, fa\
iled or could not decide (1) or not (0).",runner_check_profile_checks:"Number of checks that the profile asks for.",runner_check_switched_off:"\
Number of these checks that are switched off.",runner_check_results:"Number of checks by status.",runner_check_result:"E\
ach check, with the status and reason that it has.",runner_check_version_info:"Version of a tool, or of something else t\
hat the machine has.",runner_check_disk_free_bytes:"Free space of a place for an unprivileged user.",runner_check_disk_total_bytes:"\
Size of the file system of a place.",runner_check_disk_free_inodes:"Free inodes of the file system of a place.",runner_check_disk_total_inodes:"\
Number of inodes of the file system of a place.",runner_check_duration_seconds:"Time that the run took.",runner_check_last_run_timestamp_seconds:"\
When the run began, in Unix time.",runner_check_status:"What the fleet knows of the runner: 1 for the status that it has\
, 0 for the others.",runner_check_sick_since_timestamp_seconds:"Since when the runner is sick or silent without a break,\
 in Unix time.",runner_check_busy:"Whether the forge says that the runner runs a job (1).",runner_check_runs_read:"Numbe\
r of looks at the runner in the runs that the fleet has read.",runner_check_runs_failed:"Number of these looks that were\
 not healthy or degraded.",runner_check_failed_jobs:"Number of failed jobs of others on the runner, by what caused the f\
ailure.",runner_check_fleet_verdict:"Verdict of the fleet: 1 for the one that it has, 0 for the others.",runner_check_fleet_runners:"\
Number of runners and profiles in the fleet.",runner_check_fleet_generated_timestamp_seconds:"When the fleet was put tog\
ether, in Unix time.",runner_check_drift_runners:"Number of runners of a profile that have this value, where they differ\
.",runner_check_drift_since_timestamp_seconds:"Since when the runners of a profile differ, in Unix time.",runner_check_unserved_label:"\
A label in a workflow that no runner serves (1).",runner_check_rejected_reports:"Number of files and logs that were offe\
red as a report and are not one.",runner_check_after_total:"Number of failed jobs by what caused the failure."};function fe(e,t,n){
return n===void 0||!Number.isFinite(n)?[]:[{name:e,labels:t,value:n}]}function Ya(e){return e===void 0?void 0:Date.parse(
e)/1e3}function Za(e){let t=new Map;for(let{name:r,labels:o,value:s}of e){let i=t.get(r)??new Map;t.set(r,i);let a=kd({name:r,
labels:o});i.has(a)||i.set(a,s)}return Object.keys(GT).filter(r=>t.has(r)).map(r=>OB(r,t.get(r)??new Map)).join("")}function kd({
name:e,labels:t}){let n=Object.entries(t).map(([r,o])=>`${r}="${_B(o)}"`);return`${e}${n.length>0?`{${n.join(",")}}`:""}`}
function OB(e,t){let n=[...t].map(([o,s])=>`${o} ${s}
`),r=e.endsWith("_total")?"counter":"gauge";return`# HELP ${e} ${GT[e]}
# TYPE ${e} ${r}
${n.join("")}`}function bd(e){return gn(e,500)}function _B(e){return bd(e).replace(/\\/g,"\\\\").replace(/\n/g,"\\n").replace(
/"/g,'\\"')}var Wg=["healthy","degraded","misconfigured","unknown"];function HT(e,t){return t===void 0?[]:Wg.flatMap(n=>fe(`runner_c\
heck_${n}`,e,t===n?1:0))}function BT(e,t){return Object.entries(t).flatMap(([n,{free:r,total:o,free_inodes:s,total_inodes:i}])=>[
...fe("runner_check_disk_free_bytes",{...e,place:n},r),...fe("runner_check_disk_total_bytes",{...e,place:n},o),...fe("ru\
nner_check_disk_free_inodes",{...e,place:n},s),...fe("runner_check_disk_total_inodes",{...e,place:n},i)])}function KT(e,t){
return Object.entries(t).flatMap(([n,r])=>fe("runner_check_version_info",{...e,what:n,version:r},1))}var PB=["reported","silent","waiting","set-up-failed","offline","disabled"],IB=["fail","error","warn"];function zT(e){return Za(
[...e.runners.flatMap(ZT),...XT(e)])}function JT(e){let t=new Map;for(let n of e.runners){let r=VT({job:"runner_check",...YT(
n)});t.set(r,[...t.get(r)??[],...ZT(n)])}return t.set(VT({job:"runner_check_fleet"}),[...XT(e)]),[...t].map(([n,r])=>({path:n,
text:Za(r)}))}function VT(e){return`/metrics/${Object.entries(e).map(([n,r])=>/^[\w-][\w.-]*$/.test(r)?`${n}/${r}`:`${n}\
@base64/${r===""?"=":NB(r)}`).join("/")}`}function NB(e){return Buffer.from(e).toString("base64url")}function YT({name:e,
profile:t=""}){return{runner:bd(e),profile:bd(t)}}function ZT(e){let t=YT(e),{runner:n,results:r}=e,o=e.after??{},s=n&&{
mode:n.mode,system:n.system,runner_version:n.version??""};return[...PB.flatMap(i=>fe("runner_check_status",{...t,status:i},
e.status===i?1:0)),...s?fe("runner_check_info",{...t,...s},1):[],...HT(t,e.verdict),...IB.flatMap(i=>{let a=r.filter(l=>l.
status===i).length;return fe("runner_check_results",{...t,status:i},a)}),...r.flatMap(({id:i,status:a,reason:l=""})=>fe(
"runner_check_result",{...t,id:i,status:a,reason:l},1)),...KT(t,e.versions),...BT(t,e.disks??{}),...fe("runner_check_las\
t_run_timestamp_seconds",t,Ya(e.last_report)),...fe("runner_check_sick_since_timestamp_seconds",t,Ya(e.since)),...fe("ru\
nner_check_busy",t,e.busy===void 0?void 0:Number(e.busy)),...fe("runner_check_runs_read",t,e.history.length),...fe("runn\
er_check_runs_failed",t,e.failed),...Object.entries(o).flatMap(([i,a])=>fe("runner_check_failed_jobs",{...t,caused_by:i},
a))]}function XT(e){return[...Wg.flatMap(t=>fe("runner_check_fleet_verdict",{verdict:t},e.verdict===t?1:0)),...fe("runne\
r_check_fleet_runners",{},e.runners.length),...fe("runner_check_fleet_generated_timestamp_seconds",{},Ya(e.generated)),...e.
drift.flatMap(CB),...e.unserved.flatMap(LB),...fe("runner_check_rejected_reports",{},e.rejected.length)]}function CB({profile:e,
what:t,values:n,since:r}){return[...n.flatMap(({value:o,runners:s})=>fe("runner_check_drift_runners",{profile:e,what:t,value:o},
s.length)),...fe("runner_check_drift_since_timestamp_seconds",{profile:e,what:t},Ya(r))]}function LB({label:e,file:t}){return fe(
"runner_check_unserved_label",{label:e,file:t},1)}function QT(e){let t=e.disks,{places:n}=(t==null?void 0:t.ok)&&t.value||{};if(typeof n!="object"||n===null)return{};let r=Object.
entries(n).flatMap(([o,s])=>{if((s==null?void 0:s.kind)!=="measured"||!vd(s.freeBytes)||!vd(s.totalBytes))return[];let{freeBytes:i,
totalBytes:a,freeInodes:l,totalInodes:c}=s,u=vd(l)&&vd(c);return[[o,{free:i,total:a,...u&&{free_inodes:l,total_inodes:c}}]]});
return Object.fromEntries(r.slice(0,50))}function vd(e){return typeof e=="number"&&e>=0&&Number.isSafeInteger(e)}var Xa=200,eA=200;function ii(e,t={}){let n=e.results.filter(({status:o})=>o!=="pass"&&o!=="skip"),r=o=>n.filter(({status:s})=>o.
includes(s)).slice(0,eA).map(({id:s,reason:i})=>`${s}:${i??""}`.slice(0,Xa));return{name:e.runner.name.slice(0,Xa),profile:e.
profile.name.slice(0,Xa),labels:[],at:e.started,status:"reported",verdict:e.verdict,failures:r(["fail","error"]),warnings:r(
["warn"]),versions:jB(e),disks:QT(e.facts),runner:e.runner,results:n.slice(0,eA),...t}}function jB(e){var l,c;let t=FB(e).
map(([u,d])=>[`tool/${u}`,d]),n=Gg(e.facts,"self-container"),r=Array.isArray(n==null?void 0:n.imageDigests)?n.imageDigests:
[],o=Gg(e.facts,"nvidia"),s=Gg(e.facts,"docker-engine"),i=[["image",typeof r[0]=="string"?r[0].replace(/^.*@/,""):n==null?
void 0:n.imageId],["docker",(c=(l=s==null?void 0:s.version)==null?void 0:l.value)==null?void 0:c.version],["nvidia-drive\
r",o==null?void 0:o.kernelDriver]],a=[...t,...i].filter(u=>typeof u[1]=="string");return Object.fromEntries(a.map(([u,d])=>[
u.slice(0,Xa),d.slice(0,Xa)]))}function FB(e){let{tools:t}=e.expectations;return typeof t=="object"&&t!==null?[...Eo(e)]:
[]}function Gg(e,t){let n=e[t];return n!=null&&n.ok&&typeof n.value=="object"&&n.value!==null?n.value:void 0}var tA=[`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-ixuKLxSmzgthQPjNbPs5sAyRboxK6\
WPCGRrpw4xipnY='; style-src 'sha256-Sm0CjOhGRU1w7TeXwYPjAiYF76AT9Q+NzHW/0+Op0C8='; img-src data:; base-uri 'none'; form-\
action 'none'; require-trusted-types-for 'script'; trusted-types 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="runner-check">
<link rel="icon" href="data:,">
<title>Runners</title>
<style>:root{color-scheme:light dark;--bg: #f7f7f5;--card: #fff;--ink: #1c2024;--soft: #5a626b;--line: #e2e3e0;--code: #\
f0f1ee;--hover: #f3f4f1;--link: #0a5ca8;--ok: #1b7a4a;--warn: #8a5a00;--bad: #b3261a;--gone: #6b3fae;--idle: #5a626b;--o\
k-bar: #8ccba6;--warn-bar: #dfae4c;--bad-bar: #cf4a3d;--gone-bar: #8c66cc;--idle-bar: #9aa2ab}@media(prefers-color-schem\
e:dark){:root{--bg: #131618;--card: #1a1e21;--ink: #e4e7ea;--soft: #9ca6af;--line: #2b3135;--code: #23282c;--hover: #202\
52a;--link: #74b6f5;--ok: #58c691;--warn: #e2ae47;--bad: #ff8478;--gone: #bfa1f3;--idle: #9ca6af;--ok-bar: #2f7f57;--war\
n-bar: #b98622;--bad-bar: #e05a4d;--gone-bar: #8f6cd0;--idle-bar: #66707a}}*{box-sizing:border-box}body{margin:0 auto;ma\
x-width:90rem;padding:1.25rem clamp(.75rem,2.5vw,2rem) 3rem;background:var(--bg);color:var(--ink);font:14px/1.5 system-u\
i,Segoe UI,Roboto,Liberation Sans,DejaVu Sans,sans-serif;overflow-wrap:anywhere}h1,h2,h3,p,ul,ol,dl,dd,pre{margin:0;padd\
ing:0;font-size:inherit}ul,ol{list-style:none}code,pre{font:12.5px/1.5 ui-monospace,SF Mono,Cascadia Mono,DejaVu Sans Mo\
no,monospace}a,.name-link{color:var(--link);text-underline-offset:.15em}button,input,select{font:inherit;color:inherit}:\
focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}.soft{color:var(--soft)}.ok{color:var(-\
-ok)}.warn{color:var(--warn)}.bad{color:var(--bad)}.gone{color:var(--gone)}.idle{color:var(--idle)}.mark{flex:none;width\
:12px;height:12px;fill:currentcolor}.head{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline\
;gap:.25rem 1.5rem}h1{font-size:1.35rem;font-weight:600;letter-spacing:-.01em}.share{display:flex;gap:2px;height:6px;mar\
gin:.85rem 0 .75rem}.share i{min-width:4px;border-radius:2px;background:var(--idle-bar)}.share .ok{background:var(--ok-b\
ar)}.share .warn{background:var(--warn-bar)}.share .bad{background:var(--bad-bar)}.share .gone{background:var(--gone-bar\
)}.layout{display:grid;grid-template-columns:minmax(0,1fr) minmax(17rem,21rem);gap:0 1.5rem;align-items:start}.layout.si\
ngle{grid-template-columns:minmax(0,1fr)}.tools{position:sticky;top:0;z-index:1;display:flex;flex-wrap:wrap;align-items:\
center;gap:.4rem;padding:.5rem 0;background:var(--bg)}.tools input{flex:1 1 14rem;min-width:0}.tools input,.tools select\
,.chip{min-height:2rem;padding:.2rem .6rem;border:1px solid var(--line);border-radius:6px;background:var(--card)}.chip{d\
isplay:inline-flex;align-items:center;gap:.4rem;cursor:pointer}.chip b{font-weight:600;font-variant-numeric:tabular-nums\
}.chip[aria-pressed=true]{border-color:var(--ink);box-shadow:inset 0 0 0 1px var(--ink)}.shown{flex:1;padding-left:.2rem\
;white-space:nowrap}.group{margin-bottom:1.1rem}.group>h2{display:flex;flex-wrap:wrap;gap:0 .6rem;padding:.3rem .1rem;fo\
nt-weight:600}.group>h2 small{font-size:.92em;font-weight:400;color:var(--soft)}.rows{border:1px solid var(--line);borde\
r-radius:8px;background:var(--card);overflow:hidden}.rows>li{content-visibility:auto;contain-intrinsic-size:auto 2.3rem}\
.rows>li+li{border-top:1px solid var(--line)}summary{cursor:pointer}.row>summary{display:grid;grid-template-columns:8.6r\
em minmax(8rem,1.1fr) minmax(0,2fr) 6.3rem 3.9rem;gap:0 .9rem;align-items:center;padding:.42rem .75rem;list-style:none}.\
row>summary::-webkit-details-marker{display:none}.row>summary:hover,.row[open]>summary{background:var(--hover)}.row>summ\
ary:focus-visible{outline-offset:-2px}.state{display:flex;align-items:center;gap:.5rem;white-space:nowrap}.name{font-wei\
ght:600}.name small{font-size:.92em;font-weight:400;color:var(--soft)}.says{display:-webkit-box;-webkit-box-orient:verti\
cal;-webkit-line-clamp:2;overflow:hidden;color:var(--soft)}.says code{color:var(--ink)}.age{text-align:right;white-space\
:nowrap;color:var(--soft);font-variant-numeric:tabular-nums}.strip{display:block;width:100px;max-width:100%;height:16px}\
.strip .ok{fill:var(--ok-bar)}.strip .warn{fill:var(--warn-bar)}.strip .bad{fill:var(--bad-bar)}.strip .gone,.strip .idl\
e{fill:none;stroke:var(--gone-bar)}.strip .idle{stroke:var(--idle-bar)}.body{display:grid;gap:1rem;padding:.75rem .9rem \
1.1rem;border-top:1px solid var(--line)}.body h3{font-weight:600}.facts{display:flex;flex-wrap:wrap;gap:.1rem 1.4rem}.fa\
cts div{display:flex;gap:.4rem}.facts dt{color:var(--soft)}.finding{display:grid;gap:.45rem;padding-left:.8rem;border-le\
ft:3px solid var(--idle-bar);max-width:62rem}.finding.bad{border-color:var(--bad-bar)}.finding.warn{border-color:var(--w\
arn-bar)}.finding.bad,.finding.warn{color:inherit}.finding h3{display:flex;flex-wrap:wrap;gap:0 .6rem;font-weight:600}.f\
inding h3 code{font-weight:400;color:var(--soft)}.finding p code,.finding li code,.why code{padding:.05rem .25rem;border\
-radius:3px;background:var(--code)}.block{position:relative;border-radius:6px;background:var(--code)}.block pre{padding:\
.55rem 4.6rem .55rem .7rem;white-space:pre-wrap}.copy{position:absolute;top:.3rem;right:.3rem;min-width:3.8rem;padding:.\
1rem .5rem;border:1px solid var(--line);border-radius:5px;background:var(--card);font-size:.9em;cursor:pointer}.fold>sum\
mary{width:fit-content;color:var(--soft)}.fold>:not(summary){margin:.35rem 0 0 1rem}.looks li{display:flex;flex-wrap:wra\
p;gap:0 .7rem}.looks time{color:var(--soft);font-variant-numeric:tabular-nums}.rail{display:grid;gap:1rem;padding-top:.5\
rem}.card{padding:.75rem .9rem;border:1px solid var(--line);border-radius:8px;background:var(--card)}.card h2{display:fl\
ex;justify-content:space-between;font-weight:600}.card h2 small{font-size:1em;font-weight:400;color:var(--soft)}.card>ul\
>li{padding-top:.5rem}.card h3{font-weight:400}.name-link{padding:0;border:0;background:none;text-align:left;text-decora\
tion:underline;cursor:pointer}.values{display:grid;gap:.2rem;margin-top:.2rem}.values li{display:grid;grid-template-colu\
mns:minmax(0,1fr) 4rem 2.2rem;gap:0 .5rem;align-items:center}.values .who{grid-column:1 / -1;font-size:.93em}.values b{f\
ont-weight:400;text-align:right;font-variant-numeric:tabular-nums}.alone{max-width:40rem;padding:2rem 0}.quiet{position:\
absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}@media(max-width:68rem){.layout{gr\
id-template-columns:minmax(0,1fr)}.rail{grid-template-columns:repeat(auto-fit,minmax(min(100%,17rem),1fr));align-items:s\
tart}}@media(max-width:44rem){.tools{position:static}.row>summary{grid-template-columns:minmax(0,1fr) auto;gap:.1rem .75\
rem;padding:.6rem .75rem}.row>summary>.state{grid-area:1 / 1}.row>summary>.age{grid-area:1 / 2}.row>summary>.name{grid-a\
rea:2 / 1}.row>summary>.strip,.row>summary>.nothing{grid-area:2 / 2}.row>summary>.says{grid-area:3 / 1 / auto / -1}.rows\
>li{contain-intrinsic-size:auto 5rem}.chip,.tools select,.tools input{min-height:2.5rem}}@media print{.tools,.copy{displ\
ay:none}.rows>li{content-visibility:visible}}</style>
</head>
<body>
<noscript><p class="alone">This page needs JavaScript. It loads nothing and sends nothing: its data is in the page.</p><\
/noscript>
<script type="application/json" id="data">`,'</script>\n<script>"use strict";(()=>{function j(e){let t=e.split("`");if(t.\
length%2===0){let n=t.pop();t[t.length-1]+=`\\`${n}`}return t.map((n,o)=>({code:o%2===1,text:n})).filter(n=>n.text!=="")}\
function r(e,t,...n){let o=document.createElement(e);t!==""&&(o.className=t);for(let s of n)s!==void 0&&s!==!1&&o.append\
(s);return o}var te="http://www.w3.org/2000/svg";function x(e,t,...n){let o=document.createElementNS(te,e);for(let[s,d]o\
f Object.entries(t))o.setAttribute(s,String(d));return o.append(...n),o}function m(e){let t=document.createDocumentFragm\
ent();for(let n of j(e))t.append(n.code?r("code","",n.text):n.text);return t}function C(e,t){if(e===void 0||!/^https?:\\/\
\\//.test(e))return document.createTextNode(t);let n=r("a","",t);return n.href=e,n.rel="noreferrer",n}function $(e,t,n){l\
et o=r("details",e,r("summary","",...t));return o.addEventListener("toggle",()=>{o.open&&o.childElementCount===1&&o.appe\
nd(n())}),o}var ne=["Jan","Feb","Mar","Apr","May","Jun","Jul","Aug","Sep","Oct","Nov","Dec"];function L(e){let t=new Dat\
e(e);if(Number.isNaN(t.getTime()))return e;let n=t.toISOString().slice(11,16);return`${t.getUTCDate()} ${ne[t.getUTCMont\
h()]} ${t.getUTCFullYear()}, ${n} UTC`}function A(e){return L(e).replace(/ \\d{4},.*/,"")}function D(e,t){let n=Math.max(\
0,Math.round((Date.parse(t)-Date.parse(e))/6e4));return Number.isNaN(n)?"":n<120?`${n} min`:n<2880?`${Math.floor(n/60)} \
h`:`${Math.floor(n/1440)} d`}function v(e,t=L(e)){let n=r("time","",t);return n.dateTime=e,n.title=L(e),n}var O=8,B=12;f\
unction G(e,t){let n=[E("Changes",e.changes.map(s=>re(s,t))),E("Drift",e.drift.map(s=>oe(s,t))),E("Labels without a runn\
er",e.unserved.map(({label:s,file:d,line:i})=>r("li","",r("code","",s),r("span","soft",` in ${d}:${i}`)))),E("Not a repo\
rt",e.rejected.map(({file:s,reason:d})=>r("li","",r("code","",s)," ",m(d)))),E("Not known",e.notes.map(s=>r("li","",m(s)\
)))].filter(s=>s!==void 0);if(n.length===0)return;let o=r("aside","rail",...n);return o.setAttribute("aria-label","About\
 the fleet"),o}function E(e,t){if(t.length===0)return;let n=t.slice(B);return r("section","card",r("h2","",e,r("small","\
",String(t.length))),r("ul","",...t.slice(0,B)),n.length>0&&$("fold",[`${n.length} more`],()=>r("ul","",...n)))}function\
 z(e,t){let n=r("button","name-link",e);return n.type="button",n.addEventListener("click",()=>t(e)),n}function re({name:\
e,profile:t,before:n,now:o,came:s,went:d},i){let l=n===void 0?`new: ${o}`:n===o?`still ${o}`:`${n} \\u2192 ${o}`,c=(a,u)=\
>u.length>0&&r("div","soft",`${a} `,...u.flatMap((f,g)=>[g>0?", ":"",r("code","",f)]));return r("li","",z(e,i),t!==void \
0&&t!==e&&r("span","soft",` ${t}`),r("span","",` ${l}`),c("New:",s),c("Gone:",d))}function oe({profile:e,what:t,values:n\
,since:o},s){let d=n.reduce((c,{runners:a})=>c+a.length,0),i=r("h3","",r("code","",t),` of ${e}`,o!==void 0&&r("span","s\
oft",` since ${A(o)}`)),l=n.map(({value:c,runners:a},u)=>r("li","",r("code","",c),ie(a.length/d,u===0?"ok":"warn"),r("b"\
,"",String(a.length)),u>0&&r("span","who",...se(a,s))));return r("li","",i,r("ul","values",...l))}function se(e,t){let n\
=e.slice(0,O).flatMap((o,s)=>[s>0?", ":"",z(o,t)]);return e.length>O?[...n,` and ${e.length-O} more`]:n}function ie(e,t)\
{let n=x("path",{class:t,d:`M0 0h${Math.max(2,e*60)}v8H0z`});return x("svg",{class:"strip bar",viewBox:"0 0 60 8","aria-\
hidden":"true"},n)}function I({kind:e}){switch(e){case"image":return"in the image";case"host":return"on the host";case"r\
unner":return"in the runner\'s configuration";case"workflow":return"in the workflow";case"forge":return"on the forge"}}va\
r ae="https://github.com/fortemi/runner-check/blob/main/";function U(e){return/^docs\\/[\\w./-]{1,100}(?:#[\\w-]{1,100})?$/\
.test(e)&&!e.includes("..")?ae+e:void 0}var p={misconfigured:{text:"Misconfigured",tone:"bad"},unknown:{text:"Unknown",t\
one:"bad"},"set-up-failed":{text:"Set-up failed",tone:"bad"},silent:{text:"Silent",tone:"gone"},offline:{text:"Offline",\
tone:"gone"},waiting:{text:"Waiting",tone:"idle"},disabled:{text:"Disabled",tone:"idle"},degraded:{text:"Degraded",tone:\
"warn"},healthy:{text:"Healthy",tone:"ok"}},S=Object.keys(p);function h({status:e,verdict:t}){let n=e==="reported"?t??"u\
nknown":e;return S.includes(n)?n:"unknown"}function R(e){return e==="healthy"||e==="degraded"}var le={ok:"M6 2.5a3.5 3.5\
 0 1 0 0 7a3.5 3.5 0 0 0 0-7z",warn:"M6 1 11.5 10.5H.5z",bad:"M2.5 1 6 4.5 9.5 1 11 2.5 7.5 6 11 9.5 9.5 11 6 7.5 2.5 11\
 1 9.5 4.5 6 1 2.5z",gone:"M6 1a5 5 0 1 0 0 10a5 5 0 0 0 0-10zm0 2a3 3 0 1 1 0 6a3 3 0 0 1 0-6z",idle:"M2 1.5h3v9H2zM7 1\
.5h3v9H7z"};function T(e){let{tone:t}=p[e],n=x("path",{d:le[t],"fill-rule":"evenodd"});return x("svg",{class:`mark ${t}`\
,viewBox:"0 0 12 12","aria-hidden":"true"},n)}var K=25,de={ok:5,warn:10,bad:16,gone:15,idle:15};function P(e){let t=e.sl\
ice(-K).map(i=>p[h(i)]),n=new Map,o=new Map;t.forEach(({tone:i,text:l},c)=>{let a=(K-t.length+c)*4,u=de[i],f=i==="gone"|\
|i==="idle"?`M${a+.5} .5h2v${u}h-2z`:`M${a} ${16-u}h3v${u}h-3z`;n.set(i,(n.get(i)??"")+f),o.set(l,(o.get(l)??0)+1)});let\
 s=[...o].map(([i,l])=>`${l} ${i.toLowerCase()}`).join(", "),d=`The last ${t.length} looks: ${s}`;return x("svg",{class:\
"strip",viewBox:"0 0 100 16",role:"img","aria-label":d},...[...n].map(([i,l])=>x("path",{class:i,d:l})))}function q(e,t)\
{let n=(...d)=>e.results.filter(({status:i})=>d.includes(i)),[o,s]=[n("pass"),n("skip")];return r("div","body",(e.why??e\
.since)!==void 0&&ce(e),...n("fail","error","warn").map(ue),pe(e),ge(e,t),o.length>0&&J(`Passed: ${o.length}`,o),s.lengt\
h>0&&J(`Skipped: ${s.length}`,s),e.history.length>1&&he(e.history))}function ce({why:e="",since:t}){return r("p","why",m\
(e),t!==void 0&&` Since ${L(t)}.`)}function ue(e){let{id:t,status:n,reason:o="",title:s,message:d,why:i,expected:l,obser\
ved:c,evidence:a,remedy:u,acceptance_expired:f}=e,g=n==="warn"?"warn":"bad",F={warn:"Warning",error:"Undecided"}[n]??"Fa\
iled",b=[l&&`Expected: ${l}`,c&&`Found: ${c}`].filter(Boolean).join(" \\xB7 "),k=U(e.docs);return r("article",`finding ${\
g}`,r("h3","",r("span",g,F),r("span","",m(s)),r("code","",`${t}:${o}`)),r("p","",m([d,i].filter(Boolean).join(" "))),f!=\
=void 0&&r("p","warn",`Accepted until ${f}, which has passed.`),...u?V("Fix it",u):[],...u?.otherwise?V("Or",u.otherwise\
):[],a.length>0&&$("fold",["Evidence",b!==""&&m(` \\u2014 ${b}`)],()=>r("ul","",...a.map(({source:Z,text:ee})=>r("li","",\
m(ee),r("span","soft"," \\u2014 ",m(Z)))))),a.length===0&&b!==""&&r("p","soft",m(b)),k!==void 0&&r("p","",C(k,`More about\
 ${t}`)))}function V(e,t){let{text:n,commands:o=[],config:s}=t;return[r("p","",r("b","",`${e} ${I(t)??""}: `),m(n)),s&&r\
("p","soft","In ",r("code","",s.file),":"),s&&_(s.text,`lines for ${s.file}`),o.length>0&&_(o.join(`\n`),"commands")]}fun\
ction _(e,t){let n=r("pre","",e),o=r("button","copy","Copy");o.type="button",o.setAttribute("aria-label",`Copy the ${t}`\
);let s=r("span","quiet");return s.setAttribute("role","status"),o.addEventListener("click",async()=>{let d=await fe(e,n\
);o.textContent=d?"Copied":"Selected",s.textContent=d?"Copied":"Selected: press Ctrl+C to copy",setTimeout(()=>{o.textCo\
ntent="Copy",s.textContent=""},2e3)}),r("div","block",n,o,s)}async function fe(e,t){try{return await navigator.clipboard\
.writeText(e),!0}catch{return getSelection()?.selectAllChildren(t),!1}}function pe({runner:e,labels:t,busy:n,url:o,last_\
report:s,after:d}){let i=d&&Object.entries(d).map(([a,u])=>`${u} ${me[a]??a}`),c=[["Labels",t.join(", ")],["Runner",e&&[\
e.system==="none"?"":e.system,e.version].filter(Boolean).join(" ")],["Runs in",e&&e.mode!=="unknown"&&e.mode],["System",\
e&&[e.os,e.arch].filter(Boolean).join(", ")],["Image",e?.image],["User",e?.user],["Now",n!==void 0&&(n?"running a job":"\
idle")],["Last report",s!==void 0&&v(s)],["Failed jobs",i?.join(", ")],["Job",o!==void 0&&C(o,"open on the forge")]].fil\
ter(([,a])=>a!==void 0&&a!==!1&&a!=="");return r("dl","facts",...c.map(([a,u])=>r("div","",r("dt","",a),r("dd","",u))))}\
var me={runner:"by the runner",job:"by the job",unknown:"of unknown cause"};function ge({name:e,profile:t,versions:n},{d\
rift:o}){let s=Object.entries(n);if(s.length===0)return;let d=s.map(([i,l])=>{let c=o.find(g=>g.profile===t&&g.what===i)\
,[a]=c?.values??[],f=a!==void 0&&a.value!==l&&!a.runners.includes(e)&&r("span","warn",`differs: ${a.runners.length} have\
 ${a.value}`);return r("div","",r("dt","",i.replace(/^tool\\//,"")),r("dd","",l,f&&" ",f))});return r("div","",r("h3","",\
"Versions"),r("dl","facts",...d))}function J(e,t){return $("fold",[e],()=>r("ul","",...t.map(({id:n,message:o})=>r("li",\
"",r("code","",n)," ",m(o)))))}function he(e){return $("fold",[`History: ${e.length} looks`],()=>r("ol","looks",...[...e\
].reverse().map(ye)))}function ye(e){let t=h(e);return r("li","",v(e.at),r("span","state",T(t),p[t].text),r("span","soft\
",[...e.failures,...e.warnings].join(", ")),e.url!==void 0&&C(e.url,"job"))}function X(e,t){let n=r("div",""),o=r("p","s\
hown soft");o.setAttribute("role","status");let s=new Set,d="",i=[],l={element:n,shown:o,filterText(a){d=a.trim().toLowe\
rCase(),c()},filterState(a,u){u?s.add(a):s.delete(a),c()},groupBy(a){i=xe(e,a),n.replaceChildren(...i.map(u=>u.element))\
,c()},find(a){l.search&&(l.search.value=a),l.filterText(a),l.search?.focus()},openFromAddress(){let a=be(location.hash.s\
lice(1)),u=i.flatMap(({rows:f})=>f).find(({runner:f})=>t||f.name===a);u&&(u.details.open=!0,t||u.details.scrollIntoView(\
{block:"center"}))}};function c(){let a=new Set;for(let{element:f,rows:g}of i){let F=!1;for(let b of g){let k=(s.size===\
0||s.has(b.state))&&b.words.includes(d);b.element.hidden=!k,k&&(F=!0,a.add(b.runner))}f.hidden=!F}let u=e.runners.length\
;o.textContent=a.size===u?`All ${u} runners`:`${a.size} of ${u} runners`}return n.addEventListener("keydown",a=>we(a,n))\
,l.groupBy(t?"profile":"label"),l}function be(e){try{return decodeURIComponent(e)}catch{return e}}function we(e,t){let n\
=document.activeElement;if(!n?.matches(".row > summary")||e.altKey||e.ctrlKey||e.metaKey)return;let o=[...t.querySelecto\
rAll(".group:not([hidden]) li:not([hidden]) > .row > summary")],s=o.indexOf(n),d={ArrowDown:s+1,ArrowUp:s-1,Home:0,End:o\
.length-1}[e.key],i=d===void 0?void 0:o[d];i&&(e.preventDefault(),i.focus())}function xe(e,t){let n=new Map;for(let i of\
 e.runners)for(let l of ve(i,t)){let c=n.get(l);c?c.push(i):n.set(l,[i])}let o=i=>S.indexOf(h(i)),s=[...n].map(([i,l])=>\
({name:i,runners:l.sort((c,a)=>o(c)-o(a)||W(c.name,a.name))})),d=({runners:i})=>i.some(l=>!R(h(l)))?0:1;return s.sort((i\
,l)=>d(i)-d(l)||W(i.name,l.name)).map(({name:i,runners:l})=>Te(t==="state"?p[i].text:i,l,e))}var $e=new Intl.Collator("e\
n",{numeric:!0});function W(e,t){return $e.compare(e,t)}function ve(e,t){return t==="state"?[h(e)]:t==="profile"?[e.prof\
ile??"No profile"]:e.labels.length>0?[...new Set(e.labels)]:["No label"]}function Te(e,t,n){let o=t.map(c=>Me(c,n,e)),s=\
o.filter(({state:c})=>!R(c)).length,d=`${o.length} ${o.length===1?"runner":"runners"}${s>0?`, ${s} to look at`:""}`,i=r(\
"h2","",e,r("small","",d));return{element:r("section","group",i,r("ul","rows",...o.map(({element:c})=>c))),rows:o}}funct\
ion Me(e,t,n){let o=h(e),{name:s,profile:d,history:i,last_report:l}=e,c=[r("span","state",T(o),r("span",p[o].tone,p[o].t\
ext)),r("span","name",s,d!==void 0&&d!==s&&d!==n&&r("small","",` ${d}`)),ke(e),i.length>1?P(i):r("span","nothing"),r("sp\
an","age",l!==void 0&&v(l,D(l,t.generated)))],a=$("row",c,()=>q(e,t));return{runner:e,state:o,details:a,element:r("li","\
",a),words:Le(e,o)}}function ke({why:e,failures:t,warnings:n}){let o=[...t,...n];if(e!==void 0||o.length===0)return r("s\
pan","says",e);let s=o.length>3?` and ${o.length-3} more`:"";return r("span","says",...o.slice(0,3).flatMap((d,i)=>[i>0?\
", ":"",r("code","",d)]),s)}function Le({name:e,profile:t,labels:n,failures:o,warnings:s,versions:d,why:i,runner:l},c){l\
et a=Object.entries(d).map(([f,g])=>`${f} ${g}`),u=[l?.os,l?.arch,l?.image,l?.version];return[e,t,...n,p[c].text,...o,..\
.s,...a,...u,i].join(`\n`).toLowerCase()}var{kind:N,fleet:y}=JSON.parse(document.getElementById("data")?.textContent??"")\
,M=new Map;for(let e of y.runners)M.set(h(e),(M.get(h(e))??0)+1);var H=S.filter(e=>M.has(e)),w=X(y,N==="report"),Y=G(y,w\
.find),Q=N==="report"?`Runner ${y.runners[0]?.name??""}`:"Runner fleet";document.title=Q;document.body.append(Ee(),...y.\
runners.length>1?[Re()]:[],Fe());w.openFromAddress();function Ee(){let e=r("div","",r("h1","",Q),r("p","soft",Se()));ret\
urn r("header","head",e,r("p","soft","Generated ",v(y.generated)))}function Se(){let e=y.runners.length;if(N==="report")\
return p[H[0]??"unknown"].text;if(e===0)return"No runner is known: no report was found, and none is expected.";let t=`${\
e} ${e===1?"runner":"runners"}`,n=H.filter(s=>!R(s)).reduce((s,d)=>s+(M.get(d)??0),0),o=y.drift.length>0?` Versions diff\
er in ${y.drift.length===1?"one place":`${y.drift.length} places`}.`:"";return n===0?`${t}, and ${e===1?"it works":"all \
of them work"}.${o}`:`${n} of ${t} ${n===1?"needs":"need"} attention.${o}`}function Re(){let e=H.map(n=>{let o=r("i",p[n\
].tone);return o.style.flexGrow=String(M.get(n)??0),o}),t=r("div","share",...e);return t.setAttribute("aria-hidden","tru\
e"),t}function Fe(){let e=r("main","",...y.runners.length>1?[Ce()]:[],w.element);return r("div",Y?"layout":"layout singl\
e",e,Y)}function Ce(){let e=r("input","");e.type="search",e.placeholder="Filter: name, label, finding, version",e.setAtt\
ribute("aria-label","Filter runners by text"),e.addEventListener("input",()=>w.filterText(e.value)),w.search=e;let t=H.m\
ap(o=>Oe(o)),n=r("select","",...["label","profile","state"].map(o=>He(o)));return n.setAttribute("aria-label","Group run\
ners"),n.addEventListener("change",()=>w.groupBy(n.value)),addEventListener("keydown",o=>{o.key==="/"&&document.activeEl\
ement!==e&&!o.ctrlKey&&!o.metaKey&&(o.preventDefault(),e.focus()),o.key==="Escape"&&document.activeElement===e&&w.find("\
")}),r("div","tools",e,...t,w.shown,n)}function He(e){let t=r("option","",`By ${e}`);return t.value=e,t}function Oe(e){l\
et t=r("button","chip",T(e),p[e].text,r("b","",String(M.get(e)??0)));return t.type="button",t.setAttribute("aria-pressed\
","false"),t.addEventListener("click",()=>{let n=t.getAttribute("aria-pressed")!=="true";t.setAttribute("aria-pressed",S\
tring(n)),w.filterState(e,n)}),t}})();</script>\n</body>\n</html>\n'];var MB=3e7,DB=30,nA=50;function rA(e){return sA({kind:"fleet",fleet:iA(xd(e))})}function oA(e){let{results:t,verdict:n,started:r}=e,
{at:o,after:s,disks:i={},...a}=ii(e),l={...a,disks:i,last_report:o,results:t,history:[],failed:0},u={version:1,generated:r,
verdict:n,runners:[l],...{drift:[],unserved:[],rejected:[],changes:[],notes:[]}};return sA({kind:"report",fleet:iA(xd(u))})}
function sA(e){let t=Rt(JSON.stringify(e)).replace(/</g,"\\u003c"),[n,r]=tA;return`${n}${t}${r}`}function iA(e){let t=0,
n=0,r=e.runners.map(i=>{let a=i.results.map(UB),l=i.history.slice(-DB);return t+=JSON.stringify(a).length+JSON.stringify(
l).length,t<=MB?{...i,results:a,history:l}:(n++,{...i,results:[],history:[]})});if(n===0)return{...e,runners:r};let s=`T\
he page is too large: the findings and the history of ${n===1?"one runner":`${n} runners`} are in fleet.json only.`;return{
...e,runners:r,notes:[s,...e.notes]}}function UB(e){var o;let{evidence:t,remedy:n}=e,r=(o=n==null?void 0:n.commands)==null?
void 0:o.slice(0,nA);return{...e,evidence:t.slice(0,nA),...n&&{remedy:{...n,...r&&{commands:r}}}}}function xd(e){return typeof e==
"string"?Fn(e):Array.isArray(e)?e.map(xd):e===null||typeof e!="object"?e:Object.fromEntries(Object.entries(e).map(([t,n])=>[
J(t,200),xd(n)]))}function nn({name:e,profile:t}){return t===void 0?e:`${e} (${t})`}function Qa(e){let t=n=>ze(n)?0:n.verdict==="degraded"?
1:2;return[...e].sort((n,r)=>t(n)-t(r))}function $d({runners:e}){let t=new Map;for(let o of Qa(e))t.set(Et(o),(t.get(Et(
o))??0)+1);let n=[...t].map(([o,s])=>`${s} ${o}`),r=`${e.length} runner${e.length===1?"":"s"}`;return n.length===0?"no r\
unners":`${r}: ${n.join(", ")}`}function Sd({before:e,now:t,came:n,went:r}){let o=e===t?t:`${e??"not known before"} -> ${t}`,
s=(i,a)=>a.length===0?[]:[`${i}: ${a.join(", ")}`];return[o,...s("new",n),...s("gone",r)].join("; ")}function Rd({why:e,
status:t,since:n,failed:r,history:o,busy:s,after:i}){return[...e===void 0?[]:[e],...n===void 0||t==="silent"||t==="waiti\
ng"?[]:[`Since ${Dt(n)}.`],...r>0&&o.length>1?[`${r} of the last ${o.length} checks failed.`]:[],...s?["It runs a job no\
w."]:[],...i&&i.runner>0?[`The runner caused the failure of ${i.runner} jobs.`]:[]]}function aA({runners:e}){return e.filter(
ze).map(t=>{let n=t.failures.length>0?`: ${t.failures.slice(0,5).join(", ")}`:"",r=t.why??`${Et(t)}${n}`;return`Runner ${nn(
t)}: ${r}`})}var qB=200,Hg=30,WB=10,lA=30,cA=3e5,Qr={sick:"\u274C",degraded:"\u26A0\uFE0F",healthy:"\u2705"};function uA(e){let t=Qa(
e.runners),n=t.filter(ze),r=[`## ${e.verdict==="healthy"?Qr.healthy:e.verdict==="degraded"?Qr.degraded:Qr.sick} Fleet ${e.
verdict}: ${$d(e)}`,t.length===0?"No report was found, and no runner is expected.":GB(t),...t.filter(o=>ze(o)||o.verdict===
"degraded").slice(0,Hg).map(Ed),n.length>Hg?`\u2026 and ${n.length-Hg} more sick runners: \`fleet.json\` has all.`:"",el(
"Drift",e.drift.map(({profile:o,what:s,values:i,since:a})=>{let l=i.map(({value:u,runners:d})=>`${de(u,100)} on ${ne(d.slice(
0,10).join(", "),300)}`),c=a===void 0?"":`, since ${ne(Dt(a),40)}`;return`${de(o)}, ${de(s)}: ${l.join("; ")}${c}`})),el(
"Labels that no runner serves",e.unserved.map(({label:o,file:s,line:i})=>`${de(o)} in ${de(`${s}:${i}`)}`)),el("Changed \
since the run before",e.changes.map(o=>`${de(nn(o))}: ${ne(Sd(o),500)}`)),el("Not read",e.rejected.map(({file:o,reason:s})=>`${de(
o)}: ${ne(s,300)}`)),el("Notes",e.notes.map(o=>ne(o,600)))];return VB(r)}function GB(e){let t=e.slice(0,qB).map(o=>[ze(o)?
Qr.sick:o.verdict==="degraded"?Qr.degraded:Qr.healthy,o.url===void 0?de(o.name,100):BB(o.name,o.url),de(o.profile??"",100),
Et(o),o.last_report===void 0?"never":ne(Dt(o.last_report),40),ne(HB(o).slice(0,5).join(", "),300)]),n=e.length-t.length,
r=zs(["","runner","profile","state","last report","findings"],t);return n>0?`${r}

\u2026 and ${n} more`:r}function HB({status:e,failures:t,warnings:n,results:r}){return e==="set-up-failed"?r.map(({id:o,
reason:s})=>`${o}:${s??""}`):[...t,...n]}function BB(e,t){return/^https?:\/\/[\w.:/%-]+$/.test(t)?`[${de(e,100)}](${t})`:
de(e,100)}function Ed(e){let t=ze(e)?Qr.sick:Qr.degraded,n=Rd(e).map(s=>ne(s,1e3)),r=e.results.slice(0,WB).map(KB),o=e.results.
length-r.length;return[`### ${t} ${de(nn(e),200)}: ${Et(e)}`,n.join(" "),...r,o>0?`\u2026 and ${o} more findings`:""].filter(
s=>s!=="").join(`

`)}function KB({id:e,reason:t,title:n,message:r,why:o,remedy:s,docs:i}){let a=Mn(i),l=(s==null?void 0:s.commands)??[],c=[
ne(r,1500),o===void 0?"":ne(o,1e3),s===void 0?"":`**Fix:** ${ne(s.text,1500)}`,l.length===0?"":Vs(l.slice(0,20).join(`
`),"sh"),(s==null?void 0:s.config)===void 0?"":`${de(s.config.file)}:

${Vs(s.config.text,s.config.language)}`,a===void 0?"":`[More](${a})`];return Br(`${Ks(n,200)} \u2014 <code>${Ks(`${e}:${t??
""}`,150)}</code>`,c.filter(u=>u!=="").join(`

`))}function el(e,t){if(t.length===0)return"";let n=t.length-lA,r=t.slice(0,lA).map(o=>`- ${o}`);return`### ${e}

${r.join(`
`)}${n>0?`
- \u2026 and ${n} more`:""}`}function VB(e){let t=0,n=0,r=e.filter(o=>o!=="").map(o=>o.split(`
`).map(Qt).join(`
`)).filter(o=>(t+=o.length,t>cA&&n++,t<=cA));return n>0&&r.push(`**${n} parts are left out because this would be too lon\
g.** \`fleet.json\` has everything.`),`${r.join(`

`)}
`}function zB(e){return`${Rt(JSON.stringify(e,null,2))}
`}var ai={json:{file:"fleet.json",render:zB},markdown:{file:"fleet.md",render:uA},prometheus:{file:"fleet.prom",render:zT},
html:{file:"fleet.html",render:rA}},li=Object.keys(ai);var dA=require("node:crypto"),Td=require("node:zlib");function fA(e){return(0,Td.gzipSync)(e,{level:9}).toString("base64")}
function pA(e,t){try{return(0,Td.gunzipSync)(Buffer.from(e,"base64"),{maxOutputLength:t}).toString("utf8")}catch{return}}
function eo(e){return(0,dA.createHash)("sha256").update(e).digest("hex").slice(0,16)}var Ad=4e4,nl=2e5,tl=Ad-200;function Vg(e){return`runner-check-${e}:1:`}function Bg(e,t){let n=fA(t);if(n.length>nl)return;
let r=eo(n),o=Math.ceil(n.length/tl);return Array.from({length:o},(s,i)=>{let a=n.slice(i*tl,(i+1)*tl);return`${Vg(e)}${r}\
:${i+1}/${o}:${a}`})}function mA(e){let t=Bg("report",JSON.stringify(e));if(t)return{text:Kg(t)};let{job:n}=e.facts,r=Bg(
"report",JSON.stringify({...e,facts:n?{job:n}:{}})),o=nl.toLocaleString("en-US");if(!r)return{text:"",isTooLarge:!0};let s=`\
The facts are left out: with them, the packed report has more than ${o} characters. The fleet shows no versions for this\
 runner.`;return{text:Kg([s,...r])}}function hA({facts:e,...t}){let n=Bg("after",JSON.stringify(t));return n?Kg(n):""}function Kg(e){
return`::group::Report for the fleet
${e.join(`
`)}
::endgroup::
`}var JB=8*1024*1024,zg=10,YB=Math.ceil(nl/tl),ZB=/^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z /,XB=/^runner-check-(report|after):1:([0-9a-f]{16}):(\d{1,2})\/(\d{1,2}):([A-Za-z0-9+/]+={0,2})\s*$/,
QB=["report","after"];function eK(e){let t=new Map,n=[],r=new Set;for(let s of tK(e)){let[,i,a="",l="",c="",u=""]=XB.exec(
s)??[];if(i===void 0||Number(l)<1||Number(l)>Number(c)||Number(c)>YB){r.add(gA);continue}let d=`${i} ${a} ${c}`,f=t.get(
d)??new Map;if(t.set(d,f.set(Number(l),u)),f.size<Number(c))continue;t.delete(d);let p=Array.from({length:Number(c)},(g,m)=>f.
get(m+1)??"").join("");p.length>nl||eo(p)!==a?r.add(gA):n.push({kind:i,packed:p})}return t.size>0&&r.add("a published re\
port is not complete: lines of it are missing in the log"),n.length>zg&&r.add(`${n.length} published texts, of which onl\
y the last ${zg} are read`),{texts:n.slice(-zg).flatMap(({kind:s,packed:i})=>{let a=pA(i,JB);return a!==void 0?[{kind:s,
json:a}]:(r.add("a published report that cannot be unpacked, or is larger than 8 MiB"),[])}),rejected:[...r]}}var gA="a \
line that looks like a published report is damaged; a forge does that if a secret of the job is so short that it occurs \
in it";function*tK(e){for(let t=0;t<e.length;){let n=e.indexOf(`
`,t),r=n<0?e.length:n,o=e.slice(t,Math.min(r,t+Ad)).replace(ZB,"");QB.some(s=>o.startsWith(Vg(s)))&&(yield r-t>Ad?"":o),
t=r+1}}function wA(e,t){let{texts:n,rejected:r}=eK(e),o=new Set(r),s=new Map,i=[];for(let{kind:a,json:l}of n){if(a==="af\
ter"){let p=Jg(l);p?i.push(p):o.add("a published second look that says no cause");continue}let c=Ys("the published repor\
t",l),u="place"in c?`not a report: ${c.found}`:nK(c,t);if(u!==void 0||"place"in c){o.add(u??"");continue}let{name:d}=c.profile,
f=s.get(d);f&&f.verdict!==c.verdict&&o.add(`two reports of the profile ${d} that disagree; the worse one counts`),(!f||yA[c.
verdict]>=yA[f.verdict])&&s.set(d,c)}return{reports:[...s.values()],after:i,rejected:[...o]}}var yA={healthy:0,degraded:1,
unknown:2,misconfigured:3};function nK({runner:e,job:t,facts:n},r){var i;let o=n.job,s=o!=null&&o.ok?(i=o.value)==null?void 0:
i.runnerName:e.name;if(s!==void 0&&typeof s!="string")return"a report that names its runner in another form than text";if(s!==
void 0&&r.runner!==void 0&&s!==r.runner)return`a report for the runner ${s}, but the job ran on ${r.runner}`;if((t==null?
void 0:t.run_id)!==void 0&&t.run_id!==r.runId)return`a report of run ${t.run_id} in the log of run ${r.runId}`;if((t==null?
void 0:t.repository)!==void 0&&t.repository.toLowerCase()!==r.repository.toLowerCase())return`a report of the repository\
 ${t.repository}`}function Jg(e){var t;try{let n=(t=JSON.parse(e))==null?void 0:t.caused_by;return n==="runner"||n==="jo\
b"||n==="unknown"?n:void 0}catch{return}}var bA=6,kA=2e5,rK=6e5;async function Od(e,t,n){let r=0;for(let o of t)for await(let s of vA(e,o,bA,n.reject)){if(n.signal.
aborted)return;if(++r>kA)return n.reject({file:o,reason:`more than ${kA} files`});r%50===0&&await vt();let i=await oK(e,
s,n);i!==void 0&&n.reject({file:s,reason:i})}}async function oK(e,t,{add:n,now:r}){let o=await e.lstat(t);if(o.kind==="a\
bsent")return;if(o.kind==="unreadable")return`cannot be read: ${kt(o.code)}`;if(o.kind==="link")return"a link, which was\
 not followed";if(o.kind!=="file")return"not a regular file";if(o.size>Ua)return"not a report: more than 16 MiB";let s=await e.
readText(t,o.size+1);if(s.kind==="absent")return;if(s.kind==="unreadable")return`cannot be read: ${kt(s.code)}`;if(s.value.
length>o.size)return"was written while it was read";let i=Ys("",s.value);if("place"in i)return aK(i);let a=Date.parse(i.
started);if(Number.isNaN(a))return`not a report: ${i.started} is not a date`;if(a>Date.parse(r)+rK)return`is of the futu\
re: ${i.started}`;let l=t.endsWith("/report.json")?await iK(e,t):void 0;n({...ii(i),...l&&{after:{runner:0,job:0,unknown:0,
[l]:1}}})}var sK=4*1024*1024;async function iK(e,t){let n=t.replace(/report\.json$/,"after.json"),r=await e.lstat(n);if(r.
kind!=="file"||r.size>sK)return;let o=await e.readText(n,r.size);return o.kind==="ok"?Jg(o.value):void 0}function aK({place:e,
found:t}){let n=e.replace(/^, /,"");return n===""?`not a report: ${t}`:t==="undefined"?`not a report: ${n} is missing`:`\
not a report: ${n} is ${t}`}async function*vA(e,t,n,r){let o=await lK(e,t);if(o.kind==="unreadable"){o.code!=="ENOTDIR"&&
r({file:t,reason:`cannot be listed: ${kt(o.code)}`});return}if(o.kind==="absent")return(await e.lstat(t)).kind==="absent"?
r({file:t,reason:"does not exist"}):yield t;for(let s of[...o.value].sort()){let i=`${t.replace(/\/+$/,"")}/${s}`;if(s.endsWith(
".json")){s!=="fleet.json"&&s!=="after.json"&&(yield i);continue}(await e.lstat(i)).kind==="directory"&&(n>1?yield*vA(e,
i,n-1,r):r({file:i,reason:`more than ${bA} levels of folders`}))}}async function lK(e,t){try{return await e.list(t)}catch(n){
if(ss(n))return{kind:"unreadable",code:"ETIMEDOUT"};throw n}}var cK=20,xA=50;function _d(e,t){let n=qo(t);n.endGroup(),n.text(`Fleet: ${e.verdict} \u2014 ${$d(e)}`,{style:"bold"});let r=Qa(
e.runners),o=r.filter($A);for(let c of r.filter(u=>!$A(u)))uK(n,c);o.length>0&&(n.gap(),n.group("Healthy",()=>{for(let c of o)
n.text(`${nn(c)}${c.last_report?`, ${Dt(c.last_report)}`:""}`,{prefix:"\u2714 ",prefixStyle:"green"})}));let s=e.drift.map(
({profile:c,what:u,values:d,since:f})=>{let p=d.map(({value:g,runners:m})=>`${g} on ${m.slice(0,10).join(", ")}`);return`${c}\
, ${u}: ${p.join("; ")}${f===void 0?"":`, since ${Dt(f)}`}`});rl(n,"Drift: runners of one profile that differ",s);let i=e.
unserved.map(({label:c,file:u,line:d})=>`${c} (${u}:${d})`);rl(n,"Labels that no runner serves",i);let a=e.changes.map(c=>`${nn(
c)}: ${Sd(c)}`);rl(n,"Changed since the run before",a);let l=e.rejected.map(({file:c,reason:u})=>`${c}: ${u}`);return rl(
n,"Not read",l),rl(n,"Notes",e.notes),n.toString()}function $A(e){return!ze(e)&&e.verdict==="healthy"}function uK(e,t){e.
gap();let n=ze(t),[r,o]=n?["\u2716 ","red"]:["\u25B2 ","yellow"];e.text(`${nn(t)}: ${Et(t)}`,{prefix:r,prefixStyle:o,style:"\
bold"});for(let a of Rd(t))e.text(a,{prefix:"  "});let s=t.results.slice(0,cK);for(let a of s)dK(e,a);let i=t.results.length-
s.length;i>0&&e.text(`\u2026 and ${i} more`,{prefix:"  "}),t.url!==void 0&&e.verbatim(t.url,2,"dim")}function dK(e,{id:t,
reason:n,title:r,remedy:o}){e.text(`${t}:${n??""} \u2014 ${r}`,{prefix:"  ",limit:300}),o&&e.text(`Fix: ${o.text}`,{prefix:"\
    ",limit:1e3})}function rl(e,t,n){if(n.length===0)return;e.gap(),e.text(t,{style:"bold"});for(let o of n.slice(0,xA))
e.text(o,{prefix:"\xB7 ",limit:1e3});let r=n.length-xA;r>0&&e.text(`\u2026 and ${r} more`,{prefix:"  "})}async function SA(e,t,n,r,o){let s=OE(n.format??"text",["text",...li]),i=fK(n.now),a=pK(n["max-age"]);if(t.length===0)throw new en(
"`fleet` takes folders of reports; to read the runs of a workflow, use the action `fortemi/runner-check/fleet@v1`");for(let m of t)
if((await e.stat(m)).kind==="absent")throw new en(`${m} does not exist`);let l=bb(e.env,e.cwd()),c=await r(l,n.policy),u=new Zs,
d=[];await Od(e,t,{add:m=>u.add(m),reject:m=>d.push(m),now:i,signal:o});let f={looks:u,policy:c,workspace:l,now:i,rejected:d,
...a!==void 0&&{maxAgeMs:a}},p=await wd(e,f,o);if(o.aborted)return 1;n.out!==void 0&&await mK(e,p,n.out);let g={width:PE(),
unicode:IE(),color:NE(),groups:!1};return await _E(s==="text"?_d(p,g):ai[s].render(p)),p.verdict==="healthy"||p.verdict===
"degraded"?0:1}function fK(e){let t=e===void 0?Date.now():/^\d{4}-\d\d-\d\d(?:T|$)/.test(e)?Date.parse(e):Number.NaN;if(Number.
isNaN(t))throw new en(`the flag \`--now\`: found \`${e}\`; allowed: a time such as 2026-11-24T06:00:00Z`);return new Date(
t).toISOString()}function pK(e){let t=e===void 0?void 0:Pt(e);if(e!==void 0&&(t===void 0||t===0))throw new en(`the flag \
\`--max-age\`: found \`${e}\`; allowed: ${Zn}, more than 0`);return t}async function mK(e,t,n){for(let{file:r,render:o}of Object.
values(ai))try{await e.reach(n),Yu(n,r,o(t))}catch(s){throw new qa(`${n.replace(/\/$/,"")}/${r}`,s)}}var TA=["token","workflow","runs","reports","policy","max-age","issues","notify-url","ping-url","push-url","fail-on","ti\
meout","summary","cache-dir","report-dir","formats"],RA=50;function AA(e){let t=[],n=(b,R,$,P=!1)=>{let I=e[b];if(I===void 0)
return;let S=R(I);return S===void 0&&t.push({place:`input \`${b}\``,found:P?"something else":cr(I),allowed:$}),S},r=b=>n(
b,R=>Oe(R)?R:void 0,"an http or https address",!0),o=n("workflow",b=>/^[\w.-]{1,100}\.ya?ml$/.test(b)?b:void 0,"the file\
 of a workflow, such as `health-check.yml`"),s=n("runs",b=>Yg(Zw(b),1,RA),`a whole number from 1 to ${RA}`),i=n("max-age",
b=>Yg(Pt(b),1,Number.MAX_SAFE_INTEGER),`${Zn}, more than 0`),a=n("timeout",b=>Yg(Pt(b),1e3,36e5),`${Zn}, from 1s to 60m`),
l=n("issues",EA,"true, false"),c=n("summary",EA,"true, false"),u=n("fail-on",b=>["fail","warn","never"].find(R=>R===b),"\
fail, warn, never"),d=n("formats",hK,`any of ${li.join(", ")}, comma-separated`),[f,p,g]=[r("notify-url"),r("ping-url"),
r("push-url")];if(t.length>0)throw new Hs(t);let{token:m,policy:h}=e,w=e["report-dir"],k=e["cache-dir"];return{workflow:o??
"health-check.yml",runs:s??10,reports:OA(e.reports??""),issues:l??!0,failOn:u??"fail",timeoutMs:a??3e5,summary:c??!0,formats:d??
["json"],...m!==void 0&&{token:m},...h!==void 0&&{policy:h},...i!==void 0&&{maxAgeMs:i},...f!==void 0&&{notifyUrl:f},...p!==
void 0&&{pingUrl:p},...g!==void 0&&{pushUrl:g},...k!==void 0&&{cacheDir:k},...w!==void 0&&{reportDir:w}}}function Yg(e,t,n){
return e!==void 0&&e>=t&&e<=n?e:void 0}function EA(e){return/^(?:true|True|TRUE)$/.test(e)?!0:/^(?:false|False|FALSE)$/.
test(e)?!1:void 0}function OA(e){return e.split(/[,\n]/).map(t=>t.trim()).filter(t=>t!=="")}function hK(e){let t=OA(e),n=li.
filter(r=>t.includes(r));return t.length>0&&t.every(r=>li.includes(r))?n:void 0}var Xg=32*1024*1024,Nd="fleet-cache.json",Pd=Q(T()),Zg=E(T()),ol=be(),gK=W({at:T(),status:re(["reported","set-up-failed"]),
verdict:E(re(["healthy","degraded","misconfigured","unknown"])),failures:Pd,warnings:Pd,url:Zg,name:T(),profile:Zg,labels:Pd,
versions:dt(T(),T()),disks:E(dt(T(),W({free:ol,total:ol}))),runner:E(wt.entries.runner),results:wt.entries.results,why:Zg,
after:E(W({runner:ol,job:ol,unknown:ol}))}),yK=fo({version:je(1),repository:T(),answers:dt(T(),fo({etag:T(),data:vi()})),
jobs:dt(T(),fo({looks:Q(gK),rejected:Pd}))}),Id=class{#e;#o=new Map;#s=new Map;#t={answers:new Map,jobs:new Map};constructor(t,n){
this.#e=t;let r=wK(n);if((r==null?void 0:r.repository)===t){for(let[o,s]of Object.entries(r.answers))this.#o.set(o,s);for(let[
o,s]of Object.entries(r.jobs))this.#s.set(o,s)}}answer(t){return this.#o.get(t)}keepAnswer(t,n){this.#t.answers.set(t,n)}job(t){
return this.#s.get(t)}keepJob(t,n){this.#t.jobs.set(t,n)}toJson(){let{answers:t,jobs:n}=this.#t;return JSON.stringify({version:1,
repository:this.#e,answers:Object.fromEntries(t),jobs:Object.fromEntries(n)})}};function wK(e){if(!(e===void 0||e.length>
Xg))try{let t=Ht(yK,JSON.parse(e));return t.success?t.output:void 0}catch{return}}var _A=900,PA=3e4,IA=4*1024*1024,NA=8*1024*1024;function LA(e,t,n){let{env:r}=e,o=r.GITHUB_REPOSITORY??"";if(t===void 0)
return{why:"The input `token` is empty, so the forge cannot be asked."};if(!/^[\w.-]+\/[\w.-]+$/.test(o))return{why:"GIT\
HUB_REPOSITORY does not name a repository."};let s=bo(r);if(s.kind==="none")return{why:"GITHUB_API_URL is not the addres\
s of a forge."};if(s.kind==="refused")return{why:s.why==="insecure"?"GITHUB_API_URL does not use TLS, so the token is no\
t sent there.":"GITHUB_API_URL is not on the forge of GITHUB_SERVER_URL, so the token is not sent there."};let i=go(r);return new ey(
e,s.api,t,o,i==="github"||i==="forgejo"?i:"gitea",n)}var ey=class{requests=0;repository;system;#e;#o;#s;#t;#l;constructor(t,n,r,o,s,i){
this.repository=o,this.system=s,this.#e=t,this.#o=n,this.#s=r,this.#t=i}async get(t,n={}){return Qg(await this.#r("GET",
this.#n(t,n)))}async ask(t,n,r={}){let o=this.#n(n,r),s=t.answer(o),i=await this.#r("GET",o,void 0,IA,s==null?void 0:s.etag);
if(s&&typeof i!="string"&&i.kind==="answered"&&i.status===304)return t.keepAnswer(o,s),{kind:"ok",status:304,data:s.data};
let a=Qg(i),l=typeof i!="string"&&i.kind==="answered"?i.headers.etag:void 0;return a.kind==="ok"&&l!==void 0&&l.length<=
200&&t.keepAnswer(o,{etag:l,data:a.data}),a}async send(t,n,r){return Qg(await this.#r(t,this.#i(n),r))}async log(t){let n=await this.#r(
"GET",this.#i(["actions","jobs",t,"logs"]),void 0,NA);return typeof n!="string"&&n.kind==="answered"&&n.status>=300&&n.status<
400?CA(await this.#c(n.headers.location)):CA(n)}#n(t,n){let r=Object.entries(n).map(([o,s])=>`${o}=${encodeURIComponent(
s)}`);return`${this.#i(t)}${r.length>0?`?${r.join("&")}`:""}`}#i(t){return`/${["repos",...this.repository.split("/"),...t].
map(encodeURIComponent).join("/")}`}async#r(t,n,r,o=IA,s){if(this.#l!==void 0)return this.#l;if(this.requests>=_A)return`\
this run made ${_A} requests, which is its limit`;this.requests++;let i=await ye(PA,this.#t,a=>{let l=vo(this.#o,n,this.#s,
a),c=r===void 0?void 0:JSON.stringify(r),u=c!==void 0&&{"content-type":"application/json","content-length":String(Buffer.
byteLength(c))};return this.#e.request({...l,...this.#a(this.#o),method:t,headers:{...l.headers,...u,...s!==void 0&&{"if\
-none-match":s}},...c!==void 0&&{body:c},maxBody:o})});return i.kind==="answered"&&(this.#l=kK(i)),i}#a(t){var r;let n=(r=
fs(this.#e.env,t))==null?void 0:r.target;return n?{proxy:n}:{}}async#c(t){let n=Oe(t);if(!n||!Ci(n))return"the forge sen\
ds logs to an address that is not used: it has no TLS";let r=n.protocol==="https:";return ye(PA,this.#t,o=>this.#e.request(
{to:{host:Ye(n),port:Number(n.port)||(r?443:80),...r&&{tls:{verify:!0}}},...this.#a(n),path:`${n.pathname}${n.search}`,headers:{
host:n.host,"user-agent":"runner-check"},signal:o,maxBody:NA}))}};function kK({status:e,headers:t}){let n=t["x-ratelimit\
-remaining"]==="0"||t["retry-after"]!==void 0;if(e!==429&&!(e===403&&n))return;let r=Number(t["x-ratelimit-reset"]);return`\
the forge's rate limit is used up${Number.isSafeInteger(r)&&r>0&&r<1e10?` until ${new Date(r*1e3).toISOString()}`:""}`}function jA(e){
return typeof e=="string"?{kind:"failed",why:e}:{kind:"failed",why:e.kind==="timed-out"?"the forge did not answer in tim\
e":`no connection to the forge (${e.code})`}}function Qg(e){if(typeof e=="string"||e.kind!=="answered")return jA(e);let{
status:t,body:n,truncated:r}=e;if(t<200||t>299)return{kind:"refused",status:t,why:FA(n,t)};if(r)return{kind:"refused",status:t,
why:"the answer has more than 4 MiB"};if(n.trim()==="")return{kind:"ok",status:t,data:void 0};try{return{kind:"ok",status:t,
data:JSON.parse(n)}}catch{return{kind:"refused",status:t,why:"the answer is not JSON"}}}function CA(e){if(typeof e=="str\
ing"||e.kind!=="answered")return jA(e);let{status:t,body:n,truncated:r}=e;return t<200||t>299?{kind:"refused",status:t,why:FA(
n,t)}:{kind:"ok",text:n,isCut:r}}function FA(e,t){try{let{message:n}=JSON.parse(e.slice(0,1e4));if(typeof n=="string"&&n!==
"")return`${t}: ${n.slice(0,200)}`}catch{}return`HTTP status ${t}`}function zo(e,...t){let r=[e,...t.map(o=>e==null?void 0:e[o])].find(o=>Array.isArray(o));return r==null?void 0:r.filter(
o=>typeof o=="object"&&o!==null)}function ny(e){let t=e==null?void 0:e.total_count;return typeof t=="number"?t:Number.POSITIVE_INFINITY}
function MA(e,t){var i;let n=UA(e.id);if(n===void 0)return;let r=Wn(e.head_branch)??Wn(e.prettyref)??bK(Wn(e.path))??"",
o=(i=e.head_repository)==null?void 0:i.full_name,s=qA(e.html_url);return{id:n,event:Wn(e.event)??Wn(e.trigger_event)??"",
branch:r.replace(/^refs\/heads\//,""),isForeign:typeof o=="string"&&o.toLowerCase()!==t.toLowerCase(),...s!==void 0&&{url:s}}}
function bK(e){return e==null?void 0:e.split("@refs/heads/")[1]}function DA(e){let t=UA(e.id);if(t===void 0)return;let n=Array.
isArray(e.labels)?e.labels:Array.isArray(e.runs_on)?e.runs_on:[],r=ty(e.created_at),o=ty(e.started_at),s=ty(e.completed_at),
i=qA(e.html_url),a=Wn(e.runner_name);return{id:t,name:Wn(e.name)??"",labels:n.slice(0,50).flatMap(l=>Wn(l)??[]),state:vK(
Wn(e.status)??"",Wn(e.conclusion)??""),...a!==void 0&&{runner:a},...r!==void 0&&{created:r},...o!==void 0&&{started:o},...s!==
void 0&&{completed:s},...i!==void 0&&{url:i}}}function vK(e,t){let n=e==="completed"?t:e;return/^(?:queued|waiting|pending|requested|blocked)$/.
test(n)?"waiting":/^(?:in_progress|running)$/.test(n)?"running":n==="success"?"success":/^cancell?ed$/.test(n)?"canceled":
/^(?:skipped|neutral)$/.test(n)?"skipped":"failure"}function Wn(e){return typeof e=="string"&&e!==""?e.slice(0,200):void 0}
function UA(e){return Number.isSafeInteger(e)&&e>0?String(e):void 0}function ty(e){let t=typeof e=="string"?Date.parse(e):
Number.NaN;return t>Date.UTC(2e3)?new Date(t).toISOString():void 0}function qA(e){return typeof e=="string"&&/^https?:\/\/[\w.:/%~-]{1,500}$/.
test(e)?e:void 0}var sl="runner-check",oy=10,xK=4,sy={limit:50,per_page:50},WA=50,$K=4e4,SK=50,RK=80;async function ay(e){let t=new Map;for(let[
n,r]of[["open",oy],["closed",xK]])for(let o=1;o<=r;o++){let s={state:n,labels:sl,type:"issues",sort:"created",direction:"\
desc",page:o,...sy},i=await e.get(["issues"],s),a=i.kind==="ok"?zo(i.data):void 0;if(!a)return{all:[],trouble:Jo("The is\
sues cannot be read",i)};for(let l of a){let c=AK(l);c&&t.set(c.number,c)}if(a.length===0)break}return{all:[...t.values()].
sort((n,r)=>n.number-r.number)}}async function KA(e,t,n,r){if(n.trouble!==void 0)return{troubles:[n.trouble],done:[]};let o=new iy(
e,r),s=new Set;for(let i of t.runners){s.add(Yo(i));let a=n.all.filter(l=>Yo(l)===Yo(i));await(ze(i)?o.sick(i,a):o.well(
i,a))}for(let i of n.all.filter(({isOpen:a,profile:l})=>a&&l===void 0))s.has(Yo(i))||await o.gone(i);return await o.closeDuplicates(),
{troubles:[...o.troubles],done:o.done}}var iy=class{troubles=new Set;done=[];#e;#o;#s;#t=0;constructor(t,n){this.#e=t,this.#o=
n}async sick(t,n){let r=n.filter(({isOpen:a})=>a),[o,...s]=r;for(let a of s)await this.#a(a);if(o){let a=Cd(t,o.state);return HA(
o.state,a)?void 0:this.#n(o,t,a)}let i=GA(n);i&&HA(i.state,Cd(t,i.state))||await this.#l(t,Cd(t))}async well(t,n){let[r,
...o]=n.filter(({isOpen:l})=>l);for(let l of o)await this.#a(l);let s=Cd(t);if(r)return this.#n(r,t,s,"closed");let i=GA(
n);i===void 0||["healthy","degraded"].includes(i.state.word)||await this.#c(i.number,{body:ry(t,s)})}async gone(t){let n={
name:t.name,labels:[],status:"reported",verdict:"healthy",failures:[],warnings:[],why:"A runner takes jobs with this lab\
el again.",results:[],versions:{},history:[],failed:0};await this.#n(t,n,{word:"healthy",findings:[]},"closed")}async closeDuplicates(){
if(this.#t===0)return;let{all:t,trouble:n}=await ay(this.#e);n!==void 0&&this.troubles.add(n);let r=new Set;for(let o of t.
filter(({isOpen:s})=>s))r.has(Yo(o))&&await this.#a(o),r.add(Yo(o))}async#l(t,n){if(this.#t>=WA){this.troubles.add(`More\
 than ${WA} runners are sick: the next run opens issues for the others.`);return}if(this.#s??=await this.#f(),!this.#s)return;
this.#t++;let r={word:"new",findings:[]},o={title:BA(t),body:ry(t,r),labels:this.#s},s=await this.#e.send("POST",["issue\
s"],o),i=s.kind==="ok"?_K(s.data):void 0;if(i===void 0){this.troubles.add(Jo("No issue can be opened",s));return}this.done.
push(`opened #${i} for ${nn(t)}`);let a="",{name:l,profile:c}=t,u={number:i,isOpen:!0,author:a,name:l,...c!==void 0&&{profile:c},
state:r};await this.#n(u,t,n)}async#n(t,n,r,o){let s=PK(t,n,r),i=t.state.word==="new"&&o===void 0;if(!i&&!await this.#i(
t,s,n)||!await this.#o(s))return;let a={title:BA(n),body:ry(n,r),...o&&{state:o}};await this.#c(t.number,o?{body:a.body,
state:o}:a)&&(i||this.done.push(`${o??"commented"} #${t.number} for ${nn(n)}`))}async#i(t,n,r){let o=`<!-- runner-check:\
change:${n.id} -->`,s=["issues",String(t.number),"comments"],i=await this.#r(s,o,t.author);if(!i)return!1;if(i.length>0)
return!0;let a=await this.#e.send("POST",s,{body:`${o}
${IK(n,r)}`});if(a.kind!=="ok")return this.troubles.add(Jo("No comment can be written",a)),!1;let[,...l]=await this.#r(s,
o,t.author)??[];for(let c of l)await this.#e.send("DELETE",["issues","comments",String(c)]);return!0}async#r(t,n,r){var i,
a;let o=new Set,s;for(let l=1;l<=oy;l++){let c=await this.#e.get(t,{page:l,...sy}),u=c.kind==="ok"?zo(c.data):void 0;if(!u){
this.troubles.add(Jo("The comments cannot be read",c));return}if(u.length===0||((i=u[0])==null?void 0:i.id)===s)break;s=
(a=u[0])==null?void 0:a.id;for(let{id:d,body:f,user:p}of u)typeof d=="number"&&typeof f=="string"&&f.startsWith(n)&&zA(p)===
r&&o.add(d)}return[...o].sort((l,c)=>l-c)}async#a(t){let n=`${VA(t,{word:"duplicate",findings:[]})}
An older issue is about the same runner.`;await this.#c(t.number,{body:n,state:"closed"})&&this.done.push(`closed #${t.number}\
, a duplicate`)}async#c(t,n){let r=await this.#e.send("PATCH",["issues",String(t)],n);return r.kind!=="ok"&&this.troubles.
add(Jo("The issues cannot be updated",r)),r.kind==="ok"}async#f(){let t=await this.#u();if(t===void 0)return;if(t.length===
0){let r={name:sl,color:"#d93f0b",description:"Runners that runner-check found sick"},o=this.#e.system==="github"?"d93f0\
b":r.color,s=await this.#e.send("POST",["labels"],{...r,color:o});if(s.kind!=="ok"&&!(s.kind==="refused"&&s.status===422)){
this.troubles.add(Jo("The label `runner-check` cannot be made",s));return}}if(this.#e.system==="github")return[sl];let n=t.
length>0?t:await this.#u();return n==null?void 0:n.slice(0,1)}async#u(){let t=[];for(let n=1;n<=oy;n++){let r=await this.#e.
get(["labels"],{page:n,...sy}),o=r.kind==="ok"?zo(r.data):void 0;if(!o){this.troubles.add(Jo("The labels cannot be read",
r));return}for(let{id:s,name:i}of o)i===sl&&typeof s=="number"&&t.push(s);if(o.length===0)break}return t.sort((n,r)=>n-r)}};
function Yo({name:e,profile:t}){return JSON.stringify([e,t??null])}function Cd(e,t){let n=Et(e);if(e.status!=="reported"&&
e.status!=="set-up-failed")return{word:n,findings:(t==null?void 0:t.findings)??[]};let r=[...e.failures,...EK(e)].map(o=>J(
o,RK));return{word:n,findings:[...new Set(r)].sort().slice(0,SK)}}function GA(e){return e.filter(({state:t})=>t.word!=="\
duplicate").pop()}function EK({status:e,results:t}){return e==="set-up-failed"?t.map(({id:n,reason:r})=>`${n}:${r??""}`):
[]}function HA(e,t){return JSON.stringify([e.word,e.findings])===JSON.stringify([t.word,t.findings])}function VA({name:e,
profile:t},{word:n,findings:r}){let o=JSON.stringify({name:e,...t!==void 0&&{profile:t},word:n,findings:r});return`<!-- \
runner-check:fleet:1:${Buffer.from(o).toString("base64")} -->`}var TK=/^<!-- runner-check:fleet:1:([A-Za-z0-9+/=]{1,20000}) -->/;
function AK(e){var c;let{number:t,state:n,body:r,user:o,labels:s,pull_request:i}=e,a=Array.isArray(s)&&s.some(u=>(u==null?
void 0:u.name)===sl);if(typeof t!="number"||typeof r!="string"||!a||i!=null)return;let l=OK((c=TK.exec(r))==null?void 0:
c[1]);return l&&{number:t,isOpen:n==="open",author:zA(o),...l}}function OK(e){if(e!==void 0)try{let{name:t,profile:n,word:r,
findings:o}=JSON.parse(Buffer.from(e,"base64").toString("utf8"));if(typeof t!="string"||typeof r!="string"||!Array.isArray(
o))return;let s={word:r,findings:o.filter(i=>typeof i=="string")};return{name:t,...typeof n=="string"&&{profile:n},state:s}}catch{
return}}function zA(e){let t=e==null?void 0:e.login;return typeof t=="string"?t:""}function _K(e){let t=e==null?void 0:e.
number;return typeof t=="number"?t:void 0}function PK(e,t,n){let{name:r,profile:o,why:s,url:i}=t,{word:a,findings:l}=e.state;
return{id:eo(JSON.stringify([Yo(e),e.number,a,l,n.word,n.findings])),name:r,...o!==void 0&&{profile:o},...a!=="new"&&{before:a},
now:n.word,came:n.findings.filter(c=>!l.includes(c)),went:l.filter(c=>!n.findings.includes(c)),...s!==void 0&&{why:s},...i!==
void 0&&{url:i}}}function BA(e){return`Runner ${J(nn(e),120).replace(/[^\p{L}\p{N} .,:()/_-]/gu,"_")}: ${Et(e)}`}function ry(e,t){
let n=Ed(e),r=n.length>$K?Ed({...e,results:[]}):n;return`${VA(e,t)}
${r}

<sub>runner-check keeps this issue up to date and closes it when the runner is well again. If you close it, it stays clo\
sed until something changes.</sub>`}function IK({before:e,now:t,came:n,went:r},o){let s=(l,c)=>c.length===0?"":`

${l}: ${ne(c.join(", "),2e3)}`,i=o.why===void 0?"":`

${ne(o.why,1e3)}`;return`${e===void 0||e===t?`Still **${t}**.`:`**${ne(e,40)}** \u2192 **${t}**.`}${i}${s("New",n)}${s("\
Gone",r)}`}function Jo(e,t){if(t.kind==="ok")return`${e}: the answer has another form.`;let r=t.kind==="refused"&&[401,403,
404,410].includes(t.status)?" The job needs `permissions: { contents: read, actions: read, issues: write }`, and the rep\
ository needs issues. `issues: false` does without.":"";return`${e}: ${t.why}.${r}`}var JA={limit:50,per_page:100},YA=20,NK=6e5,ZA=4,CK=["schedule","workflow_dispatch","push","repository_dispatch"],LK=700;
async function QA(e,t){let n=new ly(e,t),r=await n.listRuns(),o=0;for(let s of r){if(t.signal.aborted||n.isOver||o>0&&e.
requests>=(t.budget??LK))break;await n.readRun(s),o++}return n.result(o,r.length)}var ly=class{#e=[];#o=[];#s=[];#t=new Set;#l=new Set;#n;#i;#r;#a=!0;isOver=!1;constructor(t,n){
this.#n=t,this.#i=n.cache,this.#r=n}result(t,n){let r=[...this.#t];if(t<n&&this.#a&&r.push(`Only the newest ${t} of ${n}\
 runs were read: more would be too many requests. \`runs\` can ask for fewer, \`cache-dir\` saves most of them.`),this.#l.
size>0){let o=[...this.#l].slice(0,5).join(", ");r.push(`Jobs that succeeded and printed no report: ${o}. Set \`publish: \
log\` in the step that uses runner-check.`)}return{looks:this.#e,waiting:[...this.#o].sort((o,s)=>Ut(o.since,s.since)),rejected:this.#s,
notes:r,isComplete:this.#a}}async listRuns(){let t=await this.#c();if(t===void 0)return[];let{workflow:n,runs:r}=this.#r,
o=this.#n.system==="forgejo",s=o?["actions","runs"]:["actions","workflows",n,"runs"],i=[],a=0;for(let l=1;l<=YA&&i.length<
r;l++){let c={page:l,...JA,...o&&{workflow_id:n}},u=await this.#n.ask(this.#i,s,c),d=u.kind==="ok"?zo(u.data,"workflow_r\
uns"):void 0;if(u.kind!=="ok"||!d){this.#d(`The runs of \`${n}\` cannot be read`,u,Ld);break}if(d.length===0)break;for(let f of d){
let p=MA(f,this.#n.repository);!p||p.isForeign||p.branch!==t||!CK.includes(p.event)||i.length<r&&i.push(p)}if(a+=d.length,
a>=ny(u.data))break}return i.length===0&&this.#a&&this.#t.add(`The workflow \`${n}\` has no run on the branch ${t} that \
was scheduled or started by hand.`),i}async#c(){var r;let t=await this.#n.ask(this.#i,[]),n=t.kind==="ok"?(r=t.data)==null?
void 0:r.default_branch:void 0;if(typeof n=="string")return n;this.#d("The repository cannot be read",t,Ld)}async readRun(t){
let n=await this.#u(t),r=[];for(let o of n)o.state==="waiting"||o.state==="canceled"&&o.runner===void 0&&this.#n.system!==
"forgejo"?this.#f(o):(o.state==="success"||o.state==="failure")&&r.push(o);for(let o=0;o<r.length;o+=ZA){if(this.#r.signal.
aborted||this.isOver)return;await Promise.all(r.slice(o,o+ZA).map(s=>this.#p(t,s))),await vt()}}#f({labels:t,created:n,completed:r,
url:o}){if(t.length===0||n===void 0)return;let{now:s,maxAgeMs:i}=this.#r;Date.parse(r??s)-Date.parse(n)<NK||Date.parse(s)-
Date.parse(n)>i||this.#o.push({labels:t,since:n,...o!==void 0&&{url:o}})}async#u(t){let n=[];for(let r=1;r<=YA;r++){let o=await this.#n.
ask(this.#i,["actions","runs",t.id,"jobs"],{page:r,...JA}),s=o.kind==="ok"?zo(o.data,"jobs"):void 0;if(o.kind!=="ok"||!s){
this.#d(`The jobs of run ${t.id} cannot be read`,o,Ld);break}for(let i of s){let a=DA(i);a&&n.push(a)}if(Array.isArray(o.
data)||s.length===0||n.length>=ny(o.data))break}return n}async#p(t,n){if(n.labels.length===0&&n.runner===void 0)return;let r=[
t.id,n.id,n.started??"",n.state].join(" "),o=this.#i.job(r)??await this.#m(t,n);if(o){o.isPassing||this.#i.keepJob(r,o);
for(let s of o.looks)this.#e.push(s);for(let s of o.rejected)this.#s.push({file:XA(t,n),reason:s});o.looks.length===0&&!o.
isPassing&&n.state==="success"&&this.#l.add(n.name)}}async#m(t,n){let r=n.started??n.created,s={name:n.runner??n.labels.
join(", "),labels:n.labels,...n.url!==void 0&&{url:n.url}},i=(m,h)=>n.state==="failure"&&r!==void 0?[{...this.#r.diagnose(
m,n.name),...s,at:r,...h!==void 0&&{why:h}}]:[],a=await this.#n.log(n.id);if(a.kind==="refused"&&[404,410,500].includes(
a.status)){let m=`The job ${n.name} failed, and the forge has no log (${a.why}).`;return{looks:i("",m),rejected:[`its lo\
g is gone: ${a.why}`],isPassing:!0}}if(a.kind!=="ok"){this.#d(`The log of ${XA(t,n)} cannot be read`,a,Ld);return}let l={
repository:this.#n.repository,runId:t.id,...n.runner!==void 0&&{runner:n.runner}},{reports:c,after:u,rejected:d}=wA(a.text,
l),f={runner:0,job:0,unknown:0};for(let m of u)f[m]++;let p=c.map((m,h)=>({...ii(m,{...s,at:r??m.started}),...h===0&&u.length>
0&&{after:f}})),g=a.isCut?["its log has more than 8 MiB; the rest was not read"]:[];return{looks:p.length>0?p:i(a.text),
rejected:[...d,...g]}}#d(t,n,r){this.#a=!1,n.kind==="ok"?this.#t.add(`${t}: the answer has another form.`):n.kind==="fai\
led"?(this.isOver=!0,this.#t.add(`${t}: ${n.why}.`)):this.#t.add(`${t}: ${n.why}.${n.status===403||n.status===401?` ${r}`:
n.status===404?` ${jK}`:""}`)}},Ld="The job needs `permissions: { contents: read, actions: read }`.",jK="Either there is\
 no such workflow, or the forge is too old: runs, jobs and logs need Gitea 1.25 (tested: 1.27), Forgejo 16, or GitHub.";
function XA(e,t){return`job ${t.id} (${t.name}) of run ${e.id}`}var FK=1e4,MK=2;async function jd(e,t,n,r){let o=Oe(t);if(!o)return"it is not an http or https address";let s="";for(let i=1;i<=
MK&&!r.aborted;i++){let a=await ye(FK,r,l=>e.request(DK(e,o,n,l)));if(a.kind==="answered"&&a.status>=200&&a.status<300)return;
if(a.kind==="answered"){if(s=`it answered with HTTP status ${a.status}`,a.status<500&&a.status!==429)return s}else s=a.kind===
"timed-out"?"it did not answer in time":`no connection (${a.code})`}return s===""?"the run ended first":s}function DK(e,t,{
method:n,path:r="",body:o,type:s,key:i},a){var d;let l=t.protocol==="https:",c=(d=fs(e.env,t))==null?void 0:d.target,u=hp(
t);return{to:{host:Ye(t),port:Number(t.port)||(l?443:80),...l&&{tls:{verify:!0}}},...c&&{proxy:c},method:n,path:r===""?`${t.
pathname}${t.search}`:`${t.pathname.replace(/\/+$/,"")}${r}${t.search}`,headers:{host:t.host,"user-agent":"runner-check",
...u!==void 0&&{authorization:u},...o!==void 0&&{"content-type":s??"application/json","content-length":String(Buffer.byteLength(
o))},...i!==void 0&&{"idempotency-key":i}},...o!==void 0&&{body:o},signal:a,maxBody:4096}}var eO=8;async function tO(e,t,n,r){return ye(t.timeoutMs,r,o=>UK(e,t,n,o))}async function UK(e,t,n,r){let{policy:o,workspace:s,
now:i}=n,a=t.maxAgeMs??qg(o),l=new Zs,c=[],u=[],d=[],f=[],p=[],g=[],m,h=LA(e,t.token,r);if("why"in h)d.push(h.why);else{
m=t.issues?await ay(h):void 0;let{workflow:S,runs:C,cacheDir:q}=t,me=new Id(h.repository,await qK(e,q)),X=await QA(h,{workflow:S,
runs:C,cache:me,diagnose:n.diagnose,now:i,maxAgeMs:a,signal:r});q!==void 0&&X.isComplete&&await WK(e,q,me.toJson(),f);for(let $e of GK(
X.looks,o))l.add($e);for(let $e of X.rejected.slice(0,1e4))c.push($e);g=X.waiting;for(let $e of X.notes)u.push($e);X.isComplete||
d.push("The forge could not be read completely, so nobody is told of changes.");let ke=HK(e,s,t.workflow,X.looks,g,o);for(let $e of await ge(
ke,()=>[]))p.push($e);for(let $e of BK((m==null?void 0:m.all)??[],[...X.looks,...g]))p.push($e)}let w={add:S=>l.add(S),reject:S=>c.
push(S),now:i,signal:r};await Od(e,t.reports,w);let k=t.token===void 0?void 0:await KK(e,t.token,u,r),b=[t.notifyUrl,t.pingUrl,
t.pushUrl].filter(S=>S!==void 0),R={looks:l,policy:o,workspace:s,now:i,maxAgeMs:a,rejected:c,notes:u,expected:p,waiting:g,
secrets:b,...k&&{listed:k.runners,isListComplete:k.isComplete}},$=await wd(e,R,r);if(r.aborted&&d.push("The time is over\
: what is missing was not read, and nobody is told of changes."),d.length>0)return{fleet:$,errors:d,warnings:f,done:[]};
let P=[],I=async S=>{if(t.notifyUrl===void 0)return!0;let C=JSON.stringify({version:1,repository:e.env.GITHUB_REPOSITORY??
"",...S,verdict:$.verdict}),q=await jd(e,t.notifyUrl,{method:"POST",body:C,key:S.id},r);return q!==void 0&&f.push(`\`noti\
fy-url\` was not told of ${S.name}: ${q}.`),q===void 0};if(m&&!("why"in h)){let S=await KA(h,$,m,I);for(let C of S.troubles)
f.push(C);for(let C of S.done)P.push(C)}else for(let S of $.changes)await I(VK(S,$));if(t.pushUrl!==void 0&&await zK(e,t.
pushUrl,$,f,r),t.pingUrl!==void 0&&f.length===0){let S=await jd(e,t.pingUrl,{method:"GET"},r);S!==void 0&&f.push(`\`ping-\
url\` was not reached: ${S}.`)}return{fleet:$,errors:d,warnings:f,done:P}}async function qK(e,t){if(t===void 0)return;let n=`${t}\
/${Nd}`,r=await e.lstat(n);if(r.kind!=="file"||r.size>Xg)return;let o=await e.readText(n,r.size);return o.kind==="ok"?o.
value:void 0}async function WK(e,t,n,r){try{await e.reach(t),Yu(t,Nd,n)}catch(o){r.push(Ow(`${t}/${Nd}`,o))}}function GK(e,t){
let n=({name:o,labels:s})=>JSON.stringify([o,Un(s)]),r=new Map(e.flatMap(o=>o.profile===void 0?[]:[[n(o),o.profile]]));return e.
map(o=>{if(o.profile!==void 0)return o;let s=Gl(t).find(a=>ls(a,t).some(l=>o.labels.includes(l))),i=r.get(n(o))??s;return i===
void 0?o:{...o,profile:i}})}async function HK(e,t,n,r,o,s){var c;let i=new Set([...r,...o].map(({labels:u})=>Un(u))),a=((c=
s==null?void 0:s.source.fleet)==null?void 0:c.runners)??[];return(await qT(e,t,ms(e.env),n)).flatMap(u=>{let d=a.some(({
profile:f=""})=>ls(f,s).some(p=>u.includes(p)));return u.length===0||i.has(Un(u))||d?[]:[{name:u.join(", "),by:`the matr\
ix of \`${n}\` names this label`}]})}function BK(e,t){let n=new Set(t.map(({labels:r})=>r.join(", ")));return e.flatMap(
({isOpen:r,name:o,profile:s})=>!r||s===void 0&&n.has(o)?[]:[{name:o,...s!==void 0&&{profile:s},by:"an open issue is abou\
t this runner"}])}async function KK(e,t,n,r){let o=await dd(e,t,r,["repository","organization","instance"]);if(o&&o.scopes.
length>0){let s=({online:l,disabled:c})=>Number(l&&!c),i=[...o.runners].sort((l,c)=>s(l)-s(c));return{runners:new Map(i.
map(l=>[l.name,l])),isComplete:o.complete}}n.push("The token may not list runners, so it is not known which are offline,\
 disabled or busy. The token of an owner can: see docs/fleet.md.")}function VK({name:e,profile:t,before:n,now:r,came:o,went:s},i){
var c;let a=i.runners.find(u=>u.name===e&&u.profile===t),l=(c=a==null?void 0:a.history[a.history.length-1])==null?void 0:
c.at;return{id:eo(JSON.stringify([e,t,n,r,o,s,l])),name:e,...t!==void 0&&{profile:t},...n!==void 0&&{before:n},now:r,came:o,
went:s,...(a==null?void 0:a.why)!==void 0&&{why:a.why},...(a==null?void 0:a.url)!==void 0&&{url:a.url}}}async function zK(e,t,n,r,o){
let s=JT(n);for(let i=0;i<s.length;i+=eO){let a=s.slice(i,i+eO).map(({path:c,text:u})=>jd(e,t,{method:"PUT",path:c,body:u,
type:"text/plain; version=0.0.4; charset=utf-8"},o)),l=(await Promise.all(a)).find(c=>c!==void 0);if(l!==void 0){r.push(
`\`push-url\` did not take the metrics: ${l}.`);return}}}var rn={kind:"unknown"},Hn=e=>({kind:"constant",value:e}),JK=4e3;function fy(e,t){var o;let n=e.trim();if(n==="")return!0;
if(n.length>JK)return;let r=((o=/^\$\{\{([\s\S]*)\}\}$/.exec(n))==null?void 0:o[1])??n;if(!r.includes("${{"))try{let s=new uy(
YK(r),t);return to(s.parse())}catch(s){if(s instanceof Gn)return;throw s}}var Gn=class extends Error{},cy=/\s*(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?(?![\w.]))|([A-Za-z_][\w-]*)|(&&|\|\||==|!=|<=|>=|[!<>()[\].,*]))/y;
function YK(e){let t=[];for(cy.lastIndex=0;cy.lastIndex<e.trimEnd().length;){let n=cy.exec(e);if(!n)throw new Gn;let[,r,
o,s,i]=n;r!==void 0?t.push({kind:"text",text:r.split("''").join("'")}):o!==void 0?t.push({kind:"number",value:Number(o)}):
s!==void 0?t.push({kind:"name",text:s}):t.push({kind:"sign",text:i??""})}return t}var uy=class{at=0;depth=0;tokens;contexts;constructor(t,n){
this.tokens=t,this.contexts=n}parse(){let t=this.either();if(this.at<this.tokens.length)throw new Gn;return t}either(){let t=this.
both();for(;this.takes("||");)t=XK(t,this.both());return t}both(){let t=this.compared();for(;this.takes("&&");)t=ZK(t,this.
compared());return t}compared(){let t=this.unary();for(;;)if(this.takes("=="))t=Fd(dy(t,this.unary()));else if(this.takes(
"!="))t=nO(Fd(dy(t,this.unary())));else if(["<","<=",">",">="].some(n=>this.takes(n)))this.unary(),t=rn;else return t}unary(){
if(++this.depth>200)throw new Gn;let t=this.takes("!")?nO(this.unary()):this.primary();return this.depth--,t}primary(){let t=this.
tokens[this.at++];if(!t)throw new Gn;if(t.kind==="text")return Hn(t.text);if(t.kind==="number")return Hn(t.value);if(t.kind===
"sign"){if(t.text!=="(")throw new Gn;let r=this.either();return this.expect(")"),r}let n=t.text.toLowerCase();return n===
"true"||n==="false"?Hn(n==="true"):n==="null"?Hn(null):this.takes("(")?this.call(n):this.context(n)}call(t){let n=[];if(!this.
takes(")")){do n.push(this.either());while(this.takes(","));this.expect(")")}let[r=rn,o=rn]=n;switch(t){case"always":case"\
success":return Hn(!0);case"contains":return Fd(e6(r,o));case"startswith":return Fd(t6(r,o));case"fromjson":return n6(r);default:
return rn}}context(t){let n=/^(?:gitea|forge|forgejo)$/.test(t)?"github":t;for(;;)if(this.takes(".")){let r=this.tokens[this.
at++];if((r==null?void 0:r.kind)==="name")n+=`.${r.text.toLowerCase()}`;else if((r==null?void 0:r.kind)==="sign"&&r.text===
"*")n+=".*";else throw new Gn}else if(this.takes("[")){let r=this.either();this.expect("]"),n+=r.kind==="constant"?`.${String(
r.value).toLowerCase()}`:".?"}else return this.contexts(n)??rn}takes(t){let n=this.tokens[this.at];return(n==null?void 0:
n.kind)!=="sign"||n.text!==t?!1:(this.at++,!0)}expect(t){if(!this.takes(t))throw new Gn}};function Fd(e){return e===void 0?
rn:Hn(e)}function to(e){if(e.kind!=="unknown")return e.kind!=="constant"||!(e.value===null||e.value===""||e.value===0||e.
value===!1)}function nO(e){let t=to(e);return t===void 0?rn:Hn(!t)}function ZK(e,t){return to(e)===!1?e:to(e)===!0?t:to(
t)===!1?Hn(!1):rn}function XK(e,t){return to(e)===!0?e:to(e)===!1?t:to(t)===!0?Hn(!0):rn}function il(e){return e.kind===
"constant"?String(e.value??"").toLowerCase():void 0}function dy(e,t){if(e.kind==="unknown"||t.kind==="unknown")return;if(e.
kind==="own"&&t.kind==="own")return e.tag===t.tag;if(e.kind==="ours"&&t.kind==="ours")return e.tag===t.tag||void 0;if(e.
kind==="constant"&&t.kind==="constant")return QK(e.value,t.value);let[n,r]=e.kind==="constant"?[e,t]:[t,e],o=il(n);if(o===
void 0)return e.kind==="own"||t.kind==="own"?!1:void 0;switch(r.kind){case"own":return!1;case"beginning":return o.startsWith(
r.text)?void 0:!1;case"among":return r.texts.includes(o)?r.texts.length===1?!0:void 0:!1;default:return}}function QK(e,t){
if(typeof e=="string"&&typeof t=="string")return e.toLowerCase()===t.toLowerCase();if(typeof e==typeof t||e===null||t===
null)return e===t;let[n,r]=[Number(e),Number(t)];return Number.isNaN(n)||Number.isNaN(r)?!1:n===r}function e6(e,t){if(e.
kind==="list"){let o=e.items.map(s=>dy(s,t));return o.includes(!0)?!0:o.includes(void 0)?void 0:!1}let[n,r]=[il(e),il(t)];
return n===void 0||r===void 0?void 0:n.includes(r)}function t6(e,t){let n=il(t);if(n===void 0)return;let r=il(e);if(r!==
void 0)return r.startsWith(n);if(e.kind==="beginning")return e.text.startsWith(n)?!0:n.startsWith(e.text)?void 0:!1}function n6(e){
if(e.kind!=="constant"||typeof e.value!="string")return rn;try{return rO(JSON.parse(e.value))}catch{return rn}}function rO(e){
return Array.isArray(e)?{kind:"list",items:e.map(rO)}:e===null||["string","number","boolean"].includes(typeof e)?Hn(e):rn}var Md={pull_request:{code:"theirs",secrets:!1},pull_request_target:{code:"base",secrets:!0},issue_comment:{code:"base",
secrets:!0},issues:{code:"base",secrets:!0},pull_request_comment:{code:"base",secrets:!0},pull_request_review:{code:"the\
irs",secrets:!1},pull_request_review_comment:{code:"theirs",secrets:!1},discussion:{code:"base",secrets:!0},discussion_comment:{
code:"base",secrets:!0},fork:{code:"base",secrets:!0},watch:{code:"base",secrets:!0},workflow_run:{code:"base",secrets:!0}},
sO=new Set(["labeled","unlabeled","assigned","unassigned","milestoned","demilestoned","locked","unlocked","label_updated",
"label_cleared","assign","unassign","pinned","unpinned","transferred"]);function iO({triggers:e,events:t}){return(e??t.map(
r=>({event:r,line:1,column:1}))).filter(r=>{let{event:o,types:s}=r;return Object.keys(Md).includes(o)&&!(s&&s.length>0&&
s.every(i=>sO.has(i)))})}function aO({jobs:e},t){let n=cO(t),r=new Set(e.filter(({condition:s=""})=>fy(s,n)===!1).map(({
id:s})=>s)),o=new Map;for(let{id:s,needs:i=[],condition:a=""}of e)if(!/\b(?:always|cancel+ed|failure)\s*\(/i.test(a))for(let l of i){
let c=o.get(l);c?c.push(s):o.set(l,[s])}for(let s of r)for(let i of o.get(s)??[])r.add(i);return e.filter(({id:s})=>!r.has(
s))}function lO(e,t){let n=(e.conditionalSecrets??[]).filter(({condition:r})=>fy(r,cO(t))!==!1);return[...new Set([...e.
secrets,...n.flatMap(({secrets:r})=>r)])]}var bn={kind:"own",tag:"person"},py={kind:"own",tag:"repository"},al={kind:"ou\
rs",tag:"repository"},r6={kind:"constant",value:!1},o6={"github.actor":bn,"github.triggering_actor":bn,"github.event.sen\
der.login":bn,"github.event.pull_request.user.login":bn,"github.event.issue.user.login":bn,"github.event.comment.user.lo\
gin":bn,"github.event.review.user.login":bn,"github.event.pull_request.head.user.login":bn,"github.event.pull_request.he\
ad.repo.owner.login":bn,"github.event.pull_request.head.repo.full_name":py,"github.event.pull_request.head.repo.id":py,"\
github.event.pull_request.head.repo.fork":{kind:"constant",value:!0},"github.event.workflow_run.head_repository.full_nam\
e":py,"github.event.pull_request.base.repo.full_name":al,"github.event.pull_request.base.repo.id":al,"github.repository":al,
"github.repository_owner":{kind:"ours",tag:"owner"},"github.event.workflow_run.event":{kind:"among",texts:["pull_request",
"pull_request_target","issue_comment"]},"github.event.repository.full_name":al,"github.event.repository.id":al,"github.e\
vent.pull_request.merged":r6,"github.event.pull_request.merged_at":{kind:"constant",value:null},"github.event.label.name":bn},
s6={kind:"among",texts:["none","contributor","first_time_contributor","first_timer","mannequin"]},oO=["opened","synchron\
ize","synchronized","reopened"],i6={pull_request:oO,pull_request_target:oO};function cO({event:e,types:t=[]}){let n=e===
"pull_request"||e.startsWith("pull_request_review"),r=t.length>0?t.filter(o=>!sO.has(o)):i6[e];return o=>{var s;return o===
"github.event_name"?{kind:"constant",value:e}:o.endsWith(".author_association")?s6:o==="github.event.action"&&r?{kind:"a\
mong",texts:r}:o==="github.ref"&&n?{kind:"beginning",text:"refs/pull/"}:o==="github.ref_type"&&n?{kind:"constant",value:"\
branch"}:o==="github.ref_name"&&n?{kind:"own",tag:"ref"}:o==="github.event.pull_request"?e.startsWith("pull_request")?bn:
{kind:"constant",value:null}:(s=Object.getOwnPropertyDescriptor(o6,o))==null?void 0:s.value}}var my=5e3,a6=2e4;function ci(e,t){let n=new Map(t.map(l=>[l.label,l.powers])),r=[...new Set(t.flatMap(({powers:l})=>l))],
o=[],s=new Set,i=a6;for(let l of e)for(let c of iO(l)){let u=l6(c),d=new Set(u(l));for(let{id:f}of l.jobs.filter(p=>!d.has(
p)))s.add(`${l.path}: ${f}`);for(let f of dO(e,l,c,u,c6)){if(--i<0||o.length>=my)break;if(f.kind==="end")for(let p of m6(
f,l,c,n,r))o.push(p)}}let a=new Set(o.map(({file:l,job:c})=>`${l}: ${c}`));return{rows:o.slice(0,my).sort((l,c)=>uO(c)-uO(
l)),closed:[...s].filter(l=>!a.has(l)),isCut:i<0||o.length>=my}}function uO({powers:e,secrets:t,token:n}){return(e===void 0||
e.length>0?4:0)+(t.length>0?2:0)+(n==="read"?0:1)}function l6(e){let t=new Map;return n=>{let r=t.get(n)??aO(n,e);return t.
set(n,r),r}}var c6={prefix:"",given:e=>e,token:"default",condition:"none",above:[]},u6=10;function*dO(e,t,n,r,o){let s=[
...o.above,t];for(let i of r(t)){let a=o.prefix+i.id,l=o.given(lO(i,n)),c=o.token==="read"?"read":i.token??o.token,u=d6(
i)??o.condition,d=f6(i,e),f=!d||s.includes(d)||s.length>u6;if(yield{kind:f?"end":"call",file:t,job:i,name:a,secrets:l,token:c,
condition:u},f)continue;let p=g=>o.given(p6(i,g));yield*dO(e,d,n,r,{prefix:`${a} / `,given:p,token:c,condition:u,above:s})}}
function d6({condition:e}){if(e!==void 0)return/\bpull_request\.labels\b/i.test(e)?"label":"other"}function f6({uses:e},t){
let n=e==null?void 0:e.replace(/^\.\//,"").replace(/@.*$/,"");return n===void 0?void 0:t.find(r=>r.path===n||r.path.endsWith(
`/${n}`))}function p6({secrets:e,passes:t},n){if(e.includes("inherit"))return n;if(n.length===0)return[];if(!t)return e;
let r=o=>n.some(s=>s==="inherit"||s.toLowerCase()===o.toLowerCase());return[...new Set(t.filter(({name:o})=>r(o)).flatMap(
({secrets:o})=>o))]}function m6({file:e,job:t,name:n,secrets:r,token:o,condition:s},i,a,l,c){let{event:u,line:d,column:f}=a,
p={event:u,file:i.path,line:d,column:f,job:n,code:Md[u].code,secrets:r,token:Md[u].secrets?o:"read",...t.environment!==void 0&&
{environment:t.environment},condition:s},g={file:e.path,line:t.line,column:t.column};if(t.withoutRunsOn)return[{...p,label:"\
any runner",labelAt:g,powers:c}];let m=new Map(t.wants.flat().map(h=>[h.text,h]));return m.size===0?[{...p,label:void 0,
labelAt:g,powers:void 0}]:[...m.values()].map(h=>({...p,label:h.text,labelAt:{file:e.path,line:h.line,column:h.column},powers:l.
get(h.text)}))}var fO={$schema:"./create-flags.schema.json",source:"docker_create_flags.go and docker_cli.go in act/container of the ru\
nner, which copies Docker's command line",flags:{"add-host":{type:"text",pattern:"^[^:=]+[:=].+$",expected:"`name:addres\
s`",example:"db:10.0.0.5",wrong:"db"},annotation:{type:"text",since:"1.0.4",example:"team=build"},attach:{type:"text",short:"\
a",pattern:"^(?:stdin|stdout|stderr)$",ignoreCase:!0,expected:"`stdin`, `stdout` or `stderr`",example:"stdout",wrong:"ou\
t"},"blkio-weight":{type:"number",pattern:"^\\d{1,4}$",expected:"a number from 10 to 1000",example:"500",wrong:"high"},"\
blkio-weight-device":{type:"text",example:"/dev/sda:200"},"cap-add":{type:"text",reachesHost:!0,example:"SYS_PTRACE"},"c\
ap-drop":{type:"text",example:"NET_RAW"},"cgroup-parent":{type:"text",reachesHost:!0,example:"/builds"},cgroupns:{type:"\
text",reachesHost:!0,pattern:"^(?:host|private)?$",expected:"`host` or `private`",example:"private",wrong:"own"},cidfile:{
type:"text",example:"/tmp/id"},"cpu-count":{type:"number",example:"2"},"cpu-percent":{type:"number",example:"50"},"cpu-p\
eriod":{type:"number",example:"100000"},"cpu-quota":{type:"number",example:"50000"},"cpu-rt-period":{type:"number",example:"\
1000000"},"cpu-rt-runtime":{type:"number",example:"950000"},"cpu-shares":{type:"number",short:"c",example:"512"},cpus:{type:"\
text",pattern:"^\\d*\\.?\\d+$|^\\d+\\.$",expected:"a number such as `2` or `1.5`",example:"1.5",wrong:"two"},"cpuset-cpu\
s":{type:"text",example:"0-3"},"cpuset-mems":{type:"text",example:"0"},device:{type:"text",reachesHost:!0,example:"/dev/\
kvm"},"device-cgroup-rule":{type:"text",reachesHost:!0,pattern:"^[acb] (?:\\d+|\\*):(?:\\d+|\\*) [rwm]{1,3}$",expected:"\
a rule such as `c 42:* rmw`",example:"c 42:* rmw",wrong:"42:*"},"device-read-bps":{type:"text",example:"/dev/sda:1mb"},"\
device-read-iops":{type:"text",example:"/dev/sda:1000"},"device-write-bps":{type:"text",example:"/dev/sda:1mb"},"device-\
write-iops":{type:"text",example:"/dev/sda:1000"},"disable-content-trust":{type:"flag",since:"2.3.0"},dns:{type:"text",pattern:"\
^(?:(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])(?:\\.(?!$)|$)){4}$|^[\\da-f.]*:[\\da-f:.]*$",ignoreCase:!0,expected:"an I\
P address",example:"10.0.0.1",wrong:"resolver"},"dns-opt":{type:"text",example:"ndots:2"},"dns-option":{type:"text",example:"\
ndots:2"},"dns-search":{type:"text",example:"example.com"},domainname:{type:"text",example:"example.com"},entrypoint:{type:"\
text",example:"/bin/sh"},env:{type:"text",short:"e",pattern:"^[^=]",expected:"`NAME=value`",example:"RUST_BACKTRACE=1",wrong:"\
=1"},"env-file":{type:"text",example:"/etc/builds.env"},expose:{type:"text",example:"8080"},gpus:{type:"text",reachesHost:!0,
pattern:'^(?:all|-?\\d+|(?:driver|count|device|capabilities|options)=.*|"[^"]*")(?:,.*)?$',expected:"`all`, a number, or\
 `device=0`",example:"all",wrong:"yes"},"group-add":{type:"text",example:"docker"},"health-cmd":{type:"text",example:"tr\
ue"},"health-interval":{type:"duration",example:"30s"},"health-retries":{type:"number",example:"3"},"health-start-interv\
al":{type:"duration",since:"1.0.4",example:"5s"},"health-start-period":{type:"duration",example:"10s"},"health-timeout":{
type:"duration",example:"30s"},hostname:{type:"text",short:"h",example:"builder"},init:{type:"flag"},interactive:{type:"\
flag",short:"i"},"io-maxbandwidth":{type:"bytes",example:"10m"},"io-maxiops":{type:"number",example:"1000"},ip:{type:"te\
xt",pattern:"^(?:(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])(?:\\.(?!$)|$)){4}$|^[\\da-f.]*:[\\da-f:.]*$",ignoreCase:!0,expected:"\
an IP address",example:"172.30.100.104",wrong:"172.30.100"},ip6:{type:"text",pattern:"^(?:(?:\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|2\
5[0-5])(?:\\.(?!$)|$)){4}$|^[\\da-f.]*:[\\da-f:.]*$",ignoreCase:!0,expected:"an IP address",example:"2001:db8::33",wrong:"\
builder"},ipc:{type:"text",reachesHost:!0,example:"host"},isolation:{type:"text",example:"default"},"kernel-memory":{type:"\
bytes",example:"64m"},label:{type:"text",short:"l",pattern:"^[^\\s=]+(?:=|$)",expected:"`name=value`, without blanks in \
the name",example:"team=build",wrong:"two words"},"label-file":{type:"text",example:"/etc/labels"},link:{type:"text",example:"\
db:db"},"link-local-ip":{type:"text",example:"169.254.1.1"},"log-driver":{type:"text",example:"json-file"},"log-opt":{type:"\
text",example:"max-size=10m"},"mac-address":{type:"text",pattern:"^(?:[\\da-f]{2}[:-]){5}[\\da-f]{2}$",ignoreCase:!0,expected:"\
an address such as `92:d0:c6:0a:29:33`",example:"92:d0:c6:0a:29:33",wrong:"92:d0:c6"},memory:{type:"bytes",short:"m",example:"\
8g"},"memory-reservation":{type:"bytes",example:"4g"},"memory-swap":{type:"text",pattern:"^-1$|^\\d+(?:\\.\\d*)? ?(?:[kmgtp\
]?i?b?)$",ignoreCase:!0,expected:"a size such as `8g`, or `-1`",example:"-1",wrong:"all"},"memory-swappiness":{type:"num\
ber",pattern:"^(?:-1|\\d{1,2}|100)$",expected:"a number from 0 to 100",example:"60",wrong:"200"},mount:{type:"text",pattern:'\
^(?:[\\w-]+=[^,]*|readonly|ro|"[^"]*")(?:,(?:[\\w-]+=[^,]*|readonly|ro|bind-nonrecursive|volume-nocopy|"[^"]*"))*$',expected:"\
fields such as `type=bind,source=/a,target=/b`",example:"type=bind,source=/srv/models,target=/models",wrong:"/srv/models"},
name:{type:"text",since:"2.3.0",example:"builder"},net:{type:"text",example:"host"},"net-alias":{type:"text",example:"bu\
ilder"},network:{type:"text",example:"host"},"network-alias":{type:"text",example:"builder"},"no-healthcheck":{type:"fla\
g"},"oom-kill-disable":{type:"flag"},"oom-score-adj":{type:"number",example:"500"},pid:{type:"text",reachesHost:!0,pattern:"\
^(?:host|container:.+)?$",expected:"`host` or `container:name`",example:"host",wrong:"all"},"pids-limit":{type:"number",
example:"1000"},platform:{type:"text",since:"2.3.0",example:"linux/amd64"},privileged:{type:"flag"},publish:{type:"text",
short:"p",pattern:"(?:^|:)\\d+(?:-\\d+)?(?:\\/(?:tcp|udp|sctp))?$",ignoreCase:!0,expected:"ports such as `8080:80`",example:"\
8080:80",wrong:"web"},"publish-all":{type:"flag",short:"P"},pull:{type:"text",since:"2.3.0",example:"always"},quiet:{type:"\
flag",short:"q",since:"2.3.0"},"read-only":{type:"flag"},restart:{type:"text",example:"no"},rm:{type:"flag"},runtime:{type:"\
text",reachesHost:!0,example:"nvidia"},"security-opt":{type:"text",reachesHost:!0,example:"seccomp=unconfined"},"shm-siz\
e":{type:"bytes",example:"8g"},"stop-signal":{type:"text",example:"SIGTERM"},"stop-timeout":{type:"number",example:"10"},
"storage-opt":{type:"text",pattern:"^[^=\\s]+=",expected:"`name=value`",example:"size=120G",wrong:"120G"},sysctl:{type:"\
text",reachesHost:!0,pattern:"^[^=\\s]+=",expected:"`name=value`",example:"net.core.somaxconn=1024",wrong:"net.core.soma\
xconn"},tmpfs:{type:"text",example:"/run"},tty:{type:"flag",short:"t"},ulimit:{type:"text",pattern:"^[a-z]+=-?\\d+(?::-?\\\
d+)?$",expected:"a limit such as `nofile=65536:65536`",example:"nofile=65536:65536",wrong:"65536"},"use-api-socket":{type:"\
flag",since:"2.3.0"},user:{type:"text",short:"u",example:"1000:1000"},userns:{type:"text",reachesHost:!0,pattern:"^(?:ho\
st)?$",expected:"`host`",example:"host",wrong:"private"},uts:{type:"text",reachesHost:!0,pattern:"^(?:host)?$",expected:"\
`host`",example:"host",wrong:"private"},volume:{type:"text",short:"v",pattern:"^[^:]+(?::[^:]+){0,2}$",expected:"`source\
:target`, with options after a second colon",example:"/srv/models:/models:ro",wrong:"/a:/b:ro:z"},"volume-driver":{type:"\
text",example:"local"},"volumes-from":{type:"text",reachesHost:!0,example:"data"},workdir:{type:"text",short:"w",example:"\
/workspace"}}};var Zo=fO.flags,g6=Object.fromEntries(Object.entries(Zo).flatMap(([e,{short:t}])=>t?[[t,e]]:[]));function pO(e){return D(
g6,e)}function hO(e){let t=Ur(e);if(t.kind==="unterminated")return{flags:[],problem:t};let n=[],{words:r}=t;for(let o=0;o<r.length;o++){
let s=r[o];if(!s||s.text==="--")break;if(!s.text.startsWith("-")||s.text==="-")continue;let a=s.text.startsWith("--")?y6(
s.text,s.offset,r[o+1]):w6(s.text,s.offset,r[o+1]);for(let l of a.flags)n.push(l);if(a.problem)return{flags:n,problem:a.
problem};a.tookNext&&o++}return{flags:n}}function y6(e,t,n){let r=e.indexOf("="),o=r<0?e.slice(2):e.slice(2,r),s=D(Zo,o);
if(!s){let i=xe(o,Object.keys(Zo)),a={kind:"unknown",flag:`--${o}`,meant:i&&`--${i}`,offset:t};return{flags:[],tookNext:!1,
problem:a}}return r>=0?Xo(o,`--${o}`,e.slice(r+1),t,t+r+1,!1):s.type==="flag"?Xo(o,`--${o}`,void 0,t,t,!1):n?Xo(o,`--${o}`,
n.text,t,n.offset,!0):{flags:[],tookNext:!1,problem:{kind:"no-value",flag:`--${o}`,offset:t}}}function w6(e,t,n){let r=[];
for(let o=1;o<e.length;o++){let s=e[o]??"",i=pO(s),a=i===void 0?void 0:Zo[i];if(i===void 0||!a){let c=e.slice(1).split("\
=")[0]??"",u=c.length>2?xe(c,Object.keys(Zo)):void 0,f={kind:"unknown",flag:u?`-${c}`:`-${s}`,meant:u&&`--${u}`,offset:t};
return{flags:r,tookNext:!1,problem:f}}let l=e.slice(o+1);if(l.startsWith("="))return hy(r,Xo(i,`-${s}`,l.slice(1),t,t+o+
2,!1));if(a.type==="flag"){r.push(...Xo(i,`-${s}`,void 0,t,t,!1).flags);continue}return l!==""?hy(r,Xo(i,`-${s}`,l,t,t+o+
1,!1)):n?hy(r,Xo(i,`-${s}`,n.text,t,n.offset,!0)):{flags:r,tookNext:!1,problem:{kind:"no-value",flag:`-${s}`,offset:t}}}
return{flags:r,tookNext:!1}}function hy(e,t){return{...t,flags:[...e,...t.flags]}}function Xo(e,t,n,r,o,s){let i=Zo[e],a=n===
void 0||!i?void 0:k6(i,n);if(n!==void 0&&a!==void 0)return{flags:[],tookNext:s,problem:{kind:"bad-value",flag:t,value:n,
expected:a,offset:o}};let{since:l,reachesHost:c}=i??{},u={...l!==void 0&&{since:l},...c&&{reachesHost:c}};return{flags:[
{name:e,written:t,value:n,offset:r,valueOffset:o,...u}],tookNext:s}}function k6(e,t){if(e.pattern!==void 0)return b6(e).
test(t)?void 0:e.expected;switch(e.type){case"flag":return/^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(t)?void 0:
"`true` or `false`";case"number":return/^[+-]?(?:0[xob])?[\d_a-fA-F]+$/.test(t)&&/\d/.test(t)?void 0:"a whole number";case"\
bytes":return/^\d+(?:\.\d*)? ?(?:[kmgtpKMGTP]?[iI]?[bB]?)$/.test(t)?void 0:"a size such as `8g` or `512m`";case"duration":
return Qu(t)?void 0:"a duration such as `30s` or `1m30s`";default:return}}var mO=new Map;function b6(e){let t=mO.get(e)??
new RegExp(e.pattern??"",e.ignoreCase?"i":"");return mO.set(e,t),t}function ll(e){return e.value===void 0||/^(?:1|t|T|TRUE|true|True)$/.
test(e.value)}var Wt="/var/run/docker.sock";function Dd(e){return e.flatMap(t=>t.value===void 0?[]:t.name==="volume"?v6(t.value,t.valueOffset):
t.name==="mount"?x6(t.value,t.valueOffset):[])}function v6(e,t){let[n="",r,o,...s]=e.split(":");return n===""||r===""||o===
""||s.length>0?[]:r===void 0?[{source:"",target:n,type:"volume",offset:t}]:[{source:n,target:r,type:$6(n)?"bind":"volume",
offset:t}]}function x6(e,t){let n=new Map;for(let s of e.split(",")){let i=s.indexOf("=");i>0&&n.set(s.slice(0,i).toLowerCase(),
s.slice(i+1))}let r=n.get("target")??n.get("destination")??n.get("dst"),o=n.get("type")??"volume";return r===void 0||o!==
"bind"&&o!=="volume"?[]:[{source:n.get("source")??n.get("src")??"",target:r,type:o,offset:t}]}function $6(e){return/^[./~]/.
test(e)}function cl(e,t,n){if(e.source===""||t.includes("**"))return!0;let r=o=>e.type==="bind"?ul(o):o;return t.filter(
o=>S6(o)===(e.type==="bind")).flatMap(o=>n&&o.endsWith("/**")?[o,o.slice(0,-3)]:[o]).some(o=>pT(r(o),r(e.source),n))}function S6(e){
return e.includes("/")||e.includes("\\")}function ul(e){let t=[];for(let r of e.split("/"))r===""||r==="."||(r===".."?t.
pop():t.push(r));let n=`${e.startsWith("/")?"/":""}${t.join("/")}`;return n==="/var/run"||n.startsWith("/var/run/")?n.slice(
4):n}function dl(e){var t;return(t=/^([./~][^:]*|[\w.-]{2,}):\/[^:]*(?::[\w,]+)?$/.exec(e))==null?void 0:t[1]}function R6(e){var n;let t=Y((n=e.config)==null?void 0:n.root,"container","docker_host");return t!==""||e.system==="forg\
ejo"?t:Zr(e,"DOCKER_HOST")??""}function Ud(e){let t=R6(e),n=e.system==="forgejo";if(t==="-")return{kind:"none",because:'\
`container.docker_host` is `"-"`'};if(t==="")return n?{kind:"none",because:"Forgejo's runner mounts no socket unless `co\
ntainer.docker_host` says so"}:{kind:"mounted",source:Wt,assumed:!0};if(t==="automount")return{kind:"mounted",source:Wt,
assumed:!0};let[r="",o]=t.split("://");return o===void 0?{kind:"mounted",source:t,assumed:!1}:/^unix$/i.test(r)?{kind:"m\
ounted",source:o,assumed:!1}:/^npipe$/i.test(r)?{kind:"mounted",source:Wt,assumed:!1}:{kind:"none",because:`the runner c\
onnects to the daemon by \`${r}://\`, which cannot be mounted`}}function Qo(e){var n;let t=B((n=e.config)==null?void 0:n.
root,"container","options");return{scalar:t,options:t?hO(t.text):{flags:[]}}}function ui(e){var t;return qn((t=e.config)==
null?void 0:t.root,"container","privileged")}function gO(e){let t=e.value??"";switch(e.name){case"gpus":return!0;case"de\
vice":return/nvidia|\/dev\/(?:dri|kfd)|gpu/i.test(t);case"runtime":return t==="nvidia";case"env":return t.startsWith("NV\
IDIA_VISIBLE_DEVICES");case"privileged":return ll(e);default:return!1}}function qd(e,t){return He("gpu-option-dropped",e,
t)&&Rc(or("gpu-option-dropped"))}function no(e,t=[]){let n=[...E6(e),...t.flatMap(({runners:o})=>o.flatMap(A6))],r=new Map;for(let o of n){let s=r.get(o.
label);r.set(o.label,s?{...s,powers:[...new Set([...s.powers,...o.powers])]}:o)}return[...r.values()]}function E6(e){return kn(
e).flatMap(t=>{var i,a;let n=((i=t.config)==null?void 0:i.path)??((a=t.registration)==null?void 0:a.path)??"",r=t.config?
Ud(t).kind:"unknown",o=ui(t),s=t.config!==void 0&&tn(t)==="yes";return ti(t).map(({label:l})=>{let c=[];return l.kind===
"docker"&&r==="mounted"&&c.push("socket"),l.kind==="docker"&&o&&c.push("privileged"),l.kind==="host"&&c.push("host"),l.kind===
"host"&&s&&c.push("socket"),{label:l.name,powers:c,file:n}})})}var T6=["ubuntu-latest","ubuntu-24.04","ubuntu-22.04"].map(
e=>`${e}:docker://docker.gitea.com/runner-images:${e}`);function A6(e){let t=Du(e).map(({text:r})=>r);return(t.length>0||
e.system==="forgejo"?t:T6).flatMap(r=>{let o=Ge(r,e.system);if(o.kind!=="label")return[];let{name:s,kind:i}=o.label;return[
{label:s,powers:O6(e,i),file:e.service.place.file}]})}function O6(e,t){if(t==="host")return Ia(e)?["runner-container","s\
ocket"]:["runner-container"];if(t!=="docker")return[];let n=lt(e,["container","docker_host"],"docker-host"),r=Xs(lt(e,["\
container","privileged"],"privileged")??""),o=qr(e).kind,i=/^(?:automount|unix:|\/)/.test(n??"-")||n===""&&e.system==="g\
itea";return[...i&&o==="machine"?["socket"]:[],...i&&o==="own"?["nested-socket"]:[],...r?["privileged"]:[]]}var yO="Looks at jobs of `pull_request` and `pull_request_target` that strangers can start: do they run where the Docker\
 socket is, and do they use secrets? A job is fine if its condition keeps strangers out: `github.event_name == 'push'`, \
a comparison of the head repository with `github.repository`, of the actor with a name, `types: [labeled]`. The configur\
ation of the runner (`runner-config`) tells which labels have the socket. `runner-check lint --posture` shows every way \
of a stranger to a runner.",Wd={"untrusted-socket":{level:"warn",title:"Pull requests get the Docker socket and secrets",
headline:({job:e})=>A("Pull requests give ",e," the socket and secrets"),why:({event:e})=>e==="pull_request"?"Anyone who\
 opens a pull request decides what the job does. A fork gets no secrets of its own; with the socket, its code is root on\
 the runner and reads those of every other job there.":"Anyone who opens a pull request starts the job, and decides what\
 it does if the job checks the pull request out. With the socket, that code is root on the runner and reads the secrets \
of this job and of every other one there.",expected:"jobs of pull requests without secrets, or on a runner without the s\
ocket",tell:({job:e,label:t,access:n,secrets:r,event:o,opened:s,file:i,opens:a,condition:l})=>({what:`The job ${y(e)} ru\
ns for ${y(o)} (${s}) on ${y(t)}, ${n==="mounted"?"which mounts the Docker socket":"on a machine whose Docker socket it \
can use"}, and uses ${I6(r)}.${l==="label"?" The label that its condition asks for stays when new commits are pushed, an\
d nobody has looked at those.":""}`,fix:{text:`Build pull requests ${n==="host"?"in containers, ":""}on a runner whose \`\
container.docker_host\` is \`"-"\`, and keep jobs that need secrets for \`push\`.`,config:{file:"config.yaml",language:"\
yaml",text:`container:
  docker_host: "-"`},kind:"workflow",otherwise:l==="label"?_6(o,a):P6(e,o,i,l==="other")}})}};function _6(e,t){return{text:"\
Start the job only when somebody sets a label, and have the label set again for new commits.",config:{file:t,language:"y\
aml",text:`on:
  ${e}:
    types: [labeled]`},kind:"workflow"}}function P6(e,t,n,r){let o="github.event.pull_request.head.repo.full_name == git\
hub.repository";return{text:`Keep pull requests of forks out of the job${r?` with the condition \`${o}\``:""}.`,...!r&&/^[A-Za-z_][\w-]*$/.
test(e)&&{config:{file:n,language:"yaml",text:`jobs:
  ${e}:
    if: github.event_name != '${t}' || ${o}`}},kind:"workflow"}}function I6(e){return e.includes("inherit")?"all secrets":
`the ${e.length===1?"secret":"secrets"} ${ee(e.slice(0,5).map(y))}`}var Gd={id:"workflow/untrusted-socket",title:"No job of pull requests has both the Docker socket and secrets",intro:yO,reasons:Wd,
needs:{workflows:si,config:Xr},after:["config/syntax"],judge({workflows:e,config:t},n){if(e.files.length===0)return{kind:"\
skip",reason:"not-applicable",message:"No workflows were named."};let r=no(t),o=wO(r);if(o.size===0)return{kind:"skip",reason:"\
not-applicable",message:"No configuration names a label whose jobs have the Docker socket."};let s=gy(e.files,r),i="No j\
ob of pull requests has both the socket and secrets.",a=s.length===0?pd(e,"secrets"):void 0,l=md(e.files),c={source:"lab\
els whose jobs have the socket",text:[...o.keys()].slice(0,20).join(", ")};return a?Jh("workflow/runs-on","undecided",n)?
a:{kind:"skip",reason:"needs:workflow/runs-on",message:a.message}:oi(Wd,s,i,l.length===0?[]:[...l,c],"The workflows have\
 no jobs.")}};function wO(e){let t=e.filter(({powers:n})=>n.includes("socket"));return new Map(t.map(({label:n,powers:r})=>[
n,r.includes("host")||r.includes("runner-container")?"host":"mounted"]))}function gy(e,t){let n=wO(t),{rows:r}=ci(e,t),o=new Map;
for(let s of r){let i=n.get(s.label??"");if(!N6(s)||s.label===void 0||i===void 0||s.secrets.length===0)continue;let a=[s.
labelAt.file,s.labelAt.line,s.job].join();o.has(a)||o.set(a,C6(s,s.label,i))}return[...o.values()]}function N6({event:e}){
return e==="pull_request"||e==="pull_request_target"}function C6(e,t,n){let{job:r,secrets:o,event:s,file:i,line:a,labelAt:l,
condition:c}=e,u={job:r,label:t,access:n,secrets:o,event:s,opened:`${i}:${a}`,file:l.file,opens:i,condition:c},d=_(M(l.file,
l),`\`${t}\` with ${o.slice(0,5).join(", ")}`);return x(Wd,"untrusted-socket",u,d)}var bO="Looks at the cache server: whether jobs can reach it, and whether its secret is kept.",vO="/etc/gitea-runner/cac\
he-secret",kO=e=>K(e,`cache:
  external_secret_file: ${vO}`),di={"host-unspecified":{level:"fail",title:"Jobs cannot connect to the address of the ca\
che server",headline:({host:e})=>A("Jobs cannot connect to the cache server at ",e),why:"The runner tells jobs to connec\
t to this address; it is not the address that the server listens on. Each `actions/cache` step waits for its timeout and\
 continues without a cache.",expected:"an address of the runner that job containers can reach, or nothing",tell:({file:e,
host:t})=>({what:`\`cache.host\` is ${y(t)}, which no job can connect to.`,fix:{text:"Leave it empty: the runner then fi\
nds its own address. If the runner is a container, name an address that jobs can reach, and publish a fixed `cache.port`\
.",config:K(e,`cache:
  host: ""`),kind:"runner"}})},"external-without-secret":{level:"fail",title:"The external cache server has no secret",headline:({
server:e})=>A("No secret for the cache server ",e),why:({versions:e})=>`The runner exits at startup with \`cache.external\
_server is set but no shared secret is configured\` and takes no job.${_n(e)}`,expected:({knowsSecretFile:e})=>e?"the ca\
che server's secret in `cache.external_secret_file` (2.3.0 and later) or `cache.external_secret`":"the cache server's se\
cret in `cache.external_secret`",tell:({file:e,server:t,knowsSecretFile:n,user:r})=>({what:`\`cache.external_server\` is ${y(
t)}, but the configuration has no secret for it.`,fix:n?{text:"Create a secret once, and name its file on the cache serv\
er and on every runner that uses it.",config:kO(e),commands:[`openssl rand -hex 32 | sudo install -m 600 -o ${G(r??"gite\
a-runner")} /dev/stdin ${vO}`],kind:"runner"}:{text:`Write the cache server's secret to \`cache.external_secret\`, and let\
 only the runner's user read the file.${Ds(r)}`,commands:yy(e,r),kind:"runner"}})},"secret-in-file":{level:"warn",title:"\
Every user can read the secret of the cache",headline:({key:e})=>e.endsWith(".token")?"Every user can read the token of \
a connection":"Every user can read the secret of the cache",why:({key:e})=>e.endsWith(".token")?"Anyone with the token c\
an impersonate this runner and receive its jobs and their secrets.":"Anyone with the secret can read and replace what ot\
her repositories keep in the cache, and put code into their builds.",expected:({knowsSecretFile:e})=>e?"`cache.external_\
secret_file`, or a file that only the runner can read":"a file that only the runner can read",tell:({file:e,key:t,mode:n,
knowsSecretFile:r,user:o})=>({what:`${y(t)} is in ${y(e)}, which every user of the machine can read (mode ${br(n)}).`,fix:r?
{text:"Move the secret to a file that only the runner's user can read, and name that file (2.3.0 and later).",config:kO(
e),kind:"runner",otherwise:{text:`Let only the runner's user read the configuration.${Ds(o)}`,commands:yy(e,o),kind:"hos\
t"}}:{text:`Let only the runner's user read the configuration.${Ds(o)}`,commands:yy(e,o),kind:"host"}})}};function yy(e,t){
let n=gt(e);return[...t===void 0?[]:[`sudo chown ${kr(t)} ${n}`],`sudo chmod o-rwx ${n}`]}var xO={id:"config/cache",title:"Jobs can use the cache server, and its secret is kept",intro:bO,reasons:di,subject:et,fine:"\
jobs can reach the cache server, and its secret is kept",find(e,t){let{config:n}=e;if(!(n!=null&&n.root))return[];let o=B(
n.root,"cache","enabled")!==void 0&&!qn(n.root,"cache","enabled");return[...D6(e,n),...o?[]:[...L6(e,n),...F6(e,n,t)],...M6(
e,n,t)]}};function L6(e,t){let n=B(t.root,"cache","host"),r=tn(e)==="yes"&&Y(t.root,"container","network")!=="host";if(!n||
!j6(n.text,r))return[];let o={file:t.path,host:n.text};return[x(di,"host-unspecified",o,_(M(t.path,n),`\`${n.text}\``))]}
function j6(e,t){let n=e.trim().replace(/^\[|\]$/g,"");return/^(?:0\.0\.0\.0|::|0|0:0:0:0:0:0:0:0)$/.test(n)?!0:t&&/^(?:localhost|127(?:\.\d+){1,3}|::1)$/i.
test(n)}function F6(e,t,n){let r=B(t.root,"cache","external_server"),o=He("external-cache-needs-secret",e,n);if(!(r!=null&&
r.text)||!o)return[];let s=He("external-secret-file",e,n)!==void 0;if(s&&Y(t.root,"cache","external_secret_file")!==""||
Y(t.root,"cache","external_secret")!=="")return[];let a={file:t.path,server:r.text,knowsSecretFile:s,versions:o.versions,
user:pr(e)};return[x(di,"external-without-secret",a,_(M(t.path,r),"no secret"))]}function M6(e,t,n){let r=e.system==="gi\
tea"?"external_secret":"secret",o=U(t.root,"cache",r),s=(t.mode&4)!==0;if(!o||!s||Y(t.root,"cache",r)==="")return[];let i=He(
"external-secret-file",e,n)!==void 0,a={file:t.path,key:`cache.${r}`,mode:t.mode,knowsSecretFile:i,user:pr(e)},l=`\`${r}\
\` in a file with mode ${t.mode.toString(8)}`;return[x(di,"secret-in-file",a,_(M(t.path,o),l))]}function D6(e,t){return(t.
mode&4)===0?[]:Yr(e).flatMap(({key:n,value:r})=>{let o=U(r,"token");if(!o||Y(r,"token")==="")return[];let s=`server.conn\
ections.${n}.token`,i={file:t.path,key:s,mode:t.mode,knowsSecretFile:!1,user:pr(e)},a=`\`token\` in a file with mode ${t.
mode.toString(8)}`;return[x(di,"secret-in-file",i,_(M(t.path,o),a))]})}var fi="Restarting Docker stops every running container, unless the daemon is configured with `live-restore`: `docker ps\
` lists them.";var $O="Compares `runner.capacity` with the number of networks that Docker has by default.",wy={"address-pool":{level:"w\
arn",title:"More concurrent jobs than Docker has networks",headline:({jobs:e,networks:t})=>`${e} concurrent jobs, but Do\
cker has ${t} networks`,why:"Each job gets a network of its own. Jobs beyond that number fail during setup with `all pre\
defined address pools have been fully subnetted`. Networks that earlier jobs left behind count too.",expected:({networks:e})=>`\
fewer than ${e} jobs, or larger address pools in the daemon`,tell:({jobs:e,networks:t})=>({what:`\`runner.capacity\` is ${e}\
, and Docker has ${t} networks by default.`,fix:{text:`Give the daemon an address pool with more and smaller networks, o\
r lower the capacity. ${fi}`,config:{file:"/etc/docker/daemon.json",language:"json",text:'{ "default-address-pools": [{ \
"base": "10.200.0.0/16", "size": 24 }] }'},commands:[Ws],kind:"host",otherwise:{text:"If the daemon already has such poo\
ls, accept the finding or turn this check off.",...Iu("config/capacity")}}}),more:"Jobs share a network that is named in\
 `container.network`, so it is one network for all of them."}};var SO=30,U6={seen:e=>tn(e)==="no"?[]:et.seen(e),missing:"No configuration of jobs in containers was read."},RO={id:"con\
fig/capacity",title:"Docker has a network for every concurrent job",intro:$O,reasons:wy,subject:U6,fine:"Docker has enou\
gh networks for all concurrent jobs",find(e){let{config:t}=e,n=U(t==null?void 0:t.root,"runner","capacity"),r=Bo(t==null?
void 0:t.root,"runner","capacity")??1;return!t||!n||r<SO?[]:Y(t.root,"container","network")!==""||tn(e)==="no"?[]:[x(wy,
"address-pool",{jobs:r,networks:SO},_(M(t.path,n),`\`capacity: ${r}\``))]}};var EO="Looks at `server.connections` and at the secrets of Forgejo's runner 12 and later. Each connection needs `url`, \
`uuid`, and one of `token` and `token_url`.",q6={url:"an address of the forge that begins with `http://` or `https://`",
uuid:"the UUID that the forge shows for the runner",token:"`token`, or `token_url` with a path such as `file:/etc/forgej\
o-runner/token`"},Hd={incomplete:{level:"fail",title:"A connection of Forgejo's runner is incomplete",headline:({name:e,
key:t,problem:n})=>n==="empty"?A(`No ${t} for the connection `,e):A(`Wrong ${t} of the connection `,e),why:({name:e,key:t,
problem:n})=>n==="empty"?`The runner exits at startup: ${y(`connection "${e}" is invalid: ${t==="token"?"token and token\
_url are empty":`${t} is empty`}`)}.`:`The runner exits at startup: ${y(`connection "${e}" is invalid`)}.`,expected:({key:e})=>q6[e],
tell:({file:e,name:t,key:n,problem:r})=>({what:`The connection ${y(t)} in ${y(e)} has ${r==="empty"?`no ${y(n)}${n==="to\
ken"?" and no `token_url`":""}`:`a ${y(n==="token"?"token_url":n)} that the runner cannot read`}.`,fix:{text:n==="url"?"\
Write the address of the forge, as people use it in their browsers.":"Copy the value from the forge: it shows `uuid` and\
 `token` when the runner is created, in the settings under Actions, Runners.",kind:"runner"}})},conflict:{level:"fail",title:"\
A secret is given twice",headline:({key:e,urlKey:t})=>A(`Both ${e} and `,t," are given"),why:({key:e,urlKey:t})=>`The ru\
nner exits at startup: ${y(`${e} and ${t} are mutually exclusive`)}.`,expected:({key:e,urlKey:t})=>`one of \`${e}\` and \`${t}\
\``,tell:({file:e,section:t,key:n,urlKey:r})=>({what:`${y(t)} in ${y(e)} has ${y(n)} and ${y(r)}.`,fix:{text:`Remove ${y(
n)}, and keep the secret in the file that ${y(r)} names.`,kind:"runner"}})}};var W6={seen(e){var i;let{config:t,system:n}=e;if(!(t!=null&&t.root)||n!=="forgejo")return[];let r=Yr(e).length,o=(i=U(t.
root,"cache"))==null?void 0:i.value,s=["secret","secret_url"].filter(a=>Y(o,a)!=="");return[...r>0?[{source:t.path,text:tt(
r,"connection")}]:[],...s.map(a=>({source:t.path,text:`\`cache.${a}\``}))]},missing:"No connection of Forgejo's runner w\
as read."},TO={id:"config/connection",title:"Every connection of Forgejo's runner is complete",intro:EO,reasons:Hd,subject:W6,
fine:"every connection is complete, and every secret is given once",find(e){let{config:t}=e;return!(t!=null&&t.root)||e.
system!=="forgejo"?[]:[...Yr(e).flatMap(n=>G6(t,n)),...B6(t)]}};function G6(e,t){let{key:n,value:r}=t;if(r.kind!=="map"&&
!ie(r))return[];let o=(l,c,u)=>x(Hd,"incomplete",{file:e.path,name:n,key:l,problem:c},_(M(e.path,u??t),c==="empty"?`no \`${l}\
\``:`\`${l}\` is malformed`)),s=Y(r,"url"),i=Y(r,"uuid"),a=[];return s===""?a.push(o("url","empty",F(r,"url"))):K6(s)||a.
push(o("url","malformed",F(r,"url"))),i===""?a.push(o("uuid","empty",F(r,"uuid"))):V6(i)||a.push(o("uuid","malformed",F(
r,"uuid"))),[...a,...H6(e,t,o)]}function H6(e,{key:t,value:n},r){let[o,s]=[Y(n,"token"),Y(n,"token_url")];return o===""&&
s===""?[r("token","empty",F(n,"token")??F(n,"token_url"))]:o!==""&&s!==""?[AO(e,n,`server.connections.${t}`,"token","tok\
en_url")]:s!==""&&!s.startsWith("file:")?[r("token","malformed",F(n,"token_url"))]:[]}function B6(e){var n;let t=(n=U(e.
root,"cache"))==null?void 0:n.value;return Y(t,"secret")!==""&&Y(t,"secret_url")!==""?[AO(e,t,"cache","secret","secret_u\
rl")]:[]}function AO(e,t,n,r,o){let s=F(t,o),i=s?M(e.path,s):{file:e.path};return x(Hd,"conflict",{file:e.path,section:n,
key:r,urlKey:o},_(i,"both"))}function K6(e){return/^https?:\/\/[^\s\u0000-\u001f]*$/i.test(e)}function V6(e){let t=e.replace(
/^urn:uuid:/i,"").replace(/^\{(.*)\}$/,"$1");return/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(
t)||/^[0-9a-f]{32}$/i.test(e)}function Bd(e,t){let{line:n,column:r,text:o,plain:s}=e;return[{line:n,column:r,from:s?[o]:[`"${o}"`,`'${o}'`],to:t}]}function ro(e,t){
return Bd(e,JSON.stringify(t))}function ky({key:e,line:t,column:n},r){return[{line:t,column:n,from:[e,`"${e}"`,`'${e}'`],
to:r}]}function by({line:e,column:t,name:n,value:r},o){return[{line:e,column:t,from:OO(n,r),to:o}]}function vy(e,t,n){return[
{line:e.line,column:e.column,from:OO(t,n),to:`${t}=${n}`,remark:!0}]}function OO(e,t){return["="," = ","= "," ="].map(n=>`${e}${n}${t}`)}
var z6=new Set(["container.privileged","container.docker_host","container.options","container.valid_volumes","container.\
bind_workdir","container.network","runner.insecure","runner.labels"]);function _O(e,t,n){if(!n||n.secret||z6.has(e))return!1;
switch(n.type){case"texts":return t.kind==="list"&&t.items.every(r=>r.kind==="scalar");case"environment":return t.kind===
"map"&&t.entries.every(r=>r.value.kind==="scalar");default:return t.kind==="scalar"&&t.text!==""&&Qs(t,n.type)}}var PO="Checks that `container.docker_host` is an address, and that jobs can use the daemon. If the key is empty, Gitea'\
s runner finds the daemon itself and mounts its socket into every job.",fl={invalid:{level:"fail",title:"`container.dock\
er_host` is not an address",headline:({address:e})=>A("",e," is not a Docker address"),why:"A runner with a container la\
bel exits at startup with `cannot ping the docker daemon, is it running?` or `unable to parse docker host`, and takes no\
 job.",expected:"empty, `-`, `unix:///path/to/docker.sock` or `tcp://host:port`",tell:({file:e,address:t,problem:n,fixed:r})=>({
what:`\`container.docker_host\` is ${y(v(t))}. ${J6(n)}`,fix:{text:r===""?"Leave it empty.":"Write a complete address.",
...!Ue(r??"")&&{config:K(e,`container:
  docker_host: ${he(r??"unix:///var/run/docker.sock")}`)},kind:"runner"}})},"not-mounted":{level:"warn",title:"Jobs get \
no Docker socket",headline:({address:e})=>e==="-"?"The configuration gives jobs no Docker socket":"Jobs do not know wher\
e the Docker daemon is",why:"A job that calls `docker` fails with `Cannot connect to the Docker daemon`. If no job needs\
 Docker, this is the safer setup.",expected:({address:e})=>e==="-"?"an empty `docker_host`, or a Unix socket":"`DOCKER_H\
OST` in `runner.envs`",tell:({file:e,address:t})=>({what:t==="-"?'`container.docker_host: "-"` keeps the Docker socket o\
ut of every job.':`The runner cannot mount the daemon at ${y(v(t))} into jobs, and jobs are not told where it is.`,fix:{
...Y6(e,t),otherwise:{text:"If no job needs Docker, turn this check off.",...Iu("config/docker-host")}}})},"tcp-without-\
tls":{level:"fail",title:"The connection to the Docker daemon has no TLS",headline:({address:e})=>A("No TLS to the Docke\
r daemon at ",e),why:"Anyone who can reach that port can start containers there, and so is root on that machine. That in\
cludes every job.",expected:"a Unix socket, or `tcp://host:2376` with certificates",tell:({address:e,system:t})=>({what:`\
The runner talks to ${y(v(e))} without TLS.`,fix:{text:"Make the daemon require client certificates, and give the runner\
 its own in the environment of its service.",config:ct(`${Do(t)}.service`,`[Service]
Environment=DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=/etc/${Do(t)}/docker-certs`),kind:"host",otherwise:{text:"Run the runne\
r on the daemon's machine, and use the Unix socket.",kind:"runner"}}}),more:"An address of the runner's own machine is n\
ot reported."}};function J6(e){switch(e.kind){case"automount":return"Only Forgejo's runner knows this word; Gitea's runn\
er mounts the socket if the key is empty.";case"no-scheme":return"It has no scheme.";case"two-slashes":return"The path o\
f a Unix socket needs a third slash.";case"no-port":return"It names no port.";case"ssh":return"The runner's Docker clien\
t does not support `ssh`.";case"unknown-scheme":return`No Docker client supports the scheme ${y(v(e.scheme,20))}.`}}function Y6(e,t){
return t==="-"?{text:"If jobs need Docker, leave the key empty: the runner then finds the socket and mounts it.",config:K(
e,`container:
  docker_host: ""`),kind:"runner"}:{text:Ue(t)?"Tell jobs where the daemon is: set `DOCKER_HOST` in `runner.envs` to the\
 same address.":"Tell jobs where the daemon is.",...!Ue(t)&&{config:K(e,`runner:
  envs:
    DOCKER_HOST: ${he(t)}`)},kind:"runner"}}var IO={id:"config/docker-host",title:"The runner finds its Docker daemon, and jobs can use it",intro:PO,reasons:fl,subject:et,
fine:"the address of the daemon is valid, and jobs can use it",find(e,t){let{config:n}=e,r=B(n==null?void 0:n.root,"cont\
ainer","docker_host");if(!n||!r||r.text===""||ar(r.text)!==void 0)return[];let o=n.path,s=r.text,i=_(M(o,r),`\`${v(s,200)}\
\``),a=X6(s,e);if(a){let p=a.fixed!==void 0&&a.problem.kind!=="no-port"?ro(r,a.fixed??""):void 0;return[x(fl,"invalid",{
file:o,address:s,...a},{...i,edits:p})]}if(e.system==="forgejo"&&(s==="-"||s==="automount"))return[];let l=Q6(e,s)?[x(fl,
"tcp-without-tls",{address:s,system:e.system},i)]:[],{flags:c}=Qo(e).options,u=Ko(e,"DOCKER_HOST")||c.some(({name:f,value:p})=>f===
"env"&&(p==null?void 0:p.startsWith("DOCKER_HOST="))===!0),d=/^(?:unix|npipe):/i.test(s)||Dd(c).some(({target:f})=>f===Wt);
return u||d||!Z6(e,t)?l:[...l,x(fl,"not-mounted",{file:o,address:s},i)]}};function Z6(e,t){return t.dockerRequired===!0||
tn(e)!=="no"}function X6(e,t){if(e==="-")return;if(e==="automount")return t.system==="forgejo"?void 0:{problem:{kind:"au\
tomount"},fixed:""};let n=/^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(e);if(!n){let s=e.replace(/^unix:\/*/,"/");return{problem:{
kind:"no-scheme"},fixed:s.startsWith("/")?`unix://${s}`:void 0}}let[,r="",o=""]=n;switch(r.toLowerCase()){case"unix":return o.
startsWith("/")?void 0:{problem:{kind:"two-slashes"},fixed:`unix:///${o}`};case"tcp":{if(/^[^/?#\s]+:\d{1,5}\/?$/.test(o))
return;let s=o.replace(/\/+$/,"");return{problem:{kind:"no-port"},fixed:s===""?void 0:`tcp://${s}:2376`}}case"npipe":case"\
http":case"https":return;case"ssh":return t.system==="forgejo"?void 0:{problem:{kind:"ssh"},fixed:void 0};default:return{
problem:{kind:"unknown-scheme",scheme:r},fixed:void 0}}}function Q6(e,t){let n=/^(?:tcp|http):\/\/(\[[^\]]*\]|[^:/]+)/i.
exec(t);return!n||/^(?:localhost|127\.|\[::1\])/.test(n[1]??"")||["DOCKER_TLS_VERIFY","DOCKER_CERT_PATH","DOCKER_TLS"].some(
o=>Zr(e,o)!==void 0||Ko(e,o))?!1:!/:2376\/?$/.test(t)}var NO="Compares labels that are named after GPUs (`gpu`, `cuda`, `nvidia`) with what `container.options` passes to job \
containers.",xy={"no-gpu-option":{level:"fail",title:"Jobs of a GPU label get no GPU",headline:({label:e})=>A("Jobs with\
 the label ",e," get no GPU"),why:"Its jobs start without a GPU. They fail when they first use it, or silently compute o\
n the CPU.",expected:"`--gpus all` in `container.options`",tell:({file:e,label:t,options:n,dropGpus:r})=>({what:`The lab\
el ${y(t)} promises a GPU, but \`container.options\` passes none to its containers.`,fix:{text:`Pass the GPUs to the job\
 containers${Ue(n)?": add `--gpus all` to `container.options`":""}. Every container label of this runner then gets them;\
 use a second runner to keep them apart.${r===void 0?"":` Runners ${r} drop the option from unprivileged containers, so \
upgrade them.`}`,...!Ue(n)&&{config:K(e,`container:
  options: ${n===""?"--gpus all":he(`${n} --gpus all`)}`)},kind:"runner",otherwise:{text:`If jobs then fail with \`could \
not select device driver\`, install the NVIDIA Container Toolkit. ${fi}`,commands:["sudo apt-get install -y nvidia-conta\
iner-toolkit","sudo nvidia-ctk runtime configure --runtime=docker",Ws],kind:"host"}}})}};var CO="Compares each value with what its key takes. The runner is written in Go, whose YAML parser is stricter than mos\
t: quotes make a string of a number, and a duration needs its unit.",ml={"wrong-type":{level:"fail",title:"A value has t\
he wrong type",headline:({key:e,wanted:t})=>e===""?"The configuration has no sections":A("The value of ",e,` is not ${eV[t]}`),
why:"The runner cannot put the value into its configuration: it exits at startup with `cannot unmarshal` and takes no jo\
b.",expected:({wanted:e})=>$y[e],tell:e=>({what:tV(e),fix:nV(e)}),more:'These look right and are not: `timeout: 0` (writ\
e `0s`), `timeout: 1d` (write `24h`), `capacity: "4"` and `privileged: "true"` (no quotes), `options: ["--gpus", "all"]`\
 (one string), `- gpu: docker://image` (the space after the colon makes a map of the label).'},"invalid-value":{level:"f\
ail",title:"The runner does not accept a value",headline:e=>{switch(e.kind){case"choice":return A("",e.value,` is not va\
lid for \`${e.key}\``);case"capacity":return A("A capacity of ",e.value," is not valid");case"two-secrets":return"The ca\
che has two secrets"}},why:e=>{switch(e.kind){case"choice":return e.key==="runner.tool_cache_mode"?`The runner exits at \
startup with \`invalid runner.tool_cache_mode ${JSON.stringify(v(e.value))}\` and takes no job.`:"The runner complains o\
nce and then logs nothing below `panic`: its log stays empty when something goes wrong.";case"capacity":return"The runne\
r silently takes it for 1. It means neither off nor unlimited.";case"two-secrets":return"The runner does not choose betw\
een two secrets: it exits at startup and takes no job."}},expected:e=>{switch(e.kind){case"choice":return e.allowed.map(
y).join(", ");case"capacity":return"1 or more";case"two-secrets":return"one of the two"}},tell:e=>({what:iV(e),fix:aV(e)})}},
eV={text:"a string",flag:"a boolean",number:"a number",port:"a port",duration:"a duration",size:"a size",texts:"a list",
environment:"a map",sections:"a configuration",section:"a section",entry:"a list of strings",variable:"a string"},$y={text:"\
a string",flag:"`true` or `false`, without quotes",number:"a whole number, without quotes",port:"a port from 0 to 65535,\
 without quotes",duration:"a duration with a unit, such as `30s`, `10m` or `3h`",size:"a size such as `10GB` or `512MB`,\
 or a number of bytes",texts:"a list",environment:"a map of names and values",sections:"sections such as `runner:` and `\
container:`",section:"a section with keys below it",entry:"a string in every entry",variable:"a string"};function pl(e){
return e.kind!=="scalar"?e.kind==="list"?"a list":"a map":e.text===""?"an empty string":/^[*\s]+$/.test(e.text)?"a strin\
g":e.plain?y(v(e.text,60)):`the string ${y(`"${v(e.text,60)}"`)}`}function tV({key:e,wanted:t,value:n}){return e===""?`T\
he file contains ${pl(n)} instead of the sections of a configuration.`:t==="entry"?`Every entry of ${y(e)} must be a str\
ing, but one is ${pl(n)}.`:`${y(v(e))} must be ${$y[t]}, but it is ${pl(n)}.`}function nV({file:e,key:t,wanted:n,value:r}){
let{text:o,lines:s}=rV(t,n,r);return{text:o,...s!==void 0&&{config:K(e,s)},kind:"runner"}}function rV(e,t,n){var s,i;let r=`\
Write ${$y[t]}.`,o=n.kind==="scalar"?n.text:void 0;switch(t){case"sections":return{text:"Put the lines into their sectio\
ns.",lines:`runner:
  capacity: 1`};case"section":return{text:`Indent the keys of ${y(e)} below it.`};case"texts":return{text:"Write each en\
try on a line of its own, after a dash.",lines:o===void 0?void 0:oo(e,{below:`- ${JSON.stringify(o)}`})};case"entry":return oV(
e,n);case"environment":return{text:"Write one `NAME: value` per line."};case"variable":return{text:"Write one string: an\
 environment variable has no parts."};case"text":{let a=sV(n);return a===""?{text:r}:{text:"Write one string.",lines:oo(
e,{value:a})}}case"flag":return{text:r,lines:oo(e,{value:Sy(o??"")})};case"number":return{text:r,lines:oo(e,{value:(s=/^\s*(\d+)\s*$/.
exec(o??""))==null?void 0:s[1]})};case"port":return n.kind==="scalar"&&n.plain&&wn(n.text)!==void 0?{text:"Write a port \
that exists, or 0 for any free port."}:{text:r,lines:oo(e,{value:(i=/^\s*(\d+)\s*$/.exec(o??""))==null?void 0:i[1]})};case"\
duration":return{text:wn(o??"")===void 0?"Write a number with `s`, `m` or `h`. There are no days: write `24h`.":"Write t\
he unit: a number without one is not a duration, not even 0.",lines:oo(e,{value:Ry(o??"")})};case"size":return{text:"Wri\
te a number with `KB`, `MB`, `GB` or `TB`."}}}function oV(e,t){let n=t.kind==="map"?t.entries[0]:void 0;if(!n)return{text:"\
Write each entry as one string."};let r="Write the entry in quotes, without the space after the colon: the space turns t\
he label into a mapping.";return n.value.kind!=="scalar"?{text:r}:{text:r,lines:oo(e,{below:`- ${JSON.stringify(`${n.key}\
:${n.value.text}`)}`})}}function sV(e){return e.kind!=="list"?"":e.items.flatMap(t=>t.kind==="scalar"?[t.text]:[]).join(
" ")}function Sy(e){return/^(?:true|1|enabled)$/i.test(e)?"true":/^(?:false|0|disabled)$/i.test(e)?"false":void 0}function Ry(e){
let t=wn(e);if(t!==void 0)return`${t}s`;let n=/^(\d+)\s*(d|day|h|hour|hr|m|min|minute|s|sec|second)s?$/i.exec(e.trim());
if(!n)return;let r=(n[2]??"").slice(0,1).toLowerCase();return r==="d"?`${Number(n[1])*24}h`:`${n[1]}${r}`}function iV(e){
switch(e.kind){case"choice":{let t=xe(e.value,e.allowed);return`${y(v(e.value))} is not a value of ${y(e.key)}.${t===void 0?
"":` Did you mean ${y(t)}?`}`}case"capacity":return`\`runner.capacity\` is ${y(v(e.value))}, but at least one job must b\
e able to run.`;case"two-secrets":return"`cache.external_secret` and `cache.external_secret_file` are both set."}}function aV(e){
switch(e.kind){case"choice":{let t=e.allowed.includes("info"),n=xe(e.value,e.allowed)??(t?"info":e.allowed[0]);return{text:`\
Write one of ${e.allowed.map(y).join(", ")}.`,config:K(e.file,oo(e.key,{value:n})??""),kind:"runner"}}case"capacity":return{
text:"Write how many jobs may run at the same time.",config:K(e.file,`runner:
  capacity: 1`),kind:"runner"};case"two-secrets":return{text:"Keep the file, and remove the secret from the configuratio\
n.",kind:"runner"}}}function oo(e,{value:t,below:n}){if(t===void 0&&n===void 0)return;let r=e.split("."),o=r.length-1;return[
...r.slice(0,o).map((s,i)=>`${"  ".repeat(i)}${s}:`),`${"  ".repeat(o)}${r[o]}:${t===void 0?"":` ${t}`}`,...n===void 0?[]:
[`${"  ".repeat(o+1)}${n}`]].join(`
`)}function LO(e,t,n){if(t==="entry"&&n.kind==="map"&&e.endsWith("labels"))return cV(n);if(n.kind!=="scalar")return;let r=lV(
t,n);if(r!==void 0)return Bd(n,r);if(!(t!=="texts"||!/^[^\s,]+$/.test(n.text)))return Bd(n,`[${JSON.stringify(n.text)}]`)}
function lV(e,{text:t}){var n;switch(e){case"flag":return Sy(t);case"number":return(n=/^(?:0|[1-9]\d{0,8})$/.exec(t.trim()))==
null?void 0:n[0];case"port":return/^(?:0|[1-9]\d{0,4})$/.test(t.trim())&&Number(t)<=65535?t.trim():void 0;case"duration":
return wn(t)===void 0||/^0+$/.test(t)?Ry(t):void 0;default:return}}function cV({line:e,column:t,entries:n}){let[r,...o]=n;
if(!r||o.length>0||r.value.kind!=="scalar"||!r.value.plain)return;let s=`${r.key}:${r.value.text}`,i=Ge(s,"gitea");if(!(i.
kind!=="label"||i.label.kind==="docker"&&!Rr(i.label.image)))return[{line:e,column:t,from:[`${r.key}: ${r.value.text}`],
to:JSON.stringify(s)}]}function jO(e,t){let n=t.filter(s=>Ze(s,e.text.toLowerCase())<=1),[r,...o]=n;return r===void 0||o.
length>0?void 0:ro(e,r)}var MO={id:"config/type",title:"Every value of the configuration has the type of its key",intro:CO,reasons:ml,subject:et,
fine:"every value has the type of its key",find({config:e},t){if(!(e!=null&&e.root)||ie(e.root))return[];if(e.root.kind!==
"map")return[es(e,"","sections",e.root)];let n=Cn(e.system);return[...DO(e,e.root,"",n,t),...dV(e,t)]}};function DO(e,t,n,r,o){
return t.kind!=="map"?[]:t.entries.flatMap(s=>{let i=Fs(n,s.key),{value:a}=s;if(Fr(r,i))return ie(a)?[]:a.kind==="map"?DO(
e,a,i,r,o):[es(e,i,"section",a)];let l=Ln(r,i);return!l||ie(a)||Ey(l,o)?[]:qO(e,i,a,l)})}function UO(e,t,n){var s;let r=(s=
U(e.root,...t.split(".")))==null?void 0:s.value,o=Ln(Cn(e.system),t);return!r||!o||ie(r)||Ey(o,n)?!1:qO(e,t,r,o).length>
0}function Ey(e,{version:t}){let n=t===void 0?void 0:ce(t),r=e.since===void 0?void 0:ce(e.since);return n!==void 0&&r!==
void 0&&pt(n,r)<0}function qO(e,t,n,r){switch(r.type){case"texts":return n.kind==="map"&&e.system==="forgejo"&&t.endsWith(
"labels")?[]:n.kind!=="list"?[es(e,t,"texts",n)]:n.items.filter(o=>o.kind!=="scalar").map(o=>es(e,t,"entry",o));case"env\
ironment":return n.kind!=="map"?[es(e,t,"environment",n)]:n.entries.filter(o=>o.value.kind!=="scalar").map(o=>es(e,`${t}\
.${o.key}`,"variable",o.value));default:return n.kind!=="scalar"||!Qs(n,r.type)?[es(e,t,r.type,n)]:uV(e,t,n,r)}}function uV(e,t,n,{
oneOf:r}){let{text:o}=n;return r&&o!==""&&!r.includes(t.startsWith("log.")?o.toLowerCase():o)?[FO({file:e.path,kind:"cho\
ice",key:t,value:o,allowed:r},n)]:t==="runner.capacity"&&(wn(o)??1)<1?[FO({file:e.path,kind:"capacity",value:o},n)]:[]}function es(e,t,n,r){
let o={..._(M(e.path,r),pl(r)),edits:LO(t,n,r)};return x(ml,"wrong-type",{file:e.path,key:t,wanted:n,value:r},o)}function FO(e,t){
let n=e.kind==="choice"?jO(t,e.allowed):void 0;return x(ml,"invalid-value",e,{..._(M(e.file,t),`\`${v(t.text)}\``),edits:n})}
function dV(e,t){let n=U(e.root,"cache","external_secret_file");if(e.system!=="gitea"||!n||Y(e.root,"cache","external_se\
cret_file")==="")return[];if(Y(e.root,"cache","external_secret")==="")return[];let r=Cn("gitea")["cache.external_secret_\
file"];if(!r||Ey(r,t))return[];let o=_(M(e.path,n),"both");return[x(ml,"invalid-value",{file:e.path,kind:"two-secrets"},
o)]}var BO="Compares each key with the keys that the runner knows. Gitea's runner ignores any other key. Since 3.0.0 it warn\
s in its own log; before that, it says nothing.",pi={"unknown-key":{level:"warn",title:"The runner does not know a key",
headline:e=>e.kind==="too-new"?A("The key ",e.key,` needs runner ${e.since}`):A("Unknown key ",e.key),why:e=>e.kind==="t\
oo-new"?"This runner ignores the key, so the setting has no effect.":e.system==="forgejo"?"The runner silently ignores t\
he key, so the setting has no effect.":`The runner ignores the key, so the setting has no effect. From 3.0.0 on, its own\
 log says ${y(`field ${v(WO(e),60)} not found`)}; before, nothing does.`,expected:e=>e.kind==="too-new"?`runner ${e.since}\
 or later`:e.meant===void 0&&e.instead!==void 0?"nothing: the runner has no such key":e.meant===void 0?`one of ${e.siblings.
map(y).join(", ")}`:y(e.meant),tell:e=>{if(e.kind==="too-new")return{what:`Runner ${e.version} does not know ${y(e.key)}\
 yet: it was added in ${e.since}.`,fix:{text:"Remove the key.",kind:"runner",otherwise:{text:`Upgrade the runner to ${e.
since} or later.`,kind:"host"}}};let{file:t,section:n,meant:r,instead:o,value:s,newerRelease:i}=e,a=n===""?"at the top o\
f the file":`in ${y(n)}`,l=`The runner does not know the key ${y(v(WO(e)))} ${a}.`;if(o!==void 0){let u=r===void 0?"":` \
Did you mean ${y(r)}?`;return{what:`${l}${u}`,fix:{text:o,kind:"runner"}}}if(r===void 0)return{what:l,fix:e.system==="fo\
rgejo"?{text:"Remove the key, or look up its name: the command prints every key with its default.",commands:["forgejo-ru\
nner generate-config"],kind:"runner"}:{text:"Remove the key, or look up its name: the command prints every key with its \
default (before 3.1.0: `gitea-runner generate-config`).",commands:["gitea-runner config generate"],kind:"runner"}};let c=i===
void 0?"":`, unless runner ${i} added a key with this name (the keys of releases up to ${jr} are known here)`;return{what:`${l}\
 Did you mean ${y(r)}?`,fix:{text:`Write ${y(r)}${c}.`,...Kd(t,r,s),kind:"runner"}}},more:`The keys of runners up to ${jr}\
 are known here. A later release may know more, so this is a warning.`},"misplaced-key":{level:"fail",title:"A key is in\
 the wrong section",headline:({key:e})=>A("",e," is in the wrong section"),why:"The runner ignores the key there, so the\
 setting has no effect.",expected:({right:e})=>y(e),tell:({file:e,key:t,right:n,value:r})=>({what:`The runner does not r\
ead ${y(v(t))}, it reads ${y(n)}.`,fix:{text:`Move the key, with its value, to ${y(n.slice(0,n.lastIndexOf(".")))}.`,...Kd(
e,n,r),kind:"runner"}}),more:"The usual ones are `container.labels`, `runner.options`, `runner.docker_host`, and keys at\
 the top of the file."},"deprecated-key":{level:"warn",title:"A key is deprecated",headline:({key:e})=>A("",e," is depre\
cated"),why:({value:e})=>GO(e)?"The runner still reads it and warns at every start. Here, `bridge` gives each job a netw\
ork of its own, and so does an empty `network`.":"The runner still reads it, warns at every start, and ignores it once t\
he new key is set.",expected:({successor:e})=>y(e),tell:({file:e,key:t,successor:n,value:r})=>({what:`${y(t)} is depreca\
ted. Its successor is ${y(n)}.`,fix:GO(r)?{text:"Rename the key, and leave it empty.",...Kd(e,n,KO),kind:"runner"}:{text:"\
Rename the key.",...Kd(e,n,r),kind:"runner"}})}};function WO({section:e,key:t}){return e===""?t:t.slice(e.length+1)}var KO={
kind:"scalar",text:"",plain:!1,line:0,column:0};function GO(e){return e.kind==="scalar"&&e.text==="bridge"}function Kd(e,t,n){
let r=t.split("."),o="  ".repeat(r.length-1),s=r.slice(0,-1).map((l,c)=>`${"  ".repeat(c)}${l}:`),i=fV(t,n),a=i&&pV(`${o}${r[r.
length-1]}:`,i,o);return a?{config:K(e,[...s,...a].join(`
`))}:{}}function fV(e,t){let n=D(Yt,e)??D(Zt,e);if(!n)return t;if(n.type==="environment")return;let r=t.kind==="list";if(n.
type==="texts")return t.kind==="scalar"&&!ie(t)?{...t,kind:"list",items:[t]}:t;if(r&&n.type==="text"){let[o,...s]=t.items;
return s.length>0||o&&o.kind!=="scalar"?void 0:o??{...KO,plain:!1}}if(t.kind==="scalar")return Qs(t,n.type)?t:void 0}function pV(e,t,n){
if(t.kind==="map")return;if(t.kind==="list"){let o=t.items.flatMap(s=>s.kind==="scalar"&&!Ue(s.text)?[s]:[]);return o.length<
t.items.length||o.length>10?void 0:o.length===0?[`${e} []`]:[e,...o.map(s=>`${n}  - ${HO(s)}`)]}if(Ue(t.text))return;if(!t.
text.includes(`
`))return[`${e} ${HO(t)}`.trimEnd()];if(/^\s|[\u0000-\u0008\u000b-\u001f]/.test(t.text))return[`${e} ${he(t.text)}`];let r=t.
text.trimEnd().split(`
`);return[`${e} |`,...r.map(o=>`${n}  ${o}`)]}function HO({text:e,plain:t}){return t&&e!==""&&!/: |#/.test(e)?e:he(e)}var JO={id:"config/unknown-key",title:"The runner knows every key of its configuration",intro:BO,reasons:pi,subject:et,fine:"\
the runner knows every key",find({config:e},{version:t}){var n;return((n=e==null?void 0:e.root)==null?void 0:n.kind)==="\
map"?new Vd(e,t).walk(e.root,""):[]}};function YO(e,t){var r;if(((r=e.root)==null?void 0:r.kind)!=="map")return!1;let n=new Vd(
e,void 0);return n.walk(e.root,""),n.misplacedKeys.has(t)}var mV=100,VO=new Set("addr dir enabled envs file host interva\
l job level port retention script timeout v2".split(" ")),Vd=class{misplacedKeys=new Set;unknownKeys=0;places=new Map;table;config;version;constructor(t,n){
this.config=t,this.version=n,this.table=Cn(t.system);for(let r of Object.keys(this.table)){if(r.includes("*"))continue;let o=r.
split(".");for(let[s,i]of o.entries()){if(s===0)continue;let a=this.places.get(i)??new Set;this.places.set(i,a.add(o.slice(
0,s+1).join(".")))}}}walk(t,n){return t.entries.flatMap(r=>{let o=Fs(n,r.key);if(Fr(this.table,o))return r.value.kind===
"map"?this.walk(r.value,o):[];let s=Ln(this.table,o);if(s!=null&&s.insteadOf)return ie(r.value)?[]:[this.deprecated(t,r,
o,s.insteadOf)];if(s)return s.since===void 0?[]:this.tooNew(r,o,s.since);if(n===""&&Tu(this.config.system,r.key))return[];
if(n===""&&r.key.startsWith("x-"))return[];let i=Aa(o,this.config.system)?void 0:this.rightPlace(r.key);return[i===void 0?
this.unknown(t,r,n,o):this.misplaced(r,o,i)]})}rightPlace(t){if(VO.has(t))return;let n=this.places.get(t);return(n==null?
void 0:n.size)===1?[...n][0]:n!=null&&n.has(`runner.${t}`)?`runner.${t}`:void 0}unknown(t,n,r,o){let s=gV(this.table,r.replace(
/^(server\.connections\.)[^.]+$/,"$1*")),{path:i,system:a}=this.config,l=this.version===void 0?void 0:ce(this.version),c=ce(
jr),u=a==="gitea"&&l&&c&&pt(l,c)>0,d=Aa(o,a),f=(d==null?void 0:d.meant)!==void 0&&Ln(this.table,d.meant)!==void 0,p=d?f?
d.meant:void 0:this.meantKey(n.key,r,s),g=u?l.text:void 0,m={kind:"unknown",file:i,key:o,system:a,section:r,siblings:s,meant:p,
instead:d==null?void 0:d.instead,value:n.value,newerRelease:g},h=p===void 0?void 0:zO(r,p),k=h!==void 0&&p!==void 0&&(d==
null?void 0:d.instead)===void 0&&g===void 0&&(d!==void 0||hV(n.key,h,s))&&!F(t,h)&&_O(p,n.value,Ln(this.table,p))?ky(n,h):
void 0;return x(pi,"unknown-key",m,{...this.details(n,`\`${o}\``),edits:k})}meantKey(t,n,r){if(++this.unknownKeys>mV)return;
let o=r.find(i=>Ty(i,t))??yV(t,r);if(o!==void 0)return n===""?o:`${n}.${o}`;let s=Object.keys(this.table).filter(i=>{let a=i.
slice(i.lastIndexOf(".")+1);return i.includes("*")?!1:!VO.has(a)&&Ty(a,t)});return s.length===1?s[0]:void 0}misplaced(t,n,r){
this.misplacedKeys.add(r);let o={file:this.config.path,key:n,right:r,value:t.value};return x(pi,"misplaced-key",o,this.details(
t,`\`${n}\``))}deprecated(t,n,r,o){let{value:s}=n,i={file:this.config.path,key:r,successor:o,value:s},a=zO(r.slice(0,r.lastIndexOf(
".")),o),l=a!==void 0&&!F(t,a)&&s.kind==="scalar",c=s.kind==="scalar"&&s.text==="bridge"?ro(s,""):[],u=l?[...ky(n,a),...c]:
void 0;return x(pi,"deprecated-key",i,{...this.details(n,`\`${r}\``),edits:u})}tooNew(t,n,r){let o=this.version===void 0?
void 0:ce(this.version),s=ce(r);if(this.config.system!=="gitea"||!o||!s||pt(o,s)>=0)return[];let i={kind:"too-new",file:this.
config.path,key:n,since:r,version:o.text};return[x(pi,"unknown-key",i,this.details(t,`runner ${o.text}`))]}details(t,n){
return _(M(this.config.path,t),n)}};function zO(e,t){let n=e===""?t:t.startsWith(`${e}.`)?t.slice(e.length+1):".";return n.
includes(".")?void 0:n}function hV(e,t,n){if(Ty(e,t))return!0;let r=s=>Ze(s,e.toLowerCase());return n.every(s=>s===t||r(
s)>r(t)+1)&&r(t)<=2&&t.length>4&&!e.startsWith(t)}function gV(e,t){let n=t===""?"":`${t}.`,r=Object.keys(e).filter(o=>o.
startsWith(n));return[...new Set(r.map(o=>o.slice(n.length).split(".")[0]??""))]}function yV(e,t){let n=o=>o.replace(/\D/g,
""),r=t.filter(o=>{let s=o.length<6?1:o.length<12?2:3;return n(o)===n(e)&&Ze(o,e.toLowerCase())<=s});return xe(e,r)}function Ty(e,t){
let n=r=>r.replace(/[_-]/g,"").toLowerCase();return n(e)===n(t)}function so(e,t,n){if(e)return t.some(r=>UO(e,r,n))?"config/type":t.some(r=>YO(e,r))?"config/unknown-key":void 0}var wV={seen(e){let t=Ay(e).slice(0,5),n=et.seen(e);return t.length===0||n.length===0?[]:[...t.map(({file:r,label:o})=>({
source:r,text:`label ${v(o.name,100)}`})),...n]},missing:"No file that was read has a container label that is named afte\
r GPUs."},ZO={id:"config/gpu-label",title:"Jobs of GPU labels get a GPU",intro:NO,reasons:xy,subject:wV,fine:"jobs of GP\
U labels get a GPU",waitsFor(e,t){if(Ay(e).length!==0)return Qo(e).options.problem?"config/options":so(e.config,["contai\
ner.options","container.privileged","runner.envs"],t)},find(e,t){var o;let{config:n}=e;if(!n||n.problem||((o=this.waitsFor)==
null?void 0:o.call(this,e,t))!==void 0)return[];if(Qo(e).options.flags.some(gO))return[];if(ui(e)||Ko(e,"NVIDIA_VISIBLE_\
DEVICES"))return[];let r=qd(e,t);return Ay(e).map(({file:s,text:i,label:a})=>x(xy,"no-gpu-option",{file:n.path,label:a.name,
options:Y(n.root,"container","options").trim(),dropGpus:r},_(M(s,i),"no `--gpus`, `--device` or `--runtime`")))}};function Ay(e){
return ti(e).filter(({label:t})=>t.kind==="docker"&&Oy(t.name))}function Oy(e){return e.split(/[^a-z0-9]+/i).some(t=>/^(?:gpus?|cuda|nvidia)\d*$/i.
test(t))}var e_="A label is `name:host` or `name:docker://image`. A problem in a label never shows where it was made: the job wai\
ts, or runs somewhere else. The labels of the configuration are judged; if it has none, those of `.runner`.",XO="`name:h\
ost` or `name:docker://image`",vn={empty:{level:"fail",title:"A label is empty",headline:({line:e})=>`The label on line ${e}\
 is empty`,why:"The runner ignores it with `ignored invalid label`. If a label was meant here, its jobs wait forever.",expected:XO,
tell:({text:e})=>({what:e.trim()===""?"An entry of the labels has no text.":`The label ${y(ut(e))} has no name.`,fix:{text:"\
Write a label, or remove the entry.",kind:"runner"}})},"bad-schema":{level:"fail",title:"A label's scheme is invalid",headline:({
text:e})=>A("The label ",We(e)," has an invalid scheme"),why:bV,expected:({problem:e,text:t})=>e.kind==="host-with-argum\
ent"?`\`${We(t)}:host\``:XO,tell:e=>({what:kV(e),fix:vV(e)}),more:"The scheme is the word between the first two colons. \
A name with a colon in it, such as `pool:3f2a`, is valid from runner 2.1.0 on and not reported."},"no-image":{level:"fai\
l",title:"A container label has no valid image",headline:({text:e,image:t})=>t===""?A("The label ",We(e)," names no imag\
e"):A("The label ",We(e)," has an invalid image"),why:({image:e})=>e===""?"Its jobs run in the runner's default image (`\
docker.gitea.com/runner-images:ubuntu-latest`), which has none of your tools. Nothing reports it.":"Every job with this \
label fails during setup with `invalid reference format`.",expected:"an image reference such as `ghcr.io/team/builder:1.\
0`",tell:({file:e,text:t,image:n,fixed:r})=>({what:n===""?`The label ${y(ut(t))} asks for a container but names no image\
.`:`${y(ut(n))} is not an image reference: ${xV(n)}.`,fix:{text:n===""?"Name the image after `docker://`.":"Write the re\
ference in the form that `docker pull` accepts.",...r!==void 0&&{config:io(e,[r])},kind:"runner"}})},duplicate:{level:"w\
arn",title:"Two labels have the same name",headline:({text:e})=>A("The label ",We(e)," occurs twice"),why:"The runner ke\
eps both and uses the last one. A reader who finds the first expects another image.",expected:"each name once",tell:({text:e,
firstLine:t})=>({what:`The label ${y(ut(We(e)))} already occurs on line ${t}.`,fix:{text:"Remove one of the two.",kind:"\
runner"}})},space:{level:"fail",title:"A label contains a space",headline:({text:e})=>A("The label ",e," contains a spac\
e"),why:({meant:e})=>e.length>1?"To the runner this is one label. No job asks for such a name, so the jobs for all of th\
em wait with `No matching online runner with label`.":"The space is part of the name, so `runs-on` never matches it. `re\
gister --labels` makes such labels if a space follows a comma.",expected:({meant:e})=>e.length>1?"one label per entry":y(
ut(e[0]??"")),tell:({file:e,text:t,meant:n})=>({what:n.length>1?`The entry ${y(`"${ut(t)}"`)} holds several labels, sepa\
rated by commas.`:`The label ${y(`"${ut(t)}"`)} contains a space.`,fix:{text:n.length>1?"Write one label per line. `regi\
ster --labels` takes commas, without spaces.":"Write the label without spaces.",config:io(e,n),kind:"runner"}})},"token-\
in-label":{level:"fail",title:"A label contains a token or a password",headline:({line:e})=>`The label on line ${e} cont\
ains a token or password`,why:"Labels are public: the forge shows them to everyone who can see its runners, and every jo\
b's log prints them.",expected:"a name that is not secret",tell:()=>({what:"The label contains what looks like a token o\
r a password.",fix:{text:"Remove it from the label, and revoke it: it has been published. Give a registry's password to \
`docker login` as the runner's user, and the registration token to `register --token`.",kind:"runner"}})},"floating-tag":{
level:"warn",title:"A label's image has a floating tag",headline:({text:e})=>A("The image of ",We(e)," has a floating ta\
g"),why:"The image can change at any time: the same commit builds today and fails tomorrow, and two runners that pulled \
on different days differ. The runner does not fetch a newer image by itself unless `container.force_pull` is set.",expected:"\
the tag of a release, or a digest",tell:({text:e,image:t})=>({what:`The label ${y(ut(We(e)))} uses ${y(ut(t))}, ${t.endsWith(
":latest")?"whose tag is `latest`":"which has no tag and so means `latest`"}.`,fix:{text:"Name the tag of a release, or \
append today's digest to the image: `image@sha256:digest`. The command prints it.",commands:[`docker buildx imagetools i\
nspect --format '{{.Manifest.Digest}}' ${kr(t)}`],kind:"runner"}})},"no-image-named":{level:"warn",title:"A label that s\
tands for an image names none",headline:({text:e})=>A("The label ",e," names no image"),why:"Its jobs run on the runner'\
s own system. If the runner is a container, that is an Alpine without node, and actions fail with `Cannot find: node in \
PATH`. This applies to Gitea's runner; with Forgejo's, the label means its default image.",expected:({text:e})=>y(`${ut(
e)}:docker://IMAGE`),tell:({file:e,text:t})=>({what:`The label ${y(ut(t))} has no scheme, so Gitea's runner takes it for\
 a label of the host.`,fix:{text:"Name the image.",config:io(e,[`${t}:docker://${QO(t)}`]),kind:"runner",otherwise:{text:"\
If the jobs should run on the runner's own system, say so.",config:io(e,[`${t}:host`]),kind:"runner"}}}),more:"Only name\
s that stand for an image everywhere are reported, such as `ubuntu-latest`, `debian-12`, `node20` and `docker`."},"image\
-without-node":{level:"warn",title:"A label's image has no node",headline:({text:e})=>A("The image of ",We(e)," has no n\
ode"),why:'JavaScript actions cannot start in it, `actions/checkout` first of all: `exec: "node": executable file not fo\
und in $PATH`.',expected:"an image with node, such as `node:22-bookworm`",tell:({file:e,text:t,image:n})=>({what:`The la\
bel ${y(ut(We(t)))} uses ${y(ut(n))}, which does not contain node.`,fix:{text:"Name an image that has node.",config:io(e,
[`${We(t)}:docker://${/ubuntu/.test(n)?QO(n):"node:22-bookworm"}`]),kind:"runner",otherwise:{text:"Build an image of you\
r own from this one, with node in it.",kind:"image"}}}),more:"Only images of Docker's library are reported that surely h\
ave no node; an image with the same name in another registry or account may have it."}};function QO(e){var n,r;let t=(n=
/ubuntu[-:]?(2[024]\.04)/.exec(e))==null?void 0:n[1];return t!==void 0?`docker.gitea.com/runner-images:ubuntu-${t}`:/^node/i.
test(e)?`node:${((r=/\d+/.exec(e))==null?void 0:r[0])??"22"}-bookworm`:/ubuntu/.test(e)?"docker.gitea.com/runner-images:\
ubuntu-24.04":"node:22-bookworm"}function ut(e){return v(e,200)}function We(e){return e.split(":")[0]??""}function io(e,t){
let n=t.map(r=>`    - ${JSON.stringify(r)}`);return K(e,["runner:","  labels:",...n].join(`
`))}function kV({text:e,problem:t,system:n}){let r=y(ut(e));switch(t.kind){case"unknown":{let o=/^[\w-]{1,20}$/.test(t.scheme);
return`The scheme of the label ${r} is invalid: ${o?y(t.scheme):"what follows the name"} is neither \`host\` nor \`docker\`.`}case"\
colon-in-name":return`${n==="forgejo"?"Forgejo's runner":"This release of the runner"} takes what follows the colon in ${r}\
 for a scheme.`;case"host-with-argument":return`Nothing may follow \`host\` in the label ${r}.`}}function bV({text:e,problem:t}){
let n=`the label becomes a host label with the name ${y(ut(e))}, and jobs for ${y(ut(We(e)))} wait with \`No matching onl\
ine runner with label\``,r="the runner ignores it with `unsupported schema`";if(t.kind==="host-with-argument")return"For\
gejo's runner refuses the label with `schema: host does not have arguments`.";if(t.kind==="colon-in-name")return"It igno\
res the label with `unsupported schema`, so its jobs wait forever.";switch(t.treatedAs){case"refused":return"The runner \
refuses the label with `unsupported schema`.";case"host-label":return`The runner does not refuse it: ${n}.`;case"ignored":
return`In this release, ${r}, so its jobs wait forever.`;case"depends-on-release":return`From runner 2.1.0 on, ${n}. Bef\
ore that, ${r}.`}}function vV({file:e,text:t,problem:n,system:r}){var o;switch(n.kind){case"unknown":return{text:((o=n.meant)==
null?void 0:o.endsWith(`:docker://${t}`))===!0?"Write a name and `docker://` before the image.":"Write the scheme in low\
ercase letters, with `docker://` before an image.",...n.meant!==void 0&&{config:io(e,[n.meant])},kind:"runner"};case"col\
on-in-name":return{text:"Remove the colon from the name.",config:io(e,[`${t.split(":").join("-")}:host`]),kind:"runner",
...r==="gitea"&&{otherwise:{text:"Upgrade the runner to 2.1.0 or later, which accepts such names.",kind:"host"}}};case"h\
ost-with-argument":return{text:"End the label after `host`.",config:io(e,[`${We(t)}:host`]),kind:"runner"}}}function xV(e){
return/^[a-z]+:\/\//.test(e)?"it must not begin with a URL scheme such as `https://`":e.toLowerCase()!==e?"it must not c\
ontain uppercase letters":"its form is `host/path:tag`"}var t_={id:"config/label",title:"Every label is valid",intro:e_,reasons:vn,subject:aT,fine:"every label is valid",find(e,t){
let n=new Map;return fr(e).flatMap(r=>{let o=SV(r,e,t);if(o.some(({reason:l})=>!$V.has(l)))return o;let s=`${r.connection??
""}
${We(r.text.text)}`,i=n.get(s);if(!i)return n.set(s,r),o;let a={...ts(r),firstLine:i.text.line};return[x(vn,"duplicate",
a,gr(r)),...o]})}},$V=new Set(["floating-tag","no-image-named","image-without-node"]);function SV(e,t,n){if(ar(e.text.text)!==
void 0)return[];let r=RV(e,t,n);if(r)return[r];let o=Ge(e.text.text,t.system);if(o.kind!=="label")return[];let{kind:s,name:i,
image:a}=o.label;return s==="host"&&t.system==="gitea"&&!e.text.text.includes(":")&&B0(i)?[x(vn,"no-image-named",ts(e),gr(
e))]:s==="docker"&&e.text.text.includes(":")?EV(e,a):[]}function RV(e,t,n){let{text:r,line:o}=e.text;if(/\*{12,}/.test(r))
return x(vn,"token-in-label",{line:o},gr(e));let s=Ge(r,t.system);if(ie(e.text)||r.trim()===""||s.kind==="empty")return x(
vn,"empty",{...ts(e),line:o},gr(e,"nothing"));let i=AV(r);if(i.length>1||i[0]!==r){let[a="",...l]=i,c=l.length===0?Py(e,
a,t):void 0,u=gr(e,`\`"${v(r,200)}"\``);return x(vn,"space",{...ts(e),meant:i},{...u,edits:c})}switch(s.kind){case"opaqu\
e":{let a=n.version!==void 0&&He("unknown-label-schema-ignored",t,n)!==void 0;return t.system==="forgejo"||a?_y(e,t,{kind:"\
colon-in-name"}):void 0}case"unknown-scheme":{if(s.scheme==="kubernetes"&&He("kubernetes-labels",t,n))return;let a=_V(r,
s.scheme,s.meant),l=OV(t,n),u=a!==void 0&&TV(r,s.scheme,a)?Py(e,a,t):void 0;return _y(e,t,{kind:"unknown",scheme:s.scheme,
meant:a,treatedAs:l},u)}case"label":{let{kind:a,image:l}=s.label;if(t.system==="forgejo"&&a==="host"&&r.split(":").length>
2){let u=Py(e,`${We(r)}:host`,t);return _y(e,t,{kind:"host-with-argument"},u)}if(a!=="docker"||Rr(l))return;let c={...ts(
e),image:l,fixed:IV(e,l)};return x(vn,"no-image",c,gr(e))}}}function EV(e,t){let n={...ts(e),image:t};return[...K0(t)?[x(
vn,"image-without-node",n,gr(e))]:[],...G0(t)?[x(vn,"floating-tag",n,gr(e))]:[]]}function _y(e,t,n,r){let o={...ts(e),problem:n,
system:t.system};return x(vn,"bad-schema",o,{...gr(e),edits:r})}function Py({file:e,text:t},n,r){var s;let o=Ge(n,r.system);
if(!(e!==((s=r.config)==null?void 0:s.path)||o.kind!=="label"||n.includes("*"))&&!(o.label.kind==="docker"&&!Rr(o.label.
image)))return ro(t,n)}function TV(e,t,n){let r=e.slice(We(e).length+1),o=s=>Ze(t.toLowerCase(),s)<=2;return n.endsWith(
":host")?o("host")&&r===t:o("docker")&&r.startsWith(`${t}://`)||/^[\w.-]+\.[a-z]{2,}\//.test(t)}function ts({file:e,text:t}){
return{file:e,text:t.text}}function gr({file:e,text:t},n=`\`${v(t.text,200)}\``){return _(M(e,t),n)}function AV(e){return/,\s/.
test(e)||/,[\w.-]+:(?:host|docker)/.test(e)?e.split(",").map(r=>r.trim()):[e.split(":").map(r=>r.trim()).join(":").replace(
/:\/\/\s+/,"://")]}function OV(e,t){if(e.system==="forgejo")return"refused";let n=He("opaque-labels",e,t),r=He("unknown-\
label-schema-ignored",e,t);return n&&r?"depends-on-release":n?"host-label":"ignored"}function _V(e,t,n){var s;let r=We(e);
if(n==="host")return`${r}:host`;if(/^\d+\/[^:]/.test(e.slice(r.length+1))){let i=(s=/([^/:@]+)(?:[:@][^/]*)?$/.exec(e))==
null?void 0:s[1];return i&&Rr(e)?`${i}:docker://${e}`:void 0}let o=n&&PV(e.slice(r.length+1),t);return o?`${r}:docker://${o}`:
void 0}function PV(e,t){let n=e.indexOf("//");return n>=0?e.slice(n+2):Ze(t.toLowerCase(),"docker")<=2||tm.includes(t.toLowerCase())?
e.slice(t.length+1):e}function IV(e,t){let n=t.toLowerCase(),r=n!==t&&Rr(n)?n:t.replace(/^[a-z]+:\/\//,"").replace(/^\/+/,
"");return Rr(r)?`${We(e.text.text)}:docker://${r}`:void 0}var s_={"duplicate-socket-mount":{level:"fail",title:"The Docker socket is mounted twice",why:({versions:e})=>`Docker re\
fuses two mounts on one path. Every job fails during setup with \`Duplicate mount point: ${Wt}\`.${_n(e)}`,expected:"one\
 mount of the socket: the runner's own",tell:({file:e,source:t,system:n})=>({what:`\`container.options\` mounts \`${Wt}\`\
, and the runner mounts it too.`,fix:{text:"Remove the mount from the options: with `container.docker_host`, every relea\
se mounts the socket into every job.",config:r_(e,n),kind:"runner",otherwise:{text:"Keep the mount in the options, and t\
urn off the runner's own.",config:K(e,`container:
  docker_host: "-"
  options: ${he(`-v ${G(`${t}:${Wt}`)}`)}
  valid_volumes:
    - ${he(t)}`),kind:"runner"}}}),more:"From runner 3.0.0 on, the second mount replaces the runner's own and does no ha\
rm."},"socket-not-mounted":{level:"fail",title:"The runner refuses the mount of the Docker socket",why:({source:e,versions:t})=>`\
The setup log says \`${n_(e)}\`, and the job continues. Its first \`docker\` command finds no daemon.${_n(t)}`,expected:({
own:e})=>e.kind==="mounted"?`one mount of the socket: ${y(v(e.source))} by the runner itself`:"the socket in `container.\
valid_volumes`, or a `container.docker_host` that the runner mounts",tell:e=>{let{file:t,source:n,system:r,own:o}=e,s=o_(
e);return o.kind==="mounted"?{what:`The mount of ${y(v(n))} replaces the runner's own mount of ${y(v(o.source))} and is \
then refused, so jobs have no Docker socket.`,fix:{text:"Remove the mount from the options: the runner mounts the socket\
 of `container.docker_host` at the same path.",kind:"runner",otherwise:{text:"If jobs should have the other socket, allo\
w it.",config:s,kind:"runner"}}}:{what:`The runner refuses the mount of ${y(v(n))}, so jobs have no Docker socket: ${o.because}\
, and \`container.valid_volumes\` does not allow the mount.`,fix:{text:"Allow the mount.",config:s,kind:"runner",otherwise:{
text:"Remove the mount, and let the runner mount the socket.",config:r_(t,r),kind:"runner"}}}}},"volume-not-allowed":{level:"\
fail",title:"`valid_volumes` does not allow a mount",headline:({source:e})=>A("`valid_volumes` does not allow ",e),why:({
source:e,target:t,versions:n})=>`The setup log says \`${n_(e)}\`, and the job continues without ${ul(t)==="/opt/hostedto\
olcache"?"the tool cache":y(v(t))}.${_n(n)}`,expected:({source:e})=>`${y(v(e))} in \`container.valid_volumes\``,tell:e=>({
what:`\`container.options\` mounts ${y(v(e.source))}, which \`container.valid_volumes\` does not allow.`,fix:{text:e.versions===
void 0?"Add the source as it is written. `/folder/**` allows what is below a folder, not the folder itself.":"Add the pa\
th itself. Releases differ in what a `*` matches: before 4.0, it matches slashes too.",config:o_(e),kind:"runner"}})}};function n_(e){
return`[${v(e)}] is not a valid volume, will be ignored`}function r_(e,t){let n=t==="forgejo"?"automount":`unix://${Wt}`;
return K(e,`container:
  docker_host: ${n}`)}function o_({file:e,valid:t,source:n}){let r=[...t,n].slice(-20).map(o=>`    - ${he(o)}`);return K(
e,["container:","  valid_volumes:",...r].join(`
`))}var a_="Splits `container.options` as the runner does (spaces and newlines separate, quotes work as in a shell, there ar\
e no comments), reads the words as options of `docker create`, and compares each mount with `valid_volumes` and `docker_\
host`.",i_="Every job fails while its container is created, before the first step",Gt={"unterminated-quote":{level:"fail",
title:"`container.options` has an unterminated quote",headline:({what:e})=>e==="\\"?"`container.options` ends in a backs\
lash":"`container.options` has an unterminated quote",why:({what:e})=>`${i_}: \`Cannot split container options: \u2026 '${NV[e]}\
'\`.`,expected:({what:e})=>e==="\\"?"a character after the backslash":"a closing quote",tell:({what:e,inComment:t})=>({what:e===
"\\"?"Nothing follows the backslash in `container.options`.":`A ${e==="'"?"single":"double"} quote in \`container.options\
\` is never closed.`,fix:{text:CV(e,t),kind:"runner"}})},"unknown-flag":{level:"fail",title:"The runner cannot read an o\
ption",headline:LV,why:e=>e.kind==="bad-value"&&/^(?:-v|--volume)$/.test(e.flag)?"The runner leaves out such a mount, or\
 the job fails while its container is created.":`${i_}${e.kind==="unknown"?`: \`Cannot parse container options: \u2026 'unknow\
n flag: ${v(e.flag,40)}'\``:""}.`,expected:e=>{switch(e.kind){case"unknown":return e.meant===void 0?"an option of `docke\
r create`":y(e.meant);case"no-value":return`a value after ${y(e.flag)}`;case"bad-value":return e.expected;case"refused":
return"`container.docker_host`";case"too-new":return`runner ${e.since} or later`}},tell:e=>({what:jV(e),fix:FV(e)}),more:"\
The runner stops at the first option that it cannot read, so options after it are not checked."},"ignored-network":{level:"\
warn",title:"`--network` in `container.options` has no effect",headline:({flag:e})=>`\`${e}\` in \`container.options\` has \
no effect`,why:"Jobs cannot reach what this option should make reachable.",expected:"the network in `container.network`",
tell:({file:e,flag:t,network:n})=>({what:`The runner ignores ${y(`${t} ${v(n)}`)} and chooses the network itself.`,fix:{
text:"Remove the option, and name the network in `container.network`. With `host` or `bridge`, jobs cannot reach service\
 containers by name.",config:K(e,`container:
  network: ${he(n)}`),kind:"runner"}})},"read-only-root":{level:"fail",title:"A read-only job container cannot start a j\
ob",why:"The runner copies its files into every job container, and the engine refuses that: `container rootfs is marked \
read-only`. No job gets to its first step.",expected:"no `--read-only`",tell:({file:e,options:t})=>({what:"`--read-only`\
 in `container.options` makes the file system of every job container read-only.",fix:{text:"Remove the option. What jobs\
 must not change can be a volume with `:ro`.",...!Ue(t)&&{config:K(e,`container:
  options: ${he(t)}`)},kind:"runner"}})},"noexec-tmpfs":{level:"warn",title:"A tmpfs keeps jobs from starting programs",
headline:({target:e})=>A("Jobs cannot start programs in ",e),why:"Docker mounts a tmpfs with `noexec`. What a job downlo\
ads or builds there fails with `Permission denied`.",expected:({fixed:e})=>y(v(`--tmpfs ${e}`)),tell:({file:e,target:t,fixed:n,
options:r})=>({what:`\`container.options\` mounts a tmpfs on ${y(v(t))} without \`exec\`.`,fix:{text:`Write ${y(v(`--tmp\
fs ${n}`))}.`,...!Ue(r)&&{config:K(e,`container:
  options: ${he(r.trim())}`)},kind:"runner"}})},"not-expanded":{level:"fail",title:"A variable in the configuration is n\
ot expanded",headline:({variable:e})=>A("Nothing expands ",e),why:({key:e,variable:t})=>e==="container.options"||e==="co\
ntainer.valid_volumes"?`The runner reads no variables in its configuration, so Docker gets the text ${y(v(t))} itself. T\
he mount is left out, or every job fails during setup.`:`The runner reads no variables in its configuration: it uses the\
 text ${y(v(t))} itself.`,expected:"the value",tell:({key:e,variable:t})=>({what:`${y(e)} contains ${y(v(t))}, which nei\
ther the runner nor Docker expands.`,fix:{text:"Write the value. Compose and shells expand variables in their own files \
only.",kind:"runner"}}),more:"Values of `runner.envs` are not reported: a `$` there may be wanted."},stripped:{level:"fa\
il",title:"The runner drops an option",headline:({flag:e})=>A("The runner drops ",e," from `container.options`"),why:({flag:e,
kind:t,versions:n})=>t==="privileged"?"Nothing reports it. The containers are not privileged, and what needs that (Docke\
r in Docker) fails inside the job.":`The job's setup log says \`container option "${e}" is not allowed when privileged m\
ode is disabled and will be ignored\`. The job then starts without ${t==="gpu"?"a GPU and finds no `nvidia-smi`":"it"}.${_n(
n)}`,expected:({kind:e})=>e==="privileged"?"`container.privileged: true`, or no `--privileged`":"a runner that keeps the\
 options of its own configuration: 3.3.1 or later, or before 3.0.0",tell:({file:e,flag:t,kind:n,versions:r})=>({what:`${r===
void 0?"The":"Depending on its release, the"} runner drops ${y(t)} because \`container.privileged\` is not \`true\`.`,fix:MV(
e,n)}),more:"Runners 3.0.0 to 3.3.0 drop all options that reach out of the container, even from their own configuration:\
 `--gpus`, `--device`, `--runtime`, `--cap-add`, `--security-opt`, `--pid`, `--ipc`, `--sysctl` and others. Every releas\
e drops `--privileged`."},...s_},NV={"'":"Unterminated single-quoted string",'"':"Unterminated double-quoted string","\\":"\
Unterminated backslash-escape"};function CV(e,t){return t?"Move the comment out of the value. Options have no comments: \
`#` is a word like any other, and quotes after it count.":e==="\\"?"Remove the backslash, or write the character that it\
 should escape.":"Close the quote, or escape it with a backslash."}function LV(e){switch(e.kind){case"unknown":return A(
"Unknown option ",e.flag);case"no-value":return A("The option ",e.flag," has no value");case"bad-value":return A("The va\
lue of ",e.flag," is invalid");case"refused":return A("The runner refuses ",e.flag);case"too-new":return A("The option ",
e.flag,` needs runner ${e.since}`)}}function jV(e){let t=y(v(e.flag));switch(e.kind){case"unknown":return`${t} in \`conta\
iner.options\` is not an option of \`docker create\`.${e.meant===void 0?"":` Did you mean ${y(e.meant)}?`}`;case"no-valu\
e":return`${t} at the end of \`container.options\` has no value.`;case"bad-value":return`The runner cannot read ${y(v(e.
value))} as the value of ${t}.`;case"refused":return`The runner refuses ${t} in \`container.options\`.`;case"too-new":return`\
Runner ${e.version} does not know ${t} yet: it was added in ${e.since}.`}}function FV(e){let t="runner";switch(e.kind){case"\
unknown":return e.meant===void 0?{text:"Remove the option. Only options of `docker create` are allowed here.",kind:t}:{text:`\
Write ${y(e.meant)}.`,kind:t};case"no-value":return{text:"Write the value after the option, or remove the option.",kind:t};case"\
bad-value":return{text:`Write ${e.expected}.`,kind:t};case"refused":return{text:"Remove the option. The runner mounts th\
e socket itself, unless `container.docker_host` forbids it.",kind:t};case"too-new":return{text:"Remove the option.",kind:t,
otherwise:{text:`Upgrade the runner to ${e.since} or later.`,kind:"host"}}}}function MV(e,t){let n="If jobs need it, and\
 every job of this runner may be root on the machine, set `container.privileged` to `true`.";return t==="privileged"?{text:"\
Remove the option: the runner drops it, so nothing changes.",kind:"runner",otherwise:{text:n,kind:"runner"}}:{text:"Upgr\
ade the runner to 3.3.1 or later, which keeps the options of its own configuration.",kind:"host",otherwise:t==="gpu"?{text:`\
Make the daemon give GPUs to every container: set \`nvidia\` as its default runtime, and name the GPUs in a variable, whic\
h no release drops. ${fi}`,config:K(e,`container:
  options: --env NVIDIA_VISIBLE_DEVICES=all`),commands:["sudo nvidia-ctk runtime configure --runtime=docker --set-as-def\
ault",Ws],kind:"host"}:{text:n,kind:"runner"}}}var l_={id:"config/options",title:"The runner accepts and keeps every option of its job containers",intro:a_,reasons:Gt,
subject:et,fine:"the runner accepts and keeps every option",waitsFor({config:e},t){return so(e,["container.options","con\
tainer.valid_volumes","container.privileged"],t)},find(e,t){let{config:n}=e,{scalar:r,options:o}=Qo(e);if(!n)return[];let s=HV(
n);if(!r)return s;let i=new Iy(n,r,e,t),a=/\$\(|`/.exec(r.text);return o.problem&&a?[i.notExpanded(a[0]==="`"?"`\u2026`":
"$(\u2026)",a.index),...s]:o.problem?[i.unreadable(o.problem),...s]:[...s,...o.flags.flatMap(l=>i.judgeFlag(l)),...Dd(o.
flags).flatMap(l=>i.judgeMount(l))]}},Iy=class{config;scalar;setup;context;sharing;valid;knowsValid;mayBePrivileged;allowed;strictGlobs;constructor(t,n,r,o){
this.config=t,this.scalar=n,this.setup=r,this.context=o,this.sharing=Ud(r),this.valid=ni(t.root,"container","valid_volum\
es");let s=this.sharing.kind==="mounted"?[this.sharing.source,"act-toolcache"]:["act-toolcache"];this.allowed=[...this.valid,
...s],this.knowsValid=so(t,["container.valid_volumes"],o)===void 0,this.mayBePrivileged=ui(r)||so(t,["container.privileg\
ed"],o)!==void 0,this.strictGlobs=He("volume-glob-stops-at-slash",r,o)}notExpanded(t,n){let r={file:this.config.path,key:"\
container.options",variable:t};return x(Gt,"not-expanded",r,this.details(n,`\`${v(t)}\``))}unreadable(t){let n=t.kind===
"bad-value"?ar(t.value):void 0;if(n!==void 0&&t.kind==="bad-value")return this.notExpanded(n,t.offset);if(t.kind!=="unte\
rminated")return this.unknownFlag(t,t.offset,BV(t));let r=KV(this.scalar.text,t.offset).trim(),o=r.startsWith("#"),s=o?"\
a line that looks like a comment":`\`${v(r)}\``,i=this.details(t.offset,s);return x(Gt,"unterminated-quote",{what:t.what,
inComment:o},i)}judgeFlag(t){let{setup:n,context:r,config:o}=this,s=n.system==="gitea",i=t.value===void 0||qV.has(t.name)?
void 0:ar(t.value);if(i!==void 0)return[this.notExpanded(i,t.valueOffset)];if(t.name==="read-only"&&ll(t)){let d={file:o.
path,options:GV(this.scalar.text,t.written)};return[x(Gt,"read-only-root",d,this.details(t.offset,`\`${t.written}\``))]}
if(t.name==="tmpfs")return this.judgeTmpfs(t);if(t.name==="network"||t.name==="net"){let d=t.value??"",f=this.details(t.
offset,`\`${t.written} ${v(d)}\``);return[x(Gt,"ignored-network",{file:o.path,flag:t.written,network:d},f)]}if(t.name===
"use-api-socket"&&s)return[this.unknownFlag({kind:"refused",flag:t.written},t.offset,`\`${t.written}\``)];let a=r.version===
void 0?void 0:ce(r.version),l=t.since===void 0?void 0:ce(t.since);if(s&&a&&l&&pt(a,l)<0){let d={kind:"too-new",flag:t.written,
since:l.text,version:a.text};return[this.unknownFlag(d,t.offset,`\`${t.written}\``)]}if(this.mayBePrivileged)return[];if(t.
name==="privileged"&&ll(t))return[this.stripped(t,"privileged",void 0)];let c=t.reachesHost?He("gpu-option-dropped",n,r):
void 0;if(!c)return[];let u=t.name==="gpus"||t.name==="runtime"||/nvidia|gpu/i.test(t.value??"");return[this.stripped(t,
u?"gpu":"other",c.versions)]}judgeTmpfs(t){let[n="",r=""]=(t.value??"").split(":");if(!WV.test(ul(n))||r.split(",").includes(
"exec"))return[];let o=`${n}:${[...r.split(",").filter(i=>i!==""&&i!=="noexec"),"exec"].join(",")}`,s={file:this.config.
path,target:n,fixed:o,options:this.scalar.text.split(t.value??"").join(o)};return[x(Gt,"noexec-tmpfs",s,this.details(t.offset,
`\`${v(`${t.written} ${t.value??""}`)}\``))]}judgeMount(t){let{setup:n,context:r,sharing:o}=this;if(t.source===""||!this.
knowsValid||ar(t.source)!==void 0)return[];if(this.valid.some(a=>dl(a)===t.source))return[];let s=this.refusalOf(t);if(t.
target!==Wt)return s?[this.notAllowed(t,s.versions)]:[];if(!s)return o.kind==="mounted"?this.duplicate(t):[];if(o.kind===
"none")return[this.socketNotMounted(t,s.versions)];let i=He("option-volume-displaces-mount",n,r);return[i?this.socketNotMounted(
t,i.versions):this.notAllowed(t,s.versions)]}refusalOf(t){var s;let n=!cl(t,this.allowed,!1),r=!cl(t,this.allowed,!0),o=(s=
this.strictGlobs)==null?void 0:s.versions;return o===void 0?(this.strictGlobs?r:n)?{}:void 0:n&&r?{}:r?{versions:o}:n?{versions:"\
before 4.0.0"}:void 0}duplicate(t){let{setup:n,context:r}=this,o=n.system==="forgejo"?{}:He("duplicate-socket-mount",n,r);
if(!o)return[];let s={...this.asked(t,o.versions),system:n.system};return[x(Gt,"duplicate-socket-mount",s,this.mountDetails(
t))]}socketNotMounted(t,n){let{setup:r,sharing:o,valid:s}=this,i={...this.asked(t,n),system:r.system,valid:s,own:o};return x(
Gt,"socket-not-mounted",i,this.mountDetails(t))}notAllowed(t,n){let{valid:r}=this,o=r.length===0?"no `valid_volumes`, so\
 nothing is allowed":r.map(i=>`\`${v(i)}\``).join(", "),s={...this.asked(t,n),valid:r};return x(Gt,"volume-not-allowed",
s,this.details(t.offset,o))}stripped(t,n,r){let o=this.details(t.offset,`\`${v(`${t.written} ${t.value??""}`.trim())}\``);
return x(Gt,"stripped",{file:this.config.path,flag:`--${t.name}`,kind:n,versions:r},o)}unknownFlag(t,n,r){let{line:o,column:s}=kp(
this.scalar,n),i=t.kind==="unknown"?DV(t.flag,t.meant):void 0,a=i===void 0?void 0:[{line:o,column:s,from:[t.flag],to:i}];
return x(Gt,"unknown-flag",t,{...this.details(n,r),edits:a})}asked({source:t,target:n},r){return{file:this.config.path,source:t,
target:n,versions:r}}mountDetails({source:t,target:n,offset:r}){return this.details(r,`\`${v(`${t}:${n}`)}\``)}details(t,n){
return _(M(this.config.path,kp(this.scalar,t)),n)}};function DV(e,t){if(!(t===void 0||UV.has(t)||t.length<6))return Ze(e.
toLowerCase(),t)<=1?t:void 0}var UV=new Set("--privileged --volume --mount --device --cap-add --security-opt --pid --ipc\
 --uts --userns --network --volumes-from".split(" ")),qV=new Set(["env","label","annotation","health-cmd","entrypoint","\
log-opt"]),WV=/^(?:\/(?:tmp|var\/tmp|root|home|workspace|opt\/hostedtoolcache))(?:\/|$)/;function GV(e,t){return e.split(
/\s+/).filter(n=>n!==""&&n.split("=")[0]!==t).join(" ")}function HV(e){let t=Cn(e.system);return Object.keys(t).flatMap(
n=>{var a;let{type:r,secret:o}=t[n]??{};if(n==="container.options"||o||r!=="text"&&r!=="texts")return[];let s=(a=U(e.root,
...n.split(".")))==null?void 0:a.value;return((s==null?void 0:s.kind)==="list"?s.items:s?[s]:[]).flatMap(l=>{let c=l.kind===
"scalar"?ar(l.text):void 0;if(c===void 0)return[];let u=_(M(e.path,l),`\`${v(c)}\``);return[x(Gt,"not-expanded",{file:e.
path,key:n,variable:c},u)]})})}function BV(e){switch(e.kind){case"unknown":return`\`${e.flag}\``;case"no-value":return"n\
othing after it";case"bad-value":return`\`${v(e.value)}\``}}function KV(e,t){let n=e.lastIndexOf(`
`,t-1)+1,r=e.indexOf(`
`,t);return e.slice(n,r<0?void 0:r)}var c_="Looks at `container.privileged`.",Ny={privileged:{level:"warn",title:"Every job container is privileged",why:"A \
privileged container has access to the machine's disks and devices. Anyone who can push a workflow is root on the runner\
 and can read the data of every other job.",expected:"`privileged: false`",tell:({file:e,dropGpus:t})=>({what:"`containe\
r.privileged` is `true`, so every job can do anything on the runner's machine.",fix:{text:`Turn it off. Building images \
needs only the Docker socket, and GPUs need only \`--gpus\` in \`container.options\`${t===void 0?"":` (runners ${t} drop\
 that option, so upgrade them first)`}.`,config:K(e,`container:
  privileged: false`),kind:"runner",otherwise:{text:"If jobs need it (Docker in Docker), reserve this runner for trusted\
 repositories, and accept the finding in the policy with a reason and an end date.",kind:"workflow"}}})}};var u_={id:"config/privileged",title:"Job containers are not privileged",intro:c_,reasons:Ny,subject:et,fine:"job contai\
ners are not privileged",find(e,t){let{config:n}=e,r=U(n==null?void 0:n.root,"container","privileged");if(!n||!r||!qn(n.
root,"container","privileged"))return[];let o=_(M(n.path,r),"`privileged: true`");return[x(Ny,"privileged",{file:n.path,
dropGpus:qd(e,t)},o)]}};var f_="Looks at `.runner`, which the runner writes when it is registered. It contains the runner's token; the lint read\
s only the labels.",mi={missing:{level:"fail",title:"The runner cannot find its registration file (`.runner`)",why:"The \
runner exits with `registration file not found, please register the runner first` and takes no job.",expected:({path:e})=>y(
e),tell:({path:e,system:t,user:n})=>({what:`The runner looks for its registration at ${y(e)}, which does not exist.`,fix:{
text:"Register the runner in that directory as its own user. The command asks for the address of the forge and for a reg\
istration token.",commands:[VV(e,t,n)],kind:"host",otherwise:{text:"If the runner is registered already, set `runner.fil\
e` to the absolute path of its `.runner`.",kind:"runner"}}}),more:"Without an absolute `runner.file`, the runner looks i\
n the working directory of its service. This is reported only on the runner's own machine."},"labels-differ":{level:"war\
n",title:"Registration and configuration have different labels",headline:e=>"unit"in e?"Variable and configuration have \
different labels":"Registration and configuration have different labels",why:e=>{if(!("unit"in e))return"The configurati\
on counts, but only from the next start of the runner. Until then, the forge sends it jobs for the old labels. Labels th\
at are written into the registration by hand are overwritten.";let t="From runner 2.1.0 on, the variable replaces the la\
bels of the configuration.";switch(e.wins){case"yes":return"The variable counts: from runner 2.1.0 on, it replaces the l\
abels of the configuration. Jobs for the others wait with `No matching online runner with label`.";case"no":return`This \
release does not read the variable. ${t} So an upgrade alone changes which jobs the runner takes.`;case"unknown":return`${t}\
 Before, the daemon does not read it. So an upgrade alone changes which jobs the runner takes.`}},expected:({config:e})=>`\
the labels of ${y(e)}`,tell:e=>{let{config:t,onlyInConfig:n,service:r}=e;if("unit"in e)return{what:d_([[t,n],["GITEA_RUN\
NER_LABELS",e.onlyInVariable]]),fix:{text:`Keep the labels in one place: remove \`GITEA_RUNNER_LABELS\` from the unit, and\
 write every label into the configuration. ${Qe}`,commands:["sudo systemctl daemon-reload",`sudo systemctl restart ${G(r)}`],
kind:"host"}};let{registration:o,onlyInRegistration:s}=e;return{what:d_([[t,n],[o,s]]),fix:{text:`Change labels in the c\
onfiguration only: at its start, the runner writes them into the registration and reports them to the forge. ${Qe}`,commands:[
`sudo systemctl restart ${G(r)}`],kind:"host"}}},more:"`GITEA_RUNNER_LABELS` in the unit counts more than `runner.labels\
`, and that more than `.runner`."},"world-readable":{level:"warn",title:"Every user can read the runner's token",why:"An\
yone who reads the token can impersonate this runner and receive its jobs and their secrets. Jobs with host labels can r\
ead the file too.",expected:"mode 0600",tell:({path:e,mode:t,user:n})=>({what:`Every user of the machine can read ${y(e)}\
, which contains the runner's token (mode ${br(t)}).`,fix:zV(e,n)}),more:"The runner creates `.runner` with the usual um\
ask, so it has mode `0644` until you change that. Closing the file is enough: the runner keeps its mode when it changes \
the labels. `UMask=0077` in the unit protects the file of the next registration."}};function VV(e,t,n){let r=Do(t),o=at(
e),s=`sudo --user=${G(n??r)}`;return`${o==="."?"":`cd ${gt(o)} && `}${s} ${r} register --config /etc/${r}/config.yaml`}function d_(e){
return e.filter(([,t])=>t.length>0).map(([t,n])=>{let r=n.slice(0,5).map(s=>y(v(s))),o=n.length>r.length?[`${n.length-r.
length} more`]:[];return`${ee([...r,...o])} ${n.length===1?"is":"are"} only in ${y(t)}.`}).join(" ")}function zV(e,t){return{
text:`Close the file to other users.${Ds(t)} After a new registration, do it again, or set \`UMask=0077\` in the runner's \
unit.`,commands:[...t===void 0?[]:[`sudo chown ${kr(t)} ${gt(e)}`],`sudo chmod 600 ${gt(e)}`],kind:"host"}}var p_={id:"config/registration",title:"The runner is registered with the labels of its configuration, and its token is \
kept",intro:f_,reasons:mi,subject:Eg,fine:"the registration is in its place and closed to other users",find(e){return[...JV(
e),...YV(e),...XV(e),...QV(e)]}};function JV(e){let{registration:t}=e;if(!(t!=null&&t.readableByAll))return[];let{path:n,
mode:r}=t;return[x(mi,"world-readable",{path:n,mode:r,user:pr(e)},_({file:n},`mode ${br(r)}`))]}function YV(e){if(e.registration||
Yr(e).length>0)return[];let t=ZV(e);if(!t)return[];let{path:n,location:r}=t;return[x(mi,"missing",{path:n,system:e.system,
user:pr(e)},_(r,"no such file"))]}function ZV(e){var a;let t=e.others.find(l=>l.kind==="absent"&&Ha(l.path));if(t)return{
path:t.path,location:{file:t.path}};let{config:n}=e;if(n!=null&&n.registration){let{path:l,found:c}=n.registration,u=U(n.
root,"runner","file");return c==="yes"?void 0:{path:l,location:u?M(n.path,u.value):{file:n.path}}}let r=Y(n==null?void 0:
n.root,"runner","file");if(r!==""&&r!==".runner")return;let o=e.units.find(l=>{var c;return(c=l.machine)==null?void 0:c.
registration}),s=(a=o==null?void 0:o.machine)==null?void 0:a.registration;if(!o||(s==null?void 0:s.found)!=="no")return;
let i=o.settings.find(l=>l.name==="WorkingDirectory");return{path:s.path,location:i?M(o.path,i):{file:o.path}}}function XV(e){
let{config:t,registration:n}=e;if(!t||!n||n.problem||!rd(e))return[];if(sd(e).length>0&&od(e)!=="no")return[];let r=new Set(
fr(e).map(({text:u})=>Cy(u.text,e))),o=new Set(n.labels.map(u=>Cy(u.text,e))),s=[...r].filter(u=>!o.has(u)),i=[...o].filter(
u=>!r.has(u));if(s.length===0&&i.length===0)return[];let[a]=n.labels,[l]=e.units,c=l?Us(l.path):Do(e.system);return[x(mi,
"labels-differ",{registration:n.path,config:t.path,onlyInConfig:s,onlyInRegistration:i,service:c},_(a?M(n.path,a):{file:n.
path},n.labels.length===0?"no labels":`${n.labels.length} labels in the registration`))]}function QV(e){let{config:t}=e,
[n,...r]=sd(e);if(!t||!n||!rd(e)||e.system==="forgejo")return[];let o=d=>new Set(d.map(({text:f})=>Cy(f.text,e))),[s,i]=[
o([n,...r]),o(nd(e))],a=[...s].filter(d=>!i.has(d)),l=[...i].filter(d=>!s.has(d));if(a.length===0&&l.length===0)return[];
let c={unit:n.file,config:t.path,onlyInConfig:l,onlyInVariable:a,service:Us(n.file),wins:od(e)},u=_(M(n.file,n.text),`${r.
length+1} labels in the variable`);return[x(mi,"labels-differ",c,u)]}function Cy(e,t){let n=Ge(e,t.system);if(n.kind!=="\
label")return e;let{name:r,kind:o,image:s}=n.label;return o==="docker"?`${r}:docker://${s}`:`${r}:${o}`}var h_={"start-limit":{level:"warn",title:"systemd gives up after a few restarts",why:({burst:e,interval:t})=>`If Docker\
 or the forge does not answer when the service starts, as after a boot, the runner exits at once. After ${e} exits withi\
n ${t} seconds, systemd says \`Start request repeated too quickly\` and leaves it down, whatever \`Restart\` says.`,expected:"\
`RestartSec=5s`, or `StartLimitIntervalSec=0`",tell:({file:e,delay:t,burst:n,interval:r})=>({what:`systemd starts the se\
rvice again ${t===void 0?"after 100 ms":`after ${y(t)}`}, but at most ${n} times in ${r} seconds.`,fix:{text:"Wait longe\
r between two starts.",config:ct(e,`[Service]
RestartSec=${Math.max(5,Math.ceil(r/Math.max(1,n))+1)}s`),commands:["sudo systemctl daemon-reload"],kind:"host"}})},"boo\
t-race":{level:"warn",title:"After a boot, the runner can start before the network",why:"The runner then cannot reach it\
s forge and exits, and nothing starts it again. Its jobs wait until someone notices.",expected:"`After=network-online.ta\
rget` and `Wants=network-online.target`",tell:({file:e})=>({what:"The unit does not wait for `network-online.target`; `n\
etwork.target` is reached before the machine has an address.",fix:{text:"Start the service when the network is up.",config:ct(
e,`[Unit]
After=network-online.target
Wants=network-online.target`),commands:["sudo systemctl daemon-reload"],kind:"host"}}),more:"A service that systemd star\
ts again, however often, finds its network by itself and is not reported."},"kill-mode":{level:"warn",title:"The stop of\
 the service does not fit its jobs",headline:e=>{switch(e.kind){case"left":return A("Processes of jobs survive a stop: ",
`KillMode=${e.mode}`);case"too-early":return"systemd kills jobs before `shutdown_timeout` ends";case"jobs-too":return"A \
stop of the service ends host jobs at once"}},why:e=>{switch(e.kind){case"left":return"What a job started goes on after \
the runner has stopped. It holds ports, files and GPUs, and disturbs the jobs of the next start.";case"too-early":return`\
A restart or a shutdown ends running jobs with SIGKILL, although the runner would let them finish.${e.reachesJobs?` ${m_}`:
""}`;case"jobs-too":return m_}},expected:e=>[...e.kind==="too-early"?[`\`TimeoutStopSec\` of at least ${y(e.written)}`]:
[],...Ly(e)?["`KillMode=mixed`"]:[]].join(", "),tell:e=>({what:e5(e),fix:{text:[...e.kind==="too-early"?["Give the servi\
ce as much time as its jobs."]:[],...Ly(e)?["Let systemd stop the runner first, and what is left of its jobs at the end."]:
[]].join(" "),config:ct(e.file,["[Service]",...e.kind==="too-early"?[`TimeoutStopSec=${t5(e.written)}`]:[],...Ly(e)?["Ki\
llMode=mixed"]:[]].join(`
`)),commands:["sudo systemctl daemon-reload"],kind:"host"}})}},m_="systemd sends SIGTERM to every process of the service\
: jobs on the host die while the runner still waits for them.";function Ly(e){return e.kind==="left"||e.reachesJobs}function e5(e){
switch(e.kind){case"left":return`With ${y(`KillMode=${e.mode}`)}, systemd stops the runner alone and leaves the processe\
s of its jobs.`;case"too-early":return`\`runner.shutdown_timeout\` is ${y(e.written)}, but systemd kills the service aft\
er ${e.timeout===void 0?"90 seconds":y(e.timeout)}${e.reachesJobs?", and the unit has no `KillMode=mixed`":""}.`;case"jo\
bs-too":return`\`runner.shutdown_timeout\` gives jobs ${y(e.written)} to finish, but the unit has no \`KillMode=mixed\`.`}}
function t5(e){return`${Math.ceil(ed(e)??0)}s`}var g_={"ignored-line":{level:"warn",title:"systemd ignores a line of the unit",headline:({line:e})=>{switch(e.why){case"\
outside":case"no-equals":case"no-name":return`systemd ignores line ${e.line} of the unit`;case"section":return A("system\
d ignores the section ",`[${e.name}]`);default:return A("systemd ignores ",`${e.name}=`)}},why:({line:e})=>r5(e),expected:({
line:e})=>{switch(e.why){case"outside":return"`[Unit]` or `[Service]` above it";case"no-equals":case"no-name":return"`Na\
me=value`";case"section":return"`[Unit]`, `[Service]` or `[Install]`";case"wrong-section":return`${y(e.name)} in ${y(`[${e.
right}]`)}`;case"unknown-key":return y(e.meant);case"remark":return y(v(`${e.name}=${e.bare}`));case"value":return e.expected}},
tell:({file:e,line:t})=>({what:n5(t),fix:{...s5(e,t),commands:["sudo systemctl daemon-reload"],kind:"host"}}),more:"syst\
emd knows no comments behind values: everything up to the end of the line is the value."},"fatal-value":{level:"fail",title:"\
systemd does not start the service with this value",headline:e=>e.kind==="header"?"A section's header is broken":A("The \
service does not start with ",`${e.name}=${e.value}`),why:l5,expected:e=>{switch(e.kind){case"header":return"`[Service]`\
 alone on its line";case"relative":return"an absolute path, or `~`";case"remark":return y(v(`${e.name}=${e.bare}`));case"\
program":return"an absolute path of the program";case"second-command":return"one `ExecStart`";case"restart-of-oneshot":case"\
never-ready":case"oneshot":return"`Type=simple`, or no `Type`"}},tell:e=>({what:a5(e),fix:{...c5(e),commands:qs(e.file),
kind:"host"}})}};function n5(e){switch(e.why){case"outside":return"The line is before the first section.";case"no-equals":
return"The line is neither a section nor an assignment.";case"no-name":return"The assignment has no name.";case"section":
return`systemd knows no section ${y(`[${e.name}]`)}, and ignores everything in it.`;case"wrong-section":return`${y(e.name)}\
 is in ${y(`[${e.section}]`)}, but systemd reads it in ${y(`[${e.right}]`)}.`;case"unknown-key":return`systemd knows no ${y(
e.name)} in ${y(`[${e.section}]`)}. Did you mean ${y(e.meant)}?`;case"remark":return`What follows ${y(v(`${e.name}=${e.bare}`))}\
 is a part of the value for systemd, which it cannot read then.`;case"value":return`${y(v(e.value))} is not a value of ${y(
e.name)}.`}}function r5(e){let n={outside:"`Assignment outside of section. Ignoring.`","no-equals":"`Missing '=', ignori\
ng line.`","no-name":"`Missing key name before '=', ignoring line.`",section:"`Unknown section. Ignoring.`"}[e.why]??"`i\
gnoring`",r="name"in e?o5[e.name]:void 0;return`systemd's journal says ${n}, and the service starts as if the line were \
not there.${r===void 0?"":` ${r}`}`}var o5={Restart:"So nothing restarts the runner after it exits.",TimeoutStopSec:"So \
a stop ends running jobs after 90 seconds.",RestartSec:"So systemd restarts the runner after 100 ms, and gives up after \
5 times."};function s5(e,t){switch(t.why){case"outside":return{text:`Write \`[Unit]\` or \`[Service]\` above line ${t.line}\
.`};case"no-equals":return{text:"Write `Name=value`, or begin the line with `#` if it is a comment."};case"no-name":return{
text:"Write the name before the `=`."};case"section":return{text:"Correct the name of the section. Sections of your own \
begin with `X-`."};case"wrong-section":return{text:`Move the line to ${y(`[${t.right}]`)}.`};case"unknown-key":return{text:`\
Write ${y(t.meant)}.`};case"remark":return{text:`Write ${y(v(`${t.name}=${t.bare}`))}, and the remark on a line of its o\
wn that begins with \`#\`.`,...!Ue(t.bare)&&{config:ct(e,`[${i5(t.name)}]
${t.name}=${t.bare}`)}};case"value":return{text:`Write ${t.expected}.`}}}function i5(e){return/^(?:StartLimit|JobTimeout)/.
test(e)?"Unit":"Service"}function a5(e){if(e.kind==="header")return"The header of a section does not end with `]`.";let t=y(
v(`${e.name}=${e.value}`,200));switch(e.kind){case"relative":return`${t} is not an absolute path.`;case"remark":return`s\
ystemd knows no comments behind values, so the remark in ${t} is a part of the value.`;case"program":return`The path of \
the program in ${t} is relative, and systemd expands neither \`~\` nor variables there.`;case"second-command":return"The\
 service has more than one `ExecStart`.";case"never-ready":return`With ${t}, systemd waits for a signal of readiness tha\
t the runner never gives.`;case"oneshot":return`With ${t}, systemd waits for the runner to exit, which a daemon does not\
.`;case"restart-of-oneshot":return`${t} is not allowed with \`Type=oneshot\`.`}}function l5(e){let t="`Unit configuratio\
n has fatal error, unit will not be started`";switch(e.kind){case"header":return"systemd does not load the unit: `Invali\
d section header`.";case"relative":return`systemd refuses the unit: ${t}.`;case"program":return`systemd refuses the unit\
: \`Neither a valid executable name nor an absolute path\`, ${t}.`;case"remark":return e.name==="User"?"There is no such\
 user: the service ends with `status=217/USER`.":"There is no such directory: the service ends with `status=200/CHDIR`.";case"\
second-command":return"systemd refuses the unit: `Service has more than one ExecStart= setting, which is only allowed fo\
r Type=oneshot services. Refusing.`";case"never-ready":return"After 90 seconds, systemd says `start operation timed out.\
 Terminating` and stops the runner with its jobs.";case"oneshot":return"The service stays in `activating`: what waits fo\
r it never starts, and `systemctl start` does not return.";case"restart-of-oneshot":return"systemd refuses the unit: `Se\
rvice has Restart= set to either always or on-success, which isn't allowed for Type=oneshot services. Refusing.`"}}function c5(e){
switch(e.kind){case"header":return{text:`Write the header alone on its line. ${Qe}`};case"relative":return{text:`Write t\
he absolute path. ${Qe}`};case"program":return{text:`Write the absolute path of the program. ${Qe}`};case"remark":return{
text:`Put the remark on a line of its own, which begins with \`#\`. ${Qe}`,...!Ue(e.bare??"")&&{config:ct(e.file,`[Servi\
ce]
${e.name}=${e.bare}`)}};case"second-command":return{text:"Keep one of the commands. In a drop-in, an empty `ExecStart=` \
must come before the new one. Restart the runner while no job runs."};case"restart-of-oneshot":case"never-ready":case"on\
eshot":return{text:`Remove the type: the runner is a plain daemon. ${Qe}`,config:ct(e.file,`[Service]
Type=simple`)}}}var y_="Reads the systemd unit with its drop-ins, merged as systemd merges them. A unit that starts the runner in a cont\
ainer, or through a script, is not judged.",At={"no-config":{level:"fail",title:"The service starts the runner without i\
ts configuration",why:"The runner does not look for a configuration by itself. Labels, options and everything else in th\
e file have no effect; the defaults apply, and nothing reports it.",expected:"`--config` with the path of the configurat\
ion",tell:({file:e,command:t,config:n})=>({what:`${y(v(t,200))} has no \`--config\`, so the runner reads ${n===void 0?"n\
o `config.yaml`":`nothing of ${y(n)}`}.`,fix:{text:`Add ${Ue(t)?y(`--config ${w_(t)}`):"`--config`"} to the command. ${Qe}`,
...!Ue(t)&&{config:ct(e,`[Service]
${u5(e)?`ExecStart=
`:""}ExecStart=${d5(t)}`)},commands:qs(e),kind:"host"}}),more:"Without any configuration that it could miss, this is a w\
arning: labels can be in `.runner`, and the defaults work."},"no-restart":{level:"warn",title:"The service does not rest\
art the runner",why:"After a crash, or if the forge or Docker is unavailable for a minute, the runner stays down. Its jo\
bs wait until someone notices.",expected:"`Restart=always` or `Restart=on-failure`",tell:({file:e,restart:t})=>({what:`T\
he unit has ${t===void 0?"no `Restart`":y(`Restart=${t}`)}, so systemd does not start the runner again when it exits${t===
void 0||t==="no"?"":" with an error"}.`,fix:{text:"Let systemd restart the runner.",config:ct(e,`[Service]
Restart=always
RestartSec=5s`),commands:["sudo systemctl daemon-reload"],kind:"host"}})},"not-after-docker":{level:"warn",title:"The se\
rvice does not wait for Docker",why:"After a reboot, the runner can start before Docker and exit with `cannot ping the d\
ocker daemon, is it running?`. At a shutdown, Docker can stop first, and running jobs lose their containers.",expected:"\
`After=docker.service`",tell:({file:e})=>({what:"Nothing in the unit orders the service after Docker.",fix:{text:"Start \
the service after Docker.",config:ct(e,`[Unit]
After=docker.service network-online.target
Wants=docker.service network-online.target`),commands:["sudo systemctl daemon-reload"],kind:"host",otherwise:{text:"Let \
the runner itself wait for Docker (runner 0.2.13 and later).",config:{file:"config.yaml",language:"yaml",text:`container\
:
  docker_timeout: 2m`},kind:"runner"}}})},"not-in-docker-group":{level:"fail",title:"The service's user cannot use the D\
ocker socket",headline:({isKnown:e})=>e?"The service's user is not in the group `docker`":"The service's user may not be\
 in the group `docker`",why:Nu,expected:"`SupplementaryGroups=docker`, or the user in the group",tell:({file:e,user:t,isKnown:n})=>({
what:n?`The user ${y(t)} is not in the group \`docker\`, and the unit does not add it.`:`The unit does not add the user ${y(
t)} to the group \`docker\`. This machine does not know whether the user is in it.`,fix:{text:`Give the service the grou\
p. ${Qe}`,config:ct(e,`[Service]
SupplementaryGroups=docker`),commands:qs(e),kind:"host",otherwise:{text:`Add the user to the group for everything it doe\
s. ${Qe}`,commands:[`sudo usermod -aG docker ${kr(t)}`,`sudo systemctl restart ${G(Us(e))}`],kind:"host"}}}),more:"On a \
machine that does not know the user, this is a warning."},"toolchain-off-path":{level:"fail",title:"Tools of the machine\
 are not on the service's PATH",why:"A service reads no shell profile and no `~/.cargo/env`. Jobs fail with `cargo: comm\
and not found`, or with `Cannot find: node in PATH` before their first step, although a login shell finds both.",expected:"\
a PATH with the directories of the tools",tell:({file:e,user:t,missing:n,path:r})=>({what:n.length>0?`${ee(n.map(y))} ${n.
length===1?"is":"are"} not on the service's PATH, which jobs with host labels inherit.`:"The unit sets no PATH, so jobs \
with host labels find only what the system installed.",fix:{text:`Set the PATH in the unit, or install the tools for all\
 users (\`/usr/local/bin\`). ${Qe}`,config:ct(e,`[Service]
Environment="PATH=${Ew([...f5(t,n),r].join(":"))}"`),commands:qs(e),kind:"host"}}),more:"On a machine that does not know\
 the service's user, a unit without any PATH is a warning."},...g_,...h_};function u5(e){return e.endsWith(".conf")}function d5(e){
return e.replace(/\bdaemon\b/,`daemon --config ${w_(e)}`)}function w_(e){return/forgejo/.test(e)?"/etc/forgejo-runner/co\
nfig.yaml":/act_runner/.test(e)?"/etc/act_runner/config.yaml":"/etc/gitea-runner/config.yaml"}function f5(e,t){return t.
length>0?t:[e==="root"?"/root/.cargo/bin":`/home/${/^[\w.-]+$/.test(e)?e:"runner"}/.cargo/bin`]}var b_={id:"config/service",title:"The service starts the runner with its configuration, after Docker, and restarts it",
intro:y_,reasons:At,subject:lT,fine:"the service starts the runner with its configuration and restarts it",find(e){let t=Ne(
e,"Service","ExecStart"),n=e.units.find(s=>!s.dropIn);if(t&&!za(t.value))return[];let r=e.units.flatMap(s=>[...p5(s),...m5(
s)]);return e.units.some(({brokenHeader:s,ignored:i=[]})=>s||!t&&i.length>0)?r:[...r,...y5(e),...t?k5(e,t):[],...n?[...b5(
e,n),...v5(e),...x5(e,n),...$5(e,n),...S5(e,n),...R5(e,n),...E5(e,n)]:[]]}};function p5({path:e,brokenHeader:t}){return t?
[x(At,"fatal-value",{kind:"header",file:e},_(M(e,t),"no `]` at its end"))]:[]}function m5({path:e,settings:t,ignored:n=[]}){
return n.map(r=>x(At,"ignored-line",{file:e,line:r},{..._(M(e,r),g5(r)),edits:h5(r,t)}))}function h5(e,t){switch(e.why){case"\
remark":return vy(e,e.name,e.bare);case"unknown-key":return t.some(({name:r,section:o})=>r===e.meant&&o===e.section)?void 0:
[{line:e.line,column:e.column,from:[e.name],to:e.meant}];case"value":{let n=e.value.toLowerCase();return n!==e.value&&Ba(
e.name,n)===void 0&&/^[a-z-]+$/.test(n)?by(e,`${e.name}=${n}`):void 0}default:return}}function g5(e){switch(e.why){case"\
remark":return`text after \`${e.name}=${e.bare}\``;case"value":return`\`${v(`${e.name}=${e.value}`)}\``;case"outside":return"\
no section above it";case"no-equals":return"no `=`";case"no-name":return"no name before `=`";default:return`\`${e.name}\``}}
function y5(e){var l;let t=[],n=(c,u,d)=>{let{file:f,name:p,value:g}=c,m=Jr(g),h=w5(c,u,m),w={..._(M(f,c),`\`${v(`${p}=${g}`,
200)}\``,d),edits:h};t.push(x(At,"fatal-value",{kind:u,file:f,name:p,value:g,bare:m},w))},r=Ne(e,"Service","WorkingDirec\
tory");r&&!/^(?:[-!]?[/~%]|-)/.test(r.value)?n(r,"relative"):r&&Jr(r.value)!==void 0&&n(r,"remark");let o=Ne(e,"Service",
"User");o&&Jr(o.value)!==void 0&&n(o,"remark");let s=qt(e,"Service","ExecStart");for(let c of s){let u=((l=/^[-@:+!|]*["']?([^\s"']*)/.
exec(c.value))==null?void 0:l[1])??"";u.includes("/")&&!/^[/%]/.test(u)&&n(c,"program")}let i=Ne(e,"Service","Type"),[,a]=s;
if(a&&(i==null?void 0:i.value)!=="oneshot"&&n(a,"second-command"),i&&/^(?:forking|notify|notify-reload|dbus)$/.test(i.value)&&
n(i,"never-ready"),(i==null?void 0:i.value)==="oneshot"){let c=Ne(e,"Service","Restart");c&&/^(?:always|on-success)$/.test(
c.value)?n(c,"restart-of-oneshot"):n(i,"oneshot","warn")}return t}function w5(e,t,n){return t==="remark"&&n!==void 0?vy(
e,e.name,n):t==="never-ready"?by(e,"Type=simple"):void 0}function k5(e,t){var i;let{file:n,value:r}=t;if(/(?:^|\s)(?:--config|-c)(?:[\s=]|$)/.
test(r)||!/\bdaemon\b/.test(r))return[];let o=((i=e.config)==null?void 0:i.path)??e.units.flatMap(({machine:a})=>(a==null?
void 0:a.configs)??[])[0],s=_(M(n,t),`\`${r.slice(0,200)}\``,o===void 0?"warn":void 0);return[x(At,"no-config",{file:n,command:r,
config:o},s)]}function hl(e,...t){return e.units.some(({ignored:n=[]})=>n.some(r=>"name"in r&&t.includes(r.name)))}function b5(e,t){
if(hl(e,"Restart"))return[];if(jy(e)!=="never")return[];let n=Ne(e,"Service","Restart"),r=n?M(n.file,n):gl(t,"Service"),
o={file:(n==null?void 0:n.file)??t.path,restart:n==null?void 0:n.value};return[x(At,"no-restart",o,_(r,n?`\`Restart=${n.
value}\``:"no `Restart`"))]}function jy(e){var o;if(!/^(?:always|on-failure)$/.test(((o=Ne(e,"Service","Restart"))==null?
void 0:o.value)??""))return"never";let{seconds:t,interval:n,burst:r}=v_(e);return n===0||t*r>=n?"always":"until-limit"}function v_(e){
let t=n=>{var r;return(r=Ne(e,"Unit",n)??Ne(e,"Service",n))==null?void 0:r.value};return{seconds:Ka(t("RestartSec")??"")??
.1,interval:Ka(t("StartLimitIntervalSec")??t("StartLimitInterval")??"")??10,burst:Number(t("StartLimitBurst")??5)}}function v5(e){
let t=Ne(e,"Service","Restart");if(!t||jy(e)!=="until-limit"||hl(e,"RestartSec"))return[];let n=Ne(e,"Service","RestartS\
ec"),r=n??t,o={file:r.file,delay:n==null?void 0:n.value,...v_(e)},s=n?`\`RestartSec=${n.value}\``:"no `RestartSec`, so 1\
00 ms";return[x(At,"start-limit",o,_(M(r.file,r),s))]}function x5(e,t){let n=l=>qt(e,"Unit",l).flatMap(({value:c})=>c.split(
/\s+/)),r="network-online.target",o=qt(e,"Install","WantedBy").length>0;if(t.ofUser||!o||jy(e)!=="never"||hl(e,"After"))
return[];if(n("After").includes(r))return[];let[s]=qt(e,"Unit","After"),i=s?M(s.file,s):gl(t,"Unit"),a=s?`\`After=${v(s.
value,100)}\``:"no `After`";return[x(At,"boot-race",{file:t.path},_(i,a))]}function $5(e,t){var p;let n=Ne(e,"Service","\
KillMode");if(n&&/^(?:process|none)$/.test(n.value)){let g={kind:"left",file:n.file,mode:n.value};return[x(At,"kill-mode",
g,_(M(n.file,n),`\`KillMode=${n.value}\``))]}let r=Y((p=e.config)==null?void 0:p.root,"runner","shutdown_timeout"),o=ed(
r)??0;if(o<=0)return[];let s=Ne(e,"Service","TimeoutStopSec")??Ne(e,"Service","TimeoutSec"),i=s?Ka(s.value)??90:90,a=!hl(
e,"TimeoutStopSec","TimeoutSec")&&i!==0&&i<o,l=Rg(e)&&(n==null?void 0:n.value)!=="mixed";if(!a&&!l)return[];let c=a?s:n,
u={kind:a?"too-early":"jobs-too",file:(c==null?void 0:c.file)??t.path,written:r,timeout:s==null?void 0:s.value,reachesJobs:l},
d=[...a?[s?`\`${s.name}=${s.value}\``:"no `TimeoutStopSec`, so 90 s"]:[],...l?[n?`\`KillMode=${n.value}\``:"no `KillMode\
`, so `control-group`"]:[]],f=c?M(c.file,c):gl(t,"Service");return[x(At,"kill-mode",u,_(f,d.join(", ")))]}function S5(e,t){
var a,l;if(t.ofUser||tn(e)==="no"||hl(e,"After"))return[];if(Bo((a=e.config)==null?void 0:a.root,"container","docker_tim\
eout")!==void 0)return[];let n=Y((l=e.config)==null?void 0:l.root,"container","docker_timeout");if(n!==""&&!/^-|^0+[a-z\u00b5]*$/.
test(n))return[];if(x_(e))return[];let r=qt(e,"Unit","After");if(r.some(({value:c})=>/\b(?:docker|podman|containerd)[\w.-]*\.(?:service|socket)\b/.
test(c)))return[];let[o]=r,s=o?M(o.file,o):gl(t,"Unit"),i=o?`\`After=${o.value.slice(0,100)}\``:"no `After`";return[x(At,
"not-after-docker",{file:t.path},_(s,i))]}function x_(e){var r;let t=Y((r=e.config)==null?void 0:r.root,"container","doc\
ker_host"),n=/^(?:-|automount|)$/.test(t)?Zr(e,"DOCKER_HOST"):t;return/^(?:tcp|ssh|https?):|\/run\/user\/|\bpodman\b/.test(
n??"")}function R5(e,t){var c;if(t.ofUser||tn(e)==="no")return[];if(x_(e))return[];let n=Ne(e,"Service","User");if(!n||n.
value==="root"||n.value==="0")return[];let r=[...qt(e,"Service","Group"),...qt(e,"Service","SupplementaryGroups")];if(r.
some(({value:u})=>u.split(/\s+/).includes("docker")))return[];let o=(c=e.units.find(u=>u.path===n.file))==null?void 0:c.
machine;if((o==null?void 0:o.inDockerGroup)===!0)return[];let s=(o==null?void 0:o.inDockerGroup)===!1,i=r.length>0?r.map(
({name:u,value:d})=>`\`${u}=${d}\``).join(", "):"no group but the user's own",a={file:t.path,user:pr(e)??n.value,isKnown:s},
l=_(M(n.file,n),i,s?void 0:"warn");return[x(At,"not-in-docker-group",a,l)]}var k_="/usr/local/sbin:/usr/local/bin:/usr/s\
bin:/usr/bin:/sbin:/bin";function E5(e,t){var p,g;if(!Rg(e))return[];if(Ko(e,"PATH")||Y((p=e.config)==null?void 0:p.root,
"runner","env_file")!=="")return[];if(qt(e,"Service","EnvironmentFile").length>0)return[];let n=Zr(e,"PATH"),r=(n??k_).split(
":"),o=Ne(e,"Service","User"),s=(g=e.units.find(m=>m.path===((o==null?void 0:o.file)??t.path)))==null?void 0:g.machine,i=(s==
null?void 0:s.userKnown)===!0,a=((s==null?void 0:s.toolchains)??[]).filter(m=>!r.some(h=>h===m||h.startsWith(`${m}/`)));
if(i?a.length===0:n!==void 0)return[];let l=qt(e,"Service","Environment").filter(({value:m})=>/\bPATH=/.test(m)),c=l[l.length-
1],u=c?M(c.file,c):gl(t,"Service"),d={file:(c==null?void 0:c.file)??t.path,user:(o==null?void 0:o.value)??"root",missing:i?
a:[],path:n??k_},f=n===void 0?"systemd's own PATH":`\`PATH=${n.slice(0,300)}\``;return[x(At,"toolchain-off-path",d,_(u,f,
i?void 0:"warn"))]}function gl(e,t){let n=e.settings.find(r=>r.section===t)??e.settings[0];return M(e.path,n??{line:1,column:1})}var $_="Reads each file. A file that cannot be read is not judged by any other check.",hi={"invalid-yaml":{level:"fail",
title:"A file has a syntax error",headline:({file:e,problem:t})=>A("Syntax error in ",Ke(e),`, line ${t.line}`),why:({kind:e})=>A5[e],
expected:({kind:e})=>T5[e],tell:({file:e,kind:t,problem:n})=>({what:`${y(e)} cannot be read: ${n.message}.`,fix:O5(e,t,n.
line)}),more:"Go's YAML parser refuses more than others do: a key that occurs twice, a tab as indentation, bytes that ar\
e not text."},unreadable:{level:"fail",title:"A file is missing or cannot be read",headline:({file:e})=>{switch(e.kind){case"\
absent":return A("",Ke(e.path)," does not exist");case"unreadable":return A("No permission to read ",Ke(e.path));case"ot\
her":return A("",Ke(e.path)," has nothing to read")}},why:({file:e})=>e.kind==="absent"?"A runner that is started with t\
his file exits with `open config file`. Nothing in it could be checked.":"Nothing in it could be checked.",expected:"a f\
ile of the runner that can be read",tell:({file:e})=>{switch(e.kind){case"absent":return{what:`${y(e.path)} does not exi\
st.`,fix:{text:"Name the file that the runner really reads: `ExecStart` of its unit has it after `--config`.",commands:[
"systemctl cat '*runner*.service' | grep ExecStart"],kind:"host"}};case"unreadable":return{what:`This user cannot read ${y(
e.path)} (${e.code}). The runner's own user may be able to.`,fix:{text:"Run the lint as the runner's user or as root.",commands:[
`sudo runner-check lint ${gt(e.path)}`],kind:"host"}};case"other":return{what:`${y(e.path)} is ${e.what}.`,fix:{text:"Li\
nt a `config.yaml`, a `.runner` or a systemd unit of a runner.",kind:"host"}}}}},"not-a-config":{level:"fail",title:"A f\
ile is not a runner's",headline:({path:e})=>A("",Ke(e)," is not a runner's file"),why:"No runner reads such a file, so n\
othing in it was judged.",expected:"a `config.yaml`, a `.runner` or a systemd unit of Gitea's or Forgejo's runner, or a \
workflow",tell:({path:e,what:t})=>({what:`${y(e)} is ${t}, not a file of Gitea's or Forgejo's runner.`,fix:{text:"Name t\
he file that the runner really reads: `ExecStart` of its unit has it after `--config`, and its container has it in `CONF\
IG_FILE`.",commands:["systemctl cat '*runner*.service' | grep ExecStart"],kind:"host"}}),more:"The content tells, whatev\
er the name: a file is a configuration of a runner unless more of its keys at the top are foreign than belong to one."},
template:{level:"fail",title:"A file is a template",headline:({path:e})=>A("",Ke(e)," is a template"),why:"A runner fill\
s nothing in. Whether the configuration is valid shows only in what the template produces.",expected:"a file without pla\
ceholders",tell:({path:e,form:t,line:n})=>({what:`${y(e)} has placeholders, the first (${y(t)}) on line ${n}.`,fix:{text:"\
Lint the file that is made from this template.",kind:"runner"}})}},S_={empty:{title:"The runner's files are empty",headline:({
paths:[e=""]})=>A("",Ke(e)," has no settings"),why:"A file that was cut off, by a full disk or a template that failed, l\
ooks the same. A runner that reads it runs with its defaults, without labels and limits.",expected:"a file with settings",
tell:({paths:e})=>({what:`${ee(e.map(y))} ${e.length===1?"has":"have"} no settings, so nothing shows that the runner is \
configured.`,fix:{text:"Look at the file, and name the one that the runner really reads: `ExecStart` of its unit has it \
after `--config`. If it is meant to be empty, do not name it.",commands:[`ls -l ${e.map(gt).join(" ")}`,"systemctl cat '\
*runner*.service' | grep ExecStart"],kind:"host"}})}},T5={config:"YAML",registration:"JSON, as the runner writes it",workflow:"\
YAML",compose:"YAML"},A5={config:"The runner reads its configuration once, when it starts, and exits with `parse config \
file`.",registration:"Without its registration, the runner does not know its forge and takes no job.",workflow:"The forg\
e ignores a workflow that it cannot read, so none of its jobs runs.",compose:"Compose refuses the whole file, and starts\
 none of its services."};function O5(e,t,n){switch(t){case"config":return{text:`Correct line ${n}. Then restart the runn\
er while no job runs, and look at its log.`,kind:"runner"};case"registration":return{text:"Move the file away and regist\
er the runner again. Only the runner writes this file; do not edit it by hand.",commands:[`sudo mv ${gt(e)} ${gt(`${e}.b\
roken`)}`],kind:"host"};case"workflow":return{text:`Correct line ${n}.`,kind:"workflow"};case"compose":return{text:`Corr\
ect line ${n}.`,kind:"runner"}}}var zd={id:"config/syntax",title:"The runner's files can be read",intro:$_,reasons:hi,subject:Va,fine:"every file can be\
 read",nothingIn:e=>Ee(S_,"empty",{paths:e},{observed:"no setting",evidence:e.map(t=>({source:t,text:"no setting"}))}),find({
config:e,registration:t,others:n}){let r=[e,t].flatMap(s=>s!=null&&s.problem?[Jd(s.path,s.kind,s.problem)]:[]),o=n.filter(
s=>s.kind!=="absent"||!Ha(s.path));return[...r,...o.map(_5)]}};function Jd(e,t,n){return x(hi,"invalid-yaml",{file:e,kind:t,
problem:n},_(M(e,n),n.message))}function _5(e){switch(e.kind){case"foreign":return x(hi,"not-a-config",e,_({file:e.path,
line:1,column:1},e.what));case"template":return x(hi,"template",e,_(M(e.path,e),`\`${e.form}\``));default:return x(hi,"u\
nreadable",{file:e},_({file:e.path},P5(e)))}}function P5(e){switch(e.kind){case"absent":return"no such file";case"unread\
able":return e.code;case"other":return e.what}}var R_="Compares `runner.tool_cache_mode` with `runner.capacity`.",Fy={"shared-with-capacity":{level:"warn",title:"Concu\
rrent jobs share one tool cache",headline:({capacity:e})=>`${e} concurrent jobs share one tool cache`,why:"Two jobs that\
 install the same version at the same time corrupt it for all later jobs.",expected:"`tool_cache_mode: none`, or `capaci\
ty: 1`",tell:({file:e,capacity:t})=>({what:`\`runner.tool_cache_mode\` is \`shared\`, and ${t} jobs can run at the same \
time.`,fix:{text:"Install the tools in the image and set the mode to `none`, or run one job at a time.",config:K(e,`runn\
er:
  tool_cache_mode: none`),kind:"runner"}})}};var I5={seen({config:e}){let t=Y(e==null?void 0:e.root,"runner","tool_cache_mode");if(!e||t==="")return[];let n=Bo(e.root,
"runner","capacity")??1;return[{source:e.path,text:`\`tool_cache_mode: ${v(t,40)}\`, \`capacity: ${n}\``}]},missing:"No \
`runner.tool_cache_mode` was read."},E_={id:"config/tool-cache",title:"No two jobs write to the tool cache at once",intro:R_,
reasons:Fy,subject:I5,fine:"no two jobs write to the tool cache at once",find({config:e}){let t=U(e==null?void 0:e.root,
"runner","tool_cache_mode"),n=Bo(e==null?void 0:e.root,"runner","capacity")??1;if(!e||!t||n<2||Y(e.root,"runner","tool_c\
ache_mode")!=="shared")return[];let r=_(M(e.path,t),`\`shared\` and \`capacity: ${n}\``);return[x(Fy,"shared-with-capaci\
ty",{file:e.path,capacity:n},r)]}};var A_="Reads `container.valid_volumes`, the list of sources that jobs may mount: paths, names of volumes, and patterns \
of them.",Yd={"source-with-target":{level:"fail",title:"An entry of `valid_volumes` has a target",headline:({source:e})=>A(
"`valid_volumes` has a target after ",e),why:({source:e})=>`The runner compares entries with the source of a mount alone\
, so this one never matches. The setup log says \`[${v(e)}] is not a valid volume, will be ignored\`, and the job continu\
es without the mount.`,expected:({source:e})=>y(v(e)),tell:({file:e,entry:t,source:n,fixed:r})=>({what:`The entry ${y(v(
t))} is written like a mount, but ${y("container.valid_volumes")} takes sources only.`,fix:{text:`Write ${y(v(n))}, with\
out the target.`,config:T_(e,r),kind:"runner"}})},"workdir-not-allowed":{level:"fail",title:"`bind_workdir` has no effec\
t",why:({parent:e,versions:t})=>`The runner drops the mount of the workspace: the setup log says \`[${e}/\u2026] is not a val\
id volume, will be ignored\`. Jobs that start containers with \`-v $PWD\` see an empty directory.${_n(t)}`,expected:({parent:e})=>`${y(
`${e}/**`)} in \`container.valid_volumes\``,tell:({file:e,parent:t,valid:n})=>({what:`\`container.bind_workdir\` is set, b\
ut \`container.valid_volumes\` does not allow ${y(t)}.`,fix:{text:"Allow the workspace.",config:T_(e,[...n,`${t}/**`]),kind:"\
runner",otherwise:{text:"Upgrade the runner to 3.3.1 or later, which allows it by itself.",kind:"host"}}})}};function T_(e,t){
let n=t.slice(-20).map(r=>`    - ${he(r)}`);return K(e,["container:","  valid_volumes:",...n].join(`
`))}var N5={seen({config:e}){if(!e)return[];let t=ni(e.root,"container","valid_volumes").length;return[...t>0?[{source:e.path,
text:`${tt(t,"source")} in \`valid_volumes\``}]:[],...qn(e.root,"container","bind_workdir")?[{source:e.path,text:"`bind_\
workdir: true`"}]:[]]},missing:"No entry of `container.valid_volumes` was read."},O_={id:"config/volumes",title:"Every a\
llowed volume is a source, and the workspace is one of them if it is mounted",intro:A_,reasons:Yd,subject:N5,fine:"every\
 allowed volume is a source",find:(e,t)=>[...C5(e),...L5(e,t)]};function C5({config:e}){var o;let t=(o=U(e==null?void 0:
e.root,"container","valid_volumes"))==null?void 0:o.value;if(!e||(t==null?void 0:t.kind)!=="list")return[];let n=ni(e.root,
"container","valid_volumes"),r=[...new Set(n.map(s=>dl(s)??s))];return t.items.flatMap(s=>{let i=s.kind==="scalar"?dl(s.
text):void 0;if(i===void 0||s.kind!=="scalar")return[];let a={file:e.path,entry:s.text,source:i,fixed:r};return[x(Yd,"so\
urce-with-target",a,_(M(e.path,s),`\`${v(s.text)}\``))]})}function L5(e,t){let{config:n}=e,r=U(n==null?void 0:n.root,"co\
ntainer","bind_workdir");if(!n||!r||!qn(n.root,"container","bind_workdir"))return[];let o=He("bind-workdir-needs-valid-v\
olume",e,t);if(!o||so(n,["container.valid_volumes"],t))return[];let s=`/${(Y(n.root,"container","workdir_parent")||"work\
space").replace(/^\/+|\/+$/g,"")}`,i=ni(n.root,"container","valid_volumes"),a={source:`${s}/1/owner/repository`,target:s,
type:"bind",offset:0};if(cl(a,i,!1))return[];let l={file:n.path,parent:s,valid:i,versions:o.versions},c=i.length===0?"no\
 `valid_volumes`":i.map(u=>`\`${v(u)}\``).join(", ");return[x(Yd,"workdir-not-allowed",l,_(M(n.path,r),c))]}var My=[zd,JO,MO,t_,l_,O_,IO,u_,ZO,xO,E_,RO,TO,p_,b_];function Zd(e,t){let n=new Map(e.files.map((s,i)=>[s.path,i])),r=({
location:s})=>n.get((s==null?void 0:s.file)??"")??n.size;return kn(e).flatMap(s=>My.flatMap(i=>ns(i,i.find(s,t)))).sort(
(s,i)=>{var a,l,c,u;return r(s)-r(i)||(((a=s.location)==null?void 0:a.line)??0)-(((l=i.location)==null?void 0:l.line)??0)||
(((c=s.location)==null?void 0:c.column)??0)-(((u=i.location)==null?void 0:u.column)??0)})}function __(e){let t=new Set,n=new Set;
for(let{title:r}of e)(t.has(r)?n:t).add(r);return e.map(r=>{let{title:o,location:s}=r;if(!n.has(o)||!s)return r;let i=` \
(${zt(s).slice(-24)})`;return{...r,title:v(o,60-i.length)+i}})}function ns(e,t){return t.map(n=>{let{edits:r}=n;return{...Cf(
e,n),...r&&{edits:r}}})}var P_=[...My.map(bT),gd,Gd];function Xd(e){if(e===void 0||ce(e))return;let t="a version of the runner, such as `3.3.0` or `v1.0.8`";throw new Hs([{place:"\
input `runner-version`",found:`\`${e}\``,allowed:t}])}async function I_(e,t){Xd(t);let n=F5(e,e.some(j5)),r=jt(n),o={kind:"config",path:"config.yaml",system:"gitea",mode:384,
...r.kind==="ok"&&r.root?{root:Mo(r.root,"gitea")}:{}};return{text:n,results:Zd({files:[o]},t===void 0?{}:{version:t})}}
function j5(e){let[t="",n]=e.split(":");return n==="docker"&&Oy(t)}function F5(e,t){let n=e.some(o=>o.split(":")[1]==="d\
ocker"),r=["# /etc/gitea-runner/config.yaml. The runner's service names it with `--config`.","","runner:","  file: /var/\
lib/gitea-runner/.runner","  # Concurrent jobs.",`  capacity: ${t?1:2}`,"  # Like TimeoutStopSec of the service.","  shu\
tdown_timeout: 3h","  labels:",...e.map(o=>`    - ${Rt(JSON.stringify(o))}`)];return n?(r.push("","container:",'  # The \
runner mounts it into every job at /var/run/docker.sock. "-" keeps it out of jobs.',"  docker_host: unix:///var/run/dock\
er.sock","  privileged: false"),t&&r.push("  # Works with every release of the runner if `nvidia` is Docker's default ru\
ntime:","  #   sudo nvidia-ctk runtime configure --runtime=docker --set-as-default","  # Runner 3.3.1 and later also acc\
ept `--gpus all`.","  options: --env NVIDIA_VISIBLE_DEVICES=all --shm-size=8g"),`${r.join(`
`)}
`):`${r.join(`
`)}
`}function N_(e,t){return{level:e.status==="warn"?"warning":"error",message:t?M5(e):q5(e),properties:{title:D5(e),...U5(e)}}}
var Dy=120;function M5(e){var i,a,l;let t=Go(e),r=`${t===void 0?"":`${J(t,60)}: `}${J(Wo(e),Dy)}`,o=(i=e.remedy)!=null&&
i.config||(l=(a=e.remedy)==null?void 0:a.commands)==null?void 0:l[0],s=o===void 0?r:`${r}: ${J(o)}`;return gn(J(s.length<=
Dy?s:r,Dy-1))}function D5(e){return gn(J(`${Wo(e)} (${e.id})`,250)).replace(/\s*:+\s*/g," - ")}function U5({location:e}){
if(!e)return{};let{file:t,line:n,column:r}=e;return{file:J(t,500),...n!==void 0&&{startLine:n},...n!==void 0&&r!==void 0&&
{startColumn:r}}}function q5(e){let{remedy:t}=e,n=Go(e);return[`${n===void 0?"":`${J(n,300)}: `}${J(Hr(e),2500)}`,t?`Fix\
 it ${Bs(t)}: ${J(t.text,1500)}`:"",...W5(t==null?void 0:t.config),...((t==null?void 0:t.commands)??[]).slice(0,10).map(
s=>`  ${J(s,900)}`)].filter(s=>s!=="").map(s=>gn(s)).join(`
`)}function W5(e){if(!e)return[];let t=Fn(e.text).trimEnd().split(`
`).slice(0,20);return[`  in ${J(e.file,200)}:`,...t.map(n=>`    ${n.slice(0,200)}`)]}var G5=/^(\s*(?:-\s+)?["']?)([A-Za-z_]\w*)(["']?\s*[=:]\s*)(.*)$/;function Qd(e){let[t="",n=""]=K5(e),r=n.slice(0,1)+Ie(
n.slice(1)),o=H5(t);return(o===void 0?C_(t):C_(t.slice(0,o))+Ie(t.slice(o)))+r}function H5(e){let t=/^\s*["']?environment["']?\s*:\s*\{/.
test(e);for(let n of e.matchAll(/(?<=[{,]\s*["']?)([A-Za-z_]\w*)(?:["']\s*:|\s*:(?=\s|$))\s*/g)){let[r,o=""]=n,s=t||/^[A-Z][A-Z0-9_]*$/.
test(o);if(Se(o)||s&&!Gs(o))return n.index+r.length}}function C_(e){let[,t="",n,r="",o=""]=G5.exec(e)??[];if(n===void 0)
return L_(e);let s=r.includes("=")||/^[A-Z][A-Z0-9_]*$/.test(n);return Se(n)||s&&!Gs(n)?t+n+r+B5(o):t+n+r+(s?lr(Ve(o)):L_(
o))}function B5(e){return/^["']?\$\{?[A-Za-z_]\w*\}?["']?\s*$/.test(e)?e:Ie(e)}function L_(e){return lr(Fo(jo(Ve(e))))}function K5(e){
let t=e.search(/(?:^|\s)#/);return t<0?[e,""]:[e.slice(0,t),e.slice(t)]}function j_(e,t){return e.flatMap(({path:n,runners:r})=>{let o=r.flatMap(i=>Wu.flatMap(a=>ns(a,a.find(i,t)))),s=({location:i})=>(i==
null?void 0:i.file)===n?i.line??0:Number.MAX_SAFE_INTEGER;return o.sort((i,a)=>s(i)-s(a))})}function F_(e){return no({files:[]},
e).map(({label:t,file:n})=>({name:n,labels:[t]}))}var M_=new WeakMap;function qy(e){let t=M_.get(e)??new Uy(e);return M_.set(e,t),t}var Uy=class{words=new Map;starts=new Map;unfinished=new Set;constructor(t){
this.look(t)}onLine(t){return this.words.get(t)??[]}hiddenUpTo(t){if(this.unfinished.size===0)return 0;let n=t-1;for(;n>
0&&!this.starts.has(n);)n--;return this.unfinished.has(n)?(this.starts.get(t)??Number.POSITIVE_INFINITY)-1:0}look(t){switch(this.
begin(t.line,t.column),t.kind){case"map":for(let{key:n,line:r,column:o,value:s}of t.entries)this.begin(r,o),n.includes("\
*")&&this.add(r,{column:o,text:void 0}),this.look(s);return;case"list":for(let n of t.items)this.look(n);return;case"sca\
lar":t.text.includes("*")&&this.addScalar(t)}}begin(t,n){this.starts.set(t,Math.min(n,this.starts.get(t)??n))}add(t,n){let r=this.
words.get(t);r?r.push(n):this.words.set(t,[n])}addScalar({text:t,words:n,plain:r,line:o,column:s}){var i,a;if(n&&n.length===
((i=t.match(/\S+/g))==null?void 0:i.length)){for(let[l,c,u]of n){let d=((a=/^\S*/.exec(t.slice(l)))==null?void 0:a[0])??
"";d.includes("*")&&this.add(c,{column:u,text:d})}return}this.unfinished.add(o),this.add(o,n?{column:s,text:void 0}:{column:s+
(r?0:1),text:t})}};var V5=/(^[\s-]*|[{,]\s*)(["']?[\w.-]{1,60}["']?\s*:)(?=\s|$)/g,z5=/(?:^[\s-]*|[{,]\s*)["']?(?:runs-on|uses|labels)["']?\s*:\s+/g,
J5=/\[[^[\]{}]*\]|"[^"]*"|'[^']*'|(?:\$\{\{[^{}]*\}\}|[^\s"'[\]{},#])(?:\$\{\{[^{}]*\}\}|[^{},#])*/y,Y5=/"[^"]*"|'[^']*'|[^\s"'[\]{},#]+/y;
function Wy(e,t){let n=[...e.matchAll(z5)].map(s=>D_(e,J5,s.index+s[0].length)),r=[...[...e.matchAll(V5)].map(s=>[s.index,
s.index+s[0].length]),...n,...t===void 0?[]:[D_(e,Y5,t)]],o=e.replace(/[^\s[\]{},:"']/g,"*");for(let[s,i]of r)o=o.slice(
0,s)+Z5(e.slice(s,i))+o.slice(i);return o}function D_(e,t,n){var r;return t.lastIndex=n,[n,n+(((r=t.exec(e))==null?void 0:
r[0].length)??0)]}function Z5(e){return lr(Ve(e))}var U_=160;function q_(e){let t=new Map;return n=>{let r=t.get(n)??(e.get(n)??"").split(/\r?\n/);return t.set(n,r),r}}function W_(e,t,n,r,o=!1){
return Gy(t,n,r,s=>e?H_(e,s,n):Wy(s,o?r-1:void 0))}function Gy(e,t,n,r){let o=e[t-1];if(o===void 0)return;let i=r(o).replace(
/[\u0000-\u0008\u000b-\u001f\u007f]/g,"?"),a=Math.min(n-1,i.length),l=a>U_-20?a-60:0,c=i.slice(l,l+U_).split("	").join("\
 ");if(c.trim()!=="")return{text:`${l>0?"\u2026":""}${c}`,mark:a-l+(l>0?1:0)}}function G_({facts:e,composes:t},n,r){let o=e.
files.find(a=>a.path===n),s=t.some(a=>a.path===n),i=(a,l)=>s?Qd(a):o?H_(o,a,l):Wy(a);return r.split(`
`).map((a,l)=>a.endsWith("\r")?`${i(a.slice(0,-1),l+1)}\r`:i(a,l+1)).join(`
`)}function H_(e,t,n){switch(e.kind){case"config":return e.root&&!e.problem?e9(t,e.root,n):o9(t);case"registration":return Q5(
t,e.problem?[]:e.labels.filter(r=>r.line===n));case"unit":{let r=/^(\s*([\w-]+)\s*=)(.*)$/.exec(t),o=i=>i.line===n,s=e.settings.
some(o)||(e.ignored??[]).some(i=>"name"in i&&o(i));return r&&!s?`${r[1]}${Ie(r[3]??"")}`:r?`${r[1]}${_u(r[2]??"",r[3]??"")}`:
/^\s*\[[\w -]+\]\s*$/.test(t)?t:X5(/^\s*[#;]?/,t)}default:return""}}function X5(e,t){var r;let n=((r=e.exec(t))==null?void 0:
r[0])??"";return n+Ie(t.slice(n.length))}function Q5(e,t){var o;let n=e.replace(/[^\s[\]{},:"]/g,"*");for(let{column:s,text:i}of t){
let a=(o=/^"((?:\\.|[^"\\])*)"/.exec(e.slice(s-1)))==null?void 0:o[1];a===void 0||!B_(i,a)||(n=n.slice(0,s)+K_(a,i)+n.slice(
s+a.length))}let r=/"labels"(?=\s*:)/.exec(e);return r?n.slice(0,r.index)+r[0]+n.slice(r.index+r[0].length):n}function e9(e,t,n){
let r=t9(n9(Ve(e)));for(let{column:s,text:i}of qy(t).onLine(n)){let a=s-1;r=i!==void 0&&B_(i,e.slice(a,a+i.length))?r.slice(
0,a)+K_(r.slice(a,a+i.length),i)+r.slice(a+i.length):r.slice(0,a)+Ie(r.slice(a))}let o=qy(t).hiddenUpTo(n);return Ie(r.slice(
0,o))+r.slice(o)}function t9(e){return e.replace(/(?<=^|[\s[{,:])[!&][^\s,\]}]+/g,t=>/^!!\w+$/.test(t)?t:Ie(t))}function n9(e){
let t=e.search(/(?:^|\s)#/);return t<0?e:e.slice(0,t+2)+Ie(e.slice(t+2))}function B_(e,t){return e.length===t.length&&e.
split("").every((n,r)=>n==="*"||n===t[r])}function K_(e,t){return e.split("").map((n,r)=>t[r]==="*"?"*":n).join("")}var r9=new Set(
[...Object.entries(Yt),...Object.entries(Zt)].filter(([,e])=>!e.secret&&e.type!=="environment"&&e.type!=="texts").map(([
e])=>e.slice(e.lastIndexOf(".")+1)));function o9(e){var i;let t=/^(\s*(?:- +)?["']?([\w.-]+)["']?\s*:)(.*)$/.exec(e);if(!t)
return e.replace(/[A-Za-z0-9]/g,"*");let[,n="",r="",o=""]=t;if(r==="options"||!r9.has(r))return n+o.replace(/[A-Za-z0-9]/g,
"*");let s=((i=/[{}[\],]|$/.exec(o))==null?void 0:i.index)??0;return n+lr(Ve(o.slice(0,s)))+Ie(o.slice(s))}function Bn(e,t=""){return e.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,n=>t.includes(
n)?n:"?")}var yl=class{text;starts;hasAnchors;constructor(t){this.text=t,this.starts=[0,...[...t.matchAll(/\n/g)].map(n=>(n.index??
0)+1)],this.hasAnchors=/(?:^|[\s[{,:])&[^\s,\]}]/m.test(t)}find(t){if(this.hasAnchors)return;let n=t.flatMap(r=>this.findOne(
r)??[]);return n.length<t.length?void 0:n}positionOf(t){let n=1,r=this.starts.length;for(;n<r;){let o=n+r+1>>1;(this.starts[o-
1]??0)<=t?n=o:r=o-1}return{line:n,column:t-(this.starts[n-1]??0)+1}}findOne({line:t,column:n,from:r,to:o,remark:s}){var g,
m,h;let{text:i}=this,a=(this.starts[t-1]??Number.NaN)+n-1,l=r.find(w=>w!==""&&i.startsWith(w,a));if(l===void 0)return;let c=a+
l.length,u=((g=/.*/.exec(i.slice(c)))==null?void 0:g[0].replace(/\r$/,""))??"";if(!s)return/^[\w"']/.test(u)?void 0:{start:a,
end:c,text:o};let d=(m=/^\s+[#;]+\s*(.*?)\s*$/.exec(u))==null?void 0:m[1];if(d===void 0||d.endsWith("\\"))return;let f=i.
slice(this.starts[t-1],a),p=d===""?"":`# ${d}${((h=/\r?\n/.exec(i))==null?void 0:h[0])??`
`}${f}`;return{start:a,end:c+u.length,text:`${p}${o}`}}};function V_(e,t){let n=new yl(e),r=[],o=new Set,s=0;for(let l of t){
let c=n.find(l),u=(c==null?void 0:c.map(({start:d})=>n.positionOf(d).line))??[];if(!(!c||u.some(d=>o.has(d)))){for(let d of u)
o.add(d);for(let d of c)r.push(d);s++}}let i=e.length,a=[];for(let{start:l,end:c,text:u}of r.sort((d,f)=>f.start-d.start))
a.push(e.slice(c,i),u),i=l;return a.push(e.slice(0,i)),{text:a.reverse().join(""),made:s}}var wl=class{diff(t,n,r={}){let o;typeof r=="function"?(o=r,r={}):"callback"in r&&(o=r.callback);let s=this.castInput(t,
r),i=this.castInput(n,r),a=this.removeEmpty(this.tokenize(s,r)),l=this.removeEmpty(this.tokenize(i,r));return this.diffWithOptionsObj(
a,l,r,o)}diffWithOptionsObj(t,n,r,o){var s;let i=k=>{if(k=this.postProcess(k,r),o){setTimeout(function(){o(k)},0);return}else
return k},a=n.length,l=t.length,c=1,u=a+l;r.maxEditLength!=null&&(u=Math.min(u,r.maxEditLength));let d=(s=r.timeout)!==null&&
s!==void 0?s:1/0,f=Date.now()+d,p=[{oldPos:-1,lastComponent:void 0}],g=this.extractCommon(p[0],n,t,0,r);if(p[0].oldPos+1>=
l&&g+1>=a)return i(this.buildValues(p[0].lastComponent,n,t));let m=-1/0,h=1/0,w=()=>{for(let k=Math.max(m,-c);k<=Math.min(
h,c);k+=2){let b,R=p[k-1],$=p[k+1];R&&(p[k-1]=void 0);let P=!1;if($){let S=$.oldPos-k;P=$&&0<=S&&S<a}let I=R&&R.oldPos+1<
l;if(!P&&!I){p[k]=void 0;continue}if(!I||P&&R.oldPos<$.oldPos?b=this.addToPath($,!0,!1,0,r):b=this.addToPath(R,!1,!0,1,r),
g=this.extractCommon(b,n,t,k,r),b.oldPos+1>=l&&g+1>=a)return i(this.buildValues(b.lastComponent,n,t))||!0;p[k]=b,b.oldPos+
1>=l&&(h=Math.min(h,k-1)),g+1>=a&&(m=Math.max(m,k+1))}c++};if(o)(function k(){setTimeout(function(){if(c>u||Date.now()>f)
return o(void 0);w()||k()},0)})();else for(;c<=u&&Date.now()<=f;){let k=w();if(k)return k}}addToPath(t,n,r,o,s){let i=t.
lastComponent;return i&&!s.oneChangePerToken&&i.added===n&&i.removed===r?{oldPos:t.oldPos+o,lastComponent:{count:i.count+
1,added:n,removed:r,previousComponent:i.previousComponent}}:{oldPos:t.oldPos+o,lastComponent:{count:1,added:n,removed:r,
previousComponent:i}}}extractCommon(t,n,r,o,s){let i=n.length,a=r.length,l=t.oldPos,c=l-o,u=0;for(;c+1<i&&l+1<a&&this.equals(
r[l+1],n[c+1],s);)c++,l++,u++,s.oneChangePerToken&&(t.lastComponent={count:1,previousComponent:t.lastComponent,added:!1,
removed:!1});return u&&!s.oneChangePerToken&&(t.lastComponent={count:u,previousComponent:t.lastComponent,added:!1,removed:!1}),
t.oldPos=l,c}equals(t,n,r){return r.comparator?r.comparator(t,n):t===n||!!r.ignoreCase&&t.toLowerCase()===n.toLowerCase()}removeEmpty(t){
let n=[];for(let r=0;r<t.length;r++)t[r]&&n.push(t[r]);return n}castInput(t,n){return t}tokenize(t,n){return Array.from(
t)}join(t){return t.join("")}postProcess(t,n){return t}get useLongestToken(){return!1}buildValues(t,n,r){let o=[],s;for(;t;)
o.push(t),s=t.previousComponent,delete t.previousComponent,t=s;o.reverse();let i=o.length,a=0,l=0,c=0;for(;a<i;a++){let u=o[a];
if(u.removed)u.value=this.join(r.slice(c,c+u.count)),c+=u.count;else{if(!u.added&&this.useLongestToken){let d=n.slice(l,
l+u.count);d=d.map(function(f,p){let g=r[c+p];return g.length>f.length?g:f}),u.value=this.join(d)}else u.value=this.join(
n.slice(l,l+u.count));l+=u.count,u.added||(c+=u.count)}}return o}};var Hy=class extends wl{constructor(){super(...arguments),this.tokenize=i9}equals(t,n,r){return r.ignoreWhitespace?((!r.
newlineIsToken||!t.includes(`
`))&&(t=t.trim()),(!r.newlineIsToken||!n.includes(`
`))&&(n=n.trim())):r.ignoreNewlineAtEof&&!r.newlineIsToken&&(t.endsWith(`
`)&&(t=t.slice(0,-1)),n.endsWith(`
`)&&(n=n.slice(0,-1))),super.equals(t,n,r)}},s9=new Hy;function By(e,t,n){return s9.diff(e,t,n)}function i9(e,t){t.stripTrailingCr&&(e=e.replace(/\r\n/g,`
`));let n=[],r=e.split(/(\n|\r\n)/);r[r.length-1]||r.pop();for(let o=0;o<r.length;o++){let s=r[o];o%2&&!t.newlineIsToken?
n[n.length-1]+=s:n.push(s)}return n}function a9(e){for(let t=0;t<e.length;t++)if(e[t]<" "||e[t]>"~"||e[t]==='"'||e[t]==="\\")return!0;return!1}function ao(e){
if(!a9(e))return e;let t='"',n=new TextEncoder().encode(e),r=0;for(;r<n.length;){let o=n[r];o===7?t+="\\a":o===8?t+="\\b":
o===9?t+="\\t":o===10?t+="\\n":o===11?t+="\\v":o===12?t+="\\f":o===13?t+="\\r":o===34?t+='\\"':o===92?t+="\\\\":o>=32&&o<=
126?t+=String.fromCharCode(o):t+="\\"+o.toString(8).padStart(3,"0"),r++}return t+='"',t}var Ky={includeIndex:!0,includeUnderline:!0,
includeFileHeaders:!0};function Vy(e,t,n,r,o,s,i){let a;i?typeof i=="function"?a={callback:i}:a=i:a={},typeof a.context>"u"&&(a.context=4);let l=a.
context;if(a.newlineIsToken)throw new Error("newlineIsToken may not be used with patch-generation functions, only with d\
iffing functions");if(a.callback){let{callback:u}=a;By(n,r,Object.assign(Object.assign({},a),{callback:d=>{let f=c(d);u(
f)}}))}else return c(By(n,r,a));function c(u){if(!u)return;u.push({value:"",lines:[]});function d(k){return k.map(function(b){
return" "+b})}let f=[],p=0,g=0,m=[],h=1,w=1;for(let k=0;k<u.length;k++){let b=u[k],R=b.lines||l9(b.value);if(b.lines=R,b.
added||b.removed){if(!p){let $=u[k-1];p=h,g=w,$&&(m=l>0?d($.lines.slice(-l)):[],p-=m.length,g-=m.length)}for(let $ of R)
m.push((b.added?"+":"-")+$);b.added?w+=R.length:h+=R.length}else{if(p)if(R.length<=l*2&&k<u.length-2)for(let $ of d(R))m.
push($);else{let $=Math.min(R.length,l);for(let I of d(R.slice(0,$)))m.push(I);let P={oldStart:p,oldLines:h-p+$,newStart:g,
newLines:w-g+$,lines:m};f.push(P),p=0,g=0,m=[]}h+=R.length,w+=R.length}}for(let k of f)for(let b=0;b<k.lines.length;b++)
k.lines[b].endsWith(`
`)?k.lines[b]=k.lines[b].slice(0,-1):(k.lines.splice(b+1,0,"\\ No newline at end of file"),b++);return{oldFileName:e,newFileName:t,
oldHeader:o,newHeader:s,hunks:f}}}function ef(e,t){var n,r,o,s,i,a;if(t||(t=Ky),Array.isArray(e)){if(e.length>1&&!t.includeFileHeaders&&
!e.every(u=>u.isGit))throw new Error("Cannot omit file headers on a multi-file patch. (The result would be unparseable; \
how would a tool trying to apply the patch know which changes are to which file?)");return e.map(u=>ef(u,t)).join(`
`)}let l=[];if(e.isGit){if(t=Ky,!e.oldFileName)throw new Error("oldFileName must be specified for Git patches");if(!e.newFileName)
throw new Error("newFileName must be specified for Git patches");let u=e.oldFileName,d=e.newFileName;e.isCreate&&u==="/d\
ev/null"?u=d.replace(/^b\//,"a/"):e.isDelete&&d==="/dev/null"&&(d=u.replace(/^a\//,"b/")),l.push("diff --git "+ao(u)+" "+
ao(d)),e.isDelete&&l.push("deleted file mode "+((n=e.oldMode)!==null&&n!==void 0?n:"100644")),e.isCreate&&l.push("new fi\
le mode "+((r=e.newMode)!==null&&r!==void 0?r:"100644")),e.oldMode&&e.newMode&&!e.isDelete&&!e.isCreate&&(l.push("old mo\
de "+e.oldMode),l.push("new mode "+e.newMode)),e.isRename&&(l.push("rename from "+ao(((o=e.oldFileName)!==null&&o!==void 0?
o:"").replace(/^a\//,""))),l.push("rename to "+ao(((s=e.newFileName)!==null&&s!==void 0?s:"").replace(/^b\//,"")))),e.isCopy&&
(l.push("copy from "+ao(((i=e.oldFileName)!==null&&i!==void 0?i:"").replace(/^a\//,""))),l.push("copy to "+ao(((a=e.newFileName)!==
null&&a!==void 0?a:"").replace(/^b\//,""))))}else t.includeIndex&&e.oldFileName==e.newFileName&&e.oldFileName!==void 0&&
l.push("Index: "+e.oldFileName),t.includeUnderline&&l.push("============================================================\
=======");let c=e.hunks.length>0;t.includeFileHeaders&&e.oldFileName!==void 0&&e.newFileName!==void 0&&(!e.isGit||c)&&(l.
push("--- "+ao(e.oldFileName)+(e.oldHeader?"	"+e.oldHeader:"")),l.push("+++ "+ao(e.newFileName)+(e.newHeader?"	"+e.newHeader:
"")));for(let u=0;u<e.hunks.length;u++){let d=e.hunks[u],f=d.oldLines===0?d.oldStart-1:d.oldStart,p=d.newLines===0?d.newStart-
1:d.newStart;l.push("@@ -"+f+","+d.oldLines+" +"+p+","+d.newLines+" @@");for(let g of d.lines)l.push(g)}return l.join(`
`)+`
`}function zy(e,t,n,r,o,s,i){if(typeof i=="function"&&(i={callback:i}),i!=null&&i.callback){let{callback:a}=i;Vy(e,t,n,r,
o,s,Object.assign(Object.assign({},i),{callback:l=>{a(l?ef(l,i.headerOptions):void 0)}}))}else{let a=Vy(e,t,n,r,o,s,i);return a?
ef(a,i==null?void 0:i.headerOptions):void 0}}function l9(e){let t=e.endsWith(`
`),n=e.split(`
`).map(r=>r+`
`);return t?n.pop():n.push(n.pop().slice(0,-1)),n}function z_({path:e,before:t,after:n},r){let o=e.startsWith("/")?[e,e]:[`a/${e}`,`b/${e}`],[s=e,i=e]=o;return zy(s,i,r(e,
t,!1),r(e,n,!0),"","",{context:3,headerOptions:{includeIndex:!1,includeUnderline:!1,includeFileHeaders:!0}})}function J_(e,t){let n=e.cwd(),r=new Map([...t].map(([s,i])=>[s.startsWith("/")?s:`${n}/${s}`,i])),o={async readText(s,...i){
let a=r.get(s);return a===void 0?e.readText(s,...i):{kind:"ok",value:a}},async readInside(s,i,...a){let l=await e.readInside(
s,i,...a),c=r.get(i);return c===void 0||l.kind!=="ok"?l:{kind:"ok",value:c}}};return Object.assign(Object.create(e),o)}var c9=10;async function Y_(e,t,n){let r=new Map,o=t;for(let s=0;s<c9;s++){let i=u9(o);if(i.length===0)break;for(let a of i){
let{before:l=a.before,problems:c=0}=r.get(a.path)??{};r.set(a.path,{...a,before:l,problems:c+a.problems})}o=await n(J_(e,
new Map([...r.values()].map(({path:a,after:l})=>[a,l]))))}return{files:[...r.values()],last:o}}function u9({texts:e,paths:t,
results:n}){return t.flatMap(r=>{let o=e.get(r),s=n.flatMap(({location:l,edits:c})=>c&&(l==null?void 0:l.file)===r?[c]:[]);
if(o===void 0||s.length===0)return[];let{text:i,made:a}=V_(o,s);return a===0||i===o?[]:[{path:r,before:o,after:i,problems:a}]})}async function Z_(e,t,n,r){let{files:o,last:s}=await Y_(e,t,r);if(n==="show"){let l=(u,d,f)=>G_((f?s:t).loaded,u,d),c=o.
map(u=>z_(u,l)).join("");return{files:o,isWritten:!1,unwritten:[],diff:c}}let i=[],a=[];for(let l of o){let{path:c,before:u,
after:d}=l;try{await n(c.startsWith("/")?c:`${e.cwd()}/${c}`,u,d),i.push(l)}catch(f){a.push(`could not fix ${c}: ${d9(f)}`)}}
return{files:i,isWritten:!0,unwritten:a,diff:""}}function d9(e){let t=e==null?void 0:e.code;return t!==void 0&&/^E[A-Z]+$/.
test(t)?`${kt(t)} (${t})`:on(e)}function X_({files:e,isWritten:t,diff:n}){if(t)return e.map(({path:s,problems:i})=>`Fixe\
d ${tt(i,"problem")} in ${Bn(s)}.
`).join("")+f9(e);let r=e.reduce((s,{problems:i})=>s+i,0),o=r===0?"No problem has a fix that is certain.":`Without \`--dr\
y-run\`, \`--fix\` fixes ${tt(r,"problem")}.`;return`${Bn(n,`
	`)}${o}

`}function f9(e){return e.length>0?`
`:""}function Q_({files:e,isWritten:t,diff:n}){let r=e.map(({path:o,problems:s})=>({path:o,problems:s}));return t?{fixed:r}:
{fixable:r,diff:n}}function e1(e){let t=new Map;return(n,r)=>{var s;if(r.some(({remark:i})=>i))return;let o=t.get(n)??new yl(
e.get(n)??"");return t.set(n,o),(s=o.find(r))==null?void 0:s.map(({start:i,end:a,text:l})=>{let{line:c,column:u}=o.positionOf(
i);return{line:c,column:u,end_column:u+(a-i),text:l}})}}function kl(e){return Object.entries(e).map(([t,n])=>` ${t}="${tf(n)}"`).join("")}var p9={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&apos;"};function tf(e){return gn(e).replace(/[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
"").replace(/[&<>"']/g,n=>p9[n]??"")}var m9="https://github.com/fortemi/runner-check";function Jy({files:e,results:t}){let n=[...new Set(t.map(gi))].sort(),r=n.
map(i=>{let a=t.find(l=>gi(l)===i);return{id:i,shortDescription:{text:(a==null?void 0:a.title)??i},helpUri:Mn(Yn((a==null?
void 0:a.id)??i))}}),s={tool:{driver:{name:"runner-check",informationUri:m9,semanticVersion:dc,rules:r}},columnKind:"utf\
16CodeUnits",artifacts:e.map(i=>({location:{uri:Zy(i)}})),results:t.map(i=>({ruleId:gi(i),ruleIndex:n.indexOf(gi(i)),level:i.
status==="warn"?"warning":"error",message:{text:Yy(i)},locations:i.location?[{physicalLocation:h9(i.location)}]:[],...i.
edits&&{fixes:[g9(i,i.edits)]}}))};return`${JSON.stringify({$schema:"https://json.schemastore.org/sarif-2.1.0.json",version:"\
2.1.0",runs:[s]},null,"	")}
`}function gi({id:e,reason:t}){return`${e}:${t}`}function Yy({title:e,message:t,why:n,remedy:r}){return[`${e}.`,t,...n===
void 0?[]:[n],...r?[`Fix: ${r.text}`]:[]].join(" ")}function h9({file:e,line:t,column:n}){let r=t===void 0?void 0:{startLine:t,
...n!==void 0&&{startColumn:n}};return{artifactLocation:{uri:Zy(e)},...r&&{region:r}}}function g9({location:e,remedy:t},n){
let r=n.map(({line:o,column:s,end_column:i,text:a})=>({deletedRegion:{startLine:o,startColumn:s,endLine:o,endColumn:i},insertedContent:{
text:a}}));return{description:{text:(t==null?void 0:t.text)??""},artifactChanges:[{artifactLocation:{uri:Zy((e==null?void 0:
e.file)??"")},replacements:r}]}}function Zy(e){let t=e.split("/").map(encodeURIComponent).join("/");return e.startsWith(
"/")?`file://${t}`:t}function Xy({files:e,results:t}){let n=e.filter(i=>t.every(({location:a})=>(a==null?void 0:a.file)!==
i)),r=t.filter(({status:i})=>i==="fail").length,o={name:"runner-check lint",tests:String(t.length+n.length),failures:String(
r),errors:"0",skipped:"0",time:"0.000"},s=t.filter(({status:i})=>i==="warn");return['<?xml version="1.0" encoding="UTF-8\
"?>',"<testsuites>",`  <testsuite${kl(o)}>`,...t.map(y9),...n.map(i=>`    <testcase${kl({classname:i,name:"no problems f\
ound",time:"0.000"})}/>`),`    <system-out>${tf(s.map(i=>`${t1(i)}: ${Yy(i)}`).join(`
`))}</system-out>`,"  </testsuite>","</testsuites>",""].join(`
`)}function t1(e){return`${e.location?`${zt(e.location)} `:""}${gi(e)}`}function y9(e){var r;let t=`    <testcase${kl({classname:((r=
e.location)==null?void 0:r.file)??"",name:t1(e),time:"0.000"})}`;if(e.status!=="fail")return`${t}/>`;let n=kl({type:gi(e),
message:e.title});return`${t}><failure${n}>${tf(Yy(e))}</failure></testcase>`}var w9={socket:"Docker socket","nested-socket":"socket of a nested Docker",privileged:"privileged containers",host:"the \
machine","runner-container":"the runner's container"};function k9({powers:e,code:t,secrets:n,token:r}){return[t==="their\
s"?"runs their code":"runs the base branch",...e===void 0?["unknown label"]:e.map(s=>w9[s]),...n.length===0?[]:[n.includes(
"inherit")?"all secrets":`secrets ${n.slice(0,3).join(", ")}${n.length>3?", \u2026":""}`],...r==="read"?[]:[r==="write"?
"write token":"write token by default"]].join(", ")}var nf=["event","job","label","opened by","gives"];function Qy(e){return[
e.event,e.job,e.label??"(known to a run)",`${e.file}:${e.line}`,k9(e)]}function n1({rows:e,closed:t}){if(e.length===0)return[
"Strangers reach no job of these workflows.",...rf(t)];let n=e.map(Qy),r=nf.map((s,i)=>n.reduce((a,l)=>Math.max(a,(l[i]??
"").length),s.length)),o=s=>s.map((i,a)=>a===s.length-1?i:i.padEnd(r[a]??0)).join("  ");return["What strangers reach (an\
yone without write access):",o(nf),...n.map(o),...rf(t)]}function rf(e){return e.length===0?[]:[`Kept out by their condi\
tions: ${ee(e.slice(0,10))}${e.length>10?", and others":""}.`]}function of({rows:e,isCut:t}){let n=[...new Set(e.flatMap(
({environment:s})=>s===void 0?[]:[s]))],r=e.some(({event:s})=>s==="pull_request"),o=e.some(({code:s})=>s==="base");return[
...t?[`The table is not complete: the search stopped after ${e.length} ways.`]:[],...r?["A pull request from a fork gets\
 no secrets, and a token that can only read. Gitea asks for an approval before the first run of an author."]:[],...o?["E\
vents that run the base branch have secrets and need no approval. A step that checks the pull request out, or puts its t\
itle or a comment into a command, runs the stranger's code with them."]:[],...n.length>0?[`Whether the ${n.length===1?"e\
nvironment":"environments"} ${ee(n.map(y))} ask for a review, only the forge knows; Gitea ignores environments.`]:[]]}function r1({
event:e,file:t,line:n,column:r,job:o,label:s,powers:i,code:a,secrets:l,token:c,environment:u}){return{event:e,file:t,line:n,
column:r,job:o,...s!==void 0&&{label:s},...i&&{gives:i},code:a,secrets:l,token:c,...u!==void 0&&{environment:u}}}var s1=["text","json","github","sarif","junit"];async function i1(e,t){Xd(t.runnerVersion);let n=await ew(e,t);if(n.paths.
length===0)return t.skipOthers&&t.files.length>0?O9(t):_9(t.format);if(!t.fix)return o1(n,t);let r=await Z_(e,n,t.fix,o=>ew(
o,t));return o1(r.isWritten?await ew(e,t):n,t,r)}async function ew(e,t){let{runnerVersion:n}=t,r=t.skipOthers===!0,o={files:t.
files,directory:e.cwd(),skipOthers:r,...n&&{runnerVersion:n}},s=await ri(e,o,t.signal),{facts:i,composes:a,texts:l}=s,c=Zd(
i,Ig(i)),u=j_(a,n===void 0?{}:{version:n}),d=v9(s),f=no(i,a),p=R9(s,d,f),{results:g,notes:m}=GE([...c,...u,...p],l);return{
loaded:s,texts:l,paths:tw(s),results:g,workflowFiles:d,powers:f,ignoreNotes:m}}function o1(e,t,n){let{loaded:r,workflowFiles:o,
powers:s}=e,{format:i,failOn:a}=t,l=__(e.results),c=t.posture&&o.length>0?ci(o,s):void 0,u=e1(e.texts),d=q_(e.texts),f=l.
map(({edits:h,...w})=>{var b;let k=h&&u(((b=w.location)==null?void 0:b.file)??"",h);return E9(r,d,{...w,...k&&{edits:k}})}),
p=f.map(({result:h})=>h),g=[...r.notes,...x9(r,o),...c?of(c):[],...t.posture&&!c?[b9]:[],...e.ignoreNotes];if(p.length===
0&&S9(r,o))return A9(r,g,t);let m=p.some(({status:h})=>h==="fail"||a==="warn");return{text:a1(i,r,f,g,t,c,n),exitCode:a!==
"never"&&m?1:0,results:p,...n&&{unwritten:n.unwritten}}}var b9="Not checked: what strangers reach, because no workflow w\
as named.";function a1(e,t,n,r,o,s,i){let a={files:tw(t),results:n.map(({result:l})=>l)};switch(e){case"text":return(i?X_(
i):"")+I9(t,n,r,s,o);case"json":return P9(t,a.results,r,s,i);case"github":return a.results.map(l=>`${c1(l)}
`).join("");case"sarif":return Rt(Jy(a));case"junit":return Xy(a)}}function tw({facts:e,workflows:t,composes:n}){return[
...e.files.map(({path:r})=>r),...t,...n.map(({path:r})=>r)]}function v9({workflows:e,texts:t}){return e.map(n=>mr(n,t.get(
n)??""))}function x9({facts:e,composes:t},n){let r=kn(e).flatMap(i=>[i.config,...i.units].filter(a=>a&&!("problem"in a&&
a.problem)&&!$9(i,a.path))),o=n.filter(({jobs:i,problem:a})=>i.length>0&&!a).map(({path:i})=>`\`${i}\``),s=o.length>0&&yd(
e,{files:[]}).length===0&&t.length===0;return[...r.map(i=>`Not checked: \`${i==null?void 0:i.path}\`, which has no settin\
gs.`),...n.filter(({jobs:i,problem:a})=>i.length===0&&!a).map(({path:i})=>`Not checked: \`${i}\`, which has no jobs.`),...s?
[`Not checked: the labels in ${ee(o)}, because no linted file has those of a runner. Name its \`config.yaml\` or \`.runner\`\
 as well.`]:[]]}function $9(e,t){return Va.seen(e).some(({source:n})=>n===t)}function S9({facts:e,composes:t},n){return t.
length===0&&kn(e).every(r=>Va.seen(r).length===0)&&n.every(({jobs:r})=>r.length===0)}function R9({facts:e,composes:t},n,r){
let o=[...n.flatMap(({path:a,problem:l})=>l?[Jd(a,"workflow",l)]:[]),...t.flatMap(({path:a,problem:l})=>l?[Jd(a,"compose",
l)]:[])],s=[...yd(e,{files:n}),...F_(t)],i=s.length===0?[]:Ja(n,s);return[...ns(zd,o),...ns(gd,[...i,...Ug(n)]),...ns(Gd,
gy(n,r))]}function E9({facts:e},t,n){let{id:r,location:o}=n;if((o==null?void 0:o.line)===void 0)return{result:n,excerpt:void 0};
if(r.startsWith("compose/"))return T9(t,n);let s=e.files.find(({path:c})=>c===o.file),i=r.startsWith("workflow/"),a=W_(s,
t(o.file),o.line,o.column??1,i),l=a?[{source:zt(o),text:a.text.trim()}]:[];return{result:{...n,evidence:l},excerpt:a}}function T9(e,t){
let{location:n}=t,r=(n==null?void 0:n.line)===void 0?void 0:Gy(e(n.file),n.line,n.column??1,Qd),o=r&&n?[{source:zt(n),text:r.
text.trim()}]:[];return{result:{...t,evidence:o},excerpt:r}}function A9(e,t,n){return{text:n.format==="text"?t.map(o=>`${Bn(
o)}
`).join(""):a1(n.format,e,[],t,n),exitCode:2,results:[]}}function O9({files:e,format:t}){let n={text:`No file of a runne\
r among ${tt(e.length,"file")}.
`,github:""};return{text:l1(t,n),exitCode:0,results:[]}}function _9(e){let t=`There is no runner configuration where run\
ners keep it. Name the file: runner-check lint config.yaml
`;return{text:l1(e,{text:t,github:t}),exitCode:2,results:[]}}function l1(e,t){let n={files:[],results:[]};switch(e){case"\
text":case"github":return t[e];case"json":return`${JSON.stringify({version:1,...n},null,"	")}
`;case"sarif":return Jy(n);case"junit":return Xy(n)}}function P9({facts:e,workflows:t,composes:n},r,o,s,i){let a={version:1,
...e.runnerVersion&&{runner:e.runnerVersion},files:[...e.files.map(({path:l,kind:c})=>({path:l,kind:c})),...t.map(l=>({path:l,
kind:"workflow"})),...n.map(({path:l})=>({path:l,kind:"compose"}))],results:r,...i&&Q_(i),...s&&{posture:s.rows.map(r1),
closed:s.closed},...o.length>0&&{notes:o}};return`${Rt(JSON.stringify(a,null,"	"))}
`}function I9(e,t,n,r,{color:o,unicode:s,width:i,annotate:a}){let l=qo({width:i,unicode:s,color:o,groups:!1});for(let u of t)
N9(l,u);if(l.text(C9(e,t.map(({result:u})=>u))),r){l.gap();for(let u of n1(r))l.verbatim(Bn(u),0)}for(let u of n)l.text(
u);return[...a?t.map(({result:u})=>`${c1(u)}
`):[],l.toString()].join("")}function N9(e,{result:t,excerpt:n}){let{id:r,reason:o,status:s,title:i,location:a,remedy:l}=t,
[c,u]=s==="warn"?["warning","yellow"]:["error","red"],d=a?`${Bn(zt(a))}: `:"";if(e.verbatim(`${d}${c}: ${Bn(i)} [${r}:${o}\
]`,0,u),n&&(a==null?void 0:a.line)!==void 0){let f=String(a.line);e.verbatim(`${f} | ${Bn(n.text)}`,2,"dim"),e.verbatim(
`${" ".repeat(f.length)} | ${" ".repeat(n.mark)}^`,2,u)}e.text(Hr(t),{prefix:"  "}),l&&tg(e,l),e.gap()}function c1(e){let{
level:t,message:n,properties:r}=N_(e,!0),o=d=>Bn(d,`
`).replace(/%/g,"%25").replace(/\n/g,"%0A"),s=d=>o(d).replace(/:/g,"%3A").replace(/,/g,"%2C"),{title:i,file:a,startLine:l,
startColumn:c}=r,u=[...a===void 0?[]:[`file=${s(a)}`],...l===void 0?[]:[`line=${l}`],...c===void 0?[]:[`col=${c}`],...i===
void 0?[]:[`title=${s(i)}`]];return`::${t} ${u.join(",")}::${o(n)}`}function C9(e,t){let n=t.filter(({status:l})=>l==="f\
ail").length,r=t.length-n,o=tw(e).join(", "),{runnerVersion:s}=e.facts,i=s?` for runner ${s.text} (${s.source})`:"",a=[...n>
0?[`${n} error${n===1?"":"s"}`]:[],...r>0?[`${r} warning${r===1?"":"s"}`]:[]];return`${o}: ${a.length===0?"no problems f\
ound":a.join(", ")}${i}.`}var L9=40;function f1({facts:e,results:t}){let n=t.find(({id:a})=>a==="workflow/untrusted-socket"),o=n&&(n.status!=="ski\
p"||n.reason==="not-applicable"||n.accepted!==void 0)?F9(e):void 0;if(!o||o.rows.length===0)return"";let s=`What strange\
rs reach: ${o.rows.length} ${o.rows.length===1?"way":"ways"}`,i=[M9(o),...rf(o.closed).map(d1),...of(o).map(d1),j9];return(n==
null?void 0:n.status)==="pass"||(n==null?void 0:n.status)==="skip"?Br(s,i.join(`

`)):[`### ${s}`,...i].join(`

`)}var j9=`[How to read this table](${Mn("docs/posture.md")})`;function F9(e){let t=u1(e,si),n=u1(e,Xr);if(!(!t||!n))try{
let r=no(n);return r.length===0?void 0:ci(t.files,r)}catch{return}}function u1(e,{name:t}){let n=e[t];return n!=null&&n.
ok?n.value:void 0}function M9({rows:e}){let t=e.slice(0,L9).map(r=>{let[o="",s="",i="",a="",l=""]=Qy(r);return[de(o,60),
de(s,120),de(i,120),de(a,200),ne(l,300)]}),n=e.length-t.length;return zs(nf,n>0?[...t,[`\u2026 and ${n} more`,"","","",""]]:
t)}function d1(e){return ne(e,1e3)}var D9=/^(>=|<=|>|<|=)\s*(-?\d{1,20})(?:\s+|$)/;function p1(e){return/^\s*[<>=]/.test(e)}function m1(e){let t=[],n=e.trim();
for(;n!=="";){let[r="",o="",s=""]=D9.exec(n)??[];if(r===""||t.length===4)return;t.push({operator:o,number:BigInt(s)}),n=
n.slice(r.length)}return t.length===0?void 0:{all:t}}var h1={file:["exists","type","mode","owner","contains"],env:["set","is","matches"],command:["exit","stdout","timeout"],
sysctl:["is"],platform:[]},nw=Object.keys(h1),U9=["why","fix"],q9=6e5;function g1(e,t,n){var a;let r=["expect",e],[o,s]=nw.
filter(l=>t[l]!==void 0);if(o===void 0){n(r,"value","an entry without a kind",`exactly one of ${nw.join(", ")}`);return}
if(s!==void 0){n([...r,s],"key",`\`${s}\` next to \`${o}\``,`exactly one of ${nw.join(", ")}`);return}let i=[o,...h1[o],
...U9];for(let l of Object.keys(t).filter(c=>!i.includes(c)))n([...r,l],"key",`\`${l}\` next to \`${o}\``,`with \`${o}\`:\
 ${i.slice(1).join(", ")}`);(a=rw[o])==null||a.call(rw,t,r,n)}function W9(e,t,n){if(e.exists===!1)for(let r of["type","m\
ode","owner","contains"])e[r]!==void 0&&n([...t,r],"key",`\`${r}\` next to \`exists: false\``,"a file that must exist, o\
r no other key");e.contains!==void 0&&e.type!==void 0&&e.type!=="file"&&n([...t,"contains"],"key",`\`contains\` of a ${e.
type}`,"`contains` for `type: file` only")}function G9(e,t,n){for(let r of["is","matches"])e[r]!==void 0&&(Se(e.env??"")?
n([...t,r],"key",`\`${r}\` of a variable whose name says secret`,"`set: true` only: a secret has no place in a policy"):
e.set===!1&&n([...t,r],"key",`\`${r}\` next to \`set: false\``,"one of the two"));e.is!==void 0&&e.matches!==void 0&&n([
...t,"matches"],"key","`matches` next to `is`","one of the two")}function H9(e,t,n){if(e.timeout===void 0)return;let r=Pt(
e.timeout)??0;(r===0||r>q9)&&n([...t,"timeout"],"value",`\`${e.timeout}\``,"a duration of more than 0 and at most `10m`")}
function B9({sysctl:e="",is:t},n,r){Se(e.split(".").pop()??"")&&r([...n,"sysctl"],"value",`\`${e}\``,"a kernel setting t\
hat is not a key or a secret");let o=String(t??"");p1(o)&&!m1(o)&&r([...n,"is"],"value",`\`${o}\``,'a value, or a range \
such as `">=524288"` or `">=1 <10"`')}var rw={file:W9,env:G9,command:H9,sysctl:B9};function ow(e){if(/^(?:sha256:)?[0-9a-f]{64}$/.test(e))return;let t=/^([^\s@]+?)(?::([\w][\w.-]{0,127}))?(?:@(\w+:[0-9a-f]{32,}))?$/.
exec(e.trim()),n=t==null?void 0:t[1];if(!n)return;let[,,r,o]=t;return{repository:K9(n),...r!==void 0&&{tag:r},...o!==void 0&&
{digest:o},...r===void 0&&o===void 0&&{tag:"latest"}}}function K9(e){let[t="",...n]=e.split("/"),r=n.length>0&&(/[.:]/.test(
t)||t==="localhost"),o=r?t.replace(/^(?:index|registry-1)\.docker\.io$/,"docker.io"):"docker.io",s=r?n:[t,...n],i=o==="d\
ocker.io"&&s.length===1;return[o,...i?["library"]:[],...s].join("/")}var sw=/^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/,w1=/^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;function k1(e){return V9(e)!==void 0}var b1="an image such as `ghcr.io/owner/image:latest`, in lowercase and with the ta\
g last";function v1(e){var o;let t=e.trim();if(/^(?:sha256:)?[0-9a-f]{12,64}$/.test(t))return!0;let[n="",...r]=((o=ow(t))==
null?void 0:o.repository.split("/"))??[];return sw.test(n.toLowerCase())&&w1.test(r.join("/"))}function V9(e){let t=e.trim().
replace(/^https:\/\//i,""),n=t.replace(/\/(?:v2\/?)?$/,"");if(n!==t||z9(n)){let c=y1(n);return sw.test(c)?{host:c}:void 0}
let r=ow(t),[o="",...s]=(r==null?void 0:r.repository.split("/"))??[],i=y1(o),a=s.join("/"),l=(r==null?void 0:r.digest)??
(r==null?void 0:r.tag);if(!(l===void 0||!sw.test(i)||!w1.test(a)))return{host:i,image:{name:t,repository:a,reference:l}}}
function z9(e){return e.includes("/")||e.includes("@")?!1:/^(?:[^:]+\.[^:]+|localhost|\[[^\]]+\])(?::\d+)?$/i.test(e)||/^[^:]+:\d{4,5}$/.
test(e)}function y1(e){return e.toLowerCase().replace(/^(?:index|registry-1|registry|hub|www)\.docker\.(?:io|com)$/,"doc\
ker.io")}var Ae=ue(T("text"),wf("text that is not empty"),El(4096,"text of at most 4096 characters")),yi=ue(be("a whole number, 0\
 or more"),kf("a whole number, 0 or more"),uo(0,"a whole number, 0 or more")),lw=yr("true or false"),bl=ht([ue(T(),Le(/^\d+(?:\.\d+)?\s*(?:(?:[kKmMgGtT][iI]?)?[bB])?$/,
Nl),co(e=>jf(e)!==void 0,Nl)),yi],Nl),cw=ue(T(Zn),Le(/^\d+(?:\.\d+)?\s*(?:ms|s|m|h|d)$/,Zn),co(e=>Pt(e)!==void 0,Zn)),af=ht(
[Ae,be()],ho),lf=re(["required","optional","forbidden"],"required, optional, forbidden"),J9=ue(T(),Le(/^[A-Za-z0-9][\w.+-]{0,63}$/,
"the name of a program, without a path")),Y9=ht([Ot({version:E(af),command:E(ue(Q(Ae,"a list of words, such as `[ffmpeg,\
 -version]`"),Tl(1,"a list with the program first"))),optional:E(lw)}),af],`${ho}, or a mapping with version, command, o\
ptional`),Z9=ht([Ot({require:lf,plugins:E(Q(re(["buildx","compose"],"buildx, compose"),"a list of buildx, compose"))}),lf],
"required, optional, forbidden, or a mapping with require, plugins"),X9=ht([Ot({require:lf,count:E(yi),memory:E(bl),"fre\
e-memory":E(bl),driver:E(af),"compute-capability":E(af)}),lf],"required, optional, forbidden, or a mapping with require,\
 count, memory, free-memory, driver, compute-capability"),Q9=Ot({path:ue(T("workspace, temp, home, docker-root, tool-cac\
he or an absolute path"),Le(/^(?:workspace|temp|home|docker-root|tool-cache|\/.*)$/,"workspace, temp, home, docker-root,\
 tool-cache or an absolute path")),free:E(bl),inodes:E(yi)}),iw="an http or https URL",ez=Ot({name:ue(T("a short name"),
Le(/^[A-Za-z0-9][\w.-]{0,63}$/,"a short name of letters, digits, `.`, `_`, `-`")),url:ue(T(iw),Le(/^https?:\/\/\S+$/,iw),
co(e=>Oe(e)!==void 0,iw)),models:E(Q(Ae,"a list of model names"))}),aw="a number of CPUs such as `2` or `1.5`",tz="a hos\
t such as `ghcr.io`, or an image such as `ghcr.io/owner/image:latest`, in lowercase and with the tag last",cf={registries:Q(
ue(Ae,co(k1,tz)),"a list of hosts or image references"),services:Q(ez,"a list such as `- { name: ollama, url: http://loc\
alhost:11434/api/tags }`")},nz=Ot({extends:E(Ae),labels:E(Q(Ae,"a list of labels")),"runs-in":E(re(["container","host","\
any"],"container, host, any")),image:E(ue(Ae,co(v1,b1))),"image-max-age":E(cw),tools:E(dt(J9,Y9,"a mapping of tool to ve\
rsion range")),docker:E(Z9),gpu:E(X9),privileged:E(re(["allowed","forbidden"],"allowed, forbidden")),"tool-cache":E(re([
"persistent"],"persistent")),memory:E(bl),cpus:E(ue(be(aw),gf(aw),uo(0,aw))),shm:E(bl),"open-files":E(yi),disk:E(Q(Q9,"a\
 list such as `- { path: workspace, free: 40GiB }`")),registries:E(cf.registries),services:E(cf.services)}),rz=ue(T("a d\
ay such as 2026-12-31"),Le(/^\d{4}-\d{2}-\d{2}$/,"a day such as 2026-12-31")),oz=Ot({check:Ae,reason:Ae,until:rz}),sz=ht(
[Ae,yi],"text, or a whole number"),iz="an absolute path, or one in the workspace without `..` and `~`",x1=["file","direc\
tory","link","socket","device"],$1='permission bits in quotes, such as `"0775"`',S1="the name of a variable: letters, di\
gits and `_`",R1="the name of a kernel setting such as `fs.inotify.max_user_watches`",sf="an exit code from 0 to 255",az=Ot(
{file:E(ue(Ae,Le(/^(?!~)(?!(?:.*\/)?\.\.(?:\/|$))[^\u0000-\u001f\u007f]+$/,iz))),exists:E(lw),type:E(re(x1,x1.join(", "))),
mode:E(ue(T($1),Le(/^[0-7]{3,4}$/,$1))),owner:E(ht([ue(Ae,El(64)),yi],"the name or the number of a user")),contains:E(Ae),
env:E(ue(T(S1),Le(/^[A-Za-z_]\w{0,127}$/,S1))),set:E(lw),is:E(sz),matches:E(Ae),command:E(ue(Q(Ae,"a list of words, such\
 as `[licensetool, status]`"),Tl(1,"a list with the program first"))),exit:E(ue(be(sf),bi(sf),uo(0,sf),yf(255,sf))),stdout:E(
Ae),timeout:E(cw),sysctl:E(ue(T(R1),Le(/^[a-z][\w-]{0,63}(?:\.[A-Za-z0-9][\w-]{0,63}){1,7}$/,R1))),platform:E(re(Ma,Ma.join(
", "))),why:E(Ae),fix:E(Ae)}),lz=Ot({runners:E(Q(Ot({name:Ae,profile:E(Ae)}),"a list such as `- { name: titan-1, profile\
: titan }`")),"max-age":E(cw)}),E1=Ot({version:je(1,"1"),profiles:E(dt(Ae,nz,"a mapping of name to profile")),expect:E(dt(
ue(T(),Le(/^[A-Za-z0-9][\w.-]{0,39}$/,"a short name of letters, digits, `.`, `_`, `-`")),az,"a mapping of name to what i\
s expected")),severity:E(dt(Ae,re(["off","warn","fail"],"off, warn, fail"),"a mapping of check id to off, warn, fail")),
accept:E(Q(oz,"a list such as `- { check: disk/free, reason: \u2026, until: 2026-12-31 }`")),fleet:E(lz)});var Ce=ki(Ru(),1);function A1(e){let t=new Ce.LineCounter,r=(0,Ce.parseDocument)(e,{lineCounter:t,uniqueKeys:!1,prettyErrors:!1,version:"1\
.2",merge:!1}),o=r.errors.find(({message:d})=>/call stack/.test(d));if(o)return[uw(vl(t,o.pos[0]))];if(r.errors.length>0)
return r.errors.slice(0,20).map(d=>({place:vl(t,d.pos[0]),found:d.message.split(`
`)[0]??"",allowed:dz(d.message)}));let s=new Map,i=0,a=new Set,l=(d,f)=>{let p=()=>{var m;return vl(t,((m=d==null?void 0:
d.range)==null?void 0:m[0])??0)};if(f>40)throw new wi(uw(p()));if(++i>1e4)throw new wi(T1({line:1,column:1},`more than ${1e4}\
 values`));if(d===null)return null;if((0,Ce.isAlias)(d))return l(s.get(d)??null,f+1);if((0,Ce.isCollection)(d)&&d.items.
length>500)throw new wi(T1(p(),`${d.items.length} entries`,`at most ${500} entries`));if((0,Ce.isSeq)(d))return d.items.
map(m=>l(m,f+1));if((0,Ce.isMap)(d)){let m=new Set,h=d.items.map(({key:w,value:k})=>{let b=pw(w);return m.has(b)&&a.add(
w),m.add(b),[b,l(k,f+1)]});return Object.fromEntries(h)}return(0,Ce.isScalar)(d)?typeof d.value!="number"||d.source===void 0||
String(d.value)===d.source?d.value:d.source:void 0},c;try{s=cz(r),c=l(r.contents,0)}catch(d){if(d instanceof RangeError)
return[uw({line:1,column:1})];if(d instanceof wi)return[d.mistake];throw d}if(a.size>0)return[...a].slice(0,20).map(d=>{
var f;return{place:vl(t,((f=d.range)==null?void 0:f[0])??0),found:`\`${pw(d).slice(0,100)}\` a second time`,allowed:"eac\
h key once"}});let u=d=>uz(r,d,s);return{data:c,placeOf:(d,f)=>{var m,h;let{key:p,value:g}=u(d);return vl(t,((h=(m=f==="\
key"?p??g:g??p)==null?void 0:m.range)==null?void 0:h[0])??0)},sourceOf:d=>{var m;let[f=0,p=0]=((m=u(d).value)==null?void 0:
m.range)??[],g=e.slice(f,Math.min(p,f+200)).replace(/\s+/g," ").trim();return g===""?"nothing":`\`${g}${p-f>200?"\u2026":
""}\``}}}var wi=class extends Error{mistake;constructor(t){super(t.found),this.mistake=t}};function T1(e,t,n=`at most ${1e4}\
 values, aliases followed`){return{place:e,found:t,allowed:n}}function uw(e){return{place:e,found:`more than ${40} level\
s of nesting`,allowed:`at most ${40}, aliases followed`}}var pw=e=>(0,Ce.isScalar)(e)?String(e.value):"?";function cz(e){
let t=new Map,n=new Map;return(0,Ce.visit)(e,{Alias(r,o){let s=t.get(o.source);s&&n.set(o,s)},Value(r,o){o.anchor!==void 0&&
t.set(o.anchor,o)}}),n}function uz(e,t,n){let r,o=e.contents;for(let s of t)if((0,Ce.isAlias)(o)&&(o=n.get(o)??null),(0,Ce.isMap)(
o)){let i=o.items.find(a=>pw(a.key)===String(s));if(!i)break;r=i.key,o=i.value}else if((0,Ce.isSeq)(o)&&typeof s=="numbe\
r")r=void 0,o=o.items[s]??null;else break;return{key:r,value:o??void 0}}function vl(e,t){let{line:n,col:r}=e.linePos(t);
return{line:Math.max(1,n),column:Math.max(1,r)}}function dz(e){return/alias|block scalar/i.test(e)?"a version range that\
 begins with `*` or `>` needs quotes":/tab/i.test(e)?"blanks for indentation, never tabs":"YAML 1.2"}var rs=50;function mw(e,t,n,r={}){let o=A1(e);if(!("data"in o))return o.map(({place:m,found:h,allowed:w})=>({place:n(m),
found:h,allowed:w}));let s=[],i=(m,h,w,k)=>{if(s.length>=rs)return;let b=o.placeOf(m,h);s.some($=>n($.place)===n(b)&&$.found===
w)||s.push({place:b,found:w,allowed:k})},a=()=>[...s].sort((m,h)=>m.place.line-h.place.line||m.place.column-h.place.column).
map(({place:m,found:h,allowed:w})=>({place:n(m),found:h,allowed:w})),l=I1(o.data,[]);for(let m of l.slice(0,rs))i(m,"key",
`\`${m[m.length-1]}\``,"another name");let c=N1(o.data,t,[]);for(let{path:m,allowed:h}of c.slice(0,rs))i(m,"value",o.sourceOf(
m),h);let u=[...l,...c.map(({path:m})=>m)],d=Ht(t,o.data);if(d.success)return{accepted:d.output,yaml:o,reject:i,mistakes:a};
let f=d.issues.flatMap(P1),p=f.filter(m=>!u.some(h=>pz(m,h)));for(let m of p.slice(0,50))hz(m,t,o,i);let g=Ht(t,fz(o.data,
f,r));return{accepted:g.success?g.output:void 0,yaml:o,reject:i,mistakes:a}}function fz(e,t,n){let r=JSON.parse(JSON.stringify(
e??null));for(let o of t){let s=(o.path??[]).map(a=>String(a.key)),i=o.type==="strict_object"&&o.received==="undefined";
_1(r,i?s.slice(0,-1):s)}return typeof r=="object"&&r!==null?{...r,...n}:r}function _1(e,t){let[n,...r]=t;if(n===void 0||
typeof e!="object"||e===null)return;let o=e,s=D(o,n);r.length===0||Array.isArray(s)?delete o[n]:_1(s,r)}function P1(e){if(e.
type!=="union"||typeof e.input!="object"||e.input===null)return[e];let t=e.path??[],n=(e.issues??[]).filter(r=>{var o;return(((o=
r.path)==null?void 0:o.length)??0)>0});return n.length===0?[e]:n.map(r=>({...r,path:[...t,...r.path??[]]})).flatMap(P1)}
function pz(e,t){return t.every((n,r)=>{var o,s;return String((s=(o=e.path)==null?void 0:o[r])==null?void 0:s.key)===String(
n)})}var mz=["__proto__","constructor","prototype"];function I1(e,t){return typeof e!="object"||e===null?[]:Object.entries(
e).flatMap(([n,r])=>{let o=[...t,Array.isArray(e)?Number(n):n];return mz.includes(n)?[o]:I1(r,o)})}function N1(e,t,n){if(typeof e!=
"object"||e===null)return[];let r=$l(t);if(Array.isArray(e)&&!r.some(({type:o})=>o==="array")){let o=r.find(({type:a})=>a===
"record"||a==="strict_object");if(!o)return[];let s=Object.keys(o.entries??{}),i=s.length>0?`a mapping with ${s.join(", ")}`:
String(o.message);return[{path:n,allowed:i}]}return Object.entries(e).flatMap(([o,s])=>{let i=r.flatMap(({entries:a,value:l,
item:c})=>D(a??{},o)??l??c??[])[0];return i?N1(s,i,[...n,Array.isArray(e)?Number(o):o]):[]})}function $l(e){return e.wrapped?
$l(e.wrapped):e.type==="union"?(e.options??[]).flatMap($l):[e]}function hz(e,t,n,r){var u;let o=(e.path??[]).map(d=>d.key),
s=(u=e.path)==null?void 0:u[e.path.length-1],i=String((s==null?void 0:s.key)??""),a=O1(t,o.slice(0,-1));if(e.type==="str\
ict_object"&&e.expected==="never"){let d=xe(i,a);r(o,"key",`unknown key \`${i}\``,`${a.join(", ")}${d===void 0?"":`; did\
 you mean \`${d}\`?`}`);return}if(e.type==="strict_object"&&e.received==="undefined"){r(o.slice(0,-1),"value",`no \`${i}\
\``,`\`${i}\` is needed here`);return}let l=(s==null?void 0:s.origin)==="key"?"key":"value",c=l==="key"?`\`${i}\``:n.sourceOf(
o);r(o,l,c,/^Invalid (?:type|value)/.test(e.message)?`a mapping with ${O1(t,o).join(", ")}`:e.message)}function O1(e,t){
let n=[e];for(let r of t)n=n.flatMap($l).flatMap(o=>D(o.entries??{},String(r))??o.value??o.item??[]);return n.flatMap($l).
flatMap(r=>Object.keys(r.entries??{}))}function L1(e,t,n){let r=({line:c,column:u})=>`${e}:${c}:${u}`;if(t.length>131072)return[{place:`${e}:1:1`,found:`a file\
 of more than ${ln(131072)}`,allowed:`a policy of at most ${ln(131072)}`}];let o=mw(t,E1,r,{version:1});if(!("yaml"in o))
return o;let{accepted:s,yaml:i,reject:a}=o;s&&gz(s,i,n,a,()=>o.mistakes().length>=rs);let l=o.mistakes();return l.length>
0||!s?l:{name:e,source:s,lineOf:c=>`${e}:${i.placeOf(c,"key").line}`}}function j1(e,t){let n=mw(t,cf[e],({line:s,column:i})=>`\
input \`${e}\`, line ${s}, column ${i}`);if(!("yaml"in n))return n;let r=n.accepted;r&&F1(r,[],n.reject);let o=n.mistakes();
return o.length>0||!r?o:{list:r}}function F1(e,t,n){let r=new Set;for(let[o,s]of e.entries()){if(typeof s!="object")continue;
let{name:i}=s;r.has(i)&&n([...t,o,"name"],"value",`\`${i}\` a second time`,"a name that is unique among the services"),r.
add(i)}}function gz(e,t,n,r,o){let s=e.profiles??{};for(let[i,a]of Object.entries(s)){let l=["profiles",i];for(let c of yz(
a)){if(o())return;let u=c.reduce((d,f)=>d[f],a);Oi(String(u))===void 0&&r([...l,...c],"value",t.sourceOf([...l,...c]),ho)}
F1(a.services??[],[...l,"services"],r),wz(i,a.extends,s,n.profiles,(c,u)=>r([...l,"extends"],"value",c,u))}for(let[i,a]of Object.
entries(e.expect??{})){if(o())return;let{expect:l}=t.data;Object.keys(l[i]??{}).length===Object.keys(a).length&&g1(i,a,r)}
kz(e,n.profiles,r);for(let i of Object.keys(e.severity??{})){if(o())return;n.knowsCheck(i)||r(["severity",i],"key",`\`${i}\
\``,C1(i,n))}for(let[i,{check:a,until:l}]of(e.accept??[]).entries()){if(o())return;n.knowsCheck(a)||r(["accept",i,"check"],
"value",`\`${a}\``,C1(a,n)),bz(l)||r(["accept",i,"until"],"value",`\`${l}\``,"a day that exists, such as 2026-12-31")}}function C1(e,t){
let n=xe(e.split(":")[0]??"",t.checkIds);return`a check id or \`id:reason\`, as \`runner-check list\` prints them${n===void 0?
"":`; did you mean \`${n}\`?`}`}function yz(e){let t=Object.entries(e.tools??{}).flatMap(([r,o])=>typeof o!="object"?[["\
tools",r]]:o.version===void 0?[]:[["tools",r,"version"]]),{gpu:n}=e;return typeof n!="object"?t:[...t,...["driver","comp\
ute-capability"].filter(r=>n[r]!==void 0).map(r=>["gpu",r])]}function wz(e,t,n,r,o){var l;if(t===void 0)return;let s=[...new Set(
[...Object.keys(n),...r])];if(!s.includes(t)){let c=xe(t,s);o(`\`${t}\``,`a profile: ${s.join(", ")}${c===void 0?"":`; d\
id you mean \`${c}\`?`}`);return}if(t===e&&r.includes(e))return;let i=new Set([e]),a=e;for(let c=t;c!==void 0;c=(l=D(n,c))==
null?void 0:l.extends){if(c===a&&r.includes(c))return;if(i.has(c)){o(`\`${[...i,c].join("` extends `")}\``,"profiles tha\
t do not extend each other in a cycle");return}i.add(c),a=c}}function kz({fleet:e,profiles:t={}},n,r){let o=[...new Set(
[...Object.keys(t),...n])],s=new Set;for(let[i,{name:a,profile:l}]of((e==null?void 0:e.runners)??[]).entries()){let c=["\
fleet","runners",i];if(l!==void 0&&!o.includes(l)){let d=xe(l,o),f=d===void 0?"":`; did you mean \`${d}\`?`;r([...c,"pro\
file"],"value",`\`${l}\``,`a profile: ${o.join(", ")}${f}`)}let u=JSON.stringify([a,l]);s.has(u)&&r([...c,"name"],"value",
`\`${a}\` a second time`,"each runner and profile once"),s.add(u)}}function bz(e){let t=new Date(`${e}T00:00:00Z`);return!Number.
isNaN(t.getTime())&&t.toISOString().startsWith(e)}var xn=ki(Ru(),1);function M1(e,t){var l,c,u;let n='a YAML mapping of tool to version range, such as `rustc: ">=1.92"`',r=new xn.LineCounter,
o=(0,xn.parseDocument)(e,{schema:"failsafe",lineCounter:r,uniqueKeys:!1,prettyErrors:!1}),s=d=>{let{line:f,col:p}=r.linePos(
d);return`input \`tools\`, line ${f}, column ${p}`};for(let d of o.errors.slice(0,rs)){let f=/alias|block scalar/i.test(
d.message)?"; a range that begins with `*` or `>` needs quotes":"";t.push({place:s(d.pos[0]),found:d.message.split(`
`)[0]??"",allowed:`${n}${f}`})}if(o.errors.length>0)return{};let i=o.contents;if(!(0,xn.isMap)(i))return t.push({place:s(
((l=i==null?void 0:i.range)==null?void 0:l[0])??0),found:cr(e),allowed:n}),{};if(i.items.length>500)return t.push({place:"\
input `tools`",found:`${i.items.length} entries`,allowed:`at most ${500} entries`}),{};let a={};for(let{key:d,value:f}of i.
items){let p=(0,xn.isScalar)(d)?String(d.value):"",g=(0,xn.isScalar)(d)?((c=d.range)==null?void 0:c[0])??0:0;if(!/^[A-Za-z0-9][\w.+-]{0,63}$/.
test(p)){t.push({place:s(g),found:cr(p),allowed:"the name of a program, without a path"});continue}if(D(a,p)!==void 0){t.
push({place:s(g),found:`\`${p}\` a second time`,allowed:"each tool once"});continue}let m=(0,xn.isScalar)(f)?String(f.value):
void 0;if(m===void 0||Oi(m)===void 0){let h=(0,xn.isScalar)(f)?((u=f.range)==null?void 0:u[0])??g:g;t.push({place:s(h),found:cr(
m??"a value that is not text"),allowed:ho});continue}a[p]=m}return a}var U1=["runner","job","unknown"],uf="runner_check_after_total",vz=new RegExp(`^${uf}\\{runner="((?:[^"\\\\\\n]|\\\\.)*)",prof\
ile="((?:[^"\\\\\\n]|\\\\.)*)",caused_by="(\\w+)"\\} (\\d{1,15})$`),xz=300;function q1(e,t){let n=t.split(`
`).slice(0,xz).flatMap($z),r={runner:e.runner.name,profile:e.profile.name},o=U1.flatMap(s=>{var l;let i=kd({name:uf,labels:{
...r,caused_by:s}}),a=((l=n.find(c=>kd(c)===i))==null?void 0:l.value)??0;return fe(uf,{...r,caused_by:s},a+(s===e.caused_by?
1:0))});return Za([...o,...n])}function $z(e){let[,t,n,r="",o]=vz.exec(e)??[];return t===void 0||n===void 0||!U1.includes(
r)?[]:fe(uf,{runner:D1(t),profile:D1(n),caused_by:r},Number(o))}function D1(e){return e.replace(/\\(.)/g,(t,n)=>n==="n"?
`
`:n)}0&&(module.exports={differenceOf,expectableOf,explain,filesMatching,fleetFormats,fleetInputNames,fleetOfFolders,fleetOptions,
forForeignFacts,help,helpFor,isPattern,isSick,lintChecks,lintFormats,loadRunnerConfig,lookAgain,maxReportSize,maxYamlSize,
mistakeInExpectations,mistakeInHead,otherChecks,parseYaml,policyFor,postureBlock,publishedAfter,publishedReport,readEither,
readListInput,readPolicy,readReport,readToolsInput,readWorkflow,renderAfterJson,renderAfterLog,renderAfterPrometheus,renderAfterSummary,
renderFleetText,renderList,renderPolicy,renderReportPage,runLint,runnerTemplate,sickLines,watchFleet});
