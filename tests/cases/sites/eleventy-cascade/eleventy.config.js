import { feedPlugin } from "@11ty/eleventy-plugin-rss";

export default function (eleventyConfig) {
  eleventyConfig.addCollection("written", (api) => api.getFilteredByTag("posts").filter((item) => item.url));
  eleventyConfig.addPlugin(feedPlugin, {
    type: "atom",
    outputPath: "/feed.xml",
    collection: { name: "written", limit: 0 },
    metadata: {
      language: "en",
      title: "Cascade",
      base: "https://example.org/",
      author: { name: "Ann" },
    },
  });
  eleventyConfig.addPreprocessor("drafts", "*", (data) => {
    if (data.draft) return false;
  });
  eleventyConfig.setInputDirectory("src");
}
