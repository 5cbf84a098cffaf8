// In place of packages that only exact counts need, which the playground doesn't make.
export default undefined;
