"use strict";var R=Object.create;var l=Object.defineProperty;var v=Object.getOwnPropertyDescriptor;var b=Object.getOwnPropertyNames,f=Object.getOwnPropertySymbols,T=Object.getPrototypeOf,g=Object.prototype.hasOwnProperty,
O=Object.prototype.propertyIsEnumerable;var m=(e,n,t)=>n in e?l(e,n,{enumerable:!0,configurable:!0,writable:!0,value:t}):e[n]=t,i=(e,n)=>{for(var t in n||(n={}))
g.call(n,t)&&m(e,t,n[t]);if(f)for(var t of f(n))O.call(n,t)&&m(e,t,n[t]);return e};var N=(e,n,t,o)=>{if(n&&typeof n=="object"||typeof n=="function")for(let r of b(n))!g.call(e,r)&&r!==t&&l(e,r,{get:()=>n[r],
enumerable:!(o=v(n,r))||o.enumerable});return e};var W=(e,n,t)=>(t=e!=null?R(T(e)):{},N(n||!e||!e.__esModule?l(t,"default",{value:e,enumerable:!0}):t,e));function y(e){return Number(e.split(".")[0])}function x(e,n,t,o){return U(n,e[n],t,o)}function U(e,n,t,o){let{level:r,by:s,edits:d}=o;return i(i(i(i({kind:"finding",
reason:e},F(n,t,o)),r&&{level:r}),s&&{by:s}),d&&{edits:d})}function F(e,n,{observed:t,evidence:o,location:r}){var p,u;let{what:s,fix:d}=e.tell(n);return i({title:(u=(p=e.headline)==
null?void 0:p.call(e,n))!=null?u:e.title,message:s,why:h(e.why,n),expected:h(e.expected,n),observed:t,evidence:o,remedy:d},
r&&{location:r})}function h(e,n){return typeof e=="string"?e:e(n)}var k="Node ".concat(16," or newer, best a line that is still supported"),w={"too-old":{level:"fail",title:"Node is too \
old to run this check",why:"Most actions in JavaScript need a newer one too: they stop with a syntax error or a missing \
module.",expected:k,tell:({version:e})=>({what:"Actions run here with Node ".concat(e,", and this check needs Node ").concat(
16," or newer: nothing else could be looked at."),fix:S})},"end-of-life":{level:"warn",title:"Node gets no security upda\
tes any more",why:"It gets no security updates, and actions stop working with it one after another as they are updated.",
expected:k,tell:({version:e,line:n,lastDay:t})=>({what:"Actions run here with Node ".concat(e,", and the support of Node\
 ").concat(n," ended on ").concat(t,"."),fix:S})}},j="24";function P(e){let n="COPY --from=node:".concat(e,"-slim"),t=o=>"\
ln -sf ../lib/node_modules/npm/bin/".concat(o,"-cli.js /usr/local/bin/").concat(o);return["".concat(n," /usr/local/bin/n\
ode /usr/local/bin/node"),"".concat(n," /usr/local/lib/node_modules /usr/local/lib/node_modules"),"RUN ".concat(t("npm"),
" && ").concat(t("npx"))]}var S={text:"Gitea's runner starts whatever `node` comes first on the PATH of the job, never o\
ne of its own: put a supported line of Node into the job's image. In an image based on Alpine, copy from `-alpine` inste\
ad of `-slim`.",config:{file:"Dockerfile",language:"dockerfile",text:P(j).join("\n")},kind:"image",otherwise:{text:"On a\
 host runner, install it on the host and see that the runner's service finds that one first. A label without an image of\
 its own may stand for an old default image (`node:16-bullseye`): give the label an image.",commands:["which -a node","s\
ystemctl show '*runner*.service' --property=Id,Environment"],kind:"host"}};var c=process.versions.node,$=y(c)<16;var{title:ce,message:E,why:I,remedy:pe}=x(w,"too-old",{version:c},{observed:c,evidence:[]}),ue="".concat(E," ").concat(I);$||Promise.resolve().then(()=>W(require("./run.js"),1)).then(({leave:e,runPost:n})=>n().then(e));
