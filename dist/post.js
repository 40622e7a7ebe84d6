"use strict";var R=Object.create;var a=Object.defineProperty;var v=Object.getOwnPropertyDescriptor;var b=Object.getOwnPropertyNames,u=Object.getOwnPropertySymbols,T=Object.getPrototypeOf,m=Object.prototype.hasOwnProperty,
O=Object.prototype.propertyIsEnumerable;var f=(e,n,t)=>n in e?a(e,n,{enumerable:!0,configurable:!0,writable:!0,value:t}):e[n]=t,i=(e,n)=>{for(var t in n||(n={}))
m.call(n,t)&&f(e,t,n[t]);if(u)for(var t of u(n))O.call(n,t)&&f(e,t,n[t]);return e};var N=(e,n,t,o)=>{if(n&&typeof n=="object"||typeof n=="function")for(let r of b(n))!m.call(e,r)&&r!==t&&a(e,r,{get:()=>n[r],
enumerable:!(o=v(n,r))||o.enumerable});return e};var W=(e,n,t)=>(t=e!=null?R(T(e)):{},N(n||!e||!e.__esModule?a(t,"default",{value:e,enumerable:!0}):t,e));function g(e){return Number(e.split(".")[0])}function h(e,n,t,o){return U(n,e[n],t,o)}function U(e,n,t,o){let{level:r,by:s}=o;return i(i(i({kind:"finding",reason:e},
F(n,t,o)),r&&{level:r}),s&&{by:s})}function F(e,n,{observed:t,evidence:o,location:r}){var l,p;let{what:s,fix:$}=e.tell(n);return i({title:(p=(l=e.headline)==
null?void 0:l.call(e,n))!=null?p:e.title,message:s,why:y(e.why,n),expected:y(e.expected,n),observed:t,evidence:o,remedy:$},
r&&{location:r})}function y(e,n){return typeof e=="string"?e:e(n)}var x="Node ".concat(16," or newer, best a line that is still supported"),S={"too-old":{level:"fail",title:"Node is too \
old to run this check",why:"Most actions in JavaScript need a newer one too: they stop with a syntax error or a missing \
module.",expected:x,tell:({version:e})=>({what:"Actions run here with Node ".concat(e,", and this check needs Node ").concat(
16," or newer: nothing else could be looked at."),fix:k})},"end-of-life":{level:"warn",title:"Node gets no security upda\
tes any more",why:"It gets no security updates, and actions stop working with it one after another as they are updated.",
expected:x,tell:({version:e,line:n,lastDay:t})=>({what:"Actions run here with Node ".concat(e,", and the support of Node\
 ").concat(n," ended on ").concat(t,"."),fix:k})}},j="24";function P(e){let n="COPY --from=node:".concat(e,"-slim"),t=o=>"\
ln -sf ../lib/node_modules/npm/bin/".concat(o,"-cli.js /usr/local/bin/").concat(o);return["".concat(n," /usr/local/bin/n\
ode /usr/local/bin/node"),"".concat(n," /usr/local/lib/node_modules /usr/local/lib/node_modules"),"RUN ".concat(t("npm"),
" && ").concat(t("npx"))]}var k={text:"Gitea's runner starts whatever `node` comes first on the PATH of the job, never o\
ne of its own: put a supported line of Node into the job's image. In an image based on Alpine, copy from `-alpine` inste\
ad of `-slim`.",config:{file:"Dockerfile",language:"dockerfile",text:P(j).join("\n")},kind:"image",otherwise:{text:"On a\
 host runner, install it on the host and see that the runner's service finds that one first. A label without an image of\
 its own may stand for an old default image (`node:16-bullseye`): give the label an image.",commands:["which -a node","s\
ystemctl show '*runner*.service' --property=Id,Environment"],kind:"host"}};var c=process.versions.node,w=g(c)<16;var{title:le,message:I,why:E,remedy:pe}=h(S,"too-old",{version:c},{observed:c,evidence:[]}),ue="".concat(I," ").concat(E);w||Promise.resolve().then(()=>W(require("./run.js"),1)).then(({leave:e,runPost:n})=>n().then(e));
