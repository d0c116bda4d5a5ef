import { install } from './turnedClock';

install();
