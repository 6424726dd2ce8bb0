const told = document.querySelector("[role=status]");
let quiet;
for (const button of document.querySelectorAll("button")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const address = button.previousElementSibling;
    getSelection().selectAllChildren(address);
    let copied = true;
    try {
      await navigator.clipboard.writeText(address.textContent);
    } catch {
      copied = document.execCommand("copy");
    }
    clearTimeout(quiet);
    told.textContent = copied ? told.dataset.copied + ": " + address.textContent : address.textContent;
    quiet = setTimeout(() => (told.textContent = ""), 5000);
  });
}
