import { beginConversation, countOf, rebuilt } from './conversation.mjs';
import { inTurn, quantile } from './measure.mjs';
const dists={old:'/tmp/dist-main',new:'/work/wt/memory/dist'};
const libs={};for(const k in dists){libs[k]={...(await import(dists[k]+'/index.js')),...(await import(dists[k]+'/tiktoken/index.js'))}}
const turns=121,tokens=185000;
const history=await beginConversation(tokens);const {prompt}=history;
const prompts=Array.from({length:turns},(_,t)=>prompt.slice(0,Math.ceil(prompt.length*(t+1)/turns)));
const reported=prompts.map(countOf);
let turn=0;
const usage=t=>({inputTokens:{total:t,noCache:t,cacheRead:0,cacheWrite:0},outputTokens:{total:2,text:2,reasoning:0}});
const bare={specificationVersion:'v4',provider:'openai.chat',modelId:'gpt-5',supportedUrls:{},async doGenerate(){return {content:[{type:'text',text:'Fine.'}],finishReason:{unified:'stop',raw:'stop'},usage:usage(reported[turn]),warnings:[]}}};
const steps=[{model:bare,contextWindow:Math.ceil(tokens*1.1)},{model:bare,contextWindow:1e6}];
const variants=[];
for(const k in libs){
 for(const [mode,shape] of [['same objects',p=>p],['rebuilt',rebuilt],['fresh JSON',p=>JSON.parse(JSON.stringify(p))]])
 for(const [n,o] of [['default',{}],['no anchors',{anchor:false}],['tiktoken',{anchor:false,tk:1}]]) variants.push({k,mode,n,shape,o,t:[]});
}
const tks={};for(const k in libs){tks[k]=libs[k].tiktoken();await tks[k].load()}
for(let round=-2;round<9;round++)for(const v of inTurn(variants,round+2)){
  const {tk,...o}=v.o;const m=libs[v.k].cascade({steps,...o,...(tk&&{estimator:tks[v.k]})});
  const fresh=JSON.parse(JSON.stringify(prompt));
  let total=0;
  for(turn=0;turn<turns;turn++){const call={prompt:v.shape(fresh.slice(0,prompts[turn].length)),maxOutputTokens:2000};const s=process.hrtime.bigint();await m.doGenerate(call);total+=Number(process.hrtime.bigint()-s)}
  if(round>=0)v.t.push(total);
}
const half=variants.length/2;
for(let i=0;i<half;i++){const a=variants[i],b=variants[i+half];const r=a.t.map((x,j)=>b.t[j]/x);console.log(a.mode.padEnd(14),a.n.padEnd(12),'old',(quantile(a.t,.5)/1e6).toFixed(2),'new',(quantile(b.t,.5)/1e6).toFixed(2),'ms  ratio',quantile(r,.5).toFixed(2),quantile(r,.25).toFixed(2)+'–'+quantile(r,.75).toFixed(2))}
