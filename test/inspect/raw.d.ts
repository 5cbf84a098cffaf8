/** Files that Vite gives as a text, as the playground imports its examples. */
declare module '*?raw' {
  const text: string;
  export default text;
}
