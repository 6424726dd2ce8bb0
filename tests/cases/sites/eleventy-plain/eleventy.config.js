import { feedPlugin } from "@11ty/eleventy-plugin-rss";

export default function (eleventyConfig) {
  eleventyConfig.addCollection("written", (api) => api.getFilteredByTag("posts").filter((item) => item.url));
  eleventyConfig.addPlugin(feedPlugin, {
    type: "atom",
    outputPath: "/feed.xml",
    collection: { name: "written", limit: 0 },
    metadata: {
      language: "en",
      title: "Plain",
      base: "https://example.org/",
      author: { name: "Ann" },
    },
  });
}
