// Written by `npm run fit` from 9701 windows of text in 51 kinds and exact o200k_base counts: see
// bench/tokens. Don't edit.

/** What a whole token is in the numbers below. */
export const weightsPerToken = 256;

/** The weight of each state, two digits of base 36. */
export const weightDigits: string =
  '89250z7u00500m2v000u004a1ge8d21j1g2ae81g1i1qe8lc25253g2llc2l2l2s2l3n7m3p332l2ld8lclc36lclc5jlc693tlc' +
  'ax85e82p302m4a0t82793t4xao10003w5r8a6fe8lcdke81re82l7x67e8lc746j3n2llc2l3e2q2l476hdtay8d2lfmlclc4j25' +
  'lc934a8j73lc6qdbe82se88b4a0o2f7dao0q8b2uao10873s5o004j0m6k4r7u3j5j9i562i2s9f1x0f1v4k0000002q1g2k1n2z' +
  '25252f2n2v3s672b0y6f0m9d0o0s00094o0m0z00000000002d1z1g2l2d3527252h2r2v3i5r2c1p060m0m123f0g4o0m0m4q5d' +
  '3w3j1v4d1w2j2h3d2i252p2v2v3w6k2822000m0m2x1w040m0m1j040m0m3b1b0m0m2f0m040m0m2e0m5o3e290m2j0m2q0m1o1f' +
  '0m';
