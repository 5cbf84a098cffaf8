// Weights that keep estimates on the high side: a least-squares fit in which being too low counts `pull` times as
// much as being too high (an expectile), with a lower and an upper bound for every weight.

/**
 * Rows are `{ counts, tokens, weight, pull }`: how often each feature occurs, what the whole should come to, how
 * much the row matters. Errors are relative to `tokens`. `ridge` is how much each weight is held to its `prior`,
 * as a share of what its own text says.
 */
export function fitWeights(rows, { floor, ceiling, prior, ridge, rounds = 12 }) {
  const size = floor.length;
  const sparse = rows.map(({ counts }) => [...counts.keys()].filter((j) => counts[j] > 0));
  let weights = Float64Array.from(prior);
  const isLow = rows.map(() => false);
  for (let round = 0; round < rounds; round++) {
    const gram = Array.from({ length: size }, () => new Float64Array(size));
    const right = new Float64Array(size);
    rows.forEach(({ counts, tokens, weight, pull }, i) => {
      const scale = (weight * (isLow[i] ? pull : 1)) / tokens ** 2;
      for (const a of sparse[i]) {
        const part = counts[a] * scale;
        right[a] += part * tokens;
        for (const b of sparse[i]) gram[a][b] += part * counts[b];
      }
    });
    const trace = gram.reduce((sum, row, j) => sum + row[j], 0);
    gram.forEach((row, j) => {
      const hold = ridge * (row[j] + (0.01 * trace) / size);
      row[j] += hold;
      right[j] += hold * prior[j];
    });
    weights = descend(gram, right, weights, floor, ceiling);
    rows.forEach(({ counts, tokens }, i) => {
      isLow[i] = sparse[i].reduce((sum, j) => sum + counts[j] * weights[j], 0) < tokens;
    });
  }
  return weights;
}

/** Coordinate descent: each weight in turn to its best value within its bounds, until none moves. */
function descend(gram, right, start, floor, ceiling) {
  const weights = Float64Array.from(start);
  for (let pass = 0; pass < 400; pass++) {
    let moved = 0;
    for (let j = 0; j < weights.length; j++) {
      const row = gram[j];
      let slope = right[j];
      for (let k = 0; k < row.length; k++) slope -= row[k] * weights[k];
      const better = Math.min(ceiling[j], Math.max(floor[j], weights[j] + slope / row[j]));
      moved = Math.max(moved, Math.abs(better - weights[j]));
      weights[j] = better;
    }
    if (moved < 1e-6) break;
  }
  return weights;
}
