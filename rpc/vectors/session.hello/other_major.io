// A client of another major protocol is told which side to update.
>> {"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"client":"of tomorrow","protocol":"2.0"}}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Other protocol","data":{"kind":"protocol","hint":"this service speaks protocol 1.0: update amp-tray"}}}
>> {"jsonrpc":"2.0","id":2,"method":"session.hello","params":{"protocol":"0.9"}}
<< {"jsonrpc":"2.0","id":2,"error":{"code":-32602,"message":"Other protocol","data":{"kind":"protocol","hint":"this service speaks protocol 1.0: update the client"}}}
