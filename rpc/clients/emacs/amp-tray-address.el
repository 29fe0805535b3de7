;;; amp-tray-address.el --- Where the service of amp-tray listens  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT

;;; Commentary:

;; The service listens at a Unix socket, or at a port of the loopback interface; then the file
;; `rpc.json', which lies where the socket would, tells the port and a token.

;;; Code:

(require 'subr-x)

(defconst amp-tray-address--most-path-bytes 103
  "Longest path of a socket that every platform takes.")

(defun amp-tray-address--directory ()
  "Return the directory where the service's socket lies unless told otherwise."
  (let* ((runtime (getenv "XDG_RUNTIME_DIR"))
         (base (cond ((eq system-type 'darwin) (expand-file-name "~/Library/Caches"))
                     ((string-prefix-p "/" (or runtime "")) runtime)))
         (usual (and base (concat (directory-file-name base) "/amp-tray")))
         (named (getenv "TMPDIR")))
    (if (and usual (<= (string-bytes (concat usual "/rpc.sock")) amp-tray-address--most-path-bytes))
        usual
      (format "%s/amp-tray-%d"
              (cond ((eq system-type 'windows-nt) (directory-file-name temporary-file-directory))
                    ((and (string-prefix-p "/" (or named "")) (file-directory-p named))
                     (directory-file-name named))
                    (t "/tmp"))
              (if (eq system-type 'windows-nt) 0 (user-uid))))))

(defun amp-tray-address--own-p (file kind)
  "Say whether FILE is this user's and of KIND, the first letter of its modes.
Another user's is never believed: a token would be shown to that user's program."
  (let ((found (file-attributes (if (equal kind "s") (file-truename file) file) 'integer)))
    (and found
         (string-prefix-p kind (file-attribute-modes found))
         (or (eq system-type 'windows-nt) (= (file-attribute-user-id found) (user-uid))))))

(defun amp-tray-address--discovered (file port)
  "Return the way found in FILE, in a list; nil without one.
With PORT, it has to be the one of that port: the token of one port is
not shown to whoever listens at another."
  (when (amp-tray-address--own-p file "-")
    (let ((told (ignore-errors
                  (with-temp-buffer
                    (insert-file-contents file nil 0 4096)
                    (json-parse-buffer :object-type 'plist)))))
      (when (and (equal (plist-get told :host) "127.0.0.1")
                 (integerp (plist-get told :port))
                 (stringp (plist-get told :token))
                 (= (or port (plist-get told :port)) (plist-get told :port)))
        (list (list :contact (list :host "127.0.0.1" :service (plist-get told :port))
                    :token (plist-get told :token)))))))

(defun amp-tray-address-find (override)
  "Return (PLACE WAY ...): where the service is looked for, and the ways to it.
Each way is to be tried if those before lead nowhere: a plist with
`:contact', arguments of `make-network-process', and `:token', if one has
to be shown.  OVERRIDE is the place, if told.  The order is the one of
the wire's description (\"Connect\")."
  (let ((told (or override (getenv "AMP_TRAY_SOCKET") "")))
    (if (string-match "\\`tcp://127\\.0\\.0\\.1:\\([0-9]+\\)\\'" told)
        (cons told (amp-tray-address--discovered
                    (concat (amp-tray-address--directory) "/rpc.json")
                    (string-to-number (match-string 1 told))))
      (let ((path (expand-file-name
                   (if (string-empty-p told)
                       (concat (amp-tray-address--directory) "/rpc.sock")
                     told))))
        (cons path
              (append (and (amp-tray-address--own-p path "s")
                           (list (list :contact (list :family 'local :service path))))
                      (amp-tray-address--discovered
                       (concat (file-name-directory path) "rpc.json") nil)))))))

(provide 'amp-tray-address)
;;; amp-tray-address.el ends here
