// Theme, search, the neighbours in the graph, copying of code. The pages can be read without it.
(function () {
  "use strict";
  var root = document.documentElement;

  function stored(value) {
    try {
      if (value) localStorage.setItem("granary-theme", value);
      return localStorage.getItem("granary-theme");
    } catch (e) {
      return null;
    }
  }
  var theme = stored();
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;

  document.addEventListener("DOMContentLoaded", function () {
    switchTheme();
    search();
    graphs();
    copying();
    var here = document.querySelector("nav [aria-current]");
    if (here) here.scrollIntoView({ block: "nearest" });
  });

  function switchTheme() {
    document.querySelector(".theme").addEventListener("click", function () {
      var dark = root.dataset.theme
        ? root.dataset.theme === "dark"
        : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      stored(root.dataset.theme);
    });
  }

  // Names that begin with the word come first, then names that hold it, then columns, then descriptions.
  function rank(item, word) {
    var name = item.name.toLowerCase();
    if (name.indexOf(word) === 0) return 0;
    if (name.indexOf(word) > 0) return 1;
    if (item.columns.some(function (c) { return c.toLowerCase().indexOf(word) >= 0; })) return 2;
    return item.text.toLowerCase().indexOf(word) >= 0 ? 3 : -1;
  }

  function search() {
    var input = document.querySelector(".search input");
    var list = document.querySelector(".found");
    var at = -1;

    function element(tag, text, name) {
      var made = document.createElement(tag);
      made.textContent = text;
      if (name) made.className = name;
      return made;
    }
    function hit(item, word, order) {
      var link = element("a", item.name + " ");
      link.appendChild(element("span", item.kind, "badge tone-" + item.tone));
      var column = order === 2
        ? item.columns.filter(function (c) { return c.toLowerCase().indexOf(word) >= 0; })[0]
        : null;
      link.href = document.body.dataset.root + item.href + (column ? "#column-" + column : "");
      link.appendChild(element("small", column ? "column " + column : item.text));
      var row = document.createElement("li");
      row.appendChild(link);
      return row;
    }
    function show() {
      var word = input.value.trim().toLowerCase();
      list.hidden = word === "";
      list.textContent = "";
      at = -1;
      if (word === "") return;
      var hits = (window.granaryIndex || [])
        .map(function (item) { return { item: item, order: rank(item, word) }; })
        .filter(function (h) { return h.order >= 0; })
        .sort(function (a, b) { return a.order - b.order || a.item.name.localeCompare(b.item.name); })
        .slice(0, 20);
      hits.forEach(function (h) { list.appendChild(hit(h.item, word, h.order)); });
      if (hits.length === 0) list.appendChild(element("li", "Nothing is called that.", "none"));
    }
    function move(step) {
      var links = list.querySelectorAll("a");
      if (links.length === 0) return;
      if (links[at]) links[at].removeAttribute("aria-selected");
      at = (at + step + links.length) % links.length;
      links[at].setAttribute("aria-selected", "true");
      links[at].scrollIntoView({ block: "nearest" });
    }
    input.addEventListener("input", show);
    input.addEventListener("focus", show);
    input.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown") { move(1); event.preventDefault(); }
      if (event.key === "ArrowUp") { move(-1); event.preventDefault(); }
      if (event.key === "Escape") { input.value = ""; show(); input.blur(); }
      if (event.key === "Enter") {
        var link = list.querySelectorAll("a")[Math.max(0, at)];
        if (link) location.href = link.href;
      }
    });
    document.addEventListener("click", function (event) {
      if (!event.target.closest(".search")) list.hidden = true;
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "/" && document.activeElement !== input) { input.focus(); event.preventDefault(); }
    });
  }

  function graphs() {
    document.querySelectorAll(".graph").forEach(function (graph) {
      // a graph that fits when it is a little smaller is made so; a larger one keeps its size and is scrolled
      var svg = graph.querySelector("svg");
      var room = graph.clientWidth - 2 * parseFloat(getComputedStyle(graph).paddingLeft);
      if (Number(svg.getAttribute("width")) * 0.75 <= room) svg.style.minWidth = "0";
      var focus = graph.querySelector(".focus rect");
      if (focus) {
        graph.scrollLeft = Number(focus.getAttribute("x")) - graph.clientWidth / 2 + 80;
      }
      graph.querySelectorAll(".node").forEach(function (node) {
        function on() {
          var id = node.dataset.id;
          var near = {};
          near[id] = true;
          graph.querySelectorAll(".edge").forEach(function (edge) {
            var touches = edge.dataset.from === id || edge.dataset.to === id;
            edge.classList.toggle("on", touches);
            if (touches) { near[edge.dataset.from] = true; near[edge.dataset.to] = true; }
          });
          graph.querySelectorAll(".node").forEach(function (other) {
            other.classList.toggle("on", near[other.dataset.id] === true);
          });
          graph.classList.add("near");
        }
        function off() {
          graph.classList.remove("near");
          graph.querySelectorAll(".on").forEach(function (e) { e.classList.remove("on"); });
        }
        node.addEventListener("mouseenter", on);
        node.addEventListener("focus", on);
        node.addEventListener("mouseleave", off);
        node.addEventListener("blur", off);
      });
    });
  }

  function copying() {
    document.querySelectorAll(".code").forEach(function (block) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.addEventListener("click", function () {
        var text = block.querySelector("code").textContent;
        var done = function () {
          button.textContent = "Copied";
          setTimeout(function () { button.textContent = "Copy"; }, 1500);
        };
        if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, function () {});
      });
      block.appendChild(button);
    });
  }
})();
