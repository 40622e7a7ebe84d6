"use strict";var aO=Object.create;var ll=Object.defineProperty;var lO=Object.getOwnPropertyDescriptor;var cO=Object.getOwnPropertyNames;var uO=Object.getPrototypeOf,dO=Object.prototype.hasOwnProperty;var _=(e,t)=>()=>{try{return t||e((t={exports:{}}).exports,t),t.exports}catch(n){throw t=0,n}},fO=(e,t)=>{for(var n in t)
ll(e,n,{get:t[n],enumerable:!0})},yy=(e,t,n,r)=>{if(t&&typeof t=="object"||typeof t=="function")for(let o of cO(t))!dO.call(
e,o)&&o!==n&&ll(e,o,{get:()=>t[o],enumerable:!(r=lO(t,o))||r.enumerable});return e};var ui=(e,t,n)=>(n=e!=null?aO(uO(e)):{},yy(t||!e||!e.__esModule?ll(n,"default",{value:e,enumerable:!0}):n,e)),pO=e=>yy(ll(
{},"__esModule",{value:!0}),e);var Zy=_((L5,Yy)=>{"use strict";var df=class{constructor(){this.max=1e3,this.map=new Map}get(t){let n=this.map.get(t);if(n!==
void 0)return this.map.delete(t),this.map.set(t,n),n}delete(t){return this.map.delete(t)}set(t,n){if(!this.delete(t)&&n!==
void 0){if(this.map.size>=this.max){let o=this.map.keys().next().value;this.delete(o)}this.map.set(t,n)}return this}};Yy.
exports=df});var gl=_((F5,Xy)=>{"use strict";var i1=Object.freeze({loose:!0}),a1=Object.freeze({}),l1=e=>e?typeof e!="object"?i1:e:a1;
Xy.exports=l1});var gi=_((M5,Qy)=>{"use strict";var c1="2.0.0",u1=Number.MAX_SAFE_INTEGER||9007199254740991,d1=16,f1=250,p1=["	",`
`,"\v","\f","\r"," ","\xA0","\u1680","\u2000","\u2001","\u2002","\u2003","\u2004","\u2005","\u2006","\u2007","\u2008","\u2009",
"\u200A","\u2028","\u2029","\u202F","\u205F","\u3000","\uFEFF"],m1=["major","premajor","minor","preminor","patch","prepa\
tch","prerelease"];Qy.exports={MAX_LENGTH:256,MAX_SAFE_COMPONENT_LENGTH:d1,MAX_SAFE_BUILD_LENGTH:f1,MAX_SAFE_INTEGER:u1,
WHITESPACE_CHARACTERS:p1,RELEASE_TYPES:m1,SEMVER_SPEC_VERSION:c1,FLAG_INCLUDE_PRERELEASE:1,FLAG_LOOSE:2}});var yi=_((D5,ew)=>{"use strict";var h1=typeof process=="object"&&process.env&&process.env.NODE_DEBUG&&/\bsemver\b/i.test(
process.env.NODE_DEBUG)?(...e)=>console.error("SEMVER",...e):()=>{};ew.exports=h1});var yl=_((wn,tw)=>{"use strict";var{MAX_SAFE_COMPONENT_LENGTH:ff,MAX_SAFE_BUILD_LENGTH:g1,MAX_LENGTH:y1}=gi(),w1=yi();wn=
tw.exports={};var k1=wn.re=[],b1=wn.safeRe=[],N=wn.src=[],v1=wn.safeSrc=[],C=wn.t={},x1=0,pf="[a-zA-Z0-9-]",S1=[["\\s",1],
["\\d",y1],[pf,g1]],$1=e=>{for(let[t,n]of S1)e=e.split(`${t}*`).join(`${t}{0,${n}}`).split(`${t}+`).join(`${t}{1,${n}}`);
return e},W=(e,t,n)=>{let r=$1(t),o=x1++;w1(e,o,t),C[e]=o,N[o]=t,v1[o]=r,k1[o]=new RegExp(t,n?"g":void 0),b1[o]=new RegExp(
r,n?"g":void 0)};W("NUMERICIDENTIFIER","0|[1-9]\\d*");W("NUMERICIDENTIFIERLOOSE","\\d+");W("NONNUMERICIDENTIFIER",`\\d*[a\
-zA-Z-]${pf}*`);W("MAINVERSION",`(${N[C.NUMERICIDENTIFIER]})\\.(${N[C.NUMERICIDENTIFIER]})\\.(${N[C.NUMERICIDENTIFIER]})`);
W("MAINVERSIONLOOSE",`(${N[C.NUMERICIDENTIFIERLOOSE]})\\.(${N[C.NUMERICIDENTIFIERLOOSE]})\\.(${N[C.NUMERICIDENTIFIERLOOSE]}\
)`);W("PRERELEASEIDENTIFIER",`(?:${N[C.NONNUMERICIDENTIFIER]}|${N[C.NUMERICIDENTIFIER]})`);W("PRERELEASEIDENTIFIERLOOSE",
`(?:${N[C.NONNUMERICIDENTIFIER]}|${N[C.NUMERICIDENTIFIERLOOSE]})`);W("PRERELEASE",`(?:-(${N[C.PRERELEASEIDENTIFIER]}(?:\\\
.${N[C.PRERELEASEIDENTIFIER]})*))`);W("PRERELEASELOOSE",`(?:-?(${N[C.PRERELEASEIDENTIFIERLOOSE]}(?:\\.${N[C.PRERELEASEIDENTIFIERLOOSE]}\
)*))`);W("BUILDIDENTIFIER",`${pf}+`);W("BUILD",`(?:\\+(${N[C.BUILDIDENTIFIER]}(?:\\.${N[C.BUILDIDENTIFIER]})*))`);W("FUL\
LPLAIN",`v?${N[C.MAINVERSION]}${N[C.PRERELEASE]}?${N[C.BUILD]}?`);W("FULL",`^${N[C.FULLPLAIN]}$`);W("LOOSEPLAIN",`[v=\\s]\
*${N[C.MAINVERSIONLOOSE]}${N[C.PRERELEASELOOSE]}?${N[C.BUILD]}?`);W("LOOSE",`^${N[C.LOOSEPLAIN]}$`);W("GTLT","((?:<|>)?=\
?)");W("XRANGEIDENTIFIERLOOSE",`${N[C.NUMERICIDENTIFIERLOOSE]}|x|X|\\*`);W("XRANGEIDENTIFIER",`${N[C.NUMERICIDENTIFIER]}\
|x|X|\\*`);W("XRANGEPLAIN",`[v=\\s]*(${N[C.XRANGEIDENTIFIER]})(?:\\.(${N[C.XRANGEIDENTIFIER]})(?:\\.(${N[C.XRANGEIDENTIFIER]}\
)(?:${N[C.PRERELEASE]})?${N[C.BUILD]}?)?)?`);W("XRANGEPLAINLOOSE",`[v=\\s]*(${N[C.XRANGEIDENTIFIERLOOSE]})(?:\\.(${N[C.XRANGEIDENTIFIERLOOSE]}\
)(?:\\.(${N[C.XRANGEIDENTIFIERLOOSE]})(?:${N[C.PRERELEASELOOSE]})?${N[C.BUILD]}?)?)?`);W("XRANGE",`^${N[C.GTLT]}\\s*${N[C.
XRANGEPLAIN]}$`);W("XRANGELOOSE",`^${N[C.GTLT]}\\s*${N[C.XRANGEPLAINLOOSE]}$`);W("COERCEPLAIN",`(^|[^\\d])(\\d{1,${ff}})\
(?:\\.(\\d{1,${ff}}))?(?:\\.(\\d{1,${ff}}))?`);W("COERCE",`${N[C.COERCEPLAIN]}(?:$|[^\\d])`);W("COERCEFULL",N[C.COERCEPLAIN]+
`(?:${N[C.PRERELEASE]})?(?:${N[C.BUILD]})?(?:$|[^\\d])`);W("COERCERTL",N[C.COERCE],!0);W("COERCERTLFULL",N[C.COERCEFULL],
!0);W("LONETILDE","(?:~>?)");W("TILDETRIM",`(\\s*)${N[C.LONETILDE]}\\s+`,!0);wn.tildeTrimReplace="$1~";W("TILDE",`^${N[C.
LONETILDE]}${N[C.XRANGEPLAIN]}$`);W("TILDELOOSE",`^${N[C.LONETILDE]}${N[C.XRANGEPLAINLOOSE]}$`);W("LONECARET","(?:\\^)");
W("CARETTRIM",`(\\s*)${N[C.LONECARET]}\\s+`,!0);wn.caretTrimReplace="$1^";W("CARET",`^${N[C.LONECARET]}${N[C.XRANGEPLAIN]}\
$`);W("CARETLOOSE",`^${N[C.LONECARET]}${N[C.XRANGEPLAINLOOSE]}$`);W("COMPARATORLOOSE",`^${N[C.GTLT]}\\s*(${N[C.LOOSEPLAIN]}\
)$|^$`);W("COMPARATOR",`^${N[C.GTLT]}\\s*(${N[C.FULLPLAIN]})$|^$`);W("COMPARATORTRIM",`(\\s*)${N[C.GTLT]}\\s*(${N[C.LOOSEPLAIN]}\
|${N[C.XRANGEPLAIN]})`,!0);wn.comparatorTrimReplace="$1$2$3";W("HYPHENRANGE",`^\\s*(${N[C.XRANGEPLAIN]})\\s+-\\s+(${N[C.
XRANGEPLAIN]})\\s*$`);W("HYPHENRANGELOOSE",`^\\s*(${N[C.XRANGEPLAINLOOSE]})\\s+-\\s+(${N[C.XRANGEPLAINLOOSE]})\\s*$`);W(
"STAR","(<|>)?=?\\s*\\*");W("GTE0","^\\s*>=\\s*0\\.0\\.0\\s*$");W("GTE0PRE","^\\s*>=\\s*0\\.0\\.0-0\\s*$")});var sw=_((U5,ow)=>{"use strict";var nw=/^[0-9]+$/,rw=(e,t)=>{if(typeof e=="number"&&typeof t=="number")return e===t?0:e<
t?-1:1;let n=nw.test(e),r=nw.test(t);return n&&r&&(e=+e,t=+t),e===t?0:n&&!r?-1:r&&!n?1:e<t?-1:1},R1=(e,t)=>rw(t,e);ow.exports=
{compareIdentifiers:rw,rcompareIdentifiers:R1}});var xl=_((q5,aw)=>{"use strict";var wl=yi(),{MAX_LENGTH:iw,MAX_SAFE_INTEGER:kl}=gi(),{safeRe:bl,t:vl}=yl(),E1=gl(),{compareIdentifiers:mf}=sw(),
T1=(e,t)=>{let n=t.split(".");if(n.length>e.length)return!1;for(let r=0;r<n.length;r++)if(mf(e[r],n[r])!==0)return!1;return!0},
hf=class e{constructor(t,n){if(n=E1(n),t instanceof e){if(t.loose===!!n.loose&&t.includePrerelease===!!n.includePrerelease)
return t;t=t.version}else if(typeof t!="string")throw new TypeError(`Invalid version. Must be a string. Got type "${typeof t}\
".`);if(t.length>iw)throw new TypeError(`version is longer than ${iw} characters`);wl("SemVer",t,n),this.options=n,this.
loose=!!n.loose,this.includePrerelease=!!n.includePrerelease;let r=t.trim().match(n.loose?bl[vl.LOOSE]:bl[vl.FULL]);if(!r)
throw new TypeError(`Invalid Version: ${t}`);if(this.raw=t,this.major=+r[1],this.minor=+r[2],this.patch=+r[3],this.major>
kl||this.major<0)throw new TypeError("Invalid major version");if(this.minor>kl||this.minor<0)throw new TypeError("Invali\
d minor version");if(this.patch>kl||this.patch<0)throw new TypeError("Invalid patch version");r[4]?this.prerelease=r[4].
split(".").map(o=>{if(/^[0-9]+$/.test(o)){let s=+o;if(s>=0&&s<kl)return s}return o}):this.prerelease=[],this.build=r[5]?
r[5].split("."):[],this.format()}format(){return this.version=`${this.major}.${this.minor}.${this.patch}`,this.prerelease.
length&&(this.version+=`-${this.prerelease.join(".")}`),this.version}toString(){return this.version}compare(t){if(wl("Se\
mVer.compare",this.version,this.options,t),!(t instanceof e)){if(typeof t=="string"&&t===this.version)return 0;t=new e(t,
this.options)}return t.version===this.version?0:this.compareMain(t)||this.comparePre(t)}compareMain(t){return t instanceof
e||(t=new e(t,this.options)),this.major<t.major?-1:this.major>t.major?1:this.minor<t.minor?-1:this.minor>t.minor?1:this.
patch<t.patch?-1:this.patch>t.patch?1:0}comparePre(t){if(t instanceof e||(t=new e(t,this.options)),this.prerelease.length&&
!t.prerelease.length)return-1;if(!this.prerelease.length&&t.prerelease.length)return 1;if(!this.prerelease.length&&!t.prerelease.
length)return 0;let n=0;do{let r=this.prerelease[n],o=t.prerelease[n];if(wl("prerelease compare",n,r,o),r===void 0&&o===
void 0)return 0;if(o===void 0)return 1;if(r===void 0)return-1;if(r===o)continue;return mf(r,o)}while(++n)}compareBuild(t){
t instanceof e||(t=new e(t,this.options));let n=0;do{let r=this.build[n],o=t.build[n];if(wl("build compare",n,r,o),r===void 0&&
o===void 0)return 0;if(o===void 0)return 1;if(r===void 0)return-1;if(r===o)continue;return mf(r,o)}while(++n)}inc(t,n,r){
if(t.startsWith("pre")){if(!n&&r===!1)throw new Error("invalid increment argument: identifier is empty");if(n){let o=`-${n}`.
match(this.options.loose?bl[vl.PRERELEASELOOSE]:bl[vl.PRERELEASE]);if(!o||o[1]!==n)throw new Error(`invalid identifier: ${n}`)}}
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
!1&&(s=[n]),T1(this.prerelease,n)){let i=this.prerelease[n.split(".").length];isNaN(i)&&(this.prerelease=s)}else this.prerelease=
s}break}default:throw new Error(`invalid increment argument: ${t}`)}return this.raw=this.format(),this.build.length&&(this.
raw+=`+${this.build.join(".")}`),this}};aw.exports=hf});var Jr=_((G5,cw)=>{"use strict";var lw=xl(),A1=(e,t,n)=>new lw(e,n).compare(new lw(t,n));cw.exports=A1});var dw=_((W5,uw)=>{"use strict";var _1=Jr(),O1=(e,t,n)=>_1(e,t,n)===0;uw.exports=O1});var pw=_((H5,fw)=>{"use strict";var P1=Jr(),I1=(e,t,n)=>P1(e,t,n)!==0;fw.exports=I1});var hw=_((B5,mw)=>{"use strict";var N1=Jr(),C1=(e,t,n)=>N1(e,t,n)>0;mw.exports=C1});var yw=_((K5,gw)=>{"use strict";var j1=Jr(),L1=(e,t,n)=>j1(e,t,n)>=0;gw.exports=L1});var kw=_((V5,ww)=>{"use strict";var F1=Jr(),M1=(e,t,n)=>F1(e,t,n)<0;ww.exports=M1});var vw=_((z5,bw)=>{"use strict";var D1=Jr(),U1=(e,t,n)=>D1(e,t,n)<=0;bw.exports=U1});var Sw=_((J5,xw)=>{"use strict";var q1=dw(),G1=pw(),W1=hw(),H1=yw(),B1=kw(),K1=vw(),V1=(e,t,n,r)=>{switch(t){case"===":return typeof e==
"object"&&(e=e.version),typeof n=="object"&&(n=n.version),e===n;case"!==":return typeof e=="object"&&(e=e.version),typeof n==
"object"&&(n=n.version),e!==n;case"":case"=":case"==":return q1(e,n,r);case"!=":return G1(e,n,r);case">":return W1(e,n,r);case"\
>=":return H1(e,n,r);case"<":return B1(e,n,r);case"<=":return K1(e,n,r);default:throw new TypeError(`Invalid operator: ${t}`)}};
xw.exports=V1});var Ow=_((Y5,_w)=>{"use strict";var wi=Symbol("SemVer ANY"),wf=class e{static get ANY(){return wi}constructor(t,n){if(n=
$w(n),t instanceof e){if(t.loose===!!n.loose)return t;t=t.value}t=t.trim().split(/\s+/).join(" "),yf("comparator",t,n),this.
options=n,this.loose=!!n.loose,this.parse(t),this.semver===wi?this.value="":this.value=this.operator+this.semver.version,
yf("comp",this)}parse(t){let n=this.options.loose?Rw[Ew.COMPARATORLOOSE]:Rw[Ew.COMPARATOR],r=t.match(n);if(!r)throw new TypeError(
`Invalid comparator: ${t}`);this.operator=r[1]!==void 0?r[1]:"",this.operator==="="&&(this.operator=""),r[2]?this.semver=
new Tw(r[2],this.options.loose):this.semver=wi}toString(){return this.value}test(t){if(yf("Comparator.test",t,this.options.
loose),this.semver===wi||t===wi)return!0;if(typeof t=="string")try{t=new Tw(t,this.options)}catch{return!1}return gf(t,this.
operator,this.semver,this.options)}intersects(t,n){if(!(t instanceof e))throw new TypeError("a Comparator is required");
return this.operator===""?this.value===""?!0:new Aw(t.value,n).test(this.value):t.operator===""?t.value===""?!0:new Aw(this.
value,n).test(t.semver):(n=$w(n),n.includePrerelease&&(this.value==="<0.0.0-0"||t.value==="<0.0.0-0")||!n.includePrerelease&&
(this.value.startsWith("<0.0.0")||t.value.startsWith("<0.0.0"))?!1:!!(this.operator.startsWith(">")&&t.operator.startsWith(
">")||this.operator.startsWith("<")&&t.operator.startsWith("<")||this.semver.version===t.semver.version&&this.operator.includes(
"=")&&t.operator.includes("=")||gf(this.semver,"<",t.semver,n)&&this.operator.startsWith(">")&&t.operator.startsWith("<")||
gf(this.semver,">",t.semver,n)&&this.operator.startsWith("<")&&t.operator.startsWith(">")))}};_w.exports=wf;var $w=gl(),
{safeRe:Rw,t:Ew}=yl(),gf=Sw(),yf=yi(),Tw=xl(),Aw=Sl()});var Gw=_((Z5,qw)=>{"use strict";var{MAX_LENGTH:bf,MAX_SAFE_BUILD_LENGTH:Cw,WHITESPACE_CHARACTERS:z1}=gi(),jw=new Uint8Array(
65536);for(let e of z1)jw[e.charCodeAt(0)]=1;var vf=e=>e!==void 0&&jw[e.charCodeAt(0)]===1,Pw=e=>e==="v"||e==="="||vf(e),
ki=e=>e!==void 0&&e>="0"&&e<="9",Lw=e=>e!==void 0&&(e>="a"&&e<="z"||e>="A"&&e<="Z"),Fw=e=>ki(e)||Lw(e)||e==="-",xf=e=>ki(
e)||e==="x"||e==="X"||e==="*",Mw=(e,t,n,r)=>{if(!ki(e[t]))return t;if(t>=r.start&&t<r.end)return Math.min(t+n,r.end);if(t>=
r.previousStart&&t<r.previousEnd)return Math.min(t+n,r.previousEnd);let o=t+1;for(;ki(e[o]);)o++;return r.previousStart=
r.start,r.previousEnd=r.end,r.start=t,r.end=o,Math.min(t+n,o)},Sf=(e,t,n,r)=>!n&&e[t]==="0"?t+1:Mw(e,t,n?bf:bf+1,r),kf=(e,t,n,r)=>{
let o=Mw(e,t,bf,r);if(Lw(e[o])||e[o]==="-"){let s=o+1,i=s+Cw;for(;s<i&&Fw(e[s]);)s++;return s}return Sf(e,t,n,r)},Dw=(e,t,n,r)=>{
let o=e[t]==="-";if(!n&&!o)return t;let s=t+(o?1:0),i=kf(e,s,n,r);if(i===s){if(!n||!o)return t;i=kf(e,t,n,r)}for(;e[i]===
".";){let a=kf(e,i+1,n,r);if(a===i+1)break;i=a}return i},Iw=(e,t)=>{let n=t;for(;n-t<Cw&&Fw(e[n]);)n++;return n},Uw=(e,t)=>{
if(e[t]!=="+")return t;let n=Iw(e,t+1);if(n===t+1)return t;for(;e[n]===".";){let r=Iw(e,n+1);if(r===n+1)break;n=r}return n},
J1=(e,t,n)=>{let r=t;for(let s=0;s<3;s++){let i=Sf(e,r,!0,n);if(i===r)return t;if(r=i,s<2){if(e[r]!==".")return t;r++}}let o=Dw(
e,r,!0,n);return Uw(e,o)},Nw=(e,t,n)=>ki(e[t])?Sf(e,t,!1,n):xf(e[t])?t+1:t,Y1=(e,t,n)=>{let r=Nw(e,t,n);for(let s=0;s<2;s++){
if(e[r]!==".")return r;let i=Nw(e,r+1,n);if(i===r+1)return r;r=i}let o=Dw(e,r,!1,n);return Uw(e,o)},Z1=(e,t,n)=>{let r=J1(
e,t,n);return r!==t?r:Y1(e,t,n)},X1=(e,t)=>{let n=t;return vf(e[n])&&n++,(e[n]==="<"||e[n]===">")&&n++,e[n]==="="&&n++,vf(
e[n])?n:-1},Q1=e=>{let t="",n=0,r=0,o={start:-1,end:-1,previousStart:-1,previousEnd:-1};for(;r<e.length;){let s=r;if(e[r]===
"<"||e[r]===">")r++;else if(!Pw(e[r])&&!xf(e[r])){r++;continue}for(;r<e.length&&Pw(e[r]);)r++;if(!xf(e[r]))continue;let i=X1(
e,s);i!==-1&&(t+=e.slice(n,i),n=i+1),r=Z1(e,r,o)}return t+e.slice(n)};qw.exports=Q1});var Sl=_((X5,Kw)=>{"use strict";var eP=/\s+/g,$f=class e{constructor(t,n){if(n=nP(n),t instanceof e)return t.loose===!!n.
loose&&t.includePrerelease===!!n.includePrerelease?t:new e(t.raw,n);if(t instanceof Rf)return this.raw=t.value,this.set=
[[t]],this.formatted=void 0,this;if(this.options=n,this.loose=!!n.loose,this.includePrerelease=!!n.includePrerelease,this.
raw=t.trim().replace(eP," "),this.set=this.raw.split("||").map(r=>this.parseRange(r.trim())).filter(r=>r.length),!this.set.
length)throw new TypeError(`Invalid SemVer Range: ${this.raw}`);if(this.set.length>1){let r=this.set[0];if(this.set=this.
set.filter(o=>!Hw(o[0])),this.set.length===0)this.set=[r];else if(this.set.length>1){for(let o of this.set)if(o.length===
1&&dP(o[0])){this.set=[o];break}}}this.formatted=void 0}get range(){if(this.formatted===void 0){this.formatted="";for(let t=0;t<
this.set.length;t++){t>0&&(this.formatted+="||");let n=this.set[t];for(let r=0;r<n.length;r++)r>0&&(this.formatted+=" "),
this.formatted+=n[r].toString().trim()}}return this.formatted}format(){return this.range}toString(){return this.range}parseRange(t){
t=t.replace(uP,"");let r=((this.options.includePrerelease&&lP)|(this.options.loose&&cP))+":"+t,o=Ww.get(r);if(o)return o;
let s=this.options.loose,i=s?ft[et.HYPHENRANGELOOSE]:ft[et.HYPHENRANGE];t=t.replace(i,xP(this.options.includePrerelease)),
ge("hyphen replace",t),t=oP(t),ge("comparator trim",t),t=t.replace(ft[et.TILDETRIM],iP),ge("tilde trim",t),t=t.replace(ft[et.
CARETTRIM],aP),ge("caret trim",t);let a=t.split(" ").map(d=>fP(d,this.options)).join(" ").split(/\s+/).map(d=>vP(d,this.
options));s&&(a=a.filter(d=>(ge("loose invalid filter",d,this.options),!!d.match(ft[et.COMPARATORLOOSE])))),ge("range li\
st",a);let l=new Map,c=a.map(d=>new Rf(d,this.options));for(let d of c){if(Hw(d))return[d];l.set(d.value,d)}l.size>1&&l.
has("")&&l.delete("");let u=[...l.values()];return Ww.set(r,u),u}intersects(t,n){if(!(t instanceof e))throw new TypeError(
"a Range is required");return this.set.some(r=>Bw(r,n)&&t.set.some(o=>Bw(o,n)&&r.every(s=>o.every(i=>s.intersects(i,n)))))}test(t){
if(!t)return!1;if(typeof t=="string")try{t=new rP(t,this.options)}catch{return!1}for(let n=0;n<this.set.length;n++)if(SP(
this.set[n],t,this.options))return!0;return!1}};Kw.exports=$f;var tP=Zy(),Ww=new tP,nP=gl(),Rf=Ow(),ge=yi(),rP=xl(),oP=Gw(),
{safeRe:ft,src:sP,t:et,tildeTrimReplace:iP,caretTrimReplace:aP}=yl(),{FLAG_INCLUDE_PRERELEASE:lP,FLAG_LOOSE:cP}=gi(),uP=new RegExp(
sP[et.BUILD],"g"),Hw=e=>e.value==="<0.0.0-0",dP=e=>e.value==="",Bw=(e,t)=>{let n=!0,r=e.slice(),o=r.pop();for(;n&&r.length;)
n=r.every(s=>o.intersects(s,t)),o=r.pop();return n},fP=(e,t)=>(e=e.replace(ft[et.BUILD],""),ge("comp",e,t),e=gP(e,t),ge(
"caret",e),e=mP(e,t),ge("tildes",e),e=wP(e,t),ge("xrange",e),e=bP(e,t),ge("stars",e),e),Ne=e=>!e||e.toLowerCase()==="x"||
e==="*",pP=(e,t,n)=>Ne(e)&&!Ne(t)||Ne(t)&&n&&!Ne(n),mP=(e,t)=>e.trim().split(/\s+/).map(n=>hP(n,t)).join(" "),hP=(e,t)=>{
let n=t.loose?ft[et.TILDELOOSE]:ft[et.TILDE],r=t.includePrerelease?"-0":"";return e.replace(n,(o,s,i,a,l)=>{ge("tilde",e,
o,s,i,a,l);let c;return Ne(s)?c="":Ne(i)?c=`>=${s}.0.0${r} <${+s+1}.0.0-0`:Ne(a)?c=`>=${s}.${i}.0${r} <${s}.${+i+1}.0-0`:
l?(ge("replaceTilde pr",l),c=`>=${s}.${i}.${a}-${l} <${s}.${+i+1}.0-0`):c=`>=${s}.${i}.${a} <${s}.${+i+1}.0-0`,ge("tilde\
 return",c),c})},gP=(e,t)=>e.trim().split(/\s+/).map(n=>yP(n,t)).join(" "),yP=(e,t)=>{ge("caret",e,t);let n=t.loose?ft[et.
CARETLOOSE]:ft[et.CARET],r=t.includePrerelease?"-0":"";return e.replace(n,(o,s,i,a,l)=>{ge("caret",e,o,s,i,a,l);let c;return Ne(
s)?c="":Ne(i)?c=`>=${s}.0.0${r} <${+s+1}.0.0-0`:Ne(a)?s==="0"?c=`>=${s}.${i}.0${r} <${s}.${+i+1}.0-0`:c=`>=${s}.${i}.0${r}\
 <${+s+1}.0.0-0`:l?(ge("replaceCaret pr",l),s==="0"?i==="0"?c=`>=${s}.${i}.${a}-${l} <${s}.${i}.${+a+1}-0`:c=`>=${s}.${i}\
.${a}-${l} <${s}.${+i+1}.0-0`:c=`>=${s}.${i}.${a}-${l} <${+s+1}.0.0-0`):(ge("no pr"),s==="0"?i==="0"?c=`>=${s}.${i}.${a}\
 <${s}.${i}.${+a+1}-0`:c=`>=${s}.${i}.${a} <${s}.${+i+1}.0-0`:c=`>=${s}.${i}.${a} <${+s+1}.0.0-0`),ge("caret return",c),
c})},wP=(e,t)=>(ge("replaceXRanges",e,t),e.split(/\s+/).map(n=>kP(n,t)).join(" ")),kP=(e,t)=>{e=e.trim();let n=t.loose?ft[et.
XRANGELOOSE]:ft[et.XRANGE];return e.replace(n,(r,o,s,i,a,l)=>{if(ge("xRange",e,r,o,s,i,a,l),pP(s,i,a))return e;let c=Ne(
s),u=c||Ne(i),d=u||Ne(a),f=d;return o==="="&&f&&(o=""),l=t.includePrerelease?"-0":"",c?o===">"||o==="<"?r="<0.0.0-0":r="\
*":o&&f?(u&&(i=0),a=0,o===">"?(o=">=",u?(s=+s+1,i=0,a=0):(i=+i+1,a=0)):o==="<="&&(o="<",u?s=+s+1:i=+i+1),o==="<"&&(l="-0"),
r=`${o+s}.${i}.${a}${l}`):u?r=`>=${s}.0.0${l} <${+s+1}.0.0-0`:d&&(r=`>=${s}.${i}.0${l} <${s}.${+i+1}.0-0`),ge("xRange re\
turn",r),r})},bP=(e,t)=>(ge("replaceStars",e,t),e.trim().replace(ft[et.STAR],"")),vP=(e,t)=>(ge("replaceGTE0",e,t),e.trim().
replace(ft[t.includePrerelease?et.GTE0PRE:et.GTE0],"")),xP=e=>(t,n,r,o,s,i,a,l,c,u,d,f)=>(Ne(r)?n="":Ne(o)?n=`>=${r}.0.0${e?
"-0":""}`:Ne(s)?n=`>=${r}.${o}.0${e?"-0":""}`:i?n=`>=${n}`:n=`>=${n}${e?"-0":""}`,Ne(c)?l="":Ne(u)?l=`<${+c+1}.0.0-0`:Ne(
d)?l=`<${c}.${+u+1}.0-0`:f?l=`<=${c}.${u}.${d}-${f}`:e?l=`<${c}.${u}.${+d+1}-0`:l=`<=${l}`,`${n} ${l}`.trim()),SP=(e,t,n)=>{
for(let r=0;r<e.length;r++)if(!e[r].test(t))return!1;if(t.prerelease.length&&!n.includePrerelease){for(let r=0;r<e.length;r++)
if(ge(e[r].semver),e[r].semver!==Rf.ANY&&e[r].semver.prerelease.length>0){let o=e[r].semver;if(o.major===t.major&&o.minor===
t.minor&&o.patch===t.patch)return!0}return!1}return!0}});var Jw=_((Q5,zw)=>{"use strict";var Vw=Sl(),$P=(e,t,n)=>(e=new Vw(e,n),t=new Vw(t,n),e.intersects(t,n));zw.exports=$P});var Z=_(ze=>{"use strict";var Tp=Symbol.for("yaml.alias"),t0=Symbol.for("yaml.document"),fc=Symbol.for("yaml.map"),n0=Symbol.
for("yaml.pair"),Ap=Symbol.for("yaml.scalar"),pc=Symbol.for("yaml.seq"),Jn=Symbol.for("yaml.node.type"),wF=e=>!!e&&typeof e==
"object"&&e[Jn]===Tp,kF=e=>!!e&&typeof e=="object"&&e[Jn]===t0,bF=e=>!!e&&typeof e=="object"&&e[Jn]===fc,vF=e=>!!e&&typeof e==
"object"&&e[Jn]===n0,r0=e=>!!e&&typeof e=="object"&&e[Jn]===Ap,xF=e=>!!e&&typeof e=="object"&&e[Jn]===pc;function o0(e){
if(e&&typeof e=="object")switch(e[Jn]){case fc:case pc:return!0}return!1}function SF(e){if(e&&typeof e=="object")switch(e[Jn]){case Tp:case fc:case Ap:case pc:
return!0}return!1}var $F=e=>(r0(e)||o0(e))&&!!e.anchor;ze.ALIAS=Tp;ze.DOC=t0;ze.MAP=fc;ze.NODE_TYPE=Jn;ze.PAIR=n0;ze.SCALAR=
Ap;ze.SEQ=pc;ze.hasAnchor=$F;ze.isAlias=wF;ze.isCollection=o0;ze.isDocument=kF;ze.isMap=bF;ze.isNode=SF;ze.isPair=vF;ze.
isScalar=r0;ze.isSeq=xF});var Ui=_(_p=>{"use strict";var Ce=Z(),ht=Symbol("break visit"),s0=Symbol("skip children"),Sn=Symbol("remove node");function mc(e,t){
let n=i0(t);Ce.isDocument(e)?ds(null,e.contents,n,Object.freeze([e]))===Sn&&(e.contents=null):ds(null,e,n,Object.freeze(
[]))}mc.BREAK=ht;mc.SKIP=s0;mc.REMOVE=Sn;function ds(e,t,n,r){let o=a0(e,t,n,r);if(Ce.isNode(o)||Ce.isPair(o))return l0(
e,r,o),ds(e,o,n,r);if(typeof o!="symbol"){if(Ce.isCollection(t)){r=Object.freeze(r.concat(t));for(let s=0;s<t.items.length;++s){
let i=ds(s,t.items[s],n,r);if(typeof i=="number")s=i-1;else{if(i===ht)return ht;i===Sn&&(t.items.splice(s,1),s-=1)}}}else if(Ce.
isPair(t)){r=Object.freeze(r.concat(t));let s=ds("key",t.key,n,r);if(s===ht)return ht;s===Sn&&(t.key=null);let i=ds("val\
ue",t.value,n,r);if(i===ht)return ht;i===Sn&&(t.value=null)}}return o}async function hc(e,t){let n=i0(t);Ce.isDocument(e)?
await fs(null,e.contents,n,Object.freeze([e]))===Sn&&(e.contents=null):await fs(null,e,n,Object.freeze([]))}hc.BREAK=ht;
hc.SKIP=s0;hc.REMOVE=Sn;async function fs(e,t,n,r){let o=await a0(e,t,n,r);if(Ce.isNode(o)||Ce.isPair(o))return l0(e,r,o),
fs(e,o,n,r);if(typeof o!="symbol"){if(Ce.isCollection(t)){r=Object.freeze(r.concat(t));for(let s=0;s<t.items.length;++s){
let i=await fs(s,t.items[s],n,r);if(typeof i=="number")s=i-1;else{if(i===ht)return ht;i===Sn&&(t.items.splice(s,1),s-=1)}}}else if(Ce.
isPair(t)){r=Object.freeze(r.concat(t));let s=await fs("key",t.key,n,r);if(s===ht)return ht;s===Sn&&(t.key=null);let i=await fs(
"value",t.value,n,r);if(i===ht)return ht;i===Sn&&(t.value=null)}}return o}function i0(e){return typeof e=="object"&&(e.Collection||
e.Node||e.Value)?Object.assign({Alias:e.Node,Map:e.Node,Scalar:e.Node,Seq:e.Node},e.Value&&{Map:e.Value,Scalar:e.Value,Seq:e.
Value},e.Collection&&{Map:e.Collection,Seq:e.Collection},e):e}function a0(e,t,n,r){var o,s,i,a,l;if(typeof n=="function")
return n(e,t,r);if(Ce.isMap(t))return(o=n.Map)==null?void 0:o.call(n,e,t,r);if(Ce.isSeq(t))return(s=n.Seq)==null?void 0:
s.call(n,e,t,r);if(Ce.isPair(t))return(i=n.Pair)==null?void 0:i.call(n,e,t,r);if(Ce.isScalar(t))return(a=n.Scalar)==null?
void 0:a.call(n,e,t,r);if(Ce.isAlias(t))return(l=n.Alias)==null?void 0:l.call(n,e,t,r)}function l0(e,t,n){let r=t[t.length-
1];if(Ce.isCollection(r))r.items[e]=n;else if(Ce.isPair(r))e==="key"?r.key=n:r.value=n;else if(Ce.isDocument(r))r.contents=
n;else{let o=Ce.isAlias(r)?"alias":"scalar";throw new Error(`Cannot replace node with ${o} parent`)}}_p.visit=mc;_p.visitAsync=
hc});var Op=_(u0=>{"use strict";var c0=Z(),RF=Ui(),EF={"!":"%21",",":"%2C","[":"%5B","]":"%5D","{":"%7B","}":"%7D"},TF=e=>e.replace(
/[!,[\]{}]/g,t=>EF[t]),qi=class e{constructor(t,n){this.docStart=null,this.docEnd=!1,this.yaml=Object.assign({},e.defaultYaml,
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
startsWith(r))return n+TF(t.substring(r.length));return t[0]==="!"?t:`!<${t}>`}toString(t){let n=this.yaml.explicit?[`%Y\
AML ${this.yaml.version||"1.2"}`]:[],r=Object.entries(this.tags),o;if(t&&r.length>0&&c0.isNode(t.contents)){let s={};RF.
visit(t.contents,(i,a)=>{c0.isNode(a)&&a.tag&&(s[a.tag]=!0)}),o=Object.keys(s)}else o=[];for(let[s,i]of r)s==="!!"&&i===
"tag:yaml.org,2002:"||(!t||o.some(a=>a.startsWith(i)))&&n.push(`%TAG ${s} ${i}`);return n.join(`
`)}};qi.defaultYaml={explicit:!1,version:"1.2"};qi.defaultTags={"!!":"tag:yaml.org,2002:"};u0.Directives=qi});var gc=_(Gi=>{"use strict";var d0=Z(),AF=Ui();function _F(e){if(/[\x00-\x19\s,[\]{}]/.test(e)){let n=`Anchor must not co\
ntain whitespace or control characters: ${JSON.stringify(e)}`;throw new Error(n)}return!0}function f0(e){let t=new Set;return AF.
visit(e,{Value(n,r){r.anchor&&t.add(r.anchor)}}),t}function p0(e,t){for(let n=1;;++n){let r=`${e}${n}`;if(!t.has(r))return r}}
function OF(e,t){let n=[],r=new Map,o=null;return{onAnchor:s=>{n.push(s),o??(o=f0(e));let i=p0(t,o);return o.add(i),i},setAnchors:()=>{
for(let s of n){let i=r.get(s);if(typeof i=="object"&&i.anchor&&(d0.isScalar(i.node)||d0.isCollection(i.node)))i.node.anchor=
i.anchor;else{let a=new Error("Failed to resolve repeated object (this should not happen)");throw a.source=s,a}}},sourceObjects:r}}
Gi.anchorIsValid=_F;Gi.anchorNames=f0;Gi.createNodeAnchors=OF;Gi.findNewAnchor=p0});var Pp=_(m0=>{"use strict";function Wi(e,t,n,r){if(r&&typeof r=="object")if(Array.isArray(r))for(let o=0,s=r.length;o<s;++o){
let i=r[o],a=Wi(e,r,String(o),i);a===void 0?delete r[o]:a!==i&&(r[o]=a)}else if(r instanceof Map)for(let o of Array.from(
r.keys())){let s=r.get(o),i=Wi(e,r,o,s);i===void 0?r.delete(o):i!==s&&r.set(o,i)}else if(r instanceof Set)for(let o of Array.
from(r)){let s=Wi(e,r,o,o);s===void 0?r.delete(o):s!==o&&(r.delete(o),r.add(s))}else for(let[o,s]of Object.entries(r)){let i=Wi(
e,r,o,s);i===void 0?delete r[o]:i!==s&&(r[o]=i)}return e.call(t,n,r)}m0.applyReviver=Wi});var gr=_(g0=>{"use strict";var PF=Z();function h0(e,t,n){if(Array.isArray(e))return e.map((r,o)=>h0(r,String(o),n));if(e&&
typeof e.toJSON=="function"){if(!n||!PF.hasAnchor(e))return e.toJSON(t,n);let r={aliasCount:0,count:1,res:void 0};n.anchors.
set(e,r),n.onCreate=s=>{r.res=s,delete n.onCreate};let o=e.toJSON(t,n);return n.onCreate&&n.onCreate(o),o}return typeof e==
"bigint"&&!(n!=null&&n.keep)?Number(e):e}g0.toJS=h0});var yc=_(w0=>{"use strict";var IF=Pp(),y0=Z(),NF=gr(),Ip=class{constructor(t){Object.defineProperty(this,y0.NODE_TYPE,{value:t})}clone(){
let t=Object.create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return this.range&&(t.range=this.
range.slice()),t}toJS(t,{mapAsMap:n,maxAliasCount:r,onAnchor:o,reviver:s}={}){if(!y0.isDocument(t))throw new TypeError("\
A document argument is required");let i={anchors:new Map,doc:t,keep:!0,mapAsMap:n===!0,mapKeyWarned:!1,maxAliasCount:typeof r==
"number"?r:100},a=NF.toJS(this,"",i);if(typeof o=="function")for(let{count:l,res:c}of i.anchors.values())o(c,l);return typeof s==
"function"?IF.applyReviver(s,{"":a},"",a):a}};w0.NodeBase=Ip});var Hi=_(k0=>{"use strict";var CF=gc(),jF=Ui(),ps=Z(),LF=yc(),FF=gr(),Np=class extends LF.NodeBase{constructor(t){super(
ps.ALIAS),this.source=t,Object.defineProperty(this,"tag",{set(){throw new Error("Alias nodes cannot have tags")}})}resolve(t,n){
if((n==null?void 0:n.maxAliasCount)===0)throw new ReferenceError("Alias resolution is disabled");let r;n!=null&&n.aliasResolveCache?
r=n.aliasResolveCache:(r=[],jF.visit(t,{Node:(s,i)=>{(ps.isAlias(i)||ps.hasAnchor(i))&&r.push(i)}}),n&&(n.aliasResolveCache=
r));let o;for(let s of r){if(s===this)break;s.anchor===this.source&&(o=s)}if(o&&n){let{anchors:s,doc:i,maxAliasCount:a}=n,
l=s.get(o);if(l||(FF.toJS(o,null,n),l=s.get(o)),(l==null?void 0:l.res)===void 0){let c="This should not happen: Alias an\
chor was not resolved?";throw new ReferenceError(c)}if(a>=0&&(l.count+=1,l.aliasCount===0&&(l.aliasCount=wc(i,o,s)),l.count*
l.aliasCount>a)){let c="Excessive alias count indicates a resource exhaustion attack";throw new ReferenceError(c)}}return o}toJSON(t,n){
if(!n)return{source:this.source};let r=this.resolve(n.doc,n);if(!r){let o=`Unresolved alias (the anchor must be set befo\
re the alias): ${this.source}`;throw new ReferenceError(o)}return n.anchors.get(r).res}toString(t,n,r){let o=`*${this.source}`;
if(t){if(CF.anchorIsValid(this.source),t.options.verifyAliasOrder&&!t.anchors.has(this.source)){let s=`Unresolved alias \
(the anchor must be set before the alias): ${this.source}`;throw new Error(s)}if(t.implicitKey)return`${o} `}return o}};
function wc(e,t,n){if(ps.isAlias(t)){let r=t.resolve(e),o=n&&r&&n.get(r);return o?o.count*o.aliasCount:0}else if(ps.isCollection(
t)){let r=0;for(let o of t.items){let s=wc(e,o,n);s>r&&(r=s)}return r}else if(ps.isPair(t)){let r=wc(e,t.key,n),o=wc(e,t.
value,n);return Math.max(r,o)}return 1}k0.Alias=Np});var _e=_(Cp=>{"use strict";var MF=Z(),DF=yc(),UF=gr(),qF=e=>!e||typeof e!="function"&&typeof e!="object",yr=class extends DF.
NodeBase{constructor(t){super(MF.SCALAR),this.value=t}toJSON(t,n){return n!=null&&n.keep?this.value:UF.toJS(this.value,t,
n)}toString(){return String(this.value)}};yr.BLOCK_FOLDED="BLOCK_FOLDED";yr.BLOCK_LITERAL="BLOCK_LITERAL";yr.PLAIN="PLAI\
N";yr.QUOTE_DOUBLE="QUOTE_DOUBLE";yr.QUOTE_SINGLE="QUOTE_SINGLE";Cp.Scalar=yr;Cp.isScalarValue=qF});var Bi=_(v0=>{"use strict";var GF=Hi(),po=Z(),b0=_e(),WF="tag:yaml.org,2002:";function HF(e,t,n){if(t){let r=n.filter(s=>s.
tag===t),o=r.find(s=>!s.format)??r[0];if(!o)throw new Error(`Tag ${t} not found`);return o}return n.find(r=>{var o;return((o=
r.identify)==null?void 0:o.call(r,e))&&!r.format})}function BF(e,t,n){var d,f,p;if(po.isDocument(e)&&(e=e.contents),po.isNode(
e))return e;if(po.isPair(e)){let h=(f=(d=n.schema[po.MAP]).createNode)==null?void 0:f.call(d,n.schema,null,n);return h.items.
push(e),h}(e instanceof String||e instanceof Number||e instanceof Boolean||typeof BigInt<"u"&&e instanceof BigInt)&&(e=e.
valueOf());let{aliasDuplicateObjects:r,onAnchor:o,onTagObj:s,schema:i,sourceObjects:a}=n,l;if(r&&e&&typeof e=="object"){
if(l=a.get(e),l)return l.anchor??(l.anchor=o(e)),new GF.Alias(l.anchor);l={anchor:null,node:null},a.set(e,l)}t!=null&&t.
startsWith("!!")&&(t=WF+t.slice(2));let c=HF(e,t,i.tags);if(!c){if(e&&typeof e.toJSON=="function"&&(e=e.toJSON()),!e||typeof e!=
"object"){let h=new b0.Scalar(e);return l&&(l.node=h),h}c=e instanceof Map?i[po.MAP]:Symbol.iterator in Object(e)?i[po.SEQ]:
i[po.MAP]}s&&(s(c),delete n.onTagObj);let u=c!=null&&c.createNode?c.createNode(n.schema,e,n):typeof((p=c==null?void 0:c.
nodeClass)==null?void 0:p.from)=="function"?c.nodeClass.from(n.schema,e,n):new b0.Scalar(e);return t?u.tag=t:c.default||
(u.tag=c.tag),l&&(l.node=u),u}v0.createNode=BF});var bc=_(kc=>{"use strict";var KF=Bi(),$n=Z(),VF=yc();function jp(e,t,n){let r=n;for(let o=t.length-1;o>=0;--o){let s=t[o];
if(typeof s=="number"&&Number.isInteger(s)&&s>=0){let i=[];i[s]=r,r=i}else r=new Map([[s,r]])}return KF.createNode(r,void 0,
{aliasDuplicateObjects:!1,keepUndefined:!1,onAnchor:()=>{throw new Error("This should not happen, please report a bug.")},
schema:e,sourceObjects:new Map})}var x0=e=>e==null||typeof e=="object"&&!!e[Symbol.iterator]().next().done,Lp=class extends VF.
NodeBase{constructor(t,n){super(t),Object.defineProperty(this,"schema",{value:n,configurable:!0,enumerable:!1,writable:!0})}clone(t){
let n=Object.create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return t&&(n.schema=t),n.items=n.
items.map(r=>$n.isNode(r)||$n.isPair(r)?r.clone(t):r),this.range&&(n.range=this.range.slice()),n}addIn(t,n){if(x0(t))this.
add(n);else{let[r,...o]=t,s=this.get(r,!0);if($n.isCollection(s))s.addIn(o,n);else if(s===void 0&&this.schema)this.set(r,
jp(this.schema,o,n));else throw new Error(`Expected YAML collection at ${r}. Remaining path: ${o}`)}}deleteIn(t){let[n,...r]=t;
if(r.length===0)return this.delete(n);let o=this.get(n,!0);if($n.isCollection(o))return o.deleteIn(r);throw new Error(`E\
xpected YAML collection at ${n}. Remaining path: ${r}`)}getIn(t,n){let[r,...o]=t,s=this.get(r,!0);return o.length===0?!n&&
$n.isScalar(s)?s.value:s:$n.isCollection(s)?s.getIn(o,n):void 0}hasAllNullValues(t){return this.items.every(n=>{if(!$n.isPair(
n))return!1;let r=n.value;return r==null||t&&$n.isScalar(r)&&r.value==null&&!r.commentBefore&&!r.comment&&!r.tag})}hasIn(t){
let[n,...r]=t;if(r.length===0)return this.has(n);let o=this.get(n,!0);return $n.isCollection(o)?o.hasIn(r):!1}setIn(t,n){
let[r,...o]=t;if(o.length===0)this.set(r,n);else{let s=this.get(r,!0);if($n.isCollection(s))s.setIn(o,n);else if(s===void 0&&
this.schema)this.set(r,jp(this.schema,o,n));else throw new Error(`Expected YAML collection at ${r}. Remaining path: ${o}`)}}};
kc.Collection=Lp;kc.collectionFromPath=jp;kc.isEmptyPath=x0});var Ki=_(vc=>{"use strict";var zF=e=>e.replace(/^(?!$)(?: $)?/gm,"#");function Fp(e,t){return/^\n+$/.test(e)?e.substring(
1):t?e.replace(/^(?! *$)/gm,t):e}var JF=(e,t,n)=>e.endsWith(`
`)?Fp(n,t):n.includes(`
`)?`
`+Fp(n,t):(e.endsWith(" ")?"":" ")+n;vc.indentComment=Fp;vc.lineComment=JF;vc.stringifyComment=zF});var $0=_(Vi=>{"use strict";var YF="flow",Mp="block",xc="quoted";function ZF(e,t,n="flow",{indentAtStart:r,lineWidth:o=80,
minContentWidth:s=20,onFold:i,onOverflow:a}={}){if(!o||o<0)return e;o<s&&(s=0);let l=Math.max(1+s,1+o-t.length);if(e.length<=
l)return e;let c=[],u={},d=o-t.length;typeof r=="number"&&(r>o-Math.max(2,s)?c.push(0):d=o-r);let f,p,h=!1,m=-1,y=-1,w=-1;
n===Mp&&(m=S0(e,m,t.length),m!==-1&&(d=m+l));for(let b;b=e[m+=1];){if(n===xc&&b==="\\"){switch(y=m,e[m+1]){case"x":m+=3;
break;case"u":m+=5;break;case"U":m+=9;break;default:m+=1}w=m}if(b===`
`)n===Mp&&(m=S0(e,m,t.length)),d=m+t.length+l,f=void 0;else{if(b===" "&&p&&p!==" "&&p!==`
`&&p!=="	"){let R=e[m+1];R&&R!==" "&&R!==`
`&&R!=="	"&&(f=m)}if(m>=d)if(f)c.push(f),d=f+l,f=void 0;else if(n===xc){for(;p===" "||p==="	";)p=b,b=e[m+=1],h=!0;let R=m>
w+1?m-2:y-1;if(u[R])return e;c.push(R),u[R]=!0,d=R+l,f=void 0}else h=!0}p=b}if(h&&a&&a(),c.length===0)return e;i&&i();let k=e.
slice(0,c[0]);for(let b=0;b<c.length;++b){let R=c[b],S=c[b+1]||e.length;R===0?k=`
${t}${e.slice(0,S)}`:(n===xc&&u[R]&&(k+=`${e[R]}\\`),k+=`
${t}${e.slice(R+1,S)}`)}return k}function S0(e,t,n){let r=t,o=t+1,s=e[o];for(;s===" "||s==="	";)if(t<o+n)s=e[++t];else{do
s=e[++t];while(s&&s!==`
`);r=t,o=t+1,s=e[o]}return r}Vi.FOLD_BLOCK=Mp;Vi.FOLD_FLOW=YF;Vi.FOLD_QUOTED=xc;Vi.foldFlowLines=ZF});var Ji=_(R0=>{"use strict";var on=_e(),wr=$0(),$c=(e,t)=>({indentAtStart:t?e.indent.length:e.indentAtStart,lineWidth:e.options.
lineWidth,minContentWidth:e.options.minContentWidth}),Rc=e=>/^(%|---|\.\.\.)/m.test(e);function XF(e,t,n){if(!t||t<0)return!1;
let r=t-n,o=e.length;if(o<=r)return!1;for(let s=0,i=0;s<o;++s)if(e[s]===`
`){if(s-i>r)return!0;if(i=s+1,o-i<=r)return!1}return!0}function zi(e,t){let n=JSON.stringify(e);if(t.options.doubleQuotedAsJSON)
return n;let{implicitKey:r}=t,o=t.options.doubleQuotedMinMultiLineLength,s=t.indent||(Rc(e)?"  ":""),i="",a=0;for(let l=0,
c=n[l];c;c=n[++l])if(c===" "&&n[l+1]==="\\"&&n[l+2]==="n"&&(i+=n.slice(a,l)+"\\ ",l+=1,a=l,c="\\"),c==="\\")switch(n[l+1]){case"\
u":{i+=n.slice(a,l);let u=n.substr(l+2,4);switch(u){case"0000":i+="\\0";break;case"0007":i+="\\a";break;case"000b":i+="\\\
v";break;case"001b":i+="\\e";break;case"0085":i+="\\N";break;case"00a0":i+="\\_";break;case"2028":i+="\\L";break;case"20\
29":i+="\\P";break;default:u.substr(0,2)==="00"?i+="\\x"+u.substr(2):i+=n.substr(l,6)}l+=5,a=l+1}break;case"n":if(r||n[l+
2]==='"'||n.length<o)l+=1;else{for(i+=n.slice(a,l)+`

`;n[l+2]==="\\"&&n[l+3]==="n"&&n[l+4]!=='"';)i+=`
`,l+=2;i+=s,n[l+2]===" "&&(i+="\\"),l+=1,a=l+1}break;default:l+=1}return i=a?i+n.slice(a):n,r?i:wr.foldFlowLines(i,s,wr.
FOLD_QUOTED,$c(t,!1))}function Dp(e,t){if(t.options.singleQuote===!1||t.implicitKey&&e.includes(`
`)||/[ \t]\n|\n[ \t]/.test(e))return zi(e,t);let n=t.indent||(Rc(e)?"  ":""),r="'"+e.replace(/'/g,"''").replace(/\n+/g,`\
$&
${n}`)+"'";return t.implicitKey?r:wr.foldFlowLines(r,n,wr.FOLD_FLOW,$c(t,!1))}function ms(e,t){let{singleQuote:n}=t.options,
r;if(n===!1)r=zi;else{let o=e.includes('"'),s=e.includes("'");o&&!s?r=Dp:s&&!o?r=zi:r=n?Dp:zi}return r(e,t)}var Up;try{Up=
new RegExp(`(^|(?<!
))
+(?!
|$)`,"g")}catch{Up=/\n+(?!\n|$)/g}function Sc({comment:e,type:t,value:n},r,o,s){let{blockQuote:i,commentString:a,lineWidth:l}=r.
options;if(!i||/\n[\t ]+$/.test(n))return ms(n,r);let c=r.indent||(r.forceBlockIndent||Rc(n)?"  ":""),u=i==="literal"?!0:
i==="folded"||t===on.Scalar.BLOCK_FOLDED?!1:t===on.Scalar.BLOCK_LITERAL?!0:!XF(n,l,c.length);if(!n)return u?`|
`:`>
`;let d,f;for(f=n.length;f>0;--f){let S=n[f-1];if(S!==`
`&&S!=="	"&&S!==" ")break}let p=n.substring(f),h=p.indexOf(`
`);h===-1?d="-":n===p||h!==p.length-1?(d="+",s&&s()):d="",p&&(n=n.slice(0,-p.length),p[p.length-1]===`
`&&(p=p.slice(0,-1)),p=p.replace(Up,`$&${c}`));let m=!1,y,w=-1;for(y=0;y<n.length;++y){let S=n[y];if(S===" ")m=!0;else if(S===
`
`)w=y;else break}let k=n.substring(0,w<y?w+1:y);k&&(n=n.substring(k.length),k=k.replace(/\n+/g,`$&${c}`));let R=(m?c?"2":
"1":"")+d;if(e&&(R+=" "+a(e.replace(/ ?[\r\n]+/g," ")),o&&o()),!u){let S=n.replace(/\n+/g,`
$&`).replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g,"$1$2").replace(/\n+/g,`$&${c}`),j=!1,P=$c(r,!0);i!=="fold\
ed"&&t!==on.Scalar.BLOCK_FOLDED&&(P.onOverflow=()=>{j=!0});let T=wr.foldFlowLines(`${k}${S}${p}`,c,wr.FOLD_BLOCK,P);if(!j)
return`>${R}
${c}${T}`}return n=n.replace(/\n+/g,`$&${c}`),`|${R}
${c}${k}${n}${p}`}function QF(e,t,n,r){let{type:o,value:s}=e,{actualString:i,implicitKey:a,indent:l,indentStep:c,inFlow:u}=t;
if(a&&s.includes(`
`)||u&&/[[\]{},]/.test(s))return ms(s,t);if(/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.
test(s))return a||u||!s.includes(`
`)?ms(s,t):Sc(e,t,n,r);if(!a&&!u&&o!==on.Scalar.PLAIN&&s.includes(`
`))return Sc(e,t,n,r);if(Rc(s)){if(l==="")return t.forceBlockIndent=!0,Sc(e,t,n,r);if(a&&l===c)return ms(s,t)}let d=s.replace(
/\n+/g,`$&
${l}`);if(i){let f=m=>{var y;return m.default&&m.tag!=="tag:yaml.org,2002:str"&&((y=m.test)==null?void 0:y.test(d))},{compat:p,
tags:h}=t.doc.schema;if(h.some(f)||p!=null&&p.some(f))return ms(s,t)}return a?d:wr.foldFlowLines(d,l,wr.FOLD_FLOW,$c(t,!1))}
function eM(e,t,n,r){let{implicitKey:o,inFlow:s}=t,i=typeof e.value=="string"?e:Object.assign({},e,{value:String(e.value)}),
{type:a}=e;a!==on.Scalar.QUOTE_DOUBLE&&/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(i.value)&&(a=on.Scalar.QUOTE_DOUBLE);
let l=u=>{switch(u){case on.Scalar.BLOCK_FOLDED:case on.Scalar.BLOCK_LITERAL:return o||s?ms(i.value,t):Sc(i,t,n,r);case on.
Scalar.QUOTE_DOUBLE:return zi(i.value,t);case on.Scalar.QUOTE_SINGLE:return Dp(i.value,t);case on.Scalar.PLAIN:return QF(
i,t,n,r);default:return null}},c=l(a);if(c===null){let{defaultKeyType:u,defaultStringType:d}=t.options,f=o&&u||d;if(c=l(
f),c===null)throw new Error(`Unsupported default string type ${f}`)}return c}R0.stringifyString=eM});var Yi=_(qp=>{"use strict";var tM=gc(),kr=Z(),nM=Ki(),rM=Ji();function oM(e,t){let n=Object.assign({blockQuote:!0,commentString:nM.
stringifyComment,defaultKeyType:null,defaultStringType:"PLAIN",directives:null,doubleQuotedAsJSON:!1,doubleQuotedMinMultiLineLength:40,
falseStr:"false",flowCollectionPadding:!0,indentSeq:!0,lineWidth:80,minContentWidth:20,nullStr:"null",simpleKeys:!1,singleQuote:null,
trailingComma:!1,trueStr:"true",verifyAliasOrder:!0},e.schema.toStringOptions,t),r;switch(n.collectionStyle){case"block":
r=!1;break;case"flow":r=!0;break;default:r=null}return{anchors:new Set,doc:e,flowCollectionPadding:n.flowCollectionPadding?
" ":"",indent:"",indentStep:typeof n.indent=="number"?" ".repeat(n.indent):"  ",inFlow:r,options:n}}function sM(e,t){var o;
if(t.tag){let s=e.filter(i=>i.tag===t.tag);if(s.length>0)return s.find(i=>i.format===t.format)??s[0]}let n,r;if(kr.isScalar(
t)){r=t.value;let s=e.filter(i=>{var a;return(a=i.identify)==null?void 0:a.call(i,r)});if(s.length>1){let i=s.filter(a=>a.
test);i.length>0&&(s=i)}n=s.find(i=>i.format===t.format)??s.find(i=>!i.format)}else r=t,n=e.find(s=>s.nodeClass&&r instanceof
s.nodeClass);if(!n){let s=((o=r==null?void 0:r.constructor)==null?void 0:o.name)??(r===null?"null":typeof r);throw new Error(
`Tag not resolved for ${s} value`)}return n}function iM(e,t,{anchors:n,doc:r}){if(!r.directives)return"";let o=[],s=(kr.
isScalar(e)||kr.isCollection(e))&&e.anchor;s&&tM.anchorIsValid(s)&&(n.add(s),o.push(`&${s}`));let i=e.tag??(t.default?null:
t.tag);return i&&o.push(r.directives.tagString(i)),o.join(" ")}function aM(e,t,n,r){var l;if(kr.isPair(e))return e.toString(
t,n,r);if(kr.isAlias(e)){if(t.doc.directives)return e.toString(t);if((l=t.resolvedAliases)!=null&&l.has(e))throw new TypeError(
"Cannot stringify circular structure without alias nodes");t.resolvedAliases?t.resolvedAliases.add(e):t.resolvedAliases=
new Set([e]),e=e.resolve(t.doc)}let o,s=kr.isNode(e)?e:t.doc.createNode(e,{onTagObj:c=>o=c});o??(o=sM(t.doc.schema.tags,
s));let i=iM(s,o,t);i.length>0&&(t.indentAtStart=(t.indentAtStart??0)+i.length+1);let a=typeof o.stringify=="function"?o.
stringify(s,t,n,r):kr.isScalar(s)?rM.stringifyString(s,t,n,r):s.toString(t,n,r);return i?kr.isScalar(s)||a[0]==="{"||a[0]===
"["?`${i} ${a}`:`${i}
${t.indent}${a}`:a}qp.createStringifyContext=oM;qp.stringify=aM});var _0=_(A0=>{"use strict";var Yn=Z(),E0=_e(),T0=Yi(),Zi=Ki();function lM({key:e,value:t},n,r,o){let{allNullValues:s,doc:i,
indent:a,indentStep:l,options:{commentString:c,indentSeq:u,simpleKeys:d}}=n,f=Yn.isNode(e)&&e.comment||null;if(d){if(f)throw new Error(
"With simple keys, key nodes cannot have comments");if(Yn.isCollection(e)||!Yn.isNode(e)&&typeof e=="object"){let P="Wit\
h simple keys, collection cannot be used as a key value";throw new Error(P)}}let p=!d&&(!e||f&&t==null&&!n.inFlow||Yn.isCollection(
e)||(Yn.isScalar(e)?e.type===E0.Scalar.BLOCK_FOLDED||e.type===E0.Scalar.BLOCK_LITERAL:typeof e=="object"));n=Object.assign(
{},n,{allNullValues:!1,implicitKey:!p&&(d||!s),indent:a+l});let h=!1,m=!1,y=T0.stringify(e,n,()=>h=!0,()=>m=!0);if(!p&&!n.
inFlow&&y.length>1024){if(d)throw new Error("With simple keys, single line scalar must not span more than 1024 character\
s");p=!0}if(n.inFlow){if(s||t==null)return h&&r&&r(),y===""?"?":p?`? ${y}`:y}else if(s&&!d||t==null&&p)return y=`? ${y}`,
f&&!h?y+=Zi.lineComment(y,n.indent,c(f)):m&&o&&o(),y;h&&(f=null),p?(f&&(y+=Zi.lineComment(y,n.indent,c(f))),y=`? ${y}
${a}:`):(y=`${y}:`,f&&(y+=Zi.lineComment(y,n.indent,c(f))));let w,k,b;Yn.isNode(t)?(w=!!t.spaceBefore,k=t.commentBefore,
b=t.comment):(w=!1,k=null,b=null,t&&typeof t=="object"&&(t=i.createNode(t))),n.implicitKey=!1,!p&&!f&&Yn.isScalar(t)&&(n.
indentAtStart=y.length+1),m=!1,!u&&l.length>=2&&!n.inFlow&&!p&&Yn.isSeq(t)&&!t.flow&&!t.tag&&!t.anchor&&(n.indent=n.indent.
substring(2));let R=!1,S=T0.stringify(t,n,()=>R=!0,()=>m=!0),j=" ";if(f||w||k){if(j=w?`
`:"",k){let P=c(k);j+=`
${Zi.indentComment(P,n.indent)}`}S===""&&!n.inFlow?j===`
`&&b&&(j=`

`):j+=`
${n.indent}`}else if(!p&&Yn.isCollection(t)){let P=S[0],T=S.indexOf(`
`),M=T!==-1,q=n.inFlow??t.flow??t.items.length===0;if(M||!q){let Ie=!1;if(M&&(P==="&"||P==="!")){let X=S.indexOf(" ");P===
"&"&&X!==-1&&X<T&&S[X+1]==="!"&&(X=S.indexOf(" ",X+1)),(X===-1||T<X)&&(Ie=!0)}Ie||(j=`
${n.indent}`)}}else(S===""||S[0]===`
`)&&(j="");return y+=j+S,n.inFlow?R&&r&&r():b&&!R?y+=Zi.lineComment(y,n.indent,c(b)):m&&o&&o(),y}A0.stringifyPair=lM});var Wp=_(Gp=>{"use strict";var O0=require("process");function cM(e,...t){e==="debug"&&console.log(...t)}function uM(e,t){
(e==="debug"||e==="warn")&&(typeof O0.emitWarning=="function"?O0.emitWarning(t):console.warn(t))}Gp.debug=cM;Gp.warn=uM});var Oc=_(_c=>{"use strict";var Ac=Z(),P0=_e(),Ec="<<",Tc={identify:e=>e===Ec||typeof e=="symbol"&&e.description===Ec,default:"\
key",tag:"tag:yaml.org,2002:merge",test:/^<<$/,resolve:()=>Object.assign(new P0.Scalar(Symbol(Ec)),{addToJSMap:I0}),stringify:()=>Ec},
dM=(e,t)=>(Tc.identify(t)||Ac.isScalar(t)&&(!t.type||t.type===P0.Scalar.PLAIN)&&Tc.identify(t.value))&&(e==null?void 0:e.
doc.schema.tags.some(n=>n.tag===Tc.tag&&n.default));function I0(e,t,n){let r=N0(e,n);if(Ac.isSeq(r))for(let o of r.items)
Hp(e,t,o);else if(Array.isArray(r))for(let o of r)Hp(e,t,o);else Hp(e,t,r)}function Hp(e,t,n){let r=N0(e,n);if(!Ac.isMap(
r))throw new Error("Merge sources must be maps or map aliases");let o=r.toJSON(null,e,Map);for(let[s,i]of o)t instanceof
Map?t.has(s)||t.set(s,i):t instanceof Set?t.add(s):Object.prototype.hasOwnProperty.call(t,s)||Object.defineProperty(t,s,
{value:i,writable:!0,enumerable:!0,configurable:!0});return t}function N0(e,t){return e&&Ac.isAlias(t)?t.resolve(e.doc,e):
t}_c.addMergeToJSMap=I0;_c.isMergeKey=dM;_c.merge=Tc});var Kp=_(L0=>{"use strict";var fM=Wp(),C0=Oc(),pM=Yi(),j0=Z(),Bp=gr();function mM(e,t,{key:n,value:r}){if(j0.isNode(n)&&
n.addToJSMap)n.addToJSMap(e,t,r);else if(C0.isMergeKey(e,n))C0.addMergeToJSMap(e,t,r);else{let o=Bp.toJS(n,"",e);if(t instanceof
Map)t.set(o,Bp.toJS(r,o,e));else if(t instanceof Set)t.add(o);else{let s=hM(n,o,e),i=Bp.toJS(r,s,e);s in t?Object.defineProperty(
t,s,{value:i,writable:!0,enumerable:!0,configurable:!0}):t[s]=i}}return t}function hM(e,t,n){if(t===null)return"";if(typeof t!=
"object")return String(t);if(j0.isNode(e)&&(n!=null&&n.doc)){let r=pM.createStringifyContext(n.doc,{});r.anchors=new Set;
for(let s of n.anchors.keys())r.anchors.add(s.anchor);r.inFlow=!0,r.inStringifyKey=!0;let o=e.toString(r);if(!n.mapKeyWarned){
let s=JSON.stringify(o);s.length>40&&(s=s.substring(0,36)+'..."'),fM.warn(n.doc.options.logLevel,`Keys with collection v\
alues will be stringified due to JS Object restrictions: ${s}. Set mapAsMap: true to use object keys.`),n.mapKeyWarned=!0}
return o}return JSON.stringify(t)}L0.addPairToJSMap=mM});var br=_(Vp=>{"use strict";var F0=Bi(),gM=_0(),yM=Kp(),Pc=Z();function wM(e,t,n){let r=F0.createNode(e,void 0,n),o=F0.createNode(
t,void 0,n);return new Ic(r,o)}var Ic=class e{constructor(t,n=null){Object.defineProperty(this,Pc.NODE_TYPE,{value:Pc.PAIR}),
this.key=t,this.value=n}clone(t){let{key:n,value:r}=this;return Pc.isNode(n)&&(n=n.clone(t)),Pc.isNode(r)&&(r=r.clone(t)),
new e(n,r)}toJSON(t,n){let r=n!=null&&n.mapAsMap?new Map:{};return yM.addPairToJSMap(n,r,this)}toString(t,n,r){return t!=
null&&t.doc?gM.stringifyPair(this,t,n,r):JSON.stringify(this)}};Vp.Pair=Ic;Vp.createPair=wM});var zp=_(D0=>{"use strict";var mo=Z(),M0=Yi(),Nc=Ki();function kM(e,t,n){return(t.inFlow??e.flow?vM:bM)(e,t,n)}function bM({
comment:e,items:t},n,{blockItemPrefix:r,flowChars:o,itemIndent:s,onChompKeep:i,onComment:a}){let{indent:l,options:{commentString:c}}=n,
u=Object.assign({},n,{indent:s,type:null}),d=!1,f=[];for(let h=0;h<t.length;++h){let m=t[h],y=null;if(mo.isNode(m))!d&&m.
spaceBefore&&f.push(""),Cc(n,f,m.commentBefore,d),m.comment&&(y=m.comment);else if(mo.isPair(m)){let k=mo.isNode(m.key)?
m.key:null;k&&(!d&&k.spaceBefore&&f.push(""),Cc(n,f,k.commentBefore,d))}d=!1;let w=M0.stringify(m,u,()=>y=null,()=>d=!0);
y&&(w+=Nc.lineComment(w,s,c(y))),d&&y&&(d=!1),f.push(r+w)}let p;if(f.length===0)p=o.start+o.end;else{p=f[0];for(let h=1;h<
f.length;++h){let m=f[h];p+=m?`
${l}${m}`:`
`}}return e?(p+=`
`+Nc.indentComment(c(e),l),a&&a()):d&&i&&i(),p}function vM({items:e},t,{flowChars:n,itemIndent:r}){let{indent:o,indentStep:s,
flowCollectionPadding:i,options:{commentString:a}}=t;r+=s;let l=Object.assign({},t,{indent:r,inFlow:!0,type:null}),c=!1,
u=0,d=[];for(let h=0;h<e.length;++h){let m=e[h],y=null;if(mo.isNode(m))m.spaceBefore&&d.push(""),Cc(t,d,m.commentBefore,
!1),m.comment&&(y=m.comment);else if(mo.isPair(m)){let k=mo.isNode(m.key)?m.key:null;k&&(k.spaceBefore&&d.push(""),Cc(t,
d,k.commentBefore,!1),k.comment&&(c=!0));let b=mo.isNode(m.value)?m.value:null;b?(b.comment&&(y=b.comment),b.commentBefore&&
(c=!0)):m.value==null&&(k!=null&&k.comment)&&(y=k.comment)}y&&(c=!0);let w=M0.stringify(m,l,()=>y=null);c||(c=d.length>u||
w.includes(`
`)),h<e.length-1?w+=",":t.options.trailingComma&&(t.options.lineWidth>0&&(c||(c=d.reduce((k,b)=>k+b.length+2,2)+(w.length+
2)>t.options.lineWidth)),c&&(w+=",")),y&&(w+=Nc.lineComment(w,r,a(y))),d.push(w),u=d.length}let{start:f,end:p}=n;if(d.length===
0)return f+p;if(!c){let h=d.reduce((m,y)=>m+y.length+2,2);c=t.options.lineWidth>0&&h>t.options.lineWidth}if(c){let h=f;for(let m of d)
h+=m?`
${s}${o}${m}`:`
`;return`${h}
${o}${p}`}else return`${f}${i}${d.join(" ")}${i}${p}`}function Cc({indent:e,options:{commentString:t}},n,r,o){if(r&&o&&(r=
r.replace(/^\n+/,"")),r){let s=Nc.indentComment(t(r),e);n.push(s.trimStart())}}D0.stringifyCollection=kM});var xr=_(Yp=>{"use strict";var xM=zp(),SM=Kp(),$M=bc(),vr=Z(),jc=br(),RM=_e();function Xi(e,t){let n=vr.isScalar(t)?t.value:
t;for(let r of e)if(vr.isPair(r)&&(r.key===t||r.key===n||vr.isScalar(r.key)&&r.key.value===n))return r}var Jp=class extends $M.
Collection{static get tagName(){return"tag:yaml.org,2002:map"}constructor(t){super(vr.MAP,t),this.items=[]}static from(t,n,r){
let{keepUndefined:o,replacer:s}=r,i=new this(t),a=(l,c)=>{if(typeof s=="function")c=s.call(n,l,c);else if(Array.isArray(
s)&&!s.includes(l))return;(c!==void 0||o)&&i.items.push(jc.createPair(l,c,r))};if(n instanceof Map)for(let[l,c]of n)a(l,
c);else if(n&&typeof n=="object")for(let l of Object.keys(n))a(l,n[l]);return typeof t.sortMapEntries=="function"&&i.items.
sort(t.sortMapEntries),i}add(t,n){var i;let r;vr.isPair(t)?r=t:!t||typeof t!="object"||!("key"in t)?r=new jc.Pair(t,t==null?
void 0:t.value):r=new jc.Pair(t.key,t.value);let o=Xi(this.items,r.key),s=(i=this.schema)==null?void 0:i.sortMapEntries;
if(o){if(!n)throw new Error(`Key ${r.key} already set`);vr.isScalar(o.value)&&RM.isScalarValue(r.value)?o.value.value=r.
value:o.value=r.value}else if(s){let a=this.items.findIndex(l=>s(r,l)<0);a===-1?this.items.push(r):this.items.splice(a,0,
r)}else this.items.push(r)}delete(t){let n=Xi(this.items,t);return n?this.items.splice(this.items.indexOf(n),1).length>0:
!1}get(t,n){let r=Xi(this.items,t),o=r==null?void 0:r.value;return(!n&&vr.isScalar(o)?o.value:o)??void 0}has(t){return!!Xi(
this.items,t)}set(t,n){this.add(new jc.Pair(t,n),!0)}toJSON(t,n,r){let o=r?new r:n!=null&&n.mapAsMap?new Map:{};n!=null&&
n.onCreate&&n.onCreate(o);for(let s of this.items)SM.addPairToJSMap(n,o,s);return o}toString(t,n,r){if(!t)return JSON.stringify(
this);for(let o of this.items)if(!vr.isPair(o))throw new Error(`Map items must all be pairs; found ${JSON.stringify(o)} \
instead`);return!t.allNullValues&&this.hasAllNullValues(!1)&&(t=Object.assign({},t,{allNullValues:!0})),xM.stringifyCollection(
this,t,{blockItemPrefix:"",flowChars:{start:"{",end:"}"},itemIndent:t.indent||"",onChompKeep:r,onComment:n})}};Yp.YAMLMap=
Jp;Yp.findPair=Xi});var hs=_(q0=>{"use strict";var EM=Z(),U0=xr(),TM={collection:"map",default:!0,nodeClass:U0.YAMLMap,tag:"tag:yaml.org,200\
2:map",resolve(e,t){return EM.isMap(e)||t("Expected a mapping for this tag"),e},createNode:(e,t,n)=>U0.YAMLMap.from(e,t,
n)};q0.map=TM});var Sr=_(G0=>{"use strict";var AM=Bi(),_M=zp(),OM=bc(),Fc=Z(),PM=_e(),IM=gr(),Zp=class extends OM.Collection{static get tagName(){
return"tag:yaml.org,2002:seq"}constructor(t){super(Fc.SEQ,t),this.items=[]}add(t){this.items.push(t)}delete(t){let n=Lc(
t);return typeof n!="number"?!1:this.items.splice(n,1).length>0}get(t,n){let r=Lc(t);if(typeof r!="number")return;let o=this.
items[r];return!n&&Fc.isScalar(o)?o.value:o}has(t){let n=Lc(t);return typeof n=="number"&&n<this.items.length}set(t,n){let r=Lc(
t);if(typeof r!="number")throw new Error(`Expected a valid index, not ${t}.`);let o=this.items[r];Fc.isScalar(o)&&PM.isScalarValue(
n)?o.value=n:this.items[r]=n}toJSON(t,n){let r=[];n!=null&&n.onCreate&&n.onCreate(r);let o=0;for(let s of this.items)r.push(
IM.toJS(s,String(o++),n));return r}toString(t,n,r){return t?_M.stringifyCollection(this,t,{blockItemPrefix:"- ",flowChars:{
start:"[",end:"]"},itemIndent:(t.indent||"")+"  ",onChompKeep:r,onComment:n}):JSON.stringify(this)}static from(t,n,r){let{
replacer:o}=r,s=new this(t);if(n&&Symbol.iterator in Object(n)){let i=0;for(let a of n){if(typeof o=="function"){let l=n instanceof
Set?a:String(i++);a=o.call(n,l,a)}s.items.push(AM.createNode(a,void 0,r))}}return s}};function Lc(e){let t=Fc.isScalar(e)?
e.value:e;return t&&typeof t=="string"&&(t=Number(t)),typeof t=="number"&&Number.isInteger(t)&&t>=0?t:null}G0.YAMLSeq=Zp});var gs=_(H0=>{"use strict";var NM=Z(),W0=Sr(),CM={collection:"seq",default:!0,nodeClass:W0.YAMLSeq,tag:"tag:yaml.org,200\
2:seq",resolve(e,t){return NM.isSeq(e)||t("Expected a sequence for this tag"),e},createNode:(e,t,n)=>W0.YAMLSeq.from(e,t,
n)};H0.seq=CM});var Qi=_(B0=>{"use strict";var jM=Ji(),LM={identify:e=>typeof e=="string",default:!0,tag:"tag:yaml.org,2002:str",resolve:e=>e,
stringify(e,t,n,r){return t=Object.assign({actualString:!0},t),jM.stringifyString(e,t,n,r)}};B0.string=LM});var Mc=_(z0=>{"use strict";var K0=_e(),V0={identify:e=>e==null,createNode:()=>new K0.Scalar(null),default:!0,tag:"tag:ya\
ml.org,2002:null",test:/^(?:~|[Nn]ull|NULL)?$/,resolve:()=>new K0.Scalar(null),stringify:({source:e},t)=>typeof e=="stri\
ng"&&V0.test.test(e)?e:t.options.nullStr};z0.nullTag=V0});var Xp=_(Y0=>{"use strict";var FM=_e(),J0={identify:e=>typeof e=="boolean",default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
resolve:e=>new FM.Scalar(e[0]==="t"||e[0]==="T"),stringify({source:e,value:t},n){if(e&&J0.test.test(e)){let r=e[0]==="t"||
e[0]==="T";if(t===r)return e}return t?n.options.trueStr:n.options.falseStr}};Y0.boolTag=J0});var ys=_(Z0=>{"use strict";function MM({format:e,minFractionDigits:t,tag:n,value:r}){if(typeof r=="bigint")return String(
r);let o=typeof r=="number"?r:Number(r);if(!isFinite(o))return isNaN(o)?".nan":o<0?"-.inf":".inf";let s=Object.is(r,-0)?
"-0":JSON.stringify(r);if(!e&&t&&(!n||n==="tag:yaml.org,2002:float")&&/^-?\d/.test(s)&&!s.includes("e")){let i=s.indexOf(
".");i<0&&(i=s.length,s+=".");let a=t-(s.length-i-1);for(;a-- >0;)s+="0"}return s}Z0.stringifyNumber=MM});var em=_(Dc=>{"use strict";var DM=_e(),Qp=ys(),UM={identify:e=>typeof e=="number",default:!0,tag:"tag:yaml.org,2002:floa\
t",test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:e=>e.slice(-3).toLowerCase()==="nan"?NaN:e[0]==="-"?Number.
NEGATIVE_INFINITY:Number.POSITIVE_INFINITY,stringify:Qp.stringifyNumber},qM={identify:e=>typeof e=="number",default:!0,tag:"\
tag:yaml.org,2002:float",format:"EXP",test:/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,resolve:e=>parseFloat(
e),stringify(e){let t=Number(e.value);return isFinite(t)?t.toExponential():Qp.stringifyNumber(e)}},GM={identify:e=>typeof e==
"number",default:!0,tag:"tag:yaml.org,2002:float",test:/^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,resolve(e){let t=new DM.Scalar(
parseFloat(e)),n=e.indexOf(".");return n!==-1&&e[e.length-1]==="0"&&(t.minFractionDigits=e.length-n-1),t},stringify:Qp.stringifyNumber};
Dc.float=GM;Dc.floatExp=qM;Dc.floatNaN=UM});var nm=_(qc=>{"use strict";var X0=ys(),Uc=e=>typeof e=="bigint"||Number.isInteger(e),tm=(e,t,n,{intAsBigInt:r})=>r?BigInt(
e):parseInt(e.substring(t),n);function Q0(e,t,n){let{value:r}=e;return Uc(r)&&r>=0?n+r.toString(t):X0.stringifyNumber(e)}
var WM={identify:e=>Uc(e)&&e>=0,default:!0,tag:"tag:yaml.org,2002:int",format:"OCT",test:/^0o[0-7]+$/,resolve:(e,t,n)=>tm(
e,2,8,n),stringify:e=>Q0(e,8,"0o")},HM={identify:Uc,default:!0,tag:"tag:yaml.org,2002:int",test:/^[-+]?[0-9]+$/,resolve:(e,t,n)=>tm(
e,0,10,n),stringify:X0.stringifyNumber},BM={identify:e=>Uc(e)&&e>=0,default:!0,tag:"tag:yaml.org,2002:int",format:"HEX",
test:/^0x[0-9a-fA-F]+$/,resolve:(e,t,n)=>tm(e,2,16,n),stringify:e=>Q0(e,16,"0x")};qc.int=HM;qc.intHex=BM;qc.intOct=WM});var tx=_(ex=>{"use strict";var KM=hs(),VM=Mc(),zM=gs(),JM=Qi(),YM=Xp(),rm=em(),om=nm(),ZM=[KM.map,zM.seq,JM.string,VM.nullTag,
YM.boolTag,om.intOct,om.int,om.intHex,rm.floatNaN,rm.floatExp,rm.float];ex.schema=ZM});var ox=_(rx=>{"use strict";var XM=_e(),QM=hs(),e2=gs();function nx(e){return typeof e=="bigint"||Number.isInteger(e)}var Gc=({
value:e})=>JSON.stringify(e),t2=[{identify:e=>typeof e=="string",default:!0,tag:"tag:yaml.org,2002:str",resolve:e=>e,stringify:Gc},
{identify:e=>e==null,createNode:()=>new XM.Scalar(null),default:!0,tag:"tag:yaml.org,2002:null",test:/^null$/,resolve:()=>null,
stringify:Gc},{identify:e=>typeof e=="boolean",default:!0,tag:"tag:yaml.org,2002:bool",test:/^true$|^false$/,resolve:e=>e===
"true",stringify:Gc},{identify:nx,default:!0,tag:"tag:yaml.org,2002:int",test:/^-?(?:0|[1-9][0-9]*)$/,resolve:(e,t,{intAsBigInt:n})=>n?
BigInt(e):parseInt(e,10),stringify:({value:e})=>nx(e)?e.toString():JSON.stringify(e)},{identify:e=>typeof e=="number",default:!0,
tag:"tag:yaml.org,2002:float",test:/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,resolve:e=>parseFloat(e),stringify:Gc}],
n2={default:!0,tag:"",test:/^/,resolve(e,t){return t(`Unresolved plain scalar ${JSON.stringify(e)}`),e}},r2=[QM.map,e2.seq].
concat(t2,n2);rx.schema=r2});var im=_(sx=>{"use strict";var ea=require("buffer"),sm=_e(),o2=Ji(),s2={identify:e=>e instanceof Uint8Array,default:!1,tag:"\
tag:yaml.org,2002:binary",resolve(e,t){if(typeof ea.Buffer=="function")return ea.Buffer.from(e,"base64");if(typeof atob==
"function"){let n=atob(e.replace(/[\n\r]/g,"")),r=new Uint8Array(n.length);for(let o=0;o<n.length;++o)r[o]=n.charCodeAt(
o);return r}else return t("This environment does not support reading binary tags; either Buffer or atob is required"),e},
stringify({comment:e,type:t,value:n},r,o,s){if(!n)return"";let i=n,a;if(typeof ea.Buffer=="function")a=i instanceof ea.Buffer?
i.toString("base64"):ea.Buffer.from(i.buffer).toString("base64");else if(typeof btoa=="function"){let l="";for(let c=0;c<
i.length;++c)l+=String.fromCharCode(i[c]);a=btoa(l)}else throw new Error("This environment does not support writing bina\
ry tags; either Buffer or btoa is required");if(t??(t=sm.Scalar.BLOCK_LITERAL),t!==sm.Scalar.QUOTE_DOUBLE){let l=Math.max(
r.options.lineWidth-r.indent.length,r.options.minContentWidth),c=Math.ceil(a.length/l),u=new Array(c);for(let d=0,f=0;d<
c;++d,f+=l)u[d]=a.substr(f,l);a=u.join(t===sm.Scalar.BLOCK_LITERAL?`
`:" ")}return o2.stringifyString({comment:e,type:t,value:a},r,o,s)}};sx.binary=s2});var Bc=_(Hc=>{"use strict";var Wc=Z(),am=br(),i2=_e(),a2=Sr();function ix(e,t){if(Wc.isSeq(e))for(let n=0;n<e.items.length;++n){
let r=e.items[n];if(!Wc.isPair(r)){if(Wc.isMap(r)){r.items.length>1&&t("Each pair must have its own sequence indicator");
let o=r.items[0]||new am.Pair(new i2.Scalar(null));if(r.commentBefore&&(o.key.commentBefore=o.key.commentBefore?`${r.commentBefore}\

${o.key.commentBefore}`:r.commentBefore),r.comment){let s=o.value??o.key;s.comment=s.comment?`${r.comment}
${s.comment}`:r.comment}r=o}e.items[n]=Wc.isPair(r)?r:new am.Pair(r)}}else t("Expected a sequence for this tag");return e}
function ax(e,t,n){let{replacer:r}=n,o=new a2.YAMLSeq(e);o.tag="tag:yaml.org,2002:pairs";let s=0;if(t&&Symbol.iterator in
Object(t))for(let i of t){typeof r=="function"&&(i=r.call(t,String(s++),i));let a,l;if(Array.isArray(i))if(i.length===2)
a=i[0],l=i[1];else throw new TypeError(`Expected [key, value] tuple: ${i}`);else if(i&&i instanceof Object){let c=Object.
keys(i);if(c.length===1)a=c[0],l=i[a];else throw new TypeError(`Expected tuple with one key, not ${c.length} keys`)}else
a=i;o.items.push(am.createPair(a,l,n))}return o}var l2={collection:"seq",default:!1,tag:"tag:yaml.org,2002:pairs",resolve:ix,
createNode:ax};Hc.createPairs=ax;Hc.pairs=l2;Hc.resolvePairs=ix});var um=_(cm=>{"use strict";var lx=Z(),lm=gr(),ta=xr(),c2=Sr(),cx=Bc(),ho=class e extends c2.YAMLSeq{constructor(){super(),
this.add=ta.YAMLMap.prototype.add.bind(this),this.delete=ta.YAMLMap.prototype.delete.bind(this),this.get=ta.YAMLMap.prototype.
get.bind(this),this.has=ta.YAMLMap.prototype.has.bind(this),this.set=ta.YAMLMap.prototype.set.bind(this),this.tag=e.tag}toJSON(t,n){
if(!n)return super.toJSON(t);let r=new Map;n!=null&&n.onCreate&&n.onCreate(r);for(let o of this.items){let s,i;if(lx.isPair(
o)?(s=lm.toJS(o.key,"",n),i=lm.toJS(o.value,s,n)):s=lm.toJS(o,"",n),r.has(s))throw new Error("Ordered maps must not incl\
ude duplicate keys");r.set(s,i)}return r}static from(t,n,r){let o=cx.createPairs(t,n,r),s=new this;return s.items=o.items,
s}};ho.tag="tag:yaml.org,2002:omap";var u2={collection:"seq",identify:e=>e instanceof Map,nodeClass:ho,default:!1,tag:"t\
ag:yaml.org,2002:omap",resolve(e,t){let n=cx.resolvePairs(e,t),r=[];for(let{key:o}of n.items)lx.isScalar(o)&&(r.includes(
o.value)?t(`Ordered maps must not include duplicate keys: ${o.value}`):r.push(o.value));return Object.assign(new ho,n)},
createNode:(e,t,n)=>ho.from(e,t,n)};cm.YAMLOMap=ho;cm.omap=u2});var mx=_(dm=>{"use strict";var ux=_e();function dx({value:e,source:t},n){return t&&(e?fx:px).test.test(t)?t:e?n.options.
trueStr:n.options.falseStr}var fx={identify:e=>e===!0,default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
resolve:()=>new ux.Scalar(!0),stringify:dx},px={identify:e=>e===!1,default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
resolve:()=>new ux.Scalar(!1),stringify:dx};dm.falseTag=px;dm.trueTag=fx});var hx=_(Kc=>{"use strict";var d2=_e(),fm=ys(),f2={identify:e=>typeof e=="number",default:!0,tag:"tag:yaml.org,2002:floa\
t",test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:e=>e.slice(-3).toLowerCase()==="nan"?NaN:e[0]==="-"?Number.
NEGATIVE_INFINITY:Number.POSITIVE_INFINITY,stringify:fm.stringifyNumber},p2={identify:e=>typeof e=="number",default:!0,tag:"\
tag:yaml.org,2002:float",format:"EXP",test:/^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,resolve:e=>parseFloat(
e.replace(/_/g,"")),stringify(e){let t=Number(e.value);return isFinite(t)?t.toExponential():fm.stringifyNumber(e)}},m2={
identify:e=>typeof e=="number",default:!0,tag:"tag:yaml.org,2002:float",test:/^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,resolve(e){
let t=new d2.Scalar(parseFloat(e.replace(/_/g,""))),n=e.indexOf(".");if(n!==-1){let r=e.substring(n+1).replace(/_/g,"");
r[r.length-1]==="0"&&(t.minFractionDigits=r.length)}return t},stringify:fm.stringifyNumber};Kc.float=m2;Kc.floatExp=p2;Kc.
floatNaN=f2});var yx=_(ra=>{"use strict";var gx=ys(),na=e=>typeof e=="bigint"||Number.isInteger(e);function Vc(e,t,n,{intAsBigInt:r}){
let o=e[0];if((o==="-"||o==="+")&&(t+=1),e=e.substring(t).replace(/_/g,""),r){switch(n){case 2:e=`0b${e}`;break;case 8:e=
`0o${e}`;break;case 16:e=`0x${e}`;break}let i=BigInt(e);return o==="-"?BigInt(-1)*i:i}let s=parseInt(e,n);return o==="-"?
-1*s:s}function pm(e,t,n){let{value:r}=e;if(na(r)){let o=r.toString(t);return r<0?"-"+n+o.substr(1):n+o}return gx.stringifyNumber(
e)}var h2={identify:na,default:!0,tag:"tag:yaml.org,2002:int",format:"BIN",test:/^[-+]?0b[0-1_]+$/,resolve:(e,t,n)=>Vc(e,
2,2,n),stringify:e=>pm(e,2,"0b")},g2={identify:na,default:!0,tag:"tag:yaml.org,2002:int",format:"OCT",test:/^[-+]?0[0-7_]+$/,
resolve:(e,t,n)=>Vc(e,1,8,n),stringify:e=>pm(e,8,"0")},y2={identify:na,default:!0,tag:"tag:yaml.org,2002:int",test:/^[-+]?[0-9][0-9_]*$/,
resolve:(e,t,n)=>Vc(e,0,10,n),stringify:gx.stringifyNumber},w2={identify:na,default:!0,tag:"tag:yaml.org,2002:int",format:"\
HEX",test:/^[-+]?0x[0-9a-fA-F_]+$/,resolve:(e,t,n)=>Vc(e,2,16,n),stringify:e=>pm(e,16,"0x")};ra.int=y2;ra.intBin=h2;ra.intHex=
w2;ra.intOct=g2});var hm=_(mm=>{"use strict";var Yc=Z(),zc=br(),Jc=xr(),go=class e extends Jc.YAMLMap{constructor(t){super(t),this.tag=e.tag}add(t){
let n;Yc.isPair(t)?n=t:t&&typeof t=="object"&&"key"in t&&"value"in t&&t.value===null?n=new zc.Pair(t.key,null):n=new zc.
Pair(t,null),Jc.findPair(this.items,n.key)||this.items.push(n)}get(t,n){let r=Jc.findPair(this.items,t);return!n&&Yc.isPair(
r)?Yc.isScalar(r.key)?r.key.value:r.key:r}set(t,n){if(typeof n!="boolean")throw new Error(`Expected boolean value for se\
t(key, value) in a YAML set, not ${typeof n}`);let r=Jc.findPair(this.items,t);r&&!n?this.items.splice(this.items.indexOf(
r),1):!r&&n&&this.items.push(new zc.Pair(t))}toJSON(t,n){return super.toJSON(t,n,Set)}toString(t,n,r){if(!t)return JSON.
stringify(this);if(this.hasAllNullValues(!0))return super.toString(Object.assign({},t,{allNullValues:!0}),n,r);throw new Error(
"Set items must all have null values")}static from(t,n,r){let{replacer:o}=r,s=new this(t);if(n&&Symbol.iterator in Object(
n))for(let i of n)typeof o=="function"&&(i=o.call(n,i,i)),s.items.push(zc.createPair(i,null,r));return s}};go.tag="tag:y\
aml.org,2002:set";var k2={collection:"map",identify:e=>e instanceof Set,nodeClass:go,default:!1,tag:"tag:yaml.org,2002:s\
et",createNode:(e,t,n)=>go.from(e,t,n),resolve(e,t){if(Yc.isMap(e)){if(e.hasAllNullValues(!0))return Object.assign(new go,
e);t("Set items must all have null values")}else t("Expected a mapping for this tag");return e}};mm.YAMLSet=go;mm.set=k2});var ym=_(Zc=>{"use strict";var b2=ys();function gm(e,t){let n=e[0],r=n==="-"||n==="+"?e.substring(1):e,o=i=>t?BigInt(i):
Number(i),s=r.replace(/_/g,"").split(":").reduce((i,a)=>i*o(60)+o(a),o(0));return n==="-"?o(-1)*s:s}function wx(e){let{value:t}=e,
n=i=>i;if(typeof t=="bigint")n=i=>BigInt(i);else if(isNaN(t)||!isFinite(t))return b2.stringifyNumber(e);let r="";t<0&&(r=
"-",t*=n(-1));let o=n(60),s=[t%o];return t<60?s.unshift(0):(t=(t-s[0])/o,s.unshift(t%o),t>=60&&(t=(t-s[0])/o,s.unshift(t))),
r+s.map(i=>String(i).padStart(2,"0")).join(":").replace(/000000\d*$/,"")}var v2={identify:e=>typeof e=="bigint"||Number.
isInteger(e),default:!0,tag:"tag:yaml.org,2002:int",format:"TIME",test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,resolve:(e,t,{
intAsBigInt:n})=>gm(e,n),stringify:wx},x2={identify:e=>typeof e=="number",default:!0,tag:"tag:yaml.org,2002:float",format:"\
TIME",test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,resolve:e=>gm(e,!1),stringify:wx},kx={identify:e=>e instanceof
Date,default:!0,tag:"tag:yaml.org,2002:timestamp",test:RegExp("^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0\
-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?$"),resolve(e){let t=e.match(
kx.test);if(!t)throw new Error("!!timestamp expects a date, starting with yyyy-mm-dd");let[,n,r,o,s,i,a]=t.map(Number),l=t[7]?
Number((t[7]+"00").substr(1,3)):0,c=Date.UTC(n,r-1,o,s||0,i||0,a||0,l),u=t[8];if(u&&u!=="Z"){let d=gm(u,!1);Math.abs(d)<
30&&(d*=60),c-=6e4*d}return new Date(c)},stringify:({value:e})=>(e==null?void 0:e.toISOString().replace(/(T00:00:00)?\.000Z$/,
""))??""};Zc.floatTime=x2;Zc.intTime=v2;Zc.timestamp=kx});var xx=_(vx=>{"use strict";var S2=hs(),$2=Mc(),R2=gs(),E2=Qi(),T2=im(),bx=mx(),wm=hx(),Xc=yx(),A2=Oc(),_2=um(),O2=Bc(),P2=hm(),
km=ym(),I2=[S2.map,R2.seq,E2.string,$2.nullTag,bx.trueTag,bx.falseTag,Xc.intBin,Xc.intOct,Xc.int,Xc.intHex,wm.floatNaN,wm.
floatExp,wm.float,T2.binary,A2.merge,_2.omap,O2.pairs,P2.set,km.intTime,km.floatTime,km.timestamp];vx.schema=I2});var Ix=_(xm=>{"use strict";var Ex=hs(),N2=Mc(),Tx=gs(),C2=Qi(),j2=Xp(),bm=em(),vm=nm(),L2=tx(),F2=ox(),Ax=im(),oa=Oc(),_x=um(),
Ox=Bc(),Sx=xx(),Px=hm(),Qc=ym(),$x=new Map([["core",L2.schema],["failsafe",[Ex.map,Tx.seq,C2.string]],["json",F2.schema],
["yaml11",Sx.schema],["yaml-1.1",Sx.schema]]),Rx={binary:Ax.binary,bool:j2.boolTag,float:bm.float,floatExp:bm.floatExp,floatNaN:bm.
floatNaN,floatTime:Qc.floatTime,int:vm.int,intHex:vm.intHex,intOct:vm.intOct,intTime:Qc.intTime,map:Ex.map,merge:oa.merge,
null:N2.nullTag,omap:_x.omap,pairs:Ox.pairs,seq:Tx.seq,set:Px.set,timestamp:Qc.timestamp},M2={"tag:yaml.org,2002:binary":Ax.
binary,"tag:yaml.org,2002:merge":oa.merge,"tag:yaml.org,2002:omap":_x.omap,"tag:yaml.org,2002:pairs":Ox.pairs,"tag:yaml.\
org,2002:set":Px.set,"tag:yaml.org,2002:timestamp":Qc.timestamp};function D2(e,t,n){let r=$x.get(t);if(r&&!e)return n&&!r.
includes(oa.merge)?r.concat(oa.merge):r.slice();let o=r;if(!o)if(Array.isArray(e))o=[];else{let s=Array.from($x.keys()).
filter(i=>i!=="yaml11").map(i=>JSON.stringify(i)).join(", ");throw new Error(`Unknown schema "${t}"; use one of ${s} or \
define customTags array`)}if(Array.isArray(e))for(let s of e)o=o.concat(s);else typeof e=="function"&&(o=e(o.slice()));return n&&
(o=o.concat(oa.merge)),o.reduce((s,i)=>{let a=typeof i=="string"?Rx[i]:i;if(!a){let l=JSON.stringify(i),c=Object.keys(Rx).
map(u=>JSON.stringify(u)).join(", ");throw new Error(`Unknown custom tag ${l}; use one of ${c}`)}return s.includes(a)||s.
push(a),s},[])}xm.coreKnownTags=M2;xm.getTags=D2});var Rm=_(Nx=>{"use strict";var Sm=Z(),U2=hs(),q2=gs(),G2=Qi(),eu=Ix(),W2=(e,t)=>e.key<t.key?-1:e.key>t.key?1:0,$m=class e{constructor({
compat:t,customTags:n,merge:r,resolveKnownTags:o,schema:s,sortMapEntries:i,toStringDefaults:a}){this.compat=Array.isArray(
t)?eu.getTags(t,"compat"):t?eu.getTags(null,t):null,this.name=typeof s=="string"&&s||"core",this.knownTags=o?eu.coreKnownTags:
{},this.tags=eu.getTags(n,this.name,r),this.toStringOptions=a??null,Object.defineProperty(this,Sm.MAP,{value:U2.map}),Object.
defineProperty(this,Sm.SCALAR,{value:G2.string}),Object.defineProperty(this,Sm.SEQ,{value:q2.seq}),this.sortMapEntries=typeof i==
"function"?i:i===!0?W2:null}clone(){let t=Object.create(e.prototype,Object.getOwnPropertyDescriptors(this));return t.tags=
this.tags.slice(),t}};Nx.Schema=$m});var jx=_(Cx=>{"use strict";var H2=Z(),Em=Yi(),sa=Ki();function B2(e,t){var l;let n=[],r=t.directives===!0;if(t.directives!==
!1&&e.directives){let c=e.directives.toString(e);c?(n.push(c),r=!0):e.directives.docStart&&(r=!0)}r&&n.push("---");let o=Em.
createStringifyContext(e,t),{commentString:s}=o.options;if(e.commentBefore){n.length!==1&&n.unshift("");let c=s(e.commentBefore);
n.unshift(sa.indentComment(c,""))}let i=!1,a=null;if(e.contents){if(H2.isNode(e.contents)){if(e.contents.spaceBefore&&r&&
n.push(""),e.contents.commentBefore){let d=s(e.contents.commentBefore);n.push(sa.indentComment(d,""))}o.forceBlockIndent=
!!e.comment,a=e.contents.comment}let c=a?void 0:()=>i=!0,u=Em.stringify(e.contents,o,()=>a=null,c);a&&(u+=sa.lineComment(
u,"",s(a))),(u[0]==="|"||u[0]===">")&&n[n.length-1]==="---"?n[n.length-1]=`--- ${u}`:n.push(u)}else n.push(Em.stringify(
e.contents,o));if((l=e.directives)!=null&&l.docEnd)if(e.comment){let c=s(e.comment);c.includes(`
`)?(n.push("..."),n.push(sa.indentComment(c,""))):n.push(`... ${c}`)}else n.push("...");else{let c=e.comment;c&&i&&(c=c.
replace(/^\n+/,"")),c&&((!i||a)&&n[n.length-1]!==""&&n.push(""),n.push(sa.indentComment(s(c),"")))}return n.join(`
`)+`
`}Cx.stringifyDocument=B2});var ia=_(Lx=>{"use strict";var K2=Hi(),ws=bc(),Wt=Z(),V2=br(),z2=gr(),J2=Rm(),Y2=jx(),Tm=gc(),Z2=Pp(),X2=Bi(),Am=Op(),_m=class e{constructor(t,n,r){
this.commentBefore=null,this.comment=null,this.errors=[],this.warnings=[],Object.defineProperty(this,Wt.NODE_TYPE,{value:Wt.
DOC});let o=null;typeof n=="function"||Array.isArray(n)?o=n:r===void 0&&n&&(r=n,n=void 0);let s=Object.assign({intAsBigInt:!1,
keepSourceTokens:!1,logLevel:"warn",prettyErrors:!0,strict:!0,stringKeys:!1,uniqueKeys:!0,version:"1.2"},r);this.options=
s;let{version:i}=s;r!=null&&r._directives?(this.directives=r._directives.atDocument(),this.directives.yaml.explicit&&(i=
this.directives.yaml.version)):this.directives=new Am.Directives({version:i}),this.setSchema(i,r),this.contents=t===void 0?
null:this.createNode(t,o,r)}clone(){let t=Object.create(e.prototype,{[Wt.NODE_TYPE]:{value:Wt.DOC}});return t.commentBefore=
this.commentBefore,t.comment=this.comment,t.errors=this.errors.slice(),t.warnings=this.warnings.slice(),t.options=Object.
assign({},this.options),this.directives&&(t.directives=this.directives.clone()),t.schema=this.schema.clone(),t.contents=
Wt.isNode(this.contents)?this.contents.clone(t.schema):this.contents,this.range&&(t.range=this.range.slice()),t}add(t){ks(
this.contents)&&this.contents.add(t)}addIn(t,n){ks(this.contents)&&this.contents.addIn(t,n)}createAlias(t,n){if(!t.anchor){
let r=Tm.anchorNames(this);t.anchor=!n||r.has(n)?Tm.findNewAnchor(n||"a",r):n}return new K2.Alias(t.anchor)}createNode(t,n,r){
let o;if(typeof n=="function")t=n.call({"":t},"",t),o=n;else if(Array.isArray(n)){let y=k=>typeof k=="number"||k instanceof
String||k instanceof Number,w=n.filter(y).map(String);w.length>0&&(n=n.concat(w)),o=n}else r===void 0&&n&&(r=n,n=void 0);
let{aliasDuplicateObjects:s,anchorPrefix:i,flow:a,keepUndefined:l,onTagObj:c,tag:u}=r??{},{onAnchor:d,setAnchors:f,sourceObjects:p}=Tm.
createNodeAnchors(this,i||"a"),h={aliasDuplicateObjects:s??!0,keepUndefined:l??!1,onAnchor:d,onTagObj:c,replacer:o,schema:this.
schema,sourceObjects:p},m=X2.createNode(t,u,h);return a&&Wt.isCollection(m)&&(m.flow=!0),f(),m}createPair(t,n,r={}){let o=this.
createNode(t,null,r),s=this.createNode(n,null,r);return new V2.Pair(o,s)}delete(t){return ks(this.contents)?this.contents.
delete(t):!1}deleteIn(t){return ws.isEmptyPath(t)?this.contents==null?!1:(this.contents=null,!0):ks(this.contents)?this.
contents.deleteIn(t):!1}get(t,n){return Wt.isCollection(this.contents)?this.contents.get(t,n):void 0}getIn(t,n){return ws.
isEmptyPath(t)?!n&&Wt.isScalar(this.contents)?this.contents.value:this.contents:Wt.isCollection(this.contents)?this.contents.
getIn(t,n):void 0}has(t){return Wt.isCollection(this.contents)?this.contents.has(t):!1}hasIn(t){return ws.isEmptyPath(t)?
this.contents!==void 0:Wt.isCollection(this.contents)?this.contents.hasIn(t):!1}set(t,n){this.contents==null?this.contents=
ws.collectionFromPath(this.schema,[t],n):ks(this.contents)&&this.contents.set(t,n)}setIn(t,n){ws.isEmptyPath(t)?this.contents=
n:this.contents==null?this.contents=ws.collectionFromPath(this.schema,Array.from(t),n):ks(this.contents)&&this.contents.
setIn(t,n)}setSchema(t,n={}){typeof t=="number"&&(t=String(t));let r;switch(t){case"1.1":this.directives?this.directives.
yaml.version="1.1":this.directives=new Am.Directives({version:"1.1"}),r={resolveKnownTags:!1,schema:"yaml-1.1"};break;case"\
1.2":case"next":this.directives?this.directives.yaml.version=t:this.directives=new Am.Directives({version:t}),r={resolveKnownTags:!0,
schema:"core"};break;case null:this.directives&&delete this.directives,r=null;break;default:{let o=JSON.stringify(t);throw new Error(
`Expected '1.1', '1.2' or null as first argument, but found: ${o}`)}}if(n.schema instanceof Object)this.schema=n.schema;else if(r)
this.schema=new J2.Schema(Object.assign(r,n));else throw new Error("With a null YAML version, the { schema: Schema } opt\
ion is required")}toJS({json:t,jsonArg:n,mapAsMap:r,maxAliasCount:o,onAnchor:s,reviver:i}={}){let a={anchors:new Map,doc:this,
keep:!t,mapAsMap:r===!0,mapKeyWarned:!1,maxAliasCount:typeof o=="number"?o:100},l=z2.toJS(this.contents,n??"",a);if(typeof s==
"function")for(let{count:c,res:u}of a.anchors.values())s(u,c);return typeof i=="function"?Z2.applyReviver(i,{"":l},"",l):
l}toJSON(t,n){return this.toJS({json:!0,jsonArg:t,mapAsMap:!1,onAnchor:n})}toString(t={}){if(this.errors.length>0)throw new Error(
"Document with errors cannot be stringified");if("indent"in t&&(!Number.isInteger(t.indent)||Number(t.indent)<=0)){let n=JSON.
stringify(t.indent);throw new Error(`"indent" option must be a positive integer, not ${n}`)}return Y2.stringifyDocument(
this,t)}};function ks(e){if(Wt.isCollection(e))return!0;throw new Error("Expected a YAML collection as document contents")}
Lx.Document=_m});var ca=_(la=>{"use strict";var aa=class extends Error{constructor(t,n,r,o){super(),this.name=t,this.code=r,this.message=
o,this.pos=n}},Om=class extends aa{constructor(t,n,r){super("YAMLParseError",t,n,r)}},Pm=class extends aa{constructor(t,n,r){
super("YAMLWarning",t,n,r)}},Q2=(e,t)=>n=>{if(n.pos[0]===-1)return;n.linePos=n.pos.map(a=>t.linePos(a));let{line:r,col:o}=n.
linePos[0];n.message+=` at line ${r}, column ${o}`;let s=o-1,i=e.substring(t.lineStarts[r-1],t.lineStarts[r]).replace(/[\n\r]+$/,
"");if(s>=60&&i.length>80){let a=Math.min(s-39,i.length-79);i="\u2026"+i.substring(a),s-=a-1}if(i.length>80&&(i=i.substring(
0,79)+"\u2026"),r>1&&/^ *$/.test(i.substring(0,s))){let a=e.substring(t.lineStarts[r-2],t.lineStarts[r-1]);a.length>80&&
(a=a.substring(0,79)+`\u2026
`),i=a+i}if(/[^ ]/.test(i)){let a=1,l=n.linePos[1];(l==null?void 0:l.line)===r&&l.col>o&&(a=Math.max(1,Math.min(l.col-o,
80-s)));let c=" ".repeat(s)+"^".repeat(a);n.message+=`:

${i}
${c}
`}};la.YAMLError=aa;la.YAMLParseError=Om;la.YAMLWarning=Pm;la.prettifyError=Q2});var ua=_(Fx=>{"use strict";function eD(e,{flow:t,indicator:n,next:r,offset:o,onError:s,parentIndent:i,startOnNewline:a}){
let l=!1,c=a,u=a,d="",f="",p=!1,h=!1,m=null,y=null,w=null,k=null,b=null,R=null,S=null;for(let T of e)switch(h&&(T.type!==
"space"&&T.type!=="newline"&&T.type!=="comma"&&s(T.offset,"MISSING_CHAR","Tags and anchors must be separated from the ne\
xt token by white space"),h=!1),m&&(c&&T.type!=="comment"&&T.type!=="newline"&&s(m,"TAB_AS_INDENT","Tabs are not allowed\
 as indentation"),m=null),T.type){case"space":!t&&(n!=="doc-start"||(r==null?void 0:r.type)!=="flow-collection")&&T.source.
includes("	")&&(m=T),u=!0;break;case"comment":{u||s(T,"MISSING_CHAR","Comments must be separated from other tokens by wh\
ite space characters");let M=T.source.substring(1)||" ";d?d+=f+M:d=M,f="",c=!1;break}case"newline":c?d?d+=T.source:(!R||
n!=="seq-item-ind")&&(l=!0):f+=T.source,c=!0,p=!0,(y||w)&&(k=T),u=!0;break;case"anchor":y&&s(T,"MULTIPLE_ANCHORS","A nod\
e can have at most one anchor"),T.source.endsWith(":")&&s(T.offset+T.source.length-1,"BAD_ALIAS","Anchor ending in : is \
ambiguous",!0),y=T,S??(S=T.offset),c=!1,u=!1,h=!0;break;case"tag":{w&&s(T,"MULTIPLE_TAGS","A node can have at most one t\
ag"),w=T,S??(S=T.offset),c=!1,u=!1,h=!0;break}case n:(y||w)&&s(T,"BAD_PROP_ORDER",`Anchors and tags must be after the ${T.
source} indicator`),R&&s(T,"UNEXPECTED_TOKEN",`Unexpected ${T.source} in ${t??"collection"}`),R=T,c=n==="seq-item-ind"||
n==="explicit-key-ind",u=!1;break;case"comma":if(t){b&&s(T,"UNEXPECTED_TOKEN",`Unexpected , in ${t}`),b=T,c=!1,u=!1;break}default:
s(T,"UNEXPECTED_TOKEN",`Unexpected ${T.type} token`),c=!1,u=!1}let j=e[e.length-1],P=j?j.offset+j.source.length:o;return h&&
r&&r.type!=="space"&&r.type!=="newline"&&r.type!=="comma"&&(r.type!=="scalar"||r.source!=="")&&s(r.offset,"MISSING_CHAR",
"Tags and anchors must be separated from the next token by white space"),m&&(c&&m.indent<=i||(r==null?void 0:r.type)==="\
block-map"||(r==null?void 0:r.type)==="block-seq")&&s(m,"TAB_AS_INDENT","Tabs are not allowed as indentation"),{comma:b,
found:R,spaceBefore:l,comment:d,hasNewline:p,anchor:y,tag:w,newlineAfterProp:k,end:P,start:S??P}}Fx.resolveProps=eD});var tu=_(Mx=>{"use strict";function Im(e){if(!e)return null;switch(e.type){case"alias":case"scalar":case"double-quoted-s\
calar":case"single-quoted-scalar":if(e.source.includes(`
`))return!0;if(e.end){for(let t of e.end)if(t.type==="newline")return!0}return!1;case"flow-collection":for(let t of e.items){
for(let n of t.start)if(n.type==="newline")return!0;if(t.sep){for(let n of t.sep)if(n.type==="newline")return!0}if(Im(t.
key)||Im(t.value))return!0}return!1;default:return!0}}Mx.containsNewline=Im});var Nm=_(Dx=>{"use strict";var tD=tu();function nD(e,t,n){if((t==null?void 0:t.type)==="flow-collection"){let r=t.end[0];
r.indent===e&&(r.source==="]"||r.source==="}")&&tD.containsNewline(t)&&n(r,"BAD_INDENT","Flow end indicator should be mo\
re indented than parent",!0)}}Dx.flowIndentCheck=nD});var Cm=_(qx=>{"use strict";var Ux=Z();function rD(e,t,n){let{uniqueKeys:r}=e.options;if(r===!1)return!1;let o=typeof r==
"function"?r:(s,i)=>s===i||Ux.isScalar(s)&&Ux.isScalar(i)&&s.value===i.value;return t.some(s=>o(s.key,n))}qx.mapIncludes=
rD});var Vx=_(Kx=>{"use strict";var Gx=br(),oD=xr(),Wx=ua(),sD=tu(),Hx=Nm(),iD=Cm(),Bx="All mapping items must start at the s\
ame column";function aD({composeNode:e,composeEmptyNode:t},n,r,o,s){var u;let i=(s==null?void 0:s.nodeClass)??oD.YAMLMap,
a=new i(n.schema);n.atRoot&&(n.atRoot=!1);let l=r.offset,c=null;for(let d of r.items){let{start:f,key:p,sep:h,value:m}=d,
y=Wx.resolveProps(f,{indicator:"explicit-key-ind",next:p??(h==null?void 0:h[0]),offset:l,onError:o,parentIndent:r.indent,
startOnNewline:!0}),w=!y.found;if(w){if(p&&(p.type==="block-seq"?o(l,"BLOCK_AS_IMPLICIT_KEY","A block sequence may not b\
e used as an implicit map key"):"indent"in p&&p.indent!==r.indent&&o(l,"BAD_INDENT",Bx)),!y.anchor&&!y.tag&&!h){c=y.end,
y.comment&&(a.comment?a.comment+=`
`+y.comment:a.comment=y.comment);continue}(y.newlineAfterProp||sD.containsNewline(p))&&o(p??f[f.length-1],"MULTILINE_IMP\
LICIT_KEY","Implicit keys need to be on a single line")}else((u=y.found)==null?void 0:u.indent)!==r.indent&&o(l,"BAD_IND\
ENT",Bx);n.atKey=!0;let k=y.end,b=p?e(n,p,y,o):t(n,k,f,null,y,o);n.schema.compat&&Hx.flowIndentCheck(r.indent,p,o),n.atKey=
!1,iD.mapIncludes(n,a.items,b)&&o(k,"DUPLICATE_KEY","Map keys must be unique");let R=Wx.resolveProps(h??[],{indicator:"m\
ap-value-ind",next:m,offset:b.range[2],onError:o,parentIndent:r.indent,startOnNewline:!p||p.type==="block-scalar"});if(l=
R.end,R.found){w&&((m==null?void 0:m.type)==="block-map"&&!R.hasNewline&&o(l,"BLOCK_AS_IMPLICIT_KEY","Nested mappings ar\
e not allowed in compact mappings"),n.options.strict&&y.start<R.found.offset-1024&&o(b.range,"KEY_OVER_1024_CHARS","The \
: indicator must be at most 1024 chars after the start of an implicit block mapping key"));let S=m?e(n,m,R,o):t(n,l,h,null,
R,o);n.schema.compat&&Hx.flowIndentCheck(r.indent,m,o),l=S.range[2];let j=new Gx.Pair(b,S);n.options.keepSourceTokens&&(j.
srcToken=d),a.items.push(j)}else{w&&o(b.range,"MISSING_CHAR","Implicit map keys need to be followed by map values"),R.comment&&
(b.comment?b.comment+=`
`+R.comment:b.comment=R.comment);let S=new Gx.Pair(b);n.options.keepSourceTokens&&(S.srcToken=d),a.items.push(S)}}return c&&
c<l&&o(c,"IMPOSSIBLE","Map comment with trailing content"),a.range=[r.offset,l,c??l],a}Kx.resolveBlockMap=aD});var Jx=_(zx=>{"use strict";var lD=Sr(),cD=ua(),uD=Nm();function dD({composeNode:e,composeEmptyNode:t},n,r,o,s){let i=(s==
null?void 0:s.nodeClass)??lD.YAMLSeq,a=new i(n.schema);n.atRoot&&(n.atRoot=!1),n.atKey&&(n.atKey=!1);let l=r.offset,c=null;
for(let{start:u,value:d}of r.items){let f=cD.resolveProps(u,{indicator:"seq-item-ind",next:d,offset:l,onError:o,parentIndent:r.
indent,startOnNewline:!0});if(!f.found)if(f.anchor||f.tag||d)(d==null?void 0:d.type)==="block-seq"?o(f.end,"BAD_INDENT",
"All sequence items must start at the same column"):o(l,"MISSING_CHAR","Sequence item without - indicator");else{c=f.end,
f.comment&&(a.comment=f.comment);continue}let p=d?e(n,d,f,o):t(n,f.end,u,null,f,o);n.schema.compat&&uD.flowIndentCheck(r.
indent,d,o),l=p.range[2],a.items.push(p)}return a.range=[r.offset,l,c??l],a}zx.resolveBlockSeq=dD});var bs=_(Yx=>{"use strict";function fD(e,t,n,r){let o="";if(e){let s=!1,i="";for(let a of e){let{source:l,type:c}=a;switch(c){case"\
space":s=!0;break;case"comment":{n&&!s&&r(a,"MISSING_CHAR","Comments must be separated from other tokens by white space \
characters");let u=l.substring(1)||" ";o?o+=i+u:o=u,i="";break}case"newline":o&&(i+=l),s=!0;break;default:r(a,"UNEXPECTE\
D_TOKEN",`Unexpected ${c} at node end`)}t+=l.length}}return{comment:o,offset:t}}Yx.resolveEnd=fD});var eS=_(Qx=>{"use strict";var pD=Z(),mD=br(),Zx=xr(),hD=Sr(),gD=bs(),Xx=ua(),yD=tu(),wD=Cm(),jm="Block collections are \
not allowed within flow collections",Lm=e=>e&&(e.type==="block-map"||e.type==="block-seq");function kD({composeNode:e,composeEmptyNode:t},n,r,o,s){
var y;let i=r.start.source==="{",a=i?"flow map":"flow sequence",l=(s==null?void 0:s.nodeClass)??(i?Zx.YAMLMap:hD.YAMLSeq),
c=new l(n.schema);c.flow=!0;let u=n.atRoot;u&&(n.atRoot=!1),n.atKey&&(n.atKey=!1);let d=r.offset+r.start.source.length;for(let w=0;w<
r.items.length;++w){let k=r.items[w],{start:b,key:R,sep:S,value:j}=k,P=Xx.resolveProps(b,{flow:a,indicator:"explicit-key\
-ind",next:R??(S==null?void 0:S[0]),offset:d,onError:o,parentIndent:r.indent,startOnNewline:!1});if(!P.found){if(!P.anchor&&
!P.tag&&!S&&!j){w===0&&P.comma?o(P.comma,"UNEXPECTED_TOKEN",`Unexpected , in ${a}`):w<r.items.length-1&&o(P.start,"UNEXP\
ECTED_TOKEN",`Unexpected empty item in ${a}`),P.comment&&(c.comment?c.comment+=`
`+P.comment:c.comment=P.comment),d=P.end;continue}!i&&n.options.strict&&yD.containsNewline(R)&&o(R,"MULTILINE_IMPLICIT_K\
EY","Implicit keys of flow sequence pairs need to be on a single line")}if(w===0)P.comma&&o(P.comma,"UNEXPECTED_TOKEN",`\
Unexpected , in ${a}`);else if(P.comma||o(P.start,"MISSING_CHAR",`Missing , between ${a} items`),P.comment){let T="";e:for(let M of b)
switch(M.type){case"comma":case"space":break;case"comment":T=M.source.substring(1);break e;default:break e}if(T){let M=c.
items[c.items.length-1];pD.isPair(M)&&(M=M.value??M.key),M.comment?M.comment+=`
`+T:M.comment=T,P.comment=P.comment.substring(T.length+1)}}if(!i&&!S&&!P.found){let T=j?e(n,j,P,o):t(n,P.end,S,null,P,o);
c.items.push(T),d=T.range[2],Lm(j)&&o(T.range,"BLOCK_IN_FLOW",jm)}else{n.atKey=!0;let T=P.end,M=R?e(n,R,P,o):t(n,T,b,null,
P,o);Lm(R)&&o(M.range,"BLOCK_IN_FLOW",jm),n.atKey=!1;let q=Xx.resolveProps(S??[],{flow:a,indicator:"map-value-ind",next:j,
offset:M.range[2],onError:o,parentIndent:r.indent,startOnNewline:!1});if(q.found){if(!i&&!P.found&&n.options.strict){if(S)
for(let Ee of S){if(Ee===q.found)break;if(Ee.type==="newline"){o(Ee,"MULTILINE_IMPLICIT_KEY","Implicit keys of flow sequ\
ence pairs need to be on a single line");break}}P.start<q.found.offset-1024&&o(q.found,"KEY_OVER_1024_CHARS","The : indi\
cator must be at most 1024 chars after the start of an implicit flow sequence key")}}else j&&("source"in j&&((y=j.source)==
null?void 0:y[0])===":"?o(j,"MISSING_CHAR",`Missing space after : in ${a}`):o(q.start,"MISSING_CHAR",`Missing , or : bet\
ween ${a} items`));let Ie=j?e(n,j,q,o):q.found?t(n,q.end,S,null,q,o):null;Ie?Lm(j)&&o(Ie.range,"BLOCK_IN_FLOW",jm):q.comment&&
(M.comment?M.comment+=`
`+q.comment:M.comment=q.comment);let X=new mD.Pair(M,Ie);if(n.options.keepSourceTokens&&(X.srcToken=k),i){let Ee=c;wD.mapIncludes(
n,Ee.items,M)&&o(T,"DUPLICATE_KEY","Map keys must be unique"),Ee.items.push(X)}else{let Ee=new Zx.YAMLMap(n.schema);Ee.flow=
!0,Ee.items.push(X);let De=(Ie??M).range;Ee.range=[M.range[0],De[1],De[2]],c.items.push(Ee)}d=Ie?Ie.range[2]:q.end}}let f=i?
"}":"]",[p,...h]=r.end,m=d;if((p==null?void 0:p.source)===f)m=p.offset+p.source.length;else{let w=a[0].toUpperCase()+a.substring(
1),k=u?`${w} must end with a ${f}`:`${w} in block collection must be sufficiently indented and end with a ${f}`;o(d,u?"M\
ISSING_CHAR":"BAD_INDENT",k),p&&p.source.length!==1&&h.unshift(p)}if(h.length>0){let w=gD.resolveEnd(h,m,n.options.strict,
o);w.comment&&(c.comment?c.comment+=`
`+w.comment:c.comment=w.comment),c.range=[r.offset,m,w.offset]}else c.range=[r.offset,m,m];return c}Qx.resolveFlowCollection=
kD});var nS=_(tS=>{"use strict";var bD=Z(),vD=_e(),xD=xr(),SD=Sr(),$D=Vx(),RD=Jx(),ED=eS();function Fm(e,t,n,r,o,s){let i=n.type===
"block-map"?$D.resolveBlockMap(e,t,n,r,s):n.type==="block-seq"?RD.resolveBlockSeq(e,t,n,r,s):ED.resolveFlowCollection(e,
t,n,r,s),a=i.constructor;return o==="!"||o===a.tagName?(i.tag=a.tagName,i):(o&&(i.tag=o),i)}function TD(e,t,n,r,o){var f;
let s=r.tag,i=s?t.directives.tagName(s.source,p=>o(s,"TAG_RESOLVE_FAILED",p)):null;if(n.type==="block-seq"){let{anchor:p,
newlineAfterProp:h}=r,m=p&&s?p.offset>s.offset?p:s:p??s;m&&(!h||h.offset<m.offset)&&o(m,"MISSING_CHAR","Missing newline \
after block sequence props")}let a=n.type==="block-map"?"map":n.type==="block-seq"?"seq":n.start.source==="{"?"map":"seq";
if(!s||!i||i==="!"||i===xD.YAMLMap.tagName&&a==="map"||i===SD.YAMLSeq.tagName&&a==="seq")return Fm(e,t,n,o,i);let l=t.schema.
tags.find(p=>p.tag===i&&p.collection===a);if(!l){let p=t.schema.knownTags[i];if((p==null?void 0:p.collection)===a)t.schema.
tags.push(Object.assign({},p,{default:!1})),l=p;else return p?o(s,"BAD_COLLECTION_TYPE",`${p.tag} used for ${a} collecti\
on, but expects ${p.collection??"scalar"}`,!0):o(s,"TAG_RESOLVE_FAILED",`Unresolved tag: ${i}`,!0),Fm(e,t,n,o,i)}let c=Fm(
e,t,n,o,i,l),u=((f=l.resolve)==null?void 0:f.call(l,c,p=>o(s,"TAG_RESOLVE_FAILED",p),t.options))??c,d=bD.isNode(u)?u:new vD.
Scalar(u);return d.range=c.range,d.tag=i,l!=null&&l.format&&(d.format=l.format),d}tS.composeCollection=TD});var Dm=_(rS=>{"use strict";var Mm=_e();function AD(e,t,n){let r=t.offset,o=_D(t,e.options.strict,n);if(!o)return{value:"",
type:null,comment:"",range:[r,r,r]};let s=o.mode===">"?Mm.Scalar.BLOCK_FOLDED:Mm.Scalar.BLOCK_LITERAL,i=t.source?OD(t.source):
[],a=i.length;for(let m=i.length-1;m>=0;--m){let y=i[m][1];if(y===""||y==="\r")a=m;else break}if(a===0){let m=o.chomp===
"+"&&i.length>0?`
`.repeat(Math.max(1,i.length-1)):"",y=r+o.length;return t.source&&(y+=t.source.length),{value:m,type:s,comment:o.comment,
range:[r,y,y]}}let l=t.indent+o.indent,c=t.offset+o.length,u=0;for(let m=0;m<a;++m){let[y,w]=i[m];if(w===""||w==="\r")o.
indent===0&&y.length>l&&(l=y.length);else{y.length<l&&n(c+y.length,"MISSING_CHAR","Block scalars with more-indented lead\
ing empty lines must use an explicit indentation indicator"),o.indent===0&&(l=y.length),u=m,l===0&&!e.atRoot&&n(c,"BAD_I\
NDENT","Block scalar values in collections must be indented");break}c+=y.length+w.length+1}for(let m=i.length-1;m>=a;--m)
i[m][0].length>l&&(a=m+1);let d="",f="",p=!1;for(let m=0;m<u;++m)d+=i[m][0].slice(l)+`
`;for(let m=u;m<a;++m){let[y,w]=i[m];c+=y.length+w.length+1;let k=w[w.length-1]==="\r";if(k&&(w=w.slice(0,-1)),w&&y.length<
l){let R=`Block scalar lines must not be less indented than their ${o.indent?"explicit indentation indicator":"first lin\
e"}`;n(c-w.length-(k?2:1),"BAD_INDENT",R),y=""}s===Mm.Scalar.BLOCK_LITERAL?(d+=f+y.slice(l)+w,f=`
`):y.length>l||w[0]==="	"?(f===" "?f=`
`:!p&&f===`
`&&(f=`

`),d+=f+y.slice(l)+w,f=`
`,p=!0):w===""?f===`
`?d+=`
`:f=`
`:(d+=f+w,f=" ",p=!1)}switch(o.chomp){case"-":break;case"+":for(let m=a;m<i.length;++m)d+=`
`+i[m][0].slice(l);d[d.length-1]!==`
`&&(d+=`
`);break;default:d+=`
`}let h=r+o.length+t.source.length;return{value:d,type:s,comment:o.comment,range:[r,h,h]}}function _D({offset:e,props:t},n,r){
if(t[0].type!=="block-scalar-header")return r(t[0],"IMPOSSIBLE","Block scalar header not found"),null;let{source:o}=t[0],
s=o[0],i=0,a="",l=-1;for(let f=1;f<o.length;++f){let p=o[f];if(!a&&(p==="-"||p==="+"))a=p;else{let h=Number(p);!i&&h?i=h:
l===-1&&(l=e+f)}}l!==-1&&r(l,"UNEXPECTED_TOKEN",`Block scalar header includes extra characters: ${o}`);let c=!1,u="",d=o.
length;for(let f=1;f<t.length;++f){let p=t[f];switch(p.type){case"space":c=!0;case"newline":d+=p.source.length;break;case"\
comment":n&&!c&&r(p,"MISSING_CHAR","Comments must be separated from other tokens by white space characters"),d+=p.source.
length,u=p.source.substring(1);break;case"error":r(p,"UNEXPECTED_TOKEN",p.message),d+=p.source.length;break;default:{let h=`\
Unexpected token in block scalar header: ${p.type}`;r(p,"UNEXPECTED_TOKEN",h);let m=p.source;m&&typeof m=="string"&&(d+=
m.length)}}}return{mode:s,indent:i,chomp:a,comment:u,length:d}}function OD(e){let t=e.split(/\n( *)/),n=t[0],r=n.match(/^( *)/),
s=[r!=null&&r[1]?[r[1],n.slice(r[1].length)]:["",n]];for(let i=1;i<t.length;i+=2)s.push([t[i],t[i+1]]);return s}rS.resolveBlockScalar=
AD});var qm=_(sS=>{"use strict";var Um=_e(),PD=bs();function ID(e,t,n){let{offset:r,type:o,source:s,end:i}=e,a,l,c=(f,p,h)=>n(
r+f,p,h);switch(o){case"scalar":a=Um.Scalar.PLAIN,l=ND(s,c);break;case"single-quoted-scalar":a=Um.Scalar.QUOTE_SINGLE,l=
CD(s,c);break;case"double-quoted-scalar":a=Um.Scalar.QUOTE_DOUBLE,l=jD(s,c);break;default:return n(e,"UNEXPECTED_TOKEN",
`Expected a flow scalar value, but found: ${o}`),{value:"",type:null,comment:"",range:[r,r+s.length,r+s.length]}}let u=r+
s.length,d=PD.resolveEnd(i,u,t,n);return{value:l,type:a,comment:d.comment,range:[r,u,d.offset]}}function ND(e,t){let n="";
switch(e[0]){case"	":n="a tab character";break;case",":n="flow indicator character ,";break;case"%":n="directive indicat\
or character %";break;case"|":case">":{n=`block scalar indicator ${e[0]}`;break}case"@":case"`":{n=`reserved character ${e[0]}`;
break}}return n&&t(0,"BAD_SCALAR_START",`Plain value cannot start with ${n}`),oS(e)}function CD(e,t){return(e[e.length-1]!==
"'"||e.length===1)&&t(e.length,"MISSING_CHAR","Missing closing 'quote"),oS(e.slice(1,-1)).replace(/''/g,"'")}function oS(e){
let t=/(.*?)\r?\n/sy,n=t.exec(e);if(!n)return e;let r,o;try{r=new RegExp("(?<![ 	])[ 	]+$"),o=new RegExp("^[ 	]+|(?<![ 	\
])[ 	]+$","g")}catch{r=/[ \t]+$/,o=/^[ \t]+|[ \t]+$/g}let s=n[1].replace(r,""),i=" ",a=t.lastIndex;for(;n=t.exec(e);){let c=n[1].
replace(o,"");c===""?i===`
`?s+=i:i=`
`:(s+=i+c,i=" "),a=t.lastIndex}let l=/[ \t]*(.*)/sy;return l.lastIndex=a,n=l.exec(e),s+i+((n==null?void 0:n[1])??"")}function jD(e,t){
let n="";for(let r=1;r<e.length-1;++r){let o=e[r];if(!(o==="\r"&&e[r+1]===`
`))if(o===`
`){let{fold:s,offset:i}=LD(e,r);n+=s,r=i}else if(o==="\\"){let s=e[++r],i=FD[s];if(i)n+=i;else if(s===`
`)for(s=e[r+1];s===" "||s==="	";)s=e[++r+1];else if(s==="\r"&&e[r+1]===`
`)for(s=e[++r+1];s===" "||s==="	";)s=e[++r+1];else if(s==="x"||s==="u"||s==="U"){let a=s==="x"?2:s==="u"?4:8;n+=MD(e,r+1,
a,t),r+=a}else{let a=e.substr(r-1,2);t(r-1,"BAD_DQ_ESCAPE",`Invalid escape sequence ${a}`),n+=a}}else if(o===" "||o==="	"){
let s=r,i=e[r+1];for(;i===" "||i==="	";)i=e[++r+1];i!==`
`&&!(i==="\r"&&e[r+2]===`
`)&&(n+=r>s?e.slice(s,r+1):o)}else n+=o}return(e[e.length-1]!=='"'||e.length===1)&&t(e.length,"MISSING_CHAR",'Missing cl\
osing "quote'),n}function LD(e,t){let n="",r=e[t+1];for(;(r===" "||r==="	"||r===`
`||r==="\r")&&!(r==="\r"&&e[t+2]!==`
`);)r===`
`&&(n+=`
`),t+=1,r=e[t+1];return n||(n=" "),{fold:n,offset:t}}var FD={0:"\0",a:"\x07",b:"\b",e:"\x1B",f:"\f",n:`
`,r:"\r",t:"	",v:"\v",N:"\x85",_:"\xA0",L:"\u2028",P:"\u2029"," ":" ",'"':'"',"/":"/","\\":"\\","	":"	"};function MD(e,t,n,r){
let o=e.substr(t,n),i=o.length===n&&/^[0-9a-fA-F]+$/.test(o)?parseInt(o,16):NaN;try{return String.fromCodePoint(i)}catch{
let a=e.substr(t-2,n+2);return r(t-2,"BAD_DQ_ESCAPE",`Invalid escape sequence ${a}`),a}}sS.resolveFlowScalar=ID});var lS=_(aS=>{"use strict";var yo=Z(),iS=_e(),DD=Dm(),UD=qm();function qD(e,t,n,r){let{value:o,type:s,comment:i,range:a}=t.
type==="block-scalar"?DD.resolveBlockScalar(e,t,r):UD.resolveFlowScalar(t,e.options.strict,r),l=n?e.directives.tagName(n.
source,d=>r(n,"TAG_RESOLVE_FAILED",d)):null,c;e.options.stringKeys&&e.atKey?c=e.schema[yo.SCALAR]:l?c=GD(e.schema,o,l,n,
r):t.type==="scalar"?c=WD(e,o,t,r):c=e.schema[yo.SCALAR];let u;try{let d=c.resolve(o,f=>r(n??t,"TAG_RESOLVE_FAILED",f),e.
options);u=yo.isScalar(d)?d:new iS.Scalar(d)}catch(d){let f=d instanceof Error?d.message:String(d);r(n??t,"TAG_RESOLVE_F\
AILED",f),u=new iS.Scalar(o)}return u.range=a,u.source=o,s&&(u.type=s),l&&(u.tag=l),c.format&&(u.format=c.format),i&&(u.
comment=i),u}function GD(e,t,n,r,o){var a;if(n==="!")return e[yo.SCALAR];let s=[];for(let l of e.tags)if(!l.collection&&
l.tag===n)if(l.default&&l.test)s.push(l);else return l;for(let l of s)if((a=l.test)!=null&&a.test(t))return l;let i=e.knownTags[n];
return i&&!i.collection?(e.tags.push(Object.assign({},i,{default:!1,test:void 0})),i):(o(r,"TAG_RESOLVE_FAILED",`Unresol\
ved tag: ${n}`,n!=="tag:yaml.org,2002:str"),e[yo.SCALAR])}function WD({atKey:e,directives:t,schema:n},r,o,s){let i=n.tags.
find(a=>{var l;return(a.default===!0||e&&a.default==="key")&&((l=a.test)==null?void 0:l.test(r))})||n[yo.SCALAR];if(n.compat){
let a=n.compat.find(l=>{var c;return l.default&&((c=l.test)==null?void 0:c.test(r))})??n[yo.SCALAR];if(i.tag!==a.tag){let l=t.
tagString(i.tag),c=t.tagString(a.tag),u=`Value may be parsed as either ${l} or ${c}`;s(o,"TAG_RESOLVE_FAILED",u,!0)}}return i}
aS.composeScalar=qD});var uS=_(cS=>{"use strict";function HD(e,t,n){if(t){n??(n=t.length);for(let r=n-1;r>=0;--r){let o=t[r];switch(o.type){case"\
space":case"comment":case"newline":e-=o.source.length;continue}for(o=t[++r];(o==null?void 0:o.type)==="space";)e+=o.source.
length,o=t[++r];break}}return e}cS.emptyScalarPosition=HD});var pS=_(Wm=>{"use strict";var BD=Hi(),KD=Z(),VD=nS(),dS=lS(),zD=bs(),JD=uS(),YD={composeNode:fS,composeEmptyNode:Gm};function fS(e,t,n,r){
let o=e.atKey,{spaceBefore:s,comment:i,anchor:a,tag:l}=n,c,u=!0;switch(t.type){case"alias":c=ZD(e,t,r),(a||l)&&r(t,"ALIA\
S_PROPS","An alias node must not specify any properties");break;case"scalar":case"single-quoted-scalar":case"double-quot\
ed-scalar":case"block-scalar":c=dS.composeScalar(e,t,l,r),a&&(c.anchor=a.source.substring(1));break;case"block-map":case"\
block-seq":case"flow-collection":try{c=VD.composeCollection(YD,e,t,n,r),a&&(c.anchor=a.source.substring(1))}catch(d){let f=d instanceof
Error?d.message:String(d);r(t,"RESOURCE_EXHAUSTION",f)}break;default:{let d=t.type==="error"?t.message:`Unsupported toke\
n (type: ${t.type})`;r(t,"UNEXPECTED_TOKEN",d),u=!1}}return c??(c=Gm(e,t.offset,void 0,null,n,r)),a&&c.anchor===""&&r(a,
"BAD_ALIAS","Anchor cannot be an empty string"),o&&e.options.stringKeys&&(!KD.isScalar(c)||typeof c.value!="string"||c.tag&&
c.tag!=="tag:yaml.org,2002:str")&&r(l??t,"NON_STRING_KEY","With stringKeys, all keys must be strings"),s&&(c.spaceBefore=
!0),i&&(t.type==="scalar"&&t.source===""?c.comment=i:c.commentBefore=i),e.options.keepSourceTokens&&u&&(c.srcToken=t),c}
function Gm(e,t,n,r,{spaceBefore:o,comment:s,anchor:i,tag:a,end:l},c){let u={type:"scalar",offset:JD.emptyScalarPosition(
t,n,r),indent:-1,source:""},d=dS.composeScalar(e,u,a,c);return i&&(d.anchor=i.source.substring(1),d.anchor===""&&c(i,"BA\
D_ALIAS","Anchor cannot be an empty string")),o&&(d.spaceBefore=!0),s&&(d.comment=s,d.range[2]=l),d}function ZD({options:e},{
offset:t,source:n,end:r},o){let s=new BD.Alias(n.substring(1));s.source===""&&o(t,"BAD_ALIAS","Alias cannot be an empty \
string"),s.source.endsWith(":")&&o(t+n.length-1,"BAD_ALIAS","Alias ending in : is ambiguous",!0);let i=t+n.length,a=zD.resolveEnd(
r,i,e.strict,o);return s.range=[t,i,a.offset],a.comment&&(s.comment=a.comment),s}Wm.composeEmptyNode=Gm;Wm.composeNode=fS});var gS=_(hS=>{"use strict";var XD=ia(),mS=pS(),QD=bs(),eU=ua();function tU(e,t,{offset:n,start:r,value:o,end:s},i){let a=Object.
assign({_directives:t},e),l=new XD.Document(void 0,a),c={atKey:!1,atRoot:!0,directives:l.directives,options:l.options,schema:l.
schema},u=eU.resolveProps(r,{indicator:"doc-start",next:o??(s==null?void 0:s[0]),offset:n,onError:i,parentIndent:0,startOnNewline:!0});
u.found&&(l.directives.docStart=!0,o&&(o.type==="block-map"||o.type==="block-seq")&&!u.hasNewline&&i(u.end,"MISSING_CHAR",
"Block collection cannot start on same line with directives-end marker")),l.contents=o?mS.composeNode(c,o,u,i):mS.composeEmptyNode(
c,u.end,r,null,u,i);let d=l.contents.range[2],f=QD.resolveEnd(s,d,!1,i);return f.comment&&(l.comment=f.comment),l.range=
[n,d,f.offset],l}hS.composeDoc=tU});var Bm=_(kS=>{"use strict";var nU=require("process"),rU=Op(),oU=ia(),da=ca(),yS=Z(),sU=gS(),iU=bs();function fa(e){if(typeof e==
"number")return[e,e+1];if(Array.isArray(e))return e.length===2?e:[e[0],e[1]];let{offset:t,source:n}=e;return[t,t+(typeof n==
"string"?n.length:1)]}function wS(e){var o;let t="",n=!1,r=!1;for(let s=0;s<e.length;++s){let i=e[s];switch(i[0]){case"#":
t+=(t===""?"":r?`

`:`
`)+(i.substring(1)||" "),n=!0,r=!1;break;case"%":((o=e[s+1])==null?void 0:o[0])!=="#"&&(s+=1),n=!1;break;default:n||(r=!0),
n=!1}}return{comment:t,afterEmptyLine:r}}var Hm=class{constructor(t={}){this.doc=null,this.atDirectives=!1,this.prelude=
[],this.errors=[],this.warnings=[],this.onError=(n,r,o,s)=>{let i=fa(n);s?this.warnings.push(new da.YAMLWarning(i,r,o)):
this.errors.push(new da.YAMLParseError(i,r,o))},this.directives=new rU.Directives({version:t.version||"1.2"}),this.options=
t}decorate(t,n){let{comment:r,afterEmptyLine:o}=wS(this.prelude);if(r){let s=t.contents;if(n)t.comment=t.comment?`${t.comment}\

${r}`:r;else if(o||t.directives.docStart||!s)t.commentBefore=r;else if(yS.isCollection(s)&&!s.flow&&s.items.length>0){let i=s.
items[0];yS.isPair(i)&&(i=i.key);let a=i.commentBefore;i.commentBefore=a?`${r}
${a}`:r}else{let i=s.commentBefore;s.commentBefore=i?`${r}
${i}`:r}}if(n){for(let s=0;s<this.errors.length;++s)t.errors.push(this.errors[s]);for(let s=0;s<this.warnings.length;++s)
t.warnings.push(this.warnings[s])}else t.errors=this.errors,t.warnings=this.warnings;this.prelude=[],this.errors=[],this.
warnings=[]}streamInfo(){return{comment:wS(this.prelude).comment,directives:this.directives,errors:this.errors,warnings:this.
warnings}}*compose(t,n=!1,r=-1){for(let o of t)yield*this.next(o);yield*this.end(n,r)}*next(t){switch(nU.env.LOG_STREAM&&
console.dir(t,{depth:null}),t.type){case"directive":this.directives.add(t.source,(n,r,o)=>{let s=fa(t);s[0]+=n,this.onError(
s,"BAD_DIRECTIVE",r,o)}),this.prelude.push(t.source),this.atDirectives=!0;break;case"document":{let n=sU.composeDoc(this.
options,this.directives,t,this.onError);this.atDirectives&&!n.directives.docStart&&this.onError(t,"MISSING_CHAR","Missin\
g directives-end/doc-start indicator line"),this.decorate(n,!1),this.doc&&(yield this.doc),this.doc=n,this.atDirectives=
!1;break}case"byte-order-mark":case"space":break;case"comment":case"newline":this.prelude.push(t.source);break;case"erro\
r":{let n=t.source?`${t.message}: ${JSON.stringify(t.source)}`:t.message,r=new da.YAMLParseError(fa(t),"UNEXPECTED_TOKEN",
n);this.atDirectives||!this.doc?this.errors.push(r):this.doc.errors.push(r);break}case"doc-end":{if(!this.doc){let r="Un\
expected doc-end without preceding document";this.errors.push(new da.YAMLParseError(fa(t),"UNEXPECTED_TOKEN",r));break}this.
doc.directives.docEnd=!0;let n=iU.resolveEnd(t.end,t.offset+t.source.length,this.doc.options.strict,this.onError);if(this.
decorate(this.doc,!0),n.comment){let r=this.doc.comment;this.doc.comment=r?`${r}
${n.comment}`:n.comment}this.doc.range[2]=n.offset;break}default:this.errors.push(new da.YAMLParseError(fa(t),"UNEXPECTE\
D_TOKEN",`Unsupported token ${t.type}`))}}*end(t=!1,n=-1){if(this.doc)this.decorate(this.doc,!0),yield this.doc,this.doc=
null;else if(t){let r=Object.assign({_directives:this.directives},this.options),o=new oU.Document(void 0,r);this.atDirectives&&
this.onError(n,"MISSING_CHAR","Missing directives-end indicator line"),o.range=[0,n,n],this.decorate(o,!1),yield o}}};kS.
Composer=Hm});var xS=_(nu=>{"use strict";var aU=Dm(),lU=qm(),cU=ca(),bS=Ji();function uU(e,t=!0,n){if(e){let r=(o,s,i)=>{let a=typeof o==
"number"?o:Array.isArray(o)?o[0]:o.offset;if(n)n(a,s,i);else throw new cU.YAMLParseError([a,a+1],s,i)};switch(e.type){case"\
scalar":case"single-quoted-scalar":case"double-quoted-scalar":return lU.resolveFlowScalar(e,t,r);case"block-scalar":return aU.
resolveBlockScalar({options:{strict:t}},e,r)}}return null}function dU(e,t){let{implicitKey:n=!1,indent:r,inFlow:o=!1,offset:s=-1,
type:i="PLAIN"}=t,a=bS.stringifyString({type:i,value:e},{implicitKey:n,indent:r>0?" ".repeat(r):"",inFlow:o,options:{blockQuote:!0,
lineWidth:-1}}),l=t.end??[{type:"newline",offset:-1,indent:r,source:`
`}];switch(a[0]){case"|":case">":{let c=a.indexOf(`
`),u=a.substring(0,c),d=a.substring(c+1)+`
`,f=[{type:"block-scalar-header",offset:s,indent:r,source:u}];return vS(f,l)||f.push({type:"newline",offset:-1,indent:r,
source:`
`}),{type:"block-scalar",offset:s,indent:r,props:f,source:d}}case'"':return{type:"double-quoted-scalar",offset:s,indent:r,
source:a,end:l};case"'":return{type:"single-quoted-scalar",offset:s,indent:r,source:a,end:l};default:return{type:"scalar",
offset:s,indent:r,source:a,end:l}}}function fU(e,t,n={}){let{afterKey:r=!1,implicitKey:o=!1,inFlow:s=!1,type:i}=n,a="ind\
ent"in e?e.indent:null;if(r&&typeof a=="number"&&(a+=2),!i)switch(e.type){case"single-quoted-scalar":i="QUOTE_SINGLE";break;case"\
double-quoted-scalar":i="QUOTE_DOUBLE";break;case"block-scalar":{let c=e.props[0];if(c.type!=="block-scalar-header")throw new Error(
"Invalid block scalar header");i=c.source[0]===">"?"BLOCK_FOLDED":"BLOCK_LITERAL";break}default:i="PLAIN"}let l=bS.stringifyString(
{type:i,value:t},{implicitKey:o||a===null,indent:a!==null&&a>0?" ".repeat(a):"",inFlow:s,options:{blockQuote:!0,lineWidth:-1}});
switch(l[0]){case"|":case">":pU(e,l);break;case'"':Km(e,l,"double-quoted-scalar");break;case"'":Km(e,l,"single-quoted-sc\
alar");break;default:Km(e,l,"scalar")}}function pU(e,t){let n=t.indexOf(`
`),r=t.substring(0,n),o=t.substring(n+1)+`
`;if(e.type==="block-scalar"){let s=e.props[0];if(s.type!=="block-scalar-header")throw new Error("Invalid block scalar h\
eader");s.source=r,e.source=o}else{let{offset:s}=e,i="indent"in e?e.indent:-1,a=[{type:"block-scalar-header",offset:s,indent:i,
source:r}];vS(a,"end"in e?e.end:void 0)||a.push({type:"newline",offset:-1,indent:i,source:`
`});for(let l of Object.keys(e))l!=="type"&&l!=="offset"&&delete e[l];Object.assign(e,{type:"block-scalar",indent:i,props:a,
source:o})}}function vS(e,t){if(t)for(let n of t)switch(n.type){case"space":case"comment":e.push(n);break;case"newline":
return e.push(n),!0}return!1}function Km(e,t,n){switch(e.type){case"scalar":case"double-quoted-scalar":case"single-quote\
d-scalar":e.type=n,e.source=t;break;case"block-scalar":{let r=e.props.slice(1),o=t.length;e.props[0].type==="block-scala\
r-header"&&(o-=e.props[0].source.length);for(let s of r)s.offset+=o;delete e.props,Object.assign(e,{type:n,source:t,end:r});
break}case"block-map":case"block-seq":{let o={type:"newline",offset:e.offset+t.length,indent:e.indent,source:`
`};delete e.items,Object.assign(e,{type:n,source:t,end:[o]});break}default:{let r="indent"in e?e.indent:-1,o="end"in e&&
Array.isArray(e.end)?e.end.filter(s=>s.type==="space"||s.type==="comment"||s.type==="newline"):[];for(let s of Object.keys(
e))s!=="type"&&s!=="offset"&&delete e[s];Object.assign(e,{type:n,indent:r,source:t,end:o})}}}nu.createScalarToken=dU;nu.
resolveAsScalar=uU;nu.setScalarValue=fU});var $S=_(SS=>{"use strict";var mU=e=>"type"in e?ou(e):ru(e);function ou(e){switch(e.type){case"block-scalar":{let t="";for(let n of e.
props)t+=ou(n);return t+e.source}case"block-map":case"block-seq":{let t="";for(let n of e.items)t+=ru(n);return t}case"f\
low-collection":{let t=e.start.source;for(let n of e.items)t+=ru(n);for(let n of e.end)t+=n.source;return t}case"documen\
t":{let t=ru(e);if(e.end)for(let n of e.end)t+=n.source;return t}default:{let t=e.source;if("end"in e&&e.end)for(let n of e.
end)t+=n.source;return t}}}function ru({start:e,key:t,sep:n,value:r}){let o="";for(let s of e)o+=s.source;if(t&&(o+=ou(t)),
n)for(let s of n)o+=s.source;return r&&(o+=ou(r)),o}SS.stringify=mU});var AS=_(TS=>{"use strict";var Vm=Symbol("break visit"),hU=Symbol("skip children"),RS=Symbol("remove item");function wo(e,t){
"type"in e&&e.type==="document"&&(e={start:e.start,value:e.value}),ES(Object.freeze([]),e,t)}wo.BREAK=Vm;wo.SKIP=hU;wo.REMOVE=
RS;wo.itemAtPath=(e,t)=>{let n=e;for(let[r,o]of t){let s=n==null?void 0:n[r];if(s&&"items"in s)n=s.items[o];else return}
return n};wo.parentCollection=(e,t)=>{let n=wo.itemAtPath(e,t.slice(0,-1)),r=t[t.length-1][0],o=n==null?void 0:n[r];if(o&&
"items"in o)return o;throw new Error("Parent collection not found")};function ES(e,t,n){let r=n(t,e);if(typeof r=="symbo\
l")return r;for(let o of["key","value"]){let s=t[o];if(s&&"items"in s){for(let i=0;i<s.items.length;++i){let a=ES(Object.
freeze(e.concat([[o,i]])),s.items[i],n);if(typeof a=="number")i=a-1;else{if(a===Vm)return Vm;a===RS&&(s.items.splice(i,1),
i-=1)}}typeof r=="function"&&o==="key"&&(r=r(t,e))}}return typeof r=="function"?r(t,e):r}TS.visit=wo});var su=_(gt=>{"use strict";var zm=xS(),gU=$S(),yU=AS(),Jm="\uFEFF",Ym="",Zm="",Xm="",wU=e=>!!e&&"items"in e,kU=e=>!!e&&
(e.type==="scalar"||e.type==="single-quoted-scalar"||e.type==="double-quoted-scalar"||e.type==="block-scalar");function bU(e){
switch(e){case Jm:return"<BOM>";case Ym:return"<DOC>";case Zm:return"<FLOW_END>";case Xm:return"<SCALAR>";default:return JSON.
stringify(e)}}function vU(e){switch(e){case Jm:return"byte-order-mark";case Ym:return"doc-mode";case Zm:return"flow-erro\
r-end";case Xm:return"scalar";case"---":return"doc-start";case"...":return"doc-end";case"":case`
`:case`\r
`:return"newline";case"-":return"seq-item-ind";case"?":return"explicit-key-ind";case":":return"map-value-ind";case"{":return"\
flow-map-start";case"}":return"flow-map-end";case"[":return"flow-seq-start";case"]":return"flow-seq-end";case",":return"\
comma"}switch(e[0]){case" ":case"	":return"space";case"#":return"comment";case"%":return"directive-line";case"*":return"\
alias";case"&":return"anchor";case"!":return"tag";case"'":return"single-quoted-scalar";case'"':return"double-quoted-scal\
ar";case"|":case">":return"block-scalar-header"}return null}gt.createScalarToken=zm.createScalarToken;gt.resolveAsScalar=
zm.resolveAsScalar;gt.setScalarValue=zm.setScalarValue;gt.stringify=gU.stringify;gt.visit=yU.visit;gt.BOM=Jm;gt.DOCUMENT=
Ym;gt.FLOW_END=Zm;gt.SCALAR=Xm;gt.isCollection=wU;gt.isScalar=kU;gt.prettyToken=bU;gt.tokenType=vU});var th=_(OS=>{"use strict";var pa=su();function sn(e){switch(e){case void 0:case" ":case`
`:case"\r":case"	":return!0;default:return!1}}var _S=new Set("0123456789ABCDEFabcdef"),xU=new Set("0123456789ABCDEFGHIJK\
LMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()"),iu=new Set(",[]{}"),SU=new Set(` ,[]{}
\r	`),Qm=e=>!e||SU.has(e),eh=class{constructor(){this.atEnd=!1,this.blockScalarIndent=-1,this.blockScalarKeep=!1,this.buffer=
"",this.flowKey=!1,this.flowLevel=0,this.indentNext=0,this.indentValue=0,this.lineEndPos=null,this.next=null,this.pos=0}*lex(t,n=!1){
if(t){if(typeof t!="string")throw TypeError("source is not a string");this.buffer=this.buffer?this.buffer+t:t,this.lineEndPos=
null}this.atEnd=!n;let r=this.next??"stream";for(;r&&(n||this.hasChars(1));)r=yield*this.parseNext(r)}atLineEnd(){let t=this.
pos,n=this.buffer[t];for(;n===" "||n==="	";)n=this.buffer[++t];return!n||n==="#"||n===`
`?!0:n==="\r"?this.buffer[t+1]===`
`:!1}charAt(t){return this.buffer[this.pos+t]}continueScalar(t){let n=this.buffer[t];if(this.indentNext>0){let r=0;for(;n===
" ";)n=this.buffer[++r+t];if(n==="\r"){let o=this.buffer[r+t+1];if(o===`
`||!o&&!this.atEnd)return t+r+1}return n===`
`||r>=this.indentNext||!n&&!this.atEnd?t+r:-1}if(n==="-"||n==="."){let r=this.buffer.substr(t,3);if((r==="---"||r==="...")&&
sn(this.buffer[t+3]))return-1}return t}getLine(){let t=this.lineEndPos;return(typeof t!="number"||t!==-1&&t<this.pos)&&(t=
this.buffer.indexOf(`
`,this.pos),this.lineEndPos=t),t===-1?this.atEnd?this.buffer.substring(this.pos):null:(this.buffer[t-1]==="\r"&&(t-=1),this.
buffer.substring(this.pos,t))}hasChars(t){return this.pos+t<=this.buffer.length}setNext(t){return this.buffer=this.buffer.
substring(this.pos),this.pos=0,this.lineEndPos=null,this.next=t,null}peek(t){return this.buffer.substr(this.pos,t)}*parseNext(t){
switch(t){case"stream":return yield*this.parseStream();case"line-start":return yield*this.parseLineStart();case"block-st\
art":return yield*this.parseBlockStart();case"doc":return yield*this.parseDocument();case"flow":return yield*this.parseFlowCollection();case"\
quoted-scalar":return yield*this.parseQuotedScalar();case"block-scalar":return yield*this.parseBlockScalar();case"plain-\
scalar":return yield*this.parsePlainScalar()}}*parseStream(){let t=this.getLine();if(t===null)return this.setNext("strea\
m");if(t[0]===pa.BOM&&(yield*this.pushCount(1),t=t.substring(1)),t[0]==="%"){let n=t.length,r=t.indexOf("#");for(;r!==-1;){
let s=t[r-1];if(s===" "||s==="	"){n=r-1;break}else r=t.indexOf("#",r+1)}for(;;){let s=t[n-1];if(s===" "||s==="	")n-=1;else
break}let o=(yield*this.pushCount(n))+(yield*this.pushSpaces(!0));return yield*this.pushCount(t.length-o),this.pushNewline(),
"stream"}if(this.atLineEnd()){let n=yield*this.pushSpaces(!0);return yield*this.pushCount(t.length-n),yield*this.pushNewline(),
"stream"}return yield pa.DOCUMENT,yield*this.parseLineStart()}*parseLineStart(){let t=this.charAt(0);if(!t&&!this.atEnd)
return this.setNext("line-start");if(t==="-"||t==="."){if(!this.atEnd&&!this.hasChars(4))return this.setNext("line-start");
let n=this.peek(3);if((n==="---"||n==="...")&&sn(this.charAt(3)))return yield*this.pushCount(3),this.indentValue=0,this.
indentNext=0,n==="---"?"doc":"stream"}return this.indentValue=yield*this.pushSpaces(!1),this.indentNext>this.indentValue&&
!sn(this.charAt(1))&&(this.indentNext=this.indentValue),yield*this.parseBlockStart()}*parseBlockStart(){let[t,n]=this.peek(
2);if(!n&&!this.atEnd)return this.setNext("block-start");if((t==="-"||t==="?"||t===":")&&sn(n)){let r=(yield*this.pushCount(
1))+(yield*this.pushSpaces(!0));return this.indentNext=this.indentValue+1,this.indentValue+=r,"block-start"}return"doc"}*parseDocument(){
yield*this.pushSpaces(!0);let t=this.getLine();if(t===null)return this.setNext("doc");let n=yield*this.pushIndicators();
switch(t[n]){case"#":yield*this.pushCount(t.length-n);case void 0:return yield*this.pushNewline(),yield*this.parseLineStart();case"\
{":case"[":return yield*this.pushCount(1),this.flowKey=!1,this.flowLevel=1,"flow";case"}":case"]":return yield*this.pushCount(
1),"doc";case"*":return yield*this.pushUntil(Qm),"doc";case'"':case"'":return yield*this.parseQuotedScalar();case"|":case"\
>":return n+=yield*this.parseBlockScalarHeader(),n+=yield*this.pushSpaces(!0),yield*this.pushCount(t.length-n),yield*this.
pushNewline(),yield*this.parseBlockScalar();default:return yield*this.parsePlainScalar()}}*parseFlowCollection(){let t,n,
r=-1;do t=yield*this.pushNewline(),t>0?(n=yield*this.pushSpaces(!1),this.indentValue=r=n):n=0,n+=yield*this.pushSpaces(!0);while(t+
n>0);let o=this.getLine();if(o===null)return this.setNext("flow");if((r!==-1&&r<this.indentNext&&o[0]!=="#"||r===0&&(o.startsWith(
"---")||o.startsWith("..."))&&sn(o[3]))&&!(r===this.indentNext-1&&this.flowLevel===1&&(o[0]==="]"||o[0]==="}")))return this.
flowLevel=0,yield pa.FLOW_END,yield*this.parseLineStart();let s=0;for(;o[s]===",";)s+=yield*this.pushCount(1),s+=yield*this.
pushSpaces(!0),this.flowKey=!1;switch(s+=yield*this.pushIndicators(),o[s]){case void 0:return"flow";case"#":return yield*this.
pushCount(o.length-s),"flow";case"{":case"[":return yield*this.pushCount(1),this.flowKey=!1,this.flowLevel+=1,"flow";case"\
}":case"]":return yield*this.pushCount(1),this.flowKey=!0,this.flowLevel-=1,this.flowLevel?"flow":"doc";case"*":return yield*this.
pushUntil(Qm),"flow";case'"':case"'":return this.flowKey=!0,yield*this.parseQuotedScalar();case":":{let i=this.charAt(1);
if(this.flowKey||sn(i)||i===",")return this.flowKey=!1,yield*this.pushCount(1),yield*this.pushSpaces(!0),"flow"}default:
return this.flowKey=!1,yield*this.parsePlainScalar()}}*parseQuotedScalar(){let t=this.charAt(0),n=this.buffer.indexOf(t,
this.pos+1);if(t==="'")for(;n!==-1&&this.buffer[n+1]==="'";)n=this.buffer.indexOf("'",n+2);else for(;n!==-1;){let s=0;for(;this.
buffer[n-1-s]==="\\";)s+=1;if(s%2===0)break;n=this.buffer.indexOf('"',n+1)}let r=this.buffer.substring(0,n),o=r.indexOf(
`
`,this.pos);if(o!==-1){for(;o!==-1;){let s=this.continueScalar(o+1);if(s===-1)break;o=r.indexOf(`
`,s)}o!==-1&&(n=o-(r[o-1]==="\r"?2:1))}if(n===-1){if(!this.atEnd)return this.setNext("quoted-scalar");n=this.buffer.length}
return yield*this.pushToIndex(n+1,!1),this.flowLevel?"flow":"doc"}*parseBlockScalarHeader(){this.blockScalarIndent=-1,this.
blockScalarKeep=!1;let t=this.pos;for(;;){let n=this.buffer[++t];if(n==="+")this.blockScalarKeep=!0;else if(n>"0"&&n<="9")
this.blockScalarIndent=Number(n)-1;else if(n!=="-")break}return yield*this.pushUntil(n=>sn(n)||n==="#")}*parseBlockScalar(){
let t=this.pos-1,n=0,r;e:for(let s=this.pos;r=this.buffer[s];++s)switch(r){case" ":n+=1;break;case`
`:t=s,n=0;break;case"\r":{let i=this.buffer[s+1];if(!i&&!this.atEnd)return this.setNext("block-scalar");if(i===`
`)break}default:break e}if(!r&&!this.atEnd)return this.setNext("block-scalar");if(n>=this.indentNext){this.blockScalarIndent===
-1?this.indentNext=n:this.indentNext=this.blockScalarIndent+(this.indentNext===0?1:this.indentNext);do{let s=this.continueScalar(
t+1);if(s===-1)break;t=this.buffer.indexOf(`
`,s)}while(t!==-1);if(t===-1){if(!this.atEnd)return this.setNext("block-scalar");t=this.buffer.length}}let o=t+1;for(r=this.
buffer[o];r===" ";)r=this.buffer[++o];if(r==="	"){for(;r==="	"||r===" "||r==="\r"||r===`
`;)r=this.buffer[++o];t=o-1}else if(!this.blockScalarKeep)do{let s=t-1,i=this.buffer[s];i==="\r"&&(i=this.buffer[--s]);let a=s;
for(;i===" ";)i=this.buffer[--s];if(i===`
`&&s>=this.pos&&s+1+n>a)t=s;else break}while(!0);return yield pa.SCALAR,yield*this.pushToIndex(t+1,!0),yield*this.parseLineStart()}*parsePlainScalar(){
let t=this.flowLevel>0,n=this.pos-1,r=this.pos-1,o;for(;o=this.buffer[++r];)if(o===":"){let s=this.buffer[r+1];if(sn(s)||
t&&iu.has(s))break;n=r}else if(sn(o)){let s=this.buffer[r+1];if(o==="\r"&&(s===`
`?(r+=1,o=`
`,s=this.buffer[r+1]):n=r),s==="#"||t&&iu.has(s))break;if(o===`
`){let i=this.continueScalar(r+1);if(i===-1)break;r=Math.max(r,i-2)}}else{if(t&&iu.has(o))break;n=r}return!o&&!this.atEnd?
this.setNext("plain-scalar"):(yield pa.SCALAR,yield*this.pushToIndex(n+1,!0),t?"flow":"doc")}*pushCount(t){return t>0?(yield this.
buffer.substr(this.pos,t),this.pos+=t,t):0}*pushToIndex(t,n){let r=this.buffer.slice(this.pos,t);return r?(yield r,this.
pos+=r.length,r.length):(n&&(yield""),0)}*pushIndicators(){let t=0;e:for(;;){switch(this.charAt(0)){case"!":t+=yield*this.
pushTag(),t+=yield*this.pushSpaces(!0);continue e;case"&":t+=yield*this.pushUntil(Qm),t+=yield*this.pushSpaces(!0);continue e;case"\
-":case"?":case":":{let n=this.flowLevel>0,r=this.charAt(1);if(sn(r)||n&&iu.has(r)){n?this.flowKey&&(this.flowKey=!1):this.
indentNext=this.indentValue+1,t+=yield*this.pushCount(1),t+=yield*this.pushSpaces(!0);continue e}}}break e}return t}*pushTag(){
if(this.charAt(1)==="<"){let t=this.pos+2,n=this.buffer[t];for(;!sn(n)&&n!==">";)n=this.buffer[++t];return yield*this.pushToIndex(
n===">"?t+1:t,!1)}else{let t=this.pos+1,n=this.buffer[t];for(;n;)if(xU.has(n))n=this.buffer[++t];else if(n==="%"&&_S.has(
this.buffer[t+1])&&_S.has(this.buffer[t+2]))n=this.buffer[t+=3];else break;return yield*this.pushToIndex(t,!1)}}*pushNewline(){
let t=this.buffer[this.pos];return t===`
`?yield*this.pushCount(1):t==="\r"&&this.charAt(1)===`
`?yield*this.pushCount(2):0}*pushSpaces(t){let n=this.pos-1,r;do r=this.buffer[++n];while(r===" "||t&&r==="	");let o=n-this.
pos;return o>0&&(yield this.buffer.substr(this.pos,o),this.pos=n),o}*pushUntil(t){let n=this.pos,r=this.buffer[n];for(;!t(
r);)r=this.buffer[++n];return yield*this.pushToIndex(n,!1)}};OS.Lexer=eh});var rh=_(PS=>{"use strict";var nh=class{constructor(){this.lineStarts=[],this.addNewLine=t=>this.lineStarts.push(t),this.
linePos=t=>{let n=0,r=this.lineStarts.length;for(;n<r;){let s=n+r>>1;this.lineStarts[s]<t?n=s+1:r=s}if(this.lineStarts[n]===
t)return{line:n+1,col:1};if(n===0)return{line:0,col:t};let o=this.lineStarts[n-1];return{line:n,col:t-o+1}}}};PS.LineCounter=
nh});var sh=_(LS=>{"use strict";var $U=require("process"),IS=su(),RU=th();function $r(e,t){for(let n=0;n<e.length;++n)if(e[n].
type===t)return!0;return!1}function NS(e){for(let t=0;t<e.length;++t)switch(e[t].type){case"space":case"comment":case"ne\
wline":break;default:return t}return-1}function jS(e){switch(e==null?void 0:e.type){case"alias":case"scalar":case"single\
-quoted-scalar":case"double-quoted-scalar":case"flow-collection":return!0;default:return!1}}function au(e){switch(e.type){case"\
document":return e.start;case"block-map":{let t=e.items[e.items.length-1];return t.sep??t.start}case"block-seq":return e.
items[e.items.length-1].start;default:return[]}}function vs(e){var n;if(e.length===0)return[];let t=e.length;e:for(;--t>=
0;)switch(e[t].type){case"doc-start":case"explicit-key-ind":case"map-value-ind":case"seq-item-ind":case"newline":break e}
for(;((n=e[++t])==null?void 0:n.type)==="space";);return e.splice(t,e.length)}function lu(e,t){if(t.length<1e5)Array.prototype.
push.apply(e,t);else for(let n=0;n<t.length;++n)e.push(t[n])}function CS(e){if(e.start.type==="flow-seq-start")for(let t of e.
items)t.sep&&!t.value&&!$r(t.start,"explicit-key-ind")&&!$r(t.sep,"map-value-ind")&&(t.key&&(t.value=t.key),delete t.key,
jS(t.value)?t.value.end?lu(t.value.end,t.sep):t.value.end=t.sep:lu(t.start,t.sep),delete t.sep)}var oh=class{constructor(t){
this.atNewLine=!0,this.atScalar=!1,this.indent=0,this.offset=0,this.onKeyLine=!1,this.stack=[],this.source="",this.type=
"",this.lexer=new RU.Lexer,this.onNewLine=t}*parse(t,n=!1){this.onNewLine&&this.offset===0&&this.onNewLine(0);for(let r of this.
lexer.lex(t,n))yield*this.next(r);n||(yield*this.end())}*next(t){if(this.source=t,$U.env.LOG_TOKENS&&console.log("|",IS.
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
type} token in YAML document`,source:this.source}}*scalar(t){if(this.type==="map-value-ind"){let n=au(this.peek(2)),r=vs(
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
lu(s,n.start),s.push(this.sourceToken),t.items.pop();return}}n.start.push(this.sourceToken)}return}if(this.indent>=t.indent){
let o=!this.onKeyLine&&this.indent===t.indent,s=o&&(n.sep||n.explicitKey)&&this.type!=="seq-item-ind",i=[];if(s&&n.sep&&
!n.value){let a=[];for(let l=0;l<n.sep.length;++l){let c=n.sep[l];switch(c.type){case"newline":a.push(l);break;case"spac\
e":break;case"comment":c.indent>t.indent&&(a.length=0);break;default:a.length=0}}a.length>=2&&(i=n.sep.splice(a[1]))}switch(this.
type){case"anchor":case"tag":s||n.value?(i.push(this.sourceToken),t.items.push({start:i}),this.onKeyLine=!0):n.sep?n.sep.
push(this.sourceToken):n.start.push(this.sourceToken);return;case"explicit-key-ind":!n.sep&&!n.explicitKey?(n.start.push(
this.sourceToken),n.explicitKey=!0):s||n.value?(i.push(this.sourceToken),t.items.push({start:i,explicitKey:!0})):this.stack.
push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:[this.sourceToken],explicitKey:!0}]}),this.onKeyLine=
!0;return;case"map-value-ind":if(n.explicitKey)if(n.sep)if(n.value)t.items.push({start:[],key:null,sep:[this.sourceToken]});else if($r(
n.sep,"map-value-ind"))this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:i,key:null,
sep:[this.sourceToken]}]});else if(jS(n.key)&&!$r(n.sep,"newline")){let a=vs(n.start),l=n.key,c=n.sep;c.push(this.sourceToken),
delete n.key,delete n.sep,this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:a,key:l,
sep:c}]})}else i.length>0?n.sep=n.sep.concat(i,this.sourceToken):n.sep.push(this.sourceToken);else if($r(n.start,"newlin\
e"))Object.assign(n,{key:null,sep:[this.sourceToken]});else{let a=vs(n.start);this.stack.push({type:"block-map",offset:this.
offset,indent:this.indent,items:[{start:a,key:null,sep:[this.sourceToken]}]})}else n.sep?n.value||s?t.items.push({start:i,
key:null,sep:[this.sourceToken]}):$r(n.sep,"map-value-ind")?this.stack.push({type:"block-map",offset:this.offset,indent:this.
indent,items:[{start:[],key:null,sep:[this.sourceToken]}]}):n.sep.push(this.sourceToken):Object.assign(n,{key:null,sep:[
this.sourceToken]});this.onKeyLine=!0;return;case"alias":case"scalar":case"single-quoted-scalar":case"double-quoted-scal\
ar":{let a=this.flowScalar(this.type);s||n.value?(t.items.push({start:i,key:a,sep:[]}),this.onKeyLine=!0):n.sep?this.stack.
push(a):(Object.assign(n,{key:a,sep:[]}),this.onKeyLine=!0);return}default:{let a=this.startBlockValue(t);if(a){if(a.type===
"block-seq"){if(!n.explicitKey&&n.sep&&!$r(n.sep,"newline")){yield*this.pop({type:"error",offset:this.offset,message:"Un\
expected block-seq-ind on same line with key",source:this.source});return}}else o&&t.items.push({start:i});this.stack.push(
a);return}}}}yield*this.pop(),yield*this.step()}*blockSequence(t){var r;let n=t.items[t.items.length-1];switch(this.type){case"\
newline":if(n.value){let o="end"in n.value?n.value.end:void 0,s=Array.isArray(o)?o[o.length-1]:void 0;(s==null?void 0:s.
type)==="comment"?o==null||o.push(this.sourceToken):t.items.push({start:[this.sourceToken]})}else n.start.push(this.sourceToken);
return;case"space":case"comment":if(n.value)t.items.push({start:[this.sourceToken]});else{if(this.atIndentedComment(n.start,
t.indent)){let o=t.items[t.items.length-2],s=(r=o==null?void 0:o.value)==null?void 0:r.end;if(Array.isArray(s)){lu(s,n.start),
s.push(this.sourceToken),t.items.pop();return}}n.start.push(this.sourceToken)}return;case"anchor":case"tag":if(n.value||
this.indent<=t.indent)break;n.start.push(this.sourceToken);return;case"seq-item-ind":if(this.indent!==t.indent)break;n.value||
$r(n.start,"seq-item-ind")?t.items.push({start:[this.sourceToken]}):n.start.push(this.sourceToken);return}if(this.indent>
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
length-1].sep))yield*this.pop(),yield*this.step();else if(this.type==="map-value-ind"&&r.type!=="flow-collection"){let o=au(
r),s=vs(o);CS(t);let i=t.end.splice(1,t.end.length);i.push(this.sourceToken);let a={type:"block-map",offset:t.offset,indent:t.
indent,items:[{start:s,key:t,sep:i}]};this.onKeyLine=!0,this.stack[this.stack.length-1]=a}else yield*this.lineEnd(t)}}flowScalar(t){
if(this.onNewLine){let n=this.source.indexOf(`
`)+1;for(;n!==0;)this.onNewLine(this.offset+n),n=this.source.indexOf(`
`,n)+1}return{type:t,offset:this.offset,indent:this.indent,source:this.source}}startBlockValue(t){switch(this.type){case"\
alias":case"scalar":case"single-quoted-scalar":case"double-quoted-scalar":return this.flowScalar(this.type);case"block-s\
calar-header":return{type:"block-scalar",offset:this.offset,indent:this.indent,props:[this.sourceToken],source:""};case"\
flow-map-start":case"flow-seq-start":return{type:"flow-collection",offset:this.offset,indent:this.indent,start:this.sourceToken,
items:[],end:[]};case"seq-item-ind":return{type:"block-seq",offset:this.offset,indent:this.indent,items:[{start:[this.sourceToken]}]};case"\
explicit-key-ind":{this.onKeyLine=!0;let n=au(t),r=vs(n);return r.push(this.sourceToken),{type:"block-map",offset:this.offset,
indent:this.indent,items:[{start:r,explicitKey:!0}]}}case"map-value-ind":{this.onKeyLine=!0;let n=au(t),r=vs(n);return{type:"\
block-map",offset:this.offset,indent:this.indent,items:[{start:r,key:null,sep:[this.sourceToken]}]}}}return null}atIndentedComment(t,n){
return this.type!=="comment"||this.indent<=n?!1:t.every(r=>r.type==="newline"||r.type==="space")}*documentEnd(t){this.type!==
"doc-mode"&&(t.end?t.end.push(this.sourceToken):t.end=[this.sourceToken],this.type==="newline"&&(yield*this.pop()))}*lineEnd(t){
switch(this.type){case"comma":case"doc-start":case"doc-end":case"flow-seq-end":case"flow-map-end":case"map-value-ind":yield*this.
pop(),yield*this.step();break;case"newline":this.onKeyLine=!1;default:t.end?t.end.push(this.sourceToken):t.end=[this.sourceToken],
this.type==="newline"&&(yield*this.pop())}}};LS.Parser=oh});var qS=_(ha=>{"use strict";var FS=Bm(),EU=ia(),ma=ca(),TU=Wp(),AU=Z(),_U=rh(),MS=sh();function DS(e){let t=e.prettyErrors!==
!1;return{lineCounter:e.lineCounter||t&&new _U.LineCounter||null,prettyErrors:t}}function OU(e,t={}){let{lineCounter:n,prettyErrors:r}=DS(
t),o=new MS.Parser(n==null?void 0:n.addNewLine),s=new FS.Composer(t),i=Array.from(s.compose(o.parse(e)));if(r&&n)for(let a of i)
a.errors.forEach(ma.prettifyError(e,n)),a.warnings.forEach(ma.prettifyError(e,n));return i.length>0?i:Object.assign([],{
empty:!0},s.streamInfo())}function US(e,t={}){let{lineCounter:n,prettyErrors:r}=DS(t),o=new MS.Parser(n==null?void 0:n.addNewLine),
s=new FS.Composer(t),i=null;for(let a of s.compose(o.parse(e),!0,e.length))if(!i)i=a;else if(i.options.logLevel!=="silen\
t"){i.errors.push(new ma.YAMLParseError(a.range.slice(0,2),"MULTIPLE_DOCS","Source contains multiple documents; please u\
se YAML.parseAllDocuments()"));break}return r&&n&&(i.errors.forEach(ma.prettifyError(e,n)),i.warnings.forEach(ma.prettifyError(
e,n))),i}function PU(e,t,n){let r;typeof t=="function"?r=t:n===void 0&&t&&typeof t=="object"&&(n=t);let o=US(e,n);if(!o)
return null;if(o.warnings.forEach(s=>TU.warn(o.options.logLevel,s)),o.errors.length>0){if(o.options.logLevel!=="silent")
throw o.errors[0];o.errors=[]}return o.toJS(Object.assign({reviver:r},n))}function IU(e,t,n){let r=null;if(typeof t=="fu\
nction"||Array.isArray(t)?r=t:n===void 0&&t&&(n=t),typeof n=="string"&&(n=n.length),typeof n=="number"){let o=Math.round(
n);n=o<1?void 0:o>8?{indent:8}:{indent:o}}if(e===void 0){let{keepUndefined:o}=n??t??{};if(!o)return}return AU.isDocument(
e)&&!r?e.toString(n):new EU.Document(e,r,n).toString(n)}ha.parse=PU;ha.parseAllDocuments=OU;ha.parseDocument=US;ha.stringify=
IU});var uu=_(ie=>{"use strict";var NU=Bm(),CU=ia(),jU=Rm(),ih=ca(),LU=Hi(),Rr=Z(),FU=br(),MU=_e(),DU=xr(),UU=Sr(),qU=su(),GU=th(),
WU=rh(),HU=sh(),cu=qS(),GS=Ui();ie.Composer=NU.Composer;ie.Document=CU.Document;ie.Schema=jU.Schema;ie.YAMLError=ih.YAMLError;
ie.YAMLParseError=ih.YAMLParseError;ie.YAMLWarning=ih.YAMLWarning;ie.Alias=LU.Alias;ie.isAlias=Rr.isAlias;ie.isCollection=
Rr.isCollection;ie.isDocument=Rr.isDocument;ie.isMap=Rr.isMap;ie.isNode=Rr.isNode;ie.isPair=Rr.isPair;ie.isScalar=Rr.isScalar;
ie.isSeq=Rr.isSeq;ie.Pair=FU.Pair;ie.Scalar=MU.Scalar;ie.YAMLMap=DU.YAMLMap;ie.YAMLSeq=UU.YAMLSeq;ie.CST=qU;ie.Lexer=GU.
Lexer;ie.LineCounter=WU.LineCounter;ie.Parser=HU.Parser;ie.parse=cu.parse;ie.parseAllDocuments=cu.parseAllDocuments;ie.parseDocument=
cu.parseDocument;ie.stringify=cu.stringify;ie.visit=GS.visit;ie.visitAsync=GS.visitAsync});var LV={};fO(LV,{diffReports:()=>E$,expectableOf:()=>_$,explain:()=>I$,fleetFormats:()=>Js,fleetInputNames:()=>zE,fleetOfFolders:()=>BE,
fleetOptions:()=>JE,forForeignFacts:()=>pi,help:()=>D$,helpFor:()=>U$,isSick:()=>We,lintChecks:()=>GA,lintFormats:()=>g_,
loadRunnerConfig:()=>Us,lookAgain:()=>jv,maxReportSize:()=>_a,maxYamlSize:()=>At,mistakeInExpectations:()=>bh,mistakeInHead:()=>tf,
otherChecks:()=>S$,parseYaml:()=>Je,policyFor:()=>q$,publishedAfter:()=>LE,publishedReport:()=>jE,readListInput:()=>H_,readPolicy:()=>W_,
readReport:()=>_s,readToolsInput:()=>K_,readWorkflow:()=>rr,renderAfterJson:()=>$$,renderAfterLog:()=>Z_,renderAfterPrometheus:()=>nO,
renderAfterSummary:()=>X_,renderFleetText:()=>ld,renderList:()=>Au,renderPolicy:()=>z$,renderReportPage:()=>bE,runLint:()=>y_,
runnerTemplate:()=>WA,sickLines:()=>AE,watchFleet:()=>xT});module.exports=pO(LV);var hn,mO={lang:void 0,message:void 0,abortEarly:void 0,abortPipeEarly:void 0};function ky(e){return!e&&!hn?mO:{lang:(e==null?void 0:e.lang)??(hn==null?void 0:hn.lang),message:e==null?void 0:e.message,
abortEarly:(e==null?void 0:e.abortEarly)??(hn==null?void 0:hn.abortEarly),abortPipeEarly:(e==null?void 0:e.abortPipeEarly)??
(hn==null?void 0:hn.abortPipeEarly)}}var Ud;function hO(e){return Ud==null?void 0:Ud.get(e)}var qd;function gO(e){return qd==null?void 0:qd.get(e)}var Gd;function yO(e,t){var n;return(n=Gd==null?void 0:Gd.get(e))==null?void 0:n.get(t)}function Gr(e){var n,r;let t=typeof e;return t==="string"?`"${e}"`:t==="number"||t==="bigint"||t==="boolean"?`${e}`:t===
"object"||t==="function"?(e&&((r=(n=Object.getPrototypeOf(e))==null?void 0:n.constructor)==null?void 0:r.name))??"null":
t}function ne(e,t,n,r,o){let s=o&&"input"in o?o.input:n.value,i=(o==null?void 0:o.expected)??e.expects??null,a=(o==null?
void 0:o.received)??Gr(s),l={kind:e.kind,type:e.type,input:s,expected:i,received:a,message:`Invalid ${t}: ${i?`Expected ${i}\
 but r`:"R"}eceived ${a}`,requirement:e.requirement,path:o==null?void 0:o.path,issues:o==null?void 0:o.issues,lang:r.lang,
abortEarly:r.abortEarly,abortPipeEarly:r.abortPipeEarly},c=e.kind==="schema",u=(o==null?void 0:o.message)??e.message??yO(
e.reference,l.lang)??(c?gO(l.lang):null)??r.message??hO(l.lang);u!==void 0&&(l.message=typeof u=="function"?u(l):u),c&&(n.
typed=!1),n.issues?n.issues.push(l):n.issues=[l]}function wO(e,t){return e===t||Number.isNaN(e)&&Number.isNaN(t)}function by(e,t){return Object.prototype.hasOwnProperty.
call(e,t)&&t!=="__proto__"&&t!=="prototype"&&t!=="constructor"}function Wd(e,t){let n=[...new Set(e)];return n.length>1?`(${n.join(` ${t} `)})`:n[0]??"never"}function He(e){return e["\
~standard"]={version:1,vendor:"valibot",validate:t=>e["~run"]({value:t},ky())},e}var MV=new RegExp("^(?:[\\u{1F1E6}-\\u{1F1FF}]{2}|\\u{1F3F4}[\\u{E0061}-\\u{E007A}]{2}[\\u{E0030}-\\u{E0039}\\u{E0061}-\\u{E007A}\
]{1,3}\\u{E007F}|(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|(?![\\p{Emoji_Modifier_Base}\\u{1F1E6\
}-\\u{1F1FF}])\\p{Emoji_Presentation})(?:\\u200D(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|(?![\\p\
{Emoji_Modifier_Base}\\u{1F1E6}-\\u{1F1FF}])\\p{Emoji_Presentation}))*)+$","u");function Wr(e,t){return{kind:"validation",type:"check",reference:Wr,async:!1,expects:null,requirement:e,message:t,"~run"(n,r){
return n.typed&&!this.requirement(n.value)&&ne(this,"input",n,r),n}}}function Hd(e){return{kind:"validation",type:"finite",reference:Hd,async:!1,expects:null,requirement:Number.isFinite,message:e,
"~run"(t,n){return t.typed&&!this.requirement(t.value)&&ne(this,"finite",t,n),t}}}function di(e){return{kind:"validation",type:"integer",reference:di,async:!1,expects:null,requirement:Number.isInteger,message:e,
"~run"(t,n){return t.typed&&!this.requirement(t.value)&&ne(this,"integer",t,n),t}}}function cl(e,t){return{kind:"validation",type:"max_length",reference:cl,async:!1,expects:`<=${e}`,requirement:e,message:t,
"~run"(n,r){return n.typed&&n.value.length>this.requirement&&ne(this,"length",n,r,{received:`${n.value.length}`}),n}}}function Bd(e,t){return{kind:"validation",type:"max_value",reference:Bd,async:!1,expects:`<=${e instanceof Date?e.toJSON():
Gr(e)}`,requirement:e,message:t,"~run"(n,r){return n.typed&&!(n.value<=this.requirement)&&ne(this,"value",n,r,{received:n.
value instanceof Date?n.value.toJSON():Gr(n.value)}),n}}}function ul(e,t){return{kind:"validation",type:"min_length",reference:ul,async:!1,expects:`>=${e}`,requirement:e,message:t,
"~run"(n,r){return n.typed&&n.value.length<this.requirement&&ne(this,"length",n,r,{received:`${n.value.length}`}),n}}}function Hr(e,t){return{kind:"validation",type:"min_value",reference:Hr,async:!1,expects:`>=${e instanceof Date?e.toJSON():
Gr(e)}`,requirement:e,message:t,"~run"(n,r){return n.typed&&!(n.value>=this.requirement)&&ne(this,"value",n,r,{received:n.
value instanceof Date?n.value.toJSON():Gr(n.value)}),n}}}function Kd(e){return{kind:"validation",type:"non_empty",reference:Kd,async:!1,expects:"!0",message:e,"~run"(t,n){return t.
typed&&t.value.length===0&&ne(this,"length",t,n,{received:"0"}),t}}}function Be(e,t){return{kind:"validation",type:"regex",reference:Be,async:!1,expects:`${e}`,requirement:e,message:t,"~ru\
n"(n,r){return n.typed&&!this.requirement.test(n.value)&&ne(this,"format",n,r),n}}}function Vd(e){return{kind:"validation",type:"safe_integer",reference:Vd,async:!1,expects:null,requirement:Number.isSafeInteger,
message:e,"~run"(t,n){return t.typed&&!this.requirement(t.value)&&ne(this,"safe integer",t,n),t}}}var vy={abortEarly:!0};function zd(e,t,n){return typeof e.fallback=="function"?e.fallback(t,n):e.fallback}function dl(e,t,n){return typeof e.default=="function"?e.default(t,n):e.default}function xy(e,t){return!e["~run"]({value:t},vy).issues}function re(e,t){return He({kind:"schema",type:"array",reference:re,expects:"Array",async:!1,item:e,message:t,"~run"(n,r){
var s;let o=n.value;if(Array.isArray(o)){n.typed=!0,n.value=[];for(let i=0;i<o.length;i++){let a=o[i],l=this.item["~run"](
{value:a},r);if(l.issues){let c={type:"array",origin:"value",input:o,key:i,value:a};for(let u of l.issues)u.path?u.path.
unshift(c):u.path=[c],(s=n.issues)==null||s.push(u);if(n.issues||(n.issues=l.issues),r.abortEarly){n.typed=!1;break}}l.typed||
(n.typed=!1),n.value.push(l.value)}}else ne(this,"type",n,r);return n}})}function ar(e){return He({kind:"schema",type:"boolean",reference:ar,expects:"boolean",async:!1,message:e,"~run"(t,n){return typeof t.
value=="boolean"?t.typed=!0:ne(this,"type",t,n),t}})}function Ke(e,t){return He({kind:"schema",type:"literal",reference:Ke,expects:Gr(e),async:!1,literal:e,message:t,"~run"(n,r){
return wO(n.value,this.literal)?n.typed=!0:ne(this,"type",n,r),n}})}function B(e,t){return He({kind:"schema",type:"loose\
_object",reference:B,expects:"Object",async:!1,entries:e,message:t,"~run"(n,r){var s;let o=n.value;if(o&&typeof o=="obje\
ct"){n.typed=!0,n.value={};for(let i in this.entries){let a=this.entries[i];if(i in o||(a.type==="exact_optional"||a.type===
"optional"||a.type==="nullish")&&a.default!==void 0){let l=i in o?o[i]:dl(a),c=a["~run"]({value:l},r);if(c.issues){let u={
type:"object",origin:"value",input:o,key:i,value:l};for(let d of c.issues)d.path?d.path.unshift(u):d.path=[u],(s=n.issues)==
null||s.push(d);if(n.issues||(n.issues=c.issues),r.abortEarly){n.typed=!1;break}}c.typed||(n.typed=!1),n.value[i]=c.value}else if(a.
fallback!==void 0)n.value[i]=zd(a);else if(a.type!=="exact_optional"&&a.type!=="optional"&&a.type!=="nullish"&&(ne(this,
"key",n,r,{input:void 0,expected:`"${i}"`,path:[{type:"object",origin:"key",input:o,key:i,value:o[i]}]}),r.abortEarly))break}
if(!n.issues||!r.abortEarly)for(let i in o)by(o,i)&&!Object.prototype.hasOwnProperty.call(this.entries,i)&&(n.value[i]=o[i])}else
ne(this,"type",n,r);return n}})}function Jd(e,t,n){return He({kind:"schema",type:"map",reference:Jd,expects:"Map",async:!1,key:e,value:t,message:n,"~run"(r,o){
var i,a;let s=r.value;if(s instanceof Map){r.typed=!0,r.value=new Map;for(let[l,c]of s){let u=this.key["~run"]({value:l},
o);if(u.issues){let f={type:"map",origin:"key",input:s,key:l,value:c};for(let p of u.issues)p.path?p.path.unshift(f):p.path=
[f],(i=r.issues)==null||i.push(p);if(r.issues||(r.issues=u.issues),o.abortEarly){r.typed=!1;break}}let d=this.value["~ru\
n"]({value:c},o);if(d.issues){let f={type:"map",origin:"value",input:s,key:l,value:c};for(let p of d.issues)p.path?p.path.
unshift(f):p.path=[f],(a=r.issues)==null||a.push(p);if(r.issues||(r.issues=d.issues),o.abortEarly){r.typed=!1;break}}(!u.
typed||!d.typed)&&(r.typed=!1),r.value.set(u.value,d.value)}}else ne(this,"type",r,o);return r}})}function ve(e){return He({kind:"schema",type:"number",reference:ve,expects:"number",async:!1,message:e,"~run"(t,n){return typeof t.
value=="number"&&!isNaN(t.value)?t.typed=!0:ne(this,"type",t,n),t}})}function Br(e,t){return He({kind:"schema",type:"obj\
ect",reference:Br,expects:"Object",async:!1,entries:e,message:t,"~run"(n,r){var s;let o=n.value;if(o&&typeof o=="object"){
n.typed=!0,n.value={};for(let i in this.entries){let a=this.entries[i];if(i in o||(a.type==="exact_optional"||a.type==="\
optional"||a.type==="nullish")&&a.default!==void 0){let l=i in o?o[i]:dl(a),c=a["~run"]({value:l},r);if(c.issues){let u={
type:"object",origin:"value",input:o,key:i,value:l};for(let d of c.issues)d.path?d.path.unshift(u):d.path=[u],(s=n.issues)==
null||s.push(d);if(n.issues||(n.issues=c.issues),r.abortEarly){n.typed=!1;break}}c.typed||(n.typed=!1),n.value[i]=c.value}else if(a.
fallback!==void 0)n.value[i]=zd(a);else if(a.type!=="exact_optional"&&a.type!=="optional"&&a.type!=="nullish"&&(ne(this,
"key",n,r,{input:void 0,expected:`"${i}"`,path:[{type:"object",origin:"key",input:o,key:i,value:o[i]}]}),r.abortEarly))break}}else
ne(this,"type",n,r);return n}})}function $(e,t){return He({kind:"schema",type:"optional",reference:$,expects:`(${e.expects} | undefined)`,async:!1,wrapped:e,
default:t,"~run"(n,r){return n.value===void 0&&(this.default!==void 0&&(n.value=dl(this,n,r)),n.value===void 0)?(n.typed=
!0,n):this.wrapped["~run"](n,r)}})}function ce(e,t){return He({kind:"schema",type:"picklist",reference:ce,expects:Wd(e.map(Gr),"|"),async:!1,options:e,message:t,
"~run"(n,r){return this.options.includes(n.value)?n.typed=!0:ne(this,"type",n,r),n}})}function bt(e,t,n){return He({kind:"schema",type:"record",reference:bt,expects:"Object",async:!1,key:e,value:t,message:n,
"~run"(r,o){var i,a;let s=r.value;if(s&&typeof s=="object"){r.typed=!0,r.value={};for(let l in s)if(by(s,l)){let c=s[l],
u=this.key["~run"]({value:l},o);if(u.issues){let f={type:"object",origin:"key",input:s,key:l,value:c};for(let p of u.issues)
p.path=[f],(i=r.issues)==null||i.push(p);if(r.issues||(r.issues=u.issues),o.abortEarly){r.typed=!1;break}}let d=this.value["\
~run"]({value:c},o);if(d.issues){let f={type:"object",origin:"value",input:s,key:l,value:c};for(let p of d.issues)p.path?
p.path.unshift(f):p.path=[f],(a=r.issues)==null||a.push(p);if(r.issues||(r.issues=d.issues),o.abortEarly){r.typed=!1;break}}
(!u.typed||!d.typed)&&(r.typed=!1),u.typed&&(r.value[u.value]=d.value)}}else ne(this,"type",r,o);return r}})}function vt(e,t){return He({kind:"schema",type:"strict_object",reference:vt,expects:"Object",async:!1,entries:e,message:t,
"~run"(n,r){var s;let o=n.value;if(o&&typeof o=="object"){n.typed=!0,n.value={};for(let i in this.entries){let a=this.entries[i];
if(i in o||(a.type==="exact_optional"||a.type==="optional"||a.type==="nullish")&&a.default!==void 0){let l=i in o?o[i]:dl(
a),c=a["~run"]({value:l},r);if(c.issues){let u={type:"object",origin:"value",input:o,key:i,value:l};for(let d of c.issues)
d.path?d.path.unshift(u):d.path=[u],(s=n.issues)==null||s.push(d);if(n.issues||(n.issues=c.issues),r.abortEarly){n.typed=
!1;break}}c.typed||(n.typed=!1),n.value[i]=c.value}else if(a.fallback!==void 0)n.value[i]=zd(a);else if(a.type!=="exact_\
optional"&&a.type!=="optional"&&a.type!=="nullish"&&(ne(this,"key",n,r,{input:void 0,expected:`"${i}"`,path:[{type:"obje\
ct",origin:"key",input:o,key:i,value:o[i]}]}),r.abortEarly))break}if(!n.issues||!r.abortEarly){for(let i in o)if(!Object.
prototype.hasOwnProperty.call(this.entries,i)){ne(this,"key",n,r,{input:i,expected:"never",path:[{type:"object",origin:"\
key",input:o,key:i,value:o[i]}]});break}}}else ne(this,"type",n,r);return n}})}function A(e){return He({kind:"schema",type:"string",reference:A,expects:"string",async:!1,message:e,"~run"(t,n){return typeof t.
value=="string"?t.typed=!0:ne(this,"type",t,n),t}})}function Yd(e,t){return He({kind:"schema",type:"tuple",reference:Yd,expects:"Array",async:!1,items:e,message:t,"~run"(n,r){
var s;let o=n.value;if(Array.isArray(o)){n.typed=!0,n.value=[];for(let i=0;i<this.items.length;i++){let a=o[i],l=this.items[i]["\
~run"]({value:a},r);if(l.issues){let c={type:"array",origin:"value",input:o,key:i,value:a};for(let u of l.issues)u.path?
u.path.unshift(c):u.path=[c],(s=n.issues)==null||s.push(u);if(n.issues||(n.issues=l.issues),r.abortEarly){n.typed=!1;break}}
l.typed||(n.typed=!1),n.value.push(l.value)}}else ne(this,"type",n,r);return n}})}function wy(e){let t;if(e)for(let n of e)if(t)for(let r of n.issues)t.push(r);else t=n.issues;return t}function ct(e,t){
return He({kind:"schema",type:"union",reference:ct,expects:Wd(e.map(n=>n.expects),"|"),async:!1,options:e,message:t,"~ru\
n"(n,r){let o,s,i;for(let a of this.options){let l=a["~run"]({value:n.value},r);if(l.typed)if(l.issues)s?s.push(l):s=[l];else{
o=l;break}else i?i.push(l):i=[l]}if(o)return o;if(s){if(s.length===1)return s[0];ne(this,"type",n,r,{issues:wy(s)}),n.typed=
!0}else{if((i==null?void 0:i.length)===1)return i[0];ne(this,"type",n,r,{issues:wy(i)})}return n}})}function fi(){return He({kind:"schema",type:"unknown",reference:fi,expects:"unknown",async:!1,"~run"(e){return e.typed=!0,
e}})}function Zd(e,t,n){return He({kind:"schema",type:"variant",reference:Zd,expects:"Object",async:!1,key:e,options:t,message:n,
"~run"(r,o){let s=r.value;if(s&&typeof s=="object"){let i,a=0,l=this.key,c=[],u=(d,f)=>{for(let p of d.options){if(p.type===
"variant")u(p,new Set(f).add(p.key));else{let h=!0,m=0;for(let y of f){let w=p.entries[y];if(y in s?w["~run"]({typed:!1,
value:s[y]},vy).issues:w.type!=="exact_optional"&&w.type!=="optional"&&w.type!=="nullish"){h=!1,l!==y&&(a<m||a===m&&y in
s&&!(l in s))&&(a=m,l=y,c=[]),l===y&&c.push(p.entries[y].expects);break}m++}if(h){let y=p["~run"]({value:s},o);(!i||!i.typed&&
y.typed)&&(i=y)}}if(i&&!i.issues)break}};if(u(this,new Set([this.key])),i)return i;ne(this,"type",r,o,{input:s[l],expected:Wd(
c,"|"),path:[{type:"object",origin:"value",input:s,key:l,value:s[l]}]})}else ne(this,"type",r,o);return r}})}function fe(...e){return He({...e[0],pipe:e,"~run"(t,n){for(let r of e)if(r.kind!=="metadata"){if(t.issues&&(r.kind==="s\
chema"||r.kind==="transformation")){t.typed=!1;break}(!t.issues||!n.abortEarly&&!n.abortPipeEarly)&&(t=r["~run"](t,n))}return t}})}function Yt(e,t,n){let r=e["~run"]({value:t},ky(n));return{typed:r.typed,success:!r.issues,output:r.value,issues:r.issues}}function g(e){return`\`${e.split("`").join("'")}\``}function G(e){return/^[\w@%+=:,./-]+$/.test(e)?e:/[\u0000-\u001f\u007f]/.
test(e)?`$'${e.replace(/[\\']/g,"\\$&").replace(/[\u0000-\u001f\u007f]/g,kO)}'`:`'${e.split("'").join("'\\''")}'`}function kO(e){
return`\\${e.charCodeAt(0).toString(8).padStart(3,"0")}`}function ut(e){return G(e.startsWith("-")?`./${e}`:e)}function lr(e){
return e.startsWith("-")?`-- ${G(e)}`:G(e)}function x(e,t=120){return e.length<=t?e:`${e.slice(0,t-1)}\u2026`}function Q(e){
return e.length<2?e.join(""):`${e.slice(0,-1).join(", ")} and ${e[e.length-1]}`}function cr(e){return e.toString(8).padStart(
4,"0")}function pe(e){return/^(?:[a-z/]|--?[a-z])[\w./:@= -]*$/i.test(e)&&!/: |[: ]$|^(true|false|yes|no|on|off|null)$/i.
test(e)?e:JSON.stringify(e).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g,bO)}function bO(e){return`\\u${e.charCodeAt(0).
toString(16).padStart(4,"0")}`}function xt(e){return e.charAt(0).toUpperCase()+e.slice(1)}function Vr(e){return e.charAt(
0).toLowerCase()+e.slice(1)}function fl(e,t){return e.length<=60?e:t}function E(e,t,n=""){return e+g(x(t,58-e.length-n.length))+
n}function Cn(e){return e.replace(/[\u0000-\u001f\u007f]/g,"?")}function Sy(e){return Cn(e).replace(/["\\]/g,"\\$&").split(
"%").join("%%")}function v(e,t,n,r){return Xd(t,e[t],n,r)}function Xd(e,t,n,r){let{level:o,by:s}=r;return{kind:"finding",reason:e,...Ry(
t,n,r),...o&&{level:o},...s&&{by:s}}}function Te(e,t,n,r){return dt(e[t],n,r)}function dt(e,t,n){return{kind:"undecided",
...Ry(e,t,n)}}function Ry(e,t,{observed:n,evidence:r,location:o}){var a;let{what:s,fix:i}=e.tell(t);return{title:((a=e.headline)==
null?void 0:a.call(e,t))??e.title,message:s,why:$y(e.why,t),expected:$y(e.expected,t),observed:n,evidence:r,remedy:i,...o&&
{location:o}}}function $y(e,t){return typeof e=="string"?e:e(t)}function jn(e){return e instanceof Error?e.message:String(e)}function Ey(e,t){return`runner-check could not write ${e}: ${String(
t)}`}var Ln=fe(ve(),di(),Hr(0)),vO=ce(["pass","warn","fail","error","skip"]),xO=B({source:A(),text:A()}),Ty={text:A(),commands:$(
re(A())),config:$(B({file:A(),language:A(),text:A()})),kind:ce(["image","host","runner","workflow","forge"])},SO=B({...Ty,
otherwise:$(B(Ty))}),$O=B({file:A(),line:$(Ln),column:$(Ln)}),RO=B({id:fe(A(),Be(/^[a-z]+\/.+$/)),status:vO,reason:$(A()),
title:A(),message:A(),why:$(A()),expected:$(A()),observed:$(A()),evidence:re(xO),remedy:$(SO),docs:A(),duration_ms:ve(),
location:$($O),by:$(Ke("job")),accepted:$(B({reason:A(),until:A()})),acceptance_expired:$(A())}),EO=ct([B({ok:Ke(!0),value:fi(),
ms:ve()}),B({ok:Ke(!1),reason:ce(["timeout","crashed","mount"]),message:A(),ms:ve()})]),Fn=B({version:Ke(1),id:$(A()),generator:B(
{name:Ke("runner-check"),version:A()}),started:fe(A(),Be(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)),duration_ms:ve(),
runner:B({name:A(),system:ce(["gitea","forgejo","github","act","none"]),version:$(A()),mode:ce(["container","host","unkn\
own"]),os:A(),arch:A(),image:$(A()),user:A()}),job:$(B({repository:$(A()),workflow:$(A()),job:$(A()),run_id:$(A()),event:$(
A())})),profile:B({name:A(),decided_by:A(),policy:$(A()),unused:$(B({files:re(A()),why:ce(["other-commit","unknown-commi\
t"]),wanted:A(),found:$(A())}))}),verdict:ce(["healthy","degraded","misconfigured","unknown"]),counts:B({pass:Ln,warn:Ln,
fail:Ln,error:Ln,skip:Ln}),switched_off:$(B({count:Ln,of:Ln})),results:re(RO),expectations:B({profile:A()}),facts:bt(A(),
EO)});var Qd="a report of runner-check, version 1";function Go(e,t){let n=(e.path??[]).map(o=>String(o.key)).join("."),r=e.expected===
"Map"?"Object":e.expected??e.message;return{place:t(n),found:e.received,allowed:`${r}: ${Qd}`}}function pi(e){return{...e,judge(t,n,r){var i;let o=Object.entries(t).find(([a,l])=>typeof l!="object"||_y(l)&&!OO(e,a,l));
if(o)return ef(e.id,[((i=e.needs[o[0]])==null?void 0:i.name)??o[0]]);let s=Object.values(e.needs).map(a=>a.name);try{let a=e.
judge(t,n,r);return _O(a)&&!PO(a,t)?a:ef(e.id,s)}catch(a){return ef(e.id,s,jn(a))}}}}var TO={title:"Facts of the report \
have another form",headline:({id:e})=>E("Unusable facts for ",e),why:"The report comes from another version of runner-ch\
eck, or was edited. What it says about this runner is unknown.",expected:"facts in the form that this version writes",tell:({
names:e})=>({what:`The facts ${Q(e.map(g))} of this report have another form than this check reads.`,fix:{text:"Run this\
 version of runner-check on the runner again, or replay the report with the version that wrote it: `generator` in the re\
port names it. If this version wrote it, and nobody edited it, please report the bug.",kind:"workflow"}})};function ef(e,t,n){
let r=n===void 0?[]:[{source:e,text:n}],o=[...t.map(s=>({source:"facts",text:s})),...r];return dt(TO,{id:e,names:t},{observed:n??
"another form",evidence:o})}var AO=Fn.entries.results.item;function _O(e){let t=e.kind==="finding"?e.level:void 0;if(!xy(
AO,{...{id:"a/check",title:"",docs:"",duration_ms:0,evidence:[]},...e,status:t??"pass"}))return!1;if(e.kind!=="finding"&&
e.kind!=="undecided")return!0;let{message:r,why:o,expected:s,observed:i,remedy:a}=e;return[r,o,s,i,a.text].every(l=>l!==
"")}function _y(e){return typeof e!="object"?!1:e===null||Object.values(e).some(_y)}function OO({needs:e},t,n){var r;return n===
null&&((r=e[t])==null?void 0:r.unnamed)===null}var Ay=/\b(?:undefined|NaN)\b|\[object Object\]/;function PO(e,t){return e.
kind!=="pass"?!1:[e.message,...e.evidence.flatMap(({source:r,text:o})=>[r,o])].some(r=>Ay.test(r))&&!Ay.test(JSON.stringify(
t))}function tf(e,{runner:t,job:n}){let r=Yt(IO,{runner:t,job:n});if(!r.success)return Go(r.issues[0],o=>`${e}, facts th\
at tell ${o}`)}var IO=Br({runner:Fn.entries.runner,job:Fn.entries.job});function gn(){return performance.now()}function ur(e){return Math.round(gn()-e)}var NO=100;function Oy(e,t){let n=Math.ceil(
(e-ur(t))/100)*100;return Math.min(e,Math.max(n,NO))}var pl=class extends Error{name="DeadMount"};function Wo(e){return e instanceof Error&&e.name==="DeadMount"}async function me(e,t){
try{return await e}catch(n){if(Wo(n))return t(n);throw n}}var CO=600;async function Py(e,t,n,r,o,s={}){let i=gn()+n.timeoutMs,a=new Map(Object.entries(s).map(([p,h])=>[p,Promise.
resolve(h)])),l=new Map,c=()=>{for(let p of l.values())p.abort()};o==null||o.addEventListener("abort",c);let u=p=>{let h=a.
get(p.name);if(h)return h;let m=new AbortController;o!=null&&o.aborted&&m.abort(),l.set(p.name,m);let y=LO(p,t,n,d,{controller:m,
end:i}).finally(()=>l.delete(p.name));return a.set(p.name,y),y},d=async p=>{let h=await u(p);if(!h.ok&&h.reason==="mount")
throw new pl(h.message);if(!h.ok)throw new mi(h.reason,h.message);return h.value},f=r&&setInterval(()=>r([...l.keys()].sort()),
1e3);try{await Promise.all(e.filter(({last:h})=>!h).map(u)),await Promise.all(e.filter(({last:h})=>h).map(u));let p=await Promise.
all([...a].map(async([h,m])=>[h,await m]));return Object.fromEntries(p.sort(([h],[m])=>h<m?-1:1))}finally{clearInterval(
f),o==null||o.removeEventListener("abort",c)}}var jO="the probe is over",mi=class extends Error{reason;constructor(t,n){
super(n),this.reason=t}};async function LO(e,t,n,r,{controller:o,end:s}){let i=gn(),a=Math.max(0,s-i),l=setTimeout(()=>o.
abort(),a),c,u=new Promise((d,f)=>{c=setTimeout(()=>{f(new mi("timeout",`no answer within ${n.timeoutMs/1e3} s`))},a+CO)});
try{return{ok:!0,value:await Promise.race([e.collect(t,n,o.signal,r),u]),ms:ur(i)}}catch(d){let f=o.signal.aborted?"time\
out":"crashed";return{ok:!1,reason:d instanceof mi?d.reason:Wo(d)?"mount":f,message:jn(d),ms:ur(i)}}finally{clearTimeout(
l),clearTimeout(c),o.abort(jO)}}function Xt(e,t){let[n="",...r]=e.split("*"),o=r.pop();if(o===void 0)return e===t;if(!t.startsWith(n))return!1;let s=n.length;
for(let i of r){let a=t.indexOf(i,s);if(a<0)return!1;s=a+i.length}return s+o.length<=t.length&&t.endsWith(o)}function zr(e,t,n){if(Xt(e,t))return!0;let r=`:${n}`;return n!==void 0&&e.endsWith(r)&&Xt(e.slice(0,-r.length),t)}var FO={EACCES:"permission denied",EPERM:"permission denied",EISDIR:"it is a directory",ENOTDIR:"a part of the path is n\
ot a directory",ENOENT:"it does not exist",ELOOP:"too many symbolic links",ENAMETOOLONG:"the name is too long",EROFS:"th\
e file system is read-only",ENOSPC:"no space left on device",EEXIST:"a file of that name exists",EFBIG:"it is too long",
ENXIO:"it is a socket or a device without a driver",EIO:"input/output error",EUNTRUSTED:"it leads out of the workspace o\
r is not a regular file, and was not read"};function yn(e){return FO[e]??e}var Iy=["EMFILE","ENFILE","EAGAIN","ENOMEM"];function MO(e){return Iy.includes(e)}function Ny(e){return Iy.find(t=>new RegExp(
`\\b${t}\\b`).test(e))}function nf(e){switch(e){case"EMFILE":return{text:"Raise the limit of open files for jobs: `Limit\
NOFILE=` in the unit of the runner's service, or `--ulimit nofile=65536:65536` for job containers. The first command sho\
ws the limit.",commands:["ulimit -n","ls /proc/self/fd | wc -l"],kind:"host"};case"ENFILE":return{text:"The whole machin\
e is out of open files. Find the process that keeps most of them open, or raise `fs.file-max`.",commands:["cat /proc/sys\
/fs/file-nr","sudo lsof 2>/dev/null | awk '{print $1}' | sort | uniq -c | sort -rn | head"],kind:"host"};case"EAGAIN":return{
text:"This user or its control group has no process left. Find what started so many, or raise `TasksMax=` of the runner'\
s service or `--pids-limit` of job containers.",commands:["ulimit -u","ps -eo user= | sort | uniq -c | sort -rn | head",
"cat /sys/fs/cgroup/pids.max"],kind:"host"};default:return{text:"The machine is out of memory. Find what uses it, or run\
 fewer jobs at a time (`runner.capacity`).",commands:["free -m","ps -eo rss=,comm= --sort=-rss | head"],kind:"host"}}}function Cy(e,t){
var o;if(MO(t))return nf(t);let n=ut(e),r=(o=/^\/(?:proc|sys)(?=\/|$)/.exec(e))==null?void 0:o[0];switch(t){case"EACCES":case"\
EPERM":return r!==void 0?{text:`Let jobs read ${g(e)}: something masks it. Usual causes are a sandbox around the runner${r===
"/proc"?", `hidepid` on `/proc`,":""} and an AppArmor, SELinux or seccomp profile of the container.`,commands:[`head -n \
3 ${n}`,`findmnt --submounts ${r}`,"cat /proc/self/attr/current"],kind:"host"}:{text:`Let the job's user read ${g(e)}, a\
nd enter each directory above it. The commands show that user, and who may.`,commands:["id",...DO(e).map(s=>`ls -ld ${ut(
s)}`)],kind:"host"};case"ETIMEDOUT":return{text:`Find out which file system holds ${g(e)}, and why it does not answer. U\
sual causes are a network file system (NFS, SMB, FUSE) whose server is gone, and a disk with I/O errors.`,commands:[`tim\
eout 5 stat ${n}`,"findmnt --types nfs,nfs4,cifs,fuse,fuse.sshfs"],kind:"host"};case"EIO":case"ESTALE":case"ENOTCONN":return{
text:`Repair or remount the file system that holds ${g(e)}: its disk fails, or its server is gone.`,commands:[`findmnt -\
-target ${n}`,"sudo dmesg --level=err,warn | tail -n 20"],kind:"host"};default:return{text:r?`Make ${g(e)} available: ${yn(
t)}. Mount \`/proc\` and \`/sys\` where the job runs.`:`Find out what is at ${g(e)}: ${yn(t)}.`,commands:[`ls -ld ${n}`,
`findmnt --target ${n}`],kind:"host"}}}function DO(e){let t=e.split("/").filter(r=>r!==""),n=t.map((r,o)=>`/${t.slice(0,
o+1).join("/")}`).reverse();return e.startsWith("/")?n.slice(0,4):[e]}var UO=600;function ml(e=1e4){return{text:"If it a\
nswers, only late, give the run more time.",config:{file:"the workflow's step",language:"yaml",text:`with:
  timeout: ${Math.min(UO,Math.max(30,Math.ceil(e*3/1e4)*10))}s`},kind:"workflow"}}function D(e,t){var n;return(n=Object.getOwnPropertyDescriptor(e,t))==null?void 0:n.value}var Ho="Usual causes are a daemon that is overloaded or deadlocked, a storage disk that does not answer, and a proxy in \
front of the socket.",rf="Every `docker` command of a job hangs in the same way, and a runner cannot start job container\
s.",Bo="sudo journalctl --unit docker --since -10min | tail -n 50",qO="Usual causes are a network file system (NFS, SMB,\
 FUSE) whose server is gone, and a disk with I/O errors.",jy="findmnt --types nfs,nfs4,cifs,fuse,fuse.sshfs";function Qe(e,t,...n){
return{for:e,why:t,cause:qO,commands:[...n.map(r=>`timeout 5 ls -ld ${r}`),jy]}}function St(e,t,n){return{for:e,why:t,cause:"\
The kernel answers at once unless the machine is overloaded: look for a full CPU, swapping, or a stopped control group.",
commands:[`timeout 5 head -n 5 ${n}`,"uptime","free -m"]}}var Ly="Usual causes are a wrapper that asks the network for a\
 release, a lock that another job holds, and a program on a file system that does not answer.",GO={account:St("this proc\
ess's user and groups","Jobs run as this user.","/proc/self/status"),"cache-server":{for:"the runner's cache server",why:"\
Every `actions/cache` step waits for it in the same way, then goes on without a cache.",cause:"Usual causes are a firewa\
ll that drops packets from job containers, and `cache.host` with an address that they cannot reach.",commands:['curl --m\
ax-time 10 --verbose "$ACTIONS_CACHE_URL"']},cgroups:St("the control groups of this process","Limits on memory and CPUs \
decide how much a job gets.","/proc/self/cgroup"),container:St("the kernel's description of this process","It decides wh\
ether the job is isolated from the machine, and which fixes apply.","/proc/self/mountinfo"),cpu:St("the kernel's list of\
 CPUs","Builds start as many processes as they find CPUs.","/proc/self/status"),disks:Qe("the disks of the profile","Eve\
ry step that uses such a disk hangs in the same way.",'"$PWD"','"$HOME"',"/tmp"),"docker-cli":{for:"`docker version`",why:"\
Every `docker` command of a job hangs in the same way.",cause:"Usual causes are a daemon that does not answer, and a CLI\
 plugin on a file system that does not answer.",commands:["timeout 10 docker --version","timeout 10 docker version"]},"d\
ocker-client":Qe("the Docker CLI's configuration and the directories of PATH","Every `docker` command of a job reads its\
 configuration first.",'"${DOCKER_CONFIG:-$HOME/.docker}"'),"docker-endpoint":Qe("the Docker CLI's configuration","Every\
 `docker` command of a job reads it first.",'"${DOCKER_CONFIG:-$HOME/.docker}"'),"docker-engine":{for:"the Docker daemon",
why:rf,cause:Ho,commands:["timeout 10 docker version",Bo]},"docker-other-sockets":{for:"the daemons behind the other Doc\
ker sockets",why:"A daemon that hangs exists all the same: a job that reaches it controls the machine.",cause:Ho,commands:[
"ls -l /var/run/docker.sock /run/podman/podman.sock","timeout 10 docker --host unix:///var/run/docker.sock version"]},"d\
ocker-socket":Qe("the Docker socket's directory","Every `docker` command of a job opens this socket first.","/var/run/do\
cker.sock"),"docker-storage":{for:"the Docker daemon's storage",why:"If its disk is full, pulls and builds of jobs fail \
with `no space left on device`.",cause:Ho,commands:["timeout 60 docker system df",Bo]},forge:{for:"the forge",why:"Check\
outs, artifacts and the job's own status go to this server.",cause:"Usual causes are a firewall that drops packets, DNS \
that does not answer, and a forge that is restarting or overloaded.",commands:['curl --max-time 10 --verbose --output /d\
ev/null "$GITHUB_SERVER_URL"']},"git-workspace":Qe("the workspace and git","git works in the workspace in most steps of \
a job.",'"$PWD"'),"gpu-request":{for:"the Docker daemon's answer about GPUs",why:"It says whether this job's container w\
as given a GPU.",cause:Ho,commands:["timeout 10 docker info",Bo]},job:Qe("the event file of this job","It says whether t\
his run comes from a fork.",'"$GITHUB_EVENT_PATH"'),"labelled-tools":{for:"the versions of the tools that the image name\
s",why:"Steps that call such a tool hang in the same way.",cause:Ly,commands:["timeout 10 rustc --version","timeout 10 n\
ode --version"]},"gpu-holders":{for:"the list of programs that use the GPU",why:"Programs that use the GPU hang in the s\
ame way.",cause:"Usual causes are a GPU that fell off the bus, and a driver that was updated without a reboot.",commands:[
"timeout 60 nvidia-smi --query-compute-apps=pid,process_name --format=csv"]},limits:St("the limits of this process","A j\
ob with too few open files fails in the middle.","/proc/self/limits"),memory:St("the kernel's count of memory","A job wi\
th too little memory is killed.","/proc/meminfo"),mounts:St("the list of mounts","A process that touches a mount that do\
es not answer hangs.","/proc/self/mountinfo"),"node-runtime":St("the Node that runs this","Every JavaScript action runs \
on it.","/proc/self/status"),nvidia:{for:"`nvidia-smi`",why:"Programs that use the GPU hang in the same way.",cause:"Usu\
al causes are a GPU that fell off the bus, a driver that was updated without a reboot, and a machine with many GPUs with\
out persistence mode.",commands:["timeout 60 nvidia-smi","sudo dmesg | grep -i -e nvrm -e xid | tail -n 20"]},os:Qe("the\
 name of this system","It decides which fixes apply.","/etc/os-release","/etc/passwd"),"profile-choice":St("the choice o\
f the profile","The profile says what is checked.","/proc/self/status"),links:St("the network interfaces","Their MTU dec\
ides which packets get through.","/proc/net/route"),"proxy-reach":{for:"the proxy",why:"Every request that goes through \
it waits in the same way.",cause:"Usual causes are a firewall that drops packets, DNS that does not answer, and a proxy \
that is overloaded.",commands:['curl --max-time 10 --verbose --output /dev/null "$GITHUB_SERVER_URL"']},proxy:St("the pr\
oxy variables","Every request of a job may go through the proxy.","/proc/self/status"),registration:Qe("the runner's reg\
istration file","Anyone who reads it can impersonate this runner and receive its jobs and their secrets.",'"$HOME"',"/da\
ta","/var/lib/gitea-runner"),"runner-config":Qe("the runner's configuration","The runner reads it at every start.","/etc\
/systemd/system","/etc/gitea-runner"),rust:Qe("the directories of cargo and rustup","`cargo` and `rustc` hang in the sam\
e way.",'"${CARGO_HOME:-$HOME/.cargo}"','"${RUSTUP_HOME:-$HOME/.rustup}"'),"rust-build":Qe("cargo's configuration, and t\
he directories of PATH","`cargo` hangs in the same way.",'"$GITHUB_WORKSPACE/.cargo"','"${CARGO_HOME:-$HOME/.cargo}"'),"\
self-container":{for:"the Docker daemon's description of this container",why:rf,cause:Ho,commands:['timeout 10 docker in\
spect "$(hostname)"',Bo]},shm:Qe("the size of `/dev/shm`","Browsers and databases in jobs use shared memory.","/dev/shm"),
"space-users":Qe("the sizes of what fills the disk","A full disk stops every build.",'"$PWD"','"$HOME"',"/tmp"),smoke:{for:"\
the container that `smoke` starts",why:"Containers that a job starts hang in the same way.",cause:"Usual causes are a da\
emon under load and a slow disk: a start takes some seconds there.",commands:["docker ps --all --last 5",Bo]},"smoke-ima\
ge":{for:"the list of images",why:rf,cause:Ho,commands:["timeout 10 docker image ls",Bo]},"smoke-steps":{for:"the work t\
hat `smoke` does",why:"The same work hangs in a job.",cause:"Usual causes are a machine under load, a file system that d\
oes not answer, and a daemon that does not.",commands:["uptime","docker ps --all --last 5"]},"socket-mount":St("the moun\
ts of this process","They say how the Docker socket got into this job.","/proc/self/mountinfo"),"tool-cache":Qe("the too\
l cache","Every `setup-*` action of a job hangs in the same way.",'"${RUNNER_TOOL_CACHE:-/opt/hostedtoolcache}"'),workflows:Qe(
"the workflow files","They say which labels the jobs ask for.",".gitea/workflows"),writable:Qe("the directories that job\
s write to","Every step that writes there hangs in the same way.",'"$PWD"','"$HOME"',"/tmp")};function hi(e){let t=D(GO,
e);if(t)return t;let n=e.indexOf(":"),r=e.slice(0,Math.max(0,n)),o=e.slice(n+1);switch(r){case"tool":return{for:g(o),why:`\
Every step that calls ${g(o)} hangs in the same way.`,cause:Ly,commands:[`command -v ${G(o)}`,`time timeout 60 ${G(o)} -\
-version`]};case"registry":return{for:`the registry ${g(o)}`,why:"Pulls from it hang in the same way, and jobs fail in t\
heir setup.",cause:"Usual causes are a firewall that drops packets, DNS that does not answer, and a wrong proxy.",commands:[
`curl --max-time 10 --verbose --output /dev/null ${G(`https://${o}/v2/`)}`]};case"service":return{for:`the service ${g(o)}`,
why:"Steps that use it hang in the same way.",cause:"Usual causes are a service under load, a firewall that drops packet\
s, and DNS that does not answer. Ask the address that the policy has for it with `curl --max-time 10`.",commands:[]};case"\
expect":return{for:`what the policy expects as ${g(o)}`,why:"Jobs that rely on it hang in the same way.",cause:"Usual ca\
uses are a command that waits for the network or a lock, and a file system that does not answer.",commands:[jy]};default:
return St(`the probe ${g(e)}`,"What it looks at is unknown.","/proc/self/status")}}var WO={title:"An answer did not come in time",headline:({check:{id:e},probe:t})=>fl(`${g(e)} timed out waiting for ${hi(
t).for}`,E("",e," timed out")),why:({probe:e})=>hi(e).why,expected:({probe:e})=>`an answer of ${hi(e).for} before the de\
adline`,tell:({check:e,probe:t,ms:n})=>{let r=hi(t);return{what:`${xt(r.for)} did not answer within ${Gy(n)}, so it is u\
nknown whether this holds: ${Vr(e.title)}.`,fix:{text:`Ask by hand, as the job's user, to see what hangs. ${r.cause}`,...r.
commands.length>0&&{commands:r.commands},kind:"host",otherwise:ml(n)}}}};function Dy(e,t,{ms:n,message:r}){return dt(WO,
{check:e,probe:t,ms:n},{observed:`no answer within ${Gy(n)}`,evidence:[{source:`probe ${t}`,text:r}]})}var HO={title:"A \
check crashed, which is a bug in runner-check",headline:({check:{id:e}})=>E("",e," crashed"),why:({check:e})=>`It is unk\
nown whether this holds, and jobs may depend on it: ${Vr(e.title)}.`,expected:"a verdict",tell:({check:{id:e},probe:t,message:n})=>{
let r=Ny(n);return r!==void 0?{what:`${My(t)} could not be run: ${n}.`,fix:{...nf(r),otherwise:Fy(e)}}:{what:`${My(t)} c\
rashed, which is a bug in runner-check, not in this runner: ${n}`,fix:Fy(e)}}};function of(e,{message:t},n){let r=[{source:n===
void 0?e.id:`probe ${n}`,text:t}];return dt(HO,{check:e,probe:n,message:t},{observed:t,evidence:r})}var BO={title:"A rep\
ort has no facts for a check",headline:({check:{id:e}})=>E("The report has no facts for ",e),why:({check:e})=>`It is unk\
nown whether this holds, and jobs may depend on it: ${Vr(e.title)}.`,expected:({probe:e})=>`the facts of the probe ${g(e)}`,
tell:({probe:e})=>({what:`This report has no facts of the probe ${g(e)}. It comes from another version of runner-check, \
from a run with another profile, or was edited.`,fix:{text:"Run runner-check on the runner again, with the version and t\
he profile that should judge. `replay` judges only what a run has looked at.",kind:"workflow"}})};function Uy(e,t){return dt(
BO,{check:e,probe:t},{observed:"none",evidence:[{source:"facts",text:`no ${t}`}]})}var KO={title:"A check needs a mount \
that does not answer",headline:({check:{id:e}})=>E("",e," needs a mount that does not answer"),why:({check:e})=>`It is u\
nknown whether this holds, and jobs may depend on it: ${Vr(e.title)}.`,expected:"an answer of the mount",tell:({message:e})=>({
what:e,fix:{text:"Switch `fs/mount` on again in `skip` and in the policy's `severity`: it names the mount, and says how \
to fix it.",kind:"workflow"}})};function qy(e,t){return dt(KO,{check:e,message:t},{observed:"no answer",evidence:[{source:"\
fs/mount",text:"reports nothing"}]})}var VO="https://github.com/fortemi/runner-check";function Fy(e){return{text:`Report\
 the crash at ${VO}, with \`report.json\` (secrets are already removed). Until it is fixed, leave the check out.`,config:{
file:"the workflow's step",language:"yaml",text:`with:
  skip: ${JSON.stringify(e)}`},kind:"workflow"}}function My(e){return e===void 0?"The check":`The probe ${g(e)}`}function Gy(e){
return`${Math.max(.1,Math.round(e/100)/10)} s`}var zO={title:"The facts of a check show nothing",headline:({id:e})=>E("The facts show nothing for ",e),why:({id:e})=>`I\
t is unknown whether ${g(e)} holds. Jobs may depend on it.`,expected:"facts that show how it is",tell:({id:e})=>({what:`\
The facts that ${g(e)} needs are empty or cut off, so nothing shows that it holds.`,fix:{text:"Run runner-check on the r\
unner again. If its new report says the same, report it as a bug, with `report.json` (secrets are already removed).",kind:"\
workflow"}})};function Wy(e,t){return dt(zO,{id:e},{observed:"nothing",evidence:[{source:"facts",text:`${t}: empty`}]})}function Mn(e){let[t="",n=""]=e.split("/");return["tool","registry","service"].includes(t)?`docs/checks/${t}.md`:`docs/c\
hecks/${t}.md#${n}`}var sf="fs/mount";function JO(e,t){var r;return t.skip.some(o=>Xt(o,e.id))?["disabled","Switched off by the input `skip`."]:By(e.id,void 0,
t)==="off"?["disabled","Switched off by the policy's `severity`."]:!e.applies||e.applies(t)?void 0:["not-in-profile",((r=
e.notAsked)==null?void 0:r.call(e,t))??`The profile \`${t.profile}\` does not ask for this.`]}function YO(e){let t=new Map;
for(let n of e)for(let r of Object.values(n.needs))t.set(r.name,r);return[...t.values()]}function Hy(e,t,n,r){let o=e.filter(
({details:a})=>a!==void 0),s=af(o,t,n,r),i=o.filter(({details:a},l)=>{let{status:c,reason:u=""}=s[l]??{};return(c==="fai\
l"||c==="warn")&&(a==null?void 0:a.of.includes(u))});return YO(i.map(({details:a})=>({needs:(a==null?void 0:a.needs)??{}})))}
function af(e,t,n,r){let o=new Map(e.map(l=>[l.id,l])),s=new Map,i=l=>{for(let c of l){let u=o.get(c),d=u&&ZO(a(u),u);if(d!==
void 0)return d}},a=l=>{let c=s.get(l.id);if(c)return c;let u=XO(l,t,n,r,i);return s.set(l.id,u),u};return e.map(a)}function ZO(e,t){
var r,o;return e.status==="fail"||e.status==="error"?e.id:e.status==="skip"&&((r=e.reason)!=null&&r.startsWith("needs:"))?
e.reason.slice(6):(e.status==="warn"||e.accepted!==void 0)&&((o=t.reasons[e.reason??""])==null?void 0:o.level)==="fail"?
e.id:void 0}function XO(e,t,n,r,o){var h;let s={id:e.id,title:e.title,evidence:[],docs:Mn(e.id),duration_ms:Math.max(0,...Object.
values(e.needs).map(m=>{var y;return((y=t[m.name])==null?void 0:y.ms)??0}))},i=(m,y)=>({...s,status:"skip",reason:m,message:y}),
a=(m,{kind:y,...w})=>({...s,status:"error",reason:m,...w}),l=m=>e.id===sf||o([sf])===void 0?a("undecided",qy(e,m)):i(`ne\
eds:${sf}`,m),c=JO(e,n);if(c)return i(...c);let u=o(e.after??[]);if(u!==void 0)return i(`needs:${u}`,`Cannot be judged u\
ntil \`${u}\` passes.`);let d={};for(let[m,y]of Object.entries(e.needs)){let{unnamed:w}=y,k=t[y.name]??(w===void 0?void 0:
{ok:!0,value:w});if(!k)return a("no-facts",Uy(e,y.name));if(!k.ok&&k.reason==="mount")return l(`Cannot be judged: ${k.message}\
.`);if(!k.ok){let b=k.reason==="timeout"?Dy(e,y.name,k):of(e,k,y.name);return a(k.reason,b)}d[m]=k.value}for(let[m,y]of Object.
entries(((h=e.details)==null?void 0:h.needs)??{})){let w=t[y.name];w!=null&&w.ok&&(d[m]=w.value)}let f=()=>a("undecided",
Wy(e.id,Object.keys(e.needs).join(", "))),p;try{p=e.judge(d,n,r)}catch(m){return a("crashed",of(e,{message:jn(m)}))}switch(p==
null?void 0:p.kind){case void 0:return f();case"pass":return QO(p.evidence)?{...s,status:"pass",message:p.message,evidence:p.
evidence}:f();case"skip":return i(p.reason,p.message);case"waits-for-mount":return l(p.message);case"undecided":return a(
"undecided",p);case"finding":return e1(lf(e,p,s.duration_ms),n,r)}}function QO(e){let t=n=>typeof n=="string"&&n.trim()!==
"";return Array.isArray(e)&&e.length>0&&e.every(({source:n,text:r})=>t(n)&&t(r))}function lf(e,t,n=0){let{reason:r,message:o,
why:s,expected:i,observed:a,evidence:l,remedy:c,location:u,by:d}=t,f=e.reasons[r];return{id:e.id,status:t.level??(f==null?
void 0:f.level)??"fail",reason:r,title:t.title??(f==null?void 0:f.title)??e.title,message:o,why:s,expected:i,observed:a,
evidence:l,remedy:c,docs:Mn(e.id),duration_ms:n,...u&&{location:u},...d&&{by:d}}}function e1(e,t,n){let r=By(e.id,e.reason,
t);if(r==="off")return{...e,status:"skip",reason:"disabled",message:`Switched off by the policy's \`severity\`: ${e.message}`};
let o=r?{...e,status:r}:e,s=t.accept.find(i=>zr(i.check,e.id,e.reason));return s?n.started.slice(0,10)>s.until?{...o,acceptance_expired:s.
until}:{...o,status:"skip",accepted:{reason:s.reason,until:s.until}}:o}function By(e,t,n){let r=t===void 0?void 0:n.severity[`${e}\
:${t}`];if(r)return r;if(n.severity[e])return n.severity[e];let o=Object.keys(n.severity).filter(i=>i.includes("*")),s=o.
find(i=>!Xt(i,e)&&zr(i,e,t))??o.find(i=>Xt(i,e));return s===void 0?void 0:n.severity[s]}function Vy(e,t){return Object.create(e,{request:{value:r=>{for(let o of t1(r))t.add(o);return e.request(r)}}})}function t1({
headers:e={},proxy:t,body:n}){return[...Ky(e.authorization),...Ky(t==null?void 0:t.authorization),...n1(n)]}function Ky(e){
let[,t,n]=/^(\S+) +(\S+)$/.exec(e??"")??[];if(t===void 0||n===void 0)return[];if(t.toLowerCase()!=="basic")return[n];let r=Buffer.
from(n,"base64").toString();return[n,r,r.slice(r.indexOf(":")+1)]}function n1(e){return e!=null&&e.includes("refresh_tok\
en=")?new URLSearchParams(e).getAll("refresh_token"):[]}var r1={"cargo-hack":["hack","--version"],"cargo-llvm-cov":["llvm-cov","--version"],ffmpeg:["-version"],ffplay:["-versio\
n"],ffprobe:["-version"],go:["version"],helm:["version"],java:["-version"],javac:["-version"],kubectl:["version","--clie\
nt"],lua:["-v"],openssl:["version"],ssh:["-V"],tmux:["-V"],unzip:["-v"],zip:["-v"]};function cf(e,t){let r=t.length===2&&
t[0]===e&&t[1]==="--version"?D(r1,e):void 0;return r?[e,...r]:t}var o1={"":1,b:1,kb:1e3,mb:1e6,gb:1e9,tb:1e12,kib:1024,mib:1048576,gib:1073741824,tib:1099511627776},hl="a size with a u\
nit such as `40GiB` or `500MB`, or a plain number of bytes";function uf(e){let t=/^(\d{1,15}(?:\.\d{1,6})?)\s*([kmgt]?i?b)?$/i.
exec(e.trim()),n=o1[((t==null?void 0:t[2])??"").toLowerCase()];if(!t||n===void 0)return;let r=Math.round(Number(t[1])*n);
return Number.isSafeInteger(r)?r:void 0}var Dn="a duration such as `500ms`, `10s` or `2m`",s1={ms:1,s:1e3,m:6e4,h:36e5,d:864e5};
function $t(e){let t=/^(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d)$/.exec(e.trim()),n=s1[(t==null?void 0:t[2])??""];return t&&
n!==void 0?Math.round(Number(t[1])*n):void 0}function zy(e){let t=e.trim().replace(/(?<=\d)[_,](?=\d{3}(?!\d))/g,"");return/^\d{1,15}$/.
test(t)?Number(t):void 0}function Qt(e){for(let[t,n]of[["TiB",2**40],["GiB",2**30],["MiB",2**20],["KiB",2**10],["TB",1e12],
["GB",1e9],["MB",1e6]])if(e>=n&&e%n===0)return`${e/n}${t}`;return`${e}B`}var Jy={version:1,profiles:{"matric-builder":{labels:["matric-builder"],"runs-in":"container",image:"ghcr.io/fortemi/for\
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
e",free:"2GiB",inodes:5e4}]}}};var Xw=ui(Sl(),1),IP=ui(Jw(),1);var Yw={text:"*",anyOf:[[]]},RP=/(?<![\w.]|\d:|:\/\/)(?:[a-z]{1,12}_?)?((\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:\.\d{1,6})*)(?!\.?\d|\/|:\d)(?:-((?:alpha|beta|rc|nightly|devel|dev|preview|pre|ea|canary|next|snapshot)(?![a-z])[\w.-]*)|\.?((?:alpha|beta|rc|a|b)\d{1,6})(?!\w))?/i,
EP=/^(?:\S{1,40} (?:version )?)?"?v?(\d{1,5})"?(?=[\s,(]|$)/,Zw=/^\W*(?:[\w.-]{1,20}:? |node:\d+\) )?(?:warn|warning|info|note|notice|hint|help|debug|error|fatal)\b|^Picked up /i;
function ae(e){let t=e.replace(/\u001b\[[\d;]*m/g,"").split(/\r\n?|\n/),n=t.filter(o=>!Zw.test(o)),r=TP(n.find(o=>o.trim()!==
"")??"");return r!==void 0?{text:r,numbers:[0,0,0],prerelease:[],unnumbered:!0}:Ef(n,Tf)??Ef(n,OP)??Ef(t.filter(AP),Tf)}
function TP(e){var t;return Tf(e)||(t=/^\S{1,40} version (?=\S{0,60}-g?[\da-f]{6})([a-z][\w-]{0,80})(?=\s|$)/i.exec(e))==
null?void 0:t[1]}function AP(e){return Zw.test(e)&&/\bversion is\b/i.test(e)}function Ef(e,t){for(let n of e){let r=t(n);
if(r)return r}}var _P=/^\s*(?:[a-z][\w+-]* ){1,3}\([^()]*\) (?=v?\d)/i;function Tf(e){let t=e.includes("(")?e.replace(_P,
""):e,n=RP.exec(t.includes("://")?t.replace(/\w+:\/\/\S+/g,""):t);if(!n)return;let[,r="",o,s,i="0",a,l]=n,c=a??l,u=(c==null?
void 0:c.split(".").map(d=>/^\d+$/.test(d)?Number(d):d))??[];return{text:c===void 0?r:`${r}-${c}`,numbers:[Number(o),Number(
s),Number(i)],prerelease:u}}function OP(e){var n;let t=(n=EP.exec(e))==null?void 0:n[1];return t===void 0?void 0:{text:t,
numbers:[Number(t),0,0],prerelease:[]}}function it(e,t){for(let n of[0,1,2]){let r=e.numbers[n]-t.numbers[n];if(r!==0)return r}
if(e.prerelease.length===0||t.prerelease.length===0)return t.prerelease.length-e.prerelease.length;for(let n=0;n<Math.max(
e.prerelease.length,t.prerelease.length);n++){let r=PP(e.prerelease[n],t.prerelease[n]);if(r!==0)return r}return 0}function PP(e,t){
return e===t?0:e===void 0?-1:t===void 0?1:typeof e=="number"&&typeof t=="number"?e-t:typeof e=="number"?-1:typeof t=="nu\
mber"?1:e<t?-1:1}var Yr="a version range such as `1.92`, `>=1.92 <2`, `~0.8`, `^22` or `*`";function bi(e){let t=e.trim();if(t==="*")return Yw;
if(!(t===""||t.length>200))try{let n=new Xw.default(t);return{text:t,anyOf:n.set.map(r=>r.flatMap(NP))}}catch{return}}function NP(e){
let{operator:t,semver:n}=e;if((n==null?void 0:n.major)===void 0)return[];let r=[n.major,n.minor,n.patch];return[{operator:t,
numbers:r,prerelease:n.prerelease}]}var $l=Jy.profiles;function Rl(e){return[...new Set([...Object.keys((e==null?void 0:e.source.profiles)??{}),...Object.keys(
$l)])]}function Ko(e,t){var n,r;return((n=D((t==null?void 0:t.source.profiles)??{},e))==null?void 0:n.labels)??((r=D($l,
e))==null?void 0:r.labels)??[]}function Un(e,t){let n=e.startsWith(t)?0:e.indexOf(`
${t}`)+1;if(n===0&&!e.startsWith(t))return;let r=n+t.length,o=e.indexOf(`
`,r);return e.slice(r,o<0?void 0:o).trim()}var CP=1024*1024,ek=512,qn={name:"job",async collect(e){let{env:t}=e,n=Zr(t),r=n!=="none"&&!Af(t);return{inJob:r,system:n,
capabilities:(t.GITEA_ACTIONS_CAPABILITIES??"").slice(0,ek).split(/[\s,]+/).filter(Boolean),summaryFile:tt(t.GITHUB_STEP_SUMMARY)!==
void 0,...DP({runnerName:tt(t.RUNNER_NAME)??tt(t.GITEA_RUNNER_NAME),runnerVersion:n==="forgejo"?tt(t.FORGEJO_ACTIONS_RUNNER_VERSION)??
tt(t.GITEA_ACTIONS_RUNNER_VERSION):tt(t.GITEA_ACTIONS_RUNNER_VERSION),containerName:tt(t.JOB_CONTAINER_NAME),repository:tt(
t.GITHUB_REPOSITORY),workflow:tt(t.GITHUB_WORKFLOW),job:tt(t.GITHUB_JOB),runId:tt(t.GITHUB_RUN_ID),event:tt(t.GITHUB_EVENT_NAME),
serverUrl:jP(t.GITHUB_SERVER_URL),fromFork:r?await LP(e):!1})}}};function Zr(e){return Vo(e.FORGEJO_ACTIONS)||tt(e.FORGEJO_ACTIONS_RUNNER_VERSION)||
tt(e.FORGEJO_RUN_ID)?"forgejo":Vo(e.GITEA_ACTIONS)?"gitea":Vo(e.ACT_EXEC)||Vo(e.ACT)?"act":Vo(e.GITHUB_ACTIONS)?"github":
"none"}function Af(e){return Vo(e.GITEA_RUNNER_HEALTH_CHECK)}function Vo(e){return!["","0","false"].includes((e??"").trim().toLowerCase())}function tt(e){return(e==null?void 0:e.trim().
slice(0,ek))||void 0}function jP(e){var n;let t=/^\s*(https?:\/\/)(?:.*@)?([^/?#@\s]+)([^?#]*)/is.exec(e??"");return t?(n=
tt(`${t[1]}${t[2]}${t[3]}`))==null?void 0:n.replace(/\/+$/,""):void 0}async function LP(e){let t=tt(e.env.GITHUB_EVENT_NAME);
if(t===void 0)return;if(!t.startsWith("pull_request"))return!1;let n=e.env.GITHUB_EVENT_PATH,r=n?await me(e.readText(n,CP),
()=>{}):void 0;return(r==null?void 0:r.kind)==="ok"?FP(MP(r.value)):void 0}function FP(e){let t=Lt(Lt(e,"pull_request"),
"head"),n=Lt(Lt(e,"pull_request"),"base");if(t===void 0||n===void 0)return;let r=Qw(t),o=Qw(n);if(r!==void 0&&o!==void 0)
return r!==o;if(Lt(t,"repo")===null)return!0;let s=Lt(Lt(t,"repo"),"full_name"),i=Lt(Lt(n,"repo"),"full_name");return typeof s==
"string"&&typeof i=="string"?s!==i:void 0}function Qw(e){return Lt(Lt(e,"repo"),"id")??Lt(e,"repo_id")??void 0}function Lt(e,t){
return typeof e=="object"&&e!==null?e[t]:void 0}function MP(e){try{return JSON.parse(e)}catch{return}}function DP(e){return Object.
fromEntries(Object.entries(e).filter(([,t])=>t!==void 0))}var UP=256*1024,Ae={name:"container",async collect(e){var w,k;let{env:t}=e,[n,r,o,s]=await Promise.all([e.lstat("/run/.c\
ontainerenv"),e.readText("/proc/self/cgroup"),e.readText("/proc/self/mountinfo",UP),e.readText("/proc/self/status")]),i=GP(
t),a=i===void 0?(w=t.JOB_CONTAINER_NAME)==null?void 0:w.trim():void 0,l=HP(vi(r)),c=JP(vi(o)),u=_f(!!a,"JOB_CONTAINER_NA\
ME")??_f(ZP(n),"/run/.containerenv")??l??c??_f(((k=t.GITHUB_EVENT_PATH)==null?void 0:k.startsWith("/var/run/act/"))===!0,
"GITHUB_EVENT_PATH is below /var/run/act/"),d=o.kind==="ok"||/^\d+:[^:]*:\/./m.test(vi(r)),f=[...n.kind==="unreadable"?[
"/run/.containerenv"]:[],...d?[]:["/proc/self/cgroup and /proc/self/mountinfo"]],p=qP(i,u,e.platform,f),h=[a,l==null?void 0:
l.id,c==null?void 0:c.id,e.hostname],m=tk("CapEff",vi(s)),y=tk("CapBnd",vi(s));return{...p,...p.mode==="host"&&u&&{insideContainer:u.
witness},...m!==void 0&&{capabilities:m},...y!==void 0&&{boundingCapabilities:y},names:p.mode==="host"?[]:[...new Set(h.
filter(YP))]}}};function qP(e,t,n,r){return e!==void 0?{mode:"host",witness:e}:t?{mode:"container",witness:t.witness}:n!==
"linux"?{mode:"host",witness:`platform ${n}`}:r.length===0?{mode:"host",witness:"no sign of a container in /proc/self/cg\
roup and /proc/self/mountinfo"}:{mode:"unknown",witness:`${r.join(", ")} cannot be read`}}function GP(e){return Af(e)?"G\
ITEA_RUNNER_HEALTH_CHECK: the runner's own process":WP(e)}function WP(e){if(/\/[0-9a-f]{16}\/hostexecutor(?:\/|$)/.test(
e.GITHUB_WORKSPACE??""))return"GITHUB_WORKSPACE is a host-mode path";if(/\/[0-9a-f]{16}\/act\/workflow\/event\.json$/.test(
e.GITHUB_EVENT_PATH??""))return"GITHUB_EVENT_PATH is a host-mode path"}function HP(e){var t;for(let n of e.split(`
`)){let r=n.split(":").slice(2).join(":");if(r.includes("conmon"))continue;let o=r.length<64?[]:[...r.matchAll(/(?:^|[/-])([0-9a-f]{64})(?=[./]|$)/g)],
s=(t=o[o.length-1])==null?void 0:t[1];if(s!==void 0)return{witness:"/proc/self/cgroup",id:s};if(r.includes("/kubepods")||
r.includes("/docker/"))return{witness:"/proc/self/cgroup"}}}var BP=["/etc/hostname","/etc/hosts","/etc/resolv.conf"],KP=/squashfs|root-ro|root-rw|rofs|\/cow\b|\/live\b|overlayroot/;
function VP(e){return/^(?:fuse\.fuse-)?overlay(?:fs)?\b/.test(e)&&!KP.test(e)&&!zP(e)}function zP(e){let[,t="",n=""]=e.split(
" ");return t.startsWith("composefs")?!0:/^ro,(?:.*,)?lowerdir\+?=/.test(n)&&!n.includes("upperdir=")}function JP(e){var n;
let t;for(let r of e.split(`
`)){let[o="",s=""]=r.split(" - "),[,,,i="",a=""]=o.split(" ");if(BP.includes(a)){let u=(n=/\/(?:overlay-)?containers\/([0-9a-f]{64})\//.
exec(i))==null?void 0:n[1];if(u!==void 0)return{witness:`mount of ${a}`,id:u};if(/\/(?:kubelet\/pods|sandboxes)\//.test(
i))return{witness:`mount of ${a}`}}if(a!=="/")continue;let l=VP(s),c=/\/(?:docker|containers)\/.*\/[0-9a-f]{64}(?:\/|$)/.
test(i);(l||c)&&(t={witness:l?"overlay root in /proc/self/mountinfo":"root in /proc/self/mountinfo"})}return t}function tk(e,t){
var r;let n=((r=Un(t,`${e}:`))==null?void 0:r.toLowerCase())??"";return/^[0-9a-f]{1,16}$/.test(n)?n:void 0}function YP(e){
return e!==void 0&&e.length<=200&&/^[a-z0-9][\w.-]*$/i.test(e)}function ZP(e){return e.kind!=="absent"&&e.kind!=="unread\
able"}function _f(e,t){return e?{witness:t}:void 0}function vi(e){return e.kind==="ok"?e.value:""}function El(e){return e.split(`
`).flatMap(t=>{let[n="",r=""]=t.split(" - "),[,,o="",s,i,a]=n.split(" "),[l,c="",u=""]=r.split(" ");if(!s||!i||!a||!l)return[];
let d={root:Of(s),target:Of(i),source:Of(c)};return[{device:o,...d,options:a,fsType:l,superOptions:u}]})}function Of(e){
return e.includes("\\")?e.replace(/\\([0-7]{3})/g,(t,n)=>String.fromCharCode(Number.parseInt(n,8))):e}var Al="/var/run/docker.sock";var en={name:"docker-endpoint",async collect(e){var a;let t=ok(e),n=await sk(e,t),r=await XP(e,t,n.currentContext),o=await tI(
e,r,t),s=r.shown??rk(o),i=r.source==="DOCKER_HOST"?I(dr(((a=e.env.DOCKER_HOST)==null?void 0:a.trim())??""),200):s;return{
endpoint:o,address:s,...i!==s&&{written:i},source:r.source,...r.context!==void 0&&{context:I(r.context,200)},config:{path:`${t}\
/config.json`,state:n.state},elsewhere:await nI(e,o)}}};function rk(e){switch(e.kind){case"unix":return`unix://${e.path}`;case"\
tcp":return`tcp://${e.host.includes(":")?`[${e.host}]`:e.host}:${e.port}`;case"ssh":return`ssh://${e.host}`;case"invalid":
return"nowhere"}}function ok(e){let t=e.env.DOCKER_CONFIG;return t?t.replace(/\/+$/,"")||"/":`${(e.env.HOME||e.userHome||
"").replace(/\/+$/,"")}/.docker`}async function sk(e,t){let n=await e.readText(`${t}/config.json`,1048576);if(n.kind!=="\
ok")return{state:n.kind,pluginDirectories:[]};let r=ak(n.value);if(!r)return{state:"invalid",pluginDirectories:[]};let{currentContext:o,
cliPluginsExtraDirs:s}=r;return{state:"ok",...typeof o=="string"&&{currentContext:o},pluginDirectories:Array.isArray(s)?
s.filter(i=>typeof i=="string"):[]}}async function XP(e,t,n){var a;let r=(a=e.env.DOCKER_HOST)==null?void 0:a.trim();if(r)
return{...ik(r),source:"DOCKER_HOST"};let o=e.env.DOCKER_CONTEXT,s=o||n;if(!s||s==="default")return{endpoint:QP(e),source:"\
default"};let i=o?"DOCKER_CONTEXT":"config";return{...await eI(e,t,s),source:i,context:s}}function QP({env:e}){return!!(e.
DOCKER_TLS_VERIFY||e.DOCKER_TLS)?{kind:"tcp",host:"localhost",port:2376,tls:"none"}:{kind:"unix",path:Al}}function ik(e){
let t=e.startsWith("/")?I(e,200):I(dr(e),200),n=(a,l)=>({endpoint:{kind:"invalid",why:a,...l!==void 0&&{meant:l}},shown:t}),
r=e.indexOf("://");if(r<0&&e.startsWith("/"))return n("Docker reads a path without `unix://` as a TCP address",`unix://${t}`);
if(r<0&&/^unix:/i.test(e)){let a=`/${t.slice(5).replace(/^\/+/,"")}`;return n("without two slashes, Docker reads `unix` \
as the name of a host",`unix://${a}`)}let o=r<0?/^(tcp|ssh|https?|npipe|fd):(?!\d+(?:\/|$))\/?(.*)$/is.exec(e):void 0;if(o){
let[,a="",l=""]=o,u=/^(?:tcp|ssh)$/i.test(a)&&Tl(l)!==void 0?`${a.toLowerCase()}://${I(dr(l),200)}`:void 0;return n(`wit\
hout two slashes, Docker reads \`${a}\` as the name of a host`,u)}let s=r<0?"tcp":e.slice(0,r),i=r<0?e:e.slice(r+3);switch(s){case"\
unix":return{endpoint:{kind:"unix",path:i||Al}};case"tcp":{let a=Tl(i);return a?{endpoint:{kind:"tcp",...a,tls:"none"}}:
n("it has no valid host and port")}case"ssh":{let a=i===""?void 0:Tl(i);return a?{endpoint:{kind:"ssh",host:a.host}}:n("\
it has no valid host")}case"http":case"https":{let a=Tl(i),l=a&&rk({kind:"tcp",...a,tls:"none"});return n(`the Docker CL\
I does not support the scheme \`${s}\``,l)}case"npipe":return n("named pipes exist on Windows only");case"fd":return n("\
`fd://` is for the daemon's socket activation, not for clients");default:return n("the Docker CLI does not support this \
scheme")}}function Tl(e){let t=I(dr(e),200).split("/")[0]??"";if(/^[0-9a-f]*(:[0-9a-f]*){2,}$/i.test(t))return{host:t,port:2375};
let n=/^(?:\[([0-9a-f:.%]+)\]|([^:[\]\s]*))(?::(\d{0,5}))?$/i.exec(t);if(!n)return;let r=Number(n[3]||2375);if(!(r<1||r>
65535))return{host:n[1]??(n[2]||"localhost"),port:r}}function dr(e){return e.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is,"$1").
replace(/[?#].*$/s,"")}async function eI(e,t,n){var d,f;let r=`context ${I(n,200)}`,o=p=>({endpoint:{kind:"invalid",why:p},
shown:r}),s=`${t}/contexts/meta`,i=await e.list(s);if(i.kind==="unreadable")return o(`\`${s}\` cannot be read (${i.code}\
)`);if(i.kind==="absent")return o(`\`${s}\` does not exist`);let a=await Promise.all(i.value.map(async p=>{let h=await e.
readText(`${s}/${p}/meta.json`),m=h.kind==="unreadable"?h.code:void 0;return{id:p,code:m,meta:h.kind==="ok"?ak(h.value):
void 0}})),l=a.find(({meta:p})=>(p==null?void 0:p.Name)===n);if(!l){let p=a.find(({code:h})=>h!==void 0);return o(p?`\`${s}\
/${p.id}/meta.json\`, which may describe it, cannot be read (${p.code})`:`\`${s}\` does not contain it`)}let c=z((f=z((d=
l.meta)==null?void 0:d.Endpoints))==null?void 0:f.docker),u=c==null?void 0:c.Host;return typeof u!="string"||u===""?o("i\
t has no Docker endpoint"):{...ik(u),contextTls:{directory:`${t}/contexts/tls/${l.id}/docker`,skipVerify:(c==null?void 0:
c.SkipTLSVerify)===!0}}}async function tI(e,t,n){let{endpoint:r,contextTls:o}=t;if(r.kind!=="tcp"&&r.kind!=="unix")return r;
if(o){if(r.kind==="unix")return r;let a=await nk(e,o.directory);return o.skipVerify?{...r,tls:"no-verify",files:a}:a.some(
l=>l.state!=="absent")?{...r,tls:"verify",files:a}:r}let s=!!e.env.DOCKER_TLS_VERIFY;if(!s&&!e.env.DOCKER_TLS)return r;let i=await nk(
e,e.env.DOCKER_CERT_PATH||n);return r.kind==="unix"?{...r,files:i}:{...r,tls:s?"verify":"no-verify",files:i}}async function nk(e,t){
return Promise.all(["ca","cert","key"].map(async n=>{let r=`${t.replace(/\/+$/,"")}/${n}.pem`;return(await e.stat(r)).kind===
"absent"?{role:n,path:r,state:"absent"}:{role:n,path:r,state:(await e.access(r,"r")).kind==="granted"?"present":"unreada\
ble"}}))}async function nI(e,t){return t.kind!=="unix"||t.path!==Al?[]:(await e.lstat(Al)).kind!=="absent"?[]:rI(e)}async function rI(e){
let t=e.env.HOME||e.userHome,n=e.env.XDG_RUNTIME_DIR||(e.uid?`/run/user/${e.uid}`:void 0),r=["/run/docker.sock","/run/po\
dman/podman.sock",...n?[`${n}/docker.sock`,`${n}/podman/podman.sock`]:[],...t?[`${t}/.docker/run/docker.sock`,`${t}/.doc\
ker/desktop/docker.sock`,`${t}/.colima/docker.sock`,`${t}/.colima/default/docker.sock`,`${t}/.rd/docker.sock`]:[]],o=await Promise.
all(r.map(async s=>(await e.stat(s)).kind));return r.filter((s,i)=>o[i]==="socket")}function ak(e){try{return z(JSON.parse(
e))}catch{return}}function z(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)?e:void 0}function I(e,t=2048){return e.
length<=t?e:`${e.slice(0,t)}\u2026`}var oI=1024*1024;async function zo(e){let t=await e.readText("/proc/self/mountinfo",oI);return t.kind==="ok"?El(t.value).
map(sI):void 0}function Pf(e,t){return e.filter(({target:r})=>r==="/"||t===r||t.startsWith(`${r}/`)).reduce((r,o)=>r&&r.
target.length>o.target.length?r:o,void 0)}function sI(e){var l;let{root:t,target:n,fsType:r,source:o,superOptions:s}=e,i=e.
options.split(","),a=r==="overlay"?(l=/(?:^|,)upperdir=([^,]+)/.exec(s))==null?void 0:l[1]:void 0;return{target:I(n,1e3),
root:I(t,1e3),fsType:I(r,50),readOnly:i.includes("ro"),...a!==void 0&&{upper:I(a,1e3)},...i.includes("noexec")&&{noExec:{
source:I(o,500)}},...r==="cgroup"&&{controllers:I(s,1e3).split(",")}}}async function lk(e,t){let n=t;for(;;){let r=await e.realPath(n);if(r.kind==="ok")return{kind:"found",path:r.value,exists:n===
t};if(r.kind==="unreadable")return r;let o=n.replace(/\/+[^/]*\/*$/,"")||"/";if(o===n)return{kind:"unreadable",code:"ENO\
ENT"};n=o}}function xi(e){return Rt(e.RUNNER_TEMP)??"/tmp"}function _l(e){let t=Rt(e.env.HOME)??Rt(e.userHome);return t===
"/"?void 0:t}function Rt(e){return e!=null&&e.startsWith("/")?e:void 0}function Ol(e){return new Promise(t=>{e.aborted?t():
e.addEventListener("abort",()=>t(),{once:!0})})}var Xr={name:"disks",async collect(e,t,n,r){let o=Ol(n),s=await zo(e)??[],i=["workspace","temp","home","tool-cache","doc\
ker-root"],l=[...new Set([...i,...t.policy.disk.map(c=>c.path)])].map(async c=>{let u=await lI(c,e,t,s,r);if(typeof u!="\
string")return[c,u];let d={kind:"unreadable",path:u,code:"ETIMEDOUT"},f=me(fI(e,u,s,n),()=>({kind:"dead-mount",path:u})),
p=await Promise.race([f,o.then(()=>d)]);return c==="docker-root"?[c,aI(p)]:[c,i.includes(c)?p:iI(p)]});return{places:Object.
fromEntries(await Promise.all(l))}}};function iI(e){return e.kind==="measured"&&e.measuredAt!==void 0?{kind:"unreadable",
path:e.path,code:"ENOENT"}:e}function aI(e){return e.kind==="measured"&&e.measuredAt!==void 0?{kind:"not-visible",why:`\`${e.
path}\` does not exist`}:e}async function lI(e,t,n,r,o){switch(e){case"workspace":return n.workspace;case"temp":return xi(
t.env);case"home":return _l(t)??{kind:"not-visible",why:"this user has no home directory"};case"tool-cache":return Rt(t.
env.RUNNER_TOOL_CACHE)??{kind:"not-visible",why:"`RUNNER_TOOL_CACHE` is not set"};case"docker-root":return uI(t,r,o);default:
return Rt(e)??`${n.workspace}/${e}`}}var cI=/\/(?:overlay2?|io\.containerd\.snapshotter\.v1\.\w+|fuse-overlayfs)\//;async function uI(e,t,n){
var i;let{mode:r,insideContainer:o}=await n(Ae);if(r!=="host"||o!==void 0)return cI.test(((i=Pf(t,"/"))==null?void 0:i.upper)??
"")?"/":{kind:"not-visible",why:"Docker's data directory is on the host and not visible in this container"};let s=await e.
readText("/etc/docker/daemon.json");return s.kind==="unreadable"?{kind:"not-visible",why:`\`/etc/docker/daemon.json\`, whi\
ch may name it, cannot be read (${s.code})`}:Rt(dI(s))??"/var/lib/docker"}function dI(e){let t=e.kind==="ok"?/"data-root"\s*:\s*"([^"\\]{1,1024})"/.
exec(e.value):void 0;return t==null?void 0:t[1]}async function fI(e,t,n,r){let o=await lk(e,t);if(o.kind==="unreadable")
return{kind:"unreadable",path:t,code:o.code};let s=await e.space(o.path,r);if(s.kind==="absent")return{kind:"unreadable",
path:t,code:"ENOENT"};if(s.kind==="unreadable")return{kind:"unreadable",path:t,code:s.code};let{freeBytes:i,totalBytes:a,
freeInodes:l,totalInodes:c,source:u}=s.value;if(a===0)return{kind:"unreadable",path:t,code:"ENODATA"};let d=Pf(n,o.path);
return{kind:"measured",path:t,...!o.exists&&{measuredAt:o.path},freeBytes:i,totalBytes:a,...l!==void 0&&{freeInodes:l},...c!==
void 0&&{totalInodes:c},source:u,...d&&{mount:{target:d.target,fsType:d.fsType}}}}async function we(e,t,n){let r=new AbortController,o=()=>r.abort(),s=setTimeout(o,e);t.aborted&&o(),t.addEventListener("\
abort",o,{once:!0});try{return await n(r.signal)}finally{clearTimeout(s),t.removeEventListener("abort",o)}}function If(e,t){return we(e,t,n=>new Promise(r=>{n.aborted?r():n.addEventListener("abort",()=>r(),{once:!0})}))}function Ft(){
return new Promise(e=>setImmediate(e))}var pI={create:{method:"POST",path:"/containers/create",body:"{"},session:{method:"POST",path:"/session"},grpc:{method:"\
GET",path:"/grpc"},build:{method:"POST",path:"/build?buildargs=%7B",body:"{"},pull:{method:"POST",path:"/images/create?f\
romImage=:"},containers:{method:"GET",path:"/containers/json?limit=1"},images:{method:"GET",path:`/images/json?filters=${encodeURIComponent(
'{"reference":["runner-check/none"]}')}`}},mI=["create","session","grpc","build","pull"],hI=["containers","images"],gI="\
/v1.44",yI=2e3,jf={name:"docker-engine",async collect(e,t,n,r){let{endpoint:o,address:s}=await r(en),i=Math.min(yI,t.timeoutMs),
a=(P,T="",M={})=>we(i,n,async q=>(await Promise.all(P.map(X=>{let Ee=pI[X],De={name:X,...Ee,method:M[X]??Ee.method,path:`${T}${Ee.
path}`};return kI(e,o,De,q)}))).filter(X=>X!==void 0)),l=P=>Promise.all([vI(e,o,n,P),Ff(e,o,`${P}/info`,n,Lf).then(T=>Mf(
T,SI))]),[[c,u],d]=await Promise.all([l(""),a(mI)]),f=d.filter(ck),p=uk(c),h=p?await wI(e,o,n):void 0,[m,y]=h===void 0?[
c,u]:await l(h),w=p||f.some(Cf)||uk(y),k=m.kind==="ok"&&w?await a(hI):[],b=[...f,...k],R=m.kind==="ok"?b.filter(Cf).map(
({name:P})=>P):[],S=R.length>0?await a(R,h??gI,{grpc:"POST"}):[],j=b.map(P=>S.find(({name:T})=>T===P.name)??P).filter(ck);
return{endpoint:s,version:m,info:y,...j.length>0&&{requests:j}}}};function Cf({status:e,by:t}){return[401,403,407].includes(
e)?!0:t===void 0?[404,405,501].includes(e):t==="proxy"}function ck({name:e,status:t}){return t!==404||e!=="session"&&e!==
"grpc"}function uk(e){return e.kind==="http-error"&&Cf({status:e.status})}async function wI(e,t,n){var i;let r=Qr(t),o=r&&
await e.request({to:r,method:"HEAD",path:"/_ping",signal:n,maxBody:1024});if((o==null?void 0:o.kind)!=="answered"||o.status!==
200)return;let s=(i=/^\d+\.\d+$/.exec(o.headers["api-version"]??""))==null?void 0:i[0];return s&&`/v${s}`}async function kI(e,t,{
name:n,method:r,path:o,body:s},i){let a=Qr(t);if(!a)return;let l=r==="POST"?{"content-type":"text/plain"}:{},c=s===void 0?
{}:{body:s},u=await e.request({to:a,method:r,path:o,headers:l,...c,signal:i,maxBody:64*1024});if(u.kind!=="answered")return;
let{status:d,body:f}=u,p=d===200?"":I(Df(f),500),h=bI(u)?"engine":"proxy";return{name:n,request:`${r} ${o.replace(/^\/v\d[\d.]*|\?.*$/g,
"")}`,status:d,body:p,by:h}}function bI({status:e,headers:t,body:n}){var r;return e<400||t["api-version"]!==void 0?!0:typeof((r=
z(Uf(n)))==null?void 0:r.message)=="string"}function fk({components:e,server:t}){return/^libpod\//i.test(t??"")||e.some(
({name:n})=>/^podman/i.test(n))}async function vI(e,t,n,r=""){return Mf(await Ff(e,t,`${r}/version`,n,Lf),xI)}var Lf=512*
1024;async function Pl(e,t,n,r,o={}){return Mf(await Ff(e,t,n,r,o.maxBody??Lf),s=>s)}async function Ff(e,t,n,r,o){let s=Qr(
t);return s&&e.request({to:s,path:n,signal:r,maxBody:o})}function Qr(e){if(e.kind==="unix")return{socket:e.path};if(e.kind!==
"tcp")return;let{host:t,port:n,tls:r,files:o=[]}=e;if(r==="none")return{host:t,port:n};let s=o.filter(a=>a.state==="pres\
ent").map(a=>[a.role,a.path]),i={verify:r==="verify",...Object.fromEntries(s)};return{host:t,port:n,tls:i}}function Mf(e,t){
if(!e)return{kind:"no-endpoint"};if(e.kind==="timed-out")return e;if(e.kind==="failed")return e.code.startsWith("HPE_")?
{kind:"not-docker",body:I(e.message)}:{kind:"failed",code:e.code,message:I(e.message)};if(e.status!==200)return{kind:"ht\
tp-error",status:e.status,body:I(Df(e.body))};if(e.truncated)return{kind:"failed",code:"EMSGSIZE",message:"the answer is\
 too long to be read"};let n=Uf(e.body),r=n===void 0?void 0:t(n,e.headers);return r===void 0?{kind:"not-docker",body:I(e.
body)}:{kind:"ok",value:r}}function Df(e){var n;let t=(n=z(Uf(e)))==null?void 0:n.message;return typeof t=="string"?t:e}
function Uf(e){try{return JSON.parse(e)}catch{return}}function xI(e,t){let n=z(e),r=pt(n==null?void 0:n.Version),o=pt(n==
null?void 0:n.ApiVersion);if(!(!r||!o))return{version:r,apiVersion:o,minApiVersion:pt(n==null?void 0:n.MinAPIVersion)||void 0,
components:Jo(n==null?void 0:n.Components).flatMap(s=>{let i=z(s),a=pt(i==null?void 0:i.Name);return a?[{name:a,version:pt(
i==null?void 0:i.Version)}]:[]}),server:t.server&&I(t.server,200)}}function SI(e){let t=z(e);if(!t||typeof t.Driver!="st\
ring")return;let n=$I(z(t.RegistryConfig)),r=RI(z(t.RegistryConfig));return{name:pt(t.Name),operatingSystem:pt(t.OperatingSystem),
driver:pt(t.Driver),dockerRootDir:pt(t.DockerRootDir),warnings:Nf(t.Warnings),runtimes:Object.keys(z(t.Runtimes)??{}).slice(
0,100).map(o=>pt(o)),defaultRuntime:pt(t.DefaultRuntime),cdiDevices:[...Nf(t.CDISpecDirs),...Jo(t.DiscoveredDevices).flatMap(
o=>{var s;return pt((s=z(o))==null?void 0:s.ID)||[]})],securityOptions:Nf(t.SecurityOptions),cgroupDriver:pt(t.CgroupDriver),
...n&&{insecureRegistries:n},...r.length>0&&{mirrors:r}}}var dk=50;function $I(e){let t=Object.entries(z(e==null?void 0:
e.IndexConfigs)??{}).filter(([r,o])=>{var s;return((s=z(o))==null?void 0:s.Secure)===!1&&EI(r)}).slice(0,dk).map(([r])=>r),
n=Jo(e==null?void 0:e.InsecureRegistryCIDRs).filter(r=>typeof r=="string"&&/^[\da-f.:]{2,45}\/\d{1,3}$/i.test(r)).slice(
0,dk);return t.length+n.length===0?void 0:{names:t,networks:n}}function RI(e){var r,o;let t=Jo((o=z((r=z(e==null?void 0:
e.IndexConfigs))==null?void 0:r["docker.io"]))==null?void 0:o.Mirrors);return(t.length>0?t:Jo(e==null?void 0:e.Mirrors)).
filter(s=>typeof s=="string"&&/^https?:\/\/[^@?#\s]{1,200}$/i.test(s)).slice(0,5).map(s=>s.replace(/\/+$/,""))}function EI(e){
return e.length<300&&/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(e)}function pt(e){return typeof e=="string"?I(e,500):
""}function Jo(e){return Array.isArray(e)?e.slice(0,100):[]}function Nf(e){return Jo(e).map(pt).filter(t=>t!=="")}var TI=["create","oom","die","kill","reload","destroy","disconnect"],AI=100,_I=10,OI=2e3;function mk(e){return{name:"doc\
ker-since",async collect(t,n,r,o){let[{endpoint:s,address:i},a]=await Promise.all([o(en),o(Ae).catch(()=>{})]);return we(
Math.min(OI,n.timeoutMs),r,async l=>{let c=await PI(t,s,l);return c.kind==="ok"?{address:i,answer:c,...await II(t,s,a,e,
l)}:{address:i,answer:c,...await LI(t,s)}})}}}async function PI(e,t,n){let r=Qr(t);if(!r)return{kind:"no-endpoint"};let o=await e.
request({to:r,path:"/_ping",signal:n,maxBody:4096});if(o.kind==="timed-out")return o;if(o.kind==="failed")return{kind:"f\
ailed",code:o.code,message:I(o.message,300)};let{status:s,body:i}=o;return s===200?{kind:"ok",value:null}:{kind:"http-er\
ror",status:s,body:I(i,300)}}async function II(e,t,n,r,o){var h;let s=m=>Pl(e,t,m,o),i=(n==null?void 0:n.mode)==="contai\
ner"?n.names.slice(0,2):[],[a,l,c,u]=await Promise.all([NI(e,t,r,o),s("/networks/bridge"),s("/containers/json?all=1"),Promise.
all(i.map(m=>s(`/containers/${encodeURIComponent(m)}/json`)))]),d=l.kind==="ok"?hk((h=z(l.value))==null?void 0:h.Created):
void 0,f=u.map(m=>{var y;return m.kind==="ok"?Gn((y=z(m.value))==null?void 0:y.Id):""}).find(Boolean),p=c.kind==="ok"?await jI(
s,c.value,r):void 0;return{...a&&{events:a},...d!==void 0&&{bridgeCreated:d},...p&&{containers:p},...f&&{self:f}}}async function NI(e,t,n,r){
var u;let o=Qr(t);if(!o)return;let s=`/events?since=${(n/1e3).toFixed(3)}&until=${(Date.now()/1e3).toFixed(3)}`,i=await e.
request({to:o,path:s,signal:r,maxBody:512*1024});if(i.kind!=="answered"||i.status!==200)return;let l=i.body.split(`
`).filter(d=>d.trim()!=="").flatMap(d=>CI(d)??[]),c=(u=l[0])==null?void 0:u.time;return{count:l.length,...c!==void 0&&{oldest:c},
told:l.filter(({action:d})=>TI.includes(d)).slice(-AI)}}function CI(e){let t=z(MI(e)),n=z(t==null?void 0:t.Actor),r=z(n==
null?void 0:n.Attributes),o=t==null?void 0:t.timeNano;if(!t||typeof t.Action!="string"||typeof o!="number")return;let s=pk(
r==null?void 0:r.exitCode),i=pk(r==null?void 0:r.signal),a=Gn(r==null?void 0:r.container);return{time:Math.round(o/1e6),
action:I(t.Action,50),type:I(Gn(t.Type),50),id:I(Gn(n==null?void 0:n.ID),100),name:I(Gn(r==null?void 0:r.name),200),...s!==
void 0&&{exitCode:s},...i!==void 0&&{signal:i},...a!==""&&{container:I(a,100)}}}async function jI(e,t,n){let r=(Array.isArray(
t)?t:[]).slice(0,1e3).flatMap(s=>{let i=z(s),a=typeof(i==null?void 0:i.Created)=="number"?(i.Created+1)*1e3:0,l=Gn(i==null?
void 0:i.Id);return a>=n&&/^[\da-f]{12,64}$/.test(l)?[l]:[]});return(await Promise.all(r.slice(0,_I).map(s=>e(`/containe\
rs/${s}/json`)))).flatMap(s=>{var u;let i=s.kind==="ok"?z(s.value):void 0,a=hk(i==null?void 0:i.Created),l=z(i==null?void 0:
i.State);if(!i||!l||a===void 0||a<n)return[];let c=(u=z(i.HostConfig))==null?void 0:u.Memory;return[{id:I(Gn(i.Id),100),
name:I(Gn(i.Name).replace(/^\//,""),200),created:a,oomKilled:l.OOMKilled===!0,exitCode:typeof l.ExitCode=="number"?l.ExitCode:
0,running:l.Running===!0,memory:typeof c=="number"?c:0}]})}async function LI(e,t){if(t.kind!=="unix"||e.platform!=="linu\
x")return{};let[n,r]=await Promise.all([e.lstat(t.path).catch(()=>{}),e.readText("/proc/net/unix",1024*1024)]),o=r.kind===
"ok"&&FI(r.value,t.path);return(n==null?void 0:n.kind)==="absent"&&o?{listensUnseen:!0}:{}}function FI(e,t){let n=r=>r.replace(
/^\/var\/run\//,"/run/");return e.split(`
`).some(r=>{let[,,,o,,,,s]=r.trim().split(/\s+/);return o==="00010000"&&s!==void 0&&n(s)===n(t)})}function hk(e){let t=Date.
parse(Gn(e));return Number.isFinite(t)?t:void 0}function Gn(e){return typeof e=="string"?e:""}function pk(e){return typeof e==
"string"&&/^\d{1,9}$/.test(e)?Number(e):void 0}function MI(e){try{return JSON.parse(e)}catch{return}}function Re(e){if(/^https?:\/\/[^/]/i.test(e??""))try{return new URL(e??"")}catch{return}}function Ve(e){return e.hostname.
replace(/^\[(.*)\]$/,"$1")}function Yo(e,t,n="direct"){let r=t.protocol==="https:"?"https_proxy":"http_proxy",o=qf(e,r)??qf(e,"all_proxy"),s=Ve(t);
if(o===void 0||n==="direct"&&Si(s))return;let i=Number(t.port)||(t.protocol==="https:"?443:80);if(!UI(qf(e,"no_proxy")??
"",s,i))return DI(o)}function qf(e,t){var n,r;return((n=e[t])==null?void 0:n.trim())||((r=e[t.toUpperCase()])==null?void 0:
r.trim())||void 0}function DI(e){let t=/^[a-z][\w+.-]*:\/\//i.test(e)?e:`http://${e}`,n=I(dr(t),300),r=Re(t);if(!r)return{
shown:n,target:void 0};let o=r.protocol==="https:",s=Gf(r);return{shown:n,target:{host:Ve(r),port:Number(r.port)||(o?443:
80),...o&&{tls:o},...s!==void 0&&{authorization:s}}}}function Gf({username:e,password:t}){if(!(e===""&&t===""))return`Ba\
sic ${Buffer.from(`${gk(e)}:${gk(t)}`).toString("base64")}`}function gk(e){try{return decodeURIComponent(e)}catch{return e}}
function Si(e){return/^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|::1|::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4})$/i.test(e)}
function UI(e,t,n){let r=t.toLowerCase();return e.toLowerCase().split(/[\s,]+/).filter(Boolean).some(o=>{if(o==="*")return!0;
let[,s=o,i]=/^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(o)??[];if(i!==void 0&&Number(i)!==n)return!1;let a=s.replace(/^\[(.*)\]$/,
"$1").replace(/^\*?\./,"");return r===a||r.endsWith(`.${a}`)||qI(r,a)})}function qI(e,t){let[n="",r=""]=t.split("/"),[o,
s]=[yk(e),yk(n)],i=Number(r);if(o===void 0||s===void 0||!/^\d{1,2}$/.test(r)||i>32)return!1;let a=2**(32-i);return Math.
floor(o/a)===Math.floor(s/a)}function yk(e){var n;let t=(n=/^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(e))==null?
void 0:n.slice(1).map(Number);return t!=null&&t.every(r=>r<256)?t.reduce((r,o)=>r*256+o,0):void 0}var GI=/^(?:UNABLE_TO_(?:GET_ISSUER_CERT(?:_LOCALLY)?|VERIFY_LEAF_SIGNATURE)|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT)$/;
async function Il(e,t,n){let r=Yo(e.env,t);if(r&&!r.target)return{kind:"other-proxy",via:r.shown};let o=t.protocol==="ht\
tps:",{authorities:s=[],verify:i=!0,headers:a,...l}=n,c=f=>{let p={host:Ve(t),port:Number(t.port)||(o?443:80)},h={...l,to:o?
{...p,tls:{verify:i,...f!==void 0&&{ca:f}}}:p,...(r==null?void 0:r.target)&&{proxy:r.target},path:`${t.pathname}${t.search}`,
headers:{"user-agent":"runner-check",...a}};return e.request(h)},u=r&&{via:r.shown},d=await c();if(d.kind==="failed"&&GI.
test(d.code))for(let f of s){if((await e.stat(f)).kind!=="file")continue;let p=await c(f);if(p.kind==="answered")return{
...p,...u,trustedBy:f,untrusted:d.code}}return{...WI(d,r!==void 0),...u}}function WI(e,t){return t&&e.kind==="answered"&&
e.status===407?{kind:"failed",code:"HTTP_407",message:"the proxy answers 407",at:"proxy"}:e.kind==="failed"?{...e,message:I(
e.message,300)}:e}var Wf=["/etc/ssl/certs/ca-certificates.crt","/etc/pki/tls/certs/ca-bundle.crt","/etc/ssl/ca-bundle.pe\
m","/etc/ssl/cert.pem"];function wk({env:e}){var n;let t=(n=e.SSL_CERT_FILE)!=null&&n.startsWith("/")?[e.SSL_CERT_FILE]:
[];return[...new Set([...t,...Wf])]}function Nl(e){return I(`${e.protocol}//${e.host}${e.pathname}`,300)}var Cl=require("node:path");function kk(e,t){let n=e.GITHUB_WORKSPACE??"";return(0,Cl.isAbsolute)(n)?n:t}function HI(e){
return e.GITHUB_WORKSPACE!==void 0||e.GITEA_RUNNER_HEALTH_CHECK!=="true"}function Zo(e,t){let n=t.replace(/(?<=.)\/+$/,"");return e===n||e.startsWith(n==="/"?"/":`${n}/`)}async function tn(e,t,n){
if(!HI(e.env))return!1;let[r,o,s]=await Promise.all([t,n,e.userHome??"/"].map(i=>BI(e,i)));return Zo(s??"/",o??n)?!1:[(0,Cl.resolve)(
t),r??t].some(i=>Zo(i,n)||Zo(i,o??n))}function Hf(e){return Object.create(e,{run:{value:(n,r)=>e.run(n,{...r,isTrusted:!0})}})}
async function $i(e,t,n,r,o="utf8"){return await tn(e,n,t)?e.readInside(t,n,r,o):e.readText(n,r,o)}async function BI(e,t){
let n=await e.realPath(t);return n.kind==="ok"?n.value:t}var KI=/^GIT_(?:CONFIG_(?:NOSYSTEM|SYSTEM|GLOBAL)|SSL_(?:CAINFO|CAPATH|NO_VERIFY))$/,VI=/^(?:safe\.directory|http\.(?:.*\.)?ssl(?:CAInfo|CAPath|Verify|Backend))$/i;
async function bk(e,t,n,r){let o={...zI(e.env,n),GIT_TERMINAL_PROMPT:"0",GIT_ALLOW_PROTOCOL:"https",LC_ALL:"C",LANGUAGE:""},
s={kind:"not-started",code:"ETIMEDOUT",stdout:"",stderr:"",ms:0};return me(e.run(["git",...t],{signal:r,env:o,maxOutput:16*
1024}),()=>s)}function zI(e,t){let n=Object.entries(e).filter(([o,s=""])=>KI.test(o)&&!(s.startsWith("/")&&Zo(s,t))),r=Array.
from({length:Math.min(Number(e.GIT_CONFIG_COUNT)||0,100)},(o,s)=>[e[`GIT_CONFIG_KEY_${s}`]??"",e[`GIT_CONFIG_VALUE_${s}`]??
""]).filter(([o=""])=>VI.test(o));return{...Object.fromEntries(n),GIT_CONFIG_COUNT:String(r.length),...Object.fromEntries(
r.flatMap(([o,s],i)=>[[`GIT_CONFIG_KEY_${i}`,o],[`GIT_CONFIG_VALUE_${i}`,s]]))}}var vk=4*1024*1024;function Sk(e){return me(JI(e),()=>{})}async function JI(e){let{env:t}=e,n=await YI(e,Wf),r=/--use-openssl-ca/.
test(t.NODE_OPTIONS??""),o=[t.NODE_EXTRA_CA_CERTS,r?t.SSL_CERT_FILE:void 0].flatMap(l=>Rt(l)??[]),i=["GIT_SSL_CAINFO","G\
IT_SSL_CAPATH"].find(l=>t[l])??(await ZI(e)?"configuration":void 0),a={...o[0]!==void 0&&{extra:I(o[0],500)},...n!==void 0&&
{bundle:n},...i!==void 0&&{named:i}};if(n===void 0||i!==void 0||r&&t.SSL_CERT_DIR)return a;for(let l of o)if(!await XI(e,
l,n))return a}async function YI(e,t){for(let n of t){let r=await e.stat(n);if(r.kind==="file"&&r.size>0)return n}}async function ZI({
env:e,readText:t}){let n=Rt(e.HOME),r=Rt(e.XDG_CONFIG_HOME)??(n===void 0?void 0:`${n}/.config`),o=[Rt(e.GIT_CONFIG_SYSTEM)??
"/etc/gitconfig",...n===void 0?[]:[`${n}/.gitconfig`],...r===void 0?[]:[`${r}/git/config`],...Rt(e.GIT_CONFIG_GLOBAL)===
void 0?[]:[e.GIT_CONFIG_GLOBAL??""]],s=await Promise.all(o.map(a=>t(a))),i=Object.entries(e).filter(([a])=>/^GIT_CONFIG_KEY_\d+$/.
test(a));return s.some(a=>a.kind==="ok"&&/^\s*(?:sslCA(?:Info|Path)|\[include)/im.test(a.value))||i.some(([,a=""])=>/\.sslCA(?:Info|Path)$/i.
test(a))}async function XI(e,t,n){if(t===n)return!0;let[r,o]=await Promise.all([e.readText(t,vk),e.readText(n,vk)]);if(r.
kind!=="ok")return!0;let s=new Set(o.kind==="ok"?xk(o.value):[]);return xk(r.value).every(i=>s.has(i))}function xk(e){return[
...e.matchAll(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----([\w+/=\s]*)-----END/g)].map(([,n=""])=>n.replace(/\s/g,""))}var QI=/certificate verification failed|SSL certificate problem|problem with the SSL CA cert|error setting certificate|certificate verify failed|SSL peer certificate/i;
async function $k(e,t,n,r,o){let s=["credential.helper=","core.askPass=","http.followRedirects=false"].flatMap(c=>["-c",
c]),i=await bk(e,[...s,"ls-remote",`${t.replace(/\/$/,"")}/`],r,o);if(i.kind!=="exited")return{kind:"unknown"};let a=i.stderr.
split(`
`).find(c=>QI.test(c));return a!==void 0?{kind:"distrusts",message:I(a.trim(),500),...n}:{kind:i.code===0||/not found|could not read Username|Authentication failed|returned error: \d/i.
test(i.stderr)?"trusts":"unknown"}}var jl=3e3,eo={name:"forge",async collect(e,t,n,r){let{env:o}=e,s=Re(o.GITHUB_SERVER_URL),i=s&&{url:Nl(s).replace(/\/$/,
""),host:Ve(s),isLoopback:Si(Ve(s))},{inJob:a,system:l}=await r(qn),c=l==="gitea"||l==="forgejo"||l==="act"&&(i==null?void 0:
i.isLoopback)===!0;if(!a||!c)return{...i,answer:{kind:"not-asked"}};let u=["GITHUB_SERVER_URL","GITHUB_API_URL"].find(b=>Bf(
o[b]));if(u!==void 0)return eN(u,o[u]);if(!i)return{answer:{kind:"not-asked"}};let d=Re(o.GITHUB_API_URL)??new URL(`${i.
url}/api/v1`),f=new URL(`${d.origin}${d.pathname.replace(/\/$/,"")}/version`),p=(s==null?void 0:s.protocol)==="https:"?Sk(
e):void 0,h=gn(),m=await we(Math.min(t.timeoutMs,jl),n,b=>Il(e,f,{headers:{accept:"application/json"},authorities:wk(e),
maxBody:16*1024,signal:b})),y=tN(m,f.protocol==="https:",Date.now(),ur(h)),w=m.kind==="answered"&&m.untrusted===void 0?await p:
void 0,k=w&&await we(Math.min(t.timeoutMs,jl),n,b=>$k(e,i.url,w,t.workspace,b));return{...i,asked:Nl(f),...y,...k&&{git:k}}}};
function Bf(e=""){return e!==""&&!/^https?:\/\/(?:\/|$)/i.test(e)&&Re(e)===void 0}function eN(e,t=""){let n=`${e} is not\
 a valid address`;return{url:I(dr(t),300),answer:{kind:"failed",code:"ERR_INVALID_URL",message:n}}}function tN({via:e,trustedBy:t,
untrusted:n,...r},o,s,i){let a={...e!==void 0&&{via:e},...t!==void 0&&{trustedBy:t},...n!==void 0&&{untrusted:n}};if(r.kind!==
"answered")return{...a,answer:r};let{status:l,headers:c,body:u,certificate:d}=r,f=z(oN(u));if(l===403&&e!==void 0&&!o&&!rN(
f))return{...a,answer:{kind:"failed",code:"HTTP_403",message:"the proxy answers 403",at:"proxy"}};let p=typeof(f==null?void 0:
f.version)=="string"?I(f.version,100):void 0,h=Re(c.location),m=nN(c,s,i);return{...a,answer:{kind:"answered",status:l,isJson:f!==
void 0,...p===void 0?{body:I(u.trim(),300)}:{version:p},...h&&{location:Nl(h)},...m!==void 0&&{clockAheadSeconds:m},...d&&
{certificate:d}}}}function nN(e,t,n){let r=t-n,o=Date.parse(e.date??"");if(Number.isNaN(o)||e.age!==void 0)return;let s=r>
o+1e3?r-o-1e3:t<o?t-o:0;return Math.round(s/100)/10}function rN(e){let{message:t,url:n}=e??{};return typeof t!="string"?
!1:typeof n=="string"&&n.includes("/api/swagger")||/signed in|sign in|token|log ?in/i.test(t)}function oN(e){try{return JSON.
parse(e)}catch{return}}function to({GITHUB_API_URL:e,GITHUB_SERVER_URL:t}){let n=Re(e);if(!n)return{kind:"none"};if(!Ri(n))return{kind:"refused",
why:"insecure"};let r=Re(t);return(r?[r.origin,`${r.protocol}//api.${r.host}`]:[]).includes(n.origin)?{kind:"trusted",api:n}:
{kind:"refused",why:"foreign"}}function Ri(e){return e.protocol==="https:"||/^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(
Ve(e))}function no(e,t,n,r){let o=e.protocol==="https:";return{to:{host:Ve(e),port:Number(e.port)||(o?443:80),...o&&{tls:{
verify:!0}}},path:`${e.pathname.replace(/\/+$/,"")}${t}`,headers:{host:e.host,accept:"application/json",authorization:`t\
oken ${n}`,"user-agent":"runner-check"},signal:r}}var sN="_apis/artifactcache/cache?keys=runner-check-looks-here&version=0000000000000000",Ei={name:"cache-server",async collect(e,t,n,r){
let o=Re(e.env.ACTIONS_CACHE_URL),{inJob:s,system:i}=await r(qn);if(!o||!s||i!=="gitea"&&i!=="forgejo")return{answer:{kind:"\
not-asked"}};let a=new URL(`${o.origin}${o.pathname.replace(/\/$/,"")}/${sN}`),l=Ri(o)||iN(Ve(o)),c=l?e.env.ACTIONS_RUNTIME_TOKEN:
void 0,{via:u,trustedBy:d,untrusted:f,...p}=await we(Math.min(t.timeoutMs,jl),n,h=>Il(e,a,{headers:{accept:"application/\
json;api-version=6.0-preview.1",...c&&{authorization:`Bearer ${c}`}},maxBody:16*1024,signal:h}));return{url:`${o.protocol}\
//${o.host}`,isLoopback:Si(Ve(o)),hadToken:!!c,...!l&&{isPublic:!0},...u!==void 0&&{via:u},answer:p.kind==="answered"?{kind:"\
answered",status:p.status,body:I(p.body.trim(),200)}:p}}};function iN(e){return/^(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3})+$/.
test(e)||e.includes(":")&&/^(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/.test(e)}var aN=50;function Rk(e){return{name:"kernel-messages",async collect(t){let n=await t.kernelLog();return n.kind!=="ok"?n:
{kind:"read",messages:n.value.flatMap(o=>lN(o)??[]).filter(({uptime:o})=>e!==void 0&&o>=e).slice(-aN)}}}}function lN(e){
let t=/^(\d+),\d+,(\d+),[^;]*;([^\n]*)/.exec(e);if(!t||Number(t[1])>>3!==0)return;let n=Math.round(Number(t[2])/1e3),r=I(
t[3]??"",500),o=cN(r);return o&&{...o,uptime:n,text:r}}function cN(e){var r;if(e.startsWith("oom-kill:")){let o=dN(e);return{
about:"oom",...o&&{oom:o}}}let t=(r=/^NVRM: Xid \([^)]*\): (\d{1,4})\b/.exec(e))==null?void 0:r[1];if(t!==void 0)return{
about:"xid",xid:Number(t)};let n=/^(?:\w+: )?I\/O error, dev ([\w-]+), sector \d/.exec(e)??/^EXT4-fs error \(device ([\w-]+)\)/.
exec(e)??/^EXT4-fs \(([\w-]+)\): Remounting filesystem read-only/.exec(e)??/^XFS \(([\w-]+)\): .*(?:[Cc]orruption|I\/O error|Shutting down)/.
exec(e)??/^BTRFS (?:error|critical) \(device ([\w-]+)/.exec(e);return n?{about:"io",device:I(n[1]??"",50)}:void 0}var uN={
CONSTRAINT_MEMCG:"group",CONSTRAINT_NONE:"machine"};function dN(e){let t=i=>{var a;return(a=new RegExp(`(?:[:,])${i}=([^\
,]*)`).exec(e))==null?void 0:a[1]},n=uN[t("constraint")??""];if(!n)return;let[r,o,s]=[t("oom_memcg"),t("task_memcg"),t("\
task")];return{of:n,...r&&{limitGroup:I(r,300)},...o&&{group:I(o,300)},...s&&{program:I(s,100)}}}var fN=32,Kf={name:"cgroups",async collect(e){let[t,n]=await Promise.all([e.readText("/proc/self/cgroup"),zo(e)]),r=t.kind===
"ok"?t.value.split(`
`).flatMap(mN):[],o=pN(t,n);return{memory:Ek("memory",r,n??[]),cpu:Ek("cpu",r,n??[]),...o&&{unread:o}}}};function pN(e,t){
return e.kind==="unreadable"?{path:"/proc/self/cgroup",code:e.code}:e.kind==="ok"&&t===void 0?{path:"/proc/self/mountinf\
o",code:"EACCES"}:void 0}function mN(e){let[t,n,...r]=e.split(":");return t===void 0||n===void 0||r.length===0?[]:{controllers:n===
""?[]:n.split(","),path:r.join(":")}}function Ek(e,t,n){let r=t.find(({controllers:i})=>i.includes(e));if(r){let i=n.filter(
({controllers:a})=>a==null?void 0:a.includes(e));return{version:1,directories:Tk(r.path,i)}}let o=t.find(({controllers:i})=>i.
length===0),s=n.filter(({fsType:i})=>i==="cgroup2");return{version:2,directories:o?Tk(o.path,s):[]}}function Tk(e,t){let n=t.
find(({root:a})=>Ak(a,e)!==void 0)??t[0];if(!n)return[];let r=(Ak(n.root,e)??"").split("/").filter(a=>a!==""),o=r.includes(
"..")?[]:r.slice(0,fN),i=[n.target.replace(/\/$/,"")];for(let a of o)i.unshift(I(`${i[0]}/${a}`,2e3));return i}function Ak(e,t){
return e==="/"?t:t===e||t.startsWith(`${e}/`)?t.slice(e.length):void 0}var hN=4,gN=32,oe={name:"machine-state",async collect(e,t,n,r){let o=Date.now();if(e.platform!=="linux")return{time:o,pressure:{},
groups:[],mounts:[],ext4:{}};let s=async(P,T=4096)=>{let M=await e.readText(P,T);return M.kind==="ok"?M.value:void 0},[i,
a,l,c,u,d,f,p,h,m,y,w,k]=await Promise.all([s("/proc/uptime"),s("/proc/sys/kernel/random/boot_id"),s("/proc/vmstat",64*1024),
s("/proc/pressure/cpu"),s("/proc/pressure/memory"),s("/proc/pressure/io"),s("/proc/self/net/dev",64*1024),s("/proc/self/\
mountinfo",1024*1024),r(Kf).then(P=>wN(P,s),()=>[]),r(Xr).catch(()=>({places:{}})),xN(e,s),SN(e,r),e.stat("/etc/resolv.c\
onf")]),b=Number.parseFloat(i??""),R=fr(Un(l??"","oom_kill ")),S=a==null?void 0:a.trim(),j={cpu:Vf(c),memory:Vf(u),io:Vf(
d)};return{time:o,...Number.isFinite(b)&&{uptime:Math.round(b*1e3)},...S&&/^[\da-f-]{36}$/.test(S)&&{bootId:S},...R!==void 0&&
{oomKills:R},pressure:Object.fromEntries(Object.entries(j).filter(([,P])=>P!==void 0)),groups:h,mounts:await vN(e,m,El(p??
"")),ext4:y,...f!==void 0&&{interfaces:yN(f)},...w&&{socket:w},..."changed"in k&&k.changed!==void 0&&{resolverChanged:k.
changed}}}};function fr(e){return e!==void 0&&/^\d{1,20}$/.test(e.trim())?Number(e):void 0}function Vf(e){let t=o=>{var s;
return fr((s=new RegExp(`^${o} .*total=(\\d{1,16})`,"m").exec(e??""))==null?void 0:s[1])},[n,r]=[t("some"),t("full")];return n===
void 0?void 0:{some:n,...r!==void 0&&{full:r}}}function yN(e){return e.split(`
`).flatMap(n=>{var r;return((r=/^\s*([^\s:]{1,15}):/.exec(n))==null?void 0:r[1])??[]}).filter(n=>n!=="lo").sort().slice(
0,64)}async function wN({memory:e,cpu:t},n){let r=(a,l)=>a.slice(0,hN).map(c=>({path:c,version:l})),o=t.version===1?r(t.
directories,1):[],s=[...r(e.directories,e.version),...o];return(await Promise.all(s.map(({path:a,version:l})=>bN(a,l,n)))).
filter(a=>Object.keys(a).length>2)}var kN=2**60;async function bN(e,t,n){let r=t===2?{events:"memory.events",limit:"memo\
ry.max",peak:"memory.peak"}:{events:"memory.oom_control",limit:"memory.limit_in_bytes",peak:"memory.max_usage_in_bytes"},
[o="",s,i,a=""]=await Promise.all([n(`${e}/${r.events}`),n(`${e}/${r.limit}`),n(`${e}/${r.peak}`),n(`${e}/cpu.stat`)]),l=fr(
Un(o,"oom_kill ")),c=t===2?fr(Un(o,"oom ")):void 0,u=fr(s),d=fr(i),[f,p,h,m]=["nr_periods","nr_throttled","throttled_use\
c","throttled_time"].map(y=>fr(Un(a,`${y} `)));return{path:I(e,500),version:t,...l!==void 0&&{oomKills:l},...c!==void 0&&
{ooms:c},...u!==void 0&&u<kN&&{limitBytes:u},...d!==void 0&&{peakBytes:d},...f!==void 0&&p!==void 0&&{cpu:{periods:f,throttled:p,
throttledUs:h??Math.round((m??0)/1e3)}}}}async function vN(e,{places:t},n){let o=[...new Set(Object.values(t).flatMap(s=>s.
kind==="measured"&&s.mount?s.mount.target:[]))].flatMap(s=>n.filter(i=>i.target===s).slice(-1));return Promise.all(o.map(
async({target:s,fsType:i,device:a,options:l,superOptions:c})=>{let u=/^\d+:\d+$/.test(a)?await e.readLink(`/sys/dev/bloc\
k/${a}`):void 0,d=(u==null?void 0:u.kind)==="ok"?u.value.split("/").pop():void 0,f=[...l.split(","),...c.split(",")];return{
target:I(s,500),fsType:I(i,50),device:a,...d&&{name:I(d,100)},readOnly:f.includes("ro")||f.includes("emergency_ro"),options:i===
"overlay"?"":I(c,300)}}))}async function xN(e,t){let n=await e.list("/sys/fs/ext4");if(n.kind!=="ok")return{};let r=n.value.
filter(s=>s!=="features").slice(0,gN),o=await Promise.all(r.map(async s=>{let[i,a,l]=await Promise.all(["errors_count","\
last_error_time","session_write_kbytes"].map(c=>t(`/sys/fs/ext4/${s}/${c}`,64).then(fr)));return i===void 0?[]:[I(s,100),
{errors:i,...a&&{lastError:a},...l!==void 0&&{writtenKiB:l}}]}));return Object.fromEntries(o.filter(s=>s.length===2))}async function SN(e,t){
let{endpoint:n}=await t(en).catch(()=>({endpoint:void 0}));if((n==null?void 0:n.kind)!=="unix")return;let r=await e.stat(
n.path).catch(()=>{});if(!((r==null?void 0:r.kind)!=="socket"||r.inode===void 0))return{path:I(n.path,500),inode:r.inode}}async function _k(e){let t=await e.readText("/proc/meminfo",16384);if(t.kind!=="ok")return{kind:"unreadable",code:t.kind===
"absent"?"ENOENT":t.code};let n=s=>{var a;let i=(a=/^(\d{1,15}) kB$/.exec(Un(t.value,`${s}:`)??""))==null?void 0:a[1];return i===
void 0?void 0:Number(i)*1024},r=n("MemAvailable"),o=n("MemTotal");return r===void 0||o===void 0?{kind:"unreadable",code:"\
ENODATA"}:{kind:"read",availableBytes:r,totalBytes:o}}function zf(e,t){var s,i,a;let n=e.split(/\r?\n/).map(l=>l.slice(0,400)),r=n.filter(Ok);if(r.length>0){let l=r.slice(0,64).
map(u=>$N(u,t)),c=(s=l.find(u=>u.driver!==void 0))==null?void 0:s.driver;return Xo("csv",l,c,n.filter(u=>!Ok(u)))}let o=/^\| NVIDIA-SMI\b.*?\b(?:Driver|KMD) Version:\s*([\w.]+)/m.
exec(e);if(o||/^\| NVIDIA-SMI\b/m.test(e))return Xo("table",ON(n,o==null?void 0:o[1]),o==null?void 0:o[1],n.filter(PN));
if(/^GPU \d+: .*\(UUID: /m.test(e))return Xo("list",NN(n),void 0,n.filter(l=>!IN(l)));if(/^<nvidia_smi_log>/m.test(e)||/=NVSMI LOG=/.
test(e)){let l=(i=/(?:<driver_version>|^Driver Version\s*:\s*)([\w.]+)/m.exec(e))==null?void 0:i[1];return Xo("log",CN(e),
l,[])}if(/^NVIDIA-SMI version\s*:/m.test(e)){let l=(a=/^(?:KMD|DRIVER) version\s*:\s*(\d[\w.]*)/im.exec(e))==null?void 0:
a[1];return Xo("version",[],l,[])}return Xo("other",[],void 0,n)}function Xo(e,t,n,r){let o=r.map(s=>s.trim()).filter(s=>s!==
"").join(`
`);return{form:e,gpus:t,...n!==void 0&&{driver:n},messages:o.slice(0,2048)}}function Ok(e){return/^\s*(?:\d+|\[[^\]]+\]|N\/A|ERR!)\s*,/.
test(e)&&e.split(",").length>=4}function $N(e,t){let n=e.split(",").map(s=>s.trim().slice(0,160)),r=new Map,o={};for(let[
s,i]of t.entries()){let a=n[s];if(a===void 0||RN(a))continue;let l=AN(a);l===void 0?r.set(i,a):o[i]=l}return Fl({index:Qo(
r.get("index")),name:r.get("name"),uuid:r.get("uuid"),driver:r.get("driver_version"),memoryTotal:Ti(r.get("memory.total")),
memoryUsed:Ti(r.get("memory.used")),memoryFree:Ti(r.get("memory.free")),temperature:Qo(r.get("temperature.gpu")),computeCapability:r.
get("compute_cap"),eccErrors:Qo(r.get("ecc.errors.uncorrected.volatile.total")),mig:Ll(r.get("mig.mode.current"),"Enable\
d"),pciBusId:r.get("pci.bus_id"),prohibited:/^prohibited$/i.test(r.get("compute_mode")??"")||void 0,thermalSlowdown:Ll(r.
get("clocks_throttle_reasons.hw_thermal_slowdown"),"Active"),hardwareSlowdown:Ll(r.get("clocks_throttle_reasons.hw_slowd\
own"),"Active"),powerBrake:Ll(r.get("clocks_throttle_reasons.hw_power_brake_slowdown"),"Active"),rowRemapPending:EN(r.get(
"remapped_rows.pending")),recoveryAction:TN(r.get("gpu_recovery_action"))?void 0:r.get("gpu_recovery_action"),fabricState:r.
get("fabric.state"),fabricStatus:r.get("fabric.status"),troubles:Object.keys(o).length>0?o:void 0})}function RN(e){return e===
""||/^\[?(?:N\/A|Not Supported|Not Available|Requested functionality has been deprecated)\]?$/i.test(e)}function EN(e){return e===
void 0?void 0:/^(?:yes|[1-9]\d*)$/i.test(e)}function TN(e){return/^none$/i.test(e??"")}function AN(e){var t,n;return((t=
/^\[(.+)\]$/.exec(e))==null?void 0:t[1])??((n=/^(?:ERR!|Unknown Error|GPU is lost)$/i.exec(e))==null?void 0:n[0])}function Qo(e){
var n;let t=(n=/^(\d{1,12}(?:\.\d+)?)(?:\s|$)/.exec(e??""))==null?void 0:n[1];return t===void 0?void 0:Number(t)}function Ti(e){
let t=Qo(e);return t===void 0?void 0:t*1048576}function Ll(e,t){return e===void 0?void 0:e.toLowerCase()===t.toLowerCase()}
var _N=/^\|\s+(\d+)\s+(\S.*?)\s+(?:On|Off|N\/A|ERR!|WDDM|TCC|MCDM)\s+\|\s+([0-9A-F]{4,8}:[0-9A-F]{2}:[0-9A-F]{2}\.\d)\s.*\|\s+(\S+)\s+\|$/i;
function ON(e,t){var r,o,s;let n=[];for(let[i,a]of e.entries()){let l=_N.exec(a);if(!l||n.length===64)continue;let c=e.slice(
i+1,i+4),u=c.findIndex(h=>!h.startsWith("|")),d=[a,...c.slice(0,u<0?void 0:u)].join(`
`),f=/(\d+)MiB\s*\/\s*(\d+)MiB/.exec(d),p=(r=/ERR!|Unknown Error|GPU is lost|GPU requires reset/i.exec(d))==null?void 0:
r[0];n.push(Fl({index:Number(l[1]),name:(o=l[2])==null?void 0:o.slice(0,160),driver:t,pciBusId:l[3],eccErrors:Qo(l[4]),memoryUsed:Ti(
f==null?void 0:f[1]),memoryTotal:Ti(f==null?void 0:f[2]),temperature:Qo((s=/\s(\d+)C\s/.exec(d))==null?void 0:s[1]),mig:/\|\s+Enabled\s+\|$/m.
test(d)?!0:void 0,troubles:p===void 0?void 0:{table:p}}))}return n}function PN(e){return!/^[|+]/.test(e)&&!/^\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4}\s*$/.
test(e)}function IN(e){return/^GPU \d+: .*\(UUID: /.test(e)||Pk(e)}function Pk(e){return/^\s+MIG .*Device\s+\d+: \(UUID: /.
test(e)}function NN(e){return e.flatMap((t,n)=>{var s;let r=/^GPU (\d+): (.*) \(UUID: ([\w-]+)\)/.exec(t);if(!r)return[];
let o=Pk(e[n+1]??"")||void 0;return[Fl({index:Number(r[1]),name:(s=r[2])==null?void 0:s.slice(0,160),uuid:r[3],mig:o})]}).
slice(0,64)}function CN(e){return[...e.matchAll(/(?:<product_name>|^[ \t]+Product Name\s*:\s*)([^<\n]+)/gm)].slice(0,64).
map((n,r)=>{var o;return Fl({index:r,name:(o=n[1])==null?void 0:o.trim().slice(0,160)})})}function Fl(e){return Object.fromEntries(
Object.entries(e).filter(([,t])=>t!==void 0))}var jN=[{name:"index"},{name:"name"},{name:"uuid"},{name:"driver_version"},{name:"memory.total"},{name:"memory.used"},{name:"\
temperature.gpu"},{name:"utilization.gpu"},{name:"compute_cap",since:510},{name:"ecc.errors.uncorrected.volatile.total"},
{name:"mig.mode.current"},{name:"pci.bus_id"},{name:"memory.free"},{name:"clocks_throttle_reasons.hw_thermal_slowdown"},
{name:"clocks_throttle_reasons.hw_slowdown"},{name:"clocks_throttle_reasons.hw_power_brake_slowdown"},{name:"fabric.stat\
e",since:525},{name:"fabric.status",since:525},{name:"remapped_rows.pending",since:570},{name:"gpu_recovery_action",since:570},
{name:"compute_mode"}];async function Ck(e,t,n,r){let o=n===void 0?Number.POSITIVE_INFINITY:Number.parseInt(n,10),s=jN.filter(
({since:c=0})=>!(c>o)),i=await Nk(e,t,s,r),a=Ik(i);if(a===void 0)return i;let l=await Nk(e,t,LN(a,s),r);return Ik(l)===void 0?
l:jk(["nvidia-smi"],await e.run([t],{signal:r}),[])}function LN(e,t){var r;let n=((r=t.find(({name:o})=>o===e))==null?void 0:
r.since)??1;return t.filter(({name:o,since:s=0})=>o!==e&&s<n)}function Ik(e){var t;return(t=/field "([\w.]+)" is not a valid field to query/i.
exec(e.messages))==null?void 0:t[1]}async function Nk(e,t,n,r){let o=n.map(({name:i})=>i),s=[`--query-gpu=${o.join(",")}`,
"--format=csv,noheader,nounits"];return jk(["nvidia-smi",...s],await e.run([t,...s],{signal:r}),o)}function jk(e,t,n){let{
stdout:r,stderr:o,ms:s,...i}=t,a=zf(r,n),l=i.kind==="exited"&&i.code===0&&a.gpus.length>0,{form:c,gpus:u,driver:d,messages:f}=l?
a:zf(`${r}
${o}`,n);return{command:e.join(" "),ms:s,form:c,gpus:u,...d!==void 0&&{driver:d},messages:f,...i}}async function Lk(e){let t=await e.readText("/proc/bus/pci/devices",1048576);return t.kind==="ok"?FN(t.value):void 0}function FN(e){
return e.split(`
`).flatMap(t=>{var i,a;let n=t.split("	"),r=Number.parseInt(n[0]??"",16);if(!((i=n[1])!=null&&i.startsWith("10de"))||Number.
isNaN(r)||(r&7)!==0)return[];let o=(r>>8).toString(16).padStart(2,"0"),s=(r>>3&31).toString(16).padStart(2,"0");return[{
address:`${o}:${s}.0`,driver:((a=n[17])==null?void 0:a.trim())??""}]})}async function Fk(e,t){let n=await e.list("/sys/b\
us/pci/devices");if(n.kind!=="ok"||t.length>64)return t;let r=new Set(t.map(({address:a})=>a)),o=n.value.filter(a=>r.has(
a.slice(a.indexOf(":")+1))).map(a=>`/sys/bus/pci/devices/${a}`),i=(await Promise.all(o.map(async a=>{let[l,c,u]=await Promise.
all([e.readText(`${a}/vendor`,16),e.readText(`${a}/class`,16),e.lstat(`${a}/physfn`)]);if(!(l.kind==="ok"&&l.value.trim()===
"0x10de")||c.kind!=="ok")return;let f=c.value.trim().replace(/^0x/,"");return{path:a,class:f,...u.kind==="link"&&{virtual:!0}}}))).
filter(a=>a!==void 0);return t.map(a=>{let l=i.findIndex(({path:d})=>d.endsWith(`:${a.address}`));if(l<0)return a;let[{path:c,
...u}={path:"",class:""}]=i.splice(l,1);return{...a,...u}})}var Mk="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";function Ml(e,t){let n=(e.env.PATH??Mk).split(":").
map(r=>nn(r,t));return[...new Set(n)]}function Dl(e){return(e.env.PATH??"").split(":").flatMap(n=>n.split(";").flatMap(r=>{
let o=r.trim().replace(/^["']|["']$/g,"");return/^\/[^$]+$/.test(o)?[o]:MN(e,o)}).filter(r=>r!==n).map(r=>({entry:n.slice(
0,200),meant:nn(r,"/").slice(0,200)})))}function MN(e,t){if(!/^(?:~|%h)|\$/.test(t))return[];let n=[e.env.HOME,e.userHome].
filter(r=>/^\/./.test(r??""));return[...new Set(n)].flatMap(r=>{let o=t.replace(/^(?:~|%h)(?=\/|$)/,r).replace(/\$(?:\{(\w+)\}|(\w+))/g,
(s,i,a)=>{let l=i??a;return l==="HOME"?r:e.env[l]??s});return/^\/[^$:]*$/.test(o)?[o]:[]})}function Dk({env:e},t){let n=(e.
PATH??"").split(":").find(o=>/^["']?(?:\$PATH|\$\{PATH\}|%PATH%)["']?$/.test(o)),r=Mk.split(":").includes(t);return n!==
void 0&&r?{entry:n,meant:t}:void 0}function nn(e,t){let n=e.startsWith("/")?e:e===""||e==="."?t:`${t}/${e.replace(/^\.\//,
"")}`;return n.endsWith("/")?n.replace(/(?<=.)\/+$/,""):n}function ee(e,t){return e.endsWith("/")?e+t:`${e}/${t}`}async function Wn(e,t,n,r=()=>{}){
let o=[],s;for(let i of n){r(i);let a=ee(i,t),l=await me(DN(e,a),c=>(s??=c,"absent"));if(l==="executable")return{found:a,
unusable:o};l!=="absent"&&o.push(l)}if(s)throw s;return{unusable:o}}async function DN(e,t){let n=await e.lstat(t),r=n.kind===
"link"?await e.stat(t):n;switch(r.kind){case"absent":return n.kind==="link"?{path:t,kind:"dangling-link"}:"absent";case"\
unreadable":return r.code==="ELOOP"?{path:t,kind:"dangling-link"}:{path:t,kind:r.code==="EACCES"?"closed":"unreadable",code:r.
code};case"file":{let o=await e.access(t,"x");return o.kind==="granted"?"executable":o.kind==="unreadable"?{path:t,kind:"\
unreadable",code:o.code}:{path:t,kind:"not-executable",mode:r.mode,uid:r.uid,gid:r.gid}}default:return"absent"}}var UN={
unusable:[]};async function Jf(e,t,n){let s=[...Dl(e).map(l=>l.meant),...await HN(e,t)].filter(l=>!n.includes(l)),i=await Promise.
all([...new Set(s)].map(async l=>{let{found:c}=await me(Wn(e,t,[l]),()=>UN);if(c===void 0)return;let u=await e.realPath(
c);return{found:c,real:u.kind==="ok"?u.value:c}})),a=new Map;for(let l of i)l&&!a.has(l.real)&&a.set(l.real,l.found);return[
...a.values()].slice(0,8)}var qN={CARGO_HOME:"bin",VOLTA_HOME:"bin",GOROOT:"bin",GOPATH:"bin",JAVA_HOME:"bin",PNPM_HOME:"",
BUN_INSTALL:"bin",ASDF_DATA_DIR:"shims",MISE_DATA_DIR:"shims",PYENV_ROOT:"shims",RBENV_ROOT:"shims",NODENV_ROOT:"shims",
GOENV_ROOT:"shims"},GN=[".cargo/bin",".volta/bin",".local/share/fnm/aliases/default/bin",".local/share/mise/shims",".asd\
f/shims",".pyenv/shims",".rbenv/shims",".nodenv/shims",".goenv/shims",".sdkman/candidates/java/current/bin",".bun/bin","\
.deno/bin",".local/bin",".npm-global/bin","go/bin","bin"],WN=["/usr/local/cargo/bin","/opt/cargo/bin","/usr/local/bin","\
/usr/bin","/bin","/usr/local/sbin","/usr/sbin","/sbin","/usr/local/go/bin","/usr/local/node/bin","/usr/local/cuda/bin","\
/usr/local/nvidia/bin","/usr/lib/cargo/bin","/snap/bin","/opt/homebrew/bin","/home/linuxbrew/.linuxbrew/bin"];async function HN(e,t){
let{HOME:n,NVM_DIR:r}=e.env,o=[n,e.userHome,"/root"].filter(l=>!!(l!=null&&l.startsWith("/"))),s=Object.entries(qN).flatMap(
([l,c])=>{let u=e.env[l];return u!=null&&u.startsWith("/")?[nn(c===""?u:`${u}/${c}`,"/")]:[]}),i=[r,...o.map(l=>ee(l,".n\
vm"))].filter(l=>!!(l!=null&&l.startsWith("/"))),a=await Promise.all([...i.map(l=>es(e,ee(l,"versions/node"),"bin")),...o.
map(l=>es(e,ee(l,".local/share/fnm/node-versions"),"installation/bin")),es(e,"/opt","bin"),es(e,"/opt",""),es(e,"/usr/li\
b/postgresql","bin"),es(e,"/usr/lib/jvm","bin")]);return[...s,...o.flatMap(l=>GN.map(c=>ee(l,c))),...a.flat(),...WN,`/op\
t/${t}/bin`]}async function es(e,t,n){let r=await me(e.list(t),()=>{});if((r==null?void 0:r.kind)!=="ok")return[];let o=r.
value.slice(0,50).map(s=>({entry:s,version:ae(s)}));return o.sort((s,i)=>s.version&&i.version?it(i.version,s.version):0),
o.map(({entry:s})=>ee(ee(t,s),n).replace(/\/$/,""))}var Uk=/^nv(?:map|host-gpu|host-ctrl-gpu)$/;async function qk(e){var i;let[t,n,r]=await Promise.all(["/etc/nv_tegra_rele\
ase","/proc/device-tree/compatible","/proc/sys/kernel/osrelease"].map(async a=>{let l=await e.readText(a,4096);return l.
kind==="ok"?l.value:void 0})),o=(i=/^#?\s*(R\d+ [^,\n]*, REVISION: [\d.]+)/m.exec(t??""))==null?void 0:i[1],s=t!==void 0&&
"/etc/nv_tegra_release"||/nvidia,tegra/.test(n??"")&&"/proc/device-tree/compatible"||/-tegra\b/.test(r??"")&&"/proc/sys/\
kernel/osrelease";return s?{sign:s,...o!==void 0&&{release:o}}:void 0}var BN=["/usr/bin","/usr/local/bin","/bin","/usr/local/nvidia/bin","/usr/lib/wsl/lib","/opt/bin","/run/current-system/sw\
/bin","/run/nvidia/driver/usr/bin"],KN=["/usr/lib/x86_64-linux-gnu","/usr/lib/aarch64-linux-gnu","/usr/lib64","/usr/lib",
"/usr/local/nvidia/lib64","/usr/lib/wsl/lib"],ts={name:"nvidia",async collect(e,t,n){var P,T,M;let r=Ml(e,t.workspace),o=await e.
readText("/proc/driver/nvidia/version",4096),s=o.kind==="ok"?o.value:void 0,i=s===void 0?void 0:tC(s),[{smi:a,untrusted:l,
unusable:c,run:u,offPath:d},f,p,h]=await Promise.all([VN(e,r,i,n,t),zN(e),Lk(e),qk(e)]),m=f==null?void 0:f.find(q=>JN(q)),
y=h??(m&&{sign:m.path}),w=(u==null?void 0:u.gpus)??[],[k,b,R,S]=await Promise.all([p&&w.length>0&&w.length<p.length?Fk(e,
p):p,YN(u,m!==void 0)?ZN(e):void 0,(f??[]).length>0?XN(e):void 0,a!==void 0&&(u==null?void 0:u.form)==="other"&&u.messages===
""?QN(e,a):!1]),j={smi:a,smiUntrusted:l,smiUnusable:c,smiOffPath:d,smiEmpty:S||void 0,run:u,nodes:f,kernelDriver:i,openModule:/Open Kernel Module/.
test(s??"")||void 0,pciDevices:k,tegra:y,systemMemory:b,cudaLibrary:R,cudaVisibleDevices:(P=e.env.CUDA_VISIBLE_DEVICES)==
null?void 0:P.slice(0,512),visibleDevices:(T=e.env.NVIDIA_VISIBLE_DEVICES)==null?void 0:T.slice(0,512),driverCapabilities:(M=
e.env.NVIDIA_DRIVER_CAPABILITIES)==null?void 0:M.slice(0,512)};return Object.fromEntries(Object.entries(j).filter(([,q])=>q!==
void 0))}};async function VN(e,t,n,r,{workspace:o,trusts:s}){let{found:i,unusable:a}=await Wn(e,"nvidia-smi",t),l=i!==void 0&&
await tn(e,i,o);if(l&&!s)return{smi:i,untrusted:!0};if(i!==void 0)return{smi:i,run:await Ck(l?Hf(e):e,i,n,r)};let c=BN.filter(
d=>!t.includes(d)),{found:u}=await Wn(e,"nvidia-smi",c);return{...a[0]&&{unusable:a[0]},...u!==void 0&&{offPath:u}}}async function zN(e){
let t=await e.list("/dev");if(t.kind!=="ok")return;let n=/^(?:nvidia(?:\d+|ctl|-uvm|-uvm-tools|-modeset)|dxg)$/,r=t.value.
filter(s=>n.test(s)||Uk.test(s)).sort();return t.value.includes("nvgpu")&&r.push("nvgpu/igpu0/ctrl"),(await Promise.all(
r.map(async s=>{let i=`/dev/${s}`,[a,l,c]=await Promise.all([e.stat(i),e.access(i,"r"),e.access(i,"w")]);return eC(i,a,l.
kind!=="denied"&&c.kind!=="denied")}))).filter(s=>s!==void 0)}function JN({path:e}){return/^\/dev\/nv(?:map|host-gpu|host-ctrl-gpu|gpu\/)/.
test(e)}function YN(e,t){let n=(e==null?void 0:e.form)==="csv"?e.gpus:[];return e===void 0&&t||n.some(r=>{var o;return r.
name!==void 0&&r.memoryTotal===void 0&&!((o=r.troubles)!=null&&o["memory.total"])})}async function ZN(e){let t=await _k(
e);return t.kind!=="read"?{totalBytes:e.totalMemory}:{totalBytes:t.totalBytes,availableBytes:t.availableBytes}}async function XN(e){
let t=[...KN,...(e.env.LD_LIBRARY_PATH??"").split(":").filter(Boolean).slice(0,16)];return(await Promise.all(t.map(async r=>{
let o=ee(r,"libcuda.so.1"),s=await e.stat(o);return s.kind==="file"&&s.size>0?o:void 0}))).find(r=>r!==void 0)}async function QN(e,t){
let n=await e.stat(t);return n.kind==="file"&&n.size===0}function eC(e,t,n){if(!(t.kind==="absent"||t.kind==="unreadable"))
return{path:e,mode:t.mode,gid:t.gid,usable:n}}function tC(e){var t,n;return((t=/Kernel Module(?: for \S+)?\s+(\d+(?:\.\d+)+)/.
exec(e))==null?void 0:t[1])??((n=e.split(`
`,1)[0])==null?void 0:n.slice(0,200))??""}function ns(e){let t=[".gitea/workflows",".github/workflows"];switch(Zr(e)){case"forgejo":return[".forgejo/workflows",...t];case"\
github":return[".github/workflows"];case"act":return e.ACT_EXEC?t:[".github/workflows"];default:return t}}function te(e){return e.kind==="scalar"&&e.plain&&["","~","null","Null","NULL"].includes(e.text)}function F(e,t){return(e==
null?void 0:e.kind)==="map"?e.entries.find(n=>n.key===t):void 0}function U(e,...t){let n=e,r;for(let o of t)r=F(n,o),n=r==
null?void 0:r.value;return r}function H(e,...t){var r;let n=(r=U(e,...t))==null?void 0:r.value;return(n==null?void 0:n.kind)===
"scalar"&&!te(n)?n:void 0}function Gk(e,t){var i;let n=e.words??[],r=0,o=n.length;for(;r<o;){let a=r+o>>1;(((i=n[a])==null?
void 0:i[0])??0)<=t?r=a+1:o=a}let s=n[r-1];return s?{line:s[1],column:s[2]+(t-s[0])}:{line:e.line,column:e.column}}var Xz=256*1024;function Wk(e){let t=e==null?void 0:e.split(".")[1];if(t===void 0||t.length>16384)return;let n=nC(Buffer.from(t.replace(
/-/g,"+").replace(/_/g,"/"),"base64").toString("utf8")),r=n==null?void 0:n.JobID;return Number.isSafeInteger(r)&&r>0?String(
r):void 0}function nC(e){try{return JSON.parse(e)}catch{return}}var rC=2e3,oC=5500,sC=2e3,iC=200;function Hk(e){return{name:"own-job",collect:(t,n,r)=>aC(t,n,r,e)}}async function aC(e,t,n,r){
var p;let{ACTIONS_RUNTIME_TOKEN:o,GITHUB_REPOSITORY:s}=e.env,i=Wk(o);if(o===void 0||i===void 0||!s)return{kind:"not-aske\
d",why:"no-job"};let a=to(e.env);if(a.kind==="none")return{kind:"not-asked",why:"no-api"};if(a.kind==="refused")return{kind:"\
not-asked",why:a.why};let l=["repos",...s.split("/"),"actions","jobs",i].map(encodeURIComponent).join("/"),c=h=>we(Math.
min(rC,t.timeoutMs),n,m=>cC(e,a.api,`/${l}`,o,m,h)),u=await c(1);if(((p=rs(u))==null?void 0:p.status)!=="in_progress")return u;
if(!r)return u.kind==="known"?{...u,inStep:!0}:u;let d=Math.min(oC,t.timeoutMs/3);if(d<sC)return u;await If(d,n);let f=await c(
2);return f.kind==="no-answer"?u:f}function rs(e){if(e.kind!=="known")return;let t=e.steps.filter(({status:n,conclusion:r})=>lC(
n)&&r!=="skipped");return t[t.length-1]}function lC(e){return e==="in_progress"||e==="completed"}async function cC(e,t,n,r,o,s){
let i=no(t,n,r,o),a=await e.request({...i,headers:{...i.headers,authorization:`Bearer ${r}`}});if(a.kind==="timed-out")return{
kind:"no-answer",code:"ETIMEDOUT"};if(a.kind==="failed")return{kind:"no-answer",code:I(a.code,50)};if(a.status!==200)return{
kind:"refused",status:a.status};let l=z(dC(a.body));return!l||typeof l.status!="string"?{kind:"no-answer",code:"ENODATA"}:
{kind:"known",...Bk(l),steps:uC(l.steps),asked:s}}function Bk(e){let{status:t,conclusion:n}=e;return{status:typeof t=="s\
tring"?I(t,50):"",...typeof n=="string"&&n!==""&&{conclusion:I(n,50)}}}function uC(e){return(Array.isArray(e)?e:[]).slice(
0,iC).flatMap(t=>{let n=z(t),r=typeof(n==null?void 0:n.name)=="string"?I(n.name,200):"";return n?[{name:r,...Bk(n)}]:[]})}
function dC(e){try{return JSON.parse(e)}catch{return}}var fC={3:"ia32",8:"mips",20:"ppc",21:"ppc64",22:"s390x",40:"arm",62:"x64",183:"arm64",243:"riscv64",258:"loong64"};async function Kk(e,t){
let n=await e.readText(t,8192,"latin1");if(n.kind!=="ok")return{format:"unreadable"};let r=pC(n.value);if(r.interpreter===
void 0)return r;let{kind:o}=await e.stat(r.interpreter);return o==="unreadable"?r:{...r,interpreterFound:o!=="absent"}}function pC(e){var t;if(e==="")return{format:"empty"};if(e.startsWith("\x7FELF"))return mC(e);if(e.startsWith("#!")){let n=(t=
/^#![ \t]*([^\s\0]{1,200})/.exec(e))==null?void 0:t[1],r=/^[^\n]*\r\n/.test(e);return{format:"script",...n!==void 0&&{interpreter:n},
...r&&{windowsLines:r}}}return/^(?:\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe)/.test(e)?{format:"mac\
h-o"}:e.startsWith("MZ")?{format:"windows"}:{format:"other"}}function mC(e){let t=e.charCodeAt(4)===2,n=e.charCodeAt(5)===
2,r=(i,a)=>{let l=0;for(let c=0;c<a;c++){let u=n?i+c:i+a-1-c;l=l*256+(e.charCodeAt(u)||0)}return l},o=r(18,2),s=hC(e,t,r);
return{format:"elf",machine:fC[o]??`machine ${o}`,...s!==void 0&&{interpreter:s}}}function hC(e,t,n){let[r,o,s]=t?[n(32,
8),n(54,2),n(56,2)]:[n(28,4),n(42,2),n(44,2)];for(let i=0;i<Math.min(s,64);i++){let a=r+i*o;if(n(a,4)!==3)continue;let[l,
c]=t?[n(a+8,8),n(a+32,8)]:[n(a+4,4),n(a+16,4)],u=e.slice(l,l+Math.min(c,200)).split("\0")[0]??"";return/^\/[\x20-\x7e]+$/.
test(u)?u:void 0}}function Ul(e){let t=new Zf(e.replace(/^\uFEFF/,""));try{return t.readFile(),{entries:t.entries}}catch{return{entries:t.
entries,brokenAt:t.line()}}}var Yf=Symbol("another kind of value"),Zf=class{entries=[];text;at=0;counted={to:0,line:1};constructor(t){
this.text=t}line(){let t=this.text.slice(this.counted.to,this.at).split(`
`).length-1;return this.counted={to:this.at,line:this.counted.line+t},this.counted.line}readFile(){let t=[];for(this.skipBlank();this.
at<this.text.length;this.skipBlank()){if(this.takes("[")){let n=this.takes("[");t=this.readKey(),this.expect(n?"]]":"]")}else
this.readPair(t,0);this.match(/[ \t]*(?:#[^\n]*)?/y),this.at<this.text.length&&this.match(/\r?\n/y)}}readPair(t,n){let r=this.
line(),o=[...t,...this.readKey()];this.expect("=");let s=this.readValue(o,n);typeof s=="string"?this.entries.push({path:o,
value:s,line:r}):s!==Yf&&this.entries.push({path:o,value:s.filter(i=>typeof i=="string"),line:r})}readKey(){let t=[];do{
this.skipSpace();let n=this.text[this.at];t.push(n==='"'||n==="'"?this.readText():this.match(/[\w-]+/y)),this.skipSpace()}while(this.
takes("."));return t}readValue(t,n){if(n>20)throw new Error("too deep");this.skipSpace();let r=this.text[this.at];return r===
'"'||r==="'"?this.readText():this.takes("[")?this.readList(t,n):this.takes("{")?this.readTable(t,n):(this.match(/[^\s,#\]}]+(?: [\d:.]+)?/y),
Yf)}readList(t,n){let r=[];for(this.skipBlank();!this.takes("]");this.skipBlank())if(r.push(this.readValue(t,n+1)),this.
skipBlank(),!this.takes(",")&&this.text[this.at]!=="]")throw new Error("a list without end");return r}readTable(t,n){for(this.
skipBlank();!this.takes("}");this.skipBlank())if(this.readPair(t,n+1),this.skipBlank(),!this.takes(",")&&this.text[this.
at]!=="}")throw new Error("a table without end");return Yf}readText(){return this.takes("'''")?this.until("'''"):this.takes(
"'")?this.closed(/[^'\n]*/y,"'"):this.takes('"""')?Vk(this.closed(/(?:[^"\\]|\\[\s\S]|"(?!""))*/y,'"""')):(this.expect('\
"'),Vk(this.closed(/(?:[^"\\\n]|\\.)*/y,'"')))}closed(t,n){let r=this.match(t);return this.expect(n),r}until(t){let n=this.
text.indexOf(t,this.at);if(n<0)throw new Error("a text without end");let r=this.text.slice(this.at,n);return this.at=n+t.
length,r.replace(/^\r?\n/,"")}skipSpace(){this.match(/[ \t]*/y)}skipBlank(){this.match(/(?:\s|#[^\n]*)*/y)}takes(t){return this.
text.startsWith(t,this.at)?(this.at+=t.length,!0):!1}expect(t){if(!this.takes(t))throw new Error(`no ${t}`)}match(t){var r;
t.lastIndex=this.at;let n=(r=t.exec(this.text))==null?void 0:r[0];if(n===void 0)throw new Error("not TOML");return this.
at+=n.length,n}},gC={b:"\b",t:"	",n:`
`,f:"\f",r:"\r",e:"\x1B"};function Vk(e){return e.replace(/^\r?\n/,"").replace(/\\(?:u([\da-f]{4})|U([\da-f]{8})|([ \t]*\r?\n\s*)|([\s\S]))/gi,
(t,n,r,o,s)=>{if(o!==void 0)return"";let i=Number.parseInt(n??r??"",16);return Number.isNaN(i)?gC[s]??s:i<=1114111?String.
fromCodePoint(i):"?"})}var yC=["rust-toolchain","rust-toolchain.toml"],zk=16*1024,Qf=/^[A-Za-z0-9][\w.-]{0,99}$/,Xf={kind:"default"};async function ep(e,{
workspace:t,usesWorkspace:n},r){if(r!==void 0&&await tn(e,r,t))return{kind:"untrusted",by:e.env.RUSTUP_HOME?"RUSTUP_HOME":
"HOME"};let o=r===void 0?void 0:await bC(e,r,t);if(o!==void 0)return{kind:"untrusted",by:o};let{RUSTUP_TOOLCHAIN:s}=e.env;
if(s)return s.includes("/")&&await tn(e,nn(s,t),t)?{kind:"untrusted",by:"RUSTUP_TOOLCHAIN"}:Xf;let i=r===void 0?{}:await vC(
e,ee(r,"settings.toml"));for(let a=t;;a=xC(a)){let l=i[a];if(l)return Qf.test(l.name)?{kind:"named",...l}:Xf;let u=a===t&&
!n?void 0:await wC(e,a,a===t?"":a);if(u)return u;if(a==="/")return Xf}}async function wC(e,t,n){for(let r of yC){let o=await e.
readInside(t,ee(t,r),zk);if(o.kind==="absent")continue;let s=o.kind==="ok"?kC(o.value):void 0;if(s==="none")return;let i={
file:n===""?r:ee(n,r),line:(s==null?void 0:s.line)??1};return s?{kind:"named",name:s.channel,at:i}:{kind:"untrusted",by:r}}}
function kC(e){var s,i,a;let t=e.split(/\r?\n/).map(l=>l.replace(/^\uFEFF|\s*#.*$/g,""));if(e.length>=zk||t.some(l=>/\bpath\b|\\/.
test(l)))return;let n=t.filter(l=>l.trim()!==""),r=((s=n[0])==null?void 0:s.trim())??"";if(n.length===1&&Qf.test(r))return{
channel:r,line:1+t.indexOf(n[0]??"")};let o="";for(let[l,c]of t.entries()){let u=(i=/^\s*\[\s*([\w.-]+)\s*\]\s*$/.exec(c))==
null?void 0:i[1];if(u!==void 0)o=u;else if(o===""&&c.trim()!=="")return;let d=o==="toolchain"?(a=/^\s*channel\s*=\s*["']([^"']*)["']\s*$/.
exec(c))==null?void 0:a[1]:void 0;if(d!==void 0)return Qf.test(d)?{channel:d,line:l+1}:void 0}return"none"}async function bC(e,t,n){
let r=await e.list(ee(t,"toolchains"));if(r.kind!=="ok")return;let o=r.value.slice(0,100).map(l=>ee(ee(t,"toolchains"),l)),
s=await Promise.all(o.map(async l=>(await e.lstat(l)).kind==="link")),i=o.filter((l,c)=>s[c]),a=await Promise.all(i.map(
l=>tn(e,l,n)));return i.find((l,c)=>a[c])}async function vC(e,t){let n=await e.readText(t);if(n.kind!=="ok")return{};let r=Ul(
n.value).entries.flatMap(({path:o,value:s,line:i})=>{let[a,l,...c]=o;return a!=="overrides"||l===void 0||c.length>0||typeof s!=
"string"?[]:[[l,{name:s,at:{file:t,line:i}}]]});return Object.fromEntries(r)}async function Jk(e,t){let n=ee(t,"settings\
.toml"),r=await e.readText(n);if(r.kind!=="ok")return;let o=Ul(r.value).entries.find(({path:s})=>s.join(".")==="default_\
toolchain");return o&&{file:n,line:o.line,isDefault:!0}}function xC(e){return e.slice(0,Math.max(1,e.lastIndexOf("/")))}var Yk={".python-version":"PYENV_VERSION",".ruby-version":"RBENV_VERSION",".node-version":"NODENV_VERSION",".go-version":"\
GOENV_VERSION",".perl-version":"PLENV_VERSION",".java-version":"JENV_VERSION"},SC=".tool-versions",$C=/^[A-Za-z0-9][\w.+-]{0,63}$/;
async function Zk(e,t){let n=async a=>{let l=await e.readInside(t,ee(t,a),16384);return l.kind==="ok"?l.value:""},[r,...o]=await Promise.
all([SC,...Object.keys(Yk)].map(n)),s={},i=(a,l)=>{l!==void 0&&$C.test(l)&&!e.env[a]&&(s[a]=l)};for(let[a,l]of Object.values(
Yk).entries())i(l,RC(o[a]??""));for(let a of(r??"").split(`
`)){let[l="",c]=a.replace(/#.*/,"").trim().split(/\s+/);if(!/^[a-z][\w-]{0,40}$/i.test(l))continue;let u=l.toUpperCase().
replace(/-/g,"_");i(`ASDF_${u}_VERSION`,c),i(`MISE_${u}_VERSION`,c)}return s}function RC(e){var t;return(t=/^\s*(\S+)/.exec(
e))==null?void 0:t[1]}var EC="/dev/null/rustup",TC=2e3,AC=4096,_C=new Set(["cargo","cargo-clippy","cargo-fmt","cargo-miri","clippy-driver","rl\
s","rust-analyzer","rust-gdb","rust-gdbgui","rust-lldb","rustc","rustdoc","rustfmt","rustup"]),OC={LC_ALL:"C",RUSTUP_AUTO_INSTALL:"\
0",RUSTUP_DIST_SERVER:"file:///dev/null",GOTOOLCHAIN:"local",COREPACK_ENABLE_NETWORK:"0",CHECKPOINT_DISABLE:"1"};function pr(e,t){
return{name:`tool:${e}`,async collect(n,r,o,s){let i=Ol(o);return{...await PC(n,r,o,i,e,t),mode:await Et(MC(s),i,"unknow\
n")}}}}async function PC(e,t,n,r,o,s){var gy;let[i=o,...a]=s,l=await Et(DC(e,t.workspace),r,void 0),c=l??e.cwd(),u=Ml(e,
c),d={name:o,command:s,arch:e.arch,...e.uid!==void 0&&{uid:e.uid},path:u,...e.env.PATH===void 0?{pathUnset:!0}:{pathText:e.
env.PATH.slice(0,TC)}},f=(gy=D(t.policy.tools,o))==null?void 0:gy.commandFrom;if(f==="untrusted"){let mn=s.join(" ").slice(
0,200);return{...d,unusable:[],elsewhere:[],run:{kind:"untrusted",why:"command",by:mn}}}let p="",h=_C.has(Xk(i)),m=Ai(e,
c),y=mn=>h?Et(me(mn(),()=>{}),r,void 0):void 0,[w,k,b,R]=await Promise.all([Et(jC(e,i,u,c,mn=>{p=mn}),r,void 0),y(()=>UC(
e,c)),y(()=>ep(e,{...t,workspace:c},m)),t.usesWorkspace?Et(Zk(e,c),r,{}):{}]);if(!w)return{...d,unusable:[],elsewhere:[],
run:{kind:"search-timed-out",directory:p}};let{found:S,unusable:j}=w;if(S===void 0){let mn=i.includes("/")?{}:await Et(IC(
e,t,o,i,u),r,{});return{...d,unusable:j,elsewhere:[],...mn,run:{kind:"not-found"}}}let P=o==="node"&&LC(a)?await Et(FC(e,
S),r,void 0):void 0;if(P!==void 0)return{...d,found:{path:S,realPath:P},unusable:j,elsewhere:[],run:{kind:"own-node",version:e.
nodeVersion}};let[T,M,q]=await Promise.all([Et(e.realPath(S),r,void 0),Et(tn(e,S,c),r,!0),h?Et(CC(e,S),r,!1):!1]),Ie=(T==
null?void 0:T.kind)==="ok"?T.value:void 0,X=/\/rustup(?:-init)?$/.test(Ie??"")&&Xk(i)!=="rustup",Ee=await Et(NC(e,i,S),r,
void 0),De={...d,...Ee&&{unexpanded:Ee},found:{path:S,...Ie!==void 0&&{realPath:Ie}},unusable:j,elsewhere:[]},Dd=M?{why:"\
program",by:S}:(b==null?void 0:b.kind)==="untrusted"&&(X||q)?{why:"toolchain",by:b.by}:void 0;if(Dd&&!t.trusts)return{...De,
run:{kind:"untrusted",...Dd}};let rO=(b==null?void 0:b.kind)==="named"?{RUSTUP_TOOLCHAIN:b.name}:{},py=l!==void 0&&(f===
"workspace"||Dd!==void 0),oO=py?{cwd:l,isTrusted:!0}:{},my=mn=>{let iO={...OC,...R,...mn,...k&&{RUSTUP_HOME:EC}};return e.
run([S,...a],{signal:n,env:iO,maxOutput:AC,...oO})},al=await my(py?{}:rO),hy=al.kind!=="exited"||al.code!==0,sO={link:X,
...k&&{neverSetUp:k},...hy&&h&&await Et(GC(e,c,b,De.found),r,{}),...(b==null?void 0:b.kind)==="named"&&HC(al)&&{outsideWorkspace:await my(
{})}};return{...De,run:{kind:"ran",outcome:al},...hy&&{file:await Et(Kk(e,S),r,{format:"unreadable"})},...(h||X)&&{rustup:sO}}}
async function IC(e,t,n,r,o){var d;let s=await Jf(e,r,o),i=(d=s[0])==null?void 0:d.replace(/\/[^/]*$/,"");if(i===void 0)
return{elsewhere:s};let a=Dl(e).find(({meant:f})=>f===i)??Dk(e,i),l=Object.entries(t.policy.tools).filter(([f,{commandFrom:p}])=>f!==
n&&p!=="untrusted"),u=(await Promise.all(l.map(async([f,{command:p}])=>{let h=p[0]??f;if(h.includes("/")||!(await Wn(e,h,
[i])).found)return[];let{found:m,unusable:y}=await Wn(e,h,o);if(m||y.some(({kind:k})=>k==="not-executable"||k==="unreada\
ble"))return[];let[w]=await Jf(e,h,o);return w===ee(i,h)?[f]:[]}))).flat();return{elsewhere:s,...a&&{unexpanded:a},...u.
length>0&&{sameDirectory:u}}}async function NC(e,t,n){let r=Dl(e);if(r.length===0||t.includes("/"))return;let o=(e.env.PATH??
"").split(":"),s=o.indexOf(n.slice(0,n.lastIndexOf("/")));for(let i of r)if(!(o.indexOf(i.entry)>s)&&(await Wn(e,t,[i.meant])).
found)return i}async function CC(e,t){return(await e.stat(ee(t.slice(0,t.lastIndexOf("/")),"rustup"))).kind==="file"}async function jC(e,t,n,r,o){
let s=t.lastIndexOf("/"),i=s<0?n:[nn(t.slice(0,s)||"/",r)];return Wn(e,t.slice(s+1),i,o)}function LC(e){return e.length===
1&&(e[0]==="--version"||e[0]==="-v")}async function FC(e,t){let[n,r]=await Promise.all([e.realPath(t),e.realPath(e.execPath)]);
return n.kind==="ok"&&r.kind==="ok"&&n.value===r.value?n.value:void 0}async function MC(e){try{return(await e(Ae)).mode}catch{
return"unknown"}}async function DC(e,t){let n=await me(e.stat(t),()=>{});return n===void 0?"/":n.kind==="directory"?t:void 0}
function Ai(e,t){let{RUSTUP_HOME:n,HOME:r}=e.env;if(n)return nn(n,t);let o=r||e.userHome;return o?ee(nn(o,t),".rustup"):
void 0}async function UC(e,t){let n=Ai(e,t);if(n===void 0||(await e.stat(ee(n,"settings.toml"))).kind!=="absent")return;
let[r,...o]=await Promise.all([e.list(ee(n,"toolchains")),e.stat(ee(t,"rust-toolchain.toml")),e.stat(ee(t,"rust-toolchai\
n")),e.stat("/etc/rustup/settings.toml")]),s=r.kind==="ok"&&r.value.length>0,i=!!e.env.RUSTUP_TOOLCHAIN||o.some(a=>a.kind!==
"absent");return s&&i?void 0:{home:n}}async function qC(e,t){if(e.env.RUSTUP_AUTO_INSTALL!==void 0)return e.env.RUSTUP_AUTO_INSTALL!==
"0";let n=Ai(e,t);if(n===void 0)return!0;let r=await e.readText(ee(n,"settings.toml"));return r.kind!=="ok"||!/^\s*auto_install\s*=\s*["']disable["']/m.
test(r.value)}async function GC(e,t,n,{path:r,realPath:o}){let s=Ai(e,t),[i,a,l]=await Promise.all([qC(e,t),s===void 0?void 0:
Jk(e,s),WC(e,s,[r,o??r])]),u=(e.env.RUSTUP_TOOLCHAIN?"RUSTUP_TOOLCHAIN":void 0)??((n==null?void 0:n.kind)==="named"?n.at:
a);return{autoInstall:i,...u&&{chosenBy:u},...l.length>0&&{otherHomes:l}}}async function WC(e,t,n){var l;let r=n.flatMap(
c=>{let u=/^(.*\/)(\.?)cargo\/bin\/[^/]+$/.exec(c);return u?[`${u[1]}${u[2]}rustup`]:[]}),o=["/usr/local/rustup","/opt/r\
ustup","/opt/rust/rustup","/root/.rustup"],s=(l=e.userHome)!=null&&l.startsWith("/")?[ee(e.userHome,".rustup")]:[],i=[...new Set(
[...r,...s,...o])].filter(c=>c!==t);return(await Promise.all(i.map(async c=>{let u=await me(e.list(ee(c,"toolchains")),()=>{});
return(u==null?void 0:u.kind)==="ok"&&u.value.length>0?[{path:c,toolchains:u.value.slice(0,8)}]:[]}))).flat().slice(0,4)}
function HC(e){return/toolchain '[^'\n]+'[^\n]* is not installed|syncing channel updates for/.test(e.stdout+e.stderr)}function Xk(e){
return e.slice(e.lastIndexOf("/")+1)}function Et(e,t,n){return Promise.race([e,t.then(BC).then(()=>n)])}function BC(){return new Promise(
e=>setImmediate(e))}var KC=6e4,Qk=256;async function tb(e,t,n,r,o){let s=0,i=t.map(c=>({path:c,bytes:0,files:0,isCut:!1,isFile:!1,left:[c]})),
a=()=>r.aborted||s>=KC,l=async c=>{let u=c.left.pop();if(u===void 0)return;let d=await me(e.list(u),()=>{});if((d==null?
void 0:d.kind)==="absent"&&o!==void 0&&u===c.path){let f=await me(e.lstat(u),()=>{});(f==null?void 0:f.kind)==="file"&&Object.
assign(c,{isFile:!0,...eb(f,o)});return}if((d==null?void 0:d.kind)!=="ok"){c.isCut||=(d==null?void 0:d.kind)!=="absent";
return}for(let f=0;f<d.value.length;f+=Qk){if(a()){c.isCut=!0;return}let p=d.value.slice(f,f+Qk).map(m=>`${u}/${m}`);s+=
p.length;let h=await Promise.all(p.map(m=>n.has(m)?void 0:me(e.lstat(m),()=>{})));for(let[m,y]of h.entries()){(y==null?void 0:
y.kind)==="directory"&&c.left.push(p[m]??"");let{bytes:w,files:k}=eb(y,o);c.bytes+=w,c.files+=k}await Ft()}};for(;!a()&&
i.some(({left:c})=>c.length>0);)await Promise.all(i.map(l));return i.map(({bytes:c,files:u,isCut:d,isFile:f,left:p})=>({
bytes:c,files:u,isCut:d||p.length>0,...f&&{isFile:!0}}))}function eb(e,t){let n=e&&"changed"in e?e.changed??0:0;return t!==
void 0&&n<t?{bytes:0,files:0}:{bytes:(e==null?void 0:e.kind)==="file"?e.size:0,files:1}}var VC=200,zC=5,JC=2e3;function nb(e){return{name:"written-since",async collect(t,n,r){let{workspace:o}=n,s=xi(t.env),[i,
a]=await Promise.all([t.list(o),zo(t)]);if(!a)return{written:[]};let c=(i.kind==="ok"?i.value.slice(0,VC):[]).map(h=>({path:`${o}\
/${h}`,shown:`${h}/`})),u=s!==o&&!s.startsWith(`${o}/`)&&!o.startsWith(`${s}/`),d=[...c,...u?[{path:s,shown:s}]:[]],f=await we(
Math.min(JC,n.timeoutMs),r,h=>tb(t,d.map(({path:m})=>m),new Set(a.map(({target:m})=>m)),h,e));return{written:d.map(({path:h,
shown:m},y)=>{let{bytes:w=0,files:k=0,isCut:b=!0,isFile:R=!1}=f[y]??{},S=R?m.replace(/\/$/,""):m;return{path:h,shown:S,bytes:w,
files:k,...b&&{atLeast:!0}}}).filter(({bytes:h,files:m})=>h>0||m>0).sort((h,m)=>m.bytes-h.bytes).slice(0,zC)}}}}var _i=[{what:"Tokens",words:"token tokens jwt pat bearer otp totp",pattern:/tokens?$/,hidden:["GITHUB_TOKEN","accessTok\
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
_STRING","ConnectionStrings__Default"],shown:["CONNECTION_TIMEOUT","STRING"]}],rb="base64 b64 pem json hex raw data valu\
e",ob="github_actor git_author_name git_author_email git_author_date session_manager desktop_session gdmsession oldpwd i\
nit_cwd xdg_session_id xdg_session_type xdg_session_class xdg_session_desktop xdg_session_path dbus_session_bus_address",
sb="public key|cache key|primary key|foreign key|partition key|sort key|host key|restore key|cache keys|public keys|rest\
ore keys|token type|token expires|auth method|auth type",ib="true false none null nil yes off on no empty incorrect inva\
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
n without work worker workflow workflows workspace would write written your";var ro=(e="",t=" ")=>e.split(t).filter(n=>n!==""),YC=new Set(_i.flatMap(e=>ro(e.words))),ZC=new Set(_i.flatMap(e=>ro(e.last))),
XC=new Set(_i.flatMap(e=>ro(e.pairs,"|"))),QC=_i.flatMap(({pattern:e})=>e??[]),ej=new Set(ro(rb)),tj=new Set(ro(ob)),ab=new Set(
ro(sb,"|")),nj=new Set(ro(ib)),rj=200,tp=new Map;function ke(e){let t=tp.get(e);if(t!==void 0)return t;let n=oj(e.slice(
-rj));return tp.size<5e3&&tp.set(e,n),n}function oj(e){let t=e.toLowerCase();if(tj.has(t)||e==="PWD")return!1;let n=sj(e);
if(n.some(r=>YC.has(r)||QC.some(o=>o.test(r))))return!ab.has(n.slice(-2).join(" "));if(n.some((r,o)=>XC.has(`${r} ${n[o+
1]}`)))return!0;for(;n.length>1&&(ej.has(n[n.length-1]??"")||/^\d+$/.test(n[n.length-1]??""));)n.pop();return ZC.has(n[n.
length-1]??"")&&!ab.has(n.slice(-2).join(" "))}function sj(e){return e.replace(/([a-z0-9])([A-Z])/g,"$1_$2").replace(/([A-Z])([A-Z][a-z])/g,
"$1_$2").toLowerCase().split(/[^a-z0-9]+/).filter(t=>t!=="")}var ij=/[_-](?:FILE|PATH|DIR|DIRECTORY|FOLDER|HOME|SOCK|SOCKET)$|^(?:GOOGLE_APPLICATION_CREDENTIALS|XAUTHORITY)$/i,
aj=/[_-](?:URL|URI|ENDPOINT|HOST|SERVER|ISSUER|DOMAIN)$/i,lj=/hook|dsn|conn/i,cj=/^(?:[A-Z]?[a-z]{1,10}|[A-Z]{1,6}|\d{1,15}(?:\.\d{1,15})?)$/,
uj=/passw|passphrase|passcode|pwd|secret|pass$|cred|(?:^|[^a-z])(?:pw|psw|pin)(?:[^a-z]|$)/i,np=4,dj=6;function kn(e){return cj.
test(e)}function Oi(e){return nj.has(e.toLowerCase())}function ql(e,t){return t.length<np||/^[*\u2022\u2026\s.]*$/.test(t)?!0:
kn(t)?!uj.test(e)||Oi(t)?!0:/^[\d.]+$/.test(t)&&t.length<dj:ij.test(e)?/^(?:~|\.{0,2})\/[\w./@ -]*$/.test(t):aj.test(e)&&
!lj.test(e)&&/^https?:\/\/[^/?#@\s]+(?:\/[\w.-]{0,20}){0,5}$/.test(t)}var lb=[{what:"GitHub",pattern:/gh[opsur]_[A-Za-z0-9_]{10,255}|github_pat_[A-Za-z0-9_]{10,255}/,hidden:["ghp_{a36}","gho\
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
hidden:["eyJ{a33}.eyJ{a40}.{a43}"],shown:["eyJ.json"]}],cb=[{what:"Private keys (PEM, OpenSSH, PGP, PuTTY), also if thei\
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
e.webhook.office.com/webhookb2/{h32}"],shown:["https://hooks.slack.com/","https://discord.com/channels"]}];var fj=new RegExp(`(?<![A-Za-z0-9])(?:${lb.map(({pattern:e})=>e.source).join("|")})`,"g"),pj=/gh[opsur]_|github_pat_|gl[a-z]{1,6}[-_]|GR1348941|ATBB|AT(?:ATT|CTT)3|xox|xapp-|AKIA|ASIA|ABIA|ACCA|ABSK|bedrock-api-key-|AIza|ya29\.|GOCSPX-|1\/\/0|\dQ~|AZDO|npm_|pypi-|rubygems_|cio|oy2|CLOJARS_|dckr_|SWM|K10|AKCp|cmVmdGtu|sk-|hf_|api_org_|gsk_|xai-|pplx-|r8_|nvapi-|lsv2_|[sr]k_|whsec_|sq0|shp|FLWSECK|SG\.|key-|-us\d|xkeysib-|SK[0-9a-f]|:AA|[MNO][\w-]{23,27}\.|do[opr]_v1_|HRKU-|fm[12]|fo1_|nfp_|pscale_|sb[p_]|v1\.0-|LTAI|AVNS_|hv[sbr]\.|atlasv1|pul-|dp\.|tskey-|ops_eyJ|A3-|dapi|ico-|sntr|NR[AIJ]|dt0c01|sq[pau]_|CCIP|bk[upac]|[ps]at\.|PMAK-|lin_api_|ntn_|secret_|figd_|sgp_|EZ[AT]K|shippo_|aio_|pat[A-Za-z0-9]{14}\.|duffel_|fio-u-|sha256~|API-|pn[bu]_|rdme_|tk-us-|tfp_|dnkey-|_mmk|p8e-|age-secret|eyJ/i,
mj=/-----BEGIN|Private-Lines|authorization|cookie|bearer\s|password\s|\s-[A-Za-z]{0,4}[uU][\s=]|user(?:pass|pwd)?[\s=]|\s-[paw]|pass:|>[^<]{4,2000}<\/|<add\s|'|\$\w{1,8}\$|https:\/\//i,
hj=/(?<![\w.-])([\w.-]{1,200})\\{0,7}["']?\]?\s{0,3}(=>|:=|==?|:(?!\/\/))\s{0,3}/g,gj=/(?<![\w-])--?([A-Za-z_][\w-]{1,60})\s{1,3}(?=[^\s-])/g,
ub=/\\{0,7}["'`]/y,yj=/(?:[^\s"'`,;&]|[,;&](?!\s|$|[\w.-]{1,60}=)|["'`](?![\s,;:)}\]>]|$)){1,4000}/y,wj=/[^\n]{1,4000}/y,
kj=/^\$\{\w{1,100}\}$/,bj=new Set("key keys auth session sessions pass pin pw sig signature salt private cookie".split("\
 ")),vj=4e3;function bn(e,t=!0){let n=rp(e);return xj(n,e,t),n}function rp(e){let t=[];if(pj.test(e)&&db(t,e,fj),mj.test(
e))for(let{pattern:n}of cb)db(t,e,n);return t}function db(e,t,n){var r;for(let o of t.matchAll(n)){let s=o.index+(((r=o[1])==
null?void 0:r.length)??0),i=o.index+o[0].length;/^[*\u2026]+$/.test(t.slice(s,i))||e.push([s,i])}}function xj(e,t,n){if(/[=:]/.
test(t))for(let r of t.matchAll(hj)){let[o,s="",i=""]=r;if(!ke(s))continue;let a=r.index+o.length,l=n&&i==="="&&/^[A-Z_][A-Z0-9_]*$/.
test(s)&&Sj(t,r.index),c=fb(t,a,l);c&&!pb(s,i,t.slice(...c),c[0]>a)&&e.push(c)}if(t.includes("-"))for(let r of t.matchAll(
gj)){let o=r[1]??"";if(!ke(o))continue;let s=fb(t,r.index+r[0].length,!1);s&&!pb(o," ",t.slice(...s),!0)&&e.push(s)}}function Sj(e,t){
let n=e.slice(Math.max(0,t-20),t);return/(?:^|\n)[ \t]*(?:export |declare -x |- )?$/.test(n)&&(t<20||n.includes(`
`)||t===0)}function fb(e,t,n){var i,a;ub.lastIndex=t;let r=(i=ub.exec(e))==null?void 0:i[0];if(r!==void 0){let l=t+r.length;
return l<e.length?[l,$j(e,l,r)]:void 0}let o=n?wj:yj;o.lastIndex=t;let s=(a=o.exec(e))==null?void 0:a[0].replace(/[\u2026\s]+$/,
"");return s?[t,t+s.length]:void 0}function $j(e,t,n){let r=Math.min(e.length,t+vj);for(let o=t;o<r;o++){if(e[o]===`
`||e[o]==="\u2026"||e.startsWith(n,o))return o;e[o]==="\\"&&n.length===1&&o++}return r}function pb(e,t,n,r){if(kj.test(n)||
ql(e,n)||kn(n)&&Oi(n))return!0;let o=e.replace(/^[-.]+/,"").toLowerCase();return bj.has(o)?o.startsWith("key")?t!=="="||
o==="keys":t!=="="&&!r&&(kn(n)||!/\d/.test(n)):!1}var mb=[/\b([a-z][a-z0-9+.-]{0,20}:\/{2,4})([^\s/?#"'<>]{1,500})@(?!sha\d{3}:)/gi,/\b([a-z][a-z0-9+.-]{0,20}:\/{2,4})([^\s/?#"'<>:@]{0,200}:(?!\d{1,5}[/?#])[^\s"'<>]{1,500})@(?!sha\d{3}:)/gi,
/(?<![\w/.:@%+~-])()([\w.%+~-]{1,64}:[^\s/@"'<>`,;|()]{1,200})@(?!sha\d{3}:)(?=[a-z_]|\d{1,3}(?:\.\d{1,3}){3})/gi],hb=/@(?!sha\d{3}:)/;
function Pi(e,t){return op(e,()=>t)}function op(e,t){if(!hb.test(e))return e;let n=(r,o,s)=>o+t(s);return mb.reduce((r,o)=>r.
replace(o,n),e)}function Gl(e){return hb.test(e)?mb.flatMap(t=>[...e.matchAll(t)].map(n=>n[2]??"")):[]}function Wl(e){return e.
slice(e.indexOf(":")+1)}function os(e){try{return decodeURIComponent(e)}catch{return e}}var Rj=12,Ej=6,Tj="USER LOGNAME HOSTNAME HOME SHELL LANG TERM RUNNER_NAME RUNNER_OS RUNNER_ARCH GITHUB_ACTOR GITHUB_JOB \
GITHUB_WORKFLOW GITHUB_REPOSITORY GITHUB_REF_NAME GITHUB_SERVER_URL".split(" ");function gb(e,t){var s;let n=new Map,r=Oj(
e),o=i=>{for(let a of[i,..._j(i)])a.length<np||kn(a)&&(Oi(a)||r.has(a))||n.set(a,{text:a,match:Aj(a)})};for(let[i,a=""]of Object.
entries(e)){ke(i)&&!ql(i,a)&&o(a);for(let[l,c]of bn(a))o(a.slice(l,c));i==="ACTIONS_CACHE_URL"&&o(((s=/^https?:\/\/[^/]+\/+(.*?)\/*$/.
exec(a))==null?void 0:s[1])??"");for(let l of Pj(i,a)){let c=Wl(l);c===l&&kn(l)||(o(c),o(os(c)))}}for(let i of t)o(i);return[
...n.values()]}function Aj(e){return kn(e)?"word":e.length<Ej?"token":"anywhere"}function _j(e){return e.includes(`
`)?e.split(`
`).map(t=>t.trim()).filter(t=>t.length>=Rj):[]}function Oj(e){return new Set(Tj.flatMap(t=>(e[t]??"").split(/[^\w-]+/)).
filter(t=>t!==""))}function Pj(e,t){var r;if(!t.includes("@"))return[];let n=/proxy$/i.test(e)?(r=/^\s*(?:[a-z][\w+.-]*:\/\/)?(.*)@/is.
exec(t))==null?void 0:r[1]:void 0;return n===void 0?Gl(t):[n]}function yb(e){return[0,1,2].flatMap(t=>{let r=Buffer.concat([Buffer.alloc(t),e]).toString("base64").slice(t===0?0:t+1,Math.
floor((t+e.length)*8/6));return r.length>=5&&!/^(?:[a-z]*|[A-Z]*|\d*)$/.test(r)?[r,r.replace(/\+/g,"-").replace(/\//g,"_")]:
[]})}function vb(e){let t=wb(e),n=t.toString("hex"),r=ip(e);return[...yb(t),...r===e?[]:yb(wb(r)),n,n.toUpperCase()]}function wb(e){
return Buffer.from(e).subarray(0,2048)}function xb(e){var o;if(/^[\w.~-]*$/.test(e))return[];let t=ip(e),n=Ij(e),r=[t,ip(
t),n,n.replace(/%../g,s=>s.toLowerCase()),n.replace(/%20/g,"+"),e.replace(/ /g,"+"),e.replace(/&/g,"&amp;").replace(/</g,
"&lt;").replace(/>/g,"&gt;").replace(/"/g,"&quot;"),e.replace(/'/g,"'\\''"),e.replace(/'/g,"''"),e.replace(/[^\w.~-]/g,"\
\\$&")];for(let s=0,i=e;s<Sb;s++){let a=(o=up(i))==null?void 0:o.text;if(a===void 0)break;i=a,r.push(i)}return r}function ip(e){
return JSON.stringify(e).slice(1,-1)}function Ij(e){try{return encodeURIComponent(e).replace(/[!'()*]/g,t=>`%${Nj(t)}`)}catch{
return e}}function Nj(e){return e.charCodeAt(0).toString(16).toUpperCase()}var Sb=5;function $b(e){let t=[{text:e,places:void 0}];
for(let r=t[0];t.length<=Sb;){let o=up(r.text);if(!o)break;r={text:o.text,places:Eb(r.places,o.places)},t.push(r)}let n=jj(
t[t.length-1]);return n?[...t,n]:t}function Rb(e){return up(e)}function Eb(e,t){return e?t.map(n=>e[n]??0):t}var Cj=/[A-Za-z0-9+/=_-]\s+[A-Za-z0-9+/=_-]/;
function jj(e){if(!Cj.test(e.text))return;let t=new Hl(e.text);for(let o=0;o<e.text.length;o++){let s=e.text.charCodeAt(
o);s!==Lj&&(s>13||s<9)&&t.write(s,o)}let{text:n,places:r}=t.done();return{text:n,places:Eb(e.places,r),isJoined:!0}}var Hl=class{source;codes;places;length=0;constructor(t){
this.source=t,this.codes=new Uint16Array(t.length),this.places=new Int32Array(t.length+1)}write(t,n){this.codes[this.length]=
t,this.places[this.length++]=n}done(){this.places[this.length]=this.source.length;let{buffer:t}=this.codes;return{text:Buffer.
from(t,0,this.length*2).toString("utf16le"),places:this.places.subarray(0,this.length+1)}}},[Lj,cp,Fj,sp,ap]=[32,37,38,39,
92],Mj=/%[0-9A-Fa-f]{2}|\\|&[#A-Za-z]|''|'"'"'/,Dj=/&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/y,
Uj={amp:38,lt:60,gt:62,quot:34,apos:39,nbsp:32},qj=/\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2}))/y,
Gj=/\\([0-3][0-7]{2})/y,Wj={n:10,r:13,t:9,b:8,f:12,v:11};function up(e){if(!Mj.test(e))return;let t=new Hl(e);for(let n=0;n<
e.length;)n=Hj(e,n,t);return t.done()}function Hj(e,t,n){let r=e.charCodeAt(t);switch(r){case cp:return Kj(e,t,n);case ap:
return Bj(e,t,n);case Fj:{let[o,s,i,a]=lp(Dj,e,t)??[];if(o===void 0)break;let l=a!==void 0?Uj[a]??0:Number.parseInt(s??i??
"",s?10:16);return Tb(l,t,n),t+o.length}case sp:{let o=e.charCodeAt(t+1),s=o===ap&&e.startsWith("'\\''",t)?4:e.startsWith(
`'"'"'`,t)?5:o===sp?2:1;return n.write(sp,t),t+s}}return n.write(r,t),t+1}function Bj(e,t,n){var s;let r=e[t+1]??"";if(r===
"")return n.write(ap,t),t+1;if(r===`
`)return t+2;if(r==="u"||r==="U"||r==="x"){let[i,...a]=lp(qj,e,t)??[];if(i!==void 0)return Tb(Number.parseInt(a.find(l=>l!==
void 0)??"",16),t,n),t+i.length}let o=r>="0"&&r<="3"?(s=lp(Gj,e,t))==null?void 0:s[1]:void 0;return o!==void 0?(n.write(
Number.parseInt(o,8),t),t+4):(n.write(Wj[r]??e.charCodeAt(t+1),t),t+2)}function Kj(e,t,n){let r=kb(e,t);if(r===void 0)return n.
write(cp,t),t+1;let o=r<192?1:r<224?2:r<240?3:4,i=Array.from({length:o},(l,c)=>c===0?r:kb(e,t+3*c)).filter(l=>l!==void 0);
if(o===1||i.length<o)return n.write(r,t),t+3;let a=Buffer.from(i).toString();for(let l=0;l<a.length;l++)n.write(a.charCodeAt(
l),t);return t+3*o}function kb(e,t){if(e.charCodeAt(t)!==cp)return;let[n,r]=[bb(e.charCodeAt(t+1)),bb(e.charCodeAt(t+2))];
return n===void 0||r===void 0?void 0:n*16+r}function bb(e){if(e>=48&&e<=57)return e-48;let t=e|32;return t>=97&&t<=102?t-
87:void 0}function lp(e,t,n){return e.lastIndex=n,e.exec(t)}function Tb(e,t,n){if(!(e<=1114111))return;let r=String.fromCodePoint(
e);for(let o=0;o<r.length;o++)n.write(r.charCodeAt(o),t)}var oo=4,Vj=8,zj=64,Jj=6,Yj=12,Ob=65536,Bl=class{filter=new Uint8Array(Ob);byHead=new Map;constructor(t){let n=new Map,r=(s,i,a)=>{
s.length>=oo&&!n.has(s)&&n.set(s,{text:s,match:i,isEncoded:a})};for(let{text:s,match:i}of t){r(s,i,!1);for(let a of xb(s))
a.length>=Math.min(s.length,Jj)&&r(a,i,!1);for(let a of vb(s))r(a,"anywhere",!0)}let o=new Map;for(let s of n.values()){
let i=s.text.slice(0,oo);this.filter[Ab(i,0)]=1;let a=o.get(i);a?a.push(s):o.set(i,[s])}for(let[s,i]of o)this.byHead.set(
s,new dp(i))}find(t){if(this.byHead.size===0||t.length<oo)return[];let n=[];for(let r of $b(t)){let{places:o,isJoined:s=!1}=r,
i=0;this.look(r.text,s,(a,l,c)=>{if(c&&a<i)return;let[u,d]=c&&!s?_b(r.text,a,l):[a,l];c&&(i=d);let[f,p]=o?[o[u]??0,o[d]??
t.length]:[u,d],h=s?f+t.slice(f,p).trimEnd().length:p;n.push(c&&s?_b(t,f,h):[f,h])})}return ss(n)}look(t,n,r){var i;let{
filter:o}=this,s=t.length-oo;for(let a=0;a<=s;a++){if(o[Ab(t,a)]===0)continue;let[l,c]=((i=this.byHead.get(t.slice(a,a+oo)))==
null?void 0:i.at(t,a,n))??[];l&&c!==void 0&&r(a,c,l.isEncoded)}}},dp=class{sorted;shorter;constructor(t){this.sorted=[...t].
sort((r,o)=>r.text<o.text?-1:1);let n=[];this.sorted.forEach(({text:r},o)=>{var i;let s=o-1;for(;s>=0&&!r.startsWith(((i=
this.sorted[s])==null?void 0:i.text)??"");)s=n[s]??-1;n.push(s)}),this.shorter=n}at(t,n,r){var i;let[o,s]=[0,this.sorted.
length];for(;o<s;){let a=o+s>>>1;Zj(((i=this.sorted[a])==null?void 0:i.text)??"",t,n)?s=a:o=a+1}for(let a=o-1;a>=0;a=this.
shorter[a]??-1){let l=this.sorted[a],c=n+l.text.length;if((!r||l.isEncoded||l.match==="anywhere"&&l.text.length>=Yj)&&t.
startsWith(l.text,n)&&Qj(t,n,c,l.match))return[l,c]}for(let a of[this.sorted[o-1],this.sorted[o]]){let l=a&&Xj(t,n,a.text);
if(l!==void 0)return[a,l]}}};function Zj(e,t,n){for(let r=oo;r<e.length;r++){let o=e.charCodeAt(r)-t.charCodeAt(n+r);if(o!==
0)return!(o<0)}return!1}function Ab(e,t){let n=e.charCodeAt(t)|e.charCodeAt(t+1)<<8,r=e.charCodeAt(t+2)|e.charCodeAt(t+3)<<
8;return(Math.imul(n,40503)^Math.imul(r,34283)^n>>>7)&Ob-1}function Xj(e,t,n){let r=oo;for(;r<n.length&&t+r<e.length&&e[t+
r]===n[r];)r++;let o=t+r;return r<Vj||r===n.length?void 0:e[o]==="\u2026"||e.startsWith("...",o)?o:o<e.length||o<zj&&/^[a-z ._/-]*$/i.
test(e.slice(t))?void 0:o}function Qj(e,t,n,r){if(r==="anywhere")return!0;let[o,s]=[e[t-1]??"",e.slice(n,n+2)];return r===
"token"?!/[A-Za-z0-9]/.test(o)&&!/^[A-Za-z0-9]/.test(s):!/[\w./@-]/.test(o)&&!/^(?:[\w/-]|\.\w)/.test(s)}function _b(e,t,n){
let r=i=>/[A-Za-z0-9+/=_-]/.test(e[i]??""),[o,s]=[t,n];for(;o>0&&e[o-1]!=="="&&r(o-1);)o--;for(;s<e.length&&r(s);)s++;return[
o,s]}function ss(e){let t=[];for(let[n,r]of[...e].sort((o,s)=>o[0]-s[0])){let o=t[t.length-1];o&&n<=o[1]?o[1]=Math.max(o[1],
r):t.push([n,r])}return t}function so(e,t,n){if(t.length===0)return e;let r=[],o=0;for(let[s,i]of t)r.push(e.slice(o,s),
n(e.slice(s,i))),o=i;return r.join("")+e.slice(o)}var Pb=4096,eL=16*1024,fp="***",tL=/\b((?:https?|ftps?|ssh|git|tcp|wss?|socks\w{0,2}|postgres(?:ql)?|mysql|mongodb|rediss?|amqps?)(?:\+\w{1,10})?:\/\/)[^\s/?#@:"'<>[\]]{0,200}:(?!\d{0,5}(?:\u2026|$))[^\s/?#@"'<>`\u2026]{1,4000}(?=\u2026|$)/gi,
nL=/^(?:\d+|stdout|stderr|text|message|body|output|line|what|found|observed|title|headline|why|version|value|name|names|labels?|error|log)$/i,
rL=/[^\n\t -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff]/,oL=/\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g,
sL=/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;function io(e,t=[]){let n=gb(e,t).map(
d=>({...d,text:Nb(d.text)})),r=new Bl(n),o=new Set(n.map(({text:d})=>d).filter(kn)),s=d=>{let f=Nb(d);return Pi(so(f,r.find(
f),Cb),`${fp}@`)},i=d=>iL(s(d)),a=d=>{let f=i(d.slice(0,eL));return f.length>Pb?`${f.slice(0,Pb)}\u2026`:f},l=d=>!d.includes(
"@")&&r.find(d).length===0,c=d=>l(JSON.stringify(d))?d:Ib(s,o)(d),u=d=>so(d,r.find(d),f=>f.replace(/\S/g,"*"));return{text:a,
whole:i,deep:Ib(a,o),again:c,stars:u}}function Cb(){return fp}function iL(e){let t=bn(e),n=Rb(e),{places:r}=n??{};if(n&&
r)for(let[o,s]of bn(n.text))t.push([r[o]??0,r[s]??0]);return so(e,ss(t),Cb).replace(tL,`$1${fp}`)}function Ib(e,t){let n=new Map,
r=s=>{let i=n.get(s)??e(s);return n.set(s,i),i},o=(s,i)=>typeof s=="string"?t.has(s)&&!nL.test(i)?s:r(s):Array.isArray(s)?
s.map((a,l)=>o(a,String(l))):s===null||typeof s!="object"?s:Object.fromEntries(Object.entries(s).map(([a,l])=>[t.has(a)?
a:r(a),o(l,a)]));return s=>o(s,"0")}function Nb(e){return rL.test(e)?e.replace(/\r\n?/g,`
`).replace(oL,"").replace(sL,""):e}var aL=4096;function ao({expectations:e,facts:t}){let n=new Map;for(let r of Object.keys(e.tools)){let o=t[`tool:${r}`],
s=o!=null&&o.ok?lL(o.value):void 0;s!==void 0&&n.set(r,s)}return n}function lL(e){var o,s;let t=e==null?void 0:e.run;if((t==
null?void 0:t.kind)==="own-node")return typeof t.version=="string"?t.version:void 0;if((t==null?void 0:t.kind)!=="ran"||
((o=t.outcome)==null?void 0:o.kind)!=="exited"||t.outcome.code!==0)return;let{stdout:n,stderr:r}=t.outcome;return(s=jb(n)??
jb(r))==null?void 0:s.text}function jb(e){return typeof e=="string"?ae(e.slice(0,aL)):void 0}var Kl="1.0.0";function nt(e){return e.length>0}var Lb="start:";function he(e){return{...Bn(`${Lb}${e.name}`),unnamed:null}}function Hn(e){return{...Bn(e.name),unnamed:null}}
function Bn(e){return{name:e,collect:()=>Promise.reject(new Error(`nobody collected ${e}`))}}function Fb(e,t){let n=Object.
entries(e.facts).filter(([,{ok:r}])=>r);return{...Object.fromEntries(n.map(([r,o])=>[`${Lb}${r}`,o])),...t}}var Mb="Asks the tools of the profile for their versions once more. In a container, or if another program comes first on\
 PATH, the job itself changed it; on a host, somebody may have upgraded it in the middle of the job.",pp={changed:{level:"\
warn",title:"A tool has another version than at the start",headline:({name:e})=>`${x(e,24)} has another version than at \
the start`,why:"What was built before and after does not fit together: `found crate compiled by an incompatible version`\
, or tests see another version than the build. That alone fails no job.",expected:"the version of the start",tell:({name:e,
was:t,is:n,isOwn:r})=>({what:`${g(x(e,60))} was ${t.version} at the start and is ${n.version} now (${g(x(n.path,100))})${r?
", which the job changed itself":""}.`,fix:r?{text:"If that is on purpose, nothing is to be done. Else set the version u\
p in the first step.",kind:"workflow"}:{text:"Upgrade tools of a runner when no job runs on it.",kind:"host"}})}};function xe(e){return{kind:"skip",reason:"not-applicable",message:`The report of the start does not have ${e}.`}}var Mt={
kind:"skip",reason:"needs:after/runner",message:"The machine was started again, so nothing can be compared."},Vl={kind:"\
skip",reason:"needs:after/runner",message:"This is another machine than that of the report."};var zl=Bn("tool-versions"),Db={id:"after/tools",title:"The tools have the versions of the start",intro:Mb,reasons:pp,needs:{
before:he(zl),now:Hn(zl),container:Ae},judge({before:e,now:t,container:n}){let r=Object.entries(e??{}).flatMap(([c,u])=>{
let d=t==null?void 0:t[c];return d?[{name:c,was:u,is:d}]:[]});if(r.length===0)return xe("versions of tools");let o=r.map(
({name:c,was:u,is:d})=>({source:`${c} --version`,text:u.version===d.version?`${d.version}, as at the start`:`${u.version}\
 at the start, ${d.version} now`})),s=r.filter(({was:c,is:u})=>c.version!==u.version),[i]=s;if(!i)return nt(o)?{kind:"pa\
ss",message:"The tools are as they were",evidence:o}:xe("versions of tools");let a=n.mode==="container"||s.every(({was:c,
is:u})=>c.path!==u.path),l=`${i.name} ${i.is.version}`;return v(pp,"changed",{...i,isOwn:a},{observed:l,evidence:o.filter(
({text:c})=>c.includes("now")),...a&&{by:"job"}})}};var Jl=Bn("docker-since"),is=Bn("kernel-messages"),Yl=Bn("own-job"),Ub=Bn("written-since");function se(e,t){let[n,r]=[lo(e.time),lo(t.time)];return n===r?`at ${r} UTC`:`between ${n} and ${r} UTC`}function lo(e){
return new Date(e).toISOString().slice(11,16)}function Tt(e,t){return e.bootId===void 0||e.bootId===t.bootId}function Ii(e,t){
return e===void 0||t===void 0?void 0:t-e}function as(e,t){return!Tt(e,t)&&t.uptime!==void 0&&t.uptime>t.time-e.time+1e3}
var cL=/^(?:tunl|gre|gretap|erspan|ip_vti|ip6_vti|sit|ip6tnl|ip6gre)0$/;function Zl(e,t){let[n,r]=[e,t].map(({interfaces:o})=>o==
null?void 0:o.filter(s=>!cL.test(s)));return n&&(r==null?void 0:r.length)===0?n:[]}var qb="Compares how far the clock and the time since the machine was started went on. They differ if the clock was set.\
 A virtual machine that was paused has both wrong, which nothing here shows.",mp={jumped:{level:"warn",title:"The clock \
was set during the job",why:"Tokens and certificates are refused, `make` builds too much or too little, and tests that m\
easure time fail. That alone fails no job.",expected:"a difference of less than a second",tell:({seconds:e})=>({what:`Th\
e clock was set ${e>0?"forward":"back"} by ${Math.abs(e)} s during the job.`,fix:{text:"Let a time service keep the cloc\
k, which adjusts it in small steps.",commands:["timedatectl","chronyc tracking"],kind:"host"}})}};var uL=1e3,Gb={id:"after/clock",title:"The clock was not set",intro:qb,reasons:mp,needs:{before:he(oe),now:oe},judge({before:e,
now:t}){if(!e)return xe("the clock");if(!Tt(e,t))return Mt;if(e.uptime===void 0||t.uptime===void 0)return{kind:"skip",reason:"\
not-applicable",message:"The time since the machine was started is not known."};let[n,r]=[t.time-e.time,t.uptime-e.uptime],
o=n-r,s=[{source:"/proc/uptime",text:`${r} ms since the start, ${n} ms by the clock`}];if(Math.abs(o)<uL)return{kind:"pa\
ss",message:"The clock went on evenly",evidence:s};let i=Math.round(o/1e3);return v(mp,"jumped",{seconds:i},{observed:`${i}\
 s`,evidence:s})}};var Wb="Compares `cpu.stat` of the job's control groups: in how many periods of its quota the job was stopped because th\
e quota was used up. That a job was slow is certain then; that it failed for that is not. So this alone is never the run\
ner's fault.",hp={starved:{level:"warn",title:"A CPU quota slowed the job down",why:"Tests with a time limit fail that p\
ass elsewhere, and everything takes several times as long. That alone fails no job.",expected:"throttled in less than ha\
lf of the periods",tell:({periods:e,throttled:t,throttledUs:n,before:r,now:o})=>({what:`The job's CPU quota was used up \
in ${t} of ${e} periods ${se(r,o)}, and its processes were stopped for ${(n/1e6).toFixed(0)} s in all.`,fix:{text:"Raise\
 `--cpus` where it is set, in `container.options` of the job or in the options of the runner's label (`CPUQuota=` of the\
 runner's unit for host jobs), and raise time limits of tests that depend on speed.",kind:"runner"}})}};var dL=20,fL=.5,Hb={id:"after/cpu",title:"No CPU quota starved the job",intro:Wb,reasons:hp,needs:{before:he(oe),now:oe},
judge({before:e,now:t}){if(!e)return xe("what the kernel counts");if(!Tt(e,t))return Mt;let n=t.groups.flatMap(i=>{let a=e.
groups.find(({path:l})=>l===i.path);return a?pL(a,i):[]}),[r]=[...n].sort((i,a)=>a.throttled/a.periods-i.throttled/i.periods);
if(!r)return{kind:"skip",reason:"not-applicable",message:"No control group of this process had a CPU quota in use."};let o=[
{source:`${r.path}/cpu.stat`,text:`${r.throttled} of ${r.periods} periods throttled, for ${(r.throttledUs/1e6).toFixed(1)}\
 s`}];if(r.periods<dL||r.throttled<r.periods*fL)return{kind:"pass",message:"The CPU quota left the job most of its time",
evidence:o};let s=`${r.throttled} of ${r.periods} periods throttled`;return v(hp,"starved",{...r,before:e,now:t},{observed:s,
evidence:o})}};function pL(e,t){if(!e.cpu||!t.cpu)return[];let n=t.cpu.periods-e.cpu.periods;return n<=0?[]:{path:t.path,
periods:n,throttled:t.cpu.throttled-e.cpu.throttled,throttledUs:t.cpu.throttledUs-e.cpu.throttledUs}}var Bb="Asks the daemon of the start once more. It was started again if its socket is another file, or if the network `b\
ridge` is younger than the job; its id stays the same. If it does not answer, a job on the host also sees whether someth\
ing still listens at the path of a socket whose file was removed. In a container job, everything that stops `docker exec\
` takes the post step away, too: the cause is in the job's log then. Docker remembers 256 events, which are about three \
steps of a container job, so that a list without an event proves nothing.",Kb="Every `docker` command fails with `Cannot\
 connect to the Docker daemon`.",Ni={restarted:{level:"fail",title:"The Docker daemon was started again during the job",
why:"Containers, builds and pulls that were running end when the daemon stops, and commands fail with `Cannot connect to\
 the Docker daemon` or `unexpected EOF`.",expected:"the daemon of the start",tell:({before:e,now:t,docker:{bridgeCreated:n=0}})=>({
what:n>e.time&&n<=t.time?`The Docker daemon was started again at ${lo(n)} UTC.`:`The Docker daemon was started again ${se(
e,t)}.`,fix:{text:"Find out what restarted it, such as an unattended upgrade, and let it wait until no job runs. With `l\
ive-restore`, containers of jobs survive a restart.",commands:["sudo journalctl --unit docker --since -2h | grep -E 'Sta\
rting|Stopping|Started|Stopped|killed'"],kind:"host"}})},gone:{level:"fail",title:"The Docker daemon is gone",headline:({
docker:e})=>e.listensUnseen?"The Docker socket was removed while the daemon runs":"The Docker daemon is gone",why:Kb,expected:"\
an answer, as at the start",tell:({before:e,now:t,address:n,docker:r})=>r.listensUnseen?{what:`The file of the Docker so\
cket ${g(n)} was removed ${se(e,t)}, while the daemon goes on listening there.`,fix:{text:"Let no step remove it. A rest\
art of the daemon makes it again; it stops containers unless `live-restore` is set.",commands:["sudo systemctl restart d\
ocker.socket docker"],kind:"host"}}:{what:`The Docker daemon at ${g(n)} went away ${se(e,t)} and does not answer.`,fix:{
text:"Find out why it ended, then start it.",commands:["sudo journalctl --unit docker --since -2h | tail -n 50","sudo sy\
stemctl start docker"],kind:"host"}}},"network-removed":{level:"fail",title:"The network of the job's container was remo\
ved",why:"Nothing can be reached from the container any more: names do not resolve, and connections fail with `Network i\
s unreachable`.",expected:"the network interfaces of the start",tell:({before:e,now:t,lost:n})=>({what:`The job's contai\
ner lost its network (${g(x(Q(n),60))}) ${se(e,t)}.`,fix:{text:"Find out what removed it: a `docker network rm` or `dock\
er network disconnect --force` of another job, or a clean-up script. Clean up only what belongs to a job that has ended.",
commands:["docker events --since 2h --until 0s --filter type=network"],kind:"host"}})}},gp={"no-answer":{title:"It is un\
known what became of the Docker daemon",why:Kb,expected:"an answer, as at the start",tell:({address:e,observed:t})=>({what:`\
The Docker daemon at ${g(e)} answered at the start, and now gives ${g(x(t,60))}.`,fix:{text:"Ask it by hand. If it hangs\
, its log says since when.",commands:["timeout 10 docker version","sudo journalctl --unit docker --since -1h | tail -n 5\
0"],kind:"host"}})}};var zb={id:"after/docker",title:"The Docker daemon and the job's network stayed",intro:Bb,reasons:Ni,needs:{before:he(oe),
now:oe,engine:he(jf),endpoint:he(en),docker:Jl,container:Ae},judge({before:e,now:t,engine:n,endpoint:r,docker:o,container:s}){
if(!e)return xe("what the kernel counts");if(!Tt(e,t))return Mt;let i={before:e,now:t},a=Zl(e,t);if(s.mode==="container"&&
a.length>0){let h=[{source:"/proc/self/net/dev",text:`${Q([...e.interfaces??[]])} at the start, ${Q([...t.interfaces??[]])||
"lo alone"} now`},...hL(o,e)];return v(Ni,"network-removed",{...i,lost:a},{observed:`${Q(a)} is gone`,evidence:h})}if((n==
null?void 0:n.version.kind)!=="ok")return{kind:"skip",reason:"not-applicable",message:"No Docker daemon answered at the \
start."};let{address:l,answer:c}=o;if(n.endpoint!==l)return{kind:"skip",reason:"not-applicable",message:`The job changed\
 where Docker is reached, from ${g(n.endpoint)} to ${g(l)}.`};let u=wL(o,i),d=(r==null?void 0:r.endpoint.kind)==="unix",
f={...i,address:l,docker:o};switch(c.kind){case"ok":break;case"failed":return!d||c.code==="EACCES"||c.code==="ENOENT"&&s.
mode!=="host"?Te(gp,"no-answer",{...f,observed:c.code},{observed:c.code,evidence:u}):v(Ni,"gone",f,{observed:c.code,evidence:u,
...o.listensUnseen&&{level:"warn",by:"job"}});default:{let h=c.kind==="http-error"?`HTTP ${c.status}`:c.kind.replace("-",
" ");return Te(gp,"no-answer",{...f,observed:h},{observed:h,evidence:u})}}let p=d?mL(o,i,fk(n.version.value)):[];return p.
length>0?v(Ni,"restarted",f,{observed:"another daemon than at the start",evidence:[...p,...u]}):nt(u)?{kind:"pass",message:yL(
o,e),evidence:u}:{kind:"skip",reason:"not-applicable",message:"Nothing shows since when the daemon runs."}}},Vb=1e3;function mL(e,{
before:t,now:n},r){let{bridgeCreated:o}=e,s=a=>a>t.time+Vb&&a<n.time+Vb,i=[];return t.socket&&n.socket&&t.socket.path===
n.socket.path&&t.socket.inode!==n.socket.inode&&i.push({source:n.socket.path,text:`the socket is another file: inode ${t.
socket.inode} at the start, ${n.socket.inode} now`}),!r&&o!==void 0&&s(o)&&i.push({source:"GET /networks/bridge",text:`c\
reated ${new Date(o).toISOString()}, which the daemon does when it starts`}),i}function hL({events:e,self:t},{time:n}){return((e==
null?void 0:e.told)??[]).filter(r=>r.type==="network"&&r.time>=n).filter(({action:r,container:o})=>r==="destroy"||r==="d\
isconnect"&&o===t).slice(-4).map(r=>({source:"GET /events",text:`${new Date(r.time).toISOString()} network ${r.action} ${r.
name}`}))}function gL({events:e},{time:t}){let n=((e==null?void 0:e.told)??[]).filter(s=>s.type==="container"&&s.time>=t),
r=new Set(n.filter(({action:s})=>s==="oom").map(({id:s})=>s)),o=n.filter(({action:s,signal:i,id:a})=>s==="kill"&&i===9&&
!r.has(a));return[...new Set(o.map(({name:s})=>s))].slice(0,5)}function yL(e,t){let n=gL(e,t);return n.length===0?"The D\
ocker daemon answers, and nothing shows that it was started again":`The Docker daemon answers. ${Q(n.map(g))} ended by \`\
docker kill\`, not for lack of memory`}function wL({address:e,answer:t,events:n},{before:r,now:o}){let s=t.kind==="ok"?"\
answers":t.kind==="failed"?t.message:t.kind;return[{source:`GET /_ping of ${e}`,text:s},...r.socket&&o.socket&&r.socket.
inode===o.socket.inode?[{source:o.socket.path,text:`the same socket as at the start, inode ${o.socket.inode}`}]:[],...n?
[{source:"GET /events",text:`${n.count} since the start${kL(n.count,n.oldest)}`}]:[]]}function kL(e,t){return e>=250&&t!==
void 0?`; Docker remembers since ${new Date(t).toISOString().slice(11,19)}`:""}var Jb="Compares the mounts of the job's places with the start: the options of the mount and of the file system itself, \
which show `emergency_ro` after an error while the mount still says `rw`. On ext4, `/sys/fs/ext4/<device>/errors_count` \
counts errors; on the host, the kernel's log names those of other file systems and of disks. Only devices that a place o\
f the job is on count.",Xl={"read-only":{level:"fail",title:"A file system became read-only during the job",headline:({mount:{
target:e}})=>`${g(x(e,30))} became read-only`,why:"Writes fail with `Read-only file system`.",expected:"writable, as at \
the start",tell:({mount:{target:e,fsType:t},errors:n,before:r,now:o})=>({what:`The file system at ${g(e)} (${t}) became \
read-only ${se(r,o)}${n.length>0?", after an error of the disk or of the file system":""}.`,fix:{text:n.length>0?"Back u\
p what is on the disk, and check it and its file system before jobs use it again. `fsck` needs the file system unmounted\
.":"Find out who remounted it, then make it writable again.",commands:n.length>0?["sudo dmesg --ctime | grep -E 'I/O err\
or|EXT4-fs|XFS|BTRFS' | tail -n 20"]:[`findmnt ${G(e)}`,`sudo mount -o remount,rw ${G(e)}`],kind:"host"}})},"io-error":{
level:"fail",title:"A disk or its file system reported errors",headline:({mount:{target:e}})=>`The disk at ${g(x(e,25))}\
 reported errors`,why:"Reads and writes fail with `Input/output error`, or files have the wrong content.",expected:"no e\
rrors since the start",tell:({mount:{target:e,name:t=""},before:n,now:r})=>({what:`The disk ${g(t)} at ${g(e)} reported \
errors ${se(n,r)}.`,fix:{text:"Back up what is on it, and check the disk before jobs use it again.",commands:["sudo dmes\
g --ctime | grep -E 'I/O error|EXT4-fs|XFS|BTRFS' | tail -n 20",`sudo smartctl -a ${G(`/dev/${t}`)}`],kind:"host"}})}};var Yb={id:"after/filesystem",title:"No file system of the job failed",intro:Jb,reasons:Xl,needs:{before:he(oe),now:oe,kernel:is},
judge({before:e,now:t,kernel:n}){var a;if(!e)return xe("the mounts");if(!Tt(e,t))return Mt;let r=t.mounts.flatMap(l=>{let c=e.
mounts.find(({target:u,device:d})=>u===l.target&&d===l.device);return c?[{was:c,is:l,errors:bL(l,e,t,n)}]:[]}),o=r.map(({
is:l})=>({source:"/proc/self/mountinfo",text:`${l.target} (${l.fsType}): ${l.readOnly?`read-only ${l.options}`.trim():"w\
ritable"}`})),s=r.find(({was:l,is:c})=>c.readOnly&&!l.readOnly);if(s){let l={mount:s.is,errors:s.errors,before:e,now:t},
c=o.filter(({text:d})=>d.startsWith(`${s.is.target} `)),u=`read-only ${s.is.options}`.trim();return v(Xl,"read-only",l,{
observed:u,evidence:[...c,...s.errors]})}let i=r.find(({errors:l})=>l.length>0);if(i){let l={mount:i.is,before:e,now:t};
return v(Xl,"io-error",l,{observed:((a=i.errors[0])==null?void 0:a.text)??"",evidence:i.errors})}return nt(o)?{kind:"pas\
s",message:"The file systems of the job are as they were",evidence:o}:{kind:"skip",reason:"not-applicable",message:"No m\
ount of the start is here any more."}}};function bL({name:e},t,n,r){if(e===void 0)return[];let[o,s]=[t.ext4[e],n.ext4[e]],
i=o&&s&&s.errors>o.errors?[{source:`/sys/fs/ext4/${e}`,text:`errors_count ${o.errors} at the start, ${s.errors} now${s.lastError?
`, the last at ${new Date(s.lastError*1e3).toISOString()}`:""}`}]:[],l=(r.kind==="read"?r.messages:[]).filter(({about:c,
device:u})=>c==="io"&&u===e).slice(-3).map(({text:c})=>({source:"/dev/kmsg",text:c}));return[...i,...l]}var Zb=["bytes","KiB","MiB","GiB","TiB","PiB"];function mt(e){let t=e,n=0;for(;t>=1024&&n<Zb.length-1;)t/=1024,n++;if(n===
0)return`${t} ${t===1?"byte":"bytes"}`;let r=Math.floor(t*10)/10;return`${t<100&&!Number.isInteger(r)?r.toFixed(1):Math.
floor(t)} ${Zb[n]}`}function Ql(e){return String(e).replace(/\B(?=(\d{3})+$)/g,",")}var Xb="Compares `nvidia-smi` with the start, if it listed a GPU then, and reads Xid errors in the kernel's log on the h\
ost. Xids of programs (13, 31, 43, 45, 68, 69) are the job's doing; those of the hardware are not.",co={lost:{level:"fai\
l",title:"A GPU was lost during the job",why:"Programs fail with `CUDA error: unspecified launch failure`, `no CUDA-capa\
ble device is detected`, or hang.",expected:"the GPUs of the start",tell:({lost:e,of:t,start:n,state:r})=>({what:`${xt(Q(
e.slice(0,4).map(o=>g(x(tc(o),60)))))} of ${t} ${t===1?"GPU":"GPUs"} went away ${se(n,r)}.`,fix:{text:"The kernel's log \
says why. A card that fell off the bus needs a restart of the machine; a container that lost access needs to be created \
again.",commands:["sudo dmesg --ctime | grep -E 'NVRM|Xid' | tail -n 20","nvidia-smi"],kind:"host"}})},xid:{level:"fail",
title:"The driver reported a fault of the GPU",headline:({xid:e,isOfProgram:t})=>t?`A program caused the GPU error Xid ${e}`:
`The GPU failed with Xid ${e}`,why:"CUDA programs fail with `unspecified launch failure`, `an illegal memory access was \
encountered`, or an ECC error.",expected:"no Xid since the start",tell:({xid:e,isOfProgram:t,start:n,state:r})=>({what:t?
`A CUDA program made the driver report Xid ${e} ${se(n,r)}, which is an error of the program.`:`The driver reported Xid ${e}\
, a fault of the hardware or its firmware, ${se(n,r)}.`,fix:t?{text:"Run the program under `compute-sanitizer` to find t\
he bad access.",kind:"workflow"}:{text:"Look the number up in NVIDIA's list of Xid errors, and take the card out of use \
until it is clear.",commands:["sudo dmesg --ctime | grep Xid | tail -n 20","nvidia-smi -q | grep -A8 -i 'remapped\\|recov\
ery'"],kind:"host"}})},"memory-taken":{level:"warn",title:"The memory of a GPU was taken during the job",why:"Programs f\
ail with `CUDA out of memory`, or move to the CPU. The job's own programs count too while they run. That alone fails no \
job.",expected:"most of the memory that was free at the start",tell:({name:e,was:t,free:n,start:r,state:o})=>({what:`${g(
x(e,60))} had ${mt(t)} of free memory at the start and has ${mt(n)} now (${se(r,o)}).`,fix:{text:"See which programs hol\
d it.",commands:["nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv"],kind:"host"}})},throttled:{
level:"warn",title:"A GPU was slowed down during the job",why:"It runs at a part of its speed, so that tests time out. T\
hat alone fails no job.",expected:"full clocks, as at the start",tell:({name:e,start:t,state:n})=>({what:`${g(x(e,60))} \
was slowed down by its hardware, by heat or by its power supply (${se(t,n)}).`,fix:{text:"Check cooling and power of the\
 machine.",commands:["nvidia-smi -q -d PERFORMANCE,TEMPERATURE,POWER"],kind:"host"}})}},ec={"no-answer":{title:"It is un\
known what became of the GPUs",why:"If a card went away, every CUDA program fails or hangs.",expected:"a list of GPUs, a\
s at the start",tell:({observed:e})=>({what:`\`nvidia-smi\` listed GPUs at the start, and now: ${x(e,120)}.`,fix:{text:"\
Ask by hand on the runner's host.",commands:["timeout 20 nvidia-smi"],kind:"host"}})},xid:{title:"It is unknown whether \
an Xid was the program's fault",why:"CUDA programs fail when the driver reports one.",expected:"an Xid that only hardwar\
e, or only programs cause",tell:({xid:e})=>({what:`The driver reported Xid ${e}, which programs and hardware can cause.`,
fix:{text:"Look the number up in NVIDIA's list of Xid errors.",commands:["sudo dmesg --ctime | grep Xid | tail -n 20"],kind:"\
host"}})}};var nv=[13,31,43,45,68,69],rv=[48,61,62,63,64,74,79,92,94,95,119,120],vL=/GPU is lost|No devices were found|Unable to determine the device handle|Failed to initialize NVML|couldn't communicate with the NVIDIA driver/i,
ov={id:"after/gpu",title:"The GPUs stayed and kept their memory",intro:Xb,reasons:co,needs:{before:he(ts),now:Hn(ts),start:he(
oe),state:oe,kernel:is},judge({before:e,now:t,start:n,state:r,kernel:o}){var y,w;if(!n)return xe("the GPUs");if(!Tt(n,r))
return Mt;let s=Qb(e);if(s.length===0||!e)return{kind:"skip",reason:"not-applicable",message:"No GPU was listed at the s\
tart."};let i={start:n,state:r},a=o.kind==="read"?o.messages.filter(({about:k})=>k==="xid"):[],l=a.slice(-3).map(({text:k})=>({
source:"/dev/kmsg",text:k})),c=t==null?void 0:t.run;if(!t||!c||c.kind!=="exited"){let k=(c==null?void 0:c.kind)==="timed\
-out"?"`nvidia-smi` did not answer":"`nvidia-smi` was not run";return Te(ec,"no-answer",{observed:k},{observed:k,evidence:[
{source:((y=e.run)==null?void 0:y.command)??"nvidia-smi",text:k},...l]})}let u=Qb(t),d=s.filter(k=>!u.some(b=>nc(b,k)&&!ev(
b))),f=[{source:c.command,text:`${s.length} GPUs at the start, ${u.length-u.filter(ev).length} now. ${c.messages}`.trim().
slice(0,300)}];if(d.length>0&&(u.length>0||vL.test(c.messages)))return v(co,"lost",{...i,lost:d,of:s.length},{observed:`${d.
length} of ${s.length} GPUs are gone`,evidence:[...f,...l]});if(d.length>0)return Te(ec,"no-answer",{observed:c.messages||
`exit code ${c.code}`},{observed:`exit code ${c.code}`,evidence:f});let p=SL(a);if(p!==void 0){let k={...i,xid:p};return rv.
includes(p)?v(co,"xid",k,{observed:`Xid ${p}`,evidence:l}):nv.includes(p)?v(co,"xid",{...k,isOfProgram:!0},{observed:`Xi\
d ${p}`,evidence:l,level:"warn",by:"job"}):Te(ec,"xid",k,{observed:`Xid ${p}`,evidence:l})}let h=s.find(k=>xL(k,u.find(b=>nc(
b,k))));if(h){let k=((w=u.find(R=>nc(R,h)))==null?void 0:w.memoryFree)??0,b=`${mt(k)} free`;return v(co,"memory-taken",{
...i,name:tc(h),was:h.memoryFree??0,free:k},{observed:b,evidence:[{source:c.command,text:b}]})}let m=u.find(k=>tv(k)&&!s.
some(b=>nc(b,k)&&tv(b)));return m?v(co,"throttled",{...i,name:tc(m)},{observed:"slowed down by its hardware",evidence:f}):
nt(f)?{kind:"pass",message:`All ${s.length} GPUs of the start are listed`,evidence:f}:xe("the GPUs")}};function Qb(e){var t;
return((t=e==null?void 0:e.run)==null?void 0:t.form)==="csv"?e.run.gpus:[]}function nc(e,t){return e.uuid!==void 0&&t.uuid!==
void 0?e.uuid===t.uuid:e.index===t.index}function ev({troubles:e={}}){return Object.values(e).some(t=>/GPU is lost|GPU requires reset/i.
test(t))}function tv({thermalSlowdown:e,hardwareSlowdown:t,powerBrake:n}){return e===!0||t===!0||n===!0}function xL(e,t){
return e.memoryFree!==void 0&&(t==null?void 0:t.memoryFree)!==void 0&&t.memoryFree<e.memoryFree/2}function SL(e){let t=e.
flatMap(({xid:n})=>n??[]);return t.find(n=>rv.includes(n))??t.find(n=>!nv.includes(n))??t[t.length-1]}function tc({name:e,
index:t}){return[e??"GPU",t===void 0?"":`(${t})`].join(" ").trim()}var sv="Compares the kernel's counters: of the job's own control group (`memory.events` on cgroup v2, `memory.oom_contro\
l` on v1), and of the machine (`/proc/vmstat`). Docker's events and the containers that were created since the start tel\
l whether it was one of them, and the kernel's log, if it can be read, names the victim. A job container that met its ow\
n limit is the job's doing, and so is a container with a limit that the job started. A kill that nobody claims is `unkno\
wn`.",rc={"oom-killed":{level:"fail",title:"A process was killed for lack of memory",headline:({who:e,container:t})=>{var n;
return((n=yp[e])==null?void 0:n.call(yp,t))??"A process was killed for lack of memory"},why:"The kernel ends the process\
 with SIGKILL: the step exits with 137, or the program reports `Killed`, `signal: 9` or a lost worker.",expected:"no pro\
cess killed by the kernel",tell:e=>({what:`${xt(av(e))} ${se(e.before,e.now)}.`,fix:EL(e)})},pressure:{level:"warn",title:"\
The machine was short of memory during the job",why:"Programs wait for memory and disk instead of running, so that tests\
 time out. That alone fails no job.",expected:"all processes waiting for memory less than 20 % of the time",tell:({share:e,
before:t,now:n})=>({what:`All processes of this machine waited for memory ${e} % of the time ${se(t,n)}.`,fix:{text:"Run\
 fewer jobs at a time on this runner (`runner.capacity`), or give the machine more memory.",commands:["free -m","ps -eo \
rss,comm --sort=-rss | head"],kind:"host"}})}},iv={whose:{title:"It is unknown whose process was killed for lack of memo\
ry",why:"If it was a process of this job, the step exits with 137, or the program reports `Killed`.",expected:"no kill, \
or one whose victim can be told",tell:e=>({what:`${xt(av(e))} ${se(e.before,e.now)}. ${$L(e)}`,fix:RL})}},yp={"own-limit":()=>"\
The job's container ran into its own memory limit","own-container":()=>"The machine ran out of memory",machine:()=>"The \
machine ran out of memory","runner-limit":()=>"The runner's service ran into its memory limit",container:(e="")=>`The co\
ntainer ${g(x(e,24))} ran out of memory`};function av({who:e,kills:t,limitBytes:n,program:r,container:o=""}){let s=t===1?
"a process":`${t} processes`,i=r===void 0?s:g(x(r,40)),a=n===void 0||n<1024?"":` of ${mt(n)}`;switch(e){case"own-limit":
return n===void 0?`the kernel killed ${s} of the job's container at a memory limit that was set inside of it`:`the kerne\
l killed ${s} of the job's container at its own memory limit${a}`;case"own-container":return`the kernel killed ${s} of t\
he job's container, which had not met a limit of its own: the machine, or a control group around the container, had no m\
emory left`;case"machine":return`the machine ran out of memory, and the kernel killed ${i} of the runner's control group`;case"\
runner-limit":return`the runner's control group met its memory limit, and the kernel killed ${i}`;case"runner-group":return`\
the kernel killed ${s} of the runner's control group`;case"container":return n===void 0?`the kernel killed a process of \
the container ${g(o)} for lack of memory`:`the container ${g(o)} met its own memory limit${a}, and the kernel killed a p\
rocess in it`;case"other":return`the machine ran out of memory, and the kernel killed ${i} outside of the runner's contr\
ol group`;case"somewhere":return`the kernel killed ${s} somewhere on this machine for lack of memory`}}function $L({who:e,
isNew:t}){return e==="container"?t?"The container is gone, and with it whether it had a limit of its own.":"The containe\
r is older than this job.":e==="runner-group"?"Other jobs of this runner are in the same group.":e==="other"?"It may hav\
e been a program that the job needs.":"Neither Docker's events nor a container nor the kernel's log says which."}var RL={
text:"Read the kernel's log on the runner's host as root: it names the program, its control group and whose limit was me\
t.",commands:["sudo dmesg --ctime | grep -A1 'oom-kill:'"],kind:"host"};function EL({who:e,container:t=""}){return e==="\
own-limit"?{text:"Raise `--memory` where it is set, in `container.options` of the job or in the options of the runner's \
label, or have the job need less, for example with fewer parallel compilers.",kind:"workflow"}:e==="container"?{text:`Ra\
ise \`--memory\` of ${g(t)} (\`mem_limit\` in a compose file), or have it need less.`,kind:"workflow"}:e==="runner-limit"?
{text:"Raise `MemoryMax=` of the runner's unit, or run fewer jobs at a time (`runner.capacity`).",commands:["systemctl s\
how -p MemoryMax gitea-runner","sudo systemctl edit gitea-runner"],kind:"host"}:{text:"Run fewer jobs at a time on this \
machine (`runner.capacity`), give it more memory, or limit what else runs on it.",commands:["free -m","ps -eo rss,comm -\
-sort=-rss | head","sudo dmesg --ctime | grep -A1 'oom-kill:'"],kind:"host"}}var lv={id:"after/memory",title:"No process was killed for lack of memory",intro:sv,reasons:rc,needs:{before:he(oe),now:oe,
container:Ae,docker:Jl,kernel:is},judge({before:e,now:t,container:n,docker:r,kernel:o}){if(!e)return xe("what the kernel\
 counts");if(!Tt(e,t))return Mt;let s=LL(e,t),a=(n.mode==="container"?TL(e,t):AL(e,t,o))??_L(r,o,e)??IL(e,t);if((a==null?
void 0:a.kind)==="unknown")return Te(iv,"whose",{...a.killed,before:e,now:t},{observed:a.killed.observed,evidence:[...a.
evidence,...s]});if(a)return v(rc,"oom-killed",{...a.killed,before:e,now:t},{observed:a.killed.observed,evidence:[...a.evidence,
...s],...a.kind==="job"&&{level:"warn",by:"job"}});let l=jL(e,t);return l!==void 0?v(rc,"pressure",{share:l,before:e,now:t},
{observed:`all processes waited for memory ${l} % of the time`,evidence:s}):!(Ii(e.oomKills,t.oomKills)!==void 0||t.groups.
some(({oomKills:u})=>u!==void 0))||!nt(s)?{kind:"skip",reason:"not-applicable",message:"The kernel does not count such k\
ills here."}:{kind:"pass",message:"The kernel killed no process for lack of memory",evidence:s}}};function wp(e,t){return t.
groups.flatMap(n=>{let r=e.groups.find(({path:o})=>o===n.path);return r&&n.oomKills!==void 0&&r.oomKills!==void 0?[{was:r,
is:n}]:[]})}function TL(e,t){let[n]=wp(e,t),r=n?(n.is.oomKills??0)-(n.was.oomKills??0):0;if(!n||r<=0)return;let{limitBytes:o,
peakBytes:s=0,path:i,version:a}=n.is,c=a===2?(Ii(n.was.ooms,n.is.ooms)??0)>0:o!==void 0&&s>=o*.98,u={who:c?"own-limit":"\
own-container",kills:r,...o!==void 0&&{limitBytes:o},observed:`${r} killed in the job's container`},d=o===void 0?"no lim\
it of its own":`a limit of ${mt(o)}`;return{kind:c?"job":"machine",killed:u,evidence:[{source:i,text:`oom_kill ${n.was.oomKills}\
 at the start, ${n.is.oomKills} now; ${d}, at most ${mt(s)} used`}]}}function AL(e,t,n){var u;let[r]=wp(e,t),o=(u=t.groups[0])==
null?void 0:u.path,s=cv(n),i=d=>d!==void 0&&d!=="/"&&o!==void 0&&(o.endsWith(d)||o.includes(`${d}/`)),a=s.find(({oom:d})=>i(
d.group)&&(d.of==="machine"||i(d.limitGroup)));if(a){let{program:d}=a.oom;return{kind:"machine",killed:{who:a.oom.of==="\
machine"?"machine":"runner-limit",kills:1,...d!==void 0&&{program:d},observed:`${d??"a process"} of the runner's control\
 group was killed`},evidence:[{source:"/dev/kmsg",text:a.text}]}}let l=s.find(({oom:d})=>d.of==="machine");if(l)return{kind:"\
unknown",killed:{who:"other",kills:1,...l.oom.program&&{program:l.oom.program},observed:"a process outside of the runner\
's control group was killed"},evidence:[{source:"/dev/kmsg",text:l.text}]};let c=r?(r.is.oomKills??0)-(r.was.oomKills??0):
0;if(!(!r||c<=0))return{kind:"unknown",killed:{who:"runner-group",kills:c,observed:`${c} killed in the runner's control \
group`},evidence:[{source:r.is.path,text:`oom_kill ${r.was.oomKills} at the start, ${r.is.oomKills} now`}]}}function cv(e){
return e.kind!=="read"?[]:e.messages.filter(t=>t.oom!==void 0)}function _L(e,t,{time:n}){var m,y;let r=(((m=e.events)==null?
void 0:m.told)??[]).filter(w=>w.type==="container"&&w.time>=n),o=w=>w!==e.self,s=r.find(({action:w,id:k})=>w==="oom"&&o(
k)),i=(e.containers??[]).find(({id:w,oomKilled:k})=>k&&o(w)&&(s===void 0||s.id===w)),a=(i==null?void 0:i.id)??(s==null?void 0:
s.id);if(a===void 0)return;let l=i??((y=e.containers)==null?void 0:y.find(w=>w.id===a)),c=l!==void 0||r.some(({action:w,
id:k})=>w==="create"&&k===a),u=(l==null?void 0:l.name)??(s==null?void 0:s.name)??a.slice(0,12),d=cv(t).some(({oom:w})=>{
var k;return w.of==="group"&&((k=w.limitGroup)==null?void 0:k.includes(a))}),f=OL(l,d),p={who:"container",kills:1,container:u,
...f!==void 0&&f>0&&{limitBytes:f},observed:`the container ${u} was killed for lack of memory`},h=PL(s,l);return!c||f===
void 0?{kind:"unknown",killed:{...p,isNew:c},evidence:h}:{kind:f===0?"machine":"job",killed:p,evidence:h}}function OL(e,t){
return e?e.memory:t?1:void 0}function PL(e,t){return[...e?[{source:"GET /events",text:`${new Date(e.time).toISOString()}\
 container oom ${e.name}`}]:[],...t?[{source:`GET /containers/${t.name}/json`,text:`OOMKilled ${t.oomKilled}, ExitCode ${t.
exitCode}, HostConfig.Memory ${t.memory}`}]:[]]}function IL(e,t){let n=Ii(e.oomKills,t.oomKills)??0;if(!(n<=0))return{kind:"\
unknown",killed:{who:"somewhere",kills:n,observed:`${n} killed somewhere on this machine`},evidence:[]}}var NL=5e3,CL=20;
function jL(e,t){var s,i;let n=Ii((s=e.pressure.memory)==null?void 0:s.full,(i=t.pressure.memory)==null?void 0:i.full),r=t.
time-e.time;if(n===void 0||r<NL)return;let o=Math.round(n/r/10);return o>=CL?o:void 0}function LL(e,t){let[n]=wp(e,t);return[
...e.oomKills!==void 0&&t.oomKills!==void 0?[{source:"/proc/vmstat",text:`oom_kill ${e.oomKills} at the start, ${t.oomKills}\
 now`}]:[],...n?[{source:n.is.path,text:`oom_kill ${n.was.oomKills} at the start, ${n.is.oomKills} now`}]:[]]}var uv="Asks the forge and the runner's cache server once more, as at the start. It shows the end of the job only: what \
was away in the middle and is back leaves no trace here. If the job itself may have changed the way to the forge (a prox\
y, another address, a new `/etc/resolv.conf`), the answer is `undecided`.",dv="Checkouts, pushes, and calls of the forge\
's API fail with a connection error.",Ci={"forge-lost":{level:"fail",title:"The forge is not reachable any more",why:dv,
expected:"an answer, as at the start",tell:({address:e,observed:t,start:n,state:r})=>({what:`The forge ${g(x(e,100))} be\
came unreachable ${se(n,r)} (${x(t,60)}).`,fix:{text:"Look whether the forge was restarted, or whether the way to it bro\
ke, from the runner's host.",commands:[`curl --max-time 10 --verbose ${G(`${e}/api/v1/version`)}`],kind:"forge"}})},"dns\
-lost":{level:"fail",title:"The name of the forge does not resolve any more",why:"Every connection by name fails, to the\
 forge, to registries and to package servers: `Could not resolve host`.",expected:"an address, as at the start",tell:({host:e,
observed:t,start:n,state:r})=>({what:`The name ${g(x(e,100))} stopped resolving ${se(n,r)} (${x(t,60)}).`,fix:{text:"Ask\
 the name servers of the machine by hand.",commands:["cat /etc/resolv.conf",`getent hosts ${G(e)}`],kind:"host"}})},"cac\
he-lost":{level:"warn",title:"The cache server is not reachable any more",why:"`actions/cache` goes on without a cache, \
so jobs take longer. That alone fails no job.",expected:"an answer, as at the start",tell:({address:e,observed:t,start:n,
state:r})=>({what:`The runner's cache server ${g(x(e,100))} became unreachable ${se(n,r)} (${x(t,60)}).`,fix:{text:"The \
runner itself serves it: look whether the runner was stopped, and what its log says.",commands:["sudo journalctl --unit \
gitea-runner --since -1h | tail -n 50"],kind:"runner"}})}},kp={forge:{title:"It is unknown whether the way to the forge \
broke",why:dv,expected:"an answer in the same way as at the start",tell:({address:e,observed:t,isChanged:n})=>({what:`Th\
e forge ${g(x(e,100))} answered at the start, and now: ${x(t,60)}.${n?" The way to it changed meanwhile (its address, a \
proxy, or `/etc/resolv.conf`), perhaps by the job itself.":""}`,fix:{text:"Ask it by hand from the runner's host.",commands:[
`curl --max-time 10 --verbose ${G(`${e}/api/v1/version`)}`],kind:"host"}})}};var FL=["EAI_AGAIN","ENOTFOUND","EAI_FAIL","EAI_NODATA"],pv={id:"after/network",title:"The forge and the cache server st\
ill answer",intro:uv,reasons:Ci,needs:{before:he(eo),now:Hn(eo),cacheBefore:he(Ei),cacheNow:Hn(Ei),start:he(oe),state:oe,
container:Ae},judge({before:e,now:t,cacheBefore:n,cacheNow:r,start:o,state:s,container:i}){if(!o||!e||!t)return xe("how \
the forge answers");if(as(o,s))return Vl;if(i.mode==="container"&&Zl(o,s).length>0)return{kind:"skip",reason:"needs:afte\
r/docker",message:"The job's container lost its network."};if(!fv(e)||t.answer.kind==="not-asked")return{kind:"skip",reason:"\
not-applicable",message:"The forge did not answer at the start, or was not asked."};let a=[{source:`GET ${t.asked??t.url??
"the forge"}`,text:ji(t.answer)}],l={address:t.url??"?",host:t.host??"?",start:o,state:s,observed:ji(t.answer)},c=t.url!==
e.url||t.via!==e.via||o.resolverChanged!==s.resolverChanged;if(!fv(t)){let{answer:u}=t,d=l.observed;return c||u.kind==="\
other-proxy"||u.kind==="timed-out"||u.kind==="failed"&&u.at?Te(kp,"forge",{...l,isChanged:c},{observed:d,evidence:a}):u.
kind==="failed"&&FL.includes(u.code)?v(Ci,"dns-lost",l,{observed:d,evidence:a}):u.kind==="failed"&&!/^(?:E[A-Z]+|HTTP_\d+)$/.
test(u.code)?Te(kp,"forge",{...l,isChanged:c},{observed:d,evidence:a}):v(Ci,"forge-lost",l,{observed:d,evidence:a})}if((n==
null?void 0:n.answer.kind)==="answered"&&r&&r.url===n.url){let{answer:u}=r,d=[{source:`GET ${r.url}`,text:ji(u)}];return u.
kind==="failed"||u.kind==="timed-out"?v(Ci,"cache-lost",{...l,address:r.url??"?",observed:ji(u)},{observed:ji(u),evidence:[
...d,...a]}):{kind:"pass",message:"The forge and the cache server answer",evidence:[a[0],...d]}}return{kind:"pass",message:"\
The forge answers",evidence:a}}};function fv({answer:e}){return e.kind==="answered"&&e.status<500}function ji(e){return e.
kind==="answered"?`HTTP ${e.status}`:e.kind==="failed"?e.code:e.kind.replace("-"," ")}var mv="Compares the machine's `boot_id` with the start, and reads this job's own record from the forge with the job's o\
wn token (`actions: read` in private repositories). After a step that failed, the record has its end. If the runner itse\
lf was stopped, the step that it cut off is still in progress there: Gitea's runner then goes on with the post steps, an\
d **log, job and run say success**.",bp="sudo journalctl --unit gitea-runner --since -2h | tail -n 50",oc={restarted:{level:"\
fail",title:"The runner was stopped in the middle of this job",why:"The runner cut the step off. Gitea may nevertheless \
show this job and its run as a success, although the step did not end.",expected:"a runner that lets its jobs end",tell:({
step:e,before:t,now:n})=>({what:`The runner was stopped ${se(t,n)} and cut the step ${g(x(e,80))} off. If this job is sh\
own as a success, it is not one.`,fix:{text:"Let the runner wait for its jobs when it is stopped, with `shutdown_timeout\
` in its configuration, and let its service manager wait as long (`TimeoutStopSec=`). Then run the job again.",config:{file:"\
config.yaml",language:"yaml",text:`runner:
  shutdown_timeout: 3h`},commands:[bp],kind:"runner"}})},rebooted:{level:"fail",title:"The machine was started again dur\
ing the job",why:"Everything that was running ended.",expected:"the `boot_id` of the start",tell:({before:e,now:t})=>({what:`\
The machine was started again ${se(e,t)}.`,fix:{text:"Find out why: an update, a watchdog, a power failure or a kernel p\
anic.",commands:["last -x reboot shutdown | head","sudo journalctl --boot -1 | tail -n 50"],kind:"host"}})}},sc={machine:{
title:"This is not the machine of the report",why:"What differs between two machines says nothing about what made the jo\
b fail.",expected:"the machine where the report was written",tell:()=>({what:"This machine has another `boot_id` than th\
e report, and it has been running since before the report was written.",fix:{text:"Run `runner-check after` on the machi\
ne, and in the container, where the report was written.",kind:"host"}})},late:{title:"It is unknown whether the runner w\
as stopped",why:"A runner that is stopped cuts the step off, and Gitea may show the job as a success.",expected:"a recor\
d in which every step has ended",tell:({step:e})=>({what:`The forge's record of this job has the step ${g(x(e,80))} stil\
l in progress, and the forge could not be asked again. The runner may have been stopped, or it may report late.`,fix:{text:"\
Look whether the runner's log says that it was stopped. With a `timeout` of `10s` or more, there is time to ask again.",
commands:[bp],kind:"runner"}})},record:{title:"It is unknown whether the runner was stopped",why:"A runner that is stopp\
ed cuts the step off, and Gitea may show the job as a success.",expected:"the record of this job",tell:({said:e})=>({what:`\
The forge did not give the record of this job: ${x(e,200)}.`,fix:{text:"Let the job's token read it, and look at the run\
ner's log meanwhile.",config:{file:"the workflow's job",language:"yaml",text:`permissions:
  contents: read
  actions: read`},commands:[bp],kind:"workflow"}})}};var hv={id:"after/runner",title:"Runner and machine ran on",intro:mv,reasons:oc,needs:{before:he(oe),now:oe,record:Yl,job:qn,
forge:Hn(eo)},judge({before:e,now:t,record:n,job:r,forge:o}){if(!e)return xe("what tells one start of the machine from a\
nother");let s=[];if(e.bootId!==void 0&&t.bootId!==void 0){let l=e.bootId===t.bootId;if(s.push({source:"/proc/sys/kernel\
/random/boot_id",text:l?`${t.bootId}, as at the start`:`${e.bootId} at the start, ${t.bootId} now`}),as(e,t))return Te(sc,
"machine",{},{observed:"another boot_id",evidence:s});if(!l)return v(oc,"rebooted",{before:e,now:t},{observed:"another b\
oot_id",evidence:s})}s.push({source:"GET /repos/{owner}/{repo}/actions/jobs/{id}",text:vp(n)});let i=rs(n);if((i==null?void 0:
i.status)==="in_progress"&&n.kind==="known"&&!n.inStep){let l=`the step is still in progress: ${i.name}`;return n.asked>
1?v(oc,"restarted",{before:e,now:t,step:i.name},{observed:l,evidence:s}):Te(sc,"late",{step:i.name},{observed:l,evidence:s})}
return n.kind==="no-answer"&&o&&o.answer.kind!=="answered"?{kind:"skip",reason:"needs:after/network",message:"The forge,\
 which has the record of this job, does not answer."}:r.system==="gitea"&&(n.kind==="no-answer"||n.kind==="refused"&&n.status!==
401)?Te(sc,"record",{said:vp(n)},{observed:vp(n),evidence:s}):nt(s)?{kind:"pass",message:"Nothing shows that the runner \
or the machine was stopped",evidence:s}:xe("what tells one start of the machine from another")}};function vp(e){switch(e.
kind){case"not-asked":return"not asked: this is not a job of Gitea's runner, or its token may not be sent to that addres\
s";case"no-answer":return`no answer (${e.code})`;case"refused":return e.status===401?"HTTP 401: the job's token is not v\
alid any more, as after a cancel":`HTTP ${e.status}`;case"known":{let t=rs(e),n=[t==null?void 0:t.status,t==null?void 0:
t.conclusion].filter(Boolean).join(", ");return`the job is ${[e.status,e.conclusion].filter(Boolean).join(", ")}; last s\
tep: ${t?`${t.name} (${n})`:"none"}`}}}var ML={workspace:"the workspace",temp:"the temporary directory",home:"the home directory","tool-cache":"the tool cache",
"cargo-target":"cargo's target directory","docker-root":"Docker's data directory"};function gv(e){return D(ML,e)??g(e)}var yv="Compares the free space of the places of the start with what is free at the end. A disk counts as full below 16 \
MiB, or below 2 % of a small one. If it filled up, what was written below the workspace and the temporary directory sinc\
e the start is added up. A disk that was filled and freed again leaves no trace: nothing in Linux remembers how little w\
as free.",wv="The same for inodes: used up below 64, or below 2 % of a small file system. Inodes that were used up and f\
reed again leave no trace.",ic="Writes fail with `No space left on device`, and compilers and linkers report a bus error\
 or an I/O error.",kv={filled:{level:"fail",title:"The disk filled up during the job",headline:({name:e,isOwn:t})=>t?"Th\
e job filled its own tmpfs":`The disk of ${x(e,30)} filled up`,why:ic,expected:({was:e})=>`free space, as at the start (${e}\
)`,tell:e=>({what:DL(e),fix:e.isOwn?$v(e.path):UL(e)})}},bv={"used-up":{level:"fail",title:"The inodes were used up duri\
ng the job",headline:({name:e,isOwn:t})=>t?"The job used up the inodes of its own tmpfs":`The inodes of ${x(e,26)} were \
used up`,why:"Every file takes an inode. Without any, writes fail with `No space left on device` although `df -h` shows \
free space.",expected:({was:e})=>`free inodes, as at the start (${e})`,tell:e=>({what:`${xt(Li(e))} ran out of inodes ${se(
e.start,e.state)}${xp(e,!0)}.`,fix:e.isOwn?$v(e.path):{text:"Find what has the most files, and remove it or move it to a\
 file system with more inodes. What a container of this job wrote is freed with the container.",commands:[`df -i ${G(e.path)}`,
`sudo du --inodes -x -d 3 ${G(e.path)} | sort -n | tail -n 20`],kind:"host"}})}},vv=Sv("free space","The disk"),xv=Sv("f\
ree inodes","The file system");function Sv(e,t){return{little:{title:`${t} has almost no ${e}`,why:ic,expected:({was:n})=>`\
about as much as at the start (${n}), or none`,tell:n=>({what:`${xt(Li(n))} has little left: ${n.is}, after ${n.was} at \
the start${xp(n,e==="free inodes")}. Something that failed for lack of space may have removed its files since.`,fix:{text:"\
Look for `No space left on device` in the job's log. If the log has it, the disk is too small for this job.",commands:[`\
df -h ${G(n.path)}`,`df -i ${G(n.path)}`],kind:"host"}})},"was-out":{title:`${t} had almost no ${e} before the job`,why:ic,
expected:()=>`${e} at the start of the job`,tell:n=>({what:`${xt(Li(n))} had too little already at the start: ${n.was}, \
and ${n.is} now. Whether the job failed for that cannot be seen.`,fix:{text:"Free the disk, then run the job again. A fl\
oor in the policy (`disk`) reports this at the start.",commands:[`df -h ${G(n.path)}`,`df -i ${G(n.path)}`],kind:"host"}})},
unreadable:{title:`${t} could not be measured for ${e}`,why:ic,expected:()=>"an answer of the file system, as at the sta\
rt",tell:n=>({what:`${xt(Li(n))} was measured at the start (${n.was}), and now it answers ${n.is}.`,fix:{text:"Ask the f\
ile system by hand.",commands:[`timeout 5 df -h ${G(n.path)}`],kind:"host"}})}}}function Li({name:e,path:t}){return e===
g(t)?`the disk of ${e}`:`the disk of ${e} (${g(t)})`}function DL(e){let t=e.isOwn?`the tmpfs ${g(e.path)} of the job's c\
ontainer`:Li(e);return`${xt(t)} filled up ${se(e.start,e.state)}${xp(e,!1)}.`}function xp({written:e,lost:t},n){let[r]=e??
[];if(!r)return"";let o=n?`${Ql(r.files)} ${r.files===1?"file":"files"}`:mt(r.bytes),s=r.atLeast?"at least ":"",i=r.shown.
endsWith("/")||r.shown.startsWith("/")?"written below":"written to",a=(e??[]).reduce((c,u)=>c+(n?u.files:u.bytes),0),l=r.
atLeast||a*2>t?"":"; most of what is gone was not written by this job";return`: ${s}${o} ${i} ${g(x(r.shown,80))}${l}`}function UL({
path:e,lost:t}){return{text:"Give this disk more room than the job needs, or have the job write less. A floor in the pol\
icy (`disk`) stops a job before it starts on a disk that is too full.",commands:[`df -h ${G(e)}`,`sudo du -xh -d 2 ${G(e)}\
 | sort -h | tail -n 20`],kind:"host",otherwise:{text:"Raise the floor to what the job needs, so that a disk with less f\
ails at the start.",config:{file:".gitea/runner-check.yml",language:"yaml",text:`disk:
  - path: ${pe(e)}
    free: ${Math.ceil(t/2**30)+1}GiB`},kind:"workflow"}}}function $v(e){return{text:`Write less to ${g(e)}, or give the \
container a larger tmpfs there in \`container.options\` of the job or in the options of the runner's label.`,kind:"workf\
low"}}var Rv=2**20,qL={free:({freeBytes:e})=>e,total:({totalBytes:e})=>e,least:16*Rv,little:1024*Rv,format:e=>`${mt(e)} free`,
what:"free space"},GL={free:({freeInodes:e})=>e,total:({totalInodes:e})=>e,least:64,little:1e3,format:e=>`${Ql(e)} inode\
s free`,what:"free inodes"},Ev=.02;function Tv(e,t,n){return t<Math.min(e.least,n*Ev)?"out":t<Math.min(e.little,n*Ev*2)?
"little":"well"}function Av(e){let{id:t,title:n,intro:r,reason:o,words:s,unknowns:i,quantity:a,after:l=[]}=e;return{id:t,
title:n,intro:r,reasons:s,needs:{before:he(Xr),now:Xr,start:he(oe),state:oe,container:Ae},details:{of:[o],needs:{written:Ub}},
after:l,judge({before:c,now:u,start:d,state:f,container:p,written:h}){if(!c||!d)return xe("the disks");if(as(d,f))return Vl;
let m=BL(a,c.places,u.places,p.mode),{evidence:y}=m;if(m.kind==="well")return WL(a,y);let{worst:w}=m,k={...w,start:d,state:f,
written:h==null?void 0:h.written};if(m.kind!=="out")return dt(i[m.kind],k,{observed:w.is,evidence:y});let b=w.isOwn?{level:"\
warn",by:"job"}:{};return Xd(o,s[o],k,{observed:w.is,evidence:y,...b})}}}var _v=Av({id:"after/disk",title:"No disk of th\
e job filled up",intro:yv,reason:"filled",words:kv,unknowns:vv,quantity:qL}),Ov=Av({id:"after/inodes",title:"No disk of \
the job ran out of inodes",intro:wv,reason:"used-up",words:bv,unknowns:xv,quantity:GL,after:["after/disk"]});function WL({
what:e},t){return nt(t)?{kind:"pass",message:`The disks of the job have ${e}`,evidence:t}:{kind:"skip",reason:"not-appli\
cable",message:`No disk whose ${e} could be counted at the start can be compared.`}}var HL=["out","was-out","unreadable",
"little"];function BL(e,t,n,r){var l,c,u,d,f,p;let o=[],s=[],i=new Set;for(let[h,m]of Object.entries(t??{})){let y=n[h];
if((m==null?void 0:m.kind)!=="measured"||y===void 0)continue;let w=e.free(m),k=e.total(m);if(w===void 0||k===void 0)continue;
let b={name:gv(h),path:m.path,was:e.format(w),lost:0,isOwn:!1};if(y.kind!=="measured"){let q=y.kind==="unreadable"?y.code:
y.kind;if(q==="ENOENT"||y.kind==="not-visible")continue;o.push({source:`statfs ${m.path}`,text:`${b.was} at the start, ${q}\
 now`}),s.push({kind:"unreadable",worst:{...b,is:q}});continue}let R=e.free(y),S=((l=y.mount)==null?void 0:l.target)===((c=
m.mount)==null?void 0:c.target)&&((u=y.mount)==null?void 0:u.fsType)===((d=m.mount)==null?void 0:d.fsType);if(R===void 0||
!S)continue;let j=`${((f=m.mount)==null?void 0:f.target)??m.path} ${e.total(y)}`;if(i.has(j))continue;i.add(j);let P={...b,
is:e.format(R),lost:w-R,isOwn:r==="container"&&((p=m.mount)==null?void 0:p.fsType)==="tmpfs"};o.push({source:`statfs ${m.
path}`,text:`${P.was} at the start, ${P.is} now`});let[T,M]=[Tv(e,w,k),Tv(e,R,e.total(y)??k)];M==="out"?s.push({kind:T===
"well"?"out":"was-out",worst:P}):M==="little"&&R<w/2&&s.push({kind:"little",worst:P})}let a=HL.flatMap(h=>s.filter(m=>m.
kind===h))[0];return a?{...a,evidence:o}:{kind:"well",evidence:o}}var ac=[hv,Yb,_v,Ov,lv,zb,ov,pv,Hb,Gb,Db];function Pv(e,t,n,r){let o=VL(t,r),s=(f,p,h)=>({caused_by:f,outcome:o,sentence:`${p}: ${Vr(h.message.replace(/\.$/,""))}`,
because:`${h.id}:${h.reason??h.status}`}),i=(f,p)=>({caused_by:f,outcome:o,sentence:p}),a=o==="succeeded",l=e.find(({status:f})=>f===
"fail");if(l)return s("runner",a?"The job succeeded, but the runner gave out":"The runner caused this",l);if(a)return i(
"job","Nothing that this job ran on gave out");let c=e.find(({by:f,id:p})=>f==="job"&&p!=="after/tools");if(c)return s("\
job","The job caused this",c);if(o==="canceled")return i("job","The job was canceled, and nothing that it ran on gave ou\
t before");let u=e.find(({status:f,by:p})=>f==="error"||f==="warn"&&p===void 0);if(u)return s("unknown","It is unknown w\
hether the runner caused this",u);let d=n.results.filter(({status:f})=>f==="fail"||f==="error");return n.verdict==="misc\
onfigured"&&d.length>0?i("unknown",`It is unknown whether the runner caused this: nothing changed during the job, but ${KL(
d)} failed at the start already`):e.some(({status:f})=>f==="pass")?i("job","Nothing shows that the runner caused this: w\
hat was looked at was well at the start and at the end"):i("unknown","It is unknown whether the runner caused this: noth\
ing could be compared with the start")}function KL(e){return e.slice(0,3).map(({id:n,reason:r})=>`\`${r===void 0?n:`${n}\
:${r}`}\``).join(", ")+(e.length>3?` and ${e.length-3} more`:"")}function VL(e,t){if((e==null?void 0:e.kind)==="refused"&&
e.status===401)return"canceled";let n=e&&rs(e);return(n==null?void 0:n.status)==="in_progress"&&(e==null?void 0:e.kind)===
"known"&&e.asked>1?"stopped":t?"failed":(e==null?void 0:e.kind)!=="known"||!n?"unknown":e.steps.some(({conclusion:o})=>o===
"failure")?"failed":n.status==="completed"?"succeeded":"unknown"}function Iv(e){return e==="stopped"?"after the runner w\
as stopped":e==="unknown"?"after the job":`after the job ${e==="canceled"?"was canceled":e}`}var Nv=ac.map(pi);async function jv(e,t,n){let r=new Date().toISOString(),o=gn(),{timeoutMs:s,signal:i,hasFailed:a}=n,l=lc(
t.facts,oe),c=zL(l==null?void 0:l.time)?l.time:Date.parse(t.started),u={...t.expectations,skip:[],severity:{},accept:[]},
d={policy:u,profileChoice:{decidedBy:"input"},workspace:n.workspace,usesWorkspace:!1,trusts:!1,timeoutMs:s,failOn:"never",
reportDir:void 0,formats:[],publish:"none",after:"never",summary:!1,runnerConfig:void 0,workflows:[]},f=new Set,p=Vy(e,f),
h=(q,Ie,X)=>Py(q,p,{...d,timeoutMs:Ie},void 0,i,X),m=await h(JL(t,c,l,a),s),y={started:r},w=q=>Fb(Cv(t),Cv({...t,facts:q}).
facts),k=new Set(Hy(Nv,w(m),u,y).map(({name:q})=>q)),b=[nb(c)].filter(({name:q})=>k.has(q)),R=b.length>0?await h(b,Oy(s,
o),m):m,{deep:S,again:j}=io(e.env,[...f]),P=S(R),T=j(af(Nv,S(w(P)),u,y)),M=Pv(T,lc(P,Yl),t,a);return j({version:1,generator:{
name:"runner-check",version:Kl},...t.id!==void 0&&{report:t.id},...M,started:r,duration_ms:ur(o),since:new Date(c).toISOString(),
runner:t.runner,...t.job&&{job:t.job},profile:t.profile,results:T,facts:P})}function zL(e){return typeof e=="number"&&e>=
0&&e<=Date.now()+864e5}function JL({facts:e,expectations:t},n,r,o){var i;let s=lc(e,ts);return[oe,Xr,Ae,qn,Hk(o),mk(n),Rk(
typeof(r==null?void 0:r.uptime)=="number"?r.uptime:void 0),...[eo,Ei].filter(({name:a})=>a in e),...(((i=s==null?void 0:
s.run)==null?void 0:i.gpus)??[]).length>0?[ts]:[],...Lv.filter(a=>`tool:${a}`in e&&D(t.tools,a)!==void 0).map(a=>pr(a,cf(
a,[a,"--version"])))]}var Lv=[...new Set(Object.values($l).flatMap(({tools:e={}})=>Object.keys(e)))];function lc(e,{name:t}){
let n=D(e,t);return n!=null&&n.ok?n.value:void 0}function Cv(e){let t=[...ao(e)].filter(([r])=>Lv.includes(r)).map(([r,o])=>{
var a;let s=lc(e.facts,pr(r,[])),i=(a=s==null?void 0:s.found)==null?void 0:a.path;return[r,{version:o,path:typeof i=="st\
ring"?i:r}]}),n=Object.fromEntries(t);return{facts:{...e.facts,[zl.name]:{ok:!0,value:n,ms:0}}}}function ye(e,t){let n;for(let r of t){let o=rn(e.toLowerCase(),r.toLowerCase());o<=Math.max(2,Math.floor(r.length/3))&&
o<r.length&&(!n||o<n.distance)&&(n={word:r,distance:o})}return n==null?void 0:n.word}function rn(e,t){let n=e.slice(0,80),
r=t.slice(0,80),o=Array.from({length:r.length+1},(s,i)=>i);for(let s=1;s<=n.length;s++){let i=[s];for(let a=1;a<=r.length;a++){
let l=(o[a-1]??0)+(n[s-1]===r[a-1]?0:1);i.push(Math.min(l,(o[a]??0)+1,(i[a-1]??0)+1))}o=i}return o[r.length]??0}var Sp=["http","https","vm","podman","oci","image","container","shell","lxc","kubernetes","k8s"];function at(e,t){let[n="",
r,o]=YL(e);if(n.trim()==="")return{kind:"empty"};if(r===void 0){let a=t==="gitea"?"host":"docker";return{kind:"label",label:{
name:n,kind:a,image:a==="docker"?Fv:""}}}let s=(o??"").replace(/^\/\//,"");if(r==="host")return{kind:"label",label:{name:n,
kind:"host",image:""}};if(r==="docker")return{kind:"label",label:{name:n,kind:"docker",image:s===""?t==="forgejo"?Fv:"":
s}};if(r==="lxc"&&t==="forgejo")return{kind:"label",label:{name:n,kind:"lxc",image:s}};let i=ZL(r,o);return i===null?{kind:"\
opaque",scheme:r}:{kind:"unknown-scheme",scheme:r,meant:i}}var Fv="node:22-bookworm";function YL(e){let t=e.indexOf(":");
if(t<0)return[e];let n=e.indexOf(":",t+1);return n<0?[e.slice(0,t),e.slice(t+1)]:[e.slice(0,t),e.slice(t+1,n),e.slice(n+
1)]}function ZL(e,t){let n=e.trim();if(n.startsWith("docker/")||n.startsWith("//"))return"docker";for(let r of["docker",
"host"])if(n!==""&&rn(n.toLowerCase(),r)<=(r==="host"?1:2))return r;return Sp.includes(n.toLowerCase())?t===void 0?void 0:
"docker":/^[\w.-]+\.[a-z]{2,}\//.test(n)||t!=null&&t.startsWith("//")||/^[\w.-]+$/.test(t??"")?"docker":t===void 0?null:
void 0}var XL=/^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?$/;
function cc(e){return e.length<=512&&XL.test(e)}function Mv(e){let t=e.split("@")[0]??"",n=t.slice(t.lastIndexOf("/")+1),
r=n.indexOf(":");return r<0?void 0:n.slice(r+1)}function Dv(e){if(e.includes("@"))return!1;let t=Mv(e);return t===void 0||
t==="latest"}function Uv(e){var n;let t=[];for(let r of e.matchAll(/(?<![A-Za-z0-9])[A-Za-z0-9]{40}(?![A-Za-z0-9])/g)){let o=/^[0-9a-f]+$/.
test(r[0]),s=!e.slice(0,r.index).includes(":");/\d/.test(r[0])&&/[A-Za-z]/.test(r[0])&&(!o||s)&&t.push({from:r.index,to:r.
index+40})}for(let r of e.matchAll(/\b(?:gh[pousr]|github_pat|glpat)[_-][A-Za-z0-9_-]{16,}/g))t.push({from:r.index,to:r.
index+r[0].length});for(let r of e.matchAll(/\/\/([^/@\s]*:[^/@\s]*)@(?!sha256:)/g)){let o=r.index+2;t.push({from:o,to:o+
(((n=r[1])==null?void 0:n.length)??0)})}return t}function qv(e){return/^(?:(?:ubuntu|debian|alpine|fedora|centos|rocky(?:linux)?|alma(?:linux)?|archlinux)(?:[-_.]?(?:latest|slim|\d[\w.]*))?|node(?:js)?(?:[-_.]?(?:latest|lts|\d[\w.]*))?|docker)$/i.
test(e)}var QL=new Set("almalinux alpine amazonlinux archlinux bash buildpack-deps busybox centos clojure composer dart \
debian docker eclipse-temurin elixir erlang fedora gcc golang gradle haskell julia maven openjdk oraclelinux perl php py\
thon r-base rockylinux ruby rust sapmachine scratch swift ubuntu".split(" "));function Gv(e){let t=e.replace(/^(?:(?:index\.|registry-1\.)?docker\.io\/)?(?:library\/)?/,
""),[n=""]=t.split(/[:@]/);return QL.has(n)&&!/node/i.test(Mv(t)??"")}var Wv={$schema:"./runner-versions.schema.json",entries:{"gpu-option-dropped":{of:"gitea-runner",what:"without `privileg\
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
9.5.1-1~debian.12~bookworm":"yes","29.5.2":"no","29.7.0":"yes","29.7.1":"no"}}}};var Hv=Wv.entries,VZ=Object.keys(Hv);function Kn(e){return Hv[e]}function uo(e,t){let n=t===void 0?void 0:ae(t);if(!n)return e.
ranges.some(tF)?"yes":"unknown";let r=/-\d+-g[0-9a-f]{4,}/.test(t??""),o=e.ranges.map(s=>r?nF(s,n):Bv(s,n));return o.includes(
"yes")?"yes":o.includes("unknown")?"unknown":"no"}function tF(e){return e.from===void 0&&e.upTo===void 0&&e.before===void 0}
function Bv(e,t){return e.from!==void 0&&ls(t,e.from)<0||e.upTo!==void 0&&ls(t,e.upTo)>0||e.before!==void 0&&ls(t,e.before)>=
0?"no":"yes"}function nF(e,t){let n=e.from!==void 0&&ls(t,e.from)<0,r=e.upTo!==void 0&&ls(t,e.upTo)===0,o=e.before!==void 0&&
ls(t,e.before)<0;return n||r||o?"unknown":Bv(e,t)}function ls(e,t){let n=ae(t);return n?it(e,n):0}function uc(e){return e.
ranges.map(rF).join(" and ")}function rF({from:e,upTo:t,before:n}){return e!==void 0&&t!==void 0?e===t?e:`${e} to ${t}`:
e!==void 0&&n!==void 0?`from ${e}, fixed in ${n}`:t!==void 0?`up to ${t}`:n!==void 0?`before ${n}`:e===void 0?"all versi\
ons":`${e} and later`}function L(e,{line:t,column:n}){return{file:e,line:t,column:n}}function O(e,t,n){return{location:e,observed:t,evidence:[],
...n&&{level:n}}}function Ut({file:e,line:t,column:n}){return[e,t,n].filter(r=>r!==void 0).join(":")}function Ue(e,t,n){
if(t.system==="forgejo")return;let r=Kn(e);switch(uo(r,n.version)){case"no":return;case"unknown":return{versions:uc(r)};case"\
yes":return{}}}function vn(e){return e===void 0?"":` This applies to runners ${e}.`}function cs(e,t){return e.system==="gitea"?t.version??e.version:void 0}var Kv={$schema:"./runner-images.schema.json",images:{gitea:{system:"gitea",names:["gitea/runner","gitea/act_runner"],renamed:{
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
1":"basic","data.forgejo.org/forgejo/runner:11":"basic"}}}};var $p=Kv.images;function Vv(e){let{repository:t,tag:n}=sF(e);for(let r of Object.values($p)){let o=r.names.find(i=>t===
i||t.endsWith(`/${i}`));if(o===void 0)continue;let s=["dind-rootless","dind"].find(i=>{let a=r.variants[i];return a!==void 0&&
new RegExp(a).test(n)});return{image:r,variant:s??"basic",name:o,registry:t.slice(0,-o.length)}}}function sF(e){let t=e.
split("@")[0]??"",n=t.lastIndexOf(":");return n>t.lastIndexOf("/")?{repository:t.slice(0,n),tag:t.slice(n+1)}:{repository:t,
tag:""}}function zv(e,t){var n;return(n=Object.entries(e.variables).find(([,r])=>r.role===t))==null?void 0:n[0]}function Jv(e,t){
return D(e.variables,t)!==void 0||(e.numbered??[]).some(n=>t.startsWith(n)&&/^\d/.test(t.slice(n.length)))}var Rp={$schema:"./config-keys.schema.json",gitea:{upTo:"3.3.0",source:"internal/pkg/config/config.go of every release",
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
a-runner/work"}}}};var Fi={gitea:Rp.gitea,forgejo:Rp.forgejo},qt=Fi.gitea.keys,Gt=Fi.forgejo.keys,mr=Fi.gitea.upTo;function xn(e){return Fi[e].
keys}function dc(e,t){return Fi[e].otherSections.includes(t)}var aF=new Map([qt,Gt].map(e=>[e,new Set(Object.keys(e).flatMap(
lF))]));function lF(e){let t=e.split(".");return t.slice(1).map((n,r)=>t.slice(0,r+1).join("."))}function hr(e,t){var n;
return((n=aF.get(e))==null?void 0:n.has(Zv(t)))??!1}function Vn(e,t){return D(e,Zv(t))}function us(e,t){return e===""?t:
`${e}.${e===Yv?t.split(".").join("\xB7"):t}`}var Yv="server.connections";function Zv(e){return e.startsWith(`${Yv}.`)?e.
replace(/^(server\.connections\.)[^.]+/,"$1*"):e}var fo="a compose file";function Qv(e){let t=e.slice(0,65536);if(/^#!\s*\S*(?:sh|python3?|node|perl|ruby)\b/.test(t))return"\
a script";if(/^\s*<(?:!doctype|html|\?xml)/i.test(t))return"a page of HTML or XML";if(/^\[\[runners\]\]\s*$/m.test(t))return"\
a configuration of GitLab Runner";if(/^FROM\s+\S+/m.test(t)&&/^(?:RUN|COPY|CMD|ENTRYPOINT|USER|WORKDIR)\s/m.test(t))return"\
a Dockerfile";let n=t.split(/\r?\n/).filter(o=>o.trim()!==""&&!/^\s*[#;]/.test(o));if(n.length===0)return;if((o=>n.every(
s=>o.test(s)))(/^\s*(?:export\s+)?[A-Za-z_]\w*=.*$/))return"a file of environment variables";if(/^\s*\[[\w."-]+\]\s*$/.test(
n[0]??"")&&n.slice(1).some(o=>/^\s*[\w.-]+\s*=/.test(o)))return"an INI or TOML file"}var cF=[["a Kubernetes manifest","a\
piVersion","kind"],["the description of a Helm chart","apiVersion","name","version"],["a policy of runner-check","profil\
es","version"],["the manifest of a Home Assistant add-on","slug","name"],["a description of an action","runs","name"],["\
the values of a Helm chart","replicaCount"],["the values of a Helm chart","fullnameOverride"],["the values of a Helm cha\
rt","nameOverride"],["the values of a Helm chart","imagePullSecrets"],["the values of a Helm chart","nodeSelector"],["th\
e values of a Helm chart","tolerations"],["the values of a Helm chart","serviceAccount"],["a configuration of pre-commit",
"repos"],["a configuration of Dependabot","updates","version"],["a configuration of Prometheus","scrape_configs"],["a pi\
peline of GitLab CI","stages"],["a pipeline of Woodpecker or Drone","steps"],["a pipeline of Woodpecker or Drone","pipel\
ine"]];function Di(e){var o;if((e==null?void 0:e.kind)==="list")return e.items.some(i=>F(i,"hosts")||F(i,"tasks"))?"a pl\
aybook of Ansible":void 0;if((e==null?void 0:e.kind)!=="map")return;let t=new Set(e.entries.map(({key:s})=>s));if(Ep(e))
return;if(((o=F(e,"services"))==null?void 0:o.value.kind)==="map")return fo;let n=cF.find(([,...s])=>s.every(i=>t.has(i)));
return n?n[0]:e.entries.filter(({value:s})=>F(s,"script")).length>0?"a pipeline of GitLab CI":"a configuration of anothe\
r program"}var uF=new Set([qt,Gt].flatMap(e=>Object.keys(e)).flatMap(e=>e.split(".").slice(1))),Mi=[...new Set([qt,Gt].flatMap(
e=>Object.keys(e)).map(e=>e.split(".")[0]??""))];function Ep(e){if((e==null?void 0:e.kind)!=="map")return!1;let t=0,n=0,
r=0;for(let{key:o,value:s}of e.entries)o.startsWith("x-")||o.startsWith(".")||(fF(o,s)?n++:o==="runner"||o==="container"||
uF.has(o)||dF(o)||Mi.includes(o)&&s.kind!=="map"?r++:Mi.includes(o)||t++);return t>n?!1:n>0||r>0||e.entries.every(({value:o})=>te(
o))}function dF(e){if(Mi.includes(e))return!1;let t=n=>n.replace(/[_-]/g,"").toLowerCase();return Mi.some(n=>t(n)===t(e)||
n.length>4&&rn(n,e.toLowerCase())<=2)}function fF(e,t){return e==="server"?F(t,"connections")!==void 0:dc("gitea",e)?t.kind===
"map":Mi.includes(e)?te(t)?!0:t.kind!=="map"?!1:t.entries.length===0||t.entries.some(({key:n})=>[qt,Gt].some(r=>`${e}.${n}`in
r||hr(r,`${e}.${n}`))):!1}var pF=/^\s*(?:\{%[-+]?.*%\}|\{\{[-~]?\s*(?:if|else|end|range|with|define|include|toYaml|tpl)\b.*\}\}|<%.*%>)\s*$/,
mF=/^(?:\s*(?:-\s+)?(?:[\w.-]+\s*:\s+)?|\s*-\s+)["']?(\{\{[-~]?\s*[^{}]*\}\}|<%=.*?%>)/,hF=/^\s*(?:-\s+)?[\w.-]+\s*:\s+["']?(\$\{\w+\}|\$\w+|@\w+@|__[A-Z]\w*__|%\w+%|<[A-Z][A-Z0-9_-]*>)["']?\s*(?:#.*)?$/,
gF=3;function e0(e){var r,o;let t=[],n;for(let[s,i]of e.slice(0,262144).split(/\r?\n/).entries()){if(!/[{<$@_%]/.test(i)||
/^\s*#/.test(i)){n=Xv(i,n);continue}n=Xv(i,n);let a=u=>({line:s+1,column:i.indexOf(u)+1,form:yF(u)});if(pF.test(i))return a(
i.trim());let l=(r=mF.exec(i))==null?void 0:r[1];if(l!==void 0)return a(l);let c=n===void 0?(o=hF.exec(i))==null?void 0:
o[1]:void 0;c!==void 0&&t.push(a(c))}return t.length>=gF?t[0]:void 0}function yF(e){return/^\$\w/.test(e)?"$\u2026":e.replace(
/\w.*\w|\w/,"\u2026").replace(/^(\W*?)\s*\u2026\s*(\W*)$/,"$1 \u2026 $2")}function Xv(e,t){var r;let n=((r=/^\s*/.exec(e))==
null?void 0:r[0].length)??0;return/^\s*(?:envs|environment|env)\s*:/.test(e)?n:t===void 0||e.trim()===""||n>t?t:void 0}function zn(e){
var t;return(t=/\$\{[A-Za-z_][^}\s]*\}|\$\([^)]*\)|(?<![\w$\\])\$[A-Za-z_]\w*/.exec(e))==null?void 0:t[0]}var je=ui(uu(),1),WS=40,At=256*1024,HS=1e4;function Je(e){let t=zU(e);if(t)return{kind:"broken",problem:t};let n=new je.LineCounter,
r=o=>{let{line:s,col:i}=n.linePos(o);return{line:Math.max(1,s),column:Math.max(1,i)}};try{let o=(0,je.parseAllDocuments)(
e,{lineCounter:n,schema:"failsafe",prettyErrors:!1,uniqueKeys:!1,logLevel:"silent"}),[s]="empty"in o?[]:o,i=s==null?void 0:
s.errors[0];if(i){let a=i.code==="MISSING_CHAR"?BU(s.contents):void 0,l=KU(i.code,i.message);return{kind:"broken",problem:{
...r(a??i.pos[0]),message:l}}}return{kind:"ok",root:s!=null&&s.contents?new ah(e,r).read(s.contents,0):void 0}}catch(o){
return o instanceof Zn?{kind:"broken",problem:o.problem}:{kind:"broken",problem:{line:1,column:1,message:o instanceof Error?
o.message.slice(0,200):"it cannot be read"}}}}function BU(e){let t;if(e)return(0,je.visit)(e,(n,r)=>{var s;((0,je.isScalar)(
r)&&(r.type==="QUOTE_DOUBLE"||r.type==="QUOTE_SINGLE")||(0,je.isCollection)(r)&&r.flow===!0)&&(0,je.isNode)(r)&&(t=(s=r.
range)==null?void 0:s[0])}),t}function KU(e,t){switch(e){case"TAB_AS_INDENT":return"the line is indented with a tab, and\
 YAML allows only spaces";case"MISSING_CHAR":return/quote/.test(t)?"the quote that is opened here is never closed":"the \
bracket that is opened here is never closed";case"BAD_INDENT":return/flow|end with/.test(t)?"a bracket before this place\
 is not closed":"the indentation does not match any line above";case"UNEXPECTED_TOKEN":case"IMPOSSIBLE":return"unexpecte\
d text: a quote, a bracket or a colon is missing or superfluous";case"BLOCK_IN_FLOW":return"a bracket before this place \
is not closed";case"BLOCK_AS_IMPLICIT_KEY":return"the next line continues this value: it may be indented too far, or a v\
alue with a colon may lack its quotes";case"MULTILINE_IMPLICIT_KEY":return"this is not a key: a colon must be followed b\
y a space, and the keys of a section must start in the same column";case"BAD_SCALAR_START":return"a value cannot start w\
ith this character unless it is in quotes";default:return VU(t.replace(/:\s.*$/s,"")).slice(0,200)}}function VU(e){return e.
slice(0,1).toLowerCase()+e.slice(1)}function zU(e){if(e.length>At)return{line:1,column:1,message:"it is longer than 256 \
KiB"};let t=/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/.exec(e);if(!t)return;let n=e.slice(0,t.index),r=n.split(
/\r\n|\r|\n/).length,o=t.index-Math.max(n.lastIndexOf(`
`),n.lastIndexOf("\r")),s=t[0]==="\uFFFD"?"it is not UTF-8":"it contains a control character, which YAML does not allow";
return{line:r,column:o,message:s}}var Zn=class extends Error{problem;constructor(t,n){super(n),this.problem={...t,message:n}}},
ah=class{anchors=new Map;size=0;copied=0;text;at;constructor(t,n){this.text=t,this.at=n}read(t,n){var i;let r=this.at(((i=
t==null?void 0:t.range)==null?void 0:i[0])??0);if(n>WS)throw new Zn(r,`it is nested more than ${WS} levels deep`);if((0,je.isAlias)(
t))return this.follow(t,r);if((t==null?void 0:t.anchor)===void 0)return this.readHere(t,n,r);this.anchors.set(t.anchor,void 0);
let o=this.size,s=this.readHere(t,n,r);return this.anchors.set(t.anchor,{tree:s,size:this.size-o}),s}readHere(t,n,r){if(this.
size++,(0,je.isMap)(t))return{kind:"map",...r,entries:this.entries(t.items,n)};if((0,je.isSeq)(t)){let o=t.items.map(s=>this.
read(s,n+1));return{kind:"list",...r,items:o}}return this.scalar(t,r)}follow(t,n){let r=this.anchors.get(t.source);if(!r){
let o=this.anchors.has(t.source);throw new Zn(n,o?"the alias is inside the value that it refers to":"the alias refers to\
 an anchor that is not defined above")}if(this.size+=r.size,this.copied+=r.size,this.copied>HS)throw new Zn(n,`aliases e\
xpand to more than ${HS} values`);return r.tree}entries(t,n){var a,l;let r=[],o=[],s=new Map;for(let c of t){let u=c.key,
d=this.at(((a=u==null?void 0:u.range)==null?void 0:a[0])??0);if(!(0,je.isScalar)(u))throw new Zn(d,"a key must be a word\
, not a list or a map");let f=String(u.source??u.value??""),p=this.read(c.value,n+1),h=s.get(f);if(h!==void 0)throw new Zn(
d,`the key occurs twice, first on line ${h}`);if(s.set(f,d.line),f==="<<"&&u.type==="PLAIN"){for(let w of JU(p,d))for(let k of w.
entries)o.push(k);continue}let y=p.kind==="scalar"&&p.plain&&p.text===""?{...p,...this.at((((l=u.range)==null?void 0:l[1])??
0)+1)}:p;r.push({key:f,...d,value:y})}let i=new Set(r.map(({key:c})=>c));for(let c of o)i.has(c.key)||(i.add(c.key),r.push(
c));return r}scalar(t,n){let r=String((t==null?void 0:t.value)??""),o=(t==null?void 0:t.type)===void 0||t.type==="PLAIN",
s=(t==null?void 0:t.tag)===void 0?o:/^tag:yaml\.org,2002:(?:int|float|bool|null)$/.test(t.tag),i=/\s/.test(r)&&(t!=null&&
t.range)?this.words(r,t.range[0],t.range[2]):void 0;return{kind:"scalar",text:r,plain:s,...n,...i&&{words:i}}}words(t,n,r){
let o=this.text.slice(n,r),s=[],i=0,a=0;for(let l of t.matchAll(/\S+/g)){let c=o.indexOf(l[0],i);if(c<0&&++a>100)break;if(c<
0)continue;i=c+l[0].length;let{line:u,column:d}=this.at(n+c);s.push([l.index,u,d])}return s}};function JU(e,t){return(e.
kind==="list"?e.items:[e]).map(r=>{if(r.kind!=="map")throw new Zn(t,"`<<` takes a map, or a list of maps");return r})}var Er=(e,t)=>({instead:`Remove the key. Give it when the runner is registered: ${e}, or the variable \`${t}\` of its con\
tainer.`}),Tr=e=>({instead:`Remove the key, and give it as an option of the job containers in \`container.options\`: \`${e}\
\`.`}),ue=e=>({meant:e}),YU={"runner.name":Er("`register --name`","GITEA_RUNNER_NAME"),"runner.token":Er("`register --to\
ken`","GITEA_RUNNER_REGISTRATION_TOKEN"),"runner.registration_token":Er("`register --token`","GITEA_RUNNER_REGISTRATION_\
TOKEN"),"runner.url":Er("`register --instance`","GITEA_INSTANCE_URL"),"runner.instance":Er("`register --instance`","GITE\
A_INSTANCE_URL"),"runner.instance_url":Er("`register --instance`","GITEA_INSTANCE_URL"),"runner.address":Er("`register -\
-instance`","GITEA_INSTANCE_URL"),"runner.ephemeral":Er("`register --ephemeral`","GITEA_RUNNER_EPHEMERAL"),"runner.job_t\
imeout":ue("runner.timeout"),"runner.work_dir":ue("host.workdir_parent"),"runner.workdir":ue("host.workdir_parent"),"run\
ner.workdir_parent":ue("host.workdir_parent"),"host.workdir":ue("host.workdir_parent"),"host.work_dir":ue("host.workdir_\
parent"),"container.workdir":ue("container.workdir_parent"),"container.work_dir":ue("container.workdir_parent"),"contain\
er.pull_policy":{meant:"container.force_pull",instead:"Write `container.force_pull`: `true` pulls the image before every\
 job, `false` only if it is missing."},"container.pull":ue("container.force_pull"),"container.always_pull":ue("container\
.force_pull"),"runner.concurrency":ue("runner.capacity"),"runner.concurrent":ue("runner.capacity"),"runner.parallel":ue(
"runner.capacity"),"runner.max_parallel":ue("runner.capacity"),"runner.max_jobs":ue("runner.capacity"),"runner.max_concu\
rrent_jobs":ue("runner.capacity"),"runner.log_level":ue("log.level"),"runner.tags":ue("runner.labels"),"runner.env":ue("\
runner.envs"),"runner.environment":ue("runner.envs"),"container.env":ue("runner.envs"),"container.envs":ue("runner.envs"),
"container.environment":ue("runner.envs"),"cache.path":ue("cache.dir"),"cache.directory":ue("cache.dir"),"cache.server":ue(
"cache.external_server"),"cache.url":ue("cache.external_server"),"container.volumes":{instead:"Remove the key. Write eac\
h mount as `-v SOURCE:TARGET` into `container.options`, and its source into `container.valid_volumes`."},"container.moun\
ts":{instead:"Remove the key. Write each mount as `-v SOURCE:TARGET` into `container.options`, and its source into `cont\
ainer.valid_volumes`."},"container.image":{instead:"Remove the key. Each label names its own image: `name:docker://IMAGE\
` in `runner.labels`."},"runner.image":{instead:"Remove the key. Each label names its own image: `name:docker://IMAGE` i\
n `runner.labels`."},"container.gpus":Tr("--gpus all"),"container.memory":Tr("--memory=8g"),"container.cpus":Tr("--cpus=\
4"),"container.shm_size":Tr("--shm-size=8g"),"container.dns":Tr("--dns=10.0.0.1"),"container.extra_hosts":Tr("--add-host\
=forge.example:10.0.0.5"),"container.add_hosts":Tr("--add-host=forge.example:10.0.0.5"),"container.user":Tr("--user=1000\
:1000")};function ga(e,t){let n=D(YU,e);return t==="gitea"||(n==null?void 0:n.instead)===void 0?n:{...n,instead:n.instead.
replace(/, or the variable `\w+` of its container/,"")}}function Ar(e){let t=[],n="",r=-1,o=0,s=()=>{r<0&&(r=o)};for(;o<e.length;){let i=e[o]??"";if(` 
	`.includes(i))r>=0&&t.push({text:n,offset:r}),n="",r=-1,o++;else if(i==="\\"){if(o+1>=e.length)return{kind:"unterminate\
d",what:"\\",offset:o};e[o+1]!==`
`&&(s(),n+=e[o+1]),o+=2}else if(i==="'"){s();let a=e.indexOf("'",o+1);if(a<0)return{kind:"unterminated",what:"'",offset:o};
n+=e.slice(o+1,a),o=a+1}else if(i==='"'){s();let a=ZU(e,o+1);if(!a)return{kind:"unterminated",what:'"',offset:o};n+=a.text,
o=a.end}else s(),n+=i,o++}return r>=0&&t.push({text:n,offset:r}),{kind:"ok",words:t}}function ZU(e,t){let n="";for(let r=t;r<
e.length;r++){let o=e[r]??"";if(o==='"')return{text:n,end:r+1};let s=e[r+1];o==="\\"&&s!==void 0&&'$`"\n\\'.includes(s)?
(s!==`
`&&(n+=s),r++):n+=o}}function Le(e){return e.replace(/\S/g,"*")}function Rn(e){return e.replace(/[^\s"'\\]/g,"*")}var XU=new Set(["CI","CONFI\
G_FILE","CUDA_VISIBLE_DEVICES","DOCKER_HOST","GITEA_RUNNER_LABELS","HOME","LANG","NVIDIA_DISABLE_REQUIRE","NVIDIA_DRIVER\
_CAPABILITIES","NVIDIA_VISIBLE_DEVICES","PATH","TZ","XDG_RUNTIME_DIR"]);function ya(e){return!XU.has(e)}function du(e){return/^-..|[:=]$/.
test(e)&&ke(e)}var QU=/(?:^|[\s"'])(?:-[A-Za-z]{0,3}u|--(?:proxy-)?user)[\s=]{0,9}["']?(?!\d+:\d+(?:["'\s]|$))[^\s:"']{1,100}:/,
eq=/(?<![\w.-])([\w.-]+)["']?\s{0,9}(=|:(?!\/))\s*/g,tq=/(?:^|[\s"'])--?([A-Za-z][\w-]*)\s+["']?(?=[^\s-])/g;function fu(e){
if(!/[=\s]|:(?!\/)|^["']?-/.test(e))return;let t=[lh(QU.exec(e)),nq(e),rq(e)].filter(n=>n!==void 0);return t.length===0?
void 0:Math.min(...t)}function nq(e){for(let t of e.matchAll(eq)){let[,n="",r]=t,o=n.replace(/^[-.\d]+/,"");if(r==="="&&
/^[A-Z_][A-Z0-9_]*$/.test(o)&&ya(o)||ke(o))return lh(t)}}function rq(e){for(let t of e.matchAll(tq))if(ke(t[1]??""))return lh(
t)}function BS(e){let t=op(e,n=>`${Rn(n)}@`);return t.includes("//")?t.replace(/(?<=\/\/)[^\s/]+(?=@(?!sha256:))/g,Rn).replace(
/(?<=\/\/)[^\s/:@]{1,200}:(?!\d*\/|\/\/)[^\s@]{1,500}(?=@(?!sha256:))/g,Rn).replace(/(:\/\/[^\s?"']{1,2000}\?)([^\s"']+)/g,
(n,r,o)=>r+Rn(o)):t}function KS(e){return so(e,ss(rp(e)),Rn)}function ko(e){return so(e,ss(bn(e,!1)),Rn)}function Xn(e){
let t=[fu(e),...bn(e).map(([r])=>r)].filter(r=>r!==void 0);if(t.length===0)return e;let n=t.reduce((r,o)=>Math.min(r,o));
return e.slice(0,n)+Le(e.slice(n))}function lh(e){return e?e.index+e[0].length:void 0}function bo(e,t=!1){if(!/[\s=:]/.test(e))return e;let n="",r=0,o=t?"-e":"";for(let s of VS(e)){let i=e.slice(s.from,s.to),
a=sq(i,s.text,o),l=o==="--mount"||s.text.startsWith("--mount="),c=a===0&&/^(?:basic|bearer|digest|token)$/i.test(s.text);
if(!t&&!c&&(o=s.text),a===void 0)continue;let u=s.open?e.length:l?s.from+oq(i,a):s.to;if(n+=e.slice(r,s.from+a)+Rn(e.slice(
s.from+a,u)),r=u,s.open)break}return n+e.slice(r)}function oq(e,t){let n=e.slice(t).search(/,(?:type|source|src|target|dst|destination|readonly|ro)\b/);
return n<0?e.length:t+n}function sq(e,t,n){var s;if(n==="--health-cmd")return 0;if(t.startsWith("--health-cmd="))return ch(
e,"--health-cmd=");if(du(n)&&!t.startsWith("-"))return 0;let r=iq(t,n);if(r!==void 0&&ya(r))return ch(e,`${r}=`);if(/^(?:-[A-Za-z]{0,3}u|--(?:proxy-)?user)$/.
test(n)&&!/^\d+:\d+$/.test(t)){let i=(s=/^[^:]+:/.exec(t))==null?void 0:s[0];if(i!==void 0)return ch(e,i)}return fu(e)??
(fu(t)===void 0?void 0:0)}function iq(e,t){var r,o;if(!e.includes("="))return;let n=(r=/^(?:-[A-Za-z]*?e=?|--?env\w*=)([^\s=]+)=/.
exec(e))==null?void 0:r[1];if(n!==void 0)return n;if(/^(?:-[A-Za-z]*e|--?env\w*)=?$/.test(t))return(o=/^([^\s=-][^\s=]*)=/.
exec(e))==null?void 0:o[1]}function ch(e,t){let n=e.indexOf(t);return n<0?0:n+t.length}function VS(e){let t=Ar(e);if(t.kind===
"ok")return t.words.map((l,c)=>{var u;return aq(e,l,(u=t.words[c+1])==null?void 0:u.offset)});let{offset:n}=t,[r,...o]=[
...e.slice(n).matchAll(/\S+/g)].map(l=>{let c=n+l.index;return{text:l[0],from:c,to:c+l[0].length,open:!1}}),s=VS(e.slice(
0,n)),i=s[s.length-1];if(!r)return s;if((i==null?void 0:i.to)!==r.from)return[...s,{...r,text:r.text.slice(1),open:!0},...o];
let a={text:i.text+r.text.slice(1),from:i.from,to:r.to,open:!0};return[...s.slice(0,-1),a,...o]}function aq(e,{text:t,offset:n},r){
return{text:t,from:n,to:n+e.slice(n,r).trimEnd().length,open:!1}}function qe(e){let t=KS(BS(e));for(let{from:n,to:r}of Uv(t))t=t.slice(0,n)+Rn(t.slice(n,r))+t.slice(r);return t}function vo(e,t){
let n=new dh(xn(t));return n.maskAliases(n.maskSection(e,""))}var lq=100,dh=class{table;harmless=new Map;names;guesses=0;secrets=new Set;constructor(t){
this.table=t;for(let[n,r]of Object.entries(t)){let o=JS(n.slice(n.lastIndexOf(".")+1)),s=!r.secret&&r.type!=="environmen\
t";this.harmless.set(o,s&&this.harmless.get(o)!==!1)}this.names=[...this.harmless.keys()]}maskSection(t,n){return t.kind===
"map"?this.maskAt(t,n):this.hide(t)}maskAliases(t){switch(t.kind){case"map":return{...t,entries:t.entries.map(n=>({...n,
value:this.maskAliases(n.value)}))};case"list":return{...t,items:t.items.map(n=>this.maskAliases(n))};case"scalar":return this.
secrets.has(zS(t))?this.hide(t):t}}maskAt(t,n){if(t.kind!=="map")return t.kind==="scalar"?uh(t,n):this.maskItems(t,n);let r=t.
entries.map(o=>{var u;let s=us(n,o.key),i=Vn(this.table,s);if(hr(this.table,s))return{...o,value:this.maskSection(o.value,
s)};if(i!=null&&i.secret||(i==null?void 0:i.type)==="environment")return{...o,value:this.hide(o.value,!0)};if(i)return{...o,
value:this.maskAt(o.value,s)};let a=Vn(this.table,((u=ga(s,"gitea"))==null?void 0:u.meant)??""),l=a!==void 0&&!a.secret&&
a.type!=="environment",c=o.value.kind!=="map"&&(l||this.isHarmless(o.key));return{...o,key:Xn(qe(o.key)),value:c?this.maskAt(
o.value,s):this.hide(o.value,ke(o.key))}});return{...t,entries:r}}isHarmless(t){if(t.length>40||ke(t)||/cred|auth|key/i.
test(t))return!1;let n=JS(t),r=this.harmless.get(n);if(r!==void 0)return r;let o=++this.guesses>lq?void 0:ye(n,this.names);
return o!==void 0&&this.harmless.get(o)===!0}maskItems(t,n){return{...t,items:t.items.map(r=>{if(r.kind==="scalar")return uh(
r,n,!0);if(r.kind!=="map")return this.hide(r);let o=r.entries.map(s=>{let{value:i}=s;return{...s,value:i.kind==="scalar"&&
YS(n)?uh(i,n):this.hide(i)}});return{...r,entries:o}})}}hide(t,n=!1){switch(t.kind){case"map":{let r=s=>n||ke(s),o=t.entries.
map(s=>({...s,value:this.hide(s.value,r(s.key))}));return{...t,entries:o}}case"list":return{...t,items:t.items.map(r=>this.
hide(r,n))};case"scalar":return te(t)||t.text===""?t:(n&&this.secrets.add(zS(t)),{...t,text:Le(t.text)})}}};function zS({
line:e,column:t}){return`${e}:${t}`}function JS(e){return e.replace(/[_-]/g,"").toLowerCase()}function YS(e){return/labels?$/i.
test(e)}function uh(e,t,n=!1){let r=qe(e.text),o=YS(t)?r:bo(ko(r),n);return o===e.text?e:{...e,text:o}}function pu(e,t){
return ke(e)||/^SetCredential/i.test(e)?Le(t):bo(ko(qe(t)),e==="Environment")}function XS(e){return/^(?:[./~]|\\\\|[A-Za-z]:)/.test(e)}function Ge(e,t){return/^(?:[~/]|\\\\|[A-Za-z]:)/.test(t)?t.startsWith(
"/")?ZS(t):t:ZS(e===""||e==="."?t:`${e}/${t}`)}function ZS(e){let t=[];for(let n of e.split("/"))n===""||n==="."||(n==="\
.."&&t.length>0&&t[t.length-1]!==".."?t.pop():(n!==".."||!e.startsWith("/"))&&t.push(n));return`${e.startsWith("/")?"/":
""}${t.join("/")}`||"."}function wa(e){return e.slice(e.lastIndexOf("/")+1)}var cq=/(?:^|[/\s;&|('"])(?:gitea|act|forgejo)[-_]runner(?=$|[\s;&|)'"])/,uq=/runner["']?\s+(?:-\S+\s+\S+\s+)*(?:register|create-runner-file|generate-config|config|cache-server|exec)\b/;
async function n$(e,t){return(await Promise.all(e.services.map(r=>dq(e,r,t)))).filter(r=>r!==void 0)}function _t({entrypoint:e,
command:t}){return[...(e==null?void 0:e.words)??[],...(t==null?void 0:t.words)??[]].join(" ")}async function dq(e,t,n){var h,
m;let r=t.image&&Vv(t.image.text),o=_t(t),s=/\b(?:daemon|one-job)\b/.test(o);if(uq.test(o)&&!s&&(r==null?void 0:r.image.
command)!=="ignored")return;let i=t.environment.has("GITEA_INSTANCE_URL")&&t.environment.size>1;if(!(r!==void 0||cq.test(
o)&&s||i&&mq(t)))return;let l=r&&(t.entrypoint===void 0||t.entrypoint.empty)?r:void 0,c=(r==null?void 0:r.image.system)??
(/forgejo[-_]runner/.test(o)?"forgejo":"gitea"),u=(m=/:v?(\d+\.\d+\.\d+)/.exec(((h=t.image)==null?void 0:h.text.split("@")[0])??
""))==null?void 0:m[1],d=u!==void 0&&ae(u)&&(r==null?void 0:r.image.names[0])!=="vegardit/gitea-act-runner"?u:void 0,f=await gq(
e,t,hq(t,l,o),c,n),p=await kq(t,c,n);return{project:e,service:t,system:c,...l&&{image:l},...d!==void 0&&{version:d},config:f,
intended:f.kind==="none"?pq(p):f,idle:(l==null?void 0:l.image.command)==="required"&&fq(t),configMounts:p}}function fq({
command:e,entrypoint:t}){if(t&&!t.empty)return!1;let[n="",...r]=(e==null?void 0:e.words)??[];return/^(?:daemon|one-job|register|-.*|)$/.
test(n)?!0:r.length===0&&/(?:^|\/)forgejo-runner$/.test(n)}function pq([e]){if(!e)return{kind:"none"};let{path:t,found:n}=e;
return n?{kind:"read",path:t,...n}:{kind:"unread",path:t,mounted:!0}}function mq({name:e,image:t}){let n=/(?:act|gitea|forgejo)[-_]?runner/;
return n.test((t==null?void 0:t.text)??"")||n.test(e)&&!/gitea\/gitea|forgejo\/forgejo/.test((t==null?void 0:t.text)??"")}
function hq(e,t,n){let r=t?t.image.config.variable:"CONFIG_FILE",o=r===void 0?void 0:e.environment.get(r);if(o!=null&&o.
filled)return o.unset.length>0?"open":QS(o.text);if(o&&(o.passed||o.unset.length>0))return"open";if((t==null?void 0:t.image.
command)==="ignored")return e.openEnvironment?"open":void 0;let i=[...n.matchAll(/(?:^|\s)(?:--config|-c)(?:\s+|=)["']?([^\s"';]+)/g)].
map(a=>a[1]??"").find(a=>/^[\w./-]+\.(?:ya?ml|conf)$|^\//.test(a));return i!==void 0?QS(i):(t==null?void 0:t.image.config.
flag)===void 0&&!t||e.openEnvironment&&r!==void 0?"open":void 0}function QS(e){return e.startsWith("/")?e:Ge("/data",e)}
async function gq(e,t,n,r,o){if(n===void 0)return{kind:"none"};if(n==="open")return{kind:"unread",path:"",mounted:!0};let s=xs(
t,n),i=(s==null?void 0:s.type)==="file"?e.files.get(s.source):void 0,a=i&&"path"in i?i.path:s&&r$(s,n);return i&&"text"in
i?e$(i.text,n,e.path,r):a===void 0?{kind:"unread",path:n,mounted:s!==void 0}:e$(await o(a),n,a,r)}function e$(e,t,n,r){let o=e===
void 0?void 0:Je(e);return(o==null?void 0:o.kind)!=="ok"||/\$\{/.test(e??"")?{kind:"unread",path:t,mounted:!0}:{kind:"re\
ad",path:t,file:n,root:o.root&&vo(o.root,r)}}function xs({mounts:e,placed:t},n){return[...e,...t].filter(({target:o})=>yq(
n,o)).sort((o,s)=>s.target.length-o.target.length)[0]}function yq(e,t){let n=t.replace(/\/+$/,"");return e===n||e.startsWith(
`${n}/`)}function r$({type:e,source:t,target:n,unset:r},o){if(e!=="bind"||r.length>0||t.startsWith("~"))return;let s=o.slice(
n.replace(/\/+$/,"").length);return s===""?t:Ge(t,s.slice(1))}var wq=/^(?:.*[-_.])?(?:config|act[-_]?runner|gitea[-_]?runner|forgejo[-_]?runner|runner)(?:[-_.].*)?\.ya?ml$/i;
async function kq(e,t,n){let r=[];for(let o of[...e.mounts,...e.placed]){let s=/\.ya?ml$/.test(o.target),i=s?[o.target]:
["config.yaml","config.yml"].map(a=>Ge(o.target,a));for(let a of i){let l=r$(o,a),c=l===void 0?void 0:await n(l);if(l!==
void 0&&c!==void 0){let u=bq(c);u&&r.push({mount:o,path:a,found:{file:l,root:vo(u,t)}})}else s&&wq.test(wa(a))&&r.push({
mount:o,path:a})}}return r}function bq(e){var r;let t=Je(e);return t.kind!=="ok"||((r=t.root)==null?void 0:r.kind)!=="ma\
p"||Di(t.root)?void 0:t.root.entries.some(({key:o})=>o==="runner"||o==="container"||o==="cache")?t.root:void 0}function ka({
image:e,service:t},n){let o=e?zv(e.image,n):{instance:"GITEA_INSTANCE_URL",labels:"GITEA_RUNNER_LABELS",token:"GITEA_RUN\
NER_REGISTRATION_TOKEN"}[n];return o===void 0?void 0:{name:o,variable:t.environment.get(o)}}function ba(e,t){var r;let n=(r=
ka(e,t))==null?void 0:r.variable;return n!=null&&n.filled&&n.unset.length===0?n:void 0}function rt(e,t,n){var s;let{intended:r}=e;
if(r.kind==="unread")return;if(r.kind==="read")return((s=H(r.root,...t))==null?void 0:s.text)??"";let o=n&&ka(e,n);return o!=
null&&o.variable?o.variable.unset.length>0||o.variable.passed?void 0:o.variable.text:o&&e.service.openEnvironment?void 0:
""}function mu({project:e,service:t}){return[...t.networks.keys()].flatMap(n=>{let r=e.networks.get(n);return(r==null?void 0:
r.name)!==void 0?[r.name]:r!=null&&r.external?[n]:e.name===void 0?[]:[`${e.name}_${n}`]})}var t$=/^(?:\/var)?\/run\/docker\.sock$/;
function va({service:e}){return e.mounts.find(({target:t,source:n})=>t$.test(t)||t$.test(n))}function _r(e){let{image:t,
service:n,project:r}=e;if(t&&t.variant!=="basic")return{kind:"own"};let o=rt(e,["container","docker_host"],"docker-host"),
s=n.environment.get("DOCKER_HOST");if(o===void 0||s&&(s.unset.length>0||s.passed&&!s.filled))return{kind:"unknown"};let i=/^(?:-|automount|)$/.
test(o)?(s==null?void 0:s.text)??"":o,[,a,l="",c=""]=/^(\w+):\/\/([^/:]*)(?::(\d+))?/.exec(i)??[];if(a==="tcp"){let u=r.
services.find(d=>xa(d,l));return u?{kind:"service",service:u,host:l,port:c}:{kind:"unknown"}}return va(e)&&(a===void 0||
a==="unix")?{kind:"machine"}:{kind:"unknown"}}function xa({name:e,hostname:t,containerName:n,networks:r,links:o},s){let i=[
...r.values()].flat();return[e,t==null?void 0:t.text,n==null?void 0:n.text,...i].includes(s)||o.some(({text:a})=>a.endsWith(
`:${s}`))}function be({name:e,place:t},n,r=[]){let o=["services:",`  ${hu(e)}:`,...n.map(s=>`    ${s}`),...r];return{file:t.file,language:"\
yaml",text:o.join(`
`)}}function fh(e,t,n=[]){let r=t.flatMap(([o,s])=>[`  ${hu(o)}:`,...s.map(i=>`    ${i}`)]);return{file:e,language:"yaml",
text:["services:",...r,...n].join(`
`)}}function an(e){return["environment:",...Object.entries(e).map(([t,n])=>`  ${t}: ${vq(n)}`)]}function Ht(e){return pe(
e.split("$").join("$$"))}function vq(e){return/^\$\{\w+\}$/.test(e)?e:Ht(e)}function hu(e){return/^[A-Za-z][\w.-]*$/.test(
e)?e:JSON.stringify(e)}function V(e,t){return{file:e,language:"yaml",text:t}}function ot(e,t){return{file:e,language:"ini",text:t}}function Fe(e){
return/\*{3,}/.test(e)}function Ss(e){return e===void 0?" It has to belong to the user that the runner runs as.":""}function gu(e){
return{config:{file:".gitea/runner-check.yml",language:"yaml",text:`severity:
  ${e}: off`},kind:"workflow"}}function $s(e){var n;let t=(n=/([^/]+)\.service(?:\.d\/[^/]+)?$/.exec(e))==null?void 0:n[1];
return t&&/^[\w@.-]+$/.test(t)?t:"gitea-runner"}function xo(e){return e==="forgejo"?"forgejo-runner":"gitea-runner"}var Ye="\
Restart the runner while no job runs.";function Rs(e){return["sudo systemctl daemon-reload",`sudo systemctl restart ${G(
$s(e))}`]}var Es="sudo systemctl restart docker";function yu(e){return e===""||e==="bridge"?"networks of their own":`the network ${g(e)}`}function Sa(e,t){return V(e,`co\
ntainer:
  network: ${pe(t)}`)}var wu=["environment:","  CONFIG_FILE: /config.yaml","configs:","  - source: runner-config","    t\
arget: /config.yaml"];function ku(e){return["configs:","  runner-config:","    content: |","      container:",`        n\
etwork: ${pe(e)}`]}var o$="Looks at a runner in a container whose jobs run in containers next to it: can they connect to its cache server? \
A runner that shares the machine's network, or whose jobs join one of its networks, is fine.",ph={"unreachable-from-jobs":{
level:"warn",title:"Job containers cannot connect to the runner's cache",headline:({service:e})=>E("Jobs cannot connect \
to the cache of ",e.name),why:"Docker keeps networks apart. Each `actions/cache` step waits for its timeout, continues w\
ithout a cache, and prints `getCacheEntry failed: connect ETIMEDOUT`.",expected:"jobs that join a network of the runner,\
 or an address of the machine with a published port",tell:e=>({what:xq(e),fix:Sq(e)})}};function xq({service:e,host:t,network:n}){
let r=yu(n);return t===""?`The runner in ${g(e.name)} tells jobs the address of its own container, and its jobs run in ${r}\
.`:`The cache of ${g(e.name)} is announced as ${g(t)}, and no published port leads there from jobs in ${r}.`}function Sq({
service:e,configFile:t,join:n,system:r}){let o="Restart the runner while no job runs.";if(t!==void 0&&n!==void 0)return{
text:`Let jobs join the runner's network. They can then reach every service in it. ${o}`,config:Sa(t,n),kind:"runner"};let s=r===
"forgejo"?"`--config /config.yaml`":"`CONFIG_FILE`",i=`${e.name}-jobs`;return t===void 0&&r==="gitea"?{text:`Give the ru\
nner a network that its jobs join, and a configuration that names it (${s}; Compose 2.23.1 or later). ${o}`,config:be(e,
[...wu,"networks: [default, jobs]"],[...ku(i),"networks:","  jobs:",`    name: ${Ht(i)}`,"  default:"]),kind:"runner"}:{
text:`Write a configuration (${s}) with \`cache.host\`, an address of the machine, and with a fixed port, and publish that\
 port. ${o}`,config:be(e,["ports:",'  - "8088:8088"']),kind:"runner"}}var s$="Looks at the labels in the environment of the service: do they name images, and are they those of the runner's c\
onfiguration?";function $q(e){var n;let t=(n=/^ubuntu-(latest|\d\d\.\d\d)$/.exec(e))==null?void 0:n[1];return t===void 0?
"node:22-bookworm":`docker.gitea.com/runner-images:ubuntu-${t}`}var mh=e=>Q(e.slice(0,5).map(g)),bu={"no-image-named":{level:"\
warn",title:"Labels of the service name no image",headline:({labels:e})=>E("The label ",e[0]??""," of the service names \
no image"),why:"Such jobs run in the runner's own container, an Alpine Linux without Node.js: `actions/checkout` ends wi\
th `Cannot find: node in PATH`. This applies to Gitea's runner; Forgejo's runs such a label in Docker.",expected:"labels\
 such as `ubuntu-latest:docker://IMAGE`, or `ubuntu-latest:host` if that is intended",tell:({service:e,variable:t,labels:n,
all:r})=>({what:`${g(t)} of ${g(e.name)} has ${n.length===1?"the label":"the labels"} ${mh(n)} without an image.`,fix:{text:`\
Name the image that jobs of the label run in. A runner that is registered already takes new labels from the variable in \
2.1.0 and later. ${Ye}`,config:be(e,an({[t]:r.map(o=>n.includes(o)?`${o}:docker://${$q(o)}`:o).join(",")})),kind:"runner"}})},
"differ-from-config":{level:"warn",title:"The variable and the configuration have other labels",headline:({variable:e})=>E(
"",e," and the configuration differ"),why:({wins:e})=>e==="yes"?"The variable wins, so the labels of the configuration s\
erve no job.":e==="no"?"The labels of the configuration win in this release; from 2.1.0 on, the variable does. An upgrad\
e alone changes which jobs the runner takes.":"Before 2.1.0 the labels of the configuration win, from 2.1.0 on the varia\
ble does. An upgrade alone changes which jobs the runner takes.",expected:"the labels in one place",tell:({service:e,variable:t,
here:n,inConfig:r,file:o})=>({what:`${g(t)} of ${g(e.name)} has ${mh(n)}; \`runner.labels\` in ${g(o)} has ${mh(r)}.`,fix:{
text:`Keep the labels in the configuration, and remove ${g(t)} from the service. If the labels of the variable are the r\
ight ones, these are the lines. ${Ye}`,config:V(o,`runner:
  labels:
${n.map(s=>`    - ${JSON.stringify(s)}`).join(`
`)}`),kind:"runner"}})}};var i$={id:"compose/labels",title:"The labels of the service name images, and agree with the configuration",intro:s$,reasons:bu,
find(e,t){let n=ba(e,"labels");return n?[...Eq(e,n),...Tq(e,n,cs(e,t))]:[]}};function xu(e){let t=ba(e,"labels");if(t)return vu(
t.text).map(r=>({text:r,place:t.place}));let{intended:n}=e;return n.kind!=="read"?[]:a$(e).map(({text:r,line:o,column:s})=>({
text:r,place:{file:n.file,line:o,column:s}}))}function vu(e){return e.split(",").map(t=>t.trim()).filter(t=>t!=="")}function a$({
intended:e}){var n;let t=e.kind==="read"?(n=U(e.root,"runner","labels"))==null?void 0:n.value:void 0;return(t==null?void 0:
t.kind)==="list"?t.items.flatMap(r=>r.kind==="scalar"?[r]:[]):[]}var l$="GITEA_RUNNER_LABELS",Rq=/^(?:ubuntu|debian|alpine|fedora|node|docker|linux[-_]?docker)(?:$|[-_:.\d])/i;
function Eq(e,t){if(e.system==="forgejo")return[];let n=vu(t.text).filter(o=>{let s=at(o,e.system);return!o.includes(":")&&
s.kind==="label"&&Rq.test(o)});if(n.length===0)return[];let r={service:e.service,labels:n,all:vu(t.text),variable:l$};return[
v(bu,"no-image-named",r,O(t.place,n.slice(0,5).map(o=>`\`${o}\``).join(", ")))]}function Tq(e,t,n){let r=a$(e).map(({text:c})=>c),
{intended:o,image:s}=e;if(r.length===0||o.kind!=="read"||s!=null&&s.name.startsWith("vegardit/"))return[];let i=vu(t.text),
a=c=>c.map(u=>u.replace(/^([^:]*)$/,"$1:host")).sort();if(a(i).join()===a(r).join())return[];let l={service:e.service,variable:l$,
here:i,inConfig:r,file:o.file,wins:uo(Kn("labels-of-environment"),n)};return[v(bu,"differ-from-config",l,O(t.place,`${i.
length} labels, and ${r.length} in the configuration`))]}var c$={id:"compose/cache",title:"Job containers can connect to the runner's cache server",intro:o$,reasons:ph,find(e){var l;
let{service:t,intended:n,project:r}=e;if(!e.image||e.idle||t.networkMode||_r(e).kind!=="machine")return[];if([...t.networks.
keys()].some(c=>{var u;return(((u=r.networks.get(c))==null?void 0:u.driver)??"bridge")!=="bridge"}))return[];if(!Aq(e)||
_q(e))return[];let o=rt(e,["container","network"],"network");if(o===void 0||o==="host")return[];if(o!==""&&o!=="bridge")
return[];let s=rt(e,["cache","host"],"cache-host"),i=rt(e,["cache",e.system==="forgejo"?"proxy_port":"port"],"cache-port");
if(s===void 0||i===void 0)return[];if(s!==""&&Oq(e,i)&&!r.services.some(c=>xa(c,s)))return[];let a={service:t,system:e.system,
host:s,network:o,configFile:n.kind==="read"?n.file:void 0,join:(l=r.networks.get([...t.networks.keys()][0]??""))!=null&&
l.external?void 0:mu(e)[0]};return[v(ph,"unreachable-from-jobs",a,O(t.place,s===""?"the address of the container":`\`${s}\
\``))]}};function Aq(e){let t=rt(e,["cache","enabled"],"cache-enabled"),n=rt(e,["cache","external_server"],"cache-extern\
al"),r=rt(e,["cache","actions_cache_url_override"]);return t!==void 0&&!/^(?:false|no|off|n)$/i.test(t)&&n===""&&(r??"")===
""}function _q(e){let t=xu(e).map(({text:n})=>at(n,e.system));return t.length>0&&t.every(n=>n.kind==="label"&&n.label.kind===
"host")}function Oq({service:e},t){return t===""||t==="0"?!1:e.ports.some(({text:n,unset:r})=>{var i;if(r.length>0)return!0;
let[o="",s]=((i=n.split("/")[0])==null?void 0:i.split(":").reverse())??[];return o===t&&s===t&&!/^(?:127\.|localhost|\[?::1)/.
test(n)})}function d$(e){let t={...e};for(let[r,o]of Object.entries(e))Array.isArray(o)?t[r]=o.map(s=>u$(s)):r==="command"||r==="e\
ntrypoint"?t[r]=Nq(o):Cq(o)&&(t[r]=u$(o));let n=[...e.environment].map(([r,o])=>[r,Pq(r,o)]);return{...t,environment:new Map(
n)}}function Ts(e){return ke(e)?!1:!ya(e)||/_LABELS?$|_INSTANCE(?:_URL)?$|^INSTANCE_URL$/.test(e)||/^DOCKER_(?:HOST|TLS_CERTDIR|TLS_VERIFY|CERT_PATH|CONTEXT)$/.
test(e)?!0:Object.values($p).some(({variables:t})=>{var r;let n=(r=D(t,e))==null?void 0:r.role;return n!==void 0&&n!=="t\
oken"&&n!=="secret"})}function Pq(e,t){let{text:n}=t;return{...t,literal:t.literal&&!Iq(n),text:Ts(e)?qe(n):Le(n)}}function Iq(e){
return!/^[A-Za-z0-9_-]{20,}$/.test(e)||!/\d/.test(e)||!/[A-Za-z]/.test(e)?!0:/^[A-Za-z0-9]{40}$/.test(e)?new Set(e).size<
8:/your|change|example|replace|token|placeholder|todo|here|secret|fill|insert/i.test(e)}function Nq(e){let t=e.words.map(
(n,r)=>du(e.words[r-1]??"")&&!n.startsWith("-")?Le(n):bo(ko(qe(n))));return{...e,words:t}}function Cq(e){return typeof e==
"object"&&e!==null&&"text"in e}function u$(e){if(typeof e=="string")return qe(e);if(typeof e!="object"||e===null)return e;
let t=Object.entries(e).map(([n,r])=>[n,typeof r=="string"?qe(r):r]);return Object.fromEntries(t)}var p$="Looks at what the service hands to the runner, and whether the image reads that. Gitea's image reads a fixed set\
 of variables and drops a command; Forgejo's image needs a command and reads no variables of its own.",Su="Start the ser\
vice again while no job runs.",So={"not-used":{level:"fail",title:"The runner does not read its configuration",headline:({
path:e,named:t,service:n})=>t===void 0?E("The runner does not read ",e??""):E("The configuration of ",n.name," is not mo\
unted"),why:({named:e})=>e===void 0?"Every setting of the file is ignored: labels, capacity, the cache, the network. The\
 runner reports nothing.":"The runner exits at startup with `open config file: no such file or directory`.",expected:({variable:e,
flag:t})=>e===void 0?`\`${t}\` with the path in the container`:`\`${e}\` with the path in the container`,tell:({service:e,
path:t,named:n,variable:r,flag:o,command:s})=>({what:n===void 0?`${g(e.name)} mounts a configuration at ${g(t??"")}, and\
 nothing tells the runner: ${r===void 0?`its command has no \`${o}\``:`\`${r}\` is not set`}.`:`${g(e.name)} names the c\
onfiguration ${g(n)}, and nothing is mounted there${t===void 0?"":`; one is at ${g(t)}`}.`,fix:t===void 0?{text:`Mount t\
he configuration at that path. ${Su}`,config:be(e,["volumes:",`  - ${Ht(`./config.yaml:${n??""}:ro`)}`]),kind:"runner"}:
{text:`Name the path that the file has in the container. ${Su}`,config:r===void 0?be(e,[`command: ${f$(s,t)}`]):be(e,an(
{[r]:t})),kind:"runner"}})},"ignored-command":{level:"warn",title:"The image ignores the command of the service",headline:({
service:e})=>E("The image ignores the command of ",e.name),why:"The entrypoint of Gitea's image registers the runner and\
 starts the daemon by itself. It passes no arguments on.",expected:"no `command`; variables such as `CONFIG_FILE`",tell:({
service:e,command:t,config:n,variable:r})=>({what:`${g(e.name)} has the command ${g(t.slice(0,200))}, which the image dr\
ops.`,fix:n===void 0?{text:"Remove `command` from the service.",kind:"runner"}:{text:`Remove \`command\` from the service,\
 and name the configuration by the variable. ${Su}`,config:be(e,an({[r]:n})),kind:"runner"}})},"unread-variable":{level:"\
warn",title:"The image reads no such variable",headline:({names:e})=>E("The image does not read ",e.join(", ")),why:({since:e})=>e===
void 0?"The value has no effect, and the runner reports nothing.":`Releases from ${e} on ignore it, so the runner falls \
back to its default.`,expected:"variables that the entrypoint of the image reads",tell:({service:e,names:t,meant:n,instead:r,
since:o,value:s})=>({what:`${g(e.name)} sets ${Q(t.map(g))}, which ${o===void 0?"the image does not know":`the runner re\
ad before ${o} only`}.`,fix:n!==void 0?{text:`Rename it to ${g(n)}. ${Su}`,...s!==void 0&&{config:be(e,an({[n]:s}))},kind:"\
runner"}:r!==void 0?{text:`Remove it, and set ${g(r)} in the runner's configuration.`,kind:"runner"}:{text:`Remove ${t.length===
1?"it":"them"}. Such settings belong in the runner's configuration.`,kind:"runner"}})},"no-command":{level:"fail",title:"\
Forgejo's image starts no runner without a command",headline:({service:e})=>E("The command of ",e.name," starts no runne\
r"),why:({service:e})=>e.command&&!e.command.empty&&!/forgejo-runner$/.test(e.command.words[0]??"")?"The image has no en\
trypoint, so the first word has to be a program: `exec: executable file not found in $PATH`.":"Without a command the ima\
ge prints the runner's help and exits; with a restart policy it does so forever.",expected:"`command: forgejo-runner dae\
mon`, with `--config` if there is a configuration",tell:({service:e,config:t})=>({what:`${g(e.name)} has the image of Fo\
rgejo's runner and ${e.command?`the command ${g(e.command.words.join(" "))}`:"no command"}.`,fix:{text:"Start the daemon\
.",config:be(e,[`command: ${t===void 0?"forgejo-runner daemon":f$(["forgejo-runner","daemon"],t)}`]),kind:"runner"}})}};
function f$(e,t){let n=e.findIndex(o=>o==="daemon"||o==="one-job"),r=o=>JSON.stringify(o.split("$").join("$$"));return n<
0?`[${["forgejo-runner","daemon","--config",t].map(r).join(", ")}]`:`[${[...e.slice(0,n+1),"--config",t,...e.slice(n+1)].
map(r).join(", ")}]`}var m$={id:"compose/config",title:"The image reads the configuration, command and variables of the service",intro:p$,reasons:So,
find(e,t){return[...jq(e),...Lq(e),...Fq(e),...Dq(e,cs(e,t))]}};function jq(e){var p,h,m;let{service:t,image:n,config:r,
configMounts:o,system:s}=e;if(!n||e.idle)return[];let{variable:i,flag:a}=n.image.config,[l]=o;if(r.kind==="none"&&l){let y={
service:t,system:s,path:l.path,variable:i,flag:a,command:((p=t.command)==null?void 0:p.words)??[]},w=i===void 0?`no \`${a}\
\``:`no \`${i}\``;return[v(So,"not-used",y,O(l.mount.place,w))]}if(!(r.kind==="unread"&&!r.mounted&&r.path!==""&&!t.build)||
r.kind!=="unread")return[];let u=i===void 0?void 0:t.environment.get(i),d=(u==null?void 0:u.place)??((h=t.command)==null?
void 0:h.place)??t.place,f={service:t,system:s,path:l==null?void 0:l.path,named:r.path,variable:i,flag:a,command:((m=t.command)==
null?void 0:m.words)??[]};return[v(So,"not-used",f,O(d,`\`${r.path}\``))]}function Lq({service:e,image:t}){var a;let{command:n}=e;
if((t==null?void 0:t.image.command)!=="ignored"||!n||n.empty||e.entrypoint)return[];let r=n.words.join(" "),o=(a=/(?:^|\s)(?:--config|-c)(?:\s+|=)(\S+)/.
exec(r))==null?void 0:a[1],s=t.image.config.variable??"",i={service:e,command:r,config:e.environment.get(s)?void 0:o,variable:s};
return[v(So,"ignored-command",i,O(n.place,`\`${r.slice(0,80)}\``))]}function Fq({service:e,idle:t,configMounts:n}){var i;
if(!t)return[];let{command:r}=e,o=r&&!r.empty,s={service:e,config:(i=n[0])==null?void 0:i.path};return[v(So,"no-command",
s,O((r==null?void 0:r.place)??e.place,o?"no `daemon`":"no `command`"))]}var Mq=/^(?:(?:GITEA|FORGEJO|ACT)_(?:ACT_)?RUNNER_|(?:GITEA|FORGEJO)_(?:INSTANCE|URL|TOKEN|SERVER)|RUNNER_(?:NAME|TOKEN|LABELS?|URL|CONFIG)|(?:GITEA_)?CONFIG(?:_FILE|_PATH)?$|INSTANCE_URL$)/;
function Dq({service:e,image:t},n){if(!t||t.image.command!=="ignored"&&_t(e).includes("$"))return[];if(t.image.command===
"replaces"&&e.command)return[];let r=[...e.environment].flatMap(([a,{place:l}])=>{var f;let c=D(t.image.variables,a);if((c==
null?void 0:c.before)!==void 0&&Gq(n,c.before))return[{place:l,seen:{service:e,names:[a],meant:void 0,instead:c.instead,
since:c.before,value:void 0}}];if(!Mq.test(a)||Jv(t.image,a)||_t(e).includes(a))return[];let u=qq(a,t.image,e.environment),
d=u!==void 0&&Ts(a)?(f=e.environment.get(a))==null?void 0:f.text:void 0;return[{place:l,seen:{service:e,names:[a],meant:u,
instead:void 0,since:void 0,value:d}}]}),[o]=r;return(t.image.command==="required"&&o&&r.every(({seen:a})=>a.meant===void 0)?
[{...o,seen:{...o.seen,names:r.flatMap(({seen:a})=>a.names)}}]:r).map(({place:a,seen:l})=>v(So,"unread-variable",l,O(a,l.
names.map(c=>`\`${c}\``).join(", "))))}var Uq={GITEA_RUNNER_TOKEN:"GITEA_RUNNER_REGISTRATION_TOKEN",GITEA_TOKEN:"GITEA_R\
UNNER_REGISTRATION_TOKEN",RUNNER_TOKEN:"GITEA_RUNNER_REGISTRATION_TOKEN",GITEA_RUNNER_CONFIG:"CONFIG_FILE",GITEA_RUNNER_CONFIG_FILE:"\
CONFIG_FILE",GITEA_CONFIG_FILE:"CONFIG_FILE",CONFIG_PATH:"CONFIG_FILE",CONFIG:"CONFIG_FILE",GITEA_URL:"GITEA_INSTANCE_UR\
L",GITEA_SERVER_URL:"GITEA_INSTANCE_URL",INSTANCE_URL:"GITEA_INSTANCE_URL",RUNNER_NAME:"GITEA_RUNNER_NAME",RUNNER_LABELS:"\
GITEA_RUNNER_LABELS"};function qq(e,t,n){let r=Object.entries(t.variables).flatMap(([s,{before:i}])=>i===void 0?[s]:[]),
o=D(Uq,e)??ye(e,r);return o!==void 0&&r.includes(o)&&!n.has(o)?o:void 0}function Gq(e,t){let n=e===void 0?void 0:ae(e),r=ae(
t);return n!==void 0&&r!==void 0&&it(n,r)>=0}var h$="Looks at how the service comes to a Docker daemon: may its user open the mounted socket, does a daemon in anothe\
r service agree on TLS, and is it awaited?",Ra={"socket-without-group":{level:"fail",title:"The service's user may not o\
pen the Docker socket",headline:({user:e})=>E("The user ",e," may not open the Docker socket"),why:"The runner exits at \
startup with `permission denied while trying to connect to the Docker daemon socket`.",expected:"a user in the group of \
the socket, by `group_add`",tell:({service:e,user:t,source:n})=>({what:`${g(e.name)} runs as ${g(t)} and mounts ${g(n)},\
 which belongs to root and its group.`,fix:{text:"Add the socket's group by its number, which the command writes to `.en\
v`. Then start the service again.",commands:['echo "DOCKER_GID=$(stat -c %g /var/run/docker.sock)" >> .env'],config:be(e,
["group_add:",'  - "${DOCKER_GID}"']),kind:"runner"}})},"tls-mismatch":{level:"fail",title:"The runner and its Docker da\
emon do not agree on TLS",headline:({daemon:e})=>E("The runner and ",e.name," do not agree on TLS"),why:"The runner cann\
ot connect to the daemon and exits at startup: `cannot ping the docker daemon`.",expected:"TLS with shared certificates \
on port 2376, or no TLS on port 2375",tell:({service:e,daemon:t,mismatch:n,host:r,port:o})=>({what:Wq[n](e,t,r,o),fix:{text:"\
Let both use TLS with certificates in a shared volume, and start both services again while no job runs.",config:fh(e.place.
file,[[t.name,[...r==="docker"?[]:[`hostname: ${Ht(r)}`],"environment:","  DOCKER_TLS_CERTDIR: /certs","volumes:","  - d\
ocker-certs:/certs"]],[e.name,["environment:",`  DOCKER_HOST: ${Ht(`tcp://${r}:2376`)}`,"  DOCKER_CERT_PATH: /certs/clie\
nt",'  DOCKER_TLS_VERIFY: "1"',"volumes:","  - docker-certs:/certs:ro"]]],["volumes:","  docker-certs:"]),kind:"runner"}})},
"not-waiting":{level:"warn",title:"The runner does not wait for its Docker daemon",headline:({daemon:e})=>E("The runner \
does not wait for ",e.name),why:"A daemon needs some seconds to start. A runner that asks earlier exits with `cannot pin\
g the docker daemon`, and is down unless something restarts it.",expected:"`depends_on` with `condition: service_healthy\
`, and a `healthcheck` of the daemon",tell:({service:e,daemon:t})=>({what:`${g(e.name)} starts without waiting until the\
 daemon in ${g(t.name)} answers.`,fix:{text:"Give the daemon a health check, and let the runner wait for it.",config:fh(
e.place.file,[[t.name,["healthcheck:",'  test: ["CMD", "docker", "info"]',"  interval: 5s","  retries: 12"]],[e.name,["d\
epends_on:",`  ${hu(t.name)}:`,"    condition: service_healthy"]]]),kind:"runner"}})}},Wq={"plain-client":(e,t,n,r)=>`Th\
e daemon in ${g(t.name)} listens with TLS on port 2376, and ${g(e.name)} asks ${g(`tcp://${n}:${r}`)}.`,"tls-client":(e,t,n,r)=>`\
The daemon in ${g(t.name)} listens without TLS, and ${g(e.name)} asks ${g(`tcp://${n}:${r}`)} with TLS.`,"no-certificate\
s":(e,t)=>`The daemon in ${g(t.name)} wants TLS, and ${g(e.name)} has no \`DOCKER_CERT_PATH\`.`,"certificates-not-shared":(e,t)=>`\
The certificates that ${g(t.name)} makes are in no volume that ${g(e.name)} mounts at its \`DOCKER_CERT_PATH\`.`,"other-\
name":(e,t,n)=>`The certificate of ${g(t.name)} is made for \`docker\` and \`localhost\`, and ${g(e.name)} asks ${g(n)}.`};var g$={id:"compose/docker",title:"The service can use the Docker daemon that it is given",intro:h$,reasons:Ra,find(e){return[
...Hq(e),...Bq(e)]}};function Hq(e){let{image:t,service:n}=e,r=va(e),o=n.user??(t&&{text:t.image.user,unset:[],place:n.place});
if(!r||r.unset.length>0||!o||o.unset.length>0||(t==null?void 0:t.image.user)==="adapts")return[];if(t&&t.variant!=="basi\
c")return[];let[s="",i]=o.text.split(":");if(/^(?:root|0+)$/.test(s)||s===""||n.groups.length>0)return[];if(i!==void 0&&
i!==s)return[];let a=n.environment.get("DOCKER_HOST");if(a&&!/^(?:unix:|$)/.test(a.text))return[];if(!t)return[];let l={
service:n,user:o.text,source:r.source||"/var/run/docker.sock"};return[v(Ra,"socket-without-group",l,O(r.place,`user \`${o.
text}\`, no \`group_add\``))]}function Bq(e){let t=_r(e);if(t.kind!=="service"||!Kq(t.service))return[];let n=zq(e,t.service,
t.host,t.port),{service:r}=e,o=r.environment.get("DOCKER_HOST"),s=(o==null?void 0:o.place)??r.place,i=[];if(n){let a={service:r,
daemon:t.service,mismatch:n,host:t.host,port:t.port};i.push(v(Ra,"tls-mismatch",a,O(s,n)))}if(!Vq(e,t.service)){let a={service:r,
daemon:t.service},l=r.dependsOn.find(c=>c.service===t.service.name);i.push(v(Ra,"not-waiting",a,O((l==null?void 0:l.place)??
r.place,l?`\`${l.condition}\``:"no `depends_on`")))}return i}function Kq({image:e}){return/(?:^|\/)docker:[\w.-]*dind/.test(
(e==null?void 0:e.text)??"")&&(e==null?void 0:e.unset.length)===0}function Vq(e,t){let{service:n}=e,r=_t(n);if(/\b(?:while|until|sleep|wait|for)\b/.
test(r))return!0;let o=rt(e,["container","docker_timeout"]);return o===void 0||o!==""&&!/^0+[a-z]*$/.test(o)?!0:n.dependsOn.
some(({service:s,condition:i})=>s===t.name&&i==="service_healthy")}function zq(e,t,n,r){var k;let{service:o}=e,s=[o,t].some(
({openEnvironment:b})=>b),i=t.environment.get("DOCKER_TLS_CERTDIR"),a=o.environment.get("DOCKER_CERT_PATH"),l=o.environment.
get("DOCKER_TLS_VERIFY");if(s||[i,a,l].some(b=>b&&b.unset.length>0))return;let c=Jq(t,i===void 0||i.filled);if(c===void 0)
return;let u=(a==null?void 0:a.filled)===!0,d=r===""?"2375":r;if(!c.has(d))return d==="2375"||d==="2376"?c.has("2376")?"\
plain-client":"tls-client":void 0;let f=c.get(d)===!0;if(f&&!u)return"no-certificates";if(!f&&u)return"tls-client";if(!f)
return;let p=(i==null?void 0:i.text)||"/certs",h=xs(t,`${p}/client`),m=xs(o,(a==null?void 0:a.text)??"");if(!h||!m||h.source!==
m.source||h.source==="")return"certificates-not-shared";let y=["docker","localhost",(k=t.hostname)==null?void 0:k.text],
w=t.environment.get("DOCKER_TLS_SAN");return l!=null&&l.filled&&!y.includes(n)&&!w?"other-name":void 0}function Jq({command:e,
entrypoint:t},n){if(t)return;let r=(e==null?void 0:e.words.join(" "))??"";if(r==="")return new Map(n?[["2376",!0]]:[["23\
75",!1]]);if(/--tls(?:verify|=true|cacert)|\$/.test(r))return;let o=[...r.matchAll(/tcp:\/\/[^\s:]*:(\d+)/g)].map(s=>s[1]??
"");if(o.length>0)return new Map(o.map(s=>[s,!1]))}var y$="Looks at the address of the forge that the service gets: can the runner's container connect to it, and the conta\
iners of its jobs, which are in networks of their own?",$u={"unreachable-from-jobs":{level:"fail",title:"Job containers \
cannot resolve the name of the forge",headline:({host:e})=>E("Job containers cannot resolve ",e),why:"The runner passes \
the address on to its jobs. `actions/checkout` fails with `Could not resolve host`, and artifacts with `getaddrinfo ENOT\
FOUND`.",expected:"an address that every container of the machine can resolve, or jobs in the forge's network",tell:e=>({
what:`${g(e.variable)} of ${g(e.service.name)} is ${g(e.url)}. Only containers of the file's networks resolve ${g(e.host)}\
, and jobs run in ${yu(e.network)}.`,fix:{...Yq(e),otherwise:{text:"Give the runner the address that people use in their\
 browsers, and register it again: the address is kept in `.runner`.",kind:"runner"}}})},localhost:{level:"fail",title:"T\
he runner looks for the forge in its own container",headline:({url:e})=>E("",e," is the runner's own container"),why:"In\
 a container, `localhost` is the container itself. The runner cannot register: `Cannot ping the Gitea instance server`, \
`connection refused`.",expected:"an address of the forge that other containers can connect to",tell:({service:e,url:t,variable:n,
forge:r,port:o})=>{let s=/^[A-Z_]+$/.test(n);return{what:`${g(n)} of ${g(e.name)} is ${g(t)}, which is the runner's own \
container.`,fix:{text:"Give the runner the address that people use in their browsers, so that jobs can use it as well.",
...r!==void 0&&s&&{otherwise:{text:"In the network of this file, the name of the forge's service works for the runner. I\
ts jobs have to join that network.",config:be(e,an({[n]:`http://${r}:${o}`})),kind:"runner"}},kind:"runner"}}}}};function Yq({
service:e,system:t,join:n,configFile:r}){let o="Restart the runner while no job runs.";return n===void 0?{text:"Let jobs\
 join a network of the forge: `container.network` of the configuration names it.",kind:"runner"}:r!==void 0?{text:`Let j\
obs join the forge's network. They can then reach every service in it. ${o}`,config:Sa(r,n),kind:"runner"}:t==="forgejo"?
{text:`Let jobs join the forge's network: start the runner with \`--config\`, and write this configuration. ${o}`,config:Sa(
"config.yaml",n),kind:"runner"}:{text:`Let jobs join the forge's network (Compose 2.23.1 or later). They can then reach \
every service in it. ${o}`,config:be(e,wu,ku(n)),kind:"runner"}}var w$={id:"compose/instance",title:"The runner and its jobs can connect to the address of the forge",intro:y$,reasons:$u,
find(e){if(e.idle)return[];let t=rt(e,["container","network"],"network"),[n]=Qq(e).flatMap(r=>{let o=e4(r.text);return o===
void 0?[]:Zq(e,{...r,host:o},t)});return n?[n]:[]}};function Zq(e,t,n){let{service:r,project:o}=e,{host:s,text:i,place:a,
written:l}=t,c=r.networkMode;if(n4(s)){if(c&&(c.text!=="host"||n===void 0||n==="host"))return[];let y=o.services.find(({
image:k})=>r4((k==null?void 0:k.text)??"")),w={service:r,url:i,variable:l,forge:y==null?void 0:y.name,port:t4(i)};return[
v($u,"localhost",w,O(a,`\`${s}\``))]}if(c||n===void 0||_r(e).kind!=="machine")return[];let u=o.services.find(y=>y.name!==
r.name&&xa(y,s)),d=!u&&Xq(e,s);if(!u&&!d||r.extraHosts.some(y=>y.text.startsWith(s)))return[];if(!["","bridge","host"].includes(
n))return[];let f=rt(e,["container","options"]);if(f===void 0||new RegExp(`add-host[= ]+["']?${o4(s)}[:=]`).test(f))return[];
let p=new Map([...(u==null?void 0:u.networks)??[]].filter(([y])=>r.networks.has(y))),[h]=mu({...e,service:{...r,networks:p}}),
m={service:r,system:e.system,url:i,host:s,variable:l,network:n,join:h,configFile:e.intended.kind==="read"?e.intended.file:
void 0};return[v($u,"unreachable-from-jobs",m,O(a,`\`${s}\``))]}function Xq({service:e,project:t},n){return/^(?:gitea|forgejo)[\w-]*$/i.
test(n)&&[...e.networks.keys()].some(r=>{var o;return(o=t.networks.get(r))==null?void 0:o.external})}function Qq(e){var a,
l,c;let t=ba(e,"instance"),n=t?[{text:t.text,place:t.place,written:"GITEA_INSTANCE_URL"}]:[],{service:r,intended:o,project:s}=e;
for(let u of e.system==="forgejo"?s.services:[r]){let d=(a=/\s--(?:instance|url)[\s=]+["']?([^\s"';]+)/.exec(_t(u)))==null?
void 0:a[1];d!==void 0&&u.command&&n.push({text:d,place:u.command.place,written:"--instance"})}let i=o.kind==="read"?(l=
U(o.root,"server","connections"))==null?void 0:l.value:void 0;for(let{value:u}of(i==null?void 0:i.kind)==="map"?i.entries:
[]){let d=(c=U(u,"url"))==null?void 0:c.value;if(o.kind==="read"&&(d==null?void 0:d.kind)==="scalar"){let f={file:o.file,
line:d.line,column:d.column};n.push({text:d.text,place:f,written:"url"})}}return n}function e4(e){var t;return(t=/^https?:\/\/(?:[^/@\s]*@)?(\[[0-9a-f:]+\]|[\w.-]+)(?::\d+)?(?:\/|$)/i.
exec(e.trim()))==null?void 0:t[1]}function t4(e){var t;return((t=/^https?:\/\/[^/]*?:(\d+)(?:\/|$)/.exec(e.trim()))==null?
void 0:t[1])??"3000"}function n4(e){return/^(?:localhost|(?:.+\.)?localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/i.test(
e)}function r4(e){return/(?:^|\/)(?:gitea\/gitea|gitea|forgejo\/forgejo|forgejo)(?:[:@]|$)/.test(e)}function o4(e){return e.
replace(/[.*+?^${}()|[\]\\]/g,"\\$&")}var b$="Looks at how the service is run: whether its registration outlives the container, what restarts it, whether its \
token is in the file, and which release its image is.",k$=e=>e==="basic"?"":`-${e}`,hh="Start the service again while no\
 job runs.",Or={"nothing-kept":{level:"warn",title:"The registration is lost with the container",headline:({service:e})=>E(
"The registration of ",e.name," is lost with it"),why:"After `docker compose down` the runner registers again: the old o\
ne stays in the forge as offline, and a token for one runner is used up.",expected:"a volume or a directory of the machi\
ne for the registration",tell:({service:e,folder:t,path:n})=>({what:`${g(e.name)} keeps its registration in ${g(n)}, and\
 nothing is mounted there.`,fix:{text:`Keep ${g(t)} in a volume. The runner registers once more, so it needs a valid tok\
en for that. ${hh}`,config:be(e,["volumes:",`  - ${Ht(`runner-data:${t}`)}`],["volumes:","  runner-data:"]),kind:"runner"}})},
"no-restart":{level:"warn",title:"Nothing starts the runner's service again",headline:({service:e})=>E("Nothing starts ",
e.name," again"),why:"After a restart of the machine or of Docker, and after an error, the runner stays offline and jobs\
 wait.",expected:"`restart: always` or `restart: unless-stopped`",tell:({service:e})=>({what:`${g(e.name)} has no restar\
t policy.`,fix:{text:"Let Docker start it again. `docker compose up -d` recreates the service, so do that while no job r\
uns.",config:be(e,["restart: unless-stopped"]),kind:"runner"}})},"token-in-file":{level:"warn",title:"The compose file h\
as a token in it",headline:({written:e})=>E("The compose file has a token in ",e),why:"Compose files are committed and c\
opied. With the token, anyone can register a runner that receives jobs and their secrets.",expected:"a variable that Com\
pose takes from `.env`, or a file",tell:({service:e,written:t,knowsFile:n})=>({what:`${g(t)} of ${g(e.name)} is written \
out in the file.`,fix:t.startsWith("-")?{text:"Write `${RUNNER_TOKEN}` there, and set `RUNNER_TOKEN` in `.env` next to t\
he file, which is not committed. Reset the token in the forge if the file was.",kind:"runner"}:{text:"Move the token to \
`.env` next to the file, which is not committed. Reset the token in the forge if the file was.",config:be(e,an({[t]:`\${${t}\
}`})),kind:"runner",...n&&{otherwise:{text:"Keep it in a file of its own, as a secret of Compose, and remove the variabl\
e.",config:be(e,[...an({[`${t}_FILE`]:"/run/secrets/runner-token"}),"secrets: [runner-token]"],["secrets:","  runner-tok\
en:","    file: ./runner-token"]),kind:"runner"}}}})},"renamed-image":{level:"warn",title:"The runner's image has anothe\
r name now",headline:({image:e})=>E("The image ",e," has a new name"),why:({since:e})=>`Releases from ${e} on are publis\
hed under the new name only, so this image gets no fixes.`,expected:({to:e})=>`the image \`${e}\``,tell:({service:e,image:t,
to:n,variant:r})=>({what:`${g(e.name)} uses ${g(t)}; the runner is published as ${g(n)}.`,fix:{text:"Use the new name wi\
th the tag of a release. Configuration, variables and the registration stay as they are; read the release notes first. T\
he runner restarts, so do it while no job runs.",config:be(e,[`image: ${Ht(`${n}:${mr}${k$(r)}`)}`]),kind:"runner"}})},"\
floating-tag":{level:"warn",title:"The runner's image names no release",headline:({image:e})=>E("The runner's image ",e,
" names no release"),why:"The next pull may bring another generation of the runner, which reads its options and labels d\
ifferently.",expected:"the tag of a release, or a digest",tell:({service:e,image:t,name:n,renamed:r,system:o,variant:s,vegardit:i})=>({
what:`${g(e.name)} uses ${g(t)}, whose content changes with every release.`,fix:o==="gitea"&&!i?{text:`Name a release. ${hh}`,
config:be(e,[`image: ${Ht(`${r??n}:${mr}${k$(s)}`)}`]),kind:"runner"}:{text:`Name a release, or append today's digest to\
 the image: \`image@sha256:digest\`. The command prints it. ${hh}`,commands:[`docker buildx imagetools inspect --format \
'{{.Manifest.Digest}}' ${G(t)}`],kind:"runner"}})}};var v$={id:"compose/service",title:"The service keeps its registration, restarts, and names a release",intro:b$,reasons:Or,
find(e,t){return[...s4(e),...i4(e),...a4(e,cs(e,t)),...c4(e),...u4(e)]}};function x$({service:e}){let t=n=>{let r=e.environment.
get(n);return r!==void 0&&!/^(?:false|0|)$/i.test(r.text)};return t("GITEA_RUNNER_EPHEMERAL")||t("GITEA_RUNNER_ONCE")||/\bone-job\b|--ephemeral|--once/.
test(_t(e))}function s4(e){var p,h;let{service:t,image:n,config:r,project:o}=e;if(!n||x$(e)||o.missing.length>0)return[];
if(/--token-url|--uuid/.test(_t(t)))return[];if(r.kind==="unread"||r.kind==="read"&&U(r.root,"server","connections"))return[];
let s=n.image.data,i=(p=ka(e,"state"))==null?void 0:p.variable;if(i&&i.unset.length>0)return[];let a=r.kind==="read"?(h=
H(r.root,"runner","file"))==null?void 0:h.text:void 0,l=(i==null?void 0:i.text)||a||".runner",c=l.startsWith("/")?l:`${s}\
/${l}`,u=xs(t,c);if(u?u.source!=="":t.mounts.some(({unset:m})=>m.length>0))return[];let d=c.slice(0,c.lastIndexOf("/"));
return[v(Or,"nothing-kept",{service:t,folder:d,path:c},O(t.place,`nothing mounted at \`${d}\``))]}function i4(e){let{service:t}=e,
{restart:n}=t;return x$(e)||t.restartPolicy||n&&n.unset.length>0?[]:n&&!/^(?:no|false|)$/i.test(n.text)?[]:/\b(?:while|until)\b/.
test(_t(t))?[]:[v(Or,"no-restart",{service:t},O((n==null?void 0:n.place)??t.place,n?"`no`":"no `restart`"))]}function a4(e,t){
var i,a;let{service:n,image:r}=e,o=ka(e,"token");if((i=o==null?void 0:o.variable)!=null&&i.literal&&o.variable.filled){let l=r!==
void 0&&`${o.name}_FILE`in r.image.variables&&l4(t,"0.2.6"),c={service:n,written:o.name,knowsFile:l};return[v(Or,"token-\
in-file",c,O(o.variable.place,"a token"))]}let s=(a=/(--(?:token|secret))[\s=]+["']?\*{20,}/.exec(_t(n)))==null?void 0:a[1];
return s===void 0||!n.command||n.command.unset.length>0?[]:[v(Or,"token-in-file",{service:n,written:s,knowsFile:!1},O(n.
command.place,"a token"))]}function l4(e,t){let n=e===void 0?void 0:ae(e),r=ae(t);return!n||!r||it(n,r)>=0}function c4({
service:e,image:t}){let{renamed:n}=(t==null?void 0:t.image)??{};if(!t||!n||t.name!==n.from||!e.image)return[];let r={service:e,
image:e.image.text,to:t.registry+n.to,since:n.since,variant:t.variant};return[v(Or,"renamed-image",r,O(e.image.place,`\`${e.
image.text}\``))]}function u4({service:e,image:t}){var i;if(!t||!e.image||e.image.unset.length>0)return[];let{text:n}=e.
image,r=d4(e);if(n.includes("@")||r!==void 0&&!/(?:^|-)(?:latest|nightly)(?:-|$)/.test(r)&&!/^dind(?:-rootless)?$/.test(
r))return[];let o=n.split(":").slice(0,r===void 0?void 0:-1).join(":"),s={service:e,image:n,name:o,renamed:((i=t.image.renamed)==
null?void 0:i.from)===t.name?t.registry+t.image.renamed.to:void 0,system:t.image.system,variant:t.variant,vegardit:t.image.
command==="replaces"};return[v(Or,"floating-tag",s,O(e.image.place,r===void 0?"no tag":`\`${r}\``))]}function d4({image:e}){
var t;return(t=/:([\w.-]+)$/.exec(((e==null?void 0:e.text)??"").split("@")[0]??""))==null?void 0:t[1]}var Ru=[c$,m$,i$,w$,g$,v$];var S$=[...Ru,...ac];function $$(e){let t=e.results.map(n=>p4(n,f4));return`${yt(JSON.stringify({...e,results:t},null,2))}
`}var f4=["id","status","reason","title","message","why","expected","observed","evidence","remedy","docs","duration_ms","l\
ocation","by","accepted","acceptance_expired"];function p4(e,t){return{...Object.fromEntries(t.map(r=>[r,e[r]])),...e}}function yt(e){
return e.replace(/##(?=\[)/g,"#\\u0023").replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu,t=>t.split("").map(m4).join(""))}
function m4(e){return`\\u${e.charCodeAt(0).toString(16).padStart(4,"0")}`}var h4=/\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g,
g4=/\r\n?|[\v\f\u0085\u2028\u2029]/g,y4=/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu,w4=/[^\n\t -~]/;function En(e,t=4e3){
let n=e.slice(0,t*4),r=w4.test(n)?k4(n):n;if(r.length<=t&&n.length===e.length)return r;let o=r.slice(0,t).replace(new RegExp(
"\\p{Cs}","gu"),"");return t<1e3?`${o}\u2026`:`${o} \u2026 (${e.length-o.length} characters more)`}function k4(e){return e.
replace(h4,"").replace(g4,`
`).replace(y4,t=>t===`
`||t==="	"?t:"")}function Y(e,t=4e3){return En(e,t).replace(/\s{2,}|[^\S ]/g," ").trim()}function Bt(e){return e.replace(
/##(?=(?:\u001b\[\d*m)*\[)/g,"# #").replace(/^((?:\s|\u001b\[\d*m)*):(?=:)/,"$1: ")}function ln(e,t){return En(e,t).split(
`
`).map(Bt).join(`
`)}function Eu(e){let t=e.split("`");if(t.length%2===0){let n=t.pop();t[t.length-1]+=`\`${n}`}return t.map((n,r)=>({code:r%
2===1,text:n})).filter(n=>n.text!=="")}var b4=[/\.ms$/,/\.(?:free|used)(?:Bytes|Inodes|MiB)?$/i,/(?:freeBytes|freeInodes|memoryFree|memoryUsed|temperature|utilization)/i,
/^facts\.(?:job|process|machine-state)\./,/^facts\.self-container\.value\.(?:id|names)\b/,/^facts\.container\.value\.names\b/,
/^facts\.os\.value\.hostname$/,/^facts\.memory\.value\..*\.(?:available|cache)Bytes$/,/^facts\.cgroups\./,/^facts\.(?:memory|cpu)\.value\.(?:groups|quotas)\.\d+\.source$/];
function E$(e,t){let n=R$(e),r=R$(t),s=[...new Set([...n.keys(),...r.keys()])].filter(i=>!b4.some(a=>a.test(i))).filter(
i=>n.get(i)!==r.get(i)).map(i=>`${i}: ${n.get(i)??"(nothing)"} -> ${r.get(i)??"(nothing)"}`).map(i=>ln(yt(i)));return s.
length===0?"":`${s.join(`
`)}
`}function R$(e){let t=e.results.map(({id:l,status:c,reason:u})=>[l,u===void 0?c:`${c} ${u}`]),{runner:n,profile:r,verdict:o,
facts:s}=e,i=new Map,a=(l,c)=>{if(typeof c!="object"||c===null){i.set(l,JSON.stringify(c)??"");return}for(let[u,d]of Object.
entries(c)){let f=JSON.stringify(u).slice(1,-1);a(l===""?f:`${l}.${f}`,d)}};return a("",{runner:n,profile:r,verdict:o,results:Object.
fromEntries(t),facts:s}),i}var gh={native:["arm","arm64"],elf:{class:"01",machine:"2800"},handler:"qemu-arm"},T$={native:["arm64"],elf:{class:"02",
machine:"b700"},handler:"qemu-aarch64"},v4={"linux/amd64":{native:["x64"],elf:{class:"02",machine:"3e00"},handler:"qemu-\
x86_64"},"linux/386":{native:["ia32","x64"],elf:{class:"01",machine:"0300"},handler:"qemu-i386"},"linux/arm64":T$,"linux\
/arm64/v8":T$,"linux/arm":gh,"linux/arm/v6":gh,"linux/arm/v7":gh,"linux/ppc64le":{native:["ppc64"],elf:{class:"02",machine:"\
1500"},handler:"qemu-ppc64le"},"linux/s390x":{native:["s390x"],elf:{class:"02",machine:"0016"},handler:"qemu-s390x"},"li\
nux/riscv64":{native:["riscv64"],elf:{class:"02",machine:"f300"},handler:"qemu-riscv64"},"linux/loong64":{native:["loong\
64"],elf:{class:"02",machine:"0201"},handler:"qemu-loongarch64"}},Ea=v4,Ta=Object.keys(Ea);var yh="/proc/sys/fs/binfmt_misc",x4=100;async function A$(e,t){let n=await e.list(yh);if(n.kind==="unreadable")return n;
let r=n.kind==="ok"?n.value:[];if(!r.includes("status"))return{kind:"hidden"};let o=await e.readText(`${yh}/status`);if(o.
kind==="unreadable")return o;if(o.kind==="absent")return{kind:"hidden"};let s=await Promise.all(r.filter(i=>i!=="status"&&
i!=="register").slice(0,x4).map(i=>S4(e,i,t)));return{kind:"seen",isOn:o.value.trim()==="enabled",handlers:s.flat()}}async function S4(e,t,n){
var a,l;let r=await e.readText(`${yh}/${t}`,4096);if(r.kind!=="ok"||!$4(r.value,n))return[];let o=((a=/^interpreter (.*)$/m.
exec(r.value))==null?void 0:a[1])??"",s=((l=/^flags: ?(\S*)$/m.exec(r.value))==null?void 0:l[1])??"",i=s.includes("F")?void 0:
(await e.stat(o)).kind==="file";return[{name:t,enabled:/^enabled$/m.test(r.value),interpreter:o,flags:s,...i!==void 0&&{
isThere:i}}]}function $4(e,t){var o;let n=((o=/^magic ([0-9a-f]+)$/m.exec(e))==null?void 0:o[1])??"",{elf:r}=Ea[t];return n.
startsWith(`7f454c46${r.class}`)&&n.slice(36,40)===r.machine}var R4=[{name:"inotify-watches",setting:"fs.inotify.max_user_watches",least:524288},{name:"inotify-instances",setting:"f\
s.inotify.max_user_instances",least:512},{name:"map-count",setting:"vm.max_map_count",least:262144}],E4=["linux/amd64","\
linux/arm64","linux/arm/v7","linux/riscv64"];async function _$(e){let t=R4.map(async({name:r,setting:o,least:s})=>{let i=await e.
readText(`/proc/sys/${o.split(".").join("/")}`,100),a=i.kind==="ok"&&/^\d{1,15}\s*$/.test(i.value)?Number(i.value):0;return a<
s?[]:[`  ${r}: { sysctl: ${o}, is: ">=${s}" }  # found ${a}`]}),n=E4.map(async r=>{if(Ea[r].native.includes(e.arch))return[];
let o=await A$(e,r);return o.kind==="seen"&&o.isOn&&o.handlers.some(i=>i.enabled&&i.isThere!==!1)?[`  ${r.split("/").slice(
1).join("-")}: { platform: ${r} }`]:[]});return(await Promise.all([...t,...n])).flat()}var O$=ce(["required","optional","forbidden"]),$o=re(A()),cn=$(ve()),T4=B({operator:ce(["","<","<=",">",">="]),numbers:Yd(
[ve(),ve(),ve()]),prerelease:re(ct([A(),ve()]))}),Tu=B({text:A(),anyOf:re(re(T4))}),A4=B({version:Tu,command:$o,optional:ar(),
alsoWanted:$(re(B({version:Tu,source:A(),contradicts:$(A())})))}),Pr=$(A()),_4=Zd("kind",[B({kind:Ke("file"),path:A(),exists:ar(),
type:Pr,mode:cn,owner:$(ct([A(),ve()])),contains:Pr}),B({kind:Ke("env"),variable:A(),set:ar(),is:Pr,matches:Pr}),B({kind:Ke(
"command"),command:$o,exit:ve(),stdout:Pr,timeoutMs:ve()}),B({kind:Ke("sysctl"),setting:A(),is:Pr}),B({kind:Ke("platform"),
platform:ce(Ta)})]),wh=e=>Jd(A(),e),O4=B({profile:A(),runsIn:ce(["container","host","any"]),tools:wh(A4),docker:B({require:O$,
plugins:$o}),gpu:B({require:O$,count:cn,memory:cn,freeMemory:cn,driver:$(Tu),computeCapability:$(Tu)}),image:$(A()),imageMaxAgeDays:cn,
toolCache:$(A()),privileged:ce(["allowed","forbidden"]),disk:re(B({path:A(),free:cn,inodes:cn})),memory:cn,cpus:cn,shm:cn,
openFiles:cn,registries:$o,services:re(B({name:A(),url:A(),models:$o})),expect:$(re(B({name:A(),wants:_4,why:Pr,fix:Pr}))),
smoke:$(B({parts:$o,all:ar()})),skip:$o,severity:wh(ce(["off","warn","fail"])),accept:re(B({check:A(),reason:A(),until:A()})),
sources:wh(A())});function bh(e,t){let{tools:n,severity:r,sources:o}=t,s=Yt(O4,{...t,tools:kh(n),severity:kh(r),sources:kh(
o)});return s.success?void 0:Go(s.issues[0],i=>`${e}, expectations.${i}`)}function kh(e){return typeof e=="object"&&e!==
null&&!Array.isArray(e)?new Map(Object.entries(e)):e}var Kt=class extends Error{name="UsageError"};function Au(e,t){return t==="json"?`${JSON.stringify({version:1,checks:e.map(P$)},null,2)}
`:`${e.map(P$).map(({id:r,title:o,reasons:s})=>{let i=Math.max(0,...s.map(({reason:l})=>l.length)),a=s.map(({reason:l,level:c,
title:u})=>`  ${l.padEnd(i)}  ${c.padEnd(4)}  ${u}`);return[`${r}  ${o}`,...a].join(`
`)}).join(`

`)}
`}function P$(e){let t=Object.entries(e.reasons).map(([n,{level:r,title:o}])=>({reason:n,level:r,title:o}));return{id:e.
id,title:e.title,docs:Mn(e.id),reasons:t}}function Tn(e,t,n=""){let r=[],o="";for(let s of e.split(/\s+/))o!==""&&n.length+o.length+1+s.length>t?(r.push(n+o),o=s):
o=o===""?s:`${o} ${s}`;return o!==""&&r.push(n+o),r.join(`
`)}function As(e,t){let n=!1;return e.split(`
`).map(o=>{if(o.startsWith("```")&&(n=!n),n||/^(?:```|#|\|)/.test(o))return o;let[s=""]=/^\s*(?:(?:[-*>]|\d+\.)\s+)?/.exec(
o)??[],i=Tn(o.slice(s.length),t," ".repeat(s.length));return s+i.slice(s.length)}).join(`
`)}var vh={"not-applicable":"skip: There is nothing to judge here, for example no job container on a host label, or no `/de\
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
s from a version of runner-check that did not collect these facts. Run the check again."};function I$(e,t,n,r){let o=t.filter(
({id:w})=>w.startsWith(`${e}/`));if(o.length>0)return Au(o,"text");let s=D(vh,e.startsWith("needs:")?"needs:":e);if(s!==
void 0)return`${As(s,r)}
`;let i=e.lastIndexOf(":"),a=i>0&&!/^\d+$/.test(e.slice(i+1)),[l,c]=a?[e.slice(0,i),e.slice(i+1)]:[e,void 0],u=t.find(w=>w.
id===l||w.id.endsWith("/*")&&Xt(w.id,l));if(!u){let w=[...new Set(t.map(b=>b.id.split("/")[0]??""))],k=ye(l,[...t.map(b=>b.
id),...w,...Object.keys(vh)]);throw new Kt(`there is no check \`${l}\`${k===void 0?"":`, did you mean \`${k}\`?`} \`list\`\
 prints them all`)}let d=n[Mn(u.id).split("#")[0]??""]??"",f=u.id.endsWith("/*")?d:xh(d,2,u.id.split("/")[1]??"");if(c===
void 0)return`${u.id}: ${u.title}

${As(Sh(f),r)}
`;let p=D(u.reasons,c),h=D(vh,c.startsWith("needs")?"needs:":c),m=c==="undecided"?Sh(xh(f,3,c)):"";if(m!=="")return`${u.
id}:${c}

${As(m,r)}
`;if(!p&&h!==void 0)return`${As(h,r)}
`;if(!p)throw new Kt(`\`${u.id}\` has no reason \`${c}\`; it has: ${Object.keys(u.reasons).join(", ")}`);let y=As(Sh(xh(
f,3,c)),r);return`${u.id}:${c}

${y}
`}function xh(e,t,n){let r=e.split(`
`),o=r.indexOf(`${"#".repeat(t)} ${n}`);if(o<0)return"";let s=!1,i=r.slice(o+1).findIndex(a=>{a.startsWith("```")&&(s=!s);
let l=/^(#+) /.exec(a);return!s&&l!==null&&(l[1]??"").length<=t});return r.slice(o,i<0?void 0:o+1+i).join(`
`)}function Sh(e){return e.replace(/^#.*\n/,"").trim()}var N$={name:"runner-check",description:"Checks that a self-hosted runner is set up correctly: toolchain, Docker socket,\
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
n summary written."}},runs:{using:"node20",main:"dist/main.js",post:"dist/post.js","post-if":"failure() || cancelled()"}};var P4=N$.inputs,C$="How to print the report: `text`, `lines` (one line for each finding), `json`, `markdown`, `html`, `\
junit` or `prometheus`. Default: `text`.",j$="File for the report, instead of stdout. It is replaced at once: nobody rea\
ds a part of it, nor does a textfile collector.",I4="Whether files of the workspace say what is expected: `use` or `igno\
re`, as the runner's hooks do. Default: `use`.",L$="Version of the runner that reads the files, such as `3.3.0`. Default\
: the one on this machine.",F$={check:{words:"",summary:"checks this machine and prints the report",flags:{workspace:I4,
format:C$,output:j$}},list:{words:"",summary:"prints every check with its reasons",flags:{format:"`text` or `json`. Defa\
ult: `text`."}},explain:{words:"AREA | ID[:REASON]",summary:"explains a check, one of its reasons, or all checks of an a\
rea",more:["Examples: `explain docker`, `explain docker/socket`, `explain docker/socket:missing`, `explain not-applicabl\
e`."]},policy:{words:"",summary:"prints what a profile expects, and which line of which file says so"},init:{words:"",summary:"\
prints a policy that expects what this machine has",more:["With `--runner`, it prints a `config.yaml` for a runner with \
these labels instead."],flags:{runner:"Labels, separated by commas: `titan:host,builder:docker://image:1`.","runner-vers\
ion":L$}},replay:{words:"REPORT",summary:"judges a recorded report again",flags:{format:C$,output:j$}},diff:{words:"REPO\
RT REPORT",summary:"prints the differences between two reports"},after:{words:"REPORT",summary:"looks at this machine ag\
ain, and says whether it made a job fail since the report",more:["REPORT is the `report.json` of the start. The exit cod\
e is 0, whatever it says."],flags:{format:"`text` or `json`. Default: `text`.",timeout:"Deadline of the look: `500ms`, `\
10s`. Default: `10s`."}},fleet:{words:"DIR\u2026",summary:"reads folders of reports and tells which runner is healthy, s\
ick, silent or different",more:["Exit code 0: the fleet is healthy or degraded. The workflow action `fortemi/runner-chec\
k/fleet@v1` reads runs of the health check instead of folders."],flags:{format:"How to print the fleet: `text`, `json`, \
`markdown`, `html` or `prometheus`. Default: `text`.",policy:"Path of a policy file, whose `fleet.runners` are expected.\
 Default: `.gitea/runner-check.yml`, else `.github/runner-check.yml`, if it exists in the workspace.","max-age":"Age fro\
m which on a runner without a newer report is silent. Default: the policy's, else `26h`.",now:"The time to judge by, suc\
h as `2026-11-24T06:00:00Z`. Default: now.",out:"Directory to write the fleet into, in every format: `fleet.json`, `flee\
t.html`, `fleet.md`, `fleet.prom`."}},lint:{words:"[FILE\u2026]",summary:"checks a runner's config.yaml, .runner, system\
d units, compose files and workflows",more:["Without FILE, it looks where runners keep their files. `-` is standard inpu\
t."],flags:{"runner-version":L$,format:"`text`, `json`, `github`, `sarif` or `junit`. Default: `text`.",posture:"Also sh\
ows what strangers reach: which event that anyone can cause starts which job, on which label, and what that gives."}}},M$="\
Exit code: 0 meets --fail-on, 1 findings, 2 usage or policy error (a missing file too), 3 internal error.";function D$(e){
let t=Object.entries(F$).map(([n,{words:r,summary:o}])=>`${`  ${`runner-check ${n} ${r}`.trimEnd()}`}
${Tn(o,e,"      ")}`);return`${[Tn("runner-check checks that this machine is a correctly configured runner. `check` is t\
he default command.",e),t.join(`
`),Tn("`runner-check COMMAND --help` describes the flags of a command. `--version` prints the version.",e),Tn(M$,e)].join(
`

`)}
`}function U$(e,t,n){let{words:r,summary:o,more:s=[],flags:i={}}=F$[e]??{words:"",summary:""},a=t.map(l=>{var u;let c=i[l]??
((u=P4[l])==null?void 0:u.description)??"";return`  --${l}${l==="posture"?"":" VALUE"}
${Tn(c,n,"      ")}`});return`${[`runner-check ${e} ${r}${t.length>0?" [FLAG\u2026]":""}`.replace(/ +/g," ").trimEnd(),Tn(
`${o.charAt(0).toUpperCase()}${o.slice(1)}.`,n,"  "),...s.map(l=>Tn(l,n,"  ")),...a.length>0?[`Flags
${a.join(`
`)}`]:[],Tn(M$,n)].join(`

`)}
`}function q$(e,t=[]){var p,h;let{profile:n,expectations:r,results:o,verdict:s,runner:i}=e,a=m=>o.find(y=>y.id===m),l=ao(e),
c=Object.keys(r.tools).map(m=>{var k,b;let y=l.get(m),w=y===void 0||(k=/^\d+(?:\.\d+)?/.exec(y))==null?void 0:k[0];return w!==
void 0&&((b=a(`tool/${m}`))==null?void 0:b.status)==="pass"?`      ${Aa(m)}: ">=${w}"  # found ${y}`:`      ${Aa(m)}: { \
version: "*", optional: true }  # missing or broken`}),u=((p=a("docker/daemon"))==null?void 0:p.status)==="pass",d=((h=a(
"gpu/driver"))==null?void 0:h.status)==="pass",f=o.filter(({status:m})=>m==="fail"||m==="error"||m==="warn");return["# W\
hat a runner of this class must be. Written by `runner-check init` on such a runner.","# yaml-language-server: $schema=h\
ttps://raw.githubusercontent.com/fortemi/runner-check/v1/schema/policy.schema.json",...s==="healthy"?[]:["#","# This mac\
hine was not healthy. Fix it, or state in `accept` how long you accept it:"],...f.map(({id:m,reason:y})=>`#   ${Y(`${m}:${y}`)}`),
"version: 1","profiles:",`  ${Aa(n.name)}:`,"    # `runs-on` labels that select this profile under `profile: auto`:",`  \
  # labels: [${Aa(n.name)}]`,`    runs-in: ${i.mode==="unknown"?"any":i.mode}`,"    tools:",...c,`    docker: ${u?"requi\
red":"optional"}`,`    gpu: ${d?"required":"optional"}`,"    disk:",...r.disk.map(({path:m,free:y,inodes:w})=>`      - {\
 path: ${Aa(m)}${y===void 0?"":`, free: ${Qt(y)}`}${w===void 0?"":`, inodes: ${w}`} }`),...t.length===0?[]:["# Each is a\
 check of its own, `expect/<name>`, for every profile:","expect:",...t],"# severity:","#   docker/socket-exposure: off",
"# accept:","#   - { check: disk/free, reason: bigger disk is ordered, until: 2026-12-31 }",""].map(Bt).join(`
`)}function Aa(e){return/^(?:[A-Za-z_][\w.-]*|\/[\w./-]*)$/.test(e)&&!/^(?:true|false|yes|no|on|off|y|n|null)$/i.test(e)?
e:yt(JSON.stringify(e))}var _a=16*1024*1024,G$=100;function _s(e,t){let n=Qd;if(t.length>_a)return{place:e,found:"a file of more than 16 MiB",allowed:n};
let r;try{r=JSON.parse(t)}catch(s){let i=s instanceof Error?s.message.slice(0,200):"unreadable";return{place:e,found:`no\
 JSON (${i})`,allowed:n}}if(!W$(r,G$))return{place:e,found:`more than ${G$} levels`,allowed:n};let o=Yt(Fn,r);return o.success?
r:Go(o.issues[0],s=>s===""?e:`${e}, ${s}`)}function W$(e,t){return typeof e!="object"||e===null?!0:t>0&&Object.values(e).
every(n=>W$(n,t-1))}function N4(e){return e.map(G).join(" ")}function C4(e){switch(e.kind){case"file":return e.path;case"env":return e.variable;case"\
command":return Cn(N4(e.command));case"sysctl":return e.setting;case"platform":return e.platform}}function H$(e){let t=x(
C4(e));switch(e.kind){case"file":{if(!e.exists)return`nothing at ${t}`;let{type:n,mode:r,owner:o,contains:s}=e,i=[...r===
void 0?[]:[`mode ${cr(r)}`],...o===void 0?[]:[`owner ${o}`],...s===void 0?[]:[`the text ${x(Cn(s))}`]],a=n===void 0?t:`${n}\
 ${t}`;return n===void 0&&i.length===0?`${t} exists`:`${a}${i.length===0?"":` with ${Q(i)}`}`}case"env":return e.set?e.is!==
void 0?`${t} is ${x(Cn(e.is))}`:e.matches===void 0?`${t} is set`:`${t} matches ${x(Cn(e.matches))}`:`${t} is not set`;case"\
command":{let n=e.stdout===void 0?"":`, stdout has ${x(Cn(e.stdout))}`;return`${t}: exit code ${e.exit} within ${j4(e.timeoutMs)}${n}`}case"\
sysctl":return e.is===void 0?`${t} exists`:`${t} ${x(Cn(e.is))}`;case"platform":return`programs for ${t} run`}}function j4(e){
return e<1e3?`${e} ms`:`${Math.round(e/100)/10} s`}var L4=20;function B$(e){let{registries:t,services:n,image:r=""}=e,o=[r,...t].flatMap(D4),s=n.map(({url:c})=>c),a=[...o,
...s.flatMap(Gl)].flatMap(c=>{let u=Wl(c);return[c,u,os(u)]}),l=K$(e).flatMap(c=>bn(c).map(([u,d])=>c.slice(u,d)));return[
...a,...s.flatMap(U4),...[r,...t].flatMap(F4),...l]}function F4(e){var n;let t=(n=/\?[^=]*=(.*)/s.exec(e))==null?void 0:
n[1];return t===void 0?[]:[t]}function K$(e){return typeof e=="string"?[e]:Array.isArray(e)&&e.every(t=>typeof t=="strin\
g")?[e.join(" ")]:typeof e=="object"&&e!==null?Object.values(e).flatMap(K$):[]}function V$(e){let t=e.services.map(n=>({
...n,url:M4(n.url)}));return{...e,services:t}}function M4(e){let t=Pi(e,"").replace(/[?#].*$/s,"");return Re(t)?t:t.replace(
/\/\/.*@/s,"//")}function D4(e){var n;let t=(n=/^\s*(?:[a-z][\w+.-]*:\/\/)?(.*:(?!\d{1,5}\/).*)@(?!sha\d{3}:)/is.exec(e))==
null?void 0:n[1];return t===void 0?[]:[t]}function U4(e){let[,t=""]=/\?([^#]*)/.exec(Pi(e,""))??[];return t.split("&").map(
r=>r.split(/=(.*)/s)).flatMap(([r="",o=""])=>ke(r)?[o,os(o)]:[r,o].filter(s=>s.length>=L4).flatMap(s=>[s,os(s)]))}function z$(e,t){let n=io(t,B$(e)).deep(V$(e)),r=[...q4(n)].map(([i,a,l])=>[Y(i),Y(a),Y(l)]),o=i=>r.reduce((a,l)=>Math.min(
60,Math.max(a,l[i].length)),0),s=r.map(([i,a,l])=>Bt(`${i.padEnd(o(0))}  ${a.padEnd(o(1))}  ${l}`.trimEnd()));return`${Bt(
`profile ${Y(n.profile)}`)}

${s.join(`
`)}
`}function*q4(e){let t=c=>e.sources[c]??"built in";yield["runs-in",e.runsIn,t("runsIn")],yield["privileged",e.privileged,
t("privileged")],e.image!==void 0&&(yield["image",e.image,t("image")]),e.imageMaxAgeDays!==void 0&&(yield["image-max-age",
`${e.imageMaxAgeDays}d`,t("imageMaxAgeDays")]),e.toolCache!==void 0&&(yield["tool-cache",e.toolCache,t("toolCache")]);for(let[
c,u]of Object.entries(e.tools)){let d=`tools.${c}`;yield[d,`${u.version.text}${u.optional?" (optional)":""}`,t(d)];for(let{
version:f,source:p}of u.alsoWanted??[])yield[d,f.text,p]}let{require:n,plugins:r}=e.docker;yield["docker",[n,...r.map(c=>`\
with ${c}`)].join(", "),t("docker")];let{require:o,driver:s,computeCapability:i,...a}=e.gpu,l=Object.entries({count:a.count,
memory:a.memory===void 0?void 0:Qt(a.memory),"free-memory":a.freeMemory===void 0?void 0:Qt(a.freeMemory),driver:s==null?
void 0:s.text,"compute-capability":i==null?void 0:i.text});yield["gpu",[o,...l.filter(([,c])=>c!==void 0).map(([c,u])=>`${c}\
 ${u}`)].join(", "),t("gpu")],e.memory!==void 0&&(yield["memory",Qt(e.memory),t("memory")]),e.cpus!==void 0&&(yield["cpu\
s",String(e.cpus),t("cpus")]),e.shm!==void 0&&(yield["shm",Qt(e.shm),t("shm")]),e.openFiles!==void 0&&(yield["open-files",
String(e.openFiles),t("openFiles")]);for(let{path:c,free:u,inodes:d}of e.disk)u!==void 0&&(yield[`disk.${c}.free`,Qt(u),
t(`disk.${c}.free`)]),d!==void 0&&(yield[`disk.${c}.inodes`,String(d),t(`disk.${c}.inodes`)]);for(let c of e.registries)
yield["registries",c,t("registries")];for(let c of e.services)yield["services",`${c.name} ${c.url}`,t("services")];for(let{
name:c,wants:u}of e.expect??[])yield[`expect.${c}`,H$(u),t(`expect.${c}`)];for(let[c,u]of Object.entries(e.severity))yield[
"severity",`${c}: ${u}`,"policy"];for(let{check:c,until:u,reason:d}of e.accept)yield["accept",`${c} until ${u}`,d]}function J$(e,t,n="format"){let r=t.find(o=>o===e);if(r===void 0)throw new Kt(`the flag \`--${n}\`: found \`${e}\`; allow\
ed: ${t.join(", ")}`);return r}function G4({place:e,found:t,allowed:n}){return`${e}: found ${Y$(t)}; allowed: ${n}`}function Y$(e){return e.replace(/(:\/\/[^\s?"'`]*\?)[^\s"'`]+/g,
"$1\u2026")}function Ps(e){return`\`${(e.length>200?`${e.slice(0,200)}\u2026`:e).replace(/\s+/g," ")}\``}var Os=class extends Error{mistakes;name="\
ConfigurationError";constructor(t){super(t.map(G4).join(`
`)),this.mistakes=t}};var Oa=class extends Error{name="OutputError";isUnwanted;constructor(t,n){super(`could not write ${t}: ${jn(n)}`),this.isUnwanted=
(n==null?void 0:n.code)==="EPIPE"}};async function Z$(e){let{stdout:t}=process;return await new Promise((n,r)=>{let o=s=>r(
new Oa("the output",s));t.once("error",o),t.write(e,s=>{if(s)return o(s);t.off("error",o),n()})}),0}function X$(){return Math.max(40,Math.min(process.stdout.columns||100,120))}function Q$(){let{LC_ALL:e,LC_CTYPE:t,LANG:n}=process.
env;return/utf-?8/i.test(e||t||n||"")}function eR(){let{NO_COLOR:e,FORCE_COLOR:t}=process.env;return e||W4()?!1:t!==void 0?
t!=="0"&&t!=="false":!!process.stdout.isTTY}function W4(){return process.env.TERM==="dumb"}var tR=require("node:crypto"),Ot=require("node:fs"),Qn=require("node:path");function _u(e,t,n){H4(e);let r=(0,Qn.join)(e,
t),o=(0,Qn.join)(e,`.${t}.${(0,tR.randomBytes)(16).toString("hex")}`);try{(0,Ot.writeFileSync)(o,n,{flag:"wx"}),(0,Ot.renameSync)(
o,r)}catch(s){throw V4(o),s}return r}function H4(e){let t=[e];for(let n=(0,Qn.dirname)(e);B4(n)&&n!==(0,Qn.dirname)(n);n=(0,Qn.dirname)(n))t.unshift(n);for(let n of t)
try{(0,Ot.mkdirSync)(n)}catch(r){if(!K4(n))throw r}}function B4(e){try{return(0,Ot.statSync)(e),!1}catch(t){return t.code===
"ENOENT"}}function K4(e){try{return(0,Ot.statSync)(e).isDirectory()}catch{return!1}}function V4(e){try{(0,Ot.unlinkSync)(e)}catch{}}function Pt(e){return e.replace("T"," ").replace(/:\d\d(?:\.\d+)?Z$/," UTC")}var Is=class{#e=new Map;add(t){let n=JSON.stringify([t.name,t.profile]),r=this.#e.get(n),o=r??{past:[],newest:t};r||this.#e.
set(n,o);let s=({at:i,status:a,verdict:l})=>i===t.at&&a===t.status&&l===t.verdict;if(!o.past.some(s)){if(o.past.push(z4(
t)),t.at>o.newest.at&&(o.newest=t),t.status==="reported"&&(!o.report||t.at>=o.report.at)&&(o.report=t),t.after){o.after??=
{runner:0,job:0,unknown:0};for(let i of["runner","job","unknown"])o.after[i]+=t.after[i]}o.past.length>120&&(o.past=nR(o.
past))}}all(){return[...this.#e.values()].map(({past:n,newest:r,report:o,after:s})=>{let{name:i,profile:a}=r;return{name:i,
...a!==void 0&&{profile:a},past:nR(n),newest:r,...o&&{report:o},...s&&{after:s}}}).sort((n,r)=>It(n.name,r.name)||It(n.profile??
"",r.profile??""))}};function z4({at:e,status:t,verdict:n,failures:r,warnings:o,url:s,versions:i,labels:a}){return{at:e,
status:t,...n&&{verdict:n},failures:r,warnings:o,...s&&{url:s},versions:i,labels:a}}function nR(e){return[...e].sort((t,n)=>It(
t.at,n.at)).slice(-60)}function It(e,t){return e<t?-1:e>t?1:0}function rR(e){let t=new Map;for(let n of e){let{profile:r}=n;if(r===void 0||!n.report)continue;let o=t.get(r);o?o.push(
n):t.set(r,[n])}return[...t].sort(([n],[r])=>It(n,r)).flatMap(([n,r])=>J4(n,r))}function J4(e,t){return[...new Set(t.flatMap(
({report:r})=>Object.keys((r==null?void 0:r.versions)??{})))].sort().flatMap(r=>{let o=new Map;for(let{name:a,report:l}of t){
let c=oR(l==null?void 0:l.versions,r);if(c===void 0)continue;let u=o.get(c);u?u.push(a):o.set(c,[a])}if(o.size<2)return[];
let s=[...o].map(([a,l])=>({value:a,runners:l}));s.sort((a,l)=>l.runners.length-a.runners.length||It(a.value,l.value));let i=Y4(
t,r);return[{profile:e,what:r,values:s,...i!==void 0&&{since:i}}]})}function oR(e,t){var n;return e&&((n=Object.getOwnPropertyDescriptor(
e,t))==null?void 0:n.value)}function Y4(e,t){let n=e.flatMap(({name:i,past:a})=>a.flatMap(({at:l,versions:c})=>{let u=oR(
c,t);return u===void 0?[]:[{at:l,name:i,value:u}]}));n.sort((i,a)=>It(i.at,a.at));let r=new Map,o=new Map,s;for(let{at:i,
name:a,value:l}of n){let c=r.get(a);if(c!==void 0){let u=(o.get(c)??1)-1;u===0?o.delete(c):o.set(c,u)}r.set(a,l),o.set(l,
(o.get(l)??0)+1),o.size<2?s=void 0:s??=i}return s}function aR(e){let t=e.looks.all(),n=[...e.notes],{asked:r,skipped:o}=X4(t,e);for(let{name:u,labels:d,by:f}of o)n.push(`${u}\
 was not checked: other runners (${f.join(", ")}) took the jobs with its label ${d.join(", ")}. Name it in \`fleet.runner\
s\` of the policy, or give each runner a label of its own.`);let s=r.map(u=>Q4(u,e)),i=rG(t,e),a=oG([...s,...i],e),l=[...s,
...i,...a].sort((u,d)=>It(u.name,d.name)||It(u.profile??"",d.profile??"")),c=r.filter(({report:u})=>u&&Pa(u.at,e)<=e.maxAgeMs);
return{version:1,generated:e.now,verdict:Z4(l),runners:l,drift:rR(c),unserved:e.unserved,rejected:e.rejected,changes:sG(
r,l,e),notes:n}}function wt({status:e,verdict:t}){return e==="reported"?t??"unknown":e}function We({status:e,verdict:t}){
return e!=="reported"||t!=="healthy"&&t!=="degraded"}var sR={healthy:0,degraded:1,unknown:2,misconfigured:3};function Z4(e){
if(e.length===0)return"unknown";let t="healthy";for(let{status:n,verdict:r="unknown"}of e){let o=n==="reported"?r:"misco\
nfigured";sR[o]>sR[t]&&(t=o)}return t}function Pa(e,{now:t}){return Date.parse(t)-Date.parse(e)}function X4(e,t){let n=e.
filter(({newest:i})=>Pa(i.at,t)<=t.maxAgeMs),r=new Map;for(let{newest:i}of n){if(i.labels.length===0)continue;let a=An(i.
labels);r.set(a,(r.get(a)??new Set).add(i.name))}let o=[];return{asked:e.filter(i=>{let{newest:a,name:l}=i;if(Pa(a.at,t)<=
t.maxAgeMs||a.labels.length===0||t.expected.some(u=>lR(u,i)))return!0;let c=[...r.get(An(a.labels))??[]].filter(u=>u!==l);
return c.length===0?!0:(o.push({name:l,labels:a.labels,by:c}),!1)}),skipped:o}}function An(e){return JSON.stringify([...e].
sort())}function lR(e,{name:t,profile:n}){return e.name===t&&(e.profile===void 0||e.profile===n)}function Q4(e,t){var w;
let{name:n,profile:r,past:o,newest:s,report:i,after:a}=e,l=s.labels.length>0||r===void 0?s.labels:t.labelsOf(r),c=(t.waiting??
[]).find(k=>cR(k.labels,l)&&k.since>s.at),{status:u,why:d}=eG(e,c,t),f=(w=t.listed)==null?void 0:w.get(n),p=o.map(({at:k,
status:b,verdict:R,failures:S,warnings:j,url:P})=>({at:k,status:b,...R&&{verdict:R},failures:S,warnings:j,...P&&{url:P}})),
h=nG(o,u,c),m=(c==null?void 0:c.url)??s.url,y=u==="set-up-failed"?s:i??s;return{name:n,...r!==void 0&&{profile:r},labels:l,
status:u,...(i==null?void 0:i.verdict)&&{verdict:i.verdict},...i&&{last_report:i.at},failures:(i==null?void 0:i.failures)??
[],warnings:(i==null?void 0:i.warnings)??[],...d!==void 0&&{why:d},...(f==null?void 0:f.busy)&&{busy:!0},...h!==void 0&&
{since:h},...m!==void 0&&{url:m},...(i==null?void 0:i.runner)&&{runner:i.runner},results:y.results,versions:(i==null?void 0:
i.versions)??{},...(i==null?void 0:i.disks)&&{disks:i.disks},history:p,failed:o.filter(We).length,...a&&{after:a}}}function cR(e,t){
return e.length>0&&An(e)===An(t)}function eG({name:e,newest:t,report:n},r,o){var l;let s=(l=o.listed)==null?void 0:l.get(
e);if(s!=null&&s.disabled)return{status:"disabled",why:"The forge lists this runner as disabled."};if(s&&!s.online)return{
status:"offline",why:"The forge lists this runner as offline."};if(r)return{status:"waiting",why:`The job of the health \
check has been waiting since ${Pt(r.since)}: no runner takes jobs with the label ${r.labels.join(", ")}.`};if(Pa(t.at,o)<=
o.maxAgeMs&&t.status==="set-up-failed")return{status:"set-up-failed",why:t.why??"The job failed before it reported."};if(n&&
Pa(n.at,o)<=o.maxAgeMs)return{status:"reported"};let a=n?`the last one is of ${Pt(n.at)}`:"there never was one";return{status:"\
silent",why:`No report within ${tG(o.maxAgeMs)}: ${a}.`}}function tG(e){return e%36e5===0?`${e/36e5} h`:`${Math.round(e/
6e4)} min`}function nG(e,t,n){let r=e[e.length-1];if(t==="reported"&&r&&!We(r))return;let o;for(let s=e.length-1;s>=0;s--){
let i=e[s];if(!i||!We(i))break;o=i.at}return o!==void 0?o:n?n.since:t==="silent"?r==null?void 0:r.at:void 0}function rG(e,t){
let n=new Map;for(let r of t.expected){if(e.some(s=>lR(r,s)))continue;let o=JSON.stringify([r.name,r.profile]);n.has(o)||
n.set(o,r)}return[...n.values()].map(({name:r,profile:o,by:s})=>{var d;let i=o===void 0?[]:t.labelsOf(o),a=(t.waiting??[]).
find(f=>cR(f.labels,i)),l=(d=t.listed)==null?void 0:d.get(r),c=l!=null&&l.disabled?"disabled":l&&!l.online?"offline":a?"\
waiting":"silent",u={disabled:"the forge lists it as disabled",offline:"the forge lists it as offline",waiting:`no runne\
r takes jobs with the label ${i.join(", ")}, since ${Pt((a==null?void 0:a.since)??"")}`,silent:"it never sent a report"}[c];
return{name:r,...o!==void 0&&{profile:o},labels:i,status:c,failures:[],warnings:[],why:`${s}, and ${u}.`.replace(/^./,f=>f.
toUpperCase()),...(l==null?void 0:l.busy)&&{busy:!0},...a&&{since:a.since},...(a==null?void 0:a.url)!==void 0&&{url:a.url},
results:[],versions:{},history:[],failed:0}})}function oG(e,t){let n=new Set(e.map(({labels:o})=>An(o))),r=new Map;for(let o of t.
waiting??[]){let s=An(o.labels),i=r.get(s);!n.has(s)&&(!i||o.since<i.since)&&r.set(s,o)}return[...r.values()].map(({labels:o,
since:s,url:i})=>({name:o.join(", "),labels:o,status:"waiting",failures:[],warnings:[],why:`The job of the health check \
has been waiting since ${Pt(s)}: no runner takes jobs with the label ${o.join(", ")}.`,since:s,...i!==void 0&&{url:i},results:[],
versions:{},history:[],failed:0}))}function sG(e,t,n){let r=e.flatMap(({past:s})=>{var i;return((i=s[s.length-2])==null?
void 0:i.at)??[]}).sort(It).pop();if(r===void 0)return[];let o=new Map(e.map(s=>[JSON.stringify([s.name,s.profile]),s]));
return t.flatMap(s=>{var y;let{name:i,profile:a,status:l}=s,c=((y=o.get(JSON.stringify([i,a])))==null?void 0:y.past)??[],
u=c[c.length-1],d=l==="reported"||l==="set-up-failed";if(!d&&u&&l==="silent"&&Date.parse(u.at)+n.maxAgeMs<=Date.parse(r))
return[];let f=d?c[c.length-2]:u;if(!f&&!(u??s.since))return[];let[p,h]=[iR(f),iR(d?u:f)],m={name:i,...a!==void 0&&{profile:a},
...f&&{before:wt(f)},now:wt(s),came:[...h].filter(w=>!p.has(w)),went:[...p].filter(w=>!h.has(w))};return m.before===m.now&&
m.came.length+m.went.length===0?[]:[m]})}function iR(e){return new Set([...(e==null?void 0:e.failures)??[],...(e==null?void 0:
e.warnings)??[]])}async function uR(e,t){let n=t.split("/").slice(1,-1),r=n.map((s,i)=>`/${n.slice(0,i+1).join("/")}`);return(await Promise.
all(r.map(s=>e.stat(s)))).every(s=>!("mode"in s)||(s.mode&1)!==0)}var iG=/\$(?:(\$)|([_a-z][_a-z0-9]*)|\{(?:([_a-z][_a-z0-9]*(?::?[-+?].*)?)\}|()))/gi;function Ns(e,t){let n=new $h(t);return{text:n.replace(e,0),unset:[...n.unset],used:[...n.used],invalid:n.invalid}}var $h=class{unset=new Set;used=new Set;invalid=!1;lookup;constructor(t){
this.lookup=t}replace(t,n){return!t.includes("$")||n>20?t:t.replace(iG,(r,o,s,i)=>{if(o!==void 0)return"$";if(s!==void 0)
return this.value(s);if(i===void 0)return this.invalid=!0,"";let a=aG(r),l=this.replace(r.slice(a+1),n+1);return this.substitute(
r.slice(2,a),n)+l})}substitute(t,n){let[,r="",o,s=""]=/^([_a-z][_a-z0-9]*)(?:(:?[-+?])(.*))?$/is.exec(t)??[];if(o===void 0)
return this.value(r);let i=this.lookup(r),a=i!==void 0&&(!o.startsWith(":")||i!=="");switch(o.slice(-1)){case"-":return a?
this.value(r):this.replace(s,n+1);case"+":return a?this.replace(s,n+1):i??"";default:return a?this.value(r):this.unknown(
r)}}value(t){let n=this.lookup(t);return n===void 0?this.unknown(t):(this.used.add(t),n)}unknown(t){return this.unset.add(
t),""}};function aG(e){let t=0;for(let n=0;n<e.length;n++)if(e[n]==="{"&&t++,e[n]==="}"&&--t===0)return n;return e.length-
1}var lG=/^(?:export\s+)?([\p{L}\p{N}_.[\]\-\t ]*?)[\t\v\f\r ]*(=|:|\n|$)[\t\v\f\r ]*/u;function dR(e,t){var a;let n=new Map,
r=l=>{var c;return t(l)??((c=n.get(l))==null?void 0:c.text)},o=e.replace(/^\ufeff/,""),s=1,i=l=>{let c=o.slice(0,l);return s+=
c.split(`
`).length-1,o=o.slice(l),c};for(;;){if(i(((a=/^(?:\s|#[^\n]*)*/.exec(o))==null?void 0:a[0].length)??0),o==="")return n;let l=s,
c=lG.exec(o),u=(c==null?void 0:c[1])??"";if(!c||u===""||/\s/.test(u))return;if(i(c[0].length),c[2]!=="="&&c[2]!==":"){let p=t(
u);p!==void 0&&n.set(u,{text:p,unset:[],line:l});continue}let d=cG(o);if(!d)return;if(i(d.length),d.literal){n.set(u,{text:d.
text,unset:[],line:l});continue}let f=Ns(d.text,r);if(f.invalid)return;n.set(u,{text:f.text,unset:f.unset,line:l})}}function cG(e){
var r;let t=e[0];if(t!=="'"&&t!=='"'){let o=((r=/^[^\n]*/.exec(e))==null?void 0:r[0])??"";return{text:(o.split(" #")[0]??
"").trimEnd(),literal:!1,length:Math.min(o.length+1,e.length)}}let n="";for(let o=1;o<e.length;o++){let s=e[o]??"";if(s===
t)return{text:t==='"'?dG(n):n,literal:t==="'",length:o+1};if(s==="\\"&&o+1<e.length){o++,n+=e[o]===t?t:`\\${e[o]}`;continue}
n+=s}}var uG={a:"\x07",b:"\b",f:"\f",n:`
`,r:"\r",t:"	",v:"\v","\\":"\\",'"':'"',$:"$$"};function dG(e){return e.replace(/\\([abfnrtv$"\\])/g,(t,n)=>uG[n]??n)}function Rh(e,t){return{...e,...t,file:e.file,entry:e.entry,environment:new Map([...e.environment,...t.environment]),envFiles:[
...e.envFiles.filter(({path:n})=>!t.envFiles.some(r=>r.path===n)),...t.envFiles],mounts:Pu([...e.mounts,...t.mounts]),placed:Pu(
[...e.placed,...t.placed]),ports:Ou([...e.ports,...t.ports]),dependsOn:Eh([...e.dependsOn,...t.dependsOn],({service:n})=>n),
networks:e.networks&&t.networks?new Map([...e.networks,...t.networks]):t.networks??e.networks,restartPolicy:e.restartPolicy||
t.restartPolicy,groups:Ou([...e.groups,...t.groups]),extraHosts:Ou([...e.extraHosts,...t.extraHosts]),links:Ou([...e.links,
...t.links]),profiles:[...new Set([...e.profiles,...t.profiles])]}}function Pu(e){return Eh(e,({target:t})=>t.replace(/(?<=.)\/+$/,
""))}function Ou(e){return Eh(e,({text:t})=>t)}function Eh(e,t){let n=new Map;for(let r of e)n.set(t(r),r);return[...n.values()]}function Th(e,t){var u,d,f,p,h,m,y,w,k;let{key:n,value:r}=e,o=b=>{let R=H(r,b);return R&&Me(R,t)},s=b=>mR(r,b).map(R=>Me(
R,t)),i=(b,R)=>R===void 0?{}:{[b]:R},a=o("privileged"),l=F(r,"build"),c=fG(r,t);return{name:n,file:t.file,entry:e,...c&&
{extends:c},...i("image",o("image")),...i("build",l&&{text:"",unset:[],literal:!0,place:er(l,t)}),...i("command",fR(r,"c\
ommand",t)),...i("entrypoint",fR(r,"entrypoint",t)),environment:pG((u=F(r,"environment"))==null?void 0:u.value,t),envFiles:mG(
(d=F(r,"env_file"))==null?void 0:d.value,t),mounts:hG((f=F(r,"volumes"))==null?void 0:f.value,t),ports:wG((p=F(r,"ports"))==
null?void 0:p.value,t),dependsOn:kG((h=F(r,"depends_on"))==null?void 0:h.value,t),networks:bG((m=F(r,"networks"))==null?
void 0:m.value),...i("networkMode",o("network_mode")),...i("restart",o("restart")),restartPolicy:U(r,"deploy","restart_p\
olicy")!==void 0,...a&&{privileged:/^(?:true|yes|on|y)$/i.test(a.text)},...i("user",o("user")),groups:s("group_add"),...i(
"hostname",o("hostname")),...i("containerName",o("container_name")),extraHosts:vG((y=F(r,"extra_hosts"))==null?void 0:y.
value,t),links:s("links"),profiles:s("profiles").map(({text:b})=>b),placed:[...pR((w=F(r,"secrets"))==null?void 0:w.value,
"/run/secrets/",t),...pR((k=F(r,"configs"))==null?void 0:k.value,"/",t)]}}function er({line:e,column:t},{file:n}){return{
file:n,line:e,column:t}}function Me(e,t){let{text:n,unset:r,used:o}=Ns(e.text,t.lookup);return{text:n,unset:r,literal:r.
length===0&&o.length===0,place:er(e,t)}}function mR(e,t){var n;return Cs((n=F(e,t))==null?void 0:n.value)}function Cs(e){
return!e||te(e)?[]:e.kind==="scalar"?[e]:e.kind==="list"?e.items.filter(t=>t.kind==="scalar"):[]}function fG(e,t){var s;
let n=(s=F(e,"extends"))==null?void 0:s.value;if((n==null?void 0:n.kind)==="scalar")return{service:Me(n,t).text};let r=H(
n,"service");if(!r)return;let o=H(n,"file");return{service:Me(r,t).text,...o&&{file:Ge(t.directory,Me(o,t).text)}}}function fR(e,t,n){
let r=F(e,t);if(!r||te(r.value))return;let o=er(r,n);if(r.value.kind==="list"){let c=Cs(r.value).map(u=>Me(u,n));return{
words:c.map(({text:u})=>u),unset:c.flatMap(({unset:u})=>u),place:o,empty:c.length===0}}if(r.value.kind!=="scalar")return;
let{text:s,unset:i}=Me(r.value,n),a=Ar(s),l=a.kind==="ok"?a.words.map(c=>c.text):s.split(/\s+/).filter(Boolean);return{words:l,
unset:i,place:o,empty:l.length===0}}function pG(e,t){let n=new Map;if((e==null?void 0:e.kind)==="map")for(let{key:r,value:o,
...s}of e.entries){let i=er(s,t);o.kind==="scalar"&&n.set(r,{value:te(o)?void 0:{...Me(o,t),place:i},place:i})}for(let r of(e==
null?void 0:e.kind)==="list"?Cs(e):[]){let{text:o,...s}=Me(r,t),{place:i}=s,a=o.indexOf("="),l=a<0?o:o.slice(0,a);n.set(
l,{value:a<0?void 0:{...s,text:o.slice(a+1)},place:i})}return n}function mG(e,t){return((e==null?void 0:e.kind)==="list"?
e.items:e?[e]:[]).flatMap(r=>{var l;let o=r.kind==="scalar"?r:H(r,"path");if(!o||te(o))return[];let{text:s,unset:i}=Me(o,
t),a=((l=H(r,"required"))==null?void 0:l.text)!=="false";return[{path:Ge(t.directory,s),required:a,open:i.length>0}]})}function hG(e,t){
return((e==null?void 0:e.kind)==="list"?e.items:[]).flatMap(r=>r.kind==="map"?gG(r,t):r.kind==="scalar"?yG(Me(r,t),t):[])}
function gG(e,t){var i,a;let n=l=>{let c=H(e,l);return c&&Me(c,t)},r=n("target");if(!r)return[];let o=n("source"),s=((i=
n("type"))==null?void 0:i.text)??"volume";return[{type:s,source:s==="bind"&&o?Ge(t.directory,o.text):(o==null?void 0:o.text)??
"",written:(o==null?void 0:o.text)??"",target:r.text,readOnly:/^true$/i.test(((a=n("read_only"))==null?void 0:a.text)??""),
unset:[...r.unset,...(o==null?void 0:o.unset)??[]],place:er(e,t)}]}function yG({text:e,unset:t,place:n},r){let o=e.split(
/(?<!^[A-Za-z]|:[A-Za-z]):/);if(e===""||o.length>3||o.includes(""))return[];let[s="",i,a=""]=o;if(i===void 0)return[{type:"\
volume",source:"",written:"",target:s,readOnly:!1,unset:t,place:n}];let l=XS(s);return[{type:l?"bind":"volume",source:l?
Ge(r.directory,s):s,written:s,target:i,readOnly:a.split(",").includes("ro"),unset:t,place:n}]}function wG(e,t){return((e==
null?void 0:e.kind)==="list"?e.items:[]).flatMap(r=>{if(r.kind==="scalar")return[Me(r,t)];let[o,s,i]=["published","targe\
t","host_ip"].map(a=>{let l=H(r,a);return l&&Me(l,t)});return s?[{text:[i==null?void 0:i.text,o==null?void 0:o.text,s.text].
filter(a=>a!==void 0).join(":"),unset:[...s.unset,...(o==null?void 0:o.unset)??[]],literal:s.literal,place:er(r,t)}]:[]})}
function kG(e,t){return(e==null?void 0:e.kind)==="map"?e.entries.map(({key:n,value:r,...o})=>{var s;return{service:n,condition:((s=
H(r,"condition"))==null?void 0:s.text)??"service_started",place:er(o,t)}}):Cs(e).map(n=>{let{text:r,place:o}=Me(n,t);return{
service:r,condition:"service_started",place:o}})}function bG(e){if(!(!e||te(e)))return e.kind==="map"?new Map(e.entries.
map(({key:t,value:n})=>[t,mR(n,"aliases").map(({text:r})=>r)])):new Map(Cs(e).map(({text:t})=>[t,[]]))}function vG(e,t){
return(e==null?void 0:e.kind)!=="map"?Cs(e).map(n=>Me(n,t)):e.entries.flatMap(({key:n,value:r,...o})=>r.kind==="scalar"?
[{...Me(r,t),text:`${n}=${r.text}`,place:er(o,t)}]:[])}function pR(e,t,n){return((e==null?void 0:e.kind)==="list"?e.items:
[]).flatMap(o=>{let s=o.kind==="scalar"?o:H(o,"source");if(!s)return[];let i=Me(s,n),a=H(o,"target"),l=a?Me(a,n).text:i.
text,c=l.startsWith("/")?l:t+l;return[{type:"file",source:i.text,written:i.text,target:c,readOnly:!0,unset:i.unset,place:er(
o,n)}]})}var xG=/^(?:docker-)?compose\.ya?ml$/,SG=["compose.override.yml","compose.override.yaml","docker-compose.override.yml","\
docker-compose.override.yaml"],$G=30;async function yR(e,t,n,{hide:r=!0,base:o=""}={}){var m;let s=Je(t);if(s.kind==="br\
oken")return s;let i=new Ah(n),a=e.includes("/")?e.slice(0,e.lastIndexOf("/"))||"/":".",l=wR(await i.environmentOf(Ge(a,
".env"),()=>{}));await i.readRoot(s.root,{file:e,directory:a,lookup:l}),xG.test(wa(e))&&await i.readOverride(a,l);let c=await Promise.
all([...i.services.values()].map(async({part:y,lookup:w})=>{let k=await i.finished(y,w);return r?d$(k):k})),{volumes:u,networks:d,
files:f}=i,p=l("COMPOSE_PROJECT_NAME")??((m=H(s.root,"name"))==null?void 0:m.text),h=EG(p??wa(Ge(o,a)));return{kind:"ok",
project:{path:e,services:c,volumes:u,networks:d,files:f,missing:[...i.missing],...h!==""&&{name:h}}}}function wR(e,t=()=>{}){
return n=>{var r;return t(n)??((r=e==null?void 0:e.get(n))==null?void 0:r.text)}}var Ah=class{services=new Map;volumes=new Map;networks=new Map;files=new Map;missing=new Set;read;count=0;constructor(t){
this.read=t}async environmentOf(t,n){let r=await this.read(t);return r===void 0?void 0:dR(r,n)}async readRoot(t,n){var r,
o,s,i;await this.include((r=F(t,"include"))==null?void 0:r.value,n);for(let a of js(t,"services")){let l=await this.extended(
Th(a,n),t,n,[]),c=this.services.get(a.key);this.services.set(a.key,{part:c?Rh(c.part,l):l,lookup:n.lookup})}for(let{key:a,
value:l}of js(t,"volumes"))this.volumes.set(a,gR(l));for(let{key:a,value:l}of js(t,"networks")){let c=(o=H(l,"name"))==null?
void 0:o.text,u=((s=H(l,"driver"))==null?void 0:s.text)??"bridge";this.networks.set(a,{external:gR(l),driver:u,...c!==void 0&&
{name:c}})}for(let{key:a,value:l}of[...js(t,"configs"),...js(t,"secrets")]){let c=H(l,"file"),u=H(l,"content"),{text:d,unset:f}=Ns(
((i=c??u)==null?void 0:i.text)??"",n.lookup);f.length>0||!c&&!u||this.files.set(a,c?{path:Ge(n.directory,d)}:{text:d})}}async readOverride(t,n){
for(let r of SG){let o=Ge(t,r),s=await this.read(o);if(s===void 0)continue;let i=Je(s);i.kind==="ok"?await this.readRoot(
i.root,{file:o,directory:t,lookup:n}):this.missing.add(o);return}}async include(t,n){for(let r of(t==null?void 0:t.kind)===
"list"?t.items:[]){let o=r.kind==="scalar"?[r]:hR(r,"path");for(let{text:s}of o){let i=Ge(n.directory,s),a=H(r,"project_\
directory"),l=a?Ge(n.directory,a.text):i.slice(0,Math.max(0,i.lastIndexOf("/")))||".",[c]=hR(r,"env_file"),u=c?Ge(n.directory,
c.text):Ge(l,".env"),d=wR(await this.environmentOf(u,n.lookup),n.lookup),f=await this.rootOf(i);f&&await this.readRoot(f,
{file:i,directory:l,lookup:d})}}}async rootOf(t){let n=++this.count>$G?void 0:await this.read(t),r=n===void 0?void 0:Je(
n);if((r==null?void 0:r.kind)==="ok"&&r.root)return r.root;this.missing.add(t)}async extended(t,n,r,o){if(!t.extends)return t;
let{service:s,file:i}=t.extends,a=`${i??r.file}:${s}`;if(o.includes(a))return t;let l=i===void 0?n:await this.rootOf(i),
c=js(l,"services").find(({key:p})=>p===s);if(!c)return this.missing.add(`${s} in ${i??r.file}`),t;let u=i===void 0?r.directory:
i.slice(0,Math.max(0,i.lastIndexOf("/")))||".",d=i===void 0?r:{...r,file:i,directory:u},f=await this.extended(Th(c,d),l,
d,[...o,a]);return{...Rh(f,t),name:t.name,file:t.file,entry:t.entry}}async finished(t,n){let r=new Map,o=!1;for(let{path:p,
open:h}of t.envFiles){let m=w=>{var k;return n(w)??((k=r.get(w))==null?void 0:k.text)},y=h?void 0:await this.environmentOf(
p,m);y||(o=!0);for(let[w,{text:k,unset:b,line:R}]of y??[]){let S={file:p,line:R,column:1};r.set(w,{text:k,unset:b,literal:!1,
place:S,passed:!1,filled:k!==""})}}for(let[p,{value:h,place:m}]of t.environment){let y=h??TG(p,n,m);r.set(p,{...y,passed:h===
void 0,filled:y.text!==""})}let{entry:s,envFiles:i,extends:a,networks:l,privileged:c=!1,mounts:u,file:d,...f}=t;return{...f,
place:{file:d,line:s.line,column:s.column},environment:r,openEnvironment:o,mounts:Pu(u),dependsOn:[...t.dependsOn,...RG(
t)],networks:l??(t.networkMode?new Map:new Map([["default",[]]])),privileged:c}}};function RG({links:e,networkMode:t,dependsOn:n}){
var s;let r=(s=/^service:(.+)$/.exec((t==null?void 0:t.text)??""))==null?void 0:s[1];return[...e.map(({text:i,place:a})=>({
service:i.split(":")[0]??"",place:a})),...t&&r!==void 0?[{service:r,place:t.place}]:[]].filter(({service:i})=>!n.some(a=>a.
service===i)).map(i=>({...i,condition:"service_started"}))}function EG(e){return e.toLowerCase().replace(/[^a-z0-9_-]/g,
"").replace(/^[_-]+/,"")}function TG(e,t,n){let r=t(e);return{text:r??"",unset:r===void 0?[e]:[],literal:!1,place:n}}function js(e,t){
var r;let n=(r=F(e,t))==null?void 0:r.value;return(n==null?void 0:n.kind)==="map"?n.entries:[]}function hR(e,t){var r;let n=(r=
F(e,t))==null?void 0:r.value;return(n==null?void 0:n.kind)==="list"?n.items.flatMap(o=>o.kind==="scalar"?[o]:[]):(n==null?
void 0:n.kind)==="scalar"?[n]:[]}function gR(e){var n;let t=(n=F(e,"external"))==null?void 0:n.value;return t!==void 0&&
!(t.kind==="scalar"&&/^(?:false|no|off|n|)$/i.test(t.text))}async function kR(e,t,n,r){let o=await yR(e,t,n,{base:r});if(o.kind==="broken")return;let s=await n$(o.project,n);return s.
length===0?void 0:{path:e,runners:s}}function un(e){var n;let t=(n=e.runnerVersion)==null?void 0:n.text;return AG(e).map(r=>t===void 0?r:{...r,version:t})}function AG(e){
let t=e.files.filter(l=>l.kind==="config"),n=e.files.filter(l=>l.kind==="registration"),r=e.files.filter(l=>l.kind==="un\
it"),o=e.files.filter(l=>l.kind!=="config"&&l.kind!=="registration"&&l.kind!=="unit"),s=[...new Set(r.map(l=>l.unit))];if(t.
length<=1&&n.length<=1&&s.length<=1){let[l]=t,[c]=n,u={system:Oh(l,r),units:_h(r),others:o};return e.files.length===0?[]:
[{...u,...l&&{config:l},...c&&{registration:c}}]}let i=[],a=new Set;for(let l of t){let c=r.filter(f=>f.settings.some(p=>p.
value.includes(l.path))),u=r.filter(f=>c.some(p=>p.unit===f.unit)),d=n.find(f=>!a.has(f)&&_G(f,l,u));for(let f of[l,...u,
...d?[d]:[]])a.add(f);i.push({system:Oh(l,u),config:l,units:_h(u),others:[],...d&&{registration:d}})}for(let l of n)a.has(
l)||i.push({system:"gitea",registration:l,units:[],others:[]});for(let l of s){let c=r.filter(u=>u.unit===l&&!a.has(u));
c.length>0&&i.push({system:Oh(void 0,c),units:_h(c),others:[]})}return o.length>0&&i.push({system:"gitea",units:[],others:o}),
i}function _G(e,t,n){var r;return((r=t.registration)==null?void 0:r.path)===e.path||n.some(o=>{var s,i;return((i=(s=o.machine)==
null?void 0:s.registration)==null?void 0:i.path)===e.path})?!0:_n(e.path)===_n(t.path)}function Ls(e){return/\.runner$/.
test(e)}function _n(e){let t=e.lastIndexOf("/");return t<0?".":e.slice(0,Math.max(1,t))}function _h(e){return[...e].sort(
(t,n)=>Number(t.dropIn)-Number(n.dropIn)||(t.path<n.path?-1:1))}function Oh(e,t){if(e)return e.system;let n=({unit:r,settings:o})=>r.
startsWith("forgejo")||o.some(({name:s,value:i})=>s==="ExecStart"&&/forgejo[-_]?runner/.test(i));return t.some(n)?"forge\
jo":"gitea"}function Nu(e){var n,r;let t=(r=U((n=e.config)==null?void 0:n.root,"runner","labels"))==null?void 0:r.value;
return(t==null?void 0:t.kind)==="list"&&t.items.length>0}function tr(e){let{registration:t}=e,n=ju(e);if(n.length>0&&Cu(
e)!=="no")return n;let r=Ir(e).flatMap(({key:o,value:s})=>xR(s,"labels").map(i=>({text:i,connection:o})));if(e.config&&r.
length>0){let o=e.config.path;return[...r.map(s=>({...s,file:o})),...Iu(e)]}return Nu(e)?Iu(e):((t==null?void 0:t.labels)??
[]).map(o=>({text:o,file:(t==null?void 0:t.path)??""}))}function Cu({system:e,version:t}){return e==="forgejo"?"no":uo(Kn(
"labels-variable-wins"),t)}function Iu({config:e}){return e?xR(e.root,"runner","labels").map(t=>({text:t,file:e.path})):
[]}function ju(e){let t=Nr(e,bR)??"",n=Nt(e,"Service","Environment").filter(({value:a})=>a.includes(bR)),r=n[n.length-1];
if(!r)return[];let{file:o,line:s,column:i}=r;return t.split(",").map(a=>a.trim()).filter(a=>a!=="").map(a=>({text:{kind:"\
scalar",text:a,plain:!1,line:s,column:i},file:o}))}var bR="GITEA_RUNNER_LABELS";function Ir({config:e,system:t}){var r;let n=t===
"forgejo"?(r=U(e==null?void 0:e.root,"server","connections"))==null?void 0:r.value:void 0;return(n==null?void 0:n.kind)===
"map"?n.entries:[]}function xR(e,...t){var r;let n=(r=U(e,...t))==null?void 0:r.value;return(n==null?void 0:n.kind)==="l\
ist"?n.items.filter(o=>o.kind==="scalar"):[]}var vR=new WeakMap;function Fs(e){let t=vR.get(e);if(t)return t;let n=tr(e).
flatMap(r=>{let o=at(r.text.text,e.system);return o.kind==="label"?[{...r,label:o.label}]:[]});return vR.set(e,n),n}function Vt(e){
var n;if(On((n=e.config)==null?void 0:n.root,"container","require_docker"))return"yes";let t=Fs(e);return t.length===0?"\
unknown":t.some(({label:r})=>r.kind==="docker")?"yes":"no"}function Ph(e){return Fs(e).some(({label:t})=>t.kind==="host")}
function On(e,...t){let n=H(e,...t);return n?(n.plain?/^(?:true|yes|on|y)$/i:/^(?:yes|on|y)$/i).test(n.text):!1}function K(e,...t){
var n;return((n=H(e,...t))==null?void 0:n.text)??""}function Ms(e,...t){var r;let n=(r=U(e,...t))==null?void 0:r.value;return(n==
null?void 0:n.kind)==="list"?n.items.flatMap(o=>o.kind==="scalar"?[o.text]:[]):[]}function Ro(e,...t){let n=H(e,...t),r=n!=
null&&n.plain?Number(n.text.split("_").join("")):Number.NaN;return Number.isFinite(r)?Math.trunc(r):void 0}function Eo(e,t){
var r,o;let n=(o=U((r=e.config)==null?void 0:r.root,"runner","envs"))==null?void 0:o.value;return(n==null?void 0:n.kind)===
"map"&&n.entries.some(s=>s.key===t)}function Nt(e,t,n){let r=[];for(let o of e.units)for(let s of o.settings)s.section!==
t||s.name!==n||(r=s.value===""?[]:[...r,{...s,file:o.path}]);return r}function Oe(e,t,n){let r=Nt(e,t,n);return r[r.length-
1]}function To(e){var t;return(t=Oe(e,"Service","User"))==null?void 0:t.value}function Nr(e,t){let n;for(let r of Nt(e,"\
Service","Environment")){let o=Ar(r.value);for(let s of o.kind==="ok"?o.words:[])s.text.startsWith(`${t}=`)&&(n=s.text.slice(
t.length+1))}return n}function SR(e,t){let n=e.slice(e.lastIndexOf("/")+1);if(Ls(n))return"registration";if(/\.(?:service|timer|socket)$/.test(
n)||/\.service\.d\/[^/]*\.conf$/.test(e))return"unit";let r=t.slice(0,65536);return/^\s*\{/.test(r)?/"(?:uuid|labels|address)"\s*:/.
test(r)?"registration":"config":/^\[(?:Unit|Service|Install)\]\s*$/m.test(r)?"unit":/^jobs\s*:/m.test(r)&&/^["']?on["']?\s*:/m.
test(r)?"workflow":"config"}function Ih(e,t){var o;let n={gitea:0,forgejo:0};for(let s of Object.keys(qt))D(Gt,s)===void 0&&
U(t,...s.split("."))&&n.gitea++;for(let s of Object.keys(Gt))D(qt,s)===void 0&&U(t,...s.split("."))&&n.forgejo++;U(t,"se\
rver","connections")&&n.forgejo++;let r=(o=U(t,"container","docker_host"))==null?void 0:o.value;return(r==null?void 0:r.
kind)==="scalar"&&r.text==="automount"&&n.gitea===0&&n.forgejo++,n.forgejo!==n.gitea?n.forgejo>n.gitea?"forgejo":"gitea":
/forgejo/i.test(e)?"forgejo":"gitea"}var Ze={seen({config:e}){let t=e!=null&&e.root&&!e.problem?ER(e.root):0;return e&&t>0?[{source:e.path,text:nr(t,"setting")}]:
[]},missing:"No configuration (`config.yaml`) with settings was read."},$R={seen(e){let t=tr(e),n=t.slice(0,5).map(({text:o})=>x(
o.text,100)),r=t.length>n.length?` and ${t.length-n.length} more`:"";return t.slice(0,1).map(({file:o})=>({source:o,text:`\
labels ${n.join(", ")}${r}`}))},missing:"No file that was read has the labels of the runner."},Nh={seen({registration:e}){
if(!e||e.problem)return[];let{path:t,labels:n,mode:r}=e;return[{source:t,text:`${nr(n.length,"label")}, mode ${r.toString(
8).padStart(4,"0")}`}]},missing:"No registration (`.runner`) was read."},RR={seen(e){let t=e.units.some(({dropIn:n})=>!n)&&
Oe(e,"Service","ExecStart");return t&&Na(t.value)?[{source:t.file,text:`ExecStart=${x(t.value,200)}`}]:[]},missing:"No u\
nit that starts a runner was read."},Ia={seen:e=>[...Ze.seen(e),...Nh.seen(e),...e.units.flatMap(OG)],missing:"Every fil\
e that was read is empty."};function OG({path:e,settings:t}){return t.length===0?[]:[{source:e,text:nr(t.length,"setting")}]}
var PG=/^(?:gitea|act|forgejo)[-_]?runner(?:[-_.]v?\d[\w.+~-]*|[-_](?:current|latest|stable|nightly|main|dev|linux|darwin|freebsd|windows)[\w.+-]*)?$/i;
function Na(e){if(/\b(?:docker|podman|nerdctl)\s+(?:run|compose|start)\b/.test(e))return!1;let t=e.split(/[\s"';]+/).map(
n=>n.replace(/^[-@:+!|]*/,"").replace(/^.*\//,""));return t.some((n,r)=>PG.test(n)&&(r===0||t.includes("daemon")))}function ER(e){
switch(e.kind){case"scalar":return 1;case"list":return Math.max(1,e.items.length);case"map":return e.entries.reduce((t,{
value:n})=>t+ER(n),0)}}function nr(e,t){return`${e} ${t}${e===1?"":"s"}`}var Lu=["gitea-runner","act_runner","act-runner","forgejo-runner"];function Fu(e){let t=_l(e),n=e.env.XDG_CONFIG_HOME||t&&
`${t}/.config`,r=[...Lu.map(s=>`/etc/${s}`),...n?Lu.map(s=>`${n}/${s}`):[],"/data"],o=["/etc/systemd/system","/usr/local\
/lib/systemd/system","/usr/lib/systemd/system","/lib/systemd/system",...n?[`${n}/systemd/user`]:[]];return{configs:[...e.
env.CONFIG_FILE?[e.env.CONFIG_FILE]:[],...r.flatMap(s=>[`${s}/config.yaml`,`${s}/config.yml`])],registrations:[...Lu.map(
s=>`/var/lib/${s}/.runner`),"/data/.runner"],units:o.flatMap(s=>Lu.map(i=>`${s}/${i}.service`))}}async function Mu(e,t){if((await e.stat(_n(t))).kind!=="directory"||(await e.access(_n(t),"x")).kind!=="granted")return;
let r=await e.stat(t);if(r.kind!=="unreadable")return{path:t,found:r.kind==="absent"?"no":"yes"}}var Du={Unit:new Set("After AllowIsolate AssertACPower AssertArchitecture AssertCPUFeature AssertCPUPressure AssertCPUs \
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
tchdogSignal WorkingDirectory".split(" ")),Install:new Set("Alias Also DefaultInstance RequiredBy WantedBy".split(" "))};var IG=new Set("TimeoutStopSec TimeoutStartSec TimeoutSec TimeoutAbortSec RestartSec RuntimeMaxSec WatchdogSec StartLimi\
tIntervalSec StartLimitInterval JobTimeoutSec".split(" ")),NG=new Set("DynamicUser GuessMainPID LockPersonality NoNewPri\
vileges PrivateDevices PrivateTmp RemainAfterExit RestrictRealtime RestrictSUIDSGID SendSIGHUP SendSIGKILL".split(" ")),
CG=new Set("StartLimitBurst Nice OOMScoreAdjust RestartSteps".split(" ")),jG={Restart:["no","always","on-success","on-fa\
ilure","on-abnormal","on-abort","on-watchdog"],KillMode:["control-group","mixed","process","none"],Type:["simple","exec",
"forking","oneshot","dbus","notify","notify-reload","idle"]};function Ch(e,t){var r;if(t===""||t.includes("%"))return;if(IG.
has(e))return Ca(t)===void 0?"a time such as `30s`, `5min` or `3h`":void 0;if(NG.has(e))return/^(?:1|0|yes|no|y|n|true|false|t|f|on|off)$/i.
test(t)?void 0:"`yes` or `no`";if(CG.has(e))return/^[+-]?\d+$/.test(t)?void 0:"a whole number";if(/^Limit[A-Z]/.test(e))
return/^(?:infinity|\d+\s*[A-Za-z]*)(?::(?:infinity|\d+\s*[A-Za-z]*))?$/.test(t)?void 0:"a number";if(e==="EnvironmentFi\
le")return/^-?\//.test(t)?void 0:"an absolute path";let n=(r=Object.entries(jG).find(([o])=>o===e))==null?void 0:r[1];return!n||
n.includes(t)?void 0:n.map(o=>`\`${o}\``).join(", ")}function Ds(e){var n;let t=(n=/^(.*?)\s+[#;]/.exec(e))==null?void 0:
n[1];return t===void 0||t===""?void 0:t.trim()}var LG={us:1e-6,usec:1e-6,\u00B5s:1e-6,ms:.001,msec:.001,s:1,sec:1,second:1,
seconds:1,m:60,min:60,minute:60,minutes:60,h:3600,hr:3600,hour:3600,hours:3600,d:86400,day:86400,days:86400,w:604800,week:604800,
weeks:604800,M:2629800,month:2629800,months:2629800,y:31557600,year:31557600,years:31557600};function Ca(e){if(e==="infi\
nity")return Number.POSITIVE_INFINITY;let t=0,n=e.trim();if(!(n===""||n.length>200)){for(;n!=="";){let r=/^(\d+(?:\.\d*)?|\.\d+)\s*([A-Za-z\u00b5]*)\s*/.
exec(n),o=(r==null?void 0:r[2])===""?1:LG[(r==null?void 0:r[2])??""];if(!r||o===void 0)return;t+=Number(r[1])*o,n=n.slice(
r[0].length)}return t}}var FG=20;function jh(e){let t=[],n=[],r=e.split(/\r\n|\n/),o="",s=!1;for(let i=0;i<r.length;i++){let a=r[i]??"",l=a.trim();
if(l===""||/^[#;]/.test(l))continue;let c={line:i+1,column:a.length-a.trimStart().length+1},u=h=>{n.length<FG&&n.push({...c,
...h})};if(l.startsWith("[")){if(!l.endsWith("]"))return{settings:t,ignored:n,brokenHeader:c};o=l.slice(1,-1),s=o.startsWith(
"X-"),!s&&!/^(?:Unit|Service|Install|Timer|Socket|Path|Mount|Slice|Scope)$/.test(o)&&(u({why:"section",name:o.slice(0,60)}),
s=!0);continue}let d=a.indexOf("="),f=a.slice(d+1);for(;f.endsWith("\\")&&i+1<r.length;){i++;let h=r[i]??"";f=`${f.slice(
0,-1)} ${/^\s*[#;]/.test(h)?"\\":h.trim()}`}let p=a.slice(0,Math.max(0,d)).trim();if(o==="")u({why:"outside"});else{if(s)
continue;if(d<0)u({why:"no-equals"});else if(p==="")u({why:"no-name"});else{let h={section:o,name:p,value:pu(p,f.trim()).
slice(0,4096),...c},m=p.startsWith("X-")?void 0:MG(h,f.trim());m?u(m):t.push(h)}}}return{settings:t,ignored:n}}function MG({
section:e,name:t,value:n},r){let o=Du[e];if(o&&!o.has(t)){let a=Object.keys(Du).find(c=>{var u;return(u=Du[c])==null?void 0:
u.has(t)}),l=a?void 0:[...o].find(c=>DG(t,c));return a!==void 0?{why:"wrong-section",name:t,section:e,right:a}:l===void 0?
void 0:{why:"unknown-key",name:t,section:e,meant:l}}let s=Ch(t,r);if(s===void 0)return;let i=Ds(r);return i!==void 0&&Ch(
t,i)===void 0?{why:"remark",name:t,bare:n.slice(0,i.length)}:{why:"value",name:t,value:n.slice(0,200),expected:s}}function DG(e,t){
return e.toLowerCase()===t.toLowerCase()||t.length>5&&rn(e,t)<=1}var UG=["~/.cargo/bin","/usr/local/cargo/bin","~/.volta/bin","~/.nvm/versions/node"];async function AR(e,t){var y;let n=w=>{
var k;return(k=[...t].reverse().find(b=>b.section==="Service"&&b.name===w))==null?void 0:k.value},[r,o]=await Promise.all(
[e.readText("/etc/passwd"),e.readText("/etc/group")]),s=n("User")??"root",i=r.kind==="ok"?TR(r.value,s):void 0,a=i==null?
void 0:i[5],l=o.kind==="ok"?TR(o.value,"docker"):void 0,c=i&&l?i[3]===l[2]||(l[3]??"").split(",").includes(i[0]??""):void 0,
u=(await Promise.all(Fu(e).configs.map(async w=>(await e.stat(w)).kind==="file"?[w]:[]))).flat(),d=(y=n("WorkingDirector\
y"))==null?void 0:y.replace(/^-/,"").replace(/^~$/,a??"~"),p=await qG(e,t,u)&&(d!=null&&d.startsWith("/"))?await Mu(e,`${d.
replace(/\/+$/,"")}/.runner`):void 0,h=UG.flatMap(w=>w.startsWith("~")?a?[`${a}${w.slice(1)}`]:[]:[w]),m=await Promise.all(
h.map(async w=>(await e.stat(w)).kind==="directory"?[w]:[]));if(!(r.kind!=="ok"&&!p&&u.length===0))return{configs:u,userKnown:i!==
void 0,...c!==void 0&&{inDockerGroup:c},toolchains:i?m.flat():[],...p&&{registration:p}}}async function qG(e,t,n){var a;
if(n.length>0)return!0;let s=(((a=[...t].reverse().find(({name:l})=>l==="ExecStart"))==null?void 0:a.value)??"").split(/[\s="']+/).
map(l=>l.replace(/^[-@:+!|]+(?=\/)/,"")).filter(l=>l.startsWith("/")&&/runner|config/.test(l)).slice(0,10);return(await Promise.
all(s.map(async l=>(await e.stat(l)).kind==="file"))).includes(!0)}function TR(e,t){let n=e.split(`
`).map(r=>r.split(":"));return n.find(r=>r[0]===t)??n.find(r=>r.length>3&&r[2]===t)}async function Us(e,t,n){let r=new Lh(e,t.directory);t.files.length>0?await r.readNamed(t.files):await r.search();let o=r.
files.length>0?await eW(e,t,r.files,n):void 0;return{facts:{files:r.files,...o&&{runnerVersion:o}},workflows:r.workflows,
composes:r.composes,texts:r.texts}}var Lh=class{files=[];workflows=[];composes=[];texts=new Map;seen=new Set;host;directory;constructor(t,n){
this.host=t,this.directory=n}async readNamed(t){let n=[];for(let r of t){let o=r.replace(/(?<=.)\/+$/,"");if((await this.
host.stat(this.full(o))).kind==="directory"){await this.readFolder(o);continue}let i=await this.read(o,!0);(i==null?void 0:
i.kind)==="config"&&n.push(_R(o,".runner")),(i==null?void 0:i.kind)==="unit"&&!i.dropIn&&await this.readDropIns(o)}for(let r of n)
await this.read(r,!1)}async readFolder(t){let n=await this.host.list(this.full(t));if(n.kind==="unreadable"){this.files.
push({kind:"unreadable",path:t,code:n.code});return}let r=()=>this.files.length+this.workflows.length+this.composes.length,
o=r(),s=(n.kind==="ok"?[...n.value]:[]).filter(a=>GG.test(a)).sort(),i=[];for(let a of s){let l=await this.read(`${t}/${a}`,
!0,!WG.test(a));(l==null?void 0:l.kind)==="config"&&i.push(`${t}/.runner`),(l==null?void 0:l.kind)==="unit"&&await this.
readDropIns(`${t}/${a}`)}for(let a of i)await this.read(a,!1);r()===o&&this.files.push({kind:"other",path:t,what:"a dire\
ctory without a configuration"})}full(t){return t.startsWith("/")?t:`${this.directory}/${t}`}async search(){var n,r;let t=Fu(
this.host);for(let o of t.units){let s=await this.read(o,!1);if((s==null?void 0:s.kind)!=="unit")continue;await this.readDropIns(
o);let i=QG(s);i&&await this.read(i,!0),((r=(n=s.machine)==null?void 0:n.registration)==null?void 0:r.found)==="yes"&&await this.
read(s.machine.registration.path,!1)}for(let o of[...t.configs,...t.registrations]){let s=await this.read(o,!1);(s==null?
void 0:s.kind)==="config"&&await this.read(_R(o,".runner"),!1)}}async read(t,n,r=!1){let{host:o}=this,s=this.full(t),i=await o.
realPath(s),a=i.kind==="ok"?i.value:s;if(this.seen.has(a))return;this.seen.add(a);let l=await this.contentOf(s);if(r&&l.
kind!=="ok")return;if(l.kind==="refused")return this.keep({kind:"unreadable",path:t,code:"EUNTRUSTED"},!0);if(l.kind==="\
absent")return this.keep({kind:"absent",path:t},n);if(l.kind==="unreadable")return this.keep({kind:"unreadable",path:t,code:l.
code},!0);let c=l.value.replace(/^\ufeff/,""),u=await o.stat(s);if(c===""&&u.kind!=="file")return this.keep({kind:"other",
path:t,what:KG[u.kind]??"empty"},!0);let d=SR(t,c);if(!(r&&!HG(d,c)))switch(this.texts.set(t,c),d){case"workflow":this.workflows.
push(t);return;case"registration":return this.keep(await JG(o,t,a,c,u),!0);case"unit":return c.length>At?this.keep({kind:"\
unreadable",path:t,code:"EFBIG"},!0):this.keep(await ZG(o,t,c),!0);case"config":{let f=await VG(o,t,c,u);return f.kind!==
"foreign"||f.what!==fo?this.keep(f,!0):await this.readCompose(t,c)||r?void 0:this.keep(f,!0)}}}async readCompose(t,n){let o=await kR(
t,n,async s=>{let i=await this.contentOf(this.full(s)),a=i.kind==="ok"&&i.value.length<=At?i.value:void 0;return a!==void 0&&
!this.texts.has(s)&&this.texts.set(s,a),a},this.directory);return o===void 0?!1:(this.composes.push(o),!0)}async contentOf(t){
let n=Zr(this.host.env)==="none",r=i=>n?this.host.readText(t,At+1,i):$i(this.host,this.directory,t,At+1,i),o=await r("ut\
f8");if(o.kind!=="ok"||!o.value.startsWith("\uFFFD\uFFFD"))return o;let s=await r("latin1");return{kind:"ok",value:s.kind===
"ok"&&BG(s.value)||o.value}}async readDropIns(t){let n=await this.host.list(`${this.full(t)}.d`);n.kind==="unreadable"&&
this.files.push({kind:"unreadable",path:`${t}.d`,code:n.code});for(let r of n.kind==="ok"?[...n.value].sort():[])r.endsWith(
".conf")&&await this.read(`${t}.d/${r}`,!1)}keep(t,n){return n&&this.files.push(t),t}},GG=/^\.runner$|\.service$|\.ya?ml$/i,
WG=/^config\.ya?ml$|^\.runner$/;function HG(e,t){switch(e){case"unit":return jh(t).settings.some(({name:n,value:r})=>n===
"ExecStart"&&Na(r));case"config":{let n=Je(t);if(n.kind==="ok")return Ep(n.root)||Di(n.root)===fo;let r=t.match(/^(?:log|runner|cache|container|host|metrics|health_check):\s*$/gm)??
[];return new Set(r).size>1}default:return e==="registration"}}function BG(e){let t=e.startsWith("\xFF\xFE")?"utf-16le":
e.startsWith("\xFE\xFF")?"utf-16be":void 0;return t&&new TextDecoder(t).decode(Uint8Array.from(e,n=>n.charCodeAt(0)))}var KG={
other:"a FIFO that nothing was read from",device:"a device that nothing was read from"};function _R(e,t){let n=_n(e);return e.
includes("/")?`${n==="/"?"":n}/${t}`:t}async function VG(e,t,n,r){var d;let o=OR(r),s=Je(n),i=s.kind==="ok"?Di(s.root):void 0;
if(i===fo)return{kind:"foreign",path:t,what:i};let a=e0(n);if(a)return{kind:"template",path:t,...a};if(s.kind==="broken"||
((d=s.root)==null?void 0:d.kind)==="scalar"){let f=Qv(n);if(f!==void 0)return{kind:"foreign",path:t,what:f}}if(s.kind===
"broken")return{kind:"config",path:t,system:Ih(t,void 0),problem:s.problem,mode:o};if(i)return{kind:"foreign",path:t,what:i};
let l=Ih(t,s.root),c={kind:"config",path:t,system:l,mode:o};if(!s.root)return c;let u=await zG(e,s.root);return{...c,root:vo(
s.root,l),...u&&{registration:u}}}async function zG(e,t){var r;let n=(r=H(t,"runner","file"))==null?void 0:r.text;if(n!=
null&&n.startsWith("/"))return Mu(e,n)}async function JG(e,t,n,r,o){var f,p;let s=await XG(e,n,o),i=OR(o),a={kind:"regis\
tration",path:t,labels:[],readableByAll:s,mode:i},l=Je(r);if(l.kind==="broken")return{...a,problem:l.problem};if(!YG(r)||
((f=l.root)==null?void 0:f.kind)!=="map")return{...a,problem:{line:1,column:1,message:"it is not the JSON that the runne\
r writes"}};if(F(l.root,"agentId"))return{kind:"foreign",path:t,what:"a registration of GitHub's runner"};let c=(p=F(l.root,
"labels"))==null?void 0:p.value,d=((c==null?void 0:c.kind)==="list"?c.items:[]).filter(h=>h.kind==="scalar");return{...a,
labels:d.map(h=>({...h,text:qe(h.text).slice(0,4096)}))}}function YG(e){try{return JSON.parse(e),!0}catch{return!1}}async function ZG(e,t,n){
let r=_n(t),o=r.endsWith(".d"),s=o?r.slice(r.lastIndexOf("/")+1,-2):t.slice(t.lastIndexOf("/")+1),i=jh(n),a=await AR(e,i.
settings);return{kind:"unit",path:t,unit:s,dropIn:o,ofUser:/\/systemd\/user\//.test(t),settings:i.settings,ignored:i.ignored,
...i.brokenHeader&&{brokenHeader:i.brokenHeader},...a&&{machine:a}}}function OR(e){return"mode"in e?e.mode&4095:0}async function XG(e,t,n){
return!("mode"in n)||(n.mode&4)===0?!1:uR(e,t)}function QG(e){for(let t of e.settings){if(t.name!=="ExecStart")continue;
let n=/(?:^|\s)(?:--config|-c)(?:\s+|=)("?)([^"\s]+)\1/.exec(t.value);if(n)return n[2]}}async function eW(e,{runnerVersion:t},n,r){
var a;if(t)return{text:t,source:"--runner-version"};if(n.every(l=>l.kind!=="config"||l.system==="forgejo"))return;let{env:o}=e,
s=o.GITEA_ACTIONS_RUNNER_VERSION;if(s&&!o.FORGEJO_ACTIONS&&!o.FORGEJO_ACTIONS_RUNNER_VERSION)return{text:s.slice(0,100),
source:"GITEA_ACTIONS_RUNNER_VERSION"};let i=await Promise.all(["gitea-runner","act_runner"].map(async l=>({program:l,outcome:await e.
run([l,"--version"],{signal:r})})));for(let{program:l,outcome:c}of i){let u=(a=/\bversion\s+(v?\d+\.\d+\.\d+\S*)/.exec(c.
stdout))==null?void 0:a[1];if(c.kind==="exited"&&u)return{text:u.slice(0,100),source:`${l} --version`}}}var PR={files:[]},qs={name:"runner-config",unnamed:PR,async collect(e,t,n){if(t.runnerConfig===void 0)return PR;let r={files:[
t.runnerConfig],directory:t.workspace},{facts:o,workflows:s,composes:i}=await Us(e,r,n),a=s.map(c=>({kind:"foreign",path:c,
what:"a workflow"})),l=i.map(({path:c})=>({kind:"foreign",path:c,what:fo}));return{...o,files:[...o.files,...a,...l]}}};function IR(e){let{id:t,title:n,intro:r,reasons:o,subject:s,fine:i}=e;return{id:t,title:n,...r!==void 0&&{intro:r},reasons:o,
needs:{config:qs},...t!=="config/syntax"&&{after:["config/syntax"]},judge({config:a},l){if(a.files.length===0)return{kind:"\
skip",reason:"not-applicable",message:"No configuration of a runner was named."};let c=Mh(a,l),u=un(a),d=u.flatMap(m=>e.
find(m,c)),[f]=u.flatMap(m=>{var y;return((y=e.waitsFor)==null?void 0:y.call(e,m,c))??[]});if(d.length===0&&f!==void 0)return{
kind:"skip",reason:`needs:${f}`,message:`Not judged before \`${f}\` passes.`};let p=u.flatMap(m=>s.seen(m)).slice(0,Fh),
h=a.files.map(m=>m.path);return d.length===0&&p.length===0&&e.nothingIn?e.nothingIn(h):Gs(o,d,`${h.join(", ")}: ${i}.`,p,
s.missing)}}}function Mh(e,t){return{...e.runnerVersion&&{version:e.runnerVersion.text},...(t==null?void 0:t.docker.require)===
"required"&&{dockerRequired:!0}}}function tW(e,{reason:t,level:n}){var r;return n??(((r=e[t])==null?void 0:r.level)==="w\
arn"?"warn":"fail")}var Fh=20;function Gs(e,t,n,r,o){var u;let s=t.find(d=>tW(e,d)==="fail")??t[0];if(!s)return nt(r)?{kind:"\
pass",message:n,evidence:r}:{kind:"skip",reason:"not-applicable",message:o};let i=t.slice(0,Fh).map(d=>({source:d.location?
Ut(d.location):"",text:`${d.reason}: ${d.message}`})),a=t.length-Fh;a>0&&i.push({source:((u=s.location)==null?void 0:u.file)??
"",text:`and ${a} more`});let l=t.length-1,c=l>0?`${s.message} (${l} more in the evidence.)`:s.message;return{...s,message:c,
evidence:i}}function CR(e,t,n){return Dh(e,n)(t)}function Dh(e,t){if(e.length>4096)return()=>!1;let n=jR(e).map(r=>rW(r,t));return r=>r.
length<=4096&&n.some(o=>nW(o,r))}function nW(e,t){let n=NR(new Set([0]),e);for(let r of t){let o=new Set;for(let s of n){
let i=e[s];(i==null?void 0:i.kind)==="one"&&i.passes(r)&&o.add(s+1),(i==null?void 0:i.kind)==="many"&&(i.crossing||r!=="\
/")&&o.add(s)}if(o.size===0)return!1;n=NR(o,e)}return n.has(e.length)}function NR(e,t){var n;for(let r of e)((n=t[r])==null?
void 0:n.kind)==="many"&&e.add(r+1);return e}function rW(e,t){let n=[];for(let r=0;r<e.length;r++){let o=e[r]??"";if(o===
"*"){let s=e[r+1]==="*";for(;e[r+1]==="*";)r++;n.push({kind:"many",crossing:s||!t})}else if(o==="?")n.push({kind:"one",passes:s=>!t||
s!=="/"});else if(o==="["&&e.indexOf("]",r+2)>0){let s=e.indexOf("]",r+2);n.push({kind:"one",passes:oW(e.slice(r+1,s))}),
r=s}else{let s=o==="\\"?e[++r]??"\\":o;n.push({kind:"one",passes:i=>i===s})}}return n}function oW(e){let t=/^[!^]/.test(
e),n=t?e.slice(1):e;return r=>{for(let o=0;o<n.length;o++){let s=n[o]??"",i=n[o+1]==="-"?n[o+2]:void 0;if(i!==void 0&&(o+=
2),r>=s&&r<=(i??s))return!t}return t}}function jR(e){let t=e.indexOf("{"),n=e.indexOf("}",t);if(t<0||n<0)return[e];let r=e.
slice(0,t),o=jR(e.slice(n+1));return e.slice(t+1,n).split(",").flatMap(s=>o.map(i=>r+s+i)).slice(0,64)}var LR=50,sW=40;async function Uu(e,t,n,r=["repository","organization","user","instance"]){let{GITHUB_API_URL:o,GITHUB_REPOSITORY:s=""}=e.
env,i=to(e.env),[a="",l=""]=s.split("/");if(i.kind==="none"&&!Bf(o)||a===""||l==="")return;let c=(...m)=>m.map(encodeURIComponent).
join("/"),d=[{name:"repository",path:`/repos/${c(a,l)}/actions/runners`},{name:"organization",path:`/orgs/${c(a)}/action\
s/runners`},{name:"user",path:"/user/actions/runners"},{name:"instance",path:"/admin/actions/runners"}].filter(m=>r.includes(
m.name)),f=await Promise.all(d.map(m=>i.kind==="trusted"?aW(e,i.api,m,t,n):iW[i.kind==="none"?"malformed":i.why])),p=new Map;
for(let m of f)if(m.kind==="ok")for(let y of m.runners)p.set(`${y.id} ${y.name}`,y);let h=d.filter((m,y)=>{var w;return((w=
f[y])==null?void 0:w.kind)==="ok"}).map(m=>m.name);return{scopes:h,runners:[...p.values()].map(({name:m,labels:y,online:w,
disabled:k,busy:b})=>({name:m,labels:y,online:w,disabled:k,...b&&{busy:b}})),refused:d.flatMap((m,y)=>{let w=f[y];return(w==
null?void 0:w.kind)==="refused"?[{scope:m.name,why:w.why}]:[]}),complete:h.includes("instance")}}var iW={malformed:Uh("n\
ot asked: GITHUB_API_URL is not a URL"),insecure:Uh("not asked: GITHUB_API_URL does not use TLS, so the token is not sen\
t there"),foreign:Uh("not asked: GITHUB_API_URL is not on the forge of GITHUB_SERVER_URL, so the token is not sent there")};
function Uh(e){return{kind:"refused",why:e}}async function aW(e,t,n,r,o){let s=[];for(let i=1;i<=sW;i++){let a=`${n.path}\
?page=${i}&limit=${LR}&per_page=${LR}`,l=await e.request(no(t,a,r,o));if(l.kind==="timed-out")return{kind:"refused",why:"\
no answer in time"};if(l.kind==="failed")return{kind:"refused",why:`no connection (${l.code})`};if(l.status!==200)return{
kind:"refused",why:lW(l.status)};let c=cW(l.body);if(!c)return{kind:"refused",why:"the answer is not a list of runners"};
for(let u of c.runners)s.push(u);if(c.runners.length===0||s.length>=c.total)break}return{kind:"ok",runners:s}}function lW(e){
switch(e){case 401:return"401: the token is not valid";case 403:return"403: the token cannot list them; a job's own toke\
n never can, an owner's with the right scope can";case 404:return"404: this scope does not exist, or the forge is too ol\
d to list runners (Gitea before 1.25)";default:return`HTTP status ${e}`}}function cW(e){let t;try{t=JSON.parse(e)}catch{
return}if(typeof t!="object"||t===null)return;let{runners:n,total_count:r}=t;if(Array.isArray(n))return{runners:n.map(uW),
total:typeof r=="number"?r:Number.POSITIVE_INFINITY}}function uW(e){let{id:t,name:n,status:r,disabled:o,busy:s,labels:i}=e??
{};return{id:String(t),name:typeof n=="string"?n.slice(0,200):"",online:r==="online"||r==="active"||r==="idle",disabled:o===
!0,...s===!0&&{busy:!0},labels:Array.isArray(i)?i.slice(0,200).flatMap(dW):[]}}function dW(e){if(typeof e=="string")return[
e.slice(0,200)];let t=e==null?void 0:e.name;return typeof t=="string"?[t.slice(0,200)]:[]}var FR=256;function rr(e,t){var a,l,c;let n=Je(t);if(n.kind==="broken")return{path:e,problem:n.problem,events:[],jobs:[]};
let{root:r}=n,o=(a=F(r,"jobs"))==null?void 0:a.value,s={secrets:Ws((l=F(r,"env"))==null?void 0:l.value),token:qR((c=F(r,
"permissions"))==null?void 0:c.value)},i=fW(F(r,"on"));return{path:e,events:i.map(({event:u})=>u),triggers:i,jobs:(o==null?
void 0:o.kind)==="map"?o.entries.map(u=>pW(u.key,u,u.value,s)):[]}}function fW(e){let{value:t}=e??{};return!e||!t||te(t)?
[]:t.kind==="scalar"?[{event:t.text,line:t.line,column:t.column}]:t.kind==="list"?t.items.flatMap(n=>n.kind==="scalar"?[
{event:n.text,line:n.line,column:n.column}]:[]):t.entries.map(({key:n,line:r,column:o,value:s})=>{var a;let i=DR((a=F(s,
"types"))==null?void 0:a.value);return{event:n,line:r,column:o,...i.length>0&&{types:i}}})}function DR(e){return!e||te(e)?
[]:(qu(e)??[]).map(({text:t})=>t)}function pW(e,{line:t,column:n},r,o){var y,w,k,b,R,S;let s=(y=F(r,"runs-on"))==null?void 0:
y.value,i=s?yW(s,(w=U(r,"strategy","matrix"))==null?void 0:w.value):{wants:[],unknown:!1},{always:a,conditional:l}=gW(r),
c=[...new Set([...o.secrets,...a])].slice(0,20),u=(k=H(r,"if"))==null?void 0:k.text,d=DR((b=F(r,"needs"))==null?void 0:b.
value),f=(R=H(r,"uses"))==null?void 0:R.text,p=H(r,"environment")??H(r,"environment","name"),h=qR((S=F(r,"permissions"))==
null?void 0:S.value)??o.token,m=!s&&f===void 0&&r.kind==="map"?hW(r):void 0;return{id:e,line:t,column:n,...i,secrets:c,...l.
length>0&&{conditionalSecrets:l},...u!==void 0&&{condition:u.slice(0,UR)},...d.length>0&&{needs:d},...f!==void 0&&{uses:f.
slice(0,300)},...m&&{withoutRunsOn:m},...p&&{environment:p.text.slice(0,100)},...h&&{token:h}}}var UR=4001,mW=new Set(["\
concurrency","container","continue-on-error","defaults","env","environment","if","name","needs","outputs","permissions",
"secrets","services","steps","strategy","timeout-minutes","uses","with"]);function hW(e){let n=e.entries.map(({key:r})=>r).
filter(r=>!mW.has(r)).find(r=>ye(r,["runs-on"])!==void 0);return n===void 0?{}:{meant:n.slice(0,40)}}function qR(e){if(!(!e||
te(e))){if(e.kind==="scalar")return e.text==="write-all"?"write":"read";if(e.kind==="map")return e.entries.some(({value:t})=>t.
kind==="scalar"&&t.text==="write")?"write":"read"}}function gW(e){var a;if(e.kind!=="map")return{always:[],conditional:[]};
let t=(a=F(e,"steps"))==null?void 0:a.value,n=e.entries.filter(({key:l})=>l!=="steps"),r=Ws({...e,entries:n});if((t==null?
void 0:t.kind)!=="list")return{always:[...r,...Ws(t)],conditional:[]};let o=t.items.map(l=>{var c;return{condition:(c=H(
l,"if"))==null?void 0:c.text,secrets:Ws(l)}}),s=o.flatMap(({condition:l,secrets:c})=>l!==void 0&&c.length>0?[{condition:l.
slice(0,UR),secrets:[...new Set(c)].slice(0,20)}]:[]),i=o.flatMap(({condition:l,secrets:c})=>l===void 0?c:[]);return{always:[
...r,...i],conditional:s.slice(0,50)}}function yW(e,t){let n=qu(e);if(!n)return{wants:[],unknown:!0};let r=n.flatMap(({text:i})=>[
...i.matchAll(/\$\{\{\s*(.*?)\s*\}\}/g)].map(a=>a[1]??""));if(r.length===0)return{wants:[n.map(qh)],unknown:!1};let o=[...new Set(
r.map(i=>{var a;return(a=/^matrix\.([\w.-]+)$/.exec(i))==null?void 0:a[1]}))];if(o.includes(void 0))return{wants:[],unknown:!0};
let s=wW(t,o);return s?{wants:s.map(i=>n.flatMap(a=>kW(a,i))),unknown:!1}:{wants:[],unknown:!0}}function qu(e){var t;if(e.
kind==="scalar")return te(e)?[]:[e];if(e.kind==="map"){let n=(t=F(e,"labels"))==null?void 0:t.value;return n&&!F(e,"grou\
p")?qu(n):void 0}return e.items.every(n=>n.kind==="scalar")?e.items:void 0}function qh({text:e,line:t,column:n}){return{
text:e.slice(0,200),line:t,column:n}}function wW(e,t){var a,l;if((e==null?void 0:e.kind)!=="map")return;let n=(a=F(e,"in\
clude"))==null?void 0:a.value;if(n&&n.kind!=="list")return;let r=[new Map];for(let c of t){let[u="",...d]=c.split("."),f=(l=
F(e,u))==null?void 0:l.value;if(!f)continue;if(f.kind!=="list")return;let p=f.items.map(h=>MR(h,d));if(r=r.flatMap(h=>p.
flatMap(m=>m?[new Map([...h,[c,m]])]:[])),r.length>FR)return}let o=((n==null?void 0:n.items)??[]).flatMap(c=>{let u=t.map(
d=>[d,MR(c,d.split("."))]);return u.some(([,d])=>d)?[new Map(u.flatMap(([d,f])=>f?[[d,f]]:[]))]:[]}),s=[...r,...o].filter(
c=>t.every(u=>c.has(u))),i=s.some(c=>[...c.values()].flat().some(({text:u})=>u.includes("${{")));return s.length===0||s.
length>FR||i?void 0:s}function MR(e,t){var r;let n=t.length===0?e:(r=U(e,...t))==null?void 0:r.value;return n?qu(n):void 0}
function kW(e,t){var o;let n=(o=/^\$\{\{\s*matrix\.([\w.-]+)\s*\}\}$/.exec(e.text.trim()))==null?void 0:o[1];if(n!==void 0)
return(t.get(n)??[]).map(qh);let r=e.text.replace(/\$\{\{\s*matrix\.([\w.-]+)\s*\}\}/g,(s,i)=>{var a,l;return((l=(a=t.get(
i))==null?void 0:a[0])==null?void 0:l.text)??""});return[{...qh(e),text:r.slice(0,200)}]}function Ws(e){if(!e)return[];switch(e.
kind){case"map":return e.entries.flatMap(t=>t.key==="secrets"&&t.value.kind==="scalar"&&t.value.text==="inherit"?["inher\
it"]:Ws(t.value));case"list":return e.items.flatMap(Ws);case"scalar":return bW(e.text)}}function bW(e){let t=[...e.matchAll(
/(?<![\w.-])secrets(?:\.([A-Za-z_]\w*)|\[\s*'([^']*)'\s*\])/g)].map(r=>r[1]??r[2]??""),n=/\btojson\(\s*secrets\s*\)|\bsecrets\.\*|\bsecrets\[\s*[^'\s]/i.
test(e);return[...t.filter(r=>!/^(?:GITHUB|GITEA|FORGEJO)_TOKEN$/i.test(r)),...n?["inherit"]:[]]}var WR=200,vW=5e4,GR={files:[]},Wu={name:"workflows",unnamed:GR,async collect(e,t,n){if(t.workflows.length===0)return GR;
let[r,o]=await Promise.all([t.token===void 0?void 0:Uu(e,t.token,n),SW(e,t,n)]);return{files:o,...r&&{forge:r}}}};function xW(e){
return e.kind==="absent"?"the file does not exist":e.kind==="refused"?"it leads out of the workspace or is not a regular\
 file, and was not read":`${yn(e.code)} (${e.code})`}async function SW(e,t,n){let{paths:r,unread:o}=await RW(e,t,n),{workspace:s}=t,
i=[];for(let a of r){if(await Ft(),n.aborted)return[...i,...o,Gu(a,"late")];let l=await $i(e,s,HR(s,a),At+1);i.push(l.kind===
"ok"?rr(a,l.value):Gh(a,xW(l)))}return[...i,...o]}function Gh(e,t){return{path:e,problem:{line:1,column:1,message:t},events:[],
jobs:[]}}function Gu(e,t){return{...Gh(e,$W[t]),unread:t}}var $W={late:"the deadline came before it was read","too-many":`\
it matches more than the ${WR} files that are read`,"no-match":"it matches no file"};function HR(e,t){return t.startsWith(
"/")?t:`${e}/${t}`}async function RW(e,{workspace:t,workflows:n},r){let o=new Set,s=[];for(let i of n){if(!/[*?[{]/.test(
i)){o.add(i);continue}let a=Dh(i,!0),l=i.slice(0,i.search(/[*?[{]/)),c=l.slice(0,Math.max(0,l.lastIndexOf("/"))),u=i.slice(
c.length+1),d=u.includes("**")?2:Math.min(2,u.split("/").length-1),f=s.length,p=(y,w)=>{s.push(Gh(y,`${yn(w)} (${w})`))},
h=0,m=!1;for await(let y of BR(e,t,c,d,p)){if(++h%200===0&&await Ft(),r.aborted){s.push(Gu(i,"late"));break}if(h>vW||o.size>=
WR&&/\.ya?ml$/.test(y)&&a(y)&&!o.has(y)){s.push(Gu(i,"too-many"));break}/\.ya?ml$/.test(y)&&a(y)&&(o.add(y),m=!0)}!m&&s.
length===f&&s.push(Gu(i,"no-match"))}return{paths:[...o].sort(),unread:s}}async function*BR(e,t,n,r,o){let s=await e.list(
n===""?t:HR(t,n));if(s.kind==="unreadable"&&o(n===""?t:n,s.code),s.kind!=="ok")return;let i=[...s.value].sort().map(l=>n===
""?l:`${n}/${l}`);yield*i;let a=r>0?i.filter(l=>!/\.\w+$/.test(l)):[];for(let l of a)yield*BR(e,t,l,r-1,o)}var EW={title:"A workflow cannot be read",headline:({lookedFor:e,path:t})=>fl(`The ${e} of ${g(x(t.slice(t.lastIndexOf("\
/")+1),26))} are unknown`,"A workflow cannot be read"),why:({lookedFor:e})=>e==="labels"?"If one of its jobs asks for a \
label that no runner has, it waits without a message.":"If one of its jobs has the Docker socket and secrets, a pull req\
uest can take both.",expected:"a workflow in YAML",tell:({path:e,line:t,message:n,unread:r})=>({what:`${g(e)} ${r?"was n\
ot read":"cannot be read"}: ${n}.`,fix:r?AW(r):KR(n)?Cy(e,KR(n)):TW(e,t)})};function TW(e,t){return{text:`Correct ${g(e)}\
 at line ${t}, then check it again with \`lint\`.`,kind:"workflow"}}function AW(e){return e==="no-match"?{text:"Correct \
the pattern in the input `workflows`. It is relative to the workspace, which holds the files only after checkout.",commands:[
"ls -l .gitea/workflows .github/workflows"],kind:"workflow"}:{text:"Name fewer files in the input `workflows`, such as t\
hose that this repository's runners serve.",kind:"workflow",...e==="late"&&{otherwise:ml()}}}function KR(e){var t;return((t=
/\((E[A-Z]+)\)$/.exec(e))==null?void 0:t[1])??""}function Hu({files:e},t){let n=e.flatMap(({path:f,problem:p,unread:h})=>p?
[{path:f,problem:p,unread:h}]:[]),[r]=n;if(!r)return;let{path:o,problem:s,unread:i}=r,{line:a,column:l,message:c}=s,u=n.
map(({path:f,problem:p})=>({source:Ut({file:f,line:p.line,column:p.column}),text:p.message}));return dt(EW,{lookedFor:t,
path:o,line:a,message:c,unread:i},{observed:c,evidence:u,location:{file:o,line:a,column:l}})}var VR=20;function Bu(e){let t=e.
flatMap(({path:r,jobs:o,events:s})=>o.length===0?[]:[{source:r,text:`${nr(o.length,"job")}, on ${s.slice(0,10).join(", ")||
"no event"}`}]),n=t.length-VR;return[...t.slice(0,VR),...n>0?[{source:"workflows",text:`and ${n} more`}]:[]]}var zR="Takes `runs-on` as a string, as a list, or from a matrix in the workflow (with `include`), and looks for a runne\
r with all of the labels. What depends on inputs, variables or other jobs is not judged: only the run knows it.",Wh="The\
 job stays in `Waiting` and is canceled after a day. Only the list of runs shows `No matching online runner with label`.",
or={"no-runner-with-label":{level:"fail",title:"No runner has a label that a job asks for",headline:({labels:e,job:t})=>e.
length===1?E("No runner has the label ",e[0]??""):E("No single runner has all labels of ",t),why:Wh,expected:({labels:e,
known:t})=>e.length===1?`one of ${JR(t).join(", ")}`:"one runner with all of them",tell:({job:e,labels:t})=>t.length===1?
{what:`The job ${g(e)} asks for the label ${Ku(t)}, which no runner has.`,fix:{text:"Ask for a label that exists, or add\
 it to `runner.labels` of a runner and restart that runner.",kind:"workflow"}}:{what:`The job ${g(e)} asks for ${Ku(t)}.\
 Runners have each of these labels, but no runner has all of them.`,fix:{text:"Ask for one label, or give all of them to\
 one runner. The first label decides where the job runs.",kind:"workflow"}}},missing:{level:"warn",title:"A job says now\
here which runner it needs",headline:({job:e})=>E("The job ",e," has no `runs-on`"),why:"On Gitea any runner takes the j\
ob, in its default image or on its machine. Forgejo's runner and GitHub refuse the workflow.",expected:"`runs-on` with a\
 label",tell:({job:e,meant:t})=>({what:`The job ${g(e)} has no \`runs-on\`${t===void 0?"":`; it has ${g(t)}, which may b\
e meant`}.`,fix:{text:t===void 0?"Name the label of the runner that the job needs in `runs-on`.":`Rename ${g(t)} to \`run\
s-on\`.`,kind:"workflow"}})},"all-offline":{level:"fail",title:"Every runner with a label is offline or disabled",headline:({
labels:e})=>E("Every runner with ",e.join(", ")," is offline or disabled"),why:Wh,expected:"a runner that is online",tell:({
job:e,labels:t,runners:n})=>({what:`The job ${g(e)} asks for ${Ku(t)}. The forge lists these runners as offline or disab\
led: ${Ku(n)}.`,fix:{text:"Check the runner's service on its machine.",commands:["systemctl status '*runner*.service'","\
sudo journalctl -u '*runner*.service' -n 100 --no-pager"],kind:"host",otherwise:{text:"If the runner is disabled, enable\
 it in the settings of the repository, organization or instance.",kind:"forge"}}})},"near-miss":{level:"fail",title:"A j\
ob asks for a label that is nearly one of a runner",headline:({label:e,meant:t})=>E("",x(e,18),` is not a label; \`${x(t,
18)}\` is`),why:Wh,expected:({meant:e})=>g(e),tell:({job:e,label:t,meant:n,file:r,line:o})=>({what:`The job ${g(e)} asks\
 for the label ${g(t)}, which no runner has. Did you mean ${g(n)}?`,fix:{text:`Write ${g(n)} on line ${o} of ${g(r)}. La\
bels are compared letter by letter, including case.`,kind:"workflow"}})}};function Ku(e){return Q(JR(e))}function JR(e){
let t=e.slice(0,20).map(n=>g(x(n)));return e.length>t.length?[...t,`${e.length-t.length} more`]:t}var YR="The labels of \
the runners are unknown: set `runner-config` to the runner's configuration, or pass a `token` that can list runners.",ZR={
"no-runners":{title:"The forge does not tell which runners there are",why:"A job whose label has no runner waits without\
 a message, until the forge cancels it after a day or more.",expected:"the list of runners and their labels",tell:({scopes:e})=>({
what:e.length>0?`The forge lists no runner for the ${e.join(" or ")}, and does not answer for the others.`:"The forge do\
es not list its runners: a job's own token cannot do that.",fix:{text:"Let the check read the labels from the runner's o\
wn configuration.",config:{file:"the workflow's step",language:"yaml",text:`with:
  runner-config: /etc/gitea-runner/config.yaml`},kind:"workflow",otherwise:{text:"Pass the token of an owner, with a sco\
pe that may list runners (`read:repository`, `read:organization` or `read:admin`), in the input `token`.",kind:"workflow"}}})}};
function XR(e,t){let n=t>0?`; ${QR(t)}`:"";return`${e} ${e===1?"job has a runner":"jobs have runners"}${n}.`}function Hh(e){
return e>0?`The workflows state no labels: ${QR(e)}.`:"The workflows have no job that runs on a runner."}function QR(e){
return`${e} ${e===1?"job chooses its runner":"jobs choose their runners"} only when ${e===1?"it runs":"they run"}`}var Vu={id:"workflow/runs-on",title:"Every label that the workflows ask for has a runner",intro:zR,reasons:or,needs:{workflows:Wu,
config:qs},after:["config/syntax"],judge({workflows:e,config:t}){if(e.files.length===0)return{kind:"skip",reason:"not-ap\
plicable",message:"No workflows were named."};let n=Hu(e,"labels");if(n)return n;let r=zu(t,e),o=Kh(e.files);if(o.length>
0&&r.length===0)return Gs(or,o,"",[],"");if(r.length===0)return OW(e.forge);let s=e.files.flatMap(u=>u.jobs),i=s.filter(
u=>u.wants.length>0).length,a=s.filter(u=>u.unknown).length;if(i===0&&o.length===0)return{kind:"skip",reason:"not-applic\
able",message:Hh(a)};let l=[...ja(e.files,r),...o],c=[...Bu(e.files),..._W(r)];return Gs(or,l,XR(i,a),c,Hh(a))}};function _W(e){
return e.slice(0,20).map(({name:t,labels:n})=>{let r=n.slice(0,10).join(", ");return{source:`runner ${t}`,text:`labels ${r}${n.
length>10?", \u2026":""}`}})}function OW(e){if(!e)return{kind:"skip",reason:"not-applicable",message:YR};let t=e.refused.
map(({scope:r,why:o})=>({source:`runners of the ${r}`,text:o})),n=e.scopes.length>0?"no runner":"no list of runners";return Te(
ZR,"no-runners",{scopes:e.scopes},{observed:n,evidence:t})}function zu(e,t){var o;let n=un(e).flatMap(s=>{var l,c;let i=tr(
s).map(({text:u})=>PW(u.text,s.system)),a=((l=s.config)==null?void 0:l.path)??((c=s.registration)==null?void 0:c.path)??
"";return i.length===0?[]:[{name:a,labels:i}]}),r=(((o=t.forge)==null?void 0:o.runners)??[]).map(s=>({name:s.name,labels:s.
labels,online:s.online&&!s.disabled}));return[...n,...r]}function PW(e,t){let n=at(e,t);return n.kind==="label"?n.label.
name:e}function Kh(e){return e.flatMap(t=>t.jobs.flatMap(n=>{if(!n.withoutRunsOn)return[];let r={job:n.id,meant:n.withoutRunsOn.
meant};return[v(or,"missing",r,{location:L(t.path,n),observed:"no `runs-on`",evidence:[]})]}))}function ja(e,t){let n=[...new Set(
t.flatMap(r=>r.labels))].sort();return e.flatMap(r=>r.jobs.flatMap(o=>{let s=o.wants.flatMap(a=>IW(r,o,a,t,n)),i=s.map(({
location:a})=>`${a==null?void 0:a.line}:${a==null?void 0:a.column}`);return s.filter((a,l)=>i.indexOf(i[l]??"")===l)}))}
function IW(e,t,n,r,o){let s=n.filter(({text:u})=>!o.includes(u));if(s.length>0)return s.map(u=>NW(e,t,u,o));let[i]=n;if(!i)
return[];let a=n.map(({text:u})=>u),l=r.filter(u=>a.every(d=>u.labels.includes(d)));if(l.length===0){let u=Bh(e,i,"no ru\
nner with all of them");return[v(or,"no-runner-with-label",{job:t.id,labels:a,known:o},u)]}if(l.some(u=>u.online!==!1))return[];
let c={job:t.id,labels:a,runners:l.map(({name:u})=>u)};return[v(or,"all-offline",c,Bh(e,i,"offline or disabled"))]}function NW(e,t,n,r){
let o=Bh(e,n,`\`${n.text}\``),s=CW(n.text,r);if(s===void 0)return v(or,"no-runner-with-label",{job:t.id,labels:[n.text],
known:r},o);let i={job:t.id,label:n.text,meant:s,file:e.path,line:n.line};return v(or,"near-miss",i,o)}function CW(e,t){
let n=e.toLowerCase(),r=(i,a)=>i.startsWith(`${a}-`)||i.endsWith(`-${a}`),o=i=>i.replace(/[\d.]+/g,""),s=t.filter(i=>{let a=i.
toLowerCase();return o(a)===o(n)?!1:!r(n,a)&&!r(a,n)});return t.find(i=>i.toLowerCase()===n)??ye(e,s)}function Bh(e,t,n){
return O(L(e.path,t),n)}var jW=200;async function tE(e,t,n){for(let r of ns(e.env)){let o=await e.list(`${t}/${r}`);if(o.kind!=="ok")continue;let s=[],
i=[...o.value].sort().filter(a=>/\.ya?ml$/.test(a));for(let a of i.slice(0,jW)){if(await Ft(),n.aborted)return s;let l=`${r}\
/${a}`,c=await e.readInside(t,`${t}/${l}`,At+1);c.kind==="ok"&&s.push(rr(l,c.value))}return s}return[]}function nE(e,t,n){
if(t.length===0)return[];let r=new Map;for(let{path:o,jobs:s}of e)for(let i of s.flatMap(({wants:a})=>a.flat()))r.set(eE(
o,i),i);return ja(e,t).flatMap(({location:o})=>{let{file:s="",line:i=0,column:a=0}=o??{},l=r.get(eE(s,{line:i,column:a}));
return l&&n(l.text)?[{label:l.text,file:s,line:i}]:[]})}function eE(e,{line:t,column:n}){return`${e}:${t}:${n}`}async function rE(e,t,n,r){
for(let o of n){let s=`${o}/${r}`,i=await e.readInside(t,`${t}/${s}`,At+1);if(i.kind!=="ok")continue;return rr(s,i.value).
jobs.flatMap(l=>l.wants).map(l=>l.map(c=>c.text))}return[]}var LW=26*36e5,oE=1e3,FW=300;function Vh(e){var t;return $t(((t=e==null?void 0:e.source.fleet)==null?void 0:t["max-age"])??
"")??LW}async function Ju(e,t,n){let{looks:r,policy:o,listed:s,rejected:i,notes:a=[],workspace:l,now:c,waiting:u}=t,d=o==
null?void 0:o.source.fleet,f=t.maxAgeMs??Vh(o),p=((d==null?void 0:d.runners)??[]).map(({name:S,profile:j})=>({name:S,...j!==
void 0&&{profile:j},by:"the policy expects this runner"})),h=i.length-oE,m=aR({looks:r,expected:[...p,...t.expected??[]],
...u&&{waiting:u},...s&&{listed:s},labelsOf:S=>Ko(S,o),now:c,maxAgeMs:f,unserved:[],rejected:i.slice(0,oE).map(({file:S,
reason:j})=>({file:S,reason:x(j,FW)})),notes:[...a,...h>0?[`${h} more files are not reports.`]:[]]}),y=await me(tE(e,l,n),
()=>[]),w=[...m.runners.filter(({status:S})=>S!=="waiting"),...(s==null?void 0:s.values())??[]],k=new Set(Rl(o).flatMap(
S=>Ko(S,o))),b=S=>t.isListComplete===!0||k.has(S),R=nE(y,w.map(({name:S,labels:j})=>({name:S,labels:j})),b);return io(e.
env,t.secrets).deep({...m,unserved:R})}var sE={runner_check_info:"What was checked, and by which version.",runner_check_healthy:"Whether the verdict is healthy\
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
red as a report and are not one.",runner_check_after_total:"Number of failed jobs by what caused the failure."};function de(e,t,n){
return n===void 0||!Number.isFinite(n)?[]:[{name:e,labels:t,value:n}]}function La(e){return e===void 0?void 0:Date.parse(
e)/1e3}function Fa(e){let t=new Map;for(let{name:r,labels:o,value:s}of e){let i=t.get(r)??new Map;t.set(r,i);let a=zh({name:r,
labels:o});i.has(a)||i.set(a,s)}return Object.keys(sE).filter(r=>t.has(r)).map(r=>MW(r,t.get(r)??new Map)).join("")}function zh({
name:e,labels:t}){let n=Object.entries(t).map(([r,o])=>`${r}="${DW(o)}"`);return`${e}${n.length>0?`{${n.join(",")}}`:""}`}
function MW(e,t){let n=[...t].map(([o,s])=>`${o} ${s}
`),r=e.endsWith("_total")?"counter":"gauge";return`# HELP ${e} ${sE[e]}
# TYPE ${e} ${r}
${n.join("")}`}function Yu(e){return ln(e,500)}function DW(e){return Yu(e).replace(/\\/g,"\\\\").replace(/\n/g,"\\n").replace(
/"/g,'\\"')}var Jh=["healthy","degraded","misconfigured","unknown"];function iE(e,t){return t===void 0?[]:Jh.flatMap(n=>de(`runner_c\
heck_${n}`,e,t===n?1:0))}function aE(e,t){return Object.entries(t).flatMap(([n,{free:r,total:o,free_inodes:s,total_inodes:i}])=>[
...de("runner_check_disk_free_bytes",{...e,place:n},r),...de("runner_check_disk_total_bytes",{...e,place:n},o),...de("ru\
nner_check_disk_free_inodes",{...e,place:n},s),...de("runner_check_disk_total_inodes",{...e,place:n},i)])}function lE(e,t){
return Object.entries(t).flatMap(([n,r])=>de("runner_check_version_info",{...e,what:n,version:r},1))}var UW=["reported","silent","waiting","set-up-failed","offline","disabled"],qW=["fail","error","warn"];function uE(e){return Fa(
[...e.runners.flatMap(pE),...mE(e)])}function dE(e){let t=new Map;for(let n of e.runners){let r=cE({job:"runner_check",...fE(
n)});t.set(r,[...t.get(r)??[],...pE(n)])}return t.set(cE({job:"runner_check_fleet"}),[...mE(e)]),[...t].map(([n,r])=>({path:n,
text:Fa(r)}))}function cE(e){return`/metrics/${Object.entries(e).map(([n,r])=>/^[\w-][\w.-]*$/.test(r)?`${n}/${r}`:`${n}\
@base64/${r===""?"=":GW(r)}`).join("/")}`}function GW(e){return Buffer.from(e).toString("base64url")}function fE({name:e,
profile:t=""}){return{runner:Yu(e),profile:Yu(t)}}function pE(e){let t=fE(e),{runner:n,results:r}=e,o=e.after??{},s=n&&{
mode:n.mode,system:n.system,runner_version:n.version??""};return[...UW.flatMap(i=>de("runner_check_status",{...t,status:i},
e.status===i?1:0)),...s?de("runner_check_info",{...t,...s},1):[],...iE(t,e.verdict),...qW.flatMap(i=>{let a=r.filter(l=>l.
status===i).length;return de("runner_check_results",{...t,status:i},a)}),...r.flatMap(({id:i,status:a,reason:l=""})=>de(
"runner_check_result",{...t,id:i,status:a,reason:l},1)),...lE(t,e.versions),...aE(t,e.disks??{}),...de("runner_check_las\
t_run_timestamp_seconds",t,La(e.last_report)),...de("runner_check_sick_since_timestamp_seconds",t,La(e.since)),...de("ru\
nner_check_busy",t,e.busy===void 0?void 0:Number(e.busy)),...de("runner_check_runs_read",t,e.history.length),...de("runn\
er_check_runs_failed",t,e.failed),...Object.entries(o).flatMap(([i,a])=>de("runner_check_failed_jobs",{...t,caused_by:i},
a))]}function mE(e){return[...Jh.flatMap(t=>de("runner_check_fleet_verdict",{verdict:t},e.verdict===t?1:0)),...de("runne\
r_check_fleet_runners",{},e.runners.length),...de("runner_check_fleet_generated_timestamp_seconds",{},La(e.generated)),...e.
drift.flatMap(WW),...e.unserved.flatMap(HW),...de("runner_check_rejected_reports",{},e.rejected.length)]}function WW({profile:e,
what:t,values:n,since:r}){return[...n.flatMap(({value:o,runners:s})=>de("runner_check_drift_runners",{profile:e,what:t,value:o},
s.length)),...de("runner_check_drift_since_timestamp_seconds",{profile:e,what:t},La(r))]}function HW({label:e,file:t}){return de(
"runner_check_unserved_label",{label:e,file:t},1)}function hE(e){let t=e.disks,{places:n}=(t==null?void 0:t.ok)&&t.value||{};if(typeof n!="object"||n===null)return{};let r=Object.
entries(n).flatMap(([o,s])=>{if((s==null?void 0:s.kind)!=="measured"||!Zu(s.freeBytes)||!Zu(s.totalBytes))return[];let{freeBytes:i,
totalBytes:a,freeInodes:l,totalInodes:c}=s,u=Zu(l)&&Zu(c);return[[o,{free:i,total:a,...u&&{free_inodes:l,total_inodes:c}}]]});
return Object.fromEntries(r.slice(0,50))}function Zu(e){return typeof e=="number"&&e>=0&&Number.isSafeInteger(e)}var Ma=200,gE=200;function Hs(e,t={}){let n=e.results.filter(({status:o})=>o!=="pass"&&o!=="skip"),r=o=>n.filter(({status:s})=>o.
includes(s)).slice(0,gE).map(({id:s,reason:i})=>`${s}:${i??""}`.slice(0,Ma));return{name:e.runner.name.slice(0,Ma),profile:e.
profile.name.slice(0,Ma),labels:[],at:e.started,status:"reported",verdict:e.verdict,failures:r(["fail","error"]),warnings:r(
["warn"]),versions:BW(e),disks:hE(e.facts),runner:e.runner,results:n.slice(0,gE),...t}}function BW(e){var l,c;let t=KW(e).
map(([u,d])=>[`tool/${u}`,d]),n=Yh(e.facts,"self-container"),r=Array.isArray(n==null?void 0:n.imageDigests)?n.imageDigests:
[],o=Yh(e.facts,"nvidia"),s=Yh(e.facts,"docker-engine"),i=[["image",typeof r[0]=="string"?r[0].replace(/^.*@/,""):n==null?
void 0:n.imageId],["docker",(c=(l=s==null?void 0:s.version)==null?void 0:l.value)==null?void 0:c.version],["nvidia-drive\
r",o==null?void 0:o.kernelDriver]],a=[...t,...i].filter(u=>typeof u[1]=="string");return Object.fromEntries(a.map(([u,d])=>[
u.slice(0,Ma),d.slice(0,Ma)]))}function KW(e){let{tools:t}=e.expectations;return typeof t=="object"&&t!==null?[...ao(e)]:
[]}function Yh(e,t){let n=e[t];return n!=null&&n.ok&&typeof n.value=="object"&&n.value!==null?n.value:void 0}var yE=[`<!doctype html>
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
tring(n)),w.filterState(e,n)}),t}})();</script>\n</body>\n</html>\n'];var VW=3e7,zW=30,wE=50;function kE(e){return vE({kind:"fleet",fleet:xE(Xu(e))})}function bE(e){let{results:t,verdict:n,started:r}=e,
{at:o,after:s,disks:i={},...a}=Hs(e),l={...a,disks:i,last_report:o,results:t,history:[],failed:0},u={version:1,generated:r,
verdict:n,runners:[l],...{drift:[],unserved:[],rejected:[],changes:[],notes:[]}};return vE({kind:"report",fleet:xE(Xu(u))})}
function vE(e){let t=yt(JSON.stringify(e)).replace(/</g,"\\u003c"),[n,r]=yE;return`${n}${t}${r}`}function xE(e){let t=0,
n=0,r=e.runners.map(i=>{let a=i.results.map(JW),l=i.history.slice(-zW);return t+=JSON.stringify(a).length+JSON.stringify(
l).length,t<=VW?{...i,results:a,history:l}:(n++,{...i,results:[],history:[]})});if(n===0)return{...e,runners:r};let s=`T\
he page is too large: the findings and the history of ${n===1?"one runner":`${n} runners`} are in fleet.json only.`;return{
...e,runners:r,notes:[s,...e.notes]}}function JW(e){var o;let{evidence:t,remedy:n}=e,r=(o=n==null?void 0:n.commands)==null?
void 0:o.slice(0,wE);return{...e,evidence:t.slice(0,wE),...n&&{remedy:{...n,...r&&{commands:r}}}}}function Xu(e){return typeof e==
"string"?En(e):Array.isArray(e)?e.map(Xu):e===null||typeof e!="object"?e:Object.fromEntries(Object.entries(e).map(([t,n])=>[
Y(t,200),Xu(n)]))}var YW=/[&<>\\`*_[\]{}|~$]|@(?=\S)|#(?=\w)|!(?=\d)|\bGH(?=-\d)|:(?=\/\/)|:(?=[\w+-]+:)|\bwww(?=\.)|\bmailto(?=:)|\bxmpp(?=:)/gi,
ZW=/^(?:[#+\-=:]|\d{1,9}(?=[.)](?:\s|$)))/;function Qu(e){return e.replace(YW,QW)}function XW(e){var r;let t=((r=ZW.exec(
e))==null?void 0:r[0])??"";return(t===""?"":/^\d/.test(t)?`${t}&#8203;`:$E(t))+Qu(e.slice(t.length))}function QW(e){return/^[@#!:\w]/.
test(e)&&e!=="_"?`${e}&#8203;`:$E(e)}function $E(e){return e==="&"?"&amp;":e==="<"?"&lt;":e===">"?"&gt;":`&#${e.charCodeAt(
0)};`}function Zh(e){return`<code>${Qu(e)}</code>`}function RE(e){let t=e.trim();return t===""?"":/[`|\\]/.test(t)?Zh(t):
`\`${t}\``}var SE=/\bhttps?:\/\/[^\s<>"'|]*[^\s<>"'|.,;:!?)\]]/gi;function EE(e){return Eu(e).flatMap(t=>{if(t.code||!t.
text.includes("://"))return[t];let n=(t.text.match(SE)??[]).map(o=>({code:!0,text:o}));return t.text.split(SE).map(o=>({
code:!1,text:o})).flatMap((o,s)=>[o,...n.slice(s,s+1)])})}function le(e,t){let n="";for(let r of EE(Y(e,t))){let o=n===""?
XW:Qu,s=r.code?RE(r.text):o(r.text);n+=n.endsWith("`")&&s.startsWith("`")?Zh(r.text.trim()):s}return n}function Bs(e,t){
return EE(Y(e,t)).map(n=>n.code?Zh(n.text):Qu(n.text)).join("")}function Se(e,t=300){return RE(Y(e,t))}var eH=["sh","yam\
l","json","ini","toml","dockerfile"];function Ks(e,t){let n=En(e).trimEnd(),r=(n.match(/`+/g)??[]).reduce((s,i)=>Math.max(
s,i.length),2),o="`".repeat(r+1);return`${o}${eH.includes(t)?t:""}
${n}
${o}`}function ed(e,t){let n=r=>`| ${r.join(" | ")} |`;return[n(e),`|${" --- |".repeat(e.length)}`,...t.map(n)].join(`
`)}function Vs(e,t){return`<details><summary>${e}</summary>

${t}

</details>`}var TE={pass:"\u2705",warn:"\u26A0\uFE0F",fail:"\u274C",error:"\u2753",skip:"\u2796"},tH="https://github.com/fortemi/run\
ner-check/blob/main/";function zs(e){return/^docs\/[\w./-]{1,100}(?:#[\w-]{1,100})?$/.test(e)&&!e.includes("..")?tH+e:void 0}function zt({name:e,profile:t}){return t===void 0?e:`${e} (${t})`}function Da(e){let t=n=>We(n)?0:n.verdict==="degraded"?
1:2;return[...e].sort((n,r)=>t(n)-t(r))}function td({runners:e}){let t=new Map;for(let o of Da(e))t.set(wt(o),(t.get(wt(
o))??0)+1);let n=[...t].map(([o,s])=>`${s} ${o}`),r=`${e.length} runner${e.length===1?"":"s"}`;return n.length===0?"no r\
unners":`${r}: ${n.join(", ")}`}function nd({before:e,now:t,came:n,went:r}){let o=e===t?t:`${e??"not known before"} -> ${t}`,
s=(i,a)=>a.length===0?[]:[`${i}: ${a.join(", ")}`];return[o,...s("new",n),...s("gone",r)].join("; ")}function rd({why:e,
status:t,since:n,failed:r,history:o,busy:s,after:i}){return[...e===void 0?[]:[e],...n===void 0||t==="silent"||t==="waiti\
ng"?[]:[`Since ${Pt(n)}.`],...r>0&&o.length>1?[`${r} of the last ${o.length} checks failed.`]:[],...s?["It runs a job no\
w."]:[],...i&&i.runner>0?[`The runner caused the failure of ${i.runner} jobs.`]:[]]}function AE({runners:e}){return e.filter(
We).map(t=>{let n=t.failures.length>0?`: ${t.failures.slice(0,5).join(", ")}`:"",r=t.why??`${wt(t)}${n}`;return`Runner ${zt(
t)}: ${r}`})}var nH=200,Xh=30,rH=10,_E=30,OE=3e5,Cr={sick:"\u274C",degraded:"\u26A0\uFE0F",healthy:"\u2705"};function PE(e){let t=Da(
e.runners),n=t.filter(We),r=[`## ${e.verdict==="healthy"?Cr.healthy:e.verdict==="degraded"?Cr.degraded:Cr.sick} Fleet ${e.
verdict}: ${td(e)}`,t.length===0?"No report was found, and no runner is expected.":oH(t),...t.filter(o=>We(o)||o.verdict===
"degraded").slice(0,Xh).map(od),n.length>Xh?`\u2026 and ${n.length-Xh} more sick runners: \`fleet.json\` has all.`:"",Ua(
"Drift",e.drift.map(({profile:o,what:s,values:i,since:a})=>{let l=i.map(({value:u,runners:d})=>`${Se(u,100)} on ${le(d.slice(
0,10).join(", "),300)}`),c=a===void 0?"":`, since ${le(Pt(a),40)}`;return`${Se(o)}, ${Se(s)}: ${l.join("; ")}${c}`})),Ua(
"Labels that no runner serves",e.unserved.map(({label:o,file:s,line:i})=>`${Se(o)} in ${Se(`${s}:${i}`)}`)),Ua("Changed \
since the run before",e.changes.map(o=>`${Se(zt(o))}: ${le(nd(o),500)}`)),Ua("Not read",e.rejected.map(({file:o,reason:s})=>`${Se(
o)}: ${le(s,300)}`)),Ua("Notes",e.notes.map(o=>le(o,600)))];return lH(r)}function oH(e){let t=e.slice(0,nH).map(o=>[We(o)?
Cr.sick:o.verdict==="degraded"?Cr.degraded:Cr.healthy,o.url===void 0?Se(o.name,100):iH(o.name,o.url),Se(o.profile??"",100),
wt(o),o.last_report===void 0?"never":le(Pt(o.last_report),40),le(sH(o).slice(0,5).join(", "),300)]),n=e.length-t.length,
r=ed(["","runner","profile","state","last report","findings"],t);return n>0?`${r}

\u2026 and ${n} more`:r}function sH({status:e,failures:t,warnings:n,results:r}){return e==="set-up-failed"?r.map(({id:o,
reason:s})=>`${o}:${s??""}`):[...t,...n]}function iH(e,t){return/^https?:\/\/[\w.:/%-]+$/.test(t)?`[${Se(e,100)}](${t})`:
Se(e,100)}function od(e){let t=We(e)?Cr.sick:Cr.degraded,n=rd(e).map(s=>le(s,1e3)),r=e.results.slice(0,rH).map(aH),o=e.results.
length-r.length;return[`### ${t} ${Se(zt(e),200)}: ${wt(e)}`,n.join(" "),...r,o>0?`\u2026 and ${o} more findings`:""].filter(
s=>s!=="").join(`

`)}function aH({id:e,reason:t,title:n,message:r,why:o,remedy:s,docs:i}){let a=zs(i),l=(s==null?void 0:s.commands)??[],c=[
le(r,1500),o===void 0?"":le(o,1e3),s===void 0?"":`**Fix:** ${le(s.text,1500)}`,l.length===0?"":Ks(l.slice(0,20).join(`
`),"sh"),(s==null?void 0:s.config)===void 0?"":`${Se(s.config.file)}:

${Ks(s.config.text,s.config.language)}`,a===void 0?"":`[More](${a})`];return Vs(`${Bs(n,200)} \u2014 <code>${Bs(`${e}:${t??
""}`,150)}</code>`,c.filter(u=>u!=="").join(`

`))}function Ua(e,t){if(t.length===0)return"";let n=t.length-_E,r=t.slice(0,_E).map(o=>`- ${o}`);return`### ${e}

${r.join(`
`)}${n>0?`
- \u2026 and ${n} more`:""}`}function lH(e){let t=0,n=0,r=e.filter(o=>o!=="").map(o=>o.split(`
`).map(Bt).join(`
`)).filter(o=>(t+=o.length,t>OE&&n++,t<=OE));return n>0&&r.push(`**${n} parts are left out because this would be too lon\
g.** \`fleet.json\` has everything.`),`${r.join(`

`)}
`}function cH(e){return`${yt(JSON.stringify(e,null,2))}
`}var Js={json:{file:"fleet.json",render:cH},markdown:{file:"fleet.md",render:PE},prometheus:{file:"fleet.prom",render:uE},
html:{file:"fleet.html",render:kE}},Ys=Object.keys(Js);var IE=require("node:crypto"),sd=require("node:zlib");function NE(e){return(0,sd.gzipSync)(e,{level:9}).toString("base64")}
function CE(e,t){try{return(0,sd.gunzipSync)(Buffer.from(e,"base64"),{maxOutputLength:t}).toString("utf8")}catch{return}}
function jr(e){return(0,IE.createHash)("sha256").update(e).digest("hex").slice(0,16)}var id=4e4,Ga=2e5,qa=id-200;function tg(e){return`runner-check-${e}:1:`}function Qh(e,t){let n=NE(t);if(n.length>Ga)return;
let r=jr(n),o=Math.ceil(n.length/qa);return Array.from({length:o},(s,i)=>{let a=n.slice(i*qa,(i+1)*qa);return`${tg(e)}${r}\
:${i+1}/${o}:${a}`})}function jE(e){let t=Qh("report",JSON.stringify(e));if(t)return{text:eg(t)};let{job:n}=e.facts,r=Qh(
"report",JSON.stringify({...e,facts:n?{job:n}:{}})),o=Ga.toLocaleString("en-US");if(!r)return{text:"",isTooLarge:!0};let s=`\
The facts are left out: with them, the packed report has more than ${o} characters. The fleet shows no versions for this\
 runner.`;return{text:eg([s,...r])}}function LE({facts:e,...t}){let n=Qh("after",JSON.stringify(t));return n?eg(n):""}function eg(e){
return`::group::Report for the fleet
${e.join(`
`)}
::endgroup::
`}var uH=8*1024*1024,ng=10,dH=Math.ceil(Ga/qa),fH=/^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z /,pH=/^runner-check-(report|after):1:([0-9a-f]{16}):(\d{1,2})\/(\d{1,2}):([A-Za-z0-9+/]+={0,2})\s*$/,
mH=["report","after"];function hH(e){let t=new Map,n=[],r=new Set;for(let s of gH(e)){let[,i,a="",l="",c="",u=""]=pH.exec(
s)??[];if(i===void 0||Number(l)<1||Number(l)>Number(c)||Number(c)>dH){r.add(FE);continue}let d=`${i} ${a} ${c}`,f=t.get(
d)??new Map;if(t.set(d,f.set(Number(l),u)),f.size<Number(c))continue;t.delete(d);let p=Array.from({length:Number(c)},(h,m)=>f.
get(m+1)??"").join("");p.length>Ga||jr(p)!==a?r.add(FE):n.push({kind:i,packed:p})}return t.size>0&&r.add("a published re\
port is not complete: lines of it are missing in the log"),n.length>ng&&r.add(`${n.length} published texts, of which onl\
y the last ${ng} are read`),{texts:n.slice(-ng).flatMap(({kind:s,packed:i})=>{let a=CE(i,uH);return a!==void 0?[{kind:s,
json:a}]:(r.add("a published report that cannot be unpacked, or is larger than 8 MiB"),[])}),rejected:[...r]}}var FE="a \
line that looks like a published report is damaged; a forge does that if a secret of the job is so short that it occurs \
in it";function*gH(e){for(let t=0;t<e.length;){let n=e.indexOf(`
`,t),r=n<0?e.length:n,o=e.slice(t,Math.min(r,t+id)).replace(fH,"");mH.some(s=>o.startsWith(tg(s)))&&(yield r-t>id?"":o),
t=r+1}}function DE(e,t){let{texts:n,rejected:r}=hH(e),o=new Set(r),s=new Map,i=[];for(let{kind:a,json:l}of n){if(a==="af\
ter"){let p=rg(l);p?i.push(p):o.add("a published second look that says no cause");continue}let c=_s("the published repor\
t",l),u="place"in c?`not a report: ${c.found}`:yH(c,t);if(u!==void 0||"place"in c){o.add(u??"");continue}let{name:d}=c.profile,
f=s.get(d);f&&f.verdict!==c.verdict&&o.add(`two reports of the profile ${d} that disagree; the worse one counts`),(!f||ME[c.
verdict]>=ME[f.verdict])&&s.set(d,c)}return{reports:[...s.values()],after:i,rejected:[...o]}}var ME={healthy:0,degraded:1,
unknown:2,misconfigured:3};function yH({runner:e,job:t,facts:n},r){var i;let o=n.job,s=o!=null&&o.ok?(i=o.value)==null?void 0:
i.runnerName:e.name;if(s!==void 0&&typeof s!="string")return"a report that names its runner in another form than text";if(s!==
void 0&&r.runner!==void 0&&s!==r.runner)return`a report for the runner ${s}, but the job ran on ${r.runner}`;if((t==null?
void 0:t.run_id)!==void 0&&t.run_id!==r.runId)return`a report of run ${t.run_id} in the log of run ${r.runId}`;if((t==null?
void 0:t.repository)!==void 0&&t.repository.toLowerCase()!==r.repository.toLowerCase())return`a report of the repository\
 ${t.repository}`}function rg(e){var t;try{let n=(t=JSON.parse(e))==null?void 0:t.caused_by;return n==="runner"||n==="jo\
b"||n==="unknown"?n:void 0}catch{return}}var qE=6,UE=2e5,wH=6e5;async function ad(e,t,n){let r=0;for(let o of t)for await(let s of GE(e,o,qE,n.reject)){if(n.signal.
aborted)return;if(++r>UE)return n.reject({file:o,reason:`more than ${UE} files`});r%50===0&&await Ft();let i=await kH(e,
s,n);i!==void 0&&n.reject({file:s,reason:i})}}async function kH(e,t,{add:n,now:r}){let o=await e.lstat(t);if(o.kind==="a\
bsent")return;if(o.kind==="unreadable")return`cannot be read: ${yn(o.code)}`;if(o.kind==="link")return"a link, which was\
 not followed";if(o.kind!=="file")return"not a regular file";if(o.size>_a)return"not a report: more than 16 MiB";let s=await e.
readText(t,o.size+1);if(s.kind==="absent")return;if(s.kind==="unreadable")return`cannot be read: ${yn(s.code)}`;if(s.value.
length>o.size)return"was written while it was read";let i=_s("",s.value);if("place"in i)return xH(i);let a=Date.parse(i.
started);if(Number.isNaN(a))return`not a report: ${i.started} is not a date`;if(a>Date.parse(r)+wH)return`is of the futu\
re: ${i.started}`;let l=t.endsWith("/report.json")?await vH(e,t):void 0;n({...Hs(i),...l&&{after:{runner:0,job:0,unknown:0,
[l]:1}}})}var bH=4*1024*1024;async function vH(e,t){let n=t.replace(/report\.json$/,"after.json"),r=await e.lstat(n);if(r.
kind!=="file"||r.size>bH)return;let o=await e.readText(n,r.size);return o.kind==="ok"?rg(o.value):void 0}function xH({place:e,
found:t}){let n=e.replace(/^, /,"");return n===""?`not a report: ${t}`:t==="undefined"?`not a report: ${n} is missing`:`\
not a report: ${n} is ${t}`}async function*GE(e,t,n,r){let o=await SH(e,t);if(o.kind==="unreadable"){o.code!=="ENOTDIR"&&
r({file:t,reason:`cannot be listed: ${yn(o.code)}`});return}if(o.kind==="absent")return(await e.lstat(t)).kind==="absent"?
r({file:t,reason:"does not exist"}):yield t;for(let s of[...o.value].sort()){let i=`${t.replace(/\/+$/,"")}/${s}`;if(s.endsWith(
".json")){s!=="fleet.json"&&s!=="after.json"&&(yield i);continue}(await e.lstat(i)).kind==="directory"&&(n>1?yield*GE(e,
i,n-1,r):r({file:i,reason:`more than ${qE} levels of folders`}))}}async function SH(e,t){try{return await e.list(t)}catch(n){
if(Wo(n))return{kind:"unreadable",code:"ETIMEDOUT"};throw n}}var $H={bold:"1",dim:"2",red:"31",green:"32",yellow:"33",cyan:"36"},RH={"\u2714":"ok","\u2716":"x","\u25B2":"!","\xB7":"\
-","\u2014":"-","\u2013":"-","\u2026":"...","\u2265":">=","\u2264":"<=","\u2019":"'","\u201C":'"',"\u201D":'"',"\u2192":"\
->"};function Ao(e){let t=[],n=i=>{t.push(Bt(i).trimEnd())},r=(i,a)=>e.color&&a&&i!==""?`\x1B[${$H[a]}m${i}\x1B[0m`:i,o=i=>e.
unicode?i:i.replace(/[^\t\n -~]/gu,a=>RH[a]??"?"),s=(i,a)=>{let l=[],c=!1;for(let u of Eu(i)){let d=u.code&&!e.color?`\`${u.
text}\``:u.text,f=o(d).split(" ");f.forEach((p,h)=>{if(p==="")return;let m={plain:p,painted:r(p,u.code?"cyan":a)},y=h===
0&&c?l.pop():void 0;l.push(y?{plain:y.plain+m.plain,painted:y.painted+m.painted}:m)}),c=f[f.length-1]!==""}return l};return{
toString:()=>`${t.join(`
`)}
`,text(i,{prefix:a="",prefixStyle:l,style:c,limit:u}={}){let d=o(a),f=r(d,l),p=d.length,h=!0;for(let m of s(Y(i,u),c))!h&&
p+1+m.plain.length>e.width&&(n(f),f=" ".repeat(d.length),p=d.length,h=!0),f+=h?m.painted:` ${m.painted}`,p+=m.plain.length+
(h?0:1),h=!1;f.trim()!==""&&n(f)},verbatim(i,a,l="cyan"){let c=o(En(i)).trimEnd();for(let u of c.split(`
`))n(" ".repeat(a)+r(u,l))},gap(){t.length>0&&t[t.length-1]!==""&&t.push("")},endGroup(){e.groups&&t.push("::endgroup::")},
group(i,a){t.push(e.groups?`::group::${o(i)}`:r(o(i),"bold")),a(),e.groups&&t.push("::endgroup::")}}}var EH=20,WE=50;function ld(e,t){let n=Ao(t);n.endGroup(),n.text(`Fleet: ${e.verdict} \u2014 ${td(e)}`,{style:"bold"});let r=Da(
e.runners),o=r.filter(HE);for(let c of r.filter(u=>!HE(u)))TH(n,c);o.length>0&&(n.gap(),n.group("Healthy",()=>{for(let c of o)
n.text(`${zt(c)}${c.last_report?`, ${Pt(c.last_report)}`:""}`,{prefix:"\u2714 ",prefixStyle:"green"})}));let s=e.drift.map(
({profile:c,what:u,values:d,since:f})=>{let p=d.map(({value:h,runners:m})=>`${h} on ${m.slice(0,10).join(", ")}`);return`${c}\
, ${u}: ${p.join("; ")}${f===void 0?"":`, since ${Pt(f)}`}`});Wa(n,"Drift: runners of one profile that differ",s);let i=e.
unserved.map(({label:c,file:u,line:d})=>`${c} (${u}:${d})`);Wa(n,"Labels that no runner serves",i);let a=e.changes.map(c=>`${zt(
c)}: ${nd(c)}`);Wa(n,"Changed since the run before",a);let l=e.rejected.map(({file:c,reason:u})=>`${c}: ${u}`);return Wa(
n,"Not read",l),Wa(n,"Notes",e.notes),n.toString()}function HE(e){return!We(e)&&e.verdict==="healthy"}function TH(e,t){e.
gap();let n=We(t),[r,o]=n?["\u2716 ","red"]:["\u25B2 ","yellow"];e.text(`${zt(t)}: ${wt(t)}`,{prefix:r,prefixStyle:o,style:"\
bold"});for(let a of rd(t))e.text(a,{prefix:"  "});let s=t.results.slice(0,EH);for(let a of s)AH(e,a);let i=t.results.length-
s.length;i>0&&e.text(`\u2026 and ${i} more`,{prefix:"  "}),t.url!==void 0&&e.verbatim(t.url,2,"dim")}function AH(e,{id:t,
reason:n,title:r,remedy:o}){e.text(`${t}:${n??""} \u2014 ${r}`,{prefix:"  ",limit:300}),o&&e.text(`Fix: ${o.text}`,{prefix:"\
    ",limit:1e3})}function Wa(e,t,n){if(n.length===0)return;e.gap(),e.text(t,{style:"bold"});for(let o of n.slice(0,WE))
e.text(o,{prefix:"\xB7 ",limit:1e3});let r=n.length-WE;r>0&&e.text(`\u2026 and ${r} more`,{prefix:"  "})}async function BE(e,t,n,r,o){let s=J$(n.format??"text",["text",...Ys]),i=_H(n.now),a=OH(n["max-age"]);if(t.length===0)throw new Kt(
"`fleet` takes folders of reports; to read the runs of a workflow, use the action `fortemi/runner-check/fleet@v1`");for(let m of t)
if((await e.stat(m)).kind==="absent")throw new Kt(`${m} does not exist`);let l=kk(e.env,e.cwd()),c=await r(l,n.policy),u=new Is,
d=[];await ad(e,t,{add:m=>u.add(m),reject:m=>d.push(m),now:i,signal:o});let f={looks:u,policy:c,workspace:l,now:i,rejected:d,
...a!==void 0&&{maxAgeMs:a}},p=await Ju(e,f,o);if(o.aborted)return 1;n.out!==void 0&&await PH(e,p,n.out);let h={width:X$(),
unicode:Q$(),color:eR(),groups:!1};return await Z$(s==="text"?ld(p,h):Js[s].render(p)),p.verdict==="healthy"||p.verdict===
"degraded"?0:1}function _H(e){let t=e===void 0?Date.now():/^\d{4}-\d\d-\d\d(?:T|$)/.test(e)?Date.parse(e):Number.NaN;if(Number.
isNaN(t))throw new Kt(`the flag \`--now\`: found \`${e}\`; allowed: a time such as 2026-11-24T06:00:00Z`);return new Date(
t).toISOString()}function OH(e){let t=e===void 0?void 0:$t(e);if(e!==void 0&&(t===void 0||t===0))throw new Kt(`the flag \
\`--max-age\`: found \`${e}\`; allowed: ${Dn}, more than 0`);return t}async function PH(e,t,n){for(let{file:r,render:o}of Object.
values(Js))try{await e.reach(n),_u(n,r,o(t))}catch(s){throw new Oa(`${n.replace(/\/$/,"")}/${r}`,s)}}var zE=["token","workflow","runs","reports","policy","max-age","issues","notify-url","ping-url","push-url","fail-on","ti\
meout","summary","cache-dir","report-dir","formats"],KE=50;function JE(e){let t=[],n=(b,R,S,j=!1)=>{let P=e[b];if(P===void 0)
return;let T=R(P);return T===void 0&&t.push({place:`input \`${b}\``,found:j?"something else":Ps(P),allowed:S}),T},r=b=>n(
b,R=>Re(R)?R:void 0,"an http or https address",!0),o=n("workflow",b=>/^[\w.-]{1,100}\.ya?ml$/.test(b)?b:void 0,"the file\
 of a workflow, such as `health-check.yml`"),s=n("runs",b=>og(zy(b),1,KE),`a whole number from 1 to ${KE}`),i=n("max-age",
b=>og($t(b),1,Number.MAX_SAFE_INTEGER),`${Dn}, more than 0`),a=n("timeout",b=>og($t(b),1e3,36e5),`${Dn}, from 1s to 60m`),
l=n("issues",VE,"true, false"),c=n("summary",VE,"true, false"),u=n("fail-on",b=>["fail","warn","never"].find(R=>R===b),"\
fail, warn, never"),d=n("formats",IH,`any of ${Ys.join(", ")}, comma-separated`),[f,p,h]=[r("notify-url"),r("ping-url"),
r("push-url")];if(t.length>0)throw new Os(t);let{token:m,policy:y}=e,w=e["report-dir"],k=e["cache-dir"];return{workflow:o??
"health-check.yml",runs:s??10,reports:YE(e.reports??""),issues:l??!0,failOn:u??"fail",timeoutMs:a??3e5,summary:c??!0,formats:d??
["json"],...m!==void 0&&{token:m},...y!==void 0&&{policy:y},...i!==void 0&&{maxAgeMs:i},...f!==void 0&&{notifyUrl:f},...p!==
void 0&&{pingUrl:p},...h!==void 0&&{pushUrl:h},...k!==void 0&&{cacheDir:k},...w!==void 0&&{reportDir:w}}}function og(e,t,n){
return e!==void 0&&e>=t&&e<=n?e:void 0}function VE(e){return/^(?:true|True|TRUE)$/.test(e)?!0:/^(?:false|False|FALSE)$/.
test(e)?!1:void 0}function YE(e){return e.split(/[,\n]/).map(t=>t.trim()).filter(t=>t!=="")}function IH(e){let t=YE(e),n=Ys.
filter(r=>t.includes(r));return t.length>0&&t.every(r=>Ys.includes(r))?n:void 0}var ig=32*1024*1024,dd="fleet-cache.json",cd=re(A()),sg=$(A()),Ha=ve(),NH=B({at:A(),status:ce(["reported","set-up-failed"]),
verdict:$(ce(["healthy","degraded","misconfigured","unknown"])),failures:cd,warnings:cd,url:sg,name:A(),profile:sg,labels:cd,
versions:bt(A(),A()),disks:$(bt(A(),B({free:Ha,total:Ha}))),runner:$(Fn.entries.runner),results:Fn.entries.results,why:sg,
after:$(B({runner:Ha,job:Ha,unknown:Ha}))}),CH=Br({version:Ke(1),repository:A(),answers:bt(A(),Br({etag:A(),data:fi()})),
jobs:bt(A(),Br({looks:re(NH),rejected:cd}))}),ud=class{#e;#o=new Map;#s=new Map;#t={answers:new Map,jobs:new Map};constructor(t,n){
this.#e=t;let r=jH(n);if((r==null?void 0:r.repository)===t){for(let[o,s]of Object.entries(r.answers))this.#o.set(o,s);for(let[
o,s]of Object.entries(r.jobs))this.#s.set(o,s)}}answer(t){return this.#o.get(t)}keepAnswer(t,n){this.#t.answers.set(t,n)}job(t){
return this.#s.get(t)}keepJob(t,n){this.#t.jobs.set(t,n)}toJson(){let{answers:t,jobs:n}=this.#t;return JSON.stringify({version:1,
repository:this.#e,answers:Object.fromEntries(t),jobs:Object.fromEntries(n)})}};function jH(e){if(!(e===void 0||e.length>
ig))try{let t=Yt(CH,JSON.parse(e));return t.success?t.output:void 0}catch{return}}var ZE=900,XE=3e4,QE=4*1024*1024,eT=8*1024*1024;function nT(e,t,n){let{env:r}=e,o=r.GITHUB_REPOSITORY??"";if(t===void 0)
return{why:"The input `token` is empty, so the forge cannot be asked."};if(!/^[\w.-]+\/[\w.-]+$/.test(o))return{why:"GIT\
HUB_REPOSITORY does not name a repository."};let s=to(r);if(s.kind==="none")return{why:"GITHUB_API_URL is not the addres\
s of a forge."};if(s.kind==="refused")return{why:s.why==="insecure"?"GITHUB_API_URL does not use TLS, so the token is no\
t sent there.":"GITHUB_API_URL is not on the forge of GITHUB_SERVER_URL, so the token is not sent there."};let i=Zr(r);return new lg(
e,s.api,t,o,i==="github"||i==="forgejo"?i:"gitea",n)}var lg=class{requests=0;repository;system;#e;#o;#s;#t;#l;constructor(t,n,r,o,s,i){
this.repository=o,this.system=s,this.#e=t,this.#o=n,this.#s=r,this.#t=i}async get(t,n={}){return ag(await this.#r("GET",
this.#n(t,n)))}async ask(t,n,r={}){let o=this.#n(n,r),s=t.answer(o),i=await this.#r("GET",o,void 0,QE,s==null?void 0:s.etag);
if(s&&typeof i!="string"&&i.kind==="answered"&&i.status===304)return t.keepAnswer(o,s),{kind:"ok",status:304,data:s.data};
let a=ag(i),l=typeof i!="string"&&i.kind==="answered"?i.headers.etag:void 0;return a.kind==="ok"&&l!==void 0&&l.length<=
200&&t.keepAnswer(o,{etag:l,data:a.data}),a}async send(t,n,r){return ag(await this.#r(t,this.#i(n),r))}async log(t){let n=await this.#r(
"GET",this.#i(["actions","jobs",t,"logs"]),void 0,eT);return typeof n!="string"&&n.kind==="answered"&&n.status>=300&&n.status<
400?tT(await this.#c(n.headers.location)):tT(n)}#n(t,n){let r=Object.entries(n).map(([o,s])=>`${o}=${encodeURIComponent(
s)}`);return`${this.#i(t)}${r.length>0?`?${r.join("&")}`:""}`}#i(t){return`/${["repos",...this.repository.split("/"),...t].
map(encodeURIComponent).join("/")}`}async#r(t,n,r,o=QE,s){if(this.#l!==void 0)return this.#l;if(this.requests>=ZE)return`\
this run made ${ZE} requests, which is its limit`;this.requests++;let i=await we(XE,this.#t,a=>{let l=no(this.#o,n,this.#s,
a),c=r===void 0?void 0:JSON.stringify(r),u=c!==void 0&&{"content-type":"application/json","content-length":String(Buffer.
byteLength(c))};return this.#e.request({...l,...this.#a(this.#o),method:t,headers:{...l.headers,...u,...s!==void 0&&{"if\
-none-match":s}},...c!==void 0&&{body:c},maxBody:o})});return i.kind==="answered"&&(this.#l=LH(i)),i}#a(t){var r;let n=(r=
Yo(this.#e.env,t))==null?void 0:r.target;return n?{proxy:n}:{}}async#c(t){let n=Re(t);if(!n||!Ri(n))return"the forge sen\
ds logs to an address that is not used: it has no TLS";let r=n.protocol==="https:";return we(XE,this.#t,o=>this.#e.request(
{to:{host:Ve(n),port:Number(n.port)||(r?443:80),...r&&{tls:{verify:!0}}},...this.#a(n),path:`${n.pathname}${n.search}`,headers:{
host:n.host,"user-agent":"runner-check"},signal:o,maxBody:eT}))}};function LH({status:e,headers:t}){let n=t["x-ratelimit\
-remaining"]==="0"||t["retry-after"]!==void 0;if(e!==429&&!(e===403&&n))return;let r=Number(t["x-ratelimit-reset"]);return`\
the forge's rate limit is used up${Number.isSafeInteger(r)&&r>0&&r<1e10?` until ${new Date(r*1e3).toISOString()}`:""}`}function rT(e){
return typeof e=="string"?{kind:"failed",why:e}:{kind:"failed",why:e.kind==="timed-out"?"the forge did not answer in tim\
e":`no connection to the forge (${e.code})`}}function ag(e){if(typeof e=="string"||e.kind!=="answered")return rT(e);let{
status:t,body:n,truncated:r}=e;if(t<200||t>299)return{kind:"refused",status:t,why:oT(n,t)};if(r)return{kind:"refused",status:t,
why:"the answer has more than 4 MiB"};if(n.trim()==="")return{kind:"ok",status:t,data:void 0};try{return{kind:"ok",status:t,
data:JSON.parse(n)}}catch{return{kind:"refused",status:t,why:"the answer is not JSON"}}}function tT(e){if(typeof e=="str\
ing"||e.kind!=="answered")return rT(e);let{status:t,body:n,truncated:r}=e;return t<200||t>299?{kind:"refused",status:t,why:oT(
n,t)}:{kind:"ok",text:n,isCut:r}}function oT(e,t){try{let{message:n}=JSON.parse(e.slice(0,1e4));if(typeof n=="string"&&n!==
"")return`${t}: ${n.slice(0,200)}`}catch{}return`HTTP status ${t}`}function _o(e,...t){let r=[e,...t.map(o=>e==null?void 0:e[o])].find(o=>Array.isArray(o));return r==null?void 0:r.filter(
o=>typeof o=="object"&&o!==null)}function ug(e){let t=e==null?void 0:e.total_count;return typeof t=="number"?t:Number.POSITIVE_INFINITY}
function sT(e,t){var i;let n=aT(e.id);if(n===void 0)return;let r=Pn(e.head_branch)??Pn(e.prettyref)??FH(Pn(e.path))??"",
o=(i=e.head_repository)==null?void 0:i.full_name,s=lT(e.html_url);return{id:n,event:Pn(e.event)??Pn(e.trigger_event)??"",
branch:r.replace(/^refs\/heads\//,""),isForeign:typeof o=="string"&&o.toLowerCase()!==t.toLowerCase(),...s!==void 0&&{url:s}}}
function FH(e){return e==null?void 0:e.split("@refs/heads/")[1]}function iT(e){let t=aT(e.id);if(t===void 0)return;let n=Array.
isArray(e.labels)?e.labels:Array.isArray(e.runs_on)?e.runs_on:[],r=cg(e.created_at),o=cg(e.started_at),s=cg(e.completed_at),
i=lT(e.html_url),a=Pn(e.runner_name);return{id:t,name:Pn(e.name)??"",labels:n.slice(0,50).flatMap(l=>Pn(l)??[]),state:MH(
Pn(e.status)??"",Pn(e.conclusion)??""),...a!==void 0&&{runner:a},...r!==void 0&&{created:r},...o!==void 0&&{started:o},...s!==
void 0&&{completed:s},...i!==void 0&&{url:i}}}function MH(e,t){let n=e==="completed"?t:e;return/^(?:queued|waiting|pending|requested|blocked)$/.
test(n)?"waiting":/^(?:in_progress|running)$/.test(n)?"running":n==="success"?"success":/^cancell?ed$/.test(n)?"canceled":
/^(?:skipped|neutral)$/.test(n)?"skipped":"failure"}function Pn(e){return typeof e=="string"&&e!==""?e.slice(0,200):void 0}
function aT(e){return Number.isSafeInteger(e)&&e>0?String(e):void 0}function cg(e){let t=typeof e=="string"?Date.parse(e):
Number.NaN;return t>Date.UTC(2e3)?new Date(t).toISOString():void 0}function lT(e){return typeof e=="string"&&/^https?:\/\/[\w.:/%~-]{1,500}$/.
test(e)?e:void 0}var Ba="runner-check",fg=10,DH=4,pg={limit:50,per_page:50},cT=50,UH=4e4,qH=50,GH=80;async function hg(e){let t=new Map;for(let[
n,r]of[["open",fg],["closed",DH]])for(let o=1;o<=r;o++){let s={state:n,labels:Ba,type:"issues",sort:"created",direction:"\
desc",page:o,...pg},i=await e.get(["issues"],s),a=i.kind==="ok"?_o(i.data):void 0;if(!a)return{all:[],trouble:Oo("The is\
sues cannot be read",i)};for(let l of a){let c=BH(l);c&&t.set(c.number,c)}if(a.length===0)break}return{all:[...t.values()].
sort((n,r)=>n.number-r.number)}}async function pT(e,t,n,r){if(n.trouble!==void 0)return{troubles:[n.trouble],done:[]};let o=new mg(
e,r),s=new Set;for(let i of t.runners){s.add(Po(i));let a=n.all.filter(l=>Po(l)===Po(i));await(We(i)?o.sick(i,a):o.well(
i,a))}for(let i of n.all.filter(({isOpen:a,profile:l})=>a&&l===void 0))s.has(Po(i))||await o.gone(i);return await o.closeDuplicates(),
{troubles:[...o.troubles],done:o.done}}var mg=class{troubles=new Set;done=[];#e;#o;#s;#t=0;constructor(t,n){this.#e=t,this.#o=
n}async sick(t,n){let r=n.filter(({isOpen:a})=>a),[o,...s]=r;for(let a of s)await this.#a(a);if(o){let a=fd(t,o.state);return dT(
o.state,a)?void 0:this.#n(o,t,a)}let i=uT(n);i&&dT(i.state,fd(t,i.state))||await this.#l(t,fd(t))}async well(t,n){let[r,
...o]=n.filter(({isOpen:l})=>l);for(let l of o)await this.#a(l);let s=fd(t);if(r)return this.#n(r,t,s,"closed");let i=uT(
n);i===void 0||["healthy","degraded"].includes(i.state.word)||await this.#c(i.number,{body:dg(t,s)})}async gone(t){let n={
name:t.name,labels:[],status:"reported",verdict:"healthy",failures:[],warnings:[],why:"A runner takes jobs with this lab\
el again.",results:[],versions:{},history:[],failed:0};await this.#n(t,n,{word:"healthy",findings:[]},"closed")}async closeDuplicates(){
if(this.#t===0)return;let{all:t,trouble:n}=await hg(this.#e);n!==void 0&&this.troubles.add(n);let r=new Set;for(let o of t.
filter(({isOpen:s})=>s))r.has(Po(o))&&await this.#a(o),r.add(Po(o))}async#l(t,n){if(this.#t>=cT){this.troubles.add(`More\
 than ${cT} runners are sick: the next run opens issues for the others.`);return}if(this.#s??=await this.#f(),!this.#s)return;
this.#t++;let r={word:"new",findings:[]},o={title:fT(t),body:dg(t,r),labels:this.#s},s=await this.#e.send("POST",["issue\
s"],o),i=s.kind==="ok"?VH(s.data):void 0;if(i===void 0){this.troubles.add(Oo("No issue can be opened",s));return}this.done.
push(`opened #${i} for ${zt(t)}`);let a="",{name:l,profile:c}=t,u={number:i,isOpen:!0,author:a,name:l,...c!==void 0&&{profile:c},
state:r};await this.#n(u,t,n)}async#n(t,n,r,o){let s=zH(t,n,r),i=t.state.word==="new"&&o===void 0;if(!i&&!await this.#i(
t,s,n)||!await this.#o(s))return;let a={title:fT(n),body:dg(n,r),...o&&{state:o}};await this.#c(t.number,o?{body:a.body,
state:o}:a)&&(i||this.done.push(`${o??"commented"} #${t.number} for ${zt(n)}`))}async#i(t,n,r){let o=`<!-- runner-check:\
change:${n.id} -->`,s=["issues",String(t.number),"comments"],i=await this.#r(s,o,t.author);if(!i)return!1;if(i.length>0)
return!0;let a=await this.#e.send("POST",s,{body:`${o}
${JH(n,r)}`});if(a.kind!=="ok")return this.troubles.add(Oo("No comment can be written",a)),!1;let[,...l]=await this.#r(s,
o,t.author)??[];for(let c of l)await this.#e.send("DELETE",["issues","comments",String(c)]);return!0}async#r(t,n,r){var i,
a;let o=new Set,s;for(let l=1;l<=fg;l++){let c=await this.#e.get(t,{page:l,...pg}),u=c.kind==="ok"?_o(c.data):void 0;if(!u){
this.troubles.add(Oo("The comments cannot be read",c));return}if(u.length===0||((i=u[0])==null?void 0:i.id)===s)break;s=
(a=u[0])==null?void 0:a.id;for(let{id:d,body:f,user:p}of u)typeof d=="number"&&typeof f=="string"&&f.startsWith(n)&&hT(p)===
r&&o.add(d)}return[...o].sort((l,c)=>l-c)}async#a(t){let n=`${mT(t,{word:"duplicate",findings:[]})}
An older issue is about the same runner.`;await this.#c(t.number,{body:n,state:"closed"})&&this.done.push(`closed #${t.number}\
, a duplicate`)}async#c(t,n){let r=await this.#e.send("PATCH",["issues",String(t)],n);return r.kind!=="ok"&&this.troubles.
add(Oo("The issues cannot be updated",r)),r.kind==="ok"}async#f(){let t=await this.#u();if(t===void 0)return;if(t.length===
0){let r={name:Ba,color:"#d93f0b",description:"Runners that runner-check found sick"},o=this.#e.system==="github"?"d93f0\
b":r.color,s=await this.#e.send("POST",["labels"],{...r,color:o});if(s.kind!=="ok"&&!(s.kind==="refused"&&s.status===422)){
this.troubles.add(Oo("The label `runner-check` cannot be made",s));return}}if(this.#e.system==="github")return[Ba];let n=t.
length>0?t:await this.#u();return n==null?void 0:n.slice(0,1)}async#u(){let t=[];for(let n=1;n<=fg;n++){let r=await this.#e.
get(["labels"],{page:n,...pg}),o=r.kind==="ok"?_o(r.data):void 0;if(!o){this.troubles.add(Oo("The labels cannot be read",
r));return}for(let{id:s,name:i}of o)i===Ba&&typeof s=="number"&&t.push(s);if(o.length===0)break}return t.sort((n,r)=>n-r)}};
function Po({name:e,profile:t}){return JSON.stringify([e,t??null])}function fd(e,t){let n=wt(e);if(e.status!=="reported"&&
e.status!=="set-up-failed")return{word:n,findings:(t==null?void 0:t.findings)??[]};let r=[...e.failures,...WH(e)].map(o=>Y(
o,GH));return{word:n,findings:[...new Set(r)].sort().slice(0,qH)}}function uT(e){return e.filter(({state:t})=>t.word!=="\
duplicate").pop()}function WH({status:e,results:t}){return e==="set-up-failed"?t.map(({id:n,reason:r})=>`${n}:${r??""}`):
[]}function dT(e,t){return JSON.stringify([e.word,e.findings])===JSON.stringify([t.word,t.findings])}function mT({name:e,
profile:t},{word:n,findings:r}){let o=JSON.stringify({name:e,...t!==void 0&&{profile:t},word:n,findings:r});return`<!-- \
runner-check:fleet:1:${Buffer.from(o).toString("base64")} -->`}var HH=/^<!-- runner-check:fleet:1:([A-Za-z0-9+/=]{1,20000}) -->/;
function BH(e){var c;let{number:t,state:n,body:r,user:o,labels:s,pull_request:i}=e,a=Array.isArray(s)&&s.some(u=>(u==null?
void 0:u.name)===Ba);if(typeof t!="number"||typeof r!="string"||!a||i!=null)return;let l=KH((c=HH.exec(r))==null?void 0:
c[1]);return l&&{number:t,isOpen:n==="open",author:hT(o),...l}}function KH(e){if(e!==void 0)try{let{name:t,profile:n,word:r,
findings:o}=JSON.parse(Buffer.from(e,"base64").toString("utf8"));if(typeof t!="string"||typeof r!="string"||!Array.isArray(
o))return;let s={word:r,findings:o.filter(i=>typeof i=="string")};return{name:t,...typeof n=="string"&&{profile:n},state:s}}catch{
return}}function hT(e){let t=e==null?void 0:e.login;return typeof t=="string"?t:""}function VH(e){let t=e==null?void 0:e.
number;return typeof t=="number"?t:void 0}function zH(e,t,n){let{name:r,profile:o,why:s,url:i}=t,{word:a,findings:l}=e.state;
return{id:jr(JSON.stringify([Po(e),e.number,a,l,n.word,n.findings])),name:r,...o!==void 0&&{profile:o},...a!=="new"&&{before:a},
now:n.word,came:n.findings.filter(c=>!l.includes(c)),went:l.filter(c=>!n.findings.includes(c)),...s!==void 0&&{why:s},...i!==
void 0&&{url:i}}}function fT(e){return`Runner ${Y(zt(e),120).replace(/[^\p{L}\p{N} .,:()/_-]/gu,"_")}: ${wt(e)}`}function dg(e,t){
let n=od(e),r=n.length>UH?od({...e,results:[]}):n;return`${mT(e,t)}
${r}

<sub>runner-check keeps this issue up to date and closes it when the runner is well again. If you close it, it stays clo\
sed until something changes.</sub>`}function JH({before:e,now:t,came:n,went:r},o){let s=(l,c)=>c.length===0?"":`

${l}: ${le(c.join(", "),2e3)}`,i=o.why===void 0?"":`

${le(o.why,1e3)}`;return`${e===void 0||e===t?`Still **${t}**.`:`**${le(e,40)}** \u2192 **${t}**.`}${i}${s("New",n)}${s("\
Gone",r)}`}function Oo(e,t){if(t.kind==="ok")return`${e}: the answer has another form.`;let r=t.kind==="refused"&&[401,403,
404,410].includes(t.status)?" The job needs `permissions: { contents: read, actions: read, issues: write }`, and the rep\
ository needs issues. `issues: false` does without.":"";return`${e}: ${t.why}.${r}`}var gT={limit:50,per_page:100},yT=20,YH=6e5,wT=4,ZH=["schedule","workflow_dispatch","push","repository_dispatch"],XH=700;
async function bT(e,t){let n=new gg(e,t),r=await n.listRuns(),o=0;for(let s of r){if(t.signal.aborted||n.isOver||o>0&&e.
requests>=(t.budget??XH))break;await n.readRun(s),o++}return n.result(o,r.length)}var gg=class{#e=[];#o=[];#s=[];#t=new Set;#l=new Set;#n;#i;#r;#a=!0;isOver=!1;constructor(t,n){
this.#n=t,this.#i=n.cache,this.#r=n}result(t,n){let r=[...this.#t];if(t<n&&this.#a&&r.push(`Only the newest ${t} of ${n}\
 runs were read: more would be too many requests. \`runs\` can ask for fewer, \`cache-dir\` saves most of them.`),this.#l.
size>0){let o=[...this.#l].slice(0,5).join(", ");r.push(`Jobs that succeeded and printed no report: ${o}. Set \`publish: \
log\` in the step that uses runner-check.`)}return{looks:this.#e,waiting:[...this.#o].sort((o,s)=>It(o.since,s.since)),rejected:this.#s,
notes:r,isComplete:this.#a}}async listRuns(){let t=await this.#c();if(t===void 0)return[];let{workflow:n,runs:r}=this.#r,
o=this.#n.system==="forgejo",s=o?["actions","runs"]:["actions","workflows",n,"runs"],i=[],a=0;for(let l=1;l<=yT&&i.length<
r;l++){let c={page:l,...gT,...o&&{workflow_id:n}},u=await this.#n.ask(this.#i,s,c),d=u.kind==="ok"?_o(u.data,"workflow_r\
uns"):void 0;if(u.kind!=="ok"||!d){this.#d(`The runs of \`${n}\` cannot be read`,u,pd);break}if(d.length===0)break;for(let f of d){
let p=sT(f,this.#n.repository);!p||p.isForeign||p.branch!==t||!ZH.includes(p.event)||i.length<r&&i.push(p)}if(a+=d.length,
a>=ug(u.data))break}return i.length===0&&this.#a&&this.#t.add(`The workflow \`${n}\` has no run on the branch ${t} that \
was scheduled or started by hand.`),i}async#c(){var r;let t=await this.#n.ask(this.#i,[]),n=t.kind==="ok"?(r=t.data)==null?
void 0:r.default_branch:void 0;if(typeof n=="string")return n;this.#d("The repository cannot be read",t,pd)}async readRun(t){
let n=await this.#u(t),r=[];for(let o of n)o.state==="waiting"||o.state==="canceled"&&o.runner===void 0&&this.#n.system!==
"forgejo"?this.#f(o):(o.state==="success"||o.state==="failure")&&r.push(o);for(let o=0;o<r.length;o+=wT){if(this.#r.signal.
aborted||this.isOver)return;await Promise.all(r.slice(o,o+wT).map(s=>this.#p(t,s))),await Ft()}}#f({labels:t,created:n,completed:r,
url:o}){if(t.length===0||n===void 0)return;let{now:s,maxAgeMs:i}=this.#r;Date.parse(r??s)-Date.parse(n)<YH||Date.parse(s)-
Date.parse(n)>i||this.#o.push({labels:t,since:n,...o!==void 0&&{url:o}})}async#u(t){let n=[];for(let r=1;r<=yT;r++){let o=await this.#n.
ask(this.#i,["actions","runs",t.id,"jobs"],{page:r,...gT}),s=o.kind==="ok"?_o(o.data,"jobs"):void 0;if(o.kind!=="ok"||!s){
this.#d(`The jobs of run ${t.id} cannot be read`,o,pd);break}for(let i of s){let a=iT(i);a&&n.push(a)}if(Array.isArray(o.
data)||s.length===0||n.length>=ug(o.data))break}return n}async#p(t,n){if(n.labels.length===0&&n.runner===void 0)return;let r=[
t.id,n.id,n.started??"",n.state].join(" "),o=this.#i.job(r)??await this.#m(t,n);if(o){o.isPassing||this.#i.keepJob(r,o);
for(let s of o.looks)this.#e.push(s);for(let s of o.rejected)this.#s.push({file:kT(t,n),reason:s});o.looks.length===0&&!o.
isPassing&&n.state==="success"&&this.#l.add(n.name)}}async#m(t,n){let r=n.started??n.created,s={name:n.runner??n.labels.
join(", "),labels:n.labels,...n.url!==void 0&&{url:n.url}},i=(m,y)=>n.state==="failure"&&r!==void 0?[{...this.#r.diagnose(
m,n.name),...s,at:r,...y!==void 0&&{why:y}}]:[],a=await this.#n.log(n.id);if(a.kind==="refused"&&[404,410,500].includes(
a.status)){let m=`The job ${n.name} failed, and the forge has no log (${a.why}).`;return{looks:i("",m),rejected:[`its lo\
g is gone: ${a.why}`],isPassing:!0}}if(a.kind!=="ok"){this.#d(`The log of ${kT(t,n)} cannot be read`,a,pd);return}let l={
repository:this.#n.repository,runId:t.id,...n.runner!==void 0&&{runner:n.runner}},{reports:c,after:u,rejected:d}=DE(a.text,
l),f={runner:0,job:0,unknown:0};for(let m of u)f[m]++;let p=c.map((m,y)=>({...Hs(m,{...s,at:r??m.started}),...y===0&&u.length>
0&&{after:f}})),h=a.isCut?["its log has more than 8 MiB; the rest was not read"]:[];return{looks:p.length>0?p:i(a.text),
rejected:[...d,...h]}}#d(t,n,r){this.#a=!1,n.kind==="ok"?this.#t.add(`${t}: the answer has another form.`):n.kind==="fai\
led"?(this.isOver=!0,this.#t.add(`${t}: ${n.why}.`)):this.#t.add(`${t}: ${n.why}.${n.status===403||n.status===401?` ${r}`:
n.status===404?` ${QH}`:""}`)}},pd="The job needs `permissions: { contents: read, actions: read }`.",QH="Either there is\
 no such workflow, or the forge is too old: runs, jobs and logs need Gitea 1.25 (tested: 1.27), Forgejo 16, or GitHub.";
function kT(e,t){return`job ${t.id} (${t.name}) of run ${e.id}`}var e3=1e4,t3=2;async function md(e,t,n,r){let o=Re(t);if(!o)return"it is not an http or https address";let s="";for(let i=1;i<=
t3&&!r.aborted;i++){let a=await we(e3,r,l=>e.request(n3(e,o,n,l)));if(a.kind==="answered"&&a.status>=200&&a.status<300)return;
if(a.kind==="answered"){if(s=`it answered with HTTP status ${a.status}`,a.status<500&&a.status!==429)return s}else s=a.kind===
"timed-out"?"it did not answer in time":`no connection (${a.code})`}return s===""?"the run ended first":s}function n3(e,t,{
method:n,path:r="",body:o,type:s,key:i},a){var d;let l=t.protocol==="https:",c=(d=Yo(e.env,t))==null?void 0:d.target,u=Gf(
t);return{to:{host:Ve(t),port:Number(t.port)||(l?443:80),...l&&{tls:{verify:!0}}},...c&&{proxy:c},method:n,path:r===""?`${t.
pathname}${t.search}`:`${t.pathname.replace(/\/+$/,"")}${r}${t.search}`,headers:{host:t.host,"user-agent":"runner-check",
...u!==void 0&&{authorization:u},...o!==void 0&&{"content-type":s??"application/json","content-length":String(Buffer.byteLength(
o))},...i!==void 0&&{"idempotency-key":i}},...o!==void 0&&{body:o},signal:a,maxBody:4096}}var vT=8;async function xT(e,t,n,r){return we(t.timeoutMs,r,o=>r3(e,t,n,o))}async function r3(e,t,n,r){let{policy:o,workspace:s,
now:i}=n,a=t.maxAgeMs??Vh(o),l=new Is,c=[],u=[],d=[],f=[],p=[],h=[],m,y=nT(e,t.token,r);if("why"in y)d.push(y.why);else{
m=t.issues?await hg(y):void 0;let{workflow:T,runs:M,cacheDir:q}=t,Ie=new ud(y.repository,await o3(e,q)),X=await bT(y,{workflow:T,
runs:M,cache:Ie,diagnose:n.diagnose,now:i,maxAgeMs:a,signal:r});q!==void 0&&X.isComplete&&await s3(e,q,Ie.toJson(),f);for(let De of i3(
X.looks,o))l.add(De);for(let De of X.rejected.slice(0,1e4))c.push(De);h=X.waiting;for(let De of X.notes)u.push(De);X.isComplete||
d.push("The forge could not be read completely, so nobody is told of changes.");let Ee=a3(e,s,t.workflow,X.looks,h,o);for(let De of await me(
Ee,()=>[]))p.push(De);for(let De of l3((m==null?void 0:m.all)??[],[...X.looks,...h]))p.push(De)}let w={add:T=>l.add(T),reject:T=>c.
push(T),now:i,signal:r};await ad(e,t.reports,w);let k=t.token===void 0?void 0:await c3(e,t.token,u,r),b=[t.notifyUrl,t.pingUrl,
t.pushUrl].filter(T=>T!==void 0),R={looks:l,policy:o,workspace:s,now:i,maxAgeMs:a,rejected:c,notes:u,expected:p,waiting:h,
secrets:b,...k&&{listed:k.runners,isListComplete:k.isComplete}},S=await Ju(e,R,r);if(r.aborted&&d.push("The time is over\
: what is missing was not read, and nobody is told of changes."),d.length>0)return{fleet:S,errors:d,warnings:f,done:[]};
let j=[],P=async T=>{if(t.notifyUrl===void 0)return!0;let M=JSON.stringify({version:1,repository:e.env.GITHUB_REPOSITORY??
"",...T,verdict:S.verdict}),q=await md(e,t.notifyUrl,{method:"POST",body:M,key:T.id},r);return q!==void 0&&f.push(`\`noti\
fy-url\` was not told of ${T.name}: ${q}.`),q===void 0};if(m&&!("why"in y)){let T=await pT(y,S,m,P);for(let M of T.troubles)
f.push(M);for(let M of T.done)j.push(M)}else for(let T of S.changes)await P(u3(T,S));if(t.pushUrl!==void 0&&await d3(e,t.
pushUrl,S,f,r),t.pingUrl!==void 0&&f.length===0){let T=await md(e,t.pingUrl,{method:"GET"},r);T!==void 0&&f.push(`\`ping-\
url\` was not reached: ${T}.`)}return{fleet:S,errors:d,warnings:f,done:j}}async function o3(e,t){if(t===void 0)return;let n=`${t}\
/${dd}`,r=await e.lstat(n);if(r.kind!=="file"||r.size>ig)return;let o=await e.readText(n,r.size);return o.kind==="ok"?o.
value:void 0}async function s3(e,t,n,r){try{await e.reach(t),_u(t,dd,n)}catch(o){r.push(Ey(`${t}/${dd}`,o))}}function i3(e,t){
let n=({name:o,labels:s})=>JSON.stringify([o,An(s)]),r=new Map(e.flatMap(o=>o.profile===void 0?[]:[[n(o),o.profile]]));return e.
map(o=>{if(o.profile!==void 0)return o;let s=Rl(t).find(a=>Ko(a,t).some(l=>o.labels.includes(l))),i=r.get(n(o))??s;return i===
void 0?o:{...o,profile:i}})}async function a3(e,t,n,r,o,s){var c;let i=new Set([...r,...o].map(({labels:u})=>An(u))),a=((c=
s==null?void 0:s.source.fleet)==null?void 0:c.runners)??[];return(await rE(e,t,ns(e.env),n)).flatMap(u=>{let d=a.some(({
profile:f=""})=>Ko(f,s).some(p=>u.includes(p)));return u.length===0||i.has(An(u))||d?[]:[{name:u.join(", "),by:`the matr\
ix of \`${n}\` names this label`}]})}function l3(e,t){let n=new Set(t.map(({labels:r})=>r.join(", ")));return e.flatMap(
({isOpen:r,name:o,profile:s})=>!r||s===void 0&&n.has(o)?[]:[{name:o,...s!==void 0&&{profile:s},by:"an open issue is abou\
t this runner"}])}async function c3(e,t,n,r){let o=await Uu(e,t,r,["repository","organization","instance"]);if(o&&o.scopes.
length>0){let s=({online:l,disabled:c})=>Number(l&&!c),i=[...o.runners].sort((l,c)=>s(l)-s(c));return{runners:new Map(i.
map(l=>[l.name,l])),isComplete:o.complete}}n.push("The token may not list runners, so it is not known which are offline,\
 disabled or busy. The token of an owner can: see docs/fleet.md.")}function u3({name:e,profile:t,before:n,now:r,came:o,went:s},i){
var c;let a=i.runners.find(u=>u.name===e&&u.profile===t),l=(c=a==null?void 0:a.history[a.history.length-1])==null?void 0:
c.at;return{id:jr(JSON.stringify([e,t,n,r,o,s,l])),name:e,...t!==void 0&&{profile:t},...n!==void 0&&{before:n},now:r,came:o,
went:s,...(a==null?void 0:a.why)!==void 0&&{why:a.why},...(a==null?void 0:a.url)!==void 0&&{url:a.url}}}async function d3(e,t,n,r,o){
let s=dE(n);for(let i=0;i<s.length;i+=vT){let a=s.slice(i,i+vT).map(({path:c,text:u})=>md(e,t,{method:"PUT",path:c,body:u,
type:"text/plain; version=0.0.4; charset=utf-8"},o)),l=(await Promise.all(a)).find(c=>c!==void 0);if(l!==void 0){r.push(
`\`push-url\` did not take the metrics: ${l}.`);return}}}var Jt={kind:"unknown"},Nn=e=>({kind:"constant",value:e}),f3=4e3;function bg(e,t){var o;let n=e.trim();if(n==="")return!0;
if(n.length>f3)return;let r=((o=/^\$\{\{([\s\S]*)\}\}$/.exec(n))==null?void 0:o[1])??n;if(!r.includes("${{"))try{let s=new wg(
p3(r),t);return Lr(s.parse())}catch(s){if(s instanceof In)return;throw s}}var In=class extends Error{},yg=/\s*(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?(?![\w.]))|([A-Za-z_][\w-]*)|(&&|\|\||==|!=|<=|>=|[!<>()[\].,*]))/y;
function p3(e){let t=[];for(yg.lastIndex=0;yg.lastIndex<e.trimEnd().length;){let n=yg.exec(e);if(!n)throw new In;let[,r,
o,s,i]=n;r!==void 0?t.push({kind:"text",text:r.split("''").join("'")}):o!==void 0?t.push({kind:"number",value:Number(o)}):
s!==void 0?t.push({kind:"name",text:s}):t.push({kind:"sign",text:i??""})}return t}var wg=class{at=0;depth=0;tokens;contexts;constructor(t,n){
this.tokens=t,this.contexts=n}parse(){let t=this.either();if(this.at<this.tokens.length)throw new In;return t}either(){let t=this.
both();for(;this.takes("||");)t=h3(t,this.both());return t}both(){let t=this.compared();for(;this.takes("&&");)t=m3(t,this.
compared());return t}compared(){let t=this.unary();for(;;)if(this.takes("=="))t=hd(kg(t,this.unary()));else if(this.takes(
"!="))t=ST(hd(kg(t,this.unary())));else if(["<","<=",">",">="].some(n=>this.takes(n)))this.unary(),t=Jt;else return t}unary(){
if(++this.depth>200)throw new In;let t=this.takes("!")?ST(this.unary()):this.primary();return this.depth--,t}primary(){let t=this.
tokens[this.at++];if(!t)throw new In;if(t.kind==="text")return Nn(t.text);if(t.kind==="number")return Nn(t.value);if(t.kind===
"sign"){if(t.text!=="(")throw new In;let r=this.either();return this.expect(")"),r}let n=t.text.toLowerCase();return n===
"true"||n==="false"?Nn(n==="true"):n==="null"?Nn(null):this.takes("(")?this.call(n):this.context(n)}call(t){let n=[];if(!this.
takes(")")){do n.push(this.either());while(this.takes(","));this.expect(")")}let[r=Jt,o=Jt]=n;switch(t){case"always":case"\
success":return Nn(!0);case"contains":return hd(y3(r,o));case"startswith":return hd(w3(r,o));case"fromjson":return k3(r);default:
return Jt}}context(t){let n=/^(?:gitea|forge|forgejo)$/.test(t)?"github":t;for(;;)if(this.takes(".")){let r=this.tokens[this.
at++];if((r==null?void 0:r.kind)==="name")n+=`.${r.text.toLowerCase()}`;else if((r==null?void 0:r.kind)==="sign"&&r.text===
"*")n+=".*";else throw new In}else if(this.takes("[")){let r=this.either();this.expect("]"),n+=r.kind==="constant"?`.${String(
r.value).toLowerCase()}`:".?"}else return this.contexts(n)??Jt}takes(t){let n=this.tokens[this.at];return(n==null?void 0:
n.kind)!=="sign"||n.text!==t?!1:(this.at++,!0)}expect(t){if(!this.takes(t))throw new In}};function hd(e){return e===void 0?
Jt:Nn(e)}function Lr(e){if(e.kind!=="unknown")return e.kind!=="constant"||!(e.value===null||e.value===""||e.value===0||e.
value===!1)}function ST(e){let t=Lr(e);return t===void 0?Jt:Nn(!t)}function m3(e,t){return Lr(e)===!1?e:Lr(e)===!0?t:Lr(
t)===!1?Nn(!1):Jt}function h3(e,t){return Lr(e)===!0?e:Lr(e)===!1?t:Lr(t)===!0?Nn(!0):Jt}function Ka(e){return e.kind===
"constant"?String(e.value??"").toLowerCase():void 0}function kg(e,t){if(e.kind==="unknown"||t.kind==="unknown")return;if(e.
kind==="own"&&t.kind==="own")return e.tag===t.tag;if(e.kind==="ours"&&t.kind==="ours")return e.tag===t.tag||void 0;if(e.
kind==="constant"&&t.kind==="constant")return g3(e.value,t.value);let[n,r]=e.kind==="constant"?[e,t]:[t,e],o=Ka(n);if(o===
void 0)return e.kind==="own"||t.kind==="own"?!1:void 0;switch(r.kind){case"own":return!1;case"beginning":return o.startsWith(
r.text)?void 0:!1;case"among":return r.texts.includes(o)?r.texts.length===1?!0:void 0:!1;default:return}}function g3(e,t){
if(typeof e=="string"&&typeof t=="string")return e.toLowerCase()===t.toLowerCase();if(typeof e==typeof t||e===null||t===
null)return e===t;let[n,r]=[Number(e),Number(t)];return Number.isNaN(n)||Number.isNaN(r)?!1:n===r}function y3(e,t){if(e.
kind==="kept")return!1;if(e.kind==="list"){let o=e.items.map(s=>kg(s,t));return o.includes(!0)?!0:o.includes(void 0)?void 0:
!1}let[n,r]=[Ka(e),Ka(t)];return n===void 0||r===void 0?void 0:n.includes(r)}function w3(e,t){let n=Ka(t);if(n===void 0)
return;let r=Ka(e);if(r!==void 0)return r.startsWith(n);if(e.kind==="beginning")return e.text.startsWith(n)?!0:n.startsWith(
e.text)?void 0:!1}function k3(e){if(e.kind!=="constant"||typeof e.value!="string")return Jt;try{return $T(JSON.parse(e.value))}catch{
return Jt}}function $T(e){return Array.isArray(e)?{kind:"list",items:e.map($T)}:e===null||["string","number","boolean"].
includes(typeof e)?Nn(e):Jt}var gd={pull_request:{code:"theirs",secrets:!1},pull_request_target:{code:"base",secrets:!0},issue_comment:{code:"base",
secrets:!0},issues:{code:"base",secrets:!0},pull_request_comment:{code:"base",secrets:!0},pull_request_review:{code:"the\
irs",secrets:!1},pull_request_review_comment:{code:"theirs",secrets:!1},discussion:{code:"base",secrets:!0},discussion_comment:{
code:"base",secrets:!0},fork:{code:"base",secrets:!0},watch:{code:"base",secrets:!0},workflow_run:{code:"base",secrets:!0}},
RT=new Set(["labeled","unlabeled","assigned","unassigned","milestoned","demilestoned","locked","unlocked","label_updated",
"label_cleared","assign","unassign","pinned","unpinned","transferred"]);function ET({triggers:e,events:t}){return(e??t.map(
r=>({event:r,line:1,column:1}))).filter(r=>{let{event:o,types:s}=r;return Object.keys(gd).includes(o)&&!(s&&s.length>0&&
s.every(i=>RT.has(i)))})}function yd(e,t,n,r=[]){return t.condition!==void 0&&bg(t.condition,TT(n))===!1?!1:/\b(?:always|cancel+ed|failure)\s*\(/i.
test(t.condition??"")?!0:(t.needs??[]).every(o=>{let s=e.jobs.find(i=>i.id===o);return!s||r.includes(o)||yd(e,s,n,[...r,
t.id])})}function xg(e,t){let n=(e.conditionalSecrets??[]).filter(({condition:r})=>bg(r,TT(t))!==!1);return[...new Set([
...e.secrets,...n.flatMap(({secrets:r})=>r)])]}var dn={kind:"own",tag:"person"},vg={kind:"own",tag:"repository"},Va={kind:"\
ours",tag:"repository"},b3={kind:"constant",value:!1},v3={"github.actor":dn,"github.triggering_actor":dn,"github.event.s\
ender.login":dn,"github.event.pull_request.user.login":dn,"github.event.issue.user.login":dn,"github.event.comment.user.\
login":dn,"github.event.review.user.login":dn,"github.event.pull_request.head.user.login":dn,"github.event.pull_request.\
head.repo.owner.login":dn,"github.event.pull_request.head.repo.full_name":vg,"github.event.pull_request.head.repo.id":vg,
"github.event.pull_request.head.repo.fork":{kind:"constant",value:!0},"github.event.workflow_run.head_repository.full_na\
me":vg,"github.event.pull_request.base.repo.full_name":Va,"github.event.pull_request.base.repo.id":Va,"github.repository":Va,
"github.repository_owner":{kind:"ours",tag:"owner"},"github.event.workflow_run.event":{kind:"among",texts:["pull_request",
"pull_request_target","issue_comment"]},"github.event.repository.full_name":Va,"github.event.repository.id":Va,"github.e\
vent.pull_request.merged":b3,"github.event.pull_request.merged_at":{kind:"constant",value:null},"github.event.pull_reque\
st.labels":{kind:"kept"},"github.event.pull_request.labels.*.name":{kind:"kept"},"github.event.issue.labels":{kind:"kept"},
"github.event.issue.labels.*.name":{kind:"kept"},"github.event.label.name":dn},x3={kind:"among",texts:["none","contribut\
or","first_time_contributor","first_timer","mannequin"]};function TT({event:e,types:t=[]}){let n=e==="pull_request"||e.startsWith(
"pull_request_review");return r=>{var o;if(r==="github.event_name")return{kind:"constant",value:e};if(r.endsWith(".autho\
r_association"))return x3;if(r==="github.event.action"&&n){let s=t.filter(i=>!RT.has(i));return{kind:"among",texts:t.length>
0?s:["opened","synchronize","synchronized","reopened"]}}return r==="github.ref"&&n?{kind:"beginning",text:"refs/pull/"}:
r==="github.ref_type"&&n?{kind:"constant",value:"branch"}:r==="github.ref_name"&&n?{kind:"own",tag:"ref"}:r==="github.ev\
ent.pull_request"?e.startsWith("pull_request")?dn:{kind:"constant",value:null}:(o=Object.getOwnPropertyDescriptor(v3,r))==
null?void 0:o.value}}function wd(e,t){let n=new Map(t.map(a=>[a.label,a.powers])),r=[...new Set(t.flatMap(({powers:a})=>a))],o=[],s=new Set;for(let a of e)
for(let l of ET(a))for(let c of a.jobs)if(!yd(a,c,l))s.add(`${a.path}: ${c.id}`);else for(let u of S3(e,a,c,l))for(let d of $3(
u,a,l,n,r))o.push(d);let i=new Set(o.map(({file:a,job:l})=>`${a}: ${l}`));return{rows:o,closed:[...s].filter(a=>!i.has(a))}}
function S3(e,t,n,r){let o=xg(n,r);if(n.uses===void 0)return[{file:t,job:n,name:n.id,secrets:o}];let s=n.uses.replace(/^\.\//,
"").replace(/@.*$/,""),i=e.find(a=>a!==t&&(a.path===s||a.path.endsWith(`/${s}`)));return i?i.jobs.filter(a=>yd(i,a,r)).map(
a=>{let l=xg(a,r),c=o.includes("inherit")?l:o.length>0?l.slice(0,o.length):[];return{file:i,job:a,name:`${n.id} / ${a.id}`,
secrets:c}}):[{file:t,job:n,name:n.id,secrets:o}]}function $3({file:e,job:t,name:n,secrets:r},o,s,i,a){let{event:l,line:c,
column:u}=s,d={event:l,file:o.path,line:c,column:u,job:n,code:gd[l].code,secrets:r,token:gd[l].secrets?t.token??"default":
"read",...t.environment!==void 0&&{environment:t.environment},hasCondition:t.condition!==void 0},f={file:e.path,line:t.line,
column:t.column};if(t.withoutRunsOn)return[{...d,label:"any runner",labelAt:f,powers:a}];let p=new Map(t.wants.flat().map(
h=>[h.text,h]));return p.size===0?[{...d,label:void 0,labelAt:f,powers:void 0}]:[...p.values()].map(h=>({...d,label:h.text,
labelAt:{file:e.path,line:h.line,column:h.column},powers:i.get(h.text)}))}var AT={$schema:"./create-flags.schema.json",source:"docker_create_flags.go and docker_cli.go in act/container of the ru\
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
/workspace"}}};var Io=AT.flags,E3=Object.fromEntries(Object.entries(Io).flatMap(([e,{short:t}])=>t?[[t,e]]:[]));function _T(e){return D(
E3,e)}function kd(e){return/^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/.test(e)}var T3={ns:1e-9,us:1e-6,\u00B5s:1e-6,
\u03BCs:1e-6,ms:.001,s:1,m:60,h:3600};function bd(e){if(!kd(e))return;let n=[...e.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g)].
reduce((r,[,o,s])=>r+Number(o)*(T3[s??""]??0),0);return e.startsWith("-")?-n:n}function sr(e){if(!/^[+-]?[\d.]/.test(e))
return;let t=e.replace(/_/g,""),n=/^[+-]?0[0-7]+$/.test(t)?Number.parseInt(t,8):/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.
test(t)||/^0(?:x[\da-fA-F]+|o[0-7]+|b[01]+)$/.test(t)?Math.trunc(Number(t)):Number.NaN;return Math.abs(n)<2**63?n:void 0}
function A3(e,t){return/^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|y|Y|n|N)$/.test(e)?!0:t&&/^(?:true|True|TRUE|false|False|FALSE)$/.
test(e)}function _3(e){return/^\s*\d+(?:\.\d*)?\s*[kmgtpKMGTP]?[iI]?[bB]?\s*$/.test(e)}function vd({text:e,plain:t},n){switch(n){case"\
flag":return A3(e,t);case"number":return t&&sr(e)!==void 0;case"port":{let r=t?sr(e):void 0;return r!==void 0&&r>=0&&r<=
65535}case"duration":return(t||e!=="0")&&kd(e)&&!(t&&sr(e)!==void 0);case"size":return _3(e);default:return!0}}function PT(e){let t=Ar(e);if(t.kind==="unterminated")return{flags:[],problem:t};let n=[],{words:r}=t;for(let o=0;o<r.length;o++){
let s=r[o];if(!s||s.text==="--")break;if(!s.text.startsWith("-")||s.text==="-")continue;let a=s.text.startsWith("--")?O3(
s.text,s.offset,r[o+1]):P3(s.text,s.offset,r[o+1]);for(let l of a.flags)n.push(l);if(a.problem)return{flags:n,problem:a.
problem};a.tookNext&&o++}return{flags:n}}function O3(e,t,n){let r=e.indexOf("="),o=r<0?e.slice(2):e.slice(2,r),s=D(Io,o);
if(!s){let i=ye(o,Object.keys(Io)),a={kind:"unknown",flag:`--${o}`,meant:i&&`--${i}`,offset:t};return{flags:[],tookNext:!1,
problem:a}}return r>=0?No(o,`--${o}`,e.slice(r+1),t,t+r+1,!1):s.type==="flag"?No(o,`--${o}`,void 0,t,t,!1):n?No(o,`--${o}`,
n.text,t,n.offset,!0):{flags:[],tookNext:!1,problem:{kind:"no-value",flag:`--${o}`,offset:t}}}function P3(e,t,n){let r=[];
for(let o=1;o<e.length;o++){let s=e[o]??"",i=_T(s),a=i===void 0?void 0:Io[i];if(i===void 0||!a){let c=e.slice(1).split("\
=")[0]??"",u=c.length>2?ye(c,Object.keys(Io)):void 0,f={kind:"unknown",flag:u?`-${c}`:`-${s}`,meant:u&&`--${u}`,offset:t};
return{flags:r,tookNext:!1,problem:f}}let l=e.slice(o+1);if(l.startsWith("="))return Sg(r,No(i,`-${s}`,l.slice(1),t,t+o+
2,!1));if(a.type==="flag"){r.push(...No(i,`-${s}`,void 0,t,t,!1).flags);continue}return l!==""?Sg(r,No(i,`-${s}`,l,t,t+o+
1,!1)):n?Sg(r,No(i,`-${s}`,n.text,t,n.offset,!0)):{flags:r,tookNext:!1,problem:{kind:"no-value",flag:`-${s}`,offset:t}}}
return{flags:r,tookNext:!1}}function Sg(e,t){return{...t,flags:[...e,...t.flags]}}function No(e,t,n,r,o,s){let i=Io[e],a=n===
void 0||!i?void 0:I3(i,n);if(n!==void 0&&a!==void 0)return{flags:[],tookNext:s,problem:{kind:"bad-value",flag:t,value:n,
expected:a,offset:o}};let{since:l,reachesHost:c}=i??{},u={...l!==void 0&&{since:l},...c&&{reachesHost:c}};return{flags:[
{name:e,written:t,value:n,offset:r,valueOffset:o,...u}],tookNext:s}}function I3(e,t){if(e.pattern!==void 0)return N3(e).
test(t)?void 0:e.expected;switch(e.type){case"flag":return/^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(t)?void 0:
"`true` or `false`";case"number":return/^[+-]?(?:0[xob])?[\d_a-fA-F]+$/.test(t)&&/\d/.test(t)?void 0:"a whole number";case"\
bytes":return/^\d+(?:\.\d*)? ?(?:[kmgtpKMGTP]?[iI]?[bB]?)$/.test(t)?void 0:"a size such as `8g` or `512m`";case"duration":
return kd(t)?void 0:"a duration such as `30s` or `1m30s`";default:return}}var OT=new Map;function N3(e){let t=OT.get(e)??
new RegExp(e.pattern??"",e.ignoreCase?"i":"");return OT.set(e,t),t}function za(e){return e.value===void 0||/^(?:1|t|T|TRUE|true|True)$/.
test(e.value)}var Ct="/var/run/docker.sock";function xd(e){return e.flatMap(t=>t.value===void 0?[]:t.name==="volume"?C3(t.value,t.valueOffset):
t.name==="mount"?j3(t.value,t.valueOffset):[])}function C3(e,t){let[n="",r,o,...s]=e.split(":");return n===""||r===""||o===
""||s.length>0?[]:r===void 0?[{source:"",target:n,type:"volume",offset:t}]:[{source:n,target:r,type:L3(n)?"bind":"volume",
offset:t}]}function j3(e,t){let n=new Map;for(let s of e.split(",")){let i=s.indexOf("=");i>0&&n.set(s.slice(0,i).toLowerCase(),
s.slice(i+1))}let r=n.get("target")??n.get("destination")??n.get("dst"),o=n.get("type")??"volume";return r===void 0||o!==
"bind"&&o!=="volume"?[]:[{source:n.get("source")??n.get("src")??"",target:r,type:o,offset:t}]}function L3(e){return/^[./~]/.
test(e)}function Ja(e,t,n){if(e.source===""||t.includes("**"))return!0;let r=o=>e.type==="bind"?Ya(o):o;return t.filter(
o=>F3(o)===(e.type==="bind")).flatMap(o=>n&&o.endsWith("/**")?[o,o.slice(0,-3)]:[o]).some(o=>CR(r(o),r(e.source),n))}function F3(e){
return e.includes("/")||e.includes("\\")}function Ya(e){let t=[];for(let r of e.split("/"))r===""||r==="."||(r===".."?t.
pop():t.push(r));let n=`${e.startsWith("/")?"/":""}${t.join("/")}`;return n==="/var/run"||n.startsWith("/var/run/")?n.slice(
4):n}function Za(e){var t;return(t=/^([./~][^:]*|[\w.-]{2,}):\/[^:]*(?::[\w,]+)?$/.exec(e))==null?void 0:t[1]}function M3(e){var n;let t=K((n=e.config)==null?void 0:n.root,"container","docker_host");return t!==""||e.system==="forg\
ejo"?t:Nr(e,"DOCKER_HOST")??""}function Sd(e){let t=M3(e),n=e.system==="forgejo";if(t==="-")return{kind:"none",because:'\
`container.docker_host` is `"-"`'};if(t==="")return n?{kind:"none",because:"Forgejo's runner mounts no socket unless `co\
ntainer.docker_host` says so"}:{kind:"mounted",source:Ct,assumed:!0};if(t==="automount")return{kind:"mounted",source:Ct,
assumed:!0};let[r="",o]=t.split("://");return o===void 0?{kind:"mounted",source:t,assumed:!1}:/^unix$/i.test(r)?{kind:"m\
ounted",source:o,assumed:!1}:/^npipe$/i.test(r)?{kind:"mounted",source:Ct,assumed:!1}:{kind:"none",because:`the runner c\
onnects to the daemon by \`${r}://\`, which cannot be mounted`}}function Co(e){var n;let t=H((n=e.config)==null?void 0:n.
root,"container","options");return{scalar:t,options:t?PT(t.text):{flags:[]}}}function Zs(e){var t;return On((t=e.config)==
null?void 0:t.root,"container","privileged")}function IT(e){let t=e.value??"";switch(e.name){case"gpus":return!0;case"de\
vice":return/nvidia|\/dev\/(?:dri|kfd)|gpu/i.test(t);case"runtime":return t==="nvidia";case"env":return t.startsWith("NV\
IDIA_VISIBLE_DEVICES");case"privileged":return za(e);default:return!1}}function $d(e,t){return Ue("gpu-option-dropped",e,
t)&&uc(Kn("gpu-option-dropped"))}function Xs(e,t=[]){let n=[...D3(e),...t.flatMap(({runners:o})=>o.flatMap(q3))],r=new Map;for(let o of n){let s=r.get(o.
label);r.set(o.label,s?{...s,powers:[...new Set([...s.powers,...o.powers])]}:o)}return[...r.values()]}function D3(e){return un(
e).flatMap(t=>{var o,s;let n=((o=t.config)==null?void 0:o.path)??((s=t.registration)==null?void 0:s.path)??"",r=t.config?
Sd(t).kind:"unknown";return Fs(t).map(({label:i})=>{let a=[];return i.kind==="docker"&&r==="mounted"&&a.push("socket"),i.
kind==="docker"&&Zs(t)&&a.push("privileged"),i.kind==="host"&&a.push("host"),i.kind==="host"&&t.config&&Vt(t)==="yes"&&a.
push("socket"),{label:i.name,powers:a,file:n}})})}var U3=["ubuntu-latest","ubuntu-24.04","ubuntu-22.04"].map(e=>`${e}:do\
cker://docker.gitea.com/runner-images:${e}`);function q3(e){let t=xu(e).map(({text:r})=>r);return(t.length>0||e.system===
"forgejo"?t:U3).flatMap(r=>{let o=at(r,e.system);if(o.kind!=="label")return[];let{name:s,kind:i}=o.label;return[{label:s,
powers:G3(e,i),file:e.service.place.file}]})}function G3(e,t){if(t==="host")return va(e)?["runner-container","socket"]:[
"runner-container"];if(t!=="docker")return[];let n=rt(e,["container","docker_host"],"docker-host"),r=/^(?:true|yes|on|y)$/i.
test(rt(e,["container","privileged"],"privileged")??""),o=_r(e).kind,i=/^(?:automount|unix:|\/)/.test(n??"-")||n===""&&e.
system==="gitea";return[...i&&o==="machine"?["socket"]:[],...i&&o==="own"?["nested-socket"]:[],...r?["privileged"]:[]]}function $g(e,t,n){return n.skip.some(r=>Xt(r,e))?!0:Object.entries(n.severity).some(([r,o])=>o==="off"&&zr(r,e,t))}var NT="Looks at jobs of `pull_request` and `pull_request_target` that strangers can start: do they run where the Docker\
 socket is, and do they use secrets? A job is fine if its condition keeps strangers out: `github.event_name == 'push'`, \
a comparison of the head repository with `github.repository`, of the actor with a name, a label that only maintainers se\
t. The configuration of the runner (`runner-config`) tells which labels have the socket. `runner-check lint --posture` s\
hows every way of a stranger to a runner.",Rd={"untrusted-socket":{level:"warn",title:"Pull requests get the Docker sock\
et and secrets",headline:({job:e})=>E("Pull requests give ",e," the socket and secrets"),why:({event:e})=>e==="pull_requ\
est"?"Anyone who opens a pull request decides what the job does. A fork gets no secrets of its own; with the socket, its\
 code is root on the runner and reads those of every other job there.":"Anyone who opens a pull request starts the job, \
and decides what it does if the job checks the pull request out. With the socket, that code is root on the runner and re\
ads the secrets of this job and of every other one there.",expected:"jobs of pull requests without secrets, or on a runn\
er without the socket",tell:({job:e,label:t,access:n,secrets:r,event:o,opened:s,file:i,hasCondition:a})=>({what:`The job\
 ${g(e)} runs for ${g(o)} (${s}) on ${g(t)}, ${n==="mounted"?"which mounts the Docker socket":"on a machine whose Docker\
 socket it can use"}, and uses ${W3(r)}.`,fix:{text:`Build pull requests ${n==="host"?"in containers, ":""}on a runner w\
hose \`container.docker_host\` is \`"-"\`, and keep jobs that need secrets for \`push\`.`,config:{file:"config.yaml",language:"\
yaml",text:`container:
  docker_host: "-"`},kind:"workflow",otherwise:{text:`Keep pull requests of forks out of the job${a?" with the condition\
 `github.event.pull_request.head.repo.full_name == github.repository`":""}.`,...!a&&/^[A-Za-z_][\w-]*$/.test(e)&&{config:{
file:i,language:"yaml",text:`jobs:
  ${e}:
    if: github.event_name != '${o}' || github.event.pull_request.head.repo.full_name == github.repository`}},kind:"workf\
low"}}})}};function W3(e){return e.includes("inherit")?"all secrets":`the ${e.length===1?"secret":"secrets"} ${Q(e.slice(
0,5).map(g))}`}var Ed={id:"workflow/untrusted-socket",title:"No job of pull requests has both the Docker socket and secrets",intro:NT,reasons:Rd,
needs:{workflows:Wu,config:qs},after:["config/syntax"],judge({workflows:e,config:t},n){if(e.files.length===0)return{kind:"\
skip",reason:"not-applicable",message:"No workflows were named."};let r=Xs(t),o=CT(r);if(o.size===0)return{kind:"skip",reason:"\
not-applicable",message:"No configuration names a label whose jobs have the Docker socket."};let s=Rg(e.files,r),i="No j\
ob of pull requests has both the socket and secrets.",a=s.length===0?Hu(e,"secrets"):void 0,l=Bu(e.files),c={source:"lab\
els whose jobs have the socket",text:[...o.keys()].slice(0,20).join(", ")};return a?$g("workflow/runs-on","undecided",n)?
a:{kind:"skip",reason:"needs:workflow/runs-on",message:a.message}:Gs(Rd,s,i,l.length===0?[]:[...l,c],"The workflows have\
 no jobs.")}};function CT(e){let t=e.filter(({powers:n})=>n.includes("socket"));return new Map(t.map(({label:n,powers:r})=>[
n,r.includes("host")||r.includes("runner-container")?"host":"mounted"]))}function Rg(e,t){let n=CT(t),{rows:r}=wd(e,t),o=new Map;
for(let s of r){let i=n.get(s.label??"");if(!H3(s)||s.label===void 0||i===void 0||s.secrets.length===0)continue;let a=[s.
labelAt.file,s.labelAt.line,s.job].join();o.has(a)||o.set(a,B3(s,s.label,i))}return[...o.values()]}function H3({event:e}){
return e==="pull_request"||e==="pull_request_target"}function B3(e,t,n){let{job:r,secrets:o,event:s,file:i,line:a,labelAt:l,
hasCondition:c}=e,u={job:r,label:t,access:n,secrets:o,event:s,opened:`${i}:${a}`,file:l.file,hasCondition:c},d=O(L(l.file,
l),`\`${t}\` with ${o.slice(0,5).join(", ")}`);return v(Rd,"untrusted-socket",u,d)}var LT="Looks at the cache server: whether jobs can reach it, and whether its secret is kept.",FT="/etc/gitea-runner/cac\
he-secret",jT=e=>V(e,`cache:
  external_secret_file: ${FT}`),Qs={"host-unspecified":{level:"fail",title:"Jobs cannot connect to the address of the ca\
che server",headline:({host:e})=>E("Jobs cannot connect to the cache server at ",e),why:"The runner tells jobs to connec\
t to this address; it is not the address that the server listens on. Each `actions/cache` step waits for its timeout and\
 continues without a cache.",expected:"an address of the runner that job containers can reach, or nothing",tell:({file:e,
host:t})=>({what:`\`cache.host\` is ${g(t)}, which no job can connect to.`,fix:{text:"Leave it empty: the runner then fi\
nds its own address. If the runner is a container, name an address that jobs can reach, and publish a fixed `cache.port`\
.",config:V(e,`cache:
  host: ""`),kind:"runner"}})},"external-without-secret":{level:"fail",title:"The external cache server has no secret",headline:({
server:e})=>E("No secret for the cache server ",e),why:({versions:e})=>`The runner exits at startup with \`cache.external\
_server is set but no shared secret is configured\` and takes no job.${vn(e)}`,expected:({knowsSecretFile:e})=>e?"the ca\
che server's secret in `cache.external_secret_file` (2.3.0 and later) or `cache.external_secret`":"the cache server's se\
cret in `cache.external_secret`",tell:({file:e,server:t,knowsSecretFile:n,user:r})=>({what:`\`cache.external_server\` is ${g(
t)}, but the configuration has no secret for it.`,fix:n?{text:"Create a secret once, and name its file on the cache serv\
er and on every runner that uses it.",config:jT(e),commands:[`openssl rand -hex 32 | sudo install -m 600 -o ${G(r??"gite\
a-runner")} /dev/stdin ${FT}`],kind:"runner"}:{text:`Write the cache server's secret to \`cache.external_secret\`, and let\
 only the runner's user read the file.${Ss(r)}`,commands:Eg(e,r),kind:"runner"}})},"secret-in-file":{level:"warn",title:"\
Every user can read the secret of the cache",headline:({key:e})=>e.endsWith(".token")?"Every user can read the token of \
a connection":"Every user can read the secret of the cache",why:({key:e})=>e.endsWith(".token")?"Anyone with the token c\
an impersonate this runner and receive its jobs and their secrets.":"Anyone with the secret can read and replace what ot\
her repositories keep in the cache, and put code into their builds.",expected:({knowsSecretFile:e})=>e?"`cache.external_\
secret_file`, or a file that only the runner can read":"a file that only the runner can read",tell:({file:e,key:t,mode:n,
knowsSecretFile:r,user:o})=>({what:`${g(t)} is in ${g(e)}, which every user of the machine can read (mode ${cr(n)}).`,fix:r?
{text:"Move the secret to a file that only the runner's user can read, and name that file (2.3.0 and later).",config:jT(
e),kind:"runner",otherwise:{text:`Let only the runner's user read the configuration.${Ss(o)}`,commands:Eg(e,o),kind:"hos\
t"}}:{text:`Let only the runner's user read the configuration.${Ss(o)}`,commands:Eg(e,o),kind:"host"}})}};function Eg(e,t){
let n=ut(e);return[...t===void 0?[]:[`sudo chown ${lr(t)} ${n}`],`sudo chmod o-rwx ${n}`]}var MT={id:"config/cache",title:"Jobs can use the cache server, and its secret is kept",intro:LT,reasons:Qs,subject:Ze,fine:"\
jobs can reach the cache server, and its secret is kept",find(e,t){let{config:n}=e;if(!(n!=null&&n.root))return[];let o=H(
n.root,"cache","enabled")!==void 0&&!On(n.root,"cache","enabled");return[...Y3(e,n),...o?[]:[...K3(e,n),...z3(e,n,t)],...J3(
e,n,t)]}};function K3(e,t){let n=H(t.root,"cache","host"),r=Vt(e)==="yes"&&K(t.root,"container","network")!=="host";if(!n||
!V3(n.text,r))return[];let o={file:t.path,host:n.text};return[v(Qs,"host-unspecified",o,O(L(t.path,n),`\`${n.text}\``))]}
function V3(e,t){let n=e.trim().replace(/^\[|\]$/g,"");return/^(?:0\.0\.0\.0|::|0|0:0:0:0:0:0:0:0)$/.test(n)?!0:t&&/^(?:localhost|127(?:\.\d+){1,3}|::1)$/i.
test(n)}function z3(e,t,n){let r=H(t.root,"cache","external_server"),o=Ue("external-cache-needs-secret",e,n);if(!(r!=null&&
r.text)||!o)return[];let s=Ue("external-secret-file",e,n)!==void 0;if(s&&K(t.root,"cache","external_secret_file")!==""||
K(t.root,"cache","external_secret")!=="")return[];let a={file:t.path,server:r.text,knowsSecretFile:s,versions:o.versions,
user:To(e)};return[v(Qs,"external-without-secret",a,O(L(t.path,r),"no secret"))]}function J3(e,t,n){let r=e.system==="gi\
tea"?"external_secret":"secret",o=U(t.root,"cache",r),s=(t.mode&4)!==0;if(!o||!s||K(t.root,"cache",r)==="")return[];let i=Ue(
"external-secret-file",e,n)!==void 0,a={file:t.path,key:`cache.${r}`,mode:t.mode,knowsSecretFile:i,user:To(e)},l=`\`${r}\
\` in a file with mode ${t.mode.toString(8)}`;return[v(Qs,"secret-in-file",a,O(L(t.path,o),l))]}function Y3(e,t){return(t.
mode&4)===0?[]:Ir(e).flatMap(({key:n,value:r})=>{let o=U(r,"token");if(!o||K(r,"token")==="")return[];let s=`server.conn\
ections.${n}.token`,i={file:t.path,key:s,mode:t.mode,knowsSecretFile:!1,user:To(e)},a=`\`token\` in a file with mode ${t.
mode.toString(8)}`;return[v(Qs,"secret-in-file",i,O(L(t.path,o),a))]})}var ei="Restarting Docker stops every running container, unless the daemon is configured with `live-restore`: `docker ps\
` lists them.";var DT="Compares `runner.capacity` with the number of networks that Docker has by default.",Tg={"address-pool":{level:"w\
arn",title:"More concurrent jobs than Docker has networks",headline:({jobs:e,networks:t})=>`${e} concurrent jobs, but Do\
cker has ${t} networks`,why:"Each job gets a network of its own. Jobs beyond that number fail during setup with `all pre\
defined address pools have been fully subnetted`. Networks that earlier jobs left behind count too.",expected:({networks:e})=>`\
fewer than ${e} jobs, or larger address pools in the daemon`,tell:({jobs:e,networks:t})=>({what:`\`runner.capacity\` is ${e}\
, and Docker has ${t} networks by default.`,fix:{text:`Give the daemon an address pool with more and smaller networks, o\
r lower the capacity. ${ei}`,config:{file:"/etc/docker/daemon.json",language:"json",text:'{ "default-address-pools": [{ \
"base": "10.200.0.0/16", "size": 24 }] }'},commands:[Es],kind:"host",otherwise:{text:"If the daemon already has such poo\
ls, accept the finding or turn this check off.",...gu("config/capacity")}}}),more:"Jobs share a network that is named in\
 `container.network`, so it is one network for all of them."}};var UT=30,Z3={seen:e=>Vt(e)==="no"?[]:Ze.seen(e),missing:"No configuration of jobs in containers was read."},qT={id:"con\
fig/capacity",title:"Docker has a network for every concurrent job",intro:DT,reasons:Tg,subject:Z3,fine:"Docker has enou\
gh networks for all concurrent jobs",find(e){let{config:t}=e,n=U(t==null?void 0:t.root,"runner","capacity"),r=Ro(t==null?
void 0:t.root,"runner","capacity")??1;return!t||!n||r<UT?[]:K(t.root,"container","network")!==""||Vt(e)==="no"?[]:[v(Tg,
"address-pool",{jobs:r,networks:UT},O(L(t.path,n),`\`capacity: ${r}\``))]}};var GT="Looks at `server.connections` and at the secrets of Forgejo's runner 12 and later. Each connection needs `url`, \
`uuid`, and one of `token` and `token_url`.",X3={url:"an address of the forge that begins with `http://` or `https://`",
uuid:"the UUID that the forge shows for the runner",token:"`token`, or `token_url` with a path such as `file:/etc/forgej\
o-runner/token`"},Td={incomplete:{level:"fail",title:"A connection of Forgejo's runner is incomplete",headline:({name:e,
key:t,problem:n})=>n==="empty"?E(`No ${t} for the connection `,e):E(`Wrong ${t} of the connection `,e),why:({name:e,key:t,
problem:n})=>n==="empty"?`The runner exits at startup: ${g(`connection "${e}" is invalid: ${t==="token"?"token and token\
_url are empty":`${t} is empty`}`)}.`:`The runner exits at startup: ${g(`connection "${e}" is invalid`)}.`,expected:({key:e})=>X3[e],
tell:({file:e,name:t,key:n,problem:r})=>({what:`The connection ${g(t)} in ${g(e)} has ${r==="empty"?`no ${g(n)}${n==="to\
ken"?" and no `token_url`":""}`:`a ${g(n==="token"?"token_url":n)} that the runner cannot read`}.`,fix:{text:n==="url"?"\
Write the address of the forge, as people use it in their browsers.":"Copy the value from the forge: it shows `uuid` and\
 `token` when the runner is created, in the settings under Actions, Runners.",kind:"runner"}})},conflict:{level:"fail",title:"\
A secret is given twice",headline:({key:e,urlKey:t})=>E(`Both ${e} and `,t," are given"),why:({key:e,urlKey:t})=>`The ru\
nner exits at startup: ${g(`${e} and ${t} are mutually exclusive`)}.`,expected:({key:e,urlKey:t})=>`one of \`${e}\` and \`${t}\
\``,tell:({file:e,section:t,key:n,urlKey:r})=>({what:`${g(t)} in ${g(e)} has ${g(n)} and ${g(r)}.`,fix:{text:`Remove ${g(
n)}, and keep the secret in the file that ${g(r)} names.`,kind:"runner"}})}};var Q3={seen(e){var i;let{config:t,system:n}=e;if(!(t!=null&&t.root)||n!=="forgejo")return[];let r=Ir(e).length,o=(i=U(t.
root,"cache"))==null?void 0:i.value,s=["secret","secret_url"].filter(a=>K(o,a)!=="");return[...r>0?[{source:t.path,text:nr(
r,"connection")}]:[],...s.map(a=>({source:t.path,text:`\`cache.${a}\``}))]},missing:"No connection of Forgejo's runner w\
as read."},WT={id:"config/connection",title:"Every connection of Forgejo's runner is complete",intro:GT,reasons:Td,subject:Q3,
fine:"every connection is complete, and every secret is given once",find(e){let{config:t}=e;return!(t!=null&&t.root)||e.
system!=="forgejo"?[]:[...Ir(e).flatMap(n=>eB(t,n)),...nB(t)]}};function eB(e,t){let{key:n,value:r}=t;if(r.kind!=="map"&&
!te(r))return[];let o=(l,c,u)=>v(Td,"incomplete",{file:e.path,name:n,key:l,problem:c},O(L(e.path,u??t),c==="empty"?`no \`${l}\
\``:`\`${l}\` is malformed`)),s=K(r,"url"),i=K(r,"uuid"),a=[];return s===""?a.push(o("url","empty",F(r,"url"))):rB(s)||a.
push(o("url","malformed",F(r,"url"))),i===""?a.push(o("uuid","empty",F(r,"uuid"))):oB(i)||a.push(o("uuid","malformed",F(
r,"uuid"))),[...a,...tB(e,t,o)]}function tB(e,{key:t,value:n},r){let[o,s]=[K(n,"token"),K(n,"token_url")];return o===""&&
s===""?[r("token","empty",F(n,"token")??F(n,"token_url"))]:o!==""&&s!==""?[HT(e,n,`server.connections.${t}`,"token","tok\
en_url")]:s!==""&&!s.startsWith("file:")?[r("token","malformed",F(n,"token_url"))]:[]}function nB(e){var n;let t=(n=U(e.
root,"cache"))==null?void 0:n.value;return K(t,"secret")!==""&&K(t,"secret_url")!==""?[HT(e,t,"cache","secret","secret_u\
rl")]:[]}function HT(e,t,n,r,o){let s=F(t,o),i=s?L(e.path,s):{file:e.path};return v(Td,"conflict",{file:e.path,section:n,
key:r,urlKey:o},O(i,"both"))}function rB(e){return/^https?:\/\/[^\s\u0000-\u001f]*$/i.test(e)}function oB(e){let t=e.replace(
/^urn:uuid:/i,"").replace(/^\{(.*)\}$/,"$1");return/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(
t)||/^[0-9a-f]{32}$/i.test(e)}var BT="Checks that `container.docker_host` is an address, and that jobs can use the daemon. If the key is empty, Gitea'\
s runner finds the daemon itself and mounts its socket into every job.",Xa={invalid:{level:"fail",title:"`container.dock\
er_host` is not an address",headline:({address:e})=>E("",e," is not a Docker address"),why:"A runner with a container la\
bel exits at startup with `cannot ping the docker daemon, is it running?` or `unable to parse docker host`, and takes no\
 job.",expected:"empty, `-`, `unix:///path/to/docker.sock` or `tcp://host:port`",tell:({file:e,address:t,problem:n,fixed:r})=>({
what:`\`container.docker_host\` is ${g(x(t))}. ${sB(n)}`,fix:{text:r===""?"Leave it empty.":"Write a complete address.",
...!Fe(r??"")&&{config:V(e,`container:
  docker_host: ${pe(r??"unix:///var/run/docker.sock")}`)},kind:"runner"}})},"not-mounted":{level:"warn",title:"Jobs get \
no Docker socket",headline:({address:e})=>e==="-"?"The configuration gives jobs no Docker socket":"Jobs do not know wher\
e the Docker daemon is",why:"A job that calls `docker` fails with `Cannot connect to the Docker daemon`. If no job needs\
 Docker, this is the safer setup.",expected:({address:e})=>e==="-"?"an empty `docker_host`, or a Unix socket":"`DOCKER_H\
OST` in `runner.envs`",tell:({file:e,address:t})=>({what:t==="-"?'`container.docker_host: "-"` keeps the Docker socket o\
ut of every job.':`The runner cannot mount the daemon at ${g(x(t))} into jobs, and jobs are not told where it is.`,fix:{
...iB(e,t),otherwise:{text:"If no job needs Docker, turn this check off.",...gu("config/docker-host")}}})},"tcp-without-\
tls":{level:"fail",title:"The connection to the Docker daemon has no TLS",headline:({address:e})=>E("No TLS to the Docke\
r daemon at ",e),why:"Anyone who can reach that port can start containers there, and so is root on that machine. That in\
cludes every job.",expected:"a Unix socket, or `tcp://host:2376` with certificates",tell:({address:e,system:t})=>({what:`\
The runner talks to ${g(x(e))} without TLS.`,fix:{text:"Make the daemon require client certificates, and give the runner\
 its own in the environment of its service.",config:ot(`${xo(t)}.service`,`[Service]
Environment=DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=/etc/${xo(t)}/docker-certs`),kind:"host",otherwise:{text:"Run the runne\
r on the daemon's machine, and use the Unix socket.",kind:"runner"}}}),more:"An address of the runner's own machine is n\
ot reported."}};function sB(e){switch(e.kind){case"automount":return"Only Forgejo's runner knows this word; Gitea's runn\
er mounts the socket if the key is empty.";case"no-scheme":return"It has no scheme.";case"two-slashes":return"The path o\
f a Unix socket needs a third slash.";case"no-port":return"It names no port.";case"ssh":return"The runner's Docker clien\
t does not support `ssh`.";case"unknown-scheme":return`No Docker client supports the scheme ${g(x(e.scheme,20))}.`}}function iB(e,t){
return t==="-"?{text:"If jobs need Docker, leave the key empty: the runner then finds the socket and mounts it.",config:V(
e,`container:
  docker_host: ""`),kind:"runner"}:{text:Fe(t)?"Tell jobs where the daemon is: set `DOCKER_HOST` in `runner.envs` to the\
 same address.":"Tell jobs where the daemon is.",...!Fe(t)&&{config:V(e,`runner:
  envs:
    DOCKER_HOST: ${pe(t)}`)},kind:"runner"}}var KT={id:"config/docker-host",title:"The runner finds its Docker daemon, and jobs can use it",intro:BT,reasons:Xa,subject:Ze,
fine:"the address of the daemon is valid, and jobs can use it",find(e,t){let{config:n}=e,r=H(n==null?void 0:n.root,"cont\
ainer","docker_host");if(!n||!r||r.text===""||zn(r.text)!==void 0)return[];let o=n.path,s=r.text,i=O(L(o,r),`\`${x(s,200)}\
\``),a=lB(s,e);if(a)return[v(Xa,"invalid",{file:o,address:s,...a},i)];if(e.system==="forgejo"&&(s==="-"||s==="automount"))
return[];let l=cB(e,s)?[v(Xa,"tcp-without-tls",{address:s,system:e.system},i)]:[],{flags:c}=Co(e).options,u=Eo(e,"DOCKER\
_HOST")||c.some(({name:f,value:p})=>f==="env"&&(p==null?void 0:p.startsWith("DOCKER_HOST="))===!0),d=/^(?:unix|npipe):/i.
test(s)||xd(c).some(({target:f})=>f===Ct);return u||d||!aB(e,t)?l:[...l,v(Xa,"not-mounted",{file:o,address:s},i)]}};function aB(e,t){
return t.dockerRequired===!0||Vt(e)!=="no"}function lB(e,t){if(e==="-")return;if(e==="automount")return t.system==="forg\
ejo"?void 0:{problem:{kind:"automount"},fixed:""};let n=/^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(e);if(!n){let s=e.replace(
/^unix:\/*/,"/");return{problem:{kind:"no-scheme"},fixed:s.startsWith("/")?`unix://${s}`:void 0}}let[,r="",o=""]=n;switch(r.
toLowerCase()){case"unix":return o.startsWith("/")?void 0:{problem:{kind:"two-slashes"},fixed:`unix:///${o}`};case"tcp":{
if(/^[^/?#\s]+:\d{1,5}\/?$/.test(o))return;let s=o.replace(/\/+$/,"");return{problem:{kind:"no-port"},fixed:s===""?void 0:
`tcp://${s}:2376`}}case"npipe":case"http":case"https":return;case"ssh":return t.system==="forgejo"?void 0:{problem:{kind:"\
ssh"},fixed:void 0};default:return{problem:{kind:"unknown-scheme",scheme:r},fixed:void 0}}}function cB(e,t){let n=/^(?:tcp|http):\/\/(\[[^\]]*\]|[^:/]+)/i.
exec(t);return!n||/^(?:localhost|127\.|\[::1\])/.test(n[1]??"")||["DOCKER_TLS_VERIFY","DOCKER_CERT_PATH","DOCKER_TLS"].some(
o=>Nr(e,o)!==void 0||Eo(e,o))?!1:!/:2376\/?$/.test(t)}var VT="Compares labels that are named after GPUs (`gpu`, `cuda`, `nvidia`) with what `container.options` passes to job \
containers.",Ag={"no-gpu-option":{level:"fail",title:"Jobs of a GPU label get no GPU",headline:({label:e})=>E("Jobs with\
 the label ",e," get no GPU"),why:"Its jobs start without a GPU. They fail when they first use it, or silently compute o\
n the CPU.",expected:"`--gpus all` in `container.options`",tell:({file:e,label:t,options:n,dropGpus:r})=>({what:`The lab\
el ${g(t)} promises a GPU, but \`container.options\` passes none to its containers.`,fix:{text:`Pass the GPUs to the job\
 containers${Fe(n)?": add `--gpus all` to `container.options`":""}. Every container label of this runner then gets them;\
 use a second runner to keep them apart.${r===void 0?"":` Runners ${r} drop the option from unprivileged containers, so \
upgrade them.`}`,...!Fe(n)&&{config:V(e,`container:
  options: ${n===""?"--gpus all":pe(`${n} --gpus all`)}`)},kind:"runner",otherwise:{text:`If jobs then fail with \`could \
not select device driver\`, install the NVIDIA Container Toolkit. ${ei}`,commands:["sudo apt-get install -y nvidia-conta\
iner-toolkit","sudo nvidia-ctk runtime configure --runtime=docker",Es],kind:"host"}}})}};var zT="Compares each value with what its key takes. The runner is written in Go, whose YAML parser is stricter than mos\
t: quotes make a string of a number, and a duration needs its unit.",el={"wrong-type":{level:"fail",title:"A value has t\
he wrong type",headline:({key:e,wanted:t})=>e===""?"The configuration has no sections":E("The value of ",e,` is not ${uB[t]}`),
why:"The runner cannot put the value into its configuration: it exits at startup with `cannot unmarshal` and takes no jo\
b.",expected:({wanted:e})=>_g[e],tell:e=>({what:dB(e),fix:fB(e)}),more:'These look right and are not: `timeout: 0` (writ\
e `0s`), `timeout: 1d` (write `24h`), `capacity: "4"` and `privileged: "true"` (no quotes), `options: ["--gpus", "all"]`\
 (one string), `- gpu: docker://image` (the space after the colon makes a map of the label).'},"invalid-value":{level:"f\
ail",title:"The runner does not accept a value",headline:e=>{switch(e.kind){case"choice":return E("",e.value,` is not va\
lid for \`${e.key}\``);case"capacity":return E("A capacity of ",e.value," is not valid");case"two-secrets":return"The ca\
che has two secrets"}},why:e=>{switch(e.kind){case"choice":return e.key==="runner.tool_cache_mode"?`The runner exits at \
startup with \`invalid runner.tool_cache_mode ${JSON.stringify(x(e.value))}\` and takes no job.`:"The runner complains o\
nce and then logs nothing below `panic`: its log stays empty when something goes wrong.";case"capacity":return"The runne\
r silently takes it for 1. It means neither off nor unlimited.";case"two-secrets":return"The runner does not choose betw\
een two secrets: it exits at startup and takes no job."}},expected:e=>{switch(e.kind){case"choice":return e.allowed.map(
g).join(", ");case"capacity":return"1 or more";case"two-secrets":return"one of the two"}},tell:e=>({what:wB(e),fix:kB(e)})}},
uB={text:"a string",flag:"a boolean",number:"a number",port:"a port",duration:"a duration",size:"a size",texts:"a list",
environment:"a map",sections:"a configuration",section:"a section",entry:"a list of strings",variable:"a string"},_g={text:"\
a string",flag:"`true` or `false`, without quotes",number:"a whole number, without quotes",port:"a port from 0 to 65535,\
 without quotes",duration:"a duration with a unit, such as `30s`, `10m` or `3h`",size:"a size such as `10GB` or `512MB`,\
 or a number of bytes",texts:"a list",environment:"a map of names and values",sections:"sections such as `runner:` and `\
container:`",section:"a section with keys below it",entry:"a string in every entry",variable:"a string"};function Qa(e){
return e.kind!=="scalar"?e.kind==="list"?"a list":"a map":e.text===""?"an empty string":/^[*\s]+$/.test(e.text)?"a strin\
g":e.plain?g(x(e.text,60)):`the string ${g(`"${x(e.text,60)}"`)}`}function dB({key:e,wanted:t,value:n}){return e===""?`T\
he file contains ${Qa(n)} instead of the sections of a configuration.`:t==="entry"?`Every entry of ${g(e)} must be a str\
ing, but one is ${Qa(n)}.`:`${g(x(e))} must be ${_g[t]}, but it is ${Qa(n)}.`}function fB({file:e,key:t,wanted:n,value:r}){
let{text:o,lines:s}=pB(t,n,r);return{text:o,...s!==void 0&&{config:V(e,s)},kind:"runner"}}function pB(e,t,n){var s,i;let r=`\
Write ${_g[t]}.`,o=n.kind==="scalar"?n.text:void 0;switch(t){case"sections":return{text:"Put the lines into their sectio\
ns.",lines:`runner:
  capacity: 1`};case"section":return{text:`Indent the keys of ${g(e)} below it.`};case"texts":return{text:"Write each en\
try on a line of its own, after a dash.",lines:o===void 0?void 0:Fr(e,{below:`- ${JSON.stringify(o)}`})};case"entry":return mB(
e,n);case"environment":return{text:"Write one `NAME: value` per line."};case"variable":return{text:"Write one string: an\
 environment variable has no parts."};case"text":{let a=hB(n);return a===""?{text:r}:{text:"Write one string.",lines:Fr(
e,{value:a})}}case"flag":return{text:r,lines:Fr(e,{value:gB(o??"")})};case"number":return{text:r,lines:Fr(e,{value:(s=/^\s*(\d+)\s*$/.
exec(o??""))==null?void 0:s[1]})};case"port":return n.kind==="scalar"&&n.plain&&sr(n.text)!==void 0?{text:"Write a port \
that exists, or 0 for any free port."}:{text:r,lines:Fr(e,{value:(i=/^\s*(\d+)\s*$/.exec(o??""))==null?void 0:i[1]})};case"\
duration":return{text:sr(o??"")===void 0?"Write a number with `s`, `m` or `h`. There are no days: write `24h`.":"Write t\
he unit: a number without one is not a duration, not even 0.",lines:Fr(e,{value:yB(o??"")})};case"size":return{text:"Wri\
te a number with `KB`, `MB`, `GB` or `TB`."}}}function mB(e,t){let n=t.kind==="map"?t.entries[0]:void 0;if(!n)return{text:"\
Write each entry as one string."};let r="Write the entry in quotes, without the space after the colon: the space turns t\
he label into a mapping.";return n.value.kind!=="scalar"?{text:r}:{text:r,lines:Fr(e,{below:`- ${JSON.stringify(`${n.key}\
:${n.value.text}`)}`})}}function hB(e){return e.kind!=="list"?"":e.items.flatMap(t=>t.kind==="scalar"?[t.text]:[]).join(
" ")}function gB(e){return/^(?:true|1|enabled)$/i.test(e)?"true":/^(?:false|0|disabled)$/i.test(e)?"false":void 0}function yB(e){
let t=sr(e);if(t!==void 0)return`${t}s`;let n=/^(\d+)\s*(d|day|h|hour|hr|m|min|minute|s|sec|second)s?$/i.exec(e.trim());
if(!n)return;let r=(n[2]??"").slice(0,1).toLowerCase();return r==="d"?`${Number(n[1])*24}h`:`${n[1]}${r}`}function wB(e){
switch(e.kind){case"choice":{let t=ye(e.value,e.allowed);return`${g(x(e.value))} is not a value of ${g(e.key)}.${t===void 0?
"":` Did you mean ${g(t)}?`}`}case"capacity":return`\`runner.capacity\` is ${g(x(e.value))}, but at least one job must b\
e able to run.`;case"two-secrets":return"`cache.external_secret` and `cache.external_secret_file` are both set."}}function kB(e){
switch(e.kind){case"choice":{let t=e.allowed.includes("info"),n=ye(e.value,e.allowed)??(t?"info":e.allowed[0]);return{text:`\
Write one of ${e.allowed.map(g).join(", ")}.`,config:V(e.file,Fr(e.key,{value:n})??""),kind:"runner"}}case"capacity":return{
text:"Write how many jobs may run at the same time.",config:V(e.file,`runner:
  capacity: 1`),kind:"runner"};case"two-secrets":return{text:"Keep the file, and remove the secret from the configuratio\
n.",kind:"runner"}}}function Fr(e,{value:t,below:n}){if(t===void 0&&n===void 0)return;let r=e.split("."),o=r.length-1;return[
...r.slice(0,o).map((s,i)=>`${"  ".repeat(i)}${s}:`),`${"  ".repeat(o)}${r[o]}:${t===void 0?"":` ${t}`}`,...n===void 0?[]:
[`${"  ".repeat(o+1)}${n}`]].join(`
`)}var YT={id:"config/type",title:"Every value of the configuration has the type of its key",intro:zT,reasons:el,subject:Ze,
fine:"every value has the type of its key",find({config:e},t){if(!(e!=null&&e.root)||te(e.root))return[];if(e.root.kind!==
"map")return[jo(e,"","sections",e.root)];let n=xn(e.system);return[...ZT(e,e.root,"",n,t),...vB(e,t)]}};function ZT(e,t,n,r,o){
return t.kind!=="map"?[]:t.entries.flatMap(s=>{let i=us(n,s.key),{value:a}=s;if(hr(r,i))return te(a)?[]:a.kind==="map"?ZT(
e,a,i,r,o):[jo(e,i,"section",a)];let l=Vn(r,i);return!l||te(a)||Og(l,o)?[]:QT(e,i,a,l)})}function XT(e,t,n){var s;let r=(s=
U(e.root,...t.split(".")))==null?void 0:s.value,o=Vn(xn(e.system),t);return!r||!o||te(r)||Og(o,n)?!1:QT(e,t,r,o).length>
0}function Og(e,{version:t}){let n=t===void 0?void 0:ae(t),r=e.since===void 0?void 0:ae(e.since);return n!==void 0&&r!==
void 0&&it(n,r)<0}function QT(e,t,n,r){switch(r.type){case"texts":return n.kind==="map"&&e.system==="forgejo"&&t.endsWith(
"labels")?[]:n.kind!=="list"?[jo(e,t,"texts",n)]:n.items.filter(o=>o.kind!=="scalar").map(o=>jo(e,t,"entry",o));case"env\
ironment":return n.kind!=="map"?[jo(e,t,"environment",n)]:n.entries.filter(o=>o.value.kind!=="scalar").map(o=>jo(e,`${t}\
.${o.key}`,"variable",o.value));default:return n.kind!=="scalar"||!vd(n,r.type)?[jo(e,t,r.type,n)]:bB(e,t,n,r)}}function bB(e,t,n,{
oneOf:r}){let{text:o}=n;return r&&o!==""&&!r.includes(t.startsWith("log.")?o.toLowerCase():o)?[JT({file:e.path,kind:"cho\
ice",key:t,value:o,allowed:r},n)]:t==="runner.capacity"&&(sr(o)??1)<1?[JT({file:e.path,kind:"capacity",value:o},n)]:[]}function jo(e,t,n,r){
let o=O(L(e.path,r),Qa(r));return v(el,"wrong-type",{file:e.path,key:t,wanted:n,value:r},o)}function JT(e,t){return v(el,
"invalid-value",e,O(L(e.file,t),`\`${x(t.text)}\``))}function vB(e,t){let n=U(e.root,"cache","external_secret_file");if(e.
system!=="gitea"||!n||K(e.root,"cache","external_secret_file")==="")return[];if(K(e.root,"cache","external_secret")==="")
return[];let r=xn("gitea")["cache.external_secret_file"];if(!r||Og(r,t))return[];let o=O(L(e.path,n),"both");return[v(el,
"invalid-value",{file:e.path,kind:"two-secrets"},o)]}var rA="Compares each key with the keys that the runner knows. Gitea's runner ignores any other key. Since 3.0.0 it warn\
s in its own log; before that, it says nothing.",ti={"unknown-key":{level:"warn",title:"The runner does not know a key",
headline:e=>e.kind==="too-new"?E("The key ",e.key,` needs runner ${e.since}`):E("Unknown key ",e.key),why:e=>e.kind==="t\
oo-new"?"This runner ignores the key, so the setting has no effect.":e.system==="forgejo"?"The runner silently ignores t\
he key, so the setting has no effect.":`The runner ignores the key, so the setting has no effect. From 3.0.0 on, its own\
 log says ${g(`field ${x(eA(e),60)} not found`)}; before, nothing does.`,expected:e=>e.kind==="too-new"?`runner ${e.since}\
 or later`:e.meant===void 0&&e.instead!==void 0?"nothing: the runner has no such key":e.meant===void 0?`one of ${e.siblings.
map(g).join(", ")}`:g(e.meant),tell:e=>{if(e.kind==="too-new")return{what:`Runner ${e.version} does not know ${g(e.key)}\
 yet: it was added in ${e.since}.`,fix:{text:"Remove the key.",kind:"runner",otherwise:{text:`Upgrade the runner to ${e.
since} or later.`,kind:"host"}}};let{file:t,section:n,meant:r,instead:o,value:s,newerRelease:i}=e,a=n===""?"at the top o\
f the file":`in ${g(n)}`,l=`The runner does not know the key ${g(x(eA(e)))} ${a}.`;if(o!==void 0){let u=r===void 0?"":` \
Did you mean ${g(r)}?`;return{what:`${l}${u}`,fix:{text:o,kind:"runner"}}}if(r===void 0)return{what:l,fix:{text:"Remove \
the key, or look up its name: the command prints every key with its default (before 3.1.0: `gitea-runner generate-config\
`).",commands:["gitea-runner config generate"],kind:"runner"}};let c=i===void 0?"":`, unless runner ${i} added a key wit\
h this name (the keys of releases up to ${mr} are known here)`;return{what:`${l} Did you mean ${g(r)}?`,fix:{text:`Write\
 ${g(r)}${c}.`,...Ad(t,r,s),kind:"runner"}}},more:`The keys of runners up to ${mr} are known here. A later release may k\
now more, so this is a warning.`},"misplaced-key":{level:"fail",title:"A key is in the wrong section",headline:({key:e})=>E(
"",e," is in the wrong section"),why:"The runner ignores the key there, so the setting has no effect.",expected:({right:e})=>g(
e),tell:({file:e,key:t,right:n,value:r})=>({what:`The runner does not read ${g(x(t))}, it reads ${g(n)}.`,fix:{text:`Mov\
e the key, with its value, to ${g(n.slice(0,n.lastIndexOf(".")))}.`,...Ad(e,n,r),kind:"runner"}}),more:"The usual ones a\
re `container.labels`, `runner.options`, `runner.docker_host`, and keys at the top of the file."},"deprecated-key":{level:"\
warn",title:"A key is deprecated",headline:({key:e})=>E("",e," is deprecated"),why:({value:e})=>tA(e)?"The runner still \
reads it and warns at every start. Here, `bridge` gives each job a network of its own, and so does an empty `network`.":
"The runner still reads it, warns at every start, and ignores it once the new key is set.",expected:({successor:e})=>g(e),
tell:({file:e,key:t,successor:n,value:r})=>({what:`${g(t)} is deprecated. Its successor is ${g(n)}.`,fix:tA(r)?{text:"Re\
name the key, and leave it empty.",...Ad(e,n,oA),kind:"runner"}:{text:"Rename the key.",...Ad(e,n,r),kind:"runner"}})}};
function eA({section:e,key:t}){return e===""?t:t.slice(e.length+1)}var oA={kind:"scalar",text:"",plain:!1,line:0,column:0};
function tA(e){return e.kind==="scalar"&&e.text==="bridge"}function Ad(e,t,n){let r=t.split("."),o="  ".repeat(r.length-
1),s=r.slice(0,-1).map((l,c)=>`${"  ".repeat(c)}${l}:`),i=xB(t,n),a=i&&SB(`${o}${r[r.length-1]}:`,i,o);return a?{config:V(
e,[...s,...a].join(`
`))}:{}}function xB(e,t){let n=D(qt,e)??D(Gt,e);if(!n)return t;if(n.type==="environment")return;let r=t.kind==="list";if(n.
type==="texts")return t.kind==="scalar"&&!te(t)?{...t,kind:"list",items:[t]}:t;if(r&&n.type==="text"){let[o,...s]=t.items;
return s.length>0||o&&o.kind!=="scalar"?void 0:o??{...oA,plain:!1}}if(t.kind==="scalar")return vd(t,n.type)?t:void 0}function SB(e,t,n){
if(t.kind==="map")return;if(t.kind==="list"){let o=t.items.flatMap(s=>s.kind==="scalar"&&!Fe(s.text)?[s]:[]);return o.length<
t.items.length||o.length>10?void 0:o.length===0?[`${e} []`]:[e,...o.map(s=>`${n}  - ${nA(s)}`)]}if(Fe(t.text))return;if(!t.
text.includes(`
`))return[`${e} ${nA(t)}`.trimEnd()];if(/^\s|[\u0000-\u0008\u000b-\u001f]/.test(t.text))return[`${e} ${pe(t.text)}`];let r=t.
text.trimEnd().split(`
`);return[`${e} |`,...r.map(o=>`${n}  ${o}`)]}function nA({text:e,plain:t}){return t&&e!==""&&!/: |#/.test(e)?e:pe(e)}var aA={id:"config/unknown-key",title:"The runner knows every key of its configuration",intro:rA,reasons:ti,subject:Ze,fine:"\
the runner knows every key",find({config:e},{version:t}){var n;return((n=e==null?void 0:e.root)==null?void 0:n.kind)==="\
map"?new _d(e,t).walk(e.root,""):[]}};function lA(e,t){var r;if(((r=e.root)==null?void 0:r.kind)!=="map")return!1;let n=new _d(
e,void 0);return n.walk(e.root,""),n.misplacedKeys.has(t)}var $B=100,sA=new Set("addr dir enabled envs file host interva\
l job level port retention script timeout v2".split(" ")),_d=class{misplacedKeys=new Set;unknownKeys=0;places=new Map;table;config;version;constructor(t,n){
this.config=t,this.version=n,this.table=xn(t.system);for(let r of Object.keys(this.table)){if(r.includes("*"))continue;let o=r.
split(".");for(let[s,i]of o.entries()){if(s===0)continue;let a=this.places.get(i)??new Set;this.places.set(i,a.add(o.slice(
0,s+1).join(".")))}}}walk(t,n){return t.entries.flatMap(r=>{let o=us(n,r.key);if(hr(this.table,o))return r.value.kind===
"map"?this.walk(r.value,o):[];let s=Vn(this.table,o);if(s!=null&&s.insteadOf)return te(r.value)?[]:[this.deprecated(r,o,
s.insteadOf)];if(s)return s.since===void 0?[]:this.tooNew(r,o,s.since);if(n===""&&dc(this.config.system,r.key))return[];
if(n===""&&r.key.startsWith("x-"))return[];let i=ga(o,this.config.system)?void 0:this.rightPlace(r.key);return[i===void 0?
this.unknown(r,n,o):this.misplaced(r,o,i)]})}rightPlace(t){if(sA.has(t))return;let n=this.places.get(t);return(n==null?void 0:
n.size)===1?[...n][0]:n!=null&&n.has(`runner.${t}`)?`runner.${t}`:void 0}unknown(t,n,r){let o=RB(this.table,n.replace(/^(server\.connections\.)[^.]+$/,
"$1*")),{path:s,system:i}=this.config,a=this.version===void 0?void 0:ae(this.version),l=ae(mr),c=i==="gitea"&&a&&l&&it(a,
l)>0,u=ga(r,i),d=(u==null?void 0:u.meant)!==void 0&&Vn(this.table,u.meant)!==void 0,f=u?d?u.meant:void 0:this.meantKey(t.
key,n,o),p=c?a.text:void 0,h={kind:"unknown",file:s,key:r,system:i,section:n,siblings:o,meant:f,instead:u==null?void 0:u.
instead,value:t.value,newerRelease:p};return v(ti,"unknown-key",h,this.details(t,`\`${r}\``))}meantKey(t,n,r){if(++this.
unknownKeys>$B)return;let o=r.find(i=>iA(i,t))??EB(t,r);if(o!==void 0)return n===""?o:`${n}.${o}`;let s=Object.keys(this.
table).filter(i=>{let a=i.slice(i.lastIndexOf(".")+1);return i.includes("*")?!1:!sA.has(a)&&iA(a,t)});return s.length===
1?s[0]:void 0}misplaced(t,n,r){this.misplacedKeys.add(r);let o={file:this.config.path,key:n,right:r,value:t.value};return v(
ti,"misplaced-key",o,this.details(t,`\`${n}\``))}deprecated(t,n,r){let o={file:this.config.path,key:n,successor:r,value:t.
value};return v(ti,"deprecated-key",o,this.details(t,`\`${n}\``))}tooNew(t,n,r){let o=this.version===void 0?void 0:ae(this.
version),s=ae(r);if(this.config.system!=="gitea"||!o||!s||it(o,s)>=0)return[];let i={kind:"too-new",file:this.config.path,
key:n,since:r,version:o.text};return[v(ti,"unknown-key",i,this.details(t,`runner ${o.text}`))]}details(t,n){return O(L(this.
config.path,t),n)}};function RB(e,t){let n=t===""?"":`${t}.`,r=Object.keys(e).filter(o=>o.startsWith(n));return[...new Set(
r.map(o=>o.slice(n.length).split(".")[0]??""))]}function EB(e,t){let n=o=>o.replace(/\D/g,""),r=t.filter(o=>{let s=o.length<
6?1:o.length<12?2:3;return n(o)===n(e)&&rn(o,e.toLowerCase())<=s});return ye(e,r)}function iA(e,t){let n=r=>r.replace(/[_-]/g,
"").toLowerCase();return n(e)===n(t)}function Mr(e,t,n){if(e)return t.some(r=>XT(e,r,n))?"config/type":t.some(r=>lA(e,r))?"config/unknown-key":void 0}var TB={seen(e){let t=Pg(e).slice(0,5),n=Ze.seen(e);return t.length===0||n.length===0?[]:[...t.map(({file:r,label:o})=>({
source:r,text:`label ${x(o.name,100)}`})),...n]},missing:"No file that was read has a container label that is named afte\
r GPUs."},cA={id:"config/gpu-label",title:"Jobs of GPU labels get a GPU",intro:VT,reasons:Ag,subject:TB,fine:"jobs of GP\
U labels get a GPU",waitsFor(e,t){if(Pg(e).length!==0)return Co(e).options.problem?"config/options":Mr(e.config,["contai\
ner.options","container.privileged","runner.envs"],t)},find(e,t){var o;let{config:n}=e;if(!n||n.problem||((o=this.waitsFor)==
null?void 0:o.call(this,e,t))!==void 0)return[];if(Co(e).options.flags.some(IT))return[];if(Zs(e)||Eo(e,"NVIDIA_VISIBLE_\
DEVICES"))return[];let r=$d(e,t);return Pg(e).map(({file:s,text:i,label:a})=>v(Ag,"no-gpu-option",{file:n.path,label:a.name,
options:K(n.root,"container","options").trim(),dropGpus:r},O(L(s,i),"no `--gpus`, `--device` or `--runtime`")))}};function Pg(e){
return Fs(e).filter(({label:t})=>t.kind==="docker"&&Ig(t.name))}function Ig(e){return e.split(/[^a-z0-9]+/i).some(t=>/^(?:gpus?|cuda|nvidia)\d*$/i.
test(t))}var fA="A label is `name:host` or `name:docker://image`. A problem in a label never shows where it was made: the job wai\
ts, or runs somewhere else. The labels of the configuration are judged; if it has none, those of `.runner`.",uA="`name:h\
ost` or `name:docker://image`",fn={empty:{level:"fail",title:"A label is empty",headline:({line:e})=>`The label on line ${e}\
 is empty`,why:"The runner ignores it with `ignored invalid label`. If a label was meant here, its jobs wait forever.",expected:uA,
tell:({text:e})=>({what:e.trim()===""?"An entry of the labels has no text.":`The label ${g(st(e))} has no name.`,fix:{text:"\
Write a label, or remove the entry.",kind:"runner"}})},"bad-schema":{level:"fail",title:"A label's scheme is invalid",headline:({
text:e})=>E("The label ",Xe(e)," has an invalid scheme"),why:_B,expected:({problem:e,text:t})=>e.kind==="host-with-argum\
ent"?`\`${Xe(t)}:host\``:uA,tell:e=>({what:AB(e),fix:OB(e)}),more:"The scheme is the word between the first two colons. \
A name with a colon in it, such as `pool:3f2a`, is valid from runner 2.1.0 on and not reported."},"no-image":{level:"fai\
l",title:"A container label has no valid image",headline:({text:e,image:t})=>t===""?E("The label ",Xe(e)," names no imag\
e"):E("The label ",Xe(e)," has an invalid image"),why:({image:e})=>e===""?"Its jobs run in the runner's default image (`\
docker.gitea.com/runner-images:ubuntu-latest`), which has none of your tools. Nothing reports it.":"Every job with this \
label fails during setup with `invalid reference format`.",expected:"an image reference such as `ghcr.io/team/builder:1.\
0`",tell:({file:e,text:t,image:n,fixed:r})=>({what:n===""?`The label ${g(st(t))} asks for a container but names no image\
.`:`${g(st(n))} is not an image reference: ${PB(n)}.`,fix:{text:n===""?"Name the image after `docker://`.":"Write the re\
ference in the form that `docker pull` accepts.",...r!==void 0&&{config:Dr(e,[r])},kind:"runner"}})},duplicate:{level:"w\
arn",title:"Two labels have the same name",headline:({text:e})=>E("The label ",Xe(e)," occurs twice"),why:"The runner ke\
eps both and uses the last one. A reader who finds the first expects another image.",expected:"each name once",tell:({text:e,
firstLine:t})=>({what:`The label ${g(st(Xe(e)))} already occurs on line ${t}.`,fix:{text:"Remove one of the two.",kind:"\
runner"}})},space:{level:"fail",title:"A label contains a space",headline:({text:e})=>E("The label ",e," contains a spac\
e"),why:({meant:e})=>e.length>1?"To the runner this is one label. No job asks for such a name, so the jobs for all of th\
em wait with `No matching online runner with label`.":"The space is part of the name, so `runs-on` never matches it. `re\
gister --labels` makes such labels if a space follows a comma.",expected:({meant:e})=>e.length>1?"one label per entry":g(
st(e[0]??"")),tell:({file:e,text:t,meant:n})=>({what:n.length>1?`The entry ${g(`"${st(t)}"`)} holds several labels, sepa\
rated by commas.`:`The label ${g(`"${st(t)}"`)} contains a space.`,fix:{text:n.length>1?"Write one label per line. `regi\
ster --labels` takes commas, without spaces.":"Write the label without spaces.",config:Dr(e,n),kind:"runner"}})},"token-\
in-label":{level:"fail",title:"A label contains a token or a password",headline:({line:e})=>`The label on line ${e} cont\
ains a token or password`,why:"Labels are public: the forge shows them to everyone who can see its runners, and every jo\
b's log prints them.",expected:"a name that is not secret",tell:()=>({what:"The label contains what looks like a token o\
r a password.",fix:{text:"Remove it from the label, and revoke it: it has been published. Give a registry's password to \
`docker login` as the runner's user, and the registration token to `register --token`.",kind:"runner"}})},"floating-tag":{
level:"warn",title:"A label's image has a floating tag",headline:({text:e})=>E("The image of ",Xe(e)," has a floating ta\
g"),why:"The image can change at any time: the same commit builds today and fails tomorrow, and two runners that pulled \
on different days differ. The runner does not fetch a newer image by itself unless `container.force_pull` is set.",expected:"\
the tag of a release, or a digest",tell:({text:e,image:t})=>({what:`The label ${g(st(Xe(e)))} uses ${g(st(t))}, ${t.endsWith(
":latest")?"whose tag is `latest`":"which has no tag and so means `latest`"}.`,fix:{text:"Name the tag of a release, or \
append today's digest to the image: `image@sha256:digest`. The command prints it.",commands:[`docker buildx imagetools i\
nspect --format '{{.Manifest.Digest}}' ${lr(t)}`],kind:"runner"}})},"no-image-named":{level:"warn",title:"A label that s\
tands for an image names none",headline:({text:e})=>E("The label ",e," names no image"),why:"Its jobs run on the runner'\
s own system. If the runner is a container, that is an Alpine without node, and actions fail with `Cannot find: node in \
PATH`. This applies to Gitea's runner; with Forgejo's, the label means its default image.",expected:({text:e})=>g(`${st(
e)}:docker://IMAGE`),tell:({file:e,text:t})=>({what:`The label ${g(st(t))} has no scheme, so Gitea's runner takes it for\
 a label of the host.`,fix:{text:"Name the image.",config:Dr(e,[`${t}:docker://${dA(t)}`]),kind:"runner",otherwise:{text:"\
If the jobs should run on the runner's own system, say so.",config:Dr(e,[`${t}:host`]),kind:"runner"}}}),more:"Only name\
s that stand for an image everywhere are reported, such as `ubuntu-latest`, `debian-12`, `node20` and `docker`."},"image\
-without-node":{level:"warn",title:"A label's image has no node",headline:({text:e})=>E("The image of ",Xe(e)," has no n\
ode"),why:'JavaScript actions cannot start in it, `actions/checkout` first of all: `exec: "node": executable file not fo\
und in $PATH`.',expected:"an image with node, such as `node:22-bookworm`",tell:({file:e,text:t,image:n})=>({what:`The la\
bel ${g(st(Xe(t)))} uses ${g(st(n))}, which does not contain node.`,fix:{text:"Name an image that has node.",config:Dr(e,
[`${Xe(t)}:docker://${/ubuntu/.test(n)?dA(n):"node:22-bookworm"}`]),kind:"runner",otherwise:{text:"Build an image of you\
r own from this one, with node in it.",kind:"image"}}}),more:"Only images of Docker's library are reported that surely h\
ave no node; an image with the same name in another registry or account may have it."}};function dA(e){var n,r;let t=(n=
/ubuntu[-:]?(2[024]\.04)/.exec(e))==null?void 0:n[1];return t!==void 0?`docker.gitea.com/runner-images:ubuntu-${t}`:/^node/i.
test(e)?`node:${((r=/\d+/.exec(e))==null?void 0:r[0])??"22"}-bookworm`:/ubuntu/.test(e)?"docker.gitea.com/runner-images:\
ubuntu-24.04":"node:22-bookworm"}function st(e){return x(e,200)}function Xe(e){return e.split(":")[0]??""}function Dr(e,t){
let n=t.map(r=>`    - ${JSON.stringify(r)}`);return V(e,["runner:","  labels:",...n].join(`
`))}function AB({text:e,problem:t,system:n}){let r=g(st(e));switch(t.kind){case"unknown":{let o=/^[\w-]{1,20}$/.test(t.scheme);
return`The scheme of the label ${r} is invalid: ${o?g(t.scheme):"what follows the name"} is neither \`host\` nor \`docker\`.`}case"\
colon-in-name":return`${n==="forgejo"?"Forgejo's runner":"This release of the runner"} takes what follows the colon in ${r}\
 for a scheme.`;case"host-with-argument":return`Nothing may follow \`host\` in the label ${r}.`}}function _B({text:e,problem:t}){
let n=`the label becomes a host label with the name ${g(st(e))}, and jobs for ${g(st(Xe(e)))} wait with \`No matching onl\
ine runner with label\``,r="the runner ignores it with `unsupported schema`";if(t.kind==="host-with-argument")return"For\
gejo's runner refuses the label with `schema: host does not have arguments`.";if(t.kind==="colon-in-name")return"It igno\
res the label with `unsupported schema`, so its jobs wait forever.";switch(t.treatedAs){case"refused":return"The runner \
refuses the label with `unsupported schema`.";case"host-label":return`The runner does not refuse it: ${n}.`;case"ignored":
return`In this release, ${r}, so its jobs wait forever.`;case"depends-on-release":return`From runner 2.1.0 on, ${n}. Bef\
ore that, ${r}.`}}function OB({file:e,text:t,problem:n,system:r}){switch(n.kind){case"unknown":return{text:"Write the sc\
heme in lowercase letters, with `docker://` before an image.",...n.meant!==void 0&&{config:Dr(e,[n.meant])},kind:"runner"};case"\
colon-in-name":return{text:"Remove the colon from the name.",config:Dr(e,[`${t.split(":").join("-")}:host`]),kind:"runne\
r",...r==="gitea"&&{otherwise:{text:"Upgrade the runner to 2.1.0 or later, which accepts such names.",kind:"host"}}};case"\
host-with-argument":return{text:"End the label after `host`.",config:Dr(e,[`${Xe(t)}:host`]),kind:"runner"}}}function PB(e){
return/^[a-z]+:\/\//.test(e)?"it must not begin with a URL scheme such as `https://`":e.toLowerCase()!==e?"it must not c\
ontain uppercase letters":"its form is `host/path:tag`"}var pA={id:"config/label",title:"Every label is valid",intro:fA,reasons:fn,subject:$R,fine:"every label is valid",find(e,t){
let n=new Map;return tr(e).flatMap(r=>{let o=NB(r,e,t);if(o.some(({reason:l})=>!IB.has(l)))return o;let s=`${r.connection??
""}
${Xe(r.text.text)}`,i=n.get(s);if(!i)return n.set(s,r),o;let a={...Lo(r),firstLine:i.text.line};return[v(fn,"duplicate",
a,ir(r)),...o]})}},IB=new Set(["floating-tag","no-image-named","image-without-node"]);function NB(e,t,n){if(zn(e.text.text)!==
void 0)return[];let r=CB(e,t,n);if(r)return[r];let o=at(e.text.text,t.system);if(o.kind!=="label")return[];let{kind:s,name:i,
image:a}=o.label;return s==="host"&&t.system==="gitea"&&!e.text.text.includes(":")&&qv(i)?[v(fn,"no-image-named",Lo(e),ir(
e))]:s==="docker"&&e.text.text.includes(":")?jB(e,a):[]}function CB(e,t,n){let{text:r,line:o}=e.text;if(/\*{12,}/.test(r))
return v(fn,"token-in-label",{line:o},ir(e));let s=at(r,t.system);if(te(e.text)||r.trim()===""||s.kind==="empty")return v(
fn,"empty",{...Lo(e),line:o},ir(e,"nothing"));let i=LB(r);if(i.length>1||i[0]!==r)return v(fn,"space",{...Lo(e),meant:i},
ir(e,`\`"${x(r,200)}"\``));switch(s.kind){case"opaque":{let a=n.version!==void 0&&Ue("unknown-label-schema-ignored",t,n)!==
void 0;return t.system==="forgejo"||a?Ng(e,t,{kind:"colon-in-name"}):void 0}case"unknown-scheme":{if(s.scheme==="kuberne\
tes"&&Ue("kubernetes-labels",t,n))return;let a=MB(r,s.scheme,s.meant),l=FB(t,n);return Ng(e,t,{kind:"unknown",scheme:s.scheme,
meant:a,treatedAs:l})}case"label":{let{kind:a,image:l}=s.label;if(t.system==="forgejo"&&a==="host"&&r.split(":").length>
2)return Ng(e,t,{kind:"host-with-argument"});if(a!=="docker"||cc(l))return;let c={...Lo(e),image:l,fixed:UB(e,l)};return v(
fn,"no-image",c,ir(e))}}}function jB(e,t){let n={...Lo(e),image:t};return[...Gv(t)?[v(fn,"image-without-node",n,ir(e))]:
[],...Dv(t)?[v(fn,"floating-tag",n,ir(e))]:[]]}function Ng(e,t,n){return v(fn,"bad-schema",{...Lo(e),problem:n,system:t.
system},ir(e))}function Lo({file:e,text:t}){return{file:e,text:t.text}}function ir({file:e,text:t},n=`\`${x(t.text,200)}\
\``){return O(L(e,t),n)}function LB(e){return/,\s/.test(e)||/,[\w.-]+:(?:host|docker)/.test(e)?e.split(",").map(r=>r.trim()):
[e.split(":").map(r=>r.trim()).join(":").replace(/:\/\/\s+/,"://")]}function FB(e,t){if(e.system==="forgejo")return"refu\
sed";let n=Ue("opaque-labels",e,t),r=Ue("unknown-label-schema-ignored",e,t);return n&&r?"depends-on-release":n?"host-lab\
el":"ignored"}function MB(e,t,n){let r=Xe(e);if(n==="host")return`${r}:host`;let o=n&&DB(e.slice(r.length+1),t);return o?
`${r}:docker://${o}`:void 0}function DB(e,t){let n=e.indexOf("//");return n>=0?e.slice(n+2):rn(t.toLowerCase(),"docker")<=
2||Sp.includes(t.toLowerCase())?e.slice(t.length+1):e}function UB(e,t){let n=t.toLowerCase(),r=n!==t&&cc(n)?n:t.replace(
/^[a-z]+:\/\//,"").replace(/^\/+/,"");return cc(r)?`${Xe(e.text.text)}:docker://${r}`:void 0}var yA={"duplicate-socket-mount":{level:"fail",title:"The Docker socket is mounted twice",why:({versions:e})=>`Docker re\
fuses two mounts on one path. Every job fails during setup with \`Duplicate mount point: ${Ct}\`.${vn(e)}`,expected:"one\
 mount of the socket: the runner's own",tell:({file:e,source:t,system:n})=>({what:`\`container.options\` mounts \`${Ct}\`\
, and the runner mounts it too.`,fix:{text:"Remove the mount from the options: with `container.docker_host`, every relea\
se mounts the socket into every job.",config:hA(e,n),kind:"runner",otherwise:{text:"Keep the mount in the options, and t\
urn off the runner's own.",config:V(e,`container:
  docker_host: "-"
  options: ${pe(`-v ${G(`${t}:${Ct}`)}`)}
  valid_volumes:
    - ${pe(t)}`),kind:"runner"}}}),more:"From runner 3.0.0 on, the second mount replaces the runner's own and does no ha\
rm."},"socket-not-mounted":{level:"fail",title:"The runner refuses the mount of the Docker socket",why:({source:e,versions:t})=>`\
The setup log says \`${mA(e)}\`, and the job continues. Its first \`docker\` command finds no daemon.${vn(t)}`,expected:({
own:e})=>e.kind==="mounted"?`one mount of the socket: ${g(x(e.source))} by the runner itself`:"the socket in `container.\
valid_volumes`, or a `container.docker_host` that the runner mounts",tell:e=>{let{file:t,source:n,system:r,own:o}=e,s=gA(
e);return o.kind==="mounted"?{what:`The mount of ${g(x(n))} replaces the runner's own mount of ${g(x(o.source))} and is \
then refused, so jobs have no Docker socket.`,fix:{text:"Remove the mount from the options: the runner mounts the socket\
 of `container.docker_host` at the same path.",kind:"runner",otherwise:{text:"If jobs should have the other socket, allo\
w it.",config:s,kind:"runner"}}}:{what:`The runner refuses the mount of ${g(x(n))}, so jobs have no Docker socket: ${o.because}\
, and \`container.valid_volumes\` does not allow the mount.`,fix:{text:"Allow the mount.",config:s,kind:"runner",otherwise:{
text:"Remove the mount, and let the runner mount the socket.",config:hA(t,r),kind:"runner"}}}}},"volume-not-allowed":{level:"\
fail",title:"`valid_volumes` does not allow a mount",headline:({source:e})=>E("`valid_volumes` does not allow ",e),why:({
source:e,target:t,versions:n})=>`The setup log says \`${mA(e)}\`, and the job continues without ${Ya(t)==="/opt/hostedto\
olcache"?"the tool cache":g(x(t))}.${vn(n)}`,expected:({source:e})=>`${g(x(e))} in \`container.valid_volumes\``,tell:e=>({
what:`\`container.options\` mounts ${g(x(e.source))}, which \`container.valid_volumes\` does not allow.`,fix:{text:e.versions===
void 0?"Add the source as it is written. `/folder/**` allows what is below a folder, not the folder itself.":"Add the pa\
th itself. Releases differ in what a `*` matches: before 4.0, it matches slashes too.",config:gA(e),kind:"runner"}})}};function mA(e){
return`[${x(e)}] is not a valid volume, will be ignored`}function hA(e,t){let n=t==="forgejo"?"automount":`unix://${Ct}`;
return V(e,`container:
  docker_host: ${n}`)}function gA({file:e,valid:t,source:n}){let r=[...t,n].slice(-20).map(o=>`    - ${pe(o)}`);return V(
e,["container:","  valid_volumes:",...r].join(`
`))}var kA="Splits `container.options` as the runner does (spaces and newlines separate, quotes work as in a shell, there ar\
e no comments), reads the words as options of `docker create`, and compares each mount with `valid_volumes` and `docker_\
host`.",wA="Every job fails while its container is created, before the first step",jt={"unterminated-quote":{level:"fail",
title:"`container.options` has an unterminated quote",headline:({what:e})=>e==="\\"?"`container.options` ends in a backs\
lash":"`container.options` has an unterminated quote",why:({what:e})=>`${wA}: \`Cannot split container options: \u2026 '${qB[e]}\
'\`.`,expected:({what:e})=>e==="\\"?"a character after the backslash":"a closing quote",tell:({what:e,inComment:t})=>({what:e===
"\\"?"Nothing follows the backslash in `container.options`.":`A ${e==="'"?"single":"double"} quote in \`container.options\
\` is never closed.`,fix:{text:GB(e,t),kind:"runner"}})},"unknown-flag":{level:"fail",title:"The runner cannot read an o\
ption",headline:WB,why:e=>e.kind==="bad-value"&&/^(?:-v|--volume)$/.test(e.flag)?"The runner leaves out such a mount, or\
 the job fails while its container is created.":`${wA}${e.kind==="unknown"?`: \`Cannot parse container options: \u2026 'unknow\
n flag: ${x(e.flag,40)}'\``:""}.`,expected:e=>{switch(e.kind){case"unknown":return e.meant===void 0?"an option of `docke\
r create`":g(e.meant);case"no-value":return`a value after ${g(e.flag)}`;case"bad-value":return e.expected;case"refused":
return"`container.docker_host`";case"too-new":return`runner ${e.since} or later`}},tell:e=>({what:HB(e),fix:BB(e)}),more:"\
The runner stops at the first option that it cannot read, so options after it are not checked."},"ignored-network":{level:"\
warn",title:"`--network` in `container.options` has no effect",headline:({flag:e})=>`\`${e}\` in \`container.options\` has \
no effect`,why:"Jobs cannot reach what this option should make reachable.",expected:"the network in `container.network`",
tell:({file:e,flag:t,network:n})=>({what:`The runner ignores ${g(`${t} ${x(n)}`)} and chooses the network itself.`,fix:{
text:"Remove the option, and name the network in `container.network`. With `host` or `bridge`, jobs cannot reach service\
 containers by name.",config:V(e,`container:
  network: ${pe(n)}`),kind:"runner"}})},"read-only-root":{level:"fail",title:"A read-only job container cannot start a j\
ob",why:"The runner copies its files into every job container, and the engine refuses that: `container rootfs is marked \
read-only`. No job gets to its first step.",expected:"no `--read-only`",tell:({file:e,options:t})=>({what:"`--read-only`\
 in `container.options` makes the file system of every job container read-only.",fix:{text:"Remove the option. What jobs\
 must not change can be a volume with `:ro`.",...!Fe(t)&&{config:V(e,`container:
  options: ${pe(t)}`)},kind:"runner"}})},"noexec-tmpfs":{level:"warn",title:"A tmpfs keeps jobs from starting programs",
headline:({target:e})=>E("Jobs cannot start programs in ",e),why:"Docker mounts a tmpfs with `noexec`. What a job downlo\
ads or builds there fails with `Permission denied`.",expected:({fixed:e})=>g(x(`--tmpfs ${e}`)),tell:({file:e,target:t,fixed:n,
options:r})=>({what:`\`container.options\` mounts a tmpfs on ${g(x(t))} without \`exec\`.`,fix:{text:`Write ${g(x(`--tmp\
fs ${n}`))}.`,...!Fe(r)&&{config:V(e,`container:
  options: ${pe(r.trim())}`)},kind:"runner"}})},"not-expanded":{level:"fail",title:"A variable in the configuration is n\
ot expanded",headline:({variable:e})=>E("Nothing expands ",e),why:({key:e,variable:t})=>e==="container.options"||e==="co\
ntainer.valid_volumes"?`The runner reads no variables in its configuration, so Docker gets the text ${g(x(t))} itself. T\
he mount is left out, or every job fails during setup.`:`The runner reads no variables in its configuration: it uses the\
 text ${g(x(t))} itself.`,expected:"the value",tell:({key:e,variable:t})=>({what:`${g(e)} contains ${g(x(t))}, which nei\
ther the runner nor Docker expands.`,fix:{text:"Write the value. Compose and shells expand variables in their own files \
only.",kind:"runner"}}),more:"Values of `runner.envs` are not reported: a `$` there may be wanted."},stripped:{level:"fa\
il",title:"The runner drops an option",headline:({flag:e})=>E("The runner drops ",e," from `container.options`"),why:({flag:e,
kind:t,versions:n})=>t==="privileged"?"Nothing reports it. The containers are not privileged, and what needs that (Docke\
r in Docker) fails inside the job.":`The job's setup log says \`container option "${e}" is not allowed when privileged m\
ode is disabled and will be ignored\`. The job then starts without ${t==="gpu"?"a GPU and finds no `nvidia-smi`":"it"}.${vn(
n)}`,expected:({kind:e})=>e==="privileged"?"`container.privileged: true`, or no `--privileged`":"a runner that keeps the\
 options of its own configuration: 3.3.1 or later, or before 3.0.0",tell:({file:e,flag:t,kind:n,versions:r})=>({what:`${r===
void 0?"The":"Depending on its release, the"} runner drops ${g(t)} because \`container.privileged\` is not \`true\`.`,fix:KB(
e,n)}),more:"Runners 3.0.0 to 3.3.0 drop all options that reach out of the container, even from their own configuration:\
 `--gpus`, `--device`, `--runtime`, `--cap-add`, `--security-opt`, `--pid`, `--ipc`, `--sysctl` and others. Every releas\
e drops `--privileged`."},...yA},qB={"'":"Unterminated single-quoted string",'"':"Unterminated double-quoted string","\\":"\
Unterminated backslash-escape"};function GB(e,t){return t?"Move the comment out of the value. Options have no comments: \
`#` is a word like any other, and quotes after it count.":e==="\\"?"Remove the backslash, or write the character that it\
 should escape.":"Close the quote, or escape it with a backslash."}function WB(e){switch(e.kind){case"unknown":return E(
"Unknown option ",e.flag);case"no-value":return E("The option ",e.flag," has no value");case"bad-value":return E("The va\
lue of ",e.flag," is invalid");case"refused":return E("The runner refuses ",e.flag);case"too-new":return E("The option ",
e.flag,` needs runner ${e.since}`)}}function HB(e){let t=g(x(e.flag));switch(e.kind){case"unknown":return`${t} in \`conta\
iner.options\` is not an option of \`docker create\`.${e.meant===void 0?"":` Did you mean ${g(e.meant)}?`}`;case"no-valu\
e":return`${t} at the end of \`container.options\` has no value.`;case"bad-value":return`The runner cannot read ${g(x(e.
value))} as the value of ${t}.`;case"refused":return`The runner refuses ${t} in \`container.options\`.`;case"too-new":return`\
Runner ${e.version} does not know ${t} yet: it was added in ${e.since}.`}}function BB(e){let t="runner";switch(e.kind){case"\
unknown":return e.meant===void 0?{text:"Remove the option. Only options of `docker create` are allowed here.",kind:t}:{text:`\
Write ${g(e.meant)}.`,kind:t};case"no-value":return{text:"Write the value after the option, or remove the option.",kind:t};case"\
bad-value":return{text:`Write ${e.expected}.`,kind:t};case"refused":return{text:"Remove the option. The runner mounts th\
e socket itself, unless `container.docker_host` forbids it.",kind:t};case"too-new":return{text:"Remove the option.",kind:t,
otherwise:{text:`Upgrade the runner to ${e.since} or later.`,kind:"host"}}}}function KB(e,t){let n="If jobs need it, and\
 every job of this runner may be root on the machine, set `container.privileged` to `true`.";return t==="privileged"?{text:"\
Remove the option: the runner drops it, so nothing changes.",kind:"runner",otherwise:{text:n,kind:"runner"}}:{text:"Upgr\
ade the runner to 3.3.1 or later, which keeps the options of its own configuration.",kind:"host",otherwise:t==="gpu"?{text:`\
Make the daemon give GPUs to every container: set \`nvidia\` as its default runtime, and name the GPUs in a variable, whic\
h no release drops. ${ei}`,config:V(e,`container:
  options: --env NVIDIA_VISIBLE_DEVICES=all`),commands:["sudo nvidia-ctk runtime configure --runtime=docker --set-as-def\
ault",Es],kind:"host"}:{text:n,kind:"runner"}}}var bA={id:"config/options",title:"The runner accepts and keeps every option of its job containers",intro:kA,reasons:jt,
subject:Ze,fine:"the runner accepts and keeps every option",waitsFor({config:e},t){return Mr(e,["container.options","con\
tainer.valid_volumes","container.privileged"],t)},find(e,t){let{config:n}=e,{scalar:r,options:o}=Co(e);if(!n)return[];let s=YB(
n);if(!r)return s;let i=new Cg(n,r,e,t),a=/\$\(|`/.exec(r.text);return o.problem&&a?[i.notExpanded(a[0]==="`"?"`\u2026`":
"$(\u2026)",a.index),...s]:o.problem?[i.unreadable(o.problem),...s]:[...s,...o.flags.flatMap(l=>i.judgeFlag(l)),...xd(o.
flags).flatMap(l=>i.judgeMount(l))]}},Cg=class{config;scalar;setup;context;sharing;valid;knowsValid;mayBePrivileged;allowed;strictGlobs;constructor(t,n,r,o){
this.config=t,this.scalar=n,this.setup=r,this.context=o,this.sharing=Sd(r),this.valid=Ms(t.root,"container","valid_volum\
es");let s=this.sharing.kind==="mounted"?[this.sharing.source,"act-toolcache"]:["act-toolcache"];this.allowed=[...this.valid,
...s],this.knowsValid=Mr(t,["container.valid_volumes"],o)===void 0,this.mayBePrivileged=Zs(r)||Mr(t,["container.privileg\
ed"],o)!==void 0,this.strictGlobs=Ue("volume-glob-stops-at-slash",r,o)}notExpanded(t,n){let r={file:this.config.path,key:"\
container.options",variable:t};return v(jt,"not-expanded",r,this.details(n,`\`${x(t)}\``))}unreadable(t){let n=t.kind===
"bad-value"?zn(t.value):void 0;if(n!==void 0&&t.kind==="bad-value")return this.notExpanded(n,t.offset);if(t.kind!=="unte\
rminated")return this.unknownFlag(t,t.offset,ZB(t));let r=XB(this.scalar.text,t.offset).trim(),o=r.startsWith("#"),s=o?"\
a line that looks like a comment":`\`${x(r)}\``,i=this.details(t.offset,s);return v(jt,"unterminated-quote",{what:t.what,
inComment:o},i)}judgeFlag(t){let{setup:n,context:r,config:o}=this,s=n.system==="gitea",i=t.value===void 0||VB.has(t.name)?
void 0:zn(t.value);if(i!==void 0)return[this.notExpanded(i,t.valueOffset)];if(t.name==="read-only"&&za(t)){let d={file:o.
path,options:JB(this.scalar.text,t.written)};return[v(jt,"read-only-root",d,this.details(t.offset,`\`${t.written}\``))]}
if(t.name==="tmpfs")return this.judgeTmpfs(t);if(t.name==="network"||t.name==="net"){let d=t.value??"",f=this.details(t.
offset,`\`${t.written} ${x(d)}\``);return[v(jt,"ignored-network",{file:o.path,flag:t.written,network:d},f)]}if(t.name===
"use-api-socket"&&s)return[this.unknownFlag({kind:"refused",flag:t.written},t.offset,`\`${t.written}\``)];let a=r.version===
void 0?void 0:ae(r.version),l=t.since===void 0?void 0:ae(t.since);if(s&&a&&l&&it(a,l)<0){let d={kind:"too-new",flag:t.written,
since:l.text,version:a.text};return[this.unknownFlag(d,t.offset,`\`${t.written}\``)]}if(this.mayBePrivileged)return[];if(t.
name==="privileged"&&za(t))return[this.stripped(t,"privileged",void 0)];let c=t.reachesHost?Ue("gpu-option-dropped",n,r):
void 0;if(!c)return[];let u=t.name==="gpus"||t.name==="runtime"||/nvidia|gpu/i.test(t.value??"");return[this.stripped(t,
u?"gpu":"other",c.versions)]}judgeTmpfs(t){let[n="",r=""]=(t.value??"").split(":");if(!zB.test(Ya(n))||r.split(",").includes(
"exec"))return[];let o=`${n}:${[...r.split(",").filter(i=>i!==""&&i!=="noexec"),"exec"].join(",")}`,s={file:this.config.
path,target:n,fixed:o,options:this.scalar.text.split(t.value??"").join(o)};return[v(jt,"noexec-tmpfs",s,this.details(t.offset,
`\`${x(`${t.written} ${t.value??""}`)}\``))]}judgeMount(t){let{setup:n,context:r,sharing:o}=this;if(t.source===""||!this.
knowsValid||zn(t.source)!==void 0)return[];if(this.valid.some(a=>Za(a)===t.source))return[];let s=this.refusalOf(t);if(t.
target!==Ct)return s?[this.notAllowed(t,s.versions)]:[];if(!s)return o.kind==="mounted"?this.duplicate(t):[];if(o.kind===
"none")return[this.socketNotMounted(t,s.versions)];let i=Ue("option-volume-displaces-mount",n,r);return[i?this.socketNotMounted(
t,i.versions):this.notAllowed(t,s.versions)]}refusalOf(t){var s;let n=!Ja(t,this.allowed,!1),r=!Ja(t,this.allowed,!0),o=(s=
this.strictGlobs)==null?void 0:s.versions;return o===void 0?(this.strictGlobs?r:n)?{}:void 0:n&&r?{}:r?{versions:o}:n?{versions:"\
before 4.0.0"}:void 0}duplicate(t){let{setup:n,context:r}=this,o=n.system==="forgejo"?{}:Ue("duplicate-socket-mount",n,r);
if(!o)return[];let s={...this.asked(t,o.versions),system:n.system};return[v(jt,"duplicate-socket-mount",s,this.mountDetails(
t))]}socketNotMounted(t,n){let{setup:r,sharing:o,valid:s}=this,i={...this.asked(t,n),system:r.system,valid:s,own:o};return v(
jt,"socket-not-mounted",i,this.mountDetails(t))}notAllowed(t,n){let{valid:r}=this,o=r.length===0?"no `valid_volumes`, so\
 nothing is allowed":r.map(i=>`\`${x(i)}\``).join(", "),s={...this.asked(t,n),valid:r};return v(jt,"volume-not-allowed",
s,this.details(t.offset,o))}stripped(t,n,r){let o=this.details(t.offset,`\`${x(`${t.written} ${t.value??""}`.trim())}\``);
return v(jt,"stripped",{file:this.config.path,flag:`--${t.name}`,kind:n,versions:r},o)}unknownFlag(t,n,r){return v(jt,"u\
nknown-flag",t,this.details(n,r))}asked({source:t,target:n},r){return{file:this.config.path,source:t,target:n,versions:r}}mountDetails({
source:t,target:n,offset:r}){return this.details(r,`\`${x(`${t}:${n}`)}\``)}details(t,n){return O(L(this.config.path,Gk(
this.scalar,t)),n)}},VB=new Set(["env","label","annotation","health-cmd","entrypoint","log-opt"]),zB=/^(?:\/(?:tmp|var\/tmp|root|home|workspace|opt\/hostedtoolcache))(?:\/|$)/;
function JB(e,t){return e.split(/\s+/).filter(n=>n!==""&&n.split("=")[0]!==t).join(" ")}function YB(e){let t=xn(e.system);
return Object.keys(t).flatMap(n=>{var a;let{type:r,secret:o}=t[n]??{};if(n==="container.options"||o||r!=="text"&&r!=="te\
xts")return[];let s=(a=U(e.root,...n.split(".")))==null?void 0:a.value;return((s==null?void 0:s.kind)==="list"?s.items:s?
[s]:[]).flatMap(l=>{let c=l.kind==="scalar"?zn(l.text):void 0;if(c===void 0)return[];let u=O(L(e.path,l),`\`${x(c)}\``);
return[v(jt,"not-expanded",{file:e.path,key:n,variable:c},u)]})})}function ZB(e){switch(e.kind){case"unknown":return`\`${e.
flag}\``;case"no-value":return"nothing after it";case"bad-value":return`\`${x(e.value)}\``}}function XB(e,t){let n=e.lastIndexOf(
`
`,t-1)+1,r=e.indexOf(`
`,t);return e.slice(n,r<0?void 0:r)}var vA="Looks at `container.privileged`.",jg={privileged:{level:"warn",title:"Every job container is privileged",why:"A \
privileged container has access to the machine's disks and devices. Anyone who can push a workflow is root on the runner\
 and can read the data of every other job.",expected:"`privileged: false`",tell:({file:e,dropGpus:t})=>({what:"`containe\
r.privileged` is `true`, so every job can do anything on the runner's machine.",fix:{text:`Turn it off. Building images \
needs only the Docker socket, and GPUs need only \`--gpus\` in \`container.options\`${t===void 0?"":` (runners ${t} drop\
 that option, so upgrade them first)`}.`,config:V(e,`container:
  privileged: false`),kind:"runner",otherwise:{text:"If jobs need it (Docker in Docker), reserve this runner for trusted\
 repositories, and accept the finding in the policy with a reason and an end date.",kind:"workflow"}}})}};var xA={id:"config/privileged",title:"Job containers are not privileged",intro:vA,reasons:jg,subject:Ze,fine:"job contai\
ners are not privileged",find(e,t){let{config:n}=e,r=U(n==null?void 0:n.root,"container","privileged");if(!n||!r||!On(n.
root,"container","privileged"))return[];let o=O(L(n.path,r),"`privileged: true`");return[v(jg,"privileged",{file:n.path,
dropGpus:$d(e,t)},o)]}};var $A="Looks at `.runner`, which the runner writes when it is registered. It contains the runner's token; the lint read\
s only the labels.",ni={missing:{level:"fail",title:"The runner cannot find its registration file (`.runner`)",why:"The \
runner exits with `registration file not found, please register the runner first` and takes no job.",expected:({path:e})=>g(
e),tell:({path:e,system:t,user:n})=>({what:`The runner looks for its registration at ${g(e)}, which does not exist.`,fix:{
text:"Register the runner in that directory as its own user. The command asks for the address of the forge and for a reg\
istration token.",commands:[QB(e,t,n)],kind:"host",otherwise:{text:"If the runner is registered already, set `runner.fil\
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
the labels of ${g(e)}`,tell:e=>{let{config:t,onlyInConfig:n,service:r}=e;if("unit"in e)return{what:SA([[t,n],["GITEA_RUN\
NER_LABELS",e.onlyInVariable]]),fix:{text:`Keep the labels in one place: remove \`GITEA_RUNNER_LABELS\` from the unit, and\
 write every label into the configuration. ${Ye}`,commands:["sudo systemctl daemon-reload",`sudo systemctl restart ${G(r)}`],
kind:"host"}};let{registration:o,onlyInRegistration:s}=e;return{what:SA([[t,n],[o,s]]),fix:{text:`Change labels in the c\
onfiguration only: at its start, the runner writes them into the registration and reports them to the forge. ${Ye}`,commands:[
`sudo systemctl restart ${G(r)}`],kind:"host"}}},more:"`GITEA_RUNNER_LABELS` in the unit counts more than `runner.labels\
`, and that more than `.runner`."},"world-readable":{level:"warn",title:"Every user can read the runner's token",why:"An\
yone who reads the token can impersonate this runner and receive its jobs and their secrets. Jobs with host labels can r\
ead the file too.",expected:"mode 0600",tell:({path:e,mode:t,user:n})=>({what:`Every user of the machine can read ${g(e)}\
, which contains the runner's token (mode ${cr(t)}).`,fix:eK(e,n)}),more:"The runner creates `.runner` with the usual um\
ask, so it has mode `0644` until you change that. Closing the file is enough: the runner keeps its mode when it changes \
the labels. `UMask=0077` in the unit protects the file of the next registration."}};function QB(e,t,n){let r=xo(t),o=_n(
e),s=`sudo --user=${G(n??r)}`;return`${o==="."?"":`cd ${ut(o)} && `}${s} ${r} register --config /etc/${r}/config.yaml`}function SA(e){
return e.filter(([,t])=>t.length>0).map(([t,n])=>{let r=n.slice(0,5).map(s=>g(x(s))),o=n.length>r.length?[`${n.length-r.
length} more`]:[];return`${Q([...r,...o])} ${n.length===1?"is":"are"} only in ${g(t)}.`}).join(" ")}function eK(e,t){return{
text:`Close the file to other users.${Ss(t)} After a new registration, do it again, or set \`UMask=0077\` in the runner's \
unit.`,commands:[...t===void 0?[]:[`sudo chown ${lr(t)} ${ut(e)}`],`sudo chmod 600 ${ut(e)}`],kind:"host"}}var RA={id:"config/registration",title:"The runner is registered with the labels of its configuration, and its token is \
kept",intro:$A,reasons:ni,subject:Nh,fine:"the registration is in its place and closed to other users",find(e){return[...tK(
e),...nK(e),...oK(e),...sK(e)]}};function tK(e){let{registration:t}=e;if(!(t!=null&&t.readableByAll))return[];let{path:n,
mode:r}=t;return[v(ni,"world-readable",{path:n,mode:r,user:To(e)},O({file:n},`mode ${cr(r)}`))]}function nK(e){if(e.registration||
Ir(e).length>0)return[];let t=rK(e);if(!t)return[];let{path:n,location:r}=t;return[v(ni,"missing",{path:n,system:e.system,
user:To(e)},O(r,"no such file"))]}function rK(e){var a;let t=e.others.find(l=>l.kind==="absent"&&Ls(l.path));if(t)return{
path:t.path,location:{file:t.path}};let{config:n}=e;if(n!=null&&n.registration){let{path:l,found:c}=n.registration,u=U(n.
root,"runner","file");return c==="yes"?void 0:{path:l,location:u?L(n.path,u.value):{file:n.path}}}let r=K(n==null?void 0:
n.root,"runner","file");if(r!==""&&r!==".runner")return;let o=e.units.find(l=>{var c;return(c=l.machine)==null?void 0:c.
registration}),s=(a=o==null?void 0:o.machine)==null?void 0:a.registration;if(!o||(s==null?void 0:s.found)!=="no")return;
let i=o.settings.find(l=>l.name==="WorkingDirectory");return{path:s.path,location:i?L(o.path,i):{file:o.path}}}function oK(e){
let{config:t,registration:n}=e;if(!t||!n||n.problem||!Nu(e))return[];if(ju(e).length>0&&Cu(e)!=="no")return[];let r=new Set(
tr(e).map(({text:u})=>Lg(u.text,e))),o=new Set(n.labels.map(u=>Lg(u.text,e))),s=[...r].filter(u=>!o.has(u)),i=[...o].filter(
u=>!r.has(u));if(s.length===0&&i.length===0)return[];let[a]=n.labels,[l]=e.units,c=l?$s(l.path):xo(e.system);return[v(ni,
"labels-differ",{registration:n.path,config:t.path,onlyInConfig:s,onlyInRegistration:i,service:c},O(a?L(n.path,a):{file:n.
path},n.labels.length===0?"no labels":`${n.labels.length} labels in the registration`))]}function sK(e){let{config:t}=e,
[n,...r]=ju(e);if(!t||!n||!Nu(e)||e.system==="forgejo")return[];let o=d=>new Set(d.map(({text:f})=>Lg(f.text,e))),[s,i]=[
o([n,...r]),o(Iu(e))],a=[...s].filter(d=>!i.has(d)),l=[...i].filter(d=>!s.has(d));if(a.length===0&&l.length===0)return[];
let c={unit:n.file,config:t.path,onlyInConfig:l,onlyInVariable:a,service:$s(n.file),wins:Cu(e)},u=O(L(n.file,n.text),`${r.
length+1} labels in the variable`);return[v(ni,"labels-differ",c,u)]}function Lg(e,t){let n=at(e,t.system);if(n.kind!=="\
label")return e;let{name:r,kind:o,image:s}=n.label;return o==="docker"?`${r}:docker://${s}`:`${r}:${o}`}var EA={"start-limit":{level:"warn",title:"systemd gives up after a few restarts",why:({burst:e,interval:t})=>`If Docker\
 or the forge is unavailable for a moment, the runner exits ${e} times within ${t} seconds. systemd then says \`Start req\
uest repeated too quickly\` and leaves it down, whatever \`Restart\` says.`,expected:"`RestartSec=5s`, or `StartLimitInt\
ervalSec=0`",tell:({file:e,delay:t,burst:n,interval:r})=>({what:`systemd starts the service again ${t===void 0?"after 10\
0 ms":`after ${g(t)}`}, but at most ${n} times in ${r} seconds.`,fix:{text:"Wait longer between two starts.",config:ot(e,
`[Service]
RestartSec=${Math.max(5,Math.ceil(r/Math.max(1,n))+1)}s`),commands:["sudo systemctl daemon-reload"],kind:"host"}})},"boo\
t-race":{level:"warn",title:"After a boot, the runner can start before the network",why:"The runner then cannot reach it\
s forge and exits, and nothing starts it again. Its jobs wait until someone notices.",expected:"`After=network-online.ta\
rget` and `Wants=network-online.target`",tell:({file:e})=>({what:"The unit does not wait for `network-online.target`; `n\
etwork.target` is reached before the machine has an address.",fix:{text:"Start the service when the network is up.",config:ot(
e,`[Unit]
After=network-online.target
Wants=network-online.target`),commands:["sudo systemctl daemon-reload"],kind:"host"}}),more:"A service that systemd star\
ts again, however often, finds its network by itself and is not reported."},"kill-mode":{level:"warn",title:"The stop of\
 the service does not fit its jobs",headline:e=>{switch(e.kind){case"left":return E("Processes of jobs survive a stop: ",
`KillMode=${e.mode}`);case"too-early":return"systemd kills jobs before `shutdown_timeout` ends";case"jobs-too":return"A \
stop of the service ends host jobs at once"}},why:e=>{switch(e.kind){case"left":return"What a job started goes on after \
the runner has stopped. It holds ports, files and GPUs, and disturbs the jobs of the next start.";case"too-early":return"\
A restart or a shutdown ends running jobs with SIGKILL, although the runner would let them finish.";case"jobs-too":return"\
systemd sends SIGTERM to every process of the service. Jobs on the host die while the runner still waits for them."}},expected:e=>e.
kind==="too-early"?`\`TimeoutStopSec\` of at least ${g(e.written)}`:"`KillMode=mixed`",tell:e=>({what:iK(e),fix:{text:e.
kind==="too-early"?"Give the service as much time as its jobs.":"Let systemd stop the runner first, and what is left of \
its jobs at the end.",config:ot(e.file,e.kind==="too-early"?`[Service]
TimeoutStopSec=${aK(e.written)}`:`[Service]
KillMode=mixed`),commands:["sudo systemctl daemon-reload"],kind:"host"}})}};function iK(e){switch(e.kind){case"left":return`\
With ${g(`KillMode=${e.mode}`)}, systemd stops the runner alone and leaves the processes of its jobs.`;case"too-early":return`\
\`runner.shutdown_timeout\` is ${g(e.written)}, but systemd kills the service after ${e.timeout===void 0?"90 seconds":g(
e.timeout)}.`;case"jobs-too":return`\`runner.shutdown_timeout\` gives jobs ${g(e.written)} to finish, but the unit has n\
o \`KillMode=mixed\`.`}}function aK(e){return`${Math.ceil(bd(e)??0)}s`}var TA={"ignored-line":{level:"warn",title:"systemd ignores a line of the unit",headline:({line:e})=>{switch(e.why){case"\
outside":case"no-equals":case"no-name":return`systemd ignores line ${e.line} of the unit`;case"section":return E("system\
d ignores the section ",`[${e.name}]`);default:return E("systemd ignores ",`${e.name}=`)}},why:({line:e})=>cK(e),expected:({
line:e})=>{switch(e.why){case"outside":return"`[Unit]` or `[Service]` above it";case"no-equals":case"no-name":return"`Na\
me=value`";case"section":return"`[Unit]`, `[Service]` or `[Install]`";case"wrong-section":return`${g(e.name)} in ${g(`[${e.
right}]`)}`;case"unknown-key":return g(e.meant);case"remark":return g(x(`${e.name}=${e.bare}`));case"value":return e.expected}},
tell:({file:e,line:t})=>({what:lK(t),fix:{...dK(e,t),commands:["sudo systemctl daemon-reload"],kind:"host"}}),more:"syst\
emd knows no comments behind values: everything up to the end of the line is the value."},"fatal-value":{level:"fail",title:"\
systemd does not start the service with this value",headline:e=>e.kind==="header"?"A section's header is broken":E("The \
service does not start with ",`${e.name}=${e.value}`),why:mK,expected:e=>{switch(e.kind){case"header":return"`[Service]`\
 alone on its line";case"relative":return"an absolute path, or `~`";case"remark":return g(x(`${e.name}=${e.bare}`));case"\
program":return"an absolute path of the program";case"second-command":return"one `ExecStart`";case"restart-of-oneshot":case"\
never-ready":case"oneshot":return"`Type=simple`, or no `Type`"}},tell:e=>({what:pK(e),fix:{...hK(e),commands:Rs(e.file),
kind:"host"}})}};function lK(e){switch(e.why){case"outside":return"The line is before the first section.";case"no-equals":
return"The line is neither a section nor an assignment.";case"no-name":return"The assignment has no name.";case"section":
return`systemd knows no section ${g(`[${e.name}]`)}, and ignores everything in it.`;case"wrong-section":return`${g(e.name)}\
 is in ${g(`[${e.section}]`)}, but systemd reads it in ${g(`[${e.right}]`)}.`;case"unknown-key":return`systemd knows no ${g(
e.name)} in ${g(`[${e.section}]`)}. Did you mean ${g(e.meant)}?`;case"remark":return`What follows ${g(x(`${e.name}=${e.bare}`))}\
 is a part of the value for systemd, which it cannot read then.`;case"value":return`${g(x(e.value))} is not a value of ${g(
e.name)}.`}}function cK(e){let n={outside:"`Assignment outside of section. Ignoring.`","no-equals":"`Missing '=', ignori\
ng line.`","no-name":"`Missing key name before '=', ignoring line.`",section:"`Unknown section. Ignoring.`"}[e.why]??"`i\
gnoring`",r="name"in e?uK[e.name]:void 0;return`systemd's journal says ${n}, and the service starts as if the line were \
not there.${r===void 0?"":` ${r}`}`}var uK={Restart:"So nothing restarts the runner after it exits.",TimeoutStopSec:"So \
a stop ends running jobs after 90 seconds.",RestartSec:"So systemd restarts the runner after 100 ms, and gives up after \
5 times."};function dK(e,t){switch(t.why){case"outside":return{text:`Write \`[Unit]\` or \`[Service]\` above line ${t.line}\
.`};case"no-equals":return{text:"Write `Name=value`, or begin the line with `#` if it is a comment."};case"no-name":return{
text:"Write the name before the `=`."};case"section":return{text:"Correct the name of the section. Sections of your own \
begin with `X-`."};case"wrong-section":return{text:`Move the line to ${g(`[${t.right}]`)}.`};case"unknown-key":return{text:`\
Write ${g(t.meant)}.`};case"remark":return{text:`Write ${g(x(`${t.name}=${t.bare}`))}, and the remark on a line of its o\
wn that begins with \`#\`.`,...!Fe(t.bare)&&{config:ot(e,`[${fK(t.name)}]
${t.name}=${t.bare}`)}};case"value":return{text:`Write ${t.expected}.`}}}function fK(e){return/^(?:StartLimit|JobTimeout)/.
test(e)?"Unit":"Service"}function pK(e){if(e.kind==="header")return"The header of a section does not end with `]`.";let t=g(
x(`${e.name}=${e.value}`,200));switch(e.kind){case"relative":return`${t} is not an absolute path.`;case"remark":return`s\
ystemd knows no comments behind values, so the remark in ${t} is a part of the value.`;case"program":return`The path of \
the program in ${t} is relative, and systemd expands neither \`~\` nor variables there.`;case"second-command":return"The\
 service has more than one `ExecStart`.";case"never-ready":return`With ${t}, systemd waits for a signal of readiness tha\
t the runner never gives.`;case"oneshot":return`With ${t}, systemd waits for the runner to exit, which a daemon does not\
.`;case"restart-of-oneshot":return`${t} is not allowed with \`Type=oneshot\`.`}}function mK(e){let t="`Unit configuratio\
n has fatal error, unit will not be started`";switch(e.kind){case"header":return"systemd does not load the unit: `Invali\
d section header`.";case"relative":return`systemd refuses the unit: ${t}.`;case"program":return`systemd refuses the unit\
: \`Neither a valid executable name nor an absolute path\`, ${t}.`;case"remark":return e.name==="User"?"There is no such\
 user: the service ends with `status=217/USER`.":"There is no such directory: the service ends with `status=200/CHDIR`.";case"\
second-command":return"systemd refuses the unit: `Service has more than one ExecStart= setting, which is only allowed fo\
r Type=oneshot services. Refusing.`";case"never-ready":return"After 90 seconds, systemd says `start operation timed out.\
 Terminating` and stops the runner with its jobs.";case"oneshot":return"The service stays in `activating`: what waits fo\
r it never starts, and `systemctl start` does not return.";case"restart-of-oneshot":return"systemd refuses the unit: `Se\
rvice has Restart= set to either always or on-success, which isn't allowed for Type=oneshot services. Refusing.`"}}function hK(e){
switch(e.kind){case"header":return{text:`Write the header alone on its line. ${Ye}`};case"relative":return{text:`Write t\
he absolute path. ${Ye}`};case"program":return{text:`Write the absolute path of the program. ${Ye}`};case"remark":return{
text:`Put the remark on a line of its own, which begins with \`#\`. ${Ye}`,...!Fe(e.bare??"")&&{config:ot(e.file,`[Servi\
ce]
${e.name}=${e.bare}`)}};case"second-command":return{text:"Keep one of the commands. In a drop-in, an empty `ExecStart=` \
must come before the new one. Restart the runner while no job runs."};case"restart-of-oneshot":case"never-ready":case"on\
eshot":return{text:`Remove the type: the runner is a plain daemon. ${Ye}`,config:ot(e.file,`[Service]
Type=simple`)}}}var AA="Reads the systemd unit with its drop-ins, merged as systemd merges them. A unit that starts the runner in a cont\
ainer, or through a script, is not judged.",lt={"no-config":{level:"fail",title:"The service starts the runner without i\
ts configuration",why:"The runner does not look for a configuration by itself. Labels, options and everything else in th\
e file have no effect; the defaults apply, and nothing reports it.",expected:"`--config` with the path of the configurat\
ion",tell:({file:e,command:t,config:n})=>({what:`${g(x(t,200))} has no \`--config\`, so the runner reads ${n===void 0?"n\
o `config.yaml`":`nothing of ${g(n)}`}.`,fix:{text:`Add ${Fe(t)?g(`--config ${_A(t)}`):"`--config`"} to the command. ${Ye}`,
...!Fe(t)&&{config:ot(e,`[Service]
${gK(e)?`ExecStart=
`:""}ExecStart=${yK(t)}`)},commands:Rs(e),kind:"host"}}),more:"Without any configuration that it could miss, this is a w\
arning: labels can be in `.runner`, and the defaults work."},"no-restart":{level:"warn",title:"The service does not rest\
art the runner",why:"After a crash, or if the forge or Docker is unavailable for a minute, the runner stays down. Its jo\
bs wait until someone notices.",expected:"`Restart=always` or `Restart=on-failure`",tell:({file:e,isNo:t})=>({what:`${t?
"The unit has `Restart=no`":"The unit has no `Restart`"}, so systemd does not start the runner again when it exits.`,fix:{
text:"Let systemd restart the runner.",config:ot(e,`[Service]
Restart=always
RestartSec=5s`),commands:["sudo systemctl daemon-reload"],kind:"host"}})},"not-after-docker":{level:"warn",title:"The se\
rvice does not wait for Docker",why:"After a reboot, the runner can start before Docker and exit with `cannot ping the d\
ocker daemon, is it running?`.",expected:"`After=docker.service`",tell:({file:e})=>({what:"Nothing in the unit orders th\
e service after Docker.",fix:{text:"Start the service after Docker.",config:ot(e,`[Unit]
After=docker.service network-online.target
Wants=docker.service network-online.target`),commands:["sudo systemctl daemon-reload"],kind:"host",otherwise:{text:"Let \
the runner itself wait for Docker (runner 0.2.13 and later).",config:{file:"config.yaml",language:"yaml",text:`container\
:
  docker_timeout: 2m`},kind:"runner"}}})},"not-in-docker-group":{level:"fail",title:"The service's user cannot use the D\
ocker socket",headline:({isKnown:e})=>e?"The service's user is not in the group `docker`":"The service's user may not be\
 in the group `docker`",why:"The runner exits at startup with `permission denied while trying to connect to the Docker d\
aemon socket`.",expected:"`SupplementaryGroups=docker`, or the user in the group",tell:({file:e,user:t,isKnown:n})=>({what:n?
`The user ${g(t)} is not in the group \`docker\`, and the unit does not add it.`:`The unit does not add the user ${g(t)}\
 to the group \`docker\`. This machine does not know whether the user is in it.`,fix:{text:`Give the service the group. ${Ye}`,
config:ot(e,`[Service]
SupplementaryGroups=docker`),commands:Rs(e),kind:"host",otherwise:{text:`Add the user to the group for everything it doe\
s. ${Ye}`,commands:[`sudo usermod -aG docker ${lr(t)}`,`sudo systemctl restart ${G($s(e))}`],kind:"host"}}}),more:"On a \
machine that does not know the user, this is a warning."},"toolchain-off-path":{level:"fail",title:"Tools of the machine\
 are not on the service's PATH",why:"A service reads no shell profile and no `~/.cargo/env`. Jobs fail with `cargo: comm\
and not found`, or with `Cannot find: node in PATH` before their first step, although a login shell finds both.",expected:"\
a PATH with the directories of the tools",tell:({file:e,user:t,missing:n,path:r})=>({what:n.length>0?`${Q(n.map(g))} ${n.
length===1?"is":"are"} not on the service's PATH, which jobs with host labels inherit.`:"The unit sets no PATH, so jobs \
with host labels find only what the system installed.",fix:{text:`Set the PATH in the unit, or install the tools for all\
 users (\`/usr/local/bin\`). ${Ye}`,config:ot(e,`[Service]
Environment="PATH=${Sy([...wK(t,n),r].join(":"))}"`),commands:Rs(e),kind:"host"}}),more:"On a machine that does not know\
 the service's user, a unit without any PATH is a warning."},...TA,...EA};function gK(e){return e.endsWith(".conf")}function yK(e){
return e.replace(/\bdaemon\b/,`daemon --config ${_A(e)}`)}function _A(e){return/forgejo/.test(e)?"/etc/forgejo-runner/co\
nfig.yaml":/act_runner/.test(e)?"/etc/act_runner/config.yaml":"/etc/gitea-runner/config.yaml"}function wK(e,t){return t.
length>0?t:[e==="root"?"/root/.cargo/bin":`/home/${/^[\w.-]+$/.test(e)?e:"runner"}/.cargo/bin`]}var PA={id:"config/service",title:"The service starts the runner with its configuration, after Docker, and restarts it",
intro:AA,reasons:lt,subject:RR,fine:"the service starts the runner with its configuration and restarts it",find(e){let t=Oe(
e,"Service","ExecStart"),n=e.units.find(s=>!s.dropIn);if(t&&!Na(t.value))return[];let r=e.units.flatMap(s=>[...kK(s),...bK(
s)]);return e.units.some(({brokenHeader:s,ignored:i=[]})=>s||!t&&i.length>0)?r:[...r,...xK(e),...t?SK(e,t):[],...n?[...$K(
e,n),...RK(e),...EK(e,n),...TK(e,n),...AK(e,n),..._K(e,n),...OK(e,n)]:[]]}};function kK({path:e,brokenHeader:t}){return t?
[v(lt,"fatal-value",{kind:"header",file:e},O(L(e,t),"no `]` at its end"))]:[]}function bK({path:e,ignored:t=[]}){return t.
map(n=>v(lt,"ignored-line",{file:e,line:n},O(L(e,n),vK(n))))}function vK(e){switch(e.why){case"remark":return`text after\
 \`${e.name}=${e.bare}\``;case"value":return`\`${x(`${e.name}=${e.value}`)}\``;case"outside":return"no section above it";case"\
no-equals":return"no `=`";case"no-name":return"no name before `=`";default:return`\`${e.name}\``}}function xK(e){var l;let t=[],
n=(c,u,d)=>{let{file:f,name:p,value:h}=c,m=O(L(f,c),`\`${x(`${p}=${h}`,200)}\``,d);t.push(v(lt,"fatal-value",{kind:u,file:f,
name:p,value:h,bare:Ds(h)},m))},r=Oe(e,"Service","WorkingDirectory");r&&!/^(?:[-!]?[/~%]|-)/.test(r.value)?n(r,"relative"):
r&&Ds(r.value)!==void 0&&n(r,"remark");let o=Oe(e,"Service","User");o&&Ds(o.value)!==void 0&&n(o,"remark");let s=Nt(e,"S\
ervice","ExecStart");for(let c of s){let u=((l=/^[-@:+!|]*["']?([^\s"']*)/.exec(c.value))==null?void 0:l[1])??"";u.includes(
"/")&&!/^[/%]/.test(u)&&n(c,"program")}let i=Oe(e,"Service","Type"),[,a]=s;if(a&&(i==null?void 0:i.value)!=="oneshot"&&n(
a,"second-command"),i&&/^(?:forking|notify|notify-reload|dbus)$/.test(i.value)&&n(i,"never-ready"),(i==null?void 0:i.value)===
"oneshot"){let c=Oe(e,"Service","Restart");c&&/^(?:always|on-success)$/.test(c.value)?n(c,"restart-of-oneshot"):n(i,"one\
shot","warn")}return t}function SK(e,t){var i;let{file:n,value:r}=t;if(/(?:^|\s)(?:--config|-c)(?:[\s=]|$)/.test(r)||!/\bdaemon\b/.
test(r))return[];let o=((i=e.config)==null?void 0:i.path)??e.units.flatMap(({machine:a})=>(a==null?void 0:a.configs)??[])[0],
s=O(L(n,t),`\`${r.slice(0,200)}\``,o===void 0?"warn":void 0);return[v(lt,"no-config",{file:n,command:r,config:o},s)]}function tl(e,...t){
return e.units.some(({ignored:n=[]})=>n.some(r=>"name"in r&&t.includes(r.name)))}function $K(e,t){if(tl(e,"Restart"))return[];
let n=Oe(e,"Service","Restart");if(n&&n.value!=="no")return[];let r=n?L(n.file,n):ri(t,"Service"),o={file:(n==null?void 0:
n.file)??t.path,isNo:n!==void 0};return[v(lt,"no-restart",o,O(r,n?"`Restart=no`":"no `Restart`"))]}function IA(e){var s;
if((((s=Oe(e,"Service","Restart"))==null?void 0:s.value)??"no")==="no")return"never";let{seconds:n,interval:r,burst:o}=NA(
e);return r===0||n*o>=r?"always":"until-limit"}function NA(e){let t=n=>{var r;return(r=Oe(e,"Unit",n)??Oe(e,"Service",n))==
null?void 0:r.value};return{seconds:Ca(t("RestartSec")??"")??.1,interval:Ca(t("StartLimitIntervalSec")??t("StartLimitInt\
erval")??"")??10,burst:Number(t("StartLimitBurst")??5)}}function RK(e){let t=Oe(e,"Service","Restart");if(!t||IA(e)!=="u\
ntil-limit"||tl(e,"RestartSec"))return[];let n=Oe(e,"Service","RestartSec"),r=n??t,o={file:r.file,delay:n==null?void 0:n.
value,...NA(e)},s=n?`\`RestartSec=${n.value}\``:"no `RestartSec`, so 100 ms";return[v(lt,"start-limit",o,O(L(r.file,r),s))]}
function EK(e,t){let n=l=>Nt(e,"Unit",l).flatMap(({value:c})=>c.split(/\s+/)),r="network-online.target",o=Nt(e,"Install",
"WantedBy").length>0;if(t.ofUser||!o||IA(e)==="always"||tl(e,"After"))return[];if(n("After").includes(r))return[];let[s]=Nt(
e,"Unit","After"),i=s?L(s.file,s):ri(t,"Unit"),a=s?`\`After=${x(s.value,100)}\``:"no `After`";return[v(lt,"boot-race",{file:t.
path},O(i,a))]}function TK(e,t){var l,c;let n=Oe(e,"Service","KillMode");if(n&&/^(?:process|none)$/.test(n.value)){let u={
kind:"left",file:n.file,mode:n.value};return[v(lt,"kill-mode",u,O(L(n.file,n),`\`KillMode=${n.value}\``))]}let r=bd(K((l=
e.config)==null?void 0:l.root,"runner","shutdown_timeout"));if(r===void 0||r<=0)return[];let o=K((c=e.config)==null?void 0:
c.root,"runner","shutdown_timeout"),s=Oe(e,"Service","TimeoutStopSec")??Oe(e,"Service","TimeoutSec"),i=[],a=s?Ca(s.value)??
90:90;if(!tl(e,"TimeoutStopSec","TimeoutSec")&&a!==0&&a<r){let u=s?L(s.file,s):ri(t,"Service"),d={kind:"too-early",file:(s==
null?void 0:s.file)??t.path,written:o,timeout:s==null?void 0:s.value},f=s?`\`${s.name}=${s.value}\``:"no `TimeoutStopSec\
`, so 90 s";i.push(v(lt,"kill-mode",d,O(u,f)))}if(Ph(e)&&(n==null?void 0:n.value)!=="mixed"){let u=n?L(n.file,n):ri(t,"S\
ervice"),d={kind:"jobs-too",file:(n==null?void 0:n.file)??t.path,written:o},f=n?`\`KillMode=${n.value}\``:"no `KillMode`\
, so `control-group`";i.push(v(lt,"kill-mode",d,O(u,f)))}return i}function AK(e,t){var a,l,c;if(t.ofUser||Vt(e)==="no"||
tl(e,"After"))return[];if(Ro((a=e.config)==null?void 0:a.root,"container","docker_timeout")!==void 0)return[];let n=K((l=
e.config)==null?void 0:l.root,"container","docker_timeout");if(n!==""&&!/^-|^0+[a-z\u00b5]*$/.test(n))return[];if(/^(?:tcp|ssh|https?):/.
test(K((c=e.config)==null?void 0:c.root,"container","docker_host")))return[];let r=Nt(e,"Unit","After");if(r.some(({value:u})=>/\b(?:docker|podman|containerd)[\w.-]*\.(?:service|socket)\b/.
test(u)))return[];let[o]=r,s=o?L(o.file,o):ri(t,"Unit"),i=o?`\`After=${o.value.slice(0,100)}\``:"no `After`";return[v(lt,
"not-after-docker",{file:t.path},O(s,i))]}function _K(e,t){var u,d;if(t.ofUser||Vt(e)==="no")return[];let n=/^(?:tcp|ssh|https?):|\/run\/user\//;
if(n.test(K((u=e.config)==null?void 0:u.root,"container","docker_host")))return[];if(n.test(Nr(e,"DOCKER_HOST")??""))return[];
let r=Oe(e,"Service","User");if(!r||r.value==="root"||r.value==="0")return[];let o=[...Nt(e,"Service","Group"),...Nt(e,"\
Service","SupplementaryGroups")];if(o.some(({value:f})=>f.split(/\s+/).includes("docker")))return[];let s=(d=e.units.find(
f=>f.path===r.file))==null?void 0:d.machine;if((s==null?void 0:s.inDockerGroup)===!0)return[];let i=(s==null?void 0:s.inDockerGroup)===
!1,a=o.length>0?o.map(({name:f,value:p})=>`\`${f}=${p}\``).join(", "):"no group but the user's own",l={file:t.path,user:r.
value,isKnown:i},c=O(L(r.file,r),a,i?void 0:"warn");return[v(lt,"not-in-docker-group",l,c)]}var OA="/usr/local/sbin:/usr\
/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";function OK(e,t){var p,h;if(!Ph(e))return[];if(Eo(e,"PATH")||K((p=e.config)==null?
void 0:p.root,"runner","env_file")!=="")return[];if(Nt(e,"Service","EnvironmentFile").length>0)return[];let n=Nr(e,"PATH"),
r=(n??OA).split(":"),o=Oe(e,"Service","User"),s=(h=e.units.find(m=>m.path===((o==null?void 0:o.file)??t.path)))==null?void 0:
h.machine,i=(s==null?void 0:s.userKnown)===!0,a=((s==null?void 0:s.toolchains)??[]).filter(m=>!r.some(y=>y===m||y.startsWith(
`${m}/`)));if(i?a.length===0:n!==void 0)return[];let l=Nt(e,"Service","Environment").filter(({value:m})=>/\bPATH=/.test(
m)),c=l[l.length-1],u=c?L(c.file,c):ri(t,"Service"),d={file:(c==null?void 0:c.file)??t.path,user:(o==null?void 0:o.value)??
"root",missing:i?a:[],path:n??OA},f=n===void 0?"systemd's own PATH":`\`PATH=${n.slice(0,300)}\``;return[v(lt,"toolchain-\
off-path",d,O(u,f,i?void 0:"warn"))]}function ri(e,t){let n=e.settings.find(r=>r.section===t)??e.settings[0];return L(e.
path,n??{line:1,column:1})}var CA="Reads each file. A file that cannot be read is not judged by any other check.",oi={"invalid-yaml":{level:"fail",
title:"A file has a syntax error",headline:({file:e,problem:t})=>E("Syntax error in ",Fo(e),`, line ${t.line}`),why:({kind:e})=>IK[e],
expected:({kind:e})=>PK[e],tell:({file:e,kind:t,problem:n})=>({what:`${g(e)} cannot be read: ${n.message}.`,fix:NK(e,t,n.
line)}),more:"Go's YAML parser refuses more than others do: a key that occurs twice, a tab as indentation, bytes that ar\
e not text."},unreadable:{level:"fail",title:"A file is missing or cannot be read",headline:({file:e})=>{switch(e.kind){case"\
absent":return E("",Fo(e.path)," does not exist");case"unreadable":return E("No permission to read ",Fo(e.path));case"ot\
her":return E("",Fo(e.path)," has nothing to read")}},why:({file:e})=>e.kind==="absent"?"A runner that is started with t\
his file exits with `open config file`. Nothing in it could be checked.":"Nothing in it could be checked.",expected:"a f\
ile of the runner that can be read",tell:({file:e})=>{switch(e.kind){case"absent":return{what:`${g(e.path)} does not exi\
st.`,fix:{text:"Name the file that the runner really reads: `ExecStart` of its unit has it after `--config`.",commands:[
"systemctl cat '*runner*.service' | grep ExecStart"],kind:"host"}};case"unreadable":return{what:`This user cannot read ${g(
e.path)} (${e.code}). The runner's own user may be able to.`,fix:{text:"Run the lint as the runner's user or as root.",commands:[
`sudo runner-check lint ${ut(e.path)}`],kind:"host"}};case"other":return{what:`${g(e.path)} is ${e.what}.`,fix:{text:"Li\
nt a `config.yaml`, a `.runner` or a systemd unit of a runner.",kind:"host"}}}}},"not-a-config":{level:"fail",title:"A f\
ile is not a runner's",headline:({path:e})=>E("",Fo(e)," is not a runner's file"),why:"No runner reads such a file, so n\
othing in it was judged.",expected:"a `config.yaml`, a `.runner` or a systemd unit of Gitea's or Forgejo's runner, or a \
workflow",tell:({path:e,what:t})=>({what:`${g(e)} is ${t}, not a file of Gitea's or Forgejo's runner.`,fix:{text:"Name t\
he file that the runner really reads: `ExecStart` of its unit has it after `--config`, and its container has it in `CONF\
IG_FILE`.",commands:["systemctl cat '*runner*.service' | grep ExecStart"],kind:"host"}}),more:"The content tells, whatev\
er the name: a file is a configuration of a runner unless more of its keys at the top are foreign than belong to one."},
template:{level:"fail",title:"A file is a template",headline:({path:e})=>E("",Fo(e)," is a template"),why:"A runner fill\
s nothing in. Whether the configuration is valid shows only in what the template produces.",expected:"a file without pla\
ceholders",tell:({path:e,form:t,line:n})=>({what:`${g(e)} has placeholders, the first (${g(t)}) on line ${n}.`,fix:{text:"\
Lint the file that is made from this template.",kind:"runner"}})}},jA={empty:{title:"The runner's files are empty",headline:({
paths:[e=""]})=>E("",Fo(e)," has no settings"),why:"A file that was cut off, by a full disk or a template that failed, l\
ooks the same. A runner that reads it runs with its defaults, without labels and limits.",expected:"a file with settings",
tell:({paths:e})=>({what:`${Q(e.map(g))} ${e.length===1?"has":"have"} no settings, so nothing shows that the runner is c\
onfigured.`,fix:{text:"Look at the file, and name the one that the runner really reads: `ExecStart` of its unit has it a\
fter `--config`. If it is meant to be empty, do not name it.",commands:[`ls -l ${e.map(ut).join(" ")}`,"systemctl cat '*\
runner*.service' | grep ExecStart"],kind:"host"}})}},PK={config:"YAML",registration:"JSON, as the runner writes it",workflow:"\
YAML"},IK={config:"The runner reads its configuration once, when it starts, and exits with `parse config file`.",registration:"\
Without its registration, the runner does not know its forge and takes no job.",workflow:"The forge ignores a workflow t\
hat it cannot read, so none of its jobs runs."};function NK(e,t,n){switch(t){case"config":return{text:`Correct line ${n}\
. Then restart the runner while no job runs, and look at its log.`,kind:"runner"};case"registration":return{text:"Move t\
he file away and register the runner again. Only the runner writes this file; do not edit it by hand.",commands:[`sudo m\
v ${ut(e)} ${ut(`${e}.broken`)}`],kind:"host"};case"workflow":return{text:`Correct line ${n}.`,kind:"workflow"}}}function Fo(e){
return e.slice(e.lastIndexOf("/")+1)}var Od={id:"config/syntax",title:"The runner's files can be read",intro:CA,reasons:oi,subject:Ia,fine:"every file can be\
 read",nothingIn:e=>Te(jA,"empty",{paths:e},{observed:"no setting",evidence:e.map(t=>({source:t,text:"no setting"}))}),find({
config:e,registration:t,others:n}){let r=[e,t].flatMap(s=>s!=null&&s.problem?[Fg(s.path,s.kind,s.problem)]:[]),o=n.filter(
s=>s.kind!=="absent"||!Ls(s.path));return[...r,...o.map(CK)]}};function Fg(e,t,n){return v(oi,"invalid-yaml",{file:e,kind:t,
problem:n},O(L(e,n),n.message))}function CK(e){switch(e.kind){case"foreign":return v(oi,"not-a-config",e,O({file:e.path,
line:1,column:1},e.what));case"template":return v(oi,"template",e,O(L(e.path,e),`\`${e.form}\``));default:return v(oi,"u\
nreadable",{file:e},O({file:e.path},jK(e)))}}function jK(e){switch(e.kind){case"absent":return"no such file";case"unread\
able":return e.code;case"other":return e.what}}var LA="Compares `runner.tool_cache_mode` with `runner.capacity`.",Mg={"shared-with-capacity":{level:"warn",title:"Concu\
rrent jobs share one tool cache",headline:({capacity:e})=>`${e} concurrent jobs share one tool cache`,why:"Two jobs that\
 install the same version at the same time corrupt it for all later jobs.",expected:"`tool_cache_mode: none`, or `capaci\
ty: 1`",tell:({file:e,capacity:t})=>({what:`\`runner.tool_cache_mode\` is \`shared\`, and ${t} jobs can run at the same \
time.`,fix:{text:"Install the tools in the image and set the mode to `none`, or run one job at a time.",config:V(e,`runn\
er:
  tool_cache_mode: none`),kind:"runner"}})}};var LK={seen({config:e}){let t=K(e==null?void 0:e.root,"runner","tool_cache_mode");if(!e||t==="")return[];let n=Ro(e.root,
"runner","capacity")??1;return[{source:e.path,text:`\`tool_cache_mode: ${x(t,40)}\`, \`capacity: ${n}\``}]},missing:"No \
`runner.tool_cache_mode` was read."},FA={id:"config/tool-cache",title:"No two jobs write to the tool cache at once",intro:LA,
reasons:Mg,subject:LK,fine:"no two jobs write to the tool cache at once",find({config:e}){let t=U(e==null?void 0:e.root,
"runner","tool_cache_mode"),n=Ro(e==null?void 0:e.root,"runner","capacity")??1;if(!e||!t||n<2||K(e.root,"runner","tool_c\
ache_mode")!=="shared")return[];let r=O(L(e.path,t),`\`shared\` and \`capacity: ${n}\``);return[v(Mg,"shared-with-capaci\
ty",{file:e.path,capacity:n},r)]}};var DA="Reads `container.valid_volumes`, the list of sources that jobs may mount: paths, names of volumes, and patterns \
of them.",Pd={"source-with-target":{level:"fail",title:"An entry of `valid_volumes` has a target",headline:({source:e})=>E(
"`valid_volumes` has a target after ",e),why:({source:e})=>`The runner compares entries with the source of a mount alone\
, so this one never matches. The setup log says \`[${x(e)}] is not a valid volume, will be ignored\`, and the job continu\
es without the mount.`,expected:({source:e})=>g(x(e)),tell:({file:e,entry:t,source:n,fixed:r})=>({what:`The entry ${g(x(
t))} is written like a mount, but ${g("container.valid_volumes")} takes sources only.`,fix:{text:`Write ${g(x(n))}, with\
out the target.`,config:MA(e,r),kind:"runner"}})},"workdir-not-allowed":{level:"fail",title:"`bind_workdir` has no effec\
t",why:({parent:e,versions:t})=>`The runner drops the mount of the workspace: the setup log says \`[${e}/\u2026] is not a val\
id volume, will be ignored\`. Jobs that start containers with \`-v $PWD\` see an empty directory.${vn(t)}`,expected:({parent:e})=>`${g(
`${e}/**`)} in \`container.valid_volumes\``,tell:({file:e,parent:t,valid:n})=>({what:`\`container.bind_workdir\` is set, b\
ut \`container.valid_volumes\` does not allow ${g(t)}.`,fix:{text:"Allow the workspace.",config:MA(e,[...n,`${t}/**`]),kind:"\
runner",otherwise:{text:"Upgrade the runner to 3.3.1 or later, which allows it by itself.",kind:"host"}}})}};function MA(e,t){
let n=t.slice(-20).map(r=>`    - ${pe(r)}`);return V(e,["container:","  valid_volumes:",...n].join(`
`))}var FK={seen({config:e}){if(!e)return[];let t=Ms(e.root,"container","valid_volumes").length;return[...t>0?[{source:e.path,
text:`${nr(t,"source")} in \`valid_volumes\``}]:[],...On(e.root,"container","bind_workdir")?[{source:e.path,text:"`bind_\
workdir: true`"}]:[]]},missing:"No entry of `container.valid_volumes` was read."},UA={id:"config/volumes",title:"Every a\
llowed volume is a source, and the workspace is one of them if it is mounted",intro:DA,reasons:Pd,subject:FK,fine:"every\
 allowed volume is a source",find:(e,t)=>[...MK(e),...DK(e,t)]};function MK({config:e}){var o;let t=(o=U(e==null?void 0:
e.root,"container","valid_volumes"))==null?void 0:o.value;if(!e||(t==null?void 0:t.kind)!=="list")return[];let n=Ms(e.root,
"container","valid_volumes"),r=[...new Set(n.map(s=>Za(s)??s))];return t.items.flatMap(s=>{let i=s.kind==="scalar"?Za(s.
text):void 0;if(i===void 0||s.kind!=="scalar")return[];let a={file:e.path,entry:s.text,source:i,fixed:r};return[v(Pd,"so\
urce-with-target",a,O(L(e.path,s),`\`${x(s.text)}\``))]})}function DK(e,t){let{config:n}=e,r=U(n==null?void 0:n.root,"co\
ntainer","bind_workdir");if(!n||!r||!On(n.root,"container","bind_workdir"))return[];let o=Ue("bind-workdir-needs-valid-v\
olume",e,t);if(!o||Mr(n,["container.valid_volumes"],t))return[];let s=`/${(K(n.root,"container","workdir_parent")||"work\
space").replace(/^\/+|\/+$/g,"")}`,i=Ms(n.root,"container","valid_volumes"),a={source:`${s}/1/owner/repository`,target:s,
type:"bind",offset:0};if(Ja(a,i,!1))return[];let l={file:n.path,parent:s,valid:i,versions:o.versions},c=i.length===0?"no\
 `valid_volumes`":i.map(u=>`\`${x(u)}\``).join(", ");return[v(Pd,"workdir-not-allowed",l,O(L(n.path,r),c))]}var Dg=[Od,aA,YT,pA,bA,UA,KT,xA,cA,MT,FA,qT,WT,RA,PA];function Id(e,t){let n=new Map(e.files.map((s,i)=>[s.path,i])),r=({
location:s})=>n.get((s==null?void 0:s.file)??"")??n.size;return un(e).flatMap(s=>Dg.flatMap(i=>Mo(i,i.find(s,t)))).sort(
(s,i)=>{var a,l,c,u;return r(s)-r(i)||(((a=s.location)==null?void 0:a.line)??0)-(((l=i.location)==null?void 0:l.line)??0)||
(((c=s.location)==null?void 0:c.column)??0)-(((u=i.location)==null?void 0:u.column)??0)})}function qA(e){let t=new Set,n=new Set;
for(let{title:r}of e)(t.has(r)?n:t).add(r);return e.map(r=>{let{title:o,location:s}=r;if(!n.has(o)||!s)return r;let i=` \
(${Ut(s).slice(-24)})`;return{...r,title:x(o,60-i.length)+i}})}function Mo(e,t){return t.map(n=>lf(e,n))}var GA=[...Dg.map(IR),Vu,Ed];function Nd(e){if(e===void 0||ae(e))return;let t="a version of the runner, such as `3.3.0` or `v1.0.8`";throw new Os([{place:"\
input `runner-version`",found:`\`${e}\``,allowed:t}])}async function WA(e,t){Nd(t);let n=qK(e,e.some(UK)),r=Je(n),o={kind:"config",path:"config.yaml",system:"gitea",mode:384,
...r.kind==="ok"&&r.root?{root:vo(r.root,"gitea")}:{}};return{text:n,results:Id({files:[o]},t===void 0?{}:{version:t})}}
function UK(e){let[t="",n]=e.split(":");return n==="docker"&&Ig(t)}function qK(e,t){let n=e.some(o=>o.split(":")[1]==="d\
ocker"),r=["# /etc/gitea-runner/config.yaml. The runner's service names it with `--config`.","","runner:","  file: /var/\
lib/gitea-runner/.runner","  # Concurrent jobs.",`  capacity: ${t?1:2}`,"  # Like TimeoutStopSec of the service.","  shu\
tdown_timeout: 3h","  labels:",...e.map(o=>`    - ${yt(JSON.stringify(o))}`)];return n?(r.push("","container:",'  # The \
runner mounts it into every job at /var/run/docker.sock. "-" keeps it out of jobs.',"  docker_host: unix:///var/run/dock\
er.sock","  privileged: false"),t&&r.push("  # Works with every release of the runner if `nvidia` is Docker's default ru\
ntime:","  #   sudo nvidia-ctk runtime configure --runtime=docker --set-as-default","  # Runner 3.3.1 and later also acc\
ept `--gpus all`.","  options: --env NVIDIA_VISIBLE_DEVICES=all --shm-size=8g"),`${r.join(`
`)}
`):`${r.join(`
`)}
`}function si({kind:e}){switch(e){case"image":return"in the image";case"host":return"on the host";case"runner":return"in t\
he runner's configuration";case"workflow":return"in the workflow";case"forge":return"on the forge"}}function GK(e){return e!=null&&e.startsWith("needs:")?e.slice(6):void 0}function Do(e){return e.status==="error"&&e.why===void 0?`Could not decide: ${e.title}`:Y(e.title,300).replace(/\.$/,"")}
function Ur(e){let t=Y(e.message,1500),n=Y(`${e.why??""}${e.status==="error"&&!WK(e)?HK:""}`,1e3),r=/[.!?:]$/.test(t)||n===
""?"":".";return`${t}${r} ${n}`.trim()}function WK({id:e}){return e.startsWith("after/")}var HK=" An undecided check cou\
nts as a failure.";function Uo({location:e}){if(!e)return;let{file:t,line:n,column:r}=e;return[t,n,n===void 0?void 0:r].
filter(o=>o!==void 0).join(":")}function Ug(e){return e<1e3?`${Math.round(e)} ms`:`${(e/1e3).toFixed(1)} s`}function qg(e){let t=GK(e.reason);if(t!==void 0)return`waits for \`${t}\``;switch(e.reason){case"not-in-profile":return"\
not in the profile";case"absent":return"optional and not installed";case"untrusted":return"from the workspace, which is \
untrusted";case"not-applicable":return"not applicable";default:return Y(e.message,300)}}function BA(e,t){return{level:e.status==="warn"?"warning":"error",message:t?VK(e):YK(e),properties:{title:zK(e),...JK(e)}}}
var Gg=120;function VK(e){var i,a,l;let t=Uo(e),r=`${t===void 0?"":`${Y(t,60)}: `}${Y(Do(e),Gg)}`,o=(i=e.remedy)!=null&&
i.config||(l=(a=e.remedy)==null?void 0:a.commands)==null?void 0:l[0],s=o===void 0?r:`${r}: ${Y(o)}`;return ln(Y(s.length<=
Gg?s:r,Gg-1))}function zK(e){return ln(Y(`${Do(e)} (${e.id})`,250)).replace(/\s*:+\s*/g," - ")}function JK({location:e}){
if(!e)return{};let{file:t,line:n,column:r}=e;return{file:Y(t,500),...n!==void 0&&{startLine:n},...n!==void 0&&r!==void 0&&
{startColumn:r}}}function YK(e){let{remedy:t}=e,n=Uo(e);return[`${n===void 0?"":`${Y(n,300)}: `}${Y(Ur(e),2500)}`,t?`Fix\
 it ${si(t)}: ${Y(t.text,1500)}`:"",...ZK(t==null?void 0:t.config),...((t==null?void 0:t.commands)??[]).slice(0,10).map(
s=>`  ${Y(s,900)}`)].filter(s=>s!=="").map(s=>ln(s)).join(`
`)}function ZK(e){if(!e)return[];let t=En(e.text).trimEnd().split(`
`).slice(0,20);return[`  in ${Y(e.file,200)}:`,...t.map(n=>`    ${n.slice(0,200)}`)]}var KA=["docker","rust","git","gpu"],Gpe=`off, all, or a list of ${KA.join(", ")}`;var VA={$schema:"./docker-cli-releases.schema.json",releases:[{from:"29.7",upTo:"29.7",newestApi:"1.55",oldestEngineApi:"\
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
1.24",examples:{"17.03.3-ce":"1.27"}}]};var Vpe=VA.releases;var QK=pr("docker",["docker","--version"]);var Lme=Object.entries({"user.name":"runner-check","user.email":"runner-check@localhost","commit.gpgSign":"false","core.\
hooksPath":"/dev/null","core.fsmonitor":"false","gc.auto":"0","maintenance.auto":"false","protocol.file.allow":"always",
"init.defaultBranch":"main"}).flatMap(([e,t])=>["-c",`${e}=${t}`]);var e6={pass:{sign:"\u2714 ",style:"green"},warn:{sign:"\u25B2 ",style:"yellow"},fail:{sign:"\u2716 ",style:"red"},error:{
sign:"? ",style:"red"},skip:{sign:"\xB7 ",style:"dim"}};var t6=6,Hg=30;function n6(e,t){let{sign:n,style:r}=e6[t.status],o=t.reason===void 0?t.id:`${t.id}:${t.reason}`;e.text(`${Do(t)} [${o}]`,
{prefix:n,prefixStyle:r,style:"bold",limit:300})}function JA(e,t,n){e.gap(),n6(e,t);let r=Uo(t);r!==void 0&&e.text(r,{prefix:"\
  at ",limit:300}),e.text(Ur(t),{prefix:"  ",limit:2500}),t.acceptance_expired!==void 0&&e.text(`This finding was accept\
ed until ${t.acceptance_expired}. The acceptance has expired, so it counts again.`,{prefix:"  "}),t.expected!==void 0&&e.
text(t.expected,{prefix:"  expected: ",limit:400}),t.observed!==void 0&&e.text(t.observed,{prefix:"  found:    ",limit:400});
for(let{source:s,text:i}of t.evidence.slice(0,t6))e.text(`${i} (${s})`,r6);t.remedy&&Bg(e,t.remedy),n.length>0&&e.text(`\
Waiting for this: ${n.join(", ")}`,{prefix:"  ",limit:1e3});let o=zs(t.docs);o!==void 0&&e.text(o,{prefix:"  More: ",style:"\
dim"})}var r6={prefix:"  seen:     ",style:"dim",limit:500};function Bg(e,t){zA(e,t,"Fix it"),t.otherwise&&zA(e,t.otherwise,
"Or")}function zA(e,t,n){e.text(`${n} ${si(t)}: ${t.text}`,{prefix:"  ",limit:1500});let{commands:r=[],config:o}=t;o&&(e.
text(`in ${o.file}:`,{prefix:"    ",limit:300}),e.verbatim(o.text,6),r.length>0&&e.text("then run:",{prefix:"    "}));for(let s of r.
slice(0,Hg))e.verbatim(s,6);r.length>Hg&&e.text(`\u2026 and ${r.length-Hg} more lines`,{prefix:"      "})}var o6=/^(\s*(?:-\s+)?["']?)([A-Za-z_]\w*)(["']?\s*[=:]\s*)(.*)$/;function XA(e){let[t="",n=""]=a6(e),r=n.slice(0,1)+Le(
n.slice(1)),o=s6(t);return(o===void 0?YA(t):YA(t.slice(0,o))+Le(t.slice(o)))+r}function s6(e){let t=/^\s*["']?environment["']?\s*:\s*\{/.
test(e);for(let n of e.matchAll(/(?<=[{,]\s*["']?)([A-Za-z_]\w*)(?:["']\s*:|\s*:(?=\s|$))\s*/g)){let[r,o=""]=n,s=t||/^[A-Z][A-Z0-9_]*$/.
test(o);if(ke(o)||s&&!Ts(o))return n.index+r.length}}function YA(e){let[,t="",n,r="",o=""]=o6.exec(e)??[];if(n===void 0)
return ZA(e);let s=r.includes("=")||/^[A-Z][A-Z0-9_]*$/.test(n);return ke(n)||s&&!Ts(n)?t+n+r+i6(o):t+n+r+(s?Xn(qe(o)):ZA(
o))}function i6(e){return/^["']?\$\{?[A-Za-z_]\w*\}?["']?\s*$/.test(e)?e:Le(e)}function ZA(e){return Xn(bo(ko(qe(e))))}function a6(e){
let t=e.search(/(?:^|\s)#/);return t<0?[e,""]:[e.slice(0,t),e.slice(t)]}function QA(e,t){return e.flatMap(({path:n,runners:r})=>{let o=r.flatMap(i=>Ru.flatMap(a=>Mo(a,a.find(i,t)))),s=({location:i})=>(i==
null?void 0:i.file)===n?i.line??0:Number.MAX_SAFE_INTEGER;return o.sort((i,a)=>s(i)-s(a))})}function e_(e){return Xs({files:[]},
e).map(({label:t,file:n})=>({name:n,labels:[t]}))}var t_=new WeakMap;function Vg(e){let t=t_.get(e)??new Kg(e);return t_.set(e,t),t}var Kg=class{words=new Map;starts=new Map;unfinished=new Set;constructor(t){
this.look(t)}onLine(t){return this.words.get(t)??[]}hiddenUpTo(t){if(this.unfinished.size===0)return 0;let n=t-1;for(;n>
0&&!this.starts.has(n);)n--;return this.unfinished.has(n)?(this.starts.get(t)??Number.POSITIVE_INFINITY)-1:0}look(t){switch(this.
begin(t.line,t.column),t.kind){case"map":for(let{key:n,line:r,column:o,value:s}of t.entries)this.begin(r,o),n.includes("\
*")&&this.add(r,{column:o,text:void 0}),this.look(s);return;case"list":for(let n of t.items)this.look(n);return;case"sca\
lar":t.text.includes("*")&&this.addScalar(t)}}begin(t,n){this.starts.set(t,Math.min(n,this.starts.get(t)??n))}add(t,n){let r=this.
words.get(t);r?r.push(n):this.words.set(t,[n])}addScalar({text:t,words:n,plain:r,line:o,column:s}){var i,a;if(n&&n.length===
((i=t.match(/\S+/g))==null?void 0:i.length)){for(let[l,c,u]of n){let d=((a=/^\S*/.exec(t.slice(l)))==null?void 0:a[0])??
"";d.includes("*")&&this.add(c,{column:u,text:d})}return}this.unfinished.add(o),this.add(o,n?{column:s,text:void 0}:{column:s+
(r?0:1),text:t})}};var l6=/(^[\s-]*|[{,]\s*)(["']?[\w.-]{1,60}["']?\s*:)(?=\s|$)/g,c6=/(?:^[\s-]*|[{,]\s*)["']?(?:runs-on|uses|labels)["']?\s*:\s+/g,
u6=/\[[^[\]{}]*\]|"[^"]*"|'[^']*'|(?:\$\{\{[^{}]*\}\}|[^\s"'[\]{},#])(?:\$\{\{[^{}]*\}\}|[^{},#])*/y,d6=/"[^"]*"|'[^']*'|[^\s"'[\]{},#]+/y;
function r_(e,t){let n=[...e.matchAll(c6)].map(s=>n_(e,u6,s.index+s[0].length)),r=[...[...e.matchAll(l6)].map(s=>[s.index,
s.index+s[0].length]),...n,...t===void 0?[]:[n_(e,d6,t)]],o=e.replace(/[^\s[\]{},:"']/g,"*");for(let[s,i]of r)o=o.slice(
0,s)+f6(e.slice(s,i))+o.slice(i);return o}function n_(e,t,n){var r;return t.lastIndex=n,[n,n+(((r=t.exec(e))==null?void 0:
r[0].length)??0)]}function f6(e){return Xn(qe(e))}var o_=160;function s_(e,t,n,r,o=!1){return zg(t,n,r,s=>e?p6(e,s,n):r_(s,o?r-1:void 0))}function zg(e,t,n,r){let o=e.split(
/\r?\n/,t)[t-1];if(o===void 0)return;let i=r(o).replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g,"?"),a=Math.min(n-1,i.length),
l=a>o_-20?a-60:0,c=i.slice(l,l+o_).split("	").join(" ");if(c.trim()!=="")return{text:`${l>0?"\u2026":""}${c}`,mark:a-l+(l>
0?1:0)}}function p6(e,t,n){switch(e.kind){case"config":return e.root&&!e.problem?h6(t,e.root,n):k6(t);case"registration":
return m6(t,e.problem?[]:e.labels.filter(r=>r.line===n));case"unit":{let r=/^(\s*([\w-]+)\s*=)(.*)$/.exec(t),o=i=>i.line===
n,s=e.settings.some(o)||(e.ignored??[]).some(i=>"name"in i&&o(i));return r&&!s?`${r[1]}${Le(r[3]??"")}`:r?`${r[1]}${pu(r[2]??
"",r[3]??"")}`:/^\s*\[[\w -]+\]\s*$/.test(t)?t:Le(t)}default:return""}}function m6(e,t){var o;let n=e.replace(/[^\s[\]{},:"]/g,
"*");for(let{column:s,text:i}of t){let a=(o=/^"((?:\\.|[^"\\])*)"/.exec(e.slice(s-1)))==null?void 0:o[1];a===void 0||!i_(
i,a)||(n=n.slice(0,s)+a_(a,i)+n.slice(s+a.length))}let r=/"labels"(?=\s*:)/.exec(e);return r?n.slice(0,r.index)+r[0]+n.slice(
r.index+r[0].length):n}function h6(e,t,n){let r=g6(y6(qe(e)));for(let{column:s,text:i}of Vg(t).onLine(n)){let a=s-1;r=i!==
void 0&&i_(i,e.slice(a,a+i.length))?r.slice(0,a)+a_(r.slice(a,a+i.length),i)+r.slice(a+i.length):r.slice(0,a)+Le(r.slice(
a))}let o=Vg(t).hiddenUpTo(n);return Le(r.slice(0,o))+r.slice(o)}function g6(e){return e.replace(/(?<=^|[\s[{,:])[!&][^\s,\]}]+/g,
t=>/^!!\w+$/.test(t)?t:Le(t))}function y6(e){let t=e.search(/(?:^|\s)#/);return t<0?e:e.slice(0,t+2)+Le(e.slice(t+2))}function i_(e,t){
return e.length===t.length&&e.split("").every((n,r)=>n==="*"||n===t[r])}function a_(e,t){return e.split("").map((n,r)=>t[r]===
"*"?"*":n).join("")}var w6=new Set([...Object.entries(qt),...Object.entries(Gt)].filter(([,e])=>!e.secret&&e.type!=="env\
ironment"&&e.type!=="texts").map(([e])=>e.slice(e.lastIndexOf(".")+1)));function k6(e){var i;let t=/^(\s*(?:- +)?["']?([\w.-]+)["']?\s*:)(.*)$/.
exec(e);if(!t)return e.replace(/[A-Za-z0-9]/g,"*");let[,n="",r="",o=""]=t;if(r==="options"||!w6.has(r))return n+o.replace(
/[A-Za-z0-9]/g,"*");let s=((i=/[{}[\],]|$/.exec(o))==null?void 0:i.index)??0;return n+Xn(qe(o.slice(0,s)))+Le(o.slice(s))}function nl(e){return Object.entries(e).map(([t,n])=>` ${t}="${Cd(n)}"`).join("")}var b6={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&apos;"};function Cd(e){return ln(e).replace(/[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
"").replace(/[&<>"']/g,n=>b6[n]??"")}var l_="https://github.com/fortemi/runner-check";function Jg({files:e,results:t}){let n=[...new Set(t.map(ii))].sort(),r=n.
map(i=>{let a=t.find(l=>ii(l)===i);return{id:i,shortDescription:{text:(a==null?void 0:a.title)??i},helpUri:`${l_}/blob/v\
1/${Mn((a==null?void 0:a.id)??i)}`}}),s={tool:{driver:{name:"runner-check",informationUri:l_,semanticVersion:Kl,rules:r}},
columnKind:"utf16CodeUnits",artifacts:e.map(i=>({location:{uri:c_(i)}})),results:t.map(i=>({ruleId:ii(i),ruleIndex:n.indexOf(
ii(i)),level:i.status==="warn"?"warning":"error",message:{text:Yg(i)},locations:i.location?[{physicalLocation:v6(i.location)}]:
[]}))};return`${JSON.stringify({$schema:"https://json.schemastore.org/sarif-2.1.0.json",version:"2.1.0",runs:[s]},null,"\
	")}
`}function ii({id:e,reason:t}){return`${e}:${t}`}function Yg({title:e,message:t,why:n,remedy:r}){return[`${e}.`,t,...n===
void 0?[]:[n],...r?[`Fix: ${r.text}`]:[]].join(" ")}function v6({file:e,line:t,column:n}){let r=t===void 0?void 0:{startLine:t,
...n!==void 0&&{startColumn:n}};return{artifactLocation:{uri:c_(e)},...r&&{region:r}}}function c_(e){let t=e.split("/").
map(encodeURIComponent).join("/");return e.startsWith("/")?`file://${t}`:t}function Zg({files:e,results:t}){let n=e.filter(
i=>t.every(({location:a})=>(a==null?void 0:a.file)!==i)),r=t.filter(({status:i})=>i==="fail").length,o={name:"runner-che\
ck lint",tests:String(t.length+n.length),failures:String(r),errors:"0",skipped:"0",time:"0.000"},s=t.filter(({status:i})=>i===
"warn");return['<?xml version="1.0" encoding="UTF-8"?>',"<testsuites>",`  <testsuite${nl(o)}>`,...t.map(x6),...n.map(i=>`\
    <testcase${nl({classname:i,name:"no problems found",time:"0.000"})}/>`),`    <system-out>${Cd(s.map(i=>`${u_(i)}: ${Yg(
i)}`).join(`
`))}</system-out>`,"  </testsuite>","</testsuites>",""].join(`
`)}function u_(e){return`${e.location?`${Ut(e.location)} `:""}${ii(e)}`}function x6(e){var r;let t=`    <testcase${nl({classname:((r=
e.location)==null?void 0:r.file)??"",name:u_(e),time:"0.000"})}`;if(e.status!=="fail")return`${t}/>`;let n=nl({type:ii(e),
message:e.title});return`${t}><failure${n}>${Cd(Yg(e))}</failure></testcase>`}var S6=/(?:^|\s)#\s*runner-check:\s*ignore\b(.*)$/;function d_(e,t){let n=[...t].flatMap(([i,a])=>R6(i,a));if(n.length===
0)return{results:e,notes:[]};let r=new Set,o=e.filter(i=>{let a=n.filter(l=>l.reason!==""&&$6(i,l));for(let l of a)r.add(
l);return a.length===0}),s=n.flatMap(i=>{let a=`${i.file}:${i.line}`,l=i.patterns.map(c=>g(c.slice(0,80))).join(", ")||"\
nothing";return i.reason===""?[`Not ignored: ${l} at ${a}. Add a reason to the comment, after \`--\`.`]:r.has(i)?[]:[`No\
thing to ignore: ${l} at ${a}. Remove the comment.`]});return{results:o,notes:s}}function $6({id:e,reason:t,location:n},{
file:r,target:o,patterns:s}){return(n==null?void 0:n.file)===r&&n.line===o&&s.some(i=>zr(i,e,t))}function R6(e,t){if(!t.
includes("runner-check:"))return[];let n=t.split(/\r?\n/);return n.flatMap((r,o)=>{let s=S6.exec(r);if(!s)return[];let[i="",
a=""]=(s[1]??"").split(/\s--\s*(.*)$/),l=i.split(/[\s,]+/).filter(d=>d!==""),c=r.trimStart().startsWith("#"),u=n.findIndex(
(d,f)=>f>o&&d.trim()!==""&&!d.trimStart().startsWith("#"));return[{file:e,line:o+1,target:c?u+1:o+1,patterns:l,reason:a.
trim()}]})}var E6={socket:"Docker socket","nested-socket":"socket of a nested Docker",privileged:"privileged containers",host:"the \
machine","runner-container":"the runner's container"};function T6({powers:e,code:t,secrets:n,token:r}){return[t==="their\
s"?"runs their code":"runs the base branch",...e===void 0?["unknown label"]:e.map(s=>E6[s]),...n.length===0?[]:[n.includes(
"inherit")?"all secrets":`secrets ${n.slice(0,3).join(", ")}${n.length>3?", \u2026":""}`],...r==="read"?[]:[r==="write"?
"write token":"write token by default"]].join(", ")}function p_({rows:e,closed:t}){if(e.length===0)return["Strangers rea\
ch no job of these workflows.",...f_(t)];let n=e.map(i=>[i.event,i.job,i.label??"(known to a run)",`${i.file}:${i.line}`,
T6(i)]),r=["event","job","label","opened by","gives"],o=r.map((i,a)=>n.reduce((l,c)=>Math.max(l,(c[a]??"").length),i.length)),
s=i=>i.map((a,l)=>l===i.length-1?a:a.padEnd(o[l]??0)).join("  ");return["What strangers reach (anyone without write acce\
ss):",s(r),...n.map(s),...f_(t)]}function f_(e){return e.length===0?[]:[`Kept out by their conditions: ${Q(e.slice(0,10))}${e.
length>10?", and others":""}.`]}function m_({rows:e}){let t=[...new Set(e.flatMap(({environment:o})=>o===void 0?[]:[o]))],
n=e.some(({event:o})=>o==="pull_request"),r=e.some(({code:o})=>o==="base");return[...n?["A pull request from a fork gets\
 no secrets, and a token that can only read. Gitea asks for an approval before the first run of an author."]:[],...r?["E\
vents that run the base branch have secrets and need no approval. A step that checks the pull request out, or puts its t\
itle or a comment into a command, runs the stranger's code with them."]:[],...t.length>0?[`Whether the ${t.length===1?"e\
nvironment":"environments"} ${Q(t.map(g))} ask for a review, only the forge knows; Gitea ignores environments.`]:[]]}function h_({
event:e,file:t,line:n,column:r,job:o,label:s,powers:i,code:a,secrets:l,token:c,environment:u}){return{event:e,file:t,line:n,
column:r,job:o,...s!==void 0&&{label:s},...i&&{gives:i},code:a,secrets:l,token:c,...u!==void 0&&{environment:u}}}var g_=["text","json","github","sarif","junit"];async function y_(e,t){let{runnerVersion:n,format:r,failOn:o}=t;Nd(n);let s={
files:t.files,directory:e.cwd(),...n&&{runnerVersion:n}},i=await Us(e,s,t.signal),{facts:a,composes:l}=i;if(a.files.length===
0&&i.workflows.length===0&&l.length===0)return F6(r);let c=Id(a,Mh(a)),u=QA(l,n===void 0?{}:{version:n}),d=_6(i),f=Xs(a,
l),p=N6(i,d,f),h=d_([...c,...u,...p],i.texts),m=qA(h.results),y=t.posture&&d.length>0?wd(d,f):void 0,w=m.map(S=>C6(i,S)),
k=w.map(({result:S})=>S),b=[...O6(i,d),...y?m_(y):[],...t.posture&&!y?[A6]:[],...h.notes];if(k.length===0&&I6(i,d))return L6(
i,b,t);let R=k.some(({status:S})=>S==="fail"||o==="warn");return{text:w_(r,i,w,b,t,y),exitCode:o!=="never"&&R?1:0,results:k}}
var A6="Not checked: what strangers reach, because no workflow was named.";function w_(e,t,n,r,o,s){let i={files:k_(t),results:n.
map(({result:a})=>a)};switch(e){case"text":return U6(t,n,r,s,o);case"json":return D6(t,i.results,r,s);case"github":return i.
results.map(a=>`${b_(a)}
`).join("");case"sarif":return yt(Jg(i));case"junit":return Zg(i)}}function k_({facts:e,workflows:t,composes:n}){return[
...e.files.map(({path:r})=>r),...t,...n.map(({path:r})=>r)]}function _6({workflows:e,texts:t}){return e.map(n=>rr(n,t.get(
n)??""))}function O6({facts:e,composes:t},n){let r=un(e).flatMap(i=>[i.config,...i.units].filter(a=>a&&!("problem"in a&&
a.problem)&&!P6(i,a.path))),o=n.filter(({jobs:i,problem:a})=>i.length>0&&!a).map(({path:i})=>`\`${i}\``),s=o.length>0&&zu(
e,{files:[]}).length===0&&t.length===0;return[...r.map(i=>`Not checked: \`${i==null?void 0:i.path}\`, which has no settin\
gs.`),...n.filter(({jobs:i,problem:a})=>i.length===0&&!a).map(({path:i})=>`Not checked: \`${i}\`, which has no jobs.`),...s?
[`Not checked: the labels in ${Q(o)}, because no linted file has those of a runner. Name its \`config.yaml\` or \`.runner\` \
as well.`]:[]]}function P6(e,t){return Ia.seen(e).some(({source:n})=>n===t)}function I6({facts:e,composes:t},n){return t.
length===0&&un(e).every(r=>Ia.seen(r).length===0)&&n.every(({jobs:r})=>r.length===0)}function N6({facts:e,composes:t},n,r){
let o=n.flatMap(({path:a,problem:l})=>l?[Fg(a,"workflow",l)]:[]),s=[...zu(e,{files:n}),...e_(t)],i=s.length===0?[]:ja(n,
s);return[...Mo(Od,o),...Mo(Vu,[...i,...Kh(n)]),...Mo(Ed,Rg(n,r))]}function C6({facts:e,texts:t},n){let{id:r,location:o}=n;
if((o==null?void 0:o.line)===void 0)return{result:n,excerpt:void 0};if(r.startsWith("compose/"))return j6(t,n);let s=e.files.
find(({path:u})=>u===o.file),i=r.startsWith("workflow/"),a=t.get(o.file)??"",l=s_(s,a,o.line,o.column??1,i),c=l?[{source:Ut(
o),text:l.text.trim()}]:[];return{result:{...n,evidence:c},excerpt:l}}function j6(e,t){let{location:n}=t,r=e.get((n==null?
void 0:n.file)??"")??"",o=(n==null?void 0:n.line)===void 0?void 0:zg(r,n.line,n.column??1,XA),s=o&&n?[{source:Ut(n),text:o.
text.trim()}]:[];return{result:{...t,evidence:s},excerpt:o}}function L6(e,t,n){return{text:n.format==="text"?t.map(o=>`${ai(
o)}
`).join(""):w_(n.format,e,[],t,n),exitCode:2,results:[]}}function F6(e){return{text:M6(e),exitCode:2,results:[]}}function M6(e){
let t={files:[],results:[]};switch(e){case"text":case"github":return`There is no runner configuration where runners keep\
 it. Name the file: runner-check lint config.yaml
`;case"json":return`${JSON.stringify({version:1,...t},null,"	")}
`;case"sarif":return Jg(t);case"junit":return Zg(t)}}function D6({facts:e,workflows:t,composes:n},r,o,s){let i={version:1,
...e.runnerVersion&&{runner:e.runnerVersion},files:[...e.files.map(({path:a,kind:l})=>({path:a,kind:l})),...t.map(a=>({path:a,
kind:"workflow"})),...n.map(({path:a})=>({path:a,kind:"compose"}))],results:r,...s&&{posture:s.rows.map(h_),closed:s.closed},
...o.length>0&&{notes:o}};return`${yt(JSON.stringify(i,null,"	"))}
`}function U6(e,t,n,r,{color:o,unicode:s,width:i,annotate:a}){let l=Ao({width:i,unicode:s,color:o,groups:!1});for(let u of t)
q6(l,u);if(l.text(G6(e,t.map(({result:u})=>u))),r){l.gap();for(let u of p_(r))l.verbatim(ai(u),0)}for(let u of n)l.text(
u);return[...a?t.map(({result:u})=>`${b_(u)}
`):[],l.toString()].join("")}function q6(e,{result:t,excerpt:n}){let{id:r,reason:o,status:s,title:i,location:a,remedy:l}=t,
[c,u]=s==="warn"?["warning","yellow"]:["error","red"],d=a?`${ai(Ut(a))}: `:"";if(e.verbatim(`${d}${c}: ${ai(i)} [${r}:${o}\
]`,0,u),n&&(a==null?void 0:a.line)!==void 0){let f=String(a.line);e.verbatim(`${f} | ${ai(n.text)}`,2,"dim"),e.verbatim(
`${" ".repeat(f.length)} | ${" ".repeat(n.mark)}^`,2,u)}e.text(Ur(t),{prefix:"  "}),l&&Bg(e,l),e.gap()}function b_(e){let{
level:t,message:n,properties:r}=BA(e,!0),o=d=>ai(d,`
`).replace(/%/g,"%25").replace(/\n/g,"%0A"),s=d=>o(d).replace(/:/g,"%3A").replace(/,/g,"%2C"),{title:i,file:a,startLine:l,
startColumn:c}=r,u=[...a===void 0?[]:[`file=${s(a)}`],...l===void 0?[]:[`line=${l}`],...c===void 0?[]:[`col=${c}`],...i===
void 0?[]:[`title=${s(i)}`]];return`::${t} ${u.join(",")}::${o(n)}`}function G6(e,t){let n=t.filter(({status:l})=>l==="f\
ail").length,r=t.length-n,o=k_(e).join(", "),{runnerVersion:s}=e.facts,i=s?` for runner ${s.text} (${s.source})`:"",a=[...n>
0?[`${n} error${n===1?"":"s"}`]:[],...r>0?[`${r} warning${r===1?"":"s"}`]:[]];return`${o}: ${a.length===0?"no problems f\
ound":a.join(", ")}${i}.`}function ai(e,t=""){return e.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
n=>t.includes(n)?n:"?")}var W6=/^(>=|<=|>|<|=)\s*(-?\d{1,20})(?:\s+|$)/;function v_(e){return/^\s*[<>=]/.test(e)}function x_(e){let t=[],n=e.trim();
for(;n!=="";){let[r="",o="",s=""]=W6.exec(n)??[];if(r===""||t.length===4)return;t.push({operator:o,number:BigInt(s)}),n=
n.slice(r.length)}return t.length===0?void 0:{all:t}}var S_={file:["exists","type","mode","owner","contains"],env:["set","is","matches"],command:["exit","stdout","timeout"],
sysctl:["is"],platform:[]},Xg=Object.keys(S_),H6=["why","fix"],B6=6e5;function $_(e,t,n){var a;let r=["expect",e],[o,s]=Xg.
filter(l=>t[l]!==void 0);if(o===void 0){n(r,"value","an entry without a kind",`exactly one of ${Xg.join(", ")}`);return}
if(s!==void 0){n([...r,s],"key",`\`${s}\` next to \`${o}\``,`exactly one of ${Xg.join(", ")}`);return}let i=[o,...S_[o],
...H6];for(let l of Object.keys(t).filter(c=>!i.includes(c)))n([...r,l],"key",`\`${l}\` next to \`${o}\``,`with \`${o}\`:\
 ${i.slice(1).join(", ")}`);(a=Qg[o])==null||a.call(Qg,t,r,n)}function K6(e,t,n){if(e.exists===!1)for(let r of["type","m\
ode","owner","contains"])e[r]!==void 0&&n([...t,r],"key",`\`${r}\` next to \`exists: false\``,"a file that must exist, o\
r no other key");e.contains!==void 0&&e.type!==void 0&&e.type!=="file"&&n([...t,"contains"],"key",`\`contains\` of a ${e.
type}`,"`contains` for `type: file` only")}function V6(e,t,n){for(let r of["is","matches"])e[r]!==void 0&&(ke(e.env??"")?
n([...t,r],"key",`\`${r}\` of a variable whose name says secret`,"`set: true` only: a secret has no place in a policy"):
e.set===!1&&n([...t,r],"key",`\`${r}\` next to \`set: false\``,"one of the two"));e.is!==void 0&&e.matches!==void 0&&n([
...t,"matches"],"key","`matches` next to `is`","one of the two")}function z6(e,t,n){if(e.timeout===void 0)return;let r=$t(
e.timeout)??0;(r===0||r>B6)&&n([...t,"timeout"],"value",`\`${e.timeout}\``,"a duration of more than 0 and at most `10m`")}
function J6({sysctl:e="",is:t},n,r){ke(e.split(".").pop()??"")&&r([...n,"sysctl"],"value",`\`${e}\``,"a kernel setting t\
hat is not a key or a secret");let o=String(t??"");v_(o)&&!x_(o)&&r([...n,"is"],"value",`\`${o}\``,'a value, or a range \
such as `">=524288"` or `">=1 <10"`')}var Qg={file:K6,env:V6,command:z6,sysctl:J6};function ey(e){if(/^(?:sha256:)?[0-9a-f]{64}$/.test(e))return;let t=/^([^\s@]+?)(?::([\w][\w.-]{0,127}))?(?:@(\w+:[0-9a-f]{32,}))?$/.
exec(e.trim()),n=t==null?void 0:t[1];if(!n)return;let[,,r,o]=t;return{repository:Y6(n),...r!==void 0&&{tag:r},...o!==void 0&&
{digest:o},...r===void 0&&o===void 0&&{tag:"latest"}}}function Y6(e){let[t="",...n]=e.split("/"),r=n.length>0&&(/[.:]/.test(
t)||t==="localhost"),o=r?t.replace(/^(?:index|registry-1)\.docker\.io$/,"docker.io"):"docker.io",s=r?n:[t,...n],i=o==="d\
ocker.io"&&s.length===1;return[o,...i?["library"]:[],...s].join("/")}var ty=/^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/,E_=/^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;function T_(e){return Z6(e)!==void 0}var A_="an image such as `ghcr.io/owner/image:latest`, in lowercase and with the ta\
g last";function __(e){var o;let t=e.trim();if(/^(?:sha256:)?[0-9a-f]{12,64}$/.test(t))return!0;let[n="",...r]=((o=ey(t))==
null?void 0:o.repository.split("/"))??[];return ty.test(n.toLowerCase())&&E_.test(r.join("/"))}function Z6(e){let t=e.trim().
replace(/^https:\/\//i,""),n=t.replace(/\/(?:v2\/?)?$/,"");if(n!==t||X6(n)){let c=R_(n);return ty.test(c)?{host:c}:void 0}
let r=ey(t),[o="",...s]=(r==null?void 0:r.repository.split("/"))??[],i=R_(o),a=s.join("/"),l=(r==null?void 0:r.digest)??
(r==null?void 0:r.tag);if(!(l===void 0||!ty.test(i)||!E_.test(a)))return{host:i,image:{name:t,repository:a,reference:l}}}
function X6(e){return e.includes("/")||e.includes("@")?!1:/^(?:[^:]+\.[^:]+|localhost|\[[^\]]+\])(?::\d+)?$/i.test(e)||/^[^:]+:\d{4,5}$/.
test(e)}function R_(e){return e.toLowerCase().replace(/^(?:index|registry-1|registry|hub|www)\.docker\.(?:io|com)$/,"doc\
ker.io")}var $e=fe(A("text"),Kd("text that is not empty"),cl(4096,"text of at most 4096 characters")),li=fe(ve("a whole number, 0\
 or more"),Vd("a whole number, 0 or more"),Hr(0,"a whole number, 0 or more")),oy=ar("true or false"),rl=ct([fe(A(),Be(/^\d+(?:\.\d+)?\s*(?:(?:[kKmMgGtT][iI]?)?[bB])?$/,
hl),Wr(e=>uf(e)!==void 0,hl)),li],hl),sy=fe(A(Dn),Be(/^\d+(?:\.\d+)?\s*(?:ms|s|m|h|d)$/,Dn),Wr(e=>$t(e)!==void 0,Dn)),Ld=ct(
[$e,ve()],Yr),Fd=ce(["required","optional","forbidden"],"required, optional, forbidden"),Q6=fe(A(),Be(/^[A-Za-z0-9][\w.+-]{0,63}$/,
"the name of a program, without a path")),eV=ct([vt({version:$(Ld),command:$(fe(re($e,"a list of words, such as `[ffmpeg\
, -version]`"),ul(1,"a list with the program first"))),optional:$(oy)}),Ld],`${Yr}, or a mapping with version, command, \
optional`),tV=ct([vt({require:Fd,plugins:$(re(ce(["buildx","compose"],"buildx, compose"),"a list of buildx, compose"))}),
Fd],"required, optional, forbidden, or a mapping with require, plugins"),nV=ct([vt({require:Fd,count:$(li),memory:$(rl),
"free-memory":$(rl),driver:$(Ld),"compute-capability":$(Ld)}),Fd],"required, optional, forbidden, or a mapping with requ\
ire, count, memory, free-memory, driver, compute-capability"),rV=vt({path:fe(A("workspace, temp, home, docker-root, tool\
-cache or an absolute path"),Be(/^(?:workspace|temp|home|docker-root|tool-cache|\/.*)$/,"workspace, temp, home, docker-r\
oot, tool-cache or an absolute path")),free:$(rl),inodes:$(li)}),ny="an http or https URL",oV=vt({name:fe(A("a short nam\
e"),Be(/^[A-Za-z0-9][\w.-]{0,63}$/,"a short name of letters, digits, `.`, `_`, `-`")),url:fe(A(ny),Be(/^https?:\/\/\S+$/,
ny),Wr(e=>Re(e)!==void 0,ny)),models:$(re($e,"a list of model names"))}),ry="a number of CPUs such as `2` or `1.5`",sV="\
a host such as `ghcr.io`, or an image such as `ghcr.io/owner/image:latest`, in lowercase and with the tag last",Md={registries:re(
fe($e,Wr(T_,sV)),"a list of hosts or image references"),services:re(oV,"a list such as `- { name: ollama, url: http://lo\
calhost:11434/api/tags }`")},iV=vt({extends:$($e),labels:$(re($e,"a list of labels")),"runs-in":$(ce(["container","host",
"any"],"container, host, any")),image:$(fe($e,Wr(__,A_))),"image-max-age":$(sy),tools:$(bt(Q6,eV,"a mapping of tool to v\
ersion range")),docker:$(tV),gpu:$(nV),privileged:$(ce(["allowed","forbidden"],"allowed, forbidden")),"tool-cache":$(ce(
["persistent"],"persistent")),memory:$(rl),cpus:$(fe(ve(ry),Hd(ry),Hr(0,ry))),shm:$(rl),"open-files":$(li),disk:$(re(rV,
"a list such as `- { path: workspace, free: 40GiB }`")),registries:$(Md.registries),services:$(Md.services)}),aV=fe(A("a\
 day such as 2026-12-31"),Be(/^\d{4}-\d{2}-\d{2}$/,"a day such as 2026-12-31")),lV=vt({check:$e,reason:$e,until:aV}),cV=ct(
[$e,li],"text, or a whole number"),uV="an absolute path, or one in the workspace without `..` and `~`",O_=["file","direc\
tory","link","socket","device"],P_='permission bits in quotes, such as `"0775"`',I_="the name of a variable: letters, di\
gits and `_`",N_="the name of a kernel setting such as `fs.inotify.max_user_watches`",jd="an exit code from 0 to 255",dV=vt(
{file:$(fe($e,Be(/^(?!~)(?!(?:.*\/)?\.\.(?:\/|$))[^\u0000-\u001f\u007f]+$/,uV))),exists:$(oy),type:$(ce(O_,O_.join(", "))),
mode:$(fe(A(P_),Be(/^[0-7]{3,4}$/,P_))),owner:$(ct([fe($e,cl(64)),li],"the name or the number of a user")),contains:$($e),
env:$(fe(A(I_),Be(/^[A-Za-z_]\w{0,127}$/,I_))),set:$(oy),is:$(cV),matches:$($e),command:$(fe(re($e,"a list of words, suc\
h as `[licensetool, status]`"),ul(1,"a list with the program first"))),exit:$(fe(ve(jd),di(jd),Hr(0,jd),Bd(255,jd))),stdout:$(
$e),timeout:$(sy),sysctl:$(fe(A(N_),Be(/^[a-z][\w-]{0,63}(?:\.[A-Za-z0-9][\w-]{0,63}){1,7}$/,N_))),platform:$(ce(Ta,Ta.join(
", "))),why:$($e),fix:$($e)}),fV=vt({runners:$(re(vt({name:$e,profile:$($e)}),"a list such as `- { name: titan-1, profil\
e: titan }`")),"max-age":$(sy)}),C_=vt({version:Ke(1,"1"),profiles:$(bt($e,iV,"a mapping of name to profile")),expect:$(
bt(fe(A(),Be(/^[A-Za-z0-9][\w.-]{0,39}$/,"a short name of letters, digits, `.`, `_`, `-`")),dV,"a mapping of name to wha\
t is expected")),severity:$(bt($e,ce(["off","warn","fail"],"off, warn, fail"),"a mapping of check id to off, warn, fail")),
accept:$(re(lV,"a list such as `- { check: disk/free, reason: \u2026, until: 2026-12-31 }`")),fleet:$(fV)});var Pe=ui(uu(),1);function L_(e){let t=new Pe.LineCounter,r=(0,Pe.parseDocument)(e,{lineCounter:t,uniqueKeys:!1,prettyErrors:!1,version:"1\
.2",merge:!1}),o=r.errors.find(({message:d})=>/call stack/.test(d));if(o)return[iy(ol(t,o.pos[0]))];if(r.errors.length>0)
return r.errors.slice(0,20).map(d=>({place:ol(t,d.pos[0]),found:d.message.split(`
`)[0]??"",allowed:hV(d.message)}));let s=new Map,i=0,a=new Set,l=(d,f)=>{let p=()=>{var m;return ol(t,((m=d==null?void 0:
d.range)==null?void 0:m[0])??0)};if(f>40)throw new ci(iy(p()));if(++i>1e4)throw new ci(j_({line:1,column:1},`more than ${1e4}\
 values`));if(d===null)return null;if((0,Pe.isAlias)(d))return l(s.get(d)??null,f+1);if((0,Pe.isCollection)(d)&&d.items.
length>500)throw new ci(j_(p(),`${d.items.length} entries`,`at most ${500} entries`));if((0,Pe.isSeq)(d))return d.items.
map(m=>l(m,f+1));if((0,Pe.isMap)(d)){let m=new Set,y=d.items.map(({key:w,value:k})=>{let b=cy(w);return m.has(b)&&a.add(
w),m.add(b),[b,l(k,f+1)]});return Object.fromEntries(y)}return(0,Pe.isScalar)(d)?typeof d.value!="number"||d.source===void 0||
String(d.value)===d.source?d.value:d.source:void 0},c;try{s=pV(r),c=l(r.contents,0)}catch(d){if(d instanceof RangeError)
return[iy({line:1,column:1})];if(d instanceof ci)return[d.mistake];throw d}if(a.size>0)return[...a].slice(0,20).map(d=>{
var f;return{place:ol(t,((f=d.range)==null?void 0:f[0])??0),found:`\`${cy(d).slice(0,100)}\` a second time`,allowed:"eac\
h key once"}});let u=d=>mV(r,d,s);return{data:c,placeOf:(d,f)=>{var m,y;let{key:p,value:h}=u(d);return ol(t,((y=(m=f==="\
key"?p??h:h??p)==null?void 0:m.range)==null?void 0:y[0])??0)},sourceOf:d=>{var m;let[f=0,p=0]=((m=u(d).value)==null?void 0:
m.range)??[],h=e.slice(f,Math.min(p,f+200)).replace(/\s+/g," ").trim();return h===""?"nothing":`\`${h}${p-f>200?"\u2026":
""}\``}}}var ci=class extends Error{mistake;constructor(t){super(t.found),this.mistake=t}};function j_(e,t,n=`at most ${1e4}\
 values, aliases followed`){return{place:e,found:t,allowed:n}}function iy(e){return{place:e,found:`more than ${40} level\
s of nesting`,allowed:`at most ${40}, aliases followed`}}var cy=e=>(0,Pe.isScalar)(e)?String(e.value):"?";function pV(e){
let t=new Map,n=new Map;return(0,Pe.visit)(e,{Alias(r,o){let s=t.get(o.source);s&&n.set(o,s)},Value(r,o){o.anchor!==void 0&&
t.set(o.anchor,o)}}),n}function mV(e,t,n){let r,o=e.contents;for(let s of t)if((0,Pe.isAlias)(o)&&(o=n.get(o)??null),(0,Pe.isMap)(
o)){let i=o.items.find(a=>cy(a.key)===String(s));if(!i)break;r=i.key,o=i.value}else if((0,Pe.isSeq)(o)&&typeof s=="numbe\
r")r=void 0,o=o.items[s]??null;else break;return{key:r,value:o??void 0}}function ol(e,t){let{line:n,col:r}=e.linePos(t);
return{line:Math.max(1,n),column:Math.max(1,r)}}function hV(e){return/alias|block scalar/i.test(e)?"a version range that\
 begins with `*` or `>` needs quotes":/tab/i.test(e)?"blanks for indentation, never tabs":"YAML 1.2"}var qo=50;function uy(e,t,n,r={}){let o=L_(e);if(!("data"in o))return o.map(({place:m,found:y,allowed:w})=>({place:n(m),
found:y,allowed:w}));let s=[],i=(m,y,w,k)=>{if(s.length>=qo)return;let b=o.placeOf(m,y);s.some(S=>n(S.place)===n(b)&&S.found===
w)||s.push({place:b,found:w,allowed:k})},a=()=>[...s].sort((m,y)=>m.place.line-y.place.line||m.place.column-y.place.column).
map(({place:m,found:y,allowed:w})=>({place:n(m),found:y,allowed:w})),l=U_(o.data,[]);for(let m of l.slice(0,qo))i(m,"key",
`\`${m[m.length-1]}\``,"another name");let c=q_(o.data,t,[]);for(let{path:m,allowed:y}of c.slice(0,qo))i(m,"value",o.sourceOf(
m),y);let u=[...l,...c.map(({path:m})=>m)],d=Yt(t,o.data);if(d.success)return{accepted:d.output,yaml:o,reject:i,mistakes:a};
let f=d.issues.flatMap(D_),p=f.filter(m=>!u.some(y=>yV(m,y)));for(let m of p.slice(0,50))kV(m,t,o,i);let h=Yt(t,gV(o.data,
f,r));return{accepted:h.success?h.output:void 0,yaml:o,reject:i,mistakes:a}}function gV(e,t,n){let r=JSON.parse(JSON.stringify(
e??null));for(let o of t){let s=(o.path??[]).map(a=>String(a.key)),i=o.type==="strict_object"&&o.received==="undefined";
M_(r,i?s.slice(0,-1):s)}return typeof r=="object"&&r!==null?{...r,...n}:r}function M_(e,t){let[n,...r]=t;if(n===void 0||
typeof e!="object"||e===null)return;let o=e,s=D(o,n);r.length===0||Array.isArray(s)?delete o[n]:M_(s,r)}function D_(e){if(e.
type!=="union"||typeof e.input!="object"||e.input===null)return[e];let t=e.path??[],n=(e.issues??[]).filter(r=>{var o;return(((o=
r.path)==null?void 0:o.length)??0)>0});return n.length===0?[e]:n.map(r=>({...r,path:[...t,...r.path??[]]})).flatMap(D_)}
function yV(e,t){return t.every((n,r)=>{var o,s;return String((s=(o=e.path)==null?void 0:o[r])==null?void 0:s.key)===String(
n)})}var wV=["__proto__","constructor","prototype"];function U_(e,t){return typeof e!="object"||e===null?[]:Object.entries(
e).flatMap(([n,r])=>{let o=[...t,Array.isArray(e)?Number(n):n];return wV.includes(n)?[o]:U_(r,o)})}function q_(e,t,n){if(typeof e!=
"object"||e===null)return[];let r=il(t);if(Array.isArray(e)&&!r.some(({type:o})=>o==="array")){let o=r.find(({type:a})=>a===
"record"||a==="strict_object");if(!o)return[];let s=Object.keys(o.entries??{}),i=s.length>0?`a mapping with ${s.join(", ")}`:
String(o.message);return[{path:n,allowed:i}]}return Object.entries(e).flatMap(([o,s])=>{let i=r.flatMap(({entries:a,value:l,
item:c})=>D(a??{},o)??l??c??[])[0];return i?q_(s,i,[...n,Array.isArray(e)?Number(o):o]):[]})}function il(e){return e.wrapped?
il(e.wrapped):e.type==="union"?(e.options??[]).flatMap(il):[e]}function kV(e,t,n,r){var u;let o=(e.path??[]).map(d=>d.key),
s=(u=e.path)==null?void 0:u[e.path.length-1],i=String((s==null?void 0:s.key)??""),a=F_(t,o.slice(0,-1));if(e.type==="str\
ict_object"&&e.expected==="never"){let d=ye(i,a);r(o,"key",`unknown key \`${i}\``,`${a.join(", ")}${d===void 0?"":`; did\
 you mean \`${d}\`?`}`);return}if(e.type==="strict_object"&&e.received==="undefined"){r(o.slice(0,-1),"value",`no \`${i}\
\``,`\`${i}\` is needed here`);return}let l=(s==null?void 0:s.origin)==="key"?"key":"value",c=l==="key"?`\`${i}\``:n.sourceOf(
o);r(o,l,c,/^Invalid (?:type|value)/.test(e.message)?`a mapping with ${F_(t,o).join(", ")}`:e.message)}function F_(e,t){
let n=[e];for(let r of t)n=n.flatMap(il).flatMap(o=>D(o.entries??{},String(r))??o.value??o.item??[]);return n.flatMap(il).
flatMap(r=>Object.keys(r.entries??{}))}function W_(e,t,n){let r=({line:c,column:u})=>`${e}:${c}:${u}`;if(t.length>131072)return[{place:`${e}:1:1`,found:`a file\
 of more than ${Qt(131072)}`,allowed:`a policy of at most ${Qt(131072)}`}];let o=uy(t,C_,r,{version:1});if(!("yaml"in o))
return o;let{accepted:s,yaml:i,reject:a}=o;s&&bV(s,i,n,a,()=>o.mistakes().length>=qo);let l=o.mistakes();return l.length>
0||!s?l:{name:e,source:s,lineOf:c=>`${e}:${i.placeOf(c,"key").line}`}}function H_(e,t){let n=uy(t,Md[e],({line:s,column:i})=>`\
input \`${e}\`, line ${s}, column ${i}`);if(!("yaml"in n))return n;let r=n.accepted;r&&B_(r,[],n.reject);let o=n.mistakes();
return o.length>0||!r?o:{list:r}}function B_(e,t,n){let r=new Set;for(let[o,s]of e.entries()){if(typeof s!="object")continue;
let{name:i}=s;r.has(i)&&n([...t,o,"name"],"value",`\`${i}\` a second time`,"a name that is unique among the services"),r.
add(i)}}function bV(e,t,n,r,o){let s=e.profiles??{};for(let[i,a]of Object.entries(s)){let l=["profiles",i];for(let c of vV(
a)){if(o())return;let u=c.reduce((d,f)=>d[f],a);bi(String(u))===void 0&&r([...l,...c],"value",t.sourceOf([...l,...c]),Yr)}
B_(a.services??[],[...l,"services"],r),xV(i,a.extends,s,n.profiles,(c,u)=>r([...l,"extends"],"value",c,u))}for(let[i,a]of Object.
entries(e.expect??{})){if(o())return;let{expect:l}=t.data;Object.keys(l[i]??{}).length===Object.keys(a).length&&$_(i,a,r)}
SV(e,n.profiles,r);for(let i of Object.keys(e.severity??{})){if(o())return;n.knowsCheck(i)||r(["severity",i],"key",`\`${i}\
\``,G_(i,n))}for(let[i,{check:a,until:l}]of(e.accept??[]).entries()){if(o())return;n.knowsCheck(a)||r(["accept",i,"check"],
"value",`\`${a}\``,G_(a,n)),$V(l)||r(["accept",i,"until"],"value",`\`${l}\``,"a day that exists, such as 2026-12-31")}}function G_(e,t){
let n=ye(e.split(":")[0]??"",t.checkIds);return`a check id or \`id:reason\`, as \`runner-check list\` prints them${n===void 0?
"":`; did you mean \`${n}\`?`}`}function vV(e){let t=Object.entries(e.tools??{}).flatMap(([r,o])=>typeof o!="object"?[["\
tools",r]]:o.version===void 0?[]:[["tools",r,"version"]]),{gpu:n}=e;return typeof n!="object"?t:[...t,...["driver","comp\
ute-capability"].filter(r=>n[r]!==void 0).map(r=>["gpu",r])]}function xV(e,t,n,r,o){var l;if(t===void 0)return;let s=[...new Set(
[...Object.keys(n),...r])];if(!s.includes(t)){let c=ye(t,s);o(`\`${t}\``,`a profile: ${s.join(", ")}${c===void 0?"":`; d\
id you mean \`${c}\`?`}`);return}if(t===e&&r.includes(e))return;let i=new Set([e]),a=e;for(let c=t;c!==void 0;c=(l=D(n,c))==
null?void 0:l.extends){if(c===a&&r.includes(c))return;if(i.has(c)){o(`\`${[...i,c].join("` extends `")}\``,"profiles tha\
t do not extend each other in a cycle");return}i.add(c),a=c}}function SV({fleet:e,profiles:t={}},n,r){let o=[...new Set(
[...Object.keys(t),...n])],s=new Set;for(let[i,{name:a,profile:l}]of((e==null?void 0:e.runners)??[]).entries()){let c=["\
fleet","runners",i];if(l!==void 0&&!o.includes(l)){let d=ye(l,o),f=d===void 0?"":`; did you mean \`${d}\`?`;r([...c,"pro\
file"],"value",`\`${l}\``,`a profile: ${o.join(", ")}${f}`)}let u=JSON.stringify([a,l]);s.has(u)&&r([...c,"name"],"value",
`\`${a}\` a second time`,"each runner and profile once"),s.add(u)}}function $V(e){let t=new Date(`${e}T00:00:00Z`);return!Number.
isNaN(t.getTime())&&t.toISOString().startsWith(e)}var pn=ui(uu(),1);function K_(e,t){var l,c,u;let n='a YAML mapping of tool to version range, such as `rustc: ">=1.92"`',r=new pn.LineCounter,
o=(0,pn.parseDocument)(e,{schema:"failsafe",lineCounter:r,uniqueKeys:!1,prettyErrors:!1}),s=d=>{let{line:f,col:p}=r.linePos(
d);return`input \`tools\`, line ${f}, column ${p}`};for(let d of o.errors.slice(0,qo)){let f=/alias|block scalar/i.test(
d.message)?"; a range that begins with `*` or `>` needs quotes":"";t.push({place:s(d.pos[0]),found:d.message.split(`
`)[0]??"",allowed:`${n}${f}`})}if(o.errors.length>0)return{};let i=o.contents;if(!(0,pn.isMap)(i))return t.push({place:s(
((l=i==null?void 0:i.range)==null?void 0:l[0])??0),found:Ps(e),allowed:n}),{};if(i.items.length>500)return t.push({place:"\
input `tools`",found:`${i.items.length} entries`,allowed:`at most ${500} entries`}),{};let a={};for(let{key:d,value:f}of i.
items){let p=(0,pn.isScalar)(d)?String(d.value):"",h=(0,pn.isScalar)(d)?((c=d.range)==null?void 0:c[0])??0:0;if(!/^[A-Za-z0-9][\w.+-]{0,63}$/.
test(p)){t.push({place:s(h),found:Ps(p),allowed:"the name of a program, without a path"});continue}if(D(a,p)!==void 0){t.
push({place:s(h),found:`\`${p}\` a second time`,allowed:"each tool once"});continue}let m=(0,pn.isScalar)(f)?String(f.value):
void 0;if(m===void 0||bi(m)===void 0){let y=(0,pn.isScalar)(f)?((u=f.range)==null?void 0:u[0])??h:h;t.push({place:s(y),found:Ps(
m??"a value that is not text"),allowed:Yr});continue}a[p]=m}return a}var RV=15,fy=30,EV=40;function z_(e,t){var n;return[TV(e),AV(e),_V(e),...e.remedy?V_(e.remedy,"Fix it"):[],...(n=e.remedy)!=
null&&n.otherwise?V_(e.remedy.otherwise,"Or"):[],PV(t),NV(e),IV(e)].filter(r=>r!=="").join(`

`)}function TV(e){return`### ${TE[e.status]} ${le(Do(e),160)} \u2014 ${Se(e.id,120)}`}function AV(e){let t=Uo(e);return`${t===
void 0||e.message.includes(t)?"":`${Se(t)}: `}${le(Ur(e),2500)}`}function _V({acceptance_expired:e}){return e===void 0?"":
`**This finding was accepted until ${le(e,40)}. The acceptance has expired, so it counts again.**`}function V_(e,t){let{
commands:n,config:r}=e,o=`**${`${t} ${si(e)}`.trim()}:** ${le(e.text,1500)}`,s=n&&n.length>fy?`
# \u2026 and ${n.length-fy} more lines`:"";return[o,r?`In ${OV(r.file)}:

${Ks(r.text,r.language)}`:"",n&&n.length>0?Ks(n.slice(0,fy).join(`
`)+s,"sh"):""]}function OV(e){return/^[\w.'`/-]+(?: [\w.'`/-]+)+$/.test(e)?le(e):Se(e)}function PV(e){if(e.length===0)return"";
let t=e.slice(0,EV).map(r=>Se(r,120)),n=e.length-t.length;return`Waiting for this: ${t.join(", ")}${n>0?` and ${n} more`:
""}.`}function IV(e){let t=zs(e.docs);return t===void 0?"":`[More about ${Se(`${e.id}:${e.reason??""}`,160)}](${t})`}function NV({
evidence:e,expected:t,observed:n}){let r=[t===void 0?"":`expected ${Bs(t,200)}`,n===void 0?"":`found ${Bs(n,200)}`].filter(
i=>i!=="");if(e.length===0)return r.length===0?"":`${CV(r.join(", "))}.`;let o=e.slice(0,RV).map(({source:i,text:a})=>[le(
a,500),le(i,200)]),s=e.length-o.length;return s>0&&o.push([`\u2026 and ${s} more`,""]),Vs(["Evidence",r.join(", ")].filter(
i=>i!=="").join(": "),ed(["seen","where"],o))}function CV(e){return e.charAt(0).toUpperCase()+e.slice(1)}var J_={runner:{sign:"\u2716 ",style:"red",mark:"\u274C"},unknown:{sign:"? ",style:"yellow",mark:"\u2753"},job:{sign:"\xB7 ",
style:"cyan",mark:"\u2139\uFE0F"}},Y_=10;function Z_(e,t){let n=Ao(t);n.endGroup();let{sign:r,style:o}=J_[e.caused_by];n.
text(e.sentence,{prefix:r,prefixStyle:o,style:"bold",limit:1e3}),n.text(Q_(e),{prefix:"  ",style:"dim"});let s=eO(e);for(let i of s.
slice(0,Y_))JA(n,i,[]);return n.gap(),n.group("What was compared",()=>{for(let{id:i,message:a}of qr(e,"pass"))n.text(`${i}\
: ${a}`,{prefix:"  \u2714 ",prefixStyle:"green",limit:300});for(let{id:i,evidence:a}of qr(e,"pass"))for(let{source:l,text:c}of a.
slice(0,6))n.text(`${i}: ${c} (${l})`,{prefix:"    ",limit:400});for(let i of qr(e,"skip"))n.text(`${i.id}: ${i.message||
qg(i)}`,{prefix:"  \xB7 ",limit:400})}),n.toString()}function X_(e){let{mark:t}=J_[e.caused_by],n=qr(e,"pass").map(({id:i,
message:a})=>`- \u2705 ${Se(i,120)}: ${le(a,300)}`),r=qr(e,"skip").map(i=>`- \u2796 ${Se(i.id,120)}: ${le(i.message||qg(
i),300)}`);return`${[`## ${t} ${le(e.sentence,1e3)}`,le(Q_(e),300),...eO(e).slice(0,Y_).map(i=>z_(i,[])),Vs("What was co\
mpared",[...n,...r].join(`
`))].filter(i=>i!=="").join(`

`).split(`
`).map(Bt).join(`
`)}
`}function Q_({outcome:e,since:t,started:n,duration_ms:r}){let o=Date.parse(t),s=Number.isFinite(o)?`${lo(o)}\u2013${lo(
Date.parse(n))} UTC, `:"";return`runner-check looked again ${Iv(e)}: ${s}${Ug(r)}`}function eO(e){return[...qr(e,"fail"),
...qr(e,"error"),...qr(e,"warn")]}function qr({results:e},t){return e.filter(n=>n.status===t)}var jV=["runner","job","unknown"],tO="runner_check_after_total";function nO(e,t){let n=t.split(`
`),r=jV.flatMap(o=>{var c;let s={runner:e.runner.name,profile:e.profile.name,caused_by:o},i=`${zh({name:tO,labels:s})} `,
a=Number((c=n.find(u=>u.startsWith(i)))==null?void 0:c.slice(i.length)),l=Number.isSafeInteger(a)&&a>0?a:0;return de(tO,
s,l+(o===e.caused_by?1:0))});return Fa(r)}0&&(module.exports={diffReports,expectableOf,explain,fleetFormats,fleetInputNames,fleetOfFolders,fleetOptions,forForeignFacts,
help,helpFor,isSick,lintChecks,lintFormats,loadRunnerConfig,lookAgain,maxReportSize,maxYamlSize,mistakeInExpectations,mistakeInHead,
otherChecks,parseYaml,policyFor,publishedAfter,publishedReport,readListInput,readPolicy,readReport,readToolsInput,readWorkflow,
renderAfterJson,renderAfterLog,renderAfterPrometheus,renderAfterSummary,renderFleetText,renderList,renderPolicy,renderReportPage,
runLint,runnerTemplate,sickLines,watchFleet});
