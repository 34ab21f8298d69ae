# How far the prior is trusted over training: cartpole
# Written by `suite plot`. To draw it again, in this folder: gnuplot knownness-cartpole.gp

W = 552
H = 516
set terminal svg noenhanced size W, H font 'sans-serif,14' background '#ffffff'
SMALL = ',11'
set output 'knownness-cartpole.svg'
data = 'knownness-cartpole.dat'

set style line 1 lc rgb '#000000' lw 2 dt (8,3) pt 4 ps 0.7 # scratch
set style line 2 lc rgb '#CC79A7' lw 2 dt (2,2) pt 13 ps 0.7 # distill
set style line 3 lc rgb '#0072B2' lw 2 dt 1 pt 7 ps 0.7 # dqinit
set style line 4 lc rgb '#E69F00' lw 2 dt (14,3) pt 9 ps 0.7 # finetune
set style line 5 lc rgb '#009E73' lw 2 dt (8,3,2,3) pt 5 ps 0.7 # jsrl

set border 3 lc rgb '#404040'
set tics nomirror scale 0.5
set grid ytics lc rgb '#e4e4e4' lt 1 lw 1
set key off
set title offset 0,-0.6
set xlabel offset 0,0.4
set style fill transparent solid 0.16 noborder
set multiplot
set yrange [0:1]

set lmargin at screen 78./W
set rmargin at screen 268./W
set tmargin at screen 1 - 36./H
set bmargin at screen 1 - 186./H
set title 'wide_1'
set xlabel ''
set ylabel 'share'
set xrange [0:50]
set xtics 20
plot data index 0 using ($1/1000):4:5 with filledcurves ls 3, \
     data index 1 using ($1/1000):4:5 with filledcurves ls 3, \
     data index 0 using ($1/1000):3 with linespoints ls 3 pi 5, \
     data index 1 using ($1/1000):3 with lines ls 3 dt (3,3) lw 1.5

set lmargin at screen 338./W
set rmargin at screen 528./W
set tmargin at screen 1 - 36./H
set bmargin at screen 1 - 186./H
set title 'wide_2'
set xlabel ''
set ylabel ''
set xrange [0:50]
set xtics 20
plot data index 2 using ($1/1000):4:5 with filledcurves ls 3, \
     data index 3 using ($1/1000):4:5 with filledcurves ls 3, \
     data index 2 using ($1/1000):3 with linespoints ls 3 pi 5, \
     data index 3 using ($1/1000):3 with lines ls 3 dt (3,3) lw 1.5

set lmargin at screen 78./W
set rmargin at screen 268./W
set tmargin at screen 1 - 242./H
set bmargin at screen 1 - 392./H
set title 'within_1'
set xlabel 'training steps (thousands)'
set ylabel 'share'
set xrange [0:50]
set xtics 20
plot data index 4 using ($1/1000):4:5 with filledcurves ls 3, \
     data index 5 using ($1/1000):4:5 with filledcurves ls 3, \
     data index 4 using ($1/1000):3 with linespoints ls 3 pi 5, \
     data index 5 using ($1/1000):3 with lines ls 3 dt (3,3) lw 1.5

set lmargin at screen 338./W
set rmargin at screen 528./W
set tmargin at screen 1 - 242./H
set bmargin at screen 1 - 392./H
set title 'within_2'
set xlabel 'training steps (thousands)'
set ylabel ''
set xrange [0:50]
set xtics 20
plot data index 6 using ($1/1000):4:5 with filledcurves ls 3, \
     data index 7 using ($1/1000):4:5 with filledcurves ls 3, \
     data index 6 using ($1/1000):3 with linespoints ls 3 pi 5, \
     data index 7 using ($1/1000):3 with lines ls 3 dt (3,3) lw 1.5

unset title
unset xlabel
unset ylabel
unset tics
unset border
unset grid
unset object
unset arrow
unset label
unset colorbox
set lmargin at screen 0
set rmargin at screen 1
set bmargin at screen 0
set tmargin at screen 1
set xrange [0:1]
set yrange [0:1]
set label 'mean over seeds, band: 95 % bootstrap interval' at screen 0.5, screen 19./H center font SMALL tc rgb '#404040'
set key at screen 0.5, screen 52./H center center horizontal reverse Left maxcols 1 samplen 3
plot NaN with linespoints ls 3 pi 5 title 'dqinit: weight of the prior', \
     NaN with lines ls 3 dt (3,3) lw 1.5 title 'dqinit: choices the table turned'

unset multiplot
unset output
