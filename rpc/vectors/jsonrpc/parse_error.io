// What is no JSON is refused, and the connection goes on.
>> {"jsonrpc":"2.0","id":1,"method":
<< {"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error","data":{"kind":"parseError","hint":"send one JSON value, UTF-8, without NaN"}}}
>> {"jsonrpc":"2.0","id":1,"method":"session.hello","params":{"client":NaN}}
<< {"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error","data":{"kind":"parseError","hint":"send one JSON value, UTF-8, without NaN"}}}
>> {"jsonrpc":"2.0","id":1,"method":"session.hello"}
<< {"jsonrpc":"2.0","id":1,"result":{"server":"amp-tray","version":"0.1.0","protocol":"1.0","pid":4242,"revision":7}}
