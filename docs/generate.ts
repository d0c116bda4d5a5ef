/** Writes `docs/operations.md` and `docs/check.md`. */
import { writeFileSync } from 'node:fs';
import { CHECK_PAGE, checkPage } from './checkPage';
import { OPERATIONS_PAGE, operationsPage } from './operationsPage';

void operationsPage().then((text) => writeFileSync(OPERATIONS_PAGE, text));
void checkPage().then((text) => writeFileSync(CHECK_PAGE, text));
