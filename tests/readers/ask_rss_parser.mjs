// Lists what the npm package rss-parser finds in the feed at argv[2]. It keeps no state.
// It is looked for in the folder that FEEDWRIGHT_NODE names.
import { createRequire } from "node:module";

const Parser = createRequire(`${process.env.FEEDWRIGHT_NODE}/package.json`)("rss-parser");
const feed = await new Parser().parseURL(process.argv[2]);
for (const item of feed.items) {
  const date = new Date(item.isoDate).toISOString().replace(".000Z", "Z");
  console.log(JSON.stringify({ id: item.guid ?? item.id, title: item.title, link: item.link, date }));
}
