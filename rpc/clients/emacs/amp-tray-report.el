;;; amp-tray-report.el --- The sessions of coding agents in a list  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT

;;; Commentary:

;; `M-x amp-tray-report': sessions in a list, one of them in a buffer of its own.

;;; Code:

(require 'amp-tray)
(require 'browse-url)
(require 'tabulated-list)

(defconst amp-tray-report--untitled "Untitled thread")

(defvar-local amp-tray-report--since nil "The first day of this list.")
(defvar-local amp-tray-report--thread nil "The document that this buffer shows.")

;;;; The list

(defun amp-tray-report--by (key)
  "Return a predicate to sort rows by the number at KEY."
  (lambda (one other)
    (< (amp-tray-figures-number (plist-get (car one) key))
       (amp-tray-figures-number (plist-get (car other) key)))))

(defun amp-tray-report--older-p (one other)
  "Say whether the row ONE was used last before OTHER."
  (string< (plist-get (car one) :lastActivityAt) (plist-get (car other) :lastActivityAt)))

(defvar amp-tray-report-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "RET") #'amp-tray-report-open)
    (define-key map "o" #'amp-tray-report-browse)
    (define-key map "w" #'amp-tray-report-copy-id)
    map)
  "Keymap of `amp-tray-report-mode'.")

