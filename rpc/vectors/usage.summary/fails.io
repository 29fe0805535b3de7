// A fault of the program: it says nothing of itself, and the connection goes on.
>> {"jsonrpc":"2.0","id":1,"method":"usage.summary"}
<< {"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error","data":{"kind":"internalError","hint":"the service's log names the method"}}}
>> {"jsonrpc":"2.0","id":2,"method":"session.hello"}
<< {"jsonrpc":"2.0","id":2,"result":{"server":"amp-tray","version":"0.1.0","protocol":"1.0","pid":4242,"revision":7}}
