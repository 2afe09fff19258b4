// Stands for the migration of a database: says what it does, takes its time, fails if it is told to.
const { VERSION, BAD, SECONDS = '0' } = process.env;

console.log(`migrating to ${VERSION}`);
setTimeout(() => {
  if (BAD === 'migration') {
    console.log('the table orders is locked');
    process.exit(3);
  }
  console.log(`migrated to ${VERSION}`);
}, 1000 * Number(SECONDS));
