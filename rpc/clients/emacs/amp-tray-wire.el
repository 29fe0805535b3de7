;;; amp-tray-wire.el --- The connection of amp-tray to its service  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT

;;; Commentary:

;; Staying in touch with the service: find it, connect, greet, subscribe, and again when it is
;; lost.  Holds what is known of the service; draws nothing.  Nothing here waits.

;;; Code:

(require 'amp-tray-address)
(require 'jsonrpc)
(require 'subr-x)

(defconst amp-tray-wire--protocol "1.0")
(defconst amp-tray-wire--connect-seconds 5)
(defconst amp-tray-wire--first-seconds 5 "How long to wait for an answer at first.")
(defconst amp-tray-wire--call-seconds 15)
(defconst amp-tray-wire--not-ready -32001)
(defconst amp-tray-wire--too-many-subscriptions -32004)
(defconst amp-tray-wire--poll-seconds 30
  "How often to ask where the service takes no more subscribers.")
(defconst amp-tray-wire--back-off [0.5 1 2 5 10])

(defvar amp-tray-wire-status nil
  "How things stand with the service, nil while nothing is followed.
`connecting' before the first attempt came to an end, `starting' while
the service reads threads for the first time, `connected', `offline'.")
(defvar amp-tray-wire-summary nil
  "The newest summary as a plist, kept while the service is away.")
(defvar amp-tray-wire-reason nil "Why there is no connection, in words.")
(defvar amp-tray-wire-place nil "Where the service is looked for, in words.")

(defvar amp-tray-wire--override nil "Where the service listens, if told.")
(defvar amp-tray-wire--changed #'ignore "Called without arguments after every change.")
(defvar amp-tray-wire--connection nil "The `jsonrpc-process-connection', if any.")
(defvar amp-tray-wire--process nil "The process of a connection or of an attempt at one.")
(defvar amp-tray-wire--timer nil "What is to be done next by itself.")
(defvar amp-tray-wire--failures 0 "How many attempts failed since the last figures.")
(defvar amp-tray-wire--revision -1)
(defvar amp-tray-wire--count 0 "Connections so far: each has names of its own for its buffers.")
(defvar amp-tray-wire--postponed nil
  "Calls that came before it was known whether there is a service, newest first.")

;;;; Telling

(defun amp-tray-wire--tell (status &optional reason)
  "Take over STATUS and its REASON, and say that something changed."
  (setq amp-tray-wire-status status
        amp-tray-wire-reason reason)
  (funcall amp-tray-wire--changed)
  (let ((due (nreverse amp-tray-wire--postponed)))
    (setq amp-tray-wire--postponed nil)
    (mapc #'funcall due)))

(defun amp-tray-wire-said (failure)
  "Return the error FAILURE in words."
  (let ((hint (plist-get (plist-get failure :data) :hint)))
    (concat (or (plist-get failure :message) "the service fails") (if hint (concat ": " hint) ""))))

(defun amp-tray-wire--take (summary)
  "Take over SUMMARY, unless a newer one overtook it or it is none."
  (let ((revision (plist-get summary :revision)))
    (when (and (plist-get summary :today) (plist-get summary :month)
               (numberp revision) (>= revision amp-tray-wire--revision))
      (setq amp-tray-wire--revision revision
            amp-tray-wire-summary summary)
      (amp-tray-wire--tell 'connected))))

;;;; One connection after another

(defun amp-tray-wire--later (seconds function &rest arguments)
  "Call FUNCTION with ARGUMENTS in SECONDS.
What else was to be done by itself is then not done."
  (when amp-tray-wire--timer
    (cancel-timer amp-tray-wire--timer))
  (setq amp-tray-wire--timer (apply #'run-at-time seconds nil function arguments)))

(defun amp-tray-wire--connect ()
  "Try to reach the service now."
  (let ((found (amp-tray-address-find amp-tray-wire--override)))
    (setq amp-tray-wire-place (car found))
    (amp-tray-wire--try (cdr found))))

(defun amp-tray-wire--lost (reason)
  "Take that there is no connection, for REASON, and try again later."
  (let ((last (1- (length amp-tray-wire--back-off))))
    (setq amp-tray-wire--connection nil
          amp-tray-wire--process nil)
    (amp-tray-wire--later (aref amp-tray-wire--back-off (min amp-tray-wire--failures last))
                          #'amp-tray-wire--connect)
    (setq amp-tray-wire--failures (1+ amp-tray-wire--failures))
    (amp-tray-wire--tell 'offline reason)))

(defun amp-tray-wire--try (ways)
  "Connect by the first of WAYS, by the next one where that leads nowhere."
  (if (null ways)
      (amp-tray-wire--lost (concat "no service listens at " amp-tray-wire-place))
    (condition-case nil
        (progn
          (setq amp-tray-wire--process
                (apply #'make-network-process
                       :name "amp-tray" :nowait t :noquery t :coding 'utf-8-emacs-unix
                       :sentinel (amp-tray-wire--opening ways)
                       (plist-get (car ways) :contact)))
          (amp-tray-wire--later amp-tray-wire--connect-seconds
                                #'delete-process amp-tray-wire--process))
      (error (amp-tray-wire--try (cdr ways))))))

(defun amp-tray-wire--opening (ways)
  "Return the sentinel of a process that connects by the first of WAYS."
  (lambda (process change)
    (when (eq process amp-tray-wire--process)
      (if (string-prefix-p "open" change)
          (amp-tray-wire--opened process (plist-get (car ways) :token))
        (amp-tray-wire--try (cdr ways))))))

(defun amp-tray-wire--opened (process token)
  "Speak through PROCESS from now on; show TOKEN first, if there is one."
  (cancel-timer amp-tray-wire--timer)
  (setq amp-tray-wire--count (1+ amp-tray-wire--count)
        amp-tray-wire--connection
        (apply #'make-instance 'jsonrpc-process-connection
               :name (format "amp-tray %d" amp-tray-wire--count)
               :process process
               :notification-dispatcher #'amp-tray-wire--on-notification
               :on-shutdown (lambda (connection)
                              (run-at-time 0 nil #'amp-tray-wire--tidy connection process)
                              (when (eq connection amp-tray-wire--connection)
                                (amp-tray-wire--lost (or amp-tray-wire-reason
                                                         "the service closed the connection"))))
               ;; No log of what is said; it was another argument before jsonrpc.el 1.0.21.
               (if (fboundp 'jsonrpc-convert-to-endpoint)
                   '(:events-buffer-config (:size 0 :format full))
                 '(:events-buffer-scrollback-size 0))))
  (add-function :around (process-sentinel process) #'amp-tray-wire--quietly)
  (if token
      (amp-tray-wire--ask 'session.authenticate (list :token token)
                          (lambda (_result) (amp-tray-wire--greet)))
    (amp-tray-wire--greet)))

(defun amp-tray-wire--quietly (sentinel &rest arguments)
  "Call SENTINEL with ARGUMENTS without its messages.
The mode line is enough."
  (let ((inhibit-message t)
        (message-log-max nil))
    (apply sentinel arguments)))

(defun amp-tray-wire--greet ()
  "Learn whom this connection leads to, then subscribe."
  (amp-tray-wire--ask
   'session.hello (list :client "emacs" :protocol amp-tray-wire--protocol)
   (lambda (result)
     (let ((protocol (format "%s" (plist-get result :protocol))))
       (setq amp-tray-wire--revision -1)
       (if (string-prefix-p "1." protocol)
           (amp-tray-wire--subscribe)
         (amp-tray-wire--close
          (format "the service speaks protocol %s: update this package" protocol)))))))

(defun amp-tray-wire--subscribe ()
  "Ask for notifications, then for the state of now.
In this order no change in between is lost."
  (amp-tray-wire--ask
   'usage.subscribe nil (lambda (_result) (amp-tray-wire--ask-summary))
   (lambda (failure)
     (let ((code (plist-get failure :code)))
       (cond ((eql code amp-tray-wire--not-ready)
              (amp-tray-wire--later 1 #'amp-tray-wire--subscribe)
              (amp-tray-wire--tell 'starting))
             ((eql code amp-tray-wire--too-many-subscriptions)
              (amp-tray-wire--later amp-tray-wire--poll-seconds #'amp-tray-wire--subscribe)
              (amp-tray-wire--ask-summary))
             (t (amp-tray-wire--close (amp-tray-wire-said failure))))))))

(defun amp-tray-wire--ask-summary ()
  "Ask for the state of now."
  (amp-tray-wire--ask 'usage.summary nil
                      (lambda (summary)
                        (amp-tray-wire--take summary)
                        (setq amp-tray-wire--failures 0))))

(defun amp-tray-wire--ask (method params on-success &optional on-failure)
  "Call METHOD with PARAMS; ON-SUCCESS gets the result, ON-FAILURE an error.
Without ON-FAILURE an error ends the connection, and so does silence:
an answer that comes too late would find nobody."
  (let ((connection amp-tray-wire--connection))
    (condition-case problem
        (jsonrpc-async-request
         connection method params
         :timeout (if (memq amp-tray-wire-status '(connecting offline))
                      amp-tray-wire--first-seconds
                    amp-tray-wire--call-seconds)
         :success-fn (lambda (result)
                       (when (eq connection amp-tray-wire--connection)
                         (amp-tray-wire--guarded on-success result)))
         :error-fn (lambda (failure)
                     (when (eq connection amp-tray-wire--connection)
                       (cond (on-failure (amp-tray-wire--guarded on-failure failure))
                             ;; -1 is jsonrpc.el's own: the connection has ended already.
                             ((not (eql (plist-get failure :code) -1))
                              (amp-tray-wire--close (amp-tray-wire-said failure))))))
         :timeout-fn (lambda ()
                       (when (eq connection amp-tray-wire--connection)
                         (amp-tray-wire--close "the service does not answer"))))
      (error (amp-tray-wire--close (error-message-string problem))))))

(defun amp-tray-wire--guarded (function argument)
  "Call FUNCTION with ARGUMENT; what it dies of ends this connection alone."
  (condition-case problem
      (funcall function argument)
    (error (amp-tray-wire--close (concat "unreadable answer: " (error-message-string problem))))))

(defun amp-tray-wire--close (reason)
  "End the connection for REASON, soon: jsonrpc.el is in the middle of something."
  (setq amp-tray-wire-reason reason)
  (when amp-tray-wire--process
    (amp-tray-wire--later 0 #'delete-process amp-tray-wire--process)))

(defun amp-tray-wire--on-notification (connection method params)
  "Take over the change that came by CONNECTION as METHOD and PARAMS."
  (when (and (eq connection amp-tray-wire--connection) (eq method 'usage.changed))
    (amp-tray-wire--guarded #'amp-tray-wire--take (plist-get params :summary))))

(defun amp-tray-wire--tidy (connection process)
  "Kill the buffers of CONNECTION and its PROCESS, which have ended."
  (dolist (buffer (list (process-buffer process)
                        (jsonrpc-stderr-buffer connection)
                        (jsonrpc-events-buffer connection)))
    (when (buffer-live-p buffer)
      (kill-buffer buffer))))

;;;; For the others

(defun amp-tray-wire-start (override changed)
  "Follow the service at OVERRIDE, or where it listens by itself.
CHANGED is called after each change."
  (amp-tray-wire-stop)
  (setq amp-tray-wire--override override
        amp-tray-wire--changed changed
        amp-tray-wire-status 'connecting)
  (amp-tray-wire--later 0 #'amp-tray-wire--connect))

(defun amp-tray-wire-stop ()
  "Follow the service no longer and forget what it said."
  (when amp-tray-wire--timer
    (cancel-timer amp-tray-wire--timer))
  (let ((process amp-tray-wire--process))
    (setq amp-tray-wire--process nil
          amp-tray-wire--connection nil
          amp-tray-wire--postponed nil
          amp-tray-wire--failures 0
          amp-tray-wire-status nil
          amp-tray-wire-summary nil
          amp-tray-wire-reason nil)
    (when process
      (delete-process process))))

(defun amp-tray-wire-call (method params on-success on-failure)
  "Call METHOD with PARAMS.
ON-SUCCESS gets the result, ON-FAILURE what went wrong in words."
  (cond ((eq amp-tray-wire-status 'connecting)
         (push (lambda () (amp-tray-wire-call method params on-success on-failure))
               amp-tray-wire--postponed))
        (amp-tray-wire--connection
         (amp-tray-wire--ask method params on-success
                             (lambda (failure)
                               (funcall on-failure (amp-tray-wire-said failure)))))
        (t (funcall on-failure (or amp-tray-wire-reason "no connection to the service")))))

(provide 'amp-tray-wire)
;;; amp-tray-wire.el ends here
