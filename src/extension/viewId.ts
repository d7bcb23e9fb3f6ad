export const viewId = 'gameServers.servers';
export const alertsViewId = 'gameServers.alerts';
