#!/usr/bin/env node
"use strict";var __create=Object.create;var __defProp=Object.defineProperty;var __getOwnPropDesc=Object.getOwnPropertyDescriptor;var __getOwnPropNames=Object.getOwnPropertyNames,__getOwnPropSymbols=Object.getOwnPropertySymbols,__getProtoOf=Object.getPrototypeOf,
__hasOwnProp=Object.prototype.hasOwnProperty,__propIsEnum=Object.prototype.propertyIsEnumerable;var __defNormalProp=(obj,key,value)=>key in obj?__defProp(obj,key,{enumerable:!0,configurable:!0,writable:!0,value}):obj[key]=
value,__spreadValues=(a,b)=>{for(var prop in b||(b={}))__hasOwnProp.call(b,prop)&&__defNormalProp(a,prop,b[prop]);if(__getOwnPropSymbols)
for(var prop of __getOwnPropSymbols(b))__propIsEnum.call(b,prop)&&__defNormalProp(a,prop,b[prop]);return a};var __copyProps=(to,from,except,desc)=>{if(from&&typeof from=="object"||typeof from=="function")for(let key of __getOwnPropNames(
from))!__hasOwnProp.call(to,key)&&key!==except&&__defProp(to,key,{get:()=>from[key],enumerable:!(desc=__getOwnPropDesc(from,
key))||desc.enumerable});return to};var __toESM=(mod,isNodeMode,target)=>(target=mod!=null?__create(__getProtoOf(mod)):{},__copyProps(isNodeMode||!mod||!mod.
__esModule?__defProp(target,"default",{value:mod,enumerable:!0}):target,mod));function majorOf(version2){return Number(version2.split(".")[0])}function finding(table,reason2,seen,details){return findingOf(reason2,table[reason2],seen,details)}function findingOf(reason2,words2,seen,details){
let{level}=details;return __spreadValues(__spreadValues({kind:"finding",reason:reason2},said(words2,seen,details)),level&&
{level})}function said(words2,seen,{observed,evidence,location}){var _a,_b;let{what,fix}=words2.tell(seen);return __spreadValues(
{title:(_b=(_a=words2.headline)==null?void 0:_a.call(words2,seen))!=null?_b:words2.title,message:what,why:textOf(words2.
why,seen),expected:textOf(words2.expected,seen),observed,evidence,remedy:fix},location&&{location})}function textOf(text,seen){return typeof text=="string"?text:text(seen)}var expected="Node ".concat(16," or newer, best a line that is still supported"),words={"too-old":{level:"fail",title:"N\
ode is too old to run this check",why:"Most actions in JavaScript need a newer one too: they stop with a syntax error or\
 a missing module.",expected,tell:({version:version2})=>({what:"Actions run here with Node ".concat(version2,", and this\
 check needs Node ").concat(16," or newer: nothing else could be looked at."),fix:newerNode})},"end-of-life":{level:"war\
n",title:"Node gets no security updates any more",why:"It gets no security updates, and actions stop working with it one\
 after another as they are updated.",expected,tell:({version:version2,line,lastDay})=>({what:"Actions run here with Node\
 ".concat(version2,", and the support of Node ").concat(line," ended on ").concat(lastDay,"."),fix:newerNode})}},newestNode="\
24";function nodeFromImage(major){let from="COPY --from=node:".concat(major,"-slim"),link=name=>"ln -sf ../lib/node_modu\
les/npm/bin/".concat(name,"-cli.js /usr/local/bin/").concat(name);return["".concat(from," /usr/local/bin/node /usr/local\
/bin/node"),"".concat(from," /usr/local/lib/node_modules /usr/local/lib/node_modules"),"RUN ".concat(link("npm")," && ").
concat(link("npx"))]}var newerNode={text:"Gitea's runner starts whatever `node` comes first on the PATH of the job, neve\
r one of its own: put a supported line of Node into the job's image. In an image based on Alpine, copy from `-alpine` in\
stead of `-slim`.",config:{file:"Dockerfile",language:"dockerfile",text:nodeFromImage(newestNode).join("\n")},kind:"imag\
e",otherwise:{text:"On a host runner, install it on the host and see that the runner's service finds that one first. A l\
abel without an image of its own may stand for an old default image (`node:16-bullseye`): give the label an image.",commands:[
"which -a node","systemctl show '*runner*.service' --property=Id,Environment"],kind:"host"}};function docsOf(id2){let[area="",name=""]=id2.split("/");return["tool","registry","service"].includes(area)?"docs/checks\
/".concat(area,".md"):"docs/checks/".concat(area,".md#").concat(name)}function placeOf({kind}){switch(kind){case"image":return"in the image";case"host":return"on the host";case"runner":return"\
in the runner's configuration";case"workflow":return"in the workflow";case"forge":return"on the forge"}}var docsBase="https://github.com/fortemi/runner-check/blob/main/";function docsUrl(docs){return/^docs\/[\w./-]{1,100}(?:#[\w-]{1,100})?$/.
test(docs)&&!docs.includes("..")?docsBase+docs:void 0}var version=process.versions.node,isTooOld=majorOf(version)<16,id="node/runtime",{title,message,why,remedy}=finding(words,
"too-old",{version},{observed:version,evidence:[]}),story="".concat(message," ").concat(why);function reportToTerminal(argv2){let flags=argv2.join("=");return(/(?:^|=)--format=(?!text|lines)/.test(flags)?process.stderr:
process.stdout).write("fail ".concat(id,":too-old: ").concat(toldInText(),"\n")),flags.indexOf("--fail-on=never")>=0?0:1}
function toldInText(){return[story,...fixes(remedy).map(fixInText),"More: ".concat(docsUrl(docsOf(id)))].join("\n")}function fixInText({
opening,text,config,commands}){let lines=[...config?["in ".concat(config.file,":"),...config.text.split("\n")]:[],...commands||
[]];return["".concat(opening,": ").concat(text),...lines.map(line=>"  ".concat(line))].join("\n")}function fixes(remedy2){let first=__spreadValues({opening:"Fix it ".concat(placeOf(remedy2))},remedy2),{otherwise}=remedy2;
return otherwise?[first,__spreadValues({opening:"Or ".concat(placeOf(otherwise))},otherwise)]:[first]}var argv=process.argv.slice(2);isTooOld?process.exitCode=reportToTerminal(argv):Promise.resolve().then(()=>__toESM(require("./run.js"),1)).
then(({leave,runTerminal})=>runTerminal(argv).then(leave));
