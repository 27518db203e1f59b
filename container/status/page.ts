/** The page of a worker: one document without anything fetched but its data. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5d6b7e; --line: #dfe4ea; --back: #f5f7f9; --card: #fff; --fill: #2f6fed; --good: #1d8a4e; --bad: #c2362b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf2; --soft: #94a1b3; --line: #2d3744; --back: #11161d; --card: #1a212b; --fill: #5b92ff; --good: #4fc583; --bad: #ff7a6e; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; margin-bottom: 1.25rem; }
h1 { font-size: 1.25rem; margin: 0; }
h2 { font-size: .8125rem; font-weight: 600; color: var(--soft); margin: 1.75rem 0 .5rem; }
code { font: .8125rem ui-monospace, monospace; color: var(--soft); overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem; }
.card p { margin: 1rem 0 0; }
.wide { grid-column: 1 / -1; }
.list { padding: .5rem 1.25rem; }
.row { display: flex; justify-content: space-between; gap: 1rem; align-items: baseline; }
.file { font-weight: 600; overflow-wrap: anywhere; }
.percent { font-size: 1.75rem; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
progress { appearance: none; display: block; width: 100%; height: .625rem; border: 0; border-radius: 1rem; margin: .75rem 0 1rem; background: var(--line); overflow: hidden; }
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--fill); border-radius: 1rem; }
progress::-moz-progress-bar { background: var(--fill); border-radius: 1rem; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .75rem 1.25rem; margin: 0; }
dt { font-size: .8125rem; color: var(--soft); }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
td { padding: .5rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
tr:first-child td { border-top: 0; }
td + td { text-align: right; padding-left: 1rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.finished { color: var(--good); } .failed, .crashed { color: var(--bad); }
.soft { color: var(--soft); }
[hidden] { display: none; }
`;

export const PAGE_SCRIPT = `
const at = id => document.getElementById(id);
const time = seconds => seconds < 60 ? seconds.toFixed(0) + ' s'
  : seconds < 3600 ? Math.floor(seconds / 60) + ' min ' + Math.floor(seconds % 60) + ' s'
  : Math.floor(seconds / 3600) + ' h ' + Math.floor(seconds % 3600 / 60) + ' min';
const size = bytes => bytes < 1e6 ? (bytes / 1e3).toFixed(0) + ' kB'
  : bytes < 1e9 ? (bytes / 1e6).toFixed(1) + ' MB' : (bytes / 1e9).toFixed(2) + ' GB';
const words = { 'encode-whole': 'encoding', 'encode-chunk': 'encoding a chunk', 'encode-rest': 'sound and pictures', assemble: 'assembling' };
const put = (id, text) => { at(id).textContent = text; };
function cell(row, text, name) {
  const td = row.insertCell();
  td.textContent = text;
  if (name) td.className = name;
}
function show(status) {
  const order = status.order;
  put('state', status.state === 'working' ? words[order.work] || order.work : status.state === 'waiting' ? 'waiting for an order' : 'stopping');
  put('task', 'task ' + status.taskId);
  at('order').hidden = !order;
  at('none').hidden = !!order;
  if (order) {
    put('file', order.fileName);
    put('percent', Math.floor(order.percent) + ' %');
    at('bar').value = order.percent;
    put('speed', order.speed > 0 ? order.speed.toFixed(2) + ' × real time' : '–');
    put('held', time(order.heldSeconds));
    put('cpu', time(order.cpuSeconds));
    put('read', size(order.bytesRead));
    put('outputs', order.outputs.join(', '));
    put('job', order.jobId + ' / ' + order.orderId);
  }
  document.title = (order ? Math.floor(order.percent) + ' % ' + order.fileName : status.state) + ' · Spotreel worker';
  const ended = at('ended');
  ended.replaceChildren();
  for (const one of status.ended) {
    const row = ended.insertRow();
    cell(row, one.fileName + ' · ' + (words[one.work] || one.work));
    cell(row, time(one.heldSeconds));
    cell(row, one.outcome, one.outcome);
  }
  at('endedPart').hidden = status.ended.length === 0;
}
async function look() {
  try {
    const answer = await fetch('status.json', { cache: 'no-store' });
    show(await answer.json());
    at('gone').hidden = true;
  } catch {
    at('gone').hidden = false;
    put('state', 'not answering');
  }
  setTimeout(look, 1000);
}
look();
`;

export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Spotreel worker</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<header><h1>Spotreel worker: <span id="state">…</span></h1><code id="task"></code></header>
<div class="card" id="order" hidden>
<div class="row"><span class="file" id="file"></span><span class="percent" id="percent"></span></div>
<progress id="bar" max="100" value="0" aria-label="Progress of the order"></progress>
<dl>
<div><dt>Speed</dt><dd id="speed"></dd></div>
<div><dt>In hand for</dt><dd id="held"></dd></div>
<div><dt>CPU time</dt><dd id="cpu"></dd></div>
<div><dt>Source read</dt><dd id="read"></dd></div>
<div class="wide"><dt>Outputs</dt><dd id="outputs"></dd></div>
</dl>
<p><code id="job"></code></p>
</div>
<div class="card soft" id="none" hidden>No order in hand. The worker ends by itself when none comes.</div>
<p class="soft" id="gone" hidden>The worker does not answer: its work is done, or its task was stopped. The job's record says which.</p>
<section id="endedPart" hidden><h2>Ended</h2><div class="card list"><table><tbody id="ended"></tbody></table></div></section>
</main>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
