"use strict";var G=Object.create;var A=Object.defineProperty;var J=Object.getOwnPropertyDescriptor;var X=Object.getOwnPropertyNames;var z=Object.getPrototypeOf,Y=Object.prototype.hasOwnProperty;var K=(t,e,i,o)=>{if(e&&typeof e=="object"||typeof e=="function")for(let r of X(e))!Y.call(t,r)&&r!==i&&A(t,r,{get:()=>e[r],
enumerable:!(o=J(e,r))||o.enumerable});return t};var p=(t,e,i)=>(i=t!=null?G(z(t)):{},K(e||!t||!t.__esModule?A(i,"default",{value:t,enumerable:!0}):i,t));var _=require("node:fs/promises"),q=require("node:path"),V=require("node:stream");var y=p(require("os"),1),$=p(require("events"),1),W=p(require("child_process"),1),F=p(require("path"),1);var f=p(require("path"));var g=p(require("fs")),h=p(require("path")),P=function(t,e,i,o){function r(n){return n instanceof i?n:new i(function(s){
s(n)})}return new(i||(i=Promise))(function(n,s){function d(c){try{l(o.next(c))}catch(u){s(u)}}function a(c){try{l(o.throw(
c))}catch(u){s(u)}}function l(c){c.done?n(c.value):r(c.value).then(d,a)}l((o=o.apply(t,e||[])).next())})},{chmod:Z,copyFile:ee,
lstat:te,mkdir:ie,open:ye,readdir:T,rename:re,rm:oe,rmdir:we,stat:w,symlink:ne,unlink:se}=g.promises,m=process.platform===
"win32";var ge=g.constants.O_RDONLY;function b(t){return P(this,void 0,void 0,function*(){try{yield w(t)}catch(e){if(e.code==="E\
NOENT")return!1;throw e}return!0})}function x(t){if(t=ce(t),!t)throw new Error('isRooted() parameter "p" cannot be empty');return m?t.startsWith("\\")||/^[A-Z]:/i.
test(t):t.startsWith("/")}function C(t,e){return P(this,void 0,void 0,function*(){let i;try{i=yield w(t)}catch(r){r.code!==
"ENOENT"&&console.log(`Unexpected error attempting to determine if executable file exists '${t}': ${r}`)}if(i&&i.isFile()){
if(m){let r=h.extname(t).toUpperCase();if(e.some(n=>n.toUpperCase()===r))return t}else if(k(i))return t}let o=t;for(let r of e){
t=o+r,i=void 0;try{i=yield w(t)}catch(n){n.code!=="ENOENT"&&console.log(`Unexpected error attempting to determine if exe\
cutable file exists '${t}': ${n}`)}if(i&&i.isFile()){if(m){try{let n=h.dirname(t),s=h.basename(t).toUpperCase();for(let d of yield T(
n))if(s===d.toUpperCase()){t=h.join(n,d);break}}catch(n){console.log(`Unexpected error attempting to determine the actua\
l case of the file '${t}': ${n}`)}return t}else if(k(i))return t}}return""})}function ce(t){return t=t||"",m?(t=t.replace(
/\//g,"\\"),t.replace(/\\\\+/g,"\\")):t.replace(/\/\/+/g,"/")}function k(t){return(t.mode&1)>0||(t.mode&8)>0&&process.getgid!==
void 0&&t.gid===process.getgid()||(t.mode&64)>0&&process.getuid!==void 0&&t.uid===process.getuid()}var D=function(t,e,i,o){function r(n){return n instanceof i?n:new i(function(s){s(n)})}return new(i||(i=Promise))(function(n,s){
function d(c){try{l(o.next(c))}catch(u){s(u)}}function a(c){try{l(o.throw(c))}catch(u){s(u)}}function l(c){c.done?n(c.value):
r(c.value).then(d,a)}l((o=o.apply(t,e||[])).next())})};function O(t,e){return D(this,void 0,void 0,function*(){if(!t)throw new Error("parameter 'tool' is required");if(e){let o=yield O(
t,!1);if(!o)throw m?new Error(`Unable to locate executable file: ${t}. Please verify either the file path exists or the \
file can be found within a directory specified by the PATH environment variable. Also verify the file has a valid extens\
ion for an executable file.`):new Error(`Unable to locate executable file: ${t}. Please verify either the file path exis\
ts or the file can be found within a directory specified by the PATH environment variable. Also check the file mode to v\
erify the file is executable.`);return o}let i=yield le(t);return i&&i.length>0?i[0]:""})}function le(t){return D(this,void 0,
void 0,function*(){if(!t)throw new Error("parameter 'tool' is required");let e=[];if(m&&process.env.PATHEXT)for(let r of process.
env.PATHEXT.split(f.delimiter))r&&e.push(r);if(x(t)){let r=yield C(t,e);return r?[r]:[]}if(t.includes(f.sep))return[];let i=[];
if(process.env.PATH)for(let r of process.env.PATH.split(f.delimiter))r&&i.push(r);let o=[];for(let r of i){let n=yield C(
f.join(r,t),e);n&&o.push(n)}return o})}var I=require("timers"),R=function(t,e,i,o){function r(n){return n instanceof i?n:new i(function(s){s(n)})}return new(i||
(i=Promise))(function(n,s){function d(c){try{l(o.next(c))}catch(u){s(u)}}function a(c){try{l(o.throw(c))}catch(u){s(u)}}
function l(c){c.done?n(c.value):r(c.value).then(d,a)}l((o=o.apply(t,e||[])).next())})},v=process.platform==="win32",E=class extends $.EventEmitter{constructor(e,i,o){
if(super(),!e)throw new Error("Parameter 'toolPath' cannot be null or empty.");this.toolPath=e,this.args=i||[],this.options=
o||{}}_debug(e){this.options.listeners&&this.options.listeners.debug&&this.options.listeners.debug(e)}_getCommandString(e,i){
let o=this._getSpawnFileName(),r=this._getSpawnArgs(e),n=i?"":"[command]";if(v)if(this._isCmdFile()){n+=o;for(let s of r)
n+=` ${s}`}else if(e.windowsVerbatimArguments){n+=`"${o}"`;for(let s of r)n+=` ${s}`}else{n+=this._windowsQuoteCmdArg(o);
for(let s of r)n+=` ${this._windowsQuoteCmdArg(s)}`}else{n+=o;for(let s of r)n+=` ${s}`}return n}_processLineBuffer(e,i,o){
try{let r=i+e.toString(),n=r.indexOf(y.EOL);for(;n>-1;){let s=r.substring(0,n);o(s),r=r.substring(n+y.EOL.length),n=r.indexOf(
y.EOL)}return r}catch(r){return this._debug(`error processing line. Failed with error ${r}`),""}}_getSpawnFileName(){return v&&
this._isCmdFile()?process.env.COMSPEC||"cmd.exe":this.toolPath}_getSpawnArgs(e){if(v&&this._isCmdFile()){let i=`/D /S /C\
 "${this._windowsQuoteCmdArg(this.toolPath)}`;for(let o of this.args)i+=" ",i+=e.windowsVerbatimArguments?o:this._windowsQuoteCmdArg(
o);return i+='"',[i]}return this.args}_endsWith(e,i){return e.endsWith(i)}_isCmdFile(){let e=this.toolPath.toUpperCase();
return this._endsWith(e,".CMD")||this._endsWith(e,".BAT")}_windowsQuoteCmdArg(e){if(!this._isCmdFile())return this._uvQuoteCmdArg(
e);if(!e)return'""';let i=[" ","	","&","(",")","[","]","{","}","^","=",";","!","'","+",",","`","~","|","<",">",'"'],o=!1;
for(let s of e)if(i.some(d=>d===s)){o=!0;break}if(!o)return e;let r='"',n=!0;for(let s=e.length;s>0;s--)r+=e[s-1],n&&e[s-
1]==="\\"?r+="\\":e[s-1]==='"'?(n=!0,r+='"'):n=!1;return r+='"',r.split("").reverse().join("")}_uvQuoteCmdArg(e){if(!e)return'\
""';if(!e.includes(" ")&&!e.includes("	")&&!e.includes('"'))return e;if(!e.includes('"')&&!e.includes("\\"))return`"${e}\
"`;let i='"',o=!0;for(let r=e.length;r>0;r--)i+=e[r-1],o&&e[r-1]==="\\"?i+="\\":e[r-1]==='"'?(o=!0,i+="\\"):o=!1;return i+=
'"',i.split("").reverse().join("")}_cloneExecOptions(e){e=e||{};let i={cwd:e.cwd||process.cwd(),env:e.env||process.env,silent:e.
silent||!1,windowsVerbatimArguments:e.windowsVerbatimArguments||!1,failOnStdErr:e.failOnStdErr||!1,ignoreReturnCode:e.ignoreReturnCode||
!1,delay:e.delay||1e4};return i.outStream=e.outStream||process.stdout,i.errStream=e.errStream||process.stderr,i}_getSpawnOptions(e,i){
e=e||{};let o={};return o.cwd=e.cwd,o.env=e.env,o.windowsVerbatimArguments=e.windowsVerbatimArguments||this._isCmdFile(),
e.windowsVerbatimArguments&&(o.argv0=`"${i}"`),o}exec(){return R(this,void 0,void 0,function*(){return!x(this.toolPath)&&
(this.toolPath.includes("/")||v&&this.toolPath.includes("\\"))&&(this.toolPath=F.resolve(process.cwd(),this.options.cwd||
process.cwd(),this.toolPath)),this.toolPath=yield O(this.toolPath,!0),new Promise((e,i)=>R(this,void 0,void 0,function*(){
this._debug(`exec tool: ${this.toolPath}`),this._debug("arguments:");for(let l of this.args)this._debug(`   ${l}`);let o=this.
_cloneExecOptions(this.options);!o.silent&&o.outStream&&o.outStream.write(this._getCommandString(o)+y.EOL);let r=new U(o,
this.toolPath);if(r.on("debug",l=>{this._debug(l)}),this.options.cwd&&!(yield b(this.options.cwd)))return i(new Error(`T\
he cwd: ${this.options.cwd} does not exist!`));let n=this._getSpawnFileName(),s=W.spawn(n,this._getSpawnArgs(o),this._getSpawnOptions(
this.options,n)),d="";s.stdout&&s.stdout.on("data",l=>{this.options.listeners&&this.options.listeners.stdout&&this.options.
listeners.stdout(l),!o.silent&&o.outStream&&o.outStream.write(l),d=this._processLineBuffer(l,d,c=>{this.options.listeners&&
this.options.listeners.stdline&&this.options.listeners.stdline(c)})});let a="";if(s.stderr&&s.stderr.on("data",l=>{r.processStderr=
!0,this.options.listeners&&this.options.listeners.stderr&&this.options.listeners.stderr(l),!o.silent&&o.errStream&&o.outStream&&
(o.failOnStdErr?o.errStream:o.outStream).write(l),a=this._processLineBuffer(l,a,c=>{this.options.listeners&&this.options.
listeners.errline&&this.options.listeners.errline(c)})}),s.on("error",l=>{r.processError=l.message,r.processExited=!0,r.
processClosed=!0,r.CheckComplete()}),s.on("exit",l=>{r.processExitCode=l,r.processExited=!0,this._debug(`Exit code ${l} \
received from tool '${this.toolPath}'`),r.CheckComplete()}),s.on("close",l=>{r.processExitCode=l,r.processExited=!0,r.processClosed=
!0,this._debug(`STDIO streams have closed for tool '${this.toolPath}'`),r.CheckComplete()}),r.on("done",(l,c)=>{d.length>
0&&this.emit("stdline",d),a.length>0&&this.emit("errline",a),s.removeAllListeners(),l?i(l):e(c)}),this.options.input){if(!s.
stdin)throw new Error("child process missing stdin");s.stdin.end(this.options.input)}}))})}};function L(t){let e=[],i=!1,
o=!1,r="";function n(s){o&&s!=='"'&&(r+="\\"),r+=s,o=!1}for(let s=0;s<t.length;s++){let d=t.charAt(s);if(d==='"'){o?n(d):
i=!i;continue}if(d==="\\"&&o){n(d);continue}if(d==="\\"&&i){o=!0;continue}if(d===" "&&!i){r.length>0&&(e.push(r),r="");continue}
n(d)}return r.length>0&&e.push(r.trim()),e}var U=class t extends $.EventEmitter{constructor(e,i){if(super(),this.processClosed=
!1,this.processError="",this.processExitCode=0,this.processExited=!1,this.processStderr=!1,this.delay=1e4,this.done=!1,this.
timeout=null,!i)throw new Error("toolPath must not be empty");this.options=e,this.toolPath=i,e.delay&&(this.delay=e.delay)}CheckComplete(){
this.done||(this.processClosed?this._setResult():this.processExited&&(this.timeout=(0,I.setTimeout)(t.HandleTimeout,this.
delay,this)))}_debug(e){this.emit("debug",e)}_setResult(){let e;this.processExited&&(this.processError?e=new Error(`Ther\
e was an error when attempting to execute the process '${this.toolPath}'. This may indicate the process failed to start.\
 Error: ${this.processError}`):this.processExitCode!==0&&!this.options.ignoreReturnCode?e=new Error(`The process '${this.
toolPath}' failed with exit code ${this.processExitCode}`):this.processStderr&&this.options.failOnStdErr&&(e=new Error(`\
The process '${this.toolPath}' failed because one or more lines were written to the STDERR stream`))),this.timeout&&(clearTimeout(
this.timeout),this.timeout=null),this.done=!0,this.emit("done",e,this.processExitCode)}static HandleTimeout(e){if(!e.done){
if(!e.processClosed&&e.processExited){let i=`The STDIO streams did not close within ${e.delay/1e3} seconds of the exit e\
vent from process '${e.toolPath}'. This may indicate a child process inherited the STDIO streams and has not yet exited.`;
e._debug(i)}e._setResult()}}};var ae=function(t,e,i,o){function r(n){return n instanceof i?n:new i(function(s){s(n)})}return new(i||(i=Promise))(function(n,s){
function d(c){try{l(o.next(c))}catch(u){s(u)}}function a(c){try{l(o.throw(c))}catch(u){s(u)}}function l(c){c.done?n(c.value):
r(c.value).then(d,a)}l((o=o.apply(t,e||[])).next())})};function j(t,e,i){return ae(this,void 0,void 0,function*(){let o=L(
t);if(o.length===0)throw new Error("Parameter 'commandLine' cannot be null or empty.");let r=o[0];return e=o.slice(1).concat(
e||[]),new E(r,e,i).exec()})}function S(t){return t instanceof Error?t.message:String(t)}var fe=200;function H(t){process.stdout.write(`${JSON.stringify(t)}
`)}var Q=new V.Writable({write:(t,e,i)=>i()});async function he({command:t,cwd:e,env:i,files:o={}}){let r=[],n=0,s=c=>{n<
16384&&r.push(c.subarray(0,16384-n)),n+=c.length},d=()=>Buffer.concat(r).toString("utf8"),[a="",...l]=t;try{for(let[u,M]of Object.
entries(o))await(0,_.mkdir)((0,q.dirname)(u),{recursive:!0}),await(0,_.writeFile)(u,M);return{code:await j(`"${a}"`,l,{cwd:e,
env:{...process.env,...i},silent:!0,outStream:Q,errStream:Q,ignoreReturnCode:!0,delay:fe,input:Buffer.alloc(0),listeners:{
stdout:s,stderr:s}}),output:d()}}catch(c){return{error:S(c),output:d()}}}async function pe(){let t="";for await(let i of process.
stdin)t+=String(i);let{sequences:e}=JSON.parse(t);await Promise.all(e.map(async({name:i,steps:o})=>{for(let[r,n]of o.entries()){
H({began:i,step:r});let s=performance.now(),d=await he(n);if(H({ended:i,step:r,ms:Math.round(performance.now()-s),...d}),
d.code!==0)return}}))}process.on("uncaughtException",t=>{t.code!=="EPIPE"&&(process.stderr.write(`${S(t)}
`),process.exit(1))});pe().then(()=>process.exit(0),t=>{process.stderr.write(`${S(t)}
`),process.exit(1)});
