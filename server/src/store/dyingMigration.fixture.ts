/** Opens the database of a data folder, and dies as by kill -9 after so many statements: `node … <dataDir> <statements>`. */
import { DatabaseSync, StatementSync, type SQLInputValue } from 'node:sqlite';
import { SqliteStore } from './SqliteStore.ts';

const [dataDir = '', statements = ''] = process.argv.slice(2);
let left = Number(statements);

function count(): void {
  left--;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  // A trigger has statements within, which end like others.
  for (const statement of sql.split(/;(?![^;]*;?\s*END\b)/).filter((part) => part.trim() !== '')) {
    exec.call(this, statement);
    count();
  }
};
const { run } = StatementSync.prototype;
Object.defineProperty(StatementSync.prototype, 'run', {
  value(this: StatementSync, ...parameters: SQLInputValue[]) {
    const result: unknown = Reflect.apply(run, this, parameters);
    count();
    return result;
  },
});

SqliteStore.open(dataDir).close();
console.log('open');
