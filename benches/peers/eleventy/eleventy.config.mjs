// Eleventy as a publisher of feeds. `CASE` says which. Its feeds refuse articles without an address, so that it writes
// a page for each.
import { readFileSync } from "node:fs";
import { feedPlugin } from "@11ty/eleventy-plugin-rss";

const limit = process.env.CASE === "unlimited" ? 0 : 30;

// Eleventy must be told by name of which tags and authors there are to be feeds.
const families = process.env.CASE === "families" ? JSON.parse(readFileSync("families.json")) : { tags: [], authors: [] };

const metadata = {
    language: "en",
    title: "Many articles",
    base: "https://many.example/",
    author: { name: "The desk" },
};

export default function (eleventy) {
    const feeds = (folder, collection) => {
        for (const type of ["rss", "atom"]) {
            eleventy.addPlugin(feedPlugin, {
                type,
                inputPath: `${collection}-${type}.njk`,
                outputPath: `${folder}/${type}.xml`,
                collection: { name: collection, limit },
                metadata,
            });
        }
    };

    eleventy.addCollection("articles", (all) => all.getFilteredByGlob("articles/**/*.md"));
    feeds("", "articles");
    for (const tag of families.tags) {
        feeds(`/tags/${tag}`, tag);
    }
    for (const [number, author] of families.authors.entries()) {
        const collection = `author${number}`;
        eleventy.addCollection(collection, (all) =>
            all.getFilteredByGlob("articles/**/*.md").filter((article) => article.data.author === author),
        );
        feeds(`/authors/${number}`, collection);
    }
    return { dir: { input: "articles" }, markdownTemplateEngine: false };
}
