"use strict";var sO=Object.create;var La=Object.defineProperty;var aO=Object.getOwnPropertyDescriptor;var dO=Object.getOwnPropertyNames;var cO=Object.getPrototypeOf,lO=Object.prototype.hasOwnProperty;var Ue=(e,t)=>()=>{try{return t||e((t={exports:{}}).exports,t),t.exports}catch(n){throw t=0,n}},uO=(e,t)=>{for(var n in t)
La(e,n,{get:t[n],enumerable:!0})},Kh=(e,t,n,o)=>{if(t&&typeof t=="object"||typeof t=="function")for(let r of dO(t))!lO.call(
e,r)&&r!==n&&La(e,r,{get:()=>t[r],enumerable:!(o=aO(t,r))||o.enumerable});return e};var K=(e,t,n)=>(n=e!=null?sO(cO(e)):{},Kh(t||!e||!e.__esModule?La(n,"default",{value:e,enumerable:!0}):n,e)),fO=e=>Kh(La(
{},"__esModule",{value:!0}),e);var MT=Ue((oke,HT)=>{"use strict";var Ap=class{constructor(){this.max=1e3,this.map=new Map}get(t){let n=this.map.get(t);
if(n!==void 0)return this.map.delete(t),this.map.set(t,n),n}delete(t){return this.map.delete(t)}set(t,n){if(!this.delete(
t)&&n!==void 0){if(this.map.size>=this.max){let r=this.map.keys().next().value;this.delete(r)}this.map.set(t,n)}return this}};
HT.exports=Ap});var Xc=Ue((rke,GT)=>{"use strict";var wB=Object.freeze({loose:!0}),bB=Object.freeze({}),vB=e=>e?typeof e!="object"?wB:e:
bB;GT.exports=vB});var ga=Ue((ike,VT)=>{"use strict";var xB="2.0.0",$B=Number.MAX_SAFE_INTEGER||9007199254740991,TB=16,RB=250,PB=["	",`
`,"\v","\f","\r"," ","\xA0","\u1680","\u2000","\u2001","\u2002","\u2003","\u2004","\u2005","\u2006","\u2007","\u2008","\u2009",
"\u200A","\u2028","\u2029","\u202F","\u205F","\u3000","\uFEFF"],EB=["major","premajor","minor","preminor","patch","prepa\
tch","prerelease"];VT.exports={MAX_LENGTH:256,MAX_SAFE_COMPONENT_LENGTH:TB,MAX_SAFE_BUILD_LENGTH:RB,MAX_SAFE_INTEGER:$B,
WHITESPACE_CHARACTERS:PB,RELEASE_TYPES:EB,SEMVER_SPEC_VERSION:xB,FLAG_INCLUDE_PRERELEASE:1,FLAG_LOOSE:2}});var ya=Ue((ske,BT)=>{"use strict";var SB=typeof process=="object"&&process.env&&process.env.NODE_DEBUG&&/\bsemver\b/i.test(
process.env.NODE_DEBUG)?(...e)=>console.error("SEMVER",...e):()=>{};BT.exports=SB});var Qc=Ue((Kn,WT)=>{"use strict";var{MAX_SAFE_COMPONENT_LENGTH:Ip,MAX_SAFE_BUILD_LENGTH:OB,MAX_LENGTH:AB}=ga(),IB=ya();Kn=
WT.exports={};var CB=Kn.re=[],_B=Kn.safeRe=[],C=Kn.src=[],NB=Kn.safeSrc=[],_=Kn.t={},DB=0,Cp="[a-zA-Z0-9-]",FB=[["\\s",1],
["\\d",AB],[Cp,OB]],jB=e=>{for(let[t,n]of FB)e=e.split(`${t}*`).join(`${t}{0,${n}}`).split(`${t}+`).join(`${t}{1,${n}}`);
return e},Y=(e,t,n)=>{let o=jB(t),r=DB++;IB(e,r,t),_[e]=r,C[r]=t,NB[r]=o,CB[r]=new RegExp(t,n?"g":void 0),_B[r]=new RegExp(
o,n?"g":void 0)};Y("NUMERICIDENTIFIER","0|[1-9]\\d*");Y("NUMERICIDENTIFIERLOOSE","\\d+");Y("NONNUMERICIDENTIFIER",`\\d*[a\
-zA-Z-]${Cp}*`);Y("MAINVERSION",`(${C[_.NUMERICIDENTIFIER]})\\.(${C[_.NUMERICIDENTIFIER]})\\.(${C[_.NUMERICIDENTIFIER]})`);
Y("MAINVERSIONLOOSE",`(${C[_.NUMERICIDENTIFIERLOOSE]})\\.(${C[_.NUMERICIDENTIFIERLOOSE]})\\.(${C[_.NUMERICIDENTIFIERLOOSE]}\
)`);Y("PRERELEASEIDENTIFIER",`(?:${C[_.NONNUMERICIDENTIFIER]}|${C[_.NUMERICIDENTIFIER]})`);Y("PRERELEASEIDENTIFIERLOOSE",
`(?:${C[_.NONNUMERICIDENTIFIER]}|${C[_.NUMERICIDENTIFIERLOOSE]})`);Y("PRERELEASE",`(?:-(${C[_.PRERELEASEIDENTIFIER]}(?:\\\
.${C[_.PRERELEASEIDENTIFIER]})*))`);Y("PRERELEASELOOSE",`(?:-?(${C[_.PRERELEASEIDENTIFIERLOOSE]}(?:\\.${C[_.PRERELEASEIDENTIFIERLOOSE]}\
)*))`);Y("BUILDIDENTIFIER",`${Cp}+`);Y("BUILD",`(?:\\+(${C[_.BUILDIDENTIFIER]}(?:\\.${C[_.BUILDIDENTIFIER]})*))`);Y("FUL\
LPLAIN",`v?${C[_.MAINVERSION]}${C[_.PRERELEASE]}?${C[_.BUILD]}?`);Y("FULL",`^${C[_.FULLPLAIN]}$`);Y("LOOSEPLAIN",`[v=\\s]\
*${C[_.MAINVERSIONLOOSE]}${C[_.PRERELEASELOOSE]}?${C[_.BUILD]}?`);Y("LOOSE",`^${C[_.LOOSEPLAIN]}$`);Y("GTLT","((?:<|>)?=\
?)");Y("XRANGEIDENTIFIERLOOSE",`${C[_.NUMERICIDENTIFIERLOOSE]}|x|X|\\*`);Y("XRANGEIDENTIFIER",`${C[_.NUMERICIDENTIFIER]}\
|x|X|\\*`);Y("XRANGEPLAIN",`[v=\\s]*(${C[_.XRANGEIDENTIFIER]})(?:\\.(${C[_.XRANGEIDENTIFIER]})(?:\\.(${C[_.XRANGEIDENTIFIER]}\
)(?:${C[_.PRERELEASE]})?${C[_.BUILD]}?)?)?`);Y("XRANGEPLAINLOOSE",`[v=\\s]*(${C[_.XRANGEIDENTIFIERLOOSE]})(?:\\.(${C[_.XRANGEIDENTIFIERLOOSE]}\
)(?:\\.(${C[_.XRANGEIDENTIFIERLOOSE]})(?:${C[_.PRERELEASELOOSE]})?${C[_.BUILD]}?)?)?`);Y("XRANGE",`^${C[_.GTLT]}\\s*${C[_.
XRANGEPLAIN]}$`);Y("XRANGELOOSE",`^${C[_.GTLT]}\\s*${C[_.XRANGEPLAINLOOSE]}$`);Y("COERCEPLAIN",`(^|[^\\d])(\\d{1,${Ip}})\
(?:\\.(\\d{1,${Ip}}))?(?:\\.(\\d{1,${Ip}}))?`);Y("COERCE",`${C[_.COERCEPLAIN]}(?:$|[^\\d])`);Y("COERCEFULL",C[_.COERCEPLAIN]+
`(?:${C[_.PRERELEASE]})?(?:${C[_.BUILD]})?(?:$|[^\\d])`);Y("COERCERTL",C[_.COERCE],!0);Y("COERCERTLFULL",C[_.COERCEFULL],
!0);Y("LONETILDE","(?:~>?)");Y("TILDETRIM",`(\\s*)${C[_.LONETILDE]}\\s+`,!0);Kn.tildeTrimReplace="$1~";Y("TILDE",`^${C[_.
LONETILDE]}${C[_.XRANGEPLAIN]}$`);Y("TILDELOOSE",`^${C[_.LONETILDE]}${C[_.XRANGEPLAINLOOSE]}$`);Y("LONECARET","(?:\\^)");
Y("CARETTRIM",`(\\s*)${C[_.LONECARET]}\\s+`,!0);Kn.caretTrimReplace="$1^";Y("CARET",`^${C[_.LONECARET]}${C[_.XRANGEPLAIN]}\
$`);Y("CARETLOOSE",`^${C[_.LONECARET]}${C[_.XRANGEPLAINLOOSE]}$`);Y("COMPARATORLOOSE",`^${C[_.GTLT]}\\s*(${C[_.LOOSEPLAIN]}\
)$|^$`);Y("COMPARATOR",`^${C[_.GTLT]}\\s*(${C[_.FULLPLAIN]})$|^$`);Y("COMPARATORTRIM",`(\\s*)${C[_.GTLT]}\\s*(${C[_.LOOSEPLAIN]}\
|${C[_.XRANGEPLAIN]})`,!0);Kn.comparatorTrimReplace="$1$2$3";Y("HYPHENRANGE",`^\\s*(${C[_.XRANGEPLAIN]})\\s+-\\s+(${C[_.
XRANGEPLAIN]})\\s*$`);Y("HYPHENRANGELOOSE",`^\\s*(${C[_.XRANGEPLAINLOOSE]})\\s+-\\s+(${C[_.XRANGEPLAINLOOSE]})\\s*$`);Y(
"STAR","(<|>)?=?\\s*\\*");Y("GTE0","^\\s*>=\\s*0\\.0\\.0\\s*$");Y("GTE0PRE","^\\s*>=\\s*0\\.0\\.0-0\\s*$")});var JT=Ue((ake,zT)=>{"use strict";var qT=/^[0-9]+$/,KT=(e,t)=>{if(typeof e=="number"&&typeof t=="number")return e===t?0:
e<t?-1:1;let n=qT.test(e),o=qT.test(t);return n&&o&&(e=+e,t=+t),e===t?0:n&&!o?-1:o&&!n?1:e<t?-1:1},LB=(e,t)=>KT(t,e);zT.
exports={compareIdentifiers:KT,rcompareIdentifiers:LB}});var rl=Ue((dke,ZT)=>{"use strict";var el=ya(),{MAX_LENGTH:YT,MAX_SAFE_INTEGER:tl}=ga(),{safeRe:nl,t:ol}=Qc(),UB=Xc(),{compareIdentifiers:_p}=JT(),
HB=(e,t)=>{let n=t.split(".");if(n.length>e.length)return!1;for(let o=0;o<n.length;o++)if(_p(e[o],n[o])!==0)return!1;return!0},
Np=class e{constructor(t,n){if(n=UB(n),t instanceof e){if(t.loose===!!n.loose&&t.includePrerelease===!!n.includePrerelease)
return t;t=t.version}else if(typeof t!="string")throw new TypeError(`Invalid version. Must be a string. Got type "${typeof t}\
".`);if(t.length>YT)throw new TypeError(`version is longer than ${YT} characters`);el("SemVer",t,n),this.options=n,this.
loose=!!n.loose,this.includePrerelease=!!n.includePrerelease;let o=t.trim().match(n.loose?nl[ol.LOOSE]:nl[ol.FULL]);if(!o)
throw new TypeError(`Invalid Version: ${t}`);if(this.raw=t,this.major=+o[1],this.minor=+o[2],this.patch=+o[3],this.major>
tl||this.major<0)throw new TypeError("Invalid major version");if(this.minor>tl||this.minor<0)throw new TypeError("Invali\
d minor version");if(this.patch>tl||this.patch<0)throw new TypeError("Invalid patch version");o[4]?this.prerelease=o[4].
split(".").map(r=>{if(/^[0-9]+$/.test(r)){let i=+r;if(i>=0&&i<tl)return i}return r}):this.prerelease=[],this.build=o[5]?
o[5].split("."):[],this.format()}format(){return this.version=`${this.major}.${this.minor}.${this.patch}`,this.prerelease.
length&&(this.version+=`-${this.prerelease.join(".")}`),this.version}toString(){return this.version}compare(t){if(el("Se\
mVer.compare",this.version,this.options,t),!(t instanceof e)){if(typeof t=="string"&&t===this.version)return 0;t=new e(t,
this.options)}return t.version===this.version?0:this.compareMain(t)||this.comparePre(t)}compareMain(t){return t instanceof
e||(t=new e(t,this.options)),this.major<t.major?-1:this.major>t.major?1:this.minor<t.minor?-1:this.minor>t.minor?1:this.
patch<t.patch?-1:this.patch>t.patch?1:0}comparePre(t){if(t instanceof e||(t=new e(t,this.options)),this.prerelease.length&&
!t.prerelease.length)return-1;if(!this.prerelease.length&&t.prerelease.length)return 1;if(!this.prerelease.length&&!t.prerelease.
length)return 0;let n=0;do{let o=this.prerelease[n],r=t.prerelease[n];if(el("prerelease compare",n,o,r),o===void 0&&r===
void 0)return 0;if(r===void 0)return 1;if(o===void 0)return-1;if(o===r)continue;return _p(o,r)}while(++n)}compareBuild(t){
t instanceof e||(t=new e(t,this.options));let n=0;do{let o=this.build[n],r=t.build[n];if(el("build compare",n,o,r),o===void 0&&
r===void 0)return 0;if(r===void 0)return 1;if(o===void 0)return-1;if(o===r)continue;return _p(o,r)}while(++n)}inc(t,n,o){
if(t.startsWith("pre")){if(!n&&o===!1)throw new Error("invalid increment argument: identifier is empty");if(n){let r=`-${n}`.
match(this.options.loose?nl[ol.PRERELEASELOOSE]:nl[ol.PRERELEASE]);if(!r||r[1]!==n)throw new Error(`invalid identifier: ${n}`)}}
switch(t){case"premajor":this.prerelease.length=0,this.patch=0,this.minor=0,this.major++,this.inc("pre",n,o);break;case"\
preminor":this.prerelease.length=0,this.patch=0,this.minor++,this.inc("pre",n,o);break;case"prepatch":this.prerelease.length=
0,this.inc("patch",n,o),this.inc("pre",n,o);break;case"prerelease":this.prerelease.length===0&&this.inc("patch",n,o),this.
inc("pre",n,o);break;case"release":if(this.prerelease.length===0)throw new Error(`version ${this.raw} is not a prereleas\
e`);this.prerelease.length=0;break;case"major":(this.minor!==0||this.patch!==0||this.prerelease.length===0)&&this.major++,
this.minor=0,this.patch=0,this.prerelease=[];break;case"minor":(this.patch!==0||this.prerelease.length===0)&&this.minor++,
this.patch=0,this.prerelease=[];break;case"patch":this.prerelease.length===0&&this.patch++,this.prerelease=[];break;case"\
pre":{let r=Number(o)?1:0;if(this.prerelease.length===0)this.prerelease=[r];else{let i=this.prerelease.length;for(;--i>=
0;)typeof this.prerelease[i]=="number"&&(this.prerelease[i]++,i=-2);if(i===-1){if(n===this.prerelease.join(".")&&o===!1)
throw new Error("invalid increment argument: identifier already exists");this.prerelease.push(r)}}if(n){let i=[n,r];if(o===
!1&&(i=[n]),HB(this.prerelease,n)){let s=this.prerelease[n.split(".").length];isNaN(s)&&(this.prerelease=i)}else this.prerelease=
i}break}default:throw new Error(`invalid increment argument: ${t}`)}return this.raw=this.format(),this.build.length&&(this.
raw+=`+${this.build.join(".")}`),this}};ZT.exports=Np});var Ur=Ue((cke,QT)=>{"use strict";var XT=rl(),MB=(e,t,n)=>new XT(e,n).compare(new XT(t,n));QT.exports=MB});var tR=Ue((lke,eR)=>{"use strict";var GB=Ur(),VB=(e,t,n)=>GB(e,t,n)===0;eR.exports=VB});var oR=Ue((uke,nR)=>{"use strict";var BB=Ur(),WB=(e,t,n)=>BB(e,t,n)!==0;nR.exports=WB});var iR=Ue((fke,rR)=>{"use strict";var qB=Ur(),KB=(e,t,n)=>qB(e,t,n)>0;rR.exports=KB});var aR=Ue((mke,sR)=>{"use strict";var zB=Ur(),JB=(e,t,n)=>zB(e,t,n)>=0;sR.exports=JB});var cR=Ue((pke,dR)=>{"use strict";var YB=Ur(),ZB=(e,t,n)=>YB(e,t,n)<0;dR.exports=ZB});var uR=Ue((hke,lR)=>{"use strict";var XB=Ur(),QB=(e,t,n)=>XB(e,t,n)<=0;lR.exports=QB});var mR=Ue((gke,fR)=>{"use strict";var eW=tR(),tW=oR(),nW=iR(),oW=aR(),rW=cR(),iW=uR(),sW=(e,t,n,o)=>{switch(t){case"===":
return typeof e=="object"&&(e=e.version),typeof n=="object"&&(n=n.version),e===n;case"!==":return typeof e=="object"&&(e=
e.version),typeof n=="object"&&(n=n.version),e!==n;case"":case"=":case"==":return eW(e,n,o);case"!=":return tW(e,n,o);case"\
>":return nW(e,n,o);case">=":return oW(e,n,o);case"<":return rW(e,n,o);case"<=":return iW(e,n,o);default:throw new TypeError(
`Invalid operator: ${t}`)}};fR.exports=sW});var bR=Ue((yke,wR)=>{"use strict";var ka=Symbol("SemVer ANY"),jp=class e{static get ANY(){return ka}constructor(t,n){if(n=
pR(n),t instanceof e){if(t.loose===!!n.loose)return t;t=t.value}t=t.trim().split(/\s+/).join(" "),Fp("comparator",t,n),this.
options=n,this.loose=!!n.loose,this.parse(t),this.semver===ka?this.value="":this.value=this.operator+this.semver.version,
Fp("comp",this)}parse(t){let n=this.options.loose?hR[gR.COMPARATORLOOSE]:hR[gR.COMPARATOR],o=t.match(n);if(!o)throw new TypeError(
`Invalid comparator: ${t}`);this.operator=o[1]!==void 0?o[1]:"",this.operator==="="&&(this.operator=""),o[2]?this.semver=
new yR(o[2],this.options.loose):this.semver=ka}toString(){return this.value}test(t){if(Fp("Comparator.test",t,this.options.
loose),this.semver===ka||t===ka)return!0;if(typeof t=="string")try{t=new yR(t,this.options)}catch{return!1}return Dp(t,this.
operator,this.semver,this.options)}intersects(t,n){if(!(t instanceof e))throw new TypeError("a Comparator is required");
return this.operator===""?this.value===""?!0:new kR(t.value,n).test(this.value):t.operator===""?t.value===""?!0:new kR(this.
value,n).test(t.semver):(n=pR(n),n.includePrerelease&&(this.value==="<0.0.0-0"||t.value==="<0.0.0-0")||!n.includePrerelease&&
(this.value.startsWith("<0.0.0")||t.value.startsWith("<0.0.0"))?!1:!!(this.operator.startsWith(">")&&t.operator.startsWith(
">")||this.operator.startsWith("<")&&t.operator.startsWith("<")||this.semver.version===t.semver.version&&this.operator.includes(
"=")&&t.operator.includes("=")||Dp(this.semver,"<",t.semver,n)&&this.operator.startsWith(">")&&t.operator.startsWith("<")||
Dp(this.semver,">",t.semver,n)&&this.operator.startsWith("<")&&t.operator.startsWith(">")))}};wR.exports=jp;var pR=Xc(),
{safeRe:hR,t:gR}=Qc(),Dp=mR(),Fp=ya(),yR=rl(),kR=il()});var CR=Ue((kke,IR)=>{"use strict";var{MAX_LENGTH:Up,MAX_SAFE_BUILD_LENGTH:TR,WHITESPACE_CHARACTERS:aW}=ga(),RR=new Uint8Array(
65536);for(let e of aW)RR[e.charCodeAt(0)]=1;var Hp=e=>e!==void 0&&RR[e.charCodeAt(0)]===1,vR=e=>e==="v"||e==="="||Hp(e),
wa=e=>e!==void 0&&e>="0"&&e<="9",PR=e=>e!==void 0&&(e>="a"&&e<="z"||e>="A"&&e<="Z"),ER=e=>wa(e)||PR(e)||e==="-",Mp=e=>wa(
e)||e==="x"||e==="X"||e==="*",SR=(e,t,n,o)=>{if(!wa(e[t]))return t;if(t>=o.start&&t<o.end)return Math.min(t+n,o.end);if(t>=
o.previousStart&&t<o.previousEnd)return Math.min(t+n,o.previousEnd);let r=t+1;for(;wa(e[r]);)r++;return o.previousStart=
o.start,o.previousEnd=o.end,o.start=t,o.end=r,Math.min(t+n,r)},Gp=(e,t,n,o)=>!n&&e[t]==="0"?t+1:SR(e,t,n?Up:Up+1,o),Lp=(e,t,n,o)=>{
let r=SR(e,t,Up,o);if(PR(e[r])||e[r]==="-"){let i=r+1,s=i+TR;for(;i<s&&ER(e[i]);)i++;return i}return Gp(e,t,n,o)},OR=(e,t,n,o)=>{
let r=e[t]==="-";if(!n&&!r)return t;let i=t+(r?1:0),s=Lp(e,i,n,o);if(s===i){if(!n||!r)return t;s=Lp(e,t,n,o)}for(;e[s]===
".";){let a=Lp(e,s+1,n,o);if(a===s+1)break;s=a}return s},xR=(e,t)=>{let n=t;for(;n-t<TR&&ER(e[n]);)n++;return n},AR=(e,t)=>{
if(e[t]!=="+")return t;let n=xR(e,t+1);if(n===t+1)return t;for(;e[n]===".";){let o=xR(e,n+1);if(o===n+1)break;n=o}return n},
dW=(e,t,n)=>{let o=t;for(let i=0;i<3;i++){let s=Gp(e,o,!0,n);if(s===o)return t;if(o=s,i<2){if(e[o]!==".")return t;o++}}let r=OR(
e,o,!0,n);return AR(e,r)},$R=(e,t,n)=>wa(e[t])?Gp(e,t,!1,n):Mp(e[t])?t+1:t,cW=(e,t,n)=>{let o=$R(e,t,n);for(let i=0;i<2;i++){
if(e[o]!==".")return o;let s=$R(e,o+1,n);if(s===o+1)return o;o=s}let r=OR(e,o,!1,n);return AR(e,r)},lW=(e,t,n)=>{let o=dW(
e,t,n);return o!==t?o:cW(e,t,n)},uW=(e,t)=>{let n=t;return Hp(e[n])&&n++,(e[n]==="<"||e[n]===">")&&n++,e[n]==="="&&n++,Hp(
e[n])?n:-1},fW=e=>{let t="",n=0,o=0,r={start:-1,end:-1,previousStart:-1,previousEnd:-1};for(;o<e.length;){let i=o;if(e[o]===
"<"||e[o]===">")o++;else if(!vR(e[o])&&!Mp(e[o])){o++;continue}for(;o<e.length&&vR(e[o]);)o++;if(!Mp(e[o]))continue;let s=uW(
e,i);s!==-1&&(t+=e.slice(n,s),n=s+1),o=lW(e,o,r)}return t+e.slice(n)};IR.exports=fW});var il=Ue((wke,FR)=>{"use strict";var mW=/\s+/g,Vp=class e{constructor(t,n){if(n=hW(n),t instanceof e)return t.loose===!!n.
loose&&t.includePrerelease===!!n.includePrerelease?t:new e(t.raw,n);if(t instanceof Bp)return this.raw=t.value,this.set=
[[t]],this.formatted=void 0,this;if(this.options=n,this.loose=!!n.loose,this.includePrerelease=!!n.includePrerelease,this.
raw=t.trim().replace(mW," "),this.set=this.raw.split("||").map(o=>this.parseRange(o.trim())).filter(o=>o.length),!this.set.
length)throw new TypeError(`Invalid SemVer Range: ${this.raw}`);if(this.set.length>1){let o=this.set[0];if(this.set=this.
set.filter(r=>!NR(r[0])),this.set.length===0)this.set=[o];else if(this.set.length>1){for(let r of this.set)if(r.length===
1&&TW(r[0])){this.set=[r];break}}}this.formatted=void 0}get range(){if(this.formatted===void 0){this.formatted="";for(let t=0;t<
this.set.length;t++){t>0&&(this.formatted+="||");let n=this.set[t];for(let o=0;o<n.length;o++)o>0&&(this.formatted+=" "),
this.formatted+=n[o].toString().trim()}}return this.formatted}format(){return this.range}toString(){return this.range}parseRange(t){
t=t.replace($W,"");let o=((this.options.includePrerelease&&vW)|(this.options.loose&&xW))+":"+t,r=_R.get(o);if(r)return r;
let i=this.options.loose,s=i?_t[ut.HYPHENRANGELOOSE]:_t[ut.HYPHENRANGE];t=t.replace(s,DW(this.options.includePrerelease)),
ge("hyphen replace",t),t=yW(t),ge("comparator trim",t),t=t.replace(_t[ut.TILDETRIM],wW),ge("tilde trim",t),t=t.replace(_t[ut.
CARETTRIM],bW),ge("caret trim",t);let a=t.split(" ").map(f=>RW(f,this.options)).join(" ").split(/\s+/).map(f=>NW(f,this.
options));i&&(a=a.filter(f=>(ge("loose invalid filter",f,this.options),!!f.match(_t[ut.COMPARATORLOOSE])))),ge("range li\
st",a);let d=new Map,c=a.map(f=>new Bp(f,this.options));for(let f of c){if(NR(f))return[f];d.set(f.value,f)}d.size>1&&d.
has("")&&d.delete("");let l=[...d.values()];return _R.set(o,l),l}intersects(t,n){if(!(t instanceof e))throw new TypeError(
"a Range is required");return this.set.some(o=>DR(o,n)&&t.set.some(r=>DR(r,n)&&o.every(i=>r.every(s=>i.intersects(s,n)))))}test(t){
if(!t)return!1;if(typeof t=="string")try{t=new gW(t,this.options)}catch{return!1}for(let n=0;n<this.set.length;n++)if(FW(
this.set[n],t,this.options))return!0;return!1}};FR.exports=Vp;var pW=MT(),_R=new pW,hW=Xc(),Bp=bR(),ge=ya(),gW=rl(),yW=CR(),
{safeRe:_t,src:kW,t:ut,tildeTrimReplace:wW,caretTrimReplace:bW}=Qc(),{FLAG_INCLUDE_PRERELEASE:vW,FLAG_LOOSE:xW}=ga(),$W=new RegExp(
kW[ut.BUILD],"g"),NR=e=>e.value==="<0.0.0-0",TW=e=>e.value==="",DR=(e,t)=>{let n=!0,o=e.slice(),r=o.pop();for(;n&&o.length;)
n=o.every(i=>r.intersects(i,t)),r=o.pop();return n},RW=(e,t)=>(e=e.replace(_t[ut.BUILD],""),ge("comp",e,t),e=OW(e,t),ge(
"caret",e),e=EW(e,t),ge("tildes",e),e=IW(e,t),ge("xrange",e),e=_W(e,t),ge("stars",e),e),qe=e=>!e||e.toLowerCase()==="x"||
e==="*",PW=(e,t,n)=>qe(e)&&!qe(t)||qe(t)&&n&&!qe(n),EW=(e,t)=>e.trim().split(/\s+/).map(n=>SW(n,t)).join(" "),SW=(e,t)=>{
let n=t.loose?_t[ut.TILDELOOSE]:_t[ut.TILDE],o=t.includePrerelease?"-0":"";return e.replace(n,(r,i,s,a,d)=>{ge("tilde",e,
r,i,s,a,d);let c;return qe(i)?c="":qe(s)?c=`>=${i}.0.0${o} <${+i+1}.0.0-0`:qe(a)?c=`>=${i}.${s}.0${o} <${i}.${+s+1}.0-0`:
d?(ge("replaceTilde pr",d),c=`>=${i}.${s}.${a}-${d} <${i}.${+s+1}.0-0`):c=`>=${i}.${s}.${a} <${i}.${+s+1}.0-0`,ge("tilde\
 return",c),c})},OW=(e,t)=>e.trim().split(/\s+/).map(n=>AW(n,t)).join(" "),AW=(e,t)=>{ge("caret",e,t);let n=t.loose?_t[ut.
CARETLOOSE]:_t[ut.CARET],o=t.includePrerelease?"-0":"";return e.replace(n,(r,i,s,a,d)=>{ge("caret",e,r,i,s,a,d);let c;return qe(
i)?c="":qe(s)?c=`>=${i}.0.0${o} <${+i+1}.0.0-0`:qe(a)?i==="0"?c=`>=${i}.${s}.0${o} <${i}.${+s+1}.0-0`:c=`>=${i}.${s}.0${o}\
 <${+i+1}.0.0-0`:d?(ge("replaceCaret pr",d),i==="0"?s==="0"?c=`>=${i}.${s}.${a}-${d} <${i}.${s}.${+a+1}-0`:c=`>=${i}.${s}\
.${a}-${d} <${i}.${+s+1}.0-0`:c=`>=${i}.${s}.${a}-${d} <${+i+1}.0.0-0`):(ge("no pr"),i==="0"?s==="0"?c=`>=${i}.${s}.${a}\
 <${i}.${s}.${+a+1}-0`:c=`>=${i}.${s}.${a} <${i}.${+s+1}.0-0`:c=`>=${i}.${s}.${a} <${+i+1}.0.0-0`),ge("caret return",c),
c})},IW=(e,t)=>(ge("replaceXRanges",e,t),e.split(/\s+/).map(n=>CW(n,t)).join(" ")),CW=(e,t)=>{e=e.trim();let n=t.loose?_t[ut.
XRANGELOOSE]:_t[ut.XRANGE];return e.replace(n,(o,r,i,s,a,d)=>{if(ge("xRange",e,o,r,i,s,a,d),PW(i,s,a))return e;let c=qe(
i),l=c||qe(s),f=l||qe(a),m=f;return r==="="&&m&&(r=""),d=t.includePrerelease?"-0":"",c?r===">"||r==="<"?o="<0.0.0-0":o="\
*":r&&m?(l&&(s=0),a=0,r===">"?(r=">=",l?(i=+i+1,s=0,a=0):(s=+s+1,a=0)):r==="<="&&(r="<",l?i=+i+1:s=+s+1),r==="<"&&(d="-0"),
o=`${r+i}.${s}.${a}${d}`):l?o=`>=${i}.0.0${d} <${+i+1}.0.0-0`:f&&(o=`>=${i}.${s}.0${d} <${i}.${+s+1}.0-0`),ge("xRange re\
turn",o),o})},_W=(e,t)=>(ge("replaceStars",e,t),e.trim().replace(_t[ut.STAR],"")),NW=(e,t)=>(ge("replaceGTE0",e,t),e.trim().
replace(_t[t.includePrerelease?ut.GTE0PRE:ut.GTE0],"")),DW=e=>(t,n,o,r,i,s,a,d,c,l,f,m)=>(qe(o)?n="":qe(r)?n=`>=${o}.0.0${e?
"-0":""}`:qe(i)?n=`>=${o}.${r}.0${e?"-0":""}`:s?n=`>=${n}`:n=`>=${n}${e?"-0":""}`,qe(c)?d="":qe(l)?d=`<${+c+1}.0.0-0`:qe(
f)?d=`<${c}.${+l+1}.0-0`:m?d=`<=${c}.${l}.${f}-${m}`:e?d=`<${c}.${l}.${+f+1}-0`:d=`<=${d}`,`${n} ${d}`.trim()),FW=(e,t,n)=>{
for(let o=0;o<e.length;o++)if(!e[o].test(t))return!1;if(t.prerelease.length&&!n.includePrerelease){for(let o=0;o<e.length;o++)
if(ge(e[o].semver),e[o].semver!==Bp.ANY&&e[o].semver.prerelease.length>0){let r=e[o].semver;if(r.major===t.major&&r.minor===
t.minor&&r.patch===t.patch)return!0}return!1}return!0}});var UR=Ue((bke,LR)=>{"use strict";var jR=il(),jW=(e,t,n)=>(e=new jR(e,n),t=new jR(t,n),e.intersects(t,n));LR.exports=jW});var k5={};uO(k5,{leave:()=>ul,runAction:()=>OS,runFleetAction:()=>nO,runPost:()=>iO,runTerminal:()=>XS});module.exports=
fO(k5);var zh={checks:{"config/syntax":{title:"The runner's files can be read",reasons:{"invalid-yaml":{level:"fail",title:"A f\
ile has a syntax error"},unreadable:{level:"fail",title:"A file is missing or cannot be read"},"not-a-config":{level:"fa\
il",title:"A file is not a runner's"},template:{level:"fail",title:"A file is a template"}}},"config/unknown-key":{title:"\
The runner knows every key of its configuration",reasons:{"unknown-key":{level:"warn",title:"The runner does not know a \
key"},"misplaced-key":{level:"fail",title:"A key is in the wrong section"},"deprecated-key":{level:"warn",title:"A key i\
s deprecated"}}},"config/type":{title:"Every value of the configuration has the type of its key",reasons:{"wrong-type":{
level:"fail",title:"A value has the wrong type"},"invalid-value":{level:"fail",title:"The runner does not accept a value"}}},
"config/label":{title:"Every label is valid",reasons:{empty:{level:"fail",title:"A label is empty"},"bad-schema":{level:"\
fail",title:"A label's scheme is invalid"},"no-image":{level:"fail",title:"A container label has no valid image"},duplicate:{
level:"warn",title:"Two labels have the same name"},space:{level:"fail",title:"A label contains a space"},"token-in-labe\
l":{level:"fail",title:"A label contains a token or a password"},"floating-tag":{level:"warn",title:"A label's image has\
 a floating tag"},"no-image-named":{level:"warn",title:"A label that stands for an image names none"},"image-without-nod\
e":{level:"warn",title:"A label's image has no node"}}},"config/options":{title:"The runner accepts and keeps every opti\
on of its job containers",reasons:{"unterminated-quote":{level:"fail",title:"`container.options` has an unterminated quo\
te"},"unknown-flag":{level:"fail",title:"The runner cannot read an option"},"ignored-network":{level:"warn",title:"`--ne\
twork` in `container.options` has no effect"},"read-only-root":{level:"fail",title:"A read-only job container cannot sta\
rt a job"},"noexec-tmpfs":{level:"warn",title:"A tmpfs keeps jobs from starting programs"},"not-expanded":{level:"fail",
title:"A variable in the configuration is not expanded"},stripped:{level:"fail",title:"The runner drops an option"},"dup\
licate-socket-mount":{level:"fail",title:"The Docker socket is mounted twice"},"socket-not-mounted":{level:"fail",title:"\
The runner refuses the mount of the Docker socket"},"volume-not-allowed":{level:"fail",title:"`valid_volumes` does not a\
llow a mount"}}},"config/volumes":{title:"Every allowed volume is a source, and the workspace is one of them if it is mo\
unted",reasons:{"source-with-target":{level:"fail",title:"An entry of `valid_volumes` has a target"},"workdir-not-allowe\
d":{level:"fail",title:"`bind_workdir` has no effect"}}},"config/docker-host":{title:"The runner finds its Docker daemon\
, and jobs can use it",reasons:{invalid:{level:"fail",title:"`container.docker_host` is not an address"},"not-mounted":{
level:"warn",title:"Jobs get no Docker socket"},"tcp-without-tls":{level:"fail",title:"The connection to the Docker daem\
on has no TLS"}}},"config/privileged":{title:"Job containers are not privileged",reasons:{privileged:{level:"warn",title:"\
Every job container is privileged"}}},"config/gpu-label":{title:"Jobs of GPU labels get a GPU",reasons:{"no-gpu-option":{
level:"fail",title:"Jobs of a GPU label get no GPU"}}},"config/cache":{title:"Jobs can use the cache server, and its sec\
ret is kept",reasons:{"host-unspecified":{level:"fail",title:"Jobs cannot connect to the address of the cache server"},"\
external-without-secret":{level:"fail",title:"The external cache server has no secret"},"secret-in-file":{level:"warn",title:"\
Every user can read the secret of the cache"}}},"config/tool-cache":{title:"No two jobs write to the tool cache at once",
reasons:{"shared-with-capacity":{level:"warn",title:"Concurrent jobs share one tool cache"}}},"config/capacity":{title:"\
Docker has a network for every concurrent job",reasons:{"address-pool":{level:"warn",title:"More concurrent jobs than Do\
cker has networks"}}},"config/connection":{title:"Every connection of Forgejo's runner is complete",reasons:{incomplete:{
level:"fail",title:"A connection of Forgejo's runner is incomplete"},conflict:{level:"fail",title:"A secret is given twi\
ce"}}},"config/registration":{title:"The runner is registered with the labels of its configuration, and its token is kep\
t",reasons:{missing:{level:"fail",title:"The runner cannot find its registration file (`.runner`)"},"labels-differ":{level:"\
warn",title:"Registration and configuration have different labels"},"world-readable":{level:"warn",title:"Every user can\
 read the runner's token"}}},"config/service":{title:"The service starts the runner with its configuration, after Docker\
, and restarts it",reasons:{"no-config":{level:"fail",title:"The service starts the runner without its configuration"},"\
no-restart":{level:"warn",title:"The service does not restart the runner"},"not-after-docker":{level:"warn",title:"The s\
ervice does not wait for Docker"},"not-in-docker-group":{level:"fail",title:"The service's user cannot use the Docker so\
cket"},"toolchain-off-path":{level:"fail",title:"Tools of the machine are not on the service's PATH"},"ignored-line":{level:"\
warn",title:"systemd ignores a line of the unit"},"fatal-value":{level:"fail",title:"systemd does not start the service \
with this value"},"start-limit":{level:"warn",title:"systemd gives up after a few restarts"},"boot-race":{level:"warn",title:"\
After a boot, the runner can start before the network"},"kill-mode":{level:"warn",title:"The stop of the service does no\
t fit its jobs"}}},"workflow/runs-on":{title:"Every label that the workflows ask for has a runner",reasons:{"no-runner-w\
ith-label":{level:"fail",title:"No runner has a label that a job asks for"},missing:{level:"warn",title:"A job says nowh\
ere which runner it needs"},"all-offline":{level:"fail",title:"Every runner with a label is offline or disabled"},"near-\
miss":{level:"fail",title:"A job asks for a label that is nearly one of a runner"}}},"workflow/untrusted-socket":{title:"\
No job of pull requests has both the Docker socket and secrets",reasons:{"untrusted-socket":{level:"warn",title:"Pull re\
quests get the Docker socket and secrets"}}}}};function Je(e){return e.length>0}function tt(e,t){let n=e.startsWith(t)?0:e.indexOf(`
${t}`)+1;if(n===0&&!e.startsWith(t))return;let o=n+t.length,r=e.indexOf(`
`,o);return e.slice(o,r<0?void 0:r).trim()}var Yr=class extends Error{name="DeadMount"};function Qn(e){return e instanceof Error&&e.name==="DeadMount"}async function z(e,t){
try{return await e}catch(n){if(Qn(n))return t(n);throw n}}var pO=1024*1024,Yh=512,S={name:"job",async collect(e){let{env:t}=e,n=cs(t),o=n!=="none"&&!ls(t);return{inJob:o,system:n,
capabilities:(t.GITEA_ACTIONS_CAPABILITIES??"").slice(0,Yh).split(/[\s,]+/).filter(Boolean),summaryFile:nt(t.GITHUB_STEP_SUMMARY)!==
void 0,...wO({runnerName:nt(t.RUNNER_NAME)??nt(t.GITEA_RUNNER_NAME),runnerVersion:n==="forgejo"?nt(t.FORGEJO_ACTIONS_RUNNER_VERSION)??
nt(t.GITEA_ACTIONS_RUNNER_VERSION):nt(t.GITEA_ACTIONS_RUNNER_VERSION),containerName:nt(t.JOB_CONTAINER_NAME),repository:nt(
t.GITHUB_REPOSITORY),workflow:nt(t.GITHUB_WORKFLOW),job:nt(t.GITHUB_JOB),runId:nt(t.GITHUB_RUN_ID),event:nt(t.GITHUB_EVENT_NAME),
serverUrl:hO(t.GITHUB_SERVER_URL),fromFork:o?await gO(e):!1})}}};function cs(e){return Zr(e.FORGEJO_ACTIONS)||nt(e.FORGEJO_ACTIONS_RUNNER_VERSION)||
nt(e.FORGEJO_RUN_ID)?"forgejo":Zr(e.GITEA_ACTIONS)?"gitea":Zr(e.ACT_EXEC)||Zr(e.ACT)?"act":Zr(e.GITHUB_ACTIONS)?"github":
"none"}function ls(e){return Zr(e.GITEA_RUNNER_HEALTH_CHECK)}function Sn({inJob:e,system:t}){return!e&&t!=="none"}function Zr(e){
return!["","0","false"].includes((e??"").trim().toLowerCase())}function nt(e){return(e==null?void 0:e.trim().slice(0,Yh))||
void 0}function hO(e){var n;let t=/^\s*(https?:\/\/)(?:.*@)?([^/?#@\s]+)([^?#]*)/is.exec(e??"");return t?(n=nt(`${t[1]}${t[2]}${t[3]}`))==
null?void 0:n.replace(/\/+$/,""):void 0}async function gO(e){let t=nt(e.env.GITHUB_EVENT_NAME);if(t===void 0)return;if(!t.
startsWith("pull_request"))return!1;let n=e.env.GITHUB_EVENT_PATH,o=n?await z(e.readText(n,pO),()=>{}):void 0;return(o==
null?void 0:o.kind)==="ok"?yO(kO(o.value)):void 0}function yO(e){let t=zt(zt(e,"pull_request"),"head"),n=zt(zt(e,"pull_r\
equest"),"base");if(t===void 0||n===void 0)return;let o=Jh(t),r=Jh(n);if(o!==void 0&&r!==void 0)return o!==r;if(zt(t,"re\
po")===null)return!0;let i=zt(zt(t,"repo"),"full_name"),s=zt(zt(n,"repo"),"full_name");return typeof i=="string"&&typeof s==
"string"?i!==s:void 0}function Jh(e){return zt(zt(e,"repo"),"id")??zt(e,"repo_id")??void 0}function zt(e,t){return typeof e==
"object"&&e!==null?e[t]:void 0}function kO(e){try{return JSON.parse(e)}catch{return}}function wO(e){return Object.fromEntries(
Object.entries(e).filter(([,t])=>t!==void 0))}var bO=256*1024,R={name:"container",async collect(e){var b,x;let{env:t}=e,[n,o,r,i]=await Promise.all([e.lstat("/run/.co\
ntainerenv"),e.readText("/proc/self/cgroup"),e.readText("/proc/self/mountinfo",bO),e.readText("/proc/self/status")]),s=xO(
t),a=s===void 0?(b=t.JOB_CONTAINER_NAME)==null?void 0:b.trim():void 0,d=TO(us(o)),c=OO(us(r)),l=Ql(!!a,"JOB_CONTAINER_NA\
ME")??Ql(IO(n),"/run/.containerenv")??d??c??Ql(((x=t.GITHUB_EVENT_PATH)==null?void 0:x.startsWith("/var/run/act/"))===!0,
"GITHUB_EVENT_PATH is below /var/run/act/"),f=r.kind==="ok"||/^\d+:[^:]*:\/./m.test(us(o)),m=[...n.kind==="unreadable"?[
"/run/.containerenv"]:[],...f?[]:["/proc/self/cgroup and /proc/self/mountinfo"]],p=vO(s,l,e.platform,m),h=[a,d==null?void 0:
d.id,c==null?void 0:c.id,e.hostname],g=Zh("CapEff",us(i)),k=Zh("CapBnd",us(i));return{...p,...p.mode==="host"&&l&&{insideContainer:l.
witness},...g!==void 0&&{capabilities:g},...k!==void 0&&{boundingCapabilities:k},names:p.mode==="host"?[]:[...new Set(h.
filter(AO))]}}};function vO(e,t,n,o){return e!==void 0?{mode:"host",witness:e}:t?{mode:"container",witness:t.witness}:n!==
"linux"?{mode:"host",witness:`platform ${n}`}:o.length===0?{mode:"host",witness:"no sign of a container in /proc/self/cg\
roup and /proc/self/mountinfo"}:{mode:"unknown",witness:`${o.join(", ")} cannot be read`}}function xO(e){return ls(e)?"G\
ITEA_RUNNER_HEALTH_CHECK: the runner's own process":$O(e)}function $O(e){if(/\/[0-9a-f]{16}\/hostexecutor(?:\/|$)/.test(
e.GITHUB_WORKSPACE??""))return"GITHUB_WORKSPACE is a host-mode path";if(/\/[0-9a-f]{16}\/act\/workflow\/event\.json$/.test(
e.GITHUB_EVENT_PATH??""))return"GITHUB_EVENT_PATH is a host-mode path"}function TO(e){var t;for(let n of e.split(`
`)){let o=n.split(":").slice(2).join(":");if(o.includes("conmon"))continue;let r=o.length<64?[]:[...o.matchAll(/(?:^|[/-])([0-9a-f]{64})(?=[./]|$)/g)],
i=(t=r[r.length-1])==null?void 0:t[1];if(i!==void 0)return{witness:"/proc/self/cgroup",id:i};if(o.includes("/kubepods")||
o.includes("/docker/"))return{witness:"/proc/self/cgroup"}}}var RO=["/etc/hostname","/etc/hosts","/etc/resolv.conf"],PO=/squashfs|root-ro|root-rw|rofs|\/cow\b|\/live\b|overlayroot/;
function EO(e){return/^(?:fuse\.fuse-)?overlay(?:fs)?\b/.test(e)&&!PO.test(e)&&!SO(e)}function SO(e){let[,t="",n=""]=e.split(
" ");return t.startsWith("composefs")?!0:/^ro,(?:.*,)?lowerdir\+?=/.test(n)&&!n.includes("upperdir=")}function OO(e){var n;
let t;for(let o of e.split(`
`)){let[r="",i=""]=o.split(" - "),[,,,s="",a=""]=r.split(" ");if(RO.includes(a)){let l=(n=/\/(?:overlay-)?containers\/([0-9a-f]{64})\//.
exec(s))==null?void 0:n[1];if(l!==void 0)return{witness:`mount of ${a}`,id:l};if(/\/(?:kubelet\/pods|sandboxes)\//.test(
s))return{witness:`mount of ${a}`}}if(a!=="/")continue;let d=EO(i),c=/\/(?:docker|containers)\/.*\/[0-9a-f]{64}(?:\/|$)/.
test(s);(d||c)&&(t={witness:d?"overlay root in /proc/self/mountinfo":"root in /proc/self/mountinfo"})}return t}function Zh(e,t){
var o;let n=((o=tt(t,`${e}:`))==null?void 0:o.toLowerCase())??"";return/^[0-9a-f]{1,16}$/.test(n)?n:void 0}function AO(e){
return e!==void 0&&e.length<=200&&/^[a-z0-9][\w.-]*$/i.test(e)}function IO(e){return e.kind!=="absent"&&e.kind!=="unread\
able"}function Ql(e,t){return e?{witness:t}:void 0}function us(e){return e.kind==="ok"?e.value:""}function ot(e,t){let[n="",...o]=e.split("*"),r=o.pop();if(r===void 0)return e===t;if(!t.startsWith(n))return!1;let i=n.length;
for(let s of o){let a=t.indexOf(s,i);if(a<0)return!1;i=a+s.length}return i+r.length<=t.length&&t.endsWith(r)}var CO=["tool/*","rust/*","docker/cli","docker/api-version","docker/plugins","docker/presence","shm/size","limits/*"],_O=[
"gpu/*"],Xh=(e,t)=>e.some(n=>ot(n,t));function dr(e){return{kind:"skip",reason:"not-applicable",message:`In the runner's\
 health check, there is ${e}.`}}function Qh(e,t){let n=Xh(CO,e.id);return t.runsIn!=="container"||!(n||Xh(_O,e.id))?e:{...e,
needs:{...e.needs,job:S,container:R},judge(o,...r){let{job:i,container:s}=o,a=n||s.insideContainer!==void 0;return Sn(i)&&
a?dr("no job container to look into"):e.judge(o,...r)}}}function fs(e,t){return e.flatMap(n=>"expand"in n?n.expand(t):[n]).map(n=>Qh(n,t))}var eg={$schema:"./docker-cli-releases.schema.json",releases:[{from:"29.7",upTo:"29.7",newestApi:"1.55",oldestEngineApi:"\
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
1.24",examples:{"17.03.3-ce":"1.27"}}]};var tg=eg.releases;function ng([e,t]){let n=`${e}.${t}`,o=tg.find(({from:i})=>rt(n,i)>=0);if(!o)return;let r=o.upTo===void 0||
rt(n,o.upTo)<=0;return{max:o.newestApi,min:o.oldestEngineApi,...!r&&{atLeast:!0}}}function eu(e){var t;return(t=[...tg].
reverse().find(({newestApi:n})=>rt(n,e)>=0))==null?void 0:t.from}function rt(e,t){let[n=0,o=0]=e.split(".").map(Number),
[r=0,i=0]=t.split(".").map(Number);return n-r||o-i}function tu(e){return/^\d{1,3}\.\d{1,3}$/.test(e)}var ms=require("node:path");function Jt(e,t){let n=e.GITHUB_WORKSPACE??"";return(0,ms.isAbsolute)(n)?n:t}function nu(e){
return e.GITHUB_WORKSPACE!==void 0||e.GITEA_RUNNER_HEALTH_CHECK!=="true"}function ps(e,t){return(0,ms.resolve)(e,t)}function xe(e,t){
let n=t.replace(/(?<=.)\/+$/,"");return e===n||e.startsWith(n==="/"?"/":`${n}/`)}async function Ie(e,t,n){if(!nu(e.env))
return!1;let[o,r,i]=await Promise.all([t,n,e.userHome??"/"].map(s=>DO(e,s)));return xe(i??"/",r??n)?!1:[(0,ms.resolve)(t),
o??t].some(s=>xe(s,n)||xe(s,r??n))}function Ua(e){return Object.create(e,{run:{value:(n,o)=>e.run(n,{...o,isTrusted:!0})}})}
async function Ha(e,t,n,o,r="utf8"){return await Ie(e,n,t)?e.readInside(t,n,o,r):e.readText(n,o,r)}async function DO(e,t){
let n=await e.realPath(t);return n.kind==="ok"?n.value:t}var sn={text:"*",anyOf:[[]]},FO=/(?<![\w.]|\d:|:\/\/)(?:[a-z]{1,12}_?)?((\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:\.\d{1,6})*)(?!\.?\d|\/|:\d)(?:-((?:alpha|beta|rc|nightly|devel|dev|preview|pre|ea|canary|next|snapshot)(?![a-z])[\w.-]*)|\.?((?:alpha|beta|rc|a|b)\d{1,6})(?!\w))?/i,
jO=/^(?:\S{1,40} (?:version )?)?"?v?(\d{1,5})"?(?=[\s,(]|$)/,og=/^\W*(?:[\w.-]{1,20}:? |node:\d+\) )?(?:warn|warning|info|note|notice|hint|help|debug|error|fatal)\b|^Picked up /i;
function Z(e){let t=e.replace(/\u001b\[[\d;]*m/g,"").split(/\r\n?|\n/),n=t.filter(r=>!og.test(r)),o=LO(n.find(r=>r.trim()!==
"")??"");return o!==void 0?{text:o,numbers:[0,0,0],prerelease:[],unnumbered:!0}:ou(n,ru)??ou(n,MO)??ou(t.filter(UO),ru)}
function LO(e){var t;return ru(e)||(t=/^\S{1,40} version (?=\S{0,60}-g?[\da-f]{6})([a-z][\w-]{0,80})(?=\s|$)/i.exec(e))==
null?void 0:t[1]}function UO(e){return og.test(e)&&/\bversion is\b/i.test(e)}function ou(e,t){for(let n of e){let o=t(n);
if(o)return o}}var HO=/^\s*(?:[a-z][\w+-]* ){1,3}\([^()]*\) (?=v?\d)/i;function ru(e){let t=e.includes("(")?e.replace(HO,
""):e,n=FO.exec(t.includes("://")?t.replace(/\w+:\/\/\S+/g,""):t);if(!n)return;let[,o="",r,i,s="0",a,d]=n,c=a??d,l=(c==null?
void 0:c.split(".").map(f=>/^\d+$/.test(f)?Number(f):f))??[];return{text:c===void 0?o:`${o}-${c}`,numbers:[Number(r),Number(
i),Number(s)],prerelease:l}}function MO(e){var n;let t=(n=jO.exec(e))==null?void 0:n[1];return t===void 0?void 0:{text:t,
numbers:[Number(t),0,0],prerelease:[]}}function mt(e,t){for(let n of[0,1,2]){let o=e.numbers[n]-t.numbers[n];if(o!==0)return o}
if(e.prerelease.length===0||t.prerelease.length===0)return t.prerelease.length-e.prerelease.length;for(let n=0;n<Math.max(
e.prerelease.length,t.prerelease.length);n++){let o=GO(e.prerelease[n],t.prerelease[n]);if(o!==0)return o}return 0}function GO(e,t){
return e===t?0:e===void 0?-1:t===void 0?1:typeof e=="number"&&typeof t=="number"?e-t:typeof e=="number"?-1:typeof t=="nu\
mber"?1:e<t?-1:1}function hs(e,t){return t.anyOf.some(n=>n.every(o=>!e.unnumbered&&VO(e,o)))}function VO(e,t){let n=mt(e,
t);switch(t.operator){case"":return n===0;case"<":return n<0;case"<=":return n<=0;case">":return n>0;case">=":return n>=
0}}var an="/var/run/docker.sock";var ee={name:"docker-endpoint",async collect(e){var a;let t=wo(e),n=await iu(e,t),o=await BO(e,t,n.currentContext),r=await KO(
e,o,t),i=o.shown??ig(r),s=o.source==="DOCKER_HOST"?$(dn(((a=e.env.DOCKER_HOST)==null?void 0:a.trim())??""),200):i;return{
endpoint:r,address:i,...s!==i&&{written:s},source:o.source,...o.context!==void 0&&{context:$(o.context,200)},config:{path:`${t}\
/config.json`,state:n.state},elsewhere:await zO(e,r)}}};function ig(e){switch(e.kind){case"unix":return`unix://${e.path}`;case"\
tcp":return`tcp://${e.host.includes(":")?`[${e.host}]`:e.host}:${e.port}`;case"ssh":return`ssh://${e.host}`;case"invalid":
return"nowhere"}}function wo(e){let t=e.env.DOCKER_CONFIG;return t?t.replace(/\/+$/,"")||"/":`${(e.env.HOME||e.userHome||
"").replace(/\/+$/,"")}/.docker`}async function iu(e,t){let n=await e.readText(`${t}/config.json`,1048576);if(n.kind!=="\
ok")return{state:n.kind,pluginDirectories:[]};let o=ag(n.value);if(!o)return{state:"invalid",pluginDirectories:[]};let{currentContext:r,
cliPluginsExtraDirs:i}=o;return{state:"ok",...typeof r=="string"&&{currentContext:r},pluginDirectories:Array.isArray(i)?
i.filter(s=>typeof s=="string"):[]}}async function BO(e,t,n){var a;let o=(a=e.env.DOCKER_HOST)==null?void 0:a.trim();if(o)
return{...sg(o),source:"DOCKER_HOST"};let r=e.env.DOCKER_CONTEXT,i=r||n;if(!i||i==="default")return{endpoint:WO(e),source:"\
default"};let s=r?"DOCKER_CONTEXT":"config";return{...await qO(e,t,i),source:s,context:i}}function WO({env:e}){return!!(e.
DOCKER_TLS_VERIFY||e.DOCKER_TLS)?{kind:"tcp",host:"localhost",port:2376,tls:"none"}:{kind:"unix",path:an}}function sg(e){
let t=e.startsWith("/")?$(e,200):$(dn(e),200),n=(a,d)=>({endpoint:{kind:"invalid",why:a,...d!==void 0&&{meant:d}},shown:t}),
o=e.indexOf("://");if(o<0&&e.startsWith("/"))return n("Docker reads a path without `unix://` as a TCP address",`unix://${t}`);
if(o<0&&/^unix:/i.test(e)){let a=`/${t.slice(5).replace(/^\/+/,"")}`;return n("without two slashes, Docker reads `unix` \
as the name of a host",`unix://${a}`)}let r=o<0?/^(tcp|ssh|https?|npipe|fd):(?!\d+(?:\/|$))\/?(.*)$/is.exec(e):void 0;if(r){
let[,a="",d=""]=r,l=/^(?:tcp|ssh)$/i.test(a)&&Ma(d)!==void 0?`${a.toLowerCase()}://${$(dn(d),200)}`:void 0;return n(`wit\
hout two slashes, Docker reads \`${a}\` as the name of a host`,l)}let i=o<0?"tcp":e.slice(0,o),s=o<0?e:e.slice(o+3);switch(i){case"\
unix":return{endpoint:{kind:"unix",path:s||an}};case"tcp":{let a=Ma(s);return a?{endpoint:{kind:"tcp",...a,tls:"none"}}:
n("it has no valid host and port")}case"ssh":{let a=s===""?void 0:Ma(s);return a?{endpoint:{kind:"ssh",host:a.host}}:n("\
it has no valid host")}case"http":case"https":{let a=Ma(s),d=a&&ig({kind:"tcp",...a,tls:"none"});return n(`the Docker CL\
I does not support the scheme \`${i}\``,d)}case"npipe":return n("named pipes exist on Windows only");case"fd":return n("\
`fd://` is for the daemon's socket activation, not for clients");default:return n("the Docker CLI does not support this \
scheme")}}function Ma(e){let t=$(dn(e),200).split("/")[0]??"";if(/^[0-9a-f]*(:[0-9a-f]*){2,}$/i.test(t))return{host:t,port:2375};
let n=/^(?:\[([0-9a-f:.%]+)\]|([^:[\]\s]*))(?::(\d{0,5}))?$/i.exec(t);if(!n)return;let o=Number(n[3]||2375);if(!(o<1||o>
65535))return{host:n[1]??(n[2]||"localhost"),port:o}}function dn(e){return e.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is,"$1").
replace(/[?#].*$/s,"")}async function qO(e,t,n){var f,m;let o=`context ${$(n,200)}`,r=p=>({endpoint:{kind:"invalid",why:p},
shown:o}),i=`${t}/contexts/meta`,s=await e.list(i);if(s.kind==="unreadable")return r(`\`${i}\` cannot be read (${s.code}\
)`);if(s.kind==="absent")return r(`\`${i}\` does not exist`);let a=await Promise.all(s.value.map(async p=>{let h=await e.
readText(`${i}/${p}/meta.json`),g=h.kind==="unreadable"?h.code:void 0;return{id:p,code:g,meta:h.kind==="ok"?ag(h.value):
void 0}})),d=a.find(({meta:p})=>(p==null?void 0:p.Name)===n);if(!d){let p=a.find(({code:h})=>h!==void 0);return r(p?`\`${i}\
/${p.id}/meta.json\`, which may describe it, cannot be read (${p.code})`:`\`${i}\` does not contain it`)}let c=P((m=P((f=
d.meta)==null?void 0:f.Endpoints))==null?void 0:m.docker),l=c==null?void 0:c.Host;return typeof l!="string"||l===""?r("i\
t has no Docker endpoint"):{...sg(l),contextTls:{directory:`${t}/contexts/tls/${d.id}/docker`,skipVerify:(c==null?void 0:
c.SkipTLSVerify)===!0}}}async function KO(e,t,n){let{endpoint:o,contextTls:r}=t;if(o.kind!=="tcp"&&o.kind!=="unix")return o;
if(r){if(o.kind==="unix")return o;let a=await rg(e,r.directory);return r.skipVerify?{...o,tls:"no-verify",files:a}:a.some(
d=>d.state!=="absent")?{...o,tls:"verify",files:a}:o}let i=!!e.env.DOCKER_TLS_VERIFY;if(!i&&!e.env.DOCKER_TLS)return o;let s=await rg(
e,e.env.DOCKER_CERT_PATH||n);return o.kind==="unix"?{...o,files:s}:{...o,tls:i?"verify":"no-verify",files:s}}async function rg(e,t){
return Promise.all(["ca","cert","key"].map(async n=>{let o=`${t.replace(/\/+$/,"")}/${n}.pem`;return(await e.stat(o)).kind===
"absent"?{role:n,path:o,state:"absent"}:{role:n,path:o,state:(await e.access(o,"r")).kind==="granted"?"present":"unreada\
ble"}}))}async function zO(e,t){return t.kind!=="unix"||t.path!==an?[]:(await e.lstat(an)).kind!=="absent"?[]:su(e)}async function su(e){
let t=e.env.HOME||e.userHome,n=e.env.XDG_RUNTIME_DIR||(e.uid?`/run/user/${e.uid}`:void 0),o=["/run/docker.sock","/run/po\
dman/podman.sock",...n?[`${n}/docker.sock`,`${n}/podman/podman.sock`]:[],...t?[`${t}/.docker/run/docker.sock`,`${t}/.doc\
ker/desktop/docker.sock`,`${t}/.colima/docker.sock`,`${t}/.colima/default/docker.sock`,`${t}/.rd/docker.sock`]:[]],r=await Promise.
all(o.map(async i=>(await e.stat(i)).kind));return o.filter((i,s)=>r[s]==="socket")}function ag(e){try{return P(JSON.parse(
e))}catch{return}}function P(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)?e:void 0}function $(e,t=2048){return e.
length<=t?e:`${e.slice(0,t)}\u2026`}async function te(e,t,n){let o=new AbortController,r=()=>o.abort(),i=setTimeout(r,e);t.aborted&&r(),t.addEventListener("\
abort",r,{once:!0});try{return await n(o.signal)}finally{clearTimeout(i),t.removeEventListener("abort",r)}}async function dg(e,t,n){
let o=new AbortController,r,i=()=>{r=setTimeout(()=>o.abort(),e())};t.aborted?i():t.addEventListener("abort",i,{once:!0});
try{return await n(o.signal)}finally{clearTimeout(r),t.removeEventListener("abort",i)}}function cg(e,t){return te(e,t,n=>new Promise(
o=>{n.aborted?o():n.addEventListener("abort",()=>o(),{once:!0})}))}function Ga(){return new Promise(e=>setImmediate(e))}var JO={create:{method:"POST",path:"/containers/create",body:"{"},session:{method:"POST",path:"/session"},grpc:{method:"\
GET",path:"/grpc"},build:{method:"POST",path:"/build?buildargs=%7B",body:"{"},pull:{method:"POST",path:"/images/create?f\
romImage=:"},containers:{method:"GET",path:"/containers/json?limit=1"},images:{method:"GET",path:`/images/json?filters=${encodeURIComponent(
'{"reference":["runner-check/none"]}')}`}},YO=["create","session","grpc","build","pull"],ZO=["containers","images"],XO="\
/v1.44",QO=2e3,ne={name:"docker-engine",async collect(e,t,n,o){let{endpoint:r,address:i}=await o(ee),s=Math.min(QO,t.timeoutMs),
a=(Q,fe="",Ze={})=>te(s,n,async qt=>(await Promise.all(Q.map(Kt=>{let En=JO[Kt],as={name:Kt,...En,method:Ze[Kt]??En.method,
path:`${fe}${En.path}`};return nA(e,r,as,qt)}))).filter(Kt=>Kt!==void 0)),d=Q=>Promise.all([du(e,r,n,Q),lu(e,r,`${Q}/inf\
o`,n,cu).then(fe=>uu(fe,iA))]),[[c,l],f]=await Promise.all([d(""),a(YO)]),m=lg(c),p=m?await tA(e,r,n):void 0,[h,g]=p===void 0?
[c,l]:await d(p),k=h.kind==="ok"&&cr(h.value),b=Q=>!eA(Q)||Q.by==="proxy"&&!k,x=f.filter(b),E=m||x.some(eo)||lg(g),H=h.kind===
"ok"&&E?await a(ZO):[],O=[...x,...H],V=h.kind==="ok"?O.filter(eo).map(({name:Q})=>Q):[],J=V.length>0?await a(V,p??XO,{grpc:"\
POST"}):[],D=O.map(Q=>J.find(({name:fe})=>fe===Q.name)??Q).filter(b);return{endpoint:i,version:h,info:g,...D.length>0&&{
requests:D}}}};function eo({status:e,by:t}){return[401,403,407].includes(e)?!0:t===void 0?[404,405,501].includes(e):t===
"proxy"}function eA({name:e,status:t}){return t===404&&(e==="session"||e==="grpc")}function lg(e){return e.kind==="http-\
error"&&eo({status:e.status})}async function tA(e,t,n){var s;let o=gs(t),r=o&&await e.request({to:o,method:"HEAD",path:"\
/_ping",signal:n,maxBody:1024});if((r==null?void 0:r.kind)!=="answered"||r.status!==200)return;let i=(s=/^\d+\.\d+$/.exec(
r.headers["api-version"]??""))==null?void 0:s[0];return i&&`/v${i}`}async function nA(e,t,{name:n,method:o,path:r,body:i},s){
let a=gs(t);if(!a)return;let d=o==="POST"?{"content-type":"text/plain"}:{},c=i===void 0?{}:{body:i},l=await e.request({to:a,
method:o,path:r,headers:d,...c,signal:s,maxBody:64*1024});if(l.kind!=="answered")return;let{status:f,body:m}=l,p=f===200?
"":$(Va(m),500),h=oA(l)?"engine":"proxy";return{name:n,request:`${o} ${r.replace(/^\/v\d[\d.]*|\?.*$/g,"")}`,status:f,body:p,
by:h}}function oA({status:e,headers:t,body:n}){var o;return e<400||t["api-version"]!==void 0?!0:typeof((o=P(fu(n)))==null?
void 0:o.message)=="string"}function cr({components:e,server:t}){return/^libpod\//i.test(t??"")||e.some(({name:n})=>/^podman/i.
test(n))}async function du(e,t,n,o=""){return uu(await lu(e,t,`${o}/version`,n,cu),rA)}var cu=512*1024;async function cn(e,t,n,o,r={}){
return uu(await lu(e,t,n,o,r.maxBody??cu),i=>i)}async function lu(e,t,n,o,r){let i=gs(t);return i&&e.request({to:i,path:n,
signal:o,maxBody:r})}function gs(e){if(e.kind==="unix")return{socket:e.path};if(e.kind!=="tcp")return;let{host:t,port:n,
tls:o,files:r=[]}=e;if(o==="none")return{host:t,port:n};let i=r.filter(a=>a.state==="present").map(a=>[a.role,a.path]),s={
verify:o==="verify",...Object.fromEntries(i)};return{host:t,port:n,tls:s}}function uu(e,t){if(!e)return{kind:"no-endpoin\
t"};if(e.kind==="timed-out")return e;if(e.kind==="failed")return e.code.startsWith("HPE_")?{kind:"not-docker",body:$(e.message)}:
{kind:"failed",code:e.code,message:$(e.message)};if(e.status!==200)return{kind:"http-error",status:e.status,body:$(Va(e.
body))};if(e.truncated)return{kind:"failed",code:"EMSGSIZE",message:"the answer is too long to be read"};let n=fu(e.body),
o=n===void 0?void 0:t(n,e.headers);return o===void 0?{kind:"not-docker",body:$(e.body)}:{kind:"ok",value:o}}function Va(e){
var n;let t=(n=P(fu(e)))==null?void 0:n.message;return typeof t=="string"?t:e}function fu(e){try{return JSON.parse(e)}catch{
return}}function rA(e,t){let n=P(e),o=xt(n==null?void 0:n.Version),r=xt(n==null?void 0:n.ApiVersion);if(!(!o||!r))return{
version:o,apiVersion:r,minApiVersion:xt(n==null?void 0:n.MinAPIVersion)||void 0,components:Xr(n==null?void 0:n.Components).
flatMap(i=>{let s=P(i),a=xt(s==null?void 0:s.Name);return a?[{name:a,version:xt(s==null?void 0:s.Version)}]:[]}),server:t.
server&&$(t.server,200)}}function iA(e){let t=P(e);if(!t||typeof t.Driver!="string")return;let n=sA(P(t.RegistryConfig)),
o=aA(P(t.RegistryConfig));return{name:xt(t.Name),operatingSystem:xt(t.OperatingSystem),driver:xt(t.Driver),dockerRootDir:xt(
t.DockerRootDir),warnings:au(t.Warnings),runtimes:Object.keys(P(t.Runtimes)??{}).slice(0,100).map(r=>xt(r)),defaultRuntime:xt(
t.DefaultRuntime),cdiDevices:[...au(t.CDISpecDirs),...Xr(t.DiscoveredDevices).flatMap(r=>{var i;return xt((i=P(r))==null?
void 0:i.ID)||[]})],securityOptions:au(t.SecurityOptions),cgroupDriver:xt(t.CgroupDriver),...n&&{insecureRegistries:n},...o.
length>0&&{mirrors:o}}}var ug=50;function sA(e){let t=Object.entries(P(e==null?void 0:e.IndexConfigs)??{}).filter(([o,r])=>{
var i;return((i=P(r))==null?void 0:i.Secure)===!1&&dA(o)}).slice(0,ug).map(([o])=>o),n=Xr(e==null?void 0:e.InsecureRegistryCIDRs).
filter(o=>typeof o=="string"&&/^[\da-f.:]{2,45}\/\d{1,3}$/i.test(o)).slice(0,ug);return t.length+n.length===0?void 0:{names:t,
networks:n}}function aA(e){var o,r;let t=Xr((r=P((o=P(e==null?void 0:e.IndexConfigs))==null?void 0:o["docker.io"]))==null?
void 0:r.Mirrors);return(t.length>0?t:Xr(e==null?void 0:e.Mirrors)).filter(i=>typeof i=="string"&&/^https?:\/\/[^@?#\s]{1,200}$/i.
test(i)).slice(0,5).map(i=>i.replace(/\/+$/,""))}function dA(e){return e.length<300&&/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.
test(e)}function xt(e){return typeof e=="string"?$(e,500):""}function Xr(e){return Array.isArray(e)?e.slice(0,100):[]}function au(e){
return Xr(e).map(xt).filter(t=>t!=="")}var cA={3:"ia32",8:"mips",20:"ppc",21:"ppc64",22:"s390x",40:"arm",62:"x64",183:"arm64",243:"riscv64",258:"loong64"};async function mu(e,t){
let n=await e.readText(t,8192,"latin1");if(n.kind!=="ok")return{format:"unreadable"};let o=mA(n.value);if(o.interpreter===
void 0)return o;let{kind:r}=await e.stat(o.interpreter);return r==="unreadable"?o:{...o,interpreterFound:r!=="absent"}}async function fg(e,t,n){
let o=await mu(e,t),{format:r,machine:i,interpreter:s,interpreterFound:a,windowsLines:d}=o;if(r==="empty")return"it is e\
mpty";if(s!==void 0&&a===!1)return d?"its first line ends as on Windows":`it needs ${s}, which does not exist`;if(r==="e\
lf"){if(i!==void 0&&!lA(i,e.arch)&&!await uA(e))return`it is built for ${i} (this machine is ${e.arch})`;let c=await e.readText(
t,8192,"latin1");return c.kind==="ok"&&fA(c.value)>n?"the file is cut off":void 0}return r==="other"||r==="windows"||r===
"mach-o"?"it is not a program for Linux":void 0}function lA(e,t){return e===t||e==="ia32"&&t==="x64"||e==="arm"&&t==="ar\
m64"}async function uA(e){let t=await e.list("/proc/sys/fs/binfmt_misc");return t.kind==="ok"&&t.value.some(n=>/^(?:qemu|box64|rosetta|FEX)/.
test(n))}function fA(e){if(e.charCodeAt(4)!==2||e.charCodeAt(5)!==1)return 0;let t=(s,a)=>{let d=0;for(let c=a-1;c>=0;c--)
d=d*256+(e.charCodeAt(s+c)||0);return d},[n,o,r]=[t(32,8),t(54,2),Math.min(t(56,2),64)];return n+r*o>e.length?0:Array.from(
{length:r},(s,a)=>{let d=n+a*o;return t(d,4)===1?t(d+8,8)+t(d+32,8):0}).reduce((s,a)=>Math.max(s,a),0)}function mA(e){var t;
if(e==="")return{format:"empty"};if(e.startsWith("\x7FELF"))return pA(e);if(e.startsWith("#!")){let n=(t=/^#![ \t]*([^\s\0]{1,200})/.
exec(e))==null?void 0:t[1],o=/^[^\n]*\r\n/.test(e);return{format:"script",...n!==void 0&&{interpreter:n},...o&&{windowsLines:o}}}
return/^(?:\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/.test(e)?{format:"mach-o"}:e.startsWith("MZ")?
{format:"windows"}:{format:"other"}}function pA(e){let t=e.charCodeAt(4)===2,n=e.charCodeAt(5)===2,o=(s,a)=>{let d=0;for(let c=0;c<
a;c++){let l=n?s+c:s+a-1-c;d=d*256+(e.charCodeAt(l)||0)}return d},r=o(18,2),i=hA(e,t,o);return{format:"elf",machine:cA[r]??
`machine ${r}`,...i!==void 0&&{interpreter:i}}}function hA(e,t,n){let[o,r,i]=t?[n(32,8),n(54,2),n(56,2)]:[n(28,4),n(42,2),
n(44,2)];for(let s=0;s<Math.min(i,64);s++){let a=o+s*r;if(n(a,4)!==3)continue;let[d,c]=t?[n(a+8,8),n(a+32,8)]:[n(a+4,4),
n(a+16,4)],l=e.slice(d,d+Math.min(c,200)).split("\0")[0]??"";return/^\/[\x20-\x7e]+$/.test(l)?l:void 0}}function L(e,t){var n;return(n=Object.getOwnPropertyDescriptor(e,t))==null?void 0:n.value}async function bo(e,t){let n=t;for(;;){let o=await e.realPath(n);if(o.kind==="ok")return{kind:"found",path:o.value,exists:n===
t};if(o.kind==="unreadable")return o;let r=n.replace(/\/+[^/]*\/*$/,"")||"/";if(r===n)return{kind:"unreadable",code:"ENO\
ENT"};n=r}}function to(e){return He(e.RUNNER_TEMP)??"/tmp"}function vo(e){let t=He(e.env.HOME)??He(e.userHome);return t===
"/"?void 0:t}function He(e){return e!=null&&e.startsWith("/")?e:void 0}function Qr(e){return new Promise(t=>{e.aborted?t():
e.addEventListener("abort",()=>t(),{once:!0})})}var mg="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";function On(e,t){let n=(e.env.PATH??mg).split(":").
map(o=>Ce(o,t));return[...new Set(n)]}function Ba(e){return(e.env.PATH??"").split(":").flatMap(n=>n.split(";").flatMap(o=>{
let r=o.trim().replace(/^["']|["']$/g,"");return/^\/[^$]+$/.test(r)?[r]:pu(e,r)}).filter(o=>o!==n).map(o=>({entry:n.slice(
0,200),meant:Ce(o,"/").slice(0,200)})))}function pu(e,t){if(!/^(?:~|%h)|\$/.test(t))return[];let n=[e.env.HOME,e.userHome].
filter(o=>/^\/./.test(o??""));return[...new Set(n)].flatMap(o=>{let r=t.replace(/^(?:~|%h)(?=\/|$)/,o).replace(/\$(?:\{(\w+)\}|(\w+))/g,
(i,s,a)=>{let d=s??a;return d==="HOME"?o:e.env[d]??i});return/^\/[^$:]*$/.test(r)?[r]:[]})}function pg({env:e},t){let n=(e.
PATH??"").split(":").find(r=>/^["']?(?:\$PATH|\$\{PATH\}|%PATH%)["']?$/.test(r)),o=mg.split(":").includes(t);return n!==
void 0&&o?{entry:n,meant:t}:void 0}function Ce(e,t){let n=e.startsWith("/")?e:e===""||e==="."?t:`${t}/${e.replace(/^\.\//,
"")}`;return n.endsWith("/")?n.replace(/(?<=.)\/+$/,""):n}function U(e,t){return e.endsWith("/")?e+t:`${e}/${t}`}async function Ye(e,t,n,o=()=>{}){
let r=[],i;for(let s of n){o(s);let a=U(s,t),d=await z(gA(e,a),c=>(i??=c,"absent"));if(d==="executable")return{found:a,unusable:r};
d!=="absent"&&r.push(d)}if(i)throw i;return{unusable:r}}async function gA(e,t){let n=await e.lstat(t),o=n.kind==="link"?
await e.stat(t):n;switch(o.kind){case"absent":return n.kind==="link"?{path:t,kind:"dangling-link"}:"absent";case"unreada\
ble":return o.code==="ELOOP"?{path:t,kind:"dangling-link"}:{path:t,kind:o.code==="EACCES"?"closed":"unreadable",code:o.code};case"\
file":{let r=await e.access(t,"x");return r.kind==="granted"?"executable":r.kind==="unreadable"?{path:t,kind:"unreadable",
code:r.code}:{path:t,kind:"not-executable",mode:o.mode,uid:o.uid,gid:o.gid}}default:return"absent"}}var yA={unusable:[]};
async function hu(e,t,n){let i=[...Ba(e).map(d=>d.meant),...await vA(e,t)].filter(d=>!n.includes(d)),s=await Promise.all(
[...new Set(i)].map(async d=>{let{found:c}=await z(Ye(e,t,[d]),()=>yA);if(c===void 0)return;let l=await e.realPath(c);return{
found:c,real:l.kind==="ok"?l.value:c}})),a=new Map;for(let d of s)d&&!a.has(d.real)&&a.set(d.real,d.found);return[...a.values()].
slice(0,8)}var kA={CARGO_HOME:"bin",VOLTA_HOME:"bin",GOROOT:"bin",GOPATH:"bin",JAVA_HOME:"bin",PNPM_HOME:"",BUN_INSTALL:"\
bin",ASDF_DATA_DIR:"shims",MISE_DATA_DIR:"shims",PYENV_ROOT:"shims",RBENV_ROOT:"shims",NODENV_ROOT:"shims",GOENV_ROOT:"s\
hims"},wA=[".cargo/bin",".volta/bin",".local/share/fnm/aliases/default/bin",".local/share/mise/shims",".asdf/shims",".py\
env/shims",".rbenv/shims",".nodenv/shims",".goenv/shims",".sdkman/candidates/java/current/bin",".bun/bin",".deno/bin",".\
local/bin",".npm-global/bin","go/bin","bin"],bA=["/usr/local/cargo/bin","/opt/cargo/bin","/usr/local/bin","/usr/bin","/b\
in","/usr/local/sbin","/usr/sbin","/sbin","/usr/local/go/bin","/usr/local/node/bin","/usr/local/cuda/bin","/usr/local/nv\
idia/bin","/usr/lib/cargo/bin","/snap/bin","/opt/homebrew/bin","/home/linuxbrew/.linuxbrew/bin"];async function vA(e,t){
let{HOME:n,NVM_DIR:o}=e.env,r=[n,e.userHome,"/root"].filter(d=>!!(d!=null&&d.startsWith("/"))),i=Object.entries(kA).flatMap(
([d,c])=>{let l=e.env[d];return l!=null&&l.startsWith("/")?[Ce(c===""?l:`${l}/${c}`,"/")]:[]}),s=[o,...r.map(d=>U(d,".nv\
m"))].filter(d=>!!(d!=null&&d.startsWith("/"))),a=await Promise.all([...s.map(d=>ei(e,U(d,"versions/node"),"bin")),...r.
map(d=>ei(e,U(d,".local/share/fnm/node-versions"),"installation/bin")),ei(e,"/opt","bin"),ei(e,"/opt",""),ei(e,"/usr/lib\
/postgresql","bin"),ei(e,"/usr/lib/jvm","bin")]);return[...i,...r.flatMap(d=>wA.map(c=>U(d,c))),...a.flat(),...bA,`/opt/${t}\
/bin`]}async function ei(e,t,n){let o=await z(e.list(t),()=>{});if((o==null?void 0:o.kind)!=="ok")return[];let r=o.value.
slice(0,50).map(i=>({entry:i,version:Z(i)}));return r.sort((i,s)=>i.version&&s.version?mt(s.version,i.version):0),r.map(
({entry:i})=>U(U(t,i),n).replace(/\/$/,""))}function ys(e){let t=new yu(e.replace(/^\uFEFF/,""));try{return t.readFile(),{entries:t.entries}}catch{return{entries:t.
entries,brokenAt:t.line()}}}var gu=Symbol("another kind of value"),yu=class{entries=[];text;at=0;counted={to:0,line:1};constructor(t){
this.text=t}line(){let t=this.text.slice(this.counted.to,this.at).split(`
`).length-1;return this.counted={to:this.at,line:this.counted.line+t},this.counted.line}readFile(){let t=[];for(this.skipBlank();this.
at<this.text.length;this.skipBlank()){if(this.takes("[")){let n=this.takes("[");t=this.readKey(),this.expect(n?"]]":"]")}else
this.readPair(t,0);this.match(/[ \t]*(?:#[^\n]*)?/y),this.at<this.text.length&&this.match(/\r?\n/y)}}readPair(t,n){let o=this.
line(),r=[...t,...this.readKey()];this.expect("=");let i=this.readValue(r,n);typeof i=="string"?this.entries.push({path:r,
value:i,line:o}):i!==gu&&this.entries.push({path:r,value:i.filter(s=>typeof s=="string"),line:o})}readKey(){let t=[];do{
this.skipSpace();let n=this.text[this.at];t.push(n==='"'||n==="'"?this.readText():this.match(/[\w-]+/y)),this.skipSpace()}while(this.
takes("."));return t}readValue(t,n){if(n>20)throw new Error("too deep");this.skipSpace();let o=this.text[this.at];return o===
'"'||o==="'"?this.readText():this.takes("[")?this.readList(t,n):this.takes("{")?this.readTable(t,n):(this.match(/[^\s,#\]}]+(?: [\d:.]+)?/y),
gu)}readList(t,n){let o=[];for(this.skipBlank();!this.takes("]");this.skipBlank())if(o.push(this.readValue(t,n+1)),this.
skipBlank(),!this.takes(",")&&this.text[this.at]!=="]")throw new Error("a list without end");return o}readTable(t,n){for(this.
skipBlank();!this.takes("}");this.skipBlank())if(this.readPair(t,n+1),this.skipBlank(),!this.takes(",")&&this.text[this.
at]!=="}")throw new Error("a table without end");return gu}readText(){return this.takes("'''")?this.until("'''"):this.takes(
"'")?this.closed(/[^'\n]*/y,"'"):this.takes('"""')?hg(this.closed(/(?:[^"\\]|\\[\s\S]|"(?!""))*/y,'"""')):(this.expect('\
"'),hg(this.closed(/(?:[^"\\\n]|\\.)*/y,'"')))}closed(t,n){let o=this.match(t);return this.expect(n),o}until(t){let n=this.
text.indexOf(t,this.at);if(n<0)throw new Error("a text without end");let o=this.text.slice(this.at,n);return this.at=n+t.
length,o.replace(/^\r?\n/,"")}skipSpace(){this.match(/[ \t]*/y)}skipBlank(){this.match(/(?:\s|#[^\n]*)*/y)}takes(t){return this.
text.startsWith(t,this.at)?(this.at+=t.length,!0):!1}expect(t){if(!this.takes(t))throw new Error(`no ${t}`)}match(t){var o;
t.lastIndex=this.at;let n=(o=t.exec(this.text))==null?void 0:o[0];if(n===void 0)throw new Error("not TOML");return this.
at+=n.length,n}},xA={b:"\b",t:"	",n:`
`,f:"\f",r:"\r",e:"\x1B"};function hg(e){return e.replace(/^\r?\n/,"").replace(/\\(?:u([\da-f]{4})|U([\da-f]{8})|([ \t]*\r?\n\s*)|([\s\S]))/gi,
(t,n,o,r,i)=>{if(r!==void 0)return"";let s=Number.parseInt(n??o??"",16);return Number.isNaN(s)?xA[i]??i:s<=1114111?String.
fromCodePoint(s):"?"})}var bu=["rust-toolchain","rust-toolchain.toml"],gg=16*1024,wu=/^[A-Za-z0-9][\w.-]{0,99}$/,ku={kind:"default"};async function Wa(e,{
workspace:t,usesWorkspace:n},o){if(o!==void 0&&await Ie(e,o,t))return{kind:"untrusted",by:e.env.RUSTUP_HOME?"RUSTUP_HOME":
"HOME"};let r=o===void 0?void 0:await TA(e,o,t);if(r!==void 0)return{kind:"untrusted",by:r};let{RUSTUP_TOOLCHAIN:i}=e.env;
if(i)return i.includes("/")&&await Ie(e,Ce(i,t),t)?{kind:"untrusted",by:"RUSTUP_TOOLCHAIN"}:ku;let s=o===void 0?{}:await RA(
e,U(o,"settings.toml"));for(let a=t;;a=PA(a)){let d=s[a];if(d)return wu.test(d.name)?{kind:"named",...d}:ku;let l=a===t&&
!n?void 0:await $A(e,a,a===t?"":a);if(l)return l;if(a==="/")return ku}}async function $A(e,t,n){for(let o of bu){let r=await e.
readInside(t,U(t,o),gg);if(r.kind==="absent")continue;let i=r.kind==="ok"?vu(r.value):void 0;if(i==="none")return;let s={
file:n===""?o:U(n,o),line:(i==null?void 0:i.line)??1};return i?{kind:"named",name:i.channel,at:s}:{kind:"untrusted",by:o}}}
function vu(e){var i,s,a;let t=e.split(/\r?\n/).map(d=>d.replace(/^\uFEFF|\s*#.*$/g,""));if(e.length>=gg||t.some(d=>/\bpath\b|\\/.
test(d)))return;let n=t.filter(d=>d.trim()!==""),o=((i=n[0])==null?void 0:i.trim())??"";if(n.length===1&&wu.test(o))return{
channel:o,line:1+t.indexOf(n[0]??"")};let r="";for(let[d,c]of t.entries()){let l=(s=/^\s*\[\s*([\w.-]+)\s*\]\s*$/.exec(c))==
null?void 0:s[1];if(l!==void 0)r=l;else if(r===""&&c.trim()!=="")return;let f=r==="toolchain"?(a=/^\s*channel\s*=\s*["']([^"']*)["']\s*$/.
exec(c))==null?void 0:a[1]:void 0;if(f!==void 0)return wu.test(f)?{channel:f,line:d+1}:void 0}return"none"}async function TA(e,t,n){
let o=await e.list(U(t,"toolchains"));if(o.kind!=="ok")return;let r=o.value.slice(0,100).map(d=>U(U(t,"toolchains"),d)),
i=await Promise.all(r.map(async d=>(await e.lstat(d)).kind==="link")),s=r.filter((d,c)=>i[c]),a=await Promise.all(s.map(
d=>Ie(e,d,n)));return s.find((d,c)=>a[c])}async function RA(e,t){let n=await e.readText(t);if(n.kind!=="ok")return{};let o=ys(
n.value).entries.flatMap(({path:r,value:i,line:s})=>{let[a,d,...c]=r;return a!=="overrides"||d===void 0||c.length>0||typeof i!=
"string"?[]:[[d,{name:i,at:{file:t,line:s}}]]});return Object.fromEntries(o)}async function yg(e,t){let n=U(t,"settings.\
toml"),o=await e.readText(n);if(o.kind!=="ok")return;let r=ys(o.value).entries.find(({path:i})=>i.join(".")==="default_t\
oolchain");return r&&{file:n,line:r.line,isDefault:!0}}function PA(e){return e.slice(0,Math.max(1,e.lastIndexOf("/")))}var kg={".python-version":"PYENV_VERSION",".ruby-version":"RBENV_VERSION",".node-version":"NODENV_VERSION",".go-version":"\
GOENV_VERSION",".perl-version":"PLENV_VERSION",".java-version":"JENV_VERSION"},EA=".tool-versions",SA=/^[A-Za-z0-9][\w.+-]{0,63}$/;
async function wg(e,t){let n=async a=>{let d=await e.readInside(t,U(t,a),16384);return d.kind==="ok"?d.value:""},[o,...r]=await Promise.
all([EA,...Object.keys(kg)].map(n)),i={},s=(a,d)=>{d!==void 0&&SA.test(d)&&!e.env[a]&&(i[a]=d)};for(let[a,d]of Object.values(
kg).entries())s(d,OA(r[a]??""));for(let a of(o??"").split(`
`)){let[d="",c]=a.replace(/#.*/,"").trim().split(/\s+/);if(!/^[a-z][\w-]{0,40}$/i.test(d))continue;let l=d.toUpperCase().
replace(/-/g,"_");s(`ASDF_${l}_VERSION`,c),s(`MISE_${l}_VERSION`,c)}return i}function OA(e){var t;return(t=/^\s*(\S+)/.exec(
e))==null?void 0:t[1]}var xu="/dev/null/rustup",AA=2e3,IA=4096,CA=new Set(["cargo","cargo-clippy","cargo-fmt","cargo-miri","clippy-driver","rl\
s","rust-analyzer","rust-gdb","rust-gdbgui","rust-lldb","rustc","rustdoc","rustfmt","rustup"]),_A={LC_ALL:"C",RUSTUP_AUTO_INSTALL:"\
0",RUSTUP_DIST_SERVER:"file:///dev/null",GOTOOLCHAIN:"local",COREPACK_ENABLE_NETWORK:"0",CHECKPOINT_DISABLE:"1"};function Xe(e,t){
return{name:`tool:${e}`,async collect(n,o,r,i){let s=Qr(r);return{...await NA(n,o,r,s,e,t),mode:await Ft(HA(i),s,"unknow\
n")}}}}async function NA(e,t,n,o,r,i){var se;let[s=r,...a]=i,d=await Ft(MA(e,t.workspace),o,void 0),c=d??e.cwd(),l=On(e,
c),f={name:r,command:i,arch:e.arch,...e.uid!==void 0&&{uid:e.uid},path:l,...e.env.PATH===void 0?{pathUnset:!0}:{pathText:e.
env.PATH.slice(0,AA)}},m=(se=L(t.policy.tools,r))==null?void 0:se.commandFrom;if(m==="untrusted"){let pe=i.join(" ").slice(
0,200);return{...f,unusable:[],elsewhere:[],run:{kind:"untrusted",why:"command",by:pe}}}let p="",h=CA.has(bg(s)),g=xo(e,
c),k=pe=>h?Ft(z(pe(),()=>{}),o,void 0):void 0,[b,x,E,H]=await Promise.all([Ft(jA(e,s,l,c,pe=>{p=pe}),o,void 0),k(()=>GA(
e,c)),k(()=>Wa(e,{...t,workspace:c},g)),t.usesWorkspace?Ft(wg(e,c),o,{}):{}]);if(!b)return{...f,unusable:[],elsewhere:[],
run:{kind:"search-timed-out",directory:p}};let{found:O,unusable:V}=b;if(O===void 0){let pe=s.includes("/")?{}:await Ft($u(
e,t,r,s,l),o,{});return{...f,unusable:V,elsewhere:[],...pe,run:{kind:"not-found"}}}let J=r==="node"&&LA(a)?await Ft(UA(e,
O),o,void 0):void 0;if(J!==void 0)return{...f,found:{path:O,realPath:J},unusable:V,elsewhere:[],run:{kind:"own-node",version:e.
nodeVersion}};let[D,Q,fe]=await Promise.all([Ft(e.realPath(O),o,void 0),Ft(Ie(e,O,c),o,!0),h?Ft(FA(e,O),o,!1):!1]),Ze=(D==
null?void 0:D.kind)==="ok"?D.value:void 0,qt=/\/rustup(?:-init)?$/.test(Ze??"")&&bg(s)!=="rustup",ko=await Ft(DA(e,s,O),
o,void 0),Kt={...f,...ko&&{unexpanded:ko},found:{path:O,...Ze!==void 0&&{realPath:Ze}},unusable:V,elsewhere:[]},En=Q?{why:"\
program",by:O}:(E==null?void 0:E.kind)==="untrusted"&&(qt||fe)?{why:"toolchain",by:E.by}:void 0;if(En&&!t.trusts)return{
...Kt,run:{kind:"untrusted",...En}};let as=(E==null?void 0:E.kind)==="named"?{RUSTUP_TOOLCHAIN:E.name}:{},Fa=d!==void 0&&
(m==="workspace"||En!==void 0),Zl=Fa?{cwd:d,isTrusted:!0}:{},zr=pe=>{let ar={..._A,...H,...pe,...x&&{RUSTUP_HOME:xu}};return e.
run([O,...a],{signal:n,env:ar,maxOutput:IA,...Zl})},Jr=await zr(Fa?{}:as),ds=Jr.kind!=="exited"||Jr.code!==0,ja={link:qt,
...x&&{neverSetUp:x},...ds&&h&&await Ft(BA(e,c,E,Kt.found),o,{}),...(E==null?void 0:E.kind)==="named"&&qA(Jr)&&{outsideWorkspace:await zr(
{})}};return{...Kt,run:{kind:"ran",outcome:Jr},...ds&&{file:await Ft(mu(e,O),o,{format:"unreadable"})},...(h||qt)&&{rustup:ja}}}
async function $u(e,t,n,o,r){var f;let i=await hu(e,o,r),s=(f=i[0])==null?void 0:f.replace(/\/[^/]*$/,"");if(s===void 0)
return{elsewhere:i};let a=Ba(e).find(({meant:m})=>m===s)??pg(e,s),d=Object.entries(t.policy.tools).filter(([m,{commandFrom:p}])=>m!==
n&&p!=="untrusted"),l=(await Promise.all(d.map(async([m,{command:p}])=>{let h=p[0]??m;if(h.includes("/")||!(await Ye(e,h,
[s])).found)return[];let{found:g,unusable:k}=await Ye(e,h,r);if(g||k.some(({kind:x})=>x==="not-executable"||x==="unreada\
ble"))return[];let[b]=await hu(e,h,r);return b===U(s,h)?[m]:[]}))).flat();return{elsewhere:i,...a&&{unexpanded:a},...l.length>
0&&{sameDirectory:l}}}async function DA(e,t,n){let o=Ba(e);if(o.length===0||t.includes("/"))return;let r=(e.env.PATH??"").
split(":"),i=r.indexOf(n.slice(0,n.lastIndexOf("/")));for(let s of o)if(!(r.indexOf(s.entry)>i)&&(await Ye(e,t,[s.meant])).
found)return s}async function FA(e,t){return(await e.stat(U(t.slice(0,t.lastIndexOf("/")),"rustup"))).kind==="file"}async function jA(e,t,n,o,r){
let i=t.lastIndexOf("/"),s=i<0?n:[Ce(t.slice(0,i)||"/",o)];return Ye(e,t.slice(i+1),s,r)}function LA(e){return e.length===
1&&(e[0]==="--version"||e[0]==="-v")}async function UA(e,t){let[n,o]=await Promise.all([e.realPath(t),e.realPath(e.execPath)]);
return n.kind==="ok"&&o.kind==="ok"&&n.value===o.value?n.value:void 0}async function HA(e){try{return(await e(R)).mode}catch{
return"unknown"}}async function MA(e,t){let n=await z(e.stat(t),()=>{});return n===void 0?"/":n.kind==="directory"?t:void 0}
function xo(e,t){let{RUSTUP_HOME:n,HOME:o}=e.env;if(n)return Ce(n,t);let r=o||e.userHome;return r?U(Ce(r,t),".rustup"):void 0}
async function GA(e,t){let n=xo(e,t);if(n===void 0||(await e.stat(U(n,"settings.toml"))).kind!=="absent")return;let[o,...r]=await Promise.
all([e.list(U(n,"toolchains")),e.stat(U(t,"rust-toolchain.toml")),e.stat(U(t,"rust-toolchain")),e.stat("/etc/rustup/sett\
ings.toml")]),i=o.kind==="ok"&&o.value.length>0,s=!!e.env.RUSTUP_TOOLCHAIN||r.some(a=>a.kind!=="absent");return i&&s?void 0:
{home:n}}async function VA(e,t){if(e.env.RUSTUP_AUTO_INSTALL!==void 0)return e.env.RUSTUP_AUTO_INSTALL!=="0";let n=xo(e,
t);if(n===void 0)return!0;let o=await e.readText(U(n,"settings.toml"));return o.kind!=="ok"||!/^\s*auto_install\s*=\s*["']disable["']/m.
test(o.value)}async function BA(e,t,n,{path:o,realPath:r}){let i=xo(e,t),[s,a,d]=await Promise.all([VA(e,t),i===void 0?void 0:
yg(e,i),WA(e,i,[o,r??o])]),l=(e.env.RUSTUP_TOOLCHAIN?"RUSTUP_TOOLCHAIN":void 0)??((n==null?void 0:n.kind)==="named"?n.at:
a);return{autoInstall:s,...l&&{chosenBy:l},...d.length>0&&{otherHomes:d}}}async function WA(e,t,n){var d;let o=n.flatMap(
c=>{let l=/^(.*\/)(\.?)cargo\/bin\/[^/]+$/.exec(c);return l?[`${l[1]}${l[2]}rustup`]:[]}),r=["/usr/local/rustup","/opt/r\
ustup","/opt/rust/rustup","/root/.rustup"],i=(d=e.userHome)!=null&&d.startsWith("/")?[U(e.userHome,".rustup")]:[],s=[...new Set(
[...o,...i,...r])].filter(c=>c!==t);return(await Promise.all(s.map(async c=>{let l=await z(e.list(U(c,"toolchains")),()=>{});
return(l==null?void 0:l.kind)==="ok"&&l.value.length>0?[{path:c,toolchains:l.value.slice(0,8)}]:[]}))).flat().slice(0,4)}
function qA(e){return/toolchain '[^'\n]+'[^\n]* is not installed|syncing channel updates for/.test(e.stdout+e.stderr)}function bg(e){
return e.slice(e.lastIndexOf("/")+1)}function Ft(e,t,n){return Promise.race([e,t.then(KA).then(()=>n)])}function KA(){return new Promise(
e=>setImmediate(e))}var zA={plugins:[],pluginsOnDeadMount:!0},no=Xe("docker",["docker","--version"]),$o={name:"docker-cli",async collect(e,{
trusts:t},n,o){var f;let[r,i,s]=await Promise.all([o(no),z(QA(e),()=>zA),z(o(ne),()=>{})]),a=Tu(r),d=e.env.DOCKER_API_VERSION,
c=(f=r.found)==null?void 0:f.path,l=c!==void 0&&a.product==="docker"&&s&&JA(a.api,d,s)?await ZA(t?Ua(e):e,c,n):void 0;return{
...a,...d&&{pinned:$(d,100)},...l&&{said:l},...i}}};function Tu({run:e}){if(e.kind==="untrusted")return{product:"untrust\
ed"};if(e.kind!=="ran"||e.outcome.kind!=="exited"||e.outcome.code!==0)return{product:"none"};let{stdout:t,stderr:n}=e.outcome,
o=Z(t),r=o&&{version:o.text};if(/\bpodman\b/i.test(t)||/emulate docker cli using podman/i.test(n))return{product:"podman",
...r};if(!/^docker version/im.test(t))return{product:"other",...r};let i=o&&ng(o.numbers);return{product:"docker",...r,...i&&
{api:i}}}function JA(e,t,{version:n}){if(n.kind!=="ok")return!1;let{apiVersion:o,minApiVersion:r="0.0"}=n.value;return t?
rt(t,o)>0||rt(t,r)<0:!e||rt(e.max,r)<0||rt(o,e.min)<0}var YA=/^(?:DOCKER_.*|(?:HTTPS?|ALL|NO)_PROXY)$/i;async function ZA(e,t,n){
var c,l;let o=await e.run([t,"version","--format","{{json .}}"],{signal:n,maxOutput:16384,needs:YA});if(o.kind==="timed-\
out")return{kind:"timed-out"};let r=$(o.stderr.trim()||o.stdout.trim(),500),i=P((c=P(vg(o.stdout)))==null?void 0:c.Client),
s=i==null?void 0:i.ApiVersion,a=i==null?void 0:i.DefaultAPIVersion;if(typeof s!="string"||typeof a!="string")return{kind:"\
failed",error:r};let d=o.kind==="exited"&&o.code===0&&P((l=P(vg(o.stdout)))==null?void 0:l.Server);return{kind:"told",newestApi:$(
a,20),usedApi:$(s,20),...!d&&{error:r}}}function vg(e){try{return JSON.parse(e)}catch{return}}var XA=["/usr/local/lib/do\
cker/cli-plugins","/usr/local/libexec/docker/cli-plugins","/usr/lib/docker/cli-plugins","/usr/libexec/docker/cli-plugins"];
async function QA(e){var a;let t=wo(e),{pluginDirectories:n}=await iu(e,t),o=[...n,`${t}/cli-plugins`,...XA],r=await Promise.
all(o.map(d=>eI(e,d))),i=new Map;for(let d of r.flatMap(({plugins:c})=>c)){let c=i.get(d.name),l=c&&["executable","broke\
n"].includes(c.state);(!c||!l&&d.state==="executable")&&i.set(d.name,d)}let s=(a=r.find(d=>d.unread))==null?void 0:a.unread;
return{plugins:[...i.values()],...s&&{unread:s}}}var xg=["buildx","compose"];async function eI(e,t){let n=await e.list(t);
if(n.kind==="absent")return{plugins:[]};let o=n.kind==="ok"?n.value.flatMap(s=>{var a;return((a=/^docker-([a-z][a-z0-9]*)$/.
exec(s))==null?void 0:a[1])??[]}).slice(0,50):xg,r=await Promise.all([...o].sort().map(s=>tI(e,t,s,n.kind==="ok"))),i=r.
find(s=>s!==void 0&&"code"in s);return{plugins:r.filter(s=>s!==void 0&&"state"in s),...i&&{unread:i}}}async function tI(e,t,n,o){
let r=`${t}/docker-${n}`,i=await e.stat(r);if(i.kind==="unreadable")return{path:r,code:i.code};if(i.kind==="absent")return o?
{name:n,path:r,state:"dangling-link"}:void 0;let s=await e.access(r,"x");if(s.kind==="unreadable")return{path:r,code:s.code};
if(s.kind!=="granted")return{name:n,path:r,state:"not-executable"};let a=xg.includes(n)&&i.kind==="file"?await fg(e,r,i.
size):void 0;return{name:n,path:r,...a===void 0?{state:"executable"}:{state:"broken",why:a}}}var Tg=200,it={name:"os",async collect(e){let[t,n]=await Promise.all([e.readText("/etc/os-release"),e.readText("/etc/pas\
swd",262144)]);return{name:$g(t)??$g(await e.readText("/usr/lib/os-release"))??e.platform,user:nI(n,e.uid)??(e.uid===void 0?
"unknown":`uid ${e.uid}`),hostname:e.hostname,arch:e.arch}}};function $g(e){return e.kind!=="ok"?void 0:(tt(e.value,"PRE\
TTY_NAME=")??"").replace(/^(["'])(.*)\1$/,"$2").slice(0,Tg)||void 0}function nI(e,t){var o;if(e.kind!=="ok")return;let n=e.
value.split(`
`).find(r=>r.includes(`:${t}:`)&&r.split(":")[2]===String(t));return((o=n==null?void 0:n.split(":")[0])==null?void 0:o.slice(
0,Tg))||void 0}function y(e,t,n,o){return Pu(t,e[t],n,o)}function Pu(e,t,n,o){let{level:r,by:i,edits:s}=o;return{kind:"finding",reason:e,
...Rg(t,n,o),...r&&{level:r},...i&&{by:i},...s&&{edits:s}}}function A(e,t,n,o){return pt(e[t],n,o)}function pt(e,t,n){return{
kind:"undecided",...Rg(e,t,n)}}function Rg(e,t,{observed:n,evidence:o,location:r}){var a;let{what:i,fix:s}=e.tell(t);return{
title:((a=e.headline)==null?void 0:a.call(e,t))??e.title,message:i,why:Ru(e.why,t),expected:Ru(e.expected,t),observed:n,
evidence:o,remedy:s,...r&&{location:r}}}function ln(e,t,n){let o=e[t];return{kind:"skip",reason:t,message:Ru(o.message,n)}}
function Ru(e,t){return typeof e=="string"?e:e(t)}function u(e){return`\`${e.split("`").join("'")}\``}function w(e){return/^[\w@%+=:,./-]+$/.test(e)?e:/[\u0000-\u001f\u007f]/.
test(e)?`$'${e.replace(/[\\']/g,"\\$&").replace(/[\u0000-\u001f\u007f]/g,oI)}'`:`'${e.split("'").join("'\\''")}'`}function oI(e){
return`\\${e.charCodeAt(0).toString(8).padStart(3,"0")}`}function _e(e){return w(e.startsWith("-")?`./${e}`:e)}function N(e){
return e.startsWith("-")?`-- ${w(e)}`:w(e)}function T(e,t=120){return e.length<=t?e:`${e.slice(0,t-1)}\u2026`}function v(e){
return e.length<2?e.join(""):`${e.slice(0,-1).join(", ")} and ${e[e.length-1]}`}function B(e){return e.toString(8).padStart(
4,"0")}function Se(e){return/^(?:[a-z/]|--?[a-z])[\w./:@= -]*$/i.test(e)&&!/: |[: ]$|^(true|false|yes|no|on|off|null)$/i.
test(e)?e:JSON.stringify(e).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g,rI)}function rI(e){return`\\u${e.charCodeAt(0).
toString(16).padStart(4,"0")}`}function Oe(e){return e.charAt(0).toUpperCase()+e.slice(1)}function lr(e){return e.charAt(
0).toLowerCase()+e.slice(1)}function $e(e,t){return e.length<=60?e:t}function X(e,t,n=""){return e+u(T(t,58-e.length-n.length))+
n}function Ne(e){return e.replace(/[\u0000-\u001f\u007f]/g,"?")}function An(e){return Ne(e).replace(/["\\]/g,"\\$&").split(
"%").join("%%")}var To=["docker-ce-cli","docker-buildx-plugin"];function un({inContainer:e,os:t},n,o){let r=n.includes("docker-ce-cli"),
i=o===void 0?"a current Docker CLI":`Docker CLI ${o} or newer`,s=r?i:n.length===1?"the plugin":"the plugins",{text:a,command:d}=iI(
t,n,r),c={text:`Install ${s} ${a}`,commands:[d.split("SUDO ").join(e?"":"sudo ")],kind:e?"image":"host"};if(!e)return c;
let l=(m,p)=>`COPY --from=docker:29-cli ${m} ${p}`,f=[...r?[l("/usr/local/bin/docker","/usr/local/bin/")]:[],l(Pg,Pg)];return{
...c,otherwise:{text:`Copy ${r?"the CLI and its plugins":"the plugins"} from Docker's own image, without any repository.`,
config:{file:"Dockerfile",language:"dockerfile",text:f.join(`
`)},kind:"image"}}}var Pg="/usr/local/libexec/docker/cli-plugins";function iI(e,t,n){if(/alpine/i.test(e))return{text:"f\
rom Alpine's packages. An old release of Alpine has old packages.",command:`SUDO apk add ${t.map(i=>sI[i]).join(" ")}`};
let o="Set up their repository first: https://docs.docker.com/engine/install/.";return/fedora|red hat|centos|rocky|alma/i.
test(e)?{text:`from Docker's own packages. ${o}`,command:`SUDO dnf install -y ${t.join(" ")}`}:{text:`from Docker's own \
packages${n?" instead of the distribution's `docker.io`, which is years behind":""}. ${o}`,command:`SUDO apt-get update \
&& SUDO apt-get install -y ${t.join(" ")}`}}var sI={"docker-ce-cli":"docker-cli","docker-buildx-plugin":"docker-cli-buil\
dx","docker-compose-plugin":"docker-cli-compose"};var Eg={$schema:"./runner-versions.schema.json",entries:{"gpu-option-dropped":{of:"gitea-runner",what:"without `privileg\
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
9.5.1-1~debian.12~bookworm":"yes","29.5.2":"no","29.7.0":"yes","29.7.1":"no"}}}};var Sg=Eg.entries,C9=Object.keys(Sg);function Te(e){return Sg[e]}function Yt(e,t){let n=t===void 0?void 0:Z(t);if(!n)return e.
ranges.some(dI)?"yes":"unknown";let o=/-\d+-g[0-9a-f]{4,}/.test(t??""),r=e.ranges.map(i=>o?cI(i,n):Og(i,n));return r.includes(
"yes")?"yes":r.includes("unknown")?"unknown":"no"}function dI(e){return e.from===void 0&&e.upTo===void 0&&e.before===void 0}
function Og(e,t){return e.from!==void 0&&ti(t,e.from)<0||e.upTo!==void 0&&ti(t,e.upTo)>0||e.before!==void 0&&ti(t,e.before)>=
0?"no":"yes"}function cI(e,t){let n=e.from!==void 0&&ti(t,e.from)<0,o=e.upTo!==void 0&&ti(t,e.upTo)===0,r=e.before!==void 0&&
ti(t,e.before)<0;return n||o||r?"unknown":Og(e,t)}function ti(e,t){let n=Z(t);return n?mt(e,n):0}function fn(e){return e.
ranges.map(lI).join(" and ")}function lI({from:e,upTo:t,before:n}){return e!==void 0&&t!==void 0?e===t?e:`${e} to ${t}`:
e!==void 0&&n!==void 0?`from ${e}, fixed in ${n}`:t!==void 0?`up to ${t}`:n!==void 0?`before ${n}`:e===void 0?"all versi\
ons":`${e} and later`}function ks(e){return e.system==="gitea"?e.runnerVersion:void 0}function ye(e){return e.docker.require!=="forbidden"}function M(e,t){return{inContainer:e.mode==="container",inRunnerContainer:e.
mode==="host"&&e.insideContainer!==void 0,system:t.system,giteaRunner:ks(t)}}function ht(e,{system:t,giteaRunner:n}){return t===
"gitea"?Yt(Te(e),n):"no"}var ur="interrupts its jobs: first see in the forge that it is idle";function j(e){let{system:t,
giteaRunner:n}=e;switch(t){case"gitea":{let r=Yt(Te("old-name"),n)==="unknown"?"act_runner before 1.0.0; ":"";return[`su\
do systemctl restart ${Me(e)}   # ${r}${ur}`]}case"forgejo":return[`sudo systemctl restart ${Me(e)}   # ${ur}`];case"git\
hub":return[`sudo ./svc.sh stop && sudo ./svc.sh start   # in the runner's directory; ${ur}`];default:return[]}}function Me({
system:e,giteaRunner:t}){return e==="forgejo"?"forgejo-runner":Yt(Te("old-name"),t)==="yes"?"act_runner":"gitea-runner"}
function Ro(e){return Me({system:e.system,giteaRunner:ks(e)})}function Re(e,t){let n=Object.entries(t),o=j(e);switch(e.system){case"\
gitea":case"forgejo":{let i=["runner:","  envs:",...n.map(([s,a])=>`    ${s}: ${Se(a)}`)].join(`
`);return{config:{file:oe,language:"yaml",text:i},commands:o}}case"github":return{config:{file:"`.env` in the runner's d\
irectory",language:"ini",text:n.map(([i,s])=>`${i}=${Ne(s)}`).join(`
`)},commands:o};default:return{commands:n.map(([r,i])=>`export ${r}=${w(i)}`)}}}function ae(e,t){let n=`container:
  options: ${Se(t)}`;switch(e.system){case"gitea":case"forgejo":return{config:{file:oe,language:"yaml",text:n},commands:j(
e),kind:"runner"};case"github":return{config:{file:"the workflow's job",language:"yaml",text:n},kind:"workflow"};default:
return{kind:"host"}}}function st(e){return{text:`This is the runner's own container. Recreate it with ${u(e)}.`,kind:"ho\
st"}}var oe="config.yaml";function $t(e,t){let n=j(e),o=`[Service]
${t}`;if(e.system==="github")return{config:{file:"a drop-in of the runner's service",language:"ini",text:o},commands:["s\
ystemctl list-units 'actions.runner.*'   # `sudo systemctl edit` with this name opens it",...n]};let r=Me(e);return{config:{
file:`/etc/systemd/system/${r}.service.d/override.conf`,language:"ini",text:o},commands:[`sudo systemctl edit ${r}   # o\
pens this file`,...n]}}function ni(e){return/\/[^/]*(?:docker|podman|dind)[^/]*\.sock$/i.test(e)}var G="Restarting Docke\
r stops every running container, unless the daemon is configured with `live-restore`: `docker ps` lists them.";function In(e){
return`The next jobs pull or build again what they need. An image that exists only here is lost: \`${e} image ls\` lists \
them.`}var Ag="Compares the API versions that the CLI speaks with those that the daemon accepts. Those of the daemon come from \
`/version` (`ApiVersion`, `MinAPIVersion`), never from a table, since owners can change them. Those of the CLI come from\
 its release. If the release is unknown or does not seem to fit, `docker version` has to tell. `DOCKER_API_VERSION` pins\
 the version, so the pin decides. A CLI that is newer than the daemon uses the daemon's version, which passes.",fr={"cli\
ent-too-old":{level:"fail",title:"The Docker CLI is too old for the daemon",headline:({cli:e,api:t,isPinned:n})=>n?`\`DOC\
KER_API_VERSION=${t}\` is too old for this daemon`:`${e===void 0?"The Docker CLI":`Docker CLI ${e}`} is too old for this\
 daemon`,why:({api:e,minimum:t})=>`Every \`docker\` command in this job fails with \`client version ${e} is too old. Min\
imum supported API version is ${t}\`.`,expected:({isPinned:e,minimum:t})=>e?`API >= ${t}, or no pin`:`client API >= ${t}`,
tell:uI,more:"This happens overnight when Docker on the host is upgraded: 29.0 to 29.2 accept 1.44 (Docker 25.0) and new\
er, 29.3 and later accept 1.40 (Docker 19.03) and newer."},"client-too-new":{level:"warn",title:"The Docker CLI is too n\
ew for the daemon",headline:e=>{switch(e.kind){case"pin":return`\`DOCKER_API_VERSION=${e.pin}\` is too new for this daemo\
n`;case"invalid-pin":return"`DOCKER_API_VERSION` is not an API version";case"engine":return`${e.cli===void 0?"The Docker\
 CLI":`Docker CLI ${e.cli}`} is too new for this daemon`}},why:pI,expected:e=>{switch(e.kind){case"pin":return`API <= ${e.
engine.apiVersion}, or no pin`;case"invalid-pin":return"a number like 1.44, or no pin";case"engine":return`daemon API >=\
 ${e.minimum}`}},tell:hI,more:"It is a warning only if the CLI lowers the pin itself, as releases since 29.7 do. CLI 29.\
0 to 29.2 work with Docker 25.0 and newer only; older and newer ones work with older engines too."}},Ou={"client-unknown":{
title:"The API versions of the Docker CLI are unknown",headline:({cli:e})=>$e(`The API versions of ${Eu(e.version)} are \
unknown`,"The Docker CLI's API versions are unknown"),why:({minimum:e})=>`If the CLI is too old, every \`docker\` command \
in this job fails with \`client version is too old. Minimum supported API version is ${e}\`.`,expected:({minimum:e})=>`c\
lient API >= ${e}`,tell:({cli:e,engine:t,minimum:n,place:o})=>{let{otherwise:r,...i}=un(o,To,eu(n));return{what:`This ve\
rsion of runner-check does not know which API versions ${Eu(e.version)} speaks, and \`docker version\` did not tell. The d\
aemon (${t.version}) accepts ${n} and newer.`,fix:{text:`Run it by hand, as the job's user: the client's API version mus\
t be at least ${n}.`,commands:["timeout 30 docker version"],kind:o.inContainer?"image":"host",otherwise:{...i,text:`Inst\
all a release that is known to fit. ${i.text}`}}}}}};function Eu(e){return e===void 0?"the Docker CLI":`Docker CLI ${e}`}
function ws(e){return Eu(e).replace(/^t/,"T")}function uI(e){let{cli:t,api:n,isPinned:o,minimum:r,engine:i,place:s}=e,a=mI(
i,n),d=a&&{otherwise:a};if(o)return{what:`\`DOCKER_API_VERSION\` pins API ${n}. The daemon (${i.version}) accepts ${r} a\
nd newer.`,fix:{...Su,...d}};let{otherwise:c,...l}=un(s,To,eu(r));return{what:`${ws(t)}${s.inContainer?" in this image":
""} speaks API ${n}. The daemon${s.inContainer?" on the host":""} (${i.version}) accepts ${r} and newer.`,fix:{...l,...d}}}
var fI="1.24";function mI({version:e},t){var o;return rt(t,fI)<0?void 0:(((o=Z(e))==null?void 0:o.numbers[0])??0)<29?{text:`\
Until then, remove \`DOCKER_MIN_API_VERSION\` from the environment of the Docker service and restart it. ${G}`,commands:[
"systemctl cat docker.service | grep DOCKER_MIN_API_VERSION","sudo systemctl restart docker"],kind:"host"}:{text:`Until \
then, let the daemon accept old clients: add this to its configuration and restart it. ${G}`,config:{file:"/etc/docker/d\
aemon.json",language:"json",text:`{ "min-api-version": ${JSON.stringify(t)} }`},commands:["sudo systemctl restart docker"],
kind:"host"}}var Su={text:"Remove `DOCKER_API_VERSION` where it is set: `env:` in the workflow, `runner.envs` in the run\
ner's `config.yaml`, the runner's service, or the image. Without it, CLI and daemon negotiate a version.",commands:["uns\
et DOCKER_API_VERSION"],kind:"runner"};function pI(e){switch(e.kind){case"pin":{let{pin:t,engine:n,isLowered:o}=e;return o?
`This release of the CLI silently uses ${n.apiVersion}, so commands work. Every older one fails here.`:`Every \`docker\` c\
ommand in this job fails with \`client version ${t} is too new. Maximum supported API version is ${n.apiVersion}\`.`}case"\
invalid-pin":return"Every `docker` command in this job fails: with `page not found` in older releases, with `invalid API\
 version` in newer ones.";case"engine":return`This release does not negotiate an older version, so \`docker\` commands fai\
l${e.error===void 0?"":` with ${u(e.error.split(`
`)[0]??"")}`}.`}}function hI(e){switch(e.kind){case"pin":return{what:`\`DOCKER_API_VERSION\` pins API ${e.pin}. The daem\
on (${e.engine.version}) speaks ${e.engine.apiVersion} and older.`,fix:Su};case"invalid-pin":return{what:`\`DOCKER_API_VE\
RSION\` is ${u(e.pin)}, which is not an API version.`,fix:Su};case"engine":return{what:`${ws(e.cli)} needs an engine wit\
h API ${e.minimum} or newer. The daemon (${e.engine.version}) has ${e.engine.apiVersion}.`,fix:{text:`Upgrade the engine\
 to 25.0 or newer. If that is impossible, use another CLI: 28 and older, and 29.3 and newer, work with old engines. ${G}`,
commands:["sudo apt-get update && sudo apt-get install -y docker-ce docker-ce-cli containerd.io"],kind:"host"}}}}var Ig={id:"docker/api-version",title:"Docker CLI and daemon speak a common API version",intro:Ag,reasons:fr,needs:{cli:$o,
tool:no,engine:ne,container:R,os:it},after:["docker/daemon","docker/cli"],applies:ye,judge({cli:e,tool:t,engine:n,container:o,
os:r}){var a;if(n.version.kind!=="ok")return{kind:"skip",reason:"absent",message:"No daemon to compare with."};if(e.product===
"none")return{kind:"skip",reason:"absent",message:"No Docker CLI to compare."};if(e.product==="untrusted")return{kind:"s\
kip",reason:"untrusted",message:"This `docker` is the workspace's, and was not run."};if(e.product!=="docker")return{kind:"\
skip",reason:"not-applicable",message:"This `docker` is not a Docker CLI and negotiates no API version."};let i=((a=t.found)==
null?void 0:a.path)??"docker",s={cli:e,engine:n.version.value,place:{inContainer:o.mode==="container",os:r.name},evidence:wI(
e,i,n.endpoint,n.version.value)};return e.pinned===void 0?gI(s):yI(s,e.pinned)}};function gI(e){let{cli:t,engine:n,place:o,
evidence:r}=e,{apiVersion:i,minApiVersion:s="0.0"}=n,{said:a,api:d}=t,c=(a==null?void 0:a.kind)==="told"?a.newestApi:d==
null?void 0:d.max;if(c===void 0||!tu(c))return A(Ou,"client-unknown",{...e,minimum:s},{observed:"no API version of the C\
LI",evidence:r});let l=(a==null?void 0:a.kind)==="told"||(d==null?void 0:d.atLeast)===void 0;if(rt(c,s)<0){if(l){let h={
cli:t.version,api:c,isPinned:!1,minimum:s,engine:n,place:o};return y(fr,"client-too-old",h,{observed:c,evidence:r})}let p=`${c}\
 or newer`;return A(Ou,"client-unknown",{...e,minimum:s},{observed:p,evidence:r})}let f=(a==null?void 0:a.kind)==="told"&&
a.error===void 0;if(d&&!f&&rt(i,d.min)<0){let p=(a==null?void 0:a.kind)==="timed-out"||a==null?void 0:a.error;return y(fr,
"client-too-new",{kind:"engine",cli:t.version,minimum:d.min,engine:n,error:p},{observed:i,evidence:r,level:"fail"})}let m=rt(
c,i)<0?c:i;return{kind:"pass",message:`${ws(t.version)} and daemon ${n.version} speak API ${m}`,evidence:r}}function yI({
cli:e,engine:t,place:n,evidence:o},r){let{apiVersion:i,minApiVersion:s="0.0"}=t,a={observed:`DOCKER_API_VERSION=${r}`,evidence:o};
if(!tu(r))return y(fr,"client-too-new",{kind:"invalid-pin",pin:r},{...a,level:"fail"});if(rt(r,s)<0){let d={cli:e.version,
api:r,isPinned:!0,minimum:s,engine:t,place:n};return y(fr,"client-too-old",d,a)}if(rt(r,i)>0){let d=kI(e);return y(fr,"c\
lient-too-new",{kind:"pin",pin:r,engine:t,isLowered:d},{...a,level:d?"warn":"fail"})}return{kind:"pass",message:`${ws(e.
version)} and daemon ${t.version} speak API ${r}, pinned by \`DOCKER_API_VERSION\``,evidence:o}}function kI({said:e,version:t}){
var r;if((e==null?void 0:e.kind)==="told")return e.error===void 0;let[n,o]=((r=Z(t??""))==null?void 0:r.numbers)??[0,0];
return n>29||n===29&&o>=7}function wI({api:e,said:t,pinned:n,version:o},r,i,s){let a=s.minApiVersion===void 0?"":`MinAPI\
Version ${s.minApiVersion}, `,d=[{source:`GET /version on ${i}`,text:`${a}ApiVersion ${s.apiVersion}`}];if(e){let c=e.atLeast?
`API ${e.max} or newer`:`API ${e.max}`;d.push({source:`${r} --version`,text:`release ${o}, which speaks ${c}`})}if((t==null?
void 0:t.kind)==="told"){let c=t.error===void 0?"":`: ${t.error}`;d.push({source:`${r} version`,text:`client API ${t.newestApi}\
, used ${t.usedApi}${c}`})}return(t==null?void 0:t.kind)==="failed"&&d.push({source:`${r} version`,text:t.error}),(t==null?
void 0:t.kind)==="timed-out"&&d.push({source:`${r} version`,text:"no answer within the deadline"}),n!==void 0&&d.push({source:"\
environment",text:`DOCKER_API_VERSION=${n}`}),d}var bI={EACCES:"permission denied",EPERM:"permission denied",EISDIR:"it is a directory",ENOTDIR:"a part of the path is n\
ot a directory",ENOENT:"it does not exist",ELOOP:"too many symbolic links",ENAMETOOLONG:"the name is too long",EROFS:"th\
e file system is read-only",ENOSPC:"no space left on device",EEXIST:"a file of that name exists",EFBIG:"it is too long",
ENXIO:"it is a socket or a device without a driver",EIO:"input/output error",EUNTRUSTED:"it leads out of the workspace o\
r is not a regular file, and was not read"};function ve(e){return bI[e]??e}var Cg=["EMFILE","ENFILE","EAGAIN","ENOMEM"];function mr(e){return Cg.includes(e)}function _g(e){return Cg.find(t=>new RegExp(
`\\b${t}\\b`).test(e))}function pr(e){switch(e){case"EMFILE":return{text:"Raise the limit of open files for jobs: `Limit\
NOFILE=` in the unit of the runner's service, or `--ulimit nofile=65536:65536` for job containers. The first command sho\
ws the limit.",commands:["ulimit -n","ls /proc/self/fd | wc -l"],kind:"host"};case"ENFILE":return{text:"The whole machin\
e is out of open files. Find the process that keeps most of them open, or raise `fs.file-max`.",commands:["cat /proc/sys\
/fs/file-nr","sudo lsof 2>/dev/null | awk '{print $1}' | sort | uniq -c | sort -rn | head"],kind:"host"};case"EAGAIN":return{
text:"This user or its control group has no process left. Find what started so many, or raise `TasksMax=` of the runner'\
s service or `--pids-limit` of job containers.",commands:["ulimit -u","ps -eo user= | sort | uniq -c | sort -rn | head",
"cat /sys/fs/cgroup/pids.max"],kind:"host"};default:return{text:"The machine is out of memory. Find what uses it, or run\
 fewer jobs at a time (`runner.capacity`).",commands:["free -m","ps -eo rss=,comm= --sort=-rss | head"],kind:"host"}}}function he(e,t){
var r;if(mr(t))return pr(t);let n=_e(e),o=(r=/^\/(?:proc|sys)(?=\/|$)/.exec(e))==null?void 0:r[0];switch(t){case"EACCES":case"\
EPERM":return o!==void 0?{text:`Let jobs read ${u(e)}: something masks it. Usual causes are a sandbox around the runner${o===
"/proc"?", `hidepid` on `/proc`,":""} and an AppArmor, SELinux or seccomp profile of the container.`,commands:[`head -n \
3 ${n}`,`findmnt --submounts ${o}`,"cat /proc/self/attr/current"],kind:"host"}:{text:`Let the job's user read ${u(e)}, a\
nd enter each directory above it. The commands show that user, and who may.`,commands:["id",...vI(e).map(i=>`ls -ld ${_e(
i)}`)],kind:"host"};case"ETIMEDOUT":return{text:`Find out which file system holds ${u(e)}, and why it does not answer. U\
sual causes are a network file system (NFS, SMB, FUSE) whose server is gone, and a disk with I/O errors.`,commands:[`tim\
eout 5 stat ${n}`,"findmnt --types nfs,nfs4,cifs,fuse,fuse.sshfs"],kind:"host"};case"EIO":case"ESTALE":case"ENOTCONN":return{
text:`Repair or remount the file system that holds ${u(e)}: its disk fails, or its server is gone.`,commands:[`findmnt -\
-target ${n}`,"sudo dmesg --level=err,warn | tail -n 20"],kind:"host"};default:return{text:o?`Make ${u(e)} available: ${ve(
t)}. Mount \`/proc\` and \`/sys\` where the job runs.`:`Find out what is at ${u(e)}: ${ve(t)}.`,commands:[`ls -ld ${n}`,
`findmnt --target ${n}`],kind:"host"}}}function vI(e){let t=e.split("/").filter(o=>o!==""),n=t.map((o,r)=>`/${t.slice(0,
r+1).join("/")}`).reverse();return e.startsWith("/")?n.slice(0,4):[e]}var xI=600;function mn(e=1e4){return{text:"If it a\
nswers, only late, give the run more time.",config:{file:"the workflow's step",language:"yaml",text:`with:
  timeout: ${Math.min(xI,Math.max(30,Math.ceil(e*3/1e4)*10))}s`},kind:"workflow"}}var $I={title:"The facts of a check show nothing",headline:({id:e})=>X("The facts show nothing for ",e),why:({id:e})=>`I\
t is unknown whether ${u(e)} holds. Jobs may depend on it.`,expected:"facts that show how it is",tell:({id:e})=>({what:`\
The facts that ${u(e)} needs are empty or cut off, so nothing shows that it holds.`,fix:{text:"Run runner-check on the r\
unner again. If its new report says the same, report it as a bug, with `report.json` (secrets are already removed).",kind:"\
workflow"}})};function q(e,t){return pt($I,{id:e},{observed:"nothing",evidence:[{source:"facts",text:`${t}: empty`}]})}var TI={"cargo-hack":["hack","--version"],"cargo-llvm-cov":["llvm-cov","--version"],ffmpeg:["-version"],ffplay:["-versio\
n"],ffprobe:["-version"],go:["version"],helm:["version"],java:["-version"],javac:["-version"],kubectl:["version","--clie\
nt"],lua:["-v"],openssl:["version"],ssh:["-V"],tmux:["-V"],unzip:["-v"],zip:["-v"]};function oi(e,t){let o=t.length===2&&
t[0]===e&&t[1]==="--version"?L(TI,e):void 0;return o?[e,...o]:t}function bs(e,t,n){if(ot(e,t))return!0;let o=`:${n}`;return n!==void 0&&e.endsWith(o)&&ot(e.slice(0,-o.length),t)}function le(e,t,n){return n.skip.some(o=>ot(o,e))?!0:Object.entries(n.severity).some(([o,r])=>r==="off"&&bs(o,e,t))}var RI=[{of:/^(?:cargo(?:-.+)?|rustc|rustdoc|rustfmt|clippy-driver|rust-.+|rls)$/,names:["rustc","cargo"]},{of:/^(?:npm|npx|corepack|yarn|pnpm)$/,
names:["node"]},{of:/^pip3?$/,names:["python3"]}];function Au(e,t){var s,a;let n=((s=t.tools[e])==null?void 0:s.command[0])??
e,r=(((a=RI.find(({of:d})=>d.test(e)||d.test(n)))==null?void 0:a.names)??[]).find(d=>t.tools[d]!==void 0),i=r===void 0?void 0:
t.tools[r];if(!(r===void 0||r===e||!i))return{name:r,command:oi(r,i.command)}}var PI=new Set(["docker","nvidia-smi"]);function ri(e,{
sameDirectory:t=[]},n){let o=Object.keys(n.tools).filter(i=>{var s;return(i===e||t.includes(i))&&!PI.has(i)&&!((s=n.tools[i])!=
null&&s.optional)&&!le(`tool/${i}`,"off-path",n)}),r=o.find(i=>Au(i,n)===void 0)??o[0];return r===e?void 0:r}function Tt(e){let t=e.lastIndexOf("/");return t<1?"/":e.slice(0,t)}function oo(e){return e.slice(e.lastIndexOf("/")+1)}
function Po({pathText:e,path:t}){return e??t.join(":")}function Ng(e){let t=e.expectation.alsoWanted??[];return[e,...t.map(({version:n,source:o,contradicts:r})=>{let i=/^(.+) line (\d+)$/.
exec(o),s=i?{file:i[1]??"",line:Number(i[2])}:void 0,a=r===void 0?void 0:r==="policy"?e.source:u(r);return{name:e.name,profile:e.
profile,service:e.service,expectation:{...e.expectation,version:n},source:u(o),...s&&{location:s},...a!==void 0&&{contradicts:a}}})]}
function Dg(e,t){let n=t.sources[`tools.${e}`]??t.sources[`tools.${e}.version`];if(n===void 0)return{source:`the profile\
 ${u(t.profile)}`};let o=/^([^\s:]+):(\d+)(?::(\d+))?$/.exec(n);if(!o)return{source:n.startsWith("input ")?`the ${n}`:n};
let[,r="",i,s]=o,a={file:r,line:Number(i),...s!==void 0&&{column:Number(s)}};return{source:u(n),location:a}}function pn(e){
return e.command.join(" ")}function gt({expected:{name:e,expectation:t}}){let{text:n}=t.version;return`${u(e)} on PATH a\
nd working${n==="*"?"":`, version ${u(n)}`}`}function Fg(e){return Number(e.split(".")[0])}var jg={name:"node-runtime",async collect(e){return{version:e.nodeVersion,
path:e.execPath}}};var Lg=`Node ${16} or newer, best a line that is still supported`,Ka={"too-old":{level:"fail",title:"Node is too old to \
run this check",why:"Most actions in JavaScript need a newer one too: they stop with a syntax error or a missing module.",
expected:Lg,tell:({version:e})=>({what:`Actions run here with Node ${e}, and this check needs Node ${16} or newer: nothi\
ng else could be looked at.`,fix:Ug})},"end-of-life":{level:"warn",title:"Node gets no security updates any more",why:"I\
t gets no security updates, and actions stop working with it one after another as they are updated.",expected:Lg,tell:({
version:e,line:t,lastDay:n})=>({what:`Actions run here with Node ${e}, and the support of Node ${t} ended on ${n}.`,fix:Ug})}},
za="24";function Iu(e){let t=`COPY --from=node:${e}-slim`,n=o=>`ln -sf ../lib/node_modules/npm/bin/${o}-cli.js /usr/loca\
l/bin/${o}`;return[`${t} /usr/local/bin/node /usr/local/bin/node`,`${t} /usr/local/lib/node_modules /usr/local/lib/node_\
modules`,`RUN ${n("npm")} && ${n("npx")}`]}var Ug={text:"Gitea's runner starts whatever `node` comes first on the PATH o\
f the job, never one of its own: put a supported line of Node into the job's image. In an image based on Alpine, copy fr\
om `-alpine` instead of `-slim`.",config:{file:"Dockerfile",language:"dockerfile",text:Iu(za).join(`
`)},kind:"image",otherwise:{text:"On a host runner, install it on the host and see that the runner's service finds that \
one first. A label without an image of its own may stand for an old default image (`node:16-bullseye`): give the label a\
n image.",commands:["which -a node","systemctl show '*runner*.service' --property=Id,Environment"],kind:"host"}};var EI={"c++":"g++",ffprobe:"ffmpeg",go:"golang-go",java:"default-jre-headless",ld:"binutils",ninja:"ninja-build",php:"p\
hp-cli",pip:"python3-pip",pip3:"python3-pip",protoc:"protobuf-compiler",psql:"postgresql-client",python:"python-is-pytho\
n3",ssh:"openssh-client",xz:"xz-utils"},SI={"cargo-clippy":"clippy","cargo-fmt":"rustfmt","cargo-miri":"miri","clippy-dr\
iver":"clippy","rust-analyzer":"rust-analyzer",rustdoc:"rustc",rustfmt:"rustfmt"};function hr(e){return L(SI,e)}var Gg={
sqlx:"sqlx-cli",sea:"sea-orm-cli",diesel:"diesel_cli"};function De(e,t,n){if(e==="nvidia-smi")return ke(t,Mg.inContainer,
Mg.onHost);let o=OI(e,n),r={text:`Install ${u(e)} in the job's image, then pull the new image on the runner's host. ${o.
text}`,config:{file:"Dockerfile",language:"dockerfile",text:o.image.join(`
`)},kind:"image"},i={text:`Install ${u(e)} on the runner's host. ${o.text}`,commands:o.host,kind:"host"};return ke(t,r,i)}
function ke(e,t,n){return e==="host"?n:e==="container"?t:{...t,otherwise:n}}function Cn(e){return Ne(e).replace(/["\\$]/g,
"\\$&")}function yt({mode:e}){return e==="host"?"host":"image"}function Cu(e){let t=Vg(e);return Ja(e)??(t!=null&&t.includes(
".")?t:"stable")}function Ja(e){var i;let t=(i=e.anyOf[0])==null?void 0:i.find(({operator:s})=>s===">="||s===""||s===">");
if(!t||t.numbers.every(s=>s===0))return;let[n,o,r]=t.numbers;return r===0?`${n}.${o}`:`${n}.${o}.${r}`}function Vg(e){var i;
let t=(i=e.anyOf[0])==null?void 0:i.find(({operator:s})=>s==="<"||s==="<=");if(!t)return;let[n,o,r]=t.numbers;return t.operator===
"<="?`${n}.${o}.${r}`:r>0?`${n}.${o}.${r-1}`:o>0?`${n}.${o-1}`:String(Math.max(0,n-1))}function OI(e,t){var o;let n=hr(e);
if(n!==void 0)return hn(["component","add",n]);switch(e){case"rustc":case"cargo":case"rustup":return AI(Cu(t));case"dock\
er":return II;case"node":return Hg(((o=Ja(t)??Vg(t))==null?void 0:o.split(".")[0])??za);case"npm":case"npx":return Hg(za);case"\
ollama":return NI;default:return e.startsWith("cargo-")||L(Gg,e)!==void 0?CI(e):_I(e)}}function AI(e){let t=e==="stable"?
"1-slim":`${e}-slim`,n=o=>`COPY --from=rust:${t} ${o} ${o}`;return{text:"rustup brings rustc and cargo. Debian 13 and Ub\
untu 24.04 and newer have it as a package, for other systems see https://rustup.rs. In an image based on Alpine, copy fr\
om `-alpine` instead of `-slim`.",image:[n("/usr/local/rustup"),n("/usr/local/cargo"),"ENV RUSTUP_HOME=/usr/local/rustup\
 CARGO_HOME=/usr/local/cargo",'ENV PATH="/usr/local/cargo/bin:$PATH"'],host:["sudo apt-get update && sudo apt-get instal\
l -y rustup","# as the runner's user",`rustup toolchain install ${e} --profile minimal && rustup default ${e}`]}}function hn(e,...t){
let n=t.some(r=>r.startsWith("-"))?["--"]:[],o=["rustup",...[...e,...n,...t].map(w)].join(" ");return{text:"Use rustup, \
as the user who owns the toolchains.",image:[`RUN ${o}`],host:["# as the runner's user",o]}}var II={text:"Use the CLI fr\
om Docker's own image or packages: a distribution's CLI is often too old for a current daemon. https://docs.docker.com/e\
ngine/install/ says how to set up the packages.",image:["COPY --from=docker:cli /usr/local/bin/docker /usr/local/bin/doc\
ker"],host:["sudo apt-get update && sudo apt-get install -y docker-ce-cli docker-buildx-plugin"]};function Hg(e){let t=`\
deb [signed-by=/etc/apt/keyrings/nodesource.asc] https://deb.nodesource.com/node_${e}.x nodistro main`;return{text:"Java\
Script actions need it as well. In an image based on Alpine, copy from `-alpine` instead of `-slim`.",image:Iu(e),host:[
"sudo install -d -m 755 /etc/apt/keyrings","sudo curl -fsSL https://deb.nodesource.com/gpgkey/nodesource-repo.gpg.key -o\
 /etc/apt/keyrings/nodesource.asc",`echo '${t}' | sudo tee /etc/apt/sources.list.d/nodesource.list`,"sudo apt-get update\
 && sudo apt-get install -y nodejs"]}}var Mg={inContainer:{text:"Request GPUs in the runner's configuration. `nvidia-smi\
` belongs to the host's driver, and NVIDIA's container toolkit adds it to containers with GPUs. Do not install it in the\
 image.",config:{file:"config.yaml",language:"yaml",text:`container:
  options: --gpus all`},kind:"runner"},onHost:{text:"Install your distribution's package of the NVIDIA driver, which inc\
ludes it.",commands:["sudo ubuntu-drivers install","nvidia-smi"],kind:"host"}};function CI(e){let t=`cargo install --loc\
ked ${N(L(Gg,e)??e)}`;return{text:"cargo builds and installs it.",image:[`RUN ${t}`],host:["# as the runner's user",t]}}
function _I(e){let t=L(EI,e),n=N(t??e);return{text:`On Debian and Ubuntu, the package ${t===void 0?"usually has the prog\
ram's name":`is \`${t}\``}; on Alpine use \`apk add --no-cache\`.`,image:[`RUN apt-get update && apt-get install -y --no\
-install-recommends ${n} \\`,"    && rm -rf /var/lib/apt/lists/*"],host:[`sudo apt-get update && sudo apt-get install -y\
 ${n}`]}}var NI={text:"No distribution has a package. Ollama's installer runs as root, so read it first.",image:["COPY -\
-from=ollama/ollama /usr/bin/ollama /usr/bin/ollama","COPY --from=ollama/ollama /usr/lib/ollama /usr/lib/ollama"],host:[
"curl -fsSL https://ollama.com/install.sh -o install-ollama.sh","less install-ollama.sh","sh install-ollama.sh"]};var DI={npm:"node",npx:"node",corepack:"node",python3:"python",pip:"python",pip3:"python",gem:"ruby",bundle:"ruby",javac:"\
java"},FI={node:"nodejs",go:"golang"};function Ya(e){return L(DI,e)??e}function _u(e){let t=Ya(e);return w(L(FI,t)??t)}function vs(e,t){
return{name:e,says:new RegExp(`^${e}: `,"m"),at:new RegExp(`/\\.?${e}/shims/`),commands:(n,o=t)=>[`${e} install --skip-e\
xisting ${o}`,`${e} global ${o}`]}}var Bg=[{name:"mise",says:/^(?:mise|rtx) (?:ERROR|WARN)/m,at:/\/(?:mise|rtx)\/(?:shims|bin)\//,
commands:(e,t="latest")=>[`mise use --global ${w(`${Ya(e)}@${t}`)}`]},{name:"Volta",says:/^Volta error/im,at:/\/\.?volta\/bin\//,
commands:(e,t)=>[`volta install ${w(t===void 0?Ya(e):`${Ya(e)}@${t}`)}`]},vs("pyenv","3"),vs("rbenv","3.4.1"),vs("nodenv",
"22.11.0"),vs("goenv","latest"),vs("plenv","5.40.0"),{name:"asdf",says:/\basdf (?:install|plugin)|\.tool-versions|^No (?:preset )?version (?:is set|installed) for command|Perhaps you have to reshim/m,
at:/\/\.?asdf\/shims\//,commands:(e,t)=>{let n=t===void 0?"latest":`latest:${t}`;return[`asdf install ${_u(e)} ${n}`,`as\
df set --home ${_u(e)} ${n}   # before asdf 0.16: asdf global ${_u(e)} ${n}`]}}];function Wg(e){var t;return(t=qg(e))==null?
void 0:t.name}function qg(e){var o,r;let t=zg(e),n=[((o=e.found)==null?void 0:o.path)??"",((r=e.found)==null?void 0:r.realPath)??
""];return Bg.find(({says:i})=>i.test(t))??Bg.find(({at:i})=>n.some(s=>i.test(s)))}function Kg(e,t,n){let o=qg(t);if(!o)
return;let{name:r}=o,i=jI(r,zg(t))??o.commands(e,Ja(n)),s=`Let ${r} install and select a version for every directory`;return ke(
t.mode,{text:`${s}, in the job's image. Another installation would be hidden by the shim.`,config:{file:"Dockerfile",language:"\
dockerfile",text:i.map(a=>`RUN ${a.replace(/ +#.*/,"")}`).join(`
`)},kind:"image"},{text:`${s}, as the runner's user. Another installation would be hidden by the shim.`,commands:["# as \
the runner's user",...i],kind:"host"})}function jI(e,t){var o,r;if(/^\w+env$/.test(e)){let i=(o=/exists in these \w+ versions:\s*\n\s+([\w.-]+)/.
exec(t))==null?void 0:o[1];if(i!==void 0)return[`${e} global ${i}`];let s=(r=/version [`']([\w.-]+)' is not installed/.exec(
t))==null?void 0:r[1];return s===void 0?void 0:[`${e} install --skip-existing ${s}`]}if(e==="asdf"){let[,i,s]=/^asdf install ([\w-]+) (\d[\w.-]*)$/m.
exec(t)??[];if(i!==void 0)return[`asdf install ${i} ${s}`];let[,a,d]=/config file[^\n]*\n([\w-]+) (\d[\w.-]*)$/m.exec(t)??
[];return a===void 0?void 0:[`asdf set --home ${a} ${d}   # before asdf 0.16: asdf global ${a} ${d}`]}let[,n]=e==="mise"?
/^mise use -g ([\w.@/:-]+@\d[\w.-]*)$/m.exec(t)??[]:[];return n===void 0?void 0:[`mise use --global ${n}`]}function zg({
run:e}){return e.kind==="ran"?`${e.outcome.stderr}
${e.outcome.stdout}`:""}var Jg={missing:{level:"fail",title:"The tool is not installed",headline:({expected:{name:e},defect:t})=>t.variant==="sh\
im"?`${e} is a shim without a tool behind it`:`${e} is not installed`,why:({expected:{name:e}})=>`Every step that calls ${u(
e)} fails with ${u(`${e}: command not found`)} (exit code 127).`,expected:gt,tell:({expected:e,facts:t,defect:n})=>({what:LI(
e,t,n),fix:(n.variant==="shim"?Kg(e.name,t,e.expectation.version):void 0)??De(e.name,t.mode,e.expectation.version)}),more:"\
If jobs can do without the tool, set `optional: true` in the policy."},"off-path":{level:"fail",title:"The tool is insta\
lled, but not on PATH",headline:({expected:{name:e},facts:{unexpanded:t}})=>t===void 0?`${e} is installed, but not on PA\
TH`:X("",e,` is off PATH: ${Zg(t.entry)??`${Yg(t.entry)} is not expanded`}`),why:({expected:{name:e}})=>`Every step that\
 calls ${u(e)} fails with ${u(`${e}: command not found`)}, although it works when you log in. A job does not read \`~/.pr\
ofile\` or \`~/.cargo/env\`: it has the PATH of its image or of the runner's service.`,expected:gt,tell:({expected:e,facts:t,
defect:n})=>({what:t.unexpanded===void 0?`${u(e.name)} is at ${u(n.subject??"")}, but that directory is not on PATH.`:`${u(
e.name)} is at ${u(n.subject??"")}. ${xs(t.unexpanded)}`,fix:gr(Tt(n.subject??""),t,e.service)}),more:"The first tool of\
 a directory that PATH lacks is reported, the others wait for it. `~` and `$HOME` in PATH are for a shell: a unit, `/etc\
/environment` and the runner's environment file keep them as they are. `%h` in a system's unit is `/root`, whatever `Use\
r=` says. The check looks in `~/.cargo/bin`, `/usr/local/cargo/bin`, nvm, Volta, `/usr/local/bin` and other usual places\
."},"not-executable":{level:"fail",title:"The job's user cannot execute the tool",headline:({expected:{name:e}})=>`Permi\
ssion denied to execute ${e}`,why:({expected:{name:e}})=>`Every step that calls ${u(e)} fails with \`Permission denied\` (\
exit code 126).`,expected:gt,tell:({expected:e,facts:t,defect:n})=>{var i;let o=`the job's user${t.uid===void 0?"":` (ui\
d ${t.uid})`}`,r=n.subject??((i=t.found)==null?void 0:i.path)??e.name;return n.variant==="closed"?{what:`${u(e.name)} is\
 in no directory that ${o} can enter, and ${u(Tt(r))}, which is on PATH, is closed to it.`,fix:MI(Tt(r),De(e.name,t.mode,
e.expectation.version))}:{what:`${u(r)} is on PATH, but ${o} has no permission to execute it.`,fix:HI(r,t)}},more:"Eithe\
r the executable bit is missing (a downloaded file, or a `COPY` from a file system without such bits), or it is set for \
other users only, or the file system is mounted with `noexec`. A tool that is not found while a directory on PATH is clo\
sed to this user, such as `/root/.cargo/bin`, has the same reason."}};function LI({name:e},t,{variant:n,subject:o}){var r;
if(n==="dangling-link")return`${u(o??"")} is a dangling link: its target does not exist.`;if(n==="shim"){let i=Wg(t),s=i===
void 0?"a shim":`a shim of ${i}`;return`${u(((r=t.found)==null?void 0:r.path)??e)} is ${s} for ${u(e)}, but no version o\
f it is installed or selected.`}return`${u(e)} is in none of the directories on PATH, nor in the usual places outside it\
.`}function Yg(e){var t;return((t=/\$(?:\{\w+\}|\w+)/.exec(e))==null?void 0:t[0])??e.split("/")[0]??e}function Zg(e){return/["']/.
test(e)?"quotes are part of a name there":e.includes(";")?"a semicolon separates nothing there":/^\s|\s$/.test(e)?"a bla\
nk is part of a name there":void 0}function xs({entry:e,meant:t}){let n=Zg(e)??`nothing expands ${u(Yg(e))} there`;return`\
PATH has the entry ${u(e)}, and ${n}: it has to be ${u(t)}.`}function UI(e,t){let n=Po(t).split(":"),{unexpanded:o}=t;return o?
[...new Set(n.map(r=>r===o.entry?e:r))].join(":"):[e,...n].join(":")}function gr(e,t,n){let{unexpanded:o}=t,r=/\/\.nvm\/versions\//.
test(e)?" nvm puts it there for shells that load nvm, which a job's do not. The entry has to change with each version.":
"",i=o&&`Write ${u(e)} instead of ${u(o.entry)}`,s={text:i?`${i} where the image or the workflow sets PATH.`:"Add the di\
rectory to PATH with `ENV`. A job starts no login shell, so `~/.profile`, `/etc/profile.d` and `~/.cargo/env` are never \
read.",config:{file:"Dockerfile",language:"dockerfile",text:`ENV PATH="${Cn(e)}:$PATH"`},kind:"image"},a={text:i?`${i} w\
here PATH is set: the runner's unit, \`/etc/environment\`, or the runner's environment file. Then restart the runner while\
 no job runs.`:`Add the directory to the PATH of the runner's service: if the file has a PATH already, to that one, sinc\
e only the last one counts. Then restart the runner while no job runs.${r}`,config:{file:`/etc/systemd/system/${n}.servi\
ce.d/override.conf`,language:"ini",text:`[Service]
Environment="PATH=${An(UI(e,t))}"`},commands:[`sudo systemctl edit ${n}   # opens this file`,`sudo systemctl restart ${n}`],
kind:"host"},d={text:"Until then, add the directory in the first step of the job.",commands:[`echo ${w(e)} >> "$GITHUB_P\
ATH"`],kind:"workflow"},c=ke(t.mode,s,a);return c.otherwise?c:{...c,otherwise:d}}function HI(e,t){var o;let n=(o=t.unusable.
find(r=>r.path===e))==null?void 0:o.mode;return n!==void 0&&(n&73)===0?{text:"Make the file executable.",commands:[`${t.
mode==="host"?"sudo ":""}chmod a+rx ${w(e)}`],kind:yt(t)}:{text:"Find out who can execute the file and whether its file \
system is mounted with `noexec`. Then install the tool where every user can execute it, such as `/usr/local/bin`.",commands:[
`namei -l ${w(e)}`,`findmnt -T ${w(e)}`],kind:yt(t)}}function MI(e,{otherwise:t,...n}){return{text:"Install the tool whe\
re every user can enter, such as `/usr/local`. Files below `/root` are for root only.",commands:[`namei -l ${w(e)}`],kind:n.
kind,otherwise:{...n,text:`If the tool is not installed at all: ${n.text}`}}}function yr(e,t){let n;for(let o of t){let r=GI(e.toLowerCase(),o.toLowerCase());r<=Math.max(2,Math.floor(o.length/3))&&
r<o.length&&(!n||r<n.distance)&&(n={word:o,distance:r})}return n==null?void 0:n.word}function GI(e,t){let n=e.slice(0,80),
o=t.slice(0,80),r=Array.from({length:o.length+1},(i,s)=>s);for(let i=1;i<=n.length;i++){let s=[i];for(let a=1;a<=o.length;a++){
let d=(r[a-1]??0)+(n[i-1]===o[a-1]?0:1);s.push(Math.min(d,(r[a]??0)+1,(s[a-1]??0)+1))}r=s}return r[o.length]??0}var Xg=/^(?:stable|beta|nightly|[0-9]\.(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]?))?(?:-beta(?:\.[0-9]{1,2})?)?)(?:-\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))?(?:-[a-z]\w*(?:-\w+){1,3})?$/;
function ii(e){return Xg.test(e)}function Qg(e){var o,r;let t=(o=/(?:^|[^\d.])([1-9]\.\d{1,3}(?:\.\d{1,2})?)(?!\d)/.exec(
e))==null?void 0:o[1];if(t!==void 0&&Xg.test(t))return t;let n=(r=/^(?:stable|beta|nightly)(?![a-z])/i.exec(e))==null?void 0:
r[0];return(n==null?void 0:n.toLowerCase())??yr(e.toLowerCase(),["stable","beta","nightly"])??"stable"}var ny={"wrong-architecture":{level:"fail",title:"The tool was built for another kind of machine",headline:({expected:{name:e},
defect:t})=>t.variant==="cpu"?`${e} needs a newer processor`:`${e} was built for another architecture`,why:({expected:{name:e},
defect:t})=>t.variant==="cpu"?`Every step that calls ${u(e)} fails at once.`:`The kernel cannot run it: every step that \
calls ${u(e)} fails with \`Exec format error\`.`,expected:gt,tell:({expected:e,facts:t,defect:n})=>({what:n.variant==="c\
pu"?`${kr(t)} needs a newer processor than this machine has${ty(n.subject)}.`:`${kr(t)} was built for another architectu\
re${ty(n.subject)}; this machine is ${u(t.arch)}.`,fix:zI(e.name,t,Qa({expected:e,facts:t}))}),more:"Usually the image w\
as built for another platform, or a binary was copied or downloaded by hand. `CPU does not support x86-64-v3` means that\
 the base image was built for newer processors than the runner's: use another base image."},"missing-library":{level:"fa\
il",title:"The tool needs a library that is missing or too old",headline:({expected:{name:e},defect:t})=>t.variant==="li\
brary"?Xa(`${e} needs ${oo(t.subject??"a library")}`):t.variant==="symbol-version"?Xa(`${e} needs ${t.subject}, the syst\
em is older`):Xa(`${e} does not fit this system's libraries`),why:({expected:{name:e},defect:t})=>t.variant==="loader"?`\
Every step that calls ${u(e)} fails with ${u(`${e}: not found`)}, although the file exists.`:`Every step that calls ${u(
e)} fails at once.`,expected:gt,tell:VI,more:"A binary runs on the C library that it was built for and on newer ones. A \
program for glibc does not run on Alpine, which has musl, and the other way round. `ldd` shows what is missing; `apt-fil\
e search` shows which package has it."},broken:{level:"fail",title:"The tool does not run",headline:({expected:{name:e},
facts:t,defect:n})=>Xa(BI(e,t,n)),why:({expected:{name:e},defect:t})=>["rustup-file","rustup-home","toolchain-damaged"].
includes(t.variant)?ed:t.variant==="not-a-program"?`Every step that calls ${u(e)} fails or, worse, succeeds without doin\
g anything.`:`Every step that calls ${u(e)} fails.`,expected:gt,tell:WI,more:"Also known:\n\n- `Error: Cannot find module \
'../lib/cli.js'` of npm: only its link was copied into the image, without `lib/node_modules`.\n- `node: --\u2026 is not allowe\
d in NODE_OPTIONS`: the variable is set for another version of Node.\n- ended by `SIGKILL`: memory ran out. `SIGSEGV`: da\
maged, or libraries that do not fit. `SIGILL`: the processor lacks instructions that the tool uses."}},ed="Every `cargo`\
 and `rustc` command fails before it starts.";function VI({expected:e,facts:t,defect:n}){let{name:o}=e,r=u(n.subject??""),
i=Qa({expected:e,facts:t});switch(n.variant){case"symbol-version":return{what:`${kr(t)} was built for a newer system: it\
 needs ${r}, and the C library here is older.`,fix:Za(o,t,"symbol-version",i)};case"symbol":return{what:`${kr(t)} does n\
ot fit the installed libraries: none of them has ${r}.`,fix:Za(o,t,"symbol",i)};case"loader":return{what:`${kr(t)} canno\
t start: its loader ${r} does not exist. It was built for another C library (glibc and musl have different loaders).`,fix:Za(
o,t,"loader",i)};case"foreign-loader":return{what:`${kr(t)} is, or starts, a program whose loader does not exist. It was\
 built for another C library (glibc and musl have different loaders).`,fix:Za(o,t,"loader",i)};default:return{what:`${kr(
t)} needs the library ${r}, which is not installed or cannot be used.`,fix:YI(n.subject??"",t)}}}function BI(e,t,{variant:n,
subject:o}){var r;switch(n){case"rustup-file":return`rustup cannot read ${oo(o??"a file")}, so ${e} fails`;case"rustup-h\
ome":return`rustup cannot use its home, so ${e} fails`;case"toolchain-damaged":return`The Rust toolchain of ${e} is dama\
ged`;case"not-a-proxy":return`${e} is a link to rustup, which does not know it`;case"interpreter":case"delegate":return`${e}\
 needs ${oo(o??"a program")}, which is missing`;case"windows-lines":return`${e} is a script with Windows line endings`;case"\
not-a-program":return((r=t.file)==null?void 0:r.format)==="empty"?`${e} is an empty file`:`${e} is not a program`;case"s\
ignal":return`${e} was ended by ${o}`;default:return o!==void 0&&/^\d/.test(o)?`${e} fails with exit code ${o}`:`${e} fa\
ils`}}function WI({expected:e,facts:t,defect:n}){var a,d,c;let{name:o}=e,r=((a=t.found)==null?void 0:a.path)??o,i=u(n.subject??
""),s=yt(t);switch(n.variant){case"rustup-file":return{what:`rustup cannot read ${i}, so it starts nothing.`,fix:{text:`\
Correct ${i}, or move it away and let rustup write a new one.`,commands:[`cat ${w(n.subject??"")}`,"rustup show"],kind:(d=
n.subject)!=null&&d.endsWith("settings.toml")?s:"workflow"}};case"rustup-home":return{what:`rustup cannot use its home${n.
subject===void 0?"":`: ${i} cannot be read or written`}.`,fix:ZI(t,n.subject)};case"toolchain-damaged":return{what:`The \
Rust toolchain ${i} is damaged: parts of it are missing.`,fix:Nu(n.subject??"stable",t)};case"not-a-proxy":{let l=Qa({expected:e,
facts:t});return{what:`${u(r)} is a link to rustup, but rustup has no proxy of that name.`,fix:{...l,text:`Remove the li\
nk ${u(r)}, which hides the real program. ${l.text}`}}}case"interpreter":case"delegate":{let l=n.variant==="interpreter"?
`${u(r)} is a script for ${i}, which is not installed.`:`${u(r)} only starts ${i}, which is not installed.`,f=oo(n.subject??
"");return/^(?:asdf|mise|rtx|pyenv|rbenv|nodenv|goenv|volta)$/.test(f)?{what:`${u(r)} only starts ${i}, which is not on \
PATH.`,fix:{text:`Find ${u(f)}, and add its directory to the PATH of the runner's service, or of the image.`,commands:[`\
ls -d ~/.local/bin/${f} ~/.${f}/bin/${f} ~/bin/${f} /usr/local/bin/${f} /opt/*/bin/${f}`],kind:s}}:{what:l,fix:{...De(f,
t.mode,{text:"*",anyOf:[[]]}),text:`Install ${u(f)} where jobs find it, or install ${u(o)} again with everything it need\
s.`}}}case"windows-lines":return{what:`${u(r)} is a script with Windows line endings: the kernel looks for an interprete\
r whose name ends in a carriage return.`,fix:{text:"Convert the script to Unix line endings.",commands:[`sed -i 's/\\r$//\
' ${w(r)}`],kind:s}};case"not-a-program":{let l=Qa({expected:e,facts:t});return{what:`${u(r)} is not a program: it is ${((c=
t.file)==null?void 0:c.format)==="empty"?"empty":"neither a binary nor a script"}.`,fix:{...l,text:`Remove ${u(r)} and i\
nstall the tool again. ${l.text}`}}}case"signal":return{what:`${u(pn(t))} was ended by ${i}${KI(n.subject)}.`,fix:ey(t)};default:
return{what:`${u(pn(t))} failed${qI(n.subject)}.`,fix:ey(t)}}}function qI(e){return e===void 0?"":` (${/^\d/.test(e)?`ex\
it code ${e}`:u(e)})`}function KI(e){switch(e){case"SIGKILL":return", as the kernel does when memory runs out";case"SIGI\
LL":return": it uses instructions that this processor lacks, or it is damaged";case"SIGSEGV":case"SIGBUS":return": it is\
 damaged, or does not fit the installed libraries";default:return""}}function zI(e,t,{otherwise:n,...o}){let r={...o,text:`\
Install the build of ${u(e)} for ${u(t.arch)}. ${o.text}`};return t.mode==="host"?r:{text:`Build the image for the machi\
ne that runs it: \`docker buildx build --platform ${L(JI,t.arch)??`linux/${t.arch}`}\`. A file copied from elsewhere, or \
a base image of another platform, brings programs of that platform.`,kind:"image",otherwise:r}}var JI={x64:"linux/amd64",
arm64:"linux/arm64",arm:"linux/arm/v7",ia32:"linux/386",s390x:"linux/s390x",ppc64:"linux/ppc64le",riscv64:"linux/riscv64"};
function Za(e,t,n,o){var i;let r=n==="loader"?"On Alpine, use Alpine's package or a build for musl, elsewhere a build fo\
r glibc. `apk add gcompat` helps small programs only.":"A newer base image, or a build for an older system, also works.";
return{...o,text:`Install the ${u(e)} of this system instead of one copied from another. ${r} ${o.text}`,otherwise:{text:"\
See what it needs and what is installed.",commands:[`ldd ${w(((i=t.found)==null?void 0:i.path)??e)}`,"ldd --version","ca\
t /etc/os-release"],kind:o.kind}}}function YI(e,t){var o;let n=t.mode==="host"?"sudo ":"";return{text:`Find the package \
that has ${u(oo(e))} and install it. The distribution's own package of the tool brings its libraries along.`,commands:[`\
ldd ${w(((o=t.found)==null?void 0:o.path)??t.name)}`,`${n}apt-get update && ${n}apt-get install -y apt-file && ${n}apt-f\
ile update && apt-file search ${N(oo(e))}`],kind:yt(t)}}function ZI(e,t){return e.mode==="container"?{text:"Give rustup \
a home that every user of the image can write to.",config:{file:"Dockerfile",language:"dockerfile",text:`ENV RUSTUP_HOME\
=/usr/local/rustup CARGO_HOME=/usr/local/cargo
RUN chmod -R a+w "$RUSTUP_HOME" "$CARGO_HOME"`},kind:"image"}:{text:"Give the runner's user a home directory that it can\
 write to, and set HOME (or `RUSTUP_HOME`) to it in the runner's unit.",commands:[...t===void 0?[]:[`namei -l ${w(t)}`],
"systemctl show '*runner*.service' --property=Id,User,Environment"],kind:"host"}}function Nu(e,t){return{text:"Install t\
he toolchain again while no job runs: jobs that use it fail until it is back. An interrupted installation, or two at the\
 same time, leaves one like this; `rustup component add` does not repair it.",commands:[`rustup toolchain uninstall ${N(
e)} && rustup toolchain install ${N(e)}`],kind:yt(t)}}function ey(e){var t;return{text:"Run it by hand, as the job's use\
r, and read what it says. If the installation is damaged, install the tool again.",commands:[e.command.map(w).join(" "),
`ldd ${w(((t=e.found)==null?void 0:t.path)??e.name)}`],kind:yt(e)}}function Qa({expected:{name:e,expectation:t},facts:n}){
return De(e,n.mode,t.version)}function kr(e){var t;return u(((t=e.found)==null?void 0:t.path)??e.name)}function ty(e){return e===
void 0?"":` (${u(e)})`}function Xa(e){return e.length<=60?e:`${e.slice(0,59)}\u2026`}var ry={"no-default-toolchain":{level:"fail",title:"rustup has no default toolchain",headline:({expected:{name:e}})=>`ru\
stup has no toolchain to run ${e}`.slice(0,60),why:ed,expected:gt,tell:({expected:e,facts:t,defect:n})=>{var r,i;let o=`${u(
((r=t.found)==null?void 0:r.path)??e.name)} is rustup's proxy`;return{what:n.variant==="never-set-up"?`${o}, but rustup \
was never set up for this user: ${u(n.subject??"")}, where it looks for toolchains, is empty.${oy(t)}`:`${o}, and rustup\
 has no default toolchain to run ${u(e.name)}.${oy(t)}`,fix:td(t)?iy(((i=td(t))==null?void 0:i.path)??"",t,e.service):eC(
t,n)}},more:"Often a toolchain is installed for another user: rustup looks in `RUSTUP_HOME`, or else in `~/.rustup` of t\
he job's user and HOME."},"toolchain-not-installed":{level:"fail",title:"The requested Rust toolchain is not installed",
headline:({expected:{name:e},defect:t})=>t.variant==="toolchain-path"?"The toolchain file names a directory without a to\
olchain":ii(t.subject??"")?`Rust ${XI(t.subject??"toolchain")} is not installed for ${e}`.slice(0,60):X("Rust has no too\
lchain ",t.subject??""),why:({defect:e})=>e.variant==="toolchain-path"||!ii(e.subject??"")?ed:"Every job tries to downlo\
ad it. It fails if that is switched off or there is no network.",expected:gt,tell:({expected:e,facts:t,defect:n})=>{let o=u(
n.subject??"");if(n.variant==="toolchain-path")return{what:`The workspace's toolchain file names the directory ${o}, but\
 there is no toolchain in it.`,fix:{text:"Install the toolchain there, or name a channel in the toolchain file instead o\
f a path.",config:{file:"rust-toolchain.toml",language:"toml",text:`[toolchain]
channel = "stable"`},kind:"workflow"}};let r=n.subject??"stable",i=Du(t),s=i===void 0?"rustup is asked":`${i} asks rustu\
p`;return ii(r)?{what:`${s} for the toolchain ${o}, which is not installed.`,fix:nC(r,t,e.service)}:{what:`${s} for the \
toolchain ${o}. Rust has no channel of that name, and no toolchain of that name is linked here.`,fix:tC(r,t)}},more:"`RU\
STUP_TOOLCHAIN`, a `rust-toolchain.toml`, an override of a directory, or rustup's default asks for it. If only the works\
pace asks for it and rustup may install what is missing, jobs work after a download. This check then judges the default \
toolchain, and [`rust/consistency`](rust.md#pinned-toolchain-missing) warns about the download."},"component-missing":{level:"\
fail",title:"A component or plugin is not installed",headline:({expected:{name:e},defect:t})=>{let n=t.subject??e;return(n===
e?`${e} is not installed`:`${e}: ${n} is not installed`).slice(0,60)},why:({expected:{name:e}})=>`Every step that calls ${u(
e)} fails.`,expected:gt,tell:QI}};function XI(e){return e.replace(/-[a-z0-9_]+-[a-z]+-[a-z]+(?:-[a-z]+)?$/,"")}function QI({
expected:e,facts:t,defect:n}){var a;let{name:o}=e,r=u(n.subject??""),i=u(n.within??""),s=`${u(((a=t.found)==null?void 0:
a.path)??o)} is rustup's proxy`;switch(n.variant){case"component-damaged":return{what:`${s}. rustup lists the component ${r}\
 in the toolchain ${i}, but its program is missing.`,fix:Nu(n.within??"stable",t)};case"component-unavailable":return{what:`${s}\
, and the toolchain ${i} does not offer the component ${r}.`,fix:rC(o,t,n.subject??o)};case"subcommand":return{what:`${u(
t.command[0]??o)} works, but has no command ${r}: the package that provides it is not installed.`,fix:iC(t,n.subject??"",
yt(t))};default:return{what:`${s}, and the component with ${r} is not installed${n.within===void 0?"":` in the toolchain\
 ${i}`}.`,fix:oC(o,t,n)}}}function eC(e,{variant:t,subject:n}){let o=t==="never-set-up"?` If the toolchains were install\
ed for another user or HOME, set \`RUSTUP_HOME\` (and \`CARGO_HOME\`) to their place instead. Now rustup looks in ${u(n??
"~/.rustup")}.`:"",{image:r,host:i}=hn(["default","stable"]);return ke(e.mode,{text:`Select a default toolchain in the i\
mage, in a \`RUSTUP_HOME\` that all users share.${o}`,config:{file:"Dockerfile",language:"dockerfile",text:["ENV RUSTUP_\
HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo",...r].join(`
`)},kind:"image"},{text:`Select a default toolchain as the runner's user.${o}`,commands:i,kind:"host"})}function Du({rustup:e}){
let t=e==null?void 0:e.chosenBy;return t===void 0?void 0:u(typeof t=="string"?t:`${t.file}:${t.line}`)}function td({rustup:e},t){
var n;return(n=e==null?void 0:e.otherHomes)==null?void 0:n.find(({toolchains:o})=>t===void 0||o.includes(t))}function oy(e){
let t=td(e);return t?` ${u(t.path)} has ${v(t.toolchains.slice(0,3).map(u))}.`:""}function iy(e,t,n){return{...ke(t.mode,
{text:`Set \`RUSTUP_HOME\` to ${u(e)}, where the toolchains are.`,config:{file:"Dockerfile",language:"dockerfile",text:`\
ENV RUSTUP_HOME="${Cn(e)}"`},kind:"image"},{text:`Set \`RUSTUP_HOME\` to ${u(e)}, where the toolchains are, in the runne\
r's unit. Then restart the runner while no job runs.`,config:{file:`/etc/systemd/system/${n}.service.d/override.conf`,language:"\
ini",text:`[Service]
Environment="RUSTUP_HOME=${An(e)}"`},commands:[`sudo systemctl edit ${n}   # opens this file`,`sudo systemctl restart ${n}`],
kind:"host"}),otherwise:{text:"Until then, set it in the first step of the job.",commands:[`echo ${w(`RUSTUP_HOME=${e}`)}\
 >> "$GITHUB_ENV"`],kind:"workflow"}}}function tC(e,t){var d;let n=(d=t.rustup)==null?void 0:d.chosenBy,o=Qg(e),r=n==="R\
USTUP_TOOLCHAIN"?"`RUSTUP_TOOLCHAIN`":Du(t)??"the line that names it",i={text:"If it is a toolchain of your own, link it\
 as the runner's user: `rustup toolchain link`.",commands:["rustup toolchain list"],kind:yt(t)},s=`Correct the name in ${r}\
: ${u(o)} exists.`;if(typeof n!="object")return{text:s,kind:"workflow",otherwise:i};if(n.file.endsWith("/settings.toml")){
let c=n.isDefault?[`rustup default ${o}`]:["rustup override list"];return{text:s,commands:c,kind:yt(t),otherwise:i}}let a=n.
file.endsWith(".toml");return{text:s,...a&&{config:{file:n.file,language:"toml",text:`[toolchain]
channel = "${o}"`}},kind:n.file.startsWith("/")?yt(t):"workflow",otherwise:i}}function nC(e,t,n){let o=td(t,e);if(o)return iy(
o.path,t,n);let{image:r,host:i}=hn(["toolchain","install","--profile","minimal"],e);return{...ke(t.mode,{text:"Install t\
he toolchain in the image, so that no job has to download it.",config:{file:"Dockerfile",language:"dockerfile",text:r.join(
`
`)},kind:"image"},{text:"Install the toolchain as the runner's user.",commands:i,kind:"host"}),otherwise:{text:`Ask for \
an installed toolchain in ${Du(t)??"`RUSTUP_TOOLCHAIN`, `rust-toolchain.toml`, or rustup's own settings"}.`,commands:["r\
ustup toolchain list","rustup show"],kind:"workflow"}}}function oC(e,t,{subject:n,within:o,told:r}){var l;let s=((l=/rustup component add (?:--toolchain \S+ )?([\w-]+)/.
exec(r))==null?void 0:l[1])??hr(n??e)??n??e,a=o===void 0?[]:["--toolchain",o],{image:d,host:c}=hn(["component","add",...a],
s);return ke(t.mode,{text:"Add the component to the toolchain in the image.",config:{file:"Dockerfile",language:"dockerf\
ile",text:d.join(`
`)},kind:"image"},{text:"Add the component as the runner's user.",commands:c,kind:"host"})}function rC(e,t,n){let{image:o,
host:r}=hn(["toolchain","install","nightly","--profile","minimal","--component",n]),i=`Then call it as ${u(e.replace(/^cargo-/,
"cargo +nightly "))}, and give the tool a \`command\` in the policy that names the toolchain.`;return ke(t.mode,{text:`I\
nstall a nightly toolchain, which offers the component, next to the other one. ${i}`,config:{file:"Dockerfile",language:"\
dockerfile",text:o.join(`
`)},kind:"image"},{text:`Install a nightly toolchain, which offers the component, next to the other one. ${i}`,commands:r,
kind:"host"})}function iC(e,t,n){let o=e.command[0]??"";if(o!=="docker")return De(`${o}-${t}`,e.mode,{text:"*",anyOf:[[]]});
let r=`docker-${t}-plugin`;return{text:`Install the plugin ${u(`docker-${t}`)} (Docker's package ${u(r)}).`,commands:[`${n===
"host"?"sudo ":""}apt-get install -y ${w(r)}`],kind:n}}var sy={"unreadable-version":{level:"fail",title:"The tool does not print its version",headline:({expected:{name:e},defect:t})=>t.
variant==="version"&&t.subject!==void 0?`${e} has a build name instead of a version number`.slice(0,60):`${e} does not p\
rint its version`.slice(0,60),why:({expected:{name:e}})=>`Nothing shows whether ${u(e)} has the version that jobs need, \
or whether it is ${u(e)} at all.`,expected:gt,tell:({expected:e,facts:t,defect:n})=>({what:sC(e.name,t,n),fix:n.variant===
"version"&&n.subject!==void 0?aC(e,t):dC(e,t)}),more:'A build that prints `N-117768-g1234abcd` as its version, as FFmpeg\
\'s development builds do, has no number and is in no range. It passes if any version is accepted (`*`). An empty file th\
at is executable also "succeeds" and prints nothing.'},"out-of-range":{level:"fail",title:"The tool has another version \
than expected",headline:({expected:{name:e,expectation:t},version:n})=>{let o=ay(n,t.version)?"too old":"not in range",r=`${e}\
 ${n.text} is ${o} (needs ${t.version.text})`;return r.length<=60?r:`${e} ${n.text} is ${o}`.slice(0,60)},why:({expected:{
name:e},version:t})=>`Jobs build with ${u(e)} ${t.text}. Code that needs another version fails in the middle of the buil\
d, or gives other results.`,expected:({expected:{name:e,expectation:t,source:n}})=>`${u(e)} ${u(t.version.text)} (${n})`,
tell:({expected:e,facts:t,version:n})=>({what:`${cC(e,n)}${t.unexpanded?` ${xs(t.unexpanded)}`:""}`,fix:lC(e,t,n)}),more:'\
The finding names who asks for the version: the input `tools`, a line of the policy, or a file of the repository (`rust-\
toolchain.toml`, `Cargo.toml`, `.nvmrc`, `package.json`). A suffix of a distribution (`20.10.24+dfsg1`) changes nothing.\
 A nightly or a release candidate comes before its release and after the previous one: `1.97.0-nightly` is in `>=1.92`. \
For rustc and cargo only the number counts, as it does for cargo: `1.92.0-nightly` builds code with `rust-version = "1.9\
2"`.'},timeout:{level:"fail",title:"The tool did not answer in time",headline:({expected:{name:e},defect:t})=>t.variant===
"search"?`The search for ${e} got no answer`:`${e} did not answer in time`,why:({expected:{name:e},defect:t})=>t.variant===
"search"?"Every step that looks for a program there hangs. Often it is a network mount whose server is gone.":`A step th\
at calls ${u(e)} hangs in the same way, until the job's time limit.`,expected:gt,tell:({expected:e,facts:t,defect:n})=>({
what:n.variant==="search"?`The file system did not answer during the search for ${u(e.name)}${n.subject?` in ${u(n.subject)}`:
""}.`:`${u(pn(t))} did not finish within the deadline${mC(t)?" and survived SIGKILL: the kernel holds it":""}.`,fix:fC(t,
n)}),more:"The deadline is the input `timeout`. The tool was killed with all its children. A tool that survives even SIG\
KILL is held by the kernel, usually in a driver or a dead mount. Only fixing that, or a reboot, ends it."}};function sC(e,t,{
variant:n,subject:o}){var i;let r=u(pn(t));return n==="silent"?`${r} succeeded, but printed nothing.`:n==="usage"?`${u(((i=
t.found)==null?void 0:i.path)??e)} does not understand ${r}.`:o===void 0?`${r} printed no version.`:`${r} prints ${u(o)}\
 as its version, a build name without a number.`}function aC({name:e,expectation:t},n){let o=De(e,n.mode,t.version);return{
...o,text:`Install a release of ${u(e)}, which has a number, or accept any version (\`*\`) in the profile. ${o.text}`}}function dC({
name:e,profile:t,expectation:n},o){let r=JSON.stringify({version:n.version.text,command:[o.command[0]??e,"-V"]});return{
text:`Find out which command prints the version of ${u(e)}, and state it in the policy file.`,commands:[`${o.command.map(
w).join(" ")}; echo "exit code $?"`],config:{file:".gitea/runner-check.yml",language:"yaml",text:["version: 1","profiles\
:",`  ${JSON.stringify(t)}:`,"    tools:",`      ${JSON.stringify(e)}: ${r}`].join(`
`)},kind:"workflow"}}function cC({name:e,expectation:t,source:n,contradicts:o},r){let i=t.version,s=ay(r,i)?"older than":
"not in",a=o===void 0?"":` No version satisfies both this and ${o}: change one of them.`;return`${u(e)} is ${r.text}, ${s}\
 ${u(i.text)}, which ${n} asks for.${a}`}function lC({name:e,expectation:t,source:n,service:o},r,i){let s=t.version;if(r.
unexpanded)return gr(r.unexpanded.meant,r,o);let a=r.rustup?uC(e,r,s):De(e,r.mode,s);return{...a,text:`Change ${u(e)} fr\
om ${i.text} to a version in ${u(s.text)}. ${a.text}`,otherwise:{text:`If ${i.text} is good enough, change the range whe\
re it is stated: ${n}.`,kind:"workflow"}}}function uC(e,t,n){let o=Cu(n),r=hr(e),i=hn(["toolchain","install",o,"--profil\
e","minimal",...r===void 0?[]:["--component",r]]),s=hn(["default",o]);return ke(t.mode,{text:"Install the toolchain in t\
he image and make it the default.",config:{file:"Dockerfile",language:"dockerfile",text:[...i.image,...s.image].join(`
`)},kind:"image"},{text:"Install the toolchain as the runner's user and make it the default.",commands:[...i.host.slice(
1),...s.host.slice(1)],kind:"host"})}function ay(e,t){return t.anyOf.every(n=>n.some(o=>[">",">=",""].includes(o.operator)&&
mt(e,o)<0))}function fC(e,{variant:t,subject:n}){if(t==="search")return{text:"Find the mount whose server does not answe\
r, then mount it again or take it off PATH.",commands:["findmnt --types nfs,nfs4,cifs,fuse",...n?[`timeout 5 ls -d ${w(n)}`]:
[]],kind:"host"};let o=e.command.map(w).join(" ");return{text:"Find out what it waits for: a lock, the network, or a dev\
ice. If the machine is only slow, raise the input `timeout`.",commands:[`time timeout 60 ${o}`,`timeout 10 strace -f ${o}`],
kind:yt(e)}}function mC({run:e}){return e.kind==="ran"&&e.outcome.kind==="timed-out"&&e.outcome.abandoned}var dy="The tool is searched for along PATH as a shell does it, and then started once, without a shell, in an empty dire\
ctory: `rustc --version`. Programs that are known to need another word get it (`go version`, `java -version`, `ffmpeg -v\
ersion`, `ssh -V` and a few more); for any other, `command` in the policy says how. The `node` that runs the check knows\
 its version and is not started again. What the tool prints decides before its exit code does, on stdout or stderr.\n\nA w\
orkspace is untrusted, because anyone who opens a pull request can write it. So what is in it is read and not run: a `co\
mmand` of its policy, a program of its own on PATH, a Rust toolchain that its `rust-toolchain.toml` names by a path. Suc\
h a tool is skipped as `untrusted`, unless the input `trust-policy` is `true`. Versions that the workspace chooses (`rus\
t-toolchain.toml`, `.tool-versions`, `.python-version` and their like) are read as text and given to rustup, asdf, mise,\
 pyenv and their like as variables.\n\nThe check installs and downloads nothing: rustup, Go and Corepack are told to stay \
offline, and a rustup that was never set up is kept from setting itself up.\n\nWith `optional: true`, a tool that is not i\
nstalled is skipped (`absent`). A tool that is installed and does not work is a finding. If Docker is optional, so is it\
s CLI.\n\nOne cause is one failure. If rustup fails for all its proxies alike, only `tool/rustc` fails, and `tool/cargo`, \
`tool/rustfmt` and the like wait for it. `tool/cargo` waits too if no Rust is installed at all. Of the tools in one dire\
ctory that is not on PATH, whichever they are, only the first fails. `tool/npm` waits for `tool/node` if that is what it\
 lacks, `tool/docker` for `docker/cli`, and `tool/nvidia-smi` for `gpu/driver`.",{missing:pC,"off-path":hC,"not-executab\
le":gC}=Jg,$s={missing:pC,"off-path":hC,"not-executable":gC,...ny,...ry,...sy};function cy(e,t,n){let o=n===void 0?"":`:\
 the default toolchain, because ${u(n)} of the workspace is not installed`;return`${u(e)} ${t}${o}`}function Fu(e,{reason:t,
variant:n,subject:o=e}){let r="and it is optional in the profile";if(t==="missing")return`${u(e)} is not installed, ${r}\
.`;if(t==="component-missing")return`${u(o)} is not installed, ${r}.`;if(t==="off-path")return`${u(e)} is not on PATH, ${r}\
. It is at ${u(o)}.`;if(n==="closed")return`${u(e)} is in no directory on PATH that this user can read, ${r}. ${u(o)} is\
 closed to this user.`}function Eo(e,{why:t,by:n}){let o="To trust this workspace, set the input `trust-policy: true`.";
switch(t){case"command":return`${u(e)} was not run: the workspace's policy asks for ${u(n)}, and a policy in a workspace\
 starts no program. ${o}`;case"program":return`${u(n)} was not run: it is a file of the workspace, and what is in a work\
space is not run. ${o}`;case"toolchain":return`${u(e)} was not run: ${u(n)} may lead rustup to a toolchain in the worksp\
ace, and what is in a workspace is not run. ${o}`}}function So(e,t){return`${u(e)} fails for the same reason as ${u(t)}:\
 see \`tool/${t}\`.`}var ly={unknown:{title:"Unknown whether a tool works",headline:({name:e})=>X("Unknown whether ",e,"\
 works"),why:({name:e})=>`Steps of a job that call ${u(e)} may fail.`,expected:({name:e})=>`${e} on PATH, and its versio\
n`,tell:({name:e,unknown:{message:t,path:n,errno:o}})=>({what:`Could not find out whether ${u(e)} works: ${t}`,fix:n===void 0?
pr(o):he(n,o)})}};var my="Looks for `docker` on the PATH and runs `docker --version`, together with `tool/docker`, which only adds the ver\
sion range of the profile. If there is no answer before the deadline, the result is `error`.",Oo={missing:{level:"fail",
title:"The Docker CLI is missing",why:({place:e})=>`Every \`docker\` command in this job fails with \`docker: command not f\
ound\`. The socket is not enough: the CLI is part of the ${e.inContainer?"image":"host"}.`,expected:"`docker` on the PAT\
H",tell:({place:e})=>({what:`\`docker\` is not installed ${e.inContainer?"in this image":"on this machine"}.`,fix:un(e,To)})},
"off-path":{level:"fail",title:"The Docker CLI is not on the PATH",why:"Every `docker` command in this job fails with `d\
ocker: command not found`.",expected:"`docker` on the PATH",tell:({tool:e,service:t})=>({what:`\`docker\` is installed at ${v(
e.elsewhere.slice(0,3).map(u))}, outside the PATH of this job.`,fix:gr(Tt(e.elsewhere[0]??""),e,t)}),more:"Neither a job\
 container nor the runner's service reads a shell profile. What `.profile` or `.bashrc` adds to the PATH is missing in j\
obs."},broken:{level:"fail",title:"The Docker CLI does not start",headline:e=>ju(e)?"`docker` is a snap, and it does not\
 start":nd(e)?"`docker` is not a Docker CLI":"The Docker CLI does not start",why:e=>{var n;if(ju(e)){let o=((n=e.outcome)==
null?void 0:n.stderr.trim().split(`
`)[0])??"";return`Every \`docker\` command in this job fails${o===""?"":` with ${u(T(o))}`}.`}if(nd(e))return"It is a sc\
ript or another program of that name. Every `docker` command in this job fails.";let t=wC(e);return`Every \`docker\` comma\
nd in this job fails${t===void 0?"":` with ${u(t)}`}.`},expected:e=>e.outcome?nd(e)?"a line that starts with `Docker ver\
sion`":"a `docker --version` that prints a version":"a `docker` that starts",tell:kC,more:"The evidence shows its output\
."},"podman-shim":{level:"warn",title:"`docker` runs Podman",headline:({version:e})=>`\`docker\` runs ${od(e)}`,why:"It \
ignores `DOCKER_HOST` and the Docker socket, keeps its own images and containers, and supports `buildx` and `compose` on\
ly in part. The daemon behind the socket never sees what a job builds with it.",expected:"Docker's own CLI",tell:({path:e,
version:t,place:n})=>({what:`${u(e)} is a script that runs ${od(t)}, not the Docker CLI.`,fix:{...un(n,To),text:"Replace\
 the package `podman-docker` with the CLI from Docker's own packages. Set up their repository first: https://docs.docker\
.com/engine/install/. If you want Podman, set `docker/cli:podman-shim: off` under `severity` in the policy."}})}};function od(e){
return e===void 0?"Podman":`Podman ${e}`}function uy(e){switch(e.kind){case"exited":return`exits with code ${e.code}`;case"\
signalled":return`is killed by ${e.signal}`;case"not-started":return`cannot start (${e.code})`;case"timed-out":return"gi\
ves no answer"}}function Lu(e){switch(e.kind){case"exited":return`exit code ${e.code}`;case"signalled":return e.signal;case"\
not-started":return e.code;case"timed-out":return"no answer"}}function ju({tool:{found:e},outcome:t}){return t?/^\/snap\/|\/snapd\/snap\//.
test((e==null?void 0:e.path)??"")||/\/s?bin\/snap$/.test((e==null?void 0:e.realPath)??"")?!0:/home directories outside of \/home needs|cannot create user data directory|snap-confine|forum\.snapcraft\.io/.
test(t.stderr):!1}var yC={text:`Remove the snap and install Docker's own packages: a Docker from a snap sees no files ou\
tside of homes either, and lacks NVIDIA's toolkit. Its images, containers and volumes go with it; snapd keeps a snapshot\
 of its data for 31 days. ${G} Set up the repository first: https://docs.docker.com/engine/install/.`,commands:["snap li\
st docker","sudo snap remove docker","sudo apt-get update && sudo apt-get install -y docker-ce docker-ce-cli containerd.\
io docker-buildx-plugin"],kind:"host",otherwise:{text:"Give the runner's user a home below `/home`, and restart the runn\
er when it is idle. snapd can also be told of other homes, if they are not in a system directory.",commands:["snap get s\
ystem homedirs"],kind:"host"}};function nd({outcome:e}){return(e==null?void 0:e.kind)==="exited"&&e.code===0}function kC(e){
var s;let{tool:t,place:n,outcome:o}=e;if(!o)return bC(t,n);let r=u(((s=t.found)==null?void 0:s.path)??"docker");if(ju(e))
return{what:`${r} is the launcher of a snap, and \`docker --version\` ${uy(o)}. A snap starts only for users whose home \
is a writable directory below \`/home\`.`,fix:yC};let i=un(n,To);return nd(e)?{what:`${r} starts, but \`docker --version\`\
 does not print a version.`,fix:i}:/exec: \S*podman: not found/.test(o.stderr)?{what:`${r} is the script of the package \
\`podman-docker\`, but Podman is not installed.`,fix:i}:{what:`${r} exists, but \`docker --version\` ${uy(o)}.${vC(t)}`,
fix:i}}function wC({tool:{unusable:e,file:t,arch:n},outcome:o}){var i;if(o)return(t==null?void 0:t.machine)!==void 0&&t.
machine!==n?"Exec format error":void 0;let r=(i=e[0])==null?void 0:i.kind;return r==="not-executable"||r==="closed"?"Per\
mission denied":void 0}function bC({unusable:[e]},t){let n=(e==null?void 0:e.path)??"",o={"not-executable":`cannot be ex\
ecuted by this user (mode ${B((e==null?void 0:e.mode)??0)}, owner ${(e==null?void 0:e.uid)??"?"})`,"dangling-link":"is a\
 link to a file that does not exist",closed:"is in a directory that is closed to this user",unreadable:`cannot be read (${(e==
null?void 0:e.code)??"?"})`},r=`${u(n)} ${o[(e==null?void 0:e.kind)??"unreadable"]}.`;if((e==null?void 0:e.kind)!=="not-\
executable")return{what:r,fix:un(t,To)};let i={text:"Make the file executable for every user. The CLI itself grants no r\
ights.",commands:[`ls -l ${w(n)}`,`${t.inContainer?"":"sudo "}chmod a+rx ${w(n)}`],kind:t.inContainer?"image":"host"};return{
what:r,fix:i}}function vC({file:e,arch:t}){return e?e.machine!==void 0&&e.machine!==t?` It is built for ${e.machine}, bu\
t this machine is ${t}.`:e.interpreterFound===!1&&e.interpreter!==void 0?` It needs ${u(e.interpreter)}, which does not \
exist: a program built for glibc does not start on musl, and vice versa.`:e.format==="empty"?" The file is empty.":"":""}
var fy="Steps of a job that call `docker` may fail or hang.",Ts={search:{title:"Could not search the PATH for `docker`",
why:`${fy} Every other command is searched for in this directory too.`,expected:"directories of PATH that can be searche\
d",tell:({directory:e,errno:t})=>({what:`${u(e)} ${t==="ETIMEDOUT"?"does not answer":`cannot be searched (${u(t)})`}, so\
 \`docker\` may or may not be there.`,fix:he(e,t)})},"no-answer":{title:"`docker --version` did not answer in time",why:fy,
expected:"a version",tell:({ms:e})=>({what:"`docker --version` did not finish before the deadline. It asks no daemon, so\
 the program itself is slow or hangs.",fix:{text:"Run it by hand, as the job's user. Usual causes are a wrapper script a\
round `docker`, a program on a file system that does not answer, and an overloaded machine.",commands:["command -v docke\
r","time timeout 60 docker --version","uptime"],kind:"host",otherwise:mn(e)}})},"not-started":{title:"This machine could\
 not start `docker`",why:"Jobs cannot start programs either.",expected:"a version",tell:({errno:e})=>({what:`\`docker --v\
ersion\` could not be started (${u(e)}): the limit is that of this machine or job, not of \`docker\`.`,fix:pr(e)})}};var py={id:"docker/cli",title:"The Docker CLI is installed and starts",intro:my,reasons:Oo,needs:{tool:no,cli:$o,container:R,
job:S,os:it},applies:ye,judge({tool:e,cli:t,container:n,job:o,os:r},i){var m;let s={inContainer:n.mode==="container",os:r.
name},a=xC(e),{run:d}=e;if(d.kind==="untrusted")return{kind:"skip",reason:"untrusted",message:Eo("docker",d)};if(d.kind===
"search-timed-out"){let{directory:p}=d;return A(Ts,"search",{directory:p,errno:"ETIMEDOUT"},{observed:"no answer",evidence:a})}
if(d.kind!=="ran"){let p=e.unusable.find(({kind:k})=>k==="unreadable");if(p){let{path:k,code:b=""}=p;return A(Ts,"search",
{directory:k,errno:b},{observed:b,evidence:a})}let[h]=e.unusable,[g]=e.elsewhere;if(h)return y(Oo,"broken",{tool:e,place:s},
{observed:h.kind,evidence:a});if(g){let k=ri("docker",e,i);return k!==void 0?{kind:"skip",reason:`needs:tool/${k}`,message:So(
"docker",k)}:y(Oo,"off-path",{tool:e,service:Ro(o)},{observed:g,evidence:a})}return i.docker.require==="optional"?{kind:"\
skip",reason:"absent",message:"`docker` is not on the PATH."}:y(Oo,"missing",{place:s},{observed:"none",evidence:a})}let{
outcome:c}=d;if(c.kind==="timed-out"){let{ms:p}=c;return A(Ts,"no-answer",{ms:p},{observed:`no answer within ${Math.round(
p/100)/10} s`,evidence:a})}if(c.kind==="not-started"&&mr(c.code)){let{code:p}=c;return A(Ts,"not-started",{errno:p},{observed:p,
evidence:a})}if(c.kind!=="exited"||c.code!==0)return y(Oo,"broken",{tool:e,place:s,outcome:c},{observed:Lu(c),evidence:a});
let{product:l,version:f}=t;if(l==="other"&&f===void 0)return y(Oo,"broken",{tool:e,place:s,outcome:c},{observed:"no vers\
ion",evidence:a});if(l==="podman"){let p=((m=e.found)==null?void 0:m.path)??"docker";return y(Oo,"podman-shim",{path:p,version:f,
place:s},{observed:od(f),evidence:a})}return l!=="docker"&&l!=="other"?q("docker/cli","the product"):{kind:"pass",message:`\
docker ${f??"(a build without a version number)"}`,evidence:a}}};function xC(e){return[$C(e),...e.unusable.map(({path:t,
kind:n,code:o})=>({source:t,text:o??n})),...e.elsewhere.map(t=>({source:t,text:"an executable, not on the PATH"}))]}function $C(e){
let{found:t,run:n}=e;if(n.kind!=="ran")return{source:"PATH",text:Po(e)};let{stdout:o,stderr:r}=n.outcome,i=[o.trim(),r.trim()].
filter(a=>a!=="").join(`
`),s=i===""?"no output":i.slice(0,1e3);return{source:`${(t==null?void 0:t.path)??"docker"} --version`,text:`${Lu(n.outcome)}\
: ${s}`}}var rd=[28,3];function id({env:e}){var a;let t=(a=e.DOCKER_AUTH_CONFIG)==null?void 0:a.trim();if(!t)return{kind:"unset"};
let n=d=>({kind:"malformed",why:d}),o;try{o=JSON.parse(t)}catch{return n("it is not one JSON document")}let r=P(o);if(!r)
return n("it is not a JSON object");if(Object.keys(r).some(d=>d!=="auths"))return n("it has another key than `auths`");let i=r.
auths===void 0||r.auths===null?{}:P(r.auths);if(!i)return n("its `auths` is not an object");for(let[d,c]of Object.keys(i).
entries()){let l=TC(L(i,c));if(l)return n(`its ${RC(d)} login ${l}`)}let s=Object.entries(i).map(([d,c])=>{var l;return[
$(d,200),String((l=P(c))==null?void 0:l.auth)]});return{kind:"ok",logins:Object.fromEntries(s)}}function TC(e){let t=P(e);
if(!t||Object.keys(t).some(o=>o!=="auth"))return"has another key than `auth`";let{auth:n}=t;return typeof n!="string"||n===
""?"has no `auth`":Uu(n)?void 0:"is not a user and a password in base64"}function Uu(e){let t=e.replace(/[\r\n]/g,"");return/^[A-Za-z0-9+/]+={0,2}$/.
test(t)&&Buffer.from(t,"base64").indexOf(":")>0}function RC(e){return["first","second","third"][e]??`${e+1}th`}async function Rs(e,t){let n=await e.readText(t);if(n.kind!=="ok")return new Map;let o=n.value.split(`
`).flatMap(r=>{let[i,,s]=r.split(":");return i&&s&&/^\d+$/.test(s)?[[Number(s),$(i,100)]]:[]});return new Map(o.reverse())}function ad(e){if(e.trim()==="")return{settings:{}};let t=EC(e);if(t===null)return{settings:{}};let n=P(t);if(!n)return{
why:"it is not a JSON object"};let o=Object.entries(PC).find(([s,{has:a}])=>n[s]!=null&&!a(n[s]));return o?{settings:n,why:`\
its \`${o[0]}\` is not ${o[1].name}`}:Object.entries(P(n.auths)??{}).find(([,s])=>{var d;let a=(d=P(s))==null?void 0:d.auth;
return a!=null&&a!==""&&!(typeof a=="string"&&Uu(a))})?{settings:n,why:"the `auth` of one of its logins is not a user an\
d a password in base64"}:{settings:n}}var Ps={name:"a text in quotes",has:e=>typeof e=="string"},sd={name:"an object of \
texts",has:e=>hy(P(e),Ps.has)},PC={auths:{name:"an object",has:e=>hy(P(e),t=>P(t??{})!==void 0)},credsStore:Ps,credHelpers:sd,
currentContext:Ps,HttpHeaders:sd,experimental:Ps,features:sd,aliases:sd,cliPluginsExtraDirs:{name:"a list",has:e=>Array.
isArray(e)&&e.every(Ps.has)}};function hy(e,t){return e!==void 0&&Object.values(e).every(t)}function EC(e){var t;try{return JSON.
parse(e)}catch(n){let o=(t=/ at position (\d+)/.exec(String(n)))==null?void 0:t[1];if(o===void 0)return;try{return JSON.
parse(e.slice(0,Number(o)))}catch{return}}}function si(e){return e.split(`
`).flatMap(t=>{let[n="",o=""]=t.split(" - "),[,,r="",i,s,a]=n.split(" "),[d,c="",l=""]=o.split(" ");if(!i||!s||!a||!d)return[];
let f={root:Hu(i),target:Hu(s),source:Hu(c)};return[{device:r,...f,options:a,fsType:d,superOptions:l}]})}function Hu(e){
return e.includes("\\")?e.replace(/\\([0-7]{3})/g,(t,n)=>String.fromCharCode(Number.parseInt(n,8))):e}var SC=1024*1024;async function at(e){let t=await e.readText("/proc/self/mountinfo",SC);return t.kind==="ok"?si(t.value).
map(OC):void 0}function gn(e,t){return e.filter(({target:o})=>o==="/"||t===o||t.startsWith(`${o}/`)).reduce((o,r)=>o&&o.
target.length>r.target.length?o:r,void 0)}function OC(e){var d;let{root:t,target:n,fsType:o,source:r,superOptions:i}=e,s=e.
options.split(","),a=o==="overlay"?(d=/(?:^|,)upperdir=([^,]+)/.exec(i))==null?void 0:d[1]:void 0;return{target:$(n,1e3),
root:$(t,1e3),fsType:$(o,50),readOnly:s.includes("ro"),...a!==void 0&&{upper:$(a,1e3)},...s.includes("noexec")&&{noExec:{
source:$(r,500)}},...o==="cgroup"&&{controllers:$(i,1e3).split(",")}}}var AC=1024*1024,wy=20,by={name:"docker-client",async collect(e,{policy:t}){let n=wo(e),o=`${n}/config.json`,[r,i,s]=await Promise.
all([e.readText(o,AC),NC(e,n).then(m=>jC(e,t,n,m)),Rs(e,"/etc/passwd")]),a=r.kind==="ok"?ad(r.value):void 0,d=i&&s.get(i.
uid),c=e.uid===void 0?void 0:s.get(e.uid),l=id(e),f=a||r.kind==="absent"?await CC(e,(a==null?void 0:a.settings)??{}):void 0;
return{directory:n,namedBy:e.env.DOCKER_CONFIG?"DOCKER_CONFIG":"home",config:{path:o,...r.kind==="unreadable"&&{state:"u\
nreadable",why:r.code},...r.kind==="absent"&&{state:"absent"},...a&&(a.why===void 0?{state:"ok"}:{state:"invalid",why:a.
why})},missingHelpers:a!=null&&a.settings?await IC(e,a.settings):[],...f&&{unusableHelper:f},...i&&{closed:{...i,...d!==
void 0&&{owner:d}}},authConfig:{state:l.kind,...l.kind==="malformed"&&{why:l.why},...l.kind==="ok"&&{count:Object.keys(l.
logins).length}},user:{...e.uid!==void 0&&{uid:e.uid},...c!==void 0&&{name:c}}}}};async function IC(e,{credsStore:t,credHelpers:n}){
let o=[],r=(s,a)=>{typeof s=="string"&&s!==""&&o.push({helper:vy(s),...a})};r(t,{setting:"credsStore"});for(let[s,a]of Object.
entries(P(n)??{}).slice(0,wy))r(a,{setting:"credHelpers",registry:$(s,200)});let i=await Promise.all(o.map(({helper:s})=>Mu(
e,s)));return o.filter((s,a)=>!i[a])}var gy="secretservice";async function CC(e,t){let{env:n}=e,o=t.credsStore||void 0,r=o===
void 0&&![t.auths,t.credHelpers].some(_C);if(o!==gy&&!r||n.DBUS_SESSION_BUS_ADDRESS||n.DISPLAY)return;let i=vy(gy);if(!await Mu(
e,i)||r&&await Mu(e,"pass"))return;let s=n.XDG_RUNTIME_DIR?await e.stat(`${n.XDG_RUNTIME_DIR}/bus`):void 0;if(!(s&&s.kind!==
"absent"))return{helper:i,...r&&{isDetected:r}}}function _C(e){return Object.keys(P(e)??{}).length>0}function vy(e){return $(
`docker-credential-${e}`,100)}async function Mu(e,t){if(!/^[\w.-]+$/.test(t))return!1;let n=On(e,"/").filter(o=>o!=="/");
return(await Ye(e,t,n)).found!==void 0}async function NC(e,t){let n=(e.env.BUILDX_CONFIG??"").replace(/\/+$/,"")||`${t}/\
buildx`,o=await Gu(e,n===`${t}/buildx`?t:n,"enter");if(o)return o;if((await e.stat(n)).kind==="absent")return(await e.stat(
t)).kind==="absent"?FC(e,n):yy(e,t);let i=await Promise.all(["activity","refs"].map(d=>DC(e,`${n}/${d}`))),s=[...["activ\
ity","defaults","instances","refs",".lock","current"].map(d=>`${n}/${d}`),...i.flat()];return(await Promise.all([yy(e,n),
...s.map(d=>Gu(e,d,"write"))])).find(d=>d!==void 0)}async function DC(e,t){let n=await e.list(t);return n.kind==="ok"?n.
value.slice(0,wy).map(o=>`${t}/${o}`):[]}async function Gu(e,t,n){let o=await e.stat(t);if(o.kind!=="directory"&&o.kind!==
"file"||o.uid===e.uid)return;let r=o.kind==="file"?["r"]:n==="enter"?["x"]:["w","x"];if(!(await Promise.all(r.map(s=>e.access(
t,s)))).every(({kind:s})=>s!=="denied"))return{path:t,kind:o.kind,need:o.kind==="file"?"read":n,mode:o.mode,uid:o.uid}}async function yy(e,t){
let[n,o]=await Promise.all([e.stat(t),e.access(t,"w")]);if(n.kind!=="directory"||o.kind!=="denied")return;let r=await ky(
e,t);if(!(r!=null&&r.readOnly))return Gu(e,t,"write");let i=await ky(e,e.env.HOME||e.userHome||"/");if((i==null?void 0:i.
target)!==r.target)return{path:t,kind:"directory",need:"write",mode:n.mode,uid:n.uid,readOnly:!0}}async function FC(e,t){
let n=await bo(e,t);if(n.kind!=="found")return;let o=n.path,r=vo(e),i=r===void 0?void 0:await e.realPath(r);if((i==null?
void 0:i.kind)==="ok"&&i.value===o)return;let[s,a]=await Promise.all([e.stat(o),e.access(o,"w")]);if(!(s.kind!=="directo\
ry"||a.kind!=="denied"))return{path:t,kind:"directory",need:"create",mode:s.mode,uid:s.uid}}async function jC(e,{tools:t},n,o){
if((o==null?void 0:o.need)!=="create"||e.env.CARGO_HOME||!(t.cargo||t.rustc))return o;let r=(e.env.HOME||e.userHome||"").
replace(/\/+$/,"");return n!==`${r}/.docker`||(await e.stat(`${r}/.cargo`)).kind!=="absent"?o:{...o,cargoToo:!0}}async function ky(e,t){
let[n,o]=await Promise.all([at(e),e.realPath(t)]);return n&&gn(n,o.kind==="ok"?o.value:t)}var Ry={name:"proxy",async collect({env:e}){let t=Pe(e.GITHUB_SERVER_URL),n=t&&Vu(e,t,"strict");return{variables:["http_\
proxy","https_proxy","all_proxy","no_proxy"].flatMap(o=>LC(e,o)),...t&&{forge:{host:we(t),...n&&{proxy:n.shown}}}}}};function Pe(e){
if(/^https?:\/\/[^/]/i.test(e??""))try{return new URL(e??"")}catch{return}}function we(e){return e.hostname.replace(/^\[(.*)\]$/,
"$1")}function LC(e,t){var a,d;let n=(a=e[t])==null?void 0:a.trim(),o=(d=e[t.toUpperCase()])==null?void 0:d.trim();if(!n&&
!o)return[];let r=t!=="no_proxy",i=c=>$(r?dn(c):c,1e3),s=r?$y(n)??$y(o):void 0;return[{name:t,...n&&{lower:i(n)},...o&&{
upper:i(o)},...r&&n&&o&&xy(n)!==xy(o)&&{credentialsDiffer:!0},...s!==void 0&&{malformed:s}}]}function xy(e){var t;return((t=
/^(?:[a-z][\w+.-]*:\/\/)?(.*)@/is.exec(e))==null?void 0:t[1])??""}function $y(e){if(e){if(!/^[a-z][\w+.-]*:\/\//i.test(e))
return"it lacks `http://`";try{let{protocol:t,hostname:n}=new URL(e);return n===""?"it has no host":/^(?:https?|socks[45]?[ah]?):$/.
test(t)?void 0:"its scheme is not http, https or socks"}catch{return"it is not a URL"}}}function Vu(e,t,n="direct"){let o=t.
protocol==="https:"?"https_proxy":"http_proxy",r=ai(e,o)??ai(e,"all_proxy"),i=we(t);if(r===void 0||n==="direct"&&Fe(i))return;
let s=Number(t.port)||(t.protocol==="https:"?443:80);if(!HC(ai(e,"no_proxy")??"",i,s))return UC(r)}function ai(e,t){var n,
o;return((n=e[t])==null?void 0:n.trim())||((o=e[t.toUpperCase()])==null?void 0:o.trim())||void 0}function UC(e){let t=/^[a-z][\w+.-]*:\/\//i.
test(e)?e:`http://${e}`,n=$(dn(t),300),o=Pe(t);if(!o)return{shown:n,target:void 0};let r=o.protocol==="https:",i=Bu(o);return{
shown:n,target:{host:we(o),port:Number(o.port)||(r?443:80),...r&&{tls:r},...i!==void 0&&{authorization:i}}}}function Bu({
username:e,password:t}){if(!(e===""&&t===""))return`Basic ${Buffer.from(`${Ty(e)}:${Ty(t)}`).toString("base64")}`}function Ty(e){
try{return decodeURIComponent(e)}catch{return e}}function Fe(e){return/^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|::1|::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4})$/i.
test(e)}function HC(e,t,n){let o=t.toLowerCase();return e.toLowerCase().split(/[\s,]+/).filter(Boolean).some(r=>{if(r===
"*")return!0;let[,i=r,s]=/^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(r)??[];if(s!==void 0&&Number(s)!==n)return!1;let a=i.replace(
/^\[(.*)\]$/,"$1").replace(/^\*?\./,"");return o===a||o.endsWith(`.${a}`)||MC(o,a)})}function MC(e,t){let[n="",o=""]=t.split(
"/"),[r,i]=[di(e),di(n)],s=Number(o);if(r===void 0||i===void 0||!/^\d{1,2}$/.test(o)||s>32)return!1;let a=2**(32-s);return Math.
floor(r/a)===Math.floor(i/a)}function di(e){var n;let t=(n=/^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(e))==null?
void 0:n.slice(1).map(Number);return t!=null&&t.every(o=>o<256)?t.reduce((o,r)=>o*256+r,0):void 0}var GC=/^(?:UNABLE_TO_(?:GET_ISSUER_CERT(?:_LOCALLY)?|VERIFY_LEAF_SIGNATURE)|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT)$/;
async function Ao(e,t,n){let o=Vu(e.env,t);if(o&&!o.target)return{kind:"other-proxy",via:o.shown};let r=t.protocol==="ht\
tps:",{authorities:i=[],verify:s=!0,headers:a,...d}=n,c=m=>{let p={host:we(t),port:Number(t.port)||(r?443:80)},h={...d,to:r?
{...p,tls:{verify:s,...m!==void 0&&{ca:m}}}:p,...(o==null?void 0:o.target)&&{proxy:o.target},path:`${t.pathname}${t.search}`,
headers:{"user-agent":"runner-check",...a}};return e.request(h)},l=o&&{via:o.shown},f=await c();if(f.kind==="failed"&&GC.
test(f.code))for(let m of i){if((await e.stat(m)).kind!=="file")continue;let p=await c(m);if(p.kind==="answered")return{
...p,...l,trustedBy:m,untrusted:f.code}}return{...VC(f,o!==void 0),...l}}function VC(e,t){return t&&e.kind==="answered"&&
e.status===407?{kind:"failed",code:"HTTP_407",message:"the proxy answers 407",at:"proxy"}:e.kind==="failed"?{...e,message:$(
e.message,300)}:e}var Wu=["/etc/ssl/certs/ca-certificates.crt","/etc/pki/tls/certs/ca-bundle.crt","/etc/ssl/ca-bundle.pe\
m","/etc/ssl/cert.pem"];function ci({env:e}){var n;let t=(n=e.SSL_CERT_FILE)!=null&&n.startsWith("/")?[e.SSL_CERT_FILE]:
[];return[...new Set([...t,...Wu])]}function _n(e){return $(`${e.protocol}//${e.host}${e.pathname}`,300)}function Py(e,t){return t.kind!=="failed"||t.at==="proxy"||qu(t)?void 0:/^(?:EPROTO|ERR_SSL_.*|ECONNRESET|EPIPE)$/.test(
t.code)||t.code==="ECONNREFUSED"&&e.port===""&&!Fe(we(e))?"none":/^(?:CERT_|ERR_TLS_CERT_|HOSTNAME_MISMATCH$|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY)_|INVALID_)/.
test(t.code)?"certificate":void 0}var wr="CERT_COMMON_NAME_ONLY";function qu({code:e,message:t}){return/^(?:EPROTO|ERR_SSL_)/.
test(e)?/unsupported.protocol|alert.protocol.version|version.too.low|no.protocols.available|(?:dh|ee|ca).key.too.small|insufficient.security/i.
test(`${e} ${t}`):!1}async function Ku(e,t,n){var s;let o=t(ne).catch(()=>{}),r=(s=await Promise.race([o,zu(n)]))==null?
void 0:s.info,i=(r==null?void 0:r.kind)==="ok"?r.value.insecureRegistries:void 0;return i!==void 0&&BC(e,i)}function zu(e){
return e.aborted?Promise.resolve(void 0):new Promise(t=>e.addEventListener("abort",()=>t(void 0),{once:!0}))}function BC(e,{
names:t,networks:n}){if(t.some(i=>i.toLowerCase()===e))return!0;let o=Pe(`https://${e}`),r=o&&Ey(we(o));return r!==void 0&&
n.some(i=>WC(r,i))}function WC(e,t){let[n="",o=""]=t.split("/"),r=Ey(n);return r===void 0||r.length!==e.length||Number(o)>
r.length?!1:e.startsWith(r.slice(0,Number(o)))}function Ey(e){let t=di(e);if(t!==void 0)return t.toString(2).padStart(32,
"0");let n=e.includes(":")?Pe(`http://[${e}]`):void 0;if(!n)return;let[o=[],r=[]]=we(n).split("::").map(s=>s.split(":").
filter(Boolean)),i=Array.from({length:8-o.length-r.length},()=>"0");return[...o,...i,...r].map(s=>Number.parseInt(s,16).
toString(2).padStart(16,"0")).join("")}var qC=1024*1024,KC="https://index.docker.io/v1/";function Oy(e){return{facts:{kind:"withheld",config:`${wo(e)}/config.j\
son`}}}async function Ay(e,t,n,o){let r=id(e),i=await zC(e,r,t,n,o),{kind:s}=i.facts;if(s!=="none"&&s!=="config-ignored"||
s==="none"&&r.kind!=="malformed")return i;let a=await o();return!a||s==="none"&&!Iy(a)?i:{...i,facts:{...i.facts,isLost:!0}}}
function Iy(e){return mt(e,{numbers:[...rd,0],prerelease:[]})>=0}async function zC(e,t,n,o,r){var c;let i=t.kind==="ok"?
t.logins:{},s=(c=Object.entries(i).find(([l])=>Cy(l)===n))==null?void 0:c[1];if(s===void 0)return Sy(e,n,o);let a=await r();
if(!a||Iy(a))return{facts:{kind:"found",config:"DOCKER_AUTH_CONFIG"},credentials:{basic:s}};let d=await Sy(e,n,o);return{
...d,facts:{...d.facts,unreadBy:a.text}}}async function Sy(e,t,n){let o=`${wo(e)}/config.json`,r=await e.readText(o,qC);
if(r.kind==="absent")return{facts:{kind:"none",config:o}};if(r.kind==="unreadable")return{facts:{kind:"config-ignored",config:o,
message:r.code}};let{settings:i,why:s}=ad(r.value),a={facts:{kind:"config-ignored",config:o,...s!==void 0&&{message:s}}};
if(!i)return a;let d=t==="docker.io"?KC:t,c=P(i.credHelpers),l=(c==null?void 0:c[t])??(c==null?void 0:c[d]),f=l??i.credsStore;
return typeof f=="string"&&f!==""?ZC(e,{config:o,setting:l===void 0?"credsStore":"credHelpers"},f,d,n):s===void 0?JC(P(i.
auths)??{},t,o):a}function JC(e,t,n){var d;let o=P((d=Object.entries(e).find(([c])=>Cy(c)===t))==null?void 0:d[1]),{auth:r,
username:i,password:s,identitytoken:a}=o??{};return typeof a=="string"&&a!==""?{facts:{kind:"found",config:n},credentials:{
identityToken:a}}:typeof r=="string"&&r!==""?{facts:{kind:"found",config:n},credentials:{basic:r.replace(/[\r\n]/g,"")}}:
typeof i=="string"&&i!==""&&typeof s=="string"?{facts:{kind:"found",config:n},credentials:{basic:_y(i,s)}}:{facts:{kind:"\
none",config:n}}}function Cy(e){return e.replace(/^https?:\/\//,"").replace(/\/.*$/,"").replace(/^(?:index|registry-1)\.docker\.io$/,
"docker.io")}function _y(e,t){return Buffer.from(`${e}:${t}`).toString("base64")}var YC=/^(?:AWS|AZURE|GOOGLE|GCLOUD|CLOUDSDK|GCR|ACR|ECR|DOCKER|OCI|IBMCLOUD|DIGITALOCEAN|PASSWORD_STORE|GNUPG|GPG|DBUS|VAULT|OP)_.*$|^GNUPGHOME$|^(?:HTTPS?|ALL|NO)_PROXY$/i;
async function ZC(e,t,n,o,r){let i=$(`docker-credential-${n}`,100),s={...t,helper:i};if(!/^[\w.-]+$/.test(n))return{facts:{
kind:"helper-missing",...s,message:"this is not a valid name of a program"}};let{found:a}=await Ye(e,i,On(e,"/").filter(
m=>m!=="/"));if(a===void 0)return{facts:{kind:"helper-missing",...s}};if(await Ie(e,a,Jt(e.env,e.cwd())))return{facts:{kind:"\
helper-failed",...s,message:`${a} is a file of the workspace, and was not run`}};let d=await e.run([a,"get"],{signal:r,input:`${o}\

`,needs:YC});switch(d.kind){case"not-started":return{facts:{kind:"helper-missing",...s,message:`${a}: ${d.code}`}};case"\
timed-out":return{facts:{kind:"helper-hangs",...s}};case"signalled":return{facts:{kind:"helper-failed",...s,message:d.signal}};case"\
exited":break}if(d.code!==0){let m=XC(d.stdout.trim()||d.stderr.trim());return/credentials not found/i.test(m)?{facts:{kind:"\
none",...s}}:{facts:{kind:"helper-failed",...s,message:m||`exit code ${d.code}`}}}let{Username:c,Secret:l}=e_(d.stdout)??
{};if(typeof c!="string"||typeof l!="string")return{facts:{kind:"helper-failed",...s,message:"it prints no login"}};let f=c===
"<token>"?{identityToken:l}:{basic:_y(c,l)};return l===""?{facts:{kind:"none",...s}}:{facts:{kind:"found",...s},credentials:f}}
function XC(e){let[t=""]=e.split(`
`,1);if(/^[[{"]/.test(t))return"";let n=t.replace(/[\w+/=~.-]{8,}/g,o=>QC(o)?o:"***");return $(n,300)}function QC(e){return/^\/|^\d{4}-\d\d-|\.[a-z]/i.
test(e)?!0:!/[a-z]/i.test(e)||!/\d|[A-Z]{3,}[a-z]/.test(e)}function e_(e){try{return P(JSON.parse(e))}catch{return}}async function dd(e,{policy:t},n){var r;return(r=t.untrusted)!=null&&r.includes(e)?await n(S).then(i=>i.fromFork,()=>{})!==
!1:!1}function li(e){return{name:`registry:${e.host}`,async collect(t,n,o,r){let i=dd("registries",n,r).then(p=>p?Oy(t):Ay(t,e.
host,o,()=>r_(r))),s=i.then(p=>p.credentials),a,d=()=>(a??=Ku(e.host,r,o),a),c=e.host==="docker.io"&&e.images.length>0?await n_(
t,r,o):[],l=n.timeoutMs/(c.length+2),f=e.images.length>0?e.images:[void 0],m=await Promise.all(f.map(async p=>{let h={host:t,
registry:e.host,image:p,signal:o,insecure:d},g=[];for(let H of p?c:[]){let O=await te(l,o,V=>o_({...h,signal:V},H,r));if(Ny(
O))return{...O,mirror:H,...g.length>0&&{mirrors:g}};g.push({url:H,answer:O.answer})}let k=await Ju(h,s),b=g.length>0?{...k,
mirrors:g}:k,x=b.answer.kind==="answered"&&[401,403,404].includes(b.answer.status);if(!b.loggedIn||!x)return b;let E=await Ju(
h,Promise.resolve(void 0));return Ny(E)?{...b,publicAnyway:!0}:b}));return{login:(await i).facts,looks:m}}}}var t_=2e3;async function n_(e,t,n){
let{endpoint:o}=await t(ee);if(o.kind==="unix"&&(await e.stat(o.path)).kind==="absent")return[];let r=t(ne).catch(()=>{}),
i=await te(t_,n,s=>Promise.race([r,zu(s)]));return(i==null?void 0:i.info.kind)==="ok"?i.info.value.mirrors??[]:[]}function o_(e,t,n){
let o=new URL(t).host;return Ju({...e,registry:o,base:t,insecure:()=>Ku(o,n,e.signal)},Promise.resolve(void 0))}async function r_(e){
let t=await e(no).catch(()=>{}),{product:n}=t?Tu(t):{product:"none"};return(t==null?void 0:t.run.kind)==="ran"&&n==="doc\
ker"?Z(t.run.outcome.stdout):void 0}function Ny({image:e,answer:t}){return e!==void 0&&t.kind==="answered"&&t.status===200}
var i_=["application/vnd.oci.image.index.v1+json","application/vnd.docker.distribution.manifest.list.v2+json","applicati\
on/vnd.oci.image.manifest.v1+json","application/vnd.docker.distribution.manifest.v2+json"].join(", ");async function Ju(e,t){
let{image:n}=e,o=n?`/v2/${n.repository}/manifests/${n.reference}`:"/v2/",r=n?"HEAD":"GET",i=(k,b,x)=>{let E={accept:n?i_:
"*/*",...x!==void 0&&{authorization:x}};return Yu(e,k,b,{method:r,headers:E})},{url:s,answer:a,insecure:d}=await a_(e,o,
i),c=(k,b,x,E)=>({...n&&{image:n.name},at:x,url:_n(k),answer:l_(b,x==="token-server",!d&&!Fe(we(k))),...b.via!==void 0&&
{via:b.via},...b.trustedBy!==void 0&&{trustedBy:b.trustedBy},...d&&Zu(k,s)&&{insecure:d},loggedIn:E});if(a.kind!=="answe\
red"||a.status!==401)return c(s,a,"registry",!1);let l=a.headers["www-authenticate"]??"",f=await t;if(/^basic\b/i.test(l))
return(f==null?void 0:f.basic)===void 0?c(s,a,"registry",!1):c(s,await i(s,d,`Basic ${f.basic}`),"registry",!0);if(!/^bearer\b/i.
test(l))return c(s,a,"registry",!1);let m=Pe(Dy(l,"realm"));if(!m||!d_(m,s,d)){let k=m?`its token server ${_n(m)} does n\
ot use TLS`:"it names no token server";return c(m??s,{kind:"failed",code:"EINSECURE",message:k},"token-server",!1)}let p=await c_(
e,m,d&&Zu(m,s),Dy(l,"service"),f),h=Fy(p);return n===void 0&&f===void 0&&p.kind==="answered"&&p.status!==429?c(s,a,"regi\
stry",!1):h===void 0?c(m,p,"token-server",f!==void 0):c(s,await i(s,d,`Bearer ${h}`),"registry",f!==void 0)}async function Yu({
host:e,registry:t,signal:n},o,r,i){var l;let s=[`/etc/docker/certs.d/${t}/ca.crt`,...ci(e)],a=!r&&!Fe(we(o)),d=await Ao(
e,o,{...i,authorities:s,verify:a,maxBody:64*1024,signal:n});return a&&d.kind==="answered"&&((l=d.certificate)==null?void 0:
l.commonNameOnly)===!0?{kind:"failed",code:wr,message:"no subject alternative name"}:d}function s_(e){return e==="docker\
.io"?"registry-1.docker.io":e}async function a_(e,t,n){let o=s_(e.registry),r=new URL(`${e.base??`https://${o}`}${t}`),i=await n(
r,!1);if(r.protocol==="http:")return{url:r,answer:i,insecure:!1};let s=Py(r,i),a=s!==void 0&&!Fe(we(r));if(!(s!==void 0&&
(!a||await e.insecure())))return{url:r,answer:i,insecure:!1};let c=s==="certificate"?r:new URL(`http://${o}${t}`);return{
url:c,answer:await n(c,a),insecure:a}}function d_(e,t,n){return e.protocol==="https:"||n&&Zu(e,t)?!0:Fe(we(e))&&Fe(we(t))}
function Zu(e,t){return e.hostname===t.hostname}function c_(e,t,n,o,r){let i=new URLSearchParams({...o!==void 0&&{service:o},
...e.image&&{scope:`repository:${e.image.repository}:pull`}});if((r==null?void 0:r.identityToken)!==void 0)return i.set(
"grant_type","refresh_token"),i.set("client_id","runner-check"),i.set("refresh_token",r.identityToken),Yu(e,t,n,{method:"\
POST",headers:{"content-type":"application/x-www-form-urlencoded"},body:i.toString()});let s=new URL(t);for(let[d,c]of i)
s.searchParams.set(d,c);let a=(r==null?void 0:r.basic)===void 0?{}:{authorization:`Basic ${r.basic}`};return Yu(e,s,n,{headers:a})}
function Fy(e){if(e.kind!=="answered"||e.status!==200)return;let{token:t,access_token:n}=P(jy(e.body))??{};return[t,n].find(
o=>typeof o=="string"&&/^[\x21-\x7e]+$/.test(o))}function Dy(e,t){let n=new RegExp(`[\\s,]${t}=(?:"([^"]*)"|([^\\s,]*))`,
"i").exec(e);return(n==null?void 0:n[1])??(n==null?void 0:n[2])}function l_(e,t,n){var m,p;switch(e.kind){case"failed":return{
kind:"failed",code:e.code,message:e.message,...e.at!==void 0&&{at:e.at}};case"timed-out":case"other-proxy":return{kind:e.
kind};case"answered":break}let{status:o,headers:r,body:i,certificate:s}=e,a=(p=(m=/^\s*(\w+)/.exec(r["www-authenticate"]??
""))==null?void 0:m[1])==null?void 0:p.toLowerCase(),d=Pe(r.location),c=o===200?void 0:m_(i),l=Number(r["retry-after"]),
f=r["docker-content-digest"];return{kind:"answered",status:o,genuine:t?Fy(e)!==void 0||o!==200:f_(r),...a!==void 0&&{challenge:$(
a,40)},...d&&{location:_n(d)},...c!==void 0&&{message:c},...l>0&&{retryAfter:l},...u_(r),...f!==void 0&&/^\w+:[0-9a-f]{32,128}$/.
test(f)&&{digest:f},...n&&s&&{certificate:s}}}function u_(e){let t=/^\s*(\d+)(?:;w=(\d+))?/.exec(e["ratelimit-remaining"]??
"");if(!t)return{};let n=/^\s*(\d+)/.exec(e["ratelimit-limit"]??""),o=t[2]===void 0?{}:{seconds:Number(t[2])};return{pulls:{
left:Number(t[1]),...n&&{of:Number(n[1])},...o}}}function f_(e){return e["docker-distribution-api-version"]||e["docker-c\
ontent-digest"]?!0:!/^(?:text\/html|application\/xhtml)/i.test(e["content-type"]??"")}function m_(e){let t=P(jy(e)),n=P(
Array.isArray(t==null?void 0:t.errors)?t.errors[0]:void 0),r=[n==null?void 0:n.code,n==null?void 0:n.message,t==null?void 0:
t.details,t==null?void 0:t.message,t==null?void 0:t.error_description,t==null?void 0:t.error].filter(i=>typeof i=="strin\
g"&&i!=="");return r.length===0?void 0:$(r.slice(0,2).join(": "),300)}function jy(e){try{return JSON.parse(e)}catch{return}}function re(){let[e,t]=process.hrtime();return e*1e3+t/1e6}function Rt(e){return Math.round(re()-e)}var p_=100;function br(e,t){
let n=Math.ceil((e-Rt(t))/100)*100;return Math.min(e,Math.max(n,p_))}var h_=/^GIT_(?:CONFIG_(?:NOSYSTEM|SYSTEM|GLOBAL)|SSL_(?:CAINFO|CAPATH|NO_VERIFY))$/,g_=/^(?:safe\.directory|http\.(?:.*\.)?ssl(?:CAInfo|CAPath|Verify|Backend))$/i;
async function cd(e,t,n,o){let r={...y_(e.env,n),GIT_TERMINAL_PROMPT:"0",GIT_ALLOW_PROTOCOL:"https",LC_ALL:"C",LANGUAGE:""},
i={kind:"not-started",code:"ETIMEDOUT",stdout:"",stderr:"",ms:0};return z(e.run(["git",...t],{signal:o,env:r,maxOutput:16*
1024}),()=>i)}function y_(e,t){let n=Object.entries(e).filter(([r,i=""])=>h_.test(r)&&!(i.startsWith("/")&&xe(i,t))),o=Array.
from({length:Math.min(Number(e.GIT_CONFIG_COUNT)||0,100)},(r,i)=>[e[`GIT_CONFIG_KEY_${i}`]??"",e[`GIT_CONFIG_VALUE_${i}`]??
""]).filter(([r=""])=>g_.test(r));return{...Object.fromEntries(n),GIT_CONFIG_COUNT:String(o.length),...Object.fromEntries(
o.flatMap(([r,i],s)=>[[`GIT_CONFIG_KEY_${s}`,r],[`GIT_CONFIG_VALUE_${s}`,i]]))}}var Ly=4*1024*1024;function Hy(e){return z(k_(e),()=>{})}async function k_(e){let{env:t}=e,n=await w_(e,Wu),o=/--use-openssl-ca/.
test(t.NODE_OPTIONS??""),r=[t.NODE_EXTRA_CA_CERTS,o?t.SSL_CERT_FILE:void 0].flatMap(d=>He(d)??[]),s=["GIT_SSL_CAINFO","G\
IT_SSL_CAPATH"].find(d=>t[d])??(await b_(e)?"configuration":void 0),a={...r[0]!==void 0&&{extra:$(r[0],500)},...n!==void 0&&
{bundle:n},...s!==void 0&&{named:s}};if(n===void 0||s!==void 0||o&&t.SSL_CERT_DIR)return a;for(let d of r)if(!await v_(e,
d,n))return a}async function w_(e,t){for(let n of t){let o=await e.stat(n);if(o.kind==="file"&&o.size>0)return n}}async function b_({
env:e,readText:t}){let n=He(e.HOME),o=He(e.XDG_CONFIG_HOME)??(n===void 0?void 0:`${n}/.config`),r=[He(e.GIT_CONFIG_SYSTEM)??
"/etc/gitconfig",...n===void 0?[]:[`${n}/.gitconfig`],...o===void 0?[]:[`${o}/git/config`],...He(e.GIT_CONFIG_GLOBAL)===
void 0?[]:[e.GIT_CONFIG_GLOBAL??""]],i=await Promise.all(r.map(a=>t(a))),s=Object.entries(e).filter(([a])=>/^GIT_CONFIG_KEY_\d+$/.
test(a));return i.some(a=>a.kind==="ok"&&/^\s*(?:sslCA(?:Info|Path)|\[include)/im.test(a.value))||s.some(([,a=""])=>/\.sslCA(?:Info|Path)$/i.
test(a))}async function v_(e,t,n){if(t===n)return!0;let[o,r]=await Promise.all([e.readText(t,Ly),e.readText(n,Ly)]);if(o.
kind!=="ok")return!0;let i=new Set(r.kind==="ok"?Uy(r.value):[]);return Uy(o.value).every(s=>i.has(s))}function Uy(e){return[
...e.matchAll(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----([\w+/=\s]*)-----END/g)].map(([,n=""])=>n.replace(/\s/g,""))}var x_=/certificate verification failed|SSL certificate problem|problem with the SSL CA cert|error setting certificate|certificate verify failed|SSL peer certificate/i;
async function My(e,t,n,o,r){let i=["credential.helper=","core.askPass=","http.followRedirects=false"].flatMap(c=>["-c",
c]),s=await cd(e,[...i,"ls-remote",`${t.replace(/\/$/,"")}/`],o,r);if(s.kind!=="exited")return{kind:"unknown"};let a=s.stderr.
split(`
`).find(c=>x_.test(c));return a!==void 0?{kind:"distrusts",message:$(a.trim(),500),...n}:{kind:s.code===0||/not found|could not read Username|Authentication failed|returned error: \d/i.
test(s.stderr)?"trusts":"unknown"}}var ui=3e3,ld={name:"forge",async collect(e,t,n,o){let{env:r}=e,i=Pe(r.GITHUB_SERVER_URL),s=i&&{url:_n(i).replace(/\/$/,
""),host:we(i),isLoopback:Fe(we(i))},{inJob:a,system:d}=await o(S),c=d==="gitea"||d==="forgejo"||d==="act"&&(s==null?void 0:
s.isLoopback)===!0;if(!a||!c)return{...s,answer:{kind:"not-asked"}};let l=["GITHUB_SERVER_URL","GITHUB_API_URL"].find(E=>$_(
r[E]));if(l!==void 0)return T_(l,r[l]);if(!s)return{answer:{kind:"not-asked"}};let f=Pe(r.GITHUB_API_URL)??new URL(`${s.
url}/api/v1`),m=new URL(`${f.origin}${f.pathname.replace(/\/$/,"")}/version`),p=(i==null?void 0:i.protocol)==="https:"?Hy(
e):void 0,h=re(),g=await te(Math.min(t.timeoutMs,ui),n,E=>Ao(e,m,{headers:{accept:"application/json"},authorities:ci(e),
maxBody:16*1024,signal:E})),k=R_(g,m.protocol==="https:",Date.now(),Rt(h)),b=g.kind==="answered"&&g.untrusted===void 0?await p:
void 0,x=b&&await te(Math.min(t.timeoutMs,ui),n,E=>My(e,s.url,b,t.workspace,E));return{...s,asked:_n(m),...k,...x&&{git:x}}}};
function $_(e=""){return e!==""&&!/^https?:\/\/(?:\/|$)/i.test(e)&&Pe(e)===void 0}function T_(e,t=""){let n=`${e} is not\
 a valid address`;return{url:$(dn(t),300),answer:{kind:"failed",code:"ERR_INVALID_URL",message:n}}}function R_({via:e,trustedBy:t,
untrusted:n,...o},r,i,s){let a={...e!==void 0&&{via:e},...t!==void 0&&{trustedBy:t},...n!==void 0&&{untrusted:n}};if(o.kind!==
"answered")return{...a,answer:o};let{status:d,headers:c,body:l,certificate:f}=o,m=P(S_(l));if(d===403&&e!==void 0&&!r&&!E_(
m))return{...a,answer:{kind:"failed",code:"HTTP_403",message:"the proxy answers 403",at:"proxy"}};let p=typeof(m==null?void 0:
m.version)=="string"?$(m.version,100):void 0,h=Pe(c.location),g=P_(c,i,s);return{...a,answer:{kind:"answered",status:d,isJson:m!==
void 0,...p===void 0?{body:$(l.trim(),300)}:{version:p},...h&&{location:_n(h)},...g!==void 0&&{clockAheadSeconds:g},...f&&
{certificate:f}}}}function P_(e,t,n){let o=t-n,r=Date.parse(e.date??"");if(Number.isNaN(r)||e.age!==void 0)return;let i=o>
r+1e3?o-r-1e3:t<r?t-r:0;return Math.round(i/100)/10}function E_(e){let{message:t,url:n}=e??{};return typeof t!="string"?
!1:typeof n=="string"&&n.includes("/api/swagger")||/signed in|sign in|token|log ?in/i.test(t)}function S_(e){try{return JSON.
parse(e)}catch{return}}var O_=/^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL)$/,fi={name:"proxy-reach",unnamed:{
proxies:[]},async collect(e,{timeoutMs:t},n){let{env:o}=e;if(ai(o,"no_proxy")==="*")return{proxies:[]};let r=new Map;for(let s of[
"http_proxy","https_proxy","all_proxy"]){let a=ai(o,s);a!==void 0&&r.set(a,[...r.get(a)??[],s])}return{proxies:(await Promise.
all([...r].map(([s,a])=>te(Math.min(t,ui),n,d=>A_(e,s,a,d))))).flatMap(s=>s??[])}}};async function A_(e,t,n,o){let r=/^[a-z][\w+.-]*:\/\//i.
test(t)?t:`http://${t}`,i=I_(r);if(!i)return;let s=await e.request({to:i,method:"HEAD",path:"/",signal:o,maxBody:1024});
return{proxy:$(dn(r),300),host:i.host,variables:n,answer:C_(s)}}function I_(e){try{let{protocol:t,hostname:n,port:o}=new URL(
e),r={"http:":80,"https:":443}[t]??(/^socks[45]?[ah]?:$/.test(t)?1080:void 0),i=n.replace(/^\[(.*)\]$/,"$1");return i===
""||r===void 0?void 0:{host:i,port:Number(o)||r}}catch{return}}function C_(e){return e.kind==="timed-out"?{kind:"timed-o\
ut"}:e.kind==="failed"&&O_.test(e.code)?{kind:"failed",code:e.code,message:$(e.message,300)}:{kind:"listens"}}function ud({from:e,until:t},n){let[o,r,i]=[e,t,n].map(c=>Date.parse(c)),s=r-i,a=r-o;if(!(!(s>0&&s<=14*864e5)||a<7*864e5&&
a%864e5!==0&&s>a/3))return Math.floor(s/864e5)}function fd(e){return e===0?"within a day":e===1?"in 1 day":`in ${e} days`}
function Nn(e){return`${e.slice(0,16).replace("T"," ")} UTC`}function md(e,{from:t,until:n}){return{source:e,text:`certi\
ficate valid from ${Nn(t)} to ${Nn(n)}`}}var pd="Read from the connection that is made anyway. Certificates with a lifet\
ime of less than a week are left to the servers that renew them, until less than a third of it is left.";var hd="its certificate is signed by an unknown authority",Xu="its certificate is for another name",Qu={CERT_HAS_EXPIRED:"\
its certificate has expired",CERT_NOT_YET_VALID:"its certificate is not valid yet",ERR_TLS_CERT_ALTNAME_INVALID:Xu,HOSTNAME_MISMATCH:Xu,
[wr]:"its certificate names it in the common name only",DEPTH_ZERO_SELF_SIGNED_CERT:"its certificate is self-signed",SELF_SIGNED_CERT_IN_CHAIN:hd,
UNABLE_TO_GET_ISSUER_CERT:hd,UNABLE_TO_GET_ISSUER_CERT_LOCALLY:hd,UNABLE_TO_VERIFY_LEAF_SIGNATURE:hd,CERT_REVOKED:"its c\
ertificate has been revoked",CERT_UNTRUSTED:"its certificate is not trusted",CERT_REJECTED:"its certificate is rejected",
CERT_SIGNATURE_FAILURE:"its certificate has an invalid signature",CERT_CHAIN_TOO_LONG:"its certificate chain is too long",
INVALID_CA:"its certificate chain contains an invalid authority",INVALID_PURPOSE:"its certificate was issued for another\
 purpose"};function Ge(e){let{code:t,at:n}=e;if(n==="proxy")return"proxy";if(qu(e))return"old-tls";if(L(Qu,t)!==void 0)return"\
untrusted";if(/^(?:EPROTO|ERR_SSL_.*)$/.test(t))return"no-tls";if(t.startsWith("HPE_"))return"not-http";switch(t){case"E\
NOTFOUND":case"EAI_AGAIN":case"EAI_FAIL":case"EAI_NODATA":case"EAI_NONAME":return"unresolvable";case"ECONNREFUSED":return"\
refused";case"EHOSTUNREACH":case"ENETUNREACH":case"ETIMEDOUT":case"EADDRNOTAVAIL":return"no-route";case"ECONNRESET":case"\
EPIPE":return"broken";default:return"other"}}function Es(e){return e==="CERT_HAS_EXPIRED"||e==="CERT_NOT_YET_VALID"}function Ss(e){
return L(Qu,e)===Xu}function Zt(e,t){switch(Ge(e)){case"unresolvable":return e.code==="ENOTFOUND"?"its name does not res\
olve":"no nameserver answered for its name";case"untrusted":return L(Qu,e.code)??"its certificate is not trusted";case"n\
o-tls":return"the TLS handshake fails, usually because the port does not use TLS";case"old-tls":return"it offers no vers\
ion of TLS that is still accepted (1.2 or newer), or only weak keys";case"refused":return"nothing listens there (connect\
ion refused)";case"no-route":return e.code==="ETIMEDOUT"?"the connection timed out":"this network has no route to it";case"\
broken":return"it closes the connection without an answer";case"not-http":return"what answers there does not speak HTTP";case"\
proxy":return __(e,t);case"other":return u(e.code)}}function __({code:e},t){let n=`the proxy${t===void 0?"":` ${u(t)}`}`;
switch(e){case"HTTP_407":return`${n} requires a user name and a password`;case"HTTP_403":return`${n} forbids it`;case"EC\
ONNREFUSED":return`nothing listens at ${n} (connection refused)`;case"ENOTFOUND":case"EAI_AGAIN":return`the name of ${n}\
 does not resolve`;default:return e.startsWith("HTTP_")?`${n} cannot connect to it (status ${e.slice(5)})`:`${n} fails w\
ith ${u(e)}`}}function Ve(e){switch(e.kind){case"timed-out":return"no answer within the deadline";case"other-proxy":return"\
not asked";case"failed":return`${e.code}: ${e.message}`}}function jt(e=""){var t;return(((t=/^https?:\/\/(\[[^\]]*\]|[^/:]+)/.
exec(e))==null?void 0:t[1])??"").replace(/^\[(.*)\]$/,"$1")}function Pt(e){return`curl -sS -m 10 -i ${N(e)} | head -20`}
function mi(e,t){return`openssl s_client -connect ${w(`${e}:${t}`)} -servername ${w(e)} </dev/null 2>/dev/null | openssl\
 x509 -noout -subject -issuer -dates -ext subjectAltName`}var gd=["sudo install -m 644 ca.crt /usr/local/share/ca-certif\
icates/own-ca.crt","sudo update-ca-certificates"],Gy={file:"Dockerfile",language:"dockerfile",text:["COPY ca.crt /usr/lo\
cal/share/ca-certificates/own-ca.crt","RUN update-ca-certificates","ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificat\
es.crt"].join(`
`)};function pi(e,t,n){return{text:`Exclude ${e} from the proxy, in both spellings. If \`NO_PROXY\` already has a value, a\
ppend the name to it.`,...Re(n,{NO_PROXY:t,no_proxy:t}),kind:"runner"}}function Io(e,t){return`Requests to ${e} go throu\
gh the proxy ${u(t??"?")}, of a kind this check does not support.`}function ef({proxies:e}){return e.flatMap(t=>t.answer.kind==="listens"?[]:[{...t,answer:t.answer}])}function Os(e,t,n){if(!(!ef(
e).some(({proxy:r})=>r===t)||le("network/proxy","proxy-unreachable",n)))return{kind:"skip",reason:"needs:network/proxy",
message:`Requests go through the proxy ${u(t??"")}, which cannot be reached.`}}function Xt(e){if(/^(?:sha256:)?[0-9a-f]{64}$/.test(e))return;let t=/^([^\s@]+?)(?::([\w][\w.-]{0,127}))?(?:@(\w+:[0-9a-f]{32,}))?$/.
exec(e.trim()),n=t==null?void 0:t[1];if(!n)return;let[,,o,r]=t;return{repository:N_(n),...o!==void 0&&{tag:o},...r!==void 0&&
{digest:r},...o===void 0&&r===void 0&&{tag:"latest"}}}function N_(e){let[t="",...n]=e.split("/"),o=n.length>0&&(/[.:]/.test(
t)||t==="localhost"),r=o?t.replace(/^(?:index|registry-1)\.docker\.io$/,"docker.io"):"docker.io",i=o?n:[t,...n],s=r==="d\
ocker.io"&&i.length===1;return[r,...s?["library"]:[],...i].join("/")}function As(e,t){return e.repository!==t.repository?
!1:t.digest!==void 0?e.digest===t.digest:e.tag===void 0||e.tag===t.tag}var D_=[/^docker\.gitea\.com\/runner-images$/,/^docker\.io\/(?:gitea\/runner-images|catthehacker\/ubuntu|nektos\/act-environments-ubuntu|library\/node)$/,
/^ghcr\.io\/catthehacker\/ubuntu$/,/^(?:data|code)\.forgejo\.org\/oci\/node$/];function Vy({repository:e}){return D_.some(
t=>t.test(e))}var tf=/^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/,Wy=/^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;
function hi(e){let t=new Map,n=[];for(let o of e){let r=F_(o);if(!r){n.push({entry:o,name:o.replace(/^.*@(?!sha\d{3}:)/s,
"").replace(/[^\w.:-]+/g,"-")||"none"});continue}let i=t.get(r.host)??[],s=r.image&&!i.some(({name:a})=>{var d;return a===
((d=r.image)==null?void 0:d.name)});t.set(r.host,r.image&&s?[...i,r.image]:i)}return{targets:[...t].map(([o,r])=>({host:o,
images:r})),invalid:n}}var qy="an image such as `ghcr.io/owner/image:latest`, in lowercase and with the tag last";function Ky(e){var r;let t=e.
trim();if(/^(?:sha256:)?[0-9a-f]{12,64}$/.test(t))return!0;let[n="",...o]=((r=Xt(t))==null?void 0:r.repository.split("/"))??
[];return tf.test(n.toLowerCase())&&Wy.test(o.join("/"))}function F_(e){let t=e.trim().replace(/^https:\/\//i,""),n=t.replace(
/\/(?:v2\/?)?$/,"");if(n!==t||j_(n)){let c=By(n);return tf.test(c)?{host:c}:void 0}let o=Xt(t),[r="",...i]=(o==null?void 0:
o.repository.split("/"))??[],s=By(r),a=i.join("/"),d=(o==null?void 0:o.digest)??(o==null?void 0:o.tag);if(!(d===void 0||
!tf.test(s)||!Wy.test(a)))return{host:s,image:{name:t,repository:a,reference:d}}}function j_(e){return e.includes("/")||
e.includes("@")?!1:/^(?:[^:]+\.[^:]+|localhost|\[[^\]]+\])(?::\d+)?$/i.test(e)||/^[^:]+:\d{4,5}$/.test(e)}function By(e){
return e.toLowerCase().replace(/^(?:index|registry-1|registry|hub|www)\.docker\.(?:io|com)$/,"docker.io")}function yn({look:e},t){let n=t===void 0?"":` with ${u(t)}`;return e.image===void 0?`Jobs whose image comes from there f\
ail during setup${n}, and so does every pull in a job.`:`A job that needs this image fails during setup${n}, and so does\
 every pull of it in a job.`}function kn({host:e,look:t}){return t.image===void 0?`a registry that answers at ${e}`:`a m\
anifest for ${t.image}`}function vr({host:e,look:t}){return t.at==="registry"?u(e):`The token server of ${u(e)} (${u(t.url)}\
)`}function wn({others:e,look:{mirrors:t=[]}}){let n=e.length===0?"":` The same is true for ${v(e.map(u))}.`,o=t.map(({url:i,
answer:s})=>`${u(i)} (${s.kind==="answered"?`status ${s.status}`:Ve(s)})`);if(o.length===0)return n;let r=o.length===1?`\
mirror ${o[0]} was`:`mirrors ${v(o)} were`;return`${n} The daemon's ${r} asked first.`}function gi({host:e,look:t}){return t.
url||`https://${e}/v2/`}var Jy={unauthorized:{level:"fail",title:"The registry requires a login, or another one",headline:e=>{let t=u(T(e.host,28));
return yd(e)?e.look.loggedIn?`${t} rejects the login`:`${t} requires a login`:`The login helper for ${t} fails`},why:e=>yd(
e)?yn(e):kd(e),expected:e=>yd(e)?kn(e):wd(e),tell:e=>yd(e)?{what:`${L_(e)}${wn(e)}`,fix:zy(e)}:{what:`${u(e.login.helper)}\
 keeps the login for ${u(e.host)} and fails: ${u(e.login.message??"")}.`,fix:vd(e)},more:"The runner pulls the images of\
 its labels itself, with the login of the user it runs as. Docker Hub also answers 401 for an image that does not exist."},
denied:{level:"fail",title:"The registry denies access to the image",headline:({host:e})=>`The registry ${u(T(e,28))} de\
nies access`,why:e=>yn(e),expected:kn,tell:e=>({what:`${U_(e)}${wn(e)}`,fix:zy(e)}),more:"ghcr.io gives the same answer \
for a private image and for one that does not exist. A stale login blocks even public images."},"not-found":{level:"fail",
title:"The registry does not have the image",headline:({host:e,look:{image:t}})=>t===void 0?`${u(T(e,28))} is not a regi\
stry`:`${u(T(e,18))} does not have ${u(T(t.replace(/^.*\//,""),20))}`,why:e=>yn(e),expected:kn,tell:e=>({what:`${H_(e)}${wn(
e)}`,fix:V_(e)})},"rate-limited":{level:"fail",title:"The registry's rate limit is reached",headline:({host:e})=>`The ra\
te limit of ${u(T(e,28))} is reached`,why:e=>yn(e,e.host==="docker.io"?"toomanyrequests":void 0),expected:kn,tell:e=>({what:`${M_(
e)}${wn(e)}`,fix:B_(e)})},"credential-helper-missing":{level:"fail",title:"The program that keeps the login is missing",
headline:({host:e})=>`The login helper for ${u(T(e,26))} is missing`,why:({login:e,...t})=>`${kd({login:e,...t})} A job \
sees ${u(`error getting credentials - err: exec: "${e.helper}": executable file not found in $PATH`)}.`,expected:wd,tell:e=>({
what:`According to ${u(e.login.config)}, ${u(e.login.helper)} keeps the login for ${u(e.host)}, but no such program is o\
n PATH.`,fix:vd(e)})}};function yd(e){return"look"in e}function kd({login:e}){return`\`docker build\` and \`docker compose\`\
 run ${u(e.helper)} before every pull and fail without its answer, for public images too; \`docker pull\` does since relea\
se 29.`}function wd({host:e,login:t}){return`${t.helper} that returns the login for ${e}`}function bd(e){return e.look.image===
void 0?vr(e):u(e.look.image)}function Is({look:e,login:t}){return e.loggedIn?`with the login in ${u(t.helper??t.config)}`:
"without a login"}function L_(e){let{host:t,look:n}=e,o=bd(e);return n.publicAnyway?`${o} is public, but ${t} rejects th\
e login that is sent along: it is stale or wrong.`:n.at==="token-server"&&n.loggedIn?`${t} rejects the login for ${o}: i\
t is stale or wrong.`:n.image===void 0?`${t} answers with status 401 ${Is(e)}.`:`${o} cannot be pulled ${Is(e)}: ${t} an\
swers with status 401. The image is private, or does not exist.`}function U_(e){let{host:t,look:n}=e,o=bd(e);return n.publicAnyway?
`${o} is public, but ${t} denies access with the login that is sent along.`:`${t} denies access to ${o} ${Is(e)} (status\
 403). It is private, or does not exist.`}function H_(e){let{host:t,look:n}=e;if(n.image===void 0)return`${u(t)} answers\
, but is not a registry: \`GET /v2/\` returns 404.`;let o=n.loggedIn?"":", or the image is private and requires a login";
return`${t} does not have ${u(n.image)}: the name or the tag is wrong${o}.`}function M_(e){let{host:t,look:n}=e,o=n.answer.
kind==="answered"&&n.answer.status===200?n.answer.pulls:void 0;if(!o)return`${t} rejects the request for ${bd(e)} ${Is(e)}\
: too many requests (status 429).`;let r=o.seconds===void 0?"":` in ${Math.round(o.seconds/360)/10} hours`,i=o.of===void 0?
"":` of ${o.of}${r}`;return`${t} has ${bd(e)}, but this address has no pulls left${i} ${Is(e)}: the next one is rejected\
 with status 429.`}function zy(e){let{host:t,look:n,login:o,situation:r}=e;return n.loggedIn&&o.config==="DOCKER_AUTH_CO\
NFIG"?{text:`Replace the login for ${u(t)} in \`DOCKER_AUTH_CONFIG\`, usually a secret of the workflow or \`runner.envs\`, w\
ith a token that may read the image${nf(t)}. The CLI prefers it to the login of its configuration. If the image is publi\
c, remove it there.`,kind:"workflow"}:o.unreadBy!==void 0?{text:`\`DOCKER_AUTH_CONFIG\` has a login for ${u(t)}, but Doc\
ker CLI ${o.unreadBy} does not read this variable: upgrade the CLI to 28.3 or newer. Until then, log in.`,commands:[yi("\
login",t)],kind:r.inContainer?"image":"host"}:n.publicAnyway?{text:`Log out: the image does not require a login. If othe\
r images do, log in again instead. The login is in ${u(o.config)}.`,commands:[yi("logout",t)],kind:"host",otherwise:of(t,
r)}:n.loggedIn?{text:`Log in again with a token that may read this image${nf(t)}, as the user of ${u(o.config)}. Check t\
he image's name too: many registries give the same answer for an image that does not exist.`,commands:[yi("login",t)],kind:"\
host"}:{...of(t,r),...r.system!=="none"&&{otherwise:G_(t)}}}function yi(e,t){return`docker ${e}${t==="docker.io"?"":` ${N(
t)}`}`}function nf(e){return e==="ghcr.io"?" (scope `read:packages`; the package must also grant its owner access)":""}function of(e,t){
let n=t.system==="none"?"":" Do it as the user that the runner runs as: it pulls the images of its labels itself.";return{
text:`Log in with a token that may read the image${nf(e)}.${n}`,commands:[yi("login",e)],kind:"host"}}function G_(e){return{
text:"For pulls in the job itself, log in there.",config:{file:"the workflow's job",language:"yaml",text:["- uses: docke\
r/login-action@v3","  with:",...e==="docker.io"?[]:[`    registry: ${Se(e)}`],"    username: ${{ vars.REGISTRY_USER }}",
"    password: ${{ secrets.REGISTRY_TOKEN }}"].join(`
`)},kind:"workflow"}}function V_(e){let{host:t,look:n,situation:o}=e;return n.image===void 0?{text:`Correct ${u(t)} in t\
he policy's \`registries\`, or start the registry there.`,commands:[`curl -sS -D - -o /dev/null ${N(gi(e))}`],kind:"runn\
er"}:{text:"Compare name and tag with what the registry has, and correct them everywhere: in the label in the runner's `\
config.yaml`, in the workflow, and in the policy.",commands:[`docker buildx imagetools inspect ${N(n.image)}`],kind:"run\
ner",...!n.loggedIn&&{otherwise:of(t,o)}}}function B_({host:e,look:{answer:t}}){let n=t.kind==="answered"?t.retryAfter:void 0;
return{text:`${n===void 0?"":`Try again in ${n} s, as the registry says. `}Log in: registries count requests without a l\
ogin by address, and a whole network may share one.`,commands:[yi("login",e)],kind:"host",...e==="docker.io"&&{otherwise:{
text:`Let Docker pull through your own mirror of Docker Hub: set \`registry-mirrors\` in \`/etc/docker/daemon.json\` to its \
address, and restart Docker. ${G}`,commands:["sudo systemctl restart docker"],kind:"host"}}}}var W_="https://index.docke\
r.io/v1/";function vd({host:e,login:t,situation:n}){let{helper:o,config:r,setting:i}=t,s=e==="docker.io"?[e,W_]:[e],a=i===
"credHelpers"?s.map(f=>`.credHelpers[${JSON.stringify(f)}]`).join(", "):".credsStore",d=n.inContainer?"image":"host",c=w(
r),l=`Remove the setting from ${u(r)} and log in again, which keeps the login in the file itself.`;return{text:t.kind===
"helper-missing"?`${l} It often comes from a file that was copied from a machine with Docker Desktop.`:`Fix ${u(o)}. Or \
remove the setting from ${u(r)} and log in again, which keeps the login in the file itself.`,commands:[`new=$(jq ${w(`de\
l(${a})`)} ${c}) && cp -p ${c} ${w(`${r}.bak`)} && printf '%s\\n' "$new" > ${c}`,yi("login",e)],kind:d,otherwise:{text:"\
If the program is needed, install it in a directory on PATH, and try it. It prints the login.",commands:[`echo ${w(s.at(
-1)??e)} | ${w(o)} get`],kind:d}}}var Qy={unresolvable:{level:"fail",title:"The registry's name does not resolve",headline:e=>`${Yy(e)} does not resolve`,
why:e=>yn(e,"no such host"),expected:kn,tell:e=>({what:`${Zy(e)}.${wn(e)}`,fix:K_(e)}),more:"The registry may resolve wh\
ile its token server does not (`auth.docker.io` for Docker Hub): the message says which. If only containers fail, compar\
e their nameservers: `docker run --rm debian:12 cat /etc/resolv.conf`."},unreachable:{level:"fail",title:"The registry c\
annot be reached",headline:e=>`${Yy(e)} cannot be reached`,why:e=>yn(e,Xy(e.look)),expected:kn,tell:e=>({what:`${Zy(e)}.${wn(
e)}`,fix:z_(e)}),more:"The message says how it fails: nothing listens there, no route leads there, the connection is clo\
sed, the proxy refuses, the answer is a web page (often the login page of a network), or the status is 500 or above. Doc\
ker refuses a registry without TLS everywhere but on `localhost`. A job without Docker's socket cannot see `insecure-reg\
istries`, so the finding stays there after that fix."},"tls-untrusted":{level:"fail",title:"The registry's certificate i\
s not trusted",headline:({host:e})=>`The certificate of ${u(T(e,24))} is not trusted`,why:e=>yn(e,Xy(e.look)),expected:kn,
tell:e=>({what:`${vr(e)} is not trusted: ${nk(e.look)}.${tk(e)?q_:""}${wn(e)}`,fix:Y_(e)})}},ek={level:"warn",title:"The\
 registry's certificate expires soon",headline:({host:e,days:t})=>`The certificate of ${u(T(e,18))} expires ${fd(t)}`,why:"\
From then on, jobs whose image comes from there fail during setup with `x509: certificate has expired`.",expected:"a cer\
tificate that is valid for more than 14 days",tell:({host:e,url:t,until:n})=>{var o;return{what:`The certificate of the \
registry ${u(e)} is valid until ${Nn(n)}.`,fix:{text:"Renew the registry's certificate. If that is automatic, find out w\
hy it did not happen.",commands:[mi(jt(t)||e,((o=/:(\d+)(?:\/|$)/.exec(t))==null?void 0:o[1])??"443")],kind:"host"}}},more:pd},
q_=" This goes by what this container trusts. `docker pull` uses the daemon's own `/etc/docker/certs.d` on the host, whi\
ch this check cannot see.";function tk({look:{answer:e},situation:t}){return e.kind!=="failed"||Ge(e)!=="untrusted"?!1:(t.
inContainer||t.inRunnerContainer)&&/^(?:DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)_/.test(e.code)}function Yy({host:e,look:t}){let n=u(
T(e,18));return t.at==="registry"?`The registry ${n}`:`The token server of ${n}`}function Zy(e){return`${vr(e)} cannot b\
e reached: ${nk(e.look)}`}function nk({answer:e,via:t}){return e.kind==="failed"?e.code==="EINSECURE"?e.message:Zt(e,t):
e.kind!=="answered"?Ve(e):e.genuine?e.location===void 0?`it answers with status ${e.status}`:`it redirects to ${u(e.location)}`:
"a web page or a network's login page answers there, not a registry"}function Xy({answer:e}){if(e.kind==="failed"){if(Es(
e.code))return"x509: certificate has expired or is not yet valid";switch(Ge(e)){case"no-tls":return"http: server gave HT\
TP response to HTTPS client";case"refused":return"connect: connection refused";case"untrusted":return e.code===wr?"x509:\
 certificate relies on legacy Common Name field, use SANs instead":Ss(e.code)?void 0:"x509: certificate signed by unknow\
n authority";default:return}}}function K_(e){return{text:"Check that the name is right, and what this machine's nameserv\
ers say.",commands:[`getent hosts ${N(Cs(e))}`,"cat /etc/resolv.conf"],kind:"host",otherwise:{text:`If the host resolves\
 the name and the job container does not, set \`dns\` in \`/etc/docker/daemon.json\` to the addresses of nameservers that do\
, and restart Docker. ${G}`,commands:["sudo systemctl restart docker"],kind:"host"}}}function Cs({host:e,look:t}){return jt(
t.url)||e}function z_(e){let{look:t,situation:n}=e,o=`curl -sS -D - -o /dev/null ${N(gi(e))}`;switch(t.answer.kind==="fa\
iled"?Ge(t.answer):void 0){case"proxy":return J_(Cs(e),n);case"old-tls":return{text:"Let the registry, or the proxy in f\
ront of it, offer TLS 1.2 and 1.3 with a key of at least 2048 bits. Docker refuses older versions everywhere, and `insec\
ure-registries` does not change that. In nginx, the setting is `ssl_protocols TLSv1.2 TLSv1.3;`.",commands:[`openssl s_c\
lient -connect ${w(`${Cs(e)}:${ok(t.url)}`)} -tls1_2 </dev/null   # must show a certificate`],kind:"host"};case"no-tls":
return{text:"Give the registry a certificate, or correct its port: Docker requires TLS for registries on other machines.\
 A proxy in front of the registry can provide it.",commands:[o],kind:"host"};case"refused":return{text:"Start the regist\
ry, or correct its port. In a job container, `localhost` is the container itself.",commands:[o],kind:"host"};default:return{
text:"Run this command in the job and on the host, and see what answers: the registry, a firewall, or a proxy. A missing\
 proxy setting has the same effect.",commands:[o],kind:"host"}}}function ok(e){var t;return((t=/^https?:\/\/[^/]*:(\d+)(?:\/|$)/.
exec(e))==null?void 0:t[1])??"443"}function J_(e,t){return{text:"Fix the proxy or its address. Or exclude this registry \
from it, in both spellings: if `NO_PROXY` already has a value, append the name to it. The Docker daemon has its own prox\
y settings.",...Re(t,{NO_PROXY:e,no_proxy:e}),kind:"runner"}}function Y_(e){let{host:t,look:n}=e,o=n.answer.kind==="fail\
ed"?n.answer.code:"",r=mi(Cs(e),ok(n.url));return Es(o)?{text:"Renew the registry's certificate. If its dates are right,\
 this machine's clock is wrong.",commands:[r,"date -u"],kind:"host"}:o===wr?{text:`Make a new certificate for the regist\
ry that names ${u(Cs(e))} as a subject alternative name too (\`openssl req -addext\`). Docker does not read the common nam\
e.`,commands:[r],kind:"host"}:Ss(o)?{text:"Use a name that the certificate contains, or give the registry a certificate \
for this name.",commands:[r],kind:"host"}:{text:`Give Docker the authority's certificate (\`ca.crt\`), on every host that \
pulls from this registry. Docker needs no restart.${tk(e)?" If it is there already, pulls work, and only tools in this c\
ontainer (`curl`, `skopeo`) lack the authority: add it to the job's image.":""}`,commands:[r,`sudo install -D -m 644 ca.\
crt ${w(`/etc/docker/certs.d/${t}/ca.crt`)}`],kind:"host",otherwise:{text:"Make the authority known to every program on \
a Debian or Ubuntu machine, including Docker and git.",commands:gd,kind:"host"}}}var ik="The check makes the first requests of a pull: it asks for the head of the manifest, gets the token that the regi\
stry wants, and asks again. It pulls no layer and follows no redirect. A registry without a named image is asked for `GE\
T /v2/`. Several images of one registry give one result: the worst decides, and all are in the evidence. An entry that i\
s neither a host nor an image is an `error`.\n\nImages of Docker Hub are asked of the daemon's mirrors first (`registry-mi\
rrors`, from `/info`), in their order and without a login, and of Docker Hub itself only if no mirror has them.\n\nIt uses\
 the login that the job's Docker CLI would use: the variable `DOCKER_AUTH_CONFIG` (CLI 28.3 and newer), else `config.jso\
n` in `DOCKER_CONFIG` or `~/.docker`, with `credHelpers`, `credsStore` and `auths`. The login is sent to its registry, a\
nd with TLS to the token server that the registry names. It never appears in a log or report. A certificate is trusted i\
f Node, `/etc/docker/certs.d/<registry>/ca.crt` or the system's authorities trust it. `HTTPS_PROXY` and `NO_PROXY` apply\
 like they do for the job's tools. `docker pull` leaves pulling to the daemon, which may have other proxies and other au\
thorities: `docker info` shows them.\n\nTLS is required, except on `localhost` and for registries that the daemon may ask \
without it. If verified TLS fails and the daemon's socket is available, the check reads the daemon's `insecure-registrie\
s` (`docker info`). A registry that they name, or whose address is in one of their networks, is then asked like Docker d\
oes it: first with unverified TLS, then without TLS. The login is sent the same way, and without TLS only to a token ser\
ver on the same host. The result says so. The check does not look up the address of a name to compare it with a network.",
Dn={...Qy,...Jy,timeout:{level:"fail",title:"The registry does not answer in time",headline:e=>{let t=u(T(e.host,20));return"\
look"in e?`The registry ${t} does not answer in time`:`The login helper for ${t} does not finish`},why:e=>"look"in e?yn(
e):kd(e),expected:e=>"look"in e?kn(e):wd(e),tell:e=>"look"in e?{what:`${vr(e)} does not answer within the deadline.${wn(
e)}`,fix:{text:"Check what is between: a firewall that drops packets, a missing proxy setting, or a container network wi\
th larger packets than the host's connection allows (lower the `mtu` of the Docker network; often a VPN is the cause).",
commands:[`curl -sS -m 20 -o /dev/null -w '%{http_code} %{time_connect} %{time_appconnect}\\n' ${N(gi(e))}`],kind:"host"}}:
{what:`${u(e.login.helper)} keeps the login for ${u(e.host)} and does not finish within the deadline.`,fix:vd(e)},more:"\
The deadline is the input `timeout`."},"tls-expiring":ek},rk="a host such as `ghcr.io`, or an image such as `ghcr.io/for\
temi/fortemi/builder:latest`",sk={"invalid-entry":{title:"An entry of `registries` names no registry",headline:({name:e})=>X(
"",e," names no registry"),why:"The registry that was meant is not checked. If it does not answer, jobs fail when they p\
ull from it.",expected:rk,tell:({entry:e})=>({what:`\`registries\` in the policy contains ${u(e)}, which is neither a ho\
st nor an image that can be pulled.`,fix:{text:`Correct the entry in the policy: it must be ${rk}. Names are lowercase, \
and a tag comes last.`,kind:"workflow"}})}};function ak(e){return`${u(e)} answers, but not without a login. In a pull re\
quest from a fork, a registry that only the workspace's policy names gets none. To trust this workspace, set the input \`\
trust-policy: true\`.`}function dk(e){return`, without ${e?"verified TLS":"TLS"}, as the Docker daemon's \`insecure-regis\
tries\` allow`}var uk={id:"registry/*",title:"The registry answers, and its images can be pulled",intro:ik,reasons:Dn,expand({registries:e}){
let{targets:t,invalid:n}=hi(e);return[...t.map(Z_),...n.map(tN)]}};function Z_(e){let t=u(T(e.host,32));return{id:`regis\
try/${e.host}`,title:e.images.length===0?`${t} answers`:`Images of ${t} can be pulled`,reasons:Dn,needs:{registry:li(e),
reach:fi,container:R,job:S},judge({registry:n,reach:o,container:r,job:i},s,{started:a}){let d=n.looks.map(f=>eN(f)?Os(o,
f.via,s):void 0),c=rf(e,n,M(r,i)),l=d.find(Boolean)??(Q_(c,n,s)?X_:c);return l.kind==="pass"?nN(e,n,l,a)??l:l}}}var X_={
kind:"skip",reason:"needs:docker/client",message:"The Docker CLI cannot read its logins, as `docker/client` reports."};function Q_(e,{
login:t},n){if(e.kind!=="finding"||e.reason!=="unauthorized"||!t.isLost)return!1;let o=["config-unreadable","foreign-own\
ed","auth-malformed"];return n.docker.require==="required"&&!o.some(r=>le("docker/client",r,n))}function eN({answer:e}){
return e.kind==="other-proxy"||e.kind==="timed-out"||e.kind==="failed"&&e.at==="proxy"}function tN({entry:e,name:t}){return{
id:`registry/${t}`,title:`${u(T(t,48))} answers`,reasons:Dn,needs:{},judge:()=>A(sk,"invalid-entry",{entry:e,name:t},{observed:e,
evidence:[{source:"the policy, registries",text:e}]})}}function rf({host:e,images:t},n,o){let{login:r,looks:i}=n,s=i.find(
({answer:g})=>g.kind==="other-proxy");if(s)return{kind:"skip",reason:"not-applicable",message:Io(u(e),s.via)};let a=Object.
keys(Dn),[d]=i.flatMap(g=>{let k=lk(g);return k===void 0?[]:[{look:g,reason:k}]}).sort((g,k)=>a.indexOf(g.reason)-a.indexOf(
k.reason)),c=[...i.flatMap(g=>[...rN(g),iN(g)]),...sN(r)],l=oN(e,r,c,o);if(l&&(d===void 0||ck.includes(d.reason)))return l;
if(r.kind==="withheld"&&d&&ck.includes(d.reason))return{kind:"skip",reason:"untrusted",message:ak(e)};if(d===void 0){let g=({
name:b})=>i.some(({image:x})=>x===b);return!(i.length>0&&i.every(({answer:b})=>b.kind==="answered"))||!t.every(g)||!Je(c)?
q(`registry/${e}`,"looks"):{kind:"pass",message:dN(e,i),evidence:c}}let{look:f,reason:m}=d,p=i.filter(g=>g!==f&&lk(g)===
m),h={host:e,look:f,others:p.flatMap(({image:g})=>g??[]),login:r,situation:o};return y(Dn,m,h,{observed:sf(f),evidence:c})}
function nN({host:e},{looks:t},{evidence:n},o){for(let{answer:r,url:i}of t){let s=r.kind==="answered"?r.certificate:void 0,
a=s&&ud(s,o);if(!s||a===void 0)continue;let{until:d}=s,c=[...n,md(`TLS of ${i}`,s)];return y(Dn,"tls-expiring",{host:e,url:i,
days:a,until:d},{observed:Nn(d),evidence:c})}}var ck=["unauthorized","denied","not-found","rate-limited"];function lk({image:e,
at:t,answer:n,loggedIn:o}){var r,i;if(n.kind==="timed-out")return"timeout";if(n.kind!=="other-proxy"){if(n.kind==="faile\
d"){let s=Ge(n);return s==="unresolvable"?"unresolvable":s==="untrusted"?"tls-untrusted":"unreachable"}if(!n.genuine)return"\
unreachable";switch(n.status){case 200:return((r=n.pulls)==null?void 0:r.left)===0?"rate-limited":void 0;case 401:return e===
void 0&&!o&&n.challenge==="bearer"?void 0:"unauthorized";case 403:return"denied";case 404:return t==="token-server"?"unr\
eachable":"not-found";case 429:return"rate-limited";default:return n.status>=300&&n.status<400&&((i=n.location)==null?void 0:
i.includes("/v2/"))&&e!==void 0?void 0:"unreachable"}}}function oN(e,t,n,o){let{kind:r,message:i}=t,s={host:e,login:{...t,
helper:t.helper??""},situation:o};switch(r){case"helper-missing":return y(Dn,"credential-helper-missing",s,{observed:i??
"not on PATH",evidence:n});case"helper-failed":return y(Dn,"unauthorized",s,{observed:i??"it fails",evidence:n});case"he\
lper-hangs":return y(Dn,"timeout",s,{observed:"no answer within the deadline",evidence:n});default:return}}function sf({
answer:e}){var t;return e.kind!=="answered"?Ve(e):e.status===200&&((t=e.pulls)==null?void 0:t.left)===0?`status ${e.status}\
, no pulls left`:`status ${e.status}${e.message===void 0?"":`, ${e.message}`}`}function rN({image:e,mirrors:t=[]}){return t.
map(({url:n,answer:o})=>({source:`${n}, a mirror of the daemon`,text:`${e}: ${sf({answer:o})}`}))}function iN(e){let{image:t,
at:n,url:o,answer:r,via:i,trustedBy:s,insecure:a,loggedIn:d}=e,c=n==="registry"&&t!==void 0?"HEAD":"GET",l=[...r.kind===
"answered"&&r.digest!==void 0?[r.digest]:[],...r.kind==="answered"&&r.location!==void 0?[`redirects to ${r.location}`]:[],
...d?["with a login"]:[],...i===void 0?[]:[`through ${i}`],...s===void 0?[]:[`trusted by ${s}`],...e.mirror===void 0?[]:
["from a mirror of the daemon"],...a?["as the daemon's `insecure-registries` allow"]:[]];return{source:`${c} ${o}`,text:[
sf(e),...l].join(", ")}}function sN(e){let{unreadBy:t}=e,n=`a login for this registry, which Docker CLI ${t} does not re\
ad (28.3 does)`;return[...aN(e),...t===void 0?[]:[{source:"DOCKER_AUTH_CONFIG",text:n}]]}function aN({kind:e,config:t,helper:n,
message:o}){let r=n===void 0?t:`${t}, ${n}`;switch(e){case"withheld":return[{source:r,text:"not looked into: a stranger'\
s policy names this registry"}];case"none":return[{source:r,text:"no login for this registry"}];case"found":return[{source:r,
text:"a login for this registry"}];case"config-ignored":return[{source:r,text:`ignored by the Docker CLI: ${o??"it canno\
t be read"}`}];case"helper-missing":case"helper-failed":return[{source:r,text:o??"not on PATH"}];case"helper-hangs":return[
{source:r,text:"it does not finish"}]}}function dN(e,t){let n=t.flatMap(({image:d})=>d===void 0?[]:[u(d)]),o=t.some(({loggedIn:d})=>d)?
", with a login":"",r=t.find(d=>d.insecure),i=[...new Set(t.flatMap(({mirror:d})=>d===void 0?[]:[u(d)]))],a=`${i.length===
0?"":` from the daemon's mirror ${v(i)}`}${o}${r?dk(r.url.startsWith("https:")):""}`;return n.length===0?`${u(e)} answer\
s${a}`:`${v(n)} can be pulled${a}`}var mk="Looks at what the Docker CLI reads and writes for this user, without starting anything: the `config.json` in `DO\
CKER_CONFIG` or `~/.docker`, the login helpers that it names (`credsStore`, `credHelpers`) on the PATH, the directory in\
 which buildx keeps its state, and the variable `DOCKER_AUTH_CONFIG`. What does not exist yet is fine: the CLI creates i\
t. If Docker is `optional`, every finding is a warning.",ro={"credential-helper-missing":{level:"fail",title:"A login he\
lper of Docker is missing",headline:({missing:[e],unusable:t})=>t?"Docker's login helper needs a desktop session":`The l\
ogin helper ${u(T((e==null?void 0:e.helper)??"",36))} is missing`,why:({missing:e,unusable:t})=>{var o;if(t)return cN;let n=`\
error getting credentials - err: exec: "${(o=e[0])==null?void 0:o.helper}": executable file not found in $PATH`;return pk(
e)?`\`docker build\` and \`docker compose\` fail with ${u(n)}, for public images too; \`docker pull\` does since release 2\
9.`:`Pulls from ${v(e.map(({registry:r=""})=>u(r)))} fail with ${u(n)}. Builds warn.`},expected:({missing:e,unusable:t})=>t?
`a D-Bus session for ${t.helper}, or another helper`:`${v([...new Set(e.map(({helper:n})=>n))])} on the PATH`,tell:({client:e,
missing:t,unusable:n,situation:o})=>n?lN(e,n,o):{what:`${u(e.config.path)} names ${v(t.map(uN))}, but no such program is\
 on the PATH.`,fix:hk(e,t,o)},more:"An entry of `credHelpers` concerns one registry, so it is a warning. If the policy n\
ames a registry whose images cannot be pulled for this reason, the finding is that of `registry/<host>`. A helper that e\
xists is not started here."},"config-unreadable":{level:"fail",title:"Docker's configuration cannot be read",headline:({
client:{config:e}})=>e.state==="invalid"?"Docker's `config.json` is malformed":"Docker's `config.json` cannot be read",why:"\
The CLI goes on without it, with a warning at most: without logins, context and proxies. Pulls of private images fail. I\
f the directory is closed too, builds fail with `permission denied`.",expected:({client:e})=>`a ${e.config.path} that th\
is user can read, or none`,tell:({client:e,situation:t})=>({what:`${u(e.config.path)} cannot be used: ${e.config.state===
"invalid"?e.config.why:ve(e.config.why??"")}.`,fix:fN(e,t)})},"foreign-owned":{level:"fail",title:"Docker's configuratio\
n belongs to another user",headline:({closed:e})=>e.need==="create"?"Docker's configuration directory cannot be created":
e.readOnly?"Docker's configuration directory is read-only":`Docker's configuration belongs to ${u(T(fk(e),20))}`,why:({closed:e,
client:t})=>`\`docker build\` and \`docker/setup-buildx-action\` fail with ${u(`${hN(e,t)}: ${e.readOnly?"read-only file\
 system":"permission denied"}`)}.`,expected:({client:e,closed:t})=>t.readOnly||t.need==="create"?"a directory that build\
x can write into":`${e.directory} of ${af(e)}`,tell:({closed:e,client:t,situation:n})=>({what:e.need==="create"?`buildx \
keeps its state in ${u(e.path)}, which does not exist, and ${af(t)} cannot create it: \`HOME\` is a directory of another u\
ser, or none.`:e.readOnly?`${u(e.path)} is on a read-only mount, and buildx keeps its state there.`:`${u(e.path)} belong\
s to ${fk(e)} (mode ${B(e.mode)}), and the job runs as ${af(t)}, who cannot ${pN[e.need]}.`,fix:e.need==="create"?gN(n):
e.readOnly?kk(`Leave ${u(t.directory)} as it is, and give buildx another place.`,n):t.namedBy==="DOCKER_CONFIG"?yk(t,n):
gk(t,n)}),more:"It usually comes from one `sudo docker build` with this user's `HOME`. A directory that was mounted read\
-only, as Kubernetes mounts secrets, is reported if buildx is installed."},"auth-malformed":{level:"fail",title:"`DOCKER\
_AUTH_CONFIG` is malformed",why:"The Docker CLI ignores the whole variable, with `Failed to create credential store from\
 DOCKER_AUTH_CONFIG`. Pulls and pushes that need its logins fail.",expected:'{"auths":{"REGISTRY":{"auth":"\u2026"}}}, where \
\u2026 is user:password in base64',tell:({client:e,situation:t})=>({what:`\`DOCKER_AUTH_CONFIG\` is set, but ${e.authConfig.
why}.`,fix:{text:"Write the secret again: one JSON object, with `auths` as its only key, and in each login `auth` alone.\
 A login in `config.json` may have more keys, so its text cannot always be copied. Without the variable, the CLI uses `c\
onfig.json`.",commands:["printf %s 'USER:PASSWORD' | base64 -w0   # the value of auth","printenv DOCKER_AUTH_CONFIG | jq\
 'keys, (.auths | map_values(keys))'   # shows no secret"],kind:t.system==="none"?"host":"workflow"}}),more:"Releases of\
 the CLI before 28.3 do not read the variable, so nothing is judged there."}},cN="`docker build` and `docker compose` fa\
il with `error getting credentials - err: exit status 1, out: 'Cannot autolaunch D-Bus without X11 $DISPLAY'`, for publi\
c images too.";function lN(e,{helper:t,isDetected:n},o){let r=`${u(t)} asks a key ring over D-Bus, and this job has no s\
ession.`;if(!n){let s=`${u(e.config.path)} names ${u(t)} (\`credsStore\`). ${r}`,a={helper:t,setting:"credsStore"},{otherwise:d,
...c}=hk(e,[a],o);return{what:s,fix:c}}let i=o.inContainer?"":"sudo ";return{what:`The Docker CLI uses ${u(t)}, because \
it is on the PATH and no login is configured. ${r}`,fix:{text:"Remove the package that brought it, if nothing else needs\
 it: the simulation shows what goes with it. Or install `pass`, which the CLI prefers and which needs no session.",commands:[
"apt-get --simulate remove golang-docker-credential-helpers",`${i}apt-get install -y pass   # instead`],kind:o.inContainer?
"image":"host"}}}function Co({directory:e}){return`${e}/config.json`}function xd(e){return/^\/.+\/\.docker$/.test(e)}function pk(e){
var t;return((t=e[0])==null?void 0:t.setting)==="credsStore"}function uN({helper:e,setting:t,registry:n}){return n===void 0?
`${u(e)} (\`${t}\`)`:`${u(e)} (\`${t}\` for ${u(n)})`}function hk(e,t,{inContainer:n}){let o=pk(t)?[".credsStore"]:t.map(
({registry:s=""})=>`.credHelpers[${JSON.stringify(s)}]`),r=w(Co(e)),i=n?"image":"host";return{text:`Remove the setting f\
rom ${u(Co(e))}, and log in again where a login is needed, which keeps it in the file itself. The setting often comes fr\
om a file that was copied from a machine with Docker Desktop.`,...xd(e.directory)&&{commands:[`new=$(jq ${w(`del(${o.join(
", ")})`)} ${r}) && cp -p ${r} ${w(`${Co(e)}.bak`)} && printf '%s\\n' "$new" > ${r}`]},kind:i,otherwise:{text:`If the pr\
ogram keeps logins that are needed, install ${v([...new Set(t.map(({helper:s})=>u(s)))])} in a directory on the PATH of \
jobs.`,kind:i}}}function fN(e,t){let{config:n}=e,o=t.inContainer?"image":"host";return n.state==="invalid"?{text:`Correc\
t ${u(Co(e))}, or move it away and log in again: the CLI creates a new one.`,commands:[`jq . ${w(Co(e))} > /dev/null`,...xd(
e.directory)?[mN(Co(e))]:[]],kind:o}:n.why==="EISDIR"?{text:`${u(Co(e))} is a directory. Docker creates one if it is tol\
d to mount a file that does not exist on the daemon's machine: mount an existing file, or remove the empty directory.`,...xd(
e.directory)&&{commands:[`rmdir ${w(Co(e))}`]},kind:o}:e.namedBy==="DOCKER_CONFIG"?yk(e,t):gk(e,t)}function mN(e){return`\
mv ${w(e)} ${w(`${e}.bak`)}`}var pN={enter:"open it",write:"write into it",read:"read it",create:"create it"};function fk({
owner:e,uid:t}){return e??`uid ${t}`}function af({user:{name:e,uid:t}}){return e??`uid ${t??"?"}`}function hN({path:e,need:t,
kind:n},{directory:o}){return n==="file"?`open ${e}`:t==="create"?`mkdir ${o}`:e===o?`mkdir ${e}/buildx`:t==="enter"||/\/(?:activity|instances|defaults)$/.
test(e)?`open ${e}/default`:`mkdir ${e}/instances`}function gk(e,{inContainer:t}){let{user:n,directory:o}=e,r=/^[a-z_][\w.-]*$/i.
test(n.name??"")?n.name:String(n.uid??"");return{text:`Give ${u(o)} to the job's user. It holds only what the Docker CLI\
 of this user keeps.`,...xd(o)&&{commands:[`${t?"":"sudo "}chown -R ${w(`${r}:`)} ${w(o)}`]},kind:t?"image":"host"}}function yk({
directory:e,closed:t},n){let o=`\`DOCKER_CONFIG\` names ${u(e)}, which is not this user's.`;return(t==null?void 0:t.need)===
"write"?kk(`${o} Give buildx a place of its own, and leave the logins where they are.`,n):{text:`${o} Remove the variabl\
e where it is set (\`env:\` in the workflow, \`runner.envs\`, the runner's service, the image), and the CLI uses \`~/.docker\`\
. If the logins are needed, log in again as the job's user.`,commands:["unset DOCKER_CONFIG"],kind:"runner"}}function gN(e){
return{text:"Give the jobs a home of their own by `HOME`, as other tools need one, too. If only Docker needs it, name a \
directory for its configuration.",...Re(e,{DOCKER_CONFIG:wk(".docker",e)}),kind:"runner"}}function kk(e,t){return{text:e,
...Re(t,{BUILDX_CONFIG:wk("buildx",t)}),kind:"runner"}}function wk(e,{inContainer:t}){return`${t?"/tmp":"/var/lib/gitea-\
runner"}/${e}`}function bk({config:e,authConfig:t}){let n=e.state==="absent"?`${u(e.path)} does not exist`:`${u(e.path)}\
 is readable`;return t.state==="ok"?`${n}, and \`DOCKER_AUTH_CONFIG\` has ${t.count} logins`:n}var df={id:"docker/client",title:"The Docker CLI can use this user's configuration",intro:mk,reasons:ro,expand:({registries:e})=>[
yN(hi(e).targets)]};function yN(e){let t=Object.fromEntries(e.map(n=>[`registry/${n.host}`,li(n)]));return{id:"docker/cl\
ient",title:df.title,reasons:ro,needs:{client:by,cli:$o,container:R,job:S,...t},after:["docker/cli"],applies:ye,judge(n,o){
var O,V,J;let{docker:r}=o,{client:i,cli:s,container:a,job:d}=n;if(s.product==="none")return{kind:"skip",reason:"absent",
message:"No Docker CLI to configure."};if(s.product!=="docker")return{kind:"skip",reason:"not-applicable",message:"This \
`docker` is not a Docker CLI and has another configuration."};if(!((O=i.config)!=null&&O.path)||!i.config.state||!((V=i.
authConfig)!=null&&V.state))return q("docker/client","the configuration");let c=M(a,d),l={client:i,situation:c},f=bN(i),
m=r.require==="required"?"fail":"warn",p=new Map;for(let D of e){let{host:Q}=D,fe=n[`registry/${Q}`],Ze=rf(D,fe,c);(Ze.kind===
"finding"&&Ze.reason==="credential-helper-missing"||((J=fe.login)==null?void 0:J.kind)==="helper-failed")&&p.set(fe.login.
helper??"",`registry/${Q}`)}let h=i.missingHelpers.filter(({helper:D})=>!p.has(D)),g=h.filter(({setting:D})=>D==="credsS\
tore");if(g.length>0){let D={observed:"not on the PATH",evidence:f,level:m};return y(ro,"credential-helper-missing",{...l,
missing:g},D)}let{config:k,closed:b,authConfig:x,unusableHelper:E}=i;if(E&&!p.has(E.helper)){let D={observed:"no D-Bus s\
ession",evidence:f,level:m};return y(ro,"credential-helper-missing",{...l,missing:[],unusable:E},D)}if(b&&kN(b,i,s)){if(b.
cargoToo&&!le("rust/consistency","cargo-home-not-writable",o))return{kind:"skip",reason:"needs:rust/consistency",message:"\
The job's user has no home: see `rust/consistency`."};let D=`owner ${b.owner??b.uid}, mode ${B(b.mode)}`,Q=b.need==="cre\
ate"?`${D} above it`:b.readOnly?`read-only mount, ${D}`:D;return y(ro,"foreign-owned",{...l,closed:b},{observed:Q,evidence:f,
level:m})}if(k.state==="unreadable"||k.state==="invalid")return y(ro,"config-unreadable",l,{observed:k.why??k.state,evidence:f,
level:m});if(x.state==="malformed"&&wN(s))return y(ro,"auth-malformed",l,{observed:x.why??"malformed",evidence:f,level:m});
if(h.length>0){let D={observed:"not on the PATH",evidence:f,level:"warn"};return y(ro,"credential-helper-missing",{...l,
missing:h},D)}let[H]=p.values();if(H!==void 0){let D=`The login helper is missing: see \`${H}\`.`;return{kind:"skip",reason:`\
needs:${H}`,message:D}}return{kind:"pass",message:bk(i),evidence:f}}}}function kN({path:e,need:t,readOnly:n},{namedBy:o,
directory:r},{plugins:i}){let s=i.some(({name:a,state:d})=>a==="buildx"&&d==="executable");return n||t==="create"?s:o===
"home"||t!=="write"||e!==r||s}function wN({version:e}){let t=Z(e??"");return!t||mt(t,{numbers:[...rd,0],prerelease:[]})>=
0}function bN(e){let{config:t,closed:n,missingHelpers:o,unusableHelper:r,authConfig:i,user:s}=e,a=[];r&&(a.push({source:r.
helper,text:"on the PATH"}),a.push({source:"environment",text:"DBUS_SESSION_BUS_ADDRESS and DISPLAY are not set"}));for(let{
helper:c}of o)a.push({source:c,text:"not on the PATH"});if(n){let c=n.owner===void 0?`${n.uid}`:`${n.uid} (${n.owner})`;
a.push({source:`stat ${n.path}`,text:`mode ${B(n.mode)}, owner ${c}`}),a.push({source:"this process",text:`uid ${s.uid??
"?"}`})}if(i.state!=="unset"){let c=i.state==="ok"?`${i.count} logins`:i.why??"malformed";a.push({source:"environment, D\
OCKER_AUTH_CONFIG",text:c})}let d=t.why===void 0?t.state:`${t.state}: ${t.why}`;return[{source:t.path,text:d},...a]}var xk={level:"fail",title:"The Docker daemon is unreachable",headline:e=>$k(e)?"The TLS connection to Docker fails":"Th\
e Docker daemon is unreachable",why:e=>{let t=vk(e).error;return`Every \`docker\` command in this job fails${t===void 0?
"":` with ${u(t)}`}.`},expected:"a Docker daemon that answers `GET /version`",tell:e=>{let{what:t,fix:n}=vk(e),{address:o,
written:r}=e.endpoint;return{what:`${r===void 0?"":`\`DOCKER_HOST\` is ${u(r)}, which Docker reads as ${u(o)}. `}${u(o)}\
 cannot be reached: ${t}.`,fix:n}}},$d=["systemctl status docker.socket docker.service","sudo journalctl -u docker --sin\
ce -1h --no-pager | tail -50"];function _s(e){return e.kind==="unix"?[`sudo ss -lxp | grep ${w(e.path)}`]:e.kind==="tcp"?
[`sudo ss -ltnp 'sport = :${e.port}'   # on ${w(e.host)}`]:[]}function $k({errno:e,endpoint:{endpoint:t}}){return t.kind===
"tcp"&&/CERT|SSL|TLS|SELF_SIGNED|EPROTO|LEAF_SIGNATURE/.test(e)}function vk(e){let{errno:t,endpoint:n,situation:o}=e,r=u(
n.address);switch(t){case"ENOTFOUND":case"EAI_AGAIN":return{what:"its host name is unknown here",error:"no such host",fix:{
text:"Correct the host name, or put the job into the network where it is known: a service named `docker` is known only i\
n its own network. With Gitea's runner, that is `container.network`.",commands:[`getent hosts ${xN(n)}`],kind:"runner"}};case"\
ECONNREFUSED":return{what:"connections are refused",error:`Cannot connect to the Docker daemon at ${n.address}`,fix:{text:`\
Start the daemon, and make it listen at ${r}: by default, Docker listens only on its unix socket. The usual port is 2376\
 with TLS and 2375 without. In a job container, \`localhost\` is the container itself.`,commands:["docker ps --filter na\
me=dind   # on the daemon's machine",..._s(n.endpoint)],kind:"host"}};case"EAFNOSUPPORT":return{what:`this process may n\
ot open ${n.endpoint.kind==="unix"?"unix sockets":"sockets of this kind"} (\`EAFNOSUPPORT\`)`,error:"socket: address fam\
ily not supported by protocol",fix:vN(n,o)};case"ECONNRESET":case"EPIPE":return{what:"the connection is accepted and clo\
sed at once",fix:{text:"Check what listens there. A proxy or forwarder without a daemon behind it does this, and so does\
 a daemon that is shutting down or requires TLS.",commands:[..._s(n.endpoint),...$d],kind:"host"}};case"EHOSTUNREACH":case"\
ENETUNREACH":case"ETIMEDOUT":return{what:"it cannot be routed from this network",...t==="EHOSTUNREACH"&&{error:"no route\
 to host"},...t==="ENETUNREACH"&&{error:"network is unreachable"},fix:{text:`Correct the address ${r}, or put the job in\
to a network that reaches the daemon. With Gitea's runner, that is \`container.network\`.`,kind:"runner"}};default:return $k(
e)?$N(t,o):{what:u(t),fix:{text:"Read the daemon's log.",commands:$d,kind:"host"}}}}function vN({endpoint:e},t){let n=e.
kind==="unix"?"AF_UNIX":"AF_INET AF_INET6";return t.inContainer?{text:`Change the seccomp profile of the container (\`--s\
ecurity-opt seccomp=\u2026\`), which forbids \`socket\` with ${u(n)}. Docker's own profile allows it.`,kind:"runner"}:{text:`\
Allow ${u(n)} in the runner's service: its \`RestrictAddressFamilies\` leaves it out, and jobs on the host inherit that.`,
...$t(t,`RestrictAddressFamilies=${n}`),kind:"host"}}function xN({endpoint:e}){return e.kind==="tcp"?N(e.host):"docker"}
function $N(e,t){switch(e){case"EPROTO":return{what:"its answer is not TLS (`EPROTO`)",error:"server gave HTTP response \
to HTTPS client",fix:{text:"Use the port with TLS, usually 2376. If the daemon does not use TLS, unset `DOCKER_TLS_VERIF\
Y`, `DOCKER_TLS` and `DOCKER_CERT_PATH`.",commands:["unset DOCKER_TLS_VERIFY DOCKER_TLS DOCKER_CERT_PATH"],kind:"runner"}};case"\
ERR_TLS_CERT_ALTNAME_INVALID":return{what:`the daemon's certificate is for another name (${u(e)})`,fix:{text:"Use a name\
 from the certificate, or create a certificate with this name. `docker:dind` creates one for `docker` and `localhost`.",
...Re(t,{DOCKER_HOST:"tcp://docker:2376"}),kind:"runner"}};default:return{what:`the certificate is rejected (${u(e)})`,fix:{
text:"Give the job the certificates that belong to this daemon, and check their dates. `docker:dind` creates new ones wh\
enever its volume is new: mount the volume that this daemon uses.",commands:['openssl x509 -in "$DOCKER_CERT_PATH/ca.pem\
" -noout -subject -dates','openssl x509 -in "$DOCKER_CERT_PATH/cert.pem" -noout -issuer -dates'],kind:"runner"}}}}function cf(e){var t;return((t=Z(e))==null?void 0:t.text)??e.slice(0,20)}function Qt(e,t){switch(e.kind){case"ok":return t(
e.value);case"http-error":return`${e.status} ${e.body.slice(0,500)}`.trim();case"not-docker":return e.body.slice(0,500);case"\
failed":return`${e.code}: ${e.message}`;case"timed-out":return"no answer within the deadline";case"no-endpoint":return"n\
ot asked"}}function _o(e){return Qt(e,({version:t,apiVersion:n,minApiVersion:o,components:r,server:i})=>{let s=r.filter(
({name:c})=>c!=="Engine").map(({name:c,version:l})=>`${c} ${l}`),a=o===void 0?"":`, MinAPIVersion ${o}`,d=[i,...s].filter(
Boolean).join(", ");return`Version ${t}, ApiVersion ${n}${a}${d===""?"":` (${d})`}`})}var Ek="Asks the daemon for `/version` and `/info`, both at once and without a version in the path, which every release \
answers. `/info` is optional, and a proxy may deny it. But a daemon that answers it with a server error is reported. Inv\
alid requests to create a container, build and pull show what a proxy lets through; only if one of them or `/info` is de\
nied, they are sent with a version in the path too, and lists are tried.",Tk="Every `docker` command in this job fails.",
Fn={unreachable:xk,timeout:{level:"fail",title:"The Docker daemon does not answer",why:"The Docker CLI has no deadline o\
f its own: every `docker` command hangs until the job is killed.",expected:"an answer within milliseconds",tell:({address:e,
endpoint:t})=>({what:`${u(e)} gives no answer to \`GET /version\` within the deadline.`,fix:TN(t)})},"not-docker":{level:"\
fail",title:"Something other than Docker answers",headline:({body:e})=>Rk(e)?"A web server answers instead of Docker":"S\
omething other than Docker answers",why:Tk,expected:"JSON with `Version` and `ApiVersion`",tell:({address:e,endpoint:t,body:n})=>({
what:`${u(e)} answers, but not as a Docker daemon does${Rk(n)?": it sends a web page":""}.`,fix:{text:"Find the process \
that listens there. Then make Docker use the daemon instead: correct `DOCKER_HOST`, or what the runner mounts at this pa\
th.",commands:_s(t),kind:"host"}})},"http-error":{level:"fail",title:"The Docker daemon answers with an error",headline:({
status:e,wantsTls:t})=>t?"The Docker daemon requires TLS":e===404?"Another server answers in Docker's place (HTTP 404)":
`The Docker daemon answers with HTTP ${e}`,why:({wantsTls:e,status:t})=>e?"Every `docker` command in this job fails with\
 `Client sent an HTTP request to an HTTPS server`.":t===404?Tk:"The daemon, or a proxy in front of it, has a problem: so\
me or all `docker` commands fail with this error.",expected:({path:e})=>`GET ${e} answers with 200`,tell:RN},forbidden:{
level:"fail",title:"The Docker daemon denies access",headline:({status:e,denied:t,isUseless:n})=>n?t.every(({request:o})=>lf(
o))?"Docker does not let jobs build images":t.some(({request:o})=>o.startsWith("POST"))?`Docker does not let jobs do any\
thing (HTTP ${e})`:`The Docker daemon denies access (HTTP ${e})`:"A proxy keeps back part of Docker's API",why:({body:e,
denied:t})=>`${EN(t.map(({request:n})=>n))} with ${u(`Error response from daemon: ${T(e.split(`
`)[0]??"")}`)}.`,expected:({denied:e})=>`${e.map(({request:t})=>t).join(", ")} let through`,tell:({address:e,denied:t,status:n,
body:o})=>({what:`${u(e)} answers ${v(t.map(({request:r})=>u(r)))} with ${n}: the daemon is reachable, but ${Pk(o)?"its \
authorization plugin":"a proxy in front of it"} does not let this job use it.`,fix:Pk(o)?ON:SN}),more:"Whether POST is l\
et through is tried with requests that a daemon rejects as invalid (400), such as a `POST /containers/create` whose body\
 is not JSON: they create nothing. An error that is not worded as an engine does (JSON, or a header `Api-Version`) is a \
proxy's own. A proxy that denies only `/info` is not reported. If only a part is kept back, or Docker is `optional`, it \
is a warning."},"known-bad":{level:"fail",title:"This release of Docker breaks container jobs",headline:({version:e})=>`\
Docker ${cf(e)} breaks container jobs`,why:"Runners do that before the first step. Jobs fail in `Set up job` with `path \
escapes from parent` or `mkdirat var/run: file exists`, unless their image has a real `/var/run`.",expected:({fixedIn:e})=>`\
Docker ${e} or newer`,tell:({version:e,fixedIn:t})=>({what:`Docker ${e} cannot copy files below \`/var/run\` into a contai\
ner where it is a link to \`/run\`, as in most images.`,fix:AN(t)}),more:"29.5.0, 29.5.1 and 29.7.0 are affected. A job \
that reports this has an image with a real `/var/run`, or runs on the host; other jobs of the runner fail. Debian's pack\
age `docker.io` 28.5.2+dfsg4-3 (in sid) has the same problem, but the engine does not report its revision, so it passes.\
 If jobs fail this way, check `dpkg -s docker.io`."},podman:{level:"warn",title:"The daemon is Podman, not Docker",headline:({
version:e})=>`The daemon is Podman ${cf(e.version)}, not Docker`,why:"`docker ps`, `run` and `build` mostly work. `build\
x`, networks and health checks differ, and the runners do not support Podman. If something works with Docker but not her\
e, suspect this first.",expected:"Docker Engine",tell:({address:e,version:t})=>({what:`Podman ${t.version} answers at ${u(
e)}. It implements Docker's API ${t.apiVersion} only in part.`,fix:{text:"Let the runner use Docker Engine.",kind:"host",
otherwise:{text:"If you want Podman, turn this off in the policy.",config:{file:".gitea/runner-check.yml",language:"yaml",
text:`severity:
  docker/daemon:podman: off`},kind:"workflow"}}})}};function TN(e){return{text:`${e.kind==="tcp"?"Check whether a firewa\
ll drops the connection. If not, find":"Find"} out why the daemon hangs, then restart it. Usual causes are a full or fai\
ling disk, a stuck container shim, and a lock in its storage. \`SIGUSR1\` makes the daemon write its stack to its log. ${G}`,
commands:["df -h /var/lib/docker; sudo dmesg | tail",'sudo kill -USR1 "$(pidof dockerd)" && sudo journalctl -u docker -n\
 50 --no-pager',"sudo systemctl restart docker"],kind:"host"}}function Rk(e){return/<(!doctype|html|head|body)\b/i.test(
e)}function RN({address:e,path:t,status:n,wantsTls:o,endpoint:r,situation:i}){return o?{what:`The daemon at ${u(e)} requ\
ires TLS, but this job uses plain HTTP.`,fix:{text:"Enable TLS for the jobs, and mount the client certificates at `/cert\
s/client`.",...Re(i,{DOCKER_TLS_VERIFY:"1",DOCKER_CERT_PATH:"/certs/client"}),kind:"runner"}}:{what:`${u(e)} answers \`GE\
T ${t}\` with ${n}.`,fix:PN(n,e,r)}}function PN(e,t,n){return e===404?{text:`Another server listens at ${u(t)}: a Docker\
 daemon knows this path, whatever its release. Find it with the command, on the machine of this address. Then set \`DOCKE\
R_HOST\` to where the daemon listens, or move the other server to another port. Restarting Docker does not help.`,commands:_s(
n),kind:"runner"}:{text:`${e===502||e===503?"Restart the daemon: a proxy answers in its place.":"Read the daemon's log, \
which says more. Then restart the daemon."} ${G}`,commands:[...$d,"sudo systemctl restart docker"],kind:"host"}}function lf(e){
return/^POST \/(?:build|session|grpc)$/.test(e)}function EN(e){if(e.includes("GET /version"))return"Every `docker` comma\
nd in this job fails";let t=e.some(lf),n=e.some(o=>!lf(o)&&o.startsWith("POST"));return t&&n?"`docker run` and `docker b\
uild` fail":t?"`docker build` fails":n?"`docker run` or `docker pull` fails":"Some `docker` commands fail"}var SN={text:"\
Let the proxy pass what jobs need. Most proxies are configured by the environment of their container; others name paths \
and methods. With these switches on, the proxy no longer protects anything: a job can start any container, so it is root\
 on the daemon's machine.",config:{file:"the environment of the proxy's container",language:"ini",text:["CONTAINERS","IM\
AGES","BUILD","SESSION","GRPC","NETWORKS","VOLUMES","INFO","POST"].map(e=>`${e}=1`).join(`
`)},kind:"host",otherwise:{text:"If jobs of this label should not have Docker, keep the proxy and set `docker: forbidden\
` in the profile.",kind:"workflow"}};function Pk(e){return/authorization denied by plugin/i.test(e)}var ON={text:"Let th\
e plugin's policy allow what jobs need: it is the one that `authorization-plugins` names. If jobs of this label should n\
ot have Docker, set `docker: forbidden` in the profile.",commands:["grep -s authorization /etc/docker/daemon.json","syst\
emctl cat docker.service | grep authorization"],kind:"host"};function AN(e){return{text:`Upgrade Docker Engine to ${e} o\
r newer. ${G}`,commands:["sudo apt-get update && sudo apt-get install --only-upgrade -y docker-ce docker-ce-cli containe\
rd.io","docker version --format '{{.Server.Version}}'"],kind:"host",otherwise:{text:"Until then, give the image a real `\
/var/run` in the last line of its Dockerfile.",config:{file:"Dockerfile",language:"dockerfile",text:"RUN rm -f /var/run \
&& mkdir -p /var/run"},kind:"image"}}}function uf({requests:e=[]},t){let n=e.filter(eo),o=d=>n.some(c=>c.name===d),r=t.plugins.includes("buildx"),i=({name:d})=>[
"build","session","grpc"].includes(d),s=n.find(({name:d})=>d==="create")??n.find(d=>r||!i(d));if(!s)return;let a=o("cont\
ainers")&&o("images")||o("create")&&o("build")||r&&n.some(i);return{first:s,denied:n,isUseless:a}}function Sk(e,t){var o;
let{version:n}=e;return n.kind==="http-error"?[401,403,407].includes(n.status):n.kind==="ok"&&((o=uf(e,t))==null?void 0:
o.isUseless)===!0}var Ik={id:"docker/daemon",title:"A Docker daemon answers",intro:Ek,reasons:Fn,needs:{engine:ne,endpoint:ee,container:R,
job:S},after:["docker/endpoint","docker/socket"],applies:ye,judge({engine:e,endpoint:t,container:n,job:o},r){let i={engine:e,
endpoint:t,situation:M(n,o),evidence:NN(e)},{version:s}=e;switch(s.kind){case"no-endpoint":return{kind:"skip",reason:"no\
t-applicable",message:`This check cannot ask a daemon at ${u(e.endpoint)}.`};case"failed":{let{code:a,message:d}=s;if(t.
endpoint.kind==="unix"&&a==="ENOENT"&&r.docker.require==="optional")return{kind:"skip",reason:"absent",message:"Docker i\
s not set up."};if(a==="EMSGSIZE")return Ak(i,d);if(a==="EAGAIN")return Ok(i);let{situation:c,evidence:l}=i,f=`${a}: ${d}`;
return y(Fn,"unreachable",{errno:a,endpoint:t,situation:c},{observed:f,evidence:l})}case"timed-out":return Ok(i);case"no\
t-docker":return Ak(i,s.body);case"http-error":return Ck(i,s,"/version");case"ok":return IN(i,s.value,r)}}};function IN(e,t,n){
let{engine:o,evidence:r}=e,{info:i,endpoint:s}=o,{version:a,apiVersion:d,minApiVersion:c}=t,l=_N(a);if(l!==void 0)return y(
Fn,"known-bad",{version:a,fixedIn:l},{observed:a,evidence:r});if(i.kind==="http-error"&&i.status>=500)return Ck(e,i,"/in\
fo");let f=CN(e,n);if(f)return f;if(cr(t))return y(Fn,"podman",{address:s,version:t},{observed:`Podman ${a}`,evidence:r});
if(!a||!d)return q("docker/daemon","the version");let m=i.kind==="ok"&&i.value.operatingSystem!==""?` on ${i.value.operatingSystem}`:
"",p=i.kind==="ok"&&i.value.securityOptions.some(g=>g.includes("rootless")),h=c===void 0?"":`, minimum ${c}`;return{kind:"\
pass",message:`Docker ${a}${p?" (rootless)":""}${m}, API ${d}${h}`,evidence:r}}function CN({engine:e,evidence:t},{docker:n}){
let o=uf(e,n);if(!o)return;let{first:r,denied:i,isUseless:s}=o,a={address:e.endpoint,denied:i,isUseless:s,status:r.status,
body:r.body},d=s&&n.require==="required"?"fail":"warn";return y(Fn,"forbidden",a,{observed:`${r.status} for ${r.request}`,
evidence:t,level:d})}function _N(e){var n;let t=Te("setup-job-broken");return(n=t.ranges.find(o=>Yt({...t,ranges:[o]},e)===
"yes"))==null?void 0:n.before}function Ok({engine:e,endpoint:t,evidence:n}){let o={address:e.endpoint,endpoint:t.endpoint};
return y(Fn,"timeout",o,{observed:"none",evidence:n})}function Ak({engine:e,endpoint:t,evidence:n},o){let r={address:e.endpoint,
endpoint:t.endpoint,body:o};return y(Fn,"not-docker",r,{observed:o.slice(0,200),evidence:n})}function Ck({engine:e,endpoint:t,
situation:n,evidence:o},{status:r,body:i},s){let a={observed:`${r} ${i.slice(0,200)}`.trim(),evidence:o},d=e.endpoint;if(r===
401||r===403||r===407){let l=[{request:`GET ${s}`,status:r}];return y(Fn,"forbidden",{address:d,denied:l,isUseless:!0,status:r,
body:i},a)}let c=r===400&&/https server/i.test(i);return y(Fn,"http-error",{address:d,path:s,status:r,wantsTls:c,endpoint:t.
endpoint,situation:n},a)}function NN({version:e,info:t,endpoint:n,requests:o=[]}){let r={source:`GET /version on ${n}`,text:_o(
e)},i=Qt(t,({operatingSystem:d,driver:c,dockerRootDir:l})=>[d,c&&`storage ${c}`,l].filter(Boolean).join(", ")),s=i===r.text?
[]:[{source:`GET /info on ${n}`,text:i}],a=e.kind==="ok"?o.map(d=>DN(d,n)):[];return[r,...s,...a]}function DN(e,t){let{request:n,
status:o,body:r}=e,i=n.startsWith("POST")&&o!==404&&!eo(e)?"rejected as invalid, as it should be: ":"";return{source:`${n}\
 on ${t}`,text:`${i}${o} ${r.slice(0,200)}`.trim()}}var _k="Finds out where the Docker CLI of this job looks for its daemon, in the CLI's own order: `DOCKER_HOST`, `DOCKER_\
CONTEXT`, `currentContext` of `~/.docker/config.json` (or of the one in `DOCKER_CONFIG`), and finally `unix:///var/run/d\
ocker.sock`. Credentials in an address are never kept. A `config.json` that cannot be read or parsed is ignored, as the \
CLI ignores it, and named in the evidence.",Pd="The variables of a job come from `env:` in the workflow, `runner.envs` o\
r `runner.env_file` in the runner's `config.yaml`, the runner's service (host jobs) and `ENV` in the image.",xr={"invali\
d-host":{level:"fail",title:"The Docker address is invalid",headline:({facts:{context:e},invalid:t})=>t?e===void 0?"`DOC\
KER_HOST` is not a valid Docker address":"The Docker context cannot be used":"TLS variables are set, but `DOCKER_HOST` i\
s not",why:"Every `docker` command in this job fails before it reaches a daemon.",expected:({invalid:e})=>e?"an address \
such as `unix:///var/run/docker.sock` or `tcp://host:2376`":"no TLS variables, or a `DOCKER_HOST` that they belong to",tell:FN,
more:"Valid addresses are `unix:///path`, `tcp://host:port` and `ssh://host`. `unix:/path` with one slash, `http://` and\
 `npipe://` are not. The CLI reports `unable to resolve docker endpoint`, or `Cannot connect to the Docker daemon` if it\
 reads the value as a TCP address."},"tcp-without-tls":{level:"fail",title:"Docker is reached over the network without T\
LS",why:"A Docker daemon asks for no password: anyone who can reach this port has root access to its machine. What the j\
ob sends (build secrets, registry logins) can be read on the way.",expected:"a unix socket, TLS, or a loopback address",
tell:({facts:e,host:t,situation:n})=>({what:`${Td(e)} ${e.written===void 0?"names":`is ${u(e.written)}, which Docker rea\
ds as`} ${u(e.address)}, but TLS is not set up for it.`,fix:UN(t,n)}),more:"Addresses of the machine itself (`localhost`\
, `127.0.0.1`, `::1`) pass."},"tls-files-missing":{level:"fail",title:"TLS files for Docker are missing",headline:({missing:e})=>Dk(
e)?"TLS files for Docker cannot be read":"TLS files for Docker are missing",why:({facts:e,missing:t})=>{let n=t.find(({role:i})=>i===
"ca");if(!n)return"Without its certificate and key, the daemon rejects this job: every `docker` command fails.";let o=`o\
pen ${n.path}: ${n.state==="absent"?"no such file or directory":"permission denied"}`,r=e.endpoint.kind==="unix"?", even\
 though a unix socket does not use TLS":"";return`Every \`docker\` command in this job fails with ${u(`unable to resolve\
 docker endpoint: ${o}`)}${r}.`},expected:({missing:e})=>`readable ca.pem, cert.pem and key.pem in ${Fk(e)}`,tell:HN,more:"\
The CLI checks only whether the variables are empty: `DOCKER_TLS_VERIFY=0` enables verification. Without `DOCKER_CERT_PA\
TH`, the files are expected in `~/.docker`."},"ssh-unsupported":{level:"skip",title:"A Docker daemon behind SSH is not c\
hecked",message:({facts:e})=>`${Td(e)} names ${u(e.address)}. The CLI starts \`ssh\` for every command; this check does no\
t. Try \`docker version\`.`,more:"The CLI starts `ssh` for every command, with keys and known hosts of its own. This che\
ck does not, so the daemon is not checked. Try `docker version`."}};function Ed({source:e,context:t,endpoint:n}){switch(e){case"\
DOCKER_HOST":return"`DOCKER_HOST`";case"DOCKER_CONTEXT":return`the context ${u(t??"?")} of \`DOCKER_CONTEXT\``;case"conf\
ig":return`the context ${u(t??"?")} of the CLI's configuration`;case"default":return n.kind==="tcp"?"Docker's default wi\
th `DOCKER_TLS_VERIFY` or `DOCKER_TLS`":"Docker's default"}}function Td(e){return Ed(e).replace(/^t/,"T")}function FN({facts:e,
invalid:t,situation:n}){let{address:o,source:r,context:i}=e;return t?{what:i===void 0?`${Td(e)} is ${u(o)}: ${t.why}.`:`${Td(
e)} ${o.startsWith("context ")?"cannot be used":`has the address ${u(o)}`}: ${t.why}.`,fix:r==="DOCKER_HOST"?jN(t.meant,
n):LN(e,n)}:{what:`\`DOCKER_TLS_VERIFY\` or \`DOCKER_TLS\` is set without \`DOCKER_HOST\`. So Docker does not use its socket: \
it looks for a daemon at ${u(o)}, and none answers there.`,fix:{text:`Remove the TLS variables, or set \`DOCKER_HOST\` to \
the daemon that they belong to. They are often left over from a daemon in a service container. ${Pd}`,commands:[Nk],kind:n.
inContainer?"runner":"host"}}}var Nk="unset DOCKER_TLS_VERIFY DOCKER_TLS DOCKER_CERT_PATH";function jN(e,t){let n=e??"un\
ix:///var/run/docker.sock";return{text:`${e===void 0?"Remove `DOCKER_HOST`, or set it to":`Set \`DOCKER_HOST\` to ${u(e)}\
, or remove it to use`} the default, \`unix:///var/run/docker.sock\`. ${Pd}`,...Re(t,{DOCKER_HOST:n}),kind:"runner"}}function LN({
source:e,config:t},n){if(e==="DOCKER_CONTEXT")return{text:`Remove \`DOCKER_CONTEXT\`, or create the context. ${Pd}`,commands:[
"docker context ls"],kind:"runner"};let o=t.path.replace(/\/config\.json$/,"");return{text:`Go back to the default conte\
xt. The choice is kept in ${u(t.path)}, which is often copied from a machine with Docker Desktop.`,commands:[`DOCKER_CON\
FIG=${w(o)} docker context use default`],kind:n.inContainer?"image":"host"}}function UN(e,t){return{text:"Make the daemo\
n require certificates, and give the job those of a client. The image `docker:dind` creates both if `DOCKER_TLS_CERTDIR`\
 is set; share that directory with the job.",...Re(t,{DOCKER_HOST:`tcp://${e.includes(":")?`[${e}]`:e}:2376`,DOCKER_TLS_VERIFY:"\
1",DOCKER_CERT_PATH:"/certs/client"}),kind:"runner",otherwise:{text:"If the daemon runs on the same machine, use its uni\
x socket and remove the variable. If it is a throwaway Docker-in-Docker on a network that nothing else can reach, make t\
his a warning in the policy.",config:{file:".gitea/runner-check.yml",language:"yaml",text:`severity:
  docker/endpoint:tcp-without-tls: warn`},kind:"workflow"}}}function Dk(e){return e.every(({state:t})=>t==="unreadable")}
function Fk([e]){return((e==null?void 0:e.path)??"").replace(/\/[^/]*$/,"")}function HN({facts:e,missing:t,situation:n}){
let{endpoint:o,address:r,source:i}=e,a=i==="DOCKER_CONTEXT"||i==="config"?"The context requires":"The TLS variables requ\
ire",d=v(t.map(({path:m})=>u(m))),c=Dk(t),l=c?"cannot be read by this user":t.length===1?"does not exist":"do not exist",
f=Fk(t);return{what:`${a} TLS for ${u(r)}, but ${d} ${l}.`,fix:o.kind==="unix"?MN:c?GN(f):VN(f,n)}}var MN={text:`Remove \
\`DOCKER_TLS_VERIFY\`, \`DOCKER_TLS\` and \`DOCKER_CERT_PATH\`, which are for a daemon reached over TCP. ${Pd}`,commands:[
Nk],kind:"runner"};function GN(e){return{text:"Give the files to the job's user, or run the job as the user that owns th\
em. Do not open the key to other users.",commands:[`ls -ln ${w(e)}`],kind:"host"}}function VN(e,t){let n={text:"If the d\
aemon does not use TLS, remove `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and `DOCKER_CERT_PATH`. If the files are in another dir\
ectory, set `DOCKER_CERT_PATH` to it.",kind:"runner"};return t.inContainer?{text:`Mount the client certificates at ${u(e)}\
 in the job. \`docker:dind\` writes them to \`/certs/client\`: make that a volume, here \`docker-certs\`, and allow it in \`val\
id_volumes\`.`,config:{file:oe,language:"yaml",text:["container:",`  options: ${Se(`--volume ${w(`docker-certs:${e}:ro`)}`)}`,
"  valid_volumes:","    - docker-certs"].join(`
`)},commands:j(t),kind:"runner",otherwise:n}:{text:`Copy the client certificates of the daemon to ${u(e)}, readable by t\
he job's user only.`,commands:[`ls -ln ${w(e)}`],kind:"host",otherwise:n}}var Lk={id:"docker/endpoint",title:"The Docker CLI uses a valid and safe address",intro:_k,reasons:xr,needs:{endpoint:ee,
engine:ne,container:R,job:S},applies:ye,judge({endpoint:e,engine:t,container:n,job:o},{docker:r}){let{endpoint:i,address:s}=e,
a=t.version.kind==="ok",d=M(n,o),c=Uk(e);switch(i.kind){case"invalid":return y(xr,"invalid-host",{facts:e,invalid:i,situation:d},
{observed:s,evidence:c});case"ssh":return ln(xr,"ssh-unsupported",{facts:e});case"unix":{let l=(i.files??[]).filter(({role:f,
state:m})=>f==="ca"&&m!=="present");return l.length>0?jk(e,l,d):{kind:"pass",message:`${u(s)} (${Ed(e)})`,evidence:c}}case"\
tcp":{let{host:l,tls:f,files:m=[]}=i,p=f==="none"?BN(t,r):void 0;if(p!==void 0)return{kind:"skip",reason:"not-applicable",
message:`${u(s)} is reached without TLS, but ${p}: see \`docker/daemon\`.`};if(f==="none"&&!WN(l)){let k={source:"enviro\
nment",text:"DOCKER_TLS_VERIFY and DOCKER_TLS are not set"};return y(xr,"tcp-without-tls",{facts:e,host:l,situation:d},{
observed:`${s} without TLS`,evidence:[...c,k]})}if(e.source==="default"&&!a)return y(xr,"invalid-host",{facts:e,invalid:void 0,
situation:d},{observed:s,evidence:c});let h=m.filter(({state:k})=>k!=="present");if(h.some(({role:k})=>k==="ca")||h.length>
0&&!a)return jk(e,h,d);if(!f)return q("docker/endpoint","whether TLS is used");let g=f==="none"?"without TLS, but on thi\
s machine only":"with TLS";return{kind:"pass",message:`${u(s)}, ${g} (${Ed(e)})`,evidence:c}}}}};function BN(e,t){let{version:n}=e;
if(n.kind==="failed"){if(Ge(n)==="unresolvable")return"no machine has this name";if(["EHOSTUNREACH","ENETUNREACH"].includes(
n.code))return"no way leads there"}return Sk(e,t)?"what answers there lets jobs do nothing":void 0}function WN(e){return e===
"localhost"||e==="::1"||/^127(\.\d{1,3}){3}$/.test(e)}function jk(e,t,n){return y(xr,"tls-files-missing",{facts:e,missing:t,
situation:n},{observed:t.map(({role:o,state:r})=>`${o}.pem ${r}`).join(", "),evidence:[...Uk(e),...t.map(({path:o,state:r})=>({
source:o,text:r}))]})}function Uk({address:e,written:t,source:n,context:o,config:r}){let i={DOCKER_HOST:"environment, DO\
CKER_HOST",DOCKER_CONTEXT:`environment, DOCKER_CONTEXT=${o}`,config:`${r.path}, currentContext ${o}`,default:"Docker's d\
efault"}[n],s=r.state==="unreadable"||r.state==="invalid"?[{source:r.path,text:`${r.state}: the CLI warns and continues \
without it`}]:[],a=t===void 0?e:`${t}, read as ${e}`;return[{source:i,text:a},...s]}var Mk="Looks for the plugins that the profile asks for (the built-in builders: `buildx`) where the CLI looks for them: \
in `cliPluginsExtraDirs` of its configuration, in `~/.docker/cli-plugins`, then in `lib` and `libexec/docker/cli-plugins\
` below `/usr/local` and `/usr`. They are not started: the first bytes of a file tell whether it can be. The evidence li\
sts the plugins that exist.",Sd={"buildx-missing":Hk({title:"`docker buildx` is not available",why:"`docker buildx` fail\
s with `unknown command: docker buildx`. `docker build` falls back to the legacy builder or fails, and `docker/build-pus\
h-action` does not work.",more:"Before Docker 28, the error is `'buildx' is not a docker command`."}),"compose-missing":Hk(
{title:"`docker compose` is not available",why:"`docker compose` fails with `unknown command: docker compose`.",more:"Be\
fore Docker 28, the error is `'compose' is not a docker command`. The old `docker-compose` (with a hyphen) is another pr\
ogram and does not replace the plugin."}),"plugin-broken":{level:"warn",title:"A plugin of the Docker CLI does not start",
headline:({broken:[e]})=>`The plugin \`${e==null?void 0:e.name}\` of the Docker CLI does not start`,why:({broken:[e]})=>`\
The CLI leaves it out, so \`docker ${e==null?void 0:e.name}\` fails with \`unknown command: docker ${e==null?void 0:e.name}\
\`. \`docker info\` lists it under \`Invalid Plugins\`.`,expected:"a program of this machine",tell:({broken:e,place:t})=>({
what:`${e.map(({path:n,why:o})=>`${u(n)} exists and is executable, but ${o??"it is broken"}`).join("; ")}.`,fix:qN(e,t)}),
more:"Usual causes are a download for another architecture, an error page that was saved as the plugin, and a download t\
hat was cut off. The check reads the head of the file and starts nothing."}};function qN(e,t){let n=un(t,e.map(({name:o})=>Gk(
o)));return{...n,text:`Move the file away: it hides a plugin from a package. Then install the plugin again. ${n.text}`,commands:[
...e.map(({path:o})=>`${t.inContainer?"":"sudo "}mv ${w(o)} ${w(`${o.replace(/\/docker-/,"/broken-docker-")}`)}`),...n.commands??
[]]}}function Hk(e){return{level:"warn",...e,expected:({wanted:t})=>v(t),tell:({missing:t,unusable:n,place:o})=>({what:KN(
t,n),fix:JN(n,o)??un(o,t.map(Gk))})}}function KN([e,...t],n){let o=u(e??""),r=n.length===0?`The plugin ${o} of the Docke\
r CLI is not installed.`:`The plugin ${o} of the Docker CLI cannot be used: ${n.map(zN).join(", ")}.`;return t.length===
0?r:`${r} ${v(t.map(u))} is also missing.`}function zN({path:e,state:t}){let n=t==="dangling-link"?"is a link to a file \
that does not exist":"cannot be executed by this user";return`${u(e)} ${n}`}function Gk(e){return`docker-${e}-plugin`}function JN(e,{
inContainer:t}){let n=e.find(({state:o})=>o==="not-executable");return n&&{text:"Make the file executable for every user\
: the CLI silently ignores a plugin that it cannot start.",commands:[`${t?"":"sudo "}chmod a+rx ${w(n.path)}`],kind:t?"i\
mage":"host"}}var Vk={unread:{title:"Unknown whether a plugin of the Docker CLI is there",headline:({missing:[e="buildx"]})=>`\
Unknown whether \`docker ${e}\` is available`,why:"If a plugin is missing, its commands fail with `unknown command`.",expected:({
missing:e})=>v(e),tell:({missing:e,path:t,errno:n})=>({what:`The CLI would look for ${v(e.map(u))} at ${u(t)} too, which\
 cannot be read: ${ve(n)}.`,fix:he(t,n)})}};var YN=["buildx","compose"],Bk={id:"docker/plugins",title:"The Docker CLI has the plugins that the profile asks for",intro:Mk,
reasons:Sd,needs:{cli:$o,container:R,os:it},after:["docker/cli"],applies:e=>ye(e)&&e.docker.plugins.length>0,judge({cli:e,
container:t,os:n},o){if(e.product==="none")return{kind:"skip",reason:"absent",message:"No Docker CLI that could have plu\
gins."};if(e.product==="untrusted")return{kind:"skip",reason:"untrusted",message:"This `docker` is the workspace's, and \
was not run."};if(e.product!=="docker")return{kind:"skip",reason:"not-applicable",message:"This `docker` is not a Docker\
 CLI and has no plugins."};if(e.pluginsOnDeadMount)return{kind:"waits-for-mount",message:"A directory that may hold plug\
ins is on a mount that does not answer."};let r=e.plugins.filter(({state:m})=>m==="executable").map(({name:m})=>m),i=YN.
filter(m=>o.docker.plugins.includes(m)),s=i.filter(m=>!r.includes(m)),a=ZN(e),[d]=s;if(d===void 0)return{kind:"pass",message:v(
i),evidence:a};let{unread:c}=e;if(c){let m={missing:s,path:c.path,errno:c.code};return A(Vk,"unread",m,{observed:c.code,
evidence:a})}let l=s.flatMap(m=>e.plugins.filter(p=>p.name===m&&p.state==="broken")),f={inContainer:t.mode==="container",
os:n.name};if(l[0]&&s.every(m=>l.some(p=>p.name===m))){let m=l[0].why??"broken";return y(Sd,"plugin-broken",{broken:l,place:f},
{observed:m,evidence:a})}return y(Sd,`${d}-missing`,{missing:s,wanted:i,unusable:e.plugins.filter(({name:m})=>m===d),place:f},
{observed:v(r)||"no plugins",evidence:a})}};function ZN({plugins:e,unread:t}){let n=e.map(({path:s,state:a,why:d})=>({source:s,
text:d===void 0?a:`${a}: ${d}`})),o=t?[{source:t.path,text:t.code}]:[],[r={source:"cli-plugins directories",text:"no plu\
gins"},...i]=n;return[r,...i,...o]}var XN=2e3,Od={name:"docker-other-sockets",async collect(e,t,n,o){let{endpoint:r}=await o(ee),i=r.kind==="unix"?await Wk(
e,r.path):void 0,s=new Map;for(let a of[an,...await su(e)]){let d=await Wk(e,a);d!==i&&!s.has(d)&&(await e.stat(a)).kind===
"socket"&&s.set(d,a)}return te(Math.min(t.timeoutMs,XN),n,a=>Promise.all([...s.values()].map(async d=>({path:d,version:await du(
e,{kind:"unix",path:d},a)}))))}};async function Wk(e,t){let n=await e.realPath(t);return n.kind==="ok"?n.value:t}var qk="Applies only if the profile forbids Docker, and checks that this job cannot reach a daemon. Access is what count\
s: next to the address that the CLI would use, every socket at a usual path is asked, since a step can unset any variabl\
e. A CLI without a daemon is harmless, and so is a socket that this user cannot open.",ff="Access to a Docker daemon is \
root access to its machine: every job of this label can read and change everything there, including the secrets of other\
 jobs.",Ad={"forbidden-but-present":{level:"fail",title:"This job can reach a Docker daemon, which is forbidden",why:({otherSocket:e})=>e===
void 0?ff:`A step only has to unset a variable to use that socket. ${ff}`,expected:"no daemon that this job can reach",tell:e=>({
what:QN(e),fix:eD(e)}),more:"A daemon that answers with an error or hangs counts too: it may work again in the next job."}};
function QN({address:e,version:t,otherSocket:n,profile:o}){return n!==void 0?`The Docker CLI uses ${u(e)}, but a daemon \
also answers at ${u(n)}. The profile ${u(o)} forbids Docker.`:`${t===void 0?"A Docker daemon":`Docker ${t}`} answers at ${u(
e)}, but the profile ${u(o)} forbids Docker.`}function eD({overSocket:e,user:t,situation:n}){return e?n.inContainer?n.system!==
"gitea"&&n.system!=="forgejo"?{text:"Start the job's container without a mount of the Docker socket.",kind:"runner"}:{text:'\
Keep the socket out of the job containers: with `docker_host: "-"`, the runner uses the daemon itself but does not mount\
 its socket. Remove the socket from `container.options` and `valid_volumes` too.',config:{file:oe,language:"yaml",text:`\
container:
  docker_host: "-"`},commands:j(n),kind:"runner"}:tD(t,n):{text:"Remove `DOCKER_HOST` from the environment of the jobs, \
and take them out of the network of the daemon.",commands:["unset DOCKER_HOST"],kind:"runner"}}function tD(e,t){return e===
"root"?{text:"Run the jobs in containers, as another user, or on a machine without Docker: nothing keeps root from the s\
ocket.",kind:"host"}:{text:"Remove the runner's user from the socket's group and restart the runner: a running process k\
eeps its old groups.",commands:[...e===void 0?[]:[`sudo gpasswd --delete=${w(e)} docker`],...j(t)],kind:"host"}}var Kk={
"not-asked":{title:"Unknown whether this job can reach a Docker daemon",why:ff,expected:"no daemon",tell:({address:e,isSsh:t})=>({
what:t?`The Docker CLI would reach a daemon at ${u(e)} through SSH, which this check cannot ask.`:`The daemon's address \
is ${u(e)}, and nothing there answered or refused before the deadline: a firewall may drop the packets.`,fix:{text:"Remo\
ve the address (`DOCKER_HOST`, or the Docker context), since the profile forbids Docker. To see whether a daemon answers\
 there, ask by hand, as the job's user.",commands:["docker context ls",`timeout 30 docker --host=${w(e)} version`],kind:"\
runner"}})}};var Jk={id:"docker/presence",title:"This job cannot reach a Docker daemon",intro:qk,reasons:Ad,needs:{engine:ne,endpoint:ee,
others:Od,container:R,job:S,os:it},applies:e=>e.docker.require==="forbidden",judge({engine:e,endpoint:{endpoint:t},others:n,
container:o,job:r,os:i},s){let{version:a,endpoint:d}=e,c=[{source:`GET /version on ${d}`,text:_o(a)},...n.map(g=>({source:`\
GET /version on unix://${g.path}`,text:_o(g.version)}))],l={address:d,profile:s.profile,user:/^(?:uid |unknown$)/.test(i.
user)?void 0:i.user,situation:M(o,r)},f=n.find(g=>zk(g.version)),m=a.kind==="ok"&&nD(e.requests);if(f&&(a.kind!=="ok"||m))
return y(Ad,"forbidden-but-present",{...l,version:void 0,otherSocket:f.path,overSocket:!0},{observed:`${f.path}: ${_o(f.
version)}`,evidence:c});let p=t.kind==="unix";if(t.kind==="ssh"||a.kind==="timed-out"&&!p){let g=_o(a);return A(Kk,"not-\
asked",{address:d,isSsh:t.kind==="ssh"},{observed:g,evidence:c})}if(m){let g=(e.requests??[]).map(({request:b,status:x})=>({
source:`${b} on ${d}`,text:`status ${x}`}));return{kind:"pass",message:`a proxy at ${u(d)} keeps containers, images and \
every change from this job`,evidence:[...c,...g]}}if(!zk(a))return{kind:"pass",message:`no daemon answers at ${u(d)}`,evidence:c};
let h=a.kind==="ok"?a.value.version:void 0;return y(Ad,"forbidden-but-present",{...l,version:h,otherSocket:void 0,overSocket:p},
{observed:_o(a),evidence:c})}};function nD(e=[]){let t=e.filter(eo).map(({name:n})=>n);return["create","containers","ima\
ges"].every(n=>t.includes(n))}function zk(e){return e.kind==="failed"?e.code==="EAGAIN":e.kind==="ok"||e.kind==="http-er\
ror"||e.kind==="timed-out"}var Yk={name:"socket-mount",async collect(e,t,n,o){let{endpoint:r}=await o(ee);if(r.kind!=="unix")return{};let i=await mf(
e,r.path);return i?{mount:i}:{}}};async function mf(e,t){let[n,o]=await Promise.all([at(e),e.realPath(t)]),r=[t,o.kind===
"ok"?o.value:t];return n==null?void 0:n.filter(({target:i})=>r.includes(i)).pop()}var Id={name:"docker-socket",async collect(e,t,n,o){let{endpoint:r}=await o(ee);if(r.kind!=="unix")return{kind:"none"};let{
path:i}=r,[s,a,d,c,l,f,m]=await Promise.all([o(ne),e.lstat(i),e.stat(i),Rs(e,"/etc/group"),Rs(e,"/etc/passwd"),mf(e,i),e.
readText("/proc/self/uid_map",4096)]),p="mode"in d?d:void 0,g=a.kind==="absent"||d.kind==="absent"?await oD(o):[],k=e.uid===
void 0?void 0:l.get(e.uid);return{kind:"unix",path:i,found:a.kind,...a.kind==="unreadable"&&{code:a.code},...a.kind==="l\
ink"&&{link:{to:await sD(e,i),found:d.kind}},...p&&{owner:{mode:p.mode,uid:p.uid,gid:p.gid,...c.has(p.gid)&&{group:c.get(
p.gid)??""}}},user:{...e.uid!==void 0&&{uid:e.uid},...k!==void 0&&{name:k},groups:[...new Set([...e.gid===void 0?[]:[e.gid],
...e.groups])].slice(0,100)},connection:iD(s.version),...g.length>0&&{answering:g},...m.kind==="ok"&&!rD(m.value)&&{userNamespace:!0},
...f&&{mountRoot:$(f.root,500)}}}};async function oD(e){return(await e(Od)).flatMap(({path:n,version:o})=>o.kind!=="ok"?
[]:cr(o.value)?[{path:n,podman:!0}]:[{path:n}])}function rD(e){return/^\s*0\s+0\s+4294967295\s*$/.test(e)}function iD(e){
return e.kind==="timed-out"?"timed-out":e.kind==="failed"&&e.code!=="ECONNRESET"&&e.code!=="EPIPE"?e.code??"EUNKNOWN":"a\
ccepted"}async function sD(e,t){let n=await e.readLink(t);return n.kind==="ok"?$(n.value,500):"?"}var Zk={level:"fail",title:"Permission denied on the Docker socket",headline:({socket:e})=>Cd(e)?"The Docker socket belo\
ngs to another user namespace":"Permission denied on the Docker socket",why:({socket:e})=>`Every \`docker\` command in thi\
s job fails with \`permission denied while trying to connect to the Docker daemon socket\`${Cd(e)?", even for root: the \
socket's owner and group do not exist in this container":""}.`,expected:({socket:e})=>Cd(e)?"a socket of the daemon that\
 runs this job, or a job without a user namespace":e.owner?`a user who can write to it, such as a member of group ${e.owner.
gid}`:"a path that this user can reach",tell:aD,more:"A running process keeps its groups, so a runner has to be restarte\
d after its user joined one. No version of Gitea's runner drops `--group-add`."},Xk=65534;function Cd({userNamespace:e,owner:t}){
return e===!0&&t!==void 0&&[t.uid,t.gid].includes(Xk)}function _d({mode:e,uid:t,gid:n,group:o}){return`mode ${B(e)}, own\
er ${t}, group ${o?`${n} (${o})`:n}`}function aD({socket:e,situation:t}){let{path:n,owner:o,user:r}=e,s=`${r.name?`${u(r.
name)} (uid ${r.uid})`:`uid ${r.uid??"?"}`}, groups ${r.groups.join(" ")||"none"}`;if(!o)return{what:`${u(n)} is in a di\
rectory that is closed to ${s}.`,fix:dD(n,t)};let a=`${u(n)} has ${_d(o)}. The job runs as ${s}`;return Cd(e)?{what:`${a}\
, in a user namespace. There, ${Xk} stands for every user and group from outside.`,fix:cD(t)}:{what:`${a}.`,fix:lD(n,o,r,
t)}}function dD(e,{inContainer:t}){return{text:"Run the job as the user that owns the directory, since a rootless daemon\
 serves only its own user. Or use another daemon.",commands:[`namei -l ${w(e)}`],kind:t?"runner":"host"}}function cD(e){
return e.inContainer?{text:"If the daemon runs with `userns-remap`, turn that off, or run these jobs without the socket:\
 with the socket, they are root on the host anyway. If the runner uses a rootless daemon, mount that daemon's own socket\
: name it in `container.docker_host`, such as `unix:///run/user/1000/docker.sock`.",commands:["grep userns-remap /etc/do\
cker/daemon.json",...j(e)],kind:"runner"}:{text:"Give the runner the socket of its own user's daemon, or run it directly\
 on the machine: it now runs in a rootless container.",kind:"host"}}function lD(e,t,n,o){if(uD(t,n))return hD(e,o);if((t.
mode&16)===0)return t.uid===0?mD(e):pD(t,o);let r=`--group-add ${t.gid}`;if(o.inRunnerContainer)return st(r);if(!o.inContainer)
return fD(t,n,o);let i={text:`Add the job's user to the socket's group with ${u(r)}. Use the number: group names differ \
between host and image.`,...ae(o,r)};return i.kind!=="runner"?i:{...i,otherwise:{text:"For a single job, set the option \
in its workflow.",config:{file:"the workflow's job",language:"yaml",text:`container:
  options: ${r}`},kind:"workflow"}}}function uD({mode:e,uid:t,gid:n},o){return o.uid===t?(e&128)!==0:(e&(o.groups.includes(
n)?16:2))!==0}function fD(e,t,n){let o=t.name?N(t.name):`"$(getent passwd ${t.uid??""} | cut -d: -f1)"`,r=e.group?w(e.group):
`"$(getent group ${e.gid} | cut -d: -f1)"`,i="Members of this group have root access to the host.";return e.gid===0?{text:`\
Create the group \`docker\`, add the runner's user to it, and restart Docker, which then gives its socket to that group. N\
ow the socket belongs to root's group. Restart the runner too: a running process keeps its old groups. ${i} ${G}`,commands:[
"sudo groupadd --force docker",`sudo usermod -aG docker ${o}`,"sudo systemctl restart docker.socket docker.service",...j(
n)],kind:"host"}:{text:`Add the runner's user to the socket's group and restart the runner: a running process keeps its \
old groups. ${i}`,commands:[`sudo usermod -aG ${r} ${o}`,...j(n)],kind:"host"}}function mD(e){return{text:"Give the sock\
et's group access: now only its owner has it. Docker sets the mode when it starts, so `SocketMode=` of `docker.socket` h\
as to be `0660`.",commands:[...ni(e)?[`sudo chgrp docker ${w(e)} && sudo chmod 0660 ${w(e)}`]:[],"systemctl cat docker.s\
ocket | grep -i SocketMode"],kind:"host"}}function pD(e,t){let n=`Run the job as uid ${e.uid}, the only user with access\
: a rootless daemon serves only its own user. Or use another daemon.`;return t.inContainer?{text:n,...ae(t,`--user ${e.uid}`)}:
{text:n,kind:"host"}}function hD(e,t){let n="--security-opt label=disable";return{text:"Look for a denial by SELinux or \
AppArmor in the host's audit log: the permission bits allow this user.",commands:[`ls -lZ ${w(e)}`,"sudo ausearch -m avc\
 -ts recent","sudo dmesg | grep -i apparmor | tail"],kind:"host",...t.inContainer&&{otherwise:{text:`With SELinux, the o\
ption ${u(n)} removes the label that keeps job containers out. Gitea's runner 3.0.0 to 3.3.0 drops this option unless \`c\
ontainer.privileged\` is true.`,...ae(t,n)}}}}var Qk="Looks at the unix socket: first at what its path is (`lstat`), then at the target of a link, the mode, owner and\
 group, and finally at whether it accepts a connection. The order matters: a directory, a plain file and a socket withou\
t a daemon all refuse a connection with the same error. A link to a live socket passes. If Docker is reached over TCP, t\
here is nothing to check (`not-applicable`).",pf=e=>`a socket at ${e}`,Nd=e=>`Every \`docker\` command in this job fails w\
ith ${u(`Cannot connect to the Docker daemon at unix://${e}`)}.`,No={missing:{level:"fail",title:"The Docker socket is m\
issing",headline:({endpoint:{source:e,context:t}})=>e==="config"||e==="DOCKER_CONTEXT"?X("The Docker context ",t??"?"," \
leads to no socket"):"The Docker socket is missing",why:({socket:e})=>Nd(e.path),expected:({socket:e})=>pf(e.path),tell:e=>({
what:gD(e),fix:yD(e)}),more:"Docker 29 reports `failed to connect to the docker API` instead. Rootless Docker, Podman, C\
olima and Docker Desktop use other paths: if one of those sockets exists, the finding names it."},directory:{level:"fail",
title:"The Docker socket is a directory",why:({path:e})=>Nd(e),expected:({path:e})=>pf(e),tell:({path:e,situation:t,endpoint:n})=>({
what:`${u(e)} is a directory. Docker creates one if it is told to mount a path that does not exist on the daemon's machi\
ne.`,fix:vD(e,t,n)}),more:"The runner wanted to mount a socket that does not exist on the daemon's machine. Typical caus\
es: rootless Docker, whose socket has another path; a Docker-in-Docker daemon, which does not see the host's files; a Do\
cker that was not running yet when the container was started."},"not-a-socket":{level:"fail",title:"The Docker socket is\
 not a socket",headline:({thing:e})=>`The Docker socket is ${e}`,why:({path:e})=>Nd(e),expected:({path:e})=>pf(e),tell:({
path:e,thing:t,situation:n,endpoint:o})=>({what:`${u(e)} is ${t}.`,fix:xD(e,n,o)})},"permission-denied":Zk,"world-writab\
le":{level:"fail",title:"The Docker socket is open to every user",headline:({owner:e})=>`The Docker socket is open to ev\
ery user (mode ${B(e.mode)})`,why:"Access to the Docker socket is root access to the host: every user, and every program\
 of every user, can take the host over.",expected:"mode 0660 and a group of its own",tell:({path:e,owner:t,endpoint:n})=>({
what:`${u(e)} has mode ${B(t.mode)}: every user of the machine can open it.`,fix:$D(e,t,n)}),more:"The usual cause is a \
`chmod 666` as a quick fix for `permission-denied`. The group is the right fix. A socket that newer runners create for a\
 single job, between job and daemon, passes."},refused:{level:"fail",title:"No daemon listens on the Docker socket",why:({
path:e})=>Nd(e),expected:"a daemon that accepts connections",tell:({path:e,situation:t})=>({what:`${u(e)} is a socket, b\
ut connections are refused. Its daemon has stopped, or has restarted and left this socket behind.`,fix:TD(e,t)})}};function gD({
socket:e,endpoint:t,situation:n}){let{path:o,link:r,answering:i=[]}=e,s=r?`${u(o)} is a link to ${u(r.to)}, which does n\
ot exist.`:`${u(o)} does not exist${n.inContainer?" in this job container":""}.`,a=t.source==="default"?"":` ${ew(t)} na\
mes it.`,[d]=t.elsewhere;if(i.length>0){let c=v(i.map(l=>u(l.path)));return`${s}${a} ${i.every(({podman:l})=>l)?"Podman":
"A daemon"} answers at ${c}, where Docker does not look.`}return d===void 0?`${s}${a}`:`${s}${a} A socket exists at ${u(
d)}, but Docker does not look there by default.`}function ew({source:e,context:t,config:n}){switch(e){case"config":return`\
\`currentContext\` ${u(t??"?")} in ${u(n.path)}`;case"DOCKER_CONTEXT":return`The context ${u(t??"?")} of \`DOCKER_CONTEXT\
\``;case"DOCKER_HOST":return"`DOCKER_HOST`";case"default":return"Docker's default"}}function yf({source:e,config:t}){if(e===
"DOCKER_HOST"||e==="DOCKER_CONTEXT")return[`unset ${e}`,"docker version"];if(e!=="config")return["docker context ls"];let n=t.
path.replace(/\/config\.json$/,"");return[`${n.endsWith("/.docker")?"":`DOCKER_CONFIG=${w(n)} `}docker context use defau\
lt`,"docker version"]}function kf({socket:{answering:e=[]},endpoint:t}){var n;return((n=e.find(({podman:o})=>!o)??e[0])==
null?void 0:n.path)??t.elsewhere[0]}function tw({socket:e,endpoint:t}){return t.source!=="default"&&e.path!==an}function yD(e){
var a;let{socket:t,endpoint:n,situation:o}=e,{path:r}=t;if(o.inRunnerContainer)return st(`--volume ${w(`${r}:${r}`)}`);let i=((a=
t.answering)==null?void 0:a.some(d=>d.path===an))===!0;if(tw(e)&&(o.inContainer||i||n.source!=="DOCKER_HOST"))return wD(
e,i);if(!o.inContainer)return bD(e);let s=kf(e);if(s!==void 0)return wf(s,o);switch(o.system){case"gitea":return kD(o);case"\
forgejo":return{text:"Set `docker_host` to `automount`: only then does Forgejo's runner mount the daemon's socket into j\
ob containers.",config:{file:oe,language:"yaml",text:`container:
  docker_host: automount`},commands:j(o),kind:"runner"};case"github":return{text:"Start Docker: GitHub's runner mounts t\
he socket of its host into job containers, so the host has none. If the runner itself runs in a container, mount the soc\
ket into that container.",commands:["ls -l /var/run/docker.sock","sudo systemctl enable --now docker"],kind:"host"};default:
return{text:"Start the container with the option `--volume /var/run/docker.sock:/var/run/docker.sock`.",kind:"host"}}}function kD(e){
let t=ht("duplicate-socket-mount",e)!=="no",o={text:`Leave \`docker_host\` empty, and the runner mounts the socket into ev\
ery job container. It does not if \`docker_host\` is \`-\` or a TCP address. For rootless Docker, set it to the socket's pat\
h on the daemon's machine, such as \`unix:///run/user/1000/docker.sock\`.${t?" Do not add the socket to `container.optio\
ns`: up to runner 2.3.0, the second mount makes every job fail with `Duplicate mount point`.":""}`,config:{file:oe,language:"\
yaml",text:`container:
  docker_host: ""`},commands:j(e),kind:"runner"};return t?o:{...o,otherwise:{text:"If `docker_host` must stay `-`, mount\
 the socket with an option and allow its path in `valid_volumes`. Otherwise, the runner drops the mount and logs `is not\
 a valid volume, will be ignored` in `Set up job`.",config:{file:oe,language:"yaml",text:["container:",'  docker_host: "\
-"',"  options: --volume /var/run/docker.sock:/var/run/docker.sock","  valid_volumes:","    - /var/run/docker.sock"].join(
`
`)},commands:j(e),kind:"runner"}}}function wf(e,t){let n=`unix://${e}`;return{text:`Set \`DOCKER_HOST\` to ${u(n)} for t\
he jobs.`,...Re(t,{DOCKER_HOST:n}),kind:"runner"}}function wD(e,t){let{socket:n,endpoint:o,situation:r}=e,i={...nw(e),commands:yf(
o)};if(t||r.inContainer)return i;let s=kf({...e,socket:{...n,answering:n.answering??[]}});return{...i,otherwise:s===void 0?
Dd:wf(s,r)}}function nw({socket:{path:e},endpoint:t,situation:n}){switch(t.source){case"config":return{text:`Go back to \
the default context. The program that ${u(t.context??"?")} belongs to (such as Docker Desktop, Colima or Rancher Desktop\
) was removed or does not run.`,kind:n.inContainer?"image":"host"};case"DOCKER_CONTEXT":return{text:"Remove `DOCKER_CONT\
EXT` where it is set: `env:` in the workflow, `runner.envs`, the runner's service, or the image. To try it without:",kind:"\
runner"};default:return{text:`Correct \`DOCKER_HOST\`, which names ${u(e)}, or mount the socket at this path. In job con\
tainers of Gitea's runner, the socket is always at \`/var/run/docker.sock\`. To try it without the setting:`,kind:"runne\
r"}}}var Dd={text:"Start Docker now and at every boot. If it is not installed, install Docker Engine: https://docs.docke\
r.com/engine/install/.",commands:["systemctl status docker.socket docker.service","sudo systemctl enable --now docker"],
kind:"host"};function bD(e){let{endpoint:t,situation:n}=e,o=kf(e);return o!==void 0?{...wf(o,n),otherwise:Dd}:tw(e)?{...Dd,
otherwise:{...nw(e),commands:yf(t)}}:Dd}function hf(e){return["sudo systemctl stop docker.socket docker.service",`sudo r\
mdir ${w(e)}`,"sudo systemctl start docker.socket docker.service"]}var gf="ls -ld /var/run/docker.sock   # on the daemon\
's machine: must begin with s";function bf(e,t){return{text:`Correct the address: ${u(e)} does not look like a socket of\
 Docker, so leave it as it is. ${ew(t)} names it.`,commands:yf(t),kind:"runner"}}function vD(e,t,n){if(!ni(e))return bf(
e,n);if(!t.inContainer)return{text:`Stop Docker, remove the directory, and start Docker again: it then creates its socke\
t. The directory comes back if a container with this mount starts before Docker has its socket. ${G}`,commands:hf(e),kind:"\
host"};if(t.system!=="gitea"&&t.system!=="forgejo")return{text:`Mount a socket that exists on the daemon's machine, and \
remove the empty directory there. ${G}`,commands:[gf,...hf(e)],kind:"host"};let o=ht("socket-directory",t)==="yes"?" Upg\
rade the runner too: before 0.3.0, it mounts the path even if the daemon is reached over TCP.":"";return{text:`Set \`dock\
er_host\` to the socket's path on the daemon's machine, then remove the empty directory there. Rootless Docker listens at\
 \`unix:///run/user/1000/docker.sock\` for uid 1000. A Docker-in-Docker daemon has its socket inside its own container. ${G}${o}`,
config:{file:oe,language:"yaml",text:`container:
  docker_host: unix:///var/run/docker.sock   # the path on the daemon's machine`},commands:[gf,...hf(e),...j(t)],kind:"r\
unner"}}function xD(e,t,n){if(!ni(e))return bf(e,n);let o=`ls -l ${w(e)}`;return t.inContainer?{text:"Find what is mount\
ed or copied to this path. Look at `container.docker_host`, at `--volume` in `container.options`, and at the image, whic\
h may contain a file of that name.",commands:[o,gf],kind:"runner"}:{text:`Stop Docker, move the file away, and start Doc\
ker again: it then creates its socket. ${G}`,commands:[o,"sudo systemctl stop docker.socket docker.service",`sudo mv ${w(
e)} ${w(`${e}.old`)}`,"sudo systemctl start docker.socket docker.service"],kind:"host"}}function $D(e,t,n){return ni(e)?
{text:"Remove access for other users, and find out what granted it: a `chmod 666` in a start script, or `SocketMode=` of\
 `docker.socket`. Users who need Docker join the socket's group, job containers get `--group-add`.",commands:[...t.gid===
0?[`sudo chgrp docker ${w(e)}`]:[],`sudo chmod 0660 ${w(e)}`,"systemctl cat docker.socket | grep -i SocketMode"],kind:"h\
ost"}:bf(e,n)}function TD(e,t){let n=["systemctl status docker.socket docker.service","sudo systemctl restart docker.soc\
ket docker.service"];return t.inContainer?{text:`Start Docker. If it is running, this job has an old socket: the mount o\
f ${u(e)} keeps the socket of the daemon that ran when the mount was made. If the runner itself runs in a container, res\
tart the runner after every restart of Docker.`,commands:["systemctl status docker.socket docker.service","sudo systemct\
l start docker.socket docker.service",...j(t)],kind:"host"}:{text:`Restart Docker. If it does not start, its log says wh\
y. ${G}`,commands:[...n,"sudo journalctl -u docker --since -1h --no-pager | tail -50"],kind:"host"}}var ow={id:"docker/socket",title:"The Docker socket exists and accepts this job",intro:Qk,reasons:No,needs:{socket:Id,endpoint:ee,
container:R,job:S},after:["docker/endpoint"],applies:ye,judge({socket:e,endpoint:t,container:n,job:o},r){var g;if(e.kind===
"none")return{kind:"skip",reason:"not-applicable",message:`Docker is reached at ${u(t.address)}, not through a local soc\
ket.`};let{path:i,connection:s,owner:a,link:d}=e,c=M(n,o),l=SD(e,t),f=k=>{let b=d?`a link to ${d.to}, which does not exi\
st`:"nothing at this path";return y(No,"missing",{socket:e,endpoint:t,situation:c},{observed:b,evidence:l,...k&&{level:k}})},
m=()=>y(No,"permission-denied",{socket:e,situation:c},{observed:e.code??s,evidence:l}),p=(d==null?void 0:d.found)??e.found;
if(p==="absent")return r.docker.require==="optional"&&i===an&&e.found==="absent"?(g=e.answering)!=null&&g.some(({podman:k})=>!k)?
f("warn"):{kind:"skip",reason:"absent",message:`Docker is not set up: ${u(i)} does not exist.`}:f();if(p==="directory")return y(
No,"directory",{path:i,situation:c,endpoint:t},{observed:"a directory",evidence:l});if(p==="unreadable")return m();if(p!==
"socket"||RD.includes(s)){let k=PD[p]??"neither a socket nor a file";return y(No,"not-a-socket",{path:i,thing:k,situation:c,
endpoint:t},{observed:k,evidence:l})}if(s==="EACCES"||s==="EPERM")return m();if(s==="ENOENT")return f();if(a&&(a.mode&2)!==
0&&!ED(e,c))return y(No,"world-writable",{path:i,owner:a,endpoint:t},{observed:_d(a),evidence:l});if(s==="ECONNREFUSED")
return y(No,"refused",{path:i,situation:c,endpoint:t},{observed:s,evidence:l});let h=s==="accepted"?"accepts connections":
`is a socket (${s})`;return{kind:"pass",message:`${u(i)} ${h}`,evidence:l}}},RD=["EPROTOTYPE","ENOTSOCK"],PD={file:"a pl\
ain file",device:"a device",socket:"a socket of another type"};function ED({mountRoot:e},{inContainer:t,giteaRunner:n}){
let o=t?Z(n??""):void 0;return!o||mt(o,{numbers:[3,3,0],prerelease:[]})<=0||e===void 0?!1:!/^(\/var)?(\/run)?(\/user\/\d+)?(\/docker|\/podman)?\/(docker|podman)\.sock$/.
test(e)}function SD(e,t){var l;let{path:n,found:o,link:r,owner:i,user:s,connection:a,mountRoot:d}=e,c=[{source:`lstat ${n}`,
text:r?`link to ${r.to} (${r.found})`:o}];i&&c.push({source:`stat ${n}`,text:_d(i)}),o!=="absent"&&c.push({source:`conne\
ct ${n}`,text:a}),c.push({source:"this process",text:`uid ${s.uid??"?"}, groups ${s.groups.join(" ")||"none"}`}),d!==void 0&&
c.push({source:"/proc/self/mountinfo",text:`mounted from ${d}`});for(let{path:f}of e.answering??[])c.push({source:f,text:"\
a daemon answers"});for(let f of t.elsewhere)(l=e.answering)!=null&&l.some(m=>m.path===f)||c.push({source:f,text:"a sock\
et"});return c}var rw="Checks who else can reach the daemon through this job. Access to a daemon is root access to its host. The team a\
ccepts that for its own code, and for no other. It applies wherever a daemon answers, in containers and on the host.",Fd={
"untrusted-event":{level:"fail",title:"A pull request from a fork can reach the Docker daemon",why:"Its author can start\
 a privileged container and read and change everything on the runner's host: the runner's token, and the secrets and res\
ults of other jobs.",expected:"no Docker daemon that code from forks can reach",tell:({event:e,address:t,situation:n})=>({
what:`This job runs code from a fork (${u(e)}) and can reach the Docker daemon at ${u(t)}.`,fix:OD(n)}),more:"The event'\
s file tells whether it is a fork: head and base are compared. `pull_request_target` passes, since it runs the workflow \
of the base branch; do not check out the head in it. If you trust everyone who can open a pull request, set `docker/sock\
et-exposure: off` under `severity` in the policy."},"read-only-illusion":{level:"warn",title:"The read-only mount of the\
 Docker socket protects nothing",why:"`:ro` only keeps the socket from being replaced. Requests through it are not write\
s to the file: `docker run --privileged` works, and jobs are root on the host.",expected:"a socket without `:ro`, or no \
socket",tell:({situation:e})=>({what:"The Docker socket is mounted read-only, but the daemon still executes every reques\
t.",fix:AD(e)})}};function OD(e){return{text:"Send pull requests from forks to a runner without the socket: give it a la\
bel of its own. Until then, run this job only for branches of the repository itself, and require approval for runs of fi\
rst-time contributors.",config:{file:"the workflow's job",language:"yaml",text:"if: github.event_name != 'pull_request' \
|| github.event.pull_request.head.repo.full_name == github.repository"},kind:"workflow",otherwise:iw(e)?{text:"On the ru\
nner for such jobs, keep the socket out of the containers.",config:{file:oe,language:"yaml",text:`container:
  docker_host: "-"`},commands:j(e),kind:"runner"}:{text:"If you trust everyone who can open a pull request, turn this of\
f in the policy.",config:{file:".gitea/runner-check.yml",language:"yaml",text:`severity:
  docker/socket-exposure: off`},kind:"workflow"}}}function AD(e){let t="Remove `:ro` if jobs of this label may use Docke\
r. If they may only read, put a proxy in front of the daemon that allows only read requests, and give the jobs its socke\
t: `/run/docker-proxy.sock` in this example.";return iw(e)?{text:`${t} The runner mounts what \`docker_host\` names, so no\
 option has to mount it.`,config:{file:oe,language:"yaml",text:`container:
  docker_host: unix:///run/docker-proxy.sock`},commands:j(e),kind:"runner"}:{text:t,...ae(e,"--volume /run/docker-proxy.\
sock:/var/run/docker.sock")}}function iw({system:e}){return e==="gitea"||e==="forgejo"}var sw={"event-unknown":{title:"U\
nknown whether this pull request is from a fork",why:"This job reaches the Docker daemon, which is root access to its ma\
chine. If the pull request is from a fork, a stranger's code has it.",expected:"an event file that names the repository \
of the pull request",tell:({event:e})=>({what:`The event's file does not say whether this ${u(e)} comes from a fork: it \
is missing, cannot be read, or is not the JSON of a pull request.`,fix:{text:"Let the job read the file: its user must h\
ave access, and the runner must have written it. The commands show both in a step of the job.",commands:['ls -l "$GITHUB\
_EVENT_PATH"','head -c 300 "$GITHUB_EVENT_PATH"',"id"],kind:"runner",otherwise:{text:"Run pull requests on a label whose\
 jobs have no socket. Then it does not matter where they come from.",kind:"workflow"}}})}};var aw={id:"docker/socket-exposure",title:"Only trusted code can reach the Docker daemon",intro:rw,reasons:Fd,needs:{engine:ne,
job:S,mount:Yk,container:R},after:["docker/daemon"],applies:ye,judge({engine:e,job:t,mount:{mount:n},container:o}){let{version:r,
endpoint:i}=e;if(r.kind!=="ok")return{kind:"skip",reason:"not-applicable",message:"No Docker daemon answers."};let s=M(o,
t),a=[{source:`GET /version on ${i}`,text:`Docker ${r.value.version} answers`},...ID(n)],d=t.event??"?",c=t.inJob&&/^pull_request(?!_target)/.
test(d);if(c&&t.fromFork===!0){let l=`${d} from a fork, Docker answers`;return y(Fd,"untrusted-event",{event:d,address:i,
situation:s},{observed:l,evidence:a})}if(c&&t.fromFork===void 0)return A(sw,"event-unknown",{event:d},{observed:"no repo\
sitory of the pull request",evidence:a});if(n!=null&&n.readOnly){let l=`${n.root} mounted with ro`;return y(Fd,"read-onl\
y-illusion",{situation:s},{observed:l,evidence:a})}return!r.value.version||typeof t.inJob!="boolean"?q("docker/socket-ex\
posure","the daemon, or whether this is a job"):{kind:"pass",message:t.inJob?`event ${u(d)}`:"not in a job",evidence:a}}};
function ID(e){if(!e)return[];let{root:t,target:n,readOnly:o}=e;return[{source:"/proc/self/mountinfo",text:`${t} on ${n}\
, ${o?"ro":"rw"}`}]}var jn={name:"disks",async collect(e,t,n,o){let r=Qr(n),i=await at(e)??[],s=["workspace","temp","home","tool-cache","doc\
ker-root"],d=[...new Set([...s,...t.policy.disk.map(c=>c.path)])].map(async c=>{let l=await ND(c,e,t,i,o);if(typeof l!="\
string")return[c,l];let f={kind:"unreadable",path:l,code:"ETIMEDOUT"},m=z(LD(e,l,i,n),()=>({kind:"dead-mount",path:l})),
p=await Promise.race([m,r.then(()=>f)]);return c==="docker-root"?[c,_D(p)]:[c,s.includes(c)?p:CD(p)]});return{places:Object.
fromEntries(await Promise.all(d))}}};function CD(e){return e.kind==="measured"&&e.measuredAt!==void 0?{kind:"unreadable",
path:e.path,code:"ENOENT"}:e}function _D(e){return e.kind==="measured"&&e.measuredAt!==void 0?{kind:"not-visible",why:`\`${e.
path}\` does not exist`}:e}async function ND(e,t,n,o,r){switch(e){case"workspace":return n.workspace;case"temp":return to(
t.env);case"home":return vo(t)??{kind:"not-visible",why:"this user has no home directory"};case"tool-cache":return He(t.
env.RUNNER_TOOL_CACHE)??{kind:"not-visible",why:"`RUNNER_TOOL_CACHE` is not set"};case"docker-root":return FD(t,o,r);default:
return He(e)??`${n.workspace}/${e}`}}var DD=/\/(?:overlay2?|io\.containerd\.snapshotter\.v1\.\w+|fuse-overlayfs)\//;async function FD(e,t,n){
var s;let{mode:o,insideContainer:r}=await n(R);if(o!=="host"||r!==void 0)return DD.test(((s=gn(t,"/"))==null?void 0:s.upper)??
"")?"/":{kind:"not-visible",why:"Docker's data directory is on the host and not visible in this container"};let i=await e.
readText("/etc/docker/daemon.json");return i.kind==="unreadable"?{kind:"not-visible",why:`\`/etc/docker/daemon.json\`, whi\
ch may name it, cannot be read (${i.code})`}:He(jD(i))??"/var/lib/docker"}function jD(e){let t=e.kind==="ok"?/"data-root"\s*:\s*"([^"\\]{1,1024})"/.
exec(e.value):void 0;return t==null?void 0:t[1]}async function LD(e,t,n,o){let r=await bo(e,t);if(r.kind==="unreadable")
return{kind:"unreadable",path:t,code:r.code};let i=await e.space(r.path,o);if(i.kind==="absent")return{kind:"unreadable",
path:t,code:"ENOENT"};if(i.kind==="unreadable")return{kind:"unreadable",path:t,code:i.code};let{freeBytes:s,totalBytes:a,
freeInodes:d,totalInodes:c,source:l}=i.value;if(a===0)return{kind:"unreadable",path:t,code:"ENODATA"};let f=gn(n,r.path);
return{kind:"measured",path:t,...!r.exists&&{measuredAt:r.path},freeBytes:s,totalBytes:a,...d!==void 0&&{freeInodes:d},...c!==
void 0&&{totalInodes:c},source:l,...f&&{mount:{target:f.target,fsType:f.fsType}}}}var UD=4,HD=1500,Et={name:"self-container",async collect(e,t,n,o){let[r,{endpoint:i}]=await Promise.all([o(R),o(ee)]);return vf(
e,r,i,n)}};async function vf(e,{mode:t,names:n},o,r){if(t==="host"||n.length===0)return{state:"none",why:"on-host"};let i=m=>Promise.
all(m.slice(0,UD).map(p=>cn(e,o,`/containers/${encodeURIComponent(p)}/json`,r))),s=n.filter(m=>/^[0-9a-f]{64}$/.test(m)),
a=n.filter(m=>!s.includes(m)),d=await i(s.length>0?s:a),c=dw(d,n,e.hostname);if(!c&&s.length>0&&d.every(MD)&&(d=await i(
a),c=dw(d,n,e.hostname)),!c)return GD(d);let l=kt(c.Image),f=/^[\w.:-]+$/.test(l)?await te(HD,r,m=>cn(e,o,`/images/${l}/\
json`,m)):void 0;return{state:"found",...VD(c),...qD(P(f&&cw(f)),c)}}function dw(e,t,n){let o=e.flatMap(s=>{let a=P(cw(s));
return a?[a]:[]}),r=/^[0-9a-f]{12}$/.test(n),i=s=>{var d;let a=kt(s.Id);return n!==""&&kt((d=P(s.Config))==null?void 0:d.
Hostname)===n?!0:r?a.startsWith(n):t.includes(a)};return o.find(s=>{var a;return((a=P(s.State))==null?void 0:a.Running)!==
!1&&i(s)})}function MD(e){return e.kind==="http-error"&&e.status===404}function GD(e){if(e.some(({kind:n})=>n==="timed-o\
ut"))throw new Error("the engine did not answer in time what it knows about this container");let t=(n,o)=>({state:"unkno\
wn",...n&&{why:n},...o!==void 0&&{detail:$(o,500)}});for(let n of e)switch(n.kind){case"no-endpoint":case"failed":return{
state:"none",why:"no-engine"};case"not-docker":return t("engine-error",n.body);case"http-error":if(n.status===404)continue;
return[401,403,405].includes(n.status)?t("forbidden",`HTTP ${n.status}`):t("engine-error",`HTTP ${n.status}: ${n.body}`)}
return t("other-engine")}function VD(e){let t=P(e.Config),n=P(e.HostConfig),o=kt(n==null?void 0:n.Runtime);return{id:kt(
e.Id),image:kt(t==null?void 0:t.Image),user:kt(t==null?void 0:t.User),privileged:(n==null?void 0:n.Privileged)===!0,binds:$r(
n==null?void 0:n.Binds),mounts:jd(e.Mounts).flatMap(BD),groups:$r(n==null?void 0:n.GroupAdd),...o!==""&&{runtime:o},deviceRequests:jd(
n==null?void 0:n.DeviceRequests).flatMap(r=>{let i=P(r);return i?{driver:kt(i.Driver),count:typeof i.Count=="number"?i.Count:
0,deviceIds:$r(i.DeviceIDs),capabilities:jd(i.Capabilities).flatMap(s=>$r(s))}:[]}),nvidiaEnv:WD($r(t==null?void 0:t.Env,
4096))}}function BD(e){let t=P(e);if(!t)return[];let n=kt(t.Name);return{type:kt(t.Type),source:kt(t.Source),target:kt(t.
Destination),writable:t.RW!==!1,...n!==""&&{name:n}}}function WD(e){let t=e.map(n=>/^(NVIDIA_VISIBLE_DEVICES|NVIDIA_DRIVER_CAPABILITIES)=(.*)$/s.
exec(n));return Object.fromEntries(t.flatMap(n=>n!=null&&n[1]?[[n[1],$(n[2]??"",500)]]:[]))}function qD(e,t){var r,i;let n=kt(
e==null?void 0:e.Created),o=P((r=P(e==null?void 0:e.Config))==null?void 0:r.Labels)??P((i=P(t.Config))==null?void 0:i.Labels);
return{imageId:kt(t.Image),...e&&{imageDigests:$r(e.RepoDigests),imageTags:$r(e.RepoTags)},...n!==""&&{imageCreated:n},imageLabels:Object.
fromEntries(Object.entries(o??{}).filter(([s])=>KD(s)).slice(0,50).map(([s,a])=>[s,kt(a)]))}}function KD(e){return/^matric\.builder\.[\w.-]{1,80}$|^org\.opencontainers\.image\.(?:version|revision|created|title)$/.
test(e)}function cw(e){return e.kind==="ok"?e.value:void 0}function kt(e,t=500){return typeof e=="string"?$(e,t):""}function jd(e){
return Array.isArray(e)?e.slice(0,200):[]}function $r(e,t){return jd(e).flatMap(n=>typeof n=="string"?$(n,t??500):[])}var zD=1e3,JD=1e4,YD=16*1024*1024,Ud={name:"docker-storage",async collect(e,t,n,o){let{endpoint:r}=await o(ee),i=Math.min(
zD,t.timeoutMs),s=h=>te(i,n,g=>cn(e,r,h,g,{maxBody:YD})),a=encodeURIComponent('{"dangling":["true"]}'),[d,c,l,f,m]=await Promise.
all([s("/system/df?type=image&type=build-cache"),s(`/volumes?filters=${a}`),s("/networks"),s("/containers/json"),iF(e,t,
n,o,r)]),p=f.kind==="ok"?ZD(f.value):void 0;return{usage:Ld(d,eF),danglingVolumes:Ld(c,h=>xf(ki(h,"Volumes"))),leftoverNetworks:l.
kind==="ok"&&f.kind!=="ok"?f:Ld(l,h=>{var g;return p&&xf((g=ki(h))==null?void 0:g.filter(k=>XD(k,p)))}),defaultSubnets:Ld(
l,h=>{var g;return xf((g=ki(h))==null?void 0:g.filter(QD))}),budgetMs:i,...m&&{root:m}}}};function Ld(e,t){if(e.kind!=="\
ok")return e;let n=t(e.value);return n===void 0?{kind:"not-docker",body:$(JSON.stringify(e.value),500)}:{kind:"ok",value:n}}
function ki(e,t){var o;let n=t===void 0?e:(o=P(e))==null?void 0:o[t];if(n===null||t!==void 0&&P(e)&&n===void 0)return[];
if(Array.isArray(n))return n.map(P).filter(r=>r!==void 0)}function xf(e){if(!e)return;let t=e.map(({Name:n})=>typeof n==
"string"?$(n,100):"?");return{count:t.length,names:t.slice(0,5)}}function ZD(e){var n;let t=(n=ki(e))==null?void 0:n.flatMap(
o=>{var r;return Object.entries(P((r=P(o.NetworkSettings))==null?void 0:r.Networks)??{})});return t&&new Set(t.flatMap(([
o,r])=>{var i;return[o,(i=P(r))==null?void 0:i.NetworkID]}))}function XD(e,t){if(t.has(e.Id)||t.has(e.Name))return!1;let n=Object.
keys(P(e.Labels)??{});return/^(?:GITEA|FORGEJO)-ACTIONS-TASK-/i.test(String(e.Name))||n.some(o=>o.startsWith("com.gitea.\
runner."))}function QD(e){var n;let t=(n=P(e.IPAM))==null?void 0:n.Config;return Array.isArray(t)&&t.some(o=>{var i;let r=String(
(i=P(o))==null?void 0:i.Subnet);return/^172\.(?:1[7-9]|2\d|3[01])\.0\.0\/16$/.test(r)||/^192\.168\.\d+\.0\/20$/.test(r)})}
function eF(e){let t=P(e);if(!t)return;let n=P(t.ImageUsage),o=P(t.BuildCacheUsage);if(!(!n&&!o&&!("LayersSize"in t)&&!("\
Images"in t)))return{images:n?tF(n):oF(t),buildCache:o?nF(o):rF(t)}}function tF(e){let t=Lt(e.TotalCount);return{count:t,
unused:Math.max(0,t-Lt(e.ActiveCount)),bytes:Lt(e.TotalSize),reclaimable:Lt(e.Reclaimable)}}function nF(e){return{count:Lt(
e.TotalCount),bytes:Lt(e.TotalSize),reclaimable:Lt(e.Reclaimable)}}function oF(e){let t=ki(e,"Images")??[],n=t.filter(({
Containers:d})=>d===0),o=t.filter(({Containers:d})=>d!==0),r={count:t.length,unused:n.length},i=Lt(e.LayersSize);if(i===
0)return{...r,bytes:lw(t),reclaimable:lw(n)};let s=i-$f(o.map(({Size:d})=>Lt(d))),a=$f(n.map(({Size:d,SharedSize:c})=>Lt(
d)-Lt(c)));return{...r,bytes:i,reclaimable:Math.min(i,Math.max(0,s,a))}}function lw(e){return e.reduce((t,{Size:n})=>Math.
max(t,Lt(n)),0)}function rF(e){let t=(ki(e,"BuildCache")??[]).filter(({Shared:o})=>o!==!0),n=o=>$f(o.map(({Size:r})=>Lt(
r)));return{count:t.length,bytes:n(t),reclaimable:n(t.filter(({InUse:o})=>o!==!0))}}function Lt(e){return typeof e=="num\
ber"&&e>0?e:0}function $f(e){return e.reduce((t,n)=>t+n,0)}async function iF(e,t,n,o,r){if(r.kind!=="unix")return;let{mode:i}=await o(
R),s=i==="container"?"own-layer":"directory",a=s==="own-layer"?await sF(o):await aF(o);if(a===void 0)return;let[d,c]=await Promise.
all([e.space(a,n),e.space(t.workspace,n)]);if(d.kind!=="ok")return;let{freeBytes:l,totalBytes:f,freeInodes:m,totalInodes:p}=d.
value,h=m!==void 0&&p!==0&&m<JD,g=c.kind==="ok"&&c.value.totalBytes===f&&c.value.totalInodes===p;return{path:a,how:s,freeBytes:l,
totalBytes:f,...h&&{freeInodes:m},holdsWorkspace:g}}async function sF(e){let t=await e(Et).catch(()=>{});return(t==null?
void 0:t.state)==="found"?"/":void 0}async function aF(e){let{info:t}=await e(ne);return t.kind==="ok"&&t.value.dockerRootDir!==
""?t.value.dockerRootDir:void 0}var dF=300;async function uw(e,{workspace:t}){var m,p;let n=vo(e),o=n===void 0?void 0:`${n}/.cache`,r=He(e.env.RUNNER_TOOL_CACHE),
i=((m=/^(.*\/act)\/[^/]+\/hostexecutor(?:\/|$)/.exec(t))==null?void 0:m[1])??(o&&`${o}/act`),s=(p=/^(.*\/_work)\/[^/]+\/[^/]+$/.
exec(t))==null?void 0:p[1],[a,d]=await Promise.all([i?cF(e,i):[],s?lF(e,s):[]]),l=[...a,...d,...o===void 0?[]:[{kind:"ac\
t-cache",path:`${o}/actcache`}],...r===void 0?[]:[{kind:"tool-cache",path:r}],{kind:"temp",path:to(e.env)}].filter(({path:h})=>!Tf(
h,t)&&!Tf(t,h)),f=l.filter(({path:h},g)=>l.findIndex(k=>k.path===h)===g&&!l.some(k=>k.path!==h&&Tf(k.path,h)));return[{kind:"\
workspace",path:t},...f]}function Tf(e,t){return t===e||t.startsWith(`${e}/`)}async function cF(e,t){let n=await fw(e,t);
return await Promise.all(n.map(async r=>{let i=await z(e.lstat(`${t}/${r}/hostexecutor`),()=>{});return{kind:(i==null?void 0:
i.kind)==="directory"?"old-workspace":"act-cache",path:`${t}/${r}`}}))}async function lF(e,t){return(await fw(e,t)).map(
o=>({kind:o.startsWith("_")?"act-cache":"old-workspace",path:`${t}/${o}`}))}async function fw(e,t){let n=await z(e.list(
t),()=>{});return(n==null?void 0:n.kind)==="ok"?n.value.slice(0,dF):[]}var Hd=[{type:"image",what:"images",old:"Images",now:"ImageUsage"},{type:"container",what:"containers",old:"Containers",
now:"ContainerUsage"},{type:"volume",what:"volumes",old:"Volumes",now:"VolumeUsage"},{type:"build-cache",what:"build cac\
he",old:"BuildCache",now:"BuildCacheUsage"}],uF="1.42",fF=16*1024*1024,mF=500;async function mw(e,t,n,o){let r=await o(ne).
catch(()=>{});if((r==null?void 0:r.version.kind)!=="ok")return{users:[],unseen:[]};let{endpoint:i}=await o(ee),{mode:s,insideContainer:a}=await o(
R),{root:d}=await o(Ud).catch(()=>{})??{},c=vF(r.version.value.apiVersion,uF)>=0,l=O=>cn(e,i,`/system/df${O}`,n,{maxBody:fF}),
[f,m]=await Promise.all([c?Promise.all(Hd.map(({type:O})=>l(`?type=${O}&verbose=1`))):l("").then(O=>Hd.map(()=>O)),s==="\
host"&&a===void 0&&d?bF(e,d.path):[]]),p=Hd.map(({old:O,now:V},J)=>hF(f[J],O,V)),[h=[],g=[],k=[],b=[]]=p,x=new Map(g.map(
O=>[String(O.Id),hw(O)])),E=[...h.map(pw),...gF(f[0],h),...g.map(yF),...k.map(kF),...wF(b),...m.map(({id:O,bytes:V})=>({
kind:"container-log",name:x.get(O)??O.slice(0,12),bytes:V}))],H=d&&{diskBytes:d.totalBytes};return{users:E.map(O=>({...O,
...H})),unseen:Hd.flatMap(({what:O},V)=>pF(O,f[V],p[V],t))}}function pF(e,t,n,o){if(n!==void 0)return[];switch(t==null?void 0:
t.kind){case"timed-out":return[`${e}: no answer within ${o/1e3} s`];case"http-error":return[`${e}: ${t.status}`];default:
return[`${e}: no answer`]}}function hF(e,t,n){var i;if((e==null?void 0:e.kind)!=="ok")return;let o=P(e.value),r=(o==null?
void 0:o[t])??((i=P(o==null?void 0:o[n]))==null?void 0:i.Items);return r==null?[]:Array.isArray(r)?r.map(P).filter(s=>s!==
void 0):void 0}function pw({RepoTags:e,Id:t,Size:n,SharedSize:o,Containers:r}){let i=Array.isArray(e)?e.find(a=>typeof a==
"string"&&!a.startsWith("<none>")):void 0;return{kind:"image",name:typeof i=="string"?$(i,200):String(t).replace(/^sha256:/,
"").slice(0,12),bytes:wi(n)-wi(o),...r===0&&{unused:!0}}}function gF(e,t){var i;let n=(e==null?void 0:e.kind)==="ok"?P(e.
value):void 0,o=wi((n==null?void 0:n.LayersSize)??((i=P(n==null?void 0:n.ImageUsage))==null?void 0:i.TotalSize)),r=t.reduce(
(s,a)=>s+pw(a).bytes,0);return[{kind:"shared-layers",name:"",bytes:Math.max(0,o-r)}]}function yF(e){let{SizeRw:t,State:n}=e,
o=n==="exited"||n==="created"||n==="dead";return{kind:"container",name:hw(e),bytes:wi(t),...o&&{unused:!0}}}function hw({
Names:e,Id:t}){let n=Array.isArray(e)?e[0]:void 0;return typeof n=="string"?$(n.replace(/^\//,""),200):String(t).slice(0,
12)}function kF({Name:e,UsageData:t}){var i;let{Size:n,RefCount:o}=P(t)??{},r=(i=/^buildx_buildkit_(.+?)\d*_state$/.exec(
String(e)))==null?void 0:i[1];return{kind:r===void 0?"volume":"builder",name:$(r??String(e),200),bytes:wi(n),...o===0&&{
unused:!0}}}function wF(e){return[{kind:"build-cache",name:"",bytes:e.filter(({Shared:o})=>o!==!0).reduce((o,{Size:r})=>o+
wi(r),0)}]}function wi(e){return typeof e=="number"&&e>0?e:0}async function bF(e,t){let n=await e.list(`${t}/containers`);
return n.kind!=="ok"?[]:Promise.all(n.value.slice(0,mF).map(async o=>{let r=await e.list(`${t}/containers/${o}`),i=r.kind===
"ok"?r.value.filter(a=>/-json\.log(?:\.\d+)?$/.test(a)):[],s=await Promise.all(i.map(a=>e.lstat(`${t}/containers/${o}/${a}`)));
return{id:o,bytes:s.reduce((a,d)=>a+(d.kind==="file"?d.size:0),0)}}))}function vF(e,t){let[n=0,o=0]=e.split(".").map(Number),
[r=0,i=0]=t.split(".").map(Number);return n-r||o-i}var xF=6e4,gw=256;async function kw(e,t,n,o,r){let i=0,s=t.map(c=>({path:c,bytes:0,files:0,isCut:!1,isFile:!1,left:[c]})),
a=()=>o.aborted||i>=xF,d=async c=>{let l=c.left.pop();if(l===void 0)return;let f=await z(e.list(l),()=>{});if((f==null?void 0:
f.kind)==="absent"&&r!==void 0&&l===c.path){let m=await z(e.lstat(l),()=>{});(m==null?void 0:m.kind)==="file"&&Object.assign(
c,{isFile:!0,...yw(m,r)});return}if((f==null?void 0:f.kind)!=="ok"){c.isCut||=(f==null?void 0:f.kind)!=="absent";return}
for(let m=0;m<f.value.length;m+=gw){if(a()){c.isCut=!0;return}let p=f.value.slice(m,m+gw).map(g=>`${l}/${g}`);i+=p.length;
let h=await Promise.all(p.map(g=>n.has(g)?void 0:z(e.lstat(g),()=>{})));for(let[g,k]of h.entries()){(k==null?void 0:k.kind)===
"directory"&&c.left.push(p[g]??"");let{bytes:b,files:x}=yw(k,r);c.bytes+=b,c.files+=x}await Ga()}};for(;!a()&&s.some(({left:c})=>c.
length>0);)await Promise.all(s.map(d));return s.map(({bytes:c,files:l,isCut:f,isFile:m,left:p})=>({bytes:c,files:l,isCut:f||
p.length>0,...m&&{isFile:!0}}))}function yw(e,t){let n=e&&"changed"in e?e.changed??0:0;return t!==void 0&&n<t?{bytes:0,files:0}:
{bytes:(e==null?void 0:e.kind)==="file"?e.size:0,files:1}}var $F=20,TF=2e3,Md={name:"space-users",async collect(e,t,n,o){let r=Math.min(TF,t.timeoutMs);return te(r,n,async i=>{let[
s,a]=await Promise.all([mw(e,r,i,o),RF(e,t,i)]),d=[...s.users,...a].filter(({bytes:c,files:l=0})=>c>0||l>0);return d.sort(
(c,l)=>l.bytes-c.bytes),{users:d.slice(0,$F),unseen:s.unseen}})}};async function RF(e,t,n){let o=await at(e);if(!o)return[];
let r=await uw(e,t),i=await kw(e,r.map(({path:s})=>s),new Set(o.map(({target:s})=>s)),n);return Promise.all(r.map(async({
kind:s,path:a},d)=>{let{bytes:c=0,files:l=0,isCut:f=!0}=i[d]??{},m=await z(e.space(a,n),()=>{});return{kind:s,name:a,bytes:c,
files:l,...f&&{atLeast:!0},...(m==null?void 0:m.kind)==="ok"&&{diskBytes:m.value.totalBytes}}}))}var ww=["bytes","KiB","MiB","GiB","TiB","PiB"];function I(e){let t=e,n=0;for(;t>=1024&&n<ww.length-1;)t/=1024,n++;if(n===
0)return`${t} ${t===1?"byte":"bytes"}`;let o=Math.floor(t*10)/10;return`${t<100&&!Number.isInteger(o)?o.toFixed(1):Math.
floor(t)} ${ww[n]}`}function me(e){return String(e).replace(/\B(?=(\d{3})+$)/g,",")}var PF={workspace:"the workspace",temp:"the temporary directory",home:"the home directory","tool-cache":"the tool cache",
"cargo-target":"cargo's target directory","docker-root":"Docker's data directory"};function je(e){return L(PF,e)??u(e)}function io(e,t){
return e===t?u(t):`${je(e)} ${u(t)}`}function St(e){let t=`/${EF(e).join("/")}`;return/^\/(?:[^/]*|(?:bin|boot|dev|etc|lib\w*|proc|sbin|sys|usr)\/.*|(?:run|var)\/[^/]*)$/.
test(t)||/^\/var\/lib\/(?:docker|containerd|containers)(?:\/|$)/.test(t)}function EF(e){let t=[];for(let n of e.split("/"))
n===".."?t.pop():n!==""&&n!=="."&&t.push(n);return t}var xw=5;function $w(e,t,n="bytes"){let o=((e==null?void 0:e.users)??[]).filter(s=>s.diskBytes===void 0||s.diskBytes===t),
i=[...n==="files"?o.filter(({files:s=0})=>s>0):o.filter(({bytes:s})=>s>0)].sort((s,a)=>bw(a,n)-bw(s,n)).slice(0,xw);return i.
length===0?void 0:{users:i,by:n}}function Tw(e){let t=((e==null?void 0:e.users)??[]).filter(({kind:n,bytes:o})=>Rw(n)&&o>
0).slice(0,xw);return t.length===0?void 0:{users:t,by:"bytes"}}function Rw(e){return["image","shared-layers","container",
"volume","builder","build-cache","container-log"].includes(e)}function bw({bytes:e,files:t=0},n){return n==="files"?t:e}
function Ns(e){return e?` The largest: ${v(e.users.map(t=>`${Ew(t)} (${Pw(t,e.by)})`))}.`:""}function Gd(e,t){return[...((e==
null?void 0:e.users)??[]).map(n=>({source:OF(n),text:`${SF(n)}: ${Pw(n,(e==null?void 0:e.by)??"bytes")}`})),...((t==null?
void 0:t.unseen)??[]).map(n=>({source:"GET /system/df",text:n}))]}function Pw(e,t){let n=t==="files"?`${me(e.files??0)} \
files`:I(e.bytes);return[`${e.atLeast?"at least ":""}${n}`,...e.unused?[e.kind==="container"?"stopped":"unused"]:[]].join(
", ")}function Ew(e){let t=u(e.name);switch(e.kind){case"image":return`image ${t}`;case"shared-layers":return"the layers\
 that several images share";case"container":return`what container ${t} wrote`;case"volume":return`volume ${t}`;case"buil\
der":return`the cache of builder ${t}`;case"build-cache":return"the build cache";case"container-log":return`the log of c\
ontainer ${t}`;case"workspace":return`this job's workspace ${t}`;case"old-workspace":return`another workspace, ${t}`;case"\
act-cache":return`the runner's cache ${t}`;case"tool-cache":return`the tool cache ${t}`;case"temp":return`temporary file\
s in ${t}`}}function SF(e){return Ew(e).split("`").join("")}function OF({kind:e,name:t}){return e==="container-log"?"log\
s of containers":Rw(e)?"GET /system/df":`files in ${t}`}function Ds({users:e},t){let n=e.flatMap(d=>AF(d,t)),o=new Set(e.
map(({kind:d})=>d)),r=n.some(d=>/\bprune\b/.test(d)),i=n.some(d=>/^\w+ (?:image |volume )?rm\b/.test(d)),s=[...o.has("vo\
lume")?["volumes"]:[],...o.has("old-workspace")?["workspaces"]:[]];return{text:[n.some(d=>/\brm\b|\bprune\b/.test(d))?"R\
emove those that are no longer needed: each command says what it removes.":"Look into these, and remove what is no longe\
r needed.",...i?[`${t==="podman"?"Podman":"Docker"} refuses to remove what a container uses.`]:[],...s.length>0?[`Remove\
 ${v(s)} only while no job is running.`]:[],...r?["Pruning takes what is unused and older than a week."]:[],...r||o.has(
"image")?[In(t)]:[],...o.has("container-log")?["The limit of the logs holds for containers that are created after the ne\
xt start of Docker."]:[]].join(" "),commands:n,...o.has("container-log")&&{config:{file:"/etc/docker/daemon.json",language:"\
json",text:'{ "log-opts": { "max-size": "10m", "max-file": "3" } }'}},kind:"host"}}function AF(e,t){let{kind:n,name:o,unused:r}=e,
i=`${I(e.bytes)}`;switch(n){case"image":return r?[`${t} image rm ${N(o)}   # an image of ${i} that no container uses`]:[
`${t} ps --all --filter ${w(`ancestor=${o}`)}   # who uses this image`];case"shared-layers":return[`${t} image ls   # im\
ages that share layers free them together`];case"container":return r?[`${t} rm ${N(o)}   # a stopped container, with wha\
t it wrote`]:[`${t} diff ${N(o)} | head   # what a running container wrote`];case"volume":return r?[`${t} volume rm ${N(
o)}   # all data of an unused volume: it may be a database`]:[`${t} ps --all --filter ${w(`volume=${o}`)}   # who uses t\
his volume`];case"builder":return[`docker buildx prune --builder ${w(o)} --filter until=168h   # cache of this builder`];case"\
build-cache":return[`${t} builder prune --filter until=168h   # build cache`];case"container-log":return[`${t} inspect -\
-format '{{.LogPath}}' ${N(o)}   # where the log is`];case"old-workspace":return IF(o)?[`sudo find ${w(o)} -maxdepth 0 -\
mtime +0 -exec rm -r --one-file-system {} +   # a workspace that is older than a day, while no job is running`]:[vw(o)];default:
return[vw(o)]}}function vw(e){return`sudo du -xh --max-depth=2 -- ${w(e)} | sort -h | tail -20`}function IF(e){return/^\/[^/]+\/.+\/(?:act|_work)\/[^/.][^/]*$/.
test(e)&&!e.includes("/../")&&!St(e)}var Cw=["Looks at what the engine stores and at the disk below it: `/info` for the storage driver, `/system/df` for imag\
es and build cache, `/volumes`, `/networks` and `/containers/json` for leftovers. The free space is that of the engine's\
 directory. From a job container, it is that of the container's own layer, which is on the same disk.","Each question ge\
ts one second, because on a full host the answers can take minutes. A healthy engine with 850 images needs 50 ms; 1,300 \
new records of build cache took five seconds to be summed up for the first time. What is not answered by then is not jud\
ged, and the result says so: the check passes as far as it could see. The same applies to what a proxy in front of the d\
aemon denies. Only if nothing is answered, or the daemon fails, is the result an error. Sizes of volumes and containers \
are never requested: the engine would have to walk through all their files. (Before API 1.42, that is Docker 23, and wit\
h Podman they cannot be left out, so the second soon passes there.)"].join(`

`),_w=2*2**30,Rf=100*2**30,Nw=.5,Pf=50,Ef=10,Sw=31,Sf=25,so={"driver-vfs":{level:"warn",title:"The storage driver vfs co\
pies every layer",headline:({engine:e})=>`${bi(e)} uses the slow storage driver vfs`,why:"It does not share layers: ever\
y image layer and every container is a full copy. Builds are many times slower and fill the disk many times faster.",expected:({
engine:e})=>e==="podman"?"overlay":"overlay2, or the containerd image store",tell:({engine:e,rootDir:t})=>({what:`${bi(e)}\
 uses the storage driver \`vfs\`.`,fix:e==="podman"?CF:_F(t)})},"low-space":{level:"fail",title:"The disk of Docker's da\
ta is almost full",headline:({root:e,floor:t})=>t===void 0?`Docker's disk has only ${me(e.freeInodes??0)} inodes left`:`\
Docker's disk has only ${I(e.freeBytes)} left`,why:"Image pulls and builds fail with `no space left on device`, often in\
 the middle of a job. Containers that cannot write may lose data.",expected:({floor:e})=>e===void 0?"enough free inodes \
for an image":`at least ${I(e)} free`,tell:({engine:e,root:t,usage:n,floor:o,fillers:r})=>({what:`${t.how==="own-layer"?
"The disk of Docker's data":u(t.path)} has ${o===void 0?`${me(t.freeInodes??0)} free inodes: each file of an image takes\
 one, however much space is left`:`${I(t.freeBytes)} free`}.${Ns(r)}`,fix:Ow(e,r,Aw(e,t,n))}),more:"How much a build nee\
ds beyond that is up to the profile. If it has a floor for this file system (`docker-root`, or a workspace on the same d\
isk), [`disk/free`](disk.md#free) judges it and this check stays silent. It judges a floor of `docker-root` itself if `d\
isk/free` cannot see that disk."},reclaimable:{level:"warn",title:"Much of Docker's data is unused",headline:({engine:e,
usage:t})=>`${I(vi(t))} of ${bi(e)}'s data are unused`,why:"Unused data grows with every build until the disk is full. T\
hen every job on this host fails at once.",expected:`at most ${I(Rf)}, and at most half of the disk`,tell:({engine:e,usage:t,
root:n,fillers:o})=>({what:`${NF(e,t,n)}${Ns(o)}`,fix:Ow(e,o,Aw(e,n))}),more:"Docker never removes images by itself, and\
 build cache late. Each builder of `docker buildx ls` has its own cache in a container that may be years old; `docker bu\
ildx rm` with its name removes both."},"leftover-volumes":{level:"warn",title:"Many volumes belong to no container",headline:({
found:e})=>`${me(e.count)} volumes belong to no container`,why:"Jobs that were killed and `docker run` without `--rm` le\
ave them behind. Pruning images does not free their disk space, and they slow down everything that lists volumes.",expected:`\
at most ${Pf}`,tell:({engine:e,found:t})=>({what:`${me(t.count)} volumes belong to no container, such as ${v(t.names.slice(
0,3).map(u))}.`,fix:DF(e)})},"leftover-networks":{level:"warn",title:"Many networks of past jobs are left over",headline:({
found:e})=>`${me(e.count)} networks of past jobs are left over`,why:"Each network keeps a subnet. If Docker has none lef\
t, every job fails in its setup with `no address pool left for this job's network`.",expected:`at most ${Ef}`,tell:({engine:e,
found:t})=>({what:`${me(t.count)} networks of jobs have no running container. The runner creates one for every job, and \
leaves it behind if it is killed.`,fix:FF(e,t)})},"address-pool":{level:"warn",title:"Docker is running out of subnets f\
or networks",headline:({engine:e,found:t})=>`${t.count} of ${bi(e)}'s ${Sw} subnets are taken`,why:"The runner creates a\
 network for every job, and Compose one for every project. If no subnet is left, jobs wait (`Waiting for a free docker a\
ddress pool`) and then fail in their setup.",expected:`fewer than ${Sf}`,tell:({engine:e,found:t})=>({what:`${t.count} o\
f the ${Sw} subnets that ${bi(e)} has for networks are taken.`,fix:jF(e)}),more:"Networks in the default subnets are cou\
nted. With your own pools, none of those is taken any more, so the check passes."}};function vi({images:e,buildCache:t}){
return e.reclaimable+t.reclaimable}function bi(e){return e==="podman"?"Podman":"Docker"}var CF={text:"Set the driver, th\
en create the storage again: `podman system reset` does that, but it removes all containers, images and volumes of this \
user. In a container, and for an ordinary user on an old kernel, overlay needs `fuse-overlayfs`.",config:{file:"/etc/con\
tainers/storage.conf",language:"toml",text:`[storage]
driver = "overlay"`},kind:"host"};function _F(e){return{text:`Find out why overlayfs does not work, then set the driver,\
 so that Docker fails instead of falling back. The usual cause is that ${u(e)} is on an overlay itself. \`overlay2\` does \
not see existing images and containers, so images have to be pulled again. ${G}`,config:{file:"/etc/docker/daemon.json",
language:"json",text:'{ "storage-driver": "overlay2" }'},commands:["sudo journalctl -u docker | grep -i -e overlay -e gr\
aphdriver","sudo systemctl restart docker"],kind:"host",otherwise:{text:"With Docker-in-Docker, give its container a vol\
ume at that directory: `--volume dind-data:/var/lib/docker`.",kind:"host"}}}function NF(e,t,n){let{images:o,buildCache:r}=t,
i=vi(t),s=n?`, ${Math.round(i/n.totalBytes*100)} % of the disk`:"";return`${I(i)} of ${bi(e)}'s data are unused${s}: ${me(
o.unused)} images (${I(o.reclaimable)}) and build cache (${I(r.reclaimable)}).`}function Ow(e,t,n){if(!t)return n;let{otherwise:o,
...r}=n,i=o?`${r.text} ${o.text}`:r.text;return{...Ds(t,e),otherwise:{...r,text:i}}}function Aw(e,t,n){let o=n?` (${I(vi(
n))} are unused)`:"",r=n?" If that is not enough, the disk is too small for this runner.":"",i=`${e} image prune --all -\
-force --filter until=168h`;return e==="podman"?{text:`Remove images that are older than a week and unused${o}. ${In(e)}\
 Repeat it with a timer: images are never removed by themselves.${r}`,commands:[i],kind:"host"}:{text:`Remove what is ol\
der than a week and unused${o}, and limit the build cache, which takes effect at the next start of Docker. ${In(e)} Repe\
at the first two commands with a timer: images are never removed by themselves.${r}`,commands:[i,"docker builder prune -\
-all --force --filter until=168h","docker buildx ls   # every other builder has its own cache"],config:{file:"/etc/docke\
r/daemon.json",language:"json",text:'{ "builder": { "gc": { "enabled": true, "defaultKeepStorage": "50GB" } } }'},kind:"\
host",...(t==null?void 0:t.how)==="own-layer"&&{otherwise:{text:"A scheduled workflow on this runner can run the same co\
mmands through its socket.",kind:"workflow"}}}}function DF(e){return{text:"Look through them first: an unused volume may\
 still contain a database. The second command removes only volumes without a name and those of past jobs. Run it while n\
o job is running.",commands:[`${e} volume ls --filter dangling=true`,`${e} volume ls --quiet --filter dangling=true | gr\
ep -xE '[0-9a-f]{64}|(GITEA|FORGEJO)-ACTIONS-TASK-.*' | xargs -r ${e} volume rm`],kind:"host"}}function FF(e,{names:t}){
let n=r=>`${e} network ls --quiet --filter ${r} | xargs -r ${e} network rm`,o=r=>/-ACTIONS-TASK-/.test(r);return{text:"R\
emove them while no job is running. Networks with a running container stay. To avoid new ones, give the runner time to f\
inish when it is stopped: set `shutdown_timeout` in its `config.yaml`, and a longer `TimeoutStopSec` in its unit.",commands:[
...t.length===0||t.some(o)?[n("name=-ACTIONS-TASK-")]:[],...t.every(o)?[]:[n("label=com.gitea.runner.job")]],kind:"host"}}
function jF(e){let t="Configure more and smaller subnets: these are 256 with 254 addresses each. Choose a range that you\
r network does not use. Existing networks keep their subnets.";return e==="podman"?{text:t,config:{file:"/etc/containers\
/containers.conf",language:"toml",text:`[network]
default_subnet_pools = [{ "base" = "10.201.0.0/16", "size" = 24 }]`},commands:["podman network ls"],kind:"host"}:{text:`${t}\
 ${G}`,config:{file:"/etc/docker/daemon.json",language:"json",text:'{ "default-address-pools": [{ "base": "10.201.0.0/16\
", "size": 24 }] }'},commands:["docker network ls","sudo systemctl restart docker"],kind:"host"}}var Iw="If the disk of \
Docker's data is full, pulls and builds of jobs fail with `no space left on device`, often in the middle.",Of={failed:{title:"\
The Docker daemon cannot describe its storage",why:`Its store may be damaged, and then pulls, builds and starts of conta\
iners fail too. ${Iw}`,expected:"an answer to every question about storage",tell:({what:e})=>({what:`The Docker daemon f\
ailed to report ${e}.`,fix:{text:"Look into the daemon's log: it has the whole error. The other two commands ask the sam\
e by hand.",commands:["sudo journalctl --unit docker --since -1h | grep -i -e error -e corrupt | tail -n 30","docker sys\
tem df","docker volume ls --filter dangling=true"],kind:"host"}})},silent:{title:"The Docker daemon's storage did not an\
swer in time",why:Iw,expected:"at least one answer about storage",tell:({seconds:e})=>({what:`The Docker daemon answered\
 no question about its storage within ${e}, although it answers others.`,fix:{text:"See how long it takes by hand, and w\
hether its disk is busy. After many builds, the first answer can take minutes and the next one is fast; removing unused \
build cache helps for good.",commands:["time timeout 300 docker system df","docker info --format '{{.DockerRootDir}}'","\
cat /proc/pressure/io"],kind:"host"}})}};var Dw={id:"docker/storage",title:"Docker's storage is fast, has space, and has few leftovers",intro:Cw,reasons:so,needs:{
engine:ne,storage:Ud,disks:jn},details:{of:["low-space","reclaimable"],needs:{users:Md}},after:["docker/daemon"],applies:ye,
judge({engine:e,storage:t,disks:n,users:o},r){if(e.version.kind!=="ok")return{kind:"skip",reason:"not-applicable",message:"\
No Docker daemon answers."};let i=cr(e.version.value)?"podman":"docker",s=UF(t,n,r),a=!HF(t,n,r);return LF(e,t,s,a,i,o)??
MF(e,t)}};function LF({info:e},t,n,o,r,i){let{root:s,danglingVolumes:a,leftoverNetworks:d,defaultSubnets:c}=t,l=Tw(i),f=[
...Fw(t),...Gd(l,i)],m=Fs(t.usage);if(s&&n!==void 0&&s.freeBytes<n){let k=`${I(s.freeBytes)} of ${I(s.totalBytes)}`;return y(
so,"low-space",{engine:r,root:s,usage:m,floor:n,fillers:l},{observed:k,evidence:f})}if((s==null?void 0:s.freeInodes)!==void 0&&
o){let k=`${me(s.freeInodes)} free inodes`;return y(so,"low-space",{engine:r,root:s,usage:m,floor:void 0,fillers:void 0},
{observed:k,evidence:f})}if(e.kind==="ok"&&e.value.driver==="vfs"){let{dockerRootDir:k}=e.value,b={source:"GET /info",text:`\
Driver vfs, DockerRootDir ${k}`};return y(so,"driver-vfs",{engine:r,rootDir:k},{observed:"vfs",evidence:[b,...jw(s)]})}if(m){
let k=vi(m);if(k>Rf||s&&k/s.totalBytes>Nw)return y(so,"reclaimable",{engine:r,usage:m,root:s,fillers:l},{observed:I(k),evidence:f})}
let p=Fs(a);if(p&&p.count>Pf)return y(so,"leftover-volumes",{engine:r,found:p},{observed:Af(p),evidence:f});let h=Fs(d);
if(h&&h.count>Ef)return y(so,"leftover-networks",{engine:r,found:h},{observed:Af(h),evidence:f});let g=Fs(c);if(g&&g.count>=
Sf)return y(so,"address-pool",{engine:r,found:g},{observed:Af(g),evidence:f})}function UF({root:e},t,n){let o=n.disk.filter(
({free:d})=>d!==void 0),r=d=>{var c;return((c=L(t.places,d))==null?void 0:c.kind)==="measured"},i=d=>{var c;return((c=o.
find(({path:l})=>l===d))==null?void 0:c.free)??0},s=i("docker-root");if(s>0&&r("docker-root"))return;let a=e!=null&&e.holdsWorkspace&&
r("workspace")?i("workspace"):0;if(!(a>0&&(s<=a||((e==null?void 0:e.freeBytes)??0)<a)))return Math.max(s,_w)}function HF({
root:e},t,n){return n.disk.some(({path:o,inodes:r})=>{var i;return r!==void 0&&((i=L(t.places,o))==null?void 0:i.kind)===
"measured"&&(o==="docker-root"||o==="workspace"&&(e==null?void 0:e.holdsWorkspace)===!0)})}function MF(e,t){let{root:n,usage:o,
budgetMs:r}=t,i=[["how much could be reclaimed",o],["unused volumes",t.danglingVolumes],["leftover networks",t.leftoverNetworks],
["used subnets",t.defaultSubnets]],s=`${r/1e3} s`,a=Fw(t,e),d=i.filter(([,f])=>!GF(f));if(d.length>0){let f=v(d.map(([p,
h])=>`${p} (${Qt(h,()=>"")})`)),m=d.map(([,p])=>Qt(p,()=>"")).join(", ");return A(Of,"failed",{what:f},{observed:m,evidence:a})}
let c=i.filter(([,f])=>f.kind!=="ok");return c.length===i.length?c.every(([,f])=>f.kind!=="timed-out")?{kind:"skip",reason:"\
not-applicable",message:"A proxy in front of the Docker daemon denies questions about its storage."}:A(Of,"silent",{seconds:s},
{observed:`no answer within ${s}`,evidence:a}):{kind:"pass",message:[...e.info.kind==="ok"?[e.info.value.driver]:[],...n?
[`${I(n.freeBytes)} free`]:[],...o.kind==="ok"?[`${I(vi(o.value))} reclaimable`]:[],...c.length>0?[`not found out within\
 ${s}: ${v(c.map(([f])=>f))}`]:[]].join(", "),evidence:a}}function GF(e){return e.kind==="ok"||e.kind==="timed-out"||e.kind===
"http-error"&&[401,403,404,405,501].includes(e.status)}function Fs(e){return e.kind==="ok"?e.value:void 0}function Af({count:e,
names:t}){return`${me(e)}, such as ${t.join(", ")}`}function Fw(e,t){let{usage:n,danglingVolumes:o,leftoverNetworks:r,defaultSubnets:i,
root:s}=e,a=t&&Fs(t.info),d=f=>`${me(f.count)}${f.names.length>0?`: ${f.names.join(", ")}`:""}`,[c,...l]=[...a?[{source:"\
GET /info",text:`Driver ${a.driver}, DockerRootDir ${a.dockerRootDir}`}]:[],...jw(s),{source:"GET /system/df",text:Qt(n,
VF)},{source:"GET /volumes, dangling",text:Qt(o,d)},{source:"GET /networks, of jobs, without a container",text:Qt(r,d)},
{source:"GET /networks, in the default subnets",text:Qt(i,d)}];return[c,...l]}function jw(e){if(!e)return[];let t=e.how===
"own-layer"?"file system of this container's own layer":`file system of ${e.path}`,n=e.freeInodes===void 0?"":`, ${me(e.
freeInodes)} free inodes`;return[{source:t,text:`${I(e.freeBytes)} of ${I(e.totalBytes)} free${n}`}]}function VF({images:e,
buildCache:t}){return[`${me(e.count)} images, ${I(e.bytes)}, ${me(e.unused)} of them unused (${I(e.reclaimable)})`,`${me(
t.count)} records of build cache, ${I(t.bytes)}, ${I(t.reclaimable)} unused`].join("; ")}var Lw={$schema:"./docker-warnings.schema.json",warnings:[{kind:"open-api",pattern:"API is accessible on .*without (?:en\
cryption|TLS)",examples:[`WARNING: API is accessible on http://0.0.0.0:2375 without encryption.
         Access to the remote API is equivalent to root access on the host. Refer
         to the 'Docker daemon attack surface' section in the documentation for
         more information: https://docs.docker.com/go/attack-surface/`,`[DEPRECATION NOTICE]: API is accessible on http:\
//0.0.0.0:2375 without encryption.
         Access to the remote API is equivalent to root access on the host.`,"WARNING: API is accessible on http://127.0\
.0.1:2375 without encryption.","WARNING: API is accessible on https://0.0.0.0:2376 without TLS client verification."],source:"\
Docker 20.10 to 29"},{kind:"no-forwarding",pattern:"IPv4 forwarding is disabled",examples:["WARNING: IPv4 forwarding is \
disabled"],source:"Docker 20.10 to 29"},{kind:"no-d-type",pattern:"without d_type support",examples:["WARNING: overlay2:\
 the backing xfs filesystem is formatted without d_type support, which leads to incorrect behavior."],source:"Docker 20.\
10 to 29, on XFS with ftype=0"},{kind:"loopback",pattern:"usage of loopback devices",examples:["WARNING: devicemapper: u\
sage of loopback devices is strongly discouraged for production use."],source:"Docker up to 24, with the storage driver \
devicemapper"},{kind:"no-limits",pattern:"No memory limit support|rootless[- ]mode without cgroup",examples:["WARNING: N\
o memory limit support","WARNING: Running in rootless-mode without cgroups. Systemd is required to enable cgroups in roo\
tless-mode."],source:"Docker 20.10 to 29"},{kind:"no-bridge-filter",pattern:"bridge-nf-call-ip6?tables is disabled",examples:[
"WARNING: bridge-nf-call-iptables is disabled","WARNING: bridge-nf-call-ip6tables is disabled"],source:"Docker 20.10 to \
28"}],harmless:["WARNING: No swap limit support","WARNING: No blkio throttle.read_bps_device support","WARNING: No blkio\
 weight support","WARNING: No kernel memory TCP limit support","WARNING: No oom kill disable support","WARNING: No cpu c\
fs quota support","WARNING: Support for cgroup v1 is deprecated and planned to be removed by no later than May 2029 (htt\
ps://github.com/moby/moby/issues/51111)"]};var WF=Lw.warnings;function Uw(e){return WF.flatMap(({kind:t,pattern:n})=>{let o=e.find(r=>new RegExp(n,"i").test(r));return o===
void 0?[]:[{kind:t,text:o}]})}var Hw="Reads the daemon's warnings about its own setup in `/info`. Only warnings that matter to builds or to safety are\
 reported. The harmless ones (no swap limit, no blkio weight, cgroup v1) are kept as evidence.",If={"daemon-warnings":{level:"\
warn",title:"The Docker daemon reports a serious warning",headline:({kind:e})=>Vd[e].headline,why:({kind:e})=>Vd[e].why,
expected:({kind:e})=>Vd[e].expected,tell:({kind:e,text:t,others:n,rootDir:o})=>({what:`The Docker daemon warns: ${u(t)}.${n.
length>0?` It also warns: ${v(n.map(u))}.`:""}`,fix:Vd[e].fix(o)})}},Vd={"open-api":{headline:"The Docker API is open on\
 TCP without client certificates",why:"Anyone who can reach this port has root access to the host, without a password. O\
n a loopback address that is every process of the machine, on any other address everyone in the network.",expected:"an A\
PI on a unix socket, or on tcp with `--tlsverify`",fix:()=>({text:`Remove the \`tcp://\` address: it is a \`-H\` option in t\
he daemon's unit, or an entry of \`hosts\` in its \`daemon.json\`. Never use both, or the daemon does not start. If the daem\
on must be reachable over the network, make it require client certificates with \`--tlsverify\`. ${G}`,commands:["system\
ctl cat docker | grep -e ExecStart -e tcp://; grep -n tcp:// /etc/docker/daemon.json","sudo systemctl edit --full docker\
   # or edit daemon.json, whichever has the address","sudo dockerd --validate && sudo systemctl restart docker"],kind:"h\
ost"})},"no-forwarding":{headline:"IPv4 forwarding is disabled on the Docker host",why:"Containers cannot reach the netw\
ork: builds cannot download anything, and jobs cannot reach the forge.",expected:"net.ipv4.ip_forward = 1",fix:()=>({text:"\
Enable forwarding, now and at every boot.",commands:["sudo sysctl -w net.ipv4.ip_forward=1","echo net.ipv4.ip_forward=1 \
| sudo tee /etc/sysctl.d/99-docker.conf"],kind:"host"})},"no-d-type":{headline:"The file system of Docker's data lacks d\
_type support",why:"overlayfs does not work correctly on this file system: files that a layer deletes come back, and bui\
lds fail in odd ways.",expected:"a backing file system with d_type",fix:e=>({text:`Move Docker's data to another file sy\
stem (\`data-root\` in \`/etc/docker/daemon.json\`). The current one is an XFS created with \`ftype=0\`, which cannot be chang\
ed. ${G}`,commands:[`xfs_info ${w(e||"/var/lib/docker")} | grep ftype`],kind:"host"})},loopback:{headline:"Docker stores\
 its data on loopback devices",why:"This storage is slow, loses data when the disk fills up, and belongs to a driver tha\
t Docker 25 and later do not have.",expected:"overlay2",fix:()=>({text:`Switch to \`overlay2\`. It does not see existing i\
mages and containers, so images have to be pulled again. ${G}`,config:{file:"/etc/docker/daemon.json",language:"json",text:'\
{ "storage-driver": "overlay2" }'},commands:["sudo systemctl restart docker"],kind:"host"})},"no-limits":{headline:"Dock\
er cannot limit the memory of containers",why:"`--memory` and `--cpus` have no effect: a single job can take the whole m\
achine from the other jobs and from the runner.",expected:"cgroups with the memory controller",fix:()=>({text:"Enable th\
e memory controller at boot: add these options to the kernel's command line, next to those that are there, then restart \
the machine.",config:{file:"/etc/default/grub",language:"ini",text:'GRUB_CMDLINE_LINUX="cgroup_enable=memory swapaccount\
=1"'},commands:["sudo update-grub","sudo reboot   # ends all jobs on this machine: first see in the forge that its runne\
rs are idle"],kind:"host",otherwise:{text:"For rootless Docker, use cgroup v2 with systemd, and delegate the controllers\
 to the daemon's user. It takes effect at that user's next login.",config:{file:"/etc/systemd/system/user@.service.d/del\
egate.conf",language:"ini",text:`[Service]
Delegate=cpu cpuset io memory pids`},commands:["sudo systemctl daemon-reload"],kind:"host"}})},"no-bridge-filter":{headline:"\
Traffic between containers bypasses the firewall",why:"Published ports may not be reachable from other containers, and n\
etworks are not isolated from each other.",expected:"net.bridge.bridge-nf-call-iptables = 1",fix:()=>({text:"Load the mo\
dule and enable the setting, now and at every boot. From then on, the host's firewall also filters the traffic between c\
ontainers that run.",commands:["sudo modprobe br_netfilter","sudo sysctl -w net.bridge.bridge-nf-call-iptables=1 net.bri\
dge.bridge-nf-call-ip6tables=1","echo br_netfilter | sudo tee /etc/modules-load.d/br_netfilter.conf","printf 'net.bridge\
.bridge-nf-call-iptables=1\\nnet.bridge.bridge-nf-call-ip6tables=1\\n' | sudo tee /etc/sysctl.d/99-docker-bridge.conf"],
kind:"host"})}},Mw={"no-info":{title:"The Docker daemon's warnings could not be read",why:"The daemon warns of open port\
s, missing limits and lossy disks there, and nobody sees it.",expected:"an answer to `GET /info`",tell:()=>({what:"The D\
ocker daemon answers, but not `GET /info`, which contains its warnings.",fix:{text:"Ask it by hand, and look into the da\
emon's log. It is slow if a registry mirror or a storage driver does not answer.",commands:["time timeout 60 docker info",
"sudo journalctl --unit docker --since -10min | tail -n 50"],kind:"host"}})}};var Gw={id:"docker/warnings",title:"The Docker daemon reports no serious warning",intro:Hw,reasons:If,needs:{engine:ne},
after:["docker/daemon"],applies:ye,judge({engine:e}){let{version:t,info:n}=e;if(t.kind!=="ok")return{kind:"skip",reason:"\
not-applicable",message:"No Docker daemon answers."};if(n.kind==="http-error"&&[401,403].includes(n.status))return{kind:"\
skip",reason:"not-applicable",message:"A proxy in front of the Docker daemon denies `/info`."};if(n.kind!=="ok"){let p=Qt(
n,()=>""),h=[{source:`GET /info on ${e.endpoint}`,text:p}];return A(Mw,"no-info",{},{observed:p,evidence:h})}let{warnings:o,
dockerRootDir:r}=n.value,i="GET /info, Warnings",s=o.map(p=>({source:i,text:Cf(p)})),a=Je(s)?s:[{source:i,text:"none"}],
[d,...c]=Uw(o);if(!d)return{kind:"pass",message:o.length===0?"no warnings":`${o.length} warnings, none that matters to j\
obs`,evidence:a};let l=Cf(d.text),f=c.map(p=>Cf(p.text)),m={kind:d.kind,text:l,others:f,rootDir:r};return y(If,"daemon-w\
arnings",m,{observed:l,evidence:a})}};function Cf(e){return(e.split(`
`)[0]??"").replace(/^(?:WARNING|\[DEPRECATION NOTICE\]|DEPRECATED):\s*/i,"").replace(/\.\s*$/,"")}var qF=200,xi=class{#e;#t;#n;constructor(t,n,o){this.#e=t,this.#t=gs(n),this.#n=o}get leftMs(){return Math.max(0,this.#n-
re())}async order(t,n,o,r){if(!this.#t)return{ok:!1,status:void 0,message:"no engine to ask"};let i=await this.#e.request(
{to:this.#t,method:t,path:n,headers:{host:"docker","content-type":"application/json"},...r!==void 0&&{body:JSON.stringify(
r)},signal:o});return i.kind==="timed-out"?{ok:!1,status:void 0,message:"no answer in time"}:i.kind==="failed"?{ok:!1,status:void 0,
message:$(i.message,500)}:i.status>=300?{ok:!1,status:i.status,message:$(Va(i.body),1e3)}:{ok:!0,body:KF(i.body)}}};async function Bd(e,t,n){
return te(e.leftMs,new AbortController().signal,async o=>{for(;;){let r=await e.order("DELETE",`/containers/${t}?force=1\
&v=1`,o);if(r.ok)return!0;if(r.status!==404&&r.status!==409)return!1;if(n&&r.status===404)return!0;if(o.aborted)return!1;
await cg(qF,o)}})}function KF(e){try{return JSON.parse(e)}catch{return}}var Wd={name:"smoke-image",async collect(e,t,n,o){let{endpoint:r}=await o(ee),i=await o(Et).catch(()=>{});if(i!=null&&i.
imageId)return{kind:"found",name:i.imageId};let s=await cn(e,r,"/images/json",n,{maxBody:16*1024*1024});if(s.kind==="htt\
p-error"&&[401,403].includes(s.status))return{kind:"forbidden",message:s.body};if(s.kind!=="ok"||!Array.isArray(s.value)){
let c="message"in s?s.message:"body"in s?s.body:s.kind;return{kind:"no-answer",message:$(c,500)}}let a=s.value.flatMap(c=>{
let l=P(c),f=Array.isArray(l==null?void 0:l.RepoTags)?l.RepoTags[0]:void 0;return typeof f!="string"||f.startsWith("<non\
e>")?[]:[{name:$(f,300),size:typeof(l==null?void 0:l.Size)=="number"?l.Size:0}]}),[d]=a.sort((c,l)=>c.size-l.size);return d?
{kind:"found",name:d.name}:{kind:"no-image"}}};var zF=300,JF=2e3,js="/runner-check",qd={name:"smoke",async collect(e,t,n,o){var d;let r=await e.realPath(t.workspace),i=r.
kind==="ok"?r.value:t.workspace;if(!((d=t.policy.smoke)!=null&&d.parts.includes("docker")))return{workspace:i,outcome:{kind:"\
not-asked"}};let{endpoint:s}=await o(ee),a=new xi(e,s,re()+t.timeoutMs+zF);return te(t.timeoutMs*.8,n,async c=>{let l=await o(
Wd);if(l.kind!=="found")return{workspace:i,outcome:l};let f=await e.placeFile(i);if(f.kind!=="ok")return{workspace:i,outcome:{
kind:"no-file",code:f.kind==="absent"?"ENOENT":f.code}};try{return{workspace:i,...await YF(a,l.name,i,f.value,c)}}finally{
await f.value.remove()}})}};async function YF(e,t,n,o,r){if(r.aborted)return{outcome:{kind:"no-answer",message:"no time \
was left"}};let i=`runner-check-smoke${o.name.replace(/^\.runner-check/,"")}`,s={Image:t,Entrypoint:["cat"],Cmd:[`${js}/${o.
name}`],User:"0:0",Labels:{"runner-check":"smoke"},HostConfig:{Mounts:[{Type:"bind",Source:n,Target:js,ReadOnly:!0}],NetworkMode:"\
none"}},d=await dg(()=>Math.min(JF,e.leftMs/2),r,f=>e.order("POST",`/containers/create?name=${i}`,f,s));if(!d.ok&&d.status!==
void 0)return{outcome:ZF(d,t,n)};let c=d.ok?await XF(e,t,n,i,o,r):{kind:"no-answer",message:d.message},[l]=await Promise.
all([Bd(e,i,d.ok),o.remove()]);return l?{outcome:c}:{outcome:c,leftBehind:i}}function ZF(e,t,n){let{status:o,message:r}=e;
return o===401||o===403?{kind:"forbidden",message:r}:Bw(r,n)?{kind:"not-seen",image:t,message:r}:{kind:"not-started",image:t,
message:r}}function Bw(e,t){return e.includes(t)&&/does not exist|no such file or directory|not shared|mounts denied/i.test(
e)}async function XF(e,t,n,o,r,i){var c;let s=await e.order("POST",`/containers/${o}/start`,i);if(!s.ok){let{message:l,status:f}=s;
return f===void 0?{kind:"no-answer",message:l}:f===401||f===403?{kind:"forbidden",message:l}:Bw(l,n)?{kind:"not-seen",image:t,
message:l}:/executable file not found|no such file or directory.*\bcat\b|\bcat\b.*no such file or directory/i.test(l)?Vw(
e,t,o,r,i):{kind:"not-started",image:t,message:l}}let a=await e.order("POST",`/containers/${o}/wait`,i);if(!a.ok)return{
kind:"no-answer",message:a.message};let d=(c=P(a.body))==null?void 0:c.StatusCode;return d===0?{kind:"seen",image:t}:d===
126||d===127?Vw(e,t,o,r,i):{kind:"not-seen",image:t,message:`\`cat ${js}/\u2026\` in the container ended with exit code ${d}`}}
async function Vw(e,t,n,o,r){let i=encodeURIComponent(`${js}/${o.name}`),s=await e.order("HEAD",`/containers/${n}/archiv\
e?path=${i}`,r);return s.ok?{kind:"seen",image:t}:s.status===404?{kind:"not-seen",image:t,message:`the container has no ${js}\
/${o.name}`}:{kind:"no-answer",message:s.message}}var Ww={errors:[{cause:"old-runc",pattern:'namespace \\{"time" ""\\} does not exist|this version of runc doesn.t work on c\
groups v2',example:'failed to create task for container: failed to create shim task: OCI runtime create failed: runc cre\
ate failed: namespace {"time" ""} does not exist: unknown'},{cause:"kernel-namespaces",pattern:'namespace \\{"\\w+" ""\\} d\
oes not exist|namespaces aren.t enabled in (?:the )?kernel',example:'OCI runtime create failed: namespace {"cgroup" ""} \
does not exist: unknown'},{cause:"lxc-apparmor",pattern:"reopen fd \\d+: permission denied|(?:open|writing|write) sysctl(\
?: key)? [\\w./]+[^\\n]*permission denied",example:"failed to create task for container: failed to create shim task: OCI\
 runtime create failed: runc create failed: unable to start container process: error during container init: open sysctl \
net.ipv4.ip_unprivileged_port_start file: reopen fd 8: permission denied: unknown"},{cause:"sysctl-read-only",pattern:"/\
proc/sys/\\S*: read-only file system",example:"OCI runtime create failed: runc create failed: unable to start container \
process: error during container init: write sysctl key net.ipv4.ping_group_range: open /proc/sys/net/ipv4/ping_group_ran\
ge: read-only file system: unknown"},{cause:"openat2",pattern:"openat2[^\\n]*function not implemented",example:"OCI runt\
ime create failed: runc create failed: unable to start container process: error during container init: open sysctl net.i\
pv4.ip_unprivileged_port_start file: unsafe procfs detected: openat2 fsmount:fscontext:proc/./sys/net/ipv4/ip_unprivileg\
ed_port_start: function not implemented: unknown"},{cause:"lxc-nesting",pattern:"attempted to load a profile while confi\
ned|Could not check if [\\w-]+ AppArmor profile was loaded: open \\S+: permission denied",example:`AppArmor enabled on s\
ystem but the docker-default profile could not be loaded: running 'apparmor_parser' failed with output: apparmor_parser:\
 Unable to replace "docker-default". Permission denied; attempted to load a profile while confined?
error: exit status 243`},{cause:"apparmor",pattern:"AppArmor enabled on system but the [\\w-]+ profile could not be loade\
d|apparmor failed to apply profile|attr/(?:apparmor/)?exec: (?:no such file|invalid argument|operation not permitted|per\
mission denied)",example:'AppArmor enabled on system but the docker-default profile could not be loaded: running `apparm\
or_parser apparmor_parser --version` failed with output: \nerror: exec: "apparmor_parser": executable file not found in $\
PATH'},{cause:"nested-mount",pattern:'error mounting "(?:proc|sysfs|cgroup|mqueue)" to rootfs at "\\S+":[^\\n]*(?:permissi\
on denied|operation not permitted)|error preparing rootfs: permission denied|unable to mount proc|can.t mask (?:dir|path\
)[^\\n]*(?:denied|not permitted)|error creating device nodes[^\\n]*not permitted|remount-private|making? \\S* ?(?:parent )?\
mounts? (?:r?private|slave)[^\\n]*permission denied|change mount propagation[^\\n]*permission denied',example:'failed to\
 create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during contai\
ner init: error mounting "proc" to rootfs at "/proc": mount src=proc, dst=/proc, dstFd=/proc/thread-self/fd/8, flags=MS_\
NOSUID|MS_NODEV|MS_NOEXEC: operation not permitted: unknown'},{cause:"cgroup-devices",pattern:"bpf_prog_query\\(BPF_CGROU\
P_DEVICE\\)|BPF_PROG_(?:ATTACH|QUERY)|bpf_prog_load|can.t load program: operation not permitted|devices\\.(?:allow|deny): \
(?:operation not permitted|permission denied)",example:"OCI runtime create failed: runc create failed: unable to start c\
ontainer process: error during container init: error setting cgroup config for procHooks process: bpf_prog_query(BPF_CGR\
OUP_DEVICE) failed: operation not permitted: unknown"},{cause:"cgroup-systemd",pattern:'unable to start unit "[^"\\n]+"|(\
?:dbus|sd-bus|systemd)[^\\n]*(?:Interactive authentication required|connection refused|no such file or directory)|No syst\
emd user session|systemd cgroup flag passed, but systemd support',example:'OCI runtime create failed: runc create failed\
: unable to start container process: unable to apply cgroup configuration: unable to start unit "docker-4d2f.scope" (pro\
perties [{Name:Description Value:"libcontainer container 4d2f"}]): Interactive authentication required.: unknown'},{cause:"\
cgroup-missing",pattern:"cgroup mountpoint does not exist|mountpoint for \\w+ not found|no cgroup mount found|cannot find\
 cgroup mount|[Dd]evices cgroup isn.t mounted",example:"cgroups: cgroup mountpoint does not exist: unknown"},{cause:"cgr\
oup-limit",pattern:"/sys/fs/cgroup/[^\\n]*(?:no space left on device|cannot allocate memory|resource temporarily unavaila\
ble)",example:"OCI runtime create failed: runc create failed: unable to start container process: unable to apply cgroup \
configuration: mkdir /sys/fs/cgroup/memory/docker/4d2f: cannot allocate memory: unknown"},{cause:"cgroup",pattern:"with \
domain controllers -- it is in (?:an invalid state|threaded mode)|unable to apply cgroup configuration|cgroup\\.(?:procs|\
subtree_control)[^\\n]*(?:permission denied|read-only file system|device or resource busy|operation not supported|invalid\
 argument|no such file)|/sys/fs/cgroup/[^\\n]*(?:permission denied|read-only file system|no such file or directory|invali\
d argument)",example:'OCI runtime create failed: runc create failed: unable to start container process: error during con\
tainer init: cannot enter cgroupv2 "/sys/fs/cgroup/docker" with domain controllers -- it is in an invalid state: unknown'},
{cause:"keys",pattern:"(?:session key|keyring|keyctl)[^\\n]*(?:quota|not permitted|denied)",example:"OCI runtime create \
failed: runc create failed: unable to start container process: error during container init: unable to join session keyri\
ng: unable to create session key: disk quota exceeded: unknown"},{cause:"rlimits",pattern:"error setting rlimits?\\b[^\\n]\
*operation not permitted",example:"OCI runtime create failed: runc create failed: unable to start container process: err\
or during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted:\
 unknown"},{cause:"no-pivot",pattern:"pivot_root[^\\n]*invalid argument",example:"OCI runtime create failed: runc create\
 failed: unable to start container process: error during container init: error jailing process inside rootfs: pivot_root\
 .: invalid argument: unknown"},{cause:"user-namespaces",pattern:"(?:fork/exec /proc/self/exe|clone|unshare)[^\\n]*(?:ope\
ration not permitted|no space left on device|user namespace)|new[ug]idmap[^\\n]*(?:not permitted|failed)|can.t (?:get|cre\
ate) (?:final child|user namespace)",example:"OCI runtime create failed: unable to start container process: error starti\
ng setns process: fork/exec /proc/self/exe: operation not permitted: unknown"},{cause:"selinux",pattern:"attr/keycreate|\
selinux[^\\n]*(?:denied|invalid|failed)|failed to set (?:file|process|exec) label",example:"OCI runtime create failed: r\
unc create failed: unable to start container process: error during container init: write /proc/self/attr/keycreate: perm\
ission denied: unknown"},{cause:"seccomp",pattern:"seccomp[^\\n]*(?:error|invalid argument|not supported|not permitted|fa\
iled)|(?:error|failed|unable)[^\\n]*seccomp",example:"OCI runtime create failed: runc create failed: unable to start con\
tainer process: error during container init: error loading seccomp filter into kernel: error loading seccomp filter: err\
no 524: unknown"},{cause:"runtime-missing",pattern:'unknown or invalid runtime name: (?<subject>[\\w.-]+)|Unknown runtime\
 specified (?<other>[\\w-]+(?:\\.\\w+)*)|exec: "(?<program>(?:/\\S*/)?(?:runc|crun|runsc|docker-runc|docker-init|nvidia-cont\
ainer-runtime|containerd-shim[\\w-]*))"|fork/exec (?<path>\\S*(?:runc|crun|runtime|shim[\\w-]*)): no such file|exec: "nvidi\
a-container-runtime-hook"',example:"unknown or invalid runtime name: nvidia"},{cause:"nvidia-runtime",pattern:"nvidia-co\
ntainer-cli(?:\\.real)?: |nvidia-container-runtime[^\\n]*(?:error|failed)|failed to discover GPU vendor|could not select d\
evice driver",example:`failed to create shim task: OCI runtime create failed: runc create failed: unable to start contai\
ner process: error during container init: error running prestart hook #0: exit status 1, stdout: , stderr: Auto-detected\
 mode as 'legacy'
nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1: cannot open shared object file: no s\
uch file or directory: unknown`},{cause:"containerd",pattern:"containerd(?:\\.sock)?[^\\n]*(?:connection refused|no such f\
ile or directory|connection error|is not running)|ttrpc: closed|transport is closing|shim(?:.s)? (?:exited|disconnected)",
example:'connection error: desc = "transport: Error while dialing: dial unix:///run/containerd/containerd.sock: connect:\
 connection refused": unavailable'},{cause:"network-kernel",pattern:"\\(veth\\)[^\\n]*operation not supported|adding interf\
ace \\S+ to bridge \\S+ failed|failed to (?:add|create) (?:the host|veth|bridge)[^\\n]*(?:not supported|not permitted|no su\
ch device)",example:"failed to create endpoint quirky on network bridge: failed to add the host (veth2f) <=> sandbox (ve\
th9a) pair interfaces: operation not supported"},{cause:"iptables-kernel",pattern:"can.t initialize ip6?tables table|ip6\
?tables[^\\n]*(?:Table does not exist|do you need to insmod)",example:`failed to set up container networking: driver fai\
led programming external connectivity on endpoint quirky: Unable to enable DIRECT ACCESS FILTERING - DROP rule: (iptable\
s failed: iptables --wait -t raw -A PREROUTING: iptables v1.8.10 (legacy): can't initialize iptables table \`raw': Table \
does not exist (do you need to insmod?)
Perhaps iptables or your kernel needs to be upgraded.
 (exit status 3))`},{cause:"iptables",pattern:"iptables[^\\n]*(?:No chain/target/match by that name|failed|not found|Perm\
ission denied)|Unable to enable [\\w ]* rule|DOCKER-\\w+[^\\n]*does not exist",example:`driver failed programming extern\
al connectivity on endpoint quirky: (iptables failed: iptables --wait -t nat -A DOCKER -p tcp: iptables: No chain/target\
/match by that name.
 (exit status 1))`},{cause:"address-pool",pattern:"could not find an available, non-overlapping IPv4 address pool|all pr\
edefined address pools have been fully subnetted|no available IPv4 addresses",example:"failed to create endpoint quirky \
on network bridge: no available IPv4 addresses on this network's address pools: bridge"},{cause:"overlay",pattern:"(?:er\
ror creating overlay mount|failed to mount[^\\n]*overlay|overlay mount|mount (?:callback )?failed[^\\n]*overlay)[^\\n]*(?:i\
nvalid argument|not permitted|permission denied|no such device|not supported)|failed to mount overlay",example:"error cr\
eating overlay mount to /var/lib/docker/overlay2/4d2f/merged: invalid argument"},{cause:"no-space",pattern:"no space lef\
t on device|disk quota exceeded",example:"error creating temporary lease: write /var/lib/docker/containerd/daemon/io.con\
tainerd.metadata.v1.bolt/meta.db: no space left on device: unknown"},{cause:"read-only",pattern:"(?:/var/lib/docker|/run\
/|docker)[^\\n]*read-only file system",example:"mkdir /var/lib/docker/overlay2/4d2f-init: read-only file system"},{cause:"\
no-process",pattern:"resource temporarily unavailable|pthread_create failed|cannot allocate memory|can.t fork",example:"\
failed to create shim task: OCI runtime create failed: unable to retrieve OCI runtime error: fork/exec /usr/bin/runc: re\
source temporarily unavailable: unknown"},{cause:"architecture",pattern:"exec format error",example:"OCI runtime create \
failed: runc create failed: unable to start container process: exec /bin/true: exec format error: unknown"},{cause:"noex\
ec",pattern:'exec: "/?[\\w./-]+": permission denied',example:'OCI runtime create failed: runc create failed: unable to s\
tart container process: error during container init: exec: "true": permission denied: unknown'}]};var QF=Ww.errors;function Ls(e){for(let{cause:t,pattern:n}of QF){let o=new RegExp(n,"i").exec(e);if(!o)continue;let{subject:r,
other:i,program:s,path:a}=o.groups??{},d=r??i??s??a;return{cause:t,...d!==void 0&&{subject:d}}}}function Do(e,t){let n=Ls(e);return n?e1[n.cause](n.subject):{headline:"`docker run` fails",cause:"The message does not \
match a cause that runner-check knows.",fix:{text:"Try the same on the machine of the daemon, and read its log. If packa\
ges of Docker, containerd, runc, the kernel or the machine around them changed shortly before, that is the first suspect\
.",commands:[`docker run --rm ${N(t)} true`,Kd,"grep -h -E ' (install|upgrade) ' /var/log/dpkg.log | tail -n 20"],kind:"\
host"}}}var Kd="sudo journalctl -u docker -u containerd --since -10min --no-pager",Us="sudo systemctl restart docker",Hs="\
Shut the outer container down and start it again afterwards. That ends all jobs in it.",e1={"old-runc":()=>({headline:"D\
ocker's runtime is older than its daemon needs",cause:"The daemon asks runc for a feature that this runc does not have.",
fix:{text:`Install engine, containerd and runc from one source. With Docker's own packages, runc is part of containerd.i\
o. ${G}`,commands:["docker version   # Engine, containerd and runc","sudo apt-get install --only-upgrade docker-ce conta\
inerd.io",Us],kind:"host"}}),"kernel-namespaces":()=>({headline:"The kernel lacks a namespace that containers need",cause:"\
The running kernel was built without this kind of namespace, or the machine's provider switched it off.",fix:{text:"Run \
Docker on a kernel with all namespaces: the distribution's own, or another machine. The list shows what this one has.",commands:[
"uname -r","ls /proc/self/ns"],kind:"host"}}),"lxc-apparmor":()=>({headline:"AppArmor around the LXC container stops run\
c",cause:"The daemon runs in an LXC container. Since its security fix of November 2025 (1.3.3, 1.2.8), runc opens sysctl\
s in a way that the AppArmor profile of an older LXC host denies. A newer Docker does not change that, and an older one \
brings the hole back.",fix:{text:`Update the outer host, not Docker: on Proxmox \`lxc-pve\` to 6.0.5-2 or newer, with Incu\
s to 6.19 or newer. ${Hs}`,commands:["dpkg -s lxc-pve | grep Version   # on the Proxmox host","incus version   # on the \
Incus host"],kind:"host",otherwise:{text:`Until then, let the outer container run without AppArmor. This weakens the wal\
l between it and its host. On Incus, the same is \`raw.lxc: lxc.apparmor.profile=unconfined\`. ${Hs}`,config:{file:"/etc\
/pve/lxc/<id>.conf on the Proxmox host",language:"yaml",text:"lxc.apparmor.profile: unconfined"},kind:"host"}}}),"sysctl\
-read-only":()=>({headline:"Kernel settings are read-only around Docker",cause:"The daemon runs in a container whose `/p\
roc/sys` is read-only, so the runtime cannot set what a new container needs.",fix:{text:`Start the daemon's own containe\
r with \`privileged: true\`, as Docker-in-Docker needs, or allow nesting if it is LXC. ${Hs}`,commands:["findmnt /proc/s\
ys   # where the daemon runs","systemd-detect-virt --container"],kind:"host"}}),openat2:()=>({headline:"runc may not use\
 the system call `openat2`",cause:"Since its security fix of November 2025, runc needs `openat2`. The kernel is older th\
an Linux 5.6, or the seccomp filter of a container around the daemon does not know the call.",fix:{text:"Find out which \
of the two it is. A newer kernel, or newer packages of the outer host, end it. An older runc brings the hole back.",commands:[
"uname -r","grep Seccomp /proc/1/status   # where the daemon runs; 2: a filter is on"],kind:"host"}}),"lxc-nesting":()=>({
headline:"The outer container does not allow nesting",cause:"The daemon runs in an LXC container that may not load AppAr\
mor profiles of its own.",fix:{text:`Switch nesting on for the outer container. On Proxmox: Options, Features, Nesting. \
With Incus or LXD, it is \`security.nesting\`. ${Hs}`,config:{file:"/etc/pve/lxc/<id>.conf on the Proxmox host",language:"\
yaml",text:"features: nesting=1,keyctl=1"},kind:"host"}}),apparmor:()=>({headline:"Docker cannot load its AppArmor profi\
le",cause:"The kernel has AppArmor, but the daemon could not load or apply the profile for containers.",fix:{text:`Insta\
ll AppArmor's tools, and see that its service is well. ${G}`,commands:["sudo apt-get install apparmor","systemctl status\
 apparmor --no-pager",Us],kind:"host"}}),"nested-mount":()=>({headline:"The container around Docker allows no mounts",cause:"\
The daemon runs in a container itself, and may not mount what each container needs.",fix:{text:`Give the outer container\
 the right to nest: LXC with \`nesting=1\`, Docker-in-Docker with \`privileged: true\` for the daemon's own container. ${Hs}`,
kind:"host"}}),"cgroup-devices":()=>({headline:"Docker may not set device rules of control groups",cause:"The kernel den\
ies the BPF program or the device rules by which the runtime limits devices: the daemon has not enough rights, as in an \
unprivileged outer container, or the kernel is too old for cgroup v2.",fix:{text:"If the daemon runs in a container, all\
ow nesting there. If the machine just moved to cgroup v2, it needs Linux 5.2 or newer. The commands show both.",commands:[
"uname -r","stat -fc %T /sys/fs/cgroup","systemd-detect-virt --container"],kind:"host"}}),"cgroup-systemd":()=>({headline:"\
systemd does not make a control group for Docker",cause:"The daemon asks systemd for the container's control group, and \
systemd denies it or does not answer.",fix:{text:`Find out what systemd answers. If no systemd runs there, as in a conta\
iner, have Docker make the groups itself. ${G}`,config:{file:"/etc/docker/daemon.json",language:"json",text:'{ "exec-opt\
s": ["native.cgroupdriver=cgroupfs"] }'},commands:["systemctl is-system-running",Kd,Us],kind:"host"}}),"cgroup-missing":()=>({
headline:"Docker finds no control groups",cause:"A control group file system that the runtime needs is not mounted where\
 the daemon runs.",fix:{text:"Mount control groups where the daemon runs: cgroup v2 at `/sys/fs/cgroup`, or start the ou\
ter container with `--cgroupns=host` and `/sys/fs/cgroup`.",commands:["findmnt -t cgroup,cgroup2","cat /proc/filesystems\
 | grep cgroup"],kind:"host"}}),"cgroup-limit":()=>({headline:"The kernel has no room for another control group",cause:"\
Control groups of containers that ended are kept, up to the kernel's limit.",fix:{text:"See how many there are. Containe\
rs of ended jobs, and a reboot, free them. A reboot ends all jobs on this machine: first see in the forge that its runne\
rs are idle.",commands:["cat /proc/cgroups","docker ps --all --quiet | wc -l"],kind:"host"}}),cgroup:()=>({headline:"Doc\
ker may not make a control group",cause:"The control groups where the daemon runs are read-only, not delegated to it, or\
 hold its own processes.",fix:{text:"If the daemon runs in a container, start that one with a control group namespace of\
 its own (`--cgroupns=private`) and the right to write there. In LXC, allow nesting. For a rootless daemon, delegate the\
 controllers to its user (`Delegate=yes`).",commands:["cat /proc/self/cgroup","findmnt -t cgroup,cgroup2","cat /sys/fs/c\
group/cgroup.controllers"],kind:"host"}}),keys:()=>({headline:"The kernel's quota of keys is used up",cause:"Each contai\
ner takes a session key, and this user has as many as the kernel allows, or may have none.",fix:{text:"Raise the quota. \
In an unprivileged LXC container, set it on the outer host, and `keyctl=1` among the container's features.",commands:["c\
at /proc/key-users","sudo sysctl -w kernel.keys.maxkeys=2000 kernel.keys.maxbytes=200000"],kind:"host"}}),rlimits:()=>({
headline:"A limit for containers is above the daemon's own",cause:"The daemon may not give a container a higher limit th\
an it has itself.",fix:{text:"Lower `default-ulimits` in `/etc/docker/daemon.json`, or raise the limit of the daemon's s\
ervice or of the container around it.",commands:["cat /etc/docker/daemon.json",'cat /proc/"$(pidof dockerd)"/limits'],kind:"\
host"}}),"no-pivot":()=>({headline:"Docker's data is on the initial RAM disk",cause:"The root file system is the initial\
 RAM disk, from which the runtime cannot change the root of a container.",fix:{text:`Keep Docker's data on another file \
system (\`data-root\`), or set \`DOCKER_RAMDISK=true\` for the daemon. ${G}`,commands:["findmnt --target /var/lib/docker"],
kind:"host"}}),"user-namespaces":()=>({headline:"The kernel denies Docker a new namespace",cause:"The daemon may not mak\
e the namespaces of a container: user namespaces are restricted, or used up.",fix:{text:"See which limit it is. A rootle\
ss daemon needs user namespaces, and subordinate ids for its user. In a container, the outer one has to allow them.",commands:[
"sysctl user.max_user_namespaces kernel.unprivileged_userns_clone kernel.apparmor_restrict_unprivileged_userns","cat /et\
c/subuid /etc/subgid"],kind:"host"}}),selinux:()=>({headline:"SELinux stops Docker from starting a container",cause:"The\
 runtime may not set the SELinux label of the container.",fix:{text:"Install the policy for containers, and see what was\
 denied.",commands:["sudo dnf install container-selinux","sudo ausearch -m avc -ts recent"],kind:"host"}}),seccomp:()=>({
headline:"The kernel does not take Docker's seccomp filter",cause:"The runtime could not load the filter of system calls\
.",fix:{text:"See whether kernel and outer container allow seccomp filters, and which profile the daemon uses.",commands:[
"grep Seccomp /proc/self/status","docker info --format '{{.SecurityOptions}}'",Kd],kind:"host"}}),"runtime-missing":e=>({
headline:"A program that starts containers is missing",cause:`The daemon is set up for a runtime that is not installed${e===
void 0?"":`: ${u(T(e))}`}.`,fix:{text:`Install the runtime, or take it out of \`runtimes\` and \`default-runtime\` in \`/etc/\
docker/daemon.json\`. ${G}`,commands:["docker info --format '{{.DefaultRuntime}} {{.Runtimes}}'","command -v runc contai\
nerd-shim-runc-v2","cat /etc/docker/daemon.json",Us],kind:"host"}}),"nvidia-runtime":()=>({headline:"NVIDIA's runtime fa\
ils for every container",cause:"The daemon's default runtime is NVIDIA's, and it does not find a working driver.",fix:{text:`\
Repair the driver on the daemon's machine. If it has no GPU, make \`runc\` the default runtime again in \`/etc/docker/daemo\
n.json\`. ${G}`,commands:["nvidia-smi","docker info --format '{{.DefaultRuntime}}'","nvidia-container-cli --load-kmods i\
nfo"],kind:"host"}}),containerd:()=>({headline:"containerd does not answer Docker",cause:"The daemon answers, but contai\
nerd, which starts containers for it, is not running or was replaced while it ran.",fix:{text:`See what became of contai\
nerd, and start it and the daemon again. ${G}`,commands:["systemctl status containerd --no-pager",Kd,"sudo systemctl res\
tart containerd docker"],kind:"host"}}),"network-kernel":()=>({headline:"The kernel cannot connect containers to a netwo\
rk",cause:"A kernel module for networks of containers (`veth`, `bridge`) cannot be loaded. Usually the kernel's package \
was updated, and the modules of the running kernel are gone.",fix:{text:"If the directory of the running kernel's module\
s is missing, reboot. A reboot ends all jobs on this machine: first see in the forge that its runners are idle.",commands:[
'ls -d /lib/modules/"$(uname -r)"',"sudo modprobe veth","sudo reboot"],kind:"host"}}),iptables:()=>({headline:"Docker's \
firewall rules are gone",cause:"The daemon cannot add the rules of a container: something flushed its chains, such as a \
firewall that was reloaded, or iptables is missing.",fix:{text:`Restart the daemon, which makes its chains again, and ha\
ve the firewall start before it. ${G}`,commands:["sudo iptables -t nat -L DOCKER -n",Us],kind:"host"}}),"iptables-kernel":()=>({
headline:"The kernel lacks a table of iptables that Docker needs",cause:"The daemon adds rules to a table that this kern\
el has no module for. Docker 28 and newer need the table `raw`.",fix:{text:"Load the modules, on the outer host if the d\
aemon runs in a container. If the directory of the running kernel's modules is missing, a reboot brings them back. It en\
ds all jobs on this machine: first see in the forge that its runners are idle.",commands:['ls -d /lib/modules/"$(uname -\
r)"',"sudo modprobe -a iptable_raw ip6table_raw iptable_nat iptable_filter xt_addrtype"],kind:"host",otherwise:{text:`If\
 the kernel has no such module, tell the daemon to do without. Ports of containers are less protected then. ${G}`,config:{
file:"a drop-in of docker.service",language:"ini",text:`[Service]
Environment=DOCKER_INSECURE_NO_IPTABLES_RAW=1`},kind:"host"}}}),architecture:()=>({headline:"The image is for another pr\
ocessor",cause:"The kernel cannot start the programs of this image: they were built for another architecture.",fix:{text:"\
Compare the two, and pull the image for this machine. To run foreign images, register QEMU's interpreters (binfmt).",commands:[
"uname -m","docker image ls --quiet | xargs docker image inspect --format '{{.Architecture}} {{.RepoTags}}'"],kind:"host"}}),
noexec:()=>({headline:"Programs in containers may not be started",cause:"The image has the program, but the kernel denie\
s its start. Docker's data directory is mounted with `noexec`, or SELinux or AppArmor forbids it.",fix:{text:"See how th\
e directory is mounted, and take `noexec` away in `/etc/fstab` and from the mount. If it is not there, look for denials \
in the kernel's log.",commands:['findmnt --target "$(docker info --format "{{.DockerRootDir}}")"',"sudo dmesg | grep -iE\
 'apparmor|avc' | tail -n 20"],kind:"host"}}),"address-pool":()=>({headline:"Docker's network has no address left",cause:"\
Each container of this network takes an address, and none is free. Containers and networks of old jobs keep theirs.",fix:{
text:"See what is left over. The runner's networks are named after its jobs.",commands:["docker ps --all --size=false","\
docker network ls"],kind:"host"}}),overlay:()=>({headline:"Docker cannot mount a container's file system",cause:"The ker\
nel denies the overlay mount: the data directory is on a file system that does not support it, or the daemon runs in a c\
ontainer without the rights.",fix:{text:"Keep Docker's data on ext4 or on XFS with `ftype=1`: for Docker-in-Docker, in a\
 volume. In an unprivileged container, `fuse-overlayfs` is the storage driver that works.",commands:["docker info --form\
at '{{.Driver}} {{.DriverStatus}}'",'findmnt --target "$(docker info --format "{{.DockerRootDir}}")"'],kind:"host"}}),"n\
o-space":()=>({headline:"A disk that Docker writes to is full",cause:"The daemon could not write what a new container ne\
eds.",fix:{text:`See which disk is full. Then remove images that are unused and older than a week. ${In("docker")}`,commands:[
"df -h /var/lib/docker /run /tmp; df -i /var/lib/docker","docker system df","docker image prune --all --filter until=168\
h"],kind:"host"}}),"read-only":()=>({headline:"A file system that Docker writes to is read-only",cause:"The daemon canno\
t write to its directories. A disk with errors is made read-only by the kernel.",fix:{text:"See how it is mounted, and w\
hat the kernel said about the disk.",commands:["findmnt --target /var/lib/docker","sudo dmesg --level=err,warn | tail -n\
 20"],kind:"host"}}),"no-process":()=>({headline:"The daemon's machine is out of processes or memory",cause:"The kernel \
denies the daemon another process or more memory.",fix:{text:"See what uses them. `TasksMax=` of the Docker service and \
`kernel.pid_max` limit processes.",commands:["free -m","ps -eo user= | sort | uniq -c | sort -rn | head","systemctl show\
 docker --property TasksCurrent,TasksMax"],kind:"host"}})};var zw=["`docker run -v \"$PWD:/src\"` in a job is executed by the daemon on its own host, where the job's path usually me\
ans nothing. This check asks the daemon how the workspace of this container is mounted. With the input `smoke`, it also \
starts a container from an image that exists locally (the job's own, or the smallest) with the workspace mounted, and le\
ts it read a file that was put there. File and container are removed again.","By default, Gitea's runner keeps the works\
pace in a volume, and GitHub's runner mounts it from another path. There, `-v \"$PWD:/src\"` never worked and was never pr\
omised; `docker build` and actions are not affected. So the check is skipped with a note, instead of warning about every\
 runner with the usual setup.","With `smoke`, the finding is a failure, because a container was started to find out. If \
`smoke` may not start a container, or cannot put its file into the workspace, the result is an error: it was requested, \
and could not find out. Without a local image, the mounts decide."].join(`

`),Ms={"not-visible":{level:"warn",title:"The Docker daemon does not see the job's workspace",headline:({by:e})=>e==="no\
-start"?"Docker cannot start a container with the workspace":"The Docker daemon does not see the job's workspace",why:({
by:e})=>e==="no-start"?"The daemon answers and looks healthy, but every `docker run` and every build step fails, and the\
 runner cannot start jobs.":'A container that a job starts with `-v "$PWD:/src"`, or with Compose, finds an empty direct\
ory or other files. The job fails with missing files.',expected:({by:e,workspace:t})=>{switch(e){case"mounts":return`${t}\
 bound to the same path, or a volume of the runner`;case"smoke":return"the workspace's files in a container that the job\
 starts";case"no-start":return"a container that starts and sees the workspace"}},tell:t1}};function t1(e){let{workspace:t,
situation:n}=e;switch(e.by){case"mounts":return{what:`The daemon looks for ${u(t)} on its own host, and ${e.found}. So \`\
docker run -v "$PWD:/src"\` does not mount the workspace.`,fix:Kw(t,n)};case"smoke":return{what:`A container that was st\
arted to find out did not see the workspace ${u(t)}.`,fix:Kw(t,n)};case"no-start":return{what:`${Do(e.error,e.image).cause}\
 No container can be started: ${u(T(e.error,600))}.`,fix:Do(e.error,e.image).fix}}}function qw({system:e}){return{text:`\
Share the mounts of the job's container: add \`--volumes-from ${e==="gitea"?'"$JOB_CONTAINER_NAME"':'"$(hostname)"'} --w\
orkdir "$GITHUB_WORKSPACE"\` to \`docker run\`. This works with any setup of the runner.`,kind:"workflow"}}function Kw(e,t){
if(t.system!=="gitea"&&t.system!=="forgejo")return qw(t);let n=`/${e.split("/")[1]||"workspace"}`;return{text:`Let the r\
unner bind the workspace from the host. Before 3.3.1, it drops a directory that \`valid_volumes\` does not allow. If the r\
unner itself runs in a container, mount ${u(n)} of the host there at the same path.`,config:{file:oe,language:"yaml",text:`\
container:
  bind_workdir: true
  workdir_parent: ${Se(n.slice(1))}
  valid_volumes:
    - ${Se(`${n}/**`)}`},commands:j(t),kind:"runner",otherwise:qw(t)}}var _f='Whether a started container sees the works\
pace is unknown. If it does not, `docker run -v "$PWD:/src"` in a job mounts an empty directory, and the step fails on m\
issing files.',Nf="a started container that sees the workspace",zd={"no-file":{title:"`smoke` could not write to the wor\
kspace",why:_f,expected:Nf,tell:({workspace:e,errno:t})=>({what:`\`smoke\` could not put a file into ${u(e)} (${t}), so \
a container cannot see it.`,fix:{text:"Give the job a workspace that it can write to. The commands show its owner and mo\
de, how full its disk is, and whether it is mounted read-only.",commands:["id",`ls -ld ${w(e)}`,`df -h ${w(e)}`,`findmnt\
 --target ${w(e)}`],kind:"host"}})},forbidden:{title:"`smoke` may not start a container",why:_f,expected:Nf,tell:({answer:e})=>({
what:`\`smoke\` may not start a container: the daemon, or a proxy in front of it, denies it (${e}).`,fix:{text:"Allow `P\
OST /containers/create` for jobs in the proxy or the daemon's authorization plugin. If jobs must not start containers, t\
ake `docker` out of `smoke`: the check then judges by the mounts.",commands:["docker info --format '{{.Plugins.Authoriza\
tion}}'",'echo "${DOCKER_HOST:-the default socket}"'],kind:"host"}})},"no-answer":{title:"The container of `smoke` did n\
ot finish",why:_f,expected:Nf,tell:({answer:e})=>({what:`\`smoke\` could not finish: ${e}.`,fix:{text:"Start a container\
 by hand and see how long it takes. A daemon under load, or a slow disk, needs more time.",commands:["docker ps --all --\
last 3","sudo journalctl --unit docker --since -10min | tail -n 50"],kind:"host",otherwise:mn()}})}};var Jw={id:"docker/workspace",title:"Containers that a job starts see its workspace",intro:zw,reasons:Ms,needs:{engine:ne,
endpoint:ee,container:R,job:S,self:Et,smoke:qd},after:["docker/daemon","smoke/docker"],applies:ye,judge({engine:e,endpoint:{
endpoint:t},container:n,job:o,self:r,smoke:i},s){var c;let a=!["not-asked","no-image"].includes(i.outcome.kind);if(e.version.
kind!=="ok"&&(!a||(c=s.smoke)!=null&&c.all))return $i("No Docker daemon answers.");if(!i.workspace)return q("docker/work\
space","the workspace");let d=M(n,o);return a?i1(i,r,d):n.mode==="host"&&n.insideContainer===void 0?n1(i,t):r.state!=="f\
ound"?$i("Could not find out how the daemon sees the workspace. `smoke: docker` finds out by starting a container."):o1(
i.workspace,r,d,o.inJob)}};function $i(e){return{kind:"skip",reason:"not-applicable",message:e}}function n1({workspace:e},t){
if(t.kind!=="unix")return $i("The daemon is reached over the network. If it runs on another machine, it does not see thi\
s workspace. `smoke: docker` finds out.");let n=[{source:"the daemon's socket",text:t.path}];return{kind:"pass",message:`${u(
e)} is on the daemon's own host`,evidence:n}}function Yw(e,t){return[...t.filter(({target:o})=>e===o||e.startsWith(`${o.
replace(/\/$/,"")}/`))].sort((o,r)=>r.target.length-o.target.length)[0]}function Df(e){let t="GET /containers/{self}/jso\
n, Mounts";return e?{source:t,text:`${e.type} ${e.name??e.source} on ${e.target}`}:{source:t,text:"none contains the wor\
kspace: it is part of the container"}}function o1(e,t,n,o){let r=Yw(e,t.mounts??[]),i=[Df(r)];if((r==null?void 0:r.type)===
"bind"&&r.source.replace(/\/$/,"")===r.target.replace(/\/$/,""))return{kind:"pass",message:`${u(e)} has the same path on\
 the daemon's host`,evidence:i};let s='So `-v "$PWD:/src"` would mount something else. `docker build` and actions are no\
t affected; a container that needs the workspace gets it with `--volumes-from`.';return(r==null?void 0:r.type)==="volume"?
$i(`The workspace is a volume of the runner (${u(r.name??r.source)}), the default. ${s}`):n.system==="github"||!o?$i(`Th\
e workspace has another path on the daemon's host. ${s}`):y(Ms,"not-visible",{by:"mounts",workspace:e,found:r1(r),situation:n},
{observed:Df(r).text,evidence:i})}function r1(e){return e?e.type==="bind"?`it is ${u(e.source)} there`:`it is a ${e.type}\
 of this container`:"it exists only in this container"}function i1(e,t,n){let{outcome:o,workspace:r,leftBehind:i}=e,s=c=>({
source:"POST /containers/create",text:`image ${c}, ${r} as a bind mount`}),a=[..."message"in o?[{source:"image"in o?"the\
 started container":"the Docker daemon",text:o.message}]:[],...t.state==="found"?[Df(Yw(r,t.mounts??[]))]:[],...i===void 0?
[]:[{source:"left behind",text:`docker rm --force ${i}`}]],d="image"in o?[s(o.image),...a]:a;switch(o.kind){case"seen":return{
kind:"pass",message:`a started container saw ${u(r)}`,evidence:[s(o.image),...a]};case"not-seen":return y(Ms,"not-visibl\
e",{by:"smoke",workspace:r,situation:n},{observed:o.message,evidence:d,level:"fail"});case"not-started":{let{image:c,message:l}=o;
return y(Ms,"not-visible",{by:"no-start",image:c,error:l,workspace:r,situation:n},{observed:l,evidence:d,level:"fail"})}case"\
no-file":return A(zd,"no-file",{workspace:r,errno:o.code},{observed:o.code,evidence:d});case"forbidden":return A(zd,"for\
bidden",{answer:o.message},{observed:o.message,evidence:d});case"no-answer":return A(zd,"no-answer",{answer:o.message},{
observed:o.message,evidence:d});case"not-asked":case"no-image":return $i("`smoke` is not set.")}}var s1=/^(>=|<=|>|<|=)\s*(-?\d{1,20})(?:\s+|$)/;function Zw(e){return/^\s*[<>=]/.test(e)}function Jd(e){let t=[],n=e.trim();
for(;n!=="";){let[o="",r="",i=""]=s1.exec(n)??[];if(o===""||t.length===4)return;t.push({operator:r,number:BigInt(i)}),n=
n.slice(o.length)}return t.length===0?void 0:{all:t}}function Ff(e,{all:t}){if(!/^-?\d{1,20}$/.test(e))return;let n=BigInt(
e);return t.every(({operator:o,number:r})=>{switch(o){case">=":return n>=r;case"<=":return n<=r;case">":return n>r;case"\
<":return n<r;default:return n===r}})}function Xw(e){return e.all.filter(({operator:n})=>n.includes("=")).map(({number:n})=>n.
toString()).find(n=>Ff(n,e))}var jf={native:["arm","arm64"],elf:{class:"01",machine:"2800"},handler:"qemu-arm"},Qw={native:["arm64"],elf:{class:"02",
machine:"b700"},handler:"qemu-aarch64"},a1={"linux/amd64":{native:["x64"],elf:{class:"02",machine:"3e00"},handler:"qemu-\
x86_64"},"linux/386":{native:["ia32","x64"],elf:{class:"01",machine:"0300"},handler:"qemu-i386"},"linux/arm64":Qw,"linux\
/arm64/v8":Qw,"linux/arm":jf,"linux/arm/v6":jf,"linux/arm/v7":jf,"linux/ppc64le":{native:["ppc64"],elf:{class:"02",machine:"\
1500"},handler:"qemu-ppc64le"},"linux/s390x":{native:["s390x"],elf:{class:"02",machine:"0016"},handler:"qemu-s390x"},"li\
nux/riscv64":{native:["riscv64"],elf:{class:"02",machine:"f300"},handler:"qemu-riscv64"},"linux/loong64":{native:["loong\
64"],elf:{class:"02",machine:"0201"},handler:"qemu-loongarch64"}},Ln=a1,Xee=Object.keys(Ln);var en="/proc/sys/fs/binfmt_misc",d1=100;async function eb(e,t){let n=await e.list(en);if(n.kind==="unreadable")return n;
let o=n.kind==="ok"?n.value:[];if(!o.includes("status"))return{kind:"hidden"};let r=await e.readText(`${en}/status`);if(r.
kind==="unreadable")return r;if(r.kind==="absent")return{kind:"hidden"};let i=await Promise.all(o.filter(s=>s!=="status"&&
s!=="register").slice(0,d1).map(s=>c1(e,s,t)));return{kind:"seen",isOn:r.value.trim()==="enabled",handlers:i.flat()}}async function c1(e,t,n){
var a,d;let o=await e.readText(`${en}/${t}`,4096);if(o.kind!=="ok"||!l1(o.value,n))return[];let r=((a=/^interpreter (.*)$/m.
exec(o.value))==null?void 0:a[1])??"",i=((d=/^flags: ?(\S*)$/m.exec(o.value))==null?void 0:d[1])??"",s=i.includes("F")?void 0:
(await e.stat(r)).kind==="file";return[{name:t,enabled:/^enabled$/m.test(o.value),interpreter:r,flags:i,...s!==void 0&&{
isThere:s}}]}function l1(e,t){var r;let n=((r=/^magic ([0-9a-f]+)$/m.exec(e))==null?void 0:r[1])??"",{elf:o}=Ln[t];return n.
startsWith(`7f454c46${o.class}`)&&n.slice(36,40)===o.machine}var Gs=[{what:"Tokens",words:"token tokens jwt pat bearer otp totp",pattern:/tokens?$/,hidden:["GITHUB_TOKEN","accessTok\
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
_STRING","ConnectionStrings__Default"],shown:["CONNECTION_TIMEOUT","STRING"]}],tb="base64 b64 pem json hex raw data valu\
e",nb="github_actor git_author_name git_author_email git_author_date session_manager desktop_session gdmsession oldpwd i\
nit_cwd xdg_session_id xdg_session_type xdg_session_class xdg_session_desktop xdg_session_path dbus_session_bus_address",
ob="public key|cache key|primary key|foreign key|partition key|sort key|host key|restore key|cache keys|public keys|rest\
ore keys|token type|token expires|auth method|auth type",rb="true false none null nil yes off on no empty incorrect inva\
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
n without work worker workflow workflows workspace would write written your";var Tr=(e="",t=" ")=>e.split(t).filter(n=>n!==""),u1=new Set(Gs.flatMap(e=>Tr(e.words))),f1=new Set(Gs.flatMap(e=>Tr(e.last))),
m1=new Set(Gs.flatMap(e=>Tr(e.pairs,"|"))),p1=Gs.flatMap(({pattern:e})=>e??[]),h1=new Set(Tr(tb)),g1=new Set(Tr(nb)),ib=new Set(
Tr(ob,"|")),y1=new Set(Tr(rb)),k1=200,Lf=new Map;function bn(e){let t=Lf.get(e);if(t!==void 0)return t;let n=w1(e.slice(
-k1));return Lf.size<5e3&&Lf.set(e,n),n}function w1(e){let t=e.toLowerCase();if(g1.has(t)||e==="PWD")return!1;let n=b1(e);
if(n.some(o=>u1.has(o)||p1.some(r=>r.test(o))))return!ib.has(n.slice(-2).join(" "));if(n.some((o,r)=>m1.has(`${o} ${n[r+
1]}`)))return!0;for(;n.length>1&&(h1.has(n[n.length-1]??"")||/^\d+$/.test(n[n.length-1]??""));)n.pop();return f1.has(n[n.
length-1]??"")&&!ib.has(n.slice(-2).join(" "))}function b1(e){return e.replace(/([a-z0-9])([A-Z])/g,"$1_$2").replace(/([A-Z])([A-Z][a-z])/g,
"$1_$2").toLowerCase().split(/[^a-z0-9]+/).filter(t=>t!=="")}var v1=/[_-](?:FILE|PATH|DIR|DIRECTORY|FOLDER|HOME|SOCK|SOCKET)$|^(?:GOOGLE_APPLICATION_CREDENTIALS|XAUTHORITY)$/i,
x1=/[_-](?:URL|URI|ENDPOINT|HOST|SERVER|ISSUER|DOMAIN)$/i,$1=/hook|dsn|conn/i,T1=/^(?:[A-Z]?[a-z]{1,10}|[A-Z]{1,6}|\d{1,15}(?:\.\d{1,15})?)$/,
R1=/passw|passphrase|passcode|pwd|secret|pass$|cred|(?:^|[^a-z])(?:pw|psw|pin)(?:[^a-z]|$)/i,Uf=4,P1=6;function Un(e){return T1.
test(e)}function Vs(e){return y1.has(e.toLowerCase())}function Yd(e,t){return t.length<Uf||/^[*\u2022\u2026\s.]*$/.test(t)?!0:
Un(t)?!R1.test(e)||Vs(t)?!0:/^[\d.]+$/.test(t)&&t.length<P1:v1.test(e)?/^(?:~|\.{0,2})\/[\w./@ -]*$/.test(t):x1.test(e)&&
!$1.test(e)&&/^https?:\/\/[^/?#@\s]+(?:\/[\w.-]{0,20}){0,5}$/.test(t)}var sb=[{what:"GitHub",pattern:/gh[opsur]_[A-Za-z0-9_]{10,255}|github_pat_[A-Za-z0-9_]{10,255}/,hidden:["ghp_{a36}","gho\
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
hidden:["eyJ{a33}.eyJ{a40}.{a43}"],shown:["eyJ.json"]}],ab=[{what:"Private keys (PEM, OpenSSH, PGP, PuTTY), also if thei\
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
e.webhook.office.com/webhookb2/{h32}"],shown:["https://hooks.slack.com/","https://discord.com/channels"]}];var E1=new RegExp(`(?<![A-Za-z0-9])(?:${sb.map(({pattern:e})=>e.source).join("|")})`,"g"),S1=/gh[opsur]_|github_pat_|gl[a-z]{1,6}[-_]|GR1348941|ATBB|AT(?:ATT|CTT)3|xox|xapp-|AKIA|ASIA|ABIA|ACCA|ABSK|bedrock-api-key-|AIza|ya29\.|GOCSPX-|1\/\/0|\dQ~|AZDO|npm_|pypi-|rubygems_|cio|oy2|CLOJARS_|dckr_|SWM|K10|AKCp|cmVmdGtu|sk-|hf_|api_org_|gsk_|xai-|pplx-|r8_|nvapi-|lsv2_|[sr]k_|whsec_|sq0|shp|FLWSECK|SG\.|key-|-us\d|xkeysib-|SK[0-9a-f]|:AA|[MNO][\w-]{23,27}\.|do[opr]_v1_|HRKU-|fm[12]|fo1_|nfp_|pscale_|sb[p_]|v1\.0-|LTAI|AVNS_|hv[sbr]\.|atlasv1|pul-|dp\.|tskey-|ops_eyJ|A3-|dapi|ico-|sntr|NR[AIJ]|dt0c01|sq[pau]_|CCIP|bk[upac]|[ps]at\.|PMAK-|lin_api_|ntn_|secret_|figd_|sgp_|EZ[AT]K|shippo_|aio_|pat[A-Za-z0-9]{14}\.|duffel_|fio-u-|sha256~|API-|pn[bu]_|rdme_|tk-us-|tfp_|dnkey-|_mmk|p8e-|age-secret|eyJ/i,
O1=/-----BEGIN|Private-Lines|authorization|cookie|bearer\s|password\s|\s-[A-Za-z]{0,4}[uU][\s=]|user(?:pass|pwd)?[\s=]|\s-[paw]|pass:|>[^<]{4,2000}<\/|<add\s|'|\$\w{1,8}\$|https:\/\//i,
A1=/(?<![\w.-])([\w.-]{1,200})\\{0,7}["']?\]?\s{0,3}(=>|:=|==?|:(?!\/\/))\s{0,3}/g,I1=/(?<![\w-])--?([A-Za-z_][\w-]{1,60})\s{1,3}(?=[^\s-])/g,
db=/\\{0,7}["'`]/y,C1=/(?:[^\s"'`,;&]|[,;&](?!\s|$|[\w.-]{1,60}=)|["'`](?![\s,;:)}\]>]|$)){1,4000}/y,_1=/[^\n]{1,4000}/y,
N1=/^\$\{\w{1,100}\}$/,D1=new Set("key keys auth session sessions pass pin pw sig signature salt private cookie".split("\
 ")),F1=4e3;function ao(e,t=!0){let n=j1(e);return L1(n,e,t),n}function j1(e){let t=[];if(S1.test(e)&&cb(t,e,E1),O1.test(
e))for(let{pattern:n}of ab)cb(t,e,n);return t}function cb(e,t,n){var o;for(let r of t.matchAll(n)){let i=r.index+(((o=r[1])==
null?void 0:o.length)??0),s=r.index+r[0].length;/^[*\u2026]+$/.test(t.slice(i,s))||e.push([i,s])}}function L1(e,t,n){if(/[=:]/.
test(t))for(let o of t.matchAll(A1)){let[r,i="",s=""]=o;if(!bn(i))continue;let a=o.index+r.length,d=n&&s==="="&&/^[A-Z_][A-Z0-9_]*$/.
test(i)&&U1(t,o.index),c=lb(t,a,d);c&&!ub(i,s,t.slice(...c),c[0]>a)&&e.push(c)}if(t.includes("-"))for(let o of t.matchAll(
I1)){let r=o[1]??"";if(!bn(r))continue;let i=lb(t,o.index+o[0].length,!1);i&&!ub(r," ",t.slice(...i),!0)&&e.push(i)}}function U1(e,t){
let n=e.slice(Math.max(0,t-20),t);return/(?:^|\n)[ \t]*(?:export |declare -x |- )?$/.test(n)&&(t<20||n.includes(`
`)||t===0)}function lb(e,t,n){var s,a;db.lastIndex=t;let o=(s=db.exec(e))==null?void 0:s[0];if(o!==void 0){let d=t+o.length;
return d<e.length?[d,H1(e,d,o)]:void 0}let r=n?_1:C1;r.lastIndex=t;let i=(a=r.exec(e))==null?void 0:a[0].replace(/[\u2026\s]+$/,
"");return i?[t,t+i.length]:void 0}function H1(e,t,n){let o=Math.min(e.length,t+F1);for(let r=t;r<o;r++){if(e[r]===`
`||e[r]==="\u2026"||e.startsWith(n,r))return r;e[r]==="\\"&&n.length===1&&r++}return o}function ub(e,t,n,o){if(N1.test(n)||
Yd(e,n)||Un(n)&&Vs(n))return!0;let r=e.replace(/^[-.]+/,"").toLowerCase();return D1.has(r)?r.startsWith("key")?t!=="="||
r==="keys":t!=="="&&!o&&(Un(n)||!/\d/.test(n)):!1}var fb=1024*1024,Zd=500;function mb({name:e,wants:t,from:n}){return{name:`expect:${e}`,async collect(o,r,i){switch(t.kind){case"\
file":return M1(o,r,t,n);case"env":return q1(o,t,n);case"command":return n==="untrusted"?{kind:"untrusted",what:"command"}:
K1(o,r,t,n,i);case"sysctl":{let s=`/proc/sys/${t.setting.split(".").join("/")}`,a=await o.readText(s,4096);if(a.kind!=="\
ok")return{kind:"sysctl",path:s,read:a};let d=$(a.value.trim().replace(/\s+/g," "),Zd);return{kind:"sysctl",path:s,read:{
kind:"ok",value:d}}}case"platform":{let{platform:s,arch:a}=o;return Ln[t.platform].native.includes(a)?{kind:"platform",os:s,
arch:a}:{kind:"platform",os:s,arch:a,binfmt:await eb(o,t.platform)}}}}}}async function M1(e,{workspace:t},n,o){let r=!n.
path.startsWith("/"),i=ps(t,n.path);if(r&&!await V1(e,i,t))return{kind:"file",path:i,look:{kind:"outside"}};let s=G1(n.type===
"link"?await e.lstat(i):await e.stat(i)),a=typeof n.owner=="string"?await W1(e,n.owner):void 0,d={kind:"file",path:i,look:s,
...a&&{user:a}};return n.contains===void 0||s.kind!=="file"?d:o==="untrusted"&&!await Ie(e,i,t)?{kind:"untrusted",what:"\
content"}:{...d,content:await B1(e,t,i,n.contains)}}function G1(e){if(!("inode"in e))return e;let{inode:t,changed:n,modified:o,
...r}=e;return r}async function V1(e,t,n){let[o,r]=await Promise.all([e.realPath(t),e.realPath(n)]);return o.kind!=="ok"||
xe(o.value,r.kind==="ok"?r.value:n)}async function B1(e,t,n,o){let r=await Ha(e,t,n,fb);return r.kind==="refused"?{kind:"\
refused"}:r.kind!=="ok"?r:{kind:"read",holds:r.value.includes(o),truncated:Buffer.byteLength(r.value)>=fb}}async function W1(e,t){
let n=await e.readText("/etc/passwd",262144),o=n.kind==="ok"?n.value.split(`
`).find(i=>i.startsWith(`${t}:`)):void 0,r=(o==null?void 0:o.split(":")[2])??"";return{name:t,.../^\d+$/.test(r)&&{uid:Number(
r)}}}function q1(e,{variable:t,is:n,matches:o},r){let i=e.env[t];if(i===void 0)return{kind:"env",state:"unset"};let s=r!==
"untrusted"&&!bn(t)&&ao(i).length===0,a=n!==void 0?i===n:o!==void 0?ot(o,i):void 0;return{kind:"env",state:i===""?"empty":
"set",...a!==void 0&&{fits:a},...s&&a!==void 0&&{value:$(i,Zd)}}}async function K1(e,{workspace:t,trusts:n},o,r,i){let[s="",
...a]=o.command,d=s.includes("/")?ps(t,s):s,c=s.includes("/")&&await Ie(e,d,t),l=r==="workspace";if(c&&!n&&!l)return{kind:"\
untrusted",what:"program"};let f=c||l,m=f&&(await e.stat(t)).kind==="directory",p=f?{isTrusted:f,cwd:m?t:"/"}:{},h=await te(
o.timeoutMs,i,g=>e.run([d,...a],{signal:g,env:{LC_ALL:"C"},...p}));return h.kind==="not-started"&&h.code==="EUNTRUSTED"?
{kind:"untrusted",what:"program"}:{kind:"command",outcome:{...h,stdout:$(h.stdout.trim(),Zd),stderr:$(h.stderr.trim(),Zd)},
...o.stdout!==void 0&&{holds:h.stdout.includes(o.stdout)},...h.kind==="timed-out"&&i.aborted&&{isRunOver:!0}}}function Bs(e){return e.map(w).join(" ")}function Fo(e){switch(e.kind){case"file":return e.path;case"env":return e.variable;case"\
command":return Ne(Bs(e.command));case"sysctl":return e.setting;case"platform":return e.platform}}function Ws(e){let t=T(
Fo(e));switch(e.kind){case"file":{if(!e.exists)return`nothing at ${t}`;let{type:n,mode:o,owner:r,contains:i}=e,s=[...o===
void 0?[]:[`mode ${B(o)}`],...r===void 0?[]:[`owner ${r}`],...i===void 0?[]:[`the text ${T(Ne(i))}`]],a=n===void 0?t:`${n}\
 ${t}`;return n===void 0&&s.length===0?`${t} exists`:`${a}${s.length===0?"":` with ${v(s)}`}`}case"env":return e.set?e.is!==
void 0?`${t} is ${T(Ne(e.is))}`:e.matches===void 0?`${t} is set`:`${t} matches ${T(Ne(e.matches))}`:`${t} is not set`;case"\
command":{let n=e.stdout===void 0?"":`, stdout has ${T(Ne(e.stdout))}`;return`${t}: exit code ${e.exit} within ${Hf(e.timeoutMs)}${n}`}case"\
sysctl":return e.is===void 0?`${t} exists`:`${t} ${T(Ne(e.is))}`;case"platform":return`programs for ${t} run`}}function Hf(e){
return e<1e3?`${e} ms`:`${Math.round(e/100)/10} s`}var hb="Each entry of `expect` has exactly one kind, and may say `why` it matters and how to `fix` it, in the team's own\
 words. A finding shows them as text.\n\n- **`file`**: a path, absolute or relative to the workspace. `exists` (default `t\
rue`), `type` (`file`, `directory`, `link`, `socket`, `device`; links are followed, except for `link`), `mode` (in quote\
s: `\"0775\"`), `owner` (a user's name or number), `contains` (a text in its first MiB).\n- **`env`**: a variable. `set` (d\
efault `true`; an empty variable counts as not set), `is`, or `matches`, in which `*` stands for any characters. A varia\
ble whose name says secret can only be `set`.\n- **`command`**: a list of words, started without a shell and without secr\
ets. `exit` (default 0), `stdout` (a text that it prints), `timeout` (default `5s`; the run's own `timeout` has to be lo\
nger).\n- **`sysctl`**: a kernel setting, read from `/proc/sys`. `is`: a value, or a range such as `\">=524288\"`.\n- **`pla\
tform`**: programs for this platform can be started, because the machine is one, or because `binfmt_misc` has an enabled\
 registration.\n\nA workspace's policy is untrusted: without the input `trust-policy`, its commands are not run, and what \
files outside of the workspace contain is not looked at. Such an entry is skipped as `untrusted`.",pb={file:"file",env:"\
variable",command:"command",sysctl:"kernel setting",platform:"platform"},Be={absent:{level:"fail",title:"What the policy\
 expects is missing",headline:({expectation:{name:e,wants:t}})=>X(`The ${pb[t.kind]} of `,e," is missing"),why:Hn,expected:Mn,
tell:e=>({what:J1(e),fix:Xd(e,X1(e))})},differs:{level:"fail",title:"Something is different from what the policy expects",
headline:({expectation:{name:e,wants:t}})=>X(`The ${pb[t.kind]} of `,e," is different"),why:Hn,expected:Mn,tell:e=>({what:Y1(
e),fix:Xd(e,Q1(e))})},failed:{level:"fail",title:"A command of the policy fails",headline:({expectation:{name:e}})=>X("T\
he command of ",e," fails"),why:Hn,expected:Mn,tell:e=>({what:`${Ut(e)} ended with ${e.end}${e.said===""?"":`: ${u(e.said)}`}\
.`,fix:Xd(e,Mf(e,"Run the command as the job's user, and fix what it reports."))})},timeout:{level:"fail",title:"A comma\
nd of the policy does not end in time",headline:({expectation:{name:e}})=>X("The command of ",e," does not end in time"),
why:Hn,expected:Mn,tell:e=>({what:`${Ut(e)} did not end within its \`timeout\`, and was killed.`,fix:Xd(e,Mf(e,"Find out\
 what the command waits for. If it is only slow, give it a longer `timeout` in the policy."))})}},Rr={unreadable:{title:"\
What the policy expects cannot be looked at",headline:({expectation:{name:e}})=>X("Unknown whether ",e," is as expected"),
why:Hn,expected:Mn,tell:({path:e,errno:t})=>({what:`${u(e)} cannot be looked at: ${ve(t)}.`,fix:he(e,t)})},"no-such-user":{
title:"The owner that the policy expects is unknown here",headline:({expectation:{name:e}})=>X("Unknown whether the owne\
r of ",e," is right"),why:Hn,expected:Mn,tell:({user:e,path:t})=>({what:`\`/etc/passwd\` has no user ${u(e)}, so it is u\
nknown whether ${u(t)} is theirs.`,fix:{text:"Correct the name in the policy. If the user comes from a directory service\
, write the number instead: the commands show it.",commands:[`getent passwd ${N(e)}`,`stat ${_e(t)}`],kind:"workflow"}})},
"too-long":{title:"A file is too long to be searched for a text",headline:({expectation:{name:e}})=>X("The file of ",e,"\
 is too long to search"),why:Hn,expected:Mn,tell:({path:e})=>({what:`The text is not in the first MiB of ${u(e)}, and th\
e rest was not read.`,fix:{text:"Expect a text nearer to the start of the file, or use a `command` such as `grep` in a t\
rusted policy.",kind:"workflow"}})},"run-over":{title:"The run ended before a command of the policy",headline:({expectation:{
name:e}})=>X("The run ended before the command of ",e),why:Hn,expected:Mn,tell:e=>({what:`${Ut(e)} was still running whe\
n this run had to end, before the command's own \`timeout\`.`,fix:mn(e.expectation.wants.kind==="command"?e.expectation.
wants.timeoutMs:void 0)})},"not-started":{title:"A command of the policy could not be started",headline:({expectation:{name:e}})=>X(
"Cannot start the command of ",e),why:Hn,expected:Mn,tell:e=>({what:`${Ut(e)} could not be started, for lack of resource\
s: ${u(e.errno)}.`,fix:he("/proc/self/limits",e.errno)})},"hidden-binfmt":{title:"Registrations of other platforms canno\
t be seen here",headline:({expectation:{name:e}})=>X("Unknown whether the platform of ",e," runs"),why:Hn,expected:Mn,tell:e=>({
what:`\`${en}\` is not mounted in this container, so nothing shows whether programs for ${Ut(e)} run.`,fix:{text:`Run th\
e check on the runner's host. The command there shows the registrations. For jobs in containers, skip it with the input \
\`skip: expect/${e.expectation.name.split("`").join("'")}\`.`,commands:[`ls ${en}`],kind:"host"}})}};function Hn({expectation:{
why:e}}){return e!==void 0?z1(Ne(T(e,500))):"The team declared this about its machines, so its jobs rely on it."}function z1(e){
return/[.!?\u2026]$/.test(e.trimEnd())?e:`${e}.`}function Mn({expectation:{wants:e}}){return Ws(e)}function Ut({expectation:{
wants:e}}){return u(T(Fo(e),200))}function J1(e){let{wants:t}=e.expectation;switch(t.kind){case"file":return`${u(e.path??
t.path)} does not exist.`;case"env":return`The variable ${Ut(e)} is not set, or is empty.`;case"command":return`${u(t.command[0]??
"")} was not found, so ${Ut(e)} could not be run.`;case"sysctl":return`This kernel has no setting ${Ut(e)}, or this job \
cannot see it.`;case"platform":return`This machine cannot start programs for ${Ut(e)}: it is another platform, and no ha\
ndler for it is registered.`}}function Y1(e){let{wants:t}=e.expectation;if(t.kind==="file"&&!t.exists)return`${u(e.path??
t.path)} exists, and the policy says that it must not.`;if(t.kind==="platform")return`Programs for ${Ut(e)} cannot be st\
arted: ${Z1(e)}.`;let n=v(e.found.map(o=>u(T(Ne(o),200))));return`The policy expects ${u(Ws(t))}, but this machine has ${n}\
.`}function Z1({handler:e}){return e?e.enabled?`the registration ${u(e.name)} needs ${u(e.interpreter)}, which does not \
exist`:`the registration ${u(e.name)} is disabled`:"`binfmt_misc` is turned off"}function Xd({expectation:{fix:e},source:t},n){
return e===void 0?n:{text:`${t===void 0?"The policy":`The policy (${u(t)})`} says: ${u(Ne(T(e,1e3)))}`,kind:n.kind}}function X1(e){
let{wants:t}=e.expectation;switch(t.kind){case"file":return gb(e,`Provide ${u(e.path??t.path)}, or correct the path in t\
he policy.`);case"env":return yb(e,`Set ${Ut(e)}`);case"command":return{text:`Install ${u(t.command[0]??"")} where jobs \
find it, or correct the command in the policy. The search follows the runner's PATH.`,commands:[`command -v ${N(t.command[0]??
"")}`,'echo "$PATH"'],kind:Gf(e)};case"sysctl":return{text:"Correct the name in the policy, or load the kernel module th\
at brings this setting. The command looks for it.",commands:[`sysctl ${N(t.setting)}`],kind:"host"};case"platform":return{
text:`Install QEMU's user emulation on the runner's host. Its package registers ${u(Ln[t.platform].handler)} with the ke\
rnel.`,commands:["sudo apt-get install --yes qemu-user-static   # Debian, Ubuntu",`cat ${en}/${Ln[t.platform].handler}`],
kind:"host"}}}function Q1(e){let{wants:t}=e.expectation;switch(t.kind){case"file":return gb(e,ej(u(e.path??t.path),t));case"\
env":return yb(e,t.set?`Correct ${Ut(e)}`:`Remove ${Ut(e)}`);case"sysctl":return tj(t.setting,t.is??"");case"platform":{
let{handler:n}=e;return n===void 0?{text:"Enable `binfmt_misc` on the runner's host. The command shows who turned it off\
.",commands:["systemctl status systemd-binfmt.service --no-pager"],kind:"host"}:n.isThere===!1?{text:`Install the interp\
reter ${u(n.interpreter)} on the runner's host, or register a static one.`,commands:[`ls -l ${_e(n.interpreter)}`],kind:"\
host"}:{text:`Enable the registration ${u(n.name)} on the runner's host.`,commands:[`sudo update-binfmts --enable ${N(n.
name)}   # Debian, Ubuntu`],kind:"host"}}case"command":return Mf(e,"Run the command as the job's user, and compare what \
it prints with the policy.")}}function ej(e,{exists:t,mode:n,owner:o}){if(!t)return`Find out what created ${e}, and remo\
ve it if nothing needs it, or correct the policy.`;let r=[...n===void 0?[]:[`mode ${B(n)}`],...o===void 0?[]:[`owner ${u(
String(o))}`]];return r.length===0?`Make ${e} what the policy expects, or correct the policy.`:`Give ${e} ${v(r)}, or co\
rrect the policy.`}function Gf({inContainer:e}){return e?"image":"host"}function gb(e,t){let{wants:n}=e.expectation,o=e.
path??Fo(n),r=n.kind==="file"&&!n.path.startsWith("/"),i=e.inContainer&&!r?" It comes from the job's image, or from a vo\
lume that the runner mounts.":"";return{text:`${t}${i}`,commands:[`stat ${_e(o)}`],kind:r?"workflow":Gf(e)}}function yb({
inContainer:e},t){return{text:`${t} in \`env:\` of the workflow or in the runner's environment${e?", or in the job's ima\
ge":""}, or correct the policy.`,kind:"workflow"}}function tj(e,t){let n=Jd(t),o=n?Xw(n):t;if(o===void 0||o==="")return{
text:`Set ${u(e)} on the runner's host to a value in the range, or correct the policy.`,commands:[`sysctl ${N(e)}`],kind:"\
host"};let r=`/etc/sysctl.d/90-${e.replace(/[^\w.-]/g,"_").slice(0,80)}.conf`;return{text:`Set ${u(e)} on the runner's h\
ost. The command holds until the next boot; a line ${u(Ne(`${e} = ${o}`))} in ${u(r)} keeps it.`,commands:[`sudo sysctl \
-w ${N(`${e}=${o}`)}`],kind:"host"}}function Mf(e,t){let{wants:n}=e.expectation,o=n.kind==="command"?Bs(n.command):w(Fo(
n));return{text:t,commands:[`${o}; echo "exit code $?"`],kind:Gf(e)}}function kb(e,{wants:t}){let n=u(T(Fo(t),200)),o="T\
o trust this workspace, set the input `trust-policy: true`.";switch(e){case"command":return`${n} is a command of the wor\
kspace's own policy, which is not run. ${o}`;case"program":return`${n} is a program of the workspace, which is not run. ${o}`;default:
return`${n} is outside of the workspace, and only the workspace's own policy asks what it contains. ${o}`}}var wb={id:"expect/*",title:"The machine is what the policy declares",intro:hb,reasons:Be,expand:({expect:e=[],sources:t})=>e.
map(n=>nj(n,t[`expect.${n.name}`]))};function nj(e,t){let{name:n}=e;return{id:`expect/${n}`,title:`${u(T(n,40))} is as d\
eclared`,reasons:Be,needs:{found:mb(e),container:R},judge:({found:o,container:r})=>oj({expectation:e,source:t,inContainer:r.
mode==="container"},o)}}function oj(e,t){let{wants:n}=e.expectation;return t.kind==="untrusted"?{kind:"skip",reason:"unt\
rusted",message:kb(t.what,e.expectation)}:n.kind==="file"&&t.kind==="file"?rj(e,n,t):n.kind==="env"&&t.kind==="env"?ij(e,
n,t):n.kind==="command"&&t.kind==="command"?sj(e,n,t):n.kind==="sysctl"&&t.kind==="sysctl"?aj(e,n,t):n.kind==="platform"&&
t.kind==="platform"?dj(e,n,t):q(`expect/${e.expectation.name}`,"what was found")}function jo({expectation:{wants:e}},...t){
return{kind:"pass",message:Ws(e),evidence:t}}function rj(e,t,{path:n,look:o,user:r,content:i}){let s={...e,path:n},a=q(`\
expect/${s.expectation.name}`,"the file"),d=(g,k)=>y(Be,"differs",{...s,found:g},{observed:g.join(", "),evidence:k});switch(o.
kind){case"absent":{let g={source:n,text:"does not exist"};return t.exists?y(Be,"absent",s,{observed:"nothing",evidence:[
g]}):jo(s,g)}case"unreadable":return Qd(s,n,o.code);case"outside":return d(["a link that leads out of the workspace"],[{
source:n,text:"leads out of the workspace"}])}let{kind:c,mode:l,uid:f}=o;if(typeof c!="string"||c.length===0||typeof n!=
"string")return a;let m=[c,...t.mode===void 0?[]:[`mode ${B(l)}`],...t.owner===void 0?[]:[`uid ${f}`],...(i==null?void 0:
i.kind)==="read"?[i.holds?"has the text":"does not have the text"]:[]],p={source:n,text:m.join(", ")};if(!t.exists)return d(
[c],[p]);if(t.mode!==void 0&&!Number.isInteger(l))return a;let h=[...t.type!==void 0&&c!==t.type?[c]:[],...t.mode!==void 0&&
(l&4095)!==t.mode?[`mode ${B(l&4095)}`]:[]];if(t.owner!==void 0){if(!Number.isInteger(f))return a;let g=typeof t.owner==
"number"?t.owner:r==null?void 0:r.uid;if(g===void 0)return A(Rr,"no-such-user",{...s,user:String(t.owner)},{observed:`ui\
d ${f}`,evidence:[p]});g!==f&&h.push(`owner ${f}`)}if(t.contains!==void 0)if(c!=="file")h.push(`a ${c}, which has no tex\
t`);else{if((i==null?void 0:i.kind)==="unreadable")return Qd(s,n,i.code);if((i==null?void 0:i.kind)==="refused")h.push("\
a link that leads out of the workspace");else{if((i==null?void 0:i.kind)!=="read"||typeof i.holds!="boolean")return a;if(!i.
holds&&i.truncated)return A(Rr,"too-long",s,{observed:"more than 1 MiB",evidence:[p]});i.holds||h.push("a file without t\
he text")}}return h.length>0?d(h,[p]):jo(s,p)}function Qd(e,t,n){return A(Rr,"unreadable",{...e,path:t,errno:n},{observed:n,
evidence:[{source:t,text:n}]})}function ij(e,t,{state:n,fits:o,value:r}){if(n!=="set"&&n!=="empty"&&n!=="unset")return q(
`expect/${e.expectation.name}`,"the variable");let i=n==="set"?r===void 0?"set, value not shown":Ne(r):n,s={source:`envi\
ronment, ${t.variable}`,text:i};if(!t.set)return n!=="set"?jo(e,s):y(Be,"differs",{...e,found:["a variable that is set"]},
{observed:i,evidence:[s]});let a=t.is!==void 0||t.matches!==void 0;return n==="unset"||n==="empty"&&o!==!0?y(Be,"absent",
e,{observed:n,evidence:[s]}):!a||o===!0?jo(e,s):y(Be,"differs",{...e,found:[r===void 0?"another value, which is not show\
n":r]},{observed:i,evidence:[s]})}function sj(e,t,{outcome:n,holds:o,isRunOver:r}){let{stdout:i,stderr:s}=n,a=Ne(T(Bs(t.
command))),d=f=>{var m;return T(((m=f.split(`
`).find(p=>p.trim()!==""))==null?void 0:m.trim())??"")},c=d(s)||d(i),l=f=>({observed:f,evidence:[{source:a,text:[f,c].filter(
Boolean).join(": ")}]});switch(n.kind){case"timed-out":{let f=l(`no end within ${Hf(n.ms)}`);return r?A(Rr,"run-over",e,
f):y(Be,"timeout",e,f)}case"not-started":return n.code==="ENOENT"?y(Be,"absent",e,l("not found")):mr(n.code)?A(Rr,"not-s\
tarted",{...e,errno:n.code},l(n.code)):y(Be,"failed",{...e,end:n.code,said:""},l(n.code));case"signalled":return y(Be,"f\
ailed",{...e,end:n.signal,said:c},l(n.signal));case"exited":{if(!Number.isInteger(n.code))break;let f=`exit code ${n.code}`;
if(n.code!==t.exit)return y(Be,"failed",{...e,end:f,said:c},l(f));if(t.stdout!==void 0&&typeof o!="boolean")break;if(o===
!1){let m=[d(i)||"no output on stdout"];return y(Be,"differs",{...e,found:m},{...l(f),observed:m[0]??""})}return jo(e,{source:a,
text:[f,d(i)].filter(Boolean).join(": ")})}}return q(`expect/${e.expectation.name}`,"the command")}function aj(e,{is:t},{
path:n,read:o}){if(o.kind==="unreadable")return Qd(e,n,o.code);if(o.kind==="absent")return y(Be,"absent",e,{observed:"no\
thing",evidence:[{source:n,text:"does not exist"}]});if(o.kind!=="ok"||typeof o.value!="string")return q(`expect/${e.expectation.
name}`,"the setting");let{value:r}=o,i={source:n,text:r===""?"empty":r},s=t!==void 0&&Zw(t)?Jd(t):void 0;return t===void 0||
(s?Ff(r,s)===!0:r===t.trim().replace(/\s+/g," "))?jo(e,i):y(Be,"differs",{...e,found:[i.text]},{observed:i.text,evidence:[
i]})}function dj(e,{platform:t},n){let{os:o,arch:r,binfmt:i}=n,{native:s}=Ln[t],a={source:"this machine",text:`${o}/${r}`};
if(o==="linux"&&s.includes(r))return jo(e,a);switch(i==null?void 0:i.kind){case"unreadable":return Qd(e,en,i.code);case"\
hidden":{let d=[a,{source:en,text:"not mounted"}];return e.inContainer?A(Rr,"hidden-binfmt",e,{observed:"not mounted",evidence:d}):
y(Be,"absent",e,{observed:"no registration",evidence:d})}case"seen":return cj(e,i.isOn,i.handlers,a);default:return q(`e\
xpect/${e.expectation.name}`,"the registrations")}}function cj(e,t,n,o){let r=n.map(({name:c,enabled:l,interpreter:f,flags:m,
isThere:p})=>({source:`${en}/${c}`,text:`${l?"enabled":"disabled"}, interpreter ${f}${p===!1?" (missing)":""}, flags ${m||
"none"}`})),[i]=n;if(!i)return y(Be,"absent",e,{observed:"no registration",evidence:[o,{source:en,text:`nothing for ${Fo(
e.expectation.wants)}`}]});let s=r.filter((c,l)=>{var f,m;return((f=n[l])==null?void 0:f.enabled)===!0&&((m=n[l])==null?
void 0:m.isThere)!==!1}),[a]=s;if(t===!0&&a)return jo(e,a);let d=t?i.enabled?`the interpreter ${i.interpreter} is missin\
g`:`the registration ${i.name} is disabled`:"binfmt_misc is turned off";return y(Be,"differs",{...e,found:[d],...t&&{handler:i}},
{observed:d,evidence:[o,...r.slice(0,3)]})}var lj=32,Ti={name:"cgroups",async collect(e){let[t,n]=await Promise.all([e.readText("/proc/self/cgroup"),at(e)]),o=t.kind===
"ok"?t.value.split(`
`).flatMap(fj):[],r=uj(t,n);return{memory:bb("memory",o,n??[]),cpu:bb("cpu",o,n??[]),...r&&{unread:r}}}};function uj(e,t){
return e.kind==="unreadable"?{path:"/proc/self/cgroup",code:e.code}:e.kind==="ok"&&t===void 0?{path:"/proc/self/mountinf\
o",code:"EACCES"}:void 0}function fj(e){let[t,n,...o]=e.split(":");return t===void 0||n===void 0||o.length===0?[]:{controllers:n===
""?[]:n.split(","),path:o.join(":")}}function bb(e,t,n){let o=t.find(({controllers:s})=>s.includes(e));if(o){let s=n.filter(
({controllers:a})=>a==null?void 0:a.includes(e));return{version:1,directories:vb(o.path,s)}}let r=t.find(({controllers:s})=>s.
length===0),i=n.filter(({fsType:s})=>s==="cgroup2");return{version:2,directories:r?vb(r.path,i):[]}}function vb(e,t){let n=t.
find(({root:a})=>xb(a,e)!==void 0)??t[0];if(!n)return[];let o=(xb(n.root,e)??"").split("/").filter(a=>a!==""),r=o.includes(
"..")?[]:o.slice(0,lj),s=[n.target.replace(/\/$/,"")];for(let a of r)s.unshift($(`${s[0]}/${a}`,2e3));return s}function xb(e,t){
return e==="/"?t:t===e||t.startsWith(`${e}/`)?t.slice(e.length):void 0}var mj={1:{limit:"memory.limit_in_bytes",used:"memory.usage_in_bytes",prefix:"total_"},2:{limit:"memory.max",used:"memor\
y.current",prefix:""}},$b={name:"memory",async collect(e,t,n,o){if(e.platform!=="linux")return{machine:{kind:"not-linux"},
groups:[]};let[r,i]=await Promise.all([Bf(e),o(Ti).then(pj(e))]);return{machine:r,groups:i}}};async function Bf(e){let t=await e.
readText("/proc/meminfo",16384);if(t.kind!=="ok")return{kind:"unreadable",code:t.kind==="absent"?"ENOENT":t.code};let n=i=>{
var a;let s=(a=/^(\d{1,15}) kB$/.exec(tt(t.value,`${i}:`)??""))==null?void 0:a[1];return s===void 0?void 0:Number(s)*1024},
o=n("MemAvailable"),r=n("MemTotal");return o===void 0||r===void 0?{kind:"unreadable",code:"ENODATA"}:{kind:"read",availableBytes:o,
totalBytes:r}}function pj(e){return async({memory:{version:t,directories:n},unread:o})=>{let r=await Promise.all(n.map(s=>hj(
e,t,s)));return[...o?[{kind:"unreadable",source:o.path,code:o.code}]:[],...r.flat()]}}async function hj(e,t,n){let o=mj[t],
r=`${n}/${o.limit}`,i=await e.readText(r,64);if(i.kind==="absent")return[];if(i.kind==="unreadable")return{kind:"unreada\
ble",source:r,code:i.code};let s=Vf(i.value);if(s===void 0||s>Number.MAX_SAFE_INTEGER)return[];let[a,d]=await Promise.all(
[e.readText(`${n}/${o.used}`,64),e.readText(`${n}/memory.stat`,16*1024)]),c=a.kind==="ok"?Vf(a.value):void 0;if(c===void 0||
d.kind!=="ok")return{kind:"unreadable",source:r,code:"ENODATA"};let l=["inactive_file","active_file"].map(f=>Vf(tt(d.value,
`${o.prefix}${f} `)??"")??0).reduce((f,m)=>f+m,0);return{kind:"limited",source:r,limitBytes:s,usedBytes:c,cacheBytes:l}}
function Vf(e){return/^\d{1,20}$/.test(e.trim())?Number(e):void 0}function Wf(e,t){var i,s,a;let n=e.split(/\r?\n/).map(d=>d.slice(0,400)),o=n.filter(Tb);if(o.length>0){let d=o.slice(0,64).
map(l=>gj(l,t)),c=(i=d.find(l=>l.driver!==void 0))==null?void 0:i.driver;return Ri("csv",d,c,n.filter(l=>!Tb(l)))}let r=/^\| NVIDIA-SMI\b.*?\b(?:Driver|KMD) Version:\s*([\w.]+)/m.
exec(e);if(r||/^\| NVIDIA-SMI\b/m.test(e))return Ri("table",xj(n,r==null?void 0:r[1]),r==null?void 0:r[1],n.filter($j));
if(/^GPU \d+: .*\(UUID: /m.test(e))return Ri("list",Rj(n),void 0,n.filter(d=>!Tj(d)));if(/^<nvidia_smi_log>/m.test(e)||/=NVSMI LOG=/.
test(e)){let d=(s=/(?:<driver_version>|^Driver Version\s*:\s*)([\w.]+)/m.exec(e))==null?void 0:s[1];return Ri("log",Pj(e),
d,[])}if(/^NVIDIA-SMI version\s*:/m.test(e)){let d=(a=/^(?:KMD|DRIVER) version\s*:\s*(\d[\w.]*)/im.exec(e))==null?void 0:
a[1];return Ri("version",[],d,[])}return Ri("other",[],void 0,n)}function Ri(e,t,n,o){let r=o.map(i=>i.trim()).filter(i=>i!==
"").join(`
`);return{form:e,gpus:t,...n!==void 0&&{driver:n},messages:r.slice(0,2048)}}function Tb(e){return/^\s*(?:\d+|\[[^\]]+\]|N\/A|ERR!)\s*,/.
test(e)&&e.split(",").length>=4}function gj(e,t){let n=e.split(",").map(i=>i.trim().slice(0,160)),o=new Map,r={};for(let[
i,s]of t.entries()){let a=n[i];if(a===void 0||yj(a))continue;let d=bj(a);d===void 0?o.set(s,a):r[s]=d}return tc({index:Pi(
o.get("index")),name:o.get("name"),uuid:o.get("uuid"),driver:o.get("driver_version"),memoryTotal:qs(o.get("memory.total")),
memoryUsed:qs(o.get("memory.used")),memoryFree:qs(o.get("memory.free")),temperature:Pi(o.get("temperature.gpu")),computeCapability:o.
get("compute_cap"),eccErrors:Pi(o.get("ecc.errors.uncorrected.volatile.total")),mig:ec(o.get("mig.mode.current"),"Enable\
d"),pciBusId:o.get("pci.bus_id"),prohibited:/^prohibited$/i.test(o.get("compute_mode")??"")||void 0,thermalSlowdown:ec(o.
get("clocks_throttle_reasons.hw_thermal_slowdown"),"Active"),hardwareSlowdown:ec(o.get("clocks_throttle_reasons.hw_slowd\
own"),"Active"),powerBrake:ec(o.get("clocks_throttle_reasons.hw_power_brake_slowdown"),"Active"),rowRemapPending:kj(o.get(
"remapped_rows.pending")),recoveryAction:wj(o.get("gpu_recovery_action"))?void 0:o.get("gpu_recovery_action"),fabricState:o.
get("fabric.state"),fabricStatus:o.get("fabric.status"),troubles:Object.keys(r).length>0?r:void 0})}function yj(e){return e===
""||/^\[?(?:N\/A|Not Supported|Not Available|Requested functionality has been deprecated)\]?$/i.test(e)}function kj(e){return e===
void 0?void 0:/^(?:yes|[1-9]\d*)$/i.test(e)}function wj(e){return/^none$/i.test(e??"")}function bj(e){var t,n;return((t=
/^\[(.+)\]$/.exec(e))==null?void 0:t[1])??((n=/^(?:ERR!|Unknown Error|GPU is lost)$/i.exec(e))==null?void 0:n[0])}function Pi(e){
var n;let t=(n=/^(\d{1,12}(?:\.\d+)?)(?:\s|$)/.exec(e??""))==null?void 0:n[1];return t===void 0?void 0:Number(t)}function qs(e){
let t=Pi(e);return t===void 0?void 0:t*1048576}function ec(e,t){return e===void 0?void 0:e.toLowerCase()===t.toLowerCase()}
var vj=/^\|\s+(\d+)\s+(\S.*?)\s+(?:On|Off|N\/A|ERR!|WDDM|TCC|MCDM)\s+\|\s+([0-9A-F]{4,8}:[0-9A-F]{2}:[0-9A-F]{2}\.\d)\s.*\|\s+(\S+)\s+\|$/i;
function xj(e,t){var o,r,i;let n=[];for(let[s,a]of e.entries()){let d=vj.exec(a);if(!d||n.length===64)continue;let c=e.slice(
s+1,s+4),l=c.findIndex(h=>!h.startsWith("|")),f=[a,...c.slice(0,l<0?void 0:l)].join(`
`),m=/(\d+)MiB\s*\/\s*(\d+)MiB/.exec(f),p=(o=/ERR!|Unknown Error|GPU is lost|GPU requires reset/i.exec(f))==null?void 0:
o[0];n.push(tc({index:Number(d[1]),name:(r=d[2])==null?void 0:r.slice(0,160),driver:t,pciBusId:d[3],eccErrors:Pi(d[4]),memoryUsed:qs(
m==null?void 0:m[1]),memoryTotal:qs(m==null?void 0:m[2]),temperature:Pi((i=/\s(\d+)C\s/.exec(f))==null?void 0:i[1]),mig:/\|\s+Enabled\s+\|$/m.
test(f)?!0:void 0,troubles:p===void 0?void 0:{table:p}}))}return n}function $j(e){return!/^[|+]/.test(e)&&!/^\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4}\s*$/.
test(e)}function Tj(e){return/^GPU \d+: .*\(UUID: /.test(e)||Rb(e)}function Rb(e){return/^\s+MIG .*Device\s+\d+: \(UUID: /.
test(e)}function Rj(e){return e.flatMap((t,n)=>{var i;let o=/^GPU (\d+): (.*) \(UUID: ([\w-]+)\)/.exec(t);if(!o)return[];
let r=Rb(e[n+1]??"")||void 0;return[tc({index:Number(o[1]),name:(i=o[2])==null?void 0:i.slice(0,160),uuid:o[3],mig:r})]}).
slice(0,64)}function Pj(e){return[...e.matchAll(/(?:<product_name>|^[ \t]+Product Name\s*:\s*)([^<\n]+)/gm)].slice(0,64).
map((n,o)=>{var r;return tc({index:o,name:(r=n[1])==null?void 0:r.trim().slice(0,160)})})}function tc(e){return Object.fromEntries(
Object.entries(e).filter(([,t])=>t!==void 0))}var Ej=[{name:"index"},{name:"name"},{name:"uuid"},{name:"driver_version"},{name:"memory.total"},{name:"memory.used"},{name:"\
temperature.gpu"},{name:"utilization.gpu"},{name:"compute_cap",since:510},{name:"ecc.errors.uncorrected.volatile.total"},
{name:"mig.mode.current"},{name:"pci.bus_id"},{name:"memory.free"},{name:"clocks_throttle_reasons.hw_thermal_slowdown"},
{name:"clocks_throttle_reasons.hw_slowdown"},{name:"clocks_throttle_reasons.hw_power_brake_slowdown"},{name:"fabric.stat\
e",since:525},{name:"fabric.status",since:525},{name:"remapped_rows.pending",since:570},{name:"gpu_recovery_action",since:570},
{name:"compute_mode"}];async function Sb(e,t,n,o){let r=n===void 0?Number.POSITIVE_INFINITY:Number.parseInt(n,10),i=Ej.filter(
({since:c=0})=>!(c>r)),s=await Eb(e,t,i,o),a=Pb(s);if(a===void 0)return s;let d=await Eb(e,t,Sj(a,i),o);return Pb(d)===void 0?
d:Ob(["nvidia-smi"],await e.run([t],{signal:o}),[])}function Sj(e,t){var o;let n=((o=t.find(({name:r})=>r===e))==null?void 0:
o.since)??1;return t.filter(({name:r,since:i=0})=>r!==e&&i<n)}function Pb(e){var t;return(t=/field "([\w.]+)" is not a valid field to query/i.
exec(e.messages))==null?void 0:t[1]}async function Eb(e,t,n,o){let r=n.map(({name:s})=>s),i=[`--query-gpu=${r.join(",")}`,
"--format=csv,noheader,nounits"];return Ob(["nvidia-smi",...i],await e.run([t,...i],{signal:o}),r)}function Ob(e,t,n){let{
stdout:o,stderr:r,ms:i,...s}=t,a=Wf(o,n),d=s.kind==="exited"&&s.code===0&&a.gpus.length>0,{form:c,gpus:l,driver:f,messages:m}=d?
a:Wf(`${o}
${r}`,n);return{command:e.join(" "),ms:i,form:c,gpus:l,...f!==void 0&&{driver:f},messages:m,...s}}async function Ab(e){let t=await e.readText("/proc/bus/pci/devices",1048576);return t.kind==="ok"?Oj(t.value):void 0}function Oj(e){
return e.split(`
`).flatMap(t=>{var s,a;let n=t.split("	"),o=Number.parseInt(n[0]??"",16);if(!((s=n[1])!=null&&s.startsWith("10de"))||Number.
isNaN(o)||(o&7)!==0)return[];let r=(o>>8).toString(16).padStart(2,"0"),i=(o>>3&31).toString(16).padStart(2,"0");return[{
address:`${r}:${i}.0`,driver:((a=n[17])==null?void 0:a.trim())??""}]})}async function Ib(e,t){let n=await e.list("/sys/b\
us/pci/devices");if(n.kind!=="ok"||t.length>64)return t;let o=new Set(t.map(({address:a})=>a)),r=n.value.filter(a=>o.has(
a.slice(a.indexOf(":")+1))).map(a=>`/sys/bus/pci/devices/${a}`),s=(await Promise.all(r.map(async a=>{let[d,c,l]=await Promise.
all([e.readText(`${a}/vendor`,16),e.readText(`${a}/class`,16),e.lstat(`${a}/physfn`)]);if(!(d.kind==="ok"&&d.value.trim()===
"0x10de")||c.kind!=="ok")return;let m=c.value.trim().replace(/^0x/,"");return{path:a,class:m,...l.kind==="link"&&{virtual:!0}}}))).
filter(a=>a!==void 0);return t.map(a=>{let d=s.findIndex(({path:f})=>f.endsWith(`:${a.address}`));if(d<0)return a;let[{path:c,
...l}={path:"",class:""}]=s.splice(d,1);return{...a,...l}})}var Cb=/^nv(?:map|host-gpu|host-ctrl-gpu)$/;async function _b(e){var s;let[t,n,o]=await Promise.all(["/etc/nv_tegra_rele\
ase","/proc/device-tree/compatible","/proc/sys/kernel/osrelease"].map(async a=>{let d=await e.readText(a,4096);return d.
kind==="ok"?d.value:void 0})),r=(s=/^#?\s*(R\d+ [^,\n]*, REVISION: [\d.]+)/m.exec(t??""))==null?void 0:s[1],i=t!==void 0&&
"/etc/nv_tegra_release"||/nvidia,tegra/.test(n??"")&&"/proc/device-tree/compatible"||/-tegra\b/.test(o??"")&&"/proc/sys/\
kernel/osrelease";return i?{sign:i,...r!==void 0&&{release:r}}:void 0}var Aj=["/usr/bin","/usr/local/bin","/bin","/usr/local/nvidia/bin","/usr/lib/wsl/lib","/opt/bin","/run/current-system/sw\
/bin","/run/nvidia/driver/usr/bin"],Ij=["/usr/lib/x86_64-linux-gnu","/usr/lib/aarch64-linux-gnu","/usr/lib64","/usr/lib",
"/usr/local/nvidia/lib64","/usr/lib/wsl/lib"],Ot={name:"nvidia",async collect(e,t,n){var J,D,Q;let o=On(e,t.workspace),r=await e.
readText("/proc/driver/nvidia/version",4096),i=r.kind==="ok"?r.value:void 0,s=i===void 0?void 0:Uj(i),[{smi:a,untrusted:d,
unusable:c,run:l,offPath:f},m,p,h]=await Promise.all([Cj(e,o,s,n,t),_j(e),Ab(e),_b(e)]),g=m==null?void 0:m.find(fe=>qf(fe)),
k=h??(g&&{sign:g.path}),b=(l==null?void 0:l.gpus)??[],[x,E,H,O]=await Promise.all([p&&b.length>0&&b.length<p.length?Ib(e,
p):p,Nj(l,g!==void 0)?Dj(e):void 0,(m??[]).length>0?Fj(e):void 0,a!==void 0&&(l==null?void 0:l.form)==="other"&&l.messages===
""?jj(e,a):!1]),V={smi:a,smiUntrusted:d,smiUnusable:c,smiOffPath:f,smiEmpty:O||void 0,run:l,nodes:m,kernelDriver:s,openModule:/Open Kernel Module/.
test(i??"")||void 0,pciDevices:x,tegra:k,systemMemory:E,cudaLibrary:H,cudaVisibleDevices:(J=e.env.CUDA_VISIBLE_DEVICES)==
null?void 0:J.slice(0,512),visibleDevices:(D=e.env.NVIDIA_VISIBLE_DEVICES)==null?void 0:D.slice(0,512),driverCapabilities:(Q=
e.env.NVIDIA_DRIVER_CAPABILITIES)==null?void 0:Q.slice(0,512)};return Object.fromEntries(Object.entries(V).filter(([,fe])=>fe!==
void 0))}};async function Cj(e,t,n,o,{workspace:r,trusts:i}){let{found:s,unusable:a}=await Ye(e,"nvidia-smi",t),d=s!==void 0&&
await Ie(e,s,r);if(d&&!i)return{smi:s,untrusted:!0};if(s!==void 0)return{smi:s,run:await Sb(d?Ua(e):e,s,n,o)};let c=Aj.filter(
f=>!t.includes(f)),{found:l}=await Ye(e,"nvidia-smi",c);return{...a[0]&&{unusable:a[0]},...l!==void 0&&{offPath:l}}}async function _j(e){
let t=await e.list("/dev");if(t.kind!=="ok")return;let n=/^(?:nvidia(?:\d+|ctl|-uvm|-uvm-tools|-modeset)|dxg)$/,o=t.value.
filter(i=>n.test(i)||Cb.test(i)).sort();return t.value.includes("nvgpu")&&o.push("nvgpu/igpu0/ctrl"),(await Promise.all(
o.map(async i=>{let s=`/dev/${i}`,[a,d,c]=await Promise.all([e.stat(s),e.access(s,"r"),e.access(s,"w")]);return Lj(s,a,d.
kind!=="denied"&&c.kind!=="denied")}))).filter(i=>i!==void 0)}function qf({path:e}){return/^\/dev\/nv(?:map|host-gpu|host-ctrl-gpu|gpu\/)/.
test(e)}function Nj(e,t){let n=(e==null?void 0:e.form)==="csv"?e.gpus:[];return e===void 0&&t||n.some(o=>{var r;return o.
name!==void 0&&o.memoryTotal===void 0&&!((r=o.troubles)!=null&&r["memory.total"])})}async function Dj(e){let t=await Bf(
e);return t.kind!=="read"?{totalBytes:e.totalMemory}:{totalBytes:t.totalBytes,availableBytes:t.availableBytes}}async function Fj(e){
let t=[...Ij,...(e.env.LD_LIBRARY_PATH??"").split(":").filter(Boolean).slice(0,16)];return(await Promise.all(t.map(async o=>{
let r=U(o,"libcuda.so.1"),i=await e.stat(r);return i.kind==="file"&&i.size>0?r:void 0}))).find(o=>o!==void 0)}async function jj(e,t){
let n=await e.stat(t);return n.kind==="file"&&n.size===0}function Lj(e,t,n){if(!(t.kind==="absent"||t.kind==="unreadable"))
return{path:e,mode:t.mode,gid:t.gid,usable:n}}function Uj(e){var t,n;return((t=/Kernel Module(?: for \S+)?\s+(\d+(?:\.\d+)+)/.
exec(e))==null?void 0:t[1])??((n=e.split(`
`,1)[0])==null?void 0:n.slice(0,200))??""}var Ht="sudo dmesg | grep -iE 'nvrm|xid' | tail -n 20",Qe="restart the machine, which ends all jobs on it",Ae="ends all \
jobs on this machine: first see in the forge that its runners are idle";function nc({gpu:e}){return e===void 0?"A GPU":`\
GPU ${e}`}function oc({gpu:e}){return e===void 0?"A GPU":`GPU ${u(e)}`}function Ks({situation:e}){return e.inContainer?"\
image":"host"}var Kf=90,Nb={"missing-gpus":{level:"fail",title:"A GPU of this machine is missing",headline:({count:e,present:t})=>`${t-
e} of ${Mt(t)} ${t-e===1?"is":"are"} missing`,why:"A card that the driver cannot start is silently left out of the list.\
 Jobs get fewer GPUs than the machine has, and those that name one by its number get another one.",expected:({present:e})=>`${e}\
 GPUs`,tell:({count:e,present:t,missing:n,inContainer:o})=>({what:o?`This container was given the device nodes of ${Mt(t)}\
, but \`nvidia-smi\` lists ${e}.`:`The PCI bus has ${Mt(t)}, but \`nvidia-smi\` lists ${e}.${n.length===0?"":` Not liste\
d: ${v(n.map(u))}.`}`,fix:{text:"Find out from the kernel's log why the driver rejected the card: `RmInitAdapter failed`\
 means power, seat or a broken card. If it is left out on purpose, say in the profile how many GPUs jobs get.",commands:[
"lspci -nnk | grep -A3 -i nvidia",`sudo dmesg | grep -i -e nvrm -e xid${n.slice(0,4).map(r=>` -e ${w(r)}`).join("")} | t\
ail -n 20`],config:{file:".gitea/runner-check.yml",language:"yaml",text:`gpu: { require: required, count: ${e} }`},kind:"\
host"}}),more:"Judged only if the profile requires a GPU and sets no `count`. Cards that another driver holds, such as `\
vfio-pci`, do not count."},"recovery-action":{level:"fail",title:"The driver asks for a GPU's recovery",headline:({gpu:e})=>$e(
`${vn(e)} needs recovery (${e.recoveryAction})`,`${vn(e)} needs recovery`),why:"The GPU is in a bad state: programs on i\
t fail or hang until the action is taken, although `nvidia-smi` lists it.",expected:"`gpu_recovery_action` is `None`",tell:({
gpu:e})=>({what:`The driver reports for ${At(e)} that it has to be recovered: ${u(e.recoveryAction??"")}.`,fix:Hj(e)}),more:"\
`nvidia-smi -q` shows it as `GPU Recovery Action`, from driver branch 570 on."},"ecc-errors":{level:"fail",title:"A GPU \
has uncorrected memory errors",headline:({gpu:e})=>`${vn(e)} has uncorrected memory errors (${e.eccErrors})`,why:"Result\
s that were computed with this memory are wrong or incomplete, and the next job may get the same cells.",expected:"no un\
corrected memory errors",tell:({gpu:e})=>({what:`${At(e)} had ${e.eccErrors} memory errors since the driver was loaded t\
hat could not be corrected.`,fix:{text:"Stop everything that uses the GPU (`fuser` lists it), and reset it, which replac\
es the bad cells with spare ones. If errors return or no spare cells are left, replace the card.",commands:["nvidia-smi \
-q -d ECC,PAGE_RETIREMENT,ROW_REMAPPER","sudo fuser -v /dev/nvidia*",`sudo nvidia-smi --gpu-reset -i ${e.index??0}`],kind:"\
host"}})},"row-remap-pending":{level:"warn",title:"A GPU waits for a reset to replace bad memory",headline:({gpu:e})=>`${vn(
e)} waits for a reset to replace bad memory`,why:"Bad rows of its memory were found and stay in use until the reset. A j\
ob that gets them fails with an uncorrectable memory error (Xid 94 or 95).",expected:"no row remapping is pending",tell:({
gpu:e})=>({what:`${At(e)} has bad rows in its memory, and spare ones replace them at the next reset (\`remapped_rows.pend\
ing\`).`,fix:{text:"Take the runner out of service when it is idle, stop everything that uses the GPU (`fuser` lists it)\
, and reset it. If rows fail again soon, replace the card.",commands:["nvidia-smi -q -d ROW_REMAPPER","sudo fuser -v /de\
v/nvidia*",`sudo nvidia-smi --gpu-reset -i ${e.index??0}`],kind:"host"}}),more:"From driver branch 570 on."},"mig-unexpe\
cted":{level:"warn",title:"A GPU is split into MIG instances",headline:({gpu:e})=>`${vn(e)} is split into MIG instances`,
why:"A CUDA program sees a single instance, with a part of the memory and of the cores. It sees none if no instance was \
created.",expected:"whole GPUs",tell:({gpu:e})=>({what:`${At(e)} is in MIG mode.`,fix:{text:"To give jobs the whole GPU,\
 stop everything that uses it (`fuser` lists it), and turn MIG mode off, which removes its instances.",commands:["nvidia\
-smi -L","sudo fuser -v /dev/nvidia*",`sudo nvidia-smi -i ${e.index??0} -mig 0`],kind:"host",otherwise:{text:"To use ins\
tances, name the one for jobs in `NVIDIA_VISIBLE_DEVICES` (`nvidia-smi -L` lists their names, which start with `MIG-`). \
Or turn this warning off in the policy.",config:{file:".gitea/runner-check.yml",language:"yaml",text:`severity:
  gpu/inventory:mig-unexpected: off`},kind:"workflow"}}}),more:"Judged only if the profile requires a GPU."},hot:{level:"\
warn",title:"A GPU is too hot",headline:({gpu:e})=>`${vn(e)} is too hot${e.temperature===void 0?"":` (${e.temperature} \xB0\
C)`}`,why:"A GPU that is this hot halves its clocks or lowers them further, and switches off in the end. Jobs become slo\
wer for no reason that their logs show.",expected:`below ${Kf} \xB0C, no thermal slowdown`,tell:({gpu:e})=>({what:`${At(
e)} is ${zf(e)}${e.thermalSlowdown?", and the hardware has lowered its clocks":""}.`,fix:{text:"Check the cooling: fans,\
 dust, room temperature and power limit. The second command lists the programs that use the GPU.",commands:["nvidia-smi \
-q -d TEMPERATURE,PERFORMANCE","nvidia-smi --query-compute-apps=pid,process_name --format=csv"],kind:"host"}}),more:"Jud\
ged only if the profile requires a GPU."},throttled:{level:"warn",title:"The hardware slows a GPU down",headline:({gpu:e})=>`${vn(
e)} is slowed down by ${e.powerBrake?"its power supply":"the hardware"}`,why:"The clocks are halved or lower. Jobs take \
several times as long, for no reason that their logs show.",expected:"no hardware slowdown, no power brake",tell:({gpu:e})=>({
what:e.powerBrake?`The power supply of the machine makes ${At(e)} lower its clocks (power brake).`:`The hardware has low\
ered the clocks of ${At(e)} to half or less, and not because of heat.`,fix:{text:"Look whether it stays so while a job r\
uns. Then check the power: all cables of the card, both power supplies of the server, and its power cap in the managemen\
t controller. The third command lists what the power supplies report.",commands:["nvidia-smi -q -d PERFORMANCE,POWER","n\
vidia-smi --query-gpu=clocks.sm,clocks.max.sm,power.draw,power.limit --format=csv","sudo ipmitool sdr type 'Power Supply\
'"],kind:"host"}}),more:"Judged only if the profile requires a GPU. A slowdown because of heat is `hot`."}};function Hj(e){
let t=["nvidia-smi -q | grep -i -A1 'recovery action'",Ht],n=e.recoveryAction??"";return/reboot/i.test(n)?{text:`Find th\
e \`Xid\` in the kernel's log, and ${Qe}.`,commands:[...t,`sudo reboot   # ${Ae}`],kind:"host"}:/reset/i.test(n)?{text:`\
Take the runner out of service, stop everything that uses the GPU (\`fuser\` lists it), and reset it. If the reset is refu\
sed, ${Qe}.`,commands:[...t,"sudo fuser -v /dev/nvidia*",`sudo nvidia-smi --gpu-reset -i ${e.index??0}`,`sudo reboot   #\
 if the reset is refused; ${Ae}`],kind:"host"}:{text:`Find the \`Xid\` in the kernel's log. Let the jobs that use several \
GPUs end and start no new ones until the action is gone. If it stays, ${Qe}.`,commands:[...t,"sudo fuser -v /dev/nvidia*",
`sudo reboot   # if it stays; ${Ae}`],kind:"host"}}function zf({temperature:e}){return e===void 0?"too hot":`at ${e} \xB0C`}
function Mt(e){return`${e} ${e===1?"GPU":"GPUs"}`}function vn(e){return e.index===void 0?"A GPU":`GPU ${e.index}`}function At(e){
return`${vn(e)}${e.name===void 0?"":` (${e.name})`}`}var Db="`nvidia-smi` does not use CUDA, so it works on machines on which no CUDA program does. This check looks at what \
CUDA needs beyond the driver: its device node and library in a container, a variable that hides the GPUs, and the fabric\
 of machines with NVSwitch. It runs no CUDA program; the input `smoke: gpu` does.",Lo={"uvm-missing":{level:"fail",title:"\
The container has no `/dev/nvidia-uvm`",why:"CUDA manages its memory through this node. Without it `cuInit` fails, `torc\
h.cuda.is_available()` is `False`, and programs stop with `CUDA unknown error` or silently use the CPU, although `nvidia\
-smi` works.",headline:({mode:e})=>e===void 0?"The container has no `/dev/nvidia-uvm`":"Permission denied on `/dev/nvidi\
a-uvm`",expected:"`/dev/nvidia-uvm` next to `/dev/nvidia0`, open to the job's user",tell:({situation:e,mode:t})=>t!==void 0?
Mj(t):{what:"The container has the device node of a GPU, but not `/dev/nvidia-uvm`: the host had not loaded the module `\
nvidia_uvm` when the container was created, or the nodes were passed one by one.",fix:{text:"Create the node on the host\
, and make that happen at every start of the machine. New job containers get it then.",commands:["sudo nvidia-modprobe -\
u -c=0 && ls -l /dev/nvidia-uvm","echo nvidia_uvm | sudo tee /etc/modules-load.d/nvidia-uvm.conf"],kind:"host",otherwise:{
text:"If the runner passes the nodes with `--device`, pass this one as well, or use `--gpus all` instead.",...ae(e,"--de\
vice /dev/nvidia-uvm --device /dev/nvidia-uvm-tools")}}},more:"Judged in containers only, and not on WSL or a Jetson: on\
 a host, the first CUDA program creates the node."},hidden:{level:"fail",title:"`CUDA_VISIBLE_DEVICES` hides every GPU f\
rom CUDA",headline:({prohibited:e})=>e?"The compute mode of the GPUs forbids CUDA":"`CUDA_VISIBLE_DEVICES` hides every G\
PU from CUDA",why:({prohibited:e})=>`CUDA programs fail with \`${e?"all CUDA-capable devices are busy or unavailable":"n\
o CUDA-capable device is detected"}\`, or silently use the CPU. \`nvidia-smi\` ${e?"works all the same":"ignores the var\
iable"}.`,expected:({prohibited:e})=>e?"the compute mode `Default` on a GPU":"`CUDA_VISIBLE_DEVICES` not set, or the num\
ber or UUID of a GPU that is here",tell:({value:e,situation:t,prohibited:n})=>n?Gj(n):{what:`\`CUDA_VISIBLE_DEVICES\` is ${e.
trim()===""?"set and empty":`${u(e)}, which names no GPU of this machine`}.`,fix:Vj(t)},more:"CUDA reads the list up to \
the first entry that names no GPU: `-1`, `NoDevFiles`, `none` and `all` hide every GPU. So does the compute mode `Prohib\
ited` of all GPUs. Judged only if the profile requires a GPU."},"no-compute-capability":{level:"fail",title:"The contain\
er got the driver without CUDA",why:"NVIDIA's container toolkit adds `libcuda.so.1` and `/dev/nvidia-uvm` only with the \
capability `compute`. Programs fail with `libcuda.so.1: cannot open shared object file` or `no CUDA-capable device is de\
tected`, although `nvidia-smi` works.",expected:"the capability `compute`, or `all`",tell:({value:e,situation:t})=>({what:`\
\`NVIDIA_DRIVER_CAPABILITIES\` is ${u(e)}: it does not include \`compute\`, and the container has no \`libcuda.so.1\`.`,
fix:{text:"Set the variable for the job containers of this runner. If the image sets it, correct it there: `ENV NVIDIA_D\
RIVER_CAPABILITIES=compute,utility`.",...ae(t,"--gpus all --env NVIDIA_DRIVER_CAPABILITIES=compute,utility")}}),more:"Ju\
dged in containers whose profile requires a GPU. A container without the variable gets `utility` and `compute`."},"fabri\
c-not-ready":{level:"fail",title:"The NVSwitch fabric is not ready",headline:({state:e})=>e.length<=25?`The NVSwitch fab\
ric is not ready (${e})`:"The NVSwitch fabric is not ready",why:"Until the Fabric Manager has set up the NVSwitches, eve\
ry CUDA program fails with `system not yet initialized` (error 802), although `nvidia-smi` works.",expected:"`fabric.sta\
te` is `Completed`, `fabric.status` is `Success`",tell:({gpu:e,state:t,driver:n})=>({what:`${At(e)} has not joined the f\
abric of its NVSwitches: ${u(t)}.`,fix:Bj(n)}),more:"`nvidia-smi` knows the state from driver branch 525 on. GPUs withou\
t NVSwitch report none."}};function Mj(e){return{what:`\`/dev/nvidia-uvm\` has the mode ${B(e)}, and the job's user may \
not open it.`,fix:{text:"Set the mode of NVIDIA's nodes back to `0666`, their default, where a setting of the driver cha\
nged it. Or add the job's user to the group of the node.",commands:["ls -l /dev/nvidia*   # on the host","grep -rn NVreg\
_DeviceFile /etc/modprobe.d","grep DeviceFile /proc/driver/nvidia/params"],kind:"host"}}}function Gj(e){return{what:`${At(
e)}, like every GPU that \`nvidia-smi\` lists, has the compute mode \`Prohibited\`: no program may use it for CUDA.`,fix:{
text:"Allow programs on the GPUs of this machine. Ask first: somebody may want this machine for graphics alone. The mode\
 holds until the driver is loaded again, so look for a script that sets it.",commands:["sudo nvidia-smi --compute-mode=D\
EFAULT","nvidia-smi --query-gpu=index,compute_mode --format=csv"],kind:"host"}}}function Vj(e){let t="an `env:` of the w\
orkflow, the runner's own variables (`runner.envs`, its `.env` file), the unit of its service",n="grep -rn CUDA_VISIBLE_\
DEVICES .gitea .github";return e.inContainer?{text:`Remove the variable where it is set: ${t}, the options of the contai\
ner, or \`ENV\` in the image.`,commands:[`${n}   # in the repository`,"grep -n CUDA_VISIBLE_DEVICES config.yaml .env   #\
 in the runner's directory",`systemctl show -p Environment ${Me(e)}`,"docker image ls -q | xargs docker image inspect --\
format '{{.RepoTags}} {{.Config.Env}}' | grep CUDA_VISIBLE_DEVICES"],kind:"runner"}:{text:`Remove the variable where it \
is set: ${t}, \`/etc/environment\` or a profile of the shell. An orchestrator such as Slurm sets it for programs outside o\
f its own jobs. Restart the runner afterward.`,commands:[`${n}   # in the repository`,"grep -n CUDA_VISIBLE_DEVICES conf\
ig.yaml .env   # in the runner's directory","grep -rn CUDA_VISIBLE_DEVICES /etc/environment /etc/profile.d ~/.profile ~/\
.bashrc",`systemctl show -p Environment ${Me(e)}`,`sudo systemctl restart ${Me(e)}   # ${ur}`],kind:"runner"}}function Bj(e){
let t=e==null?void 0:e.split(".",1)[0],n=t===void 0?"apt-cache search nvidia-fabricmanager   # install the one of the dr\
iver's branch":`sudo apt-get install -y ${w(`nvidia-fabricmanager-${t}`)}`;return{text:`Install the Fabric Manager in ${e===
void 0?"the driver's own version":`version ${e}, that of the driver,`} and start it: it does not start with a driver of \
another version. If it runs already, its status and log say what it waits for.`,commands:[n,"sudo systemctl enable --now\
 nvidia-fabricmanager","systemctl status nvidia-fabricmanager","sudo journalctl -u nvidia-fabricmanager | tail -n 30","n\
vidia-smi --query-gpu=fabric.state,fabric.status --format=csv"],kind:"host"}}var Jf={$schema:"./nvidia-smi.schema.json",messages:[{pattern:"driver/library version mismatch",reason:"library-mismatch",
example:`Failed to initialize NVML: Driver/library version mismatch
NVML library version: 550.163`,source:"nvidia-smi 550.163.01; 470.256.02 prints only the first line"},{pattern:"find lib\
nvidia-ml",reason:"library-missing",example:"NVIDIA-SMI couldn't find libnvidia-ml.so library in your system. Please mak\
e sure that the NVIDIA Display Driver is properly installed and present in your system.",source:"nvidia-smi 470.256.02 a\
nd 550.163.01"},{pattern:"nvml shared library not found",reason:"library-missing",example:"Unable to determine the produ\
ct name for gpu 0: NVML Shared Library Not Found",source:"not recorded; nvmlErrorString of NVML_ERROR_LIBRARY_NOT_FOUND"},
{pattern:"(?:error while loading|error loading) shared librar",reason:"library-missing",example:"Error loading shared li\
brary ld-linux-x86-64.so.2: No such file or directory (needed by /usr/bin/nvidia-smi)",source:"not recorded; loader of m\
usl, that of glibc says `error while loading shared libraries`"},{pattern:"error relocating",reason:"library-missing",example:"\
Error relocating /usr/bin/nvidia-smi: __strdup: symbol not found",source:"not recorded; loader of musl"},{pattern:"commu\
nicate with the nvidia driver",reason:"driver-not-loaded",example:"NVIDIA-SMI has failed because it couldn't communicate\
 with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",source:"nvidia-smi 470.256.0\
2 and 550.163.01"},{pattern:"driver (?:is )?not loaded",reason:"driver-not-loaded",example:"Unable to determine the prod\
uct name for gpu 0: Driver Not Loaded",source:"nvidia-smi 470.256.02 and 550.163.01"},{pattern:"insufficient permissions",
reason:"insufficient-permissions",example:"Failed to initialize NVML: Insufficient Permissions",source:"nvidia-smi 470.2\
56.02 and 550.163.01"},{pattern:"files are readable by current user",reason:"insufficient-permissions",example:"No devic\
es were found. Please make sure /dev/nvidia* files are readable by current user.",source:"nvidia-smi 470.256.02 and 550.\
163.01"},{pattern:"access blocked by the operating system",reason:"access-blocked",example:"Failed to initialize NVML: G\
PU access blocked by the operating system",source:"nvidia-smi 470.256.02 and 550.163.01"},{pattern:"gpu is lost",reason:"\
gpu-lost",example:"Unable to determine the device handle for GPU1: GPU is lost.  Reboot the system to recover this GPU",
source:"nvidia-smi 550.163.01"},{pattern:"fallen off the bus",reason:"gpu-lost",example:"Unable to determine the device \
handle for GPU 0: GPU has fallen off the bus",source:"not recorded; kernel text of Xid 79"},{pattern:"gpu requires reset",
reason:"reset-required",example:"Failed to initialize NVML: GPU requires reset",source:"nvidia-smi 470.256.02 and 550.16\
3.01"},{pattern:"gpu reset must occur",reason:"reset-required",example:"Unable to determine the device handle for GPU0: \
A GPU reset must occur before this GPU can be used again.",source:"nvidia-smi 550.163.01"},{pattern:"insufficient extern\
al power",reason:"insufficient-power",example:"Failed to initialize NVML: Insufficient External Power",source:"nvidia-sm\
i 470.256.02 and 550.163.01"},{pattern:"insufficiently powered",reason:"insufficient-power",example:`Unable to determine\
 the device handle for GPU0: Unable to communicate with GPU because it is insufficiently powered.
This may be because not all required external power cables are
attached, or the attached cables are not seated properly.`,source:"nvidia-smi 550.163.01"},{pattern:"no devices (?:were \
)?found",reason:"no-devices",example:"No devices were found",source:"nvidia-smi 470.256.02 and 550.163.01; with `-L` it \
says `No devices found.` and exits with 0"},{pattern:"no supported gpus were found",reason:"no-devices",example:"Failed \
to initialize NVML: No supported GPUs were found",source:"nvidia-smi 550.163.01"},{pattern:"unknown error",reason:"nvml-\
unknown-error",example:"Failed to initialize NVML: Unknown Error",source:"nvidia-smi 470.256.02 and 550.163.01"},{pattern:"\
(?:initialize nvml: |for gpu ?\\S+: |^)timeout$",reason:"timeout",example:"Failed to initialize NVML: Timeout",source:"n\
vidia-smi 470.256.02 and 550.163.01"},{pattern:"nvidia-smi: (?:command )?not found",reason:"smi-missing",example:"sh: 1:\
 nvidia-smi: not found",source:"sh and bash, from a wrapper script"},{pattern:"failed to initialize nvml",reason:"broken",
example:"Failed to initialize NVML: Corrupted infoROM",source:"nvidia-smi 470.256.02 and 550.163.01"},{pattern:"unable t\
o determine the",reason:"broken",example:'Unable to determine the device handle for GPU0: The NVIDIA kernel module detec\
ted an issue with GPU interrupts.Consult the "Common Problems" Chapter of the NVIDIA Driver README for',source:"nvidia-s\
mi 550.163.01"},{pattern:"internal nvml error",reason:"broken",example:"Internal NVML error",source:"nvidia-smi 470.256.\
02 and 550.163.01"},{pattern:"is not a valid field",reason:"broken",example:'Field "compute_cap" is not a valid field to\
 query.',source:"nvidia-smi 470.256.02"},{pattern:"^error: ",reason:"broken",example:"ERROR: Option --bogus is not recog\
nized. Please run 'nvidia-smi -h'.",source:"nvidia-smi 550.163.01"}],exitCodes:{"4":"insufficient-permissions","6":"no-d\
evices","8":"insufficient-power","9":"driver-not-loaded","12":"library-missing","15":"gpu-lost","16":"reset-required","1\
7":"access-blocked","18":"library-mismatch"}};var qj=Jf.messages,Kj=Jf.exitCodes,zj=qj.map(({pattern:e,reason:t})=>({pattern:new RegExp(e,"im"),reason:t}));function Ei(e){
var t;return(t=zj.find(({pattern:n})=>n.test(e)))==null?void 0:t.reason}function Fb(e){return Kj[String(e)]}var Jj=["library-mismatch","library-missing","driver-not-loaded","access-blocked","gpu-lost","reset-required","insuffici\
ent-power","nvml-unknown-error"],Yj=/^(?:utilization\.gpu|clocks_throttle_reasons\..*|compute_mode|fabric\..*|remapped_rows\..*|gpu_recovery_action)$/;
function Er(e){return e.kind==="timed-out"?Pr("timeout",e.messages||"no answer"):e.kind==="not-started"?Pr("broken",`it \
cannot be started (${e.code})`):Zj(e.gpus)??Qj(e.messages)??(e.kind==="signalled"?Pr("broken",`killed by ${e.signal}`):eL(
e,e.code))}function Zj(e){for(let[t,n]of e.entries()){let o=Xj(n);if(o)return Pr(o.reason,o.text,String(n.index??t))}}function Xj(e){
var i,s;let t=Object.entries(e.troubles??{}).filter(([a])=>!Yj.test(a));for(let[,a]of t){let d=Ei(a);if(d!==void 0&&Jj.includes(
d))return{reason:d,text:a}}let[,n]=t.find(([,a])=>/^ERR!$/i.test(a))??[];if(n!==void 0)return{reason:"broken",text:n};let o=(i=
e.troubles)==null?void 0:i["memory.total"];if(o!==void 0&&!/^insufficient permissions$/i.test(o))return{reason:Ei(o)??"b\
roken",text:o};if(e.name!==void 0||e.uuid!==void 0)return;let r=((s=t[0])==null?void 0:s[1])??"N/A";return{reason:Ei(r)??
"broken",text:r}}function Qj(e){var r;let t=Ei(e);if(t===void 0)return;let n=e.split(`
`).find(i=>Ei(i)===t),o=(r=/for gpu ?([\w:.]+):/i.exec(n??""))==null?void 0:r[1];return Pr(t,(n??e).slice(0,300),o)}function eL(e,t){
var o;let n=((o=e.messages.split(`
`,1)[0])==null?void 0:o.slice(0,300))||(e.form==="other"?"it printed nothing":"its list has no GPU");return t!==0?Pr(Fb(
t)??"broken",n):e.gpus.length>0||e.form==="log"||e.form==="version"?{kind:"ok"}:Pr("broken",n)}function Pr(e,t,n){return{
kind:"trouble",reason:e,text:t,...n!==void 0&&{gpu:n}}}var We="Programs that need CUDA fail (`no CUDA-capable device is detected`), or silently fall back to the CPU and become\
 many times slower.";function Si(e){return e.gpu.require!=="forbidden"}function zs(e){var t;return((t=e.run)==null?void 0:
t.driver)??e.kernelDriver}function dt(e){return(e.nodes??[]).filter(n=>/^\/dev\/(?:nvidia\d+|dxg)$/.test(n.path)||qf(n)).
map(({path:n})=>n)}function It(e){return e.tegra!==void 0&&e.smi===void 0}function co({tegra:e}){return`NVIDIA Jetson${(e==
null?void 0:e.release)===void 0?"":` with L4T ${e.release}`}`}function lo(e){return e.run!==void 0&&Er(e.run).kind==="ok"}
function ct(e){var c;let{run:t,kernelDriver:n,nodes:o,pciDevices:r,tegra:i}=e,s=(c=i&&(r==null?void 0:r.length)===0?void 0:
r)==null?void 0:c.map(({address:l,driver:f})=>`${l} (driver: ${f||"none"})`).join(", "),a=i&&n===void 0?{source:i.sign,text:co(
e)}:{source:"/proc/driver/nvidia/version",text:n??"no kernel module"},d=[...o?[{source:"/dev",text:o.map(({path:l})=>l).
join(", ")||"no NVIDIA device nodes"}]:[],...s===void 0?[]:[{source:"/proc/bus/pci/devices",text:s||"no NVIDIA device"}]];
return t?[{source:t.command,text:`${tL(t)}${nL(t)}`},a,...d]:[a,...d]}function tL(e){switch(e.kind){case"exited":return`\
exit ${e.code}`;case"signalled":return`killed by ${e.signal}`;case"not-started":return`not started (${e.code})`;case"tim\
ed-out":return e.abandoned?"did not end in time, not even after SIGKILL":"did not end in time"}}function nL({gpus:e,messages:t}){
let n=e.map(({name:r,uuid:i,troubles:s})=>[r,i,...Object.entries(s??{}).map(([a,d])=>`${a}: ${d}`)].filter(a=>a!==void 0).
join(", ")),o=[t,...n].filter(r=>r!=="").join(`
`);return o===""?"":`: ${o.slice(0,1e3)}`}var jb={id:"gpu/cuda",title:"CUDA can use the GPUs that `nvidia-smi` lists",intro:Db,reasons:Lo,needs:{nvidia:Ot,container:R,
job:S},after:["gpu/driver"],applies:Si,judge({nvidia:e,container:t,job:n},o){var g,k,b,x;let r=It(e)&&dt(e).length>0;if(!lo(
e)&&!r)return e.run===void 0&&o.gpu.require==="optional"?{kind:"skip",reason:"absent",message:"No GPU was found, and the\
 profile does not require one."}:{kind:"skip",reason:"needs:gpu/driver",message:"Cannot be judged until `nvidia-smi` wor\
ks."};let i=M(t,n),s=aL(e),a=t.mode==="container"||t.insideContainer!==void 0,d=o.gpu.require==="required",c=e.tegra!==void 0||
dt(e).includes("/dev/dxg");if(a&&!c){let{driverCapabilities:E=""}=e;if(oL(e)){if(d)return y(Lo,"no-compute-capability",{
value:E,situation:i},{observed:E,evidence:s})}else if(rL(e))return y(Lo,"uvm-missing",{situation:i,mode:void 0},{observed:"\
no `/dev/nvidia-uvm`",evidence:s})}let l=(g=e.nodes)==null?void 0:g.find(({path:E,usable:H})=>E==="/dev/nvidia-uvm"&&!H);
if(l){let E=`mode ${B(l.mode)}, closed to this user`;return y(Lo,"uvm-missing",{situation:i,mode:l.mode},{observed:E,evidence:s})}
let f=(k=e.run)==null?void 0:k.gpus.find(iL);if(f){let{fabricState:E="",fabricStatus:H}=f,O=H===void 0?E:`${E}, ${H}`,V={
gpu:f,state:O,driver:f.driver??e.kernelDriver};return y(Lo,"fabric-not-ready",V,{observed:O,evidence:s})}let m=e.cudaVisibleDevices;
if(d&&m!==void 0&&sL(m,((b=e.run)==null?void 0:b.gpus)??[]))return y(Lo,"hidden",{value:m,situation:i,prohibited:void 0},
{observed:m||"(empty)",evidence:s});let p=((x=e.run)==null?void 0:x.gpus)??[],[h]=p;return d&&h&&p.every(E=>E.prohibited)?
y(Lo,"hidden",{value:"",situation:i,prohibited:h},{observed:"compute mode Prohibited",evidence:s}):{kind:"pass",message:dL(
e),evidence:s}}};function oL({driverCapabilities:e="",cudaLibrary:t}){let n=e.split(",").map(o=>o.trim().toLowerCase()).
filter(Boolean);return t===void 0&&n.length>0&&!n.includes("compute")&&!n.includes("all")}function rL({nodes:e}){let t=(e??
[]).map(({path:n})=>n);return t.some(n=>/^\/dev\/nvidia\d+$/.test(n))&&!t.includes("/dev/nvidia-uvm")}function iL({fabricState:e,
fabricStatus:t,mig:n}){return e===void 0||n?!1:/^(?:in progress|not started)$/i.test(e)?!0:/^completed$/i.test(e)&&t!==void 0&&
!/^success$/i.test(t)}function sL(e,t){var o;let n=((o=e.split(",",1)[0])==null?void 0:o.trim())??"";if(/^MIG-/.test(n))
return t.length>0&&t.every(({mig:r,troubles:i})=>!r&&!(i!=null&&i["mig.mode.current"]));if(/^GPU-/.test(n)){let r=t.map(
({uuid:i})=>i);return r.length>0&&r.every(i=>i!==void 0&&!i.toLowerCase().startsWith(n.toLowerCase()))}return/^\d+/.test(
n)?t.length>0&&t.every(({mig:r})=>!r)&&Number.parseInt(n,10)>=t.length:!0}function aL(e){let{cudaVisibleDevices:t,driverCapabilities:n}=e,
[o,...r]=ct(e);return[o,...r,...t===void 0?[]:[{source:"CUDA_VISIBLE_DEVICES",text:t||"(empty)"}],...n===void 0?[]:[{source:"\
NVIDIA_DRIVER_CAPABILITIES",text:n||"(empty)"}]]}function dL({nodes:e=[],cudaLibrary:t,cudaVisibleDevices:n,run:o}){var s;
let r=(s=o==null?void 0:o.gpus.find(({fabricState:a})=>a!==void 0))==null?void 0:s.fabricState;return[e.some(({path:a})=>a===
"/dev/nvidia-uvm")?"`/dev/nvidia-uvm`":void 0,t===void 0?void 0:u(t),n===void 0?void 0:`\`CUDA_VISIBLE_DEVICES\` names ${u(
n)}`,r===void 0?void 0:`fabric: ${r}`].filter(a=>a!==void 0).join(", ")||"Nothing hides the GPUs from CUDA"}var Lb=Te("gpu-option-dropped"),cL=Te("workflow-gpu-option-dropped");function Ct(e){switch(e.system){case"gitea":case"fo\
rgejo":return{text:`Add \`--gpus all\` to \`container.options\`, next to what is there already, and restart the runner.${lL(
e)}`,...ae(e,"--gpus all")};case"github":return{text:"Request the GPUs where the job names its container.",...ae(e,"--gp\
us all")};case"act":return{text:'Start the run with `--container-opts "--gpus all"` (`gitea-runner exec`) or `--containe\
r-options "--gpus all"` (`act`).',kind:"runner"};case"none":return{text:"Start the container with `--gpus all`.",kind:"h\
ost"}}}function lL(e){let t={yes:" The workflow's own `container.options` is the wrong place: this runner ignores `--gpu\
s` there.",unknown:` The workflow's own \`container.options\` is the wrong place: runners ${fn(cL)} ignore \`--gpus\` ther\
e.`,no:""}[ht("workflow-gpu-option-dropped",e)],n=ht("gpu-option-dropped",e)==="unknown"?` Runners ${fn(Lb)} ignore it h\
ere too unless \`container.privileged\` is \`true\`: upgrade such a runner first.`:"";return t+n}function rc(e){let t=j(
e);return{text:`Upgrade the runner to a release after ${uL()}, keep \`--gpus all\` in \`container.options\`, and restart it.\
 Such a release honors the options of its own configuration.`,config:{file:oe,language:"yaml",text:`container:
  options: --gpus all`},commands:t,kind:"runner",otherwise:{text:`If this version has to stay, make NVIDIA's runtime Doc\
ker's default and request the GPUs with a variable, which the runner does not drop. ${G} (\`container.privileged: true\` a\
lso helps, but makes every job root on the host.)`,commands:["sudo nvidia-ctk runtime configure --runtime=docker --set-a\
s-default","sudo systemctl restart docker",...t],config:{file:oe,language:"yaml",text:`container:
  options: --env NVIDIA_VISIBLE_DEVICES=all`},kind:"host"}}}function uL(){return Lb.ranges.map(e=>e.upTo).join(", ")}function Yf(e){
return{text:`Make NVIDIA's runtime Docker's default: on a Jetson, the runtime adds the GPU to a container, and \`--gpus a\
ll\` does not. ${G} Images of L4T request the GPU by themselves; any other image needs \`NVIDIA_VISIBLE_DEVICES=all\`.`,
config:{file:"/etc/docker/daemon.json",language:"json",text:`{
  "default-runtime": "nvidia",
  "runtimes": { "nvidia": { "path": "nvidia-container-runtime" } }
}`},commands:["sudo apt-get update && sudo apt-get install -y nvidia-container","sudo systemctl restart docker","docker \
info --format '{{.DefaultRuntime}}'   # nvidia"],kind:"host",otherwise:{text:"Choose the runtime for the containers of t\
his runner alone, with `--runtime nvidia`.",...ae(e,"--runtime nvidia --env NVIDIA_VISIBLE_DEVICES=all")}}}var ic={text:`\
Install the NVIDIA Container Toolkit from NVIDIA's package repository, which its installation guide explains how to add,\
 and register its runtime with Docker. ${G}`,commands:["sudo apt-get update && sudo apt-get install -y nvidia-container-\
toolkit","sudo nvidia-ctk runtime configure --runtime=docker","sudo systemctl restart docker"],kind:"host"};var Hb={"nvml-unknown-error":{level:"fail",title:"The NVIDIA driver reports an unknown error",headline:e=>Zf(e)?"This co\
ntainer lost its access to the GPU":e.gpu===void 0?"The NVIDIA driver reports an unknown error":`GPU ${e.gpu} reports an\
 unknown error`,why:e=>Zf(e)?"`systemctl daemon-reload` on the host, which any package upgrade runs, makes systemd recre\
ate the container's cgroup rules without the GPU: NVIDIA's runtime had added it behind systemd's back. From then on ever\
y CUDA program in this container fails.":We,expected:"`nvidia-smi` lists the GPUs",tell:fL,more:"The message is `Failed \
to initialize NVML: Unknown Error`."},"insufficient-permissions":{level:"fail",title:"Permission denied on the GPU",why:We,
expected:"this user can read and write the GPU's device nodes",tell:mL,more:"`nvidia-smi` reports `No devices were found\
. Please make sure /dev/nvidia* files are readable by current user.`"},"access-blocked":{level:"fail",title:"The operati\
ng system blocks access to the GPU",why:We,expected:"`nvidia-smi` lists the GPUs",tell:({nvidia:e})=>{var t;return{what:"\
The operating system blocks access to the GPU: `GPU access blocked by the operating system`.",fix:(e.nodes??[]).some(({path:n})=>n===
"/dev/dxg")||(t=e.smi)!=null&&t.startsWith("/usr/lib/wsl/")?{text:"WSL uses the driver of Windows. Update it and WSL in \
Windows, and restart both, which ends all jobs in WSL.",commands:["wsl --update   # in Windows","wsl --shutdown   # in W\
indows"],kind:"host"}:{text:"Find out what blocks the driver. In a virtual machine it is the hypervisor: how it passes t\
he card through, or a missing vGPU license. Elsewhere it may be the kernel's lockdown.",commands:[Ht,"cat /sys/kernel/se\
curity/lockdown","systemd-detect-virt"],kind:"host"}}}},"no-devices":{level:"fail",title:"The NVIDIA driver shows no GPU",
headline:({situation:e})=>e.inContainer?"The NVIDIA driver shows this container no GPU":"The NVIDIA driver finds no usab\
le GPU",why:We,expected:"`nvidia-smi` lists at least one GPU",tell:({nvidia:e,situation:t})=>{if(!t.inContainer)return{what:"\
The driver is loaded, but it finds no GPU that it can use.",fix:Ub};let{visibleDevices:n}=e;return{what:`The driver answ\
ers in this container, but shows it no GPU.${n===void 0?"":` \`NVIDIA_VISIBLE_DEVICES\` is ${u(n)}.`}`,fix:{...Ct(t),otherwise:Ub}}},
more:"In a container, `NVIDIA_VISIBLE_DEVICES` may name a GPU that does not exist."}};function Zf({gpu:e,situation:t}){return e===
void 0&&t.inContainer}function fL(e){let{gpu:t,text:n}=e;if(Zf(e))return{what:"NVML answers `Unknown Error`: this contai\
ner had access to the GPU and lost it.",fix:{text:`Run the job again: a new container has access. To prevent it for good\
, add this setting, with which Docker manages the cgroups itself instead of systemd. ${G}`,config:{file:"/etc/docker/dae\
mon.json",language:"json",text:'{ "exec-opts": ["native.cgroupdriver=cgroupfs"] }'},commands:["sudo systemctl restart do\
cker"],kind:"host",otherwise:{text:"Give the GPU through CDI, which systemd knows about: replace `--gpus all` in `contai\
ner.options` with `--device nvidia.com/gpu=all`.",commands:["sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml"],
kind:"host"}}};let{run:o}=e.nvidia,r=(o==null?void 0:o.kind)==="exited"&&o.code===14?" Its exit code 14 means that the i\
nfoROM of the card is corrupted: if a restart does not help, its vendor has to write it again or replace the card.":"";return{
what:`${t===void 0?"The NVIDIA driver":`GPU ${u(t)}`} reports ${u(n)}.${r}`,fix:{text:`Look for an \`Xid\` in the kernel's\
 log, which says what happened to the card (79: it has fallen off the bus). To bring the card back, ${Qe}. If the error \
returns, check power, seat and temperature of the card.`,commands:[Ht,`sudo reboot   # ${Ae}`],kind:"host"}}}function mL({
nvidia:e,situation:t}){let n=(e.nodes??[]).filter(({usable:o})=>!o);if(n.length>0){let o=n.map(({path:i,mode:s,gid:a})=>`${u(
i)} (mode ${B(s&4095)}, group ${a})`),r=hL(n,t);return{what:`This user cannot read and write ${v(o)}.`,fix:e.tegra?pL(r):
r}}return{what:"The driver denies access to the GPU (`Insufficient Permissions`), although this user can read and write \
the device nodes.",fix:t.inContainer?{...Ct(t),text:`The container's cgroup denies the device: the node was mounted as a\
 volume instead of being passed as a device. ${Ct(t).text}`}:{text:"Find out what else denies it: device rules of the ru\
nner's unit (`DeviceAllow`, `PrivateDevices`), SELinux or AppArmor.",commands:[`systemctl cat ${Me(t)} | grep -iE 'devic\
e|protect'`,"sudo ausearch -m avc -ts recent; sudo dmesg | grep -i apparmor | tail"],kind:"host"}}}function pL({otherwise:e,
...t}){return t}function hL(e,t){let n=e.find(({gid:r,mode:i})=>r!==0&&(i&48)===48),o={text:`Let the driver open the dev\
ice nodes to all users, as it does by default, and ${Qe}.`,commands:["echo 'options nvidia NVreg_DeviceFileMode=0666' | \
sudo tee /etc/modprobe.d/nvidia-device-files.conf",`sudo update-initramfs -u && sudo reboot   # ${Ae}`],kind:"host"};return n?
t.inContainer?{text:`Add the container's user to group ${n.gid}, which owns the nodes, with \`--group-add\`.`,...ae(t,`-\
-gpus all --group-add ${n.gid}`),otherwise:o}:{text:"Add the runner's user to the group of the nodes, and restart the ru\
nner: a running process keeps its old groups.",commands:[`sudo usermod -aG "$(stat -c %G ${w(n.path)})" ${Me(t)}   # the\
 user that the runner runs as`,...j(t)],kind:"host",otherwise:o}:o}var Ub={text:"Find out from the kernel's log why the \
driver rejected the card. `RmInitAdapter failed` means power, seat or a broken card. Otherwise this branch or flavor of \
the driver may not support the card: new cards need the open kernel modules, old ones an older branch.",commands:["lspci\
 -nnk | grep -A3 -i nvidia",Ht],kind:"host"};var sc="`nvidia-smi` lists the GPUs of this machine",Mb={"gpu-lost":{level:"fail",title:"A GPU has fallen off the bus",headline:e=>`${nc(
e)} has fallen off the bus`,why:"`nvidia-smi` stops at a lost GPU and hides the healthy ones. Programs that use CUDA fai\
l.",expected:sc,tell:e=>({what:`${oc(e)} is lost: it no longer answers on the PCI bus.`,fix:{text:"Shut the machine down\
, which ends all jobs on it, and switch it on again on site or through its management controller: a lost card needs a po\
wer cycle. If it happens again, look for the `Xid` in the kernel's log, and check power supply, cables, seat and tempera\
ture of the card.",commands:[Ht,`sudo poweroff   # ${Ae}`],kind:"host"}}),more:"`nvidia-smi` reports `Unable to determin\
e the device handle for GPU1: GPU is lost.  Reboot the system to recover this GPU`, or prints `[GPU is lost]` in its cel\
ls and exits with 0."},"reset-required":{level:"fail",title:"A GPU needs a reset",headline:e=>`${nc(e)} needs a reset`,why:We,
expected:sc,tell:e=>({what:`${oc(e)} needs a reset before it can be used again.`,fix:{text:`Stop everything that uses th\
e GPU (\`fuser\` lists it), and reset it. If the reset is refused, ${Qe}.`,commands:["sudo fuser -v /dev/nvidia*",`sudo \
nvidia-smi --gpu-reset -i ${w(e.gpu??"0")}`,`sudo reboot   # if the reset is refused; ${Ae}`],kind:"host"}}),more:"`nvid\
ia-smi` reports `A GPU reset must occur before this GPU can be used again.`"},"insufficient-power":{level:"fail",title:"\
A GPU does not get enough power",headline:e=>`${nc(e)} does not get enough power`,why:We,expected:sc,tell:e=>({what:`${oc(
e)} does not get enough power.`,fix:{text:"Shut the machine down, which ends all jobs on it, and open it: all power cabl\
es of the card must be attached and seated firmly, and the power supply must be strong enough.",commands:[`sudo poweroff\
   # ${Ae}`],kind:"host"}}),more:"`nvidia-smi` reports `Unable to communicate with GPU because it is insufficiently powe\
red.`"},timeout:{level:"fail",title:"`nvidia-smi` does not answer",headline:({nvidia:e})=>{var t;return((t=e.run)==null?
void 0:t.kind)!=="timed-out"?"The NVIDIA driver timed out waiting for a GPU":e.run.abandoned?"`nvidia-smi` hangs in the \
kernel":"`nvidia-smi` does not answer"},why:({nvidia:e})=>{var t;return((t=e.run)==null?void 0:t.kind)==="timed-out"&&e.
run.abandoned?"Every program that touches the GPU hangs in the same way and cannot be killed. A job that does so blocks \
its runner.":"Programs that use the GPU hang as well, and jobs run into their time limit."},expected:"`nvidia-smi` answe\
rs within the input `timeout`",tell:gL},broken:{level:"fail",title:"`nvidia-smi` fails",headline:yL,why:e=>Qf(e)==="info\
rom"?"The infoROM holds the settings and the error counts of the card. Without it the driver cannot tell whether its mem\
ory is bad, and every script that checks the exit code of `nvidia-smi` fails.":We,expected:sc,tell:kL,more:"Some causes \
are told apart: an empty file in place of `nvidia-smi`, a corrupted infoROM (exit code 14), and a GPU that the driver ca\
nnot set up (`Unable to determine the device handle for GPU0: Not Found`). Otherwise `nvidia-smi` fails for another reas\
on, crashes, or prints nothing that can be read. `ERR!` in its table is a sensor, or a whole GPU, that no longer answers\
."}};function gL({nvidia:e,text:t}){let{run:n}=e;if((n==null?void 0:n.kind)!=="timed-out")return{what:`The driver gave u\
p waiting for the GPU: ${u(t)}.`,fix:Xf};let o=Math.round(n.ms/100)/10;return n.abandoned?{what:`\`nvidia-smi\` did not an\
swer within ${o} s, and \`SIGKILL\` did not end it: it hangs in the kernel.`,fix:Xf}:{what:`\`nvidia-smi\` did not answer \
within ${o} s.`,fix:{...Xf,otherwise:{text:"If it is only slow, turn on persistence mode. Without it, the driver sets up\
 every GPU again for each call while no program uses it.",commands:["time nvidia-smi","sudo systemctl enable --now nvidi\
a-persistenced"],kind:"host"}}}}var Xf={text:`Look for an \`Xid\` or a hung task in the kernel's log. To end a process tha\
t hangs in the kernel, ${Qe}.`,commands:["sudo dmesg | grep -iE 'nvrm|xid|hung task|blocked for more' | tail -n 20",`sud\
o reboot   # ${Ae}`],kind:"host"};function Qf({nvidia:e,text:t}){let{run:n,smiEmpty:o}=e;return(n==null?void 0:n.kind)===
"not-started"?"not-started":o?"empty":/inforom/i.test(`${t} ${n==null?void 0:n.messages}`)||(n==null?void 0:n.kind)==="e\
xited"&&n.code===14?"inforom":/device handle for gpu ?\S*: not found/i.test(t)?"not-set-up":"other"}function yL(e){switch(Qf(
e)){case"not-started":return"`nvidia-smi` cannot be started";case"empty":return"`nvidia-smi` is an empty file";case"info\
rom":return"The infoROM of a GPU is corrupted";case"not-set-up":return`The driver cannot set up ${e.gpu===void 0?"a GPU":
$e(`GPU ${e.gpu}`,"a GPU")}`;case"other":return"`nvidia-smi` fails"}}function kL(e){var r;let{nvidia:t,text:n}=e,o=t.smi??
"nvidia-smi";switch(Qf(e)){case"empty":return wL(e,o);case"inforom":return bL(e);case"not-set-up":return vL(e);default:break}
return((r=t.run)==null?void 0:r.kind)==="not-started"?{what:`${u(o)} exists, but ${n}: its loader or interpreter is miss\
ing, or it is built for another architecture.`,fix:{text:"Use an image based on Debian or Ubuntu: NVIDIA's programs need\
 glibc and do not run in images with musl (Alpine).",commands:[`file -L ${w(o)}`],kind:Ks(e)}}:{what:`\`nvidia-smi\` fails\
: ${u(n)}.`,fix:{text:`Run it by hand and read the kernel's log. To clear what an upgrade or a crash left behind, ${Qe}.\
 If that does not help, reinstall the driver.`,commands:["nvidia-smi",Ht,`sudo reboot   # ${Ae}`],kind:"host"}}}function wL(e,t){
let n=`${u(t)} is an empty file: it does nothing, prints nothing and exits with 0.`;return e.situation.inContainer?{what:n,
fix:{text:"Remove the empty files from the image, which was made of a container that had a GPU (`docker commit`): NVIDIA\
's container toolkit mounts the driver's files over empty ones and leaves those behind. Then start the container with it\
s GPU as before.",config:{file:"Dockerfile",language:"dockerfile",text:"RUN find /usr -xdev -type f -empty \\( -name 'nvi\
dia-*' -o -name 'libnvidia-*' -o -name 'libcuda.so*' \\) -delete && ldconfig"},commands:[`ls -l ${w(t)}`],kind:"image",otherwise:xL(
Ct(e.situation))}}:{what:n,fix:{text:"Reinstall the package that it belongs to. An installation on a full disk leaves em\
pty files behind, so check the free space first.",commands:["df -h /usr",`dpkg -S ${w(t)}`,`sudo apt-get install -y --re\
install "$(dpkg -S ${w(t)} | cut -d: -f1)"`],kind:"host"}}}function bL({nvidia:e,text:t}){var o;let n=(((o=e.run)==null?
void 0:o.gpus)??[]).length>0;return{what:`${n?"`nvidia-smi` lists the GPUs, but exits with 14":"`nvidia-smi` fails"} bec\
ause the infoROM of a GPU is corrupted: ${u(t)}.`,fix:{text:"Ask the vendor of the card to write its infoROM again, or t\
o replace the card: neither a restart nor another driver repairs it. The first command shows which card it is. Power the\
 machine off and on once before that, which ends all jobs on it: sometimes only reading failed.",commands:["nvidia-smi -\
q | grep -i -e '^GPU' -e inforom -A 4",Ht,`sudo poweroff   # ${Ae}`],kind:"host",...n&&{otherwise:{text:"CUDA may work n\
evertheless. Until the card is repaired, accept the finding with an end date in the policy; scripts that check the exit \
code of `nvidia-smi` still fail.",kind:"workflow"}}}}}function vL({nvidia:e,text:t}){let{kernelDriver:n,openModule:o}=e,
r=n===void 0?"":` The loaded module is ${n}, ${o?"the open flavor":"the proprietary flavor"}.`,i=o?"The open module supp\
orts Turing and newer cards only: for an older card, install the proprietary flavor.":"Blackwell and newer cards need th\
e open flavor of the module (`nvidia-open`).",s=n===void 0?"/lib/firmware/nvidia":`/lib/firmware/nvidia/${n}`;return{what:`\
The driver finds the card and cannot set it up: ${u(t)}.${r}`,fix:{text:`Find the cause in the kernel's log. \`GSP\` or \`g\
sp_*.bin\` there means that the firmware of this driver version is missing or did not start: install it, and ${Qe}. \`RmI\
nitAdapter failed\` or \`not supported\` means that the module does not fit the card. ${i}`,commands:["sudo dmesg | grep\
 -i -e nvrm -e gsp -e firmware | tail -n 30",`ls -l ${w(s)}`,"head -n 1 /proc/driver/nvidia/version; lspci -nn | grep -i\
 nvidia",...n===void 0?[]:[`sudo apt-get install -y --reinstall ${w(`nvidia-firmware-${n.split(".",1)[0]}-${n}`)}   # on\
 Debian: firmware-nvidia-gsp`],`sudo reboot   # ${Ae}`],kind:"host"}}}function xL({otherwise:e,...t}){return t}var Gb={"smi-missing":{level:"fail",title:"`nvidia-smi` is missing",headline:$L,why:TL,expected:"`nvidia-smi` on `PATH`",
tell:RL,more:"In a container, NVIDIA's container toolkit adds `nvidia-smi` when the container is given a GPU. On a host,\
 it comes with the driver's utilities, which must have the version of the kernel module."},"driver-not-loaded":{level:"f\
ail",title:"The NVIDIA kernel module is not loaded",headline:SL,why:We,expected:({nvidia:e})=>It(e)?"a device node of th\
e Jetson's GPU":"`nvidia-smi` reaches the kernel module",tell:OL,more:"`nvidia-smi` reports `NVIDIA-SMI has failed becau\
se it couldn't communicate with the NVIDIA driver.` The evidence names the driver that holds the card."},"library-missin\
g":{level:"fail",title:"The NVIDIA library libnvidia-ml is missing",headline:({text:e})=>em(e)?"`nvidia-smi` cannot load\
 a shared library":"The NVIDIA library libnvidia-ml is missing",why:({situation:e})=>e.inContainer?"NVIDIA's container t\
oolkit adds the tool and its library from the host. If only the tool exists, it is part of the image, and the container \
got nothing of the driver.":We,expected:"`nvidia-smi` finds the driver's libraries",tell:AL,more:"Images based on musl (\
Alpine) cannot run NVIDIA's programs: `Error loading shared library ld-linux-x86-64.so.2`."},"library-mismatch":{level:"\
fail",title:"NVIDIA kernel module and libraries do not match",why:"No program can use the GPU until the new module is lo\
aded: `Failed to initialize NVML: Driver/library version mismatch`.",expected:"kernel module and libraries of the same v\
ersion",tell:IL,more:"An unattended upgrade is the usual cause. Driver branch 470 does not report the version of its lib\
raries."}};function $L({nvidia:e,situation:t}){let{smi:n,smiUnusable:o,smiOffPath:r,kernelDriver:i,pciDevices:s}=e;return n!==
void 0?"`nvidia-smi` starts a program that does not exist":o?o.kind==="dangling-link"?"`nvidia-smi` is a dangling link":
"`nvidia-smi` is not executable":r!==void 0?"`nvidia-smi` is not on PATH":t.inContainer?"`nvidia-smi` is missing in this\
 container":i!==void 0?"`nvidia-smi` is not installed":(s==null?void 0:s.length)===0?"This machine has no NVIDIA GPU":"T\
he NVIDIA driver is not installed"}function TL({nvidia:e,situation:t}){let{smi:n,smiUnusable:o,smiOffPath:r,kernelDriver:i,
pciDevices:s}=e;return n!==void 0||o||r!==void 0?"Scripts and tests that call `nvidia-smi` fail with `nvidia-smi: not fo\
und`, or decide that the machine has no GPU.":t.inContainer?"NVIDIA's container toolkit adds `nvidia-smi`, the driver's \
libraries and the device nodes to a container that is given a GPU. Without them, CUDA programs fail or run on the CPU.":
i===void 0&&(s==null?void 0:s.length)===0?"Jobs come here because the runner's label promises a GPU.":We}function RL(e){
let{nvidia:t,situation:n,text:o}=e,{smi:r,smiUnusable:i,smiOffPath:s,kernelDriver:a}=t;if(r!==void 0)return{what:`${u(r)}\
 starts another \`nvidia-smi\`, which does not exist: ${u(o)}.`,fix:{text:"Find out what this file is, and replace it wi\
th the `nvidia-smi` of the driver.",commands:[`file -L ${w(r)}`,`head -n 5 ${w(r)}`],kind:Ks(e)}};if(i){let{path:d,kind:c}=i;
return{what:`${u(d)} cannot be started: ${c==="dangling-link"?"it is a link to a file that does not exist":"it is not ex\
ecutable"}.`,fix:{text:"Look at the file, and reinstall the driver's utilities.",commands:[`ls -l ${w(d)}`,`ls -lL ${w(d)}`],
kind:Ks(e)}}}return s!==void 0?{what:`\`nvidia-smi\` is at ${u(s)}, but this directory is not on the job's \`PATH\`.`,fix:EL(
s.replace(/\/nvidia-smi$/,""),e)}:n.inContainer?{what:dt(t).length>0?"This container has the device nodes of a GPU, but \
no `nvidia-smi`.":"This container has no `nvidia-smi` and no device nodes of a GPU.",fix:{...Ct(n),otherwise:{text:"If t\
he runner is configured like this already, test whether Docker can give a GPU to a container.",commands:["nvidia-smi","d\
ocker run --rm --gpus all ubuntu nvidia-smi"],kind:"host"}}}:a!==void 0?{what:`NVIDIA's kernel module ${a} is loaded, bu\
t \`nvidia-smi\` is not installed.`,fix:{text:"Install the driver's utilities in the version of the module.",commands:[`\
sudo apt-get install -y ${w(`nvidia-utils-${Bb(a)}`)}   # on Debian: nvidia-smi`],kind:"host"}}:PL(t.pciDevices)}function PL(e){
return(e==null?void 0:e.length)===0?{what:"This machine has no `nvidia-smi`, no NVIDIA kernel module and no NVIDIA devic\
e on its PCI bus.",fix:{text:"Remove the label for GPU jobs from this runner. If the machine does have a card, check its\
 seat and power; if it is a virtual machine, check that its hypervisor passes the card through.",commands:["lspci -nn | \
grep -i nvidia"],kind:"runner"}}:{what:"`nvidia-smi` is not installed, and NVIDIA's kernel module is not loaded.",fix:{text:`\
Install NVIDIA's driver and ${Qe}. The package is named differently in each distribution.`,commands:["sudo ubuntu-driver\
s install   # on Debian: sudo apt-get install -y nvidia-driver",`sudo reboot   # ${Ae}`],kind:"host"}}}function EL(e,{situation:t}){
return t.inContainer?{text:"Add the directory to the image's `PATH`.",config:{file:"Dockerfile",language:"dockerfile",text:`\
ENV PATH="${Cn(e)}:$PATH"`},kind:"image"}:{text:"Add the directory to the `PATH` of the runner's service, which has its \
own, and restart the runner.",...$t(t,`Environment="PATH=${An(e)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbi\
n:/bin"`),kind:"host"}}var ac="`nvidia-smi` cannot reach NVIDIA's kernel module";function SL({nvidia:e}){if(It(e))return"\
The Jetson's GPU driver is not loaded";if(e.kernelDriver!==void 0)return"`nvidia-smi` cannot reach the NVIDIA kernel mod\
ule";let t=Vb(e);return t===void 0?"The NVIDIA kernel module is not loaded":`The GPU is held by ${t}, not by NVIDIA's dr\
iver`}function Vb({pciDevices:e=[]}){let t=e.map(({driver:n})=>n);return t.includes("nouveau")?"nouveau":t.some(n=>n.startsWith(
"vfio"))?"vfio-pci":void 0}function OL({nvidia:e,situation:t}){let{kernelDriver:n,pciDevices:o}=e;if(It(e))return{what:`\
This ${co(e)} has no device node of its GPU (\`/dev/nvhost-gpu\`): the kernel's driver \`nvgpu\` is not loaded.`,fix:{text:"\
Load the driver. If that fails, the kernel is not the one of this L4T release, as after an upgrade that stopped halfway.",
commands:["lsmod | grep nvgpu; uname -r","sudo modprobe nvgpu","sudo dmesg | grep -i -e nvgpu -e nvhost | tail -n 20"],kind:"\
host"}};if(n!==void 0)return{what:`${ac}, although version ${n} of it is loaded.`,fix:{text:`Check whether \`nvidia-smi\` \
works and the device nodes exist. If the nodes are missing, create them, or ${Qe}.`,commands:["nvidia-smi","ls -l /dev/n\
vidia*","sudo nvidia-modprobe -c 0 -u",Ht],kind:"host",...t.inContainer&&{otherwise:CL(Ct(t))}}};switch(Vb(e)){case"nouv\
eau":return{what:`${ac}: the free driver \`nouveau\` holds the GPU, so NVIDIA's module cannot be loaded.`,fix:{text:`Kee\
p \`nouveau\` from loading and ${Qe}.`,commands:["printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /et\
c/modprobe.d/blacklist-nouveau.conf",`sudo update-initramfs -u && sudo reboot   # ${Ae}`],kind:"host"}};case"vfio-pci":return{
what:`${ac}: \`vfio-pci\` holds the GPU, which reserves it for a virtual machine.`,fix:{text:"Undo the `vfio-pci` bindin\
g to give the GPU back to the host. Or remove the label for GPU jobs from this runner, and run a runner inside the virtu\
al machine.",commands:["lspci -nnk | grep -A3 -i nvidia","grep -rs vfio /etc/modprobe.d /etc/default/grub"],kind:"host"}};case void 0:
break}let r=(o==null?void 0:o.length)===0?" The PCI bus shows no NVIDIA device either: if this machine has no GPU, remov\
e the label for GPU jobs from its runner.":"";return{what:`${ac}: it is not loaded.`,fix:{text:`Load the module. If that\
 fails, it was probably not built for the running kernel (a kernel upgrade without its headers), or Secure Boot rejects \
it.${r}`,commands:["sudo modprobe nvidia && nvidia-smi","dkms status; mokutil --sb-state",'sudo apt-get install -y "linu\
x-headers-$(uname -r)" && sudo dkms autoinstall && sudo modprobe nvidia',Ht],kind:"host"}}}function em(e){return/shared librar|relocating/i.
test(e)}function AL({nvidia:e,situation:t,text:n}){if(t.inContainer)return{what:em(n)?`\`nvidia-smi\` cannot be loaded in \
this container: ${u(n)}.`:"This container has `nvidia-smi`, but not the driver's library `libnvidia-ml.so.1`.",fix:{...Ct(
t),otherwise:{text:"If the container is given a GPU already, remove the `nvidia-utils` of the image, and use an image wi\
th glibc (not Alpine), in which the toolkit's `ldconfig` works.",config:{file:"Dockerfile",language:"dockerfile",text:"R\
UN apt-get purge -y 'nvidia-utils-*' 'libnvidia-*' && ldconfig"},kind:"image"}}};let{kernelDriver:o}=e;return{what:em(n)?
`\`nvidia-smi\` cannot be loaded: ${u(n)}.`:"`nvidia-smi` is installed, but it cannot find the driver's library `libnvid\
ia-ml.so`.",fix:{text:"Install the driver's libraries in the version of the tool and the module. If they are installed, \
tell the loader where.",commands:["ldconfig -p | grep libnvidia-ml; find / -xdev -name 'libnvidia-ml.so*' 2>/dev/null",...o===
void 0?[]:[`sudo apt-get install -y --reinstall ${w(`libnvidia-compute-${Bb(o)}`)}   # on Debian: libnvidia-ml1`],"sudo \
ldconfig"],kind:"host"}}}function IL({nvidia:e,situation:t}){var d;let{kernelDriver:n,run:o}=e,r=(d=/nvml library version:\s*([\d.]+)/i.
exec((o==null?void 0:o.messages)??""))==null?void 0:d[1],i=[...n===void 0?[]:[`the loaded module is ${n}`],...r===void 0?
[]:[`the libraries are ${r}`]],s=i.length>0?`: ${v(i)}`:"",a=t.inContainer?" If `nvidia-smi` works on the host, the imag\
e has libraries of its own: remove them.":"";return{what:`NVIDIA's kernel module and its libraries have different versio\
ns${s}. An upgrade replaced the files while the old module stayed in memory.`,fix:{text:`To load the new module, ${Qe}.`,
commands:[`sudo reboot   # ${Ae}`],kind:"host",otherwise:{text:`Without a restart: stop everything that uses the GPU (\`f\
user\` lists it), and reload the module.${a} To keep unattended upgrades from doing this again, hold the driver's packag\
es with \`apt-mark hold\`.`,commands:["sudo fuser -v /dev/nvidia*","sudo systemctl stop nvidia-persistenced","sudo rmmod\
 nvidia_drm nvidia_modeset nvidia_uvm nvidia && sudo modprobe nvidia","sudo systemctl start nvidia-persistenced && nvidi\
a-smi"],kind:"host"}}}}function Bb(e){return e.split(".",1)[0]??e}function CL({otherwise:e,...t}){return t}var Wb="Runs `nvidia-smi` once and judges its answer. Its messages count first, because they are the same in all driver \
branches. Exit codes count only if no message is known: branches 470 and 550 number the same state differently, and `nvi\
dia-smi` can exit with 0 although a GPU is lost. An old driver that rejects a queried field is asked again without it. T\
he known messages are in `src/knowledge/nvidia-smi.json`.",tm={...Gb,...Hb,...Mb};var qb={id:"gpu/driver",title:"The NVIDIA driver works and shows its GPUs",intro:Wb,reasons:tm,needs:{nvidia:Ot,container:R,
job:S},after:["gpu/visibility"],applies:Si,judge({nvidia:e,container:t,job:n},o){if(e.smiUntrusted)return{kind:"skip",reason:"\
untrusted",message:Eo("nvidia-smi",{why:"program",by:e.smi??"nvidia-smi"})};let r=_L(e);if(r.kind==="ok")return DL(e);if(e.
run===void 0&&o.gpu.require==="optional")return{kind:"skip",reason:"absent",message:"`nvidia-smi` is not on `PATH`, and \
the profile does not require a GPU."};let i={nvidia:e,situation:M(t,n),text:r.text,gpu:r.gpu};return y(tm,r.reason,i,{observed:r.
text,evidence:ct(e)})}};function _L(e){return e.run?Er(e.run):It(e)?NL(e):{kind:"trouble",reason:"smi-missing",text:"no \
`nvidia-smi` on `PATH`"}}function NL(e){var o;let t=dt(e);return t.length===0?{kind:"trouble",reason:"driver-not-loaded",
text:"no device node of the Jetson's GPU"}:((o=e.nodes)==null?void 0:o.some(({path:r,usable:i})=>i&&t.includes(r)))?{kind:"\
ok"}:{kind:"trouble",reason:"insufficient-permissions",text:`permission denied on ${v(t)}`}}function DL(e){var s;if(It(e)){
let a=v(dt(e).map(u));return{kind:"pass",message:`${co(e)}: its GPU is at ${a}. It has no \`nvidia-smi\`, which came with \
JetPack 6`,evidence:ct(e)}}let t=(((s=e.run)==null?void 0:s.gpus)??[]).map(({name:a})=>a??"unnamed GPU"),n=[...new Set(t)].
map(a=>{let d=t.filter(c=>c===a).length;return d>1?`${d} \xD7 ${a}`:a}),o=zs(e),r=o===void 0?"The driver works":`Driver ${o}`;
return{kind:"pass",message:n.length>0?`${r}: ${v(n)}`:r,evidence:ct(e)}}var Kb=["--query-compute-apps=gpu_uuid,pid,process_name,used_memory","--format=csv,noheader,nounits"],FL=20,jL=2**20,LL=1e3,
zb={name:"gpu-holders",async collect(e,t,n,o){let{smi:r,smiUntrusted:i}=await o(Ot),s=["nvidia-smi",...Kb].join(" ");if(r===
void 0||i)return{command:s,holders:[]};let[{stdout:a},{mode:d,insideContainer:c}]=await Promise.all([e.run([r,...Kb],{signal:n}),
o(R)]),f=a.split(`
`).flatMap(UL).sort((h,g)=>(g.memory??0)-(h.memory??0)).slice(0,FL);if(d!=="host"||c!==void 0)return{command:s,holders:f};
let m=await HL(e),p=await Promise.all(f.map(h=>GL(e,h,m)));return{command:s,holders:await VL(e,p,n,o)}}};function UL(e){
var s;let t=e.slice(0,600).split(",").map(a=>a.trim()),[n="",o=""]=t;if(!/^\d{1,10}$/.test(o)||t.length<4)return[];let r=t.
slice(2,-1).join(", "),i=(s=/^(\d{1,12})(?:\s|$)/.exec(t[t.length-1]??""))==null?void 0:s[1];return[{pid:Number(o),program:$(
r,200),...n.startsWith("GPU-")&&{gpu:n},...i!==void 0&&{memory:Number(i)*jL}}]}async function HL(e){let t=await e.readText(
"/proc/uptime",100),n=t.kind==="ok"?Number.parseFloat(t.value):Number.NaN;return Number.isFinite(n)?n:void 0}var ML=100;
async function GL(e,t,n){var l,f;let[o,r]=await Promise.all([e.readText(`/proc/${t.pid}/stat`,4096),e.readText(`/proc/${t.
pid}/cgroup`,16384)]),i=o.kind==="ok"?Number(o.value.slice(o.value.lastIndexOf(")")+2).split(" ")[19]):Number.NaN,s=n===
void 0?Number.NaN:Math.round(n-i/ML),a=r.kind==="ok"?r.value:"",d=(l=/(?:docker|libpod|cri-containerd|containerd|crio)[-/]([\da-f]{64})\b/.
exec(a))==null?void 0:l[1],c=(f=/\/([\w@:.\\-]+\.service)(?:\/|$)/m.exec(a))==null?void 0:f[1];return{...t,...s>=0&&{ageSeconds:s},
...d===void 0?c!==void 0&&{unit:$(c,100)}:{container:d}}}async function VL(e,t,n,o){if(t.every(({container:i})=>i===void 0))
return t;let r=await o(ee).catch(()=>{});return r?te(LL,n,i=>Promise.all(t.map(async s=>{var c;if(s.container===void 0)return s;
let a=await cn(e,r.endpoint,`/containers/${s.container}/json`,i),d=a.kind==="ok"?(c=P(a.value))==null?void 0:c.Name:void 0;
return typeof d=="string"?{...s,containerName:$(d.replace(/^\//,""),100)}:s}))):t}function Sr(e,t,...n){let o=n.map(r=>e.sources[r]).find(r=>r!==void 0);return`${BL(o,e)} asks for ${t}`}function BL(e,t){
return e===void 0?`the profile ${u(t.profile)}`:e.startsWith("input ")?`the ${e}`:u(e)}var Jb=5;function Yb(e,t){if(!e)return"";if(e.length===0)return t?" `nvidia-smi` lists none of them here: they run outsi\
de of this container.":" `nvidia-smi` lists none that uses CUDA: they draw a screen, or are left over (`sudo fuser -v /d\
ev/nvidia*` lists them).";let n=e.slice(0,Jb).map(o=>`${u(Qb(o))} (${ev(o).join(", ")})`);return` The largest: ${v(n)}.`}
function Zb(e){return`${Qb(e)}: ${ev(e).join(", ").split("`").join("")}`}function Xb(e=[]){let t=e.slice(0,Jb).flatMap(n=>{
let{container:o,unit:r}=n;return o!==void 0?[`docker ps --filter ${w(`id=${o}`)}`]:r===void 0?[]:[`systemctl status ${N(
r)}`]});return["nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv",...new Set(t)]}function Qb({program:e}){
return e.split("/").pop()||e||"?"}function ev({pid:e,memory:t,ageSeconds:n,container:o,containerName:r,unit:i}){let s=r??
(o==null?void 0:o.slice(0,12));return[...t===void 0?[]:[I(t)],`process ${e}`,...n===void 0?[]:[`started ${WL(n)} ago`],...s===
void 0?[]:[`container ${u(s)}`],...i===void 0?[]:[`unit ${u(i)}`]]}function WL(e){let[t,n]=e>=172800?[e/86400,"days"]:e>=
7200?[e/3600,"hours"]:e>=120?[e/60,"minutes"]:[e,"seconds"];return`${Math.floor(t)} ${n}`}var tv="Compares the GPUs that `nvidia-smi` lists with what the profile asks for, and checks their health. If a GPU does\
 not report a figure (`[N/A]`) that the profile asks for, the check is undecided and names it. Other figures may be miss\
ing.",wt={...Nb,"too-few":{level:"fail",title:"Too few GPUs",headline:({count:e,wanted:t})=>`Too few GPUs (${e} of ${t})`,
why:"Jobs that spread their work over several GPUs fail, or wait for each other.",expected:({wanted:e})=>`at least ${e}`,
tell:({count:e,onBus:t,inContainer:n,demand:o})=>({what:`\`nvidia-smi\` lists ${Mt(e)}; ${o}.${t>e?` The PCI bus has ${t}\
 NVIDIA devices.`:""}`,fix:n?{text:"Check that the container was given all GPUs (`--gpus all`, and `NVIDIA_VISIBLE_DEVIC\
ES` is `all` or not set), and how many the host has.",commands:['echo "$NVIDIA_VISIBLE_DEVICES"',"nvidia-smi -L   # in t\
he container and on the host"],kind:"runner"}:{text:"Find out from the kernel's log why the driver rejected a card that \
is on the bus.",commands:["lspci -nn | grep -i nvidia","sudo dmesg | grep -iE 'nvrm|xid' | tail -n 20"],kind:"host"}})},
"too-little-memory":{level:"fail",title:"A GPU has too little memory",headline:({gpu:e,has:t,wanted:n})=>`${vn(e)} has t\
oo little memory (${I(t)} of ${I(n)})`,why:"A model that does not fit in GPU memory is silently offloaded to the CPU. Te\
sts become many times slower and time out.",expected:({wanted:e})=>`at least ${I(e)} on each GPU`,tell:({gpu:e,has:t,wanted:n,
shared:o,demand:r})=>({what:o?`${At(e)} has no memory of its own and uses the machine's, which is ${I(t)}; ${r}.`:`${At(
e)} has ${I(t)} of memory; ${r}.`,fix:qL(t,n)?{text:`If this is the right card, set \`memory: ${Math.floor(t/2**30)}GiB\`\
 in the policy. A card sold with ${I(n)} reports a little less, because firmware and error correction use a part.`,kind:"\
workflow"}:{text:"Move the label to a machine with a larger GPU. Or lower `gpu.memory` in the policy, if jobs need less.",
kind:"runner"}})},"too-little-free-memory":{level:"fail",title:"Too little free GPU memory",headline:({enough:e,count:t,
best:n,wanted:o})=>`Too little free GPU memory (${t===1?`${I(n)} of ${I(o)}`:`${e} of ${Mt(t)}`})`,why:"A model that doe\
s not fit in GPU memory is silently offloaded to the CPU. Tests become many times slower and time out.",expected:({count:e,
wanted:t})=>`${I(t)} free on ${e===1?"a GPU":`${e} GPUs`}`,tell:({enough:e,count:t,best:n,wanted:o,holders:r,shared:i,inContainer:s,
demand:a})=>({what:`${t===1?`No GPU has more than ${I(n)} of free memory`:`Only ${e} of ${Mt(t)} ${e===1?"has":"have"} ${I(
o)} of free memory`}; ${a}. ${i?"It shares the memory of the machine with all programs.":"Other programs hold the rest."}${Yb(
r,s)}`,fix:{text:"Find out which programs hold the memory, and stop them or move them to another GPU. Ollama keeps a mod\
el for five minutes after its last use, unless `OLLAMA_KEEP_ALIVE` changes that.",commands:[...Xb(r),"ollama ps   # `oll\
ama stop` with a model's name unloads it"],kind:"host"}})},"driver-too-old":{level:"fail",title:"The NVIDIA driver has t\
he wrong version",headline:({version:e,range:t})=>$e(`NVIDIA driver ${e} does not match ${t}`,"The NVIDIA driver has the\
 wrong version"),why:"CUDA programs that are built for a newer driver stop with `CUDA driver version is insufficient for\
 CUDA runtime version`.",expected:({range:e})=>`driver ${e}`,tell:({version:e,demand:t})=>({what:`The NVIDIA driver is ${e}\
; ${t}.`,fix:{text:"Install another branch of the driver and restart the machine, which ends all jobs on it. Until then,\
 kernel module and libraries do not match. Images need no change: containers get the driver from the host.",commands:["s\
udo ubuntu-drivers list   # on Debian: apt-cache policy nvidia-driver",`sudo reboot   # after the installation; ${Ae}`],
kind:"host"}})},"compute-capability-too-low":{level:"fail",title:"A GPU has the wrong compute capability",headline:({gpu:e,
range:t})=>$e(`${vn(e)} has compute capability ${e.computeCapability} (needs ${t})`,"A GPU has the wrong compute capabil\
ity"),why:"Kernels that were not built for this generation do not start: `no kernel image is available for execution on \
the device`.",expected:({range:e})=>`compute capability ${e} on each GPU`,tell:({gpu:e,demand:t})=>({what:`${At(e)} has \
compute capability ${e.computeCapability}; ${t}.`,fix:{text:"Move the label to a machine with a GPU of that generation. \
To use this one, build for it as well (`CMAKE_CUDA_ARCHITECTURES`, `TORCH_CUDA_ARCH_LIST`) and widen `gpu.compute-capabi\
lity` in the policy. To keep jobs from using a second card, name the others in `NVIDIA_VISIBLE_DEVICES`.",kind:"runner"}}),
more:"The compute capability is a GPU's generation: 7.5 is Turing, 8.x Ampere and Ada, 9.0 Hopper, 10.x and 12.x Blackwe\
ll. Drivers of branch 470 and older do not report it, so the check is undecided with them."}};function qL(e,t){return e>=
t*(15/16)*.99}var nv={"not-reported":{title:"`nvidia-smi` does not report what the profile asks for",why:"Jobs of this p\
rofile rely on it. Programs that need more than the GPU has fail when they start, or run on the CPU.",expected:({fields:e})=>`\
a value for ${e}`,tell:({asked:e,fields:t,demands:n,hasGpu:o,jetson:r})=>({what:r?`${e} cannot be judged: this Jetson ha\
s no \`nvidia-smi\`, which came with JetPack 6. ${Oe(v(n))}.`:`${e} cannot be judged by the output of \`nvidia-smi\`: ${o?
`this driver or GPU does not report ${t}`:"it lists no GPU"}. ${Oe(v(n))}.`,fix:{text:r?`Remove ${e} from the profile fo\
r this machine, or upgrade it to JetPack 6.`:o?`Update the NVIDIA driver: newer ones report more. If the GPU itself lack\
s the figure (\`[N/A]\`), remove ${e} from the profile.`:"Find out why the driver sees no GPU: the kernel's log has its \
messages.",commands:r?["cat /etc/nv_tegra_release"]:o?["nvidia-smi --query","nvidia-smi --help-query-gpu | grep -i -e co\
mpute_cap -e memory"]:["nvidia-smi --list-gpus","sudo dmesg | grep -i -e nvrm -e xid | tail -n 20"],kind:"host"}})}};function ov(e){let{run:t,systemMemory:n}=e;return(It(e)?[{name:co(e)}]:(t==null?void 0:t.gpus)??[]).map(r=>{var d;let i=r.
memoryTotal!==void 0||((d=r.troubles)==null?void 0:d["memory.total"])!==void 0;if(n===void 0||i||r.name===void 0)return r;
let{totalBytes:s,availableBytes:a}=n;return{...r,memoryTotal:s,...a!==void 0&&{memoryFree:a},sharesMemory:!0}})}function nm(e,t=0){
let n=rv(e),o=[e.name??"GPU",e.memoryTotal===void 0?void 0:`${I(e.memoryTotal)}${e.sharesMemory?" of the machine's memor\
y":""}`,n===void 0?void 0:`${I(n)} free`,e.computeCapability===void 0?void 0:`compute capability ${e.computeCapability}`,
e.temperature===void 0?void 0:`${e.temperature} \xB0C`,e.mig?"MIG":void 0,e.eccErrors?`${e.eccErrors} uncorrected memory\
 errors`:void 0];return{source:`GPU ${e.index??t}`,text:o.filter(r=>r!==void 0).join(", ")}}function rv({memoryFree:e,memoryTotal:t,
memoryUsed:n}){return e!==void 0?e:t===void 0||n===void 0?void 0:Math.max(0,t-n)}function Oi({policy:e},t,n){return Sr(e,
n,`gpu.${t}`,"gpu")}function Js(e,t,n,o,r){return{kind:"unreported",key:t,field:n,demand:Oi(e,o,r)}}function tn({nvidia:e,
gpus:t},n){let o=zs(e);return{observed:n,evidence:[...t.map(nm),...o===void 0?[]:[{source:"driver",text:o}]]}}var KL=e=>{
let{gpus:t,nvidia:n,policy:o,inContainer:r}=e,{require:i,count:s}=o.gpu;if(i!=="required"||s!==void 0||t.length===0)return;
let a=t.map(({pciBusId:f})=>(f==null?void 0:f.toLowerCase())??""),d=r?(n.nodes??[]).flatMap(({path:f})=>/^\/dev\/nvidia\d+$/.
test(f)?[f]:[]):zL(n);if(d.length<=t.length)return;let c=r?[]:d.filter(f=>!a.some(m=>m.endsWith(`:${f}`))),l={count:t.length,
present:d.length,missing:c,inContainer:r};return y(wt,"missing-gpus",l,tn(e,Mt(t.length)))};function zL({pciDevices:e=[]}){
return e.filter(t=>["","nvidia"].includes(t.driver)&&!t.virtual).filter(t=>t.class===void 0||t.class.startsWith("03")).flatMap(
({address:t})=>/^[\da-f]{2}:[\da-f]{2}\.\d$/.test(t)?[t]:[])}var JL=e=>{let t=e.gpus.find(n=>n.recoveryAction!==void 0&&
!(n.rowRemapPending&&/drain/i.test(n.recoveryAction)));return t&&y(wt,"recovery-action",{gpu:t},tn(e,t.recoveryAction??""))},
YL=e=>{let t=e.gpus.find(n=>n.rowRemapPending);return t&&y(wt,"row-remap-pending",{gpu:t},tn(e,"row remapping pending"))},
ZL=e=>{if(e.policy.gpu.require!=="required")return;let t=e.gpus.find(o=>o.powerBrake||o.hardwareSlowdown),n=t!=null&&t.powerBrake?
"power brake":"hardware slowdown";return t&&y(wt,"throttled",{gpu:t},tn(e,n))},XL=e=>{var c;let{gpus:t,policy:n,inContainer:o,
nvidia:r}=e,{count:i}=n.gpu,s=t.length;if(i===void 0||s>=i)return;if(s===0)return Js(e,"count","index","count",Mt(i));let a=((c=
r.pciDevices)==null?void 0:c.length)??0,d={count:s,wanted:i,onBus:a,inContainer:o,demand:Oi(e,"count",Mt(i))};return y(wt,
"too-few",d,tn(e,String(s)))},QL=e=>{let{gpus:t,policy:n}=e,{memory:o}=n.gpu;if(o===void 0)return;let r=t.find(({memoryTotal:a})=>a!==
void 0&&a<o);if(!r)return t.length===0||t.some(({memoryTotal:a})=>a===void 0)?Js(e,"memory","memory.total","memory",I(o)):
void 0;let i=r.memoryTotal??0,s={gpu:r,has:i,wanted:o,shared:r.sharesMemory??!1,demand:Oi(e,"memory",I(o))};return y(wt,
"too-little-memory",s,tn(e,I(i)))},eU=e=>{let{gpus:t,policy:n}=e,{freeMemory:o,count:r=1}=n.gpu;if(o===void 0)return;let i=t.
map(g=>rv(g)),s=i.filter(g=>g!==void 0&&g>=o).length;if(s>=r)return;let a=I(o)+(r===1?"":` on ${Mt(r)}`);if(i.length===0||
i.includes(void 0))return Js(e,"free-memory","memory.free","freeMemory",a);let d=Math.max(...i.map(g=>g??0)),{holders:c}=e,
l={enough:s,count:r,best:d,wanted:o,holders:c==null?void 0:c.holders,inContainer:e.inContainer,shared:t.some(({sharesMemory:g})=>g),
demand:Oi(e,"freeMemory",a)},f=r===1?`${I(d)} free`:`${s} of ${Mt(r)}`,{evidence:m,...p}=tn(e,f),h=(c==null?void 0:c.holders.
map(g=>({source:c.command,text:Zb(g)})))??[];return y(wt,"too-little-free-memory",l,{...p,evidence:[...m,...h]})},tU=e=>{
let t=e.policy.gpu.driver;if(!t)return;let n=zs(e.nvidia),o=iv(n,t);if(n===void 0||o==="unknown")return Js(e,"driver","d\
river_version","driver",u(t.text));if(o)return;let r={version:n,range:t.text,demand:Oi(e,"driver",u(t.text))};return y(wt,
"driver-too-old",r,tn(e,n))},nU=e=>{let{gpus:t,policy:n}=e,o=n.gpu.computeCapability;if(!o)return;let r=t.map(a=>iv(a.computeCapability,
o)),i=t[r.indexOf(!1)];if(!i)return t.length===0||r.includes("unknown")?Js(e,"compute-capability","compute_cap","compute\
Capability",u(o.text)):void 0;let s={gpu:i,range:o.text,demand:Oi(e,"computeCapability",u(o.text))};return y(wt,"compute\
-capability-too-low",s,tn(e,i.computeCapability??"unknown"))};function iv(e,t){let n=e===void 0?void 0:Z(e);return n?hs(
n,t):"unknown"}var oU=e=>{let t=e.gpus.find(n=>(n.eccErrors??0)>0);return t&&y(wt,"ecc-errors",{gpu:t},tn(e,`${t.eccErrors}`))},
rU=e=>{let{gpus:t,policy:n,nvidia:o}=e,r=t.find(({mig:i})=>i);if(!(!r||n.gpu.require!=="required"||/\bMIG-/.test(o.visibleDevices??
"")))return y(wt,"mig-unexpected",{gpu:r},tn(e,"MIG mode enabled"))},iU=e=>{let{gpus:t,policy:n}=e;if(n.gpu.require!=="r\
equired")return;let o=t.find(r=>r.thermalSlowdown||(r.temperature??0)>=Kf);return o&&y(wt,"hot",{gpu:o},tn(e,zf(o)))},sv=[
JL,KL,XL,QL,eU,tU,nU,oU,YL,rU,iU,ZL];var av={id:"gpu/inventory",title:"The GPUs are healthy and what the profile asks for",intro:tv,reasons:wt,needs:{nvidia:Ot,
container:R},details:{of:["too-little-free-memory"],needs:{holders:zb}},after:["gpu/driver"],applies:Si,judge({nvidia:e,
container:t,holders:n},o){if(e.smiUntrusted)return{kind:"skip",reason:"untrusted",message:Eo("nvidia-smi",{why:"program",
by:e.smi??"nvidia-smi"})};let r=ov(e);if(!lo(e)&&!(It(e)&&dt(e).length>0))return e.run===void 0&&o.gpu.require==="option\
al"?{kind:"skip",reason:"absent",message:"No GPU was found, and the profile does not require one."}:{kind:"skip",reason:"\
needs:gpu/driver",message:"Cannot be judged until `nvidia-smi` works."};let i=r.map(nm),s=t.mode==="container",a={nvidia:e,
gpus:r,policy:o,inContainer:s,...n&&{holders:n}},d=sv.map(m=>m(a)),c=d.find(m=>(m==null?void 0:m.kind)==="finding");if(c)
return c;let l=d.filter(m=>(m==null?void 0:m.kind)==="unreported");if(l.length>0){let m=l.map(({key:g})=>u(`gpu.${g}`)),
p=l.map(({field:g})=>u(g)),h={asked:v(m),fields:v(p),demands:l.map(({demand:g})=>g),hasGpu:r.length>0,jetson:It(e)};return A(
nv,"not-reported",h,{observed:r.length===0?"no GPU":`no value for ${v(p)}`,evidence:[...i,...ct(e)]})}return{kind:"pass",
message:r.length===0?"The profile asks for no figures":i.map(({text:m})=>m).join("; "),evidence:Je(i)?i:ct(e)}}};var cv="Only for profiles with `gpu: forbidden`: looks for device nodes of a GPU and for an `nvidia-smi` that works. The\
 kernel module of the host, and an `nvidia-smi` that is part of the image, do not count.",dv={text:"If jobs may see the \
GPU, set `gpu: optional` in the profile.",kind:"workflow"},om={"forbidden-but-present":{level:"warn",title:"Jobs see a G\
PU that their profile forbids",why:"Tests behave differently when they find a GPU, builds come to depend on hardware tha\
t the label does not promise, and every job can take memory from those that need the GPU.",expected:"no GPU",tell:({profile:e,
gpus:t,inContainer:n})=>({what:`The profile ${u(e)} forbids a GPU, but its jobs see ${t}.`,fix:n?{text:"Give the GPU lab\
el a runner of its own, with its own registration and `config.yaml`, and remove `--gpus` from the options of this one: `\
container.options` holds for all labels of a runner. The runtime `nvidia` as Docker's default, or `ENV NVIDIA_VISIBLE_DE\
VICES=all` in the image, has the same effect.",commands:["docker info --format '{{.DefaultRuntime}}'","cat /etc/docker/d\
aemon.json"],kind:"runner",otherwise:dv}:{text:"Move the label to a machine without a GPU, or run its jobs in containers\
 (`docker://`): on the host, every job sees the machine's GPUs.",kind:"runner",otherwise:dv}})}},lv={"no-dev":{title:"Un\
known whether this job sees a GPU",why:"A job that sees a GPU behaves differently, and takes memory from the jobs that n\
eed it.",expected:"no `/dev/nvidia*`",tell:()=>({what:"Cannot tell whether there is a GPU: `/dev` cannot be read.",fix:he(
"/dev","EACCES")})}};var uv={id:"gpu/presence",title:"Jobs see no GPU if their profile forbids one",intro:cv,reasons:om,needs:{nvidia:Ot,container:R},
applies:e=>e.gpu.require==="forbidden",judge({nvidia:e,container:t},n){var d;let o=dt(e),r=ct(e);if(o.length===0&&!lo(e))
return e.nodes===void 0&&e.run===void 0?A(lv,"no-dev",{},{observed:"/dev cannot be read",evidence:r}):{kind:"pass",message:"\
No GPU found",evidence:r};let i=(((d=e.run)==null?void 0:d.gpus)??[]).flatMap(({name:c})=>c??[]),s=i.length>0?v(i):v(o.map(
u))||"an NVIDIA driver that answers",a={profile:n.profile,gpus:s,inContainer:t.mode==="container"};return y(om,"forbidde\
n-but-present",a,{observed:s,evidence:r})}};var dc={name:"gpu-request",async collect(e,t,n,o){let[r,i]=await Promise.all([fv(o,Et),fv(o,ne)]);if(!r)return{state:"no\
-answer"};if(r.state!=="found")return{state:r.state};let{privileged:s,runtime:a,deviceRequests:d,nvidiaEnv:c}=r,l=(i==null?
void 0:i.info.kind)==="ok"?i.info.value:void 0;return{state:r.state,...s!==void 0&&{privileged:s},...a!==void 0&&{runtime:a},
...d&&{deviceRequests:d},...c&&{nvidiaEnv:c},...l&&{runtimes:l.runtimes,cdiDevices:l.cdiDevices}}}};async function fv(e,t){
try{return await e(t)}catch{return}}function Ys(e){return{file:"config.yaml",language:"yaml",text:`runner:
  labels:
    - ${JSON.stringify(e)}`}}var mv="Finds out whether the job runs in a container or on the host, and compares that with the profile's `runs-in`. It\
 looks at `JOB_CONTAINER_NAME`, `/run/.containerenv`, the cgroup, the mounts and the path of the event file, in this ord\
er; any of them may be missing. `/.dockerenv` does not count: machines made from images have it too.\n\nA workspace below \
`<16 digits>/hostexecutor` proves host mode, whatever else is found: a runner in a container runs the jobs of its `host`\
 labels inside its own container. System containers (LXC, systemd-nspawn) count as machines. If not even `/proc` can be \
read, the result is `error`.\n\nThe runner's own health check (`GITEA_RUNNER_HEALTH_CHECK`) is not a job: there, this chec\
k is skipped.",pv="Do not edit labels in `.runner`: `config.yaml` overwrites them at every start.",im={"host-instead-of-\
container":{level:"fail",title:"The job runs on the host instead of in a container",headline:({inJob:e,situation:t})=>t.
inRunnerContainer?`${Zs(e)} runs in the runner's own container`:`${Zs(e)} runs on the host instead of in a container`,why:"\
Nothing isolates it: it uses the tools that are installed there instead of the image's, changes them, and leaves files f\
or the next job.",expected:"in a container",tell:e=>({what:`${Zs(e.inJob)} runs ${cc(e.situation)}, but the profile ${u(
e.profile)} expects a container.`,fix:sU(e)}),more:"With Gitea's runner, the label decides. These lead to the host: a la\
bel without an image, a misspelled scheme (since 2.1.0), labels that were edited in `.runner`, and a job that asks for a\
nother label than you think."},"container-instead-of-host":{level:"fail",title:"The job runs in a container instead of o\
n the host",headline:({inJob:e})=>`${Zs(e)} runs in a container instead of on the host`,why:"It sees the image's tools a\
nd files instead of the machine's. `localhost` is the container, so it cannot reach services and devices of the host.",expected:"\
on the host",tell:e=>({what:`${Zs(e.inJob)} runs ${cc(e.situation)}, but the profile ${u(e.profile)} expects the host.`,
fix:dU(e)})}},sm={place:{title:"Unknown whether this is a container or the host",headline:({id:e})=>e===void 0?"Unknown \
whether this is a container or the host":X("",e," cannot tell a container from the host"),why:"A job on the host is not \
isolated: it uses and changes what is installed there, and leaves files for the next job.",expected:"`/proc/self/cgroup`\
 and `/proc/self/mountinfo`, or `JOB_CONTAINER_NAME`",tell:()=>({what:"Could not find out whether this is a container or\
 the host.",fix:he("/proc/self/mountinfo","EACCES")})}};function Zs(e){return e?"The job":"This check"}function cc({inContainer:e,
inRunnerContainer:t}){return e?"in a container":t?"in host mode, inside the runner's own container":"on the host"}function sU({
profile:e,image:t,jobKey:n,situation:o}){let r=u(`${e}:docker://${t??"IMAGE"}`),i=t===void 0?{}:{config:Ys(`${e}:docker:\
//${t}`)};switch(o.system){case"gitea":return{text:`Give the label an image in the runner's \`config.yaml\`, as in ${r}.\
 A label without \`docker://\` runs on the host: ${u(e)} alone means ${u(`${e}:host`)}.${cU(o)} ${pv}`,...i,commands:j(o),
kind:"runner",otherwise:rm("docker")};case"forgejo":return{text:`Give the label an image in the runner's \`config.yaml\`, \
as in ${r}. A label that ends in \`:host\` runs on the host.`,...i,commands:j(o),kind:"runner",otherwise:rm("docker")};case"\
github":return{text:"Name the image in the workflow: a job without `container` runs on the runner's machine.",...t!==void 0&&
{config:aU(n,t)},kind:"workflow"};case"act":return{text:`Start the run with an image: ${u(`gitea-runner exec --image=${t??
"IMAGE"}`)} or ${u(`act -P ${e}=${t??"IMAGE"}`)}. The image \`-self-hosted\` means the host.`,kind:"runner"};case"none":
return{text:`Outside a job, this only says where you started it. Start it in the profile's image${t===void 0?"":` (${u(t)}\
)`}, run it in a job with that label, or choose this machine's profile with \`--profile\`.`,kind:"host"}}}function aU(e,t){
let n=`container: ${JSON.stringify(t)}`;return e===void 0?{file:"the workflow's job",language:"yaml",text:n}:{file:"the \
workflow",language:"yaml",text:`jobs:
  ${Se(e)}:
    ${n}`}}function dU({profile:e,situation:t}){let n={config:Ys(`${e}:host`),commands:j(t),kind:"runner",otherwise:rm("\
host")};switch(t.system){case"gitea":return{text:`Make it a \`host\` label in the runner's \`config.yaml\`: a label with \`:d\
ocker://\` runs in a container. So does a job whose \`runs-on\` matches none of the runner's labels (look for a typo): it g\
ets the default image (\`runner.default_image\`). ${pv}`,...n};case"forgejo":return{text:`Make it a \`host\` label in the \
runner's \`config.yaml\`. A label without a scheme (${u(e)}) runs in a container.`,...n};case"github":return{text:"Remov\
e `container` from the job. If the runner itself runs in a container, install it on the machine instead.",kind:"workflow"};case"\
act":return{text:`Start the run on the host: \`gitea-runner exec --image=-self-hosted\` or ${u(`act -P ${e}=-self-hosted`)}\
.`,kind:"runner"};case"none":return{text:"Outside a job, this only says where you started it. Start it on the machine it\
self, or choose another profile with `--profile`.",kind:"host"}}}function cU(e){let t="a label with a misspelled scheme \
(`dokcer://`)";switch(ht("opaque-labels",e)){case"yes":return` So does ${t}.`;case"no":return"";case"unknown":return` Si\
nce runner 2.1.0, so does ${t}.`}}function rm(e){return{text:`If the runner is right, the job asks for the wrong label: \
name one of kind \`${e}\` in its \`runs-on\`, or choose the profile of the label it runs on.`,kind:"workflow"}}var hv={id:"runner/mode",title:"The job runs where its profile expects it",intro:mv,reasons:im,needs:{container:R,job:S},
applies:e=>e.runsIn!=="any",judge({container:e,job:t},n){if(Sn(t))return dr("no job whose place could be judged");let o=lU(
e,t);if(e.mode==="unknown")return A(sm,"place",{},{observed:e.witness,evidence:o});let r=M(e,t),i=cc(r);if(e.mode===n.runsIn)
return{kind:"pass",message:`Runs ${i}`,evidence:o};let{profile:s,image:a}=n,d={inJob:t.inJob,jobKey:uU(t),profile:s,image:a,
situation:r},c=n.runsIn==="container"?"host-instead-of-container":"container-instead-of-host";return y(im,c,d,{observed:i,
evidence:o})}};function lc(e,{witness:t},n){return n.runsIn==="any"||le("runner/mode","undecided",n)?A(sm,"place",{id:e},
{observed:t,evidence:[{source:"container or host",text:t}]}):{kind:"skip",reason:"needs:runner/mode",message:"Cannot be \
judged until it is known whether this is a container."}}function lU({witness:e,insideContainer:t},n){let o=[{source:"con\
tainer or host",text:e}];return t!==void 0&&o.push({source:"the runner's own container",text:t}),e!=="JOB_CONTAINER_NAME"&&
n.system==="gitea"&&o.push({source:"JOB_CONTAINER_NAME",text:n.containerName??"not set"}),o}function uU({job:e}){return e!==
void 0&&/^[\w-]+$/.test(e)?e:void 0}var gv="Reads in `/proc/self/status` which capabilities the job container can have at most: its bounding set, which is t\
he same for every user in it. Docker grants 14 of about 41. Judged only in a container, and only if the profile says `pr\
ivileged: forbidden`.",am={privileged:{level:"fail",title:"The job container is privileged",headline:({count:e})=>`The j\
ob container is privileged (${e} capabilities)`,why:"The job is root on the runner's host in all but name. Any job, and \
any dependency it runs, can mount the host's disks and load kernel modules.",expected:"an unprivileged container",tell:e=>({
what:`The job container has ${e.count} capabilities, including \`CAP_SYS_ADMIN\`. Docker's default is 14.`,fix:{...fU(e.
situation),otherwise:pU(e.profile)}})}};function fU(e){switch(e.system){case"gitea":case"forgejo":return{text:`Turn off \
\`privileged\` in the runner's \`config.yaml\`. If a job needs one capability or device, grant only that in \`container.optio\
ns\` (\`--cap-add\`, \`--device\`).${mU(e)}`,config:{file:oe,language:"yaml",text:`container:
  privileged: false`},commands:j(e),kind:"runner"};case"act":return{text:"Start the run without `--privileged`.",kind:"r\
unner"};case"github":return{text:"Remove `--privileged` from the job's `container.options`.",kind:"workflow"};case"none":
return{text:"Start the container without `--privileged` and `--cap-add ALL`.",kind:"host"}}}function mU(e){return ht("gp\
u-option-dropped",e)==="no"?"":` Runners ${fn(Te("gpu-option-dropped"))} drop these options: with one of them, upgrade f\
irst.`}function pU(e){return{text:"If jobs of this label cannot work without it (Docker-in-Docker, for example), allow i\
t in the profile.",config:{file:".gitea/runner-check.yml",language:"yaml",text:`profiles:
  ${Se(e)}:
    privileged: allowed`},kind:"workflow"}}var yv={capabilities:{title:"Unknown whether the job container is privileged",
why:"A job in a privileged container is root on the runner's host in all but name.",expected:"`CapBnd` or `CapEff` in `/\
proc/self/status`",tell:()=>({what:"Could not read the capabilities of this process in `/proc/self/status`.",fix:he("/pr\
oc/self/status","EACCES")})}};var hU=21,gU=35,kv={id:"runner/privileged",title:"The job container is not privileged",intro:gv,reasons:am,needs:{container:R,
job:S},applies:e=>e.privileged==="forbidden",judge({container:e,job:t},n){if(Sn(t))return dr("no job container that coul\
d be privileged");if(e.mode==="host")return{kind:"skip",reason:"not-applicable",message:"The job runs on the host, not i\
n a container."};if(e.mode==="unknown")return lc("runner/privileged",e,n);let{boundingCapabilities:o,capabilities:r}=e,i=o??
r;if(i===void 0)return A(yv,"capabilities",{},{observed:"no capabilities to read",evidence:[{source:"/proc/self/status",
text:"neither CapBnd nor CapEff"}]});let s=bv(i),d=[{source:"/proc/self/status",text:`${o===void 0?"CapEff":"CapBnd"}: ${i}\
 (${s} capabilities)`}];if(!dm(e))return{kind:"pass",message:`${s} capabilities, like an ordinary container`,evidence:d};
let c={count:s,profile:n.profile,situation:M(e,t)};return y(am,"privileged",c,{observed:`${s} capabilities`,evidence:d})}};
function dm({boundingCapabilities:e,capabilities:t}){let n=e??t;return n!==void 0&&wv(n,hU)&&bv(n)>=gU}function wv(e,t){
return(Number.parseInt(e[e.length-1-Math.floor(t/4)]??"0",16)>>t%4&1)===1}function bv(e){let t=0;for(let n=0;n<e.length*
4;n++)wv(e,n)&&t++;return t}var xv="Finds out why a job container sees no GPU: from the runner's version, from how Docker started the container, fro\
m the variables that control NVIDIA's runtime, and from what Docker knows about NVIDIA. Judged in containers whose profi\
le requires a GPU. Without a Docker socket there is less to go by. If nothing explains the missing GPU, this check is sk\
ipped and `gpu/driver` reports what `nvidia-smi` says.",vv="a container with the GPUs of its host",Uo={"options-stripped":{
level:"fail",title:"This release of the runner drops `--gpus`",headline:({version:e})=>`Gitea runner ${e} drops \`--gpus\``,
why:`The only trace is a line in the job's setup log: \`container option "--gpus" is not allowed when privileged mode is \
disabled and will be ignored\`. ${We}`,expected:vv,tell:({version:e,situation:t})=>({what:`This container has no GPU bec\
ause of Gitea's runner ${u(e)}: ${Te("gpu-option-dropped").what}.`,fix:rc(t)}),more:"Usually [`runner/version:known-bad`\
](runner.md#version) reports this and `gpu/visibility` waits for it. Reported here only if the policy switches that find\
ing off."},"no-device-request":{level:"fail",title:"The container was started without `--gpus`",headline:({tegra:e})=>e?
"NVIDIA's runtime did not start this container":"The container was started without `--gpus`",why:We,expected:vv,tell:({dockerKnowsNvidia:e,
situation:t,tegra:n})=>({what:`The runner started this container without requesting a GPU from Docker.${e||n?"":" Docker\
 on the host does not know NVIDIA's runtime either, so a container with `--gpus` would not start."}`,fix:n?Yf(t):e?Ct(t):
{...Ct(t),otherwise:{...ic,text:`Do this first: ${lr(ic.text)}`}}}),more:"`docker inspect` shows no device request, and \
the container's runtime is not NVIDIA's."},"visible-devices-void":{level:"fail",title:"`NVIDIA_VISIBLE_DEVICES` hides th\
e GPUs",headline:({value:e})=>e===void 0?"`NVIDIA_VISIBLE_DEVICES` is not set":e===""?"`NVIDIA_VISIBLE_DEVICES` is empty":
`${u(`NVIDIA_VISIBLE_DEVICES=${e}`)} hides the GPUs`,why:We,expected:"`NVIDIA_VISIBLE_DEVICES=all`, or the GPUs that job\
s may use",tell:({value:e,situation:t})=>({what:`\`NVIDIA_VISIBLE_DEVICES\` ${e===void 0?"is not set":e===""?"is empty":
`is ${u(e)}`}, which NVIDIA's runtime takes for "no GPU".`,fix:{text:"Set it where the container gets it from: `ENV` of \
the image, `--env` in the runner's `container.options`, or `env` of the job's container in the workflow.",...ae(t,"--gpu\
s all --env NVIDIA_VISIBLE_DEVICES=all")}})},"no-utility-capability":{level:"fail",title:"The container's GPU comes with\
out `nvidia-smi`",why:"CUDA may work, but programs that look for GPUs first (`nvidia-smi`, many test suites) find none.",
expected:"`compute,utility`, or `all`",tell:({value:e,situation:t})=>({what:`The container has a GPU, but neither \`nvidi\
a-smi\` nor its library: ${e?`\`NVIDIA_DRIVER_CAPABILITIES\` is ${u(e)}`:"`--gpus` names capabilities"}, without \`utilit\
y\`.`,fix:{text:"Add `utility` to the image's capabilities.",config:{file:"Dockerfile",language:"dockerfile",text:"ENV N\
VIDIA_DRIVER_CAPABILITIES=compute,utility"},kind:"image",otherwise:{text:"Set the variable where the container is starte\
d, without building a new image.",...ae(t,"--gpus all --env NVIDIA_DRIVER_CAPABILITIES=compute,utility")}}}),more:"NVIDI\
A's container toolkit adds both with the capability `utility`. `NVIDIA_DRIVER_CAPABILITIES`, or `--gpus 'all,\"capabiliti\
es=compute\"'`, can leave it out."},"device-nodes-missing":{level:"fail",title:"The container has no device nodes of a G\
PU",why:We,expected:({jetson:e})=>`\`${e===void 0?"/dev/nvidia0":"/dev/nvhost-gpu"}\` in the container`,tell:yU},"toolki\
t-missing":{level:"fail",title:"The NVIDIA Container Toolkit is not set up",why:We,expected:"a runtime `nvidia`, or CDI \
devices `nvidia.com/gpu`",tell:()=>({what:"A GPU was requested, but Docker on the host has neither NVIDIA's runtime nor \
an NVIDIA CDI device: the NVIDIA Container Toolkit is not installed or not registered.",fix:ic}),more:'A container that \
is started by hand fails with `could not select device driver "" with capabilities: [[gpu]]`, and from Docker 29.3 on wi\
th `failed to discover GPU vendor from CDI: no known GPU vendor found`. Docker from a snap does not find the toolkit: us\
e Docker\'s own packages.'}};function $v(e){return`The container has no GPU because runner ${u(e)} drops \`--gpus\`: see \`\
runner/version\`.`}function yU({kernelDriver:e,jetson:t,requested:n,situation:o}){if(t!==void 0)return{what:`The host is\
 an ${t}, but this container has no device node of its GPU (\`/dev/nvhost-gpu\`): NVIDIA's runtime did not start it.`,fix:Yf(
o)};let r="his container has no device node of a GPU (`/dev/nvidia0`).",i=e===void 0?`T${r}`:`The host has NVIDIA's driv\
er ${e} loaded, but t${r}`,s={text:`${n?"The container was started with a request for a GPU, so check":"If the runner is\
 configured like this already, check"} whether the device nodes exist (a server without a desktop creates them on first \
use), and whether a container that is started by hand gets them. If it does not, register NVIDIA's runtime again. ${G}`,
commands:["nvidia-smi && ls -l /dev/nvidia*","sudo nvidia-modprobe -c 0 -u","docker run --rm --gpus all ubuntu nvidia-sm\
i","sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker"],kind:"host"};return{what:i,fix:n?
s:{...Ct(o),otherwise:s}}}var kU=["smi-missing","driver-not-loaded","library-missing","no-devices"],Rv={id:"gpu/visibility",title:"The job contain\
er was given the GPUs of its host",intro:xv,reasons:Uo,needs:{nvidia:Ot,container:R,job:S,request:dc},applies:e=>e.gpu.require===
"required",judge(e,t){let{nvidia:n,container:o}=e;return o.mode!=="container"?{kind:"skip",reason:"not-applicable",message:o.
mode==="host"?"The job runs on the host and sees all of its GPUs.":"Could not find out whether this is a container: see \
`gpu/driver`."}:lo(n)?{kind:"pass",message:"`nvidia-smi` works in this container",evidence:ct(n)}:dt(n).length>0?xU(e)&&
$U(n)&&!n.tegra?vU(e):{kind:"pass",message:`The container has ${dt(n).map(u).join(", ")}`,evidence:ct(n)}:Pv(n)?{kind:"p\
ass",message:"`nvidia-smi` reaches the driver from this container; `gpu/driver` judges its answer",evidence:ct(n)}:bU(e,
t)??{kind:"skip",reason:"not-applicable",message:`Nothing shows how this container was supposed to get a GPU${wU(e.request)}\
: see \`gpu/driver\`.`}}};function wU({state:e}){switch(e){case"found":return"";case"no-answer":return", and Docker did \
not answer how it was started";default:return", and Docker could not be asked how it was started"}}function Pv({run:e}){
let t=e&&Er(e);return(t==null?void 0:t.kind)!=="trouble"||kU.includes(t.reason)?!1:t.reason!=="broken"||((e==null?void 0:
e.gpus)??[]).length>0}function bU(e,t){let{nvidia:n,request:o,container:r,job:i}=e,{kernelDriver:s}=n,a=M(r,i),d=o.state===
"found",c=Ev(o),l=Av(e);if(cm(e)){if(!le("runner/version","known-bad",t))return{kind:"skip",reason:"needs:runner/version",
message:$v(i.runnerVersion??"")};let k=d?"a container without a device request":"no GPU in the container",b={version:i.runnerVersion??
"",situation:a};return y(Uo,"options-stripped",b,{observed:k,evidence:l})}if(d&&!c&&!Sv(o))return y(Uo,"no-device-reques\
t",{dockerKnowsNvidia:Tv(o),situation:a,tegra:n.tegra!==void 0},{observed:"no device request, no NVIDIA runtime",evidence:l});
let f=Ov(e);if(f!==void 0&&["","void","none"].includes(f.trim().toLowerCase())||f===void 0&&d&&!c)return y(Uo,"visible-d\
evices-void",{value:f,situation:a},{observed:f===void 0?"not set":f||"(empty)",evidence:l});if(d&&!Tv(o))return y(Uo,"to\
olkit-missing",{},{observed:"neither",evidence:l});if(!d&&s===void 0&&n.tegra===void 0)return;let h=n.tegra&&co(n);return y(
Uo,"device-nodes-missing",{kernelDriver:s,jetson:h,requested:d,situation:a},{observed:"no `/dev/nvidia*`",evidence:l})}function cm({
nvidia:e,request:t,container:n,job:o}){return n.mode!=="container"||lo(e)||dt(e).length>0||Pv(e)||(t.privileged??dm(n))||
ht("gpu-option-dropped",M(n,o))!=="yes"?!1:t.state==="found"?!Ev(t)&&!Sv(t):e.run===void 0||e.kernelDriver!==void 0}function vU(e){
let t=lm(e);return y(Uo,"no-utility-capability",{value:t,situation:M(e.container,e.job)},{observed:t||"capabilities with\
out `utility`",evidence:Av(e)})}function Ev({deviceRequests:e=[]}){return e.some(({driver:t,capabilities:n,deviceIds:o})=>t===
"nvidia"||n.includes("gpu")||o.some(r=>r.startsWith("nvidia.com/")))}function Sv({runtime:e=""}){return e.startsWith("nv\
idia")}function Tv({runtimes:e,cdiDevices:t=[]}){return e===void 0?!0:e.some(n=>n.startsWith("nvidia"))||t.some(n=>n.startsWith(
"nvidia.com/"))}function Ov({request:e,nvidia:t}){var n;return((n=e.nvidiaEnv)==null?void 0:n.NVIDIA_VISIBLE_DEVICES)??t.
visibleDevices}function lm({request:e,nvidia:t}){var n;return((n=e.nvidiaEnv)==null?void 0:n.NVIDIA_DRIVER_CAPABILITIES)??
t.driverCapabilities}function xU(e){var r;let t=((r=lm(e))==null?void 0:r.split(",").filter(Boolean))??[],n=(e.request.deviceRequests??
[]).flatMap(({capabilities:i})=>i),o=t.length>0?t:n.filter(i=>!["gpu","nvidia"].includes(i));return o.length>0&&!o.some(
i=>["utility","all"].includes(i.trim().toLowerCase()))}function $U({run:e}){let t=e&&Er(e);return t===void 0||t.kind==="\
trouble"&&t.reason==="library-missing"}function Av(e){let{nvidia:t,request:n,job:o}=e,r=(n.deviceRequests??[]).map(({driver:a,
count:d,deviceIds:c,capabilities:l})=>`${a||"default driver"}, ${c.length>0?c.join(" "):d===-1?"all":d}, ${l.join(" ")}`),
i=Ov(e),s=lm(e);return[...o.runnerVersion===void 0?[]:[{source:"GITEA_ACTIONS_RUNNER_VERSION",text:o.runnerVersion}],...n.
state==="found"?[{source:"GET /containers/{self}/json",text:`DeviceRequests: ${r.join("; ")||"none"}; Runtime: ${n.runtime??
"unknown"}; Privileged: ${n.privileged??"unknown"}`}]:[],...n.runtimes?[{source:"GET /info",text:`Runtimes: ${n.runtimes.
join(", ")}`}]:[],...i===void 0?[]:[{source:"NVIDIA_VISIBLE_DEVICES",text:i||"(empty)"}],...s===void 0?[]:[{source:"NVID\
IA_DRIVER_CAPABILITIES",text:s||"(empty)"}],...ct(t)]}var Iv={name:"links",async collect(e){let t=await e.list("/sys/class/net"),n=t.kind==="ok"?t.value.filter(c=>/^[\w.@-]{1,15}$/.
test(c)):[];if(!n.some(Cv))return{bridges:[]};let[o,r,i]=await Promise.all([TU(e,n.filter(c=>c.startsWith("veth")).slice(
0,64)),e.readText("/proc/self/net/route"),e.readText("/proc/self/net/snmp")]),s=r.kind==="ok"?RU(r.value):void 0,a=s===void 0?
void 0:await _v(e,s),d=i.kind==="ok"?PU(i.value):void 0;return{...s!==void 0&&a!==void 0&&{uplink:{name:s,mtu:a}},bridges:o,
...d!==void 0&&{tooLarge:d}}}};function Cv(e){return e==="docker0"||/^br-[0-9a-f]{12}$/.test(e)}async function TU(e,t){let n=await Promise.
all(t.map(async r=>{let[i,s]=await Promise.all([e.readLink(`/sys/class/net/${r}/master`),_v(e,r)]),a=i.kind==="ok"?i.value.
replace(/^.*\//,""):"";return Cv(a)&&s!==void 0?[{name:a,mtu:s}]:[]})),o=new Map;for(let{name:r,mtu:i}of n.flat())o.set(
r,Math.max(i,o.get(r)??0));return[...o].sort().map(([r,i])=>({name:r,mtu:i}))}async function _v(e,t){let n=await e.readText(
`/sys/class/net/${t}/mtu`,64),o=n.kind==="ok"?Number(n.value):0;return o>0?o:void 0}function RU(e){var n;return(n=e.split(
`
`).flatMap(o=>{let[r="",i,,,,,s,a]=o.trim().split(/\s+/);return i==="00000000"&&a==="00000000"?[{name:r,metric:Number(s)}]:
[]}).sort((o,r)=>o.metric-r.metric)[0])==null?void 0:n.name}function PU(e){let[t=[],n=[]]=e.split(`
`).filter(r=>r.startsWith("Ip: ")).map(r=>r.split(" ")),o=Number(n[t.indexOf("FragFails")]);return Number.isSafeInteger(
o)?o:void 0}var Nv="Compares the size of packets (MTU) of Docker's networks with that of the interface that leads out of the machine\
. A difference alone does no harm, so it is reported only if the kernel has already dropped packets that did not fit (`F\
ragFails` in `/proc/net/snmp`). A job container does not see the machine's interfaces, so nothing is judged there.",um={
"larger-than-uplink":{level:"warn",title:"Packets of containers are too large for the uplink",headline:({bridge:e,uplink:t})=>$e(
`${u(e.name)} has an MTU of ${e.mtu}, ${u(t.name)} of ${t.mtu}`,"Packets of containers are too large for the uplink"),why:"\
Where a firewall drops the message about it, large packets just disappear: TLS handshakes, pulls and downloads in contai\
ners hang until `TLS handshake timeout` or `i/o timeout`.",expected:({uplink:e})=>`an MTU of at most ${e.mtu}`,tell:({bridge:e,
uplink:t,dropped:n})=>({what:`Containers on ${u(e.name)} send packets of up to ${e.mtu} bytes, but ${u(t.name)} takes ${t.
mtu}. The kernel has dropped ${n} packets that did not fit.`,fix:{text:`Set the MTU of Docker's networks to that of the \
uplink. Networks that exist keep theirs until they are created again. Before Docker 24, leave out \`default-network-opts\`\
: the daemon would not start. ${G}`,config:{file:"/etc/docker/daemon.json",language:"json",text:JSON.stringify({mtu:t.mtu,
"default-network-opts":{bridge:{"com.docker.network.driver.mtu":`${t.mtu}`}}},null,2)},commands:["sudo systemctl restart\
 docker"],kind:"host"}})}};var Dv={id:"network/mtu",title:"Packets of containers fit the uplink",intro:Nv,reasons:um,needs:{links:Iv,container:R},judge({
links:e,container:t}){let{uplink:n,bridges:o,tooLarge:r}=e;if(t.mode==="container")return uc("A job container does not s\
ee the machine's interfaces.");let[i]=[...o].sort((d,c)=>c.mtu-d.mtu);if(!i)return uc("No Docker network with running co\
ntainers is visible here.");if(!n)return uc("This machine has no default route.");if(r===void 0)return uc("The kernel do\
es not tell which packets it dropped.");let s=EU(e);if(i.mtu>n.mtu&&r>0){let d={observed:`${i.mtu}`,evidence:s};return y(
um,"larger-than-uplink",{bridge:i,uplink:n,dropped:r},d)}return{kind:"pass",message:i.mtu>n.mtu?`No packet was too large\
 for ${u(n.name)}`:`Packets of ${u(i.name)} fit ${u(n.name)}`,evidence:s}}};function uc(e){return{kind:"skip",reason:"no\
t-applicable",message:e}}function EU({uplink:e,bridges:t,tooLarge:n}){return[{source:"/proc/net/snmp, FragFails",text:`${n}`},
...[...e?[e]:[],...t].map(({name:o,mtu:r})=>({source:`/sys/class/net/${o}`,text:`MTU ${r}`}))]}var Fv="Reads `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, in lower and upper case, like the tools of a job \
do. It connects to each proxy once, without a login, and never shows users or passwords. It passes if no proxy is set.",
Xs={"proxy-unreachable":{level:"fail",title:"The proxy cannot be reached",headline:({dead:{proxy:e}})=>`The proxy ${u(T(
e,30))} cannot be reached`,why:({dead:e})=>e.variables.every(t=>t==="all_proxy")?"git and curl use it for every address \
that `NO_PROXY` does not exclude: checkout and downloads fail with `Failed to connect`. JavaScript actions, Docker and G\
o programs ignore `ALL_PROXY`, so some steps still work.":"Checkout, downloads and installations go through it, and fail\
 with `Failed to connect` or `ECONNREFUSED`.",expected:"a proxy that accepts connections",tell:e=>({what:SU(e),fix:OU(e)}),
more:"What goes through such a proxy is not reported again: `runner/server` and `registry/*` are skipped as `needs:netwo\
rk/proxy`."},inconsistent:{level:"warn",title:"Tools read the proxy settings differently",headline:({odd:[e]})=>e===void 0?
"Tools read the proxy settings differently":jv(e),why:"curl and git read the lower-case variable first, Go programs such\
 as Docker the upper-case one, and npm rejects an address without `http://`. So some steps work and others fail.",expected:"\
the same address, with http://, in both spellings",tell:({odd:e,situation:t})=>({what:`Tools of this job read the proxy \
settings differently: ${v(e.map(AU))}.`,fix:{text:"Set both spellings to the same value. If the proxy requires a user an\
d a password, add them: this report does not show them. Gitea's runner 3.0.0 and newer passes its own service's proxy va\
riables to jobs in both spellings.",...Re(t,IU(e)),kind:"runner"}})},"forge-not-excluded":{level:"warn",title:"The forge\
 is in a private network, but not in `NO_PROXY`",headline:({host:e})=>`\`NO_PROXY\` does not contain the forge ${u(T(e,23))}`,
why:"Most proxies cannot reach a private network: checkout, artifacts and the cache fail with status 403 or 502, or time\
 out.",expected:({host:e})=>`${e} in NO_PROXY`,tell:({host:e,proxy:t,noProxy:n,situation:o})=>{let r=n===void 0?e:`${n},${e}`;
return{what:`The forge ${u(e)} is in a private network, but \`NO_PROXY\` does not contain it: git and curl send requests t\
o it through the proxy ${u(t)}.`,fix:{text:"Add the forge to `NO_PROXY`, in both spellings.",...Re(o,{NO_PROXY:r,no_proxy:r}),
kind:"runner"}}},more:"A host counts as private if it is a private or loopback address, a name without a dot, or a name \
that ends in `.local`, `.lan`, `.internal` or similar. Not reported if the forge answers through the proxy."}};function SU({
dead:{proxy:e,host:t,variables:n,answer:o}}){let r=v(n.map(s=>u(s.toUpperCase()))),i=o.kind==="timed-out"?"it does not a\
nswer within the deadline":Zt({...o,kind:"failed"}).replace("its name",`the name ${u(t)}`);return`${r} ${n.length===1?"n\
ames":"name"} the proxy ${u(e)}, but ${i}.`}function OU({dead:{proxy:e,host:t},forge:n,situation:o}){let r=n??"https://g\
ithub.com",i=[e,r].some(s=>s.startsWith("-"))?[]:[`curl --max-time 10 --verbose --output /dev/null --proxy ${w(e)} ${w(r)}`];
return Fe(t)&&o.inContainer?{text:`Name the proxy by an address that job containers reach: ${u(t)} is the container itse\
lf there. The variables are set in \`runner.envs\` of the runner's \`config.yaml\`, in the unit of its service, in the workf\
low, or in \`~/.docker/config.json\` (\`proxies\`).`,commands:i,kind:"runner"}:{text:"Start the proxy, or correct or rem\
ove the variables. They are set in `runner.envs` of the runner's configuration, in the unit of its service, in `/etc/env\
ironment`, or in the workflow.",commands:i,kind:o.inContainer?"runner":"host"}}function jv({name:e,problem:t}){let n=`${u(
e)} and ${u(e.toUpperCase())}`;switch(t){case"malformed":return`${u(e)} is not a valid address`;case"values":return`${n}\
 differ`;case"credentials":return`${n} have different logins`}}function AU(e){let{name:t,problem:n,malformed:o}=e;switch(n){case"\
malformed":return`the value of ${u(t)} is not a valid address (${o})`;case"values":return jv(e);case"credentials":return`${u(
t)} and ${u(t.toUpperCase())} have different users or passwords`}}function IU(e){let t=e.flatMap(({name:n,lower:o="",upper:r=""})=>{
let i=n==="no_proxy"?CU(o,r):_U(o||r);return[[n,i],[n.toUpperCase(),i]]});return Object.fromEntries(t)}function CU(...e){
return[...new Set(e.flatMap(t=>t.split(/[\s,]+/).filter(Boolean)))].join(",")}function _U(e){return/^[a-z][\w+.-]*:\/\//i.
test(e)?e:`http://${e}`}var Uv={id:"network/proxy",title:"The proxy settings are consistent",intro:Fv,reasons:Xs,needs:{proxy:Ry,reach:fi,forge:ld,
container:R,job:S},judge({proxy:e,reach:t,forge:n,container:o,job:r}){var m,p;let{variables:i}=e,s=NU(e);if(i.every(({name:h})=>h===
"no_proxy"))return{kind:"pass",message:"No proxy is set",evidence:[{source:"environment",text:"no `http_proxy`, `https_p\
roxy` or `all_proxy`, in either case"},...s]};let a=M(o,r),[d]=ef(t);if(d){let h=Ve(d.answer),g=[...s,{source:`connectio\
n to ${d.proxy}`,text:h}];return y(Xs,"proxy-unreachable",{dead:d,forge:n.url,situation:a},{observed:h,evidence:g})}let c=i.
flatMap(h=>{let g=DU(h);return g===void 0?[]:[{...h,problem:g}]});if(c.length>0){let h=[(m=c[0])==null?void 0:m.lower,(p=
c[0])==null?void 0:p.upper].filter(g=>g!==void 0).join(" and ");return y(Xs,"inconsistent",{odd:c,situation:a},{observed:h,
evidence:s})}let l=e.forge;if((l==null?void 0:l.proxy)!==void 0&&FU(l.host)){let{via:h,answer:g}=n;if(!(h!==void 0&&g.kind===
"answered"&&g.isJson&&g.status<500)){let b=i.find(({name:O})=>O==="no_proxy"),x=(b==null?void 0:b.lower)??(b==null?void 0:
b.upper),E={host:l.host,proxy:l.proxy,noProxy:x,situation:a},H=x===void 0?"NO_PROXY is not set":`NO_PROXY is ${x}`;return y(
Xs,"forge-not-excluded",E,{observed:H,evidence:s})}}if(!Je(s))return q("network/proxy","values of the variables");let f=i.
filter(({name:h})=>h!=="no_proxy").map(({name:h})=>u(h));return{kind:"pass",message:`${v(f)} ${f.length===1?"is":"are"} \
consistent`,evidence:s}}};function NU({variables:e}){return e.flatMap(({name:t,lower:n,upper:o})=>[...n===void 0?[]:[{source:`\
environment, ${t}`,text:n}],...o===void 0?[]:[{source:`environment, ${t.toUpperCase()}`,text:o}]])}function DU({name:e,lower:t,
upper:n,malformed:o,credentialsDiffer:r}){return o!==void 0?"malformed":t!==void 0&&n!==void 0&&Lv(e,t)!==Lv(e,n)?"value\
s":r?"credentials":void 0}function Lv(e,t){if(e!=="no_proxy")return t.toLowerCase().replace(/\/+$/,"");let n=t.toLowerCase().
split(/[\s,]+/).filter(Boolean);return[...new Set(n)].sort().join(",")}function FU(e){if(Fe(e)||/^f[cd][0-9a-f]{2}:|^fe[89ab][0-9a-f]:/i.
test(e))return!0;let t=di(e);return t!==void 0?jU.some(([n,o])=>Math.floor(t/o)===n/o):e.includes(":")?!1:!e.includes(".")||
/\.(?:local|lan|internal|intranet|home|corp|localdomain|home\.arpa)$/i.test(e)}var jU=[[10*2**24,2**24],[172*2**24+16*2**
16,2**20],[192*2**24+168*2**16,2**16],[169*2**24+254*2**16,2**16],[100*2**24+64*2**16,2**22]];var Hv="/sys/devices/system/cpu/online",Gv={name:"cpu",async collect(e,t,n,o){if(e.platform!=="linux")return{...Mv(e),allowed:{
kind:"not-linux"},quotas:[]};let[r,i,s]=await Promise.all([e.readText(Hv,4096),e.readText("/proc/self/status",16*1024),o(
Ti).then(d=>HU(e,d))]),a=r.kind==="ok"?Vv(r.value):void 0;return{...a?{online:a.size,source:Hv}:Mv(e),allowed:LU(i,a),quotas:s}}};
function Mv(e){return{online:e.cpuCount||void 0,source:"os.cpus()"}}function LU(e,t){if(e.kind!=="ok")return{kind:"unrea\
dable",code:e.kind==="absent"?"ENOENT":e.code};let n=Vv(tt(e.value,"Cpus_allowed_list:")??"");return n?{kind:"read",count:t?
[...n].filter(o=>t.has(o)).length:n.size}:{kind:"unreadable",code:"ENODATA"}}var UU=65536;function Vv(e){let t=new Set;for(let n of e.
trim().split(",")){let o=/^(\d{1,5})(?:-(\d{1,5}))?$/.exec(n);if(!o)return;let r=Math.min(Number(o[2]??o[1]),UU);for(let i=Number(
o[1]);i<=r;i++)t.add(i)}return t}async function HU(e,{cpu:{version:t,directories:n},unread:o}){let r=t===2?MU:GU,i=await Promise.
all(n.map(a=>r(e,a)));return[...o?[{kind:"unreadable",source:o.path,code:o.code}]:[],...i.flat()]}async function MU(e,t){
let n=`${t}/cpu.max`,o=await e.readText(n,64);if(o.kind==="absent")return[];if(o.kind==="unreadable")return{kind:"unread\
able",source:n,code:o.code};let[r,i]=o.value.trim().split(" ");return r==="max"?[]:Bv(n,r,i)}async function GU(e,t){let n=`${t}\
/cpu.cfs_quota_us`,[o,r]=await Promise.all([e.readText(n,64),e.readText(`${t}/cpu.cfs_period_us`,64)]);return o.kind==="\
absent"?[]:o.kind==="unreadable"?{kind:"unreadable",source:n,code:o.code}:o.value.trim()==="-1"?[]:Bv(n,o.value,r.kind===
"ok"?r.value:void 0)}function Bv(e,t,n){let o=Number(t)/Number(n);return Number.isFinite(o)&&o>0?{kind:"limited",source:e,
cpus:Math.round(o*1e3)/1e3}:{kind:"unreadable",source:e,code:"ENODATA"}}function Or(e,{option:t,unit:n}){return e.inRunnerContainer?st(t):e.inContainer?{text:`Add \`${t}\` to the container's op\
tions, next to what is there already.`,...ae(e,t)}:{text:"Set the limit in the unit of the runner's service, which hands\
 its limits down to its jobs, and restart the runner.",...$t(e,n),kind:"host"}}function fm(e){return{text:"Let the runne\
r take fewer jobs at a time.",config:{file:oe,language:"yaml",text:`runner:
  capacity: 1`},commands:j(e),kind:"runner"}}function fc(e){return{text:`If the jobs of this label need less, lower \`${e}\
\` in their profile of the policy file.`,kind:"workflow"}}function mc(e){let t=Math.max(1,Math.ceil(e/1048576));return t%
1024===0?`${t/1024}g`:`${t}m`}var Wv="Takes the lowest of three numbers: the CPUs that are online, those of them that the job may run on (`Cpus_allowe\
d_list` in `/proc/self/status`, which includes cpusets and affinity), and the quotas of the control groups that hold the\
 job (`cpu.max`, or `cpu.cfs_quota_us` in version 1). `nproc` shows the first two and misses the quota.",qv={low:{level:"\
warn",title:"Too few CPUs",headline:({cpus:e,floor:t})=>`Too few CPUs (${e} of ${t})`,why:"Builds and tests take longer \
in proportion, and run into time limits. Tools that count the machine's CPUs start more threads than can run at a time, \
which also costs memory.",expected:({floor:e})=>`at least ${Ar(e)}`,tell:e=>({what:`${VU(e)}; ${e.demand}.`,fix:BU(e)})}};
function VU({by:e,cpus:t,online:n}){let o=n===void 0?Ar(t):`${t} of the machine's ${Ar(n)}`;switch(e){case"machine":return`\
This machine has ${Ar(t)} online`;case"allowed":return`This job may run on ${o}`;case"quota":return`A control group's qu\
ota limits this job to the time of ${o}`}}function BU({by:e,floor:t,online:n,situation:o}){let r=fc("cpus");if(e==="mach\
ine"||n!==void 0&&n<t)return{text:"Give the machine more CPUs, or move the label to a larger machine: this one has no mo\
re online.",commands:["nproc --all","cat /sys/devices/system/cpu/online"],kind:"host",otherwise:r};if(e==="quota")return{
...Or(o,{option:`--cpus=${t}`,unit:`CPUQuota=${Math.ceil(t*100)}%`}),otherwise:r};let i=Math.max(0,Math.ceil(t)-1),s=i===
0?"0":`0-${i}`;return{...Or(o,{option:`--cpuset-cpus=${s}`,unit:`AllowedCPUs=${s}
CPUAffinity=${s}`}),otherwise:r}}function Ar(e){return`${e} ${e===1?"CPU":"CPUs"}`}var Kv={memory:{title:"How much memory this job may use is unknown",why:"A job that needs more than it gets is killed wi\
thout a message (exit code 137), or slows down the whole machine."},cpus:{title:"How many CPUs this job may use is unkno\
wn",why:"A build on too few CPUs takes many times as long, and tests with deadlines fail."},shm:{title:"The size of shar\
ed memory is unknown",why:"Browsers and databases crash if shared memory is too small."},openFiles:{title:"How many file\
s this job may open is unknown",why:"Builds and tests that open many files stop with `Too many open files`."}},zv={title:"\
How much of a resource this job gets is unknown",headline:({key:e})=>Kv[e].title,why:({key:e})=>Kv[e].why,expected:({unreadable:e})=>`\
a number in ${v(e.map(({path:t})=>u(t)))}`,tell:({unreadable:e,demand:t})=>{let[n]=e;return{what:`Cannot read ${v(e.map(
qU))}, which may limit this job. ${Oe(t)}.`,fix:(n==null?void 0:n.errno)===void 0?WU:he(n.path,n.errno)}}},WU={text:"Ask\
 the system by hand: a sandbox around the runner may hide its CPUs.",commands:["nproc","cat /sys/devices/system/cpu/onli\
ne"],kind:"host"};function qU({path:e,errno:t}){return`${u(e)} (${t===void 0?"it contains no number":ve(t)})`}function Ho(e){let{id:t,title:n,intro:o,words:r,probe:i,key:s,format:a,supplyOf:d}=e,[c]=Object.keys(r);return{id:t,title:n,
intro:o,reasons:r,needs:{facts:i,container:R,job:S},applies:l=>l[s]!==void 0,judge({facts:l,container:f,job:m},p){let h=d(
l);if(typeof h=="string")return{kind:"skip",reason:"not-applicable",message:h};let g=p[s]??0,{amount:k,unreadable:b,evidence:x}=h,
E=k!==void 0&&!Number.isNaN(Number(k));if(E&&k<g){let V={floor:g,demand:Sr(p,a(g),s),situation:M(f,m)},J=h.observed??a(k);
return Pu(c,r[c],{...h.seen,...V},{observed:J,evidence:x})}if(!E||b.length>0){let V={key:s,unreadable:b,demand:Sr(p,a(g),
s)},J=v(b.map(({errno:D})=>D??"no number"))||"no number";return pt(zv,V,{observed:J,evidence:x})}let H=h.passed??a(k);return{
kind:"pass",message:Number.isFinite(k)?`${H} (${a(g)} asked for)`:H,evidence:x}}}}function pc(e,t){return e.reduce((n,o)=>n===
void 0||Number.isNaN(Number(t(o)))||t(o)<t(n)?o:n,void 0)}var Jv=Ho({id:"cpu/count",title:"The job gets as many CPUs as the profile asks for",intro:Wv,words:qv,probe:Gv,key:"cpus",
format:Ar,supplyOf(e){let t=zU(e),n=YU(e),o=pc(KU(e),({cpus:r})=>r);return o===void 0?{amount:void 0,unreadable:n,evidence:t}:
{amount:o.cpus,seen:{...o,online:e.online},unreadable:n,evidence:t}}});function KU({online:e,allowed:t,quotas:n}){return[
...e===void 0?[]:[{by:"machine",cpus:e}],...t.kind==="read"?[{by:"allowed",cpus:t.count}]:[],...n.flatMap(o=>o.kind==="l\
imited"?[{by:"quota",cpus:o.cpus}]:[])]}function zU({online:e,source:t,allowed:n,quotas:o}){return[{source:t,text:e===void 0?
"no number":`${e} online`},...n.kind==="not-linux"?[]:[{source:"/proc/self/status",text:n.kind==="read"?`may run on ${n.
count} of them`:n.code}],...o.map(JU)]}function JU(e){return{source:e.source,text:e.kind==="limited"?`quota of ${Ar(e.cpus)}`:
e.code}}function YU({online:e,source:t,allowed:n,quotas:o}){return[...e===void 0?[{path:t}]:[],...n.kind==="unreadable"?
[{path:"/proc/self/status",errno:n.code}]:[],...o.flatMap(r=>r.kind==="unreadable"?[{path:r.source,errno:r.code}]:[])]}var Gt={key:"free",freeOf:e=>e.freeBytes,totalOf:e=>e.totalBytes,format:I},Gn={key:"inodes",freeOf:e=>e.freeInodes,totalOf:e=>e.
totalInodes,format:e=>`${me(e)} inodes`};function hc(e,t,n){return[...t.disk.flatMap(r=>ZU(r,L(e.places,r.path),n))].sort(
(r,i)=>Yv(r)-Yv(i))}function ZU(e,t,n){let o=e[n.key];if(o===void 0)return[];let r={name:e.path,floor:o};if(t===void 0)return[
{...r,state:"no-facts"}];if(t.kind==="not-visible")return[{...r,state:"not-visible",why:t.why}];if(t.kind==="dead-mount")
return[{...r,state:"dead-mount",place:t}];if(t.kind==="unreadable")return[{...r,state:"unreadable",place:t}];let i=n.freeOf(
t);return i===void 0?[{...r,state:"uncounted",place:t}]:[{...r,state:i<o?"low":"enough",place:t,free:i}]}function Yv(e){
return e.state==="low"||e.state==="enough"?e.free/e.floor:Number.POSITIVE_INFINITY}function mm(e){return e.state==="low"}
function pm(e,t,n,o){return hc(e,t,n).some(r=>mm(r)&&XU(r,e.places[o]))}function gc(e,t,n,o){return hc(e,t,n).some(r=>r.
name===o&&r.state==="unreadable")}function XU(e,t){if((t==null?void 0:t.kind)!=="measured")return!1;let{totalBytes:n,totalInodes:o,
freeBytes:r}=e.place,i=Math.abs(r-t.freeBytes)<=n/1e3;return n===t.totalBytes&&o===t.totalInodes&&i}function Zv(e,t){let n=new Map,
o=[];for(let r of e)switch(r.state){case"enough":case"low":case"uncounted":{let i=QU(r.place,t),s=n.get(i)??{place:r.place,
levels:[]};n.set(i,{...s,levels:[...s.levels,r]});break}case"unreadable":o.push({source:`statfs ${r.place.path}`,text:r.
place.code});break;case"dead-mount":o.push({source:r.place.path,text:"its mount does not answer"});break;case"not-visibl\
e":o.push({source:r.name,text:r.why});break;case"no-facts":o.push({source:r.name,text:"not in these facts"})}return[...[
...n.values()].map(r=>eH(r.place,r.levels,t)),...o]}function QU(e,t){return`${e.totalBytes} ${e.totalInodes} ${t.freeOf(
e)}`}function eH(e,t,n){let o=e.measuredAt??e.path,r=n.freeOf(e),i=n.totalOf(e),s=r===void 0||i===void 0?"no fixed numbe\
r of inodes":`${n.format(r)} free of ${n.format(i)}`,a=e.mount?` (${e.mount.fsType} on ${e.mount.target})`:"",d=e.measuredAt===
void 0?"":`; ${e.path} does not exist yet`,c=t.map(l=>`${l.name} needs ${n.format(l.floor)}`).join(", ");return{source:`${e.
source} ${o}`,text:`${s}${a}${d}; ${c}`}}var Xv="Compares what an unprivileged user can still write, without the blocks that are reserved for root, with the floo\
r. Sizes are in binary units: 1 GiB is 1024 MiB.",Qv="Compares the free inodes with the floor. Every file and directory \
takes one, and ext4 has as many as it was created with. A file system that creates them as it needs them (btrfs, and an \
overlay on it) cannot run out: it passes, and the message says so.",ex={low:{level:"fail",title:"Too little disk space",
headline:e=>nx("Too little disk space",e,Gt),why:"A build that runs out of space stops halfway with `No space left on de\
vice`, or with an error that does not name the cause: compilers and linkers report a bus error or an I/O error, and Dock\
er aborts a pull.",expected:({level:e})=>`at least ${Gt.format(e.floor)} free`,tell:e=>({what:ox(e,Gt),fix:oH(e)})},unreadable:rx(
"free space",Gt)},tx={low:{level:"fail",title:"Too few free inodes",headline:e=>nx("Too few free inodes",e,Gn),why:"Ever\
y file takes an inode. When they run out, jobs fail with `No space left on device` although `df -h` shows free space.",expected:({
level:e})=>`at least ${Gn.format(e.floor)} free`,tell:e=>({what:ox(e,Gn),fix:rH(e)})},unreadable:rx("number of free inod\
es",Gn)};function nx(e,{level:t},{format:n}){let o=`(${n(t.free).replace(" inodes","")} of ${n(t.floor).replace(" inodes",
"")})`;return $e(`${e} for ${je(t.name)} ${o}`,`${e} ${o}`)}function ox({level:e,others:t,unread:n,demand:o,fillers:r},{
format:i}){let s=t.length===0?"":` ${Oe(v(t.map(je)))} ${t.length===1?"is":"are"} short as well.`;return`The file system\
 of ${je(e.name)} has ${i(e.free)} free; ${o}.${s}${n.length===0?"":` ${Oe(v(n.map(je)))} cannot be read.`}${Ns(r)}`}function rx(e,{
format:t}){return{level:"fail",title:`The ${e} cannot be read`,headline:({level:n})=>$e(`The ${e} of ${je(n.name)} canno\
t be read`,`The ${e} cannot be read`),why:"It is unknown whether a job has room there. Usually the path is wrong, closed\
 to this user, or its file system is gone.",expected:({level:n})=>`at least ${t(n.floor)} free`,tell:({level:{name:n,place:o},
profile:r})=>({what:`The ${e} of ${io(n,o.path)} cannot be read: ${nH(o.code)}.`,fix:tH(o,r)})}}function tH({path:e,code:t},n){
let o=w(e),r=`findmnt --target ${o}`,i=`If jobs do not need the place, remove it from \`disk\` in the profile ${u(n)}.`;
switch(t){case"ETIMEDOUT":return{text:"Check whether the server behind this file system answers, and mount it again.",commands:[
r],kind:"host"};case"ENOENT":return{text:`Mount what belongs at this path, or correct the path. ${i}`,commands:[`ls -ld ${o}`,
`grep -nF ${o} /etc/fstab`],kind:"host"};default:return{text:`Look at what is at this path, and correct the path, its pe\
rmissions or its mount. ${i}`,commands:[`ls -ld ${o}`,`df ${o}`,r],kind:"host"}}}function nH(e){switch(e){case"ETIMEDOUT":
return"the file system does not answer";case"ENODATA":return"the file system reports no size";case"ENOENT":return"it doe\
s not exist (ENOENT)";default:return e}}function oH({level:e,mode:t,fillers:n}){var a;let{place:o,name:r}=e;if(yc(e))return ix(
e,Gt,t);let i=hm(r,"min-free-disk");if(n){let d=Ds(n,"docker"),c=w(((a=o.mount)==null?void 0:a.target)??o.path),l=t==="h\
ost"?[`sudo du -xh --max-depth=3 ${c} | sort -h | tail -20   # what else is here`]:["docker system df"];return{...d,commands:[
...d.commands??[],...l],otherwise:i}}if(r==="docker-root"||t==="container")return{text:`${r==="docker-root"?"":"A contai\
ner job's disk is on the runner's host, usually in Docker's data directory. "}Unused images and build cache fill it firs\
t. See how much they take, and remove those that are unused and older than a week. ${In("docker")}`,commands:["docker sy\
stem df","docker builder prune --filter until=168h","docker image prune --all --filter until=168h"],kind:"host",otherwise:i};
let s=w(o.measuredAt??o.path);return{text:"Find out what takes the space, and remove what is no longer needed. On a buil\
d host it is usually `target` directories of old checkouts, the runner's own caches, and Docker's images and build cache\
.",commands:[`df -h ${s}`,`sudo du -xh --max-depth=3 ${s} | sort -h | tail -20`,...t==="host"?["du -sh ~/.cache/act ~/.c\
ache/actcache","docker system df"]:[]],kind:"host",otherwise:i}}function rH({level:e,mode:t,fillers:n}){let{place:o,name:r}=e;
if(yc(e))return ix(e,Gn,t);let i="An ext4 file system keeps the number of inodes that it was created with. Only a new on\
e (`mkfs.ext4 -N`), or XFS, has more.";if(n){let d=Ds(n,"docker");return{...d,text:`${d.text} ${i}`,otherwise:hm(r,"min-\
free-inodes")}}let s=w(o.measuredAt??o.path),a=r==="docker-root"||t==="container";return{text:`Find the directories with\
 the most files, and delete those that are no longer needed: \`node_modules\`, \`target\`, registries of cargo and npm${a?
`, and unused images older than a week in Docker's data directory on the runner's host. ${In("docker")}`:"."} ${i}`,commands:a?
["df -i /var/lib/docker","docker image prune --all --filter until=168h","docker builder prune --filter until=168h"]:[`df\
 -i ${s}`,`sudo du -x --inodes --max-depth=3 ${s} | sort -n | tail -20`],kind:"host",otherwise:hm(r,"min-free-inodes")}}
function yc({place:e}){var t;return((t=e.mount)==null?void 0:t.fsType)==="tmpfs"}function ix({place:e,free:t,floor:n},o,r){
var c;let i=((c=e.mount)==null?void 0:c.target)??e.path,s=(o.totalOf(e)??t)-t+n,a=o.key==="free"?`size=${Math.ceil(s/2**
30)}G`:`nr_inodes=${s}`,d="Enlarge this file system, which is in memory (tmpfs) and has a fixed size, if the machine has\
 the memory for it. Or move the directory to a disk.";return r==="container"?{text:`${d} Its size is in the container's \
\`--tmpfs\` option or volume: set ${u(a)} there for ${u(i)}.`,kind:"runner"}:{text:d,commands:[`sudo mount -o remount,${a}\
 ${w(i)}`],kind:"host"}}function hm(e,t){return{text:`If the jobs of this label need less, lower ${e==="workspace"?`the \
input \`${t}\` or `:""}\`disk\` in their profile of the policy file.`,kind:"workflow"}}var sx={title:"The report did not\
 measure a place of the profile",headline:({quantity:e})=>`The report lacks ${e.key==="free"?"the free space":"the free \
inodes"} of some places`,why:"A build that runs out of space stops halfway with `No space left on device`.",expected:({places:e})=>`\
figures for ${e}`,tell:({places:e})=>({what:`These facts do not cover ${e}: they come from a run with another profile.`,
fix:{text:"Run the check on the runner again, with this profile.",kind:"workflow"}})};function kc({id:e,title:t,intro:n,words:o,quantity:r,reportedBy:i}){return{id:e,title:t,intro:n,reasons:o,needs:{disks:jn,
container:R},details:{of:["low"],needs:{users:Md}},applies:s=>s.disk.some(a=>a[r.key]!==void 0),judge({disks:s,container:a,
users:d},c){let l=hc(s,c,r),f=Zv(l,r),[m,...p]=l.filter(mm);if(m){let x=[`disk.${m.name}.${r.key}`,`disk.${m.name}`,"dis\
k"],E=Sr(c,r.format(m.floor),...x),H=l.flatMap(({state:Q,name:fe})=>Q==="unreadable"?[fe]:[]),O=r.key==="free"?"bytes":"\
files",V=yc(m)?void 0:$w(d,m.place.totalBytes,O),J={level:m,others:p.map(({name:Q})=>Q),unread:H,demand:E,mode:a.mode,fillers:V},
D=[...f,...V?Gd(V,d):[]];return y(o,"low",J,{observed:r.format(m.free),evidence:D})}let h=l.find(x=>x.state==="unreadabl\
e");if(h){let x=i==null?void 0:i(h,s,c);if(x!==void 0)return{kind:"skip",reason:`needs:${x}`,message:`Cannot be read, as\
 \`${x}\` reports.`};let E=h.place.code;return y(o,"unreadable",{level:h,profile:c.profile},{observed:E,evidence:f})}let g=l.
filter(x=>x.state==="dead-mount");if(g.length>0)return{kind:"waits-for-mount",message:`Cannot be measured on a mount tha\
t does not answer: ${gm(g)}.`};let k=l.filter(x=>x.state==="no-facts");if(k.length>0){let x={places:gm(k),quantity:r};return pt(
sx,x,{observed:"not measured",evidence:f})}return!Je(f)||l.every(x=>x.state==="not-visible")?{kind:"skip",reason:"not-ap\
plicable",message:`Not visible from here: ${gm(l)}.`}:{kind:"pass",message:Oe(l.flatMap(x=>iH(x,r)).join("; ")),evidence:f}}}}
function gm(e){return v(e.map(({name:t})=>je(t)))}function iH(e,{format:t}){let n=je(e.name);switch(e.state){case"enough":
return[`${t(e.free)} free for ${n} (${t(e.floor)} asked for)`];case"uncounted":return[`${n} has no fixed number of inode\
s${e.place.mount?` (${e.place.mount.fsType})`:""}`];case"not-visible":return[`${n} is not visible from here`];default:return[]}}var ax=kc({id:"disk/free",title:"The disks have the free space that the profile asks for",intro:Xv,words:ex,quantity:Gt});var dx=kc({id:"disk/inodes",title:"The disks have the free inodes that the profile asks for",intro:Qv,words:tx,quantity:Gn,
reportedBy:({name:e},t,n)=>gc(t,n,Gt,e)&&!le("disk/free","unreadable",n)?"disk/free":void 0});var cx={name:"mounts",last:!0,async collect(e){let t=e.askedMounts().map(n=>({...n,target:$(n.target,1e3),fsType:$(n.fsType,
50),source:$(n.source,1e3),wanted:n.wanted.map(o=>$(o,500))}));return{...e.platform==="linux"&&{listed:e.mountCount},asked:t}}};var lx="Some file systems wait for a server or for another process: NFS, SMB, FUSE, 9p, virtiofs, autofs. If that does n\
ot answer, any process that touches them hangs, and often cannot even be killed. Before this action touches a path, it f\
inds the mount that holds it, and asks each mount of such a type once, in a process of its own. A mount gets a quarter o\
f `timeout` to answer, at most 5 seconds.\n\nA check that needs something on a dead mount is skipped as `needs:fs/mount`; \
everything else is judged. If the policy file is on it, the run is judged by the inputs and the built-in profiles. A mou\
nt that dies in the middle of a run is noticed, too; but if a call of this action already waits for it, only a signal ma\
y end the step, with exit code 137. If `fs/mount` is switched off, these checks are `error`, since nothing explains why \
they could not decide.",ym={"not-answering":{level:"fail",title:"A mount does not answer",headline:({mount:e})=>X("The m\
ount ",e.target," does not answer"),why:"Any step that touches the mount hangs until the job's timeout, and its processe\
s may survive `kill -9`.",expected:"every mount on the paths of this run answers",tell:e=>({what:sH(e),fix:dH(e.mount)}),
more:"A FUSE file system also hangs if its daemon is stopped or deadlocked, and an NFS mount if a firewall drops its pac\
kets. A kernel log with `nfs: server \u2026 not responding` confirms the latter."}},ux={unasked:{title:"A mount could no\
t be asked whether it answers",headline:({mounts:[e]})=>X("The mount ",(e==null?void 0:e.target)??"?"," could not be ask\
ed"),why:"Any step that touches a mount that does not answer hangs until the job's timeout.",expected:"a process that lo\
oks at the mount",tell:({mounts:e})=>({what:`No process could be started to ask ${v(e.map(({target:t})=>u(t)))}.`,fix:{text:"\
Look at the mount by hand. If the machine has no room for another process, raise the limit or end what is left of old jo\
bs.",commands:[...e.slice(0,3).map(({target:t})=>`timeout 5 ls -d ${w(t)}; echo "exit code $?"`),"ulimit -u"],kind:"host"}})}};
function sH({mount:e,others:t}){let{target:n,fsType:o,source:r,ms:i,wanted:s}=e,[a]=s,d=a===void 0||a===n?"":` This run \
needs ${u(a)} on it.`,c=t.length===0?"":` ${v(t.map(l=>`${u(l.target)} (${u(l.fsType)} from ${u(l.source)})`))} ${t.length===
1?"does":"do"} not answer either.`;return`${u(n)} (${u(o)} from ${u(r)}) did not answer within ${aH(i)}.${d}${c}`}function aH(e){
return`${(e/1e3).toFixed(1)} s`}function dH({target:e,fsType:t,source:n}){var a,d;let o=((a=/^(\[[0-9a-f:]+\]|[\w.-]+):\//i.
exec(n))==null?void 0:a[1])??((d=/^\/\/([\w.-]+)\//.exec(n))==null?void 0:d[1]),r=`findmnt --mountpoint ${w(e)}`,i=`If t\
he server will not come back, unmount it: this breaks every process that has files open on ${u(e)}, and what they have n\
ot written yet is lost.`;if(t.startsWith("fuse"))return{text:`Find the FUSE daemon behind the mount, and restart it. ${i.
replace("the server","the daemon")}`,commands:[r,`ps -eo pid,stat,etime,args | grep -F ${w(e)}`],kind:"host"};let s=o===
void 0?[]:[`ping -c 3 ${o.replace(/[[\]]/g,"")}`];return{text:`Check whether the server behind the mount is up and reach\
able from this machine; the mount recovers when the server answers again. ${i}`,commands:[r,...s,"sudo dmesg | grep -i '\
not respond' | tail"],kind:"host"}}var fx={id:"fs/mount",title:"Every mount on the paths of this run answers",intro:lx,reasons:ym,needs:{mounts:cx},judge({
mounts:e}){let t=e.asked.map(cH),[n,...o]=e.asked.filter(({state:s})=>s==="not-answering");if(n)return y(ym,"not-answeri\
ng",{mount:n,others:o},{observed:"no answer",evidence:t});let r=e.asked.filter(({state:s})=>s==="unasked");if(r.length>0)
return A(ux,"unasked",{mounts:r},{observed:"not asked",evidence:t});if(!Je(t)){let{listed:s}=e;if(s===void 0)return{kind:"\
skip",reason:"not-applicable",message:"Only Linux lists its mounts with their types."};if(!(s>0))return q("fs/mount","/p\
roc/self/mountinfo");let a="No mount on the paths of this run is of a type that waits for a server",d=`${s} ${s===1?"mou\
nt":"mounts"}, none of such a type on these paths`;return{kind:"pass",message:a,evidence:[{source:"/proc/self/mountinfo",
text:d}]}}return{kind:"pass",message:`${v(e.asked.map(({target:s})=>u(s)))} ${e.asked.length===1?"answers":"answer"}`,evidence:t}}};
function cH({target:e,fsType:t,source:n,state:o,ms:r,wanted:i}){return{source:`${e} (${t}, ${n})`,text:lH(o,r,i)}}function lH(e,t,n){
switch(e){case"answers":return`answered after ${t} ms`;case"in-use":return"this program was just loaded from it";case"un\
asked":return"not asked: no process could be started";case"not-answering":return`no answer within ${t} ms; wanted: ${n.join(
", ")}`}}var mx={name:"writable",async collect(e,t,n){let o=Qr(n),r=await at(e)??[],i=(c,l)=>{let f={name:c,path:l,outcome:"ETIME\
DOUT"},m=z(km(e,r,c,l),()=>({...f,onDeadMount:!0}));return Promise.race([m,o.then(()=>f)])},s=vo(e),a=await Promise.all(
[i("workspace",t.workspace),i("temp",to(e.env)),...s===void 0?[]:[i("home",s)],Promise.race([z(fH(e,r),()=>{}),o.then(()=>{})]),
Promise.race([z(mH(e,t,r),()=>{}),o.then(()=>{})])]),d=await Promise.race([z(uH(e,a[0]),()=>{}),o]);return{...e.uid!==void 0&&
{uid:e.uid},...e.gid!==void 0&&{gid:e.gid},places:a.filter(c=>c!==void 0),...d&&{leftovers:d}}}};async function uH(e,t){
let{uid:n,env:o,userHome:r}=e,{outcome:i,path:s,directory:a,mode:d=0}=t??{};if(n===void 0||n===0||i!=="ok"||s===void 0||
a===void 0)return;let c=(d&512)!==0||xe(r??"/",a);if(He(o.GITHUB_WORKSPACE)===void 0&&c||(await e.stat(s)).kind!=="direc\
tory")return;let l=await e.leftovers(a);return l&&{...l,blocked:l.blocked.map(f=>({...f,path:$(f.path,1e3)}))}}async function km(e,t,n,o){
let r=await bo(e,o);if(r.kind==="unreadable")return{name:n,path:o,outcome:r.code};if(n==="home"&&!r.exists)return;let i=r.
path,[s,a]=await Promise.all([e.tryWrite(i),e.stat(i)]),d=s.kind==="ok"?"ok":s.kind==="absent"?"ENOENT":s.code,c=a.kind===
"absent"||a.kind==="unreadable"?void 0:a;return{name:n,path:o,directory:i,outcome:d,...c&&{mode:c.mode,uid:c.uid,gid:c.gid},
...pH(gn(t,i))}}async function fH(e,t){let n=He(e.env.TMPDIR)??"/tmp";if(n.replace(/\/+$/,"")===to(e.env).replace(/\/+$/,
""))return;if((await e.stat(n)).kind==="absent")return{name:"temp",path:n,outcome:"ENOENT",missing:!0};let r=await km(e,
t,"temp",n);return(r==null?void 0:r.outcome)==="ok"?void 0:r}async function mH(e,{policy:t,usesWorkspace:n,workspace:o},r){
let i=He(e.env.CARGO_TARGET_DIR??e.env.CARGO_BUILD_TARGET_DIR);if(i===void 0||!t.tools.cargo||!n||xe(i,o)||(await e.stat(
`${o}/Cargo.toml`)).kind!=="file")return;let s=await km(e,r,"cargo-target",i);return(s==null?void 0:s.outcome)==="ok"&&!s.
noExec?void 0:s}function pH(e){if(!(e!=null&&e.noExec))return{};let{target:t,root:n,fsType:o,noExec:r}=e;return{noExec:{
target:t,root:n,fsType:o,source:r.source}}}var px={level:"fail",title:"The workspace holds files that the job cannot remove",headline:({blocked:e,user:t})=>e.some(
({uid:n})=>n!==t.uid)?"The workspace holds files of another user":"The workspace holds read-only directories",why:"The n\
ext checkout cannot clean the workspace. It stops with `EACCES: permission denied` after `warning: failed to remove`.",expected:"\
directories that the job's user can empty",tell:e=>({what:hH(e),fix:gH(e)}),more:"A short look: the upper directories fi\
rst, at most 400 of them and for 20 ms. It does not follow links, nor look at file systems whose calls wait for a server\
 (NFS, FUSE). Nothing is looked at for root, whom no permission stops. What counts is the directory: a file of root in a\
 directory of the job's user can be removed."};function hH({blocked:e,user:t}){let n=e.map(({path:r,uid:i,mode:s})=>`${u(
r)} (uid ${i}, mode ${u(B(s))})`),o=e.length===1?"this directory":"these directories";return`This job runs as uid ${t.uid}\
 and cannot remove what is in ${o} of its workspace: ${v(n)}.`}function gH({blocked:e,workspace:t,user:n}){let o=n.uid??
0,r=t.directory??t.path,i=e.filter(({path:l})=>!St(l)),s=i.filter(l=>l.uid!==o),a=i.filter(({mode:l})=>(l&128)===0);if(i.
length===0)return{text:`Start the job in a workspace of its own: ${u(r)} holds directories of the system, which must kee\
p their owner and mode.`,commands:[`ls -ldn ${wc(e)}`],kind:"runner"};if(s.length===0)return{text:"Give the directories'\
 modes write permission back. The job's user owns them. Go makes its module cache read-only: `go clean -modcache` remove\
s it, and `GOFLAGS=-modcacherw` keeps it writable.",commands:[`chmod -R u+rwX ${wc(i)}`],kind:"host"};let d=(t.uid===o||
t.uid===0)&&!St(r),c=s.some(l=>l.uid===0);return{text:`Give ${d?"the workspace":"these directories"} to the job's user, \
once, on the machine that holds ${d?"it":"them"}.${c?" Usually a container that ran as root in this workspace left these\
 files.":""}`,commands:[`sudo chown -R ${o}:${n.gid??o} ${d?w(r):wc(s)}`,...a.length===0?[]:[`sudo chmod -R u+rwX ${wc(a)}`]],
kind:"host",otherwise:{text:'To prevent it, start containers that write to the workspace as its owner: `docker run --use\
r "$(id -u):$(id -g)"`.',kind:"workflow"}}}function wc(e){return e.map(({path:t})=>w(t)).join(" ")}var hx={level:"fail",title:"No program can be started in a directory of the job",headline:({place:e})=>$e(`${Oe(je(e.name))}\
 is mounted with \`noexec\``,"A directory of the job is mounted with `noexec`"),why:({place:e})=>e.name==="workspace"?"c\
argo stops at the first build script with `could not execute process` and `Permission denied (os error 13)`. `./configur\
e`, npm scripts and checked-out scripts end with `Permission denied` and exit code 126.":"`go test`, `go run`, the doc t\
ests of Rust and many installers start programs there, and stop with `permission denied`.",expected:"a mount without `no\
exec`",tell:e=>({what:yH(e),fix:kH(e)}),more:"Read from `/proc/self/mountinfo`. `docker run --tmpfs` mounts with `noexec\
` unless its options say `exec`. The home directory is not judged: tools in it are checked one by one."};function yH({place:e,
others:t}){let n=[e,...t],o=v(n.map(i=>`${io(i.name,i.path)} is on the mount ${u(i.noExec.target)} (${i.noExec.fsType})`)),
r=n.length===1?"which has the option `noexec`":"each with the option `noexec`";return`${Oe(o)}, ${r}: files can be writt\
en there, but no program can be started.`}function kH({place:e,others:t,situation:n}){let{target:o,root:r,fsType:i,source:s}=e.
noExec,a=[...new Set([e,...t].map(({noExec:c})=>c.target))],d=i==="tmpfs"&&r==="/";if((n.inContainer||n.inRunnerContainer)&&
d)return bH(a,n);if(n.inContainer||n.inRunnerContainer){let c=s.startsWith("/")?`findmnt -o TARGET,FSTYPE,OPTIONS --sour\
ce ${w(s)}`:void 0;return{text:`Mount the file system that holds ${u(o)} without \`noexec\` on the runner's host: \`remount\
,exec\` now, and \`exec\` in its line of \`/etc/fstab\`. The next container gets it. Or take a volume on another file system.`,
commands:c===void 0?["findmnt -O noexec"]:[c,`sudo mount -o remount,exec "$(${wH(s)})"`],kind:"host"}}return{text:"Allow\
 programs on this mount, now and in its line of `/etc/fstab`, so that the next start of the machine keeps it.",commands:[
...a.map(c=>`sudo mount -o remount,exec ${w(c)}`),"grep -n noexec /etc/fstab   # replace `noexec` with `exec` in the lin\
e of this mount"],kind:"host",otherwise:vH(n)}}function wH(e){return`findmnt -n -f -o TARGET --source ${w(e)}`}function bH(e,t){
let n=e.map(r=>`--tmpfs ${r}:exec`).join(" "),o=`Add \`exec\` to the options of the \`--tmpfs\` that mounts ${v(e.map(u))}\
, or replace it with a volume. Docker mounts a \`tmpfs\` with \`noexec\` unless told otherwise.`;if(t.inRunnerContainer){
let r=st(n);return{...r,text:`${o} ${r.text}`}}return{text:`${o} The option is ${u(n)}.`,...ae(t,n)}}function vH({system:e}){
let t="If `noexec` has to stay, move the workspaces to another file system:";switch(e){case"gitea":case"forgejo":return{
text:`${t} set \`host.workdir_parent\` in the runner's \`config.yaml\` to a directory there.`,kind:"runner"};case"github":
return{text:`${t} configure the runner again with \`--work\` and a directory there.`,kind:"runner"};default:return{text:`${t}\
 run the job in a directory there.`,kind:"host"}}}var kx="Writes a few bytes to an unnamed file in the workspace, the temporary directory (`RUNNER_TEMP`, else `/tmp`), th\
e one of compilers and `mktemp` (`TMPDIR`, else `/tmp`) and the home directory. An empty file could be created on a full\
 disk, so it writes bytes; an unnamed file leaves no trace. A home that is not set or does not exist is left out, and so\
 is `/`, which Docker sets for a user without an entry in `/etc/passwd`.\n\nThen it reads whether the mounts of the worksp\
ace and the temporary directory permit programs (`noexec`), and whether a user other than root can remove what earlier j\
obs left in the workspace.\n\nIf a file system does not answer, or fails with another error (`EIO`), the result is `error`\
.",wm="new files can be written",Qs={"read-only":{level:"fail",title:"A directory of the job is read-only",headline:({place:e})=>vm(
e,"is on a read-only file system","A directory of the job is read-only"),why:"Checkout, compilers and caches write there\
. The job stops at its first file with `Read-only file system`.",expected:wm,tell:e=>({what:`${gx(e)} ${yx(e)} on a read\
-only file system.`,fix:$H(e)})},"not-writable":{level:"fail",title:"Permission denied in a directory of the job",headline:({
place:e})=>e.missing?vm(e,"does not exist","A directory of the job does not exist"):$e(`Permission denied in ${je(e.name)}`,
"Permission denied in a directory of the job"),why:({place:e})=>e.missing?"Compilers and `mktemp` create temporary files\
 there. They stop with `No such file or directory`.":`Checkout, compilers and caches write there. The job stops at its f\
irst file with \`${e.outcome==="EPERM"?"Operation not permitted":"Permission denied"}\`.`,expected:wm,tell:e=>({what:xH(
e),fix:RH(e)})},"no-space":{level:"fail",title:"A directory of the job is full",headline:({place:e})=>bm(e)?"The disk qu\
ota of the job's user is used up":vm(e,"is full","A directory of the job is full"),why:({place:e})=>`The job stops at it\
s first file with \`${bm(e)?"Disk quota exceeded":"No space left on device"}\`; some tools report \`I/O error\` or \`Bus err\
or\` instead.`,expected:wm,tell:e=>({what:`${gx(e)} ${yx(e)} full: not even a few bytes can be written${bm(e.place)?", b\
ecause the quota of the job's user is used up":""}.`,fix:TH(e)}),more:"If `disk/free` or `disk/inodes` already fails for\
 this file system, this check is skipped as `needs:disk/free` or `needs:disk/inodes`."},noexec:hx,"foreign-files":px};function bm({
outcome:e}){return e==="EDQUOT"}function vm({name:e},t,n){return $e(`${Oe(je(e))} ${t}`,n)}function gx({place:e,others:t}){
return Oe(v([e,...t].map(({name:n,path:o})=>io(n,o))))}function yx({others:e}){return e.length===0?"is":"are"}function xm({
place:e}){return w(e.directory??e.path)}function xH(e){let{place:t,user:n}=e;if(t.missing)return`${Oe(io(t.name,t.path))}\
 does not exist.`;let{uid:o,mode:r,directory:i,path:s}=t,a=i===s||i===void 0?"Its owner":`The owner of ${u(i)}`,d=r===void 0?
"":`, its mode is ${u(B(r))}`,c=o===void 0?"":` ${a} is uid ${o}${d}.`;return`${n.uid===void 0?"This job":`This job runs\
 as uid ${n.uid} and`} cannot write to ${v([t,...e.others].map(f=>io(f.name,f.path)))}.${c}`}function $H(e){let{place:t,
situation:n}=e,o=`findmnt --target ${xm(e)}`;return n.inContainer?{text:"Look for `:ro` at a volume, or `--read-only`, i\
n `container.options` of the runner's `config.yaml` and in the job's `container`. If you find neither, the disk of the r\
unner's host is read-only.",commands:[o],kind:"runner"}:{text:"Find out how it is mounted. The kernel makes a disk read-\
only after an error and logs it: check such a disk before you use it again.",commands:[o,"sudo dmesg | grep -iE 'remount\
|I/O error|EXT4-fs error' | tail"],kind:"host",otherwise:{text:"If the unit of the runner's service has `ProtectSystem=`\
 or `ProtectHome=`, its jobs see parts of the system read-only: let it write to this directory.",...$t(n,`ReadWritePaths\
="${An(t.path)}"`),kind:"host"}}}function TH(e){let t=xm(e);return{text:"Free some space, or raise the quota if there is\
 one. Check inodes as well: without a free one, no file can be created even if there is space.",commands:[`df -h ${t}`,`\
df -i ${t}`,`sudo du -xh --max-depth=3 ${t} | sort -h | tail -20`],kind:"host"}}function RH(e){let{place:t,user:n,situation:o}=e,
{uid:r,gid:i}=n,s=xm(e),a=`ls -ldn ${s}`;if(t.missing)return PH(e);if(r===0)return{text:"Find out what denies access to \
root, because permission bits do not: NFS with `root_squash`, a user namespace that does not map the owner, SELinux or A\
ppArmor.",commands:[a,`findmnt --target ${s}`,"cat /proc/self/uid_map"],kind:"host"};let d=t.directory??t.path;if(t.uid!==
void 0&&t.uid===r&&!St(d))return{text:"Give the directory's mode write permission back. The job's user owns it.",commands:[
a,`chmod u+rwx ${s}`],kind:"host"};if(t.directory!==void 0&&t.directory!==t.path&&r!==void 0)return{text:"Create the dir\
ectory for the job's user, who is not allowed to create it.",commands:[`sudo install -d -o ${r} -g ${i??r} ${w(t.path)}`],
kind:"host"};if(t.name==="home")return OH(e);if(St(d))return SH(e,d,a);if(t.name==="temp")return{text:"Open the director\
y to all users (mode 1777), as is usual for temporary files.",commands:[a,`sudo chmod 1777 ${s}`],kind:o.inContainer?"im\
age":"host"};let c=o.inContainer?{otherwise:EH(t,o)}:{};return r===void 0||t.uid!==0?{text:"Use a workspace that the job\
's user owns, or run the job as the owner of this one. It belongs to another user, so do not take it from them.",commands:[
a],kind:"runner",...c}:{text:`Give the directory to the job's user${o.inContainer?", on the runner's host if it is mount\
ed from there":""}. Usually a container that ran as root in this directory left its files behind.`,commands:[a,`sudo cho\
wn -R ${r}:${i??r} ${s}`],kind:"host",otherwise:{text:'To prevent it, run containers that write to the workspace as its \
owner: `docker run --user "$(id -u):$(id -g)"`.',kind:"workflow"},...c}}function PH({place:e,user:{uid:t,gid:n},situation:o}){
let r=w(e.path),i=t===void 0?"-m 1777":`-o ${t} -g ${n??t}`,s=e.path==="/tmp"?`install -d -m 1777 ${r}`:`install -d ${i}\
 ${r}`,a=e.path==="/tmp"?"Create the directory, which every system has.":"Create the directory, or correct `TMPDIR` wher\
e it is set (`env:` in the workflow, `runner.envs`, the runner's service, the image).";return o.inContainer?{text:a,config:{
file:"Dockerfile",language:"dockerfile",text:`RUN ${s}`},kind:"image"}:{text:a,commands:[`sudo ${s}`],kind:"host"}}function EH({
uid:e,gid:t},n){let o="Run the job as the directory's owner with `--user`.";return e===void 0?{text:o,kind:"runner"}:{text:o,
...ae(n,`--user ${e}:${t??e}`)}}function SH({place:e,situation:t},n,o){return e.name!=="temp"?{text:`Start the job in a \
workspace of its own: ${u(n)} is a directory of the system, and must keep its owner and mode.`,commands:[o],kind:"runner"}:
t.inContainer?{text:`Find the instruction in the Dockerfile that changes ${u(n)}, for example a \`COPY\` onto it: in the b\
ase image it has mode 1777, which lets all users write.`,commands:[o],kind:"image"}:{text:`Restore the mode that the dis\
tribution gives ${u(n)}, which is 1777 and lets all users write.`,commands:[o,`sudo systemd-tmpfiles --create --prefix=${w(
n)}`],kind:"host"}}function OH({place:e,user:t,situation:n}){let{uid:o,gid:r}=t,i=`Set \`HOME\` to a directory of the job'\
s user: ${u(e.path)} is another user's home.`;return n.inContainer?o===void 0?{text:i,kind:"image"}:{text:i,config:{file:"\
Dockerfile",language:"dockerfile",text:`RUN install -d -o ${o} -g ${r??o} /home/ci
ENV HOME=/home/ci`},kind:"image"}:{text:`${i} Look in the unit of the runner's service, and in the runner's configuratio\
n, for the line that sets it.`,commands:[...o===void 0?[]:[`getent passwd ${o} | cut -d: -f6   # the right home`],`syste\
mctl cat ${Me(n)} | grep -i home`,...j(n)],kind:"host"}}var wx={unknown:{title:"Unknown whether the job can write to its\
 directories",headline:({places:[e]})=>e===void 0?"Unknown whether the job can write":$e(`Unknown whether ${je(e.name)} \
is writable`,"Unknown whether a directory is writable"),why:"Steps that write there fail, or hang until the job's own ti\
meout.",expected:"a file can be written",tell:({places:e})=>{let[t]=e;return{what:`Could not find out whether the job ca\
n write to ${e.map(AH).join(", and to ")}.`,fix:he((t==null?void 0:t.directory)??(t==null?void 0:t.path)??"/",(t==null?void 0:
t.outcome)??"EIO")}}}};function AH({name:e,path:t,outcome:n}){let o=n==="ETIMEDOUT"?"the file system does not answer":n;
return`${io(e,t)} (${o})`}var IH=["workspace","temp"],bx={id:"fs/writable",title:"The job can write to its workspace, temporary files and home",intro:kx,
reasons:Qs,needs:{writable:mx,disks:jn,container:R,job:S},judge({writable:e,disks:t,container:n,job:o},r){let i=M(n,o),s=[
...e.places.map(p=>DH(p,e)),...NH(e)];for(let p of["read-only","not-writable","no-space"]){let h=e.places.filter(x=>vx(x)===
p),[g,...k]=h.filter(x=>$m(x,t,r)===void 0);if(!g)continue;return y(Qs,p,{place:g,others:k,user:e,situation:i},{observed:g.
outcome,evidence:s})}let a=e.places.filter(p=>p.outcome!=="ok"&&!p.onDeadMount&&$m(p,t,r)===void 0);if(a.length>0){let p=v(
a.map(({outcome:h})=>h));return A(wx,"unknown",{places:a},{observed:p,evidence:s})}let d=e.places.filter(({onDeadMount:p})=>p);
if(d.length>0)return{kind:"waits-for-mount",message:`Nothing can be written to ${v(d.map(({name:h})=>je(h)))}: the mount\
 does not answer.`};for(let p of e.places){let h=$m(p,t,r);if(h!==void 0){let g=`Nothing can be written to ${je(p.name)}\
 (${p.outcome}), for the cause that \`${h}\` reports.`;return{kind:"skip",reason:`needs:${h}`,message:g}}}let c=CH(e,i,s)??
_H(e,s);if(c)return c;let l=e.places.map(({name:p})=>p),f=IH.find(p=>!l.includes(p));if(!Je(s)||f)return q("fs/writable",
`the place ${f}`);let m=v(e.places.map(({name:p})=>je(p)));return{kind:"pass",message:`${Oe(m)} are writable`,evidence:s}}};
function CH({places:e},t,n){let[o,...r]=e.flatMap(a=>a.noExec&&a.name!=="home"?[{...a,noExec:a.noExec}]:[]);if(!o)return;
let i=[o,...r].map(({noExec:{target:a,fsType:d}})=>({source:"/proc/self/mountinfo",text:`${a}: ${d}, noexec`})),s={observed:`\
noexec on ${o.noExec.target}`,evidence:[...n,...i]};return y(Qs,"noexec",{place:o,others:r,situation:t},s)}function _H(e,t){
let n=e.places.find(({name:s})=>s==="workspace"),{blocked:o=[]}=e.leftovers??{},[r]=o;if(!r||!n)return;let i=`${r.path}:\
 ${r.uid}:${r.gid}, mode ${B(r.mode)}`;return y(Qs,"foreign-files",{blocked:o,workspace:n,user:e},{observed:i,evidence:t})}
function NH({leftovers:e,places:t}){let n=t.find(({name:i})=>i==="workspace");if(!e||!n||e.looked===0)return[];let o=`di\
rectories below ${n.directory??n.path}`,r=e.blocked.map(({path:i,uid:s,gid:a,mode:d})=>`${i}: owner ${s}:${a}, mode ${B(
d)}`);return[{source:o,text:`${e.looked} looked at, ${r.length} cannot be emptied`},...r.map(i=>({source:o,text:i}))]}function vx({
outcome:e,missing:t}){if(t)return"not-writable";switch(e){case"EROFS":return"read-only";case"EACCES":case"EPERM":return"\
not-writable";case"ENOSPC":case"EDQUOT":return"no-space";default:return}}function $m(e,t,n){let{name:o,outcome:r}=e;if(r!==
"ok"){if(gc(t,n,Gt,o)&&!le("disk/free","unreadable",n))return"disk/free";if(vx(e)==="no-space")return pm(t,n,Gt,o)&&!le(
"disk/free","low",n)?"disk/free":pm(t,n,Gn,o)&&!le("disk/inodes","low",n)?"disk/inodes":void 0}}function DH(e,{uid:t,gid:n}){
let o=e.uid===void 0?"":`; owner ${e.uid}:${e.gid}, mode ${B(e.mode??0)}`,r=t===void 0||e.outcome==="ok"?"":`; the job r\
uns as ${t}:${n}`;return{source:`write to ${e.directory??e.path}`,text:`${e.outcome}${o}${r}`}}var xx="Takes the lowest of what the kernel estimates to be available without swapping (`MemAvailable` in `/proc/meminfo\
`) and of what every control group that holds the job leaves: the container's `--memory`, the `MemoryMax=` of a service,\
 in cgroup version 1 or 2. Cached files of a group count as available, because the kernel drops them first. If one of th\
ese numbers cannot be read and none of the others is too low, the check is undecided.",$x={low:{level:"warn",title:"Too \
little memory is available",headline:({bytes:e,floor:t})=>`Too little memory is available (${I(e)} of ${I(t)})`,why:"Whe\
n memory runs out, the kernel kills a process of the job. The log only shows `Killed`, `signal: 9, SIGKILL: kill` or exi\
t code 137, usually while rustc links.",expected:({floor:e})=>`at least ${I(e)} available`,tell:e=>({what:`${I(e.bytes)}\
 of memory is available${e.group?` within a control group's limit of ${I(e.group.limitBytes)}`:""}; ${e.demand}.`,fix:e.
group&&!FH(e)?jH(e,e.group):LH(e)}),more:"The kernel's log names the process that was killed: `sudo dmesg | grep -i oom`\
."}};function FH({onMachine:e,floor:t}){return e!==void 0&&e<t}function jH({bytes:e,floor:t,situation:n},o){let r=mc(o.limitBytes-
e+t);return{...Or(n,{option:`--memory=${r}`,unit:`MemoryMax=${r.toUpperCase()}`}),otherwise:n.inContainer?fc("memory"):fm(
n)}}function LH({situation:e}){return{text:"Find out what uses the memory (other jobs, services, a model that stays load\
ed), and move it elsewhere. Or give the machine more memory.",commands:["free -h","ps -eo pid,rss,comm --sort=-rss | hea\
d"],kind:"host",otherwise:fm(e)}}var Tx=Ho({id:"memory/available",title:"As much memory is available as the profile asks for",intro:xx,words:$x,probe:$b,
key:"memory",format:I,supplyOf({machine:e,groups:t}){if(e.kind==="not-linux")return"Only Linux reports how much memory i\
s available.";let n=[HH(e),...t.map(MH)],o=[...e.kind==="unreadable"?[{path:"/proc/meminfo",errno:e.code}]:[],...t.flatMap(
s=>s.kind==="unreadable"?[{path:s.source,errno:s.code}]:[])],r=[...e.kind==="read"?[{bytes:e.availableBytes,group:void 0}]:
[],...t.flatMap(s=>s.kind==="unreadable"?[]:[{bytes:UH(s),group:s}])],i=pc(r,({bytes:s})=>s);return i===void 0?{amount:void 0,
unreadable:o,evidence:n}:{amount:i.bytes,seen:{...i,onMachine:e.kind==="read"?e.availableBytes:void 0},passed:`${I(i.bytes)}\
 of memory is available`,unreadable:o,evidence:n}}});function UH({limitBytes:e,usedBytes:t,cacheBytes:n}){return Math.max(
0,e-Math.max(0,t-n))}function HH(e){return{source:"/proc/meminfo",text:e.kind==="read"?`${I(e.availableBytes)} available\
 of ${I(e.totalBytes)}`:e.code}}function MH(e){if(e.kind==="unreadable")return{source:e.source,text:e.code};let{source:t,
limitBytes:n,usedBytes:o,cacheBytes:r}=e;return{source:t,text:`limit ${I(n)}, ${I(o)} used, of which ${I(r)} are cached \
files`}}var Px={name:"limits",async collect(e){if(e.platform!=="linux")return{own:{kind:"not-linux"},starter:{kind:"not-linux"}};
let[t,n]=await Promise.all([Tm(e,"/proc/self/limits"),e.ppid>0?Tm(e,`/proc/${e.ppid}/limits`,"/proc/<ppid>/limits"):Tm(e,
"/proc/1/limits")]);return{own:t,starter:n}}};async function Tm(e,t,n=t){let o=await e.readText(t,8192);if(o.kind!=="ok")
return{kind:"unreadable",source:n,code:o.kind==="absent"?"ENOENT":o.code};let r=/^(\d{1,20}|unlimited)\s+(\d{1,20}|unlimited)\s/.
exec(tt(o.value,"Max open files ")??"");return r?{kind:"read",source:n,soft:Rx(r[1]),hard:Rx(r[2])}:{kind:"unreadable",source:n,
code:"ENODATA"}}function Rx(e){return e==="unlimited"?"unlimited":Number(e)}var Ex="Judges the soft limit of open files, which stops a program. Node, which runs this check, raises its own soft lim\
it to the hard one when it starts. So the check reads the limit of the process that started it (`/proc/<ppid>/limits`, o\
r `/proc/1/limits` in a container, where that process is not visible).\n\nThe runners of Gitea and Forgejo are written in \
Go, raise their soft limit in the same way, and give their steps the original one. If such a runner starts a `host` job \
directly, the real soft limit can be lower than any that is visible: a passing check then says `Up to 524,288 open files\
`. `ulimit -Sn` in a step shows the real limit.",Sx={low:{level:"warn",title:"Open file limit is too low",headline:({files:e,
floor:t})=>`Open file limit is too low (${me(e)} of ${me(t)})`,why:"Servers under test, linkers of large programs and fi\
le watchers stop with `Too many open files` (EMFILE).",expected:({floor:e})=>`at least ${me(e)}`,tell:e=>({what:`A proce\
ss may have ${Rm(e.files)}; ${e.demand}.`,fix:GH(e)}),more:"In the fix, the first number is the soft limit, the second t\
he hard one."}};function GH({hard:e,floor:t,situation:n}){let o=e>t&&Number.isFinite(e)?e:t;return{...Or(n,{option:`--ul\
imit nofile=${t}:${o}`,unit:`LimitNOFILE=${t}:${o}`}),...e>=t&&{otherwise:{text:"Let the step raise its own soft limit, \
which the hard limit allows.",commands:[`ulimit -Sn ${t}`],kind:"workflow"}}}}function Rm(e){return`${me(e)} open files`}var Ax=Ho({id:"limits/open-files",title:"A process may open as many files as the profile asks for",intro:Ex,words:Sx,probe:Px,
key:"openFiles",format:me,supplyOf(e){let{own:t,starter:n}=e;switch(t.kind){case"not-linux":return"Only Linux reports th\
e limits of other steps.";case"unreadable":return{amount:void 0,unreadable:[{path:t.source,errno:t.code}],evidence:Ox(n,
{source:t.source,text:t.code})};case"read":break}let o=bc(t.hard),r=n.kind==="read"?Math.min(bc(n.soft),o):o,i=n.kind!==
"read"||VH(n);return{amount:r,seen:{files:r,hard:o},passed:Number.isFinite(r)?`${i?"Up to ":""}${Rm(r)}`:"Any number of \
open files",unreadable:[],evidence:Ox(n,{source:t.source,text:`Max open files: hard ${Pm(t.hard)}; Node has raised the s\
oft limit`})}}});function VH({soft:e,hard:t}){return bc(e)>=bc(t)-1}function Ox(e,t){switch(e.kind){case"read":{let{source:n,
soft:o,hard:r}=e;return[{source:n,text:`Max open files: soft ${Pm(o)}, hard ${Pm(r)}`},t]}case"unreadable":return[{source:e.
source,text:e.code},t];case"not-linux":return[t]}}function bc(e){return e==="unlimited"?Number.POSITIVE_INFINITY:e}function Pm(e){
return e==="unlimited"?e:me(e)}var Ix={name:"shm",async collect(e,t,n){if(e.platform!=="linux")return{kind:"not-linux"};let o=await e.space("/dev/shm",
n);if(o.kind!=="ok")return o;let{totalBytes:r,freeBytes:i,source:s}=o.value;return{kind:"measured",totalBytes:r,freeBytes:i,
source:s}}};var Cx="Compares the size of the file system at `/dev/shm`, not its free space, with what the profile asks for. One with\
out a limit of its own passes.",_x={small:{level:"warn",title:"Shared memory is too small",headline:({size:e,floor:t})=>e===
void 0?"Shared memory is missing":`Shared memory is too small (${I(e)} of ${I(t)})`,why:"Programs that share memory betw\
een processes (PyTorch data loaders, Chromium, PostgreSQL) die with a bus error or `No space left on device`.",expected:({
floor:e})=>`at least ${I(e)}`,tell:e=>({what:e.size===void 0?`\`/dev/shm\` does not exist; ${e.demand}.`:`\`/dev/shm\` has\
 ${I(e.size)}; ${e.demand}.`,fix:BH(e)}),more:"A PyTorch data loader reports `DataLoader worker is killed by signal: Bus\
 error`."}};function BH({size:e,floor:t,situation:n}){let o=mc(t),r=`--shm-size=${o}`;if(n.inRunnerContainer)return st(r);
if(n.inContainer)return{text:`Add \`${r}\` to the container's options: Docker's default is 64 MiB. Do not use \`--ipc=host\
\`, which a runner without \`privileged\` drops.`,...ae(n,r)};let i=`nosuid,nodev,size=${o}`;return{text:"Mount `/dev/sh\
m` with this size now, and add it to `/etc/fstab` for the next boot. If the last command prints a line, change the size \
in that line.",commands:[...e===void 0?["sudo mkdir -p /dev/shm",`sudo mount -t tmpfs -o ${i} tmpfs /dev/shm`]:[`sudo mo\
unt -o remount,size=${o} /dev/shm`],`grep /dev/shm /etc/fstab || echo 'tmpfs /dev/shm tmpfs ${i} 0 0' | sudo tee -a /etc\
/fstab`],kind:"host"}}var Nx=Ho({id:"shm/size",title:"Shared memory is as large as the profile asks for",intro:Cx,words:_x,probe:Ix,key:"shm",
format:I,supplyOf(e){switch(e.kind){case"not-linux":return"`/dev/shm` exists on Linux only.";case"unreadable":return{amount:void 0,
unreadable:[{path:"/dev/shm",errno:e.code}],evidence:[{source:"statfs /dev/shm",text:e.code}]};case"absent":return{amount:0,
seen:{size:void 0},observed:"absent",unreadable:[],evidence:[{source:"statfs /dev/shm",text:"ENOENT"}]};case"measured":break}
let{totalBytes:t,freeBytes:n,source:o}=e,r=I(t),i=[{source:`${o} /dev/shm`,text:`${I(n)} free of ${r}`}],s={size:t};return t===
0?{amount:Number.POSITIVE_INFINITY,seen:s,passed:"`/dev/shm` is limited only by memory",unreadable:[],evidence:i}:{amount:t,
seen:s,passed:`\`/dev/shm\` has ${r}`,unreadable:[],evidence:i}}});function Dx({GITHUB_API_URL:e,GITHUB_SERVER_URL:t}){let n=Pe(e);if(!n)return{kind:"none"};if(!Em(n))return{kind:"refused",
why:"insecure"};let o=Pe(t);return(o?[o.origin,`${o.protocol}//api.${o.host}`]:[]).includes(n.origin)?{kind:"trusted",api:n}:
{kind:"refused",why:"foreign"}}function Em(e){return e.protocol==="https:"||/^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(
we(e))}function Fx(e,t,n,o){let r=e.protocol==="https:";return{to:{host:we(e),port:Number(e.port)||(r?443:80),...r&&{tls:{
verify:!0}}},path:`${e.pathname.replace(/\/+$/,"")}${t}`,headers:{host:e.host,accept:"application/json",authorization:`t\
oken ${n}`,"user-agent":"runner-check"},signal:o}}var WH="_apis/artifactcache/cache?keys=runner-check-looks-here&version=0000000000000000",jx={name:"cache-server",async collect(e,t,n,o){
let r=Pe(e.env.ACTIONS_CACHE_URL),{inJob:i,system:s}=await o(S);if(!r||!i||s!=="gitea"&&s!=="forgejo")return{answer:{kind:"\
not-asked"}};let a=new URL(`${r.origin}${r.pathname.replace(/\/$/,"")}/${WH}`),d=Em(r)||qH(we(r)),c=d?e.env.ACTIONS_RUNTIME_TOKEN:
void 0,{via:l,trustedBy:f,untrusted:m,...p}=await te(Math.min(t.timeoutMs,ui),n,h=>Ao(e,a,{headers:{accept:"application/\
json;api-version=6.0-preview.1",...c&&{authorization:`Bearer ${c}`}},maxBody:16*1024,signal:h}));return{url:`${r.protocol}\
//${r.host}`,isLoopback:Fe(we(r)),hadToken:!!c,...!d&&{isPublic:!0},...l!==void 0&&{via:l},answer:p.kind==="answered"?{kind:"\
answered",status:p.status,body:$(p.body.trim(),200)}:p}}};function qH(e){return/^(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3})+$/.
test(e)||e.includes(":")&&/^(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/.test(e)}var Hx="Asks the cache server that the runner announces (`ACTIONS_CACHE_URL`) for a key that does not exist, as `actions\
/cache` would, with the token the runner made for it (`ACTIONS_RUNTIME_TOKEN`), which is sent nowhere else, and without \
TLS only to an address of a private network. Nothing is stored. It asks only in jobs of Gitea's and Forgejo's runner, an\
d for at most three seconds. Both findings are warnings, because no step fails for lack of a cache.",Lx="`actions/cache`\
 and the `setup-*` actions wait for it in every job and then continue without a cache: builds are slow, and no step fail\
s.",vc={unreachable:{level:"warn",title:"The runner's cache server cannot be reached",headline:({url:e,answer:t})=>t.kind===
"answered"?`The cache server answers with status ${t.status}`:`The cache server ${u(T(jt(e),23))} cannot be reached`,why:Lx,
expected:"a cache server that answers the job",tell:e=>({what:KH(e),fix:zH(e)}),more:"A runner that itself runs in a con\
tainer announces that container's address and a random port. `host: 0.0.0.0` is not an address that a job could connect \
to."},unauthorized:{level:"warn",title:"The runner's cache server rejects the job's token",why:Lx,expected:"an answer to\
 the token that the runner gave this job",tell:({url:e,status:t,situation:n})=>({what:`The runner's cache server ${u(e)}\
 rejects the token of this job (status ${t}).`,fix:JH(n)})}};function KH({url:e,answer:t,via:n}){let o=`The runner's cac\
he server ${u(e)}`;switch(t.kind){case"timed-out":return`${o} does not answer within the deadline.`;case"failed":return`${o}\
 cannot be reached: ${Zt(t,n)}.`;case"answered":return`${o} answers with status ${t.status}${t.status<500?", as no cache\
 server does":""}.`}}function zH({url:e,answer:t,isLoopback:n,situation:o}){return t.kind==="failed"&&Ge(t)==="proxy"?pi(
"the cache server",jt(e),o):t.kind==="answered"?{text:"Check the log of the cache server, and the proxy in front of it i\
f there is one. Without `cache.external_server`, the runner itself is the cache server.",commands:[`sudo journalctl -u ${Me(
o)} --since -1h --no-pager | tail -50`],kind:"runner",otherwise:Ux(o)}:{text:`Set \`cache.host\` in the runner's \`config.y\
aml\` to an address of the runner that job containers can reach.${n&&o.inContainer?" The present address is the job cont\
ainer itself.":""} If the runner itself runs in a container, use the host's address, set \`cache.port\` to a fixed port su\
ch as 8088, and publish it (\`-p 8088:8088\`).`,commands:["ip -brief -4 address   # addresses of this host",...j(o)],kind:"\
runner",otherwise:Ux(o)}}function Ux(e){return{text:"If no workflow needs a cache, turn it off, so that nothing waits fo\
r it.",config:{file:oe,language:"yaml",text:`cache:
  enabled: false`},commands:j(e),kind:"runner"}}function JH(e){let t=j(e);return{text:"If the runner uses a separate cac\
he server (`cache.external_server`), give both the same `cache.external_secret` and restart both. The first command make\
s a new secret.",commands:["openssl rand -hex 32",...t],kind:"runner",otherwise:{text:"Without `external_server`, restar\
t the runner: its built-in cache server and the jobs then get a new common secret.",commands:t,kind:"runner"}}}var YH="is not sent there: its address is not in a private network, and it does not use TLS",Mx={id:"runner/cache-server",
title:"The job can reach the runner's cache server",intro:Hx,reasons:vc,needs:{cache:jx,container:R,job:S},judge({cache:e,
container:t,job:n}){let{answer:o,url:r="",isLoopback:i=!1,via:s}=e;if(o.kind==="not-asked")return{kind:"skip",reason:"no\
t-applicable",message:"The runner offers this job no cache server."};if(o.kind==="other-proxy")return{kind:"skip",reason:"\
not-applicable",message:Io("the cache server",s)};let a=M(t,n),d=XH(e),c={observed:d[0].text,evidence:d};if(o.kind!=="an\
swered"||!ZH(o))return y(vc,"unreachable",{url:r,answer:o,isLoopback:i,via:s,situation:a},c);let l=o.status===401||o.status===
403;if(l&&e.hadToken)return y(vc,"unauthorized",{url:r,status:o.status,situation:a},c);if(r==="")return q("runner/cache-\
server","its address");let f=l?` and requires a token, which ${e.isPublic?YH:"this step does not have"}`:"";return{kind:"\
pass",message:`${u(r)} answers${f}`,evidence:d}}};function ZH({status:e,body:t}){return[204,401,403].includes(e)||e===200&&
t.startsWith("{")}function XH({url:e="",via:t,answer:n}){let o=`GET ${e}/\u2026/_apis/artifactcache/cache${t===void 0?"":
` through ${t}`}`;switch(n.kind){case"not-asked":return[{source:"ACTIONS_CACHE_URL",text:"not asked"}];case"answered":return[
{source:o,text:`${n.status} ${n.body}`.trim()}];default:return[{source:o,text:Ve(n)}]}}var QH={rust:"rustc",nodejs:"node","docker-cli":"docker"},Gx={name:"labelled-tools",async collect(e,t,n,o){let{imageLabels:r={}}=await o(
Et),i=await t2(e,t),s=Object.entries(r).map(async([a,d])=>{var h;let c=(h=/^matric\.builder\.(.+)-version$/.exec(a))==null?
void 0:h[1];if(c===void 0)return[];let l=L(QH,c)??c,f=L(t.policy.tools,l);if(!f)return[];let m=await o(Xe(l,f.command)).
catch(()=>{}),p=m&&e2(m);return p===void 0?[]:[{label:a,stated:d,tool:l,printed:$(p,300),...c==="rust"&&i&&{pinnedBy:i}}]});
return{tools:(await Promise.all(s)).flat()}}};function e2({run:e}){if(e.kind==="own-node")return e.version;if(!(e.kind!==
"ran"||e.outcome.kind!=="exited"||e.outcome.code!==0))return e.outcome.stdout.trim()||e.outcome.stderr.trim()}async function t2(e,{
workspace:t,usesWorkspace:n}){if(e.env.RUSTUP_TOOLCHAIN)return"RUSTUP_TOOLCHAIN";if(!n)return;let o=["rust-toolchain.tom\
l","rust-toolchain"],r=await Promise.all(o.map(async i=>(await e.stat(`${t}/${i}`)).kind));return o.find((i,s)=>r[s]==="\
file")}var Sm="Asks the Docker daemon which image this container comes from (`GET /containers/{self}/json`, then `GET /images/{\
id}/json`), and compares that with the profile's `image`. A file system does not tell where it came from, but the daemon\
 knows. The container is looked up by `JOB_CONTAINER_NAME`, by the id in its cgroup and mounts, and by its hostname. The\
 result has to agree with the hostname, so a name that was passed on to a nested container is not believed.\n\nNames are c\
ompared like Docker reads them: `debian` is `docker.io/library/debian:latest`. An image that was started by digest passe\
s if the profile names a tag of the same repository, and an image that also has the expected name passes under any other\
.\n\nIt is skipped on the host, without a Docker socket, and with a daemon that does not run this container (Docker-in-Doc\
ker, a remote daemon).",Vx="A runner uses its local copy of a tag as long as it has one",Cr={"default-image":{level:"fai\
l",title:"The job runs in the runner's default image",why:"The default image has none of the builder's tools, so the job\
 fails late, at the first one that is missing. A runner uses it if `runs-on` matches none of its labels, or if the match\
ing label names no image.",expected:({wanted:e})=>e,tell:e=>({what:`The job runs in the default image ${u(e.image)} inst\
ead of ${u(e.wanted)}.`,fix:Bx(e)})},"wrong-image":{level:"fail",title:"The job runs in another image than its profile n\
ames",headline:({part:e})=>e===void 0?"The job runs in another image than its profile names":`The job's image has anothe\
r ${e} than its profile names`,why:"This image has other tools and versions: what passes here may fail in the right one,\
 and the other way around.",expected:({wanted:e})=>e,tell:e=>({what:`The job runs in ${u(e.image)}, but the profile ${u(
e.profile)} names ${u(e.wanted)}${e.part?`: the ${e.part} differs`:""}.`,fix:Bx(e)})},stale:{level:"warn",title:"The ima\
ge is older than its profile allows",headline:({ageDays:e,maxDays:t})=>`The image is ${Ir(e)} old (at most ${Ir(t)})`,why:`\
Its tools and base system get no fixes. Often a newer image was published long ago, and this host never pulled it. ${Vx}\
.`,expected:({maxDays:e})=>`built within ${Ir(e)}`,tell:({image:e,ageDays:t,maxDays:n,profile:o,situation:r})=>({what:`T\
he image ${u(e)} was built ${Ir(t)} ago; the profile ${u(o)} allows ${Ir(n)}.`,fix:Wx(e," If no newer image exists, rebu\
ild it.",r)}),more:"Judged only if the profile sets `image-max-age`. An image without a date (reproducible builds are da\
ted 1970 or 1980) cannot be judged, which is an error and not a pass: give it the label `org.opencontainers.image.create\
d`."},outdated:{level:"warn",title:"The registry has a newer image of this name",why:({image:e})=>`This job lacks what w\
as fixed in the image since.${Kx(e)?"":` ${Vx}.`}`,expected:({newest:e})=>e,tell:({image:e,situation:t})=>({what:`The re\
gistry has a newer image under this name than ${u(e)}, in which this job runs.`,fix:Wx(e,"",t)}),more:"Asked only if the\
 policy names the image among its `registries`, because that takes a request to the registry. Nothing is pulled."},"labe\
l-mismatch":{level:"warn",title:"An image label states another version than the tool",headline:({tool:e,stated:t,printed:n})=>`${u(
T(e,12))} is ${T(xc(n),10)}, but the label says ${T(t,10)}`,why:"Anyone who chooses the image by its label gets another \
version. Either the label is wrong, or another installation of the tool comes first on this job's PATH.",expected:({tool:e,
stated:t})=>`${e} ${t}`,tell:({label:e,stated:t,tool:n,printed:o})=>({what:`The image's label ${u(e)} says ${t}, but ${u(
n)} is ${xc(o)}.`,fix:{text:"Find out which program runs. If it is the image's own, set label and version from one `ARG`\
 in its Dockerfile, and rebuild the image.",commands:[`command -v ${N(n)}`],kind:"image"}}),more:"Labels `matric.builder\
.<tool>-version` are compared with what the profile's tools report, as far as the label goes: `1.92` matches 1.92.1. A R\
ust toolchain that the workspace chooses (`rust-toolchain.toml`, `RUSTUP_TOOLCHAIN`) is not compared. One `ARG` sets bot\
h:\n\n```dockerfile\nARG RUST_VERSION=1.92.0\nRUN rustup toolchain install ${RUST_VERSION} --profile minimal\nLABEL matric.bu\
ilder.rust-version=${RUST_VERSION}\n```"}};function xc(e){var t;return((t=Z(e))==null?void 0:t.text)??e}function qx({why:e,
detail:t},n){if(n==="host")return"The job runs on the host, not in an image.";switch(e){case"engine-error":return`The Do\
cker daemon failed to describe this container: ${t??"no answer"}`;case"other-engine":return"The Docker daemon that answe\
rs here does not run this container, so it does not know its image.";case"forbidden":return`The Docker daemon, or a prox\
y in front of it, does not let this job inspect its own container (${t}).`;default:return"Without a Docker daemon to ask\
, nothing tells which image this container comes from."}}var $c={"engine-error":{title:"The Docker daemon failed to desc\
ribe this container",why:"If the job's image is another one than the profile names, its tools are others too.",expected:"\
the container's image",tell:({what:e})=>({what:`${e.replace(/\.$/,"")}.`,fix:{text:"Ask it by hand, and look into the da\
emon's log.",commands:['docker inspect "$(hostname)"',"sudo journalctl --unit docker --since -10min | tail -n 50"],kind:"\
host"}})},"no-digest":{title:"The digest of the job's image is unknown",why:"If it is another image than the pinned one,\
 jobs build with other tools than those that were reviewed.",expected:({wanted:e})=>e,tell:({image:e,wanted:t})=>({what:`\
The daemon did not report the digest of this container's image, and ${u(t)} asks for one. Either the daemon no longer ha\
s the image, or it did not answer in time.`,fix:{text:"Pull the image again: only an image from a registry has a digest,\
 not one that was built or loaded here. The second command prints the digest.",commands:[`docker pull ${w(t)}`,`docker i\
mage inspect --format '{{.RepoDigests}}' ${w(e||t)}`],kind:"host"}})},"no-date":{title:"The age of the job's image is un\
known",why:"An old image has old tools and known vulnerabilities, and nobody notices.",expected:({maxDays:e})=>`built at\
 most ${Ir(e)} ago`,tell:({image:e,maxDays:t,isDescribed:n})=>n?{what:`The image ${u(e)} has no build date, so its age c\
annot be compared with ${Ir(t)}. Reproducible builds have none.`,fix:{text:"Give the image a date when it is built, in t\
he label `org.opencontainers.image.created`.",commands:['docker build --label "org.opencontainers.image.created=$(date -\
-utc +%Y-%m-%dT%H:%M:%SZ)" .'],kind:"image",otherwise:{text:"Remove `image-max-age` from the profile if the image is rep\
roducible on purpose.",kind:"workflow"}}}:{what:`The daemon did not report when the image ${u(e)} was built. Either it n\
o longer has the image, or it did not answer in time.`,fix:{text:"Ask it by hand. If the image is gone because it was pu\
lled again or pruned while this job runs, the next job can be judged.",commands:[`docker image inspect --format '{{.Crea\
ted}}' ${w(e)}`],kind:"host"}}}};function Bx({wanted:e,profile:t,situation:n}){let o={text:"If this is the image that jo\
bs should have, name it in the policy or in the input `image`.",kind:"workflow"};switch(n.system){case"github":return{text:"\
Name the image in the job's `container`, which decides on GitHub.",config:{file:"the workflow's job",language:"yaml",text:`\
container: ${JSON.stringify(e)}`},kind:"workflow",otherwise:o};case"none":case"act":return{text:"Start the container fro\
m the expected image.",commands:[`docker pull ${N(e)}`],kind:"host",otherwise:o};default:return{text:"Give the label thi\
s image in the runner's `config.yaml`, and compare it with the workflow's `runs-on` letter by letter. A label that ends \
in `:docker` or `:docker://` has no image. A job's own `container:` in the workflow takes precedence over the label.",config:Ys(
`${t}:docker://${e}`),commands:j(n),kind:"runner",otherwise:o}}}function Wx(e,t,n){return Kx(e)?{text:`Name a newer dige\
st where the image is chosen: in the runner's label or in the workflow. The job's image is pinned by its digest, so pull\
ing changes nothing.${t}`,kind:"runner"}:{text:`Pull the image: the next job uses it.${t}`,...Xt(e)&&{commands:[`docker \
pull ${N(e)}`]},kind:"host",otherwise:{text:"Let the runner look for a newer image before every job.",config:{file:oe,language:"\
yaml",text:`container:
  force_pull: true`},commands:j(n),kind:"runner"}}}function Kx(e){return e.includes("@")}function Ir(e){return`${e} ${e===
1?"day":"days"}`}function Jx(e){return{id:"runner/image",title:"The job container comes from its profile's image",intro:Sm,reasons:Cr,needs:{
self:Et,container:R,job:S,labelled:Gx,...e&&{registry:e}},after:["docker/daemon"],judge(t,n,o){let{self:r,container:i,job:s,
labelled:a}=t;if(Sn(s))return dr("no job container whose image could be judged");if(r.state!=="found"){let l=qx(r,i.mode);
if(!(i.mode!=="host"&&r.why==="engine-error"))return{kind:"skip",reason:"not-applicable",message:l};let{detail:m="no ans\
wer"}=r;return A($c,"engine-error",{what:l},{observed:m,evidence:[{source:"GET /containers/{self}/json",text:m}]})}if(!r.
image&&!r.imageId)return q("runner/image","the image");let d={self:r,policy:n,situation:M(i,s)},c="registry"in t?t.registry:
void 0;return n2(d)??r2(d,o)??i2(d,c)??a2(r,a.tools)??{kind:"pass",message:u(Tc(r)),evidence:ea(r)}}}}var zx=Jx(),Yx={id:zx.
id,title:zx.title,intro:Sm,reasons:Cr,expand({image:e,registries:t}){let{targets:n}=hi(t),o=n.find(({images:r})=>r.some(
({name:i})=>i===e));return[Jx(o&&li(o))]}};function Tc({image:e,imageId:t}){return e||t||"?"}function ea(e){let{image:t="",
imageId:n="",imageDigests:o=[],imageCreated:r}=e,i="GET /containers/{self}/json";return[{source:i,text:`Image ${t}`},{source:i,
text:`Id ${n}`},...o.slice(0,2).map(s=>({source:"GET /images/{id}/json",text:`RepoDigest ${s}`})),...r?[{source:"GET /im\
ages/{id}/json",text:`Created ${r}`}]:[]]}function n2(e){let{self:t,policy:n,situation:o}=e;if(n.image===void 0)return;let{
image:r="",imageId:i="",imageTags:s=[],imageDigests:a}=t;if(n.image.replace(/^sha256:/,"")===i.replace(/^sha256:/,""))return;
let d=(p,h)=>{let g={image:Tc(t),wanted:n.image??"",part:h,profile:n.profile,situation:o};return y(Cr,p,g,{observed:r,evidence:ea(
t)})},c=Xt(n.image);if(!c)return d("wrong-image");let l=[r,...s,...a??[]].flatMap(p=>Xt(p)??[]),f=Xt(r);if(l.some(p=>As(
p,c)&&(p.tag!==void 0||c.digest!==void 0))||f&&As(f,c))return;let m=(f==null?void 0:f.repository)===c.repository;if(c.digest!==
void 0&&a===void 0&&m){let p={observed:"no digest",evidence:ea(t)};return A($c,"no-digest",{image:r,wanted:n.image},p)}return f&&
Vy(f)&&!m?d("default-image"):m?d("wrong-image",c.digest===void 0?"tag":"digest"):d("wrong-image")}var o2=864e5;function r2({
self:e,policy:t,situation:n},o){var f;let{imageMaxAgeDays:r,profile:i}=t;if(r===void 0)return;let s=Tc(e),a=ea(e),d=[e.imageCreated,
(f=e.imageLabels)==null?void 0:f["org.opencontainers.image.created"]].find(s2);if(d===void 0){let m=e.imageTags!==void 0;
return A($c,"no-date",{image:s,maxDays:r,isDescribed:m},{observed:m?"no build date":"no description of the image",evidence:a})}
let c=(Date.parse(o.started)-Date.parse(d))/o2;if(c<=r)return;let l={image:s,ageDays:Math.floor(c),maxDays:r,profile:i,situation:n};
return y(Cr,"stale",l,{observed:`built ${d}`,evidence:a})}function i2({self:e,policy:t,situation:n},o){let r=o==null?void 0:
o.looks.find(({image:a})=>a===t.image),i=(r==null?void 0:r.answer.kind)==="answered"?r.answer.digest:void 0,s=e.imageDigests??
[];if(!(i===void 0||s.length===0||s.some(a=>a.endsWith(`@${i}`))))return y(Cr,"outdated",{image:Tc(e),newest:i,situation:n},
{observed:s.map(a=>a.replace(/^.*@/,"")).join(", "),evidence:[...ea(e),{source:`HEAD ${(r==null?void 0:r.url)??""}`,text:i}]})}
function s2(e){return e!==void 0&&Date.parse(e)>Date.parse("2000-01-01T00:00:00Z")}function a2(e,t){let n=t.filter(d2),o=n[0];
if(!o)return;let r=n.flatMap(({label:i,stated:s,tool:a,printed:d})=>[{source:`label of ${e.image}`,text:`${i}=${s}`},{source:a,
text:d.split(`
`)[0]??""}]);return y(Cr,"label-mismatch",o,{observed:`${o.tool} ${xc(o.printed)}`,evidence:r})}function d2({stated:e,printed:t,
pinnedBy:n}){var s;if(n!==void 0)return!1;let o=Z(e)??Z(`${e}.0`),r=Z(t);if(!o||!r)return!1;let i=((s=/\d+(?:\.\d+){0,2}/.
exec(e))==null?void 0:s[0].split(".").length)??3;return o.numbers.slice(0,i).some((a,d)=>a!==r.numbers[d])}var Zx={name:"profile-choice",async collect(e,{profileChoice:t}){return t}};var Qx="Says how `profile: auto` chose the profile: by the `runs-on` of the running job in the checked-out workflow, els\
e by the job's labels from the forge's API (the job's own record, the jobs of the run, or the workflow of the run's comm\
it), else by the environment. Labels that no profile names select `generic`.",c2={"no-token":"there is no token for the \
forge's API",forbidden:"the token has no permission to read jobs or files","no-answer":"the forge's API did not answer",
ambiguous:"several jobs of the run could be this one",insecure:"the forge's API does not use TLS, so the token was not s\
ent to it",foreign:"`GITHUB_API_URL` is not on the forge of `GITHUB_SERVER_URL`, so the token was not sent to it"},Om={guessed:{
level:"warn",title:"The profile is a guess",headline:({profile:e})=>`The profile ${e.slice(0,40)} is a guess`,why:"A job\
 for another label is judged by the wrong expectations: the runner can be called healthy although nothing looked at its \
GPU or its Rust.",expected:"labels of this job, or the input `profile`",tell:({profile:e,why:t})=>({what:`The job's labe\
ls are unknown: no checked-out workflow has this job, and ${c2[t]}. The environment decided: ${u(e)}.`,fix:t!=="no-token"&&
t!=="forbidden"?Xx:{text:"Let the job's token read the workflow's jobs.",config:{file:"the workflow's job",language:"yam\
l",text:`permissions:
  contents: read
  actions: read`},kind:"workflow",otherwise:Xx}})}},Xx={text:"Name the profile in the step. `runner-check policy --profi\
le NAME` prints what a profile expects.",config:{file:"the workflow's step",language:"yaml",text:`- uses: fortemi/runner\
-check@v1
  with:
    profile: matric-builder`},kind:"workflow"};function e$(e,{decidedBy:t,labels:n}){let o=u(e);switch(t){case"input":return`${o}\
, set by the input \`profile\``;case"runs-on":return`${o}, chosen by the job's \`runs-on\` (${(n??[]).map(u).join(", ")}\
)`;case"api":return`${o}, chosen by the job's labels on the forge (${(n??[]).map(u).join(", ")})`;case"environment":return`${o}\
, as this is not a job`}}var t$={id:"runner/profile",title:"The profile is the one of the job's label",intro:Qx,reasons:Om,needs:{choice:Zx,job:S},
judge({choice:e,job:t},{profile:n}){let{decidedBy:o,labels:r,why:i}=e;if(!o||typeof t.inJob!="boolean")return q("runner/\
profile","who decided");let s=[{source:"profile: auto",text:`decided by ${o}`},...r?[{source:"labels of the job",text:r.
join(", ")}]:[]];return o!=="environment"||!t.inJob?{kind:"pass",message:e$(n,e),evidence:s}:y(Om,"guessed",{profile:n,why:i??
"no-answer"},{observed:`${n}, decided by the environment`,evidence:s})}};var Ai={name:"account",async collect(e){return{...e.uid!==void 0&&{uid:e.uid},...e.gid!==void 0&&{gid:e.gid},groups:e.groups.
slice(0,100)}}};var l2=/^(?:[A-Z]+_)*RUNNER_REGISTRATION_TOKEN$|^ACTIONS_RUNNER_INPUT_TOKEN$/,o$={name:"registration",async collect(e,t,n,o){
let r=Object.keys(e.env).filter(c=>c.includes("TOKEN")&&l2.test(c)&&e.env[c]).map(c=>$(c,100)).slice(0,20),[{mode:i},{system:s}]=await Promise.
all([o(R),o(S)]);if(i!=="host"||s==="github")return{tokenVariables:r,files:[]};let a=await u2(e),d=await Promise.all(a.map(
({role:c,path:l})=>m2(e,c,l)));return{tokenVariables:r,files:d.flat()}}},n$=["act_runner","act-runner","gitea-runner","f\
orgejo-runner"];async function u2(e){let[t,n]=await Promise.all([e.readLink(`/proc/${e.ppid}/cwd`),e.readText(`/proc/${e.
ppid}/cmdline`)]),o=e.env.HOME||e.userHome,r=t.kind==="ok"?t.value:void 0,i=n.kind==="ok"?f2(n.value.split("\0")):void 0,
s=e.env.GITEA_RUNNER_REGISTRATION_TOKEN_FILE,a=[r,o,"/home/runner",...n$.map(c=>`/var/lib/${c}`)],d=[i!=null&&i.startsWith(
"/")?i:i&&r&&`${r}/${i}`,r&&`${r}/config.yaml`,...n$.flatMap(c=>[`/etc/${c}/config.yaml`,o&&`${o}/.config/${c}/config.ya\
ml`])];return[...Am(a).map(c=>({role:"registration",path:`${c.replace(/\/$/,"")}/.runner`})),...Am(d).map(c=>({role:"con\
fig",path:c})),...Am([s!=null&&s.startsWith("/")?s:void 0]).map(c=>({role:"token",path:c}))]}function f2(e){if(!/runner[^/]*$/.
test(e[0]??""))return;let t=e.find(o=>o.startsWith("--config="));if(t!==void 0)return t.slice(9);let n=e.findIndex(o=>o===
"--config"||o==="-c");return n<0?void 0:e[n+1]}function Am(e){return[...new Set(e.filter(t=>!!t))]}async function m2(e,t,n){
let o=await e.realPath(n);if(o.kind!=="ok")return[];let r=await e.stat(o.value);if(r.kind!=="file")return[];let i=(r.mode&
4)!==0&&await p2(e,o.value);return[{path:$(n,500),role:t,mode:r.mode,uid:r.uid,readableByAll:i}]}async function p2(e,t){
let n=t.split("/").slice(1,-1),o=n.map((i,s)=>`/${n.slice(0,s+1).join("/")}`);return(await Promise.all(o.map(i=>e.stat(i)))).
every(i=>!("mode"in i)||(i.mode&1)!==0)}var s$="Checks whether a job, or another user of the host, could learn how the runner registered. It reads names of vari\
ables, never their values, and modes of files, never their contents.",r$="can register a runner, receive jobs and read t\
heir secrets.",Im="Then reset the token in the forge (Settings, Actions, Runners), because it may be known by now.",Rc={
"registration-token-visible":{level:"fail",title:"Jobs can read a runner registration token",headline:({names:e})=>e.length===
1?`Jobs can read ${u(T(e[0]??"",40))}`:`Jobs can read ${e.length} runner registration tokens`,why:`Anyone who reads a re\
gistration token ${r$} Every step and every dependency of a job can read its environment.`,expected:"no registration tok\
en in the environment of jobs",tell:({names:e,inJob:t,situation:n})=>({what:`${v(e.map(u))} ${e.length===1?"is":"are"} s\
et in the environment of ${t?"this job":"the runner"}.`,fix:n.inContainer?h2(e,n):g2(e,n)}),more:"The token is needed on\
ce, to register. In a terminal, the variable is your own and nothing is reported."},"world-readable-registration":{level:"\
warn",title:"Every user of the host can read the registration",headline:({open:e})=>{var t;return`Every user can read ${u(
T(((t=e[0])==null?void 0:t.path)??"",38))}`},why:({open:e})=>e.some(({role:t})=>t==="registration")?"It holds the runner\
's own token. Anyone who reads the token can impersonate this runner and receive its jobs and their secrets.":`It holds \
a registration token. Anyone who reads the token ${r$}`,expected:"mode 0600, or a directory that is closed to other user\
s",tell:e=>({what:`Every user of this machine can read ${v(e.open.map(({path:t})=>u(t)))}.`,fix:y2(e)}),more:"Host mode \
only. The runner writes `.runner` with the usual umask, so it has mode `0644` until you change that. It is reported only\
 if every directory above it is open too: a closed home directory protects it. The check looks in the working directory \
of the runner's process, in the home directory and below `/var/lib`.\n\nA `config.yaml` that every user can read is not re\
ported by itself, because most hold no secret."}};function a$(e,t){let n=t.length===0?"":`; other users cannot read ${v(
t.map(u))}`;return`${e.length===0?"no token in the environment":`${v(e.map(u))} of this terminal, not of a job`}${n}`}function h2(e,t){
let n=v(e.map(u));return t.system==="github"?{text:`Remove ${n} from \`env:\` and \`container.options\` of the workflow. ${Im}`,
kind:"workflow"}:{text:`Remove ${n} from \`runner.envs\`, from the file that \`runner.env_file\` names, from \`container.opti\
ons\` (\`-e\`) and from \`env:\` of the workflow. ${Im}`,commands:[`sudo grep -rl REGISTRATION_TOKEN /etc/${Me(t)}   # f\
iles that set it`,...j(t)],kind:"runner"}}function g2(e,t){let n=`Remove the variable from the runner's unit, its \`Envir\
onmentFile\`, or the \`docker run\` that starts the runner: a host job inherits the environment of the runner's process. ${Im}`,
o=e.map(r=>`UnsetEnvironment=${r}`).join(`
`);return{text:n,...$t(t,o),kind:"runner"}}function y2({open:e,openConfigs:t,uid:n}){let o=t.length===0?"":` Every user \
can also read ${v(t.map(({path:d})=>u(d)))}. Close it too if it holds \`external_secret\` or registry passwords.`,r=n===
void 0||n===0?[]:e.filter(d=>d.uid===0),i=[...new Set(e.filter(d=>!r.includes(d)).map(d=>d.uid))],s=i.length===0?"":` Th\
e runner keeps its access if it runs as the owner (uid ${v(i.map(String))}).`,a=r.length===0?"":` ${v(r.map(({path:d})=>u(
d)))} ${r.length===1?"belongs":"belong"} to root, so give ${r.length===1?"it":"them"} to the runner's user (uid ${n}) fi\
rst.`;return{text:`Close ${e.length===1?"the file":"these files"} to other users.${a}${s} If other people have accounts \
on this machine, register the runner again, because its token may be known.${o}`,commands:[...r.length===0?[]:[`sudo cho\
wn ${n} ${i$(r)}`],`sudo chmod 600 ${i$(e)}`],kind:"host"}}function i$(e){return e.map(({path:t})=>w(t)).join(" ")}var d$={id:"runner/secrets",title:"Jobs and other users cannot read the registration",intro:s$,reasons:Rc,needs:{registration:o$,
container:R,job:S,account:Ai},judge({registration:e,container:t,job:n,account:o}){let{tokenVariables:r,files:i}=e;if(n.system!==
"none"&&r.length>0){let l={names:r,inJob:n.inJob,situation:M(t,n)},f=r.map(m=>({source:"environment",text:`${m} is set (\
value not read)`}));return y(Rc,"registration-token-visible",l,{observed:r.join(", "),evidence:f})}let s=k2(i),a=i.filter(
({role:l,readableByAll:f})=>l!=="config"&&f);if(a.length>0){let l=i.filter(({role:m,readableByAll:p})=>m==="config"&&p),
f=a.map(({mode:m})=>B(m)).join(", ");return y(Rc,"world-readable-registration",{open:a,openConfigs:l,uid:o.uid},{observed:f,
evidence:s})}if(i.some(({readableByAll:l})=>typeof l!="boolean"))return q("runner/secrets","who can read the files");let d=i.
filter(({role:l})=>l==="registration").map(({path:l})=>l),c=r.length===0?"no registration token":`${r.join(", ")} (value\
 not read)`;return{kind:"pass",message:a$(r,d),evidence:[{source:"environment",text:c},...s]}}};function k2(e){return e.
map(({path:t,mode:n,uid:o,readableByAll:r})=>({source:t,text:`mode ${B(n)}, uid ${o}${r?", every user can read it":""}`}))}var l$="Asks the job's forge for its version: `GET /version` below `GITHUB_API_URL`, without a token, for at most three \
seconds. It asks only in jobs of Gitea's and Forgejo's runner: not on GitHub, not in a run without a server, and not in \
a terminal. A forge that requires a login (401 or 403) counts as reached.\n\nNode has its own list of certificate authorit\
ies, so a certificate that git trusts may still make every action fail. The time in the answer is compared with this mac\
hine's clock, minus the time the answer may have taken.",ta="Checkout, artifacts, the cache and every action that calls \
the forge fail in this job.",Pc="a forge that answers `GET /version` of its API",Ec="`ROOT_URL` (section `[server]` of t\
he forge's `app.ini`)",Vt={"localhost-url":{level:"fail",title:"The forge's address is `localhost`, which is the contain\
er",why:ta,expected:Pc,tell:({url:e,situation:t})=>({what:`Jobs are told that the forge is at ${u(e)}, but ${t.inRunnerContainer?
"here that address is the runner's own container":"in a job container that address is the container itself"}.`,fix:{text:`\
Set ${Ec} to an address that job containers can reach, restart the forge, and register the runner with that address. The\
 forge tells jobs its \`ROOT_URL\`.`,kind:"forge",otherwise:$2(t)}}),more:"Not reported if the forge does answer at that\
 address."},unresolvable:{level:"fail",title:"The forge's name does not resolve",headline:({host:e})=>`The name ${u(T(e,
32))} does not resolve`,why:ta,expected:Pc,tell:({url:e,host:t,answer:n,via:o,situation:r})=>({what:`The forge ${u(e)} c\
annot be reached: ${Zt(n,o)}.`,fix:r.inContainer?T2(t,r):R2(t)})},unreachable:{level:"fail",title:"The forge cannot be r\
eached",headline:({host:e})=>e===""?"The forge's address is invalid":`The forge ${u(T(e,30))} cannot be reached`,why:ta,
expected:Pc,tell:e=>({what:P2(e),fix:E2(e)})},"tls-untrusted":{level:"fail",title:"Node does not trust the forge's certi\
ficate",headline:({host:e})=>`Node does not trust the certificate of ${u(T(e,19))}`,why:({trustedBy:e})=>e===void 0?ta:"\
Checkout works, because git trusts the certificate. Artifacts, the cache and every other JavaScript action fail in this \
job.",expected:"a certificate that Node trusts",tell:e=>({what:`Node does not trust ${u(e.url)}: ${Zt({kind:"failed",code:e.
errno,message:""})}.`,fix:S2(e)})},"clock-skew":{level:"warn",title:"The clocks of this machine and of the forge differ",
headline:({ahead:e})=>`This machine's clock is ${c$(e)} ${e>0?"ahead":"behind"}`,why:({isGrave:e})=>e?"Tokens and certif\
icates count as expired or not valid yet: uploads, the cache and logins fail.":"Everything that compares times is off by\
 that much: incremental builds, short-lived tokens, caches.",expected:({limit:e})=>`a difference of at most ${e} s`,tell:({
ahead:e})=>({what:`This machine's clock is ${c$(e)} ${e>0?"ahead of":"behind"} the forge's clock.`,fix:{text:"Synchroniz\
e the host's clock, and that of the forge's machine too. A container uses the clock of its host.",commands:["timedatectl\
 status","sudo timedatectl set-ntp true"],kind:"host"}}),more:"More than five seconds is a warning, more than five minut\
es a failure."},"http-error":{level:"fail",title:"The forge's address answers with an error",headline:({status:e,location:t})=>t!==
void 0?"The forge's address redirects to another server":e===200?"What answers at the forge's address is not a forge":`T\
he forge answers with status ${e}`,why:ta,expected:Pc,tell:({url:e,asked:t,status:n,location:o})=>({what:`The forge ${u(
e)} ${O2(n,o)}.`,fix:{text:n>=500?"Check the forge, and the proxy in front of it: the error is theirs, not the runner's.":
`See what answers there: a login page of the network, a proxy, or a forge at another path. The address comes from ${Ec}.`,
commands:[Pt(t)],kind:"forge"}})},"git-tls-untrusted":{level:"fail",title:"git does not trust the forge's certificate",headline:({
host:e})=>`git does not trust the certificate of ${u(T(e,20))}`,why:({git:e})=>`JavaScript actions reach the forge, but \
checkout, which calls git, stops with ${u(e.message.replace(/^fatal: /,""))}.${b2(e)}`,expected:"a certificate that git \
trusts",tell:e=>({what:w2(e),fix:x2(e)}),more:"git is asked (`git ls-remote`) only if it may have other authorities than\
 Node: `NODE_EXTRA_CA_CERTS` holds one that the system's file lacks, the system has no such file (`CAfile: none`), or gi\
t's configuration or `GIT_SSL_CAINFO` names a file of its own."},"tls-expiring":{level:"warn",title:"The forge's certifi\
cate expires soon",headline:({host:e,days:t})=>`The certificate of ${u(T(e,18))} expires ${fd(t)}`,why:"From then on, ch\
eckout and every action that calls the forge fail with `certificate has expired`.",expected:"a certificate that is valid\
 for more than 14 days",tell:({url:e,host:t,asked:n,until:o})=>({what:`The certificate of ${u(e)} is valid until ${Nn(o)}\
.`,fix:{text:"Renew the forge's certificate. If that is automatic, find out why it did not happen.",commands:[mi(t,f$(n))],
kind:"forge"}}),more:pd}};function w2({url:e,git:{extra:t,bundle:n,named:o}}){let r=`Node trusts ${u(e)}${t===void 0?"":
`, because of ${u(t)}`}. git does not:`;return o!==void 0?`${r} ${u$(o)} sets the authorities that it uses.`:n===void 0?
`${r} this system has no authorities, because the package \`ca-certificates\` is not installed.`:`${r} it uses the syste\
m's authorities, and none of them has signed the certificate.`}function b2({bundle:e,named:t}){return t!==void 0?"":e===
void 0?" No other address with https can be used either.":" curl and package managers fail in the same way."}function u$(e){
return e==="configuration"?"`http.sslCAInfo` in its configuration":u(e)}var v2="On Alpine, `apk add ca-certificates` ins\
talls the package; on Fedora and Red Hat, authorities go to `/etc/pki/ca-trust/source/anchors`, and the command is `upda\
te-ca-trust`.";function x2({git:e,situation:t}){let{extra:n,bundle:o,named:r}=e,i=t.inContainer?"image":"host";if(r!==void 0)
return{text:`Add the authority's certificate to the file that ${u$(r)} names, or remove that setting, so that git uses t\
he system's authorities.`,commands:["git config --show-origin --get-regexp '^http[.].*ssl'","env | grep ^GIT_SSL"],kind:i};
let s=o===void 0,a=!s||n!==void 0,d=[...s?[`Install \`ca-certificates\`${t.inContainer?" in the image":""}.`]:[],...a?[`\
Add the authority's certificate (${u(n??"ca.crt")}) to the system's authorities.`]:[],v2].join(" "),c="/usr/local/share/\
ca-certificates/own-ca.crt";if(!t.inContainer){let p=s?["sudo apt-get install ca-certificates"]:[],h=[`sudo install -m 6\
44 ${_e(n??"ca.crt")} ${c}`,"sudo update-ca-certificates"];return{text:d,commands:[...p,...a?h:[]],kind:i}}let f=[...s?[
"apt-get update && apt-get install --yes --no-install-recommends ca-certificates"]:[],...a?["update-ca-certificates"]:[]],
m=[...a?[`COPY ca.crt ${c}`]:[],`RUN ${f.join(" && ")}`];return{text:d,config:{file:"Dockerfile",language:"dockerfile",text:m.
join(`
`)},kind:i}}function f$(e){var t;return((t=/^https:\/\/[^/]*:(\d+)(?:\/|$)/.exec(e))==null?void 0:t[1])??"443"}function $2(e){
return e.inRunnerContainer?st("--network host"):{text:"If forge and runner stay on one machine, let the job containers s\
hare the host's network.",config:{file:oe,language:"yaml",text:`container:
  network: host`},commands:j(e),kind:"runner"}}function T2(e,t){return{text:"Put the job containers into the forge's Doc\
ker network: set `container.network` in the runner's `config.yaml` to its name, which this command shows. Or give the fo\
rge a name that DNS knows. Job containers know neither the names of other Docker networks (a compose file's `gitea`) nor\
 the host's `/etc/hosts`.",commands:["docker ps --format '{{.Names}}: {{.Networks}}'",...j(t)],kind:"runner",otherwise:{
text:`If only the address is known, add it to every job container: ${u(`--add-host=${e}:ADDRESS`)} in \`container.options\
\`, with the forge's IP address.`,commands:j(t),kind:"runner"}}}function R2(e){return{text:"Check this machine's nameser\
vers and its `/etc/hosts`.",commands:[`getent hosts ${N(e)}`,"cat /etc/resolv.conf"],kind:"host"}}function P2({url:e,answer:t,
via:n}){return t.kind==="timed-out"?`The forge ${u(e)} does not answer within the deadline.`:t.code==="ERR_INVALID_URL"?
`The forge cannot be reached: ${t.message} (${u(e)}).`:`The forge ${u(e)} cannot be reached: ${Zt(t,n)}.`}function E2({answer:e,
host:t,asked:n,situation:o}){return e.kind==="failed"&&e.code==="ERR_INVALID_URL"?{text:`Correct the address where it is\
 set. Jobs are told the forge's ${Ec}, unless \`runner.envs\` in the runner's configuration or \`env\` in the workflow sets \
another.`,kind:"forge"}:e.kind==="failed"&&Ge(e)==="proxy"?pi("the forge",t,o):{text:o.inContainer?"Run this command on \
the host. If the forge answers there, the job containers' network does not reach it: check the host's firewall and `cont\
ainer.network` of the runner. If it does not, check the forge.":"Check whether the forge is running, and whether a firew\
all blocks it or a proxy is required.",commands:[Pt(n)],kind:"host"}}function S2({host:e,asked:t,errno:n,trustedBy:o,situation:r}){
let i=mi(e,f$(t));if(o!==void 0)return{text:`Give Node the file that git, curl and Docker use (${u(o)}), in the variable\
s of the jobs.`,...Re(r,{NODE_EXTRA_CA_CERTS:o}),kind:"runner"};if(Es(n))return{text:"Renew the forge's certificate. If \
its dates are right, this machine's clock is wrong.",commands:[i,"date -u"],kind:"forge"};if(Ss(n))return{text:`Give the\
 forge a certificate for this name, or set ${Ec} to a name in the certificate.`,commands:[i],kind:"forge"};let s="`insec\
ure: true` in the runner's configuration affects the runner only, not its jobs.";if(r.inContainer)return{text:`Add the a\
uthority's certificate (\`ca.crt\`) to the image, for git and for Node. ${s}`,config:Gy,commands:[i],kind:"image"};let{config:a,
commands:d=[]}=Re(r,{NODE_EXTRA_CA_CERTS:"/etc/ssl/certs/ca-certificates.crt"});return{text:`Install the authority's cer\
tificate (\`ca.crt\`) for git, and point Node to it. ${s}`,...a&&{config:a},commands:[i,...gd,...d],kind:"host"}}function c$(e){
let t=Math.abs(e);return t<120?`${Math.round(t)} s`:t<7200?`${Math.round(t/60)} min`:`${Math.round(t/3600)} h`}function O2(e,t){
return t!==void 0?`redirects to ${u(t)}`:e===200?"answers, but not like Gitea or Forgejo":`answers with status ${e}`}var m$=5,A2=300,h$={id:"runner/server",title:"The job can reach the forge",intro:l$,reasons:Vt,needs:{forge:ld,reach:fi,
container:R,job:S},judge({forge:e,reach:t,container:n,job:o},r,{started:i}){let{answer:s,url:a="",via:d}=e,c=M(n,o),l=_r(
e),f=s.kind==="answered"&&p$(e,s)===void 0,m=n.mode==="container"||n.insideContainer!==void 0;if(e.url!==void 0&&e.isLoopback&&
m&&o.inJob&&!f){let p=s.kind==="not-asked"||s.kind==="answered"?"":`: ${Ve(s)}`;return y(Vt,"localhost-url",{url:a,situation:c},
{observed:`${a}${p}`,evidence:l})}switch(s.kind){case"not-asked":return{kind:"skip",reason:"not-applicable",message:I2(e,
o)};case"other-proxy":return Os(t,d,r)??{kind:"skip",reason:"not-applicable",message:Io("the forge",d)};case"answered":{
if(a==="")return q("runner/server","its address");let p=N2(e,c)??p$(e,s);if(p)return p;let h=j2(e,s),g=D2(e,c);return((h==
null?void 0:h.level)==="fail"?h:g??h)??F2(e,s,i)??{kind:"pass",message:C2(e,s),evidence:l}}default:return(s.kind==="time\
d-out"||s.at==="proxy")&&Os(t,d,r)||_2(e,s,c)}}};function I2({url:e},{inJob:t,system:n}){return t?e===void 0?"This run h\
as no forge: `GITHUB_SERVER_URL` names none.":n==="github"?"GitHub is not asked.":"A run without a server has no forge t\
o ask.":"Outside a job, no forge is known."}function C2({url:e="",asked:t=""},{status:n,version:o}){let r=o===void 0?"":
` with version ${o}`,i=n===401||n===403;return`${u(e)} answers${r}${i?`; ${u(t)} requires a login`:""}`}function _2(e,t,n){
let{url:o="",host:r="",asked:i="",via:s,trustedBy:a}=e,d={url:o,host:r,asked:i,via:s,answer:t,situation:n},c={observed:Ve(
t),evidence:_r(e)};if(t.kind==="timed-out")return y(Vt,"unreachable",d,c);if(t.code==="ERR_INVALID_URL"){let l=[{source:"\
environment",text:Ve(t)}];return y(Vt,"unreachable",d,{observed:o,evidence:l})}switch(Ge(t)){case"unresolvable":return y(
Vt,"unresolvable",{...d,answer:t},c);case"untrusted":{let l={url:o,host:r,asked:i,errno:t.code,trustedBy:a,situation:n};
return y(Vt,"tls-untrusted",l,{...c,observed:t.code})}default:return y(Vt,"unreachable",d,c)}}function N2(e,t){let{url:n="",
host:o="",asked:r="",untrusted:i,trustedBy:s}=e;return i===void 0?void 0:y(Vt,"tls-untrusted",{url:n,host:o,asked:r,errno:i,
trustedBy:s,situation:t},{observed:i,evidence:_r(e)})}function D2({git:e,...t},n){if((e==null?void 0:e.kind)!=="distrust\
s")return;let{url:o="",host:r=""}=t,i=[..._r(t),{source:`git ls-remote ${o}`,text:e.message}];return y(Vt,"git-tls-untru\
sted",{url:o,host:r,git:e,situation:n},{observed:e.message,evidence:i})}function F2(e,{certificate:t},n){let o=t&&ud(t,n);
if(!t||o===void 0)return;let{url:r="",host:i="",asked:s=""}=e,{until:a}=t,d=[..._r(e),md(`TLS of ${r}`,t)];return y(Vt,"\
tls-expiring",{url:r,host:i,asked:s,days:o,until:a},{observed:Nn(a),evidence:d})}function p$(e,t){let{status:n,version:o,
isJson:r,location:i,body:s}=t,{host:a,url:d="",asked:c=""}=e;if(n===200&&o!==void 0||(n===401||n===403)&&r||n>=300&&n<400&&
a!==void 0&&jt(i)===a)return;let l=`status ${n}${s?`, ${s}`:""}`;return y(Vt,"http-error",{url:d,asked:c,status:n,location:i},
{observed:l,evidence:_r(e)})}function j2(e,{clockAheadSeconds:t=0}){let n=Math.abs(t);if(n<=m$)return;let o=n>A2;return y(
Vt,"clock-skew",{ahead:t,limit:m$,isGrave:o},{observed:`${t>0?"+":"-"}${n} s`,evidence:_r(e),...o&&{level:"fail"}})}function _r({
url:e,asked:t,answer:n,via:o,trustedBy:r,untrusted:i}){let s=t===void 0?"environment, GITHUB_SERVER_URL":`GET ${t}${o===
void 0?"":` through ${o}`}`;switch(n.kind){case"not-asked":return[{source:s,text:e??"none"}];case"answered":{let a=`${n.
status} ${n.version??n.body??""}`.trim(),d=r===void 0?[]:[{source:r,text:`trusted; Node says ${i??"no"}`}];return[{source:s,
text:a},...d]}default:return[{source:s,text:Ve(n)}]}}var g$="Tells whether the forge shows the job summary. This never fails: the log of the step has everything too.",y$="`G\
ITHUB_STEP_SUMMARY` is set; Forgejo does not say whether it shows summaries, so the log has everything too",Cm={"not-sho\
wn":{level:"skip",title:"The forge does not show the job summary",message:e=>`${L2(e)} The log of this step has everythi\
ng.`,more:"Gitea shows job summaries since 1.27, and only with runner 2.0.0 or newer; such a Gitea lists `job-summary` i\
n `GITEA_ACTIONS_CAPABILITIES`. Runs without a server (`gitea-runner exec`, `act`) discard the summary, and some runners\
 set no `GITHUB_STEP_SUMMARY`. The message says which it is. Read the log of the step instead, or upgrade.\n\nForgejo does\
 not say whether it shows summaries, so the check passes if the runner provides a file."}};function L2({obstacle:e,runnerVersion:t}){
switch(e){case"no-file":return"The runner provides no file for the job summary: `GITHUB_STEP_SUMMARY` is not set.";case"\
no-server":return"A run without a server discards the job summary.";case"old-runner":return`Runner ${u(t??"?")} does not\
 send job summaries to Gitea: that needs runner 2.0.0 and Gitea 1.27, or newer.`;case"old-forge":return"This Gitea does \
not list `job-summary` in `GITEA_ACTIONS_CAPABILITIES`: it shows job summaries since 1.27, with runner 2.0.0 or newer."}}var k$={id:"runner/summary",title:"The forge shows the job summary",intro:g$,reasons:Cm,needs:{job:S},judge({job:e}){if(!e.
inJob)return{kind:"skip",reason:"not-applicable",message:"Only jobs have a job summary."};let t=U2(e);if(t!==void 0)return ln(
Cm,"not-shown",{obstacle:t,runnerVersion:e.runnerVersion});let n=[e.system==="gitea"?{source:"GITEA_ACTIONS_CAPABILITIES",
text:"job-summary"}:{source:"GITHUB_STEP_SUMMARY",text:"set"}];return{kind:"pass",message:e.system==="forgejo"?y$:"Shown\
 with the job",evidence:n}}};function U2(e){if(e.summaryFile===!1)return"no-file";if(e.system==="act")return"no-server";
if(!(e.system!=="gitea"||e.capabilities.includes("job-summary")))return Yt(Te("summary-not-uploaded"),e.runnerVersion)===
"yes"?"old-runner":"old-forge"}var H2=["x64","arm64","arm","ia32","x86","ppc64","ppc64le","s390x","riscv64","loong64"],M2=60,G2=40,w$={name:"tool-cache",
async collect(e,t,n,o){var b;let r=(b=e.env.RUNNER_TOOL_CACHE)==null?void 0:b.trim();if(!r)return{state:"not-set",writable:!1,
perJob:!1,mountsKnown:!0,tools:[]};let[{mode:i},s]=await Promise.all([o(R),e.stat(r)]),a={path:$(r,500),perJob:i==="host"&&
V2(r,e,t),mountsKnown:!0,tools:[]};if(s.kind==="absent")return{...a,state:"absent",writable:await b$(e,r)};if(s.kind==="\
unreadable")return{...a,state:"unreadable",code:s.code,writable:!1};let{mode:d,uid:c,gid:l}=s,f={mode:d,uid:c,gid:l};if(s.
kind!=="directory")return{...a,state:"not-a-directory",writable:!1,owner:f};let[m,p,h]=await Promise.all([e.access(r,"w"),
W2(e,r),i==="host"?[]:at(e)]);if(m.kind==="unreadable")return{...a,state:"unreadable",code:m.code,writable:!1,owner:f};let g=h&&
await B2(e,h,r),k=h!==void 0;return{...a,state:"present",writable:m.kind==="granted",owner:f,...p,mountsKnown:k,...g&&{mount:g}}}};
function V2(e,t,n){var i;let o=t.env.GITHUB_WORKSPACE||n.workspace,r=(i=/^(.*\/[0-9a-f]{16})\/hostexecutor(?:\/|$)/.exec(
o))==null?void 0:i[1];return r!==void 0&&e.startsWith(`${r}/`)}async function b$(e,t){let n=t.replace(/\/+[^/]*\/*$/,"")||
"/";return n===t?!1:(await e.stat(n)).kind==="absent"?b$(e,n):(await e.access(n,"w")).kind==="granted"}async function B2(e,t,n){
let o=await e.realPath(n),r=gn(t,o.kind==="ok"?o.value:n);return(r==null?void 0:r.target)==="/"?void 0:r}async function W2(e,t){
let n,o=async(s,a)=>{let d=await e.list(s);return d.kind==="unreadable"&&(n??={path:$(s,500),code:d.code}),d.kind!=="ok"?
[]:d.value.filter(c=>!c.startsWith(".")&&c!=="lost+found"&&c.length<=100).sort().slice(0,a)},r=await o(t,M2);return{tools:(await Promise.
all(r.map(async s=>{let d=(await o(`${t}/${s}`,G2)).filter(q2).map(async c=>{let l=await o(`${t}/${s}/${c}`,100);return H2.
filter(m=>l.includes(m)).map(m=>({tool:s,version:c,arch:m,complete:l.includes(`${m}.complete`)}))});return(await Promise.
all(d)).flat()}))).flat(),...n&&{unread:n}}}function q2(e){return/^v?\d+\.\d+\.\d+(?:[-+][\w.+-]*)?$/.test(e)}var $$="Checks the directory that `RUNNER_TOOL_CACHE` names, where `setup-node` and similar actions keep their downloads\
: does it exist, can jobs write to it, does it outlive the job, and are its entries complete? A builder image brings its\
 own tools and needs no such cache, so most of this is reported only if the profile says `tool-cache: persistent`.\n\nThe \
directory is read like the actions' own library reads it: `<tool>/<version>/<arch>`, next to `<arch>.complete`.",Ii={"no\
t-set":{level:"skip",title:"No tool cache is set",message:"`RUNNER_TOOL_CACHE` is not set.",more:"Skipped, as in a termi\
nal. In a job whose profile wants a persistent cache, this is `not-persistent`."},"not-writable":{level:"warn",title:"Th\
e tool cache is not writable",headline:({obstacle:e})=>e==="absent"?"The tool cache cannot be created":e==="not-a-direct\
ory"?"The tool cache is not a directory":"The tool cache is not writable",why:({obstacle:e})=>`\`setup-node\`, \`setup-pyth\
on\` and similar actions fail with ${K2[e]} when they have to download a version.`,expected:({account:e})=>`a directory \
that uid ${e.uid} can write to`,tell:e=>({what:`The tool cache ${u(e.path)} ${Z2(e)}.`,fix:X2(e)}),more:"An ordinary use\
r in a container whose cache belongs to root is not warned about unless the profile asks for a cache: Docker creates the\
 runner's volume that way, and it matters only to jobs that use `setup-*` actions."},"not-persistent":{level:"skip",title:"\
The tool cache does not outlive the job",why:"Every job downloads its tools again. That takes minutes, and fails if the \
network or a rate limit is in the way.",expected:"a tool cache that outlives the job",tell:e=>({what:`The profile ${u(e.
profile)} asks for a persistent tool cache, but ${_m(e)}`,fix:J2(e)}),more:"Reported only if the profile says `tool-cach\
e: persistent`; skipped otherwise."},incomplete:{level:"warn",title:"The tool cache holds incomplete downloads",headline:({
entries:e})=>e.length===1?"The tool cache holds an incomplete download":`The tool cache holds ${e.length} incomplete dow\
nloads`,why:"A download was interrupted, or another job is downloading right now. Actions ignore such a directory, so ev\
ery job downloads that version again.",expected:"a file `<arch>.complete` next to each tool's directory",tell:e=>({what:`\
The tool cache ${u(e.path)} has ${tM(e)} without the file \`.complete\`.`,fix:nM(e)})}},K2={absent:"`EACCES`",unreadable:"\
`EACCES`","not-a-directory":"`ENOTDIR`","read-only":"`EROFS`",owner:"`EACCES`"};function _m(e){return`${u(e.path)} is no\
t kept for the next job: ${Nm(e.cause)}.${z2(e)}`}function Nm(e){switch(e){case"not-set":return"RUNNER_TOOL_CACHE is not\
 set";case"per-job":return"it is in the folder that the runner removes after the job";case"absent":return"it does not ex\
ist in this container";case"in-container":return"it is part of the container, which is removed after the job";case"in-me\
mory":return"it is in memory (tmpfs)";case"unnamed-volume":return"its volume has no name and is removed with the contain\
er"}}function z2({cause:e,situation:t,runnerVersion:n}){if(e!=="not-set"&&e!=="absent"&&e!=="in-container")return"";let o=Te(
"tool-cache-not-kept");switch(ht("tool-cache-not-kept",t)){case"yes":return` With runner ${u(n??"?")}, ${o.what}.`;case"\
no":return"";case"unknown":return` With runners ${fn(o)}, ${o.what}.`}}function J2({path:e,situation:t}){let{system:n,inContainer:o}=t;
return n==="github"||n==="none"?{text:"Mount a directory of the host at this path.",config:{file:"the workflow's job",language:"\
yaml",text:`container:
  volumes:
    - ${Se(`/srv/toolcache:${e}`)}`},kind:"workflow",otherwise:v$}:o?{text:`Mount a directory of the host at this path, \
and allow it: the runner silently drops what \`valid_volumes\` does not name.${n==="gitea"?" With `capacity: 1`, `tool_c\
ache_mode: shared` (runner 3.2.0 and newer) does the same with a volume.":""}`,config:{file:oe,language:"yaml",text:`con\
tainer:
  options: ${Se(`--volume ${w(`/srv/toolcache:${e}`)}`)}
  valid_volumes:
    - /srv/toolcache`},commands:["sudo mkdir -p /srv/toolcache",...j(t)],kind:"runner",otherwise:v$}:n!=="gitea"?x$:{text:`\
Let the runner keep one cache for all its jobs. \`capacity\` must be 1, because two jobs that install the same version at \
once damage the cache.${Y2(t)}`,config:{file:oe,language:"yaml",text:`runner:
  capacity: 1
  tool_cache_mode: shared`},commands:j(t),kind:"runner",otherwise:x$}}var v$={text:"Put what every job needs into the im\
age: no download, no cache, and the same version everywhere.",kind:"image"},x$={text:"Install what every job needs on th\
e machine: no download, no cache, and the same version in every job.",kind:"host"};function Y2(e){return ht("tool-cache-\
not-kept",e)==="yes"?"":" This needs runner 3.2.0 or newer: older ones ignore `tool_cache_mode`."}function Z2({obstacle:e,
errno:t,account:n}){switch(e){case"absent":return`does not exist, and uid ${n.uid} cannot create it`;case"unreadable":return`\
cannot be read (${t})`;case"not-a-directory":return"is not a directory";case"read-only":return"is mounted read-only";case"\
owner":return`is not writable for uid ${n.uid}`}}function X2(e){let{obstacle:t,path:n,account:o,situation:r}=e;switch(t){case"\
absent":return{text:`Create the directory for ${T$(o)}.`,commands:[`sudo install -d -o ${o.uid} -g ${o.gid} ${w(n)}`],kind:"\
host"};case"unreadable":return{text:"Give the jobs' user access to every directory above it. This command shows which on\
e is closed.",commands:[`namei -l ${w(n)}`],kind:r.inContainer?"image":"host"};case"not-a-directory":return{text:"Replac\
e the file with a directory, or point `RUNNER_TOOL_CACHE` to another path.",kind:r.inContainer?"image":"host"};case"read\
-only":return{text:"Remove `:ro` from its mount in `container.options` of the runner's `config.yaml`.",commands:j(r),kind:"\
runner"};case"owner":return Q2(e)}}function T$({uid:e}){return`the user that the jobs run as (uid ${e})`}function Q2({path:e,
mount:t,account:n,situation:o}){let r=T$(n),i=/^\/[^/]*tool[^/]*$/i.test(e)||/tool[^/]*\/*$/i.test(e)&&!St(e),s=d=>`chow\
n -R ${n.uid}:${n.gid} ${d}`;if(!o.inContainer)return{text:`Give the directory to ${r}.`,...i&&{commands:[`sudo ${s(w(e))}`]},
kind:"host"};if(t===void 0)return{text:`Give the directory to ${r}.`,...i&&{config:{file:"Dockerfile",language:"dockerfi\
le",text:`RUN ${s(w(e))}`}},kind:"image"};let a=R$(t);return a===void 0?{text:`Give the host's directory that is mounted\
 there (${u(t.root)} on its file system) to ${r}.`,kind:"host"}:{text:`Give the volume to ${r}. A new volume takes the o\
wner of the directory in the image.`,commands:[`sudo ${s(P$(a))}`],kind:"host"}}function R$(e){var t;return(t=/\/volumes\/([\w.-]+)\/_data$/.
exec((e==null?void 0:e.root)??""))==null?void 0:t[1]}function P$(e){return`"$(docker volume inspect -f '{{.Mountpoint}}'\
 ${w(e)})"`}var eM=20;function tM({entries:e}){let t=e.slice(0,5).map(u);return e.length>t.length?`${t.join(", ")} and ${e.
length-t.length} more`:v(t)}function nM({path:e,mount:t,entries:n,situation:o}){let[r,i]=n.length===1?["this directory",
"it"]:["these directories","them"],s=`Remove ${r} when no job is running: a running job may be using ${i}. The next job \
downloads ${i} again. If this happens again, look for canceled jobs, a full disk, or two jobs that share the cache.`,a=o.
inContainer?R$(t):void 0;if(o.inContainer&&a===void 0){let l=t===void 0?"":` (${u(t.root)} on its file system)`;return{text:`${s}\
 On the host, the cache is the directory mounted at ${u(e)}${l}.`,kind:"host"}}if(a===void 0&&St(e)&&!/tool/i.test(e))return{
text:s,kind:"host"};let[d,c]=a===void 0?["",w(e)]:[`dir=${P$(a)} && `,'"${dir:?}"'];return{text:s,commands:n.slice(0,eM).
map(l=>`${d}sudo rm -r ${c}/${w(l)}`),kind:"host"}}var Dm={contents:{title:"Unknown which tools the tool cache has",why:"\
`setup-*` actions list this directory too. If they cannot, they fail, or download the tool again in every job.",expected:"\
a directory that can be listed",tell:({path:e,errno:t})=>({what:`${u(e)} cannot be listed: ${ve(t)}.`,fix:he(e,t)})},mounts:{
title:"Unknown whether the tool cache is kept",why:"If it is not, every job downloads its tools again, which takes minut\
es and fails without a network.",expected:({path:e})=>`the mount that contains ${u(e)}`,tell:({path:e})=>({what:`Could n\
ot find out whether ${u(e)} is a mount: \`/proc/self/mountinfo\` cannot be read.`,fix:he("/proc/self/mountinfo","EACCES")})}};var A$={id:"runner/tool-cache",title:"Downloads of `setup-*` actions are kept for the next job",intro:$$,reasons:Ii,needs:{
cache:w$,container:R,account:Ai,job:S},judge({cache:e,container:t,account:n,job:o},r){let i={cache:e,container:t,account:n,
job:o,policy:r};if(e.path===void 0)return r.toolCache==="persistent"&&o.inJob?S$(i,"not-set"):ln(Ii,"not-set",{});if(e.state===
"unreadable"||e.state==="not-a-directory"||!e.writable&&oM(i)&&rM(i))return O$(i);if(!e.mountsKnown)return r.toolCache===
void 0?E$(e.path,"it is not known whether it is kept"):t.mode==="unknown"?lc("runner/tool-cache",t,r):A(Dm,"mounts",{path:e.
path},{observed:"no mounts to read",evidence:Ci(e)});let s=sM(i);if(s!==void 0)return S$(i,s);if(!e.writable)return E$(e.
path,`only ${iM(e)} can write to it`);let a=e.tools.filter(({complete:d})=>!d);if(a.length>0)return aM(i,a);if(e.unread){
let{path:d,code:c}=e.unread,l=[...Ci(e),{source:d,text:c}];return A(Dm,"contents",{path:d,errno:c},{observed:c,evidence:l})}
return e.state!=="present"&&e.state!=="absent"?q("runner/tool-cache","the directory"):{kind:"pass",message:`${u(e.path)}\
, ${I$(e.tools)}`,evidence:Ci(e)}}};function oM({cache:e,container:t}){return e.state==="present"||t.mode==="host"&&!e.perJob}
function rM({container:e,account:t,policy:n}){return n.toolCache!==void 0||e.mode==="host"||t.uid===0}function E$(e,t){return{
kind:"skip",reason:"not-applicable",message:`${u(e)}: ${t}. The profile does not ask for a tool cache.`}}function iM({owner:e}){
return e===void 0?"its owner":`uid ${e.uid}`}function sM({cache:e,container:t}){return t.mode==="host"?e.perJob?"per-job":
void 0:e.state==="absent"?"absent":e.mount?e.mount.fsType==="tmpfs"?"in-memory":/\/volumes\/[0-9a-f]{64}\/_data$/.test(e.
mount.root)?"unnamed-volume":void 0:"in-container"}function Ci({path:e="",state:t,owner:n,mount:o,tools:r}){let i=n?`, m\
ode ${B(n.mode)}, uid ${n.uid}, gid ${n.gid}`:"";return[{source:"RUNNER_TOOL_CACHE",text:e},{source:e,text:`${t}${i}, ${I$(
r)}`},...o?[{source:"/proc/self/mountinfo",text:`${o.root} on ${o.target} (${o.fsType})`}]:[]]}function I$({length:e}){return`${e}\
 ${e===1?"tool":"tools"}`}function Fm({cache:e,container:t,job:n}){return{path:e.path??"/opt/hostedtoolcache",mount:e.mount,
situation:M(t,n)}}function S$(e,t){let{cache:n,job:o,policy:r}=e,i=r.toolCache==="persistent",s={...Fm(e),cause:t,runnerVersion:o.
runnerVersion,profile:r.profile};return i?y(Ii,"not-persistent",s,{level:"fail",observed:Nm(t),evidence:Ci(n)}):{kind:"s\
kip",reason:"not-persistent",message:_m(s)}}function O$(e){let{cache:t,account:n}=e,{state:o,owner:r,mount:i,code:s}=t,a={
...Fm(e),obstacle:o!=="present"&&o!=="not-set"?o:i!=null&&i.readOnly?"read-only":"owner",errno:s,account:n},d=r?`mode ${B(
r.mode)}, uid ${r.uid}, gid ${r.gid}`:o;return y(Ii,"not-writable",a,{observed:d,evidence:Ci(t)})}function aM(e,t){let{cache:n}=e,
o=t.map(({tool:a,version:d,arch:c})=>`${a}/${d}/${c}`),r=o.slice(0,5).join(", "),i=[...Ci(n),{source:n.path??"",text:r}],
s=`${o.length} of ${n.tools.length} incomplete`;return y(Ii,"incomplete",{...Fm(e),entries:o},{observed:s,evidence:i})}var C$="Judges the user that host jobs run as. In a container, the image and `container.options` choose the user, so it \
is skipped.",Sc={"not-in-docker-group":{level:"fail",title:"The jobs' user is not in the Docker socket's group",headline:({
user:e,uid:t,group:n})=>`${e===void 0?`uid ${t}`:u(T(e,18))} is not in the group ${u(T(jm(n),16))}`,why:"Every `docker` \
command of a host job fails with `permission denied while trying to connect`.",expected:({group:e})=>`group ${jm(e)} (${e.
gid})`,tell:e=>({what:`${e.user===void 0?`The user with uid ${e.uid}`:u(e.user)} is not in the group ${u(jm(e.group))}, \
which owns ${u(e.socket)}.`,fix:dM(e)}),more:"[`docker/socket`](docker.md#permission-denied) reports the same cause, and\
 this check waits for it. You see this finding only if `docker/socket` is switched off."},root:{level:"warn",title:"Host\
 jobs run as root",why:"Nothing separates a job from the machine. A wrong path in a script, or any dependency, can chang\
e or read everything, including the runner's registration. Files that jobs leave in the work directory also belong to ro\
ot.",expected:"a user of its own for the runner",tell:({situation:e})=>({what:"Host jobs run as root (uid 0).",fix:cM(e)}),
more:"Reported for jobs only: not for a person who looks at the machine as root, and not for root in the runner's own co\
ntainer."}};function jm({gid:e,name:t}){return t??String(e)}function dM({user:e,uid:t,group:n,situation:o}){let r="A run\
ning process keeps its groups, so restart the runner. Members of this group have the power of root.";if(o.inRunnerContainer)
return st(`--group-add ${n.gid}`);if(n.gid===0){let{commands:a=[],...d}=e===void 0?$t(o,"SupplementaryGroups=docker"):{commands:[
`sudo usermod -aG docker ${N(e)}`,...j(o)]};return{...d,text:`Create the group \`docker\`, give it to the runner's user, a\
nd restart Docker, which then gives its socket to that group. ${r} ${G}`,commands:["sudo groupadd --force docker","sudo \
systemctl restart docker.socket docker.service",...a],kind:"host"}}let i=n.name??"docker-socket",s=n.name===void 0?[`sud\
o groupadd --gid ${n.gid} ${i}`]:[];return e===void 0?{text:`Give the runner's service this group: uid ${t} has no accou\
nt that could be added to it. ${r}`,...$t(o,`SupplementaryGroups=${n.gid}`),kind:"host"}:{text:`Add the user to the grou\
p. ${r}`,commands:[...s,`sudo usermod -aG ${w(i)} ${N(e)}`,...j(o)],kind:"host"}}function cM(e){return{...lM(e),otherwise:uM}}
function lM(e){let t=Me(e),n=`/var/lib/${t}`;if(e.system==="github")return{text:"Install the service again, as its own u\
ser. Do this in the directory of the runner when no job is running.",commands:["sudo useradd --create-home github-runner",
`test -f .runner && sudo ./svc.sh stop && sudo ./svc.sh uninstall && sudo chown -R github-runner: .   # ${ur}`,"sudo ./s\
vc.sh install github-runner && sudo ./svc.sh start"],kind:"host"};let{config:o,commands:r=[]}=$t(e,`User=${t}
Group=${t}
WorkingDirectory=${n}`);return{text:`Run the service as its own user, which must own the working directory with \`.runner\
\` (here ${u(n)}). If it is elsewhere, move \`.runner\` there before you change the owner.`,...o&&{config:o},commands:[`\
sudo useradd --system --create-home --home-dir ${n} ${t}`,`sudo usermod -aG docker ${t}   # only if host jobs need Docke\
r`,`sudo chown ${t}: ${n}/.runner`,...r],kind:"host"}}var uM={text:"If these jobs must be root, say so in the policy.",config:{
file:".gitea/runner-check.yml",language:"yaml",text:`severity:
  "runner/user:root": off`},kind:"workflow"};var _$={id:"runner/user",title:"Host jobs run as an ordinary user that may use Docker",intro:C$,reasons:Sc,needs:{account:Ai,
os:it,container:R,job:S,socket:Id},after:["docker/socket"],judge({account:e,os:t,container:n,job:o,socket:r},i){if(n.mode!==
"host")return{kind:"skip",reason:"not-applicable",message:"In a container, the image and `container.options` choose the \
user."};if(e.uid===void 0)return{kind:"skip",reason:"not-applicable",message:"This platform has no numeric user ids."};let s=M(
n,o),a=fM(e,t.user,r,i,s);if(a)return a;let d=!Sn(o)||i.runsIn!=="container",c=o.system!=="none"&&n.insideContainer===void 0&&
d;return e.uid===0&&c?y(Sc,"root",{situation:s},{observed:"uid 0",evidence:[{source:"id",text:"uid=0"}]}):{kind:"pass",message:`${t.
user} (uid ${e.uid})`,evidence:[N$(e)]}}};function N$({uid:e,gid:t,groups:n}){return{source:"id",text:`uid=${e} gid=${t}\
 groups=${n.join(",")}`}}function fM(e,t,n,o,r){if(o.docker.require!=="required"||n.kind!=="unix"||!n.owner)return;let{owner:i,
path:s,connection:a}=n,d=i.gid===e.gid||e.groups.includes(i.gid),c=(i.mode&16)!==0;if(a!=="EACCES"||d||!c)return;let l={
user:t.startsWith("uid ")?void 0:t,uid:e.uid??0,group:{gid:i.gid,name:i.group},socket:s,situation:r},f=[N$(e),{source:s,
text:`mode ${B(i.mode)}, uid ${i.uid}, gid ${i.gid}`}];return y(Sc,"not-in-docker-group",l,{observed:`groups ${e.groups.
join(", ")}`,evidence:f})}var Hm="Compares the version that the runner states in `GITEA_ACTIONS_RUNNER_VERSION` with what is known about releases \
of Gitea's runner. Other runners are skipped: Forgejo's version numbers mean something else. A build without a number (`\
dev`) passes, because nothing is known about it.",Lm=Te("gpu-option-dropped"),Um=Te("api-client-too-old"),mM='The only t\
race is a line in the job\'s setup log: `container option "--gpus" is not allowed when privileged mode is disabled and wi\
ll be ignored`.',na={outdated:{level:"warn",title:"The runner is older than 1.0.0 and gets no more fixes",headline:({version:e})=>`\
Runner ${T(e,16)} is outdated and gets no more fixes`,why:({version:e})=>`Job summaries need 2.0.0, the runner's health \
check 2.2.0 and job hooks 3.0.0.${Yt(Um,e)==="yes"?" Docker 29.0 to 29.2 refuse this version's Docker client.":""}`,expected:"\
1.0.0 or newer",tell:({version:e})=>({what:`Runner ${u(e)} is \`act_runner\`, as Gitea's runner was called before 1.0.0.`,
fix:{text:`Install a current release from https://gitea.com/gitea/runner/releases next to the old one, and compare its c\
hecksum. Program and service are now called \`gitea-runner\`: create its unit with the same \`--config\`. The last command c\
hanges over when no job is running. If the new service does not start, it starts the old one again. \`config.yaml\`, \`.run\
ner\` and the labels stay as they are. For GPU labels, avoid ${fn(Lm)}, which drop \`--gpus\`.`,commands:["sudo install \
-m 755 gitea-runner /usr/local/bin/gitea-runner && gitea-runner --version","systemctl cat act_runner && sudo systemctl e\
dit --force --full gitea-runner.service   # the same with gitea-runner","sudo systemctl stop act_runner; if sudo systemc\
tl enable --now gitea-runner; then sudo systemctl disable act_runner; else sudo systemctl start act_runner; fi"],kind:"r\
unner",otherwise:{text:"If the runner itself runs in Docker, use the image `gitea/runner` instead of `gitea/act_runner`,\
 with the same `/data`.",kind:"runner"}}}),more:`Runners ${fn(Um)} also fail with Docker 29.0 to 29.2: ${Um.what}.`},"kn\
own-bad":{level:"warn",title:"This release drops `--gpus` from unprivileged containers",headline:({version:e})=>`Runner ${T(
e,15)} drops \`--gpus\` from container options`,why:`The job starts without its GPU. ${mM}`,expected:`a version other th\
an ${fn(Lm)}`,tell:({version:e,profile:t,isRequired:n,situation:o})=>({what:`Runner ${u(e)} has a known problem: ${Lm.what}\
. The profile ${u(t)} ${n?"requires":"wants"} a GPU, and this container has none.`,fix:rc(o)}),more:"Reported in unprivi\
leged containers without a GPU whose profile wants one: a failure with `gpu: required`, and a warning with `require: opt\
ional` and an expectation, such as `count` or `memory`. A profile that says no more than `optional` or `forbidden` never\
 sees it."}};var D$="runner/version",F$="The runner's version has no known problem that matters here";function pM(e){return{id:D$,title:F$,
intro:Hm,reasons:na,needs:{job:S,container:R,...e&&{nvidia:Ot,request:dc}},judge(t,n){let{job:o,container:r}=t,i=ks(o);if(i===
void 0)return{kind:"skip",reason:"not-applicable",message:hM(o)};let s=[{source:"GITEA_ACTIONS_RUNNER_VERSION",text:i}],
a={observed:i,evidence:s};if(Yt(Te("old-name"),i)==="yes")return y(na,"outdated",{version:i},a);if(e&&cm(t)){let d=n.gpu.
require==="required",c={version:i,profile:n.profile,isRequired:d,situation:M(r,o)};return y(na,"known-bad",c,{...a,...d&&
{level:"fail"}})}return{kind:"pass",message:yM(i),evidence:s}}}}var j$={id:D$,title:F$,intro:Hm,reasons:na,expand:e=>[pM(
gM(e))]};function hM({system:e}){return e==="gitea"?"The runner does not state its version (`GITEA_ACTIONS_RUNNER_VERSIO\
N`).":"Only versions of Gitea's runner are judged, and this is another one."}function gM({gpu:{require:e,...t}}){return e===
"optional"?Object.values(t).some(n=>n!==void 0):e==="required"}function yM(e){return/\d/.test(e)?`Gitea's runner ${e}`:`\
Gitea's runner ${u(e)}: a build without a version number, so nothing is known about it`}var kM=4*1024*1024;function L$(e,t){return{name:`service:${e}`,async collect(n,o,r,i){let s=Pe(t);if(!s)return{url:"",answer:{
kind:"no-url"}};let a=await dd("services",o,i),d=a?void 0:Bu(s),c=re(),{via:l,trustedBy:f,untrusted:m,...p}=await Ao(n,s,
{headers:{accept:"application/json, */*",...d!==void 0&&{authorization:d}},authorities:ci(n),maxBody:kM,signal:r});return{
...a&&{withheld:a},url:_n(s),...l!==void 0&&{via:l},answer:p.kind==="answered"?{...bM(p.status,a?wM(p.body):p.body,p.truncated),
ms:Rt(c)}:p}}}}function wM(e){return U$(e)?e:""}function bM(e,t,n){let o=U$(t);return{kind:"answered",status:e,...o?{models:o}:
{body:$(t.trim(),300)},...n&&{truncated:n}}}function U$(e){let t=P(vM(e)),n=[t==null?void 0:t.models,t==null?void 0:t.data].
find(Array.isArray);return n==null?void 0:n.map(o=>{var r,i;return((r=P(o))==null?void 0:r.name)??((i=P(o))==null?void 0:
i.id)}).filter(o=>typeof o=="string").slice(0,1e3).map(o=>$(o,200))}function vM(e){try{return JSON.parse(e)}catch{return}}var M$="The check sends one `GET`. Any status below 400 counts as an answer, and a redirect is not followed. A user and \
a password in the address are sent as such, and never shown. With `models`, the answer has to list them, like Ollama at \
`/api/tags` or a server with OpenAI's API at `/v1/models`. A model without a tag means `:latest`.",Oc="Steps that need t\
he service fail late, often as a test that times out.",Mo={refused:{level:"fail",title:"The service cannot be reached",headline:({
name:e})=>`The service ${u(T(e,28))} cannot be reached`,why:Oc,expected:Ac,tell:e=>({what:H$(e),fix:xM(e)})},timeout:{level:"\
fail",title:"The service does not answer in time",headline:({name:e})=>`The service ${u(T(e,22))} does not answer in tim\
e`,why:Oc,expected:Ac,tell:e=>({what:`${u(e.name)} does not answer at ${u(e.url)} within the deadline.`,fix:{text:`Check\
 whether the service is busy, and whether a firewall drops packets.${_i(e)?" An Ollama that is loading a large model sti\
ll answers this address immediately.":""}`,commands:[Pt(e.url),...Mm(e)],kind:"host"}}),more:"The deadline is the input \
`timeout`."},"http-error":{level:"fail",title:"The service answers with an error",headline:({name:e,status:t})=>`The ser\
vice ${u(T(e,22))} answers with status ${t}`,why:Oc,expected:Ac,tell:e=>({what:`${u(e.name)} answers ${u(e.url)} with st\
atus ${e.status}.`,fix:{text:e.status===401||e.status===403?"Use an address in the policy that answers without a login, \
such as one for health checks: the service requires a login, or another one.":"Check the service's log, and whether the \
address in the policy is right.",commands:[Pt(e.url),...Mm(e)],kind:"host"}})},"unexpected-body":{level:"fail",title:"Th\
e service's answer is not the expected one",headline:e=>"answer"in e?`The service ${u(T(e.name,26))} does not speak HTTP`:
`The service ${u(T(e.name,28))} lists no models`,why:Oc,expected:Ac,tell:e=>"answer"in e?{what:H$(e),fix:RM(e)}:{what:`${u(
e.name)} answers at ${u(e.url)}, but lists no models there${e.isTruncated?": the answer is too long":""}.`,fix:PM(e)}},"\
model-missing":{level:"fail",title:"The service lacks a model",headline:({name:e,missing:t})=>t.length===1?`${u(T(e,18))}\
 does not have ${u(T(t[0]??"",22))}`:`${u(T(e,30))} lacks ${t.length} models`,why:"Steps that use the model fail late, w\
ith an error of the service in the middle of a test.",expected:({models:e})=>v(e),tell:e=>({what:`${u(e.name)} does not \
have ${v(e.missing.map(u))}${e.near.length===0?"":`; it has ${v(e.near.map(u))}`}.`,fix:EM(e)})}};function Ac({models:e}){
return e.length===0?"an answer below status 400":v(e)}function H$({name:e,url:t,answer:n,via:o}){return`${u(e)} cannot b\
e reached at ${u(t)}: ${Zt(n,o)}.`}function _i({name:e,url:t}){return/ollama/i.test(e)||/:11434(?:\/|$)|\/api\/tags$/.test(
t)}function G$({url:e}){return Fe(jt(e))}function V$(e){let{inContainer:t,inRunnerContainer:n}=e.situation;return(t||n)&&
G$(e)}function Vm(e){var t;return((t=/^https?:\/\/[^/]+/.exec(e))==null?void 0:t[0])??e}function Mm(e){return _i(e)?["sy\
stemctl status ollama","sudo journalctl -u ollama --since -1h --no-pager | tail -50"]:[]}function B$(e){return`${e} list\
ens only on its machine's \`127.0.0.1\` until \`OLLAMA_HOST=0.0.0.0\` is set for its service, which opens it to the whole ne\
twork.`}function xM(e){let{url:t,answer:n,situation:o}=e;if(V$(e))return W$(e);switch(Ge(n)){case"unresolvable":return{text:"\
Correct the name in the policy, or make it resolve here. A container's name is known only in its own Docker network.",commands:[
`getent hosts ${N(jt(t))}`],kind:"host"};case"untrusted":case"no-tls":return{text:"Correct `http` or `https` in the poli\
cy's address, or make the certificate's authority known to this machine.",commands:[Pt(t)],kind:"host"};case"proxy":return $M(
t,o);case"no-route":return{text:"Check the address in the policy, and the network on the way to it: routes and firewalls\
. Nothing there accepts or refuses the connection.",commands:[Pt(t)],kind:"host"};case"broken":return{text:"Check the se\
rvice's log, and whether the address in the policy is right: something there accepts the connection and closes it.",commands:[
Pt(t),...Mm(e)],kind:"host"};default:return TM(e)}}function $M(e,t){let{text:n,commands:o=[],...r}=pi("the service",jt(e),
t),i=`curl -sS -m 10 --noproxy '*' -i ${N(e)} | head -20`;return{...r,text:`${n} A service in a private network needs no\
 proxy; the first command asks it directly.`,commands:[i,...o]}}var Gm="host.docker.internal";function W$(e){var i;let t=((i=
/:\d+$/.exec(Vm(e.url)))==null?void 0:i[0])??"",n=_i(e)?B$("Ollama"):"The service must listen on more than the host's `1\
27.0.0.1`.",o=`--add-host=${Gm}:host-gateway`,r=u(`http://${Gm}${t}`);if(e.situation.inRunnerContainer){let{text:s,...a}=st(
o);return{...a,text:`${s} Then use ${r} in the policy and in the tests: here, \`localhost\` is the runner's container. ${n}`}}
return{text:`Give the host a name in job containers, and use it in the policy and in the tests: ${r}. In a job container\
, \`localhost\` is the container itself. ${n}`,...ae(e.situation,o)}}function TM(e){return _i(e)?{text:G$(e)?"Start Olla\
ma, now and at every boot.":`Start Ollama on its machine. ${B$("It")}`,commands:["sudo systemctl enable --now ollama",Pt(
e.url)],kind:"host"}:{text:"Start the service, or correct its address in the policy.",commands:["ss -ltnp",Pt(e.url)],kind:"\
host"}}function RM(e){return V$(e)?W$(e):{text:"Correct the service's address in the policy: something else listens ther\
e.",commands:["ss -ltnp",Pt(e.url)],kind:"host"}}function PM(e){let{name:t,url:n,models:o,profile:r}=e,i=JSON.stringify(
`${Vm(n)}${_i(e)?"/api/tags":"/v1/models"}`);return{text:"Use the address that lists the models, here or in the input `s\
ervices`: `/api/tags` of Ollama, `/v1/models` of a server with OpenAI's API. If it is that already, something else liste\
ns there.",config:{file:".gitea/runner-check.yml",language:"yaml",text:`profiles:
  ${Se(r)}:
    services:
      - { name: ${Se(t)}, url: ${i}, models: [${o.map(Se).join(", ")}] }`},commands:[Pt(n)],kind:"workflow"}}function EM(e){
if(!_i(e))return{text:"Let the service load the model, or correct its name in the policy.",commands:[Pt(e.url)],kind:"ho\
st"};let t=Vm(e.url).replace(`//${Gm}`,"//localhost"),o=Fe(jt(t))&&t.endsWith(":11434")?"":`OLLAMA_HOST=${w(t)} `;return{
text:"Pull the model when you set up the runner, not in the job: there it costs every run its time, or its deadline.",commands:e.
missing.map(r=>`${o}ollama pull ${N(r)}`),kind:"host"}}var q$={"invalid-address":{title:"The address of a service is not\
 a URL",headline:({name:e})=>`The address of ${u(T(e,28))} is not a URL`,why:"The service is not asked. If it does not a\
nswer, the jobs that need it fail.",expected:"an address such as `http://ollama:11434`",tell:({name:e})=>({what:`The add\
ress of ${u(e)} in the policy is not an http or https URL.`,fix:{text:`Correct the \`url\` of ${u(e)} in the policy: it \
begins with \`http://\` or \`https://\`, then comes the host.`,kind:"workflow"}})}};function K$(e,t){return`${u(T(e,64))}\
 answers ${t}. In a pull request from a fork, a service that only the workspace's policy names gets no login. To trust t\
his workspace, set the input \`trust-policy: true\`.`}var J$={id:"service/*",title:"The service answers, and has its models",intro:M$,reasons:Mo,expand:({services:e})=>e.map(
SM)};function SM(e){let{name:t,url:n,models:o}=e;return{id:`service/${t}`,title:o.length===0?`${u(T(t,40))} answers`:`${u(
T(t,40))} has its models`,reasons:Mo,needs:{service:L$(t,n),container:R,job:S},judge:({service:r,container:i,job:s},{profile:a})=>OM(
e,r,M(i,s),a)}}function OM({name:e,models:t},n,o,r){let{answer:i,url:s,via:a}=n,d={name:e,url:s,models:t,situation:o},c=CM(
n);switch(i.kind){case"no-url":return A(q$,"invalid-address",{name:e},{observed:s,evidence:c});case"other-proxy":return{
kind:"skip",reason:"not-applicable",message:Io(u(s),a)};case"timed-out":return y(Mo,"timeout",d,{observed:Ve(i),evidence:c});case"\
failed":{let k=Ge(i)==="not-http"?"unexpected-body":"refused";return y(Mo,k,{...d,answer:i,via:a},{observed:Ve(i),evidence:c})}case"\
answered":break}let{status:l,ms:f}=i;if(n.withheld&&(l===401||l===403))return{kind:"skip",reason:"untrusted",message:K$(
e,l)};if(!Number.isInteger(l))return q(`service/${e}`,"the status");if(l>=400)return y(Mo,"http-error",{...d,status:l},{
observed:`status ${l}`,evidence:c});if(t.length===0)return{kind:"pass",message:`${u(e)} answers ${l} in ${f} ms`,evidence:c};
if(i.models===void 0){let k=i.truncated===!0;return y(Mo,"unexpected-body",{...d,profile:r,isTruncated:k},{observed:AM(i),
evidence:c})}let m=i.models,p=t.filter(k=>!m.some(b=>IM(b,k)));if(p.length===0)return{kind:"pass",message:`${u(e)} has ${v(
t.map(u))}`,evidence:c};let h=m.filter(k=>p.some(b=>z$(b)===z$(k))),g=m.length===0?"no models":m.slice(0,20).join(", ");
return y(Mo,"model-missing",{...d,missing:p,near:h},{observed:g,evidence:c})}function AM({body:e}){return e===""||e===void 0?
"an empty answer":e}function IM(e,t){let n=o=>/:[^/]+$/.test(o);return n(e)?e.toLowerCase()===(n(t)?t:`${t}:latest`).toLowerCase():
e===t||`${e}:latest`===t}function z$(e){return e.toLowerCase().replace(/:[^/]+$/,"")}function CM({answer:e,url:t,via:n}){
return[{source:`GET ${t}${n===void 0?"":` through ${n}`}`,text:_M(e)}]}function _M(e){var t;switch(e.kind){case"answered":{
let n=(t=e.models)==null?void 0:t.length,o=n===void 0?e.body:`${n} ${n===1?"model":"models"}`;return[`status ${e.status}`,
o].filter(Boolean).join(", ")}case"no-url":return"not asked";default:return Ve(e)}}function Vn(e){return e instanceof Error?e.message:String(e)}function Bn(e,t){return`runner-check could not write ${e}: ${String(
t)}`}var Go=["docker","rust","git","gpu"],Z$=`off, all, or a list of ${Go.join(", ")}`;function X$(e){if(e.length<2&&/^(?:off|false|)$/i.
test(e[0]??""))return;let t=e.find(o=>!NM(o)&&!Y$(o)&&o!=="all");if(t!==void 0)return{unknown:t};if(e.includes("all"))return{
parts:Go,all:!0};let n=e.map(o=>Y$(o)?"docker":o);return{parts:Go.filter(o=>n.includes(o)),all:!1}}function NM(e){return Go.
includes(e)}function Y$(e){return/^true$/i.test(e)}async function Vo({ask:e,request:t},n,o){let{run:r,found:i}=await e(o);return r.kind==="untrusted"&&!t.trusts?{kind:"unt\
rusted",by:r.by}:i?i.path:r.kind==="search-timed-out"?{kind:"not-done",message:`${r.directory} did not answer`}:{kind:"a\
bsent",what:n}}var DM=["PATH","HOME","DOCKER_HOST","DOCKER_CONTEXT","DOCKER_CONFIG","DOCKER_CERT_PATH","DOCKER_TLS_VERIFY"],FM=2e3;async function Q$(e){
let{host:t,ask:n,id:o}=e,r=await Vo(e,"docker",no);if(typeof r!="string")return r;let i=await n(Wd);if(i.kind==="no-imag\
e")return{kind:"absent",what:"image"};if(i.kind!=="found")return{kind:i.kind==="forbidden"?"forbidden":"not-done",message:i.
message};let{endpoint:s}=await n(ee),a=`runner-check-run-${o}`,d=[r,"run","--rm","--name",a,"--label","runner-check=smok\
e","--entrypoint","true",i.name],l=`timeout 20 env -i ${DM.flatMap(m=>t.env[m]?[w(`${m}=${t.env[m]}`)]:[]).join(" ")} ${w(
r)} rm --force ${a}`,f=t.ifKilled(`${l}; sleep 1; ${l}`);return{kind:"ready",subject:i.name,sequences:[{name:"docker",steps:[
{command:d,cwd:"/",env:{LC_ALL:"C"}}]}],async remove(m){let p=(m==null?void 0:m.kind)==="done"?m.steps[0]:void 0,h=(p==null?
void 0:p.code)===0,g=new xi(t,s,re()+FM),k=h||await Bd(g,a,(p==null?void 0:p.end)==="exited");return f(),k?void 0:a}}}var jM=Object.entries({"user.name":"runner-check","user.email":"runner-check@localhost","commit.gpgSign":"false","core.h\
ooksPath":"/dev/null","core.fsmonitor":"false","gc.auto":"0","maintenance.auto":"false","protocol.file.allow":"always","\
init.defaultBranch":"main"}).flatMap(([e,t])=>["-c",`${e}=${t}`]);async function e0(e){var a;let t=((a=e.request.policy.
tools.git)==null?void 0:a.command)??["git","--version"],n=await Vo(e,"git",Xe("git",t));if(typeof n!="string")return n;let o=`${await e.
workspace()}/git`,r=`${o}/first`,i={GIT_TERMINAL_PROMPT:"0",LC_ALL:"C"},s=(...d)=>({command:[n,...jM,...d],shown:["git",
...d].join(" "),cwd:r,env:i});return{kind:"ready",sequences:[{name:"git",steps:[{...s("init","--quiet","--template=",r),
cwd:"/",files:{[`${r}/file`]:`runner-check
`}},s("add","file"),s("commit","--quiet","--message","runner-check"),s("clone","--quiet","--bare","--template=",r,`${o}/\
bare.git`),s("clone","--quiet","--template=",`${o}/bare.git`,`${o}/second`),s("-C",`${o}/second`,"checkout","--quiet","-\
b","other")]}]}}var LM=`extern void *dlopen(const char *, int), *dlsym(void *, const char *);
extern char *dlerror(void);
extern int printf(const char *, ...);
int main(void) {
	void *cuda = dlopen("libcuda.so.1", 2);
	if (!cuda) return printf("%s\\n", dlerror()), 3;
	int (*init)(unsigned) = (int (*)(unsigned))dlsym(cuda, "cuInit");
	int (*count)(int *) = (int (*)(int *))dlsym(cuda, "cuDeviceGetCount");
	int (*name)(int, const char **) = (int (*)(int, const char **))dlsym(cuda, "cuGetErrorName");
	if (!init || !count) return printf("libcuda.so.1 has no cuInit\\n"), 3;
	const char *called = "cuInit", *error = 0;
	int devices = 0, code = init(0);
	if (!code) called = "cuDeviceGetCount", code = count(&devices);
	if (code) {
		if (name) name(code, &error);
		return printf("%s: %d %s\\n", called, code, error ? error : ""), 4;
	}
	return printf("%d devices\\n", devices), devices ? 0 : 5;
}
`,UM=`use std::ffi::CStr;
use std::mem::transmute;
use std::os::raw::{c_char, c_int, c_uint, c_void};
use std::process::exit;
#[link(name = "dl")]
extern "C" {
	fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
	fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
	fn dlerror() -> *const c_char;
}
unsafe fn text(from: *const c_char) -> String {
	if from.is_null() { String::new() } else { CStr::from_ptr(from).to_string_lossy().into_owned() }
}
fn main() {
	unsafe {
		let cuda = dlopen("libcuda.so.1\\0".as_ptr() as *const c_char, 2);
		if cuda.is_null() { println!("{}", text(dlerror())); exit(3); }
		let init = dlsym(cuda, "cuInit\\0".as_ptr() as *const c_char);
		let count = dlsym(cuda, "cuDeviceGetCount\\0".as_ptr() as *const c_char);
		let name = dlsym(cuda, "cuGetErrorName\\0".as_ptr() as *const c_char);
		if init.is_null() || count.is_null() { println!("libcuda.so.1 has no cuInit"); exit(3); }
		let init: extern "C" fn(c_uint) -> c_int = transmute(init);
		let count: extern "C" fn(*mut c_int) -> c_int = transmute(count);
		let (mut called, mut devices, mut code) = ("cuInit", 0, init(0));
		if code == 0 { called = "cuDeviceGetCount"; code = count(&mut devices); }
		if code != 0 {
			let mut error: *const c_char = std::ptr::null();
			if !name.is_null() {
				let name: extern "C" fn(c_int, *mut *const c_char) -> c_int = transmute(name);
				name(code, &mut error);
			}
			println!("{}: {} {}", called, code, text(error));
			exit(4);
		}
		println!("{} devices", devices);
		exit(if devices > 0 { 0 } else { 5 });
	}
}
`,HM=["cc","gcc","clang","rustc"],MM=/^(?:nvidia(?:\d+|ctl)|nvhost-gpu|nvmap|dxg)$/;async function t0(e){var m;let{host:t,
request:n}=e;if((m=n.policy.smoke)!=null&&m.all){let p=await t.list("/dev");if(p.kind==="ok"&&!p.value.some(h=>MM.test(h)))
return{kind:"absent",what:"GPU"}}let o=await GM(e);if(!("path"in o))return o;let{name:r,path:i}=o,s=`${await e.temp()}/g\
pu`,a=r==="rustc",d=`${s}/${a?"main.rs":"main.c"}`,c=`${s}/main`,l=a?["-C","target-feature=-crt-static","-o",c,d]:["-o",
c,d,"-ldl"],f={LC_ALL:"C",RUSTUP_AUTO_INSTALL:"0",RUSTUP_DIST_SERVER:"file:///dev/null"};return{kind:"ready",subject:r,sequences:[
{name:"gpu",steps:[{command:[i,...l],cwd:"/",env:{...f,TMPDIR:s},files:{[d]:a?UM:LM}},{command:[c],cwd:"/",env:f}]}]}}async function GM(e){
var o;let{tools:t}=e.request.policy,n;for(let r of HM){let i=await Vo(e,r,Xe(r,((o=t[r])==null?void 0:o.command)??[r,"--\
version"]));if(typeof i=="string")return{name:r,path:i};i.kind!=="absent"&&(n??=i)}return n??{kind:"absent",what:"compil\
er"}}var VM=["config","config.toml"],BM=3;function oa(e,t){if(e.env.CARGO_HOME)return Ce(e.env.CARGO_HOME,t);let n=e.env.HOME||
e.userHome;return n?U(Ce(n,t),".cargo"):void 0}async function Ic(e,t){var a;let n=[];for(let d=t;n.push(U(d,".cargo")),d!==
"/";d=d.slice(0,Math.max(1,d.lastIndexOf("/"))));let o=oa(e,t),r=[...new Set([...n,...o===void 0?[]:[o]])],i=await Promise.
all(r.map(d=>WM(e,t,d))),s=(a=i.find(d=>d.unread))==null?void 0:a.unread;return{entries:i.flatMap(({entries:d})=>d),...s&&
{unread:s}}}async function WM(e,t,n){for(let o of VM){let r=await o0(e,t,U(n,o),0);if(r)return r}return{entries:[]}}async function o0(e,t,n,o){
var p,h;let r=xe(n,t)?n.slice(t.length+1):n,i=await Ha(e,t,n,64*1024);if(i.kind==="absent")return;if(i.kind==="unreadabl\
e")return i.code==="ENOTDIR"?void 0:{entries:[],unread:{file:r,why:i.code}};if(i.kind==="refused")return{entries:[],unread:{
file:r,why:i.why}};let s=n0(n),{entries:a,brokenAt:d}=ys(i.value),c=((p=a.find(({path:g})=>g.length===1&&g[0]==="include"))==
null?void 0:p.value)??[],l=o<BM&&typeof c!="string"?await Promise.all(c.map(g=>o0(e,t,Ce(g,s),o+1))):[],f=a.map(g=>({...g,
file:r,base:n0(s)})),m=d===void 0?(h=l.find(g=>g==null?void 0:g.unread))==null?void 0:h.unread:{file:r,why:"syntax",line:d};
return{entries:[...f,...l.reverse().flatMap(g=>(g==null?void 0:g.entries)??[])],...m&&{unread:m}}}function n0(e){return e.
slice(0,Math.max(1,e.lastIndexOf("/")))}var qM={x64:"x86_64",arm64:"aarch64",ia32:"i686",arm:"armv7",ppc64:"powerpc64le",s390x:"s390x",riscv64:"riscv64gc",loong64:"\
loongarch64"};async function Cc(e){let t=qM[e.arch]??e.arch,n=["/lib64/ld-linux-x86-64.so.2","/lib/ld-linux-aarch64.so.1",
`/lib/ld-musl-${t}.so.1`],[o,r,i]=await Promise.all(n.map(a=>e.stat(a))),s=(i==null?void 0:i.kind)==="file"&&(o==null?void 0:
o.kind)==="absent"&&(r==null?void 0:r.kind)==="absent";return{name:`${t}-unknown-linux-${s?"musl":"gnu"}${t==="armv7"?"e\
abihf":""}`,isHost:!0}}function Km(e,t){if(e===t.name||!t.isHost)return e===t.name;let[n,o]=[t.name,e].map(r=>r.split("-"));
return(o==null?void 0:o.length)===(n==null?void 0:n.length)&&(o==null?void 0:o.every((r,i)=>i===1||r===(n==null?void 0:n[i])))===
!0}function zm(e,t,n){let[o="",r="",...i]=n.name.split("-"),s=n.isHost?"[A-Z0-9]+":r,a=[o,s,...i].map(d=>d===s?d:d.replace(
/\W/g,"_"));return new RegExp(`^CARGO_TARGET_${a.join("_")}_${t}$`,"i").test(e)}function i0(e){var n;if(e.isHost||/-linux-gnu/.
test(e.name))return"cc";let t=(n=/^(x86_64|i686)-pc-windows-gnu$/.exec(e.name))==null?void 0:n[1];return t&&`${t}-w64-mi\
ngw32-gcc`}function s0(e,t){let[n="",,o,r]=e.name.split("-");if(e.isHost||o!=="linux"||!(r!=null&&r.startsWith("gnu")))return;
let[i,s]=[qm(t.name),qm(e.name)];return i===s||i==="x86_64"&&s==="x86"?void 0:`${s==="arm"?"arm":n.replace(/^(riscv(?:32|64)).*/,
"$1")}-linux-${r}-gcc`}var KM=1e3;function _c(e,t){if(e.length>KM)return;let n=e.match(/[\w-]+|"[^"]*"|[(),=]/g)??[],o=0,
r=a=>n[o]===a&&++o>0,i=()=>{let a=[];for(r("(");o<n.length&&!r(")");r(","))a.push(s());return a},s=()=>{var d;let a=n[o++]??
"";return a==="cfg"||a==="all"?Bm(i()):a==="any"?Wm(Bm(i().map(Wm))):a==="not"?Wm(Bm(i())):r("=")?r0(a,(d=n[o++])==null?
void 0:d.replace(/"/g,""),t):r0(a,void 0,t)};return s()}function Bm(e){return e.includes(!1)?!1:e.includes(void 0)?void 0:
!0}function Wm(e){return e===void 0?void 0:!e}function r0(e,t,{name:n}){var i,s;let o=((i=/windows|linux|darwin|android|freebsd|netbsd|openbsd|wasi|uefi/.
exec(n))==null?void 0:i[0])??"none",r=/linux|darwin|android|bsd/.test(o);switch(e){case"unix":return r;case"windows":return o===
"windows";case"target_os":return t===(o==="darwin"?"macos":/android/.test(n)?"android":o);case"target_family":return t===
"unix"?r:t==="windows"?o==="windows":/^wasm/.test(n);case"target_arch":return t===qm(n);case"target_env":return t===(((s=
/(gnu|musl|msvc|uclibc|newlib|sgx)/.exec(n))==null?void 0:s[1])??"");case"target_vendor":return t===n.split("-")[1];case"\
target_pointer_width":return t===(/64|s390x/.test(n.split("-")[0]??"")?"64":"32");default:return}}function qm(e){let t=e.
split("-")[0]??"";return/^(?:arm|thumb)/.test(t)?"arm":/^i[3-6]86$/.test(t)?"x86":t.replace(/^(riscv(?:32|64)).*/,"$1").
replace(/^powerpc64le$/,"powerpc64")}var d0=/^[A-Za-z0-9][\w.+-]*$/,a0=/^(?:target-cpu=[\w.-]+|target-feature=[\w.+,-]+|link-arg=-fuse-ld=[A-Za-z0-9][\w.-]*|linker=[A-Za-z0-9][\w.+-]*|linker-flavor=[\w-]+|(?:debuginfo|opt-level|strip|prefer-dynamic|relocation-model|force-frame-pointers)=[\w-]+)$/,
zM=10;async function c0(e,t){let[{entries:n,unread:o},r]=await Promise.all([Ic(e,t),Cc(e)]),i={},s=o?[`${o.file}: ${o.why}`]:
[],a=oa(e,t);for(let d of n.filter(({base:c})=>U(c,".cargo")!==a)){let c=YM(d.path,r);if(c===void 0){ZM(d.path)&&s.push(
Jm(d));continue}if(c in i)continue;let l=XM(d);if(l!==void 0)i[c]=l;else if(!QM(d))s.push(Jm(d));else{let f=Ce(d.value,d.
base);if(await Ie(e,f,t))return{variables:{},leftOut:s,untrusted:Jm(d)};i[c]=f}}return{variables:i,leftOut:s.slice(0,zM)}}
var JM={rustc:"CARGO_BUILD_RUSTC","rustc-wrapper":"CARGO_BUILD_RUSTC_WRAPPER","rustc-workspace-wrapper":"CARGO_BUILD_RUS\
TC_WORKSPACE_WRAPPER",target:"CARGO_BUILD_TARGET",rustflags:"CARGO_BUILD_RUSTFLAGS"};function YM(e,t){let[n,o="",r=""]=e;
if(n==="build"&&e.length===2)return L(JM,o);if(n!=="target"||e.length!==3||!["linker","runner","rustflags"].includes(r))
return;let i=o.startsWith("cfg(")&&_c(o,t)===!0?t.name:o;return d0.test(i)?`CARGO_TARGET_${i.replace(/\W/g,"_")}_${r}`.toUpperCase():
void 0}function ZM([e=""]){return["build","target","env","profile","unstable","host","patch"].includes(e)}function XM({path:e,
value:t}){return e[e.length-1]==="rustflags"?eG(typeof t=="string"?t.split(/\s+/):t):typeof t=="string"&&d0.test(t)?t:void 0}
function QM({path:e,value:t}){let n=e[e.length-1];return n!=="rustflags"&&n!=="target"&&typeof t=="string"&&/^\S*\/\S*$/.
test(t)}function eG(e){let t=e.filter(o=>o!=="");return t.every((o,r)=>{var i;return o==="-C"?a0.test(t[r+1]??""):t[r-1]===
"-C"||a0.test(((i=/^-C(.+)$/.exec(o))==null?void 0:i[1])??"")})?t.join(" "):void 0}function Jm({file:e,line:t,path:n,value:o}){
return`${e}:${t}: ${n.join(".")} = ${JSON.stringify(o)}`.slice(0,300)}var tG=`[package]
name = "runner-check-smoke"
version = "0.0.0"
edition = "2018"

[workspace]
`,nG=`fn main() { println!("cargo:rustc-env=SMOKE=works"); }
`,oG=`fn main() { println!("a crate with a build script {}", env!("SMOKE")); }
`,rG=/^(?:RUSTC|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|CARGO_ENCODED_RUSTFLAGS|CARGO_BUILD_(?:RUSTC|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|TARGET|RUSTFLAGS)|CARGO_TARGET_\w+_(?:LINKER|RUNNER|RUSTFLAGS))$/,
iG={LC_ALL:"C",CARGO_NET_OFFLINE:"true",CARGO_TERM_COLOR:"never",CARGO_TERM_PROGRESS_WHEN:"never",CARGO_INCREMENTAL:"0",
RUSTUP_AUTO_INSTALL:"0",RUSTUP_DIST_SERVER:"file:///dev/null",SCCACHE_NO_DAEMON:"1"};async function l0(e){var g;let{host:t,
request:n}=e,{workspace:o,trusts:r}=n,i=((g=n.policy.tools.cargo)==null?void 0:g.command)??["cargo","--version"],s=await Vo(
e,"cargo",Xe("cargo",i));if(typeof s!="string")return s;let a=r?{variables:{},leftOut:[]}:await c0(t,o);if("untrusted"in
a&&a.untrusted)return{kind:"untrusted",by:a.untrusted};let d=Object.entries(t.env).filter(k=>rG.test(k[0])&&!!k[1]);for(let[
k,b]of r?[]:d)if(await sG(t,b,o))return{kind:"untrusted",by:k};let c=r?void 0:await Wa(t,n,xo(t,o));if((c==null?void 0:c.
kind)==="untrusted")return{kind:"untrusted",by:c.by};let l=`${await e.workspace()}/rust`,f=`${await e.temp()}/rust`,m=await t.
emptyDirectory(),p={...iG,...a.variables,...Object.fromEntries(d),...(c==null?void 0:c.kind)==="named"&&{RUSTUP_TOOLCHAIN:c.
name}},h=(k,b,x)=>({name:k,steps:[{command:[s,"run","--offline","--manifest-path",`${b}/Cargo.toml`,"--target-dir",x],cwd:r?
b:m,env:p,files:{[`${b}/Cargo.toml`]:tG,[`${b}/build.rs`]:nG,[`${b}/src/main.rs`]:oG}}]});return{kind:"ready",leftOut:a.
leftOut,sequences:[h("rust in the workspace",`${l}/one`,`${l}/target`),h("rust in the temporary directory",`${l}/two`,`${f}\
/target`)]}}async function sG(e,t,n){let o=t.split(/[\s=\u001f]+/).filter(i=>i.startsWith("/"));return(await Promise.all(
o.map(i=>Ie(e,i,n)))).includes(!0)}var dG={docker:Q$,rust:l0,git:e0,gpu:t0};function cG(e){var n;let t=((n=e.smoke)==null?void 0:n.parts)??[];return Go.filter(
o=>t.includes(o)&&!le(`smoke/${o}`,"",e)&&!(o==="docker"&&e.docker.require==="forbidden")&&!(o==="gpu"&&e.gpu.require===
"forbidden"))}var Wn={name:"smoke-steps",async collect(e,t,n,o){let r=cG(t.policy);if(r.length===0)return{parts:{}};let i=new Ym(
e),s=`${e.pid}-${Math.random().toString(36).slice(2,12)}`,a={host:e,request:t,ask:o,id:s,workspace:()=>i.make("workspace",
t.workspace),temp:()=>i.make("temp",to(e.env))},d=new Map,c={},l=[];try{c=await te(t.timeoutMs*.8,n,async f=>(await Promise.
all(r.map(async m=>d.set(m,await lG(m,a)))),uG(e,t,d,f)))}finally{let f=[...d].map(([p,h])=>{var g;return h.kind==="read\
y"?(g=h.remove)==null?void 0:g.call(h,c[p]):void 0});l=(await Promise.all([...f,i.remove()])).flat().filter(p=>p!==void 0)}
return{parts:c,...l.length>0&&{leftBehind:l}}}},Ym=class{#e;#t=new Map;constructor(t){this.#e=t}async make(t,n){let o=this.#t.
get(t)??this.#n(n);this.#t.set(t,o);let{path:r,placed:i}=await o;if(i.kind==="ok")return`${r}/${i.value.name}`;throw new Error(
`no directory can be made in ${r}: ${i.kind==="absent"?"ENOENT":i.code}`)}async#n(t){let n=await this.#e.realPath(t),o=n.
kind==="ok"?n.value:t;return{path:o,placed:await this.#e.placeDirectory(o)}}async remove(){let t=await Promise.all(this.#t.
values());return Promise.all(t.map(async({path:n,placed:o})=>{if(o.kind!=="ok")return;await o.value.remove();let r=`${n}\
/${o.value.name}`;return(await this.#e.lstat(r)).kind==="absent"?void 0:r}))}};async function lG(e,t){try{return await dG[e](
t)}catch(n){if(Qn(n))throw n;return{kind:"not-done",message:Vn(n)}}}async function uG(e,{trusts:t},n,o){let r=[...n.values()].
flatMap(d=>d.kind==="ready"?d.sequences:[]),i={sequences:r},s=r.length===0?void 0:await e.run([e.execPath,e.smokeProgram],
{signal:o,input:JSON.stringify(i),maxOutput:8*16384*r.reduce((d,{steps:c})=>d+c.length,0),isTrusted:t,...t&&{cwd:"/"}}),
a=fG((s==null?void 0:s.stdout)??"");return Object.fromEntries([...n].map(([d,c])=>{if(c.kind!=="ready"||!s)return[d,c];let l=c.
sequences.flatMap(h=>mG(h,a,s)),{subject:f,leftOut:m}=c,p=c.sequences.reduce((h,g)=>h+g.steps.length,0);return l.length===
0?[d,{kind:"not-done",message:u0(s)}]:[d,{kind:"done",...f!==void 0&&{subject:f},...(m==null?void 0:m.length)&&{leftOut:m},
planned:p,steps:l}]}))}function fG(e){return e.split(`
`).flatMap(t=>{try{return[JSON.parse(t)]}catch{return[]}})}function mG({name:e,steps:t},n,o){return t.flatMap((r,i)=>{let s={
sequence:e,command:r.shown??pG(r.command)},a=n.find(c=>"ended"in c&&c.ended===e&&c.step===i);if(a&&"ended"in a){let{code:c,
error:l,ms:f,output:m}=a;if(l!==void 0)return[{...s,end:"not-started",output:`${m}${l}`,ms:f}];let p=hG(m);return typeof c==
"number"?[{...s,end:"exited",code:c,output:p,ms:f}]:[{...s,end:"signalled",output:p,ms:f}]}let d=n.some(c=>"began"in c&&
c.began===e&&c.step===i);return o.kind!=="timed-out"?d?[{...s,end:"not-started",output:u0(o)}]:[]:d||i===0?[{...s,end:"h\
ung",output:""}]:[]})}function pG([e="",...t]){return[e.slice(e.lastIndexOf("/")+1),...t].join(" ").slice(0,500)}function hG(e){
return e.replace(/^(.{1000}).+$/gm,"$1\u2026")}function u0(e){let t=e.stderr.trim().slice(-500);switch(e.kind){case"not-\
started":return`the process for it did not start: ${e.code}`;case"signalled":return`the process for it was killed by ${e.
signal}`;case"timed-out":return"no time was left";default:return`the process for it ended with exit code ${e.code}${t===
""?"":`: ${t}`}`}}function Bo(e,t){let n=({smoke:o})=>(o==null?void 0:o.parts.includes(e))??!1;return{...t,applies:o=>{var r;return n(o)&&
(((r=t.applies)==null?void 0:r.call(t,o))??!0)},notAsked:o=>n(o)?void 0:"The input `smoke` does not ask for this."}}function Dr({
smoke:e}){return(e==null?void 0:e.all)!==!0}function Wo(e,t){var o,r;let n=(o=t.parts)==null?void 0:o[e];switch(n==null?
void 0:n.kind){case"untrusted":return{kind:"skip",reason:"untrusted",message:`Not tried: ${u(T(n.by))} leads to a progra\
m of the workspace, which is not run. \`trust-policy: true\` allows it.`};case"not-done":return pt(m0,{part:e,why:n.message},
be(n.message,p0(t,n.message)));case"done":return((r=n.steps)==null?void 0:r.length)>0&&(gG(n)||ra(n))?void 0:f0(e,t);case"\
absent":case"forbidden":return;default:return f0(e,t)}}function gG({planned:e,steps:t}){return e===t.length}function f0(e,t){
return pt(m0,{part:e,why:"nothing was seen"},be("nothing",p0(t,"no steps")))}var Zm={docker:"start a container",rust:"bu\
ild a crate",git:"use git in the workspace",gpu:"run a CUDA program"},m0={title:"The work that `smoke` asks for could no\
t be tried",headline:({part:e})=>`\`smoke\` could not try to ${Zm[e]}`,why:({part:e})=>`It is unknown whether a job on t\
his runner can ${Zm[e]}.`,expected:"work that was tried",tell:({part:e,why:t})=>({what:`\`smoke\` could not try to ${Zm[e]}\
: ${t}.`,fix:{text:"See whether the job's user can write to the workspace and to the temporary directory, and start prog\
rams there.",commands:["id",'ls -ld "$PWD" "${RUNNER_TEMP:-/tmp}"','df -h "$PWD" "${RUNNER_TEMP:-/tmp}"'],kind:"host",otherwise:mn(
6e4)}})};function be(e,t){return{observed:T(e.trim().split(`
`)[0]??"",120),evidence:t}}function ra(e){return e.kind==="done"?e.steps.find(({end:t,code:n})=>t!=="exited"||n!==0):void 0}
function Nr(e){return e.replace(/\/[^\s'"`=]*\/\.runner-check-[\w-]+\//g,"")}function qo({command:e,sequence:t,end:n,code:o,
output:r}){let i={exited:`exit code ${o}`,signalled:"ended by a signal","not-started":"did not start",hung:"was killed a\
t the deadline"},s=r.trim()===""?"":`: ${T(Nr(r.trim()),1500)}`;return{source:t,text:`${u(T(Nr(e),200))}, ${i[n]}${s}`}}
function qn({leftBehind:e=[]}){return e.map(t=>({source:"left behind",text:t}))}function p0(e,t){return[{source:"smoke",
text:t},...qn(e)]}function Ni(e){return{observed:"none",evidence:[{source:"PATH",text:`no ${e}`}]}}function Ko(e,t){let[
n,...o]=e.map(({sequence:r,command:i,ms:s})=>({source:r,text:`${u(T(Nr(i),200))} worked${s===void 0?"":` in ${s} ms`}`}));
return[n??{source:"smoke",text:""},...o,...qn(t)]}function h0(e,t="host"){return{text:"Try the same by hand, as the job'\
s user, and see what differs.",commands:[e],kind:t}}function zo(e){return{text:"Do the same by hand, as the job's user, \
and see where it stops. A machine under load needs more time.",commands:e,kind:"host",otherwise:mn(6e4)}}var g0=["Starts a container as a job does: `docker run --rm` with the CLI, the daemon and the network of the job, from t\
he job's own image or the smallest local one. It runs `true` and is removed. Nothing is pulled.","The daemon's message d\
ecides what is said. All of them begin with `OCI runtime create failed`, so that alone names no cause, and a message tha\
t nobody knows is shown as it is."].join(`

`),Xm="The daemon answers and looks healthy, but every `docker run` and every build step fails, and the runner cannot st\
art jobs.",ia="a container that starts",Fr={"cannot-start":{level:"fail",title:"Docker cannot start a container",headline:({
image:e,error:t})=>Do(t,e).headline,why:Xm,expected:ia,tell:({image:e,error:t})=>{let{cause:n,fix:o}=Do(t,e);return{what:`${n}\
 \`docker run\` failed: ${u(T(t,600))}.`,fix:o}}},forbidden:{level:"fail",title:"Jobs may not start containers",why:"Eve\
ry `docker run` and every build step of a job is denied in the same way.",expected:ia,tell:({answer:e})=>({what:`The dae\
mon, or a proxy in front of it, denies it: ${u(T(e,600))}.`,fix:{text:"Allow `POST /containers/create` and `POST /contai\
ners/{id}/start` for jobs in the proxy or the daemon's authorization plugin. If jobs must not start containers, take `do\
cker` out of `smoke`.",commands:["docker info --format '{{.Plugins.Authorization}}'",'echo "${DOCKER_HOST:-the default s\
ocket}"'],kind:"host"}})},"no-image":{level:"skip",title:"No local image to start a container from",message:"No containe\
r was started: no image exists locally, and `smoke` does not pull one. `docker pull busybox` on the runner's host provid\
es one."},timeout:{level:"fail",title:"A container does not start in time",why:"Each container that a job starts hangs i\
n the same way, until the job's own timeout.",expected:ia,tell:({image:e})=>({what:`\`docker run\` of ${u(T(e))} did not\
 end before the deadline. It was killed, and its container removed.`,fix:zo([`time docker run --rm --entrypoint true ${N(
e)}`,"docker ps --all --last 3","sudo journalctl --unit docker --since -10min | tail -n 50"])})}},Nc={"no-cli":{title:"`\
smoke` has no Docker CLI to start a container with",why:Xm,expected:ia,tell:({mode:e})=>({what:"`smoke` asks for a conta\
iner, but `docker` is not on the PATH.",fix:De("docker",e,sn)})},"not-run":{title:"`docker run` could not be started",why:Xm,
expected:ia,tell:({error:e})=>({what:`\`docker run\` did not run to its end: ${u(T(e,600))}.`,fix:h0("docker run --rm bu\
sybox true")})}};var y0=Bo("docker",{id:"smoke/docker",title:"A job can start a container",intro:g0,reasons:Fr,needs:{smoke:Wn,engine:ne,
container:R},after:["docker/cli","docker/daemon","docker/api-version"],applies:ye,judge({smoke:e,engine:t,container:n},o){
var f,m;let r=(f=e.parts)==null?void 0:f.docker;if((r==null?void 0:r.kind)==="not-done"&&((m=t.version)==null?void 0:m.kind)!==
"ok"&&!Dr(o))return{kind:"skip",reason:"absent",message:"No Docker daemon answers."};let i=Wo("docker",e);if(i)return i;
if((r==null?void 0:r.kind)==="absent")return r.what==="image"?ln(Fr,"no-image",{}):Dr(o)?A(Nc,"no-cli",{mode:n.mode},Ni(
"docker")):{kind:"skip",reason:"absent",message:"`docker` is not on the PATH."};if((r==null?void 0:r.kind)==="forbidden"){
let{message:p}=r;return y(Fr,"forbidden",{answer:p},be(p,[{source:"GET /images/json",text:p}]))}let[s]=(r==null?void 0:r.
kind)==="done"?r.steps:[],a=(r==null?void 0:r.kind)==="done"?r.subject??"":"";if(!s)return A(Nc,"not-run",{error:"nothin\
g"},be("nothing",[]));let d=[qo(s),...qn(e)],c=yG(s.output);if(s.end==="hung")return y(Fr,"timeout",{image:a},be("no end",
d));if(s.end!=="exited"||s.code===void 0)return A(Nc,"not-run",{error:c},be(c,d));if(s.code===0)return{kind:"pass",message:`\
a container started in ${s.ms??"some"} ms`,evidence:Ko([s],e)};if(kG(c))return{kind:"pass",message:"a container was made\
; its image has no `true` to run",evidence:[{source:s.sequence,text:c}]};let l=wG(c)?"forbidden":"cannot-start";return l===
"forbidden"?y(Fr,l,{answer:c},be(c,d)):y(Fr,l,{image:a,error:c},be(c,d))}});function yG(e){let t=e.replace(/\n*(?:See 'docker|Run 'docker|time=")[\s\S]*$/,
"").trim();return t.slice(Math.max(0,t.search(/Error response from daemon: /))).replace(/^Error response from daemon: /,
"")}function kG(e){return/exec(?:: |ve |\s+\S+: )[^\n]*(?:executable file not found|no such file or directory|exec format error)/i.
test(e)&&/\btrue\b/.test(e)}function wG(e){return/^(?:<html|forbidden|unauthorized|authorization denied|access denied|403)|authorization denied by plugin|\b403 forbidden\b|denied by (?:policy|proxy)/i.
test(e)}var k0="Does in the workspace's file system what a checkout and a release do, with a repository that is made for it: `gi\
t init`, `commit`, `clone` and `checkout`. Hooks, signatures and templates are left out.",bG=[[/dubious ownership|unsafe repository/i,
"ownership"],[/no space left on device|disk quota exceeded/i,"no-space"],[/read-only file system/i,"read-only"],[/chmod on [^\n]* failed|could not set '?core\.filemode|fchmod[^\n]*failed/i,
"modes"],[/unable to (?:create|lock|write)[^\n]*\.lock|could not lock|no locks available|unable to link|unable to write (?:loose object|sha1)[^\n]*(?:not permitted|not supported)/i,
"locks"],[/is not a git command|remote helper|unable to find remote helper|error while loading shared libraries|Error relocating/i,
"damaged"],[/permission denied|operation not permitted/i,"denied"]];function Qm(e){var t;return((t=bG.find(([n])=>n.test(
e)))==null?void 0:t[1])??"unknown"}var vG={"no-space":"The workspace's file system is full.","read-only":"The workspace'\
s file system is read-only.",denied:"The job's user may not do this in the workspace.",modes:"The workspace's file syste\
m does not keep the modes of files.",ownership:"Files that git just made belong to another user: the file system maps us\
ers.",locks:"The workspace's file system does not support what git needs to write safely.",damaged:"This git is not comp\
lete.",unknown:"runner-check does not know the cause."},Dc={failed:{level:"fail",title:"git does not work in the workspa\
ce",headline:({error:e})=>Qm(e)==="damaged"?"git cannot do its work":"git does not work in the workspace",why:"Checkouts\
 of jobs fail in the same way, and so does each step that commits or tags.",expected:"a repository that can be made, com\
mitted to, cloned and checked out",tell:({command:e,error:t,workspace:n})=>({what:`${vG[Qm(t)]} ${u(T(e,100))} failed: ${u(
T(t,400))}.`,fix:xG(Qm(t),n)})},timeout:{level:"fail",title:"git does not finish in the workspace",why:"git has no timeo\
ut: a checkout hangs until the job's own.",expected:"a repository that can be made, committed to, cloned and checked out",
tell:({command:e,workspace:t})=>({what:`${u(T(e,100))} did not end before the deadline, and was killed.`,fix:zo([`findmn\
t --target ${_e(t)}`,"time git init /tmp/runner-check-by-hand","uptime"])})}},ep={"no-git":{title:"`smoke` has no git to\
 try",why:"Without git, a checkout downloads an archive, and steps that call git fail.",expected:"git on the PATH",tell:({
mode:e})=>({what:"`smoke` asks for git, but `git` is not on the PATH.",fix:De("git",e,sn)})},"not-run":{title:"git could\
 not be run to its end",why:"It is unknown whether jobs can check out.",expected:"a repository that can be made, committ\
ed to, cloned and checked out",tell:({error:e})=>({what:`git did not run to its end: ${u(T(e,400))}.`,fix:{text:"Run git\
 by hand, as the job's user.",commands:["git --version","git init /tmp/runner-check-by-hand"],kind:"host"}})}};function xG(e,t){
let n=_e(t),o=["id",`ls -ld ${n}`,`findmnt --target ${n}`];switch(e){case"no-space":return{text:"Make room on this file \
system. The commands show how full it is.",commands:[`df -h ${n}`,`df -i ${n}`],kind:"host"};case"read-only":return{text:"\
Mount it for writing. If the kernel made it read-only, its disk has errors.",commands:[`findmnt --target ${n}`,"sudo dme\
sg --level=err,warn | tail -n 20"],kind:"host"};case"damaged":return{text:"Install git from one source, with its librari\
es and helpers.",commands:["command -v git","git --exec-path","git --version --build-options"],kind:"host"};case"modes":case"\
ownership":case"locks":return{text:"Keep workspaces on a local file system (ext4, XFS, btrfs), not on CIFS, on NFS with \
mapped users, or on a shared folder of a virtual machine.",commands:o,kind:"host"};case"denied":return{text:"Let the job\
's user write there. The commands show that user, the owner, and the file system.",commands:o,kind:"host"};case"unknown":
return{text:"Do the same by hand in the workspace, as the job's user, and see what differs from a directory of its own.",
commands:[...o,"git init /tmp/runner-check-by-hand"],kind:"host"}}}var w0=Bo("git",{id:"smoke/git",title:"A job can commit, clone and check out in its workspace",intro:k0,reasons:Dc,needs:{
smoke:Wn,place:qd,container:R},after:["tool/git","fs/writable","disk/free","disk/inodes"],judge({smoke:e,place:{workspace:t},
container:n},o){let r=Wo("git",e);if(r)return r;let i=e.parts.git;if((i==null?void 0:i.kind)!=="done")return Dr(o)?A(ep,
"no-git",{mode:n.mode},Ni("git")):{kind:"skip",reason:"absent",message:"`git` is not on the PATH."};let s=ra(i);if(!s)return{
kind:"pass",message:`a repository was made, committed to, cloned and checked out in ${i.steps.reduce((g,k)=>g+(k.ms??0),
0)} ms`,evidence:Ko(i.steps,e)};let a=[qo(s),...qn(e)],{end:d,output:c,code:l}=s,f=s.command.replace(/-C \S+ /,"").split(
" ").slice(0,2).join(" ");if(d==="hung")return y(Dc,"timeout",{command:f,workspace:t},be("no end",a));let m=Nr(c.trim())||
`exit code ${l??"unknown"}`;return d==="exited"?y(Dc,"failed",{command:f,error:m,workspace:t},be(m,a)):A(ep,"not-run",{error:m},
be(m,a))}});var b0="Compiles a few lines that load `libcuda.so.1` and call `cuInit` and `cuDeviceGetCount`, as every CUDA program do\
es first, and runs them. `nvidia-smi` uses another library, so it may work where no CUDA program does. The compiler is `\
cc`, `gcc`, `clang` or `rustc`, whichever is installed.",tp="No CUDA program of a job finds a GPU. Frameworks fall back \
to the CPU, or stop.",sa="`cuInit` and `cuDeviceGetCount` that succeed, and one device or more",$G="A reboot ends all jo\
bs on this machine: first see in the forge that its runners are idle.",uo={"cuda-init-failed":{level:"fail",title:"CUDA \
cannot be initialized",headline:({number:e,error:t})=>X("CUDA fails with ",t.replace(/^CUDA_ERROR_/,"")||String(e)),why:tp,
expected:sa,tell:({call:e,number:t,error:n,mode:o})=>({what:`${u(e)} failed with ${t}${n===""?"":` (${u(T(n))})`}. ${TG[t]??
"runner-check does not know the cause of this error."}`,fix:RG(t,o)})},"library-missing":{level:"fail",title:"The CUDA d\
river library cannot be loaded",why:tp,expected:sa,tell:({error:e,mode:t})=>({what:`\`libcuda.so.1\` cannot be loaded: ${u(
T(e,300))}.`,fix:t==="container"?{text:"The library comes from the host, with the driver's capability `compute`. Start t\
he job's container with `--gpus all`, and with `NVIDIA_DRIVER_CAPABILITIES=compute,utility`. An image with musl cannot l\
oad it.",commands:["env | grep NVIDIA","ldconfig -p | grep libcuda","ls /dev/nvidia*"],kind:"runner"}:{text:"Install the\
 driver's libraries for computing, of the same release as its kernel module. Debian and Ubuntu have them in `libcuda1` a\
nd `libnvidia-compute-\u2026`.",commands:["cat /proc/driver/nvidia/version","ldconfig -p | grep libcuda","apt-cache sear\
ch libnvidia-compute"],kind:"host"}})},"no-device":{level:"fail",title:"CUDA finds no device",why:tp,expected:sa,tell:({
mode:e})=>({what:"`libcuda.so.1` works, and reports that this job has no GPU.",fix:{text:`See which GPUs are hidden: \`CU\
DA_VISIBLE_DEVICES\` that is empty or names none, ${e==="container"?"a container without `--gpus`, ":""}or devices that \
this user may not open.`,commands:["env | grep -E 'VISIBLE_DEVICES'","ls -l /dev/nvidia*","nvidia-smi -L"],kind:"host"}})},
"no-compiler":{level:"skip",title:"No compiler for a CUDA program",message:"No CUDA program was tried: none of `cc`, `gc\
c`, `clang` and `rustc` is on the PATH."},timeout:{level:"fail",title:"A CUDA program does not finish in time",why:"CUDA\
 programs of jobs hang in the same way.",expected:sa,tell:()=>({what:"A program that only asks CUDA for its devices did \
not end before the deadline, and was killed.",fix:zo(["time nvidia-smi -L","sudo dmesg | grep -i -e nvrm -e xid | tail -\
n 20"])})}},v0={"not-tried":{title:"The CUDA program of `smoke` could not be tried",why:"It is unknown whether CUDA work\
s for jobs.",expected:sa,tell:({compiler:e,error:t})=>({what:`The program could not be compiled with ${u(e)}, or could n\
ot be run: ${u(T(t,400))}.`,fix:{text:"Compile and run any program by hand, as the job's user. The C library's files for\
 development are a part of the compiler.",commands:["echo 'int main(void) { return 0; }' > /tmp/runner-check-by-hand.c",
"cc -o /tmp/runner-check-by-hand /tmp/runner-check-by-hand.c"],kind:"host"}})}},TG={2:"The GPU's memory is used up by ot\
hers.",3:"The driver is not initialized, or is being unloaded.",34:"The library is the stub of the CUDA toolkit, which i\
s only for linking.",46:"The GPU is in use by a process that has it for itself, or is in exclusive mode.",101:"`CUDA_VIS\
IBLE_DEVICES` names a device that does not exist.",304:"The operating system denied a call of the driver: a limit, or a \
device that may not be opened.",802:"The GPUs of an NVSwitch machine wait for the fabric manager.",803:"The library and \
the kernel's module are of different releases of the driver.",804:"A forward compatibility package of CUDA is in use, wh\
ich this GPU does not support.",805:"The control daemon of MPS cannot be reached.",806:"The server of MPS cannot be star\
ted.",807:"The server of MPS has no room for another client.",999:"The driver does not say why. The usual cause is `/dev\
/nvidia-uvm`, which CUDA needs and `nvidia-smi` does not: its module is not loaded, or the container lacks the device."};
function RG(e,t){switch(e){case 2:case 46:return{text:"See who holds the GPU, and in which mode it is.",commands:["nvidi\
a-smi --query-compute-apps=pid,name,used_memory --format=csv","nvidia-smi --query-gpu=compute_mode --format=csv"],kind:"\
host"};case 34:case 804:return{text:"Take the directory of that library out of `LD_LIBRARY_PATH`, so that the driver's o\
wn is loaded.",commands:['echo "$LD_LIBRARY_PATH"',"ldconfig -p | grep libcuda"],kind:"image"};case 101:return{text:"Nam\
e devices that exist, or remove the variable.",commands:["env | grep VISIBLE_DEVICES","nvidia-smi -L"],kind:"workflow"};case 802:
return{text:"Start the fabric manager of the driver's release on the host.",commands:["systemctl status nvidia-fabricman\
ager --no-pager","sudo systemctl start nvidia-fabricmanager"],kind:"host"};case 803:return{text:`Reboot the host, so tha\
t the module of the installed release is loaded. ${$G}`,commands:["cat /proc/driver/nvidia/version","sudo reboot"],kind:"\
host"};case 805:case 806:case 807:return{text:"See whether MPS is meant to be used here, and whether its daemon runs.",commands:[
"env | grep CUDA_MPS","ps -eo pid,user,comm | grep nvidia-cuda-mps"],kind:"host"};case 999:return{text:`Load the module \
on the host, which also makes the device.${t==="container"?" Then start the job's container again: it gets the devices t\
hat exist when it starts.":""}`,commands:["ls -l /dev/nvidia-uvm","sudo nvidia-modprobe -u -c=0","sudo dmesg | grep -i -\
e nvrm -e xid | tail -n 20"],kind:"host"};default:return{text:"See what the driver says about the GPU.",commands:["nvidi\
a-smi","sudo dmesg | grep -i -e nvrm -e xid | tail -n 20","ls -l /dev/nvidia*"],kind:"host"}}}var x0=Bo("gpu",{id:"smoke/gpu",title:"A CUDA program of a job finds a GPU",intro:b0,reasons:uo,needs:{smoke:Wn,container:R},
after:["gpu/driver","gpu/visibility","gpu/cuda"],applies:e=>e.gpu.require!=="forbidden",judge({smoke:e,container:{mode:t}}){
let n=Wo("gpu",e);if(n)return n;let o=e.parts.gpu;if((o==null?void 0:o.kind)!=="done")return(o==null?void 0:o.kind)==="a\
bsent"&&o.what==="GPU"?{kind:"skip",reason:"absent",message:"There is no device of an NVIDIA GPU."}:ln(uo,"no-compiler",
{});let[r,i]=o.steps,s=i??r;if(!s)return ln(uo,"no-compiler",{});let{end:a,code:d,output:c}=s,l=[qo(s),...qn(e)],f=c.trim()||
`exit code ${d??"unknown"}`;if(a==="hung")return y(uo,"timeout",{},be("no end",l));if((i==null?void 0:i.end)==="exited")
switch(d){case 0:if(!/^\d+ devices/.test(f))break;return{kind:"pass",message:`CUDA finds ${f}`,evidence:Ko(o.steps,e)};case 3:
return y(uo,"library-missing",{error:f,mode:t},be(f,l));case 4:{let[,p="cuInit",h="",g=""]=/^(\w+): (\d+) ?(\S*)/m.exec(
f)??[],k=Number(h);return k===100?y(uo,"no-device",{mode:t},be(f,l)):y(uo,"cuda-init-failed",{call:p,number:k,error:g,mode:t},
be(f,l))}case 5:return y(uo,"no-device",{mode:t},be(f,l))}let m=o.subject??"the compiler";return A(v0,"not-tried",{compiler:m,
error:f},be(f,l))}});var PG=[[/no space left on device|disk quota exceeded|\(os error 28\)/i,"compile-failed","no-space"],[/signal: 7, SIGBUS|Bus error/,
"link-failed","no-space"],[/\(signal: 9, SIGKILL|cannot allocate memory|\(os error 12\)|memory allocation of \d+ bytes failed/i,
"compile-failed","memory"],[/signal: 4, SIGILL|illegal instruction/i,"cannot-execute","instruction"],[/could not execute process `[^`\n]*(?:build-script-build|runner-check-smoke)[^`\n]*`[\s\S]*?permission denied \(os error 13\)/i,
"cannot-execute","noexec"],[/could not execute process `(?<subject>[^\s`]+) [^`\n]*runner-check-smoke`[\s\S]*?\(os error 2\)/i,
"cannot-execute","runner"],[/could not execute process `[^`\n]*(?:build-script-build|runner-check-smoke)[^`\n]*`[\s\S]*?(?:exec format error|\(os error 8\))/i,
"cannot-execute","foreign"],[/error while loading shared libraries: (?<subject>[^\s:]+)|Error loading shared library (?<subject2>[^\s:]+)/,
"cannot-execute","library"],[/could not execute process `[^`\n]*(?:build-script-build|runner-check-smoke)[^`\n]*`/i,"can\
not-execute","unknown"],[/could not execute process `(?<subject>[^\s`]+)[^`\n]*rustc[^`\n]*`/i,"compile-failed","wrapper"],
[/linker `(?<subject>[^`\n]+)` not found/,"link-failed","linker"],[/invalid linker name in argument '-fuse-ld=(?<subject>[^'\n]+)'|(?:cannot find|collect2[^\n]*cannot find) '(?<subject2>ld[\w.]*|mold|lld)'/i,
"link-failed","linker-choice"],[/cannot find -l:?(?<subject>[\w.+-]+)|unable to find library -l(?<subject2>[\w.+-]+)|cannot find (?<subject3>S?crt[1in]\.o)/,
"link-failed","link-library"],[/linking with `(?<subject>[^`\n]+)` failed/,"link-failed","unknown"],[/the `(?<subject>[\w.-]+)` target may not be installed/,
"compile-failed","standard-library"],[/can't find crate for `(?:std|core)`/,"compile-failed","standard-library"]];function $0(e){
for(let[n,o,r]of PG){let i=n.exec(e);if(!i)continue;let{subject:s,subject2:a,subject3:d}=i.groups??{},c=s??a??d;return{reason:o,
cause:r,...c!==void 0&&{subject:c}}}return{reason:/process didn't exit successfully: `[^`\n]*(?:build-script-build|runner-check-smoke)|^\s*Running /m.
test(e)?"cannot-execute":"compile-failed",cause:"unknown"}}var T0=["Builds and runs a crate of two lines with a build script, offline: once with its results in the workspace's fil\
e system, and once in the job's temporary directory. Compiler, linker, wrapper and runner are those of the job: cargo's \
variables, and the configuration in the workspace and in `CARGO_HOME`.","A wrapper, linker or runner that is a file of t\
he workspace runs only with `trust-policy: true`. Without it, cargo does not run in the workspace: what its `.cargo/conf\
ig.toml` says about programs elsewhere is handed to cargo, and the rest is named in the evidence."].join(`

`),aa="Every `cargo build`, `cargo test` and `cargo install` of a job fails in the same way.",Di="a crate that is built \
and runs",EG=({place:e})=>e.replace(/^rust /,""),np=({error:e})=>`cargo said: ${u(T(e,400))}.`,jc={"compile-failed":{level:"\
fail",title:"A Rust crate cannot be compiled",headline:({trouble:e})=>e.cause==="wrapper"&&e.subject!==void 0?X("cargo c\
annot start ",e.subject):"A Rust crate cannot be compiled",why:aa,expected:Di,tell:e=>({what:`${OG(e)} ${np(e)}`,fix:AG(
e)})},"link-failed":{level:"fail",title:"A Rust crate cannot be linked",headline:({trouble:{cause:e,subject:t}})=>e==="l\
inker"&&t!==void 0?X("Rust cannot find the linker ",t):"A Rust crate cannot be linked",why:`${aa} Even a build script ha\
s to be linked.`,expected:Di,tell:e=>({what:`${IG(e)} ${np(e)}`,fix:CG(e)})},"cannot-execute":{level:"fail",title:"A pro\
gram that was just built cannot be run",why:`${aa} Build scripts and tests are programs that are run from the target dir\
ectory.`,expected:Di,tell:e=>({what:`${_G(e)} ${np(e)}`,fix:NG(e)})},timeout:{level:"fail",title:"A Rust crate of two li\
nes is not built in time",why:"Builds of jobs hang in the same way, until the job's own timeout.",expected:Di,tell:({place:e})=>({
what:`\`cargo run\` (${e}) did not end before the deadline, and was killed.`,fix:zo(["cargo new /tmp/runner-check-by-han\
d","time cargo run --offline --manifest-path /tmp/runner-check-by-hand/Cargo.toml","uptime"])})}},op={"no-cargo":{title:"\
`smoke` has no cargo to build with",why:aa,expected:Di,tell:({mode:e})=>({what:"`smoke` asks for a build, but `cargo` is\
 not on the PATH.",fix:De("cargo",e,sn)})},"not-run":{title:"cargo could not be run to its end",why:aa,expected:Di,tell:({
error:e})=>({what:`cargo did not run to its end: ${u(T(e,400))}.`,fix:{text:"Run it by hand, as the job's user.",commands:[
"cargo --version --verbose","cargo new /tmp/runner-check-by-hand"],kind:"host"}})}};function R0({directory:e}){return{text:"\
Make room. The commands show how full this file system and the temporary directory are.",commands:[`df -h ${_e(e)} /tmp`,
`df -i ${_e(e)} /tmp`],kind:"host"}}function Fc(e){return{text:e,commands:["cargo new /tmp/runner-check-by-hand","cargo \
run --offline --verbose --manifest-path /tmp/runner-check-by-hand/Cargo.toml"],kind:"host"}}var rp="runner-check does no\
t know the cause.",SG={text:"See who uses the memory, and which limit the job's control group has. Fewer jobs at a time \
(`runner.capacity`) need less.",commands:["free -m","cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory.events"],kind:"\
host"};function OG({trouble:{cause:e,subject:t}}){switch(e){case"no-space":return"A disk that the build writes to is ful\
l.";case"memory":return"The compiler was killed, or got no memory.";case"wrapper":return`Cargo is set up to start ${u(t??
"a program")} in place of the compiler, and cannot.`;case"standard-library":return`The standard library ${t===void 0?"of\
 the target":`for ${u(t)}`} is not installed.`;default:return rp}}function AG(e){let{cause:t,subject:n}=e.trouble;switch(t){case"\
no-space":return R0(e);case"memory":return SG;case"wrapper":return{text:"Install the program, or take it out of `RUSTC_W\
RAPPER`, `RUSTC` or `[build]` in cargo's configuration. The commands show where it is named.",commands:[`command -v ${N(
n??"sccache")}`,"env | grep -E '^(RUSTC|CARGO_BUILD_RUSTC)'",'grep -n -E "rustc" .cargo/config.toml "${CARGO_HOME:-$HOME\
/.cargo}/config.toml"'],kind:e.mode==="container"?"image":"host"};case"standard-library":return{text:"Install it for the\
 toolchain that jobs use.",commands:[n===void 0?"rustup target list --installed":`rustup target add ${w(n)}`,"rustup sho\
w"],kind:e.mode==="container"?"image":"host"};default:return Fc("Build a new crate by hand, as the job's user, and see w\
hat differs.")}}function IG({trouble:{cause:e,subject:t=""}}){switch(e){case"linker":return`The linker ${u(t)} is not in\
stalled, or not on the PATH.`;case"linker-choice":return t==="ld"?"The compiler does not find the linker that it starts:\
 `ld`, or what `-fuse-ld` names in `RUSTFLAGS` or in cargo's configuration.":`The compiler is told to link with ${u(t)},\
 which is not installed.`;case"link-library":return`A library or start file that each program needs is missing: ${u(t)}.`;case"\
no-space":return"The linker could not write: its file system is full, or fails.";default:return`The linker failed. ${rp}`}}
function CG(e){let{cause:t,subject:n=""}=e.trouble,o=n.slice(n.lastIndexOf("/")+1);switch(t){case"linker":return De(o===
"cc"||o===""?"gcc":o,e.mode,sn);case"linker-choice":return n==="ld"?{text:"The commands show which linker is asked for, \
and which ones are there. Install the one that is missing: `ld` comes with `binutils`, `ld.lld` with `lld`, and `mold` w\
ith `mold`.",commands:["command -v ld mold ld.lld","env | grep RUSTFLAGS",'grep -n fuse-ld .cargo/config.toml "${CARGO_H\
OME:-$HOME/.cargo}/config.toml"'],kind:e.mode==="container"?"image":"host"}:De(/^(?:ld\.)?lld/.test(o)?"lld":/^ld$|^bfd$/.
test(o)?"ld":o,e.mode,sn);case"link-library":return/crt|^(?:c|m|dl|pthread|rt|util|gcc|gcc_s)$/.test(n)?{text:"Install t\
he C library's files for development.",commands:["sudo apt-get install -y libc6-dev gcc"],kind:e.mode==="container"?"ima\
ge":"host"}:Fc("Cargo's configuration links each program with this library. Install it with its files for development, o\
r take it out.");case"no-space":return R0(e);default:return Fc("Build a new crate by hand, as the job's user: the linker\
's own words are at the end.")}}function _G(e){let{cause:t,subject:n=""}=e.trouble;switch(t){case"noexec":return`Program\
s ${EG(e)} cannot be executed: its file system is mounted with \`noexec\`, or a security module denies it.`;case"instruc\
tion":return"It was built for a CPU that this machine does not have: it stopped at an instruction that the CPU does not \
know.";case"foreign":return"It was built for another architecture, and nothing here runs that.";case"runner":return`Carg\
o is set up to run it with ${u(n)}, which is not installed.`;case"library":return`It needs the library ${u(n)}, which is\
 not installed.`;default:return rp}}function NG(e){let{trouble:t,directory:n,mode:o}=e,r=o==="container"?"image":"host";
switch(t.cause){case"noexec":return{text:"Mount this file system without `noexec`, or give jobs a directory on another o\
ne. For builds alone, `CARGO_TARGET_DIR` is enough.",commands:[`findmnt --target ${_e(n)} --output TARGET,FSTYPE,OPTIONS`],
kind:"host"};case"instruction":return{text:"Lower `target-cpu` in `RUSTFLAGS` or in cargo's configuration to what all ru\
nners have, such as `x86-64-v2`. `native` is for programs that never leave the machine.",commands:["env | grep RUSTFLAGS",
'grep -rn target-cpu .cargo "${CARGO_HOME:-$HOME/.cargo}/config.toml"',"grep -m1 'model name' /proc/cpuinfo"],kind:"work\
flow"};case"foreign":return{text:"Name a `runner` for this target in cargo's configuration, such as `qemu-aarch64`, or b\
uild for this machine.",commands:["env | grep -E 'CARGO_BUILD_TARGET|_RUNNER'","rustc --version --verbose"],kind:"workfl\
ow"};case"runner":return De(DG(t.subject??""),o,sn);case"library":return{text:"Install the library in the place where jo\
bs run.",commands:[`ldconfig -p | grep ${w(t.subject??"libc.so")}`],kind:r};default:return Fc("Build and run a new crate\
 by hand, as the job's user, and see what differs.")}}function DG(e){let t=e.slice(e.lastIndexOf("/")+1);return t.startsWith(
"qemu-")?"qemu-user":t}var P0=Bo("rust",{id:"smoke/rust",title:"A job can build and run a Rust crate",intro:T0,reasons:jc,needs:{smoke:Wn,container:R},
after:["tool/cargo","tool/rustc","rust/build","rust/consistency","fs/writable","disk/free","disk/inodes"],judge({smoke:e,
container:{mode:t}},n){var k;let o=Wo("rust",e);if(o)return o;let r=e.parts.rust;if((r==null?void 0:r.kind)!=="done")return Dr(
n)?A(op,"no-cargo",{mode:t},Ni("cargo")):{kind:"skip",reason:"absent",message:"`cargo` is not on the PATH."};let i=(r.leftOut??
[]).map(b=>({source:"left out",text:b})),s=ra(r);if(!s){let b=r.steps.map(({sequence:H,ms:O})=>`${H.replace(/^rust /,"")}\
 in ${O??"some"} ms`),[x,...E]=Ko(r.steps,e);return{kind:"pass",message:`a crate was built and run ${b.join(", ")}`,evidence:[
x,...E,...i]}}let a=[qo(s),...i,...qn(e)],{end:d,output:c,sequence:l,command:f}=s;if(d==="hung")return y(jc,"timeout",{place:l},
be("no end",a));let m=FG(c);if(d!=="exited")return A(op,"not-run",{error:m},be(m,a));let p=$0(c),h=((k=/--target-dir (\S+?)\/\.runner-check-/.
exec(f))==null?void 0:k[1])??"/tmp",g={place:l,directory:h,trouble:p,error:m,mode:t};return y(jc,p.reason,g,be(m,a))}});
function FG(e){let t=e.split(`
`).map(r=>r.trim()),n=t.findIndex(r=>/^error(?:\[\w+\])?: /.test(r)),o=t.slice(Math.max(0,n)).filter(r=>r!==""&&!/^(?:= note: .{300}|= note: some arguments|note: To improve|For more information|Compiling |Finished |\|)/.
test(r));return Nr(o.slice(0,6).join(" "))||"nothing"}var E0={name:"git-workspace",async collect(e,{workspace:t},n){let{uid:o,env:r}=e;if(o===void 0||r.GIT_DIR)return{path:t,
repository:"unasked"};let i=await e.realPath(t);if(i.kind!=="ok")return{path:t,repository:"none"};let[s,a]=await Promise.
all([e.lstat(i.value),e.lstat(U(i.value,".git"))]);if(!ip(a))return{path:t,repository:"none"};let d=o===0&&/^\d{1,10}$/.
test(r.SUDO_UID??"")?Number(r.SUDO_UID):void 0,c=ip(s)?s.uid:void 0,l=m=>m===o||m!==void 0&&m===d,f=l(c)&&l(a.uid)&&a.kind===
"directory";return{path:t,repository:"found",uid:o,...d!==void 0&&{sudoUid:d},...ip(s)&&{owner:s.uid,group:s.gid},gitOwner:a.
uid,...!f&&{answer:await LG(e,i.value,n)}}}};function ip(e){return e.kind!=="absent"&&e.kind!=="unreadable"}var jG=/^fatal: (?:detected dubious ownership in|unsafe) repository.*$/m;
async function LG(e,t,n){var r;let o=await cd(e,["-C",t,"rev-parse","--git-dir"],t,n);switch(o.kind){case"exited":{if(o.
code===0&&o.stdout.trim()!=="")return{kind:"accepts"};let i=(r=jG.exec(o.stderr))==null?void 0:r[0];return i!==void 0?{kind:"\
refuses",message:$(i,500)}:/^fatal: not a git repository/m.test(o.stderr)?{kind:"no-repository"}:{kind:"unknown",message:`\
exit ${o.code}: ${$(o.stderr.trim(),300)}`}}case"not-started":return o.code==="ENOENT"?{kind:"no-git"}:o.code==="EUNTRUS\
TED"?{kind:"untrusted"}:{kind:"unknown",message:`git cannot be started (${o.code})`};case"signalled":return{kind:"unknow\
n",message:`git was ended by ${o.signal}`};case"timed-out":return{kind:"unknown",message:"git did not answer within the \
deadline"}}}var S0="Compares the owner of the workspace, and of the repository in it, with the job's user, like git since 2.35.2. Ro\
ot may also use what belongs to `SUDO_UID`. If the owner is another user, it asks git itself (`git rev-parse --git-dir`)\
, because `safe.directory` in git's configuration may allow it. That command starts no program and writes nothing.",sp={
"dubious-ownership":{level:"warn",title:"git refuses the workspace because of its owner",why:"Every git command in it en\
ds with exit code 128 and `fatal: detected dubious ownership in repository`. `actions/checkout` allows the workspace for\
 itself alone, in a home of its own.",expected:"a workspace of the job's user, or one that `safe.directory` names",tell:({
seen:e,situation:t})=>({what:UG(e),fix:HG(e,t)}),more:"A linked worktree or a submodule has its repository elsewhere; th\
en git is always asked."}};function UG({path:e,uid:t,owner:n,gitOwner:o}){return`${n===t?`The repository ${u(`${e}/.git`)}${o===
t?" leads to a place of another user":` belongs to uid ${o}`}`:`The workspace ${u(e)} belongs to uid ${n??"?"}`}, but th\
is job runs as uid ${t}, and git's configuration does not allow it with \`safe.directory\`.`}function HG({path:e,owner:t,
group:n,uid:o},r){if(r.inContainer){let i=t===void 0||t===o?void 0:`--user ${t}:${n??t}`;return{text:"Allow every worksp\
ace in the image. The job's container holds no other repositories.",config:{file:"Dockerfile",language:"dockerfile",text:"\
RUN git config --system --add safe.directory '*'"},kind:"image",...i!==void 0&&{otherwise:{text:`Run the job as the work\
space's owner: ${u(i)}.`,...ae(r,i)}}}}return{text:"Allow this workspace in the configuration of the job's user. Run the\
 command as that user.",commands:[`git config --global --add safe.directory ${w(e)}`],kind:"host",otherwise:{text:"Run t\
he runner and its jobs as the owner of their workspaces.",kind:"runner"}}}var O0={unknown:{title:"Unknown whether git ac\
cepts the workspace",why:"Every git command in a workspace that git refuses ends with exit code 128.",expected:"an answe\
r of `git rev-parse --git-dir`",tell:({path:e})=>({what:`The workspace ${u(e)} belongs to another user, and git did not \
say whether it accepts it.`,fix:{text:"Ask git in the workspace, as the job's user.",commands:[`git -C ${w(e)} rev-parse\
 --git-dir`],kind:"host"}})}};var A0={id:"git/workspace",title:"git accepts the workspace",intro:S0,reasons:sp,needs:{git:E0,container:R,job:S},after:[
"tool/git","fs/writable"],judge({git:e,container:t,job:n}){let{path:o,repository:r,uid:i,sudoUid:s,owner:a,gitOwner:d,answer:c}=e;
switch(r){case"none":return{kind:"skip",reason:"not-applicable",message:`${u(o)} is not a git repository.`};case"unasked":
return{kind:"skip",reason:"not-applicable",message:"git compares no owners here."}}if(r!=="found"||!(i!==void 0&&a!==void 0&&
d!==void 0))return q("git/workspace","the owners");let f=MG(e);switch(c==null?void 0:c.kind){case void 0:return[a,d].some(
m=>m!==i&&m!==s)?q("git/workspace","what git says"):{kind:"pass",message:`${u(o)} belongs to the job's user`,evidence:f};case"\
accepts":return{kind:"pass",message:`git accepts ${u(o)}`,evidence:f};case"refuses":{let m={seen:e,situation:M(t,n)};return y(
sp,"dubious-ownership",m,{observed:c.message,evidence:f})}case"no-repository":return{kind:"skip",reason:"not-applicable",
message:`git finds no repository in ${u(o)}.`};case"no-git":return{kind:"skip",reason:"not-applicable",message:"git is n\
ot installed."};case"untrusted":return{kind:"skip",reason:"untrusted",message:"The git on PATH belongs to the workspace."};case"\
unknown":return A(O0,"unknown",{path:o},{observed:c.message,evidence:f})}}};function MG({path:e,uid:t,sudoUid:n,owner:o,
gitOwner:r,answer:i}){let s=n===void 0?"":`, SUDO_UID ${n}`,a=i===void 0?[]:[{source:`git -C ${e} rev-parse --git-dir`,text:"\
message"in i?i.message:i.kind}];return[{source:e,text:`owner ${o??"?"}, of \`.git\` ${r??"?"}; the job runs as ${t??"?"}${s}`},
...a]}var GG=20,VG={16:"2023-09-11",17:"2022-06-01",18:"2025-04-30",19:"2023-06-01",20:"2026-04-30",21:"2024-06-01",22:"2027-0\
4-30",23:"2025-06-01",24:"2028-04-30",25:"2026-06-01",26:"2029-04-30"},I0={id:"node/runtime",title:"The Node that runs a\
ctions is new enough and still supported",reasons:Ka,needs:{node:jg},judge({node:{version:e,path:t}},n,{started:o}){let r=Fg(
e),i=[{source:"the Node that runs this check",text:`${e} at ${t}`}],s={observed:e,evidence:i};if(r<16)return y(Ka,"too-o\
ld",{version:e},s);let a=VG[r];return a===void 0||o.slice(0,10)<=a?{kind:"pass",message:`Node ${e}`,evidence:i}:r===GG?{
kind:"pass",message:`Node ${e}. Its own support ended on ${a}, but it is the line that actions like this one declare (${u(
"using: node20")}), so it will do.`,evidence:i}:y(Ka,"end-of-life",{version:e,line:r,lastDay:a},s)}};var N0={name:"rust-build",async collect(e,t,n,o){var V;let{workspace:r}=t,i=On(e,r),s={mode:await XG(o),path:i,...e.env.
PATH!==void 0&&{pathText:e.env.PATH.slice(0,2e3)}};if((t.usesWorkspace?(await e.stat(U(r,"Cargo.toml"))).kind:"absent")!==
"file")return{...s,project:!1,programs:[]};let[d,c,l]=await Promise.all([Ic(e,r),Cc(e),YG(e,r,i)]),f=new dp(e.env,d,r),p=f.
targets(c).map(J=>f.linkerFor(J,c)),g=[...[{role:"rustc",named:f.program("rustc")},{role:"wrapper",named:f.program("rust\
c-wrapper")},{role:"workspace-wrapper",named:f.program("rustc-workspace-wrapper")}].flatMap(({role:J,named:D})=>D?[{role:J,
named:D}]:[]),...p.flatMap(J=>J.programs)],k=await Promise.all(g.map(async({named:J,...D})=>{let{found:Q,...fe}=await zG(
e,t,J,l);return Q===void 0?{...D,...fe}:{...D,...fe,...D.isCross?{unnamed:Q}:{found:Q}}})),b=await Promise.all(k.map(J=>KG(
e,t,J,c,o))),x=k.filter((J,D)=>b[D]),E=[...x,...await qG(e,x,c)],H=E.some(({program:J,found:D})=>J==="cc"&&D===void 0),O=(V=
p.find(({isOwn:J})=>J))==null?void 0:V.target.name;return{...s,project:!0,programs:E,...H&&{compilers:await ZG(e,l)},...O!==
void 0&&{otherTarget:O},...d.unread&&{unread:d.unread}}}},dp=class{env;entries;workspace;constructor(t,{entries:n},o){this.
env=t,this.entries=n,this.workspace=o}program(t){let n=t.toUpperCase().replace(/-/g,"_"),o=this.variable(n)??this.variable(
`CARGO_BUILD_${n}`)??this.entry(["build",t]);return(o==null?void 0:o.program)===""?void 0:o}targets(t){var r;let n=this.
env.CARGO_BUILD_TARGET??((r=this.entries.find(i=>ap(i,["build","target"])))==null?void 0:r.value)??[],o=(typeof n=="stri\
ng"?[n]:n).filter(i=>i!=="").slice(0,8);return o.length===0?[t]:o.map(i=>i==="host-tuple"||Km(i,t)?t:{name:i.slice(0,100),
isHost:!1})}linkerFor(t,n){let o=this.flagsFor(t),r=(f,m)=>m?[{role:f,target:t.name,named:m}]:[],i=Lc(o,/^(?:-C|--codegen=)?linker=(.*)/)??
this.linker(t),s=Lc(o,/^(?:-C|--codegen=)?linker-flavor=(.*)/),a=i0(t),d=t.isHost?BG(o):void 0;if(s||i==="unclear"||i&&/^(?:rust-lld|wasm-component-ld)$/.
test(i.program))return{target:t,programs:[],isOwn:!0};if(typeof i=="object")return{target:t,programs:[...r("linker",i),...r(
"ld",d)]};if(a===void 0)return{target:t,programs:[],isOwn:!0};let l=s0(t,n);return l===void 0?{target:t,programs:[...r("\
linker",{program:a,base:"/"}),...r("ld",d)]}:{target:t,programs:[{role:"linker",target:t.name,named:{program:l,base:"/"},
isCross:!0}]}}linker(t){let n=Object.keys(this.env).find(i=>zm(i,"LINKER",t)),o=n&&this.variable(n)||this.firstOf(t,"lin\
ker")[0];return o||(this.ofTarget(t,"linker").some(({holds:i})=>i===void 0)?"unclear":void 0)}flagsFor(t){let{CARGO_ENCODED_RUSTFLAGS:n,
RUSTFLAGS:o}=this.env,r=this.workspace,i=(l,f,m)=>l.split(m).flatMap(p=>p===""?[]:[{text:p,variable:f,base:r}]);if(n!==void 0)
return i(n,"CARGO_ENCODED_RUSTFLAGS",/\u001f/);if(o!==void 0)return i(o,"RUSTFLAGS",/\s+/);let s=Object.keys(this.env).find(
l=>zm(l,"RUSTFLAGS",t))??"",a=[...this.ofTarget(t,"rustflags").flatMap(({entry:l,holds:f})=>f?_0(l):[]),...i(this.env[s]??
"",s,/\s+/)];if(a.length>0)return a;let d="CARGO_BUILD_RUSTFLAGS";return[...this.entries.filter(l=>ap(l,["build","rustfl\
ags"])).reverse().flatMap(_0),...i(this.env[d]??"",d,/\s+/)]}firstOf(t,n){let o=this.ofTarget(t,n).filter(({holds:i})=>i);
return[...o.filter(({isCfg:i})=>!i),...o.filter(({isCfg:i})=>i)].flatMap(({entry:i})=>C0(i))}ofTarget(t,n){return this.entries.
flatMap(o=>{let[r,i="",s,...a]=o.path;if(r!=="target"||s!==n||a.length>0)return[];let d=/^cfg\s*\(/.test(i);return[{entry:o,
isCfg:d,holds:d?_c(i,t):Km(i,t)}]})}variable(t){let n=this.env[t];return n===void 0?void 0:{program:n.slice(0,200),variable:t,
base:this.workspace}}entry(t){return this.entries.filter(n=>ap(n,t)).flatMap(C0)[0]}};function ap({path:e},t){return e.length===
t.length&&e.every((n,o)=>n===t[o])}function C0({value:e,file:t,line:n,base:o}){return typeof e=="string"?[{program:e.slice(
0,200),file:t,line:n,base:o}]:[]}function _0({value:e,file:t,line:n}){return(typeof e=="string"?e.split(/\s+/):e).map(r=>({
text:r,file:t,line:n,base:""}))}function Lc(e,t){return e.reduce((n,{text:o,...r},i)=>{var d,c;let s=(d=t.exec(o))==null?
void 0:d[1],a=o.startsWith("-")||/^(?:-C|--codegen)$/.test(((c=e[i-1])==null?void 0:c.text)??"");return s!==void 0&&a?{program:s.
slice(0,200),...r}:n},void 0)}function BG(e){let t=Lc(e,/^(?:-C|--codegen=)?link-args?=(?:.*\s)?--ld-path=(\S+)/);if(t)return t;
let n=Lc(e,/^(?:-C|--codegen=)?link-args?=(?:.*\s)?-fuse-ld=(\S+)/);if(n)return n.program.includes("/")?n:{...n,program:`\
ld.${n.program}`}}var WG={"x86_64-unknown-linux-gnu":"/usr/lib/x86_64-linux-gnu","aarch64-unknown-linux-gnu":"/usr/lib/a\
arch64-linux-gnu"};async function qG(e,t,n){var a;let o=WG[n.name],r=((a=t.find(({role:d,target:c})=>d==="linker"&&c===n.
name))==null?void 0:a.found)??"";if(o===void 0||!/^\/usr\/bin\/(?:cc|gcc|clang)(?:-\d+)?$/.test(r))return[];let[i,s]=await Promise.
all([e.stat("/var/lib/dpkg/status"),e.stat(`${o}/crti.o`)]);return i.kind!=="file"||s.kind!=="absent"?[]:[{role:"libc",target:n.
name,program:"crti.o",path:`${o}/crti.o`}]}async function KG(e,t,{program:n,role:o,found:r,isCross:i},s,a){if(i)return(await e.
stat(U(t.workspace,"Cross.toml"))).kind!=="file";if(o!=="ld"||n!=="ld.lld"||r!==void 0||s.name!=="x86_64-unknown-linux-g\
nu")return!0;let{rustc:d}=t.policy.tools,c=d&&await a(Xe("rustc",d.command)).catch(()=>{}),l=(c==null?void 0:c.run.kind)===
"ran"?Z(c.run.outcome.stdout):void 0;return l!==void 0&&mt(l,{numbers:[1,90,0],prerelease:[]})<0}async function zG(e,t,{
base:n,...o},r){let{program:i}=o,s=i.includes("/")?JG(Ce(i,n||t.workspace)):void 0,a=(s==null?void 0:s.lastIndexOf("/"))??
0,{found:d,unusable:c}=s===void 0?await Ye(e,i||"?",r):await Ye(e,s.slice(a+1),[s.slice(0,a)||"/"]),l={...o,...s!==void 0&&
{path:s}};if(d!==void 0)return{...l,found:d};let[f]=c,m=s===void 0&&i!==""?await $u(e,t,i,i,r):{},[p]=pu(e,i);return{...l,
...p!==void 0&&{meant:p},...f&&{unusable:f},...m}}function JG(e){let t=[];for(let n of e.split("/"))n===".."?t.pop():n!==
""&&n!=="."&&t.push(n);return`/${t.join("/")}`}async function YG(e,t,n){let{found:o}=await z(Ye(e,"cargo",n),()=>({found:void 0})),
r=oa(e,t);if(o===void 0||r===void 0)return n;let[i,s]=await Promise.all([e.realPath(o),e.stat(U(o.slice(0,o.lastIndexOf(
"/")),"rustup"))]);return s.kind==="file"||i.kind==="ok"&&/\/rustup(?:-init)?$/.test(i.value)?[U(r,"bin"),...n]:n}async function ZG(e,t){
return(await Promise.all(["gcc","clang"].map(o=>Ye(e,o,t)))).flatMap(o=>o.found??[])}async function XG(e){try{return(await e(
R)).mode}catch{return"unknown"}}var QG={cc:{apt:"build-essential",apk:"build-base",dnf:"gcc",zypper:"gcc",pacman:"base-devel"},gcc:{apt:"build-essential",
apk:"build-base",dnf:"gcc",zypper:"gcc",pacman:"base-devel"},clang:{apt:"clang",apk:"clang",dnf:"clang"},"musl-gcc":{apt:"\
musl-tools"},"x86_64-linux-musl-gcc":{apt:"musl-tools"},"aarch64-linux-gnu-gcc":{apt:"gcc-aarch64-linux-gnu"},"arm-linux\
-gnueabihf-gcc":{apt:"gcc-arm-linux-gnueabihf"},"riscv64-linux-gnu-gcc":{apt:"gcc-riscv64-linux-gnu"},"x86_64-w64-mingw3\
2-gcc":{apt:"gcc-mingw-w64-x86-64"},"i686-w64-mingw32-gcc":{apt:"gcc-mingw-w64-i686"},"ld.mold":{apt:"mold",apk:"mold",dnf:"\
mold",zypper:"mold",pacman:"mold"},"crti.o":{apt:"libc6-dev",apk:"musl-dev",dnf:"glibc-devel",zypper:"glibc-devel",pacman:"\
glibc"},"ld.lld":{apt:"lld",apk:"lld",dnf:"lld",zypper:"lld",pacman:"lld"},lld:{apt:"lld",apk:"lld",dnf:"lld",zypper:"ll\
d",pacman:"lld"},mold:{apt:"mold",apk:"mold",dnf:"mold",zypper:"mold",pacman:"mold"},"ld.gold":{apt:"binutils-gold",apk:"\
binutils-gold",dnf:"binutils-gold",zypper:"binutils-gold"},"ld.bfd":{apt:"binutils",apk:"binutils",dnf:"binutils"},sccache:{
apt:"sccache",apk:"sccache",dnf:"sccache",zypper:"sccache",pacman:"sccache"}};function da(e,t,n){var a;let o=nV(n),r=(a=
L(QG,e))==null?void 0:a[o],i=eV[o](N(r??tV[o](e))),s=r===void 0||r===e?`Install ${u(e)}`:`Install ${u(e)}, which comes w\
ith the package ${u(r)},`;return ke(t,{text:`${s} in the job's image.`,config:{file:"Dockerfile",language:"dockerfile",text:`\
RUN ${i.split("SUDO ").join("")}`},kind:"image"},{text:`${s} on the runner's host.`,commands:[i.split("SUDO ").join("sud\
o ")],kind:"host"})}var eV={apt:e=>`SUDO apt-get update && SUDO apt-get install -y ${e}`,apk:e=>`SUDO apk add --no-cache\
 ${e}`,dnf:e=>`SUDO dnf install -y ${e}`,zypper:e=>`SUDO zypper install -y ${e}`,pacman:e=>`SUDO pacman -S --needed --no\
confirm ${e}`},tV={apt:e=>e,apk:e=>`cmd:${e}`,dnf:e=>`/usr/bin/${e}`,zypper:e=>`/usr/bin/${e}`,pacman:e=>e};function nV(e){
return/alpine/i.test(e)?"apk":/fedora|red hat|centos|rocky|alma|amazon|oracle/i.test(e)?"dnf":/suse/i.test(e)?"zypper":/\barch\b|manjaro/i.
test(e)?"pacman":"apt"}var D0="`rustc --version` and `cargo --version` work without a linker, and without the compiler wrapper that cargo is to\
ld to use; no build does. Judged only if the workspace has a `Cargo.toml`. Variables and configuration are read in cargo\
's own order: `RUSTC_WRAPPER`, `CARGO_BUILD_RUSTC_WRAPPER`, then `.cargo/config.toml` of the workspace and of each direc\
tory above it, then that of `CARGO_HOME`; and so for `RUSTC_WORKSPACE_WRAPPER`, for linkers (`CARGO_TARGET_<TRIPLE>_LINK\
ER`, `linker`, `-C linker=`, `-fuse-ld=` and `--ld-path=` in flags), for the compiler (`RUSTC`, `build.rustc`) and for `\
build.target`. Nothing is started.",Hc={"linker-missing":{level:"fail",title:"The linker of Rust builds is missing",headline:({
missing:{program:e,role:t}})=>t==="libc"?"The files that every program is linked with are missing":X("Rust builds need t\
he linker ",e),why:({missing:{role:e,program:t,isCross:n}})=>n?"Compiling works, but each program fails to link: `file i\
n wrong format`.":e==="libc"?"Compiling works, but each program fails to link: `cannot find Scrt1.o: No such file or dir\
ectory`.":e==="ld"?`Compiling works, but each program fails to link: ${u(`cannot find '${t}'`)}.`:`Every build fails wit\
h ${u(`error: linker '${t}' not found`)}, although \`rustc --version\` and \`cargo --version\` work.`,expected:({missing:{
program:e,role:t}})=>t==="libc"?`the C library's ${u(e)}`:`the linker ${u(e)}`,tell:e=>({what:oV(e),fix:iV(e)}),more:"ru\
stc compiles on its own, but links with the C compiler `cc`. An image with rustup alone has none. On Debian, the files t\
hat it links with are in a package of their own (`libc6-dev`), which `--no-install-recommends` leaves out. WebAssembly a\
nd bare-metal targets bring a linker, and that of musl targets is not judged."},"wrapper-missing":{level:"fail",title:"T\
he compiler wrapper of cargo is missing",headline:({missing:{program:e,role:t}})=>X(t==="rustc"?"cargo cannot start the \
compiler ":"cargo cannot start the wrapper ",e),why:({missing:{program:e,path:t,role:n}})=>`Every build fails with ${u(`\
could not execute process '${t??e} ${n==="rustc"?"-vV":"\u2026 rustc -vV"}' (never executed)`)}, although \`cargo --versi\
on\` works.`,expected:({missing:{program:e,role:t}})=>t==="rustc"?`the compiler ${u(e)}`:`the wrapper ${u(e)}, or none`,
tell:e=>({what:rV(e),fix:aV(e)}),more:"An empty variable switches the wrapper off, and goes before the file. A value wit\
h a slash is a path, relative to the directory that holds `.cargo` (in a variable: to the workspace). Nothing expands `~\
` in it. A value without a slash is searched along PATH."}};function Jo({variable:e,file:t,line:n,isCross:o}){return o?"\
nothing names it":e??(t===void 0?"rustc's default":`${t}:${n}`)}function Uc({program:e,path:t,unusable:n,elsewhere:o=[],
unexpanded:r}){if(r)return`it is only at ${u(o[0]??"")}. ${xs(r)}`;if((n==null?void 0:n.kind)==="dangling-link")return`${u(
n.path)} is a dangling link.`;if(n)return`the job's user cannot execute ${u(n.path)}.`;if(o[0]!==void 0)return`it is onl\
y at ${u(o[0])}, which is not on PATH.`;if(t===void 0)return"it is not on PATH.";let i=/^(?:~|\$)/.test(e)?`, as nothing\
 expands ${u(e.split("/")[0]??"")} there`:"";return`there is no file ${u(t)}${i}.`}function oV({missing:e,build:t}){let{
program:n,target:o,role:r,unnamed:i,path:s}=e;if(r==="libc")return`The C compiler is installed without the C library's f\
iles for linking: ${u(s??n)} does not exist.`;if(e.isCross){let d=i===void 0?"is not on PATH":`is at ${u(i)}, but nothin\
g names it`;return`The build is for ${u(o??"")}, and rustc links with \`cc\`, as nothing names another linker. That of thi\
s machine does not link for it. ${u(n)} ${d}.`}if(e.variable===void 0&&e.file===void 0){let d=(t.compilers??[]).map(u),c=d.
length===0?"":` ${d.join(" and ")} could do it, if named.`;return`rustc links with ${u(n)}, as nothing names another lin\
ker, but ${Uc(e)}${c}`}let a=r==="ld"?"makes the compiler link with":"names the linker";return`${u(Jo(e))} ${a} ${u(n)}${o===
void 0?"":` for ${u(o)}`}, but ${Uc(e)}`}function rV({missing:e}){if(e.role==="rustc")return`${u(Jo(e))} makes cargo sta\
rt ${u(e.program)} as the compiler, but ${Uc(e)}`;let t=e.role==="workspace-wrapper"?"rustc in the crates of the workspa\
ce":"rustc";return`${u(Jo(e))} makes cargo start ${u(e.program)} around ${t}, but ${Uc(e)}`}function iV(e){let{missing:t,
build:n,os:o}=e;if(t.role==="libc")return da("crti.o",n.mode,o);if(t.isCross)return sV(e);let r=cp(e);if(r)return r;let i=da(
oo(t.program),n.mode,o);if(t.variable!==void 0||t.file!==void 0)return i.otherwise?i:{...i,otherwise:lp(t,"name a linker\
 that is installed, or remove the line",n.mode)};let[s]=n.compilers??[];if(s===void 0||t.target===void 0||i.otherwise)return i;
let a=F0(t.target);return{...i,otherwise:{...j0(a,s,e),text:`Name ${u(s)} as the linker.`}}}function sV(e){let{missing:t,
build:n,os:o}=e,{target:r="",program:i,unnamed:s}=t,a={...j0(F0(r),s??i,e),text:`Name ${u(i)} as the linker for this tar\
get.`};return s!==void 0?a:{...da(i,n.mode,o),otherwise:{...a,text:`${a.text} Both are needed.`}}}function F0(e){return`\
CARGO_TARGET_${e.toUpperCase().replace(/\W/g,"_")}_LINKER`}function aV(e){let{missing:t,build:n,os:o}=e,{program:r,role:i}=t;
if(i==="rustc")return cp(e)??lp(t,"name a compiler that is installed, or remove the line",n.mode);let s=i==="wrapper"?"R\
USTC_WRAPPER":"RUSTC_WORKSPACE_WRAPPER",a={text:`Build without it: set ${u(s)} to the empty string for these jobs${t.variable===
s?"":`, which goes before ${u(Jo(t))}`}.`,config:{file:"the workflow's job",language:"yaml",text:`env:
  ${s}: ""`},kind:"workflow"};return{...cp(e)??dV(r,n.mode,o),otherwise:a}}function dV(e,t,n){let o=hr(e);if(o!==void 0){
let{image:i,host:s}=hn(["component","add"],o);return ke(t,{text:`Add rustup's component ${u(o)} in the job's image.`,config:{
file:"Dockerfile",language:"dockerfile",text:i.join(`
`)},kind:"image"},{text:`Add rustup's component ${u(o)} on the runner's host.`,commands:s,kind:"host"})}if(e==="sccache")
return da(e,t,n);let r=`RUSTC_WRAPPER= RUSTC_WORKSPACE_WRAPPER= cargo install --locked ${N(e)}`;return ke(t,{text:`Insta\
ll ${u(e)} in the job's image. If it is a crate, cargo builds it.`,config:{file:"Dockerfile",language:"dockerfile",text:`\
RUN ${r}`},kind:"image"},{text:`Install ${u(e)} on the runner's host. If it is a crate, cargo builds it.`,commands:["# a\
s the runner's user",r],kind:"host"})}function cp({missing:e,build:t,service:n}){let{program:o,path:r,unusable:i,elsewhere:s=[]}=e;
if(s[0]!==void 0){let d={...t,...e.unexpanded&&{unexpanded:e.unexpanded}};return gr(Tt(s[0]),d,n)}if((i==null?void 0:i.kind)===
"not-executable")return{text:"Make it executable, in the repository if the file is tracked there.",commands:[`ls -l ${w(
i.path)}`,`git update-index --chmod=+x -- ${w(o)}`],kind:"workflow"};if(r===void 0)return;let a=e.meant===void 0?"write \
the path of a program that exists":`write ${u(e.meant)}`;return lp(e,a,t.mode)}function lp(e,t,n){let{variable:o,file:r="",
path:i,program:s}=e,a=u(Jo(e)),c=i!==void 0&&e.meant===void 0&&!s.startsWith("/")?` A path there is relative to ${u(cV(i,
s))}.`:"",l=n==="host"?"host":"image";return{text:`${o===void 0?`In ${a}`:`Where ${a} is set`}, ${t}.${c}`,kind:r.startsWith(
"/")?l:"workflow"}}function cV(e,t){let n=`/${t.replace(/^\.\//,"")}`;return e.endsWith(n)?e.slice(0,-n.length)||"/":Tt(
e)}function j0(e,t,{build:n,service:o}){return ke(n.mode==="host"?"host":"container",{text:"",config:{file:"Dockerfile",
language:"dockerfile",text:`ENV ${e}="${Cn(t)}"`},kind:"image"},{text:"",config:{file:`/etc/systemd/system/${o}.service.\
d/override.conf`,language:"ini",text:`[Service]
Environment="${e}=${An(t)}"`},kind:"host"})}var L0={config:{title:"Unknown which linker and wrapper cargo uses",why:"A p\
rogram that is named there and missing stops every build. cargo itself fails if it cannot read the file.",expected:"a co\
nfiguration of cargo that can be read",tell:({file:e,why:t,line:n})=>({what:t==="syntax"?`${u(`${e}:${n}`)} is not TOML \
as far as this check reads it, so it is unknown what the file names.`:`${u(e)} cannot be read (${ve(t)}), so it is unkno\
wn what it names.`,fix:t==="syntax"?{text:"Correct the line: cargo names the place too.",commands:["cargo metadata --no-\
deps --format-version 1 > /dev/null"],kind:"workflow"}:he(e,t)})}};var U0={id:"rust/build",title:"cargo finds the linker and the wrappers of a build",intro:D0,reasons:Hc,needs:{build:N0,job:S,
os:it},after:["tool/rustc","tool/cargo"],applies:({tools:e})=>e.rustc!==void 0||e.cargo!==void 0,judge({build:e,job:t,os:n},o){
if(!e.project)return{kind:"skip",reason:"not-applicable",message:"The workspace has no `Cargo.toml`."};let r=e.programs.
find(({found:d})=>d===void 0),{unread:i}=e;if(i&&(r==null?void 0:r.variable)===void 0){if(i.why==="outside"||i.why==="ir\
regular")return{kind:"skip",reason:"untrusted",message:`${u(i.file)} is not a file of the workspace, so what cargo would\
 read there was not read.`};let d=i.line===void 0?i.file:`${i.file}:${i.line}`;return A(L0,"config",i,{observed:i.why,evidence:[
{source:d,text:i.why}],...i.line!==void 0&&{location:{file:i.file,line:i.line}}})}if(r)return lV(r,e,o,{os:n.name,service:Ro(
t)});let s=e.programs.map(d=>({source:Jo(d),text:`${d.program}: ${d.found}`}));if(Je(s)){let d=[...new Set(e.programs.map(
({program:c})=>u(c)))];return{kind:"pass",message:`${v(d)}, which a build starts, can be started`,evidence:s}}return{kind:"\
skip",reason:"not-applicable",message:`Builds are for ${u(e.otherTarget??"another target")}, whose linker is not judged.`}}};
function lV(e,t,n,o){var f;let{program:r,role:i,file:s,line:a}=e,d=(e.path===void 0?uV(e,t,n):void 0)??((f=e.elsewhere)!=
null&&f.length?ri("",e,n):void 0);if(d!==void 0)return{kind:"skip",reason:`needs:tool/${d}`,message:So(r,d)};let c={observed:fV(
e),evidence:mV(e,t),...s!==void 0&&a!==void 0&&{location:{file:s,line:a}}},l={missing:e,build:t,...o};return i==="linker"||
i==="ld"||i==="libc"?y(Hc,"linker-missing",l,c):y(Hc,"wrapper-missing",l,c)}function uV({program:e},{compilers:t=[]},n){
return(e==="cc"&&!t.some(r=>r.endsWith("/gcc"))?["cc","gcc"]:[e]).find(r=>{let i=n.tools[r];return i&&!i.optional&&!le(`\
tool/${r}`,"missing",n)})}function fV({program:e,path:t,unusable:n,elsewhere:o=[],unnamed:r}){return r!==void 0?`${r}, w\
hich nothing names`:n?`${n.path}: ${n.kind.replace("-"," ")}`:o[0]!==void 0?`only at ${o[0]}`:t===void 0?`no ${e} on PAT\
H`:`no file ${t}`}function mV(e,t){let{path:n,unusable:o,elsewhere:r=[]}=e,i=(o==null?void 0:o.mode)===void 0?(o==null?void 0:
o.code)??(o==null?void 0:o.kind):`mode ${B(o.mode)}`;return[{source:Jo(e),text:e.program},...n===void 0||o?[]:[{source:n,
text:"no such file"}],...o?[{source:o.path,text:i??""}]:[],...r.slice(0,3).map(s=>({source:"outside PATH",text:s})),...(t.
compilers??[]).map(s=>({source:"PATH",text:s})),...n===void 0?[{source:"PATH",text:Po(t)}]:[]]}var M0={name:"rust",async collect(e,t,n,o){var p;let r=h=>{let g=t.policy.tools[h];return g&&o(Xe(h,g.command))},s=(await e.
stat(t.workspace)).kind==="directory"?t.workspace:e.cwd(),[a,d,c,l,f]=await Promise.all([r("rustc"),r("cargo"),pV(e,s).then(
h=>gV(e,h,n,o)),t.usesWorkspace?bV(e,s):void 0,vV(e,s)]),m=[a,d].flatMap(h=>(h==null?void 0:h.run.kind)==="untrusted"?[h.
name]:[]);return{...e.uid!==void 0&&{uid:e.uid},mode:((p=a??d)==null?void 0:p.mode)??"unknown",...(a==null?void 0:a.found)&&
{rustc:H0(a,a.found)},...(d==null?void 0:d.found)&&{cargo:H0(d,d.found)},...m.length>0&&{untrusted:m},cargoHome:c,.../^(?:true|1)$/.
test(e.env.CARGO_NET_OFFLINE??"")&&{offline:!0},...l&&{pinned:l},...e.env.RUSTUP_TOOLCHAIN&&{override:e.env.RUSTUP_TOOLCHAIN.
slice(0,200)},toolchains:f}}};function H0({run:e,rustup:t},{path:n,realPath:o}){let r=t==null?void 0:t.outsideWorkspace,
s=(e.kind==="ran"?Z(e.outcome.stdout):void 0)??(r&&Z(r.stdout));return{path:n,...o!==void 0&&o!==n&&{realPath:o},...s&&{
version:s.text},rustup:(t==null?void 0:t.link)===!0||r!==void 0,instead:r!==void 0}}var fp="registry/src",up=["","regist\
ry","registry/index","registry/cache",fp,"git","git/db"];async function pV(e,t){let n=e.env.HOME||e.userHome,o=e.env.CARGO_HOME?
Ce(e.env.CARGO_HOME,t):n?U(Ce(n,t),".cargo"):void 0;if(o===void 0)return{kind:"no-home"};let r=await e.stat(o);return r.
kind==="unreadable"?r.code==="EACCES"?Mc(o,o,!1,r):{kind:"unknown",path:o,code:r.code}:r.kind==="absent"?(await e.lstat(
o)).kind==="link"?{kind:"unknown",path:o,code:"ENOENT"}:wV(e,o):r.kind!=="directory"?Mc(o,o,!0,r):yV(e,o)}var hV=64*1024;
async function gV(e,t,n,o){var h;if(t.kind!=="writable")return t;let r=await bo(e,t.path);if(r.kind!=="found")return t;let i=await e.
space(r.path,n);if(i.kind!=="ok")return t;let{freeBytes:s,freeInodes:a,totalInodes:d}=i.value,c=a===0&&d!==0;if(s>=hV&&!c)
return t;let l=await e.tryWrite(r.path);if(l.kind!=="unreadable"||!/^(?:ENOSPC|EDQUOT)$/.test(l.code))return t;let f=(h=
gn(await at(e)??[],r.path))==null?void 0:h.target,m=await o(jn).catch(()=>{}),p=Object.entries((m==null?void 0:m.places)??
{}).filter(([,g])=>{var k;return g.kind==="measured"&&f!==void 0&&((k=g.mount)==null?void 0:k.target)===f});return{...t,
full:{freeBytes:s,...a!==void 0&&{freeInodes:a},...f!==void 0&&{target:f},shared:p.map(([g])=>g)}}}async function yV(e,t){
let n=await Promise.all(up.map(s=>kV(e,t,s))),r=(n[up.indexOf("registry")]==="open"?n.slice(1):n).find(s=>typeof s=="obj\
ect");return typeof r!="object"?{kind:"writable",path:t}:r.kind==="unknown"?r:n[up.indexOf(fp)]!=="absent"&&(await e.access(
U(t,fp),"x")).kind==="granted"?{...r,crates:!0}:r}async function kV(e,t,n){let o=n===""?t:U(t,n),r=s=>({kind:"unknown",path:o,
code:s}),i=await e.stat(o);switch(i.kind){case"directory":{let s=await G0(e,o);return s.kind==="unreadable"?r(s.code):s.
kind==="granted"?"open":Mc(t,o,!0,i)}case"absent":return(await e.lstat(o)).kind==="link"?r("ENOENT"):"absent";case"unrea\
dable":return i.code==="EACCES"?"absent":r(i.code);default:return r("ENOTDIR")}}async function wV(e,t){let n=t;for(;n!==
"/";){n=n.slice(0,Math.max(1,n.lastIndexOf("/")));let o=await e.stat(n);if(o.kind==="absent")continue;if(o.kind==="unrea\
dable"&&o.code!=="EACCES")return{kind:"unknown",path:t,code:o.code};let r=o.kind==="directory"?await G0(e,n):void 0;return(r==
null?void 0:r.kind)==="unreadable"?{kind:"unknown",path:t,code:r.code}:(r==null?void 0:r.kind)==="granted"?{kind:"writab\
le",path:t}:Mc(t,n,!1,o)}return{kind:"writable",path:t}}async function G0(e,t){let n=await e.access(t,"w");return n.kind===
"granted"?e.access(t,"x"):n}function Mc(e,t,n,o){let r="mode"in o?{mode:o.mode,uid:o.uid,gid:o.gid}:{};return{kind:"not-\
writable",path:e,at:t,exists:n,...r}}async function bV(e,t){for(let n of bu){let o=await e.readInside(t,U(t,n),16384);if(o.
kind==="absent")continue;let r=o.kind==="ok"?vu(o.value):void 0;return r&&r!=="none"?{file:n,...r}:void 0}}async function vV(e,t){
let n=xo(e,t);if(n===void 0)return{kind:"listed",home:"~/.rustup",names:[]};let o=await e.list(U(n,"toolchains"));return o.
kind==="unreadable"?{kind:"unknown",home:n,code:o.code}:{kind:"listed",home:n,names:o.kind==="ok"?o.value.slice(0,100):[]}}var V0="Compares the versions of `rustc` and `cargo`, reads which toolchain the workspace asks for (`rust-toolchain` or \
`rust-toolchain.toml`), and looks whether cargo can write where it keeps its downloads. It writes no file and does not s\
tart rustup.",Fi={"rustc-cargo-mismatch":{level:"warn",title:"rustc and cargo are from different releases",headline:({compiler:e,
builder:t})=>`rustc ${e} and cargo ${t} do not match`,why:"rustc and cargo are released as a pair. A newer cargo passes \
options that the compiler does not know. An older one cannot read today's manifests: `this version of Cargo does not und\
erstand this lock file`.",expected:"rustc and cargo of the same release",tell:({rustc:e,cargo:t,compiler:n,builder:o,mode:r})=>({
what:`rustc is ${n} (${u(e.path)}) and cargo is ${o} (${u(t.path)})${e.rustup===t.rustup?"":": one comes from rustup, th\
e other does not"}.`,fix:ke(r,{text:"Use one installation in the image: put its directory first on PATH, for example rus\
tup's.",config:{file:"Dockerfile",language:"dockerfile",text:'ENV PATH="/usr/local/cargo/bin:$PATH"'},commands:["which -\
a rustc cargo"],kind:"image"},{text:"Use one installation: put its directory first on the PATH of the runner's service.",
commands:["which -a rustc cargo","systemctl show gitea-runner --property=Environment"],kind:"host"})}),more:"Usually the\
re are two installations, and PATH finds one tool of each: rustup's in `~/.cargo/bin`, the distribution's in `/usr/bin`."},
"pinned-toolchain-missing":{level:"warn",title:"Every job downloads the pinned Rust toolchain",headline:({pinned:e})=>`E\
very job downloads Rust ${e.channel}`.slice(0,60),why:"rustup downloads it in every job that starts without it: some hun\
dred megabytes and a minute each time. Without network access, no build works at all.",expected:({pinned:e,toolchains:t})=>`\
the toolchain ${u(e.channel)} in ${u(`${t.home}/toolchains`)}`,tell:({pinned:e,profile:t,mode:n})=>{let o=`rustup toolch\
ain install --profile minimal ${N(e.channel)}`;return{what:`${u(`${e.file}:${e.line}`)} asks for the Rust toolchain ${u(
e.channel)}, which is not installed here.`,fix:{...ke(n,{text:`Install the toolchain in the image of ${u(t)}.`,config:{file:"\
Dockerfile",language:"dockerfile",text:`RUN ${o}`},kind:"image"},{text:"Install the toolchain as the runner's user.",commands:[
o],kind:"host"}),otherwise:{text:`Ask for an installed toolchain in ${u(e.file)}.`,commands:["rustup toolchain list"],kind:"\
workflow"}}}},more:"`RUSTUP_TOOLCHAIN` wins over the file; if it is set, the file is not looked at. If rustup may not in\
stall what is missing (`RUSTUP_AUTO_INSTALL=0`), builds fail, and `tool/rustc` reports it."},"cargo-home-not-writable":{
level:"fail",title:"cargo cannot write to its home directory",headline:({home:e})=>e.kind==="no-home"?"cargo has no home\
 directory":"cargo cannot write to its home directory",why:"cargo keeps the registry index, downloaded crates and its lo\
cks there. The first build with a dependency fails with `Permission denied (os error 13)`.",expected:"a CARGO_HOME that \
the job's user can write to",tell:({home:e,uid:t,mode:n,service:o})=>({what:xV(e,t===void 0?"the job's user":`the job's \
user (uid ${t})`),fix:$V(e,t,n,o)}),more:"This happens if an image installs Rust as root and the job runs as another use\
r, if `sudo cargo` on a host left parts of `~/.cargo` to root, and if the job has no HOME (a uid without an entry in the\
 user database gets `/`).\n\nTwo setups build nevertheless, and pass: a home owned by root with a `registry` that the user\
 can write to, such as a volume on `/usr/local/cargo/registry` (cargo works without its lock), and `CARGO_NET_OFFLINE=tr\
ue` with unpacked crates in `registry/src`, as an image can bring them."},"cargo-home-full":{level:"fail",title:"The dis\
k with cargo's home directory is full",why:"The first build with a dependency fails with `No space left on device (os er\
ror 28)`.",expected:"free space and inodes where CARGO_HOME is",tell:({path:e,full:t,mode:n})=>{let o=t.freeInodes===0&&
t.freeBytes>1024?"no free inodes":"no free space",r=t.target===void 0?"":`, mounted at ${u(t.target)},`;return{what:`car\
go's home is ${u(e)}. Its file system${r} has ${o}.`,fix:{text:"See what fills it, and remove what no build uses. cargo \
downloads and unpacks crates again when it needs them, so `registry/src` can go while no job runs.",commands:[`df -h ${_e(
e)} && df -i ${_e(e)}`,`du -xh --max-depth=2 ${_e(e)} | sort -h | tail -n 15`],kind:n==="host"?"host":"runner",otherwise:{
text:"Give cargo a home on a larger disk: set `CARGO_HOME` for these jobs.",kind:n==="host"?"host":"workflow"}}}},more:"\
Disks of the policy, the workspace, the temporary directory and HOME have checks of their own. If one of them is on the \
same mount, this one waits for it."}};function B0(e,t){let n=(t==null?void 0:t.kind)==="writable"?"cargo writes to":"car\
go is offline and reads";return`${v(e)}${t&&"path"in t?`; ${n} ${u(t.path)}`:""}`}function xV(e,t){if(e.kind==="no-home")
return"cargo finds no home directory: CARGO_HOME and HOME are not set, and the user is not in the user database.";let{path:n,
at:o,exists:r}=e;return r?`${u(o)} is not writable for ${t}${o===n?"":`, but cargo must write there: its home is ${u(n)}`}\
.`:`cargo's home ${u(n)} does not exist, and ${t} has no permission to create it in ${u(o)}.`}function $V(e,t,n,o){let r=e.
kind==="not-writable"&&e.exists?e.path:void 0,i=r!==void 0&&!r.startsWith("/root")&&!St(r)?r:"/usr/local/cargo";return ke(
n,{text:"Give cargo a home in the image that every user can write to. Files below `/root` are for root only.",config:{file:"\
Dockerfile",language:"dockerfile",text:`ENV CARGO_HOME="${Cn(i)}"
RUN mkdir -p "$CARGO_HOME" && chmod -R a+rwX "$CARGO_HOME"`},kind:"image"},r===void 0||t===void 0||!TV(e,r,t)?{text:"Giv\
e the runner's user a home directory, or set `CARGO_HOME` in the runner's unit to a directory of that user. Then restart\
 the runner while no job runs.",config:{file:`/etc/systemd/system/${o}.service.d/override.conf`,language:"ini",text:`[Se\
rvice]
Environment=CARGO_HOME=/var/lib/${o}/.cargo`},commands:[`sudo systemctl edit ${o}   # opens this file`,`sudo systemctl r\
estart ${o}`],kind:"host"}:{text:"Give the directory back to the runner's user: `sudo cargo` leaves files of root there.\
 Or set `CARGO_HOME` to another directory of that user.",commands:[`ls -ld ${w(e.kind==="not-writable"?e.at:r)}`,`sudo c\
hown -R ${t}: ${w(r)}`],kind:"host"})}function TV(e,t,n){return e.kind==="not-writable"&&e.uid===0&&n!==0&&!/^\/root\//.
test(t)&&!St(t)}var W0={"cargo-home":{title:"Unknown whether cargo can write to its home",why:"If it cannot, every build\
 that downloads a crate fails with `Permission denied`.",expected:"a directory that can be inspected",tell:({path:e,errno:t})=>({
what:`Could not find out whether cargo can write to ${u(e)}: ${ve(t)}.`,fix:he(e,t)})}};var q0={id:"rust/consistency",title:"rustc and cargo match, and cargo can write to its home",intro:V0,reasons:Fi,needs:{
rust:M0,job:S},after:["tool/rustc","tool/cargo"],applies:({tools:e})=>e.rustc!==void 0||e.cargo!==void 0,judge({rust:e,job:t},n){
let{rustc:o,cargo:r,cargoHome:i}=e;if(e.untrusted)return{kind:"skip",reason:"untrusted",message:`${v(e.untrusted.map(u))}\
 would be the workspace's own, and what is in a workspace is not run.`};let s=(r&&(AV(e,i,Ro(t))??IV(e,i,n)))??PV(e)??SV(
e,n);if(s)return s;if(r&&i.kind==="unknown"){let{path:l,code:f}=i;return A(W0,"cargo-home",{path:l,errno:f},{observed:f,
evidence:[{source:l,text:f}]})}let a=[...o?[{name:"rustc",tool:o}]:[],...r?[{name:"cargo",tool:r}]:[]],d=[...a.map(({name:l,
tool:f})=>mp(l,f)),...r&&"path"in i?[{source:i.path,text:i.kind}]:[]];if(a.length===0||!Je(d))return{kind:"skip",reason:"\
not-applicable",message:"Neither `rustc` nor `cargo` is installed."};let c=a.map(({name:l,tool:f})=>RV(l,f));return{kind:"\
pass",message:B0(c,r&&i),evidence:d}}};function RV(e,{version:t}){return t===void 0?e:`${e} ${t}`}function mp(e,{path:t,
version:n,rustup:o}){return{source:`${e} --version`,text:`${n??"no version"} at ${t}${o?", through rustup":""}`}}function PV({
rustc:e,cargo:t,mode:n}){let[o,r]=[e,t].map(a=>Z((a==null?void 0:a.version)??""));if(!e||!t||!o||!r)return;let[i,s]=o.numbers;
if(!(r.numbers[0]===i&&r.numbers[1]===s)&&![e,t].every(EV))return y(Fi,"rustc-cargo-mismatch",{rustc:e,cargo:t,compiler:o.
text,builder:r.text,mode:n},{observed:`rustc ${o.text}, cargo ${r.text}`,evidence:[mp("rustc",e),mp("cargo",t)]})}function EV({
path:e,realPath:t=e,rustup:n}){return!n&&/^\/(?:usr\/)?(?:bin|lib\/rust(?:-[\d.]+)?\/bin)$/.test(Tt(t))}function SV(e,{profile:t}){
let{pinned:n,toolchains:o,rustc:r,cargo:i,override:s,mode:a}=e,d=[r,i].filter(m=>(m==null?void 0:m.rustup)===!0);if(!n||
s!==void 0||d.length===0)return;let c=o.kind==="listed"?o.names:void 0;if(!(d.some(m=>m.instead)||c&&!c.some(m=>OV(n.channel,
m))))return;let f=c==null?void 0:c.slice(0,8).join(", ");return y(Fi,"pinned-toolchain-missing",{pinned:n,toolchains:o,profile:t,
mode:a},{observed:f===void 0?"not installed":f===""?"none":f,evidence:[{source:`${n.file}:${n.line}`,text:`channel = "${n.
channel}"`},{source:`${o.home}/toolchains`,text:f||"nothing"}],location:{file:n.file,line:n.line}})}function OV(e,t){return t===
e?!0:t.startsWith(`${e}-`)?/^(?:x86_64|aarch64|i[3-6]86|arm|thumb|riscv|powerpc|s390x|loongarch|mips|sparc)/.test(t.slice(
e.length+1)):!1}function AV({uid:e,mode:t,offline:n},o,r){if(o.kind==="writable"||o.kind==="unknown"||o.kind==="not-writ\
able"&&o.crates&&n)return;let i=o.kind==="no-home"?{observed:"no home directory",evidence:[{source:"environment",text:"C\
ARGO_HOME and HOME are not set"}]}:{observed:o.exists?`${o.at} is not writable`:`${o.path} cannot be created`,evidence:[
{source:o.at,text:_V(o)}]};return y(Fi,"cargo-home-not-writable",{home:o,uid:e,mode:t,service:r},i)}function IV({mode:e,
offline:t},n,o){if(n.kind!=="writable"||!n.full||t)return;let{path:r,full:i}=n,s=CV(i,o);if(s!==void 0){let c=`Nothing c\
an be written to ${u(r)}, for the cause that \`${s}\` reports.`;return{kind:"skip",reason:`needs:${s}`,message:c}}let a=i.
freeBytes<1024?"no free space":i.freeInodes===0?"no free inodes":"no room",d=[{source:`file system of ${r}`,text:`${i.freeBytes}\
 bytes free`},...i.freeInodes===void 0?[]:[{source:`file system of ${r}`,text:`${i.freeInodes} inodes free`}],...i.target===
void 0?[]:[{source:"/proc/self/mountinfo",text:`mounted at ${i.target}`}]];return y(Fi,"cargo-home-full",{path:r,full:i,
mode:e},{observed:a,evidence:d})}function CV({shared:e,freeBytes:t,freeInodes:n},o){let r=s=>o.disk.some(a=>e.includes(a.
path)&&(a[s]??0)>0);return t<2**20&&r("free")&&!le("disk/free","low",o)?"disk/free":n===0&&r("inodes")&&!le("disk/inodes",
"low",o)?"disk/inodes":["workspace","temp","home"].some(s=>e.includes(s))&&!le("fs/writable","no-space",o)?"fs/writable":
void 0}function _V({mode:e,uid:t,gid:n}){return e===void 0?"cannot be inspected":`mode ${B(e)}, owner ${t}, group ${n}`}var K0={signatures:[{by:"rustup",reason:"component-missing",variant:"component-damaged",pattern:"^error: '(?<subject>rus\
tc|cargo)(?:\\.exe)?' is not installed for the toolchain '(?<within>[^'\\n]+)'",example:"error: 'rustc' is not installed\
 for the toolchain 'stable-x86_64-unknown-linux-gnu'.",subject:"rustc",within:"stable-x86_64-unknown-linux-gnu"},{by:"ru\
stup",reason:"broken",variant:"toolchain-damaged",pattern:"/toolchains/(?<subject>[^/\\s]+)/\\S+: error while loading shar\
ed libraries: lib(?:rustc_driver|std|LLVM|test)[\\w.-]*: (?:cannot open shared object file|file too short|invalid ELF hea\
der)",example:"/root/.rustup/toolchains/stable-x86_64-unknown-linux-gnu/bin/rustc: error while loading shared libraries:\
 librustc_driver-6108105cd7e839cf.so: cannot open shared object file: No such file or directory",subject:"stable-x86_64-\
unknown-linux-gnu"},{by:"rustup",reason:"broken",variant:"toolchain-damaged",pattern:"^error: could not (?:parse manifes\
t|read (?:manifest|components|installer version)) file: '[^'\\n]*/toolchains/(?<subject>[^/'\\n]+)/",example:"error: cou\
ld not parse manifest file: '/root/.rustup/toolchains/stable-x86_64-unknown-linux-gnu/lib/rustlib/multirust-channel-mani\
fest.toml': error parsing manifest",subject:"stable-x86_64-unknown-linux-gnu"},{by:"rustup",reason:"broken",variant:"too\
lchain-damaged",pattern:"^error: command failed: '[^'\\n]+': Exec format error",example:"error: command failed: 'rustc':\
 Exec format error (os error 8)"},{by:"rustup",reason:"component-missing",variant:"component",pattern:"^error: '(?<subje\
ct>[^'\\n]+)' is not installed for the (?:custom )?toolchain '(?<within>[^'\\n]+)'",example:"error: 'rustfmt' is not ins\
talled for the toolchain '1.95.0-x86_64-unknown-linux-gnu'.",subject:"rustfmt",within:"1.95.0-x86_64-unknown-linux-gnu"},
{by:"rustup",reason:"component-missing",variant:"component-damaged",pattern:"^error: the '[^'\\n]+' binary, normally prov\
ided by the '(?<subject>[^'\\n]+)' component, is not applicable to the '(?<within>[^'\\n]+)' toolchain",example:"error: \
the 'cargo' binary, normally provided by the 'cargo' component, is not applicable to the 'stable-x86_64-unknown-linux-gn\
u' toolchain",subject:"cargo",within:"stable-x86_64-unknown-linux-gnu"},{by:"rustup",reason:"component-missing",variant:"\
component-unavailable",pattern:"^error: the '(?<subject>[^'\\n]+)' component which provides the command '[^'\\n]+' is not \
available for the '(?<within>[^'\\n]+)' toolchain",example:"error: the 'miri' component which provides the command 'carg\
o-miri' is not available for the 'stable-x86_64-unknown-linux-gnu' toolchain",subject:"miri",within:"stable-x86_64-unkno\
wn-linux-gnu"},{by:"rustup",reason:"component-missing",variant:"component",pattern:"^error: unknown binary '(?<subject>[\
^'\\n]+)' in (?:official|custom) toolchain '(?<within>[^'\\n]+)'","ignore-case":!0,example:"error: Unknown binary 'rust-\
analyzer' in official toolchain 'stable-x86_64-unknown-linux-gnu'.",subject:"rust-analyzer",within:"stable-x86_64-unknow\
n-linux-gnu"},{by:"rustup",reason:"component-missing",variant:"component",pattern:"^error: toolchain '(?<within>[^'\\n]+)\
' does not (?:have the binary|contain component) [`']?(?<subject>[\\w.-]+)",example:"error: toolchain 'nightly-x86_64-un\
known-linux-gnu' does not have the binary `rustc`",within:"nightly-x86_64-unknown-linux-gnu",subject:"rustc"},{by:"rustu\
p",reason:"toolchain-not-installed",variant:"toolchain-path",pattern:"^error: invalid toolchain: the path '(?<subject>[^\
'\\n]+)' has no bin",example:"error: invalid toolchain: the path '/opt/rust-none' has no bin/ directory",subject:"/opt/r\
ust-none"},{by:"rustup",reason:"toolchain-not-installed",variant:"toolchain",pattern:"toolchain '(?<subject>[^'\\n]+)'(?:\
 specified in override file '[^'\\n]*')? is not install(?:ed|able)",example:"error: toolchain '1.70.0-x86_64-unknown-lin\
ux-gnu' is not installed",subject:"1.70.0-x86_64-unknown-linux-gnu"},{by:"rustup",reason:"toolchain-not-installed",variant:"\
toolchain",pattern:"^error: (?:target (?:tuple|triple) in channel name|invalid (?:(?:official|custom) )?toolchain name:?\
) '(?<subject>[^'\\n]+)'",example:"error: target tuple in channel name 'stable-x86_64'",subject:"stable-x86_64"},{by:"ru\
stup",reason:"toolchain-not-installed",variant:"toolchain",pattern:"^info: syncing channel updates for '?(?<subject>[^'\\\
s]+)",example:"info: syncing channel updates for 1.70.0-x86_64-unknown-linux-gnu",subject:"1.70.0-x86_64-unknown-linux-g\
nu"},{by:"rustup",reason:"toolchain-not-installed",variant:"toolchain",pattern:"^error: (?:could not download nonexisten\
t rust version|no release found for) [`'](?<subject>[^`'\\n]+)",example:"error: could not download nonexistent rust vers\
ion `1.99.0-x86_64-unknown-linux-gnu`",subject:"1.99.0-x86_64-unknown-linux-gnu"},{by:"rustup",reason:"no-default-toolch\
ain",variant:"no-default",pattern:"rustup could not choose a version of \\S+ to run|no override and no default toolchain \
set|^error: no (?:default|active) toolchain",example:"error: no override and no default toolchain set"},{by:"rustup",reason:"\
broken",variant:"rustup-file",pattern:"^error: could not parse (?:the )?(?:override|settings) file:? '(?<subject>[^'\\n]+\
)'",example:"error: could not parse settings file: '/root/.rustup/settings.toml': expected `=`",subject:"/root/.rustup/s\
ettings.toml"},{by:"rustup",reason:"broken",variant:"rustup-file",pattern:"^error: (?:invalid toolchain name detected in\
 override file|relative path toolchain) '(?<subject>[^'\\n]+)'",example:"error: invalid toolchain name detected in overr\
ide file '/workspace/rust-toolchain.toml'",subject:"/workspace/rust-toolchain.toml"},{by:"rustup",reason:"broken",variant:"\
rustup-home",pattern:"^error: could not (?:write|read|create|open) (?:settings file|[\\w-]+ directory|temp \\w+):? '(?<sub\
ject>[^'\\n]+)'",example:"error: could not create home directory: '/x/.rustup': Permission denied",subject:"/x/.rustup"},
{by:"rustup",reason:"broken",variant:"rustup-home",pattern:"^error: (?:unable to create ~/\\.rustup|could not find home d\
ir)",example:"error: could not find home dir to put .rustup in"},{by:"rustup",reason:"broken",variant:"toolchain-damaged",
pattern:"^error: missing manifest in toolchain '(?<subject>[^'\\n]+)'","ignore-case":!0,example:"error: Missing manifest\
 in toolchain '1.80.0-x86_64-unknown-linux-gnu'",subject:"1.80.0-x86_64-unknown-linux-gnu"},{by:"rustup",reason:"broken",
variant:"not-a-proxy",pattern:"^error: unknown proxy name: '(?<subject>[^'\\n]+)'",example:"error: unknown proxy name: '\
sqlx'; valid proxy names are 'rustc'",subject:"sqlx"},{by:"rustup",reason:"broken",variant:"exit",pattern:"^error: (?:in\
finite recursion detected|rustup is not installed at)",example:"error: infinite recursion detected: the command may be a\
n alias of itself"},{by:"loader",reason:"missing-library",variant:"symbol-version",pattern:"version [`'](?<subject>(?:GL\
IBC|GLIBCXX|CXXABI|GCC)_[\\w.]+)' not found(?: \\(required by (?<within>[^)\\n]+)\\))?",example:"git: /lib/x86_64-linux-\
gnu/libc.so.6: version `GLIBC_2.38' not found (required by git)",subject:"GLIBC_2.38",within:"git"},{by:"loader",reason:"\
missing-library",variant:"library",pattern:"error while loading shared libraries: (?<subject>[^:\\s]+): (?:cannot open sh\
ared object file|wrong ELF class|invalid ELF header|ELF file (?:OS ABI|version|data encoding|machine)|file too short)",example:"\
node: error while loading shared libraries: libnode.so.137: cannot open shared object file: No such file or directory",subject:"\
libnode.so.137"},{by:"loader",reason:"missing-library",variant:"library",pattern:"(?<subject>[\\w.+-]+\\.so[\\w.]*): cannot\
 open shared object file",example:"ImportError: libGL.so.1: cannot open shared object file: No such file or directory",subject:"\
libGL.so.1"},{by:"loader",reason:"missing-library",variant:"library",pattern:"Error loading shared library (?<subject>[^\
:\\s]+):",example:"Error loading shared library libgcc_s.so.1: No such file or directory (needed by /opt/node)",subject:"\
libgcc_s.so.1"},{by:"loader",reason:"missing-library",variant:"library",pattern:"Library not loaded: (?<subject>\\S+)",example:"\
dyld[1]: Library not loaded: @rpath/libssl.3.dylib",subject:"@rpath/libssl.3.dylib"},{by:"loader",reason:"missing-librar\
y",variant:"symbol",pattern:"symbol lookup error: [^\\n]*undefined symbol: (?<subject>[^\\s:,]+)",example:"git: symbol l\
ookup error: git: undefined symbol: inflateInit2_",subject:"inflateInit2_"},{by:"loader",reason:"missing-library",variant:"\
symbol",pattern:"relocation error: [^\\n]*symbol (?<subject>[^\\s,]+)[^\\n]* not defined in file \\S+ with link time referen\
ce",example:"git: relocation error: /lib/libc.so.6: symbol _dl_exception_create, version GLIBC_PRIVATE not defined in fi\
le ld-linux-x86-64.so.2 with link time reference",subject:"_dl_exception_create"},{by:"loader",reason:"missing-library",
variant:"symbol",pattern:"Error relocating [^\\n:]+: (?<subject>[^\\s:]+): symbol not found",example:"Error relocating /\
opt/node: __vsnprintf_chk: symbol not found",subject:"__vsnprintf_chk"},{by:"loader",reason:"missing-library",variant:"f\
oreign-loader",pattern:"cannot execute: required file not found",example:"bash: line 1: /usr/bin/node: cannot execute: r\
equired file not found"},{by:"loader",reason:"wrong-architecture",variant:"architecture",pattern:"Exec format error|cann\
ot execute binary file|Bad CPU type in executable|^(?:qemu-[\\w-]+|rosetta error): (?:could not|failed to) open","ignore\
-case":!0,example:"bash: line 1: /opt/node: cannot execute binary file: Exec format error"},{by:"loader",reason:"wrong-a\
rchitecture",variant:"cpu",pattern:"CPU does not support (?<subject>x86-64-v\\d)",example:"Fatal glibc error: CPU does n\
ot support x86-64-v3",subject:"x86-64-v3"},{by:"loader",reason:"wrong-architecture",variant:"cpu",pattern:"CPU ISA level\
 is lower than required",example:"node: error while loading shared libraries: /lib/libc.so.6: CPU ISA level is lower tha\
n required"},{by:"delegate",reason:"component-missing",variant:"subcommand",pattern:"no such (?:sub)?command: [`'\"]?(?<s\
ubject>[\\w-]+)",example:"error: no such command: `nextest`",subject:"nextest"},{by:"delegate",reason:"component-missing",
variant:"subcommand",pattern:"git: '(?<subject>[\\w-]+)' is not a git command",example:"git: 'lfs' is not a git command.\
 See 'git --help'.",subject:"lfs"},{by:"delegate",reason:"component-missing",variant:"subcommand",pattern:"docker: '(?<s\
ubject>[\\w-]+)' is not a docker command",example:"docker: 'scout' is not a docker command.",subject:"scout"},{by:"deleg\
ate",reason:"component-missing",variant:"subcommand",pattern:"unknown command: docker (?<subject>[\\w-]+)",example:"dock\
er: unknown command: docker scout",subject:"scout"},{by:"delegate",reason:"component-missing",variant:"subcommand",pattern:"\
unrecognized command [`'\"]podman (?<subject>[\\w-]+)",example:"Error: unrecognized command `podman compose`",subject:"c\
ompose"},{by:"delegate",reason:"broken",variant:"interpreter",pattern:`env: \\$?['\u2018\`"]?(?<subject>[\\w.+/-]+)(?:\\\\r)?['\u2019"]\
?: No such file or directory`,example:"env: 'node': No such file or directory",subject:"node"},{by:"delegate",reason:"br\
oken",variant:"delegate",pattern:"exec: (?<subject>[\\w.+/-]+): (?:not found|No such file|cannot execute)",example:"/usr\
/bin/docker: 4: exec: /usr/bin/podman: not found",subject:"/usr/bin/podman"},{by:"delegate",reason:"broken",variant:"del\
egate",pattern:"^(?:/\\S{1,40}/)?\\w{0,4}sh: (?:line )?(?:\\d+: )?(?<subject>/[\\w.+/-]+): (?:not found|No such file)",example:"\
/bin/sh: /opt/node: not found",subject:"/opt/node"},{by:"delegate",reason:"missing",variant:"shim",pattern:"^No version \
is set for command (?<subject>\\S+)",example:"No version is set for command python3",subject:"python3"},{by:"delegate",reason:"\
missing",variant:"shim",pattern:"^Volta error: (?<subject>\\w+) is not available","ignore-case":!0,example:"Volta error:\
 Node is not available.",subject:"Node"},{by:"delegate",reason:"missing",variant:"shim",pattern:"^mise ERROR No version \
is set for shim: (?<subject>\\S+)",example:"mise ERROR No version is set for shim: node",subject:"node"},{by:"delegate",
reason:"missing",variant:"shim",pattern:"^(?:pyenv|rbenv|nodenv|goenv|plenv): (?<subject>[\\w.-]+): command not found",example:"\
pyenv: python3: command not found",subject:"python3"},{by:"delegate",reason:"missing",variant:"shim",pattern:"^No preset\
 version installed for command (?<subject>\\S+)",example:"No preset version installed for command node",subject:"node"},
{by:"delegate",reason:"missing",variant:"shim",pattern:"^unknown command: (?<subject>\\S+)\\. Perhaps you have to reshim",
example:"unknown command: node. Perhaps you have to reshim?",subject:"node"},{by:"delegate",reason:"missing",variant:"sh\
im",pattern:`^mise ERROR "?(?<subject>[\\w.-]+)"? (?:couldn't exec process|is not a valid shim)`,example:"mise ERROR nod\
e is not a valid shim. This likely means you uninstalled a tool and the shim does not point to anything.",subject:"node"},
{by:"delegate",reason:"missing",variant:"shim",pattern:'^Volta error: Could not find executable "(?<subject>[^"\\n]+)"',
"ignore-case":!0,example:'Volta error: Could not find executable "yarn"',subject:"yarn"},{by:"delegate",reason:"missing",
variant:"shim",pattern:"^(?:pyenv|rbenv|nodenv|goenv|plenv|jenv): version [`'](?<subject>[^'\\n]+)' is not installed",example:"\
pyenv: version `3.12.1' is not installed (set by /srv/jobs/.python-version)",subject:"3.12.1"}]};var NV=K0.signatures,DV=/error|not |no preset |no such |lower than required|unknown binary|no version |no override |bad cpu |failed |unknown command|unrecognized command|info: syncing/i,
z0;function ca(e){if(DV.test(e)){z0??=NV.map(t=>({signature:t,pattern:new RegExp(t.pattern,t["ignore-case"]?"im":"m")}));
for(let{signature:t,pattern:n}of z0){let o=n.exec(e);if(!o)continue;let{subject:r,within:i}=o.groups??{};return{kind:"de\
fect",reason:t.reason,variant:t.variant,told:FV(e,o.index),...r!==void 0&&{subject:r},...i!==void 0&&{within:i},...t.by===
"rustup"&&{rustup:!0}}}}}function FV(e,t){let n=e.lastIndexOf(`
`,t-1)+1;return e.slice(n).split(`
`).slice(0,3).join(`
`).trim().slice(0,600)}function Bc(e){switch(e.run.kind){case"own-node":{let t=Z(e.run.version);return t?{kind:"works",version:t}:Ee("unreadabl\
e-version","version",e.run.version)}case"not-found":return jV(e);case"untrusted":return e.run;case"search-timed-out":return Ee(
"timeout","search","",e.run.directory);case"ran":return LV(e,e.run.outcome)}}function jV({unusable:e,elsewhere:t,command:n}){let o=c=>e.find(l=>l.kind===c),r=o("unreadable");if(r){let c=`\`${r.path}\
\` cannot be read (\`${r.code}\`), so \`${n[0]}\` may or may not be there.`,{path:l,code:f="EIO"}=r;return{kind:"unknown",
message:c,errno:f,path:l,told:`${l}: ${f}`}}let i=o("not-executable");if(i)return Ee("not-executable","permission","",i.
path);let s=t[0];if(s!==void 0)return Ee("off-path","place","",s);let a=o("closed");if(a)return Ee("not-executable","clo\
sed","",a.path);let d=o("dangling-link");return d?Ee("missing","dangling-link","",d.path):Ee("missing","nowhere","")}function LV(e,t){
var a,d;let n=pp(t.stdout),o=`${pp(t.stderr)}
${n}`,r=Z(n),i=t.kind==="exited"&&t.code===0;if((a=e.rustup)!=null&&a.neverSetUp&&o.includes(xu))return i&&r?{kind:"work\
s",version:r}:{...Ee("no-default-toolchain","never-set-up","",e.rustup.neverSetUp.home),rustup:!0};if(i&&r&&!ca(n))return{
kind:"works",version:r};if((d=e.file)!=null&&d.windowsLines)return Ee("broken","windows-lines",Vc(o));let s=ca(o);if(s)return UV(
e,s)??HV(e,s);switch(t.kind){case"timed-out":return Ee("timeout","run",Vc(o));case"not-started":return MV(t.code,e.file);case"\
signalled":return Ee("broken","signal",Vc(o),t.signal);case"exited":return t.code===0?GV(o):BV(e,t.code,o)}}function UV({
rustup:e},{reason:t,subject:n}){let o=e==null?void 0:e.outsideWorkspace;if(n!==void 0&&!ii(n)||t!=="toolchain-not-instal\
led"||!(e!=null&&e.autoInstall)||(o==null?void 0:o.kind)!=="exited")return;let r=Z(pp(o.stdout));if(!(o.code!==0||!r))return{
kind:"works",version:r,...n!==void 0&&{insteadOf:n}}}function HV({command:e},t){return t.variant==="interpreter"&&t.subject===
e[0]?{...t,reason:"missing",variant:"shim"}:t}function MV(e,t){if(mr(e))return{kind:"unknown",message:`it could not be s\
tarted (\`${e}\`).`,errno:e,told:e};if(e==="ENOEXEC")return Ee("wrong-architecture","architecture",e);if(e==="EACCES"||e===
"EPERM")return Ee("not-executable","permission",e);if((t==null?void 0:t.interpreter)!==void 0&&t.interpreterFound===!1){
let n=t.format==="elf"?"loader":"interpreter";return Ee(n==="loader"?"missing-library":"broken",n,e,t.interpreter)}return Ee(
"broken","exit",e,e)}function GV(e){let t=Z(e);return t?{kind:"works",version:t}:Ee("unreadable-version",e.trim()===""?"\
silent":"version",Vc(e))}var VV=/(?:unrecogni[sz]ed|unknown|invalid|illegal|unsupported|bad) (?:command[- ]line )?(?:option|flag|argument|command|switch|parameter)\b|flag provided but not defined/i;
function BV({arch:e,command:t,file:n},o,r){return(n==null?void 0:n.format)==="mach-o"||(n==null?void 0:n.format)==="wind\
ows"?Ee("wrong-architecture","architecture",""):(n==null?void 0:n.machine)!==void 0&&!KV(n.machine,e)?Ee("wrong-architec\
ture","architecture","",n.machine):(n==null?void 0:n.format)==="empty"||(n==null?void 0:n.format)==="other"?Ee("broken",
"not-a-program",Gc(r)):o===127&&WV(r,t[0]??"")?Ee("missing","shim",Gc(r)):VV.test(r)?Ee("unreadable-version","usage",Gc(
r)):Ee("broken","exit",Gc(r),String(o))}function WV(e,t){return e.split(`
`).some(n=>{var r;let o=(r=/(?:^|\s)['\u2018]?([\w.+-]+)['\u2019]?: (?:command )?not found\s*$/.exec(n))==null?void 0:r[1];return o!==
void 0&&o===t})}var qV={x64:"ia32",arm64:"arm"};function KV(e,t){return e===t||L(qV,t)===e}function Ee(e,t,n,o){return{kind:"\
defect",reason:e,variant:t,told:n,...o!==void 0&&{subject:o}}}function pp(e){return e.replace(/\u001b\[[\d;]*m/g,"").replace(
/\r\n?/g,`
`)}function Vc(e){return e.split(`
`).filter(n=>n.trim()!=="").slice(0,3).join(`
`).slice(0,600)}function Gc(e){let t=e.split(`
`).filter(o=>o.trim()!==""),n=t.findIndex(o=>/\b(?:\w*error|fatal|panic\w*|cannot|can't|denied|not found|failed)\b/i.test(
o));return t.slice(Math.max(0,n),Math.max(0,n)+2).join(`
`).slice(0,600)}var Y0={id:"tool/*",title:"The tool is on PATH, runs, and has the expected version",intro:dy,reasons:$s,expand:e=>Object.
entries(e.tools).map(([t,n])=>zV(t,n,Au(t,e),e))};function zV(e,t,n,o){let r=oi(e,t.command),i={name:e,profile:o.profile,
expectation:{...t,command:r,optional:Q0(e,t,o)},...Dg(e,o)},s=L(JV,e);return{id:`tool/${e}`,title:`${e} is on PATH, runs\
, and has the expected version`,reasons:$s,needs:{tool:Xe(e,r),job:S,...n&&{leader:Xe(n.name,n.command)}},...s!==void 0&&
{after:[s]},applies:()=>e!=="docker"||o.docker.require!=="forbidden",judge:a=>{let{tool:d,job:c,leader:l}=a,f=Ro(c);return YV(
{...i,service:f},d,n&&l&&{name:n.name,facts:l},o)}}}var JV={docker:"docker/cli","nvidia-smi":"gpu/driver"};function YV(e,t,n,o){
let{name:r}=e,i=Bc(t);switch(i.kind){case"works":{let s=Z0(r)?X0(i.version):i.version,a=Ng(e).find(({expectation:d})=>!hs(
s,d.version));return a?t.unexpanded&&n&&ZV(n,o)?{kind:"skip",reason:`needs:tool/${n.name}`,message:So(r,n.name)}:s.unnumbered?
J0(e,t,XV(i.version)):e4(a,t,i.version):QV(r,t,i)}case"untrusted":return{kind:"skip",reason:"untrusted",message:Eo(r,i)};case"\
unknown":return A(ly,"unknown",{name:r,unknown:i},{observed:i.errno,evidence:[{source:pn(t),text:i.told}]});case"defect":{
let s=e.expectation.optional?Fu(r,i):void 0;if(s!==void 0)return{kind:"skip",reason:"absent",message:s};let a=i.variant===
"place"?ri(r,t,o):void 0;return a!==void 0?{kind:"skip",reason:`needs:tool/${a}`,message:So(r,a)}:n!==void 0&&s4(i,r,n.name,
Bc(n.facts),o)?{kind:"skip",reason:`needs:tool/${n.name}`,message:So(r,n.name)}:J0(e,t,i)}}}function ZV({name:e,facts:t},n){
let o=Bc(t),r=n.tools[e];if(!r||!t.unexpanded||o.kind!=="works"||le(`tool/${e}`,"out-of-range",n))return!1;let i=Z0(e)?X0(
o.version):o.version;return[r,...r.alsoWanted??[]].some(({version:s})=>!hs(i,s))}function Z0(e){return e==="rustc"||e===
"cargo"}function X0(e){return{...e,prerelease:[]}}function XV({text:e}){return{kind:"defect",reason:"unreadable-version",
variant:"version",told:e,subject:e}}function QV(e,t,{version:n,insteadOf:o}){let r=t.run.kind==="own-node"?"the Node tha\
t runs this check":pn(t);return{kind:"pass",message:cy(e,n.text,o),evidence:[{source:r,text:n.text},...t.found?[{source:"\
PATH",text:t.found.path}]:[]]}}function e4(e,t,n){let o={observed:n.text,evidence:[{source:pn(t),text:n.text},...t.found?
[{source:"PATH",text:t.found.path}]:[]],...e.location&&{location:e.location}};return y($s,"out-of-range",{expected:e,facts:t,
version:n},o)}function J0(e,t,n){return y($s,n.reason,{expected:e,facts:t,defect:n},{observed:t4(t,n),evidence:n4(t,n),...e.
location&&{location:e.location}})}function t4(e,{reason:t,variant:n,subject:o}){var r;switch(n){case"nowhere":return"not\
hing on PATH";case"place":return`only at ${o??""}`;case"exit":return o===void 0?"it failed":`exit code ${o}`;case"signal":
return o??"ended by a signal";case"silent":return"no output";case"version":return o??"no version in the output";case"run":case"\
search":return"no answer";case"not-a-program":return((r=e.file)==null?void 0:r.format)==="empty"?"an empty file":"not a \
program";case"symbol-version":case"symbol":case"interpreter":case"delegate":return`${o??""} not found`;case"library":case"\
loader":return`${o??""} missing`;case"architecture":return o??"another architecture";default:return`${n.replace(/-/g," ")}${t===
"component-missing"&&o!==void 0?` ${o}`:""}`}}function n4(e,t){var d;let n=t.told===""?[]:[{source:pn(e),text:t.told}],o=e.
found?[{source:"PATH",text:o4(e.found)}]:[],r=e.unusable.slice(0,4).map(c=>({source:c.path,text:r4(c)})),i=e.elsewhere.slice(
0,4).map(c=>({source:"outside PATH",text:c})),s=((d=e.file)==null?void 0:d.format)==="elf"?[{source:"ELF header",text:i4(
e.file)}]:[],a=e.found?[]:[{source:e.pathUnset?"PATH is not set":"PATH",text:Po(e)}];return[...n,...o,...s,...r,...i,...a]}
function o4({path:e,realPath:t}){return t===void 0||t===e?e:`${e} -> ${t}`}function r4({kind:e,mode:t,uid:n,gid:o,code:r}){
switch(e){case"not-executable":return t===void 0?"not executable":`mode ${B(t)}, owner ${n}, group ${o}`;case"dangling-l\
ink":return"a dangling link";default:return r??"cannot be read"}}function i4({machine:e,interpreter:t,interpreterFound:n}){
let o=t===void 0?"":`, loader ${t}`;return`built for ${e??"?"}${o}${n===!1?" (missing)":""}`}function s4(e,t,n,o,r){if(o.
kind!=="defect"||le(`tool/${n}`,o.reason,r))return!1;let i=r.tools[n];return i&&Q0(n,i,r)&&Fu(n,o)!==void 0?!1:e.variant===
"nowhere"?o.variant==="nowhere"&&L(a4,t)===n:e.variant==="place"?o.variant==="place"&&Tt(e.subject??"")===Tt(o.subject??
""):e.rustup&&o.rustup?e.reason===o.reason&&e.reason!=="component-missing":e.variant==="shim"?o.variant==="shim":e.variant===
"interpreter"?e.subject===n:e.told!==""&&e.told===o.told&&e.reason===o.reason}var a4={cargo:"rustc",npm:"node",npx:"node"};
function Q0(e,t,n){return t.optional||e==="docker"&&n.docker.require==="optional"}var la=[hv,t$,Yx,j$,k$,kv,d$,_$,h$,Mx,A$,Y0,A0,U0,q0,I0,py,df,Lk,ow,Ik,Ig,Bk,Dw,Gw,aw,Jw,Jk,qb,Rv,jb,av,uv,ax,dx,fx,bx,Tx,
Jv,Nx,Ax,Uv,Dv,uk,J$,wb,y0,P0,w0,x0];var d4=Object.entries(zh.checks).map(([e,{title:t,reasons:n}])=>({id:e,title:t,reasons:n,needs:{},judge:()=>({kind:"skip",
reason:"not-applicable",message:e.startsWith("workflow/")?"No workflows were named.":"No configuration of a runner was n\
amed."})})),jr=[...la,...d4];async function eT(e,{runnerConfig:t,workflows:n}){if(t===void 0&&n.length===0)return fs(jr,
e);let{lintChecks:o}=await Promise.resolve().then(()=>K(require("./more.js"),1));return fs([...la,...o],e)}var c4=600;async function tT(e,t,n,o,r,i={}){let s=re()+n.timeoutMs,a=new Map(Object.entries(i).map(([p,h])=>[p,Promise.
resolve(h)])),d=new Map,c=()=>{for(let p of d.values())p.abort()};r==null||r.addEventListener("abort",c);let l=p=>{let h=a.
get(p.name);if(h)return h;let g=new AbortController;r!=null&&r.aborted&&g.abort(),d.set(p.name,g);let k=u4(p,t,n,f,{controller:g,
end:s}).finally(()=>d.delete(p.name));return a.set(p.name,k),k},f=async p=>{let h=await l(p);if(!h.ok&&h.reason==="mount")
throw new Yr(h.message);if(!h.ok)throw new ua(h.reason,h.message);return h.value},m=o&&setInterval(()=>o([...d.keys()].sort()),
1e3);try{await Promise.all(e.filter(({last:h})=>!h).map(l)),await Promise.all(e.filter(({last:h})=>h).map(l));let p=await Promise.
all([...a].map(async([h,g])=>[h,await g]));return Object.fromEntries(p.sort(([h],[g])=>h<g?-1:1))}finally{clearInterval(
m),r==null||r.removeEventListener("abort",c)}}var l4="the probe is over",ua=class extends Error{reason;constructor(t,n){
super(n),this.reason=t}};async function u4(e,t,n,o,{controller:r,end:i}){let s=re(),a=Math.max(0,i-s),d=setTimeout(()=>r.
abort(),a),c,l=new Promise((f,m)=>{c=setTimeout(()=>{m(new ua("timeout",`no answer within ${n.timeoutMs/1e3} s`))},a+c4)});
try{return{ok:!0,value:await Promise.race([e.collect(t,n,r.signal,o),l]),ms:Rt(s)}}catch(f){let m=r.signal.aborted?"time\
out":"crashed";return{ok:!1,reason:f instanceof ua?f.reason:Qn(f)?"mount":m,message:Vn(f),ms:Rt(s)}}finally{clearTimeout(
d),clearTimeout(c),r.abort(l4)}}var ji="Usual causes are a daemon that is overloaded or deadlocked, a storage disk that does not answer, and a proxy in \
front of the socket.",hp="Every `docker` command of a job hangs in the same way, and a runner cannot start job container\
s.",Li="sudo journalctl --unit docker --since -10min | tail -n 50",f4="Usual causes are a network file system (NFS, SMB,\
 FUSE) whose server is gone, and a disk with I/O errors.",nT="findmnt --types nfs,nfs4,cifs,fuse,fuse.sshfs";function lt(e,t,...n){
return{for:e,why:t,cause:f4,commands:[...n.map(o=>`timeout 5 ls -ld ${o}`),nT]}}function Bt(e,t,n){return{for:e,why:t,cause:"\
The kernel answers at once unless the machine is overloaded: look for a full CPU, swapping, or a stopped control group.",
commands:[`timeout 5 head -n 5 ${n}`,"uptime","free -m"]}}var oT="Usual causes are a wrapper that asks the network for a\
 release, a lock that another job holds, and a program on a file system that does not answer.",m4={account:Bt("this proc\
ess's user and groups","Jobs run as this user.","/proc/self/status"),"cache-server":{for:"the runner's cache server",why:"\
Every `actions/cache` step waits for it in the same way, then goes on without a cache.",cause:"Usual causes are a firewa\
ll that drops packets from job containers, and `cache.host` with an address that they cannot reach.",commands:['curl --m\
ax-time 10 --verbose "$ACTIONS_CACHE_URL"']},cgroups:Bt("the control groups of this process","Limits on memory and CPUs \
decide how much a job gets.","/proc/self/cgroup"),container:Bt("the kernel's description of this process","It decides wh\
ether the job is isolated from the machine, and which fixes apply.","/proc/self/mountinfo"),cpu:Bt("the kernel's list of\
 CPUs","Builds start as many processes as they find CPUs.","/proc/self/status"),disks:lt("the disks of the profile","Eve\
ry step that uses such a disk hangs in the same way.",'"$PWD"','"$HOME"',"/tmp"),"docker-cli":{for:"`docker version`",why:"\
Every `docker` command of a job hangs in the same way.",cause:"Usual causes are a daemon that does not answer, and a CLI\
 plugin on a file system that does not answer.",commands:["timeout 10 docker --version","timeout 10 docker version"]},"d\
ocker-client":lt("the Docker CLI's configuration and the directories of PATH","Every `docker` command of a job reads its\
 configuration first.",'"${DOCKER_CONFIG:-$HOME/.docker}"'),"docker-endpoint":lt("the Docker CLI's configuration","Every\
 `docker` command of a job reads it first.",'"${DOCKER_CONFIG:-$HOME/.docker}"'),"docker-engine":{for:"the Docker daemon",
why:hp,cause:ji,commands:["timeout 10 docker version",Li]},"docker-other-sockets":{for:"the daemons behind the other Doc\
ker sockets",why:"A daemon that hangs exists all the same: a job that reaches it controls the machine.",cause:ji,commands:[
"ls -l /var/run/docker.sock /run/podman/podman.sock","timeout 10 docker --host unix:///var/run/docker.sock version"]},"d\
ocker-socket":lt("the Docker socket's directory","Every `docker` command of a job opens this socket first.","/var/run/do\
cker.sock"),"docker-storage":{for:"the Docker daemon's storage",why:"If its disk is full, pulls and builds of jobs fail \
with `no space left on device`.",cause:ji,commands:["timeout 60 docker system df",Li]},forge:{for:"the forge",why:"Check\
outs, artifacts and the job's own status go to this server.",cause:"Usual causes are a firewall that drops packets, DNS \
that does not answer, and a forge that is restarting or overloaded.",commands:['curl --max-time 10 --verbose --output /d\
ev/null "$GITHUB_SERVER_URL"']},"git-workspace":lt("the workspace and git","git works in the workspace in most steps of \
a job.",'"$PWD"'),"gpu-request":{for:"the Docker daemon's answer about GPUs",why:"It says whether this job's container w\
as given a GPU.",cause:ji,commands:["timeout 10 docker info",Li]},job:lt("the event file of this job","It says whether t\
his run comes from a fork.",'"$GITHUB_EVENT_PATH"'),"labelled-tools":{for:"the versions of the tools that the image name\
s",why:"Steps that call such a tool hang in the same way.",cause:oT,commands:["timeout 10 rustc --version","timeout 10 n\
ode --version"]},"gpu-holders":{for:"the list of programs that use the GPU",why:"Programs that use the GPU hang in the s\
ame way.",cause:"Usual causes are a GPU that fell off the bus, and a driver that was updated without a reboot.",commands:[
"timeout 60 nvidia-smi --query-compute-apps=pid,process_name --format=csv"]},limits:Bt("the limits of this process","A j\
ob with too few open files fails in the middle.","/proc/self/limits"),memory:Bt("the kernel's count of memory","A job wi\
th too little memory is killed.","/proc/meminfo"),mounts:Bt("the list of mounts","A process that touches a mount that do\
es not answer hangs.","/proc/self/mountinfo"),"node-runtime":Bt("the Node that runs this","Every JavaScript action runs \
on it.","/proc/self/status"),nvidia:{for:"`nvidia-smi`",why:"Programs that use the GPU hang in the same way.",cause:"Usu\
al causes are a GPU that fell off the bus, a driver that was updated without a reboot, and a machine with many GPUs with\
out persistence mode.",commands:["timeout 60 nvidia-smi","sudo dmesg | grep -i -e nvrm -e xid | tail -n 20"]},os:lt("the\
 name of this system","It decides which fixes apply.","/etc/os-release","/etc/passwd"),"profile-choice":Bt("the choice o\
f the profile","The profile says what is checked.","/proc/self/status"),links:Bt("the network interfaces","Their MTU dec\
ides which packets get through.","/proc/net/route"),"proxy-reach":{for:"the proxy",why:"Every request that goes through \
it waits in the same way.",cause:"Usual causes are a firewall that drops packets, DNS that does not answer, and a proxy \
that is overloaded.",commands:['curl --max-time 10 --verbose --output /dev/null "$GITHUB_SERVER_URL"']},proxy:Bt("the pr\
oxy variables","Every request of a job may go through the proxy.","/proc/self/status"),registration:lt("the runner's reg\
istration file","Anyone who reads it can impersonate this runner and receive its jobs and their secrets.",'"$HOME"',"/da\
ta","/var/lib/gitea-runner"),"runner-config":lt("the runner's configuration","The runner reads it at every start.","/etc\
/systemd/system","/etc/gitea-runner"),rust:lt("the directories of cargo and rustup","`cargo` and `rustc` hang in the sam\
e way.",'"${CARGO_HOME:-$HOME/.cargo}"','"${RUSTUP_HOME:-$HOME/.rustup}"'),"rust-build":lt("cargo's configuration, and t\
he directories of PATH","`cargo` hangs in the same way.",'"$GITHUB_WORKSPACE/.cargo"','"${CARGO_HOME:-$HOME/.cargo}"'),"\
self-container":{for:"the Docker daemon's description of this container",why:hp,cause:ji,commands:['timeout 10 docker in\
spect "$(hostname)"',Li]},shm:lt("the size of `/dev/shm`","Browsers and databases in jobs use shared memory.","/dev/shm"),
"space-users":lt("the sizes of what fills the disk","A full disk stops every build.",'"$PWD"','"$HOME"',"/tmp"),smoke:{for:"\
the container that `smoke` starts",why:"Containers that a job starts hang in the same way.",cause:"Usual causes are a da\
emon under load and a slow disk: a start takes some seconds there.",commands:["docker ps --all --last 5",Li]},"smoke-ima\
ge":{for:"the list of images",why:hp,cause:ji,commands:["timeout 10 docker image ls",Li]},"smoke-steps":{for:"the work t\
hat `smoke` does",why:"The same work hangs in a job.",cause:"Usual causes are a machine under load, a file system that d\
oes not answer, and a daemon that does not.",commands:["uptime","docker ps --all --last 5"]},"socket-mount":Bt("the moun\
ts of this process","They say how the Docker socket got into this job.","/proc/self/mountinfo"),"tool-cache":lt("the too\
l cache","Every `setup-*` action of a job hangs in the same way.",'"${RUNNER_TOOL_CACHE:-/opt/hostedtoolcache}"'),workflows:lt(
"the workflow files","They say which labels the jobs ask for.",".gitea/workflows"),writable:lt("the directories that job\
s write to","Every step that writes there hangs in the same way.",'"$PWD"','"$HOME"',"/tmp")};function fa(e){let t=L(m4,
e);if(t)return t;let n=e.indexOf(":"),o=e.slice(0,Math.max(0,n)),r=e.slice(n+1);switch(o){case"tool":return{for:u(r),why:`\
Every step that calls ${u(r)} hangs in the same way.`,cause:oT,commands:[`command -v ${w(r)}`,`time timeout 60 ${w(r)} -\
-version`]};case"registry":return{for:`the registry ${u(r)}`,why:"Pulls from it hang in the same way, and jobs fail in t\
heir setup.",cause:"Usual causes are a firewall that drops packets, DNS that does not answer, and a wrong proxy.",commands:[
`curl --max-time 10 --verbose --output /dev/null ${w(`https://${r}/v2/`)}`]};case"service":return{for:`the service ${u(r)}`,
why:"Steps that use it hang in the same way.",cause:"Usual causes are a service under load, a firewall that drops packet\
s, and DNS that does not answer. Ask the address that the policy has for it with `curl --max-time 10`.",commands:[]};case"\
expect":return{for:`what the policy expects as ${u(r)}`,why:"Jobs that rely on it hang in the same way.",cause:"Usual ca\
uses are a command that waits for the network or a lock, and a file system that does not answer.",commands:[nT]};default:
return Bt(`the probe ${u(e)}`,"What it looks at is unknown.","/proc/self/status")}}var p4={title:"An answer did not come in time",headline:({check:{id:e},probe:t})=>$e(`${u(e)} timed out waiting for ${fa(
t).for}`,X("",e," timed out")),why:({probe:e})=>fa(e).why,expected:({probe:e})=>`an answer of ${fa(e).for} before the de\
adline`,tell:({check:e,probe:t,ms:n})=>{let o=fa(t);return{what:`${Oe(o.for)} did not answer within ${cT(n)}, so it is u\
nknown whether this holds: ${lr(e.title)}.`,fix:{text:`Ask by hand, as the job's user, to see what hangs. ${o.cause}`,...o.
commands.length>0&&{commands:o.commands},kind:"host",otherwise:mn(n)}}}};function sT(e,t,{ms:n,message:o}){return pt(p4,
{check:e,probe:t,ms:n},{observed:`no answer within ${cT(n)}`,evidence:[{source:`probe ${t}`,text:o}]})}var h4={title:"A \
check crashed, which is a bug in runner-check",headline:({check:{id:e}})=>X("",e," crashed"),why:({check:e})=>`It is unk\
nown whether this holds, and jobs may depend on it: ${lr(e.title)}.`,expected:"a verdict",tell:({check:{id:e},probe:t,message:n})=>{
let o=_g(n);return o!==void 0?{what:`${iT(t)} could not be run: ${n}.`,fix:{...pr(o),otherwise:rT(e)}}:{what:`${iT(t)} c\
rashed, which is a bug in runner-check, not in this runner: ${n}`,fix:rT(e)}}};function gp(e,{message:t},n){let o=[{source:n===
void 0?e.id:`probe ${n}`,text:t}];return pt(h4,{check:e,probe:n,message:t},{observed:t,evidence:o})}var g4={title:"A rep\
ort has no facts for a check",headline:({check:{id:e}})=>X("The report has no facts for ",e),why:({check:e})=>`It is unk\
nown whether this holds, and jobs may depend on it: ${lr(e.title)}.`,expected:({probe:e})=>`the facts of the probe ${u(e)}`,
tell:({probe:e})=>({what:`This report has no facts of the probe ${u(e)}. It comes from another version of runner-check, \
from a run with another profile, or was edited.`,fix:{text:"Run runner-check on the runner again, with the version and t\
he profile that should judge. `replay` judges only what a run has looked at.",kind:"workflow"}})};function aT(e,t){return pt(
g4,{check:e,probe:t},{observed:"none",evidence:[{source:"facts",text:`no ${t}`}]})}var y4={title:"A check needs a mount \
that does not answer",headline:({check:{id:e}})=>X("",e," needs a mount that does not answer"),why:({check:e})=>`It is u\
nknown whether this holds, and jobs may depend on it: ${lr(e.title)}.`,expected:"an answer of the mount",tell:({message:e})=>({
what:e,fix:{text:"Switch `fs/mount` on again in `skip` and in the policy's `severity`: it names the mount, and says how \
to fix it.",kind:"workflow"}})};function dT(e,t){return pt(y4,{check:e,message:t},{observed:"no answer",evidence:[{source:"\
fs/mount",text:"reports nothing"}]})}var k4="https://github.com/fortemi/runner-check";function rT(e){return{text:`Report\
 the crash at ${k4}, with \`report.json\` (secrets are already removed). Until it is fixed, leave the check out.`,config:{
file:"the workflow's step",language:"yaml",text:`with:
  skip: ${JSON.stringify(e)}`},kind:"workflow"}}function iT(e){return e===void 0?"The check":`The probe ${u(e)}`}function cT(e){
return`${Math.max(.1,Math.round(e/100)/10)} s`}function ma(e){let[t="",n=""]=e.split("/");return["tool","registry","service"].includes(t)?`docs/checks/${t}.md`:`docs/c\
hecks/${t}.md#${n}`}var yp="fs/mount";function lT(e,t){return e.filter(n=>uT(n,t)===void 0)}function uT(e,t){var o;return t.skip.some(r=>ot(
r,e.id))?["disabled","Switched off by the input `skip`."]:mT(e.id,void 0,t)==="off"?["disabled","Switched off by the pol\
icy's `severity`."]:!e.applies||e.applies(t)?void 0:["not-in-profile",((o=e.notAsked)==null?void 0:o.call(e,t))??`The pr\
ofile \`${t.profile}\` does not ask for this.`]}function kp(e){let t=new Map;for(let n of e)for(let o of Object.values(n.
needs))t.set(o.name,o);return[...t.values()]}function fT(e,t,n,o){let r=e.filter(({details:a})=>a!==void 0),i=wp(r,t,n,o),
s=r.filter(({details:a},d)=>{let{status:c,reason:l=""}=i[d]??{};return(c==="fail"||c==="warn")&&(a==null?void 0:a.of.includes(
l))});return kp(s.map(({details:a})=>({needs:(a==null?void 0:a.needs)??{}})))}function wp(e,t,n,o){let r=new Map(e.map(d=>[
d.id,d])),i=new Map,s=d=>{for(let c of d){let l=r.get(c),f=l&&w4(a(l),l);if(f!==void 0)return f}},a=d=>{let c=i.get(d.id);
if(c)return c;let l=b4(d,t,n,o,s);return i.set(d.id,l),l};return e.map(a)}function w4(e,t){var o,r;return e.status==="fa\
il"||e.status==="error"?e.id:e.status==="skip"&&((o=e.reason)!=null&&o.startsWith("needs:"))?e.reason.slice(6):(e.status===
"warn"||e.accepted!==void 0)&&((r=t.reasons[e.reason??""])==null?void 0:r.level)==="fail"?e.id:void 0}function b4(e,t,n,o,r){
var h;let i={id:e.id,title:e.title,evidence:[],docs:ma(e.id),duration_ms:Math.max(0,...Object.values(e.needs).map(g=>{var k;
return((k=t[g.name])==null?void 0:k.ms)??0}))},s=(g,k)=>({...i,status:"skip",reason:g,message:k}),a=(g,{kind:k,...b})=>({
...i,status:"error",reason:g,...b}),d=g=>e.id===yp||r([yp])===void 0?a("undecided",dT(e,g)):s(`needs:${yp}`,g),c=uT(e,n);
if(c)return s(...c);let l=r(e.after??[]);if(l!==void 0)return s(`needs:${l}`,`Cannot be judged until \`${l}\` passes.`);
let f={};for(let[g,k]of Object.entries(e.needs)){let{unnamed:b}=k,x=t[k.name]??(b===void 0?void 0:{ok:!0,value:b});if(!x)
return a("no-facts",aT(e,k.name));if(!x.ok&&x.reason==="mount")return d(`Cannot be judged: ${x.message}.`);if(!x.ok){let E=x.
reason==="timeout"?sT(e,k.name,x):gp(e,x,k.name);return a(x.reason,E)}f[g]=x.value}for(let[g,k]of Object.entries(((h=e.details)==
null?void 0:h.needs)??{})){let b=t[k.name];b!=null&&b.ok&&(f[g]=b.value)}let m=()=>a("undecided",q(e.id,Object.keys(e.needs).
join(", "))),p;try{p=e.judge(f,n,o)}catch(g){return a("crashed",gp(e,{message:Vn(g)}))}switch(p==null?void 0:p.kind){case void 0:
return m();case"pass":return v4(p.evidence)?{...i,status:"pass",message:p.message,evidence:p.evidence}:m();case"skip":return s(
p.reason,p.message);case"waits-for-mount":return d(p.message);case"undecided":return a("undecided",p);case"finding":return $4(
x4(e,p,i.duration_ms),n,o)}}function v4(e){let t=n=>typeof n=="string"&&n.trim()!=="";return Array.isArray(e)&&e.length>
0&&e.every(({source:n,text:o})=>t(n)&&t(o))}function x4(e,t,n=0){let{reason:o,message:r,why:i,expected:s,observed:a,evidence:d,
remedy:c,location:l,by:f}=t,m=e.reasons[o];return{id:e.id,status:t.level??(m==null?void 0:m.level)??"fail",reason:o,title:t.
title??(m==null?void 0:m.title)??e.title,message:r,why:i,expected:s,observed:a,evidence:d,remedy:c,docs:ma(e.id),duration_ms:n,
...l&&{location:l},...f&&{by:f}}}function $4(e,t,n){let o=mT(e.id,e.reason,t);if(o==="off")return{...e,status:"skip",reason:"\
disabled",message:`Switched off by the policy's \`severity\`: ${e.message}`};let r=o?{...e,status:o}:e,i=t.accept.find(s=>bs(
s.check,e.id,e.reason));return i?n.started.slice(0,10)>i.until?{...r,acceptance_expired:i.until}:{...r,status:"skip",accepted:{
reason:i.reason,until:i.until}}:r}function mT(e,t,n){let o=t===void 0?void 0:n.severity[`${e}:${t}`];if(o)return o;if(n.
severity[e])return n.severity[e];let r=Object.keys(n.severity).filter(s=>s.includes("*")),i=r.find(s=>!ot(s,e)&&bs(s,e,t))??
r.find(s=>ot(s,e));return i===void 0?void 0:n.severity[i]}function hT(e,t){return Object.create(e,{request:{value:o=>{for(let r of T4(o))t.add(r);return e.request(o)}}})}function T4({
headers:e={},proxy:t,body:n}){return[...pT(e.authorization),...pT(t==null?void 0:t.authorization),...R4(n)]}function pT(e){
let[,t,n]=/^(\S+) +(\S+)$/.exec(e??"")??[];if(t===void 0||n===void 0)return[];if(t.toLowerCase()!=="basic")return[n];let o=Buffer.
from(n,"base64").toString();return[n,o,o.slice(o.indexOf(":")+1)]}function R4(e){return e!=null&&e.includes("refresh_tok\
en=")?new URLSearchParams(e).getAll("refresh_token"):[]}var gT=[/\b([a-z][a-z0-9+.-]{0,20}:\/{2,4})([^\s/?#"'<>]{1,500})@(?!sha\d{3}:)/gi,/\b([a-z][a-z0-9+.-]{0,20}:\/{2,4})([^\s/?#"'<>:@]{0,200}:(?!\d{1,5}[/?#])[^\s"'<>]{1,500})@(?!sha\d{3}:)/gi,
/(?<![\w/.:@%+~-])()([\w.%+~-]{1,64}:[^\s/@"'<>`,;|()]{1,200})@(?!sha\d{3}:)(?=[a-z_]|\d{1,3}(?:\.\d{1,3}){3})/gi],yT=/@(?!sha\d{3}:)/;
function pa(e,t){return P4(e,()=>t)}function P4(e,t){if(!yT.test(e))return e;let n=(o,r,i)=>r+t(i);return gT.reduce((o,r)=>o.
replace(r,n),e)}function Wc(e){return yT.test(e)?gT.flatMap(t=>[...e.matchAll(t)].map(n=>n[2]??"")):[]}function qc(e){return e.
slice(e.indexOf(":")+1)}function Ui(e){try{return decodeURIComponent(e)}catch{return e}}var E4=20;function kT(e){let{registries:t,services:n,image:o=""}=e,r=[o,...t].flatMap(O4),i=n.map(({url:c})=>c),a=[...r,
...i.flatMap(Wc)].flatMap(c=>{let l=qc(c);return[c,l,Ui(l)]}),d=wT(e).flatMap(c=>ao(c).map(([l,f])=>c.slice(l,f)));return[
...a,...i.flatMap(A4),...[o,...t].flatMap(bp),...d]}function bp(e){var n;let t=(n=/\?[^=]*=(.*)/s.exec(e))==null?void 0:
n[1];return t===void 0?[]:[t]}function wT(e){return typeof e=="string"?[e]:Array.isArray(e)&&e.every(t=>typeof t=="strin\
g")?[e.join(" ")]:typeof e=="object"&&e!==null?Object.values(e).flatMap(wT):[]}function bT(e){let t=e.services.map(n=>({
...n,url:S4(n.url)}));return{...e,services:t}}function S4(e){let t=pa(e,"").replace(/[?#].*$/s,"");return Pe(t)?t:t.replace(
/\/\/.*@/s,"//")}function O4(e){var n;let t=(n=/^\s*(?:[a-z][\w+.-]*:\/\/)?(.*:(?!\d{1,5}\/).*)@(?!sha\d{3}:)/is.exec(e))==
null?void 0:n[1];return t===void 0?[]:[t]}function A4(e){let[,t=""]=/\?([^#]*)/.exec(pa(e,""))??[];return t.split("&").map(
o=>o.split(/=(.*)/s)).flatMap(([o="",r=""])=>bn(o)?[r,Ui(r)]:[o,r].filter(i=>i.length>=E4).flatMap(i=>[i,Ui(i)]))}var I4=12,C4=6,_4="USER LOGNAME HOSTNAME HOME SHELL LANG TERM RUNNER_NAME RUNNER_OS RUNNER_ARCH GITHUB_ACTOR GITHUB_JOB \
GITHUB_WORKFLOW GITHUB_REPOSITORY GITHUB_REF_NAME GITHUB_SERVER_URL".split(" ");function vT(e,t){var i;let n=new Map,o=F4(
e),r=s=>{for(let a of[s,...D4(s)])a.length<Uf||Un(a)&&(Vs(a)||o.has(a))||n.set(a,{text:a,match:N4(a)})};for(let[s,a=""]of Object.
entries(e)){bn(s)&&!Yd(s,a)&&r(a);for(let[d,c]of ao(a))r(a.slice(d,c));s==="ACTIONS_CACHE_URL"&&r(((i=/^https?:\/\/[^/]+\/+(.*?)\/*$/.
exec(a))==null?void 0:i[1])??"");for(let d of j4(s,a)){let c=qc(d);c===d&&Un(d)||(r(c),r(Ui(c)))}}for(let s of t)r(s);return[
...n.values()]}function N4(e){return Un(e)?"word":e.length<C4?"token":"anywhere"}function D4(e){return e.includes(`
`)?e.split(`
`).map(t=>t.trim()).filter(t=>t.length>=I4):[]}function F4(e){return new Set(_4.flatMap(t=>(e[t]??"").split(/[^\w-]+/)).
filter(t=>t!==""))}function j4(e,t){var o;if(!t.includes("@"))return[];let n=/proxy$/i.test(e)?(o=/^\s*(?:[a-z][\w+.-]*:\/\/)?(.*)@/is.
exec(t))==null?void 0:o[1]:void 0;return n===void 0?Wc(t):[n]}function xT(e){return[0,1,2].flatMap(t=>{let o=Buffer.concat([Buffer.alloc(t),e]).toString("base64").slice(t===0?0:t+1,Math.
floor((t+e.length)*8/6));return o.length>=5&&!/^(?:[a-z]*|[A-Z]*|\d*)$/.test(o)?[o,o.replace(/\+/g,"-").replace(/\//g,"_")]:
[]})}function PT(e){let t=$T(e),n=t.toString("hex"),o=xp(e);return[...xT(t),...o===e?[]:xT($T(o)),n,n.toUpperCase()]}function $T(e){
return Buffer.from(e).subarray(0,2048)}function ET(e){var r;if(/^[\w.~-]*$/.test(e))return[];let t=xp(e),n=L4(e),o=[t,xp(
t),n,n.replace(/%../g,i=>i.toLowerCase()),n.replace(/%20/g,"+"),e.replace(/ /g,"+"),e.replace(/&/g,"&amp;").replace(/</g,
"&lt;").replace(/>/g,"&gt;").replace(/"/g,"&quot;"),e.replace(/'/g,"'\\''"),e.replace(/'/g,"''"),e.replace(/[^\w.~-]/g,"\
\\$&")];for(let i=0,s=e;i<ST;i++){let a=(r=Pp(s))==null?void 0:r.text;if(a===void 0)break;s=a,o.push(s)}return o}function xp(e){
return JSON.stringify(e).slice(1,-1)}function L4(e){try{return encodeURIComponent(e).replace(/[!'()*]/g,t=>`%${U4(t)}`)}catch{
return e}}function U4(e){return e.charCodeAt(0).toString(16).toUpperCase()}var ST=5;function OT(e){let t=[{text:e,places:void 0}];
for(let o=t[0];t.length<=ST;){let r=Pp(o.text);if(!r)break;o={text:r.text,places:IT(o.places,r.places)},t.push(o)}let n=M4(
t[t.length-1]);return n?[...t,n]:t}function AT(e){return Pp(e)}function IT(e,t){return e?t.map(n=>e[n]??0):t}var H4=/[A-Za-z0-9+/=_-]\s+[A-Za-z0-9+/=_-]/;
function M4(e){if(!H4.test(e.text))return;let t=new Kc(e.text);for(let r=0;r<e.text.length;r++){let i=e.text.charCodeAt(
r);i!==G4&&(i>13||i<9)&&t.write(i,r)}let{text:n,places:o}=t.done();return{text:n,places:IT(e.places,o),isJoined:!0}}var Kc=class{source;codes;places;length=0;constructor(t){
this.source=t,this.codes=new Uint16Array(t.length),this.places=new Int32Array(t.length+1)}write(t,n){this.codes[this.length]=
t,this.places[this.length++]=n}done(){this.places[this.length]=this.source.length;let{buffer:t}=this.codes;return{text:Buffer.
from(t,0,this.length*2).toString("utf16le"),places:this.places.subarray(0,this.length+1)}}},[G4,Rp,V4,vp,$p]=[32,37,38,39,
92],B4=/%[0-9A-Fa-f]{2}|\\|&[#A-Za-z]|''|'"'"'/,W4=/&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/y,
q4={amp:38,lt:60,gt:62,quot:34,apos:39,nbsp:32},K4=/\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2}))/y,
z4=/\\([0-3][0-7]{2})/y,J4={n:10,r:13,t:9,b:8,f:12,v:11};function Pp(e){if(!B4.test(e))return;let t=new Kc(e);for(let n=0;n<
e.length;)n=Y4(e,n,t);return t.done()}function Y4(e,t,n){let o=e.charCodeAt(t);switch(o){case Rp:return X4(e,t,n);case $p:
return Z4(e,t,n);case V4:{let[r,i,s,a]=Tp(W4,e,t)??[];if(r===void 0)break;let d=a!==void 0?q4[a]??0:Number.parseInt(i??s??
"",i?10:16);return CT(d,t,n),t+r.length}case vp:{let r=e.charCodeAt(t+1),i=r===$p&&e.startsWith("'\\''",t)?4:e.startsWith(
`'"'"'`,t)?5:r===vp?2:1;return n.write(vp,t),t+i}}return n.write(o,t),t+1}function Z4(e,t,n){var i;let o=e[t+1]??"";if(o===
"")return n.write($p,t),t+1;if(o===`
`)return t+2;if(o==="u"||o==="U"||o==="x"){let[s,...a]=Tp(K4,e,t)??[];if(s!==void 0)return CT(Number.parseInt(a.find(d=>d!==
void 0)??"",16),t,n),t+s.length}let r=o>="0"&&o<="3"?(i=Tp(z4,e,t))==null?void 0:i[1]:void 0;return r!==void 0?(n.write(
Number.parseInt(r,8),t),t+4):(n.write(J4[o]??e.charCodeAt(t+1),t),t+2)}function X4(e,t,n){let o=TT(e,t);if(o===void 0)return n.
write(Rp,t),t+1;let r=o<192?1:o<224?2:o<240?3:4,s=Array.from({length:r},(d,c)=>c===0?o:TT(e,t+3*c)).filter(d=>d!==void 0);
if(r===1||s.length<r)return n.write(o,t),t+3;let a=Buffer.from(s).toString();for(let d=0;d<a.length;d++)n.write(a.charCodeAt(
d),t);return t+3*r}function TT(e,t){if(e.charCodeAt(t)!==Rp)return;let[n,o]=[RT(e.charCodeAt(t+1)),RT(e.charCodeAt(t+2))];
return n===void 0||o===void 0?void 0:n*16+o}function RT(e){if(e>=48&&e<=57)return e-48;let t=e|32;return t>=97&&t<=102?t-
87:void 0}function Tp(e,t,n){return e.lastIndex=n,e.exec(t)}function CT(e,t,n){if(!(e<=1114111))return;let o=String.fromCodePoint(
e);for(let r=0;r<o.length;r++)n.write(o.charCodeAt(r),t)}var Lr=4,Q4=8,eB=64,tB=6,nB=12,DT=65536,zc=class{filter=new Uint8Array(DT);byHead=new Map;constructor(t){let n=new Map,o=(i,s,a)=>{
i.length>=Lr&&!n.has(i)&&n.set(i,{text:i,match:s,isEncoded:a})};for(let{text:i,match:s}of t){o(i,s,!1);for(let a of ET(i))
a.length>=Math.min(i.length,tB)&&o(a,s,!1);for(let a of PT(i))o(a,"anywhere",!0)}let r=new Map;for(let i of n.values()){
let s=i.text.slice(0,Lr);this.filter[_T(s,0)]=1;let a=r.get(s);a?a.push(i):r.set(s,[i])}for(let[i,s]of r)this.byHead.set(
i,new Ep(s))}find(t){if(this.byHead.size===0||t.length<Lr)return[];let n=[];for(let o of OT(t)){let{places:r,isJoined:i=!1}=o,
s=0;this.look(o.text,i,(a,d,c)=>{if(c&&a<s)return;let[l,f]=c&&!i?NT(o.text,a,d):[a,d];c&&(s=f);let[m,p]=r?[r[l]??0,r[f]??
t.length]:[l,f],h=i?m+t.slice(m,p).trimEnd().length:p;n.push(c&&i?NT(t,m,h):[m,h])})}return Sp(n)}look(t,n,o){var s;let{
filter:r}=this,i=t.length-Lr;for(let a=0;a<=i;a++){if(r[_T(t,a)]===0)continue;let[d,c]=((s=this.byHead.get(t.slice(a,a+Lr)))==
null?void 0:s.at(t,a,n))??[];d&&c!==void 0&&o(a,c,d.isEncoded)}}},Ep=class{sorted;shorter;constructor(t){this.sorted=[...t].
sort((o,r)=>o.text<r.text?-1:1);let n=[];this.sorted.forEach(({text:o},r)=>{var s;let i=r-1;for(;i>=0&&!o.startsWith(((s=
this.sorted[i])==null?void 0:s.text)??"");)i=n[i]??-1;n.push(i)}),this.shorter=n}at(t,n,o){var s;let[r,i]=[0,this.sorted.
length];for(;r<i;){let a=r+i>>>1;oB(((s=this.sorted[a])==null?void 0:s.text)??"",t,n)?i=a:r=a+1}for(let a=r-1;a>=0;a=this.
shorter[a]??-1){let d=this.sorted[a],c=n+d.text.length;if((!o||d.isEncoded||d.match==="anywhere"&&d.text.length>=nB)&&t.
startsWith(d.text,n)&&iB(t,n,c,d.match))return[d,c]}for(let a of[this.sorted[r-1],this.sorted[r]]){let d=a&&rB(t,n,a.text);
if(d!==void 0)return[a,d]}}};function oB(e,t,n){for(let o=Lr;o<e.length;o++){let r=e.charCodeAt(o)-t.charCodeAt(n+o);if(r!==
0)return!(r<0)}return!1}function _T(e,t){let n=e.charCodeAt(t)|e.charCodeAt(t+1)<<8,o=e.charCodeAt(t+2)|e.charCodeAt(t+3)<<
8;return(Math.imul(n,40503)^Math.imul(o,34283)^n>>>7)&DT-1}function rB(e,t,n){let o=Lr;for(;o<n.length&&t+o<e.length&&e[t+
o]===n[o];)o++;let r=t+o;return o<Q4||o===n.length?void 0:e[r]==="\u2026"||e.startsWith("...",r)?r:r<e.length||r<eB&&/^[a-z ._/-]*$/i.
test(e.slice(t))?void 0:r}function iB(e,t,n,o){if(o==="anywhere")return!0;let[r,i]=[e[t-1]??"",e.slice(n,n+2)];return o===
"token"?!/[A-Za-z0-9]/.test(r)&&!/^[A-Za-z0-9]/.test(i):!/[\w./@-]/.test(r)&&!/^(?:[\w/-]|\.\w)/.test(i)}function NT(e,t,n){
let o=s=>/[A-Za-z0-9+/=_-]/.test(e[s]??""),[r,i]=[t,n];for(;r>0&&e[r-1]!=="="&&o(r-1);)r--;for(;i<e.length&&o(i);)i++;return[
r,i]}function Sp(e){let t=[];for(let[n,o]of[...e].sort((r,i)=>r[0]-i[0])){let r=t[t.length-1];r&&n<=r[1]?r[1]=Math.max(r[1],
o):t.push([n,o])}return t}function Jc(e,t,n){if(t.length===0)return e;let o=[],r=0;for(let[i,s]of t)o.push(e.slice(r,i),
n(e.slice(i,s))),r=s;return o.join("")+e.slice(r)}var FT=4096,sB=16*1024,Op="***",aB=/\b((?:https?|ftps?|ssh|git|tcp|wss?|socks\w{0,2}|postgres(?:ql)?|mysql|mongodb|rediss?|amqps?)(?:\+\w{1,10})?:\/\/)[^\s/?#@:"'<>[\]]{0,200}:(?!\d{0,5}(?:\u2026|$))[^\s/?#@"'<>`\u2026]{1,4000}(?=\u2026|$)/gi,
dB=/^(?:\d+|stdout|stderr|text|message|body|output|line|what|found|observed|title|headline|why|version|value|name|names|labels?|error|log)$/i,
cB=/[^\n\t -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff]/,lB=/\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g,
uB=/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;function Wt(e,t=[]){let n=vT(e,t).map(
f=>({...f,text:LT(f.text)})),o=new zc(n),r=new Set(n.map(({text:f})=>f).filter(Un)),i=f=>{let m=LT(f);return pa(Jc(m,o.find(
m),UT),`${Op}@`)},s=f=>fB(i(f)),a=f=>{let m=s(f.slice(0,sB));return m.length>FT?`${m.slice(0,FT)}\u2026`:m},d=f=>!f.includes(
"@")&&o.find(f).length===0,c=f=>d(JSON.stringify(f))?f:jT(i,r)(f),l=f=>Jc(f,o.find(f),m=>m.replace(/\S/g,"*"));return{text:a,
whole:s,deep:jT(a,r),again:c,stars:l}}function UT(){return Op}function fB(e){let t=ao(e),n=AT(e),{places:o}=n??{};if(n&&
o)for(let[r,i]of ao(n.text))t.push([o[r]??0,o[i]??0]);return Jc(e,Sp(t),UT).replace(aB,`$1${Op}`)}function jT(e,t){let n=new Map,
o=i=>{let s=n.get(i)??e(i);return n.set(i,s),s},r=(i,s)=>typeof i=="string"?t.has(i)&&!dB.test(s)?i:o(i):Array.isArray(i)?
i.map((a,d)=>r(a,String(d))):i===null||typeof i!="object"?i:Object.fromEntries(Object.entries(i).map(([a,d])=>[t.has(a)?
a:o(a),r(d,a)]));return i=>r(i,"0")}function LT(e){return cB.test(e)?e.replace(/\r\n?/g,`
`).replace(lB,"").replace(uB,""):e}var Yc="1.0.0";function Zc(e,t,n,o,r,i=[]){let{deep:s,again:a}=Wt(r,[...kT(n),...i]),d=mB(e,s(t),s(bT(n)),o);return{...d,...a({profile:d.
profile,results:d.results})}}function mB(e,t,n,o){let r=wp(e,t,n,{started:o.started}),i=pB(r),s=kB(t);return{version:1,...o.
id!==void 0&&{id:o.id},generator:{name:"runner-check",version:Yc},started:o.started,duration_ms:o.duration_ms,runner:yB(
t),...s&&{job:s},profile:{name:n.profile,decided_by:o.decidedBy,...o.policyFile!==void 0&&{policy:o.policyFile},...o.unused&&
{unused:o.unused}},verdict:gB(i),counts:i,switched_off:hB(e,r,n),results:r,expectations:n,facts:t}}function pB(e){let t={
pass:0,warn:0,fail:0,error:0,skip:0};for(let n of e)t[n.status]++;return t}function hB(e,t,n){let o=new Set(e.filter(({applies:i})=>(i==
null?void 0:i(n))??!0).map(({id:i})=>i));return{count:t.filter(({id:i,reason:s})=>s==="disabled"&&o.has(i)).length,of:o.
size}}function gB(e){return e.fail+e.error>0?"misconfigured":e.warn>0?"degraded":e.pass>0?"healthy":"unknown"}function ha(e,t){
let n=e[t.name];return n!=null&&n.ok?n.value:void 0}function yB(e){var r,i;let t=ha(e,S),n=ha(e,it),o=(r=ha(e,Et))==null?
void 0:r.image;return{name:(t==null?void 0:t.runnerName)??(n==null?void 0:n.hostname)??"this machine",system:(t==null?void 0:
t.system)??"none",...(t==null?void 0:t.runnerVersion)!==void 0&&{version:t.runnerVersion},mode:((i=ha(e,R))==null?void 0:
i.mode)??"unknown",os:(n==null?void 0:n.name)??"unknown",arch:(n==null?void 0:n.arch)??"unknown",...o!==void 0&&{image:o},
user:(n==null?void 0:n.user)??"unknown"}}function kB(e){let t=ha(e,S);if(t!=null&&t.inJob)return{...t.repository!==void 0&&
{repository:t.repository},...t.workflow!==void 0&&{workflow:t.workflow},...t.job!==void 0&&{job:t.job},...t.runId!==void 0&&
{run_id:t.runId},...t.event!==void 0&&{event:t.event}}}var HR=K(il(),1),MR=K(UR(),1);function Hi(e){let t=e.trim();if(t==="*")return sn;if(!(t===""||t.length>200))try{let n=new HR.default(t);return{text:t,
anyOf:n.set.map(o=>o.flatMap(LW))}}catch{return}}function LW(e){let{operator:t,semver:n}=e;if((n==null?void 0:n.major)===
void 0)return[];let o=[n.major,n.minor,n.patch];return[{operator:t,numbers:o,prerelease:n.prerelease}]}function GR(e,t){
return(0,MR.default)(e.text,t.text)}var WR={"rust-toolchain.toml":VR,"rust-toolchain":VR,"Cargo.toml":MW,".nvmrc":BR,".node-version":BR,"package.json":GW},UW=1024*
1024,qR=Object.keys(WR);async function sl(e,t,n){let o=await Promise.all(Object.entries(WR).map(async([i,s])=>{let a=await z(
t.readInside(n,`${n}/${i}`,UW),()=>{});return(a==null?void 0:a.kind)==="ok"?s(a.value.replace(/^\uFEFF/,"").split(/\r?\n/),
i):[]})),r={...e.tools};for(let{tool:i,range:s,source:a}of o.flat()){let d=L(r,i),c=d&&Hi(s);if(!c)continue;let l=d.alsoWanted??
[],f=[{version:d.version,source:"policy"},...l],m=HW(c,f),p={version:c,source:a,...m!==void 0&&{contradicts:m}};r[i]={...d,
alsoWanted:[...l,p]}}return{...e,tools:r}}function HW(e,t){var n;return(n=t.find(o=>!GR(e,o.version)))==null?void 0:n.source}
var al=(e,t)=>`${e} line ${t+1}`;function VR(e,t){var o,r;let n=e.join("").trim();for(let[i,s]of e.entries()){let a=((o=
/^\s*channel\s*=\s*["']([^"']+)["']/.exec(s))==null?void 0:o[1])??(n===s.trim()?n:void 0);if(a===void 0)continue;let d=(r=
/^\d+\.\d+(?:\.\d+)?$/.exec(a))==null?void 0:r[0];return d===void 0?[]:["rustc","cargo"].map(c=>({tool:c,range:d,source:al(
t,i)}))}return[]}function MW(e,t){var o,r,i;let n="";for(let[s,a]of e.entries()){n=((r=(o=/^\s*\[([^\]]+)\]/.exec(a))==null?
void 0:o[1])==null?void 0:r.trim())??n;let d=(i=/^\s*rust-version\s*=\s*["'](\d+\.\d+(?:\.\d+)?)["']/.exec(a))==null?void 0:
i[1];if(d!==void 0&&(n==="package"||n==="workspace.package"))return[{tool:"rustc",range:`>=${d}`,source:al(t,s)}]}return[]}
function BR(e,t){var r,i;let n=e.findIndex(s=>s.trim()!==""&&!s.trim().startsWith("#")),o=(i=/^v?(\d+(?:\.\d+){0,2})$/.exec(
((r=e[n])==null?void 0:r.trim())??""))==null?void 0:i[1];return o===void 0?[]:[{tool:"node",range:o,source:al(t,n)}]}function GW(e,t){
var i;let n;try{n=(i=JSON.parse(e.join(`
`)))==null?void 0:i.engines}catch{return[]}if(typeof n!="object"||n===null)return[];let o=e.findIndex(s=>s.includes('"en\
gines"')),r=new Map;for(let[s,a]of e.slice(o).entries())for(let[,d=""]of a.matchAll(/"([^"]+)"/g))r.has(d)||r.set(d,o+s);
return Object.entries(n).flatMap(([s,a])=>typeof a=="string"?[{tool:s,range:a,source:al(t,r.get(s)??o)}]:[])}var VW=4,BW=32,KR={name:"machine-state",async collect(e,t,n,o){let r=Date.now();if(e.platform!=="linux")return{time:r,pressure:{},
groups:[],mounts:[],ext4:{}};let i=async(D,Q=4096)=>{let fe=await e.readText(D,Q);return fe.kind==="ok"?fe.value:void 0},
[s,a,d,c,l,f,m,p,h,g,k,b,x]=await Promise.all([i("/proc/uptime"),i("/proc/sys/kernel/random/boot_id"),i("/proc/vmstat",64*
1024),i("/proc/pressure/cpu"),i("/proc/pressure/memory"),i("/proc/pressure/io"),i("/proc/self/net/dev",64*1024),i("/proc\
/self/mountinfo",1024*1024),o(Ti).then(D=>qW(D,i),()=>[]),o(jn).catch(()=>({places:{}})),YW(e,i),ZW(e,o),Promise.all(["/\
etc/resolv.conf","/etc/hosts"].map(D=>e.stat(D)))]),E=x.flatMap(D=>"modified"in D?D.modified??[]:[]),H=Number.parseFloat(
s??""),O=Yo(tt(d??"","oom_kill ")),V=a==null?void 0:a.trim(),J={cpu:Wp(c),memory:Wp(l),io:Wp(f)};return{time:r,...Number.
isFinite(H)&&{uptime:Math.round(H*1e3)},...V&&/^[\da-f-]{36}$/.test(V)&&{bootId:V},...O!==void 0&&{oomKills:O},pressure:Object.
fromEntries(Object.entries(J).filter(([,D])=>D!==void 0)),groups:h,mounts:await JW(e,g,si(p??"")),ext4:k,...m!==void 0&&
{interfaces:WW(m)},...b&&{socket:b},...E.length>0&&{resolverChanged:E.reduce((D,Q)=>Math.max(D,Q))}}}};function Yo(e){return e!==
void 0&&/^\d{1,20}$/.test(e.trim())?Number(e):void 0}function Wp(e){let t=r=>{var i;return Yo((i=new RegExp(`^${r} .*tot\
al=(\\d{1,16})`,"m").exec(e??""))==null?void 0:i[1])},[n,o]=[t("some"),t("full")];return n===void 0?void 0:{some:n,...o!==
void 0&&{full:o}}}function WW(e){return e.split(`
`).flatMap(n=>{var o;return((o=/^\s*([^\s:]{1,15}):/.exec(n))==null?void 0:o[1])??[]}).filter(n=>n!=="lo").sort().slice(
0,64)}async function qW({memory:e,cpu:t},n){let o=(a,d)=>a.slice(0,VW).map(c=>({path:c,version:d})),r=t.version===1?o(t.
directories,1):[],i=[...o(e.directories,e.version),...r];return(await Promise.all(i.map(({path:a,version:d})=>zW(a,d,n)))).
filter(a=>Object.keys(a).length>2)}var KW=2**60;async function zW(e,t,n){let o=t===2?{events:"memory.events",limit:"memo\
ry.max",peak:"memory.peak"}:{events:"memory.oom_control",limit:"memory.limit_in_bytes",peak:"memory.max_usage_in_bytes"},
[r="",i,s,a=""]=await Promise.all([n(`${e}/${o.events}`),n(`${e}/${o.limit}`),n(`${e}/${o.peak}`),n(`${e}/cpu.stat`)]),d=Yo(
tt(r,"oom_kill ")),c=t===2?Yo(tt(r,"oom ")):void 0,l=Yo(i),f=Yo(s),[m,p,h,g]=["nr_periods","nr_throttled","throttled_use\
c","throttled_time"].map(k=>Yo(tt(a,`${k} `)));return{path:$(e,500),version:t,...d!==void 0&&{oomKills:d},...c!==void 0&&
{ooms:c},...l!==void 0&&l<KW&&{limitBytes:l},...f!==void 0&&{peakBytes:f},...m!==void 0&&p!==void 0&&{cpu:{periods:m,throttled:p,
throttledUs:h??Math.round((g??0)/1e3)}}}}async function JW(e,{places:t},n){let r=[...new Set(Object.values(t).flatMap(i=>i.
kind==="measured"&&i.mount?i.mount.target:[]))].flatMap(i=>n.filter(s=>s.target===i).slice(-1));return Promise.all(r.map(
async({target:i,fsType:s,device:a,options:d,superOptions:c})=>{let l=/^\d+:\d+$/.test(a)?await e.readLink(`/sys/dev/bloc\
k/${a}`):void 0,f=(l==null?void 0:l.kind)==="ok"?l.value.split("/").pop():void 0,m=[...d.split(","),...c.split(",")];return{
target:$(i,500),fsType:$(s,50),device:a,...f&&{name:$(f,100)},readOnly:m.includes("ro")||m.includes("emergency_ro"),options:s===
"overlay"?"":$(c,300)}}))}async function YW(e,t){let n=await e.list("/sys/fs/ext4");if(n.kind!=="ok")return{};let o=n.value.
filter(i=>i!=="features").slice(0,BW),r=await Promise.all(o.map(async i=>{let[s,a,d]=await Promise.all(["errors_count","\
last_error_time","session_write_kbytes"].map(c=>t(`/sys/fs/ext4/${i}/${c}`,64).then(Yo)));return s===void 0?[]:[$(i,100),
{errors:s,...a&&{lastError:a},...d!==void 0&&{writtenKiB:d}}]}));return Object.fromEntries(r.filter(i=>i.length===2))}async function ZW(e,t){
let{endpoint:n}=await t(ee).catch(()=>({endpoint:void 0}));if((n==null?void 0:n.kind)!=="unix")return;let o=await e.stat(
n.path).catch(()=>{});if(!((o==null?void 0:o.kind)!=="socket"||o.inode===void 0))return{path:$(n.path,500),inode:o.inode}}var XW=200,QW=[S,R,it,KR];async function dl(e,t,n){let o=new Date,r=re(),{decidedBy:i,policyFile:s,onWaiting:a,signal:d}=n,
l=[t.reportDir,e.env.GITHUB_STEP_SUMMARY,e.env.GITHUB_OUTPUT].map(Ze=>Ze?e.reach(Ze).catch(()=>{}):void 0),{usesWorkspace:f,
workspace:m}=t,p=f?await sl(t.policy,e,m):t.policy;await Promise.all(l);let h=await eT(p,t),g=[...QW,...kp(lT(h,p))],k=new Set;
t.token!==void 0&&k.add(t.token);for(let Ze of[t.runnerConfig??"",...t.workflows])for(let qt of bp(Ze))k.add(qt);let b={
...t,timeoutMs:br(t.timeoutMs,r)},x=hT(e,k),E=(Ze,qt,ko)=>tT(Ze,x,{...b,timeoutMs:qt},a,d,ko),H=await E(g,b.timeoutMs),O={
started:o.toISOString()},V=fT(h,H,p,O),J=t.timeoutMs-Rt(r),Q=V.length>0&&J>=XW&&!(d!=null&&d.aborted)?await E(V,J,H):H,fe={
...O,id:e.newId(),duration_ms:Rt(r),decidedBy:i,policyFile:s,...n.unused&&{unused:n.unused}};return Zc(h,Q,p,fe,e.env,k)}var XR=require("node:fs"),QR=require("node:path");var de=K(require("node:fs"),1),Zo=require("node:fs"),ba=require("node:util");var e6=10,cl=0;function zR(){return cl<e6}function xn(e){return(...t)=>{let n=re();try{return e(...t)}finally{cl===0&&setImmediate(
()=>{cl=0}),cl+=re()-n}}}var JR={lstat:xn(e=>de.lstatSync(e,{throwIfNoEntry:!1})),stat:xn(e=>de.statSync(e,{throwIfNoEntry:!1})),
access:xn(de.accessSync),readlink:xn(e=>de.readlinkSync(e)),realpath:xn(e=>de.realpathSync.native(e)),readdir:xn(e=>de.readdirSync(
e)),open:xn(de.openSync),fstat:xn(e=>de.fstatSync(e)),read:xn((e,t,n)=>de.readSync(e,t,n,t.length-n,null)),close:xn(de.closeSync),
mkdtemp:xn(e=>de.mkdtempSync(e))},[t6,n6,o6]=[(0,ba.promisify)(de.open),(0,ba.promisify)(de.fstat),(0,ba.promisify)(de.close)],
r6=(0,ba.promisify)(de.read),Nt={lstat:e=>Zo.promises.lstat(e),stat:e=>Zo.promises.stat(e),access:Zo.promises.access,readlink:e=>Zo.promises.
readlink(e),realpath:e=>Zo.promises.realpath(e),readdir:e=>Zo.promises.readdir(e),open:t6,fstat:e=>n6(e),read:async(e,t,n)=>(await r6(
e,t,n,t.length-n,null)).bytesRead,close:o6,mkdtemp:e=>Zo.promises.mkdtemp(e)};var qp=new Set("tmpfs ramfs rootfs devtmpfs hugetlbfs".concat(" proc sysfs devpts mqueue cgroup cgroup2 cpuset bpf trace\
fs debugfs configfs securityfs selinuxfs smackfs").concat(" apparmorfs pstore efivarfs binfmt_misc fusectl nsfs rpc_pipe\
fs nfsd resctrl").split(" ")),YR=new Set([...qp,..."ext2 ext3 ext4 xfs btrfs zfs bcachefs f2fs jfs nilfs2 reiserfs ufs v\
fat msdos exfat ntfs ntfs3 hfs hfsplus minix".split(" "),..."squashfs erofs cramfs iso9660 udf ubifs jffs2 zonefs overla\
y aufs".split(" ")]);var va=new Set;async function eP(e){if(va.size===0)return!0;let t,n=new Promise(o=>{t=setTimeout(o,e)});return await Promise.
race([Promise.allSettled(va),n]),clearTimeout(t),va.size===0}var i6=/^\/proc\/\d+\/(?!limits$)/,s6=40,a6=8,ll=class{#e=new Map;#t=new Set;#n=new Set;#i=new Map;#o;constructor(t){
this.#o=t;let n=new Map,o=si(t.mountinfo);for(let{target:s,fsType:a,source:d,device:c}of o){if(this.#t.add(s),this.#e.delete(
s),YR.has(a))continue;let l=n.get(c)??{wanted:new Set};n.set(c,l),this.#e.set(s,{target:s,fsType:a,source:d,server:l})}let r=new Set(
t.loaded.map(s=>this.#r(s))),i=new Set(o.filter(({target:s})=>r.has(s)).map(({device:s})=>s));for(let{target:s,fsType:a,
device:d}of o)qp.has(a)||i.has(d)?this.#n.add(s):this.#n.delete(s);for(let s of this.mayHang?t.loaded:[]){let a=this.#e.
get(this.#r(s));a&&(a.server.answer=Promise.resolve({state:"answers",ms:0}),a.server.asked=Kp(a,"in-use",0))}}get count(){
return this.#t.size}get mayHang(){return this.#e.size>0}isLocal(t){return!this.mayHang||!this.#e.has(this.#r(t))}get asked(){
return[...new Set([...this.#e.values()].map(({server:n})=>n))].flatMap(({asked:n,wanted:o})=>n?[{...n,wanted:[...o].sort()}]:
[])}through(t,n,o=!0){return this.mayHang?this.#a(t,o).then(r=>r?this.#l(r,t,()=>n(Nt)):n(this.#s(t))):n(this.#s(t))}#s(t){
return t.startsWith("/")&&this.#n.has(this.#r(t))&&!i6.test(t)&&zR()?JR:Nt}async reach(t){this.mayHang&&await this.#a(t,
!0)}async askAllAgain(t){let n=[...this.#e.values()].filter(({server:o})=>{var r;return((r=o.asked)==null?void 0:r.state)===
"answers"});await Promise.all(n.map(o=>this.#u(o,t)))}get patienceMs(){return this.#o.patienceMs}async#a(t,n){let o="";await this.#d(
"/",t);let r=ZR(t.startsWith("/")?t:`${this.#o.cwd()}/${t}`);for(let i=0;r.length>0;){let s=r.shift();if(s===".."){o=o.slice(
0,Math.max(0,o.lastIndexOf("/")));continue}let a=`${o}/${s}`;await this.#d(a,t);let d=n||r.length>0?await this.#f(a,t):void 0;
if(d===void 0){o=a;continue}if(++i>s6)return;d.startsWith("/")&&(o=""),r.unshift(...ZR(d))}return this.#e.get(this.#r(o||
"/"))}async#d(t,n){let o=this.#e.get(t);o&&await this.#c(o,n)}async#c(t,n){let{server:o}=t;o.answer??=this.#o.ask(t.target);
let{state:r,ms:i}=await o.answer;if(o.asked??=Kp(t,r,i),r!=="not-answering")return;o.wanted.size<a6&&o.wanted.add(n);let{
target:s,fsType:a,source:d}=t;throw new Yr(`the mount ${s} (${a}, ${d}) did not answer within ${(o.asked.ms/1e3).toFixed(
1)} s`)}#f(t,n){let o=this.#i.get(t);if(o)return o;let r=()=>XR.promises.readlink(t).catch(()=>{}),i=this.#e.get(this.#r(
t)),s=i?this.#l(i,n,r):r();return this.#i.set(t,s),s}#r(t){let n=t;for(;n!=="/"&&!this.#t.has(n);)n=(0,QR.dirname)(n);return n}async#l(t,n,o){
let r,i=!1,s=new Promise((d,c)=>{let l=()=>{r=setTimeout(()=>this.#u(t,n).then(f,c),this.#o.patienceMs)},f=()=>{i||l()};
l()}),a=o().finally(()=>va.delete(a));va.add(a);try{return await Promise.race([a,s])}finally{i=!0,clearTimeout(r)}}async#u(t,n){
let{server:o}=t;o.again??=this.#o.ask(t.target).finally(()=>{o.again=void 0});let r=await o.again;r.state==="not-answeri\
ng"&&(o.answer=Promise.resolve(r),o.asked=Kp(t,r.state,r.ms),await this.#c(t,n))}};function Kp({target:e,fsType:t,source:n},o,r){
return{target:e,fsType:t,source:n.slice(0,1e3),state:o,ms:r,wanted:[]}}function ZR(e){return e.split("/").filter(t=>t!==
""&&t!==".")}var d6=250;async function ul(e){await eP(d6)||process.kill(process.pid,"SIGKILL"),process.exit(e)}function Xo(e,t){let n=o=>{try{e(o)}catch{process.stderr.write(`runner-check crashed, and could not say how without secr\
ets
`)}ul(t)};process.once("unhandledRejection",n),process.once("uncaughtException",n)}var tE=require("node:crypto"),nE=require("node:fs"),Vi=require("node:os"),oE=require("node:path");var rP=require("node:child_process");var tP=require("node:child_process"),c6=`
trap '' HUP INT TERM
groups=$*
undo=
while read -r sign group; do
	case $sign in
	+) groups="$groups $group" ;;
	-) others=
		for other in $groups; do [ "$other" = "$group" ] || others="$others $other"; done
		groups=$others ;;
	undo) undo="$undo
$group" ;;
	'done') exit ;;
	esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
eval "$undo"`,l6=300,zn,zp,Zp=0,Jp=new Set;function fl(e){return Zp++,Jp.add(e),zn?Yp(`+ ${e}`):zp??=setTimeout(oP,l6).unref(),
()=>{Jp.delete(e),Yp(`- ${e}`),nP()}}function xa(e){return Zp++,oP(),Yp(`undo ${e.replace(/\n/g," ")}`),nP}function Yp(e){
var t;(t=zn==null?void 0:zn.stdin)==null||t.write(`${e}
`)}function nP(){var e;--Zp>0||(clearTimeout(zp),zp=void 0,(e=zn==null?void 0:zn.stdin)==null||e.end(`done
`),zn=void 0)}function oP(){var e;if(!(zn||process.platform==="win32"))try{let t=(0,tP.spawn)("/bin/sh",["-c",c6,"runner\
-check-guard",...[...Jp].map(String)],{cwd:"/",env:{},detached:!0,stdio:["pipe","ignore","ignore"]});t.on("error",()=>{}),
(e=t.stdin)==null||e.on("error",()=>{}),zn=t}catch{}}var u6=5e3,f6=`
const fs = require("fs"), path = process.argv[1];
fs.writeSync(1, "b");
try {
	if (fs.statfsSync) fs.statfsSync(path);
	if (fs.statSync(path).isDirectory()) {
		const directory = fs.opendirSync(path);
		directory.readSync();
		directory.closeSync();
	}
} catch (error) {}
fs.writeSync(1, "e");`;function iP(e,t){let n=m6(e);if(!n)return Promise.resolve({state:"unasked",ms:0});let o=n.pid===void 0?
()=>{}:fl(n.pid);return new Promise(r=>{var c,l;let i=re(),s=!1,a=f=>{var m;clearTimeout(d),!s&&(s=!0,n.kill("SIGKILL"),
o(),(m=n.stdout)==null||m.destroy(),n.unref(),r({state:f,ms:Math.round(re()-i)}))},d=setTimeout(()=>a("unasked"),u6);n.once(
"error",()=>a("unasked")),(c=n.stdout)==null||c.once("end",()=>a("unasked")),(l=n.stdout)==null||l.on("data",f=>{if(f.includes(
"e"))return a("answers");clearTimeout(d),i=re(),d=setTimeout(()=>a("not-answering"),t)})})}function m6(e){let{LD_LIBRARY_PATH:t}=process.
env,o={cwd:"/",env:t===void 0?{}:{LD_LIBRARY_PATH:t},detached:!0,stdio:["ignore","pipe","ignore"]};try{return(0,rP.spawn)(
process.execPath,["-e",f6,e],o)}catch{return}}var Jn=K(require("node:fs"),1),Hr=require("node:fs"),sP=require("node:path");function nn(e){return e instanceof Error&&"code"in e?String(e.code):"EUNKNOWN"}function p6(e){let t=nn(e);return t==="EN\
OENT"||t==="ENOTDIR"?{kind:"absent"}:{kind:"unreadable",code:t}}async function et(e){try{return{kind:"ok",value:await e()}}catch(t){
return p6(t)}}function h6(e){return e.isFile()?"file":e.isDirectory()?"directory":e.isSocket()?"socket":e.isSymbolicLink()?
"link":e.isCharacterDevice()||e.isBlockDevice()?"device":"other"}function g6(e){let t=BigInt(e);return{major:Number(t>>8n&
0xfffn|t>>32n&0xfffff000n),minor:Number(t&0xffn|t>>12n&0xffffff00n)}}function aP(e){if(e.kind!=="ok")return e;let t=e.value;
if(!t)return{kind:"absent"};let n=h6(t);return{kind:n,mode:t.mode&4095,uid:t.uid,gid:t.gid,size:t.size,inode:t.ino,changed:Math.
round(t.ctimeMs),modified:Math.round(t.mtimeMs),...n==="device"&&{device:g6(t.rdev)}}}async function dP(e,t=Nt){return aP(
await et(()=>t.lstat(e)))}async function cP(e,t=Nt){return aP(await et(()=>t.stat(e)))}var lP=(e,t=Nt)=>et(()=>t.readlink(
e)),uP=(e,t=Nt)=>et(()=>t.realpath(e)),fP=(e,t=Nt)=>et(()=>t.readdir(e)),y6=["EACCES","EPERM","EROFS","ETXTBSY"];async function mP(e,t,n=Nt){
let o={r:Jn.constants.R_OK,w:Jn.constants.W_OK,x:Jn.constants.X_OK},r=await et(()=>n.access(e,o[t]));return r.kind==="ok"?
{kind:"granted"}:r.kind==="absent"||y6.includes(r.code)?{kind:"denied"}:r}var k6=Jn.constants.O_RDONLY|Jn.constants.O_NONBLOCK;
async function Mi(e,t=64*1024,n="utf8",o=Nt){return et(async()=>{let r=await o.open(e,k6);try{return await Xp(r,t,n,o)}finally{
await o.close(r)}})}async function Xp(e,t,n,o){let r=Buffer.allocUnsafe(t),i=0;for(;i<r.length;){let s=await o.read(e,r,
i);if(s===0)break;i+=s}return r.toString(n,0,i)}var w6=4194304|Jn.constants.O_DIRECTORY;async function pP(e){let t=await b6(
e);if(!(t.kind==="unreadable"&&["EOPNOTSUPP","ENOTSUP","EISDIR","EINVAL"].includes(t.code)))return t;let o=Jn.constants.
W_OK|Jn.constants.X_OK;return et(()=>Hr.promises.access(e,o).then(()=>null))}async function b6(e){return et(async()=>{let t=await Hr.promises.
open(e,w6|Jn.constants.O_WRONLY,384);try{await t.write(Buffer.alloc(4096,1))}finally{await t.close()}return null})}var hP=(e,t,n=Nt)=>et(
()=>n.mkdtemp((0,sP.join)(e,t)));async function gP(e){let t=kP(),n=`${e}/${t}`;return et(async()=>{let o=xa(wP(n));try{await Hr.promises.
writeFile(n,`${t}
`,{flag:"wx",mode:420})}catch(r){throw o(),r}return{name:t,remove:bP(()=>Hr.promises.rm(n,{force:!0}),o)}})}async function yP(e){
let t=kP(),n=`${e}/${t}`;return et(async()=>{let o=xa(wP(n));try{await Hr.promises.mkdir(n,{mode:448})}catch(r){throw o(),
r}return{name:t,remove:bP(()=>Hr.promises.rm(n,{recursive:!0,force:!0,maxRetries:3}),o)}})}function kP(){return`.runner-\
check-${Date.now().toString(36)}-${Math.random().toString(36).slice(2,12)}`}function wP(e){let t=`rm -rf -- ${w(e)}`;return`${t}\
 || { sleep 1; ${t}; }`}function bP(e,t){let n;return()=>(n??=e().catch(()=>{}).finally(t),n)}var EP=require("node:events"),SP=require("node:http"),OP=require("node:net");var RP=require("node:fs");var $P=require("node:child_process");var v6=250,x6=100;function $a(e,t,n){let o=re(),[r="",...i]=e,s=t.maxOutput??64*1024,a={...n,...t.env},d=[t.input===void 0?
"ignore":"pipe","pipe","pipe"];return new Promise(c=>{var x,E;let l;try{l=(0,$P.spawn)(r,i,{cwd:t.cwd,env:a,detached:!0,
stdio:d})}catch(H){c({kind:"not-started",code:nn(H),stdout:"",stderr:"",ms:Rt(o)});return}let f=l.pid===void 0?()=>{}:fl(
l.pid),m=vP(l.stdout,s),p=vP(l.stderr,s);(x=l.stdin)==null||x.on("error",()=>{}),(E=l.stdin)==null||E.end(t.input);let h,
g=!1,k=H=>{var O,V,J;g||(g=!0,clearTimeout(h),t.signal.removeEventListener("abort",b),xP(l),f(),(O=l.stdin)==null||O.destroy(),
(V=l.stdout)==null||V.destroy(),(J=l.stderr)==null||J.destroy(),l.unref(),c({...H,stdout:m(),stderr:p(),ms:Rt(o)}))},b=()=>{
xP(l),h=setTimeout(()=>k({kind:"timed-out",abandoned:!0}),v6)};l.once("error",H=>k({kind:"not-started",code:nn(H)})),l.once(
"exit",(H,O)=>{let V=t.signal.aborted?{kind:"timed-out",abandoned:!1}:O===null?{kind:"exited",code:H??0}:{kind:"signalle\
d",signal:O};l.once("close",()=>k(V)),clearTimeout(h),h=setTimeout(()=>k(V),x6)}),t.signal.aborted?b():t.signal.addEventListener(
"abort",b,{once:!0})})}function vP(e,t){let n=[],o=0;return e==null||e.on("data",r=>{o>=t||(n.push(r.subarray(0,t-o)),o+=
r.length)}),e==null||e.on("error",()=>{}),()=>Buffer.concat(n).toString("utf8")}function xP(e){if(e.pid!==void 0)try{process.
kill(-e.pid,"SIGKILL")}catch{}}var $6=100,T6=1e3,R6=[{address:"127.0.0.1",family:4},{address:"::1",family:6}];async function P6(e,t,n={}){let o=e.toLowerCase().
replace(/\.$/,"");if(o==="localhost"||o.endsWith(".localhost"))return R6;let r=await E6(o,n.hostsFile??"/etc/hosts");if(r.
length>0)return r;let i=await S6(o,t,n.servers);if(i==="unknown")throw Qp("EAI_AGAIN",e);if(i.length>0)return i;let s=await I6(
e,t,n.system??process.env);if(s==="unknown")throw Qp("EAI_AGAIN",e);if(s.length===0)throw Qp("ENOTFOUND",e);return s}function PP(e){
return(t,n,o)=>{P6(t,e).then(r=>{let[i]=r;n.all?o(null,[...r]):o(null,(i==null?void 0:i.address)??"",i==null?void 0:i.family)},
r=>o(r,""))}}async function E6(e,t){let n;try{n=await RP.promises.readFile(t,"utf8")}catch{return[]}let o=[];for(let r of n.
split(`
`)){let[i="",...s]=r.replace(/#.*/,"").trim().split(/\s+/);s.some(a=>a.toLowerCase()===e)&&o.push({address:i,family:i.includes(
":")?6:4})}return o.sort((r,i)=>r.family-i.family)}async function S6(e,t,n){let{promises:o}=await Promise.resolve().then(()=>K(require("node:dns"),1)),
r=new o.Resolver({timeout:T6});n&&r.setServers([...n]);let i=()=>r.cancel();if(t.aborted)return"unknown";t.addEventListener(
"abort",i,{once:!0});try{let s=TP(r.resolve4(e),4),a=TP(r.resolve6(e),6),d=await s,c=d!=="unknown"&&d.length>0?await Promise.
race([a,C6($6)]):await a;return d==="unknown"?c==="unknown"||c.length===0?"unknown":c:c==="unknown"?d.length>0?d:"unknow\
n":[...d,...c]}finally{t.removeEventListener("abort",i),r.cancel()}}var O6=`require("dns").lookup(process.argv[1], { all\
: true }, (error, found) =>
	process.stdout.write(JSON.stringify(error ? { code: error.code } : found)))`,A6=["LOCALDOMAIN","RES_OPTIONS","HOSTALIAS\
ES","LD_LIBRARY_PATH","PATH"];async function I6(e,t,n){let o=Object.fromEntries(A6.map(i=>[i,n[i]])),r=await $a([process.
execPath,"-e",O6,"--",e],{signal:t,cwd:"/"},o);try{let i=JSON.parse(r.stdout);return Array.isArray(i)?i.map(({address:s,
family:a})=>({address:s,family:a===6?6:4})):i.code==="ENOTFOUND"?[]:"unknown"}catch{return"unknown"}}async function TP(e,t){
try{return(await e).map(n=>({address:n,family:t}))}catch(n){let o=n.code??"";return["ENOTFOUND","ENODATA","EBADNAME"].includes(
o)?[]:"unknown"}}function C6(e){return new Promise(t=>setTimeout(()=>t([]),e).unref())}function Qp(e,t){return Object.assign(
new Error(`lookup of ${t} failed: ${e}`),{code:e})}var AP={servername:""},eh={kind:"timed-out"};async function IP(e){let{to:t,proxy:n,signal:o}=e;if(o.aborted)return eh;(0,EP.setMaxListeners)(
0,o);try{return"socket"in t?await ml(e,_6(t.socket)):n?await F6(e,t,n):await ml(e,await CP(t,o))}catch(r){return th(r)}}
function _6(e){if(e.includes("\0"))throw Object.assign(new Error("the path of the socket contains a NUL"),{code:"EINVAL"});
return{socketPath:e,...AP}}async function CP({host:e,port:t,tls:n},o){let r={host:e,port:t,lookup:PP(o),autoSelectFamily:!0};
return n?{...r,...await _P(),...await NP(n)}:{...r,...AP}}async function _P(){let{request:e}=await Promise.resolve().then(()=>K(require("node:https"),1));
return{protocol:"https:",send:e}}async function NP({ca:e,cert:t,key:n,verify:o}){let r=async d=>d===void 0?void 0:D6(d),
[i,s,a]=await Promise.all([r(e),r(t),r(n)]);return{ca:i,cert:s,key:a,rejectUnauthorized:o}}var N6=4*1024*1024;async function D6(e){
let t=await Mi(e,N6);if(t.kind==="ok")return Buffer.from(t.value);let n=t.kind==="absent"?"ENOENT":t.code;throw Object.assign(
new Error(`${e}: ${ve(n)}`),{code:n})}async function F6(e,t,n){let{host:o,port:r,tls:i,authorization:s}=n,a=await CP({host:o,
port:r,...i&&{tls:{verify:!0}}},e.signal),d=`${t.host.includes(":")?`[${t.host}]`:t.host}:${t.port}`,c=s!==void 0&&{"pro\
xy-authorization":s};if(!t.tls){let g={host:d,...e.headers,...c},k=await ml({...e,path:`http://${d}${e.path}`,headers:g},
a);return k.kind==="failed"?{...k,at:"proxy"}:k}let l={...await NP(t.tls),...!(0,OP.isIP)(t.host)&&{servername:t.host}},
f=await j6({...a,path:d,headers:{host:d,...c}},e.signal);if("kind"in f)return f;let{connect:m}=await Promise.resolve().then(()=>K(require("node:tls"),1)),
p=()=>m({...l,host:t.host,socket:f}),h={host:t.host,port:t.port,agent:void 0,createConnection:p};return ml(e,{...await _P(),
...h})}function j6(e,t){return new Promise(n=>{let o=DP({...e,method:"CONNECT"},t);o.on("error",r=>n(t.aborted?eh:{...th(
r),at:"proxy"})),o.on("connect",({statusCode:r=0,statusMessage:i=""},s)=>{if(r===200)return n(s);s.destroy();let a=`the \
proxy answers ${r} ${i}`.trim();n({kind:"failed",code:`HTTP_${r}`,message:a,at:"proxy"})}),o.end()})}function DP({send:e=SP.request,
...t},n){let o=e({agent:!1,...t}),r=()=>o.destroy();return n.addEventListener("abort",r,{once:!0}),o.once("close",()=>n.
removeEventListener("abort",r))}function ml(e,t){let{method:n="GET",path:o,signal:r,maxBody:i=1024*1024}=e,s={connection:"\
close",...e.headers};return new Promise(a=>{let d=DP({...t,method:n,path:o,headers:s},r),c=l=>a(r.aborted?eh:th(l));d.on(
"error",c),d.on("response",l=>L6(l,i).then(a,c)),d.on("upgrade",(l,f)=>{f.destroy(),a({kind:"failed",code:"EPROTO",message:"\
the server switched protocols"})}),d.end(e.body)})}function L6(e,t){return new Promise((n,o)=>{let r=Buffer.alloc(0),i=0,
s=U6(e.socket),a=()=>{let d=Object.fromEntries(Object.entries(e.headers).map(([f,m])=>[f,String(m)])),c=r.toString("utf8",
0,Math.min(i,t)),l=i>t;n({kind:"answered",status:e.statusCode??0,headers:d,body:c,truncated:l,...s})};e.on("data",d=>{i+
d.length>r.length&&(r=Buffer.concat([r],Math.min(t,Math.max(2*r.length,i+d.length)))),d.copy(r,i),i+=d.length,!(i<=t)&&(a(),
e.destroy())}),e.on("end",a),e.on("error",o)})}function U6(e){var a;if(!("getPeerCertificate"in e))return{};let{valid_from:t,
valid_to:n,subjectaltname:o}=((a=e.getPeerCertificate)==null?void 0:a.call(e))??{},[r,i]=[Date.parse(t??""),Date.parse(n??
"")];if(Number.isNaN(r)||Number.isNaN(i))return{};let s=o===void 0&&{commonNameOnly:!0};return{certificate:{from:new Date(
r).toISOString(),until:new Date(i).toISOString(),...s}}}function th(e){var n;let t=((n=e==null?void 0:e.errors)==null?void 0:
n[0])??e;return{kind:"failed",code:nn(t),message:t instanceof Error?t.message:String(t)}}var fo=K(require("node:fs"),1);var FP=8192,H6=2e4;function jP(){let e;try{e=fo.openSync("/dev/kmsg",fo.constants.O_RDONLY|fo.constants.O_NONBLOCK)}catch(t){
let n=nn(t);return n==="ENOENT"?{kind:"absent"}:{kind:"unreadable",code:n}}try{return{kind:"ok",value:M6(e)}}finally{fo.closeSync(
e)}}function M6(e){let t=Buffer.allocUnsafe(FP),n=[];for(let o=0;o<H6;o++)try{let r=fo.readSync(e,t,0,FP,null);if(r===0)
break;n.push(t.toString("utf8",0,r))}catch(r){if(nn(r)!=="EPIPE")break}return n}var mo=K(require("node:fs"),1),nh=require("node:path");var G6=20,V6=400,LP=400,B6=5;function HP(e,t){let n=re()+G6,o=t(e)?UP(e):void 0;if(o===void 0||"code"in o)return;let r=[
...o.names],i=[],s=0;for(;s<Math.min(r.length,V6)&&i.length<B6&&re()<n;){let a=r[s++]??"",d=(0,nh.join)(e,a);if(!t(d))continue;
let c=UP(d);if(W6(d,c))for(let l of q6(d))i.push(l);else if("names"in c)for(let l of c.names)r.push((0,nh.join)(a,l))}return{
looked:s,blocked:i}}function UP(e){try{let t=mo.opendirSync(e,{bufferSize:LP});try{let n=[];for(let o=0;o<LP;o++){let r=t.
readSync();if(r===null)return{names:n,isEmpty:o===0};r.isDirectory()&&n.push(r.name)}return{names:n,isEmpty:!1}}finally{
t.closeSync()}}catch(t){return{code:nn(t)}}}function W6(e,t){if("code"in t)return t.code==="EACCES";if(t.isEmpty)return!1;
try{return mo.accessSync(e,mo.constants.W_OK|mo.constants.X_OK),!1}catch(n){return nn(n)==="EACCES"}}function q6(e){try{
let{mode:t,uid:n,gid:o}=mo.lstatSync(e);return[{path:e,mode:t&4095,uid:n,gid:o}]}catch{return[]}}var K6=new Set(["PATH","HOME","USER","LOGNAME","SHELL","LANG","TZ","TMPDIR","TEMP","TMP","SystemRoot"]),z6=/^(?:INPUT|STATE|ACTIONS|GITHUB|GITEA|FORGEJO)_/i,
J6=new RegExp(`^(?:${["LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES|OPENSSL_(?:CONF|ENGINES|MODULES)","BASH_ENV|BASH_FUNC_.\
*|ENV|SHELLOPTS|BASHOPTS|PS4","NODE_REPL_EXTERNAL_MODULE|NPM_CONFIG_.*|YARN_.*","PYTHON(?:STARTUP|INSPECT|BREAKPOINT|WAR\
NINGS)|PERL5(?:OPT|DB)|RUBYOPT|BUNDLE_.*|PHPRC|PHP_INI_SCAN_DIR|LUA_INIT.*","_?JAVA_(?:TOOL_)?OPTIONS|JDK_JAVA_OPTIONS|J\
AVA_OPTS|(?:MAVEN|GRADLE)_(?:OPTS|ARGS)|DOTNET_STARTUP_HOOKS","GOFLAGS|GOENV|RUSTC(?:_.*)?|RUSTDOC|CARGO_(?:BUILD|ALIAS|\
TARGET)_.*","GIT_.*|SSH_ASKPASS|PAGER|LESSOPEN|LESSCLOSE|EDITOR|VISUAL|BROWSER"].join("|")})$`,"i"),Y6=/-r\b|require|import|loader|inspect|env-file|config|preload/,
Z6=/^(?:PATH|LD_LIBRARY_PATH|NODE_PATH|PYTHONPATH|PERL5LIB|RUBYLIB|GEM_PATH|CLASSPATH|XDG_(?:DATA|CONFIG)_DIRS)$/;function pl(e,t,n){
let o=a=>(n==null?void 0:n.test(a))??!1,{text:r}=Wt(Object.fromEntries(Object.entries(e).filter(([a])=>!o(a)))),i=(a,d)=>z6.
test(a)||J6.test(a)||a==="NODE_OPTIONS"&&Y6.test(d)||bn(a)||r(d)!==d,s=Object.entries(e).flatMap(([a,d])=>d===void 0?[]:
Z6.test(a)?X6(a,d,t):MP(d,t)?[]:o(a)||K6.has(a)||!i(a,d)?[[a,d]]:[]);return Object.fromEntries(s)}function X6(e,t,n){let o=t.
split(":").filter(r=>r.startsWith("/")&&!MP(r,n));return o.length===0&&e!=="PATH"?[]:[[e,o.join(":")]]}function MP(e,t){
return t.some(n=>{var o;for(let r=e.indexOf(n);r>=0;r=e.indexOf(n,r+1)){let i=((o=/^[^:;,\s"'=]*/.exec(e.slice(r)))==null?
void 0:o[0])??"";if(xe(i,n))return!0}return!1})}var BP=require("node:fs"),WP=require("node:os"),hl=require("node:path");var VP=require("node:os"),GP;function Gi(){return GP??={path:Q6()},GP.path}function Q6(){try{return(0,VP.userInfo)().homedir}catch{
return}}var e3=["rust-toolchain","rust-toolchain.toml",".cargo",".tool-versions","mise.toml",".mise.toml","package.json",".npmrc",
".yarnrc",".yarnrc.yml",".pnp.cjs",".nvmrc",".node-version",".python-version",".ruby-version",".java-version",".go-versi\
on",".prototools",".mvn","go.work","global.json"];async function qP(e,t,n){for(let o of[e.RUNNER_TEMP,(0,WP.tmpdir)()]){
if(!(o!=null&&o.startsWith("/")))continue;let r=await t3(o,t,n).catch(()=>{});if(r!==void 0)return process.once("exit",()=>n3(
r)),r}return"/"}async function t3(e,t,n){let o=await n.realPath(e);if(o.kind!=="ok"||t.some(i=>xe(o.value,i))||await KP(
o.value,n))return;let r=await n.makeDirectory(o.value,"runner-check-");return r.kind==="ok"?r.value:void 0}async function KP(e,t){
return e===Gi()?!1:(await Promise.all(e3.map(o=>t.lstat((0,hl.join)(e,o))))).some(({kind:o})=>o!=="absent")?!0:e!=="/"&&
KP((0,hl.dirname)(e),t)}function n3(e){try{(0,BP.rmdirSync)(e)}catch{}}function zP({env:e,cwd:t,files:n,run:o}){let r=async m=>{let p=await n.realPath(m).catch(()=>{});return(p==null?void 0:p.
kind)==="ok"?p.value:m},i=async()=>{if(!nu(e))return[];let m=Jt(e,t()),[p,h]=await Promise.all([r(m),r(Gi()??"/")]);return xe(
h,p)?[]:[...new Set([m,p])]},s,a=()=>(s??=i(),s),d=async m=>{let p=m.includes("/")?[m,await r(m)]:[],h=await a();return p.
some(g=>h.some(k=>xe(g,k)))},c,l=()=>(c??=a().then(m=>qP(e,m,n)),c),f;return{emptyDirectory:l,async run(m,{needs:p,isTrusted:h,
...g}){let k=g.cwd??await l();if(h)return o(m,{...g,cwd:k},pl(e,[],p));if(await d(m[0]??""))return{kind:"not-started",code:"\
EUNTRUSTED",stdout:"",stderr:"",ms:0};p||(f??=pl(e,await a()));let b=p||!f?pl(e,await a(),p):f;return o(m,{...g,cwd:k},b)}}}var Ta=require("node:fs");var o3=Ta.constants.O_RDONLY|(Ta.constants.O_NONBLOCK??0)|(Ta.constants.O_NOFOLLOW??0)|(Ta.constants.O_NOCTTY??0);async function JP(e,t,n=64*
1024,o="utf8",r=Nt){let i=await et(async()=>{var c;if(!await r.lstat(t))return{kind:"absent"};let[s,a]=await Promise.all(
[r.realpath(e),r.realpath(t)]);if(!xe(a,s))return{kind:"refused",why:"outside"};if(!((c=await r.lstat(a))!=null&&c.isFile()))
return{kind:"refused",why:"irregular"};let d=await r.open(a,o3);try{return(await r.fstat(d)).isFile()?xe(await r3(d,r)??
a,s)?{kind:"ok",value:await Xp(d,n,o,r)}:{kind:"refused",why:"outside"}:{kind:"refused",why:"irregular"}}finally{await r.
close(d)}});return i.kind==="ok"?i.value:i.kind==="unreadable"&&i.code==="ELOOP"?{kind:"refused",why:"outside"}:i}async function r3(e,t){
let n=await et(()=>t.readlink(`/proc/self/fd/${e}`));return n.kind==="ok"&&n.value.startsWith("/")?n.value.replace(/ \(deleted\)$/,
""):void 0}var Ra=require("node:fs");var i3="/dev/null";async function YP(e,t,n,o){if(!o.mayHang)return $a(e,t,n);let[r="",...i]=e,{cwd:s}=t;s!==void 0&&await o.
reach(s);let a={...n,...t.env},{changes:d,lost:c}=await l3(a,o),l=r.includes("/")?void 0:await d3(r,{...a,...d}.PATH,o),
f=(l==null?void 0:l.found)??r;if(f.includes("/"))await a3(s===void 0||f.startsWith("/")?f:`${s}/${f}`,o);else if(l!=null&&
l.lost)throw l.lost;let m=s3(f,o),p=await $a([f,...i],{...t,env:{...t.env,...d}},n),h=m.end(),g=c??(l==null?void 0:l.lost)??
h;if(g&&!(p.kind==="exited"&&p.code===0))throw g;return p}function s3(e,t){let n,r=setInterval(()=>{z(t.askAllAgain(e),i=>{
n??=i})},t.patienceMs);return{end(){return clearInterval(r),n}}}async function a3(e,t){var r;let n=await t.through(e,()=>Mi(
e,256,"latin1")),o=n.kind==="ok"?(r=/^#![ \t]*(\/[^\s\0]+)/.exec(n.value))==null?void 0:r[1]:void 0;o!==void 0&&await t.
reach(o)}async function d3(e,t,n){let o;for(let r of(t??"").split(":").filter(i=>i.startsWith("/"))){let i=`${r}/${e}`,s=n.
through(i,()=>c3(i)),a=await z(s,d=>d);if(a===!0)return{found:i,...o&&{lost:o}};a!==!1&&(o??=a)}return o?{lost:o}:{}}async function c3(e){
try{return await Ra.promises.access(e,Ra.constants.X_OK),(await Ra.promises.stat(e)).isFile()}catch{return!1}}async function l3(e,t){
let n={},o,r=async(s,a)=>{let d=a.split(":"),c=await Promise.all(d.map(m=>m.startsWith("/")?z(t.reach(m),p=>p):void 0)),
l=c.find(m=>m!==void 0);if(!l)return;o??=l;let f=d.filter((m,p)=>c[p]===void 0).join(":");n[s]=s==="HOME"?i3:f||void 0},
i=Object.entries(e).filter(s=>{var a;return((a=s[1])==null?void 0:a.includes("/"))??!1});return await Promise.all(i.map(
([s,a])=>r(s,a))),{changes:n,...o&&{lost:o}}}var QP=require("node:fs");var u3=64*1024;async function eE(e,t,n,o=QP.promises.statfs){if(o===void 0)return ZP(e,t,n);let r=await et(()=>o(e));if(r.
kind!=="ok")return r;let{blocks:i,bavail:s,files:a,ffree:d}=r.value,c=f3(r.value);return c===void 0?ZP(e,t,n):{kind:"ok",
value:{freeBytes:s*c,totalBytes:i*c,freeInodes:a===0?void 0:d,totalInodes:a===0?void 0:a,source:"statfs"}}}function f3({
bsize:e,frsize:t}){return t||(e<=u3?e:void 0)}async function ZP(e,t,n){let o={signal:t,env:{LC_ALL:"C"}},[r,i]=await Promise.
all([n(["df","-kP",e],o),n(["df","-iP",e],o)]),s=XP(r.stdout);if(r.kind!=="exited"||r.code!==0||!s)return/no such file/i.
test(r.stderr)?{kind:"absent"}:{kind:"unreadable",code:"EDF"};let a=XP(i.stdout),d=a!==void 0&&a.total>0;return{kind:"ok",
value:{freeBytes:s.free*1024,totalBytes:s.total*1024,freeInodes:d?a.free:void 0,totalInodes:d?a.total:void 0,source:"df"}}}
function XP(e){let t=/\s(\d+)\s+\d+\s+(\d+)\s+(?:\d+%|-)\s+\S.*$/.exec(e.trim().split(`
`).pop()??"");return t?{total:Number(t[1]),free:Number(t[2])}:void 0}function Qo(e,t=2500){var i,s,a;let n=new ll({mountinfo:m3(),loaded:[process.execPath,__dirname],cwd:()=>oh(e),ask:d=>iP(
d,t),patienceMs:t}),o={lstat:d=>n.through(d,c=>dP(d,c),!1),realPath:d=>n.through(d,c=>uP(d,c)),makeDirectory:(d,c)=>n.through(
d,l=>hP(d,c,l))},r=zP({env:e,cwd:()=>oh(e),files:o,run:(d,c,l)=>YP(d,c,l,n)});return{env:e,platform:process.platform,arch:process.
arch,nodeVersion:process.versions.node,execPath:process.execPath,uid:(i=process.geteuid)==null?void 0:i.call(process),gid:(s=
process.getegid)==null?void 0:s.call(process),groups:((a=process.getgroups)==null?void 0:a.call(process))??[],pid:process.
pid,ppid:process.ppid,get userHome(){return Gi()},get cpuCount(){return(0,Vi.cpus)().length},hostname:(0,Vi.hostname)(),
totalMemory:(0,Vi.totalmem)(),cwd:()=>oh(e),...r,lstat:o.lstat,realPath:o.realPath,stat:d=>n.through(d,c=>cP(d,c)),access:(d,c)=>n.
through(d,l=>mP(d,c,l)),readText:(d,c,l)=>n.through(d,f=>Mi(d,c,l,f)),readInside:(d,c,l,f)=>n.through(c,m=>JP(d,c,l,f,m)),
readLink:d=>n.through(d,c=>lP(d,c),!1),list:d=>n.through(d,c=>fP(d,c)),space:(d,c)=>n.through(d,()=>eE(d,c,r.run)),tryWrite:d=>n.
through(d,()=>pP(d)),leftovers:d=>n.through(d,async()=>HP(d,c=>n.isLocal(c))),placeDirectory:d=>n.through(d,()=>yP(d)),ifKilled:xa,
newId:tE.randomUUID,kernelLog:async()=>jP(),smokeProgram:(0,oE.join)(__dirname,"smoke.js"),placeFile:d=>n.through(d,()=>gP(
d)),async request(d){for(let c of p3(d,e))await n.reach(c);return IP(d)},reach:d=>n.reach(d),mountCount:n.count,askedMounts:()=>n.
asked}}function oh(e){try{return process.cwd()}catch{return e.PWD||"/"}}function m3(){try{return(0,nE.readFileSync)("/pr\
oc/self/mountinfo","utf8")}catch{return""}}function p3({to:e,proxy:t},n){if("socket"in e)return[e.socket];if(!e.tls&&!(t!=
null&&t.tls))return[];let{ca:o,cert:r,key:i}=e.tls??{};return[o,r,i,n.NODE_EXTRA_CA_CERTS].filter(s=>!!s)}function rh({place:e,found:t,allowed:n}){return`${e}: found ${ih(t)}; allowed: ${n}`}function ih(e){return e.replace(/(:\/\/[^\s?"'`]*\?)[^\s"'`]+/g,
"$1\u2026")}function po(e){return`\`${(e.length>200?`${e.slice(0,200)}\u2026`:e).replace(/\s+/g," ")}\``}var $n=class extends Error{mistakes;name="\
ConfigurationError";constructor(t){super(t.map(rh).join(`
`)),this.mistakes=t}};function Bi(e){return e instanceof Error&&e.name==="ConfigurationError"}var h3=/\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g,
g3=/\r\n?|[\v\f\u0085\u2028\u2029]/g,y3=/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu,k3=/[^\n\t -~]/;function er(e,t=4e3){
let n=e.slice(0,t*4),o=k3.test(n)?w3(n):n;if(o.length<=t&&n.length===e.length)return o;let r=o.slice(0,t).replace(new RegExp(
"\\p{Cs}","gu"),"");return t<1e3?`${r}\u2026`:`${r} \u2026 (${e.length-r.length} characters more)`}function w3(e){return e.
replace(h3,"").replace(g3,`
`).replace(y3,t=>t===`
`||t==="	"?t:"")}function ce(e,t=4e3){return er(e,t).replace(/\s{2,}|[^\S ]/g," ").trim()}function Pa(e){return e.replace(
/##(?=(?:\u001b\[\d*m)*\[)/g,"# #").replace(/^((?:\s|\u001b\[\d*m)*):(?=:)/,"$1: ")}function Ke(e,t){return er(e,t).split(
`
`).map(Pa).join(`
`)}function gl(e){let t=e.split("`");if(t.length%2===0){let n=t.pop();t[t.length-1]+=`\`${n}`}return t.map((n,o)=>({code:o%
2===1,text:n})).filter(n=>n.text!=="")}var Yn=class extends Error{name="OutputError";isUnwanted;constructor(t,n){super(`could not write ${t}: ${Vn(n)}`),this.isUnwanted=
(n==null?void 0:n.code)==="EPIPE"}};async function bt(e){let{stdout:t}=process;return await new Promise((n,o)=>{let r=i=>o(
new Yn("the output",i));t.once("error",r),t.write(e,i=>{if(i)return r(i);t.off("error",r),n()})}),0}function Dt(e){process.
stderr.write(`runner-check: ${Ke(sh(ih(e)))}
`)}function Wi(){let e=!0;return process.stdout.on("error",t=>{e&&Dt(new Yn("the log",t).message),e=!1}),async()=>(await new Promise(
t=>setImmediate(t)),e)}function tr(){process.stderr.on("error",()=>{})}function sh(e){return Wt(process.env,b3(process.argv)).
whole(e)}function b3(e){return e.flatMap((t,n)=>e[n-1]==="--token"?[t]:t.startsWith("--token=")?[t.slice(8)]:[])}function Tn(){
return Math.max(40,Math.min(process.stdout.columns||100,120))}function Mr(){let{LC_ALL:e,LC_CTYPE:t,LANG:n}=process.env;
return/utf-?8/i.test(e||t||n||"")}function Gr(){let{NO_COLOR:e,FORCE_COLOR:t}=process.env;return e||rE()?!1:t!==void 0?t!==
"0"&&t!=="false":!!process.stdout.isTTY}function rE(){return process.env.TERM==="dumb"}function iE(){return process.stdout.
isTTY?process.stdout.rows:void 0}function sE(){let{stderr:e}=process;if(!(!e.isTTY||rE()))return{show:t=>e.write(`\r\x1B[Kwa\
iting for ${t.join(", ").slice(0,60)} \u2026`),clear:()=>e.write("\r\x1B[K")}}async function aE(e){let t=[],n=0;for await(let o of process.
stdin)if(t.push(Buffer.from(o)),n+=o.length,n>=e)break;return Buffer.concat(t).subarray(0,e)}var cE=require("node:os"),v3=4e3,dE=["SIGHUP","SIGINT","SIGTERM"];async function nr(e){let t=new AbortController,n=new Promise(
s=>{let a=d=>{for(let c of dE)process.off(c,a);t.abort(),s(128+cE.constants.signals[d])};for(let d of dE)process.on(d,a)}),
o=e(t.signal),r=await Promise.race([o.then(()=>{}),n]);if(r===void 0)return o;let i=new Promise(s=>setTimeout(s,v3));return await Promise.
race([o.catch(()=>{}),i]),r}var Tl=require("node:path");var Ea=jr.map(({id:e})=>e);function ah(e){return Ea.some(t=>lE(e,t))}function yl(e){if(ah(e))return!0;let t=e.lastIndexOf(
":"),[n,o]=[e.slice(0,t),e.slice(t+1)];return t>0&&jr.some(({id:r,reasons:i})=>lE(n,r)&&Object.keys(i).includes(o))}function lE(e,t){
return t.endsWith("/*")?ot(t,e):ot(e,t)}function Zn(e,t){var o;let n=`INPUT_${t.toUpperCase()}`;return(o=e[n]??e[n.replace(/-/g,"_")])==null?void 0:o.trim()}var kl=/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/,x3=1024*1024;async function uE(e,t){var r;let n=((r=e.env.GITHUB_SHA)==null?void 0:
r.toLowerCase())??"";if(!kl.test(n))return{kind:"this-run"};let o=await $3(e,t);return o===void 0?{kind:"unknown",wanted:n}:
o===n?{kind:"this-run"}:{kind:"other-commit",commit:o,wanted:n}}async function $3(e,t){var a;let n=await T3(e,t),o=await wl(
e,U(n,"HEAD"))??"";if(kl.test(o))return o;let r=(a=/^ref: (refs\/[\w./@+-]+)$/.exec(o))==null?void 0:a[1];if(r===void 0||
r.includes(".."))return;let i=await wl(e,U(n,"commondir")),s=i===void 0?[n]:[n,fE(n,i)];for(let d of s){let c=await wl(e,
U(d,r));if(c!==void 0&&kl.test(c))return c;let l=await e.readText(U(d,"packed-refs"),x3),f=l.kind==="ok"?l.value.split(`\

`).find(p=>p.endsWith(` ${r}`)):void 0,m=(f==null?void 0:f.split(" ")[0])??"";if(kl.test(m))return m}}async function T3(e,t){
var r;let n=U(t,".git");if((await e.stat(n)).kind!=="file")return n;let o=(r=/^gitdir: (.+)$/.exec(await wl(e,n)??""))==
null?void 0:r[1];return o===void 0?n:fE(t,o)}async function wl(e,t){if((await e.stat(t)).kind!=="file")return;let n=await e.
readText(t,4096);return n.kind==="ok"?n.value.trim():void 0}function fE(e,t){return t.startsWith("/")?t:U(e,t)}var mE={tools:200,registries:100,services:100,disk:100,expect:100},dh={skip:500,workflows:100},ch=200;var R3={"":1,b:1,kb:1e3,mb:1e6,gb:1e9,tb:1e12,kib:1024,mib:1048576,gib:1073741824,tib:1099511627776},pE="a size with a u\
nit such as `40GiB` or `500MB`, or a plain number of bytes";function bl(e){let t=/^(\d{1,15}(?:\.\d{1,6})?)\s*([kmgt]?i?b)?$/i.
exec(e.trim()),n=R3[((t==null?void 0:t[2])??"").toLowerCase()];if(!t||n===void 0)return;let o=Math.round(Number(t[1])*n);
return Number.isSafeInteger(o)?o:void 0}var hE="a duration such as `500ms`, `10s` or `2m`",P3={ms:1,s:1e3,m:6e4,h:36e5,d:864e5};
function qi(e){let t=/^(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d)$/.exec(e.trim()),n=P3[(t==null?void 0:t[2])??""];return t&&
n!==void 0?Math.round(Number(t[1])*n):void 0}function gE(e){let t=e.trim().replace(/(?<=\d)[_,](?=\d{3}(?!\d))/g,"");return/^\d{1,15}$/.
test(t)?Number(t):void 0}var E3=5e3;function yE(e){return Object.entries((e==null?void 0:e.source.expect)??{}).flatMap(([t,n])=>{let o=S3(n),{why:r,
fix:i}=n;return o?[{name:t,wants:o,...r!==void 0&&{why:r},...i!==void 0&&{fix:i},...(e==null?void 0:e.from)&&{from:e.from}}]:
[]})}function S3(e){let{file:t,env:n,command:o,sysctl:r,platform:i,type:s,mode:a,owner:d,contains:c,matches:l,stdout:f}=e,
m=e.is===void 0?void 0:String(e.is);if(t!==void 0)return{kind:"file",path:t,exists:e.exists??!0,...s!==void 0&&{type:s},
...a!==void 0&&{mode:Number.parseInt(a,8)},...d!==void 0&&{owner:d},...c!==void 0&&{contains:c}};if(n!==void 0)return{kind:"\
env",variable:n,set:e.set??!0,...m!==void 0&&{is:m},...l!==void 0&&{matches:l}};if(o!==void 0){let p=qi(e.timeout??"")??
E3;return{kind:"command",command:o,exit:e.exit??0,timeoutMs:p,...f!==void 0&&{stdout:f}}}return r!==void 0?{kind:"sysctl",
setting:r,...m!==void 0&&{is:m}}:i===void 0?void 0:{kind:"platform",platform:i}}var kE={version:1,profiles:{"matric-builder":{labels:["matric-builder"],"runs-in":"container",image:"ghcr.io/fortemi/for\
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
e",free:"2GiB",inodes:5e4}]}}};var Vr=kE.profiles;function xl(e){return[...new Set([...Object.keys((e==null?void 0:e.source.profiles)??{}),...Object.keys(
Vr)])]}function wE(e,t){var n,o;return((n=L((t==null?void 0:t.source.profiles)??{},e))==null?void 0:n.labels)??((o=L(Vr,
e))==null?void 0:o.labels)??[]}function bE(e,t){let n=L((t==null?void 0:t.source.profiles)??{},e),o=L(Vr,e),r=n==null?void 0:
n.extends;return[...r!==void 0&&r!==e?bE(r,t):[],...o?[{source:o,originOf:void 0}]:[],...n&&t?[{source:n,originOf:i=>t.lineOf(
["profiles",e,...i])}]:[]]}function vE(e,t){var d;let n={},o={},r=new Set;for(let{source:c,originOf:l}of bE(e,t)){let f=(x,E=x.
join("."))=>{l?n[E]=l(x):delete n[E]},{tools:m,disk:p,docker:h,gpu:g,extends:k,...b}=c;Object.assign(o,b);for(let x of Object.
keys(b))f([x],C3(x));for(let x of["registries","services"])l&&b[x]&&r.add(x);h!==void 0&&(o.docker={...Ki(o.docker),...Ki(
h)},f(["docker"])),g!==void 0&&(o.gpu={...Ki(o.gpu),...Ki(g)},f(["gpu"]));for(let[x,E]of Object.entries(m??{})){o.tools=
{...o.tools,[x]:{...vl(L(o.tools??{},x)),...vl(E)}},f(["tools",x]);let{command:H}=vl(E);l&&H&&!O3(x,H)&&r.add(`tools.${x}`)}
for(let[x,E]of(p??[]).entries()){let H=(d=o.disk)==null?void 0:d.find(({path:O})=>O===E.path);o.disk=[...(o.disk??[]).filter(
({path:O})=>O!==E.path),{...H,...E}];for(let O of["free","inodes"])E[O]!==void 0&&f(["disk",x],`disk.${E.path}.${O}`)}}let i=_3(
e,o),s=yE(t);for(let{name:c}of s)n[`expect.${c}`]=(t==null?void 0:t.lineOf(["expect",c]))??"";let a=["registries","servi\
ces"].filter(c=>r.has(c));return{...i,tools:t!=null&&t.from?A3(i.tools,r,t.from):i.tools,...s.length>0&&{expect:s},...(t==
null?void 0:t.from)==="untrusted"&&a.length>0&&{untrusted:a},severity:(t==null?void 0:t.source.severity)??{},accept:(t==
null?void 0:t.source.accept)??[],sources:n}}function O3(e,t){let n=[e,"--version"];return[n,oi(e,n)].some(o=>JSON.stringify(
o)===JSON.stringify(t))}function A3(e,t,n){let o=Object.entries(e).map(([r,i])=>[r,t.has(`tools.${r}`)?{...i,commandFrom:n}:
i]);return Object.fromEntries(o)}var I3={"runs-in":"runsIn","image-max-age":"imageMaxAgeDays","tool-cache":"toolCache","\
open-files":"openFiles"};function C3(e){return I3[e]??e}function Ki(e){return e===void 0?{require:"optional"}:typeof e==
"string"?{require:e}:e}function vl(e){return e===void 0?{}:typeof e=="object"?e:{version:e}}function _3(e,t){let n=Ki(t.
docker);return{profile:e,runsIn:t["runs-in"]??"any",tools:uh(t.tools??{}),docker:{require:n.require,plugins:"plugins"in n?
n.plugins??[]:[]},gpu:N3(Ki(t.gpu)),privileged:t.privileged??"allowed",...t.image!==void 0&&{image:t.image},...t["image-\
max-age"]!==void 0&&{imageMaxAgeDays:Oa(qi(t["image-max-age"]),t["image-max-age"])/864e5},...t["tool-cache"]!==void 0&&{
toolCache:t["tool-cache"]},...t.memory!==void 0&&{memory:Sa(t.memory)},...t.cpus!==void 0&&{cpus:t.cpus},...t.shm!==void 0&&
{shm:Sa(t.shm)},...t["open-files"]!==void 0&&{openFiles:t["open-files"]},disk:(t.disk??[]).map(D3),registries:t.registries??
[],services:lh(t.services??[]),skip:[]}}function lh(e){return e.map(({name:t,url:n,models:o=[]})=>({name:t,url:n,models:o}))}
function uh(e){let t=Object.entries(e).map(([n,o])=>{let{version:r="*",command:i=[n,"--version"],optional:s=!1}=vl(o);return[
n,{version:Oa(Hi(String(r)),String(r)),command:i,optional:s}]});return Object.fromEntries(t)}function N3(e){if(!("count"in
e||"memory"in e||"free-memory"in e||"driver"in e||"compute-capability"in e))return{require:e.require};let{count:t,memory:n,
driver:o,"free-memory":r,"compute-capability":i}=e;return{require:e.require,...t!==void 0&&{count:t},...n!==void 0&&{memory:Sa(
n)},...r!==void 0&&{freeMemory:Sa(r)},...o!==void 0&&{driver:Oa(Hi(String(o)),String(o))},...i!==void 0&&{computeCapability:Oa(
Hi(String(i)),String(i))}}}function D3({path:e,free:t,inodes:n}){return{path:e,...t!==void 0&&{free:Sa(t)},...n!==void 0&&
{inodes:n}}}function Sa(e){return Oa(bl(String(e)),String(e))}function Oa(e,t){if(e===void 0)throw new Error(`the profil\
e holds \`${t}\`, which was not validated`);return e}var xE=[".gitea/runner-check.yml",".github/runner-check.yml"],$E=131073;async function $l(e,t,n){let{named:o,workspace:r,
mayUseWorkspace:i}=t;if(!i)return{...o!==void 0&&await TE(e,t,[o],n),usesWorkspace:!1};let s=await uE(e,r),a=s.kind==="t\
his-run",c=await TE(e,t,o!==void 0?[o]:a?xE:[],n);if(a)return{...c,usesWorkspace:a};let l=await j3(e,r,[...o===void 0?xE:
[],...qR]);if(l.length===0)return{...c,usesWorkspace:a};let{wanted:f}=s,m=s.kind==="unknown"?{files:l,why:"unknown-commi\
t",wanted:f}:{files:l,why:"other-commit",wanted:f,found:s.commit};return{...c,usesWorkspace:a,unused:m}}async function j3(e,t,n){
let o=await Promise.all(n.map(async r=>(await e.lstat(`${t}/${r}`)).kind));return n.filter((r,i)=>o[i]!=="absent")}async function TE(e,{
named:t,workspace:n,mayUseWorkspace:o,trusts:r},i,s){let a=await Promise.all(i.map(g=>L3(e,n,g,t!==void 0))),d=a.findIndex(
({text:g})=>g.kind!=="absent"),{text:c={kind:"absent"},isInside:l=!1}=a[d]??{},f=i[Math.max(0,d)]??"",m=(g,k,b)=>(s.push(
{place:g,found:k,allowed:b}),{});if(c.kind==="absent")return t===void 0?{}:m("input `policy`",`${po(t)}, which does not \
exist`,"the path of a policy file, relative to the workspace");if(l&&!o)return m("input `policy`",`${po(f)}, a file of t\
he job's workspace`,"a policy of this machine, which no job can write");if(c.kind==="unreadable")return m(f,`a file that\
 cannot be read: ${ve(c.code)}`,"a policy file that this user can read");if(c.kind==="refused"){let g=c.why==="outside"?
"a link that leads out of the workspace":"something that is not a file";return m(f,`${g}, which was not read`,"a regular\
 file in the workspace")}let{readPolicy:p}=await Promise.resolve().then(()=>K(require("./more.js"),1)),h=p(f,c.value,{profiles:Object.
keys(Vr),knowsCheck:yl,checkIds:Ea});return"source"in h?{file:l?{...h,from:r?"workspace":"untrusted"}:h}:(s.push(...h),{})}
async function L3(e,t,n,o){let r=ps(t,n),i=!o||await Ie(e,r,t);return{text:i?await e.readInside(t,r,$E):await e.readText(
r,$E),isInside:i}}var zi=["json","junit","prometheus","html","markdown"];var fh=["profile","policy","tools","docker","gpu","min-free-disk","min-free-inodes","image","registries","services","run\
ner-config","workflows","skip","fail-on","timeout","token","smoke","after","trust-policy","publish","summary","report-di\
r","formats"];function SE(e){let t=fh.map(n=>[n,Zn(e,n)]);return Object.fromEntries(t.filter(([,n])=>n!==void 0&&n!==""))}
async function Rl(e,t){let n=re(),o=[],r=(se,pe,ar)=>{o.push({place:`input \`${se}\``,found:pe,allowed:ar})},i=(se,pe,ar)=>{
let Xl=e[se];return Xl===void 0?void 0:pe(Xl)??r(se,po(Xl),ar)},{host:s}=t,a=Jt(s.env,s.cwd()),d=i("trust-policy",PE,"tr\
ue, false")??!1,c={named:e.policy,workspace:a,mayUseWorkspace:t.mayUseWorkspace??!0,trusts:d||e.policy!==void 0&&cs(s.env)===
"none"},l,{file:f,usesWorkspace:m,unused:p}=await z($l(s,c,o),se=>(l=se,{usesWorkspace:c.mayUseWorkspace})),h=[...xl(f),
"auto"],g=se=>h.includes(se)||o.length>0||l!==void 0,k=i("profile",se=>g(se)?se:void 0,h.join(", "))??"auto",b=W3(e.smoke,
r),x=i("timeout",Yi,`${hE}, more than 0 and at most 10m`)??(b?G3:OE),E=i("after",Aa("failure","never"),"failure, never")??
"failure",H=i("fail-on",Aa("fail","warn","never"),"fail, warn, never")??"fail",O=i("docker",RE,"required, optional, forb\
idden"),V=i("gpu",RE,"required, optional, forbidden"),J=i("min-free-disk",bl,pE),D=i("min-free-inodes",gE,"a whole numbe\
r such as `1000000`"),Q=i("image",se=>Ky(se)?se:void 0,qy),fe=i("publish",Aa("none","log"),"none, log")??"none",Ze=i("su\
mmary",PE,"true, false")??!0,qt=i("formats",se=>q3(se,r),zi.join(", "))??["json"],ko=se=>{let pe=mh(e[se]);return pe.length<=
dh[se]?pe:(r(se,`${pe.length} entries`,`at most ${dh[se]}`),[])},Kt=ko("workflows");for(let se of Kt.filter(pe=>/[*?[{]/.
test(pe)&&pe.length>ch))r("workflows",po(se),`a glob of at most ${ch} characters`);let En=ko("skip");for(let se of En.filter(
pe=>!ah(pe))){let pe=yr(se,Ea),ar=pe?`; did you mean \`${pe}\`?`:yl(se)?M3:"";r("skip",po(se),`the id of a check, or a g\
lob of ids such as \`docker/*\`${ar}`)}let as=await K3(e.tools,o),Fa=await EE("registries",e,o),Zl=await EE("services",e,
o);if(o.length>0)throw new $n(o);let zr=k==="auto"||!h.includes(k)?await t.decideProfile(e.token,br(x/2,n),f,m):{name:k,
decidedBy:"input"},Jr={docker:O,gpu:V,free:J,inodes:D,image:Q,registries:Fa,services:Zl},ds=V3(vE(zr.name,f),Jr,uh(as)),
ja=H3(ds);if(ja.length>0)throw new $n(ja);return{decidedBy:zr.decidedBy,policyFile:f==null?void 0:f.name,...l&&{lostPolicy:l},
...p&&{unused:p},request:{policy:{...ds,...b&&{smoke:b},skip:En},profileChoice:U3(zr),workspace:a,usesWorkspace:m,trusts:d,
timeoutMs:br(x,n),failOn:H,reportDir:e["report-dir"]===void 0?t.defaultReportDir:(0,Tl.resolve)(s.cwd(),e["report-dir"]),
...e["report-dir"]!==void 0&&{reportDirNamed:!0},formats:qt,after:E,summary:Ze,publish:fe,runnerConfig:e["runner-config"],
workflows:Kt,...e.token!==void 0&&{token:e.token}}}}function U3({name:e,...t}){return t}function H3(e){return["tools","r\
egistries","services","disk","expect"].flatMap(n=>{let o=Object.keys(e[n]??{}).length,r=mE[n];return o<=r?[]:[{place:`\`${n}\
\` of the profile \`${e.profile}\``,found:`${o} entries`,allowed:`at most ${r}, with what it extends and the inputs`}]})}
var M3="; one reason of a check is switched off by `severity` in the policy",OE=1e4,G3=6e4;function mh(e=""){return(e.match(
/(?:\{[^{}\n]*\}|[^,\n])+/g)??[]).map(n=>n.trim()).filter(n=>n!=="")}function AE(e){return(0,Tl.join)(e.RUNNER_TEMP||"/t\
mp","runner-check")}function V3(e,t,n){let o={...e.sources},r=(c,l)=>{o[c]=`input \`${l}\``};for(let c of Object.keys(n))
r(`tools.${c}`,"tools");t.docker&&r("docker","docker"),t.gpu&&r("gpu","gpu"),t.free!==void 0&&r("disk.workspace.free","m\
in-free-disk"),t.inodes!==void 0&&r("disk.workspace.inodes","min-free-inodes");for(let c of["image","registries","servic\
es"])t[c]!==void 0&&r(c,c);let i={...e.disk.find(c=>c.path==="workspace")??{path:"workspace"},...t.free!==void 0&&{free:t.
free},...t.inodes!==void 0&&{inodes:t.inodes}},{untrusted:s=[],...a}=e,d=s.filter(c=>t[c]===void 0);return{...a,tools:{...e.
tools,...B3(n,e.tools)},docker:{...e.docker,...t.docker&&{require:t.docker}},gpu:{...e.gpu,...t.gpu&&{require:t.gpu}},...t.
image!==void 0&&{image:t.image},...t.registries&&{registries:t.registries},...t.services&&{services:t.services},...d.length>
0&&{untrusted:d},disk:[i,...e.disk.filter(c=>c.path!=="workspace")],sources:o}}function B3(e,t){let n=Object.entries(e).
map(([o,r])=>{let{command:i=r.command,commandFrom:s}=L(t,o)??{};return[o,{...r,command:i,...s&&{commandFrom:s}}]});return Object.
fromEntries(n)}function Aa(...e){return t=>e.find(n=>n===t)}var RE=Aa("required","optional","forbidden");function PE(e){
return/^(?:true|True|TRUE)$/.test(e)?!0:/^(?:false|False|FALSE)$/.test(e)?!1:void 0}function W3(e,t){let n=X$(mh(e));if(!n||
!("unknown"in n))return n;let o=yr(n.unknown,Go);return t("smoke",po(n.unknown),`${Z$}${o?`; did you mean \`${o}\`?`:""}`)}
function Ji(e){return Math.min(5e3,(Yi(e??"")??OE)/4)}function Yi(e){let t=qi(e);return t!==void 0&&t>0&&t<=6e5?t:void 0}
function q3(e,t){let n=Aa(...zi),o=mh(e);if(o.length!==0)return o.flatMap(r=>{let i=n(r);return i?[i]:(t("formats",po(r),
zi.join(", ")),[])})}async function EE(e,t,n){let o=t[e];if(o===void 0)return;let{readListInput:r}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
i=r(e,o);if("list"in i)return e==="services"?lh(i.list):i.list;n.push(...i)}async function K3(e,t){if(e===void 0)return{};
let{readToolsInput:n}=await Promise.resolve().then(()=>K(require("./more.js"),1));return n(e,t)}function Pl(e){let t=[".gitea/workflows",".github/workflows"];switch(cs(e)){case"forgejo":return[".forgejo/workflows",...t];case"\
github":return[".github/workflows"];case"act":return e.ACT_EXEC?t:[".github/workflows"];default:return t}}function ph(e){return e.kind==="scalar"&&e.plain&&["","~","null","Null","NULL"].includes(e.text)}function hh(e,t){return(e==null?void 0:e.kind)==="map"?e.entries.find(n=>n.key===t):void 0}function gh(e,...t){let n=e,o;
for(let r of t)o=hh(n,r),n=o==null?void 0:o.value;return o}function IE(e,...t){var o;let n=(o=gh(e,...t))==null?void 0:o.
value;return(n==null?void 0:n.kind)==="scalar"&&!ph(n)?n:void 0}var yh=256*1024;async function CE(e,t){let{GITHUB_JOB:n,GITHUB_WORKSPACE:o}=e.env;if(!n||!o)return;let r=z3(e,o,n,t),i=await z(
r,()=>{});return i&&kh(e.env,n,i,t)}async function kh(e,t,n,o){var f;let{GITHUB_WORKFLOW:r}=e,i=_E(t),s=n.filter(({text:m})=>i.
test(m));if(s.length===0)return;let{parseYaml:a}=await Promise.resolve().then(()=>K(require("./more.js"),1)),d=[];for(let{
directory:m,file:p,text:h}of s){if(await Ga(),o.aborted||h.length>yh)return;let g=a(h);g.kind==="ok"&&d.push(...J3(m,p,g.
root,t))}let c=d.filter(({names:m})=>r!==void 0&&m.includes(r)),l=c.length>0?c:d;return l.length===1?(f=l[0])==null?void 0:
f.labels:void 0}async function z3(e,t,n,o){let r=_E(n);for(let i of Pl(e.env)){let s=await e.list(`${t}/${i}`);if(s.kind===
"absent")continue;if(s.kind!=="ok")return[];let a=[];for(let d of s.value.filter(c=>/\.ya?ml$/.test(c)).sort()){if(o.aborted)
return;let c=await e.readInside(t,`${t}/${i}/${d}`,yh+1);if(!(c.kind!=="ok"||!r.test(c.value))){if(c.value.length>yh)return;
a.push({directory:i,file:d,text:c.value})}}return a}return[]}function _E(e){return new RegExp(`${e.replace(/[^\w-]/g,"\\$\
&")}["']?\\s{0,80}:`)}function J3(e,t,n,o){var s,a;let r=(s=gh(n,"jobs",o,"runs-on"))==null?void 0:s.value;if(r===void 0)
return[];let i=((a=IE(n,"name"))==null?void 0:a.text)??"";return[{names:[t,`${e}/${t}`,i],labels:Y3(r)}]}function Y3(e){
var o;let t=((o=hh(e,"labels"))==null?void 0:o.value)??e,n=(t.kind==="list"?t.items:[t]).flatMap(r=>r.kind==="scalar"&&!ph(
r)?[r.text]:[]);return n.length===0||n.some(r=>r.includes("${{"))?void 0:n}async function DE(e,t,n){let{GITHUB_REPOSITORY:o,GITHUB_RUN_ID:r,GITHUB_JOB:i}=e.env,s=Dx(e.env);if(t===void 0)return{kind:"\
unknown",why:"no-token"};if(s.kind==="none"||!o||!r||!i)return{kind:"unknown",why:"no-answer"};if(s.kind==="refused")return{
kind:"unknown",why:s.why};let a=async(h,g="")=>{let k=["repos",...o.split("/"),...h].map(encodeURIComponent).join("/"),b=await e.
request(Fx(s.api,`/${k}${g}`,t,n));return b.kind==="answered"?{status:b.status,data:FE(b.body)}:void 0},d=Z3(e.env.ACTIONS_RUNTIME_TOKEN),
c=d===void 0?void 0:await a(["actions","jobs",d]),l=(c==null?void 0:c.status)===200?NE(c.data):[];if(l.length>0)return{kind:"\
labels",labels:l};let f=await a(["actions","runs",r,"jobs"],"?limit=50&per_page=100"),m=(f==null?void 0:f.status)===200?
NE(tq(eq(f.data),i,e.env.RUNNER_NAME)):[];if(m.length>0)return{kind:"labels",labels:m};let p=await Q3(e,a,i,n);return p.
length>0?{kind:"labels",labels:p}:f===void 0?{kind:"unknown",why:"no-answer"}:{kind:"unknown",why:f.status===200?"ambigu\
ous":f.status===403?"forbidden":"no-answer"}}function Z3(e){let t=e==null?void 0:e.split(".")[1];if(t===void 0||t.length>
16384)return;let n=FE(Buffer.from(t.replace(/-/g,"+").replace(/_/g,"/"),"base64").toString("utf8")),o=n==null?void 0:n.JobID;
return Number.isSafeInteger(o)&&o>0?String(o):void 0}var X3=20;async function Q3(e,t,n,o){let{GITHUB_SHA:r}=e.env;if(r===
void 0||!/^[0-9a-f]{40,64}$/.test(r))return[];for(let i of Pl(e.env)){let s=["contents",...i.split("/")],a=await t(s,`?r\
ef=${r}`);if((a==null?void 0:a.status)!==200||!Array.isArray(a.data))continue;let c=a.data.map(l=>l==null?void 0:l.name).
filter(l=>typeof l=="string"&&/^[\w.-]+\.ya?ml$/.test(l)).slice(0,X3).map(async l=>{var p;let f=await t([...s,l],`?ref=${r}`),
m=(p=f==null?void 0:f.data)==null?void 0:p.content;return(f==null?void 0:f.status)!==200||typeof m!="string"?[]:[{directory:i,
file:l,text:Buffer.from(m,"base64").toString("utf8")}]});return await kh(e.env,n,(await Promise.all(c)).flat(),o)??[]}return[]}
function FE(e){try{return JSON.parse(e)}catch{return}}function NE(e){let t=e==null?void 0:e.labels;return Array.isArray(
t)?t.filter(n=>typeof n=="string"):[]}function eq(e){let{jobs:t,total_count:n}=e??{};return!Array.isArray(t)||typeof n==
"number"&&n>t.length?[]:t.filter(o=>typeof o=="object"&&o!==null)}function tq(e,t,n){let o=e.filter(({status:a,runner_name:d})=>n&&
a==="in_progress"&&d===n);if(o.length===1)return o[0];let r=o.length>0?o:e,i=r.filter(({name:a})=>a===t),s=i.length>0?i:
r.filter(({name:a})=>typeof a=="string"&&a.startsWith(`${t} (`));return s.length===1?s[0]:void 0}async function El(e,t,n,o,r=!0,i=new AbortController().signal){if(ls(e.env))return{name:"generic",decidedBy:"environment"};
let s=e.env.GITHUB_ACTIONS==="true"||e.env.GITEA_ACTIONS==="true",a=re(),d=r?await te(n,i,f=>CE(e,f)):void 0;if(d)return{
name:jE(d,o),decidedBy:"runs-on",labels:d};if(!s)return{name:"generic",decidedBy:"environment"};let c=await te(br(n,a),i,
f=>DE(e,t,f));return c.kind==="labels"?{name:jE(c.labels,o),decidedBy:"api",labels:c.labels}:{name:await te(Math.min(n/2,
nq),i,f=>oq(e,f)),decidedBy:"environment",why:c.why}}var nq=1e3;function jE(e,t){for(let n of e){let o=xl(t).find(r=>wE(
r,t).includes(n));if(o!==void 0)return o}return"generic"}async function oq(e,t){var c;let[n,o]=await Promise.all([R.collect(
e),e.lstat("/dev/nvidiactl")]),r=o.kind==="device";if(n.mode!=="container")return r?"gpu":"generic";if(r)return"matric-b\
uilder-gpu";let{endpoint:i}=await ee.collect(e),s=await vf(e,n,i,t).catch(()=>{}),a=(s==null?void 0:s.image)===void 0?void 0:
Xt(s.image),d=Xt(((c=Vr["matric-builder"])==null?void 0:c.image)??"");return a&&d&&As(a,d)?"matric-builder":"generic"}var PS=require("node:path");var UE=K(require("os"),1);function ho(e){return e==null?"":typeof e=="string"||e instanceof String?e:JSON.stringify(e)}function wh(e){return Object.
keys(e).length?{title:e.title,file:e.file,line:e.startLine,endLine:e.endLine,col:e.startColumn,endColumn:e.endColumn}:{}}function Ia(e,t,n){let o=new bh(e,t,n);process.stdout.write(o.toString()+UE.EOL)}var LE="::",bh=class{constructor(t,n,o){t||(t="missing.command"),this.command=t,this.properties=n,this.message=o}toString(){
let t=LE+this.command;if(this.properties&&Object.keys(this.properties).length>0){t+=" ";let n=!0;for(let o in this.properties)
if(this.properties.hasOwnProperty(o)){let r=this.properties[o];r&&(n?n=!1:t+=",",t+=`${o}=${iq(r)}`)}}return t+=`${LE}${rq(
this.message)}`,t}};function rq(e){return ho(e).replace(/%/g,"%25").replace(/\r/g,"%0D").replace(/\n/g,"%0A")}function iq(e){
return ho(e).replace(/%/g,"%25").replace(/\r/g,"%0D").replace(/\n/g,"%0A").replace(/:/g,"%3A").replace(/,/g,"%2C")}var HE=K(require("crypto"),1),Ol=K(require("fs"),1),Sl=K(require("os"),1);function vh(e,t){let n=process.env[`GITHUB_${e}`];if(!n)throw new Error(`Unable to find environment variable for file co\
mmand ${e}`);if(!Ol.existsSync(n))throw new Error(`Missing file at path: ${n}`);Ol.appendFileSync(n,`${ho(t)}${Sl.EOL}`,
{encoding:"utf8"})}function xh(e,t){let n=`ghadelimiter_${HE.randomUUID()}`,o=ho(t);if(e.includes(n))throw new Error(`Un\
expected input: name should not contain the delimiter "${n}"`);if(o.includes(n))throw new Error(`Unexpected input: value\
 should not contain the delimiter "${n}"`);return`${e}<<${n}${Sl.EOL}${o}${Sl.EOL}${n}`}var BE=K(require("os"));var GE=require("os"),Ca=require("fs"),$h=function(e,t,n,o){function r(i){return i instanceof n?i:new n(function(s){s(i)})}
return new(n||(n=Promise))(function(i,s){function a(l){try{c(o.next(l))}catch(f){s(f)}}function d(l){try{c(o.throw(l))}catch(f){
s(f)}}function c(l){l.done?i(l.value):r(l.value).then(a,d)}c((o=o.apply(e,t||[])).next())})},{access:sq,appendFile:aq,writeFile:dq}=Ca.promises,
ME="GITHUB_STEP_SUMMARY";var Th=class{constructor(){this._buffer=""}filePath(){return $h(this,void 0,void 0,function*(){if(this._filePath)return this.
_filePath;let t=process.env[ME];if(!t)throw new Error(`Unable to find environment variable for $${ME}. Check if your run\
time environment supports job summaries.`);try{yield sq(t,Ca.constants.R_OK|Ca.constants.W_OK)}catch{throw new Error(`Un\
able to access summary file: '${t}'. Check if the file has correct read/write permissions.`)}return this._filePath=t,this.
_filePath})}wrap(t,n,o={}){let r=Object.entries(o).map(([i,s])=>` ${i}="${s}"`).join("");return n?`<${t}${r}>${n}</${t}>`:
`<${t}${r}>`}write(t){return $h(this,void 0,void 0,function*(){let n=!!(t!=null&&t.overwrite),o=yield this.filePath();return yield(n?
dq:aq)(o,this._buffer,{encoding:"utf8"}),this.emptyBuffer()})}clear(){return $h(this,void 0,void 0,function*(){return this.
emptyBuffer().write({overwrite:!0})})}stringify(){return this._buffer}isEmptyBuffer(){return this._buffer.length===0}emptyBuffer(){
return this._buffer="",this}addRaw(t,n=!1){return this._buffer+=t,n?this.addEOL():this}addEOL(){return this.addRaw(GE.EOL)}addCodeBlock(t,n){
let o=Object.assign({},n&&{lang:n}),r=this.wrap("pre",this.wrap("code",t),o);return this.addRaw(r).addEOL()}addList(t,n=!1){
let o=n?"ol":"ul",r=t.map(s=>this.wrap("li",s)).join(""),i=this.wrap(o,r);return this.addRaw(i).addEOL()}addTable(t){let n=t.
map(r=>{let i=r.map(s=>{if(typeof s=="string")return this.wrap("td",s);let{header:a,data:d,colspan:c,rowspan:l}=s,f=a?"t\
h":"td",m=Object.assign(Object.assign({},c&&{colspan:c}),l&&{rowspan:l});return this.wrap(f,d,m)}).join("");return this.
wrap("tr",i)}).join(""),o=this.wrap("table",n);return this.addRaw(o).addEOL()}addDetails(t,n){let o=this.wrap("details",
this.wrap("summary",t)+n);return this.addRaw(o).addEOL()}addImage(t,n,o){let{width:r,height:i}=o||{},s=Object.assign(Object.
assign({},r&&{width:r}),i&&{height:i}),a=this.wrap("img",null,Object.assign({src:t,alt:n},s));return this.addRaw(a).addEOL()}addHeading(t,n){
let o=`h${n}`,r=["h1","h2","h3","h4","h5","h6"].includes(o)?o:"h1",i=this.wrap(r,t);return this.addRaw(i).addEOL()}addSeparator(){
let t=this.wrap("hr",null);return this.addRaw(t).addEOL()}addBreak(){let t=this.wrap("br",null);return this.addRaw(t).addEOL()}addQuote(t,n){
let o=Object.assign({},n&&{cite:n}),r=this.wrap("blockquote",t,o);return this.addRaw(r).addEOL()}addLink(t,n){let o=this.
wrap("a",t,{href:n});return this.addRaw(o).addEOL()}},cq=new Th;var Br=cq;var Rh=K(require("os"),1);var Uve=Rh.default.platform(),Hve=Rh.default.arch();var VE;(function(e){e[e.Success=0]="Success",e[e.Failure=1]="Failure"})(VE||(VE={}));function Al(e,t){if(process.env.GITHUB_OUTPUT||"")return vh("OUTPUT",xh(e,t));process.stdout.write(BE.EOL),Ia("set-outpu\
t",{name:e},ho(t))}function Zi(e,t={}){Ia("error",wh(t),e instanceof Error?e.toString():e)}function Il(e,t={}){Ia("warning",wh(t),e instanceof
Error?e.toString():e)}function Ph(e,t){if(process.env.GITHUB_STATE||"")return vh("STATE",xh(e,t));Ia("save-state",{name:e},ho(t))}var WE=require("node:crypto"),ft=require("node:fs"),on=require("node:path");function go(e,t,n){uq(e);let o=(0,on.join)(e,
t),r=(0,on.join)(e,`.${t}.${(0,WE.randomBytes)(16).toString("hex")}`);try{(0,ft.writeFileSync)(r,n,{flag:"wx"}),(0,ft.renameSync)(
r,o)}catch(i){throw hq(r),i}return o}function qE(e,t){let n=(0,on.resolve)(e);if(mq(n))throw new Error("it is not a regu\
lar file; without `--output`, the report goes to stdout");go((0,on.dirname)(n),(0,on.basename)(n),t)}function uq(e){let t=[
e];for(let n=(0,on.dirname)(e);fq(n)&&n!==(0,on.dirname)(n);n=(0,on.dirname)(n))t.unshift(n);for(let n of t)try{(0,ft.mkdirSync)(
n)}catch(o){if(!pq(n))throw o}}function fq(e){try{return(0,ft.statSync)(e),!1}catch(t){return t.code==="ENOENT"}}function mq(e){
try{if((0,ft.lstatSync)(e).isSymbolicLink()&&(0,ft.readlinkSync)(e).startsWith("/proc/"))return!0;let t=(0,ft.statSync)(
e);return!t.isFile()&&!t.isDirectory()}catch{return!1}}function pq(e){try{return(0,ft.statSync)(e).isDirectory()}catch{return!1}}
function hq(e){try{(0,ft.unlinkSync)(e)}catch{}}function Cl(e){let{text:t}=Wt(process.env);for(let n of e)Zi(Ke(t(rh(n))),{title:"runner-check inputs"})}function yo(e){
let{text:t}=Wt(process.env);Il(Ke(t(e)))}function or(e){let{text:t}=Wt(process.env);Zi(Ke(t(e)))}function Xi(e){let t=e instanceof
Error?e.stack??e.message:String(e),{text:n}=Wt(process.env);Zi(`runner-check crashed, which is a bug in it: ${Ke(n(t))}`)}function Qi({kind:e}){switch(e){case"image":return"in the image";case"host":return"on the host";case"runner":return"in t\
he runner's configuration";case"workflow":return"in the workflow";case"forge":return"on the forge"}}function rr(e){let t=r=>e.results.filter(i=>i.status===r),n=t("skip"),o=new Map;for(let{id:r,reason:i}of n){let s=KE(i);
s!==void 0&&o.set(s,[...o.get(s)??[],r])}return{findings:[...t("fail"),...t("error"),...t("warn")],accepted:n.filter(r=>r.
accepted!==void 0),passed:t("pass"),skipped:n.filter(r=>r.accepted===void 0),waiting:o}}function KE(e){return e!=null&&e.
startsWith("needs:")?e.slice(6):void 0}function es(e){return e.verdict==="healthy"?{mark:"pass",text:"Runner healthy"}:e.
verdict==="degraded"?{mark:"warn",text:"Runner degraded"}:e.counts.fail===0?{mark:"error",text:"Runner could not be veri\
fied"}:{mark:"fail",text:"Runner misconfigured"}}function _l({switched_off:e}){if(!(!e||e.count===0))return`${e.count} o\
f ${e.of} checks switched off`}function Xn(e){if(e.verdict!=="unknown")return;let t=_l(e);return`No check passed${t===void 0?
"":` (${t})`}, so nothing shows that this runner works. This counts as a failure.`}function rn(e){return e.status==="err\
or"&&e.why===void 0?`Could not decide: ${e.title}`:ce(e.title,300).replace(/\.$/,"")}function ts(e){let t=ce(e.message,1500),
n=ce(`${e.why??""}${e.status==="error"&&!gq(e)?yq:""}`,1e3),o=/[.!?:]$/.test(t)||n===""?"":".";return`${t}${o} ${n}`.trim()}
function gq({id:e}){return e.startsWith("after/")}var yq=" An undecided check counts as a failure.";function Wr({location:e}){
if(!e)return;let{file:t,line:n,column:o}=e;return[t,n,n===void 0?void 0:o].filter(r=>r!==void 0).join(":")}function Nl(e){
let{pass:t,warn:n,fail:o,error:r,skip:i}=e.counts,s=e.results.filter(l=>l.accepted!==void 0).length,a=[{count:o,text:`${o}\
 failed`,severe:!0},{count:r,text:`${r} undecided`,severe:!0},{count:n,text:`${n} warning${n===1?"":"s"}`,severe:!1},{count:s,
text:`${s} accepted`,severe:!1},{count:t,text:`${t} passed`,severe:!1},{count:i-s,text:`${i-s} skipped`,severe:!1}],d=_l(
e),c=a.filter(({count:l})=>l>0);return d===void 0?c:[...c,{text:d,severe:!1}]}function Dl(e){return e<1e3?`${Math.round(
e)} ms`:`${(e/1e3).toFixed(1)} s`}function Fl({system:e,version:t}){let n=t===void 0?"":` ${t}`;switch(e){case"gitea":return`\
Gitea runner${n}`;case"forgejo":return`Forgejo runner${n}`;case"github":return`GitHub runner${n}`;case"act":return`act${n}`;case"\
none":return"outside a job"}}function jl(e){switch(e){case"input":return"set by the input `profile`";case"runs-on":return"\
chosen by the job's `runs-on`";case"api":return"chosen by the job's labels";case"environment":return"guessed from the en\
vironment";case"replay":return"replayed from a report";default:return e}}function Ll({profile:{unused:e}}){if(!e)return;
let t=e.files.map(r=>`\`${r}\``).join(", "),n=(r="")=>`\`${r.slice(0,10)}\``,o=e.why==="other-commit"?`the workspace hol\
ds the commit ${n(e.found)}, and this run is for ${n(e.wanted)}`:`the workspace does not tell which commit it holds, and\
 this run is for ${n(e.wanted)}`;return`Not used: ${t}, because ${o}. Check out this run's commit before this step, or n\
ame the policy in the input \`policy\`.`}function Sh(e){let t=KE(e.reason);if(t!==void 0)return`waits for \`${t}\``;switch(e.
reason){case"not-in-profile":return"not in the profile";case"absent":return"optional and not installed";case"untrusted":
return"from the workspace, which is untrusted";case"not-applicable":return"not applicable";default:return ce(e.message,300)}}
function Ul(e){let t=new Map;for(let n of e){let o=Sh(n);t.set(o,[...t.get(o)??[],n.id])}return[...t].map(([n,o])=>({why:n,
ids:o}))}function ns(e){return e.split("/",1)[0]??e}function zE(e){let t=e.runner.system!=="github",n=Xn(e),o=n===void 0?rr(e).findings.map(r=>wq(r,t)):[{level:"error",message:n,
properties:{title:es(e).text}}];return t?o.map(kq):o}function kq({properties:{title:e,...t},...n}){return{...n,properties:t}}
function wq(e,t){return{level:e.status==="warn"?"warning":"error",message:t?bq(e):$q(e),properties:{title:vq(e),...xq(e)}}}
var Oh=120;function bq(e){var s,a,d;let t=Wr(e),o=`${t===void 0?"":`${ce(t,60)}: `}${ce(rn(e),Oh)}`,r=(s=e.remedy)!=null&&
s.config||(d=(a=e.remedy)==null?void 0:a.commands)==null?void 0:d[0],i=r===void 0?o:`${o}: ${ce(r)}`;return Ke(ce(i.length<=
Oh?i:o,Oh-1))}function vq(e){return Ke(ce(`${rn(e)} (${e.id})`,250)).replace(/\s*:+\s*/g," - ")}function xq({location:e}){
if(!e)return{};let{file:t,line:n,column:o}=e;return{file:ce(t,500),...n!==void 0&&{startLine:n},...n!==void 0&&o!==void 0&&
{startColumn:o}}}function $q(e){let{remedy:t}=e,n=Wr(e);return[`${n===void 0?"":`${ce(n,300)}: `}${ce(ts(e),2500)}`,t?`F\
ix it ${Qi(t)}: ${ce(t.text,1500)}`:"",...Tq(t==null?void 0:t.config),...((t==null?void 0:t.commands)??[]).slice(0,10).map(
i=>`  ${ce(i,900)}`)].filter(i=>i!=="").map(i=>Ke(i)).join(`
`)}function Tq(e){if(!e)return[];let t=er(e.text).trimEnd().split(`
`).slice(0,20);return[`  in ${ce(e.file,200)}:`,...t.map(n=>`    ${n.slice(0,200)}`)]}function Hl(e){let t=e.results.map(n=>JE(n,Pq));return`${Eq(JSON.stringify(JE({...e,results:t},Rq),null,2))}
`}var Rq=["version","id","generator","started","duration_ms","runner","job","profile","verdict","counts","switched_off","r\
esults","expectations","facts"],Pq=["id","status","reason","title","message","why","expected","observed","evidence","rem\
edy","docs","duration_ms","location","by","accepted","acceptance_expired"];function JE(e,t){return{...Object.fromEntries(
t.map(o=>[o,e[o]])),...e}}function Eq(e){return e.replace(/##(?=\[)/g,"#\\u0023").replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu,
t=>t.split("").map(Sq).join(""))}function Sq(e){return`\\u${e.charCodeAt(0).toString(16).padStart(4,"0")}`}function YE(e){let{counts:t,results:n}=e,o=Xn(e),r={id:"0",package:"runner-check",name:e.profile.name,timestamp:e.started.
slice(0,19),hostname:e.runner.name,tests:String(n.length+(o===void 0?0:1)),failures:String(t.fail),errors:String(t.error+
(o===void 0?0:1)),skipped:String(t.skip),time:ZE(e.duration_ms)},i=n.filter(({status:s})=>s==="warn").map(s=>`${s.id}: ${s.
message}`);return['<?xml version="1.0" encoding="UTF-8"?>',"<testsuites>",`  <testsuite${qr(r)}>`,"    <properties>",...Oq(
e).map(([s,a])=>`      <property${qr({name:s,value:a})}/>`),"    </properties>",...n.map(Iq),...o===void 0?[]:[Aq(o)],` \
   <system-out>${Ah(i.join(`
`))}</system-out>`,"    <system-err></system-err>","  </testsuite>","</testsuites>",""].join(`
`)}function qr(e){return Object.entries(e).map(([t,n])=>` ${t}="${Ah(n)}"`).join("")}function Oq(e){return[["verdict",e.
verdict],["profile",e.profile.name],["mode",e.runner.mode],["switched-off",`${e.switched_off.count} of ${e.switched_off.
of} checks`],...e.runner.version===void 0?[]:[["runner-version",e.runner.version]]]}function Aq(e){return`${`    <testca\
se${qr({classname:"runner-check",name:"verdict",time:"0.000"})}>`}<error${qr({type:"unknown",message:e})}></error></test\
case>`}function Iq(e){let t=e.id.split("/")[0]??"",n=`    <testcase${qr({classname:`runner-check.${t}`,name:e.id,time:ZE(
e.duration_ms)})}`;if(e.status==="pass"||e.status==="warn")return`${n}/>`;if(e.status==="skip")return`${n}><skipped${qr(
{message:`${e.reason}: ${e.message}`})}/></testcase>`;let o=e.status==="fail"?"failure":"error",r=[...e.why===void 0?[]:
[e.why],...e.expected===void 0?[]:[`expected: ${e.expected}`,`observed: ${e.observed}`],...e.evidence.map(({source:s,text:a})=>`${s}\
: ${a}`),...e.remedy?[e.remedy.text,...e.remedy.commands??[]]:[]].join(`
`),i=qr({type:e.reason??o,message:e.message});return`${n}><${o}${i}>${Ah(r)}</${o}></testcase>`}function ZE(e){return(e/
1e3).toFixed(3)}var Cq={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&apos;"};function Ah(e){return Ke(e).replace(
/[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,"").replace(/[&<>"']/g,n=>Cq[n]??
"")}function XE(e){let t=e.disks,{places:n}=(t==null?void 0:t.ok)&&t.value||{};if(typeof n!="object"||n===null)return{};let o=Object.
entries(n).flatMap(([r,i])=>{if((i==null?void 0:i.kind)!=="measured"||!Ml(i.freeBytes)||!Ml(i.totalBytes))return[];let{freeBytes:s,
totalBytes:a,freeInodes:d,totalInodes:c}=i,l=Ml(d)&&Ml(c);return[[r,{free:s,total:a,...l&&{free_inodes:d,total_inodes:c}}]]});
return Object.fromEntries(o.slice(0,50))}function Ml(e){return typeof e=="number"&&e>=0&&Number.isSafeInteger(e)}var _q=4096;function ir({expectations:e,facts:t}){let n=new Map;for(let o of Object.keys(e.tools)){let r=t[`tool:${o}`],
i=r!=null&&r.ok?Nq(r.value):void 0;i!==void 0&&n.set(o,i)}return n}function Nq(e){var r,i;let t=e==null?void 0:e.run;if((t==
null?void 0:t.kind)==="own-node")return typeof t.version=="string"?t.version:void 0;if((t==null?void 0:t.kind)!=="ran"||
((r=t.outcome)==null?void 0:r.kind)!=="exited"||t.outcome.code!==0)return;let{stdout:n,stderr:o}=t.outcome;return(i=QE(n)??
QE(o))==null?void 0:i.text}function QE(e){return typeof e=="string"?Z(e.slice(0,_q)):void 0}var eS={runner_check_info:"What was checked, and by which version.",runner_check_healthy:"Whether the verdict is healthy\
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
red as a report and are not one.",runner_check_after_total:"Number of failed jobs by what caused the failure."};function vt(e,t,n){
return n===void 0||!Number.isFinite(n)?[]:[{name:e,labels:t,value:n}]}function tS(e){return e===void 0?void 0:Date.parse(
e)/1e3}function nS(e){let t=new Map;for(let{name:o,labels:r,value:i}of e){let s=t.get(o)??new Map;t.set(o,s);let a=Dq({name:o,
labels:r});s.has(a)||s.set(a,i)}return Object.keys(eS).filter(o=>t.has(o)).map(o=>Fq(o,t.get(o)??new Map)).join("")}function Dq({
name:e,labels:t}){let n=Object.entries(t).map(([o,r])=>`${o}="${Lq(r)}"`);return`${e}${n.length>0?`{${n.join(",")}}`:""}`}
function Fq(e,t){let n=[...t].map(([r,i])=>`${r} ${i}
`),o=e.endsWith("_total")?"counter":"gauge";return`# HELP ${e} ${eS[e]}
# TYPE ${e} ${o}
${n.join("")}`}function jq(e){return Ke(e,500)}function Lq(e){return jq(e).replace(/\\/g,"\\\\").replace(/\n/g,"\\n").replace(
/"/g,'\\"')}var Uq=["healthy","degraded","misconfigured","unknown"];function oS(e,t){return t===void 0?[]:Uq.flatMap(n=>vt(`runner_c\
heck_${n}`,e,t===n?1:0))}function rS(e,t){return Object.entries(t).flatMap(([n,{free:o,total:r,free_inodes:i,total_inodes:s}])=>[
...vt("runner_check_disk_free_bytes",{...e,place:n},o),...vt("runner_check_disk_total_bytes",{...e,place:n},r),...vt("ru\
nner_check_disk_free_inodes",{...e,place:n},i),...vt("runner_check_disk_total_inodes",{...e,place:n},s)])}function iS(e,t){
return Object.entries(t).flatMap(([n,o])=>vt("runner_check_version_info",{...e,what:n,version:o},1))}var Hq=["pass","warn","fail","error","skip"];function sS(e){let{mode:t,system:n,version:o=""}=e.runner,r={runner:e.runner.
name,profile:e.profile.name},i={...r,mode:t,system:n,runner_version:o,version:e.generator.version},s=[...ir(e)].map(([a,
d])=>[`tool/${a}`,d]);return nS([...vt("runner_check_info",i,1),...oS(r,e.verdict),...vt("runner_check_profile_checks",r,
e.switched_off.of),...vt("runner_check_switched_off",r,e.switched_off.count),...Hq.flatMap(a=>vt("runner_check_results",
{...r,status:a},e.counts[a])),...e.results.flatMap(({id:a,status:d,reason:c=""})=>vt("runner_check_result",{...r,id:a,status:d,
reason:c},1)),...iS(r,Object.fromEntries(s)),...rS(r,XE(e.facts)),...vt("runner_check_duration_seconds",r,e.duration_ms/
1e3),...vt("runner_check_last_run_timestamp_seconds",r,tS(e.started))])}var Mq=/[&<>\\`*_[\]{}|~$]|@(?=\S)|#(?=\w)|!(?=\d)|\bGH(?=-\d)|:(?=\/\/)|:(?=[\w+-]+:)|\bwww(?=\.)|\bmailto(?=:)|\bxmpp(?=:)/gi,
Gq=/^(?:[#+\-=:]|\d{1,9}(?=[.)](?:\s|$)))/;function Gl(e){return e.replace(Mq,Bq)}function Vq(e){var o;let t=((o=Gq.exec(
e))==null?void 0:o[0])??"";return(t===""?"":/^\d/.test(t)?`${t}&#8203;`:dS(t))+Gl(e.slice(t.length))}function Bq(e){return/^[@#!:\w]/.
test(e)&&e!=="_"?`${e}&#8203;`:dS(e)}function dS(e){return e==="&"?"&amp;":e==="<"?"&lt;":e===">"?"&gt;":`&#${e.charCodeAt(
0)};`}function Ih(e){return`<code>${Gl(e)}</code>`}function cS(e){let t=e.trim();return t===""?"":/[`|\\]/.test(t)?Ih(t):
`\`${t}\``}var aS=/\bhttps?:\/\/[^\s<>"'|]*[^\s<>"'|.,;:!?)\]]/gi;function lS(e){return gl(e).flatMap(t=>{if(t.code||!t.
text.includes("://"))return[t];let n=(t.text.match(aS)??[]).map(r=>({code:!0,text:r}));return t.text.split(aS).map(r=>({
code:!1,text:r})).flatMap((r,i)=>[r,...n.slice(i,i+1)])})}function ue(e,t){let n="";for(let o of lS(ce(e,t))){let r=n===
""?Vq:Gl,i=o.code?cS(o.text):r(o.text);n+=n.endsWith("`")&&i.startsWith("`")?Ih(o.text.trim()):i}return n}function Ch(e,t){
return lS(ce(e,t)).map(n=>n.code?Ih(n.text):Gl(n.text)).join("")}function ze(e,t=300){return cS(ce(e,t))}var Wq=["sh","y\
aml","json","ini","toml","dockerfile"];function _h(e,t){let n=er(e).trimEnd(),o=(n.match(/`+/g)??[]).reduce((i,s)=>Math.
max(i,s.length),2),r="`".repeat(o+1);return`${r}${Wq.includes(t)?t:""}
${n}
${r}`}function Kr(e,t){let n=o=>`| ${o.join(" | ")} |`;return[n(e),`|${" --- |".repeat(e.length)}`,...t.map(n)].join(`
`)}function _a(e,t){return`<details><summary>${e}</summary>

${t}

</details>`}var Rn={pass:"\u2705",warn:"\u26A0\uFE0F",fail:"\u274C",error:"\u2753",skip:"\u2796"},qq="https://github.com/fortemi/run\
ner-check/blob/main/";function Vl(e){return/^docs\/[\w./-]{1,100}(?:#[\w-]{1,100})?$/.test(e)&&!e.includes("..")?qq+e:void 0}var Kq=15,Nh=30,zq=40;function fS(e,t){var n;return[pS(e),Jq(e),Yq(e),...e.remedy?uS(e.remedy,"Fix it"):[],...(n=e.remedy)!=
null&&n.otherwise?uS(e.remedy.otherwise,"Or"):[],Xq(t),eK(e),Qq(e)].filter(o=>o!=="").join(`

`)}function mS(e){return`${pS(e)}

${ue(e.message,300)}`}function pS(e){return`### ${Rn[e.status]} ${ue(rn(e),160)} \u2014 ${ze(e.id,120)}`}function Jq(e){
let t=Wr(e);return`${t===void 0||e.message.includes(t)?"":`${ze(t)}: `}${ue(ts(e),2500)}`}function Yq({acceptance_expired:e}){
return e===void 0?"":`**This finding was accepted until ${ue(e,40)}. The acceptance has expired, so it counts again.**`}
function uS(e,t){let{commands:n,config:o}=e,r=`**${`${t} ${Qi(e)}`.trim()}:** ${ue(e.text,1500)}`,i=n&&n.length>Nh?`
# \u2026 and ${n.length-Nh} more lines`:"";return[r,o?`In ${Zq(o.file)}:

${_h(o.text,o.language)}`:"",n&&n.length>0?_h(n.slice(0,Nh).join(`
`)+i,"sh"):""]}function Zq(e){return/^[\w.'`/-]+(?: [\w.'`/-]+)+$/.test(e)?ue(e):ze(e)}function Xq(e){if(e.length===0)return"";
let t=e.slice(0,zq).map(o=>ze(o,120)),n=e.length-t.length;return`Waiting for this: ${t.join(", ")}${n>0?` and ${n} more`:
""}.`}function Qq(e){let t=Vl(e.docs);return t===void 0?"":`[More about ${ze(`${e.id}:${e.reason??""}`,160)}](${t})`}function eK({
evidence:e,expected:t,observed:n}){let o=[t===void 0?"":`expected ${Ch(t,200)}`,n===void 0?"":`found ${Ch(n,200)}`].filter(
s=>s!=="");if(e.length===0)return o.length===0?"":`${tK(o.join(", "))}.`;let r=e.slice(0,Kq).map(({source:s,text:a})=>[ue(
a,500),ue(s,200)]),i=e.length-r.length;return i>0&&r.push([`\u2026 and ${i} more`,""]),_a(["Evidence",o.join(", ")].filter(
s=>s!=="").join(": "),Kr(["seen","where"],r))}function tK(e){return e.charAt(0).toUpperCase()+e.slice(1)}var Bl=200,nK=60;function hS({accepted:e}){if(e.length===0)return"";let t=e.slice(0,Bl).map(n=>{var o,r;return[`${ue(rn(
n),160)} \u2014 ${ze(n.id,120)}`,ue(n.message,400),ue(((o=n.accepted)==null?void 0:o.reason)??"",400),ue(((r=n.accepted)==
null?void 0:r.until)??"",40)]});return`### Accepted for now

${Kr(["finding","details","why it is accepted","until"],t)}`}var oK=new Map([["docker",["docker/cli","docker/api-version"]],
["rustc",["rust/consistency"]],["cargo",["rust/consistency"]],["node",["node/runtime"]]]);function gS(e){let t=Object.entries(
e.expectations.tools).slice(0,Bl);if(t.length===0)return"";let n=ir(e),o=new Map(e.results.map(i=>[i.id,i])),r=t.map(([i,
{version:s,optional:a}])=>{let d=o.get(`tool/${i}`),c=n.get(i),l=(oK.get(i)??[]).map(f=>o.get(f));return[ze(i,80),c===void 0?
"\u2014":ze(c,80),rK(e,i,s.text,a),iK(d,l)]});return`### Toolchain

${Kr(["tool","version","wanted",""],r)}`}function rK(e,t,n,o){let{sources:r}=e.expectations,i=r[`tools.${t}`]??r[`tools.${t}\
.version`];return[n==="*"?"any":ze(n,120),o?"optional":"",i===void 0?"":`(${ue(i,160)})`].filter(a=>a!=="").join(" ")}function iK(e,t){
let n=[e,...t].find(o=>o&&["fail","error","warn"].includes(o.status));return n?`${Rn[n.status]} see above`:e?e.status===
"pass"?Rn.pass:`${Rn.skip} ${e.accepted?"accepted":ue(Sh(e),120)}`:""}function yS({passed:e}){if(e.length===0)return"";let t="",
n=e.slice(0,Bl).map(r=>{let i=ns(r.id)!==t;t=ns(r.id);let s=r.id.slice(t.length+1)||r.id;return[i?sK(t):"",ze(s,120),ue(
r.message,300)]}),o=e.length-n.length;return o>0&&n.push(["","",`\u2026 and ${o} more`]),_a(`${Rn.pass} ${kS(e.length)} \
passed`,Kr(["area","check","found"],n))}function kS(e){return`${e} check${e===1?"":"s"}`}function sK(e){let t=ue(e,60);return t===
""?"":`**${t}**`}function wS({skipped:e}){if(e.length===0)return"";let t=Ul(e).slice(0,Bl).map(({why:n,ids:o})=>{let r=o.
slice(0,nK).map(s=>ze(s,120)),i=o.length-r.length;return[ue(n,300),`${r.join(", ")}${i>0?` and ${i} more`:""}`]});return _a(
`${Rn.skip} ${kS(e.length)} skipped`,Kr(["why","checks"],t))}var aK=9e5,dK=1e5,cK=4;function Dh(e,t=""){let n=rr(e);return yK([lK(e),uK(e),ue(Xn(e)??"",300),fK(e),pK(n),...hK(n),t,hS(
n),gS(e),yS(n),wS(n),gK(e)])}function lK(e){let{mark:t,text:n}=es(e);return`## ${Rn[t]} ${n}: ${ze(e.runner.name,120)}`}
function uK(e){let{runner:t,profile:n}=e;return[`${ze(n.name,120)} profile, ${ue(jl(n.decided_by),200)}`,n.policy===void 0?
"":`policy ${ze(n.policy)}`,...mK(e),ue(Fl(t),120),...Nl(e).map(({text:r,severe:i})=>i?`**${r}**`:r),Dl(e.duration_ms)].
filter(r=>r!=="").join(" \xB7 ")}function fK(e){let t=Ll(e);return t===void 0?"":ue(t,1e3)}function mK({runner:e}){return e.
mode==="host"?["on the host"]:e.mode==="unknown"?["container or host: unknown"]:[e.image===void 0?"in a container":`in a\
 container of ${ze(e.image)}`]}function pK({findings:e}){if(e.length<cK)return"";let t=r=>`- ${Rn[r.status]} ${ue(rn(r),
160)} \u2014 ${ze(r.id,120)}`,n=e.slice(0,30).map(t),o=e.length-n.length;return[...n,...o>0?[`- \u2026 and ${o} more`]:[]].
join(`
`)}function hK({findings:e,waiting:t}){let n=0;return e.map(o=>{if(n>dK)return mS(o);let r=fS(o,t.get(o.id)??[]);return n+=
bS(r),r})}function gK(e){let{runner:t,job:n}=e;return`<sub>${[`runner-check ${ue(e.generator.version,40)}`,ue(`${t.os}, ${t.
arch}, user ${t.user}`,200),ue([n==null?void 0:n.repository,n==null?void 0:n.workflow,n==null?void 0:n.job].filter(r=>r!==
void 0).join(" / "),300),ue(e.started.replace("T"," ").replace(/:\d\d(?:\.\d+)?Z$/," UTC"),40)].filter(r=>r!=="").join("\
 \xB7 ")}</sub>`}function yK(e){let t=[],n=0,o=0;for(let r of e.filter(i=>i!=="").map(kK)){let i=bS(r)+2;if(n+i>aK){o++;
continue}n+=i,t.push(r)}return o>0&&t.push(`**${o} parts of this summary are left out because it would be too long.** Th\
e JSON report has everything.`),`${t.join(`

`)}
`}function kK(e){return e.split(`
`).map(Pa).join(`
`)}function bS(e){return new TextEncoder().encode(e).length}async function Fh(e){var o,r;let t=e.facts.workflows;if(!(t!=null&&t.ok)||!((r=(o=t.value)==null?void 0:o.files)!=null&&
r.length))return Dh(e);let{postureBlock:n}=await Promise.resolve().then(()=>K(require("./more.js"),1));return Dh(e,n(e))}
var os={json:{file:"report.json",render:Hl},junit:{file:"junit.xml",render:YE},prometheus:{file:"runner-check.prom",render:sS},
html:{file:"report.html",render:async e=>{let{renderReportPage:t}=await Promise.resolve().then(()=>K(require("./more.js"),1));
return t(e)}},markdown:{file:"summary.md",render:Fh}};var wK={bold:"1",dim:"2",red:"31",green:"32",yellow:"33",cyan:"36"},bK={"\u2714":"ok","\u2716":"x","\u25B2":"!","\xB7":"\
-","\u2014":"-","\u2013":"-","\u2026":"...","\u2265":">=","\u2264":"<=","\u2019":"'","\u201C":'"',"\u201D":'"',"\u2192":"\
->"};function jh(e){let t=[],n=s=>{t.push(Pa(s).trimEnd())},o=(s,a)=>e.color&&a&&s!==""?`\x1B[${wK[a]}m${s}\x1B[0m`:s,r=s=>e.
unicode?s:s.replace(/[^\t\n -~]/gu,a=>bK[a]??"?"),i=(s,a)=>{let d=[],c=!1;for(let l of gl(s)){let f=l.code&&!e.color?`\`${l.
text}\``:l.text,m=r(f).split(" ");m.forEach((p,h)=>{if(p==="")return;let g={plain:p,painted:o(p,l.code?"cyan":a)},k=h===
0&&c?d.pop():void 0;d.push(k?{plain:k.plain+g.plain,painted:k.painted+g.painted}:g)}),c=m[m.length-1]!==""}return d};return{
toString:()=>`${t.join(`
`)}
`,text(s,{prefix:a="",prefixStyle:d,style:c,limit:l}={}){let f=r(a),m=o(f,d),p=f.length,h=!0;for(let g of i(ce(s,l),c))!h&&
p+1+g.plain.length>e.width&&(n(m),m=" ".repeat(f.length),p=f.length,h=!0),m+=h?g.painted:` ${g.painted}`,p+=g.plain.length+
(h?0:1),h=!1;m.trim()!==""&&n(m)},verbatim(s,a,d="cyan"){let c=r(er(s)).trimEnd();for(let l of c.split(`
`))n(" ".repeat(a)+o(l,d))},gap(){t.length>0&&t[t.length-1]!==""&&t.push("")},endGroup(){e.groups&&t.push("::endgroup::")},
group(s,a){t.push(e.groups?`::group::${r(s)}`:o(r(s),"bold")),a(),e.groups&&t.push("::endgroup::")}}}var Wl={pass:{sign:"\u2714 ",style:"green"},warn:{sign:"\u25B2 ",style:"yellow"},fail:{sign:"\u2716 ",style:"red"},error:{
sign:"? ",style:"red"},skip:{sign:"\xB7 ",style:"dim"}},vK=40,xK=6,Lh=30,$K=22;function ql(e,t){let n=rr(e),o=jh(t);o.endGroup(),
PK(o,e);for(let[r,i]of n.findings.entries())r<vK?EK(o,i,n.waiting.get(i.id)??[]):TS(o,i);return AK(o,n),o.gap(),t.groups&&
TK(o,e),o.group("All checks",()=>{IK(o,n);for(let{why:r,ids:i}of Ul(n.skipped))o.text(`${i.join(", ")}: ${r}`,RK)}),o.toString()}
function xS(e,t){let n=jh(t);return $S(n,e),n.toString()}function TK(e,{facts:t}){let{[Wn.name]:n}=t,o=n!=null&&n.ok?n.value.
parts:{};for(let[r,i]of Object.entries(o??{}))(i==null?void 0:i.kind)==="done"&&e.group(`smoke/${r}: what it printed`,()=>{
for(let{command:s,output:a}of i.steps)e.verbatim(`$ ${s}`,2,"bold"),a.trim()!==""&&e.verbatim(a,4,"dim")})}var RK={prefix:"\
  \xB7 ",style:"dim",limit:1e3};function $S(e,t){let{mark:n,text:o}=es(t),{runner:r,profile:i}=t,s={container:"container",
host:"host",unknown:"container or host: unknown"}[r.mode]??"",a=[`${o}: ${r.name.slice(0,200)}`,i.name.slice(0,100),s,Fl(
r)].join(" \xB7 ");e.text(a,{prefix:Wl[n].sign,prefixStyle:Wl[n].style,style:"bold"})}function PK(e,t){$S(e,t);let n=[...ir(
t)].map(([s,a])=>`${s} ${a}`);n.length>0&&e.text(n.join(", "),{prefix:"  ",limit:600});let o=Nl(t).map(s=>s.text);e.text(
[...o,Dl(t.duration_ms)].join(", "),{prefix:"  "});let r=Xn(t);r!==void 0&&e.text(r,{prefix:"  "});let i=Ll(t);i!==void 0&&
e.text(i,{prefix:"  ",limit:1e3})}function TS(e,t){let{sign:n,style:o}=Wl[t.status],r=t.reason===void 0?t.id:`${t.id}:${t.
reason}`;e.text(`${rn(t)} [${r}]`,{prefix:n,prefixStyle:o,style:"bold",limit:300})}function EK(e,t,n){e.gap(),TS(e,t);let o=Wr(
t);o!==void 0&&e.text(o,{prefix:"  at ",limit:300}),e.text(ts(t),{prefix:"  ",limit:2500}),t.acceptance_expired!==void 0&&
e.text(`This finding was accepted until ${t.acceptance_expired}. The acceptance has expired, so it counts again.`,{prefix:"\
  "}),t.expected!==void 0&&e.text(t.expected,{prefix:"  expected: ",limit:400}),t.observed!==void 0&&e.text(t.observed,{
prefix:"  found:    ",limit:400});for(let{source:i,text:s}of t.evidence.slice(0,xK))e.text(`${s} (${i})`,SK);t.remedy&&OK(
e,t.remedy),n.length>0&&e.text(`Waiting for this: ${n.join(", ")}`,{prefix:"  ",limit:1e3});let r=Vl(t.docs);r!==void 0&&
e.text(r,{prefix:"  More: ",style:"dim"})}var SK={prefix:"  seen:     ",style:"dim",limit:500};function OK(e,t){vS(e,t,"\
Fix it"),t.otherwise&&vS(e,t.otherwise,"Or")}function vS(e,t,n){e.text(`${n} ${Qi(t)}: ${t.text}`,{prefix:"  ",limit:1500});
let{commands:o=[],config:r}=t;r&&(e.text(`in ${r.file}:`,{prefix:"    ",limit:300}),e.verbatim(r.text,6),o.length>0&&e.text(
"then run:",{prefix:"    "}));for(let i of o.slice(0,Lh))e.verbatim(i,6);o.length>Lh&&e.text(`\u2026 and ${o.length-Lh} \
more lines`,{prefix:"      "})}function AK(e,{accepted:t}){if(t.length!==0){e.gap(),e.text("Accepted for now",{style:"bo\
ld"});for(let n of t){let{reason:o="",until:r=""}=n.accepted??{};e.text(`${rn(n)} [${n.id}] \u2014 until ${r}: ${o}`,{prefix:"\
  \xB7 ",limit:600})}}}function IK(e,{passed:t}){let{sign:n,style:o}=Wl.pass,r=`  ${n}`;if(t.length<=$K){for(let{id:s,message:a}of t)
e.text(`${s}: ${a}`,{prefix:r,prefixStyle:o,limit:160});return}let i=new Map;for(let{id:s}of t)i.set(ns(s),[...i.get(ns(
s))??[],s]);for(let s of i.values())e.text(s.join(", "),{prefix:r,prefixStyle:o,limit:1e3})}function RS(e,t){let{counts:n}=e,o=e.results.filter(({status:i})=>i==="fail"||i==="error").map(({id:i,reason:s})=>ce(`${i}\
:${s??""}`,300)),r=[...ir(e)].map(([i,s])=>[ce(i,100),ce(s,100)]);return{verdict:e.verdict,passed:String(n.pass),warned:String(
n.warn),failed:String(n.fail),errored:String(n.error),skipped:String(n.skip),failures:JSON.stringify(o),versions:JSON.stringify(
Object.fromEntries(r)),profile:ce(e.profile.name,200),report:t.report,summary:t.summary}}async function ES(e,t,n){process.stdout.write(ql(e,{width:100,unicode:!0,color:!process.env.NO_COLOR,groups:!0}));let o=new Map;
for(let s of t.formats){let{file:a,render:d}=os[s],c=await SS(n,t,a,await d(e));c!==void 0&&o.set(s,c)}let r=(t.summary?
await NK(n,await Fh(e)):void 0)??"";for(let{level:s,message:a,properties:d}of zE(e))s==="error"?Zi(a,d):Il(a,d);await _K(
e,t,n,o.get("json"));let i={report:o.get("json")??"",summary:o.get("markdown")??r};return await DK(n,RS(e,i)),t.publish===
"log"&&await CK(e),!t.reportDirNamed||t.formats.every(s=>o.has(s))}async function CK(e){let{publishedReport:t}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
{text:n,isTooLarge:o}=t(e);process.stdout.write(n),o&&yo("The report is too large for the log, so the fleet does not get\
 it.")}async function _K(e,t,n,o){let r=process.env.GITHUB_STATE;if(t.after==="never"||!r||e.id===void 0)return;let i=o??
await SS(n,{...t,reportDirNamed:void 0},"before.json",Hl(e));if(i!==void 0)try{await rs(n,r),Ph("report",i),Ph("id",e.id)}catch(s){
Uh("the state for the post step",s)}}async function SS(e,{reportDir:t,reportDirNamed:n},o,r){if(t!==void 0)try{return await e.
reach(t),go(t,o,r)}catch(i){(n?or:yo)(Bn((0,PS.join)(t,o),i));return}}async function NK(e,t){let n=process.env.GITHUB_STEP_SUMMARY;
if(n)try{return await rs(e,n),await Br.addRaw(t,!0).write(),n}catch(o){return Uh("the job summary",o)}}async function DK(e,t){
let n=process.env.GITHUB_OUTPUT;if(n)try{await rs(e,n);for(let[o,r]of Object.entries(t))Al(o,r)}catch(o){Uh("its outputs",
o)}}async function rs(e,t){let{kind:n}=await e.stat(t);if(n==="other"||n==="socket"||n==="directory")throw new Error(`${t}\
 is not a regular file`)}function Uh(e,t){yo(Bn(e,t))}function is(e,t){return t==="never"||e==="healthy"||e==="degraded"&&t==="fail"?0:1}async function OS(){Xo(Xi,1),tr();try{return await nr(FK)}catch(e){return Bi(e)?Cl(e.mistakes):Xi(e),1}}async function FK(e){
let t=Wi(),n=SE(process.env),o=Qo(process.env,Ji(n.timeout)),{request:r,...i}=await Rl(n,{host:o,decideProfile:(...c)=>El(
o,...c,e),defaultReportDir:AE(o.env)}),s=await dl(o,r,{...i,signal:e});if(e.aborted)return 1;let a=await ES(s,r,o),d=await t();
return a&&d?is(s.verdict,r.failOn):1}var zS=require("node:fs/promises"),JS=require("node:os"),YS=require("node:path");var Le=class extends Error{name="UsageError"};function AS(e){return e instanceof Error&&e.name==="UsageError"}var jK=new Set(
["posture","skip-others","fix","dry-run"]),LK={smoke:"docker"};function IS(e,t){var l;let n=Object.keys(t),o=e[0],r=o!==
void 0&&!o.startsWith("-"),i=r?o:n[0]??"",s=Hh(i,t),a=[],d={},c=r?e.slice(1):e;for(let f=0;f<c.length;f++){let m=c[f]??"";
if(!m.startsWith("--")){a.push(m);continue}let[p="",h]=UK(m.slice(2));if(!s.includes(p)){let x=s.map(E=>`--${E}`).join("\
, ");throw new Le(`unknown flag \`--${p}\`${CS(p,s,"--")}; \`${i}\` takes${x===""?" no flags":`: ${x}`}`)}let g=((l=c[f+
1])==null?void 0:l.startsWith("--"))??!0,b=h??(jK.has(p)?"true":g?L(LK,p):void 0)??c[++f];if(b===void 0)throw new Le(`th\
e flag \`--${p}\` needs a value`);if(p in d)throw new Le(`the flag \`--${p}\` was given twice`);d[p]=b}return{command:i,
words:a,flags:d}}function Hh(e,t){let n=L(t,e);if(n)return n;let o=Object.keys(t);throw new Le(`unknown command \`${e}\`${CS(
e,o)}; there are: ${o.join(", ")}`)}function UK(e){let t=e.indexOf("=");return t<0?[e,void 0]:[e.slice(0,t),e.slice(t+1)]}
function CS(e,t,n=""){let o=yr(e,t);return o===void 0?"":`, did you mean \`${n}${o}\`?`}function Pn(e,t,n="format"){let o=t.find(r=>r===e);if(o===void 0)throw new Le(`the flag \`--${n}\`: found \`${e}\`; allow\
ed: ${t.join(", ")}`);return o}function Kl(e){return Pn(e["fail-on"]??"fail",["fail","warn","never"],"fail-on")}async function Na(e,t,n){let{workspace:o="use",...r}=t,i=Object.fromEntries(Object.entries(r).filter(([,s])=>s!==""));return Rl(
i,{host:e,decideProfile:(...s)=>El(e,...s,n),defaultReportDir:void 0,mayUseWorkspace:Pn(o,["use","ignore"],"workspace")===
"use"})}async function Mh(e,t,n){let{request:o,...r}=await Na(e,t,n),i=sE(),s=await dl(e,o,{...r,signal:n,...i&&{onWaiting:i.
show}});if(i==null||i.clear(),o.reportDir===void 0||n.aborted)return{report:s};let a=await HK(s,o.reportDir,e);return{report:s,
...a&&{unwritten:a}}}async function HK(e,t,n){let{file:o,render:r}=os.json,i=r(e);try{await n.reach(t),go(t,o,i);return}catch(s){
return new Yn(`${t.replace(/\/$/,"")}/${o}`,s)}}var _S=require("node:crypto"),sr=require("node:fs"),ss=require("node:path");async function NS(e,t,n){let o=await sr.promises.
realpath(e),r=await sr.promises.stat(o);if(!r.isFile())throw new Error("it is not a regular file");let i=await sr.promises.
readFile(o),s=MK(i);if(s.decode(i)!==t)throw new Error("it was changed while it was linted; nothing was written");let a=(0,ss.join)(
(0,ss.dirname)(o),`.${(0,ss.basename)(o)}.${(0,_S.randomBytes)(16).toString("hex")}`);try{let d=await sr.promises.open(a,
"wx",384);try{await d.writeFile(s.encode(n));let l=await d.stat();(l.uid!==r.uid||l.gid!==r.gid)&&await d.chown(r.uid,r.
gid),await d.chmod(r.mode&4095),await d.sync()}finally{await d.close()}let c=await sr.promises.stat(o);if(c.ino!==r.ino||
c.mtimeMs!==r.mtimeMs||c.size!==r.size)throw new Error("it was changed while it was linted; nothing was written");await sr.promises.
rename(a,o)}catch(d){throw await sr.promises.rm(a,{force:!0}),d}}function MK(e){let t=(...r)=>r.every((i,s)=>e[s]===i),n=r=>new TextDecoder(
r,{fatal:!0});if(t(255,254))return{decode:r=>n("utf-16le").decode(r),encode:r=>Buffer.from(`\uFEFF${r}`,"utf16le")};if(t(
254,255))return{decode:r=>n("utf-16be").decode(r),encode:r=>Buffer.from(`\uFEFF${r}`,"utf16le").swap16()};let o=t(239,187,
191)?"\uFEFF":"";return{decode:r=>n("utf-8").decode(r),encode:r=>Buffer.from(`${o}${r}`,"utf8")}}var GK=1e4;async function DS(e,t,n,o){let{lintFormats:r,runLint:i}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
s=VK(t,n),a=await qK(e,t),d=n["runner-version"],c={files:a,...d!==void 0&&{runnerVersion:d},format:Pn(n.format??"text",r),
failOn:Kl(n),posture:n.posture==="true",skipOthers:n["skip-others"]==="true",...s&&{fix:s},color:Gr(),unicode:Mr(),annotate:e.
env.GITHUB_ACTIONS==="true",width:Tn()},l=t.includes("-")?WK(e,await aE(BK)):e,{text:f,exitCode:m,unwritten:p=[]}=await te(
GK,o,h=>i(l,{...c,signal:h}));if(o.aborted)return 1;await bt(Wt(e.env).stars(f));for(let h of p)Dt(h);return p.length>0?
3:m}function VK(e,t){let n=t["dry-run"]==="true";if(t.fix!=="true"){if(n)throw new Le("the flag `--dry-run` needs `--fix\
`");return}if(e.length===0)throw new Le("the flag `--fix` needs the names of the files to fix");if(e.includes("-"))throw new Le(
"the flag `--fix` writes files, and cannot write standard input");return n?"show":NS}var FS="<stdin>",BK=1024*1024;function WK(e,t){
let n=`${e.cwd()}/${FS}`,o={kind:"file",mode:384,uid:0,gid:0,size:t.length},r={readText:async(i,s=t.length,a="utf8")=>i===
n?{kind:"ok",value:Buffer.from(t.subarray(0,s)).toString(a)}:e.readText(i,s,a),stat:async i=>i===n?o:e.stat(i),realPath:async i=>i===
n?{kind:"ok",value:i}:e.realPath(i),readInside:async(i,s,a,d)=>{var c;return s===n?((c=r.readText)==null?void 0:c.call(r,
s,a,d))??{kind:"absent"}:e.readInside(i,s,a,d)}};return Object.assign(Object.create(e),r)}async function qK(e,t){let{filesMatching:n,
isPattern:o}=await Promise.resolve().then(()=>K(require("./more.js"),1)),r=[],i=await Promise.all(t.map(async s=>{if(s===
"-")return[FS];if((await e.lstat(s)).kind!=="absent")return[s];if(!o(s))return r.push(`${s} does not exist`),[];let{matching:a,
folder:d,walked:c}=await n(e,e.cwd(),s);return a.length===0&&r.push(`${s} matches no file: ${KK(d,c.files)}`),a}));if(r.
length>0)throw new Le(r.join(`
`));return[...new Set(i.flat())]}function KK(e,t){let n=e===""?"this directory":e,[o]=t;return o===void 0?`${n} has no f\
iles`:`${n} has ${t.length} file${t.length===1?"":"s"}, such as ${o}`}async function jS(e,t){let n=e.split(",").map(s=>s.
trim()),{runnerTemplate:o}=await Promise.resolve().then(()=>K(require("./more.js"),1)),{text:r,results:i}=await o(n,t);await bt(
r);for(let{id:s,reason:a,message:d}of i)Dt(`${s}:${a}: ${d}`);return i.some(({status:s})=>s==="fail")?1:0}function LS(e){let{decided_by:t,policy:n}=e.profile;return{expectations:e.expectations,decidedBy:t,policyFile:n}}function US(e,t,n){
let{skip:o,tools:r,smoke:i}=e.expectations;return{expectations:{...t,...i&&{smoke:i},skip:o,tools:zK(t.tools,r)},decidedBy:"\
replay",policyFile:n}}function zK(e,t){let n=Object.entries(e).map(([o,r])=>{var s;let i=(s=L(t,o))==null?void 0:s.alsoWanted;
return[o,i?{...r,alsoWanted:i}:r]});return Object.fromEntries(n)}function HS(e){let t=rr(e).findings.map(({status:a,id:d,reason:c,message:l})=>`${a} ${d}:${c}: ${ce(l,300)}`),n=Xn(e)??`${e.
counts.pass} checks passed`,o=_l(e),r=o===void 0||n.includes(o),i=`${e.verdict}: ${n}${r?"":`, ${o}`}`;return`${(t.length>
0?[...t,...o===void 0?[]:[`note: ${o}`]]:[i]).map(a=>Ke(a)).join(`
`)}
`}function zl(e,t){let n=Pn(t.format??"text",["text","lines",...zi]),o=Kl(t),{output:r}=t;return async i=>(r===void 0?await bt(
await MS(i,n,Gr())):await JK(e,r,await MS(i,n,!1)),is(i.verdict,o))}async function JK(e,t,n){try{await e.reach(t),qE(t,n)}catch(o){
throw new Yn(t,o)}}async function MS(e,t,n){if(t==="lines")return HS(e);if(t!=="text")return os[t].render(e);let o={width:Tn(),
unicode:Mr(),color:n,groups:!1},r=ql(e,o);return r.split(`
`).length>(iE()??Number.POSITIVE_INFINITY)?`${r}
${xS(e,o)}`:r}async function GS(e,t,n){let o=zl(e,n),{forForeignFacts:r,lintChecks:i,mistakeInExpectations:s,mistakeInHead:a}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
d=await WS(e,t);Gh(s(t,d.expectations));let{expectations:c,...l}=await YK(e,d,n),{facts:f,started:m,duration_ms:p,id:h}=d,
g=fs([...la,...i],c).map(r),k={...h!==void 0&&{id:h},started:m,duration_ms:p,...l},b=Zc(g,f,c,k,e.env);return Gh(a(t,b)),
o(b)}function Gh(e){if(e)throw new $n([e])}async function YK(e,t,{policy:n,profile:o}){if(n===void 0&&o===void 0)return LS(
t);let r={profile:o??t.profile.name,...n!==void 0&&{policy:n}},{request:i,policyFile:s,lostPolicy:a}=await Na(e,r);if(a)
throw a;return US(t,i.policy,s)}async function VS(e,t){let[n,o,...r]=t;if(n===void 0||o===void 0||r.length>0)throw new Le(
"`diff` takes the paths of two reports, or of a report and its `after.json`");let{differenceOf:i,readEither:s}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
[a,d]=await Promise.all([Vh(e,n,s),Vh(e,o,s)]),c={width:Tn(),unicode:Mr(),color:Gr(),groups:!1},l=i({path:n,report:a},{path:o,
report:d},c);if("place"in l)throw new $n([l]);return await bt(sh(l.text)),l.isAny?1:0}async function BS(e,t,n,o){let r=Pn(
n.format??"text",["text","json"]),i=Yi(n.timeout??"10s");if(i===void 0)throw new Le(`the flag \`--timeout\`: found \`${n.
timeout}\`; allowed: a duration such as \`10s\``);let{lookAgain:s,mistakeInExpectations:a,renderAfterJson:d,renderAfterLog:c}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
l=await WS(e,t);Gh(a(t,l.expectations));let f=Jt(e.env,e.cwd()),m=await s(e,l,{workspace:f,timeoutMs:i,isOver:!1,hasFailed:!1,
signal:o}),p={width:Tn(),unicode:Mr(),color:Gr(),groups:!1};return await bt(r==="json"?d(m):c(m,p)),0}async function WS(e,t){
let{readReport:n}=await Promise.resolve().then(()=>K(require("./more.js"),1));return Vh(e,t,n)}async function Vh(e,t,n){
let{maxReportSize:o}=await Promise.resolve().then(()=>K(require("./more.js"),1)),r=await e.readText(t,o+1);if(r.kind!=="\
ok")throw new Le(`${t} ${r.kind==="absent"?"does not exist":`cannot be read: ${ve(r.code)}`}`);let i=n(t,r.value);if("pl\
ace"in i)throw new $n([i]);return i}async function Jl(e,t,n){let o=[],{file:r}=await $l(e,{named:n,workspace:t,mayUseWorkspace:!0,trusts:!1},o);if(o.length>
0)throw new $n(o);return r}var qS=fh.filter(e=>!["formats","summary","publish","after"].includes(e)),ZS={check:[...qS,"workspace","format","output"],
list:["format"],explain:[],policy:["profile","policy"],init:[...qS,"runner","runner-version"],replay:["policy","profile",
"format","output","fail-on"],diff:[],after:["format","timeout"],lint:["runner-version","format","fail-on","posture","ski\
p-others","fix","dry-run"],fleet:["format","policy","max-age","now","out"]},ZK=["check","list","policy","init"];async function XS(e){
Xo(KS,3),tr();try{if(e.includes("--help")||e.includes("-h")||e[0]==="help")return await bt(await XK(e));if(e.includes("-\
-version"))return await bt(`${Yc}
`);let t=IS(e,ZS);return await nr(n=>QK(t,n))}catch(t){return AS(t)||Bi(t)||Qn(t)?(Dt(t.message.replace(/input `/g,"`--")),
2):t instanceof Yn?t.isUnwanted?128+JS.constants.signals.SIGPIPE:(Dt(t.message),3):(KS(t),3)}}function KS(e){let t=e instanceof
Error?e.stack??e.message:String(e);Dt(`this is a bug in runner-check: ${t}`)}async function XK(e){let{help:t,helpFor:n}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
o=e[0]==="help"?e[1]:e[0];return o===void 0||o.startsWith("-")?t(Tn()):n(o,Hh(o,ZS),Tn())}async function QK({command:e,words:t,
flags:n},o){let r=Qo(process.env,Ji(n.timeout));if(t[0]!==void 0&&ZK.includes(e))throw new Le(`\`${e}\` takes no \`${t[0]}\
\`, only flags`);switch(e){case"list":{let{otherChecks:i,renderList:s}=await Promise.resolve().then(()=>K(require("./more.js"),1));
return bt(s([...jr,...i],Pn(n.format??"text",["text","json"])))}case"explain":{let{otherChecks:i,explain:s}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
a=Bh(t,"explain","an area or a check id, such as `docker`, `docker/socket` or `docker/socket:missing`"),{gunzipSync:d}=await Promise.resolve().then(()=>K(require("node:zlib"),1)),
c=JSON.parse(d(await(0,zS.readFile)((0,YS.join)(__dirname,"docs.json.gz"))).toString());return bt(s(a,[...jr,...i],c,Tn()))}case"\
policy":{let{renderPolicy:i}=await Promise.resolve().then(()=>K(require("./more.js"),1)),{request:s,lostPolicy:a}=await Na(
r,n);if(a)throw a;let{policy:d,workspace:c,usesWorkspace:l}=s;return bt(i(l?await sl(d,r,c):d,r.env))}case"init":{if(n.runner!==
void 0)return jS(n.runner,n["runner-version"]);let{expectableOf:i,policyFor:s}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
{report:a,unwritten:d}=await Mh(r,n,o);if(await bt(s(a,await i(r))),d)throw d;return 0}case"replay":return GS(r,Bh(t,"re\
play","the path of a report"),n);case"diff":return VS(r,t);case"after":return BS(r,Bh(t,"after","the path of the report \
of the start"),n,o);case"fleet":{let{fleetOfFolders:i}=await Promise.resolve().then(()=>K(require("./more.js"),1));return i(
r,t,n,(...s)=>Jl(r,...s),o)}case"lint":return DS(r,t,n,o);default:{let{format:i,output:s,...a}=n,d=zl(r,n),{report:c,unwritten:l}=await Mh(
r,a,o);if(o.aborted)return 1;let{name:f,decided_by:m}=c.profile,p=n.workspace==="ignore"&&n.format!=="lines";p&&m!=="inp\
ut"&&Dt(`profile ${f}, ${jl(m)}. RUNNER_CHECK_PROFILE can name another.`);let h=await d(c);if(p&&l)Dt(l.message);else if(l)
throw l;return h}}}function Bh(e,t,n){let[o,...r]=e;if(o===void 0||r.length>0)throw new Le(`\`${t}\` takes ${n}, and onl\
y one`);return o}var e5=32e3,t5=200,n5=/^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z /,o5=/^(?:##\[(?:end)?group\]|::(?:end)?group::|\ud83c\udfc1|Job (?:failed|succeeded)|Cleaning up|(?:##\[error\])?(?:Process completed with )?exit(?:ed with)? (?:code|status) \d+\.?$|skipping post step|Post job cleanup)/i,
Wh="([a-z0-9][a-z0-9.-]{0,200}(?::\\d{1,5})?)",QS=e=>`registry/${e[1]??"docker.io"}`,r5=[{pattern:/exec: "node": executable file not found in \$PATH|Cannot find: node in PATH|exec: node: not found/i,
id:"tool/node",reason:"missing",title:"node is not installed in the job's image",why:"The runner starts every JavaScript\
 action with the `node` of the job's PATH, so no such action can start.",fix:{text:"Install node in the image of the lab\
el, or on the host for a host label.",kind:"image"}},{pattern:/Duplicate mount point: (\S{1,200})/i,id:"config/options",
reason:"duplicate-socket-mount",title:"A path is mounted twice into the job container",why:"Docker refuses the container\
, so every job with this label dies in set-up.",fix:{text:"Remove the mount from `container.options` or `container.valid\
_volumes` in the runner's config.yaml: the runner mounts it by itself. Runner 3.0.0 and newer accept both.",kind:"runner"}},
{pattern:/client version (\S{1,20}) is too (?:old|new)\. M(?:in|ax)imum supported API version is \S{1,20}/i,id:"docker/a\
pi-version",reason:"client-too-old",title:"The runner's Docker client does not fit the daemon",why:"The daemon refuses e\
very request of this client, so no job container starts.",fix:{text:"Install a runner release whose Docker client speaks\
 the daemon's API.",kind:"runner"}},{pattern:/Cannot connect to the Docker daemon at (\S{1,200})|Docker Engine socket not found/i,
id:"docker/daemon",reason:"unreachable",title:"The runner cannot reach the Docker daemon",why:"Jobs of a container label\
 cannot start without a daemon.",fix:{text:"Start Docker on the runner's host, and see why it stopped.",commands:["syste\
mctl status docker --no-pager","sudo journalctl --unit docker --since -1h --no-pager | tail -n 50"],kind:"host"}},{pattern:/toomanyrequests: /i,
id:"registry/docker.io",reason:"rate-limited",title:"The registry's rate limit is used up",why:"The runner cannot pull t\
he image of the job, so the job dies in set-up.",fix:{text:"Pull through a mirror, log in to the registry, or keep the i\
mage on the host (`force_pull: false`).",kind:"runner"}},{pattern:new RegExp(`(?:${Wh}/\\S{1,300}: not found|manifest for\
 ${Wh}?\\S{0,300} not found|manifest unknown|repository does not exist)`,"i"),id:QS,reason:"not-found",title:"The image \
of the label does not exist",why:"The runner cannot pull the image of the job, so the job dies in set-up.",fix:{text:"Co\
rrect the image in the runner's label, or push the image.",kind:"runner"}},{pattern:new RegExp(`(?:https://${Wh}/v2/\\S{0\
,300}: (?:denied|unauthorized)|pull access denied|denied: (?:denied|requested access))`,"i"),id:QS,reason:"denied",title:"\
The registry denies the image of the label",why:"The runner cannot pull the image of the job, so the job dies in set-up.",
fix:{text:"Log in to the registry on the runner's host as the user of the runner, or make the image public.",kind:"host"}},
{pattern:/lookup (\S{1,200})[^\n]{0,100}(?:no such host|server misbehaving|i\/o timeout)|Could not resolve host: (\S{1,200})/i,
id:e=>`registry/${e[1]??e[2]??""}`,reason:"unresolvable",title:"A host name cannot be resolved",why:"The runner cannot f\
etch what the job needs, so the job dies in set-up.",fix:{text:"Fix DNS on the runner's host.",commands:["resolvectl sta\
tus","cat /etc/resolv.conf"],kind:"host"}},{pattern:/no space left on device|disk quota exceeded/i,id:"disk/free",reason:"\
low",title:"The disk of the runner is full",why:"Nothing can be written, so jobs die wherever they write first.",fix:{text:"\
Free space on the runner's host. The listing shows what Docker holds; see what is in use before you remove anything.",commands:[
"df -h","docker system df"],kind:"host"}}];function eO(e,t){let n=i5(e),o=s5(n.join(`
`)),r=[...n].reverse().find(s=>!o5.test(s))??"its log is empty",i=o?o.title:`the last line of its log is \`${T(r.replace(
/`/g,"'"),300)}\``;return{status:"set-up-failed",failures:o?[`${o.id}:${o.reason}`]:[],warnings:[],versions:{},results:o?
[o]:[],why:`The job ${t} failed before runner-check reported: ${i}.`}}function i5(e){return e.slice(-e5).split(`
`).slice(-t5).map(t=>t.slice(0,2e3).replace(n5,"").trim()).filter(t=>t!=="")}function s5(e){for(let{pattern:o,id:r,reason:i,
title:s,why:a,fix:d}of r5){let c=o.exec(e);if(c)return qh(typeof r=="string"?r:r(c),i,a5(e,c.index),{title:s,why:a,remedy:d})}
if(Ls(e)){let{headline:o,cause:r,fix:i}=Do(e,"busybox"),s=e.split(`
`).find(a=>Ls(a))??"";return qh("smoke/docker","cannot-start",s,{title:o,why:r,remedy:i})}let t=ca(e);if(!t)return;let n=/^[\w.+-]{1,40}$/.
test(t.subject??"")?t.subject??"":"rustup";return qh(`tool/${n}`,t.reason,t.told,{title:"A program of the job does not s\
tart",why:"Every step that uses it fails in the same way.",remedy:{text:"Run the program in the image of the label, or o\
n the host for a host label, and fix what it says.",kind:"image"}})}function qh(e,t,n,o){let r=T(n,600);return{id:e,status:"\
fail",reason:t,...o,message:`The job died in set-up: \`${r.replace(/`/g,"'")}\`.`,expected:"a job that starts",observed:"\
a job that failed before its first report",evidence:[{source:"the log of the job",text:r}],docs:ma(e),duration_ms:0}}function a5(e,t){
let n=e.lastIndexOf(`
`,t-1)+1,o=e.indexOf(`
`,t);return e.slice(n,o<0?void 0:o)}var Da=require("node:path");var d5=20;async function tO(e,t,n){let{fleetFormats:o,isSick:r,renderFleetText:i,sickLines:s}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
{fleet:a,errors:d,warnings:c,done:l}=e,f={width:100,unicode:!0,color:!process.env.NO_COLOR,groups:!0};process.stdout.write(
i(a,f));for(let g of l)process.stdout.write(`${Ke(`Issues: ${g}`)}
`);let m=t.reportDir!==void 0,p=(0,Da.resolve)(n.cwd(),t.reportDir??(0,Da.join)(process.env.RUNNER_TEMP||"/tmp","runner-\
check-fleet")),h=new Map;for(let g of t.formats){let{file:k,render:b}=o[g];try{await n.reach(p),h.set(g,go(p,k,b(a)))}catch(x){
(m?or:yo)(Bn((0,Da.join)(p,k),x))}}t.summary&&await c5(n,o.markdown.render(a));for(let g of d)or(g);for(let g of c)yo(g);
for(let g of s(a).slice(0,d5))or(g);return await l5(n,{verdict:a.verdict,sick:JSON.stringify(a.runners.filter(r).map(({name:g})=>g)),
silent:JSON.stringify(a.runners.filter(({status:g})=>g==="silent").map(({name:g})=>g)),changes:String(a.changes.length),
fleet:h.get("json")??""}),!m||t.formats.every(g=>h.has(g))}async function c5(e,t){let n=process.env.GITHUB_STEP_SUMMARY;
if(n)try{await rs(e,n),await Br.addRaw(t,!0).write()}catch(o){yo(Bn("the job summary",o))}}async function l5(e,t){let n=process.
env.GITHUB_OUTPUT;if(n)try{await rs(e,n);for(let[o,r]of Object.entries(t))Al(o,r)}catch(o){yo(Bn("its outputs",o))}}async function nO(){Xo(Xi,1),tr();try{return await nr(u5)}catch(e){return Bi(e)?Cl(e.mistakes):Qn(e)?or(e.message):Xi(e),
1}}async function u5(e){let t=Wi(),{fleetInputNames:n,fleetOptions:o,watchFleet:r}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
i=n.map(k=>[k,Zn(process.env,k)]),s=Object.fromEntries(i.filter(([,k])=>k!==void 0&&k!=="")),a=o(s),d=Qo(process.env),c=Jt(
d.env,d.cwd()),l=await Jl(d,c,a.policy),f=new Date().toISOString(),m=await r(d,a,{workspace:c,policy:l,now:f,diagnose:eO},
e);if(e.aborted)return 1;let p=await tO(m,a,d),h=await t();return p&&h&&m.errors.length===0?is(m.fleet.verdict,a.failOn):
1}var Yl=require("node:path");var f5=1e4;async function iO(){Xo(oO,0),tr();try{await nr(async e=>(await m5(e),0))}catch(e){oO(e)}return 0}function oO(e){
Dt(`the second look crashed, which is a bug in it: ${Vn(e)}`)}async function m5(e){var f;let{env:t}=process;if(Zn(t,"aft\
er")==="never")return;let{STATE_report:n,STATE_id:o}=t,r=t.STATE_hook==="true";if(Wi(),!n)return rO("The first look wrot\
e no report, so nothing can be compared with it.");let i=Zn(t,"timeout"),s=Qo(t,Ji(i)),a=await p5(s,n);if(typeof a=="str\
ing")return rO(a);if(o&&a.id!==o)return;let{lookAgain:d}=await Promise.resolve().then(()=>K(require("./more.js"),1)),c=await d(
s,a,{workspace:Jt(t,s.cwd()),timeoutMs:Yi(i??"")??f5,isOver:!0,hasFailed:!r,signal:e});if(e.aborted||(await h5(c),r)||(await g5(
c,n,s,((f=Zn(t,"summary"))==null?void 0:f.toLowerCase())!=="false"),Zn(t,"publish")!=="log"))return;let{publishedAfter:l}=await Promise.resolve().then(()=>K(require("./more.js"),1));
process.stdout.write(l(c))}function rO(e){process.stdout.write(`::endgroup::
runner-check: ${e}
`)}async function p5(e,t){let{maxReportSize:n,mistakeInExpectations:o,readReport:r}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
i=await e.readText(t,n+1);if(i.kind!=="ok")return`The report of the start is gone: \`${t}\` (${i.kind==="absent"?"ENOENT":
i.code}).`;let s=r(t,i.value);return("place"in s?s:o(t,s.expectations))||"place"in s?"The report of the start was change\
d, so it cannot be used.":s}async function h5(e){let{renderAfterLog:t}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
n=!process.env.NO_COLOR;process.stdout.write(t(e,{width:100,unicode:!0,color:n,groups:!0}))}async function g5(e,t,n,o){let{
renderAfterJson:r,renderAfterPrometheus:i,renderAfterSummary:s}=await Promise.resolve().then(()=>K(require("./more.js"),1)),
a=(0,Yl.join)(t,".."),d=(f,m)=>y5((0,Yl.join)(a,f),()=>go(a,f,m));if(await n.reach(a).catch(()=>{}),d("after.json",r(e)),
/\bprometheus\b/.test(Zn(process.env,"formats")??"")){let f=await n.readText((0,Yl.join)(a,"after.prom"));d("after.prom",
i(e,f.kind==="ok"?f.value:""))}let c=process.env.GITHUB_STEP_SUMMARY;if(!o||!c)return;let l=await n.stat(c).catch(()=>{});
(l==null?void 0:l.kind)==="file"&&await Br.addRaw(s(e),!0).write().catch(f=>Dt(Bn("the job summary",f)))}function y5(e,t){
try{t()}catch(n){Dt(Bn(e,n))}}0&&(module.exports={leave,runAction,runFleetAction,runPost,runTerminal});
