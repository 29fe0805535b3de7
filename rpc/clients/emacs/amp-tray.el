;;; amp-tray.el --- What your coding agents cost, in the mode line  -*- lexical-binding: t; -*-

;; Author: The amp-tray authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: tools, convenience
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; `amp-tray-mode' shows what coding agents cost today, live, in the mode line.  The figures come
;; from the service of amp-tray, which reads the agents' thread files: start it with
;; `amp-tray run' (with the tray) or `amp-tray serve'.
;;
;;     (require 'amp-tray)
;;     (amp-tray-mode 1)
;;
;; `M-x amp-tray-report' lists the sessions; RET on one shows its tokens by kind and by model, and
;; from there it opens in the browser.  `M-x customize-group RET amp-tray' has the settings.
;; Emacs never waits for the service; while there is none the mode line says so, and the
;; connection comes back by itself.

;;; Code:

(require 'amp-tray-figures)
(require 'amp-tray-wire)

(defgroup amp-tray nil
  "What coding agents cost, in the mode line."
  :group 'tools
  :prefix "amp-tray-")

(defun amp-tray--set (symbol value)
  "Set SYMBOL to VALUE and show what follows from it."
  (set-default symbol value)
  (when (bound-and-true-p amp-tray-mode)
    (amp-tray--update)))

(defcustom amp-tray-show 'cost
  "The figure in the mode line."
  :type '(choice (const :tag "Cost of today" cost)
                 (const :tag "Tokens of today" tokens)
                 (const :tag "Amp credits of today" credits)
                 (const :tag "Cost of this month" month))
  :set #'amp-tray--set
  :initialize #'custom-initialize-default)

(defcustom amp-tray-prefix " Amp "
  "What stands before the figure."
  :type 'string
  :set #'amp-tray--set
  :initialize #'custom-initialize-default)

(defcustom amp-tray-sessions-since "30d"
  "How far back `amp-tray-report' looks.
A day such as \"2026-11-01\", or a span such as \"7d\", \"2w\" or \"3m\"."
  :type 'string)

(defcustom amp-tray-socket nil
  "Where the service listens: a path, or \"tcp://127.0.0.1:PORT\".
Nil looks where it listens by itself.  A change counts from the next
start of `amp-tray-mode'."
  :type '(choice (const :tag "Where it listens by itself" nil) string))

(defface amp-tray-near '((t :inherit warning))
  "Face of the mode line's item while a budget is nearly used up.")

(defface amp-tray-over '((t :inherit error))
  "Face of the mode line's item once a budget is used up.")

(defface amp-tray-stale '((t :inherit shadow))
  "Face of the mode line's item while its figures may be out of date.")

(defface amp-tray-offline '((t :inherit shadow))
  "Face of the mode line's item while there is no connection to the service.")

(defvar amp-tray--item "" "The mode line's item, ready to be shown.")

(defvar amp-tray-mode-line '(:eval (amp-tray-status))
  "What `amp-tray-mode' adds to `global-mode-string'.")
(put 'amp-tray-mode-line 'risky-local-variable t)

(defvar amp-tray-mode-line-map
  (let ((map (make-sparse-keymap)))
    (define-key map [mode-line mouse-1] #'amp-tray-report)
    map)
  "Keymap of the mode line's item.")

(declare-function amp-tray-report "amp-tray-report" (&optional since))
(autoload 'amp-tray-report "amp-tray-report" nil t)

(defun amp-tray--figure (summary)
  "Return the figure of SUMMARY that `amp-tray-show' names."
  (let ((today (plist-get summary :today))
        (month (plist-get summary :month)))
    (cond ((not (plist-get summary :newestEventAt)) "no usage found")
          ((eq amp-tray-show 'tokens)
           (amp-tray-figures-tokens (plist-get today :totalTokens)))
          ((eq amp-tray-show 'credits)
           (amp-tray-figures-credits (plist-get today :credits)))
          ((eq amp-tray-show 'month)
           (string-trim (concat (amp-tray-figures-short-cost month) " "
                                (amp-tray-figures-month (plist-get month :key)))))
          (t (amp-tray-figures-short-cost today)))))

(defun amp-tray--worst-budget (summary)
  "Return the budget of SUMMARY that is worst off, nil while none is near its end."
  (let ((rows (append (plist-get summary :budgets) nil)))
    (or (seq-find (lambda (row) (equal (plist-get row :level) "over")) rows)
        (seq-find (lambda (row) (equal (plist-get row :level) "near")) rows))))

(defun amp-tray--parts (summary status)
  "Return (FACE TEXT ...) for SUMMARY and STATUS; FACE may be nil."
  (let ((face nil) (texts nil))
    (when summary
      (push (amp-tray--figure summary) texts)
      (let ((budget (amp-tray--worst-budget summary)))
        (when budget
          (setq face (if (equal (plist-get budget :level) "over") 'amp-tray-over 'amp-tray-near))
          (push (amp-tray-figures-budget budget) texts)))
      (dolist (flag '((:paused . "paused") (:stale . "stale")))
        (when (eq (plist-get summary (car flag)) t)
          (setq face 'amp-tray-stale)
          (push (cdr flag) texts))))
    (unless (eq status 'connected)
      (setq face (if (eq status 'offline) 'amp-tray-offline 'amp-tray-stale))
      (push (alist-get status '((connecting . "…") (starting . "reading threads…")
                                (offline . "offline")))
            texts))
    (cons face (nreverse texts))))

(defun amp-tray--tooltip (summary)
  "Return what is shown where the mouse points at the item, made of SUMMARY."
  (concat
   (when summary
     (format "Today: %s\nMonth: %s\n" (amp-tray-figures-usage (plist-get summary :today))
             (amp-tray-figures-usage (plist-get summary :month))))
   (when amp-tray-wire-reason
     (format "%s\n" (amp-tray-figures-clean amp-tray-wire-reason 200)))
   "mouse-1: sessions"))

(defun amp-tray--update ()
  "Show what is known now."
  (let* ((parts (amp-tray--parts amp-tray-wire-summary amp-tray-wire-status))
         (text (concat amp-tray-prefix (mapconcat #'identity (cdr parts) " · ")))
         (item (propertize (replace-regexp-in-string "%" "%%" text t t)
                           'face (car parts)
                           'help-echo (amp-tray--tooltip amp-tray-wire-summary)
                           'mouse-face 'mode-line-highlight
                           'local-map amp-tray-mode-line-map)))
    (unless (equal-including-properties item amp-tray--item)
      (setq amp-tray--item item)
      (force-mode-line-update t))))

(defun amp-tray-status ()
  "Return the text for a mode line, percent signs doubled, as `(:eval ...)' takes.
It is what is known already, so it costs nothing to ask at each redisplay."
  (if (bound-and-true-p amp-tray-mode) amp-tray--item ""))

;;;###autoload
(define-minor-mode amp-tray-mode
  "Show what coding agents cost today in the mode line."
  :global t
  :group 'amp-tray
  (setq global-mode-string
        (remq 'amp-tray-mode-line (if (listp global-mode-string)
                                      (or global-mode-string '(""))
                                    (list global-mode-string))))
  (if (not amp-tray-mode)
      (amp-tray-wire-stop)
    (setq global-mode-string (append global-mode-string '(amp-tray-mode-line)))
    (amp-tray-wire-start amp-tray-socket #'amp-tray--update)
    (amp-tray--update))
  (force-mode-line-update t))

(provide 'amp-tray)
;;; amp-tray.el ends here
