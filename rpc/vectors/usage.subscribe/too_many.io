// The service keeps only so many subscriptions.
>> {"jsonrpc":"2.0","id":1,"method":"usage.subscribe"}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32004,"message":"Too many subscriptions","data":{"kind":"tooManySubscriptions","hint":"close another subscribed client, or ask usage.summary now and then"}}}
