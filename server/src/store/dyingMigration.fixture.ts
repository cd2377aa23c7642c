/**
 * Opens the database of a data folder, and keeps what is on disk after each statement: what is left when the process is killed
 * there, because what a process has written stays when it dies. `node … <dataDir> <folder for the copies>`; says how many there are.
 */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, StatementSync, type SQLInputValue } from 'node:sqlite';
import { SqliteStore } from './SqliteStore.ts';

const [dataDir = '', copies = ''] = process.argv.slice(2);
let statements = 0;

function keep(): void {
  cpSync(dataDir, join(copies, String(statements++)), { recursive: true });
}

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  for (const statement of statementsOf(sql)) {
    exec.call(this, statement);
    keep();
  }
};

/** A trigger has statements within, which end like others. */
const statementsOf = (sql: string): string[] =>
  sql
    .replace(/--.*$/gm, '')
    .split(/;(?![^;]*;?\s*END\b)/)
    .filter((part) => part.trim() !== '');

const { run } = StatementSync.prototype;
Object.defineProperty(StatementSync.prototype, 'run', {
  value(this: StatementSync, ...parameters: SQLInputValue[]) {
    const result: unknown = Reflect.apply(run, this, parameters);
    keep();
    return result;
  },
});

SqliteStore.open(dataDir).close();
console.log(statements);
