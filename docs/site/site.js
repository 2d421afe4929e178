// Each table in a box that scrolls.
document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll(".rst-content table")) {
    const box = document.createElement("div");
    box.className = "table";
    table.replaceWith(box);
    box.append(table);
  }
});
