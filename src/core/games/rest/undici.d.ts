/** undici's client by itself: its main file puts an agent of its own in the place of the process's `fetch`. */
declare module 'undici/lib/dispatcher/client.js' {
  import { Client } from 'undici';
  export default Client;
}
