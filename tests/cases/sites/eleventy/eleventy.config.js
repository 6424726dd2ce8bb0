import { feedPlugin } from "@11ty/eleventy-plugin-rss";

export default function (eleventyConfig) {
	eleventyConfig.addPlugin(feedPlugin, {
		type: "atom",
		outputPath: "/feed/feed.xml",
		collection: { name: "posts", limit: 10 },
		metadata: {
			title: "Crust",
			language: "en-AU",
			base: "https://example.org/",
			author: { name: "Bea Holm" },
		},
	});
	eleventyConfig.addFilter("readableDate", (date) => date.toDateString());
	return { dir: { input: "content" } };
}
