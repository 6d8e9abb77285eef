// Exchange rates: what is known, where they come from, and one that is said by hand.
import { ask, read } from "../api.js";
import { act, actions, badge, card, code, el, empty, facts, field, form, say, soft, table } from "../dom.js";
import { t } from "../language.js";
import { count, many, time } from "../words.js";

const told = ({ rates, last_day: day }) => say(t`${many(rates, "rate")} came, up to ${day}.`);

const base64 = (blob) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.addEventListener("load", () => resolve(reader.result.split(",")[1] ?? ""));
  reader.addEventListener("error", () => reject(reader.error));
  reader.readAsDataURL(blob);
});

async function take(context, wish) {
  const { imported } = await ask("POST", "/rates", wish);
  await context.reload();
  told(imported);
}

const money = (name, placeholder) => el(
  "input", { name, placeholder, required: true, pattern: "[A-Za-z]{3}", maxlength: 3, autocomplete: "off", spellcheck: "false" }
);

function byHand(context) {
  return form(async ({ base, quote, rate, day, source }) => take(context, {
    content: await base64(new Blob([`base,quote,rate,date\n${base.toUpperCase()},${quote.toUpperCase()},${rate},${day}\n`])),
    source: source || context.session.user,
  }), el("div", { class: "fields" },
    field(t`One`, money("base", "EUR"), t`A currency by its three letters`),
    field(t`Costs`, el("input", { name: "rate", required: true, inputmode: "decimal", pattern: "[0-9]+([.][0-9]+)?", placeholder: "1.0876" })),
    field(t`Of`, money("quote", "USD")),
    field(t`On`, el("input", { name: "day", type: "date", required: true, value: new Date().toLocaleDateString("sv") })),
    field(t`Source`, el("input", { name: "source", placeholder: t`you`, maxlength: 60 }), t`Who says so`)), t`Set the rate`, { id: "rate" });
}

function fromFile(context) {
  return form(async ({ file, url }) => take(context, url ? { url } : { content: await base64(file), source: file.name }),
    el("div", { class: "fields" },
      field(t`File`, el("input", { name: "file", type: "file" }), t`The ECB's XML or CSV, a table of your own, or a ZIP of one`),
      field(t`Or its address`, el("input", { name: "url", type: "url", placeholder: "https://" }))), t`Take the rates`, { id: "rates" });
}

function daily(context, state) {
  if (!state) {
    return card(t`Fetched by itself`, el("p", {}, t`The server fetches no rates by itself. This setting lets it do so once a day:`),
      code("WONDER_RATES_URL=https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml", t`Setting`));
  }
  const standing = state.fetched_at ? badge(state.error ? "failed" : "ok") : badge("pending", t`not yet since the start`);
  return card(t`Fetched by itself`, facts([
    [t`From`, state.host], [t`Last time`, state.fetched_at && time(state.fetched_at)], [t`State`, standing],
    [t`Reason`, state.error && el("span", { class: "wrong" }, state.error)],
  ]), actions(act(t`Fetch now`, async () => {
    try {
      told((await ask("POST", "/rates/fetch")).imported);
    } finally {
      await context.reload();
    }
  })));
}

export async function show(context) {
  const { rates, daily: state } = await read("/rates");
  return {
    title: t`Exchange rates`,
    lead: t`What amounts of one currency are told in another by.`,
    body: [
      daily(context, state),
      card(null, el("details", {}, el("summary", {}, t`Set a rate`), byHand(context)),
        el("details", {}, el("summary", {}, t`Take a file of rates`), fromFile(context))),
      card(t`Newest rates`, rates.length === 0
        ? empty(t`No rates yet`, t`Set one, take a file of them, or let the server fetch them once a day.`)
        : [soft(t`${count(rates.length)} pairs, each with its newest rate.`), table(t`Newest rates`, [
          { title: t`One`, cell: (rate) => rate.base },
          { title: t`Costs`, kind: "number", cell: (rate) => rate.rate }, { title: t`Of`, cell: (rate) => rate.quote },
          { title: t`On`, cell: (rate) => rate.day }, { title: t`Source`, kind: "text", cell: (rate) => rate.source },
        ], rates.map((rate) => ({ ...rate, id: `${rate.base} ${rate.quote}` })))]),
    ],
  };
}
