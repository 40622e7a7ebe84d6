#!/usr/bin/env node
"use strict";var W=Object.create;var c=Object.defineProperty;var U=Object.getOwnPropertyDescriptor;var F=Object.getOwnPropertyNames,m=Object.getOwnPropertySymbols,j=Object.getPrototypeOf,y=Object.prototype.hasOwnProperty,
P=Object.prototype.propertyIsEnumerable;var g=(e,n,t)=>n in e?c(e,n,{enumerable:!0,configurable:!0,writable:!0,value:t}):e[n]=t,i=(e,n)=>{for(var t in n||(n={}))
y.call(n,t)&&g(e,t,n[t]);if(m)for(var t of m(n))P.call(n,t)&&g(e,t,n[t]);return e};var E=(e,n,t,o)=>{if(n&&typeof n=="object"||typeof n=="function")for(let r of F(n))!y.call(e,r)&&r!==t&&c(e,r,{get:()=>n[r],
enumerable:!(o=U(n,r))||o.enumerable});return e};var I=(e,n,t)=>(t=e!=null?W(j(e)):{},E(n||!e||!e.__esModule?c(t,"default",{value:e,enumerable:!0}):t,e));function h(e){return Number(e.split(".")[0])}function k(e,n,t,o){return B(n,e[n],t,o)}function B(e,n,t,o){let{level:r,by:s,edits:d}=o;return i(i(i(i({kind:"finding",
reason:e},D(n,t,o)),r&&{level:r}),s&&{by:s}),d&&{edits:d})}function D(e,n,{observed:t,evidence:o,location:r}){var u,f;let{what:s,fix:d}=e.tell(n);return i({title:(f=(u=e.headline)==
null?void 0:u.call(e,n))!=null?f:e.title,message:s,why:x(e.why,n),expected:x(e.expected,n),observed:t,evidence:o,remedy:d},
r&&{location:r})}function x(e,n){return typeof e=="string"?e:e(n)}var S="Node ".concat(16," or newer, best a line that is still supported"),$={"too-old":{level:"fail",title:"Node is too \
old to run this check",why:"Most actions in JavaScript need a newer one too: they stop with a syntax error or a missing \
module.",expected:S,tell:({version:e})=>({what:"Actions run here with Node ".concat(e,", and this check needs Node ").concat(
16," or newer: nothing else could be looked at."),fix:w})},"end-of-life":{level:"warn",title:"Node gets no security upda\
tes any more",why:"It gets no security updates, and actions stop working with it one after another as they are updated.",
expected:S,tell:({version:e,line:n,lastDay:t})=>({what:"Actions run here with Node ".concat(e,", and the support of Node\
 ").concat(n," ended on ").concat(t,"."),fix:w})}},_="24";function A(e){let n="COPY --from=node:".concat(e,"-slim"),t=o=>"\
ln -sf ../lib/node_modules/npm/bin/".concat(o,"-cli.js /usr/local/bin/").concat(o);return["".concat(n," /usr/local/bin/n\
ode /usr/local/bin/node"),"".concat(n," /usr/local/lib/node_modules /usr/local/lib/node_modules"),"RUN ".concat(t("npm"),
" && ").concat(t("npx"))]}var w={text:"Gitea's runner starts whatever `node` comes first on the PATH of the job, never o\
ne of its own: put a supported line of Node into the job's image. In an image based on Alpine, copy from `-alpine` inste\
ad of `-slim`.",config:{file:"Dockerfile",language:"dockerfile",text:A(_).join("\n")},kind:"image",otherwise:{text:"On a\
 host runner, install it on the host and see that the runner's service finds that one first. A label without an image of\
 its own may stand for an old default image (`node:16-bullseye`): give the label an image.",commands:["which -a node","s\
ystemctl show '*runner*.service' --property=Id,Environment"],kind:"host"}};function R(e){let[n="",t=""]=e.split("/");return["tool","registry","service"].includes(n)?"docs/checks/".concat(n,".md"):
"docs/checks/".concat(n,".md#").concat(t)}function l({kind:e}){switch(e){case"image":return"in the image";case"host":return"on the host";case"runner":return"in th\
e runner's configuration";case"workflow":return"in the workflow";case"forge":return"on the forge"}}var M="https://github.com/fortemi/runner-check/blob/main/";function v(e){return/^docs\/[\w./-]{1,100}(?:#[\w-]{1,100})?$/.
test(e)&&!e.includes("..")?M+e:void 0}var p=process.versions.node,b=h(p)<16,T="node/runtime",{title:ke,message:C,why:H,remedy:J}=k($,"too-old",{version:p},{observed:p,
evidence:[]}),G="".concat(C," ").concat(H);function O(e){let n=e.join("=");return(/(?:^|=)--format=(?!text|lines)/.test(n)?process.stderr:process.stdout).write("fa\
il ".concat(T,":too-old: ").concat(L(),"\n")),n.indexOf("--fail-on=never")>=0?0:1}function L(){return[G,...V(J).map(Y),"\
More: ".concat(v(R(T)))].join("\n")}function Y({opening:e,text:n,config:t,commands:o}){let r=[...t?["in ".concat(t.file,
":"),...t.text.split("\n")]:[],...o||[]];return["".concat(e,": ").concat(n),...r.map(s=>"  ".concat(s))].join("\n")}function V(e){let n=i({opening:"Fix it ".concat(l(e))},e),{otherwise:t}=e;return t?[n,i({opening:"Or ".concat(l(t))},t)]:
[n]}var N=process.argv.slice(2);b?process.exitCode=O(N):Promise.resolve().then(()=>I(require("./run.js"),1)).then(({leave:e,
runTerminal:n})=>n(N).then(e));
