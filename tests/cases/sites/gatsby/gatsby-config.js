module.exports = {
  siteMetadata: {
    title: `Thread Count`,
    author: { name: `Odile Brandt` },
    description: `Weaving, mostly`,
    siteUrl: `https://example.org`,
  },
  plugins: [`gatsby-plugin-image`],
}