(define-derived-mode amp-tray-report-mode tabulated-list-mode "Sessions"
  "Sessions and what they cost, the dearest first.

\\<amp-tray-report-mode-map>\\[amp-tray-report-open] shows a session, \
\\[amp-tray-report-browse] opens it in the browser, \\[amp-tray-report-copy-id] copies its id."
  (setq tabulated-list-format
        (vector '("Title" 32 t)
                (list "Cost" 10 (amp-tray-report--by :totalCost) :right-align t)
                (list "Tokens" 7 (amp-tray-report--by :totalTokens) :right-align t)
                '("Project" 14 t)
                '("Last used" 12 amp-tray-report--older-p)))
  (setq-local revert-buffer-function (lambda (&rest _) (amp-tray-report--fetch)))
  (tabulated-list-init-header))

(defun amp-tray-report--entry (row now)
  "Return the entry of the list for ROW, a session of the report, at NOW."
  (let ((title (amp-tray-figures-clean (plist-get row :title) 80)))
    (list row
          (vector (if (string-empty-p title) amp-tray-report--untitled title)
                  (amp-tray-figures-short-cost row)
                  (amp-tray-figures-short-number (plist-get row :totalTokens))
                  (amp-tray-figures-clean (plist-get row :project) 40)
                  (amp-tray-figures-ago (plist-get row :lastActivityAt) now)))))

(defun amp-tray-report--ask (method params member on-success)
  "Call METHOD with PARAMS; ON-SUCCESS gets a result that has MEMBER.
Of anything else the user is told."
  (amp-tray-wire-call
   method params
   (lambda (result)
     (if (plist-get result member)
         (funcall on-success result)
       (amp-tray-report--refuse (format "unreadable answer to %s" method))))
   #'amp-tray-report--refuse))

(defun amp-tray-report--fetch ()
  "Ask the service for what the current buffer lists, and list it when it comes."
  (let ((buffer (current-buffer)))
    (amp-tray-report--ask
     'report.session (list :since amp-tray-report--since) :sessions
     (lambda (report)
       (when (buffer-live-p buffer)
         (with-current-buffer buffer
           (let ((now (float-time)))
             (setq tabulated-list-entries
                   (mapcar (lambda (row) (amp-tray-report--entry row now))
                           (plist-get report :sessions))))
           (tabulated-list-print t)
           (message "Since %s: %s" amp-tray-report--since
                    (amp-tray-figures-usage (plist-get report :totals)))))))))

(defun amp-tray-report--refuse (words)
  "Tell the user in WORDS why there is nothing to show."
  (message "amp-tray: %s" (amp-tray-figures-clean words 300)))

;;;###autoload
(defun amp-tray-report (&optional since)
  "List the sessions since the day SINCE and what they cost.
With a prefix argument ask for it: a day, or a span such as `7d', `2w' or `3m'."
  (interactive (and current-prefix-arg (list (read-string "Sessions since: " "7d"))))
  (unless amp-tray-mode
    (amp-tray-mode 1))
  (with-current-buffer (get-buffer-create "*amp-tray*")
    (amp-tray-report-mode)
    (setq amp-tray-report--since (or since amp-tray-sessions-since))
    (amp-tray-report--fetch)
    (pop-to-buffer (current-buffer))))

;;;; One session

(defvar amp-tray-thread-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map "o" #'amp-tray-report-browse)
    (define-key map "w" #'amp-tray-report-copy-id)
    map)
  "Keymap of `amp-tray-thread-mode'.")

(define-derived-mode amp-tray-thread-mode special-mode "Session"
  "One session: its tokens by kind, its models, its sub-threads.

\\<amp-tray-thread-mode-map>\\[amp-tray-report-browse] opens it in the browser, \
\\[amp-tray-report-copy-id] copies its id."
  (setq-local revert-buffer-function
              (lambda (&rest _)
                (amp-tray-report--show (plist-get amp-tray-report--thread :sessionId)))))

(defun amp-tray-report--session-id ()
  "Return the id of the session at point, or of the one that is shown."
  (or (plist-get (or (tabulated-list-get-id) amp-tray-report--thread) :sessionId)
      (user-error "No session here")))

(defun amp-tray-report--row (name value)
  "Insert a line with NAME and VALUE."
  (insert (propertize (format "%-15s" name) 'face 'shadow) " " value "\n"))

(defun amp-tray-report--list (heading rows words)
  "Insert HEADING and, in WORDS, each of ROWS; nothing where there are none."
  (when (> (length rows) 0)
    (insert "\n" (propertize heading 'face 'bold) "\n")
    (mapc (lambda (row) (insert "  " (funcall words row) "\n")) rows)))

(defun amp-tray-report--or (text otherwise)
  "Return TEXT made harmless, OTHERWISE where there is none."
  (let ((clean (amp-tray-figures-clean text 200)))
    (if (string-empty-p clean) otherwise clean)))

(defun amp-tray-report--insert (thread now)
  "Insert what there is to tell at NOW about THREAD, a `usage.thread' document."
  (insert (propertize (amp-tray-report--or (plist-get thread :title) amp-tray-report--untitled)
                      'face 'bold)
          "\n"
          (propertize (concat (if (plist-get thread :url) "o opens it in the browser · " "")
                              "w copies its id · q closes")
                      'face 'shadow)
          "\n\n")
  (amp-tray-report--row "Cost" (amp-tray-figures-cost thread))
  (dolist (kind '(("Total" . :totalTokens) ("Input" . :inputTokens) ("Output" . :outputTokens)
                  ("Cache writes" . :cacheCreationTokens) ("Cache reads" . :cacheReadTokens)))
    (amp-tray-report--row (car kind) (amp-tray-figures-tokens (plist-get thread (cdr kind)))))
  (when (> (amp-tray-figures-number (plist-get thread :credits)) 0)
    (amp-tray-report--row "Credits" (amp-tray-figures-credits (plist-get thread :credits))))
  (amp-tray-report--row "Project" (amp-tray-report--or (plist-get thread :project) "not recorded"))
  (amp-tray-report--row "Last activity"
                        (amp-tray-figures-ago (plist-get thread :lastActivityAt) now))
  (amp-tray-report--row "Id" (amp-tray-report--or (plist-get thread :sessionId) ""))
  (amp-tray-report--list "Models" (plist-get thread :models)
                         (lambda (row)
                           (concat (amp-tray-report--or (plist-get row :model) "?") ": "
                                   (amp-tray-figures-usage row))))
  (amp-tray-report--list "Sub-threads" (plist-get thread :subThreads)
                         (lambda (row)
                           (concat (amp-tray-report--or (plist-get row :title)
                                                        amp-tray-report--untitled)
                                   " · "
                                   (amp-tray-figures-ago (plist-get row :lastActivityAt) now)))))

(defun amp-tray-report--show (session-id)
  "Show the session SESSION-ID when the service has told of it."
  (amp-tray-report--ask
   'usage.thread (list :sessionId session-id) :sessionId
   (lambda (thread)
     (with-current-buffer (get-buffer-create "*amp-tray session*")
       (amp-tray-thread-mode)
       (setq amp-tray-report--thread thread)
       (let ((inhibit-read-only t))
         (erase-buffer)
         (amp-tray-report--insert thread (float-time)))
       (goto-char (point-min))
       (pop-to-buffer (current-buffer)
                      '(display-buffer-reuse-mode-window
                        (mode amp-tray-thread-mode amp-tray-report-mode)))))))

(defun amp-tray-report-open ()
  "Show the session at point."
  (interactive)
  (amp-tray-report--show (amp-tray-report--session-id)))

(defun amp-tray-report-copy-id ()
  "Copy the id of the session at point, or of the one that is shown."
  (interactive)
  (let ((id (amp-tray-figures-clean (amp-tray-report--session-id) 200)))
    (kill-new id)
    (message "Copied %s" id)))

(defun amp-tray-report--visit (thread)
  "Open THREAD in the browser; anything but a plain web address is refused."
  (let ((url (plist-get thread :url)))
    (if (and (stringp url) (string-match-p "\\`https://[[:alnum:].-]+/[[:alnum:]._~/-]*\\'" url))
        (browse-url url)
      (message "This session has no web address"))))

(defun amp-tray-report-browse ()
  "Open the session at point, or the one that is shown, in the browser."
  (interactive)
  (if amp-tray-report--thread
      (amp-tray-report--visit amp-tray-report--thread)
    (amp-tray-report--ask 'usage.thread (list :sessionId (amp-tray-report--session-id))
                          :sessionId #'amp-tray-report--visit)))

(provide 'amp-tray-report)
;;; amp-tray-report.el ends here
