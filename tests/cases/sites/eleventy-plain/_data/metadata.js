export default {
  title: "Plain",
  url: "https://example.org/",
  language: "en",
};
