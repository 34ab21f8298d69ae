# Share of runs above each normalised return
# Written by `suite plot`. To draw it again, in this folder: gnuplot profile.gp

W = 488
H = 400
set terminal svg noenhanced size W, H font 'sans-serif,14' background '#ffffff'
SMALL = ',11'
set output 'profile.svg'
data = 'profile.dat'

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

set lmargin at screen 84./W
set rmargin at screen 464./W
set tmargin at screen 1 - 36./H
set bmargin at screen 1 - 276./H
set title ''
set xlabel 'normalised return, auc'
set ylabel 'share of runs above it'
set yrange [0:1]
set xrange [-0.1:1.6]
set xtics 0.5
plot data index 0 using 1:3:4 with filledcurves ls 1, \
     data index 1 using 1:3:4 with filledcurves ls 2, \
     data index 2 using 1:3:4 with filledcurves ls 3, \
     data index 3 using 1:3:4 with filledcurves ls 4, \
     data index 4 using 1:3:4 with filledcurves ls 5, \
     data index 0 using 1:2 with linespoints ls 1 pi 25, \
     data index 1 using 1:2 with linespoints ls 2 pi 25, \
     data index 2 using 1:2 with linespoints ls 3 pi 25, \
     data index 3 using 1:2 with linespoints ls 4 pi 25, \
     data index 4 using 1:2 with linespoints ls 5 pi 25

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
set label 'band: 95 % stratified bootstrap interval' at screen 0.5, screen 19./H center font SMALL tc rgb '#404040'
set key at screen 0.5, screen 52./H center center horizontal reverse Left maxcols 4 samplen 3
plot NaN with linespoints ls 1 pi 25 title 'scratch', \
     NaN with linespoints ls 2 pi 25 title 'distill', \
     NaN with linespoints ls 3 pi 25 title 'dqinit', \
     NaN with linespoints ls 4 pi 25 title 'finetune', \
     NaN with linespoints ls 5 pi 25 title 'jsrl'

unset multiplot
unset output
