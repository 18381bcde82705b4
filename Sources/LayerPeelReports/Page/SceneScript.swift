/// The script that brings scenes to life, where plotly.js and WebGL are there.
enum SceneScript {
  /// JavaScript, fit to stand in a `script` element.
  static let source = #"""
    (() => {
      "use strict";
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const dark = matchMedia("(prefers-color-scheme: dark)");
      const ink = name =>
        getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

      function hasWebGL() {
        const canvas = document.createElement("canvas");
        return Boolean(canvas.getContext("webgl2") || canvas.getContext("webgl"));
      }

      // Classes of one colour share their traces: features, means, rows.
      function groups(data) {
        const count = Math.min(data.classes.length, data.colours);
        return Array.from({ length: count }, (_, g) => ({
          index: g,
          members: data.classes.map((_, k) => k).filter(k => k % data.colours === g),
          name: data.classes.length > data.colours
            ? g + ", " + (g + data.colours) + ", …" : data.classes[g],
        }));
      }

      function coordinates(data, frame) {
        const split = points => [0, 1, 2].map(axis => points.map(p => p ? p[axis] : null));
        return groups(data).flatMap(({ members }) => [
          frame.features.filter((_, i) => members.includes(frame.labels[i])),
          members.map(k => frame.means[k]),
          members.flatMap(k => [[0, 0, 0], frame.rows[k], null]),
        ]).map(split);
      }

      function traces(data, frame) {
        const places = coordinates(data, frame);
        const numbered = data.classes.length <= 20;
        const all = groups(data).flatMap(({ index, members, name }) => {
          const color = ink("ink-class" + index);
          const common = { type: "scatter3d", legendgroup: name, showlegend: false, name };
          return [
            { ...common, mode: "markers", hoverinfo: "name",
              marker: { size: 2.4, color, opacity: 0.6 } },
            { ...common, mode: numbered ? "markers+text" : "markers", showlegend: true,
              text: members.map(String), textposition: "top center", hoverinfo: "name",
              textfont: { size: 12, color: ink("ink-black") },
              marker: { size: 7, color, line: { width: 1, color: ink("paper") } } },
            { ...common, mode: "lines", hoverinfo: "skip", line: { width: 4, color } },
          ];
        });
        return all.map((trace, i) => (
          { ...trace, x: places[i][0], y: places[i][1], z: places[i][2] }));
      }

      // Great circles of radius 1, to see the turning by.
      function sphere(planar) {
        const angles = Array.from({ length: 61 }, (_, i) => i * Math.PI / 30);
        const circle = f => angles.map(a => f(Math.cos(a), Math.sin(a))).concat([null]);
        const rings = [circle((c, s) => [c, s, 0])].concat(planar ? [] : [
          circle((c, s) => [c, 0, s]), circle((c, s) => [0, c, s])]);
        const axis = k => rings.flat().map(p => p ? p[k] : null);
        return { type: "scatter3d", mode: "lines", hoverinfo: "skip", showlegend: false,
          x: axis(0), y: axis(1), z: axis(2), opacity: 0.5,
          line: { width: 1, color: ink("ink-grey") } };
      }

      function layout(data) {
        const axis = { range: [-data.reach, data.reach], visible: false, autorange: false };
        const eye = data.planar ? { x: 0, y: 0, z: 1.2 } : { x: 0.56, y: -0.96, z: 0.45 };
        const up = data.planar ? { x: 0, y: 1, z: 0 } : { x: 0, y: 0, z: 1 };
        return {
          margin: { l: 0, r: 0, t: 0, b: 0 }, paper_bgcolor: "rgba(0,0,0,0)", uirevision: "kept",
          font: { color: ink("text"), size: 12 },
          legend: { orientation: "h", x: 0.5, xanchor: "center", y: 0, yanchor: "top",
            itemsizing: "constant" },
          scene: { xaxis: axis, yaxis: axis, zaxis: axis, dragmode: "orbit",
            // An orthographic view is as large as this says, however near the eye is.
            aspectmode: "manual", aspectratio: { x: 1.9, y: 1.9, z: 1.9 },
            camera: { eye, up, projection: { type: "orthographic" } } },
        };
      }

      function start(root) {
        const part = name => root.querySelector(".scene-" + name);
        const data = JSON.parse(part("data").textContent);
        if (data.frames.length === 0) return;
        const [plot, slider, play, turn] = ["plot", "slider", "play", "turn"].map(part);
        const asked = location.hash.match(new RegExp("^#" + root.id + "=(\\d+)$"));
        if (asked) slider.value = asked[1];
        let playing = 0, turning = 0;
        root.hidden = false;

        const frame = () => data.frames[Number(slider.value)];
        const say = () => {
          part("label").textContent = frame().label;
          slider.setAttribute("aria-valuetext", frame().label);
        };
        const draw = () => Plotly.react(
          plot, [sphere(data.planar), ...traces(data, frame())], layout(data),
          { responsive: true, displaylogo: false, displayModeBar: false });
        const show = () => {
          const places = coordinates(data, frame());
          Plotly.restyle(plot,
            { x: places.map(p => p[0]), y: places.map(p => p[1]), z: places.map(p => p[2]) },
            places.map((_, i) => i + 1));
          say();
        };
        const stop = () => { clearInterval(playing); playing = 0; play.textContent = "Play"; };
        const rest = () => { turning = 0; turn.setAttribute("aria-pressed", "false"); };
        const revolve = last => now => {
          if (!turning) return;
          const { eye } = plot._fullLayout.scene._scene.getCamera();
          const angle = 0.0004 * Math.min(now - last, 100), c = Math.cos(angle), s = Math.sin(angle);
          Plotly.relayout(plot, { "scene.camera.eye":
            { x: c * eye.x - s * eye.y, y: s * eye.x + c * eye.y, z: eye.z } });
          requestAnimationFrame(revolve(now));
        };

        slider.addEventListener("input", () => { stop(); show(); });
        play.addEventListener("click", () => {
          if (playing) return stop();
          if (slider.value === slider.max) { slider.value = 0; show(); }
          play.textContent = "Pause";
          playing = setInterval(() => {
            slider.value = Number(slider.value) + 1;
            show();
            if (slider.value === slider.max) stop();
          }, 700);
        });
        turn.addEventListener("click", () => {
          if (turning) return rest();
          turning = 1;
          turn.setAttribute("aria-pressed", "true");
          requestAnimationFrame(revolve(performance.now()));
        });
        plot.addEventListener("pointerdown", rest, true);
        dark.addEventListener("change", draw);
        turn.hidden = still || data.planar;
        play.hidden = data.frames.length < 2;
        draw();
        say();
      }

      if (window.Plotly && hasWebGL()) document.querySelectorAll(".scene").forEach(start);
    })();

    """#
}
