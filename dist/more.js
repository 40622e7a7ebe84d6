"use strict";var __create=Object.create;var __defProp=Object.defineProperty;var __getOwnPropDesc=Object.getOwnPropertyDescriptor;var __getOwnPropNames=Object.getOwnPropertyNames;var __getProtoOf=Object.getPrototypeOf,__hasOwnProp=Object.prototype.hasOwnProperty;var __commonJS=(cb,mod)=>function(){try{return mod||(0,cb[__getOwnPropNames(cb)[0]])((mod={exports:{}}).exports,mod),mod.
exports}catch(e){throw mod=0,e}};var __export=(target,all)=>{for(var name in all)__defProp(target,name,{get:all[name],enumerable:!0})},__copyProps=(to,from,except,desc)=>{
if(from&&typeof from=="object"||typeof from=="function")for(let key of __getOwnPropNames(from))!__hasOwnProp.call(to,key)&&
key!==except&&__defProp(to,key,{get:()=>from[key],enumerable:!(desc=__getOwnPropDesc(from,key))||desc.enumerable});return to};var __toESM=(mod,isNodeMode,target)=>(target=mod!=null?__create(__getProtoOf(mod)):{},__copyProps(isNodeMode||!mod||!mod.
__esModule?__defProp(target,"default",{value:mod,enumerable:!0}):target,mod)),__toCommonJS=mod=>__copyProps(__defProp({},
"__esModule",{value:!0}),mod);var require_identity=__commonJS({"node_modules/yaml/dist/nodes/identity.js"(exports2){"use strict";var ALIAS=Symbol.for(
"yaml.alias"),DOC=Symbol.for("yaml.document"),MAP=Symbol.for("yaml.map"),PAIR=Symbol.for("yaml.pair"),SCALAR=Symbol.for(
"yaml.scalar"),SEQ=Symbol.for("yaml.seq"),NODE_TYPE=Symbol.for("yaml.node.type"),isAlias3=node=>!!node&&typeof node=="ob\
ject"&&node[NODE_TYPE]===ALIAS,isDocument=node=>!!node&&typeof node=="object"&&node[NODE_TYPE]===DOC,isMap4=node=>!!node&&
typeof node=="object"&&node[NODE_TYPE]===MAP,isPair=node=>!!node&&typeof node=="object"&&node[NODE_TYPE]===PAIR,isScalar4=node=>!!node&&
typeof node=="object"&&node[NODE_TYPE]===SCALAR,isSeq3=node=>!!node&&typeof node=="object"&&node[NODE_TYPE]===SEQ;function isCollection3(node){
if(node&&typeof node=="object")switch(node[NODE_TYPE]){case MAP:case SEQ:return!0}return!1}function isNode2(node){if(node&&
typeof node=="object")switch(node[NODE_TYPE]){case ALIAS:case MAP:case SCALAR:case SEQ:return!0}return!1}var hasAnchor=node=>(isScalar4(
node)||isCollection3(node))&&!!node.anchor;exports2.ALIAS=ALIAS;exports2.DOC=DOC;exports2.MAP=MAP;exports2.NODE_TYPE=NODE_TYPE;
exports2.PAIR=PAIR;exports2.SCALAR=SCALAR;exports2.SEQ=SEQ;exports2.hasAnchor=hasAnchor;exports2.isAlias=isAlias3;exports2.
isCollection=isCollection3;exports2.isDocument=isDocument;exports2.isMap=isMap4;exports2.isNode=isNode2;exports2.isPair=
isPair;exports2.isScalar=isScalar4;exports2.isSeq=isSeq3}});var require_visit=__commonJS({"node_modules/yaml/dist/visit.js"(exports2){"use strict";var identity=require_identity(),BREAK=Symbol(
"break visit"),SKIP=Symbol("skip children"),REMOVE=Symbol("remove node");function visit3(node,visitor){let visitor_=initVisitor(
visitor);identity.isDocument(node)?visit_(null,node.contents,visitor_,Object.freeze([node]))===REMOVE&&(node.contents=null):
visit_(null,node,visitor_,Object.freeze([]))}visit3.BREAK=BREAK;visit3.SKIP=SKIP;visit3.REMOVE=REMOVE;function visit_(key,node,visitor,path){
let ctrl=callVisitor(key,node,visitor,path);if(identity.isNode(ctrl)||identity.isPair(ctrl))return replaceNode(key,path,
ctrl),visit_(key,ctrl,visitor,path);if(typeof ctrl!="symbol"){if(identity.isCollection(node)){path=Object.freeze(path.concat(
node));for(let i=0;i<node.items.length;++i){let ci=visit_(i,node.items[i],visitor,path);if(typeof ci=="number")i=ci-1;else{
if(ci===BREAK)return BREAK;ci===REMOVE&&(node.items.splice(i,1),i-=1)}}}else if(identity.isPair(node)){path=Object.freeze(
path.concat(node));let ck=visit_("key",node.key,visitor,path);if(ck===BREAK)return BREAK;ck===REMOVE&&(node.key=null);let cv=visit_(
"value",node.value,visitor,path);if(cv===BREAK)return BREAK;cv===REMOVE&&(node.value=null)}}return ctrl}async function visitAsync(node,visitor){
let visitor_=initVisitor(visitor);identity.isDocument(node)?await visitAsync_(null,node.contents,visitor_,Object.freeze(
[node]))===REMOVE&&(node.contents=null):await visitAsync_(null,node,visitor_,Object.freeze([]))}visitAsync.BREAK=BREAK;visitAsync.
SKIP=SKIP;visitAsync.REMOVE=REMOVE;async function visitAsync_(key,node,visitor,path){let ctrl=await callVisitor(key,node,
visitor,path);if(identity.isNode(ctrl)||identity.isPair(ctrl))return replaceNode(key,path,ctrl),visitAsync_(key,ctrl,visitor,
path);if(typeof ctrl!="symbol"){if(identity.isCollection(node)){path=Object.freeze(path.concat(node));for(let i=0;i<node.
items.length;++i){let ci=await visitAsync_(i,node.items[i],visitor,path);if(typeof ci=="number")i=ci-1;else{if(ci===BREAK)
return BREAK;ci===REMOVE&&(node.items.splice(i,1),i-=1)}}}else if(identity.isPair(node)){path=Object.freeze(path.concat(
node));let ck=await visitAsync_("key",node.key,visitor,path);if(ck===BREAK)return BREAK;ck===REMOVE&&(node.key=null);let cv=await visitAsync_(
"value",node.value,visitor,path);if(cv===BREAK)return BREAK;cv===REMOVE&&(node.value=null)}}return ctrl}function initVisitor(visitor){
return typeof visitor=="object"&&(visitor.Collection||visitor.Node||visitor.Value)?Object.assign({Alias:visitor.Node,Map:visitor.
Node,Scalar:visitor.Node,Seq:visitor.Node},visitor.Value&&{Map:visitor.Value,Scalar:visitor.Value,Seq:visitor.Value},visitor.
Collection&&{Map:visitor.Collection,Seq:visitor.Collection},visitor):visitor}function callVisitor(key,node,visitor,path){
var _a,_b,_c,_d,_e;if(typeof visitor=="function")return visitor(key,node,path);if(identity.isMap(node))return(_a=visitor.
Map)==null?void 0:_a.call(visitor,key,node,path);if(identity.isSeq(node))return(_b=visitor.Seq)==null?void 0:_b.call(visitor,
key,node,path);if(identity.isPair(node))return(_c=visitor.Pair)==null?void 0:_c.call(visitor,key,node,path);if(identity.
isScalar(node))return(_d=visitor.Scalar)==null?void 0:_d.call(visitor,key,node,path);if(identity.isAlias(node))return(_e=
visitor.Alias)==null?void 0:_e.call(visitor,key,node,path)}function replaceNode(key,path,node){let parent=path[path.length-
1];if(identity.isCollection(parent))parent.items[key]=node;else if(identity.isPair(parent))key==="key"?parent.key=node:parent.
value=node;else if(identity.isDocument(parent))parent.contents=node;else{let pt=identity.isAlias(parent)?"alias":"scalar";
throw new Error(`Cannot replace node with ${pt} parent`)}}exports2.visit=visit3;exports2.visitAsync=visitAsync}});var require_directives=__commonJS({"node_modules/yaml/dist/doc/directives.js"(exports2){"use strict";var identity=require_identity(),
visit3=require_visit(),escapeChars={"!":"%21",",":"%2C","[":"%5B","]":"%5D","{":"%7B","}":"%7D"},escapeTagName=tn=>tn.replace(
/[!,[\]{}]/g,ch=>escapeChars[ch]),Directives=class _Directives{constructor(yaml,tags){this.docStart=null,this.docEnd=!1,
this.yaml=Object.assign({},_Directives.defaultYaml,yaml),this.tags=Object.assign({},_Directives.defaultTags,tags)}clone(){
let copy=new _Directives(this.yaml,this.tags);return copy.docStart=this.docStart,copy}atDocument(){let res=new _Directives(
this.yaml,this.tags);switch(this.yaml.version){case"1.1":this.atNextDocument=!0;break;case"1.2":this.atNextDocument=!1,this.
yaml={explicit:_Directives.defaultYaml.explicit,version:"1.2"},this.tags=Object.assign({},_Directives.defaultTags);break}
return res}add(line,onError){this.atNextDocument&&(this.yaml={explicit:_Directives.defaultYaml.explicit,version:"1.1"},this.
tags=Object.assign({},_Directives.defaultTags),this.atNextDocument=!1);let parts=line.trim().split(/[ \t]+/),name=parts.
shift();switch(name){case"%TAG":{if(parts.length!==2&&(onError(0,"%TAG directive should contain exactly two parts"),parts.
length<2))return!1;let[handle,prefix]=parts;return this.tags[handle]=prefix,!0}case"%YAML":{if(this.yaml.explicit=!0,parts.
length!==1)return onError(0,"%YAML directive should contain exactly one part"),!1;let[version]=parts;if(version==="1.1"||
version==="1.2")return this.yaml.version=version,!0;{let isValid=/^\d+\.\d+$/.test(version);return onError(6,`Unsupporte\
d YAML version ${version}`,isValid),!1}}default:return onError(0,`Unknown directive ${name}`,!0),!1}}tagName(source,onError){
if(source==="!")return"!";if(source[0]!=="!")return onError(`Not a valid tag: ${source}`),null;if(source[1]==="<"){let verbatim=source.
slice(2,-1);return verbatim==="!"||verbatim==="!!"?(onError(`Verbatim tags aren't resolved, so ${source} is invalid.`),null):
(source[source.length-1]!==">"&&onError("Verbatim tags must end with a >"),verbatim)}let[,handle,suffix]=source.match(/^(.*!)([^!]*)$/s);
suffix||onError(`The ${source} tag has no suffix`);let prefix=this.tags[handle];if(prefix)try{return prefix+decodeURIComponent(
suffix)}catch(error){return onError(String(error)),null}return handle==="!"?source:(onError(`Could not resolve tag: ${source}`),
null)}tagString(tag){for(let[handle,prefix]of Object.entries(this.tags))if(tag.startsWith(prefix))return handle+escapeTagName(
tag.substring(prefix.length));return tag[0]==="!"?tag:`!<${tag}>`}toString(doc){let lines=this.yaml.explicit?[`%YAML ${this.
yaml.version||"1.2"}`]:[],tagEntries=Object.entries(this.tags),tagNames;if(doc&&tagEntries.length>0&&identity.isNode(doc.
contents)){let tags={};visit3.visit(doc.contents,(_key,node)=>{identity.isNode(node)&&node.tag&&(tags[node.tag]=!0)}),tagNames=
Object.keys(tags)}else tagNames=[];for(let[handle,prefix]of tagEntries)handle==="!!"&&prefix==="tag:yaml.org,2002:"||(!doc||
tagNames.some(tn=>tn.startsWith(prefix)))&&lines.push(`%TAG ${handle} ${prefix}`);return lines.join(`
`)}};Directives.defaultYaml={explicit:!1,version:"1.2"};Directives.defaultTags={"!!":"tag:yaml.org,2002:"};exports2.Directives=
Directives}});var require_anchors=__commonJS({"node_modules/yaml/dist/doc/anchors.js"(exports2){"use strict";var identity=require_identity(),
visit3=require_visit();function anchorIsValid(anchor){if(/[\x00-\x19\s,[\]{}]/.test(anchor)){let msg=`Anchor must not co\
ntain whitespace or control characters: ${JSON.stringify(anchor)}`;throw new Error(msg)}return!0}function anchorNames(root){
let anchors=new Set;return visit3.visit(root,{Value(_key,node){node.anchor&&anchors.add(node.anchor)}}),anchors}function findNewAnchor(prefix,exclude){
for(let i=1;;++i){let name=`${prefix}${i}`;if(!exclude.has(name))return name}}function createNodeAnchors(doc,prefix){let aliasObjects=[],
sourceObjects=new Map,prevAnchors=null;return{onAnchor:source=>{aliasObjects.push(source),prevAnchors??(prevAnchors=anchorNames(
doc));let anchor=findNewAnchor(prefix,prevAnchors);return prevAnchors.add(anchor),anchor},setAnchors:()=>{for(let source of aliasObjects){
let ref=sourceObjects.get(source);if(typeof ref=="object"&&ref.anchor&&(identity.isScalar(ref.node)||identity.isCollection(
ref.node)))ref.node.anchor=ref.anchor;else{let error=new Error("Failed to resolve repeated object (this should not happe\
n)");throw error.source=source,error}}},sourceObjects}}exports2.anchorIsValid=anchorIsValid;exports2.anchorNames=anchorNames;
exports2.createNodeAnchors=createNodeAnchors;exports2.findNewAnchor=findNewAnchor}});var require_applyReviver=__commonJS({"node_modules/yaml/dist/doc/applyReviver.js"(exports2){"use strict";function applyReviver(reviver,obj,key,val){
if(val&&typeof val=="object")if(Array.isArray(val))for(let i=0,len=val.length;i<len;++i){let v0=val[i],v1=applyReviver(reviver,
val,String(i),v0);v1===void 0?delete val[i]:v1!==v0&&(val[i]=v1)}else if(val instanceof Map)for(let k of Array.from(val.
keys())){let v0=val.get(k),v1=applyReviver(reviver,val,k,v0);v1===void 0?val.delete(k):v1!==v0&&val.set(k,v1)}else if(val instanceof
Set)for(let v0 of Array.from(val)){let v1=applyReviver(reviver,val,v0,v0);v1===void 0?val.delete(v0):v1!==v0&&(val.delete(
v0),val.add(v1))}else for(let[k,v0]of Object.entries(val)){let v1=applyReviver(reviver,val,k,v0);v1===void 0?delete val[k]:
v1!==v0&&(val[k]=v1)}return reviver.call(obj,key,val)}exports2.applyReviver=applyReviver}});var require_toJS=__commonJS({"node_modules/yaml/dist/nodes/toJS.js"(exports2){"use strict";var identity=require_identity();
function toJS(value,arg,ctx){if(Array.isArray(value))return value.map((v,i)=>toJS(v,String(i),ctx));if(value&&typeof value.
toJSON=="function"){if(!ctx||!identity.hasAnchor(value))return value.toJSON(arg,ctx);let data={aliasCount:0,count:1,res:void 0};
ctx.anchors.set(value,data),ctx.onCreate=res2=>{data.res=res2,delete ctx.onCreate};let res=value.toJSON(arg,ctx);return ctx.
onCreate&&ctx.onCreate(res),res}return typeof value=="bigint"&&!(ctx!=null&&ctx.keep)?Number(value):value}exports2.toJS=
toJS}});var require_Node=__commonJS({"node_modules/yaml/dist/nodes/Node.js"(exports2){"use strict";var applyReviver=require_applyReviver(),
identity=require_identity(),toJS=require_toJS(),NodeBase=class{constructor(type){Object.defineProperty(this,identity.NODE_TYPE,
{value:type})}clone(){let copy=Object.create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return this.
range&&(copy.range=this.range.slice()),copy}toJS(doc,{mapAsMap,maxAliasCount,onAnchor,reviver}={}){if(!identity.isDocument(
doc))throw new TypeError("A document argument is required");let ctx={anchors:new Map,doc,keep:!0,mapAsMap:mapAsMap===!0,
mapKeyWarned:!1,maxAliasCount:typeof maxAliasCount=="number"?maxAliasCount:100},res=toJS.toJS(this,"",ctx);if(typeof onAnchor==
"function")for(let{count:count2,res:res2}of ctx.anchors.values())onAnchor(res2,count2);return typeof reviver=="function"?
applyReviver.applyReviver(reviver,{"":res},"",res):res}};exports2.NodeBase=NodeBase}});var require_Alias=__commonJS({"node_modules/yaml/dist/nodes/Alias.js"(exports2){"use strict";var anchors=require_anchors(),
visit3=require_visit(),identity=require_identity(),Node=require_Node(),toJS=require_toJS(),Alias=class extends Node.NodeBase{constructor(source){
super(identity.ALIAS),this.source=source,Object.defineProperty(this,"tag",{set(){throw new Error("Alias nodes cannot hav\
e tags")}})}resolve(doc,ctx){if((ctx==null?void 0:ctx.maxAliasCount)===0)throw new ReferenceError("Alias resolution is d\
isabled");let nodes;ctx!=null&&ctx.aliasResolveCache?nodes=ctx.aliasResolveCache:(nodes=[],visit3.visit(doc,{Node:(_key,node)=>{
(identity.isAlias(node)||identity.hasAnchor(node))&&nodes.push(node)}}),ctx&&(ctx.aliasResolveCache=nodes));let found;for(let node of nodes){
if(node===this)break;node.anchor===this.source&&(found=node)}if(found&&ctx){let{anchors:anchors2,doc:doc2,maxAliasCount}=ctx,
data=anchors2.get(found);if(data||(toJS.toJS(found,null,ctx),data=anchors2.get(found)),(data==null?void 0:data.res)===void 0){
let msg="This should not happen: Alias anchor was not resolved?";throw new ReferenceError(msg)}if(maxAliasCount>=0&&(data.
count+=1,data.aliasCount===0&&(data.aliasCount=getAliasCount(doc2,found,anchors2)),data.count*data.aliasCount>maxAliasCount)){
let msg="Excessive alias count indicates a resource exhaustion attack";throw new ReferenceError(msg)}}return found}toJSON(_arg,ctx){
if(!ctx)return{source:this.source};let source=this.resolve(ctx.doc,ctx);if(!source){let msg=`Unresolved alias (the ancho\
r must be set before the alias): ${this.source}`;throw new ReferenceError(msg)}return ctx.anchors.get(source).res}toString(ctx,_onComment,_onChompKeep){
let src=`*${this.source}`;if(ctx){if(anchors.anchorIsValid(this.source),ctx.options.verifyAliasOrder&&!ctx.anchors.has(this.
source)){let msg=`Unresolved alias (the anchor must be set before the alias): ${this.source}`;throw new Error(msg)}if(ctx.
implicitKey)return`${src} `}return src}};function getAliasCount(doc,node,anchors2){if(identity.isAlias(node)){let source=node.
resolve(doc),anchor=anchors2&&source&&anchors2.get(source);return anchor?anchor.count*anchor.aliasCount:0}else if(identity.
isCollection(node)){let count2=0;for(let item of node.items){let c=getAliasCount(doc,item,anchors2);c>count2&&(count2=c)}
return count2}else if(identity.isPair(node)){let kc=getAliasCount(doc,node.key,anchors2),vc=getAliasCount(doc,node.value,
anchors2);return Math.max(kc,vc)}return 1}exports2.Alias=Alias}});var require_Scalar=__commonJS({"node_modules/yaml/dist/nodes/Scalar.js"(exports2){"use strict";var identity=require_identity(),
Node=require_Node(),toJS=require_toJS(),isScalarValue=value=>!value||typeof value!="function"&&typeof value!="object",Scalar=class extends Node.
NodeBase{constructor(value){super(identity.SCALAR),this.value=value}toJSON(arg,ctx){return ctx!=null&&ctx.keep?this.value:
toJS.toJS(this.value,arg,ctx)}toString(){return String(this.value)}};Scalar.BLOCK_FOLDED="BLOCK_FOLDED";Scalar.BLOCK_LITERAL=
"BLOCK_LITERAL";Scalar.PLAIN="PLAIN";Scalar.QUOTE_DOUBLE="QUOTE_DOUBLE";Scalar.QUOTE_SINGLE="QUOTE_SINGLE";exports2.Scalar=
Scalar;exports2.isScalarValue=isScalarValue}});var require_createNode=__commonJS({"node_modules/yaml/dist/doc/createNode.js"(exports2){"use strict";var Alias=require_Alias(),
identity=require_identity(),Scalar=require_Scalar(),defaultTagPrefix="tag:yaml.org,2002:";function findTagObject(value,tagName,tags){
if(tagName){let match=tags.filter(t=>t.tag===tagName),tagObj=match.find(t=>!t.format)??match[0];if(!tagObj)throw new Error(
`Tag ${tagName} not found`);return tagObj}return tags.find(t=>{var _a;return((_a=t.identify)==null?void 0:_a.call(t,value))&&
!t.format})}function createNode(value,tagName,ctx){var _a,_b,_c;if(identity.isDocument(value)&&(value=value.contents),identity.
isNode(value))return value;if(identity.isPair(value)){let map2=(_b=(_a=ctx.schema[identity.MAP]).createNode)==null?void 0:
_b.call(_a,ctx.schema,null,ctx);return map2.items.push(value),map2}(value instanceof String||value instanceof Number||value instanceof
Boolean||typeof BigInt<"u"&&value instanceof BigInt)&&(value=value.valueOf());let{aliasDuplicateObjects,onAnchor,onTagObj,
schema,sourceObjects}=ctx,ref;if(aliasDuplicateObjects&&value&&typeof value=="object"){if(ref=sourceObjects.get(value),ref)
return ref.anchor??(ref.anchor=onAnchor(value)),new Alias.Alias(ref.anchor);ref={anchor:null,node:null},sourceObjects.set(
value,ref)}tagName!=null&&tagName.startsWith("!!")&&(tagName=defaultTagPrefix+tagName.slice(2));let tagObj=findTagObject(
value,tagName,schema.tags);if(!tagObj){if(value&&typeof value.toJSON=="function"&&(value=value.toJSON()),!value||typeof value!=
"object"){let node2=new Scalar.Scalar(value);return ref&&(ref.node=node2),node2}tagObj=value instanceof Map?schema[identity.
MAP]:Symbol.iterator in Object(value)?schema[identity.SEQ]:schema[identity.MAP]}onTagObj&&(onTagObj(tagObj),delete ctx.onTagObj);
let node=tagObj!=null&&tagObj.createNode?tagObj.createNode(ctx.schema,value,ctx):typeof((_c=tagObj==null?void 0:tagObj.nodeClass)==
null?void 0:_c.from)=="function"?tagObj.nodeClass.from(ctx.schema,value,ctx):new Scalar.Scalar(value);return tagName?node.
tag=tagName:tagObj.default||(node.tag=tagObj.tag),ref&&(ref.node=node),node}exports2.createNode=createNode}});var require_Collection=__commonJS({"node_modules/yaml/dist/nodes/Collection.js"(exports2){"use strict";var createNode=require_createNode(),
identity=require_identity(),Node=require_Node();function collectionFromPath(schema,path,value){let v=value;for(let i=path.
length-1;i>=0;--i){let k=path[i];if(typeof k=="number"&&Number.isInteger(k)&&k>=0){let a=[];a[k]=v,v=a}else v=new Map([[
k,v]])}return createNode.createNode(v,void 0,{aliasDuplicateObjects:!1,keepUndefined:!1,onAnchor:()=>{throw new Error("T\
his should not happen, please report a bug.")},schema,sourceObjects:new Map})}var isEmptyPath=path=>path==null||typeof path==
"object"&&!!path[Symbol.iterator]().next().done,Collection=class extends Node.NodeBase{constructor(type,schema){super(type),
Object.defineProperty(this,"schema",{value:schema,configurable:!0,enumerable:!1,writable:!0})}clone(schema){let copy=Object.
create(Object.getPrototypeOf(this),Object.getOwnPropertyDescriptors(this));return schema&&(copy.schema=schema),copy.items=
copy.items.map(it=>identity.isNode(it)||identity.isPair(it)?it.clone(schema):it),this.range&&(copy.range=this.range.slice()),
copy}addIn(path,value){if(isEmptyPath(path))this.add(value);else{let[key,...rest]=path,node=this.get(key,!0);if(identity.
isCollection(node))node.addIn(rest,value);else if(node===void 0&&this.schema)this.set(key,collectionFromPath(this.schema,
rest,value));else throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`)}}deleteIn(path){let[key,
...rest]=path;if(rest.length===0)return this.delete(key);let node=this.get(key,!0);if(identity.isCollection(node))return node.
deleteIn(rest);throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`)}getIn(path,keepScalar){let[
key,...rest]=path,node=this.get(key,!0);return rest.length===0?!keepScalar&&identity.isScalar(node)?node.value:node:identity.
isCollection(node)?node.getIn(rest,keepScalar):void 0}hasAllNullValues(allowScalar){return this.items.every(node=>{if(!identity.
isPair(node))return!1;let n=node.value;return n==null||allowScalar&&identity.isScalar(n)&&n.value==null&&!n.commentBefore&&
!n.comment&&!n.tag})}hasIn(path){let[key,...rest]=path;if(rest.length===0)return this.has(key);let node=this.get(key,!0);
return identity.isCollection(node)?node.hasIn(rest):!1}setIn(path,value){let[key,...rest]=path;if(rest.length===0)this.set(
key,value);else{let node=this.get(key,!0);if(identity.isCollection(node))node.setIn(rest,value);else if(node===void 0&&this.
schema)this.set(key,collectionFromPath(this.schema,rest,value));else throw new Error(`Expected YAML collection at ${key}\
. Remaining path: ${rest}`)}}};exports2.Collection=Collection;exports2.collectionFromPath=collectionFromPath;exports2.isEmptyPath=
isEmptyPath}});var require_stringifyComment=__commonJS({"node_modules/yaml/dist/stringify/stringifyComment.js"(exports2){"use strict";var stringifyComment=str=>str.
replace(/^(?!$)(?: $)?/gm,"#");function indentComment(comment,indent){return/^\n+$/.test(comment)?comment.substring(1):indent?
comment.replace(/^(?! *$)/gm,indent):comment}var lineComment=(str,indent,comment)=>str.endsWith(`
`)?indentComment(comment,indent):comment.includes(`
`)?`
`+indentComment(comment,indent):(str.endsWith(" ")?"":" ")+comment;exports2.indentComment=indentComment;exports2.lineComment=
lineComment;exports2.stringifyComment=stringifyComment}});var require_foldFlowLines=__commonJS({"node_modules/yaml/dist/stringify/foldFlowLines.js"(exports2){"use strict";var FOLD_FLOW="\
flow",FOLD_BLOCK="block",FOLD_QUOTED="quoted";function foldFlowLines(text3,indent,mode="flow",{indentAtStart,lineWidth=80,
minContentWidth=20,onFold,onOverflow}={}){if(!lineWidth||lineWidth<0)return text3;lineWidth<minContentWidth&&(minContentWidth=
0);let endStep=Math.max(1+minContentWidth,1+lineWidth-indent.length);if(text3.length<=endStep)return text3;let folds=[],
escapedFolds={},end=lineWidth-indent.length;typeof indentAtStart=="number"&&(indentAtStart>lineWidth-Math.max(2,minContentWidth)?
folds.push(0):end=lineWidth-indentAtStart);let split,prev,overflow=!1,i=-1,escStart=-1,escEnd=-1;mode===FOLD_BLOCK&&(i=consumeMoreIndentedLines(
text3,i,indent.length),i!==-1&&(end=i+endStep));for(let ch;ch=text3[i+=1];){if(mode===FOLD_QUOTED&&ch==="\\"){switch(escStart=
i,text3[i+1]){case"x":i+=3;break;case"u":i+=5;break;case"U":i+=9;break;default:i+=1}escEnd=i}if(ch===`
`)mode===FOLD_BLOCK&&(i=consumeMoreIndentedLines(text3,i,indent.length)),end=i+indent.length+endStep,split=void 0;else{if(ch===
" "&&prev&&prev!==" "&&prev!==`
`&&prev!=="	"){let next=text3[i+1];next&&next!==" "&&next!==`
`&&next!=="	"&&(split=i)}if(i>=end)if(split)folds.push(split),end=split+endStep,split=void 0;else if(mode===FOLD_QUOTED){
for(;prev===" "||prev==="	";)prev=ch,ch=text3[i+=1],overflow=!0;let j=i>escEnd+1?i-2:escStart-1;if(escapedFolds[j])return text3;
folds.push(j),escapedFolds[j]=!0,end=j+endStep,split=void 0}else overflow=!0}prev=ch}if(overflow&&onOverflow&&onOverflow(),
folds.length===0)return text3;onFold&&onFold();let res=text3.slice(0,folds[0]);for(let i2=0;i2<folds.length;++i2){let fold=folds[i2],
end2=folds[i2+1]||text3.length;fold===0?res=`
${indent}${text3.slice(0,end2)}`:(mode===FOLD_QUOTED&&escapedFolds[fold]&&(res+=`${text3[fold]}\\`),res+=`
${indent}${text3.slice(fold+1,end2)}`)}return res}function consumeMoreIndentedLines(text3,i,indent){let end=i,start=i+1,
ch=text3[start];for(;ch===" "||ch==="	";)if(i<start+indent)ch=text3[++i];else{do ch=text3[++i];while(ch&&ch!==`
`);end=i,start=i+1,ch=text3[start]}return end}exports2.FOLD_BLOCK=FOLD_BLOCK;exports2.FOLD_FLOW=FOLD_FLOW;exports2.FOLD_QUOTED=
FOLD_QUOTED;exports2.foldFlowLines=foldFlowLines}});var require_stringifyString=__commonJS({"node_modules/yaml/dist/stringify/stringifyString.js"(exports2){"use strict";var Scalar=require_Scalar(),
foldFlowLines=require_foldFlowLines(),getFoldOptions=(ctx,isBlock)=>({indentAtStart:isBlock?ctx.indent.length:ctx.indentAtStart,
lineWidth:ctx.options.lineWidth,minContentWidth:ctx.options.minContentWidth}),containsDocumentMarker=str=>/^(%|---|\.\.\.)/m.
test(str);function lineLengthOverLimit(str,lineWidth,indentLength){if(!lineWidth||lineWidth<0)return!1;let limit=lineWidth-
indentLength,strLen=str.length;if(strLen<=limit)return!1;for(let i=0,start=0;i<strLen;++i)if(str[i]===`
`){if(i-start>limit)return!0;if(start=i+1,strLen-start<=limit)return!1}return!0}function doubleQuotedString(value,ctx){let json=JSON.
stringify(value);if(ctx.options.doubleQuotedAsJSON)return json;let{implicitKey}=ctx,minMultiLineLength=ctx.options.doubleQuotedMinMultiLineLength,
indent=ctx.indent||(containsDocumentMarker(value)?"  ":""),str="",start=0;for(let i=0,ch=json[i];ch;ch=json[++i])if(ch===
" "&&json[i+1]==="\\"&&json[i+2]==="n"&&(str+=json.slice(start,i)+"\\ ",i+=1,start=i,ch="\\"),ch==="\\")switch(json[i+1]){case"\
u":{str+=json.slice(start,i);let code2=json.substr(i+2,4);switch(code2){case"0000":str+="\\0";break;case"0007":str+="\\a";
break;case"000b":str+="\\v";break;case"001b":str+="\\e";break;case"0085":str+="\\N";break;case"00a0":str+="\\_";break;case"\
2028":str+="\\L";break;case"2029":str+="\\P";break;default:code2.substr(0,2)==="00"?str+="\\x"+code2.substr(2):str+=json.
substr(i,6)}i+=5,start=i+1}break;case"n":if(implicitKey||json[i+2]==='"'||json.length<minMultiLineLength)i+=1;else{for(str+=
json.slice(start,i)+`

`;json[i+2]==="\\"&&json[i+3]==="n"&&json[i+4]!=='"';)str+=`
`,i+=2;str+=indent,json[i+2]===" "&&(str+="\\"),i+=1,start=i+1}break;default:i+=1}return str=start?str+json.slice(start):
json,implicitKey?str:foldFlowLines.foldFlowLines(str,indent,foldFlowLines.FOLD_QUOTED,getFoldOptions(ctx,!1))}function singleQuotedString(value,ctx){
if(ctx.options.singleQuote===!1||ctx.implicitKey&&value.includes(`
`)||/[ \t]\n|\n[ \t]/.test(value))return doubleQuotedString(value,ctx);let indent=ctx.indent||(containsDocumentMarker(value)?
"  ":""),res="'"+value.replace(/'/g,"''").replace(/\n+/g,`$&
${indent}`)+"'";return ctx.implicitKey?res:foldFlowLines.foldFlowLines(res,indent,foldFlowLines.FOLD_FLOW,getFoldOptions(
ctx,!1))}function quotedString(value,ctx){let{singleQuote}=ctx.options,qs;if(singleQuote===!1)qs=doubleQuotedString;else{
let hasDouble=value.includes('"'),hasSingle=value.includes("'");hasDouble&&!hasSingle?qs=singleQuotedString:hasSingle&&!hasDouble?
qs=doubleQuotedString:qs=singleQuote?singleQuotedString:doubleQuotedString}return qs(value,ctx)}var blockEndNewlines;try{
blockEndNewlines=new RegExp(`(^|(?<!
))
+(?!
|$)`,"g")}catch{blockEndNewlines=/\n+(?!\n|$)/g}function blockString({comment,type,value},ctx,onComment,onChompKeep){let{
blockQuote,commentString,lineWidth}=ctx.options;if(!blockQuote||/\n[\t ]+$/.test(value))return quotedString(value,ctx);let indent=ctx.
indent||(ctx.forceBlockIndent||containsDocumentMarker(value)?"  ":""),literal2=blockQuote==="literal"?!0:blockQuote==="f\
olded"||type===Scalar.Scalar.BLOCK_FOLDED?!1:type===Scalar.Scalar.BLOCK_LITERAL?!0:!lineLengthOverLimit(value,lineWidth,
indent.length);if(!value)return literal2?`|
`:`>
`;let chomp,endStart;for(endStart=value.length;endStart>0;--endStart){let ch=value[endStart-1];if(ch!==`
`&&ch!=="	"&&ch!==" ")break}let end=value.substring(endStart),endNlPos=end.indexOf(`
`);endNlPos===-1?chomp="-":value===end||endNlPos!==end.length-1?(chomp="+",onChompKeep&&onChompKeep()):chomp="",end&&(value=
value.slice(0,-end.length),end[end.length-1]===`
`&&(end=end.slice(0,-1)),end=end.replace(blockEndNewlines,`$&${indent}`));let startWithSpace=!1,startEnd,startNlPos=-1;for(startEnd=
0;startEnd<value.length;++startEnd){let ch=value[startEnd];if(ch===" ")startWithSpace=!0;else if(ch===`
`)startNlPos=startEnd;else break}let start=value.substring(0,startNlPos<startEnd?startNlPos+1:startEnd);start&&(value=value.
substring(start.length),start=start.replace(/\n+/g,`$&${indent}`));let header=(startWithSpace?indent?"2":"1":"")+chomp;if(comment&&
(header+=" "+commentString(comment.replace(/ ?[\r\n]+/g," ")),onComment&&onComment()),!literal2){let foldedValue=value.replace(
/\n+/g,`
$&`).replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g,"$1$2").replace(/\n+/g,`$&${indent}`),literalFallback=!1,foldOptions=getFoldOptions(
ctx,!0);blockQuote!=="folded"&&type!==Scalar.Scalar.BLOCK_FOLDED&&(foldOptions.onOverflow=()=>{literalFallback=!0});let body2=foldFlowLines.
foldFlowLines(`${start}${foldedValue}${end}`,indent,foldFlowLines.FOLD_BLOCK,foldOptions);if(!literalFallback)return`>${header}\

${indent}${body2}`}return value=value.replace(/\n+/g,`$&${indent}`),`|${header}
${indent}${start}${value}${end}`}function plainString(item,ctx,onComment,onChompKeep){let{type,value}=item,{actualString,
implicitKey,indent,indentStep,inFlow}=ctx;if(implicitKey&&value.includes(`
`)||inFlow&&/[[\]{},]/.test(value))return quotedString(value,ctx);if(/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.
test(value))return implicitKey||inFlow||!value.includes(`
`)?quotedString(value,ctx):blockString(item,ctx,onComment,onChompKeep);if(!implicitKey&&!inFlow&&type!==Scalar.Scalar.PLAIN&&
value.includes(`
`))return blockString(item,ctx,onComment,onChompKeep);if(containsDocumentMarker(value)){if(indent==="")return ctx.forceBlockIndent=
!0,blockString(item,ctx,onComment,onChompKeep);if(implicitKey&&indent===indentStep)return quotedString(value,ctx)}let str=value.
replace(/\n+/g,`$&
${indent}`);if(actualString){let test=tag=>{var _a;return tag.default&&tag.tag!=="tag:yaml.org,2002:str"&&((_a=tag.test)==
null?void 0:_a.test(str))},{compat,tags}=ctx.doc.schema;if(tags.some(test)||compat!=null&&compat.some(test))return quotedString(
value,ctx)}return implicitKey?str:foldFlowLines.foldFlowLines(str,indent,foldFlowLines.FOLD_FLOW,getFoldOptions(ctx,!1))}
function stringifyString(item,ctx,onComment,onChompKeep){let{implicitKey,inFlow}=ctx,ss=typeof item.value=="string"?item:
Object.assign({},item,{value:String(item.value)}),{type}=item;type!==Scalar.Scalar.QUOTE_DOUBLE&&/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.
test(ss.value)&&(type=Scalar.Scalar.QUOTE_DOUBLE);let _stringify2=_type=>{switch(_type){case Scalar.Scalar.BLOCK_FOLDED:case Scalar.
Scalar.BLOCK_LITERAL:return implicitKey||inFlow?quotedString(ss.value,ctx):blockString(ss,ctx,onComment,onChompKeep);case Scalar.
Scalar.QUOTE_DOUBLE:return doubleQuotedString(ss.value,ctx);case Scalar.Scalar.QUOTE_SINGLE:return singleQuotedString(ss.
value,ctx);case Scalar.Scalar.PLAIN:return plainString(ss,ctx,onComment,onChompKeep);default:return null}},res=_stringify2(
type);if(res===null){let{defaultKeyType,defaultStringType}=ctx.options,t=implicitKey&&defaultKeyType||defaultStringType;
if(res=_stringify2(t),res===null)throw new Error(`Unsupported default string type ${t}`)}return res}exports2.stringifyString=
stringifyString}});var require_stringify=__commonJS({"node_modules/yaml/dist/stringify/stringify.js"(exports2){"use strict";var anchors=require_anchors(),
identity=require_identity(),stringifyComment=require_stringifyComment(),stringifyString=require_stringifyString();function createStringifyContext(doc,options){
let opt=Object.assign({blockQuote:!0,commentString:stringifyComment.stringifyComment,defaultKeyType:null,defaultStringType:"\
PLAIN",directives:null,doubleQuotedAsJSON:!1,doubleQuotedMinMultiLineLength:40,falseStr:"false",flowCollectionPadding:!0,
indentSeq:!0,lineWidth:80,minContentWidth:20,nullStr:"null",simpleKeys:!1,singleQuote:null,trailingComma:!1,trueStr:"tru\
e",verifyAliasOrder:!0},doc.schema.toStringOptions,options),inFlow;switch(opt.collectionStyle){case"block":inFlow=!1;break;case"\
flow":inFlow=!0;break;default:inFlow=null}return{anchors:new Set,doc,flowCollectionPadding:opt.flowCollectionPadding?" ":
"",indent:"",indentStep:typeof opt.indent=="number"?" ".repeat(opt.indent):"  ",inFlow,options:opt}}function getTagObject(tags,item){
var _a;if(item.tag){let match=tags.filter(t=>t.tag===item.tag);if(match.length>0)return match.find(t=>t.format===item.format)??
match[0]}let tagObj,obj;if(identity.isScalar(item)){obj=item.value;let match=tags.filter(t=>{var _a2;return(_a2=t.identify)==
null?void 0:_a2.call(t,obj)});if(match.length>1){let testMatch=match.filter(t=>t.test);testMatch.length>0&&(match=testMatch)}
tagObj=match.find(t=>t.format===item.format)??match.find(t=>!t.format)}else obj=item,tagObj=tags.find(t=>t.nodeClass&&obj instanceof
t.nodeClass);if(!tagObj){let name=((_a=obj==null?void 0:obj.constructor)==null?void 0:_a.name)??(obj===null?"null":typeof obj);
throw new Error(`Tag not resolved for ${name} value`)}return tagObj}function stringifyProps(node,tagObj,{anchors:anchors$1,
doc}){if(!doc.directives)return"";let props=[],anchor=(identity.isScalar(node)||identity.isCollection(node))&&node.anchor;
anchor&&anchors.anchorIsValid(anchor)&&(anchors$1.add(anchor),props.push(`&${anchor}`));let tag=node.tag??(tagObj.default?
null:tagObj.tag);return tag&&props.push(doc.directives.tagString(tag)),props.join(" ")}function stringify(item,ctx,onComment,onChompKeep){
var _a;if(identity.isPair(item))return item.toString(ctx,onComment,onChompKeep);if(identity.isAlias(item)){if(ctx.doc.directives)
return item.toString(ctx);if((_a=ctx.resolvedAliases)!=null&&_a.has(item))throw new TypeError("Cannot stringify circular\
 structure without alias nodes");ctx.resolvedAliases?ctx.resolvedAliases.add(item):ctx.resolvedAliases=new Set([item]),item=
item.resolve(ctx.doc)}let tagObj,node=identity.isNode(item)?item:ctx.doc.createNode(item,{onTagObj:o=>tagObj=o});tagObj??
(tagObj=getTagObject(ctx.doc.schema.tags,node));let props=stringifyProps(node,tagObj,ctx);props.length>0&&(ctx.indentAtStart=
(ctx.indentAtStart??0)+props.length+1);let str=typeof tagObj.stringify=="function"?tagObj.stringify(node,ctx,onComment,onChompKeep):
identity.isScalar(node)?stringifyString.stringifyString(node,ctx,onComment,onChompKeep):node.toString(ctx,onComment,onChompKeep);
return props?identity.isScalar(node)||str[0]==="{"||str[0]==="["?`${props} ${str}`:`${props}
${ctx.indent}${str}`:str}exports2.createStringifyContext=createStringifyContext;exports2.stringify=stringify}});var require_stringifyPair=__commonJS({"node_modules/yaml/dist/stringify/stringifyPair.js"(exports2){"use strict";var identity=require_identity(),
Scalar=require_Scalar(),stringify=require_stringify(),stringifyComment=require_stringifyComment();function stringifyPair({
key,value},ctx,onComment,onChompKeep){let{allNullValues,doc,indent,indentStep,options:{commentString,indentSeq,simpleKeys}}=ctx,
keyComment=identity.isNode(key)&&key.comment||null;if(simpleKeys){if(keyComment)throw new Error("With simple keys, key n\
odes cannot have comments");if(identity.isCollection(key)||!identity.isNode(key)&&typeof key=="object"){let msg="With si\
mple keys, collection cannot be used as a key value";throw new Error(msg)}}let explicitKey=!simpleKeys&&(!key||keyComment&&
value==null&&!ctx.inFlow||identity.isCollection(key)||(identity.isScalar(key)?key.type===Scalar.Scalar.BLOCK_FOLDED||key.
type===Scalar.Scalar.BLOCK_LITERAL:typeof key=="object"));ctx=Object.assign({},ctx,{allNullValues:!1,implicitKey:!explicitKey&&
(simpleKeys||!allNullValues),indent:indent+indentStep});let keyCommentDone=!1,chompKeep=!1,str=stringify.stringify(key,ctx,
()=>keyCommentDone=!0,()=>chompKeep=!0);if(!explicitKey&&!ctx.inFlow&&str.length>1024){if(simpleKeys)throw new Error("Wi\
th simple keys, single line scalar must not span more than 1024 characters");explicitKey=!0}if(ctx.inFlow){if(allNullValues||
value==null)return keyCommentDone&&onComment&&onComment(),str===""?"?":explicitKey?`? ${str}`:str}else if(allNullValues&&
!simpleKeys||value==null&&explicitKey)return str=`? ${str}`,keyComment&&!keyCommentDone?str+=stringifyComment.lineComment(
str,ctx.indent,commentString(keyComment)):chompKeep&&onChompKeep&&onChompKeep(),str;keyCommentDone&&(keyComment=null),explicitKey?
(keyComment&&(str+=stringifyComment.lineComment(str,ctx.indent,commentString(keyComment))),str=`? ${str}
${indent}:`):(str=`${str}:`,keyComment&&(str+=stringifyComment.lineComment(str,ctx.indent,commentString(keyComment))));let vsb,
vcb,valueComment;identity.isNode(value)?(vsb=!!value.spaceBefore,vcb=value.commentBefore,valueComment=value.comment):(vsb=
!1,vcb=null,valueComment=null,value&&typeof value=="object"&&(value=doc.createNode(value))),ctx.implicitKey=!1,!explicitKey&&
!keyComment&&identity.isScalar(value)&&(ctx.indentAtStart=str.length+1),chompKeep=!1,!indentSeq&&indentStep.length>=2&&!ctx.
inFlow&&!explicitKey&&identity.isSeq(value)&&!value.flow&&!value.tag&&!value.anchor&&(ctx.indent=ctx.indent.substring(2));
let valueCommentDone=!1,valueStr=stringify.stringify(value,ctx,()=>valueCommentDone=!0,()=>chompKeep=!0),ws=" ";if(keyComment||
vsb||vcb){if(ws=vsb?`
`:"",vcb){let cs=commentString(vcb);ws+=`
${stringifyComment.indentComment(cs,ctx.indent)}`}valueStr===""&&!ctx.inFlow?ws===`
`&&valueComment&&(ws=`

`):ws+=`
${ctx.indent}`}else if(!explicitKey&&identity.isCollection(value)){let vs0=valueStr[0],nl0=valueStr.indexOf(`
`),hasNewline=nl0!==-1,flow=ctx.inFlow??value.flow??value.items.length===0;if(hasNewline||!flow){let hasPropsLine=!1;if(hasNewline&&
(vs0==="&"||vs0==="!")){let sp0=valueStr.indexOf(" ");vs0==="&"&&sp0!==-1&&sp0<nl0&&valueStr[sp0+1]==="!"&&(sp0=valueStr.
indexOf(" ",sp0+1)),(sp0===-1||nl0<sp0)&&(hasPropsLine=!0)}hasPropsLine||(ws=`
${ctx.indent}`)}}else(valueStr===""||valueStr[0]===`
`)&&(ws="");return str+=ws+valueStr,ctx.inFlow?valueCommentDone&&onComment&&onComment():valueComment&&!valueCommentDone?
str+=stringifyComment.lineComment(str,ctx.indent,commentString(valueComment)):chompKeep&&onChompKeep&&onChompKeep(),str}
exports2.stringifyPair=stringifyPair}});var require_log=__commonJS({"node_modules/yaml/dist/log.js"(exports2){"use strict";var node_process=require("process");function debug(logLevel,...messages){
logLevel==="debug"&&console.log(...messages)}function warn(logLevel,warning){(logLevel==="debug"||logLevel==="warn")&&(typeof node_process.
emitWarning=="function"?node_process.emitWarning(warning):console.warn(warning))}exports2.debug=debug;exports2.warn=warn}});var require_merge=__commonJS({"node_modules/yaml/dist/schema/yaml-1.1/merge.js"(exports2){"use strict";var identity=require_identity(),
Scalar=require_Scalar(),MERGE_KEY="<<",merge={identify:value=>value===MERGE_KEY||typeof value=="symbol"&&value.description===
MERGE_KEY,default:"key",tag:"tag:yaml.org,2002:merge",test:/^<<$/,resolve:()=>Object.assign(new Scalar.Scalar(Symbol(MERGE_KEY)),
{addToJSMap:addMergeToJSMap}),stringify:()=>MERGE_KEY},isMergeKey=(ctx,key)=>(merge.identify(key)||identity.isScalar(key)&&
(!key.type||key.type===Scalar.Scalar.PLAIN)&&merge.identify(key.value))&&(ctx==null?void 0:ctx.doc.schema.tags.some(tag=>tag.
tag===merge.tag&&tag.default));function addMergeToJSMap(ctx,map2,value){let source=resolveAliasValue(ctx,value);if(identity.
isSeq(source))for(let it of source.items)mergeValue(ctx,map2,it);else if(Array.isArray(source))for(let it of source)mergeValue(
ctx,map2,it);else mergeValue(ctx,map2,source)}function mergeValue(ctx,map2,value){let source=resolveAliasValue(ctx,value);
if(!identity.isMap(source))throw new Error("Merge sources must be maps or map aliases");let srcMap=source.toJSON(null,ctx,
Map);for(let[key,value2]of srcMap)map2 instanceof Map?map2.has(key)||map2.set(key,value2):map2 instanceof Set?map2.add(key):
Object.prototype.hasOwnProperty.call(map2,key)||Object.defineProperty(map2,key,{value:value2,writable:!0,enumerable:!0,configurable:!0});
return map2}function resolveAliasValue(ctx,value){return ctx&&identity.isAlias(value)?value.resolve(ctx.doc,ctx):value}exports2.
addMergeToJSMap=addMergeToJSMap;exports2.isMergeKey=isMergeKey;exports2.merge=merge}});var require_addPairToJSMap=__commonJS({"node_modules/yaml/dist/nodes/addPairToJSMap.js"(exports2){"use strict";var log=require_log(),
merge=require_merge(),stringify=require_stringify(),identity=require_identity(),toJS=require_toJS();function addPairToJSMap(ctx,map2,{
key,value}){if(identity.isNode(key)&&key.addToJSMap)key.addToJSMap(ctx,map2,value);else if(merge.isMergeKey(ctx,key))merge.
addMergeToJSMap(ctx,map2,value);else{let jsKey=toJS.toJS(key,"",ctx);if(map2 instanceof Map)map2.set(jsKey,toJS.toJS(value,
jsKey,ctx));else if(map2 instanceof Set)map2.add(jsKey);else{let stringKey=stringifyKey(key,jsKey,ctx),jsValue=toJS.toJS(
value,stringKey,ctx);stringKey in map2?Object.defineProperty(map2,stringKey,{value:jsValue,writable:!0,enumerable:!0,configurable:!0}):
map2[stringKey]=jsValue}}return map2}function stringifyKey(key,jsKey,ctx){if(jsKey===null)return"";if(typeof jsKey!="obj\
ect")return String(jsKey);if(identity.isNode(key)&&(ctx!=null&&ctx.doc)){let strCtx=stringify.createStringifyContext(ctx.
doc,{});strCtx.anchors=new Set;for(let node of ctx.anchors.keys())strCtx.anchors.add(node.anchor);strCtx.inFlow=!0,strCtx.
inStringifyKey=!0;let strKey=key.toString(strCtx);if(!ctx.mapKeyWarned){let jsonStr=JSON.stringify(strKey);jsonStr.length>
40&&(jsonStr=jsonStr.substring(0,36)+'..."'),log.warn(ctx.doc.options.logLevel,`Keys with collection values will be stri\
ngified due to JS Object restrictions: ${jsonStr}. Set mapAsMap: true to use object keys.`),ctx.mapKeyWarned=!0}return strKey}
return JSON.stringify(jsKey)}exports2.addPairToJSMap=addPairToJSMap}});var require_Pair=__commonJS({"node_modules/yaml/dist/nodes/Pair.js"(exports2){"use strict";var createNode=require_createNode(),
stringifyPair=require_stringifyPair(),addPairToJSMap=require_addPairToJSMap(),identity=require_identity();function createPair(key,value,ctx){
let k=createNode.createNode(key,void 0,ctx),v=createNode.createNode(value,void 0,ctx);return new Pair(k,v)}var Pair=class _Pair{constructor(key,value=null){
Object.defineProperty(this,identity.NODE_TYPE,{value:identity.PAIR}),this.key=key,this.value=value}clone(schema){let{key,
value}=this;return identity.isNode(key)&&(key=key.clone(schema)),identity.isNode(value)&&(value=value.clone(schema)),new _Pair(
key,value)}toJSON(_,ctx){let pair3=ctx!=null&&ctx.mapAsMap?new Map:{};return addPairToJSMap.addPairToJSMap(ctx,pair3,this)}toString(ctx,onComment,onChompKeep){
return ctx!=null&&ctx.doc?stringifyPair.stringifyPair(this,ctx,onComment,onChompKeep):JSON.stringify(this)}};exports2.Pair=
Pair;exports2.createPair=createPair}});var require_stringifyCollection=__commonJS({"node_modules/yaml/dist/stringify/stringifyCollection.js"(exports2){"use str\
ict";var identity=require_identity(),stringify=require_stringify(),stringifyComment=require_stringifyComment();function stringifyCollection(collection,ctx,options){
return(ctx.inFlow??collection.flow?stringifyFlowCollection:stringifyBlockCollection)(collection,ctx,options)}function stringifyBlockCollection({
comment,items},ctx,{blockItemPrefix,flowChars,itemIndent,onChompKeep,onComment}){let{indent,options:{commentString}}=ctx,
itemCtx=Object.assign({},ctx,{indent:itemIndent,type:null}),chompKeep=!1,lines=[];for(let i=0;i<items.length;++i){let item=items[i],
comment2=null;if(identity.isNode(item))!chompKeep&&item.spaceBefore&&lines.push(""),addCommentBefore(ctx,lines,item.commentBefore,
chompKeep),item.comment&&(comment2=item.comment);else if(identity.isPair(item)){let ik=identity.isNode(item.key)?item.key:
null;ik&&(!chompKeep&&ik.spaceBefore&&lines.push(""),addCommentBefore(ctx,lines,ik.commentBefore,chompKeep))}chompKeep=!1;
let str2=stringify.stringify(item,itemCtx,()=>comment2=null,()=>chompKeep=!0);comment2&&(str2+=stringifyComment.lineComment(
str2,itemIndent,commentString(comment2))),chompKeep&&comment2&&(chompKeep=!1),lines.push(blockItemPrefix+str2)}let str;if(lines.
length===0)str=flowChars.start+flowChars.end;else{str=lines[0];for(let i=1;i<lines.length;++i){let line=lines[i];str+=line?
`
${indent}${line}`:`
`}}return comment?(str+=`
`+stringifyComment.indentComment(commentString(comment),indent),onComment&&onComment()):chompKeep&&onChompKeep&&onChompKeep(),
str}function stringifyFlowCollection({items},ctx,{flowChars,itemIndent}){let{indent,indentStep,flowCollectionPadding:fcPadding,
options:{commentString}}=ctx;itemIndent+=indentStep;let itemCtx=Object.assign({},ctx,{indent:itemIndent,inFlow:!0,type:null}),
reqNewline=!1,linesAtValue=0,lines=[];for(let i=0;i<items.length;++i){let item=items[i],comment=null;if(identity.isNode(
item))item.spaceBefore&&lines.push(""),addCommentBefore(ctx,lines,item.commentBefore,!1),item.comment&&(comment=item.comment);else if(identity.
isPair(item)){let ik=identity.isNode(item.key)?item.key:null;ik&&(ik.spaceBefore&&lines.push(""),addCommentBefore(ctx,lines,
ik.commentBefore,!1),ik.comment&&(reqNewline=!0));let iv=identity.isNode(item.value)?item.value:null;iv?(iv.comment&&(comment=
iv.comment),iv.commentBefore&&(reqNewline=!0)):item.value==null&&(ik!=null&&ik.comment)&&(comment=ik.comment)}comment&&(reqNewline=
!0);let str=stringify.stringify(item,itemCtx,()=>comment=null);reqNewline||(reqNewline=lines.length>linesAtValue||str.includes(
`
`)),i<items.length-1?str+=",":ctx.options.trailingComma&&(ctx.options.lineWidth>0&&(reqNewline||(reqNewline=lines.reduce(
(sum,line)=>sum+line.length+2,2)+(str.length+2)>ctx.options.lineWidth)),reqNewline&&(str+=",")),comment&&(str+=stringifyComment.
lineComment(str,itemIndent,commentString(comment))),lines.push(str),linesAtValue=lines.length}let{start,end}=flowChars;if(lines.
length===0)return start+end;if(!reqNewline){let len=lines.reduce((sum,line)=>sum+line.length+2,2);reqNewline=ctx.options.
lineWidth>0&&len>ctx.options.lineWidth}if(reqNewline){let str=start;for(let line of lines)str+=line?`
${indentStep}${indent}${line}`:`
`;return`${str}
${indent}${end}`}else return`${start}${fcPadding}${lines.join(" ")}${fcPadding}${end}`}function addCommentBefore({indent,
options:{commentString}},lines,comment,chompKeep){if(comment&&chompKeep&&(comment=comment.replace(/^\n+/,"")),comment){let ic=stringifyComment.
indentComment(commentString(comment),indent);lines.push(ic.trimStart())}}exports2.stringifyCollection=stringifyCollection}});var require_YAMLMap=__commonJS({"node_modules/yaml/dist/nodes/YAMLMap.js"(exports2){"use strict";var stringifyCollection=require_stringifyCollection(),
addPairToJSMap=require_addPairToJSMap(),Collection=require_Collection(),identity=require_identity(),Pair=require_Pair(),
Scalar=require_Scalar();function findPair(items,key){let k=identity.isScalar(key)?key.value:key;for(let it of items)if(identity.
isPair(it)&&(it.key===key||it.key===k||identity.isScalar(it.key)&&it.key.value===k))return it}var YAMLMap=class extends Collection.
Collection{static get tagName(){return"tag:yaml.org,2002:map"}constructor(schema){super(identity.MAP,schema),this.items=
[]}static from(schema,obj,ctx){let{keepUndefined,replacer}=ctx,map2=new this(schema),add=(key,value)=>{if(typeof replacer==
"function")value=replacer.call(obj,key,value);else if(Array.isArray(replacer)&&!replacer.includes(key))return;(value!==void 0||
keepUndefined)&&map2.items.push(Pair.createPair(key,value,ctx))};if(obj instanceof Map)for(let[key,value]of obj)add(key,
value);else if(obj&&typeof obj=="object")for(let key of Object.keys(obj))add(key,obj[key]);return typeof schema.sortMapEntries==
"function"&&map2.items.sort(schema.sortMapEntries),map2}add(pair3,overwrite){var _a;let _pair;identity.isPair(pair3)?_pair=
pair3:!pair3||typeof pair3!="object"||!("key"in pair3)?_pair=new Pair.Pair(pair3,pair3==null?void 0:pair3.value):_pair=new Pair.
Pair(pair3.key,pair3.value);let prev=findPair(this.items,_pair.key),sortEntries=(_a=this.schema)==null?void 0:_a.sortMapEntries;
if(prev){if(!overwrite)throw new Error(`Key ${_pair.key} already set`);identity.isScalar(prev.value)&&Scalar.isScalarValue(
_pair.value)?prev.value.value=_pair.value:prev.value=_pair.value}else if(sortEntries){let i=this.items.findIndex(item=>sortEntries(
_pair,item)<0);i===-1?this.items.push(_pair):this.items.splice(i,0,_pair)}else this.items.push(_pair)}delete(key){let it=findPair(
this.items,key);return it?this.items.splice(this.items.indexOf(it),1).length>0:!1}get(key,keepScalar){let it=findPair(this.
items,key),node=it==null?void 0:it.value;return(!keepScalar&&identity.isScalar(node)?node.value:node)??void 0}has(key){return!!findPair(
this.items,key)}set(key,value){this.add(new Pair.Pair(key,value),!0)}toJSON(_,ctx,Type){let map2=Type?new Type:ctx!=null&&
ctx.mapAsMap?new Map:{};ctx!=null&&ctx.onCreate&&ctx.onCreate(map2);for(let item of this.items)addPairToJSMap.addPairToJSMap(
ctx,map2,item);return map2}toString(ctx,onComment,onChompKeep){if(!ctx)return JSON.stringify(this);for(let item of this.
items)if(!identity.isPair(item))throw new Error(`Map items must all be pairs; found ${JSON.stringify(item)} instead`);return!ctx.
allNullValues&&this.hasAllNullValues(!1)&&(ctx=Object.assign({},ctx,{allNullValues:!0})),stringifyCollection.stringifyCollection(
this,ctx,{blockItemPrefix:"",flowChars:{start:"{",end:"}"},itemIndent:ctx.indent||"",onChompKeep,onComment})}};exports2.
YAMLMap=YAMLMap;exports2.findPair=findPair}});var require_map=__commonJS({"node_modules/yaml/dist/schema/common/map.js"(exports2){"use strict";var identity=require_identity(),
YAMLMap=require_YAMLMap(),map2={collection:"map",default:!0,nodeClass:YAMLMap.YAMLMap,tag:"tag:yaml.org,2002:map",resolve(map3,onError){
return identity.isMap(map3)||onError("Expected a mapping for this tag"),map3},createNode:(schema,obj,ctx)=>YAMLMap.YAMLMap.
from(schema,obj,ctx)};exports2.map=map2}});var require_YAMLSeq=__commonJS({"node_modules/yaml/dist/nodes/YAMLSeq.js"(exports2){"use strict";var createNode=require_createNode(),
stringifyCollection=require_stringifyCollection(),Collection=require_Collection(),identity=require_identity(),Scalar=require_Scalar(),
toJS=require_toJS(),YAMLSeq=class extends Collection.Collection{static get tagName(){return"tag:yaml.org,2002:seq"}constructor(schema){
super(identity.SEQ,schema),this.items=[]}add(value){this.items.push(value)}delete(key){let idx=asItemIndex(key);return typeof idx!=
"number"?!1:this.items.splice(idx,1).length>0}get(key,keepScalar){let idx=asItemIndex(key);if(typeof idx!="number")return;
let it=this.items[idx];return!keepScalar&&identity.isScalar(it)?it.value:it}has(key){let idx=asItemIndex(key);return typeof idx==
"number"&&idx<this.items.length}set(key,value){let idx=asItemIndex(key);if(typeof idx!="number")throw new Error(`Expecte\
d a valid index, not ${key}.`);let prev=this.items[idx];identity.isScalar(prev)&&Scalar.isScalarValue(value)?prev.value=
value:this.items[idx]=value}toJSON(_,ctx){let seq=[];ctx!=null&&ctx.onCreate&&ctx.onCreate(seq);let i=0;for(let item of this.
items)seq.push(toJS.toJS(item,String(i++),ctx));return seq}toString(ctx,onComment,onChompKeep){return ctx?stringifyCollection.
stringifyCollection(this,ctx,{blockItemPrefix:"- ",flowChars:{start:"[",end:"]"},itemIndent:(ctx.indent||"")+"  ",onChompKeep,
onComment}):JSON.stringify(this)}static from(schema,obj,ctx){let{replacer}=ctx,seq=new this(schema);if(obj&&Symbol.iterator in
Object(obj)){let i=0;for(let it of obj){if(typeof replacer=="function"){let key=obj instanceof Set?it:String(i++);it=replacer.
call(obj,key,it)}seq.items.push(createNode.createNode(it,void 0,ctx))}}return seq}};function asItemIndex(key){let idx=identity.
isScalar(key)?key.value:key;return idx&&typeof idx=="string"&&(idx=Number(idx)),typeof idx=="number"&&Number.isInteger(idx)&&
idx>=0?idx:null}exports2.YAMLSeq=YAMLSeq}});var require_seq=__commonJS({"node_modules/yaml/dist/schema/common/seq.js"(exports2){"use strict";var identity=require_identity(),
YAMLSeq=require_YAMLSeq(),seq={collection:"seq",default:!0,nodeClass:YAMLSeq.YAMLSeq,tag:"tag:yaml.org,2002:seq",resolve(seq2,onError){
return identity.isSeq(seq2)||onError("Expected a sequence for this tag"),seq2},createNode:(schema,obj,ctx)=>YAMLSeq.YAMLSeq.
from(schema,obj,ctx)};exports2.seq=seq}});var require_string=__commonJS({"node_modules/yaml/dist/schema/common/string.js"(exports2){"use strict";var stringifyString=require_stringifyString(),
string2={identify:value=>typeof value=="string",default:!0,tag:"tag:yaml.org,2002:str",resolve:str=>str,stringify(item,ctx,onComment,onChompKeep){
return ctx=Object.assign({actualString:!0},ctx),stringifyString.stringifyString(item,ctx,onComment,onChompKeep)}};exports2.
string=string2}});var require_null=__commonJS({"node_modules/yaml/dist/schema/common/null.js"(exports2){"use strict";var Scalar=require_Scalar(),
nullTag={identify:value=>value==null,createNode:()=>new Scalar.Scalar(null),default:!0,tag:"tag:yaml.org,2002:null",test:/^(?:~|[Nn]ull|NULL)?$/,
resolve:()=>new Scalar.Scalar(null),stringify:({source},ctx)=>typeof source=="string"&&nullTag.test.test(source)?source:
ctx.options.nullStr};exports2.nullTag=nullTag}});var require_bool=__commonJS({"node_modules/yaml/dist/schema/core/bool.js"(exports2){"use strict";var Scalar=require_Scalar(),
boolTag={identify:value=>typeof value=="boolean",default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
resolve:str=>new Scalar.Scalar(str[0]==="t"||str[0]==="T"),stringify({source,value},ctx){if(source&&boolTag.test.test(source)){
let sv=source[0]==="t"||source[0]==="T";if(value===sv)return source}return value?ctx.options.trueStr:ctx.options.falseStr}};
exports2.boolTag=boolTag}});var require_stringifyNumber=__commonJS({"node_modules/yaml/dist/stringify/stringifyNumber.js"(exports2){"use strict";function stringifyNumber({
format,minFractionDigits,tag,value}){if(typeof value=="bigint")return String(value);let num=typeof value=="number"?value:
Number(value);if(!isFinite(num))return isNaN(num)?".nan":num<0?"-.inf":".inf";let n=Object.is(value,-0)?"-0":JSON.stringify(
value);if(!format&&minFractionDigits&&(!tag||tag==="tag:yaml.org,2002:float")&&/^-?\d/.test(n)&&!n.includes("e")){let i=n.
indexOf(".");i<0&&(i=n.length,n+=".");let d=minFractionDigits-(n.length-i-1);for(;d-- >0;)n+="0"}return n}exports2.stringifyNumber=
stringifyNumber}});var require_float=__commonJS({"node_modules/yaml/dist/schema/core/float.js"(exports2){"use strict";var Scalar=require_Scalar(),
stringifyNumber=require_stringifyNumber(),floatNaN={identify:value=>typeof value=="number",default:!0,tag:"tag:yaml.org,\
2002:float",test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:str=>str.slice(-3).toLowerCase()==="nan"?NaN:str[0]===
"-"?Number.NEGATIVE_INFINITY:Number.POSITIVE_INFINITY,stringify:stringifyNumber.stringifyNumber},floatExp={identify:value=>typeof value==
"number",default:!0,tag:"tag:yaml.org,2002:float",format:"EXP",test:/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,
resolve:str=>parseFloat(str),stringify(node){let num=Number(node.value);return isFinite(num)?num.toExponential():stringifyNumber.
stringifyNumber(node)}},float={identify:value=>typeof value=="number",default:!0,tag:"tag:yaml.org,2002:float",test:/^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,
resolve(str){let node=new Scalar.Scalar(parseFloat(str)),dot=str.indexOf(".");return dot!==-1&&str[str.length-1]==="0"&&
(node.minFractionDigits=str.length-dot-1),node},stringify:stringifyNumber.stringifyNumber};exports2.float=float;exports2.
floatExp=floatExp;exports2.floatNaN=floatNaN}});var require_int=__commonJS({"node_modules/yaml/dist/schema/core/int.js"(exports2){"use strict";var stringifyNumber=require_stringifyNumber(),
intIdentify=value=>typeof value=="bigint"||Number.isInteger(value),intResolve=(str,offset,radix,{intAsBigInt})=>intAsBigInt?
BigInt(str):parseInt(str.substring(offset),radix);function intStringify(node,radix,prefix){let{value}=node;return intIdentify(
value)&&value>=0?prefix+value.toString(radix):stringifyNumber.stringifyNumber(node)}var intOct={identify:value=>intIdentify(
value)&&value>=0,default:!0,tag:"tag:yaml.org,2002:int",format:"OCT",test:/^0o[0-7]+$/,resolve:(str,_onError,opt)=>intResolve(
str,2,8,opt),stringify:node=>intStringify(node,8,"0o")},int={identify:intIdentify,default:!0,tag:"tag:yaml.org,2002:int",
test:/^[-+]?[0-9]+$/,resolve:(str,_onError,opt)=>intResolve(str,0,10,opt),stringify:stringifyNumber.stringifyNumber},intHex={
identify:value=>intIdentify(value)&&value>=0,default:!0,tag:"tag:yaml.org,2002:int",format:"HEX",test:/^0x[0-9a-fA-F]+$/,
resolve:(str,_onError,opt)=>intResolve(str,2,16,opt),stringify:node=>intStringify(node,16,"0x")};exports2.int=int;exports2.
intHex=intHex;exports2.intOct=intOct}});var require_schema=__commonJS({"node_modules/yaml/dist/schema/core/schema.js"(exports2){"use strict";var map2=require_map(),
_null=require_null(),seq=require_seq(),string2=require_string(),bool=require_bool(),float=require_float(),int=require_int(),
schema=[map2.map,seq.seq,string2.string,_null.nullTag,bool.boolTag,int.intOct,int.int,int.intHex,float.floatNaN,float.floatExp,
float.float];exports2.schema=schema}});var require_schema2=__commonJS({"node_modules/yaml/dist/schema/json/schema.js"(exports2){"use strict";var Scalar=require_Scalar(),
map2=require_map(),seq=require_seq();function intIdentify(value){return typeof value=="bigint"||Number.isInteger(value)}
var stringifyJSON=({value})=>JSON.stringify(value),jsonScalars=[{identify:value=>typeof value=="string",default:!0,tag:"\
tag:yaml.org,2002:str",resolve:str=>str,stringify:stringifyJSON},{identify:value=>value==null,createNode:()=>new Scalar.
Scalar(null),default:!0,tag:"tag:yaml.org,2002:null",test:/^null$/,resolve:()=>null,stringify:stringifyJSON},{identify:value=>typeof value==
"boolean",default:!0,tag:"tag:yaml.org,2002:bool",test:/^true$|^false$/,resolve:str=>str==="true",stringify:stringifyJSON},
{identify:intIdentify,default:!0,tag:"tag:yaml.org,2002:int",test:/^-?(?:0|[1-9][0-9]*)$/,resolve:(str,_onError,{intAsBigInt})=>intAsBigInt?
BigInt(str):parseInt(str,10),stringify:({value})=>intIdentify(value)?value.toString():JSON.stringify(value)},{identify:value=>typeof value==
"number",default:!0,tag:"tag:yaml.org,2002:float",test:/^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,resolve:str=>parseFloat(
str),stringify:stringifyJSON}],jsonError={default:!0,tag:"",test:/^/,resolve(str,onError){return onError(`Unresolved pla\
in scalar ${JSON.stringify(str)}`),str}},schema=[map2.map,seq.seq].concat(jsonScalars,jsonError);exports2.schema=schema}});var require_binary=__commonJS({"node_modules/yaml/dist/schema/yaml-1.1/binary.js"(exports2){"use strict";var node_buffer=require("buffer"),
Scalar=require_Scalar(),stringifyString=require_stringifyString(),binary={identify:value=>value instanceof Uint8Array,default:!1,
tag:"tag:yaml.org,2002:binary",resolve(src,onError){if(typeof node_buffer.Buffer=="function")return node_buffer.Buffer.from(
src,"base64");if(typeof atob=="function"){let str=atob(src.replace(/[\n\r]/g,"")),buffer=new Uint8Array(str.length);for(let i=0;i<
str.length;++i)buffer[i]=str.charCodeAt(i);return buffer}else return onError("This environment does not support reading \
binary tags; either Buffer or atob is required"),src},stringify({comment,type,value},ctx,onComment,onChompKeep){if(!value)
return"";let buf=value,str;if(typeof node_buffer.Buffer=="function")str=buf instanceof node_buffer.Buffer?buf.toString("\
base64"):node_buffer.Buffer.from(buf.buffer).toString("base64");else if(typeof btoa=="function"){let s="";for(let i=0;i<
buf.length;++i)s+=String.fromCharCode(buf[i]);str=btoa(s)}else throw new Error("This environment does not support writin\
g binary tags; either Buffer or btoa is required");if(type??(type=Scalar.Scalar.BLOCK_LITERAL),type!==Scalar.Scalar.QUOTE_DOUBLE){
let lineWidth=Math.max(ctx.options.lineWidth-ctx.indent.length,ctx.options.minContentWidth),n=Math.ceil(str.length/lineWidth),
lines=new Array(n);for(let i=0,o=0;i<n;++i,o+=lineWidth)lines[i]=str.substr(o,lineWidth);str=lines.join(type===Scalar.Scalar.
BLOCK_LITERAL?`
`:" ")}return stringifyString.stringifyString({comment,type,value:str},ctx,onComment,onChompKeep)}};exports2.binary=binary}});var require_pairs=__commonJS({"node_modules/yaml/dist/schema/yaml-1.1/pairs.js"(exports2){"use strict";var identity=require_identity(),
Pair=require_Pair(),Scalar=require_Scalar(),YAMLSeq=require_YAMLSeq();function resolvePairs(seq,onError){if(identity.isSeq(
seq))for(let i=0;i<seq.items.length;++i){let item=seq.items[i];if(!identity.isPair(item)){if(identity.isMap(item)){item.
items.length>1&&onError("Each pair must have its own sequence indicator");let pair3=item.items[0]||new Pair.Pair(new Scalar.
Scalar(null));if(item.commentBefore&&(pair3.key.commentBefore=pair3.key.commentBefore?`${item.commentBefore}
${pair3.key.commentBefore}`:item.commentBefore),item.comment){let cn=pair3.value??pair3.key;cn.comment=cn.comment?`${item.
comment}
${cn.comment}`:item.comment}item=pair3}seq.items[i]=identity.isPair(item)?item:new Pair.Pair(item)}}else onError("Expect\
ed a sequence for this tag");return seq}function createPairs(schema,iterable,ctx){let{replacer}=ctx,pairs3=new YAMLSeq.YAMLSeq(
schema);pairs3.tag="tag:yaml.org,2002:pairs";let i=0;if(iterable&&Symbol.iterator in Object(iterable))for(let it of iterable){
typeof replacer=="function"&&(it=replacer.call(iterable,String(i++),it));let key,value;if(Array.isArray(it))if(it.length===
2)key=it[0],value=it[1];else throw new TypeError(`Expected [key, value] tuple: ${it}`);else if(it&&it instanceof Object){
let keys=Object.keys(it);if(keys.length===1)key=keys[0],value=it[key];else throw new TypeError(`Expected tuple with one \
key, not ${keys.length} keys`)}else key=it;pairs3.items.push(Pair.createPair(key,value,ctx))}return pairs3}var pairs2={collection:"\
seq",default:!1,tag:"tag:yaml.org,2002:pairs",resolve:resolvePairs,createNode:createPairs};exports2.createPairs=createPairs;
exports2.pairs=pairs2;exports2.resolvePairs=resolvePairs}});var require_omap=__commonJS({"node_modules/yaml/dist/schema/yaml-1.1/omap.js"(exports2){"use strict";var identity=require_identity(),
toJS=require_toJS(),YAMLMap=require_YAMLMap(),YAMLSeq=require_YAMLSeq(),pairs2=require_pairs(),YAMLOMap=class _YAMLOMap extends YAMLSeq.
YAMLSeq{constructor(){super(),this.add=YAMLMap.YAMLMap.prototype.add.bind(this),this.delete=YAMLMap.YAMLMap.prototype.delete.
bind(this),this.get=YAMLMap.YAMLMap.prototype.get.bind(this),this.has=YAMLMap.YAMLMap.prototype.has.bind(this),this.set=
YAMLMap.YAMLMap.prototype.set.bind(this),this.tag=_YAMLOMap.tag}toJSON(_,ctx){if(!ctx)return super.toJSON(_);let map2=new Map;
ctx!=null&&ctx.onCreate&&ctx.onCreate(map2);for(let pair3 of this.items){let key,value;if(identity.isPair(pair3)?(key=toJS.
toJS(pair3.key,"",ctx),value=toJS.toJS(pair3.value,key,ctx)):key=toJS.toJS(pair3,"",ctx),map2.has(key))throw new Error("\
Ordered maps must not include duplicate keys");map2.set(key,value)}return map2}static from(schema,iterable,ctx){let pairs$1=pairs2.
createPairs(schema,iterable,ctx),omap2=new this;return omap2.items=pairs$1.items,omap2}};YAMLOMap.tag="tag:yaml.org,2002\
:omap";var omap={collection:"seq",identify:value=>value instanceof Map,nodeClass:YAMLOMap,default:!1,tag:"tag:yaml.org,2\
002:omap",resolve(seq,onError){let pairs$1=pairs2.resolvePairs(seq,onError),seenKeys=[];for(let{key}of pairs$1.items)identity.
isScalar(key)&&(seenKeys.includes(key.value)?onError(`Ordered maps must not include duplicate keys: ${key.value}`):seenKeys.
push(key.value));return Object.assign(new YAMLOMap,pairs$1)},createNode:(schema,iterable,ctx)=>YAMLOMap.from(schema,iterable,
ctx)};exports2.YAMLOMap=YAMLOMap;exports2.omap=omap}});var require_bool2=__commonJS({"node_modules/yaml/dist/schema/yaml-1.1/bool.js"(exports2){"use strict";var Scalar=require_Scalar();
function boolStringify({value,source},ctx){return source&&(value?trueTag:falseTag).test.test(source)?source:value?ctx.options.
trueStr:ctx.options.falseStr}var trueTag={identify:value=>value===!0,default:!0,tag:"tag:yaml.org,2002:bool",test:/^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
resolve:()=>new Scalar.Scalar(!0),stringify:boolStringify},falseTag={identify:value=>value===!1,default:!0,tag:"tag:yaml\
.org,2002:bool",test:/^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,resolve:()=>new Scalar.Scalar(!1),stringify:boolStringify};
exports2.falseTag=falseTag;exports2.trueTag=trueTag}});var require_float2=__commonJS({"node_modules/yaml/dist/schema/yaml-1.1/float.js"(exports2){"use strict";var Scalar=require_Scalar(),
stringifyNumber=require_stringifyNumber(),floatNaN={identify:value=>typeof value=="number",default:!0,tag:"tag:yaml.org,\
2002:float",test:/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,resolve:str=>str.slice(-3).toLowerCase()==="nan"?NaN:str[0]===
"-"?Number.NEGATIVE_INFINITY:Number.POSITIVE_INFINITY,stringify:stringifyNumber.stringifyNumber},floatExp={identify:value=>typeof value==
"number",default:!0,tag:"tag:yaml.org,2002:float",format:"EXP",test:/^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
resolve:str=>parseFloat(str.replace(/_/g,"")),stringify(node){let num=Number(node.value);return isFinite(num)?num.toExponential():
stringifyNumber.stringifyNumber(node)}},float={identify:value=>typeof value=="number",default:!0,tag:"tag:yaml.org,2002:\
float",test:/^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,resolve(str){let node=new Scalar.Scalar(parseFloat(str.replace(/_/g,""))),
dot=str.indexOf(".");if(dot!==-1){let f=str.substring(dot+1).replace(/_/g,"");f[f.length-1]==="0"&&(node.minFractionDigits=
f.length)}return node},stringify:stringifyNumber.stringifyNumber};exports2.float=float;exports2.floatExp=floatExp;exports2.
floatNaN=floatNaN}});var require_int2=__commonJS({"node_modules/yaml/dist/schema/yaml-1.1/int.js"(exports2){"use strict";var stringifyNumber=require_stringifyNumber(),
intIdentify=value=>typeof value=="bigint"||Number.isInteger(value);function intResolve(str,offset,radix,{intAsBigInt}){let sign=str[0];
if((sign==="-"||sign==="+")&&(offset+=1),str=str.substring(offset).replace(/_/g,""),intAsBigInt){switch(radix){case 2:str=
`0b${str}`;break;case 8:str=`0o${str}`;break;case 16:str=`0x${str}`;break}let n2=BigInt(str);return sign==="-"?BigInt(-1)*
n2:n2}let n=parseInt(str,radix);return sign==="-"?-1*n:n}function intStringify(node,radix,prefix){let{value}=node;if(intIdentify(
value)){let str=value.toString(radix);return value<0?"-"+prefix+str.substr(1):prefix+str}return stringifyNumber.stringifyNumber(
node)}var intBin={identify:intIdentify,default:!0,tag:"tag:yaml.org,2002:int",format:"BIN",test:/^[-+]?0b[0-1_]+$/,resolve:(str,_onError,opt)=>intResolve(
str,2,2,opt),stringify:node=>intStringify(node,2,"0b")},intOct={identify:intIdentify,default:!0,tag:"tag:yaml.org,2002:i\
nt",format:"OCT",test:/^[-+]?0[0-7_]+$/,resolve:(str,_onError,opt)=>intResolve(str,1,8,opt),stringify:node=>intStringify(
node,8,"0")},int={identify:intIdentify,default:!0,tag:"tag:yaml.org,2002:int",test:/^[-+]?[0-9][0-9_]*$/,resolve:(str,_onError,opt)=>intResolve(
str,0,10,opt),stringify:stringifyNumber.stringifyNumber},intHex={identify:intIdentify,default:!0,tag:"tag:yaml.org,2002:\
int",format:"HEX",test:/^[-+]?0x[0-9a-fA-F_]+$/,resolve:(str,_onError,opt)=>intResolve(str,2,16,opt),stringify:node=>intStringify(
node,16,"0x")};exports2.int=int;exports2.intBin=intBin;exports2.intHex=intHex;exports2.intOct=intOct}});var require_set=__commonJS({"node_modules/yaml/dist/schema/yaml-1.1/set.js"(exports2){"use strict";var identity=require_identity(),
Pair=require_Pair(),YAMLMap=require_YAMLMap(),YAMLSet=class _YAMLSet extends YAMLMap.YAMLMap{constructor(schema){super(schema),
this.tag=_YAMLSet.tag}add(key){let pair3;identity.isPair(key)?pair3=key:key&&typeof key=="object"&&"key"in key&&"value"in
key&&key.value===null?pair3=new Pair.Pair(key.key,null):pair3=new Pair.Pair(key,null),YAMLMap.findPair(this.items,pair3.
key)||this.items.push(pair3)}get(key,keepPair){let pair3=YAMLMap.findPair(this.items,key);return!keepPair&&identity.isPair(
pair3)?identity.isScalar(pair3.key)?pair3.key.value:pair3.key:pair3}set(key,value){if(typeof value!="boolean")throw new Error(
`Expected boolean value for set(key, value) in a YAML set, not ${typeof value}`);let prev=YAMLMap.findPair(this.items,key);
prev&&!value?this.items.splice(this.items.indexOf(prev),1):!prev&&value&&this.items.push(new Pair.Pair(key))}toJSON(_,ctx){
return super.toJSON(_,ctx,Set)}toString(ctx,onComment,onChompKeep){if(!ctx)return JSON.stringify(this);if(this.hasAllNullValues(
!0))return super.toString(Object.assign({},ctx,{allNullValues:!0}),onComment,onChompKeep);throw new Error("Set items mus\
t all have null values")}static from(schema,iterable,ctx){let{replacer}=ctx,set2=new this(schema);if(iterable&&Symbol.iterator in
Object(iterable))for(let value of iterable)typeof replacer=="function"&&(value=replacer.call(iterable,value,value)),set2.
items.push(Pair.createPair(value,null,ctx));return set2}};YAMLSet.tag="tag:yaml.org,2002:set";var set={collection:"map",
identify:value=>value instanceof Set,nodeClass:YAMLSet,default:!1,tag:"tag:yaml.org,2002:set",createNode:(schema,iterable,ctx)=>YAMLSet.
from(schema,iterable,ctx),resolve(map2,onError){if(identity.isMap(map2)){if(map2.hasAllNullValues(!0))return Object.assign(
new YAMLSet,map2);onError("Set items must all have null values")}else onError("Expected a mapping for this tag");return map2}};
exports2.YAMLSet=YAMLSet;exports2.set=set}});var require_timestamp=__commonJS({"node_modules/yaml/dist/schema/yaml-1.1/timestamp.js"(exports2){"use strict";var stringifyNumber=require_stringifyNumber();
function parseSexagesimal(str,asBigInt){let sign=str[0],parts=sign==="-"||sign==="+"?str.substring(1):str,num=n=>asBigInt?
BigInt(n):Number(n),res=parts.replace(/_/g,"").split(":").reduce((res2,p)=>res2*num(60)+num(p),num(0));return sign==="-"?
num(-1)*res:res}function stringifySexagesimal(node){let{value}=node,num=n=>n;if(typeof value=="bigint")num=n=>BigInt(n);else if(isNaN(
value)||!isFinite(value))return stringifyNumber.stringifyNumber(node);let sign="";value<0&&(sign="-",value*=num(-1));let _60=num(
60),parts=[value%_60];return value<60?parts.unshift(0):(value=(value-parts[0])/_60,parts.unshift(value%_60),value>=60&&(value=
(value-parts[0])/_60,parts.unshift(value))),sign+parts.map(n=>String(n).padStart(2,"0")).join(":").replace(/000000\d*$/,
"")}var intTime={identify:value=>typeof value=="bigint"||Number.isInteger(value),default:!0,tag:"tag:yaml.org,2002:int",
format:"TIME",test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,resolve:(str,_onError,{intAsBigInt})=>parseSexagesimal(str,intAsBigInt),
stringify:stringifySexagesimal},floatTime={identify:value=>typeof value=="number",default:!0,tag:"tag:yaml.org,2002:floa\
t",format:"TIME",test:/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,resolve:str=>parseSexagesimal(str,!1),stringify:stringifySexagesimal},
timestamp={identify:value=>value instanceof Date,default:!0,tag:"tag:yaml.org,2002:timestamp",test:RegExp("^([0-9]{4})-(\
[0-9]{1,2})-([0-9]{1,2})(?:(?:t|T|[ \\t]+)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)(?:[ \\t]*(Z|[-+][012]?[0-9](?:\
:[0-9]{2})?))?)?$"),resolve(str){let match=str.match(timestamp.test);if(!match)throw new Error("!!timestamp expects a da\
te, starting with yyyy-mm-dd");let[,year,month,day2,hour,minute,second]=match.map(Number),millisec=match[7]?Number((match[7]+
"00").substr(1,3)):0,date=Date.UTC(year,month-1,day2,hour||0,minute||0,second||0,millisec),tz=match[8];if(tz&&tz!=="Z"){
let d=parseSexagesimal(tz,!1);Math.abs(d)<30&&(d*=60),date-=6e4*d}return new Date(date)},stringify:({value})=>(value==null?
void 0:value.toISOString().replace(/(T00:00:00)?\.000Z$/,""))??""};exports2.floatTime=floatTime;exports2.intTime=intTime;
exports2.timestamp=timestamp}});var require_schema3=__commonJS({"node_modules/yaml/dist/schema/yaml-1.1/schema.js"(exports2){"use strict";var map2=require_map(),
_null=require_null(),seq=require_seq(),string2=require_string(),binary=require_binary(),bool=require_bool2(),float=require_float2(),
int=require_int2(),merge=require_merge(),omap=require_omap(),pairs2=require_pairs(),set=require_set(),timestamp=require_timestamp(),
schema=[map2.map,seq.seq,string2.string,_null.nullTag,bool.trueTag,bool.falseTag,int.intBin,int.intOct,int.int,int.intHex,
float.floatNaN,float.floatExp,float.float,binary.binary,merge.merge,omap.omap,pairs2.pairs,set.set,timestamp.intTime,timestamp.
floatTime,timestamp.timestamp];exports2.schema=schema}});var require_tags=__commonJS({"node_modules/yaml/dist/schema/tags.js"(exports2){"use strict";var map2=require_map(),_null=require_null(),
seq=require_seq(),string2=require_string(),bool=require_bool(),float=require_float(),int=require_int(),schema=require_schema(),
schema$1=require_schema2(),binary=require_binary(),merge=require_merge(),omap=require_omap(),pairs2=require_pairs(),schema$2=require_schema3(),
set=require_set(),timestamp=require_timestamp(),schemas=new Map([["core",schema.schema],["failsafe",[map2.map,seq.seq,string2.
string]],["json",schema$1.schema],["yaml11",schema$2.schema],["yaml-1.1",schema$2.schema]]),tagsByName={binary:binary.binary,
bool:bool.boolTag,float:float.float,floatExp:float.floatExp,floatNaN:float.floatNaN,floatTime:timestamp.floatTime,int:int.
int,intHex:int.intHex,intOct:int.intOct,intTime:timestamp.intTime,map:map2.map,merge:merge.merge,null:_null.nullTag,omap:omap.
omap,pairs:pairs2.pairs,seq:seq.seq,set:set.set,timestamp:timestamp.timestamp},coreKnownTags={"tag:yaml.org,2002:binary":binary.
binary,"tag:yaml.org,2002:merge":merge.merge,"tag:yaml.org,2002:omap":omap.omap,"tag:yaml.org,2002:pairs":pairs2.pairs,"\
tag:yaml.org,2002:set":set.set,"tag:yaml.org,2002:timestamp":timestamp.timestamp};function getTags(customTags,schemaName,addMergeTag){
let schemaTags=schemas.get(schemaName);if(schemaTags&&!customTags)return addMergeTag&&!schemaTags.includes(merge.merge)?
schemaTags.concat(merge.merge):schemaTags.slice();let tags=schemaTags;if(!tags)if(Array.isArray(customTags))tags=[];else{
let keys=Array.from(schemas.keys()).filter(key=>key!=="yaml11").map(key=>JSON.stringify(key)).join(", ");throw new Error(
`Unknown schema "${schemaName}"; use one of ${keys} or define customTags array`)}if(Array.isArray(customTags))for(let tag of customTags)
tags=tags.concat(tag);else typeof customTags=="function"&&(tags=customTags(tags.slice()));return addMergeTag&&(tags=tags.
concat(merge.merge)),tags.reduce((tags2,tag)=>{let tagObj=typeof tag=="string"?tagsByName[tag]:tag;if(!tagObj){let tagName=JSON.
stringify(tag),keys=Object.keys(tagsByName).map(key=>JSON.stringify(key)).join(", ");throw new Error(`Unknown custom tag\
 ${tagName}; use one of ${keys}`)}return tags2.includes(tagObj)||tags2.push(tagObj),tags2},[])}exports2.coreKnownTags=coreKnownTags;
exports2.getTags=getTags}});var require_Schema=__commonJS({"node_modules/yaml/dist/schema/Schema.js"(exports2){"use strict";var identity=require_identity(),
map2=require_map(),seq=require_seq(),string2=require_string(),tags=require_tags(),sortMapEntriesByKey=(a,b)=>a.key<b.key?
-1:a.key>b.key?1:0,Schema=class _Schema{constructor({compat,customTags,merge,resolveKnownTags,schema,sortMapEntries,toStringDefaults}){
this.compat=Array.isArray(compat)?tags.getTags(compat,"compat"):compat?tags.getTags(null,compat):null,this.name=typeof schema==
"string"&&schema||"core",this.knownTags=resolveKnownTags?tags.coreKnownTags:{},this.tags=tags.getTags(customTags,this.name,
merge),this.toStringOptions=toStringDefaults??null,Object.defineProperty(this,identity.MAP,{value:map2.map}),Object.defineProperty(
this,identity.SCALAR,{value:string2.string}),Object.defineProperty(this,identity.SEQ,{value:seq.seq}),this.sortMapEntries=
typeof sortMapEntries=="function"?sortMapEntries:sortMapEntries===!0?sortMapEntriesByKey:null}clone(){let copy=Object.create(
_Schema.prototype,Object.getOwnPropertyDescriptors(this));return copy.tags=this.tags.slice(),copy}};exports2.Schema=Schema}});var require_stringifyDocument=__commonJS({"node_modules/yaml/dist/stringify/stringifyDocument.js"(exports2){"use strict";
var identity=require_identity(),stringify=require_stringify(),stringifyComment=require_stringifyComment();function stringifyDocument(doc,options){
var _a;let lines=[],hasDirectives=options.directives===!0;if(options.directives!==!1&&doc.directives){let dir=doc.directives.
toString(doc);dir?(lines.push(dir),hasDirectives=!0):doc.directives.docStart&&(hasDirectives=!0)}hasDirectives&&lines.push(
"---");let ctx=stringify.createStringifyContext(doc,options),{commentString}=ctx.options;if(doc.commentBefore){lines.length!==
1&&lines.unshift("");let cs=commentString(doc.commentBefore);lines.unshift(stringifyComment.indentComment(cs,""))}let chompKeep=!1,
contentComment=null;if(doc.contents){if(identity.isNode(doc.contents)){if(doc.contents.spaceBefore&&hasDirectives&&lines.
push(""),doc.contents.commentBefore){let cs=commentString(doc.contents.commentBefore);lines.push(stringifyComment.indentComment(
cs,""))}ctx.forceBlockIndent=!!doc.comment,contentComment=doc.contents.comment}let onChompKeep=contentComment?void 0:()=>chompKeep=
!0,body2=stringify.stringify(doc.contents,ctx,()=>contentComment=null,onChompKeep);contentComment&&(body2+=stringifyComment.
lineComment(body2,"",commentString(contentComment))),(body2[0]==="|"||body2[0]===">")&&lines[lines.length-1]==="---"?lines[lines.
length-1]=`--- ${body2}`:lines.push(body2)}else lines.push(stringify.stringify(doc.contents,ctx));if((_a=doc.directives)!=
null&&_a.docEnd)if(doc.comment){let cs=commentString(doc.comment);cs.includes(`
`)?(lines.push("..."),lines.push(stringifyComment.indentComment(cs,""))):lines.push(`... ${cs}`)}else lines.push("...");else{
let dc=doc.comment;dc&&chompKeep&&(dc=dc.replace(/^\n+/,"")),dc&&((!chompKeep||contentComment)&&lines[lines.length-1]!==
""&&lines.push(""),lines.push(stringifyComment.indentComment(commentString(dc),"")))}return lines.join(`
`)+`
`}exports2.stringifyDocument=stringifyDocument}});var require_Document=__commonJS({"node_modules/yaml/dist/doc/Document.js"(exports2){"use strict";var Alias=require_Alias(),
Collection=require_Collection(),identity=require_identity(),Pair=require_Pair(),toJS=require_toJS(),Schema=require_Schema(),
stringifyDocument=require_stringifyDocument(),anchors=require_anchors(),applyReviver=require_applyReviver(),createNode=require_createNode(),
directives=require_directives(),Document=class _Document{constructor(value,replacer,options){this.commentBefore=null,this.
comment=null,this.errors=[],this.warnings=[],Object.defineProperty(this,identity.NODE_TYPE,{value:identity.DOC});let _replacer=null;
typeof replacer=="function"||Array.isArray(replacer)?_replacer=replacer:options===void 0&&replacer&&(options=replacer,replacer=
void 0);let opt=Object.assign({intAsBigInt:!1,keepSourceTokens:!1,logLevel:"warn",prettyErrors:!0,strict:!0,stringKeys:!1,
uniqueKeys:!0,version:"1.2"},options);this.options=opt;let{version}=opt;options!=null&&options._directives?(this.directives=
options._directives.atDocument(),this.directives.yaml.explicit&&(version=this.directives.yaml.version)):this.directives=
new directives.Directives({version}),this.setSchema(version,options),this.contents=value===void 0?null:this.createNode(value,
_replacer,options)}clone(){let copy=Object.create(_Document.prototype,{[identity.NODE_TYPE]:{value:identity.DOC}});return copy.
commentBefore=this.commentBefore,copy.comment=this.comment,copy.errors=this.errors.slice(),copy.warnings=this.warnings.slice(),
copy.options=Object.assign({},this.options),this.directives&&(copy.directives=this.directives.clone()),copy.schema=this.
schema.clone(),copy.contents=identity.isNode(this.contents)?this.contents.clone(copy.schema):this.contents,this.range&&(copy.
range=this.range.slice()),copy}add(value){assertCollection(this.contents)&&this.contents.add(value)}addIn(path,value){assertCollection(
this.contents)&&this.contents.addIn(path,value)}createAlias(node,name){if(!node.anchor){let prev=anchors.anchorNames(this);
node.anchor=!name||prev.has(name)?anchors.findNewAnchor(name||"a",prev):name}return new Alias.Alias(node.anchor)}createNode(value,replacer,options){
let _replacer;if(typeof replacer=="function")value=replacer.call({"":value},"",value),_replacer=replacer;else if(Array.isArray(
replacer)){let keyToStr=v=>typeof v=="number"||v instanceof String||v instanceof Number,asStr=replacer.filter(keyToStr).
map(String);asStr.length>0&&(replacer=replacer.concat(asStr)),_replacer=replacer}else options===void 0&&replacer&&(options=
replacer,replacer=void 0);let{aliasDuplicateObjects,anchorPrefix,flow,keepUndefined,onTagObj,tag}=options??{},{onAnchor,
setAnchors,sourceObjects}=anchors.createNodeAnchors(this,anchorPrefix||"a"),ctx={aliasDuplicateObjects:aliasDuplicateObjects??
!0,keepUndefined:keepUndefined??!1,onAnchor,onTagObj,replacer:_replacer,schema:this.schema,sourceObjects},node=createNode.
createNode(value,tag,ctx);return flow&&identity.isCollection(node)&&(node.flow=!0),setAnchors(),node}createPair(key,value,options={}){
let k=this.createNode(key,null,options),v=this.createNode(value,null,options);return new Pair.Pair(k,v)}delete(key){return assertCollection(
this.contents)?this.contents.delete(key):!1}deleteIn(path){return Collection.isEmptyPath(path)?this.contents==null?!1:(this.
contents=null,!0):assertCollection(this.contents)?this.contents.deleteIn(path):!1}get(key,keepScalar){return identity.isCollection(
this.contents)?this.contents.get(key,keepScalar):void 0}getIn(path,keepScalar){return Collection.isEmptyPath(path)?!keepScalar&&
identity.isScalar(this.contents)?this.contents.value:this.contents:identity.isCollection(this.contents)?this.contents.getIn(
path,keepScalar):void 0}has(key){return identity.isCollection(this.contents)?this.contents.has(key):!1}hasIn(path){return Collection.
isEmptyPath(path)?this.contents!==void 0:identity.isCollection(this.contents)?this.contents.hasIn(path):!1}set(key,value){
this.contents==null?this.contents=Collection.collectionFromPath(this.schema,[key],value):assertCollection(this.contents)&&
this.contents.set(key,value)}setIn(path,value){Collection.isEmptyPath(path)?this.contents=value:this.contents==null?this.
contents=Collection.collectionFromPath(this.schema,Array.from(path),value):assertCollection(this.contents)&&this.contents.
setIn(path,value)}setSchema(version,options={}){typeof version=="number"&&(version=String(version));let opt;switch(version){case"\
1.1":this.directives?this.directives.yaml.version="1.1":this.directives=new directives.Directives({version:"1.1"}),opt={
resolveKnownTags:!1,schema:"yaml-1.1"};break;case"1.2":case"next":this.directives?this.directives.yaml.version=version:this.
directives=new directives.Directives({version}),opt={resolveKnownTags:!0,schema:"core"};break;case null:this.directives&&
delete this.directives,opt=null;break;default:{let sv=JSON.stringify(version);throw new Error(`Expected '1.1', '1.2' or \
null as first argument, but found: ${sv}`)}}if(options.schema instanceof Object)this.schema=options.schema;else if(opt)this.
schema=new Schema.Schema(Object.assign(opt,options));else throw new Error("With a null YAML version, the { schema: Schem\
a } option is required")}toJS({json,jsonArg,mapAsMap,maxAliasCount,onAnchor,reviver}={}){let ctx={anchors:new Map,doc:this,
keep:!json,mapAsMap:mapAsMap===!0,mapKeyWarned:!1,maxAliasCount:typeof maxAliasCount=="number"?maxAliasCount:100},res=toJS.
toJS(this.contents,jsonArg??"",ctx);if(typeof onAnchor=="function")for(let{count:count2,res:res2}of ctx.anchors.values())
onAnchor(res2,count2);return typeof reviver=="function"?applyReviver.applyReviver(reviver,{"":res},"",res):res}toJSON(jsonArg,onAnchor){
return this.toJS({json:!0,jsonArg,mapAsMap:!1,onAnchor})}toString(options={}){if(this.errors.length>0)throw new Error("D\
ocument with errors cannot be stringified");if("indent"in options&&(!Number.isInteger(options.indent)||Number(options.indent)<=
0)){let s=JSON.stringify(options.indent);throw new Error(`"indent" option must be a positive integer, not ${s}`)}return stringifyDocument.
stringifyDocument(this,options)}};function assertCollection(contents){if(identity.isCollection(contents))return!0;throw new Error(
"Expected a YAML collection as document contents")}exports2.Document=Document}});var require_errors=__commonJS({"node_modules/yaml/dist/errors.js"(exports2){"use strict";var YAMLError=class extends Error{constructor(name,pos,code2,message){
super(),this.name=name,this.code=code2,this.message=message,this.pos=pos}},YAMLParseError=class extends YAMLError{constructor(pos,code2,message){
super("YAMLParseError",pos,code2,message)}},YAMLWarning=class extends YAMLError{constructor(pos,code2,message){super("YA\
MLWarning",pos,code2,message)}},prettifyError=(src,lc)=>error=>{if(error.pos[0]===-1)return;error.linePos=error.pos.map(
pos=>lc.linePos(pos));let{line,col}=error.linePos[0];error.message+=` at line ${line}, column ${col}`;let ci=col-1,lineStr=src.
substring(lc.lineStarts[line-1],lc.lineStarts[line]).replace(/[\n\r]+$/,"");if(ci>=60&&lineStr.length>80){let trimStart=Math.
min(ci-39,lineStr.length-79);lineStr="\u2026"+lineStr.substring(trimStart),ci-=trimStart-1}if(lineStr.length>80&&(lineStr=
lineStr.substring(0,79)+"\u2026"),line>1&&/^ *$/.test(lineStr.substring(0,ci))){let prev=src.substring(lc.lineStarts[line-
2],lc.lineStarts[line-1]);prev.length>80&&(prev=prev.substring(0,79)+`\u2026
`),lineStr=prev+lineStr}if(/[^ ]/.test(lineStr)){let count2=1,end=error.linePos[1];(end==null?void 0:end.line)===line&&end.
col>col&&(count2=Math.max(1,Math.min(end.col-col,80-ci)));let pointer=" ".repeat(ci)+"^".repeat(count2);error.message+=`\
:

${lineStr}
${pointer}
`}};exports2.YAMLError=YAMLError;exports2.YAMLParseError=YAMLParseError;exports2.YAMLWarning=YAMLWarning;exports2.prettifyError=
prettifyError}});var require_resolve_props=__commonJS({"node_modules/yaml/dist/compose/resolve-props.js"(exports2){"use strict";function resolveProps(tokens2,{
flow,indicator,next,offset,onError,parentIndent,startOnNewline}){let spaceBefore=!1,atNewline=startOnNewline,hasSpace=startOnNewline,
comment="",commentSep="",hasNewline=!1,reqSpace=!1,tab=null,anchor=null,tag=null,newlineAfterProp=null,comma=null,found=null,
start=null;for(let token of tokens2)switch(reqSpace&&(token.type!=="space"&&token.type!=="newline"&&token.type!=="comma"&&
onError(token.offset,"MISSING_CHAR","Tags and anchors must be separated from the next token by white space"),reqSpace=!1),
tab&&(atNewline&&token.type!=="comment"&&token.type!=="newline"&&onError(tab,"TAB_AS_INDENT","Tabs are not allowed as in\
dentation"),tab=null),token.type){case"space":!flow&&(indicator!=="doc-start"||(next==null?void 0:next.type)!=="flow-col\
lection")&&token.source.includes("	")&&(tab=token),hasSpace=!0;break;case"comment":{hasSpace||onError(token,"MISSING_CHA\
R","Comments must be separated from other tokens by white space characters");let cb=token.source.substring(1)||" ";comment?
comment+=commentSep+cb:comment=cb,commentSep="",atNewline=!1;break}case"newline":atNewline?comment?comment+=token.source:
(!found||indicator!=="seq-item-ind")&&(spaceBefore=!0):commentSep+=token.source,atNewline=!0,hasNewline=!0,(anchor||tag)&&
(newlineAfterProp=token),hasSpace=!0;break;case"anchor":anchor&&onError(token,"MULTIPLE_ANCHORS","A node can have at mos\
t one anchor"),token.source.endsWith(":")&&onError(token.offset+token.source.length-1,"BAD_ALIAS","Anchor ending in : is\
 ambiguous",!0),anchor=token,start??(start=token.offset),atNewline=!1,hasSpace=!1,reqSpace=!0;break;case"tag":{tag&&onError(
token,"MULTIPLE_TAGS","A node can have at most one tag"),tag=token,start??(start=token.offset),atNewline=!1,hasSpace=!1,
reqSpace=!0;break}case indicator:(anchor||tag)&&onError(token,"BAD_PROP_ORDER",`Anchors and tags must be after the ${token.
source} indicator`),found&&onError(token,"UNEXPECTED_TOKEN",`Unexpected ${token.source} in ${flow??"collection"}`),found=
token,atNewline=indicator==="seq-item-ind"||indicator==="explicit-key-ind",hasSpace=!1;break;case"comma":if(flow){comma&&
onError(token,"UNEXPECTED_TOKEN",`Unexpected , in ${flow}`),comma=token,atNewline=!1,hasSpace=!1;break}default:onError(token,
"UNEXPECTED_TOKEN",`Unexpected ${token.type} token`),atNewline=!1,hasSpace=!1}let last=tokens2[tokens2.length-1],end=last?
last.offset+last.source.length:offset;return reqSpace&&next&&next.type!=="space"&&next.type!=="newline"&&next.type!=="co\
mma"&&(next.type!=="scalar"||next.source!=="")&&onError(next.offset,"MISSING_CHAR","Tags and anchors must be separated f\
rom the next token by white space"),tab&&(atNewline&&tab.indent<=parentIndent||(next==null?void 0:next.type)==="block-ma\
p"||(next==null?void 0:next.type)==="block-seq")&&onError(tab,"TAB_AS_INDENT","Tabs are not allowed as indentation"),{comma,
found,spaceBefore,comment,hasNewline,anchor,tag,newlineAfterProp,end,start:start??end}}exports2.resolveProps=resolveProps}});var require_util_contains_newline=__commonJS({"node_modules/yaml/dist/compose/util-contains-newline.js"(exports2){"use s\
trict";function containsNewline(key){if(!key)return null;switch(key.type){case"alias":case"scalar":case"double-quoted-sc\
alar":case"single-quoted-scalar":if(key.source.includes(`
`))return!0;if(key.end){for(let st of key.end)if(st.type==="newline")return!0}return!1;case"flow-collection":for(let it of key.
items){for(let st of it.start)if(st.type==="newline")return!0;if(it.sep){for(let st of it.sep)if(st.type==="newline")return!0}
if(containsNewline(it.key)||containsNewline(it.value))return!0}return!1;default:return!0}}exports2.containsNewline=containsNewline}});var require_util_flow_indent_check=__commonJS({"node_modules/yaml/dist/compose/util-flow-indent-check.js"(exports2){"use\
 strict";var utilContainsNewline=require_util_contains_newline();function flowIndentCheck(indent,fc,onError){if((fc==null?
void 0:fc.type)==="flow-collection"){let end=fc.end[0];end.indent===indent&&(end.source==="]"||end.source==="}")&&utilContainsNewline.
containsNewline(fc)&&onError(end,"BAD_INDENT","Flow end indicator should be more indented than parent",!0)}}exports2.flowIndentCheck=
flowIndentCheck}});var require_util_map_includes=__commonJS({"node_modules/yaml/dist/compose/util-map-includes.js"(exports2){"use strict";var identity=require_identity();
function mapIncludes(ctx,items,search){let{uniqueKeys}=ctx.options;if(uniqueKeys===!1)return!1;let isEqual=typeof uniqueKeys==
"function"?uniqueKeys:(a,b)=>a===b||identity.isScalar(a)&&identity.isScalar(b)&&a.value===b.value;return items.some(pair3=>isEqual(
pair3.key,search))}exports2.mapIncludes=mapIncludes}});var require_resolve_block_map=__commonJS({"node_modules/yaml/dist/compose/resolve-block-map.js"(exports2){"use strict";var Pair=require_Pair(),
YAMLMap=require_YAMLMap(),resolveProps=require_resolve_props(),utilContainsNewline=require_util_contains_newline(),utilFlowIndentCheck=require_util_flow_indent_check(),
utilMapIncludes=require_util_map_includes(),startColMsg="All mapping items must start at the same column";function resolveBlockMap({
composeNode,composeEmptyNode},ctx,bm,onError,tag){var _a;let NodeClass=(tag==null?void 0:tag.nodeClass)??YAMLMap.YAMLMap,
map2=new NodeClass(ctx.schema);ctx.atRoot&&(ctx.atRoot=!1);let offset=bm.offset,commentEnd=null;for(let collItem of bm.items){
let{start,key,sep,value}=collItem,keyProps=resolveProps.resolveProps(start,{indicator:"explicit-key-ind",next:key??(sep==
null?void 0:sep[0]),offset,onError,parentIndent:bm.indent,startOnNewline:!0}),implicitKey=!keyProps.found;if(implicitKey){
if(key&&(key.type==="block-seq"?onError(offset,"BLOCK_AS_IMPLICIT_KEY","A block sequence may not be used as an implicit \
map key"):"indent"in key&&key.indent!==bm.indent&&onError(offset,"BAD_INDENT",startColMsg)),!keyProps.anchor&&!keyProps.
tag&&!sep){commentEnd=keyProps.end,keyProps.comment&&(map2.comment?map2.comment+=`
`+keyProps.comment:map2.comment=keyProps.comment);continue}(keyProps.newlineAfterProp||utilContainsNewline.containsNewline(
key))&&onError(key??start[start.length-1],"MULTILINE_IMPLICIT_KEY","Implicit keys need to be on a single line")}else((_a=
keyProps.found)==null?void 0:_a.indent)!==bm.indent&&onError(offset,"BAD_INDENT",startColMsg);ctx.atKey=!0;let keyStart=keyProps.
end,keyNode=key?composeNode(ctx,key,keyProps,onError):composeEmptyNode(ctx,keyStart,start,null,keyProps,onError);ctx.schema.
compat&&utilFlowIndentCheck.flowIndentCheck(bm.indent,key,onError),ctx.atKey=!1,utilMapIncludes.mapIncludes(ctx,map2.items,
keyNode)&&onError(keyStart,"DUPLICATE_KEY","Map keys must be unique");let valueProps=resolveProps.resolveProps(sep??[],{
indicator:"map-value-ind",next:value,offset:keyNode.range[2],onError,parentIndent:bm.indent,startOnNewline:!key||key.type===
"block-scalar"});if(offset=valueProps.end,valueProps.found){implicitKey&&((value==null?void 0:value.type)==="block-map"&&
!valueProps.hasNewline&&onError(offset,"BLOCK_AS_IMPLICIT_KEY","Nested mappings are not allowed in compact mappings"),ctx.
options.strict&&keyProps.start<valueProps.found.offset-1024&&onError(keyNode.range,"KEY_OVER_1024_CHARS","The : indicato\
r must be at most 1024 chars after the start of an implicit block mapping key"));let valueNode=value?composeNode(ctx,value,
valueProps,onError):composeEmptyNode(ctx,offset,sep,null,valueProps,onError);ctx.schema.compat&&utilFlowIndentCheck.flowIndentCheck(
bm.indent,value,onError),offset=valueNode.range[2];let pair3=new Pair.Pair(keyNode,valueNode);ctx.options.keepSourceTokens&&
(pair3.srcToken=collItem),map2.items.push(pair3)}else{implicitKey&&onError(keyNode.range,"MISSING_CHAR","Implicit map ke\
ys need to be followed by map values"),valueProps.comment&&(keyNode.comment?keyNode.comment+=`
`+valueProps.comment:keyNode.comment=valueProps.comment);let pair3=new Pair.Pair(keyNode);ctx.options.keepSourceTokens&&
(pair3.srcToken=collItem),map2.items.push(pair3)}}return commentEnd&&commentEnd<offset&&onError(commentEnd,"IMPOSSIBLE",
"Map comment with trailing content"),map2.range=[bm.offset,offset,commentEnd??offset],map2}exports2.resolveBlockMap=resolveBlockMap}});var require_resolve_block_seq=__commonJS({"node_modules/yaml/dist/compose/resolve-block-seq.js"(exports2){"use strict";var YAMLSeq=require_YAMLSeq(),
resolveProps=require_resolve_props(),utilFlowIndentCheck=require_util_flow_indent_check();function resolveBlockSeq({composeNode,
composeEmptyNode},ctx,bs,onError,tag){let NodeClass=(tag==null?void 0:tag.nodeClass)??YAMLSeq.YAMLSeq,seq=new NodeClass(
ctx.schema);ctx.atRoot&&(ctx.atRoot=!1),ctx.atKey&&(ctx.atKey=!1);let offset=bs.offset,commentEnd=null;for(let{start,value}of bs.
items){let props=resolveProps.resolveProps(start,{indicator:"seq-item-ind",next:value,offset,onError,parentIndent:bs.indent,
startOnNewline:!0});if(!props.found)if(props.anchor||props.tag||value)(value==null?void 0:value.type)==="block-seq"?onError(
props.end,"BAD_INDENT","All sequence items must start at the same column"):onError(offset,"MISSING_CHAR","Sequence item \
without - indicator");else{commentEnd=props.end,props.comment&&(seq.comment=props.comment);continue}let node=value?composeNode(
ctx,value,props,onError):composeEmptyNode(ctx,props.end,start,null,props,onError);ctx.schema.compat&&utilFlowIndentCheck.
flowIndentCheck(bs.indent,value,onError),offset=node.range[2],seq.items.push(node)}return seq.range=[bs.offset,offset,commentEnd??
offset],seq}exports2.resolveBlockSeq=resolveBlockSeq}});var require_resolve_end=__commonJS({"node_modules/yaml/dist/compose/resolve-end.js"(exports2){"use strict";function resolveEnd(end,offset,reqSpace,onError){
let comment="";if(end){let hasSpace=!1,sep="";for(let token of end){let{source,type}=token;switch(type){case"space":hasSpace=
!0;break;case"comment":{reqSpace&&!hasSpace&&onError(token,"MISSING_CHAR","Comments must be separated from other tokens \
by white space characters");let cb=source.substring(1)||" ";comment?comment+=sep+cb:comment=cb,sep="";break}case"newline":
comment&&(sep+=source),hasSpace=!0;break;default:onError(token,"UNEXPECTED_TOKEN",`Unexpected ${type} at node end`)}offset+=
source.length}}return{comment,offset}}exports2.resolveEnd=resolveEnd}});var require_resolve_flow_collection=__commonJS({"node_modules/yaml/dist/compose/resolve-flow-collection.js"(exports2){"u\
se strict";var identity=require_identity(),Pair=require_Pair(),YAMLMap=require_YAMLMap(),YAMLSeq=require_YAMLSeq(),resolveEnd=require_resolve_end(),
resolveProps=require_resolve_props(),utilContainsNewline=require_util_contains_newline(),utilMapIncludes=require_util_map_includes(),
blockMsg="Block collections are not allowed within flow collections",isBlock=token=>token&&(token.type==="block-map"||token.
type==="block-seq");function resolveFlowCollection({composeNode,composeEmptyNode},ctx,fc,onError,tag){var _a;let isMap4=fc.
start.source==="{",fcName=isMap4?"flow map":"flow sequence",NodeClass=(tag==null?void 0:tag.nodeClass)??(isMap4?YAMLMap.
YAMLMap:YAMLSeq.YAMLSeq),coll=new NodeClass(ctx.schema);coll.flow=!0;let atRoot=ctx.atRoot;atRoot&&(ctx.atRoot=!1),ctx.atKey&&
(ctx.atKey=!1);let offset=fc.offset+fc.start.source.length;for(let i=0;i<fc.items.length;++i){let collItem=fc.items[i],{
start,key,sep,value}=collItem,props=resolveProps.resolveProps(start,{flow:fcName,indicator:"explicit-key-ind",next:key??
(sep==null?void 0:sep[0]),offset,onError,parentIndent:fc.indent,startOnNewline:!1});if(!props.found){if(!props.anchor&&!props.
tag&&!sep&&!value){i===0&&props.comma?onError(props.comma,"UNEXPECTED_TOKEN",`Unexpected , in ${fcName}`):i<fc.items.length-
1&&onError(props.start,"UNEXPECTED_TOKEN",`Unexpected empty item in ${fcName}`),props.comment&&(coll.comment?coll.comment+=
`
`+props.comment:coll.comment=props.comment),offset=props.end;continue}!isMap4&&ctx.options.strict&&utilContainsNewline.containsNewline(
key)&&onError(key,"MULTILINE_IMPLICIT_KEY","Implicit keys of flow sequence pairs need to be on a single line")}if(i===0)
props.comma&&onError(props.comma,"UNEXPECTED_TOKEN",`Unexpected , in ${fcName}`);else if(props.comma||onError(props.start,
"MISSING_CHAR",`Missing , between ${fcName} items`),props.comment){let prevItemComment="";loop:for(let st of start)switch(st.
type){case"comma":case"space":break;case"comment":prevItemComment=st.source.substring(1);break loop;default:break loop}if(prevItemComment){
let prev=coll.items[coll.items.length-1];identity.isPair(prev)&&(prev=prev.value??prev.key),prev.comment?prev.comment+=`\

`+prevItemComment:prev.comment=prevItemComment,props.comment=props.comment.substring(prevItemComment.length+1)}}if(!isMap4&&
!sep&&!props.found){let valueNode=value?composeNode(ctx,value,props,onError):composeEmptyNode(ctx,props.end,sep,null,props,
onError);coll.items.push(valueNode),offset=valueNode.range[2],isBlock(value)&&onError(valueNode.range,"BLOCK_IN_FLOW",blockMsg)}else{
ctx.atKey=!0;let keyStart=props.end,keyNode=key?composeNode(ctx,key,props,onError):composeEmptyNode(ctx,keyStart,start,null,
props,onError);isBlock(key)&&onError(keyNode.range,"BLOCK_IN_FLOW",blockMsg),ctx.atKey=!1;let valueProps=resolveProps.resolveProps(
sep??[],{flow:fcName,indicator:"map-value-ind",next:value,offset:keyNode.range[2],onError,parentIndent:fc.indent,startOnNewline:!1});
if(valueProps.found){if(!isMap4&&!props.found&&ctx.options.strict){if(sep)for(let st of sep){if(st===valueProps.found)break;
if(st.type==="newline"){onError(st,"MULTILINE_IMPLICIT_KEY","Implicit keys of flow sequence pairs need to be on a single\
 line");break}}props.start<valueProps.found.offset-1024&&onError(valueProps.found,"KEY_OVER_1024_CHARS","The : indicator\
 must be at most 1024 chars after the start of an implicit flow sequence key")}}else value&&("source"in value&&((_a=value.
source)==null?void 0:_a[0])===":"?onError(value,"MISSING_CHAR",`Missing space after : in ${fcName}`):onError(valueProps.
start,"MISSING_CHAR",`Missing , or : between ${fcName} items`));let valueNode=value?composeNode(ctx,value,valueProps,onError):
valueProps.found?composeEmptyNode(ctx,valueProps.end,sep,null,valueProps,onError):null;valueNode?isBlock(value)&&onError(
valueNode.range,"BLOCK_IN_FLOW",blockMsg):valueProps.comment&&(keyNode.comment?keyNode.comment+=`
`+valueProps.comment:keyNode.comment=valueProps.comment);let pair3=new Pair.Pair(keyNode,valueNode);if(ctx.options.keepSourceTokens&&
(pair3.srcToken=collItem),isMap4){let map2=coll;utilMapIncludes.mapIncludes(ctx,map2.items,keyNode)&&onError(keyStart,"D\
UPLICATE_KEY","Map keys must be unique"),map2.items.push(pair3)}else{let map2=new YAMLMap.YAMLMap(ctx.schema);map2.flow=
!0,map2.items.push(pair3);let endRange=(valueNode??keyNode).range;map2.range=[keyNode.range[0],endRange[1],endRange[2]],
coll.items.push(map2)}offset=valueNode?valueNode.range[2]:valueProps.end}}let expectedEnd=isMap4?"}":"]",[ce,...ee]=fc.end,
cePos=offset;if((ce==null?void 0:ce.source)===expectedEnd)cePos=ce.offset+ce.source.length;else{let name=fcName[0].toUpperCase()+
fcName.substring(1),msg=atRoot?`${name} must end with a ${expectedEnd}`:`${name} in block collection must be sufficientl\
y indented and end with a ${expectedEnd}`;onError(offset,atRoot?"MISSING_CHAR":"BAD_INDENT",msg),ce&&ce.source.length!==
1&&ee.unshift(ce)}if(ee.length>0){let end=resolveEnd.resolveEnd(ee,cePos,ctx.options.strict,onError);end.comment&&(coll.
comment?coll.comment+=`
`+end.comment:coll.comment=end.comment),coll.range=[fc.offset,cePos,end.offset]}else coll.range=[fc.offset,cePos,cePos];
return coll}exports2.resolveFlowCollection=resolveFlowCollection}});var require_compose_collection=__commonJS({"node_modules/yaml/dist/compose/compose-collection.js"(exports2){"use strict";
var identity=require_identity(),Scalar=require_Scalar(),YAMLMap=require_YAMLMap(),YAMLSeq=require_YAMLSeq(),resolveBlockMap=require_resolve_block_map(),
resolveBlockSeq=require_resolve_block_seq(),resolveFlowCollection=require_resolve_flow_collection();function resolveCollection(CN,ctx,token,onError,tagName,tag){
let coll=token.type==="block-map"?resolveBlockMap.resolveBlockMap(CN,ctx,token,onError,tag):token.type==="block-seq"?resolveBlockSeq.
resolveBlockSeq(CN,ctx,token,onError,tag):resolveFlowCollection.resolveFlowCollection(CN,ctx,token,onError,tag),Coll=coll.
constructor;return tagName==="!"||tagName===Coll.tagName?(coll.tag=Coll.tagName,coll):(tagName&&(coll.tag=tagName),coll)}
function composeCollection(CN,ctx,token,props,onError){var _a;let tagToken=props.tag,tagName=tagToken?ctx.directives.tagName(
tagToken.source,msg=>onError(tagToken,"TAG_RESOLVE_FAILED",msg)):null;if(token.type==="block-seq"){let{anchor,newlineAfterProp:nl}=props,
lastProp=anchor&&tagToken?anchor.offset>tagToken.offset?anchor:tagToken:anchor??tagToken;lastProp&&(!nl||nl.offset<lastProp.
offset)&&onError(lastProp,"MISSING_CHAR","Missing newline after block sequence props")}let expType=token.type==="block-m\
ap"?"map":token.type==="block-seq"?"seq":token.start.source==="{"?"map":"seq";if(!tagToken||!tagName||tagName==="!"||tagName===
YAMLMap.YAMLMap.tagName&&expType==="map"||tagName===YAMLSeq.YAMLSeq.tagName&&expType==="seq")return resolveCollection(CN,
ctx,token,onError,tagName);let tag=ctx.schema.tags.find(t=>t.tag===tagName&&t.collection===expType);if(!tag){let kt=ctx.
schema.knownTags[tagName];if((kt==null?void 0:kt.collection)===expType)ctx.schema.tags.push(Object.assign({},kt,{default:!1})),
tag=kt;else return kt?onError(tagToken,"BAD_COLLECTION_TYPE",`${kt.tag} used for ${expType} collection, but expects ${kt.
collection??"scalar"}`,!0):onError(tagToken,"TAG_RESOLVE_FAILED",`Unresolved tag: ${tagName}`,!0),resolveCollection(CN,ctx,
token,onError,tagName)}let coll=resolveCollection(CN,ctx,token,onError,tagName,tag),res=((_a=tag.resolve)==null?void 0:_a.
call(tag,coll,msg=>onError(tagToken,"TAG_RESOLVE_FAILED",msg),ctx.options))??coll,node=identity.isNode(res)?res:new Scalar.
Scalar(res);return node.range=coll.range,node.tag=tagName,tag!=null&&tag.format&&(node.format=tag.format),node}exports2.
composeCollection=composeCollection}});var require_resolve_block_scalar=__commonJS({"node_modules/yaml/dist/compose/resolve-block-scalar.js"(exports2){"use str\
ict";var Scalar=require_Scalar();function resolveBlockScalar(ctx,scalar,onError){let start=scalar.offset,header=parseBlockScalarHeader(
scalar,ctx.options.strict,onError);if(!header)return{value:"",type:null,comment:"",range:[start,start,start]};let type=header.
mode===">"?Scalar.Scalar.BLOCK_FOLDED:Scalar.Scalar.BLOCK_LITERAL,lines=scalar.source?splitLines(scalar.source):[],chompStart=lines.
length;for(let i=lines.length-1;i>=0;--i){let content=lines[i][1];if(content===""||content==="\r")chompStart=i;else break}
if(chompStart===0){let value2=header.chomp==="+"&&lines.length>0?`
`.repeat(Math.max(1,lines.length-1)):"",end2=start+header.length;return scalar.source&&(end2+=scalar.source.length),{value:value2,
type,comment:header.comment,range:[start,end2,end2]}}let trimIndent=scalar.indent+header.indent,offset=scalar.offset+header.
length,contentStart=0;for(let i=0;i<chompStart;++i){let[indent,content]=lines[i];if(content===""||content==="\r")header.
indent===0&&indent.length>trimIndent&&(trimIndent=indent.length);else{indent.length<trimIndent&&onError(offset+indent.length,
"MISSING_CHAR","Block scalars with more-indented leading empty lines must use an explicit indentation indicator"),header.
indent===0&&(trimIndent=indent.length),contentStart=i,trimIndent===0&&!ctx.atRoot&&onError(offset,"BAD_INDENT","Block sc\
alar values in collections must be indented");break}offset+=indent.length+content.length+1}for(let i=lines.length-1;i>=chompStart;--i)
lines[i][0].length>trimIndent&&(chompStart=i+1);let value="",sep="",prevMoreIndented=!1;for(let i=0;i<contentStart;++i)value+=
lines[i][0].slice(trimIndent)+`
`;for(let i=contentStart;i<chompStart;++i){let[indent,content]=lines[i];offset+=indent.length+content.length+1;let crlf=content[content.
length-1]==="\r";if(crlf&&(content=content.slice(0,-1)),content&&indent.length<trimIndent){let message=`Block scalar lin\
es must not be less indented than their ${header.indent?"explicit indentation indicator":"first line"}`;onError(offset-content.
length-(crlf?2:1),"BAD_INDENT",message),indent=""}type===Scalar.Scalar.BLOCK_LITERAL?(value+=sep+indent.slice(trimIndent)+
content,sep=`
`):indent.length>trimIndent||content[0]==="	"?(sep===" "?sep=`
`:!prevMoreIndented&&sep===`
`&&(sep=`

`),value+=sep+indent.slice(trimIndent)+content,sep=`
`,prevMoreIndented=!0):content===""?sep===`
`?value+=`
`:sep=`
`:(value+=sep+content,sep=" ",prevMoreIndented=!1)}switch(header.chomp){case"-":break;case"+":for(let i=chompStart;i<lines.
length;++i)value+=`
`+lines[i][0].slice(trimIndent);value[value.length-1]!==`
`&&(value+=`
`);break;default:value+=`
`}let end=start+header.length+scalar.source.length;return{value,type,comment:header.comment,range:[start,end,end]}}function parseBlockScalarHeader({
offset,props},strict,onError){if(props[0].type!=="block-scalar-header")return onError(props[0],"IMPOSSIBLE","Block scala\
r header not found"),null;let{source}=props[0],mode=source[0],indent=0,chomp="",error=-1;for(let i=1;i<source.length;++i){
let ch=source[i];if(!chomp&&(ch==="-"||ch==="+"))chomp=ch;else{let n=Number(ch);!indent&&n?indent=n:error===-1&&(error=offset+
i)}}error!==-1&&onError(error,"UNEXPECTED_TOKEN",`Block scalar header includes extra characters: ${source}`);let hasSpace=!1,
comment="",length=source.length;for(let i=1;i<props.length;++i){let token=props[i];switch(token.type){case"space":hasSpace=
!0;case"newline":length+=token.source.length;break;case"comment":strict&&!hasSpace&&onError(token,"MISSING_CHAR","Commen\
ts must be separated from other tokens by white space characters"),length+=token.source.length,comment=token.source.substring(
1);break;case"error":onError(token,"UNEXPECTED_TOKEN",token.message),length+=token.source.length;break;default:{let message=`\
Unexpected token in block scalar header: ${token.type}`;onError(token,"UNEXPECTED_TOKEN",message);let ts=token.source;ts&&
typeof ts=="string"&&(length+=ts.length)}}}return{mode,indent,chomp,comment,length}}function splitLines(source){let split=source.
split(/\n( *)/),first=split[0],m=first.match(/^( *)/),lines=[m!=null&&m[1]?[m[1],first.slice(m[1].length)]:["",first]];for(let i=1;i<
split.length;i+=2)lines.push([split[i],split[i+1]]);return lines}exports2.resolveBlockScalar=resolveBlockScalar}});var require_resolve_flow_scalar=__commonJS({"node_modules/yaml/dist/compose/resolve-flow-scalar.js"(exports2){"use stric\
t";var Scalar=require_Scalar(),resolveEnd=require_resolve_end();function resolveFlowScalar(scalar,strict,onError){let{offset,
type,source,end}=scalar,_type,value,_onError=(rel,code2,msg)=>onError(offset+rel,code2,msg);switch(type){case"scalar":_type=
Scalar.Scalar.PLAIN,value=plainValue3(source,_onError);break;case"single-quoted-scalar":_type=Scalar.Scalar.QUOTE_SINGLE,
value=singleQuotedValue(source,_onError);break;case"double-quoted-scalar":_type=Scalar.Scalar.QUOTE_DOUBLE,value=doubleQuotedValue(
source,_onError);break;default:return onError(scalar,"UNEXPECTED_TOKEN",`Expected a flow scalar value, but found: ${type}`),
{value:"",type:null,comment:"",range:[offset,offset+source.length,offset+source.length]}}let valueEnd=offset+source.length,
re=resolveEnd.resolveEnd(end,valueEnd,strict,onError);return{value,type:_type,comment:re.comment,range:[offset,valueEnd,
re.offset]}}function plainValue3(source,onError){let badChar="";switch(source[0]){case"	":badChar="a tab character";break;case"\
,":badChar="flow indicator character ,";break;case"%":badChar="directive indicator character %";break;case"|":case">":{badChar=
`block scalar indicator ${source[0]}`;break}case"@":case"`":{badChar=`reserved character ${source[0]}`;break}}return badChar&&
onError(0,"BAD_SCALAR_START",`Plain value cannot start with ${badChar}`),unfoldLines(source)}function singleQuotedValue(source,onError){
return(source[source.length-1]!=="'"||source.length===1)&&onError(source.length,"MISSING_CHAR","Missing closing 'quote"),
unfoldLines(source.slice(1,-1)).replace(/''/g,"'")}function unfoldLines(source){let line=/(.*?)\r?\n/sy,match=line.exec(
source);if(!match)return source;let trimEnd,trimBoth;try{trimEnd=new RegExp("(?<![ 	])[ 	]+$"),trimBoth=new RegExp("^[ 	\
]+|(?<![ 	])[ 	]+$","g")}catch{trimEnd=/[ \t]+$/,trimBoth=/^[ \t]+|[ \t]+$/g}let res=match[1].replace(trimEnd,""),sep=" ",
pos=line.lastIndex;for(;match=line.exec(source);){let lm=match[1].replace(trimBoth,"");lm===""?sep===`
`?res+=sep:sep=`
`:(res+=sep+lm,sep=" "),pos=line.lastIndex}let last=/[ \t]*(.*)/sy;return last.lastIndex=pos,match=last.exec(source),res+
sep+((match==null?void 0:match[1])??"")}function doubleQuotedValue(source,onError){let res="";for(let i=1;i<source.length-
1;++i){let ch=source[i];if(!(ch==="\r"&&source[i+1]===`
`))if(ch===`
`){let{fold,offset}=foldNewline(source,i);res+=fold,i=offset}else if(ch==="\\"){let next=source[++i],cc=escapeCodes[next];
if(cc)res+=cc;else if(next===`
`)for(next=source[i+1];next===" "||next==="	";)next=source[++i+1];else if(next==="\r"&&source[i+1]===`
`)for(next=source[++i+1];next===" "||next==="	";)next=source[++i+1];else if(next==="x"||next==="u"||next==="U"){let length=next===
"x"?2:next==="u"?4:8;res+=parseCharCode(source,i+1,length,onError),i+=length}else{let raw=source.substr(i-1,2);onError(i-
1,"BAD_DQ_ESCAPE",`Invalid escape sequence ${raw}`),res+=raw}}else if(ch===" "||ch==="	"){let wsStart=i,next=source[i+1];
for(;next===" "||next==="	";)next=source[++i+1];next!==`
`&&!(next==="\r"&&source[i+2]===`
`)&&(res+=i>wsStart?source.slice(wsStart,i+1):ch)}else res+=ch}return(source[source.length-1]!=='"'||source.length===1)&&
onError(source.length,"MISSING_CHAR",'Missing closing "quote'),res}function foldNewline(source,offset){let fold="",ch=source[offset+
1];for(;(ch===" "||ch==="	"||ch===`
`||ch==="\r")&&!(ch==="\r"&&source[offset+2]!==`
`);)ch===`
`&&(fold+=`
`),offset+=1,ch=source[offset+1];return fold||(fold=" "),{fold,offset}}var escapeCodes={0:"\0",a:"\x07",b:"\b",e:"\x1B",
f:"\f",n:`
`,r:"\r",t:"	",v:"\v",N:"\x85",_:"\xA0",L:"\u2028",P:"\u2029"," ":" ",'"':'"',"/":"/","\\":"\\","	":"	"};function parseCharCode(source,offset,length,onError){
let cc=source.substr(offset,length),code2=cc.length===length&&/^[0-9a-fA-F]+$/.test(cc)?parseInt(cc,16):NaN;try{return String.
fromCodePoint(code2)}catch{let raw=source.substr(offset-2,length+2);return onError(offset-2,"BAD_DQ_ESCAPE",`Invalid esc\
ape sequence ${raw}`),raw}}exports2.resolveFlowScalar=resolveFlowScalar}});var require_compose_scalar=__commonJS({"node_modules/yaml/dist/compose/compose-scalar.js"(exports2){"use strict";var identity=require_identity(),
Scalar=require_Scalar(),resolveBlockScalar=require_resolve_block_scalar(),resolveFlowScalar=require_resolve_flow_scalar();
function composeScalar(ctx,token,tagToken,onError){let{value,type,comment,range:range3}=token.type==="block-scalar"?resolveBlockScalar.
resolveBlockScalar(ctx,token,onError):resolveFlowScalar.resolveFlowScalar(token,ctx.options.strict,onError),tagName=tagToken?
ctx.directives.tagName(tagToken.source,msg=>onError(tagToken,"TAG_RESOLVE_FAILED",msg)):null,tag;ctx.options.stringKeys&&
ctx.atKey?tag=ctx.schema[identity.SCALAR]:tagName?tag=findScalarTagByName(ctx.schema,value,tagName,tagToken,onError):token.
type==="scalar"?tag=findScalarTagByTest(ctx,value,token,onError):tag=ctx.schema[identity.SCALAR];let scalar;try{let res=tag.
resolve(value,msg=>onError(tagToken??token,"TAG_RESOLVE_FAILED",msg),ctx.options);scalar=identity.isScalar(res)?res:new Scalar.
Scalar(res)}catch(error){let msg=error instanceof Error?error.message:String(error);onError(tagToken??token,"TAG_RESOLVE\
_FAILED",msg),scalar=new Scalar.Scalar(value)}return scalar.range=range3,scalar.source=value,type&&(scalar.type=type),tagName&&
(scalar.tag=tagName),tag.format&&(scalar.format=tag.format),comment&&(scalar.comment=comment),scalar}function findScalarTagByName(schema,value,tagName,tagToken,onError){
var _a;if(tagName==="!")return schema[identity.SCALAR];let matchWithTest=[];for(let tag of schema.tags)if(!tag.collection&&
tag.tag===tagName)if(tag.default&&tag.test)matchWithTest.push(tag);else return tag;for(let tag of matchWithTest)if((_a=tag.
test)!=null&&_a.test(value))return tag;let kt=schema.knownTags[tagName];return kt&&!kt.collection?(schema.tags.push(Object.
assign({},kt,{default:!1,test:void 0})),kt):(onError(tagToken,"TAG_RESOLVE_FAILED",`Unresolved tag: ${tagName}`,tagName!==
"tag:yaml.org,2002:str"),schema[identity.SCALAR])}function findScalarTagByTest({atKey,directives,schema},value,token,onError){
let tag=schema.tags.find(tag2=>{var _a;return(tag2.default===!0||atKey&&tag2.default==="key")&&((_a=tag2.test)==null?void 0:
_a.test(value))})||schema[identity.SCALAR];if(schema.compat){let compat=schema.compat.find(tag2=>{var _a;return tag2.default&&
((_a=tag2.test)==null?void 0:_a.test(value))})??schema[identity.SCALAR];if(tag.tag!==compat.tag){let ts=directives.tagString(
tag.tag),cs=directives.tagString(compat.tag),msg=`Value may be parsed as either ${ts} or ${cs}`;onError(token,"TAG_RESOL\
VE_FAILED",msg,!0)}}return tag}exports2.composeScalar=composeScalar}});var require_util_empty_scalar_position=__commonJS({"node_modules/yaml/dist/compose/util-empty-scalar-position.js"(exports2){
"use strict";function emptyScalarPosition(offset,before,pos){if(before){pos??(pos=before.length);for(let i=pos-1;i>=0;--i){
let st=before[i];switch(st.type){case"space":case"comment":case"newline":offset-=st.source.length;continue}for(st=before[++i];(st==
null?void 0:st.type)==="space";)offset+=st.source.length,st=before[++i];break}}return offset}exports2.emptyScalarPosition=
emptyScalarPosition}});var require_compose_node=__commonJS({"node_modules/yaml/dist/compose/compose-node.js"(exports2){"use strict";var Alias=require_Alias(),
identity=require_identity(),composeCollection=require_compose_collection(),composeScalar=require_compose_scalar(),resolveEnd=require_resolve_end(),
utilEmptyScalarPosition=require_util_empty_scalar_position(),CN={composeNode,composeEmptyNode};function composeNode(ctx,token,props,onError){
let atKey=ctx.atKey,{spaceBefore,comment,anchor,tag}=props,node,isSrcToken=!0;switch(token.type){case"alias":node=composeAlias(
ctx,token,onError),(anchor||tag)&&onError(token,"ALIAS_PROPS","An alias node must not specify any properties");break;case"\
scalar":case"single-quoted-scalar":case"double-quoted-scalar":case"block-scalar":node=composeScalar.composeScalar(ctx,token,
tag,onError),anchor&&(node.anchor=anchor.source.substring(1));break;case"block-map":case"block-seq":case"flow-collection":
try{node=composeCollection.composeCollection(CN,ctx,token,props,onError),anchor&&(node.anchor=anchor.source.substring(1))}catch(error){
let message=error instanceof Error?error.message:String(error);onError(token,"RESOURCE_EXHAUSTION",message)}break;default:{
let message=token.type==="error"?token.message:`Unsupported token (type: ${token.type})`;onError(token,"UNEXPECTED_TOKEN",
message),isSrcToken=!1}}return node??(node=composeEmptyNode(ctx,token.offset,void 0,null,props,onError)),anchor&&node.anchor===
""&&onError(anchor,"BAD_ALIAS","Anchor cannot be an empty string"),atKey&&ctx.options.stringKeys&&(!identity.isScalar(node)||
typeof node.value!="string"||node.tag&&node.tag!=="tag:yaml.org,2002:str")&&onError(tag??token,"NON_STRING_KEY","With st\
ringKeys, all keys must be strings"),spaceBefore&&(node.spaceBefore=!0),comment&&(token.type==="scalar"&&token.source===
""?node.comment=comment:node.commentBefore=comment),ctx.options.keepSourceTokens&&isSrcToken&&(node.srcToken=token),node}
function composeEmptyNode(ctx,offset,before,pos,{spaceBefore,comment,anchor,tag,end},onError){let token={type:"scalar",offset:utilEmptyScalarPosition.
emptyScalarPosition(offset,before,pos),indent:-1,source:""},node=composeScalar.composeScalar(ctx,token,tag,onError);return anchor&&
(node.anchor=anchor.source.substring(1),node.anchor===""&&onError(anchor,"BAD_ALIAS","Anchor cannot be an empty string")),
spaceBefore&&(node.spaceBefore=!0),comment&&(node.comment=comment,node.range[2]=end),node}function composeAlias({options},{
offset,source,end},onError){let alias=new Alias.Alias(source.substring(1));alias.source===""&&onError(offset,"BAD_ALIAS",
"Alias cannot be an empty string"),alias.source.endsWith(":")&&onError(offset+source.length-1,"BAD_ALIAS","Alias ending \
in : is ambiguous",!0);let valueEnd=offset+source.length,re=resolveEnd.resolveEnd(end,valueEnd,options.strict,onError);return alias.
range=[offset,valueEnd,re.offset],re.comment&&(alias.comment=re.comment),alias}exports2.composeEmptyNode=composeEmptyNode;
exports2.composeNode=composeNode}});var require_compose_doc=__commonJS({"node_modules/yaml/dist/compose/compose-doc.js"(exports2){"use strict";var Document=require_Document(),
composeNode=require_compose_node(),resolveEnd=require_resolve_end(),resolveProps=require_resolve_props();function composeDoc(options,directives,{
offset,start,value,end},onError){let opts=Object.assign({_directives:directives},options),doc=new Document.Document(void 0,
opts),ctx={atKey:!1,atRoot:!0,directives:doc.directives,options:doc.options,schema:doc.schema},props=resolveProps.resolveProps(
start,{indicator:"doc-start",next:value??(end==null?void 0:end[0]),offset,onError,parentIndent:0,startOnNewline:!0});props.
found&&(doc.directives.docStart=!0,value&&(value.type==="block-map"||value.type==="block-seq")&&!props.hasNewline&&onError(
props.end,"MISSING_CHAR","Block collection cannot start on same line with directives-end marker")),doc.contents=value?composeNode.
composeNode(ctx,value,props,onError):composeNode.composeEmptyNode(ctx,props.end,start,null,props,onError);let contentEnd=doc.
contents.range[2],re=resolveEnd.resolveEnd(end,contentEnd,!1,onError);return re.comment&&(doc.comment=re.comment),doc.range=
[offset,contentEnd,re.offset],doc}exports2.composeDoc=composeDoc}});var require_composer=__commonJS({"node_modules/yaml/dist/compose/composer.js"(exports2){"use strict";var node_process=require("process"),
directives=require_directives(),Document=require_Document(),errors=require_errors(),identity=require_identity(),composeDoc=require_compose_doc(),
resolveEnd=require_resolve_end();function getErrorPos(src){if(typeof src=="number")return[src,src+1];if(Array.isArray(src))
return src.length===2?src:[src[0],src[1]];let{offset,source}=src;return[offset,offset+(typeof source=="string"?source.length:
1)]}function parsePrelude(prelude){var _a;let comment="",atComment=!1,afterEmptyLine=!1;for(let i=0;i<prelude.length;++i){
let source=prelude[i];switch(source[0]){case"#":comment+=(comment===""?"":afterEmptyLine?`

`:`
`)+(source.substring(1)||" "),atComment=!0,afterEmptyLine=!1;break;case"%":((_a=prelude[i+1])==null?void 0:_a[0])!=="#"&&
(i+=1),atComment=!1;break;default:atComment||(afterEmptyLine=!0),atComment=!1}}return{comment,afterEmptyLine}}var Composer=class{constructor(options={}){
this.doc=null,this.atDirectives=!1,this.prelude=[],this.errors=[],this.warnings=[],this.onError=(source,code2,message,warning)=>{
let pos=getErrorPos(source);warning?this.warnings.push(new errors.YAMLWarning(pos,code2,message)):this.errors.push(new errors.
YAMLParseError(pos,code2,message))},this.directives=new directives.Directives({version:options.version||"1.2"}),this.options=
options}decorate(doc,afterDoc){let{comment,afterEmptyLine}=parsePrelude(this.prelude);if(comment){let dc=doc.contents;if(afterDoc)
doc.comment=doc.comment?`${doc.comment}
${comment}`:comment;else if(afterEmptyLine||doc.directives.docStart||!dc)doc.commentBefore=comment;else if(identity.isCollection(
dc)&&!dc.flow&&dc.items.length>0){let it=dc.items[0];identity.isPair(it)&&(it=it.key);let cb=it.commentBefore;it.commentBefore=
cb?`${comment}
${cb}`:comment}else{let cb=dc.commentBefore;dc.commentBefore=cb?`${comment}
${cb}`:comment}}if(afterDoc){for(let i=0;i<this.errors.length;++i)doc.errors.push(this.errors[i]);for(let i=0;i<this.warnings.
length;++i)doc.warnings.push(this.warnings[i])}else doc.errors=this.errors,doc.warnings=this.warnings;this.prelude=[],this.
errors=[],this.warnings=[]}streamInfo(){return{comment:parsePrelude(this.prelude).comment,directives:this.directives,errors:this.
errors,warnings:this.warnings}}*compose(tokens2,forceDoc=!1,endOffset=-1){for(let token of tokens2)yield*this.next(token);
yield*this.end(forceDoc,endOffset)}*next(token){switch(node_process.env.LOG_STREAM&&console.dir(token,{depth:null}),token.
type){case"directive":this.directives.add(token.source,(offset,message,warning)=>{let pos=getErrorPos(token);pos[0]+=offset,
this.onError(pos,"BAD_DIRECTIVE",message,warning)}),this.prelude.push(token.source),this.atDirectives=!0;break;case"docu\
ment":{let doc=composeDoc.composeDoc(this.options,this.directives,token,this.onError);this.atDirectives&&!doc.directives.
docStart&&this.onError(token,"MISSING_CHAR","Missing directives-end/doc-start indicator line"),this.decorate(doc,!1),this.
doc&&(yield this.doc),this.doc=doc,this.atDirectives=!1;break}case"byte-order-mark":case"space":break;case"comment":case"\
newline":this.prelude.push(token.source);break;case"error":{let msg=token.source?`${token.message}: ${JSON.stringify(token.
source)}`:token.message,error=new errors.YAMLParseError(getErrorPos(token),"UNEXPECTED_TOKEN",msg);this.atDirectives||!this.
doc?this.errors.push(error):this.doc.errors.push(error);break}case"doc-end":{if(!this.doc){let msg="Unexpected doc-end w\
ithout preceding document";this.errors.push(new errors.YAMLParseError(getErrorPos(token),"UNEXPECTED_TOKEN",msg));break}
this.doc.directives.docEnd=!0;let end=resolveEnd.resolveEnd(token.end,token.offset+token.source.length,this.doc.options.
strict,this.onError);if(this.decorate(this.doc,!0),end.comment){let dc=this.doc.comment;this.doc.comment=dc?`${dc}
${end.comment}`:end.comment}this.doc.range[2]=end.offset;break}default:this.errors.push(new errors.YAMLParseError(getErrorPos(
token),"UNEXPECTED_TOKEN",`Unsupported token ${token.type}`))}}*end(forceDoc=!1,endOffset=-1){if(this.doc)this.decorate(
this.doc,!0),yield this.doc,this.doc=null;else if(forceDoc){let opts=Object.assign({_directives:this.directives},this.options),
doc=new Document.Document(void 0,opts);this.atDirectives&&this.onError(endOffset,"MISSING_CHAR","Missing directives-end \
indicator line"),doc.range=[0,endOffset,endOffset],this.decorate(doc,!1),yield doc}}};exports2.Composer=Composer}});var require_cst_scalar=__commonJS({"node_modules/yaml/dist/parse/cst-scalar.js"(exports2){"use strict";var resolveBlockScalar=require_resolve_block_scalar(),
resolveFlowScalar=require_resolve_flow_scalar(),errors=require_errors(),stringifyString=require_stringifyString();function resolveAsScalar(token,strict=!0,onError){
if(token){let _onError=(pos,code2,message)=>{let offset=typeof pos=="number"?pos:Array.isArray(pos)?pos[0]:pos.offset;if(onError)
onError(offset,code2,message);else throw new errors.YAMLParseError([offset,offset+1],code2,message)};switch(token.type){case"\
scalar":case"single-quoted-scalar":case"double-quoted-scalar":return resolveFlowScalar.resolveFlowScalar(token,strict,_onError);case"\
block-scalar":return resolveBlockScalar.resolveBlockScalar({options:{strict}},token,_onError)}}return null}function createScalarToken(value,context){
let{implicitKey=!1,indent,inFlow=!1,offset=-1,type="PLAIN"}=context,source=stringifyString.stringifyString({type,value},
{implicitKey,indent:indent>0?" ".repeat(indent):"",inFlow,options:{blockQuote:!0,lineWidth:-1}}),end=context.end??[{type:"\
newline",offset:-1,indent,source:`
`}];switch(source[0]){case"|":case">":{let he=source.indexOf(`
`),head=source.substring(0,he),body2=source.substring(he+1)+`
`,props=[{type:"block-scalar-header",offset,indent,source:head}];return addEndtoBlockProps(props,end)||props.push({type:"\
newline",offset:-1,indent,source:`
`}),{type:"block-scalar",offset,indent,props,source:body2}}case'"':return{type:"double-quoted-scalar",offset,indent,source,
end};case"'":return{type:"single-quoted-scalar",offset,indent,source,end};default:return{type:"scalar",offset,indent,source,
end}}}function setScalarValue(token,value,context={}){let{afterKey=!1,implicitKey=!1,inFlow=!1,type}=context,indent="ind\
ent"in token?token.indent:null;if(afterKey&&typeof indent=="number"&&(indent+=2),!type)switch(token.type){case"single-qu\
oted-scalar":type="QUOTE_SINGLE";break;case"double-quoted-scalar":type="QUOTE_DOUBLE";break;case"block-scalar":{let header=token.
props[0];if(header.type!=="block-scalar-header")throw new Error("Invalid block scalar header");type=header.source[0]==="\
>"?"BLOCK_FOLDED":"BLOCK_LITERAL";break}default:type="PLAIN"}let source=stringifyString.stringifyString({type,value},{implicitKey:implicitKey||
indent===null,indent:indent!==null&&indent>0?" ".repeat(indent):"",inFlow,options:{blockQuote:!0,lineWidth:-1}});switch(source[0]){case"\
|":case">":setBlockScalarValue(token,source);break;case'"':setFlowScalarValue(token,source,"double-quoted-scalar");break;case"\
'":setFlowScalarValue(token,source,"single-quoted-scalar");break;default:setFlowScalarValue(token,source,"scalar")}}function setBlockScalarValue(token,source){
let he=source.indexOf(`
`),head=source.substring(0,he),body2=source.substring(he+1)+`
`;if(token.type==="block-scalar"){let header=token.props[0];if(header.type!=="block-scalar-header")throw new Error("Inva\
lid block scalar header");header.source=head,token.source=body2}else{let{offset}=token,indent="indent"in token?token.indent:
-1,props=[{type:"block-scalar-header",offset,indent,source:head}];addEndtoBlockProps(props,"end"in token?token.end:void 0)||
props.push({type:"newline",offset:-1,indent,source:`
`});for(let key of Object.keys(token))key!=="type"&&key!=="offset"&&delete token[key];Object.assign(token,{type:"block-s\
calar",indent,props,source:body2})}}function addEndtoBlockProps(props,end){if(end)for(let st of end)switch(st.type){case"\
space":case"comment":props.push(st);break;case"newline":return props.push(st),!0}return!1}function setFlowScalarValue(token,source,type){
switch(token.type){case"scalar":case"double-quoted-scalar":case"single-quoted-scalar":token.type=type,token.source=source;
break;case"block-scalar":{let end=token.props.slice(1),oa=source.length;token.props[0].type==="block-scalar-header"&&(oa-=
token.props[0].source.length);for(let tok of end)tok.offset+=oa;delete token.props,Object.assign(token,{type,source,end});
break}case"block-map":case"block-seq":{let nl={type:"newline",offset:token.offset+source.length,indent:token.indent,source:`\

`};delete token.items,Object.assign(token,{type,source,end:[nl]});break}default:{let indent="indent"in token?token.indent:
-1,end="end"in token&&Array.isArray(token.end)?token.end.filter(st=>st.type==="space"||st.type==="comment"||st.type==="n\
ewline"):[];for(let key of Object.keys(token))key!=="type"&&key!=="offset"&&delete token[key];Object.assign(token,{type,
indent,source,end})}}}exports2.createScalarToken=createScalarToken;exports2.resolveAsScalar=resolveAsScalar;exports2.setScalarValue=
setScalarValue}});var require_cst_stringify=__commonJS({"node_modules/yaml/dist/parse/cst-stringify.js"(exports2){"use strict";var stringify=cst=>"\
type"in cst?stringifyToken(cst):stringifyItem(cst);function stringifyToken(token){switch(token.type){case"block-scalar":{
let res="";for(let tok of token.props)res+=stringifyToken(tok);return res+token.source}case"block-map":case"block-seq":{
let res="";for(let item of token.items)res+=stringifyItem(item);return res}case"flow-collection":{let res=token.start.source;
for(let item of token.items)res+=stringifyItem(item);for(let st of token.end)res+=st.source;return res}case"document":{let res=stringifyItem(
token);if(token.end)for(let st of token.end)res+=st.source;return res}default:{let res=token.source;if("end"in token&&token.
end)for(let st of token.end)res+=st.source;return res}}}function stringifyItem({start,key,sep,value}){let res="";for(let st of start)
res+=st.source;if(key&&(res+=stringifyToken(key)),sep)for(let st of sep)res+=st.source;return value&&(res+=stringifyToken(
value)),res}exports2.stringify=stringify}});var require_cst_visit=__commonJS({"node_modules/yaml/dist/parse/cst-visit.js"(exports2){"use strict";var BREAK=Symbol("b\
reak visit"),SKIP=Symbol("skip children"),REMOVE=Symbol("remove item");function visit3(cst,visitor){"type"in cst&&cst.type===
"document"&&(cst={start:cst.start,value:cst.value}),_visit(Object.freeze([]),cst,visitor)}visit3.BREAK=BREAK;visit3.SKIP=
SKIP;visit3.REMOVE=REMOVE;visit3.itemAtPath=(cst,path)=>{let item=cst;for(let[field,index]of path){let tok=item==null?void 0:
item[field];if(tok&&"items"in tok)item=tok.items[index];else return}return item};visit3.parentCollection=(cst,path)=>{let parent=visit3.
itemAtPath(cst,path.slice(0,-1)),field=path[path.length-1][0],coll=parent==null?void 0:parent[field];if(coll&&"items"in coll)
return coll;throw new Error("Parent collection not found")};function _visit(path,item,visitor){let ctrl=visitor(item,path);
if(typeof ctrl=="symbol")return ctrl;for(let field of["key","value"]){let token=item[field];if(token&&"items"in token){for(let i=0;i<
token.items.length;++i){let ci=_visit(Object.freeze(path.concat([[field,i]])),token.items[i],visitor);if(typeof ci=="num\
ber")i=ci-1;else{if(ci===BREAK)return BREAK;ci===REMOVE&&(token.items.splice(i,1),i-=1)}}typeof ctrl=="function"&&field===
"key"&&(ctrl=ctrl(item,path))}}return typeof ctrl=="function"?ctrl(item,path):ctrl}exports2.visit=visit3}});var require_cst=__commonJS({"node_modules/yaml/dist/parse/cst.js"(exports2){"use strict";var cstScalar=require_cst_scalar(),
cstStringify=require_cst_stringify(),cstVisit=require_cst_visit(),BOM="\uFEFF",DOCUMENT="",FLOW_END="",SCALAR="",isCollection3=token=>!!token&&
"items"in token,isScalar4=token=>!!token&&(token.type==="scalar"||token.type==="single-quoted-scalar"||token.type==="dou\
ble-quoted-scalar"||token.type==="block-scalar");function prettyToken(token){switch(token){case BOM:return"<BOM>";case DOCUMENT:
return"<DOC>";case FLOW_END:return"<FLOW_END>";case SCALAR:return"<SCALAR>";default:return JSON.stringify(token)}}function tokenType(source){
switch(source){case BOM:return"byte-order-mark";case DOCUMENT:return"doc-mode";case FLOW_END:return"flow-error-end";case SCALAR:
return"scalar";case"---":return"doc-start";case"...":return"doc-end";case"":case`
`:case`\r
`:return"newline";case"-":return"seq-item-ind";case"?":return"explicit-key-ind";case":":return"map-value-ind";case"{":return"\
flow-map-start";case"}":return"flow-map-end";case"[":return"flow-seq-start";case"]":return"flow-seq-end";case",":return"\
comma"}switch(source[0]){case" ":case"	":return"space";case"#":return"comment";case"%":return"directive-line";case"*":return"\
alias";case"&":return"anchor";case"!":return"tag";case"'":return"single-quoted-scalar";case'"':return"double-quoted-scal\
ar";case"|":case">":return"block-scalar-header"}return null}exports2.createScalarToken=cstScalar.createScalarToken;exports2.
resolveAsScalar=cstScalar.resolveAsScalar;exports2.setScalarValue=cstScalar.setScalarValue;exports2.stringify=cstStringify.
stringify;exports2.visit=cstVisit.visit;exports2.BOM=BOM;exports2.DOCUMENT=DOCUMENT;exports2.FLOW_END=FLOW_END;exports2.
SCALAR=SCALAR;exports2.isCollection=isCollection3;exports2.isScalar=isScalar4;exports2.prettyToken=prettyToken;exports2.
tokenType=tokenType}});var require_lexer=__commonJS({"node_modules/yaml/dist/parse/lexer.js"(exports2){"use strict";var cst=require_cst();function isEmpty(ch){
switch(ch){case void 0:case" ":case`
`:case"\r":case"	":return!0;default:return!1}}var hexDigits=new Set("0123456789ABCDEFabcdef"),tagChars=new Set("01234567\
89ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()"),flowIndicatorChars=new Set(",[]{}"),invalidAnchorChars=new Set(
` ,[]{}
\r	`),isNotAnchorChar=ch=>!ch||invalidAnchorChars.has(ch),Lexer=class{constructor(){this.atEnd=!1,this.blockScalarIndent=
-1,this.blockScalarKeep=!1,this.buffer="",this.flowKey=!1,this.flowLevel=0,this.indentNext=0,this.indentValue=0,this.lineEndPos=
null,this.next=null,this.pos=0}*lex(source,incomplete=!1){if(source){if(typeof source!="string")throw TypeError("source \
is not a string");this.buffer=this.buffer?this.buffer+source:source,this.lineEndPos=null}this.atEnd=!incomplete;let next=this.
next??"stream";for(;next&&(incomplete||this.hasChars(1));)next=yield*this.parseNext(next)}atLineEnd(){let i=this.pos,ch=this.
buffer[i];for(;ch===" "||ch==="	";)ch=this.buffer[++i];return!ch||ch==="#"||ch===`
`?!0:ch==="\r"?this.buffer[i+1]===`
`:!1}charAt(n){return this.buffer[this.pos+n]}continueScalar(offset){let ch=this.buffer[offset];if(this.indentNext>0){let indent=0;
for(;ch===" ";)ch=this.buffer[++indent+offset];if(ch==="\r"){let next=this.buffer[indent+offset+1];if(next===`
`||!next&&!this.atEnd)return offset+indent+1}return ch===`
`||indent>=this.indentNext||!ch&&!this.atEnd?offset+indent:-1}if(ch==="-"||ch==="."){let dt=this.buffer.substr(offset,3);
if((dt==="---"||dt==="...")&&isEmpty(this.buffer[offset+3]))return-1}return offset}getLine(){let end=this.lineEndPos;return(typeof end!=
"number"||end!==-1&&end<this.pos)&&(end=this.buffer.indexOf(`
`,this.pos),this.lineEndPos=end),end===-1?this.atEnd?this.buffer.substring(this.pos):null:(this.buffer[end-1]==="\r"&&(end-=
1),this.buffer.substring(this.pos,end))}hasChars(n){return this.pos+n<=this.buffer.length}setNext(state){return this.buffer=
this.buffer.substring(this.pos),this.pos=0,this.lineEndPos=null,this.next=state,null}peek(n){return this.buffer.substr(this.
pos,n)}*parseNext(next){switch(next){case"stream":return yield*this.parseStream();case"line-start":return yield*this.parseLineStart();case"\
block-start":return yield*this.parseBlockStart();case"doc":return yield*this.parseDocument();case"flow":return yield*this.
parseFlowCollection();case"quoted-scalar":return yield*this.parseQuotedScalar();case"block-scalar":return yield*this.parseBlockScalar();case"\
plain-scalar":return yield*this.parsePlainScalar()}}*parseStream(){let line=this.getLine();if(line===null)return this.setNext(
"stream");if(line[0]===cst.BOM&&(yield*this.pushCount(1),line=line.substring(1)),line[0]==="%"){let dirEnd=line.length,cs=line.
indexOf("#");for(;cs!==-1;){let ch=line[cs-1];if(ch===" "||ch==="	"){dirEnd=cs-1;break}else cs=line.indexOf("#",cs+1)}for(;;){
let ch=line[dirEnd-1];if(ch===" "||ch==="	")dirEnd-=1;else break}let n=(yield*this.pushCount(dirEnd))+(yield*this.pushSpaces(
!0));return yield*this.pushCount(line.length-n),this.pushNewline(),"stream"}if(this.atLineEnd()){let sp=yield*this.pushSpaces(
!0);return yield*this.pushCount(line.length-sp),yield*this.pushNewline(),"stream"}return yield cst.DOCUMENT,yield*this.parseLineStart()}*parseLineStart(){
let ch=this.charAt(0);if(!ch&&!this.atEnd)return this.setNext("line-start");if(ch==="-"||ch==="."){if(!this.atEnd&&!this.
hasChars(4))return this.setNext("line-start");let s=this.peek(3);if((s==="---"||s==="...")&&isEmpty(this.charAt(3)))return yield*this.
pushCount(3),this.indentValue=0,this.indentNext=0,s==="---"?"doc":"stream"}return this.indentValue=yield*this.pushSpaces(
!1),this.indentNext>this.indentValue&&!isEmpty(this.charAt(1))&&(this.indentNext=this.indentValue),yield*this.parseBlockStart()}*parseBlockStart(){
let[ch0,ch1]=this.peek(2);if(!ch1&&!this.atEnd)return this.setNext("block-start");if((ch0==="-"||ch0==="?"||ch0===":")&&
isEmpty(ch1)){let n=(yield*this.pushCount(1))+(yield*this.pushSpaces(!0));return this.indentNext=this.indentValue+1,this.
indentValue+=n,"block-start"}return"doc"}*parseDocument(){yield*this.pushSpaces(!0);let line=this.getLine();if(line===null)
return this.setNext("doc");let n=yield*this.pushIndicators();switch(line[n]){case"#":yield*this.pushCount(line.length-n);case void 0:
return yield*this.pushNewline(),yield*this.parseLineStart();case"{":case"[":return yield*this.pushCount(1),this.flowKey=
!1,this.flowLevel=1,"flow";case"}":case"]":return yield*this.pushCount(1),"doc";case"*":return yield*this.pushUntil(isNotAnchorChar),
"doc";case'"':case"'":return yield*this.parseQuotedScalar();case"|":case">":return n+=yield*this.parseBlockScalarHeader(),
n+=yield*this.pushSpaces(!0),yield*this.pushCount(line.length-n),yield*this.pushNewline(),yield*this.parseBlockScalar();default:
return yield*this.parsePlainScalar()}}*parseFlowCollection(){let nl,sp,indent=-1;do nl=yield*this.pushNewline(),nl>0?(sp=
yield*this.pushSpaces(!1),this.indentValue=indent=sp):sp=0,sp+=yield*this.pushSpaces(!0);while(nl+sp>0);let line=this.getLine();
if(line===null)return this.setNext("flow");if((indent!==-1&&indent<this.indentNext&&line[0]!=="#"||indent===0&&(line.startsWith(
"---")||line.startsWith("..."))&&isEmpty(line[3]))&&!(indent===this.indentNext-1&&this.flowLevel===1&&(line[0]==="]"||line[0]===
"}")))return this.flowLevel=0,yield cst.FLOW_END,yield*this.parseLineStart();let n=0;for(;line[n]===",";)n+=yield*this.pushCount(
1),n+=yield*this.pushSpaces(!0),this.flowKey=!1;switch(n+=yield*this.pushIndicators(),line[n]){case void 0:return"flow";case"\
#":return yield*this.pushCount(line.length-n),"flow";case"{":case"[":return yield*this.pushCount(1),this.flowKey=!1,this.
flowLevel+=1,"flow";case"}":case"]":return yield*this.pushCount(1),this.flowKey=!0,this.flowLevel-=1,this.flowLevel?"flo\
w":"doc";case"*":return yield*this.pushUntil(isNotAnchorChar),"flow";case'"':case"'":return this.flowKey=!0,yield*this.parseQuotedScalar();case"\
:":{let next=this.charAt(1);if(this.flowKey||isEmpty(next)||next===",")return this.flowKey=!1,yield*this.pushCount(1),yield*this.
pushSpaces(!0),"flow"}default:return this.flowKey=!1,yield*this.parsePlainScalar()}}*parseQuotedScalar(){let quote3=this.
charAt(0),end=this.buffer.indexOf(quote3,this.pos+1);if(quote3==="'")for(;end!==-1&&this.buffer[end+1]==="'";)end=this.buffer.
indexOf("'",end+2);else for(;end!==-1;){let n=0;for(;this.buffer[end-1-n]==="\\";)n+=1;if(n%2===0)break;end=this.buffer.
indexOf('"',end+1)}let qb=this.buffer.substring(0,end),nl=qb.indexOf(`
`,this.pos);if(nl!==-1){for(;nl!==-1;){let cs=this.continueScalar(nl+1);if(cs===-1)break;nl=qb.indexOf(`
`,cs)}nl!==-1&&(end=nl-(qb[nl-1]==="\r"?2:1))}if(end===-1){if(!this.atEnd)return this.setNext("quoted-scalar");end=this.
buffer.length}return yield*this.pushToIndex(end+1,!1),this.flowLevel?"flow":"doc"}*parseBlockScalarHeader(){this.blockScalarIndent=
-1,this.blockScalarKeep=!1;let i=this.pos;for(;;){let ch=this.buffer[++i];if(ch==="+")this.blockScalarKeep=!0;else if(ch>
"0"&&ch<="9")this.blockScalarIndent=Number(ch)-1;else if(ch!=="-")break}return yield*this.pushUntil(ch=>isEmpty(ch)||ch===
"#")}*parseBlockScalar(){let nl=this.pos-1,indent=0,ch;loop:for(let i2=this.pos;ch=this.buffer[i2];++i2)switch(ch){case"\
 ":indent+=1;break;case`
`:nl=i2,indent=0;break;case"\r":{let next=this.buffer[i2+1];if(!next&&!this.atEnd)return this.setNext("block-scalar");if(next===
`
`)break}default:break loop}if(!ch&&!this.atEnd)return this.setNext("block-scalar");if(indent>=this.indentNext){this.blockScalarIndent===
-1?this.indentNext=indent:this.indentNext=this.blockScalarIndent+(this.indentNext===0?1:this.indentNext);do{let cs=this.
continueScalar(nl+1);if(cs===-1)break;nl=this.buffer.indexOf(`
`,cs)}while(nl!==-1);if(nl===-1){if(!this.atEnd)return this.setNext("block-scalar");nl=this.buffer.length}}let i=nl+1;for(ch=
this.buffer[i];ch===" ";)ch=this.buffer[++i];if(ch==="	"){for(;ch==="	"||ch===" "||ch==="\r"||ch===`
`;)ch=this.buffer[++i];nl=i-1}else if(!this.blockScalarKeep)do{let i2=nl-1,ch2=this.buffer[i2];ch2==="\r"&&(ch2=this.buffer[--i2]);
let lastChar=i2;for(;ch2===" ";)ch2=this.buffer[--i2];if(ch2===`
`&&i2>=this.pos&&i2+1+indent>lastChar)nl=i2;else break}while(!0);return yield cst.SCALAR,yield*this.pushToIndex(nl+1,!0),
yield*this.parseLineStart()}*parsePlainScalar(){let inFlow=this.flowLevel>0,end=this.pos-1,i=this.pos-1,ch;for(;ch=this.
buffer[++i];)if(ch===":"){let next=this.buffer[i+1];if(isEmpty(next)||inFlow&&flowIndicatorChars.has(next))break;end=i}else if(isEmpty(
ch)){let next=this.buffer[i+1];if(ch==="\r"&&(next===`
`?(i+=1,ch=`
`,next=this.buffer[i+1]):end=i),next==="#"||inFlow&&flowIndicatorChars.has(next))break;if(ch===`
`){let cs=this.continueScalar(i+1);if(cs===-1)break;i=Math.max(i,cs-2)}}else{if(inFlow&&flowIndicatorChars.has(ch))break;
end=i}return!ch&&!this.atEnd?this.setNext("plain-scalar"):(yield cst.SCALAR,yield*this.pushToIndex(end+1,!0),inFlow?"flo\
w":"doc")}*pushCount(n){return n>0?(yield this.buffer.substr(this.pos,n),this.pos+=n,n):0}*pushToIndex(i,allowEmpty){let s=this.
buffer.slice(this.pos,i);return s?(yield s,this.pos+=s.length,s.length):(allowEmpty&&(yield""),0)}*pushIndicators(){let n=0;
loop:for(;;){switch(this.charAt(0)){case"!":n+=yield*this.pushTag(),n+=yield*this.pushSpaces(!0);continue loop;case"&":n+=
yield*this.pushUntil(isNotAnchorChar),n+=yield*this.pushSpaces(!0);continue loop;case"-":case"?":case":":{let inFlow=this.
flowLevel>0,ch1=this.charAt(1);if(isEmpty(ch1)||inFlow&&flowIndicatorChars.has(ch1)){inFlow?this.flowKey&&(this.flowKey=
!1):this.indentNext=this.indentValue+1,n+=yield*this.pushCount(1),n+=yield*this.pushSpaces(!0);continue loop}}}break loop}
return n}*pushTag(){if(this.charAt(1)==="<"){let i=this.pos+2,ch=this.buffer[i];for(;!isEmpty(ch)&&ch!==">";)ch=this.buffer[++i];
return yield*this.pushToIndex(ch===">"?i+1:i,!1)}else{let i=this.pos+1,ch=this.buffer[i];for(;ch;)if(tagChars.has(ch))ch=
this.buffer[++i];else if(ch==="%"&&hexDigits.has(this.buffer[i+1])&&hexDigits.has(this.buffer[i+2]))ch=this.buffer[i+=3];else
break;return yield*this.pushToIndex(i,!1)}}*pushNewline(){let ch=this.buffer[this.pos];return ch===`
`?yield*this.pushCount(1):ch==="\r"&&this.charAt(1)===`
`?yield*this.pushCount(2):0}*pushSpaces(allowTabs){let i=this.pos-1,ch;do ch=this.buffer[++i];while(ch===" "||allowTabs&&
ch==="	");let n=i-this.pos;return n>0&&(yield this.buffer.substr(this.pos,n),this.pos=i),n}*pushUntil(test){let i=this.pos,
ch=this.buffer[i];for(;!test(ch);)ch=this.buffer[++i];return yield*this.pushToIndex(i,!1)}};exports2.Lexer=Lexer}});var require_line_counter=__commonJS({"node_modules/yaml/dist/parse/line-counter.js"(exports2){"use strict";var LineCounter4=class{constructor(){
this.lineStarts=[],this.addNewLine=offset=>this.lineStarts.push(offset),this.linePos=offset=>{let low=0,high=this.lineStarts.
length;for(;low<high;){let mid=low+high>>1;this.lineStarts[mid]<offset?low=mid+1:high=mid}if(this.lineStarts[low]===offset)
return{line:low+1,col:1};if(low===0)return{line:0,col:offset};let start=this.lineStarts[low-1];return{line:low,col:offset-
start+1}}}};exports2.LineCounter=LineCounter4}});var require_parser=__commonJS({"node_modules/yaml/dist/parse/parser.js"(exports2){"use strict";var node_process=require("process"),
cst=require_cst(),lexer=require_lexer();function includesToken(list2,type){for(let i=0;i<list2.length;++i)if(list2[i].type===
type)return!0;return!1}function findNonEmptyIndex(list2){for(let i=0;i<list2.length;++i)switch(list2[i].type){case"space":case"\
comment":case"newline":break;default:return i}return-1}function isFlowToken(token){switch(token==null?void 0:token.type){case"\
alias":case"scalar":case"single-quoted-scalar":case"double-quoted-scalar":case"flow-collection":return!0;default:return!1}}
function getPrevProps(parent){switch(parent.type){case"document":return parent.start;case"block-map":{let it=parent.items[parent.
items.length-1];return it.sep??it.start}case"block-seq":return parent.items[parent.items.length-1].start;default:return[]}}
function getFirstKeyStartProps(prev){var _a;if(prev.length===0)return[];let i=prev.length;loop:for(;--i>=0;)switch(prev[i].
type){case"doc-start":case"explicit-key-ind":case"map-value-ind":case"seq-item-ind":case"newline":break loop}for(;((_a=prev[++i])==
null?void 0:_a.type)==="space";);return prev.splice(i,prev.length)}function arrayPushArray(target,source){if(source.length<
1e5)Array.prototype.push.apply(target,source);else for(let i=0;i<source.length;++i)target.push(source[i])}function fixFlowSeqItems(fc){
if(fc.start.type==="flow-seq-start")for(let it of fc.items)it.sep&&!it.value&&!includesToken(it.start,"explicit-key-ind")&&
!includesToken(it.sep,"map-value-ind")&&(it.key&&(it.value=it.key),delete it.key,isFlowToken(it.value)?it.value.end?arrayPushArray(
it.value.end,it.sep):it.value.end=it.sep:arrayPushArray(it.start,it.sep),delete it.sep)}var Parser=class{constructor(onNewLine){
this.atNewLine=!0,this.atScalar=!1,this.indent=0,this.offset=0,this.onKeyLine=!1,this.stack=[],this.source="",this.type=
"",this.lexer=new lexer.Lexer,this.onNewLine=onNewLine}*parse(source,incomplete=!1){this.onNewLine&&this.offset===0&&this.
onNewLine(0);for(let lexeme of this.lexer.lex(source,incomplete))yield*this.next(lexeme);incomplete||(yield*this.end())}*next(source){
if(this.source=source,node_process.env.LOG_TOKENS&&console.log("|",cst.prettyToken(source)),this.atScalar){this.atScalar=
!1,yield*this.step(),this.offset+=source.length;return}let type=cst.tokenType(source);if(type)if(type==="scalar")this.atNewLine=
!1,this.atScalar=!0,this.type="scalar";else{switch(this.type=type,yield*this.step(),type){case"newline":this.atNewLine=!0,
this.indent=0,this.onNewLine&&this.onNewLine(this.offset+source.length);break;case"space":this.atNewLine&&source[0]===" "&&
(this.indent+=source.length);break;case"explicit-key-ind":case"map-value-ind":case"seq-item-ind":this.atNewLine&&(this.indent+=
source.length);break;case"doc-mode":case"flow-error-end":return;default:this.atNewLine=!1}this.offset+=source.length}else{
let message=`Not a YAML token: ${source}`;yield*this.pop({type:"error",offset:this.offset,message,source}),this.offset+=
source.length}}*end(){for(;this.stack.length>0;)yield*this.pop()}get sourceToken(){return{type:this.type,offset:this.offset,
indent:this.indent,source:this.source}}*step(){let top=this.peek(1);if(this.type==="doc-end"&&(top==null?void 0:top.type)!==
"doc-end"){for(;this.stack.length>0;)yield*this.pop();this.stack.push({type:"doc-end",offset:this.offset,source:this.source});
return}if(!top)return yield*this.stream();switch(top.type){case"document":return yield*this.document(top);case"alias":case"\
scalar":case"single-quoted-scalar":case"double-quoted-scalar":return yield*this.scalar(top);case"block-scalar":return yield*this.
blockScalar(top);case"block-map":return yield*this.blockMap(top);case"block-seq":return yield*this.blockSequence(top);case"\
flow-collection":return yield*this.flowCollection(top);case"doc-end":return yield*this.documentEnd(top)}yield*this.pop()}peek(n){
return this.stack[this.stack.length-n]}*pop(error){let token=error??this.stack.pop();if(!token)yield{type:"error",offset:this.
offset,source:"",message:"Tried to pop an empty stack"};else if(this.stack.length===0)yield token;else{let top=this.peek(
1);switch(token.type==="block-scalar"?token.indent="indent"in top?top.indent:0:token.type==="flow-collection"&&top.type===
"document"&&(token.indent=0),token.type==="flow-collection"&&fixFlowSeqItems(token),top.type){case"document":top.value=token;
break;case"block-scalar":top.props.push(token);break;case"block-map":{let it=top.items[top.items.length-1];if(it.value){
top.items.push({start:[],key:token,sep:[]}),this.onKeyLine=!0;return}else if(it.sep)it.value=token;else{Object.assign(it,
{key:token,sep:[]}),this.onKeyLine=!it.explicitKey;return}break}case"block-seq":{let it=top.items[top.items.length-1];it.
value?top.items.push({start:[],value:token}):it.value=token;break}case"flow-collection":{let it=top.items[top.items.length-
1];!it||it.value?top.items.push({start:[],key:token,sep:[]}):it.sep?it.value=token:Object.assign(it,{key:token,sep:[]});
return}default:yield*this.pop(),yield*this.pop(token)}if((top.type==="document"||top.type==="block-map"||top.type==="blo\
ck-seq")&&(token.type==="block-map"||token.type==="block-seq")){let last=token.items[token.items.length-1];last&&!last.sep&&
!last.value&&last.start.length>0&&findNonEmptyIndex(last.start)===-1&&(token.indent===0||last.start.every(st=>st.type!==
"comment"||st.indent<token.indent))&&(top.type==="document"?top.end=last.start:top.items.push({start:last.start}),token.
items.splice(-1,1))}}}*stream(){switch(this.type){case"directive-line":yield{type:"directive",offset:this.offset,source:this.
source};return;case"byte-order-mark":case"space":case"comment":case"newline":yield this.sourceToken;return;case"doc-mode":case"\
doc-start":{let doc={type:"document",offset:this.offset,start:[]};this.type==="doc-start"&&doc.start.push(this.sourceToken),
this.stack.push(doc);return}}yield{type:"error",offset:this.offset,message:`Unexpected ${this.type} token in YAML stream`,
source:this.source}}*document(doc){if(doc.value)return yield*this.lineEnd(doc);switch(this.type){case"doc-start":{findNonEmptyIndex(
doc.start)!==-1?(yield*this.pop(),yield*this.step()):doc.start.push(this.sourceToken);return}case"anchor":case"tag":case"\
space":case"comment":case"newline":doc.start.push(this.sourceToken);return}let bv=this.startBlockValue(doc);bv?this.stack.
push(bv):yield{type:"error",offset:this.offset,message:`Unexpected ${this.type} token in YAML document`,source:this.source}}*scalar(scalar){
if(this.type==="map-value-ind"){let prev=getPrevProps(this.peek(2)),start=getFirstKeyStartProps(prev),sep;scalar.end?(sep=
scalar.end,sep.push(this.sourceToken),delete scalar.end):sep=[this.sourceToken];let map2={type:"block-map",offset:scalar.
offset,indent:scalar.indent,items:[{start,key:scalar,sep}]};this.onKeyLine=!0,this.stack[this.stack.length-1]=map2}else yield*this.
lineEnd(scalar)}*blockScalar(scalar){switch(this.type){case"space":case"comment":case"newline":scalar.props.push(this.sourceToken);
return;case"scalar":if(scalar.source=this.source,this.atNewLine=!0,this.indent=0,this.onNewLine){let nl=this.source.indexOf(
`
`)+1;for(;nl!==0;)this.onNewLine(this.offset+nl),nl=this.source.indexOf(`
`,nl)+1}yield*this.pop();break;default:yield*this.pop(),yield*this.step()}}*blockMap(map2){var _a;let it=map2.items[map2.
items.length-1];switch(this.type){case"newline":if(this.onKeyLine=!1,it.value){let end="end"in it.value?it.value.end:void 0,
last=Array.isArray(end)?end[end.length-1]:void 0;(last==null?void 0:last.type)==="comment"?end==null||end.push(this.sourceToken):
map2.items.push({start:[this.sourceToken]})}else it.sep?it.sep.push(this.sourceToken):it.start.push(this.sourceToken);return;case"\
space":case"comment":if(it.value)map2.items.push({start:[this.sourceToken]});else if(it.sep)it.sep.push(this.sourceToken);else{
if(this.atIndentedComment(it.start,map2.indent)){let prev=map2.items[map2.items.length-2],end=(_a=prev==null?void 0:prev.
value)==null?void 0:_a.end;if(Array.isArray(end)){arrayPushArray(end,it.start),end.push(this.sourceToken),map2.items.pop();
return}}it.start.push(this.sourceToken)}return}if(this.indent>=map2.indent){let atMapIndent=!this.onKeyLine&&this.indent===
map2.indent,atNextItem=atMapIndent&&(it.sep||it.explicitKey)&&this.type!=="seq-item-ind",start=[];if(atNextItem&&it.sep&&
!it.value){let nl=[];for(let i=0;i<it.sep.length;++i){let st=it.sep[i];switch(st.type){case"newline":nl.push(i);break;case"\
space":break;case"comment":st.indent>map2.indent&&(nl.length=0);break;default:nl.length=0}}nl.length>=2&&(start=it.sep.splice(
nl[1]))}switch(this.type){case"anchor":case"tag":atNextItem||it.value?(start.push(this.sourceToken),map2.items.push({start}),
this.onKeyLine=!0):it.sep?it.sep.push(this.sourceToken):it.start.push(this.sourceToken);return;case"explicit-key-ind":!it.
sep&&!it.explicitKey?(it.start.push(this.sourceToken),it.explicitKey=!0):atNextItem||it.value?(start.push(this.sourceToken),
map2.items.push({start,explicitKey:!0})):this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[
{start:[this.sourceToken],explicitKey:!0}]}),this.onKeyLine=!0;return;case"map-value-ind":if(it.explicitKey)if(it.sep)if(it.
value)map2.items.push({start:[],key:null,sep:[this.sourceToken]});else if(includesToken(it.sep,"map-value-ind"))this.stack.
push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start,key:null,sep:[this.sourceToken]}]});else if(isFlowToken(
it.key)&&!includesToken(it.sep,"newline")){let start2=getFirstKeyStartProps(it.start),key=it.key,sep=it.sep;sep.push(this.
sourceToken),delete it.key,delete it.sep,this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[
{start:start2,key,sep}]})}else start.length>0?it.sep=it.sep.concat(start,this.sourceToken):it.sep.push(this.sourceToken);else if(includesToken(
it.start,"newline"))Object.assign(it,{key:null,sep:[this.sourceToken]});else{let start2=getFirstKeyStartProps(it.start);
this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:start2,key:null,sep:[this.sourceToken]}]})}else
it.sep?it.value||atNextItem?map2.items.push({start,key:null,sep:[this.sourceToken]}):includesToken(it.sep,"map-value-ind")?
this.stack.push({type:"block-map",offset:this.offset,indent:this.indent,items:[{start:[],key:null,sep:[this.sourceToken]}]}):
it.sep.push(this.sourceToken):Object.assign(it,{key:null,sep:[this.sourceToken]});this.onKeyLine=!0;return;case"alias":case"\
scalar":case"single-quoted-scalar":case"double-quoted-scalar":{let fs=this.flowScalar(this.type);atNextItem||it.value?(map2.
items.push({start,key:fs,sep:[]}),this.onKeyLine=!0):it.sep?this.stack.push(fs):(Object.assign(it,{key:fs,sep:[]}),this.
onKeyLine=!0);return}default:{let bv=this.startBlockValue(map2);if(bv){if(bv.type==="block-seq"){if(!it.explicitKey&&it.
sep&&!includesToken(it.sep,"newline")){yield*this.pop({type:"error",offset:this.offset,message:"Unexpected block-seq-ind\
 on same line with key",source:this.source});return}}else atMapIndent&&map2.items.push({start});this.stack.push(bv);return}}}}
yield*this.pop(),yield*this.step()}*blockSequence(seq){var _a;let it=seq.items[seq.items.length-1];switch(this.type){case"\
newline":if(it.value){let end="end"in it.value?it.value.end:void 0,last=Array.isArray(end)?end[end.length-1]:void 0;(last==
null?void 0:last.type)==="comment"?end==null||end.push(this.sourceToken):seq.items.push({start:[this.sourceToken]})}else
it.start.push(this.sourceToken);return;case"space":case"comment":if(it.value)seq.items.push({start:[this.sourceToken]});else{
if(this.atIndentedComment(it.start,seq.indent)){let prev=seq.items[seq.items.length-2],end=(_a=prev==null?void 0:prev.value)==
null?void 0:_a.end;if(Array.isArray(end)){arrayPushArray(end,it.start),end.push(this.sourceToken),seq.items.pop();return}}
it.start.push(this.sourceToken)}return;case"anchor":case"tag":if(it.value||this.indent<=seq.indent)break;it.start.push(this.
sourceToken);return;case"seq-item-ind":if(this.indent!==seq.indent)break;it.value||includesToken(it.start,"seq-item-ind")?
seq.items.push({start:[this.sourceToken]}):it.start.push(this.sourceToken);return}if(this.indent>seq.indent){let bv=this.
startBlockValue(seq);if(bv){this.stack.push(bv);return}}yield*this.pop(),yield*this.step()}*flowCollection(fc){let it=fc.
items[fc.items.length-1];if(this.type==="flow-error-end"){let top;do yield*this.pop(),top=this.peek(1);while((top==null?
void 0:top.type)==="flow-collection")}else if(fc.end.length===0){switch(this.type){case"comma":case"explicit-key-ind":!it||
it.sep?fc.items.push({start:[this.sourceToken]}):it.start.push(this.sourceToken);return;case"map-value-ind":!it||it.value?
fc.items.push({start:[],key:null,sep:[this.sourceToken]}):it.sep?it.sep.push(this.sourceToken):Object.assign(it,{key:null,
sep:[this.sourceToken]});return;case"space":case"comment":case"newline":case"anchor":case"tag":!it||it.value?fc.items.push(
{start:[this.sourceToken]}):it.sep?it.sep.push(this.sourceToken):it.start.push(this.sourceToken);return;case"alias":case"\
scalar":case"single-quoted-scalar":case"double-quoted-scalar":{let fs=this.flowScalar(this.type);!it||it.value?fc.items.
push({start:[],key:fs,sep:[]}):it.sep?this.stack.push(fs):Object.assign(it,{key:fs,sep:[]});return}case"flow-map-end":case"\
flow-seq-end":fc.end.push(this.sourceToken);return}let bv=this.startBlockValue(fc);bv?this.stack.push(bv):(yield*this.pop(),
yield*this.step())}else{let parent=this.peek(2);if(parent.type==="block-map"&&(this.type==="map-value-ind"&&parent.indent===
fc.indent||this.type==="newline"&&!parent.items[parent.items.length-1].sep))yield*this.pop(),yield*this.step();else if(this.
type==="map-value-ind"&&parent.type!=="flow-collection"){let prev=getPrevProps(parent),start=getFirstKeyStartProps(prev);
fixFlowSeqItems(fc);let sep=fc.end.splice(1,fc.end.length);sep.push(this.sourceToken);let map2={type:"block-map",offset:fc.
offset,indent:fc.indent,items:[{start,key:fc,sep}]};this.onKeyLine=!0,this.stack[this.stack.length-1]=map2}else yield*this.
lineEnd(fc)}}flowScalar(type){if(this.onNewLine){let nl=this.source.indexOf(`
`)+1;for(;nl!==0;)this.onNewLine(this.offset+nl),nl=this.source.indexOf(`
`,nl)+1}return{type,offset:this.offset,indent:this.indent,source:this.source}}startBlockValue(parent){switch(this.type){case"\
alias":case"scalar":case"single-quoted-scalar":case"double-quoted-scalar":return this.flowScalar(this.type);case"block-s\
calar-header":return{type:"block-scalar",offset:this.offset,indent:this.indent,props:[this.sourceToken],source:""};case"\
flow-map-start":case"flow-seq-start":return{type:"flow-collection",offset:this.offset,indent:this.indent,start:this.sourceToken,
items:[],end:[]};case"seq-item-ind":return{type:"block-seq",offset:this.offset,indent:this.indent,items:[{start:[this.sourceToken]}]};case"\
explicit-key-ind":{this.onKeyLine=!0;let prev=getPrevProps(parent),start=getFirstKeyStartProps(prev);return start.push(this.
sourceToken),{type:"block-map",offset:this.offset,indent:this.indent,items:[{start,explicitKey:!0}]}}case"map-value-ind":{
this.onKeyLine=!0;let prev=getPrevProps(parent),start=getFirstKeyStartProps(prev);return{type:"block-map",offset:this.offset,
indent:this.indent,items:[{start,key:null,sep:[this.sourceToken]}]}}}return null}atIndentedComment(start,indent){return this.
type!=="comment"||this.indent<=indent?!1:start.every(st=>st.type==="newline"||st.type==="space")}*documentEnd(docEnd){this.
type!=="doc-mode"&&(docEnd.end?docEnd.end.push(this.sourceToken):docEnd.end=[this.sourceToken],this.type==="newline"&&(yield*this.
pop()))}*lineEnd(token){switch(this.type){case"comma":case"doc-start":case"doc-end":case"flow-seq-end":case"flow-map-end":case"\
map-value-ind":yield*this.pop(),yield*this.step();break;case"newline":this.onKeyLine=!1;default:token.end?token.end.push(
this.sourceToken):token.end=[this.sourceToken],this.type==="newline"&&(yield*this.pop())}}};exports2.Parser=Parser}});var require_public_api=__commonJS({"node_modules/yaml/dist/public-api.js"(exports2){"use strict";var composer=require_composer(),
Document=require_Document(),errors=require_errors(),log=require_log(),identity=require_identity(),lineCounter=require_line_counter(),
parser=require_parser();function parseOptions(options){let prettyErrors=options.prettyErrors!==!1;return{lineCounter:options.
lineCounter||prettyErrors&&new lineCounter.LineCounter||null,prettyErrors}}function parseAllDocuments2(source,options={}){
let{lineCounter:lineCounter2,prettyErrors}=parseOptions(options),parser$1=new parser.Parser(lineCounter2==null?void 0:lineCounter2.
addNewLine),composer$1=new composer.Composer(options),docs=Array.from(composer$1.compose(parser$1.parse(source)));if(prettyErrors&&
lineCounter2)for(let doc of docs)doc.errors.forEach(errors.prettifyError(source,lineCounter2)),doc.warnings.forEach(errors.
prettifyError(source,lineCounter2));return docs.length>0?docs:Object.assign([],{empty:!0},composer$1.streamInfo())}function parseDocument3(source,options={}){
let{lineCounter:lineCounter2,prettyErrors}=parseOptions(options),parser$1=new parser.Parser(lineCounter2==null?void 0:lineCounter2.
addNewLine),composer$1=new composer.Composer(options),doc=null;for(let _doc of composer$1.compose(parser$1.parse(source),
!0,source.length))if(!doc)doc=_doc;else if(doc.options.logLevel!=="silent"){doc.errors.push(new errors.YAMLParseError(_doc.
range.slice(0,2),"MULTIPLE_DOCS","Source contains multiple documents; please use YAML.parseAllDocuments()"));break}return prettyErrors&&
lineCounter2&&(doc.errors.forEach(errors.prettifyError(source,lineCounter2)),doc.warnings.forEach(errors.prettifyError(source,
lineCounter2))),doc}function parse(src,reviver,options){let _reviver;typeof reviver=="function"?_reviver=reviver:options===
void 0&&reviver&&typeof reviver=="object"&&(options=reviver);let doc=parseDocument3(src,options);if(!doc)return null;if(doc.
warnings.forEach(warning=>log.warn(doc.options.logLevel,warning)),doc.errors.length>0){if(doc.options.logLevel!=="silent")
throw doc.errors[0];doc.errors=[]}return doc.toJS(Object.assign({reviver:_reviver},options))}function stringify(value,replacer,options){
let _replacer=null;if(typeof replacer=="function"||Array.isArray(replacer)?_replacer=replacer:options===void 0&&replacer&&
(options=replacer),typeof options=="string"&&(options=options.length),typeof options=="number"){let indent=Math.round(options);
options=indent<1?void 0:indent>8?{indent:8}:{indent}}if(value===void 0){let{keepUndefined}=options??replacer??{};if(!keepUndefined)
return}return identity.isDocument(value)&&!_replacer?value.toString(options):new Document.Document(value,_replacer,options).
toString(options)}exports2.parse=parse;exports2.parseAllDocuments=parseAllDocuments2;exports2.parseDocument=parseDocument3;
exports2.stringify=stringify}});var require_dist=__commonJS({"node_modules/yaml/dist/index.js"(exports2){"use strict";var composer=require_composer(),Document=require_Document(),
Schema=require_Schema(),errors=require_errors(),Alias=require_Alias(),identity=require_identity(),Pair=require_Pair(),Scalar=require_Scalar(),
YAMLMap=require_YAMLMap(),YAMLSeq=require_YAMLSeq(),cst=require_cst(),lexer=require_lexer(),lineCounter=require_line_counter(),
parser=require_parser(),publicApi=require_public_api(),visit3=require_visit();exports2.Composer=composer.Composer;exports2.
Document=Document.Document;exports2.Schema=Schema.Schema;exports2.YAMLError=errors.YAMLError;exports2.YAMLParseError=errors.
YAMLParseError;exports2.YAMLWarning=errors.YAMLWarning;exports2.Alias=Alias.Alias;exports2.isAlias=identity.isAlias;exports2.
isCollection=identity.isCollection;exports2.isDocument=identity.isDocument;exports2.isMap=identity.isMap;exports2.isNode=
identity.isNode;exports2.isPair=identity.isPair;exports2.isScalar=identity.isScalar;exports2.isSeq=identity.isSeq;exports2.
Pair=Pair.Pair;exports2.Scalar=Scalar.Scalar;exports2.YAMLMap=YAMLMap.YAMLMap;exports2.YAMLSeq=YAMLSeq.YAMLSeq;exports2.
CST=cst;exports2.Lexer=lexer.Lexer;exports2.LineCounter=lineCounter.LineCounter;exports2.Parser=parser.Parser;exports2.parse=
publicApi.parse;exports2.parseAllDocuments=publicApi.parseAllDocuments;exports2.parseDocument=publicApi.parseDocument;exports2.
stringify=publicApi.stringify;exports2.visit=visit3.visit;exports2.visitAsync=visit3.visitAsync}});var require_lrucache=__commonJS({"node_modules/semver/internal/lrucache.js"(exports2,module2){"use strict";var LRUCache=class{constructor(){
this.max=1e3,this.map=new Map}get(key){let value=this.map.get(key);if(value!==void 0)return this.map.delete(key),this.map.
set(key,value),value}delete(key){return this.map.delete(key)}set(key,value){if(!this.delete(key)&&value!==void 0){if(this.
map.size>=this.max){let firstKey=this.map.keys().next().value;this.delete(firstKey)}this.map.set(key,value)}return this}};
module2.exports=LRUCache}});var require_parse_options=__commonJS({"node_modules/semver/internal/parse-options.js"(exports2,module2){"use strict";var looseOption=Object.
freeze({loose:!0}),emptyOpts=Object.freeze({}),parseOptions=options=>options?typeof options!="object"?looseOption:options:
emptyOpts;module2.exports=parseOptions}});var require_constants=__commonJS({"node_modules/semver/internal/constants.js"(exports2,module2){"use strict";var SEMVER_SPEC_VERSION="\
2.0.0",MAX_SAFE_INTEGER=Number.MAX_SAFE_INTEGER||9007199254740991,MAX_SAFE_COMPONENT_LENGTH=16,MAX_SAFE_BUILD_LENGTH=250,
WHITESPACE_CHARACTERS=["	",`
`,"\v","\f","\r"," ","\xA0","\u1680","\u2000","\u2001","\u2002","\u2003","\u2004","\u2005","\u2006","\u2007","\u2008","\u2009",
"\u200A","\u2028","\u2029","\u202F","\u205F","\u3000","\uFEFF"],RELEASE_TYPES=["major","premajor","minor","preminor","pa\
tch","prepatch","prerelease"];module2.exports={MAX_LENGTH:256,MAX_SAFE_COMPONENT_LENGTH,MAX_SAFE_BUILD_LENGTH,MAX_SAFE_INTEGER,
WHITESPACE_CHARACTERS,RELEASE_TYPES,SEMVER_SPEC_VERSION,FLAG_INCLUDE_PRERELEASE:1,FLAG_LOOSE:2}}});var require_debug=__commonJS({"node_modules/semver/internal/debug.js"(exports2,module2){"use strict";var debug=typeof process==
"object"&&process.env&&process.env.NODE_DEBUG&&/\bsemver\b/i.test(process.env.NODE_DEBUG)?(...args)=>console.error("SEMV\
ER",...args):()=>{};module2.exports=debug}});var require_re=__commonJS({"node_modules/semver/internal/re.js"(exports2,module2){"use strict";var{MAX_SAFE_COMPONENT_LENGTH,
MAX_SAFE_BUILD_LENGTH,MAX_LENGTH}=require_constants(),debug=require_debug();exports2=module2.exports={};var re=exports2.
re=[],safeRe=exports2.safeRe=[],src=exports2.src=[],safeSrc=exports2.safeSrc=[],t=exports2.t={},R=0,LETTERDASHNUMBER="[a\
-zA-Z0-9-]",safeRegexReplacements=[["\\s",1],["\\d",MAX_LENGTH],[LETTERDASHNUMBER,MAX_SAFE_BUILD_LENGTH]],makeSafeRegex=value=>{
for(let[token,max]of safeRegexReplacements)value=value.split(`${token}*`).join(`${token}{0,${max}}`).split(`${token}+`).
join(`${token}{1,${max}}`);return value},createToken=(name,value,isGlobal)=>{let safe=makeSafeRegex(value),index=R++;debug(
name,index,value),t[name]=index,src[index]=value,safeSrc[index]=safe,re[index]=new RegExp(value,isGlobal?"g":void 0),safeRe[index]=
new RegExp(safe,isGlobal?"g":void 0)};createToken("NUMERICIDENTIFIER","0|[1-9]\\d*");createToken("NUMERICIDENTIFIERLOOSE",
"\\d+");createToken("NONNUMERICIDENTIFIER",`\\d*[a-zA-Z-]${LETTERDASHNUMBER}*`);createToken("MAINVERSION",`(${src[t.NUMERICIDENTIFIER]}\
)\\.(${src[t.NUMERICIDENTIFIER]})\\.(${src[t.NUMERICIDENTIFIER]})`);createToken("MAINVERSIONLOOSE",`(${src[t.NUMERICIDENTIFIERLOOSE]}\
)\\.(${src[t.NUMERICIDENTIFIERLOOSE]})\\.(${src[t.NUMERICIDENTIFIERLOOSE]})`);createToken("PRERELEASEIDENTIFIER",`(?:${src[t.
NONNUMERICIDENTIFIER]}|${src[t.NUMERICIDENTIFIER]})`);createToken("PRERELEASEIDENTIFIERLOOSE",`(?:${src[t.NONNUMERICIDENTIFIER]}\
|${src[t.NUMERICIDENTIFIERLOOSE]})`);createToken("PRERELEASE",`(?:-(${src[t.PRERELEASEIDENTIFIER]}(?:\\.${src[t.PRERELEASEIDENTIFIER]}\
)*))`);createToken("PRERELEASELOOSE",`(?:-?(${src[t.PRERELEASEIDENTIFIERLOOSE]}(?:\\.${src[t.PRERELEASEIDENTIFIERLOOSE]}\
)*))`);createToken("BUILDIDENTIFIER",`${LETTERDASHNUMBER}+`);createToken("BUILD",`(?:\\+(${src[t.BUILDIDENTIFIER]}(?:\\.${src[t.
BUILDIDENTIFIER]})*))`);createToken("FULLPLAIN",`v?${src[t.MAINVERSION]}${src[t.PRERELEASE]}?${src[t.BUILD]}?`);createToken(
"FULL",`^${src[t.FULLPLAIN]}$`);createToken("LOOSEPLAIN",`[v=\\s]*${src[t.MAINVERSIONLOOSE]}${src[t.PRERELEASELOOSE]}?${src[t.
BUILD]}?`);createToken("LOOSE",`^${src[t.LOOSEPLAIN]}$`);createToken("GTLT","((?:<|>)?=?)");createToken("XRANGEIDENTIFIE\
RLOOSE",`${src[t.NUMERICIDENTIFIERLOOSE]}|x|X|\\*`);createToken("XRANGEIDENTIFIER",`${src[t.NUMERICIDENTIFIER]}|x|X|\\*`);
createToken("XRANGEPLAIN",`[v=\\s]*(${src[t.XRANGEIDENTIFIER]})(?:\\.(${src[t.XRANGEIDENTIFIER]})(?:\\.(${src[t.XRANGEIDENTIFIER]}\
)(?:${src[t.PRERELEASE]})?${src[t.BUILD]}?)?)?`);createToken("XRANGEPLAINLOOSE",`[v=\\s]*(${src[t.XRANGEIDENTIFIERLOOSE]}\
)(?:\\.(${src[t.XRANGEIDENTIFIERLOOSE]})(?:\\.(${src[t.XRANGEIDENTIFIERLOOSE]})(?:${src[t.PRERELEASELOOSE]})?${src[t.BUILD]}\
?)?)?`);createToken("XRANGE",`^${src[t.GTLT]}\\s*${src[t.XRANGEPLAIN]}$`);createToken("XRANGELOOSE",`^${src[t.GTLT]}\\s*${src[t.
XRANGEPLAINLOOSE]}$`);createToken("COERCEPLAIN",`(^|[^\\d])(\\d{1,${MAX_SAFE_COMPONENT_LENGTH}})(?:\\.(\\d{1,${MAX_SAFE_COMPONENT_LENGTH}\
}))?(?:\\.(\\d{1,${MAX_SAFE_COMPONENT_LENGTH}}))?`);createToken("COERCE",`${src[t.COERCEPLAIN]}(?:$|[^\\d])`);createToken(
"COERCEFULL",src[t.COERCEPLAIN]+`(?:${src[t.PRERELEASE]})?(?:${src[t.BUILD]})?(?:$|[^\\d])`);createToken("COERCERTL",src[t.
COERCE],!0);createToken("COERCERTLFULL",src[t.COERCEFULL],!0);createToken("LONETILDE","(?:~>?)");createToken("TILDETRIM",
`(\\s*)${src[t.LONETILDE]}\\s+`,!0);exports2.tildeTrimReplace="$1~";createToken("TILDE",`^${src[t.LONETILDE]}${src[t.XRANGEPLAIN]}\
$`);createToken("TILDELOOSE",`^${src[t.LONETILDE]}${src[t.XRANGEPLAINLOOSE]}$`);createToken("LONECARET","(?:\\^)");createToken(
"CARETTRIM",`(\\s*)${src[t.LONECARET]}\\s+`,!0);exports2.caretTrimReplace="$1^";createToken("CARET",`^${src[t.LONECARET]}${src[t.
XRANGEPLAIN]}$`);createToken("CARETLOOSE",`^${src[t.LONECARET]}${src[t.XRANGEPLAINLOOSE]}$`);createToken("COMPARATORLOOS\
E",`^${src[t.GTLT]}\\s*(${src[t.LOOSEPLAIN]})$|^$`);createToken("COMPARATOR",`^${src[t.GTLT]}\\s*(${src[t.FULLPLAIN]})$|\
^$`);createToken("COMPARATORTRIM",`(\\s*)${src[t.GTLT]}\\s*(${src[t.LOOSEPLAIN]}|${src[t.XRANGEPLAIN]})`,!0);exports2.comparatorTrimReplace=
"$1$2$3";createToken("HYPHENRANGE",`^\\s*(${src[t.XRANGEPLAIN]})\\s+-\\s+(${src[t.XRANGEPLAIN]})\\s*$`);createToken("HYP\
HENRANGELOOSE",`^\\s*(${src[t.XRANGEPLAINLOOSE]})\\s+-\\s+(${src[t.XRANGEPLAINLOOSE]})\\s*$`);createToken("STAR","(<|>)?\
=?\\s*\\*");createToken("GTE0","^\\s*>=\\s*0\\.0\\.0\\s*$");createToken("GTE0PRE","^\\s*>=\\s*0\\.0\\.0-0\\s*$")}});var require_identifiers=__commonJS({"node_modules/semver/internal/identifiers.js"(exports2,module2){"use strict";var numeric=/^[0-9]+$/,
compareIdentifiers=(a,b)=>{if(typeof a=="number"&&typeof b=="number")return a===b?0:a<b?-1:1;let anum=numeric.test(a),bnum=numeric.
test(b);return anum&&bnum&&(a=+a,b=+b),a===b?0:anum&&!bnum?-1:bnum&&!anum?1:a<b?-1:1},rcompareIdentifiers=(a,b)=>compareIdentifiers(
b,a);module2.exports={compareIdentifiers,rcompareIdentifiers}}});var require_semver=__commonJS({"node_modules/semver/classes/semver.js"(exports2,module2){"use strict";var debug=require_debug(),
{MAX_LENGTH,MAX_SAFE_INTEGER}=require_constants(),{safeRe:re,t}=require_re(),parseOptions=require_parse_options(),{compareIdentifiers}=require_identifiers(),
isPrereleaseIdentifier=(prerelease,identifier)=>{let identifiers=identifier.split(".");if(identifiers.length>prerelease.
length)return!1;for(let i=0;i<identifiers.length;i++)if(compareIdentifiers(prerelease[i],identifiers[i])!==0)return!1;return!0},
SemVer=class _SemVer{constructor(version,options){if(options=parseOptions(options),version instanceof _SemVer){if(version.
loose===!!options.loose&&version.includePrerelease===!!options.includePrerelease)return version;version=version.version}else if(typeof version!=
"string")throw new TypeError(`Invalid version. Must be a string. Got type "${typeof version}".`);if(version.length>MAX_LENGTH)
throw new TypeError(`version is longer than ${MAX_LENGTH} characters`);debug("SemVer",version,options),this.options=options,
this.loose=!!options.loose,this.includePrerelease=!!options.includePrerelease;let m=version.trim().match(options.loose?re[t.
LOOSE]:re[t.FULL]);if(!m)throw new TypeError(`Invalid Version: ${version}`);if(this.raw=version,this.major=+m[1],this.minor=
+m[2],this.patch=+m[3],this.major>MAX_SAFE_INTEGER||this.major<0)throw new TypeError("Invalid major version");if(this.minor>
MAX_SAFE_INTEGER||this.minor<0)throw new TypeError("Invalid minor version");if(this.patch>MAX_SAFE_INTEGER||this.patch<0)
throw new TypeError("Invalid patch version");m[4]?this.prerelease=m[4].split(".").map(id=>{if(/^[0-9]+$/.test(id)){let num=+id;
if(num>=0&&num<MAX_SAFE_INTEGER)return num}return id}):this.prerelease=[],this.build=m[5]?m[5].split("."):[],this.format()}format(){
return this.version=`${this.major}.${this.minor}.${this.patch}`,this.prerelease.length&&(this.version+=`-${this.prerelease.
join(".")}`),this.version}toString(){return this.version}compare(other){if(debug("SemVer.compare",this.version,this.options,
other),!(other instanceof _SemVer)){if(typeof other=="string"&&other===this.version)return 0;other=new _SemVer(other,this.
options)}return other.version===this.version?0:this.compareMain(other)||this.comparePre(other)}compareMain(other){return other instanceof
_SemVer||(other=new _SemVer(other,this.options)),this.major<other.major?-1:this.major>other.major?1:this.minor<other.minor?
-1:this.minor>other.minor?1:this.patch<other.patch?-1:this.patch>other.patch?1:0}comparePre(other){if(other instanceof _SemVer||
(other=new _SemVer(other,this.options)),this.prerelease.length&&!other.prerelease.length)return-1;if(!this.prerelease.length&&
other.prerelease.length)return 1;if(!this.prerelease.length&&!other.prerelease.length)return 0;let i=0;do{let a=this.prerelease[i],
b=other.prerelease[i];if(debug("prerelease compare",i,a,b),a===void 0&&b===void 0)return 0;if(b===void 0)return 1;if(a===
void 0)return-1;if(a===b)continue;return compareIdentifiers(a,b)}while(++i)}compareBuild(other){other instanceof _SemVer||
(other=new _SemVer(other,this.options));let i=0;do{let a=this.build[i],b=other.build[i];if(debug("build compare",i,a,b),
a===void 0&&b===void 0)return 0;if(b===void 0)return 1;if(a===void 0)return-1;if(a===b)continue;return compareIdentifiers(
a,b)}while(++i)}inc(release,identifier,identifierBase){if(release.startsWith("pre")){if(!identifier&&identifierBase===!1)
throw new Error("invalid increment argument: identifier is empty");if(identifier){let match=`-${identifier}`.match(this.
options.loose?re[t.PRERELEASELOOSE]:re[t.PRERELEASE]);if(!match||match[1]!==identifier)throw new Error(`invalid identifi\
er: ${identifier}`)}}switch(release){case"premajor":this.prerelease.length=0,this.patch=0,this.minor=0,this.major++,this.
inc("pre",identifier,identifierBase);break;case"preminor":this.prerelease.length=0,this.patch=0,this.minor++,this.inc("p\
re",identifier,identifierBase);break;case"prepatch":this.prerelease.length=0,this.inc("patch",identifier,identifierBase),
this.inc("pre",identifier,identifierBase);break;case"prerelease":this.prerelease.length===0&&this.inc("patch",identifier,
identifierBase),this.inc("pre",identifier,identifierBase);break;case"release":if(this.prerelease.length===0)throw new Error(
`version ${this.raw} is not a prerelease`);this.prerelease.length=0;break;case"major":(this.minor!==0||this.patch!==0||this.
prerelease.length===0)&&this.major++,this.minor=0,this.patch=0,this.prerelease=[];break;case"minor":(this.patch!==0||this.
prerelease.length===0)&&this.minor++,this.patch=0,this.prerelease=[];break;case"patch":this.prerelease.length===0&&this.
patch++,this.prerelease=[];break;case"pre":{let base=Number(identifierBase)?1:0;if(this.prerelease.length===0)this.prerelease=
[base];else{let i=this.prerelease.length;for(;--i>=0;)typeof this.prerelease[i]=="number"&&(this.prerelease[i]++,i=-2);if(i===
-1){if(identifier===this.prerelease.join(".")&&identifierBase===!1)throw new Error("invalid increment argument: identifi\
er already exists");this.prerelease.push(base)}}if(identifier){let prerelease=[identifier,base];if(identifierBase===!1&&
(prerelease=[identifier]),isPrereleaseIdentifier(this.prerelease,identifier)){let prereleaseBase=this.prerelease[identifier.
split(".").length];isNaN(prereleaseBase)&&(this.prerelease=prerelease)}else this.prerelease=prerelease}break}default:throw new Error(
`invalid increment argument: ${release}`)}return this.raw=this.format(),this.build.length&&(this.raw+=`+${this.build.join(
".")}`),this}};module2.exports=SemVer}});var require_compare=__commonJS({"node_modules/semver/functions/compare.js"(exports2,module2){"use strict";var SemVer=require_semver(),
compare=(a,b,loose)=>new SemVer(a,loose).compare(new SemVer(b,loose));module2.exports=compare}});var require_eq=__commonJS({"node_modules/semver/functions/eq.js"(exports2,module2){"use strict";var compare=require_compare(),
eq=(a,b,loose)=>compare(a,b,loose)===0;module2.exports=eq}});var require_neq=__commonJS({"node_modules/semver/functions/neq.js"(exports2,module2){"use strict";var compare=require_compare(),
neq=(a,b,loose)=>compare(a,b,loose)!==0;module2.exports=neq}});var require_gt=__commonJS({"node_modules/semver/functions/gt.js"(exports2,module2){"use strict";var compare=require_compare(),
gt=(a,b,loose)=>compare(a,b,loose)>0;module2.exports=gt}});var require_gte=__commonJS({"node_modules/semver/functions/gte.js"(exports2,module2){"use strict";var compare=require_compare(),
gte=(a,b,loose)=>compare(a,b,loose)>=0;module2.exports=gte}});var require_lt=__commonJS({"node_modules/semver/functions/lt.js"(exports2,module2){"use strict";var compare=require_compare(),
lt=(a,b,loose)=>compare(a,b,loose)<0;module2.exports=lt}});var require_lte=__commonJS({"node_modules/semver/functions/lte.js"(exports2,module2){"use strict";var compare=require_compare(),
lte=(a,b,loose)=>compare(a,b,loose)<=0;module2.exports=lte}});var require_cmp=__commonJS({"node_modules/semver/functions/cmp.js"(exports2,module2){"use strict";var eq=require_eq(),neq=require_neq(),
gt=require_gt(),gte=require_gte(),lt=require_lt(),lte=require_lte(),cmp=(a,op,b,loose)=>{switch(op){case"===":return typeof a==
"object"&&(a=a.version),typeof b=="object"&&(b=b.version),a===b;case"!==":return typeof a=="object"&&(a=a.version),typeof b==
"object"&&(b=b.version),a!==b;case"":case"=":case"==":return eq(a,b,loose);case"!=":return neq(a,b,loose);case">":return gt(
a,b,loose);case">=":return gte(a,b,loose);case"<":return lt(a,b,loose);case"<=":return lte(a,b,loose);default:throw new TypeError(
`Invalid operator: ${op}`)}};module2.exports=cmp}});var require_comparator=__commonJS({"node_modules/semver/classes/comparator.js"(exports2,module2){"use strict";var ANY=Symbol(
"SemVer ANY"),Comparator=class _Comparator{static get ANY(){return ANY}constructor(comp,options){if(options=parseOptions(
options),comp instanceof _Comparator){if(comp.loose===!!options.loose)return comp;comp=comp.value}comp=comp.trim().split(
/\s+/).join(" "),debug("comparator",comp,options),this.options=options,this.loose=!!options.loose,this.parse(comp),this.
semver===ANY?this.value="":this.value=this.operator+this.semver.version,debug("comp",this)}parse(comp){let r=this.options.
loose?re[t.COMPARATORLOOSE]:re[t.COMPARATOR],m=comp.match(r);if(!m)throw new TypeError(`Invalid comparator: ${comp}`);this.
operator=m[1]!==void 0?m[1]:"",this.operator==="="&&(this.operator=""),m[2]?this.semver=new SemVer(m[2],this.options.loose):
this.semver=ANY}toString(){return this.value}test(version){if(debug("Comparator.test",version,this.options.loose),this.semver===
ANY||version===ANY)return!0;if(typeof version=="string")try{version=new SemVer(version,this.options)}catch{return!1}return cmp(
version,this.operator,this.semver,this.options)}intersects(comp,options){if(!(comp instanceof _Comparator))throw new TypeError(
"a Comparator is required");return this.operator===""?this.value===""?!0:new Range2(comp.value,options).test(this.value):
comp.operator===""?comp.value===""?!0:new Range2(this.value,options).test(comp.semver):(options=parseOptions(options),options.
includePrerelease&&(this.value==="<0.0.0-0"||comp.value==="<0.0.0-0")||!options.includePrerelease&&(this.value.startsWith(
"<0.0.0")||comp.value.startsWith("<0.0.0"))?!1:!!(this.operator.startsWith(">")&&comp.operator.startsWith(">")||this.operator.
startsWith("<")&&comp.operator.startsWith("<")||this.semver.version===comp.semver.version&&this.operator.includes("=")&&
comp.operator.includes("=")||cmp(this.semver,"<",comp.semver,options)&&this.operator.startsWith(">")&&comp.operator.startsWith(
"<")||cmp(this.semver,">",comp.semver,options)&&this.operator.startsWith("<")&&comp.operator.startsWith(">")))}};module2.
exports=Comparator;var parseOptions=require_parse_options(),{safeRe:re,t}=require_re(),cmp=require_cmp(),debug=require_debug(),
SemVer=require_semver(),Range2=require_range()}});var require_trim_comparator_whitespace=__commonJS({"node_modules/semver/internal/trim-comparator-whitespace.js"(exports2,module2){
"use strict";var{MAX_LENGTH,MAX_SAFE_BUILD_LENGTH,WHITESPACE_CHARACTERS}=require_constants(),whitespace=new Uint8Array(65536);
for(let char of WHITESPACE_CHARACTERS)whitespace[char.charCodeAt(0)]=1;var isWhitespace=char=>char!==void 0&&whitespace[char.
charCodeAt(0)]===1,isVersionPrefix=char=>char==="v"||char==="="||isWhitespace(char),isDigit=char=>char!==void 0&&char>="\
0"&&char<="9",isLetter=char=>char!==void 0&&(char>="a"&&char<="z"||char>="A"&&char<="Z"),isIdentifierCharacter=char=>isDigit(
char)||isLetter(char)||char==="-",isVersionStart=char=>isDigit(char)||char==="x"||char==="X"||char==="*",findDigitsEndIndex=(range3,start,limit,digitRuns)=>{
if(!isDigit(range3[start]))return start;if(start>=digitRuns.start&&start<digitRuns.end)return Math.min(start+limit,digitRuns.
end);if(start>=digitRuns.previousStart&&start<digitRuns.previousEnd)return Math.min(start+limit,digitRuns.previousEnd);let end=start+
1;for(;isDigit(range3[end]);)end++;return digitRuns.previousStart=digitRuns.start,digitRuns.previousEnd=digitRuns.end,digitRuns.
start=start,digitRuns.end=end,Math.min(start+limit,end)},findVersionNumberEndIndex=(range3,start,loose,digitRuns)=>!loose&&
range3[start]==="0"?start+1:findDigitsEndIndex(range3,start,loose?MAX_LENGTH:MAX_LENGTH+1,digitRuns),findPrereleaseIdentifierEndIndex=(range3,start,loose,digitRuns)=>{
let digitsEnd=findDigitsEndIndex(range3,start,MAX_LENGTH,digitRuns);if(isLetter(range3[digitsEnd])||range3[digitsEnd]===
"-"){let end=digitsEnd+1,limit=end+MAX_SAFE_BUILD_LENGTH;for(;end<limit&&isIdentifierCharacter(range3[end]);)end++;return end}
return findVersionNumberEndIndex(range3,start,loose,digitRuns)},findPrereleaseEndIndex=(range3,start,loose,digitRuns)=>{
let hyphen=range3[start]==="-";if(!loose&&!hyphen)return start;let identifierStart=start+(hyphen?1:0),end=findPrereleaseIdentifierEndIndex(
range3,identifierStart,loose,digitRuns);if(end===identifierStart){if(!loose||!hyphen)return start;end=findPrereleaseIdentifierEndIndex(
range3,start,loose,digitRuns)}for(;range3[end]===".";){let next=findPrereleaseIdentifierEndIndex(range3,end+1,loose,digitRuns);
if(next===end+1)break;end=next}return end},findBuildIdentifierEndIndex=(range3,start)=>{let end=start;for(;end-start<MAX_SAFE_BUILD_LENGTH&&
isIdentifierCharacter(range3[end]);)end++;return end},findBuildEndIndex=(range3,start)=>{if(range3[start]!=="+")return start;
let end=findBuildIdentifierEndIndex(range3,start+1);if(end===start+1)return start;for(;range3[end]===".";){let next=findBuildIdentifierEndIndex(
range3,end+1);if(next===end+1)break;end=next}return end},findLooseFullVersionEndIndex=(range3,start,digitRuns)=>{let end=start;
for(let component=0;component<3;component++){let next=findVersionNumberEndIndex(range3,end,!0,digitRuns);if(next===end)return start;
if(end=next,component<2){if(range3[end]!==".")return start;end++}}let prereleaseEnd=findPrereleaseEndIndex(range3,end,!0,
digitRuns);return findBuildEndIndex(range3,prereleaseEnd)},findPartialVersionComponentEndIndex=(range3,start,digitRuns)=>isDigit(
range3[start])?findVersionNumberEndIndex(range3,start,!1,digitRuns):isVersionStart(range3[start])?start+1:start,findPartialVersionEndIndex=(range3,start,digitRuns)=>{
let end=findPartialVersionComponentEndIndex(range3,start,digitRuns);for(let component=0;component<2;component++){if(range3[end]!==
".")return end;let next=findPartialVersionComponentEndIndex(range3,end+1,digitRuns);if(next===end+1)return end;end=next}
let prereleaseEnd=findPrereleaseEndIndex(range3,end,!1,digitRuns);return findBuildEndIndex(range3,prereleaseEnd)},findVersionEndIndex=(range3,start,digitRuns)=>{
let fullVersionEnd=findLooseFullVersionEndIndex(range3,start,digitRuns);return fullVersionEnd!==start?fullVersionEnd:findPartialVersionEndIndex(
range3,start,digitRuns)},findRemovableWhitespaceIndex=(range3,matchStart)=>{let position=matchStart;return isWhitespace(
range3[position])&&position++,(range3[position]==="<"||range3[position]===">")&&position++,range3[position]==="="&&position++,
isWhitespace(range3[position])?position:-1},trimComparatorWhitespace=range3=>{let result2="",copyFrom=0,cursor=0,digitRuns={
start:-1,end:-1,previousStart:-1,previousEnd:-1};for(;cursor<range3.length;){let matchStart=cursor;if(range3[cursor]==="\
<"||range3[cursor]===">")cursor++;else if(!isVersionPrefix(range3[cursor])&&!isVersionStart(range3[cursor])){cursor++;continue}
for(;cursor<range3.length&&isVersionPrefix(range3[cursor]);)cursor++;if(!isVersionStart(range3[cursor]))continue;let whitespacePosition=findRemovableWhitespaceIndex(
range3,matchStart);whitespacePosition!==-1&&(result2+=range3.slice(copyFrom,whitespacePosition),copyFrom=whitespacePosition+
1),cursor=findVersionEndIndex(range3,cursor,digitRuns)}return result2+range3.slice(copyFrom)};module2.exports=trimComparatorWhitespace}});var require_range=__commonJS({"node_modules/semver/classes/range.js"(exports2,module2){"use strict";var SPACE_CHARACTERS=/\s+/g,
Range2=class _Range{constructor(range3,options){if(options=parseOptions(options),range3 instanceof _Range)return range3.
loose===!!options.loose&&range3.includePrerelease===!!options.includePrerelease?range3:new _Range(range3.raw,options);if(range3 instanceof
Comparator)return this.raw=range3.value,this.set=[[range3]],this.formatted=void 0,this;if(this.options=options,this.loose=
!!options.loose,this.includePrerelease=!!options.includePrerelease,this.raw=range3.trim().replace(SPACE_CHARACTERS," "),
this.set=this.raw.split("||").map(r=>this.parseRange(r.trim())).filter(c=>c.length),!this.set.length)throw new TypeError(
`Invalid SemVer Range: ${this.raw}`);if(this.set.length>1){let first=this.set[0];if(this.set=this.set.filter(c=>!isNullSet(
c[0])),this.set.length===0)this.set=[first];else if(this.set.length>1){for(let c of this.set)if(c.length===1&&isAny(c[0])){
this.set=[c];break}}}this.formatted=void 0}get range(){if(this.formatted===void 0){this.formatted="";for(let i=0;i<this.
set.length;i++){i>0&&(this.formatted+="||");let comps=this.set[i];for(let k=0;k<comps.length;k++)k>0&&(this.formatted+="\
 "),this.formatted+=comps[k].toString().trim()}}return this.formatted}format(){return this.range}toString(){return this.
range}parseRange(range3){range3=range3.replace(BUILDSTRIPRE,"");let memoKey=((this.options.includePrerelease&&FLAG_INCLUDE_PRERELEASE)|
(this.options.loose&&FLAG_LOOSE))+":"+range3,cached=cache.get(memoKey);if(cached)return cached;let loose=this.options.loose,
hr=loose?re[t.HYPHENRANGELOOSE]:re[t.HYPHENRANGE];range3=range3.replace(hr,hyphenReplace(this.options.includePrerelease)),
debug("hyphen replace",range3),range3=trimComparatorWhitespace(range3),debug("comparator trim",range3),range3=range3.replace(
re[t.TILDETRIM],tildeTrimReplace),debug("tilde trim",range3),range3=range3.replace(re[t.CARETTRIM],caretTrimReplace),debug(
"caret trim",range3);let rangeList=range3.split(" ").map(comp=>parseComparator(comp,this.options)).join(" ").split(/\s+/).
map(comp=>replaceGTE0(comp,this.options));loose&&(rangeList=rangeList.filter(comp=>(debug("loose invalid filter",comp,this.
options),!!comp.match(re[t.COMPARATORLOOSE])))),debug("range list",rangeList);let rangeMap=new Map,comparators=rangeList.
map(comp=>new Comparator(comp,this.options));for(let comp of comparators){if(isNullSet(comp))return[comp];rangeMap.set(comp.
value,comp)}rangeMap.size>1&&rangeMap.has("")&&rangeMap.delete("");let result2=[...rangeMap.values()];return cache.set(memoKey,
result2),result2}intersects(range3,options){if(!(range3 instanceof _Range))throw new TypeError("a Range is required");return this.
set.some(thisComparators=>isSatisfiable(thisComparators,options)&&range3.set.some(rangeComparators=>isSatisfiable(rangeComparators,
options)&&thisComparators.every(thisComparator=>rangeComparators.every(rangeComparator=>thisComparator.intersects(rangeComparator,
options)))))}test(version){if(!version)return!1;if(typeof version=="string")try{version=new SemVer(version,this.options)}catch{
return!1}for(let i=0;i<this.set.length;i++)if(testSet(this.set[i],version,this.options))return!0;return!1}};module2.exports=
Range2;var LRU=require_lrucache(),cache=new LRU,parseOptions=require_parse_options(),Comparator=require_comparator(),debug=require_debug(),
SemVer=require_semver(),trimComparatorWhitespace=require_trim_comparator_whitespace(),{safeRe:re,src,t,tildeTrimReplace,
caretTrimReplace}=require_re(),{FLAG_INCLUDE_PRERELEASE,FLAG_LOOSE}=require_constants(),BUILDSTRIPRE=new RegExp(src[t.BUILD],
"g"),isNullSet=c=>c.value==="<0.0.0-0",isAny=c=>c.value==="",isSatisfiable=(comparators,options)=>{let result2=!0,remainingComparators=comparators.
slice(),testComparator=remainingComparators.pop();for(;result2&&remainingComparators.length;)result2=remainingComparators.
every(otherComparator=>testComparator.intersects(otherComparator,options)),testComparator=remainingComparators.pop();return result2},
parseComparator=(comp,options)=>(comp=comp.replace(re[t.BUILD],""),debug("comp",comp,options),comp=replaceCarets(comp,options),
debug("caret",comp),comp=replaceTildes(comp,options),debug("tildes",comp),comp=replaceXRanges(comp,options),debug("xrang\
e",comp),comp=replaceStars(comp,options),debug("stars",comp),comp),isX=id=>!id||id.toLowerCase()==="x"||id==="*",invalidXRangeOrder=(M,m,p)=>isX(
M)&&!isX(m)||isX(m)&&p&&!isX(p),replaceTildes=(comp,options)=>comp.trim().split(/\s+/).map(c=>replaceTilde(c,options)).join(
" "),replaceTilde=(comp,options)=>{let r=options.loose?re[t.TILDELOOSE]:re[t.TILDE],z=options.includePrerelease?"-0":"";
return comp.replace(r,(_,M,m,p,pr)=>{debug("tilde",comp,_,M,m,p,pr);let ret;return isX(M)?ret="":isX(m)?ret=`>=${M}.0.0${z}\
 <${+M+1}.0.0-0`:isX(p)?ret=`>=${M}.${m}.0${z} <${M}.${+m+1}.0-0`:pr?(debug("replaceTilde pr",pr),ret=`>=${M}.${m}.${p}-${pr}\
 <${M}.${+m+1}.0-0`):ret=`>=${M}.${m}.${p} <${M}.${+m+1}.0-0`,debug("tilde return",ret),ret})},replaceCarets=(comp,options)=>comp.
trim().split(/\s+/).map(c=>replaceCaret(c,options)).join(" "),replaceCaret=(comp,options)=>{debug("caret",comp,options);
let r=options.loose?re[t.CARETLOOSE]:re[t.CARET],z=options.includePrerelease?"-0":"";return comp.replace(r,(_,M,m,p,pr)=>{
debug("caret",comp,_,M,m,p,pr);let ret;return isX(M)?ret="":isX(m)?ret=`>=${M}.0.0${z} <${+M+1}.0.0-0`:isX(p)?M==="0"?ret=
`>=${M}.${m}.0${z} <${M}.${+m+1}.0-0`:ret=`>=${M}.${m}.0${z} <${+M+1}.0.0-0`:pr?(debug("replaceCaret pr",pr),M==="0"?m===
"0"?ret=`>=${M}.${m}.${p}-${pr} <${M}.${m}.${+p+1}-0`:ret=`>=${M}.${m}.${p}-${pr} <${M}.${+m+1}.0-0`:ret=`>=${M}.${m}.${p}\
-${pr} <${+M+1}.0.0-0`):(debug("no pr"),M==="0"?m==="0"?ret=`>=${M}.${m}.${p} <${M}.${m}.${+p+1}-0`:ret=`>=${M}.${m}.${p}\
 <${M}.${+m+1}.0-0`:ret=`>=${M}.${m}.${p} <${+M+1}.0.0-0`),debug("caret return",ret),ret})},replaceXRanges=(comp,options)=>(debug(
"replaceXRanges",comp,options),comp.split(/\s+/).map(c=>replaceXRange(c,options)).join(" ")),replaceXRange=(comp,options)=>{
comp=comp.trim();let r=options.loose?re[t.XRANGELOOSE]:re[t.XRANGE];return comp.replace(r,(ret,gtlt,M,m,p,pr)=>{if(debug(
"xRange",comp,ret,gtlt,M,m,p,pr),invalidXRangeOrder(M,m,p))return comp;let xM=isX(M),xm=xM||isX(m),xp=xm||isX(p),anyX=xp;
return gtlt==="="&&anyX&&(gtlt=""),pr=options.includePrerelease?"-0":"",xM?gtlt===">"||gtlt==="<"?ret="<0.0.0-0":ret="*":
gtlt&&anyX?(xm&&(m=0),p=0,gtlt===">"?(gtlt=">=",xm?(M=+M+1,m=0,p=0):(m=+m+1,p=0)):gtlt==="<="&&(gtlt="<",xm?M=+M+1:m=+m+
1),gtlt==="<"&&(pr="-0"),ret=`${gtlt+M}.${m}.${p}${pr}`):xm?ret=`>=${M}.0.0${pr} <${+M+1}.0.0-0`:xp&&(ret=`>=${M}.${m}.0${pr}\
 <${M}.${+m+1}.0-0`),debug("xRange return",ret),ret})},replaceStars=(comp,options)=>(debug("replaceStars",comp,options),
comp.trim().replace(re[t.STAR],"")),replaceGTE0=(comp,options)=>(debug("replaceGTE0",comp,options),comp.trim().replace(re[options.
includePrerelease?t.GTE0PRE:t.GTE0],"")),hyphenReplace=incPr=>($0,from,fM,fm,fp,fpr,fb,to,tM,tm,tp,tpr)=>(isX(fM)?from="":
isX(fm)?from=`>=${fM}.0.0${incPr?"-0":""}`:isX(fp)?from=`>=${fM}.${fm}.0${incPr?"-0":""}`:fpr?from=`>=${from}`:from=`>=${from}${incPr?
"-0":""}`,isX(tM)?to="":isX(tm)?to=`<${+tM+1}.0.0-0`:isX(tp)?to=`<${tM}.${+tm+1}.0-0`:tpr?to=`<=${tM}.${tm}.${tp}-${tpr}`:
incPr?to=`<${tM}.${tm}.${+tp+1}-0`:to=`<=${to}`,`${from} ${to}`.trim()),testSet=(set,version,options)=>{for(let i=0;i<set.
length;i++)if(!set[i].test(version))return!1;if(version.prerelease.length&&!options.includePrerelease){for(let i=0;i<set.
length;i++)if(debug(set[i].semver),set[i].semver!==Comparator.ANY&&set[i].semver.prerelease.length>0){let allowed=set[i].
semver;if(allowed.major===version.major&&allowed.minor===version.minor&&allowed.patch===version.patch)return!0}return!1}
return!0}}});var require_intersects=__commonJS({"node_modules/semver/ranges/intersects.js"(exports2,module2){"use strict";var Range2=require_range(),
intersects2=(r1,r2,options)=>(r1=new Range2(r1,options),r2=new Range2(r2,options),r1.intersects(r2,options));module2.exports=
intersects2}});var more_exports={};__export(more_exports,{diffReports:()=>diffReports,expectableOf:()=>expectableOf,explain:()=>explain,
forForeignFacts:()=>forForeignFacts,help:()=>help,helpFor:()=>helpFor,loadRunnerConfig:()=>loadRunnerConfig,maxReportSize:()=>maxReportSize,
maxYamlSize:()=>maxYamlSize,mistakeInExpectations:()=>mistakeInExpectations,mistakeInHead:()=>mistakeInHead,parseYaml:()=>parseYaml,
policyFor:()=>policyFor,readListInput:()=>readListInput,readPolicy:()=>readPolicy,readReport:()=>readReport,readToolsInput:()=>readToolsInput,
readWorkflow:()=>readWorkflow,renderList:()=>renderList,renderPolicy:()=>renderPolicy});module.exports=__toCommonJS(more_exports);function escaped(json){return json.replace(/##(?=\[)/g,"#\\u0023").replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu,character=>character.
split("").map(escapeOf).join(""))}function escapeOf(unit){return`\\u${unit.charCodeAt(0).toString(16).padStart(4,"0")}`}var terminalSequences=/\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g,
lineBreaks=/\r\n?|[\v\f\u0085\u2028\u2029]/g,invisible=/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu,unusual=/[^\n\t -~]/;
function clean(text3,limit=4e3){let head=text3.slice(0,limit*4),plain=unusual.test(head)?withoutUnseen(head):head;if(plain.
length<=limit&&head.length===text3.length)return plain;let shown=plain.slice(0,limit).replace(new RegExp("\\p{Cs}","gu"),
"");return limit<1e3?`${shown}\u2026`:`${shown} \u2026 (${text3.length-shown.length} characters more)`}function withoutUnseen(text3){
return text3.replace(terminalSequences,"").replace(lineBreaks,`
`).replace(invisible,character=>character===`
`||character==="	"?character:"")}function oneLine(text3,limit=4e3){return clean(text3,limit).replace(/\s{2,}|[^\S ]/g," ").
trim()}function harmless(line){return line.replace(/##(?=(?:\u001b\[\d*m)*\[)/g,"# #").replace(/^((?:\s|\u001b\[\d*m)*):(?=:)/,
"$1: ")}function plainText(text3,limit){return clean(text3,limit).split(`
`).map(harmless).join(`
`)}var volatile=[/\.ms$/,/\.(?:free|used)(?:Bytes|Inodes|MiB)?$/i,/(?:freeBytes|freeInodes|memoryFree|memoryUsed|temperature|utilization)/i,
/^facts\.(?:job|process)\./,/^facts\.self-container\.value\.(?:id|names)\b/,/^facts\.container\.value\.names\b/,/^facts\.os\.value\.hostname$/,
/^facts\.memory\.value\..*\.(?:available|cache)Bytes$/,/^facts\.cgroups\./,/^facts\.(?:memory|cpu)\.value\.(?:groups|quotas)\.\d+\.source$/];
function diffReports(first,second){let a=flatten(first),b=flatten(second),lines=[...new Set([...a.keys(),...b.keys()])].
filter(path=>!volatile.some(pattern=>pattern.test(path))).filter(path=>a.get(path)!==b.get(path)).map(path=>`${path}: ${a.
get(path)??"(nothing)"} -> ${b.get(path)??"(nothing)"}`).map(line=>plainText(escaped(line)));return lines.length===0?"":
`${lines.join(`
`)}
`}function flatten(report){let results=report.results.map(({id,status:status2,reason})=>[id,reason===void 0?status2:`${status2}\
 ${reason}`]),{runner,profile:profile2,verdict,facts}=report,flat=new Map,walk=(path,value)=>{if(typeof value!="object"||
value===null){flat.set(path,JSON.stringify(value)??"");return}for(let[key,entry]of Object.entries(value)){let name=JSON.
stringify(key).slice(1,-1);walk(path===""?name:`${path}.${name}`,entry)}};return walk("",{runner,profile:profile2,verdict,
results:Object.fromEntries(results),facts}),flat}var arm={native:["arm","arm64"],elf:{class:"01",machine:"2800"},handler:"qemu-arm"},arm64={native:["arm64"],elf:{class:"\
02",machine:"b700"},handler:"qemu-aarch64"},known={"linux/amd64":{native:["x64"],elf:{class:"02",machine:"3e00"},handler:"\
qemu-x86_64"},"linux/386":{native:["ia32","x64"],elf:{class:"01",machine:"0300"},handler:"qemu-i386"},"linux/arm64":arm64,
"linux/arm64/v8":arm64,"linux/arm":arm,"linux/arm/v6":arm,"linux/arm/v7":arm,"linux/ppc64le":{native:["ppc64"],elf:{class:"\
02",machine:"1500"},handler:"qemu-ppc64le"},"linux/s390x":{native:["s390x"],elf:{class:"02",machine:"0016"},handler:"qem\
u-s390x"},"linux/riscv64":{native:["riscv64"],elf:{class:"02",machine:"f300"},handler:"qemu-riscv64"},"linux/loong64":{native:[
"loong64"],elf:{class:"02",machine:"0201"},handler:"qemu-loongarch64"}},platforms=known,platformNames=Object.keys(platforms);var binfmtDirectory="/proc/sys/fs/binfmt_misc",maxHandlers=100;async function binfmtOf(host,platform){let names2=await host.
list(binfmtDirectory);if(names2.kind==="unreadable")return names2;let entries=names2.kind==="ok"?names2.value:[];if(!entries.
includes("status"))return{kind:"hidden"};let status2=await host.readText(`${binfmtDirectory}/status`);if(status2.kind===
"unreadable")return status2;if(status2.kind==="absent")return{kind:"hidden"};let handlers=await Promise.all(entries.filter(
name=>name!=="status"&&name!=="register").slice(0,maxHandlers).map(name=>handlerOf(host,name,platform)));return{kind:"se\
en",isOn:status2.value.trim()==="enabled",handlers:handlers.flat()}}async function handlerOf(host,name,platform){var _a,
_b;let read=await host.readText(`${binfmtDirectory}/${name}`,4096);if(read.kind!=="ok"||!takes(read.value,platform))return[];
let interpreter=((_a=/^interpreter (.*)$/m.exec(read.value))==null?void 0:_a[1])??"",flags=((_b=/^flags: ?(\S*)$/m.exec(
read.value))==null?void 0:_b[1])??"",isThere=flags.includes("F")?void 0:(await host.stat(interpreter)).kind==="file";return[
{name,enabled:/^enabled$/m.test(read.value),interpreter,flags,...isThere!==void 0&&{isThere}}]}function takes(text3,platform){
var _a;let magic=((_a=/^magic ([0-9a-f]+)$/m.exec(text3))==null?void 0:_a[1])??"",{elf}=platforms[platform];return magic.
startsWith(`7f454c46${elf.class}`)&&magic.slice(36,40)===elf.machine}var settings=[{name:"inotify-watches",setting:"fs.inotify.max_user_watches",least:524288},{name:"inotify-instances",setting:"\
fs.inotify.max_user_instances",least:512},{name:"map-count",setting:"vm.max_map_count",least:262144}],emulated=["linux/a\
md64","linux/arm64","linux/arm/v7","linux/riscv64"];async function expectableOf(host){let raised=settings.map(async({name,
setting,least})=>{let read=await host.readText(`/proc/sys/${setting.split(".").join("/")}`,100),value=read.kind==="ok"&&
/^\d{1,15}\s*$/.test(read.value)?Number(read.value):0;return value<least?[]:[`  ${name}: { sysctl: ${setting}, is: ">=${least}\
" }  # found ${value}`]}),handled=emulated.map(async platform=>{if(platforms[platform].native.includes(host.arch))return[];
let binfmt=await binfmtOf(host,platform);return binfmt.kind==="seen"&&binfmt.isOn&&binfmt.handlers.some(one=>one.enabled&&
one.isThere!==!1)?[`  ${platform.split("/").slice(1).join("-")}: { platform: ${platform} }`]:[]});return(await Promise.all(
[...raised,...handled])).flat()}var store$4,DEFAULT_CONFIG={lang:void 0,message:void 0,abortEarly:void 0,abortPipeEarly:void 0};function getGlobalConfig(config$1){return!config$1&&!store$4?DEFAULT_CONFIG:{lang:(config$1==null?void 0:config$1.lang)??
(store$4==null?void 0:store$4.lang),message:config$1==null?void 0:config$1.message,abortEarly:(config$1==null?void 0:config$1.
abortEarly)??(store$4==null?void 0:store$4.abortEarly),abortPipeEarly:(config$1==null?void 0:config$1.abortPipeEarly)??(store$4==
null?void 0:store$4.abortPipeEarly)}}var store$3;function getGlobalMessage(lang){return store$3==null?void 0:store$3.get(lang)}var store$2;function getSchemaMessage(lang){return store$2==null?void 0:store$2.get(lang)}var store$1;function getSpecificMessage(reference2,lang){var _a;return(_a=store$1==null?void 0:store$1.get(reference2))==null?void 0:
_a.get(lang)}function _stringify(input){var _a,_b;let type=typeof input;return type==="string"?`"${input}"`:type==="number"||type==="\
bigint"||type==="boolean"?`${input}`:type==="object"||type==="function"?(input&&((_b=(_a=Object.getPrototypeOf(input))==
null?void 0:_a.constructor)==null?void 0:_b.name))??"null":type}function _addIssue(context,label,dataset,config$1,other){
let input=other&&"input"in other?other.input:dataset.value,expected=(other==null?void 0:other.expected)??context.expects??
null,received=(other==null?void 0:other.received)??_stringify(input),issue={kind:context.kind,type:context.type,input,expected,
received,message:`Invalid ${label}: ${expected?`Expected ${expected} but r`:"R"}eceived ${received}`,requirement:context.
requirement,path:other==null?void 0:other.path,issues:other==null?void 0:other.issues,lang:config$1.lang,abortEarly:config$1.
abortEarly,abortPipeEarly:config$1.abortPipeEarly},isSchema=context.kind==="schema",message$1=(other==null?void 0:other.
message)??context.message??getSpecificMessage(context.reference,issue.lang)??(isSchema?getSchemaMessage(issue.lang):null)??
config$1.message??getGlobalMessage(issue.lang);message$1!==void 0&&(issue.message=typeof message$1=="function"?message$1(
issue):message$1),isSchema&&(dataset.typed=!1),dataset.issues?dataset.issues.push(issue):dataset.issues=[issue]}function _isSameValueZero(value1,value2){return value1===value2||Number.isNaN(value1)&&Number.isNaN(value2)}function _isValidObjectKey(object$1,key){
return Object.prototype.hasOwnProperty.call(object$1,key)&&key!=="__proto__"&&key!=="prototype"&&key!=="constructor"}function _joinExpects(values$1,separator){let list2=[...new Set(values$1)];return list2.length>1?`(${list2.join(` ${separator}\
 `)})`:list2[0]??"never"}function _standardSchema(schema){return schema["~standard"]={version:1,vendor:"valibot",validate:value$1=>schema["\
~run"]({value:value$1},getGlobalConfig())},schema}var EMOJI_REGEX=new RegExp("^(?:[\\u{1F1E6}-\\u{1F1FF}]{2}|\\u{1F3F4}[\\u{E0061}-\\u{E007A}]{2}[\\u{E0030}-\\u{E0039}\\u{E0061}-\
\\u{E007A}]{1,3}\\u{E007F}|(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}?|(?![\\p{Emoji_Modifier_Base\
}\\u{1F1E6}-\\u{1F1FF}])\\p{Emoji_Presentation})(?:\\u200D(?:\\p{Emoji}\\uFE0F\\u20E3?|\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier\
}?|(?![\\p{Emoji_Modifier_Base}\\u{1F1E6}-\\u{1F1FF}])\\p{Emoji_Presentation}))*)+$","u");function check(requirement3,message$1){return{kind:"validation",type:"check",reference:check,async:!1,expects:null,requirement:requirement3,
message:message$1,"~run"(dataset,config$1){return dataset.typed&&!this.requirement(dataset.value)&&_addIssue(this,"input",
dataset,config$1),dataset}}}function finite(message$1){return{kind:"validation",type:"finite",reference:finite,async:!1,expects:null,requirement:Number.
isFinite,message:message$1,"~run"(dataset,config$1){return dataset.typed&&!this.requirement(dataset.value)&&_addIssue(this,
"finite",dataset,config$1),dataset}}}function integer(message$1){return{kind:"validation",type:"integer",reference:integer,async:!1,expects:null,requirement:Number.
isInteger,message:message$1,"~run"(dataset,config$1){return dataset.typed&&!this.requirement(dataset.value)&&_addIssue(this,
"integer",dataset,config$1),dataset}}}function maxLength(requirement3,message$1){return{kind:"validation",type:"max_length",reference:maxLength,async:!1,expects:`\
<=${requirement3}`,requirement:requirement3,message:message$1,"~run"(dataset,config$1){return dataset.typed&&dataset.value.
length>this.requirement&&_addIssue(this,"length",dataset,config$1,{received:`${dataset.value.length}`}),dataset}}}function maxValue(requirement3,message$1){return{kind:"validation",type:"max_value",reference:maxValue,async:!1,expects:`\
<=${requirement3 instanceof Date?requirement3.toJSON():_stringify(requirement3)}`,requirement:requirement3,message:message$1,
"~run"(dataset,config$1){return dataset.typed&&!(dataset.value<=this.requirement)&&_addIssue(this,"value",dataset,config$1,
{received:dataset.value instanceof Date?dataset.value.toJSON():_stringify(dataset.value)}),dataset}}}function minLength(requirement3,message$1){return{kind:"validation",type:"min_length",reference:minLength,async:!1,expects:`\
>=${requirement3}`,requirement:requirement3,message:message$1,"~run"(dataset,config$1){return dataset.typed&&dataset.value.
length<this.requirement&&_addIssue(this,"length",dataset,config$1,{received:`${dataset.value.length}`}),dataset}}}function minValue(requirement3,message$1){return{kind:"validation",type:"min_value",reference:minValue,async:!1,expects:`\
>=${requirement3 instanceof Date?requirement3.toJSON():_stringify(requirement3)}`,requirement:requirement3,message:message$1,
"~run"(dataset,config$1){return dataset.typed&&!(dataset.value>=this.requirement)&&_addIssue(this,"value",dataset,config$1,
{received:dataset.value instanceof Date?dataset.value.toJSON():_stringify(dataset.value)}),dataset}}}function nonEmpty(message$1){return{kind:"validation",type:"non_empty",reference:nonEmpty,async:!1,expects:"!0",message:message$1,
"~run"(dataset,config$1){return dataset.typed&&dataset.value.length===0&&_addIssue(this,"length",dataset,config$1,{received:"\
0"}),dataset}}}function regex(requirement3,message$1){return{kind:"validation",type:"regex",reference:regex,async:!1,expects:`${requirement3}`,
requirement:requirement3,message:message$1,"~run"(dataset,config$1){return dataset.typed&&!this.requirement.test(dataset.
value)&&_addIssue(this,"format",dataset,config$1),dataset}}}function safeInteger(message$1){return{kind:"validation",type:"safe_integer",reference:safeInteger,async:!1,expects:null,
requirement:Number.isSafeInteger,message:message$1,"~run"(dataset,config$1){return dataset.typed&&!this.requirement(dataset.
value)&&_addIssue(this,"safe integer",dataset,config$1),dataset}}}var ABORT_EARLY_CONFIG={abortEarly:!0};function getFallback(schema,dataset,config$1){return typeof schema.fallback=="function"?schema.fallback(dataset,config$1):
schema.fallback}function getDefault(schema,dataset,config$1){return typeof schema.default=="function"?schema.default(dataset,config$1):schema.
default}function is(schema,input){return!schema["~run"]({value:input},ABORT_EARLY_CONFIG).issues}function array(item,message$1){return _standardSchema({kind:"schema",type:"array",reference:array,expects:"Array",async:!1,
item,message:message$1,"~run"(dataset,config$1){var _a;let input=dataset.value;if(Array.isArray(input)){dataset.typed=!0,
dataset.value=[];for(let key=0;key<input.length;key++){let value$1=input[key],itemDataset=this.item["~run"]({value:value$1},
config$1);if(itemDataset.issues){let pathItem={type:"array",origin:"value",input,key,value:value$1};for(let issue of itemDataset.
issues)issue.path?issue.path.unshift(pathItem):issue.path=[pathItem],(_a=dataset.issues)==null||_a.push(issue);if(dataset.
issues||(dataset.issues=itemDataset.issues),config$1.abortEarly){dataset.typed=!1;break}}itemDataset.typed||(dataset.typed=
!1),dataset.value.push(itemDataset.value)}}else _addIssue(this,"type",dataset,config$1);return dataset}})}function boolean(message$1){return _standardSchema({kind:"schema",type:"boolean",reference:boolean,expects:"boolean",async:!1,
message:message$1,"~run"(dataset,config$1){return typeof dataset.value=="boolean"?dataset.typed=!0:_addIssue(this,"type",
dataset,config$1),dataset}})}function literal(literal_,message$1){return _standardSchema({kind:"schema",type:"literal",reference:literal,expects:_stringify(
literal_),async:!1,literal:literal_,message:message$1,"~run"(dataset,config$1){return _isSameValueZero(dataset.value,this.
literal)?dataset.typed=!0:_addIssue(this,"type",dataset,config$1),dataset}})}function looseObject(entries$1,message$1){return _standardSchema(
{kind:"schema",type:"loose_object",reference:looseObject,expects:"Object",async:!1,entries:entries$1,message:message$1,"\
~run"(dataset,config$1){var _a;let input=dataset.value;if(input&&typeof input=="object"){dataset.typed=!0,dataset.value=
{};for(let key in this.entries){let valueSchema=this.entries[key];if(key in input||(valueSchema.type==="exact_optional"||
valueSchema.type==="optional"||valueSchema.type==="nullish")&&valueSchema.default!==void 0){let value$1=key in input?input[key]:
getDefault(valueSchema),valueDataset=valueSchema["~run"]({value:value$1},config$1);if(valueDataset.issues){let pathItem={
type:"object",origin:"value",input,key,value:value$1};for(let issue of valueDataset.issues)issue.path?issue.path.unshift(
pathItem):issue.path=[pathItem],(_a=dataset.issues)==null||_a.push(issue);if(dataset.issues||(dataset.issues=valueDataset.
issues),config$1.abortEarly){dataset.typed=!1;break}}valueDataset.typed||(dataset.typed=!1),dataset.value[key]=valueDataset.
value}else if(valueSchema.fallback!==void 0)dataset.value[key]=getFallback(valueSchema);else if(valueSchema.type!=="exac\
t_optional"&&valueSchema.type!=="optional"&&valueSchema.type!=="nullish"&&(_addIssue(this,"key",dataset,config$1,{input:void 0,
expected:`"${key}"`,path:[{type:"object",origin:"key",input,key,value:input[key]}]}),config$1.abortEarly))break}if(!dataset.
issues||!config$1.abortEarly)for(let key in input)_isValidObjectKey(input,key)&&!Object.prototype.hasOwnProperty.call(this.
entries,key)&&(dataset.value[key]=input[key])}else _addIssue(this,"type",dataset,config$1);return dataset}})}function map(key,value$1,message$1){return _standardSchema({kind:"schema",type:"map",reference:map,expects:"Map",async:!1,
key,value:value$1,message:message$1,"~run"(dataset,config$1){var _a,_b;let input=dataset.value;if(input instanceof Map){
dataset.typed=!0,dataset.value=new Map;for(let[inputKey,inputValue]of input){let keyDataset=this.key["~run"]({value:inputKey},
config$1);if(keyDataset.issues){let pathItem={type:"map",origin:"key",input,key:inputKey,value:inputValue};for(let issue of keyDataset.
issues)issue.path?issue.path.unshift(pathItem):issue.path=[pathItem],(_a=dataset.issues)==null||_a.push(issue);if(dataset.
issues||(dataset.issues=keyDataset.issues),config$1.abortEarly){dataset.typed=!1;break}}let valueDataset=this.value["~ru\
n"]({value:inputValue},config$1);if(valueDataset.issues){let pathItem={type:"map",origin:"value",input,key:inputKey,value:inputValue};
for(let issue of valueDataset.issues)issue.path?issue.path.unshift(pathItem):issue.path=[pathItem],(_b=dataset.issues)==
null||_b.push(issue);if(dataset.issues||(dataset.issues=valueDataset.issues),config$1.abortEarly){dataset.typed=!1;break}}
(!keyDataset.typed||!valueDataset.typed)&&(dataset.typed=!1),dataset.value.set(keyDataset.value,valueDataset.value)}}else
_addIssue(this,"type",dataset,config$1);return dataset}})}function number(message$1){return _standardSchema({kind:"schema",type:"number",reference:number,expects:"number",async:!1,
message:message$1,"~run"(dataset,config$1){return typeof dataset.value=="number"&&!isNaN(dataset.value)?dataset.typed=!0:
_addIssue(this,"type",dataset,config$1),dataset}})}function object(entries$1,message$1){return _standardSchema({kind:"sc\
hema",type:"object",reference:object,expects:"Object",async:!1,entries:entries$1,message:message$1,"~run"(dataset,config$1){
var _a;let input=dataset.value;if(input&&typeof input=="object"){dataset.typed=!0,dataset.value={};for(let key in this.entries){
let valueSchema=this.entries[key];if(key in input||(valueSchema.type==="exact_optional"||valueSchema.type==="optional"||
valueSchema.type==="nullish")&&valueSchema.default!==void 0){let value$1=key in input?input[key]:getDefault(valueSchema),
valueDataset=valueSchema["~run"]({value:value$1},config$1);if(valueDataset.issues){let pathItem={type:"object",origin:"v\
alue",input,key,value:value$1};for(let issue of valueDataset.issues)issue.path?issue.path.unshift(pathItem):issue.path=[
pathItem],(_a=dataset.issues)==null||_a.push(issue);if(dataset.issues||(dataset.issues=valueDataset.issues),config$1.abortEarly){
dataset.typed=!1;break}}valueDataset.typed||(dataset.typed=!1),dataset.value[key]=valueDataset.value}else if(valueSchema.
fallback!==void 0)dataset.value[key]=getFallback(valueSchema);else if(valueSchema.type!=="exact_optional"&&valueSchema.type!==
"optional"&&valueSchema.type!=="nullish"&&(_addIssue(this,"key",dataset,config$1,{input:void 0,expected:`"${key}"`,path:[
{type:"object",origin:"key",input,key,value:input[key]}]}),config$1.abortEarly))break}}else _addIssue(this,"type",dataset,
config$1);return dataset}})}function optional(wrapped,default_){return _standardSchema({kind:"schema",type:"optional",reference:optional,expects:`(${wrapped.
expects} | undefined)`,async:!1,wrapped,default:default_,"~run"(dataset,config$1){return dataset.value===void 0&&(this.default!==
void 0&&(dataset.value=getDefault(this,dataset,config$1)),dataset.value===void 0)?(dataset.typed=!0,dataset):this.wrapped["\
~run"](dataset,config$1)}})}function picklist(options,message$1){return _standardSchema({kind:"schema",type:"picklist",reference:picklist,expects:_joinExpects(
options.map(_stringify),"|"),async:!1,options,message:message$1,"~run"(dataset,config$1){return this.options.includes(dataset.
value)?dataset.typed=!0:_addIssue(this,"type",dataset,config$1),dataset}})}function record(key,value$1,message$1){return _standardSchema({kind:"schema",type:"record",reference:record,expects:"Obj\
ect",async:!1,key,value:value$1,message:message$1,"~run"(dataset,config$1){var _a,_b;let input=dataset.value;if(input&&typeof input==
"object"){dataset.typed=!0,dataset.value={};for(let entryKey in input)if(_isValidObjectKey(input,entryKey)){let entryValue=input[entryKey],
keyDataset=this.key["~run"]({value:entryKey},config$1);if(keyDataset.issues){let pathItem={type:"object",origin:"key",input,
key:entryKey,value:entryValue};for(let issue of keyDataset.issues)issue.path=[pathItem],(_a=dataset.issues)==null||_a.push(
issue);if(dataset.issues||(dataset.issues=keyDataset.issues),config$1.abortEarly){dataset.typed=!1;break}}let valueDataset=this.
value["~run"]({value:entryValue},config$1);if(valueDataset.issues){let pathItem={type:"object",origin:"value",input,key:entryKey,
value:entryValue};for(let issue of valueDataset.issues)issue.path?issue.path.unshift(pathItem):issue.path=[pathItem],(_b=
dataset.issues)==null||_b.push(issue);if(dataset.issues||(dataset.issues=valueDataset.issues),config$1.abortEarly){dataset.
typed=!1;break}}(!keyDataset.typed||!valueDataset.typed)&&(dataset.typed=!1),keyDataset.typed&&(dataset.value[keyDataset.
value]=valueDataset.value)}}else _addIssue(this,"type",dataset,config$1);return dataset}})}function strictObject(entries$1,message$1){return _standardSchema({kind:"schema",type:"strict_object",reference:strictObject,
expects:"Object",async:!1,entries:entries$1,message:message$1,"~run"(dataset,config$1){var _a;let input=dataset.value;if(input&&
typeof input=="object"){dataset.typed=!0,dataset.value={};for(let key in this.entries){let valueSchema=this.entries[key];
if(key in input||(valueSchema.type==="exact_optional"||valueSchema.type==="optional"||valueSchema.type==="nullish")&&valueSchema.
default!==void 0){let value$1=key in input?input[key]:getDefault(valueSchema),valueDataset=valueSchema["~run"]({value:value$1},
config$1);if(valueDataset.issues){let pathItem={type:"object",origin:"value",input,key,value:value$1};for(let issue of valueDataset.
issues)issue.path?issue.path.unshift(pathItem):issue.path=[pathItem],(_a=dataset.issues)==null||_a.push(issue);if(dataset.
issues||(dataset.issues=valueDataset.issues),config$1.abortEarly){dataset.typed=!1;break}}valueDataset.typed||(dataset.typed=
!1),dataset.value[key]=valueDataset.value}else if(valueSchema.fallback!==void 0)dataset.value[key]=getFallback(valueSchema);else if(valueSchema.
type!=="exact_optional"&&valueSchema.type!=="optional"&&valueSchema.type!=="nullish"&&(_addIssue(this,"key",dataset,config$1,
{input:void 0,expected:`"${key}"`,path:[{type:"object",origin:"key",input,key,value:input[key]}]}),config$1.abortEarly))
break}if(!dataset.issues||!config$1.abortEarly){for(let key in input)if(!Object.prototype.hasOwnProperty.call(this.entries,
key)){_addIssue(this,"key",dataset,config$1,{input:key,expected:"never",path:[{type:"object",origin:"key",input,key,value:input[key]}]});
break}}}else _addIssue(this,"type",dataset,config$1);return dataset}})}function string(message$1){return _standardSchema({kind:"schema",type:"string",reference:string,expects:"string",async:!1,
message:message$1,"~run"(dataset,config$1){return typeof dataset.value=="string"?dataset.typed=!0:_addIssue(this,"type",
dataset,config$1),dataset}})}function tuple(items,message$1){return _standardSchema({kind:"schema",type:"tuple",reference:tuple,expects:"Array",async:!1,
items,message:message$1,"~run"(dataset,config$1){var _a;let input=dataset.value;if(Array.isArray(input)){dataset.typed=!0,
dataset.value=[];for(let key=0;key<this.items.length;key++){let value$1=input[key],itemDataset=this.items[key]["~run"]({
value:value$1},config$1);if(itemDataset.issues){let pathItem={type:"array",origin:"value",input,key,value:value$1};for(let issue of itemDataset.
issues)issue.path?issue.path.unshift(pathItem):issue.path=[pathItem],(_a=dataset.issues)==null||_a.push(issue);if(dataset.
issues||(dataset.issues=itemDataset.issues),config$1.abortEarly){dataset.typed=!1;break}}itemDataset.typed||(dataset.typed=
!1),dataset.value.push(itemDataset.value)}}else _addIssue(this,"type",dataset,config$1);return dataset}})}function _subIssues(datasets){let issues;if(datasets)for(let dataset of datasets)if(issues)for(let issue of dataset.issues)
issues.push(issue);else issues=dataset.issues;return issues}function union(options,message$1){return _standardSchema({kind:"\
schema",type:"union",reference:union,expects:_joinExpects(options.map(option=>option.expects),"|"),async:!1,options,message:message$1,
"~run"(dataset,config$1){let validDataset,typedDatasets,untypedDatasets;for(let schema of this.options){let optionDataset=schema["\
~run"]({value:dataset.value},config$1);if(optionDataset.typed)if(optionDataset.issues)typedDatasets?typedDatasets.push(optionDataset):
typedDatasets=[optionDataset];else{validDataset=optionDataset;break}else untypedDatasets?untypedDatasets.push(optionDataset):
untypedDatasets=[optionDataset]}if(validDataset)return validDataset;if(typedDatasets){if(typedDatasets.length===1)return typedDatasets[0];
_addIssue(this,"type",dataset,config$1,{issues:_subIssues(typedDatasets)}),dataset.typed=!0}else{if((untypedDatasets==null?
void 0:untypedDatasets.length)===1)return untypedDatasets[0];_addIssue(this,"type",dataset,config$1,{issues:_subIssues(untypedDatasets)})}
return dataset}})}function unknown(){return _standardSchema({kind:"schema",type:"unknown",reference:unknown,expects:"unknown",async:!1,"~r\
un"(dataset){return dataset.typed=!0,dataset}})}function variant(key,options,message$1){return _standardSchema({kind:"sc\
hema",type:"variant",reference:variant,expects:"Object",async:!1,key,options,message:message$1,"~run"(dataset,config$1){
let input=dataset.value;if(input&&typeof input=="object"){let outputDataset,maxDiscriminatorPriority=0,invalidDiscriminatorKey=this.
key,expectedDiscriminators=[],parseOptions=(variant$1,allKeys)=>{for(let schema of variant$1.options){if(schema.type==="\
variant")parseOptions(schema,new Set(allKeys).add(schema.key));else{let keysAreValid=!0,currentPriority=0;for(let currentKey of allKeys){
let discriminatorSchema=schema.entries[currentKey];if(currentKey in input?discriminatorSchema["~run"]({typed:!1,value:input[currentKey]},
ABORT_EARLY_CONFIG).issues:discriminatorSchema.type!=="exact_optional"&&discriminatorSchema.type!=="optional"&&discriminatorSchema.
type!=="nullish"){keysAreValid=!1,invalidDiscriminatorKey!==currentKey&&(maxDiscriminatorPriority<currentPriority||maxDiscriminatorPriority===
currentPriority&&currentKey in input&&!(invalidDiscriminatorKey in input))&&(maxDiscriminatorPriority=currentPriority,invalidDiscriminatorKey=
currentKey,expectedDiscriminators=[]),invalidDiscriminatorKey===currentKey&&expectedDiscriminators.push(schema.entries[currentKey].
expects);break}currentPriority++}if(keysAreValid){let optionDataset=schema["~run"]({value:input},config$1);(!outputDataset||
!outputDataset.typed&&optionDataset.typed)&&(outputDataset=optionDataset)}}if(outputDataset&&!outputDataset.issues)break}};
if(parseOptions(this,new Set([this.key])),outputDataset)return outputDataset;_addIssue(this,"type",dataset,config$1,{input:input[invalidDiscriminatorKey],
expected:_joinExpects(expectedDiscriminators,"|"),path:[{type:"object",origin:"value",input,key:invalidDiscriminatorKey,
value:input[invalidDiscriminatorKey]}]})}else _addIssue(this,"type",dataset,config$1);return dataset}})}function pipe(...pipe$1){return _standardSchema({...pipe$1[0],pipe:pipe$1,"~run"(dataset,config$1){for(let item of pipe$1)
if(item.kind!=="metadata"){if(dataset.issues&&(item.kind==="schema"||item.kind==="transformation")){dataset.typed=!1;break}
(!dataset.issues||!config$1.abortEarly&&!config$1.abortPipeEarly)&&(dataset=item["~run"](dataset,config$1))}return dataset}})}function safeParse(schema,input,config$1){let dataset=schema["~run"]({value:input},getGlobalConfig(config$1));return{typed:dataset.
typed,success:!dataset.issues,output:dataset.value,issues:dataset.issues}}var reportAllowed="a report of runner-check, version 1";function mistakeOf(issue,placeOf2){let path=(issue.path??[]).map(
step=>String(step.key)).join("."),wanted2=issue.expected==="Map"?"Object":issue.expected??issue.message;return{place:placeOf2(
path),found:issue.received,allowed:`${wanted2}: ${reportAllowed}`}}var requirement=picklist(["required","optional","forbidden"]),texts=array(string()),optionalNumber=optional(number()),comparator=looseObject(
{operator:picklist(["","<","<=",">",">="]),numbers:tuple([number(),number(),number()]),prerelease:array(union([string(),
number()]))}),range=looseObject({text:string(),anyOf:array(array(comparator))}),tool=looseObject({version:range,command:texts,
optional:boolean(),alsoWanted:optional(array(looseObject({version:range,source:string(),contradicts:optional(string())})))}),
optionalText=optional(string()),wanted=variant("kind",[looseObject({kind:literal("file"),path:string(),exists:boolean(),
type:optionalText,mode:optionalNumber,owner:optional(union([string(),number()])),contains:optionalText}),looseObject({kind:literal(
"env"),variable:string(),set:boolean(),is:optionalText,matches:optionalText}),looseObject({kind:literal("command"),command:texts,
exit:number(),stdout:optionalText,timeoutMs:number()}),looseObject({kind:literal("sysctl"),setting:string(),is:optionalText}),
looseObject({kind:literal("platform"),platform:picklist(platformNames)})]),named=value=>map(string(),value),expectationsSchema=looseObject(
{profile:string(),runsIn:picklist(["container","host","any"]),tools:named(tool),docker:looseObject({require:requirement,
plugins:texts}),gpu:looseObject({require:requirement,count:optionalNumber,memory:optionalNumber,freeMemory:optionalNumber,
driver:optional(range),computeCapability:optional(range)}),image:optional(string()),imageMaxAgeDays:optionalNumber,toolCache:optional(
string()),privileged:picklist(["allowed","forbidden"]),disk:array(looseObject({path:string(),free:optionalNumber,inodes:optionalNumber})),
memory:optionalNumber,cpus:optionalNumber,shm:optionalNumber,openFiles:optionalNumber,registries:texts,services:array(looseObject(
{name:string(),url:string(),models:texts})),expect:optional(array(looseObject({name:string(),wants:wanted,why:optionalText,
fix:optionalText}))),smoke:optional(looseObject({parts:texts,all:boolean()})),skip:texts,severity:named(picklist(["off",
"warn","fail"])),accept:array(looseObject({check:string(),reason:string(),until:string()})),sources:named(string())});function mistakeInExpectations(name,expectations){
let{tools,severity,sources}=expectations,outcome=safeParse(expectationsSchema,{...expectations,tools:asMap(tools),severity:asMap(
severity),sources:asMap(sources)});return outcome.success?void 0:mistakeOf(outcome.issues[0],path=>`${name}, expectation\
s.${path}`)}function asMap(value){return typeof value=="object"&&value!==null&&!Array.isArray(value)?new Map(Object.entries(
value)):value}function matchesId(pattern,id){let[first="",...parts]=pattern.split("*"),last=parts.pop();if(last===void 0)return pattern===
id;if(!id.startsWith(first))return!1;let end=first.length;for(let part of parts){let start=id.indexOf(part,end);if(start<
0)return!1;end=start+part.length}return end+last.length<=id.length&&id.endsWith(last)}function docsOf(id){let[area="",name=""]=id.split("/");return["tool","registry","service"].includes(area)?`docs/checks/${area}\
.md`:`docs/checks/${area}.md#${name}`}function own(record2,key){var _a;return(_a=Object.getOwnPropertyDescriptor(record2,key))==null?void 0:_a.value}function nearest(word,known4){let best;for(let candidate of known4){let distance=editDistance(word.toLowerCase(),candidate.
toLowerCase());distance<=Math.max(2,Math.floor(candidate.length/3))&&distance<candidate.length&&(!best||distance<best.distance)&&
(best={word:candidate,distance})}return best==null?void 0:best.word}function editDistance(first,second){let a=first.slice(
0,80),b=second.slice(0,80),previous=Array.from({length:b.length+1},(_,index)=>index);for(let row=1;row<=a.length;row++){
let current=[row];for(let column=1;column<=b.length;column++){let substitution=(previous[column-1]??0)+(a[row-1]===b[column-
1]?0:1);current.push(Math.min(substitution,(previous[column]??0)+1,(current[column-1]??0)+1))}previous=current}return previous[b.
length]??0}var UsageError=class extends Error{name="UsageError"};function renderList(checks,format){return format==="json"?`${JSON.stringify({version:1,checks:checks.map(entryOf)},null,
2)}
`:`${checks.map(entryOf).map(({id,title,reasons})=>{let width=Math.max(0,...reasons.map(({reason})=>reason.length)),lines=reasons.
map(({reason,level,title:title2})=>`  ${reason.padEnd(width)}  ${level.padEnd(4)}  ${title2}`);return[`${id}  ${title}`,
...lines].join(`
`)}).join(`

`)}
`}function entryOf(check2){let reasons=Object.entries(check2.reasons).map(([reason,{level,title}])=>({reason,level,title}));
return{id:check2.id,title:check2.title,docs:docsOf(check2.id),reasons}}function wrap(text3,width,indent=""){let lines=[],line="";for(let word of text3.split(/\s+/))line!==""&&indent.length+line.
length+1+word.length>width?(lines.push(indent+line),line=word):line=line===""?word:`${line} ${word}`;return line!==""&&lines.
push(indent+line),lines.join(`
`)}function wrapMarkdown(markdown,width){let fenced=!1;return markdown.split(`
`).map(line=>{if(line.startsWith("```")&&(fenced=!fenced),fenced||/^(?:```|#|\|)/.test(line))return line;let[marker=""]=/^\s*(?:(?:[-*>]|\d+\.)\s+)?/.
exec(line)??[],wrapped=wrap(line.slice(marker.length),width," ".repeat(marker.length));return marker+wrapped.slice(marker.
length)}).join(`
`)}var commonReasons={"not-applicable":"skip: There is nothing to judge here, for example no job container on a host label,\
 or no `/dev/shm` outside Linux. It has no effect on the verdict.","not-in-profile":"skip: The profile does not ask for \
this check. `runner-check policy --profile NAME` prints what it asks for.",disabled:"skip: The input `skip`, or `severit\
y: off` in the policy, switched the check off. The report still lists it.",absent:"skip: The profile makes it optional, \
and it is not installed.",untrusted:"skip: A file in the workspace asks for this, and files in a workspace are not trust\
ed to do so.","needs:":"skip: `needs:ID` means that the check ID failed first. Fix that one; this check is judged in the\
 next run.",timeout:"error: The check could not decide before the deadline, so it counts as a failure. The finding says \
what did not answer, and how to ask by hand. If the machine is only slow, raise the input `timeout`. Some checks have th\
eir own reason `timeout`: name the check to explain it.",crashed:"error: The check crashed, which is a bug in runner-che\
ck. It counts as a failure. Please report it with the JSON report.",undecided:"error: The check could not find out. It c\
ounts as a failure, and its message says why. `explain ID:undecided` has the cases of one check.","no-facts":"error: The\
 report comes from a version of runner-check that did not collect these facts. Run the check again."};function explain(wanted2,checks,docs,width){
let ofArea=checks.filter(({id:id2})=>id2.startsWith(`${wanted2}/`));if(ofArea.length>0)return renderList(ofArea,"text");
let common2=own(commonReasons,wanted2.startsWith("needs:")?"needs:":wanted2);if(common2!==void 0)return`${wrapMarkdown(common2,
width)}
`;let colon=wanted2.lastIndexOf(":"),hasReason=colon>0&&!/^\d+$/.test(wanted2.slice(colon+1)),[id,reason]=hasReason?[wanted2.
slice(0,colon),wanted2.slice(colon+1)]:[wanted2,void 0],check2=checks.find(entry=>entry.id===id||entry.id.endsWith("/*")&&
matchesId(entry.id,id));if(!check2){let areas=[...new Set(checks.map(entry=>entry.id.split("/")[0]??""))],like=nearest(id,
[...checks.map(entry=>entry.id),...areas,...Object.keys(commonReasons)]);throw new UsageError(`there is no check \`${id}\
\`${like===void 0?"":`, did you mean \`${like}\`?`} \`list\` prints them all`)}let page=docs[docsOf(check2.id).split("#")[0]??
""]??"",section=check2.id.endsWith("/*")?page:sectionOf(page,2,check2.id.split("/")[1]??"");if(reason===void 0)return`${check2.
id}: ${check2.title}

${wrapMarkdown(body(section),width)}
`;let known4=own(check2.reasons,reason),shared2=own(commonReasons,reason.startsWith("needs")?"needs:":reason),undecided=reason===
"undecided"?body(sectionOf(section,3,reason)):"";if(undecided!=="")return`${check2.id}:${reason}

${wrapMarkdown(undecided,width)}
`;if(!known4&&shared2!==void 0)return`${wrapMarkdown(shared2,width)}
`;if(!known4)throw new UsageError(`\`${check2.id}\` has no reason \`${reason}\`; it has: ${Object.keys(check2.reasons).join(
", ")}`);let text3=wrapMarkdown(body(sectionOf(section,3,reason)),width);return`${check2.id}:${reason}

${text3}
`}function sectionOf(page,level,name){let lines=page.split(`
`),start=lines.indexOf(`${"#".repeat(level)} ${name}`);if(start<0)return"";let fenced=!1,length=lines.slice(start+1).findIndex(
line=>{line.startsWith("```")&&(fenced=!fenced);let heading=/^(#+) /.exec(line);return!fenced&&heading!==null&&(heading[1]??
"").length<=level});return lines.slice(start,length<0?void 0:start+1+length).join(`
`)}function body(section){return section.replace(/^#.*\n/,"").trim()}function code(value){return`\`${value.split("`").join("'")}\``}function shellQuote(value){return/^[\w@%+=:,./-]+$/.test(
value)?value:/[\u0000-\u001f\u007f]/.test(value)?`$'${value.replace(/[\\']/g,"\\$&").replace(/[\u0000-\u001f\u007f]/g,inOctal)}\
'`:`'${value.split("'").join("'\\''")}'`}function inOctal(character){return`\\${character.charCodeAt(0).toString(8).padStart(
3,"0")}`}function cut(value,max=120){return value.length<=max?value:`${value.slice(0,max-1)}\u2026`}function listed(items){return items.
length<2?items.join(""):`${items.slice(0,-1).join(", ")} and ${items[items.length-1]}`}function octal(mode){return mode.
toString(8).padStart(4,"0")}function titleWith(before,value,after2=""){return before+code(cut(value,58-before.length-after2.length))+after2}function oneLine2(value){
return value.replace(/[\u0000-\u001f\u007f]/g,"?")}function undecidedOf(words2,seen,details){return{kind:"undecided",...said(words2,seen,details)}}function said(words2,seen,{
observed,evidence:evidence2,location:location2}){var _a;let{what,fix}=words2.tell(seen);return{title:((_a=words2.headline)==
null?void 0:_a.call(words2,seen))??words2.title,message:what,why:textOf(words2.why,seen),expected:textOf(words2.expected,
seen),observed,evidence:evidence2,remedy:fix,...location2&&{location:location2}}}function textOf(text3,seen){return typeof text3=="string"?text3:text3(seen)}function messageOf(error){return error instanceof Error?error.message:String(error)}var count=pipe(number(),integer(),minValue(0)),status=picklist(["pass","warn","fail","error","skip"]),evidence=looseObject(
{source:string(),text:string()}),remedyParts={text:string(),commands:optional(array(string())),config:optional(looseObject(
{file:string(),language:string(),text:string()})),kind:picklist(["image","host","runner","workflow","forge"])},remedy=looseObject(
{...remedyParts,otherwise:optional(looseObject(remedyParts))}),location=looseObject({file:string(),line:optional(count),
column:optional(count)}),result=looseObject({id:pipe(string(),regex(/^[a-z]+\/.+$/)),status,reason:optional(string()),title:string(),
message:string(),why:optional(string()),expected:optional(string()),observed:optional(string()),evidence:array(evidence),
remedy:optional(remedy),docs:string(),duration_ms:number(),location:optional(location),accepted:optional(looseObject({reason:string(),
until:string()})),acceptance_expired:optional(string())}),answer=union([looseObject({ok:literal(!0),value:unknown(),ms:number()}),
looseObject({ok:literal(!1),reason:picklist(["timeout","crashed","mount"]),message:string(),ms:number()})]),reportSchema=looseObject(
{version:literal(1),generator:looseObject({name:literal("runner-check"),version:string()}),started:pipe(string(),regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)),
duration_ms:number(),runner:looseObject({name:string(),system:picklist(["gitea","forgejo","github","act","none"]),version:optional(
string()),mode:picklist(["container","host","unknown"]),os:string(),arch:string(),image:optional(string()),user:string()}),
job:optional(looseObject({repository:optional(string()),workflow:optional(string()),job:optional(string()),run_id:optional(
string()),event:optional(string())})),profile:looseObject({name:string(),decided_by:string(),policy:optional(string()),unused:optional(
looseObject({files:array(string()),why:picklist(["other-commit","unknown-commit"]),wanted:string(),found:optional(string())}))}),
verdict:picklist(["healthy","degraded","misconfigured","unknown"]),counts:looseObject({pass:count,warn:count,fail:count,
error:count,skip:count}),switched_off:optional(looseObject({count,of:count})),results:array(result),expectations:looseObject(
{profile:string()}),facts:record(string(),answer)});function forForeignFacts(check2){return{...check2,judge(facts,policy,moment){var _a;let strange=Object.entries(facts).find(
([,value])=>typeof value!="object"||hasNull(value));if(strange)return unreadable(check2.id,[((_a=check2.needs[strange[0]])==
null?void 0:_a.name)??strange[0]]);let names2=Object.values(check2.needs).map(probe=>probe.name);try{let verdict=check2.
judge(facts,policy,moment);return isResult(verdict)&&!lacksValue(verdict,facts)?verdict:unreadable(check2.id,names2)}catch(error){
return unreadable(check2.id,names2,messageOf(error))}}}}var otherForm={title:"Facts of the report have another form",headline:({
id})=>titleWith("Unusable facts for ",id),why:"The report comes from another version of runner-check, or was edited. Wha\
t it says about this runner is unknown.",expected:"facts in the form that this version writes",tell:({names:names2})=>({
what:`The facts ${listed(names2.map(code))} of this report have another form than this check reads.`,fix:{text:"Run this\
 version of runner-check on the runner again, or replay the report with the version that wrote it: `generator` in the re\
port names it. If this version wrote it, and nobody edited it, please report the bug.",kind:"workflow"}})};function unreadable(id,names2,error){
let crash=error===void 0?[]:[{source:id,text:error}],evidence2=[...names2.map(name=>({source:"facts",text:name})),...crash];
return undecidedOf(otherForm,{id,names:names2},{observed:error??"another form",evidence:evidence2})}var resultSchema=reportSchema.
entries.results.item;function isResult(verdict){let level=verdict.kind==="finding"?verdict.level:void 0;if(!is(resultSchema,
{...{id:"a/check",title:"",docs:"",duration_ms:0,evidence:[]},...verdict,status:level??"pass"}))return!1;if(verdict.kind!==
"finding"&&verdict.kind!=="undecided")return!0;let{message,why,expected,observed,remedy:remedy2}=verdict;return[message,
why,expected,observed,remedy2.text].every(text3=>text3!=="")}function hasNull(value){return typeof value!="object"?!1:value===
null||Object.values(value).some(hasNull)}var traces=/\b(?:undefined|NaN)\b|\[object Object\]/;function lacksValue(verdict,facts){
return verdict.kind!=="pass"?!1:[verdict.message,...verdict.evidence.flatMap(({source,text:text3})=>[source,text3])].some(
text3=>traces.test(text3))&&!traces.test(JSON.stringify(facts))}function mistakeInHead(name,{runner,job}){let outcome=safeParse(
headSchema,{runner,job});if(!outcome.success)return mistakeOf(outcome.issues[0],path=>`${name}, facts that tell ${path}`)}
var headSchema=object({runner:reportSchema.entries.runner,job:reportSchema.entries.job});var action_default={name:"runner-check",description:"Checks that a self-hosted runner is set up correctly: toolchain, Do\
cker socket, GPU, disk. Reports what is wrong, why, and how to fix it.",author:"Fortemi",branding:{icon:"check-circle",color:"\
green"},inputs:{profile:{description:"What this runner must be: `matric-builder`, `matric-builder-gpu`, `titan`, `gpu`, \
`generic`, a profile of the policy, or `auto`. `auto` decides by the job's `runs-on`, then by the job's labels from the \
forge's API (in a private repository, the token needs `actions: read` or `contents: read`), then by the environment, whi\
ch is a guess and a warning.",default:"auto"},policy:{description:"Path of a policy file. Default: `.gitea/runner-check.\
yml`, else `.github/runner-check.yml`, if it exists in the workspace.",default:""},tools:{description:'YAML mapping of t\
ool to version range, merged over the profile: `rustc: ">=1.92"`.',default:""},docker:{description:"Whether the job need\
s Docker: `required`, `optional` or `forbidden`. Default: the profile's.",default:""},gpu:{description:"Whether the job \
needs NVIDIA GPUs: `required`, `optional` or `forbidden`. Default: the profile's.",default:""},"min-free-disk":{description:"\
Minimum free disk space for the workspace: `40GiB`, `500MB`; a plain number is bytes. Default: the profile's.",default:""},
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
rogram), a list of them, or `all`. `true` means `docker`.",default:"off"},"trust-policy":{description:"Trust what is in \
the workspace: `true` or `false`. Only then may its policy run a `command`, may tools that are files of the workspace be\
 run, and does a registry or service that its policy names get a login in a pull request from a fork.",default:"false"},
summary:{description:"Write the job summary: `true` or `false`.",default:"true"},"report-dir":{description:"Directory fo\
r report files. Default: `$RUNNER_TEMP/runner-check`.",default:""},formats:{description:"Report formats to write: any of\
 `json`, `junit`, `prometheus`, `markdown`, comma-separated. This version does not support `html`.",default:"json"}},outputs:{
verdict:{description:"`healthy`, `degraded` (warnings), `misconfigured` (failures or undecided checks) or `unknown` (not\
hing was judged)."},passed:{description:"Number of checks that passed."},warned:{description:"Number of checks with a wa\
rning."},failed:{description:"Number of checks that failed."},errored:{description:"Number of checks that could not deci\
de."},skipped:{description:"Number of checks that were skipped, each with its reason in the report."},failures:{description:"\
JSON array of `id:reason` of every check that failed or could not decide."},versions:{description:"JSON object: tool to \
version found."},profile:{description:"The profile used."},report:{description:"Path of `report.json`."},summary:{description:"\
Path of the Markdown summary written."}},runs:{using:"node20",main:"dist/main.js"}};var inputs=action_default.inputs,reportFormat="How to print the report: `text`, `lines` (one line for each finding), `js\
on`, `markdown`, `junit` or `prometheus`. Default: `text`.",workspaceUse="Whether files of the workspace say what is exp\
ected: `use` or `ignore`, as the runner's hooks do. Default: `use`.",runnerVersion="Version of the runner that reads the\
 files, such as `3.3.0`. Default: the one on this machine.",commands={check:{words:"",summary:"checks this machine and p\
rints the report",flags:{workspace:workspaceUse,format:reportFormat}},list:{words:"",summary:"prints every check with it\
s reasons",flags:{format:"`text` or `json`. Default: `text`."}},explain:{words:"AREA | ID[:REASON]",summary:"explains a \
check, one of its reasons, or all checks of an area",more:["Examples: `explain docker`, `explain docker/socket`, `explai\
n docker/socket:missing`, `explain not-applicable`."]},policy:{words:"",summary:"prints what a profile expects, and whic\
h line of which file says so"},init:{words:"",summary:"prints a policy that expects what this machine has",more:["With `\
--runner`, it prints a `config.yaml` for a runner with these labels instead."],flags:{runner:"Labels, separated by comma\
s: `titan:host,builder:docker://image:1`.","runner-version":runnerVersion}},replay:{words:"REPORT",summary:"judges a rec\
orded report again",flags:{format:reportFormat}},diff:{words:"REPORT REPORT",summary:"prints the differences between two\
 reports"},lint:{words:"[FILE\u2026]",summary:"checks a runner's config.yaml, .runner, systemd units and workflows",more:[
"Without FILE, it looks where runners keep their files."],flags:{"runner-version":runnerVersion,format:"`text` or `json`\
. Default: `text`."}}},exitCodes="Exit code: 0 meets --fail-on, 1 findings, 2 usage or policy error (a missing file too)\
, 3 internal error.";function help(width){let rows=Object.entries(commands).map(([name,{words:words2,summary}])=>`${`  ${`\
runner-check ${name} ${words2}`.trimEnd()}`}
${wrap(summary,width,"      ")}`);return`${[wrap("runner-check checks that this machine is a correctly configured runner\
. `check` is the default command.",width),rows.join(`
`),wrap("`runner-check COMMAND --help` describes the flags of a command. `--version` prints the version.",width),wrap(exitCodes,
width)].join(`

`)}
`}function helpFor(name,flags,width){let{words:words2,summary,more=[],flags:own2={}}=commands[name]??{words:"",summary:""},
described=flags.map(flag3=>{var _a;let text3=own2[flag3]??((_a=inputs[flag3])==null?void 0:_a.description)??"";return`  \
--${flag3} VALUE
${wrap(text3,width,"      ")}`});return`${[`runner-check ${name} ${words2}${flags.length>0?" [FLAG\u2026]":""}`.replace(
/ +/g," ").trimEnd(),wrap(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,width,"  "),...more.map(text3=>wrap(text3,
width,"  ")),...described.length>0?[`Flags
${described.join(`
`)}`]:[],wrap(exitCodes,width)].join(`

`)}
`}var sizeUnits={"":1,b:1,kb:1e3,mb:1e6,gb:1e9,tb:1e12,kib:1024,mib:1048576,gib:1073741824,tib:1099511627776},sizesAllowed="\
a size with a unit such as `40GiB` or `500MB`, or a plain number of bytes";function parseSize(text3){let match=/^(\d{1,15}(?:\.\d{1,6})?)\s*([kmgt]?i?b)?$/i.
exec(text3.trim()),factor=sizeUnits[((match==null?void 0:match[2])??"").toLowerCase()];if(!match||factor===void 0)return;
let bytes=Math.round(Number(match[1])*factor);return Number.isSafeInteger(bytes)?bytes:void 0}var durationsAllowed="a du\
ration such as `500ms`, `10s` or `2m`",durationUnits={ms:1,s:1e3,m:6e4,h:36e5,d:864e5};function parseDuration(text3){let match=/^(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d)$/.
exec(text3.trim()),factor=durationUnits[(match==null?void 0:match[2])??""];return match&&factor!==void 0?Math.round(Number(
match[1])*factor):void 0}function writtenSize(bytes){for(let[unit,factor]of[["TiB",2**40],["GiB",2**30],["MiB",2**20],["KiB",2**10],["TB",1e12],[
"GB",1e9],["MB",1e6]])if(bytes>=factor&&bytes%factor===0)return`${bytes/factor}${unit}`;return`${bytes}B`}var anyVersion={text:"*",anyOf:[[]]},versionPattern=/(?<![\w.]|\d:|:\/\/)(?:[a-z]{1,12}_?)?((\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?(?:\.\d{1,6})*)(?!\.?\d|\/|:\d)(?:-((?:alpha|beta|rc|nightly|devel|dev|preview|pre|ea|canary|next|snapshot)(?![a-z])[\w.-]*)|\.?((?:alpha|beta|rc|a|b)\d{1,6})(?!\w))?/i,
majorPattern=/^(?:\S{1,40} (?:version )?)?"?v?(\d{1,5})"?(?=[\s,(]|$)/,remark=/^\W*(?:[\w.-]{1,20}:? |node:\d+\) )?(?:warn|warning|info|note|notice|hint|help|debug|error|fatal)\b|^Picked up /i;
function findVersion(text3){let lines=text3.replace(/\u001b\[[\d;]*m/g,"").split(/\r\n?|\n/),plain=lines.filter(line=>!remark.
test(line)),build=unnumberedBuild(plain.find(line=>line.trim()!=="")??"");return build!==void 0?{text:build,numbers:[0,0,
0],prerelease:[],unnumbered:!0}:firstOf(plain,dotted)??firstOf(plain,bare)??firstOf(lines.filter(saysVersion),dotted)}function unnumberedBuild(line){
var _a;return dotted(line)||(_a=/^\S{1,40} version (?=\S{0,60}-g?[\da-f]{6})([a-z][\w-]{0,80})(?=\s|$)/i.exec(line))==null?
void 0:_a[1]}function saysVersion(line){return remark.test(line)&&/\bversion is\b/i.test(line)}function firstOf(lines,read){
for(let line of lines){let version=read(line);if(version)return version}}var packaged=/^\s*(?:[a-z][\w+-]* ){1,3}\([^()]*\) (?=v?\d)/i;
function dotted(line){let told=line.includes("(")?line.replace(packaged,""):line,match=versionPattern.exec(told.includes(
"://")?told.replace(/\w+:\/\/\S+/g,""):told);if(!match)return;let[,number2="",major,minor,patch="0",afterHyphen,attached]=match,
tail=afterHyphen??attached,prerelease=(tail==null?void 0:tail.split(".").map(part=>/^\d+$/.test(part)?Number(part):part))??
[];return{text:tail===void 0?number2:`${number2}-${tail}`,numbers:[Number(major),Number(minor),Number(patch)],prerelease}}
function bare(line){var _a;let major=(_a=majorPattern.exec(line))==null?void 0:_a[1];return major===void 0?void 0:{text:major,
numbers:[Number(major),0,0],prerelease:[]}}var maxOutput=4096;function versionsOf({expectations,facts}){let versions=new Map;for(let name of Object.keys(expectations.
tools)){let answer2=facts[`tool:${name}`],text3=answer2!=null&&answer2.ok?versionIn(answer2.value):void 0;text3!==void 0&&
versions.set(name,text3)}return versions}function versionIn(facts){var _a,_b;let run=facts==null?void 0:facts.run;if((run==
null?void 0:run.kind)==="own-node")return typeof run.version=="string"?run.version:void 0;if((run==null?void 0:run.kind)!==
"ran"||((_a=run.outcome)==null?void 0:_a.kind)!=="exited"||run.outcome.code!==0)return;let{stdout,stderr}=run.outcome;return(_b=
versionOn(stdout)??versionOn(stderr))==null?void 0:_b.text}function versionOn(stream){return typeof stream=="string"?findVersion(
stream.slice(0,maxOutput)):void 0}function policyFor(report,declared=[]){var _a,_b;let{profile:profile2,expectations,results,verdict,runner}=report,statusOf=id=>results.
find(result2=>result2.id===id),versions=versionsOf(report),tools=Object.keys(expectations.tools).map(name=>{var _a2,_b2;
let found=versions.get(name),minor=found===void 0||(_a2=/^\d+(?:\.\d+)?/.exec(found))==null?void 0:_a2[0];return minor!==
void 0&&((_b2=statusOf(`tool/${name}`))==null?void 0:_b2.status)==="pass"?`      ${yamlName(name)}: ">=${minor}"  # foun\
d ${found}`:`      ${yamlName(name)}: { version: "*", optional: true }  # missing or broken`}),hasDocker=((_a=statusOf("\
docker/daemon"))==null?void 0:_a.status)==="pass",hasGpu=((_b=statusOf("gpu/driver"))==null?void 0:_b.status)==="pass",broken=results.
filter(({status:status2})=>status2==="fail"||status2==="error"||status2==="warn");return["# What a runner of this class \
must be. Written by `runner-check init` on such a runner.","# yaml-language-server: $schema=https://raw.githubuserconten\
t.com/fortemi/runner-check/v1/schema/policy.schema.json",...verdict==="healthy"?[]:["#","# This machine was not healthy.\
 Fix it, or state in `accept` how long you accept it:"],...broken.map(({id,reason})=>`#   ${oneLine(`${id}:${reason}`)}`),
"version: 1","profiles:",`  ${yamlName(profile2.name)}:`,"    # `runs-on` labels that select this profile under `profile\
: auto`:",`    # labels: [${yamlName(profile2.name)}]`,`    runs-in: ${runner.mode==="unknown"?"any":runner.mode}`,"    \
tools:",...tools,`    docker: ${hasDocker?"required":"optional"}`,`    gpu: ${hasGpu?"required":"optional"}`,"    disk:",
...expectations.disk.map(({path,free,inodes})=>`      - { path: ${yamlName(path)}${free===void 0?"":`, free: ${writtenSize(
free)}`}${inodes===void 0?"":`, inodes: ${inodes}`} }`),...declared.length===0?[]:["# Each is a check of its own, `expec\
t/<name>`, for every profile:","expect:",...declared],"# severity:","#   docker/socket-exposure: off","# accept:","#   -\
 { check: disk/free, reason: bigger disk is ordered, until: 2026-12-31 }",""].map(harmless).join(`
`)}function yamlName(text3){return/^(?:[A-Za-z_][\w.-]*|\/[\w./-]*)$/.test(text3)&&!/^(?:true|false|yes|no|on|off|y|n|null)$/i.
test(text3)?text3:escaped(JSON.stringify(text3))}var maxReportSize=16*1024*1024,maxDepth=100;function readReport(name,text3){let allowed=reportAllowed;if(text3.length>maxReportSize)
return{place:name,found:"a file of more than 16 MiB",allowed};let data;try{data=JSON.parse(text3)}catch(error){let why=error instanceof
Error?error.message.slice(0,200):"unreadable";return{place:name,found:`no JSON (${why})`,allowed}}if(!isShallow(data,maxDepth))
return{place:name,found:`more than ${maxDepth} levels`,allowed};let outcome=safeParse(reportSchema,data);return outcome.
success?data:mistakeOf(outcome.issues[0],path=>path===""?name:`${name}, ${path}`)}function isShallow(value,levels){return typeof value!=
"object"||value===null?!0:levels>0&&Object.values(value).every(entry=>isShallow(entry,levels-1))}function commandText(command){return command.map(shellQuote).join(" ")}function subjectOf(wants){switch(wants.kind){case"\
file":return wants.path;case"env":return wants.variable;case"command":return oneLine2(commandText(wants.command));case"s\
ysctl":return wants.setting;case"platform":return wants.platform}}function wantedText(wants){let subject=cut(subjectOf(wants));
switch(wants.kind){case"file":{if(!wants.exists)return`nothing at ${subject}`;let{type,mode,owner,contains}=wants,parts=[
...mode===void 0?[]:[`mode ${octal(mode)}`],...owner===void 0?[]:[`owner ${owner}`],...contains===void 0?[]:[`the text ${cut(
oneLine2(contains))}`]],name=type===void 0?subject:`${type} ${subject}`;return type===void 0&&parts.length===0?`${subject}\
 exists`:`${name}${parts.length===0?"":` with ${listed(parts)}`}`}case"env":return wants.set?wants.is!==void 0?`${subject}\
 is ${cut(oneLine2(wants.is))}`:wants.matches===void 0?`${subject} is set`:`${subject} matches ${cut(oneLine2(wants.matches))}`:
`${subject} is not set`;case"command":{let text3=wants.stdout===void 0?"":`, stdout has ${cut(oneLine2(wants.stdout))}`;
return`${subject}: exit code ${wants.exit} within ${seconds(wants.timeoutMs)}${text3}`}case"sysctl":return wants.is===void 0?
`${subject} exists`:`${subject} ${cut(oneLine2(wants.is))}`;case"platform":return`programs for ${subject} run`}}function seconds(ms){
return ms<1e3?`${ms} ms`:`${Math.round(ms/100)/10} s`}function urlOf(text3){if(/^https?:\/\/[^/]/i.test(text3??""))try{return new URL(text3??"")}catch{return}}var nameRules=[{what:"Tokens",words:"token tokens jwt pat bearer otp totp",pattern:/tokens?$/,hidden:["GITHUB_TOKEN","ac\
cessToken","_authToken","NPMTOKEN","CI_JWT","GH_PAT_2","splunk-token"],shown:["TOKENIZERS_PARALLELISM","TOKENIZER","PATH",
"PATTERN","SPATULA"]},{what:"Passwords",words:"pass passwd pwd pw psw pin pincode",pattern:/passw(?:or)?ds?$|^passw(?:or)?d|passphrases?$|passcodes?$|pwds?$|(?<!by|com|tres|sur|under|over)pass$/,
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
_STRING","ConnectionStrings__Default"],shown:["CONNECTION_TIMEOUT","STRING"]}],formatWords="base64 b64 pem json hex raw \
data value",openNames="github_actor git_author_name git_author_email git_author_date session_manager desktop_session gdm\
session oldpwd init_cwd xdg_session_id xdg_session_type xdg_session_class xdg_session_desktop xdg_session_path dbus_sess\
ion_bus_address",openEnds="public key|cache key|primary key|foreign key|partition key|sort key|host key|restore key|cach\
e keys|public keys|restore keys|token type|token expires|auth method|auth type",commonWords="true false none null nil ye\
s off on no empty incorrect invalid expired denied rejected unauthorized prompt stdin argument via flag option cannot in\
stead requires unset unknown default auto always never optional required forbidden allowed enabled disabled enable disab\
le changeme change example sample test tests testing debug info warn warning error errors fail failed failure pass passe\
d skip skipped healthy degraded about above access action actions after again against all allow also another answer answ\
ers any are asked because been before below between both branch build builder builds cache cannot case change changed ch\
eck checks class code command commands commit config configuration connect connection container containers control could\
 current daemon data deploy deployment described desktop device devices disk docker does done driver each else environme\
nt every exit expected file files first fix for forge found from full git gitea github group groups guest has have here \
home host hosts http https image images inside install installed into job jobs kernel key keys label labels last latest \
less library like line linux list local localhost login machine main make many master memory message minute minutes miss\
ing mode model more most mount mounted name names needs network new next node not nothing now number only open other out\
put over owner page password path permission place plugin policy port private process production profile program proxy p\
ublic read reason refused registry release remote report reports repository request required result results root run run\
ner runners running runs same say says second seconds secret secrets see server service services set shell should side s\
ize socket some source space staging start started state status step steps stop such summary support system table tag th\
an that the their them then there these they this time timeout token tokens tool tools toolchain two type ubuntu under u\
nit update url use used user users uses value values variable version versions very volume wait want was what when where\
 which while why will with within without work worker workflow workflows workspace would write written your";var list=(words2="",separator=" ")=>words2.split(separator).filter(word=>word!==""),words=new Set(nameRules.flatMap(rule=>list(
rule.words))),lastWords=new Set(nameRules.flatMap(rule=>list(rule.last))),pairs=new Set(nameRules.flatMap(rule=>list(rule.
pairs,"|"))),patterns=nameRules.flatMap(({pattern})=>pattern??[]),formats=new Set(list(formatWords)),openNameSet=new Set(
list(openNames)),openEndSet=new Set(list(openEnds,"|")),common=new Set(list(commonWords)),maxName=200,known2=new Map;function isSecretName(name){
let before=known2.get(name);if(before!==void 0)return before;let answer2=judge(name.slice(-maxName));return known2.size<
5e3&&known2.set(name,answer2),answer2}function judge(name){let lower=name.toLowerCase();if(openNameSet.has(lower)||name===
"PWD")return!1;let parts=wordsOf(name);if(parts.some(word=>words.has(word)||patterns.some(pattern=>pattern.test(word))))
return!openEndSet.has(parts.slice(-2).join(" "));if(parts.some((word,index)=>pairs.has(`${word} ${parts[index+1]}`)))return!0;
for(;parts.length>1&&(formats.has(parts[parts.length-1]??"")||/^\d+$/.test(parts[parts.length-1]??""));)parts.pop();return lastWords.
has(parts[parts.length-1]??"")&&!openEndSet.has(parts.slice(-2).join(" "))}function wordsOf(name){return name.replace(/([a-z0-9])([A-Z])/g,
"$1_$2").replace(/([A-Z])([A-Z][a-z])/g,"$1_$2").toLowerCase().split(/[^a-z0-9]+/).filter(word=>word!=="")}var placeName=/[_-](?:FILE|PATH|DIR|DIRECTORY|FOLDER|HOME|SOCK|SOCKET)$|^(?:GOOGLE_APPLICATION_CREDENTIALS|XAUTHORITY)$/i,
addressName=/[_-](?:URL|URI|ENDPOINT|HOST|SERVER|ISSUER|DOMAIN)$/i,webhookName=/hook|dsn|conn/i,plainValue=/^(?:[A-Z]?[a-z]{1,10}|[A-Z]{1,6}|\d{1,15}(?:\.\d{1,15})?)$/,
passwordName=/passw|passphrase|passcode|pwd|secret|pass$|cred|(?:^|[^a-z])(?:pw|psw|pin)(?:[^a-z]|$)/i,minSecret=4,minNumber=6;
function isPlain(value){return plainValue.test(value)}function isCommon(value){return common.has(value.toLowerCase())}function isHarmlessValue(name,value){
return value.length<minSecret||/^[*\u2022\u2026\s.]*$/.test(value)?!0:isPlain(value)?!passwordName.test(name)||isCommon(value)?
!0:/^[\d.]+$/.test(value)&&value.length<minNumber:placeName.test(name)?/^(?:~|\.{0,2})\/[\w./@ -]*$/.test(value):addressName.
test(name)&&!webhookName.test(name)&&/^https?:\/\/[^/?#@\s]+(?:\/[\w.-]{0,20}){0,5}$/.test(value)}var tokenShapes=[{what:"GitHub",pattern:/gh[opsur]_[A-Za-z0-9_]{10,255}|github_pat_[A-Za-z0-9_]{10,255}/,hidden:["ghp_{a\
36}","gho_{a36}","ghs_{a36}","github_pat_{a22}_{a59}"],shown:["ghp_short","github_path_of_a_file"]},{what:"GitLab",pattern:/gl(?:pat|dt|rtr?|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-[A-Za-z0-9_.-]{10,300}|GR1348941[A-Za-z0-9_-]{20,50}/,
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
hidden:["eyJ{a33}.eyJ{a40}.{a43}"],shown:["eyJ.json"]}],contextShapes=[{what:"Private keys (PEM, OpenSSH, PGP, PuTTY), a\
lso if their end was cut off",pattern:/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,16384}?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)|(?<=Private-Lines: \d{1,3}\s{1,2})(?:[A-Za-z0-9+/=]{20,64}\s{0,2}){1,100}/g,
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
e.webhook.office.com/webhookb2/{h32}"],shown:["https://hooks.slack.com/","https://discord.com/channels"]}];var tokens=new RegExp(`(?<![A-Za-z0-9])(?:${tokenShapes.map(({pattern})=>pattern.source).join("|")})`,"g"),mayHoldToken=/gh[opsur]_|github_pat_|gl[a-z]{1,6}[-_]|GR1348941|ATBB|AT(?:ATT|CTT)3|xox|xapp-|AKIA|ASIA|ABIA|ACCA|ABSK|bedrock-api-key-|AIza|ya29\.|GOCSPX-|1\/\/0|\dQ~|AZDO|npm_|pypi-|rubygems_|cio|oy2|CLOJARS_|dckr_|SWM|K10|AKCp|cmVmdGtu|sk-|hf_|api_org_|gsk_|xai-|pplx-|r8_|nvapi-|lsv2_|[sr]k_|whsec_|sq0|shp|FLWSECK|SG\.|key-|-us\d|xkeysib-|SK[0-9a-f]|:AA|[MNO][\w-]{23,27}\.|do[opr]_v1_|HRKU-|fm[12]|fo1_|nfp_|pscale_|sb[p_]|v1\.0-|LTAI|AVNS_|hv[sbr]\.|atlasv1|pul-|dp\.|tskey-|ops_eyJ|A3-|dapi|ico-|sntr|NR[AIJ]|dt0c01|sq[pau]_|CCIP|bk[upac]|[ps]at\.|PMAK-|lin_api_|ntn_|secret_|figd_|sgp_|EZ[AT]K|shippo_|aio_|pat[A-Za-z0-9]{14}\.|duffel_|fio-u-|sha256~|API-|pn[bu]_|rdme_|tk-us-|tfp_|dnkey-|_mmk|p8e-|age-secret|eyJ/i,
mayHoldContext=/-----BEGIN|Private-Lines|authorization|cookie|bearer\s|password\s|\s-[A-Za-z]{0,4}[uU][\s=]|user(?:pass|pwd)?[\s=]|\s-[paw]|pass:|>[^<]{4,2000}<\/|<add\s|'|\$\w{1,8}\$|https:\/\//i,
pair=/(?<![\w.-])([\w.-]{1,200})\\{0,7}["']?\]?\s{0,3}(=>|:=|==?|:(?!\/\/))\s{0,3}/g,flag=/(?<![\w-])--?([A-Za-z_][\w-]{1,60})\s{1,3}(?=[^\s-])/g,
quote=/\\{0,7}["'`]/y,bareValue=/(?:[^\s"'`,;&]|[,;&](?!\s|$|[\w.-]{1,60}=)|["'`](?![\s,;:)}\]>]|$)){1,4000}/y,restOfLine=/[^\n]{1,4000}/y,
reference=/^\$\{\w{1,100}\}$/,weakNames=new Set("key keys auth session sessions pass pin pw sig signature salt private c\
ookie".split(" ")),maxQuoted=4e3;function secretsIn(text3,hasLines=!0){let found=shapesIn(text3);return addPairs(found,text3,
hasLines),found}function shapesIn(text3){let found=[];if(mayHoldToken.test(text3)&&addMatches(found,text3,tokens),mayHoldContext.
test(text3))for(let{pattern}of contextShapes)addMatches(found,text3,pattern);return found}function addMatches(found,text3,pattern){
var _a;for(let match of text3.matchAll(pattern)){let start=match.index+(((_a=match[1])==null?void 0:_a.length)??0),end=match.
index+match[0].length;/^[*\u2026]+$/.test(text3.slice(start,end))||found.push([start,end])}}function addPairs(found,text3,hasLines){
if(/[=:]/.test(text3))for(let match of text3.matchAll(pair)){let[whole,name="",sign=""]=match;if(!isSecretName(name))continue;
let start=match.index+whole.length,isLine=hasLines&&sign==="="&&/^[A-Z_][A-Z0-9_]*$/.test(name)&&startsLine(text3,match.
index),value=valueAt(text3,start,isLine);value&&!isHarmlessPair(name,sign,text3.slice(...value),value[0]>start)&&found.push(
value)}if(text3.includes("-"))for(let match of text3.matchAll(flag)){let name=match[1]??"";if(!isSecretName(name))continue;
let value=valueAt(text3,match.index+match[0].length,!1);value&&!isHarmlessPair(name," ",text3.slice(...value),!0)&&found.
push(value)}}function startsLine(text3,at){let before=text3.slice(Math.max(0,at-20),at);return/(?:^|\n)[ \t]*(?:export |declare -x |- )?$/.
test(before)&&(at<20||before.includes(`
`)||at===0)}function valueAt(text3,start,isLine){var _a,_b;quote.lastIndex=start;let mark2=(_a=quote.exec(text3))==null?
void 0:_a[0];if(mark2!==void 0){let from=start+mark2.length;return from<text3.length?[from,endOfQuoted(text3,from,mark2)]:
void 0}let pattern=isLine?restOfLine:bareValue;pattern.lastIndex=start;let value=(_b=pattern.exec(text3))==null?void 0:_b[0].
replace(/[\u2026\s]+$/,"");return value?[start,start+value.length]:void 0}function endOfQuoted(text3,from,mark2){let limit=Math.
min(text3.length,from+maxQuoted);for(let at=from;at<limit;at++){if(text3[at]===`
`||text3[at]==="\u2026"||text3.startsWith(mark2,at))return at;text3[at]==="\\"&&mark2.length===1&&at++}return limit}function isHarmlessPair(name,sign,value,isQuoted){
if(reference.test(value)||isHarmlessValue(name,value)||isPlain(value)&&isCommon(value))return!0;let bare3=name.replace(/^[-.]+/,
"").toLowerCase();return weakNames.has(bare3)?bare3.startsWith("key")?sign!=="="||bare3==="keys":sign!=="="&&!isQuoted&&
(isPlain(value)||!/\d/.test(value)):!1}var patterns2=[/\b([a-z][a-z0-9+.-]{0,20}:\/{2,4})([^\s/?#"'<>]{1,500})@(?!sha\d{3}:)/gi,/\b([a-z][a-z0-9+.-]{0,20}:\/{2,4})([^\s/?#"'<>:@]{0,200}:(?!\d{1,5}[/?#])[^\s"'<>]{1,500})@(?!sha\d{3}:)/gi,
/(?<![\w/.:@%+~-])()([\w.%+~-]{1,64}:[^\s/@"'<>`,;|()]{1,200})@(?!sha\d{3}:)(?=[a-z_]|\d{1,3}(?:\.\d{1,3}){3})/gi],maybe=/@(?!sha\d{3}:)/;
function replaceUserinfo(text3,instead){return changeUserinfo(text3,()=>instead)}function changeUserinfo(text3,change){if(!maybe.
test(text3))return text3;let replace=(_,scheme,userinfo)=>scheme+change(userinfo);return patterns2.reduce((clean2,pattern)=>clean2.
replace(pattern,replace),text3)}function userinfoIn(text3){return maybe.test(text3)?patterns2.flatMap(pattern=>[...text3.
matchAll(pattern)].map(match=>match[2]??"")):[]}function passwordOf(userinfo){return userinfo.slice(userinfo.indexOf(":")+
1)}function decoded(text3){try{return decodeURIComponent(text3)}catch{return text3}}var minKey=20;function secretsInPolicy(policy){let{registries,services,image=""}=policy,logins=[image,...registries].flatMap(
loginOf),addresses=services.map(({url})=>url),passwords=[...logins,...addresses.flatMap(userinfoIn)].flatMap(userinfo=>{
let password=passwordOf(userinfo);return[userinfo,password,decoded(password)]}),shapes=textsIn(policy).flatMap(text3=>secretsIn(
text3).map(([from,to])=>text3.slice(from,to)));return[...passwords,...addresses.flatMap(keysIn),...[image,...registries].
flatMap(queryIn),...shapes]}function queryIn(text3){var _a;let query=(_a=/\?[^=]*=(.*)/s.exec(text3))==null?void 0:_a[1];
return query===void 0?[]:[query]}function textsIn(value){return typeof value=="string"?[value]:Array.isArray(value)&&value.
every(word=>typeof word=="string")?[value.join(" ")]:typeof value=="object"&&value!==null?Object.values(value).flatMap(textsIn):
[]}function withoutLogins(policy){let services=policy.services.map(service2=>({...service2,url:shownAddress(service2.url)}));
return{...policy,services}}function shownAddress(address){let place=replaceUserinfo(address,"").replace(/[?#].*$/s,"");return urlOf(
place)?place:place.replace(/\/\/.*@/s,"//")}function loginOf(entry){var _a;let login2=(_a=/^\s*(?:[a-z][\w+.-]*:\/\/)?(.*:(?!\d{1,5}\/).*)@(?!sha\d{3}:)/is.
exec(entry))==null?void 0:_a[1];return login2===void 0?[]:[login2]}function keysIn(address){let[,query=""]=/\?([^#]*)/.exec(
replaceUserinfo(address,""))??[];return query.split("&").map(pair3=>pair3.split(/=(.*)/s)).flatMap(([name="",value=""])=>isSecretName(
name)?[value,decoded(value)]:[name,value].filter(part=>part.length>=minKey).flatMap(part=>[part,decoded(part)]))}var minLine=12,minAnywhere=6,publicNames="USER LOGNAME HOSTNAME HOME SHELL LANG TERM RUNNER_NAME RUNNER_OS RUNNER_ARCH G\
ITHUB_ACTOR GITHUB_JOB GITHUB_WORKFLOW GITHUB_REPOSITORY GITHUB_REF_NAME GITHUB_SERVER_URL".split(" ");function secretsOf(env,known4){
var _a;let found=new Map,isPublic=publicWordsOf(env),add=value=>{for(let text3 of[value,...linesOf(value)])text3.length<
minSecret||isPlain(text3)&&(isCommon(text3)||isPublic.has(text3))||found.set(text3,{text:text3,match:matchOf(text3)})};for(let[
name,value=""]of Object.entries(env)){isSecretName(name)&&!isHarmlessValue(name,value)&&add(value);for(let[from,to]of secretsIn(
value))add(value.slice(from,to));name==="ACTIONS_CACHE_URL"&&add(((_a=/^https?:\/\/[^/]+\/+(.*?)\/*$/.exec(value))==null?
void 0:_a[1])??"");for(let userinfo of loginsIn(name,value)){let password=passwordOf(userinfo);password===userinfo&&isPlain(
userinfo)||(add(password),add(decoded(password)))}}for(let secret of known4)add(secret);return[...found.values()]}function matchOf(text3){
return isPlain(text3)?"word":text3.length<minAnywhere?"token":"anywhere"}function linesOf(value){return value.includes(`\

`)?value.split(`
`).map(line=>line.trim()).filter(line=>line.length>=minLine):[]}function publicWordsOf(env){return new Set(publicNames.flatMap(
name=>(env[name]??"").split(/[^\w-]+/)).filter(word=>word!==""))}function loginsIn(name,value){var _a;if(!value.includes(
"@"))return[];let proxy=/proxy$/i.test(name)?(_a=/^\s*(?:[a-z][\w+.-]*:\/\/)?(.*)@/is.exec(value))==null?void 0:_a[1]:void 0;
return proxy===void 0?userinfoIn(value):[proxy]}function base64Forms(bytes){return[0,1,2].flatMap(offset=>{let core=Buffer.concat([Buffer.alloc(offset),bytes]).toString(
"base64").slice(offset===0?0:offset+1,Math.floor((offset+bytes.length)*8/6));return core.length>=5&&!/^(?:[a-z]*|[A-Z]*|\d*)$/.
test(core)?[core,core.replace(/\+/g,"-").replace(/\//g,"_")]:[]})}function encodedForms(secret){let bytes=bytesOf(secret),
hex=bytes.toString("hex"),json=inJson(secret);return[...base64Forms(bytes),...json===secret?[]:base64Forms(bytesOf(json)),
hex,hex.toUpperCase()]}function bytesOf(secret){return Buffer.from(secret).subarray(0,2048)}function escapedForms(secret){
var _a;if(/^[\w.~-]*$/.test(secret))return[];let json=inJson(secret),url=inUrl(secret),forms=[json,inJson(json),url,url.
replace(/%../g,code2=>code2.toLowerCase()),url.replace(/%20/g,"+"),secret.replace(/ /g,"+"),secret.replace(/&/g,"&amp;").
replace(/</g,"&lt;").replace(/>/g,"&gt;").replace(/"/g,"&quot;"),secret.replace(/'/g,"'\\''"),secret.replace(/'/g,"''"),
secret.replace(/[^\w.~-]/g,"\\$&")];for(let layer=0,text3=secret;layer<maxLayers;layer++){let next=(_a=unescaped(text3))==
null?void 0:_a.text;if(next===void 0)break;text3=next,forms.push(text3)}return forms}function inJson(text3){return JSON.
stringify(text3).slice(1,-1)}function inUrl(secret){try{return encodeURIComponent(secret).replace(/[!'()*]/g,character=>`\
%${hexOf(character)}`)}catch{return secret}}function hexOf(character){return character.charCodeAt(0).toString(16).toUpperCase()}
var maxLayers=5;function viewsOf(text3){let views=[{text:text3,places:void 0}];for(let view=views[0];views.length<=maxLayers;){
let next=unescaped(view.text);if(!next)break;view={text:next.text,places:through(view.places,next.places)},views.push(view)}
let joined=withoutSpace(views[views.length-1]);return joined?[...views,joined]:views}function unescapedView(text3){return unescaped(
text3)}function through(outer,inner){return outer?inner.map(place=>outer[place]??0):inner}var spaces=/[A-Za-z0-9+/=_-]\s+[A-Za-z0-9+/=_-]/;
function withoutSpace(view){if(!spaces.test(view.text))return;let joined=new Writer(view.text);for(let at=0;at<view.text.
length;at++){let code2=view.text.charCodeAt(at);code2!==space&&(code2>13||code2<9)&&joined.write(code2,at)}let{text:text3,
places}=joined.done();return{text:text3,places:through(view.places,places),isJoined:!0}}var Writer=class{source;codes;places;length=0;constructor(source){
this.source=source,this.codes=new Uint16Array(source.length),this.places=new Int32Array(source.length+1)}write(code2,place){
this.codes[this.length]=code2,this.places[this.length++]=place}done(){this.places[this.length]=this.source.length;let{buffer}=this.
codes;return{text:Buffer.from(buffer,0,this.length*2).toString("utf16le"),places:this.places.subarray(0,this.length+1)}}},
[space,percent,ampersand,quote2,backslash]=[32,37,38,39,92],escapes=/%[0-9A-Fa-f]{2}|\\|&[#A-Za-z]|''|'"'"'/,entity=/&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/y,
entities={amp:38,lt:60,gt:62,quot:34,apos:39,nbsp:32},codeEscape=/\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2}))/y,
octalEscape=/\\([0-3][0-7]{2})/y,letters={n:10,r:13,t:9,b:8,f:12,v:11};function unescaped(text3){if(!escapes.test(text3))
return;let plain=new Writer(text3);for(let at=0;at<text3.length;)at=writeNext(text3,at,plain);return plain.done()}function writeNext(text3,at,plain){
let code2=text3.charCodeAt(at);switch(code2){case percent:return writeBytes(text3,at,plain);case backslash:return writeEscape(
text3,at,plain);case ampersand:{let[whole,decimal,hex,name]=matchAt(entity,text3,at)??[];if(whole===void 0)break;let point=name!==
void 0?entities[name]??0:Number.parseInt(decimal??hex??"",decimal?10:16);return writePoint(point,at,plain),at+whole.length}case quote2:{
let next=text3.charCodeAt(at+1),escaped2=next===backslash&&text3.startsWith("'\\''",at)?4:text3.startsWith(`'"'"'`,at)?5:
next===quote2?2:1;return plain.write(quote2,at),at+escaped2}}return plain.write(code2,at),at+1}function writeEscape(text3,at,plain){
var _a;let letter=text3[at+1]??"";if(letter==="")return plain.write(backslash,at),at+1;if(letter===`
`)return at+2;if(letter==="u"||letter==="U"||letter==="x"){let[whole,...digits]=matchAt(codeEscape,text3,at)??[];if(whole!==
void 0)return writePoint(Number.parseInt(digits.find(part=>part!==void 0)??"",16),at,plain),at+whole.length}let octal2=letter>=
"0"&&letter<="3"?(_a=matchAt(octalEscape,text3,at))==null?void 0:_a[1]:void 0;return octal2!==void 0?(plain.write(Number.
parseInt(octal2,8),at),at+4):(plain.write(letters[letter]??text3.charCodeAt(at+1),at),at+2)}function writeBytes(text3,at,plain){
let first=byteAt(text3,at);if(first===void 0)return plain.write(percent,at),at+1;let count2=first<192?1:first<224?2:first<
240?3:4,known4=Array.from({length:count2},(_,index)=>index===0?first:byteAt(text3,at+3*index)).filter(byte=>byte!==void 0);
if(count2===1||known4.length<count2)return plain.write(first,at),at+3;let character=Buffer.from(known4).toString();for(let index=0;index<
character.length;index++)plain.write(character.charCodeAt(index),at);return at+3*count2}function byteAt(text3,at){if(text3.
charCodeAt(at)!==percent)return;let[high,low]=[digitOf(text3.charCodeAt(at+1)),digitOf(text3.charCodeAt(at+2))];return high===
void 0||low===void 0?void 0:high*16+low}function digitOf(code2){if(code2>=48&&code2<=57)return code2-48;let letter=code2|
32;return letter>=97&&letter<=102?letter-87:void 0}function matchAt(pattern,text3,at){return pattern.lastIndex=at,pattern.
exec(text3)}function writePoint(point,at,plain){if(!(point<=1114111))return;let character=String.fromCodePoint(point);for(let index=0;index<
character.length;index++)plain.write(character.charCodeAt(index),at)}var headLength=4,minCut=8,minCutText=64,minForm=6,minJoined=12,tableSize=65536,SecretSearch=class{filter=new Uint8Array(
tableSize);byHead=new Map;constructor(secrets){let all=new Map,add=(text3,match,isEncoded)=>{text3.length>=headLength&&!all.
has(text3)&&all.set(text3,{text:text3,match,isEncoded})};for(let{text:text3,match}of secrets){add(text3,match,!1);for(let form of escapedForms(
text3))form.length>=Math.min(text3.length,minForm)&&add(form,match,!1);for(let form of encodedForms(text3))add(form,"any\
where",!0)}let groups=new Map;for(let needle of all.values()){let head=needle.text.slice(0,headLength);this.filter[slotOf(
head,0)]=1;let group=groups.get(head);group?group.push(needle):groups.set(head,[needle])}for(let[head,group]of groups)this.
byHead.set(head,new Needles(group))}find(text3){if(this.byHead.size===0||text3.length<headLength)return[];let found=[];for(let view of viewsOf(
text3)){let{places,isJoined=!1}=view,hiddenTo=0;this.look(view.text,isJoined,(from,to,isEncoded)=>{if(isEncoded&&from<hiddenTo)
return;let[first,end]=isEncoded&&!isJoined?runAround(view.text,from,to):[from,to];isEncoded&&(hiddenTo=end);let[start,stop]=places?
[places[first]??0,places[end]??text3.length]:[first,end],shown=isJoined?start+text3.slice(start,stop).trimEnd().length:stop;
found.push(isEncoded&&isJoined?runAround(text3,start,shown):[start,shown])})}return merged(found)}look(text3,isJoined,hide){
var _a;let{filter}=this,last=text3.length-headLength;for(let at=0;at<=last;at++){if(filter[slotOf(text3,at)]===0)continue;
let[needle,to]=((_a=this.byHead.get(text3.slice(at,at+headLength)))==null?void 0:_a.at(text3,at,isJoined))??[];needle&&to!==
void 0&&hide(at,to,needle.isEncoded)}}},Needles=class{sorted;shorter;constructor(needles){this.sorted=[...needles].sort(
(a,b)=>a.text<b.text?-1:1);let shorter=[];this.sorted.forEach(({text:text3},index)=>{var _a;let before=index-1;for(;before>=
0&&!text3.startsWith(((_a=this.sorted[before])==null?void 0:_a.text)??"");)before=shorter[before]??-1;shorter.push(before)}),
this.shorter=shorter}at(text3,at,isJoined){var _a;let[low,high]=[0,this.sorted.length];for(;low<high;){let middle=low+high>>>
1;isAfter(((_a=this.sorted[middle])==null?void 0:_a.text)??"",text3,at)?high=middle:low=middle+1}for(let index=low-1;index>=
0;index=this.shorter[index]??-1){let needle=this.sorted[index],to=at+needle.text.length;if((!isJoined||needle.isEncoded||
needle.match==="anywhere"&&needle.text.length>=minJoined)&&text3.startsWith(needle.text,at)&&isAlone(text3,at,to,needle.
match))return[needle,to]}for(let needle of[this.sorted[low-1],this.sorted[low]]){let end=needle&&cutEnd(text3,at,needle.
text);if(end!==void 0)return[needle,end]}}};function isAfter(form,text3,at){for(let index=headLength;index<form.length;index++){
let difference=form.charCodeAt(index)-text3.charCodeAt(at+index);if(difference!==0)return!(difference<0)}return!1}function slotOf(text3,at){
let a=text3.charCodeAt(at)|text3.charCodeAt(at+1)<<8,b=text3.charCodeAt(at+2)|text3.charCodeAt(at+3)<<8;return(Math.imul(
a,40503)^Math.imul(b,34283)^a>>>7)&tableSize-1}function cutEnd(text3,at,secret){let length=headLength;for(;length<secret.
length&&at+length<text3.length&&text3[at+length]===secret[length];)length++;let end=at+length;return length<minCut||length===
secret.length?void 0:text3[end]==="\u2026"||text3.startsWith("...",end)?end:end<text3.length||end<minCutText&&/^[a-z ._/-]*$/i.
test(text3.slice(at))?void 0:end}function isAlone(text3,from,to,match){if(match==="anywhere")return!0;let[before,after2]=[
text3[from-1]??"",text3.slice(to,to+2)];return match==="token"?!/[A-Za-z0-9]/.test(before)&&!/^[A-Za-z0-9]/.test(after2):
!/[\w./@-]/.test(before)&&!/^(?:[\w/-]|\.\w)/.test(after2)}function runAround(text3,from,to){let isPart=at=>/[A-Za-z0-9+/=_-]/.
test(text3[at]??""),[first,end]=[from,to];for(;first>0&&text3[first-1]!=="="&&isPart(first-1);)first--;for(;end<text3.length&&
isPart(end);)end++;return[first,end]}function merged(ranges){let joined=[];for(let[from,to]of[...ranges].sort((a,b)=>a[0]-
b[0])){let last=joined[joined.length-1];last&&from<=last[1]?last[1]=Math.max(last[1],to):joined.push([from,to])}return joined}
function replaced(text3,ranges,instead){if(ranges.length===0)return text3;let parts=[],done=0;for(let[from,to]of ranges)
parts.push(text3.slice(done,from),instead(text3.slice(from,to))),done=to;return parts.join("")+text3.slice(done)}var maxText=4096,maxLooked=16*1024,mark="***",cutUserinfo=/\b((?:https?|ftps?|ssh|git|tcp|wss?|socks\w{0,2}|postgres(?:ql)?|mysql|mongodb|rediss?|amqps?)(?:\+\w{1,10})?:\/\/)[^\s/?#@:"'<>[\]]{0,200}:(?!\d{0,5}(?:\u2026|$))[^\s/?#@"'<>`\u2026]{1,4000}(?=\u2026|$)/gi,
textKeys=/^(?:\d+|stdout|stderr|text|message|body|output|line|what|found|observed|title|headline|why|version|value|name|names|labels?|error|log)$/i,
unusual2=/[^\n\t -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u22ff]/,ansi=/\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g,
unseen=/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;function createRedactor(env,known4=[]){
let secrets=secretsOf(env,known4).map(secret=>({...secret,text:visible(secret.text)})),search=new SecretSearch(secrets),
plain=new Set(secrets.map(({text:text4})=>text4).filter(isPlain)),withoutKnown=raw=>{let clean2=visible(raw);return replaceUserinfo(
replaced(clean2,search.find(clean2),marked),`${mark}@`)},whole=raw=>withoutShapes(withoutKnown(raw)),text3=raw=>{let clean2=whole(
raw.slice(0,maxLooked));return clean2.length>maxText?`${clean2.slice(0,maxText)}\u2026`:clean2},isClean=json=>!json.includes(
"@")&&search.find(json).length===0,again=value=>isClean(JSON.stringify(value))?value:everywhere(withoutKnown,plain)(value),
stars2=raw=>replaced(raw,search.find(raw),hidden=>hidden.replace(/\S/g,"*"));return{text:text3,whole,deep:everywhere(text3,
plain),again,stars:stars2}}function marked(){return mark}function withoutShapes(text3){let found=secretsIn(text3),view=unescapedView(
text3),{places}=view??{};if(view&&places)for(let[from,to]of secretsIn(view.text))found.push([places[from]??0,places[to]??
0]);return replaced(text3,merged(found),marked).replace(cutUserinfo,`$1${mark}`)}function everywhere(change,plain){let known4=new Map,
once=text3=>{let changed=known4.get(text3)??change(text3);return known4.set(text3,changed),changed},deep=(value,key)=>typeof value==
"string"?plain.has(value)&&!textKeys.test(key)?value:once(value):Array.isArray(value)?value.map((entry,index)=>deep(entry,
String(index))):value===null||typeof value!="object"?value:Object.fromEntries(Object.entries(value).map(([name,entry])=>[
plain.has(name)?name:once(name),deep(entry,name)]));return value=>deep(value,"0")}function visible(text3){return unusual2.
test(text3)?text3.replace(/\r\n?/g,`
`).replace(ansi,"").replace(unseen,""):text3}function renderPolicy(secret,env){let policy=createRedactor(env,secretsInPolicy(secret)).deep(withoutLogins(secret)),rows=[
...rowsOf(policy)].map(([path,value,source])=>[oneLine(path),oneLine(value),oneLine(source)]),width=column=>rows.reduce(
(most,row)=>Math.min(60,Math.max(most,row[column].length)),0),lines=rows.map(([path,value,source])=>harmless(`${path.padEnd(
width(0))}  ${value.padEnd(width(1))}  ${source}`.trimEnd()));return`${harmless(`profile ${oneLine(policy.profile)}`)}

${lines.join(`
`)}
`}function*rowsOf(policy){let sourceOf=path=>policy.sources[path]??"built in";yield["runs-in",policy.runsIn,sourceOf("ru\
nsIn")],yield["privileged",policy.privileged,sourceOf("privileged")],policy.image!==void 0&&(yield["image",policy.image,
sourceOf("image")]),policy.imageMaxAgeDays!==void 0&&(yield["image-max-age",`${policy.imageMaxAgeDays}d`,sourceOf("image\
MaxAgeDays")]),policy.toolCache!==void 0&&(yield["tool-cache",policy.toolCache,sourceOf("toolCache")]);for(let[name,tool3]of Object.
entries(policy.tools)){let path=`tools.${name}`;yield[path,`${tool3.version.text}${tool3.optional?" (optional)":""}`,sourceOf(
path)];for(let{version,source}of tool3.alsoWanted??[])yield[path,version.text,source]}let{require:require2,plugins}=policy.
docker;yield["docker",[require2,...plugins.map(plugin=>`with ${plugin}`)].join(", "),sourceOf("docker")];let{require:gpu2,
driver,computeCapability,...numbers}=policy.gpu,limits=Object.entries({count:numbers.count,memory:numbers.memory===void 0?
void 0:writtenSize(numbers.memory),"free-memory":numbers.freeMemory===void 0?void 0:writtenSize(numbers.freeMemory),driver:driver==
null?void 0:driver.text,"compute-capability":computeCapability==null?void 0:computeCapability.text});yield["gpu",[gpu2,...limits.
filter(([,value])=>value!==void 0).map(([name,value])=>`${name} ${value}`)].join(", "),sourceOf("gpu")],policy.memory!==
void 0&&(yield["memory",writtenSize(policy.memory),sourceOf("memory")]),policy.cpus!==void 0&&(yield["cpus",String(policy.
cpus),sourceOf("cpus")]),policy.shm!==void 0&&(yield["shm",writtenSize(policy.shm),sourceOf("shm")]),policy.openFiles!==
void 0&&(yield["open-files",String(policy.openFiles),sourceOf("openFiles")]);for(let{path,free,inodes}of policy.disk)free!==
void 0&&(yield[`disk.${path}.free`,writtenSize(free),sourceOf(`disk.${path}.free`)]),inodes!==void 0&&(yield[`disk.${path}\
.inodes`,String(inodes),sourceOf(`disk.${path}.inodes`)]);for(let registry of policy.registries)yield["registries",registry,
sourceOf("registries")];for(let service2 of policy.services)yield["services",`${service2.name} ${service2.url}`,sourceOf(
"services")];for(let{name,wants}of policy.expect??[])yield[`expect.${name}`,wantedText(wants),sourceOf(`expect.${name}`)];
for(let[check2,level]of Object.entries(policy.severity))yield["severity",`${check2}: ${level}`,"policy"];for(let{check:check2,
until,reason}of policy.accept)yield["accept",`${check2} until ${until}`,reason]}var import_node_path=require("node:path");function hasWorkspace(env){return env.GITHUB_WORKSPACE!==void 0||env.GITEA_RUNNER_HEALTH_CHECK!=="true"}function isWithin(path,directory){let parent=directory.replace(/(?<=.)\/+$/,"");return path===parent||path.startsWith(parent===
"/"?"/":`${parent}/`)}async function isOfWorkspace(host,path,workspace){if(!hasWorkspace(host.env))return!1;let[real,root,
home]=await Promise.all([path,workspace,host.userHome??"/"].map(at=>realOr(host,at)));return isWithin(home??"/",root??workspace)?
!1:[(0,import_node_path.resolve)(path),real??path].some(at=>isWithin(at,workspace)||isWithin(at,root??workspace))}async function readPerhapsInside(host,workspace,path,maxBytes){return await isOfWorkspace(host,path,workspace)?host.readInside(
workspace,path,maxBytes):host.readText(path,maxBytes)}async function realOr(host,path){let real=await host.realPath(path);
return real.kind==="ok"?real.value:path}var maxEventBytes=1024*1024,maxText2=512;function systemOf(env){return isOn(env.FORGEJO_ACTIONS)||text(env.FORGEJO_ACTIONS_RUNNER_VERSION)||text(env.FORGEJO_RUN_ID)?
"forgejo":isOn(env.GITEA_ACTIONS)?"gitea":isOn(env.ACT_EXEC)||isOn(env.ACT)?"act":isOn(env.GITHUB_ACTIONS)?"github":"non\
e"}function isOn(value){return!["","0","false"].includes((value??"").trim().toLowerCase())}function text(value){return(value==
null?void 0:value.trim().slice(0,maxText2))||void 0}var maxMountinfo=256*1024;async function isOpenToAll(host,path){let parts=path.split("/").slice(1,-1),directories=parts.map((_,index)=>`/${parts.slice(
0,index+1).join("/")}`);return(await Promise.all(directories.map(directory=>host.stat(directory)))).every(outcome=>!("mo\
de"in outcome)||(outcome.mode&1)!==0)}var config_keys_default={$schema:"./config-keys.schema.json",gitea:{upTo:"3.3.0",source:"internal/pkg/config/config.go o\
f every release",otherSections:["kubernetes","telemetry","otel","tracing"],keys:{"log.level":{type:"text",oneOf:["trace",
"debug","info","warn","warning","error","fatal","panic"],example:"debug"},"log.job.dir":{type:"text",since:"3.3.0",example:"\
/var/log/gitea-runner/jobs"},"log.job.retention":{type:"duration",since:"3.3.0",example:"168h"},"log.job.max_size":{type:"\
size",since:"3.3.0",example:"50MB"},"runner.file":{type:"text",example:"/var/lib/gitea-runner/.runner"},"runner.capacity":{
type:"number",example:2},"runner.envs":{type:"environment",example:{RUST_BACKTRACE:"1"}},"runner.env_file":{type:"text",
example:"/etc/gitea-runner/environment"},"runner.timeout":{type:"duration",example:"3h"},"runner.shutdown_timeout":{type:"\
duration",since:"0.2.11",example:"3h"},"runner.insecure":{type:"flag",example:!1},"runner.fetch_timeout":{type:"duration",
example:"5s"},"runner.fetch_interval":{type:"duration",example:"2s"},"runner.fetch_interval_max":{type:"duration",since:"\
0.4.0",example:"5s"},"runner.workdir_cleanup_age":{type:"duration",since:"1.0.0",example:"24h"},"runner.idle_cleanup_int\
erval":{type:"duration",since:"1.0.0",example:"10m"},"runner.log_report_interval":{type:"duration",since:"0.4.0",example:"\
3s"},"runner.log_report_max_latency":{type:"duration",since:"0.4.0",example:"3s"},"runner.log_report_batch_size":{type:"\
number",since:"0.4.0",example:100},"runner.state_report_interval":{type:"duration",since:"0.4.0",example:"5s"},"runner.r\
eport_close_timeout":{type:"duration",since:"1.0.7",example:"10s"},"runner.labels":{type:"texts",example:["builder:docke\
r://ghcr.io/team/builder:1.0","titan:host"]},"runner.github_mirror":{type:"text",since:"0.2.13",example:"https://github.\
mirror.example"},"runner.action_shallow_clone":{type:"flag",since:"2.0.0",example:!0},"runner.set_act_env":{type:"flag",
since:"2.1.0",example:!0},"runner.patch_actions":{type:"flag",since:"3.3.0",example:!0},"runner.allocate_pty":{type:"fla\
g",since:"1.0.4",example:!1},"runner.default_image":{type:"text",since:"3.3.0",example:"ghcr.io/team/builder:1.0"},"runn\
er.tool_cache_mode":{type:"text",since:"3.2.0",oneOf:["none","shared"],example:"shared"},"runner.post_task_script":{type:"\
text",since:"2.0.0",example:"/etc/gitea-runner/after-job.sh"},"runner.post_task_script_timeout":{type:"duration",since:"\
2.0.0",example:"1m"},"runner.hooks.job_started":{type:"text",since:"3.0.0",example:"/etc/gitea-runner/job-started.sh"},"\
runner.hooks.job_completed":{type:"text",since:"3.0.0",example:"/etc/gitea-runner/job-completed.sh"},"cache.enabled":{type:"\
flag",example:!0},"cache.dir":{type:"text",example:"/var/lib/gitea-runner/cache"},"cache.host":{type:"text",example:"10.\
0.0.5"},"cache.port":{type:"port",example:8088},"cache.external_server":{type:"text",since:"0.2.4",example:"http://cache\
.example:8088/"},"cache.external_secret":{type:"text",since:"0.6.0",secret:!0,example:"7f3a9c0b5d"},"cache.external_secr\
et_file":{type:"text",since:"2.3.0",example:"/etc/gitea-runner/cache-secret"},"cache.offline_mode":{type:"flag",since:"1\
.0.5",example:!1},"cache.v2":{type:"flag",since:"3.0.0",example:!0},"cache.retention":{type:"duration",since:"3.2.0",example:"\
720h"},"cache.repo_size_limit":{type:"size",since:"3.2.0",example:"10GB"},"cache.size_limit":{type:"size",since:"3.2.0",
example:"50GB"},"cache.sweep_interval":{type:"duration",since:"3.2.0",example:"1h"},"container.network":{type:"text",example:"\
builds"},"container.network_create_options.enable_ipv4":{type:"flag",since:"2.0.0",example:!0},"container.network_create\
_options.enable_ipv6":{type:"flag",since:"2.0.0",example:!1},"container.network_mode":{type:"text",insteadOf:"container.\
network",example:"host"},"container.privileged":{type:"flag",example:!1},"container.options":{type:"text",example:"--shm\
-size=8g"},"container.workdir_parent":{type:"text",example:"workspace"},"container.valid_volumes":{type:"texts",since:"0\
.2.1",example:["/srv/models"]},"container.docker_host":{type:"text",since:"0.2.1",example:"unix:///var/run/docker.sock"},
"container.force_pull":{type:"flag",since:"0.2.6",example:!0},"container.force_rebuild":{type:"flag",since:"0.2.7",example:!1},
"container.require_docker":{type:"flag",since:"0.2.13",example:!0},"container.docker_timeout":{type:"duration",since:"0.\
2.13",example:"2m"},"container.bind_workdir":{type:"flag",since:"0.3.1",example:!1},"container.service_ready_timeout":{type:"\
duration",since:"3.1.0",example:"5m"},"host.workdir_parent":{type:"text",since:"0.2.1",example:"/var/lib/gitea-runner/wo\
rk"},"metrics.enabled":{type:"flag",since:"0.4.0",example:!0},"metrics.addr":{type:"text",since:"0.4.0",example:"127.0.0\
.1:9101"},"metrics.readiness_grace":{type:"duration",since:"2.2.0",example:"30s"},"health_check.enabled":{type:"flag",since:"\
2.2.0",example:!0},"health_check.min_free_disk_space_mb":{type:"number",since:"2.2.0",example:1024},"health_check.script":{
type:"text",since:"2.2.0",example:"/etc/gitea-runner/healthy.sh"},"health_check.interval":{type:"duration",since:"2.2.0",
example:"30s"},"health_check.timeout":{type:"duration",since:"2.2.0",example:"10s"}}},forgejo:{upTo:"12.0.0",source:"int\
ernal/pkg/config/config.go of release 12",otherSections:["server"],keys:{"log.level":{type:"text",oneOf:["trace","debug",
"info","warn","warning","error","fatal","panic"],example:"debug"},"log.job_level":{type:"text",oneOf:["trace","debug","i\
nfo","warn","warning","error","fatal","panic"],example:"info"},"runner.file":{type:"text",example:"/var/lib/gitea-runner\
/.runner"},"runner.capacity":{type:"number",example:2},"runner.envs":{type:"environment",example:{RUST_BACKTRACE:"1"}},"\
runner.env_file":{type:"text",example:"/etc/gitea-runner/environment"},"runner.timeout":{type:"duration",example:"3h"},"\
runner.shutdown_timeout":{type:"duration",example:"3h"},"runner.insecure":{type:"flag",example:!1},"runner.fetch_timeout":{
type:"duration",example:"5s"},"runner.fetch_interval":{type:"duration",example:"2s"},"runner.report_interval":{type:"dur\
ation",example:"1s"},"runner.report_retry.max_retries":{type:"number",example:10},"runner.report_retry.initial_delay":{type:"\
duration",example:"100ms"},"runner.report_retry.max_delay":{type:"duration",example:"10s"},"runner.labels":{type:"texts",
example:["builder:docker://ghcr.io/team/builder:1.0","titan:host"]},"cache.enabled":{type:"flag",example:!0},"cache.dir":{
type:"text",example:"/var/lib/gitea-runner/cache"},"cache.host":{type:"text",example:"10.0.0.5"},"cache.port":{type:"por\
t",example:8088},"cache.proxy_port":{type:"port",example:8089},"cache.external_server":{type:"text",example:"http://cach\
e.example:8088/"},"cache.actions_cache_url_override":{type:"text",example:"http://cache.example:8088/"},"cache.secret":{
type:"text",secret:!0,example:"7f3a9c0b5d"},"container.network":{type:"text",example:"builds"},"container.network_mode":{
type:"text",insteadOf:"container.network",example:"host"},"container.enable_ipv6":{type:"flag",example:!1},"container.pr\
ivileged":{type:"flag",example:!1},"container.options":{type:"text",example:"--shm-size=8g"},"container.workdir_parent":{
type:"text",example:"workspace"},"container.valid_volumes":{type:"texts",example:["/srv/models"]},"container.docker_host":{
type:"text",example:"unix:///var/run/docker.sock"},"container.force_pull":{type:"flag",example:!0},"container.force_rebu\
ild":{type:"flag",example:!1},"host.workdir_parent":{type:"text",example:"/var/lib/gitea-runner/work"}}}};var known3={gitea:config_keys_default.gitea,forgejo:config_keys_default.forgejo},giteaKeys=known3.gitea.keys,forgejoKeys=known3.
forgejo.keys,giteaKeysUpTo=known3.gitea.upTo;function keysOf(system){return known3[system].keys}var sections=new Map([giteaKeys,forgejoKeys].map(table=>[table,new Set(Object.keys(table).flatMap(pathsAbove))]));function pathsAbove(path){
let keys=path.split(".");return keys.slice(1).map((_,index)=>keys.slice(0,index+1).join("."))}function isSection(table,path){
var _a;return((_a=sections.get(table))==null?void 0:_a.has(path))??!1}function isNull(tree){return tree.kind==="scalar"&&tree.plain&&["","~","null","Null","NULL"].includes(tree.text)}function entryOf2(tree,key){
return(tree==null?void 0:tree.kind)==="map"?tree.entries.find(entry=>entry.key===key):void 0}function entryAt(root,...path){
let tree=root,entry;for(let key of path)entry=entryOf2(tree,key),tree=entry==null?void 0:entry.value;return entry}function scalarAt(root,...path){
var _a;let value=(_a=entryAt(root,...path))==null?void 0:_a.value;return(value==null?void 0:value.kind)==="scalar"&&!isNull(
value)?value:void 0}function secretsInLabel(text3){var _a;let found=[];for(let match of text3.matchAll(/(?<![A-Za-z0-9])[A-Za-z0-9]{40}(?![A-Za-z0-9])/g)){
let isHexadecimal=/^[0-9a-f]+$/.test(match[0]),isName=!text3.slice(0,match.index).includes(":");/\d/.test(match[0])&&/[A-Za-z]/.
test(match[0])&&(!isHexadecimal||isName)&&found.push({from:match.index,to:match.index+40})}for(let match of text3.matchAll(
/\b(?:gh[pousr]|github_pat|glpat)[_-][A-Za-z0-9_-]{16,}/g))found.push({from:match.index,to:match.index+match[0].length});
for(let match of text3.matchAll(/\/\/([^/@\s]*:[^/@\s]*)@(?!sha256:)/g)){let from=match.index+2;found.push({from,to:from+
(((_a=match[1])==null?void 0:_a.length)??0)})}return found}function splitWords(text3){let words2=[],word="",start=-1,at=0,begin=()=>{start<0&&(start=at)};for(;at<text3.length;){let char=text3[at]??
"";if(` 
	`.includes(char))start>=0&&words2.push({text:word,offset:start}),word="",start=-1,at++;else if(char==="\\"){if(at+1>=text3.
length)return{kind:"unterminated",what:"\\",offset:at};text3[at+1]!==`
`&&(begin(),word+=text3[at+1]),at+=2}else if(char==="'"){begin();let end=text3.indexOf("'",at+1);if(end<0)return{kind:"u\
nterminated",what:"'",offset:at};word+=text3.slice(at+1,end),at=end+1}else if(char==='"'){begin();let quoted2=readDoubleQuoted(
text3,at+1);if(!quoted2)return{kind:"unterminated",what:'"',offset:at};word+=quoted2.text,at=quoted2.end}else begin(),word+=
char,at++}return start>=0&&words2.push({text:word,offset:start}),{kind:"ok",words:words2}}function readDoubleQuoted(text3,from){
let word="";for(let at=from;at<text3.length;at++){let char=text3[at]??"";if(char==='"')return{text:word,end:at+1};let next=text3[at+
1];char==="\\"&&next!==void 0&&'$`"\n\\'.includes(next)?(next!==`
`&&(word+=next),at++):word+=char}}function isRegistration(path){return/\.runner$/.test(path)}function directoryOf(path){let slash=path.lastIndexOf("/");return slash<
0?".":path.slice(0,Math.max(1,slash))}function typeOf(path,text3){let name=path.slice(path.lastIndexOf("/")+1);if(isRegistration(name))return"registration";if(/\.(?:service|timer|socket)$/.
test(name)||/\.service\.d\/[^/]*\.conf$/.test(path))return"unit";let start=text3.slice(0,65536);return/^\s*\{/.test(start)?
/"(?:uuid|labels|address)"\s*:/.test(start)?"registration":"config":/^\[(?:Unit|Service|Install)\]\s*$/m.test(start)?"un\
it":/^jobs\s*:/m.test(start)&&/^["']?on["']?\s*:/m.test(start)?"workflow":"config"}function otherKind(root){var _a;if((root==
null?void 0:root.kind)!=="map")return;let names2=root.entries.map(entry=>entry.key);if(!(names2.includes("runner")||names2.
includes("container"))){if(names2.includes("services")&&((_a=entryOf2(root,"services"))==null?void 0:_a.value.kind)==="m\
ap")return"a compose file";if(names2.includes("apiVersion")&&names2.includes("kind"))return"a Kubernetes manifest";if(names2.
includes("profiles")&&names2.includes("version"))return"a policy of runner-check"}}function systemOf2(path,root){var _a;
let votes={gitea:0,forgejo:0};for(let key of Object.keys(giteaKeys))own(forgejoKeys,key)===void 0&&entryAt(root,...key.split(
"."))&&votes.gitea++;for(let key of Object.keys(forgejoKeys))own(giteaKeys,key)===void 0&&entryAt(root,...key.split("."))&&
votes.forgejo++;entryAt(root,"server","connections")&&votes.forgejo++;let dockerHost=(_a=entryAt(root,"container","docke\
r_host"))==null?void 0:_a.value;return(dockerHost==null?void 0:dockerHost.kind)==="scalar"&&dockerHost.text==="automount"&&
votes.gitea===0&&votes.forgejo++,votes.forgejo!==votes.gitea?votes.forgejo>votes.gitea?"forgejo":"gitea":/forgejo/i.test(
path)?"forgejo":"gitea"}function stars(text3){return text3.replace(/\S/g,"*")}function starLetters(text3){return text3.replace(/[^\s"'\\]/g,"*")}
var openVariables=new Set(["CI","CONFIG_FILE","CUDA_VISIBLE_DEVICES","DOCKER_HOST","HOME","LANG","NVIDIA_DISABLE_REQUIRE",
"NVIDIA_DRIVER_CAPABILITIES","NVIDIA_VISIBLE_DEVICES","PATH","TZ","XDG_RUNTIME_DIR"]);function isClosedVariable(name){return!openVariables.
has(name)}function announcesSecret(word){return/^-..|[:=]$/.test(word)&&isSecretName(word)}var login=/(?:^|[\s"'])(?:-[A-Za-z]{0,3}u|--(?:proxy-)?user)[\s=]{0,9}["']?(?!\d+:\d+(?:["'\s]|$))[^\s:"']{1,100}:/,
pair2=/(?<![\w.-])([\w.-]+)["']?\s{0,9}(=|:(?!\/))\s*/g,flag2=/(?:^|[\s"'])--?([A-Za-z][\w-]*)\s+["']?(?=[^\s-])/g;function secretIn(text3){
if(!/[=\s]|:(?!\/)|^["']?-/.test(text3))return;let starts=[endOf(login.exec(text3)),pairIn(text3),flagIn(text3)].filter(
start=>start!==void 0);return starts.length===0?void 0:Math.min(...starts)}function pairIn(text3){for(let match of text3.
matchAll(pair2)){let[,written="",sign]=match,name=written.replace(/^[-.\d]+/,"");if(sign==="="&&/^[A-Z_][A-Z0-9_]*$/.test(
name)&&isClosedVariable(name)||isSecretName(name))return endOf(match)}}function flagIn(text3){for(let match of text3.matchAll(
flag2))if(isSecretName(match[1]??""))return endOf(match)}function maskUrls(text3){let masked=changeUserinfo(text3,userinfo=>`${starLetters(
userinfo)}@`);return masked.includes("//")?masked.replace(/(?<=\/\/)[^\s/]+(?=@(?!sha256:))/g,starLetters).replace(/(?<=\/\/)[^\s/:@]{1,200}:(?!\d*\/|\/\/)[^\s@]{1,500}(?=@(?!sha256:))/g,
starLetters).replace(/(:\/\/[^\s?"']{1,2000}\?)([^\s"']+)/g,(_,address,query)=>address+starLetters(query)):masked}function maskShapes(text3){
return replaced(text3,merged(shapesIn(text3)),starLetters)}function maskPairs(text3){return replaced(text3,merged(secretsIn(
text3,!1)),starLetters)}function maskProse(text3){let starts=[secretIn(text3),...secretsIn(text3).map(([from])=>from)].filter(
start2=>start2!==void 0);if(starts.length===0)return text3;let start=starts.reduce((first,other)=>Math.min(first,other));
return text3.slice(0,start)+stars(text3.slice(start))}function endOf(match){return match?match.index+match[0].length:void 0}function maskCommand(text3,variables=!1){if(!/[\s=:]/.test(text3))return text3;let masked="",done=0,before=variables?"-e":
"";for(let word of wordsOf2(text3)){let raw=text3.slice(word.from,word.to),start=secretStart(raw,word.text,before),isMount=before===
"--mount"||word.text.startsWith("--mount="),goesOn=start===0&&/^(?:basic|bearer|digest|token)$/i.test(word.text);if(!variables&&
!goesOn&&(before=word.text),start===void 0)continue;let end=word.open?text3.length:isMount?word.from+endOfField(raw,start):
word.to;if(masked+=text3.slice(done,word.from+start)+starLetters(text3.slice(word.from+start,end)),done=end,word.open)break}
return masked+text3.slice(done)}function endOfField(raw,start){let next=raw.slice(start).search(/,(?:type|source|src|target|dst|destination|readonly|ro)\b/);
return next<0?raw.length:start+next}function secretStart(raw,text3,before){var _a;if(before==="--health-cmd")return 0;if(text3.
startsWith("--health-cmd="))return after(raw,"--health-cmd=");if(announcesSecret(before)&&!text3.startsWith("-"))return 0;
let name=variableOf(text3,before);if(name!==void 0&&isClosedVariable(name))return after(raw,`${name}=`);if(/^(?:-[A-Za-z]{0,3}u|--(?:proxy-)?user)$/.
test(before)&&!/^\d+:\d+$/.test(text3)){let user=(_a=/^[^:]+:/.exec(text3))==null?void 0:_a[0];if(user!==void 0)return after(
raw,user)}return secretIn(raw)??(secretIn(text3)===void 0?void 0:0)}function variableOf(text3,before){var _a,_b;if(!text3.
includes("="))return;let inFlag=(_a=/^(?:-[A-Za-z]*?e=?|--?env\w*=)([^\s=]+)=/.exec(text3))==null?void 0:_a[1];if(inFlag!==
void 0)return inFlag;if(/^(?:-[A-Za-z]*e|--?env\w*)=?$/.test(before))return(_b=/^([^\s=-][^\s=]*)=/.exec(text3))==null?void 0:
_b[1]}function after(raw,text3){let at=raw.indexOf(text3);return at<0?0:at+text3.length}function wordsOf2(text3){let split=splitWords(
text3);if(split.kind==="ok")return split.words.map((word,index)=>{var _a;return toRaw(text3,word,(_a=split.words[index+1])==
null?void 0:_a.offset)});let{offset}=split,[first,...others]=[...text3.slice(offset).matchAll(/\S+/g)].map(match=>{let from=offset+
match.index;return{text:match[0],from,to:from+match[0].length,open:!1}}),closed=wordsOf2(text3.slice(0,offset)),last=closed[closed.
length-1];if(!first)return closed;if((last==null?void 0:last.to)!==first.from)return[...closed,{...first,text:first.text.
slice(1),open:!0},...others];let joined={text:last.text+first.text.slice(1),from:last.from,to:first.to,open:!0};return[...closed.
slice(0,-1),joined,...others]}function toRaw(text3,{text:plain,offset},next){return{text:plain,from:offset,to:offset+text3.
slice(offset,next).trimEnd().length,open:!1}}function maskText(text3){let masked=maskShapes(maskUrls(text3));for(let{from,to}of secretsInLabel(masked))masked=masked.
slice(0,from)+starLetters(masked.slice(from,to))+masked.slice(to);return masked}function maskTree(root,system){let masking=new Masking(
keysOf(system));return masking.maskAliases(masking.maskSection(root,""))}var maxGuesses=100,Masking=class{table;harmless=new Map;names;guesses=0;secrets=new Set;constructor(table){
this.table=table;for(let[path,known4]of Object.entries(table)){let name=bare2(path.slice(path.lastIndexOf(".")+1)),isHarmless=!known4.
secret&&known4.type!=="environment";this.harmless.set(name,isHarmless&&this.harmless.get(name)!==!1)}this.names=[...this.
harmless.keys()]}maskSection(tree,path){return tree.kind==="map"?this.maskAt(tree,path):this.hide(tree)}maskAliases(tree){
switch(tree.kind){case"map":return{...tree,entries:tree.entries.map(entry=>({...entry,value:this.maskAliases(entry.value)}))};case"\
list":return{...tree,items:tree.items.map(item=>this.maskAliases(item))};case"scalar":return this.secrets.has(placeOf(tree))?
this.hide(tree):tree}}maskAt(tree,path){if(tree.kind!=="map")return tree.kind==="scalar"?maskScalar(tree,path):this.maskItems(
tree,path);let entries=tree.entries.map(entry=>{let below=path===""?entry.key:`${path}.${entry.key}`,known4=own(this.table,
below);if(isSection(this.table,below))return{...entry,value:this.maskSection(entry.value,below)};if(known4!=null&&known4.
secret||(known4==null?void 0:known4.type)==="environment")return{...entry,value:this.hide(entry.value,!0)};if(known4)return{
...entry,value:this.maskAt(entry.value,below)};let isShown=entry.value.kind!=="map"&&this.isHarmless(entry.key);return{...entry,
key:maskProse(maskText(entry.key)),value:isShown?this.maskAt(entry.value,below):this.hide(entry.value,isSecretName(entry.
key))}});return{...tree,entries}}isHarmless(key){if(key.length>40||isSecretName(key)||/cred|auth|key/i.test(key))return!1;
let name=bare2(key),known4=this.harmless.get(name);if(known4!==void 0)return known4;let meant=++this.guesses>maxGuesses?
void 0:nearest(name,this.names);return meant!==void 0&&this.harmless.get(meant)===!0}maskItems(tree,path){return{...tree,
items:tree.items.map(item=>{if(item.kind==="scalar")return maskScalar(item,path,!0);if(item.kind!=="map")return this.hide(
item);let entries=item.entries.map(entry=>{let{value}=entry;return{...entry,value:value.kind==="scalar"&&isLabels(path)?
maskScalar(value,path):this.hide(value)}});return{...item,entries}})}}hide(tree,isSecret=!1){switch(tree.kind){case"map":{
let isHidden=key=>isSecret||isSecretName(key),entries=tree.entries.map(entry=>({...entry,value:this.hide(entry.value,isHidden(
entry.key))}));return{...tree,entries}}case"list":return{...tree,items:tree.items.map(item=>this.hide(item,isSecret))};case"\
scalar":return isNull(tree)||tree.text===""?tree:(isSecret&&this.secrets.add(placeOf(tree)),{...tree,text:stars(tree.text)})}}};
function placeOf({line,column}){return`${line}:${column}`}function bare2(name){return name.replace(/[_-]/g,"").toLowerCase()}
function isLabels(path){return/labels?$/i.test(path)}function maskScalar(scalar,path,isItem=!1){let masked=maskText(scalar.
text),text3=isLabels(path)?masked:maskCommand(maskPairs(masked),isItem);return text3===scalar.text?scalar:{...scalar,text:text3}}
function maskSetting(name,value){return isSecretName(name)||/^SetCredential/i.test(name)?stars(value):maskCommand(maskPairs(
maskText(value)),name==="Environment")}function homeDirectory(host){let home=absolute(host.env.HOME)??absolute(host.userHome);return home==="/"?void 0:home}function absolute(path){
return path!=null&&path.startsWith("/")?path:void 0}var names=["gitea-runner","act_runner","act-runner","forgejo-runner"];function placesOf(host){let home=homeDirectory(host),
userConfigs=host.env.XDG_CONFIG_HOME||home&&`${home}/.config`,configFolders=[...names.map(name=>`/etc/${name}`),...userConfigs?
names.map(name=>`${userConfigs}/${name}`):[],"/data"],unitFolders=["/etc/systemd/system","/usr/local/lib/systemd/system",
"/usr/lib/systemd/system","/lib/systemd/system",...userConfigs?[`${userConfigs}/systemd/user`]:[]];return{configs:[...host.
env.CONFIG_FILE?[host.env.CONFIG_FILE]:[],...configFolders.flatMap(folder=>[`${folder}/config.yaml`,`${folder}/config.ym\
l`])],registrations:[...names.map(name=>`/var/lib/${name}/.runner`),"/data/.runner"],units:unitFolders.flatMap(folder=>names.
map(name=>`${folder}/${name}.service`))}}async function registrationAt(host,path){if((await host.stat(directoryOf(path))).kind!=="directory"||(await host.access(
directoryOf(path),"x")).kind!=="granted")return;let file=await host.stat(path);if(file.kind!=="unreadable")return{path,found:file.
kind==="absent"?"no":"yes"}}function parseUnit(text3){let settings2=[],lines=text3.split(/\r\n|\n/),section="";for(let index=0;index<lines.length;index++){
let line=lines[index]??"",trimmed=line.trim();if(trimmed===""||/^[#;]/.test(trimmed))continue;let header=/^\[([^\]]+)\]$/.
exec(trimmed);if(header){section=header[1]??"";continue}let equals=line.indexOf("="),place={line:index+1,column:line.length-
line.trimStart().length+1};if(equals<0||section==="")return{settings:settings2,problem:{...place,message:section===""?"t\
he assignment is before the first section":"the line is neither a section nor an assignment"}};let value=line.slice(equals+
1);for(;value.endsWith("\\")&&index+1<lines.length;){index++;let next=lines[index]??"";value=`${value.slice(0,-1)} ${/^\s*[#;]/.
test(next)?"\\":next.trim()}`}let name=line.slice(0,equals).trim();settings2.push({section,name,value:maskSetting(name,value.
trim()).slice(0,4096),...place})}return{settings:settings2}}var toolchainFolders=["~/.cargo/bin","/usr/local/cargo/bin","~/.volta/bin","~/.nvm/versions/node"];async function lookAround(host,settings2){
var _a;let last=name=>{var _a2;return(_a2=[...settings2].reverse().find(setting=>setting.section==="Service"&&setting.name===
name))==null?void 0:_a2.value},[users,groups]=await Promise.all([host.readText("/etc/passwd"),host.readText("/etc/group")]),
user=last("User")??"root",entry=users.kind==="ok"?entryFor(users.value,user):void 0,home=entry==null?void 0:entry[5],group=groups.
kind==="ok"?entryFor(groups.value,"docker"):void 0,inDockerGroup=entry&&group?entry[3]===group[2]||(group[3]??"").split(
",").includes(entry[0]??""):void 0,workingDirectory=(_a=last("WorkingDirectory"))==null?void 0:_a.replace(/^-/,"").replace(
/^~$/,home??"~"),registration=workingDirectory!=null&&workingDirectory.startsWith("/")?await registrationAt(host,`${workingDirectory.
replace(/\/+$/,"")}/.runner`):void 0,folders=toolchainFolders.flatMap(folder=>folder.startsWith("~")?home?[`${home}${folder.
slice(1)}`]:[]:[folder]),found=await Promise.all(folders.map(async path=>(await host.stat(path)).kind==="directory"?[path]:
[]));if(!(users.kind!=="ok"&&!registration))return{userKnown:entry!==void 0,...inDockerGroup!==void 0&&{inDockerGroup},toolchains:entry?
found.flat():[],...registration&&{registration}}}function entryFor(text3,key){let lines=text3.split(`
`).map(line=>line.split(":"));return lines.find(fields=>fields[0]===key)??lines.find(fields=>fields.length>3&&fields[2]===
key)}var import_yaml=__toESM(require_dist(),1),maxDepth2=40,maxYamlSize=256*1024,maxCopied=1e4;function parseYaml(text3){let unreadable2=findUnreadable(
text3);if(unreadable2)return{kind:"broken",problem:unreadable2};let lines=new import_yaml.LineCounter,at=offset=>{let{line,
col}=lines.linePos(offset);return{line:Math.max(1,line),column:Math.max(1,col)}};try{let documents=(0,import_yaml.parseAllDocuments)(
text3,{lineCounter:lines,schema:"failsafe",prettyErrors:!1,uniqueKeys:!1,logLevel:"silent"}),[first]="empty"in documents?
[]:documents,error=first==null?void 0:first.errors[0];if(error){let opened=error.code==="MISSING_CHAR"?lastOpened(first.
contents):void 0,message=explain2(error.code,error.message);return{kind:"broken",problem:{...at(opened??error.pos[0]),message}}}
return{kind:"ok",root:first!=null&&first.contents?new TreeReader(text3,at).read(first.contents,0):void 0}}catch(error){return error instanceof
Refusal?{kind:"broken",problem:error.problem}:{kind:"broken",problem:{line:1,column:1,message:error instanceof Error?error.
message.slice(0,200):"it cannot be read"}}}}function lastOpened(contents){let offset;if(contents)return(0,import_yaml.visit)(
contents,(_,node)=>{var _a;((0,import_yaml.isScalar)(node)&&(node.type==="QUOTE_DOUBLE"||node.type==="QUOTE_SINGLE")||(0,import_yaml.isCollection)(
node)&&node.flow===!0)&&(0,import_yaml.isNode)(node)&&(offset=(_a=node.range)==null?void 0:_a[0])}),offset}function explain2(code2,message){
switch(code2){case"TAB_AS_INDENT":return"the line is indented with a tab, and YAML allows only spaces";case"MISSING_CHAR":
return/quote/.test(message)?"the quote that is opened here is never closed":"the bracket that is opened here is never cl\
osed";case"BAD_INDENT":return/flow|end with/.test(message)?"a bracket before this place is not closed":"the indentation \
does not match any line above";case"UNEXPECTED_TOKEN":case"IMPOSSIBLE":return"unexpected text: a quote, a bracket or a c\
olon is missing or superfluous";case"BLOCK_IN_FLOW":return"a bracket before this place is not closed";case"BLOCK_AS_IMPL\
ICIT_KEY":return"the next line continues this value: it may be indented too far, or a value with a colon may lack its qu\
otes";case"MULTILINE_IMPLICIT_KEY":return"this is not a key: a colon must be followed by a space, and the keys of a sect\
ion must start in the same column";case"BAD_SCALAR_START":return"a value cannot start with this character unless it is i\
n quotes";default:return lowerFirst(message.replace(/:\s.*$/s,"")).slice(0,200)}}function lowerFirst(text3){return text3.
slice(0,1).toLowerCase()+text3.slice(1)}function findUnreadable(text3){if(text3.length>maxYamlSize)return{line:1,column:1,
message:"it is longer than 256 KiB"};let match=/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/.exec(text3);if(!match)
return;let before=text3.slice(0,match.index),line=before.split(/\r\n|\r|\n/).length,column=match.index-Math.max(before.lastIndexOf(
`
`),before.lastIndexOf("\r")),message=match[0]==="\uFFFD"?"it is not UTF-8":"it contains a control character, which YAML \
does not allow";return{line,column,message}}var Refusal=class extends Error{problem;constructor(place,message){super(message),
this.problem={...place,message}}},TreeReader=class{anchors=new Map;size=0;copied=0;text;at;constructor(text3,at){this.text=
text3,this.at=at}read(node,depth){var _a;let place=this.at(((_a=node==null?void 0:node.range)==null?void 0:_a[0])??0);if(depth>
maxDepth2)throw new Refusal(place,`it is nested more than ${maxDepth2} levels deep`);if((0,import_yaml.isAlias)(node))return this.
follow(node,place);if((node==null?void 0:node.anchor)===void 0)return this.readHere(node,depth,place);this.anchors.set(node.
anchor,void 0);let before=this.size,tree=this.readHere(node,depth,place);return this.anchors.set(node.anchor,{tree,size:this.
size-before}),tree}readHere(node,depth,place){if(this.size++,(0,import_yaml.isMap)(node))return{kind:"map",...place,entries:this.
entries(node.items,depth)};if((0,import_yaml.isSeq)(node)){let items=node.items.map(item=>this.read(item,depth+1));return{
kind:"list",...place,items}}return this.scalar(node,place)}follow(alias,place){let target=this.anchors.get(alias.source);
if(!target){let isOpen=this.anchors.has(alias.source);throw new Refusal(place,isOpen?"the alias is inside the value that\
 it refers to":"the alias refers to an anchor that is not defined above")}if(this.size+=target.size,this.copied+=target.
size,this.copied>maxCopied)throw new Refusal(place,`aliases expand to more than ${maxCopied} values`);return target.tree}entries(pairs2,depth){
var _a,_b;let entries=[],merged2=[],lines=new Map;for(let pair3 of pairs2){let key=pair3.key,place=this.at(((_a=key==null?
void 0:key.range)==null?void 0:_a[0])??0);if(!(0,import_yaml.isScalar)(key))throw new Refusal(place,"a key must be a wor\
d, not a list or a map");let name=String(key.source??key.value??""),read=this.read(pair3.value,depth+1),first=lines.get(
name);if(first!==void 0)throw new Refusal(place,`the key occurs twice, first on line ${first}`);if(lines.set(name,place.
line),name==="<<"&&key.type==="PLAIN"){for(let map2 of mapsOf(read,place))for(let entry of map2.entries)merged2.push(entry);
continue}let value=read.kind==="scalar"&&read.plain&&read.text===""?{...read,...this.at((((_b=key.range)==null?void 0:_b[1])??
0)+1)}:read;entries.push({key:name,...place,value})}let names2=new Set(entries.map(({key})=>key));for(let entry of merged2)
names2.has(entry.key)||(names2.add(entry.key),entries.push(entry));return entries}scalar(node,place){let text3=String((node==
null?void 0:node.value)??""),isPlain2=(node==null?void 0:node.type)===void 0||node.type==="PLAIN",plain=(node==null?void 0:
node.tag)===void 0?isPlain2:/^tag:yaml\.org,2002:(?:int|float|bool|null)$/.test(node.tag),words2=/\s/.test(text3)&&(node!=
null&&node.range)?this.words(text3,node.range[0],node.range[2]):void 0;return{kind:"scalar",text:text3,plain,...place,...words2&&
{words:words2}}}words(text3,from,to){let source=this.text.slice(from,to),found=[],cursor=0,missed=0;for(let match of text3.
matchAll(/\S+/g)){let index=source.indexOf(match[0],cursor);if(index<0&&++missed>100)break;if(index<0)continue;cursor=index+
match[0].length;let{line,column}=this.at(from+index);found.push([match.index,line,column])}return found}};function mapsOf(value,place){
return(value.kind==="list"?value.items:[value]).map(map2=>{if(map2.kind!=="map")throw new Refusal(place,"`<<` takes a ma\
p, or a list of maps");return map2})}async function loadRunnerConfig(host,sources,signal){let reader=new Reader(host,sources.directory);sources.files.length>
0?await reader.readNamed(sources.files):await reader.search();let version=reader.files.length>0?await versionOf(host,sources,
reader.files,signal):void 0;return{facts:{files:reader.files,...version&&{runnerVersion:version}},workflows:reader.workflows,
texts:reader.texts}}var Reader=class{files=[];workflows=[];texts=new Map;seen=new Set;host;directory;constructor(host,directory){
this.host=host,this.directory=directory}async readNamed(paths){let registrations=[];for(let named2 of paths){let path=named2.
replace(/(?<=.)\/+$/,"");if((await this.host.stat(this.full(path))).kind==="directory"){await this.readFolder(path);continue}
let file=await this.read(path,!0);(file==null?void 0:file.kind)==="config"&&registrations.push(inDirectoryOf(path,".runn\
er")),(file==null?void 0:file.kind)==="unit"&&!file.dropIn&&await this.readDropIns(path)}for(let path of registrations)await this.
read(path,!1)}async readFolder(path){let names2=await this.host.list(this.full(path));if(names2.kind==="unreadable"){this.
files.push({kind:"unreadable",path,code:names2.code});return}let known4=names2.kind==="ok"?names2.value.filter(name=>/^config\.ya?ml$|^\.runner$|\.service$/.
test(name)):[];known4.length===0&&this.files.push({kind:"other",path,what:"a directory without a configuration"}),await this.
readNamed([...known4].sort().map(name=>`${path}/${name}`))}full(path){return path.startsWith("/")?path:`${this.directory}\
/${path}`}async search(){var _a,_b;let places=placesOf(this.host);for(let path of places.units){let unit=await this.read(
path,!1);if((unit==null?void 0:unit.kind)!=="unit")continue;await this.readDropIns(path);let config=configPathOf(unit);config&&
await this.read(config,!0),((_b=(_a=unit.machine)==null?void 0:_a.registration)==null?void 0:_b.found)==="yes"&&await this.
read(unit.machine.registration.path,!1)}for(let path of[...places.configs,...places.registrations]){let file=await this.
read(path,!1);(file==null?void 0:file.kind)==="config"&&await this.read(inDirectoryOf(path,".runner"),!1)}}async read(path,wanted2){
let{host}=this,full=this.full(path),real=await host.realPath(full),key=real.kind==="ok"?real.value:full;if(this.seen.has(
key))return;this.seen.add(key);let content=systemOf(host.env)==="none"?await host.readText(full,maxYamlSize+1):await readPerhapsInside(
host,this.directory,full,maxYamlSize+1);if(content.kind==="refused")return this.keep({kind:"unreadable",path,code:"EUNTR\
USTED"},!0);if(content.kind==="absent")return this.keep({kind:"absent",path},wanted2);if(content.kind==="unreadable")return this.
keep({kind:"unreadable",path,code:content.code},!0);let text3=content.value.replace(/^\ufeff/,""),status2=await host.stat(
full);if(text3===""&&status2.kind!=="file")return this.keep({kind:"other",path,what:emptyThings[status2.kind]??"empty"},
!0);switch(this.texts.set(path,text3),typeOf(path,text3)){case"workflow":this.workflows.push(path);return;case"registrat\
ion":return this.keep(await readRegistration(host,path,key,text3,status2),!0);case"unit":return text3.length>maxYamlSize?
this.keep({kind:"unreadable",path,code:"EFBIG"},!0):this.keep(await readUnit(host,path,text3),!0);case"config":return this.
keep(await readConfig(host,path,text3,status2),!0)}}async readDropIns(path){let names2=await this.host.list(`${this.full(
path)}.d`);names2.kind==="unreadable"&&this.files.push({kind:"unreadable",path:`${path}.d`,code:names2.code});for(let name of names2.
kind==="ok"?[...names2.value].sort():[])name.endsWith(".conf")&&await this.read(`${path}.d/${name}`,!1)}keep(file,wanted2){
return wanted2&&this.files.push(file),file}},emptyThings={other:"a FIFO that nothing was read from",device:"a device tha\
t nothing was read from"};function inDirectoryOf(path,name){let directory=directoryOf(path);return path.includes("/")?`${directory===
"/"?"":directory}/${name}`:name}async function readConfig(host,path,text3,status2){let mode=modeOf(status2),parsed=parseYaml(
text3);if(parsed.kind==="broken")return{kind:"config",path,system:systemOf2(path,void 0),problem:parsed.problem,mode};let other=otherKind(
parsed.root);if(other)return{kind:"other",path,what:other};let system=systemOf2(path,parsed.root),file={kind:"config",path,
system,mode};if(!parsed.root)return file;let registration=await registrationOf(host,parsed.root);return{...file,root:maskTree(
parsed.root,system),...registration&&{registration}}}async function registrationOf(host,root){var _a;let path=(_a=scalarAt(
root,"runner","file"))==null?void 0:_a.text;if(path!=null&&path.startsWith("/"))return registrationAt(host,path)}async function readRegistration(host,path,realPath,text3,status2){
var _a,_b;let readableByAll=await isReadableByAll(host,realPath,status2),mode=modeOf(status2),file={kind:"registration",
path,labels:[],readableByAll,mode},parsed=parseYaml(text3);if(parsed.kind==="broken")return{...file,problem:parsed.problem};
if(!isJson(text3)||((_a=parsed.root)==null?void 0:_a.kind)!=="map")return{...file,problem:{line:1,column:1,message:"it i\
s not the JSON that the runner writes"}};if(entryOf2(parsed.root,"agentId"))return{kind:"other",path,what:"a registratio\
n of GitHub's runner"};let labels=(_b=entryOf2(parsed.root,"labels"))==null?void 0:_b.value,texts2=((labels==null?void 0:
labels.kind)==="list"?labels.items:[]).filter(item=>item.kind==="scalar");return{...file,labels:texts2.map(label=>({...label,
text:maskText(label.text).slice(0,4096)}))}}function isJson(text3){try{return JSON.parse(text3),!0}catch{return!1}}async function readUnit(host,path,text3){
let folder=directoryOf(path),dropIn=folder.endsWith(".d"),unit=dropIn?folder.slice(folder.lastIndexOf("/")+1,-2):path.slice(
path.lastIndexOf("/")+1),parsed=parseUnit(text3),machine=await lookAround(host,parsed.settings);return{kind:"unit",path,
unit,dropIn,ofUser:/\/systemd\/user\//.test(path),settings:parsed.settings,...parsed.problem&&{problem:parsed.problem},...machine&&
{machine}}}function modeOf(status2){return"mode"in status2?status2.mode&4095:0}async function isReadableByAll(host,realPath,status2){
return!("mode"in status2)||(status2.mode&4)===0?!1:isOpenToAll(host,realPath)}function configPathOf(unit){for(let setting of unit.
settings){if(setting.name!=="ExecStart")continue;let match=/(?:^|\s)(?:--config|-c)(?:\s+|=)("?)([^"\s]+)\1/.exec(setting.
value);if(match)return match[2]}}async function versionOf(host,{runnerVersion:runnerVersion2},files,signal){var _a;if(runnerVersion2)
return{text:runnerVersion2,source:"--runner-version"};if(files.every(file=>file.kind!=="config"||file.system==="forgejo"))
return;let{env}=host,ofJob=env.GITEA_ACTIONS_RUNNER_VERSION;if(ofJob&&!env.FORGEJO_ACTIONS&&!env.FORGEJO_ACTIONS_RUNNER_VERSION)
return{text:ofJob.slice(0,100),source:"GITEA_ACTIONS_RUNNER_VERSION"};let outcomes=await Promise.all(["gitea-runner","ac\
t_runner"].map(async program=>({program,outcome:await host.run([program,"--version"],{signal})})));for(let{program,outcome}of outcomes){
let version=(_a=/\bversion\s+(v?\d+\.\d+\.\d+\S*)/.exec(outcome.stdout))==null?void 0:_a[1];if(outcome.kind==="exited"&&
version)return{text:version.slice(0,100),source:`${program} --version`}}}var maxWants=256;function readWorkflow(path,text3){var _a,_b,_c;let parsed=parseYaml(text3);if(parsed.kind==="broken")return{
path,problem:parsed.problem,events:[],jobs:[]};let{root}=parsed,jobs=(_a=entryOf2(root,"jobs"))==null?void 0:_a.value,shared2=secretsIn2(
(_b=entryOf2(root,"env"))==null?void 0:_b.value);return{path,events:eventsOf((_c=entryOf2(root,"on"))==null?void 0:_c.value),
jobs:(jobs==null?void 0:jobs.kind)==="map"?jobs.entries.map(entry=>readJob(entry.key,entry,entry.value,shared2)):[]}}function eventsOf(on){
return(on==null?void 0:on.kind)==="map"?on.entries.map(({key})=>key):(on==null?void 0:on.kind)==="list"?on.items.flatMap(
item=>item.kind==="scalar"?[item.text]:[]):on&&!isNull(on)?[on.text]:[]}function readJob(id,{line,column},job,shared2){var _a,
_b;let runsOn=(_a=entryOf2(job,"runs-on"))==null?void 0:_a.value,wants=runsOn?wantsOf(runsOn,(_b=entryAt(job,"strategy",
"matrix"))==null?void 0:_b.value):{wants:[],unknown:!1};return{id,line,column,...wants,secrets:[...new Set([...shared2,...secretsIn2(
job)])].slice(0,20)}}function wantsOf(runsOn,matrix){let scalars=scalarsOf(runsOn);if(!scalars)return{wants:[],unknown:!0};
let expressions=scalars.flatMap(({text:text3})=>[...text3.matchAll(/\$\{\{\s*(.*?)\s*\}\}/g)].map(match=>match[1]??""));
if(expressions.length===0)return{wants:[scalars.map(toLabel)],unknown:!1};let names2=[...new Set(expressions.map(expression=>{
var _a;return(_a=/^matrix\.([\w.-]+)$/.exec(expression))==null?void 0:_a[1]}))];if(names2.includes(void 0))return{wants:[],
unknown:!0};let rows=rowsOf2(matrix,names2);return rows?{wants:rows.map(row=>scalars.flatMap(scalar=>filled(scalar,row))),
unknown:!1}:{wants:[],unknown:!0}}function scalarsOf(runsOn){var _a;if(runsOn.kind==="scalar")return isNull(runsOn)?[]:[
runsOn];if(runsOn.kind==="map"){let labels=(_a=entryOf2(runsOn,"labels"))==null?void 0:_a.value;return labels&&!entryOf2(
runsOn,"group")?scalarsOf(labels):void 0}return runsOn.items.every(item=>item.kind==="scalar")?runsOn.items:void 0}function toLabel({
text:text3,line,column}){return{text:text3.slice(0,200),line,column}}function rowsOf2(matrix,names2){var _a,_b;if((matrix==
null?void 0:matrix.kind)!=="map")return;let include=(_a=entryOf2(matrix,"include"))==null?void 0:_a.value;if(include&&include.
kind!=="list")return;let rows=[new Map];for(let name of names2){let[first="",...rest]=name.split("."),values=(_b=entryOf2(
matrix,first))==null?void 0:_b.value;if(!values)continue;if(values.kind!=="list")return;let texts2=values.items.map(item=>labelsAt(
item,rest));if(rows=rows.flatMap(row=>texts2.flatMap(text3=>text3?[new Map([...row,[name,text3]])]:[])),rows.length>maxWants)
return}let added=((include==null?void 0:include.items)??[]).flatMap(item=>{let found=names2.map(name=>[name,labelsAt(item,
name.split("."))]);return found.some(([,value])=>value)?[new Map(found.flatMap(([name,value])=>value?[[name,value]]:[]))]:
[]}),complete=[...rows,...added].filter(row=>names2.every(name=>row.has(name))),isDynamic=complete.some(row=>[...row.values()].
flat().some(({text:text3})=>text3.includes("${{")));return complete.length===0||complete.length>maxWants||isDynamic?void 0:
complete}function labelsAt(tree,path){var _a;let value=path.length===0?tree:(_a=entryAt(tree,...path))==null?void 0:_a.value;
return value?scalarsOf(value):void 0}function filled(scalar,row){var _a;let whole=(_a=/^\$\{\{\s*matrix\.([\w.-]+)\s*\}\}$/.
exec(scalar.text.trim()))==null?void 0:_a[1];if(whole!==void 0)return(row.get(whole)??[]).map(toLabel);let text3=scalar.
text.replace(/\$\{\{\s*matrix\.([\w.-]+)\s*\}\}/g,(_,name)=>{var _a2,_b;return((_b=(_a2=row.get(name))==null?void 0:_a2[0])==
null?void 0:_b.text)??""});return[{...toLabel(scalar),text:text3.slice(0,200)}]}function secretsIn2(tree){if(!tree)return[];
switch(tree.kind){case"map":return tree.entries.flatMap(entry=>entry.key==="secrets"&&entry.value.kind==="scalar"&&entry.
value.text==="inherit"?["inherit"]:secretsIn2(entry.value));case"list":return tree.items.flatMap(secretsIn2);case"scalar":
return[...tree.text.matchAll(/\bsecrets\.([A-Za-z_]\w*)/g)].map(match=>match[1]??"").filter(name=>!/^(?:GITHUB|GITEA|FORGEJO)_TOKEN$/.
test(name))}}var comparator2=/^(>=|<=|>|<|=)\s*(-?\d{1,20})(?:\s+|$)/;function looksLikeRange(text3){return/^\s*[<>=]/.test(text3)}function parseNumberRange(text3){
let all=[],rest=text3.trim();for(;rest!=="";){let[whole="",operator="",number2=""]=comparator2.exec(rest)??[];if(whole===
""||all.length===4)return;all.push({operator,number:BigInt(number2)}),rest=rest.slice(whole.length)}return all.length===
0?void 0:{all}}var keysOfKind={file:["exists","type","mode","owner","contains"],env:["set","is","matches"],command:["exit","stdout","ti\
meout"],sysctl:["is"],platform:[]},kinds=Object.keys(keysOfKind),shared=["why","fix"],longestMs=6e5;function rejectExpectation(name,entry,reject){
var _a;let path=["expect",name],[kind,second]=kinds.filter(one=>entry[one]!==void 0);if(kind===void 0){reject(path,"valu\
e","an entry without a kind",`exactly one of ${kinds.join(", ")}`);return}if(second!==void 0){reject([...path,second],"k\
ey",`\`${second}\` next to \`${kind}\``,`exactly one of ${kinds.join(", ")}`);return}let allowed=[kind,...keysOfKind[kind],
...shared];for(let key of Object.keys(entry).filter(one=>!allowed.includes(one)))reject([...path,key],"key",`\`${key}\` n\
ext to \`${kind}\``,`with \`${kind}\`: ${allowed.slice(1).join(", ")}`);(_a=rejectOfKind[kind])==null||_a.call(rejectOfKind,
entry,path,reject)}function rejectFile(entry,path,reject){if(entry.exists===!1)for(let key of["type","mode","owner","con\
tains"])entry[key]!==void 0&&reject([...path,key],"key",`\`${key}\` next to \`exists: false\``,"a file that must exist, \
or no other key");entry.contains!==void 0&&entry.type!==void 0&&entry.type!=="file"&&reject([...path,"contains"],"key",`\
\`contains\` of a ${entry.type}`,"`contains` for `type: file` only")}function rejectEnv(entry,path,reject){for(let key of[
"is","matches"])entry[key]!==void 0&&(isSecretName(entry.env??"")?reject([...path,key],"key",`\`${key}\` of a variable wh\
ose name says secret`,"`set: true` only: a secret has no place in a policy"):entry.set===!1&&reject([...path,key],"key",
`\`${key}\` next to \`set: false\``,"one of the two"));entry.is!==void 0&&entry.matches!==void 0&&reject([...path,"match\
es"],"key","`matches` next to `is`","one of the two")}function rejectCommand(entry,path,reject){if(entry.timeout===void 0)
return;let ms=parseDuration(entry.timeout)??0;(ms===0||ms>longestMs)&&reject([...path,"timeout"],"value",`\`${entry.timeout}\
\``,"a duration of more than 0 and at most `10m`")}function rejectSysctl({sysctl="",is:is2},path,reject){isSecretName(sysctl.
split(".").pop()??"")&&reject([...path,"sysctl"],"value",`\`${sysctl}\``,"a kernel setting that is not a key or a secret");
let text3=String(is2??"");looksLikeRange(text3)&&!parseNumberRange(text3)&&reject([...path,"is"],"value",`\`${text3}\``,
'a value, or a range such as `">=524288"` or `">=1 <10"`')}var rejectOfKind={file:rejectFile,env:rejectEnv,command:rejectCommand,
sysctl:rejectSysctl};var import_range=__toESM(require_range(),1),import_intersects=__toESM(require_intersects(),1);var rangesAllowed="a version range such as `1.92`, `>=1.92 <2`, `~0.8`, `^22` or `*`";function parseRange(text3){let wanted2=text3.
trim();if(wanted2==="*")return anyVersion;if(!(wanted2===""||wanted2.length>200))try{let range3=new import_range.default(
wanted2);return{text:wanted2,anyOf:range3.set.map(group=>group.flatMap(comparatorOf))}}catch{return}}function comparatorOf(comparator3){
let{operator,semver:version}=comparator3;if((version==null?void 0:version.major)===void 0)return[];let numbers=[version.
major,version.minor,version.patch];return[{operator,numbers,prerelease:version.prerelease}]}function parseImage(text3){if(/^(?:sha256:)?[0-9a-f]{64}$/.test(text3))return;let match=/^([^\s@]+?)(?::([\w][\w.-]{0,127}))?(?:@(\w+:[0-9a-f]{32,}))?$/.
exec(text3.trim()),path=match==null?void 0:match[1];if(!path)return;let[,,tag,digest]=match;return{repository:withRegistry(
path),...tag!==void 0&&{tag},...digest!==void 0&&{digest},...tag===void 0&&digest===void 0&&{tag:"latest"}}}function withRegistry(path){
let[first="",...rest]=path.split("/"),isHost2=rest.length>0&&(/[.:]/.test(first)||first==="localhost"),registry=isHost2?
first.replace(/^(?:index|registry-1)\.docker\.io$/,"docker.io"):"docker.io",repository=isHost2?rest:[first,...rest],official=registry===
"docker.io"&&repository.length===1;return[registry,...official?["library"]:[],...repository].join("/")}var hostPattern=/^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/,repositoryPattern=/^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;function isRegistryEntry(entry){return parseEntry(entry)!==void 0}var imagesAllowed="an image such as `ghcr.io/owner/ima\
ge:latest`, in lowercase and with the tag last";function isImageName(text3){var _a;let trimmed=text3.trim();if(/^(?:sha256:)?[0-9a-f]{12,64}$/.
test(trimmed))return!0;let[first="",...path]=((_a=parseImage(trimmed))==null?void 0:_a.repository.split("/"))??[];return hostPattern.
test(first.toLowerCase())&&repositoryPattern.test(path.join("/"))}function parseEntry(entry){let text3=entry.trim().replace(
/^https:\/\//i,""),bare3=text3.replace(/\/(?:v2\/?)?$/,"");if(bare3!==text3||isHost(bare3)){let host2=canonical(bare3);return hostPattern.
test(host2)?{host:host2}:void 0}let image=parseImage(text3),[first="",...path]=(image==null?void 0:image.repository.split(
"/"))??[],host=canonical(first),repository=path.join("/"),reference2=(image==null?void 0:image.digest)??(image==null?void 0:
image.tag);if(!(reference2===void 0||!hostPattern.test(host)||!repositoryPattern.test(repository)))return{host,image:{name:text3,
repository,reference:reference2}}}function isHost(text3){return text3.includes("/")||text3.includes("@")?!1:/^(?:[^:]+\.[^:]+|localhost|\[[^\]]+\])(?::\d+)?$/i.
test(text3)||/^[^:]+:\d{4,5}$/.test(text3)}function canonical(host){return host.toLowerCase().replace(/^(?:index|registry-1|registry|hub|www)\.docker\.(?:io|com)$/,
"docker.io")}var text2=pipe(string("text"),nonEmpty("text that is not empty"),maxLength(4096,"text of at most 4096 characters")),wholeNumber=pipe(
number("a whole number, 0 or more"),safeInteger("a whole number, 0 or more"),minValue(0,"a whole number, 0 or more")),boolean2=boolean(
"true or false"),size=union([pipe(string(),regex(/^\d+(?:\.\d+)?\s*(?:(?:[kKmMgGtT][iI]?)?[bB])?$/,sizesAllowed),check(text3=>parseSize(
text3)!==void 0,sizesAllowed)),wholeNumber],sizesAllowed),duration=pipe(string(durationsAllowed),regex(/^\d+(?:\.\d+)?\s*(?:ms|s|m|h|d)$/,
durationsAllowed),check(text3=>parseDuration(text3)!==void 0,durationsAllowed)),range2=union([text2,number()],rangesAllowed),
requirement2=picklist(["required","optional","forbidden"],"required, optional, forbidden"),toolName=pipe(string(),regex(
/^[A-Za-z0-9][\w.+-]{0,63}$/,"the name of a program, without a path")),tool2=union([strictObject({version:optional(range2),
command:optional(pipe(array(text2,"a list of words, such as `[ffmpeg, -version]`"),minLength(1,"a list with the program \
first"))),optional:optional(boolean2)}),range2],`${rangesAllowed}, or a mapping with version, command, optional`),docker=union(
[strictObject({require:requirement2,plugins:optional(array(picklist(["buildx","compose"],"buildx, compose"),"a list of b\
uildx, compose"))}),requirement2],"required, optional, forbidden, or a mapping with require, plugins"),gpu=union([strictObject(
{require:requirement2,count:optional(wholeNumber),memory:optional(size),"free-memory":optional(size),driver:optional(range2),
"compute-capability":optional(range2)}),requirement2],"required, optional, forbidden, or a mapping with require, count, \
memory, free-memory, driver, compute-capability"),disk=strictObject({path:pipe(string("workspace, temp, home, docker-roo\
t, tool-cache or an absolute path"),regex(/^(?:workspace|temp|home|docker-root|tool-cache|\/.*)$/,"workspace, temp, home\
, docker-root, tool-cache or an absolute path")),free:optional(size),inodes:optional(wholeNumber)}),urlAllowed="an http \
or https URL",service=strictObject({name:pipe(string("a short name"),regex(/^[A-Za-z0-9][\w.-]{0,63}$/,"a short name of \
letters, digits, `.`, `_`, `-`")),url:pipe(string(urlAllowed),regex(/^https?:\/\/\S+$/,urlAllowed),check(text3=>urlOf(text3)!==
void 0,urlAllowed)),models:optional(array(text2,"a list of model names"))}),cpusAllowed="a number of CPUs such as `2` or\
 `1.5`",registriesAllowed="a host such as `ghcr.io`, or an image such as `ghcr.io/owner/image:latest`, in lowercase and \
with the tag last",listSchemas={registries:array(pipe(text2,check(isRegistryEntry,registriesAllowed)),"a list of hosts o\
r image references"),services:array(service,"a list such as `- { name: ollama, url: http://localhost:11434/api/tags }`")},
profile=strictObject({extends:optional(text2),labels:optional(array(text2,"a list of labels")),"runs-in":optional(picklist(
["container","host","any"],"container, host, any")),image:optional(pipe(text2,check(isImageName,imagesAllowed))),"image-\
max-age":optional(duration),tools:optional(record(toolName,tool2,"a mapping of tool to version range")),docker:optional(
docker),gpu:optional(gpu),privileged:optional(picklist(["allowed","forbidden"],"allowed, forbidden")),"tool-cache":optional(
picklist(["persistent"],"persistent")),memory:optional(size),cpus:optional(pipe(number(cpusAllowed),finite(cpusAllowed),
minValue(0,cpusAllowed))),shm:optional(size),"open-files":optional(wholeNumber),disk:optional(array(disk,"a list such as\
 `- { path: workspace, free: 40GiB }`")),registries:optional(listSchemas.registries),services:optional(listSchemas.services)}),
day=pipe(string("a day such as 2026-12-31"),regex(/^\d{4}-\d{2}-\d{2}$/,"a day such as 2026-12-31")),acceptance=strictObject(
{check:text2,reason:text2,until:day}),plainValue2=union([text2,wholeNumber],"text, or a whole number"),fileAllowed="an a\
bsolute path, or one in the workspace without `..` and `~`",fileTypes=["file","directory","link","socket","device"],modeAllowed='\
permission bits in quotes, such as `"0775"`',envAllowed="the name of a variable: letters, digits and `_`",sysctlAllowed="\
the name of a kernel setting such as `fs.inotify.max_user_watches`",exitAllowed="an exit code from 0 to 255",expectation=strictObject(
{file:optional(pipe(text2,regex(/^(?!~)(?!(?:.*\/)?\.\.(?:\/|$))[^\u0000-\u001f\u007f]+$/,fileAllowed))),exists:optional(
boolean2),type:optional(picklist(fileTypes,fileTypes.join(", "))),mode:optional(pipe(string(modeAllowed),regex(/^[0-7]{3,4}$/,
modeAllowed))),owner:optional(union([pipe(text2,maxLength(64)),wholeNumber],"the name or the number of a user")),contains:optional(
text2),env:optional(pipe(string(envAllowed),regex(/^[A-Za-z_]\w{0,127}$/,envAllowed))),set:optional(boolean2),is:optional(
plainValue2),matches:optional(text2),command:optional(pipe(array(text2,"a list of words, such as `[licensetool, status]`"),
minLength(1,"a list with the program first"))),exit:optional(pipe(number(exitAllowed),integer(exitAllowed),minValue(0,exitAllowed),
maxValue(255,exitAllowed))),stdout:optional(text2),timeout:optional(duration),sysctl:optional(pipe(string(sysctlAllowed),
regex(/^[a-z][\w-]{0,63}(?:\.[A-Za-z0-9][\w-]{0,63}){1,7}$/,sysctlAllowed))),platform:optional(picklist(platformNames,platformNames.
join(", "))),why:optional(text2),fix:optional(text2)}),policySchema=strictObject({version:literal(1,"1"),profiles:optional(
record(text2,profile,"a mapping of name to profile")),expect:optional(record(pipe(string(),regex(/^[A-Za-z0-9][\w.-]{0,39}$/,
"a short name of letters, digits, `.`, `_`, `-`")),expectation,"a mapping of name to what is expected")),severity:optional(
record(text2,picklist(["off","warn","fail"],"off, warn, fail"),"a mapping of check id to off, warn, fail")),accept:optional(
array(acceptance,"a list such as `- { check: disk/free, reason: \u2026, until: 2026-12-31 }`"))});var import_yaml2=__toESM(require_dist(),1);function parseLocated(text3){let lines=new import_yaml2.LineCounter,document=(0,import_yaml2.parseDocument)(text3,{lineCounter:lines,
uniqueKeys:!1,prettyErrors:!1,version:"1.2",merge:!1}),tooDeep=document.errors.find(({message})=>/call stack/.test(message));
if(tooDeep)return[deeperThanAllowed(placeAt(lines,tooDeep.pos[0]))];if(document.errors.length>0)return document.errors.slice(
0,20).map(error=>({place:placeAt(lines,error.pos[0]),found:error.message.split(`
`)[0]??"",allowed:hintFor(error.message)}));let targets=new Map,values=0,repeated=new Set,toData=(node,depth)=>{let place=()=>{
var _a;return placeAt(lines,((_a=node==null?void 0:node.range)==null?void 0:_a[0])??0)};if(depth>40)throw new Refusal2(deeperThanAllowed(
place()));if(++values>1e4)throw new Refusal2(moreThanAllowed({line:1,column:1},`more than ${1e4} values`));if(node===null)
return null;if((0,import_yaml2.isAlias)(node))return toData(targets.get(node)??null,depth+1);if((0,import_yaml2.isCollection)(
node)&&node.items.length>500)throw new Refusal2(moreThanAllowed(place(),`${node.items.length} entries`,`at most ${500} e\
ntries`));if((0,import_yaml2.isSeq)(node))return node.items.map(item=>toData(item,depth+1));if((0,import_yaml2.isMap)(node)){
let keys=new Set,entries=node.items.map(({key,value})=>{let name=keyOf(key);return keys.has(name)&&repeated.add(key),keys.
add(name),[name,toData(value,depth+1)]});return Object.fromEntries(entries)}return(0,import_yaml2.isScalar)(node)?typeof node.
value!="number"||node.source===void 0||String(node.value)===node.source?node.value:node.source:void 0},data;try{targets=
targetsOf(document),data=toData(document.contents,0)}catch(error){if(error instanceof RangeError)return[deeperThanAllowed(
{line:1,column:1})];if(error instanceof Refusal2)return[error.mistake];throw error}if(repeated.size>0)return[...repeated].
slice(0,20).map(key=>{var _a;return{place:placeAt(lines,((_a=key.range)==null?void 0:_a[0])??0),found:`\`${keyOf(key).slice(
0,100)}\` a second time`,allowed:"each key once"}});let find=path=>findNode(document,path,targets);return{data,placeOf:(path,what)=>{
var _a,_b;let{key,value}=find(path);return placeAt(lines,((_b=(_a=what==="key"?key??value:value??key)==null?void 0:_a.range)==
null?void 0:_b[0])??0)},sourceOf:path=>{var _a;let[start=0,end=0]=((_a=find(path).value)==null?void 0:_a.range)??[],source=text3.
slice(start,Math.min(end,start+200)).replace(/\s+/g," ").trim();return source===""?"nothing":`\`${source}${end-start>200?
"\u2026":""}\``}}}var Refusal2=class extends Error{mistake;constructor(mistake){super(mistake.found),this.mistake=mistake}};
function moreThanAllowed(place,found,allowed=`at most ${1e4} values, aliases followed`){return{place,found,allowed}}function deeperThanAllowed(place){
return{place,found:`more than ${40} levels of nesting`,allowed:`at most ${40}, aliases followed`}}var keyOf=node=>(0,import_yaml2.isScalar)(
node)?String(node.value):"?";function targetsOf(document){let anchors=new Map,targets=new Map;return(0,import_yaml2.visit)(
document,{Alias(_,alias){let target=anchors.get(alias.source);target&&targets.set(alias,target)},Value(_,value){value.anchor!==
void 0&&anchors.set(value.anchor,value)}}),targets}function findNode(document,path,targets){let key,value=document.contents;
for(let step of path)if((0,import_yaml2.isAlias)(value)&&(value=targets.get(value)??null),(0,import_yaml2.isMap)(value)){
let pair3=value.items.find(item=>keyOf(item.key)===String(step));if(!pair3)break;key=pair3.key,value=pair3.value}else if((0,import_yaml2.isSeq)(
value)&&typeof step=="number")key=void 0,value=value.items[step]??null;else break;return{key,value:value??void 0}}function placeAt(lines,offset){
let{line,col}=lines.linePos(offset);return{line:Math.max(1,line),column:Math.max(1,col)}}function hintFor(message){return/alias|block scalar/i.
test(message)?"a version range that begins with `*` or `>` needs quotes":/tab/i.test(message)?"blanks for indentation, n\
ever tabs":"YAML 1.2"}var maxMistakes=50;function validateYaml(text3,schema,at,required={}){let yaml=parseLocated(text3);if(!("data"in yaml))return yaml.
map(({place,found,allowed})=>({place:at(place),found,allowed}));let rejected=[],reject=(path,what,found,allowed)=>{if(rejected.
length>=maxMistakes)return;let place=yaml.placeOf(path,what);rejected.some(one=>at(one.place)===at(place)&&one.found===found)||
rejected.push({place,found,allowed})},mistakes=()=>[...rejected].sort((a,b)=>a.place.line-b.place.line||a.place.column-b.
place.column).map(({place,found,allowed})=>({place:at(place),found,allowed})),unheard=unheardKeys(yaml.data,[]);for(let path of unheard.
slice(0,maxMistakes))reject(path,"key",`\`${path[path.length-1]}\``,"another name");let lists=listsForMappings(yaml.data,
schema,[]);for(let{path,allowed}of lists.slice(0,maxMistakes))reject(path,"value",yaml.sourceOf(path),allowed);let told=[
...unheard,...lists.map(({path})=>path)],outcome=safeParse(schema,yaml.data);if(outcome.success)return{accepted:outcome.
output,yaml,reject,mistakes};let issues=outcome.issues.flatMap(innermost),untold=issues.filter(issue=>!told.some(path=>isBelow(
issue,path)));for(let issue of untold.slice(0,50))rejectIssue(issue,schema,yaml,reject);let rest=safeParse(schema,without(
yaml.data,issues,required));return{accepted:rest.success?rest.output:void 0,yaml,reject,mistakes}}function without(data,issues,required){
let rest=JSON.parse(JSON.stringify(data??null));for(let issue of issues){let path=(issue.path??[]).map(step=>String(step.
key)),isMissing=issue.type==="strict_object"&&issue.received==="undefined";remove(rest,isMissing?path.slice(0,-1):path)}
return typeof rest=="object"&&rest!==null?{...rest,...required}:rest}function remove(data,path){let[step,...more]=path;if(step===
void 0||typeof data!="object"||data===null)return;let record2=data,value=own(record2,step);more.length===0||Array.isArray(
value)?delete record2[step]:remove(value,more)}function innermost(issue){if(issue.type!=="union"||typeof issue.input!="o\
bject"||issue.input===null)return[issue];let path=issue.path??[],inner=(issue.issues??[]).filter(entry=>{var _a;return(((_a=
entry.path)==null?void 0:_a.length)??0)>0});return inner.length===0?[issue]:inner.map(entry=>({...entry,path:[...path,...entry.
path??[]]})).flatMap(innermost)}function isBelow(issue,path){return path.every((step,index)=>{var _a,_b;return String((_b=
(_a=issue.path)==null?void 0:_a[index])==null?void 0:_b.key)===String(step)})}var unheardNames=["__proto__","constructor",
"prototype"];function unheardKeys(data,path){return typeof data!="object"||data===null?[]:Object.entries(data).flatMap(([
key,value])=>{let inner=[...path,Array.isArray(data)?Number(key):key];return unheardNames.includes(key)?[inner]:unheardKeys(
value,inner)})}function listsForMappings(data,part,path){if(typeof data!="object"||data===null)return[];let forms=open(part);
if(Array.isArray(data)&&!forms.some(({type})=>type==="array")){let mapping=forms.find(({type})=>type==="record"||type===
"strict_object");if(!mapping)return[];let keys=Object.keys(mapping.entries??{}),allowed=keys.length>0?`a mapping with ${keys.
join(", ")}`:String(mapping.message);return[{path,allowed}]}return Object.entries(data).flatMap(([key,value])=>{let inner=forms.
flatMap(({entries,value:value2,item})=>own(entries??{},key)??value2??item??[])[0];return inner?listsForMappings(value,inner,
[...path,Array.isArray(data)?Number(key):key]):[]})}function open(part){return part.wrapped?open(part.wrapped):part.type===
"union"?(part.options??[]).flatMap(open):[part]}function rejectIssue(issue,schema,yaml,reject){var _a;let path=(issue.path??
[]).map(step=>step.key),last=(_a=issue.path)==null?void 0:_a[issue.path.length-1],key=String((last==null?void 0:last.key)??
""),keys=keysAt(schema,path.slice(0,-1));if(issue.type==="strict_object"&&issue.expected==="never"){let like=nearest(key,
keys);reject(path,"key",`unknown key \`${key}\``,`${keys.join(", ")}${like===void 0?"":`; did you mean \`${like}\`?`}`);
return}if(issue.type==="strict_object"&&issue.received==="undefined"){reject(path.slice(0,-1),"value",`no \`${key}\``,`\`${key}\
\` is needed here`);return}let what=(last==null?void 0:last.origin)==="key"?"key":"value",found=what==="key"?`\`${key}\``:
yaml.sourceOf(path);reject(path,what,found,/^Invalid (?:type|value)/.test(issue.message)?`a mapping with ${keysAt(schema,
path).join(", ")}`:issue.message)}function keysAt(schema,path){let parts=[schema];for(let step of path)parts=parts.flatMap(
open).flatMap(part=>own(part.entries??{},String(step))??part.value??part.item??[]);return parts.flatMap(open).flatMap(part=>Object.
keys(part.entries??{}))}function readPolicy(name,text3,known4){let at=({line,column})=>`${name}:${line}:${column}`;if(text3.length>131072)return[
{place:`${name}:1:1`,found:`a file of more than ${writtenSize(131072)}`,allowed:`a policy of at most ${writtenSize(131072)}`}];
let checked=validateYaml(text3,policySchema,at,{version:1});if(!("yaml"in checked))return checked;let{accepted,yaml,reject}=checked;
accepted&&rejectMeaningless(accepted,yaml,known4,reject,()=>checked.mistakes().length>=maxMistakes);let mistakes=checked.
mistakes();return mistakes.length>0||!accepted?mistakes:{name,source:accepted,lineOf:path=>`${name}:${yaml.placeOf(path,
"key").line}`}}function readListInput(name,text3){let checked=validateYaml(text3,listSchemas[name],({line,column})=>`inp\
ut \`${name}\`, line ${line}, column ${column}`);if(!("yaml"in checked))return checked;let list2=checked.accepted;list2&&
rejectRepeated(list2,[],checked.reject);let mistakes=checked.mistakes();return mistakes.length>0||!list2?mistakes:{list:list2}}
function rejectRepeated(list2,path,reject){let names2=new Set;for(let[index,entry]of list2.entries()){if(typeof entry!="\
object")continue;let{name}=entry;names2.has(name)&&reject([...path,index,"name"],"value",`\`${name}\` a second time`,"a \
name that is unique among the services"),names2.add(name)}}function rejectMeaningless(policy,yaml,known4,reject,isEnough){
let profiles=policy.profiles??{};for(let[name,profile2]of Object.entries(profiles)){let path=["profiles",name];for(let rangePath of rangePaths(
profile2)){if(isEnough())return;let value=rangePath.reduce((part,step)=>part[step],profile2);parseRange(String(value))===
void 0&&reject([...path,...rangePath],"value",yaml.sourceOf([...path,...rangePath]),rangesAllowed)}rejectRepeated(profile2.
services??[],[...path,"services"],reject),rejectExtends(name,profile2.extends,profiles,known4.profiles,(found,allowed)=>reject(
[...path,"extends"],"value",found,allowed))}for(let[name,entry]of Object.entries(policy.expect??{})){if(isEnough())return;
let{expect:written}=yaml.data;Object.keys(written[name]??{}).length===Object.keys(entry).length&&rejectExpectation(name,
entry,reject)}for(let pattern of Object.keys(policy.severity??{})){if(isEnough())return;known4.knowsCheck(pattern)||reject(
["severity",pattern],"key",`\`${pattern}\``,checksAllowed(pattern,known4))}for(let[index,{check:check2,until}]of(policy.
accept??[]).entries()){if(isEnough())return;known4.knowsCheck(check2)||reject(["accept",index,"check"],"value",`\`${check2}\
\``,checksAllowed(check2,known4)),isDay(until)||reject(["accept",index,"until"],"value",`\`${until}\``,"a day that exist\
s, such as 2026-12-31")}}function checksAllowed(pattern,known4){let like=nearest(pattern.split(":")[0]??"",known4.checkIds);
return`a check id or \`id:reason\`, as \`runner-check list\` prints them${like===void 0?"":`; did you mean \`${like}\`?`}`}
function rangePaths(profile2){let tools=Object.entries(profile2.tools??{}).flatMap(([name,tool3])=>typeof tool3!="object"?
[["tools",name]]:tool3.version===void 0?[]:[["tools",name,"version"]]),{gpu:gpu2}=profile2;return typeof gpu2!="object"?
tools:[...tools,...["driver","compute-capability"].filter(key=>gpu2[key]!==void 0).map(key=>["gpu",key])]}function rejectExtends(name,parent,profiles,builtIn,reject){
var _a;if(parent===void 0)return;let names2=[...new Set([...Object.keys(profiles),...builtIn])];if(!names2.includes(parent)){
let like=nearest(parent,names2);reject(`\`${parent}\``,`a profile: ${names2.join(", ")}${like===void 0?"":`; did you mea\
n \`${like}\`?`}`);return}if(parent===name&&builtIn.includes(name))return;let chain=new Set([name]),last=name;for(let next=parent;next!==
void 0;next=(_a=own(profiles,next))==null?void 0:_a.extends){if(next===last&&builtIn.includes(next))return;if(chain.has(
next)){reject(`\`${[...chain,next].join("` extends `")}\``,"profiles that do not extend each other in a cycle");return}chain.
add(next),last=next}}function isDay(text3){let date=new Date(`${text3}T00:00:00Z`);return!Number.isNaN(date.getTime())&&
date.toISOString().startsWith(text3)}var import_yaml3=__toESM(require_dist(),1);function quoted(text3){return`\`${(text3.length>200?`${text3.slice(0,200)}\u2026`:text3).replace(/\s+/g," ")}\``}function readToolsInput(text3,mistakes){var _a,_b,_c;let allowed='a YAML mapping of tool to version range, such as `rust\
c: ">=1.92"`',lines=new import_yaml3.LineCounter,document=(0,import_yaml3.parseDocument)(text3,{schema:"failsafe",lineCounter:lines,
uniqueKeys:!1,prettyErrors:!1}),placeOf2=offset=>{let{line,col}=lines.linePos(offset);return`input \`tools\`, line ${line}\
, column ${col}`};for(let error of document.errors.slice(0,maxMistakes)){let hint=/alias|block scalar/i.test(error.message)?
"; a range that begins with `*` or `>` needs quotes":"";mistakes.push({place:placeOf2(error.pos[0]),found:error.message.
split(`
`)[0]??"",allowed:`${allowed}${hint}`})}if(document.errors.length>0)return{};let root=document.contents;if(!(0,import_yaml3.isMap)(
root))return mistakes.push({place:placeOf2(((_a=root==null?void 0:root.range)==null?void 0:_a[0])??0),found:quoted(text3),
allowed}),{};if(root.items.length>500)return mistakes.push({place:"input `tools`",found:`${root.items.length} entries`,allowed:`\
at most ${500} entries`}),{};let tools={};for(let{key,value}of root.items){let name=(0,import_yaml3.isScalar)(key)?String(
key.value):"",start=(0,import_yaml3.isScalar)(key)?((_b=key.range)==null?void 0:_b[0])??0:0;if(!/^[A-Za-z0-9][\w.+-]{0,63}$/.
test(name)){mistakes.push({place:placeOf2(start),found:quoted(name),allowed:"the name of a program, without a path"});continue}
if(own(tools,name)!==void 0){mistakes.push({place:placeOf2(start),found:`\`${name}\` a second time`,allowed:"each tool o\
nce"});continue}let range3=(0,import_yaml3.isScalar)(value)?String(value.value):void 0;if(range3===void 0||parseRange(range3)===
void 0){let at=(0,import_yaml3.isScalar)(value)?((_c=value.range)==null?void 0:_c[0])??start:start;mistakes.push({place:placeOf2(
at),found:quoted(range3??"a value that is not text"),allowed:rangesAllowed});continue}tools[name]=range3}return tools}0&&(module.exports={diffReports,expectableOf,explain,forForeignFacts,help,helpFor,loadRunnerConfig,maxReportSize,maxYamlSize,
mistakeInExpectations,mistakeInHead,parseYaml,policyFor,readListInput,readPolicy,readReport,readToolsInput,readWorkflow,
renderList,renderPolicy});
