/** Writes `docs/operations.md`. */
import { writeFileSync } from 'node:fs';
import { OPERATIONS_PAGE, operationsPage } from './operationsPage';

void operationsPage().then((text) => writeFileSync(OPERATIONS_PAGE, text));
