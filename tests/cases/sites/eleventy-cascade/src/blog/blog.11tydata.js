export default {
  tags: ["posts"],
  permalink: "/b/{{ page.fileSlug }}/",
};
