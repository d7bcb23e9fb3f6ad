import '../shared/nonce.js';
import './metricsApp.js';
