/* Alt + / moves the focus to the search box of the staff admin. The code of the key counts
   too: with the Option key of a Mac, or with an input method, its character is another one. */
document.addEventListener("keydown", event => {
  const isSlash = event.key === "/" || event.code === "Slash";
  if (!isSlash || !event.altKey || event.ctrlKey || event.metaKey) return;
  const box = document.getElementById("staff-search-input");
  if (box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});
