/* Draws the page's charts with uPlot, again when the colours or the width change, and makes tables walkable by keys. */
(() => {
  'use strict';
  const charts = JSON.parse(document.getElementById('charts').textContent);
  const root = getComputedStyle(document.documentElement);
  const colour = name => root.getPropertyValue('--' + name).trim();
  const digits = value => value == null ? '' : Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-4)
    ? value.toExponential(1) : String(+value.toPrecision(4));

  function drawTicks(u, places) {
    const last = u.valToPos(places[places.length - 1], 'x', true);
    const gap = (last - u.bbox.left) / places.length;
    if (gap < 3) return;
    const ratio = devicePixelRatio || 1;
    u.ctx.save();
    u.ctx.strokeStyle = colour('soft');
    u.ctx.lineWidth = ratio;
    u.ctx.beginPath();
    for (const place of places) {
      const x = Math.round(u.valToPos(place, 'x', true)) + 0.5;
      u.ctx.moveTo(x, u.bbox.top + u.bbox.height);
      u.ctx.lineTo(x, u.bbox.top + u.bbox.height - 6 * ratio);
    }
    u.ctx.stroke();
    u.ctx.restore();
  }

  function drawMark(u, place, name) {
    const ratio = devicePixelRatio || 1;
    const x = Math.round(u.valToPos(place, 'x', true)) + 0.5;
    const right = x < u.bbox.left + u.bbox.width * 0.7;
    u.ctx.save();
    u.ctx.strokeStyle = u.ctx.fillStyle = colour('good');
    u.ctx.lineWidth = ratio;
    u.ctx.setLineDash([5 * ratio, 4 * ratio]);
    u.ctx.beginPath();
    u.ctx.moveTo(x, u.bbox.top);
    u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
    u.ctx.stroke();
    u.ctx.font = 12 * ratio + 'px system-ui, sans-serif';
    u.ctx.textAlign = right ? 'left' : 'right';
    u.ctx.fillText(name, x + (right ? 5 : -5) * ratio, u.bbox.top + 12 * ratio);
    u.ctx.restore();
  }

  function series(chart, one, index) {
    const stroke = one.reference ? colour('s7') : colour('s' + (one.colour ?? index) % 10);
    const options = { label: one.label, stroke, width: one.reference ? 1 : 2, value: (u, v) => digits(v), spanGaps: false };
    if (one.dashed || one.reference) options.dash = [6, 4];
    options.points = { show: !one.reference && chart.kind === 'lines' && chart.x.length < 31, size: 5, fill: stroke };
    if (chart.kind === 'points' && !one.reference) {
      options.paths = () => null;
      options.points = { show: true, size: 5, fill: stroke + '66', stroke: stroke, width: 1 };
    }
    if (chart.kind === 'bars') {
      options.paths = uPlot.paths.bars({ size: [0.96, 80] });
      options.fill = stroke + 'b0';
      options.width = 0;
      options.points = { show: false };
    }
    return options;
  }

  function draw(figure) {
    const chart = charts[+figure.dataset.chart];
    let canvas = figure.querySelector('.canvas');
    if (!canvas) {
      const title = document.createElement('h3');
      title.textContent = chart.title;
      canvas = document.createElement('div');
      canvas.className = 'canvas';
      figure.prepend(title, canvas);
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', chart.title + ' over ' + chart.xLabel + ': '
        + chart.series.map(one => one.label).join(', '));
    }
    canvas.textContent = '';
    const width = Math.max(180, Math.floor(figure.clientWidth));
    const grid = { stroke: colour('line'), width: 1 };
    const axis = { stroke: colour('soft'), grid, ticks: grid, font: '12px system-ui, sans-serif' };
    let colours = -1;
    for (const one of chart.series) {
      if (!one.reference && !one.dashed) colours++;
      one.colour = Math.max(0, colours);
    }
    const padded = (low, high) => {
      if (low === 0 && high > 0) return [0, high * 1.06];
      const room = (high - low || Math.abs(high) || 1) * 0.06;
      return [low - room, high + room];
    };
    const bars = chart.kind === 'bars';
    const scales = {
      x: {
        time: false,
        range: chart.xRange ? () => chart.xRange : bars && chart.x.length > 1
          ? (u, low, high) => { const half = (high - low) / (chart.x.length - 1) / 2; return [low - half, high + half]; }
          : bars ? (u, low) => [low - 1, low + 1] : (u, low, high) => low === high ? [low - 1, high + 1] : [low, high],
      },
      y: {
        range: (u, low, high) => {
          if (low == null) return [0, 1];
          if (bars) return [0, high * 1.05 || 1];
          if (!chart.yRange) return padded(low, high);
          return padded(Math.min(low, chart.yRange[0]), Math.max(high, chart.yRange[1]));
        },
      },
    };
    const xAxis = { ...axis, label: chart.xLabel, labelSize: 20, labelFont: '12px system-ui, sans-serif', size: 32 };
    xAxis.values = (u, places) => places.map(digits);
    const x = { label: chart.xLabel, value: (u, v) => digits(v) };
    if (chart.lastInLegend) xAxis.incrs = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000];
    const hooks = { draw: [] };
    if (chart.ticks && chart.ticks.length) hooks.draw.push(u => drawTicks(u, chart.ticks));
    if (chart.mark != null) hooks.draw.push(u => drawMark(u, chart.mark, chart.markName));
    const plot = new uPlot({
      width,
      height: chart.small ? 150 : width < 420 ? 240 : 270,
      scales,
      hooks,
      cursor: { drag: { x: !chart.small, y: false } },
      legend: {
        show: !chart.small && (chart.series.length > 1 || !!chart.lastInLegend),
        live: !!chart.lastInLegend,
        markers: { width: 0, fill: (u, i) => i === 0 ? null : u.series[i].stroke() },
      },
      axes: [xAxis, { ...axis, size: 58, values: (u, places) => places.map(v => v == null ? '' : digits(v)) }],
      series: [x, ...chart.series.map((one) => series(chart, one, one.colour))],
    }, [chart.x, ...chart.series.map(one => one.values)], canvas);
    if (chart.lastInLegend) {
      const showLast = () => plot.setLegend({ idx: chart.x.length - 1 });
      setTimeout(showLast);
      plot.over.addEventListener('mouseleave', () => setTimeout(showLast));
    }
  }

  const figures = [...document.querySelectorAll('figure[data-chart]')];
  const drawAll = () => figures.forEach(draw);
  const widths = new WeakMap();
  const observer = new ResizeObserver(entries => entries.forEach(({ target }) => {
    const width = Math.floor(target.clientWidth);
    if (width > 0 && widths.get(target) !== width) {
      widths.set(target, width);
      requestAnimationFrame(() => draw(target));
    }
  }));
  figures.forEach(figure => {
    widths.set(figure, Math.floor(figure.clientWidth));
    draw(figure);
    observer.observe(figure);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  addEventListener('beforeprint', drawAll);

  /* One cell of a matrix is in the tab order; arrows move on, and what a cell says is read out. */
  for (const matrix of document.querySelectorAll('table.matrix')) {
    const rows = [...matrix.tBodies[0].rows].map(row => [...row.querySelectorAll('td')]);
    const note = matrix.parentElement.nextElementSibling;
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    rows.forEach((cells, r) => cells.forEach((cell, c) => {
      cell.addEventListener('focus', () => { note.textContent = cell.title; });
      cell.addEventListener('mouseenter', () => { note.textContent = cell.title; });
      cell.addEventListener('keydown', event => {
        const step = steps[event.key];
        const next = step && rows[r + step[0]] && rows[r + step[0]][c + step[1]];
        if (next) {
          cell.tabIndex = -1;
          next.tabIndex = 0;
          next.focus();
          event.preventDefault();
        }
      });
    }));
  }
})();
