import { beginConversation, countOf, rebuilt } from './conversation.mjs';
const lib=await import((process.argv[3]??'/work/wt/memory/dist')+'/index.js');
const turns=121;const history=await beginConversation(185000);const {prompt}=history;
const prompts=Array.from({length:turns},(_,t)=>prompt.slice(0,Math.ceil(prompt.length*(t+1)/turns)));
const reported=prompts.map(countOf);let turn=0;
const bare={specificationVersion:'v4',provider:'openai.chat',modelId:'gpt-5',supportedUrls:{},async doGenerate(){const t=reported[turn];return {content:[{type:'text',text:'Fine.'}],finishReason:{unified:'stop',raw:'stop'},usage:{inputTokens:{total:t,noCache:t,cacheRead:0,cacheWrite:0},outputTokens:{total:2}},warnings:[]}}};
const steps=[{model:bare,contextWindow:204000},{model:bare,contextWindow:1e6}];
const T=[];for(let r=0;r<40;r++){let total=0;const m=lib.cascade({steps});const fresh=JSON.parse(JSON.stringify(prompt));
 for(turn=0;turn<turns;turn++){const call={prompt:process.argv[2]==='json'?JSON.parse(JSON.stringify(fresh.slice(0,prompts[turn].length))):process.argv[2]==='re'?rebuilt(fresh.slice(0,prompts[turn].length)):fresh.slice(0,prompts[turn].length),maxOutputTokens:2000};const s=process.hrtime.bigint();await m.doGenerate(call);total+=Number(process.hrtime.bigint()-s)}T.push(total/1e6)}
console.log(process.argv[2],process.argv[3],'first3',T.slice(0,3).map(x=>x.toFixed(1)).join(' '),'median',T.sort((a,b)=>a-b)[20].toFixed(2),'ms');
