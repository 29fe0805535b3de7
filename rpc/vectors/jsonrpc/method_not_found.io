>> {"jsonrpc":"2.0","id":1,"method":"usage.guess"}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found","data":{"kind":"methodNotFound","hint":"known methods: session.hello, usage.summary, usage.subscribe, usage.unsubscribe, report.daily, report.weekly, report.monthly, report.session, report.blocks, report.project, service.status, service.refresh, service.pause, service.shutdown"}}}
// The same without an id: silence.
>> {"jsonrpc":"2.0","method":"usage.guess"}
