// Stands in for lib0/broadcastchannel: the client never lets the provider talk to other tabs by itself (`disableBc`), and the original
// brings a copy of itself on localStorage along.

const nothing = (): void => undefined

export { nothing as publish, nothing as subscribe, nothing as unsubscribe }
