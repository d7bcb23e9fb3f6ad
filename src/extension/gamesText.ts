/** What a new games.json holds: nothing, and an example to begin with. English, as the names of its fields are. */
export const gamesTemplate = `{
  "version": 1,
  // Games that the panel does not know. Each can be chosen in "Add Server" as soon as this file is saved.
  // Only "id", "label" and "stop" are needed. Point at a name to read what it means.
  "games": [
    // {
    //   "id": "my-game",
    //   "label": "My Game",
    //   "icon": "rocket",
    //   "stop": { "line": "quit" },
    //   "saveLine": "save",
    //   "sayLine": "say {text}",
    //   "patterns": {
    //     "ready": "^Server is ready",
    //     "saveEnd": "^World saved",
    //     "join": "^(.+) joined$",
    //     "leave": "^(.+) left$"
    //   }
    // }
  ]
}
`;
