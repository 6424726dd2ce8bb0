// Lists what the npm package feedsmith finds in the feed at argv[2]. It keeps no state.
// It is looked for in the folder that FEEDWRIGHT_NODE names.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const { resolve } = createRequire(`${process.env.FEEDWRIGHT_NODE}/package.json`);
const { parseFeed } = await import(pathToFileURL(resolve("feedsmith")));
const { format, feed } = parseFeed(await (await fetch(process.argv[2])).text());

const read = {
  rss: (item) => ({ id: item.guid?.value, title: item.title, link: item.link, date: item.pubDate }),
  atom: (entry) => ({
    id: entry.id,
    title: entry.title?.value ?? entry.title,
    link: entry.links.find(({ rel }) => rel === undefined || rel === "alternate").href,
    date: entry.published,
  }),
  json: (item) => ({ id: item.id, title: item.title, link: item.url, date: item.date_published }),
}[format];
for (const entry of (feed.items ?? feed.entries).map(read)) {
  const date = new Date(entry.date).toISOString().replace(".000Z", "Z");
  console.log(JSON.stringify({ ...entry, date }));
}
