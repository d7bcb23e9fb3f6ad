export const viewId = 'gameServers.servers';
