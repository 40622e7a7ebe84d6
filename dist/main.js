"use strict";var __create=Object.create;var __defProp=Object.defineProperty;var __getOwnPropDesc=Object.getOwnPropertyDescriptor;var __getOwnPropNames=Object.getOwnPropertyNames,__getOwnPropSymbols=Object.getOwnPropertySymbols,__getProtoOf=Object.getPrototypeOf,
__hasOwnProp=Object.prototype.hasOwnProperty,__propIsEnum=Object.prototype.propertyIsEnumerable;var __defNormalProp=(obj,key,value)=>key in obj?__defProp(obj,key,{enumerable:!0,configurable:!0,writable:!0,value}):obj[key]=
value,__spreadValues=(a,b)=>{for(var prop in b||(b={}))__hasOwnProp.call(b,prop)&&__defNormalProp(a,prop,b[prop]);if(__getOwnPropSymbols)
for(var prop of __getOwnPropSymbols(b))__propIsEnum.call(b,prop)&&__defNormalProp(a,prop,b[prop]);return a};var __copyProps=(to,from,except,desc)=>{if(from&&typeof from=="object"||typeof from=="function")for(let key of __getOwnPropNames(
from))!__hasOwnProp.call(to,key)&&key!==except&&__defProp(to,key,{get:()=>from[key],enumerable:!(desc=__getOwnPropDesc(from,
key))||desc.enumerable});return to};var __toESM=(mod,isNodeMode,target)=>(target=mod!=null?__create(__getProtoOf(mod)):{},__copyProps(isNodeMode||!mod||!mod.
__esModule?__defProp(target,"default",{value:mod,enumerable:!0}):target,mod));var import_node_crypto=require("crypto"),import_node_fs=require("fs");function majorOf(version2){return Number(version2.split(".")[0])}function finding(table,reason2,seen,details){return findingOf(reason2,table[reason2],seen,details)}function findingOf(reason2,words2,seen,details){
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
/".concat(area,".md"):"docs/checks/".concat(area,".md#").concat(name)}function inputOf(env,name){var _a,_b;let variable="INPUT_".concat(name.toUpperCase());return(_b=(_a=env[variable])!=null?
_a:env[variable.replace(/-/g,"_")])==null?void 0:_b.trim()}function couldNotWrite(what,error){return"runner-check could not write ".concat(what,": ").concat(String(error))}function placeOf({kind}){switch(kind){case"image":return"in the image";case"host":return"on the host";case"runner":return"\
in the runner's configuration";case"workflow":return"in the workflow";case"forge":return"on the forge"}}var docsBase="https://github.com/fortemi/runner-check/blob/main/";function docsUrl(docs){return/^docs\/[\w./-]{1,100}(?:#[\w-]{1,100})?$/.
test(docs)&&!docs.includes("..")?docsBase+docs:void 0}var version=process.versions.node,isTooOld=majorOf(version)<16,id="node/runtime",{title,message,why,remedy}=finding(words,
"too-old",{version},{observed:version,evidence:[]}),story="".concat(message," ").concat(why);function reportToJob(env){annotate(
"error",toldInText()," title=".concat(title," (").concat(id,")"));let{GITHUB_STEP_SUMMARY:summary,GITHUB_OUTPUT:outputs}=env,
wantsSummary=!/^false$/i.test(inputOf(env,"summary")||""),written=summary&&wantsSummary&&append(summary,toldInMarkdown(),
"the job summary")?summary:"";return outputs&&append(outputs,outputLines(inputOf(env,"profile"),written),"its outputs"),
inputOf(env,"fail-on")==="never"?0:1}function toldInText(){return[story,...fixes(remedy).map(fixInText),"More: ".concat(docsUrl(docsOf(id)))].join("\n")}function fixInText({
opening,text,config,commands}){let lines=[...config?["in ".concat(config.file,":"),...config.text.split("\n")]:[],...commands||
[]];return["".concat(opening,": ").concat(text),...lines.map(line=>"  ".concat(line))].join("\n")}function toldInMarkdown(){
let blocks=["## \u274C ".concat(title," \u2014 `").concat(id,"`"),story,...fixes(remedy).map(fixInMarkdown),"More: ".concat(
docsUrl(docsOf(id)))];return"".concat(blocks.join("\n\n"),"\n")}function fixInMarkdown({opening,text,config,commands}){let fence=(language,lines)=>"\
```".concat(language,"\n").concat(lines,"\n```");return["**".concat(opening,":** ").concat(text),...config?["In `".concat(
config.file,"`:"),fence(config.language,config.text)]:[],...commands?[fence("sh",commands.join("\n"))]:[]].join("\n\n")}
function fixes(remedy2){let first=__spreadValues({opening:"Fix it ".concat(placeOf(remedy2))},remedy2),{otherwise}=remedy2;
return otherwise?[first,__spreadValues({opening:"Or ".concat(placeOf(otherwise))},otherwise)]:[first]}function outputLines(profile,summary){
let outputs=[["verdict","misconfigured"],["passed","0"],["warned","0"],["failed","1"],["errored","0"],["skipped","0"],["\
failures",JSON.stringify(["".concat(id,":too-old")])],["versions",JSON.stringify({node:version})],["profile",profile&&profile!==
"auto"&&/^[\w.-]{1,100}$/.test(profile)?profile:""],["report",""],["summary",summary]],end="end_".concat((0,import_node_crypto.randomBytes)(
16).toString("hex"));return outputs.map(([name,value])=>"".concat(name,"<<").concat(end,"\n").concat(value,"\n").concat(
end,"\n")).join("")}function append(file,text,what){try{return(0,import_node_fs.appendFileSync)(file,text),!0}catch(error){
return annotate("warning",couldNotWrite(what,error)),!1}}function annotate(level,message2,properties=""){let escaped=message2.
replace(/%/g,"%25").replace(/\r/g,"%0D").replace(/\n/g,"%0A");process.stdout.write("::".concat(level).concat(properties,
"::").concat(escaped,"\n"))}isTooOld?process.exitCode=reportToJob(process.env):Promise.resolve().then(()=>__toESM(require("./run.js"),1)).then(({leave,
runAction})=>runAction().then(leave));
