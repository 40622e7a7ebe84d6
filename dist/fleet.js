"use strict";var _=Object.create;var u=Object.defineProperty;var A=Object.getOwnPropertyDescriptor;var M=Object.getOwnPropertyNames,x=Object.getOwnPropertySymbols,C=Object.getPrototypeOf,S=Object.prototype.hasOwnProperty,
J=Object.prototype.propertyIsEnumerable;var k=(e,n,t)=>n in e?u(e,n,{enumerable:!0,configurable:!0,writable:!0,value:t}):e[n]=t,s=(e,n)=>{for(var t in n||(n={}))
S.call(n,t)&&k(e,t,n[t]);if(x)for(var t of x(n))J.call(n,t)&&k(e,t,n[t]);return e};var H=(e,n,t,o)=>{if(n&&typeof n=="object"||typeof n=="function")for(let r of M(n))!S.call(e,r)&&r!==t&&u(e,r,{get:()=>n[r],
enumerable:!(o=A(n,r))||o.enumerable});return e};var G=(e,n,t)=>(t=e!=null?_(C(e)):{},H(n||!e||!e.__esModule?u(t,"default",{value:e,enumerable:!0}):t,e));var W=require("crypto"),U=require("fs");function w(e){return Number(e.split(".")[0])}function R(e,n,t,o){return L(n,e[n],t,o)}function L(e,n,t,o){let{level:r,by:i,edits:d}=o;return s(s(s(s({kind:"finding",
reason:e},Y(n,t,o)),r&&{level:r}),i&&{by:i}),d&&{edits:d})}function Y(e,n,{observed:t,evidence:o,location:r}){var y,h;let{what:i,fix:d}=e.tell(n);return s({title:(h=(y=e.headline)==
null?void 0:y.call(e,n))!=null?h:e.title,message:i,why:$(e.why,n),expected:$(e.expected,n),observed:t,evidence:o,remedy:d},
r&&{location:r})}function $(e,n){return typeof e=="string"?e:e(n)}var v="Node ".concat(16," or newer, best a line that is still supported"),T={"too-old":{level:"fail",title:"Node is too \
old to run this check",why:"Most actions in JavaScript need a newer one too: they stop with a syntax error or a missing \
module.",expected:v,tell:({version:e})=>({what:"Actions run here with Node ".concat(e,", and this check needs Node ").concat(
16," or newer: nothing else could be looked at."),fix:b})},"end-of-life":{level:"warn",title:"Node gets no security upda\
tes any more",why:"It gets no security updates, and actions stop working with it one after another as they are updated.",
expected:v,tell:({version:e,line:n,lastDay:t})=>({what:"Actions run here with Node ".concat(e,", and the support of Node\
 ").concat(n," ended on ").concat(t,"."),fix:b})}},V="24";function q(e){let n="COPY --from=node:".concat(e,"-slim"),t=o=>"\
ln -sf ../lib/node_modules/npm/bin/".concat(o,"-cli.js /usr/local/bin/").concat(o);return["".concat(n," /usr/local/bin/n\
ode /usr/local/bin/node"),"".concat(n," /usr/local/lib/node_modules /usr/local/lib/node_modules"),"RUN ".concat(t("npm"),
" && ").concat(t("npx"))]}var b={text:"Gitea's runner starts whatever `node` comes first on the PATH of the job, never o\
ne of its own: put a supported line of Node into the job's image. In an image based on Alpine, copy from `-alpine` inste\
ad of `-slim`.",config:{file:"Dockerfile",language:"dockerfile",text:q(V).join("\n")},kind:"image",otherwise:{text:"On a\
 host runner, install it on the host and see that the runner's service finds that one first. A label without an image of\
 its own may stand for an old default image (`node:16-bullseye`): give the label an image.",commands:["which -a node","s\
ystemctl show '*runner*.service' --property=Id,Environment"],kind:"host"}};function f(e){let[n="",t=""]=e.split("/");return["tool","registry","service"].includes(n)?"docs/checks/".concat(n,".md"):
"docs/checks/".concat(n,".md#").concat(t)}function l(e,n){var o,r;let t="INPUT_".concat(n.toUpperCase());return(r=(o=e[t])!=null?o:e[t.replace(/-/g,"_")])==null?void 0:
r.trim()}function O(e,n){return"runner-check could not write ".concat(e,": ").concat(String(n))}function m({kind:e}){switch(e){case"image":return"in the image";case"host":return"on the host";case"runner":return"in th\
e runner's configuration";case"workflow":return"in the workflow";case"forge":return"on the forge"}}var z="https://github.com/fortemi/runner-check/blob/main/";function g(e){return/^docs\/[\w./-]{1,100}(?:#[\w-]{1,100})?$/.
test(e)&&!e.includes("..")?z+e:void 0}var p=process.versions.node,F=w(p)<16,a="node/runtime",{title:j,message:K,why:Q,remedy:P}=R(T,"too-old",{version:p},{observed:p,
evidence:[]}),E="".concat(K," ").concat(Q);function I(e){D("error",X()," title=".concat(j," (").concat(a,")"));let{GITHUB_STEP_SUMMARY:n,
GITHUB_OUTPUT:t}=e,o=!/^false$/i.test(l(e,"summary")||""),r=n&&o&&N(n,ee(),"the job summary")?n:"";return t&&N(t,te(l(e,
"profile"),r),"its outputs"),l(e,"fail-on")==="never"?0:1}function X(){return[E,...B(P).map(Z),"More: ".concat(g(f(a)))].join("\n")}function Z({opening:e,text:n,config:t,commands:o}){
let r=[...t?["in ".concat(t.file,":"),...t.text.split("\n")]:[],...o||[]];return["".concat(e,": ").concat(n),...r.map(i=>"\
  ".concat(i))].join("\n")}function ee(){let e=["## \u274C ".concat(j," \u2014 `").concat(a,"`"),E,...B(P).map(ne),"More\
: ".concat(g(f(a)))];return"".concat(e.join("\n\n"),"\n")}function ne({opening:e,text:n,config:t,commands:o}){let r=(i,d)=>"\
```".concat(i,"\n").concat(d,"\n```");return["**".concat(e,":** ").concat(n),...t?["In `".concat(t.file,"`:"),r(t.language,
t.text)]:[],...o?[r("sh",o.join("\n"))]:[]].join("\n\n")}function B(e){let n=s({opening:"Fix it ".concat(m(e))},e),{otherwise:t}=e;
return t?[n,s({opening:"Or ".concat(m(t))},t)]:[n]}function te(e,n){let t=[["verdict","misconfigured"],["passed","0"],["\
warned","0"],["failed","1"],["errored","0"],["skipped","0"],["failures",JSON.stringify(["".concat(a,":too-old")])],["ver\
sions",JSON.stringify({node:p})],["profile",e&&e!=="auto"&&/^[\w.-]{1,100}$/.test(e)?e:""],["report",""],["summary",n]],
o="end_".concat((0,W.randomBytes)(16).toString("hex"));return t.map(([r,i])=>"".concat(r,"<<").concat(o,"\n").concat(i,"\
\n").concat(o,"\n")).join("")}function N(e,n,t){try{return(0,U.appendFileSync)(e,n),!0}catch(o){return D("warning",O(t,o)),
!1}}function D(e,n,t=""){let o=n.replace(/%/g,"%25").replace(/\r/g,"%0D").replace(/\n/g,"%0A");process.stdout.write("::".
concat(e).concat(t,"::").concat(o,"\n"))}F?process.exitCode=I(process.env):Promise.resolve().then(()=>G(require("./run.js"),1)).then(({leave:e,runFleetAction:n})=>n().
then(e));
